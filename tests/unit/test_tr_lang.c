/* Licensed under the Apache License, Version 2.0; see LICENSE. */
#include <strings.h>

#include <apr_strings.h>

#include "tr_lang.h"
#include "unit.h"

/* ---- tr_lang_check ---- */

#define MISSING "a language is missing; name one, as in 'de' or 'pt-BR'"
#define STAR    "'*' is no language; name one, as in 'de' or 'pt-BR'"
#define UNDERSCORE "write '-' between subtags, not '_', as in 'de-DE'"
#define COMMA "write languages with spaces between them, as in 'de pt-BR'"
#define EMPTY                                                                  \
    "a subtag is empty; write letters and digits with one '-' between "        \
    "subtags, as in 'de' or 'pt-BR'"
#define LONG                                                                   \
    "a subtag is too long; it has up to 8 letters and digits, as in 'de' or "  \
    "'pt-BR'"
#define DIGIT                                                                  \
    "a digit stands in the first subtag, which has only letters, as in 'de' "  \
    "or 'pt-BR'"
#define OTHER                                                                  \
    "not a language; write letters and digits with '-' between subtags, as "   \
    "in 'de' or 'pt-BR'"

static const struct {
    const char *tag, *message;
} tags[] = {
    { "de", NULL },
    { "x", NULL },
    { "pt-BR", NULL },
    { "zh-Hant-TW", NULL },
    { "de-1996", NULL },
    { "es-419", NULL },
    { "abcdefgh-12345678", NULL },
    { "sl-rozaj-biske-1994", NULL },
    { "x-a-b-c", NULL },
    { "", MISSING },
    { "*", STAR },
    { "de-*", STAR },
    { "de_DE", UNDERSCORE },
    { "de,en", COMMA },
    { "d--e", EMPTY },
    { "-de", EMPTY },
    { "de-", EMPTY },
    { "-", EMPTY },
    { "deutschland", LONG },
    { "abcdefghi", LONG },
    { "de-abcdefghi", LONG },
    { "de-abcdefghi-x", LONG },
    { "deutschland1", DIGIT },
    { "1", DIGIT },
    { "d3", DIGIT },
    { "de DE", OTHER },
    { "de;q=0.5", OTHER },
    { "de.UTF-8", OTHER },
    { "d\xc3\xa4", OTHER },
    { "de-\xe4", OTHER },
    { "@", OTHER },
    { "[", OTHER },
    { "`", OTHER },
    { "{", OTHER },
    { "de-/", OTHER },
    { "de-:", OTHER },
};

START_TEST(a_language_is_a_tag)
{
    const char *tag = tags[_i].tag;

    check_message(tag, tr_lang_check(guarded_string(tag)), tags[_i].message);
}
END_TEST

/* ---- tr_lang_matches ---- */

static const struct {
    const char *tag, *range;
    int matches;
} ranges[] = {
    { "de", "de", 1 },
    { "de", "DE", 1 },
    { "DE-ch", "de-CH", 1 },
    { "de-CH", "de", 1 },
    { "de-CH-1996", "de", 1 },
    { "de-CH-1996", "de-ch", 1 },
    { "de", "de-CH", 0 },
    { "de-CH", "de-DE", 0 },
    { "den", "de", 0 },
    { "d", "de", 0 },
    { "de-CHE", "de-CH", 0 },
    { "xde", "de", 0 },
    { "de-CH", "CH", 0 },
    { "", "de", 0 },
    { NULL, "de", 0 },
    /* these differ in the bit that makes a letter's case, and are none */
    { "de@", "de`", 0 },
    { "d[", "d{", 0 },
    { "\xc4", "\xe4", 0 },
};

START_TEST(a_tag_lies_within_a_range_that_it_begins_with)
{
    ck_assert_msg(tr_lang_matches(guarded(ranges[_i].tag),
                                  guarded_string(ranges[_i].range))
                      == ranges[_i].matches,
                  "'%s' in '%s'", ranges[_i].tag, ranges[_i].range);
}
END_TEST

/* ---- tr_lang_pick ---- */

static apr_array_header_t *list_of(const char *words)
{
    apr_array_header_t *list = apr_array_make(pool, 4, sizeof(const char *));
    char *state, *word = apr_strtok(apr_pstrdup(pool, words), " ", &state);

    for (; word; word = apr_strtok(NULL, " ", &state)) {
        APR_ARRAY_PUSH(list, const char *) = guarded_string(word);
    }
    return list;
}

static const struct {
    const char *languages, *accept, *tag;
} picks[] = {
    /* the header's examples */
    { "en de pt-BR", "de-CH, en;q=0.8", "de" },
    { "en de pt-BR", "fr, pt-br;q=0.5", "pt-BR" },
    { "en de pt-BR", "fr", "en" },
    { "en de pt-BR", NULL, "en" },
    { "en de pt-BR", "en;q=0, fr", "de" },
    /* what browsers send */
    { "en de", "de-DE,de;q=0.9,en-US;q=0.8,en;q=0.7", "de" },
    { "en de", "fr-CH, fr;q=0.9, en;q=0.8, de;q=0.7, *;q=0.5", "en" },
    { "de en", "*", "de" },
    /* order */
    { "en de fr", "en;q=0.8, de;q=0.9, fr;q=0.85", "de" },
    { "en de fr", "de;q=0.5, fr;q=0.5, en;q=0.5", "de" },
    { "en de fr", "en;q=0.998, fr;q=0.999", "fr" },
    { "en de fr", "en;q=0.01, fr;q=0.1", "fr" },
    { "en de fr", "fr;q=1.000, de", "fr" },
    { "en de fr", "en;q=0.999, de", "de" },
    { "en de fr", "de;q=0.001", "de" },
    { "en de", "*, de;q=0.1", "de" },
    { "EN en", "en", "EN" },
    /* a better range that nothing fits does not hide a worse one that fits */
    { "en de", "fr, it;q=0.9, de;q=0.1", "de" },
    /* lookup: a range is shortened, a language never */
    { "en de-CH", "de", "en" },
    { "en de-CH de", "de-CH", "de-CH" },
    { "en de de-CH", "de-CH", "de-CH" },
    { "en de de-CH", "de-CH-1996", "de-CH" },
    { "en de", "DE-ch-1996", "de" },
    { "en zh", "zh-Hant-CN-x-private1-private2", "zh" },
    { "en zh-Hant", "zh-Hant-CN-x-private1-private2", "zh-Hant" },
    { "en zh-Hant-CN", "zh-Hant-CN-x-private1", "zh-Hant-CN" },
    { "en zh-x-a1", "zh-x-a1-b2", "zh-x-a1" },
    { "en zh-x", "zh-x-a1", "en" },
    { "en zh-x", "zh-x", "zh-x" },
    { "en zh-a", "zh-a-x-b1", "en" },
    { "en zh", "zh-a-b-c", "zh" },
    { "en x", "x-klingon", "en" },
    { "en i-klingon", "i-klingon-x", "i-klingon" },
    { "en de", "den", "en" },
    { "en de", "d", "en" },
    { "en de-CHE", "de-CH", "en" },
    { "en de", "de-AT;q=0.5, fr", "de" },
    /* refused */
    { "en de", "en;q=0", "de" },
    { "en de", "en;q=0.000", "de" },
    { "en de", "en;q=0.", "de" },
    { "en de", "EN;Q=0", "de" },
    { "en-US de", "en;q=0", "de" },
    { "en-US de", "en;q=0, en-US;q=0.1", "en-US" },
    { "en-US en de", "en-US;q=0, en", "en" },
    { "en-US en de", "en-US;q=0, en-US-x-a1", "en" },
    { "en de", "en-US;q=0", "en" },
    { "en de", "en-US, en;q=0", "de" },
    { "en de", "en;q=0, *", "de" },
    { "en de", "*;q=0", "en" },
    { "en de", "*;q=0, de;q=0.1", "de" },
    { "en de-CH fr", "*;q=0, de;q=0.1", "de-CH" },
    { "en de", "de;q=0.1, *;q=0", "de" },
    { "en de", "en;q=0, de;q=0", "en" },
    { "en de fr", "en;q=0, *;q=0, fr;q=0.2", "fr" },
    { "en de", "en;q=0, en", "en" },
    { "en de", "en, en;q=0", "en" },
    { "de en", "*;q=0, *;q=0.1, fr", "de" },
    { "en en de", "en;q=0", "de" },
    { "x en", "*, x;q=0", "en" },
    /* white space, and what is empty */
    { "en de", "", "en" },
    { "en de", ",", "en" },
    { "en de", ", ,\t,de,,", "de" },
    { "en de", " \tde \t;\t q=0.5 \t,fr", "de" },
    { "en de", "   ", "en" },
    /* malformed elements are passed over, and their neighbours are not */
    { "en de fr", "de_DE, fr;q=0.1", "fr" },
    { "en de fr", "de-, fr;q=0.1", "fr" },
    { "en de fr", "-de, fr;q=0.1", "fr" },
    { "en de fr", "de--DE, fr;q=0.1", "fr" },
    { "en de fr", "de-*, fr;q=0.1", "fr" },
    { "en de fr", "de-abcdefghi, fr;q=0.1", "fr" },
    { "en de fr", "de-DE.UTF-8, fr;q=0.1", "fr" },
    { "en de fr", "de en, fr;q=0.1", "fr" },
    { "en de fr", "de;, fr;q=0.1", "fr" },
    { "en de fr", "de;q, fr;q=0.1", "fr" },
    { "en de fr", "de;q=, fr;q=0.1", "fr" },
    { "en de fr", "de;q =1, fr;q=0.1", "fr" },
    { "en de fr", "de;q= 1, fr;q=0.1", "fr" },
    { "en de fr", "de;q=2, fr;q=0.1", "fr" },
    { "en de fr", "de;q=1.1, fr;q=0.1", "fr" },
    { "en de fr", "de;q=1.001, fr;q=0.1", "fr" },
    { "en de fr", "de;q=0.1234, fr;q=0.1", "fr" },
    { "en de fr", "de;q=1.0000, fr;q=0.1", "fr" },
    { "en de fr", "de;q=01, fr;q=0.1", "fr" },
    { "en de fr", "de;q=.5, fr;q=0.1", "fr" },
    { "en de fr", "de;q=0,5, fr;q=0.1", "fr" },
    { "en de fr", "de;q=-1, fr;q=0.1", "fr" },
    { "en de fr", "de;q=0.5x, fr;q=0.1", "fr" },
    { "en de fr", "de;q=0.x, fr;q=0.1", "fr" },
    { "en de fr", "de;q=\"1\", fr;q=0.1", "fr" },
    { "en de fr", "de;p=1, fr;q=0.1", "fr" },
    { "en de fr", "de;q=1;p=1, fr;q=0.1", "fr" },
    { "en de fr", "de;p=1;q=1, fr;q=0.1", "fr" },
    { "en de fr", "de;q=1;, fr;q=0.1", "fr" },
    { "en de fr", ";q=1, fr;q=0.1", "fr" },
    { "en de fr", "en;q=0;x, fr;q=0.1", "fr" },
    { "en de fr", "en;q=0;x", "en" },
    { "en de fr", "**;q=0", "en" },
    { "en de fr", "\xff\xfe, fr;q=0.1", "fr" },
    { "en de fr", "de\xa0, fr;q=0.1", "fr" },
    { "en de fr", "de\n, fr;q=0.1", "fr" },
    /* and well-formed ones of every shape are not */
    { "en de", "de;q=1", "de" },
    { "en de", "de;q=1.", "de" },
    { "en de", "de;q=1.0", "de" },
    { "en de", "de;q=1.00", "de" },
    { "en de", "de;Q=0.001", "de" },
    { "en de", "en;q=0.12, de;q=0.123", "de" },
    { "en de", "en;q=0.1, de;q=0.12", "de" },
    { "en de", "en;q=0., de;q=0.1", "de" },
    /* without languages: the first choice, as sent */
    { NULL, "de-CH, en;q=0.8", "de-CH" },
    { NULL, "en;q=0.8, DE-ch;q=0.9 , fr;q=0.9", "DE-ch" },
    { NULL, " \tde\t ", "de" },
    { NULL, "*, en;q=0.1", "en" },
    { NULL, "de_DE, en;q=0.1", "en" },
    { NULL, "de;q=0.001", "de" },
    { NULL, "*", NULL },
    { NULL, "de;q=0", NULL },
    { NULL, "de;q=0, *;q=0", NULL },
    { NULL, "", NULL },
    { NULL, NULL, NULL },
};

START_TEST(a_client_gets_what_it_likes_best)
{
    const char *languages = picks[_i].languages, *accept = picks[_i].accept;
    const char *row = apr_psprintf(pool, "[%s] '%s'",
                                   languages ? languages : "(none)",
                                   accept ? accept : "(none)");
    tr_slice_t tag = { NULL, 0 };

    ck_assert_msg(tr_lang_pick(&tag, languages ? list_of(languages) : NULL,
                               guarded(accept), pool)
                      == (picks[_i].tag != NULL),
                  "%s", row);
    check_text(row, tag, picks[_i].tag);
}
END_TEST

START_TEST(a_nul_is_no_part_of_a_range)
{
    tr_slice_t tag;

    ck_assert(tr_lang_pick(&tag, list_of("en de fr"),
                           guarded_bytes("de\0, fr;q=0.1", 13), pool));
    check_text("NUL", tag, "fr");
    ck_assert(tr_lang_pick(&tag, list_of("en de fr"),
                           guarded_bytes("de;q=1\0, fr;q=0.1", 17), pool));
    check_text("NUL", tag, "fr");
}
END_TEST

START_TEST(what_is_picked_is_the_language_as_configured_or_lies_in_the_field)
{
    apr_array_header_t *languages = list_of("en pt-BR");
    tr_slice_t accept = guarded("fr, PT-br"), tag;

    ck_assert(tr_lang_pick(&tag, languages, accept, pool));
    ck_assert_ptr_eq(tag.p, APR_ARRAY_IDX(languages, 1, const char *));
    ck_assert(tr_lang_pick(&tag, NULL, accept, pool));
    ck_assert_ptr_eq(tag.p, accept.p);
}
END_TEST

START_TEST(without_a_choice_the_tag_is_untouched)
{
    tr_slice_t tag = tr_slice_of("as before");

    ck_assert(!tr_lang_pick(&tag, NULL, guarded("*, de;q=0, d_e"), pool));
    check_text("tag", tag, "as before");
}
END_TEST

START_TEST(every_beginning_of_a_field_can_be_read)
{
    static const char field[] = " de-CH ; q=0.123 ,, *;q=0,x-a-b-c;Q=1.000,;";
    apr_size_t n;

    for (n = 0; n < sizeof(field); ++n) {
        tr_slice_t tag;

        ck_assert(tr_lang_pick(&tag, list_of("en de x-a"),
                               guarded_bytes(field, n), pool));
        tr_lang_pick(&tag, NULL, guarded_bytes(field, n), pool);
    }
}
END_TEST

/* Check ends a test after seconds. What is not linear takes hours here. */
static const char *const long_parts[] = {
    ",",     "a,",      "en-aa,",     "en;q=0,", "-aa", "-a",
    " ",     "\t;",     "en;q=0.1 ,", "de-x-y,", "q=0", "aa;q=0.001 , *;q=0,",
    "en-aa", "en-US-b,"
};

START_TEST(a_long_field_costs_what_it_is_long)
{
    apr_size_t n = strlen(long_parts[_i]), size = 2000000 / n * n, i;
    char *text = apr_palloc(pool, size + 2);
    tr_slice_t tag;

    memcpy(text, "en", 2);
    for (i = 0; i < size; i += n) {
        memcpy(text + 2 + i, long_parts[_i], n);
    }
    ck_assert(tr_lang_pick(&tag, list_of("de en-US en"),
                           guarded_bytes(text, size + 2), pool));
    tr_lang_pick(&tag, NULL, tr_slice(text, size + 2), pool);
}
END_TEST

/* ---- random fields against a dumb model ---- */

#define RANGES_MAX 8

/* The field as the model knows it, before it becomes text. */
typedef struct wish_t {
    const char *range;
    int q;
} wish_t;

static const char *random_tag(void)
{
    static const char *const subtags[] = { "de", "en", "DE", "x", "1", "a1" };
    const char *tag = subtags[unit_random(4)];
    unsigned n = unit_random(4);

    while (n-- > 0) {
        tag = apr_pstrcat(pool, tag, "-", subtags[unit_random(6)], NULL);
    }
    return tag;
}

static const char *random_space(void)
{
    static const char *const spaces[] = { "", "", "", " ", "\t", " \t " };

    return spaces[unit_random(6)];
}

static const char *random_noise(void)
{
    static const char *const noise[] = {
        "",      "de;q=2",   "de--en", "*-de",   "de;q=0.5;x", "en;;q=1",
        "d_e",   "1de;q=1",  "en;q=",  "de en",  ";q=0",       "*;q=0.0000",
        "en;q0", "de;x=q=1", "**",
    };

    return unit_random(3) ? ""
                          : apr_pstrcat(pool, ",",
                                        noise[unit_random(ROWS(noise))], NULL);
}

static const char *random_field(wish_t *wishes, int n)
{
    static const int qs[] = { 0, 0, 1, 500, 999, 1000, 1000 };
    const char *field = "";
    int i;

    for (i = 0; i < n; ++i) {
        wish_t *w = &wishes[i];
        const char *weight = "";

        w->range = unit_random(8) ? random_tag() : "*";
        w->q = qs[unit_random(7)];
        if (w->q < 1000 || unit_random(2)) {
            weight = apr_psprintf(pool, "%s;%s%c=%d.%03d", random_space(),
                                  random_space(), unit_random(2) ? 'q' : 'Q',
                                  w->q / 1000, w->q % 1000);
        }
        field = apr_pstrcat(pool, field, i ? "," : "", random_space(), w->range,
                            weight, random_space(), random_noise(), NULL);
    }
    return field;
}

static int model_within(const char *tag, const char *range)
{
    apr_size_t n = strlen(range);

    return strcmp(range, "*") == 0
           || (strncasecmp(tag, range, n) == 0
               && (tag[n] == '\0' || tag[n] == '-'));
}

static int model_refuses(const wish_t *wishes, int n, const char *tag)
{
    apr_size_t longest = 0;
    int refused = 0, i;

    for (i = 0; i < n; ++i) {
        if (model_within(tag, wishes[i].range)) {
            apr_size_t length = strcmp(wishes[i].range, "*")
                                    ? strlen(wishes[i].range) + 1
                                    : 1;

            if (length > longest) {
                longest = length;
                refused = 1;
            }
            if (length == longest && wishes[i].q > 0) {
                refused = 0;
            }
        }
    }
    return refused;
}

static void model_shorten(char *range)
{
    char *dash;

    do {
        dash = strrchr(range, '-');
        *(dash ? dash : range) = '\0';
        dash = strrchr(range, '-');
    } while (strlen(dash ? dash + 1 : range) == 1);
}

static int model_looks_up(const char **tag, const apr_array_header_t *languages,
                          const wish_t *wishes, int n, const char *wished)
{
    char *range = apr_pstrdup(pool, wished);
    int i;

    for (; *range; model_shorten(range)) {
        for (i = 0; i < languages->nelts; ++i) {
            *tag = APR_ARRAY_IDX(languages, i, const char *);
            if (strcasecmp(*tag, range) == 0
                && !model_refuses(wishes, n, *tag)) {
                return 1;
            }
        }
    }
    return 0;
}

static const char *model_pick(const apr_array_header_t *languages,
                              const wish_t *wishes, int n)
{
    const char *tag;
    int q, i;

    for (q = 1000; q > 0; --q) {
        for (i = 0; i < n; ++i) {
            if (wishes[i].q == q && strcmp(wishes[i].range, "*")
                && model_looks_up(&tag, languages, wishes, n,
                                  wishes[i].range)) {
                return tag;
            }
        }
    }
    for (i = 0; i < languages->nelts; ++i) {
        tag = APR_ARRAY_IDX(languages, i, const char *);
        if (!model_refuses(wishes, n, tag)) {
            return tag;
        }
    }
    return APR_ARRAY_IDX(languages, 0, const char *);
}

static const char *model_first(const wish_t *wishes, int n)
{
    int q, i;

    for (q = 1000; q > 0; --q) {
        for (i = 0; i < n; ++i) {
            if (wishes[i].q == q && strcmp(wishes[i].range, "*")) {
                return wishes[i].range;
            }
        }
    }
    return NULL;
}

START_TEST(random_fields_are_looked_up_as_by_a_naive_reader)
{
    int round, i;

    for (round = 0; round < 3000; ++round) {
        apr_array_header_t *languages = list_of("");
        wish_t wishes[RANGES_MAX];
        int n = (int)unit_random(RANGES_MAX + 1);
        const char *field = random_field(wishes, n);
        tr_slice_t tag = { NULL, 0 };

        for (i = 0; i <= (int)unit_random(6); ++i) {
            APR_ARRAY_PUSH(languages, const char *) = random_tag();
        }
        ck_assert(tr_lang_pick(&tag, languages, guarded(field), pool));
        check_text(apr_psprintf(pool, "[%s] '%s'",
                                apr_array_pstrcat(pool, languages, ' '), field),
                   tag, model_pick(languages, wishes, n));
        tag = tr_slice(NULL, 0);
        tr_lang_pick(&tag, NULL, guarded(field), pool);
        check_text(field, tag, model_first(wishes, n));
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("tr_lang");
    TCase *tests = unit_case(suite, "tags");

    tcase_add_loop_test(tests, a_language_is_a_tag, 0, ROWS(tags));
    tcase_add_loop_test(tests, a_tag_lies_within_a_range_that_it_begins_with, 0,
                        ROWS(ranges));
    tests = unit_case(suite, "pick");
    tcase_add_loop_test(tests, a_client_gets_what_it_likes_best, 0,
                        ROWS(picks));
    tcase_add_test(tests, a_nul_is_no_part_of_a_range);
    tcase_add_test(
        tests, what_is_picked_is_the_language_as_configured_or_lies_in_the_field);
    tcase_add_test(tests, without_a_choice_the_tag_is_untouched);
    tcase_add_test(tests, every_beginning_of_a_field_can_be_read);
    tcase_add_loop_test(tests, a_long_field_costs_what_it_is_long, 0,
                        ROWS(long_parts));
    tcase_add_test(tests, random_fields_are_looked_up_as_by_a_naive_reader);
    return unit_main(suite);
}

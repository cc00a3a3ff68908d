/* Licensed under the Apache License, Version 2.0; see LICENSE. */
#include <apr_errno.h>
#include <apr_strings.h>

#include "tr_json.h"
#include "tr_json_hint.h"
#include "unit.h"

static const apr_array_header_t *values_of(const char *const *texts)
{
    apr_array_header_t *values = apr_array_make(pool, 2, sizeof(tr_slice_t));

    for (; *texts; ++texts) {
        APR_ARRAY_PUSH(values, tr_slice_t) = guarded(*texts);
    }
    return values;
}

/* Whether a text allows a pointer with one of some values, or any. */
static int allows(tr_slice_t text, const char *pointer,
                  const char *const *values)
{
    return tr_json_hint_allows(tr_json_hint_build(guarded_string(pointer),
                                                  values ? values_of(values)
                                                         : NULL,
                                                  pool),
                               text);
}

/* ---- tables ---- */

static const struct {
    const char *pointer;
    const char *values[3]; /* none: any will do */
    const char *text;
    int is_allowed;
} hints[] = {
    /* all names must be there */
    { "/type", { 0 }, "{\"type\":1}", 1 },
    { "/type", { 0 }, "{\"typ\":1,\"Type\":2}", 0 },
    { "/type", { 0 }, "{}", 0 },
    { "/type", { 0 }, "", 0 },
    { "/type", { 0 }, "typ", 0 },
    { "/type", { 0 }, "type", 0 },
    { "/type", { 0 }, "\"type\"", 1 },
    { "/a/bc/d", { 0 }, "{\"a\":{\"bc\":{\"d\":1}}}", 1 },
    { "/a/bc/d", { 0 }, "{\"a\":{\"bc\":{}}}", 0 },
    { "/a/bc/d", { 0 }, "{\"a\":{\"d\":1}}", 0 },
    { "/a/bc/d", { 0 }, "{\"bc\":{\"d\":1}}", 0 },
    { "/a b", { 0 }, "{\"a b\":1}", 1 },
    { "/a b", { 0 }, "{\"a  b\":1}", 0 },
    { "/m~0n", { 0 }, "{\"m~n\":1}", 1 },
    { "/m~0n", { 0 }, "{\"m~0n\":1}", 0 },
    { "/\xc3\xa4", { 0 }, "{\"\xc3\xa4\":1}", 1 },
    { "/\xc3\xa4", { 0 }, "{\"\xc3\xb6\":1}", 0 },

    /* and one of the values */
    { "/type", { "push" }, "{\"type\":\"push\"}", 1 },
    { "/type", { "push" }, "{\"type\":\"pus\"}", 0 },
    { "/type", { "push" }, "{\"typ\":\"push\"}", 0 },
    { "/type", { "push", "tag" }, "{\"type\":\"tag\"}", 1 },
    { "/type", { "tag", "push" }, "{\"type\":\"tag\"}", 1 },
    { "/type", { "push", "tag" }, "{\"type\":\"none\"}", 0 },
    { "/ok", { "true" }, "{\"ok\":true}", 1 },
    { "/ok", { "true" }, "{\"ok\":false}", 0 },
    { "/ok", { "true", "false" }, "{\"ok\":false}", 1 },
    { "/0", { "push" }, "[\"push\"]", 1 },
    { "/0", { "push" }, "[\"pull\"]", 0 },
    { "/", { "push" }, "{\"\":\"push\"}", 1 },
    { "/", { "push" }, "{\"\":\"\"}", 0 },
    { "/s", { "\xc3\xa4" }, "{\"s\":\"\xc3\xa4\"}", 1 },
    { "/s", { "\xc3\xa4" }, "{\"s\":\"\xc3\x84\"}", 0 },

    /* where they stand is not looked at */
    { "/type", { "push" }, "{\"push\":\"type\"}", 1 },
    { "/type", { "push" }, "[\"type\",\"push\"]", 1 },
    /* but that they are whole */
    { "/type", { "push" }, "[\"xtypex\",\"push\"]", 0 },
    { "/type", { "push" }, "[\"type\",\"pushed\"]", 0 },
    { "/type", { "push" }, "[\"type\",\"impush\"]", 0 },
    { "/type", { "push" }, "[\"type\",\"push", 0 },
    { "/true", { "false" }, "{\"true\":\"false\"}", 1 },
    { "/true", { "false" }, "[true,false]", 1 },

    /* a number may count elements */
    { "/a/0", { 0 }, "{\"a\":[1]}", 1 },
    { "/a/10/b", { 0 }, "{\"a\":[{\"b\":1}]}", 1 },
    { "/a/10/b", { 0 }, "{\"a\":[{\"c\":1}]}", 0 },
    { "/0", { 0 }, "[]", 1 },
    { "/0", { 0 }, "", 1 },
    { "/-", { 0 }, "{}", 1 },

    /* and has many ways to be written */
    { "/n", { "1.5" }, "{\"n\":15e-1}", 1 },
    { "/n", { "1.5" }, "{\"n\":1.50}", 1 },
    { "/n", { "1000.0" }, "{\"n\":1e3}", 1 },
    { "/n", { "0" }, "{\"n\":-0}", 1 },
    { "/n", { "-1.5" }, "{\"n\":-15e-1}", 1 },
    { "/n", { "1.5", "push" }, "{\"n\":15e-1}", 1 },
    { "/n", { "push", "1.5" }, "{\"n\":15e-1}", 1 },
    { "/n", { "1.5" }, "{\"m\":1.5}", 0 },

    /* what JSON may escape in its own way */
    { "/a~1b", { 0 }, "{\"a\\/b\":1}", 1 },
    { "/a~1b", { 0 }, "{\"a/b\":1}", 1 },
    { "/a\"b", { 0 }, "{\"a\\\"b\":1}", 1 },
    { "/a\\b", { 0 }, "{\"a\\\\b\":1}", 1 },
    { "/a\tb", { 0 }, "{\"a\\tb\":1}", 1 },
    { "/u", { "a/b" }, "{\"u\":\"a\\/b\"}", 1 },
    { "/u", { "a\"b" }, "{\"u\":\"a\\\"b\"}", 1 },
    { "/u", { "a\\b" }, "{\"u\":\"a\\\\b\"}", 1 },
    { "/u", { "a\nb" }, "{\"u\":\"a\\nb\"}", 1 },
    { "/u", { "\b\f\r" }, "{\"u\":\"\\b\\f\\r\"}", 1 },
    { "/u", { "a\x7f" }, "{\"u\":\"a\x7f\"}", 1 },
    { "/u", { "push", "a/b" }, "{\"u\":\"a\\/b\"}", 1 },
    { "/u", { "push" }, "{\"u\":\"a\\/b\\n\"}", 0 },

    /* "\u" may be anything */
    { "/type", { "push" }, "{\"\\u0074ype\":\"push\"}", 1 },
    { "/type", { "push" }, "{\"type\":\"pus\\u0068\"}", 1 },
    { "/type", { "push" }, "[\"\\u0000\"]", 1 },
    { "/type", { 0 }, "\\u", 1 },
    { "/type", { 0 }, "\\", 0 },
    { "/type", { 0 }, "u", 0 },
    { "/type", { 0 }, "\\U", 0 },

    /* what is empty has nothing to look for */
    { "/", { 0 }, "{}", 1 },
    { "//", { 0 }, "", 1 },
    { "/a/", { 0 }, "{\"a\":1}", 1 },
    { "/a/", { 0 }, "{\"b\":1}", 0 },
};

START_TEST(a_text_without_a_name_or_value_is_denied)
{
    int i;

    for (i = 0; i < ROWS(hints); ++i) {
        const char *const *values = hints[i].values[0] ? hints[i].values : NULL;

        ck_assert_msg(allows(guarded(hints[i].text), hints[i].pointer, values)
                          == hints[i].is_allowed,
                      "row %d, %s in %s", i, hints[i].pointer, hints[i].text);
    }
}
END_TEST

START_TEST(a_hint_is_asked_of_any_number_of_texts)
{
    static const char *const push[] = { "push", NULL };
    const tr_json_hint_t *hint = tr_json_hint_build("/type", values_of(push),
                                                    pool);
    int i;

    for (i = 0; i < 3; ++i) {
        ck_assert(tr_json_hint_allows(hint, guarded("{\"type\":\"push\"}")));
        ck_assert(!tr_json_hint_allows(hint, guarded("{\"type\":\"tag\"}")));
        ck_assert(tr_json_hint_allows(hint, guarded("\\u")));
    }
}
END_TEST

#ifdef TR_WITH_JANSSON

/* ---- against what is there ---- */

#define ONE_OF(table) ((table)[unit_random(ROWS(table))])

/* Names and strings, whose characters may be written in more than one way. */
static const char *const words[] = {
    "type", "push", "a",     "b",      "",       "0",        "1",   "1a",
    "-",    "a/b",  "m~n",   "q\"r",   "x\\y",   "\xc3\xa4", "a b", "n\n",
    "true", "\t",   "1.5",   "null",   "15",     "\x7f",     "u",   "\\u",
    "15e-1", "u0061", "1000.0", "\xe2\x82\xac", "\xf0\x9f\x98\x80"
};

/* And numbers, in the ways in which they are compared. */
static const char *const numbers[][2] = {
    { "1.5", "1.5" },    { "15e-1", "1.5" },    { "1.50", "1.5" },
    { "150E-2", "1.5" }, { "1e3", "1000.0" },   { "1000.0", "1000.0" },
    { "1E+3", "1000.0" }, { "15", "15" },       { "-0", "0" },
    { "0", "0" },        { "-0.0", "-0.0" },    { "-1", "-1" },
    { "1", "1" },        { "true", "true" },    { "false", "false" },
};

/* A text that is being written. */
typedef struct writer_t {
    const char *text;
    int escapes;               /* with a "\u" now and then */
    apr_array_header_t *found; /* const char *: a pointer, its value, ... */
} writer_t;

static void write_text(writer_t *w, const char *text)
{
    w->text = apr_pstrcat(pool, w->text, text, NULL);
}

/* The code point of a character of so many bytes. */
static unsigned code_of(const char *s, int n)
{
    static const unsigned firsts[] = { 0, 0x7f, 0x1f, 0x0f, 0x07 };
    unsigned code = (unsigned char)*s & firsts[n];
    int i;

    for (i = 1; i < n; ++i) {
        code = code << 6 | (s[i] & 0x3fu);
    }
    return code;
}

static const char *escaped(unsigned code)
{
    if (code > 0xffff) {
        code -= 0x10000;
        return apr_pstrcat(pool, escaped(0xd800 + (code >> 10)),
                           escaped(0xdc00 + (code & 0x3ff)), NULL);
    }
    return apr_psprintf(pool, unit_random(2) ? "\\u%04x" : "\\u%04X", code);
}

/* A character of so many bytes, in one of its ways. */
static const char *unit_written(const writer_t *w, const char *s, int n)
{
    static const char shorts[][2] = { "\"\"", "\\\\", "//", "\bb", "\ff",
                                      "\nn",  "\rr",  "\tt" };
    int i;

    if (w->escapes && unit_random(4) == 0) {
        return escaped(code_of(s, n));
    }
    for (i = 0; i < ROWS(shorts); ++i) {
        if (*s == shorts[i][0] && (*s != '/' || unit_random(2))) {
            return apr_psprintf(pool, "\\%c", shorts[i][1]);
        }
    }
    return apr_pstrmemdup(pool, s, (apr_size_t)n);
}

static void write_string(writer_t *w, const char *s)
{
    write_text(w, "\"");
    while (*s) {
        unsigned char c = (unsigned char)*s;
        int n = c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;

        write_text(w, unit_written(w, s, n));
        s += n;
    }
    write_text(w, "\"");
}

static void note(writer_t *w, const char *pointer, const char *value)
{
    APR_ARRAY_PUSH(w->found, const char *) = pointer;
    APR_ARRAY_PUSH(w->found, const char *) = value;
}

/* A pointer, and a token behind it. */
static const char *behind(const char *pointer, const char *token)
{
    pointer = apr_pstrcat(pool, pointer, "/", NULL);
    for (; *token; ++token) {
        pointer = *token == '~'   ? apr_pstrcat(pool, pointer, "~0", NULL)
                  : *token == '/' ? apr_pstrcat(pool, pointer, "~1", NULL)
                                  : apr_psprintf(pool, "%s%c", pointer, *token);
    }
    return pointer;
}

static void write_value(writer_t *w, const char *pointer, int depth);

static void write_array(writer_t *w, const char *pointer, int depth)
{
    int i, n = (int)unit_random(4);

    write_text(w, "[");
    for (i = 0; i < n; ++i) {
        write_text(w, i ? ", " : "");
        write_value(w, behind(pointer, apr_itoa(pool, i)), depth);
    }
    write_text(w, "]");
}

static void write_object(writer_t *w, const char *pointer, int depth)
{
    int i, n = (int)unit_random(5), first = (int)unit_random(ROWS(words));

    write_text(w, "{");
    for (i = 0; i < n; ++i) { /* no name twice: 5 is prime to their number */
        const char *name = words[(first + 5 * i) % ROWS(words)];

        write_text(w, i ? "," : "");
        write_string(w, name);
        write_text(w, ":");
        write_value(w, behind(pointer, name), depth);
    }
    write_text(w, "}");
}

static void write_value(writer_t *w, const char *pointer, int depth)
{
    unsigned kind = unit_random(depth > 0 ? 10 : 6);

    if (kind > 7) {
        write_array(w, pointer, depth - 1);
    }
    else if (kind > 5) {
        write_object(w, pointer, depth - 1);
    }
    else if (kind == 5) {
        write_text(w, "null");
    }
    else if (kind > 2) {
        const char *const *number = ONE_OF(numbers);

        write_text(w, number[0]);
        note(w, pointer, number[1]);
    }
    else {
        const char *word = ONE_OF(words);

        write_string(w, word);
        note(w, pointer, word);
    }
}

static writer_t random_text(void)
{
    writer_t w = { "", unit_random(3) == 0,
                   apr_array_make(pool, 16, sizeof(const char *)) };

    (unit_random(4) ? write_object : write_array)(&w, "", 3);
    return w;
}

static const char *random_pointer(void)
{
    const char *pointer = "";
    unsigned n = 1 + unit_random(2) * unit_random(3);

    while (n-- > 0) {
        pointer = behind(pointer, ONE_OF(words));
    }
    return pointer;
}

/* Any pointer, or one to a value that is there. */
static const char *pointer_for(const writer_t *w)
{
    unsigned n = (unsigned)w->found->nelts / 2;

    return n > 0 && unit_random(2)
               ? APR_ARRAY_IDX(w->found, 2 * (int)unit_random(n), const char *)
               : random_pointer();
}

static int is_in(tr_slice_t value, const char *const *values)
{
    while (*values && !tr_slice_equal(value, tr_slice_of(*values))) {
        ++values;
    }
    return *values != NULL;
}

/* One condition and one text. @return whether the condition holds */
static int check_one(const tr_json_t *json, const writer_t *w,
                     const char *pointer, const char *const *values)
{
    tr_slice_t value;
    tr_json_kind_t kind = tr_json_find(&value, json, pointer, pool);
    tr_slice_t text = guarded(w->text);
    int holds = kind == TR_JSON_VALUE && is_in(value, values);

    ck_assert_msg(kind == TR_JSON_NONE || allows(text, pointer, NULL),
                  "%s in %s", pointer, w->text);
    ck_assert_msg(!holds || allows(text, pointer, values),
                  "%s=%s,%s in %s", pointer, values[0], values[1], w->text);
    return holds;
}

/* Each value that was written. @return how many */
static int check_found(const tr_json_t *json, const writer_t *w)
{
    const char *values[3] = { NULL, NULL, NULL };
    int i;

    for (i = 0; i < w->found->nelts; i += 2) {
        const char *pointer = APR_ARRAY_IDX(w->found, i, const char *);
        const char *value = APR_ARRAY_IDX(w->found, i + 1, const char *);
        int last = (int)unit_random(2);

        values[last] = value;
        values[!last] = ONE_OF(words);
        ck_assert_msg(check_one(json, w, pointer, values),
                      "%s is not %s in %s", pointer, value, w->text);
    }
    return w->found->nelts / 2;
}

START_TEST(what_is_there_is_never_denied)
{
    int round, i, written = 0, there = 0, denied = 0;

    for (round = 0; round < 3000; ++round) {
        const char *values[3] = { NULL, NULL, NULL };
        tr_json_t *json;
        writer_t w;

        apr_pool_clear(pool);
        w = random_text();
        ck_assert_msg(tr_json_parse(&json, guarded(w.text), pool)
                          == APR_SUCCESS, "%s", w.text);
        written += check_found(json, &w);
        for (i = 0; i < 3; ++i) {
            const char *pointer = pointer_for(&w);

            values[0] = ONE_OF(words);
            values[1] = unit_random(2) ? ONE_OF(words) : NULL;
            there += check_one(json, &w, pointer, values);
            denied += !allows(guarded(w.text), pointer, values);
        }
    }
    ck_assert_int_gt(written, 3000);
    ck_assert_int_gt(there, 20);
    ck_assert_int_gt(denied, 1000);
}
END_TEST

START_TEST(and_what_is_clearly_absent_always)
{
    static const char *const zebra[] = { "zebra", "gnu", NULL };
    int round, escaped = 0;

    for (round = 0; round < 500; ++round) {
        writer_t w;
        tr_slice_t text;
        const char *pointer;
        int unknown;

        apr_pool_clear(pool);
        w = random_text();
        text = guarded(w.text);
        pointer = random_pointer();
        unknown = strstr(w.text, "\\u") != NULL;
        ck_assert_msg(allows(text, apr_pstrcat(pool, pointer, "/zebra", NULL),
                             NULL) == unknown, "%s", w.text);
        ck_assert_msg(allows(text, apr_pstrcat(pool, "/gnu", pointer, NULL),
                             NULL) == unknown, "%s", w.text);
        ck_assert_msg(allows(text, "/0", zebra) == unknown, "%s", w.text);
        escaped += unknown;
    }
    ck_assert_int_gt(escaped, 50);
    ck_assert_int_lt(escaped, 450);
}
END_TEST

#endif

int main(void)
{
    Suite *suite = suite_create("tr_json_hint");
    TCase *tests = unit_case(suite, "hint");

    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, a_text_without_a_name_or_value_is_denied);
    tcase_add_test(tests, a_hint_is_asked_of_any_number_of_texts);
#ifdef TR_WITH_JANSSON
    tcase_add_test(tests, what_is_there_is_never_denied);
    tcase_add_test(tests, and_what_is_clearly_absent_always);
#endif
    return unit_main(suite);
}

/* Licensed under the Apache License, Version 2.0; see LICENSE. */
#include <time.h>

#include <apr_errno.h>
#include <apr_strings.h>

#include "tr_regex.h"
#include "unit.h"

static tr_regex_t *compiled(const char *pattern, int flags)
{
    tr_regex_t *re = NULL;

    check_message(pattern,
                  tr_regex_parse(&re, guarded_string(pattern), flags, pool),
                  NULL);
    return re;
}

static char *repeated(const char *text, int n)
{
    char *all = apr_pcalloc(pool, strlen(text) * (apr_size_t)n + 1);
    char *end = all;

    while (n-- > 0) {
        end = apr_cpystrn(end, text, strlen(text) + 1);
    }
    return all;
}

/* ---- tr_regex_parse ---- */

static const struct {
    const char *pattern, *message;
} errors[] = {
    { "(", "missing closing parenthesis at offset 1" },
    { "^/a)", "unmatched closing parenthesis at offset 3" },
    { "^/a[b", "missing terminating ] for character class at offset 5" },
    { "*a", "quantifier does not follow a repeatable item at offset 0" },
    { "a\\", "\\ at end of pattern at offset 2" },
};

START_TEST(an_error_names_the_reason_and_the_place)
{
    const char *pattern = errors[_i].pattern;
    tr_regex_t *re = NULL;

    check_message(pattern, tr_regex_parse(&re, pattern, TR_REGEX_JIT, pool),
                  errors[_i].message);
    ck_assert_ptr_null(re);
}
END_TEST

/* ---- tr_regex_match ---- */

#define CASELESS TR_REGEX_CASELESS

static const struct {
    const char *pattern;
    int flags;
    const char *subject;
    int matches;
} matches[] = {
    { "^/a$", 0, "/a", 1 },
    { "^/a$", 0, "/ab", 0 },
    { "^/a$", 0, "/A", 0 },
    { "^/a$", CASELESS, "/A", 1 },
    { "b", 0, "/abc", 1 },
    { "", 0, "", 1 },
    { "a", 0, "", 0 },
    /* '$' only at the very end, '^' only at the very beginning */
    { "^/a$", 0, "/a\n", 0 },
    { "^b$", 0, "a\nb", 0 },
    /* bytes, and '.' is any of them */
    { "^/a.b$", 0, "/a\nb", 1 },
    { "^.$", 0, "\xff", 1 },
    { "^.$", 0, "\xc3\xa4", 0 },
    { "^..$", 0, "\xc3\xa4", 1 },
    { "^\xc3\xa4$", CASELESS, "\xc3\x84", 0 },
};

START_TEST(a_regex_matches_bytes)
{
    const char *pattern = matches[_i].pattern;
    int jit;

    for (jit = 0; jit <= TR_REGEX_JIT; jit += TR_REGEX_JIT) {
        tr_match_t m = { 0 };
        apr_status_t rv = tr_regex_match(&m,
                                         compiled(pattern,
                                                  matches[_i].flags | jit),
                                         guarded(matches[_i].subject), pool);

        ck_assert_msg(rv == (matches[_i].matches ? APR_SUCCESS : APR_NOTFOUND),
                      "%s on '%s', flags %d: is %d", pattern,
                      matches[_i].subject, jit, rv);
    }
}
END_TEST

START_TEST(a_nul_is_a_byte_like_any_other)
{
    tr_match_t m = { 0 };

    ck_assert_int_eq(tr_regex_match(&m, compiled("^a.b$", TR_REGEX_JIT),
                                    guarded_bytes("a\0b", 3), pool),
                     APR_SUCCESS);
}
END_TEST

/* ---- groups ---- */

static const struct {
    const char *pattern, *subject;
    int group;
    const char *value; /* NULL: not set */
} groups[] = {
    { "^/(a+)/(b*)$", "/aa/b", 0, "/aa/b" },
    { "^/(a+)/(b*)$", "/aa/b", 1, "aa" },
    { "^/(a+)/(b*)$", "/aa/b", 2, "b" },
    { "^/(a+)/(b*)$", "/aa/", 2, "" },
    { "^/(a+)/(b*)$", "/aa/b", 3, NULL },
    { "^/(a+)/(b*)$", "/aa/b", -1, NULL },
    { "b", "abc", 0, "b" },
    /* before, and behind, the last group that is set */
    { "^(a)|(b)$", "b", 1, NULL },
    { "^(a)|(b)$", "b", 2, "b" },
    { "^(a)|(b)$", "a", 1, "a" },
    { "^(a)|(b)$", "a", 2, NULL },
    /* \K puts the beginning of $0 elsewhere, even behind its end */
    { "a\\Kb", "ab", 0, "b" },
    { "(?=(?1))|(ab\\K)", "ab", 0, NULL },
};

START_TEST(a_group_is_what_it_captured)
{
    const char *pattern = groups[_i].pattern;
    tr_slice_t value = tr_slice(NULL, 0);
    tr_match_t m = { 0 };
    int is_set;

    ck_assert_int_eq(tr_regex_match(&m, compiled(pattern, TR_REGEX_JIT),
                                    guarded(groups[_i].subject), pool),
                     APR_SUCCESS);
    is_set = tr_match_group(&value, &m, groups[_i].group);
    check_text(pattern, value, groups[_i].value);
    ck_assert_int_eq(is_set, groups[_i].value != NULL);
}
END_TEST

static const struct {
    const char *pattern;
    unsigned n;
    int id; /* the number of the group "id" */
} names[] = {
    { "^/a$", 0, -1 },     { "(id)", 1, -1 },
    { "(?<id>a)", 1, 1 },  { "(a)(?:b)(?<x>c)(?<id>d)", 3, 3 },
    { "(?<ID>a)", 1, -1 }, { "(?|(?<id>a)|(?<id>b))", 1, 1 },
};

START_TEST(groups_are_counted_and_found_by_name)
{
    const char *pattern = names[_i].pattern;
    tr_regex_t *re = compiled(pattern, 0);

    ck_assert_msg(tr_regex_groups(re) == names[_i].n, "%s: %u groups", pattern,
                  tr_regex_groups(re));
    ck_assert_msg(tr_regex_group(re, "id") == names[_i].id, "%s: id is %d",
                  pattern, tr_regex_group(re, "id"));
}
END_TEST

START_TEST(one_match_serves_for_expressions_of_any_number_of_groups)
{
    static const int counts[] = { 1, 0, 12, 3, 60, 2 };
    tr_match_t m = { 0 };
    int i;

    for (i = 0; i < ROWS(counts); ++i) {
        const char *pattern = apr_psprintf(pool, "^/%s$",
                                           repeated("(.)", counts[i]));
        const char *subject = apr_psprintf(pool, "/%s",
                                           repeated("x", counts[i]));
        tr_slice_t value;

        ck_assert_int_eq(tr_regex_match(&m, compiled(pattern, TR_REGEX_JIT),
                                        guarded(subject), pool),
                         APR_SUCCESS);
        ck_assert(tr_match_group(&value, &m, counts[i]));
        ck_assert(!tr_match_group(&value, &m, counts[i] + 1));
    }
}
END_TEST

START_TEST(after_a_failed_match_no_group_is_set)
{
    tr_regex_t *one = compiled("^/(a)$", 0);
    tr_regex_t *many = compiled(apr_pstrcat(pool, "^", repeated("(b)", 20),
                                            NULL),
                                0);
    tr_slice_t subject = guarded("/a"), value = tr_slice_of("untouched");
    tr_match_t m = { 0 };

    ck_assert_int_eq(tr_regex_match(&m, one, subject, pool), APR_SUCCESS);
    ck_assert_int_eq(tr_regex_match(&m, many, subject, pool), APR_NOTFOUND);
    ck_assert(!tr_match_group(&value, &m, 0));
    ck_assert(!tr_match_group(&value, &m, 1));
    check_text("value", value, "untouched");
}
END_TEST

/* ---- limits ---- */

/* Each needs far more steps than the limit allows on a subject of "a"s that
 * ends in "b". */
static const char *const catastrophic[] = {
    "^(a+)+$", "^(a|aa)+$", "(a?){30}a{30}c?$", "(.*)*[,;]", "(?:a|a|a)+c?$",
};

START_TEST(a_catastrophic_pattern_ends_soon_and_says_so)
{
    const char *pattern = catastrophic[_i];
    tr_slice_t subject = guarded(
        apr_pstrcat(pool, repeated("a", 40), "b", NULL));
    int jit;

    for (jit = 0; jit <= TR_REGEX_JIT; jit += TR_REGEX_JIT) {
        tr_match_t m = { 0 };
        tr_regex_t *re = compiled(pattern, jit);
        clock_t begin = clock();
        apr_status_t rv = tr_regex_match(&m, re, subject, pool);

        ck_assert_msg(rv == APR_EINCOMPLETE, "%s, flags %d: is %d", pattern,
                      jit, rv);
        ck_assert_msg(clock() - begin < CLOCKS_PER_SEC, "%s, flags %d: slow",
                      pattern, jit);
    }
}
END_TEST

/* PCRE2's own limit is fifty times as high, and would let this one pass. */
START_TEST(a_million_steps_are_too_many)
{
    tr_slice_t subject = guarded(
        apr_pstrcat(pool, repeated("a", 20), "b", NULL));
    int jit;

    for (jit = 0; jit <= TR_REGEX_JIT; jit += TR_REGEX_JIT) {
        tr_match_t m = { 0 };

        ck_assert_int_eq(tr_regex_match(&m, compiled("^(a+)+$", jit), subject,
                                        pool),
                         APR_EINCOMPLETE);
    }
}
END_TEST

/* The machine code's stack holds some hundreds of rounds of this pattern. */
START_TEST(a_subject_too_long_for_the_machine_stack_is_matched_without_it)
{
    tr_slice_t subject = guarded(repeated("ab", 4000));
    int jit;

    for (jit = 0; jit <= TR_REGEX_JIT; jit += TR_REGEX_JIT) {
        tr_match_t m = { 0 };
        tr_slice_t last = tr_slice(NULL, 0);

        ck_assert_int_eq(tr_regex_match(&m, compiled("^(?:(a)|b)*$", jit),
                                        subject, pool),
                         APR_SUCCESS);
        ck_assert(tr_match_group(&last, &m, 1));
        check_text("the last a", last, "a");
        ck_assert_ptr_eq(last.p, subject.p + subject.n - 2);
    }
}
END_TEST

/* 100 groups to save in each of 8000 rounds are more than the heap limit. */
START_TEST(a_pattern_that_wants_too_much_memory_is_stopped)
{
    const char *pattern = apr_psprintf(pool, "^(?:(a)|b%s)*$",
                                       repeated("(c)", 100));
    tr_match_t m = { 0 };

    ck_assert_int_eq(tr_regex_match(&m, compiled(pattern, 0),
                                    guarded(repeated("a", 8000)), pool),
                     APR_EINCOMPLETE);
}
END_TEST

/* ---- tr_regex_literal ---- */

static const struct {
    const char *pattern, *literal;
} literals[] = {
    /* the examples of the header */
    { "^/old/(.*)$", "/old/" },
    { "^/v1\\.0/", "/v1.0/" },
    { "^/colou?r", "/colo" },
    { "^/a|^/b", "" },
    { "/a", "" },
    /* what ends it */
    { "", "" },
    { "^", "" },
    { "^/a", "/a" },
    { "^/a$", "/a" },
    { "^/a.b", "/a" },
    { "^/a[bc]", "/a" },
    { "^/a\\d", "/a" },
    { "^/a\\x41", "/a" },
    { "^/a^b", "/a" },
    { "^(/a)", "" },
    { "^/a(?:b|c)", "/a" },
    { "^/a(?=b)", "/a" },
    /* a quantifier may take the byte before it away */
    { "^/ab?", "/a" },
    { "^/ab*", "/a" },
    { "^/ab{0,2}", "/a" },
    { "^/ab+", "/ab" },
    { "^/a\\.?", "/a" },
    { "^a?", "" },
    /* escaped bytes that are no letters */
    { "^/a\\-b\\/c", "/a-b/c" },
    { "^/\\\\\\[", "/\\[" },
    { "^/\xc3\xa4", "/\xc3\xa4" },
    /* '|' within a class or escaped is no alternative */
    { "^/a[|]", "/a" },
    { "^/a[]|]", "/a" },
    { "^/a[^]|]", "/a" },
    { "^/a[\\]|]", "/a" },
    { "^/a[[:alpha:]|]", "/a" },
    { "^/a[[:^alpha:]|]", "/a" },
    { "^/a\\|b", "/a|b" },
    /* there is one, however it is hidden */
    { "^/a[b]|^/c", "" },
    { "^/a\\\\|^/c", "" },
    { "^/a(b|c)|^/d", "" },
    { "^/a[[:]|^/b[:]]", "" },
    { "^/a[\\Q[:\\E]|b:]]", "" },
    { "^/a\\c[|b]", "" },
    { "^/a\\c(|b\\c)", "" },
    { "^/a\\c\\|b", "" },
    { "^/a[\\c\\]|b]", "" },
    /* options, comments, quoting and verbs make it hard to tell */
    { "^/a(?x)b", "" },
    { "^/a(?#()|b", "" },
    { "^/a\\Q|\\E", "" },
    { "^/a\\E?", "" },
    { "^/a(*ACCEPT)b", "" },
};

START_TEST(a_literal_is_what_every_match_begins_with)
{
    const char *pattern = literals[_i].pattern;

    check_text(pattern, tr_regex_literal(compiled(pattern, 0)),
               literals[_i].literal);
}
END_TEST

/* ---- random patterns and subjects ---- */

#define RANDOM_PATTERNS 5000
#define RANDOM_SUBJECTS 100

static const char *random_text(const char *const *units, int n, unsigned most)
{
    char text[128] = "";
    unsigned left = unit_random(most + 1);

    while (left-- > 0) {
        strcat(text, units[unit_random((unsigned)n)]);
    }
    return apr_pstrdup(pool, text);
}

static const char *random_pattern(void)
{
    static const char *const units[] = {
        "a",   "b",     "/",         ":",   "^",   "$",    ".",         "|",
        "|",   "(",     "(?:",       "(?|", "(?#", "(?i)", "(?x)",      "(?=",
        "(?!", "(?<x>", ")",         ")",   "[",   "[^",   "[:",        ":]",
        "]",   "]",     "\\",        "\\Q", "\\E", "\\c",  "\\|",       "\\.",
        "\\[", "\\]",   "\\K",       "\\b", "?",   "*",    "+",         "{0,1}",
        "{2}", "{",     "}",         "#",   " ",   "c",    "[:alpha:]", "\\x61",
        "\\1", "(?1)",  "(*ACCEPT)", "-",   ",",
    };
    const char *rest = random_text(units, ROWS(units), 8);

    return unit_random(8) ? apr_pstrcat(pool, "^a", rest, NULL) : rest;
}

static tr_slice_t random_subject(void)
{
    static const char *const units[] = { "a", "b", "c", "/", ":",  "|",   "[",
                                         "]", "(", ")", "?", "\\", "A",   "E",
                                         "Q", "{", "#", " ", "\n", "\x1b" };

    return guarded(random_text(units, ROWS(units), 5));
}

static int begins_with(tr_slice_t subject, tr_slice_t literal, int caseless)
{
    return subject.n >= literal.n
           && (caseless ? strncasecmp(subject.p, literal.p, literal.n)
                        : memcmp(subject.p, literal.p, literal.n))
                  == 0;
}

START_TEST(every_subject_that_matches_begins_with_the_literal)
{
    int compiles = 0, i, j;

    for (i = 0; i < RANDOM_PATTERNS; ++i, apr_pool_clear(pool)) {
        const char *pattern = random_pattern();
        tr_match_t m = { 0 };
        tr_regex_t *re;

        if (tr_regex_parse(&re, guarded_string(pattern), _i, pool)) {
            continue;
        }
        ++compiles;
        for (j = 0; j < RANDOM_SUBJECTS; ++j) {
            tr_slice_t subject = random_subject();

            if (tr_regex_match(&m, re, subject, pool) == APR_SUCCESS) {
                ck_assert_msg(begins_with(subject, tr_regex_literal(re), _i),
                              "%s matches '%s', which does not begin with '%s'",
                              pattern, text_of(subject),
                              text_of(tr_regex_literal(re)));
            }
        }
    }
    ck_assert_int_gt(compiles, RANDOM_PATTERNS / 20);
}
END_TEST

static const char *result_of(const tr_regex_t *re, tr_slice_t subject)
{
    tr_match_t m = { 0 };
    const char *text = apr_itoa(pool, tr_regex_match(&m, re, subject, pool));
    int i;

    for (i = 0; i <= (int)tr_regex_groups(re); ++i) {
        tr_slice_t value = tr_slice(NULL, 0);

        (void)tr_match_group(&value, &m, i);
        text = apr_pstrcat(pool, text, " ", text_of(value), NULL);
    }
    return text;
}

START_TEST(the_machine_code_finds_what_the_interpreter_finds)
{
    int i, j;

    for (i = 0; i < RANDOM_PATTERNS / 5; ++i, apr_pool_clear(pool)) {
        const char *pattern = random_pattern();
        tr_regex_t *slow, *fast;

        if (tr_regex_parse(&slow, pattern, 0, pool)) {
            continue;
        }
        fast = compiled(pattern, TR_REGEX_JIT);
        for (j = 0; j < RANDOM_SUBJECTS / 5; ++j) {
            tr_slice_t subject = random_subject();

            check_message(pattern, result_of(fast, subject),
                          result_of(slow, subject));
        }
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("tr_regex");
    TCase *tests = unit_case(suite, "match");

    tcase_add_loop_test(tests, an_error_names_the_reason_and_the_place, 0,
                        ROWS(errors));
    tcase_add_loop_test(tests, a_regex_matches_bytes, 0, ROWS(matches));
    tcase_add_test(tests, a_nul_is_a_byte_like_any_other);
    tcase_add_loop_test(tests, a_group_is_what_it_captured, 0, ROWS(groups));
    tcase_add_loop_test(tests, groups_are_counted_and_found_by_name, 0,
                        ROWS(names));
    tcase_add_test(tests,
                   one_match_serves_for_expressions_of_any_number_of_groups);
    tcase_add_test(tests, after_a_failed_match_no_group_is_set);
    tests = unit_case(suite, "limits");
    tcase_set_timeout(tests, 60);
    tcase_add_loop_test(tests, a_catastrophic_pattern_ends_soon_and_says_so, 0,
                        ROWS(catastrophic));
    tcase_add_test(tests, a_million_steps_are_too_many);
    tcase_add_test(
        tests, a_subject_too_long_for_the_machine_stack_is_matched_without_it);
    tcase_add_test(tests, a_pattern_that_wants_too_much_memory_is_stopped);
    tests = unit_case(suite, "literal");
    tcase_set_timeout(tests, 60);
    tcase_add_loop_test(tests, a_literal_is_what_every_match_begins_with, 0,
                        ROWS(literals));
    tcase_add_loop_test(tests,
                        every_subject_that_matches_begins_with_the_literal, 0,
                        CASELESS + 1);
    tcase_add_test(tests, the_machine_code_finds_what_the_interpreter_finds);
    return unit_main(suite);
}

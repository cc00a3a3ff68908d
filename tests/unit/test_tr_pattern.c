/* Licensed under the Apache License, Version 2.0; see LICENSE. */
#include <apr_errno.h>
#include <apr_strings.h>

#include "tr_pattern.h"
#include "unit.h"

enum { EXACT = 1, CASELESS = 2 };

static tr_pattern_t pattern_of(const char *text, int flags)
{
    tr_pattern_t pattern = { 0 };
    const char *error;

    pattern.exact = (flags & EXACT) != 0;
    pattern.caseless = (flags & CASELESS) != 0;
    if (text) {
        error = *text == '^'
                    ? tr_pattern_parse_regex(&pattern, guarded_string(text), 0,
                                             pool)
                    : tr_pattern_parse_path(&pattern, guarded_string(text));
        ck_assert_msg(error == NULL, "%s: %s", text, error);
    }
    return pattern;
}

#define NO "no match"

static const struct {
    const char *pattern;
    int flags;
    const char *path;
    const char *tail; /* in the decoded path, or NO */
} matches[] = {
    /* a URL-path matches whole segments */
    { "/old", 0, "/old", "" },
    { "/old", 0, "/old/", "/" },
    { "/old", 0, "/old/x", "/x" },
    { "/old", 0, "/old/x/y/", "/x/y/" },
    { "/old", 0, "/old//x", "//x" },
    { "/old", 0, "/older", NO },
    { "/old", 0, "/ol", NO },
    { "/old", 0, "/", NO },
    { "/old", 0, "/x/old", NO },
    { "/old", 0, "/Old", NO },
    { "/old", 0, "/old?x", NO },
    { "/old", 0, "/old%2Fx", NO },
    { "/a/b", 0, "/a/b/c", "/c" },
    { "/a/b", 0, "/a", NO },
    { "/a b", 0, "/a b/c", "/c" },

    /* with a slash at its end it does not match without one */
    { "/old/", 0, "/old", NO },
    { "/old/", 0, "/old/", "" },
    { "/old/", 0, "/old/x", "/x" },
    { "/old/", 0, "/older/", NO },
    { "/old/", 0, "/old//", "//" },

    /* the root */
    { "/", 0, "/", "" },
    { "/", 0, "/x", "/x" },
    { "/", 0, "/x/", "/x/" },
    { "/", 0, "//x", "//x" },

    /* match=exact */
    { "/old", EXACT, "/old", "" },
    { "/old", EXACT, "/old/", NO },
    { "/old", EXACT, "/old/x", NO },
    { "/old/", EXACT, "/old/", "" },
    { "/old/", EXACT, "/old", NO },
    { "/old/", EXACT, "/old/x", NO },
    { "/old/", EXACT, "/old//", NO },
    { "/", EXACT, "/", "" },
    { "/", EXACT, "/x", NO },

    /* case=ignore */
    { "/Old", CASELESS, "/oLD/X", "/X" },
    { "/old", CASELESS, "/OLD", "" },
    { "/old", CASELESS, "/OLDER", NO },
    { "/old", CASELESS, "/ol", NO },
    { "/old/", CASELESS | EXACT, "/OLD/", "" },
    { "/old/", CASELESS | EXACT, "/OLD/X", NO },
    { "/\xc3\xa4", CASELESS, "/\xc3\x84", NO },

    /* no URL-path: everything, and no tail */
    { NULL, 0, "/", "" },
    { NULL, 0, "/x/y", "" },

    /* a regex has no tail */
    { "^/old/(.*)$", 0, "/old/x", "" },
    { "^/old", 0, "/older", "" },
    { "^/old$", 0, "/old/", NO },
    { "^/old$", 0, "/old\n", NO },
    { "^/old/", 0, "/OLD/x", NO },
    { "^/old/", CASELESS, "/OLD/x", "" },
    { "^/old(er)?/", CASELESS, "/oldER/", "" },
    { "^/a.b$", 0, "/a\nb", "" },
};

START_TEST(a_path_matches_and_has_a_tail)
{
    int i;

    for (i = 0; i < ROWS(matches); ++i) {
        tr_pattern_t pattern = pattern_of(matches[i].pattern,
                                          matches[i].flags);
        tr_slice_t path = guarded(matches[i].path);
        tr_hit_t hit = { 0 };
        apr_status_t rv = tr_pattern_match(&hit, &pattern, path, pool);
        const char *row = apr_psprintf(pool, "%s on %s", matches[i].path,
                                       matches[i].pattern);

        ck_assert_msg(rv == APR_SUCCESS || rv == APR_NOTFOUND, "%s", row);
        check_text(row,
                   rv == APR_SUCCESS ? tr_slice_from(path, hit.tail)
                                     : tr_slice_of(NO),
                   matches[i].tail);
    }
}
END_TEST

static const struct {
    const char *pattern;
    const char *begin;
} begins[] = {
    { "/", "" },
    { "/old", "/old" },
    { "/old/", "/old" },
    { "^/old/(.*)$", "/old/" },
    { "^/(old|new)/", "/" },
    { "^/old|^/new", "" },
};

START_TEST(a_pattern_knows_what_all_its_matches_begin_with)
{
    int i;

    for (i = 0; i < ROWS(begins); ++i) {
        check_text(begins[i].pattern, pattern_of(begins[i].pattern, 0).begin,
                   begins[i].begin);
    }
}
END_TEST

START_TEST(a_regex_captures_groups)
{
    tr_pattern_t pattern = pattern_of("^/(?<lang>..)/(x)?(.*)$", 0);
    tr_hit_t hit = { 0 };
    tr_slice_t value = { NULL, 0 };

    ck_assert_int_eq(tr_pattern_match(&hit, &pattern, guarded("/de/a/b"),
                                      pool), APR_SUCCESS);
    ck_assert(tr_match_group(&value, &hit.groups, 1));
    check_text("$1", value, "de");
    ck_assert(!tr_match_group(&value, &hit.groups, 2));
    ck_assert(tr_match_group(&value, &hit.groups, 3));
    check_text("$3", value, "a/b");
}
END_TEST

START_TEST(a_regex_that_backtracks_without_end_reports_its_limit)
{
    tr_pattern_t pattern = pattern_of("^/(a+)+$", 0);
    tr_hit_t hit = { 0 };

    ck_assert_int_eq(
        tr_pattern_match(&hit, &pattern,
                         guarded("/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!"),
                         pool),
        APR_EINCOMPLETE);
}
END_TEST

#define NO_SLASH "a URL-path begins with '/'"
#define DOTS                                                                   \
    "can never match: '.' and '..' are gone from the path of a request before" \
    " it is compared; write the path without them"

static const struct {
    const char *path;
    const char *error;
} paths[] = {
    { "", NO_SLASH },
    { "old", NO_SLASH },
    { "https://example.com/", NO_SLASH },
    { "/.", DOTS },
    { "/..", DOTS },
    { "/./", DOTS },
    { "/a/..", DOTS },
    { "/a/../b", DOTS },
    { "/a/./b", DOTS },
    { "/...", NULL },
    { "/.a", NULL },
    { "/a.", NULL },
    { "/a../b", NULL },
    { "/.well-known/x", NULL },
    { "/", NULL },
};

START_TEST(a_path_that_no_request_has_is_an_error)
{
    int i;

    for (i = 0; i < ROWS(paths); ++i) {
        tr_pattern_t pattern = { 0 };

        check_message(paths[i].path,
                      tr_pattern_parse_path(&pattern,
                                            guarded_string(paths[i].path)),
                      paths[i].error);
    }
}
END_TEST

START_TEST(a_bad_regex_is_an_error_with_its_place)
{
    tr_pattern_t pattern = { 0 };

    check_message("^/(a",
                  tr_pattern_parse_regex(&pattern, guarded_string("^/(a"), 0,
                                         pool),
                  "missing closing parenthesis at offset 4");
    ck_assert_int_eq(pattern.kind, TR_PATTERN_ANY);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("tr_pattern");
    TCase *tests = unit_case(suite, "pattern");

    tcase_add_test(tests, a_path_matches_and_has_a_tail);
    tcase_add_test(tests, a_pattern_knows_what_all_its_matches_begin_with);
    tcase_add_test(tests, a_regex_captures_groups);
    tcase_add_test(tests, a_regex_that_backtracks_without_end_reports_its_limit);
    tcase_add_test(tests, a_path_that_no_request_has_is_an_error);
    tcase_add_test(tests, a_bad_regex_is_an_error_with_its_place);
    return unit_main(suite);
}

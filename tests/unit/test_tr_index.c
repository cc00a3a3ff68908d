/* Licensed under the Apache License, Version 2.0; see LICENSE. */
#include <apr_errno.h>
#include <apr_strings.h>

#include "random_rules.h"
#include "tr_index.h"

static apr_array_header_t *array_make(void)
{
    return apr_array_make(pool, 16, sizeof(void *));
}

static tr_index_t *index_of(const apr_array_header_t *rules)
{
    apr_array_header_t *patterns = array_make();
    apr_pool_t *scratch;
    tr_index_t *index;
    int i;

    for (i = 0; i < rules->nelts; ++i) {
        APR_ARRAY_PUSH(patterns, const tr_pattern_t *) =
            &APR_ARRAY_IDX(rules, i, tr_rule_t *)->pattern;
    }
    apr_pool_create(&scratch, pool);
    index = tr_index_build(patterns, pool, scratch);
    apr_pool_destroy(scratch);
    return index;
}

static apr_array_header_t *rules_of(const char *const *lines, int n)
{
    apr_array_header_t *rules = array_make();
    int i;

    for (i = 0; i < n; ++i) {
        APR_ARRAY_PUSH(rules, tr_rule_t *) = fake_rule(lines[i]);
    }
    return rules;
}

/* The numbers of the candidates, "0 3 4". */
static const char *candidates_of(const tr_index_t *index, const char *path)
{
    tr_candidates_t found = tr_index_find(index, guarded(path));
    const char *numbers = "";
    apr_uint32_t i;

    for (i = tr_candidates_next(&found, 0); i != TR_INDEX_END;
         i = tr_candidates_next(&found, i + 1)) {
        numbers = apr_psprintf(pool, "%s%s%u", numbers, *numbers ? " " : "",
                               (unsigned)i);
    }
    return numbers;
}

/* ---- examples ---- */

static const char *const drawn[] = {
    "TempRedirect /old /n",
    "TempRedirect /new /n",
    "TempRedirectMatch ^/item/(\\d+) /n",
    "TempRedirect / https://h.example/",
    "TempRedirectMatch ^/old/(.*)\\.html$ /n",
};

static const struct {
    const char *path;
    const char *candidates;
} pictures[] = {
    { "/old/x/y", "0 3 4" }, { "/old", "0 3" },     { "/older", "3" },
    { "/new", "1 3" },       { "/new/", "1 3" },    { "/item/x", "2 3" },
    { "/item", "3" },        { "/x/old/", "3" },    { "/", "3" },
    { "/OLD", "3" },
};

START_TEST(a_path_leads_to_the_rules_that_its_beginning_concerns)
{
    tr_index_t *index = index_of(rules_of(drawn, ROWS(drawn)));
    int i;

    for (i = 0; i < ROWS(pictures); ++i) {
        check_message(pictures[i].path, candidates_of(index, pictures[i].path),
                      pictures[i].candidates);
    }
}
END_TEST

START_TEST(no_rules_have_no_candidates)
{
    tr_index_t *index = index_of(array_make());

    check_message("/", candidates_of(index, "/"), "");
    check_message("/a/b", candidates_of(index, "/a/b"), "");
}
END_TEST

START_TEST(rules_elsewhere_are_no_candidates)
{
    apr_array_header_t *rules = array_make();
    tr_index_t *index;
    int i;

    for (i = 0; i < 1000; ++i) {
        static const char *const before[] = { "TempRedirect /rule/",
                                              "TempRedirect /rule/",
                                              "TempRedirectMatch ^/regex/" };
        static const char *const behind[] = { " /n", " /n case=ignore",
                                              "/.*\\.html$ /n" };

        APR_ARRAY_PUSH(rules, tr_rule_t *) =
            fake_rule(apr_psprintf(pool, "%s%d%s", before[i % 3], i,
                                   behind[i % 3]));
    }
    index = index_of(rules);
    check_message("elsewhere", candidates_of(index, "/elsewhere"), "");
    check_message("above", candidates_of(index, "/rule"), "");
    check_message("between", candidates_of(index, "/rule/x"), "");
    check_message("a path", candidates_of(index, "/rule/999/x"), "999");
    check_message("in another case", candidates_of(index, "/Rule/997"), "997");
    check_message("a regex", candidates_of(index, "/regex/500/"), "500");
}
END_TEST

/* ---- against the model: ask every rule ---- */

#define PATHS 60

/* Of how many paths index and model do not say the same. */
static int differences(const tr_index_t *index,
                       const apr_array_header_t *rules, int *matches)
{
    tr_hit_t model = { 0 }, hit = { 0 };
    int i, j, wrong = 0;

    for (i = 0; i < PATHS && rules->nelts > 0; ++i) {
        const tr_rule_t *some =
            APR_ARRAY_IDX(rules, (int)unit_random((unsigned)rules->nelts),
                          const tr_rule_t *);
        tr_slice_t path = guarded(random_path_for(some));
        tr_candidates_t found = tr_index_find(index, path);
        apr_uint32_t next = tr_candidates_next(&found, 0);
        int same = 1;

        for (j = 0; j < rules->nelts; ++j) {
            const tr_pattern_t *pattern =
                &APR_ARRAY_IDX(rules, j, const tr_rule_t *)->pattern;
            apr_status_t want = tr_pattern_match(&model, pattern, path, pool);
            apr_status_t got = APR_NOTFOUND;

            if (next == (apr_uint32_t)j) {
                got = tr_pattern_match_rest(&hit, pattern, path, pool);
                next = tr_candidates_next(&found, next + 1);
            }
            same = same && got == want
                   && (want != APR_SUCCESS || hit.tail == model.tail);
            *matches += want == APR_SUCCESS;
        }
        wrong += !same || next != TR_INDEX_END;
    }
    return wrong;
}

static apr_array_header_t *random_rules(int n)
{
    apr_array_header_t *rules = array_make();

    while (rules->nelts < n) {
        APR_ARRAY_PUSH(rules, tr_rule_t *) =
            fake_rule(random_line(rules->nelts));
    }
    return rules;
}

START_TEST(the_index_finds_what_asking_every_rule_finds)
{
    static const int sizes[] = { 0, 1, 2, 3, 5, 8, 30, 100, 400, 2000 };
    int matches = 0, round;

    for (round = 0; round < 5 * ROWS(sizes); ++round) {
        apr_array_header_t *rules;

        apr_pool_clear(pool);
        rules = random_rules(sizes[round % ROWS(sizes)]);
        ck_assert_int_eq(differences(index_of(rules), rules, &matches), 0);
    }
    ck_assert_int_gt(matches, 1000);
}
END_TEST

START_TEST(an_index_that_has_forgotten_a_rule_is_noticed)
{
    int noticed = 0, matches = 0, round;

    for (round = 0; round < 50; ++round) {
        apr_array_header_t *rules = random_rules(20), *others;

        others = apr_array_copy(pool, rules);
        APR_ARRAY_IDX(others, 7, tr_rule_t *) =
            fake_rule("TempRedirect /nowhere /n");
        noticed += differences(index_of(others), rules, &matches) > 0;
    }
    ck_assert_int_gt(noticed, 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("tr_index");
    TCase *tests = unit_case(suite, "examples");

    tcase_add_test(tests,
                   a_path_leads_to_the_rules_that_its_beginning_concerns);
    tcase_add_test(tests, no_rules_have_no_candidates);
    tcase_add_test(tests, rules_elsewhere_are_no_candidates);

    tests = unit_case(suite, "model");
    tcase_set_timeout(tests, 300);
    tcase_add_test(tests, the_index_finds_what_asking_every_rule_finds);
    tcase_add_test(tests, an_index_that_has_forgotten_a_rule_is_noticed);
    return unit_main(suite);
}

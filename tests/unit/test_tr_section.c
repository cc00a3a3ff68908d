/* Licensed under the Apache License, Version 2.0; see LICENSE. */
#include <apr_strings.h>

#include "fake.h"
#include "tr_section.h"

static tr_section_t *section_of(const char *id)
{
    tr_section_t *section = tr_section_make(pool);

    tr_section_add(section,
                   fake_rule(apr_pstrcat(pool, "TempRedirect /a /b id=", id,
                                         NULL)),
                   pool);
    return section;
}

/* The ids of the rules in the order in which they are asked, "c a b ". */
static const char *ids_of(const tr_section_t *section)
{
    const char *ids = "";
    int i;

    for (; section; section = section->base) {
        if (section->add) {
            ids = apr_pstrcat(pool, ids, ids_of(section->add), NULL);
        }
        for (i = 0; section->rules && i < section->rules->nelts; ++i) {
            ids = apr_pstrcat(pool, ids,
                              APR_ARRAY_IDX(section->rules, i,
                                            const tr_rule_t *)->id,
                              " ", NULL);
        }
    }
    return ids;
}

START_TEST(rules_keep_the_order_written)
{
    tr_section_t *section = tr_section_make(pool);
    int i;

    ck_assert(!tr_section_has_rules(section));
    for (i = 0; i < 20; ++i) {
        tr_section_add(section,
                       fake_rule(apr_psprintf(pool, "TempRedirect /a /b id=%d",
                                              i)),
                       pool);
    }
    ck_assert(tr_section_has_rules(section));
    check_message("twenty", ids_of(section),
                  "0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 ");
}
END_TEST

START_TEST(the_section_merged_last_comes_first)
{
    tr_section_t *a = section_of("a"), *b = section_of("b");
    const tr_section_t *ab = tr_section_merge(a, b, pool);

    tr_section_add(a, fake_rule("TempRedirect /a /b id=a2"), pool);
    check_message("a + b", ids_of(ab), "b a a2 ");
    check_message("(a + b) + c",
                  ids_of(tr_section_merge(ab, section_of("c"), pool)),
                  "c b a a2 ");
    check_message("c + (a + b)",
                  ids_of(tr_section_merge(section_of("c"), ab, pool)),
                  "b a a2 c ");
    check_message("a", ids_of(a), "a a2 ");
    check_message("b", ids_of(b), "b ");
}
END_TEST

START_TEST(where_one_side_is_empty_the_other_is_the_result)
{
    const tr_section_t *empty = tr_section_make(pool), *a = section_of("a");
    const tr_section_t *ab = tr_section_merge(a, section_of("b"), pool);

    /* without a pool nothing can be allocated */
    ck_assert_ptr_eq(tr_section_merge(a, empty, NULL), a);
    ck_assert_ptr_eq(tr_section_merge(empty, a, NULL), a);
    ck_assert_ptr_eq(tr_section_merge(ab, empty, NULL), ab);
    ck_assert_ptr_eq(tr_section_merge(empty, ab, NULL), ab);
    ck_assert(!tr_section_has_rules(tr_section_merge(empty, empty, NULL)));
}
END_TEST

START_TEST(a_setting_alone_does_not_make_a_section_empty)
{
    const tr_section_t *a = section_of("a"), *merged;
    tr_section_t *off = tr_section_make(pool), *cut = tr_section_make(pool);

    off->engine = TR_ENGINE_OFF;
    merged = tr_section_merge(a, off, pool);
    ck_assert_int_eq(merged->engine, TR_ENGINE_OFF);
    check_message("engine", ids_of(merged), "a ");
    ck_assert_int_eq(tr_section_merge(off, a, pool)->engine, TR_ENGINE_OFF);

    cut->inherit_off = 1;
    ck_assert(!tr_section_has_rules(tr_section_merge(a, cut, pool)));
    check_message("inherit", ids_of(tr_section_merge(cut, a, pool)), "a ");
}
END_TEST

START_TEST(only_many_rules_are_indexed)
{
    tr_section_t *section = tr_section_make(pool);
    int i;

    tr_section_freeze(section, pool, pool);
    ck_assert_ptr_null(section->index);
    tr_section_add(section, fake_rule("TempRedirect /a /b"), pool);
    tr_section_freeze(section, pool, pool);
    ck_assert_ptr_null(section->index);
    for (i = 0; i < 99; ++i) {
        tr_section_add(section, fake_rule("TempRedirect /a /b"), pool);
    }
    tr_section_freeze(section, pool, pool);
    ck_assert_ptr_nonnull(section->index);
}
END_TEST

/* ---- merging in any order, against a list ---- */

#define MOST 8

static tr_section_t *leaves[MOST];

/* A section with each thing there is, or not. */
static tr_section_t *random_leaf(int number)
{
    tr_section_t *leaf = unit_random(3) == 0
                             ? tr_section_make(pool)
                             : section_of(apr_psprintf(pool, "%d", number));

    leaf->inherit_off = unit_random(6) == 0;
    if (unit_random(3) == 0) {
        leaf->engine = unit_random(2) ? TR_ENGINE_ON : TR_ENGINE_OFF;
    }
    if (unit_random(3) == 0) {
        leaf->allow_hosts = tr_hosts_make(pool);
    }
    return leaf;
}

/* Merge the leaves from first up to last in some order. */
static const tr_section_t *random_tree(int first, int last)
{
    int middle;

    if (first == last) {
        return leaves[first];
    }
    middle = first + (int)unit_random((unsigned)(last - first));
    return tr_section_merge(random_tree(first, middle),
                            random_tree(middle + 1, last), pool);
}

typedef struct model_t {
    const char *ids;
    tr_engine_t engine;
    const tr_hosts_t *allow_hosts;
} model_t;

/* From the last leaf to the first: the first that is set holds, and rules
 * behind an Inherit Off do not. */
static model_t model_of(int n)
{
    model_t model = { "", TR_ENGINE_UNSET, NULL };
    int off = 0;

    while (n-- > 0) {
        model.ids = off ? model.ids
                        : apr_pstrcat(pool, model.ids, ids_of(leaves[n]),
                                      NULL);
        off |= leaves[n]->inherit_off;
        model.engine = model.engine ? model.engine : leaves[n]->engine;
        model.allow_hosts = model.allow_hosts ? model.allow_hosts
                                              : leaves[n]->allow_hosts;
    }
    return model;
}

START_TEST(in_whatever_order_sections_are_merged_the_result_is_the_same)
{
    int round, i;

    for (round = 0; round < 5000; ++round) {
        int n = 1 + (int)unit_random(MOST);
        const tr_section_t *merged;
        model_t model;

        apr_pool_clear(pool);
        for (i = 0; i < n; ++i) {
            leaves[i] = random_leaf(i);
        }
        merged = random_tree(0, n - 1);
        model = model_of(n);
        check_message("rules", ids_of(merged), model.ids);
        ck_assert_int_eq(tr_section_has_rules(merged), *model.ids != '\0');
        ck_assert_int_eq(merged->engine, model.engine);
        ck_assert_ptr_eq(merged->allow_hosts, model.allow_hosts);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("tr_section");
    TCase *tests = unit_case(suite, "section");

    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, rules_keep_the_order_written);
    tcase_add_test(tests, the_section_merged_last_comes_first);
    tcase_add_test(tests, where_one_side_is_empty_the_other_is_the_result);
    tcase_add_test(tests, a_setting_alone_does_not_make_a_section_empty);
    tcase_add_test(tests, only_many_rules_are_indexed);
    tcase_add_test(
        tests, in_whatever_order_sections_are_merged_the_result_is_the_same);
    return unit_main(suite);
}

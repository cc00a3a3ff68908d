/* Licensed under the Apache License, Version 2.0; see LICENSE. */
#include <apr_strings.h>

#include "fake.h"
#include "tr_section.h"

static tr_section_t *section_with(const char *words, const char *id)
{
    tr_section_t *section = tr_section_make(pool);

    tr_section_add(section,
                   fake_rule(apr_pstrcat(pool, "TempRedirect /a ", words,
                                         " id=", id, NULL)),
                   pool);
    return section;
}

static tr_section_t *section_of(const char *id)
{
    return section_with("/b", id);
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

    ck_assert(!tr_section_has_rules(section, TR_PHASE_FIXUPS));
    for (i = 0; i < 20; ++i) {
        tr_section_add(section,
                       fake_rule(apr_psprintf(pool, "TempRedirect /a /b id=%d",
                                              i)),
                       pool);
    }
    ck_assert(tr_section_has_rules(section, TR_PHASE_FIXUPS));
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
    ck_assert(!tr_section_has_rules(tr_section_merge(empty, empty, NULL),
                                    TR_PHASE_FIXUPS));
}
END_TEST

START_TEST(a_setting_alone_does_not_make_a_section_empty)
{
    const tr_section_t *a = section_of("a"), *merged;
    tr_section_t *off = tr_section_make(pool), *cut = tr_section_make(pool);
    tr_section_t *drained = tr_section_make(pool);
    tr_section_t *limited = tr_section_make(pool);

    off->engine = TR_ENGINE_OFF;
    merged = tr_section_merge(a, off, pool);
    ck_assert_int_eq(merged->engine, TR_ENGINE_OFF);
    check_message("engine", ids_of(merged), "a ");
    ck_assert_int_eq(tr_section_merge(off, a, pool)->engine, TR_ENGINE_OFF);

    cut->inherit_off = 1;
    ck_assert(!tr_section_has_rules(tr_section_merge(a, cut, pool),
                                    TR_PHASE_FIXUPS));
    check_message("inherit", ids_of(tr_section_merge(cut, a, pool)), "a ");

    drained->drain = &tr_drain_default;
    merged = tr_section_merge(a, drained, pool);
    ck_assert_ptr_eq(merged->drain, &tr_drain_default);
    check_message("drain", ids_of(merged), "a ");
    ck_assert_ptr_eq(tr_section_merge(drained, a, pool)->drain,
                     &tr_drain_default);

    limited->body_limit = 1;
    merged = tr_section_merge(a, limited, pool);
    ck_assert_int_eq(merged->body_limit, 1);
    check_message("body limit", ids_of(merged), "a ");
    ck_assert_int_eq(tr_section_merge(limited, a, pool)->body_limit, 1);
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

/* ---- phases ---- */

enum { FIXUPS = 1, EARLY = 2 };

/* The phases in which any rule is to be asked. */
static int phases_of(const tr_section_t *section)
{
    return (tr_section_has_rules(section, TR_PHASE_FIXUPS) ? FIXUPS : 0)
           | (tr_section_has_rules(section, TR_PHASE_EARLY) ? EARLY : 0);
}

static const struct {
    const char *one, *other; /* behind "TempRedirect /a "; NULL: no rule */
    int phases;
} phases[] = {
    { NULL, NULL, 0 },
    { "/b", NULL, FIXUPS },
    { "/b phase=fixups", NULL, FIXUPS },
    { "/b phase=early", NULL, EARLY },
    { "/b", "/c phase=early", FIXUPS | EARLY },
    { "/b phase=early", "/c phase=early", EARLY },
    { "/b mode=dry phase=early", NULL, EARLY },

    /* a '!' for both phases is no reason to ask in the early one */
    { "!", NULL, FIXUPS },
    { "!", "! header.X", FIXUPS },
    { "!", "/b", FIXUPS },
    { "!", "/b phase=early", FIXUPS | EARLY },
    { "! phase=early", NULL, EARLY },
    { "! phase=fixups", NULL, FIXUPS },
    { "! user", NULL, FIXUPS },

    /* a pool may choose that somebody stays, which counts in both */
    { "pool:p", NULL, FIXUPS },
    { "pool:p phase=fixups", NULL, FIXUPS },
    { "pool:p phase=early", NULL, FIXUPS | EARLY },
    { "!", "pool:p", FIXUPS },
};

/* Both rules in one section, in either order, and in two that are merged. */
START_TEST(a_section_is_asked_in_the_phases_of_its_rules)
{
    int i, swap;

    for (i = 0; i < ROWS(phases); ++i) {
        for (swap = 0; swap < 2; ++swap) {
            const char *words[2] = { phases[i].one, phases[i].other };
            const char *row = words[0] ? words[0] : "none";
            tr_section_t *both = tr_section_make(pool);
            const tr_section_t *merged = tr_section_make(pool);
            int j;

            for (j = 0; j < 2; ++j) {
                const char *word = words[swap ? 1 - j : j];

                if (word) {
                    tr_section_add(both,
                                   fake_rule(apr_pstrcat(pool,
                                                         "TempRedirect /a ",
                                                         word, NULL)),
                                   pool);
                    merged = tr_section_merge(merged, section_with(word, "x"),
                                              pool);
                }
            }
            ck_assert_msg(phases_of(both) == phases[i].phases, "%s", row);
            ck_assert_msg(phases_of(merged) == phases[i].phases, "%s: merged",
                          row);
        }
    }
}
END_TEST

START_TEST(what_is_not_inherited_is_not_asked_early_either)
{
    const tr_section_t *early = section_with("/b phase=early", "x");
    tr_section_t *cut = section_of("y");

    cut->inherit_off = 1;
    ck_assert_int_eq(phases_of(tr_section_merge(early, cut, pool)), FIXUPS);
    ck_assert_int_eq(phases_of(tr_section_merge(cut, early, pool)),
                     FIXUPS | EARLY);
}
END_TEST

/* ---- settings ---- */

static const struct {
    tr_engine_t base, add, merged;
} engines[] = {
    { TR_ENGINE_UNSET, TR_ENGINE_UNSET, TR_ENGINE_UNSET },
    { TR_ENGINE_UNSET, TR_ENGINE_DRY, TR_ENGINE_DRY },
    { TR_ENGINE_DRY, TR_ENGINE_UNSET, TR_ENGINE_DRY },
    { TR_ENGINE_DRY, TR_ENGINE_ON, TR_ENGINE_ON },
    { TR_ENGINE_ON, TR_ENGINE_DRY, TR_ENGINE_DRY },
    { TR_ENGINE_OFF, TR_ENGINE_DRY, TR_ENGINE_DRY },
    { TR_ENGINE_DRY, TR_ENGINE_OFF, TR_ENGINE_OFF },
};

START_TEST(the_engine_of_the_section_merged_last_holds)
{
    int i;

    for (i = 0; i < ROWS(engines); ++i) {
        tr_section_t *base = section_of("a"), *add = section_of("b");

        base->engine = engines[i].base;
        add->engine = engines[i].add;
        ck_assert_msg(tr_section_merge(base, add, pool)->engine
                          == engines[i].merged, "row %d", i);
    }
}
END_TEST

START_TEST(the_languages_of_the_section_merged_last_hold)
{
    const apr_array_header_t *one = apr_array_make(pool, 1, sizeof(char *));
    const apr_array_header_t *other = apr_array_make(pool, 1, sizeof(char *));
    tr_section_t *base = section_of("a"), *add = tr_section_make(pool);

    base->languages = one;
    ck_assert_ptr_eq(tr_section_merge(base, add, pool)->languages, one);
    add->languages = other;
    ck_assert_ptr_eq(tr_section_merge(base, add, pool)->languages, other);
    ck_assert_ptr_eq(tr_section_merge(add, base, pool)->languages, one);
    check_message("rules stay", ids_of(tr_section_merge(base, add, pool)),
                  "a ");
    base->languages = NULL;
    ck_assert_ptr_eq(tr_section_merge(base, add, pool)->languages, other);
    ck_assert_ptr_eq(tr_section_merge(add, base, pool)->languages, other);
}
END_TEST

START_TEST(drain_and_body_limit_of_the_section_merged_last_hold)
{
    static const tr_drain_t one = { 1, 1 }, other = { 2, 2 };
    tr_section_t *base = section_of("a"), *add = tr_section_make(pool);

    base->drain = &one;
    base->body_limit = 10;
    ck_assert_ptr_eq(tr_section_merge(base, add, pool)->drain, &one);
    ck_assert_int_eq(tr_section_merge(base, add, pool)->body_limit, 10);

    /* each for itself */
    add->drain = &other;
    ck_assert_ptr_eq(tr_section_merge(base, add, pool)->drain, &other);
    ck_assert_ptr_eq(tr_section_merge(add, base, pool)->drain, &one);
    ck_assert_int_eq(tr_section_merge(base, add, pool)->body_limit, 10);
    ck_assert_int_eq(tr_section_merge(add, base, pool)->body_limit, 10);
    add->body_limit = 20;
    ck_assert_int_eq(tr_section_merge(base, add, pool)->body_limit, 20);
    ck_assert_int_eq(tr_section_merge(add, base, pool)->body_limit, 10);
    base->drain = NULL;
    ck_assert_ptr_eq(tr_section_merge(base, add, pool)->drain, &other);
    ck_assert_ptr_eq(tr_section_merge(add, base, pool)->drain, &other);
}
END_TEST

/* ---- merging in any order, against a list ---- */

#define MOST 8

static tr_section_t *leaves[MOST];

/* A section with each thing there is, or not. */
static tr_section_t *random_leaf(int number)
{
    static const char *const words[] = { "/b", "/b phase=early", "!",
                                         "! phase=early" };
    tr_section_t *leaf = unit_random(3) == 0
                             ? tr_section_make(pool)
                             : section_with(words[unit_random(ROWS(words))],
                                            apr_psprintf(pool, "%d", number));

    leaf->inherit_off = unit_random(6) == 0;
    if (unit_random(3) == 0) {
        leaf->engine = (tr_engine_t)unit_random(TR_ENGINE_DRY + 1);
    }
    if (unit_random(3) == 0) {
        leaf->allow_hosts = tr_hosts_make(pool);
    }
    if (unit_random(3) == 0) {
        leaf->languages = apr_array_make(pool, 1, sizeof(const char *));
    }
    if (unit_random(3) == 0) {
        leaf->drain = apr_pcalloc(pool, sizeof(*leaf->drain));
    }
    if (unit_random(3) == 0) {
        leaf->body_limit = number + 1;
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
    int phases;
    tr_engine_t engine;
    const tr_hosts_t *allow_hosts;
    const apr_array_header_t *languages;
    const tr_drain_t *drain;
    apr_int64_t body_limit;
} model_t;

/* From the last leaf to the first: the first that is set holds, and rules
 * behind an Inherit Off do not. */
static model_t model_of(int n)
{
    model_t model = { "", 0, TR_ENGINE_UNSET, NULL, NULL, NULL, 0 };
    int off = 0;

    while (n-- > 0) {
        const tr_section_t *leaf = leaves[n];

        if (!off) {
            model.ids = apr_pstrcat(pool, model.ids, ids_of(leaf), NULL);
            model.phases |= phases_of(leaf);
        }
        off |= leaf->inherit_off;
        model.engine = model.engine ? model.engine : leaf->engine;
        model.allow_hosts = model.allow_hosts ? model.allow_hosts
                                              : leaf->allow_hosts;
        model.languages = model.languages ? model.languages : leaf->languages;
        model.drain = model.drain ? model.drain : leaf->drain;
        model.body_limit = model.body_limit ? model.body_limit
                                            : leaf->body_limit;
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
        ck_assert_int_eq(phases_of(merged), model.phases);
        ck_assert_int_eq(merged->engine, model.engine);
        ck_assert_ptr_eq(merged->allow_hosts, model.allow_hosts);
        ck_assert_ptr_eq(merged->languages, model.languages);
        ck_assert_ptr_eq(merged->drain, model.drain);
        ck_assert_int_eq(merged->body_limit, model.body_limit);
    }
}
END_TEST

/* ---- tr_section_is_for ---- */

static const struct {
    const char *line, *path;
    int is_for;
} sections[] = {
    { "TempRedirect /a /b", "/a/x", 1 },
    { "TempRedirect /a /b", "/ax", 0 },
    { "TempRedirect /a ! header.X mode=dry", "/a", 1 },
    { "TempRedirect https://h.example", "/anything", 1 },
    { "TempRedirectMatch ^/(x|y)$ /b", "/y", 1 },
    { "TempRedirectMatch ^/(x|y)$ /b", "/z", 0 },
    { "TempRedirectMatch ^/(a+)+$ /b", "/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", 1 },
};

START_TEST(a_section_is_for_the_paths_of_its_patterns_and_for_all_if_it_sets)
{
    tr_section_t *empty = tr_section_make(pool);
    int i;

    for (i = 0; i < ROWS(sections); ++i) {
        tr_section_t *section = tr_section_make(pool);

        tr_section_add(section, fake_rule("TempRedirect /none /n"), pool);
        tr_section_add(section, fake_rule(sections[i].line), pool);
        ck_assert_msg(tr_section_is_for(section, guarded(sections[i].path),
                                        pool) == sections[i].is_for,
                      "%s for %s", sections[i].line, sections[i].path);
    }
    ck_assert(!tr_section_is_for(empty, guarded("/a"), pool));
    empty->engine = TR_ENGINE_OFF;
    ck_assert(tr_section_is_for(empty, guarded("/a"), pool));
    empty = tr_section_make(pool);
    empty->drain = &tr_drain_default;
    ck_assert(tr_section_is_for(empty, guarded("/a"), pool));
    empty = tr_section_make(pool);
    empty->body_limit = 1;
    ck_assert(tr_section_is_for(empty, guarded("/a"), pool));
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
    tcase_add_test(tests, a_section_is_asked_in_the_phases_of_its_rules);
    tcase_add_test(tests, what_is_not_inherited_is_not_asked_early_either);
    tcase_add_test(tests, the_engine_of_the_section_merged_last_holds);
    tcase_add_test(tests, the_languages_of_the_section_merged_last_hold);
    tcase_add_test(tests,
                   drain_and_body_limit_of_the_section_merged_last_hold);
    tcase_add_test(
        tests, in_whatever_order_sections_are_merged_the_result_is_the_same);
    tcase_add_test(
        tests,
        a_section_is_for_the_paths_of_its_patterns_and_for_all_if_it_sets);
    return unit_main(suite);
}

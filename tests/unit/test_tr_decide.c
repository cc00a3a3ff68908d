/* Licensed under the Apache License, Version 2.0; see LICENSE. */
#include <apr_strings.h>

#include "random_rules.h"
#include "tr_decide.h"

/* ---- a decision as a text ---- */

/* A section of up to six rules, as they stand in a configuration. */
typedef const char *lines_t[7];

static tr_section_t *section_of(const char *const *lines)
{
    tr_section_t *section = tr_section_make(pool);

    for (; *lines; ++lines) {
        tr_section_add(section, fake_rule(*lines), pool);
    }
    return section;
}

/* "ID Location", "ID stays", "nothing"; then why rules before it failed. */
static const char *decide(const tr_section_t *section, const fake_t *fake)
{
    tr_decision_t decision = { 0 };
    const char *text = "nothing", *failures;

    switch (tr_decide(&decision, section, &fake->view, pool)) {
    case TR_REDIRECT:
        text = apr_pstrcat(pool, decision.rule->id, " ",
                           decision.location.url.p, NULL);
        break;
    case TR_STAY:
        text = apr_pstrcat(pool, decision.rule->id, " stays", NULL);
        break;
    case TR_NOT_CONCERNED:
        ck_assert_ptr_null(decision.rule);
        break;
    }
    failures = apr_array_pstrcat(pool, fake->failures, ',');
    return *failures ? apr_pstrcat(pool, text, "; ", failures, NULL) : text;
}

typedef struct row_t {
    lines_t lines;
    const char *request;
    const char *decision;
    fake_facts_t facts;
} row_t;

/* A frozen section decides as one that is scanned. */
static void check_rows(const row_t *rows, int n)
{
    int i;

    for (i = 0; i < n; ++i) {
        tr_section_t *section = section_of(rows[i].lines);
        const char *row = apr_pstrcat(pool, rows[i].lines[0], " for ",
                                      rows[i].request, NULL);

        check_message(row,
                      decide(section,
                             fake_request(rows[i].request, rows[i].facts)),
                      rows[i].decision);
        while (section->rules->nelts < 20) {
            tr_section_add(section, fake_rule("TempRedirect /none /n"), pool);
        }
        tr_section_freeze(section, pool, pool);
        ck_assert_ptr_nonnull(section->index);
        check_message(row,
                      decide(section,
                             fake_request(rows[i].request, rows[i].facts)),
                      rows[i].decision);
    }
}

/* ---- which rule wins ---- */

#define A "TempRedirect /a /x id=A"
#define B "TempRedirect /a/b /y id=B"
#define STAY "TempRedirect /a/b ! id=STAY"
#define ALL "TempRedirect / https://h.example/ id=ALL"
#define REGEX "TempRedirectMatch ^/a/(.*)$ /z/$1 id=REGEX"
#define HEADER "TempRedirect /a /n/%{header.X} id=HEADER"

static const row_t winners[] = {
    /* the order written, not the length */
    { { A, B }, "/a/b/c", "A /x/b/c", { 0 } },
    { { B, A }, "/a/b/c", "B /y/c", { 0 } },
    { { B, A }, "/a/c", "A /x/c", { 0 } },
    { { ALL, A }, "/a", "ALL https://h.example/a", { 0 } },
    { { A, ALL }, "/b?q", "ALL https://h.example/b?q", { 0 } },
    { { REGEX, A }, "/a/b", "REGEX /z/b", { 0 } },
    { { A, REGEX }, "/a/b", "A /x/b", { 0 } },
    { { REGEX, A }, "/a", "A /x", { 0 } },
    { { A, B }, "/b", "nothing", { 0 } },
    { { A }, "/ab", "nothing", { 0 } },

    /* '!' ends the search */
    { { STAY, A }, "/a/b/c", "STAY stays", { 0 } },
    { { STAY, A }, "/a/c", "A /x/c", { 0 } },
    { { A, STAY }, "/a/b/c", "A /x/b/c", { 0 } },
    { { "TempRedirectMatch \\.png$ ! id=PNG", ALL }, "/x.png", "PNG stays",
      { 0 } },
    { { "TempRedirect ! id=NONE", ALL }, "/x", "NONE stays", { 0 } },
};

START_TEST(the_first_rule_that_holds_wins)
{
    check_rows(winners, ROWS(winners));
}
END_TEST

/* ---- failing on the way ---- */

static const row_t failures[] = {
    { { HEADER, A }, "/a", "HEADER /n/v", { "header.X=v" } },
    { { HEADER, A }, "/a", "A /x; HEADER TR_NO_VALUE", { 0 } },
    { { HEADER, A }, "/a", "A /x; HEADER TR_UNSAFE", { "header.X=.." } },
    { { HEADER, STAY, A }, "/a/b", "STAY stays; HEADER TR_NO_VALUE", { 0 } },
    { { HEADER }, "/a", "nothing; HEADER TR_NO_VALUE", { 0 } },
    { { HEADER }, "/b", "nothing", { 0 } },
    { { HEADER, HEADER, A }, "/a",
      "A /x; HEADER TR_NO_VALUE,HEADER TR_NO_VALUE", { 0 } },
    { { "TempRedirect https: id=HTTPS", A }, "/a",
      "A /x; HTTPS TR_UNKNOWN_HOST", { "unknown", "scheme=http", "port=80" } },
    { { "TempRedirect https: id=HTTPS", A }, "/a", "A /x; HTTPS TR_SELF",
      { 0 } },
    { { "TempRedirect /a https://%{header.X}/ id=HOST", A }, "/a",
      "A /x; HOST TR_FOREIGN_HOST", { "header.X=evil.example" } },
    { { "TempRedirectMatch ^/(a+)+$ /b id=SLOW", A },
      "/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!",
      "nothing; SLOW TR_LIMIT", { 0 } },
    { { "TempRedirect /a /a/b id=INNER", A }, "/a/x", "INNER /a/b/x", { 0 } },
    { { "TempRedirect /a /a/b id=INNER", A }, "/a/b/x",
      "A /x/b/x; INNER TR_SELF", { 0 } },
    { { "TempRedirect / /wait tail=drop id=WAIT" }, "/wait",
      "nothing; WAIT TR_SELF", { 0 } },

    /* groups are those of the rule's own regex */
    { { "TempRedirectMatch ^/(a)/(b)/(c)$ /n/%{header.X} id=ABC",
        "TempRedirectMatch ^/a(/x)?.*$ /n/1$1 id=ONE" },
      "/a/b/c", "ONE /n/1; ABC TR_NO_VALUE", { 0 } },
};

START_TEST(a_rule_that_fails_leaves_the_request_to_the_next)
{
    check_rows(failures, ROWS(failures));
}
END_TEST

/* ---- exemptions ---- */

#define ACME "/.well-known/acme-challenge/token"

static const row_t exemptions[] = {
    /* preflights */
    { { A }, "/a", "nothing", { "preflight" } },
    { { STAY }, "/a/b", "nothing", { "preflight" } },
    { { HEADER }, "/a", "nothing", { "preflight" } },

    /* challenges */
    { { ALL }, ACME, "nothing", { 0 } },
    { { ALL }, "/.well-known/%61cme-challenge/token", "nothing", { 0 } },
    { { ALL }, "/x/..//.well-known/acme-challenge/token", "nothing", { 0 } },
    { { "TempRedirect https: id=HTTPS" }, ACME, "nothing",
      { "scheme=http", "port=80" } },
    { { "TempRedirect https: id=HTTPS" }, "/x",
      "HTTPS https://www.example.org/x", { "scheme=http", "port=80" } },
    { { "TempRedirect /.well-known https://h.example/ id=W" }, ACME,
      "nothing", { 0 } },
    { { "TempRedirectMatch ^(.*)$ https://h.example$1 id=R" }, ACME,
      "nothing", { 0 } },
    { { "TempRedirect / ! id=S" }, ACME, "nothing", { 0 } },

    /* but for rules that are meant for them */
    { { "TempRedirect /.well-known/acme-challenge https://h.example/c id=C" },
      ACME, "C https://h.example/c/token", { 0 } },
    { { "TempRedirect /.well-known/acme-challenge/ https://h.example/c id=C" },
      ACME, "C https://h.example/c/token", { 0 } },
    { { "TempRedirect " ACME " https://h.example/c id=C" }, ACME,
      "C https://h.example/c", { 0 } },
    { { "TempRedirectMatch ^/\\.well-known/acme-challenge/(.*) /c/$1 id=C" },
      ACME, "C /c/token", { 0 } },
    { { ALL, "TempRedirect /.well-known/acme-challenge /c id=C" }, ACME,
      "C /c/token", { 0 } },

    /* and what only looks like one */
    { { ALL }, "/.well-known/acme-challenge",
      "ALL https://h.example/.well-known/acme-challenge", { 0 } },
    { { ALL }, "/.well-known/acme-challenges/x",
      "ALL https://h.example/.well-known/acme-challenges/x", { 0 } },
    { { ALL }, "/.well-known/change-password",
      "ALL https://h.example/.well-known/change-password", { 0 } },
    { { ALL }, "/x" ACME, "ALL https://h.example/x" ACME, { 0 } },
    { { ALL }, "/.Well-Known/acme-challenge/x",
      "ALL https://h.example/.Well-Known/acme-challenge/x", { 0 } },
};

START_TEST(preflights_and_challenges_pass_through)
{
    check_rows(exemptions, ROWS(exemptions));
}
END_TEST

/* ---- merged sections ---- */

static const struct {
    lines_t base, middle, add;
    const char *request;
    const char *decision;
} merges[] = {
    { { A }, { 0 }, { ALL }, "/a", "ALL https://h.example/a" },
    { { ALL }, { 0 }, { A }, "/a", "A /x" },
    { { ALL }, { 0 }, { A }, "/b", "ALL https://h.example/b" },
    { { ALL }, { STAY }, { B }, "/a/b", "B /y" },
    { { ALL }, { STAY }, { A }, "/a/b", "A /x/b" },
    { { ALL }, { STAY }, { HEADER }, "/a/b",
      "STAY stays; HEADER TR_NO_VALUE" },
    { { A }, { HEADER }, { STAY }, "/a", "A /x; HEADER TR_NO_VALUE" },
    { { A }, { 0 }, { 0 }, "/b", "nothing" },
};

START_TEST(the_section_merged_last_comes_first)
{
    int i;

    for (i = 0; i < ROWS(merges); ++i) {
        tr_section_t *base = section_of(merges[i].base);
        tr_section_t *middle = section_of(merges[i].middle);
        tr_section_t *add = section_of(merges[i].add);
        const char *row = apr_psprintf(pool, "row %d", i);
        const fake_facts_t facts = { 0 };

        check_message(
            row,
            decide(tr_section_merge(tr_section_merge(base, middle, pool), add,
                                    pool),
                   fake_request(merges[i].request, facts)),
            merges[i].decision);
        check_message(
            row,
            decide(tr_section_merge(base, tr_section_merge(middle, add, pool),
                                    pool),
                   fake_request(merges[i].request, facts)),
            merges[i].decision);
    }
}
END_TEST

START_TEST(without_rules_there_is_nothing_to_decide)
{
    check_message("empty", decide(tr_section_make(pool),
                                  fake_request("/a", NULL)),
                  "nothing");
}
END_TEST

START_TEST(what_no_rule_concerns_allocates_nothing)
{
    static const lines_t lines = { A, B, STAY,
                                   "TempRedirect /c /x case=ignore",
                                   "TempRedirectMatch ^/d/(.*) /x" };
    tr_section_t *section = section_of(lines);
    fake_t *fake = fake_request("/b/x/y", NULL);
    tr_decision_t decision;

    /* without a pool nothing can be allocated */
    ck_assert_int_eq(tr_decide(&decision, section, &fake->view, NULL),
                     TR_NOT_CONCERNED);
    tr_section_freeze(section, pool, pool);
    ck_assert_ptr_nonnull(section->index);
    ck_assert_int_eq(tr_decide(&decision, section, &fake->view, NULL),
                     TR_NOT_CONCERNED);
}
END_TEST

/* ---- indexed or scanned ---- */

START_TEST(indexed_and_scanned_sections_decide_alike)
{
    static const int sizes[] = { 5, 6, 20, 100, 500 };
    int concerned = 0, round, i;

    for (round = 0; round < 20 * ROWS(sizes); ++round) {
        tr_section_t *scanned, *indexed;
        unsigned n = (unsigned)sizes[round % ROWS(sizes)];

        apr_pool_clear(pool);
        scanned = tr_section_make(pool);
        indexed = tr_section_make(pool);
        for (i = 0; i < (int)n; ++i) {
            tr_section_add(scanned, fake_rule(random_line(i)), pool);
        }
        indexed->rules = scanned->rules;
        tr_section_freeze(indexed, pool, pool);
        ck_assert_ptr_nonnull(indexed->index);
        for (i = 0; i < 20; ++i) {
            const tr_rule_t *some = APR_ARRAY_IDX(scanned->rules,
                                                  (int)unit_random(n),
                                                  const tr_rule_t *);
            const char *path = random_path_for(some), *want;
            fake_t *one = fake_request("/", NULL);
            fake_t *other = fake_request("/", NULL);

            fake_path(one, path, 0);
            fake_path(other, path, 0);
            want = decide(scanned, one);
            check_message(path, decide(indexed, other), want);
            concerned += strcmp(want, "nothing") != 0;
        }
    }
    ck_assert_int_gt(concerned, 100);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("tr_decide");
    TCase *tests = unit_case(suite, "decide");

    tcase_set_timeout(tests, 300);
    tcase_add_test(tests, the_first_rule_that_holds_wins);
    tcase_add_test(tests, a_rule_that_fails_leaves_the_request_to_the_next);
    tcase_add_test(tests, preflights_and_challenges_pass_through);
    tcase_add_test(tests, the_section_merged_last_comes_first);
    tcase_add_test(tests, without_rules_there_is_nothing_to_decide);
    tcase_add_test(tests, what_no_rule_concerns_allocates_nothing);
    tcase_add_test(tests, indexed_and_scanned_sections_decide_alike);
    return unit_main(suite);
}

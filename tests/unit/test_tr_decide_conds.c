/* Licensed under the Apache License, Version 2.0; see LICENSE. */
#include <apr_strings.h>

#include "decisions.h"

/* ---- conditions that do not hold ---- */

#define A "TempRedirect /a /x id=A"
#define TWO "TempRedirect /a /x cookie.c header.X=2 method=GET id=TWO"

/* What is told of conditions. */
static const char *tell(const tr_section_t *section, const fake_t *fake)
{
    decide(section, fake);
    return fake->unmet;
}

static const char *tell_early(const tr_section_t *section, const fake_t *fake)
{
    decide_early(section, fake);
    return fake->unmet;
}

static const row_t told[] = {
    /* the first one that does not hold, in the order in which they are asked */
    { { TWO }, "/a", "TWO header.X=2;", { 0 } },
    { { TWO }, "/a", "TWO header.X=2;", { "header.Cookie=c=1" } },
    { { TWO }, "/a", "TWO cookie.c;", { "header.X=2" } },
    { { TWO }, "/a", "TWO method=GET;", { "method=POST" } },
    { { TWO }, "/a", "", { "header.X=2", "header.Cookie=c=1" } },
    { { TWO, "TempRedirect /a ! !user=jo id=S", A }, "/a",
      "TWO header.X=2;S !user=jo;", { "user=jo" } },
    { { "TempRedirect /a /x expr=no id=E", A }, "/a", "E expr=no;", { 0 } },
    { { "TempRedirect /a /x !expr=yes id=E", A }, "/a", "E !expr=yes;",
      { 0 } },
    { { "TempRedirect /a /x header.X=~b id=E", A }, "/a", "E header.X=~b;",
      { "header.X=a" } },
    { { "TempRedirect /a /x header.X mode=dry id=D", A }, "/a", "D header.X;",
      { 0 } },

    /* and windows */
    { { "TempRedirect /a /x from=2026-12-01T22:00Z id=W", A }, "/a",
      "W window;", { "now=2026-12-01T21:59Z" } },
    { { "TempRedirect /a /x from=2026-12-01T22:00Z id=W", A }, "/a", "",
      { "now=2026-12-01T22:00Z" } },
    { { "TempRedirect /a /x header.X hours=Mon tz=UTC id=W", A }, "/a",
      "W window;", { "header.X=1", "now=2026-12-01T22:00Z" } },

    /* but not where another thing ends it */
    { { A, TWO }, "/a", "", { 0 } },
    { { TWO }, "/b", "", { 0 } },
    { { TWO }, "/a", "", { "preflight" } },
    { { "TempRedirect https: header.X id=HTTPS", A }, "/a", "", { 0 } },
    { { "TempRedirect /a /x expr=fails id=E", A }, "/a", "", { 0 } },
    { { "TempRedirect /a /x header.X=~^(a+)+$ id=E", A }, "/a", "",
      { "header.X=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!" } },
    { { "TempRedirect /a /x header.X phase=early id=E", A }, "/a", "", { 0 } },
};

START_TEST(what_did_not_hold_is_told)
{
    check_rows_by(tell, told, ROWS(told));
}
END_TEST

static const row_t told_early[] = {
    { { TWO, "TempRedirect /a /x header.Y phase=early id=E" }, "/a",
      "E header.Y;", { 0 } },
    { { "TempRedirect /a ! header.Y id=S" }, "/a", "S header.Y;", { 0 } },
    { { "TempRedirect /a ! user=jo id=S" }, "/a", "", { 0 } },
};

START_TEST(and_in_its_phase)
{
    check_rows_by(tell_early, told_early, ROWS(told_early));
}
END_TEST

/* ---- groups ---- */

#define R1 "TempRedirectMatch ^/(a)/(.*)$ /1/%{group.v}/$2 " \
           "header.X=~^z(?<v>.*)$ id=R1"
#define R2 "TempRedirect /a /2/%{group.v} header.Y=~(y)(?<v>.*) " \
           "header.X=~^(x) id=R2"
#define R3 "TempRedirectMatch ^/a/(?<p>.*)$ /3/%{group.p}/%{group.v} " \
           "header.X=~^.(?<v>.*)$ cookie.c=~(.)(.) id=R3"
#define R4 "TempRedirectMatch ^/a/(.)(.)? /4/$1-$2 cookie.c=~(c)(d)(e) id=R4"
#define R5 "TempRedirectMatch ^/a/(.)(.)? /5/$1-$2 header.X=~(.)(.) id=R5"

static const row_t captures[] = {
    { { R1, R2, R3, R4, R5 }, "/a/bc", "R1 /1/9/bc", { "header.X=z9" } },
    { { R1, R2, R3, R4, R5 }, "/a/bc", "R2 /2/2/bc",
      { "header.X=x1", "header.Y=y2" } },
    { { R1, R2, R3, R4, R5 }, "/a/bc", "R3 /3/bc/1",
      { "header.X=x1", "header.Cookie=c=ab" } },
    { { R1, R2, R3, R4, R5 }, "/a/bc", "R4 /4/b-c",
      { "header.Cookie=c=cde" } },
    { { R4, R3, R2, R1, R5 }, "/a/b", "R5 /5/b-", { "header.X=12" } },
    { { R4, R3, R2, R1, R5 }, "/a/b", "R1 /1/7/b", { "header.X=a, z7" } },
    { { "TempRedirect /a /0/%{group.v} header.X=~(?<v>.) header.Y id=R0", R3,
        R5 }, "/a/bc", "R5 /5/b-c", { "header.X=12" } },
    { { "TempRedirect /a /0/%{group.v} header.X=~^(?<v>3)? id=R0", R5 },
      "/a/bc", "R5 /5/b-c; R0 TR_NO_VALUE", { "header.X=12" } },
    { { "TempRedirect /a /0/%{group.v} !header.Y=~^(?<u>3) "
        "header.X=~^(?<v>.) id=R0" }, "/a", "R0 /0/1", { "header.X=12" } },
};

START_TEST(each_rule_has_groups_of_its_own)
{
    check_rows(captures, ROWS(captures));
}
END_TEST

/* Rules with so many conditions, and a target that names some of their groups:
 * "TempRedirectMatch ^/p/(.)(.)$ /ID/$2-%{group.a}... header.A=~^(?<a>.)K ..." */
static const char *const captured[] = { "header.A", "header.B", "query.c",
                                        "query.d", "cookie.e" };

#define CAPTURED ROWS(captured)

/* @return the Location that it gives, NULL where it does not hold; sent[i] is
 * what the request has of captured[i] */
static const char *random_capture(const char **line, int id,
                                  const char sent[][3])
{
    const char *target = apr_psprintf(pool, "/%d/$2", id), *conds = "";
    const char *location = apr_psprintf(pool, "/%d/2", id);
    int first = (int)unit_random(CAPTURED), n = (int)unit_random(CAPTURED + 1);
    int i, holds = 1;

    for (i = 0; i < n; ++i) {
        int which = (first + 2 * i) % CAPTURED; /* not as they are asked */
        char name = captured[which][strlen(captured[which]) - 1];
        char key = (char)('0' + unit_random(4) % 3);

        name = (char)(name | 0x20);
        conds = apr_psprintf(pool, "%s %s=~^(?<%c>.)[%c9]", conds,
                             captured[which], name, key);
        holds &= sent[which][1] == key || sent[which][1] == '9';
        if (unit_random(2)) {
            target = apr_psprintf(pool, "%s-%%{group.%c}", target, name);
            location = apr_psprintf(pool, "%s-%c", location, sent[which][0]);
        }
    }
    *line = apr_psprintf(pool,
                         "TempRedirectMatch ^/p/(.)(.)$ %s args=drop id=R%d%s",
                         target, id, conds);
    return holds ? apr_psprintf(pool, "R%d %s", id, location) : NULL;
}

START_TEST(rules_with_other_numbers_of_groups_share_memory_and_no_values)
{
    int round, i, late = 0;

    for (round = 0; round < 2000; ++round) {
        char sent[CAPTURED][3] = { "" };
        const char *lines[9] = { NULL }, *want = NULL, *request;
        const char *facts[4] = { NULL };

        apr_pool_clear(pool);
        for (i = 0; i < CAPTURED; ++i) {
            sent[i][0] = (char)('A' + unit_random(26));
            sent[i][1] = (char)(unit_random(3) ? '0' + unit_random(3) : '9');
        }
        facts[0] = apr_pstrcat(pool, "header.A=", sent[0], NULL);
        facts[1] = apr_pstrcat(pool, "header.B=", sent[1], NULL);
        facts[2] = apr_pstrcat(pool, "header.Cookie=e=", sent[4], NULL);
        request = apr_psprintf(pool, "/p/12?c=%%%02x%s&d=%%%02x%s", sent[2][0],
                               sent[2] + 1, sent[3][0], sent[3] + 1);
        for (i = 0; i < 8; ++i) {
            const char *location = random_capture(&lines[i], i, sent);

            late += want == NULL && location && i > 1;
            want = want ? want : location;
        }
        check_message(lines[0],
                      decide(section_of(lines), fake_request(request, facts)),
                      want ? want : "nothing");
    }
    ck_assert_int_gt(late, 200);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("tr_decide_conds");
    TCase *tests = unit_case(suite, "conditions");

    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, what_did_not_hold_is_told);
    tcase_add_test(tests, and_in_its_phase);
    tcase_add_test(tests, each_rule_has_groups_of_its_own);
    tcase_add_test(
        tests,
        rules_with_other_numbers_of_groups_share_memory_and_no_values);
    return unit_main(suite);
}

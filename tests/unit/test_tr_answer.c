/* Licensed under the Apache License, Version 2.0; see LICENSE. */
#include <apr_strings.h>

#include "fake.h"
#include "tr_answer.h"

/* The headers of a redirect, "Cache-Control | seconds to Expires | Vary |
 * Retry-After"; "-" for what is not sent. */
static const char *headers_of(const tr_answer_t *answer, apr_time_t now)
{
    const char *expires = "-";

    if (answer->cache_control) {
        apr_time_t left = answer->expires - now;

        expires = answer->expires == 0 ? "past"
                  : left % APR_USEC_PER_SEC
                      ? "no whole second"
                      : apr_psprintf(pool, "%" APR_TIME_T_FMT,
                                     left / APR_USEC_PER_SEC);
    }
    return apr_pstrcat(pool,
                       answer->cache_control ? answer->cache_control : "-",
                       " | ", expires, " | ",
                       answer->vary ? fake_sorted(answer->vary) : "-",
                       " | ",
                       answer->retry_after < 0
                           ? "-"
                           : apr_psprintf(pool, "%" APR_INT64_T_FMT,
                                          answer->retry_after),
                       NULL);
}

typedef struct row_t {
    const char *lines[5]; /* behind "TempRedirect /a "; and pools */
    const char *now;
    const char *headers;
} row_t;

static void check_rows(const row_t *rows, int n)
{
    static const fake_facts_t facts = { "header.X=1", "user=jo" };
    int i, j;

    for (i = 0; i < n; ++i) {
        tr_section_t *section = tr_section_make(pool);
        const char *const *lines = rows[i].lines;
        const apr_array_header_t *pools = fake_pools(&lines);
        fake_t *fake = fake_request("/a", facts);
        tr_decision_t decision = { 0 };
        tr_answer_t answer;

        memset(&answer, 0xff, sizeof(answer));
        for (j = 0; lines[j]; ++j) {
            tr_rule_t *rule = fake_rule(apr_pstrcat(pool, "TempRedirect /a ",
                                                    lines[j], NULL));

            check_message(lines[j], fake_bind(rule, pools), NULL);
            tr_section_add(section, rule, pool);
        }
        fake->view.now = fake_time(rows[i].now ? rows[i].now
                                               : "2026-12-01T12:00Z");
        ck_assert_int_eq(tr_decide(&decision, section, &fake->view,
                                   TR_PHASE_FIXUPS, pool),
                         TR_REDIRECT);
        tr_answer_fill(&answer, &decision, fake->view.now, pool);
        check_message(apr_psprintf(pool, "row %d: %s", i, rows[i].lines[0]),
                      headers_of(&answer, fake->view.now), rows[i].headers);
    }
}

/* ---- cache= ---- */

static const row_t caches[] = {
    { { "/b" }, NULL, "no-store | past | - | -" },
    { { "/b cache=unset" }, NULL, "- | - | - | -" },
    { { "/b cache=0" }, NULL, "max-age=0 | 0 | - | -" },
    { { "/b cache=1" }, NULL, "max-age=1 | 1 | - | -" },
    { { "/b cache=600" }, NULL, "max-age=600 | 600 | - | -" },
    { { "/b cache=2147483647" }, NULL,
      "max-age=2147483647 | 2147483647 | - | -" },
    { { "/b cache=600" }, "2026-12-01T12:00:00.5Z",
      "max-age=600 | 600 | - | -" },
};

START_TEST(cache_says_how_long_an_answer_is_kept)
{
    check_rows(caches, ROWS(caches));
}
END_TEST

/* ---- until the next edge ---- */

/* behind the max-age of an answer that depends on a window */
#define SWR ", stale-while-revalidate=0"

#define UNTIL "until=2026-12-01T22:00Z"
#define FROM "from=2026-12-01T22:00Z"
#define OFFICE "hours=09:00-17:00 tz=UTC"

static const row_t edges[] = {
    /* of its own window */
    { { "/b cache=600 " UNTIL }, "2026-12-01T21:49:59Z",
      "max-age=600" SWR " | 600 | - | -" },
    { { "/b cache=600 " UNTIL }, "2026-12-01T21:50:00Z",
      "max-age=600" SWR " | 600 | - | -" },
    { { "/b cache=600 " UNTIL }, "2026-12-01T21:50:00.000001Z",
      "max-age=599" SWR " | 599 | - | -" },
    { { "/b cache=600 " UNTIL }, "2026-12-01T21:50:01Z",
      "max-age=599" SWR " | 599 | - | -" },
    { { "/b cache=600 " UNTIL }, "2026-12-01T21:59:58.999999Z",
      "max-age=1" SWR " | 1 | - | -" },
    { { "/b cache=600 " UNTIL }, "2026-12-01T21:59:59Z",
      "max-age=1" SWR " | 1 | - | -" },
    { { "/b cache=600 " UNTIL }, "2026-12-01T21:59:59.000001Z",
      "max-age=0" SWR " | 0 | - | -" },
    { { "/b cache=600 " UNTIL }, "2026-12-01T21:59:59.999999Z",
      "max-age=0" SWR " | 0 | - | -" },
    { { "/b cache=0 " UNTIL }, "2026-12-01T21:00Z", "max-age=0" SWR " | 0 | - | -" },
    { { "/b cache=600 " FROM }, "2026-12-01T22:00Z",
      "max-age=600 | 600 | - | -" },
    { { "/b cache=86400 " OFFICE }, "2026-12-01T09:00Z",
      "max-age=28800" SWR " | 28800 | - | -" },
    { { "/b cache=86400 " OFFICE }, "2026-12-01T16:59:59Z",
      "max-age=1" SWR " | 1 | - | -" },

    /* of one that was not open, though its rule did not win */
    { { "/c " FROM, "/b cache=600" }, "2026-12-01T21:59:59Z",
      "max-age=1" SWR " | 1 | - | -" },
    { { "/c " FROM, "/b cache=600" }, "2026-12-01T21:59:59.999999Z",
      "max-age=0" SWR " | 0 | - | -" },
    { { "/c " FROM " header.Y", "/b cache=600" }, "2026-12-01T22:00Z",
      "max-age=600 | 600 | Y | -" },
    { { "/c " UNTIL, "/b cache=600" }, "2026-12-01T22:00Z",
      "max-age=600 | 600 | - | -" },
    { { "/c " OFFICE, "/b cache=86400" }, "2026-12-01T17:00Z",
      "max-age=57600" SWR " | 57600 | - | -" },
    { { "! " FROM, "/b cache=600" }, "2026-12-01T21:59:50Z",
      "max-age=10" SWR " | 10 | - | -" },

    /* of the first one, of several */
    { { "/c " FROM, "/d " OFFICE, "/b cache=86400" }, "2026-12-01T20:00Z",
      "max-age=7200" SWR " | 7200 | - | -" },
    { { "/d " OFFICE, "/c header.X=~2 " FROM, "/b cache=86400" },
      "2026-12-01T21:00Z", "max-age=3600" SWR " | 3600 | - | -" },
    { { "/d " OFFICE, "/c header.X=~2 " FROM, "/b cache=86400" },
      "2026-12-01T23:00Z", "max-age=36000" SWR " | 36000 | X | -" },

    /* not of one that was not asked */
    { { "/c header.Y " OFFICE, "/b cache=600" }, "2026-12-01T08:59:59Z",
      "max-age=600 | 600 | Y | -" },
    { { "/b cache=600", "/c " FROM }, "2026-12-01T21:59:59Z",
      "max-age=600 | 600 | - | -" },
    { { "/c mode=dry " FROM, "/b cache=600" }, "2026-12-01T21:59:59Z",
      "max-age=600 | 600 | - | -" },

    /* what is not kept needs no edge */
    { { "/b " UNTIL }, "2026-12-01T21:59:59Z", "no-store | past | - | -" },
    { { "/b cache=unset " UNTIL }, "2026-12-01T21:59:59Z", "- | - | - | -" },
};

START_TEST(no_answer_is_kept_beyond_the_next_edge_of_a_window)
{
    check_rows(edges, ROWS(edges));
}
END_TEST

/* ---- for whom ---- */

static const row_t clients[] = {
    { { "/b cache=9 header.X" }, NULL, "max-age=9 | 9 | X | -" },
    { { "/b cache=9 lang=de", "/b cache=8" }, NULL,
      "max-age=8 | 8 | Accept-Language | -" },
    { { "/b cache=9 user" }, NULL, "private, max-age=9 | 9 | - | -" },
    { { "/b cache=9 client=192.0.2.7" }, NULL,
      "private, max-age=9 | 9 | - | -" },
    { { "/b cache=9 !cookie.c" }, NULL,
      "private, max-age=9 | 9 | Cookie | -" },
    { { "/b cache=9 !env.E" }, NULL, "private, max-age=9 | 9 | - | -" },
    { { "/b cache=9 expr=yes:X,Y" }, NULL,
      "private, max-age=9 | 9 | X, Y | -" },
    { { "/b/%{user} cache=9" }, NULL, "private, max-age=9 | 9 | - | -" },
    { { "/b/%{header.X} cache=9" }, NULL, "max-age=9 | 9 | X | -" },
    { { "/c cookie.c", "/b cache=9" }, NULL,
      "private, max-age=9 | 9 | Cookie | -" },
    { { "/c/%{env.E}", "/b cache=9" }, NULL,
      "private, max-age=9 | 9 | - | -" },
    { { "/b cache=0 user" }, NULL, "private, max-age=0 | 0 | - | -" },
    { { "/b user" }, NULL, "no-store | past | - | -" },
    { { "/b cookie.c", "/b cache=unset" }, NULL, "- | - | Cookie | -" },
    { { "/c mode=dry user", "/b cache=9" }, NULL, "max-age=9 | 9 | - | -" },
};

START_TEST(an_answer_for_one_client_is_private)
{
    check_rows(clients, ROWS(clients));
}
END_TEST

static const row_t hidden[] = {
    { { "/b header.X" }, NULL, "no-store | past | X | -" },
    { { "/b header.X vary=off" }, NULL, "no-store | past | - | -" },
    { { "/b header.X vary=off cache=unset" }, NULL, "- | - | - | -" },
    { { "/c header.Y", "/b header.X vary=off" }, NULL,
      "no-store | past | Y | -" },
    { { "/c header.Y vary=off", "/b header.X" }, NULL,
      "no-store | past | X | -" },
    { { "/c header.Y vary=off", "/b cache=9 header.X" }, NULL,
      "max-age=9 | 9 | X, Y | -" },
    { { "/c header.Y vary=off", "/b cache=0" }, NULL,
      "max-age=0 | 0 | Y | -" },
    { { "/c cookie.c vary=off", "/b cache=9" }, NULL,
      "private, max-age=9 | 9 | Cookie | -" },
    { { "/b/%{header.X} vary=off" }, NULL, "no-store | past | - | -" },
};

START_TEST(vary_off_hides_headers_where_nothing_is_kept)
{
    check_rows(hidden, ROWS(hidden));
}
END_TEST

/* ---- pools ---- */

#define POOL(words) "TempRedirectPool p " words
#define TO "TempRedirectMember p "

/* the request has a header X */
static const row_t chosen[] = {
    /* by a key */
    { { POOL("key=header.X"), TO "/b", "pool:p cache=9" }, NULL,
      "max-age=9 | 9 | X | -" },
    { { POOL("key=client"), TO "/b", "pool:p cache=9" }, NULL,
      "private, max-age=9 | 9 | - | -" },
    { { POOL("key=user"), TO "/b", "pool:p cache=9" }, NULL,
      "private, max-age=9 | 9 | - | -" },
    { { POOL("key=host"), TO "/b", "pool:p cache=9" }, NULL,
      "max-age=9 | 9 | - | -" },
    { { POOL("key=header.X sticky=c"), TO "/b", "pool:p cache=9" }, NULL,
      "private, max-age=9 | 9 | Cookie, X | -" },
    { { POOL("key=header.X"), TO "/b", "pool:p" }, NULL,
      "no-store | past | X | -" },
    { { POOL("key=header.X"), TO "/b", "pool:p cache=unset" }, NULL,
      "- | - | X | -" },
    /* a cookie is for one client */
    { { POOL("key=header.X sticky=c"), TO "/b", "pool:p cache=unset" }, NULL,
      "no-store | past | Cookie, X | -" },
    { { POOL("key=header.X sticky=user"), TO "/b/%{header.Y}", "pool:p",
        "/c cache=unset" }, NULL, "- | - | Cookie, X, Y | -" },
    { { POOL("key=header.X"), TO "/b", "pool:p cache=9 retry-after=3" }, NULL,
      "max-age=9 | 9 | X | 3" },

    /* by chance, where there is no key, or no value */
    { { POOL(""), TO "/b", "pool:p" }, NULL, "no-store | past | - | -" },
    { { POOL(""), TO "/b", "pool:p cache=unset" }, NULL,
      "no-store | past | - | -" },
    { { POOL("sticky=c"), TO "/b", "pool:p" }, NULL,
      "no-store | past | Cookie | -" },
    { { POOL("key=header.Y"), TO "/b", "pool:p cache=9" }, NULL,
      "no-store | past | Y | -" },
    { { POOL("key=header.Y"), TO "/b", "pool:p cache=0" }, NULL,
      "no-store | past | Y | -" },
    { { POOL("key=header.Y"), TO "/b", "pool:p cache=unset" }, NULL,
      "no-store | past | Y | -" },
    { { POOL("key=query.q"), TO "/b", "pool:p cache=9" }, NULL,
      "no-store | past | - | -" },

    /* also where another rule wins in the end */
    { { POOL(""), TO "/b/%{header.Y}", "pool:p", "/c cache=9" }, NULL,
      "no-store | past | Y | -" },
    { { POOL("key=header.X"), TO "/b/%{header.Y}", "pool:p", "/c cache=9" },
      NULL, "max-age=9 | 9 | X, Y | -" },
    { { POOL(""), TO "/b", "pool:p mode=dry", "/c cache=9" }, NULL,
      "max-age=9 | 9 | - | -" },

    /* no longer than a member that is not there, or comes not */
    { { POOL("key=header.X"), TO "/b", TO "/c " FROM, "pool:p cache=600" },
      "2026-12-01T21:59:50Z", "max-age=10" SWR " | 10 | X | -" },
    { { POOL("key=header.X"), TO "/b", TO "/c weight=0 " UNTIL,
        "pool:p cache=600" },
      "2026-12-01T21:59:50Z", "max-age=10" SWR " | 10 | X | -" },
    { { POOL("key=header.X"), TO "/b", TO "/c " UNTIL, "pool:p cache=600" },
      "2026-12-01T22:00Z", "max-age=600 | 600 | X | -" },
};

START_TEST(what_chance_decided_is_not_kept)
{
    check_rows(chosen, ROWS(chosen));
}
END_TEST

/* ---- retry-after= ---- */

static const row_t retries[] = {
    { { "/b retry-after=0" }, NULL, "no-store | past | - | 0" },
    { { "/b retry-after=120" }, NULL, "no-store | past | - | 120" },
    { { "/b retry-after=2147483647" }, NULL,
      "no-store | past | - | 2147483647" },
    { { "/b cache=9 retry-after=3" }, NULL, "max-age=9 | 9 | - | 3" },
    { { "/b retry-after=window " UNTIL }, "2026-12-01T21:59:00Z",
      "no-store | past | - | 60" },
    { { "/b retry-after=window " UNTIL }, "2026-12-01T21:59:00.000001Z",
      "no-store | past | - | 60" },
    { { "/b retry-after=window " UNTIL }, "2026-12-01T21:59:00.999999Z",
      "no-store | past | - | 60" },
    { { "/b retry-after=window " UNTIL }, "2026-12-01T21:59:01Z",
      "no-store | past | - | 59" },
    { { "/b retry-after=window " UNTIL }, "2026-12-01T21:59:59Z",
      "no-store | past | - | 1" },
    { { "/b retry-after=window " UNTIL }, "2026-12-01T21:59:59.999999Z",
      "no-store | past | - | 1" },
    { { "/b retry-after=window " OFFICE }, "2026-12-01T09:00Z",
      "no-store | past | - | 28800" },
    { { "/b retry-after=window " OFFICE " until=2026-12-01T12:00Z" },
      "2026-12-01T11:59Z", "no-store | past | - | 60" },

    /* the window of the winner, not that of a loser before it */
    { { "/c " FROM, "/b retry-after=window until=2026-12-02T00:00Z" },
      "2026-12-01T21:00Z", "no-store | past | - | 10800" },
};

START_TEST(retry_after_is_rounded_up)
{
    check_rows(retries, ROWS(retries));
}
END_TEST

/* ---- what those get who go on ---- */

#define STAYS "TempRedirectMember p ! id=s"

static const struct {
    const char *lines[5]; /* behind "TempRedirect /a ", and pools */
    tr_verdict_t verdict;
    int is_for_one;
} passing[] = {
    /* without a pool: for all that Vary says */
    { { "/b header.Y" }, TR_NOT_CONCERNED, 0 },
    { { "/b user=ann" }, TR_NOT_CONCERNED, 0 },
    { { "! user=jo" }, TR_STAY, 0 },
    /* a pool lets stay */
    { { "TempRedirectPool p key=header.X", STAYS, "pool:p" }, TR_STAY, 0 },
    { { "TempRedirectPool p key=user", STAYS, "pool:p" }, TR_STAY, 1 },
    { { "TempRedirectPool p key=user", STAYS, "pool:p cache=unset" },
      TR_STAY, 0 },
    { { "TempRedirectPool p key=user", STAYS, "pool:p mode=dry" },
      TR_NOT_CONCERNED, 0 },
    { { "TempRedirectPool p key=header.X", STAYS, "/b user=ann", "pool:p" },
      TR_STAY, 1 },
    /* with a cookie */
    { { "TempRedirectPool p key=header.X sticky=c", STAYS, "pool:p" },
      TR_STAY, 1 },
    { { "TempRedirectPool p key=header.X sticky=c", STAYS,
        "pool:p cache=unset" }, TR_STAY, 1 },
    /* by chance, which may have chosen what cannot be followed */
    { { "TempRedirectPool p", STAYS, "pool:p" }, TR_STAY, 1 },
    { { "TempRedirectPool p", STAYS, "pool:p cache=unset" }, TR_STAY, 1 },
    { { "TempRedirectPool p", "TempRedirectMember p /b/%{header.Y}",
        "pool:p" }, TR_NOT_CONCERNED, 1 },
};

START_TEST(what_others_must_not_get_is_for_one)
{
    static const fake_facts_t facts = { "header.X=1", "user=jo" };
    const char *const *lines = passing[_i].lines;
    const apr_array_header_t *pools = fake_pools(&lines);
    tr_section_t *section = tr_section_make(pool);
    fake_t *fake = fake_request("/a", facts);
    tr_decision_t decision = { 0 };

    for (; *lines; ++lines) {
        tr_rule_t *rule = fake_rule(apr_pstrcat(pool, "TempRedirect /a ",
                                                *lines, NULL));

        check_message(*lines, fake_bind(rule, pools), NULL);
        tr_section_add(section, rule, pool);
    }
    ck_assert_int_eq(tr_decide(&decision, section, &fake->view,
                               TR_PHASE_FIXUPS, pool),
                     passing[_i].verdict);
    ck_assert_int_eq(tr_answer_is_for_one(&decision), passing[_i].is_for_one);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("tr_answer");
    TCase *tests = unit_case(suite, "answer");

    tcase_add_test(tests, cache_says_how_long_an_answer_is_kept);
    tcase_add_test(tests, no_answer_is_kept_beyond_the_next_edge_of_a_window);
    tcase_add_test(tests, an_answer_for_one_client_is_private);
    tcase_add_test(tests, vary_off_hides_headers_where_nothing_is_kept);
    tcase_add_test(tests, what_chance_decided_is_not_kept);
    tcase_add_test(tests, retry_after_is_rounded_up);
    tcase_add_loop_test(tests, what_others_must_not_get_is_for_one, 0,
                        ROWS(passing));
    return unit_main(suite);
}

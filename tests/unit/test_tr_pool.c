/* Licensed under the Apache License, Version 2.0; see LICENSE. */
#include <apr_strings.h>

#include "choices.h"

typedef struct row_t {
    const char *lines[6];
    const char *chosen;
    fake_facts_t facts;
} row_t;

static void check_rows(const row_t *rows, int n, int hidden)
{
    int i;

    for (i = 0; i < n; ++i) {
        const char *row = apr_psprintf(pool, "row %d, %s, %s", i,
                                       rows[i].lines[0],
                                       rows[i].facts[0] ? rows[i].facts[0]
                                                        : "");

        check_message(row,
                      choose_with(pool_of(rows[i].lines),
                                  fake_request("/", rows[i].facts), hidden),
                      rows[i].chosen);
    }
}

#define MEMBER(words) "TempRedirectMember shop " words
#define A MEMBER("/a id=a")
#define B MEMBER("/b id=b")
#define A0 MEMBER("/a id=a weight=0")
#define B0 MEMBER("/b id=b weight=0")
#define RANDOM "TempRedirectPool shop"
#define KEY "TempRedirectPool shop key=header.K"
#define STICKY "TempRedirectPool shop sticky=arm"
#define BOTH "TempRedirectPool shop key=header.K sticky=arm:1h"
#define FROM "from=2026-12-01T22:00Z"
#define UNTIL "until=2026-12-01T22:00Z"

/* ---- by what ---- */

/* "choose.py shop alice a=1 b=1": b; carol: a */
static const row_t ways[] = {
    { { KEY, A, B }, "b <K>", { "header.K=alice" } },
    { { KEY, A, B }, "b <K>", { "header.K=bob" } },
    { { KEY, A, B }, "a <K>", { "header.K=carol" } },
    { { KEY, B, A }, "b <K>", { "header.K=alice" } },
    { { KEY, B, A }, "a <K>", { "header.K=carol" } },
    { { KEY, A, B }, "a <K>", { "header.K=carol", "random=1" } },
    { { RANDOM, A, B0 }, "a <random>", { 0 } },
    { { RANDOM, A0, B }, "b <random>", { 0 } },

    /* cookie before key before random */
    { { BOTH, A, B }, "a <Cookie; private>",
      { "header.Cookie=arm=a", "header.K=alice" } },
    { { BOTH, A, B }, "b <Cookie; private>",
      { "header.Cookie=arm=b", "header.K=carol" } },
    { { BOTH, A, B }, "b+ <Cookie, K; private>", { "header.K=alice" } },
    { { BOTH, A, B }, "a+ <Cookie, K; private>", { "header.K=carol" } },
    { { BOTH, A, B0 }, "a+ <Cookie, K; private; random>", { 0 } },
    { { BOTH, A0, B }, "b+ <Cookie, K; private; random>", { 0 } },
    { { BOTH, A0, B }, "b+ <Cookie, K; private; random>", { "header.K=" } },
    { { KEY, A, B0 }, "a <K; random>", { 0 } },
    { { STICKY, A, B0 }, "a+ <Cookie; private; random>", { 0 } },
    { { STICKY, A, B }, "b <Cookie; private>", { "header.Cookie=arm=b" } },
    { { STICKY, A, B }, "a <Cookie; private>", { "header.Cookie=arm=a" } },

    /* the cookie is nobody's business where there is no sticky= */
    { { KEY, A, B }, "b <K>", { "header.Cookie=arm=a", "header.K=alice" } },

    /* the member "!" is one as any */
    { { KEY, MEMBER("!"), A0 }, "! <K>", { "header.K=alice" } },
    { { STICKY, MEMBER("!"), A }, "! <Cookie; private>",
      { "header.Cookie=arm=!" } },
};

START_TEST(a_cookie_counts_before_a_key_and_that_before_chance)
{
    check_rows(ways, ROWS(ways), 0);
}
END_TEST

static const row_t hidden_ways[] = {
    { { KEY, A, B }, "b <hidden K>", { "header.K=alice" } },
    { { BOTH, A, B }, "b+ <hidden Cookie; hidden K; private>",
      { "header.K=alice" } },
    { { BOTH, A, B }, "a <hidden Cookie; private>", { "header.Cookie=arm=a" } },
    { { BOTH, A, B0 }, "a+ <hidden Cookie; hidden K; private; random>",
      { 0 } },
    { { RANDOM, A, MEMBER("/b id=b " FROM) }, "a <random; window>", { 0 } },
};

START_TEST(vary_off_hides_what_is_consulted)
{
    check_rows(hidden_ways, ROWS(hidden_ways), 1);
}
END_TEST

/* ---- cookies ---- */

#define NEW "a+ <Cookie; private; random; window>"
#define OLD "b <Cookie; private; window>"
#define ARMS                                                                   \
    { STICKY, A, B0, MEMBER("/c id=c " FROM),                                  \
      MEMBER("/d?e=f id=/d?e=f&g=\x27h weight=0") }

/* b is there, and takes nobody new; c is not there yet */
static const row_t cookies[] = {
    { ARMS, OLD, { "header.Cookie=arm=b" } },
    { ARMS, OLD, { "header.Cookie=x=1; arm=b; y=2" } },
    { ARMS, OLD, { "header.Cookie=arm=b;" } },
    { ARMS, "/d?e=f&g='h <Cookie; private; window>",
      { "header.Cookie=arm=/d?e=f&g='h" } },

    /* in quotes, and with white space around */
    { ARMS, OLD, { "header.Cookie=arm=\"b\"" } },
    { ARMS, OLD, { "header.Cookie= arm = \"b\" ; x=y" } },
    { ARMS, NEW, { "header.Cookie=arm=\"b" } },
    { ARMS, NEW, { "header.Cookie=arm=b\"" } },

    /* who is not there */
    { ARMS, NEW, { "header.Cookie=arm=c" } },
    { ARMS, "c <Cookie; private; window>",
      { "header.Cookie=arm=c", "now=2026-12-01T22:00Z" } },
    { ARMS, NEW, { "header.Cookie=arm=x" } },
    { ARMS, NEW, { "header.Cookie=arm=" } },
    { ARMS, NEW, { "header.Cookie=arm=\"\"" } },
    { ARMS, NEW, { "header.Cookie=arm" } },
    { ARMS, NEW, { "header.Cookie=" } },
    { ARMS, NEW, { 0 } },

    /* several of that name: the first that names somebody */
    { ARMS, OLD, { "header.Cookie=arm=b; arm=a" } },
    { ARMS, "a <Cookie; private; window>", { "header.Cookie=arm=a; arm=b" } },
    { ARMS, OLD, { "header.Cookie=arm=x; arm=b" } },
    { ARMS, OLD, { "header.Cookie=arm=c; arm=; arm=b; arm=a" } },
    { ARMS, NEW, { "header.Cookie=arm=x; arm=c" } },

    /* of which eight are looked at */
    { ARMS, OLD, { "header.Cookie=arm=1; arm=2; arm=3; arm=4; arm=5; arm=6; "
                   "arm=7; x=y; arm=b" } },
    { ARMS, NEW, { "header.Cookie=arm=1; arm=2; arm=3; arm=4; arm=5; arm=6; "
                   "arm=7; arm=8; arm=b" } },

    /* of similar names and values */
    { ARMS, NEW, { "header.Cookie=ARM=b" } },
    { ARMS, NEW, { "header.Cookie=arms=b" } },
    { ARMS, NEW, { "header.Cookie=arm2=b; xarm=b; ar=b" } },
    { ARMS, NEW, { "header.Cookie=x=arm=b" } },
    { ARMS, NEW, { "header.Cookie=arm=B" } },
    { ARMS, NEW, { "header.Cookie=arm=bb" } },
    { ARMS, NEW, { "header.Cookie=arm=b b" } },
    { ARMS, NEW, { "header.Cookie=arm=%62" } },
    { ARMS, NEW, { "header.Cookie=arm=b, x=1" } },
    { ARMS, NEW, { "header.Arm=b", "env.arm=b" } },
};

START_TEST(a_cookie_remembers_who_is_there)
{
    check_rows(cookies, ROWS(cookies), 0);
}
END_TEST

/* ---- windows, and who is there at all ---- */

#define LATE MEMBER("/b id=b " FROM)
#define GONE MEMBER("/b id=b " UNTIL)
#define EDGE(time) "now=2026-12-01T" time "Z"

static const row_t windows[] = {
    /* alice is b's, if b is there */
    { { KEY, A, LATE }, "a <K; window>",
      { "header.K=alice", EDGE("21:59:59.999999") } },
    { { KEY, A, LATE }, "b <K; window>", { "header.K=alice", EDGE("22:00") } },
    { { KEY, A, GONE }, "b <K; window>",
      { "header.K=alice", EDGE("21:59:59.999999") } },
    { { KEY, A, GONE }, "a <K; window>", { "header.K=alice", EDGE("22:00") } },
    /* and carol a's, whoever else is there */
    { { KEY, A, LATE }, "a <K; window>",
      { "header.K=carol", EDGE("21:59:59.999999") } },
    { { KEY, A, LATE }, "a <K; window>", { "header.K=carol", EDGE("22:00") } },

    { { BOTH, A, LATE }, "a+ <Cookie, K; private; window>",
      { "header.Cookie=arm=b", "header.K=alice", EDGE("21:59:59.999999") } },
    { { BOTH, A, LATE }, "b <Cookie; private; window>",
      { "header.Cookie=arm=b", "header.K=carol", EDGE("22:00") } },
    { { RANDOM, A0, LATE }, "b <random; window>", { EDGE("22:00") } },

    /* nobody */
    { { KEY, LATE }, "TR_NO_MEMBER <K; window>",
      { "header.K=alice", EDGE("21:59:59.999999") } },
    { { RANDOM, LATE }, "TR_NO_MEMBER <random; window>",
      { EDGE("21:59:59.999999") } },
    { { BOTH, A0, GONE }, "TR_NO_MEMBER <Cookie, K; private; random; window>",
      { EDGE("22:00") } },
    { { BOTH, A0, GONE }, "TR_NO_MEMBER <Cookie, K; private; window>",
      { EDGE("22:00"), "header.Cookie=arm=b", "header.K=alice" } },
    { { BOTH, A0, GONE }, "a <Cookie; private; window>",
      { EDGE("22:00"), "header.Cookie=arm=a" } },
    { { KEY, A0, B0 }, "TR_NO_MEMBER <K>", { "header.K=alice" } },
    { { RANDOM }, "TR_NO_MEMBER <random>", { 0 } },
};

START_TEST(a_member_is_there_within_its_window)
{
    check_rows(windows, ROWS(windows), 0);
}
END_TEST

static const struct {
    const char *now, *edge;
} edges[] = {
    { "2026-12-01T12:00Z", "2026-12-01T20:00Z" },
    { "2026-12-01T20:00Z", "2026-12-01T22:00Z" },
    { "2026-12-01T22:00Z", "2026-12-02T06:00Z" },
    { "2026-12-02T06:00Z", NULL },
};

START_TEST(a_choice_lasts_until_any_member_comes_or_leaves)
{
    static const char *const lines[] = {
        BOTH, A, B, MEMBER("/c id=c until=2026-12-01T20:00Z"),
        MEMBER("/d id=d " FROM " until=2026-12-02T06:00Z"), NULL
    };
    static const char *const facts[] = { "header.Cookie=arm=a", NULL };
    const tr_pool_t *of = pool_of(lines);
    int i, j;

    for (i = 0; i < ROWS(edges); ++i) {
        apr_time_t now = fake_time(edges[i].now);

        for (j = 0; j < 2; ++j) {
            fake_t *fake = fake_request("/", j ? facts : NULL);
            tr_consulted_t consulted = { 0 };

            fake->view.now = now;
            choose_by(&consulted, of, fake, 0);
            ck_assert_msg(tr_consulted_edge(&consulted, now)
                              == (edges[i].edge ? fake_time(edges[i].edge)
                                                : TR_NEVER),
                          "%s", edges[i].now);
        }
    }
}
END_TEST

/* ---- a model ---- */

typedef struct arm_t {
    const char *line;
    const char *id;
    unsigned weight;
    int is_there;
} arm_t;

static arm_t random_arm(int i)
{
    arm_t arm = { NULL, apr_psprintf(pool, "%c%d", 'a' + unit_random(26), i),
                  unit_random(4), (int)unit_random(3) };

    arm.line = apr_psprintf(pool, "TempRedirectMember p /x id=%s weight=%u %s",
                            arm.id, arm.weight,
                            arm.is_there == 0 ? FROM
                            : arm.is_there == 1 ? UNTIL
                                                : "");
    return arm;
}

/* Whom of n arms the cookies name, or the key meets. */
static const char *model(const arm_t *arms, int n, const char *const *named,
                         int m, const char *key)
{
    tr_race_t race = tr_race(tr_hash(tr_hash(0, 0, tr_slice_of("p")), 0,
                                     tr_slice_of(key)));
    tr_runner_t runners[8];
    int i, j;

    for (j = 0; j < m; ++j) {
        for (i = 0; i < n; ++i) {
            if (strcmp(named[j], arms[i].id) == 0 && arms[i].is_there) {
                return arms[i].id;
            }
        }
    }
    for (i = n - 1; i >= 0; --i) {
        runners[i].id = arms[i].id;
        runners[i].hash = tr_hash(0, 0, tr_slice_of(arms[i].id));
        runners[i].weight = arms[i].weight;
        if (arms[i].is_there) {
            tr_race_enter(&race, &runners[i]);
        }
    }
    return race.first ? apr_pstrcat(pool, race.first->id, "+", NULL)
                      : "TR_NO_MEMBER";
}

START_TEST(random_pools_choose_as_the_model)
{
    int round, i;

    for (round = 0; round < 500; ++round) {
        int n = 1 + (int)unit_random(8), m = (int)unit_random(4);
        const char *lines[10] = { "TempRedirectPool p key=header.K sticky=c" };
        const char *named[4], *field = "header.Cookie=x=y";
        const char *key = apr_psprintf(pool, "k%u", unit_random(1000));
        const char *facts[] = { "now=2026-12-01T12:00Z", NULL, NULL, NULL };
        arm_t arms[8];

        for (i = 0; i < n; ++i) {
            arms[i] = random_arm(i);
            lines[i + 1] = arms[i].line;
        }
        for (i = 0; i < m; ++i) {
            named[i] = unit_random(4) ? arms[unit_random((unsigned)n)].id
                                      : "nobody";
            field = apr_pstrcat(pool, field, "; c=", named[i], NULL);
        }
        facts[1] = field;
        facts[2] = apr_pstrcat(pool, "header.K=", key, NULL);
        check_message(apr_psprintf(pool, "%s of %d, %s", field, n, key),
                      choose(pool_of(lines), fake_request("/", facts)),
                      model(arms, n, named, m, key));
    }
}
END_TEST

/* ---- memory ---- */

static const struct {
    const char *words;
    int is_asked; /* for what it depends on, too */
    fake_facts_t facts;
} thrifty[] = {
    { "p key=client", 1, { 0 } },
    { "p key=client", 1, { "client=2001:db8::7" } },
    { "p key=header.K", 0, { "header.K=alice" } },
    { "p key=header.K", 0, { 0 } },
    { "p key=cookie.c", 0, { "header.Cookie=c=1" } },
    { "p key=host", 1, { 0 } },
    { "p key=user", 1, { "user=jo" } },
    { "p", 1, { 0 } },
    { "p sticky=c", 0, { "header.Cookie=c=x; c=m63" } },
    { "p sticky=c", 0, { "header.Cookie=c=x" } },
    { "p key=client sticky=c", 0, { 0 } },
};

START_TEST(a_choice_allocates_nothing)
{
    tr_consulted_t consulted = { 0 };
    const tr_pool_t *of = wide_pool(thrifty[_i].words);
    fake_t *fake = fake_request("/", thrifty[_i].facts);
    tr_choice_t choice = { 0 };

    /* without a pool nothing can be allocated */
    ck_assert_int_eq(tr_pool_choose(&choice, of, &fake->view,
                                    thrifty[_i].is_asked ? &consulted : NULL,
                                    0, NULL),
                     TR_OK);
    ck_assert_ptr_nonnull(choice.member);
}
END_TEST

/* ---- tr_pool_cookie ---- */

static const struct {
    const char *words;
    const char *id;
    int is_https;
    const char *cookie;
} formats[] = {
    { "p sticky=arm", "b", 0,
      "arm=b; Path=/; HttpOnly; SameSite=Lax" },
    { "p sticky=arm", "b", 1,
      "arm=b; Path=/; HttpOnly; SameSite=Lax; Secure" },
    { "p sticky=arm:30d", "b", 0,
      "arm=b; Path=/; Max-Age=2592000; HttpOnly; SameSite=Lax" },
    { "p sticky=arm:30d", "b", 1,
      "arm=b; Path=/; Max-Age=2592000; HttpOnly; SameSite=Lax; Secure" },
    { "p sticky=arm:1", "b", 0,
      "arm=b; Path=/; Max-Age=1; HttpOnly; SameSite=Lax" },
    { "p sticky=arm:400d", "b", 0,
      "arm=b; Path=/; Max-Age=34560000; HttpOnly; SameSite=Lax" },
    { "p sticky=__Host-arm", "!", 1,
      "__Host-arm=!; Path=/; HttpOnly; SameSite=Lax; Secure" },
    { "p sticky=arm", "https://b.example/?x=y", 0,
      "arm=https://b.example/?x=y; Path=/; HttpOnly; SameSite=Lax" },
};

START_TEST(a_cookie_names_the_member_and_lasts_as_long_as_it_should)
{
    const char *lines[] = { apr_pstrcat(pool, "TempRedirectPool ",
                                        formats[_i].words, NULL),
                            "TempRedirectMember p /a",
                            apr_pstrcat(pool, "TempRedirectMember p /b id=",
                                        formats[_i].id, NULL),
                            NULL };
    const tr_pool_t *of = pool_of(lines);
    tr_choice_t choice = { of, APR_ARRAY_IDX(of->members, 1,
                                             const tr_member_t *), 1, 1 };

    check_message(formats[_i].words,
                  tr_pool_cookie(&choice, formats[_i].is_https, pool),
                  formats[_i].cookie);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("tr_pool");
    TCase *tests = unit_case(suite, "choice");

    tcase_add_test(tests, a_cookie_counts_before_a_key_and_that_before_chance);
    tcase_add_test(tests, vary_off_hides_what_is_consulted);
    tcase_add_test(tests, a_cookie_remembers_who_is_there);
    tcase_add_test(tests, a_member_is_there_within_its_window);
    tcase_add_test(tests, a_choice_lasts_until_any_member_comes_or_leaves);
    tcase_add_test(tests, random_pools_choose_as_the_model);
    tcase_add_loop_test(tests, a_choice_allocates_nothing, 0, ROWS(thrifty));
    tests = unit_case(suite, "cookie");
    tcase_add_loop_test(
        tests, a_cookie_names_the_member_and_lasts_as_long_as_it_should, 0,
        ROWS(formats));
    return unit_main(suite);
}

/* Licensed under the Apache License, Version 2.0; see LICENSE. */
#include <stdlib.h>

#include <apr_strings.h>

#include "choices.h"

#define RANDOM "TempRedirectPool shop"
#define MEMBER(words) "TempRedirectMember shop " words

/* ---- keys ---- */

static const struct {
    const char *key;
    const char *text; /* that is hashed */
    const char *consulted;
    fake_facts_t facts;
} keys[] = {
    /* an address in one spelling */
    { "client", "192.0.2.7", "private", { 0 } },
    { "client", "10.0.0.1", "private", { "client=10.0.0.1" } },
    { "client", "192.0.2.7", "private", { "client=::ffff:192.0.2.7" } },
    { "client", "192.0.2.7", "private", { "client=::FFFF:c000:207" } },
    { "client", "2001:db8::7", "private", { "client=2001:db8::7" } },
    { "client", "2001:db8::7", "private", { "client=2001:0DB8:0:0:0:0:0:7" } },
    { "client", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", "private",
      { "client=2001:db8:ffff:ffff:ffff:ffff:ffff:ffff" } },
    { "client", "::1", "private", { "client=::1" } },

    /* a host, known or not */
    { "host", "www.example.org", "", { 0 } },
    { "host", "evil.example", "", { "host=evil.example" } },
    { "host", "evil.example", "", { "host=evil.example", "unknown" } },

    { "user", "jo", "private", { "user=jo" } },
    { "env.E", "1", "private", { "env.E=1" } },
    { "header.X", "a b", "X", { "header.X=a b" } },
    { "header.X", "A", "X", { "header.X=A" } },
    { "header.Host", "h", "", { "header.Host=h" } },
    { "header.Authorization", "x", "Authorization; private",
      { "header.Authorization=x" } },
    { "cookie.c", "1", "Cookie; private", { "header.Cookie=b=2; c=1; c=3" } },
    { "cookie.c", "1 2", "Cookie; private", { "header.Cookie=c=\"1 2\"" } },
    { "query.q", "a b&c", "", { "?q=a%20b%26c" } },
    { "query.q", "a b", "", { "?p=1&q=a+b&q=2" } },

    /* bodies */
    { "form.f", "a b&c", "private", { "form=e=1&f=a%20b%26c&f=2" } },
#ifdef TR_WITH_JANSSON
    { "json./j", "a b", "private", { "json={\"j\":\"a b\"}" } },
    { "json./j", "7", "private", { "json={\"j\":7}" } },
    { "json./j", "true", "private", { "json={\"j\":true}" } },
    { "json./j/0", "\xc3\xa4", "private", { "json={\"j\":[\"\\u00e4\"]}" } },
#endif
};

/* A first fact "?..." is the query. */
static fake_t *request_of(const char *const *facts)
{
    return facts[0] && *facts[0] == '?'
               ? fake_request(apr_pstrcat(pool, "/", facts[0], NULL), facts)
               : fake_request("/", facts);
}

/* Whom a text as key meets, of members that are all there. */
static const char *met_by(const tr_pool_t *of, const char *text)
{
    tr_race_t race = tr_race(tr_hash(of->hash, 0, tr_slice_of(text)));
    int i;

    for (i = 0; i < of->members->nelts; ++i) {
        tr_race_enter(&race, &APR_ARRAY_IDX(of->members, i,
                                            const tr_member_t *)->runner);
    }
    return race.first->id;
}

START_TEST(a_key_is_the_value_of_its_attribute)
{
    int i;

    for (i = 0; i < ROWS(keys); ++i) {
        const char *words = apr_pstrcat(pool, "p key=", keys[i].key, NULL);
        const tr_pool_t *of = wide_pool(words);

        check_message(apr_psprintf(pool, "row %d, %s", i, words),
                      choose_with(of, request_of(keys[i].facts), 0),
                      apr_pstrcat(pool, met_by(of, keys[i].text), " <",
                                  keys[i].consulted, ">", NULL));
    }
}
END_TEST

static const apr_sockaddr_t *zoned_client(const tr_view_t *view)
{
    apr_sockaddr_t *address;

    (void)view;
    ck_assert_int_eq(apr_sockaddr_info_get(&address, "fe80::1", APR_UNSPEC, 0,
                                           0, pool),
                     0);
    ck_assert_int_eq(apr_sockaddr_zone_set(address, "lo"), 0);
    return address;
}

START_TEST(the_zone_of_an_address_is_none_of_the_key)
{
    const tr_pool_t *of = wide_pool("p key=client");
    fake_t *fake = fake_request("/", NULL);
    tr_facts_t facts = *fake->view.facts;

    facts.client = zoned_client;
    fake->view.facts = &facts;
    check_message("fe80::1%lo", choose(of, fake), met_by(of, "fe80::1"));
}
END_TEST

static const struct {
    const char *key;
    const char *consulted;
    fake_facts_t facts;
} absent[] = {
    { "user", "private", { 0 } },
    { "user", "private", { "user=" } },
    { "env.E", "private", { 0 } },
    { "header.X", "X", { 0 } },
    { "header.X", "X", { "header.X=" } },
    { "header.Host", "", { 0 } },
    { "host", "", { "host=" } },
    { "cookie.c", "Cookie; private", { "header.Cookie=C=1" } },
    { "cookie.c", "Cookie; private", { "header.Cookie=c=; c=1" } },
    { "query.q", "", { 0 } },
    { "query.q", "", { "?q=&q=1" } },
    { "form.f", "private", { "form=g=1" } },
    { "form.f", "private", { "form=f=" } },
#ifdef TR_WITH_JANSSON
    { "json./j", "private", { "json={\"k\":1}" } },
    { "json./j", "private", { "json={\"j\":null}" } },
    { "json./j", "private", { "json={\"j\":\"\"}" } },
    { "json./j", "private", { "json={\"j\":{\"k\":1}}" } },
    { "json./j", "private", { "json=[]" } },
#endif
};

START_TEST(without_a_value_chance_decides)
{
    int i;

    for (i = 0; i < ROWS(absent); ++i) {
        const char *words = apr_pstrcat(pool, "p key=", absent[i].key, NULL);
        const char *rest = *absent[i].consulted ? "; random>" : "random>";
        const tr_pool_t *of = wide_pool(words), *keyless = wide_pool("p");

        /* as if there were no key= */
        check_message(apr_psprintf(pool, "row %d, %s", i, words),
                      choose_with(of, request_of(absent[i].facts), 0),
                      apr_pstrcat(pool, choose(keyless, fake_request("/",
                                                                     NULL)),
                                  " <", absent[i].consulted, rest, NULL));
    }
}
END_TEST

static const struct {
    const char *key;
    const char *reason;
    fake_facts_t facts;
} bodies[] = {
    { "form.f", "TR_BODY_UNTYPED <private>", { 0 } },
    { "form.f", "TR_BODY_UNTYPED <private>", { "body=f=1" } },
    { "form.f", "TR_BODY_UNTYPED <private>", { "json={}" } },
    { "form.f", "TR_BODY_LONG <private>", { "form=f=1", "long" } },
    { "form.f", "TR_BODY_TAKEN <private>", { "form=f=1", "taken" } },
    { "form.f", "TR_BODY_FAILED <private>", { "form=f=1", "failed" } },
    { "form.f", "TR_BODY_CODED <private>",
      { "form=f=1", "header.Content-Encoding=gzip" } },
#ifdef TR_WITH_JANSSON
    { "json./j", "TR_BODY_UNTYPED <private>", { "form=j=1" } },
    { "json./j", "TR_BODY_MALFORMED <private>", { "json={\"j\":1" } },
    { "json./j", "TR_BODY_MALFORMED <private>", { "json=" } },
    { "json./j", "TR_BODY_LONG <private>", { "json={\"j\":1}", "long" } },
    { "json./j", "TR_BODY_TAKEN <private>", { "json={\"j\":1}", "taken" } },
#endif
};

START_TEST(a_body_that_cannot_be_judged_is_nothing_for_chance)
{
    int i;

    for (i = 0; i < ROWS(bodies); ++i) {
        const char *words = apr_pstrcat(pool, "p key=", bodies[i].key, NULL);

        check_message(apr_psprintf(pool, "row %d, %s", i, words),
                      choose_with(wide_pool(words),
                                  fake_request("/", bodies[i].facts), 0),
                      bodies[i].reason);
    }
}
END_TEST

START_TEST(who_is_remembered_is_not_asked_for_a_body)
{
    static const char *const facts[] = { "header.Cookie=arm=m7", "json={",
                                         NULL };
    fake_t *fake = fake_request("/", facts);

    check_message("a cookie",
                  choose_with(wide_pool("p key=form.f sticky=arm"), fake, 0),
                  "m7 <Cookie; private>");
    ck_assert_int_eq(fake->reads, 0);
}
END_TEST

/* ---- chance ---- */

/* Who is chosen with the random number i. */
static int chance(const tr_pool_t *of, fake_t *fake, int i)
{
    char number[24];
    const char *facts[] = { number, NULL };
    tr_choice_t choice;

    apr_snprintf(number, sizeof(number), "random=%d", i);
    fake->facts = facts;
    ck_assert_int_eq(tr_pool_choose(&choice, of, &fake->view, NULL, 0, pool),
                     TR_OK);
    ck_assert(!choice.is_new);
    return choice.at;
}

START_TEST(chance_knows_weights)
{
    static const char *const lines[] = {
        RANDOM, MEMBER("/a weight=1"), MEMBER("/b weight=0"),
        MEMBER("/c weight=2"), MEMBER("/d weight=7"), NULL
    };
    static const int percent[] = { 10, 0, 20, 70 };
    const tr_pool_t *of = pool_of(lines);
    fake_t *fake = fake_request("/", NULL);
    int got[4] = { 0 }, i;

    for (i = 0; i < 20000; ++i) {
        int at = chance(of, fake, i);

        ++got[at];
        ck_assert(i % 100 || at == chance(of, fake, i));
    }
    ck_assert_int_eq(got[1], 0);
    for (i = 0; i < 4; ++i) {
        ck_assert_msg(abs(got[i] - percent[i] * 200) < 260, "%d: %d of 20000",
                      i, got[i]);
    }
}
END_TEST

START_TEST(two_pools_share_a_random_number_and_no_choice)
{
    const tr_pool_t *one = wide_pool("one"), *two = wide_pool("two");
    fake_t *fake = fake_request("/", NULL);
    int alike = 0, i;

    for (i = 0; i < 6400; ++i) {
        alike += chance(one, fake, i) == chance(two, fake, i);
    }
    /* a hundred are, by chance */
    ck_assert_int_gt(alike, 60);
    ck_assert_int_lt(alike, 140);
}
END_TEST

START_TEST(a_key_is_no_random_number)
{
    static const char bytes[8] = "ABCDEFGH";
    const tr_pool_t *by_key = wide_pool("p key=header.K");
    const tr_pool_t *by_chance = wide_pool("p");
    apr_uint64_t number;
    const char *facts[] = { "header.K=ABCDEFGH", NULL };
    fake_t *fake = fake_request("/", facts);
    const char *met = choose(by_key, fake);

    /* the same eight bytes, and yet another hash */
    memcpy(&number, bytes, sizeof(number));
    facts[0] = apr_psprintf(pool, "random=%" APR_UINT64_T_FMT, number);
    ck_assert_str_ne(met, choose(by_chance, fake));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("tr_pool_keys");
    TCase *tests = unit_case(suite, "keys");

    tcase_add_test(tests, a_key_is_the_value_of_its_attribute);
    tcase_add_test(tests, the_zone_of_an_address_is_none_of_the_key);
    tcase_add_test(tests, without_a_value_chance_decides);
    tcase_add_test(tests, a_body_that_cannot_be_judged_is_nothing_for_chance);
    tcase_add_test(tests, who_is_remembered_is_not_asked_for_a_body);
    tests = unit_case(suite, "chance");
    tcase_add_test(tests, chance_knows_weights);
    tcase_add_test(tests, two_pools_share_a_random_number_and_no_choice);
    tcase_add_test(tests, a_key_is_no_random_number);
    return unit_main(suite);
}

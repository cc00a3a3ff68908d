/* Licensed under the Apache License, Version 2.0; see LICENSE. */
#include <apr_strings.h>

#include "tr_host.h"
#include "unit.h"

#define LABEL63                                                                \
    "abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz0"
#define NAME253                                                                \
    LABEL63 "." LABEL63 "." LABEL63 "." /* and 61: */                          \
            "abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxy"

#define LONG NAME253 NAME253 NAME253 NAME253 NAME253 NAME253

/* ---- tr_host_is_valid ---- */

static const struct {
    const char *host;
    int valid;
} hosts[] = {
    { "localhost", 1 },
    { "www.example.com", 1 },
    { "WWW.Example.COM", 1 },
    { "a-b.c--d.example", 1 },
    { "a_b._tcp.example", 1 },
    { "xn--bcher-kva.example", 1 },
    { "4you.example", 1 },
    { "1.2.3.4.example", 1 },
    { "example.com.", 1 },
    { LABEL63 ".example", 1 },
    { LABEL63 "x.example", 0 },
    { NAME253, 1 },
    { NAME253 ".", 1 },
    { NAME253 "z", 0 },
    /* addresses */
    { "127.0.0.1", 1 },
    { "127.0.0.1.", 1 },
    { "[::1]", 1 },
    { "[2001:db8::1:2]", 1 },
    { "[::ffff:1.2.3.4]", 1 },
    /* a last label of digits makes it an address, or nothing */
    { "1.2.3", 0 },
    { "1.2.3.4.5", 0 },
    { "256.0.0.1", 0 },
    { "127.0.0.01", 0 },
    { "example.1", 0 },
    { "2130706433", 0 },
    /* empty, in whole or in part */
    { "", 0 },
    { ".", 0 },
    { "..", 0 },
    { ".example", 0 },
    { "www..example", 0 },
    { "example..", 0 },
    /* '-' stands within */
    { "-a.example", 0 },
    { "a-.example", 0 },
    { "www.-example", 0 },
    { "www.example-", 0 },
    { "-", 0 },
    /* IPv6 */
    { "::1", 0 },
    { "[::1", 0 },
    { "::1]", 0 },
    { "[]", 0 },
    { "[", 0 },
    { "[:::1]", 0 },
    { "[::1%25eth0]", 0 },
    { "[127.0.0.1]", 0 },
    { "[example.com]", 0 },
    { "[::1].", 0 },
    { "[" LONG "]", 0 },
    /* neither port nor user info, nor what is no part of a host at all */
    { "example.com:80", 0 },
    { "[::1]:80", 0 },
    { "user@example.com", 0 },
    { "example.com/", 0 },
    { "example.com?", 0 },
    { "example.com#", 0 },
    { "example com", 0 },
    { "example.com\\", 0 },
    { "%65xample.com", 0 },
    { "*.example.com", 0 },
    { "b\xc3\xbc"
      "cher.example",
      0 },
    { "example.com\n", 0 },
};

START_TEST(a_host_is_a_name_or_an_address)
{
    ck_assert_msg(tr_host_is_valid(guarded(hosts[_i].host)) == hosts[_i].valid,
                  "'%s'", hosts[_i].host);
}
END_TEST

START_TEST(a_nul_is_no_part_of_a_host)
{
    ck_assert(!tr_host_is_valid(guarded_bytes("a\0b", 3)));
    ck_assert(!tr_host_is_valid(guarded_bytes("1.2.3.4\0b", 9)));
    ck_assert(!tr_host_is_valid(guarded_bytes("[::1\0.evil]", 11)));
}
END_TEST

/* ---- tr_hosts_parse ---- */

#define NOT_A_HOST                                                             \
    "not a host; write a name or an address without scheme, port and path, "   \
    "as in 'www.example.com', '*.example.com' or '[::1]'"
#define ANY_HOST                                                               \
    "would allow a redirect to any host; name the hosts, as in "               \
    "'www.example.com' or '*.example.com'"

static const struct {
    const char *word, *message;
} words[] = {
    { "example.com", NULL },
    { "EXAMPLE.com.", NULL },
    { "*.example.com", NULL },
    { "*.com", NULL },
    { "127.0.0.1", NULL },
    { "[::1]", NULL },
    { "*", ANY_HOST },
    { "", NOT_A_HOST },
    { "*.", NOT_A_HOST },
    { "**", NOT_A_HOST },
    { "*.*.example.com", NOT_A_HOST },
    { "www.*.example.com", NOT_A_HOST },
    { "www*.example.com", NOT_A_HOST },
    { "*example.com", NOT_A_HOST },
    { "https://example.com", NOT_A_HOST },
    { "example.com:443", NOT_A_HOST },
    { "example.com/x", NOT_A_HOST },
    { "::1", NOT_A_HOST },
    /* nothing stands below an address */
    { "*.[::1]", NOT_A_HOST },
    { "*.127.0.0.1", NOT_A_HOST },
};

START_TEST(a_word_is_a_host_or_a_wildcard)
{
    const char *word = words[_i].word;

    check_message(word,
                  tr_hosts_parse(tr_hosts_make(pool), guarded_string(word),
                                 pool),
                  words[_i].message);
}
END_TEST

/* ---- tr_hosts_contains ---- */

static const struct {
    const char *host;
    int contained;
} asked[] = {
    { "example.com", 1 },
    { "EXAMPLE.Com", 1 },
    { "example.com.", 1 },
    { "www.example.com", 0 },
    { "example.co", 0 },
    { "xample.com", 0 },
    { "xexample.com", 0 },
    { "example.com.evil.example", 0 },
    /* *.shop.example */
    { "a.shop.example", 1 },
    { "A.Shop.Example.", 1 },
    { "b.a.shop.example", 1 },
    { "shop.example", 0 },
    { ".shop.example", 0 },
    { "ashop.example", 0 },
    { "a-shop.example", 0 },
    { "a.shop.example.evil.example", 0 },
    /* both a name and names below it */
    { "both.example", 1 },
    { "a.both.example", 1 },
    /* addresses */
    { "127.0.0.1", 1 },
    { "127.0.0.2", 0 },
    { "[2001:DB8::1]", 1 },
    { "2001:db8::1", 1 },
    { "[2001:db8::2]", 0 },
    /* what is no host */
    { "", 0 },
    { ".", 0 },
    { "*", 0 },
    { "*.shop.example", 1 }, /* a label below it, though no valid one */
    { "[example.com]", 0 },
    { "[a.shop.example]", 0 },
    { "[]", 0 },
    { "[", 0 },
};

static tr_hosts_t *some_hosts(void)
{
    static const char *const some[] = {
        "Example.COM",     "*.Shop.example", "both.example",
        "*.both.example.", "127.0.0.1",      "[2001:db8::1]",
    };
    tr_hosts_t *set = tr_hosts_make(pool);
    int i;

    for (i = 0; i < ROWS(some); ++i) {
        char *word = apr_pstrdup(pool, some[i]);

        check_message(word, tr_hosts_parse(set, word, pool), NULL);
        memset(word, 'x', strlen(word)); /* it has been copied */
    }
    return set;
}

START_TEST(a_set_contains_what_its_words_say)
{
    ck_assert_msg(tr_hosts_contains(some_hosts(), guarded(asked[_i].host))
                      == asked[_i].contained,
                  "'%s'", asked[_i].host);
}
END_TEST

START_TEST(a_set_knows_the_longest_name_and_no_longer_one)
{
    tr_hosts_t *set = tr_hosts_make(pool);

    check_message("longest", tr_hosts_parse(set, NAME253, pool), NULL);
    ck_assert(tr_hosts_contains(set, guarded(NAME253)));
    ck_assert(tr_hosts_contains(set, guarded(NAME253 ".")));
    ck_assert(!tr_hosts_contains(set, guarded(NAME253 "z")));
    ck_assert(!tr_hosts_contains(set, guarded("a." NAME253)));
    ck_assert(!tr_hosts_contains(set, guarded(LONG)));
}
END_TEST

START_TEST(an_empty_set_contains_nothing)
{
    ck_assert(!tr_hosts_contains(NULL, guarded("example.com")));
    ck_assert(!tr_hosts_contains(tr_hosts_make(pool), guarded("example.com")));
    ck_assert(!tr_hosts_contains(tr_hosts_make(pool), guarded("")));
}
END_TEST

START_TEST(a_wrong_word_leaves_the_set_unchanged)
{
    tr_hosts_t *set = tr_hosts_make(pool);

    ck_assert_ptr_nonnull(tr_hosts_parse(set, "example.com:80", pool));
    ck_assert_ptr_nonnull(tr_hosts_parse(set, "*.127.0.0.1", pool));
    ck_assert(!tr_hosts_contains(set, guarded("example.com")));
    ck_assert(!tr_hosts_contains(set, guarded("example.com:80")));
    ck_assert(!tr_hosts_contains(set, guarded("1.127.0.0.1")));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("tr_host");
    TCase *tests = unit_case(suite, "host");

    tcase_add_loop_test(tests, a_host_is_a_name_or_an_address, 0, ROWS(hosts));
    tcase_add_test(tests, a_nul_is_no_part_of_a_host);
    tests = unit_case(suite, "hosts");
    tcase_add_loop_test(tests, a_word_is_a_host_or_a_wildcard, 0, ROWS(words));
    tcase_add_loop_test(tests, a_set_contains_what_its_words_say, 0,
                        ROWS(asked));
    tcase_add_test(tests, a_set_knows_the_longest_name_and_no_longer_one);
    tcase_add_test(tests, an_empty_set_contains_nothing);
    tcase_add_test(tests, a_wrong_word_leaves_the_set_unchanged);
    return unit_main(suite);
}

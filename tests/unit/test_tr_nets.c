/* Licensed under the Apache License, Version 2.0; see LICENSE. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/un.h>

#include <apr_strings.h>

#include "tr_nets.h"
#include "unit.h"

/* ---- tr_nets_parse ---- */

#define MISSING                                                                \
    "an address is missing; write one, as in '192.0.2.7', '10.0.0.0/8' or "    \
    "'2001:db8::/32'"
#define BRACKETS                                                               \
    "write the address without brackets and port, as in '2001:db8::1'"
#define ZONE "write the address without zone, as in 'fe80::1'"
#define IPV4                                                                   \
    "not a whole IPv4 address; write four numbers from 0 to 255 without "      \
    "leading zeros, as in '10.1.0.0' or '10.1.0.0/16'"
#define RANGE "write a range with the length of its prefix, as in '10.0.0.0/8'"
#define PORT  "write the address without port, as in '192.0.2.7'"
#define IPV6                                                                   \
    "not an IPv6 address; write one as in '2001:db8::1' or '2001:db8::/32'"
#define NAME                                                                   \
    "not an address, and names are not looked up; write addresses or ranges, " \
    "as in '192.0.2.7', '10.0.0.0/8' or '2001:db8::/32'"
#define MASK                                                                   \
    "write the length of the prefix, not a mask: '/8' is '/255.0.0.0', '/24' " \
    "is '/255.255.255.0'"
#define LENGTH4                                                                \
    "the length of an IPv4 prefix is a number from 0 to 32 without sign and "  \
    "leading zeros, as in '10.0.0.0/8'"
#define LENGTH6                                                                \
    "the length of an IPv6 prefix is a number from 0 to 128 without sign and " \
    "leading zeros, as in '2001:db8::/32'"
#define MAPPED                                                                 \
    "the prefix of an IPv4 address mapped into IPv6 has at least 96 bits; "    \
    "write it as IPv4, as in '10.0.0.0/8'"
#define BEHIND(range, address)                                                 \
    "has bits set behind the prefix; write '" range "', or '" address "' alone"

static const struct {
    const char *word, *message;
} words[] = {
    { "192.0.2.7", NULL },
    { "10.0.0.0/8", NULL },
    { "192.0.2.7/32", NULL },
    { "0.0.0.0", NULL },
    { "0.0.0.0/0", NULL },
    { "255.255.255.255", NULL },
    { "2001:db8::/32", NULL },
    { "2001:DB8:0:0:0:0:0:1", NULL },
    { "2001:db8::192.0.2.1", NULL },
    { "::1/128", NULL },
    { "::", NULL },
    { "::/0", NULL },
    { "::ffff:10.0.0.0/104", NULL },
    { "::ffff:a00:0/104", NULL },
    { "::ffff:0:0/96", NULL },
    { "::ffff:192.0.2.7", NULL },
    { "0000:0000:0000:0000:0000:ffff:255.255.255.255/128", NULL },
    /* no address */
    { "", MISSING },
    { "/8", MISSING },
    { "10", IPV4 },
    { "10.1", IPV4 },
    { "10.1/16", IPV4 },
    { "10.", IPV4 },
    { "10.0.0.0.", IPV4 },
    { ".10.0.0.0", IPV4 },
    { "10.0.0.0.0", IPV4 },
    { "256.0.0.1", IPV4 },
    { "010.0.0.1", IPV4 },
    { "10.0.0.00", IPV4 },
    { "167772161", IPV4 },
    { "10.*", RANGE },
    { "10.0.0.1-10.0.0.9", RANGE },
    { "10.0.0.1-9", RANGE },
    { "*", RANGE },
    { "192.0.2.7:80", PORT },
    { "192.0.2.7:", PORT },
    { "[::1]", BRACKETS },
    { "[::1]:80", BRACKETS },
    { "[::1", BRACKETS },
    { "[2001:db8::]/32", BRACKETS },
    { "fe80::1%eth0", ZONE },
    { "fe80::1%25eth0", ZONE },
    { "fe80::%1/64", ZONE },
    { ":", IPV6 },
    { ":80", IPV6 },
    { ":::1", IPV6 },
    { "::1::", IPV6 },
    { "2001:db8", IPV6 },
    { "2001:db8/32", IPV6 },
    { "1:2:3:4:5:6:7:8:9", IPV6 },
    { "12345::", IPV6 },
    { "::ffff:10.0.0", IPV6 },
    { "::ffff:10.0.0.256", IPV6 },
    { "localhost", NAME },
    { "www.example.com", NAME },
    { "example.com:80", NAME },
    { "fe80", NAME },
    { "all", NAME },
    { "http://10.0.0.1/", NAME },
    { "!10.0.0.1", NAME },
    { " 10.0.0.1", NAME },
    { "10.0.0.1 ", NAME },
    { "0x0a000001", NAME },
    { "0xa.0.0.1", NAME },
    { "1::g", NAME },
    { "::1\n", NAME },
    { "0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000", IPV6 },
    /* no prefix */
    { "10.0.0.0/", LENGTH4 },
    { "10.0.0.0/33", LENGTH4 },
    { "10.0.0.0/128", LENGTH4 },
    { "10.0.0.0/08", LENGTH4 },
    { "10.0.0.0/00", LENGTH4 },
    { "10.0.0.0/+8", LENGTH4 },
    { "10.0.0.0/-8", LENGTH4 },
    { "10.0.0.0/ 8", LENGTH4 },
    { "10.0.0.0/8 ", LENGTH4 },
    { "10.0.0.0/8x", LENGTH4 },
    { "10.0.0.0/0x8", LENGTH4 },
    { "10.0.0.0/8/8", LENGTH4 },
    { "10.0.0.0//8", LENGTH4 },
    { "10.0.0.0/4294967304", LENGTH4 },
    { "10.0.0.0/18446744073709551624", LENGTH4 },
    { "2001:db8::/", LENGTH6 },
    { "2001:db8::/129", LENGTH6 },
    { "2001:db8::/032", LENGTH6 },
    { "2001:db8::/4294967328", LENGTH6 },
    { "10.0.0.0/255.0.0.0", MASK },
    { "10.0.0.0/0.0.0.255", MASK },
    { "10.0.0.0/8.", MASK },
    { "2001:db8::/ffff:ffff::", MASK },
    /* bits behind the prefix */
    { "10.0.0.1/8", BEHIND("10.0.0.0/8", "10.0.0.1") },
    { "10.0.0.0/0", BEHIND("0.0.0.0/0", "10.0.0.0") },
    { "0.0.0.1/0", BEHIND("0.0.0.0/0", "0.0.0.1") },
    { "192.0.2.7/31", BEHIND("192.0.2.6/31", "192.0.2.7") },
    { "128.0.0.0/0", BEHIND("0.0.0.0/0", "128.0.0.0") },
    { "10.255.255.255/9", BEHIND("10.128.0.0/9", "10.255.255.255") },
    { "2001:DB8::1/32", BEHIND("2001:db8::/32", "2001:db8::1") },
    { "::1/127", BEHIND("::/127", "::1") },
    { "8000::/0", BEHIND("::/0", "8000::") },
    { "::ffff:10.0.0.1/104", BEHIND("10.0.0.0/8", "10.0.0.1") },
    { "::ffff:10.0.0.0/96", BEHIND("0.0.0.0/0", "10.0.0.0") },
    /* half an IPv4 address */
    { "::ffff:0:0/95", MAPPED },
    { "::ffff:10.0.0.0/8", MAPPED },
    { "::ffff:0:0/0", MAPPED },
};

static apr_array_header_t *no_nets(void)
{
    return apr_array_make(pool, 1, sizeof(apr_ipsubnet_t *));
}

START_TEST(a_word_is_an_address_or_a_range)
{
    const char *word = words[_i].word;
    apr_array_header_t *nets = no_nets();

    check_message(word, tr_nets_parse(nets, guarded_string(word), pool),
                  words[_i].message);
    ck_assert_msg((nets->nelts == 0) == (words[_i].message != NULL), "%s",
                  word);
}
END_TEST

/* ---- tr_nets_contain ---- */

static apr_sockaddr_t *address_of(int family, const void *bytes)
{
    apr_sockaddr_t *made = apr_pcalloc(pool, sizeof(*made));

    made->pool = pool;
    made->family = family;
    if (family == AF_INET) {
        made->ipaddr_ptr = &made->sa.sin.sin_addr;
        made->ipaddr_len = 4;
        made->salen = sizeof(made->sa.sin);
    }
    else {
        made->ipaddr_ptr = &made->sa.sin6.sin6_addr;
        made->ipaddr_len = 16;
        made->salen = sizeof(made->sa.sin6);
    }
    made->sa.sin.sin_family = (sa_family_t)family;
    made->sa.sin.sin_port = made->port = 0xffff;
    memcpy(made->ipaddr_ptr, bytes, (apr_size_t)made->ipaddr_len);
    return made;
}

static apr_sockaddr_t *address(const char *text)
{
    int family = strchr(text, ':') ? AF_INET6 : AF_INET;
    unsigned char bytes[16];

    ck_assert_msg(inet_pton(family, text, bytes) == 1, "%s", text);
    return address_of(family, bytes);
}

static apr_array_header_t *nets_of(const char *list)
{
    apr_array_header_t *nets = no_nets();
    char *state, *word = apr_strtok(apr_pstrdup(pool, list), " ", &state);

    for (; word; word = apr_strtok(NULL, " ", &state)) {
        check_message(word, tr_nets_parse(nets, word, pool), NULL);
        memset(word, 'x', strlen(word)); /* it has been copied */
    }
    return nets;
}

static const struct {
    const char *nets, *address;
    int contained;
} asked[] = {
    { "192.0.2.7", "192.0.2.7", 1 },
    { "192.0.2.7", "192.0.2.6", 0 },
    { "192.0.2.7", "::ffff:192.0.2.7", 1 },
    { "192.0.2.7", "::192.0.2.7", 0 },
    { "192.0.2.7", "c000:207::", 0 },
    { "10.0.0.0/8", "10.0.0.0", 1 },
    { "10.0.0.0/8", "10.255.255.255", 1 },
    { "10.0.0.0/8", "11.0.0.0", 0 },
    { "10.0.0.0/8", "9.255.255.255", 0 },
    { "10.0.0.0/8", "::ffff:10.1.2.3", 1 },
    { "10.0.0.0/8", "a00::", 0 },
    { "10.128.0.0/9", "10.128.0.0", 1 },
    { "10.128.0.0/9", "10.127.255.255", 0 },
    { "192.0.2.6/31", "192.0.2.7", 1 },
    { "192.0.2.6/31", "192.0.2.8", 0 },
    /* mapped, in the set */
    { "::ffff:10.0.0.0/104", "10.1.2.3", 1 },
    { "::ffff:10.0.0.0/104", "::ffff:10.1.2.3", 1 },
    { "::ffff:10.0.0.0/104", "11.0.0.0", 0 },
    { "::ffff:192.0.2.7", "192.0.2.7", 1 },
    { "::ffff:0:0/96", "192.0.2.7", 1 },
    { "::ffff:0:0/96", "::1", 0 },
    /* IPv6 */
    { "2001:db8::/32", "2001:db8::", 1 },
    { "2001:db8::/32", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", 1 },
    { "2001:db8::/32", "2001:db9::", 0 },
    { "2001:db8::/33", "2001:db8:8000::", 0 },
    { "2001:db8::1", "2001:db8::1", 1 },
    { "2001:db8::1", "2001:db8::", 0 },
    { "2001:db8::/127", "2001:db8::1", 1 },
    { "2001:db8::/127", "2001:db8::2", 0 },
    { "2001:db8::/64", "32.1.13.184", 0 },
    { "::/96", "::ffff:0.0.0.0", 0 },
    /* all, or half of all */
    { "0.0.0.0/0", "0.0.0.0", 1 },
    { "0.0.0.0/0", "127.255.255.255", 1 },
    { "0.0.0.0/0", "128.0.0.0", 1 },
    { "0.0.0.0/0", "255.255.255.255", 1 },
    { "0.0.0.0/0", "::ffff:192.0.2.7", 1 },
    { "0.0.0.0/0", "::1", 0 },
    { "0.0.0.0/0", "2001:db8::1", 0 },
    { "::/0", "::", 1 },
    { "::/0", "7fff::", 1 },
    { "::/0", "8000::", 1 },
    { "::/0", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", 1 },
    { "::/0", "192.0.2.7", 0 },
    { "::/0", "::ffff:192.0.2.7", 0 },
    { "0.0.0.0/1", "128.0.0.0", 0 },
    { "::/1", "8000::", 0 },
    { "0.0.0.0", "0.0.0.0", 1 },
    { "0.0.0.0", "0.0.0.1", 0 },
    { "::", "::", 1 },
    { "::", "::1", 0 },
    /* several */
    { "192.0.2.7 10.0.0.0/8 ::1", "192.0.2.7", 1 },
    { "192.0.2.7 10.0.0.0/8 ::1", "10.1.1.1", 1 },
    { "192.0.2.7 10.0.0.0/8 ::1", "::1", 1 },
    { "192.0.2.7 10.0.0.0/8 ::1", "127.0.0.1", 0 },
    { "", "127.0.0.1", 0 },
    { "", "::1", 0 },
};

START_TEST(a_set_contains_the_addresses_of_its_ranges)
{
    ck_assert_msg(tr_nets_contain(nets_of(asked[_i].nets),
                                  address(asked[_i].address))
                      == asked[_i].contained,
                  "%s in [%s]", asked[_i].address, asked[_i].nets);
}
END_TEST

START_TEST(a_zone_does_not_count)
{
    apr_sockaddr_t *asking = address("fe80::1");

    asking->sa.sin6.sin6_scope_id = 2;
    ck_assert(tr_nets_contain(nets_of("fe80::1"), asking));
    ck_assert(tr_nets_contain(nets_of("fe80::/10"), asking));
    ck_assert(!tr_nets_contain(nets_of("fe80::2"), asking));
}
END_TEST

START_TEST(what_is_no_address_lies_nowhere)
{
    apr_array_header_t *all = nets_of("0.0.0.0/0 ::/0");
    apr_sockaddr_t *asking = address("192.0.2.7");

    asking->family = AF_UNIX;
    asking->ipaddr_ptr = NULL;
    ck_assert(!tr_nets_contain(all, asking));
    asking->family = AF_UNSPEC;
    ck_assert(!tr_nets_contain(all, asking));
}
END_TEST

START_TEST(a_wrong_word_leaves_the_set_unchanged)
{
    apr_array_header_t *nets = nets_of("10.0.0.0/8");
    int i, before = nets->nelts;

    for (i = 0; i < ROWS(words); ++i) {
        if (words[i].message) {
            tr_nets_parse(nets, words[i].word, pool);
        }
    }
    ck_assert_int_eq(nets->nelts, before);
    ck_assert(!tr_nets_contain(nets, address("192.0.2.7")));
    ck_assert(tr_nets_contain(nets, address("10.0.0.1")));
}
END_TEST

/* ---- random ranges against a comparison bit by bit ---- */

/* IPv4 is mapped: 128 bits in any case. */
typedef struct model_t {
    unsigned char bytes[16];
    unsigned bits;
} model_t;

static int bit(const unsigned char *bytes, unsigned i)
{
    return bytes[i / 8] >> (7 - i % 8) & 1;
}

static int is_mapped(const unsigned char *bytes)
{
    return memcmp(bytes, "\0\0\0\0\0\0\0\0\0\0\xff\xff", 12) == 0;
}

static void random_address(unsigned char *bytes)
{
    int i;

    for (i = 0; i < 16; ++i) {
        bytes[i] = (unsigned char)(unit_random(2) ? unit_random(256) : 0);
    }
    if (unit_random(2)) {
        memcpy(bytes, "\0\0\0\0\0\0\0\0\0\0\xff\xff", 12);
    }
}

static int model_contains(const model_t *net, const unsigned char *bytes)
{
    unsigned i;

    for (i = 0; i < net->bits; ++i) {
        if (bit(net->bytes, i) != bit(bytes, i)) {
            return 0;
        }
    }
    return is_mapped(bytes) == (is_mapped(net->bytes) && net->bits >= 96);
}

static const char *random_net(model_t *net)
{
    char text[INET6_ADDRSTRLEN];
    unsigned low, i;

    random_address(net->bytes);
    low = is_mapped(net->bytes) ? 96 : 0;
    net->bits = low + unit_random(129 - low);
    for (i = net->bits; i < 128; ++i) {
        net->bytes[i / 8] &= (unsigned char)~(0x80 >> i % 8);
    }
    if (low && unit_random(2)) {
        inet_ntop(AF_INET, net->bytes + 12, text, sizeof(text));
        return apr_psprintf(pool, "%s/%u", text, net->bits - 96);
    }
    inet_ntop(AF_INET6, net->bytes, text, sizeof(text));
    return apr_psprintf(pool, "%s/%u", text, net->bits);
}

/* Of a range but for one bit, so that edges are met. */
static void random_neighbour(unsigned char *bytes, const model_t *net)
{
    unsigned at = unit_random(128), i;

    random_address(bytes);
    for (i = 0; i < net->bits; ++i) {
        unsigned char mask = (unsigned char)(0x80 >> i % 8);

        bytes[i / 8] = (unsigned char)((bytes[i / 8] & ~mask)
                                       | (net->bytes[i / 8] & mask));
    }
    if (unit_random(2)) {
        bytes[at / 8] ^= (unsigned char)(0x80 >> at % 8);
    }
}

START_TEST(random_ranges_contain_what_begins_with_the_same_bits)
{
    int round, i;

    for (round = 0; round < 5000; ++round) {
        model_t net;
        const char *word = random_net(&net);
        apr_array_header_t *nets = no_nets();

        check_message(word, tr_nets_parse(nets, word, pool), NULL);
        for (i = 0; i < 8; ++i) {
            unsigned char bytes[16];
            char text[INET6_ADDRSTRLEN];
            int contained;

            random_neighbour(bytes, &net);
            inet_ntop(AF_INET6, bytes, text, sizeof(text));
            contained = model_contains(&net, bytes);
            ck_assert_msg(tr_nets_contain(nets, address_of(AF_INET6, bytes))
                              == contained,
                          "%s in %s", text, word);
            ck_assert_msg(!is_mapped(bytes)
                              || tr_nets_contain(nets,
                                                 address_of(AF_INET,
                                                            bytes + 12))
                                     == contained,
                          "%s as IPv4 in %s", text, word);
        }
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("tr_nets");
    TCase *tests = unit_case(suite, "parse");

    tcase_add_loop_test(tests, a_word_is_an_address_or_a_range, 0, ROWS(words));
    tcase_add_test(tests, a_wrong_word_leaves_the_set_unchanged);
    tests = unit_case(suite, "contain");
    tcase_add_loop_test(tests, a_set_contains_the_addresses_of_its_ranges, 0,
                        ROWS(asked));
    tcase_add_test(tests, a_zone_does_not_count);
    tcase_add_test(tests, what_is_no_address_lies_nowhere);
    tcase_add_test(tests, random_ranges_contain_what_begins_with_the_same_bits);
    return unit_main(suite);
}

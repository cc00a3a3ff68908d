/* Licensed under the Apache License, Version 2.0; see LICENSE. */
#include <arpa/inet.h>
#include <string.h>

#include <apr_strings.h>

#include "tr_ascii.h"
#include "tr_nets.h"

#define MAPPED_BITS 96

typedef struct net_t {
    int family;
    unsigned char bytes[16];
    unsigned bits, width;
} net_t;

static int read_address(net_t *net, const char *text)
{
    net->family = strchr(text, ':') ? AF_INET6 : AF_INET;
    net->width = net->bits = net->family == AF_INET6 ? 128 : 32;
    return inet_pton(net->family, text, net->bytes) == 1;
}

static int consists_of(const char *text, const char *set)
{
    return text[strspn(text, set)] == '\0';
}

static int has_port(const char *text)
{
    const char *colon = strchr(text, ':');

    return colon && strchr(text, '.') && strrchr(text, ':') == colon;
}

static const char *address_fault(const char *text)
{
    if (*text == '\0') {
        return "an address is missing; write one, as in '192.0.2.7', "
               "'10.0.0.0/8' or '2001:db8::/32'";
    }
    if (strpbrk(text, "[]")) {
        return "write the address without brackets and port, as in "
               "'2001:db8::1'";
    }
    if (strchr(text, '%')) {
        return "write the address without zone, as in 'fe80::1'";
    }
    if (consists_of(text, "0123456789.")) {
        return "not a whole IPv4 address; write four numbers from 0 to 255 "
               "without leading zeros, as in '10.1.0.0' or '10.1.0.0/16'";
    }
    if (consists_of(text, "0123456789.*-")) {
        return "write a range with the length of its prefix, as in "
               "'10.0.0.0/8'";
    }
    if (consists_of(text, "0123456789.:") && has_port(text)) {
        return "write the address without port, as in '192.0.2.7'";
    }
    if (strchr(text, ':') && consists_of(text, "0123456789abcdefABCDEF.:")) {
        return "not an IPv6 address; write one as in '2001:db8::1' or "
               "'2001:db8::/32'";
    }
    return "not an address, and names are not looked up; write addresses or "
           "ranges, as in '192.0.2.7', '10.0.0.0/8' or '2001:db8::/32'";
}

static const char *read_prefix(net_t *net, const char *text)
{
    unsigned bits = 0;
    const char *at;

    if (strpbrk(text, ".:")) {
        return "write the length of the prefix, not a mask: '/8' is "
               "'/255.0.0.0', '/24' is '/255.255.255.0'";
    }
    for (at = text; tr_is_digit(*at) && bits <= net->width; ++at) {
        bits = bits * 10 + (unsigned)(*at - '0');
    }
    if (at == text || *at || (*text == '0' && at > text + 1)
        || bits > net->width) {
        return net->family == AF_INET
                   ? "the length of an IPv4 prefix is a number from 0 to 32 "
                     "without sign and leading zeros, as in '10.0.0.0/8'"
                   : "the length of an IPv6 prefix is a number from 0 to 128 "
                     "without sign and leading zeros, as in '2001:db8::/32'";
    }
    net->bits = bits;
    return NULL;
}

static const char *unmap(net_t *net)
{
    static const unsigned char mapped[MAPPED_BITS / 8] = { [10] = 0xff, 0xff };

    if (net->family == AF_INET
        || memcmp(net->bytes, mapped, sizeof(mapped)) != 0) {
        return NULL;
    }
    if (net->bits < MAPPED_BITS) {
        return "the prefix of an IPv4 address mapped into IPv6 has at least "
               "96 bits; write it as IPv4, as in '10.0.0.0/8'";
    }
    memmove(net->bytes, net->bytes + sizeof(mapped), 4);
    net->family = AF_INET;
    net->bits -= MAPPED_BITS;
    net->width -= MAPPED_BITS;
    return NULL;
}

static const char *text_of(const net_t *net, apr_pool_t *p)
{
    char text[INET6_ADDRSTRLEN];

    return apr_pstrdup(p,
                       inet_ntop(net->family, net->bytes, text, sizeof(text)));
}

static const char *check_rest(const net_t *net, apr_pool_t *p)
{
    net_t plain = *net;
    unsigned i;

    for (i = net->bits; i < net->width; ++i) {
        plain.bytes[i / 8] &= (unsigned char)~(0x80u >> i % 8);
    }
    if (memcmp(plain.bytes, net->bytes, net->width / 8) == 0) {
        return NULL;
    }
    return apr_psprintf(p,
                        "has bits set behind the prefix; write '%s/%u', or "
                        "'%s' alone",
                        text_of(&plain, p), net->bits, text_of(net, p));
}

static const char *read_net(net_t *net, const char *word, apr_pool_t *p)
{
    apr_size_t n = strcspn(word, "/");
    const char *text = apr_pstrmemdup(p, word, n), *error = NULL;

    if (!read_address(net, text)) {
        return address_fault(text);
    }
    if (word[n] == '/') {
        error = read_prefix(net, word + n + 1);
    }
    error = error ? error : unmap(net);
    return error ? error : check_rest(net, p);
}

/* NULL where APR knows no IPv6. */
static apr_ipsubnet_t *subnet_of(const net_t *net, apr_pool_t *p)
{
    apr_ipsubnet_t *made;

    return apr_ipsubnet_create(&made, text_of(net, p),
                               apr_psprintf(p, "%u", net->bits), p)
                   == APR_SUCCESS
               ? made
               : NULL;
}

const char *tr_nets_parse(apr_array_header_t *nets, const char *word,
                          apr_pool_t *p)
{
    net_t net;
    const char *error = read_net(&net, word, p);
    int halves = 0;
    apr_ipsubnet_t *made;

    if (error) {
        return error;
    }
    if (net.bits == 0) { /* which APR does not take, but both halves */
        net.bits = 1;
        halves = 1;
    }
    made = subnet_of(&net, p);
    if (made == NULL) {
        return "this server's APR was built without IPv6; write IPv4 "
               "addresses, as in '192.0.2.7' or '10.0.0.0/8'";
    }
    APR_ARRAY_PUSH(nets, apr_ipsubnet_t *) = made;
    if (halves) {
        net.bytes[0] = 0x80;
        APR_ARRAY_PUSH(nets, apr_ipsubnet_t *) = subnet_of(&net, p);
    }
    return NULL;
}

int tr_nets_contain(const apr_array_header_t *nets,
                    const apr_sockaddr_t *address)
{
    int i;

    if (address->family != AF_INET && address->family != AF_INET6) {
        return 0;
    }
    for (i = 0; i < nets->nelts; ++i) {
        if (apr_ipsubnet_test(APR_ARRAY_IDX(nets, i, apr_ipsubnet_t *),
                              (apr_sockaddr_t *)address)) {
            return 1;
        }
    }
    return 0;
}

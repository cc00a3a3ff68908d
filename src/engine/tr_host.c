/* Licensed under the Apache License, Version 2.0; see LICENSE. */
#include <arpa/inet.h>

#include <apr_cstr.h>
#include <apr_hash.h>

#include "tr_ascii.h"
#include "tr_host.h"

/* Both sets hold names in lower case; a suffix is keyed without its "*.". */
struct tr_hosts_t {
    apr_hash_t *names;
    apr_hash_t *suffixes;
};

static int is_address(int family, tr_slice_t host)
{
    char text[INET6_ADDRSTRLEN];
    unsigned char address[16];

    if (host.n >= sizeof(text) || memchr(host.p, '\0', host.n)) {
        return 0;
    }
    memcpy(text, host.p, host.n);
    text[host.n] = '\0';
    return inet_pton(family, text, address) == 1;
}

static int is_label(tr_slice_t label)
{
    apr_size_t i;

    if (label.n == 0 || label.n > 63 || label.p[0] == '-'
        || label.p[label.n - 1] == '-') {
        return 0;
    }
    for (i = 0; i < label.n; ++i) {
        if (!tr_is_alnum(label.p[i]) && label.p[i] != '-'
            && label.p[i] != '_') {
            return 0;
        }
    }
    return 1;
}

static tr_slice_t without_last_dot(tr_slice_t host)
{
    host.n -= host.n > 0 && host.p[host.n - 1] == '.';
    return host;
}

/* The spelling that hosts are compared in, but for upper and lower case. */
static tr_slice_t plain(tr_slice_t host)
{
    if (host.n > 1 && host.p[0] == '[' && host.p[host.n - 1] == ']'
        && memchr(host.p, ':', host.n)) {
        return tr_slice(host.p + 1, host.n - 2);
    }
    return without_last_dot(host);
}

int tr_host_is_valid(tr_slice_t host)
{
    apr_size_t begin = 0, i;

    if (host.n > 2 && host.p[0] == '[' && host.p[host.n - 1] == ']') {
        return is_address(AF_INET6, tr_slice(host.p + 1, host.n - 2));
    }
    host = without_last_dot(host);
    if (host.n > TR_HOST_MAX) {
        return 0;
    }
    for (i = 0; i <= host.n; ++i) {
        if (i == host.n || host.p[i] == '.') {
            if (!is_label(tr_slice(host.p + begin, i - begin))) {
                return 0;
            }
            begin = i < host.n ? i + 1 : begin;
        }
    }
    /* A last label of digits makes it an address (WHATWG URL), or nothing. */
    for (i = begin; i < host.n && tr_is_digit(host.p[i]); ++i) {
    }
    return i < host.n || is_address(AF_INET, host);
}

int tr_host_equal(tr_slice_t a, tr_slice_t b)
{
    a = plain(a);
    b = plain(b);
    return a.n == b.n && apr_cstr_casecmpn(a.p, b.p, a.n) == 0;
}

tr_hosts_t *tr_hosts_make(apr_pool_t *p)
{
    tr_hosts_t *hosts = apr_palloc(p, sizeof(*hosts));

    hosts->names = apr_hash_make(p);
    hosts->suffixes = apr_hash_make(p);
    return hosts;
}

static void lower(char *out, tr_slice_t s)
{
    apr_size_t i;

    for (i = 0; i < s.n; ++i) {
        out[i] = tr_to_lower(s.p[i]);
    }
}

static void add(apr_hash_t *set, tr_slice_t host, apr_pool_t *p)
{
    char *key;

    host = plain(host);
    key = apr_palloc(p, host.n + 1);
    lower(key, host);
    apr_hash_set(set, key, (apr_ssize_t)host.n, set);
}

void tr_hosts_add(tr_hosts_t *hosts, tr_slice_t host, apr_pool_t *p)
{
    add(hosts->names, host, p);
}

const char *tr_hosts_parse(tr_hosts_t *hosts, const char *word, apr_pool_t *p)
{
    int wild = strncmp(word, "*.", 2) == 0;
    tr_slice_t host = tr_slice_of(wild ? word + 2 : word);

    if (strcmp(word, "*") == 0) {
        return "would allow a redirect to any host; name the hosts, as in "
               "'www.example.com' or '*.example.com'";
    }
    if (!tr_host_is_valid(host)
        || (wild && (*host.p == '[' || is_address(AF_INET, plain(host))))) {
        return "not a host; write a name or an address without scheme, port "
               "and path, as in 'www.example.com', '*.example.com' or "
               "'[::1]'";
    }
    add(wild ? hosts->suffixes : hosts->names, host, p);
    return NULL;
}

int tr_hosts_contains(const tr_hosts_t *hosts, tr_slice_t host)
{
    char key[TR_HOST_MAX];
    apr_size_t i;

    host = plain(host);
    if (hosts == NULL || host.n == 0 || host.n > sizeof(key)) {
        return 0;
    }
    lower(key, host);
    if (apr_hash_get(hosts->names, key, (apr_ssize_t)host.n)) {
        return 1;
    }
    for (i = 1; i < host.n; ++i) {
        if (key[i] == '.'
            && apr_hash_get(hosts->suffixes, key + i + 1,
                            (apr_ssize_t)(host.n - i - 1))) {
            return 1;
        }
    }
    return 0;
}

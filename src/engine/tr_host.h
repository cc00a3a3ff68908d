/* Licensed under the Apache License, Version 2.0; see LICENSE. */
/**
 * @file tr_host.h
 * Host names: which strings are one (RFC 3986 section 3.2.2, RFC 1123 section
 * 2.1), and a set of them, with wildcards, that may be redirected to.
 *
 *     tr_hosts_t *hosts = tr_hosts_make(p);
 *     tr_hosts_parse(hosts, "*.example.com", p);
 *     tr_hosts_contains(hosts, tr_slice_of("shop.example.com"));    // 1
 *     tr_hosts_contains(hosts, tr_slice_of("example.com"));         // 0
 *
 * A set is filled at configuration time and read-only from then on.
 */
#ifndef TR_HOST_H
#define TR_HOST_H

#include <apr_pools.h>

#include "tr_slice.h"

/** The longest name that DNS can hold (RFC 1035 section 2.3.4). */
#define TR_HOST_MAX 253

typedef struct tr_hosts_t tr_hosts_t;

/**
 * Whether @a host is a name of letters, digits, '-' and '_' in labels, a
 * dotted IPv4 address, or an IPv6 address in brackets. A name may end in one
 * dot. It has neither port nor user info.
 */
int tr_host_is_valid(tr_slice_t host);

/**
 * Whether two names are of the same host: without regard to case, to a dot at
 * the end, and to the brackets of an IPv6 address.
 */
int tr_host_equal(tr_slice_t a, tr_slice_t b);

/** An empty set, *allocated from p*. */
tr_hosts_t *tr_hosts_make(apr_pool_t *p);

/**
 * Add a host, or "*.domain" for every name below a domain.
 * @param word *copied*, in lower case
 * @return NULL, or what is wrong with the word; the set is then unchanged
 */
const char *tr_hosts_parse(tr_hosts_t *hosts, const char *word, apr_pool_t *p);

/** Add a host whatever it looks like, *copied*. */
void tr_hosts_add(tr_hosts_t *hosts, tr_slice_t host, apr_pool_t *p);

/**
 * Whether the set names @a host, compared as by tr_host_equal().
 * @param hosts may be NULL, the empty set
 */
int tr_hosts_contains(const tr_hosts_t *hosts, tr_slice_t host);

#endif /* TR_HOST_H */

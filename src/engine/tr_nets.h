/* Licensed under the Apache License, Version 2.0; see LICENSE. */
/**
 * @file tr_nets.h
 * A set of networks: addresses and CIDR ranges (RFC 4632, RFC 4291 section
 * 2.3), for the condition client=.
 *
 *     192.0.2.7   10.0.0.0/8   2001:db8::/32   ::ffff:10.0.0.0/104
 *
 * An IPv4 address and the same one mapped into IPv6 (::ffff:0:0/96) are the
 * same, in the set and in what is asked. So 0.0.0.0/0 holds every IPv4 address,
 * mapped or not, and an IPv6 range holds none of them, not even ::/0.
 *
 * Only what can be read in one way is taken: whole addresses, and the length
 * of a prefix behind which no bit is set. No names, ports, brackets, zones and
 * masks. An address that is asked may have a zone (scope id); it does not
 * count.
 *
 * Filled at configuration time and read-only from then on.
 */
#ifndef TR_NETS_H
#define TR_NETS_H

#include <apr_network_io.h>
#include <apr_tables.h>

/**
 * Add an address or range.
 * @param nets of apr_ipsubnet_t *; grows by one or two
 * @param p what is added is *allocated from p*
 * @return NULL, or what is wrong and what would be right; @a nets is then
 *         unchanged
 */
const char *tr_nets_parse(apr_array_header_t *nets, const char *word,
                          apr_pool_t *p);

/**
 * Whether an address lies in one of the networks, which are asked one by one.
 * @param address of any family; one that is neither IPv4 nor IPv6 lies in none
 */
int tr_nets_contain(const apr_array_header_t *nets,
                    const apr_sockaddr_t *address);

#endif /* TR_NETS_H */

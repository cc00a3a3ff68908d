/* Licensed under the Apache License, Version 2.0; see LICENSE. */
/**
 * @file mod_tr_names.h
 * The names of this server: ServerName and ServerAlias of all its virtual
 * hosts. A Host that is none of them is a client's invention, and no redirect
 * goes there.
 */
#ifndef MOD_TR_NAMES_H
#define MOD_TR_NAMES_H

#include <httpd.h>

/**
 * Collect the names of a server and its virtual hosts, once the configuration
 * is read.
 * @param p lives as long as the configuration
 */
void mod_tr_names_build(const server_rec *s, apr_pool_t *p);

/**
 * Whether a host is a name of this server. An alias whose wildcard leaves open
 * the domain ("*", "www.*", "*shop.example") names nobody.
 * @param host in lower case, without port; IPv6 without brackets
 */
int mod_tr_names_contains(const char *host);

#endif /* MOD_TR_NAMES_H */

/* Licensed under the Apache License, Version 2.0; see LICENSE. */
/**
 * @file mod_tr_pools.h
 * The pools of each server, and who may use them: a rule's pool is one of the
 * virtual host that the rule is written in, else one of the main server.
 */
#ifndef MOD_TR_POOLS_H
#define MOD_TR_POOLS_H

#include <httpd.h>
#include <http_config.h>

#include "tr_pool.h"

/** TempRedirectPool. */
const char *mod_tr_pools_add(cmd_parms *cmd, void *conf, const char *line);

/** TempRedirectMember. */
const char *mod_tr_pools_add_member(cmd_parms *cmd, void *conf,
                                    const char *line);

/**
 * Check all pools, once the configuration is read; rules are bound to them later.
 * @return OK, or HTTP_INTERNAL_SERVER_ERROR after the errors have been logged
 */
int mod_tr_pools_check(const server_rec *main_server, apr_pool_t *p);

/**
 * Bind a rule to its pool, if its target is one.
 * @param warnings as of tr_rule_parse()
 * @param server that the rule is written in
 * @return NULL, or a message that begins with the word
 */
const char *mod_tr_pools_bind(tr_rule_t *rule, apr_array_header_t *warnings,
                              const server_rec *server,
                              const server_rec *main_server, apr_pool_t *p);

#endif /* MOD_TR_POOLS_H */

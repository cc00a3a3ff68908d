/* Licensed under the Apache License, Version 2.0; see LICENSE. */
/**
 * @file mod_tr_config.h
 * The directives, and the sections that they fill.
 */
#ifndef MOD_TR_CONFIG_H
#define MOD_TR_CONFIG_H

#include <httpd.h>
#include <http_config.h>

#include "tr_slice.h"

/** What the module knows of a server or virtual host. The mark is set by threads
 * that read an .htaccess file. */
typedef struct mod_tr_server_t {
    volatile apr_uint32_t has_if; /**< some .htaccess had an <If> */
    apr_array_header_t *pools;    /**< tr_pool_t *: those written there */
} mod_tr_server_t;

mod_tr_server_t *mod_tr_server_of(const server_rec *s);

/** The directives of the module. */
extern const command_rec mod_tr_config_commands[];

/** Per-directory configuration (tr_section_t): create. */
void *mod_tr_config_create(apr_pool_t *p, char *path);

/** Per-directory configuration (tr_section_t): merge. */
void *mod_tr_config_merge(apr_pool_t *p, void *base, void *add);

/** Per-server configuration: create. */
void *mod_tr_config_create_server(apr_pool_t *p, server_rec *s);

/**
 * Whether an <If> of a server, or of the main one, has a say about a path. Then
 * an answer can depend on what no cache knows, also where the <If> is not true
 * for this request, and nothing of it is left to see.
 * @param path decoded
 * @param p for scratch
 */
int mod_tr_config_has_if(const server_rec *s, tr_slice_t path, apr_pool_t *p);

/** Hook pre_config: forget the sections of an earlier configuration. */
int mod_tr_config_reset(apr_pool_t *pconf, apr_pool_t *plog, apr_pool_t *ptemp);

/**
 * Hook check_config, also under "httpd -t": freeze all sections, and check
 * what one directive alone does not show.
 * @return OK, or HTTP_INTERNAL_SERVER_ERROR after the error has been logged
 */
int mod_tr_config_check(apr_pool_t *pconf, apr_pool_t *plog, apr_pool_t *ptemp,
                        server_rec *s);

#endif /* MOD_TR_CONFIG_H */

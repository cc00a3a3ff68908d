/* Licensed under the Apache License, Version 2.0; see LICENSE. */
/**
 * @file mod_tr_request.h
 * A request on its way through the module: shown to the engine, decided, and
 * answered.
 */
#ifndef MOD_TR_REQUEST_H
#define MOD_TR_REQUEST_H

#include <httpd.h>

/**
 * Hook translate_name: the same for rules with phase=early. The per-directory
 * configuration holds server, virtual host, Location and If by then. An internal
 * redirect is handed what logs say of the request before it.
 * @return the status of the redirect, or DECLINED
 */
int mod_tr_request_early(request_rec *r);

/**
 * Hook fixups: answer the request with a redirect where a rule says so.
 * @return the status of the redirect, or DECLINED
 */
int mod_tr_request_fixup(request_rec *r);

#endif /* MOD_TR_REQUEST_H */

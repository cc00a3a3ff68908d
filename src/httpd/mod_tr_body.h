/* Licensed under the Apache License, Version 2.0; see LICENSE. */
/**
 * @file mod_tr_body.h
 * The body of a request that is redirected.
 */
#ifndef MOD_TR_BODY_H
#define MOD_TR_BODY_H

#include <httpd.h>

/**
 * Read the body of an HTTP/2 request to its end, or up to LimitRequestBody,
 * and drop it. For HTTP/2 only: on HTTP/1 httpd does that itself.
 *
 * RFC 9113 section 8.1 lets a server answer before a request is complete, and
 * ask with RST_STREAM(NO_ERROR) for no more of it. Clients in the field (curl
 * 7.88 with -L, Java 17) then hang, or lose the answer.
 *
 * A body that a client holds back ("Expect: 100-continue"), or one known to be
 * over the limit, is not read.
 */
void mod_tr_body_read(request_rec *r);

#endif /* MOD_TR_BODY_H */

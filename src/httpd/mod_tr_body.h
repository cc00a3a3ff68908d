/* Licensed under the Apache License, Version 2.0; see LICENSE. */
/**
 * @file mod_tr_body.h
 * The body of a request: looked into for rules that ask for it, and drained, or
 * left, where a rule redirects.
 */
#ifndef MOD_TR_BODY_H
#define MOD_TR_BODY_H

#include <httpd.h>

#include "tr_body.h"
#include "tr_drain.h"

/**
 * Read a body into one piece of memory, and put it back for whoever reads it
 * next (mod_tr_replay.h). What has arrived already costs no "100 Continue"; else
 * there is one. For tr_facts_t.
 * @param body whose bytes are filled, *allocated from the request's pool*; or
 *        its error, the status for the client
 * @param view whose body_limit says how much to read at most: a longer one is
 *        put back as far as it was read, and is not touched where its length is
 *        known
 * @return TR_OK, TR_BODY_LONG, TR_BODY_TAKEN or TR_BODY_FAILED
 */
tr_reason_t mod_tr_body_look(tr_body_t *body, const tr_view_t *view);

/**
 * Read the body of a request that will be redirected to its end and drop it, or
 * leave it, as tr_drain_size() has it. One that is left closes the connection.
 * @param left filled: whether it was left
 * @return OK, or the status for the client of a body that could not be read
 */
int mod_tr_body_drain(int *left, request_rec *r, const tr_drain_t *drain);

/**
 * Answer a request on HTTP/2 whose body is left (RFC 9113 section 8.1).
 *
 * Once a request has ended here, mod_http2 resets its stream with NO_ERROR, and
 * clients in the field (curl 7.88) take the reset for the answer. So all of the
 * answer is flushed first, and the request ends 5 ms later.
 * @param status of the answer, whose headers are set
 * @return what a hook returns then
 */
int mod_tr_body_answer_early(request_rec *r, int status);

#endif /* MOD_TR_BODY_H */

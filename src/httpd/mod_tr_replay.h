/* Licensed under the Apache License, Version 2.0; see LICENSE. */
/**
 * @file mod_tr_replay.h
 * A body that was looked into, and is given to whoever reads it next as if it
 * had never been.
 *
 *     before   handler <- resource filters <-           HTTP_IN <- connection
 *     after    handler <- resource filters <- replay <- HTTP_IN <- connection
 *                                             {bytes}   {the rest}
 *
 * The bytes, without transfer coding, stand in one piece of memory. The filter
 * gives them out, as many as it is asked for, then what comes behind them. It
 * stands at the head of the protocol filters: those are what httpd hands on to
 * subrequests and internal redirects, where resource filters are lost. HTTP_IN,
 * below it, has counted the bytes against LimitRequestBody once, and does not
 * see them again. Once all is given out the filter removes itself.
 */
#ifndef MOD_TR_REPLAY_H
#define MOD_TR_REPLAY_H

#include <httpd.h>

#include "tr_slice.h"

/** Register the filter; from register_hooks. */
void mod_tr_replay_register(void);

/**
 * Put bytes back in front of what is left of a body.
 * @param r the client's own request
 * @param bytes *borrowed* for as long as the request; not empty
 * @param is_whole nothing comes behind them
 */
void mod_tr_replay_add(request_rec *r, tr_slice_t bytes, int is_whole);

/**
 * Let a body that is not to be read end here: a script that is the ErrorDocument
 * would wait for all of it.
 */
void mod_tr_replay_cut(request_rec *r);

#endif /* MOD_TR_REPLAY_H */

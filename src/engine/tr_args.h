/* Licensed under the Apache License, Version 2.0; see LICENSE. */
/**
 * @file tr_args.h
 * The word args=: what of the request's query the redirect keeps.
 *
 *     target   https://h/new?lang=de      request   /old?id=7&lang=en&utm_a=1
 *     pass           ?lang=de                (the target has its own)
 *     merge          ?lang=de&id=7&utm_a=1
 *     drop           ?lang=de
 *     only:id        ?lang=de&id=7
 *     except:utm_*   ?lang=de&id=7
 *
 * Parameters keep the client's own bytes and order; their names are compared
 * decoded, so that no spelling of a name slips through.
 */
#ifndef TR_ARGS_H
#define TR_ARGS_H

#include <apr_pools.h>

#include "tr_buf.h"

typedef struct tr_args_t tr_args_t;

/** What holds without the word: pass. */
extern const tr_args_t tr_args_default;

/**
 * Parse the value of args=.
 * @param args filled, *allocated from p*
 * @return NULL, or what is wrong and what would be right
 */
const char *tr_args_parse(const tr_args_t **args, const char *value,
                          apr_pool_t *p);

/**
 * Add to a Location what the policy keeps, with the '?' or '&' before it.
 * @param out ends where the query goes on, or would begin
 * @param sent the request's query as sent; may be none
 * @param own the target's query, within @a out; none where it has none
 * @param scratch for names of parameters
 */
void tr_args_render(tr_buf_t *out, const tr_args_t *args, tr_slice_t sent,
                    tr_slice_t own, apr_pool_t *scratch);

#endif /* TR_ARGS_H */

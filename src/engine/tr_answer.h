/* Licensed under the Apache License, Version 2.0; see LICENSE. */
/**
 * @file tr_answer.h
 * The headers that go with a redirect, beside its Location.
 *
 *     cache=600    Cache-Control: max-age=600, or less, where a window has an
 *                  edge before that; "private, " where the choice depended on
 *                  who asks; and the Expires of the same instant
 *     (none)       Cache-Control: no-store, and an Expires in the past; so with
 *                  any cache= where a pool chose at random, and with
 *                  cache=unset beside a pool's cookie
 *
 * RFC 9111 sections 5.2.2 and 5.3, RFC 9110 sections 10.2.3 and 12.5.5. A
 * window opens and closes for the redirect, and so for what caches have of it:
 * no answer outlives the next edge of a window that was consulted for it.
 * Varnish serves what is stale for ten seconds more, unless it has a
 * stale-while-revalidate (RFC 5861) that says otherwise: such answers do.
 */
#ifndef TR_ANSWER_H
#define TR_ANSWER_H

#include "tr_decide.h"

typedef struct tr_answer_t {
    const char *cache_control; /**< NULL: none, and no Expires */
    apr_time_t expires;        /**< 0, the epoch, with no-store */
    const char *vary;          /**< NULL: none */
    apr_int64_t retry_after;   /**< seconds; below 0: none */
} tr_answer_t;

/**
 * Fill the headers of a redirect.
 * @param answer filled, *allocated from p*
 * @param now the time of the request
 */
void tr_answer_fill(tr_answer_t *answer, const tr_decision_t *decision,
                    apr_time_t now, apr_pool_t *p);

/**
 * Whether what a request gets that goes on is for it alone, as others in its place
 * may be sent away: where chance had a say, and where a pool let it stay by what
 * is private. A cookie is for nobody else, whatever cache= says.
 */
int tr_answer_is_for_one(const tr_decision_t *decision);

#endif /* TR_ANSWER_H */

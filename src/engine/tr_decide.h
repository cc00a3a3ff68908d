/* Licensed under the Apache License, Version 2.0; see LICENSE. */
/**
 * @file tr_decide.h
 * Which rule wins: the way of a request through the engine.
 *
 *     view -> candidates -> pattern -> target -> guard -> decision
 *
 * The section merged last comes first, within one the order written; the first
 * rule that holds wins. A rule that fails on the way (no value, a limit, a
 * loop) does not hold, and the next one is asked.
 */
#ifndef TR_DECIDE_H
#define TR_DECIDE_H

#include "tr_section.h"
#include "tr_view.h"

typedef enum tr_verdict_t {
    TR_NOT_CONCERNED, /**< no rule holds */
    TR_STAY,          /**< the rule that holds is "!" */
    TR_REDIRECT
} tr_verdict_t;

typedef struct tr_decision_t {
    const tr_rule_t *rule;
    tr_location_t location; /**< of TR_REDIRECT only */
} tr_decision_t;

/**
 * Decide a request.
 * @param decision its rule is filled where there is one; its location with
 *        TR_REDIRECT, *allocated from p*, and is undefined otherwise
 * @param section merged for the request
 * @param view whose facts are told of each rule that fails
 * @param p the request's; untouched where no rule is concerned and the path
 *        needs no decoding
 */
tr_verdict_t tr_decide(tr_decision_t *decision, const tr_section_t *section,
                       const tr_view_t *view, apr_pool_t *p);

#endif /* TR_DECIDE_H */

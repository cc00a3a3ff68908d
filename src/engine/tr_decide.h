/* Licensed under the Apache License, Version 2.0; see LICENSE. */
/**
 * @file tr_decide.h
 * Which rule wins: the way of a request through the engine.
 *
 *     view -> candidates -> pattern -> conditions -> target -> guard -> decision
 *
 * The section merged last comes first, within one the order written; the first
 * rule that holds wins. A rule that fails on the way (no value, a limit, a
 * loop) does not hold, and the next one is asked. One under mode=dry that holds
 * is told of, and the next one is asked.
 */
#ifndef TR_DECIDE_H
#define TR_DECIDE_H

#include "tr_consulted.h"
#include "tr_pool.h"
#include "tr_section.h"
#include "tr_view.h"

typedef enum tr_verdict_t {
    TR_NOT_CONCERNED, /**< no rule holds */
    TR_STAY,          /**< the rule that holds is "!", or its pool chose that */
    TR_REDIRECT
} tr_verdict_t;

typedef struct tr_decision_t {
    const tr_rule_t *rule;    /**< not of TR_NOT_CONCERNED */
    tr_location_t location;   /**< of TR_REDIRECT only */
    tr_consulted_t consulted; /**< what it depended on, whatever it is */
    const tr_rule_t *stays;   /**< in TR_PHASE_FIXUPS: the rule with phase=early
                                   whose pool let the request stay in that phase;
                                   else NULL. Not changed */
    tr_choice_t earlier;      /**< what that pool chose: it does so for all that
                                   ask it in one request. Not changed */
    tr_choice_t choice;       /**< what the rule's pool chose */
    const tr_rule_t *dry;     /**< the first rule under mode=dry that would
                                   have redirected, or left the choice to its
                                   pool; else NULL */
    tr_choice_t dry_choice;   /**< what its pool chose */
} tr_decision_t;

/**
 * Decide a request.
 * @param decision filled, *allocated from p*; but for stays and earlier, and for
 *        consulted, which is added to: all zeros at first, or what the earlier
 *        phase left
 * @param section merged for the request
 * @param view whose facts are told of each rule that fails
 * @param phase only its rules are asked
 * @param p the request's; untouched where no rule's pattern matches and the path
 *        needs no decoding
 */
tr_verdict_t tr_decide(tr_decision_t *decision, const tr_section_t *section,
                       const tr_view_t *view, tr_phase_t phase, apr_pool_t *p);

#endif /* TR_DECIDE_H */

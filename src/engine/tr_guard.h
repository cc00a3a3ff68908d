/* Licensed under the Apache License, Version 2.0; see LICENSE. */
/**
 * @file tr_guard.h
 * No rule sends a client back into itself.
 *
 *     / /maintenance.html tail=drop     all go there, but who is there stays
 *     /a /a/b                           /a/x goes to /a/b/x, /a/b/x stays
 *     /blog/old /blog                   leads out of the pattern: not concerned
 *     /a /a                             could never match: an error
 *     / https:                          is for http, on whichever port
 *     / /%{cookie.lang}                 /x goes to /de/x, /de/x stays
 *     \.php$ /php%{path}                /x.php goes to /php/x.php, which stays
 *
 * A redirect does not take place
 *   - where its Location is the request's own URL;
 *   - where the base of the target (tr_target_base()) lies within the rule's own
 *     pattern, and the request is at or below it already;
 *   - where the target repeats the request's path, its Location lies within the
 *     pattern, and the request is at or below the base, or the path only grows.
 * All of it holds for relative targets, and for absolute ones on the request's
 * own scheme, host and port. Of a pool it holds for each of the members, whichever
 * is chosen: who has come to one stays there.
 */
#ifndef TR_GUARD_H
#define TR_GUARD_H

#include "tr_rule.h"

/**
 * Check a parsed rule, and fill its inside and may_loop.
 * @param p the parent of a pool for scratch
 * @return NULL, or why it could never match
 */
const char *tr_guard_check(tr_rule_t *rule, apr_pool_t *p);

/** Whether a rule leads to a scheme ("https:") that the request has already, on
 * whichever port. It needs no Location, and is asked before there is one. */
int tr_guard_has_scheme(const tr_rule_t *rule, const tr_view_t *view);

/** Whether a request can be at the rule's target already, for all that is known
 * without a Location: if not, tr_guard_leads_back() could say nothing else. */
int tr_guard_may_be_there(const tr_rule_t *rule, const tr_view_t *view);

/** tr_guard_is_loop() where it has to be looked at. */
int tr_guard_leads_back(const tr_rule_t *rule, const tr_location_t *location,
                        const tr_view_t *view, apr_pool_t *p);

/**
 * Whether a Location of the rule leads the request back into the rule.
 * @param p for scratch
 */
static inline int tr_guard_is_loop(const tr_rule_t *rule,
                                   const tr_location_t *location,
                                   const tr_view_t *view, apr_pool_t *p)
{
    return rule->may_loop && tr_guard_leads_back(rule, location, view, p);
}

#endif /* TR_GUARD_H */

/* Licensed under the Apache License, Version 2.0; see LICENSE. */
/**
 * @file tr_rule.h
 * A rule: pattern, conditions, target, response words. What one TempRedirect
 * line says.
 *
 *     TempRedirect      [URL-path] target [word ...]
 *     TempRedirectMatch regex target [word ...]
 *
 * A word is NAME=VALUE, of those in tr_words.c, or a condition (tr_cond.h). A
 * rule is immutable and shared by all threads, but for its log marks.
 */
#ifndef TR_RULE_H
#define TR_RULE_H

#include <apr_tables.h>

#include "tr_args.h"
#include "tr_cond.h"
#include "tr_pattern.h"
#include "tr_target.h"
#include "tr_window.h"

/** When in the course of a request rules are asked; bits. */
typedef enum tr_phase_t {
    TR_PHASE_FIXUPS = 1, /**< after access control */
    TR_PHASE_EARLY = 2   /**< before all else */
} tr_phase_t;

#define TR_CACHE_NO_STORE (-1)
#define TR_CACHE_UNSET (-2)
#define TR_RETRY_NONE (-1)
#define TR_RETRY_WINDOW (-2)

typedef struct tr_pool_t tr_pool_t;

/** A rule on a pool, with one of its members: what differs from the rule. */
typedef struct tr_arm_t {
    const tr_target_t *target;
    int inside;
    int may_loop;
} tr_arm_t;

struct tr_rule_t {
    tr_pattern_t pattern;
    const apr_array_header_t *conds; /**< const tr_cond_t *, the cheap ones
                                          first; NULL where there is none */
    const tr_target_t *target;
    const tr_args_t *args;     /**< args= */
    const tr_window_t *window; /**< is one of conds, too; NULL: always */
    apr_int64_t cache;         /**< cache=: seconds, or TR_CACHE_* */
    apr_int64_t retry_after;   /**< retry-after=: seconds, or TR_RETRY_* */
    int status;                /**< status= */
    int keep_tail;             /**< tail= */
    int phases;                /**< in which it is asked: bits of tr_phase_t */
    int is_early;              /**< phase=early: redirects in no other */
    int vary_off;              /**< vary= */
    int is_dry;                /**< mode= */
    int takes_preflights;      /**< method= names OPTIONS */
    int inside;        /**< the target lies within the pattern: tr_guard.h */
    int may_loop;      /**< nor does it lead elsewhere for sure */
    const char *id;    /**< id=, else file:line */
    const char *place; /**< file:line */
    volatile apr_uint32_t *logged; /**< a bit a tr_reason_t, set atomically by
                                        who logs a reason once */

    /* Of "pool:NAME" only, else NULL. */
    const tr_pool_t *pool;             /**< once the rule is bound */
    const tr_arm_t *arms;              /**< one for each member of the pool */
    int arms_n;                        /**< how many; 0 of all other rules */
    const apr_array_header_t *regexes; /**< those whose groups a member can
                                            name: see tr_target_parse() */
};

/** Where a rule stands, and what is around it. */
typedef struct tr_place_t {
    const char *file;
    int line;
    const char *location; /**< the path of the enclosing literal <Location>;
                               NULL where there is none */
    int transient;        /**< for one request only (.htaccess): not worth a
                               compilation to machine code, and all log marks
                               are set, or each request would log */
    int is_server;        /**< outside of all sections but <VirtualHost> */
    int knows_early;      /**< the section is known in TR_PHASE_EARLY */
    apr_time_t now;       /**< for a warning of windows that are over */
    tr_expr_parse_t *expr_parse; /**< for expr= */
    void *baton;                 /**< for expr_parse */
} tr_place_t;

/**
 * Parse the arguments of TempRedirect.
 * @param rule filled, *allocated from p*
 * @param warnings takes a const char * for each thing that is hardly meant
 * @param argc at least 1; @a argv is *borrowed* for as long as the rule
 * @return NULL, or a message: the word, what is wrong, what would be right
 */
const char *tr_rule_parse(tr_rule_t **rule, apr_array_header_t *warnings,
                          const tr_place_t *place, int argc,
                          const char *const *argv, apr_pool_t *p);

/** The same for TempRedirectMatch. */
const char *tr_rule_parse_match(tr_rule_t **rule, apr_array_header_t *warnings,
                                const tr_place_t *place, int argc,
                                const char *const *argv, apr_pool_t *p);

/**
 * Bind a rule whose target is "pool:NAME" to that pool. Until then it must not
 * be asked.
 * @param warnings as of tr_rule_parse()
 * @param pool that has all its members, *borrowed* for as long as the rule
 * @return NULL, or a message that begins with the word of the rule
 */
const char *tr_rule_bind(tr_rule_t *rule, apr_array_header_t *warnings,
                         const tr_pool_t *pool, apr_pool_t *p);

/** How many targets a rule has: many, where it is bound to a pool. */
static inline int tr_rule_targets(const tr_rule_t *rule)
{
    return rule->arms_n > 0 ? rule->arms_n : 1;
}

/** One of them. */
static inline const tr_target_t *tr_rule_target(const tr_rule_t *rule, int i)
{
    return rule->arms_n > 0 ? rule->arms[i].target : rule->target;
}

/** Give a copy of a rule on a pool the target of one member. @param at where that
 * stands in the pool */
static inline void tr_rule_take_arm(tr_rule_t *copy, int at)
{
    const tr_arm_t *arm = &copy->arms[at];

    copy->target = arm->target;
    copy->inside = arm->inside;
    copy->may_loop = arm->may_loop;
}

#endif /* TR_RULE_H */

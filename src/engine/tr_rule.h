/* Licensed under the Apache License, Version 2.0; see LICENSE. */
/**
 * @file tr_rule.h
 * A rule: pattern, target, response words. What one TempRedirect line says.
 *
 *     TempRedirect      [URL-path] target [word ...]
 *     TempRedirectMatch regex target [word ...]
 *
 * A word is NAME=VALUE; all of them are rows of one table in tr_rule.c. A rule
 * is immutable and shared by all threads, but for its log marks.
 */
#ifndef TR_RULE_H
#define TR_RULE_H

#include <apr_tables.h>

#include "tr_args.h"
#include "tr_pattern.h"
#include "tr_target.h"

struct tr_rule_t {
    tr_pattern_t pattern;
    const tr_target_t *target;
    const tr_args_t *args; /**< args= */
    int status;            /**< status= */
    int keep_tail;         /**< tail= */
    int inside;        /**< the target lies within the pattern: tr_guard.h */
    const char *id;    /**< id=, else file:line */
    const char *place; /**< file:line */
    volatile apr_uint32_t *logged; /**< a bit a tr_reason_t, set atomically by
                                        who logs a reason once */
};

/** Where a rule stands. */
typedef struct tr_place_t {
    const char *file;
    int line;
    const char *location; /**< the path of the enclosing literal <Location>;
                               NULL where there is none */
    int transient;        /**< for one request only (.htaccess): not worth a
                               compilation to machine code, and all log marks
                               are set, or each request would log */
    int is_server;        /**< outside of all sections but <VirtualHost> */
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

#endif /* TR_RULE_H */

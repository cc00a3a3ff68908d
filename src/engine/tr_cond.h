/* Licensed under the Apache License, Version 2.0; see LICENSE. */
/**
 * @file tr_cond.h
 * Conditions: what must be so for a rule to hold.
 *
 *     [!]ATTRIBUTE                 it is present and not empty
 *     [!]ATTRIBUTE=VALUE,VALUE     it is one of them
 *     [!]ATTRIBUTE=~REGEX          it matches
 *     [!]expr=EXPRESSION           the server's own expression is true
 *
 * How values are compared depends on the attribute:
 *
 *     method       exactly; GET stands for HEAD, too (RFC 9110 section 9.3.2)
 *     scheme       without regard to case
 *     host         without regard to case; "*.example.com" for what is below it
 *     port         as a number
 *     client       addresses and CIDR ranges: tr_nets.h
 *     lang         ranges (RFC 4647 section 3.3.1): "de" is also for "de-CH"
 *     all others   byte for byte
 *
 * Of cookies, parameters and form fields with one name, and of the elements of
 * a header field's list (RFC 9110 section 5.6.1), any may satisfy. A '!' negates
 * the whole: none does. The window of a rule is a condition, too. Immutable.
 */
#ifndef TR_COND_H
#define TR_COND_H

#include "tr_consulted.h"
#include "tr_regex.h"

typedef struct tr_cond_t tr_cond_t;

/** Compile an expression of the server's, whose baton comes along.
 * @return NULL, or what is wrong */
typedef const char *tr_expr_parse_t(const void **expr, const char *text,
                                    void *baton);

/** Of how many values of one attribute a regex is asked (a header field as a
 * whole is one of them); one more, and the condition is over its limit: a
 * client could send thousands. */
#define TR_COND_REGEX_VALUES 32

/** Memory that the questions of a search share; all zeros at first. */
typedef struct tr_scratch_t {
    tr_match_t match;
    char *text; /* for decoded parameters */
    apr_size_t size;
} tr_scratch_t;

/** What the conditions of a rule are asked with. */
typedef struct tr_question_t {
    const tr_view_t *view;
    tr_consulted_t *consulted; /**< NULL: nobody asks */
    int hidden;                /**< vary=off */
    tr_match_t *groups; /**< filled where tr_cond_keep_groups() says so */
    tr_scratch_t *scratch;
    int regexes; /**< of one condition, so far */
} tr_question_t;

/** Whether a word can only be meant as a condition. */
int tr_cond_is(const char *word);

/**
 * Parse a condition.
 * @param cond filled, *allocated from p*
 * @param word *borrowed*
 * @param regex_flags of TR_REGEX_*
 * @param expr_parse may be NULL where no word is an expression
 * @return NULL, or what is wrong and what would be right
 */
const char *tr_cond_parse(tr_cond_t **cond, const char *word, int regex_flags,
                          tr_expr_parse_t *expr_parse, void *baton,
                          apr_pool_t *p);

/** The condition that a window is open. */
tr_cond_t *tr_cond_of_window(const tr_window_t *window, apr_pool_t *p);

/** The word that it was parsed from, *borrowed*; NULL of a window. */
const char *tr_cond_word(const tr_cond_t *cond);

/** Its attribute; NULL of an expression or window. */
const tr_attr_t *tr_cond_attr(const tr_cond_t *cond);

/** The regex whose groups a target can name; NULL where there is none, or the
 * condition is negated. */
const tr_regex_t *tr_cond_regex(const tr_cond_t *cond);

/** Say where in tr_question_t's groups the match of its regex goes. */
void tr_cond_keep_groups(tr_cond_t *cond, int at);

/** Whether it always holds, or negated never: "scheme" alone. */
int tr_cond_is_trivial(const tr_cond_t *cond);

/** Whether no request satisfies both: negations of each other, or of what has
 * one value, values of which none is in both. */
int tr_cond_excludes(const tr_cond_t *a, const tr_cond_t *b);

/** Whether it names a method. */
int tr_cond_has_method(const tr_cond_t *cond, const char *method);

/** Sort conditions of a rule, the cheap ones first; those that cost the same
 * stay in order. */
void tr_cond_sort(apr_array_header_t *conds);

/**
 * Ask whether a condition holds, and note what it depends on.
 * @param p for what is decoded; groups of regexes point into it
 * @return TR_OK; TR_NO_VALUE where it does not hold; TR_LIMIT, TR_EXPR or a
 *         TR_BODY_* where nobody knows: the rule does not hold then, negated or
 *         not. Where a body cannot satisfy it, TR_NO_VALUE may come first
 */
tr_reason_t tr_cond_ask(const tr_cond_t *cond, tr_question_t *question,
                        apr_pool_t *p);

#endif /* TR_COND_H */

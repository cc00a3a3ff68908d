/* Licensed under the Apache License, Version 2.0; see LICENSE. */
/**
 * @file tr_words.h
 * The words behind the target of a rule: status=, hours=, cache= and their
 * like, all of them rows of one table, and conditions.
 *
 *     TempRedirect /old /new  status=303 !cookie.seen from=2026-12-01T22:00
 *                             \________________________________________/
 */
#ifndef TR_WORDS_H
#define TR_WORDS_H

#include "tr_rule.h"

/** What a line is not, and so has no use for some words; bits. */
enum {
    TR_WORDS_SEND = 1,   /**< it sends nothing: '!' */
    TR_WORDS_PATH = 2,   /**< it has a regex, no URL-path */
    TR_WORDS_COMPARE = 4 /**< it has nothing to compare a path with */
};

/** A rule in the making. */
typedef struct tr_draft_t {
    tr_rule_t *rule;
    const tr_place_t *place;
    int not_for;               /**< bits of TR_WORDS_* */
    apr_array_header_t *conds; /**< tr_cond_t *, in the order written */
    tr_window_words_t window;
    unsigned seen; /**< a bit each row of the table */
    int is_early;  /**< phase=early */
} tr_draft_t;

/**
 * Parse the words of a line into a draft whose first three fields are set.
 * @param argv *borrowed* for as long as the rule
 * @return NULL, or a message that begins with the word
 */
const char *tr_words_parse(tr_draft_t *draft, int argc, const char *const *argv,
                           apr_pool_t *p);

/**
 * Finish what only all words together say: window, phases, order of conditions.
 * @return NULL, or a message that begins with the word
 */
const char *tr_words_finish(tr_draft_t *draft, apr_pool_t *p);

/** An error with the word that it is about, NULL for none. httpd cuts a line
 * after 8 KB, so of a long word the beginning. */
const char *tr_words_said(const char *word, const char *error, apr_pool_t *p);

/** Whether a word of rules has that name; conditions have others. */
int tr_words_has(tr_slice_t name);

/** Whether a word is the status of a redirect. */
int tr_words_is_status(const char *word);

#endif /* TR_WORDS_H */

/* Licensed under the Apache License, Version 2.0; see LICENSE. */
/**
 * @file tr_warn.h
 * What is right and yet hardly meant: warnings about a line of configuration.
 *
 *     /a%20b /c          is compared with the decoded path
 *     / htps://h         is a scheme of its own; did you mean 'https'?
 *     / /x env.HTTP_HOST CGI's variables are not set when rules are asked
 *
 * Warnings go to a table of const char *, *allocated from p*; each begins with
 * the word that it is about.
 */
#ifndef TR_WARN_H
#define TR_WARN_H

#include "tr_pool.h"
#include "tr_words.h"

/**
 * Warn of what a rule says that has been parsed.
 * @param draft that it was parsed from
 * @param pattern its URL-path or regex as it was written; NULL where there is
 *        none
 */
void tr_warn_rule(apr_array_header_t *warnings, const tr_draft_t *draft,
                  const char *pattern, int is_regex, apr_pool_t *p);

/** Warn of a pool that has all its members. */
void tr_warn_pool(apr_array_header_t *warnings, const tr_pool_t *pool,
                  apr_pool_t *p);

/** Warn of what a rule says together with the pool that it is bound to. */
void tr_warn_bound(apr_array_header_t *warnings, const tr_rule_t *rule,
                   apr_pool_t *p);

/** Warn of an attribute that @a word asks for. */
void tr_warn_attr(apr_array_header_t *warnings, const char *word,
                  const tr_attr_t *attr, int is_early, apr_pool_t *p);

/** Warn of what a target says: its scheme, and what it is filled with. */
void tr_warn_target(apr_array_header_t *warnings, const tr_target_t *target,
                    int is_early, apr_pool_t *p);

/** Warn of a window that is over. @param whose "rule", say
 * @param until as it was written */
void tr_warn_window(apr_array_header_t *warnings, const char *whose,
                    const tr_window_t *window, const char *until,
                    apr_time_t now, apr_pool_t *p);

#endif /* TR_WARN_H */

/* Licensed under the Apache License, Version 2.0; see LICENSE. */
/**
 * @file tr_pattern.h
 * Which paths a rule is for: all of them, a URL-path, or a regex.
 *
 *     URL-path          matches                    tail of /old/x
 *     /old              /old  /old/  /old/x        /x
 *     /old/                   /old/  /old/x        /x
 *     /old  (exact)     /old
 *     /old/ (exact)           /old/
 *     /                 every path                 /old/x
 *
 * A URL-path matches whole segments: "/old" is never a match for "/older".
 * Patterns are compared with the decoded path (tr_path.h). Immutable.
 */
#ifndef TR_PATTERN_H
#define TR_PATTERN_H

#include <apr_pools.h>

#include "tr_regex.h"

typedef enum tr_pattern_kind_t {
    TR_PATTERN_ANY, /**< no URL-path: every path, and no tail */
    TR_PATTERN_PATH,
    TR_PATTERN_REGEX
} tr_pattern_kind_t;

typedef struct tr_pattern_t {
    tr_pattern_kind_t kind;
    tr_slice_t begin; /**< what every match begins with: the URL-path without
                           a '/' at its end, or the regex's literal */
    int slash;        /**< the URL-path has that '/' */
    int exact;        /**< match=exact */
    int caseless;     /**< case=ignore */
    const tr_regex_t *regex;
} tr_pattern_t;

/** How a path matched. */
typedef struct tr_hit_t {
    apr_size_t tail; /**< where the tail begins in the decoded path; its end
                          where there is none */
    tr_match_t groups;
} tr_hit_t;

/**
 * Parse a URL-path.
 * @param path *borrowed*
 * @return NULL, or what is wrong with it
 */
const char *tr_pattern_parse_path(tr_pattern_t *pattern, const char *path);

/**
 * Parse a regex.
 * @param pattern filled; its caseless is read
 * @param flags TR_REGEX_JIT or 0
 * @return NULL, or what is wrong with it
 */
const char *tr_pattern_parse_regex(tr_pattern_t *pattern, const char *regex,
                                   int flags, apr_pool_t *p);

/**
 * Match a decoded path.
 * @param hit all zeros before its first use; filled, its groups only for a
 *        regex; undefined where the path does not match
 * @param p for the memory of a regex, used again by the next one
 * @return APR_SUCCESS; APR_NOTFOUND; APR_EINCOMPLETE (a regex's limit)
 */
apr_status_t tr_pattern_match(tr_hit_t *hit, const tr_pattern_t *pattern,
                              tr_slice_t path, apr_pool_t *p);

/** The same for a path that is known to begin with pattern->begin, in the case
 * that the pattern asks for; where it has a regex, in either. */
apr_status_t tr_pattern_match_rest(tr_hit_t *hit, const tr_pattern_t *pattern,
                                   tr_slice_t path, apr_pool_t *p);

#endif /* TR_PATTERN_H */

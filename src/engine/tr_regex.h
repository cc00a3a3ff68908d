/* Licensed under the Apache License, Version 2.0; see LICENSE. */
/**
 * @file tr_regex.h
 * Regular expressions (PCRE2), matched under a limit.
 *
 *     tr_regex_t *re;
 *     tr_match_t m = { 0 };
 *     error = tr_regex_parse(&re, "^/item/(?<id>\\d+)$", TR_REGEX_JIT, p);
 *     if (tr_regex_match(&m, re, path, p) == APR_SUCCESS)
 *         tr_match_group(&id, &m, tr_regex_group(re, "id"));
 *
 * Subjects are bytes, not UTF-8; as in httpd, '.' matches any of them, and '$'
 * only at the very end. A compiled expression is immutable and shared by all
 * threads; a match belongs to one. Its steps and its memory are bounded, so
 * that exponential backtracking ends in milliseconds. (A step can still be as
 * long as the subject: "(.*)\\1" costs the square of it, and no more.)
 */
#ifndef TR_REGEX_H
#define TR_REGEX_H

#include <apr_pools.h>

#include "tr_slice.h"

#define TR_REGEX_MATCH_LIMIT 200000 /**< steps of pcre2_set_match_limit() */
#define TR_REGEX_HEAP_LIMIT 8192    /**< KiB, pcre2_set_heap_limit() */

enum {
    TR_REGEX_CASELESS = 1, /**< ASCII letters match in either case */
    TR_REGEX_JIT = 2       /**< compile to machine code, where the system lets
                                us: worth it for what is used many times */
};

typedef struct tr_regex_t tr_regex_t;

/** A match in progress; all zeros before its first use. */
typedef struct tr_match_t {
    void *data; /* pcre2_match_data, for room_for groups */
    apr_uint32_t room_for;
    apr_uint32_t groups;
    tr_slice_t subject;
} tr_match_t;

/**
 * Compile a pattern.
 * @param re filled, *allocated from p*
 * @param flags of TR_REGEX_*
 * @return NULL, or the reason and the place in the pattern
 */
const char *tr_regex_parse(tr_regex_t **re, const char *pattern, int flags,
                           apr_pool_t *p);

/**
 * What every subject that matches begins with; empty where that cannot be told
 * from the pattern. With TR_REGEX_CASELESS, in either case. *Borrowed.*
 *
 *     ^/old/(.*)$        /old/
 *     ^/v1\.0/           /v1.0/
 *     ^/colou?r          /colo
 *     ^/a|^/b, /a        (nothing)
 */
tr_slice_t tr_regex_literal(const tr_regex_t *re);

/** The number of capturing groups, $0 not counted. */
apr_uint32_t tr_regex_groups(const tr_regex_t *re);

/** The number of the group with that name; -1 where there is none. */
int tr_regex_group(const tr_regex_t *re, const char *name);

/**
 * Match.
 * @param m filled; its memory is *allocated from p*, and used again for the
 *        next expression that is matched with it
 * @param subject *borrowed* as long as @a m is in use
 * @return APR_SUCCESS, APR_NOTFOUND, or APR_EINCOMPLETE where a limit was
 *         reached before either was known
 */
apr_status_t tr_regex_match(tr_match_t *m, const tr_regex_t *re,
                            tr_slice_t subject, apr_pool_t *p);

/**
 * What a group captured in the last match.
 * @param value filled, a part of the subject, *borrowed*
 * @return 0 where the group is not set, as none is after a match that failed;
 *         @a value is then untouched
 */
int tr_match_group(tr_slice_t *value, const tr_match_t *m, int group);

#endif /* TR_REGEX_H */

/* Licensed under the Apache License, Version 2.0; see LICENSE. */
/**
 * @file tr_index.h
 * Finds the rules that a path concerns among any number of them.
 *
 *     rules, as written          the path /old/x/y concerns
 *     0  /old                    0, 3 and 4; 4 only if the regex
 *     1  /new                    agrees. The order stays the written
 *     2  ^/item/(\d+)            one, so 0 is asked first.
 *     3  /
 *     4  ^/old/(.*)\.html$
 *
 * Two tables hold the beginnings of the patterns. A hash table holds those of
 * URL-paths, which end where a segment ends: one probe a segment of the path.
 * A sorted table holds the literals of regexes, which end anywhere, and what
 * is compared without regard to case: one binary search. In both, an entry
 * that begins with another one points to it:
 *
 *     hash      ""  <--  /old  <--  /old/x            path /old/x/y
 *               {3}      {0}        {}
 *     sorted    ""  <--  /old/                        /item/
 *               {}       {4}                          {2}
 *
 * so that the deepest entry on the path's way leads to all the others, and
 * nothing has to be allocated to walk them.
 *
 * Frozen when built: all threads share it.
 */
#ifndef TR_INDEX_H
#define TR_INDEX_H

#include <apr_tables.h>

#include "tr_pattern.h"

typedef struct tr_index_t tr_index_t;
typedef struct tr_index_entry_t tr_index_entry_t;

/** What a path concerns: an entry and those it points to, of both tables. */
typedef struct tr_candidates_t {
    const tr_index_entry_t *paths;
    const tr_index_entry_t *literals;
} tr_candidates_t;

/** The number that stands for "no more candidates". */
#define TR_INDEX_END APR_UINT32_MAX

/**
 * Build an index.
 * @param patterns const tr_pattern_t *; the array is *scratch*, the bytes of
 *        each begin are *borrowed*
 * @param p for the index
 * @param scratch may be cleared after the call
 * @return the index, *allocated from p*
 */
tr_index_t *tr_index_build(const apr_array_header_t *patterns, apr_pool_t *p,
                           apr_pool_t *scratch);

/** Find the candidates for a decoded path, which begins with '/'. */
tr_candidates_t tr_index_find(const tr_index_t *index, tr_slice_t path);

/**
 * The position, in the array that the index was built from, of the first
 * candidate that is not before @a from; TR_INDEX_END where there is none. The
 * path begins with the pattern's begin, so tr_pattern_match_rest() decides.
 */
apr_uint32_t tr_candidates_next(const tr_candidates_t *candidates,
                                apr_uint32_t from);

#endif /* TR_INDEX_H */

/* Licensed under the Apache License, Version 2.0; see LICENSE. */
/**
 * @file tr_suggest.h
 * "did you mean": the end of every message about an unknown word.
 *
 *     static const char *const names[] = { "status", "match" };
 *     apr_pstrcat(p, "unknown word", tr_suggest(word, names, 2, p), NULL);
 *     // unknown word; did you mean 'status'?
 *     // unknown word; known are 'status', 'match'
 */
#ifndef TR_SUGGEST_H
#define TR_SUGGEST_H

#include <apr_pools.h>

#include "tr_slice.h"

/**
 * Format a suggestion for a word that is none of the names: the nearest, if at
 * most two edits away and fewer than half of the word (optimal string
 * alignment: an insertion, deletion, replacement or swap of neighbours is one,
 * another case none), else all of them.
 * @return begins with "; ", *allocated from p*
 */
const char *tr_suggest(tr_slice_t word, const char *const *names, apr_size_t n,
                       apr_pool_t *p);

#endif /* TR_SUGGEST_H */

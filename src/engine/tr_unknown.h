/* Licensed under the Apache License, Version 2.0; see LICENSE. */
/**
 * @file tr_unknown.h
 * What a word may have been meant to be that is none.
 *
 *     statsu=303       unknown word; did you mean 'status'?
 *     till=...         unknown word; did you mean 'until='?
 *     header:X=1       unknown word; did you mean 'header.X=1'?
 *     = POST           no space stands around a '='
 */
#ifndef TR_UNKNOWN_H
#define TR_UNKNOWN_H

#include <apr_pools.h>

/**
 * Format the error for a word that is neither in the table of words nor a
 * condition.
 * @param names of the words of the table, *borrowed*
 * @return what is wrong and what would be right, without the word
 */
const char *tr_unknown_word(const char *word, const char *const *names, int n,
                            apr_pool_t *p);

#endif /* TR_UNKNOWN_H */

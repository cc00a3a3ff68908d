/* Licensed under the Apache License, Version 2.0; see LICENSE. */
/**
 * @file tr_query.h
 * The parameters of a query string (application/x-www-form-urlencoded, as the
 * URL standard reads it).
 *
 *     apr_size_t at = 0;
 *     while (tr_query_next(&pair, args, &at)) ...    // "a=1", "b", "c=%20"
 *
 * Pure functions on borrowed slices.
 */
#ifndef TR_QUERY_H
#define TR_QUERY_H

#include <apr_pools.h>

#include "tr_slice.h"

/**
 * Step to the next parameter; empty ones are passed over.
 * @param pair filled, as sent: "name=value", or "name"
 * @param args may be none
 * @param at 0 at first, and moved on
 * @return 0 at the end; @a pair is then untouched
 */
int tr_query_next(tr_slice_t *pair, tr_slice_t args, apr_size_t *at);

/**
 * Decode the name of a parameter.
 * @param text filled; has room for pair.n bytes
 * @return the name, within @a text
 */
tr_slice_t tr_query_name(tr_slice_t pair, char *text);

/**
 * Find the next parameter of a name. Names are compared with regard to case.
 * @param value filled, as sent; empty where there is no '='
 * @param at 0 at first, and moved on
 * @return 0 where there is none; @a value is then untouched
 */
int tr_query_find(tr_slice_t *value, tr_slice_t args, const char *name,
                  apr_size_t *at);

/**
 * Decode a value.
 * @param text filled; has room for value.n bytes
 * @return the value, within @a text
 */
tr_slice_t tr_query_decode(tr_slice_t value, char *text);

/**
 * The first value of a name.
 * @param value filled, decoded, *allocated from p*
 * @return 0 where there is none; @a value is then untouched
 */
int tr_query_value(tr_slice_t *value, tr_slice_t args, const char *name,
                   apr_pool_t *p);

#endif /* TR_QUERY_H */

/* Licensed under the Apache License, Version 2.0; see LICENSE. */
/**
 * @file tr_json_hint.h
 * Whether a JSON text can satisfy a condition at all: a look at its bytes, far
 * cheaper than reading it (tr_json.h).
 *
 *     json./repo/type=push,tag    has "repo" and "type", and "push" or "tag"
 *
 * A name or a string that is in a JSON text stands there byte for byte, in
 * quotes, unless it is written with escapes (RFC 8259 section 7). What JSON may escape in its
 * own short way is not looked for, and a text with a "\u" may have anything. So
 * a hint never denies what is there; what it allows is still to be read.
 *
 * Immutable.
 */
#ifndef TR_JSON_HINT_H
#define TR_JSON_HINT_H

#include <apr_tables.h>

#include "tr_slice.h"

typedef struct tr_json_hint_t tr_json_hint_t;

/**
 * Build the hint of a condition that is not negated.
 * @param pointer one that tr_json_check() took
 * @param values tr_slice_t: one of them must be there; NULL: any will do
 * @return *allocated from p*
 */
const tr_json_hint_t *tr_json_hint_build(const char *pointer,
                                         const apr_array_header_t *values,
                                         apr_pool_t *p);

/** Whether a text may satisfy the condition. */
int tr_json_hint_allows(const tr_json_hint_t *hint, tr_slice_t text);

#endif /* TR_JSON_HINT_H */

/* Licensed under the Apache License, Version 2.0; see LICENSE. */
/**
 * @file tr_json.h
 * A JSON text (RFC 8259) and the values in it, found by pointers (RFC 6901).
 *
 *     {"type": "push", "n": [10, 1.50], "a/b": true, "who": null, "o": {"x": 1}}
 *
 *     /type  push    /n/0  10    /n/1  1.5    /a~1b  true    /o/x  1
 *     /who, /n/2, /n/-   none    /o, /n   a container: no value, yet present
 *
 * jansson reads the texts. Where the engine is built without it
 * (TR_WITH_JANSSON), all is there but no pointer is taken and no text read.
 */
#ifndef TR_JSON_H
#define TR_JSON_H

#include <apr_pools.h>

#include "tr_slice.h"

typedef struct tr_json_t tr_json_t;

/** How deep arrays and objects may stand in each other. */
#define TR_JSON_LEVELS 256

/** What is at the end of a pointer. */
typedef enum tr_json_kind_t {
    TR_JSON_NONE, /**< nothing, null, or an empty object or array */
    TR_JSON_VALUE,
    TR_JSON_CONTAINER /**< an object or array with something in it */
} tr_json_kind_t;

/** Check a pointer as configuration has it: it begins with '/'.
 * @return NULL, or what is wrong and what would be right */
const char *tr_json_check(const char *pointer);

/**
 * Step to the next token of a pointer, decoded (RFC 6901 section 4).
 * @param token filled, NUL-terminated; has room for all of the pointer
 * @param rest what is left, moved on; the pointer at first
 * @return 0 at the end
 */
int tr_json_token_next(char *token, const char **rest);

/**
 * Read a text.
 * @param json filled; lives until tr_json_free(), or as long as @a p. It may
 *        take eighty times as much memory as the text
 * @param text *borrowed* for the call; of any bytes
 * @return APR_SUCCESS; APR_EINVAL where it is not one JSON text in UTF-8, or
 *         one of which its readers do not agree: a name twice in one object, an
 *         integer beyond 64 bits, a number over the largest double, NUL in a
 *         name, more than TR_JSON_LEVELS levels; APR_ENOTIMPL without jansson
 */
apr_status_t tr_json_parse(tr_json_t **json, tr_slice_t text, apr_pool_t *p);

/** Free a text, and the values that point into it, before its pool ends. */
void tr_json_free(tr_json_t *json, apr_pool_t *p);

/**
 * Find what a pointer points to.
 * @param value filled for TR_JSON_VALUE: a string, decoded, may be empty; an
 *        integer in digits; another number in up to 15 digits that count, with
 *        '.' or 'e' ("1.0", "1.5", "1e300"); "true", "false". *Borrowed* from
 *        @a json, or *allocated from p*
 * @param pointer one that tr_json_check() took
 */
tr_json_kind_t tr_json_find(tr_slice_t *value, const tr_json_t *json,
                            const char *pointer, apr_pool_t *p);

#endif /* TR_JSON_H */

/* Licensed under the Apache License, Version 2.0; see LICENSE. */
/**
 * @file tr_buf.h
 * Output of a bounded size: bytes are added until it is full, and that it was
 * too small is asked once, at the end.
 *
 *     char space[TR_LOCATION_MAX];
 *     tr_buf_t out = tr_buf(space, sizeof(space));
 *     tr_buf_add(&out, tr_slice_of("https://"));
 *     if (out.full) ...
 *
 * Once full, a buffer takes nothing any more. It is never NUL-terminated.
 */
#ifndef TR_BUF_H
#define TR_BUF_H

#include "tr_slice.h"

typedef struct tr_buf_t {
    char *p;
    apr_size_t n;    /**< bytes in it */
    apr_size_t size; /**< bytes it can hold */
    int full;        /**< something did not fit */
} tr_buf_t;

/** An empty buffer over @a size bytes at @a space, *borrowed*. */
static inline tr_buf_t tr_buf(char *space, apr_size_t size)
{
    tr_buf_t b = { space, 0, size, 0 };
    return b;
}

/** Add the bytes of @a s, all of them or none. */
static inline void tr_buf_add(tr_buf_t *b, tr_slice_t s)
{
    if (b->full || s.n > b->size - b->n) {
        b->full = 1;
    }
    else if (s.n > 0) {
        memcpy(b->p + b->n, s.p, s.n);
        b->n += s.n;
    }
}

/** Add one byte. */
static inline void tr_buf_addc(tr_buf_t *b, char c)
{
    tr_buf_add(b, tr_slice(&c, 1));
}

/** What has been added since the buffer held @a from bytes, *borrowed*. */
static inline tr_slice_t tr_buf_since(const tr_buf_t *b, apr_size_t from)
{
    return tr_slice(b->p + from, b->n - from);
}

#endif /* TR_BUF_H */

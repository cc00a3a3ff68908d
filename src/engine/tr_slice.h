/* Licensed under the Apache License, Version 2.0; see LICENSE. */
/**
 * @file tr_slice.h
 * A run of bytes that somebody else owns.
 *
 *     tr_slice_t path = tr_slice_of("/old/x");
 *     tr_slice_t tail = tr_slice_from(path, 4);      // "/x"
 *
 * A slice is a plain value: two words, passed by value, never allocated. It
 * need not end in NUL. A slice whose pointer is NULL stands for "there is
 * none", which is not the same as an empty one.
 */
#ifndef TR_SLICE_H
#define TR_SLICE_H

#include <string.h>

#include <apr.h>

typedef struct tr_slice_t {
    const char *p;
    apr_size_t n;
} tr_slice_t;

/** The slice of @a n bytes at @a p, *borrowed*. */
static inline tr_slice_t tr_slice(const char *p, apr_size_t n)
{
    tr_slice_t s = { p, n };
    return s;
}

/** The slice of a NUL-terminated string, *borrowed*; of NULL: none. */
static inline tr_slice_t tr_slice_of(const char *s)
{
    return tr_slice(s, s ? strlen(s) : 0);
}

/** What follows the first @a from bytes of @a s; @a from is at most s.n. */
static inline tr_slice_t tr_slice_from(tr_slice_t s, apr_size_t from)
{
    return tr_slice(s.p + from, s.n - from);
}

/** Whether both hold the same bytes. */
static inline int tr_slice_equal(tr_slice_t a, tr_slice_t b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

/** Whether @a s begins with @a prefix, byte for byte. */
static inline int tr_slice_begins(tr_slice_t s, tr_slice_t prefix)
{
    return s.n >= prefix.n
           && (prefix.n == 0 || memcmp(s.p, prefix.p, prefix.n) == 0);
}

#endif /* TR_SLICE_H */

/* Licensed under the Apache License, Version 2.0; see LICENSE. */
/**
 * @file tr_uri.h
 * Percent-encoding (RFC 3986 section 2): which bytes may stand as they are in
 * which place of a URI, and nothing else about URIs.
 *
 *     tr_uri_add(&out, tr_slice_of("a b/c"), TR_URI_SEGMENT);   // a%20b%2Fc
 *
 * Whatever the set, what is added is printable ASCII. Pure functions.
 */
#ifndef TR_URI_H
#define TR_URI_H

#include "tr_buf.h"

/** The bytes that stay; all others become %XX. */
typedef enum tr_uri_set_t {
    TR_URI_VALUE = 0x01,     /**< unreserved: values in a query or fragment */
    TR_URI_SEGMENT = 0x02,   /**< pchar: a value within a path segment */
    TR_URI_PATH = 0x04,      /**< pchar and '/': a value that is a path */
    TR_URI_LITERAL = 0x08,   /**< what a target may hold as it is written:
                                  reserved but '#', unreserved, '%' */
    TR_URI_SENT_PATH = 0x10, /**< a path as a client sent it, see below */
    TR_URI_SENT_ARGS = 0x20  /**< a query as a client sent it */
} tr_uri_set_t;

/*
 * What a client sent goes back to it in its own bytes, also where it was
 * liberal with RFC 3986 ('|', '^', '{'): the client that sent them can read
 * them. Encoded are only those that no client sends by the rules and that can
 * hurt on the way: '"', '<', '>', controls, 8-bit bytes, and in a path '\',
 * which browsers take for '/'.
 */

/** How long @a in becomes with all bytes encoded that are not in @a set. */
apr_size_t tr_uri_size(tr_slice_t in, tr_uri_set_t set);

/** Add @a in to @a out, encoding all bytes that are not in @a set; all of it,
 * or where it does not fit nothing. */
void tr_uri_add(tr_buf_t *out, tr_slice_t in, tr_uri_set_t set);

/**
 * The value of two hexadecimal digits.
 * @return 0 to 255, or -1 where @a p does not point to two of them. Reads
 *         the second byte only if the first is a digit.
 */
int tr_uri_hex(const char *p);

/**
 * Decode %XX, and '+' as a space where @a plus is not 0
 * (application/x-www-form-urlencoded). What is not an escape stays.
 * @param out has room for in.n bytes
 * @return the length of the result, at most in.n; it may hold NUL
 */
apr_size_t tr_uri_decode(char *out, tr_slice_t in, int plus);

#endif /* TR_URI_H */

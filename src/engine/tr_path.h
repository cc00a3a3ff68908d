/* Licensed under the Apache License, Version 2.0; see LICENSE. */
/**
 * @file tr_path.h
 * The client's own path: in the bytes it sent, and decoded to be compared.
 *
 *     sent      /a/./old%2Fx/b%20c
 *     raw       /a/old%2Fx/b%20c         what a tail is taken from
 *     decoded   /a/old%2Fx/b c           what patterns are compared with
 *
 * Both are normalised exactly as httpd normalises r->uri: dot segments are
 * removed (also %2e), repeated slashes merged unless MergeSlashes is off, and
 * %2F is a slash, or no slash, by AllowEncodedSlashes. A path with nothing to
 * do is not copied: all slices then are the sent bytes.
 *
 * Invariants: raw and decoded begin with '/'; neither holds a NUL.
 */
#ifndef TR_PATH_H
#define TR_PATH_H

#include <apr_pools.h>

#include "tr_slice.h"

enum {
    TR_PATH_MERGE_SLASHES = 1, /**< "//" is "/" (MergeSlashes On) */
    TR_PATH_DECODE_SLASHES = 2 /**< "%2F" is "/" (AllowEncodedSlashes On);
                                    else it stays as it is, and no slash */
};

typedef struct tr_path_t {
    tr_slice_t sent;    /**< as the client sent it */
    tr_slice_t raw;     /**< in the client's own bytes */
    tr_slice_t decoded; /**< every escape decoded but a %2F that is no slash */
    int flags;          /**< those it was normalised with, or would be */
} tr_path_t;

/**
 * Split a request-target (RFC 9112 section 3.2) into path and query.
 * @param path filled: *borrowed*; "/" where an absolute-form has none; none
 *        (NULL) for the authority-form and the asterisk-form. The slashes that
 *        an origin-form begins with are one, in httpd also where MergeSlashes
 *        is off
 * @param args filled: what follows the first '?', *borrowed*; none where there
 *        is no '?'
 * @param target origin-form or absolute-form, NUL-terminated; a fragment,
 *        which has no place there, is left out
 */
void tr_path_split(tr_slice_t *path, tr_slice_t *args, const char *target);

/**
 * Take over a path that the server has normalised and decoded already, if it
 * shows that there was nothing to do: if it is still all of what was sent, and
 * has no escape.
 * @param path filled with @a normal, *borrowed*, or untouched
 * @param normal may be none, or, as in "OPTIONS *", no path
 * @param target the request-target that it comes from
 * @return 0 where it must be normalised here
 */
int tr_path_take(tr_path_t *path, tr_slice_t normal, const char *target);

/**
 * Normalise and decode a path.
 * @param path filled; its slices are *borrowed* from @a sent or *allocated
 *        from p*
 * @param sent begins with '/'
 * @param flags of TR_PATH_*
 * @return APR_SUCCESS, or APR_EINVAL for a path that does not begin with '/',
 *         has a malformed escape or %00: it matches nothing
 */
apr_status_t tr_path_normalize(tr_path_t *path, tr_slice_t sent, int flags,
                               apr_pool_t *p);

/**
 * The raw bytes that path->decoded has from @a from up to @a to, *borrowed*.
 * @param from neither this nor @a to lies within a %2F that is no slash
 */
tr_slice_t tr_path_raw(const tr_path_t *path, apr_size_t from, apr_size_t to);

/** Whether decoded holds a %2F that is no slash: encoded as a value, it would
 * become another byte of the path. */
int tr_path_keeps_slash(const tr_path_t *path);

/** Whether a path has a segment "." or "..", whose dots may be "%2e" (WHATWG
 * URL, section 4.4): clients resolve them. */
int tr_path_has_dots(tr_slice_t path);

#endif /* TR_PATH_H */

/* Licensed under the Apache License, Version 2.0; see LICENSE. */
/**
 * @file tr_drain.h
 * What becomes of the body of a request that is answered without it.
 *
 *     TempRedirectDrain 64K h2=all
 *
 * A body may be read and dropped (drained) before the answer: then the
 * connection can be used again, and the client has sent all of it in vain. Or
 * it is left: the answer goes out at once, and the connection is closed (RFC
 * 9112 section 9.3), on HTTP/2 the stream (RFC 9113 section 8.1).
 *
 * Pure functions.
 */
#ifndef TR_DRAIN_H
#define TR_DRAIN_H

#include <apr_pools.h>

/** However long it is. */
#define TR_DRAIN_ALL APR_INT64_MAX

/** Bodies of up to so many bytes are drained. */
typedef struct tr_drain_t {
    apr_int64_t http1; /**< also HTTP/1.0 */
    apr_int64_t http2;
} tr_drain_t;

/** "64K h2=all" */
extern const tr_drain_t tr_drain_default;

/** What is known of a body before it is read. */
typedef struct tr_upload_t {
    int is_held_back;   /**< the client waits for a 100 (RFC 9110 10.1.1) */
    apr_int64_t length; /**< declared, in bytes; below 0: not known */
    apr_int64_t limit;  /**< that the server has for bodies; 0: none */
} tr_upload_t;

/**
 * Parse a number of bytes: up to 15 digits, as in "4096", "64K", "1M", "1G".
 * @param bytes filled
 * @return NULL, or what is wrong and what would be right
 */
const char *tr_bytes_parse(apr_int64_t *bytes, const char *text);

/**
 * Parse the arguments of TempRedirectDrain.
 * @param drain filled
 * @return NULL, or a message that begins with the word, if there is one
 */
const char *tr_drain_parse(tr_drain_t *drain, int argc, const char *const *argv,
                           apr_pool_t *p);

/**
 * How far to read a body: to its end, or to that many bytes. Where the end has
 * not come by then, it is longer than the limit.
 * @param most the limit; one byte more shows that there are more
 * @return 0: it is known to be longer, empty, or held back. Never beyond the
 *         server's limit, where reading would end in 413
 */
apr_int64_t tr_drain_size(apr_int64_t most, const tr_upload_t *upload);

#endif /* TR_DRAIN_H */

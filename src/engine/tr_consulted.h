/* Licensed under the Apache License, Version 2.0; see LICENSE. */
/**
 * @file tr_consulted.h
 * What a decision depended on beyond the URL: what a cache must know of it.
 *
 * Rules that did not hold count as much as the one that won: had their
 * conditions held, the answer would have been another. So whoever asks for a
 * fact or a window on the way to the decision adds it here.
 *
 *     header.X-Beta=1   Vary: X-Beta                  (RFC 9110 section 12.5.5)
 *     cookie.tenant=a   Vary: Cookie, and private     (RFC 9111 section 5.2.2.7)
 *     hours=09:00-17:00 no max-age beyond its next edge
 *
 * Belongs to one request. Nothing is allocated before something is added.
 */
#ifndef TR_CONSULTED_H
#define TR_CONSULTED_H

#include "tr_view.h"
#include "tr_window.h"

/** What was consulted, the last one first. */
typedef struct tr_consulted_header_t tr_consulted_header_t;
typedef struct tr_consulted_window_t tr_consulted_window_t;

typedef struct tr_consulted_t {
    tr_consulted_header_t *headers;
    tr_consulted_window_t *windows;
    int is_private;
    int is_random; /**< another time it may be another answer */
} tr_consulted_t;

/** Add a request header by its name, *borrowed*. @param hidden vary=off */
void tr_consulted_add_header(tr_consulted_t *consulted, tr_slice_t name,
                             int hidden, apr_pool_t *p);

/** Add an attribute. @param hidden vary=off */
static inline void tr_consulted_add(tr_consulted_t *consulted,
                                    const tr_attr_t *attr, int hidden,
                                    apr_pool_t *p)
{
    consulted->is_private |= attr->is_private;
    if (attr->header.p) {
        tr_consulted_add_header(consulted, attr->header, hidden, p);
    }
}

/** Add an expression: what it depends on but for headers, nobody knows.
 * @param vary names of headers with commas between, *copied*; or NULL */
void tr_consulted_add_expr(tr_consulted_t *consulted, const char *vary,
                           int hidden, apr_pool_t *p);

/** Add a window. */
void tr_consulted_add_window(tr_consulted_t *consulted,
                             const tr_window_t *window, apr_pool_t *p);

/**
 * Format the value of Vary.
 * @param with_hidden also what vary=off leaves out
 * @return NULL where there is nothing to name
 */
const char *tr_consulted_vary(const tr_consulted_t *consulted, int with_hidden,
                              apr_pool_t *p);

/** Whether anything was consulted that caches must know of. */
static inline int tr_consulted_any(const tr_consulted_t *consulted)
{
    return consulted->headers || consulted->windows || consulted->is_private
           || consulted->is_random;
}

/** The first edge of any window after @a now; TR_NEVER where there is none. */
apr_time_t tr_consulted_edge(const tr_consulted_t *consulted, apr_time_t now);

#endif /* TR_CONSULTED_H */

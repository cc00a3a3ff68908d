/* Licensed under the Apache License, Version 2.0; see LICENSE. */
/**
 * @file tr_target.h
 * Where a rule sends the client: compiled once, rendered into a Location
 * (RFC 9110 section 10.2.2) for each request.
 *
 *     https://%{host}:8443/api/$1?from=%{header.X-App}#top
 *     |       |            |     |                    |
 *     scheme  host, port   path  query                fragment
 *
 * A substituted value is encoded for the component that it stands in, so that
 * no value ever leaves it; in a scheme, in user info and, but for %{port}, in
 * a port nothing is substituted. What comes out is printable ASCII of at most
 * TR_LOCATION_MAX bytes. Immutable after parsing.
 */
#ifndef TR_TARGET_H
#define TR_TARGET_H

#include "tr_args.h"
#include "tr_regex.h"
#include "tr_view.h"

/** As long as a request line that httpd reads by default. */
#define TR_LOCATION_MAX 8190

typedef struct tr_target_t tr_target_t;

/** What a target is filled with: parts of a request, and words of a rule. */
typedef struct tr_fill_t {
    const tr_view_t *view;
    const tr_match_t *groups; /**< of the regexes that the target was parsed
                                   with, as many as it names */
    tr_slice_t tail;          /**< as sent; empty, or beginning with a slash */
    int keep_tail; /**< append the tail, unless the target names it */
    const tr_args_t *args;
} tr_fill_t;

/** A rendered target. */
typedef struct tr_location_t {
    tr_slice_t url;     /**< NUL-terminated, *allocated from p* */
    tr_slice_t host;    /**< within url; none in a relative reference */
    const char *scheme; /**< "https"; NULL in a relative reference */
    int port;           /**< the scheme's own where none is written; or 0 */
    apr_size_t path;    /**< where in url the path begins */
    apr_size_t base;    /**< where in url its base ends: tr_target_base() */
} tr_location_t;

/** Whether an argument can only be meant as a target. */
int tr_target_is(const char *word);

/**
 * Parse a target.
 * @param target filled, *allocated from p*
 * @param word *borrowed*
 * @param regexes const tr_regex_t *: at first that of the pattern, NULL where
 *        there is none, then those of conditions. "$1" is a group of the
 *        first, "%{group.x}" of the first that has it. NULL for the target of
 *        a pool's member, which is for many rules
 * @return NULL, or what is wrong and what would be right
 */
const char *tr_target_parse(tr_target_t **target, const char *word,
                            const apr_array_header_t *regexes, apr_pool_t *p);

/** The target as it was written, *borrowed*. */
const char *tr_target_word(const tr_target_t *target);

/** Whether it is "!": no redirect, and no later rule is asked. */
int tr_target_stays(const tr_target_t *target);

/** The name of the pool of "pool:NAME", *borrowed*; else NULL. */
const char *tr_target_pool(const tr_target_t *target);

/** Whether it was parsed without regexes, and names what only a rule knows: a
 * group, or the tail. It must be parsed with the rule's to be rendered. */
int tr_target_wants_rule(const tr_target_t *target);

/** Whether it is "https:" or "http:" alone. */
int tr_target_is_scheme(const tr_target_t *target);

/** The host, if it is known before it is rendered, as it is written; else none.
 * *Borrowed*. */
tr_slice_t tr_target_host(const tr_target_t *target);

/** The scheme, in lower case; NULL for a path. */
const char *tr_target_scheme(const tr_target_t *target);

/** How many of the regexes must have been matched to render it: those up to the
 * last one that it names a group of. Of a pool all: its members may name any. */
int tr_target_regexes(const tr_target_t *target);

/** The attributes that are substituted, tr_attr_t; not those of a URL (scheme,
 * host, port, path, tail, args, query). NULL where there are none. */
const apr_array_header_t *tr_target_attrs(const tr_target_t *target);

/** Whether a host is substituted that only TempRedirectAllowHosts can allow. */
int tr_target_needs_hosts(const tr_target_t *target);

/**
 * The base, decoded: what of the target's path is the same for every path of
 * a request, which is all before the tail, "$1", "%{path}" and the like.
 * *Borrowed*; none where there is no base, or it is not literal.
 *
 *     /new              /new
 *     /new/$1.html      /new/
 *     /%{lang}/app      (not literal)
 *     $1/               (none)
 */
tr_slice_t tr_target_base(const tr_target_t *target);

/** Whether an attribute is substituted within the base: then it is only known
 * when it is rendered. */
int tr_target_fills_base(const tr_target_t *target);

/** Whether the path repeats the request's, by "$1", "%{path}" or the like. */
int tr_target_echoes(const tr_target_t *target);

/** Whether the base ends where a segment ends. */
int tr_target_base_is_whole(const tr_target_t *target);

/**
 * Render a target.
 * @param location filled where TR_OK is returned, else undefined
 * @return TR_OK, or why there is no Location for this request: TR_NO_VALUE,
 *         TR_UNKNOWN_HOST, TR_FOREIGN_HOST, TR_UNSAFE, TR_TOO_LONG, a TR_BODY_*
 */
tr_reason_t tr_target_render(tr_location_t *location, const tr_target_t *target,
                             const tr_fill_t *fill, apr_pool_t *p);

#endif /* TR_TARGET_H */

/* Licensed under the Apache License, Version 2.0; see LICENSE. */
#include <apr_cstr.h>
#include <apr_errno.h>

#include "tr_guard.h"

/* Whether a path is at or below the target's literal path. */
static int is_below(tr_slice_t path, const tr_target_t *target)
{
    int whole;
    tr_slice_t literal = tr_target_path(target, &whole);

    if (literal.p == NULL || !tr_slice_begins(path, literal)) {
        return 0;
    }
    return !whole || path.n == literal.n || path.p[literal.n] == '/'
           || literal.p[literal.n - 1] == '/';
}

/* Whether the target's literal path lies within the pattern. */
static int is_inside(const tr_rule_t *rule, apr_pool_t *p)
{
    int whole;
    tr_slice_t literal = tr_target_path(rule->target, &whole);
    tr_hit_t hit = { 0 };

    if (literal.p == NULL) {
        return 0;
    }
    if (rule->pattern.kind == TR_PATTERN_PATH) {
        /* "/a%{query.v}": what the last segment becomes nobody knows yet */
        while (!whole && literal.p[literal.n - 1] != '/') {
            --literal.n;
        }
    }
    return tr_pattern_match(&hit, &rule->pattern, literal, p) == APR_SUCCESS;
}

/* Whether all that a rule is for is at or below its target. */
static int is_all_below(const tr_rule_t *rule)
{
    const tr_pattern_t *pattern = &rule->pattern;
    tr_slice_t begin = pattern->begin;
    int whole;
    tr_slice_t literal = tr_target_path(rule->target, &whole);

    if (pattern->caseless) {
        return 0; /* "/A /A case=ignore" is for "/a" */
    }
    if (begin.n == 0) {
        begin = tr_slice("/", 1);
    }
    else if (pattern->kind == TR_PATTERN_PATH) {
        begin.n += (apr_size_t)pattern->slash;
    }
    else if (whole && begin.n == literal.n && literal.p[literal.n - 1] != '/') {
        return 0; /* "^/a.* /a" is for "/ab" */
    }
    return is_below(begin, rule->target);
}

const char *tr_guard_check(tr_rule_t *rule, apr_pool_t *p)
{
    if (tr_target_stays(rule->target)) {
        return NULL;
    }
    rule->inside = is_inside(rule, p);
    if (rule->inside && tr_target_scheme(rule->target) == NULL
        && is_all_below(rule)) {
        return "this rule could never match: all that it is for is at or "
               "below its target already; lead out of the pattern, or to one "
               "page within it";
    }
    return NULL;
}

/* Whether path and query of a Location are the request's own. */
static int is_own_path(const tr_location_t *location, const tr_view_t *view)
{
    tr_slice_t rest = tr_slice_from(location->url, location->path);
    const char *hash;

    if (rest.n < view->path.raw.n + view->args.n
        || !tr_slice_begins(rest, view->path.raw)) {
        return 0;
    }
    rest = tr_slice_from(rest, view->path.raw.n);
    hash = rest.n > 0 ? memchr(rest.p, '#', rest.n) : NULL;
    if (hash) {
        rest.n = (apr_size_t)(hash - rest.p);
    }
    if (rest.n > 0 && *rest.p != '?') {
        return 0;
    }
    return tr_slice_equal(rest.n > 0 ? tr_slice_from(rest, 1) : rest,
                          view->args);
}

static int is_own_origin(const tr_location_t *location,
                         const tr_origin_t *own)
{
    return strcmp(location->scheme, own->scheme) == 0
           && location->port == own->port && location->host.n == own->host.n
           && apr_cstr_casecmpn(location->host.p, own->host.p, own->host.n)
                  == 0;
}

int tr_guard_is_loop(const tr_rule_t *rule, const tr_location_t *location,
                     const tr_view_t *view)
{
    int is_scheme = tr_target_is_scheme(rule->target);
    tr_origin_t own;

    if (!is_scheme && !is_own_path(location, view)
        && !(rule->inside && is_below(view->path.decoded, rule->target))) {
        return 0;
    }
    if (location->scheme == NULL) {
        return 1;
    }
    view->facts->origin(&own, view);
    return is_scheme ? strcmp(location->scheme, own.scheme) == 0
                     : is_own_origin(location, &own);
}

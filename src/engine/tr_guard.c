/* Licensed under the Apache License, Version 2.0; see LICENSE. */
#include <apr_cstr.h>
#include <apr_errno.h>

#include "tr_guard.h"

/* Whether a path is at or below the base of a target. */
static int is_below(tr_slice_t path, tr_slice_t base, int whole)
{
    if (base.n == 0 || !tr_slice_begins(path, base)) {
        return 0;
    }
    return !whole || path.n == base.n || path.p[base.n] == '/'
           || base.p[base.n - 1] == '/';
}

/* Whether the base of a target lies within the pattern. */
static int is_inside(tr_slice_t base, const tr_pattern_t *pattern,
                     apr_pool_t *p)
{
    tr_hit_t hit = { 0 };

    return base.n > 0
           && tr_pattern_match(&hit, pattern, base, p) == APR_SUCCESS;
}

/* Whether all that a rule is for is at or below its target. */
static int is_all_below(const tr_pattern_t *pattern, tr_slice_t base, int whole)
{
    tr_slice_t begin = pattern->begin;

    if (pattern->caseless) {
        return 0; /* "/A /A case=ignore" is for "/a" */
    }
    if (begin.n == 0) {
        begin = tr_slice("/", 1);
    }
    else if (pattern->kind == TR_PATTERN_PATH) {
        begin.n += (apr_size_t)pattern->slash;
    }
    else if (whole && begin.n == base.n && base.p[base.n - 1] != '/') {
        return 0; /* "^/a.* /a" is for "/ab" */
    }
    return is_below(begin, base, whole);
}

/* Whether no Location has to be looked at: the target is literal up to where it
 * differs from all that the rule is for, as most are, or leads to another
 * scheme. */
static int leads_elsewhere(const tr_rule_t *rule, tr_slice_t base)
{
    tr_slice_t begin = rule->pattern.begin;
    apr_size_t n = begin.n < base.n ? begin.n : base.n;

    return tr_target_is_scheme(rule->target)
           || (n > 0 && !tr_target_echoes(rule->target)
               && memchr(begin.p, '%', n) == NULL /* "%2F" is no '/' here */
               && apr_cstr_casecmpn(begin.p, base.p, n) != 0);
}

const char *tr_guard_check(tr_rule_t *rule, apr_pool_t *p)
{
    tr_slice_t base = tr_target_base(rule->target);
    int whole = tr_target_base_is_whole(rule->target);
    apr_pool_t *scratch;

    if (tr_target_stays(rule->target)) {
        return NULL;
    }
    apr_pool_create(&scratch, p);
    rule->inside = is_inside(base, &rule->pattern, scratch);
    apr_pool_destroy(scratch);
    rule->may_loop = !leads_elsewhere(rule, base);
    if (rule->inside && tr_target_scheme(rule->target) == NULL
        && is_all_below(&rule->pattern, base, whole)) {
        return "this rule could never match: all that it is for is at or "
               "below its target already; lead out of the pattern, or to one "
               "page within it, or leave the target out by a regex";
    }
    return NULL;
}

/* Path and query of a Location, as this server would see them in a request. */
static int request_of(tr_path_t *path, tr_slice_t *args,
                      const tr_location_t *location, const tr_view_t *view,
                      apr_pool_t *p)
{
    tr_slice_t sent;

    tr_path_split(&sent, args, location->url.p + location->path);
    return sent.n > 0
           && tr_path_normalize(path, sent, view->path.flags, p) == APR_SUCCESS;
}

/* Whether the path of a Location lies within the pattern. */
static int leads_inside(const tr_rule_t *rule, const tr_location_t *location,
                        const tr_view_t *view, apr_pool_t *p)
{
    tr_path_t path;
    tr_slice_t args;

    return request_of(&path, &args, location, view, p)
           && is_inside(path.decoded, &rule->pattern, p);
}

/* Whether the request is at or below a literal target within the pattern. */
static int is_at_base(const tr_rule_t *rule, const tr_view_t *view)
{
    return rule->inside
           && is_below(view->path.decoded, tr_target_base(rule->target),
                       tr_target_base_is_whole(rule->target));
}

/* Whether a target names another host than the request has. */
static int is_elsewhere(const tr_rule_t *rule, const tr_view_t *view)
{
    tr_slice_t host = tr_target_host(rule->target);

    return host.p && !tr_host_equal(host, view->facts->host(view));
}

int tr_guard_may_be_there(const tr_rule_t *rule, const tr_view_t *view)
{
    return rule->may_loop && !is_elsewhere(rule, view)
           && (tr_target_fills_base(rule->target)
               || tr_target_echoes(rule->target) || is_at_base(rule, view));
}

/* Whether the request is at or below the target within the pattern. */
static int is_there(const tr_rule_t *rule, const tr_location_t *location,
                    const tr_view_t *view, apr_pool_t *p)
{
    int whole = tr_target_base_is_whole(rule->target);
    tr_path_t base;

    if (!tr_target_fills_base(rule->target)) {
        return is_at_base(rule, view);
    }
    base.sent = tr_slice(location->url.p + location->path,
                         location->base - location->path);
    return tr_path_normalize(&base, base.sent, view->path.flags, p)
               == APR_SUCCESS
           && is_below(view->path.decoded, base.decoded, whole)
           && is_inside(base.decoded, &rule->pattern, p);
}

/* Whether a path is the request's own and more; but for a '/' at its end, which
 * comes once. */
static int goes_on(tr_slice_t path, tr_slice_t own)
{
    tr_slice_t rest;

    if (!tr_slice_begins(path, own)) {
        return 0;
    }
    rest = tr_slice_from(path, own.n);
    if (rest.n > 0 && *rest.p == '/') {
        rest = tr_slice_from(rest, 1);
    }
    return rest.n > 0 && *rest.p != '?' && *rest.p != '#';
}

/*
 * Whether a path that repeats the request's grows within the pattern: behind a
 * base that is there already, as "\.php$ /php%{path}" would for /php/x.php, or
 * at its own end, as "/a %{path}/b" and "/a %{path}.html" would always.
 */
static int is_growing(const tr_rule_t *rule, const tr_location_t *location,
                      const tr_view_t *view, apr_pool_t *p)
{
    tr_slice_t path = tr_slice_from(location->url, location->path);
    tr_slice_t base = tr_slice(path.p, location->base - location->path);
    tr_slice_t own = view->path.raw;

    if (!tr_target_echoes(rule->target)) {
        return 0;
    }
    return ((base.n > 1
             && is_below(own, base, tr_target_base_is_whole(rule->target)))
            || goes_on(path, own))
           && leads_inside(rule, location, view, p);
}

/* Whether path and query of a Location are that path and the request's own
 * query. */
static inline int is_own_path(const tr_location_t *location, tr_slice_t path,
                              tr_slice_t args)
{
    tr_slice_t rest = tr_slice_from(location->url, location->path);
    const char *hash;

    if (rest.n < path.n + args.n || !tr_slice_begins(rest, path)) {
        return 0;
    }
    rest = tr_slice_from(rest, path.n);
    hash = rest.n > 0 ? memchr(rest.p, '#', rest.n) : NULL;
    if (hash) {
        rest.n = (apr_size_t)(hash - rest.p);
    }
    if (rest.n > 0 && *rest.p != '?') {
        return 0;
    }
    return tr_slice_equal(rest.n > 0 ? tr_slice_from(rest, 1) : rest, args);
}

/* "/a//" may be sent where "/a/" is compared with the rules, and "//a/" be
 * the Location: all are the same. */
static int is_own_url(const tr_rule_t *rule, const tr_location_t *location,
                      const tr_view_t *view, apr_pool_t *p)
{
    tr_path_t path;
    tr_slice_t args;

    if (is_own_path(location, view->path.raw, view->args)) {
        return 1;
    }
    if (view->path.sent.n != view->path.raw.n
        && is_own_path(location, view->path.sent, view->args)) {
        return 1;
    }
    return tr_target_echoes(rule->target)
           && strstr(location->url.p + location->path, "//")
           && request_of(&path, &args, location, view, p)
           && tr_slice_equal(path.raw, view->path.raw)
           && tr_slice_equal(args, view->args);
}

static int is_own_origin(const tr_location_t *location, const tr_origin_t *own)
{
    return strcmp(location->scheme, own->scheme) == 0
           && location->port == own->port
           && tr_host_equal(location->host, own->host);
}

int tr_guard_has_scheme(const tr_rule_t *rule, const tr_view_t *view)
{
    static const tr_attr_t attr = { TR_ATTR_SCHEME, NULL, { NULL, 0 }, 0 };
    tr_slice_t scheme;

    return tr_target_is_scheme(rule->target)
           && view->facts->value(&scheme, view, &attr) == TR_OK
           && tr_slice_equal(scheme,
                             tr_slice_of(tr_target_scheme(rule->target)));
}

int tr_guard_leads_back(const tr_rule_t *rule, const tr_location_t *location,
                        const tr_view_t *view, apr_pool_t *p)
{
    tr_origin_t own;

    if (!is_own_url(rule, location, view, p)
        && !is_there(rule, location, view, p)
        && !is_growing(rule, location, view, p)) {
        return 0;
    }
    if (location->scheme == NULL) {
        return 1;
    }
    view->facts->origin(&own, view);
    return is_own_origin(location, &own);
}

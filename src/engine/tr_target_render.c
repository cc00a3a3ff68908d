/* Licensed under the Apache License, Version 2.0; see LICENSE. */
#include <apr_strings.h>

#include "tr_ascii.h"
#include "tr_target_impl.h"
#include "tr_uri.h"

/* A Location in the making. */
typedef struct render_t {
    tr_buf_t out;
    apr_size_t path; /* where the path begins in it */
    apr_size_t base; /* where its base ends, see tr_location_t */
    const tr_target_t *target;
    const tr_fill_t *fill;
    apr_pool_t *p;
} render_t;

/* Add to the path what brings its own '/': never two, and never none. */
static void add_joined(render_t *r, tr_slice_t sent)
{
    int open = r->out.n > r->path && r->out.p[r->out.n - 1] == '/';

    if (sent.n == 0) {
        return;
    }
    if (*sent.p != '/') {
        /* AllowEncodedSlashes On: the tail of "/old%2Fx" begins with it */
        sent = tr_slice_from(sent, 3);
        if (!open) {
            tr_buf_addc(&r->out, '/');
        }
    }
    else if (open) {
        sent = tr_slice_from(sent, 1);
    }
    tr_uri_add(&r->out, sent, TR_URI_SENT_PATH);
}

/* The value of a part that is not literal. */
static tr_reason_t value_of(tr_slice_t *value, const render_t *r,
                            const tr_part_t *part)
{
    if (part->kind == TR_PART_ATTRIBUTE) {
        if (part->attr.kind != TR_ATTR_TAIL) {
            return tr_view_value(value, r->fill->view, &part->attr, r->p);
        }
        *value = r->fill->tail;
        return TR_OK;
    }
    if (!tr_match_group(value, &r->fill->groups[part->regex], part->group)) {
        *value = tr_slice("", 0);
    }
    return part->kind == TR_PART_GROUP || value->n > 0 ? TR_OK : TR_NO_VALUE;
}

/* In a host letters, digits, '-' and '.' pass; what the request's own host
 * may be is known already, and may be an IPv6 address. */
static tr_reason_t add_to_host(render_t *r, const tr_part_t *part,
                               tr_slice_t value)
{
    int own = part->kind == TR_PART_ATTRIBUTE
              && part->attr.kind == TR_ATTR_HOST;
    apr_size_t i;

    if (own && memchr(value.p, ':', value.n)) {
        tr_buf_addc(&r->out, '[');
        tr_buf_add(&r->out, value);
        tr_buf_addc(&r->out, ']');
        return TR_OK;
    }
    for (i = 0; !own && i < value.n; ++i) {
        if (!tr_is_alnum(value.p[i]) && value.p[i] != '-'
            && value.p[i] != '.') {
            return TR_UNSAFE;
        }
    }
    tr_buf_add(&r->out, value);
    return TR_OK;
}

/* What a group captured. Where a %2F is no slash, the decoded path holds it as
 * it was sent, and to encode it would make it "%252F". */
static void add_group(render_t *r, const tr_part_t *part, tr_slice_t value)
{
    const tr_path_t *path = &r->fill->view->path;
    int in_path = part->component == TR_PATH;
    apr_size_t from;

    if (value.n == 0 || !tr_path_keeps_slash(path)) {
        tr_uri_add(&r->out, value, in_path ? TR_URI_PATH : TR_URI_VALUE);
        return;
    }
    from = (apr_size_t)(value.p - path->decoded.p);
    value = tr_path_raw(path, from, from + value.n);
    if (in_path) {
        tr_uri_add(&r->out, value, TR_URI_SENT_PATH);
    }
    else {
        char *text = apr_palloc(r->p, value.n);

        value = tr_slice(text, tr_uri_decode(text, value, 0));
        tr_uri_add(&r->out, value, TR_URI_VALUE);
    }
}

static void add_attribute(render_t *r, const tr_part_t *part, tr_slice_t value)
{
    if (tr_part_joins(part)) {
        add_joined(r, value);
    }
    else if (part->component == TR_PATH) {
        tr_uri_add(&r->out, value, TR_URI_SEGMENT);
    }
    else {
        tr_uri_add(&r->out, value,
                   part->component == TR_QUERY
                           && part->attr.kind == TR_ATTR_ARGS
                       ? TR_URI_SENT_ARGS
                       : TR_URI_VALUE);
    }
}

/* A literal; behind a path or tail its '/' may be there already. */
static void add_literal(render_t *r, const tr_part_t *part)
{
    tr_slice_t text = part->literal;

    if (part > r->target->parts && tr_part_joins(part - 1) && *text.p == '/'
        && r->out.n > r->path && r->out.p[r->out.n - 1] == '/') {
        text = tr_slice_from(text, 1);
    }
    tr_buf_add(&r->out, text);
}

static tr_reason_t add_part(render_t *r, const tr_part_t *part)
{
    tr_slice_t value;
    tr_reason_t reason;

    if (part->kind == TR_PART_LITERAL) {
        add_literal(r, part);
        return TR_OK;
    }
    reason = value_of(&value, r, part);
    if (reason != TR_OK) {
        return reason;
    }
    if (part->component == TR_HOST) {
        return add_to_host(r, part, value);
    }
    if (part->kind == TR_PART_GROUP || part->kind == TR_PART_NAMED) {
        add_group(r, part, value);
    }
    else {
        add_attribute(r, part, value);
    }
    return TR_OK;
}

static tr_reason_t add_some_parts(render_t *r, int *next, int end)
{
    tr_reason_t reason = TR_OK;

    while (reason == TR_OK && *next < end) {
        reason = add_part(r, &r->target->parts[(*next)++]);
    }
    return reason;
}

/* Add the parts from *next on, up to the one that is end. What most targets
 * have is in their head already. */
static inline tr_reason_t add_parts(render_t *r, int *next, int end)
{
    return *next < end ? add_some_parts(r, next, end) : TR_OK;
}

/* The origin: what stands before the path. */
static tr_reason_t add_origin(tr_location_t *location, render_t *r, int *next)
{
    const tr_target_t *target = r->target;
    tr_reason_t reason = add_parts(r, next, target->ends[TR_SCHEME]);
    apr_size_t from = r->out.n;

    if (reason == TR_OK) {
        reason = add_parts(r, next, target->ends[TR_HOST]);
    }
    if (reason != TR_OK) {
        return reason;
    }
    location->host = tr_buf_since(&r->out, from);
    if (target->fills_host) {
        if (r->out.full || !tr_host_is_valid(location->host)) {
            return TR_UNSAFE;
        }
        if (target->needs_hosts
            && !tr_hosts_contains(r->fill->view->allow_hosts, location->host)) {
            return TR_FOREIGN_HOST;
        }
    }
    from = r->out.n;
    reason = add_parts(r, next, target->ends[TR_PORT]);
    location->port = target->port;
    if (r->out.n > from) {
        const char *end = r->out.p + r->out.n;
        const char *c = r->out.p + from + 1;

        for (location->port = 0; c < end && tr_is_digit(*c); ++c) {
            location->port = location->port * 10 + (*c - '0');
        }
    }
    return reason;
}

static tr_reason_t path_check(const render_t *r)
{
    tr_slice_t path = tr_buf_since(&r->out, r->path);

    if (r->target->scheme == NULL
        && (path.n == 0 || path.p[0] != '/'
            || (path.n > 1 && (path.p[1] == '/' || path.p[1] == '\\')))) {
        return TR_UNSAFE;
    }
    return r->target->fills_path && tr_path_has_dots(path) ? TR_UNSAFE : TR_OK;
}

/* Behind a host whatever is filled in stands in a path: with ".org" for $1
 * "https://example.com$1" is not another host. */
static void begin_path(render_t *r)
{
    char *path = r->out.p + r->path;
    apr_size_t n = r->out.n - r->path;

    if (r->target->scheme && !r->out.full && (n == 0 || *path != '/')) {
        tr_buf_addc(&r->out, '/');
        if (!r->out.full) {
            memmove(path + 1, path, n);
            *path = '/';
        }
    }
}

/* Add the path of a target that has a substitution in it. */
static tr_reason_t fill_path(render_t *r, int *next)
{
    tr_reason_t reason = add_parts(r, next, r->target->base_end);

    if (r->out.n > r->path) {
        begin_path(r);
    }
    r->base = r->out.n;
    if (reason == TR_OK) {
        reason = add_parts(r, next, r->target->ends[TR_PATH]);
    }
    begin_path(r);
    return reason;
}

static tr_reason_t add_path(render_t *r, int *next)
{
    const tr_target_t *target = r->target;
    tr_reason_t reason = target->fills_path
                             ? fill_path(r, next)
                             : add_parts(r, next, target->ends[TR_PATH]);

    if (reason != TR_OK) {
        return reason;
    }
    if (r->fill->keep_tail && !target->names_tail) {
        add_joined(r, r->fill->tail);
    }
    return r->out.full ? TR_TOO_LONG : path_check(r);
}

static tr_reason_t add_query(render_t *r, int *next)
{
    const tr_target_t *target = r->target;
    apr_size_t from = r->out.n;
    tr_reason_t reason = add_parts(r, next, target->ends[TR_QUERY]);
    tr_slice_t own = target->has_query && !r->out.full
                         ? tr_slice_from(tr_buf_since(&r->out, from), 1)
                         : tr_slice(NULL, 0);

    if (reason == TR_OK) {
        if (r->fill->view->args.n > 0) {
            tr_args_render(&r->out, r->fill->args, r->fill->view->args, own,
                           r->p);
        }
        reason = add_parts(r, next, target->ends[TR_FRAGMENT]);
    }
    return reason;
}

/* What is literal up to the first substitution, else the origin. */
static tr_reason_t add_head(tr_location_t *location, render_t *r, int *next)
{
    const tr_target_t *target = r->target;
    tr_reason_t reason = TR_OK;

    tr_buf_add(&r->out, target->head);
    *next = target->head_parts;
    r->path = target->head_path;
    if (target->scheme && target->head.n > 0) {
        location->port = target->port;
        location->host = target->head_host;
        location->host.p = r->out.p + (target->head_host.p - target->head.p);
    }
    else if (target->scheme) {
        reason = add_origin(location, r, next);
        r->path = r->out.n;
    }
    return reason;
}

static tr_reason_t render(tr_location_t *location, render_t *r)
{
    int next;
    tr_reason_t reason = add_head(location, r, &next);

    if (reason == TR_OK) {
        reason = add_path(r, &next);
    }
    if (reason == TR_OK) {
        reason = add_query(r, &next);
    }
    return reason == TR_OK && r->out.full ? TR_TOO_LONG : reason;
}

/* Most targets: nothing is substituted; behind them come tail and query. */
static tr_reason_t render_plain(tr_location_t *location,
                                const tr_target_t *target,
                                const tr_fill_t *fill, apr_size_t size,
                                apr_pool_t *p)
{
    char *space = apr_palloc(p, size + 1);
    render_t r = { tr_buf(space, size), target->head_path, 0, target, fill, p };
    tr_slice_t args = fill->view->args;
    tr_reason_t reason;

    tr_buf_add(&r.out, target->head);
    if (fill->keep_tail) {
        add_joined(&r, fill->tail);
    }
    reason = path_check(&r);
    if (args.n > 0) {
        tr_args_render(&r.out, fill->args, args, tr_slice(NULL, 0), p);
    }
    space[r.out.n] = '\0';
    location->url = tr_buf_since(&r.out, 0);
    location->scheme = target->scheme;
    location->host = target->head_host;
    location->port = target->port;
    location->path = r.path;
    location->base = 0;
    if (target->scheme) {
        location->host.p = space + (target->head_host.p - target->head.p);
    }
    return reason;
}

static tr_reason_t render_any(tr_location_t *location,
                              const tr_target_t *target, const tr_fill_t *fill,
                              apr_pool_t *p)
{
    char stack[TR_LOCATION_MAX];
    render_t r = { tr_buf(stack, sizeof(stack)), 0, 0, target, fill, p };
    tr_reason_t reason;

    location->scheme = target->scheme;
    location->port = 0;
    location->host = tr_slice(NULL, 0);
    reason = render(location, &r);
    if (reason != TR_OK) {
        return reason;
    }
    location->url = tr_slice(apr_pstrmemdup(p, stack, r.out.n), r.out.n);
    location->path = r.path;
    location->base = r.base;
    if (location->host.p) {
        location->host.p = location->url.p + (location->host.p - stack);
    }
    return TR_OK;
}

tr_reason_t tr_target_render(tr_location_t *location, const tr_target_t *target,
                             const tr_fill_t *fill, apr_pool_t *p)
{
    apr_size_t size = target->head.n + 3 * (fill->tail.n + fill->view->args.n)
                      + sizeof("/?");

    return target->head_parts == target->n && size < TR_LOCATION_MAX
               ? render_plain(location, target, fill, size, p)
               : render_any(location, target, fill, p);
}

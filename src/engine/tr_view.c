/* Licensed under the Apache License, Version 2.0; see LICENSE. */
#include <apr_strings.h>

#include "tr_query.h"
#include "tr_suggest.h"
#include "tr_view.h"

static const struct {
    const char *name;
    tr_attr_kind_t kind;
    int named; /* has a name of its own behind a dot */
} attributes[] = {
    { "scheme", TR_ATTR_SCHEME, 0 }, { "host", TR_ATTR_HOST, 0 },
    { "port", TR_ATTR_PORT, 0 },     { "path", TR_ATTR_PATH, 0 },
    { "tail", TR_ATTR_TAIL, 0 },     { "args", TR_ATTR_ARGS, 0 },
    { "user", TR_ATTR_USER, 0 },     { "header", TR_ATTR_HEADER, 1 },
    { "cookie", TR_ATTR_COOKIE, 1 }, { "query", TR_ATTR_QUERY, 1 },
    { "env", TR_ATTR_ENV, 1 },       { "group", TR_ATTR_GROUP, 1 },
};

#define ATTRIBUTES (sizeof(attributes) / sizeof(attributes[0]))

const char *tr_attr_parse(tr_attr_t *attr, tr_slice_t word, apr_pool_t *p)
{
    const char *dot = memchr(word.p, '.', word.n);
    tr_slice_t head = tr_slice(word.p,
                               dot ? (apr_size_t)(dot - word.p) : word.n);
    const char *names[ATTRIBUTES];
    apr_size_t i;

    for (i = 0; i < ATTRIBUTES; ++i) {
        names[i] = attributes[i].name;
        if (!tr_slice_equal(head, tr_slice_of(attributes[i].name))) {
            continue;
        }
        if (!attributes[i].named == !dot && word.n != head.n + 1) {
            attr->kind = attributes[i].kind;
            attr->name = dot ? apr_pstrmemdup(p, dot + 1, word.n - head.n - 1)
                             : NULL;
            return NULL;
        }
        return apr_psprintf(p,
                            attributes[i].named
                                ? "write '%s.NAME'"
                                : "'%s' takes no name behind a dot",
                            attributes[i].name);
    }
    return apr_pstrcat(p, "unknown attribute",
                       tr_suggest(head, names, ATTRIBUTES, p), NULL);
}

static tr_slice_t trim(tr_slice_t s)
{
    while (s.n > 0 && (*s.p == ' ' || *s.p == '\t')) {
        s = tr_slice_from(s, 1);
    }
    while (s.n > 0 && (s.p[s.n - 1] == ' ' || s.p[s.n - 1] == '\t')) {
        --s.n;
    }
    return s;
}

int tr_cookie_find(tr_slice_t *value, tr_slice_t field, const char *name)
{
    tr_slice_t wanted = tr_slice_of(name);
    const char *at = field.p, *end = field.p + field.n;

    while (at < end) {
        const char *semi = memchr(at, ';', (apr_size_t)(end - at));
        tr_slice_t pair = tr_slice(at, (apr_size_t)((semi ? semi : end) - at));
        const char *equals = memchr(pair.p, '=', pair.n);

        at = pair.p + pair.n + 1;
        if (equals) {
            apr_size_t n = (apr_size_t)(equals - pair.p);
            tr_slice_t text = trim(tr_slice_from(pair, n + 1));

            if (tr_slice_equal(trim(tr_slice(pair.p, n)), wanted)) {
                if (text.n > 1 && *text.p == '"' && text.p[text.n - 1] == '"') {
                    text = tr_slice(text.p + 1, text.n - 2);
                }
                *value = text;
                return 1;
            }
        }
    }
    return 0;
}

static tr_reason_t cookie_value(tr_slice_t *value, const tr_view_t *view,
                                const tr_attr_t *attr)
{
    static const tr_attr_t header = { TR_ATTR_HEADER, "Cookie" };
    tr_slice_t field;

    return view->facts->value(&field, view, &header) == TR_OK
                   && tr_cookie_find(value, field, attr->name)
               ? TR_OK
               : TR_NO_VALUE;
}

tr_reason_t tr_view_value(tr_slice_t *value, const tr_view_t *view,
                          const tr_attr_t *attr, apr_pool_t *p)
{
    tr_slice_t found = tr_slice(NULL, 0);
    tr_reason_t reason;

    switch (attr->kind) {
    case TR_ATTR_PATH:
        *value = view->path.raw;
        return TR_OK;
    case TR_ATTR_ARGS:
        *value = view->args.p ? view->args : tr_slice("", 0);
        return TR_OK;
    case TR_ATTR_QUERY:
        reason = tr_query_find(&found, view->args, attr->name, p) ? TR_OK
                                                                  : TR_NO_VALUE;
        break;
    case TR_ATTR_COOKIE:
        reason = cookie_value(&found, view, attr);
        break;
    default:
        reason = view->facts->value(&found, view, attr);
        break;
    }
    if (reason == TR_OK && found.n == 0) {
        reason = TR_NO_VALUE;
    }
    if (reason == TR_OK) {
        *value = found;
    }
    return reason;
}

/* Licensed under the Apache License, Version 2.0; see LICENSE. */
#include "tr_query.h"
#include "tr_uri.h"

int tr_query_next(tr_slice_t *pair, tr_slice_t args, apr_size_t *at)
{
    while (*at < args.n) {
        const char *begin = args.p + *at;
        const char *amp = memchr(begin, '&', args.n - *at);
        apr_size_t n = amp ? (apr_size_t)(amp - begin) : args.n - *at;

        *at += n + 1;
        if (n > 0) {
            *pair = tr_slice(begin, n);
            return 1;
        }
    }
    return 0;
}

static apr_size_t name_length(tr_slice_t pair)
{
    const char *equals = memchr(pair.p, '=', pair.n);

    return equals ? (apr_size_t)(equals - pair.p) : pair.n;
}

tr_slice_t tr_query_name(tr_slice_t pair, char *text)
{
    return tr_slice(text,
                    tr_uri_decode(text, tr_slice(pair.p, name_length(pair)),
                                  1));
}

/* Whether the name of a parameter is that one, decoded. */
static int is_name(tr_slice_t sent, tr_slice_t wanted)
{
    apr_size_t i, at = 0;

    for (i = 0; i < wanted.n && at < sent.n; ++i) {
        char c = sent.p[at] == '+' ? ' ' : sent.p[at];
        int byte = c == '%' && sent.n - at > 2 ? tr_uri_hex(sent.p + at + 1)
                                               : -1;

        if ((byte < 0 ? c : (char)byte) != wanted.p[i]) {
            return 0;
        }
        at += byte < 0 ? 1 : 3;
    }
    return i == wanted.n && at == sent.n;
}

int tr_query_find(tr_slice_t *value, tr_slice_t args, const char *name,
                  apr_size_t *at, apr_pool_t *p)
{
    tr_slice_t wanted = tr_slice_of(name), pair;

    while (tr_query_next(&pair, args, at)) {
        apr_size_t n = name_length(pair);

        if (is_name(tr_slice(pair.p, n), wanted)) {
            char *text;

            pair = tr_slice_from(pair, n < pair.n ? n + 1 : n);
            text = apr_palloc(p, pair.n + 1);
            *value = tr_slice(text, tr_uri_decode(text, pair, 1));
            return 1;
        }
    }
    return 0;
}

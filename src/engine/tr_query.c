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

int tr_query_find(tr_slice_t *value, tr_slice_t args, const char *name,
                  apr_pool_t *p)
{
    tr_slice_t wanted = tr_slice_of(name), pair;
    char *text = apr_palloc(p, args.n + 1);
    apr_size_t at = 0;

    while (tr_query_next(&pair, args, &at)) {
        if (tr_slice_equal(tr_query_name(pair, text), wanted)) {
            apr_size_t n = name_length(pair);

            pair = tr_slice_from(pair, n < pair.n ? n + 1 : n);
            *value = tr_slice(text, tr_uri_decode(text, pair, 1));
            return 1;
        }
    }
    return 0;
}

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

/* Where the value of a parameter begins, if its name is that one, decoded: the
 * end of the pair, where there is no '='; 0 where it is another. */
static apr_size_t value_at(tr_slice_t pair, tr_slice_t wanted)
{
    apr_size_t i, at = 0;

    for (i = 0; i < wanted.n; ++i) {
        char c = at < pair.n ? pair.p[at] : '=';
        int byte = c == '%' && pair.n - at > 2 ? tr_uri_hex(pair.p + at + 1)
                                               : -1;

        if (c == '='
            || (byte < 0 ? (c == '+' ? ' ' : c) : (char)byte) != wanted.p[i]) {
            return 0;
        }
        at += byte < 0 ? 1 : 3;
    }
    return at == pair.n ? at : pair.p[at] == '=' ? at + 1 : 0;
}

/* Whether a name can begin with that byte: of most parameters, the first byte
 * shows that they are others. */
static inline int may_begin(char sent, char wanted)
{
    return sent == wanted || sent == '%' || sent == '+';
}

int tr_query_find(tr_slice_t *value, tr_slice_t args, const char *name,
                  apr_size_t *at)
{
    tr_slice_t wanted = tr_slice_of(name), pair;

    while (tr_query_next(&pair, args, at)) {
        apr_size_t from = may_begin(*pair.p, *name) ? value_at(pair, wanted)
                                                    : 0;

        if (from > 0) {
            *value = tr_slice_from(pair, from);
            return 1;
        }
    }
    return 0;
}

tr_slice_t tr_query_decode(tr_slice_t value, char *text)
{
    return tr_slice(text, tr_uri_decode(text, value, 1));
}

int tr_query_value(tr_slice_t *value, tr_slice_t args, const char *name,
                   apr_pool_t *p)
{
    apr_size_t at = 0;
    tr_slice_t sent;

    if (!tr_query_find(&sent, args, name, &at)) {
        return 0;
    }
    *value = tr_query_decode(sent, apr_palloc(p, sent.n));
    return 1;
}

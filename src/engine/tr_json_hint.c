/* Licensed under the Apache License, Version 2.0; see LICENSE. */
#include <string.h>

#include <apr_strings.h>

#include "tr_ascii.h"
#include "tr_json.h"
#include "tr_json_hint.h"

struct tr_json_hint_t {
    apr_array_header_t *names;        /* tr_slice_t: all must be there */
    const apr_array_header_t *values; /* one of them; NULL: any */
};

/* Whether JSON has but one way to write it, save for "\u". Numbers have many:
 * 1.5, 1.50, 15e-1. */
static int is_plain(tr_slice_t s)
{
    apr_size_t i;

    for (i = 0; i < s.n; ++i) {
        if ((unsigned char)s.p[i] < ' ' || strchr("\"\\/", s.p[i])) {
            return 0;
        }
    }
    return s.n > 0 && !tr_is_digit(*s.p) && *s.p != '-';
}

static int are_plain(const apr_array_header_t *values)
{
    int i = 0;

    while (i < values->nelts
           && is_plain(APR_ARRAY_IDX(values, i, tr_slice_t))) {
        ++i;
    }
    return i == values->nelts;
}

const tr_json_hint_t *tr_json_hint_build(const char *pointer,
                                         const apr_array_header_t *values,
                                         apr_pool_t *p)
{
    tr_json_hint_t *hint = apr_palloc(p, sizeof(*hint));
    char *token = apr_palloc(p, strlen(pointer) + 1);

    hint->names = apr_array_make(p, 2, sizeof(tr_slice_t));
    while (tr_json_token_next(token, &pointer)) {
        /* a number may count elements */
        if (is_plain(tr_slice_of(token))) {
            APR_ARRAY_PUSH(hint->names,
                           tr_slice_t) = tr_slice_of(apr_pstrdup(p, token));
        }
    }
    hint->values = values && are_plain(values) ? values : NULL;
    return hint;
}

static int has(tr_slice_t text, const apr_array_header_t *list, int i)
{
    tr_slice_t wanted = APR_ARRAY_IDX(list, i, tr_slice_t);

    return memmem(text.p, text.n, wanted.p, wanted.n) != NULL;
}

static int has_all(tr_slice_t text, const apr_array_header_t *list)
{
    int i = 0;

    while (i < list->nelts && has(text, list, i)) {
        ++i;
    }
    return i == list->nelts;
}

static int has_any(tr_slice_t text, const apr_array_header_t *list)
{
    int i = 0;

    while (i < list->nelts && !has(text, list, i)) {
        ++i;
    }
    return i < list->nelts;
}

static int has_escape(tr_slice_t text)
{
    const char *c = text.p, *end = text.p + text.n;

    while (c < end && (c = memchr(c, '\\', (apr_size_t)(end - c))) != NULL) {
        if (end - c > 1 && c[1] == 'u') {
            return 1;
        }
        ++c;
    }
    return 0;
}

int tr_json_hint_allows(const tr_json_hint_t *hint, tr_slice_t text)
{
    return has_escape(text)
           || (has_all(text, hint->names)
               && (hint->values == NULL || has_any(text, hint->values)));
}

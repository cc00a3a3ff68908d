/* Licensed under the Apache License, Version 2.0; see LICENSE. */
#include <apr_strings.h>
#include <apr_strmatch.h>

#include "tr_ascii.h"
#include "tr_json.h"
#include "tr_json_hint.h"

struct tr_json_hint_t {
    apr_array_header_t *all; /* const apr_strmatch_pattern * */
    apr_array_header_t *any; /* the same; NULL: nothing to look for */
    const apr_strmatch_pattern *escape;
};

/* Whether JSON has but one way to write it, save for "\u". */
static int is_plain(tr_slice_t s)
{
    apr_size_t i;

    for (i = 0; i < s.n; ++i) {
        if ((unsigned char)s.p[i] < ' ' || s.p[i] == 0x7f
            || strchr("\"\\/", s.p[i])) {
            return 0;
        }
    }
    return s.n > 0;
}

/* Numbers have many ways: 1.5, 1.50, 15e-1. */
static int is_like_number(tr_slice_t s)
{
    return tr_is_digit(*s.p) || *s.p == '-';
}

static void add(apr_array_header_t *list, tr_slice_t s, apr_pool_t *p)
{
    APR_ARRAY_PUSH(list, const apr_strmatch_pattern *) =
        apr_strmatch_precompile(p, apr_pstrmemdup(p, s.p, s.n), 1);
}

/* What of the values to look for; NULL where one could be there unseen. */
static apr_array_header_t *any_of(const apr_array_header_t *values,
                                  apr_pool_t *p)
{
    apr_array_header_t *any = apr_array_make(p, values->nelts, sizeof(void *));
    int i;

    for (i = 0; i < values->nelts; ++i) {
        tr_slice_t value = APR_ARRAY_IDX(values, i, tr_slice_t);

        if (!is_plain(value) || is_like_number(value)) {
            return NULL;
        }
        add(any, value, p);
    }
    return any;
}

const tr_json_hint_t *tr_json_hint_build(const char *pointer,
                                         const apr_array_header_t *values,
                                         apr_pool_t *p)
{
    tr_json_hint_t *hint = apr_palloc(p, sizeof(*hint));
    char *token = apr_palloc(p, strlen(pointer) + 1);

    hint->all = apr_array_make(p, 2, sizeof(void *));
    while (tr_json_token_next(token, &pointer)) {
        tr_slice_t name = tr_slice_of(token);

        /* a number may count elements */
        if (is_plain(name) && !is_like_number(name)) {
            add(hint->all, name, p);
        }
    }
    hint->any = values ? any_of(values, p) : NULL;
    hint->escape = apr_strmatch_precompile(p, "\\u", 1);
    return hint;
}

static int has(tr_slice_t text, const apr_array_header_t *list, int i)
{
    return apr_strmatch(APR_ARRAY_IDX(list, i, const apr_strmatch_pattern *),
                        text.p, text.n)
           != NULL;
}

static int has_all(tr_slice_t text, const apr_array_header_t *list)
{
    int i;

    for (i = 0; i < list->nelts && has(text, list, i); ++i) {
    }
    return i == list->nelts;
}

static int has_any(tr_slice_t text, const apr_array_header_t *list)
{
    int i;

    for (i = 0; i < list->nelts && !has(text, list, i); ++i) {
    }
    return i < list->nelts;
}

int tr_json_hint_allows(const tr_json_hint_t *hint, tr_slice_t text)
{
    return (has_all(text, hint->all)
            && (hint->any == NULL || has_any(text, hint->any)))
           || apr_strmatch(hint->escape, text.p, text.n) != NULL;
}

/* Licensed under the Apache License, Version 2.0; see LICENSE. */
#include <string.h>

#include <apr_strings.h>

#include "tr_ascii.h"
#include "tr_json.h"
#include "tr_json_hint.h"

/* What is looked for, and which of its bytes first. */
typedef struct needle_t {
    tr_slice_t text;
    apr_size_t at;
} needle_t;

struct tr_json_hint_t {
    apr_array_header_t *names;  /* needle_t: all must be there */
    apr_array_header_t *values; /* one of them; NULL: any */
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

/* Where its rarest byte is: the one that comes last here, or not at all. */
static apr_size_t rarest(tr_slice_t s)
{
    static const char common[] = "\" etaoinsrhldcumpfgwybvk";
    apr_size_t i, best = 0, at = 0;

    for (i = 0; i < s.n; ++i) {
        const char *found = strchr(common, s.p[i]);
        apr_size_t rank = found ? (apr_size_t)(found - common) : sizeof(common);

        if (rank > best) {
            best = rank;
            at = i;
        }
    }
    return at;
}

/* Add it as it stands in a text: a string has quotes, a boolean may be one. */
static void add(apr_array_header_t *list, tr_slice_t s, apr_pool_t *p)
{
    int is_boolean = tr_slice_equal(s, tr_slice_of("true"))
                     || tr_slice_equal(s, tr_slice_of("false"));
    const char *quote = is_boolean ? "" : "\"";
    needle_t *needle = apr_array_push(list);

    needle->text = tr_slice_of(
        apr_psprintf(p, "%s%.*s%s", quote, (int)s.n, s.p, quote));
    needle->at = rarest(needle->text);
}

/* What of the values to look for; NULL where one could be there unseen. */
static apr_array_header_t *written_values(const apr_array_header_t *values,
                                          apr_pool_t *p)
{
    apr_array_header_t *all = apr_array_make(p, values->nelts,
                                             sizeof(needle_t));
    int i;

    for (i = 0; i < values->nelts; ++i) {
        tr_slice_t value = APR_ARRAY_IDX(values, i, tr_slice_t);

        if (!is_plain(value)) {
            return NULL;
        }
        add(all, value, p);
    }
    return all;
}

const tr_json_hint_t *tr_json_hint_build(const char *pointer,
                                         const apr_array_header_t *values,
                                         apr_pool_t *p)
{
    tr_json_hint_t *hint = apr_palloc(p, sizeof(*hint));
    char *token = apr_palloc(p, strlen(pointer) + 1);

    hint->names = apr_array_make(p, 2, sizeof(needle_t));
    while (tr_json_token_next(token, &pointer)) {
        tr_slice_t name = tr_slice_of(token);

        /* a number may count elements */
        if (is_plain(name)) {
            add(hint->names, name, p);
        }
    }
    hint->values = values ? written_values(values, p) : NULL;
    return hint;
}

/* memchr() on a rare byte is several times as fast as memmem(). */
static int has(tr_slice_t text, const apr_array_header_t *list, int i)
{
    const needle_t *needle = &APR_ARRAY_IDX(list, i, needle_t);
    const char *c = text.p + needle->at, *end = text.p + text.n;

    if (text.n < needle->text.n) {
        return 0;
    }
    end -= needle->text.n - needle->at - 1;
    while (c < end
           && (c = memchr(c, needle->text.p[needle->at], (apr_size_t)(end - c)))
                  != NULL) {
        if (c[-(apr_ssize_t)needle->at] == *needle->text.p
            && memcmp(c - needle->at, needle->text.p, needle->text.n) == 0) {
            return 1;
        }
        ++c;
    }
    return 0;
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
    return (has_all(text, hint->names)
            && (hint->values == NULL || has_any(text, hint->values)))
           || has_escape(text);
}

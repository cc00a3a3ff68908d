/* Licensed under the Apache License, Version 2.0; see LICENSE. */
#include <apr_cstr.h>

#include "tr_ascii.h"
#include "tr_lang.h"

#define Q_ONE 1000
#define SUBTAG_LONG 8

/* One of the languages, and what the field says of it. */
typedef struct candidate_t {
    tr_slice_t tag;
    apr_size_t covered; /* length of the longest range that it lies within */
    int q;              /* of that range, -1 where there is none */
} candidate_t;

typedef struct candidates_t {
    candidate_t *all;
    int n;
} candidates_t;

static const char *byte_fault(char c)
{
    switch (c) {
    case '*':
        return "'*' is no language; name one, as in 'de' or 'pt-BR'";
    case '_':
        return "write '-' between subtags, not '_', as in 'de-DE'";
    case ',':
        return "write languages with spaces between them, as in 'de pt-BR'";
    default:
        return "not a language; write letters and digits with '-' between "
               "subtags, as in 'de' or 'pt-BR'";
    }
}

static const char *fault_of(tr_slice_t tag)
{
    apr_size_t begin = 0, i;

    for (i = 0; i <= tag.n; ++i) {
        if (i == tag.n || tag.p[i] == '-') {
            if (i == begin) {
                return "a subtag is empty; write letters and digits with one "
                       "'-' between subtags, as in 'de' or 'pt-BR'";
            }
            if (i - begin > SUBTAG_LONG) {
                return "a subtag is too long; it has up to 8 letters and "
                       "digits, as in 'de' or 'pt-BR'";
            }
            begin = i + 1;
        }
        else if (begin == 0 && tr_is_digit(tag.p[i])) {
            return "a digit stands in the first subtag, which has only "
                   "letters, as in 'de' or 'pt-BR'";
        }
        else if (!tr_is_alnum(tag.p[i])) {
            return byte_fault(tag.p[i]);
        }
    }
    return NULL;
}

const char *tr_lang_check(const char *tag)
{
    return *tag ? fault_of(tr_slice_of(tag))
                : "a language is missing; name one, as in 'de' or 'pt-BR'";
}

static int same(tr_slice_t a, tr_slice_t b)
{
    return a.n == b.n && apr_cstr_casecmpn(a.p, b.p, a.n) == 0;
}

static int is_within(tr_slice_t tag, tr_slice_t range)
{
    return tag.n >= range.n && (tag.n == range.n || tag.p[range.n] == '-')
           && same(tr_slice(tag.p, range.n), range);
}

int tr_lang_matches(tr_slice_t tag, const char *range)
{
    return is_within(tag, tr_slice_of(range));
}

static int is_any(tr_slice_t range)
{
    return range.n == 1 && *range.p == '*';
}

static int is_space(char c)
{
    return c == ' ' || c == '\t';
}

static tr_slice_t trimmed(tr_slice_t s)
{
    while (s.n > 0 && is_space(s.p[s.n - 1])) {
        --s.n;
    }
    while (s.n > 0 && is_space(*s.p)) {
        s = tr_slice_from(s, 1);
    }
    return s;
}

static int read_weight(int *q, tr_slice_t s)
{
    int value, unit = Q_ONE / 10;
    apr_size_t i;

    if (s.n < 3 || s.n > sizeof("q=0.000") - 1 || tr_to_lower(s.p[0]) != 'q'
        || s.p[1] != '=' || !tr_is_digit(s.p[2])
        || (s.n > 3 && s.p[3] != '.')) {
        return 0;
    }
    value = (s.p[2] - '0') * Q_ONE;
    for (i = 4; i < s.n; ++i, unit /= 10) {
        if (!tr_is_digit(s.p[i])) {
            return 0;
        }
        value += (s.p[i] - '0') * unit;
    }
    *q = value;
    return value <= Q_ONE;
}

static int read_element(tr_slice_t *range, int *q, tr_slice_t element)
{
    const char *semicolon = memchr(element.p, ';', element.n);
    apr_size_t n = semicolon ? (apr_size_t)(semicolon - element.p) : element.n;

    *range = trimmed(tr_slice(element.p, n));
    *q = Q_ONE;
    return (is_any(*range) || fault_of(*range) == NULL)
           && (!semicolon
               || read_weight(q, trimmed(tr_slice_from(element, n + 1))));
}

/* Step to the next element that is not malformed. */
static int next_range(tr_slice_t *range, int *q, tr_slice_t accept,
                      apr_size_t *at)
{
    while (*at < accept.n) {
        const char *begin = accept.p + *at;
        const char *comma = memchr(begin, ',', accept.n - *at);
        apr_size_t n = comma ? (apr_size_t)(comma - begin) : accept.n - *at;

        *at += n + 1;
        if (read_element(range, q, tr_slice(begin, n))) {
            return 1;
        }
    }
    return 0;
}

static void cover(candidates_t in, tr_slice_t accept)
{
    tr_slice_t range;
    apr_size_t at = 0;
    int q, i;

    while (next_range(&range, &q, accept, &at)) {
        int any = is_any(range);
        apr_size_t n = any ? 0 : range.n;

        for (i = 0; i < in.n; ++i) {
            candidate_t *c = &in.all[i];

            if ((n > c->covered || (n == c->covered && q > c->q))
                && (any || is_within(c->tag, range))) {
                c->covered = n;
                c->q = q;
            }
        }
    }
}

/* Cut the last subtag off, and the single letters and digits before it. */
static tr_slice_t shortened(tr_slice_t range)
{
    apr_size_t n = range.n;

    do {
        while (n > 0 && range.p[n - 1] != '-') {
            --n;
        }
        n -= n > 0;
    } while (n == 1 || (n > 1 && range.p[n - 2] == '-'));
    return tr_slice(range.p, n);
}

static const candidate_t *look_up(candidates_t in, tr_slice_t range)
{
    int i;

    for (; range.n > 0; range = shortened(range)) {
        for (i = 0; i < in.n; ++i) {
            if (in.all[i].q != 0 && same(in.all[i].tag, range)) {
                return &in.all[i];
            }
        }
    }
    return NULL;
}

static int first_choice(tr_slice_t *tag, tr_slice_t accept)
{
    tr_slice_t range;
    apr_size_t at = 0;
    int q, best = 0;

    while (next_range(&range, &q, accept, &at)) {
        if (q > best && !is_any(range)) {
            *tag = range;
            best = q;
        }
    }
    return best > 0;
}

static const candidate_t *default_of(candidates_t in)
{
    int i;

    for (i = 0; i < in.n; ++i) {
        if (in.all[i].q != 0) {
            return &in.all[i];
        }
    }
    return in.all;
}

static candidates_t candidates_of(const apr_array_header_t *languages,
                                  tr_slice_t accept, apr_pool_t *scratch)
{
    candidates_t made = { NULL, languages->nelts };
    int i;

    made.all = apr_palloc(scratch, (apr_size_t)made.n * sizeof(*made.all));
    for (i = 0; i < made.n; ++i) {
        candidate_t *c = &made.all[i];

        c->tag = tr_slice_of(APR_ARRAY_IDX(languages, i, const char *));
        c->covered = 0;
        c->q = -1;
    }
    cover(made, accept);
    return made;
}

int tr_lang_pick(tr_slice_t *tag, const apr_array_header_t *languages,
                 tr_slice_t accept, apr_pool_t *scratch)
{
    const candidate_t *best = NULL, *found;
    candidates_t candidates;
    apr_size_t at = 0;
    tr_slice_t range;
    int q, best_q = 0;

    if (languages == NULL) {
        return first_choice(tag, accept);
    }
    candidates = candidates_of(languages, accept, scratch);
    while (next_range(&range, &q, accept, &at)) {
        if (q > best_q && (found = look_up(candidates, range)) != NULL) {
            best = found;
            best_q = q;
        }
    }
    *tag = (best ? best : default_of(candidates))->tag;
    return 1;
}

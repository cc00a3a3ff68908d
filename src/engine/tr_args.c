/* Licensed under the Apache License, Version 2.0; see LICENSE. */
#include <apr_strings.h>
#include <apr_tables.h>

#include "tr_args.h"
#include "tr_query.h"
#include "tr_suggest.h"
#include "tr_uri.h"

typedef enum { PASS, MERGE, DROP, ONLY, EXCEPT } policy_t;

/* Indexed by policy_t; those with a ':' take names. */
static const char *const policies[] = { "pass", "merge", "drop",
                                        "only:", "except:" };

#define POLICIES (sizeof(policies) / sizeof(policies[0]))

struct tr_args_t {
    policy_t policy;
    const apr_array_header_t *names; /* const char *: "id", "utm_*" */
};

const tr_args_t tr_args_default = { PASS, NULL };

static const char *names_parse(const apr_array_header_t **names,
                               const char *list, apr_pool_t *p)
{
    apr_array_header_t *found = apr_array_make(p, 4, sizeof(const char *));

    for (;;) {
        apr_size_t n = strcspn(list, ",");
        const char *name = apr_pstrmemdup(p, list, n);
        const char *star = strchr(name, '*');

        if (n == 0) {
            return "a name is missing; write names with ',' between them, as "
                   "in 'args=only:id,lang'";
        }
        if (star && star[1]) {
            return apr_psprintf(p,
                                "'%s': '*' can only stand at the end of a "
                                "name, as in 'utm_*'",
                                name);
        }
        APR_ARRAY_PUSH(found, const char *) = name;
        if (list[n] == '\0') {
            *names = found;
            return NULL;
        }
        list += n + 1;
    }
}

const char *tr_args_parse(const tr_args_t **args, const char *value,
                          apr_pool_t *p)
{
    tr_args_t *made = apr_pcalloc(p, sizeof(*made));
    apr_size_t i, n;

    for (i = 0; i < POLICIES; ++i) {
        tr_slice_t policy = tr_slice_of(policies[i]);
        int listed = policies[i][policy.n - 1] == ':';

        if (listed ? strncmp(value, policy.p, policy.n) == 0
                   : strcmp(value, policy.p) == 0) {
            const char *error = NULL;

            made->policy = (policy_t)i;
            if (listed) {
                error = names_parse(&made->names, value + policy.n, p);
            }
            *args = error ? *args : made;
            return error;
        }
    }
    n = strcspn(value, ":");
    n += value[n] == ':';
    return apr_pstrcat(p, "unknown policy",
                       tr_suggest(tr_slice(value, n), policies, POLICIES, p),
                       NULL);
}

static int is_listed(const tr_args_t *args, tr_slice_t name)
{
    int i;

    for (i = 0; args->names && i < args->names->nelts; ++i) {
        tr_slice_t listed = tr_slice_of(
            APR_ARRAY_IDX(args->names, i, const char *));

        if (listed.p[listed.n - 1] == '*'
                ? tr_slice_begins(name, tr_slice(listed.p, listed.n - 1))
                : tr_slice_equal(name, listed)) {
            return 1;
        }
    }
    return 0;
}

/* Whether a query has a parameter of that name; text has room for any. */
static int is_named_by(tr_slice_t args, tr_slice_t name, char *text)
{
    apr_size_t at = 0;
    tr_slice_t pair;

    while (tr_query_next(&pair, args, &at)) {
        if (tr_slice_equal(tr_query_name(pair, text), name)) {
            return 1;
        }
    }
    return 0;
}

void tr_args_render(tr_buf_t *out, const tr_args_t *args, tr_slice_t sent,
                    tr_slice_t own, apr_pool_t *scratch)
{
    int separator = own.p == NULL ? '?' : own.n > 0 ? '&' : 0;
    char *text, *own_text;
    apr_size_t at = 0;
    tr_slice_t pair;

    if (sent.n == 0 || args->policy == DROP) {
        return;
    }
    if (args->policy == PASS) {
        if (own.p == NULL) {
            tr_buf_addc(out, '?');
            tr_uri_add(out, sent, TR_URI_SENT_ARGS);
        }
        return;
    }
    text = apr_palloc(scratch, sent.n);
    own_text = apr_palloc(scratch, own.n);
    while (tr_query_next(&pair, sent, &at)) {
        tr_slice_t name = tr_query_name(pair, text);

        if ((args->policy == MERGE
             || is_listed(args, name) == (args->policy == ONLY))
            && !is_named_by(own, name, own_text)) {
            if (separator) {
                tr_buf_addc(out, (char)separator);
            }
            tr_uri_add(out, pair, TR_URI_SENT_ARGS);
            separator = '&';
        }
    }
}

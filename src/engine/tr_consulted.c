/* Licensed under the Apache License, Version 2.0; see LICENSE. */
#include <apr_cstr.h>
#include <apr_strings.h>

#include "tr_consulted.h"

static int has(const apr_array_header_t *names, const char *name)
{
    int i;

    for (i = 0; names && i < names->nelts; ++i) {
        if (apr_cstr_casecmp(APR_ARRAY_IDX(names, i, const char *), name)
            == 0) {
            return 1;
        }
    }
    return 0;
}

static void add_header(tr_consulted_t *consulted, const char *name, int hidden,
                       apr_pool_t *p)
{
    apr_array_header_t **names = hidden ? &consulted->hidden
                                        : &consulted->headers;

    if (!has(*names, name)) {
        if (*names == NULL) {
            *names = apr_array_make(p, 4, sizeof(const char *));
        }
        APR_ARRAY_PUSH(*names, const char *) = name;
    }
}

void tr_consulted_add(tr_consulted_t *consulted, const tr_attr_t *attr,
                      int hidden, apr_pool_t *p)
{
    const char *header = tr_attr_header(attr);

    consulted->is_private |= tr_attr_is_private(attr);
    if (header) {
        add_header(consulted, header, hidden, p);
    }
}

void tr_consulted_add_expr(tr_consulted_t *consulted, const char *vary,
                           int hidden, apr_pool_t *p)
{
    char *rest = vary ? apr_pstrdup(p, vary) : NULL, *last;
    const char *name = rest ? apr_strtok(rest, ", ", &last) : NULL;

    consulted->is_private = 1;
    for (; name; name = apr_strtok(NULL, ", ", &last)) {
        tr_attr_t header = { TR_ATTR_HEADER, name };

        tr_consulted_add(consulted, &header, hidden, p);
    }
}

void tr_consulted_add_window(tr_consulted_t *consulted,
                             const tr_window_t *window, apr_pool_t *p)
{
    if (consulted->windows == NULL) {
        consulted->windows = apr_array_make(p, 4, sizeof(window));
    }
    APR_ARRAY_PUSH(consulted->windows, const tr_window_t *) = window;
}

const char *tr_consulted_format(const tr_consulted_t *consulted,
                                int with_hidden, apr_pool_t *p)
{
    const apr_array_header_t *lists[] = { consulted->headers,
                                          with_hidden ? consulted->hidden
                                                      : NULL };
    const char *vary = NULL;
    int i, j;

    for (i = 0; i < 2; ++i) {
        for (j = 0; lists[i] && j < lists[i]->nelts; ++j) {
            const char *name = APR_ARRAY_IDX(lists[i], j, const char *);

            if (i == 0 || !has(lists[0], name)) {
                vary = vary ? apr_pstrcat(p, vary, ", ", name, NULL) : name;
            }
        }
    }
    return vary;
}

apr_time_t tr_consulted_edge(const tr_consulted_t *consulted, apr_time_t now)
{
    const apr_array_header_t *windows = consulted->windows;
    apr_time_t first = TR_NEVER;
    int i;

    for (i = 0; windows && i < windows->nelts; ++i) {
        apr_time_t edge = tr_window_next_edge(
            APR_ARRAY_IDX(windows, i, const tr_window_t *), now);

        first = edge < first ? edge : first;
    }
    return first;
}

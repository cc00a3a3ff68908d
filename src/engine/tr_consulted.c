/* Licensed under the Apache License, Version 2.0; see LICENSE. */
#include <apr_cstr.h>
#include <apr_strings.h>

#include "tr_consulted.h"

struct tr_consulted_header_t {
    tr_slice_t name;
    int hidden; /* only rules with vary=off asked for it */
    tr_consulted_header_t *next;
};

struct tr_consulted_window_t {
    const tr_window_t *window;
    tr_consulted_window_t *next;
};

static int is_same(tr_slice_t a, tr_slice_t b)
{
    return a.n == b.n && (a.p == b.p || apr_cstr_casecmpn(a.p, b.p, a.n) == 0);
}

void tr_consulted_add_header(tr_consulted_t *consulted, tr_slice_t name,
                             int hidden, apr_pool_t *p)
{
    tr_consulted_header_t *header = consulted->headers;

    while (header && !is_same(header->name, name)) {
        header = header->next;
    }
    if (header) {
        header->hidden &= hidden;
        return;
    }
    header = apr_palloc(p, sizeof(*header));
    header->name = name;
    header->hidden = hidden;
    header->next = consulted->headers;
    consulted->headers = header;
}

void tr_consulted_add_expr(tr_consulted_t *consulted, const char *vary,
                           int hidden, apr_pool_t *p)
{
    char *rest = vary ? apr_pstrdup(p, vary) : NULL, *last;
    const char *name = rest ? apr_strtok(rest, ", ", &last) : NULL;

    consulted->is_private = 1;
    for (; name; name = apr_strtok(NULL, ", ", &last)) {
        tr_attr_t attr = tr_attr_of_header(name);

        tr_consulted_add(consulted, &attr, hidden, p);
    }
}

void tr_consulted_add_window(tr_consulted_t *consulted,
                             const tr_window_t *window, apr_pool_t *p)
{
    tr_consulted_window_t *added = apr_palloc(p, sizeof(*added));

    added->window = window;
    added->next = consulted->windows;
    consulted->windows = added;
}

const char *tr_consulted_vary(const tr_consulted_t *consulted, int with_hidden,
                              apr_pool_t *p)
{
    const tr_consulted_header_t *header;
    apr_size_t size = 0;
    char *vary, *w;

    for (header = consulted->headers; header; header = header->next) {
        size += with_hidden || !header->hidden ? header->name.n + 2 : 0;
    }
    if (size == 0) {
        return NULL;
    }
    w = vary = apr_palloc(p, size);
    for (header = consulted->headers; header; header = header->next) {
        if (with_hidden || !header->hidden) {
            memcpy(w, header->name.p, header->name.n);
            w += header->name.n;
            *w++ = ',';
            *w++ = ' ';
        }
    }
    w[-2] = '\0';
    return vary;
}

apr_time_t tr_consulted_edge(const tr_consulted_t *consulted, apr_time_t now)
{
    const tr_consulted_window_t *consulted_window = consulted->windows;
    apr_time_t first = TR_NEVER;

    for (; consulted_window; consulted_window = consulted_window->next) {
        apr_time_t edge = tr_window_next_edge(consulted_window->window, now);

        first = edge < first ? edge : first;
    }
    return first;
}

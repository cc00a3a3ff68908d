/* Licensed under the Apache License, Version 2.0; see LICENSE. */
#include <apr_tables.h>

#include "mod_tr_names.h"
#include "tr_host.h"

/* Of pconf; written before children and threads are, read-only after. */
static tr_hosts_t *names;
static apr_array_header_t *wildcards; /* const char * */

/* Whether an alias with wildcards names hosts that belong together: not "*",
 * "www.*" or "*shop.example", for which any client finds a name. */
static int is_domain(const char *alias)
{
    const char *rest = alias;
    const char *dot;

    while (rest[strcspn(rest, "*?")]) {
        rest += strcspn(rest, "*?") + 1;
    }
    dot = ap_strchr_c(rest, '.');
    return dot && dot[1] && (dot == rest || ap_strchr_c(dot + 1, '.'));
}

static void add_aliases(const apr_array_header_t *aliases, int wild,
                        apr_pool_t *p)
{
    int i;

    for (i = 0; aliases && i < aliases->nelts; ++i) {
        const char *alias = APR_ARRAY_IDX(aliases, i, const char *);

        if (!alias) {
            continue;
        }
        if (!wild) {
            tr_hosts_add(names, tr_slice_of(alias), p);
        }
        else if (is_domain(alias)) {
            APR_ARRAY_PUSH(wildcards, const char *) = alias;
        }
    }
}

void mod_tr_names_build(const server_rec *s, apr_pool_t *p)
{
    names = tr_hosts_make(p);
    wildcards = apr_array_make(p, 4, sizeof(const char *));
    for (; s; s = s->next) {
        if (s->server_hostname) {
            tr_hosts_add(names, tr_slice_of(s->server_hostname), p);
        }
        add_aliases(s->names, 0, p);
        add_aliases(s->wild_names, 1, p);
    }
}

int mod_tr_names_contains(const char *host)
{
    int i;

    if (tr_hosts_contains(names, tr_slice_of(host))) {
        return 1;
    }
    for (i = 0; i < wildcards->nelts; ++i) {
        if (ap_strcasecmp_match(host, APR_ARRAY_IDX(wildcards, i, const char *))
            == 0) {
            return 1;
        }
    }
    return 0;
}

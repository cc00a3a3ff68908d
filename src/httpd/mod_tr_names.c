/* Licensed under the Apache License, Version 2.0; see LICENSE. */
#include <apr_hash.h>
#include <apr_lib.h>
#include <apr_strings.h>
#include <apr_tables.h>

#include "mod_tr_names.h"

/* Of pconf; written before children and threads are, read-only after. */
static apr_hash_t *names;
static apr_array_header_t *wildcards; /* const char * */

static void add_name(const char *name, apr_pool_t *p)
{
    char *key = apr_pstrdup(p, name);

    ap_str_tolower(key);
    if (*key == '[' && key[strlen(key) - 1] == ']') {
        key[strlen(key) - 1] = '\0';
        ++key;
    }
    apr_hash_set(names, key, APR_HASH_KEY_STRING, key);
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
            add_name(alias, p);
        }
        else if (alias[strspn(alias, "*?.")]) {
            APR_ARRAY_PUSH(wildcards, const char *) = alias;
        }
    }
}

void mod_tr_names_build(const server_rec *s, apr_pool_t *p)
{
    names = apr_hash_make(p);
    wildcards = apr_array_make(p, 4, sizeof(const char *));
    for (; s; s = s->next) {
        if (s->server_hostname) {
            add_name(s->server_hostname, p);
        }
        add_aliases(s->names, 0, p);
        add_aliases(s->wild_names, 1, p);
    }
}

int mod_tr_names_contains(const char *host)
{
    int i;

    if (apr_hash_get(names, host, APR_HASH_KEY_STRING)) {
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

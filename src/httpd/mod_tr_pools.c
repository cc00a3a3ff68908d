/* Licensed under the Apache License, Version 2.0; see LICENSE. */
#include <apr_strings.h>

#include <httpd.h>
#include <http_log.h>

#include "mod_tr_config.h"
#include "mod_tr_line.h"
#include "mod_tr_pools.h"
#include "tr_suggest.h"
#include "tr_warn.h"

APLOG_USE_MODULE(tempredirect);

static apr_array_header_t *pools_of(const server_rec *s)
{
    return mod_tr_server_of(s)->pools;
}

/* httpd gives a virtual host without directives of ours what the main server
 * has. */
static int has_own(const server_rec *s, const server_rec *main_server)
{
    return s != main_server && pools_of(s) != pools_of(main_server);
}

static tr_pool_t *pool_at(const apr_array_header_t *pools, int i)
{
    return APR_ARRAY_IDX(pools, i, tr_pool_t *);
}

static tr_pool_t *find(const server_rec *s, const char *name)
{
    const apr_array_header_t *pools = pools_of(s);
    int i;

    for (i = 0; i < pools->nelts; ++i) {
        if (strcmp(pool_at(pools, i)->name, name) == 0) {
            return pool_at(pools, i);
        }
    }
    return NULL;
}

static apr_array_header_t *names_of(const server_rec *s, apr_pool_t *p)
{
    const apr_array_header_t *pools = pools_of(s);
    apr_array_header_t *names = apr_array_make(p, pools->nelts + 1,
                                               sizeof(const char *));
    int i;

    for (i = 0; i < pools->nelts; ++i) {
        APR_ARRAY_PUSH(names, const char *) = pool_at(pools, i)->name;
    }
    return names;
}

static const char *suggestion(const char *name, const apr_array_header_t *names,
                              apr_pool_t *p)
{
    return apr_pstrcat(p, "unknown pool",
                       tr_suggest(tr_slice_of(name),
                                  (const char *const *)names->elts,
                                  (apr_size_t)names->nelts, p),
                       NULL);
}

/* ---- directives ---- */

static tr_place_t place_of(const cmd_parms *cmd)
{
    tr_place_t place = { .file = cmd->directive->filename,
                         .line = cmd->directive->line_num,
                         .now = apr_time_now() };

    return place;
}

const char *mod_tr_pools_add(cmd_parms *cmd, void *conf, const char *line)
{
    tr_place_t place = place_of(cmd);
    apr_array_header_t *warnings = apr_array_make(cmd->temp_pool, 1,
                                                  sizeof(const char *));
    apr_array_header_t *words;
    const char *error = mod_tr_line_split(&words, cmd, line);
    const tr_pool_t *other;
    tr_pool_t *pool;

    (void)conf;
    if (error) {
        return error;
    }
    error = tr_pool_parse(&pool, warnings, &place, words->nelts,
                          (const char *const *)words->elts, cmd->pool);
    other = error ? NULL : find(cmd->server, pool->name);
    if (other) {
        error = apr_psprintf(cmd->pool,
                             "%s: is a pool already, from %s; choose another "
                             "name",
                             pool->name, other->place);
    }
    if (!error) {
        mod_tr_line_warn(cmd, warnings);
        APR_ARRAY_PUSH(pools_of(cmd->server), tr_pool_t *) = pool;
    }
    return mod_tr_line_said(cmd, error);
}

/* What is wrong with a member whose pool is not there. */
static const char *homeless(const char *name, const cmd_parms *cmd)
{
    apr_array_header_t *names = names_of(cmd->server, cmd->temp_pool);
    const char *meant = suggestion(name, names, cmd->temp_pool);

    return names->nelts > 0 && strstr(meant, "did you mean")
               ? meant
               : "unknown pool; members stand behind their TempRedirectPool, "
                 "in the same server or virtual host";
}

const char *mod_tr_pools_add_member(cmd_parms *cmd, void *conf,
                                    const char *line)
{
    tr_place_t place = place_of(cmd);
    apr_array_header_t *warnings = apr_array_make(cmd->temp_pool, 1,
                                                  sizeof(const char *));
    apr_array_header_t *words;
    const char *error = mod_tr_line_split(&words, cmd, line), *name;
    tr_member_t *member;
    tr_pool_t *pool;

    (void)conf;
    if (error) {
        return error;
    }
    if (words->nelts == 0) {
        return mod_tr_line_said(cmd, "a pool is missing; write 'pool target "
                                     "[word ...]'");
    }
    name = APR_ARRAY_IDX(words, 0, const char *);
    pool = find(cmd->server, name);
    error = pool ? tr_member_parse(&member, warnings, pool, &place,
                                   words->nelts - 1,
                                   (const char *const *)words->elts + 1,
                                   cmd->pool)
                 : tr_words_said(name, homeless(name, cmd), cmd->pool);
    if (!error) {
        mod_tr_line_warn(cmd, warnings);
        APR_ARRAY_PUSH(pool->members, tr_member_t *) = member;
    }
    return mod_tr_line_said(cmd, error);
}

/* ---- check_config ---- */

/* Another pool whose choices would be kept in the same cookie. */
static const tr_pool_t *same_cookie(const apr_array_header_t *pools, int n,
                                    const tr_pool_t *pool)
{
    int i;

    for (i = 0; i < n; ++i) {
        const tr_pool_t *other = pool_at(pools, i);

        if (pool->sticky && other->sticky
            && strcmp(pool->sticky, other->sticky) == 0) {
            return other;
        }
    }
    return NULL;
}

/* One pool beside those before it, and those of the main server. */
static const char *check(const server_rec *s, int i,
                         const server_rec *main_server, apr_pool_t *p)
{
    const apr_array_header_t *pools = pools_of(s), *mains;
    const tr_pool_t *pool = pool_at(pools, i), *other;
    const char *error = tr_pool_check(pool, p);

    if (error) {
        return error;
    }
    mains = pools_of(main_server);
    other = has_own(s, main_server) ? find(main_server, pool->name) : NULL;
    if (other) {
        return apr_psprintf(p,
                            "%s: is a pool of the main server, from %s; choose "
                            "another name, or use that one",
                            pool->name, other->place);
    }
    other = same_cookie(pools, i, pool);
    if (!other && has_own(s, main_server)) {
        other = same_cookie(mains, mains->nelts, pool);
    }
    return other ? apr_psprintf(p,
                                "sticky=%s: is the cookie of the pool '%s' "
                                "already, from %s, and each would forget what "
                                "the other chose; choose another name",
                                pool->sticky, other->name, other->place)
                 : NULL;
}

/* Say what is wrong, or hardly meant, of one pool. */
static int report(const server_rec *s, int i, const server_rec *main_server,
                  apr_pool_t *p)
{
    const tr_pool_t *pool = pool_at(pools_of(s), i);
    const char *error = check(s, i, main_server, p);
    apr_array_header_t *warnings = apr_array_make(p, 1, sizeof(const char *));

    if (error) {
        ap_log_error(APLOG_MARK, APLOG_ERR | APLOG_STARTUP, 0, s,
                     "TR0005: %s: TempRedirectPool: %s", pool->place, error);
        return HTTP_INTERNAL_SERVER_ERROR;
    }
    tr_warn_pool(warnings, pool, p);
    mod_tr_line_warn_at(s,
                        apr_pstrcat(p, pool->place, ": TempRedirectPool", NULL),
                        warnings);
    return OK;
}

int mod_tr_pools_check(const server_rec *main_server, apr_pool_t *p)
{
    const server_rec *s;
    int rv = OK, i;

    for (s = main_server; s; s = s->next) {
        int is_first = s == main_server || has_own(s, main_server);

        for (i = 0; is_first && i < pools_of(s)->nelts; ++i) {
            rv = report(s, i, main_server, p) == OK
                     ? rv
                     : HTTP_INTERNAL_SERVER_ERROR;
        }
    }
    return rv;
}

/* ---- rules ---- */

static const char *unknown_pool(const char *name, const server_rec *server,
                                const server_rec *main_server, apr_pool_t *p)
{
    apr_array_header_t *names = names_of(main_server, p);

    if (has_own(server, main_server)) {
        names = apr_array_append(p, names_of(server, p), names);
    }
    return names->nelts == 0
               ? apr_psprintf(p,
                              "unknown pool; write 'TempRedirectPool %s' and "
                              "its members in this virtual host, or in the "
                              "main server",
                              name)
               : suggestion(name, names, p);
}

const char *mod_tr_pools_bind(tr_rule_t *rule, apr_array_header_t *warnings,
                              const server_rec *server,
                              const server_rec *main_server, apr_pool_t *p)
{
    const char *name = tr_target_pool(rule->target);
    const tr_pool_t *pool;

    if (name == NULL) {
        return NULL;
    }
    pool = find(server, name);
    pool = pool ? pool : find(main_server, name);
    return pool ? tr_rule_bind(rule, warnings, pool, p)
                : tr_words_said(tr_target_word(rule->target),
                                unknown_pool(name, server, main_server, p), p);
}

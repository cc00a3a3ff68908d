/* Licensed under the Apache License, Version 2.0; see LICENSE. */
#include <apr_atomic.h>
#include <apr_strings.h>

#include <httpd.h>
#include <ap_expr.h>
#include <http_core.h>
#include <http_log.h>
#include <http_main.h>
#include <http_protocol.h>

#include "mod_tr_config.h"
#include "mod_tr_line.h"
#include "mod_tr_names.h"
#include "mod_tr_pools.h"
#include "tr_body.h"
#include "tr_lang.h"
#include "tr_section.h"
#include "tr_words.h"

APLOG_USE_MODULE(tempredirect);

/*
 * httpd tells nobody when a section ends, nor can its sections be listed
 * later. So each of ours is noted when its first directive is read. Those of
 * .htaccess are not: they live for one request, in its thread.
 */
typedef struct noted_t {
    tr_section_t *section;
    server_rec *server;
} noted_t;

static apr_array_header_t *noted;     /* noted_t; of pconf */
static apr_array_header_t *noted_ifs; /* those within an <If> */

void *mod_tr_config_create(apr_pool_t *p, char *path)
{
    (void)path;
    return tr_section_make(p);
}

void *mod_tr_config_merge(apr_pool_t *p, void *base, void *add)
{
    return (void *)tr_section_merge(base, add, p);
}

extern module AP_MODULE_DECLARE_DATA tempredirect_module;

mod_tr_server_t *mod_tr_server_of(const server_rec *s)
{
    return ap_get_module_config(s->module_config, &tempredirect_module);
}

void *mod_tr_config_create_server(apr_pool_t *p, server_rec *s)
{
    mod_tr_server_t *server = apr_pcalloc(p, sizeof(*server));

    (void)s;
    server->pools = apr_array_make(p, 2, sizeof(tr_pool_t *));
    return server;
}

int mod_tr_config_has_if(const server_rec *s, tr_slice_t path, apr_pool_t *p)
{
    int i;

    for (i = 0; i < noted_ifs->nelts; ++i) {
        const noted_t *entry = &APR_ARRAY_IDX(noted_ifs, i, noted_t);

        if ((entry->server == s || entry->server == ap_server_conf)
            && tr_section_is_for(entry->section, path, p)) {
            return 1;
        }
    }
    return apr_atomic_read32(&mod_tr_server_of(s)->has_if) != 0;
}

int mod_tr_config_reset(apr_pool_t *pconf, apr_pool_t *plog, apr_pool_t *ptemp)
{
    (void)plog;
    (void)ptemp;
    noted = apr_array_make(pconf, 16, sizeof(noted_t));
    noted_ifs = apr_array_make(pconf, 4, sizeof(noted_t));
    return OK;
}

/* ---- directives ---- */

/* Whether TempRedirectAllowHosts stands in some section of that server, or of
 * the main one, which all others inherit. */
static int allows_hosts(const server_rec *server, const server_rec *main_server)
{
    int i;

    for (i = 0; i < noted->nelts; ++i) {
        const noted_t *entry = &APR_ARRAY_IDX(noted, i, noted_t);

        if (entry->section->allow_hosts
            && (entry->server == server || entry->server == main_server)) {
            return 1;
        }
    }
    return 0;
}

/* A rule whose host the client could choose. */
static const char no_hosts[] =
    "the client could choose the host; name the hosts that it may be with "
    "TempRedirectAllowHosts";

/* Whether a directive is one of those containers. */
static int is_container(const ap_directive_t *d, const char *const *names)
{
    for (; *names; ++names) {
        if (ap_cstr_casecmp(d->directive, *names) == 0) {
            return 1;
        }
    }
    return 0;
}

static const char *const ifs[] = { "<If", "<ElseIf", "<Else", NULL };

static void push(apr_array_header_t *list, const cmd_parms *cmd,
                 tr_section_t *section)
{
    noted_t *entry = apr_array_push(list);

    entry->section = section;
    entry->server = cmd->server;
}

/* Note a section before its first rule or list of hosts is in it. */
static void note(const cmd_parms *cmd, tr_section_t *section)
{
    if (!mod_tr_line_is_htaccess(cmd) && !section->rules
        && !section->allow_hosts) {
        push(noted, cmd, section);
    }
}

static int is_last(const apr_array_header_t *list, const tr_section_t *section)
{
    return list->nelts > 0
           && APR_ARRAY_IDX(list, list->nelts - 1, noted_t).section == section;
}

/* Note a section within an <If>, at each of its directives. */
static void note_if(const cmd_parms *cmd, tr_section_t *section)
{
    const ap_directive_t *d = cmd->directive->parent;

    while (d && !is_container(d, ifs)) {
        d = d->parent;
    }
    if (d && mod_tr_line_is_htaccess(cmd)) {
        apr_atomic_set32(&mod_tr_server_of(cmd->server)->has_if, 1);
    }
    else if (d && !is_last(noted_ifs, section)) {
        push(noted_ifs, cmd, section);
    }
}

/* Whether all containers around are known before the request is mapped to a
 * file. */
static int knows_early(const cmd_parms *cmd)
{
    static const char *const early[] = { "<VirtualHost", "<Location",
                                         "<LocationMatch", NULL };
    const ap_directive_t *d = cmd->directive->parent;

    while (d && (is_container(d, ifs) || is_container(d, early))) {
        d = d->parent;
    }
    return d == NULL && !mod_tr_line_is_htaccess(cmd);
}

/* An expression of httpd's, restricted in .htaccess as httpd has it. */
static const char *parse_expr(const void **expr, const char *text, void *baton)
{
    const cmd_parms *cmd = baton;
    const char *error = NULL;

    *expr = ap_expr_parse_cmd(cmd, text, 0, &error, NULL);
    return error;
}

/* The path of the enclosing <Location>, if it is literal; <If> may stand
 * between. */
static const char *location_of(const cmd_parms *cmd)
{
    const ap_directive_t *d = cmd->directive->parent;
    const char *args, *path;

    while (d && is_container(d, ifs)) {
        d = d->parent;
    }
    if (!d || ap_cstr_casecmp(d->directive, "<Location") != 0) {
        return NULL;
    }
    args = apr_pstrmemdup(cmd->pool, d->args,
                          strlen(d->args)
                              - (ap_strchr_c(d->args, '>') != NULL));
    path = ap_getword_conf(cmd->pool, &args);
    return *path == '/' && !ap_is_matchexp(path) ? path : NULL;
}

typedef const char *rule_parse_t(tr_rule_t **rule, apr_array_header_t *warnings,
                                 const tr_place_t *place, int argc,
                                 const char *const *argv, apr_pool_t *p);

/* What a message says before the word of a target. */
static const char *whose(const tr_rule_t *rule, int i, apr_pool_t *p)
{
    return rule->pool ? apr_pstrcat(p, "member at ",
                                    APR_ARRAY_IDX(rule->pool->members, i,
                                                  const tr_member_t *)
                                        ->place,
                                    ": ", NULL)
                      : "";
}

/* Whether the client could choose the host of a target. */
static const char *hosts_check(const tr_rule_t *rule, int i,
                               const server_rec *server,
                               const server_rec *main_server, apr_pool_t *p)
{
    const tr_target_t *target = tr_rule_target(rule, i);

    return tr_target_needs_hosts(target) && !allows_hosts(server, main_server)
               ? apr_pstrcat(p, whose(rule, i, p), tr_target_word(target), ": ",
                             no_hosts, NULL)
               : NULL;
}

/* What is checked of other rules when the whole configuration is known. */
static const char *finish_transient(const cmd_parms *cmd, tr_rule_t *rule,
                                    apr_array_header_t *warnings)
{
    const char *error = mod_tr_pools_bind(rule, warnings, cmd->server,
                                          ap_server_conf, cmd->pool);
    int i;

    for (i = 0; !error && i < tr_rule_targets(rule); ++i) {
        error = hosts_check(rule, i, cmd->server, ap_server_conf, cmd->pool);
    }
    return error;
}

static const char *add_rule(cmd_parms *cmd, void *conf, const char *line,
                            rule_parse_t *parse)
{
    tr_section_t *section = conf;
    tr_place_t place = { .file = cmd->directive->filename,
                         .line = cmd->directive->line_num,
                         .location = location_of(cmd),
                         .transient = mod_tr_line_is_htaccess(cmd),
                         .is_server = cmd->path == NULL,
                         .knows_early = knows_early(cmd),
                         .now = apr_time_now(),
                         .expr_parse = parse_expr,
                         .baton = cmd };
    apr_array_header_t *warnings = apr_array_make(cmd->temp_pool, 1,
                                                  sizeof(const char *));
    apr_array_header_t *words;
    const char *error = mod_tr_line_split(&words, cmd, line);
    tr_rule_t *rule;

    if (!error && words->nelts == 0) {
        error = mod_tr_line_said(cmd,
                                 apr_pstrcat(cmd->pool,
                                             "a target is missing; write '",
                                             cmd->cmd->errmsg, "'", NULL));
    }
    if (error) {
        return error;
    }
    error = parse(&rule, warnings, &place, words->nelts,
                  (const char *const *)words->elts, cmd->pool);
    if (!error && mod_tr_line_is_htaccess(cmd)) {
        error = finish_transient(cmd, rule, warnings);
    }
    if (error) {
        return mod_tr_line_said(cmd, error);
    }
    mod_tr_line_warn(cmd, warnings);
    note(cmd, section);
    note_if(cmd, section);
    tr_section_add(section, rule, cmd->pool);
    return NULL;
}

static const char *set_redirect(cmd_parms *cmd, void *conf, const char *line)
{
    return add_rule(cmd, conf, line, tr_rule_parse);
}

static const char *set_match(cmd_parms *cmd, void *conf, const char *line)
{
    return add_rule(cmd, conf, line, tr_rule_parse_match);
}

/* One of some names, NULL behind them: which. */
static const char *parse_name(int *chosen, cmd_parms *cmd, const char *word,
                              const char *const *names, const char *remedy)
{
    const char *error = ap_check_cmd_context(cmd, NOT_IN_LIMIT);
    int i = 0;

    while (names[i] && ap_cstr_casecmp(word, names[i]) != 0) {
        ++i;
    }
    if (error) {
        return error;
    }
    if (names[i] == NULL) {
        return mod_tr_line_said(cmd, apr_pstrcat(cmd->pool, word,
                                                 ": unknown value; write ",
                                                 remedy, NULL));
    }
    *chosen = i;
    return NULL;
}

static const char *set_engine(cmd_parms *cmd, void *conf, const char *word)
{
    static const char *const names[] = { "On", "Off", "DryRun", NULL };
    static const tr_engine_t values[] = { TR_ENGINE_ON, TR_ENGINE_OFF,
                                          TR_ENGINE_DRY };
    tr_section_t *section = conf;
    int chosen = 0;
    const char *error = parse_name(&chosen, cmd, word, names,
                                   "On, Off or DryRun");

    if (!error) {
        note_if(cmd, section);
        section->engine = values[chosen];
    }
    return error;
}

static const char *set_inherit(cmd_parms *cmd, void *conf, const char *word)
{
    static const char *const names[] = { "On", "Off", NULL };
    tr_section_t *section = conf;

    note_if(cmd, section);
    return parse_name(&section->inherit_off, cmd, word, names, "On or Off");
}

static const char *set_languages(cmd_parms *cmd, void *conf, const char *line)
{
    tr_section_t *section = conf;
    apr_array_header_t *words;
    const char *error = mod_tr_line_split(&words, cmd, line);
    int i, j;

    if (!error && words->nelts == 0) {
        error = mod_tr_line_said(
            cmd, "a language is missing; write one or more, as in "
                 "'en de pt-BR'");
    }
    for (i = 0; !error && i < words->nelts; ++i) {
        const char *tag = APR_ARRAY_IDX(words, i, const char *);

        error = tr_lang_check(tag);
        for (j = 0; !error && j < i; ++j) {
            if (ap_cstr_casecmp(tag, APR_ARRAY_IDX(words, j, const char *))
                == 0) {
                error = "stands twice; leave one out";
            }
        }
        if (error) {
            error = mod_tr_line_said(cmd, apr_pstrcat(cmd->pool, tag, ": ",
                                                      error, NULL));
        }
    }
    if (!error) {
        note_if(cmd, section);
        section->languages = apr_array_copy(cmd->pool, words);
    }
    return error;
}

static const char *set_allow_hosts(cmd_parms *cmd, void *conf, const char *line)
{
    tr_section_t *section = conf;
    tr_hosts_t *hosts = tr_hosts_make(cmd->pool);
    apr_array_header_t *words;
    const char *error = mod_tr_line_split(&words, cmd, line);
    int i;

    if (!error && words->nelts == 0) {
        error = mod_tr_line_said(cmd,
                                 "a host is missing; write one or more, as in "
                                 "'www.example.com' or '*.example.com'");
    }
    for (i = 0; !error && i < words->nelts; ++i) {
        const char *word = APR_ARRAY_IDX(words, i, const char *);

        error = tr_hosts_parse(hosts, word, cmd->pool);
        if (error) {
            error = mod_tr_line_said(cmd, apr_pstrcat(cmd->pool, word, ": ",
                                                      error, NULL));
        }
    }
    if (!error) {
        note(cmd, section);
        note_if(cmd, section);
        section->allow_hosts = hosts;
    }
    return error;
}

static const char *set_drain(cmd_parms *cmd, void *conf, const char *line)
{
    tr_section_t *section = conf;
    tr_drain_t *drain = apr_palloc(cmd->pool, sizeof(*drain));
    apr_array_header_t *words;
    const char *error = mod_tr_line_split(&words, cmd, line);

    if (!error) {
        error = mod_tr_line_said(
            cmd, tr_drain_parse(drain, words->nelts,
                                (const char *const *)words->elts, cmd->pool));
    }
    if (!error) {
        section->drain = drain;
    }
    return error;
}

static const char *set_body_limit(cmd_parms *cmd, void *conf, const char *word)
{
    tr_section_t *section = conf;
    apr_int64_t limit = 0;
    const char *error = ap_check_cmd_context(cmd, NOT_IN_LIMIT);

    if (!error) {
        error = mod_tr_line_said(cmd,
                                 tr_body_limit_parse(&limit, word, cmd->pool));
    }
    if (!error) {
        note_if(cmd, section);
        section->body_limit = limit;
    }
    return error;
}

const command_rec mod_tr_config_commands[] = {
    AP_INIT_RAW_ARGS("TempRedirect", set_redirect, NULL, OR_FILEINFO,
                     "[URL-path] target [word ...]"),
    AP_INIT_RAW_ARGS("TempRedirectMatch", set_match, NULL, OR_FILEINFO,
                     "regex target [word ...]"),
    AP_INIT_TAKE1("TempRedirectEngine", set_engine, NULL, OR_FILEINFO,
                  "On, Off, or DryRun: log what would be redirected"),
    AP_INIT_TAKE1("TempRedirectInherit", set_inherit, NULL, OR_FILEINFO,
                  "On or Off: whether rules of enclosing sections hold"),
    AP_INIT_RAW_ARGS("TempRedirectAllowHosts", set_allow_hosts, NULL,
                     RSRC_CONF | ACCESS_CONF,
                     "hosts that a target may be made of, as in "
                     "'*.example.com'"),
    AP_INIT_RAW_ARGS("TempRedirectLanguages", set_languages, NULL, OR_FILEINFO,
                     "languages of the site, as in 'en de pt-BR': the first is "
                     "for all others"),
    AP_INIT_RAW_ARGS("TempRedirectPool", mod_tr_pools_add, NULL, RSRC_CONF,
                     "name [key=attribute] [sticky=cookie[:ttl]]"),
    AP_INIT_RAW_ARGS("TempRedirectMember", mod_tr_pools_add_member, NULL,
                     RSRC_CONF, "pool target [word ...]"),
    AP_INIT_RAW_ARGS("TempRedirectDrain", set_drain, NULL,
                     RSRC_CONF | ACCESS_CONF,
                     "bytes|all [h2=bytes|all]: up to where a body is read "
                     "before its redirect"),
    AP_INIT_TAKE1("TempRedirectBodyLimit", set_body_limit, NULL,
                  RSRC_CONF | ACCESS_CONF,
                  "bytes of a body that rules look into at most"),
    { .name = NULL }
};

/* ---- check_config ---- */

static int is_https(const server_rec *s)
{
    const server_addr_rec *addr;

    if (s->server_scheme ? strcmp(s->server_scheme, "https") == 0
                         : s->port == DEFAULT_HTTPS_PORT) {
        return 1;
    }
    for (addr = s->addrs; addr; addr = addr->next) {
        if (addr->host_port == DEFAULT_HTTPS_PORT) {
            return 1;
        }
    }
    return 0;
}

/* What is wrong with one of the targets of a rule once all else is known. */
static int check_target(const tr_rule_t *rule, int i, const server_rec *server,
                        const server_rec *main_server, apr_pool_t *p)
{
    const tr_target_t *target = tr_rule_target(rule, i);
    const char *scheme = tr_target_scheme(target);
    const char *word = tr_target_word(target);
    const char *error = hosts_check(rule, i, server, main_server, p);

    if (error) {
        ap_log_error(APLOG_MARK, APLOG_ERR | APLOG_STARTUP, 0, server,
                     "TR0002: %s: %s", rule->place, error);
        return HTTP_INTERNAL_SERVER_ERROR;
    }
    if (tr_target_is_scheme(target) && server->server_scheme
        && ap_cstr_casecmp(scheme, server->server_scheme) == 0
        && mod_tr_line_is_heard()) {
        ap_log_error(APLOG_MARK, APLOG_WARNING | APLOG_STARTUP, 0, server,
                     "TR0004: %s: %s'%s': every request of this host has that "
                     "scheme, as its ServerName says; leave the scheme out of "
                     "it, or the rule",
                     rule->place, whose(rule, i, p), word);
    }
    if (scheme && strcmp(scheme, "http") == 0 && is_https(server)
        && mod_tr_line_is_heard()) {
        ap_log_error(APLOG_MARK, APLOG_WARNING | APLOG_STARTUP, 0, server,
                     "TR0003: %s: %s%s: leads from https to http, where "
                     "everybody on the way can read and change the request; "
                     "write https:",
                     rule->place, whose(rule, i, p), word);
    }
    return OK;
}

/* Bind a rule to its pool, and check all of its targets. */
static int finish_rule(tr_rule_t *rule, const server_rec *server,
                       const server_rec *main_server, apr_pool_t *p,
                       apr_pool_t *scratch)
{
    apr_array_header_t *warnings = apr_array_make(scratch, 1,
                                                  sizeof(const char *));
    const char *error = mod_tr_pools_bind(rule, warnings, server, main_server,
                                          p);
    int rv = OK, i;

    if (error) {
        ap_log_error(APLOG_MARK, APLOG_ERR | APLOG_STARTUP, 0, server,
                     "TR0006: %s: %s", rule->place, error);
        return HTTP_INTERNAL_SERVER_ERROR;
    }
    mod_tr_line_warn_at(server, rule->place, warnings);
    for (i = 0; i < tr_rule_targets(rule); ++i) {
        if (check_target(rule, i, server, main_server, scratch) != OK) {
            rv = HTTP_INTERNAL_SERVER_ERROR;
        }
    }
    return rv;
}

int mod_tr_config_check(apr_pool_t *pconf, apr_pool_t *plog, apr_pool_t *ptemp,
                        server_rec *s)
{
    int rv = mod_tr_pools_check(s, ptemp), i, j;

    (void)plog;
    mod_tr_names_build(s, pconf);
    for (i = 0; i < noted->nelts; ++i) {
        const noted_t *entry = &APR_ARRAY_IDX(noted, i, noted_t);
        const apr_array_header_t *rules = entry->section->rules;

        for (j = 0; rules && j < rules->nelts; ++j) {
            if (finish_rule(APR_ARRAY_IDX(rules, j, tr_rule_t *), entry->server,
                            s, pconf, ptemp)
                != OK) {
                rv = HTTP_INTERNAL_SERVER_ERROR;
            }
        }
        tr_section_freeze(entry->section, pconf, ptemp);
    }
    return rv;
}

/* Licensed under the Apache License, Version 2.0; see LICENSE. */
#include <apr_atomic.h>
#include <apr_strings.h>

#include <httpd.h>
#include <ap_expr.h>
#include <http_core.h>
#include <http_log.h>
#include <http_protocol.h>

#include "mod_tr_body.h"
#include "mod_tr_names.h"
#include "mod_tr_random.h"
#include "mod_tr_view.h"
#include "tr_rule.h"

APLOG_USE_MODULE(tempredirect);

static tr_reason_t found(tr_slice_t *value, const char *text)
{
    if (text == NULL) {
        return TR_NO_VALUE;
    }
    *value = tr_slice_of(text);
    return TR_OK;
}

/* The request's host, if it is one that may be redirected to. */
static tr_reason_t host_of(tr_slice_t *value, const tr_view_t *view)
{
    request_rec *r = view->request;
    const core_dir_config *core = ap_get_core_module_config(r->per_dir_config);

    if (r->hostname == NULL || core->use_canonical_name == USE_CANONICAL_NAME_ON
        || core->use_canonical_name == USE_CANONICAL_NAME_DNS) {
        char *name = apr_pstrdup(r->pool, r->hostname
                                              ? ap_get_server_name(r)
                                              : r->server->server_hostname);

        ap_str_tolower(name);
        return found(value, name);
    }
    *value = tr_slice_of(r->hostname);
    return mod_tr_names_contains(r->hostname)
                   || tr_hosts_contains(view->allow_hosts, *value)
               ? TR_OK
               : TR_UNKNOWN_HOST;
}

static tr_reason_t value_of(tr_slice_t *value, const tr_view_t *view,
                            const tr_attr_t *attr)
{
    request_rec *r = view->request;

    switch (attr->kind) {
    case TR_ATTR_METHOD:
        return found(value, r->method);
    case TR_ATTR_SCHEME:
        return found(value, ap_http_scheme(r));
    case TR_ATTR_HOST:
        return host_of(value, view);
    case TR_ATTR_PORT:
        return found(value, apr_itoa(r->pool, r->connection->local_addr->port));
    case TR_ATTR_USER:
        return found(value, r->user);
    case TR_ATTR_HEADER:
        return found(value, apr_table_get(r->headers_in, attr->name));
    case TR_ATTR_ENV:
        return found(value, apr_table_get(r->subprocess_env, attr->name));
    default:
        return TR_NO_VALUE;
    }
}

static tr_slice_t asked_host(const tr_view_t *view)
{
    const request_rec *r = view->request;

    char *name;

    if (r->hostname) {
        return tr_slice_of(r->hostname);
    }
    name = apr_pstrdup(r->pool, r->server->server_hostname);
    ap_str_tolower(name);
    return tr_slice_of(name);
}

static void origin_of(tr_origin_t *origin, const tr_view_t *view)
{
    request_rec *r = view->request;

    origin->scheme = ap_http_scheme(r);
    origin->host = asked_host(view);
    origin->port = r->parsed_uri.port_str ? r->parsed_uri.port
                                          : ap_default_port(r);
}

static const apr_sockaddr_t *client_of(const tr_view_t *view)
{
    return ((request_rec *)view->request)->useragent_addr;
}

/* httpd adds the headers that an expression consulted to Vary at once; that is
 * for the rule to say. Its "-F" crashes where there is no file name yet. */
static int eval_expr(const char **vary, const tr_view_t *view, const void *expr)
{
    request_rec *r = view->request;
    const char *error = NULL, *subject = NULL;
    ap_regmatch_t groups[AP_MAX_REG_MATCH];
    ap_expr_eval_ctx_t ctx = { .r = r,
                               .c = r->connection,
                               .s = r->server,
                               .p = r->pool,
                               .err = &error,
                               .info = expr,
                               .vary_this = vary,
                               .re_nmatch = AP_MAX_REG_MATCH,
                               .re_pmatch = groups,
                               .re_source = &subject };
    apr_table_t *headers_out = r->headers_out;
    char *filename = r->filename, none[] = "";
    int holds;

    *vary = NULL;
    r->filename = filename ? filename : none;
    r->headers_out = apr_table_copy(r->pool, headers_out);
    holds = ap_expr_exec_ctx(&ctx);
    r->headers_out = headers_out;
    r->filename = filename;
    return holds;
}

static apr_uint64_t random_of(const tr_view_t *view)
{
    return mod_tr_random_of(view->request);
}

/* The first of its kind for that rule in this process? */
static int is_first(const tr_rule_t *rule, tr_reason_t reason)
{
    apr_uint32_t bit = 1u << reason;
    apr_uint32_t logged = apr_atomic_read32(rule->logged);

    return !(logged & bit)
           && apr_atomic_cas32(rule->logged, logged | bit, logged) == logged;
}

static void failed(const tr_view_t *view, const tr_rule_t *rule,
                   tr_reason_t reason)
{
    static const struct {
        const char *id;
        int is_loud; /* the operator has something to mend */
        const char *text;
    } reasons[] = {
        [TR_NO_VALUE] = { "TR0010", 0, "a substitution has no value" },
        [TR_UNKNOWN_HOST] = { "TR0011", 1,
                              "the request's Host is no name of this server; "
                              "if it "
                              "should be, add a ServerAlias, or name it in "
                              "TempRedirectAllowHosts" },
        [TR_FOREIGN_HOST] = { "TR0012", 1,
                              "TempRedirectAllowHosts does not name the "
                              "host that the target came to" },
        [TR_UNSAFE] = { "TR0013", 0, "the Location would not be safe" },
        [TR_TOO_LONG] = { "TR0014", 0, "the Location would be too long" },
        [TR_LIMIT] = { "TR0015", 1,
                       "a regex went over its limit; make it simpler" },
        [TR_SELF] = { "TR0016", 0, "leads this request back into the rule" },
        [TR_EXPR] = { "TR0017", 1, "its expression could not be evaluated" },
        [TR_NO_MEMBER] = { "TR0018", 1,
                           "no member of its pool takes new clients now" },
        [TR_BODY_UNTYPED] = { "TR0030", 0,
                              "the request has no body of the type that it "
                              "asks for" },
        [TR_BODY_CODED] = { "TR0031", 0,
                            "the body has a content or transfer coding" },
        [TR_BODY_LONG] = { "TR0032", 1,
                           "the body is longer than TempRedirectBodyLimit or "
                           "LimitRequestBody" },
        [TR_BODY_MALFORMED] = { "TR0033", 0, "the body is no JSON" },
        [TR_BODY_TAKEN] = { "TR0034", 1,
                            "another module has read the body before" },
        [TR_BODY_FAILED] = { "TR0035", 0, "the body could not be read" },
    };
    int loud = reasons[reason].is_loud && is_first(rule, reason);

    ap_log_rerror(APLOG_MARK, loud ? APLOG_WARNING : APLOG_DEBUG, 0,
                  (request_rec *)view->request, "%s: rule %s: %s",
                  reasons[reason].id, rule->id, reasons[reason].text);
}

static void unmet(const tr_view_t *view, const tr_rule_t *rule,
                  const char *word)
{
    ap_log_rerror(APLOG_MARK, APLOG_DEBUG, 0, (request_rec *)view->request,
                  "TR0023: rule %s: %s", rule->id,
                  word ? apr_pstrcat(((request_rec *)view->request)->pool, word,
                                     " does not hold", NULL)
                       : "its window is closed");
}

static void rehearsed(const tr_view_t *view, const tr_rule_t *rule,
                      const char *member, const char *location)
{
    request_rec *r = view->request;
    const char *id = rule->id;

    if (view->body->error) {
        return; /* the request gets its error */
    }
    if (member) {
        id = apr_pstrcat(r->pool, id, " (member ", member, ")", NULL);
    }
    if (location) {
        ap_log_rerror(APLOG_MARK, APLOG_NOTICE, 0, r,
                      "TR0022: rule %s: dry, would be %d to %s", id,
                      rule->status, location);
    }
    else {
        ap_log_rerror(APLOG_MARK, APLOG_NOTICE, 0, r,
                      "TR0022: rule %s: dry, would be '!', no redirect", id);
    }
}

/* Browsers refuse a redirected preflight (Fetch, section 4.8). */
static int is_preflight(const request_rec *r)
{
    return r->method_number == M_OPTIONS
           && apr_table_get(r->headers_in, "Origin")
           && apr_table_get(r->headers_in, "Access-Control-Request-Method");
}

/* httpd decodes by the server's own AllowEncodedSlashes, which a merge with a
 * section loses. */
static int path_flags(const request_rec *r)
{
    const core_dir_config *core = ap_get_core_module_config(
        r->server->lookup_defaults);
    const core_server_config *server = ap_get_core_module_config(
        r->server->module_config);

    return (server->merge_slashes != AP_CORE_CONFIG_OFF ? TR_PATH_MERGE_SLASHES
                                                        : 0)
           | (core->allow_encoded_slashes && core->decode_encoded_slashes
                  ? TR_PATH_DECODE_SLASHES
                  : 0);
}

apr_status_t mod_tr_view_fill(tr_view_t *view, tr_body_t *body, request_rec *r,
                              const tr_section_t *section)
{
    static const tr_facts_t facts = { value_of,  asked_host, origin_of,
                                      client_of, eval_expr,  mod_tr_body_look,
                                      random_of, failed,     unmet,
                                      rehearsed };
    tr_slice_t sent;

    view->preflight = is_preflight(r);
    view->now = r->request_time;
    view->allow_hosts = section->allow_hosts;
    view->languages = section->languages;
    view->body_limit = section->body_limit ? section->body_limit
                                           : TR_BODY_LIMIT;
    view->body = body;
    view->facts = &facts;
    view->request = r;
    /* httpd normalises r->parsed_uri.path in place, and leaves the query. */
    if (tr_path_take(&view->path, tr_slice_of(r->parsed_uri.path),
                     r->unparsed_uri)) {
        view->args = tr_slice_of(r->parsed_uri.query);
        return APR_SUCCESS;
    }
    tr_path_split(&sent, &view->args, r->unparsed_uri);
    return tr_path_normalize(&view->path, sent, path_flags(r), r->pool);
}

/* Licensed under the Apache License, Version 2.0; see LICENSE. */
#include <apr_cstr.h>
#include <apr_strings.h>

#include "tr_suggest.h"
#include "tr_uri.h"
#include "tr_warn.h"

static void warn(apr_array_header_t *warnings, const char *text)
{
    APR_ARRAY_PUSH(warnings, const char *) = text;
}

/* Decode all but a %2F, which AllowEncodedSlashes NoDecode leaves as it is.
 * @return NULL where there is nothing to decode */
static const char *decoded_of(const char *path, apr_pool_t *p)
{
    char *text = apr_palloc(p, strlen(path) + 1), *w = text;
    int found = 0;

    while (*path) {
        int byte = *path == '%' ? tr_uri_hex(path + 1) : -1;

        if (byte > 0 && byte != '/') {
            *w++ = (char)byte;
            path += 3;
            found = 1;
        }
        else {
            *w++ = *path++;
        }
    }
    *w = '\0';
    return found ? text : NULL;
}

/* What a URL-path hardly means: it is compared with the decoded path. */
static void path_warn(apr_array_header_t *warnings, const char *path,
                      apr_pool_t *p)
{
    const char *decoded = decoded_of(path, p);
    const char *odd = strpbrk(path, "?#");

    if (decoded) {
        warn(warnings, apr_psprintf(p,
                                    "%s: is compared with the decoded path "
                                    "of a request; did you mean \"%s\"?",
                                    path, decoded));
    }
    if (odd) {
        warn(warnings, apr_psprintf(p,
                                    "%s: the '%c' is compared with the "
                                    "path; a query or fragment is not part "
                                    "of it",
                                    path, *odd));
    }
    if (strchr(path, '*')) {
        warn(warnings, apr_psprintf(p,
                                    "%s: the '*' stands for itself; a "
                                    "URL-path is for all below it, and "
                                    "TempRedirectMatch takes a regex",
                                    path));
    }
    if (strstr(path, "//")) {
        warn(warnings, apr_psprintf(p,
                                    "%s: only matches with MergeSlashes Off; "
                                    "otherwise '//' in a request is '/'",
                                    path));
    }
}

static void regex_warn(apr_array_header_t *warnings, const char *regex,
                       apr_pool_t *p)
{
    if (strstr(regex, "\\?")) {
        warn(warnings, apr_psprintf(p,
                                    "%s: the '\\?' is compared with the path; "
                                    "a query is not part of it: write "
                                    "'query.NAME=...'",
                                    regex));
    }
}

/* A pattern for paths that do not come to its section; but for what
 * mod_rewrite sends there, whose path is the client's own. */
static void location_warn(apr_array_header_t *warnings, const tr_rule_t *rule,
                          const char *pattern, const char *location,
                          apr_pool_t *p)
{
    tr_slice_t begin = rule->pattern.begin, own = tr_slice_of(location);
    apr_size_t n = begin.n < own.n ? begin.n : own.n;

    if (n > 0 && apr_cstr_casecmpn(begin.p, own.p, n) != 0) {
        own.n -= own.p[own.n - 1] == '/';
        warn(warnings, apr_psprintf(p,
                                    "%s: is not below the Location '%s'; a "
                                    "URL-path counts from the root, as in "
                                    "'%.*s/...'",
                                    pattern, location, (int)own.n, own.p));
    }
}

/* "htps://": any scheme may be meant, but hardly one like these. */
static void scheme_warn(apr_array_header_t *warnings, const tr_target_t *target,
                        apr_pool_t *p)
{
    static const char *const web[] = { "https", "http" };
    const char *scheme = tr_target_scheme(target), *meant;

    if (scheme == NULL || strcmp(scheme, web[0]) == 0
        || strcmp(scheme, web[1]) == 0) {
        return;
    }
    meant = tr_suggest(tr_slice_of(scheme), web, 2, p);
    if (strstr(meant, "did you mean")) {
        warn(warnings, apr_psprintf(p, "%s: '%s' is a scheme of its own%s",
                                    tr_target_word(target), scheme, meant));
    }
}

/* CGI's variables are made for programs, after rules are asked. */
static const char *cgi_hint(const char *name)
{
    static const char *const names[][2] = {
        { "REMOTE_ADDR", "client" },      { "REMOTE_USER", "user" },
        { "REQUEST_METHOD", "method" },   { "REQUEST_SCHEME", "scheme" },
        { "SERVER_NAME", "host" },        { "SERVER_PORT", "port" },
        { "QUERY_STRING", "query.NAME" }, { "HTTP_HOST", "host" },
    };
    apr_size_t i;

    for (i = 0; i < sizeof(names) / sizeof(names[0]); ++i) {
        if (strcmp(name, names[i][0]) == 0) {
            return names[i][1];
        }
    }
    return strncmp(name, "HTTP_", 5) == 0
                   && strcmp(name, "HTTP_SESSION") != 0 /* mod_session's */
               ? "header.NAME"
               : NULL;
}

/* What an attribute hardly means; NULL where there is nothing to say. */
static const char *attr_warning(const tr_attr_t *attr, int is_early,
                                apr_pool_t *p)
{
    const char *cgi = attr->kind == TR_ATTR_ENV ? cgi_hint(attr->name) : NULL;

    if (cgi) {
        return apr_psprintf(p,
                            "CGI's variables are not set when rules are asked; "
                            "the attribute is '%s'",
                            cgi);
    }
    if (attr->kind == TR_ATTR_ENV && is_early) {
        return "phase=early asks before most variables are set: of SetEnvIf "
               "those in server and virtual host, and those of modules that "
               "set them as early";
    }
    if ((attr->kind == TR_ATTR_QUERY || attr->kind == TR_ATTR_COOKIE)
        && strpbrk(attr->name, "<>:")) {
        return apr_psprintf(p,
                            "asks for one whose whole name is '%s'; for "
                            "numbers use \"expr=...\"",
                            attr->name);
    }
    if (tr_attr_is_of_body(attr) && strpbrk(attr->name, "<>[")) {
        return apr_psprintf(p,
                            "asks for one whose whole name is '%s'; elements "
                            "are written as in 'json./items/0', and nothing "
                            "compares the numbers of a body",
                            attr->name);
    }
    return NULL;
}

/* What conditions hardly mean. */
static void cond_warn(apr_array_header_t *warnings, const tr_cond_t *cond,
                      const tr_draft_t *draft, apr_pool_t *p)
{
    const tr_attr_t *attr = tr_cond_attr(cond);
    const char *warning = attr ? attr_warning(attr, draft->is_early, p) : NULL;

    if (tr_cond_is_trivial(cond)) {
        warning = "every request has one; name values behind a '=', or leave "
                  "it out";
    }
    if (attr && attr->kind == TR_ATTR_HEADER && strchr(tr_cond_word(cond), '=')
        && apr_cstr_casecmp(attr->name, "Accept-Language") == 0) {
        warning = "clients send lists with weights, as in 'de-DE,de;q=0.9'; "
                  "'lang=' knows them";
    }
    if (warning) {
        warn(warnings, tr_words_said(tr_cond_word(cond), warning, p));
    }
}

void tr_warn_attr(apr_array_header_t *warnings, const char *word,
                  const tr_attr_t *attr, int is_early, apr_pool_t *p)
{
    const char *warning = attr_warning(attr, is_early, p);

    if (warning) {
        warn(warnings, tr_words_said(word, warning, p));
    }
}

void tr_warn_target(apr_array_header_t *warnings, const tr_target_t *target,
                    int is_early, apr_pool_t *p)
{
    const apr_array_header_t *attrs = tr_target_attrs(target);
    int i;

    scheme_warn(warnings, target, p);
    for (i = 0; attrs && i < attrs->nelts; ++i) {
        tr_warn_attr(warnings, tr_target_word(target),
                     &APR_ARRAY_IDX(attrs, i, const tr_attr_t), is_early, p);
    }
}

void tr_warn_window(apr_array_header_t *warnings, const char *whose,
                    const tr_window_t *window, const char *until,
                    apr_time_t now, apr_pool_t *p)
{
    if (tr_window_is_over(window, now)) {
        warn(warnings,
             apr_psprintf(p, "until=%s: this %s is over; leave it out", until,
                          whose));
    }
}

/* A redirect for a while that says of itself that it is for good. */
static void status_warn(apr_array_header_t *warnings, int status,
                        const char *what, apr_pool_t *p)
{
    if (status == 301 || status == 308) {
        warn(warnings,
             apr_psprintf(p,
                          "status=%d: means for good, and the %s for a while; "
                          "write %d",
                          status, what, status == 301 ? 302 : 307));
    }
}

static void window_warn(apr_array_header_t *warnings, const tr_draft_t *draft,
                        apr_pool_t *p)
{
    const tr_rule_t *rule = draft->rule;

    if (rule->window == NULL) {
        return;
    }
    if (draft->window.hours && tr_window_mixes_days(draft->window.hours)) {
        warn(warnings,
             apr_psprintf(p,
                          "hours=%s: an item without days is for each day; "
                          "repeat the days of the one before it, or write "
                          "'Mon-Sun@'",
                          draft->window.hours));
    }
    tr_warn_window(warnings, "rule", rule->window, draft->window.until,
                   draft->place->now, p);
    status_warn(warnings, rule->status, "window", p);
}

void tr_warn_rule(apr_array_header_t *warnings, const tr_draft_t *draft,
                  const char *pattern, int is_regex, apr_pool_t *p)
{
    const tr_rule_t *rule = draft->rule;
    const char *target = tr_target_word(rule->target);
    int i;

    if (pattern) {
        (is_regex ? regex_warn : path_warn)(warnings, pattern, p);
    }
    if (pattern && draft->place->location) {
        location_warn(warnings, rule, pattern, draft->place->location, p);
    }
    if (!pattern && !rule->conds && draft->place->is_server && *target == '/') {
        warn(warnings, apr_psprintf(p,
                                    "%s: without a URL-path before it, all "
                                    "requests go there; if they should, write "
                                    "'/ %s tail=drop'",
                                    target, target));
    }
    for (i = 0; rule->conds && i < rule->conds->nelts; ++i) {
        cond_warn(warnings, APR_ARRAY_IDX(rule->conds, i, const tr_cond_t *),
                  draft, p);
    }
    tr_warn_target(warnings, rule->target, draft->is_early, p);
    window_warn(warnings, draft, p);
}

/* "weight=10" is no tenth where there is nobody else. */
void tr_warn_pool(apr_array_header_t *warnings, const tr_pool_t *pool,
                  apr_pool_t *p)
{
    const tr_member_t *only = pool->members->nelts == 1
                                  ? APR_ARRAY_IDX(pool->members, 0,
                                                  const tr_member_t *)
                                  : NULL;

    if (only && only->runner.weight > 1) {
        warn(warnings, apr_psprintf(p,
                                    "%s: its only member gets all, whatever "
                                    "its weight; for those who stay write "
                                    "'TempRedirectMember %s ! weight=...'",
                                    pool->name, pool->name));
    }
}

/* What an attribute means in an early phase only; else its line has been warned
 * of it. */
static void early_warn(apr_array_header_t *warnings, const char *word,
                       const tr_attr_t *attr, apr_pool_t *p)
{
    if (attr_warning(attr, 0, p) == NULL) {
        tr_warn_attr(warnings, word, attr, 1, p);
    }
}

static void early_bound_warn(apr_array_header_t *warnings,
                             const tr_rule_t *rule, apr_pool_t *p)
{
    int i, j;

    for (i = 0; i < rule->arms_n; ++i) {
        const tr_target_t *target = rule->arms[i].target;
        const apr_array_header_t *attrs = tr_target_attrs(target);

        for (j = 0; attrs && j < attrs->nelts; ++j) {
            early_warn(warnings, tr_target_word(target),
                       &APR_ARRAY_IDX(attrs, j, const tr_attr_t), p);
        }
    }
    if (rule->pool->key) {
        early_warn(warnings, rule->pool->key_word, rule->pool->key, p);
    }
}

void tr_warn_bound(apr_array_header_t *warnings, const tr_rule_t *rule,
                   apr_pool_t *p)
{
    const apr_array_header_t *members = rule->pool->members;
    int i, windows = 0;

    for (i = 0; i < members->nelts; ++i) {
        windows |= APR_ARRAY_IDX(members, i, const tr_member_t *)->window
                   != NULL;
    }
    if (rule->is_early) {
        early_bound_warn(warnings, rule, p);
    }
    if (windows) {
        status_warn(warnings, rule->status, "window of a member", p);
    }
}

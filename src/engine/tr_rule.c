/* Licensed under the Apache License, Version 2.0; see LICENSE. */
#include <apr_cstr.h>
#include <apr_strings.h>

#include "tr_guard.h"
#include "tr_rule.h"
#include "tr_suggest.h"
#include "tr_uri.h"
#include "tr_words.h"

/* The arguments of one line, taken apart. */
typedef struct line_t {
    const char *pattern; /* NULL: none */
    int is_regex;
    const char *target;
    int argc; /* words */
    const char *const *argv;
} line_t;

static const char *pattern_parse(tr_rule_t *rule, const line_t *line,
                                 const tr_place_t *place, apr_pool_t *p)
{
    const char *error;

    if (line->pattern == NULL) {
        return NULL; /* TR_PATTERN_ANY */
    }
    error = line->is_regex
                ? tr_pattern_parse_regex(&rule->pattern, line->pattern,
                                         place->transient ? 0 : TR_REGEX_JIT, p)
                : tr_pattern_parse_path(&rule->pattern, line->pattern);
    return tr_words_said(line->pattern, error, p);
}

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

static void target_warn(apr_array_header_t *warnings, const tr_draft_t *draft,
                        apr_pool_t *p)
{
    const tr_target_t *target = draft->rule->target;
    const apr_array_header_t *attrs = tr_target_attrs(target);
    int i;

    for (i = 0; attrs && i < attrs->nelts; ++i) {
        const char *warning = attr_warning(&APR_ARRAY_IDX(attrs, i,
                                                          const tr_attr_t),
                                           draft->is_early, p);

        if (warning) {
            warn(warnings, tr_words_said(tr_target_word(target), warning, p));
        }
    }
}

/* A redirect for a while that says of itself that it is for good, or that can
 * never come. */
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
    if (tr_window_is_over(rule->window, draft->place->now)) {
        warn(warnings,
             apr_psprintf(p, "until=%s: this rule is over; leave it out",
                          draft->window.until));
    }
    if (rule->status == 301 || rule->status == 308) {
        warn(warnings,
             apr_psprintf(p,
                          "status=%d: means for good, and the window "
                          "for a while; write %d",
                          rule->status, rule->status == 301 ? 302 : 307));
    }
}

static void line_warn(apr_array_header_t *warnings, const line_t *line,
                      const tr_draft_t *draft, apr_pool_t *p)
{
    const tr_rule_t *rule = draft->rule;
    int i;

    scheme_warn(warnings, rule->target, p);
    if (line->pattern) {
        (line->is_regex ? regex_warn : path_warn)(warnings, line->pattern, p);
    }
    if (line->pattern && draft->place->location) {
        location_warn(warnings, rule, line->pattern, draft->place->location, p);
    }
    if (!line->pattern && !rule->conds && draft->place->is_server
        && *line->target == '/') {
        warn(warnings, apr_psprintf(p,
                                    "%s: without a URL-path before it, all "
                                    "requests go there; if they should, write "
                                    "'/ %s tail=drop'",
                                    line->target, line->target));
    }
    for (i = 0; rule->conds && i < rule->conds->nelts; ++i) {
        cond_warn(warnings, APR_ARRAY_IDX(rule->conds, i, const tr_cond_t *),
                  draft, p);
    }
    target_warn(warnings, draft, p);
    window_warn(warnings, draft, p);
}

/* Say which matches of conditions the target needs. */
static void keep_groups(const tr_draft_t *draft)
{
    int i, n = 1; /* the first is the pattern's */

    for (i = 0; i < draft->conds->nelts; ++i) {
        tr_cond_t *cond = APR_ARRAY_IDX(draft->conds, i, tr_cond_t *);

        if (tr_cond_regex(cond)) {
            if (n < tr_target_regexes(draft->rule->target)) {
                tr_cond_keep_groups(cond, n);
            }
            ++n;
        }
    }
}

/* Parse the target, which can name groups of all regexes. */
static const char *parse_target(tr_draft_t *draft, const line_t *line,
                                apr_pool_t *p)
{
    tr_rule_t *rule = draft->rule;
    apr_array_header_t *regexes = apr_array_make(p, 2,
                                                 sizeof(const tr_regex_t *));
    tr_target_t *target;
    const char *error;
    int i;

    APR_ARRAY_PUSH(regexes, const tr_regex_t *) = rule->pattern.regex;
    for (i = 0; i < draft->conds->nelts; ++i) {
        const tr_cond_t *cond = APR_ARRAY_IDX(draft->conds, i,
                                              const tr_cond_t *);

        if (tr_cond_regex(cond)) {
            APR_ARRAY_PUSH(regexes, const tr_regex_t *) = tr_cond_regex(cond);
        }
    }
    error = tr_target_parse(&target, line->target, regexes, p);
    if (!error) {
        rule->target = target;
        keep_groups(draft);
    }
    return tr_words_said(line->target, error, p);
}

/* What an early phase does not know. */
static const char *early_check(const tr_attr_t *attr)
{
    return attr->kind == TR_ATTR_USER
               ? "nobody is authenticated yet when phase=early asks; leave one "
                 "of both out"
           : tr_attr_is_of_body(attr)
               ? "phase=early asks before anything looks into a body; leave "
                 "one of both out"
               : NULL;
}

/* An attribute that the word of a condition, or the target, asks for, beside
 * the one of the body before it. */
static const char *attr_check(const tr_attr_t **of_body,
                              const tr_draft_t *draft, const tr_attr_t *attr,
                              const char *word, apr_pool_t *p)
{
    const char *error = attr && draft->is_early ? early_check(attr) : NULL;

    if (!error && attr && tr_attr_is_of_body(attr)) {
        if (*of_body && (*of_body)->kind != attr->kind) {
            error = "a body is a form or JSON, and never both, so this rule "
                    "could never match; write a rule for each";
        }
        *of_body = attr;
    }
    return tr_words_said(word, error, p);
}

/* The attributes that conditions and target ask for. */
static const char *attrs_check(const tr_draft_t *draft, apr_pool_t *p)
{
    const tr_rule_t *rule = draft->rule;
    const apr_array_header_t *attrs = tr_target_attrs(rule->target);
    const tr_attr_t *of_body = NULL;
    const char *error = NULL;
    int i;

    for (i = 0; i < draft->conds->nelts && !error; ++i) {
        const tr_cond_t *cond = APR_ARRAY_IDX(draft->conds, i,
                                              const tr_cond_t *);

        error = attr_check(&of_body, draft, tr_cond_attr(cond),
                           tr_cond_word(cond), p);
    }
    for (i = 0; attrs && i < attrs->nelts && !error; ++i) {
        error = attr_check(&of_body, draft,
                           &APR_ARRAY_IDX(attrs, i, const tr_attr_t),
                           tr_target_word(rule->target), p);
    }
    return error;
}

static tr_rule_t *rule_make(const tr_place_t *place, apr_pool_t *p)
{
    tr_rule_t *rule = apr_pcalloc(p, sizeof(*rule));
    apr_uint32_t *logged = apr_palloc(p, sizeof(*logged));

    rule->status = 307;
    rule->keep_tail = 1;
    rule->phases = TR_PHASE_FIXUPS;
    rule->cache = TR_CACHE_NO_STORE;
    rule->retry_after = TR_RETRY_NONE;
    rule->args = &tr_args_default;
    rule->place = apr_psprintf(p, "%s:%d", place->file, place->line);
    rule->id = rule->place;
    rule->logged = logged;
    *logged = place->transient ? APR_UINT32_MAX : 0;
    return rule;
}

static const char *rest_parse(tr_draft_t *draft, const line_t *line,
                              apr_pool_t *p)
{
    tr_rule_t *rule = draft->rule;
    const char *error = tr_words_finish(draft, p);

    if (!error) {
        error = pattern_parse(rule, line, draft->place, p);
    }
    if (!error) {
        error = parse_target(draft, line, p);
    }
    if (!error && tr_target_is_scheme(rule->target) && !rule->keep_tail) {
        error = apr_psprintf(p,
                             "tail=drop: '%s' keeps the whole path; write "
                             "'%s//%%{host}/...'",
                             line->target, line->target);
    }
    if (!error) {
        error = attrs_check(draft, p);
    }
    return error ? error
                 : tr_words_said(line->target, tr_guard_check(rule, p), p);
}

static const char *line_parse(tr_rule_t **out, apr_array_header_t *warnings,
                              const tr_place_t *place, const line_t *line,
                              apr_pool_t *p)
{
    tr_draft_t draft = { rule_make(place, p), place, 0, NULL, { 0 }, 0, 0 };
    const char *error;

    draft.not_for = (strcmp(line->target, "!") == 0 ? TR_WORDS_SEND : 0)
                    | (line->is_regex ? TR_WORDS_PATH : 0)
                    | (line->pattern ? 0 : TR_WORDS_COMPARE);
    error = tr_words_parse(&draft, line->argc, line->argv, p);
    if (!error) {
        error = rest_parse(&draft, line, p);
    }
    if (!error) {
        line_warn(warnings, line, &draft, p);
        *out = draft.rule;
    }
    return error;
}

/* What is wrong with a URL-path that is none. */
static const char *path_hint(const char *word, apr_pool_t *p)
{
    static const char *const statuses[][2] = { { "permanent", "301" },
                                               { "seeother", "303" },
                                               { "temp", "307" } };
    tr_rule_t probe = { 0 };
    const char *status = tr_words_is_status(word) ? word : NULL;
    apr_size_t i;

    for (i = 0; i < sizeof(statuses) / sizeof(statuses[0]); ++i) {
        status = strcmp(word, statuses[i][0]) ? status : statuses[i][1];
    }
    if (status) {
        return apr_psprintf(p,
                            "the status stands behind the target; write "
                            "'status=%s'",
                            status);
    }
    if (strchr(word, '=')) {
        return "words stand behind the target; write 'URL-path target', then "
               "words such as 'status=303'";
    }
    return *word == '^' ? "a URL-path begins with '/'; for a regex write "
                          "TempRedirectMatch"
                        : tr_pattern_parse_path(&probe.pattern, word);
}

const char *tr_rule_parse(tr_rule_t **rule, apr_array_header_t *warnings,
                          const tr_place_t *place, int argc,
                          const char *const *argv, apr_pool_t *p)
{
    int paths = argc > 1 && tr_target_is(argv[1]);
    line_t line = { paths ? argv[0] : place->location, 0, argv[paths],
                    argc - paths - 1, argv + paths + 1 };

    if (paths && *argv[0] != '/') {
        /* Before what its words say. */
        return tr_words_said(argv[0], path_hint(argv[0], p), p);
    }
    return line_parse(rule, warnings, place, &line, p);
}

const char *tr_rule_parse_match(tr_rule_t **rule, apr_array_header_t *warnings,
                                const tr_place_t *place, int argc,
                                const char *const *argv, apr_pool_t *p)
{
    line_t line = { argv[0], 1, NULL, argc - 2, argv + 2 };

    if (argc < 2) {
        return tr_words_said(argv[0],
                             "a target is missing; write 'regex target'", p);
    }
    line.target = argv[1];
    return line_parse(rule, warnings, place, &line, p);
}

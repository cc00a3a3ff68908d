/* Licensed under the Apache License, Version 2.0; see LICENSE. */
#include <stdlib.h>
#include <apr_cstr.h>
#include <apr_strings.h>

#include "tr_ascii.h"
#include "tr_target_impl.h"
#include "tr_uri.h"

/* ---- what a target is ---- */

/* The length of the scheme before a ':', or 0. */
static apr_size_t scheme_length(const char *word)
{
    apr_size_t n = 0;

    while (tr_is_alnum(word[n])
           || (n > 0 && strchr("+-.", word[n]) && word[n])) {
        ++n;
    }
    return word[n] == ':' && tr_is_alpha(*word) ? n : 0;
}

static int is_scheme(const char *word, const char *scheme)
{
    apr_size_t n = strlen(scheme);

    return scheme_length(word) == n && apr_cstr_casecmpn(word, scheme, n) == 0;
}

int tr_target_is(const char *word)
{
    return strcmp(word, "!") == 0 || *word == '/' || tr_is_substitution(word)
           || strncmp(word, "${", 2) == 0 || scheme_length(word) > 0;
}

/* ---- authority ---- */

/* The length of the substitution at s. */
static apr_size_t substitution_length(const char *s)
{
    const char *close = *s == '$' ? NULL : strchr(s, '}');

    return close ? (apr_size_t)(close - s) + 1 : 2;
}

/* Whether nothing but substitutions follows. */
static int is_all_substitutions(const char *s, apr_size_t n)
{
    apr_size_t at = 0;

    while (at < n && tr_is_substitution(s + at)) {
        at += substitution_length(s + at);
    }
    return at >= n;
}

/* "%{tail}" and "%{path}" begin with a '/' of their own. */
static int is_path(const char *s)
{
    return strncmp(s, "%{tail}", 7) == 0 || strncmp(s, "%{path}", 7) == 0;
}

/* Whether a host is complete, with or without a port. */
static int is_complete(const char *s, apr_size_t n)
{
    apr_size_t host = *s == '[' ? strcspn(s, "]") + 1 : strcspn(s, ":");

    return host <= n && host > 0 && s[host - 1] != '.' && s[n - 1] != ':'
           && tr_host_is_valid(tr_slice(s, host))
           && strspn(s + host, ":0123456789") == n - host;
}

/*
 * Where the authority ends and a substitution begins the path, as in
 * "https://example.com$1.html": behind a complete host. What follows one that
 * has no dot and no port ("https://tenant$1.example.com/") is rather more of
 * it, unless nothing literal follows. Substitutions before are taken for some
 * host or label, or port.
 */
static apr_size_t authority_length(const char *s, apr_size_t n, apr_pool_t *p)
{
    char *probe = apr_pcalloc(p, n + 1);
    apr_size_t at = 0, len = 0;

    while (at < n) {
        if (!tr_is_substitution(s + at)) {
            probe[len++] = s[at++];
            continue;
        }
        if (strncmp(s + at, "%{host}", 7) == 0) {
            memcpy(probe + len, "h.h", 3);
            len += 3;
        }
        else if (is_complete(probe, len)
                 && (is_path(s + at) || strpbrk(probe, ".:[")
                     || is_all_substitutions(s + at, n - at))) {
            return at;
        }
        else {
            probe[len++] = strncmp(s + at, "%{port}", 7) == 0 ? '1' : 'x';
        }
        at += substitution_length(s + at);
    }
    return n;
}

/* Whether the host is one, whatever is substituted. */
static const char *host_check(tr_parser_t *ps, tr_slice_t text)
{
    char *probe = apr_palloc(ps->p, text.n * 3 + 1); /* all encoded */
    apr_size_t n = 0;
    int i, dangling = 0;

    for (i = 0; i < ps->parts->nelts; ++i) {
        const tr_part_t *part = &APR_ARRAY_IDX(ps->parts, i, tr_part_t);

        if (part->component != TR_HOST) {
            continue;
        }
        if (part->kind == TR_PART_LITERAL) {
            memcpy(probe + n, part->literal.p, part->literal.n);
            n += part->literal.n;
            dangling = 0;
            continue;
        }
        dangling = n > 0 && probe[n - 1] == '-';
        probe[n++] = 'x';
        ps->target->fills_host = 1;
        ps->target->needs_hosts |= part->kind != TR_PART_ATTRIBUTE
                                   || part->attr.kind != TR_ATTR_HOST;
    }
    if (dangling || !tr_host_is_valid(tr_slice(probe, n))) {
        return apr_psprintf(ps->p,
                            "'%.*s' is not a host; write one as in "
                            "'www.example.com', '192.0.2.1' or '[2001:db8::1]'",
                            (int)text.n, text.p);
    }
    return NULL;
}

static int default_port(const char *scheme)
{
    return strcmp(scheme, "https") == 0  ? 443
           : strcmp(scheme, "http") == 0 ? 80
                                         : 0;
}

/* ":8443" or ":%{port}", or nothing. */
static const char *port_parse(tr_parser_t *ps, tr_slice_t text)
{
    ps->target->port = default_port(ps->target->scheme);
    if (text.n > 0 && !tr_slice_equal(text, tr_slice_of(":%{port}"))) {
        long port = text.n < 7 ? atol(text.p + 1) : 0;

        if (*text.p != ':' || strspn(text.p + 1, "0123456789") != text.n - 1
            || port < 1 || port > 65535) {
            return apr_psprintf(ps->p,
                                "'%.*s' is not a port; write ':1' to "
                                "':65535' or ':%%{port}'",
                                (int)text.n, text.p);
        }
        ps->target->port = (int)port;
    }
    return tr_parts_parse(ps, TR_PORT, text);
}

/* The authority at the beginning of *rest, and *rest moved behind it. */
static const char *authority_parse(tr_parser_t *ps, const char **rest)
{
    const char *text = *rest, *error;
    apr_size_t n = tr_parts_span(text, "/?#"), host;

    if (tr_parts_span(text, "@") < n) {
        return "user info in a target would be shown to every client; leave "
               "out what stands before '@'";
    }
    n = authority_length(text, n, ps->p);
    host = *text == '[' ? strcspn(text, "]") + 1 : tr_parts_span(text, ":");
    host = host < n ? host : n;
    *rest = text + n;
    error = tr_parts_parse(ps, TR_HOST, tr_slice(text, host));
    if (!error) {
        error = host_check(ps, tr_slice(text, host));
    }
    return error ? error : port_parse(ps, tr_slice(text + host, n - host));
}

/* ---- path, query, fragment ---- */

/* Whether a part of the path comes from the request's path. */
static int is_echo(const tr_part_t *part)
{
    return part->kind == TR_PART_GROUP || part->kind == TR_PART_NAMED
           || tr_part_joins(part);
}

/* "/a//b" is compared with requests, in which that is "/a/b". */
static tr_slice_t merge_slashes(char *path, apr_size_t n)
{
    apr_size_t i, w = 0;

    for (i = 0; i < n; ++i) {
        if (path[i] != '/' || w == 0 || path[w - 1] != '/') {
            path[w++] = path[i];
        }
    }
    return tr_slice(path, w);
}

/* Note what of the path is literal, and where its base ends. */
static void path_note(tr_parser_t *ps, int first)
{
    tr_target_t *target = ps->target;
    int i;

    target->base_end = ps->parts->nelts;
    target->base_whole = 1;
    for (i = first; i < ps->parts->nelts; ++i) {
        const tr_part_t *part = &APR_ARRAY_IDX(ps->parts, i, tr_part_t);
        int echo = is_echo(part), joins = tr_part_joins(part);

        if (part->kind == TR_PART_LITERAL) {
            continue;
        }
        target->fills_path = 1;
        target->echoes |= echo;
        target->names_tail |= joins;
        if (!echo && i < target->base_end) {
            target->fills_base = 1;
        }
        else if (i < target->base_end) {
            target->base_end = i;
            target->base_whole = joins;
        }
    }
    if (target->base_end > first && !target->fills_base) {
        tr_slice_t literal = APR_ARRAY_IDX(ps->parts, first, tr_part_t).literal;
        char *base = apr_palloc(ps->p, literal.n);

        target->base = merge_slashes(base, tr_uri_decode(base, literal, 0));
    }
}

static const char *rest_parse(tr_parser_t *ps, const char *text)
{
    const char *query = text + tr_parts_span(text, "?#");
    const char *path = apr_pstrmemdup(ps->p, text, (apr_size_t)(query - text));
    apr_size_t n = *query == '?' ? tr_parts_span(query, "#") : 0;
    int first = ps->parts->nelts;
    const char *error;

    if (tr_path_has_dots(tr_slice_of(path))) {
        return "'.' and '..' in a target's path lead elsewhere; write the path "
               "that they lead to";
    }
    ps->target->has_query = n > 0;
    error = tr_parts_parse(ps, TR_PATH, tr_slice_of(path));
    path_note(ps, first);
    if (!error) {
        error = tr_parts_parse(ps, TR_QUERY, tr_slice(query, n));
    }
    if (!error && query[n]) {
        tr_part_t *hash = apr_array_push(ps->parts);

        memset(hash, 0, sizeof(*hash));
        hash->component = TR_FRAGMENT;
        hash->literal = tr_slice("#", 1);
        error = tr_parts_parse(ps, TR_FRAGMENT, tr_slice_of(query + n + 1));
    }
    return error;
}

/* ---- whole targets ---- */

static const char *absolute_parse(tr_parser_t *ps, const char *word)
{
    apr_size_t n = scheme_length(word);
    const char *rest = word + n + 3;
    tr_part_t *scheme = apr_array_push(ps->parts);
    char *lower = apr_pstrmemdup(ps->p, word, n);
    const char *error;
    int web;

    for (; n > 0; --n) {
        lower[n - 1] = tr_to_lower(lower[n - 1]);
    }
    ps->target->scheme = lower;
    memset(scheme, 0, sizeof(*scheme));
    scheme->component = TR_SCHEME;
    scheme->literal = tr_slice_of(apr_pstrcat(ps->p, lower, "://", NULL));
    error = authority_parse(ps, &rest);
    if (error) {
        return error;
    }
    /* RFC 3986 6.2.3: the path of "https://example.com" is "/". */
    web = default_port(lower) != 0;
    if (web && (*rest == '\0' || *rest == '?' || *rest == '#')) {
        rest = apr_pstrcat(ps->p, "/", rest, NULL);
    }
    return rest_parse(ps, rest);
}

/* "https:" is "https://%{host}%{path}". */
static const char *scheme_parse(tr_parser_t *ps, const char *word)
{
    const char *scheme = is_scheme(word, "https") ? "https" : "http";

    if (word[strlen(scheme) + 1]) {
        return apr_psprintf(ps->p,
                            "write '%s://host/path', or '%s:' alone for "
                            "the same URL under that scheme",
                            scheme, scheme);
    }
    ps->target->is_scheme = 1;
    return absolute_parse(ps, apr_pstrcat(ps->p, scheme, "://%{host}%{path}",
                                          NULL));
}

/* A path; what it can begin with in place of a '/' are others that do. */
static const char *relative_parse(tr_parser_t *ps, const char *word)
{
    const char *error = rest_parse(ps, word);

    if (!error && *word != '/'
        && !is_echo(&APR_ARRAY_IDX(ps->parts, 0, tr_part_t))) {
        return "a value cannot begin a path, as its '/' is encoded; write "
               "'/%{...}'";
    }
    return error;
}

static const char *pool_parse(tr_parser_t *ps, const char *name)
{
    ps->target->pool = name;
    ps->target->regexes = ps->regexes ? ps->regexes->nelts : 0;
    return *name == '\0'       ? "the name of a pool is missing; write "
                                 "'pool:NAME'"
           : strchr(name, '/') ? "a pool is named alone; the path stands in "
                                 "its members' targets"
                               : NULL;
}

static const char *target_parse(tr_parser_t *ps, const char *word)
{
    apr_size_t scheme = scheme_length(word);

    if (strcmp(word, "!") == 0) {
        ps->target->stays = 1;
        return NULL;
    }
    if (is_scheme(word, "pool")) {
        return pool_parse(ps, word + strlen("pool:"));
    }
    if (scheme > 0 && strncmp(word + scheme, "://", 3) == 0) {
        return absolute_parse(ps, word);
    }
    if (is_scheme(word, "https") || is_scheme(word, "http")) {
        return scheme_parse(ps, word);
    }
    if (tr_is_substitution(word)
        && tr_parts_span(word, ":") < tr_parts_span(word, "/")
        && strstr(word, "://")) {
        return "nothing can be substituted in a scheme; write 'https://' or "
               "'http://', or 'https:' alone";
    }
    if (word[0] == '/' && word[1] == '/') {
        return "'//' begins a host, not a path; write 'https://host/path' or "
               "one '/'";
    }
    if (*word == '/' || tr_is_substitution(word)) {
        return relative_parse(ps, word);
    }
    return "not a target; write an absolute URL, a path beginning with '/', "
           "'https:', 'http:', 'pool:NAME' or '!'";
}

static void ends_note(tr_target_t *target)
{
    int component, i = 0;

    for (component = TR_SCHEME; component <= TR_FRAGMENT; ++component) {
        while (i < target->n
               && target->parts[i].component <= (tr_component_t)component) {
            ++i;
        }
        target->ends[component] = i;
    }
}

static const char *length_check(const tr_target_t *target)
{
    apr_size_t n = 0;
    int i;

    for (i = 0; i < target->n; ++i) {
        n += target->parts[i].literal.n;
    }
    return n > TR_LOCATION_MAX ? "is longer than the 8190 bytes that a "
                                 "Location can have"
                               : NULL;
}

/* Put the literal beginning into one piece. */
static void head_build(tr_target_t *target, apr_pool_t *p)
{
    const tr_part_t *part = target->parts, *end = part + target->n;
    apr_size_t origin = 0, size = 0;
    char *head;

    while (part < end && part->kind == TR_PART_LITERAL
           && part->component <= TR_PATH) {
        size += part++->literal.n;
    }
    if (part < end && part->component < TR_PATH) {
        return;
    }
    target->head_parts = (int)(part - target->parts);
    target->head = tr_slice(head = apr_palloc(p, size), size);
    for (part = target->parts; part < target->parts + target->head_parts;
         ++part) {
        memcpy(head, part->literal.p, part->literal.n);
        if (part->component == TR_HOST) {
            target->head_host = tr_slice(head, part->literal.n);
        }
        head += part->literal.n;
        origin += part->component < TR_PATH ? part->literal.n : 0;
    }
    target->head_path = origin;
}

static const char *bytes_check(const char *word)
{
    for (; *word; ++word) {
        if (tr_is_control(*word)) {
            return "a control character cannot stand in a target";
        }
        if (word[0] == '$' && word[1] == '{') {
            return "'${' begins a variable that is not defined; write '$1' for "
                   "a group, '%{name}' for an attribute, or '%24'";
        }
        if (*word == '\\') {
            return "browsers take '\\' for '/'; write '/', or '%5C'";
        }
    }
    return NULL;
}

const char *tr_target_parse(tr_target_t **target, const char *word,
                            const apr_array_header_t *regexes, apr_pool_t *p)
{
    tr_parser_t ps = { apr_pcalloc(p, sizeof(**target)), regexes,
                       apr_array_make(p, 4, sizeof(tr_part_t)), p };
    const char *error = bytes_check(word);

    if (!error) {
        error = target_parse(&ps, word);
    }
    if (!error) {
        ps.target->word = word;
        ps.target->parts = (const tr_part_t *)ps.parts->elts;
        ps.target->n = ps.parts->nelts;
        ends_note(ps.target);
        head_build(ps.target, p);
        error = length_check(ps.target);
    }
    if (!error) {
        *target = ps.target;
    }
    return error;
}

const char *tr_target_word(const tr_target_t *target)
{
    return target->word;
}

int tr_target_stays(const tr_target_t *target)
{
    return target->stays;
}

const char *tr_target_pool(const tr_target_t *target)
{
    return target->pool;
}

int tr_target_wants_rule(const tr_target_t *target)
{
    return target->wants_rule;
}

int tr_target_is_scheme(const tr_target_t *target)
{
    return target->is_scheme;
}

tr_slice_t tr_target_host(const tr_target_t *target)
{
    return target->head_host;
}

const char *tr_target_scheme(const tr_target_t *target)
{
    return target->scheme;
}

int tr_target_regexes(const tr_target_t *target)
{
    return target->regexes;
}

const apr_array_header_t *tr_target_attrs(const tr_target_t *target)
{
    return target->attrs;
}

int tr_target_needs_hosts(const tr_target_t *target)
{
    return target->needs_hosts;
}

tr_slice_t tr_target_base(const tr_target_t *target)
{
    return target->base;
}

int tr_target_fills_base(const tr_target_t *target)
{
    return target->fills_base;
}

int tr_target_echoes(const tr_target_t *target)
{
    return target->echoes;
}

int tr_target_base_is_whole(const tr_target_t *target)
{
    return target->base_whole;
}

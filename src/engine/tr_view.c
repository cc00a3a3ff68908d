/* Licensed under the Apache License, Version 2.0; see LICENSE. */
#include <apr_cstr.h>
#include <apr_strings.h>

#include "tr_ascii.h"
#include "tr_body.h"
#include "tr_lang.h"
#include "tr_query.h"
#include "tr_suggest.h"
#include "tr_view.h"

#define BOTH (TR_USE_CONDITION | TR_USE_TARGET)
#define ALL (BOTH | TR_USE_KEY)

static const struct attribute_t {
    const char *name;
    tr_attr_kind_t kind;
    int named; /* has a name of its own behind a dot */
    int uses;
} attributes[] = {
    { "method", TR_ATTR_METHOD, 0, TR_USE_CONDITION },
    { "scheme", TR_ATTR_SCHEME, 0, BOTH },
    { "host", TR_ATTR_HOST, 0, ALL },
    { "port", TR_ATTR_PORT, 0, BOTH },
    { "path", TR_ATTR_PATH, 0, TR_USE_TARGET },
    { "tail", TR_ATTR_TAIL, 0, TR_USE_TARGET },
    { "args", TR_ATTR_ARGS, 0, TR_USE_TARGET },
    { "client", TR_ATTR_CLIENT, 0, TR_USE_CONDITION | TR_USE_KEY },
    { "user", TR_ATTR_USER, 0, ALL },
    { "lang", TR_ATTR_LANG, 0, BOTH },
    { "header", TR_ATTR_HEADER, 1, ALL },
    { "cookie", TR_ATTR_COOKIE, 1, ALL },
    { "query", TR_ATTR_QUERY, 1, ALL },
    { "env", TR_ATTR_ENV, 1, ALL },
    { "form", TR_ATTR_FORM, 1, ALL },
    { "json", TR_ATTR_JSON, 1, ALL },
    { "group", TR_ATTR_GROUP, 1, TR_USE_TARGET },
};

#define ATTRIBUTES ((int)(sizeof(attributes) / sizeof(attributes[0])))

typedef char attributes_fit_t[ATTRIBUTES <= TR_ATTRS ? 1 : -1];

/* What stands before the dot. */
static tr_slice_t head_of(tr_slice_t word)
{
    const char *dot = memchr(word.p, '.', word.n);

    return tr_slice(word.p, dot ? (apr_size_t)(dot - word.p) : word.n);
}

static const struct attribute_t *find(tr_slice_t head)
{
    int i;

    for (i = 0; i < ATTRIBUTES; ++i) {
        if (tr_slice_equal(head, tr_slice_of(attributes[i].name))) {
            return &attributes[i];
        }
    }
    return NULL;
}

int tr_attr_is(tr_slice_t word)
{
    return find(head_of(word)) != NULL;
}

int tr_attr_names(const char **names, tr_use_t use)
{
    int i, n = 0;

    for (i = 0; i < ATTRIBUTES; ++i) {
        if (attributes[i].uses & (int)use) {
            names[n++] = attributes[i].name;
        }
    }
    return n;
}

static const char *wrong_use(const struct attribute_t *attribute, tr_use_t use,
                             apr_pool_t *p)
{
    if (use == TR_USE_KEY) {
        const char *names[TR_ATTRS];
        int n = tr_attr_names(names, use);

        return apr_pstrcat(p, "cannot be the key of a pool",
                           tr_suggest(tr_slice("", 0), names, (apr_size_t)n, p),
                           NULL);
    }
    if (use == TR_USE_TARGET) {
        return apr_psprintf(p, "'%s' can only be a condition, as in '%s=...'",
                            attribute->name, attribute->name);
    }
    return attribute->kind == TR_ATTR_ARGS
               ? "no condition; write 'query.NAME=...' for a parameter"
           : attribute->kind == TR_ATTR_GROUP
               ? "no condition; a regex says itself what it is for"
               : "no condition; the URL-path before the target says which "
                 "paths the rule is for, or the regex of TempRedirectMatch";
}

/* RFC 9110 section 5.6.2. */
int tr_is_token(tr_slice_t name)
{
    apr_size_t i;

    for (i = 0; i < name.n; ++i) {
        if (!tr_is_alnum(name.p[i])
            && (name.p[i] == '\0' || !strchr("!#$%&'*+-.^_`|~", name.p[i]))) {
            return 0;
        }
    }
    return name.n > 0;
}

/* The name of an attribute, behind its dot. */
static const char *name_check(tr_attr_kind_t kind, const char *name,
                              apr_pool_t *p)
{
    if (kind == TR_ATTR_HEADER && !tr_is_token(tr_slice_of(name))) {
        return apr_psprintf(p, "'%s' is not the name of a header", name);
    }
    return kind == TR_ATTR_JSON ? tr_json_check(name) : NULL;
}

/* Fill where its value comes from. */
static void note_source(tr_attr_t *attr)
{
    const char *header = attr->kind == TR_ATTR_HEADER   ? attr->name
                         : attr->kind == TR_ATTR_COOKIE ? "Cookie"
                         : attr->kind == TR_ATTR_LANG   ? "Accept-Language"
                                                        : NULL;

    attr->header = tr_slice(NULL, 0);
    attr->is_private = attr->kind == TR_ATTR_CLIENT
                       || attr->kind == TR_ATTR_USER
                       || attr->kind == TR_ATTR_ENV || tr_attr_is_of_body(attr);
    if (header && apr_cstr_casecmp(header, "Host") != 0) {
        attr->header = tr_slice_of(header);
        attr->is_private = apr_cstr_casecmp(header, "Cookie") == 0
                           || apr_cstr_casecmp(header, "Authorization") == 0;
    }
}

tr_attr_t tr_attr_of_header(const char *name)
{
    tr_attr_t attr = { TR_ATTR_HEADER, name, { NULL, 0 }, 0 };

    note_source(&attr);
    return attr;
}

const char *tr_attr_parse(tr_attr_t *attr, tr_slice_t word, tr_use_t use,
                          apr_pool_t *p)
{
    tr_slice_t head = head_of(word);
    const struct attribute_t *attribute = find(head);
    int has_name = word.n > head.n;
    const char *names[TR_ATTRS], *name, *error;

    if (attribute == NULL) {
        int n = tr_attr_names(names, use);

        return apr_pstrcat(p, "unknown attribute",
                           tr_suggest(head, names, (apr_size_t)n, p), NULL);
    }
    if (!(attribute->uses & (int)use)) {
        return wrong_use(attribute, use, p);
    }
    if (attribute->named != has_name || word.n == head.n + 1) {
        return apr_psprintf(p,
                            attribute->kind == TR_ATTR_JSON ? "write '%s./NAME'"
                            : attribute->named
                                ? "write '%s.NAME'"
                                : "'%s' takes no name behind a dot",
                            attribute->name);
    }
    name = has_name
               ? apr_pstrmemdup(p, head.p + head.n + 1, word.n - head.n - 1)
               : NULL;
    error = name_check(attribute->kind, name, p);
    if (!error) {
        attr->kind = attribute->kind;
        attr->name = name;
        note_source(attr);
    }
    return error;
}

static tr_slice_t skip_space(tr_slice_t s)
{
    while (s.n > 0 && (*s.p == ' ' || *s.p == '\t')) {
        s = tr_slice_from(s, 1);
    }
    return s;
}

/* Without white space and quotes around. */
static tr_slice_t unquote(tr_slice_t text)
{
    text = skip_space(text);
    while (text.n > 0
           && (text.p[text.n - 1] == ' ' || text.p[text.n - 1] == '\t')) {
        --text.n;
    }
    return text.n > 1 && *text.p == '"' && text.p[text.n - 1] == '"'
               ? tr_slice(text.p + 1, text.n - 2)
               : text;
}

int tr_cookie_next(tr_slice_t *value, tr_slice_t field, const char *name,
                   apr_size_t *at)
{
    tr_slice_t wanted = tr_slice_of(name);

    while (*at < field.n) {
        const char *begin = field.p + *at;
        const char *semi = memchr(begin, ';', field.n - *at);
        tr_slice_t pair = tr_slice(begin, semi ? (apr_size_t)(semi - begin)
                                               : field.n - *at);

        *at += pair.n + 1;
        pair = skip_space(pair);
        if (tr_slice_begins(pair, wanted)) {
            pair = skip_space(tr_slice_from(pair, wanted.n));
            if (pair.n > 0 && *pair.p == '=') {
                *value = unquote(tr_slice_from(pair, 1));
                return 1;
            }
        }
    }
    return 0;
}

tr_slice_t tr_view_header(const tr_view_t *view, const char *name)
{
    tr_attr_t header = { TR_ATTR_HEADER, name, { NULL, 0 }, 0 };
    tr_slice_t value;

    return view->facts->value(&value, view, &header) == TR_OK
               ? value
               : tr_slice(NULL, 0);
}

static tr_reason_t found(int is_found)
{
    return is_found ? TR_OK : TR_NO_VALUE;
}

tr_reason_t tr_view_value(tr_slice_t *value, const tr_view_t *view,
                          const tr_attr_t *attr, apr_pool_t *p)
{
    tr_slice_t text = tr_slice(NULL, 0);
    apr_size_t at = 0;
    tr_reason_t reason;

    switch (attr->kind) {
    case TR_ATTR_PATH:
        *value = view->path.raw;
        return TR_OK;
    case TR_ATTR_ARGS:
        *value = view->args.p ? view->args : tr_slice("", 0);
        return TR_OK;
    case TR_ATTR_QUERY:
        reason = found(tr_query_value(&text, view->args, attr->name, p));
        break;
    case TR_ATTR_COOKIE:
        reason = found(tr_cookie_next(&text, tr_view_header(view, "Cookie"),
                                      attr->name, &at));
        break;
    case TR_ATTR_FORM:
    case TR_ATTR_JSON:
        reason = tr_body_value(&text, view, attr, p);
        break;
    case TR_ATTR_LANG:
        reason = found(tr_lang_pick(&text, view->languages,
                                    tr_view_header(view, "Accept-Language"),
                                    p));
        break;
    default:
        reason = view->facts->value(&text, view, attr);
        break;
    }
    if (reason == TR_OK && text.n == 0) {
        reason = TR_NO_VALUE;
    }
    if (reason == TR_OK) {
        *value = text;
    }
    return reason;
}

/* Licensed under the Apache License, Version 2.0; see LICENSE. */
#include <stdlib.h>

#include <apr_cstr.h>
#include <apr_strings.h>

#include "tr_ascii.h"
#include "tr_cond_impl.h"
#include "tr_lang.h"
#include "tr_nets.h"

/* ---- parsing ---- */

int tr_cond_is(const char *word)
{
    tr_slice_t name = tr_slice(word, strcspn(word, "="));

    if (*word == '!' || tr_attr_is(name)) {
        return 1;
    }
    if (name.n > 0 && strchr("!~", name.p[name.n - 1])) {
        --name.n; /* "method!=GET", for operator_check() */
    }
    return tr_slice_equal(name, tr_slice_of("expr")) || tr_attr_is(name);
}

static const char *add_method(tr_cond_t *cond, const char *value, apr_pool_t *p)
{
    const char *c;

    for (c = value; tr_is_alnum(*c) || *c == '-'; ++c) {
        if (*c >= 'a' && *c <= 'z') {
            return apr_psprintf(p,
                                "'%s': methods are compared with regard to "
                                "case; write capital letters, as in 'POST'",
                                value);
        }
    }
    if (*c) {
        return apr_psprintf(p, "'%s' is not a method; write one as in 'POST'",
                            value);
    }
    APR_ARRAY_PUSH(cond->values, tr_slice_t) = tr_slice_of(value);
    if (strcmp(value, "GET") == 0) {
        APR_ARRAY_PUSH(cond->values, tr_slice_t) = tr_slice_of("HEAD");
    }
    return NULL;
}

static const char *add_scheme(tr_cond_t *cond, const char *value, apr_pool_t *p)
{
    const char *known = apr_cstr_casecmp(value, "https") == 0  ? "https"
                        : apr_cstr_casecmp(value, "http") == 0 ? "http"
                                                               : NULL;

    if (known == NULL) {
        return apr_psprintf(p,
                            "'%s' is the scheme of no request; write 'http' "
                            "or 'https'",
                            value);
    }
    APR_ARRAY_PUSH(cond->values, tr_slice_t) = tr_slice_of(known);
    return NULL;
}

static const char *add_port(tr_cond_t *cond, const char *value, apr_pool_t *p)
{
    apr_size_t digits = strspn(value, "0123456789");

    if (value[digits] || digits > 5 || *value == '0' || atoi(value) > 65535) {
        return apr_psprintf(p, "'%s' is not a port; write '1' to '65535'",
                            value);
    }
    APR_ARRAY_PUSH(cond->values, tr_slice_t) = tr_slice_of(value);
    return NULL;
}

static const char *add_range(tr_cond_t *cond, const char *value, apr_pool_t *p)
{
    const char *error = tr_lang_check(value);

    if (error) {
        return apr_psprintf(p, "'%s': %s", value, error);
    }
    APR_ARRAY_PUSH(cond->values, tr_slice_t) = tr_slice_of(value);
    return NULL;
}

static const char *add_host(tr_cond_t *cond, const char *value, apr_pool_t *p)
{
    const char *error = strcmp(value, "*") == 0
                            ? "every request has a host; name hosts, as in "
                              "'www.example.com' or '*.example.com'"
                            : tr_hosts_parse(cond->hosts, value, p);

    /* as clients send it, it is found without the set */
    APR_ARRAY_PUSH(cond->values, tr_slice_t) = tr_slice_of(value);
    return error ? apr_psprintf(p, "'%s': %s", value, error) : NULL;
}

static const char *add_net(tr_cond_t *cond, const char *value, apr_pool_t *p)
{
    const char *error = tr_nets_parse(cond->nets, value, p);

    return error ? apr_psprintf(p, "'%s': %s", value, error) : NULL;
}

static const char *add_value(tr_cond_t *cond, const char *value, apr_pool_t *p)
{
    (void)p;
    if (cond->attr.kind == TR_ATTR_COOKIE && *value == '"') {
        return "the quotes around the value of a cookie are no part of it; "
               "leave them out";
    }
    APR_ARRAY_PUSH(cond->values, tr_slice_t) = tr_slice_of(value);
    return NULL;
}

typedef const char *add_t(tr_cond_t *cond, const char *value, apr_pool_t *p);

/* How the values of an attribute are read, and compared. */
static add_t *reader_of(tr_test_t *test, tr_attr_kind_t kind)
{
    *test = TR_TEST_VALUES;
    switch (kind) {
    case TR_ATTR_METHOD:
        return add_method;
    case TR_ATTR_SCHEME:
        return add_scheme;
    case TR_ATTR_PORT:
        return add_port;
    case TR_ATTR_HOST:
        *test = TR_TEST_HOSTS;
        return add_host;
    case TR_ATTR_CLIENT:
        *test = TR_TEST_NETS;
        return add_net;
    case TR_ATTR_LANG:
        *test = TR_TEST_RANGES;
        return add_range;
    default:
        return add_value;
    }
}

static const char *values_parse(tr_cond_t *cond, const char *list,
                                apr_pool_t *p)
{
    add_t *add = reader_of(&cond->test, cond->attr.kind);
    const char *error = NULL;

    if (cond->test == TR_TEST_NETS) {
        cond->nets = apr_array_make(p, 1, sizeof(apr_ipsubnet_t *));
    }
    else {
        cond->values = apr_array_make(p, 1, sizeof(tr_slice_t));
    }
    if (cond->test == TR_TEST_HOSTS) {
        cond->hosts = tr_hosts_make(p);
    }
    do {
        apr_size_t n = strcspn(list, ",");
        const char *value = apr_pstrmemdup(p, list, n);

        if (n == 0) {
            return "a value is missing; write values with ',' between them "
                   "and no space, or no '=' for 'is present'";
        }
        error = add(cond, value, p);
        list += n;
    } while (!error && *list++ == ',');
    return error;
}

static const char *regex_parse(tr_cond_t *cond, const char *pattern, int flags,
                               apr_pool_t *p)
{
    cond->test = TR_TEST_REGEX;
    if (*pattern == '\0') {
        return "a regex is missing behind '=~'";
    }
    if (cond->attr.kind == TR_ATTR_CLIENT) {
        return "an address is not compared with a regex; write addresses and "
               "CIDR ranges, as in 'client=192.0.2.7,10.0.0.0/8'";
    }
    return tr_regex_parse(&cond->regex, pattern, flags, p);
}

/* "header.X~=v", "header.X!=v" and "header.X==v" are other languages' ways to
 * say it. */
static const char *operator_check(const char *name, apr_size_t n, apr_pool_t *p)
{
    char last = n > 0 ? name[n - 1] : '\0';

    if (last == '~') {
        return apr_psprintf(p, "for a regex write '%.*s=~...'", (int)n - 1,
                            name);
    }
    if (last == '!') {
        return apr_psprintf(p, "to negate a condition write '!%.*s=...'",
                            (int)n - 1, name);
    }
    return name[n + 1] == '=' ? "write one '='; or '=~^=' for a value that "
                                "begins with it"
                              : NULL;
}

static const char *attribute_parse(tr_cond_t *cond, const char *word, int flags,
                                   apr_pool_t *p)
{
    apr_size_t n = strcspn(word, "=");
    const char *error = word[n] ? operator_check(word, n, p) : NULL;

    if (!error) {
        error = tr_attr_parse(&cond->attr, tr_slice(word, n), TR_USE_CONDITION,
                              p);
    }
    if (error || word[n] == '\0') {
        return error;
    }
    return word[n + 1] == '~' ? regex_parse(cond, word + n + 2, flags, p)
                              : values_parse(cond, word + n + 1, p);
}

static const char *expr_parse_text(tr_cond_t *cond, const char *text,
                                   tr_expr_parse_t *expr_parse, void *baton,
                                   apr_pool_t *p)
{
    const char *error;

    cond->test = TR_TEST_EXPR;
    if (*text == '\0') {
        return "an expression is missing; write it as in \"expr=%{HTTP_HOST} "
               "== 'www.example.com'\"";
    }
    error = expr_parse(&cond->expr, text, baton);
    return error && !strchr(text, ' ')
               ? apr_pstrcat(p, error,
                             "; an expression with spaces is quoted with its "
                             "word, as in \"expr=%{HTTP_HOST} == "
                             "'www.example.com'\"",
                             NULL)
               : error;
}

static const tr_json_hint_t *hint_of(const tr_cond_t *cond, apr_pool_t *p)
{
    return cond->negated || tr_cond_attr(cond) == NULL
                   || cond->attr.kind != TR_ATTR_JSON
               ? NULL
               : tr_json_hint_build(cond->attr.name, cond->values, p);
}

const char *tr_cond_parse(tr_cond_t **cond, const char *word, int regex_flags,
                          tr_expr_parse_t *expr_parse, void *baton,
                          apr_pool_t *p)
{
    tr_cond_t *made = apr_pcalloc(p, sizeof(*made));
    const char *rest = word + (*word == '!'), *error;

    made->word = word;
    made->negated = *word == '!';
    made->test = TR_TEST_PRESENT;
    made->keep = -1;
    if (*rest == '\0' || *rest == ' ' || *rest == '!') {
        error = "one '!' stands right before the name, as in '!cookie.seen'";
    }
    else if (strncmp(rest, "expr=", 5) == 0) {
        error = expr_parse_text(made, rest + 5, expr_parse, baton, p);
    }
    else if (strcmp(rest, "expr") == 0) {
        error = "an expression is missing; write 'expr=...'";
    }
    else {
        error = attribute_parse(made, rest, regex_flags, p);
    }
    if (!error) {
        made->ask = tr_cond_asker(made->test, made->attr.kind);
        made->hint = hint_of(made, p);
        *cond = made;
    }
    return error;
}

tr_cond_t *tr_cond_of_window(const tr_window_t *window, apr_pool_t *p)
{
    tr_cond_t *cond = apr_pcalloc(p, sizeof(*cond));

    cond->test = TR_TEST_WINDOW;
    cond->ask = tr_cond_asker(cond->test, cond->attr.kind);
    cond->window = window;
    return cond;
}

/* ---- what is known of it ---- */

const char *tr_cond_word(const tr_cond_t *cond)
{
    return cond->word;
}

const tr_attr_t *tr_cond_attr(const tr_cond_t *cond)
{
    return cond->test == TR_TEST_EXPR || cond->test == TR_TEST_WINDOW
               ? NULL
               : &cond->attr;
}

const tr_regex_t *tr_cond_regex(const tr_cond_t *cond)
{
    return cond->negated ? NULL : cond->regex;
}

void tr_cond_keep_groups(tr_cond_t *cond, int at)
{
    cond->keep = at;
}

int tr_cond_is_trivial(const tr_cond_t *cond)
{
    return cond->test == TR_TEST_PRESENT
           && (cond->attr.kind == TR_ATTR_METHOD
               || cond->attr.kind == TR_ATTR_SCHEME
               || cond->attr.kind == TR_ATTR_HOST
               || cond->attr.kind == TR_ATTR_PORT
               || cond->attr.kind == TR_ATTR_CLIENT);
}

int tr_cond_has_method(const tr_cond_t *cond, const char *method)
{
    return !cond->negated && cond->test == TR_TEST_VALUES
           && cond->attr.kind == TR_ATTR_METHOD
           && tr_is_one_of(cond->values, tr_slice_of(method));
}

/* Whether it compares the one value of an attribute with literal ones. */
static int is_single(const tr_cond_t *cond)
{
    int i;

    if (cond->test == TR_TEST_HOSTS) {
        for (i = 0; i < cond->values->nelts; ++i) {
            if (*APR_ARRAY_IDX(cond->values, i, tr_slice_t).p == '*') {
                return 0;
            }
        }
        return 1;
    }
    return cond->test == TR_TEST_VALUES && cond->attr.kind != TR_ATTR_HEADER
           && cond->attr.kind != TR_ATTR_COOKIE
           && cond->attr.kind != TR_ATTR_QUERY
           && cond->attr.kind != TR_ATTR_FORM;
}

static int is_same_attr(const tr_attr_t *a, const tr_attr_t *b)
{
    return a->kind == b->kind
           && (a->name == NULL || strcmp(a->name, b->name) == 0);
}

/* How many of a's values b has, too. */
static int count_common(const tr_cond_t *a, const tr_cond_t *b)
{
    int i, n = 0;

    for (i = 0; i < a->values->nelts; ++i) {
        tr_slice_t value = APR_ARRAY_IDX(a->values, i, tr_slice_t);

        n += b->test == TR_TEST_HOSTS ? tr_hosts_contains(b->hosts, value)
                                      : tr_is_one_of(b->values, value);
    }
    return n;
}

int tr_cond_excludes(const tr_cond_t *a, const tr_cond_t *b)
{
    const tr_cond_t *other = a->negated ? b : a;
    const tr_cond_t *negated = a->negated ? a : b;

    if (a->negated != b->negated
        && strcmp(negated->word + 1, other->word) == 0) {
        return 1;
    }
    if (!is_single(a) || !is_single(b) || !is_same_attr(&a->attr, &b->attr)
        || (a->negated && b->negated)) {
        return 0;
    }
    return a->negated == b->negated
               ? count_common(a, b) == 0
               : count_common(other, negated) == other->values->nelts;
}

static int cost_of_attr(tr_attr_kind_t kind)
{
    switch (kind) {
    case TR_ATTR_METHOD:
        return 0;
    case TR_ATTR_SCHEME:
        return 1;
    case TR_ATTR_HOST:
    case TR_ATTR_PORT:
    case TR_ATTR_USER:
        return 2;
    case TR_ATTR_CLIENT:
        return 3;
    case TR_ATTR_QUERY:
        return 5;
    case TR_ATTR_COOKIE:
        return 6;
    case TR_ATTR_LANG:
        return 7;
    case TR_ATTR_FORM: /* the body is read when all else holds */
    case TR_ATTR_JSON:
        return 50;
    default: /* looked up by name */
        return 4;
    }
}

/* What it costs to ask, in no unit: an order. */
static int cost_of(const tr_cond_t *cond)
{
    switch (cond->test) {
    case TR_TEST_EXPR:
        return 30;
    case TR_TEST_WINDOW:
        return tr_window_has_hours(cond->window) ? 10 : 0;
    default:
        return cost_of_attr(cond->attr.kind)
               + (cond->test == TR_TEST_REGEX ? 20 : 0);
    }
}

void tr_cond_sort(apr_array_header_t *conds)
{
    tr_cond_t **all = (tr_cond_t **)conds->elts;
    int i, j;

    for (i = 1; i < conds->nelts; ++i) {
        tr_cond_t *cond = all[i];

        for (j = i; j > 0 && cost_of(all[j - 1]) > cost_of(cond); --j) {
            all[j] = all[j - 1];
        }
        all[j] = cond;
    }
}

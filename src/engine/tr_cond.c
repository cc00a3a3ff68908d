/* Licensed under the Apache License, Version 2.0; see LICENSE. */
#include <stdlib.h>

#include <apr_cstr.h>
#include <apr_errno.h>
#include <apr_strings.h>

#include "tr_ascii.h"
#include "tr_cond.h"
#include "tr_lang.h"
#include "tr_nets.h"
#include "tr_query.h"

typedef enum test_t {
    PRESENT,
    VALUES,
    HOSTS,
    NETS,
    RANGES, /* of languages */
    REGEX,
    EXPR,
    WINDOW
} test_t;

struct tr_cond_t {
    const char *word;
    int negated;
    test_t test;
    tr_attr_t attr;             /* but for EXPR, WINDOW */
    apr_array_header_t *values; /* const char *; NETS: apr_ipsubnet_t * */
    tr_hosts_t *hosts;
    tr_regex_t *regex;
    int keep; /* where its groups go; below 0: nowhere */
    const void *expr;
    const tr_window_t *window;
};

/* ---- parsing ---- */

int tr_cond_is(const char *word)
{
    tr_slice_t name = tr_slice(word, strcspn(word, "="));

    if (*word == '!') {
        return 1;
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
    APR_ARRAY_PUSH(cond->values, const char *) = value;
    if (strcmp(value, "GET") == 0) {
        APR_ARRAY_PUSH(cond->values, const char *) = "HEAD";
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
    APR_ARRAY_PUSH(cond->values, const char *) = known;
    return NULL;
}

static const char *add_port(tr_cond_t *cond, const char *value, apr_pool_t *p)
{
    apr_size_t digits = strspn(value, "0123456789");

    if (value[digits] || digits > 5 || *value == '0' || atoi(value) > 65535) {
        return apr_psprintf(p, "'%s' is not a port; write '1' to '65535'",
                            value);
    }
    APR_ARRAY_PUSH(cond->values, const char *) = value;
    return NULL;
}

static const char *add_range(tr_cond_t *cond, const char *value, apr_pool_t *p)
{
    const char *error = tr_lang_check(value);

    if (error) {
        return apr_psprintf(p, "'%s': %s", value, error);
    }
    APR_ARRAY_PUSH(cond->values, const char *) = value;
    return NULL;
}

static const char *add_host(tr_cond_t *cond, const char *value, apr_pool_t *p)
{
    const char *error = strcmp(value, "*") == 0
                            ? "every request has a host; name hosts, as in "
                              "'www.example.com' or '*.example.com'"
                            : tr_hosts_parse(cond->hosts, value, p);

    return error ? apr_psprintf(p, "'%s': %s", value, error) : NULL;
}

static const char *add_net(tr_cond_t *cond, const char *value, apr_pool_t *p)
{
    const char *error = tr_nets_parse(cond->values, value, p);

    return error ? apr_psprintf(p, "'%s': %s", value, error) : NULL;
}

static const char *add_value(tr_cond_t *cond, const char *value, apr_pool_t *p)
{
    (void)p;
    APR_ARRAY_PUSH(cond->values, const char *) = value;
    return NULL;
}

typedef const char *add_t(tr_cond_t *cond, const char *value, apr_pool_t *p);

/* How the values of an attribute are read, and compared. */
static add_t *reader_of(test_t *test, tr_attr_kind_t kind)
{
    *test = VALUES;
    switch (kind) {
    case TR_ATTR_METHOD:
        return add_method;
    case TR_ATTR_SCHEME:
        return add_scheme;
    case TR_ATTR_PORT:
        return add_port;
    case TR_ATTR_HOST:
        *test = HOSTS;
        return add_host;
    case TR_ATTR_CLIENT:
        *test = NETS;
        return add_net;
    case TR_ATTR_LANG:
        *test = RANGES;
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

    cond->values = apr_array_make(p, 2, sizeof(const char *));
    cond->hosts = tr_hosts_make(p);
    do {
        apr_size_t n = strcspn(list, ",");
        const char *value = apr_pstrmemdup(p, list, n);

        if (n == 0) {
            return "a value is missing; write values with ',' between them, "
                   "or no '=' for 'is present'";
        }
        error = add(cond, value, p);
        list += n;
    } while (!error && *list++ == ',');
    return error;
}

static const char *regex_parse(tr_cond_t *cond, const char *pattern, int flags,
                               apr_pool_t *p)
{
    cond->test = REGEX;
    if (*pattern == '\0') {
        return "a regex is missing behind '=~'";
    }
    if (cond->attr.kind == TR_ATTR_CLIENT) {
        return "an address is not compared with a regex; write addresses and "
               "CIDR ranges, as in 'client=192.0.2.7,10.0.0.0/8'";
    }
    return tr_regex_parse(&cond->regex, pattern, flags, p);
}

/* "header.X~=v" and "header.X!=v" are other languages' ways to say it. */
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
    return NULL;
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
                                   tr_expr_parse_t *expr_parse, void *baton)
{
    cond->test = EXPR;
    if (*text == '\0') {
        return "an expression is missing; write it as in \"expr=%{HTTP_HOST} "
               "== 'www.example.com'\"";
    }
    return expr_parse(&cond->expr, text, baton);
}

const char *tr_cond_parse(tr_cond_t **cond, const char *word, int regex_flags,
                          tr_expr_parse_t *expr_parse, void *baton,
                          apr_pool_t *p)
{
    tr_cond_t *made = apr_pcalloc(p, sizeof(*made));
    const char *rest = word + (*word == '!'), *error;

    made->word = word;
    made->negated = *word == '!';
    made->test = PRESENT;
    made->keep = -1;
    if (strncmp(rest, "expr=", 5) == 0) {
        error = expr_parse_text(made, rest + 5, expr_parse, baton);
    }
    else if (strcmp(rest, "expr") == 0) {
        error = "an expression is missing; write 'expr=...'";
    }
    else {
        error = attribute_parse(made, rest, regex_flags, p);
    }
    if (!error) {
        *cond = made;
    }
    return error;
}

tr_cond_t *tr_cond_of_window(const tr_window_t *window, apr_pool_t *p)
{
    tr_cond_t *cond = apr_pcalloc(p, sizeof(*cond));

    cond->test = WINDOW;
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
    return cond->test == EXPR || cond->test == WINDOW ? NULL : &cond->attr;
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
    return cond->test == PRESENT
           && (cond->attr.kind == TR_ATTR_METHOD
               || cond->attr.kind == TR_ATTR_SCHEME
               || cond->attr.kind == TR_ATTR_HOST
               || cond->attr.kind == TR_ATTR_PORT
               || cond->attr.kind == TR_ATTR_CLIENT);
}

int tr_cond_has_method(const tr_cond_t *cond, const char *method)
{
    int i;

    if (cond->negated || cond->test != VALUES
        || cond->attr.kind != TR_ATTR_METHOD) {
        return 0;
    }
    for (i = 0; i < cond->values->nelts; ++i) {
        if (strcmp(APR_ARRAY_IDX(cond->values, i, const char *), method) == 0) {
            return 1;
        }
    }
    return 0;
}

/* What it costs to ask, in no unit: an order. */
static int cost_of(const tr_cond_t *cond)
{
    static const struct {
        tr_attr_kind_t kind;
        int cost;
    } costs[] = { { TR_ATTR_METHOD, 0 }, { TR_ATTR_SCHEME, 1 },
                  { TR_ATTR_HOST, 2 },   { TR_ATTR_PORT, 2 },
                  { TR_ATTR_USER, 2 },   { TR_ATTR_CLIENT, 3 },
                  { TR_ATTR_ENV, 4 },    { TR_ATTR_HEADER, 4 },
                  { TR_ATTR_QUERY, 5 },  { TR_ATTR_COOKIE, 6 },
                  { TR_ATTR_LANG, 7 } };
    apr_size_t i;

    if (cond->test == EXPR) {
        return 30;
    }
    if (cond->test == WINDOW) {
        return 10;
    }
    for (i = 0; costs[i].kind != cond->attr.kind; ++i) {
    }
    return costs[i].cost + (cond->test == REGEX ? 20 : 0);
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

/* ---- asking ---- */

static tr_reason_t truth(int holds)
{
    return holds ? TR_OK : TR_NO_VALUE;
}

static int is_one_of(const apr_array_header_t *values, tr_slice_t value)
{
    int i;

    for (i = 0; i < values->nelts; ++i) {
        if (tr_slice_equal(value, tr_slice_of(APR_ARRAY_IDX(values, i,
                                                            const char *)))) {
            return 1;
        }
    }
    return 0;
}

static int is_in_range(const apr_array_header_t *ranges, tr_slice_t tag)
{
    int i;

    for (i = 0; i < ranges->nelts; ++i) {
        if (tr_lang_matches(tag, APR_ARRAY_IDX(ranges, i, const char *))) {
            return 1;
        }
    }
    return 0;
}

static tr_reason_t ask_regex(const tr_cond_t *cond, tr_question_t *question,
                             tr_slice_t value, apr_pool_t *p)
{
    tr_match_t *groups = cond->keep < 0 ? &question->scratch
                                        : &question->groups[cond->keep];
    apr_status_t rv = tr_regex_match(groups, cond->regex, value, p);

    return rv == APR_SUCCESS    ? TR_OK
           : rv == APR_NOTFOUND ? TR_NO_VALUE
                                : TR_LIMIT;
}

/* Ask about one value. What is empty is none. */
static tr_reason_t ask_value(const tr_cond_t *cond, tr_question_t *question,
                             tr_slice_t value, apr_pool_t *p)
{
    if (value.n == 0) {
        return TR_NO_VALUE;
    }
    switch (cond->test) {
    case VALUES:
        return truth(is_one_of(cond->values, value));
    case HOSTS:
        return truth(tr_hosts_contains(cond->hosts, value));
    case RANGES:
        return truth(is_in_range(cond->values, value));
    case REGEX:
        return ask_regex(cond, question, value, p);
    default:
        return TR_OK;
    }
}

/* The next element of a list, which may have quoted strings in it. */
static int next_element(tr_slice_t *element, tr_slice_t list, apr_size_t *at)
{
    apr_size_t i = *at, begin;
    int quoted = 0;

    while (i < list.n && strchr(" \t,", list.p[i]) && list.p[i]) {
        ++i;
    }
    for (begin = i; i < list.n && (quoted || list.p[i] != ','); ++i) {
        if (quoted && list.p[i] == '\\') {
            ++i;
        }
        else if (list.p[i] == '"') {
            quoted = !quoted;
        }
    }
    i = i < list.n ? i : list.n;
    *at = i;
    while (i > begin && (list.p[i - 1] == ' ' || list.p[i - 1] == '\t')) {
        --i;
    }
    *element = tr_slice(list.p + begin, i - begin);
    return i > begin;
}

/* The field, or an element of it: httpd joins repeated fields into one. */
static tr_reason_t ask_header(const tr_cond_t *cond, tr_question_t *question,
                              apr_pool_t *p)
{
    tr_slice_t field = tr_view_header(question->view, cond->attr.name), element;
    tr_reason_t reason = ask_value(cond, question, field, p);
    apr_size_t at = 0;

    if (field.n == 0 || memchr(field.p, ',', field.n) == NULL) {
        return reason;
    }
    while (reason == TR_NO_VALUE && next_element(&element, field, &at)) {
        reason = ask_value(cond, question, element, p);
    }
    return reason;
}

static tr_reason_t ask_cookies(const tr_cond_t *cond, tr_question_t *question,
                               apr_pool_t *p)
{
    tr_slice_t field = tr_view_header(question->view, "Cookie"), value;
    tr_reason_t reason = TR_NO_VALUE;
    apr_size_t at = 0;

    while (reason == TR_NO_VALUE
           && tr_cookie_next(&value, field, cond->attr.name, &at)) {
        reason = ask_value(cond, question, value, p);
    }
    return reason;
}

static tr_reason_t ask_query(const tr_cond_t *cond, tr_question_t *question,
                             apr_pool_t *p)
{
    tr_reason_t reason = TR_NO_VALUE;
    apr_size_t at = 0;
    tr_slice_t value;

    while (reason == TR_NO_VALUE
           && tr_query_find(&value, question->view->args, cond->attr.name, &at,
                            p)) {
        reason = ask_value(cond, question, value, p);
    }
    return reason;
}

static tr_reason_t ask_client(const tr_cond_t *cond,
                              const tr_question_t *question)
{
    return truth(cond->test == PRESENT
                 || tr_nets_contain(cond->values, question->view->facts->client(
                                                      question->view)));
}

/* Ask about whatever values the attribute has. */
static tr_reason_t ask_attribute(const tr_cond_t *cond, tr_question_t *question,
                                 apr_pool_t *p)
{
    const tr_view_t *view = question->view;
    tr_origin_t origin;
    tr_slice_t value;

    switch (cond->attr.kind) {
    case TR_ATTR_HEADER:
        return ask_header(cond, question, p);
    case TR_ATTR_COOKIE:
        return ask_cookies(cond, question, p);
    case TR_ATTR_QUERY:
        return ask_query(cond, question, p);
    case TR_ATTR_CLIENT:
        return ask_client(cond, question);
    case TR_ATTR_HOST: /* the one of the request, not one to redirect to */
        view->facts->origin(&origin, view);
        return ask_value(cond, question, origin.host, p);
    default:
        return tr_view_value(&value, view, &cond->attr, p) == TR_OK
                   ? ask_value(cond, question, value, p)
                   : TR_NO_VALUE;
    }
}

static tr_reason_t ask_expr(const tr_cond_t *cond,
                            const tr_question_t *question, apr_pool_t *p)
{
    const char *vary = NULL;
    int holds = question->view->facts->expr(&vary, question->view, cond->expr);

    if (question->consulted) {
        tr_consulted_add_expr(question->consulted, vary, question->hidden, p);
    }
    return holds < 0 ? TR_EXPR : truth(holds);
}

static tr_reason_t ask(const tr_cond_t *cond, tr_question_t *question,
                       apr_pool_t *p)
{
    if (cond->test == EXPR) {
        return ask_expr(cond, question, p);
    }
    if (cond->test == WINDOW) {
        if (question->consulted) {
            tr_consulted_add_window(question->consulted, cond->window, p);
        }
        return truth(tr_window_is_open(cond->window, question->view->now));
    }
    if (question->consulted) {
        tr_consulted_add(question->consulted, &cond->attr, question->hidden, p);
    }
    return ask_attribute(cond, question, p);
}

tr_reason_t tr_cond_ask(const tr_cond_t *cond, tr_question_t *question,
                        apr_pool_t *p)
{
    tr_reason_t reason = ask(cond, question, p);

    return cond->negated && (reason == TR_OK || reason == TR_NO_VALUE)
               ? truth(reason == TR_NO_VALUE)
               : reason;
}

/* Licensed under the Apache License, Version 2.0; see LICENSE. */
#include <apr_errno.h>

#include "tr_body.h"
#include "tr_cond_impl.h"
#include "tr_lang.h"
#include "tr_nets.h"
#include "tr_query.h"

static tr_reason_t truth(int holds)
{
    return holds ? TR_OK : TR_NO_VALUE;
}

static int is_in_range(const apr_array_header_t *ranges, tr_slice_t tag)
{
    int i;

    for (i = 0; i < ranges->nelts; ++i) {
        if (tr_lang_matches(tag, APR_ARRAY_IDX(ranges, i, tr_slice_t).p)) {
            return 1;
        }
    }
    return 0;
}

static tr_reason_t ask_regex(const tr_cond_t *cond, tr_question_t *question,
                             tr_slice_t value, apr_pool_t *p)
{
    tr_match_t *groups = cond->keep < 0 ? &question->scratch->match
                                        : &question->groups[cond->keep];
    apr_status_t rv;

    if (++question->regexes > TR_COND_REGEX_VALUES) {
        return TR_LIMIT;
    }
    rv = tr_regex_match(groups, cond->regex, value, p);
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
    case TR_TEST_VALUES:
        return truth(tr_is_one_of(cond->values, value));
    case TR_TEST_HOSTS:
        return truth(tr_is_one_of(cond->values, value)
                     || tr_hosts_contains(cond->hosts, value));
    case TR_TEST_RANGES:
        return truth(is_in_range(cond->values, value));
    case TR_TEST_REGEX:
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

    if (reason != TR_NO_VALUE || field.n == 0
        || memchr(field.p, ',', field.n) == NULL) {
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

/* Where parameters are decoded: what groups point into must stay. */
static char *room_for(const tr_cond_t *cond, tr_question_t *question,
                      apr_size_t size, apr_pool_t *p)
{
    tr_scratch_t *scratch = question->scratch;

    if (cond->keep >= 0) {
        return apr_palloc(p, size);
    }
    if (scratch->size < size) {
        scratch->text = apr_palloc(p, size);
        scratch->size = size;
    }
    return scratch->text;
}

/* Of urlencoded parameters. */
static tr_reason_t ask_parameters(const tr_cond_t *cond,
                                  tr_question_t *question, tr_slice_t args,
                                  apr_pool_t *p)
{
    tr_reason_t reason = TR_NO_VALUE;
    tr_slice_t value;
    apr_size_t at = 0;

    while (reason == TR_NO_VALUE
           && tr_query_find(&value, args, cond->attr.name, &at)) {
        value = tr_query_decode(value, room_for(cond, question, value.n, p));
        reason = ask_value(cond, question, value, p);
    }
    return reason;
}

static tr_reason_t ask_query(const tr_cond_t *cond, tr_question_t *question,
                             apr_pool_t *p)
{
    return ask_parameters(cond, question, question->view->args, p);
}

static tr_reason_t ask_form(const tr_cond_t *cond, tr_question_t *question,
                            apr_pool_t *p)
{
    tr_slice_t fields;
    tr_reason_t reason = tr_body_read(&fields, question->view, TR_BODY_FORM);

    return reason == TR_OK ? ask_parameters(cond, question, fields, p) : reason;
}

static tr_reason_t ask_json(const tr_cond_t *cond, tr_question_t *question,
                            apr_pool_t *p)
{
    tr_json_kind_t kind = TR_JSON_NONE;
    tr_slice_t value;
    tr_reason_t reason = tr_body_find(&kind, &value, question->view,
                                      &cond->attr, cond->hint, p);

    return reason != TR_OK         ? reason
           : kind == TR_JSON_VALUE ? ask_value(cond, question, value, p)
                                   : truth(kind == TR_JSON_CONTAINER
                                           && cond->test == TR_TEST_PRESENT);
}

static tr_reason_t ask_client(const tr_cond_t *cond, tr_question_t *question,
                              apr_pool_t *p)
{
    const tr_view_t *view = question->view;

    (void)p;
    return truth(cond->test == TR_TEST_PRESENT
                 || tr_nets_contain(cond->nets, view->facts->client(view)));
}

/* The host of the request, whether it is one to redirect to or not. */
static tr_reason_t ask_host(const tr_cond_t *cond, tr_question_t *question,
                            apr_pool_t *p)
{
    const tr_view_t *view = question->view;

    return ask_value(cond, question, view->facts->host(view), p);
}

static tr_reason_t ask_lang(const tr_cond_t *cond, tr_question_t *question,
                            apr_pool_t *p)
{
    tr_slice_t value;

    return tr_view_value(&value, question->view, &cond->attr, p) == TR_OK
               ? ask_value(cond, question, value, p)
               : TR_NO_VALUE;
}

static tr_reason_t ask_fact(const tr_cond_t *cond, tr_question_t *question,
                            apr_pool_t *p)
{
    const tr_view_t *view = question->view;
    tr_slice_t value;

    return view->facts->value(&value, view, &cond->attr) == TR_OK
               ? ask_value(cond, question, value, p)
               : TR_NO_VALUE;
}

static tr_reason_t ask_expr(const tr_cond_t *cond, tr_question_t *question,
                            apr_pool_t *p)
{
    const char *vary = NULL;
    int holds = question->view->facts->expr(&vary, question->view, cond->expr);

    if (question->consulted) {
        tr_consulted_add_expr(question->consulted, vary, question->hidden, p);
    }
    return holds < 0 ? TR_EXPR : truth(holds);
}

static tr_reason_t ask_window(const tr_cond_t *cond, tr_question_t *question,
                              apr_pool_t *p)
{
    if (question->consulted) {
        tr_consulted_add_window(question->consulted, cond->window, p);
    }
    return truth(tr_window_is_open(cond->window, question->view->now));
}

tr_asker_t *tr_cond_asker(tr_test_t test, tr_attr_kind_t kind)
{
    return test == TR_TEST_EXPR     ? ask_expr
           : test == TR_TEST_WINDOW ? ask_window
           : kind == TR_ATTR_HEADER ? ask_header
           : kind == TR_ATTR_COOKIE ? ask_cookies
           : kind == TR_ATTR_QUERY  ? ask_query
           : kind == TR_ATTR_FORM   ? ask_form
           : kind == TR_ATTR_JSON   ? ask_json
           : kind == TR_ATTR_CLIENT ? ask_client
           : kind == TR_ATTR_HOST   ? ask_host
           : kind == TR_ATTR_LANG   ? ask_lang
                                    : ask_fact;
}

tr_reason_t tr_cond_ask(const tr_cond_t *cond, tr_question_t *question,
                        apr_pool_t *p)
{
    tr_reason_t reason;

    question->regexes = 0;
    if (question->consulted) {
        tr_consulted_add(question->consulted, &cond->attr, question->hidden, p);
    }
    reason = cond->ask(cond, question, p);
    return cond->negated && (reason == TR_OK || reason == TR_NO_VALUE)
               ? truth(reason == TR_NO_VALUE)
               : reason;
}

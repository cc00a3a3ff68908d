/* Licensed under the Apache License, Version 2.0; see LICENSE. */
/**
 * @file tr_cond_impl.h
 * What a condition compiles to. For tr_cond.c, which parses, and tr_cond_ask.c,
 * which asks; for nobody else.
 */
#ifndef TR_COND_IMPL_H
#define TR_COND_IMPL_H

#include "tr_cond.h"
#include "tr_json_hint.h"

/* How one value is tested. */
typedef enum tr_test_t {
    TR_TEST_PRESENT,
    TR_TEST_VALUES,
    TR_TEST_HOSTS,
    TR_TEST_NETS,
    TR_TEST_RANGES, /* of languages */
    TR_TEST_REGEX,
    TR_TEST_EXPR,  /* no value */
    TR_TEST_WINDOW /* no value */
} tr_test_t;

/* Ask, without regard to '!'. */
typedef tr_reason_t tr_asker_t(const tr_cond_t *cond, tr_question_t *question,
                               apr_pool_t *p);

struct tr_cond_t {
    const char *word;
    int negated;
    tr_asker_t *ask;
    tr_test_t test;
    tr_attr_t attr;             /* but for TR_TEST_EXPR, _WINDOW */
    apr_array_header_t *values; /* tr_slice_t; RANGES: they end in NUL */
    apr_array_header_t *nets;   /* apr_ipsubnet_t * */
    tr_hosts_t *hosts;
    tr_regex_t *regex;
    int keep; /* where its groups go; below 0: nowhere */
    const void *expr;
    const tr_window_t *window;
    const tr_json_hint_t *hint; /* NULL: none */
};

/* Who asks a condition of that test and attribute. */
tr_asker_t *tr_cond_asker(tr_test_t test, tr_attr_kind_t kind);

static inline int tr_is_one_of(const apr_array_header_t *values,
                               tr_slice_t value)
{
    int i;

    for (i = 0; i < values->nelts; ++i) {
        if (tr_slice_equal(value, APR_ARRAY_IDX(values, i, tr_slice_t))) {
            return 1;
        }
    }
    return 0;
}

#endif /* TR_COND_IMPL_H */

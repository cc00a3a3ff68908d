/* Licensed under the Apache License, Version 2.0; see LICENSE. */
#include <apr_errno.h>

#include "tr_section.h"

/* Up to so many rules are compared faster than a path is hashed. */
#define SCAN_MAX 4

tr_section_t *tr_section_make(apr_pool_t *p)
{
    return apr_pcalloc(p, sizeof(tr_section_t));
}

void tr_section_add(tr_section_t *section, tr_rule_t *rule, apr_pool_t *p)
{
    if (section->rules == NULL) {
        section->rules = apr_array_make(p, 4, sizeof(tr_rule_t *));
    }
    APR_ARRAY_PUSH(section->rules, tr_rule_t *) = rule;
    section->phases |= rule->phases;
    section->early |= rule->is_early;
}

void tr_section_freeze(tr_section_t *section, apr_pool_t *p,
                       apr_pool_t *scratch)
{
    apr_array_header_t *patterns;
    int i, n = section->rules ? section->rules->nelts : 0;

    if (n <= SCAN_MAX) {
        return;
    }
    patterns = apr_array_make(scratch, n, sizeof(const tr_pattern_t *));
    for (i = 0; i < n; ++i) {
        APR_ARRAY_PUSH(patterns, const tr_pattern_t *) =
            &APR_ARRAY_IDX(section->rules, i, tr_rule_t *)->pattern;
    }
    section->index = tr_index_build(patterns, p, scratch);
}

static int has_rules(const tr_section_t *section)
{
    return section->phases != 0;
}

static int has_settings(const tr_section_t *section)
{
    return section->inherit_off || section->engine != TR_ENGINE_UNSET
           || section->allow_hosts || section->languages || section->drain
           || section->body_limit;
}

static int is_empty(const tr_section_t *section)
{
    return !has_rules(section) && !has_settings(section);
}

int tr_section_is_for(const tr_section_t *section, tr_slice_t path,
                      apr_pool_t *p)
{
    tr_hit_t hit = { 0 };
    int i;

    for (i = 0; section->rules && i < section->rules->nelts; ++i) {
        if (tr_pattern_match(
                &hit, &APR_ARRAY_IDX(section->rules, i, tr_rule_t *)->pattern,
                path, p)
            != APR_NOTFOUND) {
            return 1;
        }
    }
    return has_settings(section);
}

const tr_section_t *tr_section_merge(const tr_section_t *base,
                                     const tr_section_t *add, apr_pool_t *p)
{
    tr_section_t *merged;
    int inherits = !add->inherit_off && has_rules(base);

    if (is_empty(add)) {
        return base;
    }
    if (is_empty(base)) {
        return add;
    }
    merged = apr_palloc(p, sizeof(*merged));
    merged->rules = NULL;
    merged->index = NULL;
    merged->base = inherits ? base : NULL;
    merged->add = has_rules(add) ? add : NULL;
    merged->phases = add->phases | (inherits ? base->phases : 0);
    merged->early = add->early | (inherits ? base->early : 0);
    merged->engine = add->engine ? add->engine : base->engine;
    merged->allow_hosts = add->allow_hosts ? add->allow_hosts
                                           : base->allow_hosts;
    merged->languages = add->languages ? add->languages : base->languages;
    merged->drain = add->drain ? add->drain : base->drain;
    merged->body_limit = add->body_limit ? add->body_limit : base->body_limit;
    merged->inherit_off = base->inherit_off || add->inherit_off;
    return merged;
}

/* Licensed under the Apache License, Version 2.0; see LICENSE. */
#include <apr_errno.h>

#include "tr_decide.h"
#include "tr_guard.h"

/* One search. */
typedef struct search_t {
    tr_decision_t *decision;
    const tr_view_t *view;
    int is_challenge; /* the path is one of ACME's (RFC 8555 section 8.3) */
    tr_hit_t hit;     /* its memory is used from regex to regex */
    apr_pool_t *p;
} search_t;

static const tr_slice_t acme = { "/.well-known/acme-challenge/", 28 };

/* Certificates must be renewed and browsers refuse redirected preflights,
 * unless the rule says that it is meant for them. */
static int is_exempt(const search_t *s, const tr_rule_t *rule)
{
    if (s->view->preflight) {
        return 1;
    }
    return s->is_challenge
           && !tr_slice_begins(rule->pattern.begin,
                               tr_slice(acme.p, acme.n - 1));
}

static tr_slice_t tail_of(const search_t *s)
{
    const tr_path_t *path = &s->view->path;

    return s->hit.tail < path->decoded.n
               ? tr_path_raw(path, s->hit.tail, path->decoded.n)
               : tr_slice("", 0);
}

static tr_verdict_t fail(const search_t *s, const tr_rule_t *rule,
                         tr_reason_t reason)
{
    s->view->facts->failed(s->view, rule, reason);
    return TR_NOT_CONCERNED;
}

static tr_verdict_t follow(search_t *s, const tr_rule_t *rule)
{
    tr_fill_t fill = { s->view,
                       rule->pattern.regex ? &s->hit.groups : NULL,
                       tail_of(s), rule->keep_tail, rule->args };
    tr_location_t *location = &s->decision->location;
    tr_reason_t reason = tr_target_render(location, rule->target, &fill, s->p);

    if (reason != TR_OK) {
        return fail(s, rule, reason);
    }
    if (tr_guard_is_loop(rule, location, s->view, s->p)) {
        return fail(s, rule, TR_SELF);
    }
    s->decision->rule = rule;
    return TR_REDIRECT;
}

/* A rule whose pattern gave rv. */
static tr_verdict_t ask_rule(search_t *s, const tr_rule_t *rule,
                             apr_status_t rv)
{
    if (rv == APR_NOTFOUND || is_exempt(s, rule)) {
        return TR_NOT_CONCERNED;
    }
    if (rv != APR_SUCCESS) {
        return fail(s, rule, TR_LIMIT);
    }
    if (tr_target_stays(rule->target)) {
        s->decision->rule = rule;
        return TR_STAY;
    }
    return follow(s, rule);
}

static tr_verdict_t scan(search_t *s, const apr_array_header_t *rules)
{
    tr_verdict_t verdict = TR_NOT_CONCERNED;
    int i;

    for (i = 0; i < rules->nelts && verdict == TR_NOT_CONCERNED; ++i) {
        const tr_rule_t *rule = APR_ARRAY_IDX(rules, i, const tr_rule_t *);

        verdict = ask_rule(s, rule,
                           tr_pattern_match(&s->hit, &rule->pattern,
                                            s->view->path.decoded, s->p));
    }
    return verdict;
}

static tr_verdict_t look_up(search_t *s, const apr_array_header_t *rules,
                            const tr_index_t *index)
{
    tr_slice_t path = s->view->path.decoded;
    tr_candidates_t found = tr_index_find(index, path);
    tr_verdict_t verdict = TR_NOT_CONCERNED;
    apr_uint32_t i;

    for (i = 0; verdict == TR_NOT_CONCERNED; ++i) {
        const tr_rule_t *rule;

        i = tr_candidates_next(&found, i);
        if (i == TR_INDEX_END) {
            break;
        }
        rule = APR_ARRAY_IDX(rules, (int)i, const tr_rule_t *);
        verdict = ask_rule(s, rule,
                           tr_pattern_match_rest(&s->hit, &rule->pattern, path,
                                                 s->p));
    }
    return verdict;
}

/* The rules of one section, not of those merged into it. */
static tr_verdict_t ask_section(search_t *s, const tr_section_t *section)
{
    return section->index ? look_up(s, section->rules, section->index)
                          : scan(s, section->rules);
}

/* The rope, from right to left. */
static tr_verdict_t ask(search_t *s, const tr_section_t *section)
{
    for (; section; section = section->base) {
        tr_verdict_t verdict = section->rules ? ask_section(s, section)
                               : section->add ? ask(s, section->add)
                                              : TR_NOT_CONCERNED;

        if (verdict != TR_NOT_CONCERNED) {
            return verdict;
        }
    }
    return TR_NOT_CONCERNED;
}

tr_verdict_t tr_decide(tr_decision_t *decision, const tr_section_t *section,
                       const tr_view_t *view, apr_pool_t *p)
{
    search_t s = {
        decision, view, tr_slice_begins(view->path.decoded, acme), { 0 }, p
    };

    return ask(&s, section);
}

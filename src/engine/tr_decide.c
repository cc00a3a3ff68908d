/* Licensed under the Apache License, Version 2.0; see LICENSE. */
#include <apr_errno.h>

#include "tr_decide.h"
#include "tr_guard.h"

/* Calls are a good part of what a decision costs. */
#define INLINE static inline __attribute__((always_inline))

/* One search. */
typedef struct search_t {
    tr_decision_t *decision;
    const tr_view_t *view;
    int phase;
    int is_challenge; /* the path is one of ACME's (RFC 8555 section 8.3) */
    int is_special;   /* that, or a preflight */
    tr_hit_t hit;     /* its memory is used from regex to regex, and so are */
    tr_scratch_t scratch; /* that of conditions */
    tr_match_t *kept;     /* and that of those whose groups a target names */
    int kept_for;
    tr_choice_t choice; /* of the pool of the rule that is asked */
    apr_pool_t *p;
} search_t;

static const tr_slice_t acme = { "/.well-known/acme-challenge/", 28 };

/* Certificates must be renewed and browsers refuse redirected preflights,
 * unless the rule says that it is meant for them. */
static int is_exempt(const search_t *s, const tr_rule_t *rule)
{
    if (!s->is_special || tr_target_stays(rule->target)) {
        return 0;
    }
    if (s->view->preflight && !rule->takes_preflights) {
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

/* What a rule depends on is noted where it has a say. */
static tr_consulted_t *consulted_of(search_t *s, const tr_rule_t *rule)
{
    return rule->is_dry ? NULL : &s->decision->consulted;
}

static tr_reason_t ask_conds(search_t *s, const tr_rule_t *rule,
                             tr_match_t *groups)
{
    tr_question_t question = { s->view, consulted_of(s, rule), rule->vary_off,
                               groups,  &s->scratch,           0 };
    int i;

    for (i = 0; i < rule->conds->nelts; ++i) {
        const tr_cond_t *cond = APR_ARRAY_IDX(rule->conds, i,
                                              const tr_cond_t *);
        tr_reason_t reason = tr_cond_ask(cond, &question, s->p);

        if (reason == TR_NO_VALUE) {
            s->view->facts->unmet(s->view, rule, tr_cond_word(cond));
        }
        if (reason != TR_OK) {
            return reason;
        }
    }
    return TR_OK;
}

/* Matches of pattern and conditions, where the target names groups of these. */
static tr_match_t *groups_of(search_t *s, const tr_rule_t *rule)
{
    int n = tr_target_regexes(rule->target);

    if (n <= 1) {
        return &s->hit.groups;
    }
    if (n > s->kept_for) {
        tr_match_t *kept = apr_pcalloc(s->p, (apr_size_t)n * sizeof(*kept));

        if (s->kept_for > 0) {
            memcpy(kept, s->kept, (apr_size_t)s->kept_for * sizeof(*kept));
        }
        s->kept = kept;
        s->kept_for = n;
    }
    s->kept[0] = s->hit.groups;
    return s->kept;
}

static void add_attrs(search_t *s, const tr_rule_t *rule)
{
    const apr_array_header_t *attrs = tr_target_attrs(rule->target);
    tr_consulted_t *consulted = consulted_of(s, rule);
    int i;

    for (i = 0; consulted && i < attrs->nelts; ++i) {
        tr_consulted_add(consulted, &APR_ARRAY_IDX(attrs, i, const tr_attr_t),
                         rule->vary_off, s->p);
    }
}

INLINE tr_reason_t render(tr_location_t *location, search_t *s,
                          const tr_rule_t *rule, const tr_match_t *groups)
{
    tr_fill_t fill = { s->view, groups, tail_of(s), rule->keep_tail,
                       rule->args };

    if (tr_target_attrs(rule->target)) {
        add_attrs(s, rule);
    }
    return tr_target_render(location, rule->target, &fill, s->p);
}

INLINE tr_verdict_t follow(search_t *s, const tr_rule_t *rule,
                           const tr_match_t *groups)
{
    tr_location_t *location = &s->decision->location;
    tr_reason_t reason = render(location, s, rule, groups);

    if (reason != TR_OK) {
        return fail(s, rule, reason);
    }
    if (tr_guard_is_loop(rule, location, s->view, s->p)) {
        return fail(s, rule, TR_SELF);
    }
    return TR_REDIRECT;
}

/* Whether the request is at the place of some member already: whoever is at one
 * must not be sent on to another. @param arm a copy of the rule */
static int is_at_member(search_t *s, tr_rule_t *arm, const tr_match_t *groups)
{
    tr_location_t location;
    int i;

    for (i = 0; i < arm->arms_n; ++i) {
        tr_rule_take_arm(arm, i);
        if (tr_guard_has_scheme(arm, s->view)
            || (tr_guard_may_be_there(arm, s->view)
                && render(&location, s, arm, groups) == TR_OK
                && tr_guard_leads_back(arm, &location, s->view, s->p))) {
            return 1;
        }
    }
    return 0;
}

static tr_reason_t choose(search_t *s, const tr_rule_t *rule)
{
    if (rule->pool == s->decision->earlier.pool) {
        s->choice = s->decision->earlier;
        return TR_OK;
    }
    return tr_pool_choose(&s->choice, rule->pool, s->view,
                          consulted_of(s, rule), rule->vary_off, s->p);
}

static tr_verdict_t follow_pool(search_t *s, const tr_rule_t *rule,
                                const tr_match_t *groups)
{
    tr_rule_t arm = *rule;
    tr_reason_t reason = is_at_member(s, &arm, groups) ? TR_SELF
                                                       : choose(s, rule);

    if (reason != TR_OK) {
        return fail(s, rule, reason);
    }
    tr_rule_take_arm(&arm, s->choice.at);
    return tr_target_stays(arm.target) ? TR_STAY : follow(s, &arm, groups);
}

/* What the pool of a rule that holds has chosen. */
static inline tr_choice_t choice_of(const search_t *s, const tr_rule_t *rule)
{
    static const tr_choice_t none;

    return rule->pool ? s->choice : none;
}

/* A rule that holds, if it is live. */
INLINE tr_verdict_t win(search_t *s, const tr_rule_t *rule,
                        tr_verdict_t verdict)
{
    if (verdict == TR_NOT_CONCERNED) {
        return verdict;
    }
    if (!rule->is_dry) {
        s->decision->rule = rule;
        s->decision->choice = choice_of(s, rule);
        return verdict;
    }
    /* a "!" for both phases is told of in the later one */
    if (s->phase == TR_PHASE_FIXUPS || rule->is_early) {
        s->view->facts->dry(s->view, rule,
                            rule->pool ? s->choice.member->runner.id : NULL,
                            verdict == TR_REDIRECT ? s->decision->location.url.p
                                                   : NULL);
    }
    if ((verdict == TR_REDIRECT || rule->pool) && s->decision->dry == NULL) {
        s->decision->dry = rule;
        s->decision->dry_choice = choice_of(s, rule);
    }
    return TR_NOT_CONCERNED;
}

/* A rule with phase=early and a pool, in the later phase: whom it let stay, it
 * exempts from later rules as a "!" does, and says no more. */
static tr_verdict_t stay_on(const search_t *s, const tr_rule_t *rule)
{
    if (rule != s->decision->stays) {
        return TR_NOT_CONCERNED;
    }
    s->decision->rule = rule;
    return TR_STAY;
}

/* A rule whose pattern gave rv. */
INLINE tr_verdict_t ask_rule(search_t *s, const tr_rule_t *rule,
                             apr_status_t rv)
{
    tr_match_t *groups = &s->hit.groups;

    if (rv == APR_NOTFOUND || is_exempt(s, rule)) {
        return TR_NOT_CONCERNED;
    }
    if (rv != APR_SUCCESS) {
        return fail(s, rule, TR_LIMIT);
    }
    if (rule->is_early && s->phase == TR_PHASE_FIXUPS) {
        return stay_on(s, rule);
    }
    if (tr_guard_has_scheme(rule, s->view)) {
        return fail(s, rule, TR_SELF);
    }
    if (rule->conds) {
        tr_reason_t reason;

        groups = groups_of(s, rule);
        reason = ask_conds(s, rule, groups);
        if (reason != TR_OK) {
            return reason == TR_NO_VALUE ? TR_NOT_CONCERNED
                                         : fail(s, rule, reason);
        }
    }
    return win(s, rule,
               tr_target_stays(rule->target) ? TR_STAY
               : rule->pool                  ? follow_pool(s, rule, groups)
                                             : follow(s, rule, groups));
}

static tr_verdict_t scan(search_t *s, const apr_array_header_t *rules)
{
    tr_verdict_t verdict = TR_NOT_CONCERNED;
    int i;

    for (i = 0; i < rules->nelts && verdict == TR_NOT_CONCERNED; ++i) {
        const tr_rule_t *rule = APR_ARRAY_IDX(rules, i, const tr_rule_t *);

        if (rule->phases & s->phase) {
            verdict = ask_rule(s, rule,
                               tr_pattern_match(&s->hit, &rule->pattern,
                                                s->view->path.decoded, s->p));
        }
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
        if (rule->phases & s->phase) {
            verdict = ask_rule(s, rule,
                               tr_pattern_match_rest(&s->hit, &rule->pattern,
                                                     path, s->p));
        }
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
        tr_verdict_t verdict = !(section->phases & s->phase) ? TR_NOT_CONCERNED
                               : section->rules ? ask_section(s, section)
                               : section->add   ? ask(s, section->add)
                                                : TR_NOT_CONCERNED;

        if (verdict != TR_NOT_CONCERNED) {
            return verdict;
        }
    }
    return TR_NOT_CONCERNED;
}

tr_verdict_t tr_decide(tr_decision_t *decision, const tr_section_t *section,
                       const tr_view_t *view, tr_phase_t phase, apr_pool_t *p)
{
    int is_challenge = tr_slice_begins(view->path.decoded, acme);
    search_t s = { .decision = decision,
                   .view = view,
                   .phase = (int)phase,
                   .is_challenge = is_challenge,
                   .is_special = is_challenge || view->preflight,
                   .p = p };

    memset(&decision->choice, 0, sizeof(decision->choice));
    decision->dry = NULL;
    return section->rules ? ask_section(&s, section) : ask(&s, section);
}

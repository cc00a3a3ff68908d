/* Licensed under the Apache License, Version 2.0; see LICENSE. */
#include <apr_strings.h>

#include "tr_answer.h"

/* Whole seconds up to an instant. */
static apr_int64_t seconds_to(apr_time_t then, apr_time_t now, int round_up)
{
    return (then - now + (round_up ? APR_USEC_PER_SEC - 1 : 0))
           / APR_USEC_PER_SEC;
}

static void add_max_age(tr_answer_t *answer, const tr_rule_t *rule,
                        const tr_consulted_t *consulted, apr_time_t now,
                        apr_pool_t *p)
{
    apr_time_t edge = tr_consulted_edge(consulted, now);
    apr_int64_t left = edge == TR_NEVER ? rule->cache
                                        : seconds_to(edge, now, 0);
    apr_int64_t max_age = left < rule->cache ? left : rule->cache;

    answer->cache_control =
        apr_psprintf(p, "%smax-age=%" APR_INT64_T_FMT "%s",
                     consulted->is_private ? "private, " : "", max_age,
                     edge == TR_NEVER ? "" : ", stale-while-revalidate=0");
    answer->expires = now + max_age * APR_USEC_PER_SEC;
}

static apr_int64_t time_left(const tr_rule_t *rule, apr_time_t now)
{
    return seconds_to(tr_window_next_edge(rule->window, now), now, 1);
}

/* A random choice, and a cookie that no max-age of ours makes private. */
static int is_never_kept(const tr_decision_t *decision)
{
    return decision->consulted.is_random
           || (decision->choice.is_new
               && decision->rule->cache == TR_CACHE_UNSET);
}

void tr_answer_fill(tr_answer_t *answer, const tr_decision_t *decision,
                    apr_time_t now, apr_pool_t *p)
{
    const tr_rule_t *rule = decision->rule;
    const tr_consulted_t *consulted = &decision->consulted;

    answer->cache_control = "no-store";
    answer->expires = 0;
    if (is_never_kept(decision)) {
        /* no-store, whatever cache= says */
    }
    else if (rule->cache >= 0) {
        add_max_age(answer, rule, consulted, now, p);
    }
    else if (rule->cache == TR_CACHE_UNSET) {
        answer->cache_control = NULL;
    }
    /* vary=off must not let a cache give one client's answer to another */
    answer->vary = tr_consulted_vary(consulted, rule->cache >= 0, p);
    answer->retry_after = rule->retry_after == TR_RETRY_WINDOW
                              ? time_left(rule, now)
                              : rule->retry_after;
}

int tr_answer_is_for_one(const tr_decision_t *decision)
{
    return decision->consulted.is_random || decision->choice.is_new
           || (decision->choice.pool && decision->consulted.is_private
               && decision->rule->cache != TR_CACHE_UNSET);
}

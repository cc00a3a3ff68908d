/* Licensed under the Apache License, Version 2.0; see LICENSE. */
#include <apr_strings.h>
#include <apr_time.h>

#include <httpd.h>
#include <http_config.h>
#include <http_core.h>
#include <http_log.h>
#include <http_protocol.h>

#include "mod_tr_body.h"
#include "mod_tr_config.h"
#include "mod_tr_request.h"
#include "mod_tr_view.h"
#include "tr_answer.h"
#include "tr_decide.h"

extern module AP_MODULE_DECLARE_DATA tempredirect_module;

APLOG_USE_MODULE(tempredirect);

/* Whether rules are for this request at all. Those of subrequests, internal
 * redirects and error documents were asked for the client's own request, what
 * a forward proxy fetches is not on this server, and TRACE asks this one. */
static int is_concerned(const request_rec *r, const tr_section_t *section)
{
    return section->engine != TR_ENGINE_OFF && r->main == NULL
           && r->prev == NULL && r->proxyreq != PROXYREQ_PROXY
           && r->method_number != M_CONNECT && r->method_number != M_TRACE;
}

/* What the early phase leaves to the later one, in the request's
 * configuration. */
typedef struct early_t {
    tr_consulted_t consulted;
    const tr_rule_t *stays; /* whose pool let the request stay */
    tr_choice_t choice;     /* of that pool */
    int is_dry;             /* under DryRun: it stays for DryRun only */
    int is_private;         /* its answer is marked so */
    int is_over; /* a rule under DryRun would have answered: no other under
                    DryRun would be asked */
} early_t;

static early_t *early_of(const request_rec *r)
{
    return ap_get_module_config(r->request_config, &tempredirect_module);
}

static early_t *early_make(request_rec *r)
{
    early_t *early = apr_pcalloc(r->pool, sizeof(*early));

    ap_set_module_config(r->request_config, &tempredirect_module, early);
    return early;
}

/* What stands in err_headers_out survives httpd's error path; what modules and
 * expressions put into Vary does not by itself. httpd makes one field of all,
 * without duplicates. */
static void set_vary(request_rec *r, const char *vary)
{
    if (apr_table_get(r->headers_out, "Vary")) {
        apr_table_addn(r->err_headers_out, "Vary",
                       apr_table_getm(r->pool, r->headers_out, "Vary"));
    }
    if (vary) {
        apr_table_addn(r->err_headers_out, "Vary", vary);
    }
}

typedef void set_t(apr_table_t *t, const char *key, const char *value);

static void set_cache_control(request_rec *r, const tr_answer_t *answer,
                              set_t *set)
{
    char *date;

    if (answer->cache_control == NULL) {
        return;
    }
    set(r->err_headers_out, "Cache-Control", answer->cache_control);
    /* mod_expires would add a max-age where there is no Expires. */
    if (answer->expires == 0) {
        set(r->err_headers_out, "Expires", "Thu, 01 Jan 1970 00:00:00 GMT");
        return;
    }
    date = apr_palloc(r->pool, APR_RFC822_DATE_LEN);
    apr_rfc822_date(date, answer->expires);
    set(r->err_headers_out, "Expires", date);
}

static const char rule_env[] = "TEMPREDIRECT_ID";
static const char member_env[] = "TEMPREDIRECT_MEMBER";

/* For logs. */
static void mark(request_rec *r, const tr_rule_t *rule,
                 const tr_choice_t *choice)
{
    if (choice->pool) {
        apr_table_setn(r->subprocess_env, member_env,
                       choice->member->runner.id);
    }
    else if (early_of(r)) {
        /* of a rule that had less to say in the early phase */
        apr_table_unset(r->subprocess_env, member_env);
    }
    apr_table_setn(r->subprocess_env, rule_env, rule->id);
}

static const char *member_of(const tr_choice_t *choice)
{
    return choice->pool ? choice->member->runner.id : NULL;
}

/* A rule, and the member that its pool chose, for messages. */
static const char *name_of(const request_rec *r, const tr_decision_t *decision)
{
    const char *id = decision->rule->id, *member = member_of(&decision->choice);

    return member ? apr_pstrcat(r->pool, id, " (member ", member, ")", NULL)
                  : id;
}

/* In the client's cookie. */
static void remember(request_rec *r, const tr_choice_t *choice)
{
    if (choice->is_new) {
        int is_https = strcmp(ap_http_scheme(r), "https") == 0;

        apr_table_addn(r->err_headers_out, "Set-Cookie",
                       tr_pool_cookie(choice, is_https, r->pool));
    }
}

static void respond(request_rec *r, const tr_decision_t *decision)
{
    /* Most answers have no headers yet: nothing to look for and replace, which
     * is 50 instructions less. */
    int fresh = apr_is_empty_table(r->headers_out)
                && apr_is_empty_table(r->err_headers_out);
    set_t *set = fresh ? apr_table_addn : apr_table_setn;
    tr_answer_t answer;

    tr_answer_fill(&answer, decision, r->request_time, r->pool);
    if (!fresh || answer.vary) {
        set_vary(r, answer.vary);
    }
    set(r->headers_out, "Location", decision->location.url.p);
    set_cache_control(r, &answer, set);
    if (answer.retry_after >= 0) {
        set(r->err_headers_out, "Retry-After",
            apr_psprintf(r->pool, "%" APR_INT64_T_FMT, answer.retry_after));
    }
    mark(r, decision->rule, &decision->choice);
    remember(r, &decision->choice);
}

static int redirect(request_rec *r, const tr_section_t *section,
                    const tr_decision_t *decision)
{
    const tr_drain_t *drain = section->drain ? section->drain
                                             : &tr_drain_default;
    int left, error;

    ap_log_rerror(APLOG_MARK, APLOG_DEBUG, 0, r, "TR0020: rule %s: %d to %s",
                  name_of(r, decision), decision->rule->status,
                  decision->location.url.p);
    error = mod_tr_body_drain(&left, r, drain);
    if (error) {
        return error;
    }
    respond(r, decision);
    return left && r->proto_num >= HTTP_VERSION(2, 0)
               ? mod_tr_body_answer_early(r, decision->rule->status)
               : decision->rule->status;
}

/* Other clients may be redirected from here: caches must know by what. Modules
 * replace headers_out (mod_proxy), and add to it what mod_cache is to read as
 * one field (mod_deflate). */
static void pass_through(request_rec *r, const tr_decision_t *decision)
{
    const char *vary = tr_consulted_vary(&decision->consulted, 0, r->pool);
    const early_t *early = early_of(r);

    if (tr_answer_is_for_one(decision) && !(early && early->is_private)) {
        apr_table_addn(r->err_headers_out, "Cache-Control", "private");
    }
    if (vary) {
        apr_table_mergen(r->headers_out, "Vary", vary);
        apr_table_addn(r->err_headers_out, "Vary", vary);
    }
}

/* The rule that would have answered, the first one, stands in the environment
 * as it would have. */
static void mark_dry(request_rec *r, const tr_rule_t *rule,
                     const tr_choice_t *choice)
{
    if (apr_table_get(r->subprocess_env, rule_env) == NULL) {
        mark(r, rule, choice);
    }
}

/* TempRedirectEngine DryRun: all but the answer. */
static void rehearse(request_rec *r, const tr_view_t *view,
                     const tr_decision_t *decision)
{
    view->facts->dry(view, decision->rule, member_of(&decision->choice),
                     decision->location.url.p);
    mark_dry(r, decision->rule, &decision->choice);
    early_make(r)->is_over = 1;
}

/* A rule has said that the request stays. */
static void stay(request_rec *r, const tr_decision_t *decision, int is_dry)
{
    const tr_choice_t *choice = &decision->choice;

    ap_log_rerror(APLOG_MARK, APLOG_DEBUG, 0, r,
                  "TR0021: rule %s: '!', no redirect", name_of(r, decision));
    if (choice->pool && is_dry) {
        mark_dry(r, decision->rule, choice);
    }
    else if (choice->pool) {
        mark(r, decision->rule, choice);
        remember(r, choice);
    }
}

/* What the later phase must know: also that there is a mark of a dry rule. */
static void leave(request_rec *r, const tr_decision_t *decision, int is_dry)
{
    if (decision->dry || decision->choice.pool
        || tr_consulted_any(&decision->consulted)) {
        early_t *early = early_make(r);

        early->stays = decision->choice.pool ? decision->rule : NULL;
        early->choice = decision->choice;
        early->choice.is_new = 0; /* it has been told of that */
        early->is_dry = is_dry;
        if (!is_dry) {
            early->consulted = decision->consulted;
            early->is_private = tr_answer_is_for_one(decision);
        }
    }
}

/* What the early phase has left, if there was one. */
static void take_up(tr_decision_t *decision, const early_t *early, int is_dry)
{
    static const early_t none;

    if (early == NULL) {
        early = &none;
    }
    decision->consulted = early->consulted;
    decision->stays = is_dry || !early->is_dry ? early->stays : NULL;
    decision->earlier = decision->stays ? early->choice : none.choice;
}

/* A request that goes on. */
static void go_on(request_rec *r, const tr_view_t *view, tr_verdict_t verdict,
                  const tr_decision_t *decision, tr_phase_t phase, int is_dry)
{
    if (decision->dry) {
        mark_dry(r, decision->dry, &decision->dry_choice);
    }
    if (verdict == TR_STAY) {
        stay(r, decision, is_dry);
    }
    if (!is_dry) {
        pass_through(r, decision);
    }
    if (verdict == TR_REDIRECT) {
        rehearse(r, view, decision);
    }
    else if (phase == TR_PHASE_EARLY) {
        leave(r, decision, is_dry);
    }
}

static int handle(request_rec *r, const tr_section_t *section, tr_phase_t phase)
{
    int is_dry = section->engine == TR_ENGINE_DRY;
    const early_t *early = early_of(r);
    tr_body_t body = { 0 };
    tr_decision_t decision;
    tr_verdict_t verdict;
    tr_view_t view;

    if (!is_concerned(r, section) || (early && early->is_over && is_dry)
        || mod_tr_view_fill(&view, &body, r, section) != APR_SUCCESS) {
        return DECLINED;
    }
    take_up(&decision, early, is_dry);
    verdict = tr_decide(&decision, section, &view, phase, r->pool);
    tr_body_release(&body, r->pool);
    if (body.error) {
        return body.error;
    }
    if (verdict == TR_REDIRECT && !is_dry) {
        if (decision.rule->cache > 0
            && mod_tr_config_has_if(r->server, view.path.decoded, r->pool)) {
            decision.consulted.is_private = 1;
        }
        return redirect(r, section, &decision);
    }
    go_on(r, &view, verdict, &decision, phase, is_dry);
    return DECLINED;
}

/* Most requests have no rule to ask in one of the phases: so far they cost
 * next to nothing. */
static inline int handle_if_any(request_rec *r, tr_phase_t phase)
{
    const tr_section_t *section = ap_get_module_config(r->per_dir_config,
                                                       &tempredirect_module);

    return tr_section_has_rules(section, phase) ? handle(r, section, phase)
                                                : DECLINED;
}

/* An internal redirect gets an environment of its own, and logs look at the last
 * one. */
static void hand_on(request_rec *r, const char *name)
{
    const char *value = apr_table_get(r->prev->subprocess_env, name);

    if (value) {
        apr_table_setn(r->subprocess_env, name, value);
    }
}

int mod_tr_request_early(request_rec *r)
{
    if (r->prev) {
        hand_on(r, rule_env);
        hand_on(r, member_env);
        return DECLINED;
    }
    return handle_if_any(r, TR_PHASE_EARLY);
}

int mod_tr_request_fixup(request_rec *r)
{
    return handle_if_any(r, TR_PHASE_FIXUPS);
}

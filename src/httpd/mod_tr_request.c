/* Licensed under the Apache License, Version 2.0; see LICENSE. */
#include <httpd.h>
#include <http_config.h>
#include <http_core.h>
#include <http_log.h>

#include "mod_tr_body.h"
#include "mod_tr_request.h"
#include "mod_tr_view.h"
#include "tr_decide.h"

extern module AP_MODULE_DECLARE_DATA tempredirect_module;

APLOG_USE_MODULE(tempredirect);

/* Whether rules are for this request at all. Those of subrequests, internal
 * redirects and error documents were asked for the client's own request, and
 * what a forward proxy fetches is not on this server. */
static int is_concerned(const request_rec *r, const tr_section_t *section)
{
    return tr_section_has_rules(section) && section->engine != TR_ENGINE_OFF
           && r->main == NULL && r->prev == NULL
           && r->proxyreq != PROXYREQ_PROXY && r->method_number != M_CONNECT;
}

/* What stands in err_headers_out survives httpd's error path; what httpd's
 * expressions put into Vary does not by itself. */
static void keep_vary(request_rec *r)
{
    const char *vary = apr_table_get(r->headers_out, "Vary");

    if (vary) {
        apr_table_mergen(r->err_headers_out, "Vary", vary);
    }
}

static void respond(request_rec *r, const tr_decision_t *decision)
{
    /* Most answers have no headers yet: nothing to look for and replace, which
     * is 50 instructions less. */
    int fresh = apr_is_empty_table(r->headers_out)
                && apr_is_empty_table(r->err_headers_out);
    void (*set)(apr_table_t *, const char *,
                const char *) = fresh ? apr_table_addn : apr_table_setn;

    if (!fresh) {
        keep_vary(r);
    }
    set(r->headers_out, "Location", decision->location.url.p);
    set(r->err_headers_out, "Cache-Control", "no-store");
    /* mod_expires would add a max-age where there is no Expires. */
    set(r->err_headers_out, "Expires", "Thu, 01 Jan 1970 00:00:00 GMT");
    apr_table_setn(r->subprocess_env, "TEMPREDIRECT_ID", decision->rule->id);
}

int mod_tr_request_fixup(request_rec *r)
{
    const tr_section_t *section = ap_get_module_config(r->per_dir_config,
                                                       &tempredirect_module);
    tr_decision_t decision;
    tr_verdict_t verdict;
    tr_view_t view;

    if (!is_concerned(r, section)
        || mod_tr_view_fill(&view, r, section) != APR_SUCCESS) {
        return DECLINED;
    }
    verdict = tr_decide(&decision, section, &view, r->pool);
    if (verdict == TR_STAY) {
        ap_log_rerror(APLOG_MARK, APLOG_DEBUG, 0, r,
                      "TR0021: rule %s: '!', no redirect", decision.rule->id);
    }
    if (verdict != TR_REDIRECT) {
        return DECLINED;
    }
    ap_log_rerror(APLOG_MARK, APLOG_DEBUG, 0, r, "TR0020: rule %s: %d to %s",
                  decision.rule->id, decision.rule->status,
                  decision.location.url.p);
    if (r->proto_num >= HTTP_VERSION(2, 0)) {
        mod_tr_body_read(r);
    }
    respond(r, &decision);
    return decision.rule->status;
}

/* Licensed under the Apache License, Version 2.0; see LICENSE. */
#include <apr_strings.h>

#include "decisions.h"

tr_section_t *section_of(const char *const *lines)
{
    tr_section_t *section = tr_section_make(pool);
    const apr_array_header_t *pools = fake_pools(&lines);

    for (; *lines; ++lines) {
        tr_rule_t *rule = fake_rule(*lines);

        check_message(*lines, fake_bind(rule, pools), NULL);
        tr_section_add(section, rule, pool);
    }
    return section;
}

/* A rule, and in brackets what its pool chose; "+": that is new. */
static const char *name_of(const tr_rule_t *rule, const tr_choice_t *choice)
{
    return choice->pool
               ? apr_pstrcat(pool, rule->id, "[", choice->member->runner.id,
                             choice->is_new ? "+]" : "]", NULL)
               : rule->id;
}

static const char *decide_in(tr_decision_t *decision, tr_phase_t phase,
                             const tr_section_t *section, const fake_t *fake)
{
    static const tr_rule_t untouched;
    const char *text = "nothing", *failures;

    memset(decision, 0, sizeof(*decision));
    decision->dry = &untouched; /* is filled, whatever happens */
    switch (tr_decide(decision, section, &fake->view, phase, pool)) {
    case TR_REDIRECT:
        text = apr_pstrcat(pool, name_of(decision->rule, &decision->choice),
                           " ", decision->location.url.p, NULL);
        break;
    case TR_STAY:
        text = apr_pstrcat(pool, name_of(decision->rule, &decision->choice),
                           " stays", NULL);
        break;
    case TR_NOT_CONCERNED:
        ck_assert_ptr_null(decision->rule);
        break;
    }
    failures = apr_array_pstrcat(pool, fake->failures, ',');
    return *failures ? apr_pstrcat(pool, text, "; ", failures, NULL) : text;
}

const char *decide(const tr_section_t *section, const fake_t *fake)
{
    tr_decision_t decision;

    return decide_in(&decision, TR_PHASE_FIXUPS, section, fake);
}

const char *decide_early(const tr_section_t *section, const fake_t *fake)
{
    tr_decision_t decision;

    return decide_in(&decision, TR_PHASE_EARLY, section, fake);
}

const char *depend(const tr_section_t *section, const fake_t *fake)
{
    tr_decision_t decision;
    const char *text = decide_in(&decision, TR_PHASE_FIXUPS, section, fake);

    text = apr_pstrcat(pool, text, " <", fake_consulted(&decision.consulted),
                       ">", NULL);
    return decision.dry
               ? apr_pstrcat(pool, text, " dry=",
                             name_of(decision.dry, &decision.dry_choice), NULL)
               : text;
}

void check_rows_by(decide_t *decides, const row_t *rows, int n)
{
    int i;

    for (i = 0; i < n; ++i) {
        tr_section_t *section = section_of(rows[i].lines);
        const char *row = apr_psprintf(pool, "row %d, %s for %s", i,
                                       rows[i].lines[0], rows[i].request);

        check_message(row,
                      decides(section,
                              fake_request(rows[i].request, rows[i].facts)),
                      rows[i].decision);
        while (section->rules->nelts < 20) {
            tr_section_add(section, fake_rule("TempRedirect /none /n"), pool);
        }
        tr_section_freeze(section, pool, pool);
        ck_assert_ptr_nonnull(section->index);
        check_message(row,
                      decides(section,
                              fake_request(rows[i].request, rows[i].facts)),
                      rows[i].decision);
    }
}

void check_rows(const row_t *rows, int n)
{
    check_rows_by(decide, rows, n);
}

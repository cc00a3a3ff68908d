/* Licensed under the Apache License, Version 2.0; see LICENSE. */
#include <apr_strings.h>

#include "choices.h"

tr_pool_t *pool_of(const char *const *lines)
{
    const apr_array_header_t *pools = fake_pools(&lines);

    ck_assert_ptr_null(*lines);
    ck_assert_int_eq(pools->nelts, 1);
    return APR_ARRAY_IDX(pools, 0, tr_pool_t *);
}

tr_pool_t *wide_pool(const char *words)
{
    const char *lines[66] = { apr_pstrcat(pool, "TempRedirectPool ", words,
                                          NULL) };
    const char *name = apr_pstrmemdup(pool, words, strcspn(words, " "));
    int i;

    for (i = 0; i < 64; ++i) {
        lines[i + 1] = apr_psprintf(pool, "TempRedirectMember %s /m%d id=m%d",
                                    name, i, i);
    }
    return pool_of(lines);
}

const char *choose_by(tr_consulted_t *consulted, const tr_pool_t *of,
                      const fake_t *fake, int hidden)
{
    tr_choice_t choice, untouched;
    tr_reason_t reason;

    memset(&choice, 0x55, sizeof(choice));
    untouched = choice;
    reason = tr_pool_choose(&choice, of, &fake->view, consulted, hidden, pool);
    if (reason != TR_OK) {
        ck_assert_int_eq(memcmp(&choice, &untouched, sizeof(choice)), 0);
        return fake_reason(reason);
    }
    ck_assert_ptr_eq(choice.pool, of);
    ck_assert_ptr_eq(choice.member, APR_ARRAY_IDX(of->members, choice.at,
                                                  const tr_member_t *));
    return apr_pstrcat(pool, choice.member->runner.id,
                       choice.is_new ? "+" : "", NULL);
}

const char *choose(const tr_pool_t *of, const fake_t *fake)
{
    return choose_by(NULL, of, fake, 0);
}

const char *choose_with(const tr_pool_t *of, const fake_t *fake, int hidden)
{
    tr_consulted_t consulted = { 0 };
    const char *chosen = choose_by(&consulted, of, fake, hidden);

    check_message("without being asked", choose(of, fake), chosen);
    return apr_pstrcat(pool, chosen, " <", fake_consulted(&consulted), ">",
                       NULL);
}

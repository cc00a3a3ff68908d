/* Licensed under the Apache License, Version 2.0; see LICENSE. */
#include <apr_errno.h>
#include <apr_strings.h>

#include "texts.h"

const char *find_in(const tr_json_t *json, const char *pointer)
{
    static const char *const kinds[] = { "none", "=", "container" };
    tr_slice_t value = tr_slice_of("untouched");
    tr_json_kind_t kind = tr_json_find(&value, json, guarded_string(pointer),
                                       pool);

    if (kind != TR_JSON_VALUE) {
        check_text(pointer, value, "untouched");
    }
    return kind == TR_JSON_VALUE
               ? apr_pstrcat(pool, kinds[kind], text_of(value), NULL)
               : kinds[kind];
}

const char *find_in_text(tr_slice_t text, const char *pointer)
{
    tr_json_t *json = (tr_json_t *)pool;
    apr_status_t rv = tr_json_parse(&json, text, pool);

    if (rv != APR_SUCCESS) {
        ck_assert_int_eq(rv, APR_EINVAL);
        ck_assert_ptr_eq(json, (tr_json_t *)pool); /* untouched */
        return "malformed";
    }
    return find_in(json, pointer);
}

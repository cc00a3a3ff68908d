/* Licensed under the Apache License, Version 2.0; see LICENSE. */
#include <apr_cstr.h>
#include <apr_errno.h>

#include "tr_body.h"
#include "tr_drain.h"
#include "tr_query.h"
#include "tr_target.h"
#include "tr_words.h"

const char *tr_body_limit_parse(apr_int64_t *limit, const char *text,
                                apr_pool_t *p)
{
    const char *error = tr_bytes_parse(limit, text);

    if (!error && (*limit < 1 || *limit > TR_BODY_LIMIT_MAX)) {
        error = "write '1' to '16M'; a request may need that much memory, and "
                "eighty times as much for JSON";
    }
    return tr_words_said(text, error, p);
}

static int is_type(tr_slice_t type, const char *name)
{
    return type.n == strlen(name)
           && apr_cstr_casecmpn(type.p, name, type.n) == 0;
}

static int ends_in(tr_slice_t type, const char *suffix)
{
    apr_size_t n = strlen(suffix);

    return type.n > n && is_type(tr_slice_from(type, type.n - n), suffix);
}

tr_body_type_t tr_body_type_of(tr_slice_t field)
{
    apr_size_t n = 0;

    while (n < field.n && !strchr("; \t", field.p[n])) {
        ++n;
    }
    field.n = n;
    return is_type(field, "application/x-www-form-urlencoded") ? TR_BODY_FORM
           : is_type(field, "application/json") || ends_in(field, "+json")
               ? TR_BODY_JSON
               : TR_BODY_OTHER;
}

/* RFC 9110 section 8.4, RFC 9112 section 7: httpd takes a transfer coding in
 * front of "chunked", and leaves it to whoever reads. */
static int is_coded(const tr_view_t *view)
{
    tr_slice_t content = tr_view_header(view, "Content-Encoding");
    tr_slice_t transfer = tr_view_header(view, "Transfer-Encoding");

    return (content.n > 0 && !is_type(content, "identity"))
           || (transfer.n > 0 && !is_type(transfer, "chunked"));
}

tr_reason_t tr_body_read(tr_slice_t *bytes, const tr_view_t *view,
                         tr_body_type_t type)
{
    tr_body_t *body = view->body;

    if (body->type == TR_BODY_UNKNOWN) {
        body->type = tr_body_type_of(tr_view_header(view, "Content-Type"));
    }
    if (body->type != type) {
        return TR_BODY_UNTYPED;
    }
    if (!body->is_read) {
        body->is_read = 1;
        body->reason = is_coded(view) ? TR_BODY_CODED
                                      : view->facts->body(body, view);
    }
    if (body->reason == TR_OK) {
        *bytes = body->bytes;
    }
    return body->reason;
}

/* Take it apart. */
static tr_reason_t parse_json(tr_body_t *body, apr_pool_t *p)
{
    if (tr_json_parse(&body->json, body->bytes, p) != APR_SUCCESS) {
        body->reason = TR_BODY_MALFORMED;
    }
    return body->reason;
}

tr_reason_t tr_body_find(tr_json_kind_t *kind, tr_slice_t *value,
                         const tr_view_t *view, const tr_attr_t *attr,
                         const tr_json_hint_t *hint, apr_pool_t *p)
{
    tr_body_t *body = view->body;
    tr_slice_t text;
    tr_reason_t reason = tr_body_read(&text, view, TR_BODY_JSON);

    if (reason == TR_OK && body->json == NULL) {
        if (hint && !tr_json_hint_allows(hint, text)) {
            *kind = TR_JSON_NONE;
            return TR_OK;
        }
        reason = parse_json(body, p);
    }
    if (reason == TR_OK) {
        *kind = tr_json_find(value, body->json, attr->name, p);
    }
    return reason;
}

void tr_body_release(tr_body_t *body, apr_pool_t *p)
{
    if (body->json) {
        tr_json_free(body->json, p);
        body->json = NULL;
    }
}

/* For a target. What is longer than any Location, however it is encoded, is not
 * worth its memory. */
static tr_reason_t form_value(tr_slice_t *value, const tr_view_t *view,
                              const tr_attr_t *attr, apr_pool_t *p)
{
    tr_slice_t fields, sent;
    tr_reason_t reason = tr_body_read(&fields, view, TR_BODY_FORM);
    apr_size_t at = 0;

    if (reason != TR_OK) {
        return reason;
    }
    if (!tr_query_find(&sent, fields, attr->name, &at)) {
        return TR_NO_VALUE;
    }
    if (sent.n > 3 * TR_LOCATION_MAX) {
        return TR_TOO_LONG;
    }
    *value = tr_query_decode(sent, apr_palloc(p, sent.n));
    return TR_OK;
}

tr_reason_t tr_body_value(tr_slice_t *value, const tr_view_t *view,
                          const tr_attr_t *attr, apr_pool_t *p)
{
    tr_json_kind_t kind = TR_JSON_NONE;
    tr_reason_t reason;

    if (attr->kind == TR_ATTR_FORM) {
        return form_value(value, view, attr, p);
    }
    reason = tr_body_find(&kind, value, view, attr, NULL, p);
    return reason == TR_OK && kind != TR_JSON_VALUE ? TR_NO_VALUE : reason;
}

/* Licensed under the Apache License, Version 2.0; see LICENSE. */
/**
 * @file tr_body.h
 * The body of a request, looked into when the search arrives at a rule that
 * asks for it, and never before.
 *
 *     form.event=push    application/x-www-form-urlencoded
 *     json./type=push    application/json, and whatever ends in "+json"
 *
 * A body is judged as a whole or not at all. One of another type or content
 * coding, longer than TempRedirectBodyLimit, or that is not what its type says,
 * answers with the reason, whatever is asked of it. So a rule does not match
 * then, negated or not. (What a look at its bytes shows not to be there,
 * tr_json_hint.h, is answered before anybody knows whether it is JSON.)
 *
 * Belongs to one request. It is read once, and taken apart once, for any number
 * of rules.
 */
#ifndef TR_BODY_H
#define TR_BODY_H

#include "tr_json.h"
#include "tr_json_hint.h"
#include "tr_view.h"

typedef enum tr_body_type_t {
    TR_BODY_UNKNOWN = 0, /**< nobody has asked yet */
    TR_BODY_OTHER,
    TR_BODY_FORM,
    TR_BODY_JSON
} tr_body_type_t;

/** Of a request: all zeros at first. */
struct tr_body_t {
    tr_body_type_t type;
    int is_read;        /**< the rest is filled */
    tr_reason_t reason; /**< TR_OK, or why it is judged by nothing */
    tr_slice_t bytes;
    tr_json_t *json; /**< once somebody has asked for a value in it */
    int error;       /**< for who owns the request: what reading met */
};

/** TempRedirectBodyLimit, in bytes: the default, and the most */
#define TR_BODY_LIMIT 65536
#define TR_BODY_LIMIT_MAX (16 << 20)

/** Parse the argument of TempRedirectBodyLimit.
 * @return NULL, or a message that begins with the word */
const char *tr_body_limit_parse(apr_int64_t *limit, const char *text,
                                apr_pool_t *p);

/** The type that a Content-Type names (RFC 9110 section 8.3.1), without regard
 * to parameters and case. @param field may be none */
tr_body_type_t tr_body_type_of(tr_slice_t field);

/**
 * Read the body of a request, if nobody has asked before.
 * @param bytes filled for TR_OK: as they came, without transfer coding;
 *        *borrowed* from the body
 * @param type that it must have
 * @return TR_OK, or the TR_BODY_* by which it is judged by nothing
 */
tr_reason_t tr_body_read(tr_slice_t *bytes, const tr_view_t *view,
                         tr_body_type_t type);

/**
 * Find what a TR_ATTR_JSON points to.
 * @param kind filled
 * @param value filled where the kind is TR_JSON_VALUE: see tr_json_find()
 * @param hint where it denies, the kind is TR_JSON_NONE; may be NULL
 * @return TR_OK, whatever the kind; or a reason as above
 */
tr_reason_t tr_body_find(tr_json_kind_t *kind, tr_slice_t *value,
                         const tr_view_t *view, const tr_attr_t *attr,
                         const tr_json_hint_t *hint, apr_pool_t *p);

/** Free what was made of a body, once nobody asks for its values any more; its
 * bytes stay. */
void tr_body_release(tr_body_t *body, apr_pool_t *p);

/**
 * The value of a TR_ATTR_FORM, the first of that name, or of a TR_ATTR_JSON, for
 * a target.
 * @param value filled: decoded, may be empty; *borrowed* from the body, or
 *        *allocated from p*
 * @return TR_OK, TR_NO_VALUE, TR_TOO_LONG, or a reason as above
 */
tr_reason_t tr_body_value(tr_slice_t *value, const tr_view_t *view,
                          const tr_attr_t *attr, apr_pool_t *p);

#endif /* TR_BODY_H */

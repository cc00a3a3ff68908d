/* Licensed under the Apache License, Version 2.0; see LICENSE. */
#include <stdlib.h>

#include <apr_errno.h>
#include <apr_strings.h>

#include "tr_json.h"

const char *tr_json_check(const char *pointer)
{
    const char *tilde;

#ifndef TR_WITH_JANSSON
    return "this build of the module reads no JSON; build it where jansson is "
           "(libjansson-dev)";
#endif
    if (*pointer != '/') {
        return "a JSON pointer begins with '/', as in 'json./type' or "
               "'json./repository/name'";
    }
    for (tilde = strchr(pointer, '~'); tilde; tilde = strchr(tilde + 1, '~')) {
        if (tilde[1] != '0' && tilde[1] != '1') {
            return "a '~' in a JSON pointer is followed by '0' or '1'; '~0' "
                   "stands for '~', and '~1' for '/'";
        }
    }
    return NULL;
}

int tr_json_token_next(char *token, const char **rest)
{
    const char *s = *rest;

    if (*s != '/') {
        return 0;
    }
    for (++s; *s && *s != '/'; ++s) {
        *token++ = *s != '~' ? *s : *++s == '0' ? '~' : '/';
    }
    *token = '\0';
    *rest = s;
    return 1;
}

#ifdef TR_WITH_JANSSON

#include <jansson.h>

static apr_status_t release(void *json)
{
    json_decref(json);
    return APR_SUCCESS;
}

/* jansson passes over a NUL behind a number or a literal. */
static int has_nul(tr_slice_t text)
{
    return text.n > 0 && memchr(text.p, '\0', text.n) != NULL;
}

/* jansson goes down 2048 levels, at 90 bytes each: some threads' stacks have no
 * more than 128 KB. */
static int is_deep(tr_slice_t text)
{
    int level = 0, in_string = 0;
    apr_size_t i;

    for (i = 0; i < text.n && level <= TR_JSON_LEVELS; ++i) {
        switch (text.p[i]) {
        case '"':
            in_string = !in_string;
            break;
        case '\\':
            i += (apr_size_t)in_string;
            break;
        case '[':
        case '{':
            level += !in_string;
            break;
        case ']':
        case '}':
            level -= !in_string;
            break;
        default:
            break;
        }
    }
    return level > TR_JSON_LEVELS;
}

apr_status_t tr_json_parse(tr_json_t **json, tr_slice_t text, apr_pool_t *p)
{
    json_t *root = has_nul(text) || is_deep(text)
                       ? NULL
                       : json_loadb(text.p, text.n,
                                    JSON_DECODE_ANY | JSON_REJECT_DUPLICATES
                                        | JSON_ALLOW_NUL,
                                    NULL);

    if (root == NULL) {
        return APR_EINVAL;
    }
    apr_pool_cleanup_register(p, root, release, apr_pool_cleanup_null);
    *json = (tr_json_t *)root;
    return APR_SUCCESS;
}

void tr_json_free(tr_json_t *json, apr_pool_t *p)
{
    apr_pool_cleanup_run(p, json, release);
}

/* The element of an array: a number without leading zeros. */
static json_t *element_of(const json_t *array, const char *token)
{
    apr_size_t digits = strspn(token, "0123456789");

    return digits == 0 || digits > 9 || token[digits]
                   || (*token == '0' && digits > 1)
               ? NULL
               : json_array_get(array, (size_t)atol(token));
}

static const json_t *resolve(const tr_json_t *json, const char *pointer,
                             apr_pool_t *p)
{
    const json_t *at = (const json_t *)json;
    char *token = apr_palloc(p, strlen(pointer) + 1);

    while (at && tr_json_token_next(token, &pointer)) {
        at = json_is_array(at) ? element_of(at, token)
                               : json_object_get(at, token);
    }
    return at;
}

static tr_slice_t real_of(const json_t *json, apr_pool_t *p)
{
    char text[64];

    return tr_slice_of(
        apr_pstrmemdup(p, text,
                       json_dumpb(json, text, sizeof(text),
                                  JSON_ENCODE_ANY | JSON_REAL_PRECISION(15))));
}

tr_json_kind_t tr_json_find(tr_slice_t *value, const tr_json_t *json,
                            const char *pointer, apr_pool_t *p)
{
    const json_t *found = resolve(json, pointer, p);

    switch (found ? json_typeof(found) : JSON_NULL) {
    case JSON_STRING:
        *value = tr_slice(json_string_value(found), json_string_length(found));
        return TR_JSON_VALUE;
    case JSON_INTEGER:
        *value = tr_slice_of(
            apr_psprintf(p, "%" APR_INT64_T_FMT,
                         (apr_int64_t)json_integer_value(found)));
        return TR_JSON_VALUE;
    case JSON_REAL:
        *value = real_of(found, p);
        return TR_JSON_VALUE;
    case JSON_TRUE:
    case JSON_FALSE:
        *value = tr_slice_of(json_is_true(found) ? "true" : "false");
        return TR_JSON_VALUE;
    case JSON_OBJECT:
        return json_object_size(found) ? TR_JSON_CONTAINER : TR_JSON_NONE;
    case JSON_ARRAY:
        return json_array_size(found) ? TR_JSON_CONTAINER : TR_JSON_NONE;
    default:
        return TR_JSON_NONE;
    }
}

#else

apr_status_t tr_json_parse(tr_json_t **json, tr_slice_t text, apr_pool_t *p)
{
    (void)json;
    (void)text;
    (void)p;
    return APR_ENOTIMPL;
}

void tr_json_free(tr_json_t *json, apr_pool_t *p)
{
    (void)json;
    (void)p;
}

tr_json_kind_t tr_json_find(tr_slice_t *value, const tr_json_t *json,
                            const char *pointer, apr_pool_t *p)
{
    (void)value;
    (void)json;
    (void)pointer;
    (void)p;
    return TR_JSON_NONE;
}

#endif

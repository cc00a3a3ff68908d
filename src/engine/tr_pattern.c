/* Licensed under the Apache License, Version 2.0; see LICENSE. */
#include <apr_cstr.h>
#include <apr_errno.h>

#include "tr_path.h"
#include "tr_pattern.h"

const char *tr_pattern_parse_path(tr_pattern_t *pattern, const char *path)
{
    tr_slice_t begin = tr_slice_of(path);

    if (*path != '/') {
        return "a URL-path begins with '/'";
    }
    if (path[1] == '/') {
        return "can never match: a request's path begins with one '/'";
    }
    if (tr_path_has_dots(begin)) {
        return "can never match: '.' and '..' are gone from the path of a "
               "request before it is compared; write the path without them";
    }
    pattern->kind = TR_PATTERN_PATH;
    pattern->slash = begin.p[begin.n - 1] == '/';
    begin.n -= (apr_size_t)pattern->slash;
    pattern->begin = begin;
    return NULL;
}

const char *tr_pattern_parse_regex(tr_pattern_t *pattern, const char *regex,
                                   int flags, apr_pool_t *p)
{
    tr_regex_t *re;
    const char *error;

    if (*regex == '!') {
        return "'!' does not negate a regex; write '^/(?!...)', or a rule for "
               "the exception with the target '!' before";
    }
    flags |= pattern->caseless ? TR_REGEX_CASELESS : 0;
    error = tr_regex_parse(&re, regex, flags, p);
    if (error) {
        return error;
    }
    if (tr_regex_literal(re).n > 0 && *tr_regex_literal(re).p != '/') {
        return "can never match: the path of a request begins with '/'; write "
               "'^/...'";
    }
    pattern->kind = TR_PATTERN_REGEX;
    pattern->begin = tr_regex_literal(re);
    pattern->regex = re;
    return NULL;
}

static int begins(tr_slice_t path, tr_slice_t begin, int caseless)
{
    return caseless ? path.n >= begin.n
                          && apr_cstr_casecmpn(path.p, begin.p, begin.n) == 0
                    : tr_slice_begins(path, begin);
}

static apr_status_t match_path(tr_hit_t *hit, const tr_pattern_t *pattern,
                               tr_slice_t path)
{
    tr_slice_t rest = tr_slice_from(path, pattern->begin.n);

    if (rest.n == 0 ? pattern->slash : *rest.p != '/') {
        return APR_NOTFOUND;
    }
    if (pattern->exact && rest.n != (apr_size_t)pattern->slash) {
        return APR_NOTFOUND;
    }
    hit->tail = pattern->slash && rest.n == 1 ? path.n : pattern->begin.n;
    return APR_SUCCESS;
}

apr_status_t tr_pattern_match_rest(tr_hit_t *hit, const tr_pattern_t *pattern,
                                   tr_slice_t path, apr_pool_t *p)
{
    if (pattern->kind == TR_PATTERN_PATH) {
        return match_path(hit, pattern, path);
    }
    hit->tail = path.n;
    return pattern->kind == TR_PATTERN_ANY
               ? APR_SUCCESS
               : tr_regex_match(&hit->groups, pattern->regex, path, p);
}

apr_status_t tr_pattern_match(tr_hit_t *hit, const tr_pattern_t *pattern,
                              tr_slice_t path, apr_pool_t *p)
{
    return begins(path, pattern->begin, pattern->caseless)
               ? tr_pattern_match_rest(hit, pattern, path, p)
               : APR_NOTFOUND;
}

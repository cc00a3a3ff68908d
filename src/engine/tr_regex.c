/* Licensed under the Apache License, Version 2.0; see LICENSE. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <apr_errno.h>
#include <apr_strings.h>

#include "tr_ascii.h"
#include "tr_regex.h"

struct tr_regex_t {
    pcre2_code *code;
    pcre2_match_context *limits;
    tr_slice_t literal;
    apr_uint32_t groups;
};

static apr_status_t regex_cleanup(void *data)
{
    tr_regex_t *re = data;

    pcre2_match_context_free(re->limits);
    pcre2_code_free(re->code);
    return APR_SUCCESS;
}

/* After these escapes, brackets and quantifiers do not mean what they seem. */
static int is_misleading(char escape)
{
    return escape == '\0' || strchr("QEc", escape) != NULL;
}

/* The byte after "[": the end of a character class; NULL if that is hard to
 * tell. */
static const char *skip_class(const char *p)
{
    p += *p == '^';
    p += *p == ']';
    for (; *p && *p != ']'; ++p) {
        if (*p == '\\') {
            if (is_misleading(*++p)) {
                return NULL;
            }
        }
        else if (*p == '[' && p[1] == ':') {
            p += 2 + strspn(p + 2, "^abcdefghijklmnopqrstuvwxyz");
            if (p[0] != ':' || *++p != ']') {
                return NULL; /* not [:alpha:] or the like */
            }
        }
    }
    return *p ? p : NULL;
}

/* Whether a pattern may have alternatives outside of all parentheses, or
 * something that makes this hard to tell: then it has no literal. */
static int has_alternatives(const char *p)
{
    int depth = 0;

    for (; *p; ++p) {
        if (*p == '\\') {
            if (is_misleading(*++p)) {
                return 1;
            }
        }
        else if (*p == '[') {
            if ((p = skip_class(p + 1)) == NULL) {
                return 1;
            }
        }
        else if (*p == '(') {
            ++depth;
            if (p[1] == '*' || (p[1] == '?' && !strchr(":=!<>|P", p[2]))) {
                return 1; /* verbs, comments, and options such as (?x) */
            }
        }
        else if (*p == ')') {
            --depth;
        }
        else if (*p == '|' && depth == 0) {
            return 1;
        }
    }
    return depth != 0;
}

/* The literal beginning of a pattern, see the header. */
static tr_slice_t literal_of(const char *pattern, apr_pool_t *p)
{
    char *literal = apr_palloc(p, strlen(pattern) + 1);
    apr_size_t n = 0;

    if (*pattern != '^' || has_alternatives(pattern)) {
        return tr_slice(literal, 0);
    }
    for (++pattern; *pattern; ++pattern) {
        if (*pattern == '\\' && pattern[1] && !tr_is_alnum(pattern[1])) {
            ++pattern; /* an escaped byte that is no letter is itself */
        }
        else if (strchr("\\^$.[(|", *pattern)) {
            break;
        }
        else if (strchr("?*{", *pattern)) {
            n -= n > 0; /* the byte before it need not be there */
            break;
        }
        else if (*pattern == '+') {
            break;
        }
        literal[n++] = *pattern;
    }
    return tr_slice(literal, n);
}

const char *tr_regex_parse(tr_regex_t **out, const char *pattern, int flags,
                           apr_pool_t *p)
{
    apr_uint32_t options = PCRE2_DOLLAR_ENDONLY | PCRE2_DOTALL
                           | (flags & TR_REGEX_CASELESS ? PCRE2_CASELESS : 0);
    PCRE2_SIZE offset;
    int error;
    pcre2_code *code = pcre2_compile((PCRE2_SPTR)pattern, PCRE2_ZERO_TERMINATED,
                                     options, &error, &offset, NULL);
    tr_regex_t *re;

    if (code == NULL) {
        PCRE2_UCHAR reason[128];

        pcre2_get_error_message(error, reason, sizeof(reason));
        return apr_psprintf(p, "%s at offset %" APR_SIZE_T_FMT, reason,
                            (apr_size_t)offset);
    }
    re = apr_pcalloc(p, sizeof(*re));
    re->code = code;
    re->limits = pcre2_match_context_create(NULL);
    if (re->limits == NULL) {
        pcre2_code_free(code);
        return "out of memory";
    }
    pcre2_set_match_limit(re->limits, TR_REGEX_MATCH_LIMIT);
    pcre2_set_heap_limit(re->limits, TR_REGEX_HEAP_LIMIT);
    pcre2_pattern_info(code, PCRE2_INFO_CAPTURECOUNT, &re->groups);
    re->literal = literal_of(pattern, p);
    if (flags & TR_REGEX_JIT) {
        (void)pcre2_jit_compile(code, PCRE2_JIT_COMPLETE);
    }
    apr_pool_cleanup_register(p, re, regex_cleanup, apr_pool_cleanup_null);
    *out = re;
    return NULL;
}

tr_slice_t tr_regex_literal(const tr_regex_t *re)
{
    return re->literal;
}

apr_uint32_t tr_regex_groups(const tr_regex_t *re)
{
    return re->groups;
}

int tr_regex_group(const tr_regex_t *re, const char *name)
{
    int n = pcre2_substring_number_from_name(re->code, (PCRE2_SPTR)name);

    return n > 0 ? n : -1;
}

static apr_status_t match_cleanup(void *data)
{
    pcre2_match_data_free(data);
    return APR_SUCCESS;
}

static void make_room(tr_match_t *m, apr_uint32_t groups, apr_pool_t *p)
{
    if (m->data == NULL || m->room_for < groups) {
        m->room_for = groups < 10 ? 10 : groups;
        m->data = pcre2_match_data_create(m->room_for + 1, NULL);
        apr_pool_cleanup_register(p, m->data, match_cleanup,
                                  apr_pool_cleanup_null);
    }
}

apr_status_t tr_regex_match(tr_match_t *m, const tr_regex_t *re,
                            tr_slice_t subject, apr_pool_t *p)
{
    PCRE2_SPTR s = (PCRE2_SPTR)subject.p;
    int rv;

    m->groups = 0;
    make_room(m, re->groups, p);
    rv = pcre2_match(re->code, s, subject.n, 0, 0, m->data, re->limits);
    if (rv == PCRE2_ERROR_JIT_STACKLIMIT) {
        rv = pcre2_match(re->code, s, subject.n, 0, PCRE2_NO_JIT, m->data,
                         re->limits);
    }
    if (rv == PCRE2_ERROR_MATCHLIMIT || rv == PCRE2_ERROR_HEAPLIMIT
        || rv == PCRE2_ERROR_DEPTHLIMIT) {
        return APR_EINCOMPLETE;
    }
    if (rv < 0) {
        return APR_NOTFOUND; /* also bytes that are no UTF-8 for "(*UTF)" */
    }
    m->groups = (apr_uint32_t)rv;
    m->subject = subject;
    return APR_SUCCESS;
}

int tr_match_group(tr_slice_t *value, const tr_match_t *m, int group)
{
    PCRE2_SIZE *at;

    if (group < 0 || (apr_uint32_t)group >= m->groups) {
        return 0;
    }
    at = pcre2_get_ovector_pointer(m->data) + 2 * group;
    if (at[0] == PCRE2_UNSET || at[1] < at[0]) {
        return 0; /* \K can put the beginning behind the end */
    }
    *value = tr_slice(m->subject.p + at[0], at[1] - at[0]);
    return 1;
}

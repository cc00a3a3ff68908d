/* Licensed under the Apache License, Version 2.0; see LICENSE. */
#include <apr_strings.h>

#include "tr_target_impl.h"
#include "tr_uri.h"

apr_size_t tr_parts_span(const char *s, const char *stops)
{
    apr_size_t n = strcspn(s, stops);
    const char *open = strstr(s, "%{");

    while (open && open < s + n) {
        const char *close = strchr(open, '}');

        open = close ? close : open + 1;
        n = open < s + n ? n : (apr_size_t)(open - s) + strcspn(open, stops);
        open = strstr(open, "%{");
    }
    return n;
}

static const tr_regex_t *regex_at(const tr_parser_t *ps, int i)
{
    return APR_ARRAY_IDX(ps->regexes, i, const tr_regex_t *);
}

/* Whether nobody knows the rule yet that the target is for. */
static int wants_rule(tr_parser_t *ps)
{
    ps->target->wants_rule |= ps->regexes == NULL;
    return ps->regexes == NULL;
}

static void need_regex(tr_parser_t *ps, int i)
{
    ps->target->regexes = i < ps->target->regexes ? ps->target->regexes : i + 1;
}

/* "$1" at s. */
static const char *group_parse(tr_part_t *part, const char *s, tr_parser_t *ps)
{
    const tr_regex_t *regex;

    part->kind = TR_PART_GROUP;
    part->group = s[1] - '0';
    need_regex(ps, 0);
    if (wants_rule(ps)) {
        return NULL;
    }
    regex = regex_at(ps, 0);
    if (regex == NULL) {
        return apr_psprintf(ps->p,
                            "there is no regex to take '%.2s' from; use "
                            "TempRedirectMatch, or write '%%24' for a '$'",
                            s);
    }
    if ((apr_uint32_t)part->group > tr_regex_groups(regex)) {
        return apr_psprintf(ps->p,
                            "the regex has no group for '%.2s'; it has "
                            "%u",
                            s, (unsigned)tr_regex_groups(regex));
    }
    return NULL;
}

static const char *named_group_parse(tr_part_t *part, tr_parser_t *ps)
{
    int i;

    part->kind = TR_PART_NAMED;
    if (wants_rule(ps)) {
        return NULL;
    }
    for (i = 0; i < ps->regexes->nelts; ++i) {
        const tr_regex_t *regex = regex_at(ps, i);

        part->group = regex ? tr_regex_group(regex, part->attr.name) : -1;
        if (part->group >= 0) {
            part->kind = i == 0 ? TR_PART_NAMED : TR_PART_CAPTURE;
            part->regex = i;
            need_regex(ps, i);
            return NULL;
        }
    }
    return apr_psprintf(ps->p,
                        "no regex of this rule has a group named "
                        "'%s'; one is written '(?<%s>...)'",
                        part->attr.name, part->attr.name);
}

/* Note what the target depends on beyond the URL. */
static void note_attr(tr_parser_t *ps, const tr_attr_t *attr)
{
    if (attr->header.p == NULL && !attr->is_private) {
        return;
    }
    if (ps->target->attrs == NULL) {
        ps->target->attrs = apr_array_make(ps->p, 1, sizeof(*attr));
    }
    APR_ARRAY_PUSH(ps->target->attrs, tr_attr_t) = *attr;
}

/* "%{name}" at s, up to its '}' at close. */
static const char *attribute_parse(tr_part_t *part, const char *s,
                                   const char *close, tr_parser_t *ps)
{
    const char *error = tr_attr_parse(&part->attr,
                                      tr_slice(s + 2,
                                               (apr_size_t)(close - s - 2)),
                                      TR_USE_TARGET, ps->p);

    part->kind = TR_PART_ATTRIBUTE;
    if (error) {
        return apr_psprintf(ps->p, "'%.*s': %s", (int)(close + 1 - s), s,
                            error);
    }
    if (part->attr.kind == TR_ATTR_GROUP) {
        return named_group_parse(part, ps);
    }
    if (part->attr.kind == TR_ATTR_TAIL && !wants_rule(ps) && regex_at(ps, 0)) {
        return "a rule with a regex has no tail; capture it in the regex";
    }
    note_attr(ps, &part->attr);
    return NULL;
}

/* The substitution at *s, and *s moved behind it. */
static const char *substitution_parse(tr_part_t *part, const char **s,
                                      tr_parser_t *ps)
{
    const char *begin = *s, *close = strchr(begin, '}');

    if (*begin == '$') {
        *s += 2;
        return group_parse(part, begin, ps);
    }
    if (close == NULL) {
        return "'%{' without '}'; write '%25' for a percent sign";
    }
    *s = close + 1;
    return attribute_parse(part, begin, close, ps);
}

/* A literal, with what cannot stand in a URI encoded. */
static const char *literal_parse(tr_part_t *part, tr_slice_t text,
                                 tr_parser_t *ps)
{
    apr_size_t size = tr_uri_size(text, TR_URI_LITERAL), i;

    for (i = 0; i < text.n; ++i) {
        if (text.p[i] == '%'
            && (text.n - i < 3 || tr_uri_hex(text.p + i + 1) < 0)) {
            return "'%' is not followed by two hexadecimal digits or by "
                   "'{name}'; write '%25' for a percent sign";
        }
    }
    part->kind = TR_PART_LITERAL;
    part->literal = text;
    if (size > text.n) {
        tr_buf_t out = tr_buf(apr_palloc(ps->p, size), size);

        tr_uri_add(&out, text, TR_URI_LITERAL);
        part->literal = tr_buf_since(&out, 0);
    }
    return NULL;
}

const char *tr_parts_parse(tr_parser_t *ps, tr_component_t component,
                           tr_slice_t text)
{
    const char *s = text.p, *end = text.p + text.n;

    while (s < end) {
        tr_part_t *part = apr_array_push(ps->parts);
        const char *begin = s, *error;

        memset(part, 0, sizeof(*part));
        part->component = component;
        if (tr_is_substitution(s)) {
            error = substitution_parse(part, &s, ps);
        }
        else {
            while (s < end && !tr_is_substitution(s)) {
                ++s;
            }
            error = literal_parse(part,
                                  tr_slice(begin, (apr_size_t)(s - begin)), ps);
        }
        if (error) {
            return error;
        }
    }
    return NULL;
}

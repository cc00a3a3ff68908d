/* Licensed under the Apache License, Version 2.0; see LICENSE. */
/**
 * @file tr_target_impl.h
 * What a target compiles to. For tr_target.c, which parses, tr_target_parts.c,
 * which parses what stands between its delimiters, and tr_target_render.c,
 * which renders; for nobody else.
 *
 * A target is a row of parts in the order of their components, so that each
 * component is one run of them:
 *
 *     https://  %{host}  :8443  /api/  $1    ?from=  %{header.X-App}  #top
 *     SCHEME    HOST     PORT   PATH   PATH  QUERY   QUERY            FRAGMENT
 */
#ifndef TR_TARGET_IMPL_H
#define TR_TARGET_IMPL_H

#include <apr_tables.h>

#include "tr_ascii.h"
#include "tr_target.h"

typedef enum tr_component_t {
    TR_SCHEME, /* with its "://" */
    TR_HOST,
    TR_PORT, /* with its ':' */
    TR_PATH,
    TR_QUERY,   /* with its '?' */
    TR_FRAGMENT /* with its '#' */
} tr_component_t;

typedef enum tr_part_kind_t {
    TR_PART_LITERAL,
    TR_PART_GROUP,   /* $1: empty where it is unset */
    TR_PART_NAMED,   /* %{group.x}: no value where it is unset or empty */
    TR_PART_CAPTURE, /* the same of a condition: not from the path */
    TR_PART_ATTRIBUTE
} tr_part_kind_t;

typedef struct tr_part_t {
    tr_component_t component;
    tr_part_kind_t kind;
    tr_slice_t literal; /* encoded */
    int regex;          /* of a group: which one */
    int group;
    tr_attr_t attr;
} tr_part_t;

/* Whether a part of a path brings its own '/': "%{path}", "%{tail}". */
static inline int tr_part_joins(const tr_part_t *part)
{
    return part->component == TR_PATH && part->kind == TR_PART_ATTRIBUTE
           && (part->attr.kind == TR_ATTR_PATH
               || part->attr.kind == TR_ATTR_TAIL);
}

struct tr_target_t {
    const char *word;
    const tr_part_t *parts;
    int n;
    int ends[TR_FRAGMENT + 1]; /* of each component: the part behind it */
    int stays;                 /* "!" */
    int is_scheme;             /* "https:" */
    const char *pool;          /* NULL but for "pool:NAME" */
    int wants_rule;            /* see tr_target_wants_rule() */
    const char *scheme;        /* NULL for a path */
    int port;                  /* as written, or the scheme's own, or 0 */
    int needs_hosts;
    int names_tail; /* %{tail} or %{path} stands in the path */
    int fills_path; /* any substitution stands in the path */
    int fills_host; /* any substitution stands in the host */
    int has_query;
    int regexes;               /* see tr_target_regexes() */
    apr_array_header_t *attrs; /* see tr_target_attrs() */

    int base_end;    /* the part behind the base, see tr_location_t */
    int base_whole;  /* see tr_target_base_is_whole() */
    int echoes;      /* any part of the path repeats the request's */
    int fills_base;  /* any substitution stands in the base */
    tr_slice_t base; /* decoded; none where it is not literal */

    /* The parts before the first substitution, in one piece, up to the end of
     * the path: of most targets all of it. Empty where the origin is not
     * literal. */
    tr_slice_t head;
    int head_parts;
    tr_slice_t head_host; /* within head */
    apr_size_t head_path; /* where in head the path begins */
};

/* A target in the making. */
typedef struct tr_parser_t {
    tr_target_t *target;
    const apr_array_header_t *regexes; /* const tr_regex_t *; NULL: not known */
    apr_array_header_t *parts;         /* tr_part_t */
    apr_pool_t *p;
} tr_parser_t;

/* Whether a "$1" or "%{" stands at s. */
static inline int tr_is_substitution(const char *s)
{
    return (s[0] == '$' && tr_is_digit(s[1])) || (s[0] == '%' && s[1] == '{');
}

/* The length of s up to one of stops that is not within a "%{...}". */
apr_size_t tr_parts_span(const char *s, const char *stops);

/* Parse the text of one component into parts: literals and substitutions. */
const char *tr_parts_parse(tr_parser_t *ps, tr_component_t component,
                           tr_slice_t text);

#endif /* TR_TARGET_IMPL_H */

/* Licensed under the Apache License, Version 2.0; see LICENSE. */
#include <apr_strings.h>

#include "tr_guard.h"
#include "tr_pool.h"
#include "tr_warn.h"
#include "tr_words.h"

/* The arguments of one line, taken apart. */
typedef struct line_t {
    const char *pattern; /* NULL: none */
    int is_regex;
    const char *target;
    int argc; /* words */
    const char *const *argv;
} line_t;

static const char *pattern_parse(tr_rule_t *rule, const line_t *line,
                                 const tr_place_t *place, apr_pool_t *p)
{
    const char *error;

    if (line->pattern == NULL) {
        return NULL; /* TR_PATTERN_ANY */
    }
    error = line->is_regex
                ? tr_pattern_parse_regex(&rule->pattern, line->pattern,
                                         place->transient ? 0 : TR_REGEX_JIT, p)
                : tr_pattern_parse_path(&rule->pattern, line->pattern);
    return tr_words_said(line->pattern, error, p);
}

/* Say which matches of conditions the target needs. */
static void keep_groups(const tr_draft_t *draft)
{
    int i, n = 1; /* the first is the pattern's */

    for (i = 0; i < draft->conds->nelts; ++i) {
        tr_cond_t *cond = APR_ARRAY_IDX(draft->conds, i, tr_cond_t *);

        if (tr_cond_regex(cond)) {
            if (n < tr_target_regexes(draft->rule->target)) {
                tr_cond_keep_groups(cond, n);
            }
            ++n;
        }
    }
}

/* Parse the target, which can name groups of all regexes. */
static const char *parse_target(tr_draft_t *draft, const line_t *line,
                                apr_pool_t *p)
{
    tr_rule_t *rule = draft->rule;
    apr_array_header_t *regexes = apr_array_make(p, 2,
                                                 sizeof(const tr_regex_t *));
    tr_target_t *target;
    const char *error;
    int i;

    APR_ARRAY_PUSH(regexes, const tr_regex_t *) = rule->pattern.regex;
    for (i = 0; i < draft->conds->nelts; ++i) {
        const tr_cond_t *cond = APR_ARRAY_IDX(draft->conds, i,
                                              const tr_cond_t *);

        if (tr_cond_regex(cond)) {
            APR_ARRAY_PUSH(regexes, const tr_regex_t *) = tr_cond_regex(cond);
        }
    }
    error = tr_target_parse(&target, line->target, regexes, p);
    if (!error) {
        rule->target = target;
        if (tr_target_pool(target)) {
            rule->regexes = regexes;
            rule->phases |= TR_PHASE_FIXUPS; /* for those who stay */
        }
        keep_groups(draft);
    }
    return tr_words_said(line->target, error, p);
}

/* What an early phase does not know. */
static const char *early_check(const tr_attr_t *attr)
{
    return attr->kind == TR_ATTR_USER
               ? "nobody is authenticated yet when phase=early asks; leave one "
                 "of both out"
           : tr_attr_is_of_body(attr)
               ? "phase=early asks before anything looks into a body; leave "
                 "one of both out"
               : NULL;
}

/* An attribute that a word of a rule asks for, beside the one of the body before
 * it. */
static const char *attr_check(const tr_attr_t **of_body, const tr_rule_t *rule,
                              const tr_attr_t *attr, const char *word,
                              apr_pool_t *p)
{
    const char *error = attr && rule->is_early ? early_check(attr) : NULL;

    if (!error && attr && tr_attr_is_of_body(attr)) {
        if (*of_body && (*of_body)->kind != attr->kind) {
            error = "a body is a form or JSON, and never both, so this rule "
                    "could never match; write a rule for each";
        }
        *of_body = attr;
    }
    return tr_words_said(word, error, p);
}

/* The attributes that conditions, target and pool ask for. */
static const char *attrs_check(const tr_rule_t *rule, apr_pool_t *p)
{
    const apr_array_header_t *attrs = tr_target_attrs(rule->target);
    const tr_attr_t *of_body = NULL;
    const char *error = NULL;
    int i;

    for (i = 0; rule->conds && i < rule->conds->nelts && !error; ++i) {
        const tr_cond_t *cond = APR_ARRAY_IDX(rule->conds, i,
                                              const tr_cond_t *);

        error = attr_check(&of_body, rule, tr_cond_attr(cond),
                           tr_cond_word(cond), p);
    }
    for (i = 0; attrs && i < attrs->nelts && !error; ++i) {
        error = attr_check(&of_body, rule,
                           &APR_ARRAY_IDX(attrs, i, const tr_attr_t),
                           tr_target_word(rule->target), p);
    }
    if (!error && rule->pool) {
        error = attr_check(&of_body, rule, rule->pool->key,
                           rule->pool->key_word, p);
    }
    return error;
}

static tr_rule_t *rule_make(const tr_place_t *place, apr_pool_t *p)
{
    tr_rule_t *rule = apr_pcalloc(p, sizeof(*rule));
    apr_uint32_t *logged = apr_palloc(p, sizeof(*logged));

    rule->status = 307;
    rule->keep_tail = 1;
    rule->phases = TR_PHASE_FIXUPS;
    rule->cache = TR_CACHE_NO_STORE;
    rule->retry_after = TR_RETRY_NONE;
    rule->args = &tr_args_default;
    rule->place = apr_psprintf(p, "%s:%d", place->file, place->line);
    rule->id = rule->place;
    rule->logged = logged;
    *logged = place->transient ? APR_UINT32_MAX : 0;
    return rule;
}

/* What is wrong with a rule once its target is known. */
static const char *target_check(tr_rule_t *rule, apr_pool_t *p)
{
    const char *word = tr_target_word(rule->target), *error;

    if (tr_target_is_scheme(rule->target) && !rule->keep_tail) {
        return apr_psprintf(p,
                            "tail=drop: '%s' keeps the whole path; write "
                            "'%s//%%{host}/...'",
                            word, word);
    }
    error = attrs_check(rule, p);
    return error ? error : tr_words_said(word, tr_guard_check(rule, p), p);
}

static const char *rest_parse(tr_draft_t *draft, const line_t *line,
                              apr_pool_t *p)
{
    tr_rule_t *rule = draft->rule;
    const char *error = tr_words_finish(draft, p);

    if (!error) {
        error = pattern_parse(rule, line, draft->place, p);
    }
    if (!error) {
        error = parse_target(draft, line, p);
    }
    return error ? error : target_check(rule, p);
}

static const char *line_parse(tr_rule_t **out, apr_array_header_t *warnings,
                              const tr_place_t *place, const line_t *line,
                              apr_pool_t *p)
{
    tr_draft_t draft = { rule_make(place, p), place, 0, NULL, { 0 }, 0, 0 };
    const char *error;

    draft.not_for = (strcmp(line->target, "!") == 0 ? TR_WORDS_SEND : 0)
                    | (line->is_regex ? TR_WORDS_PATH : 0)
                    | (line->pattern ? 0 : TR_WORDS_COMPARE);
    error = tr_words_parse(&draft, line->argc, line->argv, p);
    if (!error) {
        error = rest_parse(&draft, line, p);
    }
    if (!error) {
        tr_warn_rule(warnings, &draft, line->pattern, line->is_regex, p);
        *out = draft.rule;
    }
    return error;
}

/* What is wrong with a URL-path that is none. */
static const char *path_hint(const char *word, apr_pool_t *p)
{
    static const char *const statuses[][2] = { { "permanent", "301" },
                                               { "seeother", "303" },
                                               { "temp", "307" } };
    tr_rule_t probe = { 0 };
    const char *status = tr_words_is_status(word) ? word : NULL;
    apr_size_t i;

    for (i = 0; i < sizeof(statuses) / sizeof(statuses[0]); ++i) {
        status = strcmp(word, statuses[i][0]) ? status : statuses[i][1];
    }
    if (status) {
        return apr_psprintf(p,
                            "the status stands behind the target; write "
                            "'status=%s'",
                            status);
    }
    if (strchr(word, '=')) {
        return "words stand behind the target; write 'URL-path target', then "
               "words such as 'status=303'";
    }
    return *word == '^' ? "a URL-path begins with '/'; for a regex write "
                          "TempRedirectMatch"
                        : tr_pattern_parse_path(&probe.pattern, word);
}

const char *tr_rule_parse(tr_rule_t **rule, apr_array_header_t *warnings,
                          const tr_place_t *place, int argc,
                          const char *const *argv, apr_pool_t *p)
{
    int paths = argc > 1 && tr_target_is(argv[1]);
    line_t line = { paths ? argv[0] : place->location, 0, argv[paths],
                    argc - paths - 1, argv + paths + 1 };

    if (paths && *argv[0] != '/') {
        /* Before what its words say. */
        return tr_words_said(argv[0], path_hint(argv[0], p), p);
    }
    return line_parse(rule, warnings, place, &line, p);
}

const char *tr_rule_parse_match(tr_rule_t **rule, apr_array_header_t *warnings,
                                const tr_place_t *place, int argc,
                                const char *const *argv, apr_pool_t *p)
{
    line_t line = { argv[0], 1, NULL, argc - 2, argv + 2 };

    if (argc < 2) {
        return tr_words_said(argv[0],
                             "a target is missing; write 'regex target'", p);
    }
    line.target = argv[1];
    return line_parse(rule, warnings, place, &line, p);
}

/* ---- pools ---- */

/* What is wrong with a rule on a member's target. */
static const char *arm_check(tr_rule_t *single, const tr_member_t *member,
                             apr_pool_t *p)
{
    const char *word = tr_target_word(member->target), *error;
    tr_target_t *target;

    single->target = member->target;
    if (tr_target_wants_rule(member->target)) {
        error = tr_target_parse(&target, word, single->regexes, p);
        if (error) {
            return tr_words_said(word, error, p);
        }
        single->target = target;
    }
    return target_check(single, p);
}

static const char *arm_build(tr_arm_t *arm, const tr_rule_t *rule,
                             const tr_pool_t *pool, int at, apr_pool_t *p)
{
    const tr_member_t *member = APR_ARRAY_IDX(pool->members, at,
                                              const tr_member_t *);
    tr_rule_t single = *rule;
    const char *error;

    single.pool = pool;
    error = arm_check(&single, member, p);
    if (error) {
        return apr_psprintf(p, "%s: member at %s: %s",
                            tr_target_word(rule->target), member->place, error);
    }
    arm->target = single.target;
    arm->inside = single.inside;
    arm->may_loop = single.may_loop;
    return NULL;
}

const char *tr_rule_bind(tr_rule_t *rule, apr_array_header_t *warnings,
                         const tr_pool_t *pool, apr_pool_t *p)
{
    int n = pool->members->nelts, i;
    tr_arm_t *arms = apr_palloc(p, (apr_size_t)n * sizeof(*arms));
    const char *error = NULL;

    if (rule->cache >= 0 && pool->key == NULL) {
        return apr_psprintf(p,
                            "cache=%" APR_INT64_T_FMT ": without 'key=' the "
                            "pool '%s' chooses at random, and a cache would "
                            "give one choice to all; leave it out, or give "
                            "the pool a key",
                            rule->cache, pool->name);
    }
    for (i = 0; i < n && !error; ++i) {
        error = arm_build(&arms[i], rule, pool, i, p);
    }
    if (!error) {
        rule->pool = pool;
        rule->arms = arms;
        rule->arms_n = n;
        tr_warn_bound(warnings, rule, p);
    }
    return error;
}

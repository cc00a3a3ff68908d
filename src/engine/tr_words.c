/* Licensed under the Apache License, Version 2.0; see LICENSE. */
#include <apr_strings.h>

#include "tr_ascii.h"
#include "tr_suggest.h"
#include "tr_unknown.h"
#include "tr_words.h"

/* ---- values ---- */

typedef struct word_t {
    const char *name;
    int flags; /* of TR_WORDS_*: what it needs */
    const char *(*parse)(tr_draft_t *draft, const char *value, apr_pool_t *p);
} word_t;

/* One of two values: 0 or 1 to *chosen. */
static const char *choose(int *chosen, const char *value, const char *zero,
                          const char *one, apr_pool_t *p)
{
    if (strcmp(value, zero) != 0 && strcmp(value, one) != 0) {
        const char *names[] = { zero, one };

        return apr_pstrcat(p, "unknown value",
                           tr_suggest(tr_slice_of(value), names, 2, p), NULL);
    }
    *chosen = strcmp(value, one) == 0;
    return NULL;
}

/* A number of seconds; RFC 9111 section 1.2.2 takes no more. */
static int seconds_parse(apr_int64_t *seconds, const char *value)
{
    apr_size_t n = strspn(value, "0123456789");

    if (n == 0 || n > 10 || value[n] || apr_atoi64(value) > APR_INT32_MAX) {
        return 0;
    }
    *seconds = apr_atoi64(value);
    return 1;
}

int tr_words_is_status(const char *word)
{
    static const char *const known[] = { "307", "302", "303", "301", "308" };
    apr_size_t i;

    for (i = 0; i < sizeof(known) / sizeof(known[0]); ++i) {
        if (strcmp(word, known[i]) == 0) {
            return 1;
        }
    }
    return 0;
}

static const char *status_parse(tr_draft_t *draft, const char *value,
                                apr_pool_t *p)
{
    (void)p;
    if (!tr_words_is_status(value)) {
        return "not the status of a redirect; write 307, 302, 303, 301 or 308";
    }
    draft->rule->status = (int)apr_atoi64(value);
    return NULL;
}

static const char *match_parse(tr_draft_t *draft, const char *value,
                               apr_pool_t *p)
{
    return choose(&draft->rule->pattern.exact, value, "prefix", "exact", p);
}

static const char *case_parse(tr_draft_t *draft, const char *value,
                              apr_pool_t *p)
{
    return choose(&draft->rule->pattern.caseless, value, "keep", "ignore", p);
}

static const char *tail_parse(tr_draft_t *draft, const char *value,
                              apr_pool_t *p)
{
    return choose(&draft->rule->keep_tail, value, "drop", "keep", p);
}

static const char *args_parse(tr_draft_t *draft, const char *value,
                              apr_pool_t *p)
{
    return tr_args_parse(&draft->rule->args, value, p);
}

static const char *from_parse(tr_draft_t *draft, const char *value,
                              apr_pool_t *p)
{
    draft->window.from = value;
    return tr_window_check_time(value, p);
}

static const char *until_parse(tr_draft_t *draft, const char *value,
                               apr_pool_t *p)
{
    draft->window.until = value;
    return tr_window_check_time(value, p);
}

static const char *hours_parse(tr_draft_t *draft, const char *value,
                               apr_pool_t *p)
{
    draft->window.hours = value;
    return tr_window_check_hours(value, p);
}

static const char *tz_parse(tr_draft_t *draft, const char *value, apr_pool_t *p)
{
    (void)p;
    draft->window.utc = strcmp(value, "UTC") == 0;
    return draft->window.utc || strcmp(value, "local") == 0
               ? NULL
               : "write 'local' or 'UTC'; a time of another zone has its "
                 "offset, as in '2026-12-01T22:00+09:00'";
}

static const char *cache_parse(tr_draft_t *draft, const char *value,
                               apr_pool_t *p)
{
    (void)p;
    if (strcmp(value, "unset") == 0) {
        draft->rule->cache = TR_CACHE_UNSET;
        return NULL;
    }
    return seconds_parse(&draft->rule->cache, value)
               ? NULL
               : "write seconds, from 0 to 2147483647, or 'unset'; 'no-store' "
                 "is sent without the word";
}

static const char *vary_parse(tr_draft_t *draft, const char *value,
                              apr_pool_t *p)
{
    return choose(&draft->rule->vary_off, value, "auto", "off", p);
}

static const char *retry_parse(tr_draft_t *draft, const char *value,
                               apr_pool_t *p)
{
    (void)p;
    if (strcmp(value, "window") == 0) {
        draft->rule->retry_after = TR_RETRY_WINDOW;
        return NULL;
    }
    return seconds_parse(&draft->rule->retry_after, value)
               ? NULL
               : "write seconds, from 0 to 2147483647, or 'window'";
}

static const char *phase_parse(tr_draft_t *draft, const char *value,
                               apr_pool_t *p)
{
    const char *error = choose(&draft->is_early, value, "fixups", "early", p);

    if (!error && draft->is_early && !draft->place->knows_early) {
        error = "stands in server, virtual host, <Location> and <If> only, as "
                "no other section is known before access control; write the "
                "rule there, or leave the word out";
    }
    draft->rule->phases = draft->is_early ? TR_PHASE_EARLY : TR_PHASE_FIXUPS;
    return error;
}

static const char *mode_parse(tr_draft_t *draft, const char *value,
                              apr_pool_t *p)
{
    return choose(&draft->rule->is_dry, value, "live", "dry", p);
}

static const char *id_parse(tr_draft_t *draft, const char *value, apr_pool_t *p)
{
    const char *c;

    (void)p;
    for (c = value; tr_is_graph(*c) && *c != '"'; ++c) {
    }
    if (*c || c == value) {
        return "a name is printable ASCII without spaces and quotes";
    }
    draft->rule->id = value;
    return NULL;
}

/* ---- words ---- */

#define SEND TR_WORDS_SEND

static const word_t words[] = {
    { "status", SEND, status_parse },
    { "match", TR_WORDS_PATH | TR_WORDS_COMPARE, match_parse },
    { "case", 0, case_parse },
    { "tail", SEND | TR_WORDS_PATH, tail_parse },
    { "args", SEND, args_parse },
    { "from", 0, from_parse },
    { "until", 0, until_parse },
    { "hours", 0, hours_parse },
    { "tz", 0, tz_parse },
    { "cache", SEND, cache_parse },
    { "vary", 0, vary_parse },
    { "retry-after", SEND, retry_parse },
    { "phase", 0, phase_parse },
    { "mode", 0, mode_parse },
    { "id", 0, id_parse },
};

#define WORDS ((int)(sizeof(words) / sizeof(words[0])))

/* The row of a word; WORDS where there is none. */
static int row_of(tr_slice_t name)
{
    int i = 0;

    while (i < WORDS && !tr_slice_equal(name, tr_slice_of(words[i].name))) {
        ++i;
    }
    return i;
}

int tr_words_has(tr_slice_t name)
{
    return row_of(name) < WORDS;
}

const char *tr_words_said(const char *word, const char *error, apr_pool_t *p)
{
    return error ? apr_psprintf(p, "%.200s%s: %s", word,
                                strlen(word) > 200 ? "..." : "", error)
                 : NULL;
}

static const char *unknown_word(const char *word, apr_pool_t *p)
{
    const char *names[WORDS];
    int i;

    for (i = 0; i < WORDS; ++i) {
        names[i] = words[i].name;
    }
    return tr_unknown_word(word, names, WORDS, p);
}

static const char *cond_parse(tr_draft_t *draft, const char *word,
                              apr_pool_t *p)
{
    const tr_place_t *place = draft->place;
    tr_cond_t *cond;
    const char *error;

    if (*word == '!'
        && row_of(tr_slice(word + 1, strcspn(word + 1, "="))) < WORDS) {
        return "'!' negates conditions only; for an exception write a rule "
               "with the target '!' before this one";
    }
    error = tr_cond_parse(&cond, word, place->transient ? 0 : TR_REGEX_JIT,
                          place->expr_parse, place->baton, p);
    if (!error) {
        APR_ARRAY_PUSH(draft->conds, tr_cond_t *) = cond;
    }
    return error;
}

static const char *word_parse(tr_draft_t *draft, const char *word,
                              apr_pool_t *p)
{
    tr_slice_t name = tr_slice(word, strcspn(word, "="));
    int row = row_of(name), missing;

    if (row == WORDS) {
        return tr_cond_is(word) ? cond_parse(draft, word, p)
                                : unknown_word(word, p);
    }
    missing = words[row].flags & draft->not_for;
    if (word[name.n] == '\0') {
        return apr_psprintf(p, "a value is missing; write '%s=...'", word);
    }
    if (missing & TR_WORDS_SEND) {
        return "'!' sends nothing to which this could apply; leave it out";
    }
    if (missing & TR_WORDS_PATH) {
        return "for a URL-path only; a regex says it itself";
    }
    if (missing & TR_WORDS_COMPARE) {
        return "there is no URL-path to compare with; write one before the "
               "target";
    }
    if (draft->seen & (1u << row)) {
        return "stands twice; leave one out";
    }
    draft->seen |= 1u << row;
    return words[row].parse(draft, word + name.n + 1, p);
}

const char *tr_words_parse(tr_draft_t *draft, int argc, const char *const *argv,
                           apr_pool_t *p)
{
    const char *error = NULL;
    int i;

    draft->conds = apr_array_make(p, 1, sizeof(tr_cond_t *));
    for (i = 0; i < argc && !error; ++i) {
        error = tr_words_said(argv[i], word_parse(draft, argv[i], p), p);
    }
    return error;
}

/* ---- all words together ---- */

static int has(const tr_draft_t *draft, const char *name)
{
    return (draft->seen & (1u << row_of(tr_slice_of(name)))) != 0;
}

/* One condition beside those before it. */
static const char *cond_check(const tr_draft_t *draft, int i, apr_pool_t *p)
{
    const tr_cond_t *cond = APR_ARRAY_IDX(draft->conds, i, const tr_cond_t *);
    const char *word = tr_cond_word(cond);
    int j;

    if (*word == '!' && tr_cond_is_trivial(cond)) {
        return "every request has one, so this rule could never match";
    }
    for (j = 0; j < i; ++j) {
        const tr_cond_t *other = APR_ARRAY_IDX(draft->conds, j,
                                               const tr_cond_t *);

        if (strcmp(word, tr_cond_word(other)) == 0) {
            return "stands twice; leave one out";
        }
        if (tr_cond_excludes(cond, other)) {
            return apr_psprintf(p,
                                *word == '!' || *tr_cond_word(other) == '!'
                                    ? "contradicts '%s', so this rule could "
                                      "never match"
                                    : "could never match beside '%s'; values "
                                      "that are alternatives stand in one "
                                      "condition, with ',' between them",
                                tr_cond_word(other));
        }
    }
    return NULL;
}

/* Whether a condition asks for what is not known in an early phase. */
static int asks_late(const tr_cond_t *cond)
{
    const tr_attr_t *attr = tr_cond_attr(cond);

    return attr && (attr->kind == TR_ATTR_USER || tr_attr_is_of_body(attr));
}

static const char *conds_finish(tr_draft_t *draft, apr_pool_t *p)
{
    tr_rule_t *rule = draft->rule;
    int i;

    for (i = 0; i < draft->conds->nelts; ++i) {
        const tr_cond_t *cond = APR_ARRAY_IDX(draft->conds, i,
                                              const tr_cond_t *);
        const char *error = cond_check(draft, i, p);

        if (error) {
            return tr_words_said(tr_cond_word(cond), error, p);
        }
        if (asks_late(cond) && !draft->is_early) {
            rule->phases &= ~TR_PHASE_EARLY;
        }
        rule->takes_preflights |= tr_cond_has_method(cond, "OPTIONS");
    }
    return NULL;
}

static const char *window_finish(tr_draft_t *draft, apr_pool_t *p)
{
    const tr_window_words_t *said = &draft->window;
    tr_rule_t *rule = draft->rule;
    const char *error;

    if (said->from || said->until || said->hours) {
        error = tr_window_build(&rule->window, said, p);
        if (error) {
            return error;
        }
        APR_ARRAY_PUSH(draft->conds,
                       tr_cond_t *) = tr_cond_of_window(rule->window, p);
    }
    else if (has(draft, "tz")) {
        return apr_psprintf(p,
                            "tz=%s: there is no from=, until= or hours= to "
                            "which it could apply; leave it out",
                            said->utc ? "UTC" : "local");
    }
    if (rule->retry_after == TR_RETRY_WINDOW
        && !(rule->window && tr_window_closes(rule->window))) {
        return "retry-after=window: this rule has no window that ends; add "
               "until= or hours=, or write seconds";
    }
    return NULL;
}

const char *tr_words_finish(tr_draft_t *draft, apr_pool_t *p)
{
    tr_rule_t *rule = draft->rule;
    const char *error;

    rule->is_early = draft->is_early;
    if (draft->not_for & TR_WORDS_SEND && !has(draft, "phase")
        && draft->place->knows_early) {
        rule->phases = TR_PHASE_FIXUPS | TR_PHASE_EARLY;
    }
    error = conds_finish(draft, p);
    if (!error) {
        error = window_finish(draft, p);
    }
    if (!error && rule->vary_off && rule->cache >= 0) {
        error = "vary=off: with seconds in cache= a cache would give one "
                "client's answer to others; leave one of both out";
    }
    if (!error && draft->conds->nelts > 0) {
        apr_array_header_t *sorted = apr_array_copy(p, draft->conds);

        tr_cond_sort(sorted);
        rule->conds = sorted;
    }
    return error;
}

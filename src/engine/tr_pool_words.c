/* Licensed under the Apache License, Version 2.0; see LICENSE. */
#include <apr_strings.h>

#include "tr_ascii.h"
#include "tr_cond.h"
#include "tr_pool.h"
#include "tr_suggest.h"
#include "tr_warn.h"

/* ---- words of a table ---- */

/* What one line fills. */
typedef struct draft_t {
    tr_pool_t *pool;     /* of TempRedirectPool */
    tr_member_t *member; /* of TempRedirectMember */
    tr_window_words_t window;
    const char *id; /* the word that the member's id is from */
    unsigned seen;  /* a bit each row of the table */
} draft_t;

typedef struct word_t {
    const char *name;
    const char *(*parse)(draft_t *draft, const char *value, apr_pool_t *p);
} word_t;

typedef struct words_t {
    const word_t *rows;
    int n;
} words_t;

/* The row of a word; n where there is none. */
static int row_of(const words_t *words, tr_slice_t name)
{
    int row = 0;

    while (row < words->n
           && !tr_slice_equal(name, tr_slice_of(words->rows[row].name))) {
        ++row;
    }
    return row;
}

static const char *unknown_word(const words_t *words, const char *word,
                                apr_pool_t *p)
{
    tr_slice_t name = tr_slice(word, strcspn(word, "="));
    const char *names[8], *stands = tr_pool_stands(name);
    int i;

    if (stands) {
        return stands;
    }
    if (tr_words_has(name) || tr_cond_is(word)) {
        return "stands at the rule, behind 'pool:NAME'";
    }
    for (i = 0; i < words->n; ++i) {
        names[i] = words->rows[i].name;
    }
    return apr_pstrcat(p, "unknown word",
                       tr_suggest(name, names, (apr_size_t)words->n, p), NULL);
}

static const char *word_parse(draft_t *draft, const words_t *words,
                              const char *word, apr_pool_t *p)
{
    tr_slice_t name = tr_slice(word, strcspn(word, "="));
    int row = row_of(words, name);

    if (row == words->n) {
        return unknown_word(words, word, p);
    }
    if (word[name.n] == '\0') {
        return apr_psprintf(p, "a value is missing; write '%s=...'", word);
    }
    if (draft->seen & (1u << row)) {
        return "stands twice; leave one out";
    }
    draft->seen |= 1u << row;
    return words->rows[row].parse(draft, word + name.n + 1, p);
}

static const char *words_parse(draft_t *draft, const words_t *words, int argc,
                               const char *const *argv, apr_pool_t *p)
{
    const char *error = NULL;
    int i;

    for (i = 0; i < argc && !error; ++i) {
        error = tr_words_said(argv[i], word_parse(draft, words, argv[i], p), p);
    }
    return error;
}

/* ---- TempRedirectPool ---- */

static const char *name_check(const char *name)
{
    const char *c = name;

    while (tr_is_alnum(*c) || (*c && strchr("-._", *c))) {
        ++c;
    }
    return *c || c == name ? "the name of a pool is letters, digits, '-', '.' "
                             "and '_'"
                           : NULL;
}

static const char *key_parse(draft_t *draft, const char *value, apr_pool_t *p)
{
    tr_attr_t *key = apr_palloc(p, sizeof(*key));

    draft->pool->key = key;
    draft->pool->key_word = apr_pstrcat(p, "key=", value, NULL);
    return tr_attr_parse(key, tr_slice_of(value), TR_USE_KEY, p);
}

/* "30d"; 0 where it is none. */
static apr_int64_t ttl_of(const char *text)
{
    static const char units[] = "smhdw";
    static const apr_int64_t seconds[] = { 1, 60, 3600, 86400, 604800 };
    apr_size_t digits = strspn(text, "0123456789");
    const char *unit = text[digits] ? strchr(units, text[digits]) : units;

    return digits == 0 || digits > 9 || !unit
                   || (text[digits] && text[digits + 1])
               ? 0
               : apr_atoi64(text) * seconds[unit - units];
}

static const char *sticky_parse(draft_t *draft, const char *value,
                                apr_pool_t *p)
{
    const char *colon = strchr(value, ':');
    apr_size_t n = colon ? (apr_size_t)(colon - value) : strlen(value);
    const char *name = apr_pstrmemdup(p, value, n);

    if (strncmp(name, "cookie.", 7) == 0) {
        return apr_psprintf(p, "name the cookie alone, '%s'", name + 7);
    }
    if (!tr_is_token(tr_slice_of(name))) {
        return apr_psprintf(p,
                            "'%s' is not the name of a cookie; write letters, "
                            "digits, '-' and '_'",
                            name);
    }
    draft->pool->sticky = name;
    if (colon) {
        draft->pool->ttl = ttl_of(colon + 1);
        if (draft->pool->ttl < 1 || draft->pool->ttl > TR_STICKY_MAX) {
            return apr_psprintf(p,
                                "'%s' is not how long a browser keeps a "
                                "cookie; write it as in '90m', '12h' or '30d', "
                                "at most 400d, or leave it out for one session",
                                colon + 1);
        }
    }
    return NULL;
}

static const word_t pool_words[] = {
    { "key", key_parse },
    { "sticky", sticky_parse },
};

static const words_t of_pool = { pool_words, 2 };

const char *tr_pool_parse(tr_pool_t **pool, apr_array_header_t *warnings,
                          const tr_place_t *place, int argc,
                          const char *const *argv, apr_pool_t *p)
{
    tr_pool_t *made = apr_pcalloc(p, sizeof(*made));
    draft_t draft = { .pool = made };
    const char *error;

    if (argc == 0) {
        return "a name is missing; write 'name [key=attribute] "
               "[sticky=cookie[:ttl]]'";
    }
    made->name = argv[0];
    made->hash = tr_hash(0, 0, tr_slice_of(made->name));
    made->members = apr_array_make(p, 4, sizeof(tr_member_t *));
    made->place = apr_psprintf(p, "%s:%d", place->file, place->line);
    error = tr_words_said(argv[0], name_check(argv[0]), p);
    if (!error) {
        error = words_parse(&draft, &of_pool, argc - 1, argv + 1, p);
    }
    if (!error && made->key && made->sticky && made->key->kind == TR_ATTR_COOKIE
        && strcmp(made->key->name, made->sticky) == 0) {
        error =
            tr_words_said(made->key_word,
                          "is the cookie of sticky=, which would write over "
                          "it; choose another name there",
                          p);
    }
    if (!error && made->key) {
        tr_warn_attr(warnings, made->key_word, made->key, 0, p);
    }
    if (!error) {
        *pool = made;
    }
    return error;
}

/* ---- TempRedirectMember ---- */

static const char *weight_parse(draft_t *draft, const char *value,
                                apr_pool_t *p)
{
    apr_size_t n = strspn(value, "0123456789");
    apr_int64_t weight = n > 0 && n < 10 && !value[n] ? apr_atoi64(value) : -1;

    (void)p;
    if (weight < 0 || weight > TR_WEIGHT_MAX) {
        return "not a weight; write a whole number from 0 to 1000000: shares "
               "of 2.5 % and 97.5 % are weight=25 and weight=975";
    }
    draft->member->runner.weight = (apr_uint32_t)weight;
    return NULL;
}

static const char *id_parse(draft_t *draft, const char *value, apr_pool_t *p)
{
    draft->member->runner.id = value;
    draft->id = apr_pstrcat(p, "id=", value, NULL);
    return NULL;
}

static const char *from_parse(draft_t *draft, const char *value, apr_pool_t *p)
{
    draft->window.from = value;
    return tr_window_check_time(value, p);
}

static const char *until_parse(draft_t *draft, const char *value, apr_pool_t *p)
{
    draft->window.until = value;
    return tr_window_check_time(value, p);
}

static const word_t member_words[] = {
    { "weight", weight_parse },
    { "id", id_parse },
    { "from", from_parse },
    { "until", until_parse },
};

static const words_t of_member = { member_words, 4 };

/* RFC 6265 section 4.1.1: what a cookie's value may have. */
static const char *id_check(const char *id, const tr_pool_t *pool)
{
    const char *stops = pool->sticky ? "\",;\\" : "\"";
    const char *c;

    for (c = id; tr_is_graph(*c) && !strchr(stops, *c); ++c) {
    }
    if (*c == '\0' && c > id && (!pool->sticky || c - id <= 255)) {
        return NULL;
    }
    return pool->sticky
               ? "cannot stand in the cookie of sticky=; write an 'id=' of at "
                 "most 255 letters, digits and '-'"
               : "cannot be a member's name in logs; write an 'id=' of "
                 "printable ASCII without spaces and quotes";
}

static const char *id_finish(const draft_t *draft, const tr_pool_t *pool,
                             apr_pool_t *p)
{
    tr_member_t *member = draft->member;
    tr_slice_t id = tr_slice_of(member->runner.id);
    const char *error = id_check(id.p, pool);
    int i;

    for (i = 0; i < pool->members->nelts && !error; ++i) {
        const tr_member_t *other = APR_ARRAY_IDX(pool->members, i,
                                                 const tr_member_t *);

        if (strcmp(id.p, other->runner.id) == 0) {
            error = apr_psprintf(p,
                                 "is the id of the member at %s already; give "
                                 "this one another 'id='",
                                 other->place);
        }
    }
    member->runner.hash = tr_hash(0, 0, id);
    return tr_words_said(draft->id, error, p);
}

static const char *target_parse(tr_member_t *member, const char *word,
                                apr_pool_t *p)
{
    tr_target_t *target;
    const char *error = tr_target_parse(&target, word, NULL, p);

    if (!error && tr_target_pool(target)) {
        error = "a pool cannot be a member; write its members here";
    }
    if (!error) {
        member->target = target;
    }
    return tr_words_said(word, error, p);
}

const char *tr_member_parse(tr_member_t **member, apr_array_header_t *warnings,
                            const tr_pool_t *pool, const tr_place_t *place,
                            int argc, const char *const *argv, apr_pool_t *p)
{
    tr_member_t *made = apr_pcalloc(p, sizeof(*made));
    draft_t draft = { .member = made };
    const char *error;

    if (argc == 0) {
        return "a target is missing; write 'pool target [word ...]'";
    }
    draft.id = argv[0];
    made->runner.id = argv[0];
    made->runner.weight = 1;
    made->place = apr_psprintf(p, "%s:%d", place->file, place->line);
    error = target_parse(made, argv[0], p);
    if (!error) {
        error = words_parse(&draft, &of_member, argc - 1, argv + 1, p);
    }
    if (!error && (draft.window.from || draft.window.until)) {
        error = tr_window_build(&made->window, &draft.window, p);
    }
    if (!error) {
        error = id_finish(&draft, pool, p);
    }
    if (!error) {
        tr_warn_target(warnings, made->target, 0, p);
        if (made->window) {
            tr_warn_window(warnings, "member", made->window, draft.window.until,
                           place->now, p);
        }
        *member = made;
    }
    return error;
}

/* ---- all of a pool ---- */

const char *tr_pool_stands(tr_slice_t name)
{
    return row_of(&of_pool, name) < of_pool.n ? "stands at a TempRedirectPool"
           : row_of(&of_member, name) < of_member.n
               ? "stands at a TempRedirectMember"
               : NULL;
}

const char *tr_pool_check(const tr_pool_t *pool, apr_pool_t *p)
{
    int i;

    if (pool->members->nelts == 0) {
        return apr_psprintf(p,
                            "%s: has no member; write 'TempRedirectMember %s "
                            "target' behind it",
                            pool->name, pool->name);
    }
    for (i = 0; i < pool->members->nelts; ++i) {
        if (APR_ARRAY_IDX(pool->members, i, const tr_member_t *)->runner.weight
            > 0) {
            return NULL;
        }
    }
    return apr_psprintf(p,
                        "%s: the weights of its members add up to 0, so nobody "
                        "could ever be sent to one; give one a weight",
                        pool->name);
}

/* Licensed under the Apache License, Version 2.0; see LICENSE. */
#include <apr_cstr.h>
#include <apr_strings.h>

#include "tr_ascii.h"
#include "tr_pool.h"
#include "tr_suggest.h"
#include "tr_target.h"
#include "tr_unknown.h"
#include "tr_view.h"

/* What others call it, or a value without its word. */
static const struct {
    const char *said, *meant;
} synonyms[] = {
    { "early", "phase=early" },
    { "dry", "mode=dry" },
    { "exact", "match=exact" },
    { "nocase", "case=ignore" },
    { "permanent", "status=301" },
    { "seeother", "status=303" },
    { "temp", "status=307" },
    { "code", "status=" },
    { "ip", "client=" },
    { "address", "client=" },
    { "start", "from=" },
    { "since", "from=" },
    { "till", "until=" },
    { "to", "until=" },
    { "end", "until=" },
    { "days", "hours=" },
    { "time", "hours=" },
    { "timezone", "tz=" },
    { "max-age", "cache=" },
    { "ttl", "cache=" },
    { "language", "lang=" },
    { "user-agent", "header.User-Agent=" },
    { "referer", "header.Referer=" },
    { "if", "expr=" },
    { "body", "json./NAME=" },
    { "payload", "json./NAME=" },
    { "field", "form.NAME=" },
    { "body.", "json./NAME=" },
    { "payload.", "json./NAME=" },
    { "post.", "form.NAME=" },
    { "param.", "query.NAME=" },
};

static const char *meant(const char *what, apr_pool_t *p)
{
    return apr_psprintf(p, "unknown word; did you mean '%s'?", what);
}

static const char *synonym_of(tr_slice_t name, apr_pool_t *p)
{
    apr_size_t i;

    for (i = 0; i < sizeof(synonyms) / sizeof(synonyms[0]); ++i) {
        if (strlen(synonyms[i].said) == name.n
            && apr_cstr_casecmpn(synonyms[i].said, name.p, name.n) == 0) {
            return meant(synonyms[i].meant, p);
        }
    }
    return NULL;
}

/* A word that was taken apart, or together with something. */
static const char *mark_check(const char *word)
{
    return *word == '='   ? "no space stands around a '='"
           : *word == '#' ? "a comment has a line of its own"
           : strchr(word, '"')
               ? "a word with spaces is quoted whole, as in \"header.X=a b\""
               : NULL;
}

/* "POST", "307": a value alone. */
static const char *value_check(const char *word, apr_pool_t *p)
{
    const char *c;

    if (word[strspn(word, "0123456789")] == '\0') {
        return meant(apr_pstrcat(p, "status=", word, NULL), p);
    }
    for (c = word; *c >= 'A' && *c <= 'Z'; ++c) {
    }
    return *c ? NULL : meant(apr_pstrcat(p, "method=", word, NULL), p);
}

static int is_condition(const char *name, apr_pool_t *p)
{
    tr_attr_t attr;

    return tr_attr_parse(&attr, tr_slice_of(name), TR_USE_CONDITION, p) == NULL;
}

/* The attribute that takes such a name. */
static const char *named(const char *attr, const char *name, apr_pool_t *p)
{
    if (is_condition(apr_pstrcat(p, attr, ".x", NULL), p)) {
        return meant(apr_pstrcat(p, attr, ".", name, NULL), p);
    }
    if (is_condition(apr_pstrcat(p, attr, "./x", NULL), p)) {
        return meant(apr_pstrcat(p, attr, *name == '/' ? "." : "./", name,
                                 NULL),
                     p);
    }
    return NULL;
}

/* "header:X=1", "json/type=push", "method:POST", "status:303" */
static const char *mark_for_dot_check(const char *word,
                                      const char *const *names, int n,
                                      apr_pool_t *p)
{
    const char *mark = strpbrk(word, ":/"), *name, *error;
    int i;

    if (mark == NULL || (*mark == '/' && !strchr(mark, '='))) {
        return NULL; /* "form/page" is meant for a target */
    }
    name = apr_pstrmemdup(p, word, (apr_size_t)(mark - word));
    error = named(name, mark + 1, p);
    if (error || *mark == '/') {
        return error;
    }
    for (i = 0; i < n && strcmp(name, names[i]) != 0; ++i) {
    }
    return i < n || is_condition(name, p)
               ? meant(apr_pstrcat(p, name, "=", mark + 1, NULL), p)
               : NULL;
}

/* What can only have been meant as a target, or to be one. */
static const char *target_check(const char *word)
{
    apr_size_t n = strcspn(word, "="), dot = strcspn(word, ".");

    if (word[n] == '=' && strcspn(word, "/:?#") > n) {
        return NULL;
    }
    if (word[n] == '=' && dot > 0 && dot < n && word[dot + 1] == '/') {
        return NULL; /* "jsno./type=push" */
    }
    if (tr_target_is(word)) {
        return "a target stands before it already; write 'URL-path target', "
               "then words such as 'status=303'";
    }
    return strpbrk(word, "/.")
               ? "neither a target nor a word; a target is an absolute URL, a "
                 "path beginning with '/', 'https:', 'http:', 'pool:NAME' or "
                 "'!'"
               : NULL;
}

static const char *nearest(const char *word, const char *const *names, int n,
                           apr_pool_t *p)
{
    const char *known[64 + TR_ATTRS];
    int i, count = n < 63 ? n : 63;

    for (i = 0; i < count; ++i) {
        known[i] = names[i];
    }
    count += tr_attr_names(known + count, TR_USE_CONDITION);
    known[count++] = "expr";
    return apr_pstrcat(p, "unknown word",
                       tr_suggest(tr_slice(word, strcspn(word, ".=")), known,
                                  (apr_size_t)count, p),
                       NULL);
}

const char *tr_unknown_word(const char *word, const char *const *names, int n,
                            apr_pool_t *p)
{
    tr_slice_t name = tr_slice(word, strcspn(word, "="));
    apr_size_t dot = strcspn(word, ".");
    const char *error = mark_check(word);

    if (!error) {
        error = tr_pool_stands(name);
    }
    if (!error) {
        error = synonym_of(name, p);
    }
    if (!error && word[name.n] == '=' && dot < name.n) {
        error = synonym_of(tr_slice(word, dot + 1), p);
    }
    if (!error) {
        error = mark_for_dot_check(word, names, n, p);
    }
    if (!error) {
        error = target_check(word);
    }
    if (!error && word[name.n] == '\0') {
        error = value_check(word, p);
    }
    return error ? error : nearest(word, names, n, p);
}

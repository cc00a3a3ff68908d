/* Licensed under the Apache License, Version 2.0; see LICENSE. */
#include <apr_strings.h>

#include "tr_ascii.h"
#include "tr_guard.h"
#include "tr_rule.h"
#include "tr_suggest.h"
#include "tr_uri.h"

/* ---- the words ---- */

enum {
    SENDS = 1,   /* speaks of the redirect, so not for '!' */
    PATH = 2,    /* speaks of the URL-path, so not for a regex */
    COMPARES = 4 /* speaks of how it is compared, so not without one */
};

typedef struct word_t {
    const char *name;
    int flags;
    const char *(*parse)(tr_rule_t *rule, const char *value, apr_pool_t *p);
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

static const char *status_parse(tr_rule_t *rule, const char *value,
                                apr_pool_t *p)
{
    static const char *const known[] = { "307", "302", "303", "301", "308" };
    apr_size_t i;

    (void)p;
    for (i = 0; i < sizeof(known) / sizeof(known[0]); ++i) {
        if (strcmp(value, known[i]) == 0) {
            rule->status = (int)apr_atoi64(value);
            return NULL;
        }
    }
    return "not the status of a redirect; write 307, 302, 303, 301 or 308";
}

static const char *match_parse(tr_rule_t *rule, const char *value,
                               apr_pool_t *p)
{
    return choose(&rule->pattern.exact, value, "prefix", "exact", p);
}

static const char *case_parse(tr_rule_t *rule, const char *value, apr_pool_t *p)
{
    return choose(&rule->pattern.caseless, value, "keep", "ignore", p);
}

static const char *tail_parse(tr_rule_t *rule, const char *value, apr_pool_t *p)
{
    return choose(&rule->keep_tail, value, "drop", "keep", p);
}

static const char *args_parse(tr_rule_t *rule, const char *value, apr_pool_t *p)
{
    return tr_args_parse(&rule->args, value, p);
}

static const char *id_parse(tr_rule_t *rule, const char *value, apr_pool_t *p)
{
    const char *c;

    (void)p;
    for (c = value; tr_is_graph(*c) && *c != '"'; ++c) {
    }
    if (*c || c == value) {
        return "a name is printable ASCII without spaces and quotes";
    }
    rule->id = value;
    return NULL;
}

static const word_t words[] = {
    { "status", SENDS, status_parse },
    { "match", PATH | COMPARES, match_parse },
    { "case", 0, case_parse },
    { "tail", SENDS | PATH, tail_parse },
    { "args", SENDS, args_parse },
    { "id", 0, id_parse },
};

#define WORDS (sizeof(words) / sizeof(words[0]))

static const char *unknown_word(const char *word, tr_slice_t name,
                                apr_pool_t *p)
{
    int is_pair = word[name.n] == '=' && strcspn(word, "/:?#") > name.n;
    const char *names[WORDS];
    apr_size_t i;

    for (i = 0; i < WORDS; ++i) {
        names[i] = words[i].name;
    }
    if (!is_pair && tr_target_is(word)) {
        return "a target stands before it already; write 'URL-path target', "
               "then words such as 'status=303'";
    }
    if (!is_pair && strpbrk(word, "/.")) {
        return "neither a target nor a word; a target is an absolute URL, a "
               "path beginning with '/', 'https:', 'http:' or '!'";
    }
    if (!is_pair && word[strspn(word, "0123456789")] == '\0') {
        return apr_psprintf(p, "unknown word; did you mean 'status=%s'?", word);
    }
    return apr_pstrcat(p, "unknown word", tr_suggest(name, names, WORDS, p),
                       NULL);
}

static const char *word_parse(tr_rule_t *rule, unsigned *seen, int not_for,
                              const char *word, apr_pool_t *p)
{
    tr_slice_t name = tr_slice(word, strcspn(word, "="));
    int is_pair = word[name.n] == '=';
    apr_size_t i;

    for (i = 0; i < WORDS; ++i) {
        if (tr_slice_equal(name, tr_slice_of(words[i].name))) {
            break;
        }
    }
    if (i == WORDS) {
        return unknown_word(word, name, p);
    }
    if (!is_pair) {
        return apr_psprintf(p, "a value is missing; write '%s=...'", word);
    }
    if (words[i].flags & not_for & SENDS) {
        return "'!' sends nothing to which this could apply; leave it out";
    }
    if (words[i].flags & not_for & PATH) {
        return "for a URL-path only; a regex says it itself";
    }
    if (words[i].flags & not_for & COMPARES) {
        return "there is no URL-path to compare with; write one before the "
               "target";
    }
    if (*seen & (1u << i)) {
        return "stands twice; leave one out";
    }
    *seen |= 1u << i;
    return words[i].parse(rule, word + name.n + 1, p);
}

/* ---- the rule ---- */

/* The arguments of one line, taken apart. */
typedef struct line_t {
    const char *pattern; /* NULL: none */
    int is_regex;
    const char *target;
    int argc; /* words */
    const char *const *argv;
} line_t;

/* An error with the word that it is about; httpd cuts a line after 8 KB, so of
 * a long word the beginning. */
static const char *said(const char *word, const char *error, apr_pool_t *p)
{
    const char *more = strlen(word) > 200 ? "..." : "";

    return error ? apr_psprintf(p, "%.200s%s: %s", word, more, error) : NULL;
}

static const char *words_parse(tr_rule_t *rule, const line_t *line,
                               apr_pool_t *p)
{
    int not_for = (strcmp(line->target, "!") == 0 ? SENDS : 0)
                  | (line->is_regex ? PATH : 0)
                  | (line->pattern ? 0 : COMPARES);
    unsigned seen = 0;
    int i;

    for (i = 0; i < line->argc; ++i) {
        const char *error = word_parse(rule, &seen, not_for, line->argv[i], p);

        if (error) {
            return said(line->argv[i], error, p);
        }
    }
    return NULL;
}

static const char *pattern_parse(tr_rule_t *rule, const line_t *line,
                                 const tr_place_t *place, apr_pool_t *p)
{
    if (line->pattern == NULL) {
        return NULL; /* TR_PATTERN_ANY */
    }
    return said(line->pattern,
                line->is_regex
                    ? tr_pattern_parse_regex(&rule->pattern, line->pattern,
                                             place->transient ? 0
                                                              : TR_REGEX_JIT,
                                             p)
                    : tr_pattern_parse_path(&rule->pattern, line->pattern),
                p);
}

static void warn(apr_array_header_t *warnings, const char *text)
{
    APR_ARRAY_PUSH(warnings, const char *) = text;
}

/* Decode all but a %2F, which AllowEncodedSlashes NoDecode leaves as it is.
 * @return NULL where there is nothing to decode */
static const char *decoded_of(const char *path, apr_pool_t *p)
{
    char *text = apr_palloc(p, strlen(path) + 1), *w = text;
    int found = 0;

    while (*path) {
        int byte = *path == '%' ? tr_uri_hex(path + 1) : -1;

        if (byte > 0 && byte != '/') {
            *w++ = (char)byte;
            path += 3;
            found = 1;
        }
        else {
            *w++ = *path++;
        }
    }
    *w = '\0';
    return found ? text : NULL;
}

/* What a URL-path hardly means: it is compared with the decoded path. */
static void path_warn(apr_array_header_t *warnings, const char *path,
                      apr_pool_t *p)
{
    const char *decoded = decoded_of(path, p);
    const char *odd = strpbrk(path, "?#");

    if (decoded) {
        warn(warnings, apr_psprintf(p,
                                    "%s: is compared with the decoded path "
                                    "of a request; did you mean \"%s\"?",
                                    path, decoded));
    }
    if (odd) {
        warn(warnings, apr_psprintf(p,
                                    "%s: the '%c' is compared with the "
                                    "path; a query or fragment is not part "
                                    "of it",
                                    path, *odd));
    }
    if (strchr(path, '*')) {
        warn(warnings, apr_psprintf(p,
                                    "%s: the '*' stands for itself; a "
                                    "URL-path is for all below it, and "
                                    "TempRedirectMatch takes a regex",
                                    path));
    }
    if (strstr(path, "//")) {
        warn(warnings, apr_psprintf(p,
                                    "%s: only matches with MergeSlashes Off; "
                                    "otherwise '//' in a request is '/'",
                                    path));
    }
}

/* "htps://": any scheme may be meant, but hardly one like these. */
static void scheme_warn(apr_array_header_t *warnings, const tr_target_t *target,
                        apr_pool_t *p)
{
    static const char *const web[] = { "https", "http" };
    const char *scheme = tr_target_scheme(target), *meant;

    if (scheme == NULL || strcmp(scheme, web[0]) == 0
        || strcmp(scheme, web[1]) == 0) {
        return;
    }
    meant = tr_suggest(tr_slice_of(scheme), web, 2, p);
    if (strstr(meant, "did you mean")) {
        warn(warnings, apr_psprintf(p, "%s: '%s' is a scheme of its own%s",
                                    tr_target_word(target), scheme, meant));
    }
}

static void line_warn(apr_array_header_t *warnings, const line_t *line,
                      const tr_place_t *place, const tr_target_t *target,
                      apr_pool_t *p)
{
    scheme_warn(warnings, target, p);
    if (line->pattern && !line->is_regex) {
        path_warn(warnings, line->pattern, p);
    }
    if (!line->pattern && place->is_server && *line->target == '/') {
        warn(warnings, apr_psprintf(p,
                                    "%s: without a URL-path before it, all "
                                    "requests go there; if they should, write "
                                    "'/ %s tail=drop'",
                                    line->target, line->target));
    }
}

static const char *line_parse(tr_rule_t **out, apr_array_header_t *warnings,
                              const tr_place_t *place, const line_t *line,
                              apr_pool_t *p)
{
    tr_rule_t *rule = apr_pcalloc(p, sizeof(*rule));
    apr_uint32_t *logged = apr_palloc(p, sizeof(*logged));
    tr_target_t *target;
    const char *error;

    rule->status = 307;
    rule->keep_tail = 1;
    rule->args = &tr_args_default;
    rule->place = apr_psprintf(p, "%s:%d", place->file, place->line);
    rule->id = rule->place;
    rule->logged = logged;
    *logged = place->transient ? APR_UINT32_MAX : 0;
    error = words_parse(rule, line, p);
    if (!error) {
        error = pattern_parse(rule, line, place, p);
    }
    if (!error) {
        error = said(line->target,
                     tr_target_parse(&target, line->target, rule->pattern.regex,
                                     p),
                     p);
    }
    if (!error && tr_target_is_scheme(target) && !rule->keep_tail) {
        error = apr_psprintf(p,
                             "tail=drop: '%s' keeps the whole path; write "
                             "'%s//%%{host}/...'",
                             line->target, line->target);
    }
    if (!error) {
        rule->target = target;
        error = said(line->target, tr_guard_check(rule, p), p);
    }
    if (!error) {
        line_warn(warnings, line, place, target, p);
        *out = rule;
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
    const char *status = status_parse(&probe, word, p) ? NULL : word;
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
        return said(argv[0], path_hint(argv[0], p), p); /* before its words */
    }
    return line_parse(rule, warnings, place, &line, p);
}

const char *tr_rule_parse_match(tr_rule_t **rule, apr_array_header_t *warnings,
                                const tr_place_t *place, int argc,
                                const char *const *argv, apr_pool_t *p)
{
    line_t line = { argv[0], 1, NULL, argc - 2, argv + 2 };

    if (argc < 2) {
        return said(argv[0], "a target is missing; write 'regex target'", p);
    }
    line.target = argv[1];
    return line_parse(rule, warnings, place, &line, p);
}

/* Licensed under the Apache License, Version 2.0; see LICENSE. */
#include <apr_lib.h>
#include <apr_strings.h>

#include "random_rules.h"

#define ONE_OF(table) ((table)[unit_random(ROWS(table))])

static const char *long_segment(void)
{
    unsigned n = 1 + unit_random(3) * 200 + unit_random(2);
    char *segment = apr_palloc(pool, n + 1);

    memset(segment, 's', n);
    segment[n] = '\0';
    return segment;
}

static const char *random_segment(void)
{
    static const char *const segments[] = { "a", "a",  "b",   "A",  "B",
                                            "c", "ab", "a-b", "aB", "" };

    return unit_random(30) == 0 ? long_segment() : ONE_OF(segments);
}

static const char *random_path(void)
{
    unsigned n = unit_random(40) == 0 ? 60 + unit_random(9) : unit_random(5);
    const char *path = n == 0 || unit_random(3) == 0 ? "/" : "";

    for (; n > 0; --n) {
        path = apr_pstrcat(pool, "/", random_segment(), path, NULL);
    }
    while (path[0] == '/' && path[1] == '/') {
        ++path; /* no request begins so */
    }
    return path;
}

static const char *random_regex(void)
{
    static const char *const ends[] = { "",      "$",        "(.*)$", ".*$",
                                        "?b",    "*b",       "+b",    "{2}$",
                                        "(b|/)", "[ab/].*$", "|^/b",  "/?$" };
    static const char *const others[] = { "/a", "b$", "(a|B)$", "^(/a|/b/)",
                                          "^/(a|b)/", "^.*/c", "." };

    return unit_random(4) == 0
               ? ONE_OF(others)
               : apr_pstrcat(pool, "^", random_path(), ONE_OF(ends), NULL);
}

/* Conditions, and what decides beside them, of half of the rules. */
static const char *random_words(void)
{
    static const char *const words[] = {
        " header.X",       " !header.X",         " header.X=1",
        " header.X=~^1",   " cookie.c",          " query.q",
        " !query.q=1",     " expr=yes:Y",        " expr=fails",
        " mode=dry",       " vary=off cookie.c", " phase=early",
        " method=OPTIONS", " until=2026-12-01T22:00Z",
        " from=2026-12-01T22:00Z header.Z"
    };

    return unit_random(2) ? ONE_OF(words) : "";
}

const char *random_line(int number)
{
    static const char *const targets[] = { "https://h.example/n", "!", "/n",
                                           "/n/%{query.q}" };
    const char *casing = unit_random(4) == 0 ? " case=ignore" : "";
    const char *exact = unit_random(4) == 0 ? " match=exact" : "";
    const char *words = apr_psprintf(pool, "%s id=R%d", random_words(),
                                     number);
    unsigned kind = unit_random(100);

    if (kind == 0) {
        return apr_pstrcat(pool, "TempRedirect https://h.example/all", words,
                           NULL);
    }
    if (kind < 30) {
        return apr_pstrcat(pool, "TempRedirectMatch ", random_regex(),
                           " https://h.example/$0", casing, words, NULL);
    }
    return apr_pstrcat(pool, "TempRedirect ", random_path(), " ",
                       kind < 80 ? targets[0] : ONE_OF(targets), casing, exact,
                       words, NULL);
}

const char *random_path_for(const tr_rule_t *rule)
{
    static const char *const ends[] = { "", "", "/", "/a", "b", "/b/", "//" };
    tr_slice_t begin = rule->pattern.begin;
    char *path;

    if (begin.n == 0 || unit_random(2) == 0) {
        return random_path();
    }
    path = apr_pstrcat(pool, text_of(begin), ONE_OF(ends), NULL);
    if (unit_random(4) == 0) {
        char *c = path + unit_random((unsigned)strlen(path));

        *c = (char)(apr_islower(*c) ? apr_toupper(*c) : apr_tolower(*c));
    }
    return path;
}

const char *const *random_facts(void)
{
    static const char *const some[] = {
        "header.X=1",       "header.X=12, 3",   "header.Cookie=c=1",
        "header.Z=1",       "preflight",        "method=OPTIONS",
        "now=2026-12-01T22:00Z", "now=2026-12-01T21:59Z"
    };
    const char **facts = apr_pcalloc(pool, 4 * sizeof(*facts));
    unsigned i, n = unit_random(4);

    for (i = 0; i < n; ++i) {
        facts[i] = ONE_OF(some);
    }
    return facts;
}

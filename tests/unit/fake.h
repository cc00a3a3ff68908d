/* Licensed under the Apache License, Version 2.0; see LICENSE. */
/**
 * @file fake.h
 * A request without a server, and rules as they stand in a configuration.
 *
 *     static const char *const facts[] = { "header.X=a b", NULL };
 *     const tr_rule_t *rule = fake_rule("TempRedirect /old /new/%{header.X}");
 *     fake_t *fake = fake_request("/old/x?q=1", facts);
 *
 *     fake_render(&location, rule, fake);        // "/new/a%20b/x?q=1"
 *
 * Whatever the engine is given ends at an unreadable page.
 */
#ifndef FAKE_H
#define FAKE_H

#include "tr_body.h"
#include "tr_consulted.h"
#include "tr_pool.h"
#include "unit.h"

/** The facts of a row of a table: the rest of it is NULL. */
typedef const char *fake_facts_t[4];

typedef struct fake_t {
    tr_view_t view;
    const char *const *facts;
    apr_array_header_t *failures; /**< const char *: "ID TR_REASON", and
                                       "ID dry LOCATION" */
    tr_body_t body;
    int reads;                    /**< how often the body was */
    const char *unmet;            /**< "ID WORD;" for each condition that did not
                                       hold; WORD is "window" for one */
} fake_t;

/**
 * A request on https://www.example.org/.
 * @param target of the request, as sent; MergeSlashes is on
 * @param facts "NAME=VALUE" up to a NULL, *borrowed*: what differs from
 *        method=GET, scheme=https, host=www.example.org, port=443 and
 *        client=192.0.2.7; a header, an environment entry, the user;
 *        "languages=en de" (TempRedirectLanguages), "now=2026-12-01T22:00Z";
 *        "unknown" is for a host that is no name of the server, "preflight" for
 *        a CORS preflight; "form=a=1&b=2" and "json={...}" are a body and its
 *        type, "body=..." is one without; with "long", "taken" or "failed" it
 *        comes to that; "random=7" is its random number, else 0
 */
fake_t *fake_request(const char *target, const char *const *facts);

/** Parse the path again, with other flags of TR_PATH_*. */
void fake_path(fake_t *fake, const char *path, int flags);

/** A set of hosts, from a list with spaces between. */
const tr_hosts_t *fake_hosts(const char *list);

/** The words of a line, with a NULL behind them. @return how many */
int fake_words(const char ***words, const char *line);

/** The instant of an RFC 3339 time; 0 of NULL. */
apr_time_t fake_time(const char *text);

/** An expression of expr=: "yes", "no" or "fails", and behind a ':' the headers
 * that it consults. "bad" is a syntax error. */
tr_expr_parse_t fake_expr_parse;

/** A condition, whose expressions fake_expr_parse() takes. */
tr_cond_t *fake_cond(const char *word);

/** What a condition answers: "yes", "no", or why nobody knows, "TR_UNSAFE". */
const char *fake_ask(const char *word, const fake_t *fake);

/** What the last fake_parse() or fake_parse_words() warned of: const char *. */
extern apr_array_header_t *fake_warnings;

/** Parse a TempRedirect or TempRedirectMatch, from its words.
 * @return the error */
const char *fake_parse_words(tr_rule_t **rule, const tr_place_t *place,
                             int argc, const char *const *argv);

/** Parse a line, at test.conf:7 and 2026-12-01T12:00Z, within a Location or
 * NULL. @return the error */
const char *fake_parse(tr_rule_t **rule, const char *line,
                       const char *location);

/** The rule that a TempRedirect or TempRedirectMatch says; at test.conf:1. */
tr_rule_t *fake_rule(const char *line);

/** Parse a TempRedirectPool or TempRedirectMember, at test.conf:1, and add it to
 * @a pools, tr_pool_t *. @return the error */
const char *fake_parse_pool(apr_array_header_t *pools, const char *line);

/** The pools at the beginning of lines, which are moved behind them. */
apr_array_header_t *fake_pools(const char *const **lines);

/** Bind a rule to its pool, if it has one. @return the error */
const char *fake_bind(tr_rule_t *rule, const apr_array_header_t *pools);

/** Match, ask conditions (of up to 7 regexes) and render, as for a decision,
 * but without the guard. */
tr_reason_t fake_render(tr_location_t *location, const tr_rule_t *rule,
                        const fake_t *fake);

/** The names of a Vary, in the order of the alphabet; NULL of NULL. */
const char *fake_sorted(const char *list);

/** What a decision depended on, "X, Y; hidden Z; private; window"; "" for
 * nothing. */
const char *fake_consulted(const tr_consulted_t *consulted);

/** "TR_UNSAFE" and the like. */
const char *fake_reason(tr_reason_t reason);

#endif /* FAKE_H */

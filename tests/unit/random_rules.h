/* Licensed under the Apache License, Version 2.0; see LICENSE. */
/**
 * @file random_rules.h
 * Rules and paths by chance, of so few different segments that rules overlap,
 * nest and match often; among them paths with "//" and in both cases, segments
 * and literals of hundreds of bytes, paths of dozens of segments, and regexes
 * with and without a literal beginning. Half of the rules have conditions, a
 * window, a phase, or are dry.
 *
 *     const tr_rule_t *rule = fake_rule(random_line(i));
 *     fake_t *fake = fake_request("/?q=1", random_facts());
 *
 *     fake_path(fake, random_path_for(rule), 0);
 */
#ifndef RANDOM_RULES_H
#define RANDOM_RULES_H

#include "fake.h"

/** A TempRedirect or TempRedirectMatch with the id "R" and its number. */
const char *random_line(int number);

/** A path, half of the time one that a rule might match. */
const char *random_path_for(const tr_rule_t *rule);

/** Facts for some of the conditions. */
const char *const *random_facts(void);

#endif /* RANDOM_RULES_H */

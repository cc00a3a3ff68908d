/* Licensed under the Apache License, Version 2.0; see LICENSE. */
/**
 * @file tr_section.h
 * The rules and settings of one section of the configuration, and of sections
 * merged with each other.
 *
 * httpd merges sections several times in every request, and not from left to
 * right: server + ((Directory + .htaccess) + (Location + Location)). So a
 * merge copies no rules. It makes one node that points to both sides, a rope:
 *
 *                 merged
 *               /        \
 *         server          merged
 *        {0 .. 99999}    /      \
 *                   Directory    Location
 *                     {0}         {0, 1}
 *
 * which is walked from right to left, as the section merged last comes first.
 * Merging is associative, costs the same for any number of rules, and
 * allocates nothing where one side is empty. TempRedirectInherit Off is a mark
 * that makes a merge leave out the base.
 *
 * A section is filled while the configuration is read, frozen once, and shared
 * by all threads from then on. Those of .htaccess are filled and used within
 * one request, and not frozen: their rules are scanned, as one search would
 * not pay for the index.
 */
#ifndef TR_SECTION_H
#define TR_SECTION_H

#include <apr_tables.h>

#include "tr_drain.h"
#include "tr_host.h"
#include "tr_index.h"
#include "tr_rule.h"

typedef enum tr_engine_t {
    TR_ENGINE_UNSET = 0, /**< On */
    TR_ENGINE_ON,
    TR_ENGINE_OFF,
    TR_ENGINE_DRY /**< DryRun */
} tr_engine_t;

typedef struct tr_section_t tr_section_t;

struct tr_section_t {
    apr_array_header_t *rules; /**< tr_rule_t *, in the order written; NULL
                                    where there is none */
    const tr_index_t *index;   /**< of rules; NULL: scan them */
    const tr_section_t *base;  /**< merged earlier; NULL: nothing there */
    const tr_section_t *add;   /**< merged later */
    int phases; /**< those in which some rule is asked: bits of tr_phase_t */
    int early;  /**< some rule says phase=early: "!" alone, which counts in both
                     phases, is no reason to ask any in that one */
    tr_engine_t engine;
    const tr_hosts_t *allow_hosts;       /**< NULL: not set */
    const apr_array_header_t *languages; /**< const char *; NULL: not set */
    const tr_drain_t *drain;             /**< NULL: not set */
    apr_int64_t body_limit; /**< TempRedirectBodyLimit; 0: not set */
    int inherit_off;
};

/** An empty section, *allocated from p*. */
tr_section_t *tr_section_make(apr_pool_t *p);

/** Add a rule behind the others. Not after tr_section_freeze(). */
void tr_section_add(tr_section_t *section, tr_rule_t *rule, apr_pool_t *p);

/**
 * Build the index of a section's own rules. Few rules get none.
 * @param p lives as long as the section
 */
void tr_section_freeze(tr_section_t *section, apr_pool_t *p,
                       apr_pool_t *scratch);

/**
 * Merge two sections.
 * @return @a base or @a add where the other is empty, else one node,
 *         *allocated from p*, that *borrows* both
 */
const tr_section_t *tr_section_merge(const tr_section_t *base,
                                     const tr_section_t *add, apr_pool_t *p);

/** Whether there is any rule to be asked in a section and what was merged into
 * it. */
static inline int tr_section_has_rules(const tr_section_t *section,
                                       tr_phase_t phase)
{
    return phase == TR_PHASE_EARLY ? section->early
                                   : section->phases & (int)phase;
}

/**
 * Whether a section's own rules or settings could have a say about a path,
 * whatever their conditions.
 * @param path decoded
 * @param p for scratch
 */
int tr_section_is_for(const tr_section_t *section, tr_slice_t path,
                      apr_pool_t *p);

#endif /* TR_SECTION_H */

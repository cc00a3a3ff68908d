/* Licensed under the Apache License, Version 2.0; see LICENSE. */
/**
 * @file decisions.h
 * Decisions as texts, and tables of them.
 *
 *     static const row_t rows[] = {
 *         { { "TempRedirect /a /x id=A" }, "/a/b", "A /x/b", { 0 } },
 *     };
 *     check_rows(rows, ROWS(rows));
 */
#ifndef DECISIONS_H
#define DECISIONS_H

#include "fake.h"
#include "tr_decide.h"

/** A section of rules, as they stand in a configuration, behind the pools that
 * they have; up to ten lines. */
typedef const char *lines_t[11];

/** The section of lines up to a NULL. */
tr_section_t *section_of(const char *const *lines);

/** A request decided by a section, as a text. */
typedef const char *decide_t(const tr_section_t *section, const fake_t *fake);

/** "ID Location", "ID stays", "nothing"; of a pool "ID[MEMBER]", or "ID[MEMBER+]"
 * where a cookie is to remember that; then why rules before it failed, and
 * which dry ones held. */
decide_t decide;

/** The same in the early phase. */
decide_t decide_early;

/** Behind what decide() says "<what it depended on>", and the dry rule. */
decide_t depend;

typedef struct row_t {
    lines_t lines;
    const char *request;
    const char *decision;
    fake_facts_t facts;
} row_t;

/** Check rows by one of the above. A frozen section decides as one that is
 * scanned. */
void check_rows_by(decide_t *decides, const row_t *rows, int n);

/** Check rows by decide(). */
void check_rows(const row_t *rows, int n);

#endif /* DECISIONS_H */

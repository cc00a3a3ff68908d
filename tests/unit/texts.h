/* Licensed under the Apache License, Version 2.0; see LICENSE. */
/**
 * @file texts.h
 * What pointers find in JSON texts, as texts.
 *
 *     find_in_text(guarded("[1.50, null]"), "/0")    // "=1.5"
 *     find_in_text(guarded("[1.50, null]"), "/1")    // "none"
 *     find_in_text(guarded("[1.50, null"), "/1")     // "malformed"
 */
#ifndef TEXTS_H
#define TEXTS_H

#include "tr_json.h"
#include "unit.h"

/** "none", "container", "empty", or a value behind '='. What is found is
 * filled for a value, and for nothing else. */
const char *find_in(const tr_json_t *json, const char *pointer);

/** The same of a text, which may be "malformed"; nothing is filled then. */
const char *find_in_text(tr_slice_t text, const char *pointer);

#endif /* TEXTS_H */

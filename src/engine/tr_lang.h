/* Licensed under the Apache License, Version 2.0; see LICENSE. */
/**
 * @file tr_lang.h
 * The language for a client: Accept-Language (RFC 9110 section 12.5.4) and
 * the lookup of RFC 4647 section 3.4.
 *
 *     languages   en de pt-BR
 *     "de-CH, en;q=0.8"     de        de-CH is not there, de is
 *     "fr, pt-br;q=0.5"     pt-BR
 *     "fr"                  en        nothing fits: the first
 *     (none)                en
 *     "en;q=0, fr"          de        the first that is not refused
 *
 * The ranges of the field are asked in order of their q, and in the order sent
 * where it is equal. Each is shortened, subtag by subtag, until a language
 * equals it; single letters and digits go with what follows them, so that
 * "zh-Hant-x-home" becomes "zh-Hant". Case does not count, as it never does in
 * a tag.
 *
 * A language is refused where the longest range that it lies within has q=0;
 * of equal ranges the one with the higher q counts, and "*" is the shortest
 * of all. A refused language is picked only where all are refused.
 *
 * Elements of a field that are malformed are passed over, and so are empty
 * ones. "*" with q above 0 is passed over, too: what nothing fits gets the
 * first language.
 *
 * Pure functions. The cost grows with the length of the field times the number
 * of languages: half a microsecond for what browsers send, a third of a
 * millisecond for ten languages and 8 KB of the worst.
 */
#ifndef TR_LANG_H
#define TR_LANG_H

#include <apr_tables.h>

#include "tr_slice.h"

/** Check a language tag as configuration has it: "de", "pt-BR" (RFC 4647
 * section 2.1, without "*").
 * @return NULL, or what is wrong and what would be right */
const char *tr_lang_check(const char *tag);

/**
 * Pick the language for a client.
 * @param tag filled: one of @a languages as it is written there; without
 *        them the client's first choice as it was sent, and never "*";
 *        *borrowed*
 * @param languages const char *, not empty; NULL where none are set
 * @param accept the field's value, of any bytes; may be none
 * @param scratch proportional to the number of languages
 * @return 0 where there is none, which is only without @a languages; @a tag
 *         is then untouched
 */
int tr_lang_pick(tr_slice_t *tag, const apr_array_header_t *languages,
                 tr_slice_t accept, apr_pool_t *scratch);

/** Whether a tag lies within a range: equal, or beginning with the range and
 * '-', without regard to case (basic filtering, RFC 4647 section 3.3.1). */
int tr_lang_matches(tr_slice_t tag, const char *range);

#endif /* TR_LANG_H */

/* Licensed under the Apache License, Version 2.0; see LICENSE. */
/**
 * @file choices.h
 * What pools choose, as texts.
 *
 *     static const char *const lines[] = { "TempRedirectPool p key=header.K",
 *                                          "TempRedirectMember p /a", NULL };
 *     choose_with(pool_of(lines), fake, 0);    // "/a <K>"
 */
#ifndef CHOICES_H
#define CHOICES_H

#include "fake.h"

/** The only pool of lines up to a NULL. */
tr_pool_t *pool_of(const char *const *lines);

/** A pool of 64 members "m0" to "m63", so that who is chosen tells the key.
 * @param words behind TempRedirectPool */
tr_pool_t *wide_pool(const char *words);

/** "ID", "ID+" where a cookie is to remember it, or "TR_NO_MEMBER". */
const char *choose_by(tr_consulted_t *consulted, const tr_pool_t *of,
                      const fake_t *fake, int hidden);

/** The same where nobody asks what it depended on. */
const char *choose(const tr_pool_t *of, const fake_t *fake);

/** The same with that: "ID <X; private>". @param hidden vary=off */
const char *choose_with(const tr_pool_t *of, const fake_t *fake, int hidden);

#endif /* CHOICES_H */

/* Licensed under the Apache License, Version 2.0; see LICENSE. */
/**
 * @file tr_rendezvous.h
 * Weighted rendezvous hashing: who of some runners meets a key.
 *
 * Each runner draws a distance from the key. Its weight is its speed, and who
 * arrives first wins:
 *
 *     hash     = tr_hash(key, tr_hash(0, 0, id), "") / 2^64   in (0, 1), uniform
 *     distance = -log2(hash)
 *     time     = distance / weight                        exponential, of that rate
 *
 *     a  weight 1   |------------------->     |        7.1 / 1 = 7.1
 *     b  weight 2   |======>                  |        3.0 / 2 = 1.5   wins
 *     c  weight 7   |#########>               |       24.5 / 7 = 3.5
 *
 * Of exponential times the first is that of each runner as often as its weight
 * is of the sum. And no runner's time depends on any other's: one who comes takes
 * keys from the others and moves none between them, and so do a changed weight
 * and one who leaves; weights that are all doubled move nothing.
 *
 * Everything is whole numbers, so that every machine comes to the same answer:
 * bits of the logarithm come from squaring a mantissa of 32 bits, 31 times, and
 * times are compared as distance * weight of the other.
 * The hash is SipHash-2-4 (Aumasson and Bernstein, "SipHash: a fast short-input
 * PRF", 2012), whose key is two numbers of 64 bits. The scheme is that of Thaler
 * and Ravishankar (1998), with the weights of Schindelhauer and Schomaker (2005).
 * docs/directives.md has it as a program to copy, with examples.
 */
#ifndef TR_RENDEZVOUS_H
#define TR_RENDEZVOUS_H

#include <apr.h>

#include "tr_slice.h"

/** Weights are 0 to this; 0 does not run. */
#define TR_WEIGHT_MAX 1000000

/** What a distance is counted in: bits behind the point. */
#define TR_DISTANCE_BITS 31

typedef struct tr_runner_t {
    const char *id;
    apr_uint64_t hash; /**< of the id: tr_hash(0, 0, id) */
    apr_uint32_t weight;
} tr_runner_t;

/** A race for one key. */
typedef struct tr_race_t {
    apr_uint64_t key;
    const tr_runner_t *first; /**< so far; NULL where nobody runs */
    apr_uint64_t distance;    /**< of the first */
} tr_race_t;

/** SipHash-2-4 of some bytes, under the key @a k0 and @a k1. */
apr_uint64_t tr_hash(apr_uint64_t k0, apr_uint64_t k1, tr_slice_t bytes);

/**
 * The distance that a hash stands for: -log2((hash | 1) / 2^64), in units of
 * 2^-TR_DISTANCE_BITS: never below what it is exactly, and less than 4 above.
 * @return 1 to 64 * 2^TR_DISTANCE_BITS
 */
apr_uint64_t tr_distance(apr_uint64_t hash);

/** Begin a race. @param key the hash of what a client is known by */
static inline tr_race_t tr_race(apr_uint64_t key)
{
    tr_race_t race = { key, NULL, 0 };

    return race;
}

/**
 * Let one more run. In whatever order they enter, the same one is the first. Of
 * two who arrive together it is the one whose id comes first, byte by byte.
 * @param runner *borrowed*
 */
void tr_race_enter(tr_race_t *race, const tr_runner_t *runner);

#endif /* TR_RENDEZVOUS_H */

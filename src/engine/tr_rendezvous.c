/* Licensed under the Apache License, Version 2.0; see LICENSE. */
#include <string.h>

#include <apr_siphash.h>

#include "tr_rendezvous.h"

/* log2(1 + f) is between f and f + 0.0860714, rounded up. */
#define BULGE 184900000u

#define ONE ((apr_uint64_t)1 << TR_DISTANCE_BITS)

static void put(unsigned char *bytes, apr_uint64_t number)
{
    int i;

    for (i = 0; i < 8; ++i) {
        bytes[i] = (unsigned char)(number >> (8 * i));
    }
}

apr_uint64_t tr_hash(apr_uint64_t k0, apr_uint64_t k1, tr_slice_t bytes)
{
    unsigned char key[APR_SIPHASH_KSIZE];

    put(key, k0);
    put(key + 8, k1);
    return apr_siphash24(bytes.p, bytes.n, key);
}

/* The binary point is behind the first 1 of a hash: so many zeros before it,
 * and 1 <= mantissa / ONE < 2. */
static int split(apr_uint64_t *mantissa, apr_uint64_t hash)
{
    int zeros = __builtin_clzll(hash | 1);

    *mantissa = ((hash | 1) << zeros) >> (63 - TR_DISTANCE_BITS);
    return zeros;
}

/* To square a number doubles its logarithm: each time that takes it to 2 or
 * beyond, the next bit is 1. */
apr_uint64_t tr_distance(apr_uint64_t hash)
{
    apr_uint64_t x, log = 0;
    int zeros = split(&x, hash), i;

    for (i = 0; i < TR_DISTANCE_BITS; ++i) {
        apr_uint64_t carry;

        x = (x * x) >> TR_DISTANCE_BITS;
        carry = x >> (TR_DISTANCE_BITS + 1);
        x >>= carry;
        log = log << 1 | carry;
    }
    return (apr_uint64_t)(zeros + 1) * ONE - log;
}

/* No more than the distance, and near it, for a tenth of the work. */
static apr_uint64_t least_distance(apr_uint64_t hash)
{
    apr_uint64_t x, least;
    int zeros = split(&x, hash);

    least = (apr_uint64_t)(zeros + 2) * ONE - x;
    return least > BULGE ? least - BULGE : 0;
}

void tr_race_enter(tr_race_t *race, const tr_runner_t *runner)
{
    const tr_runner_t *first = race->first;
    apr_uint64_t hash, distance, own, others;

    if (runner->weight == 0) {
        return;
    }
    hash = tr_hash(race->key, runner->hash, tr_slice("", 0));
    if (first
        && least_distance(hash) * first->weight
               > race->distance * runner->weight) {
        return;
    }
    distance = tr_distance(hash);
    own = first ? distance * first->weight : 0;
    others = race->distance * runner->weight;
    if (first == NULL || own < others
        || (own == others && strcmp(runner->id, first->id) < 0)) {
        race->first = runner;
        race->distance = distance;
    }
}

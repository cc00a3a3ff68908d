/* Licensed under the Apache License, Version 2.0; see LICENSE. */
/*
 * How long a pool takes to choose by a key, and how true it is to its weights.
 *
 *     make bench-choose
 */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "tr_rendezvous.h"

#define KEYS 1000000
#define MOST 1024

static tr_runner_t runners[MOST];
static char ids[MOST][16];
static volatile int last; /* so that nothing is optimized away */

static void make(int n, const apr_uint32_t *weights)
{
    int i;

    for (i = 0; i < n; ++i) {
        snprintf(ids[i], sizeof(ids[i]), "m%d", i);
        runners[i].id = ids[i];
        runners[i].hash = tr_hash(0, 0, tr_slice_of(ids[i]));
        runners[i].weight = weights ? weights[i] : 1;
    }
}

/* Who is chosen for a key. */
static int choose(int n, unsigned key)
{
    const apr_uint64_t pool = 0x0123456789abcdef;
    tr_race_t race = tr_race(tr_hash(pool, 0, tr_slice((const char *)&key,
                                                       sizeof(key))));
    int i;

    for (i = 0; i < n; ++i) {
        tr_race_enter(&race, &runners[i]);
    }
    return (int)(race.first - runners);
}

static double seconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void time_of(int n, unsigned keys)
{
    double begin = seconds();
    unsigned key;

    make(n, NULL);
    for (key = 0; key < keys; ++key) {
        last = choose(n, key);
    }
    printf("%6d members  %8.0f ns a choice\n", n,
           (seconds() - begin) / keys * 1e9);
}

static void shares(void)
{
    static const apr_uint32_t weights[] = { 1, 2, 3, 94 };
    int chosen[4] = { 0 }, i;
    unsigned key;

    make(4, weights);
    for (key = 0; key < KEYS; ++key) {
        ++chosen[choose(4, key)];
    }
    printf("of %d keys\n", KEYS);
    for (i = 0; i < 4; ++i) {
        printf("%6u %%         %8.3f %%\n", (unsigned)weights[i],
               chosen[i] * 100.0 / KEYS);
    }
}

int main(void)
{
    time_of(2, KEYS);
    time_of(16, KEYS);
    time_of(MOST, KEYS / 100);
    shares();
    return 0;
}

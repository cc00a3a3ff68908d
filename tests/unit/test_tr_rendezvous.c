/* Licensed under the Apache License, Version 2.0; see LICENSE. */
#include <math.h>
#include <stdlib.h>

#include <apr_strings.h>

#include "fake.h"
#include "tr_rendezvous.h"

#define NOBODY (-1)
#define MANY 16

/* ---- tr_hash ---- */

/* "vectors.h" of Aumasson's and Bernstein's SipHash: the messages 00 01 02 ...
 * of 0 to 31 bytes, under the key 00 01 ... 0f. */
static const apr_uint64_t vectors[] = {
    0x726fdb47dd0e0e31u, 0x74f839c593dc67fdu, 0x0d6c8009d9a94f5au,
    0x85676696d7fb7e2du, 0xcf2794e0277187b7u, 0x18765564cd99a68du,
    0xcbc9466e58fee3ceu, 0xab0200f58b01d137u, 0x93f5f5799a932462u,
    0x9e0082df0ba9e4b0u, 0x7a5dbbc594ddb9f3u, 0xf4b32f46226bada7u,
    0x751e8fbc860ee5fbu, 0x14ea5627c0843d90u, 0xf723ca908e7af2eeu,
    0xa129ca6149be45e5u, 0x3f2acc7f57c29bdbu, 0x699ae9f52cbe4794u,
    0x4bc1b3f0968dd39cu, 0xbb6dc91da77961bdu, 0xbed65cf21aa2ee98u,
    0xd0f2cbb02e3b67c7u, 0x93536795e3a33e88u, 0xa80c038ccd5ccec8u,
    0xb8ad50c6f649af94u, 0xbce192de8a85b8eau, 0x17d835b85bbb15f3u,
    0x2f2e6163076bcfadu, 0xde4daaaca71dc9a5u, 0xa6a2506687956571u,
    0xad87a3535c49ef28u, 0x32d892fad841c342u,
};

START_TEST(the_hash_is_siphash_2_4)
{
    char message[ROWS(vectors)];
    int n;

    for (n = 0; n < ROWS(vectors); ++n) {
        message[n] = (char)n;
        ck_assert_msg(tr_hash(0x0706050403020100u, 0x0f0e0d0c0b0a0908u,
                              guarded_bytes(message, (apr_size_t)n))
                          == vectors[n],
                      "of %d bytes", n);
    }
}
END_TEST

/* ---- tr_distance ---- */

static apr_uint64_t random64(void)
{
    return (apr_uint64_t)unit_random(1u << 22) << 42
           ^ (apr_uint64_t)unit_random(1u << 21) << 21 ^ unit_random(1u << 21);
}

/* 80-bit numbers are right to 2^-26 of a unit. */
static void check_distance(apr_uint64_t hash)
{
    long double exact = (64 - log2l((long double)(hash | 1)))
                        * ((apr_uint64_t)1 << TR_DISTANCE_BITS);
    apr_uint64_t distance = tr_distance(hash);
    long double above = (long double)distance - exact;

    ck_assert_msg(above > -1e-6L && above < 4,
                  "%016llx: %llu is %Lg above %Lf", (unsigned long long)hash,
                  (unsigned long long)distance, above, exact);
    ck_assert_msg(distance >= 1
                      && distance <= (apr_uint64_t)64 << TR_DISTANCE_BITS,
                  "%016llx: %llu", (unsigned long long)hash,
                  (unsigned long long)distance);
}

START_TEST(no_distance_is_too_short_or_4_units_too_long)
{
    int i;

    ck_assert_int_ge(__LDBL_MANT_DIG__, 64);
    for (i = 0; i < 64; ++i) {
        check_distance((apr_uint64_t)1 << i);
        check_distance(((apr_uint64_t)1 << i) - 1);
        check_distance(((apr_uint64_t)1 << i) + 1);
        check_distance((apr_uint64_t)3 << i);
        check_distance(~((apr_uint64_t)1 << i));
    }
    check_distance(APR_UINT64_MAX);
    for (i = 0; i < 30000; ++i) {
        apr_uint64_t hash = random64();

        check_distance(hash);
        check_distance(hash >> (i % 64));
        check_distance(APR_UINT64_MAX - (hash >> (i % 64)));
    }
}
END_TEST

START_TEST(twice_the_hash_is_one_nearer)
{
    static const apr_uint64_t one = (apr_uint64_t)1 << TR_DISTANCE_BITS;
    int k, i;

    ck_assert_uint_eq(tr_distance(0), 64 * one);
    ck_assert_uint_eq(tr_distance(1), 64 * one);
    /* of 2^k; with its last bit set it is one that is shorter by little */
    for (k = 1; k < 64; ++k) {
        apr_uint64_t distance = tr_distance((apr_uint64_t)1 << k);

        ck_assert_msg(k < 32 || distance == (apr_uint64_t)(64 - k) * one,
                      "2^%d", k);
        ck_assert_msg(distance == tr_distance(((apr_uint64_t)1 << k) + 1),
                      "2^%d + 1", k);
    }
    /* 32 bits are all that it sees */
    for (i = 0; i < 1000; ++i) {
        apr_uint64_t head = 0x80000000u | (random64() & 0xffffffffu);

        for (k = 1; k < 32; ++k) {
            ck_assert_uint_eq(tr_distance(head << k),
                              tr_distance(head << 32)
                                  + (apr_uint64_t)(32 - k) * one);
        }
    }
}
END_TEST

static const struct {
    apr_uint64_t hash, distance;
} distances[] = {
    { 0x0000000000000000u, 137438953472u },
    { 0x0000000000000001u, 137438953472u },
    { 0x0000000000000002u, 134035272420u },
    { 0x0000000000000003u, 134035272420u },
    { 0x0000000000000007u, 131410204683u },
    { 0x00000000000000ffu, 120271210191u },
    { 0x123456789abcdef0u, 8190032747u },
    { 0x7fffffffffffffffu, 2147483649u },
    { 0x8000000000000000u, 2147483648u },
    { 0xb504f333f9de6484u, 1073741826u }, /* 2^63.5 */
    { 0xc000000000000000u, 891286244u },
    { 0xdeadbeefdeadbeefu, 432031360u },
    { 0xffffffff00000000u, 1u },
    { 0xfffffffffffffffeu, 1u },
    { 0xffffffffffffffffu, 1u },
    { 0x91b7584a2265b1f5u, 1745866888u },
    { 0xcd613e30d8f16adfu, 682575809u },
    { 0x0813e268e1c35de2u, 10707482682u },
    { 0x00f17f5c4a0a61a1u, 17360548890u },
    { 0x00000c2ce6f447edu, 43796002374u },
    { 0x000000000078e510u, 88223764462u },
};

START_TEST(a_distance_stays_what_it_was)
{
    int i;

    for (i = 0; i < ROWS(distances); ++i) {
        ck_assert_msg(tr_distance(distances[i].hash) == distances[i].distance,
                      "%016llx", (unsigned long long)distances[i].hash);
    }
}
END_TEST

/* ---- races ---- */

static apr_uint64_t key_of(const char *name, const char *key)
{
    return tr_hash(tr_hash(0, 0, guarded(name)), 0, guarded(key));
}

static tr_runner_t runner_of(const char *id, unsigned weight)
{
    tr_runner_t runner = { id, tr_hash(0, 0, tr_slice_of(id)), weight };

    return runner;
}

/* Runners of "id=weight id=weight". @return how many */
static int runners_of(tr_runner_t *runners, const char *list)
{
    const char **words;
    int n = fake_words(&words, list), i;

    for (i = 0; i < n; ++i) {
        const char *equals = strrchr(words[i], '=');
        char *id = apr_pstrmemdup(pool, words[i],
                                  (apr_size_t)(equals - words[i]));

        runners[i] = runner_of(guarded_string(id), (unsigned)atoi(equals + 1));
    }
    return n;
}

/* Who wins of runners that enter in their order. */
static int winner(apr_uint64_t key, const tr_runner_t *runners, int n)
{
    tr_race_t race = tr_race(key);
    int i;

    for (i = 0; i < n; ++i) {
        tr_race_enter(&race, &runners[i]);
    }
    return race.first ? (int)(race.first - runners) : NOBODY;
}

/* The dumbest model: everybody's time, as fractions that cannot overflow. */
static int model(apr_uint64_t key, const tr_runner_t *runners, int n)
{
    int first = NOBODY, i;

    for (i = 0; i < n; ++i) {
        unsigned __int128 own, others;

        if (runners[i].weight == 0) {
            continue;
        }
        if (first == NOBODY) {
            first = i;
            continue;
        }
        own = tr_distance(tr_hash(key, runners[i].hash, tr_slice_of("")));
        others = tr_distance(tr_hash(key, runners[first].hash,
                                     tr_slice_of("")));
        own *= runners[first].weight;
        others *= runners[i].weight;
        if (own < others
            || (own == others
                && strcmp(runners[i].id, runners[first].id) < 0)) {
            first = i;
        }
    }
    return first;
}

/* "choose.py NAME KEY id=weight ..." of docs/directives.md says the same */
static const struct {
    const char *name, *key, *members, *chosen;
} choices[] = {
    { "shop", "alice", "a=1 b=1", "b" },
    { "shop", "bob", "a=1 b=1", "b" },
    { "shop", "carol", "a=1 b=1", "a" },
    { "shop", "", "a=1 b=1", "a" },
    { "shop", "alice", "a=1 b=2 c=3", "b" },
    { "shop", "bob", "a=1 b=2 c=3", "c" },
    { "shop", "carol", "a=1 b=2 c=3", "c" },
    { "shop", "u29", "a=1 b=2 c=3 d=94", "a" },
    { "shop", "u55", "a=1 b=2 c=3 d=94", "b" },
    { "shop", "u113", "a=1 b=2 c=3 d=94", "c" },
    { "shop", "dave", "a=1 b=2 c=3 d=94", "d" },
    { "Shop", "alice", "a=1 b=1", "a" },
    { "Shop", "bob", "a=1 b=1", "a" },
    { "checkout", "192.0.2.5", "/checkout-b=10 !=90", "/checkout-b" },
    { "checkout", "192.0.2.7", "/checkout-b=10 !=90", "/checkout-b" },
    { "checkout", "192.0.2.8", "/checkout-b=10 !=90", "!" },
    { "checkout", "2001:db8::7", "/checkout-b=10 !=90", "!" },
    { "cdn", "/a", "https://eu/=5 https://us/=3 https://ap/=2",
      "https://eu/" },
    { "cdn", "/b", "https://eu/=5 https://us/=3 https://ap/=2",
      "https://us/" },
    { "cdn", "/c", "https://eu/=5 https://us/=3 https://ap/=2",
      "https://ap/" },
    { "cdn", "\xc3\xa4", "https://eu/=5 https://us/=3 https://ap/=2",
      "https://us/" },
    { "x", "y", "a=0 b=1 c=0", "b" },
    { "x", "y", "a=1000000 b=1 c=1000000", "c" },
    { "x", "z", "a=1000000 b=1 c=1000000", "a" },
    { "x", "eight by", "a=7 b=7 c=7 d=7 e=7 f=7 g=7 h=7", "g" },
    { "x", "sixteen bytes k", "a=7 b=7 c=7 d=7 e=7 f=7 g=7 h=7", "c" },
    { "x", "sixteen bytes ok", "a=7 b=7 c=7 d=7 e=7 f=7 g=7 h=7", "a" },
};

START_TEST(a_choice_stays_what_it_was)
{
    tr_runner_t runners[MANY];
    int i;

    for (i = 0; i < ROWS(choices); ++i) {
        const char *key = choices[i].key;
        int n = runners_of(runners, choices[i].members);
        int first = winner(key_of(choices[i].name, key), runners, n);

        check_message(apr_psprintf(pool, "row %d, '%s'", i, key),
                      runners[first].id, choices[i].chosen);
    }
}
END_TEST

START_TEST(nobody_wins_where_nobody_runs)
{
    tr_runner_t runners[2] = { runner_of("a", 0), runner_of("b", 0) };

    ck_assert_ptr_null(tr_race(7).first);
    ck_assert_uint_eq(tr_race(7).key, 7);
    ck_assert_int_eq(winner(7, runners, 0), NOBODY);
    ck_assert_int_eq(winner(7, runners, 2), NOBODY);
}
END_TEST

/* ---- shares ---- */

/* Key i of a pool. */
static apr_uint64_t nth_key(const char *name, int i)
{
    char text[24];
    int n = apr_snprintf(text, sizeof(text), "client-%d", i);

    return tr_hash(tr_hash(0, 0, tr_slice_of(name)), 0,
                   tr_slice(text, (apr_size_t)n));
}

START_TEST(of_a_million_keys_everybody_gets_the_share_of_the_weight)
{
    static const int keys = 1000000;
    tr_runner_t runners[MANY];
    int n = runners_of(runners, "a=1 b=2 c=3 d=94"), got[4] = { 0 }, i;

    for (i = 0; i < keys; ++i) {
        ++got[winner(nth_key("shop", i), runners, n)];
    }
    for (i = 0; i < n; ++i) {
        double share = 100.0 * got[i] / keys;

        ck_assert_msg(fabs(share - runners[i].weight) < 0.1, "%s: %.3f %%",
                      runners[i].id, share);
    }
}
END_TEST

START_TEST(equal_weights_get_equal_shares)
{
    static const int keys = 160000;
    tr_runner_t runners[MANY];
    int got[MANY] = { 0 }, i;
    double chi = 0;

    for (i = 0; i < MANY; ++i) {
        runners[i] = runner_of(apr_psprintf(pool, "node-%d", i), 3);
    }
    for (i = 0; i < keys; ++i) {
        ++got[winner(nth_key("shop", i), runners, MANY)];
    }
    for (i = 0; i < MANY; ++i) {
        double off = got[i] - keys / MANY;

        chi += off * off / (keys / MANY);
    }
    /* of 15 degrees of freedom 998 in 1 000 are between */
    ck_assert_msg(chi > 3.48 && chi < 37.7, "chi-square is %.1f", chi);
}
END_TEST

START_TEST(pools_of_other_names_choose_independently)
{
    static const int keys = 100000;
    tr_runner_t runners[MANY];
    int n = runners_of(runners, "a=1 b=2 c=3 d=4"), i, j;
    int got[4][4] = { { 0 } };

    for (i = 0; i < keys; ++i) {
        ++got[winner(nth_key("one", i), runners, n)]
             [winner(nth_key("two", i), runners, n)];
    }
    for (i = 0; i < n; ++i) {
        for (j = 0; j < n; ++j) {
            double both = runners[i].weight * runners[j].weight / 100.0;
            double off = got[i][j] - keys * both;

            /* four standard deviations */
            ck_assert_msg(fabs(off) < 4 * sqrt(keys * both * (1 - both)),
                          "%s and %s: off by %.0f", runners[i].id,
                          runners[j].id, off);
        }
    }
}
END_TEST

/* ---- what moves ---- */

typedef struct moves_t {
    int from[MANY];
    int to[MANY];
    int others; /* between two that have no changed weight */
    int all;
} moves_t;

/* What becomes of 20 000 keys when weights change: the same runners before and
 * after, of weight 0 where they are not there. */
static moves_t moves_of(const char *before, const char *after)
{
    tr_runner_t old[MANY], new[MANY];
    moves_t moves = { { 0 }, { 0 }, 0, 0 };
    int n = runners_of(old, before), i;

    ck_assert_int_eq(runners_of(new, after), n);
    for (i = 0; i < 20000; ++i) {
        apr_uint64_t key = nth_key("shop", i);
        int a = winner(key, old, n), b = winner(key, new, n);

        if (a != b) {
            ++moves.all;
            ++moves.from[a];
            ++moves.to[b];
            moves.others += old[a].weight == new[a].weight
                            && old[b].weight == new[b].weight;
        }
    }
    return moves;
}

static const struct {
    const char *before, *after;
    int is_up; /* the changed one takes; else it gives */
    int per_thousand; /* of all keys */
} changes[] = {
    /* one comes, one leaves: the first two are as they were */
    { "a=1 b=1 c=0", "a=1 b=1 c=1", 1, 333 },
    { "a=1 b=1 c=1", "a=1 b=1 c=0", 0, 333 },
    { "a=10 b=80 c=0", "a=10 b=80 c=10", 1, 100 },
    { "a=10 b=80 c=10", "a=10 b=80 c=0", 0, 100 },
    { "a=1 b=2 d=94 c=0", "a=1 b=2 d=94 c=3", 1, 30 },
    /* a weight is another */
    { "a=10 b=80 c=10", "a=10 b=80 c=20", 1, 82 },
    { "a=10 b=80 c=20", "a=10 b=80 c=10", 0, 82 },
    { "a=1 b=1 c=1", "a=1 b=1 c=1000000", 1, 667 },
    { "a=1 b=1 c=1", "a=1 b=1 c=2", 1, 167 },
    { "a=1 b=1 c=2", "a=1 b=1 c=0", 0, 500 },
};

START_TEST(one_changed_weight_moves_keys_to_it_or_from_it_only)
{
    moves_t moves = moves_of(changes[_i].before, changes[_i].after);
    int last = strchr(changes[_i].before, 'd') ? 3 : 2;

    ck_assert_int_eq(moves.others, 0);
    ck_assert_int_eq(moves.to[last], changes[_i].is_up ? moves.all : 0);
    ck_assert_int_eq(moves.from[last], changes[_i].is_up ? 0 : moves.all);
    /* no more than must */
    ck_assert_msg(abs(moves.all - changes[_i].per_thousand * 20) < 240,
                  "%s to %s: %d of 20000 moved", changes[_i].before,
                  changes[_i].after, moves.all);
}
END_TEST

START_TEST(arms_that_grow_in_proportion_take_from_the_control_only)
{
    moves_t up = moves_of("a=10 b=10 !=80", "a=20 b=20 !=60");
    moves_t down = moves_of("a=20 b=20 !=60", "a=10 b=10 !=80");

    ck_assert_int_gt(up.all, 3500); /* of 20 in 100 keys */
    ck_assert_int_lt(up.all, 4500);
    ck_assert_int_eq(up.from[2], up.all);
    ck_assert_int_eq(up.to[2], 0);
    ck_assert_int_eq(down.to[2], up.all);
    ck_assert_int_eq(down.all, up.all);
}
END_TEST

START_TEST(weights_that_are_all_doubled_move_nothing)
{
    ck_assert_int_eq(moves_of("a=10 b=10 !=80", "a=20 b=20 !=160").all, 0);
    ck_assert_int_eq(moves_of("a=1 b=2 c=3 d=94", "a=2 b=4 c=6 d=188").all, 0);
    ck_assert_int_eq(moves_of("a=1 b=500000", "a=2 b=1000000").all, 0);
    ck_assert_int_eq(moves_of("a=1 b=1 c=1", "a=999999 b=999999 c=999999").all,
                     0);
}
END_TEST

/* ---- order, ties, limits ---- */

static unsigned random_weight(void)
{
    switch (unit_random(5)) {
    case 0:
        return TR_WEIGHT_MAX - unit_random(3);
    case 1:
        return unit_random(TR_WEIGHT_MAX + 1);
    default:
        return unit_random(4);
    }
}

/* Of which some are twins: the same hash and weight, another id. */
static void random_runners(tr_runner_t *runners, int n)
{
    int i;

    for (i = 0; i < n; ++i) {
        runners[i].id = apr_psprintf(pool, "%c%d", 'A' + unit_random(60), i);
        runners[i].hash = random64();
        runners[i].weight = random_weight();
        if (i > 0 && unit_random(4) == 0) {
            int twin = (int)unit_random((unsigned)i);

            runners[i].hash = runners[twin].hash;
            runners[i].weight = runners[twin].weight;
        }
    }
}

static void shuffle(tr_runner_t *runners, int n)
{
    for (; n > 1; --n) {
        int i = (int)unit_random((unsigned)n);
        tr_runner_t swapped = runners[n - 1];

        runners[n - 1] = runners[i];
        runners[i] = swapped;
    }
}

/* @return NULL where nobody runs */
static const char *winner_id(apr_uint64_t key, const tr_runner_t *runners,
                             int n)
{
    int first = winner(key, runners, n);

    return first == NOBODY ? NULL : runners[first].id;
}

/* Every order of runners k to n - 1, behind those before. */
static void check_orders(apr_uint64_t key, tr_runner_t *runners, int n, int k,
                         const char *want)
{
    int i;

    if (k == n) {
        check_message("an order", winner_id(key, runners, n), want);
    }
    for (i = k; i < n; ++i) {
        tr_runner_t first = runners[i];

        runners[i] = runners[k];
        runners[k] = first;
        check_orders(key, runners, n, k + 1, want);
        runners[k] = runners[i];
        runners[i] = first;
    }
}

START_TEST(in_whatever_order_they_enter_the_same_one_wins)
{
    tr_runner_t runners[MANY];
    int round, i;

    for (round = 0; round < 40; ++round) {
        apr_uint64_t key = random64();

        random_runners(runners, 5);
        check_orders(key, runners, 5, 0, winner_id(key, runners, 5));
    }
    for (round = 0; round < 400; ++round) {
        apr_uint64_t key = random64();
        const char *want;

        random_runners(runners, MANY);
        want = winner_id(key, runners, MANY);
        for (i = 0; i < 20; ++i) {
            shuffle(runners, MANY);
            check_message("an order", winner_id(key, runners, MANY), want);
        }
    }
}
END_TEST

static const struct {
    const char *ids; /* who arrive together */
    const char *first;
} ties[] = {
    { "a b", "a" },       { "b a c", "a" },    { "b ab a", "a" },
    { "ab abc", "ab" },   { "a B", "B" },      { "10 9", "10" },
    { "c b a d", "a" },   { "~ \xc3\xa4", "~" }, { "! /a", "!" },
    { "\xc3\xa4 \xc3\xa5 z", "z" },
};

START_TEST(of_those_who_arrive_together_the_lower_id_wins)
{
    tr_runner_t runners[MANY];
    const char **ids;
    int n = fake_words(&ids, ties[_i].ids), i;

    for (i = 0; i < n; ++i) {
        runners[i].id = ids[i];
        runners[i].hash = 4711;
        runners[i].weight = 5;
    }
    for (i = 0; i < 10; ++i) {
        check_orders(random64(), runners, n, 0, ties[_i].first);
    }
}
END_TEST

START_TEST(the_largest_weights_do_not_overflow)
{
    tr_runner_t runners[MANY];
    int light = 0, i;
    int n = runners_of(runners, "a=1 b=1000000 c=999999 d=2");

    ck_assert_uint_eq(TR_WEIGHT_MAX, 1000000);
    ck_assert_uint_lt(tr_distance(0),
                      (apr_uint64_t)APR_INT64_MAX / TR_WEIGHT_MAX / 8);
    for (i = 0; i < 20000; ++i) {
        apr_uint64_t key = nth_key("shop", i);
        int first = winner(key, runners, n);

        ck_assert_int_eq(first, model(key, runners, n));
        light += runners[first].weight < 3;
    }
    ck_assert_int_le(light, 1);
}
END_TEST

START_TEST(who_is_not_looked_at_closely_could_not_have_won)
{
    tr_runner_t runners[MANY];
    int round, i;

    for (round = 0; round < 3000; ++round) {
        int n = 1 + (int)unit_random(MANY);

        apr_pool_clear(pool);
        random_runners(runners, n);
        for (i = 0; i < 5; ++i) {
            apr_uint64_t key = random64();

            ck_assert_int_eq(winner(key, runners, n), model(key, runners, n));
        }
    }
}
END_TEST

typedef struct seen_t {
    tr_runner_t runner;
    apr_uint64_t distance;
} seen_t;

static int by_distance(const void *one, const void *other)
{
    apr_uint64_t a = ((const seen_t *)one)->distance;
    apr_uint64_t b = ((const seen_t *)other)->distance;

    return a < b ? -1 : a > b;
}

START_TEST(not_even_by_a_hair)
{
    enum { RUNNERS = 20000 };
    seen_t *seen = apr_palloc(pool, RUNNERS * sizeof(*seen));
    apr_uint64_t key = random64();
    int i;

    for (i = 0; i < RUNNERS; ++i) {
        seen[i].runner.id = i % 2 ? "a" : "b";
        seen[i].runner.hash = random64();
        seen[i].runner.weight = TR_WEIGHT_MAX;
        seen[i].distance = tr_distance(tr_hash(key, seen[i].runner.hash,
                                               tr_slice_of("")));
    }
    qsort(seen, RUNNERS, sizeof(*seen), by_distance);
    for (i = 1; i < RUNNERS; ++i) {
        tr_runner_t pair[2] = { seen[i].runner, seen[i - 1].runner };

        /* the nearer one enters behind its neighbour */
        ck_assert_int_eq(winner(key, pair, 2), model(key, pair, 2));
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("tr_rendezvous");
    TCase *tests = unit_case(suite, "numbers");

    tcase_add_test(tests, the_hash_is_siphash_2_4);
    tcase_add_test(tests, no_distance_is_too_short_or_4_units_too_long);
    tcase_add_test(tests, twice_the_hash_is_one_nearer);
    tcase_add_test(tests, a_distance_stays_what_it_was);
    tests = unit_case(suite, "races");
    tcase_add_test(tests, a_choice_stays_what_it_was);
    tcase_add_test(tests, nobody_wins_where_nobody_runs);
    tcase_add_test(tests,
                   of_a_million_keys_everybody_gets_the_share_of_the_weight);
    tcase_add_test(tests, equal_weights_get_equal_shares);
    tcase_add_test(tests, pools_of_other_names_choose_independently);
    tcase_add_loop_test(tests,
                        one_changed_weight_moves_keys_to_it_or_from_it_only, 0,
                        ROWS(changes));
    tcase_add_test(tests,
                   arms_that_grow_in_proportion_take_from_the_control_only);
    tcase_add_test(tests, weights_that_are_all_doubled_move_nothing);
    tcase_add_test(tests, in_whatever_order_they_enter_the_same_one_wins);
    tcase_add_loop_test(tests, of_those_who_arrive_together_the_lower_id_wins,
                        0, ROWS(ties));
    tcase_add_test(tests, the_largest_weights_do_not_overflow);
    tcase_add_test(tests, who_is_not_looked_at_closely_could_not_have_won);
    tcase_add_test(tests, not_even_by_a_hair);
    return unit_main(suite);
}

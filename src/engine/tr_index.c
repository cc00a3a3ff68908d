/* Licensed under the Apache License, Version 2.0; see LICENSE. */
#include <stdlib.h>

#include <apr_cstr.h>

#include "tr_index.h"

/* A beginning, and the rules whose patterns begin with it. */
struct tr_index_entry_t {
    tr_slice_t begin;
    const tr_index_entry_t *shorter; /* the longest other that it begins with */
    const apr_uint32_t *rules;       /* ascending */
    apr_uint32_t n;
};

/* A place in the hash table; 0 in entry: free. */
typedef struct slot_t {
    apr_uint32_t hash;  /* all of it but what chose the slot */
    apr_uint32_t entry; /* 1 + its number */
} slot_t;

/* Entries by hash. entries[0] is "". */
typedef struct paths_t {
    tr_index_entry_t *entries;
    slot_t *slots;
    apr_uint32_t mask;    /* slots - 1; their number is a power of two */
    apr_uint64_t lengths; /* bit n: an entry has n bytes; 63: or more */
    apr_size_t longest;
} paths_t;

/* Entries in order. entries[0] is "". */
typedef struct literals_t {
    tr_index_entry_t *entries;
    apr_uint32_t n;
    apr_size_t longest;
} literals_t;

struct tr_index_t {
    paths_t paths;
    literals_t literals;
};

/* ---- finding ---- */

#define HASH_MULTIPLIER 0x9e3779b97f4a7c15u /* 2^64 / golden ratio */
#define HASH_SLOT(hash) ((apr_uint32_t)((hash) >> 32))
#define HASH_CHECK(hash) ((apr_uint32_t)(hash))
#define LENGTH_BIT(n) ((apr_uint64_t)1 << ((n) < 63 ? (n) : 63))

static inline apr_uint64_t byte_at(const char *p)
{
    return (unsigned char)*p;
}

static inline apr_uint64_t word4_at(const char *p)
{
    apr_uint32_t word;

    memcpy(&word, p, sizeof(word));
    return word;
}

static inline apr_uint64_t word8_at(const char *p)
{
    apr_uint64_t word;

    memcpy(&word, p, sizeof(word));
    return word;
}

/* The last bytes, 1 to 8, by two words that may overlap. */
static inline apr_uint64_t last_word(const char *p, apr_size_t n)
{
    return n < 4
               ? byte_at(p) | byte_at(p + n / 2) << 8 | byte_at(p + n - 1) << 16
               : word4_at(p) | word4_at(p + n - 4) << 32;
}

static apr_uint64_t hash_of(const char *p, apr_size_t n)
{
    apr_uint64_t hash = n;

    for (; n > 8; p += 8, n -= 8) {
        hash = (hash ^ word8_at(p)) * HASH_MULTIPLIER;
        hash ^= hash >> 32;
    }
    hash = (hash ^ last_word(p, n)) * HASH_MULTIPLIER;
    return hash ^ hash >> 32;
}

static int is_same(const char *a, const char *b, apr_size_t n)
{
    for (; n > 8; a += 8, b += 8, n -= 8) {
        if (word8_at(a) != word8_at(b)) {
            return 0;
        }
    }
    return last_word(a, n) == last_word(b, n);
}

/* The entry that is the first n bytes of a path. */
static tr_index_entry_t *probe(const paths_t *paths, const char *path,
                               apr_size_t n)
{
    apr_uint64_t hash = hash_of(path, n);
    apr_uint32_t at = HASH_SLOT(hash) & paths->mask;

    for (; paths->slots[at].entry != 0; at = (at + 1) & paths->mask) {
        tr_index_entry_t *entry = paths->entries + paths->slots[at].entry - 1;

        if (paths->slots[at].hash == HASH_CHECK(hash) && entry->begin.n == n
            && is_same(entry->begin.p, path, n)) {
            return entry;
        }
    }
    return NULL;
}

/* The deepest entry that a path begins with, by whole segments. */
static tr_index_entry_t *find_path(const paths_t *paths, tr_slice_t path)
{
    tr_index_entry_t *found = paths->entries;
    apr_size_t n = 0, end = path.n < paths->longest ? path.n : paths->longest;

    while (n < end) {
        tr_index_entry_t *entry;

        do {
            ++n;
        } while (n < end && path.p[n] != '/');
        if ((paths->lengths & LENGTH_BIT(n))
            && (n == path.n || path.p[n] == '/')
            && (entry = probe(paths, path.p, n)) != NULL) {
            found = entry;
        }
    }
    return found;
}

static int compare_caseless(tr_slice_t a, tr_slice_t b)
{
    apr_size_t n = a.n < b.n ? a.n : b.n;
    int c = n > 0 ? apr_cstr_casecmpn(a.p, b.p, n) : 0;

    return c ? c : (a.n > b.n) - (a.n < b.n);
}

/* The longest literal that a path begins with. All of them stand before the
 * path in the order, so it is the last entry there, or one that this begins
 * with. */
static const tr_index_entry_t *find_literal(const literals_t *literals,
                                            tr_slice_t path)
{
    apr_uint32_t low = 0, high = literals->n;
    const tr_index_entry_t *entry;

    if (path.n > literals->longest) {
        path.n = literals->longest;
    }
    while (high - low > 1) { /* entries[low] <= path < entries[high] */
        apr_uint32_t middle = low + (high - low) / 2;

        if (compare_caseless(literals->entries[middle].begin, path) <= 0) {
            low = middle;
        }
        else {
            high = middle;
        }
    }
    entry = literals->entries + low;
    while (entry->begin.n > path.n
           || apr_cstr_casecmpn(entry->begin.p, path.p, entry->begin.n) != 0) {
        entry = entry->shorter;
    }
    return entry;
}

tr_candidates_t tr_index_find(const tr_index_t *index, tr_slice_t path)
{
    tr_candidates_t found = { NULL, NULL };

    found.paths = find_path(&index->paths, path);
    if (index->literals.n > 0) {
        found.literals = find_literal(&index->literals, path);
    }
    return found;
}

/* The first of an entry's rules that is not before from. */
static apr_uint32_t entry_next(const tr_index_entry_t *entry, apr_uint32_t from)
{
    apr_uint32_t low = 0, high = entry->n;

    while (low < high) {
        apr_uint32_t middle = low + (high - low) / 2;

        if (entry->rules[middle] < from) {
            low = middle + 1;
        }
        else {
            high = middle;
        }
    }
    return low < entry->n ? entry->rules[low] : TR_INDEX_END;
}

static apr_uint32_t chain_next(const tr_index_entry_t *entry, apr_uint32_t from,
                               apr_uint32_t best)
{
    for (; entry; entry = entry->shorter) {
        apr_uint32_t next = entry_next(entry, from);

        best = next < best ? next : best;
    }
    return best;
}

apr_uint32_t tr_candidates_next(const tr_candidates_t *candidates,
                                apr_uint32_t from)
{
    return chain_next(candidates->literals, from,
                      chain_next(candidates->paths, from, TR_INDEX_END));
}

/* ---- building ---- */

/* A rule and the beginning it is filed under. */
typedef struct filed_t {
    tr_slice_t begin;
    apr_uint32_t rule;
} filed_t;

/* Without regard to case, so that what an entry begins with stands before it
 * in either; among the same, with regard to it. */
static int compare(tr_slice_t a, tr_slice_t b)
{
    int c = compare_caseless(a, b);

    return c || a.n == 0 ? c : memcmp(a.p, b.p, a.n);
}

static int filed_compare(const void *a, const void *b)
{
    const filed_t *x = a, *y = b;
    int c = compare(x->begin, y->begin);

    return c ? c : (x->rule > y->rule) - (x->rule < y->rule);
}

/*
 * Turn filed rules into entries, one a different beginning and "" before all,
 * in order.
 * @return how many
 */
static apr_uint32_t entries_build(tr_index_entry_t **out, filed_t *filed,
                                  apr_uint32_t n, apr_pool_t *p)
{
    tr_index_entry_t *entries = apr_pcalloc(p, (n + 1) * sizeof(*entries));
    apr_uint32_t *rules = apr_palloc(p, (n + 1) * sizeof(*rules));
    apr_uint32_t i, last = 0;

    qsort(filed, n, sizeof(*filed), filed_compare);
    entries[0].begin = tr_slice("", 0);
    entries[0].rules = rules;
    for (i = 0; i < n; ++i) {
        if (compare(filed[i].begin, entries[last].begin) != 0) {
            entries[++last].begin = filed[i].begin;
            entries[last].rules = rules + i;
        }
        rules[i] = filed[i].rule;
        ++entries[last].n;
    }
    *out = entries;
    return last + 1;
}

static void slot_add(paths_t *paths, apr_uint32_t number)
{
    apr_uint64_t hash = hash_of(paths->entries[number].begin.p,
                                paths->entries[number].begin.n);
    apr_uint32_t at = HASH_SLOT(hash) & paths->mask;

    while (paths->slots[at].entry != 0) {
        at = (at + 1) & paths->mask;
    }
    paths->slots[at].hash = HASH_CHECK(hash);
    paths->slots[at].entry = number + 1;
}

/* The walk need not come to "" where no rule is filed there. */
static const tr_index_entry_t *worthwhile(const tr_index_entry_t *shorter)
{
    return shorter->begin.n > 0 || shorter->n > 0 ? shorter : NULL;
}

static void paths_build(paths_t *paths, filed_t *filed, apr_uint32_t n,
                        apr_pool_t *p)
{
    apr_uint32_t count = entries_build(&paths->entries, filed, n, p), i;
    apr_uint32_t slots = 2;

    while (slots < count * 2) {
        slots *= 2;
    }
    paths->mask = slots - 1;
    paths->slots = apr_pcalloc(p, slots * sizeof(*paths->slots));
    /* From short to long is from earlier to later in the order, so that what
     * an entry begins with is in the table before it. */
    for (i = 1; i < count; ++i) {
        tr_index_entry_t *entry = paths->entries + i;

        paths->lengths |= LENGTH_BIT(entry->begin.n);
        if (entry->begin.n > paths->longest) {
            paths->longest = entry->begin.n;
        }
        entry->shorter = worthwhile(find_path(paths, entry->begin));
        slot_add(paths, i);
    }
}

static void literals_build(literals_t *literals, filed_t *filed, apr_uint32_t n,
                           apr_pool_t *p)
{
    apr_uint32_t count = n ? entries_build(&literals->entries, filed, n, p) : 0;

    /* Grown one by one, the table answers for what stands before. */
    for (literals->n = n ? 1 : 0; literals->n < count; ++literals->n) {
        tr_index_entry_t *entry = literals->entries + literals->n;

        if (entry->begin.n > literals->longest) {
            literals->longest = entry->begin.n;
        }
        entry->shorter = find_literal(literals, entry->begin);
    }
}

tr_index_t *tr_index_build(const apr_array_header_t *patterns, apr_pool_t *p,
                           apr_pool_t *scratch)
{
    apr_size_t size = (apr_size_t)(patterns->nelts + 1) * sizeof(filed_t);
    filed_t *paths = apr_palloc(scratch, size);
    filed_t *literals = apr_palloc(scratch, size);
    tr_index_t *index = apr_pcalloc(p, sizeof(*index));
    apr_uint32_t npaths = 0, nliterals = 0;
    int i;

    for (i = 0; i < patterns->nelts; ++i) {
        const tr_pattern_t *pattern = APR_ARRAY_IDX(patterns, i,
                                                    const tr_pattern_t *);
        int literal = pattern->begin.n > 0
                      && (pattern->kind == TR_PATTERN_REGEX
                          || pattern->caseless);
        filed_t *filed = literal ? &literals[nliterals++] : &paths[npaths++];

        filed->begin = pattern->begin;
        filed->rule = (apr_uint32_t)i;
    }
    paths_build(&index->paths, paths, npaths, p);
    literals_build(&index->literals, literals, nliterals, p);
    return index;
}

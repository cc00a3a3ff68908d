/* Licensed under the Apache License, Version 2.0; see LICENSE. */
#include <stdlib.h>
#include <strings.h>

#include <apr_lib.h>

#include "tr_index.h"

/* Literals are cut to this: as long as any that tells rules apart. */
#define LITERAL_MAX 255

/* A beginning, and the rules whose patterns begin with it. */
struct tr_index_entry_t {
    tr_slice_t begin;
    const tr_index_entry_t *shorter; /* the longest other that it begins with */
    const apr_uint32_t *rules;       /* ascending */
    apr_uint32_t n;
};

/* A place in the hash table; 0 in entry: free. */
typedef struct slot_t {
    apr_uint32_t hash;  /* its upper half */
    apr_uint32_t entry; /* 1 + its number */
} slot_t;

/* Entries by hash. entries[0] is "". */
typedef struct paths_t {
    tr_index_entry_t *entries;
    slot_t *slots;
    apr_uint32_t mask;   /* slots - 1; their number is a power of two */
    apr_uint64_t depths; /* bit n: an entry has n segments; 63: or more */
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

/* FNV-1a, with the letters of both cases (and some others) alike. */
#define HASH_START 0xcbf29ce484222325u
#define HASH_ADD(hash, c) \
    (((hash) ^ ((unsigned char)(c) | 0x20)) * 0x100000001b3u)
/* The low bits of FNV know little of the last bytes; the high ones do. */
#define HASH_SLOT(hash) ((apr_uint32_t)((hash) >> 20))
#define HASH_CHECK(hash) ((apr_uint32_t)((hash) >> 32))
#define DEPTH_BIT(depth) ((apr_uint64_t)1 << ((depth) < 63 ? (depth) : 63))

static int is_same(tr_slice_t entry, const char *path, apr_size_t n)
{
    return entry.n == n && strncasecmp(entry.p, path, n) == 0;
}

static tr_index_entry_t *probe(const paths_t *paths, apr_uint64_t hash,
                               const char *path, apr_size_t n)
{
    apr_uint32_t at = HASH_SLOT(hash) & paths->mask;

    while (paths->slots[at].entry != 0) {
        if (paths->slots[at].hash == HASH_CHECK(hash)) {
            tr_index_entry_t *entry = paths->entries + paths->slots[at].entry
                                      - 1;

            if (is_same(entry->begin, path, n)) {
                return entry;
            }
        }
        at = (at + 1) & paths->mask;
    }
    return NULL;
}

/* The deepest entry that a path begins with, by whole segments. */
static tr_index_entry_t *find_path(const paths_t *paths, tr_slice_t path)
{
    tr_index_entry_t *found = paths->entries;
    apr_uint64_t hash = HASH_START;
    apr_size_t i = 0, end = path.n < paths->longest ? path.n : paths->longest;
    unsigned depth = 0;

    while (i < end) {
        do {
            hash = HASH_ADD(hash, path.p[i]);
            ++i;
        } while (i < end && path.p[i] != '/');
        if (i < path.n && path.p[i] != '/') {
            break; /* a segment longer than any entry */
        }
        if (paths->depths & DEPTH_BIT(++depth)) {
            tr_index_entry_t *entry = probe(paths, hash, path.p, i);

            found = entry ? entry : found;
        }
    }
    return found;
}

static int compare(tr_slice_t a, tr_slice_t b)
{
    apr_size_t n = a.n < b.n ? a.n : b.n;
    int c = n > 0 ? strncasecmp(a.p, b.p, n) : 0;

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

        if (compare(literals->entries[middle].begin, path) <= 0) {
            low = middle;
        }
        else {
            high = middle;
        }
    }
    entry = literals->entries + low;
    while (entry->begin.n > path.n
           || strncasecmp(entry->begin.p, path.p, entry->begin.n) != 0) {
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
static apr_uint32_t entry_next(const tr_index_entry_t *entry,
                               apr_uint32_t from)
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

static apr_uint32_t chain_next(const tr_index_entry_t *entry,
                               apr_uint32_t from, apr_uint32_t best)
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

static unsigned depth_of(tr_slice_t begin)
{
    unsigned depth = 0;
    apr_size_t i;

    for (i = 0; i < begin.n; ++i) {
        depth += begin.p[i] == '/';
    }
    return depth;
}

static apr_uint64_t hash_of(tr_slice_t begin)
{
    apr_uint64_t hash = HASH_START;
    apr_size_t i;

    for (i = 0; i < begin.n; ++i) {
        hash = HASH_ADD(hash, begin.p[i]);
    }
    return hash;
}

static void slot_add(paths_t *paths, apr_uint32_t number)
{
    apr_uint64_t hash = hash_of(paths->entries[number].begin);
    apr_uint32_t at = HASH_SLOT(hash) & paths->mask;

    while (paths->slots[at].entry != 0) {
        at = (at + 1) & paths->mask;
    }
    paths->slots[at].hash = HASH_CHECK(hash);
    paths->slots[at].entry = number + 1;
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

        paths->depths |= DEPTH_BIT(depth_of(entry->begin));
        if (entry->begin.n > paths->longest) {
            paths->longest = entry->begin.n;
        }
        entry->shorter = find_path(paths, entry->begin);
        slot_add(paths, i);
    }
}

static void literals_build(literals_t *literals, filed_t *filed,
                           apr_uint32_t n, apr_pool_t *p)
{
    apr_uint32_t count = n ? entries_build(&literals->entries, filed, n, p)
                           : 0;

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
        int regex = pattern->kind == TR_PATTERN_REGEX && pattern->begin.n > 0;
        filed_t *filed = regex ? &literals[nliterals++] : &paths[npaths++];

        filed->begin = pattern->begin;
        filed->rule = (apr_uint32_t)i;
        if (regex && filed->begin.n > LITERAL_MAX) {
            filed->begin.n = LITERAL_MAX;
        }
    }
    paths_build(&index->paths, paths, npaths, p);
    literals_build(&index->literals, literals, nliterals, p);
    return index;
}

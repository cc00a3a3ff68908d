/* Licensed under the Apache License, Version 2.0; see LICENSE. */
#include <apr_strings.h>

#include "tr_ascii.h"
#include "tr_suggest.h"

#define LONGEST 24 /* no name is longer; a longer word is near to none */

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

static int differ(char a, char b)
{
    return tr_to_lower(a) != tr_to_lower(b);
}

/* The optimal string alignment distance, by the usual table of which three
 * rows are kept. */
static unsigned distance(tr_slice_t a, tr_slice_t b)
{
    unsigned rows[3][LONGEST + 1];
    apr_size_t i, j;

    for (j = 0; j <= b.n; ++j) {
        rows[0][j] = (unsigned)j;
    }
    for (i = 1; i <= a.n; ++i) {
        unsigned *row = rows[i % 3], *last = rows[(i + 2) % 3];
        const unsigned *last_but_one = rows[(i + 1) % 3];

        row[0] = (unsigned)i;
        for (j = 1; j <= b.n; ++j) {
            row[j] = least(least(last[j], row[j - 1]) + 1,
                           last[j - 1]
                               + (unsigned)differ(a.p[i - 1], b.p[j - 1]));
            if (i > 1 && j > 1 && !differ(a.p[i - 1], b.p[j - 2])
                && !differ(a.p[i - 2], b.p[j - 1])) {
                row[j] = least(row[j], last_but_one[j - 2] + 1);
            }
        }
    }
    return rows[a.n % 3][b.n];
}

const char *tr_suggest(tr_slice_t word, const char *const *names, apr_size_t n,
                       apr_pool_t *p)
{
    const char *nearest = NULL, *all = "; known are ";
    unsigned best = 3;
    apr_size_t i;

    for (i = 0; i < n; ++i) {
        tr_slice_t name = tr_slice_of(names[i]);
        unsigned d = word.n > LONGEST || name.n > LONGEST
                         ? best : distance(word, name);

        if (d < best && d * 2 < word.n) {
            best = d;
            nearest = names[i];
        }
        all = apr_pstrcat(p, all, i ? ", '" : "'", names[i], "'", NULL);
    }
    return nearest ? apr_pstrcat(p, "; did you mean '", nearest, "'?", NULL)
                   : all;
}

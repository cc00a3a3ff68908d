/* Licensed under the Apache License, Version 2.0; see LICENSE. */
#include <apr_strings.h>

#include "tr_window_impl.h"

/* A civil time is counted like an instant: in microseconds since 1970, as if
 * the zone were UTC. What a zone does to civil times is in two functions:
 *
 *     instant_of(civil)   the first instant at which the clock on the wall
 *                         shows that or more
 *     reached(now)        the most that it has shown until now
 *
 *     civil     /|  /         reached     ___/          Where the clock is set
 *     04:00    / | /                     /              back, reached() waits;
 *     03:00   /  |/                     /               where it jumps ahead,
 *            /                         /                so does reached().
 *     02:00   0 1 2 3  instant          0 1 2 3
 *
 * So instant_of(civil) <= now exactly where civil <= reached(now), and the
 * hours of a week, which are civil, are those of reached(now): each counts
 * once, and one that is skipped counts not at all. */

#define SECOND ((apr_int64_t)APR_USEC_PER_SEC)
#define MINUTE (60 * SECOND)

enum { DAY_SECONDS = 86400 };

/* Since 1995 no zone has been set back by more at once (Antarctica/Casey). */
enum { SET_BACK_SECONDS = 3 * 3600 };

/* The week begins on Monday, and 1970 on a Thursday. */
enum { MINUTES_BEFORE_1970 = 3 * TR_DAY_MINUTES };

struct tr_window_t {
    apr_time_t from, until;
    int utc;
    int at_week_end;           /* whether the week's last minute is open */
    int n;                     /* even, 0 where the hours never change */
    const apr_uint16_t *edges; /* minutes of the week, ascending */
};

static apr_int64_t floor_div(apr_int64_t a, apr_int64_t b)
{
    return a / b - (a % b < 0);
}

/* ---- the zone ---- */

/* What the zone adds to UTC, in seconds. */
static apr_int64_t offset_at(int utc, apr_int64_t second)
{
    apr_time_exp_t exploded;

    if (utc) {
        return 0;
    }
    apr_time_exp_lt(&exploded, second * SECOND);
    return exploded.tm_gmtoff;
}

/* The second within (low, high] from which on the offset is that of high. */
static apr_int64_t find_jump(apr_int64_t low, apr_int64_t high)
{
    apr_int64_t after = offset_at(0, high);

    while (high - low > 1) {
        apr_int64_t middle = low + (high - low) / 2;

        if (offset_at(0, middle) == after) {
            high = middle;
        }
        else {
            low = middle;
        }
    }
    return high;
}

static apr_time_t instant_of(int utc, apr_int64_t civil)
{
    apr_int64_t second = floor_div(civil, SECOND);
    apr_int64_t low = second - DAY_SECONDS, high = second + DAY_SECONDS, jump;
    apr_int64_t before = offset_at(utc, low), after = offset_at(utc, high);

    if (before == after) {
        return civil - before * SECOND;
    }
    jump = find_jump(low, high);
    if (second - before < jump) {
        return civil - before * SECOND;
    }
    return second - after < jump ? jump * SECOND : civil - after * SECOND;
}

static apr_int64_t shown(int utc, apr_time_t now)
{
    return now + offset_at(utc, floor_div(now, SECOND)) * SECOND;
}

static apr_int64_t reached(int utc, apr_time_t now, apr_int64_t shows)
{
    apr_int64_t second = floor_div(now, SECOND);
    apr_int64_t after = (shows - now) / SECOND;
    apr_int64_t before = offset_at(utc, second - SET_BACK_SECONDS);
    apr_int64_t earlier = second - (before - after);

    if (before > after && offset_at(utc, earlier) == before) {
        return (find_jump(earlier, second) + before) * SECOND - 1;
    }
    return shows;
}

/* ---- times and hours ---- */

/* The instant of a value that has been checked. */
static apr_time_t time_of(const char *value, int utc, apr_pool_t *p)
{
    tr_stamp_t time = { 0, 1, 0 };

    tr_window_read_time(&time, value, p);
    return time.has_offset ? time.civil - time.offset * MINUTE
                           : instant_of(utc, time.civil);
}

static void set_edges(tr_window_t *window, const char *weeks, apr_pool_t *p)
{
    apr_uint16_t found[TR_WEEK_MINUTES];
    int i, open = weeks[TR_WEEK_MINUTES - 1] | weeks[2 * TR_WEEK_MINUTES - 1];

    window->at_week_end = open;
    for (i = 0; i < TR_WEEK_MINUTES; ++i) {
        if ((weeks[i] | weeks[i + TR_WEEK_MINUTES]) != open) {
            open = !open;
            found[window->n++] = (apr_uint16_t)i;
        }
    }
    window->edges = apr_pmemdup(p, found,
                                (apr_size_t)window->n * sizeof(*found));
}

/* How many of the week's edges are not after a minute of it. */
static int count_edges(const tr_window_t *window, int minute)
{
    int low = 0, high = window->n;

    while (low < high) {
        int middle = (low + high) / 2;

        if (window->edges[middle] <= minute) {
            low = middle + 1;
        }
        else {
            high = middle;
        }
    }
    return low;
}

static int minute_of_week(apr_int64_t civil)
{
    apr_int64_t minute = floor_div(civil, MINUTE) + MINUTES_BEFORE_1970;

    return (int)(minute - floor_div(minute, TR_WEEK_MINUTES) * TR_WEEK_MINUTES);
}

static int hours_are_open(const tr_window_t *window, apr_int64_t civil)
{
    return window->at_week_end
           ^ (count_edges(window, minute_of_week(civil)) & 1);
}

static apr_int64_t next_civil_edge(const tr_window_t *window, apr_int64_t civil)
{
    int minute = minute_of_week(civil);
    int i = count_edges(window, minute);
    int edge = i < window->n ? window->edges[i]
                             : window->edges[0] + TR_WEEK_MINUTES;

    return (floor_div(civil, MINUTE) + edge - minute) * MINUTE;
}

/* The civil time that hours go by. It costs to look whether the clock has been
 * set back, and counts only shortly before an edge. */
static apr_int64_t civil_of(const tr_window_t *window, apr_time_t now)
{
    apr_int64_t shows = shown(window->utc, now);

    return next_civil_edge(window, shows) - shows >= SET_BACK_SECONDS * SECOND
               ? shows
               : reached(window->utc, now, shows);
}

/* The next instant at which the hours change; where the clock jumps over an
 * edge and over the next one too, they do not. */
static apr_time_t next_change(const tr_window_t *window, apr_time_t now)
{
    apr_int64_t civil, after;
    apr_time_t change;
    int open;

    if (window->n == 0) {
        return TR_NEVER;
    }
    civil = civil_of(window, now);
    open = hours_are_open(window, civil);
    do {
        civil = next_civil_edge(window, civil);
        change = instant_of(window->utc, civil);
        after = civil_of(window, change);
        civil = after > civil ? after : civil;
    } while (hours_are_open(window, civil) == open);
    return change;
}

/* ---- the window ---- */

static const char *check_opens(const tr_window_t *window,
                               const tr_window_words_t *words, apr_pool_t *p)
{
    if (window->until <= window->from) {
        return apr_psprintf(p,
                            "until=%s: is not after from=%s; a window opens "
                            "with from= and closes with until=",
                            words->until, words->from);
    }
    if (tr_window_is_over(window, window->from)) {
        return apr_psprintf(p,
                            "hours=%s: never opens between from=%s and "
                            "until=%s; write hours that do",
                            words->hours, words->from, words->until);
    }
    return NULL;
}

const char *tr_window_build(const tr_window_t **window,
                            const tr_window_words_t *words, apr_pool_t *p)
{
    tr_window_t *made = apr_pcalloc(p, sizeof(*made));
    const char *error = NULL;

    made->utc = words->utc;
    made->from = APR_INT64_MIN;
    made->until = TR_NEVER;
    if (words->from) {
        made->from = time_of(words->from, words->utc, p);
    }
    if (words->until) {
        made->until = time_of(words->until, words->utc, p);
    }
    if (words->hours) {
        char weeks[2 * TR_WEEK_MINUTES] = { 0 };

        tr_window_read_hours(weeks, words->hours, p);
        set_edges(made, weeks, p);
    }
    if (words->from && words->until) {
        error = check_opens(made, words, p);
    }
    *window = error ? *window : made;
    return error;
}

int tr_window_is_open(const tr_window_t *window, apr_time_t now)
{
    return now >= window->from && now < window->until
           && (window->n == 0 || hours_are_open(window, civil_of(window, now)));
}

apr_time_t tr_window_next_edge(const tr_window_t *window, apr_time_t now)
{
    apr_time_t edge;

    if (now < window->from) {
        edge = tr_window_is_open(window, window->from)
                   ? window->from
                   : next_change(window, window->from);
        return edge < window->until ? edge : TR_NEVER;
    }
    if (now >= window->until) {
        return TR_NEVER;
    }
    edge = next_change(window, now);
    if (edge < window->until) {
        return edge;
    }
    return tr_window_is_open(window, now) ? window->until : TR_NEVER;
}

int tr_window_has_hours(const tr_window_t *window)
{
    return window->n > 0;
}

int tr_window_closes(const tr_window_t *window)
{
    return window->until != TR_NEVER || window->n > 0;
}

int tr_window_is_over(const tr_window_t *window, apr_time_t now)
{
    return !tr_window_is_open(window, now)
           && tr_window_next_edge(window, now) == TR_NEVER;
}

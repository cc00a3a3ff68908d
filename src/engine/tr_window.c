/* Licensed under the Apache License, Version 2.0; see LICENSE. */
#include <apr_strings.h>

#include "tr_ascii.h"
#include "tr_suggest.h"
#include "tr_window.h"

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

enum { DAY_SECONDS = 86400, DAY_MINUTES = 1440, WEEK_MINUTES = 10080 };

/* Since 1995 no zone has been set back by more at once (Antarctica/Casey). */
enum { SET_BACK_SECONDS = 3 * 3600 };

/* The week begins on Monday, and 1970 on a Thursday. */
enum { MINUTES_BEFORE_1970 = 3 * DAY_MINUTES };

static const char *const day_names[] = { "Mon", "Tue", "Wed", "Thu",
                                         "Fri", "Sat", "Sun" };

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

/* ---- from= and until= ---- */

#define NOT_A_TIME                                                             \
    "is no time; write one as in '2026-12-01T22:00', "                         \
    "'2026-12-01T22:00:30Z' or '2026-12-01T22:00+01:00'"

typedef struct stamp_t {
    int year, month, day, hour, minute, second;
    int microsecond;
    int has_offset;
    int offset; /* minutes */
} stamp_t;

/* Take n digits; 0 where they are not there. */
static int take_number(int *number, const char **at, int n)
{
    int i, sum = 0;

    for (i = 0; i < n; ++i) {
        if (!tr_is_digit((*at)[i])) {
            return 0;
        }
        sum = 10 * sum + ((*at)[i] - '0');
    }
    *at += n;
    *number = sum;
    return 1;
}

static int take_char(const char **at, char c)
{
    if (tr_to_lower(**at) != c) {
        return 0;
    }
    ++*at;
    return 1;
}

/* "22:00" */
static int take_clock(int *hour, int *minute, const char **at)
{
    return take_number(hour, at, 2) && take_char(at, ':')
           && take_number(minute, at, 2);
}

static int month_days(int year, int month)
{
    if (month == 2) {
        return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28;
    }
    return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

static const char *date_parse(stamp_t *stamp, const char **at, apr_pool_t *p)
{
    const char *date = *at;
    int days;

    if (!take_number(&stamp->year, at, 4) || !take_char(at, '-')
        || !take_number(&stamp->month, at, 2) || !take_char(at, '-')
        || !take_number(&stamp->day, at, 2)) {
        return NOT_A_TIME;
    }
    if (stamp->month < 1 || stamp->month > 12) {
        return apr_psprintf(p, "there is no month %02d; write 01 to 12",
                            stamp->month);
    }
    days = month_days(stamp->year, stamp->month);
    if (stamp->day < 1 || stamp->day > days) {
        return apr_psprintf(p, "there is no day %02d in %.7s; write 01 to %d",
                            stamp->day, date, days);
    }
    if (**at == '\0') {
        return apr_psprintf(p,
                            "is only a date; write a time too, as in "
                            "'%.10sT00:00'",
                            date);
    }
    if (**at == ' ') {
        return apr_psprintf(p,
                            "has a space; write 'T' between date and time, as "
                            "in '%.10sT%s'",
                            date, *at + 1);
    }
    return take_char(at, 't') ? NULL : NOT_A_TIME;
}

/* ".5": microseconds */
static int take_fraction(int *microsecond, const char **at)
{
    int unit = APR_USEC_PER_SEC / 10;

    if (!tr_is_digit(**at)) {
        return 0;
    }
    for (; tr_is_digit(**at); ++*at, unit /= 10) {
        *microsecond += (**at - '0') * unit;
    }
    return 1;
}

static const char *clock_parse(stamp_t *stamp, const char **at, apr_pool_t *p)
{
    if (!take_clock(&stamp->hour, &stamp->minute, at)
        || (take_char(at, ':')
            && (!take_number(&stamp->second, at, 2)
                || (take_char(at, '.')
                    && !take_fraction(&stamp->microsecond, at))))) {
        return NOT_A_TIME;
    }
    if (stamp->hour == 24) {
        return "there is no hour 24; write 00:00 of the next day";
    }
    if (stamp->hour > 23) {
        return apr_psprintf(p, "there is no hour %d; write 00 to 23",
                            stamp->hour);
    }
    if (stamp->minute > 59) {
        return apr_psprintf(p, "there is no minute %d; write 00 to 59",
                            stamp->minute);
    }
    if (stamp->second == 60 && stamp->minute != 59) {
        return "only minute 59 can have a second 60; write 00 to 59";
    }
    if (stamp->second > 60) {
        return apr_psprintf(p, "there is no second %d; write 00 to 59",
                            stamp->second);
    }
    return NULL;
}

static const char *offset_parse(stamp_t *stamp, const char *at, apr_pool_t *p)
{
    const char *text = at;
    int sign = *at == '-' ? -1 : 1;
    int hour = 0, minute = 0;

    if (*at == '\0') {
        return NULL;
    }
    if (!take_char(&at, 'z')
        && !((take_char(&at, '+') || take_char(&at, '-'))
             && take_clock(&hour, &minute, &at))) {
        at = "?";
    }
    if (*at || hour > 23 || minute > 59) {
        return apr_psprintf(p,
                            "'%s' is no offset; behind the time write 'Z', "
                            "hours and minutes as in '+01:00', or nothing",
                            text);
    }
    stamp->has_offset = 1;
    stamp->offset = sign * (60 * hour + minute);
    return NULL;
}

/* Days since 1970. Years are counted from March, so that the leap day is the
 * last one. */
static apr_int64_t day_of(int year, int month, int day)
{
    int y = month > 2 ? year : year - 1;
    int of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;

    y += 400; /* of the year 0000: -1 */
    return 365 * (apr_int64_t)y + y / 4 - y / 100 + y / 400 + of_year - 719468
           - 146097;
}

static const char *time_parse(apr_time_t *instant, const char *value, int utc,
                              apr_pool_t *p)
{
    stamp_t stamp = { 0 };
    const char *error = date_parse(&stamp, &value, p);
    apr_int64_t civil;

    if (!error) {
        error = clock_parse(&stamp, &value, p);
    }
    if (!error) {
        error = offset_parse(&stamp, value, p);
    }
    if (error) {
        return error;
    }
    civil = day_of(stamp.year, stamp.month, stamp.day) * DAY_SECONDS
            + stamp.hour * 3600 + stamp.minute * 60 + stamp.second;
    civil = civil * SECOND + stamp.microsecond;
    *instant = stamp.has_offset ? civil - stamp.offset * MINUTE
                                : instant_of(utc, civil);
    return NULL;
}

const char *tr_window_check_time(const char *value, apr_pool_t *p)
{
    apr_time_t instant;

    return time_parse(&instant, value, 1, p);
}

/* ---- hours= ---- */

/* The days of an item, and its minutes of a day; first > last and open > close
 * where it goes over the end. */
typedef struct item_t {
    int first, last;
    int open, close;
} item_t;

static const char *day_parse(int *day, tr_slice_t name, apr_pool_t *p)
{
    for (*day = 0; *day < 7; ++*day) {
        tr_slice_t known = tr_slice_of(day_names[*day]);

        if (name.n == known.n
            && tr_to_lower(name.p[0]) == tr_to_lower(known.p[0])
            && tr_to_lower(name.p[1]) == known.p[1]
            && tr_to_lower(name.p[2]) == known.p[2]) {
            return NULL;
        }
    }
    return apr_psprintf(p, "'%s' is no day%s",
                        apr_pstrmemdup(p, name.p, name.n),
                        tr_suggest(name, day_names, 7, p));
}

static const char *days_parse(item_t *item, tr_slice_t days, apr_pool_t *p)
{
    const char *dash = memchr(days.p, '-', days.n);
    apr_size_t n = dash ? (apr_size_t)(dash - days.p) : days.n;
    const char *error = day_parse(&item->first, tr_slice(days.p, n), p);

    item->last = item->first;
    if (!error && dash) {
        error = day_parse(&item->last, tr_slice_from(days, n + 1), p);
    }
    return error;
}

static const char *minute_parse(int *minute, const char *text, int last,
                                apr_pool_t *p)
{
    const char *at = text;
    int h, m;

    if (!take_clock(&h, &m, &at) || *at) {
        return apr_psprintf(p,
                            "'%s' is no time of day; write hours and minutes "
                            "in two digits each, as in '09:00'",
                            text);
    }
    if (h == 24 && m == 0 && last < DAY_MINUTES) {
        return "'24:00' can only close; to open there, write '00:00' of the "
               "next day";
    }
    if (m > 59 || 60 * h + m > last) {
        return apr_psprintf(p,
                            "there is no %s; write 00:00 to 23:59, or 24:00 "
                            "to close",
                            text);
    }
    *minute = 60 * h + m;
    return NULL;
}

static const char *range_parse(item_t *item, const char *range, apr_pool_t *p)
{
    const char *dash = strchr(range, '-');
    const char *error;

    if (!dash) {
        return apr_psprintf(p,
                            "'%s' is no range; write when it opens and "
                            "closes, as in '09:00-17:00'",
                            range);
    }
    error = minute_parse(&item->open,
                         apr_pstrmemdup(p, range, (apr_size_t)(dash - range)),
                         DAY_MINUTES - 1, p);
    if (!error) {
        error = minute_parse(&item->close, dash + 1, DAY_MINUTES, p);
    }
    if (!error && item->open == item->close) {
        error = apr_psprintf(p,
                             "'%s' opens and closes at the same time; for "
                             "whole days write the days alone, as in "
                             "'Mon-Sun'",
                             range);
    }
    return error;
}

static const char *item_parse(item_t *item, const char *text, apr_pool_t *p)
{
    apr_size_t n = strcspn(text, "@");
    const char *error;

    item->first = item->open = 0;
    item->last = 6;
    item->close = DAY_MINUTES;
    if (*text == '\0') {
        return "an item is empty; write items with ',' between them, as in "
               "'Mon-Fri@09:00-17:00,Sat'";
    }
    if (tr_is_digit(*text)) {
        return range_parse(item, text, p);
    }
    error = days_parse(item, tr_slice(text, n), p);
    return error || !text[n] ? error : range_parse(item, text + n + 1, p);
}

static void item_paint(char *weeks, const item_t *item)
{
    int days = (item->last - item->first + 7) % 7 + 1;
    int length = item->close - item->open;
    int i;

    length += length < 0 ? DAY_MINUTES : 0;
    for (i = 0; i < days; ++i) {
        memset(weeks + (item->first + i) * DAY_MINUTES + item->open, 1,
               (size_t)length);
    }
}

/* Paint the minutes that are open, of a week and on into the next one; or
 * check only: weeks is NULL. */
static const char *hours_parse(char *weeks, const char *value, apr_pool_t *p)
{
    for (;;) {
        apr_size_t n = strcspn(value, ",");
        const char *error;
        item_t item;

        error = item_parse(&item, apr_pstrmemdup(p, value, n), p);
        if (error) {
            return error;
        }
        if (weeks) {
            item_paint(weeks, &item);
        }
        if (value[n] == '\0') {
            return NULL;
        }
        value += n + 1;
    }
}

const char *tr_window_check_hours(const char *value, apr_pool_t *p)
{
    return hours_parse(NULL, value, p);
}

static void set_edges(tr_window_t *window, const char *weeks, apr_pool_t *p)
{
    apr_uint16_t found[WEEK_MINUTES];
    int i, open = weeks[WEEK_MINUTES - 1] | weeks[2 * WEEK_MINUTES - 1];

    window->at_week_end = open;
    for (i = 0; i < WEEK_MINUTES; ++i) {
        if ((weeks[i] | weeks[i + WEEK_MINUTES]) != open) {
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

    return (int)(minute - floor_div(minute, WEEK_MINUTES) * WEEK_MINUTES);
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
                             : window->edges[0] + WEEK_MINUTES;

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
        time_parse(&made->from, words->from, words->utc, p);
    }
    if (words->until) {
        time_parse(&made->until, words->until, words->utc, p);
    }
    if (words->hours) {
        char weeks[2 * WEEK_MINUTES] = { 0 };

        hours_parse(weeks, words->hours, p);
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

int tr_window_closes(const tr_window_t *window)
{
    return window->until != TR_NEVER || window->n > 0;
}

int tr_window_is_over(const tr_window_t *window, apr_time_t now)
{
    return !tr_window_is_open(window, now)
           && tr_window_next_edge(window, now) == TR_NEVER;
}

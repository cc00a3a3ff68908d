/* Licensed under the Apache License, Version 2.0; see LICENSE. */
#include <apr_strings.h>

#include "tr_ascii.h"
#include "tr_suggest.h"
#include "tr_window_impl.h"

/* ---- from= and until= ---- */

#define NOT_A_TIME                                                             \
    "is no time; write one as in '2026-12-01T22:00', "                         \
    "'2026-12-01T22:00:30Z' or '2026-12-01T22:00+01:00'"

/* Year to microsecond, and the offset in minutes. */
typedef struct stamp_t {
    int year, month, day, hour, minute, second;
    int microsecond;
    int has_offset;
    int offset;
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
                            "is only a date; write the time too, with a 'T' "
                            "between and no space, as in '%.10sT22:00'",
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

const char *tr_window_read_time(tr_stamp_t *time, const char *value,
                                apr_pool_t *p)
{
    stamp_t stamp = { 0 };
    const char *error = date_parse(&stamp, &value, p);
    apr_int64_t second;

    if (!error) {
        error = clock_parse(&stamp, &value, p);
    }
    if (!error) {
        error = offset_parse(&stamp, value, p);
    }
    if (error) {
        return error;
    }
    second = day_of(stamp.year, stamp.month, stamp.day) * 86400
             + stamp.hour * 3600 + stamp.minute * 60 + stamp.second;
    time->civil = second * APR_USEC_PER_SEC + stamp.microsecond;
    time->has_offset = stamp.has_offset;
    time->offset = stamp.offset;
    return NULL;
}

const char *tr_window_check_time(const char *value, apr_pool_t *p)
{
    tr_stamp_t time;

    return tr_window_read_time(&time, value, p);
}

/* ---- hours= ---- */

static const char *const day_names[] = { "Mon", "Tue", "Wed", "Thu",
                                         "Fri", "Sat", "Sun" };

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
    if (h == 24 && m == 0 && last < TR_DAY_MINUTES) {
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
                         TR_DAY_MINUTES - 1, p);
    if (!error) {
        error = minute_parse(&item->close, dash + 1, TR_DAY_MINUTES, p);
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
    item->close = TR_DAY_MINUTES;
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

    length += length < 0 ? TR_DAY_MINUTES : 0;
    for (i = 0; i < days; ++i) {
        memset(weeks + (item->first + i) * TR_DAY_MINUTES + item->open, 1,
               (size_t)length);
    }
}

const char *tr_window_read_hours(char *weeks, const char *value, apr_pool_t *p)
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
    return tr_window_read_hours(NULL, value, p);
}

int tr_window_mixes_days(const char *hours)
{
    int behind = 0;

    for (;;) {
        apr_size_t n = strcspn(hours, ",");

        if (tr_is_digit(*hours) && behind) {
            return 1;
        }
        behind = memchr(hours, '@', n) != NULL;
        if (hours[n] == '\0') {
            return 0;
        }
        hours += n + 1;
    }
}

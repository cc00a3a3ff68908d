/* Licensed under the Apache License, Version 2.0; see LICENSE. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <apr_strings.h>

#include "tr_window.h"
#include "unit.h"

static void set_zone(const char *zone)
{
    setenv("TZ", zone, 1);
    tzset();
}

/* "2026-12-01T22:00" of UTC, seconds if any; the C library's opinion */
static apr_time_t at(const char *text)
{
    struct tm tm = { 0 };
    double seconds = 0;

    ck_assert_int_ge(sscanf(text, "%d-%d-%dT%d:%d:%lf", &tm.tm_year,
                            &tm.tm_mon, &tm.tm_mday, &tm.tm_hour, &tm.tm_min,
                            &seconds),
                     5);
    tm.tm_year -= 1900;
    tm.tm_mon -= 1;
    return timegm(&tm) * APR_USEC_PER_SEC
           + (apr_time_t)(seconds * APR_USEC_PER_SEC + 0.5);
}

static const char *name_of(apr_time_t time)
{
    time_t seconds = (time_t)(time / APR_USEC_PER_SEC);
    char text[64];
    struct tm tm;

    if (time == TR_NEVER) {
        return "never";
    }
    gmtime_r(&seconds, &tm);
    strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &tm);
    return apr_psprintf(pool, "%s.%06d", text,
                        (int)(time % APR_USEC_PER_SEC));
}

#define check_time(row, got, want)                                             \
    ck_assert_msg((got) == (want), "%s: is %s, not %s", row, name_of(got),     \
                  name_of(want))

static const tr_window_t *window_of(const char *from, const char *until,
                                    const char *hours, int utc)
{
    tr_window_words_t words = { from, until, hours, utc };
    const tr_window_t *window = NULL;

    if (from) {
        check_message(from, tr_window_check_time(from, pool), NULL);
    }
    if (until) {
        check_message(until, tr_window_check_time(until, pool), NULL);
    }
    if (hours) {
        check_message(hours, tr_window_check_hours(hours, pool), NULL);
    }
    check_message("build", tr_window_build(&window, &words, pool), NULL);
    return window;
}

/* ---- the instant of a time ---- */

#define BERLIN    "Europe/Berlin"
#define NEW_YORK  "America/New_York"
#define LORD_HOWE "Australia/Lord_Howe"
#define APIA      "Pacific/Apia"
#define SAO_PAULO "America/Sao_Paulo"
#define CASA      "Africa/Casablanca"
#define KATHMANDU "Asia/Kathmandu"

static const struct {
    const char *zone, *value, *instant;
} instants[] = {
    { BERLIN, "2026-12-01T22:00Z", "2026-12-01T22:00" },
    { BERLIN, "2026-12-01T22:00+00:00", "2026-12-01T22:00" },
    { BERLIN, "2026-12-01T22:00-00:00", "2026-12-01T22:00" },
    { BERLIN, "2026-12-01T22:00+05:45", "2026-12-01T16:15" },
    { BERLIN, "2026-12-01T22:00-05:30", "2026-12-02T03:30" },
    { BERLIN, "2026-12-01T22:00-00:30", "2026-12-01T22:30" },
    { BERLIN, "2026-12-01T22:00", "2026-12-01T21:00" },
    { BERLIN, "2026-07-01T22:00", "2026-07-01T20:00" },
    { BERLIN, "2026-07-01T22:00:30", "2026-07-01T20:00:30" },
    { BERLIN, "2026-07-01T22:00:30.5", "2026-07-01T20:00:30.5" },
    { BERLIN, "2026-07-01T22:00:30.000001", "2026-07-01T20:00:30.000001" },
    { BERLIN, "2026-07-01T22:00:30.1234569", "2026-07-01T20:00:30.123456" },
    { BERLIN, "2016-12-31T23:59:60Z", "2017-01-01T00:00" },
    { BERLIN, "2016-12-31T23:59:60.25Z", "2017-01-01T00:00:00.25" },
    { BERLIN, "2028-02-29T12:00Z", "2028-02-29T12:00" },
    { BERLIN, "2028-03-01T00:00Z", "2028-03-01T00:00" },
    { BERLIN, "2100-03-01T00:00Z", "2100-03-01T00:00" },
    { BERLIN, "1970-01-01T00:00Z", "1970-01-01T00:00" },
    { BERLIN, "1969-12-31T23:59:59.5Z", "1969-12-31T23:59:59.5" },
    { BERLIN, "0000-01-01T00:00Z", "0000-01-01T00:00" },
    { BERLIN, "0000-02-29T00:00Z", "0000-02-29T00:00" },
    { BERLIN, "0000-03-01T00:00Z", "0000-03-01T00:00" },
    { BERLIN, "9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999" },
    { KATHMANDU, "9999-07-01T22:00", "9999-07-01T16:15" },
    /* skipped: the moment of the jump */
    { BERLIN, "2026-03-29T01:59:59.999999", "2026-03-29T00:59:59.999999" },
    { BERLIN, "2026-03-29T02:00", "2026-03-29T01:00" },
    { BERLIN, "2026-03-29T02:30", "2026-03-29T01:00" },
    { BERLIN, "2026-03-29T02:59:59.999999", "2026-03-29T01:00" },
    { BERLIN, "2026-03-29T03:00", "2026-03-29T01:00" },
    { BERLIN, "2026-03-29T03:00:00.000001", "2026-03-29T01:00:00.000001" },
    /* repeated: the first */
    { BERLIN, "2026-10-25T01:59", "2026-10-24T23:59" },
    { BERLIN, "2026-10-25T02:00", "2026-10-25T00:00" },
    { BERLIN, "2026-10-25T02:30", "2026-10-25T00:30" },
    { BERLIN, "2026-10-25T02:59:59.999999", "2026-10-25T00:59:59.999999" },
    { BERLIN, "2026-10-25T03:00", "2026-10-25T02:00" },
    { NEW_YORK, "2026-03-08T02:30", "2026-03-08T07:00" },
    { NEW_YORK, "2026-11-01T01:30", "2026-11-01T05:30" },
    { NEW_YORK, "2026-11-01T02:00", "2026-11-01T07:00" },
    /* by half an hour */
    { LORD_HOWE, "2026-10-04T01:59", "2026-10-03T15:29" },
    { LORD_HOWE, "2026-10-04T02:15", "2026-10-03T15:30" },
    { LORD_HOWE, "2026-10-04T02:30", "2026-10-03T15:30" },
    { LORD_HOWE, "2026-04-05T01:29", "2026-04-04T14:29" },
    { LORD_HOWE, "2026-04-05T01:45", "2026-04-04T14:45" },
    { LORD_HOWE, "2026-04-05T02:00", "2026-04-04T15:30" },
    /* by a day */
    { APIA, "2011-12-29T23:59", "2011-12-30T09:59" },
    { APIA, "2011-12-30T00:00", "2011-12-30T10:00" },
    { APIA, "2011-12-30T12:00", "2011-12-30T10:00" },
    { APIA, "2011-12-30T23:59:59", "2011-12-30T10:00" },
    { APIA, "2011-12-31T00:00", "2011-12-30T10:00" },
    { APIA, "2011-12-31T12:00", "2011-12-30T22:00" },
    /* at midnight */
    { SAO_PAULO, "2018-11-03T23:59", "2018-11-04T02:59" },
    { SAO_PAULO, "2018-11-04T00:00", "2018-11-04T03:00" },
    { SAO_PAULO, "2018-11-04T00:59", "2018-11-04T03:00" },
    { SAO_PAULO, "2018-11-04T01:00", "2018-11-04T03:00" },
    { SAO_PAULO, "2018-02-17T23:30", "2018-02-18T01:30" },
    { SAO_PAULO, "2018-02-18T00:00", "2018-02-18T03:00" },
    /* set back for a month */
    { CASA, "2022-03-27T02:30", "2022-03-27T01:30" },
    { CASA, "2022-03-27T03:00", "2022-03-27T03:00" },
    { CASA, "2022-05-08T02:30", "2022-05-08T02:00" },
    { KATHMANDU, "2026-12-01T22:00", "2026-12-01T16:15" },
    { "UTC", "2026-12-01T22:00", "2026-12-01T22:00" },
};

START_TEST(a_time_is_an_instant)
{
    const char *value = instants[_i].value;
    apr_time_t instant = at(instants[_i].instant);
    const tr_window_t *from, *until;

    set_zone(instants[_i].zone);
    from = window_of(value, NULL, NULL, 0);
    until = window_of(NULL, value, NULL, 0);
    check_time(value, tr_window_next_edge(from, instant - 1), instant);
    check_time(value, tr_window_next_edge(until, instant - 1), instant);
    ck_assert_msg(!tr_window_is_open(from, instant - 1), "%s", value);
    ck_assert_msg(tr_window_is_open(from, instant), "%s", value);
    ck_assert_msg(tr_window_is_open(until, instant - 1), "%s", value);
    ck_assert_msg(!tr_window_is_open(until, instant), "%s", value);
}
END_TEST

START_TEST(a_time_without_offset_is_one_of_tz)
{
    set_zone(BERLIN);
    check_time("UTC",
               tr_window_next_edge(window_of("2026-07-01T22:00", NULL, NULL, 1),
                                   0),
               at("2026-07-01T22:00"));
    check_time("local",
               tr_window_next_edge(window_of("2026-07-01T22:00", NULL, NULL, 0),
                                   0),
               at("2026-07-01T20:00"));
    check_time("its own",
               tr_window_next_edge(window_of("2026-07-01T22:00-01:00", NULL,
                                             NULL, 1),
                                   0),
               at("2026-07-01T23:00"));
}
END_TEST

/* ---- edges ---- */

/* From a beginning on, each edge in turn; the first one opens unless it is
 * open. NEVER: there are no more. */
#define NEVER "never"

static const struct {
    const char *name, *zone;
    const char *from, *until, *hours;
    int utc;
    const char *begin;
    int open;
    const char *edges[8];
} walks[] = {
    { "from", BERLIN, "2026-12-01T22:00", NULL, NULL, 0,
      "2000-01-01T00:00", 0, { "2026-12-01T21:00", NEVER } },
    { "until", BERLIN, NULL, "2026-12-01T22:00", NULL, 0,
      "2000-01-01T00:00", 1, { "2026-12-01T21:00", NEVER } },
    { "from and until", "UTC", "2026-12-01T22:00", "2026-12-02T06:00", NULL, 0,
      "2000-01-01T00:00", 0,
      { "2026-12-01T22:00", "2026-12-02T06:00", NEVER } },
    { "for a microsecond", "UTC", "2026-12-01T22:00",
      "2026-12-01T22:00:00.000001", NULL, 0, "2000-01-01T00:00", 0,
      { "2026-12-01T22:00", "2026-12-01T22:00:00.000001", NEVER } },
    /* 2026-11-20 is a Friday */
    { "every day", BERLIN, NULL, NULL, "09:00-17:00", 0,
      "2026-11-20T00:00", 0,
      { "2026-11-20T08:00", "2026-11-20T16:00", "2026-11-21T08:00",
        "2026-11-21T16:00" } },
    { "of UTC", BERLIN, NULL, NULL, "09:00-17:00", 1, "2026-11-20T00:00", 0,
      { "2026-11-20T09:00", "2026-11-20T17:00", "2026-11-21T09:00" } },
    { "the working week", BERLIN, NULL, NULL,
      "Mon-Fri@09:00-17:00,Sat@10:00-14:00", 0, "2026-11-20T00:00", 0,
      { "2026-11-20T08:00", "2026-11-20T16:00", "2026-11-21T09:00",
        "2026-11-21T13:00", "2026-11-23T08:00", "2026-11-23T16:00" } },
    { "days", "UTC", NULL, NULL, "Sat-Sun", 0, "2026-11-20T00:00", 0,
      { "2026-11-21T00:00", "2026-11-23T00:00", "2026-11-28T00:00" } },
    { "days over the end of the week", "UTC", NULL, NULL, "Fri-Mon", 0,
      "2026-11-21T00:00", 1,
      { "2026-11-24T00:00", "2026-11-27T00:00", "2026-12-01T00:00" } },
    { "one day", "UTC", NULL, NULL, "Wed-Wed", 0, "2026-11-21T00:00", 0,
      { "2026-11-25T00:00", "2026-11-26T00:00", "2026-12-02T00:00" } },
    { "over midnight", "UTC", NULL, NULL, "Fri@22:00-06:00", 0,
      "2026-11-20T00:00", 0,
      { "2026-11-20T22:00", "2026-11-21T06:00", "2026-11-27T22:00" } },
    { "over midnight and the end of the week", "UTC", NULL, NULL,
      "Sun@22:00-06:00", 0, "2026-11-20T00:00", 0,
      { "2026-11-22T22:00", "2026-11-23T06:00", "2026-11-29T22:00" } },
    { "over midnight every day", "UTC", NULL, NULL, "22:00-06:00", 0,
      "2026-11-20T00:00", 1,
      { "2026-11-20T06:00", "2026-11-20T22:00", "2026-11-21T06:00" } },
    { "to midnight", "UTC", NULL, NULL, "Fri@22:00-24:00", 0,
      "2026-11-20T00:00", 0,
      { "2026-11-20T22:00", "2026-11-21T00:00", "2026-11-27T22:00" } },
    { "to 00:00", "UTC", NULL, NULL, "Fri@22:00-00:00", 0, "2026-11-20T00:00",
      0, { "2026-11-20T22:00", "2026-11-21T00:00", "2026-11-27T22:00" } },
    { "joined at midnight", "UTC", NULL, NULL,
      "Fri@22:00-24:00,Sat@00:00-06:00", 0, "2026-11-20T00:00", 0,
      { "2026-11-20T22:00", "2026-11-21T06:00", "2026-11-27T22:00" } },
    { "joined and overlapping", "UTC", NULL, NULL,
      "Fri@09:00-12:00,Fri@12:00-14:00,Fri@13:00-17:00,Fri@10:00-11:00", 0,
      "2026-11-20T00:00", 0,
      { "2026-11-20T09:00", "2026-11-20T17:00", "2026-11-27T09:00" } },
    { "all week", "UTC", NULL, NULL, "Mon-Sun", 0, "2026-11-20T00:00", 1,
      { NEVER } },
    { "all week in pieces", BERLIN, NULL, NULL, "Fri-Mon,Tue-Thu@12:00-12:01,"
      "Tue-Thu@00:00-12:00,Tue-Thu@12:01-00:00", 0, "2026-11-20T00:00", 1,
      { NEVER } },
    { "all week but a minute", "UTC", NULL, NULL, "00:01-00:00,Tue-Sun", 0,
      "2026-11-20T00:00", 1, { "2026-11-23T00:00", "2026-11-23T00:01",
                               "2026-11-30T00:00" } },
    /* hours and from, until */
    { "from within", "UTC", "2026-11-20T12:00", NULL, "09:00-17:00", 0,
      "2026-11-01T00:00", 0,
      { "2026-11-20T12:00", "2026-11-20T17:00", "2026-11-21T09:00" } },
    { "from when it opens", "UTC", "2026-11-20T09:00", NULL, "09:00-17:00", 0,
      "2026-11-01T00:00", 0, { "2026-11-20T09:00", "2026-11-20T17:00" } },
    { "from when it closes", "UTC", "2026-11-20T17:00", NULL, "09:00-17:00", 0,
      "2026-11-01T00:00", 0, { "2026-11-21T09:00", "2026-11-21T17:00" } },
    { "until within", "UTC", NULL, "2026-11-20T12:00", "09:00-17:00", 0,
      "2026-11-20T00:00", 0, { "2026-11-20T09:00", "2026-11-20T12:00", NEVER } },
    { "until it closes", "UTC", NULL, "2026-11-20T17:00", "09:00-17:00", 0,
      "2026-11-20T00:00", 0, { "2026-11-20T09:00", "2026-11-20T17:00", NEVER } },
    { "until it would open", "UTC", NULL, "2026-11-21T09:00", "09:00-17:00", 0,
      "2026-11-20T00:00", 0, { "2026-11-20T09:00", "2026-11-20T17:00", NEVER } },
    { "all three", "UTC", "2026-11-20T12:00", "2026-11-21T09:00:00.000001",
      "09:00-17:00", 0, "2026-11-01T00:00", 0,
      { "2026-11-20T12:00", "2026-11-20T17:00", "2026-11-21T09:00",
        "2026-11-21T09:00:00.000001", NEVER } },
    { "all week, until", "UTC", NULL, "2026-11-21T09:00", "Mon-Sun", 0,
      "2026-11-01T00:00", 1, { "2026-11-21T09:00", NEVER } },
    /* the clock is set ahead: 2026-03-29, a Sunday, 02:00 to 03:00 */
    { "a short night", BERLIN, NULL, NULL, "Sat@22:00-06:00", 0,
      "2026-03-28T00:00", 0, { "2026-03-28T21:00", "2026-03-29T04:00" } },
    { "it opens at the jump", BERLIN, NULL, NULL, "02:30-04:00", 0,
      "2026-03-28T12:00", 0, { "2026-03-29T01:00", "2026-03-29T02:00",
                               "2026-03-30T00:30", "2026-03-30T02:00" } },
    { "it closes at the jump", BERLIN, NULL, NULL, "01:00-02:30", 0,
      "2026-03-28T12:00", 0, { "2026-03-29T00:00", "2026-03-29T01:00",
                               "2026-03-29T23:00", "2026-03-30T00:30" } },
    { "skipped as a whole", BERLIN, NULL, NULL, "02:15-02:45", 0,
      "2026-03-28T12:00", 0, { "2026-03-30T00:15", "2026-03-30T00:45" } },
    { "all that closes it is skipped", BERLIN, NULL, NULL, "02:45-02:15", 0,
      "2026-03-28T12:00", 1, { "2026-03-30T00:15", "2026-03-30T00:45" } },
    /* it is set back: 2026-10-25, a Sunday, 03:00 to 02:00 */
    { "a long night", BERLIN, NULL, NULL, "Sat@22:00-06:00", 0,
      "2026-10-24T00:00", 0, { "2026-10-24T20:00", "2026-10-25T05:00" } },
    { "a repeated opening counts once", BERLIN, NULL, NULL, "02:15-02:45", 0,
      "2026-10-24T12:00", 0, { "2026-10-25T00:15", "2026-10-25T00:45",
                               "2026-10-26T01:15", "2026-10-26T01:45" } },
    { "a repeated closing counts once", BERLIN, NULL, NULL, "02:45-02:15", 0,
      "2026-10-24T12:00", 1, { "2026-10-25T00:15", "2026-10-25T00:45",
                               "2026-10-26T01:15" } },
    { "to the second end", BERLIN, NULL, NULL, "02:30-03:00", 0,
      "2026-10-24T12:00", 0, { "2026-10-25T00:30", "2026-10-25T02:00" } },
    { "from the second end", BERLIN, NULL, NULL, "03:00-04:00", 0,
      "2026-10-24T12:00", 0, { "2026-10-25T02:00", "2026-10-25T03:00" } },
    { "half an hour", LORD_HOWE, NULL, NULL, "01:45-02:00", 0,
      "2026-04-04T00:00", 0, { "2026-04-04T14:45", "2026-04-04T15:30",
                               "2026-04-05T15:15" } },
    /* Pacific/Apia had no Friday, 2011-12-30 */
    { "a skipped day", APIA, NULL, NULL, "Fri", 0, "2011-12-29T00:00", 0,
      { "2012-01-05T10:00", "2012-01-06T10:00" } },
    { "over a skipped day", APIA, NULL, NULL, "Thu-Sat", 0, "2011-12-28T00:00",
      0, { "2011-12-29T10:00", "2011-12-31T10:00" } },
    { "up to a skipped day", APIA, NULL, NULL, "Thu", 0, "2011-12-28T00:00", 0,
      { "2011-12-29T10:00", "2011-12-30T10:00" } },
    { "from Thursday into it", APIA, NULL, NULL, "Thu@22:00-06:00", 0,
      "2011-12-29T00:00", 0, { "2011-12-30T08:00", "2011-12-30T10:00" } },
    { "a Sunday without its midnight", SAO_PAULO, NULL, NULL, "Sun", 0,
      "2018-11-03T00:00", 0, { "2018-11-04T03:00", "2018-11-05T02:00" } },
    { "a Saturday of 25 hours", SAO_PAULO, NULL, NULL, "Sat", 0,
      "2018-02-16T00:00", 0, { "2018-02-17T02:00", "2018-02-18T03:00" } },
    { "Kathmandu", KATHMANDU, NULL, NULL, "09:00-17:00", 0, "2026-11-20T00:00",
      0, { "2026-11-20T03:15", "2026-11-20T11:15" } },
    { "a leap day", "UTC", NULL, NULL, "Tue", 0, "2028-02-27T00:00", 0,
      { "2028-02-29T00:00", "2028-03-01T00:00" } },
    { "no leap day", "UTC", NULL, NULL, "Mon", 0, "2100-02-28T00:00", 0,
      { "2100-03-01T00:00", "2100-03-02T00:00" } },
    { "before 1970", "UTC", NULL, NULL, "Wed@23:00-24:00", 0,
      "1969-12-31T00:00", 0, { "1969-12-31T23:00", "1970-01-01T00:00" } },
    { "the last Friday", "UTC", NULL, "9999-12-31T23:59:59", "Fri", 0,
      "9999-12-30T00:00", 0,
      { "9999-12-31T00:00", "9999-12-31T23:59:59", NEVER } },
};

START_TEST(a_window_opens_and_closes_at_its_edges)
{
    const char *row = walks[_i].name;
    apr_time_t now = at(walks[_i].begin);
    int i, open = walks[_i].open;
    const tr_window_t *window;

    set_zone(walks[_i].zone);
    window = window_of(walks[_i].from, walks[_i].until, walks[_i].hours,
                       walks[_i].utc);
    for (i = 0; i < 8 && walks[_i].edges[i]; ++i) {
        const char *text = walks[_i].edges[i];
        int never = strcmp(text, NEVER) == 0;
        apr_time_t edge = never ? TR_NEVER : at(text);
        apr_time_t before = never ? now : edge - 1;

        row = apr_psprintf(pool, "%s, edge %d", walks[_i].name, i);
        ck_assert_msg(tr_window_is_open(window, now) == open, "%s: %s", row,
                      name_of(now));
        ck_assert_msg(tr_window_is_open(window, before) == open, "%s: %s", row,
                      name_of(before));
        check_time(row, tr_window_next_edge(window, now), edge);
        check_time(row, tr_window_next_edge(window, now + (before - now) / 2),
                   edge);
        check_time(row, tr_window_next_edge(window, before), edge);
        ck_assert_int_eq(tr_window_is_over(window, before), never && !open);
        open = !open;
        now = edge;
    }
}
END_TEST

/* ---- tr_window_build ---- */

#define NOT_AFTER "; a window opens with from= and closes with until="

static const struct {
    const char *from, *until, *hours, *message;
} builds[] = {
    { "2026-12-02T00:00", "2026-12-01T00:00", NULL,
      "until=2026-12-01T00:00: is not after from=2026-12-02T00:00" NOT_AFTER },
    { "2026-12-02T00:00", "2026-12-02T01:00+01:00", "Mon-Sun",
      "until=2026-12-02T01:00+01:00: is not after "
      "from=2026-12-02T00:00" NOT_AFTER },
    { "2026-12-02T00:00", "2026-12-02T00:00:00.000001", NULL, NULL },
    { "2026-11-20T17:00", "2026-11-21T09:00", "09:00-17:00",
      "hours=09:00-17:00: never opens between from=2026-11-20T17:00 and "
      "until=2026-11-21T09:00; write hours that do" },
    { "2026-11-20T16:59:59.999999", "2026-11-21T09:00", "09:00-17:00", NULL },
    { "2026-11-20T17:00", "2026-11-21T09:00:00.000001", "09:00-17:00", NULL },
    { "2026-11-20T00:00", "2026-11-27T00:00", "Thu@23:59-24:00", NULL },
    { "2026-11-20T00:00", NULL, "Thu@23:59-24:00", NULL },
    { NULL, "0000-01-01T00:00", "Thu@23:59-24:00", NULL },
    { "2026-11-20T00:00", "2026-11-20T00:01", "Mon-Sun", NULL },
};

START_TEST(a_window_that_never_opens_is_an_error)
{
    tr_window_words_t words = { builds[_i].from, builds[_i].until,
                                builds[_i].hours, 1 };
    const tr_window_t *window = NULL;
    const char *message = builds[_i].message;

    check_message("build", tr_window_build(&window, &words, pool), message);
    ck_assert_int_eq(window == NULL, message != NULL);
}
END_TEST

START_TEST(hours_that_a_jump_skips_never_open_in_that_night)
{
    tr_window_words_t words = { "2026-03-29T00:00", "2026-03-29T12:00",
                                "02:15-02:45", 0 };
    const tr_window_t *window = NULL;

    set_zone(BERLIN);
    check_message("build", tr_window_build(&window, &words, pool),
                  "hours=02:15-02:45: never opens between "
                  "from=2026-03-29T00:00 and until=2026-03-29T12:00; write "
                  "hours that do");
}
END_TEST

START_TEST(a_window_does_not_need_its_words_any_more)
{
    char *from = apr_pstrdup(pool, "2026-11-20T00:00");
    char *days = apr_pstrdup(pool, "Sat");
    const tr_window_t *window = window_of(from, NULL, days, 1);

    memset(from, 'x', strlen(from));
    memset(days, 'x', strlen(days));
    check_time("Sat", tr_window_next_edge(window, 0), at("2026-11-21T00:00"));
}
END_TEST

static const struct {
    const char *from, *until, *hours;
    int closes;
} closing[] = {
    { "2026-11-20T00:00", NULL, NULL, 0 },
    { NULL, "2026-11-20T00:00", NULL, 1 },
    { NULL, NULL, "Sat", 1 },
    { NULL, NULL, "Mon-Sun", 0 },
    { "2026-11-20T00:00", NULL, "00:00-24:00", 0 },
    { NULL, "2026-11-20T00:00", "Mon-Sun", 1 },
    { NULL, NULL, "06:00-22:00,22:00-06:00", 0 },
    { NULL, NULL, "06:00-22:00,22:00-05:59", 1 },
};

START_TEST(a_window_closes_unless_it_is_open_for_good)
{
    ck_assert_int_eq(tr_window_closes(window_of(closing[_i].from,
                                                closing[_i].until,
                                                closing[_i].hours, 1)),
                     closing[_i].closes);
}
END_TEST

START_TEST(no_time_is_too_far_away)
{
    static const char *const zones[] = { "UTC", BERLIN, NEW_YORK, APIA };
    static const apr_time_t far[] = { APR_INT64_MIN / 4, APR_INT64_MIN / 4 + 1,
                                      -1, 0, APR_INT64_MAX / 4 };
    int i, j;

    for (i = 0; i < ROWS(zones); ++i) {
        const tr_window_t *window;

        set_zone(zones[i]);
        window = window_of(NULL, NULL, "Sat@12:00-13:00", 0);
        for (j = 0; j < ROWS(far); ++j) {
            apr_time_t edge = tr_window_next_edge(window, far[j]);
            int open = tr_window_is_open(window, far[j]);

            ck_assert(edge > far[j]
                      && edge - far[j] < 9 * apr_time_from_sec(86400));
            ck_assert_int_eq(tr_window_is_open(window, edge - 1), open);
            ck_assert_int_eq(tr_window_is_open(window, edge), !open);
            ck_assert(!tr_window_is_over(window, far[j]));
        }
    }
}
END_TEST

/* ---- against a model ---- */

/* A wall clock, minute by minute over some days, and for each minute whether
 * some opening [first time it shows the beginning, first time it shows the end)
 * contains it. */
enum { MODEL_DAYS = 6, MODEL_MINUTES = MODEL_DAYS * 1440 };

static time_t model_begin;
static time_t model_shows[MODEL_MINUTES]; /* civil, as if UTC */
static char model_open[MODEL_MINUTES];

static void model_start(time_t begin)
{
    int i;

    model_begin = begin;
    memset(model_open, 0, sizeof(model_open));
    for (i = 0; i < MODEL_MINUTES; ++i) {
        time_t now = begin + 60 * i;
        struct tm tm;

        localtime_r(&now, &tm);
        model_shows[i] = timegm(&tm);
    }
}

static int model_first(time_t civil)
{
    int i;

    for (i = 0; i < MODEL_MINUTES && model_shows[i] < civil; ++i) {
    }
    return i;
}

/* An opening every day from first to last; 0 is Monday. */
static void model_add(int first, int last, int open, int close)
{
    time_t day = model_shows[0] / 86400 * 86400 - 86400;

    for (; day < model_shows[MODEL_MINUTES - 1] + 86400; day += 86400) {
        int weekday = (int)(day / 86400 + 3) % 7, i, end;

        if ((weekday - first + 7) % 7 > (last - first + 7) % 7) {
            continue;
        }
        end = model_first(day + (close < open ? 86400 : 0) + 60 * close);
        for (i = model_first(day + 60 * open); i < end; ++i) {
            model_open[i] = 1;
        }
    }
}

static int below(int n)
{
    return (int)unit_random((unsigned)n);
}

static const char *random_hours(void)
{
    static const char *const days[] = { "Mon", "Tue", "Wed", "Thu",
                                        "Fri", "Sat", "Sun" };
    const char *value = "";
    int i, n = 1 + below(3);

    for (i = 0; i < n; ++i) {
        int first = below(7), last = below(2) ? (first + 6) % 7 : below(7);
        int night = below(3); /* most jumps are there */
        int open = below(night ? 300 : 1440);
        int close = below(4) ? open + 1 + below(night ? 90 : 600) : below(1440);

        close = close > 1440 || close == open ? 1440 : close;
        value = apr_psprintf(pool, "%s%s%s-%s@%02d:%02d-%02d:%02d", value,
                             i ? "," : "", days[first], days[last], open / 60,
                             open % 60, close / 60, close % 60);
        model_add(first, last, open, close);
    }
    return value;
}

static const struct {
    const char *zone, *near;
} transitions[] = {
    { BERLIN, "2026-03-29T01:00" },    { BERLIN, "2026-10-25T01:00" },
    { BERLIN, "2150-10-25T01:00" },    { NEW_YORK, "2026-03-08T07:00" },
    { NEW_YORK, "2026-11-01T06:00" },  { LORD_HOWE, "2026-10-03T15:30" },
    { LORD_HOWE, "2026-04-04T15:00" }, { APIA, "2011-12-30T10:00" },
    { SAO_PAULO, "2018-11-04T03:00" }, { SAO_PAULO, "2018-02-18T02:00" },
    { CASA, "2022-03-27T02:00" },      { CASA, "2022-05-08T02:00" },
    { KATHMANDU, "2026-07-01T00:00" }, { "UTC", "2028-02-29T00:00" },
    { "Antarctica/Casey", "2023-03-08T16:00" },
};

static void check_against_model(const char *zone, const char *value)
{
    const tr_window_t *window = window_of(NULL, NULL, value, 0);
    apr_time_t change = 0;
    int i;

    /* Down from the top, the next change is known; a day of the model on
     * either side has openings that go beyond it. */
    for (i = MODEL_MINUTES - 1440; i > 1440; --i) {
        apr_time_t now = apr_time_from_sec(model_begin + 60 * i);
        const char *row = apr_psprintf(pool, "%s %s %s", zone, value,
                                       name_of(now));

        if (model_open[i] != model_open[i + 1]) {
            change = now + apr_time_from_sec(60);
        }
        ck_assert_msg(tr_window_is_open(window, now) == model_open[i], "%s",
                      row);
        ck_assert_msg(tr_window_is_open(window, now + 59999999)
                          == model_open[i],
                      "%s, end", row);
        if (change && below(8) == 0) {
            check_time(row, tr_window_next_edge(window, now), change);
        }
    }
}

START_TEST(hours_are_those_of_a_wall_clock)
{
    int round;

    set_zone(transitions[_i].zone);
    for (round = 0; round < 5; ++round) {
        model_start((time_t)apr_time_sec(at(transitions[_i].near))
                    - MODEL_DAYS * 43200 - 60 * below(720));
        check_against_model(transitions[_i].zone, random_hours());
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("tr_window");
    TCase *tests = unit_case(suite, "edges");

    tcase_add_loop_test(tests, a_time_is_an_instant, 0, ROWS(instants));
    tcase_add_test(tests, a_time_without_offset_is_one_of_tz);
    tcase_add_loop_test(tests, a_window_opens_and_closes_at_its_edges, 0,
                        ROWS(walks));
    tcase_add_test(tests, no_time_is_too_far_away);
    tests = unit_case(suite, "build");
    tcase_add_loop_test(tests, a_window_that_never_opens_is_an_error, 0,
                        ROWS(builds));
    tcase_add_test(tests, hours_that_a_jump_skips_never_open_in_that_night);
    tcase_add_test(tests, a_window_does_not_need_its_words_any_more);
    tcase_add_loop_test(tests, a_window_closes_unless_it_is_open_for_good, 0,
                        ROWS(closing));
    tests = unit_case(suite, "model");
    tcase_add_loop_test(tests, hours_are_those_of_a_wall_clock, 0,
                        ROWS(transitions));
    return unit_main(suite);
}

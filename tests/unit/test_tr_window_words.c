/* Licensed under the Apache License, Version 2.0; see LICENSE. */
#include "tr_window.h"
#include "unit.h"

/* ---- tr_window_check_time ---- */

#define NOT_A_TIME                                                             \
    "is no time; write one as in '2026-12-01T22:00', "                         \
    "'2026-12-01T22:00:30Z' or '2026-12-01T22:00+01:00'"
#define NO_OFFSET(text)                                                        \
    "'" text "' is no offset; behind the time write 'Z', hours and minutes "   \
    "as in '+01:00', or nothing"

static const struct {
    const char *value, *message;
} times[] = {
    { "2026-12-01T22:00", NULL },
    { "2026-12-01t22:00z", NULL },
    { "2026-12-01T22:00:30.5+01:00", NULL },
    { "2026-12-01T22:00-00:00", NULL },
    { "2026-12-01T00:00+23:59", NULL },
    { "2026-12-01T23:59-23:59", NULL },
    { "2026-12-01T23:59:59.12345678901234567890", NULL },
    { "2016-12-31T23:59:60Z", NULL },
    { "2017-01-01T00:59:60.5+01:00", NULL },
    { "0000-01-01T00:00", NULL },
    { "9999-12-31T23:59:59.999999", NULL },
    /* in part, or not at all */
    { "", NOT_A_TIME },
    { "now", NOT_A_TIME },
    { "1764626400", NOT_A_TIME },
    { "22:00", NOT_A_TIME },
    { "26-12-01T22:00", NOT_A_TIME },
    { "12026-12-01T22:00", NOT_A_TIME },
    { "-2026-12-01T22:00", NOT_A_TIME },
    { "2026", NOT_A_TIME },
    { "2026-12", NOT_A_TIME },
    { "2026-12-1", NOT_A_TIME },
    { "2026-1-01T22:00", NOT_A_TIME },
    { "2026/12/01T22:00", NOT_A_TIME },
    { "20261201T2200", NOT_A_TIME },
    { "2026-12-01_22:00", NOT_A_TIME },
    { "2026-12-01T", NOT_A_TIME },
    { "2026-12-01T22", NOT_A_TIME },
    { "2026-12-01T22:", NOT_A_TIME },
    { "2026-12-01T22:0", NOT_A_TIME },
    { "2026-12-01T9:00", NOT_A_TIME },
    { "2026-12-01T22:00:", NOT_A_TIME },
    { "2026-12-01T22:00:3", NOT_A_TIME },
    { "2026-12-01T22:00:30.", NOT_A_TIME },
    { "2026-12-01T22:00:30.Z", NOT_A_TIME },
    { "2026-12-01",
      "is only a date; write the time too, with a 'T' between and no space, "
      "as in '2026-12-01T22:00'" },
    { "2026-12-01 22:00", "has a space; write 'T' between date and time, as in "
                          "'2026-12-01T22:00'" },
    /* no such one */
    { "2026-00-01T22:00", "there is no month 00; write 01 to 12" },
    { "2026-13-01T22:00", "there is no month 13; write 01 to 12" },
    { "2026-12-00T22:00", "there is no day 00 in 2026-12; write 01 to 31" },
    { "2026-12-32T22:00", "there is no day 32 in 2026-12; write 01 to 31" },
    { "2026-01-31T22:00", NULL },
    { "2026-03-31T22:00", NULL },
    { "2026-04-30T22:00", NULL },
    { "2026-04-31T22:00", "there is no day 31 in 2026-04; write 01 to 30" },
    { "2026-06-31T22:00", "there is no day 31 in 2026-06; write 01 to 30" },
    { "2026-07-31T22:00", NULL },
    { "2026-08-31T22:00", NULL },
    { "2026-09-31T22:00", "there is no day 31 in 2026-09; write 01 to 30" },
    { "2026-11-31T22:00", "there is no day 31 in 2026-11; write 01 to 30" },
    { "2027-02-28T22:00", NULL },
    { "2027-02-29T22:00", "there is no day 29 in 2027-02; write 01 to 28" },
    { "2028-02-29T22:00", NULL },
    { "2028-02-30T22:00", "there is no day 30 in 2028-02; write 01 to 29" },
    { "2000-02-29T22:00", NULL },
    { "0000-02-29T22:00", NULL },
    { "2100-02-29T22:00", "there is no day 29 in 2100-02; write 01 to 28" },
    { "2026-13-01", "there is no month 13; write 01 to 12" },
    { "2026-12-01T24:00", "there is no hour 24; write 00:00 of the next day" },
    { "2026-12-01T25:00", "there is no hour 25; write 00 to 23" },
    { "2026-12-01T22:60", "there is no minute 60; write 00 to 59" },
    { "2026-12-01T22:59:61", "there is no second 61; write 00 to 59" },
    { "2026-12-01T22:58:60",
      "only minute 59 can have a second 60; write 00 to 59" },
    /* what stands behind */
    { "2026-12-01T22:00x", NO_OFFSET("x") },
    { "2026-12-01T22:00 ", NO_OFFSET(" ") },
    { "2026-12-01T22:00:30,5", NO_OFFSET(",5") },
    { "2026-12-01T22:00.5", NO_OFFSET(".5") },
    { "2026-12-01T22:00Zx", NO_OFFSET("Zx") },
    { "2026-12-01T22:00Z+01:00", NO_OFFSET("Z+01:00") },
    { "2026-12-01T22:00+", NO_OFFSET("+") },
    { "2026-12-01T22:00+01", NO_OFFSET("+01") },
    { "2026-12-01T22:00+0100", NO_OFFSET("+0100") },
    { "2026-12-01T22:00+1:00", NO_OFFSET("+1:00") },
    { "2026-12-01T22:00+01:00x", NO_OFFSET("+01:00x") },
    { "2026-12-01T22:00+01:00:00", NO_OFFSET("+01:00:00") },
    { "2026-12-01T22:00+24:00", NO_OFFSET("+24:00") },
    { "2026-12-01T22:00-01:60", NO_OFFSET("-01:60") },
    { "2026-12-01T22:00CET", NO_OFFSET("CET") },
};

START_TEST(a_time_is_checked)
{
    const char *value = times[_i].value;

    check_message(value, tr_window_check_time(guarded_string(value), pool),
                  times[_i].message);
}
END_TEST

/* ---- tr_window_check_hours ---- */

#define ALL_DAYS "'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'"
#define EMPTY                                                                  \
    "an item is empty; write items with ',' between them, as in "              \
    "'Mon-Fri@09:00-17:00,Sat'"
#define NOT_A_CLOCK(text)                                                      \
    "'" text "' is no time of day; write hours and minutes in two digits "     \
    "each, as in '09:00'"
#define NO_SUCH(text)                                                          \
    "there is no " text "; write 00:00 to 23:59, or 24:00 to close"
#define NO_RANGE(text)                                                         \
    "'" text "' is no range; write when it opens and closes, as in "           \
    "'09:00-17:00'"
#define SAME_TIME(text)                                                        \
    "'" text "' opens and closes at the same time; for whole days write the "  \
    "days alone, as in 'Mon-Sun'"

static const struct {
    const char *value, *message;
} hours[] = {
    { "22:00-06:00", NULL },
    { "Sat", NULL },
    { "Sat-Sun", NULL },
    { "Fri-Mon", NULL },
    { "Sat-Sat", NULL },
    { "mon-FRI@09:00-17:00,sAt@10:00-14:00", NULL },
    { "00:00-24:00", NULL },
    { "23:59-24:00", NULL },
    { "23:59-00:00", NULL },
    { "Sat,Sat,Sat-Sun", NULL },
    { "", EMPTY },
    { ",", EMPTY },
    { "Sat,", EMPTY },
    { ",Sat", EMPTY },
    { "Sat,,Sun", EMPTY },
    { "Mno", "'Mno' is no day; did you mean 'Mon'?" },
    { "Mon-Fir", "'Fir' is no day; did you mean 'Fri'?" },
    { "Monday", "'Monday' is no day; known are " ALL_DAYS },
    { "Mon-", "'' is no day; known are " ALL_DAYS },
    { "-Mon", "'' is no day; known are " ALL_DAYS },
    { "@09:00-17:00", "'' is no day; known are " ALL_DAYS },
    { "Mon-Tue-Wed", "'Tue-Wed' is no day; known are " ALL_DAYS },
    { "daily", "'daily' is no day; known are " ALL_DAYS },
    { " Sat", "' Sat' is no day; did you mean 'Sat'?" },
    { "Mon@", NO_RANGE("") },
    { "Mon@09:00", NO_RANGE("09:00") },
    { "09:00", NO_RANGE("09:00") },
    { "9-17", NOT_A_CLOCK("9") },
    { "9:00-17:00", NOT_A_CLOCK("9:00") },
    { "09:00-5:00", NOT_A_CLOCK("5:00") },
    { "0900-1700", NOT_A_CLOCK("0900") },
    { "09:00:00-17:00", NOT_A_CLOCK("09:00:00") },
    { "09:00-17:00:00", NOT_A_CLOCK("17:00:00") },
    { "09:00-", NOT_A_CLOCK("") },
    { "Mon@-17:00", NOT_A_CLOCK("") },
    { "09:00-17:00Z", NOT_A_CLOCK("17:00Z") },
    { "09:00-17:00@Mon", NOT_A_CLOCK("17:00@Mon") },
    { "09:00-12:00-17:00", NOT_A_CLOCK("12:00-17:00") },
    { "Mon@Tue", NO_RANGE("Tue") },
    { "25:00-06:00", NO_SUCH("25:00") },
    { "09:00-25:00", NO_SUCH("25:00") },
    { "09:60-17:00", NO_SUCH("09:60") },
    { "09:00-24:01", NO_SUCH("24:01") },
    { "24:01-06:00", NO_SUCH("24:01") },
    { "24:00-06:00", "'24:00' can only close; to open there, write '00:00' of "
                     "the next day" },
    { "09:00-09:00", SAME_TIME("09:00-09:00") },
    { "Sat@00:00-00:00", SAME_TIME("00:00-00:00") },
    { "Sat,9:00-17:00,Mno", NOT_A_CLOCK("9:00") }, /* the first one */
};

START_TEST(hours_are_checked)
{
    const char *value = hours[_i].value;

    check_message(value, tr_window_check_hours(guarded_string(value), pool),
                  hours[_i].message);
}
END_TEST

/* ---- tr_window_mixes_days ---- */

static const struct {
    const char *hours;
    int mixes;
} mixed[] = {
    { "Mon-Fri@09:00-12:00,13:00-17:00", 1 },
    { "Sat,Mon@09:00-12:00,13:00-17:00,Sun", 1 },
    { "13:00-17:00,Mon@09:00-12:00,18:00-19:00", 1 },
    { "Mon-Fri@09:00-12:00,Mon-Fri@13:00-17:00", 0 },
    { "Mon-Fri@09:00-12:00,Sat", 0 },
    { "Mon-Fri@09:00-12:00", 0 },
    { "09:00-12:00,13:00-17:00", 0 },
    { "09:00-12:00", 0 },
    { "13:00-17:00,Mon-Fri@09:00-12:00", 0 },
    { "Sat-Sun,22:00-06:00", 0 },
    { "22:00-06:00,Sat-Sun", 0 },
    { "Mon", 0 },
};

START_TEST(times_behind_days_with_times_are_for_each_day)
{
    const char *value = mixed[_i].hours;

    check_message(value, tr_window_check_hours(value, pool), NULL);
    ck_assert_msg(tr_window_mixes_days(guarded_string(value))
                      == mixed[_i].mixes, "%s", value);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("tr_window_words");
    TCase *tests = unit_case(suite, "words");

    tcase_add_loop_test(tests, a_time_is_checked, 0, ROWS(times));
    tcase_add_loop_test(tests, hours_are_checked, 0, ROWS(hours));
    tcase_add_loop_test(tests, times_behind_days_with_times_are_for_each_day, 0,
                        ROWS(mixed));
    return unit_main(suite);
}

/* Licensed under the Apache License, Version 2.0; see LICENSE. */
/**
 * @file tr_window.h
 * When a rule holds: from=, until=, hours= and tz=.
 *
 *     from=2026-12-01T22:00 until=2026-12-02T06:00+01:00
 *     hours=Mon-Fri@09:00-17:00,Sat@10:00-14:00 tz=UTC
 *
 * A window is open where all of its words say so. Times are those of RFC 3339,
 * whose seconds and offset may be left out; without offset they are civil
 * times in tz. hours= is a set of weekly openings; one over midnight belongs
 * to the day on which it opens.
 *
 *     hours=22:00-06:00    ...______|~~~~~~~~|______________|~~~~~~~~|___...
 *                                 22:00    06:00          22:00    06:00
 *
 * All is half-open: at the opening it is open, at the closing closed. A civil
 * time that a zone skips is the moment of the jump; one that it repeats is the
 * first of both, so that each counts once. Hours that are skipped as a whole do
 * not open that day. Openings that touch are one.
 *
 * Immutable; the time comes in as an argument. What is local is the process's
 * time zone. Only years 0000 to 9999 are known.
 */
#ifndef TR_WINDOW_H
#define TR_WINDOW_H

#include <apr_pools.h>
#include <apr_time.h>

/** What a rule says of its window: values of words, NULL where they are
 * absent; *borrowed*. */
typedef struct tr_window_words_t {
    const char *from;
    const char *until;
    const char *hours;
    int utc; /**< tz=UTC */
} tr_window_words_t;

typedef struct tr_window_t tr_window_t;

/** No such instant. */
#define TR_NEVER APR_INT64_MAX

/** Check a value of from= or until= by itself.
 * @return NULL, or what is wrong and what would be right */
const char *tr_window_check_time(const char *value, apr_pool_t *p);

/** Check a value of hours= by itself. */
const char *tr_window_check_hours(const char *value, apr_pool_t *p);

/** Whether hours that have been checked have an item without days behind one
 * with days and times: "Mon-Fri@09:00-12:00,13:00-17:00" is open on Saturdays.
 * "Sat-Sun,22:00-06:00" is not meant. */
int tr_window_mixes_days(const char *hours);

/**
 * Build a window of words that have been checked.
 * @param window filled, *allocated from p*
 * @param words at least one of from, until, hours is not NULL
 * @return NULL, or why it can never open, beginning with the word:
 *         "until=...: ..."
 */
const char *tr_window_build(const tr_window_t **window,
                            const tr_window_words_t *words, apr_pool_t *p);

/** Whether a window is open. Two comparisons; for hours= in local time, also
 * one or two calls of localtime_r(), some 1 000 instructions. */
int tr_window_is_open(const tr_window_t *window, apr_time_t now);

/**
 * The next edge: when what tr_window_is_open() says can next become another.
 * @param now within INT64_MIN / 4 to INT64_MAX / 4, as everywhere here
 * @return an instant after @a now, TR_NEVER where there is none; for a window
 *         that is open, exactly when it closes
 */
apr_time_t tr_window_next_edge(const tr_window_t *window, apr_time_t now);

/** Whether it takes more than two comparisons to say whether it is open. */
int tr_window_has_hours(const tr_window_t *window);

/** Whether a window closes at all, once it is open. */
int tr_window_closes(const tr_window_t *window);

/** Whether a window is closed for good. */
int tr_window_is_over(const tr_window_t *window, apr_time_t now);

#endif /* TR_WINDOW_H */

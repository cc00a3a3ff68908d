/* Licensed under the Apache License, Version 2.0; see LICENSE. */
/**
 * @file tr_window_impl.h
 * What the words of a window say. For tr_window_words.c, which reads them, and
 * tr_window.c, which knows what they mean; for nobody else.
 */
#ifndef TR_WINDOW_IMPL_H
#define TR_WINDOW_IMPL_H

#include "tr_window.h"

enum { TR_DAY_MINUTES = 1440, TR_WEEK_MINUTES = 7 * TR_DAY_MINUTES };

/* A time as it is written. */
typedef struct tr_stamp_t {
    apr_int64_t civil; /* microseconds since 1970, as if the zone were UTC */
    int has_offset;
    int offset; /* minutes */
} tr_stamp_t;

/* Read a time. @return NULL, or what is wrong */
const char *tr_window_read_time(tr_stamp_t *time, const char *value,
                                apr_pool_t *p);

/* Read hours: paint 1 over the minutes that are open, of a week from Monday
 * and on into the next one. @param weeks of 2 * TR_WEEK_MINUTES; NULL to check
 * only. @return NULL, or what is wrong */
const char *tr_window_read_hours(char *weeks, const char *value, apr_pool_t *p);

#endif /* TR_WINDOW_IMPL_H */

/* Licensed under the Apache License, Version 2.0; see LICENSE. */
/**
 * @file unit.h
 * What the unit tests share: a pool for each test, input that ends at an
 * unreadable page, and the main program.
 *
 *     START_TEST(a_slash_is_a_path)
 *     {
 *         check_text("row 1", parse(guarded("/")), "/");
 *     }
 *     END_TEST
 *
 *     int main(void)
 *     {
 *         Suite *suite = suite_create("tr_path");
 *         TCase *tests = unit_case(suite, "path");
 *
 *         tcase_add_test(tests, a_slash_is_a_path);
 *         return unit_main(suite);
 *     }
 */
#ifndef UNIT_H
#define UNIT_H

#include <check.h>

#include <apr_pools.h>

#include "tr_slice.h"

/** The rows of a table. */
#define ROWS(table) ((int)(sizeof(table) / sizeof((table)[0])))

/** Of the test that runs; gone after it. */
extern apr_pool_t *pool;

/** A test case whose tests have a pool. */
TCase *unit_case(Suite *suite, const char *name);

/** Run a suite. @return the status of the program */
int unit_main(Suite *suite);

/** A copy whose last byte is the last readable one; of NULL: none. */
tr_slice_t guarded(const char *text);

/** The same of bytes. */
tr_slice_t guarded_bytes(const char *bytes, apr_size_t n);

/** A copy whose NUL is the last readable byte. */
const char *guarded_string(const char *text);

/** A slice as a string, for messages. */
const char *text_of(tr_slice_t slice);

/** Whether both are none, or both the same bytes. */
int same_text(tr_slice_t got, const char *want);

/** Assert that a slice is the text @a want, NULL for none; name the row. */
#define check_text(row, got, want)                                             \
    do {                                                                       \
        tr_slice_t got_once_ = (got);                                          \
        const char *want_once_ = (want);                                       \
                                                                               \
        ck_assert_msg(same_text(got_once_, want_once_),                        \
                      "%s: is '%s', not '%s'", row, text_of(got_once_),        \
                      text_of(tr_slice_of(want_once_)));                       \
    } while (0)

/** Assert that a message, or NULL, is the whole of @a want. */
#define check_message(row, got, want) check_text(row, tr_slice_of(got), want)

/**
 * A random number below @a n. The seed is TR_SEED of the environment, or a new
 * one, which is printed when a test fails; every test begins with it.
 */
unsigned unit_random(unsigned n);

#endif /* UNIT_H */

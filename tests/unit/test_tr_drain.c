/* Licensed under the Apache License, Version 2.0; see LICENSE. */
#include <apr_strings.h>

#include "fake.h"
#include "tr_drain.h"

#define ALL TR_DRAIN_ALL

/* ---- tr_bytes_parse ---- */

#define NO_BYTES                                                               \
    "not a number of bytes; write it as in '4096', '64K' or '1M'"

static const struct {
    const char *text;
    apr_int64_t bytes; /* below 0: not a number */
} numbers[] = {
    { "0", 0 },
    { "1", 1 },
    { "4096", 4096 },
    { "0064", 64 },
    { "999999999999999", 999999999999999 },
    { "0K", 0 },
    { "1K", 1024 },
    { "1k", 1024 },
    { "64K", 65536 },
    { "1M", 1048576 },
    { "1m", 1048576 },
    { "1G", 1073741824 },
    { "1g", 1073741824 },
    { "4G", 4294967296 },
    { "999999999999999K", 1023999999999998976 },
    { "8796093022207M", 9223372036853727232 },
    { "8589934591G", 9223372035781033984 },

    /* more than 63 bits */
    { "8796093022208M", -1 },
    { "8589934592G", -1 },
    { "999999999999999M", -1 },
    { "999999999999999G", -1 },
    { "1000000000000000", -1 }, /* sixteen digits */
    { "9223372036854775807", -1 },
    { "9223372036854775808", -1 },
    { "18446744073709551616", -1 },
    { "18446744073709551617K", -1 },

    { "", -1 },
    { "K", -1 },
    { "M", -1 },
    { "kK", -1 },
    { "-1", -1 },
    { "+1", -1 },
    { " 1", -1 },
    { "1 ", -1 },
    { "1 K", -1 },
    { "1.5K", -1 },
    { "1,5K", -1 },
    { "1e3", -1 },
    { "0x10", -1 },
    { "1KB", -1 },
    { "1KK", -1 },
    { "1KiB", -1 },
    { "1B", -1 },
    { "1T", -1 },
    { "1K1", -1 },
    { "all", -1 },
};

START_TEST(bytes_are_digits_with_or_without_a_unit)
{
    int i;

    for (i = 0; i < ROWS(numbers); ++i) {
        const char *text = numbers[i].text;
        apr_int64_t bytes = -1;

        check_message(text, tr_bytes_parse(&bytes, guarded_string(text)),
                      numbers[i].bytes < 0 ? NO_BYTES : NULL);
        ck_assert_msg(bytes == numbers[i].bytes, "%s is %" APR_INT64_T_FMT,
                      text, bytes);
    }
}
END_TEST

/* ---- tr_drain_parse ---- */

static const struct {
    const char *words;
    apr_int64_t http1, http2;
} drains[] = {
    { "64K", 65536, ALL },
    { "0", 0, ALL },
    { "1M", 1048576, ALL },
    { "all", ALL, ALL },
    { "all h2=all", ALL, ALL },
    { "64K h2=all", 65536, ALL },
    { "64K h2=0", 65536, 0 },
    { "0 h2=64k", 0, 65536 },
    { "all h2=1M", ALL, 1048576 },
    { "1 h2=2", 1, 2 },
    { "ALL H2=All", ALL, ALL },
    { "64K H2=64K", 65536, 65536 },
};

static const char *parse(tr_drain_t *drain, const char *line)
{
    const char **words;
    int n = fake_words(&words, line);

    return tr_drain_parse(drain, n, words, pool);
}

START_TEST(a_drain_is_for_http_1_and_for_http_2)
{
    int i;

    for (i = 0; i < ROWS(drains); ++i) {
        tr_drain_t drain = { -1, -1 };

        check_message(drains[i].words, parse(&drain, drains[i].words), NULL);
        ck_assert_msg(drain.http1 == drains[i].http1, "%s: HTTP/1",
                      drains[i].words);
        ck_assert_msg(drain.http2 == drains[i].http2, "%s: HTTP/2",
                      drains[i].words);
    }
    ck_assert(tr_drain_default.http1 == 65536);
    ck_assert(tr_drain_default.http2 == ALL);
}
END_TEST

#define MISSING                                                                \
    "a number of bytes is missing; write 'bytes|all [h2=bytes|all]'"
#define BYTES ": write a number of bytes, as in '64K', or 'all'"
#define UNKNOWN                                                                \
    ": unknown word; behind the bytes stands 'h2=bytes' or 'h2=all'"
#define NOTHING ": nothing stands behind 'h2='; leave it out"

static const struct {
    const char *words, *error;
} errors[] = {
    { "", MISSING },
    { "h2=64K", MISSING },
    { "h2=", MISSING },
    { "h2=all 64K", MISSING },

    { "64KB", "64KB" BYTES },
    { "-1", "-1" BYTES },
    { "64KB h2=all", "64KB" BYTES },
    { "9223372036854775808", "9223372036854775808" BYTES },
    { "alle", "alle" BYTES },
    { "none", "none" BYTES },
    { "On", "On" BYTES },
    { "http1=64K", "http1=64K" BYTES },
    { "H2=64K", MISSING },
    { "H2=64K 64K", MISSING },

    { "64K h2", "h2" UNKNOWN },
    { "64K h2=", "h2=" BYTES },
    { "64K h2=64KB", "h2=64KB" BYTES },
    { "64K h2=Al", "h2=Al" BYTES },
    { "64K h2==1", "h2==1" BYTES },
    { "64K h2=-1", "h2=-1" BYTES },
    { "all h2=none", "h2=none" BYTES },

    { "64K h3=64K", "h3=64K" UNKNOWN },
    { "64K http2=64K", "http2=64K" UNKNOWN },
    { "64K 64K", "64K" UNKNOWN },
    { "64K all", "all" UNKNOWN },
    { "64K h3=64K h2=all", "h3=64K" UNKNOWN },

    { "64K h2=all more", "more" NOTHING },
    { "64K h2=all h2=all", "h2=all" NOTHING },
    { "64K h2=0 h2=all more", "h2=all" NOTHING },

    /* the first one counts */
    { "64KB h3=1 more", "64KB" BYTES },
    { "64K h2=64KB more", "h2=64KB" BYTES },
};

START_TEST(an_error_quotes_the_word_and_says_what_would_be_right)
{
    int i;

    for (i = 0; i < ROWS(errors); ++i) {
        tr_drain_t drain;

        check_message(errors[i].words, parse(&drain, errors[i].words),
                      errors[i].error);
    }
}
END_TEST

/* ---- tr_drain_size ---- */

/* With 100, and with 200. */
static const struct {
    int is_200, is_held_back;
    apr_int64_t length, limit, size;
} sizes[] = {
    /* known to fit, or not */
    { 0, 0, 0, 0, 0 },
    { 0, 0, 1, 0, 1 },
    { 0, 0, 99, 0, 99 },
    { 0, 0, 100, 0, 100 },
    { 0, 0, 101, 0, 0 },
    { 0, 0, APR_INT64_MAX, 0, 0 },
    /* one byte more shows that there are more */
    { 0, 0, -1, 0, 101 },

    /* the same with 200 */
    { 1, 0, 0, 0, 0 },
    { 1, 0, 100, 0, 100 },
    { 1, 0, 101, 0, 101 },
    { 1, 0, 199, 0, 199 },
    { 1, 0, 200, 0, 200 },
    { 1, 0, 201, 0, 0 },
    { 1, 0, -1, 0, 201 },

    /* the server's limit: below */
    { 0, 0, 49, 50, 49 },
    { 0, 0, 50, 50, 50 },
    { 0, 0, 51, 50, 0 },
    { 0, 0, 100, 50, 0 },
    { 0, 0, -1, 50, 50 },
    { 0, 0, -1, 99, 99 },
    { 1, 0, 51, 50, 0 },
    { 1, 0, -1, 50, 50 },
    { 1, 0, 101, 100, 0 },
    { 1, 0, -1, 199, 199 },
    { 0, 0, -1, 1, 1 },

    /* equal */
    { 0, 0, 100, 100, 100 },
    { 0, 0, 101, 100, 0 },
    { 0, 0, -1, 100, 100 },
    { 1, 0, 200, 200, 200 },
    { 1, 0, 201, 200, 0 },
    { 1, 0, -1, 200, 200 },

    /* above */
    { 0, 0, 100, 101, 100 },
    { 0, 0, 101, 101, 0 },
    { 0, 0, -1, 101, 101 },
    { 0, 0, -1, 1000, 101 },
    { 1, 0, -1, 201, 201 },
    { 1, 0, -1, 1000, 201 },

    /* who waits for a 100 has not sent it */
    { 0, 1, 0, 0, 0 },
    { 0, 1, 1, 0, 0 },
    { 0, 1, 100, 0, 0 },
    { 0, 1, 101, 0, 0 },
    { 0, 1, -1, 0, 0 },
    { 0, 1, -1, 50, 0 },
    { 1, 1, 1, 0, 0 },
    { 1, 1, 200, 0, 0 },
    { 1, 1, -1, 0, 0 },
    { 1, 1, -1, 1000, 0 },
};

/* With 0, or with "all". */
static const struct {
    int is_all, is_held_back;
    apr_int64_t length, limit, size;
} extremes[] = {
    { 0, 0, 0, 0, 0 },
    { 0, 0, 1, 0, 0 },
    { 0, 0, -1, 0, 0 },
    { 0, 0, -1, 50, 0 },
    { 0, 1, -1, 0, 0 },

    { 1, 0, 0, 0, 0 },
    { 1, 0, 1, 0, 1 },
    { 1, 0, 1000000000000, 0, 1000000000000 },
    { 1, 0, APR_INT64_MAX, 0, APR_INT64_MAX },
    { 1, 0, -1, 0, ALL },
    { 1, 0, 50, 50, 50 },
    { 1, 0, 51, 50, 0 },
    { 1, 0, -1, 50, 50 },
    { 1, 0, -1, APR_INT64_MAX, ALL },
    { 1, 1, 1, 0, 0 },
    { 1, 1, -1, 0, 0 },
};

START_TEST(a_body_is_read_to_its_end_or_as_far_as_the_limits_allow)
{
    int i;

    for (i = 0; i < ROWS(sizes); ++i) {
        tr_upload_t upload = { sizes[i].is_held_back, sizes[i].length,
                               sizes[i].limit };
        apr_int64_t size = tr_drain_size(sizes[i].is_200 ? 200 : 100,
                                         &upload);

        ck_assert_msg(size == sizes[i].size, "row %d: %" APR_INT64_T_FMT, i,
                      size);
    }
}
END_TEST

START_TEST(nothing_is_read_with_0_and_with_all_everything)
{
    int i;

    for (i = 0; i < ROWS(extremes); ++i) {
        tr_upload_t upload = { extremes[i].is_held_back, extremes[i].length,
                               extremes[i].limit };
        apr_int64_t size = tr_drain_size(extremes[i].is_all ? ALL : 0, &upload);

        ck_assert_msg(size == extremes[i].size, "row %d: %" APR_INT64_T_FMT, i,
                      size);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("tr_drain");
    TCase *tests = unit_case(suite, "drain");

    tcase_add_test(tests, bytes_are_digits_with_or_without_a_unit);
    tcase_add_test(tests, a_drain_is_for_http_1_and_for_http_2);
    tcase_add_test(tests,
                   an_error_quotes_the_word_and_says_what_would_be_right);
    tcase_add_test(tests,
                   a_body_is_read_to_its_end_or_as_far_as_the_limits_allow);
    tcase_add_test(tests, nothing_is_read_with_0_and_with_all_everything);
    return unit_main(suite);
}

/* Licensed under the Apache License, Version 2.0; see LICENSE. */
#include <stdio.h>

#include "tr_uri.h"
#include "unit.h"

#define UNRESERVED                                                             \
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
#define PCHAR UNRESERVED "!$&'()*+,;=:@"
#define PRINTABLE PCHAR "/?[]%|^`{}\\#\"<> "

static const struct {
    const char *name;
    tr_uri_set_t set;
    const char *stay; /* all other bytes become %XX */
} sets[] = {
    { "value", TR_URI_VALUE, UNRESERVED },
    { "segment", TR_URI_SEGMENT, PCHAR },
    { "path", TR_URI_PATH, PCHAR "/" },
    { "literal", TR_URI_LITERAL, PCHAR "/?[]%" },
    { "sent path", TR_URI_SENT_PATH, PCHAR "/?[]%|^`{}" },
    { "sent args", TR_URI_SENT_ARGS, PCHAR "/?[]%|^`{}\\" },
};

START_TEST(every_byte_stays_or_is_encoded_as_its_set_says)
{
    char name[64], want[4], space[3];
    int byte;

    for (byte = 0; byte < 256; ++byte) {
        char c = (char)byte;
        tr_buf_t out = tr_buf(space, sizeof(space));
        int stays = byte && strchr(sets[_i].stay, byte);

        snprintf(want, sizeof(want), stays ? "%c" : "%%%02X", byte);
        snprintf(name, sizeof(name), "%s, byte %d", sets[_i].name, byte);
        tr_uri_add(&out, guarded_bytes(&c, 1), sets[_i].set);
        check_text(name, tr_buf_since(&out, 0), want);
        ck_assert(!out.full);
        apr_pool_clear(pool);
    }
}
END_TEST

static const struct {
    const char *in, *want;
} encoded[] = {
    { "", "" },
    { "a", "a" },
    { " ", "%20" },
    { "a b/c", "a%20b%2Fc" },
    { " a", "%20a" },
    { "a ", "a%20" },
    { "\xc3\xa4\r\n", "%C3%A4%0D%0A" },
    { "100%", "100%25" },
    { "%41", "%2541" },
};

START_TEST(runs_of_bytes_and_escapes_keep_their_order)
{
    char space[32];
    tr_buf_t out = tr_buf(space, sizeof(space));

    tr_uri_add(&out, guarded(encoded[_i].in), TR_URI_SEGMENT);
    check_text(encoded[_i].in, tr_buf_since(&out, 0), encoded[_i].want);
}
END_TEST

static const struct {
    const char *in;
    apr_size_t size;
    int full;
    const char *want;
} bounded[] = {
    { "a b", 5, 0, "a%20b" }, { "a b", 4, 1, "" }, { "a b", 1, 1, "" },
    { "ab", 2, 0, "ab" },     { "ab", 1, 1, "" },  { " ", 3, 0, "%20" },
    { " ", 2, 1, "" },        { "", 0, 0, "" },
};

START_TEST(what_does_not_fit_is_not_added_in_part)
{
    char *space = apr_palloc(pool, 8);
    tr_buf_t out = tr_buf(space, bounded[_i].size);

    tr_uri_add(&out, guarded(bounded[_i].in), TR_URI_VALUE);
    check_text(bounded[_i].in, tr_buf_since(&out, 0), bounded[_i].want);
    ck_assert_int_eq(out.full, bounded[_i].full);
}
END_TEST

START_TEST(once_full_a_buffer_takes_nothing_any_more)
{
    char space[4];
    tr_buf_t out = tr_buf(space, sizeof(space));

    tr_buf_add(&out, guarded("12345"));
    tr_buf_addc(&out, 'x');
    ck_assert(out.full);
    ck_assert_uint_eq(out.n, 0);
}
END_TEST

START_TEST(two_hexadecimal_digits_are_a_byte)
{
    int high, low;

    for (high = 0; high < 256; ++high) {
        for (low = 0; low < 256; ++low) {
            char text[3] = { (char)high, (char)low, '\0' };
            int is_hex = high && low && strchr("0123456789abcdefABCDEF", high)
                         && strchr("0123456789abcdefABCDEF", low);
            unsigned value = 0;

            if (is_hex) {
                sscanf(text, "%2x", &value);
            }
            ck_assert_msg(tr_uri_hex(text) == (is_hex ? (int)value : -1),
                          "bytes %d and %d: is %d", high, low,
                          tr_uri_hex(text));
        }
    }
}
END_TEST

START_TEST(the_second_digit_is_read_only_behind_a_first_one)
{
    ck_assert_int_eq(tr_uri_hex(guarded("g").p), -1);
    ck_assert_int_eq(tr_uri_hex(guarded_string("")), -1);
    ck_assert_int_eq(tr_uri_hex(guarded_string("4")), -1);
}
END_TEST

static const struct {
    const char *in;
    int plus;
    const char *want;
} decoded[] = {
    { "", 0, "" },
    { "a", 0, "a" },
    { "%41", 0, "A" },
    { "%2f%2F", 0, "//" },
    { "a%20b", 0, "a b" },
    { "%c3%A4", 0, "\xc3\xa4" },
    { "%2541", 0, "%41" },
    { "+", 0, "+" },
    { "a+b", 1, "a b" },
    { "%2B+", 1, "+ " },
    /* what is no escape stays */
    { "%", 0, "%" },
    { "%4", 0, "%4" },
    { "%4g", 0, "%4g" },
    { "%g4", 0, "%g4" },
    { "%%41", 0, "%A" },
    { "%+41", 1, "% 41" },
    { "a%4", 0, "a%4" },
};

START_TEST(escapes_are_decoded_once_and_the_rest_stays)
{
    tr_slice_t in = guarded(decoded[_i].in);
    char *out = apr_palloc(pool, in.n + 1);
    apr_size_t n = tr_uri_decode(out, in, decoded[_i].plus);

    check_text(decoded[_i].in, tr_slice(out, n), decoded[_i].want);
}
END_TEST

START_TEST(a_decoded_text_may_hold_nul)
{
    char out[5];

    ck_assert_uint_eq(tr_uri_decode(out, guarded("a%00b"), 0), 3);
    ck_assert_mem_eq(out, "a\0b", 3);
}
END_TEST

START_TEST(whatever_is_encoded_decodes_to_itself)
{
    char bytes[256], space[3 * 256], back[3 * 256];
    tr_buf_t out = tr_buf(space, sizeof(space));
    int i;

    for (i = 0; i < 256; ++i) {
        bytes[i] = (char)i;
    }
    tr_uri_add(&out, guarded_bytes(bytes, sizeof(bytes)), TR_URI_VALUE);
    ck_assert_uint_eq(tr_uri_decode(back, tr_buf_since(&out, 0), 1), 256);
    ck_assert_mem_eq(back, bytes, 256);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("tr_uri");
    TCase *tests = unit_case(suite, "encode");

    tcase_add_loop_test(tests, every_byte_stays_or_is_encoded_as_its_set_says,
                        0, ROWS(sets));
    tcase_add_loop_test(tests, runs_of_bytes_and_escapes_keep_their_order, 0,
                        ROWS(encoded));
    tcase_add_loop_test(tests, what_does_not_fit_is_not_added_in_part, 0,
                        ROWS(bounded));
    tcase_add_test(tests, once_full_a_buffer_takes_nothing_any_more);
    tests = unit_case(suite, "decode");
    tcase_add_test(tests, two_hexadecimal_digits_are_a_byte);
    tcase_add_test(tests, the_second_digit_is_read_only_behind_a_first_one);
    tcase_add_loop_test(tests, escapes_are_decoded_once_and_the_rest_stays, 0,
                        ROWS(decoded));
    tcase_add_test(tests, a_decoded_text_may_hold_nul);
    tcase_add_test(tests, whatever_is_encoded_decodes_to_itself);
    return unit_main(suite);
}

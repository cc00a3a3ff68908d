/* Licensed under the Apache License, Version 2.0; see LICENSE. */
#include <apr_errno.h>
#include <apr_strings.h>
#include <apr_tables.h>

#include "texts.h"

#ifdef TR_WITH_JANSSON

/* ---- one text, or none ---- */

#define TEXT(bytes) { bytes, sizeof(bytes) - 1 }

static const tr_slice_t wholes[] = {
    /* a value alone is a text, too */
    TEXT("{}"), TEXT("[]"), TEXT("\"a\""), TEXT("\"\""), TEXT("1"),
    TEXT("-1.5e2"), TEXT("true"), TEXT("false"), TEXT("null"),
    TEXT(" \t\r\n{ \"a\" :\r[ 1 ,\t2 ] }\n "),
    TEXT("[\"\\u0000\"]"),

    /* a name once in each object */
    TEXT("{\"a\":{\"a\":{\"a\":1}}}"), TEXT("[{\"a\":1},{\"a\":1}]"),
    TEXT("{\"a\":1,\"A\":1}"),

    /* within a double */
    TEXT("[9223372036854775808.0]"), TEXT("[1e-99999]"),
};

START_TEST(a_text_is_one_value)
{
    int i;

    for (i = 0; i < ROWS(wholes); ++i) {
        tr_slice_t text = guarded_bytes(wholes[i].p, wholes[i].n);

        check_message(wholes[i].p, find_in_text(text, "/none"), "none");
    }
}
END_TEST

static const tr_slice_t malformed[] = {
    /* none, or half of one */
    TEXT(""), TEXT(" "), TEXT("{"), TEXT("["), TEXT("}"), TEXT("\""),
    TEXT("\"a"), TEXT("\"a\\"), TEXT("\"a\\\""), TEXT("\"\\u"),
    TEXT("\"\\u12"), TEXT("\"\\u123\""), TEXT("\"\xc3"), TEXT("-"),
    TEXT("1."), TEXT("1e"), TEXT("1e+"), TEXT("tru"), TEXT("n"), TEXT("[1"),
    TEXT("[1,"), TEXT("{\"a\""), TEXT("{\"a\":"), TEXT("{\"a\":1"),
    TEXT("{\"a\":1,"),

    /* something behind it */
    TEXT("{}{}"), TEXT("{} 1"), TEXT("1 2"), TEXT("[],"), TEXT("[]]"),
    TEXT("{}\x1a"), TEXT("\"a\"b"), TEXT("truetrue"),

    /* what only looks like one */
    TEXT("[1,]"), TEXT("[,1]"), TEXT("[1 2]"), TEXT("{\"a\":1,}"),
    TEXT("{a:1}"), TEXT("{\"a\"=1}"), TEXT("{1:2}"), TEXT("['a']"),
    TEXT("[True]"), TEXT("[NaN]"), TEXT("[Infinity]"), TEXT("[01]"),
    TEXT("[-01]"), TEXT("[+1]"), TEXT("[.5]"), TEXT("[0x1]"),
    TEXT("[1] // one"), TEXT("/**/[1]"), TEXT("a=1&b=2"), TEXT("[\"\t\"]"),
    TEXT("[\"a\nb\"]"), TEXT("[\"\\x41\"]"), TEXT("[\"\\u00g0\"]"),
    TEXT("\xc2\xa0[]"),

    /* a byte order mark, and other encodings */
    TEXT("\xef\xbb\xbf{}"), TEXT("\xff\xfe{\0}\0"), TEXT("{\0}\0"),
    TEXT("\0{\0}"), TEXT("[\"\xe4\"]"), TEXT("[\"\xff\"]"),
    TEXT("[\"\x80\"]"), TEXT("[\"\xc3\"]"), TEXT("{\"\xe4\":1}"),
    TEXT("[\"\xc0\xaf\"]"), TEXT("[\"\xe0\x80\xaf\"]"), /* too long */
    TEXT("[\"\xed\xa0\x80\"]"),     /* a surrogate */
    TEXT("[\"\xf4\x90\x80\x80\"]"), /* beyond U+10FFFF */

    /* surrogates that are not in pairs */
    TEXT("[\"\\ud800\"]"), TEXT("[\"\\udc00\"]"), TEXT("[\"\\ud83dx\"]"),
    TEXT("[\"\\ud83d\\n\"]"), TEXT("[\"\\ud83d\\ud83d\"]"),
    TEXT("[\"\\ude00\\ud83d\"]"), TEXT("{\"\\ud800\":1}"),

    /* NUL, but in a string and with an escape */
    TEXT("{\"a\\u0000\":1}"), TEXT("\0"), TEXT("\0[]"), TEXT("[]\0"),
    TEXT("[\"\0\"]"), TEXT("[\"a\"\0]"), TEXT("{}\0{}"),
    TEXT("1\0"), TEXT("[1\0]"), TEXT("[1.5\0,2]"), TEXT("[true\0]"),
    TEXT("{\"a\":null\0}"),

    /* a name twice in one object */
    TEXT("{\"a\":1,\"a\":1}"), TEXT("{\"a\":1,\"b\":2,\"a\":3}"),
    TEXT("{\"a\":1,\"\\u0061\":2}"), TEXT("{\"\\/\":1,\"/\":2}"),
    TEXT("{\"\":1,\"\":2}"), TEXT("[{\"x\":{\"a\":1,\"a\":2}}]"),

    /* beyond 64 bits, and beyond a double */
    TEXT("[9223372036854775808]"), TEXT("[-9223372036854775809]"),
    TEXT("[18446744073709551615]"), TEXT("[1000000000000000000000000000]"),
    TEXT("[1e309]"), TEXT("[-1e309]"), TEXT("[1.8e308]"),
    TEXT("[1e99999999999999999999]"),
};

START_TEST(what_is_no_text_is_malformed)
{
    int i;

    for (i = 0; i < ROWS(malformed); ++i) {
        tr_slice_t text = guarded_bytes(malformed[i].p, malformed[i].n);

        check_message(apr_psprintf(pool, "row %d, '%s'", i, malformed[i].p),
                      find_in_text(text, "/none"), "malformed");
    }
}
END_TEST

START_TEST(no_beginning_of_a_text_is_one)
{
    static const char text[] =
        "{\"a\":[1,-2.5e+3,\"\\u00e4\\n\xc3\xa4\",true,null,{}],\"b\":\"c\"}";
    apr_size_t n;

    check_message("all of it", find_in_text(guarded(text), "/b"), "=c");
    for (n = 0; n < sizeof(text) - 1; ++n) {
        check_message(apr_psprintf(pool, "%d bytes", (int)n),
                      find_in_text(guarded_bytes(text, n), "/b"), "malformed");
    }
}
END_TEST

/* ---- deep, and long ---- */

static const char *find(const char *text, const char *pointer)
{
    return find_in_text(guarded(text), pointer);
}

/* So many times the one, what is in the middle, and the other as often. */
static const char *nested(int levels, const char *open, const char *middle,
                          const char *close)
{
    apr_size_t o = strlen(open), c = strlen(close), m = strlen(middle);
    char *text = apr_palloc(pool, (apr_size_t)levels * (o + c) + m + 1);
    char *t = text;
    int i;

    for (i = 0; i < levels; ++i, t += o) {
        memcpy(t, open, o);
    }
    memcpy(t, middle, m);
    t += m;
    for (i = 0; i < levels; ++i, t += c) {
        memcpy(t, close, c);
    }
    *t = '\0';
    return text;
}

/* A value within is a level, too. */
static const struct {
    int levels;
    const char *open, *middle, *close, *found;
} depths[] = {
    { 256, "[", "", "]", "none" },
    { 257, "[", "", "]", "malformed" },
    { 256, "[", "1", "]", "none" },
    { 257, "[", "1", "]", "malformed" },
    { 256, "{\"a\":", "1", "}", "none" },
    { 257, "{\"a\":", "1", "}", "malformed" },
    { 32768, "[", "", "]", "malformed" },
    { 65536, "[", "", "", "malformed" },
    { 13107, "{\"a\":", "", "", "malformed" },
};

START_TEST(a_text_has_up_to_256_levels)
{
    const char *text = nested(depths[_i].levels, depths[_i].open,
                              depths[_i].middle, depths[_i].close);

    check_message(apr_psprintf(pool, "row %d", _i),
                  find(text, "/none"), depths[_i].found);
}
END_TEST

START_TEST(a_pointer_goes_as_deep_as_a_text)
{
    const char *text = nested(256, "{\"a\":", "\"deep\"", "}");
    const char *pointer = nested(256, "/a", "", "");

    check_message("objects", find(text, pointer), "=deep");
    check_message("and no deeper",
                  find(text, apr_pstrcat(pool, pointer, "/a", NULL)), "none");
    check_message("not as deep", find(text, pointer + 2), "container");
    text = nested(256, "[", "7", "]");
    pointer = nested(256, "/0", "", "");
    check_message("arrays", find(text, pointer), "=7");
}
END_TEST

/* Of 64 KB. */
static const struct {
    const char *name;
    int n;
    const char *begin, *again, *end, *pointer, *found;
} longs[] = {
    { "elements", 32766, "[", "1,", "2]", "/32766", "=2" },
    { "objects", 21844, "[", "{},", "2]", "/21844", "=2" },
    { "a string", 65532, "[\"", "x", "\"]", "/1", "none" },
    { "escapes", 10922, "[\"", "\\u0078", "\"]", "/1", "none" },
    { "a name", 65528, "{\"", "x", "\":1}", "/x", "none" },
    { "an integer", 65534, "[", "9", "]", "/0", "malformed" },
    { "a fraction", 65531, "[0.", "1", "]", "/0", "=0.111111111111111" },
    { "a large real", 65533, "[1", "0", ".0]", "/0", "malformed" },
    { "a small real", 65531, "[0.", "0", "1]", "/0", "=0.0" },
    { "an exponent", 65532, "[1e", "9", "]", "/0", "malformed" },
    { "spaces", 65534, "", " ", "[3]", "/0", "=3" },
    { "quotes", 65536, "", "\"", "", "/0", "malformed" },
    { "commas", 65534, "[", ",", "]", "/0", "malformed" },
    { "backslashes", 65534, "\"", "\\", "", "/0", "malformed" },
    { "garbage", 65536, "", "\xff", "", "/0", "malformed" },
    { "what is behind", 65534, "{}", " ", "x", "/0", "malformed" },
};

START_TEST(a_long_text_is_read_like_a_short_one)
{
    const char *again = nested(longs[_i].n, longs[_i].again, "", "");
    const char *text = apr_pstrcat(pool, longs[_i].begin, again, longs[_i].end,
                                   NULL);

    check_message(longs[_i].name, find(text, longs[_i].pointer),
                  longs[_i].found);
}
END_TEST

START_TEST(an_object_may_have_thousands_of_names)
{
    enum { NAMES = 5000 };
    const char *parts[NAMES];
    apr_array_header_t all = { pool, sizeof(*parts), NAMES, NAMES,
                               (char *)parts };
    const char *text;
    int i;

    for (i = 0; i < NAMES; ++i) {
        parts[i] = apr_psprintf(pool, "\"n%d\":%d", i, i);
    }
    text = apr_pstrcat(pool, "{", apr_array_pstrcat(pool, &all, ','), NULL);
    check_message("the last one",
                  find(apr_pstrcat(pool, text, "}", NULL), "/n4999"), "=4999");
    check_message("the first one again",
                  find(apr_pstrcat(pool, text, ",\"n0\":0}", NULL), "/n4999"),
                  "malformed");
}
END_TEST

/* The sanitizers see whether it is. */
START_TEST(what_was_read_is_freed_with_its_pool)
{
    tr_json_t *json;
    apr_pool_t *p;

    apr_pool_create(&p, pool);
    ck_assert_int_eq(tr_json_parse(&json, guarded("{\"a\":[1,\"b\",1.5]}"), p),
                     APR_SUCCESS);
    apr_pool_destroy(p);
}
END_TEST

#else

START_TEST(without_jansson_no_text_is_read)
{
    tr_json_t *json = (tr_json_t *)pool; /* untouched */
    tr_slice_t value;

    ck_assert_int_eq(tr_json_parse(&json, guarded("{}"), pool), APR_ENOTIMPL);
    ck_assert_ptr_eq(json, (tr_json_t *)pool);
    ck_assert_int_eq(tr_json_find(&value, json, "/a", pool), TR_JSON_NONE);
}
END_TEST

#endif

int main(void)
{
    Suite *suite = suite_create("tr_json_parse");
    TCase *tests = unit_case(suite, "parse");

#ifdef TR_WITH_JANSSON
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, a_text_is_one_value);
    tcase_add_test(tests, what_is_no_text_is_malformed);
    tcase_add_test(tests, no_beginning_of_a_text_is_one);
    tcase_add_loop_test(tests, a_text_has_up_to_256_levels, 0, ROWS(depths));
    tcase_add_test(tests, a_pointer_goes_as_deep_as_a_text);
    tcase_add_loop_test(tests, a_long_text_is_read_like_a_short_one, 0,
                        ROWS(longs));
    tcase_add_test(tests, an_object_may_have_thousands_of_names);
    tcase_add_test(tests, what_was_read_is_freed_with_its_pool);
#else
    tcase_add_test(tests, without_jansson_no_text_is_read);
#endif
    return unit_main(suite);
}

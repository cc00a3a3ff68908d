/* Licensed under the Apache License, Version 2.0; see LICENSE. */
#include <apr_errno.h>
#include <apr_strings.h>

#include "texts.h"

/* ---- tr_json_check ---- */

#ifdef TR_WITH_JANSSON
#define FINE NULL
#define SLASH                                                                  \
    "a JSON pointer begins with '/', as in 'json./type' or "                   \
    "'json./repository/name'"
#define TILDE                                                                  \
    "a '~' in a JSON pointer is followed by '0' or '1'; '~0' stands for '~', " \
    "and '~1' for '/'"
#else
#define FINE                                                                   \
    "this build of the module reads no JSON; build it where jansson is "       \
    "(libjansson-dev)"
#define SLASH FINE
#define TILDE FINE
#endif

static const struct {
    const char *pointer, *error;
} checks[] = {
    { "/type", FINE },
    { "/repository/name", FINE },
    { "/", FINE },
    { "//", FINE },
    { "/a/", FINE },
    { "/0/-/01", FINE },
    { "/~0~1", FINE },
    { "/a~1b/~0", FINE },
    { "/~01", FINE },
    { "/ \"\\%|^#", FINE },
    { "/\xc3\xa4", FINE },

    { "", SLASH },
    { "type", SLASH },
    { "#/type", SLASH },
    { "$.type", SLASH },
    { ".type", SLASH },
    { "~1type", SLASH },
    { "0", SLASH },

    { "/~", TILDE },
    { "/a~", TILDE },
    { "/~2", TILDE },
    { "/~/a", TILDE },
    { "/~~0", TILDE },
    { "/~0~", TILDE },
    { "/~1~1~a", TILDE },
    { "/a/b~2/c", TILDE },
};

START_TEST(a_pointer_begins_with_a_slash_and_has_tildes_in_two_ways)
{
    int i;

    for (i = 0; i < ROWS(checks); ++i) {
        const char *pointer = checks[i].pointer;

        check_message(pointer, tr_json_check(guarded_string(pointer)),
                      checks[i].error);
    }
}
END_TEST

/* ---- tr_json_token_next ---- */

static const struct {
    const char *pointer, *tokens; /* each in brackets */
} tokens[] = {
    { "", "" },
    { "/", "[]" },
    { "//", "[][]" },
    { "/a", "[a]" },
    { "/a/", "[a][]" },
    { "/a/b/c", "[a][b][c]" },
    { "/ab/0/-", "[ab][0][-]" },
    { "/a~1b", "[a/b]" },
    { "/m~0n", "[m~n]" },
    { "/~0/~1", "[~][/]" },
    { "/~1~0~1", "[/~/]" },
    /* first '~1', then '~0': neither is decoded twice */
    { "/~01", "[~1]" },
    { "/~00", "[~0]" },
    { "/~10", "[/0]" },
    { "/~001", "[~01]" },
    { "/\xc3\xa4~1\xe2\x82\xac", "[\xc3\xa4/\xe2\x82\xac]" },
    { "/c%d/#/?", "[c%d][#][?]" },
};

START_TEST(a_pointer_is_decoded_token_by_token)
{
    int i;

    for (i = 0; i < ROWS(tokens); ++i) {
        const char *pointer = guarded_string(tokens[i].pointer);
        const char *rest = pointer, *all = "";
        /* as many bytes as the pointer has, and none behind */
        char *token = (char *)guarded_string(pointer);

        while (tr_json_token_next(token, &rest)) {
            all = apr_pstrcat(pool, all, "[", token, "]", NULL);
        }
        check_message(pointer, all, tokens[i].tokens);
        ck_assert_msg(*rest == '\0', "%s: '%s' is left", pointer, rest);
    }
}
END_TEST

#ifdef TR_WITH_JANSSON

/* ---- tr_json_find ---- */

typedef struct row_t {
    const char *text, *pointer, *found;
} row_t;

static void check_rows(const row_t *rows, int n)
{
    int i;

    for (i = 0; i < n; ++i) {
        check_message(apr_pstrcat(pool, rows[i].pointer, " in ", rows[i].text,
                                  NULL),
                      find_in_text(guarded(rows[i].text), rows[i].pointer),
                      rows[i].found);
    }
}

/* RFC 6901 section 5; "" is no pointer here. */
#define RFC                                                                    \
    "{ \"foo\": [\"bar\", \"baz\"], \"\": 0, \"a/b\": 1, \"c%d\": 2, "         \
    "\"e^f\": 3, \"g|h\": 4, \"i\\\\j\": 5, \"k\\\"l\": 6, \" \": 7, "         \
    "\"m~n\": 8 }"

static const row_t pointers[] = {
    { RFC, "/foo", "container" },
    { RFC, "/foo/0", "=bar" },
    { RFC, "/foo/1", "=baz" },
    { RFC, "/", "=0" },
    { RFC, "/a~1b", "=1" },
    { RFC, "/c%d", "=2" },
    { RFC, "/e^f", "=3" },
    { RFC, "/g|h", "=4" },
    { RFC, "/i\\j", "=5" },
    { RFC, "/k\"l", "=6" },
    { RFC, "/ ", "=7" },
    { RFC, "/m~0n", "=8" },

    /* names are whole, and have their case */
    { RFC, "/fo", "none" },
    { RFC, "/fooo", "none" },
    { RFC, "/Foo", "none" },
    { RFC, "/a/b", "none" },
    { RFC, "//", "none" },
    { "{\"a\":{\"b\":{\"c\":1}}}", "/a/b/c", "=1" },
    { "{\"a\":{\"b\":{\"c\":1}}}", "/a/b", "container" },
    { "{\"a\":{\"b\":{\"c\":1}}}", "/a/c", "none" },
    { "{\"a\":{\"b\":{\"c\":1}}}", "/b/c", "none" },
    { "{\"a\":{\"b\":1},\"b\":2}", "/b", "=2" },

    /* '~1' before '~0' */
    { "{\"~1\":1,\"/\":2}", "/~01", "=1" },
    { "{\"~1\":1,\"/\":2}", "/~1", "=2" },
    { "{\"~0\":1,\"~\":2}", "/~00", "=1" },
    { "{\"~0\":1,\"~\":2}", "/~0", "=2" },

    /* empty names, also at the end */
    { "{\"\":{\"\":1}}", "/", "container" },
    { "{\"\":{\"\":1}}", "//", "=1" },
    { "{\"\":{\"\":1}}", "///", "none" },
    { "{\"a\":{\"\":1}}", "/a/", "=1" },
    { "{\"a\":{\"\":1}}", "/a", "container" },

    /* whatever way a name is written */
    { "{\"\\u0061\\/b\":1}", "/a~1b", "=1" },
    { "{\"\\u00e4\\ud83d\\ude00\":1}", "/\xc3\xa4\xf0\x9f\x98\x80", "=1" },
    { "{\"\xc3\xa4\":1}", "/\xc3\xa4", "=1" },
    { "{\"\xc3\xa4\":1}", "/\xc3\x84", "none" },
    { "{\"\xc3\xa4\":1}", "/a\xcc\x88", "none" }, /* not normalised */
    { "{\"\xc3\xa4\":1}", "/\xc3", "none" },

    /* through what has nothing in it */
    { "{\"a\":\"b\"}", "/a/b", "none" },
    { "{\"a\":\"b\"}", "/a/", "none" },
    { "{\"a\":\"b\"}", "/a/0", "none" },
    { "{\"a\":1}", "/a/0", "none" },
    { "{\"a\":true}", "/a/a", "none" },
    { "{\"a\":null}", "/a/a", "none" },
    { "{\"a\":null}", "/a/a/b/c/0", "none" },
    { "{\"a\":[]}", "/a/0/0", "none" },
    { "{\"a\":{}}", "/a/a/a", "none" },
};

START_TEST(a_pointer_finds_what_it_points_to)
{
    check_rows(pointers, ROWS(pointers));
}
END_TEST

#define TEN "[0,1,2,3,4,5,6,7,8,9,\"ten\"]"

static const row_t indices[] = {
    { TEN, "/0", "=0" },
    { TEN, "/9", "=9" },
    { TEN, "/10", "=ten" },
    { TEN, "/11", "none" },
    { "[[1,2],[3,[4]]]", "/1/0", "=3" },
    { "[[1,2],[3,[4]]]", "/1/1/0", "=4" },
    { "[[1,2],[3,[4]]]", "/1/1", "container" },
    { "[[1,2],[3,[4]]]", "/1/1/0/0", "none" },
    { "[{\"a\":[{\"b\":1}]}]", "/0/a/0/b", "=1" },

    /* digits without leading zeros, and nothing else */
    { TEN, "/00", "none" },
    { TEN, "/01", "none" },
    { TEN, "/010", "none" },
    { TEN, "/-", "none" },
    { TEN, "/-1", "none" },
    { TEN, "/-0", "none" },
    { TEN, "/+1", "none" },
    { TEN, "/ 1", "none" },
    { TEN, "/1 ", "none" },
    { TEN, "/1a", "none" },
    { TEN, "/0x1", "none" },
    { TEN, "/1e0", "none" },
    { TEN, "/1.0", "none" },
    { TEN, "/", "none" },
    { TEN, "/a", "none" },
    { TEN, "/\xd9\xa1", "none" }, /* an Arabic digit */

    /* what no array has */
    { TEN, "/999999999", "none" },
    { TEN, "/1000000000", "none" },
    { TEN, "/4294967296", "none" },
    { TEN, "/4294967297", "none" },
    { TEN, "/18446744073709551615", "none" },
    { TEN, "/18446744073709551616", "none" },
    { TEN, "/18446744073709551617", "none" },
    { TEN, "/99999999999999999999999999999999999999999999", "none" },

    /* of an object these are names */
    { "{\"0\":1,\"01\":2,\"-\":3,\"4294967296\":4}", "/0", "=1" },
    { "{\"0\":1,\"01\":2,\"-\":3,\"4294967296\":4}", "/01", "=2" },
    { "{\"0\":1,\"01\":2,\"-\":3,\"4294967296\":4}", "/-", "=3" },
    { "{\"0\":1,\"01\":2,\"-\":3,\"4294967296\":4}", "/4294967296", "=4" },
    { "{\"0\":1}", "/1", "none" },
};

START_TEST(an_element_is_counted_from_zero)
{
    check_rows(indices, ROWS(indices));
}
END_TEST

#define VALUE(text) "[" text "]", "/0"

static const row_t values[] = {
    { VALUE("\"\""), "=" },
    { VALUE("\"push\""), "=push" },
    { VALUE("\"a b\""), "=a b" },
    { VALUE("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\""), "=\"\\/\b\f\n\r\t" },
    { VALUE("\"\\u0041\\u00e4\\u20AC\""), "=A\xc3\xa4\xe2\x82\xac" },
    { VALUE("\"\\ud83d\\uDE00\""), "=\xf0\x9f\x98\x80" },
    { VALUE("\"\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80\""),
      "=\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80" },
    { VALUE("\"\x7f\""), "=\x7f" },
    { VALUE("\"1\""), "=1" },
    { VALUE("\"null\""), "=null" },

    { VALUE("0"), "=0" },
    { VALUE("-0"), "=0" },
    { VALUE("10"), "=10" },
    { VALUE("-7"), "=-7" },
    { VALUE("9007199254740993"), "=9007199254740993" },
    { VALUE("9223372036854775807"), "=9223372036854775807" },
    { VALUE("-9223372036854775808"), "=-9223372036854775808" },

    { VALUE("1.0"), "=1.0" },
    { VALUE("1.50"), "=1.5" },
    { VALUE("15e-1"), "=1.5" },
    { VALUE("0.1"), "=0.1" },
    { VALUE("0.1000000000000000055511151231257827"), "=0.1" },
    { VALUE("-0.0"), "=-0.0" },
    { VALUE("-1.25"), "=-1.25" },
    { VALUE("1e3"), "=1000.0" },
    { VALUE("1E+3"), "=1000.0" },
    { VALUE("1e300"), "=1e300" },
    { VALUE("1E300"), "=1e300" },
    { VALUE("-1.5e300"), "=-1.5e300" },
    { VALUE("1e-7"), "=1e-7" },
    { VALUE("25e-9"), "=2.5e-8" },
    { VALUE("0.30000000000000004"), "=0.3" },
    { VALUE("1.23456789012345678e-300"), "=1.23456789012346e-300" },
    { VALUE("1.7976931348623157e308"), "=1.79769313486232e308" },
    { VALUE("1e-400"), "=0.0" },

    { VALUE("true"), "=true" },
    { VALUE("false"), "=false" },
    { VALUE("null"), "none" },

    { VALUE("[]"), "none" },
    { VALUE("{}"), "none" },
    { VALUE("[ ]"), "none" },
    { VALUE("[null]"), "container" },
    { VALUE("[[]]"), "container" },
    { VALUE("{\"a\":null}"), "container" },
    { VALUE("{\"\":\"\"}"), "container" },
};

START_TEST(a_value_is_a_text)
{
    check_rows(values, ROWS(values));
}
END_TEST

START_TEST(a_string_may_have_nul_in_it)
{
    tr_json_t *json;
    tr_slice_t value;

    ck_assert_int_eq(tr_json_parse(&json, guarded("[\"a\\u0000b\\u0000\"]"),
                                   pool),
                     APR_SUCCESS);
    ck_assert_int_eq(tr_json_find(&value, json, "/0", pool), TR_JSON_VALUE);
    ck_assert_uint_eq(value.n, 4);
    ck_assert_mem_eq(value.p, "a\0b", 4);
}
END_TEST

/* Those of one text stay, whatever is found after them. */
START_TEST(values_stay_as_long_as_the_text)
{
    static const char *const names[] = { "/s", "/i", "/r", "/b" };
    static const char *const texts[] = { "push", "-12", "1.5", "true" };
    tr_slice_t found[ROWS(names)];
    tr_json_t *json;
    int i;

    ck_assert_int_eq(tr_json_parse(&json,
                                   guarded("{\"s\":\"push\",\"i\":-12,"
                                           "\"r\":1.50,\"b\":true}"),
                                   pool),
                     APR_SUCCESS);
    for (i = 0; i < ROWS(names); ++i) {
        ck_assert_int_eq(tr_json_find(&found[i], json, names[i], pool),
                         TR_JSON_VALUE);
    }
    check_message("another", find_in(json, "/i"), "=-12");
    for (i = 0; i < ROWS(names); ++i) {
        check_text(names[i], found[i], texts[i]);
    }
}
END_TEST

#endif

int main(void)
{
    Suite *suite = suite_create("tr_json");
    TCase *tests = unit_case(suite, "pointer");

    tcase_add_test(tests,
                   a_pointer_begins_with_a_slash_and_has_tildes_in_two_ways);
    tcase_add_test(tests, a_pointer_is_decoded_token_by_token);
#ifdef TR_WITH_JANSSON
    tcase_add_test(tests, a_pointer_finds_what_it_points_to);
    tcase_add_test(tests, an_element_is_counted_from_zero);
    tcase_add_test(tests, a_value_is_a_text);
    tcase_add_test(tests, a_string_may_have_nul_in_it);
    tcase_add_test(tests, values_stay_as_long_as_the_text);
#endif
    return unit_main(suite);
}

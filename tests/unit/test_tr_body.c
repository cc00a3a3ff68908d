/* Licensed under the Apache License, Version 2.0; see LICENSE. */
#include <apr_strings.h>

#include "fake.h"

static tr_attr_t attr_of(const char *word)
{
    tr_attr_t attr;

    check_message(word,
                  tr_attr_parse(&attr, guarded(word), TR_USE_TARGET, pool),
                  NULL);
    return attr;
}

/* What a request answers: a value behind a '=', or a reason. */
static const char *value_of(const fake_t *fake, const char *word)
{
    tr_attr_t attr = attr_of(word);
    tr_slice_t value = tr_slice_of("untouched");
    tr_reason_t reason = tr_body_value(&value, &fake->view, &attr, pool);

    if (reason != TR_OK) {
        check_text(word, value, "untouched");
        return fake_reason(reason);
    }
    return apr_pstrcat(pool, "=", text_of(value), NULL);
}

/* ---- types ---- */

static const struct {
    const char *field; /* NULL: none */
    tr_body_type_t type;
} types[] = {
    { "application/x-www-form-urlencoded", TR_BODY_FORM },
    { "APPLICATION/X-WWW-Form-URLEncoded", TR_BODY_FORM },
    { "application/x-www-form-urlencoded;charset=UTF-8", TR_BODY_FORM },
    { "application/x-www-form-urlencoded ; charset=UTF-8", TR_BODY_FORM },
    { "application/x-www-form-urlencoded\t;a=b", TR_BODY_FORM },
    { "application/x-www-form-urlencoded;", TR_BODY_FORM },
    { "application/json", TR_BODY_JSON },
    { "Application/JSON", TR_BODY_JSON },
    { "application/json; charset=utf-8", TR_BODY_JSON },
    { "application/json;profile=\"text/html; +json\"", TR_BODY_JSON },
    { "application/vnd.api+json", TR_BODY_JSON },
    { "application/problem+JSON ;charset=utf-8", TR_BODY_JSON },
    { "model/gltf+json", TR_BODY_JSON },
    { "application/a+b+json", TR_BODY_JSON },

    { NULL, TR_BODY_OTHER },
    { "", TR_BODY_OTHER },
    { ";", TR_BODY_OTHER },
    { ";application/json", TR_BODY_OTHER },
    { "application", TR_BODY_OTHER },
    { "application/", TR_BODY_OTHER },
    { "json", TR_BODY_OTHER },
    { "+json", TR_BODY_OTHER },
    { "text/json", TR_BODY_OTHER },
    { "text/plain", TR_BODY_OTHER },
    { "text/plain; application/json", TR_BODY_OTHER },
    { "text/plain;a=application/vnd.api+json", TR_BODY_OTHER },
    { "application/json5", TR_BODY_OTHER },
    { "application/jso", TR_BODY_OTHER },
    { "xapplication/json", TR_BODY_OTHER },
    { "application/x-json", TR_BODY_OTHER },
    { "application/json-seq", TR_BODY_OTHER },
    { "application/vnd.api+json5", TR_BODY_OTHER },
    { "application/json+xml", TR_BODY_OTHER },
    { "application/x-ndjson", TR_BODY_OTHER },
    { "application/json,text/plain", TR_BODY_OTHER },
    { "application/x-www-form-urlencode", TR_BODY_OTHER },
    { "application/x-www-form-urlencoded2", TR_BODY_OTHER },
    { "multipart/form-data; boundary=x", TR_BODY_OTHER },
};

START_TEST(a_type_is_known_whatever_its_case_and_parameters)
{
    int i;

    for (i = 0; i < ROWS(types); ++i) {
        ck_assert_msg(tr_body_type_of(guarded(types[i].field))
                          == types[i].type,
                      "%s", types[i].field);
    }
}
END_TEST

/* ---- who is read, and how often ---- */

#define FORM "form=a=1&b=2"
#define JSON "json={\"a\":1}"
#define TYPE(type) "header.Content-Type=" type
#define CODING(coding) "header.Content-Encoding=" coding
#define TRANSFER(coding) "header.Transfer-Encoding=" coding

static const struct {
    fake_facts_t facts;
    tr_body_type_t type; /* that is asked for */
    tr_reason_t reason;
    int reads;
} bodies[] = {
    { { FORM }, TR_BODY_FORM, TR_OK, 1 },
    { { JSON }, TR_BODY_JSON, TR_OK, 1 },
    { { FORM, TYPE("application/x-www-form-urlencoded;charset=x") },
      TR_BODY_FORM, TR_OK, 1 },
    { { JSON, TYPE("application/vnd.api+json") }, TR_BODY_JSON, TR_OK, 1 },
    { { "form=" }, TR_BODY_FORM, TR_OK, 1 },

    /* one of another type is never read */
    { { FORM }, TR_BODY_JSON, TR_BODY_UNTYPED, 0 },
    { { JSON }, TR_BODY_FORM, TR_BODY_UNTYPED, 0 },
    { { "body=a=1" }, TR_BODY_FORM, TR_BODY_UNTYPED, 0 },
    { { "body={}" }, TR_BODY_JSON, TR_BODY_UNTYPED, 0 },
    { { 0 }, TR_BODY_FORM, TR_BODY_UNTYPED, 0 },
    { { 0 }, TR_BODY_JSON, TR_BODY_UNTYPED, 0 },
    { { FORM, TYPE("text/plain") }, TR_BODY_FORM, TR_BODY_UNTYPED, 0 },
    { { FORM, TYPE("") }, TR_BODY_FORM, TR_BODY_UNTYPED, 0 },
    { { FORM, "long", CODING("gzip") }, TR_BODY_JSON, TR_BODY_UNTYPED, 0 },

    /* nor one with a coding, but for chunks */
    { { FORM, CODING("gzip") }, TR_BODY_FORM, TR_BODY_CODED, 0 },
    { { JSON, CODING("br") }, TR_BODY_JSON, TR_BODY_CODED, 0 },
    { { FORM, CODING("identity, gzip") }, TR_BODY_FORM, TR_BODY_CODED, 0 },
    { { FORM, CODING("gzip, identity") }, TR_BODY_FORM, TR_BODY_CODED, 0 },
    { { FORM, CODING("identityx") }, TR_BODY_FORM, TR_BODY_CODED, 0 },
    { { FORM, CODING("identit") }, TR_BODY_FORM, TR_BODY_CODED, 0 },
    { { FORM, CODING("gzip"), "long" }, TR_BODY_FORM, TR_BODY_CODED, 0 },
    { { FORM, CODING("identity") }, TR_BODY_FORM, TR_OK, 1 },
    { { FORM, CODING("IDentity") }, TR_BODY_FORM, TR_OK, 1 },
    { { FORM, CODING("") }, TR_BODY_FORM, TR_OK, 1 },
    { { FORM, TRANSFER("chunked") }, TR_BODY_FORM, TR_OK, 1 },
    { { JSON, TRANSFER("Chunked") }, TR_BODY_JSON, TR_OK, 1 },
    { { FORM, TRANSFER("gzip, chunked") }, TR_BODY_FORM, TR_BODY_CODED, 0 },
    { { FORM, TRANSFER("x") }, TR_BODY_FORM, TR_BODY_CODED, 0 },

    /* what reading came to */
    { { FORM, "long" }, TR_BODY_FORM, TR_BODY_LONG, 1 },
    { { FORM, "taken" }, TR_BODY_FORM, TR_BODY_TAKEN, 1 },
    { { FORM, "failed" }, TR_BODY_FORM, TR_BODY_FAILED, 1 },
    { { JSON, "long" }, TR_BODY_JSON, TR_BODY_LONG, 1 },
    { { JSON, "taken" }, TR_BODY_JSON, TR_BODY_TAKEN, 1 },
    { { JSON, "failed" }, TR_BODY_JSON, TR_BODY_FAILED, 1 },
};

START_TEST(a_body_is_read_once_if_it_is_what_is_asked_for)
{
    int i, again;

    for (i = 0; i < ROWS(bodies); ++i) {
        fake_t *fake = fake_request("/", bodies[i].facts);
        const char *row = apr_psprintf(pool, "row %d", i);
        const char *sent = bodies[i].facts[0];

        for (again = 0; again < 3; ++again) {
            tr_slice_t bytes = tr_slice(NULL, 0);

            check_message(row,
                          fake_reason(tr_body_read(&bytes, &fake->view,
                                                   bodies[i].type)),
                          fake_reason(bodies[i].reason));
            ck_assert_msg(fake->reads == bodies[i].reads, "%s: %d reads", row,
                          fake->reads);
            if (bodies[i].reason == TR_OK) {
                check_text(row, bytes, strchr(sent, '=') + 1);
            }
        }
    }
}
END_TEST

START_TEST(nobody_has_read_it_before_somebody_asks)
{
    static const char *const facts[] = { FORM, NULL };
    fake_t *fake = fake_request("/", facts);
    tr_slice_t bytes;

    ck_assert_int_eq(fake->reads, 0);
    ck_assert_int_eq(fake->body.type, TR_BODY_UNKNOWN);
    ck_assert_int_eq(tr_body_read(&bytes, &fake->view, TR_BODY_JSON),
                     TR_BODY_UNTYPED);
    ck_assert_int_eq(fake->body.type, TR_BODY_FORM);
    ck_assert_int_eq(fake->body.is_read, 0);
    ck_assert_int_eq(tr_body_read(&bytes, &fake->view, TR_BODY_FORM), TR_OK);
    ck_assert_int_eq(fake->body.is_read, 1);
    ck_assert_int_eq(tr_body_read(&bytes, &fake->view, TR_BODY_JSON),
                     TR_BODY_UNTYPED);
    ck_assert_int_eq(fake->reads, 1);
}
END_TEST

START_TEST(what_was_read_is_not_read_again)
{
    static const char *const facts[] = { "form=a=1", NULL };
    fake_t *fake = fake_request("/", facts);

    fake->body.type = TR_BODY_FORM;
    fake->body.is_read = 1;
    fake->body.bytes = guarded("a=2");
    check_message("bytes", value_of(fake, "form.a"), "=2");
    fake->body.reason = TR_BODY_LONG;
    check_message("reason", value_of(fake, "form.a"), "TR_BODY_LONG");
    ck_assert_int_eq(fake->reads, 0);
}
END_TEST

START_TEST(all_fields_are_of_one_reading)
{
    static const char *const facts[] = { "form=a=1&b=2&c", NULL };
    fake_t *fake = fake_request("/", facts);

    check_message("a", value_of(fake, "form.a"), "=1");
    check_message("b", value_of(fake, "form.b"), "=2");
    check_message("c", value_of(fake, "form.c"), "=");
    check_message("d", value_of(fake, "form.d"), "TR_NO_VALUE");
    check_message("a", value_of(fake, "form.a"), "=1");
    ck_assert_int_eq(fake->reads, 1);
}
END_TEST

/* ---- form fields ---- */

typedef struct row_t {
    const char *word;
    const char *value; /* behind a '=', or the reason */
    fake_facts_t facts;
} row_t;

static const row_t fields[] = {
    { "form.a", "=1", { "form=a=1" } },
    { "form.a", "=1", { "form=a=1&b=2" } },
    { "form.b", "=2", { "form=a=1&b=2" } },
    { "form.b", "=2", { "form=&&a=1&&b=2&&" } },

    /* the first of the name */
    { "form.a", "=1", { "form=a=1&a=2" } },
    { "form.a", "=", { "form=a=&a=2" } },
    { "form.a", "=", { "form=a&a=2" } },
    { "form.a", "=2", { "form=b=a=1&a=2" } },

    /* decoded */
    { "form.a", "=b c+", { "form=a=b+c%2B" } },
    { "form.a", "=b c", { "form=a=b%20c" } },
    { "form.a", "=&=", { "form=a=%26%3d" } },
    { "form.a", "=b=c", { "form=a=b=c" } },
    { "form.a b", "=1", { "form=a+b=1" } },
    { "form.a", "=1", { "form=%61=1" } },
    { "form.a[b]", "=1", { "form=a%5Bb%5D=1" } },
    { "form.a.b", "=1", { "form=a.b=1" } },
    { "form.a", "=\xc3\xa4", { "form=a=%C3%a4" } },
    { "form.a", "=\xe4", { "form=a=\xe4" } },
    { "form.\xc3\xa4", "=1", { "form=%c3%a4=1" } },
    { "form.a", "=1;b=2", { "form=a=1;b=2" } },
    { "form.a", "=1\r\n", { "form=a=1\r\n" } },

    /* what is no percent-encoding stays */
    { "form.a", "=%", { "form=a=%" } },
    { "form.a", "=%4", { "form=a=%4" } },
    { "form.a", "=%zz1", { "form=a=%zz1" } },
    { "form.a", "=%4", { "form=a=%4&1=b" } },
    { "form.a", "=100% sure", { "form=a=100%+sure" } },

    /* names are whole, and have their case */
    { "form.a", "TR_NO_VALUE", { "form=" } },
    { "form.a", "TR_NO_VALUE", { "form=&" } },
    { "form.a", "TR_NO_VALUE", { "form==1" } },
    { "form.a", "TR_NO_VALUE", { "form=aa=1&A=2&b=a" } },
    { "form.ab", "TR_NO_VALUE", { "form=a=1" } },

    { "form.a", "TR_BODY_UNTYPED", { JSON } },
    { "form.a", "TR_BODY_UNTYPED", { "body=a=1" } },
    { "form.a", "TR_BODY_CODED", { FORM, CODING("gzip") } },
    { "form.a", "TR_BODY_LONG", { FORM, "long" } },
    { "form.a", "TR_BODY_TAKEN", { FORM, "taken" } },
    { "form.a", "TR_BODY_FAILED", { FORM, "failed" } },
    { "form.z", "TR_BODY_LONG", { FORM, "long" } },
};

static void check_rows(const row_t *rows, int n)
{
    int i;

    for (i = 0; i < n; ++i) {
        fake_t *fake = fake_request("/", rows[i].facts);
        const char *row = apr_psprintf(pool, "%s in %s", rows[i].word,
                                       rows[i].facts[0]);

        check_message(row, value_of(fake, rows[i].word), rows[i].value);
        check_message(row, value_of(fake, rows[i].word), rows[i].value);
        ck_assert_int_le(fake->reads, 1);
    }
}

START_TEST(a_field_is_the_first_of_its_name_decoded)
{
    check_rows(fields, ROWS(fields));
}
END_TEST

START_TEST(a_field_may_have_nul_in_it)
{
    static const char *const facts[] = { "form=a=%00b%00", NULL };
    fake_t *fake = fake_request("/", facts);
    tr_attr_t attr = attr_of("form.a");
    tr_slice_t value;

    ck_assert_int_eq(tr_body_value(&value, &fake->view, &attr, pool), TR_OK);
    ck_assert_uint_eq(value.n, 3);
    ck_assert_mem_eq(value.p, "\0b\0", 3);
}
END_TEST

/* ---- JSON ---- */

#ifdef TR_WITH_JANSSON

#define PUSH                                                                   \
    "json={\"type\":\"push\",\"n\":[10,1.50],\"a/b\":true,\"who\":null,"       \
    "\"o\":{\"x\":\"\"},\"e\":[],\"m\":{}}"

static const row_t members[] = {
    { "json./type", "=push", { PUSH } },
    { "json./n/0", "=10", { PUSH } },
    { "json./n/1", "=1.5", { PUSH } },
    { "json./a~1b", "=true", { PUSH } },
    { "json./o/x", "=", { PUSH } },
    { "json./who", "TR_NO_VALUE", { PUSH } },
    { "json./n/2", "TR_NO_VALUE", { PUSH } },
    { "json./n/-", "TR_NO_VALUE", { PUSH } },
    { "json./n", "TR_NO_VALUE", { PUSH } },
    { "json./o", "TR_NO_VALUE", { PUSH } },
    { "json./e", "TR_NO_VALUE", { PUSH } },
    { "json./type", "=push", { PUSH, TYPE("application/cloudevents+json") } },
    { "json./a", "TR_NO_VALUE", { "json=\"a\"" } },
    { "json./a", "TR_NO_VALUE", { "json=null" } },
    { "json./0", "=a", { "json=[\"a\"]" } },

    { "json./a", "TR_BODY_MALFORMED", { "json=" } },
    { "json./a", "TR_BODY_MALFORMED", { "json={\"a\":1" } },
    { "json./a", "TR_BODY_MALFORMED", { "json={\"a\":1}}" } },
    { "json./a", "TR_BODY_MALFORMED", { "json={\"a\":1,\"a\":1}" } },
    { "json./b", "TR_BODY_MALFORMED", { "json={\"a\":1" } },
    { "json./a", "TR_BODY_UNTYPED", { FORM } },
    { "json./a", "TR_BODY_UNTYPED", { "body={\"a\":1}" } },
    { "json./a", "TR_BODY_CODED", { JSON, CODING("gzip") } },
    { "json./a", "TR_BODY_LONG", { JSON, "long" } },
    { "json./a", "TR_BODY_TAKEN", { JSON, "taken" } },
    { "json./a", "TR_BODY_FAILED", { JSON, "failed" } },
    /* one that was read in part is not taken apart */
    { "json./a", "TR_BODY_LONG", { "json={\"a\"", "long" } },
};

START_TEST(a_member_has_a_value_where_it_is_no_container)
{
    check_rows(members, ROWS(members));
}
END_TEST

static const struct {
    const char *word;
    tr_json_kind_t kind;
} kinds[] = {
    { "json./type", TR_JSON_VALUE },   { "json./o/x", TR_JSON_VALUE },
    { "json./n", TR_JSON_CONTAINER },  { "json./o", TR_JSON_CONTAINER },
    { "json./e", TR_JSON_NONE },      { "json./m", TR_JSON_NONE },
    { "json./who", TR_JSON_NONE },     { "json./nobody", TR_JSON_NONE },
};

/* All of one text, which is taken apart once. */
START_TEST(whatever_there_is_it_is_found)
{
    static const char *const facts[] = { PUSH, NULL };
    fake_t *fake = fake_request("/", facts);
    const tr_json_t *json = NULL;
    int i;

    for (i = 0; i < ROWS(kinds); ++i) {
        tr_attr_t attr = attr_of(kinds[i].word);
        tr_json_kind_t kind = TR_JSON_NONE;
        tr_slice_t value;

        ck_assert_int_eq(tr_body_find(&kind, &value, &fake->view, &attr, NULL,
                                      pool), TR_OK);
        ck_assert_msg(kind == kinds[i].kind, "%s", kinds[i].word);
        ck_assert(i == 0 || fake->body.json == json);
        json = fake->body.json;
    }
    ck_assert_ptr_nonnull(json);
    ck_assert_int_eq(fake->reads, 1);
}
END_TEST

START_TEST(a_malformed_text_is_malformed_for_good)
{
    static const char *const facts[] = { "json={\"a\":1", NULL };
    fake_t *fake = fake_request("/", facts);
    tr_slice_t bytes;

    ck_assert_int_eq(tr_body_read(&bytes, &fake->view, TR_BODY_JSON), TR_OK);
    check_message("first", value_of(fake, "json./a"), "TR_BODY_MALFORMED");
    ck_assert_int_eq(tr_body_read(&bytes, &fake->view, TR_BODY_JSON),
                     TR_BODY_MALFORMED);
    fake->body.bytes = guarded("{\"a\":1}"); /* nobody looks again */
    check_message("again", value_of(fake, "json./a"), "TR_BODY_MALFORMED");
    ck_assert_int_eq(fake->reads, 1);
}
END_TEST

#endif

/* ---- TempRedirectBodyLimit ---- */

#define NO_BYTES                                                               \
    ": not a number of bytes; write it as in '4096', '64K' or '1M'"
#define RANGE                                                                  \
    ": write '1' to '16M'; a request may need that much memory, and eighty "   \
    "times as much for JSON"

static const struct {
    const char *text;
    apr_int64_t limit;
    const char *error;
} limits[] = {
    { "1", 1, NULL },
    { "4096", 4096, NULL },
    { "64K", 65536, NULL },
    { "64k", 65536, NULL },
    { "1M", 1048576, NULL },
    { "16M", 16777216, NULL },
    { "16384K", 16777216, NULL },
    { "16777216", 16777216, NULL },

    { "0", 0, RANGE },
    { "0K", 0, RANGE },
    { "67108865", 0, RANGE },
    { "65537K", 0, RANGE },
    { "65M", 0, RANGE },
    { "1G", 0, RANGE },
    { "999999999999999", 0, RANGE },
    { "8589934591G", 0, RANGE },

    { "", 0, NO_BYTES },
    { "K", 0, NO_BYTES },
    { "-1", 0, NO_BYTES },
    { "+1", 0, NO_BYTES },
    { " 1", 0, NO_BYTES },
    { "1 ", 0, NO_BYTES },
    { "1.5M", 0, NO_BYTES },
    { "0x10", 0, NO_BYTES },
    { "64KB", 0, NO_BYTES },
    { "64T", 0, NO_BYTES },
    { "all", 0, NO_BYTES },
    { "none", 0, NO_BYTES },
    { "8589934592G", 0, NO_BYTES },
    { "9223372036854775808", 0, NO_BYTES },
    { "18446744073709551617", 0, NO_BYTES },
};

START_TEST(a_limit_is_a_number_of_bytes_from_1_to_16m)
{
    int i;

    for (i = 0; i < ROWS(limits); ++i) {
        const char *text = limits[i].text, *error = limits[i].error;
        apr_int64_t limit = -1;

        check_message(text,
                      tr_body_limit_parse(&limit, guarded_string(text), pool),
                      error ? apr_pstrcat(pool, text, error, NULL) : NULL);
        ck_assert_msg(limits[i].error || limit == limits[i].limit, "%s",
                      limits[i].text);
    }
    ck_assert_int_eq(TR_BODY_LIMIT, 65536);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("tr_body");
    TCase *tests = unit_case(suite, "body");

    tcase_add_test(tests, a_type_is_known_whatever_its_case_and_parameters);
    tcase_add_test(tests, a_body_is_read_once_if_it_is_what_is_asked_for);
    tcase_add_test(tests, nobody_has_read_it_before_somebody_asks);
    tcase_add_test(tests, what_was_read_is_not_read_again);
    tcase_add_test(tests, all_fields_are_of_one_reading);
    tcase_add_test(tests, a_field_is_the_first_of_its_name_decoded);
    tcase_add_test(tests, a_field_may_have_nul_in_it);
#ifdef TR_WITH_JANSSON
    tcase_add_test(tests, a_member_has_a_value_where_it_is_no_container);
    tcase_add_test(tests, whatever_there_is_it_is_found);
    tcase_add_test(tests, a_malformed_text_is_malformed_for_good);
#endif
    tcase_add_test(tests, a_limit_is_a_number_of_bytes_from_1_to_16m);
    return unit_main(suite);
}

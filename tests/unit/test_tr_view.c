/* Licensed under the Apache License, Version 2.0; see LICENSE. */
#include "fake.h"
#include "tr_view.h"
#include "unit.h"

#define KNOWN                                                                  \
    "; known are 'scheme', 'host', 'port', 'path', 'tail', 'args', 'user', "   \
    "'header', 'cookie', 'query', 'env', 'group'"

/* ---- tr_attr_parse ---- */

static const struct {
    const char *word;
    tr_attr_kind_t kind;
    const char *name;
} attributes[] = {
    { "scheme", TR_ATTR_SCHEME, NULL },
    { "host", TR_ATTR_HOST, NULL },
    { "port", TR_ATTR_PORT, NULL },
    { "path", TR_ATTR_PATH, NULL },
    { "tail", TR_ATTR_TAIL, NULL },
    { "args", TR_ATTR_ARGS, NULL },
    { "user", TR_ATTR_USER, NULL },
    { "header.X-Tenant", TR_ATTR_HEADER, "X-Tenant" },
    { "cookie.sid", TR_ATTR_COOKIE, "sid" },
    { "query.a.b", TR_ATTR_QUERY, "a.b" },
    { "env.HOME", TR_ATTR_ENV, "HOME" },
    { "group.id", TR_ATTR_GROUP, "id" },
    { "query..", TR_ATTR_QUERY, "." },
};

START_TEST(an_attribute_is_a_word_or_has_a_name_behind_a_dot)
{
    const char *word = attributes[_i].word;
    tr_attr_t attr;

    check_message(word, tr_attr_parse(&attr, guarded(word), pool), NULL);
    ck_assert_msg(attr.kind == attributes[_i].kind, "%s: is %d", word,
                  attr.kind);
    check_message(word, attr.name, attributes[_i].name);
}
END_TEST

static const struct {
    const char *word, *message;
} errors[] = {
    { "host.x", "'host' takes no name behind a dot" },
    { "args.", "'args' takes no name behind a dot" },
    { "header", "write 'header.NAME'" },
    { "header.", "write 'header.NAME'" },
    { "group", "write 'group.NAME'" },
    { "", "unknown attribute" KNOWN },
    { ".", "unknown attribute" KNOWN },
    { ".host", "unknown attribute" KNOWN },
    { "method", "unknown attribute" KNOWN },
    { "Host", "unknown attribute; did you mean 'host'?" },
    { "hots", "unknown attribute; did you mean 'host'?" },
    { "headr.X-Tenant", "unknown attribute; did you mean 'header'?" },
    { "header-X", "unknown attribute; did you mean 'header'?" },
};

START_TEST(an_unknown_attribute_is_an_error_with_a_suggestion)
{
    tr_attr_t attr = { TR_ATTR_ENV, "untouched" };

    check_message(errors[_i].word,
                  tr_attr_parse(&attr, guarded(errors[_i].word), pool),
                  errors[_i].message);
    ck_assert_int_eq(attr.kind, TR_ATTR_ENV);
    ck_assert_str_eq(attr.name, "untouched");
}
END_TEST

/* ---- tr_cookie_find ---- */

static const struct {
    const char *field, *name, *value;
} cookies[] = {
    { "a=1", "a", "1" },
    { "a=1; b=2; c=3", "b", "2" },
    { "a=1; b=2; c=3", "c", "3" },
    { "a=1;b=2", "b", "2" },
    { "a=1; a=2", "a", "1" },
    { "a=; b=2", "a", "" },
    { "a=b=c", "a", "b=c" },
    { "a=1;", "a", "1" },
    { ";; a=1", "a", "1" },
    { "a=1, b=2", "a", "1, b=2" },
    /* white space is around names and values, not within */
    { " \ta \t=\t 1 2 \t; b=3", "a", "1 2" },
    { "a= ", "a", "" },
    /* quotes are in pairs */
    { "a=\"1 2\"", "a", "1 2" },
    { "a=\"\"", "a", "" },
    { "a=\"", "a", "\"" },
    { "a=\"1", "a", "\"1" },
    { "a=1\"", "a", "1\"" },
    /* names are whole, and have their case */
    { "ab=1; b=2", "a", NULL },
    { "xa=1", "a", NULL },
    { "a=1", "ab", NULL },
    { "A=1", "a", NULL },
    { "b=a=1", "a", NULL },
    { "a", "a", NULL },
    { "a; a=2", "a", "2" },
    { "=1", "a", NULL },
    { "", "a", NULL },
    { ";", "a", NULL },
    { " ", "a", NULL },
    /* nothing is decoded */
    { "a=%41+b", "a", "%41+b" },
    { "%61=1", "a", NULL },
};

START_TEST(a_cookie_is_the_first_of_its_name)
{
    const char *field = cookies[_i].field;
    tr_slice_t value = tr_slice(NULL, 0);
    int found = tr_cookie_find(&value, guarded(field), cookies[_i].name);

    check_text(field, value, cookies[_i].value);
    ck_assert_int_eq(found, cookies[_i].value != NULL);
}
END_TEST

/* ---- tr_view_value ---- */

static const struct {
    const char *target;
    fake_facts_t facts;
    const char *attribute;
    tr_reason_t reason;
    const char *value;
} values[] = {
    /* path and args as sent, and they may be empty */
    { "/a%20b/./c?x=%41", { NULL }, "path", TR_OK, "/a%20b/c" },
    { "/a?x=%41", { NULL }, "args", TR_OK, "x=%41" },
    { "/a?", { NULL }, "args", TR_OK, "" },
    { "/a", { NULL }, "args", TR_OK, "" },
    /* what the owner of the request knows */
    { "/", { NULL }, "scheme", TR_OK, "https" },
    { "/", { NULL }, "host", TR_OK, "www.example.org" },
    { "/", { "unknown" }, "host", TR_UNKNOWN_HOST, NULL },
    { "/", { NULL }, "port", TR_OK, "443" },
    { "/", { "user=jo" }, "user", TR_OK, "jo" },
    { "/", { NULL }, "user", TR_NO_VALUE, NULL },
    { "/", { "user=" }, "user", TR_NO_VALUE, NULL },
    { "/", { "header.X=a b" }, "header.X", TR_OK, "a b" },
    { "/", { "header.X=" }, "header.X", TR_NO_VALUE, NULL },
    { "/", { "header.X=1" }, "header.Y", TR_NO_VALUE, NULL },
    { "/", { "env.X=1" }, "env.X", TR_OK, "1" },
    { "/", { NULL }, "env.X", TR_NO_VALUE, NULL },
    /* parameters and cookies */
    { "/?q=a%20b+c", { NULL }, "query.q", TR_OK, "a b c" },
    { "/?q=&q=1", { NULL }, "query.q", TR_NO_VALUE, NULL },
    { "/?p=1", { NULL }, "query.q", TR_NO_VALUE, NULL },
    { "/", { NULL }, "query.q", TR_NO_VALUE, NULL },
    { "/", { "header.Cookie=a=1; b=\"2\"" }, "cookie.b", TR_OK, "2" },
    { "/", { "header.Cookie=b=; b=2" }, "cookie.b", TR_NO_VALUE, NULL },
    { "/", { "header.Cookie=b=\"\"" }, "cookie.b", TR_NO_VALUE, NULL },
    { "/", { "header.Cookie=a=1" }, "cookie.b", TR_NO_VALUE, NULL },
    { "/", { NULL }, "cookie.b", TR_NO_VALUE, NULL },
};

START_TEST(an_attribute_has_a_value_or_a_reason_for_none)
{
    const char *attribute = values[_i].attribute;
    fake_t *fake = fake_request(values[_i].target, values[_i].facts);
    tr_slice_t value = tr_slice(NULL, 0);
    tr_reason_t reason;
    tr_attr_t attr;

    check_message(attribute, tr_attr_parse(&attr, guarded(attribute), pool),
                  NULL);
    reason = tr_view_value(&value, &fake->view, &attr, pool);
    check_message(attribute, fake_reason(reason),
                  fake_reason(values[_i].reason));
    check_text(attribute, value, values[_i].value);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("tr_view");
    TCase *tests = unit_case(suite, "attribute");

    tcase_add_loop_test(tests,
                        an_attribute_is_a_word_or_has_a_name_behind_a_dot, 0,
                        ROWS(attributes));
    tcase_add_loop_test(tests,
                        an_unknown_attribute_is_an_error_with_a_suggestion, 0,
                        ROWS(errors));
    tests = unit_case(suite, "value");
    tcase_add_loop_test(tests, a_cookie_is_the_first_of_its_name, 0,
                        ROWS(cookies));
    tcase_add_loop_test(tests, an_attribute_has_a_value_or_a_reason_for_none, 0,
                        ROWS(values));
    return unit_main(suite);
}

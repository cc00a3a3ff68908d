/* Licensed under the Apache License, Version 2.0; see LICENSE. */
#include <apr_strings.h>

#include "fake.h"
#include "tr_view.h"

#define CONDITIONS                                                             \
    "; known are 'method', 'scheme', 'host', 'port', 'client', 'user', "       \
    "'lang', 'header', 'cookie', 'query', 'env', 'form', 'json'"
#define KEYS                                                                   \
    "; known are 'host', 'client', 'user', 'header', 'cookie', 'query', "      \
    "'env', 'form', 'json'"
#define TARGETS                                                                \
    "; known are 'scheme', 'host', 'port', 'path', 'tail', 'args', 'user', "   \
    "'lang', 'header', 'cookie', 'query', 'env', 'form', 'json', 'group'"

/* ---- tr_attr_parse ---- */

#define C TR_USE_CONDITION
#define T TR_USE_TARGET
#define K TR_USE_KEY
#define BOTH (TR_USE_CONDITION | TR_USE_TARGET)
#define ALL (BOTH | TR_USE_KEY)

static const struct {
    const char *word;
    int uses;
    tr_attr_kind_t kind;
    const char *name;
} attributes[] = {
    { "method", C, TR_ATTR_METHOD, NULL },
    { "scheme", BOTH, TR_ATTR_SCHEME, NULL },
    { "host", ALL, TR_ATTR_HOST, NULL },
    { "port", BOTH, TR_ATTR_PORT, NULL },
    { "path", T, TR_ATTR_PATH, NULL },
    { "tail", T, TR_ATTR_TAIL, NULL },
    { "args", T, TR_ATTR_ARGS, NULL },
    { "client", C | K, TR_ATTR_CLIENT, NULL },
    { "user", ALL, TR_ATTR_USER, NULL },
    { "lang", BOTH, TR_ATTR_LANG, NULL },
    { "header.X-Tenant", ALL, TR_ATTR_HEADER, "X-Tenant" },
    { "header.!#$%&'*+-.^_`|~", ALL, TR_ATTR_HEADER, "!#$%&'*+-.^_`|~" },
    { "cookie.sid", ALL, TR_ATTR_COOKIE, "sid" },
    { "query.a.b", ALL, TR_ATTR_QUERY, "a.b" },
    { "query.a b\xe4", ALL, TR_ATTR_QUERY, "a b\xe4" },
    { "env.HOME", ALL, TR_ATTR_ENV, "HOME" },
    { "group.id", T, TR_ATTR_GROUP, "id" },
    { "query..", ALL, TR_ATTR_QUERY, "." },
    { "form.a", ALL, TR_ATTR_FORM, "a" },
    { "form.a[b].c d", ALL, TR_ATTR_FORM, "a[b].c d" },
    { "form./a", ALL, TR_ATTR_FORM, "/a" },
#ifdef TR_WITH_JANSSON
    { "json./type", ALL, TR_ATTR_JSON, "/type" },
    { "json./", ALL, TR_ATTR_JSON, "/" },
    { "json./a/b.c/0", ALL, TR_ATTR_JSON, "/a/b.c/0" },
    { "json./a~1b~0c", ALL, TR_ATTR_JSON, "/a~1b~0c" },
    { "json./a b\xc3\xa4", ALL, TR_ATTR_JSON, "/a b\xc3\xa4" },
#endif
};

START_TEST(an_attribute_is_a_word_or_has_a_name_behind_a_dot)
{
    const char *word = attributes[_i].word;
    static const tr_use_t uses[] = { C, T, K };
    int i;

    ck_assert_msg(tr_attr_is(guarded(word)), "%s: is none", word);
    for (i = 0; i < ROWS(uses); ++i) {
        tr_attr_t attr = { .kind = TR_ATTR_ENV, .name = "untouched" };
        const char *error = tr_attr_parse(&attr, guarded(word), uses[i], pool);

        ck_assert_msg((error == NULL)
                          == ((attributes[_i].uses & (int)uses[i]) != 0),
                      "%s: %s", word, error);
        if (error) {
            ck_assert_str_eq(attr.name, "untouched");
            continue;
        }
        ck_assert_msg(attr.kind == attributes[_i].kind, "%s: is %d", word,
                      attr.kind);
        check_message(word, attr.name, attributes[_i].name);
    }
}
END_TEST

#define SLASH                                                                  \
    "a JSON pointer begins with '/', as in 'json./type' or "                   \
    "'json./repository/name'"
#define TILDE                                                                  \
    "a '~' in a JSON pointer is followed by '0' or '1'; '~0' stands for '~', " \
    "and '~1' for '/'"
#define NO_JSON                                                                \
    "this build of the module reads no JSON; build it where jansson is "       \
    "(libjansson-dev)"
#define NO_KEY "cannot be the key of a pool" KEYS
#define PATH_SAYS                                                              \
    "no condition; the URL-path before the target says which paths the rule "  \
    "is for, or the regex of TempRedirectMatch"

static const struct {
    const char *word;
    tr_use_t use;
    const char *message;
} errors[] = {
    { "host.x", T, "'host' takes no name behind a dot" },
    { "method.x", C, "'method' takes no name behind a dot" },
    { "args.", T, "'args' takes no name behind a dot" },
    { "header", T, "write 'header.NAME'" },
    { "header.", T, "write 'header.NAME'" },
    { "cookie", C, "write 'cookie.NAME'" },
    { "group", T, "write 'group.NAME'" },
    { "header.a b", T, "'a b' is not the name of a header" },
    { "header.X:", C, "'X:' is not the name of a header" },
    { "header.\xe4", C, "'\xe4' is not the name of a header" },
    { "header.X/1", C, "'X/1' is not the name of a header" },
    { "form", C, "write 'form.NAME'" },
    { "form.", T, "write 'form.NAME'" },
    { "json", C, "write 'json./NAME'" },
    { "json.", C, "write 'json./NAME'" },
    { "json.", T, "write 'json./NAME'" },
#ifdef TR_WITH_JANSSON
    { "json.type", C, SLASH },
    { "json.type", T, SLASH },
    { "json.#/a", C, SLASH },
    { "json.$.a", T, SLASH },
    { "json..", C, SLASH },
    { "json./a~2", C, TILDE },
    { "json./a~2", T, TILDE },
    { "json./a~", C, TILDE },
#else
    { "json./type", C, NO_JSON },
    { "json./type", T, NO_JSON },
    { "json.type", C, NO_JSON },
#endif
    { "jason./type", C, "unknown attribute; did you mean 'json'?" },
    { "from.a", C, "unknown attribute; did you mean 'form'?" },

    /* what cannot stand there */
    { "method", T, "'method' can only be a condition, as in 'method=...'" },
    { "client", T, "'client' can only be a condition, as in 'client=...'" },
    { "path", C, PATH_SAYS },
    { "tail", C, PATH_SAYS },
    { "args", C, "no condition; write 'query.NAME=...' for a parameter" },
    { "group.x", C, "no condition; a regex says itself what it is for" },

    /* keys of pools */
    { "method", K, NO_KEY },
    { "scheme", K, NO_KEY },
    { "port", K, NO_KEY },
    { "path", K, NO_KEY },
    { "tail", K, NO_KEY },
    { "args", K, NO_KEY },
    { "lang", K, NO_KEY },
    { "group.x", K, NO_KEY },
    { "lang.x", K, NO_KEY },
    { "header", K, "write 'header.NAME'" },
    { "client.x", K, "'client' takes no name behind a dot" },
    { "clinet", K, "unknown attribute; did you mean 'client'?" },
    { "lnag", K, "unknown attribute" KEYS },
    { "", K, "unknown attribute" KEYS },

    { "", T, "unknown attribute" TARGETS },
    { "", C, "unknown attribute" CONDITIONS },
    { ".", T, "unknown attribute" TARGETS },
    { ".host", C, "unknown attribute" CONDITIONS },
    { "xyzzy", T, "unknown attribute" TARGETS },
    { "Host", T, "unknown attribute; did you mean 'host'?" },
    { "hots", C, "unknown attribute; did you mean 'host'?" },
    { "headr.X-Tenant", T, "unknown attribute; did you mean 'header'?" },
    { "header-X", T, "unknown attribute; did you mean 'header'?" },
    { "metod", C, "unknown attribute; did you mean 'method'?" },
};

START_TEST(a_wrong_attribute_is_an_error_that_says_what_would_be_right)
{
    tr_attr_t attr = { .kind = TR_ATTR_ENV, .name = "untouched" };

    check_message(errors[_i].word,
                  tr_attr_parse(&attr, guarded(errors[_i].word),
                                errors[_i].use, pool),
                  errors[_i].message);
    ck_assert_int_eq(attr.kind, TR_ATTR_ENV);
    ck_assert_str_eq(attr.name, "untouched");
}
END_TEST

static const struct {
    const char *word;
    int is;
} names[] = {
    { "host", 1 },    { "header", 1 },  { "header.", 1 }, { "header.a=b", 1 },
    { "path", 1 },    { "host.x.y", 1 }, { "", 0 },       { ".host", 0 },
    { "hos", 0 },     { "hosts", 0 },   { "Host", 0 },    { "host=x", 0 },
    { "headers.X", 0 }, { "expr", 0 },   { "form.a", 1 }, { "form", 1 },
    { "json./a.b/c", 1 }, { "json", 1 }, { "json/a", 0 }, { "forms.a", 0 },
};

START_TEST(an_attribute_is_told_by_what_stands_before_its_dot)
{
    ck_assert_msg(tr_attr_is(guarded(names[_i].word)) == names[_i].is, "%s",
                  names[_i].word);
}
END_TEST

START_TEST(each_use_has_its_names)
{
    static const tr_use_t uses[] = { C, T, K };
    static const char *const lists[] = { CONDITIONS, TARGETS, KEYS };
    const char *all[TR_ATTRS];
    int i, j;

    for (i = 0; i < ROWS(uses); ++i) {
        const char *list = "";
        int n = tr_attr_names(all, uses[i]);

        for (j = 0; j < n; ++j) {
            list = apr_pstrcat(pool, list, j ? ", '" : "; known are '", all[j],
                               "'", NULL);
        }
        check_message("names", list, lists[i]);
    }
}
END_TEST

static const struct {
    const char *text;
    int is;
} tokens[] = {
    { "a", 1 },    { "X-Tenant", 1 }, { "0", 1 },     { "__Host-arm", 1 },
    { "azAZ09!#$%&'*+-.^_`|~", 1 },   { "", 0 },      { " ", 0 },
    { "a b", 0 },  { "a=b", 0 },      { "a;b", 0 },   { "a,b", 0 },
    { "a\"b", 0 }, { "a/b", 0 },      { "a:b", 0 },   { "(a)", 0 },
    { "a[b]", 0 }, { "{a}", 0 },      { "a@b", 0 },   { "a\\b", 0 },
    { "<a>", 0 },  { "a?", 0 },       { "\xc3\xa4", 0 }, { "a\x7f", 0 },
    { "a\t", 0 },
};

START_TEST(a_token_has_no_delimiters)
{
    int i;

    for (i = 0; i < ROWS(tokens); ++i) {
        ck_assert_msg(tr_is_token(guarded(tokens[i].text)) == tokens[i].is,
                      "'%s'", tokens[i].text);
    }
    ck_assert(!tr_is_token(guarded(NULL)));
    ck_assert(!tr_is_token(guarded_bytes("a\0b", 3)));
    ck_assert(!tr_is_token(guarded_bytes("", 1)));
}
END_TEST

/* ---- what caches must know ---- */

static const struct {
    const char *word;
    tr_use_t use;
    const char *header;
    int is_private;
} cached[] = {
    { "method", C, NULL, 0 },
    { "scheme", C, NULL, 0 },
    { "host", C, NULL, 0 },
    { "port", C, NULL, 0 },
    { "path", T, NULL, 0 },
    { "tail", T, NULL, 0 },
    { "args", T, NULL, 0 },
    { "query.a", C, NULL, 0 },
    { "group.a", T, NULL, 0 },
    { "client", C, NULL, 1 },
    { "client", K, NULL, 1 },
    { "host", K, NULL, 0 },
    { "cookie.a", K, "Cookie", 1 },
    { "user", C, NULL, 1 },
    { "env.A", C, NULL, 1 },
    { "lang", C, "Accept-Language", 0 },
    { "cookie.a", C, "Cookie", 1 },
    { "header.X", C, "X", 0 },
    { "header.Host", C, NULL, 0 },
    { "header.hOST", C, NULL, 0 },
    { "header.Hosts", C, "Hosts", 0 },
    { "header.cookie", C, "cookie", 1 },
    { "header.AUTHORIZATION", C, "AUTHORIZATION", 1 },
    { "header.Cookies", C, "Cookies", 0 },
    { "form.a", C, NULL, 1 },
    { "form.a", T, NULL, 1 },
#ifdef TR_WITH_JANSSON
    { "json./a", C, NULL, 1 },
    { "json./a", T, NULL, 1 },
#endif
};

START_TEST(an_attribute_knows_its_header_and_whether_it_is_private)
{
    const char *word = cached[_i].word;
    tr_attr_t attr;

    check_message(word,
                  tr_attr_parse(&attr, guarded(word), cached[_i].use, pool),
                  NULL);
    check_text(word, attr.header, cached[_i].header);
    ck_assert_msg(attr.is_private == cached[_i].is_private, "%s",
                  word);
}
END_TEST

START_TEST(form_and_json_are_of_the_body)
{
    int i;

    for (i = 0; i < ROWS(attributes); ++i) {
        tr_attr_t attr = { .kind = attributes[i].kind };

        ck_assert_msg(tr_attr_is_of_body(&attr)
                          == (strncmp(attributes[i].word, "form.", 5) == 0
                              || strncmp(attributes[i].word, "json.", 5) == 0),
                      "%s", attributes[i].word);
    }
}
END_TEST

START_TEST(a_header_can_be_named_without_parsing)
{
    tr_attr_t attr = tr_attr_of_header("X");

    ck_assert_int_eq(attr.kind, TR_ATTR_HEADER);
    check_message("name", attr.name, "X");
    check_text("header", attr.header, "X");
    ck_assert(!attr.is_private);
    ck_assert(tr_attr_of_header("authorization").is_private);
    check_text("Host", tr_attr_of_header("host").header, NULL);
}
END_TEST

/* ---- tr_cookie_next ---- */

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
    apr_size_t at = 0;
    int found = tr_cookie_next(&value, guarded(field), cookies[_i].name, &at);

    check_text(field, value, cookies[_i].value);
    ck_assert_int_eq(found, cookies[_i].value != NULL);
}
END_TEST

static const struct {
    const char *field, *values;
} repeated[] = {
    { "a=1", "1|" },
    { "a=1; a=2", "1|2|" },
    { "a=1; b=2; a=3", "1|3|" },
    { "a=1;a=2;", "1|2|" },
    { "b=1; a=\"2\"; ab=3; a=; A=4; a=5 ", "2||5|" },
    { "a; a=1", "1|" },
    { "", "" },
    { ";;;", "" },
};

START_TEST(cookies_of_one_name_follow_each_other)
{
    tr_slice_t field = guarded(repeated[_i].field), value;
    const char *values = "";
    apr_size_t at = 0;

    while (tr_cookie_next(&value, field, "a", &at)) {
        values = apr_pstrcat(pool, values, text_of(value), "|", NULL);
    }
    check_message(repeated[_i].field, values, repeated[_i].values);
    ck_assert(!tr_cookie_next(&value, field, "a", &at));
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
    { "/", { "method=POST" }, "method", TR_OK, "POST" },

    /* languages: the server's, else the client's first choice */
    { "/", { "languages=en de", "header.Accept-Language=fr, de-CH;q=0.5" },
      "lang", TR_OK, "de" },
    { "/", { "languages=en de", "header.Accept-Language=fr" }, "lang", TR_OK,
      "en" },
    { "/", { "languages=en de" }, "lang", TR_OK, "en" },
    { "/", { "header.Accept-Language=fr;q=0.5, de-CH" }, "lang", TR_OK,
      "de-CH" },
    { "/", { "header.Accept-Language=*" }, "lang", TR_NO_VALUE, NULL },
    { "/", { NULL }, "lang", TR_NO_VALUE, NULL },

    /* parameters and cookies: the first of several */
    { "/?q=1&q=2", { NULL }, "query.q", TR_OK, "1" },
    { "/", { "header.Cookie=b=1; b=2" }, "cookie.b", TR_OK, "1" },
    { "/?q=a%20b+c", { NULL }, "query.q", TR_OK, "a b c" },
    { "/?q=&q=1", { NULL }, "query.q", TR_NO_VALUE, NULL },
    { "/?p=1", { NULL }, "query.q", TR_NO_VALUE, NULL },
    { "/", { NULL }, "query.q", TR_NO_VALUE, NULL },
    { "/", { "header.Cookie=a=1; b=\"2\"" }, "cookie.b", TR_OK, "2" },
    { "/", { "header.Cookie=b=; b=2" }, "cookie.b", TR_NO_VALUE, NULL },
    { "/", { "header.Cookie=b=\"\"" }, "cookie.b", TR_NO_VALUE, NULL },
    { "/", { "header.Cookie=a=1" }, "cookie.b", TR_NO_VALUE, NULL },
    { "/", { NULL }, "cookie.b", TR_NO_VALUE, NULL },

    /* what a body has: what is empty is no value */
    { "/", { "form=f=1&f=2" }, "form.f", TR_OK, "1" },
    { "/", { "form=f=a%20b+c" }, "form.f", TR_OK, "a b c" },
    { "/", { "form=f=&f=1" }, "form.f", TR_NO_VALUE, NULL },
    { "/", { "form=f&f=1" }, "form.f", TR_NO_VALUE, NULL },
    { "/", { "form=g=1" }, "form.f", TR_NO_VALUE, NULL },
    { "/", { "body=f=1" }, "form.f", TR_BODY_UNTYPED, NULL },
    { "/?f=1", { NULL }, "form.f", TR_BODY_UNTYPED, NULL },
    { "/", { "form=f=1", "long" }, "form.f", TR_BODY_LONG, NULL },
#ifdef TR_WITH_JANSSON
    { "/", { "json={\"j\":\"1\"}" }, "json./j", TR_OK, "1" },
    { "/", { "json={\"j\":1.50}" }, "json./j", TR_OK, "1.5" },
    { "/", { "json={\"j\":\"\"}" }, "json./j", TR_NO_VALUE, NULL },
    { "/", { "json={\"j\":null}" }, "json./j", TR_NO_VALUE, NULL },
    { "/", { "json={\"j\":[1]}" }, "json./j", TR_NO_VALUE, NULL },
    { "/", { "json={\"j\":1" }, "json./j", TR_BODY_MALFORMED, NULL },
    { "/", { "form=j=1" }, "json./j", TR_BODY_UNTYPED, NULL },
#endif
};

START_TEST(an_attribute_has_a_value_or_a_reason_for_none)
{
    const char *attribute = values[_i].attribute;
    fake_t *fake = fake_request(values[_i].target, values[_i].facts);
    tr_slice_t value = tr_slice(NULL, 0);
    tr_reason_t reason;
    tr_attr_t attr;

    if (tr_attr_parse(&attr, guarded(attribute), T, pool)) {
        check_message(attribute,
                      tr_attr_parse(&attr, guarded(attribute), C, pool), NULL);
    }
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
                        a_wrong_attribute_is_an_error_that_says_what_would_be_right, 0,
                        ROWS(errors));
    tcase_add_loop_test(tests,
                        an_attribute_is_told_by_what_stands_before_its_dot, 0,
                        ROWS(names));
    tcase_add_loop_test(
        tests, an_attribute_knows_its_header_and_whether_it_is_private, 0,
        ROWS(cached));
    tcase_add_test(tests, each_use_has_its_names);
    tcase_add_test(tests, a_token_has_no_delimiters);
    tcase_add_test(tests, form_and_json_are_of_the_body);
    tcase_add_test(tests, a_header_can_be_named_without_parsing);
    tests = unit_case(suite, "value");
    tcase_add_loop_test(tests, a_cookie_is_the_first_of_its_name, 0,
                        ROWS(cookies));
    tcase_add_loop_test(tests, cookies_of_one_name_follow_each_other, 0,
                        ROWS(repeated));
    tcase_add_loop_test(tests, an_attribute_has_a_value_or_a_reason_for_none, 0,
                        ROWS(values));
    return unit_main(suite);
}

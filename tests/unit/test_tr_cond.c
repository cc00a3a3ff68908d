/* Licensed under the Apache License, Version 2.0; see LICENSE. */
#include "fake.h"

START_TEST(only_what_is_not_negated_has_groups_to_name)
{
    ck_assert_ptr_nonnull(tr_cond_regex(fake_cond("header.X=~^(?<a>b)")));
    ck_assert_ptr_null(tr_cond_regex(fake_cond("!header.X=~^(?<a>b)")));
    ck_assert_ptr_null(tr_cond_regex(fake_cond("header.X=a")));
    ck_assert_ptr_null(tr_cond_regex(fake_cond("header.X")));
    ck_assert_ptr_null(tr_cond_regex(fake_cond("expr=yes")));
}
END_TEST

/* ---- what is known of a condition ---- */

static const struct {
    const char *word;
    int is_cond, is_trivial, has_options;
} known[] = {
    { "method", 1, 1, 0 },
    { "!method", 1, 1, 0 },
    { "scheme", 1, 1, 0 },
    { "host", 1, 1, 0 },
    { "port", 1, 1, 0 },
    { "client", 1, 1, 0 },
    { "user", 1, 0, 0 },
    { "lang", 1, 0, 0 },
    { "header.X", 1, 0, 0 },
    { "cookie.X", 1, 0, 0 },
    { "query.X", 1, 0, 0 },
    { "env.X", 1, 0, 0 },
    { "host=a", 1, 0, 0 },
    { "host=~a", 1, 0, 0 },
    { "method=GET", 1, 0, 0 },
    { "method=OPTIONS", 1, 0, 1 },
    { "method=GET,OPTIONS", 1, 0, 1 },
    { "!method=OPTIONS", 1, 0, 0 },
    { "method=~OPTIONS", 1, 0, 0 },
    { "user=OPTIONS", 1, 0, 0 },
    { "expr=yes", 1, 0, 0 },
    { "!expr=yes", 1, 0, 0 },
};

START_TEST(a_condition_is_known_by_its_word)
{
    int i;

    for (i = 0; i < ROWS(known); ++i) {
        const char *word = known[i].word;
        tr_cond_t *cond = fake_cond(word);

        check_message(word, tr_cond_word(cond), word);
        ck_assert_msg(tr_cond_is(word), "%s", word);
        ck_assert_msg(tr_cond_is_trivial(cond) == known[i].is_trivial,
                      "%s: trivial", word);
        ck_assert_msg(tr_cond_has_method(cond, "OPTIONS")
                          == known[i].has_options, "%s: OPTIONS", word);
        ck_assert_msg((tr_cond_attr(cond) == NULL)
                          == (strstr(word, "expr") != NULL), "%s: attribute",
                      word);
    }
    ck_assert_int_eq(tr_cond_attr(fake_cond("!cookie.c=1"))->kind,
                     TR_ATTR_COOKIE);
    ck_assert_str_eq(tr_cond_attr(fake_cond("!cookie.c=1"))->name, "c");
}
END_TEST

static const struct {
    const char *word;
    int is;
} words[] = {
    { "!", 1 },        { "!foo", 1 },    { "!status=1", 1 }, { "expr", 1 },
    { "expr=", 1 },    { "header.", 1 }, { "header", 1 },    { "path=/a", 1 },
    { "group.x=1", 1 }, { "", 0 },       { "=", 0 },
    { "status=303", 0 },
    { "exprs=", 0 },   { "expr.x=", 0 }, { "headers.X", 0 }, { "header~=a", 0 },
};

START_TEST(a_condition_is_told_from_other_words)
{
    int i;

    for (i = 0; i < ROWS(words); ++i) {
        ck_assert_msg(tr_cond_is(guarded_string(words[i].word)) == words[i].is,
                      "%s", words[i].word);
    }
}
END_TEST

/* ---- order ---- */

/* From cheap to dear; a line costs the same. */
static const char *const ladder[][4] = {
    { "method=GET", "!method=POST", "until=2026-12-01T22:00Z" },
    { "scheme" },
    { "host=a.example", "port", "user" },
    { "client=10.0.0.0/8" },
    { "header.X", "env.E=1" },
    { "query.q" },
    { "!cookie.c", "cookie.d=1" },
    { "lang=de" },
    { "hours=Mon" },
    { "method=~P" },
    { "host=~a", "user=~a" },
    { "header.X=~a", "!env.E=~a" },
    { "cookie.c=~a" },
    { "lang=~d" },
    { "expr=yes", "!expr=no" },
};

/* A condition, or that of a window. */
static tr_cond_t *cond_or_window(const char *word)
{
    tr_window_words_t said = { 0 };
    const tr_window_t *window;

    if (strncmp(word, "hours=", 6) == 0) {
        said.hours = word + 6;
    }
    else if (strncmp(word, "until=", 6) == 0) {
        said.until = word + 6;
    }
    else {
        return fake_cond(word);
    }
    check_message(word, tr_window_build(&window, &said, pool), NULL);
    return tr_cond_of_window(window, pool);
}

static tr_cond_t *cond_on(int step)
{
    unsigned n = 1;

    while (n < 4 && ladder[step][n]) {
        ++n;
    }
    return cond_or_window(ladder[step][unit_random(n)]);
}

#define SORTED 20

START_TEST(cheap_conditions_are_asked_before_dear_ones)
{
    int round, step, i;

    for (round = 0; round < 200; ++round) {
        apr_array_header_t *conds = apr_array_make(pool, SORTED,
                                                   sizeof(tr_cond_t *));
        const tr_cond_t *written[SORTED];
        int steps[SORTED], next = 0;

        for (i = 0; i < SORTED; ++i) {
            tr_cond_t *cond;

            steps[i] = (int)unit_random(ROWS(ladder));
            cond = cond_on(steps[i]);
            APR_ARRAY_PUSH(conds, tr_cond_t *) = cond;
            written[i] = cond;
        }
        tr_cond_sort(conds);
        for (step = 0; step < ROWS(ladder); ++step) {
            for (i = 0; i < SORTED; ++i) {
                if (steps[i] == step) {
                    ck_assert_ptr_eq(APR_ARRAY_IDX(conds, next,
                                                   const tr_cond_t *),
                                     written[i]);
                    ++next;
                }
            }
        }
        ck_assert_int_eq(next, SORTED);
    }
}
END_TEST

/* ---- errors ---- */

#define MISSING                                                                \
    "a value is missing; write values with ',' between them, or no '=' for "   \
    "'is present'"
#define CASE(method)                                                           \
    "'" method "': methods are compared with regard to case; write capital "   \
    "letters, as in 'POST'"
#define NO_METHOD(method)                                                      \
    "'" method "' is not a method; write one as in 'POST'"
#define NO_SCHEME(scheme)                                                      \
    "'" scheme "' is the scheme of no request; write 'http' or 'https'"
#define NO_PORT(port) "'" port "' is not a port; write '1' to '65535'"
#define NO_HOST(host)                                                          \
    "'" host "': not a host; write a name or an address without scheme, port " \
    "and path, as in 'www.example.com', '*.example.com' or '[::1]'"
#define NO_EXPR                                                                \
    "an expression is missing; write it as in \"expr=%{HTTP_HOST} == "         \
    "'www.example.com'\""
#define QUOTED                                                                 \
    "; an expression with spaces is quoted with its word, as in "              \
    "\"expr=%{HTTP_HOST} == 'www.example.com'\""
#define KNOWN                                                                  \
    "unknown attribute; known are 'method', 'scheme', 'host', 'port', "        \
    "'client', 'user', 'lang', 'header', 'cookie', 'query', 'env'"
#define PATH_SAYS                                                              \
    "no condition; the URL-path before the target says which paths the rule "  \
    "is for, or the regex of TempRedirectMatch"

static const struct {
    const char *word;
    const char *error;
} errors[] = {
    { "method=", MISSING },
    { "method=,GET", MISSING },
    { "method=GET,", MISSING },
    { "method=GET,,PUT", MISSING },
    { "header.X=", MISSING },
    { "header.X=a,", MISSING },
    { "client=,", MISSING },

    { "method=get", CASE("get") },
    { "method=GET,Post", CASE("Post") },
    { "method=GE T", NO_METHOD("GE T") },
    { "method=G\xc3\x84T", NO_METHOD("G\xc3\x84T") },
    { "scheme=ftp", NO_SCHEME("ftp") },
    { "scheme=https,https:", NO_SCHEME("https:") },
    { "port=0", NO_PORT("0") },
    { "port=65536", NO_PORT("65536") },
    { "port=080", NO_PORT("080") },
    { "port=80,123456", NO_PORT("123456") },
    { "port=+80", NO_PORT("+80") },
    { "port=https", NO_PORT("https") },
    { "host=https://a.example", NO_HOST("https://a.example") },
    { "host=a.example:80", NO_HOST("a.example:80") },
    { "host=a.example,b..example", NO_HOST("b..example") },
    { "host=a.*.example", NO_HOST("a.*.example") },
    { "client=localhost",
      "'localhost': not an address, and names are not looked up; write "
      "addresses or ranges, as in '192.0.2.7', '10.0.0.0/8' or "
      "'2001:db8::/32'" },
    { "client=192.0.2.7,10.0.0.1/8",
      "'10.0.0.1/8': has bits set behind the prefix; write '10.0.0.0/8', or "
      "'10.0.0.1' alone" },
    { "lang=de_DE",
      "'de_DE': write '-' between subtags, not '_', as in 'de-DE'" },
    { "lang=de,*",
      "'*': '*' is no language; name one, as in 'de' or 'pt-BR'" },

    { "header.X=~", "a regex is missing behind '=~'" },
    { "header.X=~(", "missing closing parenthesis at offset 1" },
    { "!host=~[", "missing terminating ] for character class at offset 1" },
    { "client=~^10\\.",
      "an address is not compared with a regex; write addresses and CIDR "
      "ranges, as in 'client=192.0.2.7,10.0.0.0/8'" },
    { "header.X~=v", "for a regex write 'header.X=~...'" },
    { "header.X!=v", "to negate a condition write '!header.X=...'" },
    { "!header.X~=v", "for a regex write 'header.X=~...'" },
    { "header.X==v",
      "write one '='; or '=~^=' for a value that begins with it" },
    { "!header.X==v",
      "write one '='; or '=~^=' for a value that begins with it" },
    { "host!=v", "to negate a condition write '!host=...'" },

    { "path=/a", PATH_SAYS },
    { "tail", PATH_SAYS },
    { "args=a", "no condition; write 'query.NAME=...' for a parameter" },
    { "group.x=a", "no condition; a regex says itself what it is for" },
    { "header=a", "write 'header.NAME'" },
    { "!cookie", "write 'cookie.NAME'" },
    { "query.=a", "write 'query.NAME'" },
    { "user.x=a", "'user' takes no name behind a dot" },
    { "header.X Y=a", "'X Y' is not the name of a header" },
    { "!", KNOWN },
    { "!xyzzy=1", KNOWN },
    { "!!header.X", "unknown attribute; did you mean 'header'?" },
    { "!haeder.X", "unknown attribute; did you mean 'header'?" },

    { "expr", "an expression is missing; write 'expr=...'" },
    { "!expr", "an expression is missing; write 'expr=...'" },
    { "expr=", NO_EXPR },
    { "!expr=", NO_EXPR },
    { "expr=bad", "syntax error" QUOTED },
    { "!expr=bad", "syntax error" QUOTED },
    { "expr=bad one", "syntax error" },
};

START_TEST(a_bad_condition_is_an_error_that_says_what_would_be_right)
{
    int i;

    for (i = 0; i < ROWS(errors); ++i) {
        tr_cond_t *cond = NULL;

        check_message(errors[i].word,
                      tr_cond_parse(&cond, guarded_string(errors[i].word), 0,
                                    fake_expr_parse, NULL, pool),
                      errors[i].error);
        ck_assert_msg(cond == NULL, "%s: half-built", errors[i].word);
    }
}
END_TEST

START_TEST(without_expressions_no_parser_of_them_is_needed)
{
    tr_cond_t *cond = NULL;

    check_message("header.X",
                  tr_cond_parse(&cond, "header.X", 0, NULL, NULL, pool), NULL);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("tr_cond");
    TCase *tests = unit_case(suite, "condition");

    tcase_add_test(tests, only_what_is_not_negated_has_groups_to_name);
    tcase_add_test(tests, a_condition_is_known_by_its_word);
    tcase_add_test(tests, a_condition_is_told_from_other_words);
    tcase_add_test(tests, cheap_conditions_are_asked_before_dear_ones);
    tcase_add_test(tests,
                   a_bad_condition_is_an_error_that_says_what_would_be_right);
    tcase_add_test(tests, without_expressions_no_parser_of_them_is_needed);
    return unit_main(suite);
}

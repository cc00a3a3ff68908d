/* Licensed under the Apache License, Version 2.0; see LICENSE. */
#include <apr_strings.h>

#include "fake.h"

START_TEST(only_what_is_not_negated_has_groups_to_name)
{
    ck_assert_ptr_nonnull(tr_cond_regex(fake_cond("header.X=~^(?<a>b)")));
    ck_assert_ptr_null(tr_cond_regex(fake_cond("!header.X=~^(?<a>b)")));
    ck_assert_ptr_null(tr_cond_regex(fake_cond("header.X=a")));
    ck_assert_ptr_null(tr_cond_regex(fake_cond("header.X")));
    ck_assert_ptr_null(tr_cond_regex(fake_cond("expr=yes")));
    ck_assert_ptr_nonnull(tr_cond_regex(fake_cond("form.f=~^(?<a>b)")));
    ck_assert_ptr_null(tr_cond_regex(fake_cond("!form.f=~^(?<a>b)")));
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
    { "form.X", 1, 0, 0 },
    { "!form.X=OPTIONS", 1, 0, 0 },
    { "form.X=~a", 1, 0, 0 },
#ifdef TR_WITH_JANSSON
    { "json./X", 1, 0, 0 },
    { "!json./X=OPTIONS", 1, 0, 0 },
    { "json./X/0=~a", 1, 0, 0 },
#endif
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
    { "exprs=", 0 },   { "expr.x=", 0 }, { "headers.X", 0 },
    /* as other languages say it */
    { "header~=a", 1 }, { "header.X~=a", 1 }, { "method!=GET", 1 },
    { "expr!=yes", 1 }, { "status!=303", 0 }, { "status~=3", 0 },
    { "!=a", 1 },       { "~=a", 0 },         { "~", 0 },
    { "method!", 1 },   { "metho!=GET", 0 },  { "method!!=GET", 0 },
    { "form.a", 1 },    { "form", 1 },        { "forms.a=1", 0 },
    { "json./a=1", 1 }, { "json", 1 },        { "json.a", 1 },
    { "json/a=1", 0 },  { "json./a~=1", 1 },  { "json./a!=1", 1 },
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

/* ---- what excludes what ---- */

static const struct {
    const char *one, *other;
    int excludes;
} pairs[] = {
    /* negations of each other, whatever they ask for */
    { "header.X", "!header.X", 1 },
    { "cookie.c=1", "!cookie.c=1", 1 },
    { "query.q=~a", "!query.q=~a", 1 },
    { "client=10.0.0.0/8", "!client=10.0.0.0/8", 1 },
    { "host=*.example", "!host=*.example", 1 },
    { "expr=yes", "!expr=yes", 1 },
    { "expr=yes", "expr=no", 0 },
    { "user", "!user", 1 },
    { "user", "user=jo", 0 },

    { "method=POST", "method=PUT", 1 },
    { "method=POST", "method=PUT,POST", 0 },
    { "method=GET", "method=HEAD", 0 }, /* HEAD is for both */
    { "!method=GET", "method=HEAD", 1 },
    { "method=GET", "!method=HEAD", 0 },
    { "!method=GET", "method=POST", 0 },
    { "!method=POST", "method=POST,PUT", 0 },
    { "!method=POST,PUT", "method=POST", 1 },
    { "!method=POST,PUT", "method=PUT,POST", 1 },
    { "!method=POST", "!method=PUT", 0 },
    { "method=POST", "method=~U", 0 },
    { "method=POST", "scheme=http", 0 },
    { "method=POST", "user=PUT", 0 },
    { "scheme=http", "scheme=https", 1 },
    { "scheme=HTTP", "scheme=http", 0 },
    { "!scheme=Http", "scheme=hTTP", 1 },
    { "port=80", "port=8080", 1 },
    { "port=80,8080", "port=8080", 0 },
    { "user=jo", "user=Jo", 1 },
    { "!user=jo", "user=al", 0 },
    { "env.E=1", "env.E=2", 1 },
    { "env.E=1", "env.F=2", 0 },
    { "env.E=1", "env.e=2", 0 },
    { "env.E=1", "!env.F=1", 0 },
    { "env.E=1,1", "!env.E=1", 1 },

    /* hosts are names, without regard to case; '*' is for more than one */
    { "host=a.example", "host=b.example", 1 },
    { "host=A.Example", "host=a.example.", 0 },
    { "!host=A.Example", "host=a.example.", 1 },
    { "!host=b.example,A.Example", "host=a.example,B.example.", 1 },
    { "host=[2001:DB8::1]", "host=[2001:db8::1]", 0 },
    { "!host=[2001:DB8::1]", "host=[2001:db8::1]", 1 },
    { "host=[::1]", "host=[::2]", 1 },
    { "host=*.example", "host=a.example", 0 },
    { "host=*.a.example", "host=*.b.example", 0 },
    { "host=a.example,*.b.example", "host=x.b.example", 0 },
    { "!host=*.example", "host=a.test", 0 },
    { "host=*.example", "!host=a.example", 0 },
    { "host=a.example", "host=~b", 0 },

    /* of these a request has more than one, or a range has more than one */
    { "header.X=1", "header.X=2", 0 },
    { "header.X=1", "!header.X=1,2", 0 },
    { "cookie.c=1", "cookie.c=2", 0 },
    { "cookie.c=1", "!cookie.c=1,2", 0 },
    { "query.q=1", "query.q=2", 0 },
    { "query.q=1", "!query.q=1,2", 0 },
    { "form.f=1", "form.f=2", 0 },
    { "form.f=1", "!form.f=1,2", 0 },
    { "form.f=1", "!form.f=1", 1 },
    { "form.f", "!form.f", 1 },
#ifdef TR_WITH_JANSSON
    /* but what a pointer points to is one */
    { "json./a=1", "json./a=2", 1 },
    { "json./a=1", "json./a=2,1", 0 },
    { "json./a=1", "!json./a=1,2", 1 },
    { "json./a=1,3", "!json./a=1,2", 0 },
    { "!json./a=1", "!json./a=2", 0 },
    { "json./a=1", "json./b=2", 0 },
    { "json./a=1", "json./A=2", 0 },
    { "json./a=1", "json./a/0=2", 0 },
    { "json./a=1", "form./a=2", 0 },
    { "json./a", "!json./a", 1 },
    { "json./a", "json./a=1", 0 },
    { "json./a=1", "json./a=~2", 0 },
#endif
    { "lang=de", "lang=de-CH", 0 },
    { "client=10.0.0.0/8", "client=10.1.0.0/16", 0 },
};

START_TEST(conditions_that_no_request_satisfies_exclude_each_other)
{
    const char *one = pairs[_i].one, *other = pairs[_i].other;

    ck_assert_msg(tr_cond_excludes(fake_cond(one), fake_cond(other))
                      == pairs[_i].excludes, "%s %s", one, other);
    ck_assert_msg(tr_cond_excludes(fake_cond(other), fake_cond(one))
                      == pairs[_i].excludes, "%s %s", other, one);
    ck_assert_msg(!tr_cond_excludes(fake_cond(one), fake_cond(one)), "%s",
                  one);
}
END_TEST

/* The values that a condition names, and all that a request may have. */
static const struct {
    const char *attribute;
    const char *named[4];
    const char *sent[5];
    int is_single;
} worlds[] = {
    { "method", { "GET", "HEAD", "POST", "PUT" },
      { "GET", "HEAD", "POST", "PUT", "PATCH" }, 1 },
    { "scheme", { "http", "HTTP", "https", "Https" },
      { "http", "http", "https", "https", "https" }, 1 },
    { "host", { "a.example", "A.Example.", "b.example", "c.example" },
      { "a.example", "b.example", "c.example", "d.example", "A.EXAMPLE" }, 1 },
    { "port", { "1", "2", "3", "12" }, { "1", "2", "3", "12", "4" }, 1 },
    { "env.E", { "1", "2", "3", "4" }, { "1", "2", "3", "4", "5" }, 1 },
    { "header.X", { "1", "2", "3", "4" }, { "1", "1, 2", "3", "3, 4", "2, 4" },
      0 },
    { "form", { "1", "2", "3", "4" },
      { "f=1", "f=1&f=2", "f=3", "f=3&f=4", "f=4&f=2" }, 0 },
#ifdef TR_WITH_JANSSON
    { "json", { "1", "2", "x", "true" },
      { "{\"f\":1}", "{\"f\":\"2\"}", "{\"f\":\"x\"}", "{\"f\":true}",
        "{\"f\":[1]}" }, 1 },
#endif
};

static const char *random_word(int world)
{
    const char *attribute = worlds[world].attribute;
    const char *word = apr_pstrcat(pool, unit_random(3) ? "" : "!", attribute,
                                   strcmp(attribute, "form") == 0   ? ".f"
                                   : strcmp(attribute, "json") == 0 ? "./f"
                                                                    : "",
                                   NULL);
    unsigned i, n = 1 + unit_random(3);

    for (i = 0; i < n; ++i) {
        word = apr_pstrcat(pool, word, i ? "," : "=",
                           worlds[world].named[unit_random(4)], NULL);
    }
    return word;
}

static int holds_for(const tr_cond_t *cond, const fake_t *fake)
{
    tr_scratch_t scratch = { { 0 }, NULL, 0 };
    tr_question_t question = { .view = &fake->view, .scratch = &scratch };

    return tr_cond_ask(cond, &question, pool) == TR_OK;
}

START_TEST(they_exclude_each_other_where_and_only_where_no_request_has_both)
{
    int round, i, excluded = 0;

    for (round = 0; round < 3000; ++round) {
        int world = round % ROWS(worlds), together = 0, excludes;
        const char *one_word, *other_word;
        const tr_cond_t *one, *other;

        apr_pool_clear(pool);
        one_word = random_word(world);
        other_word = random_word(world);
        one = fake_cond(one_word);
        other = fake_cond(other_word);
        for (i = 0; i < 5; ++i) {
            const char *facts[2] = { NULL, NULL };
            fake_t *fake;

            facts[0] = apr_pstrcat(pool, worlds[world].attribute, "=",
                                   worlds[world].sent[i], NULL);
            fake = fake_request("/", facts);
            together |= holds_for(one, fake) && holds_for(other, fake);
        }
        excludes = tr_cond_excludes(one, other);
        ck_assert_msg(!(excludes && together), "%s %s", one_word, other_word);
        if (worlds[world].is_single
            && (*one_word != '!' || *other_word != '!')) {
            ck_assert_msg(excludes == !together, "%s %s", one_word, other_word);
        }
        excluded += excludes;
    }
    ck_assert_int_gt(excluded, 300);
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
#ifdef TR_WITH_JANSSON
    { "form.f", "!form.f=1", "json./j", "!json./j/0=1" },
    { "form.f=~1", "!form.f=~1", "json./j=~1", "!json./j=~1" },
#else
    { "form.f", "!form.f=1" },
    { "form.f=~1", "!form.f=~1" },
#endif
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
    "a value is missing; write values with ',' between them and no space, "    \
    "or no '=' for 'is present'"
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
    "'client', 'user', 'lang', 'header', 'cookie', 'query', 'env', 'form', 'json'"
#define ONE_MARK                                                               \
    "one '!' stands right before the name, as in '!cookie.seen'"
#define SLASH                                                                  \
    "a JSON pointer begins with '/', as in 'json./type' or "                   \
    "'json./repository/name'"
#define NO_JSON                                                                \
    "this build of the module reads no JSON; build it where jansson is "       \
    "(libjansson-dev)"
#define NO_QUOTES                                                              \
    "the quotes around the value of a cookie are no part of it; leave them out"
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
    { "form=a", "write 'form.NAME'" },
    { "!form.=a", "write 'form.NAME'" },
    { "json=a", "write 'json./NAME'" },
    { "json.=a", "write 'json./NAME'" },
    { "form.a=", MISSING },
    { "form.a=b,,c", MISSING },
    { "form.a=~", "a regex is missing behind '=~'" },
    { "form.a~=b", "for a regex write 'form.a=~...'" },
#ifdef TR_WITH_JANSSON
    { "json.a=b", SLASH },
    { "!json.a", SLASH },
    { "json./a=", MISSING },
    { "json./a!=b", "to negate a condition write '!json./a=...'" },
#else
    { "json./a=b", NO_JSON },
    { "!json./a", NO_JSON },
#endif
    { "header.X Y=a", "'X Y' is not the name of a header" },
    { "!xyzzy=1", KNOWN },
    { "!", ONE_MARK },
    { "! header.X", ONE_MARK },
    { "!!header.X", ONE_MARK },
    { "!!", ONE_MARK },
    { "method!=GET", "to negate a condition write '!method=...'" },
    { "expr!=yes", "to negate a condition write '!expr=...'" },

    { "cookie.c=\"a\"", NO_QUOTES },
    { "!cookie.c=\"a\"", NO_QUOTES },
    { "cookie.c=a,\"b\"", NO_QUOTES },
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

    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, only_what_is_not_negated_has_groups_to_name);
    tcase_add_test(tests, a_condition_is_known_by_its_word);
    tcase_add_test(tests, a_condition_is_told_from_other_words);
    tcase_add_loop_test(
        tests, conditions_that_no_request_satisfies_exclude_each_other, 0,
        ROWS(pairs));
    tcase_add_test(
        tests,
        they_exclude_each_other_where_and_only_where_no_request_has_both);
    tcase_add_test(tests, cheap_conditions_are_asked_before_dear_ones);
    tcase_add_test(tests,
                   a_bad_condition_is_an_error_that_says_what_would_be_right);
    tcase_add_test(tests, without_expressions_no_parser_of_them_is_needed);
    return unit_main(suite);
}

/* Licensed under the Apache License, Version 2.0; see LICENSE. */
#include <apr_strings.h>

#include "fake.h"

static const char *opposite(const char *answer)
{
    return strcmp(answer, "yes") == 0  ? "no"
           : strcmp(answer, "no") == 0 ? "yes"
                                       : answer;
}

typedef struct row_t {
    const char *word;
    const char *request;
    const char *answer;
    fake_facts_t facts;
} row_t;

/* Each condition also in its negated form: where it holds the other does not,
 * and where nobody knows, nobody does. */
static void check_rows(const row_t *rows, int n)
{
    int i;

    for (i = 0; i < n; ++i) {
        fake_t *fake = fake_request(rows[i].request, rows[i].facts);
        const char *negated = apr_pstrcat(pool, "!", rows[i].word, NULL);
        const char *row = apr_psprintf(pool, "%s for %s %s", rows[i].word,
                                       rows[i].request,
                                       rows[i].facts[0] ? rows[i].facts[0]
                                                        : "");

        check_message(row, fake_ask(rows[i].word, fake), rows[i].answer);
        check_message(apr_pstrcat(pool, "!", row, NULL),
                      fake_ask(negated, fake), opposite(rows[i].answer));
    }
}

/* ---- what a request has one of ---- */

static const row_t ones[] = {
    { "method", "/", "yes", { 0 } },
    { "method=GET", "/", "yes", { 0 } },
    { "method=GET", "/", "yes", { "method=HEAD" } },
    { "method=HEAD", "/", "no", { 0 } },
    { "method=HEAD", "/", "yes", { "method=HEAD" } },
    { "method=GET", "/", "no", { "method=POST" } },
    { "method=GET", "/", "no", { "method=get" } },
    { "method=POST,PUT", "/", "yes", { "method=PUT" } },
    { "method=POST,PUT", "/", "no", { "method=PUTS" } },
    { "method=POST,GET", "/", "yes", { "method=HEAD" } },
    { "method=M-SEARCH", "/", "yes", { "method=M-SEARCH" } },
    { "method=~^P", "/", "yes", { "method=PATCH" } },
    { "method=~^GET$", "/", "no", { "method=HEAD" } },

    { "scheme", "/", "yes", { 0 } },
    { "scheme=https", "/", "yes", { 0 } },
    { "scheme=HTTPS", "/", "yes", { 0 } },
    { "scheme=http", "/", "no", { 0 } },
    { "scheme=Http", "/", "yes", { "scheme=http" } },
    { "scheme=http,https", "/", "yes", { 0 } },
    { "scheme=~s$", "/", "yes", { 0 } },
    { "scheme=~s$", "/", "no", { "scheme=http" } },

    { "port", "/", "yes", { 0 } },
    { "port=443", "/", "yes", { 0 } },
    { "port=80,443,8443", "/", "yes", { 0 } },
    { "port=44", "/", "no", { 0 } },
    { "port=4430", "/", "no", { 0 } },
    { "port=1", "/", "yes", { "port=1" } },
    { "port=65535", "/", "yes", { "port=65535" } },
    { "port=~^4", "/", "yes", { 0 } },
    { "port=~^4", "/", "no", { "port=80" } },

    /* the host that the client sent, known or not */
    { "host", "/", "yes", { 0 } },
    { "host=www.example.org", "/", "yes", { 0 } },
    { "host=www.example.org", "/", "yes", { "unknown" } },
    { "host=WWW.Example.Org.", "/", "yes", { 0 } },
    { "host=www.example.org", "/", "yes", { "host=www.example.org." } },
    { "host=example.org", "/", "no", { 0 } },
    { "host=*.example.org", "/", "yes", { 0 } },
    { "host=*.example.org", "/", "yes", { "host=a.b.example.org" } },
    { "host=*.example.org", "/", "no", { "host=example.org" } },
    { "host=*.example.org", "/", "no", { "host=badexample.org" } },
    { "host=*.example.org", "/", "no", { "host=www.example.org.evil" } },
    { "host=example.org,*.example.org", "/", "yes", { "host=example.org" } },
    { "host=192.0.2.1", "/", "yes", { "host=192.0.2.1" } },
    { "host=[2001:db8::1]", "/", "yes", { "host=2001:db8::1" } },
    { "host=a.example,[::1]", "/", "no", { "host=2001:db8::1" } },
    { "host=~^www\\.", "/", "yes", { 0 } },
    { "host=~^www\\.", "/", "yes", { "unknown" } },
    { "host=~^www\\.", "/", "no", { "host=wwwx" } },

    { "client", "/", "yes", { 0 } },
    { "client=192.0.2.7", "/", "yes", { 0 } },
    { "client=192.0.2.8", "/", "no", { 0 } },
    { "client=192.0.2.0/24", "/", "yes", { 0 } },
    { "client=10.0.0.0/8,192.0.2.0/29", "/", "yes", { 0 } },
    { "client=10.0.0.0/8,192.0.2.8/29", "/", "no", { 0 } },
    { "client=0.0.0.0/0", "/", "yes", { 0 } },
    { "client=::/0", "/", "no", { 0 } },
    { "client=2001:db8::/32", "/", "yes", { "client=2001:db8::7" } },
    { "client=0.0.0.0/0", "/", "no", { "client=2001:db8::7" } },
    { "client=192.0.2.7", "/", "yes", { "client=::ffff:192.0.2.7" } },
    { "client=::ffff:192.0.2.0/120", "/", "yes", { 0 } },

    { "user", "/", "no", { 0 } },
    { "user", "/", "no", { "user=" } },
    { "user", "/", "yes", { "user=jo" } },
    { "user=jo", "/", "yes", { "user=jo" } },
    { "user=jo", "/", "no", { "user=Jo" } },
    { "user=jo", "/", "no", { 0 } },
    { "user=al,jo", "/", "yes", { "user=jo" } },
    { "user=~@example\\.org$", "/", "yes", { "user=jo@example.org" } },
    { "user=~.", "/", "no", { 0 } },

    { "env.E", "/", "no", { 0 } },
    { "env.E", "/", "no", { "env.E=" } },
    { "env.E", "/", "no", { "env.F=1" } },
    { "env.E", "/", "yes", { "env.E=0" } },
    { "env.E=1", "/", "yes", { "env.E=1" } },
    { "env.E=1", "/", "no", { "env.E=1,2" } },
    { "env.E=1", "/", "no", { "env.E=10" } },
    { "env.E=~2$", "/", "yes", { "env.E=1,2" } },
    { "env.a.b=1", "/", "yes", { "env.a.b=1" } },
};

START_TEST(what_a_request_has_one_of_is_compared)
{
    check_rows(ones, ROWS(ones));
}
END_TEST

#define SERVER "languages=en de pt-BR"
#define ACCEPT(field) "header.Accept-Language=" field

static const row_t languages[] = {
    { "lang", "/", "no", { 0 } },
    { "lang", "/", "yes", { SERVER } },
    { "lang", "/", "yes", { ACCEPT("de") } },
    { "lang", "/", "no", { ACCEPT("*") } },
    { "lang=en", "/", "yes", { SERVER } },
    { "lang=de", "/", "yes", { SERVER, ACCEPT("de-CH, en;q=0.5") } },
    { "lang=de", "/", "no", { SERVER, ACCEPT("de;q=0.1, en;q=0.5") } },
    { "lang=fr", "/", "no", { SERVER, ACCEPT("fr") } },
    { "lang=pt", "/", "yes", { SERVER, ACCEPT("pt-br") } },
    { "lang=PT-br", "/", "yes", { SERVER, ACCEPT("pt-br") } },
    { "lang=pt-PT", "/", "no", { SERVER, ACCEPT("pt-br") } },
    { "lang=de", "/", "yes", { ACCEPT("de-CH") } },
    { "lang=de", "/", "yes", { ACCEPT("DE") } },
    { "lang=de-CH", "/", "no", { ACCEPT("de") } },
    { "lang=de", "/", "no", { ACCEPT("den") } },
    { "lang=de", "/", "no", { ACCEPT("fr, de;q=0.9") } },
    { "lang=fr,de", "/", "yes", { ACCEPT("de") } },
    { "lang=~^(de|fr)$", "/", "yes", { ACCEPT("fr") } },
    { "lang=~^(de|fr)$", "/", "no", { ACCEPT("de-CH") } },
};

START_TEST(a_language_is_compared_as_a_range)
{
    check_rows(languages, ROWS(languages));
}
END_TEST

/* ---- what there may be several of ---- */

#define X(field) { "header.X=" field }

static const row_t headers[] = {
    { "header.X", "/", "no", { 0 } },
    { "header.X", "/", "no", X("") },
    { "header.X", "/", "no", { "header.Y=1" } },
    { "header.X", "/", "yes", X("0") },
    { "header.X", "/", "yes", X(",") },
    { "header.X=a", "/", "yes", X("a") },
    { "header.X=a", "/", "no", X("A") },
    { "header.X=a", "/", "no", X("ab") },
    { "header.X=ab", "/", "no", X("a") },
    { "header.X=b,a", "/", "yes", X("a") },
    { "header.X=a b", "/", "yes", X("a b") },
    { "header.X=a=b", "/", "yes", X("a=b") },
    { "header.X=~^=a", "/", "yes", X("=a") },
    { "header.X=\xc3\xa4", "/", "yes", X("\xc3\xa4") },
    { "header.X=\xe4", "/", "no", X("\xc3\xa4") },

    /* elements of a list, empty ones aside */
    { "header.X=a", "/", "yes", X("a, b") },
    { "header.X=b", "/", "yes", X("a,b") },
    { "header.X=b", "/", "yes", X("a \t,\t b \t, c") },
    { "header.X=c", "/", "yes", X(", ,a,,b , c,") },
    { "header.X=d", "/", "no", X("a, b, c") },
    { "header.X=d,b", "/", "yes", X("a, b, c") },
    { "header.X=a b", "/", "yes", X("c, a b") },
    { "header.X=a", "/", "no", X("c, a b") },
    { "header.X=~^$", "/", "no", X("a,,b") },
    { "header.X=~^b", "/", "yes", X("a, bc") },
    { "header.X=~^c", "/", "no", X("a, bc") },

    /* or the whole field */
    { "header.X=~^a, b$", "/", "yes", X("a, b") },
    { "header.X=~^ *,", "/", "yes", X(" , a") },

    /* a quoted string is kept together, with its quotes */
    { "header.X=b", "/", "no", X("\"a, b, c\"") },
    { "header.X=\"b\"", "/", "yes", X("a, \"b\"") },
    { "header.X=b", "/", "no", X("a, \"b\"") },
    { "header.X=d", "/", "yes", X("\"a, b\", d") },
    { "header.X=d", "/", "yes", X("\"a\\\", b\", d") },
    { "header.X=b\"", "/", "no", X("\"a\\\", b\", d") },
    { "header.X=d", "/", "yes", X("\"a\\\\\", d") },
    { "header.X=~^x=\"a, b\"$", "/", "yes", X("c, x=\"a, b\"") },
    { "header.X=b", "/", "no", X("c, \"a, b") },
    { "header.X=~^\"a, b$", "/", "yes", X("c, \"a, b") },
    { "header.X=~^\"b\\\\$", "/", "yes", X("a, \"b\\") },
    { "header.X=b", "/", "yes", X("a\\, b") },
};

START_TEST(a_header_is_compared_whole_and_by_its_elements)
{
    check_rows(headers, ROWS(headers));
}
END_TEST

#define COOKIE(field) { "header.Cookie=" field }

static const row_t cookies[] = {
    { "cookie.c", "/", "no", { 0 } },
    { "cookie.c", "/", "no", COOKIE("") },
    { "cookie.c", "/", "no", COOKIE("c=") },
    { "cookie.c", "/", "no", COOKIE("c=\"\"") },
    { "cookie.c", "/", "no", COOKIE("C=1; cc=1; d=c") },
    { "cookie.c", "/", "yes", COOKIE("c=0") },
    { "cookie.c", "/", "yes", COOKIE("c=; c=1") },
    { "cookie.c=1", "/", "yes", COOKIE("c=1") },
    { "cookie.c=1", "/", "yes", COOKIE("b=2; c=1") },
    { "cookie.c=1", "/", "no", COOKIE("b=1; c=2") },
    { "cookie.c=1", "/", "yes", COOKIE("c=2; c=1") },
    { "cookie.c=1", "/", "yes", COOKIE("c=1; c=2") },
    { "cookie.c=3,1", "/", "yes", COOKIE("c=2;c=1") },
    { "cookie.c=3", "/", "no", COOKIE("c=2; c=1") },
    { "cookie.c=a b", "/", "yes", COOKIE("c=\"a b\"") },
    { "cookie.c=~^a$", "/", "yes", COOKIE("c=\"a\"") },
    { "cookie.c=~\"", "/", "no", COOKIE("c=\"a\"") },
    { "cookie.c=a", "/", "no", COOKIE("c=%61") },
    { "cookie.c=~^a,b$", "/", "yes", COOKIE("c=a,b") },
    { "cookie.c=~^b$", "/", "yes", COOKIE("c=a; c=b") },
    { "cookie.c=~^b$", "/", "no", COOKIE("c=a; c=ab") },
    { "cookie.c=\xe4", "/", "yes", COOKIE("c=\xe4") },
};

START_TEST(any_cookie_of_the_name_may_satisfy)
{
    check_rows(cookies, ROWS(cookies));
}
END_TEST

static const row_t queries[] = {
    { "query.q", "/", "no", { 0 } },
    { "query.q", "/?", "no", { 0 } },
    { "query.q", "/?q", "no", { 0 } },
    { "query.q", "/?q=", "no", { 0 } },
    { "query.q", "/?p=1&qq=1&Q=1", "no", { 0 } },
    { "query.q", "/?q=0", "yes", { 0 } },
    { "query.q", "/?q&q=1", "yes", { 0 } },
    { "query.q", "/?q=+", "yes", { 0 } },
    { "query.q", "/?q=%00", "yes", { 0 } },
    { "query.q=1", "/?q=1", "yes", { 0 } },
    { "query.q=1", "/?q=2&q=1", "yes", { 0 } },
    { "query.q=1", "/?q=1&q=2", "yes", { 0 } },
    { "query.q=1", "/?q=2&q=11&p=1", "no", { 0 } },
    { "query.q=3,1", "/?q=2&q=1", "yes", { 0 } },
    { "query.q=a b", "/?q=a+b", "yes", { 0 } },
    { "query.q=a b", "/?q=a%20b", "yes", { 0 } },
    { "query.q=a+b", "/?q=a%2Bb", "yes", { 0 } },
    { "query.q=a+b", "/?q=a+b", "no", { 0 } },
    { "query.q=%61", "/?q=%61", "no", { 0 } },
    { "query.q=a%", "/?q=a%", "yes", { 0 } },
    { "query.a b=1", "/?a+b=1", "yes", { 0 } },
    { "query.q=1", "/?%71=1", "yes", { 0 } },
    { "query.a.b=1", "/?a.b=1", "yes", { 0 } },
    { "query.q=a", "/?q=A", "no", { 0 } },
    { "query.q=~(?i)^a$", "/?q=A", "yes", { 0 } },
    { "query.q=~^1$", "/?q=2&q=1", "yes", { 0 } },
    { "query.q=~^1$", "/?q=2&q=10", "no", { 0 } },
    { "query.q=~^1,2$", "/?q=1%2C2", "yes", { 0 } },

    /* all bytes */
    { "query.q=a", "/?q=a%00", "no", { 0 } },
    { "query.q=a", "/?q=a%00b", "no", { 0 } },
    { "query.q=~^a.b$", "/?q=a%00b", "yes", { 0 } },
    { "query.q=~^a$", "/?q=a%0A", "no", { 0 } },
    { "query.q=~^a.b$", "/?q=a%0Ab", "yes", { 0 } },
    { "query.q=\xc3\xa4", "/?q=%C3%A4", "yes", { 0 } },
    { "query.q=\xe4", "/?q=%e4", "yes", { 0 } },
    { "query.q=\xe4", "/?q=%c4", "no", { 0 } },
    { "query.q=~^\xe4.$", "/?q=\xe4\xff", "yes", { 0 } },
};

START_TEST(any_parameter_of_the_name_may_satisfy_decoded)
{
    check_rows(queries, ROWS(queries));
}
END_TEST

/* ---- where nobody knows ---- */

#define LONG "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!"

static const row_t unknown[] = {
    { "query.q=~^(a+)+$", "/?q=" LONG, "TR_LIMIT", { 0 } },
    { "query.q=~^(a+)+$", "/?q=aaa!", "no", { 0 } },
    { "query.q=~^(a+)+$", "/?q=b&q=" LONG "&q=a", "TR_LIMIT", { 0 } },
    { "query.q=~^(a+)+$", "/?q=a&q=" LONG, "yes", { 0 } },
    { "header.X=~^(a+)+$", "/", "TR_LIMIT", X("b, " LONG ", a") },
    { "cookie.c=~^(a+)+$", "/", "TR_LIMIT", COOKIE("c=" LONG "; c=a") },
    { "host=~^(a+)+$", "/", "TR_LIMIT", { "host=" LONG } },
    { "form.f=~^(a+)+$", "/", "TR_LIMIT", { "form=f=b&f=" LONG "&f=a" } },
    { "form.f=~^(a+)+$", "/", "yes", { "form=f=a&f=" LONG } },
#ifdef TR_WITH_JANSSON
    { "json./j=~^(a+)+$", "/", "TR_LIMIT", { "json={\"j\":\"" LONG "\"}" } },
#endif

    { "expr=yes", "/", "yes", { 0 } },
    { "expr=no", "/", "no", { 0 } },
    { "expr=fails", "/", "TR_EXPR", { 0 } },
};

START_TEST(where_nobody_knows_it_does_not_hold_negated_or_not)
{
    check_rows(unknown, ROWS(unknown));
}
END_TEST

/* ---- how many values a regex is asked of ---- */

/* What there may be several of: a value that is asked and does not match, one
 * that does, one that is empty, and one of another name. */
static const struct {
    const char *attribute, *before, *miss, *hit, *empty, *other;
    int whole; /* the whole of it is asked, too */
} several[] = {
    { "query.q", "", "q=a&", "q=%62&", "q=&", "qq=b&", 0 },
    { "cookie.c", "header.Cookie=", "c=a; ", "c=b; ", "c=; ", "cc=b; ", 0 },
    { "header.X", "header.X=", "a, ", "b, ", ", ", "", 1 },
    { "form.f", "form=", "f=a&", "f=%62&", "f=&", "ff=b&", 0 },
};

static const char *repeated(const char *text, int n)
{
    const char *all = "";

    while (n-- > 0) {
        all = apr_pstrcat(pool, all, text, NULL);
    }
    return all;
}

/* Asked whether a value of that attribute is like that. */
static const char *ask_several(int kind, const char *negation,
                               const char *test, const char *values)
{
    const char *word = apr_pstrcat(pool, negation, several[kind].attribute,
                                   test, NULL);
    const char *facts[2] = { NULL, NULL };

    if (*several[kind].before == '\0') {
        const char *request = apr_pstrcat(pool, "/?", values, NULL);

        return fake_ask(word, fake_request(request, NULL));
    }
    facts[0] = apr_pstrcat(pool, several[kind].before, values, NULL);
    return fake_ask(word, fake_request("/", facts));
}

START_TEST(a_regex_is_asked_of_so_many_values_and_no_more)
{
    const char *name = several[_i].attribute, *miss = several[_i].miss;
    const char *hit = several[_i].hit;
    int all = TR_COND_REGEX_VALUES - several[_i].whole;
    const char *most = repeated(miss, all);
    const char *noise = repeated(apr_pstrcat(pool, several[_i].empty,
                                             several[_i].other, NULL), 100);

    ck_assert_int_eq(TR_COND_REGEX_VALUES, 32);
    check_message(name, ask_several(_i, "", "=~^b$", most), "no");
    check_message(name, ask_several(_i, "!", "=~^b$", most), "yes");
    most = apr_pstrcat(pool, most, miss, NULL);
    check_message(name, ask_several(_i, "", "=~^b$", most), "TR_LIMIT");
    check_message(name, ask_several(_i, "!", "=~^b$", most), "TR_LIMIT");

    /* what is found in time counts, whatever is behind it */
    most = apr_pstrcat(pool, repeated(miss, all - 1), hit, NULL);
    check_message(name, ask_several(_i, "", "=~^b$", most), "yes");
    most = apr_pstrcat(pool, most, repeated(miss, 100), NULL);
    check_message(name, ask_several(_i, "", "=~^b$", most), "yes");
    check_message(name, ask_several(_i, "!", "=~^b$", most), "no");
    most = apr_pstrcat(pool, repeated(miss, all), hit, NULL);
    check_message(name, ask_several(_i, "", "=~^b$", most), "TR_LIMIT");

    /* what is not asked is not counted */
    most = apr_pstrcat(pool, noise, repeated(miss, all), noise, NULL);
    check_message(name, ask_several(_i, "", "=~^b$", most), "no");

    /* and without a regex nothing is */
    most = apr_pstrcat(pool, repeated(miss, 200), hit, NULL);
    check_message(name, ask_several(_i, "", "=b", most), "yes");
    check_message(name, ask_several(_i, "", "=c", most), "no");
}
END_TEST

START_TEST(each_condition_has_its_own_count)
{
    const char *target = apr_pstrcat(pool, "/?", repeated("q=a&", 32), NULL);
    fake_t *fake = fake_request(target, NULL);
    tr_scratch_t scratch = { { 0 }, NULL, 0 };
    tr_question_t question = { .view = &fake->view, .scratch = &scratch };
    int i;

    for (i = 0; i < 3; ++i) {
        ck_assert_int_eq(tr_cond_ask(fake_cond("!query.q=~b"), &question, pool),
                         TR_OK);
    }
}
END_TEST

/* ---- windows ---- */

static const struct {
    const char *now;
    const char *answer;
} times[] = {
    { "2026-12-01T21:59:59.999999Z", "no" },
    { "2026-12-01T22:00:00Z", "yes" },
    { "2026-12-02T05:59:59.999999Z", "yes" },
    { "2026-12-02T06:00:00Z", "no" },
};

START_TEST(a_window_is_a_condition)
{
    static const tr_window_words_t words = { .from = "2026-12-01T22:00Z",
                                             .until = "2026-12-02T06:00Z" };
    const tr_window_t *window;
    tr_cond_t *cond;
    int i;

    check_message("window", tr_window_build(&window, &words, pool), NULL);
    cond = tr_cond_of_window(window, pool);
    for (i = 0; i < ROWS(times); ++i) {
        fake_t *fake = fake_request("/", NULL);
        tr_question_t question = { .view = &fake->view };

        fake->view.now = fake_time(times[i].now);
        check_message(times[i].now,
                      tr_cond_ask(cond, &question, pool) == TR_OK ? "yes"
                                                                  : "no",
                      times[i].answer);
    }
    ck_assert_ptr_null(tr_cond_word(cond));
    ck_assert_ptr_null(tr_cond_attr(cond));
    ck_assert_ptr_null(tr_cond_regex(cond));
    ck_assert(!tr_cond_is_trivial(cond));
    ck_assert(!tr_cond_has_method(cond, "GET"));
}
END_TEST

/* ---- what an answer depends on ---- */

static const struct {
    const char *word;
    int hidden;
    const char *consulted;
} consulted[] = {
    { "method=POST", 0, "" },
    { "scheme=http", 0, "" },
    { "host=a.example", 0, "" },
    { "port=80", 0, "" },
    { "query.q", 0, "" },
    { "header.Host=a", 0, "" },
    { "client", 0, "private" },
    { "client=10.0.0.0/8", 0, "private" },
    { "user=jo", 0, "private" },
    { "env.E", 0, "private" },
    { "form.f", 0, "private" },
    { "!form.f=~1", 1, "private" },
#ifdef TR_WITH_JANSSON
    { "json./j=1", 0, "private" },
    { "!json./j", 0, "private" },
#endif
    { "header.X=1", 0, "X" },
    { "!header.X=1", 0, "X" },
    { "header.X", 1, "hidden X" },
    { "header.X=~1", 0, "X" },
    { "cookie.c", 0, "Cookie; private" },
    { "!cookie.c=~1", 0, "Cookie; private" },
    { "cookie.c", 1, "hidden Cookie; private" },
    { "header.Authorization", 0, "Authorization; private" },
    { "lang=de", 0, "Accept-Language" },
    { "expr=yes", 0, "private" },
    { "expr=no:X, Y", 0, "X, Y; private" },
    { "!expr=fails:X", 0, "X; private" },
    { "expr=yes:X", 1, "hidden X; private" },
};

START_TEST(whoever_asks_depends_on_it_whatever_the_answer)
{
    int i;

    for (i = 0; i < ROWS(consulted); ++i) {
        fake_t *fake = fake_request("/", NULL);
        tr_consulted_t noted = { 0 };
        tr_scratch_t scratch = { { 0 }, NULL, 0 };
        tr_question_t question = { .view = &fake->view, .consulted = &noted,
                                   .scratch = &scratch,
                                   .hidden = consulted[i].hidden };

        tr_cond_ask(fake_cond(consulted[i].word), &question, pool);
        check_message(consulted[i].word, fake_consulted(&noted),
                      consulted[i].consulted);
    }
}
END_TEST

START_TEST(a_window_is_noted_open_or_not)
{
    static const tr_window_words_t words = { .until = "2026-12-02T06:00Z" };
    fake_t *fake = fake_request("/", NULL);
    tr_consulted_t noted = { 0 };
    tr_question_t question = { .view = &fake->view, .consulted = &noted,
                               .hidden = 1 };
    const tr_window_t *window;

    check_message("window", tr_window_build(&window, &words, pool), NULL);
    tr_cond_ask(tr_cond_of_window(window, pool), &question, pool);
    check_message("open", fake_consulted(&noted), "window");
    ck_assert(tr_consulted_edge(&noted, 0) == fake_time(words.until));
    fake->view.now = fake_time("2027-01-01T00:00Z");
    memset(&noted, 0, sizeof(noted));
    tr_cond_ask(tr_cond_of_window(window, pool), &question, pool);
    check_message("closed", fake_consulted(&noted), "window");
}
END_TEST

/* ---- groups ---- */

START_TEST(a_regex_keeps_its_groups_where_it_is_told_to)
{
    static const char *const facts[] = { "header.X=a1, b2", "header.Y=c3",
                                         NULL };
    tr_match_t groups[3] = { { 0 } };
    fake_t *fake = fake_request("/?q=d%204", facts);
    tr_scratch_t scratch = { { 0 }, NULL, 0 };
    tr_question_t question = { .view = &fake->view, .groups = groups,
                               .scratch = &scratch };
    tr_cond_t *x = fake_cond("header.X=~^b(.)");
    tr_cond_t *y = fake_cond("header.Y=~^c(.)");
    tr_cond_t *q = fake_cond("query.q=~^d (.)");
    tr_slice_t value;

    tr_cond_keep_groups(x, 1);
    tr_cond_keep_groups(q, 2);
    ck_assert_int_eq(tr_cond_ask(x, &question, pool), TR_OK);
    ck_assert_int_eq(tr_cond_ask(y, &question, pool), TR_OK);
    ck_assert_int_eq(tr_cond_ask(q, &question, pool), TR_OK);
    ck_assert(!tr_match_group(&value, &groups[0], 0));
    ck_assert(tr_match_group(&value, &groups[1], 1));
    check_text("header.X", value, "2");
    ck_assert(tr_match_group(&value, &groups[2], 1));
    check_text("query.q", value, "4");
}
END_TEST

/* Parameters that nobody keeps are decoded one over the other. */
START_TEST(decoded_groups_stay_when_other_parameters_are_decoded)
{
    tr_match_t groups[3] = { { 0 } };
    fake_t *fake = fake_request("/?q=%6bept-1&p=%78%78%78%78%78%78%78%78"
                                "&q=kept%2d3&r=%6bept-%32", NULL);
    tr_scratch_t scratch = { { 0 }, NULL, 0 };
    tr_question_t question = { .view = &fake->view, .groups = groups,
                               .scratch = &scratch };
    tr_cond_t *q = fake_cond("query.q=~^(.*3)$");
    tr_cond_t *r = fake_cond("query.r=~^(.*)$");
    tr_slice_t value;

    tr_cond_keep_groups(q, 1);
    tr_cond_keep_groups(r, 2);
    ck_assert_int_eq(tr_cond_ask(fake_cond("query.p"), &question, pool), TR_OK);
    ck_assert_int_eq(tr_cond_ask(q, &question, pool), TR_OK);
    ck_assert_int_eq(tr_cond_ask(fake_cond("query.p=~x"), &question, pool),
                     TR_OK);
    ck_assert_int_eq(tr_cond_ask(r, &question, pool), TR_OK);
    ck_assert_int_eq(tr_cond_ask(fake_cond("query.p=xxxxxxxx"), &question,
                                 pool), TR_OK);
    ck_assert_int_eq(tr_cond_ask(fake_cond("!query.q=~^$"), &question, pool),
                     TR_OK);
    ck_assert(tr_match_group(&value, &groups[1], 1));
    check_text("query.q", value, "kept-3");
    ck_assert(tr_match_group(&value, &groups[2], 1));
    check_text("query.r", value, "kept-2");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("tr_cond_ask");
    TCase *tests = unit_case(suite, "ask");

    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, what_a_request_has_one_of_is_compared);
    tcase_add_test(tests, a_language_is_compared_as_a_range);
    tcase_add_test(tests, a_header_is_compared_whole_and_by_its_elements);
    tcase_add_test(tests, any_cookie_of_the_name_may_satisfy);
    tcase_add_test(tests, any_parameter_of_the_name_may_satisfy_decoded);
    tcase_add_test(tests,
                   where_nobody_knows_it_does_not_hold_negated_or_not);
    tcase_add_loop_test(tests, a_regex_is_asked_of_so_many_values_and_no_more,
                        0, ROWS(several));
    tcase_add_test(tests, each_condition_has_its_own_count);
    tcase_add_test(tests, a_window_is_a_condition);
    tcase_add_test(tests, whoever_asks_depends_on_it_whatever_the_answer);
    tcase_add_test(tests, a_window_is_noted_open_or_not);
    tcase_add_test(tests, a_regex_keeps_its_groups_where_it_is_told_to);
    tcase_add_test(tests,
                   decoded_groups_stay_when_other_parameters_are_decoded);
    return unit_main(suite);
}

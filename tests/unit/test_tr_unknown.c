/* Licensed under the Apache License, Version 2.0; see LICENSE. */
#include "tr_unknown.h"
#include "unit.h"

static const char *const names[] = { "status", "cache", "until" };

#define MEANT(word) "unknown word; did you mean '" word "'?"
#define KNOWN                                                                  \
    "unknown word; known are 'status', 'cache', 'until', 'method', 'scheme', " \
    "'host', 'port', 'client', 'user', 'lang', 'header', 'cookie', 'query', "  \
    "'env', 'form', 'json', 'expr'"
#define NO_SPACE "no space stands around a '='"
#define NO_COMMENT "a comment has a line of its own"
#define WHOLE "a word with spaces is quoted whole, as in \"header.X=a b\""
#define BEFORE                                                                 \
    "a target stands before it already; write 'URL-path target', then words "  \
    "such as 'status=303'"
#define NEITHER                                                                \
    "neither a target nor a word; a target is an absolute URL, a path "        \
    "beginning with '/', 'https:', 'http:', 'pool:NAME' or '!'"

static const struct {
    const char *word, *error;
} words[] = {
    /* what others call it */
    { "early", MEANT("phase=early") },
    { "dry", MEANT("mode=dry") },
    { "exact", MEANT("match=exact") },
    { "nocase", MEANT("case=ignore") },
    { "permanent", MEANT("status=301") },
    { "seeother", MEANT("status=303") },
    { "temp", MEANT("status=307") },
    { "code", MEANT("status=") },
    { "code=301", MEANT("status=") },
    { "ip=192.0.2.7", MEANT("client=") },
    { "ip=10.0.0.0/8", MEANT("client=") },
    { "address=::1", MEANT("client=") },
    { "start=2026-12-01T22:00", MEANT("from=") },
    { "since=2026-12-01", MEANT("from=") },
    { "till=2026-12-01T22:00", MEANT("until=") },
    { "to=2026-12-01T22:00", MEANT("until=") },
    { "end=2026-12-01T22:00", MEANT("until=") },
    { "days=Mon", MEANT("hours=") },
    { "time=22:00-06:00", MEANT("hours=") },
    { "timezone=UTC", MEANT("tz=") },
    { "max-age=60", MEANT("cache=") },
    { "ttl=60", MEANT("cache=") },
    { "language=de", MEANT("lang=") },
    { "user-agent=~Mozilla/5", MEANT("header.User-Agent=") },
    { "referer=https://a.example/", MEANT("header.Referer=") },
    { "if=x", MEANT("expr=") },
    { "body", MEANT("json./NAME=") },
    { "body=push", MEANT("json./NAME=") },
    { "Payload=push", MEANT("json./NAME=") },
    { "field=push", MEANT("form.NAME=") },
    { "early=yes", MEANT("phase=early") },
    /* words of a pool */
    { "key=client", "stands at a TempRedirectPool" },
    { "sticky=arm:30d", "stands at a TempRedirectPool" },
    { "weight=10", "stands at a TempRedirectMember" },
    { "keys=client", KNOWN },
    /* which is the whole name */
    { "earl=1", KNOWN },
    { "ips=::1", KNOWN },
    { "xttl=60", KNOWN },
    { "fields=1", KNOWN },
    { "bodys=1", KNOWN },

    /* what was taken apart, or together */
    { "=", NO_SPACE },
    { "=POST", NO_SPACE },
    { "=~x", NO_SPACE },
    { "=https://a.example/", NO_SPACE },
    { "=\"x", NO_SPACE },
    { "#", NO_COMMENT },
    { "#old", NO_COMMENT },
    { "#/old", NO_COMMENT },
    { "#=", NO_COMMENT },
    { "xyzzy=\"a", WHOLE },
    { "b\"", WHOLE },
    { "\"", WHOLE },
    { "ip=\"a", WHOLE },
    { "/a\"b", WHOLE },

    /* a value without its word */
    { "303", MEANT("status=303") },
    { "1", MEANT("status=1") },
    { "303x", KNOWN },
    { "303=", KNOWN },
    { "POST", MEANT("method=POST") },
    { "AZ", MEANT("method=AZ") },
    { "PATCh", KNOWN },
    { "PATCH=1", KNOWN },
    { "STATUS=303", MEANT("status") },

    /* a ':' for a '.' */
    { "header:X", MEANT("header.X") },
    { "header:X=1", MEANT("header.X=1") },
    { "header:X=~^/a:b", MEANT("header.X=~^/a:b") },
    { "cookie:seen", MEANT("cookie.seen") },
    { "method:POST", MEANT("method=POST") },
    { "host:a.example", MEANT("host=a.example") },
    { "status:303", MEANT("status=303") },
    { "User-Agent=x", MEANT("header.User-Agent=") },
    { "IP=192.0.2.7", MEANT("client=") },
    { "query:a.b=/", MEANT("query.a.b=/") },
    { "env:E", MEANT("env.E") },
    { "form:event=push", MEANT("form.event=push") },
#ifdef TR_WITH_JANSSON
    { "json:/type=push", MEANT("json./type=push") },
    { "jsno./type=push", MEANT("json") },
    { "json/type=push", MEANT("json./type=push") },
    { "form/event=push", MEANT("form.event=push") },
    { "body./type=push", MEANT("json./NAME=") },
    { "Payload.type=push", MEANT("json./NAME=") },
    { "post.event=push", MEANT("form.NAME=") },
    { "param.id=1", MEANT("query.NAME=") },
#endif
    { "header", MEANT("header") }, /* a condition, and not asked about */

    /* what can only be, or was to be, a target */
    { "/b", BEFORE },
    { "/b=c", BEFORE },
    { "https:", BEFORE },
    { "https://a.example/?b=c", BEFORE },
    { "https://a.example/#b=c", BEFORE },
    { "app://a", BEFORE },
    { "a/b", NEITHER },
    { "form/page", NEITHER },
    { "./page", NEITHER },
    { "./page?a=1", NEITHER },
    { "post.example.com", NEITHER },
    { "a.example", NEITHER },
    { "headr.X", NEITHER },
    { "a.example/?b=c", NEITHER },
    { "a.example:80=c", BEFORE },

    /* the nearest word, attribute or "expr" */
    { "statsu=303", MEANT("status") },
    { "Status", MEANT("status") },
    { "cach=/a.b", MEANT("cache") },
    { "unitl=2026-12-01T22:00", MEANT("until") },
    { "headr.X=a/b", MEANT("header") },
    { "cokie.c=1", MEANT("cookie") },
    { "exp=yes", MEANT("expr") },
    { "from.event=push", MEANT("form") },
    { "xyzzy", KNOWN },
    { "xyzzy=303", KNOWN },
    { "file=/a.b", KNOWN },
    { "path=/a", KNOWN }, /* for targets only */
};

START_TEST(an_unknown_word_is_told_what_it_may_have_been_meant_to_be)
{
    const char *word = words[_i].word;

    check_message(word,
                  tr_unknown_word(guarded_string(word), names, ROWS(names),
                                  pool),
                  words[_i].error);
}
END_TEST

START_TEST(no_table_of_words_is_too_long)
{
    const char *many[100];
    int i;

    for (i = 0; i < ROWS(many); ++i) {
        many[i] = "unlikely";
    }
    many[0] = "first";
    check_message("the first one",
                  tr_unknown_word("frist=1", many, ROWS(many), pool),
                  MEANT("first"));
    check_message("an attribute",
                  tr_unknown_word("cokie=1", many, ROWS(many), pool),
                  MEANT("cookie"));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("tr_unknown");
    TCase *tests = unit_case(suite, "word");

    tcase_add_loop_test(
        tests, an_unknown_word_is_told_what_it_may_have_been_meant_to_be, 0,
        ROWS(words));
    tcase_add_test(tests, no_table_of_words_is_too_long);
    return unit_main(suite);
}

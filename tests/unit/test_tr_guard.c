/* Licensed under the Apache License, Version 2.0; see LICENSE. */
#include <apr_strings.h>

#include "fake.h"
#include "tr_guard.h"

static const char *parse(tr_rule_t **rule, const char *line)
{
    static const tr_place_t place = { .file = "test.conf", .line = 1 };
    apr_array_header_t *warnings = apr_array_make(pool, 1,
                                                  sizeof(const char *));
    const char **words;
    int n = fake_words(&words, line);

    return strcmp(words[0], "TempRedirect") == 0
               ? tr_rule_parse(rule, warnings, &place, n - 1, words + 1, pool)
               : tr_rule_parse_match(rule, warnings, &place, n - 1, words + 1,
                                     pool);
}

/* ---- at configuration time ---- */

enum { OUTSIDE, INSIDE, NEVER };

static const struct {
    const char *rule;
    int is; /* the target, in the pattern */
} checks[] = {
    { "TempRedirect /a /b", OUTSIDE },
    { "TempRedirect /a /a", NEVER },
    { "TempRedirect /a /a tail=drop", NEVER },
    { "TempRedirect /a /a match=exact", NEVER },
    { "TempRedirect /a /a?x=1", NEVER },
    { "TempRedirect /a /%61", NEVER },
    { "TempRedirect /a /a%{tail}", NEVER },
    { "TempRedirect /a /a/", INSIDE },
    { "TempRedirect /a /a/ match=exact", OUTSIDE },
    { "TempRedirect /a /a/b", INSIDE },
    { "TempRedirect /a /a/b match=exact", OUTSIDE },
    { "TempRedirect /a /ab", OUTSIDE },
    { "TempRedirect /a /A", OUTSIDE },
    { "TempRedirect /a/ /a", OUTSIDE },
    { "TempRedirect /a/ /a/", NEVER },
    { "TempRedirect /a/b /a", OUTSIDE },
    { "TempRedirect / /", NEVER },
    { "TempRedirect / /a", INSIDE },
    { "TempRedirect / %{path}", OUTSIDE },
    { "TempRedirect /", NEVER },
    { "TempRedirect /a", INSIDE },
    { "TempRedirect !", OUTSIDE },
    { "TempRedirect /a !", OUTSIDE },

    /* another case is another path */
    { "TempRedirect /a /A case=ignore", INSIDE },
    { "TempRedirect /Shop /Shop case=ignore", INSIDE },

    /* of a segment that is not whole nobody knows what it becomes */
    { "TempRedirect /a /a%{query.v}", OUTSIDE },
    /* known only when it is rendered */
    { "TempRedirect /a /a/%{query.v}", OUTSIDE },
    { "TempRedirect / /%{query.v}", OUTSIDE },

    /* the origin of a request is not known yet */
    { "TempRedirect /a https://www.example.org/a", INSIDE },
    { "TempRedirect /a https://h.example/b", OUTSIDE },
    { "TempRedirect / https://h.example", INSIDE },
    { "TempRedirect https:", OUTSIDE },

    /* regexes */
    { "TempRedirectMatch ^/a/(.*)$ /b/$1", OUTSIDE },
    { "TempRedirectMatch ^/a/(.*)$ /a/b/$1", INSIDE },
    { "TempRedirectMatch ^/a/(.*)$ /a/$1", NEVER },
    { "TempRedirectMatch ^/a/(.*)$ /a/", NEVER },
    { "TempRedirectMatch ^/a/(.*)$ /a", OUTSIDE },
    { "TempRedirectMatch ^/a(.*)$ /a$1", NEVER },
    { "TempRedirectMatch ^/a(.*)$ /a/$1", INSIDE },
    { "TempRedirectMatch ^/a.*$ /a", INSIDE },
    { "TempRedirectMatch ^/a /a", INSIDE },
    { "TempRedirectMatch .* /", NEVER },
    { "TempRedirectMatch .* /a", INSIDE },
    { "TempRedirectMatch \\.php$ /index.php", INSIDE },
    { "TempRedirectMatch \\.php$ /index.html", OUTSIDE },
    { "TempRedirectMatch ^/(\\d+)$ /a-$1", OUTSIDE },
    { "TempRedirectMatch ^(/.*)$ $1", OUTSIDE },
};

START_TEST(a_rule_that_could_never_match_is_an_error)
{
    int i;

    for (i = 0; i < ROWS(checks); ++i) {
        tr_rule_t *rule = NULL;
        const char *error = parse(&rule, checks[i].rule);

        ck_assert_msg((error != NULL) == (checks[i].is == NEVER), "%s: %s",
                      checks[i].rule, error);
        ck_assert_msg(!rule || rule->inside == (checks[i].is == INSIDE),
                      "%s: inside", checks[i].rule);
    }
}
END_TEST

START_TEST(the_error_says_what_would_be_right)
{
    tr_rule_t *rule = NULL;

    check_message("/a /a", parse(&rule, "TempRedirect /a /a"),
                  "/a: this rule could never match: all that it is for is at "
                  "or below its target already; lead out of the pattern, or "
                  "to one page within it, or leave the target out by "
                  "a regex");
}
END_TEST

/* ---- at request time ---- */

enum { LEADS, LOOPS };

static const struct {
    const char *rule;
    const char *request;
    int loops;
    fake_facts_t facts; /* the request is on https://www.example.org */
} requests[] = {
    /* the target lies within the pattern */
    { "TempRedirect / /wait tail=drop", "/", LEADS, { 0 } },
    { "TempRedirect / /wait tail=drop", "/x", LEADS, { 0 } },
    { "TempRedirect / /wait tail=drop", "/waiting", LEADS, { 0 } },
    { "TempRedirect / /wait tail=drop", "/wait", LOOPS, { 0 } },
    { "TempRedirect / /wait tail=drop", "/wait?x", LOOPS, { 0 } },
    { "TempRedirect / /wait tail=drop", "/wait/x", LOOPS, { 0 } },
    { "TempRedirect / /wait tail=drop", "/%77ait", LOOPS, { 0 } },
    { "TempRedirect / /wait tail=drop", "/x/../wait", LOOPS, { 0 } },
    { "TempRedirect / /%77ait tail=drop", "/wait", LOOPS, { 0 } },
    { "TempRedirect / /wait/ tail=drop", "/wait", LEADS, { 0 } },
    { "TempRedirect / /wait/ tail=drop", "/wait/x", LOOPS, { 0 } },
    { "TempRedirect /wait", "/wait", LOOPS, { 0 } },
    { "TempRedirect /wait", "/x", LEADS, { 0 } },
    { "TempRedirect /a /a/b", "/a/x", LEADS, { 0 } },
    { "TempRedirect /a /a/b", "/a", LEADS, { 0 } },
    { "TempRedirect /a /a/b", "/a/bx", LEADS, { 0 } },
    { "TempRedirect /a /a/b", "/a/b/x", LOOPS, { 0 } },
    { "TempRedirect /a /a/", "/a", LEADS, { 0 } },
    { "TempRedirect /a /a/", "/a/", LOOPS, { 0 } },
    { "TempRedirect /a /a/", "/a/x", LOOPS, { 0 } },
    { "TempRedirect /a /a/%{query.v}", "/a?v=1", LEADS, { 0 } },
    { "TempRedirect /a /a/%{query.v}", "/a/1?v=1", LOOPS, { 0 } },
    { "TempRedirect /a /a/%{query.v}", "/a/1/x?v=1", LOOPS, { 0 } },
    { "TempRedirect /a /a/%{query.v}", "/a/2?v=1", LEADS, { 0 } },
    { "TempRedirect /a /a/%{query.v}", "/a/x%20y/z?v=x+y", LOOPS, { 0 } },
    { "TempRedirect /a /a//b", "/a/b/x", LOOPS, { 0 } },
    { "TempRedirect /a %{path}/b", "/a", LOOPS, { 0 } },
    { "TempRedirect /a /%{path}/b", "/a/x", LOOPS, { 0 } },
    { "TempRedirectMatch ^(/a)$ $1/b", "/a", LEADS, { 0 } },
    { "TempRedirectMatch ^(/.+)$ $1/", "/a", LEADS, { 0 } },
    { "TempRedirectMatch ^(/.+)$ $1/", "/a/", LOOPS, { 0 } },
    { "TempRedirectMatch ^(/a.*)$ $1/?x=1", "/a", LEADS, { 0 } },
    { "TempRedirect / /a//%{query.v}", "/x?v=1", LEADS, { 0 } },
    { "TempRedirect / /a//%{query.v}", "/a/1/x?v=1", LOOPS, { 0 } },
    { "TempRedirectMatch \\.php$ /php%{path}", "/x.php", LEADS, { 0 } },
    { "TempRedirectMatch \\.php$ /php%{path}", "/php/x.php", LOOPS, { 0 } },
    { "TempRedirectMatch \\.php$ /new%{path}l", "/new/x.php", LEADS, { 0 } },
    { "TempRedirectMatch ^/a(/.*)$ http://h.example/$1", "/a/x", LEADS,
      { "scheme=http", "host=h.example" } },
    { "TempRedirectMatch ^(/.*)$ http://h.example/$1", "/x", LOOPS,
      { "scheme=http", "host=h.example", "port=80" } },
    { "TempRedirect / /%{query.v}", "/x?v=1", LEADS, { 0 } },
    { "TempRedirect / /%{query.v}", "/1?v=1", LOOPS, { 0 } },
    { "TempRedirect / /%{query.v}", "/1/x?v=1", LOOPS, { 0 } },
    { "TempRedirect / /%{query.v}", "/11?v=1", LEADS, { 0 } },
    { "TempRedirect /a /%{query.v}/a", "/a?v=1", LEADS, { 0 } },
    { "TempRedirect /a /%{query.v}/b", "/a/x?v=a", LEADS, { 0 } },
    { "TempRedirect /a /%{query.v}/b", "/a/b/x?v=a", LOOPS, { 0 } },
    { "TempRedirectMatch ^/(.+)$ /%{query.v}/$1", "/x?v=1", LEADS, { 0 } },
    { "TempRedirectMatch ^/(.+)$ /%{query.v}/$1", "/1/x?v=1", LOOPS, { 0 } },
    { "TempRedirectMatch ^/(x)$ /%{query.v}/$1", "/x?v=1", LEADS, { 0 } },
    { "TempRedirectMatch ^/a(.*)$ /a/b$1", "/a/x", LEADS, { 0 } },
    { "TempRedirectMatch ^/a(.*)$ /a/b$1", "/a/b", LOOPS, { 0 } },
    { "TempRedirectMatch ^/a(.*)$ /a/b$1", "/a/bc", LOOPS, { 0 } },
    { "TempRedirectMatch ^/a.*$ /a", "/ab", LEADS, { 0 } },
    { "TempRedirectMatch ^/a.*$ /a", "/a", LOOPS, { 0 } },
    { "TempRedirect /Shop /Shop case=ignore", "/shop/x", LEADS, { 0 } },
    { "TempRedirect /Shop /Shop case=ignore", "/Shop/x", LOOPS, { 0 } },
    { "TempRedirect /a /A case=ignore", "/a", LEADS, { 0 } },
    { "TempRedirect /a /A case=ignore", "/A", LOOPS, { 0 } },

    /* the target lies elsewhere: also above */
    { "TempRedirect /blog/old /blog", "/blog/old", LEADS, { 0 } },
    { "TempRedirect /blog/old /blog", "/blog/old/old", LEADS, { 0 } },
    { "TempRedirect /a/ /a", "/a/", LEADS, { 0 } },
    { "TempRedirect /a/ /a", "/a/x", LOOPS, { 0 } },

    /* the Location is the request's own URL */
    { "TempRedirectMatch ^(/.*)$ $1", "/x", LOOPS, { 0 } },
    { "TempRedirectMatch ^(/.*)$ $1", "/x?q=1", LOOPS, { 0 } },
    { "TempRedirectMatch ^(/.*)$ $1", "/x?", LOOPS, { 0 } },
    { "TempRedirectMatch ^(/.*)$ $1#f", "/x", LOOPS, { 0 } },
    { "TempRedirectMatch ^(/.*)$ $1#f", "/x?q", LOOPS, { 0 } },
    { "TempRedirectMatch ^(/.*)$ $1?", "/x", LOOPS, { 0 } },
    { "TempRedirectMatch ^(/.*)$ $1 args=drop", "/x?q", LEADS, { 0 } },
    { "TempRedirectMatch ^(/.*)$ $1?q=2", "/x?q=1", LEADS, { 0 } },
    { "TempRedirectMatch ^(/.*)$ $1?q=1", "/x?q=1", LOOPS, { 0 } },
    { "TempRedirectMatch ^(/.*)$ $1x", "/x", LOOPS, { 0 } },
    { "TempRedirectMatch ^(/.*)x$ $1", "/xx", LEADS, { 0 } },
    { "TempRedirect %{path}", "/a%20b", LOOPS, { 0 } },
    { "TempRedirectMatch ^/(x)$ https://www.example.org//$1", "/x", LOOPS,
      { 0 } },
    { "TempRedirectMatch ^/(x)$ https://www.example.org//$1", "//x", LOOPS,
      { 0 } },

    /* an absolute one on the same origin */
    { "TempRedirect / https://www.example.org/", "/x", LOOPS, { 0 } },
    { "TempRedirect / https://WWW.EXAMPLE.ORG/", "/x", LOOPS, { 0 } },
    { "TempRedirect / https://www.example.org:443/", "/x", LOOPS, { 0 } },
    { "TempRedirect / https://%{host}/", "/x", LOOPS, { 0 } },
    { "TempRedirect / https://%{host}:%{port}/", "/x", LOOPS, { 0 } },
    { "TempRedirect / https://www.example.org/n", "/x", LEADS, { 0 } },
    { "TempRedirect / https://www.example.org/n", "/n/x", LOOPS, { 0 } },
    { "TempRedirect https:", "/x?q", LOOPS, { 0 } },
    { "TempRedirect / https://[::1]/", "/x", LOOPS, { "host=::1" } },

    /* on another one the same path is another URL */
    { "TempRedirect / https://www.example.org/", "/x", LEADS,
      { "scheme=http", "port=80" } },
    { "TempRedirect / http://www.example.org/", "/x", LEADS, { 0 } },
    { "TempRedirect / https://www.example.org:8443/", "/x", LEADS, { 0 } },
    { "TempRedirect / https://www.example.org/", "/x", LEADS,
      { "port=8443" } },
    { "TempRedirect / https://example.org/", "/x", LEADS, { 0 } },
    { "TempRedirect / https://www.example.or/", "/x", LEADS, { 0 } },
    { "TempRedirect / https://h.example/n", "/n/x", LEADS, { 0 } },
    { "TempRedirect https:", "/x", LEADS, { "scheme=http", "port=80" } },
    { "TempRedirect http:", "/x", LEADS, { 0 } },

    /* a scheme alone leads nowhere from a request under it, on any port */
    { "TempRedirect https:", "/x", LOOPS, { "port=8443" } },
    { "TempRedirect http:", "/x", LOOPS, { "scheme=http", "port=8080" } },
};

START_TEST(no_rule_leads_back_into_itself)
{
    int i;

    for (i = 0; i < ROWS(requests); ++i) {
        fake_t *fake = fake_request(requests[i].request, requests[i].facts);
        tr_rule_t *rule = fake_rule(requests[i].rule);
        tr_location_t location;
        tr_reason_t reason = fake_render(&location, rule, fake);

        ck_assert_msg(reason == TR_OK, "%s: %s", requests[i].rule,
                      fake_reason(reason));
        ck_assert_msg((tr_guard_has_scheme(rule, &fake->view)
                       || tr_guard_is_loop(rule, &location, &fake->view, pool))
                          == requests[i].loops,
                      "%s for %s: to %s", requests[i].rule,
                      requests[i].request, text_of(location.url));
    }
}
END_TEST

static const struct {
    const char *rule;
    const char *request;
    int may;
} places[] = {
    { "TempRedirect / /wait tail=drop", "/wait", 1 },
    { "TempRedirect / /wait tail=drop", "/wait/x", 1 },
    { "TempRedirect / /wait tail=drop", "/%77ait/x", 1 },
    { "TempRedirect / /wait tail=drop", "/waiting", 0 },
    { "TempRedirect / /wait tail=drop", "/", 0 },
    { "TempRedirect /a /a/b", "/a/b", 1 },
    { "TempRedirect /a /a/b", "/a/x", 0 },
    { "TempRedirect /a /b", "/a/b", 0 },
    { "TempRedirect /a/b /a", "/a/b", 0 },
    { "TempRedirectMatch ^/a(.*)$ /a/b$1", "/a/bc", 1 },
    { "TempRedirectMatch ^/a.*$ /a/b", "/a/c", 0 },

    /* what repeats the path can come to any */
    { "TempRedirectMatch ^/a(.*)$ /a/b$1", "/a/c", 1 },
    { "TempRedirect / https://www.example.org%{path}", "/a", 1 },

    /* on another host it is another URL; of a port nobody has asked yet */
    { "TempRedirect /a https://www.example.org:8443/a/b", "/a/b", 1 },
    { "TempRedirect /a https://WWW.example.org/a/b", "/a/b", 1 },
    { "TempRedirect /a https://www.example.org/a/b", "/a/c", 0 },
    { "TempRedirect /a https://h.example/a/b", "/a/b", 0 },
    { "TempRedirect / https://h.example%{path}", "/a", 0 },
    { "TempRedirect / https://%{host}%{path}", "/a", 1 },

    /* nor what the base is filled with */
    { "TempRedirect / /%{header.X}", "/a", 1 },
    { "TempRedirect /a /b/%{header.X}", "/a", 1 },
    { "TempRedirect / https://h.example/%{header.X}", "/a", 0 },

    { "TempRedirect /a !", "/a", 0 },
    { "TempRedirect https:", "/a", 0 },
};

START_TEST(without_a_location_it_is_known_who_may_be_there)
{
    int i;

    for (i = 0; i < ROWS(places); ++i) {
        const fake_t *fake = fake_request(places[i].request, NULL);

        ck_assert_msg(tr_guard_may_be_there(fake_rule(places[i].rule),
                                            &fake->view)
                          == places[i].may,
                      "%s for %s", places[i].rule, places[i].request);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("tr_guard");
    TCase *tests = unit_case(suite, "guard");

    tcase_add_test(tests, a_rule_that_could_never_match_is_an_error);
    tcase_add_test(tests, the_error_says_what_would_be_right);
    tcase_add_test(tests, no_rule_leads_back_into_itself);
    tcase_add_test(tests, without_a_location_it_is_known_who_may_be_there);
    return unit_main(suite);
}

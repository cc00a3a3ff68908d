/* Licensed under the Apache License, Version 2.0; see LICENSE. */
#include <apr_strings.h>

#include "fake.h"

#define TO(target) "TempRedirect /old " target
#define MATCH(regex, target) "TempRedirectMatch " regex " " target
#define UNSAFE "TR_UNSAFE"
#define NO_VALUE "TR_NO_VALUE"

typedef struct row_t {
    const char *rule;
    const char *request;
    const char *location; /* or the reason why there is none */
    fake_facts_t facts;
} row_t;

static void check_row(const row_t *row, const fake_t *fake)
{
    tr_location_t location;
    tr_reason_t reason = fake_render(&location, fake_rule(row->rule), fake);

    check_text(apr_psprintf(pool, "%s for %s", row->rule, row->request),
               reason == TR_OK ? location.url
                               : tr_slice_of(fake_reason(reason)),
               row->location);
    ck_assert(reason != TR_OK || location.url.p[location.url.n] == '\0');
}

static void check_rows(const row_t *rows, int n)
{
    int i;

    for (i = 0; i < n; ++i) {
        check_row(rows + i, fake_request(rows[i].request, rows[i].facts));
    }
}

static const row_t joins[] = {
    { TO("https://h.example/new"), "/old", "https://h.example/new", { 0 } },
    { TO("https://h.example/new"), "/old/", "https://h.example/new/", { 0 } },
    { TO("https://h.example/new"), "/old/x", "https://h.example/new/x",
      { 0 } },
    { TO("https://h.example/new/"), "/old/x", "https://h.example/new/x",
      { 0 } },
    { TO("https://h.example/new/"), "/old", "https://h.example/new/", { 0 } },
    { TO("https://h.example/new/"), "/old/", "https://h.example/new/", { 0 } },
    { TO("https://h.example"), "/old", "https://h.example/", { 0 } },
    { TO("https://h.example"), "/old/x", "https://h.example/x", { 0 } },
    { TO("https://h.example?a#b"), "/old/x", "https://h.example/x?a#b",
      { 0 } },
    { TO("https://h.example/new?a=1#b"), "/old/x",
      "https://h.example/new/x?a=1#b", { 0 } },
    { TO("/new"), "/old/x", "/new/x", { 0 } },
    { TO("/"), "/old/x", "/x", { 0 } },
    { TO("/"), "/old/", "/", { 0 } },
    { TO("/new tail=drop"), "/old/x", "/new", { 0 } },
    { TO("app://open"), "/old/x", "app://open/x", { 0 } },
    { TO("app://open"), "/old", "app://open", { 0 } },
    { "TempRedirect /old/ /new", "/old/", "/new", { 0 } },
    { "TempRedirect /old/ /new", "/old/x", "/new/x", { 0 } },
    { "TempRedirect /old/ /new/", "/old/x", "/new/x", { 0 } },
    { "TempRedirect / https://h.example", "/", "https://h.example/", { 0 } },
    { "TempRedirect / https://h.example", "/x", "https://h.example/x", { 0 } },
    { "TempRedirect / https://h.example/a", "/", "https://h.example/a",
      { 0 } },
    { "TempRedirect https://h.example/a", "/old/x", "https://h.example/a",
      { 0 } },

    /* the tail comes in the client's own bytes */
    { TO("/new"), "/old/%2F%20%c3%a4;x=1|^", "/new/%2F%20%c3%a4;x=1|^",
      { 0 } },
    { TO("/new"), "/%6fld/%78", "/new/%78", { 0 } },
    { TO("/new"), "/old/\"<>\\\xe4", "/new/%22%3C%3E%5C%E4", { 0 } },
    { TO("/new"), "/old/a/../../old/./b//c", "/new/b/c", { 0 } },
    { TO("/new"), "/old/%2e%2E/old/%2e/b", "/new/b", { 0 } },
    { TO("/new"), "/old/%252e%252e/b", "/new/%252e%252e/b", { 0 } },
    { TO("/new"), "/old/$1%7Bhost}", "/new/$1%7Bhost}", { 0 } },

    /* %{tail} and %{path} in the path stand for the tail */
    { TO("/a%{tail}/z"), "/old/x", "/a/x/z", { 0 } },
    { TO("/a%{tail}/z"), "/old/", "/a/z", { 0 } },
    { TO("/a%{tail}/z"), "/old/x/", "/a/x/z", { 0 } },
    { TO("/a/%{tail}/z"), "/old", "/a/z", { 0 } },
    { TO("/a/%{tail}"), "/old/x", "/a/x", { 0 } },
    { TO("/a/%{tail}"), "/old", "/a/", { 0 } },
    { TO("/a%{tail}"), "/old", "/a", { 0 } },
    { TO("%{tail}"), "/old/x", "/x", { 0 } },
    { TO("%{tail}"), "/old", UNSAFE, { 0 } },
    { TO("/a%{path}"), "/old/x%20", "/a/old/x%20", { 0 } },
    { TO("/a/%{path}"), "/old/x", "/a/old/x", { 0 } },
    { TO("https://h.example%{path}"), "/old/x", "https://h.example/old/x",
      { 0 } },
    { TO("https://h.example%{tail}"), "/old/x", "https://h.example/x",
      { 0 } },
    { TO("https://h.example%{tail}"), "/old?q", "https://h.example/?q",
      { 0 } },
    { TO("https://h.example%{tail}.html"), "/old", "https://h.example/.html",
      { 0 } },
    { TO("https://h.example%{tail}.html"), "/old/x",
      "https://h.example/x.html", { 0 } },
};

START_TEST(the_tail_is_joined_with_exactly_one_slash)
{
    check_rows(joins, ROWS(joins));
}
END_TEST

#define ODD "/old/x?q=a%2Fb%26%25%23%3F+%C3%A4~"

static const row_t places[] = {
    /* one hostile value in every place */
    { TO("/n/%{query.q} tail=drop args=drop"), ODD,
      "/n/a%2Fb&%25%23%3F%20%C3%A4~", { 0 } },
    { TO("/n?v=%{query.q} tail=drop"), ODD,
      "/n?v=a%2Fb%26%25%23%3F%20%C3%A4~", { 0 } },
    { TO("/n#%{query.q} tail=drop args=drop"), ODD,
      "/n#a%2Fb%26%25%23%3F%20%C3%A4~", { 0 } },
    { TO("https://%{query.q}.example.com/"), ODD, UNSAFE, { 0 } },

    /* path, tail and args are verbatim in their own component only */
    { TO("/n?%{args} tail=drop"), "/old?a=b/%2F&c|\"", "/n?a=b/%2F&c|%22",
      { 0 } },
    { TO("/n?x=%{path} tail=drop"), "/old/a%20b", "/n?x=%2Fold%2Fa%2520b",
      { 0 } },
    { TO("/n?x=%{tail} tail=drop"), "/old/a", "/n?x=%2Fa", { 0 } },
    { TO("/n#%{args} tail=drop args=drop"), "/old?a=b", "/n#a%3Db", { 0 } },
    { TO("/n/%{args} args=drop"), "/old?a=b/c", "/n/a=b%2Fc", { 0 } },
    { TO("/n?x=%{tail} tail=drop"), "/old", "/n?x=", { 0 } },
    { TO("/n?%{args}"), "/old", "/n?", { 0 } },

    /* every attribute */
    { TO("/%{scheme}/%{host}/%{port}/%{user} tail=drop"), "/old/x",
      "/https/www.example.org/443/j.doe@example.org",
      { "user=j.doe@example.org" } },
    { TO("/n/%{header.X}"), "/old/x", "/n/a%20b%2Fc/x",
      { "header.X=a b/c" } },
    { TO("/n/%{env.E}"), "/old", "/n/a=b", { "env.E=a=b" } },
    { TO("/n/%{cookie.c}"), "/old", "/n/v%20w",
      { "header.Cookie=b=1; c=\"v w\"; c=2" } },
    { TO("/n/%{query.a+b} args=drop"), "/old?x=1&a%2bb=v", "/n/v", { 0 } },
    { TO("/%{lang}"), "/old/x", "/de/x",
      { "languages=en de", "header.Accept-Language=fr, de-CH;q=0.5" } },
    { TO("/%{lang}"), "/old/x", "/pt-BR/x",
      { "languages=pt-BR de", "header.Accept-Language=fr" } },
    { TO("/%{lang}?l=%{lang}"), "/old", "/en?l=en", { "languages=en de" } },
    { TO("/%{lang}"), "/old", "/de-CH",
      { "header.Accept-Language=en;q=0.5, de-CH" } },

    /* without a value there is no redirect */
    { TO("/n/%{header.X}"), "/old", NO_VALUE, { 0 } },
    { TO("/n/%{header.X}"), "/old", NO_VALUE, { "header.X=" } },
    { TO("/n?x=%{env.E}"), "/old", NO_VALUE, { 0 } },
    { TO("/n#%{user}"), "/old", NO_VALUE, { 0 } },
    { TO("/n/%{cookie.c}"), "/old", NO_VALUE, { 0 } },
    { TO("/n/%{cookie.c}"), "/old", NO_VALUE, { "header.Cookie=d=1" } },
    { TO("/n/%{query.q}"), "/old", NO_VALUE, { 0 } },
    { TO("/n/%{query.q}"), "/old?q", NO_VALUE, { 0 } },
    { TO("/n/%{query.q}"), "/old?q=&q=1", NO_VALUE, { 0 } },
    { TO("https://%{header.X}/"), "/old", NO_VALUE, { 0 } },
    { TO("/%{lang}"), "/old", NO_VALUE, { 0 } },
    { TO("/%{lang}"), "/old", NO_VALUE, { "header.Accept-Language=*" } },

    /* literals */
    { TO("/a%20b/\xc3\xa4{|}^`\"<>?\xe4#\xe4#?"), "/old",
      "/a%20b/%C3%A4%7B%7C%7D%5E%60%22%3C%3E?%E4#%E4%23?", { 0 } },
    { TO("/a;b=c,d!$&'()*+:@~-._%2F%2f"), "/old",
      "/a;b=c,d!$&'()*+:@~-._%2F%2f", { 0 } },
};

START_TEST(a_value_is_encoded_for_its_place)
{
    check_rows(places, ROWS(places));
}
END_TEST

static const row_t groups[] = {
    { MATCH("^/old/(.*)$", "/new/$1"), "/old/a/b%20c", "/new/a/b%20c", { 0 } },
    { MATCH("^/old/(.*)$", "/new?x=$1"), "/old/a/b%20c", "/new?x=a%2Fb%20c",
      { 0 } },
    { MATCH("^/old/(.*)$", "/new/$0"), "/old/a", "/new//old/a", { 0 } },
    { MATCH("^/old(/x)?(.*)$", "/n$1$2"), "/old/y", "/n/y", { 0 } },
    { MATCH("^/old/(?<a>x)?(.*)$", "/n/%{group.a}$2"), "/old/y", NO_VALUE,
      { 0 } },
    { MATCH("^/old/(?<a>.*)$", "/n/%{group.a}"), "/old/a/b", "/n/a/b", { 0 } },
    { MATCH("^/old/(?<a>.*)$", "/n/%{group.a}"), "/old/", NO_VALUE, { 0 } },
    { MATCH("^/old/(?<a>.*)$", "/n/?v=%{group.a}"), "/old/", NO_VALUE, { 0 } },
    { MATCH("^/old/(?<a>.*)$", "https://h.example%{group.a}"), "/old/",
      NO_VALUE, { 0 } },
    { MATCH("^/old/(?<a>.*)$", "/n/$1"), "/old/", "/n/", { 0 } },
    { MATCH("^/old/(.*)$", "/new"), "/old/a", "/new", { 0 } },
    { MATCH("^/old/(.*)$", "/n/$1"), "/old/%3F%23%25\xe4%0d%0aSet-Cookie:x",
      "/n/%3F%23%25%E4%0D%0ASet-Cookie:x", { 0 } },
    { MATCH("^/(a)(b)(c)(d)(e)(f)(g)(h)(i)", "/$9$8$1$10"), "/abcdefghi",
      "/ihaa0", { 0 } },

    /* the target may begin with one */
    { MATCH("^/old(/.*)$", "$1"), "/old/a", "/a", { 0 } },
    { MATCH("^/old/(.*)$", "$1"), "/old/a", UNSAFE, { 0 } },
    { MATCH("^/old(.*)$", "$1"), "/old", UNSAFE, { 0 } },
    { MATCH("^(.*)/old$", "$1/"), "/old", "/", { 0 } },

    /* behind a complete host it stands in the path */
    { MATCH("^/old(.*)$", "https://h.example$1"), "/old/a",
      "https://h.example/a", { 0 } },
    { MATCH("^/old(.*)$", "https://h.example$1"), "/old",
      "https://h.example/", { 0 } },
    { MATCH("^/old(.*)$", "https://h.example$1"), "/old.evil.example",
      "https://h.example/.evil.example", { 0 } },
    { MATCH("^/old(.*)$", "https://h.example$1"), "/old@evil.example",
      "https://h.example/@evil.example", { 0 } },
    { MATCH("^/old(.*)$", "https://h.example:81$1"), "/old80",
      "https://h.example:81/80", { 0 } },
    { MATCH("^/old()(.*)$", "https://h.example$1$2"), "/old/a",
      "https://h.example/a", { 0 } },
    { MATCH("^/old(.*)$", "https://h.example$1.html"), "/old",
      "https://h.example/.html", { 0 } },
    { MATCH("^/(?<a>.*)$", "https://h.example%{group.a}"), "/.evil.example",
      "https://h.example/.evil.example", { 0 } },
    { TO("https://h.example%{query.q} args=drop"), "/old?q=.evil.example",
      "https://h.example/.evil.example", { 0 } },
    { TO("https://h.example%{header.X}"), "/old",
      "https://h.example/@evil.example", { "header.X=@evil.example" } },
    { TO("https://h.example:81%{query.q} args=drop"), "/old?q=80",
      "https://h.example:81/80", { 0 } },
};

START_TEST(a_group_is_filled_in)
{
    check_rows(groups, ROWS(groups));
}
END_TEST

/* ---- groups of conditions ---- */

#define X(value) { "header.X=" value }

static const row_t captures[] = {
    { TO("/n/%{group.v} header.X=~^(?<v>.*)$"), "/old/t", "/n/abc/t",
      X("abc") },
    { TO("/n/%{group.v} header.X=~^(?<v>[a-c]*)"), "/old", "/n/abc",
      X("abcd") },
    { TO("/n/%{group.v} header.X=~^(?<v>[a-c]*)"), "/old", NO_VALUE,
      X("xyz") },
    { TO("/n/%{group.v} header.X=~^(?<v>a)?(.*)$"), "/old", NO_VALUE,
      X("b") },
    { TO("/n/%{group.w} header.X=~^(?<v>a)(?<w>.*)$"), "/old", "/n/b",
      X("ab") },

    /* they are values, and so one segment of a path */
    { TO("/n/%{group.v} header.X=~^(?<v>.*)$"), "/old", "/n/a%2Fb%3F%23%20%E4",
      X("a/b?# \xe4") },
    { TO("/n?v=%{group.v} header.X=~^(?<v>.*)$"), "/old",
      "/n?v=a%2Fb%26c%3D", X("a/b&c=") },
    { TO("/n#%{group.v} header.X=~^(?<v>.*)$"), "/old", "/n#a%2Fb%23",
      X("a/b#") },
    { TO("/%{group.v} header.X=~^(?<v>.*)$"), "/old", "/%2Fevil.example",
      X("/evil.example") },
    { TO("/n/%{group.v} header.X=~^(?<v>.*)$"), "/old", UNSAFE, X("..") },
    { TO("/n/%{group.v} query.q=~^(?<v>.*)$ args=drop"), "/old?q=a%2Fb%00",
      "/n/a%2Fb%00", { 0 } },
    { TO("/n/%{group.v} query.q=~^(?<v>.)(?<w>.*)$ args=drop"),
      "/old?q=%C3%A4", "/n/%C3", { 0 } },
    { TO("https://h.example%{group.v} header.X=~^(?<v>.*)$"), "/old",
      "https://h.example/.evil.example", X(".evil.example") },
    { TO("https://%{group.v}/ header.X=~^(?<v>.*)$"), "/old",
      "TR_FOREIGN_HOST", X("evil.example") },
    { TO("https://%{group.v}.example/ header.X=~^(?<v>.*)$"), "/old", UNSAFE,
      X("evil.example/") },

    /* of the element, parameter or cookie that satisfied */
    { TO("/n/%{group.v} header.X=~^b(?<v>.*)$"), "/old", "/n/2",
      X("a1, b2, b3") },
    { TO("/n/%{group.v} cookie.c=~^b(?<v>.*)$"), "/old", "/n/2",
      { "header.Cookie=c=a1; c=b2; c=b3" } },
    { TO("/n/%{group.v} query.q=~^b(?<v>.*)$ args=drop"), "/old?q=a1&q=b%32",
      "/n/2", { 0 } },

    /* beside those of the path, and of each other */
    { MATCH("^/old/(?<a>.*)$", "/n/%{group.a}/%{group.v}/$1 "
            "header.X=~^(?<v>.*)$"),
      "/old/x/y", "/n/x/y/v%2Fw/x/y", X("v/w") },
    { MATCH("^/old/(?<v>.*)$", "/n/%{group.v} header.X=~^(?<v>.*)$"), "/old/a",
      "/n/a", X("b") },
    { MATCH("^/old/(.*)$", "/n/$1/%{group.v} header.X=~^(x)(?<v>.*)$"),
      "/old/a", "/n/a/y", X("xy") },
    { TO("/%{group.b}/%{group.a} header.X=~^(?<a>.*)$ header.Y=~^(?<b>.*)$"),
      "/old", "/2/1", { "header.X=1", "header.Y=2" } },
    { TO("/%{group.b} header.X=~^(?<a>.*)$ header.Y=~^(?<b>.*)$"), "/old",
      "/2", { "header.X=1", "header.Y=2" } },
    { TO("/%{group.a} header.X=~^(?<a>.*)$ header.Y=~^(?<b>.*)$"), "/old",
      "/1", { "header.X=1", "header.Y=2" } },
    { TO("/%{group.v} cookie.c=~(?<v>.*) header.X=~(?<v>.*)"), "/old", "/2",
      { "header.X=1", "header.Cookie=c=2" } },
    { TO("/%{group.a} cookie.c=~(?<b>.*) header.X=~^(?<a>.*)$ host=~(?<c>w+)"),
      "/old", "/1", { "header.X=1", "header.Cookie=c=2" } },
};

START_TEST(a_group_of_a_condition_is_filled_in_as_a_value)
{
    check_rows(captures, ROWS(captures));
}
END_TEST

static const row_t unsafe[] = {
    { TO("/%{tail}"), "/old/x", "/x", { 0 } },
    { MATCH("^/old/(.*)$", "/$1"), "/old/x", "/x", { 0 } },
    { MATCH("^/old(.*)$", "/$1"), "/old/evil.example", UNSAFE, { 0 } },
    { MATCH("^/old(.*)$", "$1/evil.example"), "/old/", UNSAFE, { 0 } },
    { MATCH("^/old/(.*)$", "/$1"), "/old/%5Cevil.example",
      "/%5Cevil.example", { 0 } },
    { MATCH("^/old(.*)$", "$1"), "/old%5C", UNSAFE, { 0 } },
    { TO("/%{header.X}"), "/old", "/%2Fevil.example",
      { "header.X=/evil.example" } },
    { TO("/%{header.X}"), "/old", "/%5Cevil.example",
      { "header.X=\\evil.example" } },
    { TO("/n/%{header.X}"), "/old/x", UNSAFE, { "header.X=.." } },
    { TO("/n/%{header.X}"), "/old/x", UNSAFE, { "header.X=." } },
    { TO("/n/.%{header.X}/z"), "/old", UNSAFE, { "header.X=." } },
    { TO("/n/%{header.X}%{header.X}/z"), "/old", UNSAFE, { "header.X=." } },
    { TO("/n/%{header.X}"), "/old", "/n/...", { "header.X=..." } },
    { TO("/n/%{header.X}"), "/old", "/n/%252e%252e",
      { "header.X=%2e%2e" } },
    { TO("/n/%{header.X}"), "/old", "/n/..%2Fx", { "header.X=../x" } },
    { TO("https://h.example/%{header.X}"), "/old", UNSAFE,
      { "header.X=.." } },
    { TO("/n?x=%{header.X}"), "/old", "/n?x=..", { "header.X=.." } },
    { TO("/n#%{header.X}"), "/old", "/n#..", { "header.X=.." } },
    { MATCH("^/old/(.*)$", "/n/$1"), "/old/a%2F..%2Fb", "/n/a%2F..%2Fb",
      { 0 } },
    { TO("/n/%{header.X}"), "/old", "/n/%0D%0ASet-Cookie:%20a=b",
      { "header.X=\r\nSet-Cookie: a=b" } },
    { TO("/n?%{header.X}"), "/old", "/n?%0D%0A%7F%01",
      { "header.X=\r\n\x7f\x01" } },
};

START_TEST(no_value_leads_elsewhere)
{
    check_rows(unsafe, ROWS(unsafe));
}
END_TEST

#define ALLOWED                                                                \
    "shop.example.com *.tenant.example 192.0.2.1 [2001:db8::1]"
#define FOREIGN "TR_FOREIGN_HOST"

static const row_t hosts[] = {
    /* the request's own host needs no permission */
    { TO("https://%{host}/new"), "/old/x", "https://www.example.org/new/x",
      { 0 } },
    { TO("https://%{host}/new"), "/old", "TR_UNKNOWN_HOST", { "unknown" } },
    { TO("/new?h=%{host}"), "/old", "TR_UNKNOWN_HOST", { "unknown" } },
    { TO("https://%{host}/new"), "/old", "https://[2001:db8::2]/new",
      { "host=2001:db8::2" } },
    { TO("https://%{host}:8443/new"), "/old", "https://[::2]:8443/new",
      { "host=::2" } },
    { TO("https://%{host}:%{port}/"), "/old",
      "https://www.example.org:8443/", { "port=8443" } },
    { TO("https://h.example:%{port}/"), "/old", "https://h.example:8443/",
      { "port=8443" } },
    { TO("https://%{host}"), "/old", "https://a_b.example/",
      { "host=a_b.example" } },
    { TO("https://www.%{host}/"), "/old", "https://www.www.example.org/",
      { 0 } },
    { TO("https://www.%{host}/"), "/old", UNSAFE, { "host=::2" } },
    { TO("https:"), "/old/x?q", "https://www.example.org/old/x?q", { 0 } },
    { TO("http:"), "/old/%20", "http://www.example.org/old/%20",
      { "port=8443" } },
    { TO("https:"), "/old", "TR_UNKNOWN_HOST", { "unknown" } },

    /* any other does */
    { TO("https://%{header.X}/"), "/old", "https://shop.example.com/",
      { "header.X=shop.example.com" } },
    { TO("https://%{header.X}/"), "/old", "https://SHOP.example.com/",
      { "header.X=SHOP.example.com" } },
    { TO("https://%{header.X}/"), "/old", "https://a.b.tenant.example/",
      { "header.X=a.b.tenant.example" } },
    { TO("https://%{header.X}/"), "/old", "https://192.0.2.1/",
      { "header.X=192.0.2.1" } },
    { TO("https://%{header.X}/"), "/old", FOREIGN,
      { "header.X=evil.example" } },
    { TO("https://%{header.X}/"), "/old", FOREIGN,
      { "header.X=tenant.example" } },
    { TO("https://%{header.X}/"), "/old", FOREIGN,
      { "header.X=evil-shop.example.com" } },
    { TO("https://%{header.X}.tenant.example/"), "/old",
      "https://a.tenant.example/", { "header.X=a" } },
    { TO("https://%{header.X}.tenant.example%{tail}"), "/old/x",
      "https://a.tenant.example/x", { "header.X=a" } },
    { TO("https://%{header.X}.tenant.example:81%{path}"), "/old/x",
      "https://a.tenant.example:81/old/x", { "header.X=a" } },
    { TO("https://%{header.X}%{tail}"), "/old/x", "https://shop.example.com/x",
      { "header.X=shop.example.com" } },
    { TO("https://%{header.X}%{tail}"), "/old/x", FOREIGN,
      { "header.X=evil.example" } },
    { MATCH("^/old/([a-z]+)(.*)$", "https://$1.tenant.example$2"), "/old/a/b",
      "https://a.tenant.example/b", { 0 } },
    { MATCH("^/old/([a-z]+)(.*)$", "https://$1.tenant.example$2"), "/old/a.b",
      "https://a.tenant.example/.b", { 0 } },
    { TO("https://shop.example.com.%{header.X}/"), "/old", FOREIGN,
      { "header.X=evil.example" } },
    { TO("https://%{header.X}.tenant.example/"), "/old", UNSAFE,
      { "header.X=evil.example/" } },
    { TO("https://%{header.X}.tenant.example/"), "/old", UNSAFE,
      { "header.X=evil.example#" } },
    { TO("https://%{header.X}.tenant.example/"), "/old", UNSAFE,
      { "header.X=evil.example?" } },
    { TO("https://%{header.X}.tenant.example/"), "/old", UNSAFE,
      { "header.X=a@b" } },
    { TO("https://%{header.X}.tenant.example/"), "/old", UNSAFE,
      { "header.X=a:b" } },
    { TO("https://%{header.X}.tenant.example/"), "/old", UNSAFE,
      { "header.X=a%2f" } },
    { TO("https://%{header.X}.tenant.example/"), "/old", UNSAFE,
      { "header.X=a_b" } },
    { TO("https://%{header.X}.tenant.example/"), "/old", UNSAFE,
      { "header.X=a\r\n" } },
    { TO("https://%{header.X}.tenant.example/"), "/old", UNSAFE,
      { "header.X=a." } },
    { TO("https://%{header.X}.tenant.example/"), "/old", UNSAFE,
      { "header.X=-a" } },
    { TO("https://%{header.X}/"), "/old", UNSAFE,
      { "header.X=[2001:db8::1]" } },
    { TO("https://%{header.X}/"), "/old", UNSAFE, { "header.X=1.2.3" } },
    { MATCH("^/old(.*)", "https://x$1.tenant.example/"), "/old",
      "https://x.tenant.example/", { 0 } },
    { MATCH("^/old(.*)", "https://$1.tenant.example/"), "/old", UNSAFE,
      { 0 } },
    { MATCH("^/old/(.*)", "https://$1.tenant.example/"), "/old/a/b", UNSAFE,
      { 0 } },
};

START_TEST(only_a_known_host_is_filled_in)
{
    int i;

    for (i = 0; i < ROWS(hosts); ++i) {
        fake_t *fake = fake_request(hosts[i].request, hosts[i].facts);

        fake->view.allow_hosts = fake_hosts(ALLOWED);
        check_row(hosts + i, fake);
    }
}
END_TEST

START_TEST(without_allowed_hosts_no_value_becomes_one)
{
    static const row_t row = { TO("https://%{header.X}/"), "/old", FOREIGN,
                               { "header.X=shop.example.com" } };

    check_rows(&row, 1);
}
END_TEST

static const row_t queries[] = {
    { TO("/new"), "/old?a=1&b=%2f|", "/new?a=1&b=%2f|", { 0 } },
    { TO("/new"), "/old?", "/new", { 0 } },
    { TO("/new"), "/old??", "/new??", { 0 } },
    { TO("/new"), "/old?a\"b", "/new?a%22b", { 0 } },
    { TO("/new?x=1"), "/old?a=1", "/new?x=1", { 0 } },
    { TO("/new?"), "/old?a=1", "/new?", { 0 } },
    { TO("/new#f"), "/old?a=1", "/new?a=1#f", { 0 } },
    { TO("/new#f?x"), "/old?a=1", "/new?a=1#f?x", { 0 } },
    { TO("/new args=drop"), "/old?a=1", "/new", { 0 } },
    { TO("/new?x=1 args=drop"), "/old?a=1", "/new?x=1", { 0 } },
    { TO("/new?x=1 args=merge"), "/old?a=1&x=2&%78=3", "/new?x=1&a=1",
      { 0 } },
    { TO("/new?#f args=merge"), "/old?a=1", "/new?a=1#f", { 0 } },
    { TO("/new args=merge"), "/old?a=1&a=2", "/new?a=1&a=2", { 0 } },
    { TO("/new?x=%{query.a} args=merge"), "/old?a=1&x=2", "/new?x=1&a=1",
      { 0 } },
    { TO("/new#f args=only:a"), "/old?b=1&a=2&c=3&a=4", "/new?a=2&a=4#f",
      { 0 } },
    { TO("/new args=only:a"), "/old?b=1", "/new", { 0 } },
    { TO("/new args=except:utm_*,b"), "/old?utm_x=1&a=2&b=3&u=4",
      "/new?a=2&u=4", { 0 } },
    { TO("/new?x args=except:b"), "/old?b=1&a=2", "/new?x&a=2", { 0 } },
    { TO("/new?%{args} args=merge"), "/old?a=1&b=2", "/new?a=1&b=2", { 0 } },
};

START_TEST(the_query_follows_args)
{
    check_rows(queries, ROWS(queries));
}
END_TEST

static const struct {
    const char *rule;
    const char *path;
    int flags;
    const char *location;
} slashes[] = {
    { TO("/new"), "/old%2Fx", TR_PATH_DECODE_SLASHES, "/new/x" },
    { TO("/new/"), "/old%2fx%2Fy", TR_PATH_DECODE_SLASHES, "/new/x%2Fy" },
    { TO("https://h.example"), "/old%2Fx", TR_PATH_DECODE_SLASHES,
      "https://h.example/x" },
    { TO("/n%{tail}"), "/old%2Fx", TR_PATH_DECODE_SLASHES, "/n/x" },
    { TO("/new"), "/old/a%2F..%2F..", 0, "/new/a%2F..%2F.." },
    { MATCH("^/old/(.*)$", "/n/$1"), "/old/a%2Fb%20c%41", 0,
      "/n/a%2Fb%20c%41" },
    { MATCH("^/old/(.*)$", "/n/$1"), "/old/a%252Fb", 0, "/n/a%252Fb" },
    { MATCH("^/old/(.*)/(.*)$", "/n/$2/$1"), "/old/a%2Fb/c%2fd", 0,
      "/n/c%2fd/a%2Fb" },
    { MATCH("^/old/(.*)$", "/n?x=$1#$1"), "/old/a%2Fb", 0,
      "/n?x=a%2Fb#a%2Fb" },
    { MATCH("^/old/(.*)$", "/n?x=$1"), "/old/a%252Fb", 0, "/n?x=a%252Fb" },
    { MATCH("^/old/(.*)$", "/n/$1"), "/old/a%2Fb%20c", TR_PATH_DECODE_SLASHES,
      "/n/a/b%20c" },
    { TO("/n/%{group.v} host=~(?<v>w+)"), "/old/a%2Fb", 0, "/n/www/a%2Fb" },
    { MATCH("^/old/(.*)$", "/n/%{group.v}/$1 host=~(?<v>w+)"), "/old/a%2Fb", 0,
      "/n/www/a%2Fb" },
    { TO("/new"), "/old//x", 0, "/new//x" },
    { TO("/new/"), "/old//x", 0, "/new//x" },
    { TO("/"), "/old//evil.example", 0, UNSAFE },
    { TO("/"), "/old/%2Fevil.example", TR_PATH_DECODE_SLASHES,
      "/%2Fevil.example" },
    { TO("https://h.example/"), "/old//x", 0, "https://h.example//x" },
    { "TempRedirect / %{tail}", "//evil.example", 0, UNSAFE },
    { "TempRedirect / %{path}", "//evil.example", 0, UNSAFE },
    { "TempRedirectMatch ^(.*)x$ $1", "//evil.examplex", 0, UNSAFE },
};

START_TEST(slashes_in_the_tail_follow_the_servers_settings)
{
    int i;

    for (i = 0; i < ROWS(slashes); ++i) {
        fake_t *fake = fake_request("/", NULL);
        row_t row = { slashes[i].rule, slashes[i].path, slashes[i].location,
                      { 0 } };

        fake_path(fake, slashes[i].path, slashes[i].flags);
        check_row(&row, fake);
    }
}
END_TEST

/* A path of n bytes: "/old/xxx". */
static const char *path_of(apr_size_t n)
{
    char *path = apr_palloc(pool, n + 1);

    memset(path, 'x', n);
    memcpy(path, "/old/", 5);
    path[n] = '\0';
    return path;
}

static const struct {
    const char *rule;
    apr_size_t path; /* its length */
    apr_size_t location;
} lengths[] = {
    { TO("/new"), 8190, 8190 },
    { TO("/new"), 8191, 0 },
    { TO("/new"), 20000, 0 },
    { TO("https://h.example/"), 8190 - 13, 8190 },
    { TO("https://h.example/"), 8190 - 12, 0 },
    { TO("/n?q=%{path} tail=drop"), 8190 - 9, 8190 },
    { TO("/n?q=%{path} tail=drop"), 8190 - 8, 0 },
    { TO("/n#%{path} tail=drop"), 8190, 0 },
    { MATCH("^/old(.*)", "$1"), 8194, 8190 },
    { MATCH("^/old(.*)", "$1"), 8195, 0 },
    { MATCH("^/old/x(.*)", "/$1"), 8195, 8190 },
    { MATCH("^/old/x(.*)", "/$1"), 8196, 0 },
    { MATCH("^/old/x(.*)", "https://h.example$1"), 9000, 0 },
};

START_TEST(a_location_is_at_most_8190_bytes)
{
    int i;

    for (i = 0; i < ROWS(lengths); ++i) {
        tr_location_t location = { .url = { "untouched", 9 } };
        tr_reason_t reason = fake_render(&location, fake_rule(lengths[i].rule),
                                         fake_request(path_of(lengths[i].path),
                                                      NULL));

        ck_assert_msg(reason == (lengths[i].location ? TR_OK : TR_TOO_LONG),
                      "row %d: %s", i, fake_reason(reason));
        if (lengths[i].location) {
            ck_assert_uint_eq(location.url.n, lengths[i].location);
        }
        else {
            check_text("a failure fills nothing", location.url, "untouched");
        }
    }
}
END_TEST

START_TEST(a_query_beyond_the_limit_makes_no_location)
{
    const char *request = apr_pstrcat(pool, "/old?", path_of(8190), NULL);
    tr_location_t location;

    ck_assert_int_eq(fake_render(&location, fake_rule(TO("/n")),
                                 fake_request(request, NULL)),
                     TR_TOO_LONG);
}
END_TEST

START_TEST(values_beyond_the_limit_make_no_location)
{
    static const fake_facts_t facts = {
        "header.X=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
    };
    const char *rule = apr_pstrcat(pool, TO("https://h.example"),
                                   path_of(8100),
                                   "%{header.X}%{header.X}", NULL);
    tr_location_t location;

    ck_assert_int_eq(fake_render(&location, fake_rule(rule),
                                 fake_request("/old", facts)),
                     TR_TOO_LONG);
}
END_TEST

static const struct {
    const char *rule;
    const char *scheme;
    const char *host;
    int port;
    const char *path;
} origins[] = {
    { TO("/new?x"), NULL, NULL, 0, "/new?x" },
    { TO("https://H.example/new"), "https", "H.example", 443, "/new" },
    { TO("HTTP://h.example"), "http", "h.example", 80, "/" },
    { TO("http://h.example:8080/a"), "http", "h.example", 8080, "/a" },
    { TO("wss://h.example/a"), "wss", "h.example", 0, "/a" },
    { TO("https://[2001:db8::1]:81/a"), "https", "[2001:db8::1]", 81, "/a" },
    { TO("https://%{host}:%{port}/a"), "https", "[::2]", 8443, "/a" },
    { TO("https://h.example:%{port}/a"), "https", "h.example", 8443, "/a" },
    { TO("http:"), "http", "[::2]", 80, "/old" },
};

START_TEST(a_location_knows_its_parts)
{
    static const fake_facts_t facts = { "host=::2", "port=8443" };
    int i;

    for (i = 0; i < ROWS(origins); ++i) {
        const char *rule = origins[i].rule;
        tr_location_t location;

        ck_assert_int_eq(fake_render(&location, fake_rule(rule),
                                     fake_request("/old", facts)), TR_OK);
        check_message(rule, location.scheme, origins[i].scheme);
        check_text(rule, location.host, origins[i].host);
        ck_assert_msg(location.port == origins[i].port, "%s: port %d", rule,
                      location.port);
        check_text(rule, tr_slice_from(location.url, location.path),
                   origins[i].path);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("tr_target_render");
    TCase *tests = unit_case(suite, "render");

    tcase_add_test(tests, the_tail_is_joined_with_exactly_one_slash);
    tcase_add_test(tests, a_value_is_encoded_for_its_place);
    tcase_add_test(tests, a_group_is_filled_in);
    tcase_add_test(tests, a_group_of_a_condition_is_filled_in_as_a_value);
    tcase_add_test(tests, no_value_leads_elsewhere);
    tcase_add_test(tests, only_a_known_host_is_filled_in);
    tcase_add_test(tests, without_allowed_hosts_no_value_becomes_one);
    tcase_add_test(tests, the_query_follows_args);
    tcase_add_test(tests, slashes_in_the_tail_follow_the_servers_settings);
    tcase_add_test(tests, a_location_is_at_most_8190_bytes);
    tcase_add_test(tests, a_query_beyond_the_limit_makes_no_location);
    tcase_add_test(tests, values_beyond_the_limit_make_no_location);
    tcase_add_test(tests, a_location_knows_its_parts);
    return unit_main(suite);
}

/* Licensed under the Apache License, Version 2.0; see LICENSE. */
#include <apr_strings.h>

#include "decisions.h"

/* ---- where a pool sends to ---- */

/* "choose.py shop alice a=1 b=1": b; carol: a */
#define SHOP "TempRedirectPool shop key=header.K"
#define TO "TempRedirectMember shop "
#define A TO "/a id=a"
#define B TO "/b id=b"
#define X "TempRedirect /x pool:shop id=X"
#define N "TempRedirect /x /n id=N"
#define ALICE "header.K=alice"
#define CAROL "header.K=carol"

static const row_t targets[] = {
    { { SHOP, A, B, X }, "/x", "X[b] /b", { ALICE } },
    { { SHOP, A, B, X }, "/x", "X[a] /a", { CAROL } },
    { { SHOP, A, B, X, N }, "/x", "X[b] /b", { ALICE } },
    { { SHOP, A, B, N, X }, "/x", "N /n", { ALICE } },
    { { SHOP, A, B, X }, "/y", "nothing", { ALICE } },

    /* with tail and query, as any target */
    { { SHOP, A, B, X }, "/x/y%2Fz;p=1/?q=%20", "X[b] /b/y%2Fz;p=1/?q=%20",
      { ALICE } },
    { { SHOP, A, B, X }, "/x/y?q", "X[a] /a/y?q", { CAROL } },
    { { SHOP, A, B, X " tail=drop" }, "/x/y?q", "X[b] /b?q", { ALICE } },
    { { SHOP, A, B, X " match=exact" }, "/x/y", "nothing", { ALICE } },
    { { SHOP, A, B, X " case=ignore" }, "/X/y", "X[b] /b/y", { ALICE } },
    { { SHOP, A, B, "TempRedirect pool:shop id=P" }, "/x/y", "P[b] /b",
      { ALICE } },
    { { SHOP, A, B, X " args=drop" }, "/x?q", "X[b] /b", { ALICE } },
    { { SHOP, A, B, X " args=only:p" }, "/x?q=1&p=2", "X[b] /b?p=2",
      { ALICE } },
    { { SHOP, A, TO "/b?m=1 id=b", X }, "/x/y?q=1", "X[b] /b/y?m=1",
      { ALICE } },
    { { SHOP, A, TO "/b?m=1 id=b", X }, "/x/y?q=1", "X[a] /a/y?q=1",
      { CAROL } },
    { { SHOP, A, TO "/b?m=1#f id=b", X " args=merge" }, "/x/y?q=1&m=2",
      "X[b] /b/y?m=1&q=1#f", { ALICE } },
    { { SHOP, A, TO "https://b.example/ id=b", X }, "/x/y?q",
      "X[b] https://b.example/y?q", { ALICE } },

    /* attributes */
    { { SHOP, A, TO "/b%{tail}.html id=b", X }, "/x/y", "X[b] /b/y.html",
      { ALICE } },
    { { SHOP, A, TO "/b%{tail}.html id=b", X }, "/x", "X[b] /b.html",
      { ALICE } },
    { { SHOP, A, TO "/b?from=%{tail} id=b", X }, "/x/y",
      "X[b] /b/y?from=%2Fy", { ALICE } },
    { { SHOP, A, TO "/b%{path} id=b", X " tail=drop" }, "/x/y",
      "X[b] /b/x/y", { ALICE } },
    { { SHOP, A, TO "/b/%{header.V}/c id=b", X }, "/x/y", "X[b] /b/1%2F2/c/y",
      { ALICE, "header.V=1/2" } },
    { { SHOP, A, TO "https://%{host}/b id=b", X }, "/x/y",
      "X[b] https://www.example.org/b/y", { ALICE } },

    /* a scheme alone */
    { { SHOP, A, TO "https: id=b", X }, "/x/y?q",
      "X[b] https://www.example.org/x/y?q",
      { ALICE, "scheme=http", "port=80" } },
    { { SHOP, A, TO "https: id=b", X }, "/x/y?q", "X[a] /a/y?q",
      { CAROL, "scheme=http", "port=80" } },
    { { SHOP, A, TO "http: id=b", X }, "/x", "X[b] http://www.example.org/x",
      { ALICE } },

    /* those who stay */
    { { SHOP, A, TO "! id=b", X, N }, "/x/y", "X[b] stays", { ALICE } },
    { { SHOP, A, TO "! id=b", X, N }, "/x/y", "X[a] /a/y", { CAROL } },
    { { SHOP, TO "!", X, N }, "/x", "X[!] stays", { ALICE } },

    /* cookies */
    { { "TempRedirectPool shop key=header.K sticky=arm", A, B, X }, "/x",
      "X[b+] /b", { ALICE } },
    { { "TempRedirectPool shop key=header.K sticky=arm", A, B, X }, "/x",
      "X[a] /a", { ALICE, "header.Cookie=arm=a" } },
    { { "TempRedirectPool shop key=header.K sticky=arm", A, TO "! id=b", X },
      "/x", "X[b+] stays", { ALICE } },

    /* several rules, several pools */
    { { SHOP, A, B, "TempRedirectPool one", "TempRedirectMember one /1 id=1",
        "TempRedirect /x/y pool:one id=ONE", X }, "/x/y/z",
      "ONE[1] /1/z", { ALICE } },
    { { SHOP, A, B, "TempRedirectPool one", "TempRedirectMember one /1 id=1",
        "TempRedirect /x/y pool:one id=ONE", X }, "/x/z", "X[b] /b/z",
      { ALICE } },
    { { SHOP, A, B, "TempRedirect /y pool:shop id=Y", X }, "/y/x",
      "Y[b] /b/x", { ALICE } },
};

START_TEST(a_rule_with_a_pool_sends_to_the_member_that_it_chose)
{
    check_rows(targets, ROWS(targets));
}
END_TEST

/* ---- groups ---- */

#define MATCH(regex) "TempRedirectMatch " regex " pool:shop id=X"

static const row_t groups[] = {
    { { SHOP, A, TO "/b/$2/$1 id=b", MATCH("^/x/(.)(.)$") }, "/x/12?q",
      "X[b] /b/2/1?q", { ALICE } },
    { { SHOP, A, TO "/b/$2/$1 id=b", MATCH("^/x/(.)(.)$") }, "/x/12",
      "X[a] /a", { CAROL } },
    { { SHOP, TO "/a/$1 id=a", TO "/b/$1 id=b", MATCH("^/x/(.*)$") },
      "/x/y/z", "X[a] /a/y/z", { CAROL } },
    { { SHOP, A, TO "/b$0 id=b", MATCH("^/x/.") }, "/x/12", "X[b] /b/x/1",
      { ALICE } },
    { { SHOP, A, TO "$1/b id=b", MATCH("^/x(/.*)$") }, "/x/1", "X[b] /1/b",
      { ALICE } },
    { { SHOP, A, TO "https://h.example$1 id=b", MATCH("^/x(/.*)$") }, "/x/1",
      "X[b] https://h.example/1", { ALICE } },
    { { SHOP, A, TO "/b?n=%{group.n} id=b", MATCH("^/x/(?<n>.*)$") }, "/x/1&2",
      "X[b] /b?n=1%262", { ALICE } },

    /* of conditions, whichever */
    { { SHOP, A, TO "/b/%{group.n} id=b", X " header.H=~^(?<n>.)" }, "/x/y",
      "X[b] /b/1/y", { ALICE, "header.H=12" } },
    { { SHOP, A, TO "/b/%{group.n} id=b", X " header.H=~^(?<n>.)" }, "/x/y",
      "X[a] /a/y", { CAROL, "header.H=12" } },
    { { SHOP, A, TO "/b/%{group.n}/%{group.m} id=b",
        X " header.H=~^(?<n>.) header.I=~(?<m>.)$" }, "/x",
      "X[b] /b/1/4", { ALICE, "header.H=12", "header.I=34" } },
    { { SHOP, TO "/a/%{group.m} id=a", B,
        X " header.H=~^(?<n>.) header.I=~(?<m>.)$" }, "/x",
      "X[a] /a/4", { CAROL, "header.H=12", "header.I=34" } },
    { { SHOP, A, TO "/b/$1/%{group.n}/%{group.o} id=b",
        MATCH("^/x/(?<o>.)") " header.H=~^(?<n>.)" }, "/x/9",
      "X[b] /b/9/1/9", { ALICE, "header.H=12" } },

    /* each rule knows its own */
    { { SHOP, A, TO "/b/%{group.n} id=b",
        "TempRedirectMatch ^/x/(?<n>.) pool:shop id=R",
        "TempRedirect /y pool:shop header.H=~(?<n>.)$ id=Y" }, "/x/1",
      "R[b] /b/1", { ALICE, "header.H=12" } },
    { { SHOP, A, TO "/b/%{group.n} id=b",
        "TempRedirectMatch ^/x/(?<n>.) pool:shop id=R",
        "TempRedirect /y pool:shop header.H=~(?<n>.)$ id=Y" }, "/y/1",
      "Y[b] /b/2/1", { ALICE, "header.H=12" } },
};

START_TEST(a_member_names_groups_of_the_rule_that_sends_to_it)
{
    check_rows(groups, ROWS(groups));
}
END_TEST

/* ---- failing on the way ---- */

#define NEEDY TO "/b/%{header.V} id=b"

static const row_t failures[] = {
    { { SHOP, A, NEEDY, X, N }, "/x", "N /n; X TR_NO_VALUE", { ALICE } },
    { { SHOP, A, NEEDY, X, N }, "/x", "X[a] /a", { CAROL } },
    { { SHOP, A, NEEDY, X, N }, "/x", "N /n; X TR_UNSAFE",
      { ALICE, "header.V=.." } },
    { { SHOP, A, NEEDY, X }, "/x", "nothing; X TR_NO_VALUE", { ALICE } },
    { { SHOP, A, NEEDY, X, X, N }, "/x",
      "N /n; X TR_NO_VALUE,X TR_NO_VALUE", { ALICE } },
    { { SHOP, A, NEEDY, X, "TempRedirect /x ! id=S", N }, "/x",
      "S stays; X TR_NO_VALUE", { ALICE } },
    { { SHOP, A, TO "https://%{header.V}/ id=b", X, N }, "/x",
      "N /n; X TR_FOREIGN_HOST", { ALICE, "header.V=evil.example" } },
    { { SHOP, A, TO "https: id=b", X, N }, "/x", "N /n; X TR_UNKNOWN_HOST",
      { ALICE, "unknown", "scheme=http" } },

    /* nobody is there */
    { { SHOP, TO "/b weight=0", TO "/a until=2026-01-01T12:00Z", X, N }, "/x",
      "N /n; X TR_NO_MEMBER", { ALICE, "now=2026-12-01T12:00Z" } },
    { { SHOP, TO "/b weight=0", TO "/a until=2026-01-01T12:00Z id=a", X, N },
      "/x", "X[a] /a", { ALICE, "now=2025-12-01T12:00Z" } },
    { { SHOP, TO "! from=2026-01-01T12:00Z", X, N }, "/x",
      "N /n; X TR_NO_MEMBER", { ALICE, "now=2025-12-01T12:00Z" } },

    /* nobody knows the key */
    { { "TempRedirectPool shop key=form.f", A, X, N }, "/x",
      "N /n; X TR_BODY_LONG", { "form=f=1", "long" } },
    { { "TempRedirectPool shop key=form.f", A, X, N }, "/x",
      "N /n; X TR_BODY_UNTYPED", { 0 } },
    { { "TempRedirectPool shop key=form.f", A, X, N }, "/x", "X[a] /a",
      { "form=f=1" } },

    /* conditions are asked before anybody chooses */
    { { "TempRedirectPool shop key=form.f", A, X " header.H", N }, "/x",
      "N /n", { 0 } },
};

START_TEST(a_choice_that_fails_leaves_the_request_to_the_next_rule)
{
    check_rows(failures, ROWS(failures));
}
END_TEST

/* ---- who has come to a member stays there ---- */

#define IN_A TO "/x/a id=a"
#define IN_B TO "/x/b id=b"
#define ON "https://www.example.org"

static const row_t there[] = {
    { { SHOP, IN_A, IN_B, X, N }, "/x/1", "X[b] /x/b/1", { ALICE } },
    { { SHOP, IN_A, IN_B, X, N }, "/x/ab", "X[b] /x/b/ab", { ALICE } },
    { { SHOP, IN_A, IN_B, X, N }, "/x/1", "X[a] /x/a/1", { CAROL } },
    { { SHOP, IN_A, IN_B, X, N }, "/x/b/1", "N /n/b/1; X TR_SELF", { ALICE } },
    /* at another one than the key says, too */
    { { SHOP, IN_A, IN_B, X, N }, "/x/a", "N /n/a; X TR_SELF", { ALICE } },
    { { SHOP, IN_A, IN_B, X, N }, "/x/a/1?q", "N /n/a/1?q; X TR_SELF",
      { ALICE } },
    { { SHOP, IN_A, IN_B, X, N }, "/x/b", "N /n/b; X TR_SELF", { CAROL } },
    { { SHOP, IN_A, B, X, N }, "/x/a", "N /n/a; X TR_SELF", { ALICE } },
    { { SHOP, A, IN_B, X, N }, "/x/b", "N /n/b; X TR_SELF", { CAROL } },
    { { SHOP, IN_A, B, X, N }, "/x/1", "X[b] /b/1", { ALICE } },
    { { SHOP, TO "/a id=c", IN_A " weight=0", B " weight=5", X }, "/x/a/1",
      "nothing; X TR_SELF", { ALICE } },
    { { SHOP, IN_A " from=2026-12-01T22:00Z", B, X }, "/x/a/1",
      "nothing; X TR_SELF", { ALICE, "now=2026-12-01T12:00Z" } },
    { { SHOP, IN_A, TO "! id=b", X, N }, "/x/a/1", "N /n/a/1; X TR_SELF",
      { ALICE } },
    { { SHOP, IN_A, IN_B, X " tail=drop", N }, "/x/a/1",
      "N /n/a/1; X TR_SELF", { ALICE } },
    { { "TempRedirectPool shop sticky=arm", IN_A, IN_B, X }, "/x/a",
      "nothing; X TR_SELF", { "header.Cookie=arm=b" } },

    /* of all requests, and of regexes */
    { { SHOP, A, B, "TempRedirect / pool:shop tail=drop id=X" }, "/a",
      "nothing; X TR_SELF", { ALICE } },
    { { SHOP, A, B, "TempRedirect / pool:shop tail=drop id=X" }, "/ab",
      "X[b] /b", { ALICE } },
    { { SHOP, A, B, "TempRedirect pool:shop id=X" }, "/a/1",
      "nothing; X TR_SELF", { ALICE } },
    { { SHOP, TO "/x/a/$1 id=a", TO "/x/b/$1 id=b", MATCH("^/x/(.*)$") },
      "/x/1", "X[b] /x/b/1", { ALICE } },
    { { SHOP, TO "/x/a/$1 id=a", TO "/x/b/$1 id=b", MATCH("^/x/(.*)$") },
      "/x/a/1", "nothing; X TR_SELF", { ALICE } },

    /* outside of the pattern nobody is at any */
    { { SHOP, A, B, X }, "/x/a", "X[b] /b/a", { ALICE } },

    /* absolute ones, where they are the request's own origin */
    { { SHOP, TO ON "/x/a id=a", B, X }, "/x/a/1", "nothing; X TR_SELF",
      { ALICE } },
    { { SHOP, TO ON "/x/a id=a", B, X }, "/x/1", "X[b] /b/1", { ALICE } },
    { { SHOP, TO ON "/x/a id=a", B, X }, "/x/a/1", "X[b] /b/a/1",
      { ALICE, "port=8443" } },
    { { SHOP, TO ON "/x/a id=a", B, X }, "/x/a/1", "X[b] /b/a/1",
      { ALICE, "host=h.example" } },
    { { SHOP, TO "http://www.example.org/x/a id=a", B, X }, "/x/a/1",
      "X[b] /b/a/1", { ALICE } },
    { { SHOP, TO "https://%{host}/x/a id=a", B, X }, "/x/a/1",
      "nothing; X TR_SELF", { ALICE } },

    /* where the base is filled */
    { { SHOP, TO "/x/%{header.V} id=a", B, X }, "/x/1", "X[b] /b/1",
      { ALICE } },
    { { SHOP, TO "/x/%{header.V} id=a", B, X }, "/x/1/2", "X[b] /b/1/2",
      { ALICE, "header.V=2" } },
    { { SHOP, TO "/x/%{header.V} id=a", B, X }, "/x/1/2",
      "nothing; X TR_SELF", { ALICE, "header.V=1" } },
    { { SHOP, TO ON "/x/%{header.V} id=a", B, X }, "/x/1/2",
      "nothing; X TR_SELF", { ALICE, "header.V=1" } },
    { { SHOP, TO "/x/%{group.n} id=a", B, X " header.V=~(?<n>.)" }, "/x/1/2",
      "nothing; X TR_SELF", { ALICE, "header.V=1" } },
    { { SHOP, TO "/x/%{group.n} id=a", B, X " header.V=~(?<n>.)" }, "/x/1/2",
      "X[b] /b/1/2", { ALICE, "header.V=2" } },

    /* a scheme that the request has, on whichever port */
    { { SHOP, A, TO "https: id=b", X, N }, "/x/y", "N /n/y; X TR_SELF",
      { ALICE } },
    { { SHOP, A, TO "https: id=b", X, N }, "/x/y", "N /n/y; X TR_SELF",
      { CAROL, "port=8443" } },
    { { SHOP, TO "http: id=a", TO "https: id=b", X }, "/x",
      "nothing; X TR_SELF", { CAROL } },
    { { SHOP, TO ON "/x/a id=a", B, X }, "/x/a", "nothing; X TR_SELF",
      { ALICE } },
    { { SHOP, TO "https://[::1]/x/a id=a", B, X }, "/x/a",
      "nothing; X TR_SELF", { ALICE, "host=::1" } },
    { { SHOP, TO "https://WWW.Example.org/x/a id=a", B, X }, "/x/a",
      "nothing; X TR_SELF", { ALICE } },

    /* targets that repeat the path: as far apart as their hosts */
    { { SHOP, TO ON "%{path} id=a", TO "https://h.example%{path} id=b", X },
      "/x/1", "nothing; X TR_SELF", { ALICE } },
    { { SHOP, TO ON "%{path} id=a", TO "https://h.example%{path} id=b", X },
      "/x/1", "nothing; X TR_SELF", { ALICE, "host=h.example" } },
    { { SHOP, TO ON "%{path} id=a", TO "https://h.example%{path} id=b",
        X " tail=drop" },
      "/x/1?q", "X[b] https://h.example/x/1?q", { ALICE, "host=i.example" } },
    { { SHOP, TO ON "$1 id=a", TO "https://h.example$1 id=b",
        MATCH("^(/.*)$") }, "/x/1", "nothing; X TR_SELF", { ALICE } },

    /* the Location is the request's own */
    { { SHOP, A, TO "$1 id=b", MATCH("^(/.*)$"), N }, "/x/1",
      "N /n/1; X TR_SELF", { CAROL } },
    { { SHOP, A, TO "$1 id=b", MATCH("^(/.*)$"), N }, "/x/1",
      "N /n/1; X TR_SELF", { ALICE } },
};

START_TEST(who_is_at_any_member_is_not_sent_on)
{
    check_rows(there, ROWS(there));
}
END_TEST

/* ---- what a decision depends on ---- */

#define WINDOW "until=2026-12-01T22:00Z"

static const row_t depends[] = {
    { { SHOP, A, B, X }, "/x", "X[b] /b <K>", { ALICE } },
    { { SHOP, A, B, X }, "/y", "nothing <>", { ALICE } },
    { { SHOP, A, B, N, X }, "/x", "N /n <>", { ALICE } },
    { { SHOP, A, B, X " header.H", N }, "/x", "N /n <H>", { ALICE } },
    { { SHOP, A, B, X " header.H", N }, "/x", "X[b] /b <H, K>",
      { ALICE, "header.H=1" } },
    { { "TempRedirectPool shop", A, X }, "/x", "X[a] /a <random>", { 0 } },
    { { "TempRedirectPool shop", TO "!", X }, "/x", "X[!] stays <random>",
      { 0 } },
    { { SHOP, A, X }, "/x", "X[a] /a <K; random>", { 0 } },
    { { "TempRedirectPool shop key=client", A, X }, "/x", "X[a] /a <private>",
      { 0 } },
    { { SHOP, A, B " " WINDOW, X }, "/x", "X[a] /a <K; window>", { CAROL } },
    { { SHOP, A, TO "! id=b", X }, "/x", "X[b] stays <K>", { ALICE } },
    { { SHOP, A, B, X " vary=off" }, "/x", "X[b] /b <hidden K>", { ALICE } },

    /* also where it fails */
    { { SHOP, A " " WINDOW, X, N }, "/x",
      "N /n; X TR_NO_MEMBER <K; window>", { ALICE, "now=2027-01-01T12:00Z" } },
    { { SHOP, A, NEEDY, X, N }, "/x", "N /n; X TR_NO_VALUE <K, V>",
      { ALICE } },
    { { "TempRedirectPool shop sticky=arm", A, X, N }, "/x",
      "X[a] /a <Cookie; private>", { "header.Cookie=arm=a" } },

    /* what tells whether one is at a member, whichever is chosen */
    { { SHOP, A, TO "/x/%{header.V} id=b", X }, "/x/1", "X[a] /a/1 <K, V>",
      { CAROL } },
    { { SHOP, A, TO "/x/%{header.V} id=b", X }, "/x/1",
      "nothing; X TR_SELF <V>", { CAROL, "header.V=1" } },
    { { SHOP, A, TO "/b/%{header.V} id=b", X }, "/x/1", "X[a] /a/1 <K, V>",
      { CAROL, "header.V=1" } },
    { { SHOP, A, TO "/b?%{header.V} id=b", X }, "/x/1", "X[a] /a/1 <K>",
      { CAROL, "header.V=1" } },
    { { SHOP, A, TO "/x/b?%{header.V} id=b", X }, "/x/1", "X[a] /a/1 <K>",
      { CAROL, "header.V=1" } },
    { { SHOP, IN_A, B, X }, "/x/a", "nothing; X TR_SELF <>", { ALICE } },
};

START_TEST(a_decision_depends_on_what_its_pool_asked_for)
{
    check_rows_by(depend, depends, ROWS(depends));
}
END_TEST

/* ---- preflights and challenges ---- */

#define ACME "/.well-known/acme-challenge/"
#define ALL "TempRedirect / pool:shop id=ALL"

static const row_t exemptions[] = {
    { { SHOP, A, B, X }, "/x", "nothing <>", { ALICE, "preflight" } },
    { { SHOP, TO "!", X, N }, "/x", "nothing <>", { ALICE, "preflight" } },
    { { SHOP, IN_A, B, X }, "/x/a", "nothing <>", { ALICE, "preflight" } },
    { { SHOP, A, B, X " method=OPTIONS" }, "/x", "X[b] /b <K>",
      { ALICE, "preflight", "method=OPTIONS" } },
    { { SHOP, A, B, ALL }, ACME "t", "nothing <>", { ALICE } },
    { { SHOP, TO "!", ALL }, ACME "t", "nothing <>", { ALICE } },
    { { SHOP, A, B, ALL }, "/x", "ALL[b] /b/x <K>", { ALICE } },
    { { SHOP, A, B, "TempRedirect " ACME " pool:shop id=C" }, ACME "t",
      "C[b] /b/t <K>", { ALICE } },
};

START_TEST(preflights_and_challenges_pass_by_pools)
{
    check_rows_by(depend, exemptions, ROWS(exemptions));
}
END_TEST

/* ---- phases ---- */

#define EARLY X " phase=early"
#define STAYS TO "! id=b"

static const row_t earlies[] = {
    { { SHOP, A, B, EARLY }, "/x/1", "X[b] /b/1", { ALICE } },
    { { SHOP, A, STAYS, EARLY }, "/x", "X[b] stays", { ALICE } },
    { { SHOP, A, STAYS, EARLY, N " phase=early" }, "/x", "X[b] stays",
      { ALICE } },
    { { SHOP, A, STAYS, EARLY, N " phase=early" }, "/x", "X[a] /a",
      { CAROL } },
    { { SHOP, IN_A, B, EARLY }, "/x/a", "nothing; X TR_SELF", { ALICE } },
    { { "TempRedirectPool shop key=env.E", A, STAYS, EARLY }, "/x",
      "X[a] /a", { "env.E=carol" } },

    /* others are for later, those who stay, too */
    { { SHOP, A, B, X }, "/x", "nothing", { ALICE } },
    { { SHOP, A, STAYS, X, N " phase=early" }, "/x", "N /n", { ALICE } },
    { { SHOP, A, STAYS, X " phase=fixups", N " phase=early" }, "/x", "N /n",
      { ALICE } },

    { { SHOP, A, STAYS, EARLY " mode=dry" }, "/x", "nothing; X[b] dry !",
      { ALICE } },
    { { SHOP, A, STAYS, EARLY " mode=dry" }, "/x",
      "nothing; X[a] dry /a", { CAROL } },
};

START_TEST(an_early_pool_sends_away_early)
{
    check_rows_by(decide_early, earlies, ROWS(earlies));
}
END_TEST

static const row_t lates[] = {
    { { SHOP, A, B, EARLY }, "/x", "nothing", { ALICE } },
    { { SHOP, A, B, EARLY, N }, "/x", "N /n", { ALICE } },
    { { SHOP, A, STAYS, EARLY, N }, "/x", "N /n", { ALICE } },
    { { SHOP, A, STAYS, EARLY, N }, "/x", "N /n", { CAROL } },
    { { SHOP, IN_A, B, EARLY, N }, "/x/a", "N /n/a", { ALICE } },
    { { SHOP, A, STAYS, X, N }, "/x", "X[b] stays", { ALICE } },
    { { SHOP, A, STAYS, EARLY " mode=dry", N }, "/x", "N /n", { ALICE } },
    { { SHOP, A, STAYS, EARLY " mode=dry", N }, "/x", "N /n", { CAROL } },
};

START_TEST(and_chooses_no_more_late)
{
    check_rows(lates, ROWS(lates));
}
END_TEST

START_TEST(whom_an_early_pool_let_stay_stays_late)
{
    static const lines_t lines = { SHOP, A, STAYS, EARLY, N };
    static const lines_t behind = { SHOP, A, STAYS, EARLY, N, EARLY };
    static const char *const facts[] = { ALICE, NULL };
    tr_section_t *section = section_of(lines);
    fake_t *fake = fake_request("/x", facts);
    tr_decision_t decision = { 0 };

    ck_assert_int_eq(tr_decide(&decision, section, &fake->view, TR_PHASE_EARLY,
                               pool),
                     TR_STAY);
    ck_assert_str_eq(decision.choice.member->runner.id, "b");
    decision.stays = decision.rule;
    decision.rule = NULL;
    ck_assert_int_eq(tr_decide(&decision, section, &fake->view,
                               TR_PHASE_FIXUPS, pool),
                     TR_STAY);
    ck_assert_ptr_eq(decision.rule, decision.stays);
    ck_assert_ptr_null(decision.choice.pool); /* is told of once */

    /* before rules behind it only */
    section = section_of(behind);
    decision.stays = APR_ARRAY_IDX(section->rules, 2, const tr_rule_t *);
    ck_assert_int_eq(tr_decide(&decision, section, &fake->view,
                               TR_PHASE_FIXUPS, pool),
                     TR_REDIRECT);
    ck_assert_str_eq(decision.rule->id, "N");
}
END_TEST

/* ---- dry rules ---- */

#define DRY X " mode=dry"
#define DRY_N "TempRedirect /x /d mode=dry id=D"

static const row_t dries[] = {
    { { SHOP, A, B, DRY, N }, "/x", "N /n; X[b] dry /b <> dry=X[b]",
      { ALICE } },
    { { SHOP, A, B, DRY }, "/x/1", "nothing; X[a] dry /a/1 <> dry=X[a]",
      { CAROL } },
    { { SHOP, A, STAYS, DRY, N }, "/x", "N /n; X[b] dry ! <> dry=X[b]",
      { ALICE } },
    { { "TempRedirectPool shop key=header.K sticky=arm:1d", A,
        B " from=2025-01-01T12:00Z", DRY }, "/x",
      "nothing; X[b] dry /b <> dry=X[b+]",
      { ALICE, "now=2026-12-01T12:00Z" } },
    { { "TempRedirectPool shop", A, DRY }, "/x",
      "nothing; X[a] dry /a <> dry=X[a]", { 0 } },
    { { SHOP, A, NEEDY, DRY, N }, "/x", "N /n; X TR_NO_VALUE <>", { ALICE } },
    { { SHOP, IN_A, B, DRY, N }, "/x/a", "N /n/a; X TR_SELF <>", { ALICE } },
    { { SHOP, A " weight=0", DRY, N }, "/x", "N /n; X TR_NO_MEMBER <>",
      { ALICE } },

    /* the first of several */
    { { SHOP, A, B, DRY, DRY_N, N }, "/x",
      "N /n; X[b] dry /b,D dry /d <> dry=X[b]", { ALICE } },
    { { SHOP, A, B, DRY_N, DRY, N }, "/x",
      "N /n; D dry /d,X[b] dry /b <> dry=D", { ALICE } },
    { { SHOP, A, B, DRY, "TempRedirect /x pool:shop id=Y" }, "/x",
      "Y[b] /b; X[b] dry /b <K> dry=X[b]", { ALICE } },
    /* a plain one has no choice, whatever a pool before it chose */
    { { SHOP, A, NEEDY, X, DRY_N }, "/x",
      "nothing; X TR_NO_VALUE,D dry /d <K, V> dry=D", { ALICE } },
    { { SHOP, A, STAYS, DRY, DRY_N }, "/x",
      "nothing; X[b] dry !,D dry /d <> dry=X[b]", { ALICE } },
};

START_TEST(a_dry_pool_says_whom_it_would_have_chosen)
{
    check_rows_by(depend, dries, ROWS(dries));
}
END_TEST

/* ---- the choice of a decision ---- */

START_TEST(a_choice_is_that_of_the_rule_that_won)
{
    static const lines_t pools = { SHOP, A, B, X };
    static const lines_t plain = { N };
    static const lines_t stays = { "TempRedirect /x !" };
    static const char *const facts[] = { ALICE, NULL };
    fake_t *fake = fake_request("/x", facts);
    tr_decision_t decision = { 0 };

    ck_assert_int_eq(tr_decide(&decision, section_of(pools), &fake->view,
                               TR_PHASE_FIXUPS, pool),
                     TR_REDIRECT);
    ck_assert_str_eq(decision.choice.member->runner.id, "b");
    ck_assert_str_eq(decision.choice.pool->name, "shop");
    ck_assert_int_eq(decision.choice.at, 1);
    ck_assert_int_eq(tr_decide(&decision, section_of(plain), &fake->view,
                               TR_PHASE_FIXUPS, pool),
                     TR_REDIRECT);
    ck_assert_ptr_null(decision.choice.pool);
    ck_assert_int_eq(decision.choice.is_new, 0);
    decision.choice.is_new = 1;
    ck_assert_int_eq(tr_decide(&decision, section_of(stays), &fake->view,
                               TR_PHASE_FIXUPS, pool),
                     TR_STAY);
    ck_assert_int_eq(decision.choice.is_new, 0);
}
END_TEST

START_TEST(a_pool_that_has_chosen_earlier_chooses_the_same)
{
    static const lines_t lines = { SHOP, A, B, X };
    static const char *const facts[] = { ALICE, NULL };
    tr_section_t *section = section_of(lines);
    const tr_rule_t *rule = APR_ARRAY_IDX(section->rules, 0,
                                          const tr_rule_t *);
    fake_t *fake = fake_request("/x", facts);
    tr_decision_t decision = { 0 };

    decision.earlier.pool = rule->pool;
    decision.earlier.member = APR_ARRAY_IDX(rule->pool->members, 0,
                                            const tr_member_t *);
    ck_assert_int_eq(tr_decide(&decision, section, &fake->view,
                               TR_PHASE_FIXUPS, pool),
                     TR_REDIRECT);
    ck_assert_str_eq(decision.choice.member->runner.id, "a"); /* not "b" */
    check_text("location", decision.location.url, "/a");
}
END_TEST

START_TEST(what_a_pool_does_not_concern_allocates_nothing)
{
    static const lines_t lines = { SHOP, A, B, X };
    fake_t *fake = fake_request("/y", NULL);
    tr_decision_t decision = { 0 };

    ck_assert_int_eq(tr_decide(&decision, section_of(lines), &fake->view,
                               TR_PHASE_FIXUPS, NULL),
                     TR_NOT_CONCERNED);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("tr_decide_pools");
    TCase *tests = unit_case(suite, "pools");

    tcase_add_test(tests, a_rule_with_a_pool_sends_to_the_member_that_it_chose);
    tcase_add_test(tests, a_member_names_groups_of_the_rule_that_sends_to_it);
    tcase_add_test(tests,
                   a_choice_that_fails_leaves_the_request_to_the_next_rule);
    tcase_add_test(tests, who_is_at_any_member_is_not_sent_on);
    tcase_add_test(tests, a_decision_depends_on_what_its_pool_asked_for);
    tcase_add_test(tests, preflights_and_challenges_pass_by_pools);
    tcase_add_test(tests, an_early_pool_sends_away_early);
    tcase_add_test(tests, and_chooses_no_more_late);
    tcase_add_test(tests, whom_an_early_pool_let_stay_stays_late);
    tcase_add_test(tests, a_dry_pool_says_whom_it_would_have_chosen);
    tcase_add_test(tests, a_choice_is_that_of_the_rule_that_won);
    tcase_add_test(tests, a_pool_that_has_chosen_earlier_chooses_the_same);
    tcase_add_test(tests, what_a_pool_does_not_concern_allocates_nothing);
    return unit_main(suite);
}

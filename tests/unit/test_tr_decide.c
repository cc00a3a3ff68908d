/* Licensed under the Apache License, Version 2.0; see LICENSE. */
#include <apr_strings.h>

#include "decisions.h"
#include "random_rules.h"

/* ---- which rule wins ---- */

#define A "TempRedirect /a /x id=A"
#define B "TempRedirect /a/b /y id=B"
#define STAY "TempRedirect /a/b ! id=STAY"
#define ALL "TempRedirect / https://h.example/ id=ALL"
#define OPTIONS "TempRedirect /a /o method=OPTIONS id=OPTIONS"
#define REGEX "TempRedirectMatch ^/a/(.*)$ /z/$1 id=REGEX"
#define HEADER "TempRedirect /a /n/%{header.X} id=HEADER"

static const row_t winners[] = {
    /* the order written, not the length */
    { { A, B }, "/a/b/c", "A /x/b/c", { 0 } },
    { { B, A }, "/a/b/c", "B /y/c", { 0 } },
    { { B, A }, "/a/c", "A /x/c", { 0 } },
    { { ALL, A }, "/a", "ALL https://h.example/a", { 0 } },
    { { A, ALL }, "/b?q", "ALL https://h.example/b?q", { 0 } },
    { { REGEX, A }, "/a/b", "REGEX /z/b", { 0 } },
    { { A, REGEX }, "/a/b", "A /x/b", { 0 } },
    { { REGEX, A }, "/a", "A /x", { 0 } },
    { { A, B }, "/b", "nothing", { 0 } },
    { { A }, "/ab", "nothing", { 0 } },

    /* '!' ends the search */
    { { STAY, A }, "/a/b/c", "STAY stays", { 0 } },
    { { STAY, A }, "/a/c", "A /x/c", { 0 } },
    { { A, STAY }, "/a/b/c", "A /x/b/c", { 0 } },
    { { "TempRedirectMatch \\.png$ ! id=PNG", ALL }, "/x.png", "PNG stays",
      { 0 } },
    { { "TempRedirect ! id=NONE", ALL }, "/x", "NONE stays", { 0 } },
};

START_TEST(the_first_rule_that_holds_wins)
{
    check_rows(winners, ROWS(winners));
}
END_TEST

/* ---- failing on the way ---- */

static const row_t failures[] = {
    { { HEADER, A }, "/a", "HEADER /n/v", { "header.X=v" } },
    { { HEADER, A }, "/a", "A /x; HEADER TR_NO_VALUE", { 0 } },
    { { HEADER, A }, "/a", "A /x; HEADER TR_UNSAFE", { "header.X=.." } },
    { { HEADER, STAY, A }, "/a/b", "STAY stays; HEADER TR_NO_VALUE", { 0 } },
    { { HEADER }, "/a", "nothing; HEADER TR_NO_VALUE", { 0 } },
    { { HEADER }, "/b", "nothing", { 0 } },
    { { HEADER, HEADER, A }, "/a",
      "A /x; HEADER TR_NO_VALUE,HEADER TR_NO_VALUE", { 0 } },
    { { "TempRedirect https: id=HTTPS", A }, "/a",
      "A /x; HTTPS TR_UNKNOWN_HOST", { "unknown", "scheme=http", "port=80" } },
    { { "TempRedirect https: id=HTTPS", A }, "/a", "A /x; HTTPS TR_SELF",
      { 0 } },
    { { "TempRedirect https: id=HTTPS", A }, "/a", "A /x; HTTPS TR_SELF",
      { "unknown", "port=8443" } },
    { { "TempRedirect https: header.X id=HTTPS", A }, "/a",
      "A /x; HTTPS TR_SELF", { 0 } },
    { { "TempRedirect /a https://%{header.X}/ id=HOST", A }, "/a",
      "A /x; HOST TR_FOREIGN_HOST", { "header.X=evil.example" } },
    { { "TempRedirectMatch ^/(a+)+$ /b id=SLOW", A },
      "/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!",
      "nothing; SLOW TR_LIMIT", { 0 } },
    /* before what else would be said of it */
    { { "TempRedirectMatch ^/(a+)+$ https://%{host}/ header.X id=SLOW" },
      "/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!",
      "nothing; SLOW TR_LIMIT", { 0 } },
    { { "TempRedirect /a /a/b id=INNER", A }, "/a/x", "INNER /a/b/x", { 0 } },
    { { "TempRedirect /a /a/b id=INNER", A }, "/a/b/x",
      "A /x/b/x; INNER TR_SELF", { 0 } },
    { { "TempRedirect / /wait tail=drop id=WAIT" }, "/wait",
      "nothing; WAIT TR_SELF", { 0 } },

    /* groups are those of the rule's own regex */
    { { "TempRedirectMatch ^/(a)/(b)/(c)$ /n/%{header.X} id=ABC",
        "TempRedirectMatch ^/a(/x)?.*$ /n/1$1 id=ONE" },
      "/a/b/c", "ONE /n/1; ABC TR_NO_VALUE", { 0 } },
};

START_TEST(a_rule_that_fails_leaves_the_request_to_the_next)
{
    check_rows(failures, ROWS(failures));
}
END_TEST

/* ---- exemptions ---- */

#define SLOW "TempRedirectMatch ^/(a+)+$ /b id=SLOW"
#define SLOW_PATH "/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!"
#define ACME "/.well-known/acme-challenge/token"

static const row_t exemptions[] = {
    /* preflights */
    { { A }, "/a", "nothing", { "preflight" } },
    { { STAY }, "/a/b", "STAY stays", { "preflight" } },
    { { STAY, "TempRedirect /a /o method=OPTIONS id=O" }, "/a/b", "STAY stays",
      { "preflight", "method=OPTIONS" } },
    { { HEADER }, "/a", "nothing", { "preflight" } },
    /* of which nothing is told: a rule that is exempt is not asked */
    { { SLOW }, SLOW_PATH, "nothing", { "preflight" } },
    { { "TempRedirect https: id=HTTPS" }, "/a", "nothing", { "preflight" } },
    { { "TempRedirect /a /x expr=fails id=E" }, "/a", "nothing",
      { "preflight" } },
    { { "TempRedirectMatch ^(/[.a-z-]+)+$ /b id=SLOW" },
      "/.well-known/acme-challenge/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/a/a/a/a!",
      "nothing", { 0 } },
    { { "TempRedirect /a /x header.Origin id=O" }, "/a", "nothing",
      { "preflight", "header.Origin=x" } },

    /* but for rules that name their method */
    { { A, OPTIONS }, "/a", "OPTIONS /o", { "preflight", "method=OPTIONS" } },
    { { OPTIONS, A }, "/a", "A /x", { 0 } },
    { { "TempRedirect /a /o method=POST,OPTIONS id=O" }, "/a", "O /o",
      { "preflight", "method=OPTIONS" } },
    { { "TempRedirect /a ! method=OPTIONS id=O", OPTIONS }, "/a", "O stays",
      { "preflight", "method=OPTIONS" } },
    { { "TempRedirect /a /o method=OPTIONS header.X id=O" }, "/a", "nothing",
      { "preflight", "method=OPTIONS" } },
    { { "TempRedirect /a /o method=POST id=O" }, "/a", "nothing",
      { "preflight", "method=OPTIONS" } },
    { { "TempRedirect /a /o !method=POST id=O" }, "/a", "nothing",
      { "preflight", "method=OPTIONS" } },
    { { "TempRedirect /a /o method=~OPTIONS id=O" }, "/a", "nothing",
      { "preflight", "method=OPTIONS" } },
    { { OPTIONS }, "/a", "OPTIONS /o", { "method=OPTIONS" } },

    /* challenges */
    { { ALL }, ACME, "nothing", { 0 } },
    { { ALL }, "/.well-known/%61cme-challenge/token", "nothing", { 0 } },
    { { ALL }, "/x/..//.well-known/acme-challenge/token", "nothing", { 0 } },
    { { "TempRedirect https: id=HTTPS" }, ACME, "nothing",
      { "scheme=http", "port=80" } },
    { { "TempRedirect https: id=HTTPS" }, "/x",
      "HTTPS https://www.example.org/x", { "scheme=http", "port=80" } },
    { { "TempRedirect /.well-known https://h.example/ id=W" }, ACME,
      "nothing", { 0 } },
    { { "TempRedirectMatch ^(.*)$ https://h.example$1 id=R" }, ACME,
      "nothing", { 0 } },
    { { "TempRedirect / ! id=S" }, ACME, "S stays", { 0 } },
    { { "TempRedirect / ! id=S",
        "TempRedirect /.well-known/acme-challenge /c id=C" }, ACME, "S stays",
      { 0 } },

    /* but for rules that are meant for them */
    { { "TempRedirect /.well-known/acme-challenge https://h.example/c id=C" },
      ACME, "C https://h.example/c/token", { 0 } },
    { { "TempRedirect /.well-known/acme-challenge/ https://h.example/c id=C" },
      ACME, "C https://h.example/c/token", { 0 } },
    { { "TempRedirect " ACME " https://h.example/c id=C" }, ACME,
      "C https://h.example/c", { 0 } },
    { { "TempRedirectMatch ^/\\.well-known/acme-challenge/(.*) /c/$1 id=C" },
      ACME, "C /c/token", { 0 } },
    { { ALL, "TempRedirect /.well-known/acme-challenge /c id=C" }, ACME,
      "C /c/token", { 0 } },

    /* and what only looks like one */
    { { ALL }, "/.well-known/acme-challenge",
      "ALL https://h.example/.well-known/acme-challenge", { 0 } },
    { { ALL }, "/.well-known/acme-challenges/x",
      "ALL https://h.example/.well-known/acme-challenges/x", { 0 } },
    { { ALL }, "/.well-known/change-password",
      "ALL https://h.example/.well-known/change-password", { 0 } },
    { { ALL }, "/x" ACME, "ALL https://h.example/x" ACME, { 0 } },
    { { ALL }, "/.Well-Known/acme-challenge/x",
      "ALL https://h.example/.Well-Known/acme-challenge/x", { 0 } },
};

START_TEST(preflights_and_challenges_pass_through)
{
    check_rows(exemptions, ROWS(exemptions));
}
END_TEST

/* ---- conditions ---- */

#define N "TempRedirect /a /n id=N"
#define X "TempRedirect /a /x header.X=1 id=X"
#define C "TempRedirect /a /c cookie.c id=C"
#define NIGHT "from=2026-12-01T22:00Z until=2026-12-02T06:00Z"
#define FROM "from=2026-12-01T22:00Z"

static const row_t conditions[] = {
    /* those of losers count */
    { { X, N }, "/a", "X /x <X>", { "header.X=1" } },
    { { X, N }, "/a", "N /n <X>", { 0 } },
    { { X, C, N }, "/a", "N /n <Cookie, X; private>", { 0 } },
    { { C, X, N }, "/a", "N /n <Cookie, X; private>", { 0 } },
    { { X, C, N }, "/a", "C /c <Cookie, X; private>",
      { "header.Cookie=c=1" } },
    { { X, C }, "/a", "nothing <Cookie, X; private>", { 0 } },
    { { X, "TempRedirect /a ! header.Y id=S", N }, "/a", "S stays <X, Y>",
      { "header.Y=1" } },
    { { X, "TempRedirect /a ! header.Y id=S", N }, "/a", "N /n <X, Y>",
      { 0 } },
    { { "TempRedirect /a /x user id=U", N }, "/a", "N /n <private>", { 0 } },

    /* those that nobody asked do not */
    { { X, C, N }, "/a", "X /x <X>", { "header.X=1" } },
    { { N, X }, "/a", "N /n <>", { 0 } },
    { { X, C }, "/b", "nothing <>", { 0 } },
    { { "TempRedirectMatch ^/a/.*z /x header.X id=R", N }, "/a/b", "N /n/b <>",
      { 0 } },
    { { "TempRedirect / /x/%{header.X} header.Y id=W" }, ACME, "nothing <>",
      { "header.Y=1" } },
    { { X }, "/a", "nothing <>", { "preflight", "header.X=1" } },
    { { "TempRedirect https: header.X id=HTTPS", N }, "/a",
      "N /n; HTTPS TR_SELF <>", { "header.X=1" } },
    { { SLOW, C }, SLOW_PATH, "nothing; SLOW TR_LIMIT <>", { 0 } },

    /* cheap before dear, and the first that fails ends it */
    { { "TempRedirect /a /x expr=fails cookie.c header.X method=POST id=E",
        N }, "/a", "N /n <>", { 0 } },
    { { "TempRedirect /a /x expr=fails cookie.c header.X method=POST id=E",
        N }, "/a", "N /n <X>", { "method=POST", "header.Cookie=c=1" } },
    { { "TempRedirect /a /x expr=fails cookie.c header.X method=POST id=E",
        N }, "/a", "N /n <Cookie, X; private>",
      { "method=POST", "header.X=1" } },
    { { "TempRedirect /a /x expr=fails cookie.c header.X method=POST id=E",
        N }, "/a", "N /n; E TR_EXPR <Cookie, X; private>",
      { "method=POST", "header.X=1", "header.Cookie=c=1" } },
    { { "TempRedirect /a /x header.X=2 header.Y id=E", N }, "/a", "N /n <X>",
      { "header.X=1", "header.Y=1" } },
    { { "TempRedirect /a /x expr=yes:Y,Z id=E", N }, "/a",
      "E /x <Y, Z; private>", { 0 } },
    { { "TempRedirect /a /x !expr=yes:Y id=E", N }, "/a", "N /n <Y; private>",
      { 0 } },
    { { "TempRedirect /a /x header.X=~^(a+)+$ cookie.c=~x id=S", N }, "/a",
      "N /n; S TR_LIMIT <X>",
      { "header.X=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!" } },
    { { "TempRedirect /a /x !header.X=~^(a+)+$ id=S", N }, "/a",
      "N /n; S TR_LIMIT <X>",
      { "header.X=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!" } },

    /* what a target names counts as well, also where it fails */
    { { HEADER, N }, "/a", "HEADER /n/v <X>", { "header.X=v" } },
    { { HEADER, N }, "/a", "N /n; HEADER TR_NO_VALUE <X>", { 0 } },
    { { "TempRedirect /a /%{lang}/%{cookie.c} id=L", N }, "/a",
      "N /n; L TR_NO_VALUE <Accept-Language, Cookie; private>", { 0 } },
    { { "TempRedirect /a/b /a/%{header.X} tail=drop id=B", N }, "/a/b",
      "N /n/b; B TR_SELF <X>", { "header.X=b" } },
    { { "TempRedirect /a /n/%{query.q}/%{host}/%{path} id=Q" }, "/a",
      "nothing; Q TR_NO_VALUE <>", { 0 } },
    { { "TempRedirect /a /x/%{header.X} header.Y id=XY", N }, "/a", "N /n <Y>",
      { "header.X=1" } },

    /* vary=off */
    { { "TempRedirect /a /x header.X vary=off id=V", N }, "/a",
      "N /n <hidden X>", { 0 } },
    { { "TempRedirect /a /x header.X vary=off id=V", X, N }, "/a",
      "N /n <X>", { 0 } },
    { { "TempRedirect /a /x/%{header.X} cookie.c vary=off id=V", N }, "/a",
      "V /x/1 <hidden Cookie; hidden X; private>",
      { "header.X=1", "header.Cookie=c=1" } },

    /* windows, open or not; hours behind what is cheaper */
    { { "TempRedirect /a /w " FROM " id=W", N }, "/a", "N /n <window>",
      { "now=2026-12-01T21:59:59.999999Z" } },
    { { "TempRedirect /a /w " FROM " id=W", N }, "/a", "W /w <window>",
      { "now=2026-12-01T22:00Z" } },
    { { "TempRedirect /a /w header.X " FROM " id=W", N }, "/a",
      "N /n <X; window>", { "now=2026-12-01T22:00Z" } },
    { { "TempRedirect /a /w header.X " FROM " id=W", N }, "/a",
      "N /n <window>", { "header.X=1" } },
    { { "TempRedirect /a /w hours=Mon header.X tz=UTC id=W", N }, "/a",
      "N /n <X>", { 0 } },
    { { "TempRedirect /a /w hours=Mon header.X tz=UTC id=W", N }, "/a",
      "N /n <X; window>", { "header.X=1" } },
    { { "TempRedirect /a /w header.X=~1 hours=Mon tz=UTC id=W", N }, "/a",
      "N /n <window>", { "header.X=1" } },
    { { "TempRedirect /a ! " FROM " id=W", "TempRedirect /a /x " NIGHT " id=X2",
        N }, "/a", "N /n <window>", { 0 } },

    /* under mode=dry nothing counts, not even what failed */
    { { "TempRedirect /a /d header.X mode=dry id=D", N }, "/a",
      "N /n; D dry /d <> dry=D", { "header.X=1" } },
    { { "TempRedirect /a /d header.X mode=dry id=D", N }, "/a", "N /n <>",
      { 0 } },
    { { "TempRedirect /a /d/%{cookie.c} expr=yes:Y mode=dry id=D", N }, "/a",
      "N /n; D TR_NO_VALUE <>", { 0 } },
    { { "TempRedirect /a /d " FROM " mode=dry id=D" }, "/a",
      "nothing; D dry /d <> dry=D", { "now=2026-12-01T22:00Z" } },
    { { "TempRedirect /a /d header.X mode=dry id=D", X }, "/a",
      "X /x; D dry /d <X> dry=D", { "header.X=1" } },
};

START_TEST(a_decision_depends_on_all_that_was_asked_for_it)
{
    check_rows_by(depend, conditions, ROWS(conditions));
}
END_TEST

/* ---- dry rules ---- */

#define DRY "TempRedirect /a /d mode=dry id=D"

static const row_t dries[] = {
    { { DRY }, "/a/b", "nothing; D dry /d/b <> dry=D", { 0 } },
    { { DRY, N }, "/a", "N /n; D dry /d <> dry=D", { 0 } },
    { { N, DRY }, "/a", "N /n <>", { 0 } },
    { { DRY, STAY }, "/a/b", "STAY stays; D dry /d/b <> dry=D", { 0 } },

    /* the first one that would have redirected */
    { { DRY, "TempRedirect /a /e mode=dry id=E", N }, "/a",
      "N /n; D dry /d,E dry /e <> dry=D", { 0 } },
    { { "TempRedirect /a ! mode=dry id=S", DRY, N }, "/a",
      "N /n; S dry !,D dry /d <> dry=D", { 0 } },
    { { "TempRedirect /a ! mode=dry id=S", N }, "/a", "N /n; S dry ! <>",
      { 0 } },
    { { "TempRedirect /a /d/%{header.X} mode=dry id=D", N }, "/a",
      "N /n; D TR_NO_VALUE <>", { 0 } },
    { { "TempRedirect / /a tail=drop mode=dry id=D", N }, "/a",
      "N /n; D TR_SELF <>", { 0 } },
    { { DRY }, "/a", "nothing <>", { "preflight" } },
};

START_TEST(a_dry_rule_is_told_of_and_the_next_one_is_asked)
{
    check_rows_by(depend, dries, ROWS(dries));
}
END_TEST

/* ---- windows ---- */

static const row_t windows[] = {
    { { "TempRedirect /a /w " NIGHT " id=W", N }, "/a", "N /n",
      { "now=2026-12-01T21:59:59.999999Z" } },
    { { "TempRedirect /a /w " NIGHT " id=W", N }, "/a", "W /w",
      { "now=2026-12-01T22:00Z" } },
    { { "TempRedirect /a /w " NIGHT " id=W", N }, "/a", "W /w",
      { "now=2026-12-02T05:59:59.999999Z" } },
    { { "TempRedirect /a /w " NIGHT " id=W", N }, "/a", "N /n",
      { "now=2026-12-02T06:00Z" } },
    { { "TempRedirect /a ! " NIGHT " id=S", N }, "/a", "S stays",
      { "now=2026-12-02T00:00Z" } },
    { { "TempRedirect /a /w hours=Wed@09:00-17:00 tz=UTC id=W", N }, "/a",
      "W /w", { "now=2026-12-02T09:00Z" } },
    { { "TempRedirect /a /w hours=Wed@09:00-17:00 tz=UTC id=W", N }, "/a",
      "N /n", { "now=2026-12-02T17:00Z" } },
    { { "TempRedirect /a /w hours=Wed@09:00-17:00 tz=UTC id=W", N }, "/a",
      "N /n", { "now=2026-12-03T09:00Z" } },
};

START_TEST(a_rule_holds_within_its_window)
{
    check_rows(windows, ROWS(windows));
}
END_TEST

/* ---- phases ---- */

#define EARLY "TempRedirect /a /e phase=early id=EARLY"

static const row_t earlies[] = {
    { { A }, "/a", "nothing", { 0 } },
    { { EARLY }, "/a", "EARLY /e", { 0 } },
    { { A, EARLY }, "/a", "EARLY /e", { 0 } },
    { { STAY, EARLY }, "/a/b", "STAY stays", { 0 } },
    { { EARLY, STAY }, "/a/b", "EARLY /e/b", { 0 } },
    { { "TempRedirect /a ! phase=fixups id=S", EARLY }, "/a", "EARLY /e",
      { 0 } },
    { { "TempRedirect /a ! user=jo id=S", EARLY }, "/a", "EARLY /e",
      { "user=jo" } },
    { { "TempRedirect /a ! phase=early id=S", EARLY }, "/a", "S stays",
      { 0 } },
    { { "TempRedirect /a ! header.X id=S", EARLY }, "/a", "S stays",
      { "header.X=1" } },
    { { "TempRedirect /a /d mode=dry id=D", EARLY }, "/a", "EARLY /e", { 0 } },
    { { "TempRedirect /a /d mode=dry phase=early id=D", EARLY }, "/a",
      "EARLY /e; D dry /d", { 0 } },
    { { "TempRedirect /a ! mode=dry phase=early id=S", EARLY }, "/a",
      "EARLY /e; S dry !", { 0 } },
    { { "TempRedirect /a ! mode=dry id=S", EARLY }, "/a", "EARLY /e", { 0 } },
    { { EARLY }, "/a", "nothing", { "preflight" } },
};

START_TEST(early_rules_are_asked_early)
{
    check_rows_by(decide_early, earlies, ROWS(earlies));
}
END_TEST

static const row_t lates[] = {
    { { EARLY }, "/a", "nothing", { 0 } },
    { { EARLY, A }, "/a", "A /x", { 0 } },
    { { "TempRedirect /a ! phase=early id=S", A }, "/a", "A /x", { 0 } },
    { { "TempRedirect /a ! phase=fixups id=S", A }, "/a", "S stays", { 0 } },
    { { "TempRedirect /a ! user=jo id=S", A }, "/a", "S stays",
      { "user=jo" } },
    { { STAY, EARLY, A }, "/a/b", "STAY stays", { 0 } },
    { { "TempRedirect /a /d mode=dry phase=early id=D", A }, "/a", "A /x",
      { 0 } },
    { { "TempRedirect /a ! mode=dry id=S", A }, "/a", "A /x; S dry !", { 0 } },
};

START_TEST(and_all_others_late)
{
    check_rows(lates, ROWS(lates));
}
END_TEST

START_TEST(what_was_asked_early_is_kept)
{
    static const lines_t lines = { "TempRedirect /a ! header.Y id=S",
                                   "TempRedirect /a /e header.X phase=early",
                                   "TempRedirect /a /f cookie.c" };
    fake_t *fake = fake_request("/a", NULL);
    tr_section_t *section = section_of(lines);
    tr_decision_t decision = { 0 };

    ck_assert_int_eq(tr_decide(&decision, section, &fake->view, TR_PHASE_EARLY,
                               pool),
                     TR_NOT_CONCERNED);
    check_message("early", fake_consulted(&decision.consulted), "X, Y");
    ck_assert_int_eq(tr_decide(&decision, section, &fake->view,
                               TR_PHASE_FIXUPS, pool),
                     TR_NOT_CONCERNED);
    check_message("both", fake_consulted(&decision.consulted),
                  "Cookie, X, Y; private");
}
END_TEST

/* ---- merged sections ---- */

static const struct {
    lines_t base, middle, add;
    const char *request;
    const char *decision;
} merges[] = {
    { { A }, { 0 }, { ALL }, "/a", "ALL https://h.example/a" },
    { { ALL }, { 0 }, { A }, "/a", "A /x" },
    { { ALL }, { 0 }, { A }, "/b", "ALL https://h.example/b" },
    { { ALL }, { STAY }, { B }, "/a/b", "B /y" },
    { { ALL }, { STAY }, { A }, "/a/b", "A /x/b" },
    { { ALL }, { STAY }, { HEADER }, "/a/b",
      "STAY stays; HEADER TR_NO_VALUE" },
    { { A }, { HEADER }, { STAY }, "/a", "A /x; HEADER TR_NO_VALUE" },
    { { A }, { 0 }, { 0 }, "/b", "nothing" },
};

START_TEST(the_section_merged_last_comes_first)
{
    int i;

    for (i = 0; i < ROWS(merges); ++i) {
        tr_section_t *base = section_of(merges[i].base);
        tr_section_t *middle = section_of(merges[i].middle);
        tr_section_t *add = section_of(merges[i].add);
        const char *row = apr_psprintf(pool, "row %d", i);
        const fake_facts_t facts = { 0 };

        check_message(
            row,
            decide(tr_section_merge(tr_section_merge(base, middle, pool), add,
                                    pool),
                   fake_request(merges[i].request, facts)),
            merges[i].decision);
        check_message(
            row,
            decide(tr_section_merge(base, tr_section_merge(middle, add, pool),
                                    pool),
                   fake_request(merges[i].request, facts)),
            merges[i].decision);
    }
}
END_TEST

START_TEST(without_rules_there_is_nothing_to_decide)
{
    check_message("empty", decide(tr_section_make(pool),
                                  fake_request("/a", NULL)),
                  "nothing");
}
END_TEST

START_TEST(what_no_rule_concerns_allocates_nothing)
{
    static const lines_t lines = { A, B, STAY,
                                   "TempRedirect /c /x case=ignore",
                                   "TempRedirectMatch ^/d/(.*) /x" };
    tr_section_t *section = section_of(lines);
    fake_t *fake = fake_request("/b/x/y", NULL);
    tr_decision_t decision = { 0 };

    /* without a pool nothing can be allocated */
    ck_assert_int_eq(tr_decide(&decision, section, &fake->view, TR_PHASE_FIXUPS,
                               NULL),
                     TR_NOT_CONCERNED);
    tr_section_freeze(section, pool, pool);
    ck_assert_ptr_nonnull(section->index);
    ck_assert_int_eq(tr_decide(&decision, section, &fake->view, TR_PHASE_FIXUPS,
                               NULL),
                     TR_NOT_CONCERNED);
}
END_TEST

/* ---- indexed or scanned ---- */

START_TEST(indexed_and_scanned_sections_decide_alike)
{
    static const int sizes[] = { 5, 6, 20, 100, 500 };
    int concerned = 0, round, i;

    for (round = 0; round < 20 * ROWS(sizes); ++round) {
        tr_section_t *scanned, *indexed;
        unsigned n = (unsigned)sizes[round % ROWS(sizes)];

        apr_pool_clear(pool);
        scanned = tr_section_make(pool);
        indexed = tr_section_make(pool);
        for (i = 0; i < (int)n; ++i) {
            tr_rule_t *rule = fake_rule(random_line(i));

            tr_section_add(scanned, rule, pool);
            tr_section_add(indexed, rule, pool);
        }
        tr_section_freeze(indexed, pool, pool);
        ck_assert_ptr_nonnull(indexed->index);
        for (i = 0; i < 20; ++i) {
            const tr_rule_t *some = APR_ARRAY_IDX(scanned->rules,
                                                  (int)unit_random(n),
                                                  const tr_rule_t *);
            const char *path = random_path_for(some), *want;
            const char *request = unit_random(2) ? "/?q=1" : "/";
            const char *const *facts = random_facts();
            decide_t *decides = i % 4 ? depend : decide_early;
            fake_t *one = fake_request(request, facts);
            fake_t *other = fake_request(request, facts);

            fake_path(one, path, 0);
            fake_path(other, path, 0);
            want = decides(scanned, one);
            check_message(path, decides(indexed, other), want);
            concerned += strncmp(want, "nothing", 7) != 0;
        }
    }
    ck_assert_int_gt(concerned, 100);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("tr_decide");
    TCase *tests = unit_case(suite, "decide");

    tcase_set_timeout(tests, 300);
    tcase_add_test(tests, the_first_rule_that_holds_wins);
    tcase_add_test(tests, a_rule_that_fails_leaves_the_request_to_the_next);
    tcase_add_test(tests, preflights_and_challenges_pass_through);
    tcase_add_test(tests, a_decision_depends_on_all_that_was_asked_for_it);
    tcase_add_test(tests, a_dry_rule_is_told_of_and_the_next_one_is_asked);
    tcase_add_test(tests, a_rule_holds_within_its_window);
    tcase_add_test(tests, early_rules_are_asked_early);
    tcase_add_test(tests, and_all_others_late);
    tcase_add_test(tests, what_was_asked_early_is_kept);
    tcase_add_test(tests, the_section_merged_last_comes_first);
    tcase_add_test(tests, without_rules_there_is_nothing_to_decide);
    tcase_add_test(tests, what_no_rule_concerns_allocates_nothing);
    tcase_add_test(tests, indexed_and_scanned_sections_decide_alike);
    return unit_main(suite);
}

/* Licensed under the Apache License, Version 2.0; see LICENSE. */
#include <apr_strings.h>

#include "decisions.h"

/* What decide() says, and how often the body was read for it. */
static const char *with_reads(const char *text, const fake_t *fake)
{
    return apr_psprintf(pool, "%s [%d]", text, fake->reads);
}

static const char *look(const tr_section_t *section, const fake_t *fake)
{
    return with_reads(decide(section, fake), fake);
}

static const char *look_early(const tr_section_t *section, const fake_t *fake)
{
    return with_reads(decide_early(section, fake), fake);
}

/* ---- when a body is read ---- */

#define N "TempRedirect /a /n id=N"
#define F "TempRedirect /a /f form.e=push id=F"
#define NOT "TempRedirect /a /f !form.e=push id=NOT"
#define WITH(words) "TempRedirect /a /f form.e=push " words " id=W"
#define TARGET(words) "TempRedirect /a /f/%{form.e} " words "id=T"
#define STAY "TempRedirect /a ! form.e=push id=S"
#define PUSH "form=e=push"
#define TAG "form=e=tag"

static const row_t readings[] = {
    { { F, N }, "/a", "F /f [1]", { PUSH } },
    { { F, N }, "/a", "N /n [1]", { TAG } },
    { { NOT, N }, "/a", "N /n [1]", { PUSH } },
    { { NOT, N }, "/a", "NOT /f [1]", { TAG } },

    /* only where the search arrives at a rule that asks for it */
    { { F, N }, "/b", "nothing [0]", { PUSH } },
    { { N, F }, "/a", "N /n [0]", { PUSH } },
    { { "TempRedirect /a ! header.X id=X", F }, "/a", "X stays [0]",
      { "header.X=1", PUSH } },
    { { "TempRedirectMatch ^/a/(.*)z$ /f form.e=push id=R", N }, "/a/b",
      "N /n/b [0]", { PUSH } },
    { { F }, "/a", "nothing [0]", { PUSH, "preflight" } },
    { { "TempRedirect / /f form.e id=W" }, "/.well-known/acme-challenge/x",
      "nothing [0]", { PUSH } },
    { { "TempRedirect https: form.e id=H", N }, "/a", "N /n; H TR_SELF [0]",
      { PUSH } },

    /* and whose other conditions hold, whatever they cost */
    { { WITH("header.X"), N }, "/a", "N /n [0]", { PUSH } },
    { { WITH("header.X"), N }, "/a", "W /f [1]", { PUSH, "header.X=1" } },
    { { WITH("header.X=~^(?<g>1)$"), N }, "/a", "N /n [0]",
      { PUSH, "header.X=2" } },
    { { WITH("lang=~de"), N }, "/a", "N /n [0]", { PUSH, "languages=en" } },
    { { WITH("expr=no"), N }, "/a", "N /n [0]", { PUSH } },
    { { WITH("expr=fails"), N }, "/a", "N /n; W TR_EXPR [0]", { PUSH } },
    { { WITH("expr=yes"), N }, "/a", "W /f [1]", { PUSH } },
    { { WITH("client=10.0.0.0/8"), N }, "/a", "N /n [0]", { PUSH } },
    { { WITH("method=POST"), N }, "/a", "N /n [0]", { PUSH } },
    { { WITH("method=POST"), N }, "/a", "W /f [1]", { PUSH, "method=POST" } },
    { { WITH("from=2026-12-01T22:00Z"), N }, "/a", "N /n [0]",
      { PUSH, "now=2026-12-01T21:59Z" } },
    { { WITH("hours=Mon tz=UTC"), N }, "/a", "N /n [0]",
      { PUSH, "now=2026-12-01T22:00Z" } },
    { { WITH("hours=Tue tz=UTC"), N }, "/a", "W /f [1]",
      { PUSH, "now=2026-12-01T22:00Z" } },

    /* of the type that is asked for */
    { { F, N }, "/a", "N /n; F TR_BODY_UNTYPED [0]", { 0 } },
    { { NOT, N }, "/a", "N /n; NOT TR_BODY_UNTYPED [0]", { 0 } },
    { { F, N }, "/a", "N /n; F TR_BODY_UNTYPED [0]", { "body=e=push" } },
    { { F, N }, "/a", "N /n; F TR_BODY_UNTYPED [0]", { "json={}" } },
    { { F, N }, "/a", "N /n; F TR_BODY_CODED [0]",
      { PUSH, "header.Content-Encoding=gzip" } },

    /* once for all */
    { { F, NOT, F, N }, "/a", "NOT /f [1]", { TAG } },
    { { STAY, F, "TempRedirect /a /%{form.x} id=X", N }, "/a",
      "N /n; X TR_NO_VALUE [1]", { TAG } },
    { { "TempRedirect /a /f form.e form.f form.g=~1 id=E", N }, "/a",
      "E /f [1]", { "form=e=1&f=1&g=1" } },
    { { F, NOT, N }, "/a", "N /n; F TR_BODY_LONG,NOT TR_BODY_LONG [1]",
      { PUSH, "long" } },
    { { F, NOT, N }, "/a", "N /n; F TR_BODY_TAKEN,NOT TR_BODY_TAKEN [1]",
      { PUSH, "taken" } },
    { { F, NOT, N }, "/a", "N /n; F TR_BODY_FAILED,NOT TR_BODY_FAILED [1]",
      { TAG, "failed" } },

    /* for a target, too */
    { { TARGET(""), N }, "/a", "T /f/push [1]", { PUSH } },
    { { TARGET("header.X "), N }, "/a", "N /n [0]", { PUSH } },
    { { TARGET(""), N }, "/a", "N /n; T TR_NO_VALUE [1]", { "form=e" } },
    { { TARGET(""), N }, "/a", "N /n; T TR_BODY_UNTYPED [0]", { 0 } },
    { { TARGET(""), N }, "/a", "N /n; T TR_BODY_LONG [1]", { PUSH, "long" } },
    { { TARGET("form.e "), N }, "/a", "T /f/push [1]", { PUSH } },

    /* and for a rule that has no say */
    { { WITH("mode=dry"), N }, "/a", "N /n; W dry /f [1]", { PUSH } },
    { { WITH("mode=dry"), N }, "/a", "N /n [1]", { TAG } },
};

START_TEST(a_body_is_read_when_all_else_holds_and_once)
{
    check_rows_by(look, readings, ROWS(readings));
}
END_TEST

/* ---- phases ---- */

#define EARLY "TempRedirect /a /e phase=early id=E"

static const row_t earlies[] = {
    { { STAY, EARLY }, "/a", "E /e [0]", { PUSH } },
    { { "TempRedirect /a ! !form.e=push id=S", EARLY }, "/a", "E /e [0]",
      { TAG } },
    { { STAY }, "/a", "nothing [0]", { PUSH } },
    { { "TempRedirect /a ! id=S", EARLY }, "/a", "S stays [0]", { PUSH } },
    { { F, EARLY }, "/a", "E /e [0]", { PUSH } },
    { { TARGET(""), EARLY }, "/a", "E /e [0]", { PUSH } },
};

START_TEST(nobody_looks_into_a_body_early)
{
    check_rows_by(look_early, earlies, ROWS(earlies));
}
END_TEST

static const row_t lates[] = {
    { { STAY, N }, "/a", "S stays [1]", { PUSH } },
    { { STAY, N }, "/a", "N /n [1]", { TAG } },
    { { STAY, N }, "/a", "N /n; S TR_BODY_UNTYPED [0]", { 0 } },
    { { EARLY, STAY, N }, "/a", "S stays [1]", { PUSH } },
};

START_TEST(but_late)
{
    check_rows_by(look, lates, ROWS(lates));
}
END_TEST

/* ---- what a decision depends on ---- */

static const row_t consulted[] = {
    { { F, N }, "/a", "F /f <private>", { PUSH } },
    { { F, N }, "/a", "N /n <private>", { TAG } },
    { { F, N }, "/a", "N /n; F TR_BODY_UNTYPED <private>", { 0 } },
    { { N, F }, "/a", "N /n <>", { PUSH } },
    { { WITH("header.X"), N }, "/a", "N /n <X>", { PUSH } },
    { { WITH("header.X"), N }, "/a", "W /f <X; private>",
      { PUSH, "header.X=1" } },
    { { WITH("vary=off"), N }, "/a", "W /f <private>", { PUSH } },
    { { TARGET(""), N }, "/a", "T /f/push <private>", { PUSH } },
    { { TARGET(""), N }, "/a", "N /n; T TR_NO_VALUE <private>", { "form=" } },
    { { WITH("mode=dry"), N }, "/a", "N /n; W dry /f <> dry=W", { PUSH } },
};

START_TEST(whoever_looked_into_a_body_answers_one_client_only)
{
    check_rows_by(depend, consulted, ROWS(consulted));
}
END_TEST

/* ---- groups ---- */

#define G "TempRedirect /a /g/%{group.v} form.e=~^p(?<v>.*)$ id=G"

static const row_t captures[] = {
    { { G, N }, "/a", "G /g/ush [1]", { PUSH } },
    { { G, N }, "/a", "N /n [1]", { TAG } },
    { { G, N }, "/a", "G /g/%2Fx%3F%C3%A4 [1]",
      { "form=e=q&e=p%2Fx%3f%c3%a4&e=py" } },
    { { G, N }, "/a", "N /n; G TR_NO_VALUE [1]", { "form=e=p" } },
    { { G, N }, "/a", "N /n; G TR_UNSAFE [1]", { "form=e=p.." } },

    /* they stay, whatever is decoded behind them */
    { { "TempRedirectMatch ^/(a)$ /$1/%{group.v}/%{group.w}/%{group.x} "
        "form.e=~(?<v>.*) form.f=xxxx form.g=~(?<w>.*) query.q=~(?<x>.*) "
        "args=drop id=M" },
      "/a?q=%6f%6f", "M /a/eeee/gggg/oo [1]",
      { "form=f=xxxx&e=%65%65%65%65&g=%67%67%67%67" } },
    { { "TempRedirect /a /1/%{group.v} form.e=~(?<v>t) id=G1", G }, "/a",
      "G /g/ush [1]", { "form=e=ag&e=push" } },
};

START_TEST(a_regex_on_a_field_has_groups_for_the_target)
{
    check_rows_by(look, captures, ROWS(captures));
}
END_TEST

/* ---- substitutions ---- */

#define TO(target) "TempRedirect /a " target " tail=drop id=T"
#define ODD "form=v=a%2Fb%26%25%23%3F+%C3%A4~"

static const row_t places[] = {
    { { TO("/n/%{form.v}") }, "/a",
      "T /n/a%2Fb&%25%23%3F%20%C3%A4~ [1]", { ODD } },
    { { TO("/n?v=%{form.v}") }, "/a",
      "T /n?v=a%2Fb%26%25%23%3F%20%C3%A4~ [1]", { ODD } },
    { { TO("/n#%{form.v}") }, "/a",
      "T /n#a%2Fb%26%25%23%3F%20%C3%A4~ [1]", { ODD } },
    { { TO("/n/%{form.v}/%{form.w}?%{form.v}"), N }, "/a", "T /n/1/3?1 [1]",
      { "form=v=1&v=2&w=3" } },
    { { TO("/n/%{form.v}"), N }, "/a", "N /n; T TR_UNSAFE [1]",
      { "form=v=%2e." } },
    { { TO("/n/%{form.v}"), N }, "/a", "T /n/%00%0D%0A [1]",
      { "form=v=%00%0d%0a" } },
    { { TO("/n/%{form.v}"), N }, "/a", "N /n; T TR_NO_VALUE [1]",
      { "form=v=&v=1" } },
    { { TO("/n/%{form.v}"), N }, "/a", "N /n; T TR_NO_VALUE [1]",
      { "form=w=1" } },
    { { TO("https://%{form.v}/"), N }, "/a", "N /n; T TR_FOREIGN_HOST [1]",
      { "form=v=h.example" } },
};

START_TEST(a_field_is_encoded_for_its_place)
{
    check_rows_by(look, places, ROWS(places));
}
END_TEST

static const struct {
    const char *line, *fact, *decision;
} hosts[] = {
    { TO("https://%{form.h}/x"), "form=h=a.example", "T https://a.example/x" },
    { TO("https://%{form.h}.example/"), "form=h=a", "T https://a.example/" },
    { TO("https://%{form.h}/"), "form=h=a.test",
      "nothing; T TR_FOREIGN_HOST" },
    { TO("https://%{form.h}/"), "form=h=a.test/.example",
      "nothing; T TR_UNSAFE" },
    { TO("https://%{form.h}/"), "form=h=a.test%00.example",
      "nothing; T TR_UNSAFE" },
    { TO("https://%{form.h}/"), "form=h=u%40a.example",
      "nothing; T TR_UNSAFE" },
    { TO("https://%{form.h}/"), "form=h=", "nothing; T TR_NO_VALUE" },
#ifdef TR_WITH_JANSSON
    { TO("https://%{json./h/0}/x"), "json={\"h\":[\"a.example\"]}",
      "T https://a.example/x" },
    { TO("https://%{json./h}.example/"), "json={\"h\":7}",
      "T https://7.example/" },
    { TO("https://%{json./h}/"), "json={\"h\":\"a.test\"}",
      "nothing; T TR_FOREIGN_HOST" },
    { TO("https://%{json./h}/"), "json={\"h\":\"a.test\\u0000.example\"}",
      "nothing; T TR_UNSAFE" },
    { TO("https://%{json./h}/"), "json={\"h\":[\"a.example\"]}",
      "nothing; T TR_NO_VALUE" },
#endif
};

START_TEST(only_allowed_hosts_come_from_a_body)
{
    int i;

    for (i = 0; i < ROWS(hosts); ++i) {
        const char *lines[2] = { NULL, NULL }, *facts[2] = { NULL, NULL };
        fake_t *fake;

        lines[0] = hosts[i].line;
        facts[0] = hosts[i].fact;
        fake = fake_request("/a", facts);
        fake->view.allow_hosts = fake_hosts("*.example");
        check_message(apr_pstrcat(pool, lines[0], " for ", facts[0], NULL),
                      decide(section_of(lines), fake), hosts[i].decision);
    }
}
END_TEST

/* ---- JSON ---- */

#ifdef TR_WITH_JANSSON

#define J "TempRedirect /a /j json./t=push id=J"
#define JNOT "TempRedirect /a /j !json./t=push id=JNOT"
#define JPUSH "json={\"t\":\"push\"}"
#define JTAG "json={\"t\":\"tag\"}"

static const row_t members[] = {
    { { J, N }, "/a", "J /j [1]", { JPUSH } },
    { { J, N }, "/a", "N /n [1]", { JTAG } },
    { { N, J }, "/a", "N /n [0]", { JPUSH } },
    { { JNOT, N }, "/a", "JNOT /j [1]", { JTAG } },
    { { JNOT, N }, "/a", "JNOT /j [1]", { "json={}" } },
    { { "TempRedirect /a /j json./t=push expr=no id=W", N }, "/a",
      "N /n [0]", { JPUSH } },
    { { J, JNOT, F, N }, "/a", "JNOT /j [1]", { JTAG } },
    { { F, NOT, J }, "/a",
      "J /j; F TR_BODY_UNTYPED,NOT TR_BODY_UNTYPED [1]", { JPUSH } },
    { { J, F }, "/a", "F /f; J TR_BODY_UNTYPED [1]", { PUSH } },

    /* what is no JSON matches nothing, negated or not */
    { { JNOT, N }, "/a", "N /n; JNOT TR_BODY_MALFORMED [1]", { "json={" } },
    { { JNOT, JNOT, N }, "/a",
      "N /n; JNOT TR_BODY_MALFORMED,JNOT TR_BODY_MALFORMED [1]",
      { "json={\"t\":1,\"t\":2}" } },
    { { J, N }, "/a", "N /n; J TR_BODY_MALFORMED [1]",
      { "json={\"t\":\"push\"" } },
    { { "TempRedirect /a ! !json./t id=S", N }, "/a",
      "N /n; S TR_BODY_MALFORMED [1]", { "json=" } },
    { { "TempRedirect /a /%{json./t} id=T", N }, "/a",
      "N /n; T TR_BODY_MALFORMED [1]", { "json={" } },
    { { "TempRedirect /a /j json./t mode=dry id=D", N }, "/a",
      "N /n; D TR_BODY_MALFORMED [1]", { "json={\"t\":1" } },

    { { "TempRedirect /a ! json./t=push id=S", N }, "/a", "S stays [1]",
      { JPUSH } },
    { { "TempRedirect /a /j json./a json./b=1 json./c=~x id=M", N }, "/a",
      "M /j [1]", { "json={\"a\":[0],\"b\":1,\"c\":\"xy\"}" } },

    /* groups, of strings and of numbers */
    { { "TempRedirect /a /g/%{group.v} json./t=~^p(?<v>.*)$ id=G", N }, "/a",
      "G /g/ush [1]", { JPUSH } },
    { { "TempRedirect /a /g/%{group.v}/%{group.w} json./n/1=~^(?<v>.) "
        "json./n/0=~(?<w>.)$ id=G", N }, "/a", "G /g/4/3 [1]",
      { "json={\"n\":[123,456]}" } },
};

START_TEST(json_decides_as_a_form_does)
{
    check_rows_by(look, members, ROWS(members));
}
END_TEST

#define JODD "json={\"v\":{\"w/x\":\"a/b&%#? \\u00e4~\"}}"

static const row_t pointers[] = {
    { { TO("/n/%{json./v/w~1x}") }, "/a",
      "T /n/a%2Fb&%25%23%3F%20%C3%A4~ [1]", { JODD } },
    { { TO("/n?v=%{json./v/w~1x}") }, "/a",
      "T /n?v=a%2Fb%26%25%23%3F%20%C3%A4~ [1]", { JODD } },
    { { TO("/n#%{json./v/w~1x}") }, "/a",
      "T /n#a%2Fb%26%25%23%3F%20%C3%A4~ [1]", { JODD } },
    { { TO("/n/%{json./a/b}/%{json./a/b}?%{json./c}") }, "/a",
      "T /n/-1/-1?1.5 [1]", { "json={\"a\":{\"b\":-1},\"c\":1.50}" } },
    { { TO("/n/%{json./a?b#c:d}/x") }, "/a", "T /n/1/x [1]",
      { "json={\"a?b#c:d\":1}" } },
    { { TO("https://h.example/%{json./a/b}") }, "/a",
      "T https://h.example/true [1]", { "json={\"a\":{\"b\":true}}" } },
    { { TO("https://h.example?%{json./a/b}") }, "/a",
      "T https://h.example/?x [1]", { "json={\"a\":{\"b\":\"x\"}}" } },
    { { TO("/n/%{json./v}"), N }, "/a", "T /n/%00%0D%0A [1]",
      { "json={\"v\":\"\\u0000\\r\\n\"}" } },
    { { TO("/n/%{json./v}"), N }, "/a", "N /n; T TR_UNSAFE [1]",
      { "json={\"v\":\"..\"}" } },

    /* what has no value */
    { { TO("/n/%{json./v}"), N }, "/a", "N /n; T TR_NO_VALUE [1]", { JODD } },
    { { TO("/n/%{json./w}"), N }, "/a", "N /n; T TR_NO_VALUE [1]", { JODD } },
    { { TO("/n/%{json./v}"), N }, "/a", "N /n; T TR_NO_VALUE [1]",
      { "json={\"v\":\"\"}" } },
    { { TO("/n/%{json./v}"), N }, "/a", "N /n; T TR_NO_VALUE [1]",
      { "json={\"v\":null}" } },
    { { TO("/n/%{json./v}"), N }, "/a", "N /n; T TR_BODY_UNTYPED [0]",
      { PUSH } },
};

START_TEST(a_member_is_encoded_for_its_place)
{
    check_rows_by(look, pointers, ROWS(pointers));
}
END_TEST

#endif

int main(void)
{
    Suite *suite = suite_create("tr_decide_body");
    TCase *tests = unit_case(suite, "body");

    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, a_body_is_read_when_all_else_holds_and_once);
    tcase_add_test(tests, nobody_looks_into_a_body_early);
    tcase_add_test(tests, but_late);
    tcase_add_test(tests, whoever_looked_into_a_body_answers_one_client_only);
    tcase_add_test(tests, a_regex_on_a_field_has_groups_for_the_target);
    tcase_add_test(tests, a_field_is_encoded_for_its_place);
    tcase_add_test(tests, only_allowed_hosts_come_from_a_body);
#ifdef TR_WITH_JANSSON
    tcase_add_test(tests, json_decides_as_a_form_does);
    tcase_add_test(tests, a_member_is_encoded_for_its_place);
#endif
    return unit_main(suite);
}

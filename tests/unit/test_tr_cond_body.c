/* Licensed under the Apache License, Version 2.0; see LICENSE. */
#include <apr_strings.h>

#include "fake.h"

typedef struct row_t {
    const char *word;
    const char *answer;
    fake_facts_t facts;
} row_t;

static const char *opposite(const char *answer)
{
    return strcmp(answer, "yes") == 0  ? "no"
           : strcmp(answer, "no") == 0 ? "yes"
                                       : answer;
}

/* Each condition also in its negated form: where it holds the other does not,
 * and where nobody knows, nobody does. */
static void check_rows(const row_t *rows, int n)
{
    int i;

    for (i = 0; i < n; ++i) {
        fake_t *fake = fake_request("/", rows[i].facts);
        const char *row = apr_psprintf(pool, "%s for %s", rows[i].word,
                                       rows[i].facts[0] ? rows[i].facts[0]
                                                        : "none");

        check_message(row, fake_ask(rows[i].word, fake), rows[i].answer);
        check_message(apr_pstrcat(pool, "!", row, NULL),
                      fake_ask(apr_pstrcat(pool, "!", rows[i].word, NULL),
                               fake),
                      opposite(rows[i].answer));
        ck_assert_msg(fake->reads <= 1, "%s: %d reads", row, fake->reads);
    }
}

/* ---- form ---- */

#define F(fields) { "form=" fields }

static const row_t fields[] = {
    { "form.f", "no", F("") },
    { "form.f", "no", F("f") },
    { "form.f", "no", F("f=") },
    { "form.f", "no", F("g=1&ff=1&F=1") },
    { "form.f", "yes", F("f=0") },
    { "form.f", "yes", F("f=+") },
    { "form.f", "yes", F("f=%00") },
    { "form.f=1", "yes", F("f=1") },
    { "form.f=1", "no", F("f=11&g=1") },
    { "form.f=1,2", "yes", F("f=2") },
    { "form.f=a", "no", F("f=A") },

    /* any of those of one name, but for empty ones */
    { "form.f", "yes", F("f&f=&f=1") },
    { "form.f=1", "yes", F("f=2&f=1") },
    { "form.f=1", "yes", F("f=1&f=2") },
    { "form.f=3,1", "yes", F("g=1&f=2&f=1") },
    { "form.f=3", "no", F("f=1&f=2") },
    { "form.f=~^1$", "yes", F("f=2&f=1") },
    { "form.f=~^1$", "no", F("f=2&f=10") },
    { "form.f=~^$", "no", F("f=&f=1") },

    /* decoded */
    { "form.f=a b", "yes", F("f=a+b") },
    { "form.f=a b", "yes", F("f=a%20b") },
    { "form.f=a+b", "yes", F("f=a%2Bb") },
    { "form.f=a+b", "no", F("f=a+b") },
    { "form.f=%61", "no", F("f=%61") },
    { "form.f=a%", "yes", F("f=a%") },
    { "form.a b=1", "yes", F("a+b=1") },
    { "form.a[]=1", "yes", F("a%5B%5D=2&a[]=1") },
    { "form.f=\xc3\xa4", "yes", F("f=%c3%A4") },
    { "form.f=~^a,b$", "yes", F("f=a%2Cb") },
    { "form.f=a", "no", F("f=a%00") },
    { "form.f=~^a.b$", "yes", F("f=a%00b") },
    { "form.f=~^a$", "no", F("f=a%0A") },
    { "form.f=a", "no", F("f=a\n") },
};

START_TEST(any_field_of_the_name_may_satisfy_decoded)
{
    check_rows(fields, ROWS(fields));
}
END_TEST

/* ---- where nobody knows ---- */

#define JSON "json={\"j\":1}"
#define GZIP "header.Content-Encoding=gzip"
#define TYPE(type) "header.Content-Type=" type

static const row_t unknown[] = {
    { "form.f", "TR_BODY_UNTYPED", { 0 } },
    { "form.f", "TR_BODY_UNTYPED", { "body=f=1" } },
    { "form.f=1", "TR_BODY_UNTYPED", { JSON } },
    { "form.f=1", "TR_BODY_UNTYPED", { "form=f=1", TYPE("text/plain") } },
    { "form.f=~1", "TR_BODY_CODED", { "form=f=1", GZIP } },
    { "form.f", "TR_BODY_LONG", { "form=f=1", "long" } },
    { "form.f=1", "TR_BODY_LONG", { "form=f=1", "long" } },
    { "form.f=2", "TR_BODY_LONG", { "form=f=1", "long" } },
    { "form.f=~1", "TR_BODY_TAKEN", { "form=f=1", "taken" } },
    { "form.g", "TR_BODY_TAKEN", { "form=f=1", "taken" } },
    { "form.f", "TR_BODY_FAILED", { "form=f=1", "failed" } },
#ifdef TR_WITH_JANSSON
    { "json./j", "TR_BODY_UNTYPED", { 0 } },
    { "json./j", "TR_BODY_UNTYPED", { "body={\"j\":1}" } },
    { "json./j=1", "TR_BODY_UNTYPED", { "form=j=1" } },
    { "json./j=1", "TR_BODY_UNTYPED", { JSON, TYPE("application/json5") } },
    { "json./j", "TR_BODY_CODED", { JSON, GZIP } },
    { "json./j=1", "TR_BODY_LONG", { JSON, "long" } },
    { "json./j=x", "TR_BODY_LONG", { JSON, "long" } },
    { "json./none", "TR_BODY_LONG", { JSON, "long" } },
    { "json./j=~1", "TR_BODY_TAKEN", { JSON, "taken" } },
    { "json./j", "TR_BODY_FAILED", { JSON, "failed" } },
    { "json./j", "TR_BODY_MALFORMED", { "json={\"j\":1" } },
    { "json./j=1", "TR_BODY_MALFORMED", { "json={\"j\":1}}" } },
    { "json./j=x", "TR_BODY_MALFORMED", { "json={\"j\":\"x\",\"j\":\"x\"}" } },
    { "json./j=~1", "TR_BODY_MALFORMED", { "json={\"j\":'1'}" } },
    { "json./0", "TR_BODY_MALFORMED", { "json=" } },
    { "json./n", "TR_BODY_MALFORMED", { "json={\"n\":1e309}" } },
#endif
};

START_TEST(where_nobody_knows_it_does_not_hold_negated_or_not)
{
    check_rows(unknown, ROWS(unknown));
}
END_TEST

/* ---- JSON ---- */

#ifdef TR_WITH_JANSSON

#define TEXT                                                                   \
    { "json={\"s\":\"push\",\"e\":\"\",\"i\":10,\"r\":1.50,\"t\":true,"        \
      "\"f\":false,\"n\":null,\"o\":{\"a\":{\"b\":\"c\"}},\"l\":[1,\"two\"],"  \
      "\"oo\":{},\"ll\":[],\"0\":\"zero\"}" }
#define J(value) { "json={\"j\":" value "}" }

static const row_t members[] = {
    /* present: a value that is not empty, or a container that is not */
    { "json./s", "yes", TEXT },
    { "json./e", "no", TEXT },
    { "json./i", "yes", TEXT },
    { "json./r", "yes", TEXT },
    { "json./t", "yes", TEXT },
    { "json./f", "yes", TEXT },
    { "json./n", "no", TEXT },
    { "json./o", "yes", TEXT },
    { "json./o/a", "yes", TEXT },
    { "json./o/a/b", "yes", TEXT },
    { "json./o/a/b/c", "no", TEXT },
    { "json./l", "yes", TEXT },
    { "json./l/1", "yes", TEXT },
    { "json./l/2", "no", TEXT },
    { "json./l/-", "no", TEXT },
    { "json./oo", "no", TEXT },
    { "json./ll", "no", TEXT },
    { "json./none", "no", TEXT },
    { "json./s/0", "no", TEXT },
    { "json./", "no", TEXT },
    { "json./0", "yes", TEXT },

    /* its value */
    { "json./s=push", "yes", TEXT },
    { "json./s=tag,push", "yes", TEXT },
    { "json./s=Push", "no", TEXT },
    { "json./s=pus", "no", TEXT },
    { "json./s=pushed", "no", TEXT },
    { "json./i=10", "yes", TEXT },
    { "json./i=10.0", "no", TEXT },
    { "json./i=1", "no", TEXT },
    { "json./r=1.5", "yes", TEXT },
    { "json./r=1.50", "no", TEXT },
    { "json./t=true", "yes", TEXT },
    { "json./t=1", "no", TEXT },
    { "json./f=false", "yes", TEXT },
    { "json./f=true", "no", TEXT },
    { "json./n=null", "no", TEXT },
    { "json./l/0=1", "yes", TEXT },
    { "json./l/1=one,two", "yes", TEXT },
    { "json./l=two", "no", TEXT }, /* a list is no value, nor any of it */
    { "json./o=c", "no", TEXT },
    { "json./o/a/b=c", "yes", TEXT },
    { "json./0=zero", "yes", TEXT },

    { "json./s=~^p.s", "yes", TEXT },
    { "json./s=~^u", "no", TEXT },
    { "json./i=~^1", "yes", TEXT },
    { "json./r=~^1\\.5$", "yes", TEXT },
    { "json./t=~^t", "yes", TEXT },
    { "json./e=~^$", "no", TEXT },
    { "json./n=~.", "no", TEXT },
    { "json./l=~.", "no", TEXT },
    { "json./o=~.", "no", TEXT },
    { "json./ll=~.", "no", TEXT },

    /* whatever way it is written */
    { "json./j=push", "yes", J("\"pu\\u0073h\"") },
    { "json./j=push", "yes", { "json={\"\\u006a\":\"push\"}" } },
    { "json./j=a/b", "yes", J("\"a\\/b\"") },
    { "json./j=a/b", "yes", J("\"a/b\"") },
    { "json./j=a\"b", "yes", J("\"a\\\"b\"") },
    { "json./j=\xc3\xa4", "yes", J("\"\\u00e4\"") },
    { "json./j=\xc3\xa4", "yes", J("\"\xc3\xa4\"") },
    { "json./j=1.5", "yes", J("15e-1") },
    { "json./j=x,1.5", "yes", J("15e-1") },
    { "json./j=0", "yes", J("-0") },
    { "json./j=1000.0", "yes", J("1E3") },
    { "json./j=1.5", "yes", J("\"1.5\"") },
    { "json./a~1b=1", "yes", { "json={\"a\\/b\":1}" } },
    { "json./a~0b=1", "yes", { "json={\"a~b\":1}" } },
    { "json./j=~^a\nb$", "yes", J("\"a\\nb\"") },
    { "json./j=a", "no", J("\"a\\u0000\"") },
    { "json./j=~^a.b$", "yes", J("\"a\\u0000b\"") },

    /* where all the names and values are, but elsewhere */
    { "json./j=push", "no", J("{\"push\":\"j\"}") },
    { "json./j/k=push", "no", { "json={\"k\":{\"j\":\"push\"}}" } },
    { "json./j=push", "no", J("\"pushed\"") },
    { "json./j=push", "no", J("[\"push\"]") },

    /* one value alone has no names */
    { "json./j", "no", { "json=\"j\"" } },
    { "json./0", "yes", { "json=[1]" } },
    { "json./0=x", "no", { "json=[\"y\"]" } },
};

START_TEST(what_a_pointer_finds_is_compared)
{
    check_rows(members, ROWS(members));
}
END_TEST

/* What cannot hold is denied by a look at the bytes (tr_json_hint.h), whether
 * they are JSON or not; all who have to read it know better. */
START_TEST(without_its_names_a_malformed_text_does_not_satisfy_either)
{
    static const char *const facts[] = { "json={\"j\":1", NULL };

    check_message("j", fake_ask("json./j", fake_request("/", facts)),
                  "TR_BODY_MALFORMED");
    check_message("k", fake_ask("json./k", fake_request("/", facts)), "no");
    check_message("j=x", fake_ask("json./j=x", fake_request("/", facts)), "no");
    check_message("!k", fake_ask("!json./k", fake_request("/", facts)),
                  "TR_BODY_MALFORMED");
    check_message("!j=x", fake_ask("!json./j=x", fake_request("/", facts)),
                  "TR_BODY_MALFORMED");
}
END_TEST

/* A hint spares the reading of the text, not that of the body. */
START_TEST(what_a_hint_denies_is_not_taken_apart)
{
    static const char *const facts[] = { "json={\"j\":1}", NULL };
    fake_t *fake = fake_request("/", facts);

    check_message("k", fake_ask("json./k", fake), "no");
    check_message("j=x", fake_ask("json./j=x", fake), "no");
    ck_assert_int_eq(fake->reads, 1);
    ck_assert_ptr_null(fake->body.json);
    check_message("!k", fake_ask("!json./k", fake), "yes");
    ck_assert_ptr_nonnull(fake->body.json);
    check_message("j", fake_ask("json./j=1", fake), "yes");
    ck_assert_int_eq(fake->reads, 1);
}
END_TEST

#endif

int main(void)
{
    Suite *suite = suite_create("tr_cond_body");
    TCase *tests = unit_case(suite, "body");

    tcase_add_test(tests, any_field_of_the_name_may_satisfy_decoded);
    tcase_add_test(tests,
                   where_nobody_knows_it_does_not_hold_negated_or_not);
#ifdef TR_WITH_JANSSON
    tcase_add_test(tests, what_a_pointer_finds_is_compared);
    tcase_add_test(
        tests, without_its_names_a_malformed_text_does_not_satisfy_either);
    tcase_add_test(tests, what_a_hint_denies_is_not_taken_apart);
#endif
    return unit_main(suite);
}

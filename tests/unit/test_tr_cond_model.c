/* Licensed under the Apache License, Version 2.0; see LICENSE. */
#include <apr_strings.h>

#include "fake.h"

/* What a condition says of the values of a request, against a model that knows
 * the values and parses nothing. */

static const char *const pieces[] = { "",   "a",   "b",  "ab", "ba",
                                      "aa", "a b", "ac", "c" };

static int begins_a(const char *s)
{
    return *s == 'a';
}

static int ends_b(const char *s)
{
    return *s && s[strlen(s) - 1] == 'b';
}

static int has_b(const char *s)
{
    return strchr(s, 'b') != NULL;
}

static int is_any(const char *s)
{
    (void)s;
    return 1;
}

static const struct {
    const char *text;
    int (*holds)(const char *);
} tests_of[] = {
    { "", is_any },        { "=~^a", begins_a }, { "=~b$", ends_b },
    { "=~b", has_b },      { "=~(?s).*", is_any }, { "=~^", is_any },
};

/* The values that a request has, and how they were sent. */
typedef struct sent_t {
    const char *values[5];
    int n;
    const char *text;
} sent_t;

static const char *one_of(const char *const *texts, unsigned n)
{
    return texts[unit_random(n)];
}

/* A value as a parameter: each byte as it is, or encoded. */
static const char *encoded(const char *value)
{
    const char *text = "";

    for (; *value; ++value) {
        text = apr_psprintf(pool,
                            *value == ' ' || unit_random(3) == 0 ? "%s%%%02x"
                                                                 : "%s%c",
                            text, *value);
    }
    return text;
}

static void send_values(sent_t *sent, char kind)
{
    static const char *const commas[] = { ",", ", ", " , ", ",,", "\t, ,  " };
    static const char *const others[] = { "", "b=a; ", "cc=a;", "c;", "; " };
    static const char *const params[] = { "", "p=a&", "qq=a&", "q&", "&" };
    int i;

    sent->n = (int)unit_random(4);
    sent->text = "";
    for (i = 0; i < sent->n; ++i) {
        const char *value = one_of(pieces, ROWS(pieces));

        sent->values[i] = value;
        if (kind == 'h') {
            sent->text = apr_pstrcat(pool, sent->text,
                                     i ? one_of(commas, ROWS(commas)) : "",
                                     value, NULL);
        }
        else if (kind == 'c') {
            const char *quote = unit_random(3) ? "" : "\"";

            sent->text = apr_pstrcat(pool, sent->text, i ? "; " : "",
                                     one_of(others, ROWS(others)), "c=", quote,
                                     value, quote, NULL);
        }
        else {
            sent->text = apr_pstrcat(pool, sent->text, i ? "&" : "",
                                     one_of(params, ROWS(params)), "q=",
                                     encoded(value), NULL);
        }
    }
    if (kind == 'h') {
        sent->values[sent->n++] = sent->text; /* the whole field */
    }
}

static int is_in(const char *value, const char *const *list, int n)
{
    while (n-- > 0) {
        if (strcmp(value, list[n]) == 0) {
            return 1;
        }
    }
    return 0;
}

/* A condition in which the values of one request are compared. @return whether
 * it should hold */
static int random_cond(const char **word, const char *attribute,
                       const sent_t *sent)
{
    int negated = unit_random(2) == 0, holds = 0, i;
    unsigned test = unit_random(2 * ROWS(tests_of));
    int compares = test >= ROWS(tests_of);
    const char *list[3];
    int n = compares ? 1 + (int)unit_random(3) : 0;

    *word = apr_pstrcat(pool, negated ? "!" : "", attribute,
                        compares ? "" : tests_of[test].text, NULL);
    for (i = 0; i < n; ++i) {
        list[i] = pieces[1 + unit_random(ROWS(pieces) - 1)];
        *word = apr_pstrcat(pool, *word, i ? "," : "=", list[i], NULL);
    }
    for (i = 0; i < sent->n; ++i) {
        holds |= *sent->values[i]
                 && (compares ? is_in(sent->values[i], list, n)
                              : tests_of[test].holds(sent->values[i]));
    }
    return holds != negated;
}

START_TEST(any_value_satisfies_as_a_model_says)
{
    static const char *const attributes[] = { "header.X", "cookie.c",
                                              "query.q", "form.q" };
    int round, held = 0;

    for (round = 0; round < 6000; ++round) {
        int kind = round % ROWS(attributes), want;
        fake_facts_t facts = { 0 };
        const char *word, *request = "/";
        sent_t sent;

        apr_pool_clear(pool);
        send_values(&sent, *attributes[kind]);
        if (kind == 2) {
            request = apr_pstrcat(pool, "/?", sent.text, NULL);
        }
        else if (kind == 3) {
            facts[0] = apr_pstrcat(pool, "form=", sent.text, NULL);
        }
        else if (sent.n > 0) {
            facts[0] = apr_pstrcat(pool, kind ? "header.Cookie=" : "header.X=",
                                   sent.text, NULL);
        }
        want = random_cond(&word, attributes[kind], &sent);
        check_message(apr_psprintf(pool, "%s for '%s'", word, sent.text),
                      fake_ask(word, fake_request(request, facts)),
                      want ? "yes" : "no");
        held += want;
    }
    ck_assert_int_gt(held, 1000);
    ck_assert_int_lt(held, 5000);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("tr_cond_model");
    TCase *tests = unit_case(suite, "model");

    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, any_value_satisfies_as_a_model_says);
    return unit_main(suite);
}

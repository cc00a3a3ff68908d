/* Licensed under the Apache License, Version 2.0; see LICENSE. */
#include <apr_strings.h>

#include "fake.h"

/* Add attributes: words with spaces between; "-" before one that is hidden,
 * "expr:" before the headers of an expression. */
static void add_all(tr_consulted_t *consulted, const char *line)
{
    const char **words;
    int i, n = fake_words(&words, line);

    for (i = 0; i < n; ++i) {
        int hidden = *words[i] == '-';
        const char *word = words[i] + hidden;
        tr_attr_t attr;

        if (strncmp(word, "expr:", 5) == 0) {
            tr_consulted_add_expr(consulted, word + 5, hidden, pool);
            continue;
        }
        if (tr_attr_parse(&attr, tr_slice_of(word), TR_USE_CONDITION, pool)) {
            check_message(word,
                          tr_attr_parse(&attr, tr_slice_of(word),
                                        TR_USE_TARGET, pool),
                          NULL);
        }
        tr_consulted_add(consulted, &attr, hidden, pool);
    }
}

static const struct {
    const char *added;
    const char *vary, *with_hidden;
    int is_private;
} rows[] = {
    { "", NULL, NULL, 0 },
    { "method scheme host port path args query.q group.g", NULL, NULL, 0 },
    { "header.X", "X", "X", 0 },
    { "header.X header.Y", "X, Y", "X, Y", 0 },
    { "header.Y header.X header.Z", "X, Y, Z", "X, Y, Z", 0 },

    /* each once, whatever its case */
    { "header.X header.X header.x", "X", "X", 0 },
    { "header.x-a header.Y header.X-A", "Y, x-a", "Y, x-a", 0 },
    { "header.X header.XX header.X-", "X, X-, XX", "X, X-, XX", 0 },
    { "cookie.a cookie.b header.cookie", "Cookie", "Cookie", 1 },
    { "lang header.accept-language", "Accept-Language", "Accept-Language", 0 },

    /* never Host */
    { "header.Host header.host", NULL, NULL, 0 },
    { "header.Host header.X", "X", "X", 0 },

    /* who asks */
    { "client", NULL, NULL, 1 },
    { "user", NULL, NULL, 1 },
    { "env.E", NULL, NULL, 1 },
    { "-client", NULL, NULL, 1 },
    { "header.Authorization", "Authorization", "Authorization", 1 },
    { "user header.X", "X", "X", 1 },
    { "cookie.c method", "Cookie", "Cookie", 1 },

    /* what vary=off leaves out */
    { "-header.X", NULL, "X", 0 },
    { "-header.X -header.x -header.Y", NULL, "X, Y", 0 },
    { "header.X -header.Y", "X", "X, Y", 0 },
    { "-header.Y header.X", "X", "X, Y", 0 },
    { "header.X -header.x", "X", "X", 0 },
    { "-header.x header.X", "x", "x", 0 },
    { "-header.A -header.X header.X -header.B", "X", "A, B, X", 0 },
    { "-cookie.c", NULL, "Cookie", 1 },

    /* expressions */
    { "expr:", NULL, NULL, 1 },
    { "expr:X", "X", "X", 1 },
    { "expr:X,Y", "X, Y", "X, Y", 1 },
    { "expr:,X,,Y,", "X, Y", "X, Y", 1 },
    { "expr:Host,X", "X", "X", 1 },
    { "header.X expr:x,Y", "X, Y", "X, Y", 1 },
    { "-expr:X", NULL, "X", 1 },
};

START_TEST(vary_names_every_header_once)
{
    int i;

    for (i = 0; i < ROWS(rows); ++i) {
        tr_consulted_t consulted = { 0 };

        add_all(&consulted, rows[i].added);
        check_message(rows[i].added,
                      fake_sorted(tr_consulted_vary(&consulted, 0, pool)),
                      rows[i].vary);
        check_message(rows[i].added,
                      fake_sorted(tr_consulted_vary(&consulted, 1, pool)),
                      rows[i].with_hidden);
        ck_assert_msg(!consulted.is_private == !rows[i].is_private,
                      "%s: private", rows[i].added);
        ck_assert_msg(!tr_consulted_any(&consulted)
                          == !(rows[i].with_hidden || rows[i].is_private),
                      "%s: any", rows[i].added);
    }
}
END_TEST

START_TEST(an_expression_may_consult_no_header)
{
    tr_consulted_t consulted = { 0 };

    tr_consulted_add_expr(&consulted, NULL, 0, pool);
    ck_assert(consulted.is_private);
    check_message("none", tr_consulted_vary(&consulted, 1, pool), NULL);
}
END_TEST

START_TEST(the_headers_of_an_expression_are_copied)
{
    tr_consulted_t consulted = { 0 };
    char vary[] = "X, Y";

    tr_consulted_add_expr(&consulted, vary, 0, pool);
    check_message("untouched", vary, "X, Y");
    memset(vary, '!', 4);
    check_message("copied",
                  fake_sorted(tr_consulted_vary(&consulted, 0, pool)), "X, Y");
}
END_TEST

START_TEST(before_something_is_added_nothing_is_allocated)
{
    static const char *const words[] = { "method", "client", "header.Host" };
    tr_consulted_t consulted = { 0 };
    int i;

    /* without a pool nothing can be allocated */
    for (i = 0; i < ROWS(words); ++i) {
        tr_attr_t attr;

        check_message(words[i], tr_attr_parse(&attr, tr_slice_of(words[i]),
                                              TR_USE_CONDITION, pool), NULL);
        tr_consulted_add(&consulted, &attr, 0, NULL);
    }
    ck_assert_ptr_null(tr_consulted_vary(&consulted, 1, NULL));
    ck_assert(tr_consulted_edge(&consulted, 0) == TR_NEVER);
}
END_TEST

/* ---- windows ---- */

static const tr_window_words_t windows[] = {
    { .from = "2026-12-01T22:00Z" },
    { .until = "2026-12-03T06:00Z" },
    { .hours = "09:00-17:00", .utc = 1 },
};

static const struct {
    const char *added; /* which of them */
    const char *now;
    const char *edge;
} edges[] = {
    { "", "2026-12-01T00:00Z", NULL },
    { "0", "2026-12-01T00:00Z", "2026-12-01T22:00Z" },
    { "1", "2026-12-01T00:00Z", "2026-12-03T06:00Z" },
    { "2", "2026-12-01T00:00Z", "2026-12-01T09:00Z" },
    { "01", "2026-12-01T00:00Z", "2026-12-01T22:00Z" },
    { "10", "2026-12-01T00:00Z", "2026-12-01T22:00Z" },
    { "012", "2026-12-01T00:00Z", "2026-12-01T09:00Z" },
    { "210", "2026-12-01T09:00Z", "2026-12-01T17:00Z" },
    { "012", "2026-12-01T17:00Z", "2026-12-01T22:00Z" },
    { "01", "2026-12-01T21:59:59.999999Z", "2026-12-01T22:00Z" },
    { "01", "2026-12-01T22:00Z", "2026-12-03T06:00Z" },
    { "01", "2026-12-03T06:00Z", NULL },
    { "11", "2026-12-03T05:59Z", "2026-12-03T06:00Z" },
};

START_TEST(the_edge_is_the_first_of_all_windows)
{
    int i;

    for (i = 0; i < ROWS(edges); ++i) {
        tr_consulted_t consulted = { 0 };
        const char *c;
        apr_time_t edge;

        for (c = edges[i].added; *c; ++c) {
            const tr_window_t *window;

            check_message("window", tr_window_build(&window,
                                                    &windows[*c - '0'], pool),
                          NULL);
            tr_consulted_add_window(&consulted, window, pool);
        }
        ck_assert_int_eq(tr_consulted_any(&consulted) != 0, i > 0);
        edge = tr_consulted_edge(&consulted, fake_time(edges[i].now));
        ck_assert_msg(edge == (edges[i].edge ? fake_time(edges[i].edge)
                                             : TR_NEVER),
                      "row %d: %s", i, edges[i].now);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("tr_consulted");
    TCase *tests = unit_case(suite, "consulted");

    tcase_add_test(tests, vary_names_every_header_once);
    tcase_add_test(tests, an_expression_may_consult_no_header);
    tcase_add_test(tests, the_headers_of_an_expression_are_copied);
    tcase_add_test(tests, before_something_is_added_nothing_is_allocated);
    tcase_add_test(tests, the_edge_is_the_first_of_all_windows);
    return unit_main(suite);
}

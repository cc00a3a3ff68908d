/* Licensed under the Apache License, Version 2.0; see LICENSE. */
#include <apr_strings.h>

#include "tr_args.h"
#include "unit.h"

#define NAME_MISSING                                                           \
    "a name is missing; write names with ',' between them, as in "             \
    "'args=only:id,lang'"
#define KNOWN "; known are 'pass', 'merge', 'drop', 'only:', 'except:'"

/* ---- tr_args_parse ---- */

static const struct {
    const char *value, *message;
} values[] = {
    { "pass", NULL },
    { "merge", NULL },
    { "drop", NULL },
    { "only:id", NULL },
    { "only:id,lang", NULL },
    { "only:*", NULL },
    { "except:utm_*,gclid", NULL },
    /* names */
    { "only:", NAME_MISSING },
    { "only:,id", NAME_MISSING },
    { "only:id,", NAME_MISSING },
    { "except:id,,lang", NAME_MISSING },
    { "only:*id", "'*id': '*' can only stand at the end of a name, as in "
                  "'utm_*'" },
    { "only:id,a*b", "'a*b': '*' can only stand at the end of a name, as in "
                     "'utm_*'" },
    { "only:a**", "'a**': '*' can only stand at the end of a name, as in "
                  "'utm_*'" },
    /* policies */
    { "", "unknown policy" KNOWN },
    { "keep", "unknown policy" KNOWN },
    { "pass:id", "unknown policy; did you mean 'pass'?" },
    { "pas", "unknown policy; did you mean 'pass'?" },
    { "Drop", "unknown policy; did you mean 'drop'?" },
    { "mrege", "unknown policy; did you mean 'merge'?" },
    { "only", "unknown policy; did you mean 'only:'?" },
    { "onyl:id", "unknown policy; did you mean 'only:'?" },
    { "exept:utm_*", "unknown policy; did you mean 'except:'?" },
    { "except", "unknown policy; did you mean 'except:'?" },
};

START_TEST(a_value_is_a_policy_or_an_error)
{
    const char *value = values[_i].value;
    const tr_args_t *args = NULL;

    check_message(value, tr_args_parse(&args, guarded_string(value), pool),
                  values[_i].message);
    ck_assert_int_eq(args == NULL, values[_i].message != NULL);
}
END_TEST

/* ---- tr_args_render ---- */

static const struct {
    const char *value, *own, *sent, *query; /* what the Location ends with */
} rows[] = {
    /* the examples of the header */
    { "pass", "lang=de", "id=7&lang=en&utm_a=1", "?lang=de" },
    { "merge", "lang=de", "id=7&lang=en&utm_a=1", "?lang=de&id=7&utm_a=1" },
    { "drop", "lang=de", "id=7&lang=en&utm_a=1", "?lang=de" },
    { "only:id", "lang=de", "id=7&lang=en&utm_a=1", "?lang=de&id=7" },
    { "except:utm_*", "lang=de", "id=7&lang=en&utm_a=1", "?lang=de&id=7" },
    /* nothing sent */
    { "pass", NULL, NULL, "" },
    { "pass", NULL, "", "" },
    { "merge", NULL, "", "" },
    { "merge", "a=1", NULL, "?a=1" },
    { "except:a", "a=1", "", "?a=1" },
    { "drop", NULL, "a=1", "" },
    /* pass: the whole of it, unless the target has its own */
    { "pass", NULL, "a=1&&b", "?a=1&&b" },
    { "pass", NULL, "&", "?&" },
    { "pass", "", "a=1", "?" },
    { "pass", NULL, "a=%41+%zz", "?a=%41+%zz" },
    { "pass", NULL, "a=\"<b>\\ c\xc3\xa4|^`{}",
      "?a=%22%3Cb%3E\\%20c%C3%A4|^`{}" },
    /* merge: the target's, then what it does not name */
    { "merge", NULL, "a=1&b=2", "?a=1&b=2" },
    { "merge", "", "a=1&b=2", "?a=1&b=2" },
    { "merge", "c", "a=1&b=2", "?c&a=1&b=2" },
    { "merge", "a", "a=1&b=2", "?a&b=2" },
    { "merge", "a=1&b=2", "a=3&b=4", "?a=1&b=2" },
    { "merge", "x=a&b", "a=1&x&b=2", "?x=a&b&a=1" },
    { "merge", "a=1", "a=2&a=3&A=4", "?a=1&A=4" },
    { "merge", "id=1", "i=2&idx=3", "?id=1&i=2&idx=3" },
    { "merge", "a=1", "b=2&b=3", "?a=1&b=2&b=3" },
    { "merge", "a=1", "&&b=2&&c&", "?a=1&b=2&c" },
    { "merge", NULL, "&&", "" },
    { "merge", "&a=1", "a=2&b", "?&a=1&b" },
    { "merge", "a=1", "=2", "?a=1&=2" },
    { "merge", "=1", "=2&a", "?=1&a" },
    { "merge", NULL, "a=\"&b=\xff", "?a=%22&b=%FF" },
    /* names are compared decoded, and keep their spelling */
    { "merge", "a b=1", "a%20b=2&a+b=3&%61+b=4&a%2Bb=5", "?a b=1&a%2Bb=5" },
    { "merge", "%61=1", "a=2&%62=3", "?%61=1&%62=3" },
    { "only:a", NULL, "%61=1&b=2", "?%61=1" },
    { "except:utm_*", NULL, "ut%6d_x=1&b=%2F", "?b=%2F" },
    { "only:a%", NULL, "a%=1&a%25=2&a=3", "?a%=1&a%25=2" },
    /* only and except */
    { "only:a,c", NULL, "a=1&b=2&c=3&a=4", "?a=1&c=3&a=4" },
    { "only:a", NULL, "b=2", "" },
    { "only:a", "", "b=2", "?" },
    { "only:a", NULL, "ab&A&a", "?a" },
    { "only:a*", NULL, "ab&A&a&b", "?ab&a" },
    { "only:*", NULL, "a&b", "?a&b" },
    { "only:b,a", NULL, "a&b", "?a&b" },
    { "except:*", NULL, "a&b", "" },
    { "except:a,b*", NULL, "a=1&bc&c=3&ab", "?c=3&ab" },
    { "except:x", "a=1", "a=2&b=3&x=4", "?a=1&b=3" },
    { "only:a,b", "a=1", "a=2&b=3&x=4", "?a=1&b=3" },
};

START_TEST(a_query_is_what_the_policy_keeps)
{
    const char *value = rows[_i].value, *own = rows[_i].own;
    char space[128];
    tr_buf_t out = tr_buf(space, sizeof(space));
    tr_slice_t mine = tr_slice(NULL, 0);
    const tr_args_t *args;

    check_message(value, tr_args_parse(&args, value, pool), NULL);
    if (own) {
        tr_buf_addc(&out, '?');
        tr_buf_add(&out, guarded(own));
        mine = tr_slice_from(tr_buf_since(&out, 0), 1);
    }
    tr_args_render(&out, args, guarded(rows[_i].sent), mine, pool);
    check_text(apr_psprintf(pool, "%s, own '%s', sent '%s'", value, own,
                            rows[_i].sent),
               tr_buf_since(&out, 0), rows[_i].query);
}
END_TEST

START_TEST(the_default_is_pass)
{
    char space[8];
    tr_buf_t out = tr_buf(space, sizeof(space));

    tr_args_render(&out, &tr_args_default, guarded("a&&b"), tr_slice(NULL, 0),
                   pool);
    check_text("default", tr_buf_since(&out, 0), "?a&&b");
}
END_TEST

START_TEST(a_query_that_does_not_fit_is_told_by_the_buffer)
{
    const tr_args_t *args;
    char space[8];
    tr_buf_t out = tr_buf(space, sizeof(space));

    check_message("merge", tr_args_parse(&args, "merge", pool), NULL);
    tr_args_render(&out, args, guarded("a=1&b=23"), tr_slice(NULL, 0), pool);
    ck_assert(out.full);
}
END_TEST

/* What a client sends must not take the square of its size of memory: what is
 * allocated next lies in the same small block as what was before. */
START_TEST(many_parameters_take_little_memory)
{
    char *sent = apr_pcalloc(pool, 1601), *space = apr_palloc(pool, 1600);
    tr_buf_t out = tr_buf(space, 1600);
    const char *before, *after;
    const tr_args_t *args;
    apr_pool_t *scratch;
    int i;

    for (i = 0; i < 400; ++i) {
        apr_snprintf(sent + 4 * i, 5, "%03x&", (unsigned)i);
    }
    tr_buf_add(&out, tr_slice_of(sent));
    check_message("merge", tr_args_parse(&args, "merge", pool), NULL);
    apr_pool_create(&scratch, pool);
    before = apr_palloc(scratch, 1);
    tr_args_render(&out, args, guarded(sent), tr_buf_since(&out, 0), scratch);
    after = apr_palloc(scratch, 1);
    ck_assert(!out.full);
    ck_assert(before < after && after - before < 4000);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("tr_args");
    TCase *tests = unit_case(suite, "args");

    tcase_add_loop_test(tests, a_value_is_a_policy_or_an_error, 0,
                        ROWS(values));
    tcase_add_loop_test(tests, a_query_is_what_the_policy_keeps, 0, ROWS(rows));
    tcase_add_test(tests, the_default_is_pass);
    tcase_add_test(tests, a_query_that_does_not_fit_is_told_by_the_buffer);
    tcase_add_test(tests, many_parameters_take_little_memory);
    return unit_main(suite);
}

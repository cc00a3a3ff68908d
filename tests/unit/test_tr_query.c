/* Licensed under the Apache License, Version 2.0; see LICENSE. */
#include "tr_query.h"
#include "unit.h"

/* ---- tr_query_find ---- */

static const struct {
    const char *args, *name, *value; /* NULL: there is none */
} queries[] = {
    { "a=1", "a", "1" },
    { "a=1&b=2&c=3", "b", "2" },
    { "a=1&b=2&c=3", "c", "3" },
    { "a=1&a=2", "a", "1" },
    { "a=&a=2", "a", "" },
    { "a&a=2", "a", "" },
    { "a=b=c", "a", "b=c" },
    { "b=a=1&a=2", "a", "2" },
    { "a=1;b=2", "a", "1;b=2" },
    { "&&a=1&&", "a", "1" },
    /* names are whole, and have their case */
    { "ab=1&b=2", "a", NULL },
    { "a=1", "ab", NULL },
    { "A=1", "a", NULL },
    { "=1", "a", NULL },
    { NULL, "a", NULL },
    { "", "a", NULL },
    { "&", "a", NULL },
    /* both are decoded */
    { "%61=%62+c%2B", "a", "b c+" },
    { "a+b=1", "a b", "1" },
    { "a%26b=%3D%26", "a&b", "=&" },
    { "a%3D=1", "a=", "1" },
    { "a=\xc3%A4", "a", "\xc3\xa4" },
    { "a=%", "a", "%" },
    { "a=%4", "a", "%4" },
    { "a=%zz", "a", "%zz" },
    { "a=%4&1=b", "a", "%4" },
};

START_TEST(a_parameter_is_the_first_of_its_name)
{
    const char *args = queries[_i].args;
    /* as many bytes as there may be, and none behind */
    char *text = args ? (char *)guarded(args).p : NULL;
    tr_slice_t value = tr_slice(NULL, 0);
    apr_size_t at = 0;
    int found = tr_query_find(&value, guarded(args), queries[_i].name, &at);

    if (found) {
        value = tr_query_decode(value, text);
    }

    check_text(args ? args : "(none)", value, queries[_i].value);
    ck_assert_int_eq(found, queries[_i].value != NULL);
    value = tr_slice(NULL, 0);
    ck_assert_int_eq(tr_query_value(&value, guarded(args), queries[_i].name,
                                    pool), found);
    check_text(args ? args : "(none)", value, queries[_i].value);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("tr_query");
    TCase *tests = unit_case(suite, "find");

    tcase_add_loop_test(tests, a_parameter_is_the_first_of_its_name, 0,
                        ROWS(queries));
    return unit_main(suite);
}

/* Licensed under the Apache License, Version 2.0; see LICENSE. */
#include "tr_suggest.h"
#include "unit.h"

#define KNOWN                                                                  \
    "; known are 'status', 'match', 'args', 'id', 'retry-after', "             \
    "'a-name-of-24-characters'"
#define MEAN(name) "; did you mean '" name "'?"

static const char *const names[] = { "status",      "match",
                                     "args",        "id",
                                     "retry-after", "a-name-of-24-characters" };

static const struct {
    const char *word, *message;
} rows[] = {
    /* one insertion, deletion, replacement or swap */
    { "statuss", MEAN("status") },
    { "statu", MEAN("status") },
    { "stacus", MEAN("status") },
    { "statsu", MEAN("status") },
    { "tsatus", MEAN("status") },
    { "xstatus", MEAN("status") },
    { "tatus", MEAN("status") },
    /* two */
    { "staus-", MEAN("status") },
    { "tsatsu", MEAN("status") },
    { "statusxx", MEAN("status") },
    { "retryafter", MEAN("retry-after") },
    { "rertyaftre", KNOWN },
    /* letters in the wrong case are none */
    { "STATUS", MEAN("status") },
    { "rags", MEAN("args") },
    { "RAGS", MEAN("args") },
    { "Retry_After", MEAN("retry-after") },
    /* three are too many, and so is half of the word */
    { "stat", KNOWN },
    { "statz", MEAN("status") },
    { "stxtxs-", KNOWN },
    { "arg", MEAN("args") },
    { "ar", KNOWN },
    { "ix", KNOWN },
    { "idx", MEAN("id") },
    { "x", KNOWN },
    { "", KNOWN },
    { "something", KNOWN },
    /* long words */
    { "a-name-of-24-charactersx", MEAN("a-name-of-24-characters") },
    { "a-name-of-24-charactersxx", KNOWN },
    { "no-name-is-as-long-as-this-word-is", KNOWN },
};

START_TEST(the_nearest_name_is_suggested_or_all_are_told)
{
    check_message(rows[_i].word,
                  tr_suggest(guarded(rows[_i].word), names, ROWS(names), pool),
                  rows[_i].message);
}
END_TEST

START_TEST(of_several_names_the_nearest_or_first_is_suggested)
{
    static const char *const near[] = { "posted", "hosts", "posts" };

    check_message("postss", tr_suggest(guarded("postss"), near, 3, pool),
                  MEAN("posts"));
    check_message("costs", tr_suggest(guarded("costs"), near, 3, pool),
                  MEAN("hosts"));
}
END_TEST

START_TEST(a_suggestion_does_not_share_memory_with_the_word)
{
    char word[] = "statsu";
    const char *message = tr_suggest(tr_slice_of(word), names, 1, pool);

    memset(word, 'x', sizeof(word));
    check_message("statsu", message, MEAN("status"));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("tr_suggest");
    TCase *tests = unit_case(suite, "suggest");

    tcase_add_loop_test(tests, the_nearest_name_is_suggested_or_all_are_told, 0,
                        ROWS(rows));
    tcase_add_test(tests, of_several_names_the_nearest_or_first_is_suggested);
    tcase_add_test(tests, a_suggestion_does_not_share_memory_with_the_word);
    return unit_main(suite);
}

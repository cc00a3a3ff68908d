/* Licensed under the Apache License, Version 2.0; see LICENSE. */
#include <apr_strings.h>

#include "fake.h"
#include "tr_target_impl.h"

/* ---- spans ---- */

static const struct {
    const char *text;
    const char *stops;
    apr_size_t span;
} spans[] = {
    { "", "/", 0 },
    { "/a", "/", 0 },
    { "a/b", "/", 1 },
    { "abc", "/", 3 },
    { "a?b#c", "?#", 1 },
    { "a#b?c", "?#", 1 },
    { "ab", "", 2 },

    /* what stands within a substitution does not end it */
    { "%{a/b}/c", "/", 6 },
    { "x%{a/b}y%{c/d}/e", "/", 14 },
    { "%{a/b}", "/", 6 },
    { "%{a?b}#c?d", "?#", 6 },
    { "a/%{b/c}", "/", 1 },
    { "%{a}{/}/b", "/", 5 },
    { "%{}/a", "/", 3 },
    { "%{a%{b/c}/d", "/", 9 },
    { "%%{a/b}/c", "/", 7 },

    /* what is none does */
    { "%{a/b", "/", 3 },
    { "%{", "/", 2 },
    { "%{a}%{b/c", "/", 7 },
    { "{a/b}", "/", 2 },
    { "$1/a", "/", 2 },
    { "%a/b}", "/", 2 },
};

START_TEST(a_span_passes_over_substitutions)
{
    int i;

    for (i = 0; i < ROWS(spans); ++i) {
        apr_size_t span = tr_parts_span(guarded_string(spans[i].text),
                                        spans[i].stops);

        ck_assert_msg(span == spans[i].span, "%s: %d", spans[i].text,
                      (int)span);
    }
}
END_TEST

static const struct {
    const char *text;
    int is;
} substitutions[] = {
    { "$0", 1 }, { "$9", 1 }, { "$10", 1 }, { "%{", 1 }, { "%{x}", 1 },
    { "", 0 },   { "$", 0 },  { "$a", 0 },  { "$$1", 0 }, { "%", 0 },
    { "%20", 0 }, { "{x}", 0 }, { "${1}", 0 },
};

START_TEST(a_substitution_is_told_by_two_bytes)
{
    int i;

    for (i = 0; i < ROWS(substitutions); ++i) {
        ck_assert_msg(tr_is_substitution(guarded_string(substitutions[i].text))
                          == substitutions[i].is, "%s", substitutions[i].text);
    }
}
END_TEST

/* ---- parts ---- */

/* Parse with the regexes of a rule: the first is the pattern's, "-" where it
 * has none. */
static const char *parse(tr_parser_t *ps, tr_component_t component,
                         const char *regexes, const char *text)
{
    apr_array_header_t *compiled = apr_array_make(pool, 4,
                                                  sizeof(const tr_regex_t *));
    const char **words;
    int i, n = fake_words(&words, regexes);

    for (i = 0; i < n; ++i) {
        tr_regex_t *regex = NULL;

        if (strcmp(words[i], "-") != 0) {
            check_message(words[i], tr_regex_parse(&regex, words[i], 0, pool),
                          NULL);
        }
        APR_ARRAY_PUSH(compiled, const tr_regex_t *) = regex;
    }
    ps->target = apr_pcalloc(pool, sizeof(*ps->target));
    ps->regexes = compiled;
    ps->parts = apr_array_make(pool, 4, sizeof(tr_part_t));
    ps->p = pool;
    return tr_parts_parse(ps, component, tr_slice_of(guarded_string(text)));
}

static const char *part_text(const tr_part_t *part)
{
    switch (part->kind) {
    case TR_PART_LITERAL:
        return text_of(part->literal);
    case TR_PART_GROUP:
        return apr_psprintf(pool, "$%d of %d", part->group, part->regex);
    case TR_PART_NAMED:
        return apr_psprintf(pool, "<%d of %d>", part->group, part->regex);
    case TR_PART_CAPTURE:
        return apr_psprintf(pool, "<%d of %d!>", part->group, part->regex);
    case TR_PART_ATTRIBUTE:
        return apr_pstrcat(pool, "{", part->attr.name, "}", NULL);
    }
    return "?";
}

/* The parts with '|' behind each; then how many regexes they need. */
static const char *parts_text(const tr_parser_t *ps, tr_component_t component)
{
    const char *text = "";
    int i;

    for (i = 0; i < ps->parts->nelts; ++i) {
        const tr_part_t *part = &APR_ARRAY_IDX(ps->parts, i, tr_part_t);

        ck_assert_int_eq(part->component, component);
        text = apr_pstrcat(pool, text, part_text(part), "|", NULL);
    }
    return apr_psprintf(pool, "%s %d", text, ps->target->regexes);
}

static const struct {
    const char *regexes;
    const char *text;
    const char *parts;
} rows[] = {
    { "-", "", " 0" },
    { "-", "/a/b", "/a/b| 0" },
    { "-", "/a b\xc3\xa4\"#%41%2f", "/a%20b%C3%A4%22%23%41%2f| 0" },
    { "-", "$", "$| 0" },
    { "-", "/a$x{y}$", "/a$x%7By%7D$| 0" },
    { "(a)", "$1", "$1 of 0| 1" },
    { "(a)", "$0$1$0", "$0 of 0|$1 of 0|$0 of 0| 1" },
    { "(a)", "/a$1b$1", "/a|$1 of 0|b|$1 of 0| 1" },
    { "(a)", "$10", "$1 of 0|0| 1" },
    { "(a)(b)(c)(d)(e)(f)(g)(h)(i)", "$9", "$9 of 0| 1" },

    /* named groups: of the first regex that has it */
    { "(?<x>a)", "%{group.x}", "<1 of 0>| 1" },
    { "(a)(?<x>b)(?<y>c)", "%{group.y}/%{group.x}",
      "<3 of 0>|/|<2 of 0>| 1" },
    { "- (?<x>a)", "%{group.x}", "<1 of 1!>| 2" },
    { "- (a)(?<x>a) (?<y>b)", "%{group.x}", "<2 of 1!>| 2" },
    { "- (a)(?<x>a) (?<y>b)", "%{group.y}", "<1 of 2!>| 3" },
    { "- (?<x>a) (?<y>b)", "%{group.y}%{group.x}",
      "<1 of 2!>|<1 of 1!>| 3" },
    { "(?<x>a) (?<x>b) (?<y>c)(?<x>d)", "%{group.x}", "<1 of 0>| 1" },
    { "(a) (b) (b)(?<x>c) (?<x>d)", "%{group.x}", "<2 of 2!>| 3" },
    { "(a) (?<x>b)", "$1%{group.x}", "$1 of 0|<1 of 1!>| 2" },
    { "(a) (?<x>b)", "%{group.x}$1", "<1 of 1!>|$1 of 0| 2" },
    { "(a) (?<x>b)", "$1", "$1 of 0| 1" },
    { "(a) (?<x>b)", "/a", "/a| 0" },

    /* names are whatever stands up to the '}' */
    { "-", "%{query.a b}c}", "{a b}|c%7D| 0" },
    { "-", "%{cookie.%{x}", "{%{x}| 0" },
};

START_TEST(a_component_is_parsed_into_parts)
{
    int i;

    for (i = 0; i < ROWS(rows); ++i) {
        tr_component_t component = i % 2 ? TR_PATH : TR_QUERY;
        tr_parser_t ps;

        check_message(rows[i].text,
                      parse(&ps, component, rows[i].regexes, rows[i].text),
                      NULL);
        check_message(rows[i].text, parts_text(&ps, component), rows[i].parts);
    }
}
END_TEST

static const struct {
    const char *text;
    tr_attr_kind_t kind;
    const char *name;
    int noted; /* as what an answer depends on, beyond the URL */
} attributes[] = {
    { "%{scheme}", TR_ATTR_SCHEME, NULL, 0 },
    { "%{host}", TR_ATTR_HOST, NULL, 0 },
    { "%{port}", TR_ATTR_PORT, NULL, 0 },
    { "%{path}", TR_ATTR_PATH, NULL, 0 },
    { "%{tail}", TR_ATTR_TAIL, NULL, 0 },
    { "%{args}", TR_ATTR_ARGS, NULL, 0 },
    { "%{query.q}", TR_ATTR_QUERY, "q", 0 },
    { "%{header.Host}", TR_ATTR_HEADER, "Host", 0 },
    { "%{header.X}", TR_ATTR_HEADER, "X", 1 },
    { "%{cookie.c}", TR_ATTR_COOKIE, "c", 1 },
    { "%{lang}", TR_ATTR_LANG, NULL, 1 },
    { "%{user}", TR_ATTR_USER, NULL, 1 },
    { "%{env.E}", TR_ATTR_ENV, "E", 1 },
};

START_TEST(an_attribute_is_a_part_and_noted_where_an_answer_depends_on_it)
{
    int i;

    for (i = 0; i < ROWS(attributes); ++i) {
        const char *text = attributes[i].text;
        const tr_part_t *part;
        tr_parser_t ps;

        check_message(text, parse(&ps, TR_PATH, "-", text), NULL);
        ck_assert_int_eq(ps.parts->nelts, 1);
        part = &APR_ARRAY_IDX(ps.parts, 0, tr_part_t);
        ck_assert_int_eq(part->kind, TR_PART_ATTRIBUTE);
        ck_assert_msg(part->attr.kind == attributes[i].kind, "%s", text);
        check_message(text, part->attr.name, attributes[i].name);
        ck_assert_msg((ps.target->attrs != NULL) == attributes[i].noted,
                      "%s: noted", text);
    }
}
END_TEST

START_TEST(all_attributes_that_count_are_noted)
{
    static const tr_attr_kind_t kinds[] = { TR_ATTR_HEADER, TR_ATTR_LANG,
                                            TR_ATTR_HEADER };
    tr_parser_t ps;
    int i;

    check_message("parts",
                  parse(&ps, TR_PATH, "- (?<x>a)",
                        "/%{header.X}/%{path}/%{lang}/%{group.x}%{header.Y}"),
                  NULL);
    ck_assert_int_eq(ps.target->attrs->nelts, ROWS(kinds));
    for (i = 0; i < ROWS(kinds); ++i) {
        ck_assert_int_eq(APR_ARRAY_IDX(ps.target->attrs, i, tr_attr_t).kind,
                         kinds[i]);
    }
    ck_assert_str_eq(APR_ARRAY_IDX(ps.target->attrs, 2, tr_attr_t).name, "Y");
}
END_TEST

/* ---- errors ---- */

#define PERCENT                                                                \
    "'%' is not followed by two hexadecimal digits or by '{name}'; write "     \
    "'%25' for a percent sign"
#define NOT_CLOSED "'%{' without '}'; write '%25' for a percent sign"
#define NO_REGEX(text)                                                         \
    "there is no regex to take '" text "' from; use TempRedirectMatch, or "    \
    "write '%24' for a '$'"
#define NO_GROUP(name)                                                         \
    "no regex of this rule has a group named '" name "'; one is written "      \
    "'(?<" name ">...)'"

static const struct {
    const char *regexes;
    const char *text;
    const char *error;
} errors[] = {
    { "-", "%", PERCENT },
    { "-", "%4", PERCENT },
    { "-", "%4x", PERCENT },
    { "-", "/a%/b", PERCENT },
    { "-", "%4%{host}", PERCENT },
    { "-", "%{host}%", PERCENT },
    { "-", "/%{host", NOT_CLOSED },
    { "-", "$1", NO_REGEX("$1") },
    { "- (a)", "/x$0", NO_REGEX("$0") },
    { "(a)", "$2", "the regex has no group for '$2'; it has 1" },
    { "(a) (b)(c)", "$2", "the regex has no group for '$2'; it has 1" },
    { "-", "%{group.x}", NO_GROUP("x") },
    { "(?<y>a) (?<z>a)", "%{group.x}", NO_GROUP("x") },
    { "(?<x>a)", "%{group.X}", NO_GROUP("X") },
    { "(a)", "%{tail}",
      "a rule with a regex has no tail; capture it in the regex" },
    { "-", "/a%{hots}b",
      "'%{hots}': unknown attribute; did you mean 'host'?" },
    { "-", "%{method}",
      "'%{method}': 'method' can only be a condition, as in 'method=...'" },
    { "-", "%{client}",
      "'%{client}': 'client' can only be a condition, as in 'client=...'" },
    { "-", "%{header.a b}",
      "'%{header.a b}': 'a b' is not the name of a header" },
    { "-", "%{group}", "'%{group}': write 'group.NAME'" },
};

START_TEST(a_bad_part_is_an_error_that_says_what_would_be_right)
{
    int i;

    for (i = 0; i < ROWS(errors); ++i) {
        tr_parser_t ps;

        check_message(errors[i].text,
                      parse(&ps, TR_PATH, errors[i].regexes, errors[i].text),
                      errors[i].error);
    }
}
END_TEST

START_TEST(a_rule_without_a_regex_may_name_its_tail)
{
    tr_parser_t ps;

    check_message("%{tail}", parse(&ps, TR_PATH, "- (?<x>a)", "%{tail}"),
                  NULL);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("tr_target_parts");
    TCase *tests = unit_case(suite, "parts");

    tcase_add_test(tests, a_span_passes_over_substitutions);
    tcase_add_test(tests, a_substitution_is_told_by_two_bytes);
    tcase_add_test(tests, a_component_is_parsed_into_parts);
    tcase_add_test(
        tests, an_attribute_is_a_part_and_noted_where_an_answer_depends_on_it);
    tcase_add_test(tests, all_attributes_that_count_are_noted);
    tcase_add_test(tests,
                   a_bad_part_is_an_error_that_says_what_would_be_right);
    tcase_add_test(tests, a_rule_without_a_regex_may_name_its_tail);
    return unit_main(suite);
}

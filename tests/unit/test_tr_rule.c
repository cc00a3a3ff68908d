/* Licensed under the Apache License, Version 2.0; see LICENSE. */
#include <apr_strings.h>

#include "fake.h"

/* ---- what stands where ---- */

static const struct {
    const char *line;
    const char *location; /* that it stands in */
    tr_pattern_kind_t kind;
    const char *begin; /* of the pattern */
    const char *target;
} lines[] = {
    { "TempRedirect /old /new", NULL, TR_PATTERN_PATH, "/old", "/new" },
    { "TempRedirect /old https://h.example/", NULL, TR_PATTERN_PATH, "/old",
      "https://h.example/" },
    { "TempRedirect /old https:", NULL, TR_PATTERN_PATH, "/old", "https:" },
    { "TempRedirect /old !", NULL, TR_PATTERN_PATH, "/old", "!" },
    { "TempRedirect /old pool:p", NULL, TR_PATTERN_PATH, "/old", "pool:p" },
    { "TempRedirect pool:p", NULL, TR_PATTERN_ANY, NULL, "pool:p" },
    { "TempRedirect pool:p", "/loc", TR_PATTERN_PATH, "/loc", "pool:p" },
    { "TempRedirectMatch ^/old pool:p", NULL, TR_PATTERN_REGEX, "/old",
      "pool:p" },
    { "TempRedirect /old %{path}", NULL, TR_PATTERN_PATH, "/old", "%{path}" },
    { "TempRedirect /old /new status=302", NULL, TR_PATTERN_PATH, "/old",
      "/new" },
    { "TempRedirect /new", NULL, TR_PATTERN_ANY, NULL, "/new" },
    { "TempRedirect https:", NULL, TR_PATTERN_ANY, NULL, "https:" },
    { "TempRedirect !", NULL, TR_PATTERN_ANY, NULL, "!" },
    { "TempRedirect /new status=302", NULL, TR_PATTERN_ANY, NULL, "/new" },
    { "TempRedirect /new id=a:b", NULL, TR_PATTERN_ANY, NULL, "/new" },
    { "TempRedirect /new", "/loc", TR_PATTERN_PATH, "/loc", "/new" },
    { "TempRedirect /new match=exact", "/loc/", TR_PATTERN_PATH, "/loc",
      "/new" },
    { "TempRedirect /loc/a /new", "/loc", TR_PATTERN_PATH, "/loc/a", "/new" },
    { "TempRedirectMatch ^/old(.*) /new$1", NULL, TR_PATTERN_REGEX, "/old",
      "/new$1" },
    { "TempRedirectMatch ^/loc/a !", "/loc", TR_PATTERN_REGEX, "/loc/a", "!" },
    { "TempRedirectMatch /old /new", NULL, TR_PATTERN_REGEX, "", "/new" },
    { "TempRedirect /old /new/%{form.a}/x", NULL, TR_PATTERN_PATH, "/old",
      "/new/%{form.a}/x" },
    { "TempRedirect /new form.a=/b", NULL, TR_PATTERN_ANY, NULL, "/new" },
    { "TempRedirect /new form.a=https://b.example/", NULL, TR_PATTERN_ANY,
      NULL, "/new" },
#ifdef TR_WITH_JANSSON
    { "TempRedirect /old /new/%{json./a/b}/x", NULL, TR_PATTERN_PATH, "/old",
      "/new/%{json./a/b}/x" },
    { "TempRedirect /old https://h.example/%{json./a?#b}", NULL,
      TR_PATTERN_PATH, "/old", "https://h.example/%{json./a?#b}" },
    { "TempRedirect /new json./a/b=c", NULL, TR_PATTERN_ANY, NULL, "/new" },
    { "TempRedirect /new json./a=https://b.example/", "/loc", TR_PATTERN_PATH,
      "/loc", "/new" },
    { "TempRedirect /new json./:/a", NULL, TR_PATTERN_ANY, NULL, "/new" },
    { "TempRedirect /new !json./a", NULL, TR_PATTERN_ANY, NULL, "/new" },
#endif
};

START_TEST(a_line_has_a_pattern_and_a_target)
{
    int i;

    for (i = 0; i < ROWS(lines); ++i) {
        tr_rule_t *rule = NULL;

        check_message(lines[i].line,
                      fake_parse(&rule, lines[i].line, lines[i].location),
                      NULL);
        ck_assert_msg(rule->pattern.kind == lines[i].kind, "%s: kind",
                      lines[i].line);
        check_text(lines[i].line, rule->pattern.begin, lines[i].begin);
        check_message(lines[i].line, tr_target_word(rule->target),
                      lines[i].target);
        ck_assert_msg(fake_warnings->nelts == 0, "%s: a warning",
                      lines[i].line);
    }
}
END_TEST

/* ---- what words say ---- */

static const struct {
    const char *line;
    int status;
    int exact;
    int caseless;
    int keep_tail;
    int sets_args;
    const char *id;
} words[] = {
    { "TempRedirect /a /b", 307, 0, 0, 1, 0, "test.conf:7" },
    { "TempRedirect /a /b status=307", 307, 0, 0, 1, 0, "test.conf:7" },
    { "TempRedirect /a /b status=302", 302, 0, 0, 1, 0, "test.conf:7" },
    { "TempRedirect /a /b status=303", 303, 0, 0, 1, 0, "test.conf:7" },
    { "TempRedirect /a /b status=301", 301, 0, 0, 1, 0, "test.conf:7" },
    { "TempRedirect /a /b status=308", 308, 0, 0, 1, 0, "test.conf:7" },
    { "TempRedirect /a /b match=exact", 307, 1, 0, 1, 0, "test.conf:7" },
    { "TempRedirect /a /b match=prefix", 307, 0, 0, 1, 0, "test.conf:7" },
    { "TempRedirect /a /b case=ignore", 307, 0, 1, 1, 0, "test.conf:7" },
    { "TempRedirect /a /b case=keep", 307, 0, 0, 1, 0, "test.conf:7" },
    { "TempRedirect /a /b tail=drop", 307, 0, 0, 0, 0, "test.conf:7" },
    { "TempRedirect /a /b tail=keep", 307, 0, 0, 1, 0, "test.conf:7" },
    { "TempRedirect /a /b args=drop", 307, 0, 0, 1, 1, "test.conf:7" },
    { "TempRedirect /a /b args=pass", 307, 0, 0, 1, 1, "test.conf:7" },
    { "TempRedirect /a /b args=merge", 307, 0, 0, 1, 1, "test.conf:7" },
    { "TempRedirect /a /b args=only:x,y", 307, 0, 0, 1, 1, "test.conf:7" },
    { "TempRedirect /a /b args=except:x*", 307, 0, 0, 1, 1, "test.conf:7" },
    { "TempRedirect /a /b id=moved-2024", 307, 0, 0, 1, 0, "moved-2024" },
    { "TempRedirect /a /b id=a=b", 307, 0, 0, 1, 0, "a=b" },
    { "TempRedirect /a ! match=exact case=ignore id=x", 307, 1, 1, 1, 0, "x" },
    { "TempRedirectMatch ^/a /b case=ignore status=308 args=drop id=x", 308, 0,
      1, 1, 1, "x" },
    { "TempRedirect /a /b id=x args=drop tail=drop case=ignore match=exact "
      "status=303",
      303, 1, 1, 0, 1, "x" },
};

START_TEST(a_word_sets_what_it_says_and_nothing_else)
{
    int i;

    for (i = 0; i < ROWS(words); ++i) {
        const char *line = words[i].line;
        tr_rule_t *rule = NULL;

        check_message(line, fake_parse(&rule, line, NULL), NULL);
        ck_assert_msg(rule->status == words[i].status, "%s: status", line);
        ck_assert_msg(rule->pattern.exact == words[i].exact, "%s: match", line);
        ck_assert_msg(rule->pattern.caseless == words[i].caseless, "%s: case",
                      line);
        ck_assert_msg(rule->keep_tail == words[i].keep_tail, "%s: tail", line);
        ck_assert_msg((rule->args != &tr_args_default) == words[i].sets_args,
                      "%s: args", line);
        check_message(line, rule->id, words[i].id);
        check_message(line, rule->place, "test.conf:7");
    }
}
END_TEST

/* ---- conditions ---- */

START_TEST(conditions_belong_to_the_rule_and_their_groups_to_the_target)
{
    tr_rule_t *rule = NULL;

    check_message("none", fake_parse(&rule, "TempRedirect /a /b", NULL), NULL);
    ck_assert_ptr_null(rule->conds);
    check_message("window",
                  fake_parse(&rule, "TempRedirect /a /b/%{group.x} hours=Mon "
                               "header.X=~(?<x>.) cookie.c", NULL), NULL);
    ck_assert_int_eq(rule->conds->nelts, 3);
    check_message("the cheap one first",
                  tr_cond_word(APR_ARRAY_IDX(rule->conds, 0,
                                             const tr_cond_t *)),
                  "cookie.c");
    ck_assert_ptr_nonnull(rule->window);
    ck_assert_int_eq(tr_target_regexes(rule->target), 2);
}
END_TEST

/* ---- errors ---- */

#define NOT_BOTH                                                               \
    ": neither a target nor a word; a target is an absolute URL, a path "      \
    "beginning with '/', 'https:', 'http:', 'pool:NAME' or '!'"
#define WORDS                                                                  \
    "known are 'status', 'match', 'case', 'tail', 'args', 'from', 'until', "   \
    "'hours', 'tz', 'cache', 'vary', 'retry-after', 'phase', 'mode', 'id', "   \
    "'method', 'scheme', 'host', 'port', 'client', 'user', 'lang', 'header', " \
    "'cookie', 'query', 'env', 'form', 'json', 'expr'"
#define NO_STATUS                                                              \
    ": not the status of a redirect; write 307, 302, 303, 301 or 308"
#define NO_ID ": a name is printable ASCII without spaces and quotes"
#define TWICE ": stands twice; leave one out"
#define NOTHING_SENT                                                           \
    ": '!' sends nothing to which this could apply; leave it out"
#define NOT_FOR_REGEX ": for a URL-path only; a regex says it itself"
#define NO_PATH                                                                \
    ": there is no URL-path to compare with; write one before the target"
#define NOT_YET                                                                \
    ": nobody is authenticated yet when phase=early asks; leave one of both "  \
    "out"
#define NOT_EARLY                                                              \
    ": phase=early asks before anything looks into a body; leave one of both " \
    "out"
#define ONE_BODY                                                               \
    ": a body is a form or JSON, and never both, so this rule could never "    \
    "match; write a rule for each"
#define NO_GROUP                                                               \
    ": no regex of this rule has a group named 'x'; one is written "           \
    "'(?<x>...)'"
#define QUOTED                                                                 \
    "; an expression with spaces is quoted with its word, as in "              \
    "\"expr=%{HTTP_HOST} == 'www.example.com'\""
#define RANDOM(word)                                                           \
    word ": without 'key=' the pool 'p' chooses at random, and a cache would " \
    "give one choice to all; leave it out, or give the pool a key"
#define NEVER                                                                  \
    ": this rule could never match: all that it is for is at or below its "    \
    "target already; lead out of the pattern, or to one page within it, "   \
    "or leave the target out by a regex"

static const struct {
    const char *line;
    const char *error;
} errors[] = {
    /* the order of the arguments */
    { "TempRedirect new",
      "new: not a target; write an absolute URL, a path beginning with '/', "
      "'https:', 'http:', 'pool:NAME' or '!'" },
    { "TempRedirect old /new", "old: a URL-path begins with '/'" },
    { "TempRedirect https://a.example/ /new",
      "https://a.example/: a URL-path begins with '/'" },
    { "TempRedirect /old example.com/new", "example.com/new" NOT_BOTH },
    { "TempRedirect /old example.com", "example.com" NOT_BOTH },
    { "TempRedirect /old new", "new: unknown word; " WORDS },
    { "TempRedirect /old status=303 /new",
      "/new: a target stands before it already; write 'URL-path target', then "
      "words such as 'status=303'" },
    { "TempRedirectMatch ^/old", "^/old: a target is missing; write 'regex "
                                 "target'" },

    /* words */
    { "TempRedirect /a /b statsu=303",
      "statsu=303: unknown word; did you mean 'status'?" },
    { "TempRedirect /a /b STATUS=303",
      "STATUS=303: unknown word; did you mean 'status'?" },
    { "TempRedirect /a /b weight=5", "weight=5: stands at a "
                                     "TempRedirectMember" },
    { "TempRedirect /a pool:p key=client", "key=client: stands at a "
                                           "TempRedirectPool" },
    { "TempRedirect /a pool:p sticky=c", "sticky=c: stands at a "
                                         "TempRedirectPool" },
    { "TempRedirect /a /b =303", "=303: no space stands around a '='" },
    { "TempRedirect /a /b 301",
      "301: unknown word; did you mean 'status=301'?" },
    { "TempRedirect /a /b cach=60", "cach=60: unknown word; did you mean 'cache'?" },
    { "TempRedirect /a /b file=/a.b", "file=/a.b: unknown word; " WORDS },
    { "TempRedirect /a /b status",
      "status: a value is missing; write 'status=...'" },
    { "TempRedirect /a /b status=", "status=" NO_STATUS },
    { "TempRedirect /a /b status=200", "status=200" NO_STATUS },
    { "TempRedirect /a /b status=0307", "status=0307" NO_STATUS },
    { "TempRedirect /a /b status=307x", "status=307x" NO_STATUS },
    { "TempRedirect /a /b status=temp", "status=temp" NO_STATUS },
    { "TempRedirect /a /b match=exakt",
      "match=exakt: unknown value; did you mean 'exact'?" },
    { "TempRedirect /a /b match=",
      "match=: unknown value; known are 'prefix', 'exact'" },
    { "TempRedirect /a /b case=Ignore",
      "case=Ignore: unknown value; did you mean 'ignore'?" },
    { "TempRedirect /a /b case=no",
      "case=no: unknown value; known are 'keep', 'ignore'" },
    { "TempRedirect /a /b tail=dorp",
      "tail=dorp: unknown value; did you mean 'drop'?" },
    { "TempRedirect /a /b args=pas",
      "args=pas: unknown policy; did you mean 'pass'?" },
    { "TempRedirect /a /b args=only:",
      "args=only:: a name is missing; write names with ',' between them, as "
      "in 'args=only:id,lang'" },
    { "TempRedirect /a /b args=only:*x",
      "args=only:*x: '*x': '*' can only stand at the end of a name, as in "
      "'utm_*'" },
    { "TempRedirect /a /b id=", "id=" NO_ID },
    { "TempRedirect /a /b id=a\"b", "id=a\"b" NO_ID },
    { "TempRedirect /a /b id=\xc3\xa4", "id=\xc3\xa4" NO_ID },
    { "TempRedirect /a /b id=a\nb", "id=a\nb" NO_ID },

    /* twice */
    { "TempRedirect /a /b status=301 status=301", "status=301" TWICE },
    { "TempRedirect /a /b status=301 id=a status=302", "status=302" TWICE },
    { "TempRedirect /a /b match=exact match=exact", "match=exact" TWICE },
    { "TempRedirect /a /b case=keep case=keep", "case=keep" TWICE },
    { "TempRedirect /a /b tail=keep tail=drop", "tail=drop" TWICE },
    { "TempRedirect /a /b args=drop args=pass", "args=pass" TWICE },
    { "TempRedirect /a /b id=a id=b", "id=b" TWICE },

    /* where a word has no meaning */
    { "TempRedirect /a ! status=301", "status=301" NOTHING_SENT },
    { "TempRedirect /a ! tail=drop", "tail=drop" NOTHING_SENT },
    { "TempRedirect /a ! args=drop", "args=drop" NOTHING_SENT },
    { "TempRedirectMatch ^/a ! status=301", "status=301" NOTHING_SENT },
    { "TempRedirectMatch ^/a /b tail=drop", "tail=drop" NOT_FOR_REGEX },
    { "TempRedirectMatch ^/a /b match=exact", "match=exact" NOT_FOR_REGEX },
    { "TempRedirect /b match=exact", "match=exact" NO_PATH },
    { "TempRedirect /b match=prefix", "match=prefix" NO_PATH },
    { "TempRedirect ! match=exact", "match=exact" NO_PATH },

    /* conditions */
    { "TempRedirect /a /b header.X header.X", "header.X" TWICE },
    { "TempRedirect /a /b !method",
      "!method: every request has one, so this rule could never match" },
    { "TempRedirect /a /b path=/c",
      "path=/c: no condition; the URL-path before the target says which paths "
      "the rule is for, or the regex of TempRedirectMatch" },
    { "TempRedirect /a /b expr=bad", "expr=bad: syntax error" QUOTED },
    { "TempRedirect /a /b !expr=bad", "!expr=bad: syntax error" QUOTED },
    { "TempRedirect /a /b expr=",
      "expr=: an expression is missing; write it as in \"expr=%{HTTP_HOST} == "
      "'www.example.com'\"" },
    { "TempRedirect /a /b expr",
      "expr: an expression is missing; write 'expr=...'" },
    { "TempRedirect /a /b/%{user} phase=early", "/b/%{user}" NOT_YET },
    { "TempRedirectMatch ^/a /b/?u=%{user} phase=early",
      "/b/?u=%{user}" NOT_YET },
    { "TempRedirect /a /b user=jo phase=early", "user=jo" NOT_YET },
    { "TempRedirect /a /b phase=early user", "user" NOT_YET },
    { "TempRedirect /a /b !user=jo phase=early", "!user=jo" NOT_YET },
    { "TempRedirect /a ! phase=early header.X user=~a", "user=~a" NOT_YET },
    { "TempRedirect /a /b/%{user} user phase=early", "user" NOT_YET },
    { "TempRedirect /a /b form.a=1 phase=early", "form.a=1" NOT_EARLY },
#ifdef TR_WITH_JANSSON
    { "TempRedirect /a /b form.x json./y", "json./y" ONE_BODY },
    { "TempRedirect /a /b json./y !form.x", "!form.x" ONE_BODY },
    { "TempRedirect /a /b/%{form.x} json./y", "/b/%{form.x}" ONE_BODY },
    { "TempRedirect /a /%{json./y}/%{form.x}", "/%{json./y}/%{form.x}" ONE_BODY },
#endif
    { "TempRedirect /a /b phase=early !form.a", "!form.a" NOT_EARLY },
    { "TempRedirect /a ! phase=early header.X form.a=~1",
      "form.a=~1" NOT_EARLY },
    { "TempRedirect /a /b/%{form.a} phase=early", "/b/%{form.a}" NOT_EARLY },
    { "TempRedirectMatch ^/a /b/?u=%{form.a} phase=early",
      "/b/?u=%{form.a}" NOT_EARLY },
    { "TempRedirect /a /b form.a user phase=early", "user" NOT_YET },
    { "TempRedirect /a /b user form.a phase=early", "user" NOT_YET },
    { "TempRedirect /a /b/%{user} form.a phase=early", "form.a" NOT_EARLY },
    { "TempRedirect /a /b/%{header.X}/%{form.a}/%{user} phase=early",
      "/b/%{header.X}/%{form.a}/%{user}" NOT_EARLY },
#ifdef TR_WITH_JANSSON
    { "TempRedirect /a /b json./a=1 phase=early", "json./a=1" NOT_EARLY },
    { "TempRedirect /a ! phase=early !json./a", "!json./a" NOT_EARLY },
    { "TempRedirect /a /b/%{json./a/b} phase=early",
      "/b/%{json./a/b}" NOT_EARLY },
    { "TempRedirect /a /b/%{json.a}",
      "/b/%{json.a}: '%{json.a}': a JSON pointer begins with '/', as in "
      "'json./type' or 'json./repository/name'" },
#endif
    { "TempRedirect /a /b/%{json.}",
      "/b/%{json.}: '%{json.}': write 'json./NAME'" },
    { "TempRedirect /a /b/%{form}",
      "/b/%{form}: '%{form}': write 'form.NAME'" },
    { "TempRedirect /a /b until=2026-12-01T22:00Z from=2026-12-01T22:00Z",
      "until=2026-12-01T22:00Z: is not after from=2026-12-01T22:00Z; a window "
      "opens with from= and closes with until=" },

    /* groups of conditions */
    { "TempRedirect /a /b/%{group.x} header.X=~(?<y>.)",
      "/b/%{group.x}" NO_GROUP },
    { "TempRedirect /a /b/%{group.x} !header.X=~(?<x>.)",
      "/b/%{group.x}" NO_GROUP },
    { "TempRedirect /a /b/$1 header.X=~(.)",
      "/b/$1: there is no regex to take '$1' from; use TempRedirectMatch, or "
      "write '%24' for a '$'" },
    { "TempRedirectMatch ^/a /b/$1 header.X=~(.)",
      "/b/$1: the regex has no group for '$1'; it has 0" },

    /* pattern and target quote themselves */
    { "TempRedirect /a/../b /c",
      "/a/../b: can never match: '.' and '..' are gone from the path of a "
      "request before it is compared; write the path without them" },
    { "TempRedirectMatch ^/(a /b",
      "^/(a: missing closing parenthesis at offset 4" },
    { "TempRedirect /a //b", "//b: '//' begins a host, not a path; write "
                             "'https://host/path' or one '/'" },
    { "TempRedirectMatch ^/(a) /b$2",
      "/b$2: the regex has no group for '$2'; it has 1" },
    { "TempRedirect /a /b$1",
      "/b$1: there is no regex to take '$1' from; use TempRedirectMatch, or "
      "write '%24' for a '$'" },
    { "TempRedirect /a /a", "/a" NEVER },

    /* the first one counts */
    { "TempRedirect a /b$1 x=1", "a: a URL-path begins with '/'" },
    { "TempRedirect /a /b$1 x=1", "x=1: unknown word; " WORDS },

    /* what comes from elsewhere */
    { "TempRedirect 307 /a /b",
      "307: the status stands behind the target; write 'status=307'" },
    { "TempRedirect status=303 /a /b",
      "status=303: words stand behind the target; write 'URL-path target', "
      "then words such as 'status=303'" },
    { "TempRedirect 410 /a /b", "410: a URL-path begins with '/'" },
    { "TempRedirect /a ${NEW}",
      "${NEW}: '${' begins a variable that is not defined; write '$1' for a "
      "group, '%{name}' for an attribute, or '%24'" },
    { "TempRedirect permanent /a /b",
      "permanent: the status stands behind the target; write 'status=301'" },
    { "TempRedirect ^/a /b",
      "^/a: a URL-path begins with '/'; for a regex write TempRedirectMatch" },
    { "TempRedirectMatch ^a/(.*)$ /b",
      "^a/(.*)$: can never match: the path of a request begins with '/'; write "
      "'^/...'" },
    { "TempRedirectMatch !^/a /b",
      "!^/a: '!' does not negate a regex; write '^/(?!...)', or a rule for the "
      "exception with the target '!' before" },
    { "TempRedirect //a /b",
      "//a: can never match: a request's path begins with one '/'" },
    { "TempRedirect /a /b/${1}",
      "/b/${1}: '${' begins a variable that is not defined; write '$1' for a "
      "group, '%{name}' for an attribute, or '%24'" },
    { "TempRedirect /a https: tail=drop",
      "tail=drop: 'https:' keeps the whole path; write 'https://%{host}/...'" },
    { "TempRedirect /a /b https://c.example/?x=y",
      "https://c.example/?x=y: a target stands before it already; write "
      "'URL-path target', then words such as 'status=303'" },
};

START_TEST(an_error_quotes_the_word_and_says_what_would_be_right)
{
    int i;

    for (i = 0; i < ROWS(errors); ++i) {
        tr_rule_t *rule = NULL;

        check_message(errors[i].line, fake_parse(&rule, errors[i].line, NULL),
                      errors[i].error);
        ck_assert_msg(rule == NULL, "%s: half-built", errors[i].line);
        ck_assert_msg(fake_warnings->nelts == 0, "%s: a warning",
                      errors[i].line);
    }
}
END_TEST

START_TEST(a_name_has_no_spaces)
{
    static const char *const argv[] = { "TempRedirect", "/a", "/b",
                                        "id=a b", NULL };
    static const tr_place_t place = { .file = "test.conf", .line = 1 };
    tr_rule_t *rule = NULL;

    check_message("id=a b", fake_parse_words(&rule, &place, 4, argv),
                  "id=a b" NO_ID);
}
END_TEST

/* ---- where a rule stands ---- */

START_TEST(only_a_lasting_rule_has_log_marks_to_set)
{
    static const char *const argv[] = { "TempRedirect", "/a", "/b", NULL };
    tr_place_t place = { .file = "test.conf", .line = 1 };
    tr_rule_t *rule = NULL;

    check_message("lasting", fake_parse_words(&rule, &place, 3, argv), NULL);
    ck_assert_uint_eq(*rule->logged, 0);
    place.transient = 1;
    check_message("transient", fake_parse_words(&rule, &place, 3, argv), NULL);
    ck_assert_uint_eq(*rule->logged, 0xffffffffu);
}
END_TEST

/* ---- pools ---- */

#define RULE(words) "TempRedirect /x pool:p " words
#define MATCH(regex) "TempRedirectMatch " regex " pool:p"
#define POOL(words) "TempRedirectPool p " words
#define TO(words) "TempRedirectMember p " words
#define AT "pool:p: member at test.conf:1: "

static const struct {
    const char *lines[4]; /* a pool; the others begin it */
    const char *rule;
    const char *error;
} bindings[] = {
    { { POOL("") }, RULE(""), NULL },
    { { POOL(""), TO("!") }, RULE("tail=drop args=drop status=303"), NULL },
    { { POOL(""), TO("/b/$1") }, MATCH("^/x/(.*)"), NULL },
    { { POOL(""), TO("/b"), TO("!") }, MATCH("^/x/"), NULL },
    { { POOL(""), TO("/b%{tail}") }, RULE(""), NULL },
    { { POOL(""), TO("/b%{tail}") }, RULE("tail=drop"), NULL },
    { { POOL(""), TO("/b/%{group.x}") }, RULE("header.X=~(?<x>.)"), NULL },
    { { POOL(""), TO("/b/%{group.x}") },
      RULE("header.X=~(?<y>.) header.Y=~(?<x>.)"), NULL },

    /* what a cache may keep */
    { { POOL("key=client") }, RULE("cache=600"), NULL },
    { { POOL("") }, RULE("cache=unset"), NULL },
    { { POOL("") }, RULE("cache=600"), RANDOM("cache=600") },
    { { POOL("") }, RULE("cache=0"), RANDOM("cache=0") },
    { { POOL("sticky=c") }, RULE("cache=600"), RANDOM("cache=600") },
    { { POOL(""), TO("/x") }, RULE("cache=600"), RANDOM("cache=600") },

    /* back into itself */
    { { POOL(""), TO("/x") }, RULE(""), AT "/x" NEVER },
    { { POOL(""), TO("/a"), TO("/x weight=0") }, RULE(""), AT "/x" NEVER },
    { { POOL(""), TO("/x"), TO("/") }, RULE(""), AT "/x" NEVER },
    { { POOL(""), TO("/") }, RULE(""), NULL },
    { { POOL(""), TO("/x/b") }, RULE(""), NULL },
    { { POOL(""), TO("https://h.example/x") }, RULE(""), NULL },
    { { POOL(""), TO("/a/$1") }, MATCH("^/a/(.*)$"), AT "/a/$1" NEVER },

    /* what the rule's words leave no room for */
    { { POOL(""), TO("https:") }, RULE(""), NULL },
    { { POOL(""), TO("/b"), TO("https:") }, RULE("tail=drop"),
      AT "tail=drop: 'https:' keeps the whole path; write "
      "'https://%{host}/...'" },

    /* groups and tails */
    { { POOL(""), TO("/b/$1") }, RULE(""),
      AT "/b/$1: there is no regex to take '$1' from; use TempRedirectMatch, "
      "or write '%24' for a '$'" },
    { { POOL(""), TO("/b/$1") }, RULE("header.X=~(.)"),
      AT "/b/$1: there is no regex to take '$1' from; use TempRedirectMatch, "
      "or write '%24' for a '$'" },
    { { POOL(""), TO("/b/$2") }, MATCH("^/x/(.*)"),
      AT "/b/$2: the regex has no group for '$2'; it has 1" },
    { { POOL(""), TO("/b/%{group.x}") }, RULE(""), AT "/b/%{group.x}"
      NO_GROUP },
    { { POOL(""), TO("/b/%{group.x}") }, RULE("!header.X=~(?<x>.)"),
      AT "/b/%{group.x}" NO_GROUP },
    { { POOL(""), TO("/b/%{group.x}") }, MATCH("^/(?<y>.)"),
      AT "/b/%{group.x}" NO_GROUP },
    { { POOL(""), TO("%{group.x}/b") }, RULE("header.X=~(?<x>.)"),
      AT "%{group.x}/b: a value cannot begin a path, as its '/' is encoded; "
      "write '/%{...}'" },
    { { POOL(""), TO("/b%{tail}") }, MATCH("^/x"),
      AT "/b%{tail}: a rule with a regex has no tail; capture it in the "
      "regex" },

    /* bodies */
    { { POOL("key=form.f"), TO("/b/%{form.g}") }, RULE("form.h"), NULL },
#ifdef TR_WITH_JANSSON
    { { POOL("key=form.f"), TO("/b/%{json./g}") }, RULE(""),
      AT "key=form.f" ONE_BODY },
    { { POOL("key=form.f") }, RULE("json./h"), AT "key=form.f" ONE_BODY },
    { { POOL("key=json./f") }, RULE("!form.h"), AT "key=json./f" ONE_BODY },
    { { POOL(""), TO("/b/%{json./g}") }, RULE("form.h"),
      AT "/b/%{json./g}" ONE_BODY },
    /* each rule sends to one of them */
    { { POOL(""), TO("/b/%{json./g}"), TO("/b/%{form.g}") }, RULE(""), NULL },
    { { POOL("key=json./f") }, RULE("phase=early"),
      AT "key=json./f" NOT_EARLY },
#endif

    /* phases */
    { { POOL("key=client"), TO("/b/%{header.X}") }, RULE("phase=early"),
      NULL },
    { { POOL("key=user"), TO("/b/%{user}") }, RULE(""), NULL },
    { { POOL("key=user") }, RULE("phase=early"), AT "key=user" NOT_YET },
    { { POOL("key=form.f") }, RULE("phase=early"), AT "key=form.f" NOT_EARLY },
    { { POOL(""), TO("/b/%{user}") }, RULE("phase=early"),
      AT "/b/%{user}" NOT_YET },
    { { POOL(""), TO("/b"), TO("/c/%{form.f}") }, RULE("phase=early"),
      AT "/c/%{form.f}" NOT_EARLY },
};

/* Those of the lines, behind one member that is right everywhere. */
static const apr_array_header_t *pools_of(const char *const *said)
{
    apr_array_header_t *pools = apr_array_make(pool, 1, sizeof(tr_pool_t *));
    int i;

    check_message(said[0], fake_parse_pool(pools, said[0]), NULL);
    check_message("first", fake_parse_pool(pools, TO("/first")), NULL);
    for (i = 1; said[i]; ++i) {
        check_message(said[i], fake_parse_pool(pools, said[i]), NULL);
    }
    return pools;
}

START_TEST(a_rule_is_bound_to_a_pool_whose_members_it_can_send_to)
{
    int i;

    for (i = 0; i < ROWS(bindings); ++i) {
        const apr_array_header_t *pools = pools_of(bindings[i].lines);
        tr_rule_t *rule = NULL;
        const char *row = apr_psprintf(pool, "row %d, %s", i,
                                       bindings[i].rule);

        check_message(row, fake_parse(&rule, bindings[i].rule, NULL), NULL);
        ck_assert_ptr_null(rule->pool);
        check_message(row, fake_bind(rule, pools), bindings[i].error);
        ck_assert_msg(bindings[i].error
                          || rule->pool == APR_ARRAY_IDX(pools, 0,
                                                         tr_pool_t *),
                      "%s: of no pool", row);
    }
}
END_TEST

START_TEST(an_arm_is_the_rule_with_the_target_of_a_member)
{
    static const char *const said[] = { POOL(""), TO("/x/$1"), TO("!"),
                                        NULL };
    const apr_array_header_t *pools = pools_of(said);
    const tr_pool_t *of = APR_ARRAY_IDX(pools, 0, const tr_pool_t *);
    tr_rule_t *one = fake_rule(MATCH("^/x?y*(.*)$") " status=303 id=one");
    tr_rule_t *other = fake_rule(MATCH("^/y(.)$") " status=302 id=other");
    int i;

    check_message("one", fake_bind(one, pools), NULL);
    check_message("other", fake_bind(other, pools), NULL);
    for (i = 0; i < 3; ++i) {
        const tr_member_t *member = APR_ARRAY_IDX(of->members, i,
                                                  const tr_member_t *);
        const char *word = tr_target_word(member->target);
        tr_rule_t arm = *other;

        tr_rule_take_arm(&arm, i);
        check_message(word, tr_target_word(one->arms[i].target), word);
        ck_assert_ptr_eq(arm.target, other->arms[i].target);
        ck_assert_int_eq(arm.inside, other->arms[i].inside);
        ck_assert_int_eq(arm.may_loop, other->arms[i].may_loop);
        check_message(word, arm.id, "other");
        ck_assert_int_eq(arm.status, 302);
        ck_assert_ptr_eq(arm.pool, of);
        /* a target that names groups is each rule's own */
        ck_assert_int_eq(one->arms[i].target == member->target, i != 1);
        ck_assert_int_eq(other->arms[i].target == member->target, i != 1);
        ck_assert(!tr_target_wants_rule(one->arms[i].target));
        ck_assert_int_eq(one->arms[i].inside, i == 1 || i == 0);
        ck_assert_int_eq(other->arms[i].inside, 0);
    }
    ck_assert(tr_target_wants_rule(APR_ARRAY_IDX(of->members, 1,
                                                 const tr_member_t *)
                                       ->target));
    check_message("one", tr_target_word(one->target), "pool:p");
}
END_TEST

static const struct {
    const char *line;
    int phases, is_early;
} phased[] = {
    { "TempRedirect /a pool:p", TR_PHASE_FIXUPS, 0 },
    { "TempRedirect /a pool:p phase=fixups", TR_PHASE_FIXUPS, 0 },
    /* those who stay are told of in both */
    { "TempRedirect /a pool:p phase=early", TR_PHASE_FIXUPS | TR_PHASE_EARLY,
      1 },
    { "TempRedirectMatch ^/a pool:p phase=early",
      TR_PHASE_FIXUPS | TR_PHASE_EARLY, 1 },
    { "TempRedirect /a /b phase=early", TR_PHASE_EARLY, 1 },
    { "TempRedirect /a /b", TR_PHASE_FIXUPS, 0 },
    { "TempRedirect /a !", TR_PHASE_FIXUPS | TR_PHASE_EARLY, 0 },
    { "TempRedirect /a ! phase=early", TR_PHASE_EARLY, 1 },
};

START_TEST(an_early_pool_is_asked_in_both_phases)
{
    int i;

    for (i = 0; i < ROWS(phased); ++i) {
        const tr_rule_t *rule = fake_rule(phased[i].line);

        ck_assert_msg(rule->phases == phased[i].phases, "%s: phases",
                      phased[i].line);
        ck_assert_msg(rule->is_early == phased[i].is_early, "%s: is early",
                      phased[i].line);
        ck_assert_msg((rule->regexes != NULL)
                          == (strstr(phased[i].line, "pool:") != NULL),
                      "%s: regexes", phased[i].line);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("tr_rule");
    TCase *tests = unit_case(suite, "rule");

    tcase_add_test(tests, a_line_has_a_pattern_and_a_target);
    tcase_add_test(tests, a_word_sets_what_it_says_and_nothing_else);
    tcase_add_test(tests,
                   an_error_quotes_the_word_and_says_what_would_be_right);
    tcase_add_test(
        tests, conditions_belong_to_the_rule_and_their_groups_to_the_target);
    tcase_add_test(tests, a_name_has_no_spaces);
    tcase_add_test(tests, only_a_lasting_rule_has_log_marks_to_set);
    tests = unit_case(suite, "pool");
    tcase_add_test(tests,
                   a_rule_is_bound_to_a_pool_whose_members_it_can_send_to);
    tcase_add_test(tests, an_arm_is_the_rule_with_the_target_of_a_member);
    tcase_add_test(tests, an_early_pool_is_asked_in_both_phases);
    return unit_main(suite);
}

/* Licensed under the Apache License, Version 2.0; see LICENSE. */
#include <apr_strings.h>

#include "fake.h"
#include "tr_words.h"

enum { SEND = TR_WORDS_SEND, PATH = TR_WORDS_PATH, COMPARE = TR_WORDS_COMPARE };

/* Where early rules may stand, and where not. */
static const tr_place_t early_place = { .knows_early = 1,
                                        .expr_parse = fake_expr_parse };
static const tr_place_t late_place = { .expr_parse = fake_expr_parse };

static tr_draft_t draft_for(const tr_place_t *place, int not_for)
{
    tr_draft_t draft = { apr_pcalloc(pool, sizeof(*draft.rule)), place,
                         not_for, NULL, { 0 }, 0, 0 };

    draft.rule->status = 307;
    draft.rule->keep_tail = 1;
    draft.rule->args = &tr_args_default;
    draft.rule->phases = TR_PHASE_FIXUPS;
    draft.rule->cache = TR_CACHE_NO_STORE;
    draft.rule->retry_after = TR_RETRY_NONE;
    return draft;
}

static const char *parse(tr_draft_t *draft, const char *line)
{
    const char **argv;
    int argc = fake_words(&argv, line);
    const char *error = tr_words_parse(draft, argc, argv, pool);

    return error ? error : tr_words_finish(draft, pool);
}

/* ---- what words say ---- */

static const char *number(const char *text, const char *name, apr_int64_t is,
                          apr_int64_t by_default)
{
    return is == by_default ? text
                            : apr_psprintf(pool, "%s%s%s=%" APR_INT64_T_FMT,
                                           text, *text ? " " : "", name, is);
}

static const char *string(const char *text, const char *name, const char *is)
{
    return is ? apr_pstrcat(pool, text, *text ? " " : "", name, "=", is, NULL)
              : text;
}

/* The conditions of a rule, in the order in which they are asked. */
static const char *conds_of(const tr_rule_t *rule)
{
    const char *text = NULL;
    int i;

    for (i = 0; rule->conds && i < rule->conds->nelts; ++i) {
        const char *word = tr_cond_word(APR_ARRAY_IDX(rule->conds, i,
                                                      const tr_cond_t *));

        text = apr_pstrcat(pool, text ? text : "", text ? " " : "",
                           word ? word : "WINDOW", NULL);
    }
    return text;
}

/* All that differs from a rule without words. */
static const char *said(const tr_draft_t *draft)
{
    const tr_rule_t *rule = draft->rule;
    const char *text = "";

    text = number(text, "status", rule->status, 307);
    text = number(text, "exact", rule->pattern.exact, 0);
    text = number(text, "caseless", rule->pattern.caseless, 0);
    text = number(text, "tail", rule->keep_tail, 1);
    text = number(text, "args", rule->args != &tr_args_default, 0);
    text = number(text, "cache", rule->cache, TR_CACHE_NO_STORE);
    text = number(text, "vary_off", rule->vary_off, 0);
    text = number(text, "retry", rule->retry_after, TR_RETRY_NONE);
    text = number(text, "phases", rule->phases, TR_PHASE_FIXUPS);
    text = number(text, "early", draft->is_early, 0);
    text = number(text, "dry", rule->is_dry, 0);
    text = number(text, "preflights", rule->takes_preflights, 0);
    text = number(text, "window", rule->window != NULL, 0);
    text = string(text, "id", rule->id);
    return string(text, "conds", conds_of(rule));
}

static const struct {
    const char *line;
    const char *says;
} words[] = {
    { "", "" },
    { "status=307", "" },
    { "status=302", "status=302" },
    { "status=303", "status=303" },
    { "status=301", "status=301" },
    { "status=308", "status=308" },
    { "match=prefix", "" },
    { "match=exact", "exact=1" },
    { "case=keep", "" },
    { "case=ignore", "caseless=1" },
    { "tail=keep", "" },
    { "tail=drop", "tail=0" },
    { "args=drop", "args=1" },
    { "from=2026-12-01T22:00Z", "window=1 conds=WINDOW" },
    { "until=2026-12-01T22:00Z", "window=1 conds=WINDOW" },
    { "hours=Mon", "window=1 conds=WINDOW" },
    { "from=2026-12-01T22:00 until=2026-12-02 hours=22:00-23:00 tz=UTC",
      NULL },
    { "from=2026-12-01T22:00 until=2026-12-02T22:00 hours=22:00-23:00 tz=UTC",
      "window=1 conds=WINDOW" },
    { "tz=local hours=Mon", "window=1 conds=WINDOW" },
    { "cache=0", "cache=0" },
    { "cache=600", "cache=600" },
    { "cache=0000000600", "cache=600" },
    { "cache=2147483647", "cache=2147483647" },
    { "cache=unset", "cache=-2" },
    { "vary=auto", "" },
    { "vary=off", "vary_off=1" },
    { "vary=off cache=unset", "cache=-2 vary_off=1" },
    { "vary=auto cache=1", "cache=1" },
    { "retry-after=0", "retry=0" },
    { "retry-after=2147483647", "retry=2147483647" },
    { "retry-after=window hours=Mon", "retry=-2 window=1 conds=WINDOW" },
    { "until=2026-12-01T22:00Z retry-after=window",
      "retry=-2 window=1 conds=WINDOW" },
    { "phase=fixups", "" },
    { "phase=early", "phases=2 early=1" },
    { "mode=live", "" },
    { "mode=dry", "dry=1" },
    { "id=a", "id=a" },
    { "id=a=b!", "id=a=b!" },

    /* conditions, the cheap ones first */
    { "header.X", "conds=header.X" },
    { "!header.X=1", "conds=!header.X=1" },
    { "lang=de hours=Mon header.X=~1 !cookie.c method=POST expr=yes",
      "window=1 conds=method=POST !cookie.c lang=de WINDOW header.X=~1 "
      "expr=yes" },
    { "header.Y header.X", "conds=header.Y header.X" },
    { "header.X=1 header.X=2 header.X header.X=~1",
      "conds=header.X=1 header.X=2 header.X header.X=~1" },
    { "header.X header.x", "conds=header.X header.x" },
    { "method", "conds=method" },
    { "form.a=~1 !form.b expr=yes form.a lang=~de hours=Mon header.X=~1",
      "window=1 conds=WINDOW header.X=~1 lang=~de expr=yes !form.b form.a "
      "form.a=~1" },
    { "form.a=1 form.a=2", "conds=form.a=1 form.a=2" },
    { "form.a phase=early", "phases=2 early=1 conds=form.a" }, /* as above */
#ifdef TR_WITH_JANSSON
    { "json./a=~1 json./b expr=yes form.a=1 cookie.c",
      "conds=cookie.c expr=yes json./b form.a=1 json./a=~1" },
    { "json./a=1,2 json./a=~1 json./b=3",
      "conds=json./a=1,2 json./b=3 json./a=~1" },
#endif
    { "user phase=fixups", "conds=user" },
    { "user phase=early", "phases=2 early=1 conds=user" }, /* tr_rule's say */
    { "env.E phase=early", "phases=2 early=1 conds=env.E" },
    { "method=OPTIONS", "preflights=1 conds=method=OPTIONS" },
    { "method=POST,OPTIONS", "preflights=1 conds=method=POST,OPTIONS" },
    { "!method=OPTIONS", "conds=!method=OPTIONS" },
    { "method=OPTIONS method=POST,OPTIONS",
      "preflights=1 conds=method=OPTIONS method=POST,OPTIONS" },

    /* all at once, in whatever order */
    { "id=x mode=dry phase=early retry-after=5 vary=auto cache=9 args=drop "
      "tail=drop case=ignore match=exact status=303 user.x=1",
      NULL },
    { "id=x mode=dry phase=early retry-after=5 vary=auto cache=9 args=drop "
      "tail=drop case=ignore match=exact status=303 host=a",
      "status=303 exact=1 caseless=1 tail=0 args=1 cache=9 retry=5 phases=2 "
      "early=1 dry=1 id=x conds=host=a" },
};

START_TEST(a_word_says_what_it_says_and_nothing_else)
{
    int i;

    for (i = 0; i < ROWS(words); ++i) {
        tr_draft_t draft = draft_for(&early_place, 0);
        const char *error = parse(&draft, words[i].line);

        ck_assert_msg((error == NULL) == (words[i].says != NULL), "%s: %s",
                      words[i].line, error ? error : "no error");
        if (!error) {
            check_message(words[i].line, said(&draft), words[i].says);
        }
    }
}
END_TEST

/* ---- phases ---- */

static const struct {
    const char *line;
    const tr_place_t *place;
    int not_for;
    int phases;
} phases[] = {
    { "", &early_place, 0, TR_PHASE_FIXUPS },
    { "phase=early", &early_place, 0, TR_PHASE_EARLY },
    { "phase=fixups", &early_place, 0, TR_PHASE_FIXUPS },
    { "phase=fixups", &late_place, 0, TR_PHASE_FIXUPS },
    { "user", &early_place, 0, TR_PHASE_FIXUPS },

    /* '!' counts in both, where it may */
    { "", &early_place, SEND, TR_PHASE_FIXUPS | TR_PHASE_EARLY },
    { "", &late_place, SEND, TR_PHASE_FIXUPS },
    { "header.X", &early_place, SEND, TR_PHASE_FIXUPS | TR_PHASE_EARLY },
    { "phase=early", &early_place, SEND, TR_PHASE_EARLY },
    { "phase=fixups", &early_place, SEND, TR_PHASE_FIXUPS },
    { "user", &early_place, SEND, TR_PHASE_FIXUPS },
    { "!user=jo header.X", &early_place, SEND, TR_PHASE_FIXUPS },
    { "phase=fixups user=~a", &early_place, SEND, TR_PHASE_FIXUPS },
    { "", &early_place, SEND | PATH, TR_PHASE_FIXUPS | TR_PHASE_EARLY },
    { "form.a", &early_place, SEND, TR_PHASE_FIXUPS },
    { "!form.a=1 header.X", &early_place, SEND, TR_PHASE_FIXUPS },
    { "header.X form.a=~1", &early_place, SEND | PATH, TR_PHASE_FIXUPS },
    { "form.a", &early_place, 0, TR_PHASE_FIXUPS },
#ifdef TR_WITH_JANSSON
    { "json./a", &early_place, SEND, TR_PHASE_FIXUPS },
    { "!json./a=1", &early_place, SEND, TR_PHASE_FIXUPS },
    { "phase=fixups json./a=~1", &early_place, SEND, TR_PHASE_FIXUPS },
#endif
};

START_TEST(a_rule_is_asked_in_its_phases)
{
    int i;

    for (i = 0; i < ROWS(phases); ++i) {
        tr_draft_t draft = draft_for(phases[i].place, phases[i].not_for);

        check_message(phases[i].line, parse(&draft, phases[i].line), NULL);
        ck_assert_msg(draft.rule->phases == phases[i].phases,
                      "row %d, '%s': phases %d", i, phases[i].line,
                      draft.rule->phases);
    }
}
END_TEST

/* ---- errors ---- */

#define STATUS ": not the status of a redirect; write 307, 302, 303, 301 or 308"
#define TWICE ": stands twice; leave one out"
#define BESIDE(other)                                                          \
    ": could never match beside '" other "'; values that are alternatives "    \
    "stand in one condition, with ',' between them"
#define NEVER(other)                                                           \
    ": contradicts '" other "', so this rule could never match"
#define TRIVIAL ": every request has one, so this rule could never match"
#define NOTHING_SENT                                                           \
    ": '!' sends nothing to which this could apply; leave it out"
#define ITSELF ": for a URL-path only; a regex says it itself"
#define NO_PATH                                                                \
    ": there is no URL-path to compare with; write one before the target"
#define CACHE                                                                  \
    ": write seconds, from 0 to 2147483647, or 'unset'; 'no-store' is sent "   \
    "without the word"
#define RETRY ": write seconds, from 0 to 2147483647, or 'window'"
#define NO_END                                                                 \
    "retry-after=window: this rule has no window that ends; add until= or "    \
    "hours=, or write seconds"
#define ZONE                                                                   \
    ": write 'local' or 'UTC'; a time of another zone has its offset, as in "  \
    "'2026-12-01T22:00+09:00'"
#define NO_TIMES(zone)                                                         \
    "tz=" zone ": there is no from=, until= or hours= to which it could "      \
    "apply; leave it out"
#define NOT_CACHED                                                             \
    "vary=off: with seconds in cache= a cache would give one client's answer " \
    "to others; leave one of both out"
#define CONDITIONS_ONLY                                                        \
    ": '!' negates conditions only; for an exception write a rule with the "   \
    "target '!' before this one"
#define ID ": a name is printable ASCII without spaces and quotes"
#define NEITHER                                                                \
    ": neither a target nor a word; a target is an absolute URL, a path "      \
    "beginning with '/', 'https:', 'http:', 'pool:NAME' or '!'"
#define BEFORE                                                                 \
    ": a target stands before it already; write 'URL-path target', then words " \
    "such as 'status=303'"
#define QUOTED                                                                 \
    "; an expression with spaces is quoted with its word, as in "              \
    "\"expr=%{HTTP_HOST} == 'www.example.com'\""
#define KNOWN                                                                  \
    ": unknown word; known are 'status', 'match', 'case', 'tail', 'args', "    \
    "'from', 'until', 'hours', 'tz', 'cache', 'vary', 'retry-after', "         \
    "'phase', 'mode', 'id', 'method', 'scheme', 'host', 'port', 'client', "    \
    "'user', 'lang', 'header', 'cookie', 'query', 'env', 'form', 'json', 'expr'"

static const struct {
    const char *line;
    int not_for;
    const char *error;
} errors[] = {
    /* values */
    { "status=", 0, "status=" STATUS },
    { "status=304", 0, "status=304" STATUS },
    { "status=3070", 0, "status=3070" STATUS },
    { "match=", 0, "match=: unknown value; known are 'prefix', 'exact'" },
    { "case=ignored", 0,
      "case=ignored: unknown value; did you mean 'ignore'?" },
    { "tail=no", 0, "tail=no: unknown value; known are 'drop', 'keep'" },
    { "args=pas", 0, "args=pas: unknown policy; did you mean 'pass'?" },
    { "from=2026-13-01T00:00Z", 0,
      "from=2026-13-01T00:00Z: there is no month 13; write 01 to 12" },
    { "until=2026-13-01T00:00Z", 0,
      "until=2026-13-01T00:00Z: there is no month 13; write 01 to 12" },
    { "hours=9-17", 0,
      "hours=9-17: '9' is no time of day; write hours and minutes in two "
      "digits each, as in '09:00'" },
    { "hours=Mon tz=utc", 0,
      "tz=utc" ZONE },
    { "hours=Mon tz=Europe/Berlin", 0,
      "tz=Europe/Berlin" ZONE },
    { "cache=", 0, "cache=" CACHE },
    { "cache=-1", 0, "cache=-1" CACHE },
    { "cache=1h", 0, "cache=1h" CACHE },
    { "cache=2147483648", 0, "cache=2147483648" CACHE },
    { "cache=99999999999", 0, "cache=99999999999" CACHE },
    { "cache=no-store", 0, "cache=no-store" CACHE },
    { "cache=Unset", 0, "cache=Unset" CACHE },
    { "vary=on", 0, "vary=on: unknown value; known are 'auto', 'off'" },
    { "retry-after=", 0, "retry-after=" RETRY },
    { "retry-after=1.5", 0, "retry-after=1.5" RETRY },
    { "retry-after=2147483648", 0, "retry-after=2147483648" RETRY },
    { "phase=late", 0,
      "phase=late: unknown value; known are 'fixups', 'early'" },
    { "mode=drY", 0, "mode=drY: unknown value; did you mean 'dry'?" },
    { "id=", 0, "id=" ID },
    { "id=a\"", 0, "id=a\"" ID },
    { "id=a\tb", 0, "id=a\tb" ID },

    /* no value */
    { "status", 0, "status: a value is missing; write 'status=...'" },
    { "retry-after", 0,
      "retry-after: a value is missing; write 'retry-after=...'" },
    { "id", 0, "id: a value is missing; write 'id=...'" },

    /* twice */
    { "status=301 status=301", 0, "status=301" TWICE },
    { "match=exact match=exact", 0, "match=exact" TWICE },
    { "case=keep case=keep", 0, "case=keep" TWICE },
    { "tail=keep tail=drop", 0, "tail=drop" TWICE },
    { "args=drop args=drop", 0, "args=drop" TWICE },
    { "from=2026-12-01T22:00Z id=a from=2026-12-01T22:00Z", 0,
      "from=2026-12-01T22:00Z" TWICE },
    { "until=2026-12-01T22:00Z until=2026-12-01T22:00Z", 0,
      "until=2026-12-01T22:00Z" TWICE },
    { "hours=Mon hours=Tue", 0, "hours=Tue" TWICE },
    { "tz=UTC tz=UTC", 0, "tz=UTC" TWICE },
    { "cache=1 cache=unset", 0, "cache=unset" TWICE },
    { "vary=off vary=off", 0, "vary=off" TWICE },
    { "retry-after=1 retry-after=2", 0, "retry-after=2" TWICE },
    { "phase=early phase=early", 0, "phase=early" TWICE },
    { "mode=dry mode=live", 0, "mode=live" TWICE },
    { "id=a id=a", 0, "id=a" TWICE },
    { "header.X header.Y header.X", 0, "header.X" TWICE },
    { "!header.X=1 !header.X=1", 0, "!header.X=1" TWICE },
    { "expr=yes expr=yes", 0, "expr=yes" TWICE },

    /* contradictions */
    { "header.X !header.X", 0, "!header.X" NEVER("header.X") },
    { "!header.X=1 cookie.c header.X=1", 0, "header.X=1" NEVER("!header.X=1") },
    { "expr=yes !expr=yes", 0, "!expr=yes" NEVER("expr=yes") },
    { "method=GET cookie.c method=POST", 0,
      "method=POST" BESIDE("method=GET") },
    { "host=a.example !host=A.example", 0,
      "!host=A.example" NEVER("host=a.example") },
    { "!method=POST method=POST", 0, "method=POST" NEVER("!method=POST") },
    { "env.E=1 env.F=2 env.E=3", SEND, "env.E=3" BESIDE("env.E=1") },
    { "form.a !form.a", 0, "!form.a" NEVER("form.a") },
    { "form.a=1 form.a=1", 0, "form.a=1" TWICE },
#ifdef TR_WITH_JANSSON
    { "json./a=1 form.b json./a=2", 0, "json./a=2" BESIDE("json./a=1") },
    { "json./a=1 !json./a=1,2", 0, "!json./a=1,2" NEVER("json./a=1") },
    { "!json./a=~1 json./a=~1", 0, "json./a=~1" NEVER("!json./a=~1") },
#endif
    { "!method", 0, "!method" TRIVIAL },
    { "!scheme", 0, "!scheme" TRIVIAL },
    { "!host", 0, "!host" TRIVIAL },
    { "!port", 0, "!port" TRIVIAL },
    { "header.X !client", 0, "!client" TRIVIAL },
    { "vary=off cache=0", 0, NOT_CACHED },
    { "cache=600 vary=off", 0, NOT_CACHED },
    { "tz=UTC", 0, NO_TIMES("UTC") },
    { "tz=local", 0, NO_TIMES("local") },
    { "tz=UTC", SEND, NO_TIMES("UTC") },
    { "retry-after=window", 0, NO_END },
    { "retry-after=window from=2026-12-01T22:00Z", 0, NO_END },
    { "retry-after=window hours=Mon-Sun", 0, NO_END },
    { "from=2026-12-01T22:00Z until=2026-12-01T22:00Z", 0,
      "until=2026-12-01T22:00Z: is not after from=2026-12-01T22:00Z; a window "
      "opens with from= and closes with until=" },

    /* what '!', a regex, or a rule without a path has no use for */
    { "status=303", SEND, "status=303" NOTHING_SENT },
    { "tail=drop", SEND, "tail=drop" NOTHING_SENT },
    { "args=drop", SEND, "args=drop" NOTHING_SENT },
    { "cache=9", SEND, "cache=9" NOTHING_SENT },
    { "cache=unset", SEND | COMPARE, "cache=unset" NOTHING_SENT },
    { "retry-after=9", SEND, "retry-after=9" NOTHING_SENT },
    { "tail=drop", SEND | PATH, "tail=drop" NOTHING_SENT },
    { "tail=drop", PATH, "tail=drop" ITSELF },
    { "match=exact", PATH, "match=exact" ITSELF },
    { "match=exact", COMPARE, "match=exact" NO_PATH },

    /* negated words */
    { "!status=303", 0, "!status=303" CONDITIONS_ONLY },
    { "!hours=Mon", 0, "!hours=Mon" CONDITIONS_ONLY },
    { "!id", 0, "!id" CONDITIONS_ONLY },

    /* conditions quote themselves */
    { "header.X=", 0,
      "header.X=: a value is missing; write values with ',' between them and "
      "no space, or no '=' for 'is present'" },
    { "!header.X~=a", 0, "!header.X~=a: for a regex write 'header.X=~...'" },
    { "method!=GET", 0,
      "method!=GET: to negate a condition write '!method=...'" },
    { "!", 0,
      "!: one '!' stands right before the name, as in '!cookie.seen'" },
    { "!foo", 0,
      "!foo: unknown attribute; known are 'method', 'scheme', 'host', 'port', "
      "'client', 'user', 'lang', 'header', 'cookie', 'query', 'env', 'form', 'json'" },
    { "expr=bad", 0, "expr=bad: syntax error" QUOTED },
    { "form=a", 0, "form=a: write 'form.NAME'" },
    { "json=a", 0, "json=a: write 'json./NAME'" },
    { "!json.", 0, "!json.: write 'json./NAME'" },
#ifdef TR_WITH_JANSSON
    { "json.type=push", 0,
      "json.type=push: a JSON pointer begins with '/', as in 'json./type' or "
      "'json./repository/name'" },
    { "!json./a~=1", 0, "!json./a~=1: for a regex write 'json./a=~...'" },
#else
    { "!json./type=push", 0,
      "!json./type=push: this build of the module reads no JSON; build it "
      "where jansson is (libjansson-dev)" },
#endif

    /* what is no word */
    { "xyzzy", 0, "xyzzy" KNOWN },
    { "xyzzy=1", 0, "xyzzy=1" KNOWN },
    { "=", 0, "=: no space stands around a '='" },
    { "cach=9", 0, "cach=9: unknown word; did you mean 'cache'?" },
    { "retryafter=9", 0, "retryafter=9: unknown word; did you mean "
                         "'retry-after'?" },
    { "headr.X=1", 0, "headr.X=1: unknown word; did you mean 'header'?" },
    { "headr.X", 0, "headr.X" NEITHER },
    { "header~=1", 0, "header~=1: for a regex write 'header=~...'" },
    { "exp=yes", 0, "exp=yes: unknown word; did you mean 'expr'?" },
    { "payload=push", 0,
      "payload=push: unknown word; did you mean 'json./NAME='?" },
    { "303", 0, "303: unknown word; did you mean 'status=303'?" },
    { "/b", 0, "/b" BEFORE },
    { "https://a.example/?b=c", 0, "https://a.example/?b=c" BEFORE },
    { "a/b", 0, "a/b" NEITHER },

    /* the first one counts */
    { "xyzzy status=304", 0, "xyzzy" KNOWN },
    { "status=304 xyzzy", 0, "status=304" STATUS },
};

START_TEST(an_error_quotes_the_word_and_says_what_would_be_right)
{
    int i;

    for (i = 0; i < ROWS(errors); ++i) {
        tr_draft_t draft = draft_for(&early_place, errors[i].not_for);

        check_message(errors[i].line, parse(&draft, errors[i].line),
                      errors[i].error);
    }
}
END_TEST

/* What '!' can carry. */
static const char *const stays[] = {
    "from=2026-12-01T22:00", "until=2026-12-01T22:00", "hours=Mon tz=UTC",
    "vary=off", "vary=auto", "phase=early", "mode=dry", "match=exact",
    "case=ignore", "id=x", "header.X !cookie.c=1 expr=yes",
};

START_TEST(a_rule_that_sends_nothing_has_all_that_says_when_it_holds)
{
    int i;

    for (i = 0; i < ROWS(stays); ++i) {
        tr_draft_t draft = draft_for(&early_place, SEND);

        check_message(stays[i], parse(&draft, stays[i]), NULL);
    }
}
END_TEST

START_TEST(an_early_rule_stands_only_where_it_is_known_early)
{
    tr_draft_t draft = draft_for(&late_place, 0);

    check_message("phase=early", parse(&draft, "phase=early"),
                  "phase=early: stands in server, virtual host, <Location> and "
                  "<If> only, as no other section is known before access "
                  "control; write the rule there, or leave the word out");
    draft = draft_for(&late_place, SEND);
    ck_assert_ptr_nonnull(parse(&draft, "phase=early"));
}
END_TEST

START_TEST(of_a_long_word_the_beginning_is_quoted)
{
    char word[301];

    memset(word, 'x', 300);
    word[200] = '\0';
    check_message("200", tr_words_said(word, "no", pool),
                  apr_pstrcat(pool, word, ": no", NULL));
    word[200] = 'x';
    word[201] = '\0';
    check_message("201", tr_words_said(word, "no", pool),
                  apr_psprintf(pool, "%.200s...: no", word));
    check_message("fine", tr_words_said(word, NULL, pool), NULL);
}
END_TEST

static const struct {
    const char *word;
    int is_status;
} statuses[] = {
    { "301", 1 }, { "302", 1 },  { "303", 1 }, { "307", 1 }, { "308", 1 },
    { "300", 0 }, { "304", 0 },  { "30", 0 },  { "3020", 0 }, { "", 0 },
};

START_TEST(five_statuses_are_those_of_a_redirect)
{
    int i;

    for (i = 0; i < ROWS(statuses); ++i) {
        ck_assert_msg(tr_words_is_status(guarded_string(statuses[i].word))
                          == statuses[i].is_status, "%s", statuses[i].word);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("tr_words");
    TCase *tests = unit_case(suite, "words");

    tcase_add_test(tests, a_word_says_what_it_says_and_nothing_else);
    tcase_add_test(tests, a_rule_is_asked_in_its_phases);
    tcase_add_test(tests,
                   an_error_quotes_the_word_and_says_what_would_be_right);
    tcase_add_test(
        tests, a_rule_that_sends_nothing_has_all_that_says_when_it_holds);
    tcase_add_test(tests, an_early_rule_stands_only_where_it_is_known_early);
    tcase_add_test(tests, of_a_long_word_the_beginning_is_quoted);
    tcase_add_test(tests, five_statuses_are_those_of_a_redirect);
    return unit_main(suite);
}

/* Licensed under the Apache License, Version 2.0; see LICENSE. */
#include <apr_strings.h>

#include "tr_target.h"
#include "unit.h"

/* With the regex of a pattern, or NULL, and that of a condition, or NULL. */
static const char *parse_with(tr_target_t **target, const char *regex,
                              const char *other, const char *word)
{
    const char *patterns[2] = { regex, other };
    apr_array_header_t *regexes = apr_array_make(pool, 2,
                                                 sizeof(const tr_regex_t *));
    int i;

    for (i = 0; i < (other ? 2 : 1); ++i) {
        tr_regex_t *re = NULL;

        if (patterns[i]) {
            check_message(patterns[i],
                          tr_regex_parse(&re, patterns[i], 0, pool), NULL);
        }
        APR_ARRAY_PUSH(regexes, const tr_regex_t *) = re;
    }
    return tr_target_parse(target, guarded_string(word), regexes, pool);
}

static const char *parse(tr_target_t **target, const char *regex,
                         const char *word)
{
    return parse_with(target, regex, NULL, word);
}

static const struct {
    const char *word;
    int is_target;
} words[] = {
    { "!", 1 },
    { "/", 1 },
    { "/new", 1 },
    { "//host/", 1 },
    { "https:", 1 },
    { "HTTP:", 1 },
    { "https://example.com/", 1 },
    { "pool:a", 1 },
    { "$1", 1 },
    { "%{host}", 1 },
    { "", 0 },
    { "!x", 0 },
    { "$", 0 },
    { "$x", 0 },
    { "%20", 0 },
    { "new", 0 },
    { "https", 0 },
    { "1http:", 0 },
    { "status=301", 0 },
    { "id=a:b", 0 },
    { "args=only:a,b", 0 },
};

START_TEST(a_target_is_told_from_a_word)
{
    int i;

    for (i = 0; i < ROWS(words); ++i) {
        ck_assert_msg(tr_target_is(guarded_string(words[i].word))
                          == words[i].is_target,
                      "%s", words[i].word);
    }
}
END_TEST

/* What is literal of the path ends with a segment, or within one. */
enum { OPEN = 0, WHOLE = 1 };

static const struct {
    const char *regex;
    const char *word;
    const char *scheme;
    const char *path; /* its base, where that is literal */
    int whole;
    int needs_hosts;
} targets[] = {
    /* paths */
    { NULL, "/", NULL, "/", WHOLE, 0 },
    { NULL, "/a/b.html", NULL, "/a/b.html", WHOLE, 0 },
    { NULL, "/a%20b/%C3%A4", NULL, "/a b/\xc3\xa4", WHOLE, 0 },
    { NULL, "/a b/\xc3\xa4", NULL, "/a b/\xc3\xa4", WHOLE, 0 },
    { NULL, "/a?x=/../y#/../z", NULL, "/a", WHOLE, 0 },
    { NULL, "/a$", NULL, "/a$", WHOLE, 0 },
    { NULL, "/a/...", NULL, "/a/...", WHOLE, 0 },
    { NULL, "/a//b", NULL, "/a/b", WHOLE, 0 },
    { NULL, "/a%{tail}", NULL, "/a", WHOLE, 0 },
    { NULL, "/a%{path}", NULL, "/a", WHOLE, 0 },
    { NULL, "/a%{query.v}", NULL, NULL, OPEN, 0 },
    { NULL, "/a/%{query.v}/b", NULL, NULL, OPEN, 0 },
    { NULL, "/a%{query.v}%{tail}", NULL, NULL, OPEN, 0 },
    { NULL, "/a?%{args}", NULL, "/a", WHOLE, 0 },
    { NULL, "/%{query.a/b?c#d}", NULL, NULL, OPEN, 0 },
    { "^/(.*)", "/a/$1", NULL, "/a/", OPEN, 0 },
    { "^/(?<x>.*)", "/a/%{group.x}", NULL, "/a/", OPEN, 0 },
    { "^(.*)", "$1/a", NULL, NULL, OPEN, 0 },
    { "^(.*)", "$0", NULL, NULL, OPEN, 0 },

    /* absolute URLs */
    { NULL, "https://example.com", "https", "/", WHOLE, 0 },
    { NULL, "https://example.com?x", "https", "/", WHOLE, 0 },
    { NULL, "https://example.com#x", "https", "/", WHOLE, 0 },
    { NULL, "HTTPS://Example.com/A", "https", "/A", WHOLE, 0 },
    { NULL, "http://example.com:8080/a", "http", "/a", WHOLE, 0 },
    { NULL, "https://example.com:1/", "https", "/", WHOLE, 0 },
    { NULL, "https://example.com:65535/", "https", "/", WHOLE, 0 },
    { NULL, "https://192.0.2.1/", "https", "/", WHOLE, 0 },
    { NULL, "https://[2001:db8::1]:8443/a", "https", "/a", WHOLE, 0 },
    { NULL, "https://a_b.example.com./", "https", "/", WHOLE, 0 },
    { NULL, "wss://example.com/a", "wss", "/a", WHOLE, 0 },
    { NULL, "com.example.app://open/a", "com.example.app", "/a", WHOLE, 0 },
    { NULL, "app://open", "app", NULL, OPEN, 0 },
    { NULL, "https://example.com/a@b:c", "https", "/a@b:c", WHOLE, 0 },
    { NULL, "https://example.com/%{query.a@b}", "https", NULL, OPEN, 0 },

    /* hosts and ports that are substituted */
    { NULL, "https://%{host}/a", "https", "/a", WHOLE, 0 },
    { NULL, "https://%{host}:%{port}/a", "https", "/a", WHOLE, 0 },
    { NULL, "https://%{host}:8443/a", "https", "/a", WHOLE, 0 },
    { NULL, "https://www.%{host}/a", "https", "/a", WHOLE, 0 },
    { NULL, "https://%{host}%{path}", "https", NULL, OPEN, 0 },
    { NULL, "https://%{header.X}/a", "https", "/a", WHOLE, 1 },
    { NULL, "https://%{header.X}.example.com/", "https", "/", WHOLE, 1 },
    { "^/(.*)", "https://$1.example.com/", "https", "/", WHOLE, 1 },
    { "^/(.*)", "https://tenant-$1.example.com/", "https", "/", WHOLE, 1 },
    { "^/(.*)", "https://tenant$1.example.com/", "https", "/", WHOLE, 1 },
    { "^/(.*)", "https://www.$1.example.com/", "https", "/", WHOLE, 1 },
    { "^/(.*)", "https://$1/", "https", "/", WHOLE, 1 },

    /* a substitution behind a complete host stands in the path */
    { "^/(.*)", "https://example.com$1", "https", NULL, OPEN, 0 },
    { "^/(.*)", "https://example.com$1.html", "https", NULL, OPEN, 0 },
    { "^/(.*)", "https://example.com:8443$1", "https", NULL, OPEN, 0 },
    { "^/(.*)", "https://example.com:8443$1.html", "https", NULL, OPEN, 0 },
    { "^/(.*)", "https://192.0.2.1$1.html", "https", NULL, OPEN, 0 },
    { "^/(.*)", "https://[::1]$1.html", "https", NULL, OPEN, 0 },
    { "^/(.*)", "https://%{host}$1.html", "https", NULL, OPEN, 0 },
    { "^/(.*)", "https://%{host}:%{port}$1.html", "https", NULL, OPEN, 0 },
    { "^/(.*)", "https://localhost$1", "https", NULL, OPEN, 0 },
    { "^/(.*)", "https://localhost$1%{args}", "https", NULL, OPEN, 0 },
    { NULL, "https://example.com%{header.X}", "https", NULL, OPEN, 0 },

    /* a scheme alone */
    { NULL, "https:", "https", NULL, OPEN, 0 },
    { NULL, "http:", "http", NULL, OPEN, 0 },
    { NULL, "HTTPS:", "https", NULL, OPEN, 0 },
};

START_TEST(a_target_is_accepted)
{
    int i;

    for (i = 0; i < ROWS(targets); ++i) {
        const char *word = targets[i].word;
        tr_target_t *target = NULL;

        check_message(word, parse(&target, targets[i].regex, word), NULL);
        check_message(word, tr_target_scheme(target), targets[i].scheme);
        check_text(word, tr_target_base(target), targets[i].path);
        ck_assert_msg(!targets[i].path || tr_target_base_is_whole(target)
                                              == targets[i].whole,
                      "%s: whole", word);
        ck_assert_msg(tr_target_needs_hosts(target) == targets[i].needs_hosts,
                      "%s: needs hosts", word);
        ck_assert_msg(!tr_target_stays(target), "%s: stays", word);
        ck_assert_msg(tr_target_is_scheme(target)
                          == (word[strlen(word) - 1] == ':'),
                      "%s: is a scheme", word);
        check_message(word, tr_target_word(target), word);
    }
}
END_TEST

#define GROUP "(?<x>.*)"

static const struct {
    const char *regex, *other;
    const char *word;
    const char *base;
    int echoes, fills_base, regexes;
    const char *attrs; /* their names; "lang" and "user" */
} filled[] = {
    { NULL, NULL, "/a", "/a", 0, 0, 0, "" },
    { NULL, NULL, "/a%{path}", "/a", 1, 0, 0, "" },
    { NULL, NULL, "/a/%{query.q}", NULL, 0, 1, 0, "" },
    { NULL, NULL, "/a/%{header.X}", NULL, 0, 1, 0, "X " },
    { NULL, NULL, "/%{lang}/%{user}", NULL, 0, 1, 0, "lang user " },
    { NULL, NULL, "/a%{tail}/%{env.E}?%{cookie.c}", "/a", 1, 0, 0, "E c " },
    { "^/(.*)", NULL, "/a/$1", "/a/", 1, 0, 1, "" },
    { "^/" GROUP, NULL, "/a/%{group.x}", "/a/", 1, 0, 1, "" },
    { "^/" GROUP, NULL, "/a?%{group.x}", "/a", 0, 0, 1, "" },
    { "^/", GROUP, "/a", "/a", 0, 0, 0, "" },

    /* a group of a condition does not come from the path */
    { NULL, GROUP, "/a/%{group.x}", NULL, 0, 1, 2, "" },
    { "^/(.*)", GROUP, "/a/%{group.x}/$1", NULL, 1, 1, 2, "" },
    { "^/(.*)", GROUP, "/a/$1/%{group.x}", "/a/", 1, 0, 2, "" },
    { "^/" GROUP, GROUP, "/a/%{group.x}", "/a/", 1, 0, 1, "" },
};

static const char *attrs_of(const tr_target_t *target)
{
    const apr_array_header_t *attrs = tr_target_attrs(target);
    const char *text = "";
    int i;

    for (i = 0; attrs && i < attrs->nelts; ++i) {
        const tr_attr_t *attr = &APR_ARRAY_IDX(attrs, i, const tr_attr_t);

        text = apr_pstrcat(pool, text,
                           attr->name                    ? attr->name
                           : attr->kind == TR_ATTR_LANG ? "lang"
                           : attr->kind == TR_ATTR_USER ? "user"
                                                        : "?",
                           " ", NULL);
    }
    return text;
}

START_TEST(a_target_knows_what_it_is_filled_with)
{
    int i;

    for (i = 0; i < ROWS(filled); ++i) {
        const char *word = filled[i].word;
        tr_target_t *target = NULL;

        check_message(word,
                      parse_with(&target, filled[i].regex, filled[i].other,
                                 word),
                      NULL);
        check_text(word, tr_target_base(target), filled[i].base);
        ck_assert_msg(tr_target_echoes(target) == filled[i].echoes,
                      "row %d, %s: echoes", i, word);
        ck_assert_msg(tr_target_fills_base(target) == filled[i].fills_base,
                      "row %d, %s: fills its base", i, word);
        ck_assert_msg(tr_target_regexes(target) == filled[i].regexes,
                      "row %d, %s: regexes", i, word);
        check_message(word, attrs_of(target), filled[i].attrs);
    }
}
END_TEST

START_TEST(a_group_of_a_condition_cannot_begin_a_path)
{
    tr_target_t *target = NULL;

    ck_assert_ptr_nonnull(parse_with(&target, NULL, GROUP, "%{group.x}/a"));
    ck_assert_ptr_nonnull(parse_with(&target, "^/(.*)", GROUP, "%{group.x}"));
    check_message("of the pattern",
                  parse_with(&target, "^/" GROUP, NULL, "%{group.x}/a"), NULL);
}
END_TEST

START_TEST(an_exclamation_mark_stays)
{
    tr_target_t *target = NULL;

    check_message("!", parse(&target, NULL, "!"), NULL);
    ck_assert(tr_target_stays(target));
    check_message("!", tr_target_scheme(target), NULL);
}
END_TEST

static const struct {
    const char *regex, *other;
    const char *word;
    const char *name;
    int regexes;
} pools[] = {
    { NULL, NULL, "pool:a", "a", 1 },
    { NULL, NULL, "POOL:A", "A", 1 },
    { NULL, NULL, "pool:a.b-c_d", "a.b-c_d", 1 },
    { NULL, NULL, "pool:pool:a", "pool:a", 1 },
    { "^/(.*)", NULL, "pool:a", "a", 1 },
    { "^/(.*)", GROUP, "pool:a", "a", 2 }, /* a member may name any */
    { NULL, GROUP, "pool:a", "a", 2 },
    { "^/(.*)", GROUP, "/a", NULL, 0 },
    { NULL, NULL, "!", NULL, 0 },
    { NULL, NULL, "https:", NULL, 0 },
    { NULL, NULL, "pool://a/", NULL, 0 },
};

START_TEST(a_pool_is_named_alone)
{
    int i;

    for (i = 0; i < ROWS(pools); ++i) {
        const char *word = pools[i].word;
        tr_target_t *target = NULL;
        const char *error = parse_with(&target, pools[i].regex, pools[i].other,
                                       word);

        if (strchr(word, '/') && *word == 'p') {
            check_message(word, error,
                          "a pool is named alone; the path stands in its "
                          "members' targets");
            continue;
        }
        check_message(word, error, NULL);
        check_message(word, tr_target_pool(target), pools[i].name);
        ck_assert_msg(tr_target_regexes(target) == pools[i].regexes, "%s: %d",
                      word, tr_target_regexes(target));
        ck_assert_int_eq(tr_target_stays(target), *word == '!');
        ck_assert(!tr_target_wants_rule(target));
    }
}
END_TEST

static const struct {
    const char *word;
    int wants;
} members[] = {
    { "/a", 0 },
    { "!", 0 },
    { "https:", 0 },
    { "https://%{host}:%{port}/a", 0 },
    { "/a%{path}?%{args}#%{query.q}", 0 },
    { "/a/%{header.X}", 0 },
    { "/a/$", 0 },
    { "/a/$1", 1 },
    { "/a?x=$0", 1 },
    { "/a#$9", 1 },
    { "$1/a", 1 },
    { "%{group.x}", 1 },
    { "/a/%{group.x}", 1 },
    { "https://$1.example.com/", 1 },
    { "https://example.com$1", 1 },
    { "/a%{tail}", 1 },
    { "/a?%{tail}", 1 },
    { "/a/$1/%{header.X}", 1 },
};

START_TEST(a_member_may_want_what_only_a_rule_knows)
{
    int i;

    for (i = 0; i < ROWS(members); ++i) {
        const char *word = members[i].word;
        tr_target_t *target = NULL;

        check_message(word, tr_target_parse(&target, guarded_string(word), NULL,
                                            pool),
                      NULL);
        ck_assert_msg(tr_target_wants_rule(target) == members[i].wants, "%s",
                      word);
    }
}
END_TEST

START_TEST(with_the_regexes_of_a_rule_nothing_is_wanted)
{
    static const char *const wanting[] = { "/a/$1", "/a?x=$0",
                                           "/a/%{group.x}", "$1/a" };
    tr_target_t *target = NULL;
    int i;

    for (i = 0; i < ROWS(wanting); ++i) {
        check_message(wanting[i], parse(&target, "^(/" GROUP ")", wanting[i]),
                      NULL);
        ck_assert_msg(!tr_target_wants_rule(target), "%s", wanting[i]);
    }
    check_message("tail", parse(&target, NULL, "/a%{tail}"), NULL);
    ck_assert(!tr_target_wants_rule(target));
}
END_TEST

#define NO_TARGET                                                              \
    "not a target; write an absolute URL, a path beginning with '/', "         \
    "'https:', 'http:', 'pool:NAME' or '!'"
#define NO_HOST(text)                                                          \
    "'" text "' is not a host; write one as in 'www.example.com', "            \
    "'192.0.2.1' or '[2001:db8::1]'"
#define NO_PORT(text)                                                          \
    "'" text "' is not a port; write ':1' to ':65535' or ':%{port}'"
#define USER_INFO                                                              \
    "user info in a target would be shown to every client; leave out what "    \
    "stands before '@'"
#define TWO_SLASHES                                                            \
    "'//' begins a host, not a path; write 'https://host/path' or one '/'"
#define NO_SCHEME                                                              \
    "nothing can be substituted in a scheme; write 'https://' or 'http://', "  \
    "or 'https:' alone"
#define ALONE(scheme)                                                          \
    "write '" scheme "://host/path', or '" scheme ":' alone for the same URL " \
    "under that scheme"
#define CONTROL "a control character cannot stand in a target"
#define BACKSLASH "browsers take '\\' for '/'; write '/', or '%5C'"
#define PERCENT                                                                \
    "'%' is not followed by two hexadecimal digits or by '{name}'; write "     \
    "'%25' for a percent sign"
#define NOT_CLOSED "'%{' without '}'; write '%25' for a percent sign"
#define ELSEWHERE                                                              \
    "'.' and '..' in a target's path lead elsewhere; write the path that "     \
    "they lead to"
#define ENCODED                                                                \
    "a value cannot begin a path, as its '/' is encoded; write '/%{...}'"
#define NO_REGEX(text)                                                         \
    "there is no regex to take '" text "' from; use TempRedirectMatch, or "    \
    "write '%24' for a '$'"
#define NO_GROUP(name)                                                         \
    "no regex of this rule has a group named '" name "'; one is written "      \
    "'(?<" name ">...)'"
#define KNOWN                                                                  \
    "known are 'scheme', 'host', 'port', 'path', 'tail', 'args', 'user', "     \
    "'lang', 'header', 'cookie', 'query', 'env', 'form', 'json', 'group'"

static const struct {
    const char *regex;
    const char *word;
    const char *error;
} errors[] = {
    /* what is none at all */
    { NULL, "", NO_TARGET },
    { NULL, "new", NO_TARGET },
    { NULL, "!x", NO_TARGET },
    { NULL, "example.com:80", NO_TARGET },
    { NULL, "mailto:a@example.com", NO_TARGET },
    { NULL, "javascript:alert(1)", NO_TARGET },
    { NULL, "pool:", "the name of a pool is missing; write 'pool:NAME'" },
    { NULL, "pool:a/b", "a pool is named alone; the path stands in its members' "
      "targets" },
    { NULL, "https:x", ALONE("https") },
    { NULL, "http:/x", ALONE("http") },
    { NULL, "HTTPS:/example.com", ALONE("https") },
    { NULL, "//example.com/", TWO_SLASHES },
    { NULL, "//", TWO_SLASHES },
    { "^/(.*)", "//$1", TWO_SLASHES },
    { "^/(.*)", "$1://example.com/", NO_SCHEME },
    { NULL, "%{scheme}://%{host}/", NO_SCHEME },

    /* bytes */
    { NULL, "/a\nb", CONTROL },
    { NULL, "/a\x7f", CONTROL },
    { NULL, "https://example.com/\r", CONTROL },
    { NULL, "/\\example.com", BACKSLASH },
    { NULL, "https://example.com\\a", BACKSLASH },
    { NULL, "/a?x=\\", BACKSLASH },

    /* hosts and ports */
    { NULL, "https:///a", NO_HOST("") },
    { NULL, "https://?a", NO_HOST("") },
    { NULL, "https://:80/", NO_HOST("") },
    { NULL, "https://exa mple.com/", NO_HOST("exa mple.com") },
    { NULL, "https://-a.example.com/", NO_HOST("-a.example.com") },
    { NULL, "https://a..example.com/", NO_HOST("a..example.com") },
    { NULL, "https://%65xample.com/", NO_HOST("%65xample.com") },
    { NULL, "https://256.1.1.1/", NO_HOST("256.1.1.1") },
    { NULL, "https://[::1/", NO_HOST("[::1") },
    { NULL, "https://[example.com]/", NO_HOST("[example.com]") },
    { NULL, "https://[%{host}]/", NO_HOST("[%{host}]") },
    { NULL, "https://\xc3\xa4\xc3\xb6\xc3\xbc/",
      NO_HOST("\xc3\xa4\xc3\xb6\xc3\xbc") },
    { "^/(.*)", "https://tenant-$1/", NO_HOST("tenant-$1") },
    { "^/(.*)", "https://-$1.example.com/", NO_HOST("-$1.example.com") },
    { "^/(.*)", "https://a..$1/", NO_HOST("a..$1") },
    { NULL, "https://example.com:/", NO_PORT(":") },
    { NULL, "https://example.com:0/", NO_PORT(":0") },
    { NULL, "https://example.com:65536/", NO_PORT(":65536") },
    { NULL, "https://example.com:99999999999999999999/",
      NO_PORT(":99999999999999999999") },
    { NULL, "https://example.com:8a/", NO_PORT(":8a") },
    { NULL, "https://example.com:+80/", NO_PORT(":+80") },
    { NULL, "https://example.com:80:81/", NO_PORT(":80:81") },
    { NULL, "https://example.com:%{header.P}/", NO_PORT(":%{header.P}") },
    { NULL, "https://[::1]a/", NO_PORT("a") },
    { NULL, "https://user@example.com/", USER_INFO },
    { NULL, "https://user:pw@example.com/", USER_INFO },
    { NULL, "https://example.com@evil.example", USER_INFO },
    { NULL, "https://%{user}@example.com/", USER_INFO },

    /* paths */
    { NULL, "/..", ELSEWHERE },
    { NULL, "/a/../b", ELSEWHERE },
    { NULL, "/a/./b", ELSEWHERE },
    { NULL, "/a/%2e%2E/b", ELSEWHERE },
    { NULL, "/a/.%2e", ELSEWHERE },
    { NULL, "/a/.?x", ELSEWHERE },
    { NULL, "https://example.com/a/..#x", ELSEWHERE },

    /* percent signs */
    { NULL, "/100%", PERCENT },
    { NULL, "/100%/x", PERCENT },
    { NULL, "/%2", PERCENT },
    { NULL, "/%2x", PERCENT },
    { NULL, "/a?100%", PERCENT },
    { NULL, "/a#100%", PERCENT },
    { NULL, "/%2%{host}", PERCENT },
    { NULL, "/%{host", NOT_CLOSED },
    { NULL, "https://%{host/", NOT_CLOSED },
    { NULL, "/a?%{", NOT_CLOSED },

    /* substitutions */
    { NULL, "%{header.X}/a", ENCODED },
    { NULL, "%{args}", ENCODED },
    { NULL, "/$1", NO_REGEX("$1") },
    { NULL, "/a?x=$0", NO_REGEX("$0") },
    { NULL, "https://example.com$9", NO_REGEX("$9") },
    { "^/(a)", "/$2", "the regex has no group for '$2'; it has 1" },
    { "^/a", "/b#$1", "the regex has no group for '$1'; it has 0" },
    { "^/a", "/%{tail}",
      "a rule with a regex has no tail; capture it in the regex" },
    { NULL, "/%{group.x}", NO_GROUP("x") },
    { "^/(?<y>a)", "/%{group.x}", NO_GROUP("x") },
    { NULL, "/%{hots}",
      "'%{hots}': unknown attribute; did you mean 'host'?" },
    { NULL, "/%{}", "'%{}': unknown attribute; " KNOWN },
    { NULL, "/%{REMOTE_ADDR}",
      "'%{REMOTE_ADDR}': unknown attribute; " KNOWN },
    { NULL, "/%{header}", "'%{header}': write 'header.NAME'" },
    { NULL, "/%{query.}", "'%{query.}': write 'query.NAME'" },
    { NULL, "/%{host.x}",
      "'%{host.x}': 'host' takes no name behind a dot" },
};

START_TEST(a_bad_target_is_an_error_that_says_what_would_be_right)
{
    int i;

    for (i = 0; i < ROWS(errors); ++i) {
        tr_target_t *target = NULL;

        check_message(errors[i].word,
                      parse(&target, errors[i].regex, errors[i].word),
                      errors[i].error);
        ck_assert_msg(target == NULL, "%s: half-built", errors[i].word);
    }
}
END_TEST

START_TEST(a_long_host_of_8_bit_bytes_is_an_error_like_any_other)
{
    char *host = apr_palloc(pool, 60001);
    tr_target_t *target = NULL;

    memset(host, '\xe4', 60000);
    host[60000] = '\0';
    check_message("a long host",
                  parse(&target, NULL, apr_pstrcat(pool, "https://", host,
                                                   NULL)),
                  apr_pstrcat(pool, "'", host, "' is not a host; write one as "
                              "in 'www.example.com', '192.0.2.1' or "
                              "'[2001:db8::1]'", NULL));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("tr_target");
    TCase *tests = unit_case(suite, "target");

    tcase_add_test(tests, a_target_is_told_from_a_word);
    tcase_add_test(tests, a_target_is_accepted);
    tcase_add_test(tests, a_target_knows_what_it_is_filled_with);
    tcase_add_test(tests, a_group_of_a_condition_cannot_begin_a_path);
    tcase_add_test(tests, an_exclamation_mark_stays);
    tcase_add_test(tests, a_pool_is_named_alone);
    tcase_add_test(tests, a_member_may_want_what_only_a_rule_knows);
    tcase_add_test(tests, with_the_regexes_of_a_rule_nothing_is_wanted);
    tcase_add_test(tests,
                   a_bad_target_is_an_error_that_says_what_would_be_right);
    tcase_add_test(tests,
                   a_long_host_of_8_bit_bytes_is_an_error_like_any_other);
    return unit_main(suite);
}

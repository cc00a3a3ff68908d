/* Licensed under the Apache License, Version 2.0; see LICENSE. */
#include <apr_strings.h>

#include "fake.h"
#include "tr_warn.h"

#define DECODED(path, meant)                                                   \
    path ": is compared with the decoded path of a request; did you mean \""   \
         meant "\"?"
#define NOT_IN_PATH(path, c)                                                   \
    path ": the '" c "' is compared with the path; a query or fragment is "    \
         "not part of it"

#define OVER(until) "until=" until ": this rule is over; leave it out"
#define FOR_GOOD(status, instead)                                              \
    "status=" status ": means for good, and the window for a while; write "    \
    instead
#define TRIVIAL                                                                \
    ": every request has one; name values behind a '=', or leave it out"
#define EARLY_ENV                                                              \
    ": phase=early asks before most variables are set: of SetEnvIf those in "  \
    "server and virtual host, and those of modules that set them as early"

#define CGI(attribute)                                                         \
    ": CGI's variables are not set when rules are asked; the attribute is '"   \
    attribute "'"
#define WEIGHTS                                                                \
    ": clients send lists with weights, as in 'de-DE,de;q=0.9'; 'lang=' "      \
    "knows them"
#define WHOLE_NAME(name)                                                       \
    ": asks for one whose whole name is '" name "'; for numbers use "          \
    "\"expr=...\""
#define WHOLE_NAME_OF_BODY(name)                                               \
    ": asks for one whose whole name is '" name "'; elements are written as "  \
    "in 'json./items/0', and nothing compares the numbers of a body"
#define NO_QUERY(regex)                                                        \
    regex ": the '\\?' is compared with the path; a query is not part of "     \
          "it: write 'query.NAME=...'"
#define EACH_DAY(hours)                                                        \
    "hours=" hours ": an item without days is for each day; repeat the days "  \
    "of the one before it, or write 'Mon-Sun@'"
#define MIXED "Mon-Fri@09:00-12:00,13:00-17:00"

static const struct {
    const char *line;
    const char *warnings; /* with '|' between */
} warned[] = {
    { "TempRedirect /a%20b /c", DECODED("/a%20b", "/a b") },
    { "TempRedirect /%C3%A4 /c", DECODED("/%C3%A4", "/\xc3\xa4") },
    { "TempRedirect /a%2Fb /c", "" },
    { "TempRedirect /100% /c", "" },
    { "TempRedirect /a%zz /c", "" },
    { "TempRedirect /a?b /c", NOT_IN_PATH("/a?b", "?") },
    { "TempRedirect /a#b?c /c", NOT_IN_PATH("/a#b?c", "#") },
    { "TempRedirect /a%20b?c /c",
      DECODED("/a%20b?c", "/a b?c") "|" NOT_IN_PATH("/a%20b?c", "?") },
    { "TempRedirectMatch ^/a%20b? /c", "" },
    { "TempRedirect /c%20d?e#f", "" },
    { "TempRedirect /a%2fb%20c /d", DECODED("/a%2fb%20c", "/a%2fb c") },
    { "TempRedirect /a/* /c",
      "/a/*: the '*' stands for itself; a URL-path is for all below it, and "
        "TempRedirectMatch takes a regex" },
    { "TempRedirect /a//b /c",
      "/a//b: only matches with MergeSlashes Off; otherwise '//' in a "
        "request is '/'" },
    { "TempRedirect /a htps://c.example/",
      "htps://c.example/: 'htps' is a scheme of its own; did you mean "
        "'https'?" },
    { "TempRedirect /a HTTP://c.example/", "" },
    { "TempRedirect /a wss://c.example/", "" },
    { "TempRedirect /a com.example.app://c", "" },

    /* windows; it is 2026-12-01T12:00Z */
    { "TempRedirect /a /b until=2026-12-01T12:00Z", OVER("2026-12-01T12:00Z") },
    { "TempRedirect /a /b until=2026-12-01T11:59:59Z status=302",
      OVER("2026-12-01T11:59:59Z") },
    { "TempRedirect /a /b until=2026-12-01T12:00:00.000001Z", "" },
    { "TempRedirect /a /b from=2025-12-01T12:00Z until=2026-01-01T12:00Z",
      OVER("2026-01-01T12:00Z") },
    { "TempRedirect /a ! until=2026-01-01T12:00Z",
      OVER("2026-01-01T12:00Z") },
    { "TempRedirect /a /b from=2026-01-01T12:00Z", "" },
    { "TempRedirect /a /b from=2027-01-01T12:00Z", "" },
    { "TempRedirect /a /b hours=Mon@09:00-10:00", "" },
    { "TempRedirect /a /b hours=Mon status=301", FOR_GOOD("301", "302") },
    { "TempRedirect /a /b from=2027-01-01T12:00Z status=308",
      FOR_GOOD("308", "307") },
    { "TempRedirect /a /b until=2026-01-01T12:00Z status=308",
      OVER("2026-01-01T12:00Z") "|" FOR_GOOD("308", "307") },
    { "TempRedirect /a /b hours=Mon status=302", "" },
    { "TempRedirect /a /b hours=Mon status=303", "" },
    { "TempRedirect /a /b status=301 header.X", "" },

    /* conditions that always hold */
    { "TempRedirect /a /b method", "method" TRIVIAL },
    { "TempRedirect /a /b scheme", "scheme" TRIVIAL },
    { "TempRedirect /a ! host", "host" TRIVIAL },
    { "TempRedirect /a /b header.X port client",
      "port" TRIVIAL "|client" TRIVIAL },
    { "TempRedirect /a /b host=a user lang cookie.c query.q env.E", "" },

    /* what is not set yet early */
    { "TempRedirect /a /b env.E phase=early", "env.E" EARLY_ENV },
    { "TempRedirect /a /b !env.E=~1 phase=early", "!env.E=~1" EARLY_ENV },
    { "TempRedirect /a ! env.E phase=early", "env.E" EARLY_ENV },
    { "TempRedirect /a /b/%{env.E} phase=early", "/b/%{env.E}" EARLY_ENV },
    { "TempRedirect /a /b env.E phase=fixups", "" },
    { "TempRedirect /a /b/%{env.E}", "" },
    { "TempRedirect /a ! env.E", "" },
    { "TempRedirect /a /b/%{header.X} header.X phase=early", "" },
    { "TempRedirect /a /b/%{env.E} env.E phase=early",
      "env.E" EARLY_ENV "|/b/%{env.E}" EARLY_ENV },

    /* what is never set */
    { "TempRedirect /a /b env.REMOTE_ADDR=::1",
      "env.REMOTE_ADDR=::1" CGI("client") },
    { "TempRedirect /a /b env.REMOTE_USER", "env.REMOTE_USER" CGI("user") },
    { "TempRedirect /a /b !env.REQUEST_METHOD=POST",
      "!env.REQUEST_METHOD=POST" CGI("method") },
    { "TempRedirect /a ! env.REQUEST_SCHEME=~s",
      "env.REQUEST_SCHEME=~s" CGI("scheme") },
    { "TempRedirect /a /b env.SERVER_NAME=a",
      "env.SERVER_NAME=a" CGI("host") },
    { "TempRedirect /a /b env.SERVER_PORT=80",
      "env.SERVER_PORT=80" CGI("port") },
    { "TempRedirect /a /b env.QUERY_STRING=~q",
      "env.QUERY_STRING=~q" CGI("query.NAME") },
    { "TempRedirect /a /b env.HTTP_HOST=a", "env.HTTP_HOST=a" CGI("host") },
    { "TempRedirect /a /b env.HTTP_USER_AGENT=~x",
      "env.HTTP_USER_AGENT=~x" CGI("header.NAME") },
    { "TempRedirect /a /b env.HTTP_HOST phase=early", /* the worse one */
      "env.HTTP_HOST" CGI("host") },
    { "TempRedirect /a /b env.HTTPS=on", "" },
    { "TempRedirect /a /b env.http_host=a", "" },
    { "TempRedirect /a /b env.HTTP_SESSION", "" }, /* of mod_session */
    { "TempRedirect /a /b env.REMOTE_ADDR_OK", "" },
    { "TempRedirect /a /b header.REMOTE_ADDR query.HTTP_HOST", "" },

    /* names that are none */
    { "TempRedirect /a /b query.n>5", "query.n>5" WHOLE_NAME("n>5") },
    { "TempRedirect /a /b query.n>=5", "query.n>=5" WHOLE_NAME("n>") },
    { "TempRedirect /a /b !cookie.n<5", "!cookie.n<5" WHOLE_NAME("n<5") },
    { "TempRedirect /a /b query.a:b=1", "query.a:b=1" WHOLE_NAME("a:b") },
    { "TempRedirect /a /b form.n>5", "form.n>5" WHOLE_NAME_OF_BODY("n>5") },
#ifdef TR_WITH_JANSSON
    { "TempRedirect /a /b !json./n[0]=1",
      "!json./n[0]=1" WHOLE_NAME_OF_BODY("/n[0]") },
#endif
    { "TempRedirect /a /b query.n=>5,<5 cookie.c=a:b", "" },
    { "TempRedirect /a /b env.a:b", "" },
    { "TempRedirect /a /b query.a.b cookie.a-b", "" },

    /* a list with weights is not one of a few values */
    { "TempRedirect /a /b header.Accept-Language=de",
      "header.Accept-Language=de" WEIGHTS },
    { "TempRedirect /a /b !header.accept-language=~^de",
      "!header.accept-language=~^de" WEIGHTS },
    { "TempRedirect /a /b header.Accept-Language", "" },
    { "TempRedirect /a /b !header.Accept-Language", "" },
    { "TempRedirect /a /b header.Accept=de cookie.Accept-Language=de", "" },
    { "TempRedirect /a /b/%{header.Accept-Language}", "" },

    /* a query has no place in a path */
    { "TempRedirectMatch ^/a\\?b=1$ /c", NO_QUERY("^/a\\?b=1$") },
    { "TempRedirectMatch ^/a?b$ /c", "" },
    { "TempRedirectMatch ^/a /c query.q=~\\?", "" },

    /* hours that say less than they seem to */
    { "TempRedirect /a /b hours=" MIXED, EACH_DAY(MIXED) },
    { "TempRedirect /a ! hours=" MIXED, EACH_DAY(MIXED) },
    { "TempRedirect /a /b until=2026-01-01T12:00Z hours=" MIXED,
      EACH_DAY(MIXED) "|" OVER("2026-01-01T12:00Z") },
    { "TempRedirect /a /b hours=09:00-12:00,13:00-17:00", "" },
    { "TempRedirect /a /b hours=Mon@09:00-12:00,Mon@13:00-17:00", "" },

    /* in the order of the words: what is cheap, first */
    { "TempRedirect /a%20b /c query.n>5 env.HTTP_HOST method",
      DECODED("/a%20b", "/a b") "|method" TRIVIAL "|env.HTTP_HOST" CGI("host")
      "|query.n>5" WHOLE_NAME("n>5") },
};

/* "FIRST | SECOND" */
static const char *warned_of(void)
{
    return apr_array_pstrcat(pool, fake_warnings, '|');
}

START_TEST(what_is_hardly_meant_is_warned_of)
{
    int i;

    for (i = 0; i < ROWS(warned); ++i) {
        tr_rule_t *rule = NULL;

        check_message(warned[i].line,
                      fake_parse(&rule, warned[i].line, NULL), NULL);
        check_message(warned[i].line, warned_of(), warned[i].warnings);
    }
}
END_TEST

static const struct {
    const char *line;
    const char *location;
    const char *warning;
} servers[] = {
    { "TempRedirect /new", NULL,
      "/new: without a URL-path before it, all requests go there; if they "
      "should, write '/ /new tail=drop'" },
    { "TempRedirect /new", "/old", NULL },
    { "TempRedirect / /new", NULL, NULL },
    { "TempRedirect /new !cookie.c", NULL, NULL },
    { "TempRedirect /new hours=Mon", NULL, NULL },
    { "TempRedirect /new id=x", NULL,
      "/new: without a URL-path before it, all requests go there; if they "
      "should, write '/ /new tail=drop'" },
    { "TempRedirect https:", NULL, NULL },
    { "TempRedirect https://h.example/", NULL, NULL },
    { "TempRedirect !", NULL, NULL },
    { "TempRedirectMatch ^/old /new", NULL, NULL },
};

START_TEST(a_lone_path_outside_of_all_sections_is_warned_of)
{
    int i;

    for (i = 0; i < ROWS(servers); ++i) {
        tr_place_t place = { .file = "test.conf", .line = 1,
                             .location = servers[i].location, .is_server = 1 };
        const char **words_of_line;
        int n = fake_words(&words_of_line, servers[i].line);
        tr_rule_t *rule = NULL;

        check_message(servers[i].line,
                      fake_parse_words(&rule, &place, n, words_of_line), NULL);
        check_message(servers[i].line,
                      fake_warnings->nelts
                          ? APR_ARRAY_IDX(fake_warnings, 0, const char *)
                          : NULL,
                      servers[i].warning);
    }
}
END_TEST

#define OUT(pattern)                                                           \
    pattern ": is not below the Location '/loc'; a URL-path counts from the "  \
            "root, as in '/loc/...'"

static const struct {
    const char *line;
    const char *location;
    const char *warning;
} located[] = {
    { "TempRedirect /old /new", "/loc", OUT("/old") },
    { "TempRedirect /lod/loc /new", "/loc", OUT("/lod/loc") },
    { "TempRedirect /old !", "/loc", OUT("/old") },
    { "TempRedirect /OLD /new case=ignore", "/loc", OUT("/OLD") },
    { "TempRedirect /l-old /new match=exact", "/loc", OUT("/l-old") },
    { "TempRedirect /loc/old /new", "/loc", "" },
    { "TempRedirect /LOC/old /new", "/loc", "" }, /* of a caseless system */
    { "TempRedirect /loc/old /new case=ignore", "/LOC", "" },
    { "TempRedirect /loc /new", "/loc", "" },
    { "TempRedirect /loc/ /new", "/loc", "" },
    { "TempRedirect /loc /new", "/loc/", "" },
    { "TempRedirect / /new", "/loc", "" },
    { "TempRedirect /old /new", "/", "" },
    { "TempRedirect /old /new", NULL, "" },
    { "TempRedirect /new", "/loc", "" },
    { "TempRedirect https:", "/loc", "" },

    /* a regex by what it begins with */
    { "TempRedirectMatch ^/old /new", "/loc", OUT("^/old") },
    { "TempRedirectMatch ^/old(/.*)?$ /new$1", "/loc", OUT("^/old(/.*)?$") },
    { "TempRedirectMatch ^/x /new case=ignore", "/loc", OUT("^/x") },
    { "TempRedirectMatch ^/loc/old /new", "/loc", "" },
    { "TempRedirectMatch ^/LOC/old /new", "/loc", "" },
    { "TempRedirectMatch ^/l(oc|ac)/ /new", "/loc", "" },
    { "TempRedirectMatch ^/(old|loc)/ /new", "/loc", "" },
    { "TempRedirectMatch /old /new", "/loc", "" },
    { "TempRedirectMatch \\.php$ /new", "/loc", "" },
    { "TempRedirectMatch ^/old /new", NULL, "" },
};

START_TEST(a_pattern_that_never_comes_to_its_location_is_warned_of)
{
    const char *line = located[_i].line;
    tr_rule_t *rule = NULL;

    check_message(line, fake_parse(&rule, line, located[_i].location), NULL);
    check_message(line, warned_of(), located[_i].warning);
}
END_TEST

static const struct {
    const char *line;
    const char *begin; /* of the only warning */
} targets[] = {
    { "TempRedirect /a /b/%{env.REMOTE_USER}",
      "/b/%{env.REMOTE_USER}: CGI's variables are not set " },
    { "TempRedirectMatch ^/a /b/?x=%{env.HTTP_X}",
      "/b/?x=%{env.HTTP_X}: CGI's variables are not set " },
#ifdef TR_WITH_JANSSON
    { "TempRedirect /a /b/%{json./n[0]}",
      "/b/%{json./n[0]}: asks for one whose whole name is '/n[0]'" },
#endif
    { "TempRedirect /a /b/%{cookie.n>5}",
      "/b/%{cookie.n>5}: asks for one whose whole name is 'n>5'" },
};

START_TEST(a_target_is_warned_of_as_a_condition_is)
{
    const char *line = targets[_i].line;
    tr_rule_t *rule = NULL;

    check_message(line, fake_parse(&rule, line, NULL), NULL);
    ck_assert_msg(fake_warnings->nelts == 1, "%s: %d warnings, '%s'", line,
                  fake_warnings->nelts, warned_of());
    ck_assert_msg(strncmp(warned_of(), targets[_i].begin,
                          strlen(targets[_i].begin)) == 0, "%s: %s", line,
                  warned_of());
}
END_TEST

/* ---- members of pools ---- */

static const struct {
    const char *words; /* behind the pool */
    const char *warnings;
} of_members[] = {
    { "/b", "" },
    { "! weight=5", "" },
    { "https://b.example/", "" },
    { "htps://b.example/",
      "htps://b.example/: 'htps' is a scheme of its own; did you mean "
      "'https'?" },
    { "/b/%{env.HTTP_HOST}", "/b/%{env.HTTP_HOST}" CGI("host") },
    { "/b/%{env.REMOTE_USER}", "/b/%{env.REMOTE_USER}" CGI("user") },
    { "/b/%{env.E}", "" },
    { "/b/%{form.n[0]}", "/b/%{form.n[0]}"
      WHOLE_NAME_OF_BODY("n[0]") },
    { "/b/%{cookie.n>5}", "/b/%{cookie.n>5}" WHOLE_NAME("n>5") },
    { "htps://b/ /c", NULL }, /* an error warns of nothing */
};

static const struct {
    const char *words;
    const char *warnings;
} of_pools[] = {
    { "p", "" },
    { "p key=client sticky=c:30d", "" },
    { "p key=env.E", "" },
    { "p key=env.REMOTE_ADDR", "key=env.REMOTE_ADDR" CGI("client") },
    { "p key=env.HTTP_HOST", "key=env.HTTP_HOST" CGI("host") },
    { "p key=cookie.n>5", "key=cookie.n>5" WHOLE_NAME("n>5") },
    { "p key=form.n[0]", "key=form.n[0]" WHOLE_NAME_OF_BODY("n[0]") },
    { "p key=env.HTTP_HOST weight=1", NULL },
};

START_TEST(a_key_is_warned_of_as_a_condition_is)
{
    const char *line = apr_pstrcat(pool, "TempRedirectPool ",
                                   of_pools[_i].words, NULL);
    apr_array_header_t *pools = apr_array_make(pool, 1, sizeof(tr_pool_t *));
    const char *error = fake_parse_pool(pools, line);

    ck_assert_msg((error == NULL) == (of_pools[_i].warnings != NULL), "%s",
                  line);
    check_message(line, warned_of(),
                  of_pools[_i].warnings ? of_pools[_i].warnings : "");
}
END_TEST

#define FOR_GOOD_MEMBER(status, instead)                                       \
    "status=" status ": means for good, and the window of a member for a "     \
    "while; write " instead

static const struct {
    const char *pool, *member, *rule;
    const char *warnings;
} bound[] = {
    { "p", "/b", "phase=early status=301", "" },
    { "p key=env.E", "/b/%{env.E}", "", "" },
    { "p key=env.E", "/b", "phase=early", "key=env.E" EARLY_ENV },
    { "p", "/b/%{env.E}", "phase=early", "/b/%{env.E}" EARLY_ENV },
    { "p key=env.F", "/b/%{env.E}", "phase=early",
      "/b/%{env.E}" EARLY_ENV "|key=env.F" EARLY_ENV },
    { "p", "/b until=2027-01-01T12:00Z", "status=301",
      FOR_GOOD_MEMBER("301", "302") },
    { "p", "/b from=2027-01-01T12:00Z", "status=308",
      FOR_GOOD_MEMBER("308", "307") },
    { "p", "/b from=2027-01-01T12:00Z", "status=303", "" },
    { "p", "/b from=2027-01-01T12:00Z", "", "" },
};

START_TEST(a_rule_on_a_pool_is_warned_of_when_it_is_bound)
{
    apr_array_header_t *pools = apr_array_make(pool, 1, sizeof(tr_pool_t *));
    tr_rule_t *rule = fake_rule(apr_pstrcat(pool, "TempRedirect /a pool:p ",
                                            bound[_i].rule, NULL));

    check_message("pool",
                  fake_parse_pool(pools,
                                  apr_pstrcat(pool, "TempRedirectPool ",
                                              bound[_i].pool, NULL)),
                  NULL);
    check_message("member",
                  fake_parse_pool(pools,
                                  apr_pstrcat(pool, "TempRedirectMember p ",
                                              bound[_i].member, NULL)),
                  NULL);
    check_message("bind", fake_bind(rule, pools), NULL);
    check_message(bound[_i].rule, warned_of(), bound[_i].warnings);
}
END_TEST

START_TEST(a_member_is_warned_of_as_a_target_is)
{
    const char *line = apr_pstrcat(pool, "TempRedirectMember p ",
                                   of_members[_i].words, NULL);
    apr_array_header_t *pools = apr_array_make(pool, 1, sizeof(tr_pool_t *));
    const char *error;

    check_message("pool", fake_parse_pool(pools, "TempRedirectPool p"), NULL);
    error = fake_parse_pool(pools, line);
    ck_assert_msg((error == NULL) == (of_members[_i].warnings != NULL), "%s",
                  line);
    check_message(line, warned_of(),
                  of_members[_i].warnings ? of_members[_i].warnings : "");
}
END_TEST

static const struct {
    const char *members[4];
    const char *warning;
} alone[] = {
    { { "TempRedirectMember p /b" }, "" },
    { { "TempRedirectMember p /b weight=1" }, "" },
    { { "TempRedirectMember p /b weight=10" },
      "p: its only member gets all, whatever its weight; for those who stay "
      "write 'TempRedirectMember p ! weight=...'" },
    { { "TempRedirectMember p /b weight=10", "TempRedirectMember p !" }, "" },
    { { "TempRedirectMember p /b weight=10",
        "TempRedirectMember p /c weight=0" }, "" },
};

START_TEST(a_member_alone_with_a_weight_is_warned_of)
{
    apr_array_header_t *pools = apr_array_make(pool, 1, sizeof(tr_pool_t *));
    const char *const *line;

    check_message("pool", fake_parse_pool(pools, "TempRedirectPool p"), NULL);
    for (line = alone[_i].members; *line; ++line) {
        check_message(*line, fake_parse_pool(pools, *line), NULL);
    }
    fake_warnings = apr_array_make(pool, 1, sizeof(const char *));
    tr_warn_pool(fake_warnings, APR_ARRAY_IDX(pools, 0, tr_pool_t *), pool);
    check_message(alone[_i].members[0], warned_of(), alone[_i].warning);
}
END_TEST

START_TEST(a_window_that_is_over_is_warned_of_by_whose_it_is)
{
    static const tr_window_words_t words = { .until = "2026-12-01T12:00Z" };
    const tr_window_t *window;
    apr_time_t over = fake_time(words.until);

    fake_warnings = apr_array_make(pool, 1, sizeof(const char *));
    check_message("window", tr_window_build(&window, &words, pool), NULL);
    tr_warn_window(fake_warnings, "member", window, words.until, over - 1,
                   pool);
    check_message("before", warned_of(), "");
    tr_warn_window(fake_warnings, "member", window, words.until, over, pool);
    check_message("member", warned_of(),
                  "until=2026-12-01T12:00Z: this member is over; leave it "
                  "out");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("tr_warn");
    TCase *tests = unit_case(suite, "warnings");

    tcase_add_test(tests, what_is_hardly_meant_is_warned_of);
    tcase_add_test(tests, a_lone_path_outside_of_all_sections_is_warned_of);
    tcase_add_loop_test(
        tests, a_pattern_that_never_comes_to_its_location_is_warned_of, 0,
        ROWS(located));
    tcase_add_loop_test(tests, a_target_is_warned_of_as_a_condition_is, 0,
                        ROWS(targets));
    tcase_add_loop_test(tests, a_member_is_warned_of_as_a_target_is, 0,
                        ROWS(of_members));
    tcase_add_loop_test(tests, a_key_is_warned_of_as_a_condition_is, 0,
                        ROWS(of_pools));
    tcase_add_loop_test(tests, a_rule_on_a_pool_is_warned_of_when_it_is_bound,
                        0, ROWS(bound));
    tcase_add_loop_test(tests, a_member_alone_with_a_weight_is_warned_of, 0,
                        ROWS(alone));
    tcase_add_test(tests, a_window_that_is_over_is_warned_of_by_whose_it_is);
    return unit_main(suite);
}

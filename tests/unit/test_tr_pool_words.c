/* Licensed under the Apache License, Version 2.0; see LICENSE. */
#include <apr_strings.h>

#include "fake.h"

/* At test.conf:5, on 2026-12-01T12:00Z. */
static tr_place_t here(void)
{
    tr_place_t place = { .file = "test.conf", .line = 5,
                         .now = fake_time("2026-12-01T12:00Z") };

    return place;
}

static const char *parse_pool(tr_pool_t **made, const char *line)
{
    tr_place_t place = here();
    const char **words;
    int n = fake_words(&words, line);

    fake_warnings = apr_array_make(pool, 1, sizeof(const char *));
    return tr_pool_parse(made, fake_warnings, &place, n, words, pool);
}

static const char *parse_member(tr_member_t **made, const tr_pool_t *of,
                                const char *line)
{
    tr_place_t place = here();
    const char **words;
    int n = fake_words(&words, line);

    fake_warnings = apr_array_make(pool, 1, sizeof(const char *));
    return tr_member_parse(made, fake_warnings, of, &place, n, words, pool);
}

static tr_pool_t *pool_of(const char *line)
{
    tr_pool_t *made = NULL;

    check_message(line, parse_pool(&made, line), NULL);
    return made;
}

static void add_member(tr_pool_t *to, const char *line)
{
    tr_member_t *made = NULL;

    check_message(line, parse_member(&made, to, line), NULL);
    APR_ARRAY_PUSH(to->members, tr_member_t *) = made;
}

/* ---- TempRedirectPool ---- */

static const struct {
    const char *line;
    const char *name;
    const char *key; /* its word; NULL: random */
    tr_attr_kind_t kind;
    const char *key_name;
    const char *sticky;
    apr_int64_t ttl;
} pools[] = {
    /* names */
    { "a", "a", NULL, 0, NULL, NULL, 0 },
    { "Check-out_2.b", "Check-out_2.b", NULL, 0, NULL, NULL, 0 },
    { "0", "0", NULL, 0, NULL, NULL, 0 },
    { "-", "-", NULL, 0, NULL, NULL, 0 },

    /* what can be a key */
    { "a key=client", "a", "key=client", TR_ATTR_CLIENT, NULL, NULL, 0 },
    { "a key=host", "a", "key=host", TR_ATTR_HOST, NULL, NULL, 0 },
    { "a key=user", "a", "key=user", TR_ATTR_USER, NULL, NULL, 0 },
    { "a key=header.X-Id", "a", "key=header.X-Id", TR_ATTR_HEADER, "X-Id",
      NULL, 0 },
    { "a key=cookie.uid", "a", "key=cookie.uid", TR_ATTR_COOKIE, "uid", NULL,
      0 },
    { "a key=query.id", "a", "key=query.id", TR_ATTR_QUERY, "id", NULL, 0 },
    { "a key=env.SHARD", "a", "key=env.SHARD", TR_ATTR_ENV, "SHARD", NULL, 0 },
    { "a key=form.id", "a", "key=form.id", TR_ATTR_FORM, "id", NULL, 0 },
    { "a key=query.a=b", "a", "key=query.a=b", TR_ATTR_QUERY, "a=b", NULL, 0 },
#ifdef TR_WITH_JANSSON
    { "a key=json./id", "a", "key=json./id", TR_ATTR_JSON, "/id", NULL, 0 },
#endif

    /* cookies */
    { "a sticky=arm", "a", NULL, 0, NULL, "arm", 0 },
    { "a sticky=!#$%&'*+-.^_`|~09aZ", "a", NULL, 0, NULL,
      "!#$%&'*+-.^_`|~09aZ", 0 },
    { "a sticky=arm:30d", "a", NULL, 0, NULL, "arm", 2592000 },
    { "a sticky=arm:30d key=client", "a", "key=client", TR_ATTR_CLIENT, NULL,
      "arm", 2592000 },
    { "a key=client sticky=arm", "a", "key=client", TR_ATTR_CLIENT, NULL,
      "arm", 0 },

    /* how long they are kept */
    { "a sticky=c:1", "a", NULL, 0, NULL, "c", 1 },
    { "a sticky=c:90s", "a", NULL, 0, NULL, "c", 90 },
    { "a sticky=c:90m", "a", NULL, 0, NULL, "c", 5400 },
    { "a sticky=c:12h", "a", NULL, 0, NULL, "c", 43200 },
    { "a sticky=c:1d", "a", NULL, 0, NULL, "c", 86400 },
    { "a sticky=c:2w", "a", NULL, 0, NULL, "c", 1209600 },
    { "a sticky=c:007d", "a", NULL, 0, NULL, "c", 604800 },
    { "a sticky=c:000000001", "a", NULL, 0, NULL, "c", 1 },
    { "a sticky=c:34560000", "a", NULL, 0, NULL, "c", 34560000 },
    { "a sticky=c:576000m", "a", NULL, 0, NULL, "c", 34560000 },
    { "a sticky=c:9600h", "a", NULL, 0, NULL, "c", 34560000 },
    { "a sticky=c:400d", "a", NULL, 0, NULL, "c", 34560000 },
    { "a sticky=c:57w", "a", NULL, 0, NULL, "c", 34473600 },
};

START_TEST(a_pool_has_a_name_and_may_have_a_key_and_a_cookie)
{
    const char *line = pools[_i].line;
    const tr_pool_t *made = pool_of(line);

    check_message(line, made->name, pools[_i].name);
    ck_assert_uint_eq(made->hash, tr_hash(0, 0, tr_slice_of(made->name)));
    check_message(line, made->key_word, pools[_i].key);
    ck_assert_int_eq(made->key != NULL, pools[_i].key != NULL);
    if (made->key) {
        ck_assert_int_eq(made->key->kind, pools[_i].kind);
        check_message(line, made->key->name, pools[_i].key_name);
    }
    check_message(line, made->sticky, pools[_i].sticky);
    ck_assert_int_eq(made->ttl, pools[_i].ttl);
    ck_assert_int_eq(made->members->nelts, 0);
    ck_assert_int_eq(fake_warnings->nelts, 0);
    check_message(line, made->place, "test.conf:5");
}
END_TEST

#define NO_NAME                                                                \
    "a name is missing; write 'name [key=attribute] [sticky=cookie[:ttl]]'"
#define BAD_NAME ": the name of a pool is letters, digits, '-', '.' and '_'"
#define KEYS                                                                   \
    "known are 'host', 'client', 'user', 'header', 'cookie', 'query', 'env', " \
    "'form', 'json'"
#define NO_KEY ": cannot be the key of a pool; " KEYS
#define TWICE ": stands twice; leave one out"
#define NO_COOKIE(name)                                                        \
    ": '" name "' is not the name of a cookie; write letters, digits, '-' "    \
    "and '_'"
#define NO_TTL(text)                                                           \
    ": '" text "' is not how long a browser keeps a cookie; write it as in "   \
    "'90m', '12h' or '30d', at most 400d, or leave it out for one session"
#define AT_RULE ": stands at the rule, behind 'pool:NAME'"
#define POOL_WORDS ": unknown word; known are 'key', 'sticky'"

static const struct {
    const char *line;
    const char *error;
} bad_pools[] = {
    { "", NO_NAME },
    { "a/b", "a/b" BAD_NAME },
    { "pool:a", "pool:a" BAD_NAME },
    { "a,b", "a,b" BAD_NAME },
    { "key=client", "key=client" BAD_NAME },
    { "\xc3\xa4", "\xc3\xa4" BAD_NAME },
    { "a\n", "a\n" BAD_NAME },
    { "a/b key=lang", "a/b" BAD_NAME }, /* the first one counts */

    /* what cannot be a key */
    { "a key=method", "key=method" NO_KEY },
    { "a key=scheme", "key=scheme" NO_KEY },
    { "a key=port", "key=port" NO_KEY },
    { "a key=path", "key=path" NO_KEY },
    { "a key=tail", "key=tail" NO_KEY },
    { "a key=args", "key=args" NO_KEY },
    { "a key=lang", "key=lang" NO_KEY },
    { "a key=group.x", "key=group.x" NO_KEY },
    { "a key=clinet",
      "key=clinet: unknown attribute; did you mean 'client'?" },
    { "a key=Client",
      "key=Client: unknown attribute; did you mean 'client'?" },
    { "a key=ip", "key=ip: unknown attribute; " KEYS },
    { "a key=", "key=: unknown attribute; " KEYS },
    { "a key=expr", "key=expr: unknown attribute; " KEYS },
    { "a key=!client", "key=!client: unknown attribute; did you mean "
                       "'client'?" },
    { "a key=client.x", "key=client.x: 'client' takes no name behind a dot" },
    { "a key=host.", "key=host.: 'host' takes no name behind a dot" },
    { "a key=cookie", "key=cookie: write 'cookie.NAME'" },
    { "a key=cookie.", "key=cookie.: write 'cookie.NAME'" },
    { "a key=json", "key=json: write 'json./NAME'" },
    { "a key=header.a/b",
      "key=header.a/b: 'a/b' is not the name of a header" },
#ifdef TR_WITH_JANSSON
    { "a key=json.id",
      "key=json.id: a JSON pointer begins with '/', as in 'json./type' or "
      "'json./repository/name'" },
#endif

    /* cookies */
    { "a sticky=", "sticky=" NO_COOKIE("") },
    { "a sticky=:30d", "sticky=:30d" NO_COOKIE("") },
    { "a sticky=a=b", "sticky=a=b" NO_COOKIE("a=b") },
    { "a sticky=a;b:30d", "sticky=a;b:30d" NO_COOKIE("a;b") },
    { "a sticky=a,b", "sticky=a,b" NO_COOKIE("a,b") },
    { "a sticky=\xc3\xa4", "sticky=\xc3\xa4" NO_COOKIE("\xc3\xa4") },
    { "a sticky=\"a\"", "sticky=\"a\"" NO_COOKIE("\"a\"") },
    { "a sticky=c:", "sticky=c:" NO_TTL("") },
    { "a sticky=c:d", "sticky=c:d" NO_TTL("d") },
    { "a sticky=c:0", "sticky=c:0" NO_TTL("0") },
    { "a sticky=c:0d", "sticky=c:0d" NO_TTL("0d") },
    { "a sticky=c:-1", "sticky=c:-1" NO_TTL("-1") },
    { "a sticky=c:+1", "sticky=c:+1" NO_TTL("+1") },
    { "a sticky=c:1.5h", "sticky=c:1.5h" NO_TTL("1.5h") },
    { "a sticky=c:1h30m", "sticky=c:1h30m" NO_TTL("1h30m") },
    { "a sticky=c:30D", "sticky=c:30D" NO_TTL("30D") },
    { "a sticky=c:1y", "sticky=c:1y" NO_TTL("1y") },
    { "a sticky=c:30d:", "sticky=c:30d:" NO_TTL("30d:") },
    { "a sticky=cookie.c:1d", "sticky=cookie.c:1d: name the cookie alone, 'c'" },
    { "a sticky=c:session", "sticky=c:session" NO_TTL("session") },
    { "a sticky=c:34560001", "sticky=c:34560001" NO_TTL("34560001") },
    { "a sticky=c:401d", "sticky=c:401d" NO_TTL("401d") },
    { "a sticky=c:9601h", "sticky=c:9601h" NO_TTL("9601h") },
    { "a sticky=c:576001m", "sticky=c:576001m" NO_TTL("576001m") },
    { "a sticky=c:58w", "sticky=c:58w" NO_TTL("58w") },
    { "a sticky=c:999999999w", "sticky=c:999999999w" NO_TTL("999999999w") },
    { "a sticky=c:0000000001", "sticky=c:0000000001" NO_TTL("0000000001") },
    /* would be one that is right, of 64 bits */
    { "a sticky=c:18446744073709551617",
      "sticky=c:18446744073709551617" NO_TTL("18446744073709551617") },

    { "a sticky=c:30d key=cookie.c",
      "key=cookie.c: is the cookie of sticky=, which would write over it; "
      "choose another name there" },

    /* words */
    { "a key", "key: a value is missing; write 'key=...'" },
    { "a sticky", "sticky: a value is missing; write 'sticky=...'" },
    { "a key=client key=client", "key=client" TWICE },
    { "a sticky=a sticky=b", "sticky=b" TWICE },
    { "a kye=client", "kye=client: unknown word; did you mean 'key'?" },
    { "a KEY=client", "KEY=client: unknown word; did you mean 'key'?" },
    { "a stikcy=b", "stikcy=b: unknown word; did you mean 'sticky'?" },
    { "a ttl=30d", "ttl=30d" POOL_WORDS },
    { "a weight=5", "weight=5: stands at a TempRedirectMember" },
    { "a cache=5", "cache=5" AT_RULE },
    { "a /b", "/b" POOL_WORDS },
    { "a =b", "=b" POOL_WORDS },
    { "a client", "client" AT_RULE },
    { "a !cookie.c", "!cookie.c" AT_RULE },
    { "a header.X=1", "header.X=1" AT_RULE },
    { "a expr=yes", "expr=yes" AT_RULE },
};

START_TEST(a_pool_that_is_wrong_is_an_error_that_says_what_would_be_right)
{
    tr_pool_t *made = NULL;

    check_message(bad_pools[_i].line, parse_pool(&made, bad_pools[_i].line),
                  bad_pools[_i].error);
    ck_assert_ptr_null(made);
}
END_TEST

START_TEST(a_pool_without_a_letter_has_no_name)
{
    static const char *const names[] = { "", " ", "a b" };
    tr_place_t place = here();
    int i;

    for (i = 0; i < ROWS(names); ++i) {
        tr_pool_t *made = NULL;

        check_message(names[i], tr_pool_parse(&made,
                                    apr_array_make(pool, 1, sizeof(char *)),
                                    &place, 1, &names[i], pool),
                      apr_pstrcat(pool, names[i], BAD_NAME, NULL));
        ck_assert_ptr_null(made);
    }
}
END_TEST

/* ---- TempRedirectMember ---- */

static const struct {
    const char *line;
    const char *target;
    const char *id;
    unsigned weight;
    int has_window;
} members[] = {
    { "/b", "/b", "/b", 1, 0 },
    { "!", "!", "!", 1, 0 },
    { "https:", "https:", "https:", 1, 0 },
    { "https://b.example/?x=1#y", "https://b.example/?x=1#y",
      "https://b.example/?x=1#y", 1, 0 },
    { "/b/%{header.X}", "/b/%{header.X}", "/b/%{header.X}", 1, 0 },
    { "/b weight=0", "/b", "/b", 0, 0 },
    { "/b weight=1", "/b", "/b", 1, 0 },
    { "/b weight=25", "/b", "/b", 25, 0 },
    { "/b weight=000000025", "/b", "/b", 25, 0 },
    { "/b weight=1000000", "/b", "/b", 1000000, 0 },
    { "/b id=b", "/b", "b", 1, 0 },
    { "/b id=a=b;c,d\\e'", "/b", "a=b;c,d\\e'", 1, 0 },
    { "! id=control weight=90", "!", "control", 90, 0 },
    { "/b from=2026-12-01T22:00Z", "/b", "/b", 1, 1 },
    { "/b until=2027-12-01T22:00Z", "/b", "/b", 1, 1 },
    { "/b until=2027-12-01T22:00Z from=2026-12-01T22:00Z id=b weight=2", "/b",
      "b", 2, 1 },

    /* what names what only a rule knows */
    { "/b/$1", "/b/$1", "/b/$1", 1, 0 },
    { "/b/%{group.x}", "/b/%{group.x}", "/b/%{group.x}", 1, 0 },
    { "/b%{tail}", "/b%{tail}", "/b%{tail}", 1, 0 },
    { "$1/b", "$1/b", "$1/b", 1, 0 },
};

START_TEST(a_member_has_a_target_and_may_have_words)
{
    const char *line = members[_i].line;
    tr_pool_t *of = pool_of("a");
    tr_member_t *made = NULL;

    check_message(line, parse_member(&made, of, line), NULL);
    check_message(line, tr_target_word(made->target), members[_i].target);
    check_message(line, made->runner.id, members[_i].id);
    ck_assert_uint_eq(made->runner.hash,
                      tr_hash(0, 0, tr_slice_of(members[_i].id)));
    ck_assert_uint_eq(made->runner.weight, members[_i].weight);
    ck_assert_int_eq(made->window != NULL, members[_i].has_window);
    check_message(line, made->place, "test.conf:5");
    ck_assert_int_eq(fake_warnings->nelts, 0);
    ck_assert_int_eq(of->members->nelts, 0);
}
END_TEST

START_TEST(the_window_of_a_member_is_what_its_words_say)
{
    tr_member_t *made = NULL;

    check_message("both",
                  parse_member(&made, pool_of("a"),
                               "/b from=2026-12-01T22:00Z "
                               "until=2026-12-02T06:00Z"),
                  NULL);
    ck_assert(!tr_window_is_open(made->window,
                                 fake_time("2026-12-01T21:59:59.999999Z")));
    ck_assert(tr_window_is_open(made->window, fake_time("2026-12-01T22:00Z")));
    ck_assert(tr_window_is_open(made->window,
                                fake_time("2026-12-02T05:59:59.999999Z")));
    ck_assert(!tr_window_is_open(made->window,
                                 fake_time("2026-12-02T06:00Z")));
}
END_TEST

#define NO_WEIGHT                                                              \
    ": not a weight; write a whole number from 0 to 1000000: shares of 2.5 % " \
    "and 97.5 % are weight=25 and weight=975"
#define NO_ID                                                                  \
    ": cannot be a member's name in logs; write an 'id=' of printable ASCII "  \
    "without spaces and quotes"
#define NO_COOKIE_ID                                                           \
    ": cannot stand in the cookie of sticky=; write an 'id=' of at most 255 "  \
    "letters, digits and '-'"
#define MEMBER_WORDS                                                           \
    ": unknown word; known are 'weight', 'id', 'from', 'until'"
#define KNOWN_ID                                                               \
    ": is the id of the member at test.conf:5 already; give this one another " \
    "'id='"

static const struct {
    const char *line;
    const char *error;
} bad_members[] = {
    { "", "a target is missing; write 'pool target [word ...]'" },

    /* targets */
    { "b", "b: not a target; write an absolute URL, a path beginning with "
           "'/', 'https:', 'http:', 'pool:NAME' or '!'" },
    { "weight=5", "weight=5: not a target; write an absolute URL, a path "
                  "beginning with '/', 'https:', 'http:', 'pool:NAME' or "
                  "'!'" },
    { "//b", "//b: '//' begins a host, not a path; write 'https://host/path' "
             "or one '/'" },
    { "/b/../c", "/b/../c: '.' and '..' in a target's path lead elsewhere; "
                 "write the path that they lead to" },
    { "/%{method}", "/%{method}: '%{method}': 'method' can only be a "
                    "condition, as in 'method=...'" },
    { "pool:b", "pool:b: a pool cannot be a member; write its members here" },
    { "pool:", "pool:: the name of a pool is missing; write 'pool:NAME'" },

    /* weights */
    { "/b weight=", "weight=" NO_WEIGHT },
    { "/b weight=-1", "weight=-1" NO_WEIGHT },
    { "/b weight=+1", "weight=+1" NO_WEIGHT },
    { "/b weight=2.5", "weight=2.5" NO_WEIGHT },
    { "/b weight=10%", "weight=10%" NO_WEIGHT },
    { "/b weight=1e3", "weight=1e3" NO_WEIGHT },
    { "/b weight=ten", "weight=ten" NO_WEIGHT },
    { "/b weight=1000001", "weight=1000001" NO_WEIGHT },
    { "/b weight=0000000001", "weight=0000000001" NO_WEIGHT },
    { "/b weight=4294967297", "weight=4294967297" NO_WEIGHT },
    { "/b weight=18446744073709551617",
      "weight=18446744073709551617" NO_WEIGHT },

    /* times */
    { "/b from=2026-12-01",
      "from=2026-12-01: is only a date; write the time too, with a 'T' "
      "between and no space, as in '2026-12-01T22:00'" },
    { "/b until=2026-13-01T22:00",
      "until=2026-13-01T22:00: there is no month 13; write 01 to 12" },
    { "/b from=2026-12-01T22:00Z until=2026-12-01T22:00Z",
      "until=2026-12-01T22:00Z: is not after from=2026-12-01T22:00Z; a window "
      "opens with from= and closes with until=" },

    /* ids */
    { "/b id=", "id=" NO_ID },
    { "/b id=a\"b", "id=a\"b" NO_ID },
    { "/b id=\xc3\xa4", "id=\xc3\xa4" NO_ID },
    { "/b id=a\x7f", "id=a\x7f" NO_ID },
    { "/b\"", "/b\"" NO_ID },
    { "/\xc3\xa4", "/\xc3\xa4" NO_ID },

    /* words */
    { "/b weight", "weight: a value is missing; write 'weight=...'" },
    { "/b id", "id: a value is missing; write 'id=...'" },
    { "/b weight=1 weight=2", "weight=2" TWICE },
    { "/b id=a weight=2 id=a", "id=a" TWICE },
    { "/b from=2026-12-01T22:00Z from=2026-12-01T22:00Z",
      "from=2026-12-01T22:00Z" TWICE },
    { "/b until=2026-12-01T22:00Z until=2026-12-01T22:00Z",
      "until=2026-12-01T22:00Z" TWICE },
    { "/b wieght=1", "wieght=1: unknown word; did you mean 'weight'?" },
    { "/b untill=2026-12-01T22:00Z",
      "untill=2026-12-01T22:00Z: unknown word; did you mean 'until'?" },
    { "/b ID=x", "ID=x: unknown word; did you mean 'id'?" },
    { "/b status=303", "status=303" AT_RULE },
    { "/b hours=Mon", "hours=Mon" AT_RULE },
    { "/b tz=UTC", "tz=UTC" AT_RULE },
    { "/b args=drop", "args=drop" AT_RULE },
    { "/b tail=drop", "tail=drop" AT_RULE },
    { "/b case", "case" AT_RULE },
    { "/b key=client", "key=client: stands at a TempRedirectPool" },
    { "/b /c", "/c" MEMBER_WORDS },
    { "/b 5", "5" MEMBER_WORDS },
    { "/b header.X", "header.X" AT_RULE },
    { "/b !client=::1", "!client=::1" AT_RULE },

    /* the first one counts */
    { "b weight=x", "b: not a target; write an absolute URL, a path beginning "
                    "with '/', 'https:', 'http:', 'pool:NAME' or '!'" },
    { "/b weight=x id=\"", "weight=x" NO_WEIGHT },
};

START_TEST(a_member_that_is_wrong_is_an_error_that_says_what_would_be_right)
{
    const char *line = bad_members[_i].line;
    tr_pool_t *of = pool_of("a");
    tr_member_t *made = NULL;

    check_message(line, parse_member(&made, of, line), bad_members[_i].error);
    ck_assert_ptr_null(made);
    ck_assert_int_eq(fake_warnings->nelts, 0);
}
END_TEST

/* ---- ids ---- */

static const struct {
    const char *id;
    int in_logs, in_cookies;
} ids[] = {
    { "b", 1, 1 },
    { "/b", 1, 1 },
    { "!", 1, 1 },
    { "https://b.example:8443/x?y=z&a=%20#t", 1, 1 },
    { "!#$%&'()*+-./:<=>?@[]^_`{|}~", 1, 1 },
    { "a,b", 1, 0 },
    { "a;b", 1, 0 },
    { "a\\b", 1, 0 },
    { "a\"b", 0, 0 },
    { "\"", 0, 0 },
    { "a b", 0, 0 },
    { " ", 0, 0 },
    { "a\tb", 0, 0 },
    { "a\x7f", 0, 0 },
    { "\xff", 0, 0 },
    { "\xc3\xa4", 0, 0 },
};

static void check_id(const char *pool_line, const char *id, const char *error)
{
    const char *words[2] = { "/b", apr_pstrcat(pool, "id=", id, NULL) };
    apr_array_header_t *warnings = apr_array_make(pool, 1,
                                                  sizeof(const char *));
    tr_place_t place = here();
    tr_member_t *made = NULL;

    check_message(id,
                  tr_member_parse(&made, warnings, pool_of(pool_line), &place,
                                  2, words, pool),
                  error ? apr_pstrcat(pool, words[1], error, NULL) : NULL);
    ck_assert_int_eq(made == NULL, error != NULL);
}

START_TEST(an_id_stands_in_logs_and_in_cookies_where_there_are_any)
{
    check_id("a", ids[_i].id, ids[_i].in_logs ? NULL : NO_ID);
    check_id("a key=client", ids[_i].id, ids[_i].in_logs ? NULL : NO_ID);
    check_id("a sticky=c", ids[_i].id, ids[_i].in_cookies ? NULL
                                                          : NO_COOKIE_ID);
}
END_TEST

START_TEST(an_id_in_a_cookie_has_at_most_255_bytes)
{
    char *id = apr_pcalloc(pool, 258);
    const char *quoted;

    memset(id, 'a', 255);
    check_id("a sticky=c", id, NULL);
    quoted = apr_psprintf(pool, "id=%.197s..." NO_COOKIE_ID, id);
    id[255] = 'a';
    check_id("a", id, NULL);
    {
        tr_member_t *made = NULL;

        check_message("256 bytes",
                      parse_member(&made, pool_of("a sticky=c"),
                                   apr_pstrcat(pool, "/b id=", id, NULL)),
                      quoted);
        ck_assert_ptr_null(made);
    }
}
END_TEST

START_TEST(without_an_id_the_target_must_be_one)
{
    static const char *const spaced = "/a b";
    tr_place_t place = here();
    tr_member_t *made = NULL;

    check_message("a space",
                  tr_member_parse(&made,
                                  apr_array_make(pool, 1, sizeof(char *)),
                                  pool_of("a"), &place, 1, &spaced, pool),
                  "/a b" NO_ID);
    check_message("logs", parse_member(&made, pool_of("a"), "/a;b,c"), NULL);
    check_message("a cookie", parse_member(&made, pool_of("a sticky=c"),
                                           "/a;b,c"),
                  "/a;b,c" NO_COOKIE_ID);
    check_message("with an id", parse_member(&made, pool_of("a sticky=c"),
                                             "/a;b,c id=abc"),
                  NULL);
    check_message("8 bits", parse_member(&made, pool_of("a sticky=c"),
                                         "/\xc3\xa4 id=ae"),
                  NULL);
}
END_TEST

static const struct {
    const char *first, *second;
    const char *error;
} twins[] = {
    { "/b", "/b", "/b" KNOWN_ID },
    { "/b weight=5", "/b weight=6", "/b" KNOWN_ID },
    { "/b id=x", "/c id=x", "id=x" KNOWN_ID },
    { "/b", "/c id=/b", "id=/b" KNOWN_ID },
    { "/c id=/b", "/b", "/b" KNOWN_ID },
    { "!", "!", "!" KNOWN_ID },
    { "/b", "/b id=x", NULL },
    { "/b id=x", "/b id=X", NULL },
    { "/b id=x", "/b id=xx", NULL },
    { "/b", "/b/", NULL },
    { "/b from=2026-12-01T22:00Z", "/b until=2026-12-01T22:00Z",
      "/b" KNOWN_ID },
};

START_TEST(no_two_members_have_one_id)
{
    tr_pool_t *of = pool_of("a");
    tr_member_t *made = NULL;

    add_member(of, twins[_i].first);
    check_message(twins[_i].second, parse_member(&made, of, twins[_i].second),
                  twins[_i].error);
    ck_assert_int_eq(made == NULL, twins[_i].error != NULL);
    add_member(of, "/z id=z"); /* behind one that is not the last */
    check_message(twins[_i].second, parse_member(&made, of, twins[_i].second),
                  twins[_i].error);
}
END_TEST

/* ---- warnings ---- */

#define CGI(attribute)                                                         \
    ": CGI's variables are not set when rules are asked; the attribute is '"   \
    attribute "'"

static const struct {
    const char *line;
    const char *warnings; /* with '|' between */
} warned[] = {
    { "/b", "" },
    { "!", "" },
    { "htps://b.example/",
      "htps://b.example/: 'htps' is a scheme of its own; did you mean "
      "'https'?" },
    { "app://b", "" },
    { "/b/%{env.HTTP_HOST}", "/b/%{env.HTTP_HOST}" CGI("host") },
    { "/b/%{env.REMOTE_ADDR}?%{env.X}", "/b/%{env.REMOTE_ADDR}?%{env.X}"
      CGI("client") },
    { "/b/%{env.X}", "" },
    { "/b/%{cookie.a:b}", "/b/%{cookie.a:b}: asks for one whose whole name is "
                          "'a:b'; for numbers use \"expr=...\"" },
    { "htps://b/%{env.HTTP_X}",
      "htps://b/%{env.HTTP_X}: 'htps' is a scheme of its own; did you mean "
      "'https'?|htps://b/%{env.HTTP_X}" CGI("header.NAME") },

    /* it is 2026-12-01T12:00Z */
    { "/b until=2026-12-01T12:00Z",
      "until=2026-12-01T12:00Z: this member is over; leave it out" },
    { "/b until=2026-12-01T12:00:00.000001Z", "" },
    { "! from=2025-12-01T12:00Z until=2026-01-01T12:00Z id=x",
      "until=2026-01-01T12:00Z: this member is over; leave it out" },
    { "/b from=2025-12-01T12:00Z", "" },
    { "/b from=2027-12-01T12:00Z", "" },
    { "htps://b/ until=2026-01-01T12:00Z",
      "htps://b/: 'htps' is a scheme of its own; did you mean 'https'?|"
      "until=2026-01-01T12:00Z: this member is over; leave it out" },
};

START_TEST(what_a_member_hardly_means_is_warned_of)
{
    tr_member_t *made = NULL;

    check_message(warned[_i].line,
                  parse_member(&made, pool_of("a"), warned[_i].line), NULL);
    check_message(warned[_i].line, apr_array_pstrcat(pool, fake_warnings, '|'),
                  warned[_i].warnings);
}
END_TEST

/* ---- all of a pool ---- */

#define ALL_ZERO                                                               \
    "a: the weights of its members add up to 0, so nobody could ever be sent " \
    "to one; give one a weight"

static const struct {
    const char *members[4];
    const char *error;
} whole[] = {
    { { 0 }, "a: has no member; write 'TempRedirectMember a target' behind "
             "it" },
    { { "/b weight=0" }, ALL_ZERO },
    { { "/b weight=0", "/c weight=0", "! weight=0" }, ALL_ZERO },
    { { "/b" }, NULL },
    { { "!" }, NULL },
    { { "/b weight=0", "/c", "/d weight=0" }, NULL },
    { { "/b", "/c weight=0" }, NULL },
    { { "/b weight=0", "/c weight=0", "/d until=2026-01-01T12:00Z" }, NULL },
};

START_TEST(a_pool_needs_one_member_with_a_weight)
{
    tr_pool_t *of = pool_of("a key=client sticky=c");
    int i;

    for (i = 0; i < 4 && whole[_i].members[i]; ++i) {
        add_member(of, whole[_i].members[i]);
    }
    check_message("check", tr_pool_check(of, pool), whole[_i].error);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("tr_pool_words");
    TCase *tests = unit_case(suite, "pools");

    tcase_add_loop_test(tests,
                        a_pool_has_a_name_and_may_have_a_key_and_a_cookie, 0,
                        ROWS(pools));
    tcase_add_loop_test(
        tests, a_pool_that_is_wrong_is_an_error_that_says_what_would_be_right,
        0, ROWS(bad_pools));
    tcase_add_test(tests, a_pool_without_a_letter_has_no_name);
    tcase_add_loop_test(tests, a_pool_needs_one_member_with_a_weight, 0,
                        ROWS(whole));
    tests = unit_case(suite, "members");
    tcase_add_loop_test(tests, a_member_has_a_target_and_may_have_words, 0,
                        ROWS(members));
    tcase_add_test(tests, the_window_of_a_member_is_what_its_words_say);
    tcase_add_loop_test(
        tests, a_member_that_is_wrong_is_an_error_that_says_what_would_be_right,
        0, ROWS(bad_members));
    tcase_add_loop_test(tests,
                        an_id_stands_in_logs_and_in_cookies_where_there_are_any,
                        0, ROWS(ids));
    tcase_add_test(tests, an_id_in_a_cookie_has_at_most_255_bytes);
    tcase_add_test(tests, without_an_id_the_target_must_be_one);
    tcase_add_loop_test(tests, no_two_members_have_one_id, 0, ROWS(twins));
    tcase_add_loop_test(tests, what_a_member_hardly_means_is_warned_of, 0,
                        ROWS(warned));
    return unit_main(suite);
}

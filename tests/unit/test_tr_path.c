/* Licensed under the Apache License, Version 2.0; see LICENSE. */
#include <apr_errno.h>
#include <apr_strings.h>

#include "tr_path.h"
#include "unit.h"

#define KEEP 0
#define MERGE TR_PATH_MERGE_SLASHES
#define SLASH TR_PATH_DECODE_SLASHES
#define BOTH (MERGE | SLASH)

/* ---- tr_path_split ---- */

static const struct {
    const char *target, *path, *args;
} targets[] = {
    { "/", "/", NULL },
    { "/a/b", "/a/b", NULL },
    { "/a?", "/a", "" },
    { "/a?b=1", "/a", "b=1" },
    { "/a?b?c", "/a", "b?c" },
    { "/?", "/", "" },
    { "//h/x", "/h/x", NULL },
    { "///?b", "/", "b" },
    { "http://h//x", "//x", NULL },
    { "/http://h/x?y", "/http://h/x", "y" },
    /* a fragment is left out */
    { "/a#f", "/a", NULL },
    { "/a#f?b", "/a", NULL },
    { "/a?b#f", "/a", "b" },
    { "/a?#f", "/a", "" },
    /* absolute-form */
    { "http://h/a?b", "/a", "b" },
    { "http://h:80/a", "/a", NULL },
    { "https://[::1]/a", "/a", NULL },
    { "http://h", "/", NULL },
    { "http://h/", "/", NULL },
    { "http://h?b", "/", "b" },
    { "http://h#f?b", "/", NULL },
    { "http://", "/", NULL },
    { "http://h/a://b/c", "/a://b/c", NULL },
    { "http://h//a", "//a", NULL },
    /* the asterisk-form and the authority-form have no path */
    { "*", NULL, NULL },
    { "h:443", NULL, NULL },
    { "", NULL, NULL },
    { "a/b", NULL, NULL },
};

START_TEST(a_target_is_split_into_path_and_query)
{
    const char *target = targets[_i].target;
    tr_slice_t path, args;

    tr_path_split(&path, &args, guarded_string(target));
    check_text(target, path, targets[_i].path);
    check_text(target, args, targets[_i].args);
}
END_TEST

/* ---- tr_path_normalize ---- */

static const struct {
    const char *sent;
    int flags;
    const char *raw, *decoded;
} paths[] = {
    { "/", BOTH, "/", "/" },
    { "/a/b.c", BOTH, "/a/b.c", "/a/b.c" },
    /* the example of the header */
    { "/a/./old%2Fx/b%20c", KEEP, "/a/old%2Fx/b%20c", "/a/old%2Fx/b c" },
    { "/a/./old%2Fx/b%20c", SLASH, "/a/old%2Fx/b%20c", "/a/old/x/b c" },
    /* escapes */
    { "/%41%7e", BOTH, "/%41%7e", "/A~" },
    { "/%c3%A4", BOTH, "/%c3%A4", "/\xc3\xa4" },
    { "/%2541", BOTH, "/%2541", "/%41" },
    { "/%252F", SLASH, "/%252F", "/%2F" },
    { "/%252e%252e/a", BOTH, "/%252e%252e/a", "/%2e%2e/a" },
    { "/a%3Fb%23c", BOTH, "/a%3Fb%23c", "/a?b#c" },
    { "/a%5C..%5Cb", BOTH, "/a%5C..%5Cb", "/a\\..\\b" },
    /* a %2F that is no slash keeps its spelling */
    { "/a%2Fb", KEEP, "/a%2Fb", "/a%2Fb" },
    { "/a%2fb", KEEP, "/a%2fb", "/a%2fb" },
    { "/a%2Fb", SLASH, "/a%2Fb", "/a/b" },
    { "/a%2F..", MERGE, "/a%2F..", "/a%2F.." },
    { "/%2F%2F", MERGE, "/%2F%2F", "/%2F%2F" },
    /* dot segments */
    { "/.", BOTH, "/", "/" },
    { "/./", BOTH, "/", "/" },
    { "/..", BOTH, "/", "/" },
    { "/../a", BOTH, "/a", "/a" },
    { "/a/.", BOTH, "/a/", "/a/" },
    { "/a/./b", BOTH, "/a/b", "/a/b" },
    { "/a/..", BOTH, "/", "/" },
    { "/a/b/..", BOTH, "/a/", "/a/" },
    { "/a/b/../c", BOTH, "/a/c", "/a/c" },
    { "/a/b/../../c", BOTH, "/c", "/c" },
    { "/a/%2e/b", BOTH, "/a/b", "/a/b" },
    { "/a/%2E%2e/b", BOTH, "/b", "/b" },
    { "/a/.%2e/b", BOTH, "/b", "/b" },
    { "/a/%2e./b", BOTH, "/b", "/b" },
    { "/a%20b/../c", BOTH, "/c", "/c" },
    { "/.../.a/..a/a..", BOTH, "/.../.a/..a/a..", "/.../.a/..a/a.." },
    { "/%2e%2e%2e/a", BOTH, "/%2e%2e%2e/a", "/.../a" },
    /* repeated slashes */
    { "//", MERGE, "/", "/" },
    { "//", KEEP, "//", "//" },
    { "//a///b//", MERGE, "/a/b/", "/a/b/" },
    { "//a///b//", KEEP, "//a///b//", "//a///b//" },
    { "/a//../b", MERGE, "/b", "/b" },
    { "/a//../b", KEEP, "/a/b", "/a/b" },
    { "/a/.//b", KEEP, "/a//b", "/a//b" },
    /* slashes that decoding made: httpd normalises a second time */
    { "/a%2F%2Fb", BOTH, "/a%2Fb", "/a/b" },
    { "/a%2F/b", BOTH, "/a%2Fb", "/a/b" },
    { "/a/%2Fb", BOTH, "/a/b", "/a/b" },
    { "/a%2F%2fb", SLASH, "/a%2F%2fb", "/a//b" },
    { "/a%2F../b", SLASH, "/b", "/b" },
    { "/a%2Fb/..", SLASH, "/", "/" },
    { "/a%2Fb%2F..", SLASH, "/a%2F", "/a/" },
    { "/%2F..%2Fa", BOTH, "/a", "/a" },
    { "/a%2F%2e%2Fb", SLASH, "/a%2Fb", "/a/b" },
};

START_TEST(a_path_is_normalised_and_decoded_as_httpd_does_it)
{
    const char *sent = paths[_i].sent;
    tr_path_t path;

    ck_assert_int_eq(tr_path_normalize(&path, guarded(sent), paths[_i].flags, pool),
                     0);
    check_text(sent, path.sent, sent);
    check_text(sent, path.raw, paths[_i].raw);
    check_text(sent, path.decoded, paths[_i].decoded);
    ck_assert_int_eq(path.flags, paths[_i].flags);
}
END_TEST

START_TEST(a_path_with_nothing_to_do_is_not_copied)
{
    tr_slice_t sent = guarded("/a/b.c/.d");
    tr_path_t path;

    sent.n -= 3;
    ck_assert_int_eq(tr_path_normalize(&path, sent, BOTH, pool), 0);
    ck_assert_ptr_eq(path.raw.p, sent.p);
    ck_assert_ptr_eq(path.decoded.p, sent.p);
    check_text("/a/b.c", path.raw, "/a/b.c");
    check_text("/a/b.c", path.decoded, "/a/b.c");
}
END_TEST

static const char *const refused[] = {
    "",     "a",     "*",      "h/a",       "%2Fa",      "/%",     "/%4",
    "/%4g", "/%g4",  "/a%",    "/%%41",     "/%00",      "/a%00b", "/%2",
    "/%/a", "/%/..", "/%4/..", "/%zz/../a", "/%00/../a", "/%2%46",
};

START_TEST(a_path_that_cannot_be_decoded_is_refused)
{
    tr_path_t path, untouched;
    int flags;

    memset(&path, 'x', sizeof(path));
    memset(&untouched, 'x', sizeof(untouched));
    for (flags = 0; flags <= BOTH; ++flags) {
        ck_assert_msg(tr_path_normalize(&path, guarded(refused[_i]), flags, pool)
                          == APR_EINVAL,
                      "'%s' with flags %d", refused[_i], flags);
        ck_assert_mem_eq(&path, &untouched, sizeof(path));
    }
}
END_TEST

/* ---- tr_path_raw ---- */

static const struct {
    const char *sent;
    int flags;
    const char *prefix, *tail;
} tails[] = {
    { "/old/x", BOTH, "/old", "/x" },
    { "/old/x", BOTH, "/old/x", "" },
    { "/old/x", BOTH, "", "/old/x" },
    { "/%6Fld/%78", BOTH, "/old", "/%78" },
    { "/%6Fld/%78", BOTH, "/old/x", "" },
    { "/a%20b/c%20d", BOTH, "/a b", "/c%20d" },
    { "/old%2Fx", SLASH, "/old", "%2Fx" },
    { "/old%2Fx/%41", KEEP, "/old%2Fx", "/%41" },
    { "/old%2Fx/a", KEEP, "/old%2Fx", "/a" },
    { "/old%252Fx/%2F", KEEP, "/old%2Fx", "/%2F" },
    { "/old/./x;v=1/../y%3b", BOTH, "/old", "/y%3b" },
};

START_TEST(a_tail_is_in_the_bytes_of_the_client)
{
    const char *prefix = tails[_i].prefix;
    tr_path_t path;

    ck_assert_int_eq(tr_path_normalize(&path, guarded(tails[_i].sent),
                                   tails[_i].flags, pool),
                     0);
    ck_assert(tr_slice_begins(path.decoded, tr_slice_of(prefix)));
    check_text(tails[_i].sent, tr_path_raw(&path, strlen(prefix), path.decoded.n),
               tails[_i].tail);
}
END_TEST

/*
 * ---- against a model ----
 *
 * The model decodes first and then works on single characters, in the order of
 * RFC 3986 section 5.2.4: it splits at slashes and keeps a stack of segments.
 * KEPT stands for a %2F that is no slash.
 */

#define KEPT '\x01'
#define MAX_SENT 64
#define RANDOM_PATHS 20000

typedef apr_status_t parse_fn(tr_path_t *path, tr_slice_t sent, int flags,
                              apr_pool_t *p);

static int model_hex(char c)
{
    const char *digits = "00112233445566778899aAbBcCdDeEfF";
    const char *at = c ? strchr(digits, c) : NULL;

    return at ? (int)(at - digits) / 2 : -1;
}

/* Decode; 0 where that is not possible. */
static int model_decode(char *out, tr_slice_t in)
{
    apr_size_t i;

    for (i = 0; i < in.n; ++i) {
        if (in.p[i] != '%') {
            *out++ = in.p[i];
            continue;
        }
        if (in.n - i < 3 || model_hex(in.p[i + 1]) < 0
            || model_hex(in.p[i + 2]) < 0) {
            return 0;
        }
        *out = (char)(model_hex(in.p[i + 1]) * 16 + model_hex(in.p[i + 2]));
        if (*out == '\0') {
            return 0;
        }
        *out = *out == '/' ? KEPT : *out;
        ++out;
        i += 2;
    }
    *out = '\0';
    return 1;
}

/* Remove dot segments and, if they merge, empty ones, in place. */
static void model_normalise(char *path, int merge)
{
    char *segment = apr_pstrdup(pool, path + 1), *next;
    const char *stack[MAX_SENT];
    int n = 0, i;

    for (; segment; segment = next) {
        int is_up;

        next = strchr(segment, '/');
        if (next) {
            *next++ = '\0';
        }
        is_up = strcmp(segment, "..") == 0;
        n -= is_up && n > 0;
        if (is_up || strcmp(segment, ".") == 0) {
            if (next == NULL) {
                stack[n++] = ""; /* "/a/.." ends in a slash */
            }
        }
        else if (*segment || !merge || next == NULL) {
            stack[n++] = segment;
        }
    }
    for (*path = '\0', i = 0; i < n; ++i) {
        strcat(strcat(path, "/"), stack[i]);
    }
}

static void replace_kept(char *path, char with)
{
    for (; *path; ++path) {
        *path = *path == KEPT ? with : *path;
    }
}

/* The decoded path, KEPT standing for "%2F"; NULL where it is refused. */
static char *model_parse(tr_slice_t sent, int flags)
{
    char *path = apr_palloc(pool, sent.n + 2);

    if (sent.n == 0 || *sent.p != '/' || !model_decode(path, sent)) {
        return NULL;
    }
    model_normalise(path, flags & MERGE);
    if (flags & SLASH) {
        replace_kept(path, '/');
        model_normalise(path, flags & MERGE);
    }
    return path;
}

/* Decode what the code gave, into the characters of the model. */
static char *characters(tr_slice_t raw, int flags)
{
    char *text = apr_palloc(pool, raw.n + 1);

    ck_assert(model_decode(text, raw));
    if (flags & SLASH) {
        replace_kept(text, '/');
    }
    return text;
}

/* The decoded path that the code should have: "%2F" as the raw one has it. */
static char *expected(const char *model, tr_slice_t raw)
{
    char *text = apr_palloc(pool, 3 * strlen(model) + 1), *out = text;
    const char *escape = raw.p;

    for (; *model; ++model) {
        if (*model != KEPT) {
            *out++ = *model;
            continue;
        }
        while (!(escape[0] == '%' && escape[1] == '2'
                 && (escape[2] | 0x20) == 'f')) {
            ++escape;
        }
        memcpy(out, escape, 3);
        out += 3;
        escape += 3;
    }
    *out = '\0';
    return text;
}

/* Whether raw is what was sent, without some of its bytes and escapes. */
static int is_thinned(tr_slice_t raw, tr_slice_t sent)
{
    while (raw.n > 0 && sent.n > 0) {
        apr_size_t n = *sent.p == '%' ? 3 : 1;

        if (raw.n >= n && memcmp(raw.p, sent.p, n) == 0) {
            raw = tr_slice_from(raw, n);
        }
        sent = tr_slice_from(sent, n);
    }
    return raw.n == 0;
}

static int has_removable_segment(const char *path, int merge)
{
    return strstr(path, "/./") || strstr(path, "/../")
           || (strlen(path) > 1 && strcmp(path + strlen(path) - 2, "/.") == 0)
           || (strlen(path) > 2 && strcmp(path + strlen(path) - 3, "/..") == 0)
           || (merge && strstr(path, "//"));
}

/* The tail of each boundary is the end of raw that decodes to the rest. */
static int has_wrong_tail(const tr_path_t *path, const char *decoded)
{
    const char *end = path->raw.p + path->raw.n, *at = decoded;
    apr_size_t offset = 0;

    for (;; ++at) {
        if (*at == '/' || *at == '\0') {
            tr_slice_t tail = tr_path_raw(path, offset, path->decoded.n);

            if (tail.p + tail.n != end
                || strcmp(characters(tail, path->flags), at) != 0) {
                return 1;
            }
        }
        if (*at == '\0') {
            return 0;
        }
        offset += *at == KEPT ? 3 : 1;
    }
}

/* What is wrong with how a function parses a path; NULL if nothing is. */
static const char *fault(parse_fn *parse, tr_slice_t sent, int flags)
{
    char *model = model_parse(sent, flags);
    tr_path_t path;

    if (parse(&path, sent, flags, pool) != APR_SUCCESS) {
        return model ? "refused" : NULL;
    }
    if (model == NULL) {
        return "not refused";
    }
    if (!is_thinned(path.raw, sent)) {
        return "raw is not in the bytes of the client";
    }
    if (strcmp(characters(path.raw, flags), model) != 0) {
        return "raw does not decode to the path of the model";
    }
    if (!same_text(path.decoded, expected(model, path.raw))) {
        return "decoded is not the path of the model";
    }
    if (has_removable_segment(model, flags & MERGE)) {
        return "a dot segment or a repeated slash is left";
    }
    return has_wrong_tail(&path, model) ? "a tail is wrong" : NULL;
}

/* "%" alone is rare, or hardly any path could be decoded. */
static tr_slice_t random_path(void)
{
    static const char *const units[] = { "/",   "/",   "/",   ".",   ".",
                                         ".",   "%2e", "%2E", "%2F", "%2f",
                                         "%41", "a",   "%25", "2F",  "2e" };
    char path[MAX_SENT] = "/";
    unsigned n = unit_random(14);

    while (n-- > 0) {
        unsigned unit = unit_random(ROWS(units) * 8);

        strcat(path, unit == 0 ? "%" : unit == 1 ? "%00" : units[unit / 8]);
    }
    return guarded(path);
}

/* The first fault that random paths show; NULL if none does. */
static const char *random_fault(parse_fn *parse, int flags)
{
    int i;

    for (i = 0; i < RANDOM_PATHS; ++i) {
        tr_slice_t sent = random_path();
        const char *what = fault(parse, sent, flags);

        if (what) {
            return apr_pstrcat(pool, text_of(sent), ": ", what, NULL);
        }
        apr_pool_clear(pool);
    }
    return NULL;
}

START_TEST(random_paths_are_parsed_as_by_the_model)
{
    check_message("random path", random_fault(tr_path_normalize, _i), NULL);
}
END_TEST

static apr_status_t forgets_to_merge(tr_path_t *path, tr_slice_t sent,
                                     int flags, apr_pool_t *p)
{
    apr_status_t rv = tr_path_normalize(path, sent, flags & ~MERGE, p);

    path->flags = flags;
    return rv;
}

static apr_status_t decodes_the_raw_path(tr_path_t *path, tr_slice_t sent,
                                         int flags, apr_pool_t *p)
{
    apr_status_t rv = tr_path_normalize(path, sent, flags, p);

    path->raw = path->decoded;
    return rv;
}

static apr_status_t takes_every_escaped_slash_for_one(tr_path_t *path,
                                                      tr_slice_t sent,
                                                      int flags, apr_pool_t *p)
{
    return tr_path_normalize(path, sent, flags | SLASH, p);
}

START_TEST(the_comparison_with_the_model_finds_faults)
{
    ck_assert_ptr_nonnull(random_fault(forgets_to_merge, MERGE));
    ck_assert_ptr_nonnull(random_fault(decodes_the_raw_path, KEEP));
    ck_assert_ptr_nonnull(
        random_fault(takes_every_escaped_slash_for_one, KEEP));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("tr_path");
    TCase *tests = unit_case(suite, "split");

    tcase_add_loop_test(tests, a_target_is_split_into_path_and_query, 0,
                        ROWS(targets));
    tests = unit_case(suite, "parse");
    tcase_add_loop_test(tests,
                        a_path_is_normalised_and_decoded_as_httpd_does_it, 0,
                        ROWS(paths));
    tcase_add_test(tests, a_path_with_nothing_to_do_is_not_copied);
    tcase_add_loop_test(tests, a_path_that_cannot_be_decoded_is_refused, 0,
                        ROWS(refused));
    tcase_add_loop_test(tests, a_tail_is_in_the_bytes_of_the_client, 0,
                        ROWS(tails));
    tests = unit_case(suite, "model");
    tcase_set_timeout(tests, 60);
    tcase_add_loop_test(tests, random_paths_are_parsed_as_by_the_model, 0,
                        BOTH + 1);
    tcase_add_test(tests, the_comparison_with_the_model_finds_faults);
    return unit_main(suite);
}

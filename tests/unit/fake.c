/* Licensed under the Apache License, Version 2.0; see LICENSE. */
#include <stdlib.h>

#include <apr_strings.h>

#include "fake.h"

/* ---- the request ---- */

static const char *const defaults[] = { "method=GET", "scheme=https",
                                        "host=www.example.org", "port=443",
                                        "client=192.0.2.7", NULL };

static const char *fact_in(const char *const *facts, const char *name)
{
    apr_size_t n = strlen(name);

    for (; facts && *facts; ++facts) {
        if (strncmp(*facts, name, n) == 0
            && ((*facts)[n] == '=' || (*facts)[n] == '\0')) {
            return *facts + n + ((*facts)[n] == '=');
        }
    }
    return NULL;
}

static const char *fact(const fake_t *fake, const char *name)
{
    const char *value = fact_in(fake->facts, name);

    return value ? value : fact_in(defaults, name);
}

static const char *name_of(const tr_attr_t *attr)
{
    switch (attr->kind) {
    case TR_ATTR_METHOD:
        return "method";
    case TR_ATTR_SCHEME:
        return "scheme";
    case TR_ATTR_HOST:
        return "host";
    case TR_ATTR_PORT:
        return "port";
    case TR_ATTR_USER:
        return "user";
    case TR_ATTR_HEADER:
        return apr_pstrcat(pool, "header.", attr->name, NULL);
    case TR_ATTR_ENV:
        return apr_pstrcat(pool, "env.", attr->name, NULL);
    default:
        ck_abort_msg("the engine knows the attribute %d itself", attr->kind);
        return NULL;
    }
}

static const char *type_of(const fake_t *fake)
{
    return fact(fake, "form")   ? "application/x-www-form-urlencoded"
           : fact(fake, "json") ? "application/json"
                                : NULL;
}

static tr_reason_t value_of(tr_slice_t *value, const tr_view_t *view,
                            const tr_attr_t *attr)
{
    const fake_t *fake = view->request;
    const char *name = name_of(attr), *text = fact(fake, name);

    if (text == NULL && strcmp(name, "header.Content-Type") == 0) {
        text = type_of(fake);
    }
    if (text == NULL) {
        return TR_NO_VALUE;
    }
    if (attr->kind == TR_ATTR_HOST && fact(fake, "unknown")) {
        return TR_UNKNOWN_HOST;
    }
    *value = guarded(text);
    return TR_OK;
}

static tr_slice_t host_of(const tr_view_t *view)
{
    return guarded(fact(view->request, "host"));
}

static void origin_of(tr_origin_t *origin, const tr_view_t *view)
{
    const fake_t *fake = view->request;

    origin->scheme = fact(fake, "scheme");
    origin->host = host_of(view);
    origin->port = atoi(fact(fake, "port"));
}

static const apr_sockaddr_t *client_of(const tr_view_t *view)
{
    apr_sockaddr_t *address;

    ck_assert_int_eq(apr_sockaddr_info_get(&address, fact(view->request,
                                                          "client"),
                                           APR_UNSPEC, 0, 0, pool), 0);
    return address;
}

static int eval(const char **vary, const tr_view_t *view, const void *expr)
{
    const char *text = expr, *colon = strchr(text, ':');

    (void)view;
    *vary = colon ? colon + 1 : NULL;
    return strncmp(text, "yes", 3) == 0  ? 1
           : strncmp(text, "no", 2) == 0 ? 0
                                         : -1;
}

static tr_reason_t read_body(tr_body_t *body, const tr_view_t *view)
{
    fake_t *fake = view->request;
    const char *text = fact(fake, "form");

    text = text ? text : fact(fake, "json");
    text = text ? text : fact(fake, "body");
    ++fake->reads;
    body->bytes = guarded(text ? text : "");
    return fact(fake, "long")     ? TR_BODY_LONG
           : fact(fake, "taken")  ? TR_BODY_TAKEN
           : fact(fake, "failed") ? TR_BODY_FAILED
                                  : TR_OK;
}

static void unmet(const tr_view_t *view, const tr_rule_t *rule,
                  const char *word)
{
    fake_t *fake = view->request;

    fake->unmet = apr_pstrcat(pool, fake->unmet, rule->id, " ",
                              word ? word : "window", ";", NULL);
}

static apr_uint64_t random_of(const tr_view_t *view)
{
    const char *number = fact(view->request, "random");

    return number ? (apr_uint64_t)strtoull(number, NULL, 10) : 0;
}

static void dry(const tr_view_t *view, const tr_rule_t *rule,
                const char *member, const char *location)
{
    const fake_t *fake = view->request;
    const char *name = member ? apr_pstrcat(pool, rule->id, "[", member, "]",
                                            NULL)
                              : rule->id;

    APR_ARRAY_PUSH(fake->failures, const char *) =
        apr_pstrcat(pool, name, " dry ", location ? location : "!", NULL);
}

static void failed(const tr_view_t *view, const tr_rule_t *rule,
                   tr_reason_t reason)
{
    const fake_t *fake = view->request;

    APR_ARRAY_PUSH(fake->failures, const char *) =
        apr_pstrcat(pool, rule->id, " ", fake_reason(reason), NULL);
}

void fake_path(fake_t *fake, const char *path, int flags)
{
    ck_assert_int_eq(tr_path_normalize(&fake->view.path, guarded(path), flags,
                                   pool), 0);
}

apr_time_t fake_time(const char *text)
{
    tr_window_words_t words = { .from = text };
    const tr_window_t *window;

    if (text == NULL) {
        return 0;
    }
    check_message(text, tr_window_check_time(text, pool), NULL);
    check_message(text, tr_window_build(&window, &words, pool), NULL);
    return tr_window_next_edge(window, -apr_time_from_sec(100000000000));
}

static const apr_array_header_t *languages_of(const char *list)
{
    apr_array_header_t *tags = apr_array_make(pool, 4, sizeof(const char *));
    char *rest = list ? apr_pstrdup(pool, list) : NULL, *tag, *last;

    for (tag = rest ? apr_strtok(rest, " ", &last) : NULL; tag;
         tag = apr_strtok(NULL, " ", &last)) {
        APR_ARRAY_PUSH(tags, const char *) = tag;
    }
    return tags->nelts > 0 ? tags : NULL;
}

fake_t *fake_request(const char *target, const char *const *facts)
{
    static const tr_facts_t functions = { value_of, host_of, origin_of,
                                          client_of, eval, read_body,
                                          random_of, failed, unmet, dry };
    fake_t *fake = apr_pcalloc(pool, sizeof(*fake));
    const char *query = strchr(target, '?');

    fake->facts = facts;
    fake->unmet = "";
    fake->failures = apr_array_make(pool, 1, sizeof(const char *));
    fake->view.args = guarded(query ? query + 1 : NULL);
    fake->view.preflight = fact(fake, "preflight") != NULL;
    fake->view.now = fake_time(fact(fake, "now"));
    fake->view.languages = languages_of(fact(fake, "languages"));
    fake->view.body = &fake->body;
    fake->view.facts = &functions;
    fake->view.request = fake;
    fake_path(fake,
              query ? apr_pstrmemdup(pool, target,
                                     (apr_size_t)(query - target))
                    : target,
              TR_PATH_MERGE_SLASHES);
    return fake;
}

const tr_hosts_t *fake_hosts(const char *list)
{
    tr_hosts_t *hosts = tr_hosts_make(pool);
    const char **words;
    int i, n = fake_words(&words, list);

    for (i = 0; i < n; ++i) {
        const char *error = tr_hosts_parse(hosts, words[i], pool);

        ck_assert_msg(error == NULL, "%s: %s", words[i], error);
    }
    return hosts;
}

/* ---- the rule ---- */

int fake_words(const char ***words, const char *line)
{
    apr_array_header_t *found = apr_array_make(pool, 8, sizeof(const char *));

    for (line += strspn(line, " "); *line; line += strspn(line, " ")) {
        apr_size_t n = strcspn(line, " ");

        APR_ARRAY_PUSH(found, const char *) =
            guarded_string(apr_pstrmemdup(pool, line, n));
        line += n;
    }
    APR_ARRAY_PUSH(found, const char *) = NULL;
    *words = (const char **)found->elts;
    return found->nelts - 1;
}

const char *fake_expr_parse(const void **expr, const char *text, void *baton)
{
    (void)baton;
    *expr = text;
    return strncmp(text, "bad", 3) == 0 ? "syntax error" : NULL;
}

tr_cond_t *fake_cond(const char *word)
{
    tr_cond_t *cond = NULL;

    check_message(word,
                  tr_cond_parse(&cond, guarded_string(word), 0,
                                fake_expr_parse, NULL, pool),
                  NULL);
    return cond;
}

apr_array_header_t *fake_warnings;

const char *fake_parse_words(tr_rule_t **rule, const tr_place_t *place,
                             int argc, const char *const *argv)
{
    int is_match = strcmp(argv[0], "TempRedirectMatch") == 0;

    fake_warnings = apr_array_make(pool, 1, sizeof(const char *));
    return is_match ? tr_rule_parse_match(rule, fake_warnings, place, argc - 1,
                                          argv + 1, pool)
                    : tr_rule_parse(rule, fake_warnings, place, argc - 1,
                                    argv + 1, pool);
}

const char *fake_parse(tr_rule_t **rule, const char *line,
                       const char *location)
{
    tr_place_t place = { .file = "test.conf", .line = 7,
                         .location = location, .knows_early = 1,
                         .now = fake_time("2026-12-01T12:00Z"),
                         .expr_parse = fake_expr_parse };
    const char **words;
    int n = fake_words(&words, line);

    return fake_parse_words(rule, &place, n, words);
}

tr_rule_t *fake_rule(const char *line)
{
    static const tr_place_t place = { .file = "test.conf", .line = 1,
                                      .transient = 1, .knows_early = 1,
                                      .expr_parse = fake_expr_parse };
    const char **words, *error;
    int n = fake_words(&words, line);
    tr_rule_t *rule;

    error = fake_parse_words(&rule, &place, n, words);
    ck_assert_msg(error == NULL, "%s: %s", line, error);
    return rule;
}

const char *fake_parse_pool(apr_array_header_t *pools, const char *line)
{
    static const tr_place_t place = { .file = "test.conf", .line = 1 };
    const char **words, *error;
    int n = fake_words(&words, line), i;
    tr_member_t *member = NULL;
    tr_pool_t *made = NULL;

    fake_warnings = apr_array_make(pool, 1, sizeof(const char *));
    if (strcmp(words[0], "TempRedirectPool") == 0) {
        error = tr_pool_parse(&made, fake_warnings, &place, n - 1, words + 1,
                              pool);
        if (!error) {
            APR_ARRAY_PUSH(pools, tr_pool_t *) = made;
        }
        return error;
    }
    for (i = 0; i < pools->nelts; ++i) {
        made = APR_ARRAY_IDX(pools, i, tr_pool_t *);
        if (n > 1 && strcmp(made->name, words[1]) == 0) {
            break;
        }
    }
    ck_assert_msg(i < pools->nelts, "%s: no such pool", line);
    error = tr_member_parse(&member, fake_warnings, made, &place, n - 2,
                            words + 2, pool);
    if (!error) {
        APR_ARRAY_PUSH(made->members, tr_member_t *) = member;
    }
    return error;
}

apr_array_header_t *fake_pools(const char *const **lines)
{
    apr_array_header_t *pools = apr_array_make(pool, 2, sizeof(tr_pool_t *));

    for (; **lines && (strncmp(**lines, "TempRedirectPool", 16) == 0
                       || strncmp(**lines, "TempRedirectMember", 18) == 0);
         ++*lines) {
        check_message(**lines, fake_parse_pool(pools, **lines), NULL);
    }
    return pools;
}

const char *fake_bind(tr_rule_t *rule, const apr_array_header_t *pools)
{
    const char *name = tr_target_pool(rule->target);
    int i;

    for (i = 0; name && i < pools->nelts; ++i) {
        const tr_pool_t *one = APR_ARRAY_IDX(pools, i, const tr_pool_t *);

        if (strcmp(one->name, name) == 0) {
            fake_warnings = apr_array_make(pool, 1, sizeof(const char *));
            return tr_rule_bind(rule, fake_warnings, one, pool);
        }
    }
    return name ? "no such pool" : NULL;
}

tr_reason_t fake_render(tr_location_t *location, const tr_rule_t *rule,
                        const fake_t *fake)
{
    const tr_path_t *path = &fake->view.path;
    tr_hit_t hit = { 0 };
    tr_match_t groups[8] = { { 0 } };
    tr_scratch_t scratch = { { 0 }, NULL, 0 };
    tr_question_t question = { .view = &fake->view, .groups = groups,
                               .scratch = &scratch };
    tr_fill_t fill = { &fake->view, groups, { "", 0 }, rule->keep_tail,
                       rule->args };
    int i;

    ck_assert_msg(tr_pattern_match(&hit, &rule->pattern, path->decoded, pool)
                      == 0,
                  "%s: does not match", text_of(path->decoded));
    groups[0] = hit.groups;
    for (i = 0; rule->conds && i < rule->conds->nelts; ++i) {
        const tr_cond_t *cond = APR_ARRAY_IDX(rule->conds, i,
                                              const tr_cond_t *);

        ck_assert_msg(tr_cond_ask(cond, &question, pool) == TR_OK,
                      "%s: does not hold", tr_cond_word(cond));
    }
    if (hit.tail < path->decoded.n) {
        fill.tail = tr_path_raw(path, hit.tail, path->decoded.n);
    }
    return tr_target_render(location, rule->target, &fill, pool);
}

static int compare_names(const void *one, const void *other)
{
    return strcmp(*(const char *const *)one, *(const char *const *)other);
}

static apr_array_header_t *names_in(const char *list)
{
    apr_array_header_t *names = apr_array_make(pool, 4, sizeof(const char *));
    char *rest = apr_pstrdup(pool, list ? list : ""), *last;
    const char *name = apr_strtok(rest, ", ", &last);

    for (; name; name = apr_strtok(NULL, ", ", &last)) {
        APR_ARRAY_PUSH(names, const char *) = name;
    }
    qsort(names->elts, (size_t)names->nelts, sizeof(name), compare_names);
    return names;
}

const char *fake_sorted(const char *list)
{
    const apr_array_header_t *names = names_in(list);
    const char *sorted = NULL;
    int i;

    for (i = 0; i < names->nelts; ++i) {
        sorted = apr_pstrcat(pool, sorted ? sorted : "", sorted ? ", " : "",
                             APR_ARRAY_IDX(names, i, const char *), NULL);
    }
    if (list) {
        ck_assert_uint_eq(strlen(list), strlen(sorted)); /* ", " between */
    }
    return sorted;
}

/* Behind what stands before it. */
static const char *noted(const char *text, const char *note)
{
    return *text ? apr_pstrcat(pool, text, "; ", note, NULL) : note;
}

/* Whether a list with ", " between has a name. */
static int has_name(const char *list, const char *name)
{
    return strstr(apr_pstrcat(pool, ", ", list, ",", NULL),
                  apr_pstrcat(pool, ", ", name, ",", NULL))
           != NULL;
}

const char *fake_consulted(const tr_consulted_t *consulted)
{
    const char *vary = fake_sorted(tr_consulted_vary(consulted, 0, pool));
    const apr_array_header_t *all = names_in(tr_consulted_vary(consulted, 1,
                                                               pool));
    const char *text = vary ? vary : "";
    int i;

    for (i = 0; i < all->nelts; ++i) {
        const char *name = APR_ARRAY_IDX(all, i, const char *);

        if (!has_name(vary ? vary : "", name)) {
            text = noted(text, apr_pstrcat(pool, "hidden ", name, NULL));
        }
    }
    if (consulted->is_private) {
        text = noted(text, "private");
    }
    if (consulted->is_random) {
        text = noted(text, "random");
    }
    return consulted->windows ? noted(text, "window") : text;
}

const char *fake_reason(tr_reason_t reason)
{
    static const char *const names[] = {
        "TR_OK",     "TR_NO_VALUE", "TR_UNKNOWN_HOST", "TR_FOREIGN_HOST",
        "TR_UNSAFE", "TR_TOO_LONG", "TR_LIMIT",        "TR_SELF",
        "TR_EXPR", "TR_NO_MEMBER", "TR_BODY_UNTYPED", "TR_BODY_CODED", "TR_BODY_LONG",
        "TR_BODY_MALFORMED", "TR_BODY_TAKEN", "TR_BODY_FAILED"
    };

    return names[reason];
}

const char *fake_ask(const char *word, const fake_t *fake)
{
    tr_scratch_t scratch = { { 0 }, NULL, 0 };
    tr_question_t question = { .view = &fake->view, .scratch = &scratch };
    tr_reason_t reason = tr_cond_ask(fake_cond(word), &question, pool);

    return reason == TR_OK         ? "yes"
           : reason == TR_NO_VALUE ? "no"
                                   : fake_reason(reason);
}

/* Licensed under the Apache License, Version 2.0; see LICENSE. */
#include <stdlib.h>

#include <apr_strings.h>

#include "fake.h"

/* ---- the request ---- */

static const char *const defaults[] = { "scheme=https",
                                        "host=www.example.org", "port=443",
                                        NULL };

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

static tr_reason_t value_of(tr_slice_t *value, const tr_view_t *view,
                            const tr_attr_t *attr)
{
    const fake_t *fake = view->request;
    const char *text = fact(fake, name_of(attr));

    if (text == NULL) {
        return TR_NO_VALUE;
    }
    if (attr->kind == TR_ATTR_HOST && fact(fake, "unknown")) {
        return TR_UNKNOWN_HOST;
    }
    *value = guarded(text);
    return TR_OK;
}

static void origin_of(tr_origin_t *origin, const tr_view_t *view)
{
    const fake_t *fake = view->request;

    origin->scheme = fact(fake, "scheme");
    origin->host = guarded(fact(fake, "host"));
    origin->port = atoi(fact(fake, "port"));
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

fake_t *fake_request(const char *target, const char *const *facts)
{
    static const tr_facts_t functions = { value_of, origin_of, failed };
    fake_t *fake = apr_pcalloc(pool, sizeof(*fake));
    const char *query = strchr(target, '?');

    fake->facts = facts;
    fake->failures = apr_array_make(pool, 1, sizeof(const char *));
    fake->view.args = guarded(query ? query + 1 : NULL);
    fake->view.preflight = fact(fake, "preflight") != NULL;
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

tr_rule_t *fake_rule(const char *line)
{
    static const tr_place_t place = { .file = "test.conf", .line = 1,
                                      .transient = 1 };
    apr_array_header_t *warnings = apr_array_make(pool, 1,
                                                  sizeof(const char *));
    const char **words, *error;
    int n = fake_words(&words, line);
    tr_rule_t *rule;

    error = strcmp(words[0], "TempRedirect") == 0
                ? tr_rule_parse(&rule, warnings, &place, n - 1, words + 1,
                                pool)
                : tr_rule_parse_match(&rule, warnings, &place, n - 1,
                                      words + 1, pool);
    ck_assert_msg(error == NULL, "%s: %s", line, error);
    return rule;
}

tr_reason_t fake_render(tr_location_t *location, const tr_rule_t *rule,
                        const fake_t *fake)
{
    const tr_path_t *path = &fake->view.path;
    tr_hit_t hit = { 0 };
    tr_fill_t fill = { &fake->view, &hit.groups, { "", 0 }, rule->keep_tail,
                       rule->args };

    ck_assert_msg(tr_pattern_match(&hit, &rule->pattern, path->decoded, pool)
                      == 0,
                  "%s: does not match", text_of(path->decoded));
    if (hit.tail < path->decoded.n) {
        fill.tail = tr_path_raw(path, hit.tail, path->decoded.n);
    }
    return tr_target_render(location, rule->target, &fill, pool);
}

const char *fake_reason(tr_reason_t reason)
{
    static const char *const names[] = {
        "TR_OK",     "TR_NO_VALUE", "TR_UNKNOWN_HOST", "TR_FOREIGN_HOST",
        "TR_UNSAFE", "TR_TOO_LONG", "TR_LIMIT",        "TR_SELF"
    };

    return names[reason];
}

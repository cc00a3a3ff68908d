/* Licensed under the Apache License, Version 2.0; see LICENSE. */
#include <apr_strings.h>

#include "tr_pool.h"

#define NOBODY (-1)

/* How many of one name are looked at: a client could send thousands. */
#define COOKIES 8

static const tr_member_t *member_at(const tr_pool_t *pool, int i)
{
    return APR_ARRAY_IDX(pool->members, i, const tr_member_t *);
}

static int is_present(const tr_member_t *member, apr_time_t now)
{
    return member->window == NULL || tr_window_is_open(member->window, now);
}

/* Who is there depends on all windows, those that are closed, too. */
static void note_windows(tr_consulted_t *consulted, const tr_pool_t *pool,
                         apr_pool_t *p)
{
    int i;

    for (i = 0; i < pool->members->nelts; ++i) {
        const tr_member_t *member = member_at(pool, i);

        if (member->window) {
            tr_consulted_add_window(consulted, member->window, p);
        }
    }
}

/* Where the member of that id stands, if it is there now; NOBODY. */
static int find(const tr_pool_t *pool, tr_slice_t id, apr_time_t now)
{
    int i;

    for (i = 0; i < pool->members->nelts; ++i) {
        const tr_member_t *member = member_at(pool, i);

        if (tr_slice_equal(id, tr_slice_of(member->runner.id))) {
            return is_present(member, now) ? i : NOBODY;
        }
    }
    return NOBODY;
}

/* Whom the client's cookie remembers. */
static int remembered(const tr_pool_t *pool, const tr_view_t *view)
{
    tr_slice_t field = tr_view_header(view, "Cookie"), id;
    apr_size_t from = 0;
    int at = NOBODY, left = COOKIES;

    while (at == NOBODY && left-- > 0
           && tr_cookie_next(&id, field, pool->sticky, &from)) {
        at = find(pool, id, view->now);
    }
    return at;
}

/* An address as text (RFC 5952), an IPv4 address in IPv6 as IPv4. */
static tr_slice_t client_of(const tr_view_t *view, char *text, apr_size_t size)
{
    /* APR takes one that is not const, and changes nothing */
    apr_sockaddr_t address = *view->facts->client(view);

    return apr_sockaddr_ip_getbuf(text, size, &address) == APR_SUCCESS
               ? tr_slice(text, strcspn(text, "%")) /* zones are local */
               : tr_slice(NULL, 0);
}

/* The hash of the key; TR_NO_VALUE where the request has none. */
static tr_reason_t hash_key(apr_uint64_t *hash, const tr_pool_t *pool,
                            const tr_view_t *view, apr_pool_t *p)
{
    char text[64];
    tr_slice_t value;
    tr_reason_t reason = TR_OK;

    switch (pool->key->kind) {
    case TR_ATTR_CLIENT:
        value = client_of(view, text, sizeof(text));
        break;
    case TR_ATTR_HOST: /* whether it is one to redirect to or not */
        value = view->facts->host(view);
        break;
    default:
        reason = tr_view_value(&value, view, pool->key, p);
        break;
    }
    if (reason == TR_OK && value.n == 0) {
        reason = TR_NO_VALUE;
    }
    if (reason == TR_OK) {
        *hash = tr_hash(pool->hash, 0, value);
    }
    return reason;
}

static apr_uint64_t hash_random(const tr_pool_t *pool, const tr_view_t *view)
{
    apr_uint64_t number = view->facts->random(view);

    return tr_hash(pool->hash, 1,
                   tr_slice((const char *)&number, sizeof(number)));
}

/* Who wins the race for a key. */
static int meet(const tr_pool_t *pool, apr_uint64_t key, apr_time_t now)
{
    tr_race_t race = tr_race(key);
    int first = NOBODY, i;

    for (i = 0; i < pool->members->nelts; ++i) {
        const tr_member_t *member = member_at(pool, i);

        if (is_present(member, now)) {
            tr_race_enter(&race, &member->runner);
            first = race.first == &member->runner ? i : first;
        }
    }
    return first;
}

static void note_cookie(tr_consulted_t *consulted, int hidden, apr_pool_t *p)
{
    tr_attr_t cookie = tr_attr_of_header("Cookie");

    tr_consulted_add(consulted, &cookie, hidden, p);
}

/* Choose for one who is not remembered. */
static tr_reason_t choose_new(int *at, const tr_pool_t *pool,
                              const tr_view_t *view, tr_consulted_t *consulted,
                              int hidden, apr_pool_t *p)
{
    tr_reason_t reason = TR_NO_VALUE;
    apr_uint64_t key = 0;

    if (pool->key) {
        reason = hash_key(&key, pool, view, p);
        if (consulted) {
            tr_consulted_add(consulted, pool->key, hidden, p);
        }
    }
    if (reason == TR_NO_VALUE) {
        key = hash_random(pool, view);
        reason = TR_OK;
        if (consulted) {
            consulted->is_random = 1;
        }
    }
    if (reason == TR_OK) {
        *at = meet(pool, key, view->now);
        reason = *at == NOBODY ? TR_NO_MEMBER : TR_OK;
    }
    return reason;
}

tr_reason_t tr_pool_choose(tr_choice_t *choice, const tr_pool_t *pool,
                           const tr_view_t *view, tr_consulted_t *consulted,
                           int hidden, apr_pool_t *p)
{
    int at = NOBODY, is_new;
    tr_reason_t reason = TR_OK;

    if (consulted) {
        note_windows(consulted, pool, p);
    }
    if (pool->sticky) {
        at = remembered(pool, view);
        if (consulted) {
            note_cookie(consulted, hidden, p);
        }
    }
    is_new = pool->sticky && at == NOBODY;
    if (at == NOBODY) {
        reason = choose_new(&at, pool, view, consulted, hidden, p);
    }
    if (reason == TR_OK) {
        choice->pool = pool;
        choice->member = member_at(pool, at);
        choice->at = at;
        choice->is_new = is_new;
    }
    return reason;
}

const char *tr_pool_cookie(const tr_choice_t *choice, int is_https,
                           apr_pool_t *p)
{
    const tr_pool_t *pool = choice->pool;
    const char *age = "";

    if (pool->ttl > 0) {
        age = apr_psprintf(p, "; Max-Age=%" APR_INT64_T_FMT, pool->ttl);
    }
    return apr_pstrcat(p, pool->sticky, "=", choice->member->runner.id,
                       "; Path=/", age, "; HttpOnly; SameSite=Lax",
                       is_https ? "; Secure" : "", NULL);
}

/* Licensed under the Apache License, Version 2.0; see LICENSE. */
/**
 * @file tr_pool.h
 * A pool: targets among which each client has its own.
 *
 *     TempRedirectPool   checkout key=cookie.uid sticky=arm:30d
 *     TempRedirectMember checkout /checkout-b weight=10 id=b
 *     TempRedirectMember checkout !           weight=90
 *
 * A request chooses, in this order, by
 *
 *     sticky=   the member that its cookie names, if that is there
 *     key=      the value of the attribute
 *     (none)    a random number
 *
 * among the members whose window is open; the last two by a race for the key
 * (tr_rendezvous.h)
 *
 *     tr_hash(tr_hash(0, 0, name of the pool), 0, value)
 *     tr_hash(tr_hash(0, 0, name of the pool), 1, number)
 *
 * This is never to change: clients would move. Weight 0 is for those only who are
 * there by their cookie. A pool is filled while the configuration is read,
 * immutable then, and shared by all threads.
 */
#ifndef TR_POOL_H
#define TR_POOL_H

#include "tr_consulted.h"
#include "tr_rendezvous.h"
#include "tr_rule.h"

/** Browsers keep no cookie for longer (RFC 6265bis section 5.5), in seconds. */
#define TR_STICKY_MAX (400 * 24 * 60 * 60)

typedef struct tr_member_t {
    tr_runner_t runner; /**< its id and weight */
    const tr_target_t *target;
    const tr_window_t *window; /**< NULL: always */
    const char *place;         /**< file:line */
} tr_member_t;

struct tr_pool_t {
    const char *name;
    apr_uint64_t hash;           /**< of its name: tr_hash(0, 0, name) */
    const tr_attr_t *key;        /**< NULL: random */
    const char *key_word;        /**< "key=..." */
    const char *sticky;          /**< name of the cookie; NULL: none */
    apr_int64_t ttl;             /**< of the cookie, in seconds; 0: for a
                                      session of the browser */
    apr_array_header_t *members; /**< tr_member_t *, in the order written */
    const char *place;           /**< file:line */
};

/** What a pool has chosen for a request. */
typedef struct tr_choice_t {
    const tr_pool_t *pool; /**< NULL: no pool had a say */
    const tr_member_t *member;
    int at;     /**< where the member stands in the pool */
    int is_new; /**< to be remembered: sticky=, and the client has no cookie yet
                     that says so */
} tr_choice_t;

/**
 * Parse the arguments of TempRedirectPool: name [key=attribute]
 * [sticky=cookie[:ttl]].
 * @param pool filled, without members, *allocated from p*
 * @param warnings as of tr_rule_parse()
 * @param argv *borrowed* for as long as the pool
 * @return NULL, or a message that begins with the word
 */
const char *tr_pool_parse(tr_pool_t **pool, apr_array_header_t *warnings,
                          const tr_place_t *place, int argc,
                          const char *const *argv, apr_pool_t *p);

/**
 * Parse the arguments of TempRedirectMember behind the name of its pool: target
 * [weight=n] [id=name] [from=time] [until=time].
 * @param member filled, *allocated from p*
 * @param warnings as of tr_rule_parse()
 * @param pool that it is for; not changed
 * @param argv *borrowed* for as long as the pool
 * @return NULL, or a message that begins with the word
 */
const char *tr_member_parse(tr_member_t **member, apr_array_header_t *warnings,
                            const tr_pool_t *pool, const tr_place_t *place,
                            int argc, const char *const *argv, apr_pool_t *p);

/** Where a word stands that pools or members have, "stands at a
 * TempRedirectPool"; NULL of all others. */
const char *tr_pool_stands(tr_slice_t name);

/** Check a pool that has all its members. @return NULL, or what is wrong */
const char *tr_pool_check(const tr_pool_t *pool, apr_pool_t *p);

/**
 * Choose a member for a request.
 * @param choice filled for TR_OK
 * @param consulted what it depends on is added; NULL: nobody asks
 * @param hidden vary=off
 * @param p for the value of the key, where it has to be decoded, and for what is
 *        consulted; else untouched
 * @return TR_OK; TR_NO_MEMBER where none is there now that takes new clients; a
 *         TR_BODY_*, or TR_TOO_LONG, where nobody knows the key
 */
tr_reason_t tr_pool_choose(tr_choice_t *choice, const tr_pool_t *pool,
                           const tr_view_t *view, tr_consulted_t *consulted,
                           int hidden, apr_pool_t *p);

/**
 * Format the Set-Cookie (RFC 6265 section 4.1) that remembers a choice. It names
 * the member, and says nothing of the client.
 * @param choice that is new
 * @param is_https add Secure
 */
const char *tr_pool_cookie(const tr_choice_t *choice, int is_https,
                           apr_pool_t *p);

#endif /* TR_POOL_H */

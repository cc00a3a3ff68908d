/* Licensed under the Apache License, Version 2.0; see LICENSE. */
/**
 * @file tr_view.h
 * What the engine sees of a request: its path and query, and by name the
 * attributes that rules ask for. One vocabulary for all who ask.
 *
 *     tr_attr_t attr;
 *     error = tr_attr_parse(&attr, tr_slice_of("header.X-Tenant"), p);
 *     ...
 *     if (tr_view_value(&value, view, &attr, r->pool) == TR_OK)
 *
 * A view is filled by who owns the request, lives as long as it and belongs to
 * its thread. Facts that cost something are fetched when a rule asks, through
 * tr_facts_t, never before.
 */
#ifndef TR_VIEW_H
#define TR_VIEW_H

#include <apr_network_io.h>
#include <apr_tables.h>
#include <apr_time.h>

#include "tr_host.h"
#include "tr_path.h"

/** Why something did not come out; what a rule that fails is logged with. */
typedef enum tr_reason_t {
    TR_OK = 0,
    TR_NO_VALUE,     /**< a substitution has no value in this request */
    TR_UNKNOWN_HOST, /**< the request's Host is no name of this server */
    TR_FOREIGN_HOST, /**< TempRedirectAllowHosts does not name the host */
    TR_UNSAFE,       /**< would be "//", "/\", a dot segment, or no path */
    TR_TOO_LONG,     /**< a Location over TR_LOCATION_MAX */
    TR_LIMIT,        /**< a regex went over its limit */
    TR_SELF,         /**< would send the client back into the same rule */
    TR_EXPR,         /**< an expression could not be evaluated */
    TR_NO_MEMBER,    /**< no member of the pool takes anybody now */
    /* by which a body is judged by nothing */
    TR_BODY_UNTYPED,   /**< there is none of that type */
    TR_BODY_CODED,     /**< it has a content or transfer coding */
    TR_BODY_LONG,      /**< it is over TempRedirectBodyLimit */
    TR_BODY_MALFORMED, /**< it is not what its type says */
    TR_BODY_TAKEN,     /**< another has read it before */
    TR_BODY_FAILED     /**< it could not be read */
} tr_reason_t;

typedef enum tr_attr_kind_t {
    TR_ATTR_METHOD,
    TR_ATTR_SCHEME,
    TR_ATTR_HOST,
    TR_ATTR_PORT,
    TR_ATTR_PATH,
    TR_ATTR_TAIL,
    TR_ATTR_ARGS,
    TR_ATTR_CLIENT,
    TR_ATTR_USER,
    TR_ATTR_LANG,
    TR_ATTR_HEADER,
    TR_ATTR_COOKIE,
    TR_ATTR_QUERY,
    TR_ATTR_ENV,
    TR_ATTR_FORM,
    TR_ATTR_JSON, /**< whose name is a pointer: tr_json.h */
    TR_ATTR_GROUP
} tr_attr_kind_t;

/** Where the name of an attribute stands. */
typedef enum tr_use_t {
    TR_USE_CONDITION = 1,
    TR_USE_TARGET = 2,
    TR_USE_KEY = 4 /**< of a pool */
} tr_use_t;

/** An attribute: "scheme", or with a name of its own "header.X-Tenant". */
typedef struct tr_attr_t {
    tr_attr_kind_t kind;
    const char *name;  /**< behind the dot; else NULL */
    tr_slice_t header; /**< the request header that it is taken from; none
                             where there is none. Host is none: it is part of
                             every cache's key (RFC 9111 section 2) */
    int is_private; /**< an answer that depends on it is for one client only, or
                         no cache can tell for whom */
} tr_attr_t;

/** The origin (RFC 6454) that the client believes to speak to. */
typedef struct tr_origin_t {
    const char *scheme; /**< "http" or "https" */
    tr_slice_t host;    /**< IPv6 without brackets */
    int port;
} tr_origin_t;

/** Whether an attribute is of the request's body. */
static inline int tr_attr_is_of_body(const tr_attr_t *attr)
{
    return attr->kind == TR_ATTR_FORM || attr->kind == TR_ATTR_JSON;
}

typedef struct tr_rule_t tr_rule_t;
typedef struct tr_body_t tr_body_t;
typedef struct tr_view_t tr_view_t;

/** What the owner of a request answers. All that it fills lives as long as the
 * request. */
typedef struct tr_facts_t {
    /**
     * The value of a TR_ATTR_METHOD, _SCHEME, _HOST, _PORT, _USER, _HEADER (also
     * "Cookie") or _ENV. A host is one that may be redirected to.
     * @return TR_OK, TR_NO_VALUE or TR_UNKNOWN_HOST
     */
    tr_reason_t (*value)(tr_slice_t *value, const tr_view_t *view,
                         const tr_attr_t *attr);
    /** The host that the client asked for, in lower case; that of the server
     * where it named none. */
    tr_slice_t (*host)(const tr_view_t *view);
    /** The origin of the request's own URL. */
    void (*origin)(tr_origin_t *origin, const tr_view_t *view);
    /** The address of the client. */
    const apr_sockaddr_t *(*client)(const tr_view_t *view);
    /**
     * Evaluate an expression, as tr_place_t's expr_parse made it.
     * @param vary filled: the request headers that it consulted, in the form of
     *        a Vary field; or NULL
     * @return 0, 1, or below 0 where it failed
     */
    int (*expr)(const char **vary, const tr_view_t *view, const void *expr);
    /**
     * Read the body of the request.
     * @param body whose bytes are filled
     * @return TR_OK, TR_BODY_LONG, TR_BODY_TAKEN or TR_BODY_FAILED
     */
    tr_reason_t (*body)(tr_body_t *body, const tr_view_t *view);
    /** A random number that no client can foresee: the same for all who ask in
     * one request. */
    apr_uint64_t (*random)(const tr_view_t *view);
    /** Told of each rule whose pattern matched, and which yet cannot be
     * followed, whatever its conditions say. */
    void (*failed)(const tr_view_t *view, const tr_rule_t *rule,
                   tr_reason_t reason);
    /** Told of each rule that does not hold by one of its conditions: its word,
     * or NULL where its window is closed. */
    void (*unmet)(const tr_view_t *view, const tr_rule_t *rule,
                  const char *word);
    /** Told of each rule under mode=dry that would have won, with the id of the
     * member that its pool chose, or NULL, and its Location; NULL for "!". */
    void (*dry)(const tr_view_t *view, const tr_rule_t *rule,
                const char *member, const char *location);
} tr_facts_t;

struct tr_view_t {
    tr_path_t path;
    tr_slice_t args; /**< the query as sent; none where there is no '?' */
    int preflight;   /**< a CORS preflight (Fetch, section 3.2.2) */
    apr_time_t now;  /**< when the request came */
    const tr_hosts_t *allow_hosts; /**< TempRedirectAllowHosts, may be NULL */
    const apr_array_header_t *languages; /**< TempRedirectLanguages: const char
                                              *; NULL where it is not set */
    apr_int64_t body_limit;              /**< TempRedirectBodyLimit, in bytes */
    tr_body_t *body; /**< what is known of the request's body */
    const tr_facts_t *facts;
    void *request; /**< for the functions of facts */
};

/**
 * Parse the name of an attribute.
 * @param attr filled; its names are *allocated from p*
 * @param use where it stands: not all attributes can stand everywhere
 * @return NULL, or what is wrong, with a suggestion
 */
const char *tr_attr_parse(tr_attr_t *attr, tr_slice_t word, tr_use_t use,
                          apr_pool_t *p);

/** Whether a text is a token (RFC 9110 section 5.6.2). */
int tr_is_token(tr_slice_t text);

/** Whether a word is, or begins with a '.', the name of an attribute. */
int tr_attr_is(tr_slice_t word);

/** The names of the attributes that can stand there. @return how many, at most
 * TR_ATTRS */
int tr_attr_names(const char **names, tr_use_t use);
#define TR_ATTRS 32

/** The attribute of a request header. @param name *borrowed* */
tr_attr_t tr_attr_of_header(const char *name);

/**
 * Find the value of an attribute in a request, the first where there are
 * several. Not for TR_ATTR_TAIL and TR_ATTR_GROUP, which belong to a rule, nor
 * for TR_ATTR_CLIENT.
 * @param value filled: decoded, *borrowed* or *allocated from p*; path and args
 *        as sent
 * @return TR_OK; TR_NO_VALUE where it is absent or empty (never for path and
 *         args); TR_UNKNOWN_HOST; a TR_BODY_*
 */
tr_reason_t tr_view_value(tr_slice_t *value, const tr_view_t *view,
                          const tr_attr_t *attr, apr_pool_t *p);

/** A request header's value; none where it is absent. */
tr_slice_t tr_view_header(const tr_view_t *view, const char *name);

/**
 * Find the next cookie of a name in a Cookie field (RFC 6265 section 4.2.1).
 * Names are compared with regard to case.
 * @param value filled, without its quotes, *borrowed*
 * @param at 0 at first, and moved on
 * @return 0 where there is none; @a value is then untouched
 */
int tr_cookie_next(tr_slice_t *value, tr_slice_t field, const char *name,
                   apr_size_t *at);

#endif /* TR_VIEW_H */

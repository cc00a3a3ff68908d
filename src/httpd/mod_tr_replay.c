/* Licensed under the Apache License, Version 2.0; see LICENSE. */
#include <httpd.h>
#include <http_request.h>
#include <util_filter.h>

#include "mod_tr_replay.h"

typedef struct replay_t {
    tr_slice_t left;
    int is_whole; /* nothing comes behind it */
    int is_cut;   /* what does is for nobody */
    apr_pool_t *p;
} replay_t;

static ap_filter_rec_t *replay_handle;

/* How many bytes a read takes: up to the end of a line, or what it asked for. */
static apr_size_t size_of(const replay_t *replay, ap_input_mode_t mode,
                          apr_off_t readbytes)
{
    const tr_slice_t *left = &replay->left;
    const char *lf = mode == AP_MODE_GETLINE
                         ? memchr(left->p, APR_ASCII_LF, left->n)
                         : NULL;

    if (lf) {
        return (apr_size_t)(lf + 1 - left->p);
    }
    return mode == AP_MODE_GETLINE || mode == AP_MODE_EXHAUSTIVE
                   || readbytes >= (apr_off_t)left->n
               ? left->n
               : (apr_size_t)readbytes;
}

static void add_eos(const ap_filter_t *f, apr_bucket_brigade *bb)
{
    APR_BRIGADE_INSERT_TAIL(bb, apr_bucket_eos_create(f->c->bucket_alloc));
}

static apr_status_t replay_read(ap_filter_t *f, apr_bucket_brigade *bb,
                                ap_input_mode_t mode, apr_read_type_e block,
                                apr_off_t readbytes)
{
    replay_t *replay = f->ctx;
    apr_size_t n;

    if (replay == NULL) { /* SetInputFilter named it: it has nothing */
        ap_remove_input_filter(f);
        return ap_get_brigade(f->next, bb, mode, block, readbytes);
    }
    if (replay->is_cut) {
        add_eos(f, bb);
        return APR_SUCCESS;
    }
    if (replay->left.n == 0 || mode == AP_MODE_INIT || mode == AP_MODE_EATCRLF
        || (readbytes <= 0 && mode == AP_MODE_READBYTES)) {
        return ap_get_brigade(f->next, bb, mode, block, readbytes);
    }
    n = size_of(replay, mode, readbytes);
    APR_BRIGADE_INSERT_TAIL(bb,
                            apr_bucket_pool_create(replay->left.p, n, replay->p,
                                                   f->c->bucket_alloc));
    if (mode == AP_MODE_SPECULATIVE) {
        return APR_SUCCESS;
    }
    replay->left = tr_slice_from(replay->left, n);
    if (replay->left.n == 0) {
        if (replay->is_whole) {
            add_eos(f, bb);
        }
        ap_remove_input_filter(f);
    }
    return APR_SUCCESS;
}

void mod_tr_replay_register(void)
{
    replay_handle = ap_register_input_filter("TEMPREDIRECT_REPLAY", replay_read,
                                             NULL, AP_FTYPE_PROTOCOL);
}

/* The link of a chain that leads to a filter. */
static ap_filter_t **link_to(ap_filter_t **link, const ap_filter_t *f)
{
    while (*link && *link != f) {
        link = &(*link)->next;
    }
    return link;
}

/* httpd puts a filter behind those of the same type: move it in front. */
static void raise_filter(request_rec *r, ap_filter_t *f)
{
    ap_filter_t *head = r->proto_input_filters;

    if (f != head) {
        *link_to(&head->next, f) = f->next;
        *link_to(&r->input_filters, head) = f;
        f->next = head;
        r->proto_input_filters = f;
    }
}

static void add_filter(request_rec *r, replay_t *replay)
{
    raise_filter(r, ap_add_input_filter_handle(replay_handle, replay, r,
                                               r->connection));
}

void mod_tr_replay_add(request_rec *r, tr_slice_t bytes, int is_whole)
{
    replay_t *replay = apr_pcalloc(r->pool, sizeof(*replay));

    replay->left = bytes;
    replay->is_whole = is_whole;
    replay->p = r->pool;
    add_filter(r, replay);
}

void mod_tr_replay_cut(request_rec *r)
{
    replay_t *replay = apr_pcalloc(r->pool, sizeof(*replay));

    replay->is_cut = 1;
    add_filter(r, replay);
}

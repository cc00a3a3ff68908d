/* Licensed under the Apache License, Version 2.0; see LICENSE. */
#include <apr_strings.h>

#include <httpd.h>
#include <http_core.h>
#include <http_protocol.h>
#include <http_request.h>
#include <mod_core.h>
#include <util_filter.h>

#include "mod_tr_body.h"
#include "mod_tr_replay.h"

/* ---- reading ---- */

/* A body as it is being read. */
typedef struct reader_t {
    request_rec *r;
    ap_filter_t *filters;
    apr_bucket_brigade *bb;
    apr_int64_t most; /* how much of it is asked for */
    apr_int64_t n;    /* bytes so far */
    int is_end;
    int error;  /* status for the client; OK: none */
    char *text; /* where the bytes go; NULL: nowhere */
    apr_int64_t size;
} reader_t;

/* Make room for n bytes more: twice as much, but no more than is asked for.
 * Filters may give out more. */
static void reserve(reader_t *reader, apr_int64_t n)
{
    apr_int64_t needed = reader->n + n, size = 2 * reader->size;
    char *text = reader->text;

    if (needed <= reader->size) {
        return;
    }
    size = size < reader->most ? size : reader->most;
    reader->size = size > needed ? size : needed;
    reader->text = apr_palloc(reader->r->pool, (apr_size_t)reader->size);
    memcpy(reader->text, text, (apr_size_t)reader->n);
}

static void take(reader_t *reader, apr_bucket *b)
{
    const char *data;
    apr_size_t n;
    apr_status_t rv;

    if (APR_BUCKET_IS_METADATA(b)) {
        reader->is_end |= APR_BUCKET_IS_EOS(b);
        return;
    }
    rv = apr_bucket_read(b, &data, &n, APR_BLOCK_READ);
    if (rv != APR_SUCCESS) {
        reader->error = ap_map_http_request_error(rv, HTTP_BAD_REQUEST);
        return;
    }
    if (reader->text) {
        reserve(reader, (apr_int64_t)n);
        memcpy(reader->text + reader->n, data, n);
    }
    reader->n += (apr_int64_t)n;
}

/* Read up to so many bytes. @return 0 where it would have to wait for them */
static int read_some(reader_t *reader, apr_read_type_e block, apr_int64_t size)
{
    apr_status_t rv = ap_get_brigade(reader->filters, reader->bb,
                                     AP_MODE_READBYTES, block, size);
    int is_empty = APR_BRIGADE_EMPTY(reader->bb);

    if (block == APR_NONBLOCK_READ
        && (APR_STATUS_IS_EAGAIN(rv) || (rv == APR_SUCCESS && is_empty))) {
        return 0;
    }
    if (rv != APR_SUCCESS) {
        reader->error = ap_map_http_request_error(rv, HTTP_BAD_REQUEST);
    }
    while (!APR_BRIGADE_EMPTY(reader->bb)) {
        apr_bucket *b = APR_BRIGADE_FIRST(reader->bb);

        if (!reader->error && !reader->is_end) {
            take(reader, b);
        }
        apr_bucket_delete(b);
    }
    return 1;
}

static int is_done(const reader_t *reader)
{
    return reader->is_end || reader->error || reader->n >= reader->most;
}

/* Read up to its end, or as much as is asked for. */
static void read_body(reader_t *reader)
{
    apr_read_type_e block = APR_NONBLOCK_READ;

    reader->bb = apr_brigade_create(reader->r->pool,
                                    reader->r->connection->bucket_alloc);
    while (!is_done(reader)) {
        apr_int64_t left = reader->most - reader->n;

        if (!read_some(reader, block,
                       left < HUGE_STRING_LEN ? left : HUGE_STRING_LEN)) {
            block = APR_BLOCK_READ;
        }
    }
    apr_brigade_destroy(reader->bb);
}

static int is_whole(const reader_t *reader, const tr_upload_t *upload)
{
    return reader->is_end
           || (upload->length >= 0 && reader->n >= upload->length);
}

/* RFC 9112 section 6.3; mod_http2 has a Transfer-Encoding as well.
 * (ap_request_has_body() knows no body of HEAD, which httpd reads all the
 * same.) */
static apr_int64_t length_of(const request_rec *r)
{
    const char *length = apr_table_get(r->headers_in, "Content-Length");

    return apr_table_get(r->headers_in, "Transfer-Encoding") ? -1
           : length ? apr_atoi64(length)
                    : 0;
}

static tr_upload_t upload_of(const request_rec *r)
{
    tr_upload_t upload = { (int)r->expecting_100, length_of(r), 0 };

    if (upload.length != 0) {
        upload.limit = ap_get_limit_req_body(r);
    }
    return upload;
}

/* ---- looked into ---- */

/* Whether another module has read of it already: httpd's filter for bodies has
 * a memory from its first read on. */
static int is_taken(const request_rec *r)
{
    const ap_filter_t *f = r->proto_input_filters;

    while (f && f->frec != ap_http_input_filter_handle) {
        f = f->next;
    }
    return f && f->ctx;
}

tr_reason_t mod_tr_body_look(tr_body_t *body, const tr_view_t *view)
{
    request_rec *r = view->request;
    tr_upload_t upload = upload_of(r);
    reader_t reader = { .r = r, .filters = r->proto_input_filters };
    int whole;

    body->bytes = tr_slice("", 0);
    if (upload.length == 0) {
        return TR_OK;
    }
    if (is_taken(r)) {
        return TR_BODY_TAKEN;
    }
    upload.is_held_back = 0; /* it will be asked for */
    reader.most = tr_drain_size(view->body_limit, &upload);
    if (reader.most == 0) {
        return TR_BODY_LONG;
    }
    reader.size = reader.most < HUGE_STRING_LEN || upload.length > 0
                      ? reader.most
                      : HUGE_STRING_LEN;
    reader.text = apr_palloc(r->pool, (apr_size_t)reader.size);
    read_body(&reader);
    whole = is_whole(&reader, &upload);
    if (reader.n > 0 || reader.is_end) {
        r->expecting_100 = 0; /* RFC 9110 section 10.1.1 */
    }
    if (reader.n > 0) {
        body->bytes = tr_slice(reader.text, (apr_size_t)reader.n);
        mod_tr_replay_add(r, body->bytes, whole);
    }
    body->error = reader.error;
    return reader.error ? TR_BODY_FAILED : whole ? TR_OK : TR_BODY_LONG;
}

/* ---- drained, or left ---- */

int mod_tr_body_drain(int *left, request_rec *r, const tr_drain_t *drain)
{
    tr_upload_t upload = upload_of(r);
    reader_t reader = { .r = r, .filters = r->input_filters };

    *left = 0;
    if (upload.length == 0) {
        return OK;
    }
    reader.most = tr_drain_size(r->proto_num >= HTTP_VERSION(2, 0)
                                    ? drain->http2
                                    : drain->http1,
                                &upload);
    read_body(&reader);
    if (!reader.error && !is_whole(&reader, &upload)) {
        *left = 1;
        mod_tr_replay_cut(r);
        r->connection->keepalive = AP_CONN_CLOSE;
    }
    return reader.error;
}

#define GRACE apr_time_from_msec(5)

int mod_tr_body_answer_early(request_rec *r, int status)
{
    conn_rec *c = r->connection;
    apr_bucket_brigade *bb = apr_brigade_create(r->pool, c->bucket_alloc);

    ap_die(status, r);
    APR_BRIGADE_INSERT_TAIL(bb, apr_bucket_flush_create(c->bucket_alloc));
    ap_pass_brigade(c->output_filters, bb);
    apr_brigade_destroy(bb);
    apr_sleep(GRACE);
    return DONE;
}

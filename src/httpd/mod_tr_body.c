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
    apr_int64_t n; /* bytes so far */
    int is_end;
    int error;  /* status for the client; OK: none */
    char *text; /* where the bytes go; NULL: nowhere */
    apr_int64_t size;
} reader_t;

/* Make room for n bytes more: also where a filter gives out more than it was
 * asked for. */
static void reserve(reader_t *reader, apr_int64_t n)
{
    apr_int64_t size = reader->size;
    char *text = reader->text;

    if (size - reader->n >= n) {
        return;
    }
    while (size - reader->n < n) {
        size *= 2;
    }
    reader->text = apr_palloc(reader->r->pool, (apr_size_t)size);
    memcpy(reader->text, text, (apr_size_t)reader->n);
    reader->size = size;
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

static int is_done(const reader_t *reader, apr_int64_t size)
{
    return reader->is_end || reader->error || reader->n >= size;
}

/* Read up to its end, or to so many bytes. */
static void read_to(reader_t *reader, apr_int64_t size)
{
    apr_read_type_e block = APR_NONBLOCK_READ;

    reader->bb = apr_brigade_create(reader->r->pool,
                                    reader->r->connection->bucket_alloc);
    while (!is_done(reader, size)) {
        apr_int64_t left = size - reader->n;

        if (!read_some(reader, block,
                       left < HUGE_STRING_LEN ? left : HUGE_STRING_LEN)) {
            block = APR_BLOCK_READ;
        }
    }
    apr_brigade_destroy(reader->bb);
}

/* The declared length of a body that there is; below 0 where it is not known
 * (RFC 9112 section 6.3). */
static apr_int64_t length_of(const request_rec *r)
{
    const char *length = apr_table_get(r->headers_in, "Content-Length");

    return length && !apr_table_get(r->headers_in, "Transfer-Encoding")
               ? apr_atoi64(length)
               : -1;
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

/* How many bytes to read at most. Of one whose length is not known one more than
 * the limit, which shows that there are more. */
static apr_int64_t most_of(apr_int64_t length, apr_int64_t limit,
                           apr_int64_t server_limit)
{
    return length > 0                                  ? length
           : server_limit > 0 && server_limit <= limit ? server_limit
                                                       : limit + 1;
}

tr_reason_t mod_tr_body_look(tr_body_t *body, request_rec *r, apr_int64_t limit)
{
    apr_int64_t length = length_of(r), server_limit = ap_get_limit_req_body(r);
    reader_t reader = { .r = r, .filters = r->proto_input_filters };
    int is_whole;

    body->bytes = tr_slice("", 0);
    if (!ap_request_has_body(r)) {
        return TR_OK;
    }
    if (is_taken(r)) {
        return TR_BODY_TAKEN;
    }
    if (length > limit || (server_limit > 0 && length > server_limit)) {
        return TR_BODY_LONG;
    }
    reader.size = length > 0 ? length : HUGE_STRING_LEN;
    reader.text = apr_palloc(r->pool, (apr_size_t)reader.size);
    read_to(&reader, most_of(length, limit, server_limit));
    is_whole = reader.is_end || (length > 0 && reader.n >= length);
    if (reader.n > 0) {
        r->expecting_100 = 0; /* RFC 9110 section 10.1.1 */
        body->bytes = tr_slice(reader.text, (apr_size_t)reader.n);
        mod_tr_replay_add(r, body->bytes, is_whole);
    }
    body->error = reader.error;
    return reader.error ? TR_BODY_FAILED : is_whole ? TR_OK : TR_BODY_LONG;
}

/* ---- drained, or left ---- */

int mod_tr_body_drain(int *left, request_rec *r, const tr_drain_t *drain)
{
    tr_upload_t upload = { r->proto_num >= HTTP_VERSION(2, 0),
                           (int)r->expecting_100, length_of(r),
                           ap_get_limit_req_body(r) };
    reader_t reader = { .r = r, .filters = r->input_filters };

    read_to(&reader, tr_drain_size(drain, &upload));
    *left = !reader.error && !reader.is_end && reader.n != upload.length;
    if (*left) {
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

/* Licensed under the Apache License, Version 2.0; see LICENSE. */
#include <apr_strings.h>

#include <httpd.h>
#include <http_core.h>
#include <http_protocol.h>
#include <util_filter.h>

#include "mod_tr_body.h"

/* Whether a body is declared that is longer than the limit. */
static int is_over(const request_rec *r, apr_off_t limit)
{
    const char *length = apr_table_get(r->headers_in, "Content-Length");

    return limit > 0 && length && apr_atoi64(length) > limit;
}

/* Read the buckets of a brigade, adding their bytes to *read; 0 at the end. */
static int read_buckets(apr_bucket_brigade *bb, apr_off_t *read)
{
    apr_bucket *b;

    for (b = APR_BRIGADE_FIRST(bb); b != APR_BRIGADE_SENTINEL(bb);
         b = APR_BUCKET_NEXT(b)) {
        const char *data;
        apr_size_t n;

        if (APR_BUCKET_IS_EOS(b)) {
            return 0;
        }
        if (APR_BUCKET_IS_METADATA(b)) {
            continue;
        }
        if (apr_bucket_read(b, &data, &n, APR_BLOCK_READ) != APR_SUCCESS) {
            return 0;
        }
        *read += (apr_off_t)n;
    }
    return 1;
}

/* To ask for more than the limit would make httpd answer with 413. */
static apr_off_t next_size(apr_off_t limit, apr_off_t read)
{
    return limit > 0 && limit - read < HUGE_STRING_LEN ? limit - read
                                                       : HUGE_STRING_LEN;
}

void mod_tr_body_read(request_rec *r)
{
    apr_off_t limit = ap_get_limit_req_body(r), read = 0;
    apr_bucket_brigade *bb;
    int more = 1;

    if (!ap_request_has_body(r) || r->expecting_100 || is_over(r, limit)) {
        return;
    }
    bb = apr_brigade_create(r->pool, r->connection->bucket_alloc);
    while (more && (limit <= 0 || read < limit)) {
        more = ap_get_brigade(r->input_filters, bb, AP_MODE_READBYTES,
                              APR_BLOCK_READ, next_size(limit, read))
                   == APR_SUCCESS
               && read_buckets(bb, &read);
        apr_brigade_cleanup(bb);
    }
    apr_brigade_destroy(bb);
}

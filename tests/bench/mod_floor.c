/* Licensed under the Apache License, Version 2.0; see LICENSE. */
/*
 * The floor of the benchmark: a module that does nothing but answer 307 from
 * fixups, or from translate_name, with the headers that mod_tempredirect sends;
 * and a handler that does nothing but read the body and answer 200.
 *
 *     FloorRedirect https://new.example.com/new
 *     FloorRedirectEarly https://new.example.com/new
 *     SetHandler floor-read
 */
#include <apr_tables.h>

#include <httpd.h>
#include <http_config.h>
#include <http_protocol.h>
#include <http_request.h>
#include <util_filter.h>

extern module AP_MODULE_DECLARE_DATA floor_module;

typedef struct floor_conf_t {
    const char *location; /* from fixups */
    const char *early;    /* from translate_name */
} floor_conf_t;

static void *create(apr_pool_t *p, char *path)
{
    return apr_pcalloc(p, sizeof(floor_conf_t));
}

static void *merge(apr_pool_t *p, void *base, void *add)
{
    const floor_conf_t *conf = add;

    return conf->location || conf->early ? add : base;
}

static int respond(request_rec *r, const char *location)
{
    if (!location) {
        return DECLINED;
    }
    apr_table_setn(r->headers_out, "Location", location);
    apr_table_setn(r->err_headers_out, "Cache-Control", "no-store");
    apr_table_setn(r->err_headers_out, "Expires",
                   "Thu, 01 Jan 1970 00:00:00 GMT");
    apr_table_setn(r->subprocess_env, "FLOOR_ID", "floor");
    return HTTP_TEMPORARY_REDIRECT;
}

static int early(request_rec *r)
{
    const floor_conf_t *conf = ap_get_module_config(r->per_dir_config,
                                                    &floor_module);

    return respond(r, conf->early);
}

static int fixup(request_rec *r)
{
    const floor_conf_t *conf = ap_get_module_config(r->per_dir_config,
                                                    &floor_module);

    return respond(r, conf->location);
}

/* As handlers do that pass a body on: brigade by brigade, to its end. */
static apr_status_t read_body(request_rec *r)
{
    apr_bucket_brigade *bb = apr_brigade_create(r->pool,
                                                r->connection->bucket_alloc);
    apr_status_t rv;
    int is_end = 0;

    do {
        apr_bucket *b;
        const char *data;
        apr_size_t n;

        rv = ap_get_brigade(r->input_filters, bb, AP_MODE_READBYTES,
                            APR_BLOCK_READ, HUGE_STRING_LEN);
        for (b = APR_BRIGADE_FIRST(bb);
             rv == APR_SUCCESS && b != APR_BRIGADE_SENTINEL(bb);
             b = APR_BUCKET_NEXT(b)) {
            is_end |= APR_BUCKET_IS_EOS(b);
            rv = APR_BUCKET_IS_METADATA(b)
                     ? APR_SUCCESS
                     : apr_bucket_read(b, &data, &n, APR_BLOCK_READ);
        }
        apr_brigade_cleanup(bb);
    } while (rv == APR_SUCCESS && !is_end);
    return rv;
}

static int answer(request_rec *r)
{
    if (!r->handler || strcmp(r->handler, "floor-read") != 0) {
        return DECLINED;
    }
    if (read_body(r) != APR_SUCCESS) {
        return HTTP_BAD_REQUEST;
    }
    ap_set_content_type(r, "text/plain");
    ap_rputs("read\n", r);
    return OK;
}

static const command_rec commands[] = {
    AP_INIT_TAKE1("FloorRedirect", ap_set_string_slot,
                  (void *)APR_OFFSETOF(floor_conf_t, location), OR_ALL, "URL"),
    AP_INIT_TAKE1("FloorRedirectEarly", ap_set_string_slot,
                  (void *)APR_OFFSETOF(floor_conf_t, early), OR_ALL, "URL"),
    { NULL }
};

static void register_hooks(apr_pool_t *p)
{
    ap_hook_translate_name(early, NULL, NULL, APR_HOOK_REALLY_FIRST);
    ap_hook_fixups(fixup, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_handler(answer, NULL, NULL, APR_HOOK_MIDDLE);
}

AP_DECLARE_MODULE(floor) = {
    STANDARD20_MODULE_STUFF, create, merge, NULL, NULL, commands,
    register_hooks, AP_MODULE_FLAG_NONE
};

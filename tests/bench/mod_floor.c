/* Licensed under the Apache License, Version 2.0; see LICENSE. */
/*
 * The floor of the benchmark: a module that does nothing but answer 307 from
 * fixups, or from translate_name, with the headers that mod_tempredirect sends.
 *
 *     FloorRedirect https://new.example.com/new
 *     FloorRedirectEarly https://new.example.com/new
 */
#include <apr_tables.h>

#include <httpd.h>
#include <http_config.h>
#include <http_request.h>

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
}

AP_DECLARE_MODULE(floor) = {
    STANDARD20_MODULE_STUFF, create, merge, NULL, NULL, commands,
    register_hooks, AP_MODULE_FLAG_NONE
};

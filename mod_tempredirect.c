/* Licensed under the Apache License, Version 2.0; see LICENSE. */
/*
 * mod_tempredirect: temporary redirects that keep method and body.
 *
 * The table of contents. The directives and the request are in src/httpd, what
 * they mean in src/engine; ARCHITECTURE.md shows the house.
 */
#include <httpd.h>
#include <http_config.h>
#include <http_request.h>

#include "mod_tr_config.h"
#include "mod_tr_random.h"
#include "mod_tr_replay.h"
#include "mod_tr_request.h"

#if !AP_MODULE_MAGIC_AT_LEAST(20120211, 84)
#error "mod_tempredirect needs Apache httpd 2.4.39 or later"
#endif

/*
 * In fixups the request is authorized, and no handler has it yet.
 *
 * After mod_rewrite and mod_proxy, whose fixups belong to the mapping of the
 * URL: a RewriteRule of a .htaccess that redirects wins. After mod_env,
 * mod_setenvif, mod_ssl and mod_session, so that rules see what they set.
 * Before the fixups of mod_alias, mod_dir, mod_negotiation and mod_speling,
 * which would redirect, or map to another file, what a rule is for.
 */
static const char *const after[] = {
    "mod_rewrite.c", "mod_proxy.c",   "mod_env.c", "mod_setenvif.c",
    "mod_ssl.c",     "mod_session.c", NULL
};
static const char *const before[] = { "mod_alias.c", "mod_dir.c",
                                      "mod_negotiation.c", "mod_speling.c",
                                      NULL };

/*
 * A rule with phase=early is asked before any module maps the URL: mod_proxy
 * would end the hook, mod_rewrite and mod_alias answer themselves. The client
 * has said nothing of itself yet, and is not asked to.
 */
static void register_hooks(apr_pool_t *p)
{
    (void)p;
    mod_tr_replay_register();
    ap_hook_pre_config(mod_tr_config_reset, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_check_config(mod_tr_config_check, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_child_init(mod_tr_random_init, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_translate_name(mod_tr_request_early, NULL, NULL,
                           APR_HOOK_REALLY_FIRST);
    ap_hook_fixups(mod_tr_request_fixup, after, before, APR_HOOK_MIDDLE);
}

/* The one symbol that the module exports: it is built with hidden symbols. */
extern module AP_MODULE_DECLARE_DATA tempredirect_module
    __attribute__((visibility("default")));

AP_DECLARE_MODULE(tempredirect) = { STANDARD20_MODULE_STUFF,
                                    mod_tr_config_create,
                                    mod_tr_config_merge,
                                    mod_tr_config_create_server,
                                    NULL, /* all directives are per directory */
                                    mod_tr_config_commands,
                                    register_hooks,
                                    AP_MODULE_FLAG_NONE };

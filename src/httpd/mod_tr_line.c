/* Licensed under the Apache License, Version 2.0; see LICENSE. */
#include <apr_strings.h>

#include <httpd.h>
#include <http_core.h>
#include <http_log.h>

#include "mod_tr_line.h"

APLOG_USE_MODULE(tempredirect);

int mod_tr_line_is_htaccess(const cmd_parms *cmd)
{
    return cmd->pool == cmd->temp_pool;
}

int mod_tr_line_is_heard(void)
{
    return ap_state_query(AP_SQ_MAIN_STATE) != AP_SQ_MS_CREATE_PRE_CONFIG
           || ap_state_query(AP_SQ_RUN_MODE) == AP_SQ_RM_CONFIG_TEST;
}

/* httpd says of an .htaccess file only its name. */
const char *mod_tr_line_said(const cmd_parms *cmd, const char *error)
{
    const char *line = mod_tr_line_is_htaccess(cmd)
                           ? apr_psprintf(cmd->pool, " (line %d)",
                                          cmd->directive->line_num)
                           : "";

    return error
               ? apr_pstrcat(cmd->pool, cmd->cmd->name, ": ", error, line, NULL)
               : NULL;
}

const char *mod_tr_line_split(apr_array_header_t **words, cmd_parms *cmd,
                              const char *line)
{
    const char *error = ap_check_cmd_context(cmd, NOT_IN_LIMIT);

    *words = apr_array_make(cmd->temp_pool, 8, sizeof(const char *));
    while (!error && *line) {
        const char *word = ap_getword_conf(cmd->pool, &line);

        if (*word == '\0') {
            error = mod_tr_line_said(cmd,
                                     "an argument is empty; is a variable not "
                                     "set, or does a quote stand within a "
                                     "word? One with spaces is quoted whole, "
                                     "as in \"header.X=a b\"");
        }
        APR_ARRAY_PUSH(*words, const char *) = word;
    }
    return error;
}

/* A virtual host that is still being read has no LogLevel yet, and would say
 * nothing. */
void mod_tr_line_warn(const cmd_parms *cmd, const apr_array_header_t *warnings)
{
    int is_htaccess = mod_tr_line_is_htaccess(cmd), i;

    for (i = 0; i < warnings->nelts && mod_tr_line_is_heard(); ++i) {
        ap_log_error(APLOG_MARK,
                     is_htaccess ? APLOG_DEBUG : APLOG_WARNING | APLOG_STARTUP,
                     0, is_htaccess ? cmd->server : NULL,
                     "TR0001: %s:%d: %s: %s", cmd->directive->filename,
                     cmd->directive->line_num, cmd->cmd->name,
                     APR_ARRAY_IDX(warnings, i, const char *));
    }
}

void mod_tr_line_warn_at(const server_rec *s, const char *place,
                         const apr_array_header_t *warnings)
{
    int i;

    for (i = 0; i < warnings->nelts && mod_tr_line_is_heard(); ++i) {
        ap_log_error(APLOG_MARK, APLOG_WARNING | APLOG_STARTUP, 0, s,
                     "TR0001: %s: %s", place,
                     APR_ARRAY_IDX(warnings, i, const char *));
    }
}

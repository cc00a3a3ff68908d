/* Licensed under the Apache License, Version 2.0; see LICENSE. */
/**
 * @file mod_tr_line.h
 * One line of the configuration: its words, and what is said about it.
 */
#ifndef MOD_TR_LINE_H
#define MOD_TR_LINE_H

#include <httpd.h>
#include <http_config.h>

/** Whether a line stands in an .htaccess file, and so lives for one request. */
int mod_tr_line_is_htaccess(const cmd_parms *cmd);

/** Whether what is said now is heard: startup reads the configuration twice, and
 * once is enough. */
int mod_tr_line_is_heard(void);

/** An error with the directive before it, NULL of NULL; *allocated from the
 * line's pool*. */
const char *mod_tr_line_said(const cmd_parms *cmd, const char *error);

/**
 * Split a line. httpd's own splitting ends at 64 words, and drops an empty one
 * at the end: "TempRedirect /old ${NEW}" would send all to /old.
 * @param words filled: const char *, *allocated from the line's pool*
 * @return NULL; or that the line stands within a <Limit>, or has an empty word
 */
const char *mod_tr_line_split(apr_array_header_t **words, cmd_parms *cmd,
                              const char *line);

/** Log warnings (const char *) about what was written at a place, once the whole
 * configuration is known: TR0001. */
void mod_tr_line_warn_at(const server_rec *s, const char *place,
                         const apr_array_header_t *warnings);

/** Log warnings (const char *) about a line: TR0001. */
void mod_tr_line_warn(const cmd_parms *cmd, const apr_array_header_t *warnings);

#endif /* MOD_TR_LINE_H */

/* Licensed under the Apache License, Version 2.0; see LICENSE. */
/**
 * @file mod_tr_view.h
 * A request_rec as the engine sees it (tr_view.h).
 */
#ifndef MOD_TR_VIEW_H
#define MOD_TR_VIEW_H

#include <httpd.h>

#include "tr_body.h"
#include "tr_section.h"
#include "tr_view.h"

/**
 * Fill the view of a request: the client's own path and query, whatever
 * modules have made of r->uri and r->args meanwhile.
 * @param view *borrows* all the others
 * @param body all zeros
 * @return APR_SUCCESS, or APR_EINVAL for a request that has no path, or one
 *         that cannot be decoded: no rule is for it
 */
apr_status_t mod_tr_view_fill(tr_view_t *view, tr_body_t *body, request_rec *r,
                              const tr_section_t *section);

#endif /* MOD_TR_VIEW_H */

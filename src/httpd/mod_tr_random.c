/* Licensed under the Apache License, Version 2.0; see LICENSE. */
#include <apr_siphash.h>

#include <http_core.h>

#include "mod_tr_random.h"

static unsigned char secret[APR_SIPHASH_KSIZE];

/* httpd has seeded this generator from the system's, and stirred it anew in each
 * process. */
void mod_tr_random_init(apr_pool_t *p, server_rec *s)
{
    (void)p;
    (void)s;
    ap_random_insecure_bytes(secret, sizeof(secret));
}

/* No two requests of a process have all of these. */
apr_uint64_t mod_tr_random_of(const request_rec *r)
{
    struct {
        const request_rec *r;
        apr_time_t time;
        long connection;
        long count;
    } of;

    memset(&of, 0, sizeof(of)); /* what lies between, too */
    of.r = r;
    of.time = r->request_time;
    of.connection = r->connection->id;
    of.count = r->connection->keepalives;
    return apr_siphash24(&of, sizeof(of), secret);
}

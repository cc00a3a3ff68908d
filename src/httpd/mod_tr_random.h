/* Licensed under the Apache License, Version 2.0; see LICENSE. */
/**
 * @file mod_tr_random.h
 * Random numbers for pools that choose without a key.
 */
#ifndef MOD_TR_RANDOM_H
#define MOD_TR_RANDOM_H

#include <httpd.h>

/** Hook child_init: draw the secret of this process. */
void mod_tr_random_init(apr_pool_t *p, server_rec *s);

/** The random number of a request, uniform on 64 bits: the same whenever it is
 * asked for, and another one in each request. Who does not know the secret
 * cannot foresee it. No lock is taken, and nothing allocated. */
apr_uint64_t mod_tr_random_of(const request_rec *r);

#endif /* MOD_TR_RANDOM_H */

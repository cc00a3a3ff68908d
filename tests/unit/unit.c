/* Licensed under the Apache License, Version 2.0; see LICENSE. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include <apr_general.h>
#include <apr_strings.h>

#include "unit.h"

apr_pool_t *pool;

static unsigned seed;
static apr_uint64_t state;

static void make_pool(void)
{
    apr_pool_create(&pool, NULL);
    state = seed;
}

static void destroy_pool(void)
{
    apr_pool_destroy(pool);
}

TCase *unit_case(Suite *suite, const char *name)
{
    TCase *tests = tcase_create(name);

    tcase_add_checked_fixture(tests, make_pool, destroy_pool);
    suite_add_tcase(suite, tests);
    return tests;
}

int unit_main(Suite *suite)
{
    const char *set = getenv("TR_SEED");
    SRunner *runner = srunner_create(suite);
    int failed;

    seed = set ? (unsigned)strtoul(set, NULL, 10) : (unsigned)time(NULL);
    apr_initialize();
    srunner_run_all(runner, CK_ENV);
    failed = srunner_ntests_failed(runner);
    if (failed > 0) {
        printf("again with TR_SEED=%u\n", seed);
    }
    srunner_free(runner);
    apr_terminate();
    return failed > 0;
}

typedef struct mapping_t {
    char *at;
    size_t size;
} mapping_t;

static apr_status_t unmap(void *data)
{
    mapping_t *mapping = data;

    munmap(mapping->at, mapping->size);
    return APR_SUCCESS;
}

tr_slice_t guarded_bytes(const char *bytes, apr_size_t n)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    size_t readable = (n / page + 1) * page;
    mapping_t *mapping = apr_palloc(pool, sizeof(*mapping));
    char *copy;

    mapping->size = readable + page;
    mapping->at = mmap(NULL, mapping->size, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    ck_assert_ptr_ne(mapping->at, MAP_FAILED);
    ck_assert_int_eq(mprotect(mapping->at + readable, page, PROT_NONE), 0);
    apr_pool_cleanup_register(pool, mapping, unmap, apr_pool_cleanup_null);
    copy = mapping->at + readable - n;
    memcpy(copy, bytes, n);
    return tr_slice(copy, n);
}

tr_slice_t guarded(const char *text)
{
    return text ? guarded_bytes(text, strlen(text)) : tr_slice(NULL, 0);
}

const char *guarded_string(const char *text)
{
    return guarded_bytes(text, strlen(text) + 1).p;
}

const char *text_of(tr_slice_t slice)
{
    return slice.p ? apr_pstrmemdup(pool, slice.p, slice.n) : "(none)";
}

int same_text(tr_slice_t got, const char *want)
{
    tr_slice_t wanted = tr_slice_of(want);

    return (got.p == NULL) == (want == NULL) && tr_slice_equal(got, wanted);
}

/* Knuth's linear congruential generator; its upper bits are good enough. */
unsigned unit_random(unsigned n)
{
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(state >> 33) % n;
}

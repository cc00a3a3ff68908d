/* Licensed under the Apache License, Version 2.0; see LICENSE. */
#include <apr_cstr.h>
#include <apr_strings.h>

#include "tr_ascii.h"
#include "tr_drain.h"
#include "tr_words.h"

const tr_drain_t tr_drain_default = { 65536, TR_DRAIN_ALL };

/* How many bits a suffix stands for; below 0: it is none. */
static int shift_of(const char *suffix)
{
    static const char units[] = "kKmMgG";
    const char *unit = *suffix ? strchr(units, *suffix) : NULL;

    return *suffix == '\0'      ? 0
           : unit && !suffix[1] ? 10 * (1 + (int)(unit - units) / 2)
                                : -1;
}

const char *tr_bytes_parse(apr_int64_t *bytes, const char *text)
{
    apr_size_t digits = strspn(text, "0123456789");
    int shift = shift_of(text + digits);

    if (digits == 0 || digits > 15 || shift < 0
        || apr_atoi64(text) > APR_INT64_MAX >> shift) {
        return "not a number of bytes; write it as in '4096', '64K' or '1M'";
    }
    *bytes = apr_atoi64(text) << shift;
    return NULL;
}

static const char *limit_parse(apr_int64_t *limit, const char *text)
{
    if (apr_cstr_casecmp(text, "all") == 0) {
        *limit = TR_DRAIN_ALL;
        return NULL;
    }
    return tr_bytes_parse(limit, text)
               ? "write a number of bytes, as in '64K', or 'all'"
               : NULL;
}

const char *tr_drain_parse(tr_drain_t *drain, int argc, const char *const *argv,
                           apr_pool_t *p)
{
    const char *error;

    *drain = tr_drain_default;
    if (argc == 0 || apr_cstr_casecmpn(argv[0], "h2=", 3) == 0) {
        return "a number of bytes is missing; write 'bytes|all [h2=bytes|all]'";
    }
    error = tr_words_said(argv[0], limit_parse(&drain->http1, argv[0]), p);
    if (error || argc == 1) {
        return error;
    }
    if (apr_cstr_casecmpn(argv[1], "h2=", 3) != 0) {
        return tr_words_said(argv[1],
                             "unknown word; behind the bytes stands 'h2=bytes' "
                             "or 'h2=all'",
                             p);
    }
    error = limit_parse(&drain->http2, argv[1] + 3);
    return tr_words_said(argv[error || argc < 3 ? 1 : 2],
                         error ? error
                         : argc > 2
                             ? "nothing stands behind 'h2='; leave it out"
                             : NULL,
                         p);
}

apr_int64_t tr_drain_size(apr_int64_t most, const tr_upload_t *upload)
{
    apr_int64_t limit = upload->limit > 0 ? upload->limit : TR_DRAIN_ALL;

    most = most < limit ? most : limit;
    if (upload->is_held_back || upload->length > most) {
        return 0;
    }
    if (upload->length >= 0) {
        return upload->length;
    }
    return most > 0 && most < limit ? most + 1 : most;
}

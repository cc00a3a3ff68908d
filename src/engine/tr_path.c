/* Licensed under the Apache License, Version 2.0; see LICENSE. */
#include <apr_errno.h>
#include <apr_strings.h>

#include "tr_path.h"
#include "tr_uri.h"

void tr_path_split(tr_slice_t *path, tr_slice_t *args, const char *target)
{
    static const char ends[256] = { ['\0'] = 1, ['?'] = 1, ['#'] = 1 };
    const char *begin = target, *end;

    if (*begin != '/') {
        const char *authority = strstr(target, "://");

        begin = authority ? authority + 3 : target;
        begin += authority ? strcspn(begin, "/?#") : 0;
    }
    else {
        begin += strspn(begin, "/") - 1;
    }
    for (end = begin; !ends[(unsigned char)*end]; ++end) {
    }
    if (*begin == '/') {
        *path = tr_slice(begin, (apr_size_t)(end - begin));
    }
    else {
        *path = begin == target ? tr_slice(NULL, 0) : tr_slice("/", 1);
    }
    *args = *end == '?' ? tr_slice(end + 1, strcspn(end + 1, "#"))
                        : tr_slice(NULL, 0);
}

static void fill_plain(tr_path_t *path, tr_slice_t sent)
{
    path->sent = path->raw = path->decoded = sent;
    path->flags = TR_PATH_MERGE_SLASHES; /* as most servers do */
}

int tr_path_take(tr_path_t *path, tr_slice_t normal, const char *target)
{
    if (normal.n == 0 || *normal.p != '/'
        || strncmp(target, normal.p, normal.n) != 0
        || (target[normal.n] != '\0' && target[normal.n] != '?'
            && target[normal.n] != '#')
        || memchr(normal.p, '%', normal.n)) {
        return 0;
    }
    fill_plain(path, normal);
    return 1;
}

/* Whether every '%' begins an escape, and none is NUL. */
static int is_decodable(tr_slice_t sent)
{
    const char *p = sent.p, *end = sent.p + sent.n;

    while ((p = memchr(p, '%', (apr_size_t)(end - p))) != NULL) {
        if (end - p < 3 || tr_uri_hex(p + 1) <= 0) {
            return 0;
        }
        p += 3;
    }
    return 1;
}

/* The length of the escape or byte at p. */
static apr_size_t unit_length(const char *p)
{
    return *p == '%' ? 3 : 1;
}

static int is_encoded_slash(const char *p, const char *end)
{
    return end - p > 2 && p[0] == '%' && p[1] == '2' && (p[2] | 0x20) == 'f';
}

/* The length of the slash at p, "/" or, where it counts, "%2F"; or 0. */
static apr_size_t slash_at(const char *p, const char *end, int encoded)
{
    if (p < end && *p == '/') {
        return 1;
    }
    return encoded && p < end && is_encoded_slash(p, end) ? 3 : 0;
}

/* How many dots the segment consists of, '.' or %2e: 0, 1, 2; or -1. */
static int dots_of(const char *p, const char *end)
{
    int dots = 0;

    while (p < end) {
        apr_size_t n = unit_length(p);

        if (!(*p == '.' || (n == 3 && tr_uri_hex(p + 1) == '.'))
            || ++dots > 2) {
            return -1;
        }
        p += n;
    }
    return dots;
}

/* The length of the slash that ends the first w bytes of out, or 0. */
static apr_size_t slash_before(const char *out, apr_size_t w, int encoded)
{
    if (out[w - 1] == '/') {
        return 1;
    }
    return encoded && w > 2 && is_encoded_slash(out + w - 3, out + w) ? 3 : 0;
}

/* Take the last segment and its slash off out, never the first slash. */
static apr_size_t wind_back(const char *out, apr_size_t w, int encoded)
{
    if (w > 1) {
        w -= slash_before(out, w, encoded);
        while (slash_before(out, w, encoded) == 0) {
            --w;
        }
    }
    return w;
}

/*
 * One pass of normalisation. The path is a slash and then segments, each with
 * the slash behind it; a segment is copied, skipped (".", or empty where
 * slashes merge), or takes the one before it along ("..").
 */
static apr_size_t normalize(char *out, tr_slice_t in, int merge, int encoded)
{
    const char *p = in.p + 1, *end = in.p + in.n;
    apr_size_t w = 0;

    out[w++] = '/';
    while (p < end) {
        const char *segment = p;
        apr_size_t slash, n;
        int dots;

        while (p < end && slash_at(p, end, encoded) == 0) {
            p += unit_length(p);
        }
        slash = slash_at(p, end, encoded);
        n = (apr_size_t)(p - segment);
        dots = dots_of(segment, p);
        p += slash;
        if (dots == 2) {
            w = wind_back(out, w, encoded);
        }
        else if (dots != 1 && (n > 0 || !merge)) {
            memcpy(out + w, segment, n + slash);
            w += n + slash;
        }
    }
    return w;
}

/* Decode raw into out. */
static apr_size_t decode(char *out, tr_slice_t raw, int slashes)
{
    const char *p = raw.p, *end = raw.p + raw.n;
    apr_size_t w = 0;

    while (p < end) {
        if (*p != '%' || (!slashes && is_encoded_slash(p, end))) {
            out[w++] = *p++;
        }
        else {
            out[w++] = (char)tr_uri_hex(p + 1);
            p += 3;
        }
    }
    return w;
}

/* Whether there is nothing to normalise and to decode: so it is for most. */
static int is_plain(tr_slice_t sent)
{
    const unsigned char *p = (const unsigned char *)sent.p;
    const unsigned char *end = p + sent.n;

    while (p < end) {
        unsigned char c = *p++;

        if (c <= '/' /* as '%' and '.' are, and few others */
            && (c == '%'
                || (c == '/' && p < end && (*p == '/' || *p == '.')))) {
            return 0;
        }
    }
    return 1;
}

/* httpd normalises, decodes, and where that made slashes normalises again:
 * "/a%2Fb/.." is "/", and "/a%2F../b" is "/b". */
static void normalize_and_decode(tr_path_t *path, tr_slice_t sent,
                                 apr_pool_t *p)
{
    int slashes = (path->flags & TR_PATH_DECODE_SLASHES) != 0;
    int merge = (path->flags & TR_PATH_MERGE_SLASHES) != 0;
    char *raw = apr_palloc(p, sent.n), *decoded;
    apr_size_t n = normalize(raw, sent, merge, 0);

    if (slashes) {
        char *again = apr_palloc(p, n);

        n = normalize(again, tr_slice(raw, n), merge, 1);
        raw = again;
    }
    path->raw = tr_slice(raw, n);

    decoded = apr_palloc(p, n);
    n = decode(decoded, path->raw, slashes);
    path->decoded = tr_slice(decoded, n);
}

apr_status_t tr_path_normalize(tr_path_t *path, tr_slice_t sent, int flags,
                               apr_pool_t *p)
{
    int plain = is_plain(sent);

    if (sent.n == 0 || sent.p[0] != '/' || (!plain && !is_decodable(sent))) {
        return APR_EINVAL;
    }
    fill_plain(path, sent);
    path->flags = flags;
    if (!plain) {
        normalize_and_decode(path, sent, p);
    }
    return APR_SUCCESS;
}

/* Where in raw the first offset bytes of decoded end. */
static const char *raw_at(const tr_path_t *path, apr_size_t offset)
{
    const char *p = path->raw.p, *end = path->raw.p + path->raw.n;
    int slashes = (path->flags & TR_PATH_DECODE_SLASHES) != 0;
    apr_size_t decoded = 0;

    while (decoded < offset && p < end) {
        decoded += !slashes && is_encoded_slash(p, end) ? 3 : 1;
        p += unit_length(p);
    }
    return p;
}

tr_slice_t tr_path_raw(const tr_path_t *path, apr_size_t from, apr_size_t to)
{
    const char *begin;

    if (path->raw.n == path->decoded.n) {
        return tr_slice(path->raw.p + from, to - from);
    }
    begin = raw_at(path, from);
    return tr_slice(begin, (apr_size_t)(raw_at(path, to) - begin));
}

int tr_path_keeps_slash(const tr_path_t *path)
{
    const char *p = path->raw.p, *end = path->raw.p + path->raw.n;

    if (path->raw.p == path->sent.p || (path->flags & TR_PATH_DECODE_SLASHES)) {
        return 0; /* plain, or decoded */
    }
    while ((p = memchr(p, '%', (apr_size_t)(end - p))) != NULL) {
        if (is_encoded_slash(p, end)) {
            return 1;
        }
        p += 3;
    }
    return 0;
}

int tr_path_has_dots(tr_slice_t path)
{
    const char *p = path.p, *end = path.p + path.n;

    while (p < end) {
        const char *slash = memchr(p, '/', (apr_size_t)(end - p));

        if (dots_of(p, slash ? slash : end) > 0) {
            return 1;
        }
        p = slash ? slash + 1 : end;
    }
    return 0;
}

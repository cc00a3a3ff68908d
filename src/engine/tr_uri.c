/* Licensed under the Apache License, Version 2.0; see LICENSE. */
#include "tr_uri.h"

/* One row of bits a byte, see tr_uri_set_t. */
#define V TR_URI_VALUE
#define G TR_URI_SEGMENT
#define P TR_URI_PATH
#define L TR_URI_LITERAL
#define S TR_URI_SENT_PATH
#define A TR_URI_SENT_ARGS
#define UNRES (V | G | P | L | S | A) /* unreserved */
#define PCHAR (G | P | L | S | A)     /* sub-delims ":" "@" */
#define SLASH (P | L | S | A)         /* "/" */
#define GDELM (L | S | A)             /* "?" "[" "]" "%" */
#define LOOSE (S | A)                 /* not in RFC 3986, yet sent */
#define BSLSH (A)                     /* "\" */

static const unsigned char sets[256] = {
    /* 0x00 */ 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    /* 0x10 */ 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    /* 0x20    !      "      #      $      %      &      ' */
    0, PCHAR, 0, 0, PCHAR, GDELM, PCHAR, PCHAR,
    /* 0x28 (  )      *      +      ,      -      .      / */
    PCHAR, PCHAR, PCHAR, PCHAR, PCHAR, UNRES, UNRES, SLASH,
    /* 0x30 0 to 7 */
    UNRES, UNRES, UNRES, UNRES, UNRES, UNRES, UNRES, UNRES,
    /* 0x38 8  9      :      ;      <      =      >      ? */
    UNRES, UNRES, PCHAR, PCHAR, 0, PCHAR, 0, GDELM,
    /* 0x40 @, A to G */
    PCHAR, UNRES, UNRES, UNRES, UNRES, UNRES, UNRES, UNRES, UNRES, UNRES, UNRES,
    UNRES, UNRES, UNRES, UNRES, UNRES, UNRES, UNRES, UNRES, UNRES, UNRES, UNRES,
    UNRES, UNRES,
    /* 0x58 X  Y      Z      [      \      ]      ^      _ */
    UNRES, UNRES, UNRES, GDELM, BSLSH, GDELM, LOOSE, UNRES,
    /* 0x60 `, a to g */
    LOOSE, UNRES, UNRES, UNRES, UNRES, UNRES, UNRES, UNRES, UNRES, UNRES, UNRES,
    UNRES, UNRES, UNRES, UNRES, UNRES, UNRES, UNRES, UNRES, UNRES, UNRES, UNRES,
    UNRES, UNRES,
    /* 0x78 x  y      z      {      |      }      ~      DEL */
    UNRES, UNRES, UNRES, LOOSE, LOOSE, LOOSE, UNRES, 0
    /* 0x80 to 0xff: none */
};

apr_size_t tr_uri_size(tr_slice_t in, tr_uri_set_t set)
{
    apr_size_t i, n = in.n;

    for (i = 0; i < in.n; ++i) {
        n += sets[(unsigned char)in.p[i]] & set ? 0 : 2;
    }
    return n;
}

void tr_uri_add(tr_buf_t *out, tr_slice_t in, tr_uri_set_t set)
{
    static const char digits[] = "0123456789ABCDEF";
    const unsigned char *p = (const unsigned char *)in.p, *end = p + in.n;
    char *w = out->p + out->n;
    apr_size_t room = out->size - out->n;

    if (in.n > room || (in.n * 3 > room && tr_uri_size(in, set) > room)) {
        out->full = 1;
    }
    if (out->full) {
        return;
    }
    for (; p < end; ++p) {
        if (sets[*p] & set) {
            *w++ = (char)*p;
        }
        else {
            *w++ = '%';
            *w++ = digits[*p >> 4];
            *w++ = digits[*p & 15];
        }
    }
    out->n = (apr_size_t)(w - out->p);
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

int tr_uri_hex(const char *p)
{
    int high = hex_digit(p[0]);
    int low = high < 0 ? -1 : hex_digit(p[1]);

    return low < 0 ? -1 : high << 4 | low;
}

apr_size_t tr_uri_decode(char *out, tr_slice_t in, int plus)
{
    apr_size_t i, n = 0;

    for (i = 0; i < in.n; ++i) {
        int byte = in.p[i] == '%' && in.n - i > 2 ? tr_uri_hex(in.p + i + 1)
                                                  : -1;

        if (byte >= 0) {
            out[n++] = (char)byte;
            i += 2;
        }
        else {
            out[n++] = plus && in.p[i] == '+' ? ' ' : in.p[i];
        }
    }
    return n;
}

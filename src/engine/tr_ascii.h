/* Licensed under the Apache License, Version 2.0; see LICENSE. */
/**
 * @file tr_ascii.h
 * The classes of ASCII, which those of <ctype.h> are only until some module of
 * the process calls setlocale(). What goes into a URL must not depend on that.
 * Comparison without regard to case is apr_cstr_casecmpn(), for the same
 * reason.
 */
#ifndef TR_ASCII_H
#define TR_ASCII_H

static inline int tr_is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static inline int tr_is_alpha(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static inline int tr_is_alnum(char c)
{
    return tr_is_alpha(c) || tr_is_digit(c);
}

/** Printable, and no space. */
static inline int tr_is_graph(char c)
{
    return c > ' ' && c < 0x7f;
}

static inline int tr_is_control(char c)
{
    return (unsigned char)c < ' ' || c == 0x7f;
}

static inline char tr_to_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

#endif /* TR_ASCII_H */

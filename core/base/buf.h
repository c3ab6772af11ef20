/* SPDX-License-Identifier: MIT */
/* Growable bytes, always followed by a NUL that is not counted. */
#ifndef KH_BASE_BUF_H
#define KH_BASE_BUF_H

#include <stddef.h>
#include <stdint.h>
#include <stdarg.h>

typedef struct kh_buf {
    char *data; /* "" until the first byte; never NULL after KH_BUF_INIT and one call */
    size_t len, cap;
} kh_buf;

#define KH_BUF_INIT {NULL, 0, 0}

void kh_buf_free(kh_buf *b);
void kh_buf_clear(kh_buf *b); /* length 0, memory kept */
void kh_buf_reserve(kh_buf *b, size_t more);
void kh_buf_add(kh_buf *b, const void *bytes, size_t n);
void kh_buf_str(kh_buf *b, const char *s);
void kh_buf_char(kh_buf *b, char c);
void kh_buf_printf(kh_buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void kh_buf_vprintf(kh_buf *b, const char *fmt, va_list ap) __attribute__((format(printf, 2, 0)));
void kh_buf_int(kh_buf *b, int64_t v);
const char *kh_buf_cstr(kh_buf *b);
char *kh_buf_take(kh_buf *b); /* the bytes with their NUL, now the caller's (kh_free); the buffer is empty */

#endif

/* SPDX-License-Identifier: MIT */
/*
 * Growable bytes: doubling, so that adding n bytes one by one costs O(n).
 * A NUL always follows the bytes; it is not counted in len, but in cap.
 */
#include "base/buf.h"

#include "base/mem.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

void kh_buf_free(kh_buf *b)
{
    kh_free(b->data);
    *b = (kh_buf)KH_BUF_INIT;
}

void kh_buf_clear(kh_buf *b)
{
    b->len = 0;
    if (b->data)
        b->data[0] = '\0';
}

void kh_buf_reserve(kh_buf *b, size_t more)
{
    size_t need;
    if (__builtin_add_overflow(b->len, more, &need) || __builtin_add_overflow(need, 1, &need))
        need = SIZE_MAX; /* cannot be had: the allocator ends the process and says so */
    if (need <= b->cap)
        return;
    size_t cap = b->cap ? b->cap : 32;
    while (cap < need)
        cap = cap > SIZE_MAX / 2 ? need : cap * 2;
    b->data = kh_realloc(b->data, cap, 1);
    b->cap = cap;
    b->data[b->len] = '\0';
}

void kh_buf_add(kh_buf *b, const void *bytes, size_t n)
{
    kh_buf_reserve(b, n);
    if (n)
        memcpy(b->data + b->len, bytes, n);
    b->len += n;
    b->data[b->len] = '\0';
}

void kh_buf_str(kh_buf *b, const char *s)
{
    kh_buf_add(b, s, strlen(s));
}

void kh_buf_char(kh_buf *b, char c)
{
    kh_buf_add(b, &c, 1);
}

void kh_buf_vprintf(kh_buf *b, const char *fmt, va_list ap)
{
    va_list again;
    va_copy(again, ap);
    kh_buf_reserve(b, 0);
    int n = vsnprintf(b->data + b->len, b->cap - b->len, fmt, ap);
    assert(n >= 0 && "a format that cannot be printed");
    if (n >= 0 && (size_t)n >= b->cap - b->len) {
        kh_buf_reserve(b, (size_t)n);
        n = vsnprintf(b->data + b->len, b->cap - b->len, fmt, again);
    }
    if (n > 0)
        b->len += (size_t)n;
    b->data[b->len] = '\0';
    va_end(again);
}

void kh_buf_printf(kh_buf *b, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    kh_buf_vprintf(b, fmt, ap);
    va_end(ap);
}

void kh_buf_int(kh_buf *b, int64_t v)
{
    /* By hand: the store writes whole columns of numbers through this. */
    char digits[20], *p = digits + sizeof digits;
    uint64_t u = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
    do
        *--p = (char)('0' + u % 10);
    while (u /= 10);
    if (v < 0)
        kh_buf_char(b, '-');
    kh_buf_add(b, p, (size_t)(digits + sizeof digits - p));
}

const char *kh_buf_cstr(kh_buf *b)
{
    kh_buf_reserve(b, 0);
    return b->data;
}

char *kh_buf_take(kh_buf *b)
{
    kh_buf_reserve(b, 0);
    char *data = b->data;
    *b = (kh_buf)KH_BUF_INIT;
    return data;
}

/* SPDX-License-Identifier: MIT */
/*
 * A column's cells as JSON text. Only what the store writes is read: one array,
 * no blanks, numbers as the sender wrote them, strings, null. Numbers go from
 * text to (mantissa, decimals) by hand, since this is where reading a store
 * spends its time: some 3 ns a cell.
 *
 * Anything else gives false and means a damaged store. The text ends with a NUL,
 * so that no look-ahead leaves it.
 */
#include "store/sqlite_store.h"

#include <string.h>

/* ---- writing ---- */

static char *put_digits(char *end, uint64_t u)
{
    do {
        *--end = (char)('0' + u % 10);
    } while (u /= 10);
    return end;
}

void kh_cells_add_number(kh_buf *out, int64_t m, uint8_t scale)
{
    char room[48], *end = room + sizeof room, *p = end;
    uint64_t u = m < 0 ? 0 - (uint64_t)m : (uint64_t)m;
    if (scale) {
        uint64_t whole = u / (uint64_t)kh_pow10[scale];
        char *fraction = end - scale;
        p = put_digits(end, u % (uint64_t)kh_pow10[scale]);
        while (p > fraction)
            *--p = '0';
        *--p = '.';
        u = whole;
    }
    p = put_digits(p, u);
    if (m < 0)
        *--p = '-';
    kh_buf_add(out, p, (size_t)(end - p));
}

/* ---- reading numbers ---- */

/* Digits after the 18th, where the mantissa may pass 2^63 - 1. */
static bool late_digit(int64_t *m, char c)
{
    return !__builtin_mul_overflow(*m, 10, m) && !__builtin_add_overflow(*m, c - '0', m);
}

static inline const char *read_digits(const char *p, int64_t *m, int *n)
{
    int64_t v = *m;
    int k = *n;
    for (unsigned d; (d = (unsigned)(unsigned char)*p - '0') <= 9; p++) {
        if (++k <= 18)
            v = v * 10 + (int64_t)d;
        else if (!late_digit(&v, *p))
            return NULL;
    }
    *m = v;
    *n = k;
    return p;
}

/* One number at p, or NULL. */
static inline const char *read_number(const char *p, int64_t *m, uint8_t *scale)
{
    bool minus = *p == '-';
    int n = 0;
    int64_t v = 0;
    const char *start = p += minus;
    *scale = 0;
    p = read_digits(p, &v, &n);
    if (!p || p == start)
        return NULL;
    if (*p == '.') {
        const char *point = p;
        p = read_digits(p + 1, &v, &n);
        if (!p || p == point + 1 || p - point - 1 > KH_DEC_SCALE_MAX)
            return NULL;
        *scale = (uint8_t)(p - point - 1);
    }
    *m = minus ? -v : v;
    return p;
}

bool kh_cells_numbers(const char *json, size_t n, int64_t *m, uint8_t *scale)
{
    const char *p = json;
    if (*p++ != '[')
        return false;
    for (size_t i = 0; i < n; i++) {
        if (*p == 'n') {
            if (strncmp(p, "null", 4) != 0)
                return false;
            m[i] = KH_MISSING;
            scale[i] = 0;
            p += 4;
        } else if (!(p = read_number(p, &m[i], &scale[i]))) {
            return false;
        }
        if (*p++ != (i + 1 < n ? ',' : ']'))
            return false;
    }
    return *p == '\0';
}

bool kh_cells_ints(const char *json, size_t n, int64_t missing, int64_t *out)
{
    uint8_t scale[1024];
    if (n > sizeof scale || !kh_cells_numbers(json, n, out, scale))
        return false;
    for (size_t i = 0; i < n; i++) {
        if (scale[i])
            return false;
        if (out[i] == KH_MISSING)
            out[i] = missing;
    }
    return true;
}

/* ---- reading texts ---- */

static int hex4(const char *p)
{
    int v = 0;
    for (int i = 0; i < 4; i++) {
        char c = p[i];
        int d = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
        if (d < 0)
            return -1;
        v = v * 16 + d;
    }
    return v;
}

/* What we write escapes control bytes alone, so no surrogate pairs come here. */
static const char *read_escape(const char *p, kh_buf *out)
{
    static const char from[] = "\"\\/nrtbf", to[] = "\"\\/\n\r\t\b\f";
    const char *at = *p ? strchr(from, *p) : NULL;
    if (at) {
        kh_buf_char(out, to[at - from]);
        return p + 1;
    }
    int cp = *p == 'u' ? hex4(p + 1) : -1;
    if (cp < 0 || cp >= 0x80)
        return NULL;
    kh_buf_char(out, (char)cp);
    return p + 5;
}

/* The string whose opening quote was just passed; NUL-ended in out. */
static const char *read_string(const char *p, kh_buf *out)
{
    for (;;) {
        size_t plain = strcspn(p, "\"\\");
        kh_buf_add(out, p, plain);
        p += plain;
        if (*p == '"') {
            kh_buf_char(out, '\0');
            return p + 1;
        }
        if (*p == '\0' || !(p = read_escape(p + 1, out)))
            return NULL;
    }
}

bool kh_cells_texts(const char *json, size_t n, kh_buf *room, const char **texts)
{
    static const size_t absent = SIZE_MAX;
    size_t *at = kh_zalloc(n ? n : 1, sizeof *at);
    const char *p = json;
    bool good = *p++ == '[';
    kh_buf_clear(room);
    for (size_t i = 0; good && i < n; i++) {
        at[i] = room->len;
        if (*p == '"') {
            p = read_string(p + 1, room);
        } else if (strncmp(p, "null", 4) == 0) {
            at[i] = absent;
            p += 4;
        } else { /* a number, where the measure was one before */
            size_t len = strcspn(p, ",]");
            kh_buf_add(room, p, len);
            kh_buf_char(room, '\0');
            p = len ? p + len : NULL;
        }
        good = p && *p++ == (i + 1 < n ? ',' : ']');
    }
    good = good && *p == '\0';
    for (size_t i = 0; good && i < n; i++) /* the buffer no longer moves */
        texts[i] = at[i] == absent ? NULL : room->data + at[i];
    kh_free(at);
    return good;
}

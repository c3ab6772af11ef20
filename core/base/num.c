/* SPDX-License-Identifier: MIT */
/*
 * Exact decimals: an int64 mantissa and a power of ten. Comparison goes through
 * 128 bits (2^63 * 10^18 fits), so no two decimals are ever too large to compare.
 * INT64_MIN as a mantissa means "missing", hence the least number is -(2^63 - 1).
 * How senders write numbers (grouping, decimal comma) is intake's; rounding for
 * people is report's.
 */
#include "base/num.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const int64_t kh_pow10[19] = {
    1,
    10,
    100,
    1000,
    10000,
    100000,
    1000000,
    10000000,
    100000000,
    1000000000,
    10000000000,
    100000000000,
    1000000000000,
    10000000000000,
    100000000000000,
    1000000000000000,
    10000000000000000,
    100000000000000000,
    1000000000000000000,
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Reads digits from *p on into *m; false when there is none or the number passes 2^63 - 1. */
static bool digits(const char **p, const char *end, int64_t *m)
{
    const char *start = *p;
    for (; *p < end && is_digit(**p); (*p)++)
        if (__builtin_mul_overflow(*m, 10, m) || __builtin_add_overflow(*m, **p - '0', m))
            return false;
    return *p > start;
}

bool kh_natural(const char *s, size_t n, int *out)
{
    int v = 0;
    assert(n <= 9);
    for (size_t i = 0; i < n; i++) {
        if (!is_digit(s[i]))
            return false;
        v = v * 10 + (s[i] - '0');
    }
    if (n)
        *out = v;
    return n > 0;
}

bool kh_dec_parse(const char *s, size_t n, kh_dec *out)
{
    const char *p = s, *end = s + n;
    bool minus = n > 0 && *p == '-';
    int64_t m = 0;
    ptrdiff_t scale = 0;
    p += minus;
    if (!digits(&p, end, &m))
        return false;
    if (p < end && *p == '.') {
        const char *point = p++;
        if (!digits(&p, end, &m))
            return false;
        scale = p - point - 1;
    }
    if (p != end || scale > KH_DEC_SCALE_MAX)
        return false;
    *out = (kh_dec){minus ? -m : m, (uint8_t)scale};
    return true;
}

/* 00 to 99, two letters each: half the divisions. */
static const char two_digits[] =
    "00010203040506070809"
    "10111213141516171819"
    "20212223242526272829"
    "30313233343536373839"
    "40414243444546474849"
    "50515253545556575859"
    "60616263646566676869"
    "70717273747576777879"
    "80818283848586878889"
    "90919293949596979899";

/* The last n digits of u, leading zeros too, ending before `end`. */
static char *put_last(char *end, uint64_t u, unsigned n)
{
    for (; n >= 2; n -= 2, u /= 100) {
        end -= 2;
        memcpy(end, &two_digits[u % 100 * 2], 2);
    }
    if (n)
        *--end = (char)('0' + u % 10);
    return end;
}

static unsigned digits_of(uint64_t u)
{
    unsigned bits = 64 - (unsigned)__builtin_clzll(u | 1), n = bits * 1233 >> 12; /* log10(2) is near 1233/4096 */
    return n + (u >= (uint64_t)kh_pow10[n] || n == 0);
}

/* u / 10^n; the usual ones are not divided. */
static uint64_t without_last(uint64_t u, unsigned n)
{
    switch (n) {
    case 0:
        return u;
    case 1:
        return u / 10;
    case 2:
        return u / 100;
    case 3:
        return u / 1000;
    default:
        return u / (uint64_t)kh_pow10[n];
    }
}

size_t kh_dec_format(kh_dec d, char *out)
{
    if (d.m == KH_MISSING) {
        out[0] = '\0';
        return 0;
    }
    char *at = out;
    uint64_t u = d.m < 0 ? 0 - (uint64_t)d.m : (uint64_t)d.m, by = (uint64_t)kh_pow10[d.scale], whole = without_last(u, d.scale);
    if (d.m < 0)
        *at++ = '-';
    at += digits_of(whole);
    put_last(at, whole, (unsigned)(at - out - (d.m < 0)));
    if (d.scale) {
        *at++ = '.';
        at += d.scale;
        put_last(at, u - whole * by, d.scale);
    }
    *at = '\0';
    return (size_t)(at - out);
}

double kh_dec_double(kh_dec d)
{
    const int64_t exact = (int64_t)1 << 53;
    if (d.m == KH_MISSING)
        return (double)NAN;
    if (d.scale == 0 || (d.m >= -exact && d.m <= exact))
        return (double)d.m / (double)kh_pow10[d.scale]; /* both exact: one rounding */
    char text[KH_DEC_TEXT];
    kh_dec_format(d, text);
    return strtod(text, NULL);
}

int kh_dec_cmp(kh_dec a, kh_dec b)
{
    assert(a.m != KH_MISSING && b.m != KH_MISSING);
    __int128 x = a.m, y = b.m;
    if (a.scale < b.scale)
        x *= kh_pow10[b.scale - a.scale];
    else
        y *= kh_pow10[a.scale - b.scale];
    return (x > y) - (x < y);
}

bool kh_dec_rescale(kh_dec d, uint8_t scale, kh_dec *out)
{
    int64_t m = d.m;
    if (scale > KH_DEC_SCALE_MAX)
        return false;
    if (m != KH_MISSING && scale > d.scale) {
        if (__builtin_mul_overflow(m, kh_pow10[scale - d.scale], &m))
            return false; /* -2^63, which would be missing, is no multiple of ten */
    } else if (m != KH_MISSING && scale < d.scale) {
        if (m % kh_pow10[d.scale - scale] != 0)
            return false;
        m /= kh_pow10[d.scale - scale];
    }
    *out = (kh_dec){m, scale};
    return true;
}

/*
 * With at most 15 digits v * 10^scale is off from m by less than its last two bits, and m / 10^scale, both exact, is
 * rounded once: so a decimal that is there is found, and what is found reads back.
 */
bool kh_dec_short(double v, kh_dec *out)
{
    const double most = 1e15, off = 0x1p-51;
    for (uint8_t scale = 0; scale <= 15; scale++) {
        double power = (double)kh_pow10[scale], x = v * power;
        if (!(x > -most && x < most))
            return false;
        int64_t m = (int64_t)(x < 0 ? x - 0.5 : x + 0.5);
        if (fabs(x - (double)m) <= fabs(x) * off && (double)m / power == v) {
            *out = (kh_dec){m, scale};
            return true;
        }
    }
    return false;
}

void kh_double_text(double v, char out[KH_DOUBLE_TEXT])
{
    out[0] = '\0';
    if (!isfinite(v))
        return;
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(out, KH_DOUBLE_TEXT, "%.*g", digits, v);
        if (strtod(out, NULL) == v)
            return;
    }
}

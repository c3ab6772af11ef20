/* SPDX-License-Identifier: MIT */
/*
 * UTF-8 as RFC 3629 says: no overlong forms, no surrogates, nothing beyond U+10FFFF.
 */
#include "base/points.h"
#include "base/text.h"

/* Length of the valid sequence at p (RFC 3629: no overlong forms, no surrogates), or 0. */
static size_t sequence(const unsigned char *p, size_t left, uint32_t *cp)
{
    static const uint32_t least[5] = {0, 0, 0x80, 0x800, 0x10000};
    size_t n = p[0] < 0x80 ? 1 : (p[0] & 0xE0) == 0xC0 ? 2 : (p[0] & 0xF0) == 0xE0 ? 3 : (p[0] & 0xF8) == 0xF0 ? 4 : 0;
    if (n == 0 || n > left)
        return 0;
    uint32_t c = n == 1 ? p[0] : p[0] & (0x7Fu >> n);
    for (size_t i = 1; i < n; i++) {
        if ((p[i] & 0xC0) != 0x80)
            return 0;
        c = c << 6 | (p[i] & 0x3Fu);
    }
    if (c < least[n] || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF))
        return 0;
    *cp = c;
    return n;
}

bool kh_utf8_valid(const char *s, size_t n, size_t *bad_at)
{
    uint32_t cp;
    for (size_t i = 0; i < n;) {
        size_t k = (unsigned char)s[i] < 0x80 ? 1 : sequence((const unsigned char *)s + i, n - i, &cp);
        if (k == 0) {
            if (bad_at)
                *bad_at = i;
            return false;
        }
        i += k;
    }
    return true;
}

uint32_t kh_utf8_next(const char **p, const char *end)
{
    uint32_t cp = KH_REPLACEMENT;
    size_t k = sequence((const unsigned char *)*p, (size_t)(end - *p), &cp);
    *p += k ? k : 1;
    return cp;
}

size_t kh_utf8_put(uint32_t cp, char out[4])
{
    if (cp > 0x10FFFF || (cp >= 0xD800 && cp <= 0xDFFF))
        cp = KH_REPLACEMENT;
    if (cp < 0x80) {
        out[0] = (char)cp;
        return 1;
    }
    size_t n = cp < 0x800 ? 2 : cp < 0x10000 ? 3 : 4;
    for (size_t i = n; --i > 0; cp >>= 6)
        out[i] = (char)(0x80 | (cp & 0x3F));
    static const unsigned char lead[5] = {0, 0, 0xC0, 0xE0, 0xF0};
    out[0] = (char)(lead[n] | cp);
    return n;
}

/* SPDX-License-Identifier: MIT */
/*
 * What a terminal shows: columns, prefixes that fit, and control bytes made
 * visible, so that no text from outside can move a cursor or forge a line.
 */
#include "base/buf.h"
#include "base/points.h"
#include "base/text.h"

#include <utf8proc.h>

static size_t columns_of(uint32_t cp)
{
    if (cp < 0x7F)
        return cp >= ' ';
    int width = utf8proc_charwidth((int32_t)cp);
    return width > 0 ? (size_t)width : 0;
}

size_t kh_text_width(const char *s, size_t n)
{
    size_t width = 0;
    for (const char *p = s, *end = s + n; p < end;)
        width += columns_of(kh_utf8_next(&p, end));
    return width;
}

size_t kh_text_fit(const char *s, size_t n, size_t width)
{
    const char *p = s, *end = s + n;
    while (p < end) {
        const char *next = p;
        size_t w = columns_of(kh_utf8_next(&next, end));
        if (w > width)
            break;
        width -= w;
        p = next;
    }
    return (size_t)(p - s);
}

/* What could move the cursor, change colours or turn the direction of writing. */
static bool is_hostile(uint32_t cp)
{
    return cp < ' ' || (cp >= 0x7F && cp < 0xA0) || (cp >= 0x2028 && cp <= 0x202E) || (cp >= 0x2066 && cp <= 0x2069) ||
           cp == 0x200E || cp == 0x200F;
}

char *kh_text_visible(const char *s, size_t n, bool multiline)
{
    kh_buf out = KH_BUF_INIT;
    kh_buf_reserve(&out, n);
    for (const char *p = s, *end = s + n; p < end;) {
        const char *at = p;
        uint32_t cp = kh_utf8_next(&p, end);
        bool broken = cp == KH_REPLACEMENT && p - at == 1;
        if (broken || (cp < 0x80 && is_hostile(cp) && !(multiline && (cp == '\n' || cp == '\t'))))
            kh_buf_printf(&out, "\\x%02x", (unsigned char)*at);
        else if (cp >= 0x80 && is_hostile(cp))
            kh_buf_printf(&out, "\\u%04x", cp);
        else
            kh_buf_add(&out, at, (size_t)(p - at));
    }
    return kh_buf_take(&out);
}

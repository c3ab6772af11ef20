/* SPDX-License-Identifier: MIT */
/*
 * Code points: decoding with normal forms, what kind a code point is, lower
 * case, and where a Vietnamese tone stands.
 *
 * Tone placement. In an open syllable that ends in oa, oe or uy the tone is
 * written on the first vowel by the old rule (hòa, khỏe, thúy) and on the
 * second by the new one (hoà, khoẻ, thuý). Settling moves it to the second:
 * that leaves quý alone, where u belongs to the consonant, and every syllable
 * with a final letter (hoàng, hoài, khuỷu), which both rules write alike.
 */
#include "base/points.h"

#include "base/mem.h"
#include "base/text.h"

#include <string.h>
#include <utf8proc.h>

void kh_points_free(kh_points *p)
{
    if (p->at != p->few)
        kh_free(p->at);
}

static void points_room(kh_points *p, size_t n)
{
    p->at = n <= sizeof p->few / sizeof *p->few ? p->few : kh_realloc(NULL, n, sizeof *p->at);
    p->n = 0;
}

static int combining_class(int32_t cp)
{
    return utf8proc_get_property(cp)->combining_class;
}

/*
 * Sorts the combining marks of each letter by class, as NFC asks. No writing
 * has more than a few; a run beyond 30 (the limit of Unicode's stream-safe
 * text) is left as it came, or a hostile cell would cost quadratic time.
 */
static void sort_marks(kh_points *p)
{
    size_t start = 0;
    for (size_t i = 0; i < p->n; i++) {
        int class = combining_class(p->at[i]);
        if (class == 0) {
            start = i + 1;
            continue;
        }
        int32_t mark = p->at[i];
        size_t j = i;
        for (; j > start && i - start < 30 && combining_class(p->at[j - 1]) > class; j--)
            p->at[j] = p->at[j - 1];
        p->at[j] = mark;
    }
}

/* Soft hyphen, zero-width blanks, marks of direction, BOM: what is not seen must not decide. */
static bool is_unseen(uint32_t cp)
{
    return cp == 0xAD || cp == 0x180E || (cp >= 0x200B && cp <= 0x200F) || (cp >= 0x202A && cp <= 0x202E) ||
           (cp >= 0x2060 && cp <= 0x2064) || (cp >= 0x2066 && cp <= 0x2069) || cp == 0xFEFF;
}

/* In normal form whatever stands beside it, and nearly all there is in Vietnamese texts. */
static bool is_settled(uint32_t cp)
{
    return cp < 0x300 || (cp >= 0x1E00 && cp <= 0x1EFF) || (cp >= 0x2010 && cp <= 0x2027);
}

/* The short way, for text that is composed already; false (and nothing read) if it is not. */
static bool read_settled(kh_points *p, const char *s, size_t n, unsigned how)
{
    for (const char *at = s, *end = s + n; at < end;) {
        unsigned char c = (unsigned char)*at;
        uint32_t cp = c < 0x80 ? (at++, c) : kh_utf8_next(&at, end);
        if (!is_settled(cp) || ((how & KH_APART) && cp >= 0xC0)) {
            p->n = 0;
            return false;
        }
        if (!(how & KH_SEEN) || !is_unseen(cp))
            p->at[p->n++] = cp ? (int32_t)cp : KH_REPLACEMENT;
    }
    return true;
}

/* Decodes into NFC (or, with KH_APART, NFD), with KH_SEEN without what is not seen. Invalid bytes and NUL come as U+FFFD. */
void kh_points_read(kh_points *p, const char *s, size_t n, unsigned how)
{
    const utf8proc_option_t options = UTF8PROC_STABLE | (how & KH_APART ? UTF8PROC_DECOMPOSE : UTF8PROC_COMPOSE);
    int last_class = 0;
    points_room(p, n * 2); /* nothing comes apart into more than 2 code points a byte */
    if (read_settled(p, s, n, how))
        return;
    for (const char *at = s, *end = s + n; at < end;) {
        uint32_t cp = kh_utf8_next(&at, end);
        utf8proc_ssize_t k = 1;
        if ((how & KH_SEEN) && is_unseen(cp))
            continue;
        p->at[p->n] = cp ? (int32_t)cp : KH_REPLACEMENT;
        if (cp >= 0x80)
            k = utf8proc_decompose_char((int32_t)cp, p->at + p->n, 4, options, &last_class);
        p->n += k >= 1 && k <= 4 ? (size_t)k : 1;
    }
    sort_marks(p);
    utf8proc_ssize_t m = utf8proc_normalize_utf32(p->at, (utf8proc_ssize_t)p->n, options);
    if (m >= 0)
        p->n = (size_t)m;
}

char *kh_points_text(const kh_points *p)
{
    size_t size = 0;
    for (size_t i = 0; i < p->n; i++)
        size += p->at[i] < 0x80 ? 1 : p->at[i] < 0x800 ? 2 : p->at[i] < 0x10000 ? 3 : 4;
    char *text = kh_alloc(size + 1), *out = text;
    for (size_t i = 0; i < p->n; i++) {
        if (p->at[i] < 0x80) {
            *out++ = (char)p->at[i];
            continue;
        }
        char bytes[4];
        size_t k = kh_utf8_put((uint32_t)p->at[i], bytes);
        memcpy(out, bytes, k);
        out += k;
    }
    *out = '\0';
    return text;
}

bool kh_is_letter_looked_up(int32_t cp)
{
    utf8proc_category_t c = utf8proc_category(cp);
    return c >= UTF8PROC_CATEGORY_LU && c <= UTF8PROC_CATEGORY_LO;
}

bool kh_is_mark_looked_up(int32_t cp)
{
    utf8proc_category_t c = utf8proc_category(cp);
    return c >= UTF8PROC_CATEGORY_MN && c <= UTF8PROC_CATEGORY_ME;
}

bool kh_is_blank_looked_up(int32_t cp)
{
    utf8proc_category_t c = utf8proc_category(cp);
    return c == UTF8PROC_CATEGORY_CC || (c >= UTF8PROC_CATEGORY_ZS && c <= UTF8PROC_CATEGORY_ZP);
}

int32_t kh_lower_looked_up(int32_t cp)
{
    /* The Icelandic and African D look like Đ, and converters from old Vietnamese fonts emit them for it. */
    if (cp == 0xD0 || cp == 0xF0 || cp == 0x189 || cp == 0x256)
        return 0x111;
    return utf8proc_tolower(cp);
}

/* The vowels of moving tones, in lower case: plain, grave, hook, tilde, acute, dot below. */
static const int32_t vowels[5][KH_TONES] = {
    {'a', 0xE0, 0x1EA3, 0xE3, 0xE1, 0x1EA1},
    {'e', 0xE8, 0x1EBB, 0x1EBD, 0xE9, 0x1EB9},
    {'o', 0xF2, 0x1ECF, 0xF5, 0xF3, 0x1ECD},
    {'u', 0xF9, 0x1EE7, 0x169, 0xFA, 0x1EE5},
    {'y', 0x1EF3, 0x1EF7, 0x1EF9, 0xFD, 0x1EF5},
};

/* The tone (1..5) that `cp` carries as a vowel of `row`, or 0. */
static int tone_in(const int32_t row[KH_TONES], int32_t cp)
{
    for (int t = 1; t < KH_TONES; t++)
        if (row[t] == cp)
            return t;
    return 0;
}

/* Moves the tone of hòa, khỏe, thúy to hoà, khoẻ, thuý. Lower case only. */
void kh_settle_tones(int32_t *at, size_t n)
{
    static const unsigned char pairs[3][2] = {{2, 0}, {2, 1}, {3, 4}}; /* oa, oe, uy as rows of vowels */
    for (size_t i = 0; i + 1 < n; i++) {
        if (at[i] < 0x80 || (i + 2 < n && (kh_is_letter(at[i + 2]) || kh_is_mark(at[i + 2]))))
            continue;
        for (size_t k = 0; k < 3; k++) {
            const int32_t *first = vowels[pairs[k][0]], *second = vowels[pairs[k][1]];
            int tone = at[i + 1] == second[0] ? tone_in(first, at[i]) : 0;
            if (tone) {
                at[i] = first[0];
                at[i + 1] = second[tone];
                break;
            }
        }
    }
}

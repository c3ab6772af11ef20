/* SPDX-License-Identifier: MIT */
/*
 * UTF-8 and Vietnamese, on arrays of code points: a string is decoded and
 * composed (NFC) once, folded in place, and encoded once.
 *
 * Tone placement. In an open syllable that ends in oa, oe or uy the tone is
 * written on the first vowel by the old rule (hòa, khỏe, thúy) and on the
 * second by the new one (hoà, khoẻ, thuý). Folding moves it to the second:
 * that leaves quý alone, where u belongs to the consonant, and every syllable
 * with a final letter (hoàng, hoài, khuỷu), which both rules write alike.
 *
 * A NUL inside a string becomes U+FFFD (or a blank in a key), because results
 * end at their NUL. Costs are linear; kh_text_distance is quadratic.
 */
#include "base/text.h"

#include "base/buf.h"
#include "base/mem.h"

#include <string.h>
#include <utf8proc.h>

enum { REPLACEMENT = 0xFFFD };

/* ---- UTF-8 ---- */

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
    uint32_t cp = REPLACEMENT;
    size_t k = sequence((const unsigned char *)*p, (size_t)(end - *p), &cp);
    *p += k ? k : 1;
    return cp;
}

size_t kh_utf8_put(uint32_t cp, char out[4])
{
    if (cp > 0x10FFFF || (cp >= 0xD800 && cp <= 0xDFFF))
        cp = REPLACEMENT;
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

/* ---- code points ---- */

typedef struct points {
    int32_t *at;
    size_t n;
    int32_t few[256]; /* names are short: most never touch the heap */
} points;

static void points_free(points *p)
{
    if (p->at != p->few)
        kh_free(p->at);
}

static void points_room(points *p, size_t n)
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
static void sort_marks(points *p)
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

enum { COMPOSED = 0, APART = 1, SEEN = 2 };

/* In normal form whatever stands beside it, and nearly all there is in Vietnamese texts. */
static bool is_settled(uint32_t cp)
{
    return cp < 0x300 || (cp >= 0x1E00 && cp <= 0x1EFF) || (cp >= 0x2010 && cp <= 0x2027);
}

/* The short way, for text that is composed already; false (and nothing read) if it is not. */
static bool read_settled(points *p, const char *s, size_t n, unsigned how)
{
    for (const char *at = s, *end = s + n; at < end;) {
        unsigned char c = (unsigned char)*at;
        uint32_t cp = c < 0x80 ? (at++, c) : kh_utf8_next(&at, end);
        if (!is_settled(cp) || ((how & APART) && cp >= 0xC0)) {
            p->n = 0;
            return false;
        }
        if (!(how & SEEN) || !is_unseen(cp))
            p->at[p->n++] = cp ? (int32_t)cp : REPLACEMENT;
    }
    return true;
}

/* Decodes into NFC (or, with APART, NFD), with SEEN without what is not seen. Invalid bytes and NUL come as U+FFFD. */
static void points_read(points *p, const char *s, size_t n, unsigned how)
{
    const utf8proc_option_t options = UTF8PROC_STABLE | (how & APART ? UTF8PROC_DECOMPOSE : UTF8PROC_COMPOSE);
    int last_class = 0;
    points_room(p, n * 2); /* nothing comes apart into more than 2 code points a byte */
    if (read_settled(p, s, n, how))
        return;
    for (const char *at = s, *end = s + n; at < end;) {
        uint32_t cp = kh_utf8_next(&at, end);
        utf8proc_ssize_t k = 1;
        if ((how & SEEN) && is_unseen(cp))
            continue;
        p->at[p->n] = cp ? (int32_t)cp : REPLACEMENT;
        if (cp >= 0x80)
            k = utf8proc_decompose_char((int32_t)cp, p->at + p->n, 4, options, &last_class);
        p->n += k >= 1 && k <= 4 ? (size_t)k : 1;
    }
    sort_marks(p);
    utf8proc_ssize_t m = utf8proc_normalize_utf32(p->at, (utf8proc_ssize_t)p->n, options);
    if (m >= 0)
        p->n = (size_t)m;
}

static char *points_text(const points *p)
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

char *kh_text_nfc(const char *s, size_t n)
{
    points p;
    points_read(&p, s, n, COMPOSED);
    char *text = points_text(&p);
    points_free(&p);
    return text;
}

/* ---- folding ---- */

static utf8proc_category_t category(int32_t cp)
{
    return utf8proc_category(cp);
}

static bool is_digit(int32_t cp)
{
    return cp >= '0' && cp <= '9';
}

/* Letters that need not be looked up: those of Vietnamese and its neighbours. */
static bool is_latin(int32_t cp)
{
    return (cp >= 0xC0 && cp <= 0x24F && cp != 0xD7 && cp != 0xF7) || (cp >= 0x1E00 && cp <= 0x1EFF);
}

static bool is_letter(int32_t cp)
{
    return is_latin(cp) || (cp >= 'a' && cp <= 'z') || (cp >= 'A' && cp <= 'Z') ||
           (cp >= 0x80 && category(cp) >= UTF8PROC_CATEGORY_LU && category(cp) <= UTF8PROC_CATEGORY_LO);
}

static bool is_mark(int32_t cp)
{
    return cp >= 0x300 && !is_latin(cp) && category(cp) >= UTF8PROC_CATEGORY_MN && category(cp) <= UTF8PROC_CATEGORY_ME;
}

static bool is_blank(int32_t cp)
{
    return cp <= ' ' || cp == 0x7F ||
           (cp >= 0x80 && !is_latin(cp) && (category(cp) == UTF8PROC_CATEGORY_CC || (category(cp) >= UTF8PROC_CATEGORY_ZS && category(cp) <= UTF8PROC_CATEGORY_ZP)));
}

static bool is_hyphen(int32_t cp)
{
    return cp == '-' || (cp >= 0x2010 && cp <= 0x2015);
}

static int32_t lower(int32_t cp)
{
    if (cp < 0x80)
        return cp >= 'A' && cp <= 'Z' ? cp + ('a' - 'A') : cp;
    /* The Icelandic and African D look like Đ, and converters from old Vietnamese fonts emit them for it. */
    if (cp == 0xD0 || cp == 0xF0 || cp == 0x189 || cp == 0x256)
        return 0x111;
    return utf8proc_tolower(cp);
}

/* The vowels of moving tones, in lower case: plain, grave, hook, tilde, acute, dot below. */
enum { TONES = 6 };
static const int32_t vowels[5][TONES] = {
    {'a', 0xE0, 0x1EA3, 0xE3, 0xE1, 0x1EA1},
    {'e', 0xE8, 0x1EBB, 0x1EBD, 0xE9, 0x1EB9},
    {'o', 0xF2, 0x1ECF, 0xF5, 0xF3, 0x1ECD},
    {'u', 0xF9, 0x1EE7, 0x169, 0xFA, 0x1EE5},
    {'y', 0x1EF3, 0x1EF7, 0x1EF9, 0xFD, 0x1EF5},
};

/* The tone (1..5) that `cp` carries as a vowel of `row`, or 0. */
static int tone_in(const int32_t row[TONES], int32_t cp)
{
    for (int t = 1; t < TONES; t++)
        if (row[t] == cp)
            return t;
    return 0;
}

/* Moves the tone of hòa, khỏe, thúy to hoà, khoẻ, thuý. Lower case only. */
static void settle_tones(int32_t *at, size_t n)
{
    static const unsigned char pairs[3][2] = {{2, 0}, {2, 1}, {3, 4}}; /* oa, oe, uy as rows of vowels */
    for (size_t i = 0; i + 1 < n; i++) {
        if (at[i] < 0x80 || (i + 2 < n && (is_letter(at[i + 2]) || is_mark(at[i + 2]))))
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

/*
 * A dot or hyphen between words is a blank (TP.HCM, Bà Rịa - Vũng Tàu); inside
 * a number (1.2, 2018-03) and as its sign (-5) it means something and stays.
 */
static bool is_joint(const points *p, size_t i)
{
    int32_t cp = p->at[i];
    if (cp != '.' && !is_hyphen(cp))
        return false;
    if (i + 1 == p->n || !is_digit(p->at[i + 1]))
        return true;
    return i > 0 && !is_blank(p->at[i - 1]) && !is_digit(p->at[i - 1]);
}

/* Lower case, one blank where there were any, joints, tones: in place. */
static void fold(points *p)
{
    size_t n = 0;
    bool gap = false;
    for (size_t i = 0; i < p->n; i++) {
        int32_t cp = p->at[i];
        if (is_blank(cp) || is_joint(p, i)) {
            gap = n > 0;
            continue;
        }
        int32_t low = lower(cp);
        /* The write stays behind the read: a gap stands for at least one code point that was dropped. */
        if (gap)
            p->at[n++] = ' ';
        gap = false;
        p->at[n++] = low;
    }
    p->n = n;
    settle_tones(p->at, n);
}

static void points_key(points *p, const char *s, size_t n)
{
    points_read(p, s, n, COMPOSED | SEEN);
    fold(p);
}

char *kh_text_key(const char *s, size_t n)
{
    points p;
    points_key(&p, s, n);
    char *text = points_text(&p);
    points_free(&p);
    return text;
}

static int32_t bare_letter(int32_t cp)
{
    return cp == 0x111 ? 'd' : cp;
}

char *kh_text_bare(const char *s, size_t n)
{
    char *key = kh_text_key(s, n);
    points p;
    points_read(&p, key, strlen(key), APART);
    size_t m = 0;
    for (size_t i = 0; i < p.n; i++)
        if (!is_mark(p.at[i]))
            p.at[m++] = bare_letter(p.at[i]);
    p.n = m;
    fold(&p); /* a mark may have stood alone between blanks */
    char *text = points_text(&p);
    points_free(&p);
    kh_free(key);
    return text;
}

/* ---- what a terminal shows ---- */

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
        bool broken = cp == REPLACEMENT && p - at == 1;
        if (broken || (cp < 0x80 && is_hostile(cp) && !(multiline && (cp == '\n' || cp == '\t'))))
            kh_buf_printf(&out, "\\x%02x", (unsigned char)*at);
        else if (cp >= 0x80 && is_hostile(cp))
            kh_buf_printf(&out, "\\u%04x", cp);
        else
            kh_buf_add(&out, at, (size_t)(p - at));
    }
    return kh_buf_take(&out);
}

/* ---- nearness ---- */

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

/* Optimal string alignment: three rows of the table are kept. */
static unsigned distance(const points *a, const points *b)
{
    size_t w = b->n + 1;
    unsigned *rows = kh_zalloc(3 * w, sizeof *rows), *before = rows, *last = rows + w, *now = rows + 2 * w;
    for (size_t j = 0; j < w; j++)
        last[j] = (unsigned)j;
    for (size_t i = 1; i <= a->n; i++) {
        now[0] = (unsigned)i;
        for (size_t j = 1; j < w; j++) {
            unsigned swap_or_same = last[j - 1] + (a->at[i - 1] != b->at[j - 1]);
            now[j] = least(swap_or_same, least(last[j], now[j - 1]) + 1);
            if (i > 1 && j > 1 && a->at[i - 1] == b->at[j - 2] && a->at[i - 2] == b->at[j - 1])
                now[j] = least(now[j], before[j - 2] + 1);
        }
        unsigned *spare = before;
        before = last;
        last = now;
        now = spare;
    }
    unsigned d = last[w - 1];
    kh_free(rows);
    return d;
}

unsigned kh_text_distance(const char *a, const char *b, unsigned limit)
{
    points p, q;
    points_read(&p, a, strlen(a), COMPOSED);
    points_read(&q, b, strlen(b), COMPOSED);
    size_t gap = p.n > q.n ? p.n - q.n : q.n - p.n;
    unsigned d = gap > limit ? limit + 1 : distance(&p, &q);
    points_free(&p);
    points_free(&q);
    return d > limit ? limit + 1 : d;
}

static size_t count_points(const char *s)
{
    size_t n = 0;
    for (const char *end = s + strlen(s); s < end; n++)
        kh_utf8_next(&s, end);
    return n;
}

int kh_text_nearest(const char *s, const char *const *names, size_t n)
{
    char *mine = kh_text_bare(s, strlen(s));
    size_t len = count_points(mine);
    /* A third of the letters may differ: more than that is another word. */
    unsigned limit = len < 2 ? 0 : len < 6 ? 1 : (unsigned)(len / 3);
    int nearest = -1;
    for (size_t i = 0; i < n; i++) {
        char *other = kh_text_bare(names[i], strlen(names[i]));
        unsigned d = kh_text_distance(mine, other, limit);
        kh_free(other);
        if (d > limit)
            continue;
        nearest = (int)i;
        if (d == 0)
            break;
        limit = d - 1; /* from here on only a nearer one */
    }
    kh_free(mine);
    return nearest;
}

/* ---- order ---- */

/* One letter of a word: which it is, then its tone, then its case. */
typedef struct letter {
    uint32_t primary;
    uint8_t tone, upper;
} letter;

/* Marks as NFD writes them. The order of tones: ngang, huyền, hỏi, ngã, sắc, nặng. */
static uint8_t tone_of(int32_t mark)
{
    static const int32_t tones[TONES] = {0, 0x300, 0x309, 0x303, 0x301, 0x323};
    for (unsigned t = 1; t < TONES; t++)
        if (tones[t] == mark)
            return (uint8_t)t;
    return 0;
}

/* Blank < other signs < digits < a ă â b c d đ e ê ... z < other letters. */
static uint32_t primary_of(int32_t cp)
{
    enum { SIGNS = 1, DIGITS = 0x10000000, LETTERS = 0x20000000, OTHERS = 0x30000000 };
    if (cp == ' ')
        return 0;
    if (is_digit(cp))
        return (uint32_t)(DIGITS + cp);
    if (cp >= 'a' && cp <= 'z')
        return (uint32_t)(LETTERS + 4 * (cp - 'a'));
    if (cp == 0x111)
        return LETTERS + 4 * ('d' - 'a') + 1;
    return (uint32_t)((is_letter(cp) ? OTHERS : SIGNS) + cp);
}

/* What breve, circumflex and horn add to a letter: ă < â and ô < ơ. */
static uint32_t step_of(int32_t mark)
{
    return mark == 0x306 ? 1 : mark == 0x302 ? 2 : mark == 0x31B ? 3 : 0;
}

/* The letter that a lower-case code point is, with the marks that it has in itself. */
static letter analysed(int32_t cp)
{
    char bytes[4];
    points q;
    size_t len = kh_utf8_put((uint32_t)cp, bytes);
    points_read(&q, bytes, len, APART);
    letter l = {primary_of(q.at[0]), 0, 0};
    for (size_t k = 1; k < q.n; k++) {
        l.primary += step_of(q.at[k]);
        if (tone_of(q.at[k]))
            l.tone = tone_of(q.at[k]);
    }
    return l;
}

static letter letter_of(int32_t cp)
{
    /* Sorting asks for the same few letters again and again. */
    static letter known[0x2000];
    static bool is_known[0x2000];
    if (cp < 0x80 || (cp >= 0xAC00 && cp <= 0xD7A3)) /* Hangul comes apart into letters, not marks */
        return (letter){primary_of(cp), 0, 0};
    if (cp >= 0x2000)
        return analysed(cp);
    if (!is_known[cp]) {
        known[cp] = analysed(cp);
        is_known[cp] = true;
    }
    return known[cp];
}

typedef struct word {
    letter *at;
    size_t n;
    letter few[64];
} word;

static void word_free(word *w)
{
    if (w->at != w->few)
        kh_free(w->at);
}

static void word_read(word *w, const char *s)
{
    points p;
    points_read(&p, s, strlen(s), COMPOSED);
    const size_t n = p.n;
    w->at = n <= sizeof w->few / sizeof *w->few ? w->few : kh_zalloc(n, sizeof *w->at);
    w->n = 0;
    for (size_t i = 0; i < n; i++) {
        int32_t low = lower(p.at[i]);
        w->at[i].upper = low != p.at[i];
        p.at[i] = low;
    }
    settle_tones(p.at, n); /* moves tones, never the number of code points */
    for (size_t i = 0; i < n; i++) {
        uint8_t upper = w->at[i].upper;
        if (w->n > 0 && is_mark(p.at[i])) { /* one that composes with nothing */
            letter *l = &w->at[w->n - 1];
            l->primary += step_of(p.at[i]);
            if (tone_of(p.at[i]))
                l->tone = tone_of(p.at[i]);
            continue;
        }
        w->at[w->n] = letter_of(p.at[i]);
        w->at[w->n++].upper = upper;
    }
    points_free(&p);
}

static int three_way(size_t a, size_t b)
{
    return (a > b) - (a < b);
}

static int compare_words(const word *a, const word *b)
{
    size_t n = a->n < b->n ? a->n : b->n;
    for (size_t i = 0; i < n; i++)
        if (a->at[i].primary != b->at[i].primary)
            return three_way(a->at[i].primary, b->at[i].primary);
    if (a->n != b->n)
        return three_way(a->n, b->n);
    for (size_t i = 0; i < n; i++)
        if (a->at[i].tone != b->at[i].tone)
            return three_way(a->at[i].tone, b->at[i].tone);
    for (size_t i = 0; i < n; i++)
        if (a->at[i].upper != b->at[i].upper)
            return three_way(a->at[i].upper, b->at[i].upper);
    return 0;
}

int kh_text_compare(const char *a, const char *b)
{
    if (strcmp(a, b) == 0)
        return 0;
    word x, y;
    word_read(&x, a);
    word_read(&y, b);
    int order = compare_words(&x, &y);
    word_free(&x);
    word_free(&y);
    /* Equal words spelt with other bytes still have one order, so that sorting gives the same result every time. */
    return order ? order : strcmp(a, b);
}

/* SPDX-License-Identifier: MIT */
/*
 * The order of Vietnamese words. Three levels, each over the whole text before
 * the next is asked: letters (a ă â b c d đ ...), tones (ngang, huyền, hỏi, ngã,
 * sắc, nặng), case. Both placements of a tone are the same tone.
 */
#include "base/mem.h"
#include "base/points.h"
#include "base/text.h"

#include <string.h>

/* One letter of a word: which it is, then its tone, then its case. */
typedef struct letter {
    uint32_t primary;
    uint8_t tone, upper;
} letter;

/* Marks as NFD writes them. The order of tones: ngang, huyền, hỏi, ngã, sắc, nặng. */
static uint8_t tone_of(int32_t mark)
{
    static const int32_t tones[KH_TONES] = {0, 0x300, 0x309, 0x303, 0x301, 0x323};
    for (unsigned t = 1; t < KH_TONES; t++)
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
    if (kh_is_digit(cp))
        return (uint32_t)(DIGITS + cp);
    if (cp >= 'a' && cp <= 'z')
        return (uint32_t)(LETTERS + 4 * (cp - 'a'));
    if (cp == 0x111)
        return LETTERS + 4 * ('d' - 'a') + 1;
    return (uint32_t)((kh_is_letter(cp) ? OTHERS : SIGNS) + cp);
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
    kh_points q;
    size_t len = kh_utf8_put((uint32_t)cp, bytes);
    kh_points_read(&q, bytes, len, KH_APART);
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
    kh_points p;
    kh_points_read(&p, s, strlen(s), KH_COMPOSED);
    const size_t n = p.n;
    w->at = n <= sizeof w->few / sizeof *w->few ? w->few : kh_zalloc(n, sizeof *w->at);
    w->n = 0;
    for (size_t i = 0; i < n; i++) {
        int32_t low = kh_lower(p.at[i]);
        w->at[i].upper = low != p.at[i];
        p.at[i] = low;
    }
    kh_settle_tones(p.at, n); /* moves tones, never the number of code points */
    for (size_t i = 0; i < n; i++) {
        uint8_t upper = w->at[i].upper;
        if (w->n > 0 && kh_is_mark(p.at[i])) { /* one that composes with nothing */
            letter *l = &w->at[w->n - 1];
            l->primary += step_of(p.at[i]);
            if (tone_of(p.at[i]))
                l->tone = tone_of(p.at[i]);
            continue;
        }
        w->at[w->n] = letter_of(p.at[i]);
        w->at[w->n++].upper = upper;
    }
    kh_points_free(&p);
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

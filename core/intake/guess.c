/* SPDX-License-Identifier: MIT */
/*
 * Which encoding a file has. Valid UTF-8 with letters beyond ASCII is UTF-8, for
 * no other encoding looks like it by chance. Otherwise each candidate decodes a
 * sample, and the words that hold a letter beyond ASCII are counted: how many are
 * Vietnamese syllables? In the right encoding nearly all are, in a wrong one
 * few. Where two come out alike, the words that the file must hold (headings,
 * unit names) decide; where they do not either, nothing is decided.
 */
#include "intake/stages.h"

#include "base/mem.h"
#include "base/text.h"

#include <string.h>

enum { SAMPLE = 128 << 10, WORD = 64 };

typedef struct tally { size_t words, valid, hits; } tally;

/* What stands between words: signs, blanks, dashes; not letters that are out of place. */
static bool between_words(uint32_t cp)
{
    if (cp < 0x80)
        return !((cp >= 'A' && cp <= 'Z') || (cp >= 'a' && cp <= 'z'));
    return cp < 0xC0 || cp == 0xD7 || cp == 0xF7 || (cp >= 0x2000 && cp < 0x2E00) || cp == 0xFEFF;
}

static void judge(tally *t, const uint32_t *word, size_t n, const kh_map *known)
{
    char text[WORD * 4];
    size_t len = 0;
    t->words++;
    if (n > KH_SYLLABLE_MOST || !kh_syllable(word, n))
        return;
    t->valid++;
    for (size_t i = 0; i < n; i++)
        len += kh_utf8_put(word[i], text + len);
    if (known && kh_map_get(known, text, len) != KH_NONE)
        t->hits++;
}

static tally count_words(const char *s, size_t n, const kh_map *known)
{
    tally t = {0, 0, 0};
    uint32_t word[WORD];
    size_t k = 0;
    bool accented = false;
    for (const char *p = s, *end = s + n; p <= end;) {
        uint32_t cp = p < end ? kh_utf8_next(&p, end) : (p++, (uint32_t)' ');
        if (!between_words(cp)) {
            if (k < WORD)
                word[k++] = kh_viet_lower(cp);
            accented |= cp >= 0x80;
            continue;
        }
        if (accented)
            judge(&t, word, k, known);
        k = 0;
        accented = false;
    }
    return t;
}

static size_t first_high(const char *s, size_t n)
{
    size_t i = 0;
    while (i < n && (unsigned char)s[i] < 0x80)
        i++;
    return i;
}

/* ---- UTF-8 ---- */

/* *first: offset of the first byte that is no UTF-8; n if there is none. */
static void count_utf8(const char *s, size_t n, bool last, size_t *good, size_t *bad, size_t *first)
{
    size_t at = 0, stop, whole = kh_charset_whole(KH_CS_UTF8, s, n, last);
    *good = *bad = 0;
    *first = n;
    while (at < whole) {
        bool ok = kh_utf8_valid(s + at, whole - at, &stop);
        if (ok)
            stop = whole - at;
        for (size_t i = at; i < at + stop; i++)
            *good += (unsigned char)s[i] >= 0xC0;
        at += stop;
        if (!ok) {
            if (!*bad)
                *first = at;
            (*bad)++;
            at++;
            while (at < whole && ((unsigned char)s[at] & 0xC0) == 0x80)
                at++; /* the rest of one broken sequence is one fault */
        }
    }
}

/* ---- candidates ---- */

/* UTF-8 is the last: broken in places (two files put together) it is still far better than what does not fit at all. */
enum { FONTS = 2, BYTES = 4, CANDIDATES = 5 };
static const kh_charset candidates[CANDIDATES] = {KH_CS_TCVN3, KH_CS_VNI, KH_CS_1258, KH_CS_VISCII, KH_CS_UTF8};

static void count_candidates(const char *s, size_t n, bool last, const kh_map *known, tally out[CANDIDATES], size_t count)
{
    kh_buf text = KH_BUF_INIT;
    kh_faults faults = {NULL, 0, 0, 0};
    for (size_t i = 0; i < count; i++) {
        size_t whole = kh_charset_whole(candidates[i], s, n, last);
        kh_buf_clear(&text);
        kh_charset_decode(candidates[i], s, whole, 0, 0, &text, &faults);
        faults.n = 0;
        out[i] = count_words(kh_buf_cstr(&text), text.len, known);
    }
    kh_free(faults.items);
    kh_buf_free(&text);
}

/* The best candidate if it is good and clearly before the others, or -1. */
static int winner(const tally *t, size_t count, int *certainty)
{
    size_t best = 0, second = 0;
    for (size_t i = 1; i < count; i++)
        if (t[i].valid + t[i].hits > t[best].valid + t[best].hits)
            best = i;
    for (size_t i = 0; i < count; i++)
        if (i != best && t[i].valid + t[i].hits > second)
            second = t[i].valid + t[i].hits;
    size_t points = t[best].valid + t[best].hits;
    if (t[best].valid == 0 || t[best].valid * 10 < t[best].words * 6 || points <= second || (points - second) * 5 < points)
        return -1;
    double share = (double)t[best].valid / (double)t[best].words, lead = (double)(points - second) / (double)points;
    *certainty = (int)(50.0 + 50.0 * share * lead);
    if (t[best].words < 5 && *certainty > 90)
        *certainty = 90;
    return (int)best;
}

/* A sample that begins with the line of the first letter beyond ASCII. */
static const char *sample_of(const char *s, size_t n, size_t first, size_t *len)
{
    size_t from = first;
    while (from > 0 && s[from - 1] != '\n' && s[from - 1] != '\r' && first - from < 1024)
        from--;
    *len = n - from < SAMPLE ? n - from : SAMPLE;
    return s + from;
}

static int choose(const char *s, size_t n, bool last, size_t count, kh_words_fn *words, void *ctx, tally t[CANDIDATES], int *certainty)
{
    count_candidates(s, n, last, NULL, t, count);
    int best = winner(t, count, certainty);
    if (best < 0 && words) {
        kh_map *known = words(ctx);
        count_candidates(s, n, last, known, t, count);
        best = winner(t, count, certainty);
        kh_map_free(known);
    }
    return best;
}

void kh_guess_bytes(const char *s, size_t n, bool last, kh_words_fn *words, void *ctx, kh_guess *out)
{
    size_t good, bad, len, broken;
    tally t[CANDIDATES];
    *out = (kh_guess){.decided = true, .charset = KH_CS_UTF8, .certainty = 100, .first = first_high(s, n)};
    if (out->first == n)
        return;
    count_utf8(s, n, last, &good, &bad, &broken);
    if (bad * 10 <= good) {
        out->certainty = bad ? 90 : good < 3 ? 95 : 100;
        return;
    }
    const char *sample = sample_of(s, n, out->first, &len);
    int best = choose(sample, len, last && sample + len == s + n, good ? CANDIDATES : BYTES, words, ctx, t, &out->certainty);
    out->decided = best >= 0;
    if (best >= 0)
        out->charset = candidates[best];
    else {
        out->certainty = 0;
        out->first = broken; /* what stands before it can be read */
    }
}

/* ---- old font codes in Unicode ---- */

/* The text as the bytes that it was when a program took it for Windows-1252; what cannot have been a byte becomes a blank. */
static void font_bytes(const char *s, size_t n, kh_buf *out)
{
    for (const char *p = s, *end = s + n; p < end;) {
        int b = kh_charset_font_byte(kh_utf8_next(&p, end));
        kh_buf_char(out, b < 0 ? ' ' : (char)b);
    }
}

void kh_guess_fonts(const char *s, size_t n, kh_words_fn *words, void *ctx, kh_guess *out)
{
    *out = (kh_guess){.decided = true, .charset = KH_CS_UTF8, .certainty = 100, .first = first_high(s, n)};
    if (out->first == n)
        return;
    size_t len;
    const char *sample = sample_of(s, n, out->first, &len);
    tally as_is = count_words(sample, len, NULL), t[CANDIDATES];
    if (as_is.valid * 2 > as_is.words)
        return;
    kh_buf bytes = KH_BUF_INIT;
    font_bytes(sample, len, &bytes);
    int certainty, best = choose(kh_buf_cstr(&bytes), bytes.len, true, FONTS /* TCVN3 and VNI */, words, ctx, t, &certainty);
    kh_buf_free(&bytes);
    if (best < 0)
        return;
    size_t lead = t[best].valid > as_is.valid ? t[best].valid - as_is.valid : 0;
    if (t[best].valid * 10 >= t[best].words * 8 && lead >= 2 && lead * 3 >= t[best].words) {
        out->charset = candidates[best];
        out->fonts = true;
        out->certainty = certainty;
    }
}

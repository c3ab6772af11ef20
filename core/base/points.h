/* SPDX-License-Identifier: MIT */
/*
 * For the text files of this room: a string as an array of code points, decoded
 * and normalised once, changed in place, encoded once.
 */
#ifndef KH_BASE_POINTS_H
#define KH_BASE_POINTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { KH_REPLACEMENT = 0xFFFD, KH_TONES = 6 };

typedef struct kh_points {
    int32_t *at;
    size_t n;
    int32_t few[256]; /* names are short: most never touch the heap */
} kh_points;

enum { KH_COMPOSED = 0, KH_APART = 1, KH_SEEN = 2 };

/* Decodes into NFC (or, with KH_APART, NFD), with KH_SEEN without what is not seen. Invalid bytes and NUL come as U+FFFD. */
void kh_points_read(kh_points *p, const char *s, size_t n, unsigned how);
void kh_points_free(kh_points *p);
char *kh_points_text(const kh_points *p);

/*
 * Kinds. The short answers stand here to be inlined: they are asked for every
 * letter of every name; the long ones look into the tables of Unicode.
 */
bool kh_is_letter_looked_up(int32_t cp);
bool kh_is_mark_looked_up(int32_t cp);
bool kh_is_blank_looked_up(int32_t cp);
int32_t kh_lower_looked_up(int32_t cp);

/* Letters of Vietnamese and its neighbours. */
static inline bool kh_is_latin(int32_t cp)
{
    return (cp >= 0xC0 && cp <= 0x24F && cp != 0xD7 && cp != 0xF7) || (cp >= 0x1E00 && cp <= 0x1EFF);
}

static inline bool kh_is_digit(int32_t cp)
{
    return cp >= '0' && cp <= '9';
}

static inline bool kh_is_letter(int32_t cp)
{
    return (cp >= 'a' && cp <= 'z') || (cp >= 'A' && cp <= 'Z') || kh_is_latin(cp) || (cp >= 0x80 && kh_is_letter_looked_up(cp));
}

static inline bool kh_is_mark(int32_t cp)
{
    return cp >= 0x300 && !kh_is_latin(cp) && kh_is_mark_looked_up(cp);
}

static inline bool kh_is_blank(int32_t cp)
{
    return cp <= ' ' || cp == 0x7F || (cp >= 0x80 && !kh_is_latin(cp) && kh_is_blank_looked_up(cp));
}

static inline int32_t kh_lower(int32_t cp)
{
    return cp >= 0x80 ? kh_lower_looked_up(cp) : cp >= 'A' && cp <= 'Z' ? cp + ('a' - 'A') : cp;
}

/* Moves the tone of hòa, khỏe, thúy to hoà, khoẻ, thuý. Lower case and NFC only; the number of code points stays. */
void kh_settle_tones(int32_t *at, size_t n);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * UTF-8 and Vietnamese. Strings are UTF-8 with a length; results that are
 * returned as char * belong to the caller (kh_free).
 *
 * Two foldings, for two purposes:
 *   kh_text_key    to DECIDE: NFC, lower case, blanks run together and trimmed,
 *                  tone placement made one (hoà = hòa, thuý = thúy), dots and
 *                  hyphens between words as blanks; diacritics are kept, for they carry meaning
 *   kh_text_bare   to SUGGEST: the key without any diacritic (đ = d)
 */
#ifndef KH_BASE_TEXT_H
#define KH_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

bool kh_utf8_valid(const char *s, size_t n, size_t *bad_at); /* bad_at may be NULL */
/* Next code point; advances *p; U+FFFD and one byte on invalid input. p < end. */
uint32_t kh_utf8_next(const char **p, const char *end);
size_t kh_utf8_put(uint32_t cp, char out[4]);
char *kh_text_nfc(const char *s, size_t n);
char *kh_text_key(const char *s, size_t n);
char *kh_text_bare(const char *s, size_t n);
/* Columns on a terminal (combining 0, wide 2). */
size_t kh_text_width(const char *s, size_t n);
/* Bytes of the longest prefix of at most `width` columns, on a code point. */
size_t kh_text_fit(const char *s, size_t n, size_t width);
/* Edit distance in code points (Damerau), at most `limit` + 1. For "did you mean". */
unsigned kh_text_distance(const char *a, const char *b, unsigned limit);
/* Index of the nearest of n names to `s` by kh_text_bare and distance, or -1 if none is near. */
int kh_text_nearest(const char *s, const char *const *names, size_t n);
/* Order of Vietnamese words: a ă â b c d đ e ê ... with tones last; ignores case first. Like strcmp. */
int kh_text_compare(const char *a, const char *b);
/* Control bytes as \x1b, so that nothing reaches a terminal raw; newline and tab kept if `multiline`. */
char *kh_text_visible(const char *s, size_t n, bool multiline);

#endif

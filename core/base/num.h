/* SPDX-License-Identifier: MIT */
/*
 * Numbers as reports give them: exact decimals m / 10^scale, and missing.
 * Integers and money are scale 0. Nothing here goes through a double but
 * kh_dec_double.
 */
#ifndef KH_BASE_NUM_H
#define KH_BASE_NUM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define KH_MISSING INT64_MIN /* as a mantissa: no value */
#define KH_DEC_SCALE_MAX 18
#define KH_DEC_TEXT 32       /* room for any decimal's canonical text and a NUL */

typedef struct kh_dec {
    int64_t m;     /* KH_MISSING: no value */
    uint8_t scale; /* 0..KH_DEC_SCALE_MAX; the sender's digits are kept: 1.50 is {150, 2} */
} kh_dec;

/* Canonical text, what the store keeps: -?digits[.digits], no grouping. False: not that, or beyond 2^63. */
bool kh_dec_parse(const char *s, size_t n, kh_dec *out);
/* Writes the canonical text and a NUL into out (KH_DEC_TEXT bytes); returns its length. Missing gives "". */
size_t kh_dec_format(kh_dec d, char *out);
double kh_dec_double(kh_dec d);            /* nearest double; missing gives NaN */
/* The decimal of at most 15 digits that reads back as v, with the fewest decimals; false: there is none. */
bool kh_dec_short(double v, kh_dec *out);
#define KH_DOUBLE_TEXT 32
void kh_double_text(double v, char out[KH_DOUBLE_TEXT]); /* the shortest text that reads back as the same double; "" if it is not finite */
int kh_dec_cmp(kh_dec a, kh_dec b);        /* exact by value: 1.5 == 1.50; neither may be missing */
/* The same value at another scale; false if digits would be lost or 2^63 passed. */
bool kh_dec_rescale(kh_dec d, uint8_t scale, kh_dec *out);
extern const int64_t kh_pow10[19];

/* A natural number of exactly n decimal digits (1..9), as in times of day: no sign, no blanks. *out is set only if true. */
bool kh_natural(const char *s, size_t n, int *out);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * Periods and days. A period is one 32-bit value that sorts by its first day,
 * longer periods first on the same day; 0 is "no period". Names: 2018, 2018H1,
 * 2018-9M, 2018Q1, 2018-03, 2018-03-15, 2018W07 (ISO 8601 weeks). A reporting
 * calendar never changes a period's name (calendar.h).
 *
 * Days are counted from 1900-01-01 (day 0), proleptic Gregorian, to 2199-12-31.
 */
#ifndef KH_MODEL_PERIOD_H
#define KH_MODEL_PERIOD_H

#include "base/msg.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef int32_t kh_day;
#define KH_DAY_MIN INT32_MIN /* since ever */
#define KH_DAY_MAX INT32_MAX /* still valid */
#define KH_DAY_TEXT 12

kh_day kh_day_make(int year, int month, int day);             /* -1: no such day */
void kh_day_split(kh_day d, int *year, int *month, int *day);
bool kh_day_parse(const char *s, size_t n, kh_day *out);      /* YYYY-MM-DD only; a day that exists */
void kh_day_format(kh_day d, char out[KH_DAY_TEXT]);          /* YYYY-MM-DD; "" for KH_DAY_MIN and KH_DAY_MAX */

typedef enum kh_freq { /* lengths, in sorting order; also "every" of a form or job */
    KH_EVERY_NONE = 0,
    KH_YEAR = 1,
    KH_NINE = 2, /* nine months */
    KH_HALF = 3,
    KH_QUARTER = 4,
    KH_MONTH = 5,
    KH_WEEK = 6,
    KH_DAY = 7
} kh_freq;

const char *kh_freq_name(kh_freq f); /* "year" "nine" "half" "quarter" "month" "week" "day" */
const char *kh_freq_said(kh_freq f); /* as people say it, in the language of messages: "half-year", "6 tháng" */
kh_freq kh_freq_parse(const char *s); /* KH_EVERY_NONE if unknown */

typedef uint32_t kh_period;
#define KH_NO_PERIOD 0u
#define KH_PERIOD_TEXT 12

kh_period kh_period_make(kh_freq f, int year, int nth); /* nth from 1: half 1-2, quarter 1-4, month 1-12, week 1-53; year and nine: 1; 0 if there is none */
kh_period kh_period_of(kh_freq f, kh_day day);          /* the period of that length that holds the day (nine: only for days in January..September) */
kh_period kh_period_parse(const char *s, size_t n);     /* KH_NO_PERIOD: not a period's name */
void kh_period_format(kh_period p, char out[KH_PERIOD_TEXT]);
kh_freq kh_period_freq(kh_period p);
int kh_period_year(kh_period p); /* the ISO year for weeks */
int kh_period_nth(kh_period p);
kh_day kh_period_first(kh_period p);
kh_day kh_period_last(kh_period p);
kh_period kh_period_step(kh_period p, int n);           /* n periods of the same length later (earlier: n < 0) */
bool kh_period_contains(kh_period a, kh_period b);      /* every day of b is in a (weeks in a year: by ISO year) */
/*
 * The direct parts that make up p, one level down: year -> 2 halves; half -> 2
 * quarters; nine -> 3 quarters; quarter -> 3 months; month -> its days, week ->
 * 7 days (days only when asked: with_days). Returns how many; out has room for 31.
 */
size_t kh_period_parts(kh_period p, bool with_days, kh_period out[31]);
/* All periods of length f within p, in order; returns how many (out may be NULL to count). A year's weeks by ISO rule. */
size_t kh_period_within(kh_period p, kh_freq f, kh_period *out, size_t room);
/* For the middle of a sentence: "quý I/2018", "6 tháng đầu năm 2018", "tháng 3/2018"; "quarter I of 2018", "March 2018". */
void kh_period_label(kh_period p, kh_lang lang, char *out, size_t room);

#endif

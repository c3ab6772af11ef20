/* SPDX-License-Identifier: MIT */
/*
 * Periods and days.
 *
 * A period is its first day in the upper bits and its length in the lower
 * three: comparing two periods is comparing two integers, and most questions
 * (first day, length, the same day) need no table. Year and number within the
 * year are computed back from the first day: some ten divisions, which nobody
 * does in a loop over cells. Every operation is O(1) but kh_period_within.
 *
 * Days outside 1900..2199 come up at the edges (a calendar's window opens in
 * December 1899) and are split correctly; periods that begin or, for weeks,
 * have their ISO year outside are not made.
 */
#include "model/period.h"

#include "base/msg.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

enum { YEAR_MIN = 1900, YEAR_MAX = 2199, FREQ_BITS = 3, FREQ_MASK = 7 };

/* ---- days ---- */

static bool is_leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int month_length(int year, int month)
{
    static const uint8_t length[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return length[month - 1] + (month == 2 && is_leap(year));
}

/* Leap days in the years 1..year. */
static int leap_days(int year)
{
    return year / 4 - year / 100 + year / 400;
}

static kh_day year_begins(int year)
{
    return (year - YEAR_MIN) * 365 + leap_days(year - 1) - leap_days(YEAR_MIN - 1);
}

/* The day without the checks of kh_day_make; month may be 13. */
static kh_day day_of(int year, int month, int day)
{
    static const uint16_t before[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365};
    assert(month >= 1 && month <= 13);
    return year_begins(year) + before[month - 1] + (month > 2 && is_leap(year)) + day - 1;
}

kh_day kh_day_make(int year, int month, int day)
{
    if (year < YEAR_MIN || year > YEAR_MAX || month < 1 || month > 12 || day < 1 || day > month_length(year, month))
        return -1;
    return day_of(year, month, day);
}

static int year_of(kh_day d)
{
    int year = YEAR_MIN + (int)((int64_t)d * 400 / 146097);
    while (d < year_begins(year))
        year--;
    while (d >= year_begins(year + 1))
        year++;
    return year;
}

void kh_day_split(kh_day d, int *year, int *month, int *day)
{
    int y = year_of(d), m = (d - year_begins(y)) / 31 + 1; /* never too late, at most one month too early */
    if (d >= day_of(y, m + 1, 1))
        m++;
    *year = y;
    *month = m;
    *day = d - day_of(y, m, 1) + 1;
}

/* Reads exactly n digits; -1: something else stands there. */
static int digits(const char *s, size_t n)
{
    int value = 0;
    for (size_t i = 0; i < n; i++) {
        if (s[i] < '0' || s[i] > '9')
            return -1;
        value = value * 10 + (s[i] - '0');
    }
    return value;
}

bool kh_day_parse(const char *s, size_t n, kh_day *out)
{
    if (n != 10 || s[4] != '-' || s[7] != '-')
        return false;
    int year = digits(s, 4), month = digits(s + 5, 2), day = digits(s + 8, 2);
    kh_day d = kh_day_make(year, month, day);
    if (d < 0)
        return false;
    *out = d;
    return true;
}

/* Years have four digits in 1..9999, as far as any day of the range and its neighbours go. */
void kh_day_format(kh_day d, char out[KH_DAY_TEXT])
{
    *out = '\0';
    if (d == KH_DAY_MIN || d == KH_DAY_MAX)
        return;
    int year, month, day;
    kh_day_split(d, &year, &month, &day);
    snprintf(out, KH_DAY_TEXT, "%04d-%02d-%02d", year % 10000, month, day);
}

/* ---- lengths ---- */

static const char *const freq_names[] = {"", "year", "nine", "half", "quarter", "month", "week", "day"};

const char *kh_freq_name(kh_freq f)
{
    return freq_names[f];
}

const char *kh_freq_said(kh_freq f)
{
    static const char *const said[] = {"", N_("year"), N_("nine months"), N_("half-year"), N_("quarter"), N_("month"), N_("week"), N_("day")};
    return f == KH_EVERY_NONE ? "" : kh_tr(said[f]);
}

kh_freq kh_freq_parse(const char *s)
{
    for (unsigned f = KH_YEAR; f <= KH_DAY; f++)
        if (strcmp(s, freq_names[f]) == 0)
            return (kh_freq)f;
    return KH_EVERY_NONE;
}

/* Months in a period of these lengths; 0: not made of months. */
static int months_of(kh_freq f)
{
    static const uint8_t months[] = {0, 12, 9, 6, 3, 1, 0, 0};
    return months[f];
}

/* How many begin in one year, for the lengths made of months. */
static int per_year(kh_freq f)
{
    return f == KH_NINE ? 1 : 12 / months_of(f);
}

/* ---- making and taking apart ---- */

static kh_period pack(kh_freq f, kh_day first)
{
    if (first < 0 || first > day_of(YEAR_MAX, 12, 31))
        return KH_NO_PERIOD;
    return (uint32_t)first << FREQ_BITS | (uint32_t)f;
}

kh_freq kh_period_freq(kh_period p)
{
    return (kh_freq)(p & FREQ_MASK);
}

kh_day kh_period_first(kh_period p)
{
    return (kh_day)(p >> FREQ_BITS);
}

/* The Monday on or before; day 0 is a Monday. */
static kh_day monday(kh_day d)
{
    int past = d % 7;
    return d - (past < 0 ? past + 7 : past);
}

/* ISO 8601: week 1 is the one that holds 4 January. */
static kh_day iso_year_begins(int year)
{
    return monday(day_of(year, 1, 4));
}

static int iso_weeks(int year)
{
    return (iso_year_begins(year + 1) - iso_year_begins(year)) / 7;
}

kh_period kh_period_make(kh_freq f, int year, int nth)
{
    if (year < YEAR_MIN || year > YEAR_MAX || nth < 1)
        return KH_NO_PERIOD;
    switch (f) {
    case KH_YEAR:
    case KH_NINE:
    case KH_HALF:
    case KH_QUARTER:
    case KH_MONTH:
        return nth <= per_year(f) ? pack(f, day_of(year, (nth - 1) * months_of(f) + 1, 1)) : KH_NO_PERIOD;
    case KH_WEEK:
        return nth <= iso_weeks(year) ? pack(f, iso_year_begins(year) + (nth - 1) * 7) : KH_NO_PERIOD;
    case KH_DAY:
        return nth <= 365 + is_leap(year) ? pack(f, year_begins(year) + nth - 1) : KH_NO_PERIOD;
    case KH_EVERY_NONE:
        break;
    }
    return KH_NO_PERIOD;
}

kh_period kh_period_of(kh_freq f, kh_day d)
{
    if (d < 0 || d > day_of(YEAR_MAX, 12, 31) || f == KH_EVERY_NONE)
        return KH_NO_PERIOD;
    if (f == KH_DAY)
        return pack(f, d);
    if (f == KH_WEEK) {
        kh_period week = pack(f, monday(d));
        return kh_period_year(week) <= YEAR_MAX ? week : KH_NO_PERIOD;
    }
    int year, month, day;
    kh_day_split(d, &year, &month, &day);
    return kh_period_make(f, year, (month - 1) / months_of(f) + 1); /* October is in no second "nine" */
}

int kh_period_year(kh_period p)
{
    kh_day first = kh_period_first(p);
    return year_of(kh_period_freq(p) == KH_WEEK ? first + 3 : first); /* a week is of its Thursday's year */
}

int kh_period_nth(kh_period p)
{
    kh_freq f = kh_period_freq(p);
    kh_day first = kh_period_first(p);
    if (f == KH_WEEK)
        return (first - iso_year_begins(kh_period_year(p))) / 7 + 1;
    int year, month, day;
    kh_day_split(first, &year, &month, &day);
    if (f == KH_DAY)
        return first - year_begins(year) + 1;
    return f == KH_EVERY_NONE ? 0 : (month - 1) / months_of(f) + 1;
}

kh_day kh_period_last(kh_period p)
{
    kh_freq f = kh_period_freq(p);
    kh_day first = kh_period_first(p);
    if (months_of(f) == 0)
        return f == KH_WEEK ? first + 6 : first;
    int year, month, day;
    kh_day_split(first, &year, &month, &day);
    return day_of(year, month + months_of(f), 1) - 1; /* at most month 13: none crosses its year */
}

kh_period kh_period_step(kh_period p, int n)
{
    kh_freq f = kh_period_freq(p);
    if (f == KH_EVERY_NONE)
        return KH_NO_PERIOD;
    if (months_of(f) == 0) {
        int64_t first = kh_period_first(p) + (int64_t)n * (f == KH_WEEK ? 7 : 1);
        if (first < 0 || first > day_of(YEAR_MAX, 12, 31))
            return KH_NO_PERIOD;
        return kh_period_of(f, (kh_day)first);
    }
    int in_year = per_year(f);
    int64_t index = (int64_t)kh_period_year(p) * in_year + kh_period_nth(p) - 1 + n;
    if (index < YEAR_MIN * in_year || index >= (YEAR_MAX + 1) * in_year)
        return KH_NO_PERIOD;
    return kh_period_make(f, (int)(index / in_year), (int)(index % in_year) + 1);
}

bool kh_period_contains(kh_period a, kh_period b)
{
    if (a == KH_NO_PERIOD || b == KH_NO_PERIOD)
        return false;
    if (kh_period_freq(a) == KH_YEAR && kh_period_freq(b) == KH_WEEK)
        return kh_period_year(a) == kh_period_year(b);
    return kh_period_first(a) <= kh_period_first(b) && kh_period_last(b) <= kh_period_last(a);
}

/* ---- parts ---- */

size_t kh_period_within(kh_period p, kh_freq f, kh_period *out, size_t room)
{
    kh_period at = KH_NO_PERIOD;
    if (p == KH_NO_PERIOD || f == KH_EVERY_NONE)
        return 0;
    if (f == KH_WEEK && kh_period_freq(p) == KH_YEAR)
        at = kh_period_make(f, kh_period_year(p), 1);
    else
        at = kh_period_of(f, kh_period_first(p));
    if (at != KH_NO_PERIOD && f == KH_WEEK && !kh_period_contains(p, at))
        at = kh_period_step(at, 1); /* a week that began before p */
    size_t n = 0;
    for (; at != KH_NO_PERIOD && kh_period_contains(p, at); at = kh_period_step(at, 1)) {
        if (out && n < room)
            out[n] = at;
        n++;
    }
    return n;
}

size_t kh_period_parts(kh_period p, bool with_days, kh_period out[31])
{
    static const uint8_t part[] = {KH_EVERY_NONE, KH_HALF, KH_QUARTER, KH_QUARTER, KH_MONTH, KH_DAY, KH_DAY, KH_EVERY_NONE};
    kh_freq f = (kh_freq)part[kh_period_freq(p)];
    if (f == KH_EVERY_NONE || (f == KH_DAY && !with_days))
        return 0;
    if (f != KH_DAY)
        return kh_period_within(p, f, out, 31);
    size_t n = 0; /* by day, so that the last week keeps its days of the year 2200 out */
    for (kh_day d = kh_period_first(p); d <= kh_period_last(p); d++)
        if (pack(KH_DAY, d) != KH_NO_PERIOD)
            out[n++] = pack(KH_DAY, d);
    return n;
}

/* ---- names ---- */

static kh_period parse_tail(int year, const char *s, size_t n)
{
    if (n == 2 && s[0] == 'H')
        return kh_period_make(KH_HALF, year, digits(s + 1, 1));
    if (n == 2 && s[0] == 'Q')
        return kh_period_make(KH_QUARTER, year, digits(s + 1, 1));
    if (n == 3 && s[0] == 'W')
        return kh_period_make(KH_WEEK, year, digits(s + 1, 2));
    if (n == 3 && s[0] == '-' && s[1] == '9' && s[2] == 'M')
        return kh_period_make(KH_NINE, year, 1);
    if (n == 3 && s[0] == '-')
        return kh_period_make(KH_MONTH, year, digits(s + 1, 2));
    return KH_NO_PERIOD;
}

kh_period kh_period_parse(const char *s, size_t n)
{
    int year = n >= 4 ? digits(s, 4) : -1;
    kh_day d;
    if (year < 0)
        return KH_NO_PERIOD;
    if (n == 4)
        return kh_period_make(KH_YEAR, year, 1);
    if (n == 10)
        return kh_day_parse(s, n, &d) ? pack(KH_DAY, d) : KH_NO_PERIOD;
    return parse_tail(year, s + 4, n - 4);
}

void kh_period_format(kh_period p, char out[KH_PERIOD_TEXT])
{
    kh_freq f = kh_period_freq(p);
    *out = '\0';
    if (f == KH_EVERY_NONE)
        return;
    if (f == KH_DAY) {
        kh_day_format(kh_period_first(p), out);
        return;
    }
    unsigned year = (unsigned)kh_period_year(p) % 10000, nth = (unsigned)kh_period_nth(p) % 100;
    switch (f) {
    case KH_NINE: snprintf(out, KH_PERIOD_TEXT, "%04u-9M", year); break;
    case KH_HALF: snprintf(out, KH_PERIOD_TEXT, "%04uH%u", year, nth); break;
    case KH_QUARTER: snprintf(out, KH_PERIOD_TEXT, "%04uQ%u", year, nth); break;
    case KH_MONTH: snprintf(out, KH_PERIOD_TEXT, "%04u-%02u", year, nth); break;
    case KH_WEEK: snprintf(out, KH_PERIOD_TEXT, "%04uW%02u", year, nth); break;
    default: snprintf(out, KH_PERIOD_TEXT, "%04u", year);
    }
}

/* ---- labels ---- */

static const char *roman(int quarter)
{
    static const char *const numbers[] = {"I", "II", "III", "IV"};
    assert(quarter >= 1 && quarter <= 4);
    return numbers[quarter - 1];
}

/* Days below 10 and the months 1 and 2 take a leading zero, as Decree 30/2020/NĐ-CP has it for dates. */
static const char *month_zero(int month)
{
    return month <= 2 ? "0" : "";
}

static void label_vi(kh_period p, int year, int nth, char *out, size_t room)
{
    int y, m, d;
    switch (kh_period_freq(p)) {
    case KH_NINE: snprintf(out, room, "9 tháng năm %d", year); break;
    case KH_HALF: snprintf(out, room, "6 tháng %s năm %d", nth == 1 ? "đầu" : "cuối", year); break;
    case KH_QUARTER: snprintf(out, room, "quý %s/%d", roman(nth), year); break;
    case KH_MONTH: snprintf(out, room, "tháng %s%d/%d", month_zero(nth), nth, year); break;
    case KH_WEEK: snprintf(out, room, "tuần %d/%d", nth, year); break;
    case KH_DAY:
        kh_day_split(kh_period_first(p), &y, &m, &d);
        snprintf(out, room, "ngày %02d/%s%d/%d", d, month_zero(m), m, y);
        break;
    default: snprintf(out, room, "năm %d", year);
    }
}

static const char *month_name(int month)
{
    static const char *const names[] = {"January", "February", "March", "April", "May", "June",
                                        "July", "August", "September", "October", "November", "December"};
    assert(month >= 1 && month <= 12);
    return names[month - 1];
}

static void label_en(kh_period p, int year, int nth, char *out, size_t room)
{
    int y, m, d;
    switch (kh_period_freq(p)) {
    case KH_NINE: snprintf(out, room, "first nine months of %d", year); break;
    case KH_HALF: snprintf(out, room, "%s half of %d", nth == 1 ? "first" : "second", year); break;
    case KH_QUARTER: snprintf(out, room, "quarter %s of %d", roman(nth), year); break;
    case KH_MONTH: snprintf(out, room, "%s %d", month_name(nth), year); break;
    case KH_WEEK: snprintf(out, room, "week %d of %d", nth, year); break;
    case KH_DAY:
        kh_day_split(kh_period_first(p), &y, &m, &d);
        snprintf(out, room, "%d %s %d", d, month_name(m), y);
        break;
    default: snprintf(out, room, "%d", year);
    }
}

void kh_period_label(kh_period p, kh_lang lang, char *out, size_t room)
{
    if (room == 0)
        return;
    *out = '\0';
    if (p == KH_NO_PERIOD)
        return;
    (lang == KH_LANG_VI ? label_vi : label_en)(p, kh_period_year(p), kh_period_nth(p), out, room);
}

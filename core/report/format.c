/* SPDX-License-Identifier: MIT */
/*
 * Numbers and dates for people. Works on the digits themselves, so that no
 * figure passes through a double: rounding is half away from zero on the text.
 */
#include "report/format.h"

#include <stdbool.h>
#include <string.h>

static bool canonical_parts(const char *s, bool *minus, const char **whole, size_t *n_whole, const char **frac, size_t *n_frac)
{
    *minus = *s == '-';
    s += *minus;
    *whole = s;
    *n_whole = strspn(s, "0123456789");
    s += *n_whole;
    *frac = *s == '.' ? s + 1 : s;
    *n_frac = *s == '.' ? strspn(s + 1, "0123456789") : 0;
    return *n_whole > 0 && (*frac)[*n_frac] == '\0' && (*s == '\0' || *n_frac > 0);
}

bool kh_is_digits(const char *s)
{
    bool minus;
    const char *whole, *frac;
    size_t n_whole, n_frac;
    return canonical_parts(s, &minus, &whole, &n_whole, &frac, &n_frac);
}

/* Adds one to the last of n digits; true if all were nines (the digits are then zeros and a 1 is to be put before). */
static bool increment(char *digits, size_t n)
{
    while (n-- > 0) {
        if (digits[n] != '9') {
            digits[n]++;
            return false;
        }
        digits[n] = '0';
    }
    return true;
}

static void put_grouped(const char *digits, size_t n, char sep, kh_buf *out)
{
    for (size_t i = 0; i < n; i++) {
        if (i > 0 && (n - i) % 3 == 0)
            kh_buf_char(out, sep);
        kh_buf_char(out, digits[i]);
    }
}

void kh_format_number(const char *canonical, int decimals, kh_lang lang, kh_buf *out)
{
    bool minus;
    const char *whole, *frac;
    size_t n_whole, n_frac;
    if (!canonical_parts(canonical, &minus, &whole, &n_whole, &frac, &n_frac)) {
        kh_buf_str(out, canonical); /* not a number: shown as it is rather than changed */
        return;
    }
    size_t shown = decimals < 0 ? n_frac : (size_t)decimals;
    kh_buf digits = KH_BUF_INIT; /* a spare 0 for the carry, the whole, the fraction as shown */
    kh_buf_char(&digits, '0');
    kh_buf_add(&digits, whole, n_whole);
    kh_buf_add(&digits, frac, n_frac < shown ? n_frac : shown);
    for (size_t i = n_frac; i < shown; i++)
        kh_buf_char(&digits, '0');
    if (shown < n_frac && frac[shown] >= '5')
        increment(digits.data, digits.len);

    size_t end = digits.len - shown, start = 0;
    while (start + 1 < end && digits.data[start] == '0')
        start++;
    bool zero = strspn(digits.data, "0") == digits.len;
    if (minus && !zero) /* -0,0 says nothing that 0,0 does not */
        kh_buf_char(out, '-');
    put_grouped(digits.data + start, end - start, lang == KH_LANG_EN ? ',' : '.', out);
    if (shown) {
        kh_buf_char(out, lang == KH_LANG_EN ? '.' : ',');
        kh_buf_add(out, digits.data + end, shown);
    }
    kh_buf_free(&digits);
}

void kh_format_date_long(int year, int month, int day, kh_lang lang, kh_buf *out)
{
    static const char *const months[] = {"January", "February", "March", "April", "May", "June", "July",
                                         "August", "September", "October", "November", "December"};
    if (lang == KH_LANG_EN) {
        if (day > 0)
            kh_buf_printf(out, "%d ", day);
        if (month >= 1 && month <= 12)
            kh_buf_printf(out, "%s ", months[month - 1]);
        if (year > 0)
            kh_buf_printf(out, "%d", year);
        return;
    }
    /* A blank is left where the day or the month is to be written by hand. */
    kh_buf_str(out, "ngày ");
    day > 0 ? kh_buf_printf(out, "%02d", day) : kh_buf_str(out, "…");
    kh_buf_str(out, " tháng ");
    month > 0 ? kh_buf_printf(out, month < 3 ? "%02d" : "%d", month) : kh_buf_str(out, "…");
    kh_buf_str(out, " năm ");
    year > 0 ? kh_buf_printf(out, "%d", year) : kh_buf_str(out, "…");
}

void kh_format_date(kh_day d, kh_lang lang, kh_buf *out)
{
    (void)lang; /* day before month in both: an English text of a Vietnamese office is not American */
    if (d == KH_DAY_MIN || d == KH_DAY_MAX)
        return;
    int y, m, dd;
    kh_day_split(d, &y, &m, &dd);
    kh_buf_printf(out, "%02d/%02d/%04d", dd, m, y);
}

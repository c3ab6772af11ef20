/* SPDX-License-Identifier: MIT */
/*
 * Periods and days in people's words: "Quý I năm 2018", "6 tháng đầu năm 2018",
 * "Tháng 3/2018", "ngày 05/04/2018". A sentence is cut into words and numbers,
 * and a few patterns are tried at each. A date ("ngày 15 tháng 7 năm 2018") is
 * never taken for a month or a year.
 */
#include "intake/stages.h"

#include "base/mem.h"
#include "base/num.h"
#include "base/text.h"

#include <string.h>

enum { TOKENS = 64 };

typedef struct token { const char *s; size_t n; int value; } token; /* value -1: not a number */
typedef struct tokens { token at[TOKENS]; size_t n; } tokens;

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_word_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (unsigned char)c >= 0x80;
}

/* Words and numbers of a folded text; every other byte stands between them. */
static void cut(const char *key, tokens *out)
{
    out->n = 0;
    for (const char *p = key; *p && out->n < TOKENS;) {
        const char *from = p;
        bool number = is_digit(*p);
        while (*p && (number ? is_digit(*p) : is_word_byte(*p)))
            p++;
        if (p == from) {
            p++;
            continue;
        }
        size_t n = (size_t)(p - from);
        int value = -1;
        if (number && n <= 8)
            kh_natural(from, n, &value);
        out->at[out->n++] = (token){from, n, value};
    }
}

static bool word(const tokens *t, size_t i, const char *w)
{
    return i < t->n && t->at[i].n == strlen(w) && memcmp(t->at[i].s, w, t->at[i].n) == 0;
}

static int number(const tokens *t, size_t i)
{
    return i < t->n ? t->at[i].value : -1;
}

static int roman(const tokens *t, size_t i)
{
    static const char *const romans[] = {"i", "ii", "iii", "iv"};
    for (int k = 0; k < 4; k++)
        if (word(t, i, romans[k]))
            return k + 1;
    return number(t, i);
}

/* "năm 2018", "of 2018" or "2018" at i; 0: no year. */
static int year_at(const tokens *t, size_t i, size_t *next)
{
    if (word(t, i, "năm") || word(t, i, "of") || word(t, i, "year"))
        i++;
    int y = number(t, i);
    *next = i + 1;
    return t->n > i && t->at[i].n == 4 && y >= 1900 && y <= 2199 ? y : 0;
}

static kh_period make(kh_freq f, const tokens *t, size_t i, int nth, size_t *next)
{
    int y = year_at(t, i, next);
    return y ? kh_period_make(f, y, nth) : KH_NO_PERIOD;
}

/* "6 tháng đầu năm 2018", "9 tháng năm 2018": `i` stands at the count of months. */
static kh_period months_at(const tokens *t, size_t i, size_t *next)
{
    bool six = number(t, i) == 6 || word(t, i, "sáu"), nine = number(t, i) == 9 || word(t, i, "chín");
    if ((!six && !nine) || !word(t, i + 1, "tháng"))
        return KH_NO_PERIOD;
    bool first = word(t, i + 2, "đầu"), second = word(t, i + 2, "cuối");
    if (six && (first || second))
        return make(KH_HALF, t, i + 3, first ? 1 : 2, next);
    return nine ? make(KH_NINE, t, i + 2 + first, 1, next) : KH_NO_PERIOD;
}

static kh_period english_at(const tokens *t, size_t i, size_t *next)
{
    bool first = word(t, i, "first"), second = word(t, i, "second");
    if ((first || second) && word(t, i + 1, "half"))
        return make(KH_HALF, t, i + 2, first ? 1 : 2, next);
    if (first && word(t, i + 1, "nine") && word(t, i + 2, "months"))
        return make(KH_NINE, t, i + 3, 1, next);
    if (word(t, i, "quarter"))
        return make(KH_QUARTER, t, i + 2, roman(t, i + 1), next);
    if (word(t, i, "week"))
        return make(KH_WEEK, t, i + 2, number(t, i + 1), next);
    if (word(t, i, "month"))
        return make(KH_MONTH, t, i + 2, number(t, i + 1), next);
    return KH_NO_PERIOD;
}

static kh_period day_period(int y, int m, int d)
{
    kh_day day = kh_day_make(y, m, d);
    return day < 0 ? KH_NO_PERIOD : kh_period_of(KH_DAY, day);
}

/* "ngày 5 tháng 4 năm 2018", "ngày 05/04/2018", "ngày 5 tháng 4": *next behind it, also where it is no day. */
static kh_period day_at(const tokens *t, size_t i, size_t *next)
{
    int d = number(t, i + 1);
    size_t k = i + 2;
    k += word(t, k, "tháng");
    int m = number(t, k), y = m > 0 ? year_at(t, k + 1, next) : 0;
    if (!y)
        *next = m > 0 ? k + 1 : i + 2;
    return y ? day_period(y, m, d) : KH_NO_PERIOD;
}

/* The period named from token i on; *next behind it (i + 1 where there is none). */
static kh_period period_at(const tokens *t, size_t i, size_t *next)
{
    kh_period p = KH_NO_PERIOD;
    size_t after = i + 1;
    if (word(t, i, "ngày") && number(t, i + 1) > 0) {
        p = day_at(t, i, next);
        return p;
    }
    if (word(t, i, "quý"))
        p = make(KH_QUARTER, t, i + 2, roman(t, i + 1), &after);
    else if (word(t, i, "tháng"))
        p = make(KH_MONTH, t, i + 2, number(t, i + 1), &after);
    else if (word(t, i, "tuần"))
        p = make(KH_WEEK, t, i + 2, number(t, i + 1), &after);
    else if (word(t, i, "năm"))
        p = make(KH_YEAR, t, i, 1, &after);
    if (!p)
        p = months_at(t, i, &after);
    if (!p)
        p = english_at(t, i, &after);
    *next = p ? after : i + 1;
    return p;
}

/* ---- codes ---- */

/* 202503, 20250314, 2025q1, q1/2025, iv/2025, 3/2025. */
static kh_period code_period(const tokens *t, const char *key)
{
    if (t->n == 1 && t->at[0].n == 6)
        return kh_period_make(KH_MONTH, t->at[0].value / 100, t->at[0].value % 100);
    if (t->n == 1 && t->at[0].n == 8)
        return day_period(t->at[0].value / 10000, t->at[0].value / 100 % 100, t->at[0].value % 100);
    if (t->n == 2 && t->at[1].n == 4 && strchr(key, '/'))
        return number(t, 0) > 0 ? kh_period_make(KH_MONTH, number(t, 1), number(t, 0)) : kh_period_make(KH_QUARTER, number(t, 1), roman(t, 0));
    if (t->n == 3 && word(t, 0, "q") && t->at[2].n == 4)
        return kh_period_make(KH_QUARTER, number(t, 2), number(t, 1));
    return KH_NO_PERIOD;
}

kh_period kh_phrase_period(const char *s, size_t n)
{
    kh_period p = kh_period_parse(s, n);
    if (p || n == 0 || n > 200)
        return p;
    char *key = kh_text_key(s, n), upper[16];
    size_t len = strlen(key), next;
    tokens t;
    if (len < sizeof upper) { /* 2018q1, 2018h1 */
        for (size_t i = 0; i <= len; i++)
            upper[i] = key[i] >= 'a' && key[i] <= 'z' ? (char)(key[i] - 32) : key[i];
        p = kh_period_parse(upper, len);
    }
    cut(key, &t);
    if (!p && t.n < TOKENS)
        p = code_period(&t, key);
    if (!p && t.n > 0 && t.n < TOKENS) {
        p = period_at(&t, 0, &next);
        if (next != t.n)
            p = KH_NO_PERIOD;
    }
    kh_free(key);
    return p;
}

size_t kh_phrase_periods(const char *s, size_t n, kh_freq want, kh_period *out, size_t room)
{
    char *key = kh_text_key(s, n < 2000 ? n : 2000);
    tokens t;
    size_t found = 0, next;
    cut(key, &t);
    for (size_t i = 0; i < t.n; i = next) {
        kh_period p = period_at(&t, i, &next);
        if (!p || (want != KH_EVERY_NONE && kh_period_freq(p) != want))
            continue;
        if (found < room)
            out[found] = p;
        found++;
    }
    kh_free(key);
    return found;
}

/* ---- days ---- */

static bool english_month(const char *s, size_t n)
{
    static const char months[] = "janfebmaraprmayjunjulaugsepoctnovdec";
    for (size_t i = 0; i + 3 <= n; i++)
        for (size_t k = 0; k < 36; k += 3)
            if (memcmp(s + i, months + k, 3) == 0)
                return true;
    return false;
}

static kh_date_kind words_date(const tokens *t, const char *key, size_t len, kh_day *out)
{
    if (word(t, 0, "ngày")) {
        size_t next;
        kh_period p = day_at(t, 0, &next);
        *out = p ? kh_period_first(p) : KH_DAY_MIN;
        return p && next == t->n ? KH_DATE_GOOD : KH_DATE_NONE;
    }
    for (size_t i = 0; i < t->n; i++)
        if (t->at[i].value < 0)
            return t->n >= 2 && t->n <= 3 && english_month(key, len) ? KH_DATE_ENGLISH : KH_DATE_NONE;
    return KH_DATE_NONE;
}

/* Only digits and one kind of mark between them. */
static bool one_mark(const char *s, size_t n)
{
    char mark = 0;
    for (size_t i = 0; i < n; i++) {
        if (is_digit(s[i]))
            continue;
        if ((s[i] != '/' && s[i] != '-' && s[i] != '.') || (mark && s[i] != mark))
            return false;
        mark = s[i];
    }
    return true;
}

static kh_date_kind numbers_date(const tokens *t, kh_day *out)
{
    int a = t->at[0].value, b = t->at[1].value, c = t->at[2].value;
    bool year_first = t->at[0].n == 4;
    if (!year_first && t->at[2].n == 2)
        return KH_DATE_SHORT_YEAR;
    if (!year_first && t->at[2].n != 4)
        return KH_DATE_NONE;
    int year = year_first ? a : c, day = year_first ? c : a;
    if (year < 1900 || year > 2199)
        return KH_DATE_NONE;
    kh_day d = kh_day_make(year, b, day);
    if (d < 0)
        return b > 12 && day >= 1 && day <= 12 ? KH_DATE_MONTH_FIRST : KH_DATE_NO_DAY;
    *out = d;
    return KH_DATE_GOOD;
}

kh_date_kind kh_phrase_date(const char *s, size_t n, kh_day *out)
{
    tokens t;
    *out = KH_DAY_MIN;
    if (n == 0 || n > 100)
        return KH_DATE_NONE;
    char *key = kh_text_key(s, n);
    size_t len = strlen(key);
    cut(key, &t);
    kh_date_kind kind;
    if (t.n == 1 && t.at[0].n == 5 && t.at[0].value >= 10000 && len == 5)
        kind = KH_DATE_SERIAL;
    else if (t.n == 3 && one_mark(key, len))
        kind = numbers_date(&t, out);
    else
        kind = words_date(&t, key, len, out);
    kh_free(key);
    return kind;
}

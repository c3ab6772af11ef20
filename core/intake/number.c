/* SPDX-License-Identifier: MIT */
/*
 * The shape of a number. One cell may be 1.540 for one thousand five hundred and
 * forty or for one and a half: this only says what the cell can be; whoever sees
 * the whole column decides (style.c). Marks: '.' and ',' group or divide, blanks
 * (also the narrow and the fixed one) only group; '-', U+2212 or parentheses make
 * it negative; a percent sign may follow.
 */
#include "intake/stages.h"

#include <string.h>

typedef struct shape {
    uint64_t m;
    bool huge;
    unsigned digits, since; /* all; behind the last mark */
    unsigned lead;          /* before the first mark */
    bool lead_zero, uneven; /* uneven: a group that is not of three digits */
    unsigned dots, commas, blanks;
    char first, last;       /* marks; 0: none */
} shape;

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static size_t blank_at(const char *s, const char *end)
{
    if (*s == ' ')
        return 1;
    if (end - s >= 2 && memcmp(s, "\xC2\xA0", 2) == 0)
        return 2;
    return end - s >= 3 && (memcmp(s, "\xE2\x80\xAF", 3) == 0 || memcmp(s, "\xE2\x80\x89", 3) == 0) ? 3 : 0;
}

static void add_digit(shape *h, char c)
{
    h->huge |= __builtin_mul_overflow(h->m, 10u, &h->m) || __builtin_add_overflow(h->m, (uint64_t)(c - '0'), &h->m) || h->m > INT64_MAX;
    if (h->digits == 0)
        h->lead_zero = c == '0';
    h->digits++;
    h->since++;
}

static void add_mark(shape *h, char c)
{
    if (h->first) {
        h->uneven |= h->since != 3;
    } else {
        h->first = c;
        h->lead = h->since;
    }
    h->last = c;
    h->since = 0;
    h->dots += c == '.';
    h->commas += c == ',';
    h->blanks += c == ' ';
}

/* Digits and marks from s to end; false: something else is there. */
static bool scan(const char *s, const char *end, shape *h)
{
    memset(h, 0, sizeof *h);
    while (s < end) {
        size_t blank;
        if (is_digit(*s))
            add_digit(h, *s++);
        else if (*s == '.' || *s == ',')
            add_mark(h, *s++);
        else if ((blank = blank_at(s, end)) != 0) {
            add_mark(h, ' ');
            s += blank;
        } else
            return false;
    }
    return h->digits > 0 && h->since > 0; /* no mark at the end */
}

static bool grouped(const shape *h)
{
    return !h->uneven && h->lead >= 1 && h->lead <= 3 && !(h->lead_zero && h->digits > 1);
}

static kh_num_kind by_last(char last)
{
    return last == '.' ? KH_NUM_POINT : KH_NUM_DECIMAL_COMMA;
}

/* One mark: 12.5 divides, 1.540 may do either. */
static kh_num_kind one_mark(const shape *h, unsigned *scale)
{
    *scale = h->since;
    if (h->since == 3 && grouped(h))
        return h->last == '.' ? KH_NUM_DOT : KH_NUM_COMMA;
    return by_last(h->last);
}

static kh_num_kind classify(const shape *h, unsigned *scale)
{
    unsigned marks = h->dots + h->commas + h->blanks;
    *scale = 0;
    if (marks == 0)
        return KH_NUM_PLAIN;
    if (marks == 1 && h->first != ' ')
        return one_mark(h, scale);
    if (!grouped(h))
        return KH_NUM_NONE;
    /* Several of one mark group; the other kind of mark may stand once, last, and divides. */
    unsigned same = h->first == '.' ? h->dots : h->first == ',' ? h->commas : h->blanks;
    if (same == marks) {
        if (h->since != 3)
            return KH_NUM_NONE;
        return h->first == ' ' ? KH_NUM_PLAIN : by_last(h->first == '.' ? ',' : '.');
    }
    if (same != marks - 1 || h->last == h->first || h->last == ' ')
        return KH_NUM_NONE;
    *scale = h->since;
    return by_last(h->last);
}

/* Signs and the percent sign come off; *negative. */
static void strip(const char **s, const char **end, bool *negative, bool *percent)
{
    *negative = *percent = false;
    if (*end > *s && (*end)[-1] == '%') {
        *percent = true;
        (*end)--;
        while (*end > *s && (*end)[-1] == ' ')
            (*end)--;
    }
    if (*end - *s > 2 && **s == '(' && (*end)[-1] == ')') {
        *negative = true;
        (*s)++;
        (*end)--;
    } else if (*end > *s && (**s == '-' || **s == '+')) {
        *negative = **s == '-';
        (*s)++;
    } else if (*end - *s > 3 && memcmp(*s, "\xE2\x88\x92", 3) == 0) {
        *negative = true;
        *s += 3;
    }
}

static size_t digits_at(const char *s, size_t n, int64_t *m)
{
    size_t i = 0;
    for (; i < n; i++) {
        unsigned d = (unsigned)(unsigned char)s[i] - '0';
        if (d > 9)
            break;
        *m = *m * 10 + (int64_t)d;
    }
    return i;
}

/* Most cells: digits, or digits with a point among them. KH_NUM_NONE: the long way must tell. */
static kh_num_kind short_cut(const char *s, size_t n, kh_num *out)
{
    int64_t m = 0;
    if (n == 0 || n > 18)
        return KH_NUM_NONE;
    size_t lead = digits_at(s, n, &m);
    if (lead == n) {
        out->m = m;
        return KH_NUM_PLAIN;
    }
    size_t since = n - lead - 1;
    if (lead == 0 || since == 0 || s[lead] != '.' || digits_at(s + lead + 1, since, &m) != since)
        return KH_NUM_NONE;
    out->m = m;
    out->scale = (uint8_t)since;
    return since == 3 && lead <= 3 && *s != '0' ? KH_NUM_DOT : KH_NUM_POINT;
}

/* 922337203685477580.00 has more digits than fit, yet is a number that fits: zeros behind the mark are given up. */
static bool without_zeros(const char *s, const char *end, unsigned *scale, shape *h)
{
    unsigned keep = *scale;
    while (keep > 0 && end[-1] == '0') {
        end--;
        keep--;
    }
    if (keep == 0)
        end--; /* the mark itself */
    *scale = keep;
    return scan(s, end, h) && !h->huge && keep <= KH_DEC_SCALE_MAX;
}

kh_num_kind kh_num_read(const char *s, size_t n, kh_num *out)
{
    shape h;
    bool negative, percent;
    *out = (kh_num){0, 0, false, false};
    kh_num_kind kind = short_cut(s, n, out);
    if (kind != KH_NUM_NONE)
        return kind;
    const char *end = s + n;
    strip(&s, &end, &negative, &percent);
    if (s == end || !scan(s, end, &h) || (h.first == ' ' && h.lead == 0))
        return KH_NUM_NONE;
    unsigned scale;
    kind = classify(&h, &scale);
    if (kind == KH_NUM_NONE)
        return kind;
    if ((h.huge || scale > KH_DEC_SCALE_MAX) && (kind == KH_NUM_DOT || kind == KH_NUM_COMMA || scale == 0 || !without_zeros(s, end, &scale, &h)))
        return KH_NUM_HUGE;
    out->scale = (uint8_t)scale;
    out->m = negative ? -(int64_t)h.m : (int64_t)h.m;
    out->percent = percent;
    out->grouped = out->scale == 0 && h.first != 0;
    return kind;
}

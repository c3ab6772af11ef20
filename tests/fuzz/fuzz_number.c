/* SPDX-License-Identifier: MIT */
/*
 * Any text is a number of one kind or none. What is a number has the digits of
 * the text and nothing else: written canonically and read again it is the same.
 * Periods and days that are found have names that read back.
 */
#include "intake/stages.h"

#include <stdlib.h>
#include <string.h>

static void must(bool ok)
{
    if (!ok)
        abort();
}

/* The digits of the text as a decimal without marks, leading zeros gone. */
static void digits_of(const char *s, size_t n, char *out, size_t room)
{
    size_t k = 0;
    for (size_t i = 0; i < n && k + 1 < room; i++)
        if (s[i] >= '0' && s[i] <= '9' && (k || s[i] != '0'))
            out[k++] = s[i];
    if (!k)
        out[k++] = '0';
    out[k] = '\0';
}

static void check_number(const char *s, size_t n)
{
    kh_num num;
    char text[KH_DEC_TEXT], seen[64], wanted[64];
    kh_num_kind kind = kh_num_read(s, n, &num);
    if (kind == KH_NUM_NONE || kind == KH_NUM_HUGE)
        return;
    must(num.scale <= KH_DEC_SCALE_MAX && num.m != KH_MISSING);
    must((kind != KH_NUM_DOT && kind != KH_NUM_COMMA) || (num.m < 1000000 && num.m > -1000000));
    size_t len = kh_dec_format((kh_dec){num.m, num.scale}, text);
    kh_dec back;
    must(kh_dec_parse(text, len, &back) && back.m == num.m && back.scale == num.scale);
    digits_of(s, n, wanted, sizeof wanted);
    digits_of(text, len, seen, sizeof seen);
    /* Zeros behind the mark may have been given up where they did not fit. */
    must(strncmp(seen, wanted, strlen(seen)) == 0);
    for (const char *rest = wanted + strlen(seen); *rest; rest++)
        must(*rest == '0');
}

/* A plus sign makes the short cuts go the long way. */
static void check_ways(const char *s, size_t n)
{
    char text[40] = "+";
    kh_num a, b;
    if (n == 0 || n > 30 || s[0] < '.' || s[0] > '9')
        return;
    memcpy(text + 1, s, n);
    kh_num_kind kind = kh_num_read(s, n, &a);
    must(kh_num_read(text, n + 1, &b) == kind);
    must(kind == KH_NUM_NONE || kind == KH_NUM_HUGE || (a.m == b.m && a.scale == b.scale && a.percent == b.percent && a.grouped == b.grouped));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    const char *s = (const char *)bytes;
    kh_day day;
    kh_period found[4];
    char name[KH_PERIOD_TEXT];
    check_number(s, n);
    check_ways(s, n);
    kh_period p = kh_phrase_period(s, n);
    if (p) {
        kh_period_format(p, name);
        must(kh_period_parse(name, strlen(name)) == p);
    }
    size_t k = kh_phrase_periods(s, n, KH_EVERY_NONE, found, 4);
    for (size_t i = 0; i < k && i < 4; i++)
        must(found[i] != KH_NO_PERIOD);
    if (kh_phrase_date(s, n, &day) == KH_DATE_GOOD)
        must(day >= 0);
    return 0;
}

/* SPDX-License-Identifier: MIT */
/* Names of periods and days: whatever is read is written back as it was, and its neighbours and parts are sound. */
#include "model/calendar.h"

#include <stdlib.h>
#include <string.h>

static void need(bool fine)
{
    if (!fine)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *s = (const char *)data;
    char text[KH_PERIOD_TEXT], label[64];
    kh_day d;
    if (kh_day_parse(s, size, &d)) {
        char day[KH_DAY_TEXT];
        kh_day_format(d, day);
        need(size == strlen(day) && memcmp(day, s, size) == 0);
    }
    kh_period p = kh_period_parse(s, size);
    if (p == KH_NO_PERIOD)
        return 0;
    kh_period_format(p, text);
    need(size == strlen(text) && memcmp(text, s, size) == 0);
    need(kh_period_first(p) <= kh_period_last(p));
    need(kh_period_contains(p, p));
    need(kh_period_make(kh_period_freq(p), kh_period_year(p), kh_period_nth(p)) == p);
    kh_period next = kh_period_step(p, 1);
    need(next == KH_NO_PERIOD || (next > p && kh_period_step(next, -1) == p));
    for (unsigned c = 0; c < 2; c++)
        need(kh_calendar_opens((kh_calendar)c, p) <= kh_calendar_closes((kh_calendar)c, p));
    kh_period_label(p, KH_LANG_VI, label, sizeof label);
    kh_period_label(p, KH_LANG_EN, label, sizeof label);
    kh_period parts[31];
    size_t n = kh_period_parts(p, true, parts);
    for (size_t i = 0; i < n; i++)
        need(kh_period_contains(p, parts[i]));
    return 0;
}

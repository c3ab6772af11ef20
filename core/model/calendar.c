/* SPDX-License-Identifier: MIT */
/*
 * Reporting calendars. The months of an nd09 window follow one pattern: from
 * the 15th of the month before the period to the 14th of its last month.
 */
#include "model/calendar.h"

#include <string.h>

static const char *const names[] = {"civil", "nd09"};

const char *kh_calendar_name(kh_calendar c)
{
    return names[c];
}

bool kh_calendar_parse(const char *s, kh_calendar *out)
{
    for (unsigned i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(s, names[i]) == 0) {
            *out = (kh_calendar)i;
            return true;
        }
    return false;
}

static bool shifted(kh_calendar c, kh_period p)
{
    kh_freq f = kh_period_freq(p);
    return c == KH_CALENDAR_ND09 && f != KH_WEEK && f != KH_DAY && f != KH_EVERY_NONE;
}

/* The first day of the month that holds d. */
static kh_day month_begins(kh_day d)
{
    int year, month, day;
    kh_day_split(d, &year, &month, &day);
    return d - day + 1;
}

kh_day kh_calendar_opens(kh_calendar c, kh_period p)
{
    kh_day first = kh_period_first(p);
    return shifted(c, p) ? month_begins(first - 1) + 14 : first;
}

kh_day kh_calendar_closes(kh_calendar c, kh_period p)
{
    kh_day last = kh_period_last(p);
    return shifted(c, p) ? month_begins(last) + 13 : last;
}

kh_day kh_calendar_due(kh_calendar c, kh_period p, int days_after_close)
{
    return kh_calendar_closes(c, p) + days_after_close;
}

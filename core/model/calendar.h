/* SPDX-License-Identifier: MIT */
/*
 * Reporting calendars: when the data window of a period opens and closes, and
 * when its return is due. Data with a validity, chosen per form.
 *
 *   civil  the period's own days
 *   nd09   Decree 09/2019/NĐ-CP, article 12: month 15th of the month before to 14th;
 *          quarter 15th of the month before it to 14th of its last month; first half-year
 *          15/12-14/6, second 15/6-14/12; nine months 15/12-14/9; year 15/12-14/12;
 *          week and day civil. The decree applies from 12/03/2019, but its shape is used
 *          for earlier periods as well where a form chooses it.
 */
#ifndef KH_MODEL_CALENDAR_H
#define KH_MODEL_CALENDAR_H

#include "model/period.h"

typedef enum kh_calendar { KH_CALENDAR_CIVIL = 0, KH_CALENDAR_ND09 = 1 } kh_calendar;

const char *kh_calendar_name(kh_calendar c);
bool kh_calendar_parse(const char *s, kh_calendar *out);
kh_day kh_calendar_opens(kh_calendar c, kh_period p);
kh_day kh_calendar_closes(kh_calendar c, kh_period p);
kh_day kh_calendar_due(kh_calendar c, kh_period p, int days_after_close);

#endif

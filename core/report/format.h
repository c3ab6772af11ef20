/* SPDX-License-Identifier: MIT */
/* Numbers, dates and percent as people read them: 1.234.567,89 and 24,1 % in Vietnamese, 1,234,567.89 in English. */
#ifndef KH_REPORT_FORMAT_H
#define KH_REPORT_FORMAT_H

#include "base/buf.h"
#include "base/msg.h"
#include "model/period.h"

#include <stdbool.h>

bool kh_is_digits(const char *s); /* canonical: -?digits[.digits], of any length */
/* Canonical digits ("-1234567.5") grouped for people; decimals -1: as given, else padded or rounded half away from zero. */
void kh_format_number(const char *canonical, int decimals, kh_lang lang, kh_buf *out);
/* "ngày 05 tháng 02 năm 2018" (days under 10 and months 1 and 2 with a leading zero), "5 February 2018". */
void kh_format_date_long(int year, int month, int day, kh_lang lang, kh_buf *out);
void kh_format_date(kh_day d, kh_lang lang, kh_buf *out); /* 05/02/2018 */

#endif

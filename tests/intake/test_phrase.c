/* SPDX-License-Identifier: MIT */
#include "intake/stages.h"

#include "cm.h"

#include <string.h>

static const char *period_text(kh_period p)
{
    static char text[KH_PERIOD_TEXT];
    if (!p)
        return "none";
    kh_period_format(p, text);
    return text;
}

static void a_period_is_read_as_people_write_it(void **state)
{
    (void)state;
    static const struct { const char *text, *period; } rows[] = {
        {"2018", "2018"}, {"2018H1", "2018H1"}, {"2018h1", "2018H1"}, {"2018-9M", "2018-9M"}, {"2018q4", "2018Q4"}, {"2018-03", "2018-03"},
        {"202503", "2025-03"}, {"20250314", "2025-03-14"}, {"2025Q1", "2025Q1"}, {"Q1/2025", "2025Q1"}, {"3/2018", "2018-03"}, {"03/2018", "2018-03"}, {"IV/2018", "2018Q4"},
        {"Năm 2018", "2018"}, {"NĂM 2018", "2018"}, {"Quý I năm 2018", "2018Q1"}, {"quý IV/2018", "2018Q4"}, {"Quý 3 - 2018", "2018Q3"}, {"quí I 2018", "none"},
        {"6 tháng đầu năm 2018", "2018H1"}, {"Sáu tháng cuối năm 2018", "2018H2"}, {"9 tháng năm 2018", "2018-9M"}, {"9 tháng đầu năm 2018", "2018-9M"},
        {"tháng 3 năm 2018", "2018-03"}, {"Tháng 03/2018", "2018-03"}, {"tuần 7/2018", "2018W07"}, {"ngày 05/04/2018", "2018-04-05"}, {"ngày 5 tháng 4 năm 2018", "2018-04-05"},
        {"first half of 2018", "2018H1"}, {"Quarter II of 2018", "2018Q2"}, {"first nine months of 2018", "2018-9M"},
        {"tháng 13 năm 2018", "none"}, {"quý V năm 2018", "none"}, {"202513", "none"}, {"", "none"}, {"abc", "none"}, {"2018 và 2019", "none"}, {"Quý I năm 2018 và hơn", "none"}, {"18", "none"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        const char *got = period_text(kh_phrase_period(rows[i].text, strlen(rows[i].text)));
        if (strcmp(got, rows[i].period) != 0)
            fail_msg("\"%s\": %s, not %s", rows[i].text, got, rows[i].period);
    }
}

static void every_label_of_a_period_reads_back(void **state)
{
    (void)state;
    static const struct { kh_freq f; int nth; } kinds[] = {{KH_YEAR, 1}, {KH_NINE, 1}, {KH_HALF, 2}, {KH_QUARTER, 3}, {KH_MONTH, 1}, {KH_MONTH, 12}, {KH_WEEK, 9}};
    for (size_t i = 0; i < COUNT(kinds); i++) {
        char label[100];
        kh_period p = kh_period_make(kinds[i].f, 2018, kinds[i].nth);
        kh_period_label(p, KH_LANG_VI, label, sizeof label);
        if (kh_phrase_period(label, strlen(label)) != p)
            fail_msg("\"%s\" does not read back", label);
    }
}

static void a_sentence_names_periods_but_its_dates_are_none(void **state)
{
    (void)state;
    static const struct { const char *text; kh_freq want; const char *found; size_t n; } rows[] = {
        {"Báo cáo 6 tháng đầu năm 2018 của huyện", KH_HALF, "2018H1", 1},
        {"Lạng Sơn, ngày 15 tháng 7 năm 2018", KH_MONTH, "none", 0},
        {"Lạng Sơn, ngày 15 tháng 7 năm 2018", KH_YEAR, "none", 0},
        {"Lạng Sơn, ngày 15 tháng 7 năm 2018", KH_DAY, "2018-07-15", 1},
        {"Quý I năm 2018 (so với quý I năm 2017)", KH_QUARTER, "2018Q1", 2},
        {"Quý I năm 2018 (so với quý I năm 2017)", KH_YEAR, "none", 0},
        {"Kế hoạch năm 2018", KH_YEAR, "2018", 1},
        {"Ban hành theo Thông tư số 01/2018/TT-BTC", KH_YEAR, "none", 0},
        {"Giai đoạn 2016 - 2020", KH_YEAR, "none", 0},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        kh_period found[4] = {0};
        size_t n = kh_phrase_periods(rows[i].text, strlen(rows[i].text), rows[i].want, found, 4);
        if (n != rows[i].n || strcmp(period_text(found[0]), rows[i].found) != 0)
            fail_msg("\"%s\": %zu, %s", rows[i].text, n, period_text(found[0]));
    }
}

static void a_day_is_day_month_year_or_refused_with_its_reason(void **state)
{
    (void)state;
    static const struct { const char *text; kh_date_kind kind; const char *day; } rows[] = {
        {"05/04/2018", KH_DATE_GOOD, "2018-04-05"}, {"5/4/2018", KH_DATE_GOOD, "2018-04-05"}, {"05-04-2018", KH_DATE_GOOD, "2018-04-05"}, {"05.04.2018", KH_DATE_GOOD, "2018-04-05"},
        {"2018-04-05", KH_DATE_GOOD, "2018-04-05"}, {"ngày 5 tháng 4 năm 2018", KH_DATE_GOOD, "2018-04-05"}, {"29/02/2016", KH_DATE_GOOD, "2016-02-29"},
        {"29/02/2018", KH_DATE_NO_DAY, ""}, {"31/04/2018", KH_DATE_NO_DAY, ""}, {"04/25/2018", KH_DATE_MONTH_FIRST, ""}, {"5/4/18", KH_DATE_SHORT_YEAR, ""},
        {"43115", KH_DATE_SERIAL, ""}, {"5-Jan", KH_DATE_ENGLISH, ""}, {"Jan-18", KH_DATE_ENGLISH, ""}, {"5-Jan-2018", KH_DATE_ENGLISH, ""},
        {"abc", KH_DATE_NONE, ""}, {"", KH_DATE_NONE, ""}, {"5/4", KH_DATE_NONE, ""}, {"05/04-2018", KH_DATE_NONE, ""}, {"1.234.567", KH_DATE_NONE, ""},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        kh_day d;
        char text[KH_DAY_TEXT] = "";
        kh_date_kind kind = kh_phrase_date(rows[i].text, strlen(rows[i].text), &d);
        if (kind == KH_DATE_GOOD)
            kh_day_format(d, text);
        if (kind != rows[i].kind || strcmp(text, rows[i].day) != 0)
            fail_msg("\"%s\": kind %d, %s", rows[i].text, kind, text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_period_is_read_as_people_write_it),
        cmocka_unit_test(every_label_of_a_period_reads_back),
        cmocka_unit_test(a_sentence_names_periods_but_its_dates_are_none),
        cmocka_unit_test(a_day_is_day_month_year_or_refused_with_its_reason),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

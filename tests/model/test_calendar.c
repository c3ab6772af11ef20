/* SPDX-License-Identifier: MIT */
#include "model/calendar.h"

#include "cm.h"

#include <string.h>

static kh_period period(const char *s)
{
    return kh_period_parse(s, strlen(s));
}

static void check_day(kh_day d, const char *expected)
{
    char text[KH_DAY_TEXT];
    kh_day_format(d, text);
    assert_string_equal(text, expected);
}

/* Decree 09/2019/NĐ-CP, article 12, clause by clause. */
static void nd09_windows_are_those_of_the_decree(void **state)
{
    (void)state;
    static const struct { const char *period, *opens, *closes; } cases[] = {
        {"2018-03", "2018-02-15", "2018-03-14"}, {"2018-01", "2017-12-15", "2018-01-14"}, {"2020-03", "2020-02-15", "2020-03-14"},
        {"2018Q1", "2017-12-15", "2018-03-14"}, {"2018Q2", "2018-03-15", "2018-06-14"}, {"2018Q3", "2018-06-15", "2018-09-14"}, {"2018Q4", "2018-09-15", "2018-12-14"},
        {"2018H1", "2017-12-15", "2018-06-14"}, {"2018H2", "2018-06-15", "2018-12-14"},
        {"2018-9M", "2017-12-15", "2018-09-14"}, {"2018", "2017-12-15", "2018-12-14"},
        {"2018W07", "2018-02-12", "2018-02-18"}, {"2018-03-15", "2018-03-15", "2018-03-15"},
        {"1900", "1899-12-15", "1900-12-14"}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        check_day(kh_calendar_opens(KH_CALENDAR_ND09, period(cases[i].period)), cases[i].opens);
        check_day(kh_calendar_closes(KH_CALENDAR_ND09, period(cases[i].period)), cases[i].closes);
    }
}

static void nd09_windows_of_neighbours_touch(void **state)
{
    (void)state;
    static const kh_freq lengths[] = {KH_YEAR, KH_HALF, KH_QUARTER, KH_MONTH, KH_WEEK, KH_DAY};
    for (size_t i = 0; i < COUNT(lengths); i++)
        for (kh_period p = kh_period_make(lengths[i], 2010, 1); kh_period_year(p) < 2025; p = kh_period_step(p, 1))
            assert_int_equal(kh_calendar_opens(KH_CALENDAR_ND09, kh_period_step(p, 1)), kh_calendar_closes(KH_CALENDAR_ND09, p) + 1);
}

static void civil_windows_are_the_periods_own_days(void **state)
{
    (void)state;
    static const char *const names[] = {"2018", "2018-9M", "2018H2", "2018Q1", "2018-02", "2018W07", "2018-03-15"};
    for (size_t i = 0; i < COUNT(names); i++) {
        assert_int_equal(kh_calendar_opens(KH_CALENDAR_CIVIL, period(names[i])), kh_period_first(period(names[i])));
        assert_int_equal(kh_calendar_closes(KH_CALENDAR_CIVIL, period(names[i])), kh_period_last(period(names[i])));
    }
}

static void a_return_is_due_so_many_days_after_the_window_closes(void **state)
{
    (void)state;
    check_day(kh_calendar_due(KH_CALENDAR_ND09, period("2018Q1"), 5), "2018-03-19");
    check_day(kh_calendar_due(KH_CALENDAR_ND09, period("2018"), 20), "2019-01-03");
    check_day(kh_calendar_due(KH_CALENDAR_CIVIL, period("2018-02"), 0), "2018-02-28");
}

static void names_of_calendars_are_read_back(void **state)
{
    (void)state;
    kh_calendar c = KH_CALENDAR_ND09;
    assert_true(kh_calendar_parse(kh_calendar_name(KH_CALENDAR_CIVIL), &c));
    assert_int_equal(c, KH_CALENDAR_CIVIL);
    assert_true(kh_calendar_parse("nd09", &c));
    assert_int_equal(c, KH_CALENDAR_ND09);
    assert_false(kh_calendar_parse("lunar", &c));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nd09_windows_are_those_of_the_decree),
        cmocka_unit_test(nd09_windows_of_neighbours_touch),
        cmocka_unit_test(civil_windows_are_the_periods_own_days),
        cmocka_unit_test(a_return_is_due_so_many_days_after_the_window_closes),
        cmocka_unit_test(names_of_calendars_are_read_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

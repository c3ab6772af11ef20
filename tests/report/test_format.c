/* SPDX-License-Identifier: MIT */
#include "report/format.h"

#include "cm.h"

static void numbers_as_people_read_them(void **state)
{
    (void)state;
    static const struct { const char *digits; int decimals; const char *vi, *en; } cases[] = {
        {"0", -1, "0", "0"},
        {"7", 0, "7", "7"},
        {"999", -1, "999", "999"},
        {"1000", -1, "1.000", "1,000"},
        {"1234567.89", -1, "1.234.567,89", "1,234,567.89"},
        {"1234567.89", 1, "1.234.567,9", "1,234,567.9"},
        {"1234567", 2, "1.234.567,00", "1,234,567.00"},
        {"-1234567.5", -1, "-1.234.567,5", "-1,234,567.5"},
        {"24.05", 1, "24,1", "24.1"},     /* half away from zero, by the digits: no binary 24.049999 */
        {"24.04999", 1, "24,0", "24.0"},
        {"-24.05", 1, "-24,1", "-24.1"},
        {"2.5", 0, "3", "3"},
        {"-2.5", 0, "-3", "-3"},
        {"0.5", 0, "1", "1"},
        {"0.4", 0, "0", "0"},
        {"-0.4", 0, "0", "0"},            /* no minus zero */
        {"-0.04", 1, "0,0", "0.0"},
        {"999.95", 1, "1.000,0", "1,000.0"},
        {"99999.5", 0, "100.000", "100,000"},
        {"9223372036854775807", -1, "9.223.372.036.854.775.807", "9,223,372,036,854,775,807"},
        {"123456789012345678901234567890.12", 1, "123.456.789.012.345.678.901.234.567.890,1", "123,456,789,012,345,678,901,234,567,890.1"},
        {"007", -1, "7", "7"},
        {"0.10", -1, "0,10", "0.10"},     /* the sender's digits are kept */
        {"1,5", 1, "1,5", "1,5"},         /* not canonical: shown as it is */
        {"", 0, "", ""},
        {"abc", 2, "abc", "abc"}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        kh_buf b = KH_BUF_INIT;
        kh_format_number(cases[i].digits, cases[i].decimals, KH_LANG_VI, &b);
        assert_string_equal(kh_buf_cstr(&b), cases[i].vi);
        kh_buf_clear(&b);
        kh_format_number(cases[i].digits, cases[i].decimals, KH_LANG_EN, &b);
        assert_string_equal(kh_buf_cstr(&b), cases[i].en);
        kh_buf_free(&b);
    }
}

static void days_under_ten_and_months_one_and_two_lead_with_zero(void **state)
{
    (void)state;
    static const struct { int y, m, d; const char *vi, *en; } cases[] = {
        {2018, 2, 5, "ngày 05 tháng 02 năm 2018", "5 February 2018"},
        {2018, 1, 15, "ngày 15 tháng 01 năm 2018", "15 January 2018"},
        {2018, 3, 9, "ngày 09 tháng 3 năm 2018", "9 March 2018"},
        {2018, 10, 10, "ngày 10 tháng 10 năm 2018", "10 October 2018"},
        {2018, 12, 1, "ngày 01 tháng 12 năm 2018", "1 December 2018"},
        {2020, 9, 0, "ngày … tháng 9 năm 2020", "September 2020"},
        {0, 0, 0, "ngày … tháng … năm …", ""}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        kh_buf b = KH_BUF_INIT;
        kh_format_date_long(cases[i].y, cases[i].m, cases[i].d, KH_LANG_VI, &b);
        assert_string_equal(kh_buf_cstr(&b), cases[i].vi);
        kh_buf_clear(&b);
        kh_format_date_long(cases[i].y, cases[i].m, cases[i].d, KH_LANG_EN, &b);
        assert_string_equal(kh_buf_cstr(&b), cases[i].en);
        kh_buf_free(&b);
    }
}

static void short_dates_are_day_month_year_and_open_ends_are_blank(void **state)
{
    (void)state;
    kh_buf b = KH_BUF_INIT;
    kh_format_date(kh_day_make(2018, 2, 5), KH_LANG_VI, &b);
    assert_string_equal(kh_buf_cstr(&b), "05/02/2018");
    kh_buf_clear(&b);
    kh_format_date(KH_DAY_MAX, KH_LANG_VI, &b);
    kh_format_date(KH_DAY_MIN, KH_LANG_EN, &b);
    assert_string_equal(kh_buf_cstr(&b), "");
    kh_buf_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(numbers_as_people_read_them), cmocka_unit_test(days_under_ten_and_months_one_and_two_lead_with_zero),
                                       cmocka_unit_test(short_dates_are_day_month_year_and_open_ends_are_blank)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

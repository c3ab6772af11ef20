/* SPDX-License-Identifier: MIT */
#include "model/period.h"

#include "cm.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

enum { SECONDS = 86400, YEARS = 300 };

/* The C library's calendar is the independent one. */
static struct tm libc_day(kh_day d)
{
    struct tm origin = {.tm_year = 0, .tm_mon = 0, .tm_mday = 1}, out; /* 1900-01-01 */
    time_t t = timegm(&origin) + (time_t)d * SECONDS;
    gmtime_r(&t, &out);
    return out;
}

static kh_day day(const char *s)
{
    kh_day d = -99;
    assert_true(kh_day_parse(s, strlen(s), &d));
    return d;
}

static kh_period period(const char *s)
{
    kh_period p = kh_period_parse(s, strlen(s));
    if (p == KH_NO_PERIOD)
        fail_msg("%s is no period", s);
    return p;
}

static const char *name(kh_period p)
{
    static char text[4][KH_PERIOD_TEXT];
    static int next;
    char *out = text[next++ % 4];
    kh_period_format(p, out);
    return out;
}

static const char *day_name(kh_day d)
{
    static char text[4][KH_DAY_TEXT];
    static int next;
    char *out = text[next++ % 4];
    kh_day_format(d, out);
    return out;
}

static kh_day last_day(void)
{
    return kh_day_make(2199, 12, 31);
}

/* ---- days ---- */

static void days_are_those_of_the_c_library(void **state)
{
    (void)state;
    assert_int_equal(last_day() + 1, 300 * 365 + 73); /* leap years: every fourth of 300, without 1900 and 2100 */
    for (kh_day d = 0; d <= last_day(); d++) {
        struct tm t = libc_day(d);
        int y, m, n;
        kh_day_split(d, &y, &m, &n);
        assert_int_equal(y, t.tm_year + 1900);
        assert_int_equal(m, t.tm_mon + 1);
        assert_int_equal(n, t.tm_mday);
        assert_int_equal(kh_day_make(y, m, n), d);
    }
}

static void days_before_the_range_are_split_as_well(void **state)
{
    (void)state;
    assert_string_equal(day_name(-1), "1899-12-31");
    assert_string_equal(day_name(-17), "1899-12-15");
    assert_string_equal(day_name(last_day() + 1), "2200-01-01");
}

static void a_day_that_does_not_exist_is_none(void **state)
{
    (void)state;
    static const struct { int y, m, d; } none[] = {
        {2018, 2, 29}, {1900, 2, 29}, {2100, 2, 29}, {2018, 4, 31}, {2018, 0, 1}, {2018, 13, 1}, {2018, 1, 0}, {2018, 1, 32}, {1899, 12, 31}, {2200, 1, 1}};
    for (size_t i = 0; i < COUNT(none); i++)
        assert_int_equal(kh_day_make(none[i].y, none[i].m, none[i].d), -1);
    assert_true(kh_day_make(2000, 2, 29) > 0);
}

static void a_day_has_one_spelling(void **state)
{
    (void)state;
    static const char *const bad[] = {"", "2018", "2018-3-15", "2018-03-15 ", " 2018-03-15", "15/03/2018", "2018/03/15", "2018-02-30", "2018-03-1x", "20180315"};
    kh_day d;
    for (size_t i = 0; i < COUNT(bad); i++)
        assert_false(kh_day_parse(bad[i], strlen(bad[i]), &d));
    assert_string_equal(day_name(day("2018-03-15")), "2018-03-15");
    assert_string_equal(day_name(KH_DAY_MIN), "");
    assert_string_equal(day_name(KH_DAY_MAX), "");
}

/* ---- periods ---- */

static void a_name_gives_the_period_it_names(void **state)
{
    (void)state;
    static const struct { const char *name; kh_freq freq; int year, nth; const char *first, *last; } cases[] = {
        {"2018", KH_YEAR, 2018, 1, "2018-01-01", "2018-12-31"},
        {"2018-9M", KH_NINE, 2018, 1, "2018-01-01", "2018-09-30"},
        {"2018H1", KH_HALF, 2018, 1, "2018-01-01", "2018-06-30"},
        {"2018H2", KH_HALF, 2018, 2, "2018-07-01", "2018-12-31"},
        {"2018Q1", KH_QUARTER, 2018, 1, "2018-01-01", "2018-03-31"},
        {"2018Q4", KH_QUARTER, 2018, 4, "2018-10-01", "2018-12-31"},
        {"2018-02", KH_MONTH, 2018, 2, "2018-02-01", "2018-02-28"},
        {"2020-02", KH_MONTH, 2020, 2, "2020-02-01", "2020-02-29"},
        {"2018-12", KH_MONTH, 2018, 12, "2018-12-01", "2018-12-31"},
        {"2018W07", KH_WEEK, 2018, 7, "2018-02-12", "2018-02-18"},
        {"2020W53", KH_WEEK, 2020, 53, "2020-12-28", "2021-01-03"}, /* a year with 53 weeks */
        {"2019W01", KH_WEEK, 2019, 1, "2018-12-31", "2019-01-06"},  /* begins in the year before */
        {"2018-03-15", KH_DAY, 2018, 74, "2018-03-15", "2018-03-15"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        kh_period p = period(cases[i].name);
        assert_string_equal(name(p), cases[i].name);
        assert_int_equal(kh_period_freq(p), cases[i].freq);
        assert_int_equal(kh_period_year(p), cases[i].year);
        assert_int_equal(kh_period_nth(p), cases[i].nth);
        assert_string_equal(day_name(kh_period_first(p)), cases[i].first);
        assert_string_equal(day_name(kh_period_last(p)), cases[i].last);
        assert_int_equal(kh_period_make(cases[i].freq, cases[i].year, cases[i].nth), p);
    }
}

static void what_is_no_name_is_no_period(void **state)
{
    (void)state;
    static const char *const bad[] = {"", "18", "201", "20180", "2018H0", "2018H3", "2018Q0", "2018Q5", "2018-00", "2018-13", "2018W00", "2018W53" /* 52 weeks */,
                                      "2018W7", "2018-8M", "2018-10M", "2018q1", "2018 Q1", "Q1/2018", "2018-02-29", "1899", "2200", "2018-3", "2018H", "2018-", "abcd", "2018-03-15x"};
    for (size_t i = 0; i < COUNT(bad); i++)
        if (kh_period_parse(bad[i], strlen(bad[i])) != KH_NO_PERIOD)
            fail_msg("%s was taken for a period", bad[i]);
}

/* Every period there is; `each` gets it and its length. */
static void for_all(void (*each)(kh_period p))
{
    for (unsigned f = KH_YEAR; f <= KH_DAY; f++)
        for (int year = 1900; year < 1900 + YEARS; year++)
            for (int nth = 1; nth <= 366; nth++) {
                kh_period p = kh_period_make((kh_freq)f, year, nth);
                if (p == KH_NO_PERIOD)
                    break;
                assert_int_equal(kh_period_freq(p), f);
                assert_int_equal(kh_period_year(p), year);
                assert_int_equal(kh_period_nth(p), nth);
                each(p);
            }
}

static size_t counted[8];

static void formats_back(kh_period p)
{
    char text[KH_PERIOD_TEXT];
    kh_period_format(p, text);
    assert_int_equal(kh_period_parse(text, strlen(text)), p);
    counted[kh_period_freq(p)]++;
}

static void every_period_is_read_back_from_its_name(void **state)
{
    (void)state;
    memset(counted, 0, sizeof counted);
    for_all(formats_back);
    assert_int_equal(counted[KH_YEAR], 300);
    assert_int_equal(counted[KH_NINE], 300);
    assert_int_equal(counted[KH_HALF], 600);
    assert_int_equal(counted[KH_QUARTER], 1200);
    assert_int_equal(counted[KH_MONTH], 3600);
    assert_int_equal(counted[KH_DAY], 300 * 365 + 73);
    assert_int_equal(counted[KH_WEEK], (300 * 365 + 73 - 2) / 7); /* 1900W01 begins on 1900-01-01; 2199-12-30 and 31 are in 2200W01 */
}

static void steps_back(kh_period p)
{
    static const int steps[] = {1, 2, 3, 7, 12, 13, 52, 53, 366, 1000, -1, -4, -53, -400};
    for (size_t i = 0; i < COUNT(steps); i++) {
        kh_period there = kh_period_step(p, steps[i]);
        if (there == KH_NO_PERIOD)
            continue;
        assert_int_equal(kh_period_step(there, -steps[i]), p);
        assert_true(steps[i] > 0 ? there > p : there < p);
    }
    kh_period next = kh_period_step(p, 1);
    if (next != KH_NO_PERIOD && kh_period_freq(p) != KH_NINE)
        assert_int_equal(kh_period_first(next), kh_period_last(p) + 1);
}

static void a_step_and_its_opposite_come_back_and_neighbours_touch(void **state)
{
    (void)state;
    for_all(steps_back);
}

static void steps_cross_years(void **state)
{
    (void)state;
    static const struct { const char *from; int n; const char *to; } cases[] = {
        {"2018Q1", -1, "2017Q4"}, {"2018Q4", 1, "2019Q1"}, {"2018Q1", -9, "2015Q4"}, {"2018H1", 3, "2019H2"}, {"2018-01", -13, "2016-12"},
        {"2018-9M", 2, "2020-9M"}, {"2018", -18, "2000"}, {"2020W53", 1, "2021W01"}, {"2021W01", -1, "2020W53"}, {"2018W01", -1, "2017W52"},
        {"2020-02-28", 2, "2020-03-01"}, {"2018-01-01", -1, "2017-12-31"}, {"2018Q1", 0, "2018Q1"}};
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_string_equal(name(kh_period_step(period(cases[i].from), cases[i].n)), cases[i].to);
}

static void a_step_out_of_the_range_gives_no_period(void **state)
{
    (void)state;
    static const struct { const char *from; int n; } cases[] = {{"1900", -1}, {"2199", 1}, {"2199Q4", 1}, {"1900-01", -1}, {"1900W01", -1}, {"2199W52", 1}, {"2199-12-31", 1},
                                                                {"1900-01-01", -1}, {"2018", INT32_MAX}, {"2018", INT32_MIN}, {"2018-03-15", INT32_MAX}, {"2018W07", INT32_MIN}, {"2018-03", INT32_MAX}};
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_int_equal(kh_period_step(period(cases[i].from), cases[i].n), KH_NO_PERIOD);
    assert_int_equal(kh_period_step(KH_NO_PERIOD, 1), KH_NO_PERIOD);
}

static void weeks_are_those_of_iso_8601(void **state)
{
    (void)state;
    for (kh_day d = 0; d <= last_day(); d++) {
        struct tm t = libc_day(d);
        char iso[16], text[KH_PERIOD_TEXT];
        strftime(iso, sizeof iso, "%GW%V", &t);
        kh_period week = kh_period_of(KH_WEEK, d);
        if (strncmp(iso, "2200", 4) == 0) {
            assert_int_equal(week, KH_NO_PERIOD);
            continue;
        }
        kh_period_format(week, text);
        assert_string_equal(text, iso);
    }
}

static void the_period_of_a_day_holds_it(void **state)
{
    (void)state;
    for (kh_day d = 0; d <= last_day(); d += 3)
        for (unsigned f = KH_YEAR; f <= KH_DAY; f++) {
            kh_period p = kh_period_of((kh_freq)f, d);
            if (p == KH_NO_PERIOD) { /* only nine months in autumn, and the week that belongs to 2200 */
                assert_true(f == KH_NINE ? libc_day(d).tm_mon >= 9 : f == KH_WEEK && d > last_day() - 2);
                continue;
            }
            assert_true(kh_period_first(p) <= d && d <= kh_period_last(p));
        }
    assert_int_equal(kh_period_of(KH_MONTH, -1), KH_NO_PERIOD);
    assert_int_equal(kh_period_of(KH_MONTH, last_day() + 1), KH_NO_PERIOD);
    assert_int_equal(kh_period_of(KH_EVERY_NONE, 0), KH_NO_PERIOD);
}

static void periods_sort_by_first_day_and_the_longer_comes_first(void **state)
{
    (void)state;
    static const char *const order[] = {"2017-12-31", "2018", "2018-9M", "2018H1", "2018Q1", "2018-01", "2018W01", "2018-01-01", "2018-01-02", "2018W02", "2018-02", "2018-03", "2018Q2", "2018H2", "2018Q4", "2019"};
    for (size_t i = 1; i < COUNT(order); i++)
        if (period(order[i - 1]) >= period(order[i]))
            fail_msg("%s should come before %s", order[i - 1], order[i]);
    assert_true(KH_NO_PERIOD < period("1900"));
}

static void containing_is_every_day_and_weeks_by_iso_year(void **state)
{
    (void)state;
    static const struct { const char *a, *b; bool in; } cases[] = {
        {"2018", "2018", true}, {"2018", "2018H2", true}, {"2018", "2018-9M", true}, {"2018-9M", "2018Q3", true}, {"2018-9M", "2018Q4", false}, {"2018-9M", "2018H2", false},
        {"2018H1", "2018Q2", true}, {"2018H1", "2018Q3", false}, {"2018Q1", "2018-03", true}, {"2018-03", "2018Q1", false}, {"2018-03", "2018-03-31", true},
        {"2019", "2019W01", true},  /* begins on 2018-12-31 */
        {"2018", "2018W01", true}, {"2020", "2020W53", true}, {"2021", "2020W53", false},
        {"2019Q1", "2019W01", false}, {"2018-02", "2018W07", true}, {"2018W07", "2018-02-18", true}, {"2018W07", "2018-02-19", false}};
    for (size_t i = 0; i < COUNT(cases); i++)
        if (kh_period_contains(period(cases[i].a), period(cases[i].b)) != cases[i].in)
            fail_msg("%s and %s", cases[i].a, cases[i].b);
    assert_false(kh_period_contains(KH_NO_PERIOD, period("2018")));
    assert_false(kh_period_contains(period("2018"), KH_NO_PERIOD));
}

static void parts_make_up_the_whole(void **state)
{
    (void)state;
    static const struct { const char *whole, *parts; } cases[] = {
        {"2018", "2018H1 2018H2"}, {"2018H2", "2018Q3 2018Q4"}, {"2018-9M", "2018Q1 2018Q2 2018Q3"}, {"2018Q4", "2018-10 2018-11 2018-12"}, {"2018-03", ""}, {"2018W07", ""}, {"2018-03-15", ""}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        kh_period parts[31];
        char text[400] = "";
        size_t n = kh_period_parts(period(cases[i].whole), false, parts);
        for (size_t k = 0; k < n; k++)
            snprintf(text + strlen(text), sizeof text - strlen(text), "%s%s", k ? " " : "", name(parts[k]));
        assert_string_equal(text, cases[i].parts);
    }
}

static kh_period whole_parts[31];

static void covered_by_parts(kh_period p)
{
    size_t n = kh_period_parts(p, true, whole_parts);
    if (kh_period_freq(p) == KH_DAY) {
        assert_int_equal(n, 0);
        return;
    }
    kh_day next = kh_period_first(p);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(kh_period_first(whole_parts[i]), next);
        next = kh_period_last(whole_parts[i]) + 1;
    }
    assert_int_equal(next, kh_period_last(p) + 1);
}

static void parts_with_days_leave_no_gap(void **state)
{
    (void)state;
    for_all(covered_by_parts);
}

static void within_counts_as_a_calendar_does(void **state)
{
    (void)state;
    static const struct { const char *p; kh_freq f; size_t n; const char *first, *last; } cases[] = {
        {"2018", KH_YEAR, 1, "2018", "2018"}, {"2018", KH_NINE, 1, "2018-9M", "2018-9M"}, {"2018", KH_HALF, 2, "2018H1", "2018H2"}, {"2018", KH_MONTH, 12, "2018-01", "2018-12"},
        {"2018", KH_DAY, 365, "2018-01-01", "2018-12-31"}, {"2020", KH_DAY, 366, "2020-01-01", "2020-12-31"},
        {"2018", KH_WEEK, 52, "2018W01", "2018W52"}, {"2020", KH_WEEK, 53, "2020W01", "2020W53"}, {"2019", KH_WEEK, 52, "2019W01", "2019W52"},
        {"2018-9M", KH_HALF, 1, "2018H1", "2018H1"}, {"2018-9M", KH_QUARTER, 3, "2018Q1", "2018Q3"}, {"2018H2", KH_MONTH, 6, "2018-07", "2018-12"},
        {"2018-02", KH_DAY, 28, "2018-02-01", "2018-02-28"}, {"2018-02", KH_WEEK, 3, "2018W06", "2018W08"}, /* only whole weeks */
        {"2018W07", KH_DAY, 7, "2018-02-12", "2018-02-18"}, {"2018Q1", KH_YEAR, 0, "", ""}, {"2018H2", KH_NINE, 0, "", ""}, {"2018-03-15", KH_MONTH, 0, "", ""}, {"2018H1", KH_NINE, 0, "", ""}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        kh_period out[400];
        size_t n = kh_period_within(period(cases[i].p), cases[i].f, out, COUNT(out));
        if (n != cases[i].n)
            fail_msg("%s has %zu of length %d, not %zu", cases[i].p, n, (int)cases[i].f, cases[i].n);
        assert_int_equal(kh_period_within(period(cases[i].p), cases[i].f, NULL, 0), n);
        if (n) {
            assert_string_equal(name(out[0]), cases[i].first);
            assert_string_equal(name(out[n - 1]), cases[i].last);
        }
    }
    assert_int_equal(kh_period_within(KH_NO_PERIOD, KH_MONTH, NULL, 0), 0);
    kh_period two[2];
    assert_int_equal(kh_period_within(period("2018"), KH_MONTH, two, 2), 12); /* room is kept, the count is whole */
    assert_string_equal(name(two[1]), "2018-02");
}

static void labels_are_those_of_administrative_documents(void **state)
{
    (void)state;
    static const struct { const char *p, *vi, *en; } cases[] = {
        {"2018", "năm 2018", "2018"},
        {"2018-9M", "9 tháng năm 2018", "first nine months of 2018"},
        {"2018H1", "6 tháng đầu năm 2018", "first half of 2018"},
        {"2018H2", "6 tháng cuối năm 2018", "second half of 2018"},
        {"2018Q1", "quý I/2018", "quarter I of 2018"},
        {"2018Q4", "quý IV/2018", "quarter IV of 2018"},
        {"2018-03", "tháng 3/2018", "March 2018"},
        {"2018-02", "tháng 02/2018", "February 2018"}, /* months 1 and 2 and days 1 to 9 take a zero */
        {"2018W07", "tuần 7/2018", "week 7 of 2018"},
        {"2018-03-15", "ngày 15/3/2018", "15 March 2018"},
        {"2018-01-05", "ngày 05/01/2018", "5 January 2018"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char text[64];
        kh_period_label(period(cases[i].p), KH_LANG_VI, text, sizeof text);
        assert_string_equal(text, cases[i].vi);
        kh_period_label(period(cases[i].p), KH_LANG_EN, text, sizeof text);
        assert_string_equal(text, cases[i].en);
    }
    char small[4] = "xxx";
    kh_period_label(KH_NO_PERIOD, KH_LANG_VI, small, sizeof small);
    assert_string_equal(small, "");
}

static void names_of_lengths_are_read_back(void **state)
{
    (void)state;
    for (unsigned f = KH_YEAR; f <= KH_DAY; f++)
        assert_int_equal(kh_freq_parse(kh_freq_name((kh_freq)f)), f);
    assert_int_equal(kh_freq_parse("fortnight"), KH_EVERY_NONE);
    assert_int_equal(kh_freq_parse(""), KH_EVERY_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(days_are_those_of_the_c_library),
        cmocka_unit_test(days_before_the_range_are_split_as_well),
        cmocka_unit_test(a_day_that_does_not_exist_is_none),
        cmocka_unit_test(a_day_has_one_spelling),
        cmocka_unit_test(a_name_gives_the_period_it_names),
        cmocka_unit_test(what_is_no_name_is_no_period),
        cmocka_unit_test(every_period_is_read_back_from_its_name),
        cmocka_unit_test(a_step_and_its_opposite_come_back_and_neighbours_touch),
        cmocka_unit_test(steps_cross_years),
        cmocka_unit_test(a_step_out_of_the_range_gives_no_period),
        cmocka_unit_test(weeks_are_those_of_iso_8601),
        cmocka_unit_test(the_period_of_a_day_holds_it),
        cmocka_unit_test(periods_sort_by_first_day_and_the_longer_comes_first),
        cmocka_unit_test(containing_is_every_day_and_weeks_by_iso_year),
        cmocka_unit_test(parts_make_up_the_whole),
        cmocka_unit_test(parts_with_days_leave_no_gap),
        cmocka_unit_test(within_counts_as_a_calendar_does),
        cmocka_unit_test(labels_are_those_of_administrative_documents),
        cmocka_unit_test(names_of_lengths_are_read_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

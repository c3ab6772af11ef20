/* SPDX-License-Identifier: MIT */
#include "job/schedule.h"

#include "cm.h"

#include <stdio.h>
#include <string.h>

static kh_moment at(const char *day, int hour, int minute)
{
    kh_day d = 0;
    assert_true(kh_day_parse(day, 10, &d));
    return kh_moment_make(d, hour * 60 + minute);
}

static const char *name(kh_period p)
{
    static char text[4][KH_PERIOD_TEXT];
    static int next;
    char *out = text[next++ % 4];
    kh_period_format(p, out);
    return out;
}

static kh_period period(const char *s)
{
    return kh_period_parse(s, strlen(s));
}

static void a_period_comes_due_after_its_window_at_the_hour(void **state)
{
    (void)state;
    static const struct { const char *period; kh_calendar calendar; int after, at; const char *moment; } cases[] = {
        {"2018Q1", KH_CALENDAR_ND09, 1, 360, "2018-03-15 06:00"}, {"2018Q1", KH_CALENDAR_CIVIL, 1, 360, "2018-04-01 06:00"}, {"2018", KH_CALENDAR_ND09, 16, 360, "2018-12-30 06:00"},
        {"2018-03-15", KH_CALENDAR_CIVIL, 0, 330, "2018-03-15 05:30"}, {"2018W07", KH_CALENDAR_ND09, 1, 0, "2018-02-19 00:00"}, {"2018-9M", KH_CALENDAR_ND09, 0, 1439, "2018-09-14 23:59"}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        kh_job_def job = {.every = kh_period_freq(period(cases[i].period)), .calendar = cases[i].calendar, .after = cases[i].after, .at = cases[i].at};
        char text[24];
        kh_moment_format(kh_schedule_moment(&job, period(cases[i].period)), text);
        assert_string_equal(text, cases[i].moment);
    }
}

static void the_newest_due_period_changes_at_the_minute(void **state)
{
    (void)state;
    kh_job_def quarter = {.every = KH_QUARTER, .calendar = KH_CALENDAR_ND09, .after = 1, .at = 360};
    assert_string_equal(name(kh_schedule_newest(&quarter, at("2018-03-15", 5, 59))), "2017Q4");
    assert_string_equal(name(kh_schedule_newest(&quarter, at("2018-03-15", 6, 0))), "2018Q1");
    assert_string_equal(name(kh_schedule_newest(&quarter, at("2018-06-15", 5, 59))), "2018Q1");
    kh_job_def year = {.every = KH_YEAR, .calendar = KH_CALENDAR_ND09, .after = 16, .at = 360};
    assert_string_equal(name(kh_schedule_newest(&year, at("2018-12-30", 6, 0))), "2018"); /* before the year is over */
    assert_string_equal(name(kh_schedule_newest(&year, at("2018-12-30", 5, 59))), "2017");
    kh_job_def day = {.every = KH_DAY, .at = 330};
    assert_string_equal(name(kh_schedule_newest(&day, at("2018-03-15", 5, 29))), "2018-03-14");
    assert_string_equal(name(kh_schedule_newest(&day, at("2018-03-15", 5, 30))), "2018-03-15");
    kh_job_def nine = {.every = KH_NINE, .calendar = KH_CALENDAR_ND09, .after = 30};
    assert_string_equal(name(kh_schedule_newest(&nine, at("2018-10-13", 23, 59))), "2017-9M");
    assert_string_equal(name(kh_schedule_newest(&nine, at("2018-11-01", 0, 0))), "2018-9M");
    kh_job_def slow = {.every = KH_MONTH, .after = 200};
    assert_string_equal(name(kh_schedule_newest(&slow, at("2018-08-19", 0, 0))), "2018-01"); /* 31 January and 200 days */
    kh_job_def by_hand = {.every = KH_EVERY_NONE};
    assert_int_equal(kh_schedule_newest(&by_hand, at("2018-03-15", 6, 0)), KH_NO_PERIOD);
    assert_int_equal(kh_schedule_newest(&quarter, at("1900-01-02", 0, 0)), KH_NO_PERIOD); /* nothing has come due yet */
}

/* Against the definition itself: the last of all periods whose moment has come. */
static void the_newest_is_the_last_whose_moment_has_come(void **state)
{
    (void)state;
    for (unsigned every = KH_YEAR; every <= KH_DAY; every++)
        for (int after = -46; after < 70; after += 23) /* before the window closes as well */
            for (unsigned calendar = 0; calendar < 2; calendar++) {
                kh_job_def job = {.every = (kh_freq)every, .calendar = (kh_calendar)calendar, .after = after, .at = 400};
                kh_period p = kh_period_make((kh_freq)every, 2013, 1); /* due long before the first look */
                for (kh_moment now = at("2016-01-01", 0, 0); now < at("2018-01-01", 0, 0); now += 40000) {
                    while (kh_schedule_moment(&job, kh_period_step(p, 1)) <= now)
                        p = kh_period_step(p, 1);
                    assert_int_equal(kh_schedule_newest(&job, now), p);
                    kh_moment coming;
                    assert_int_equal(kh_schedule_coming(&job, now, &coming), kh_period_step(p, 1));
                    assert_true(coming > now);
                }
            }
}

/* "2017Q4:done 2018Q1:due" */
static const char *slots(const kh_job_def *job, kh_moment now, const kh_history *h)
{
    static char text[400];
    kh_slot s[16];
    size_t n = kh_schedule_slots(job, now, h, s, COUNT(s));
    *text = '\0';
    for (size_t i = 0; i < n; i++)
        snprintf(text + strlen(text), sizeof text - strlen(text), "%s%s:%s%d", i ? " " : "", name(s[i].period), s[i].state == KH_RUN_DUE && !kh_slot_ready(&s[i], now) ? "waits" : kh_run_state_name(s[i].state), s[i].attempt);
    return text;
}

static void only_the_last_periods_are_made_up_for_the_oldest_first(void **state)
{
    (void)state;
    kh_history h = KH_HISTORY_INIT;
    kh_job_def job = {.every = KH_QUARTER, .calendar = KH_CALENDAR_ND09, .after = 1, .at = 360, .catch_up = 4, .retries = 2, .wait = 600};
    kh_moment now = at("2018-03-20", 12, 0);
    assert_string_equal(slots(&job, now, &h), "2017Q2:due1 2017Q3:due1 2017Q4:due1 2018Q1:due1");
    job.catch_up = 1;
    assert_string_equal(slots(&job, now, &h), "2018Q1:due1");
    job.catch_up = 0; /* not said: the newest alone */
    assert_string_equal(slots(&job, now, &h), "2018Q1:due1");
    kh_slot two[2];
    job.catch_up = 4;
    assert_int_equal(kh_schedule_slots(&job, now, &h, two, 2), 2);
    assert_string_equal(name(two[1].period), "2018Q1");
    kh_job_def by_hand = {.every = KH_EVERY_NONE, .catch_up = 4};
    assert_string_equal(slots(&by_hand, now, &h), "");
}

static void what_was_done_is_not_due_and_what_failed_waits(void **state)
{
    (void)state;
    kh_history h = KH_HISTORY_INIT;
    kh_job_def job = {.every = KH_QUARTER, .calendar = KH_CALENDAR_ND09, .after = 1, .at = 360, .catch_up = 6, .retries = 1, .wait = 600};
    kh_moment now = at("2018-03-20", 12, 0);
    kh_history_add(&h, period("2016Q4"), KH_RUN_SKIPPED, now - 900);
    kh_history_add(&h, period("2017Q1"), KH_RUN_DONE, now - 900);
    kh_history_add(&h, period("2017Q2"), KH_RUN_FAILED, now - 599);
    kh_history_add(&h, period("2017Q3"), KH_RUN_FAILED, now - 600);
    kh_history_add(&h, period("2017Q4"), KH_RUN_FAILED, now - 9000);
    kh_history_add(&h, period("2017Q4"), KH_RUN_FAILED, now - 8000);
    kh_history_add(&h, period("2018Q1"), KH_RUN_INTERRUPTED, now);
    assert_string_equal(slots(&job, now, &h), "2016Q4:skipped1 2017Q1:done1 2017Q2:waits2 2017Q3:due2 2017Q4:failed3 2018Q1:due2");
    kh_history_free(&h);
}

static void nothing_is_run_twice_however_often_one_looks(void **state)
{
    (void)state;
    kh_history h = KH_HISTORY_INIT;
    kh_job_def job = {.every = KH_MONTH, .calendar = KH_CALENDAR_ND09, .after = 1, .at = 360, .catch_up = 3, .retries = 2, .wait = 600};
    size_t runs = 0;
    for (kh_moment now = at("2016-01-01", 0, 0); now < at("2018-01-01", 0, 0); now += 3600 * 7) { /* a timer, and a run that always succeeds */
        kh_slot s[3];
        size_t n = kh_schedule_slots(&job, now, &h, s, 3);
        for (size_t i = 0; i < n; i++)
            if (kh_slot_ready(&s[i], now)) {
                assert_true(s[i].since <= now);
                kh_history_add(&h, s[i].period, KH_RUN_DONE, now);
                runs++;
            }
    }
    assert_int_equal(runs, 24 + 3); /* each month once, and three that were due at the start */
    assert_int_equal(h.n, runs);
    kh_history_free(&h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_period_comes_due_after_its_window_at_the_hour),
        cmocka_unit_test(the_newest_due_period_changes_at_the_minute),
        cmocka_unit_test(the_newest_is_the_last_whose_moment_has_come),
        cmocka_unit_test(only_the_last_periods_are_made_up_for_the_oldest_first),
        cmocka_unit_test(what_was_done_is_not_due_and_what_failed_waits),
        cmocka_unit_test(nothing_is_run_twice_however_often_one_looks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

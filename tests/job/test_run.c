/* SPDX-License-Identifier: MIT */
#include "job/run.h"

#include "cm.h"

#include <string.h>

static kh_moment moment(const char *utc)
{
    kh_moment m = 0;
    assert_true(kh_moment_parse(utc, &m));
    return m;
}

static void the_clock_of_jobs_is_seven_hours_east(void **state)
{
    (void)state;
    static const struct { const char *utc, *here; } cases[] = {
        {"2018-03-15T00:00:00Z", "2018-03-15 07:00"}, {"2018-03-14T23:30:59Z", "2018-03-15 06:30"}, {"2018-12-31T17:00:00Z", "2019-01-01 00:00"}, {"1900-01-01T00:00:00Z", "1900-01-01 07:00"}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        char text[24];
        kh_moment_format(moment(cases[i].utc), text);
        assert_string_equal(text, cases[i].here);
    }
    kh_moment m = kh_moment_make(kh_day_make(2018, 3, 15), 390);
    assert_int_equal(m, moment("2018-03-14T23:30:00Z"));
    assert_int_equal(kh_moment_day(m), kh_day_make(2018, 3, 15));
    assert_int_equal(kh_moment_minute(m), 390);
    assert_int_equal(kh_moment_day(-1), -1);
    assert_int_equal(kh_moment_minute(-1), 1439);
}

static void what_is_no_moment_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {"", "2018-03-15", "2018-03-15 00:00:00Z", "2018-03-15T24:00:00Z", "2018-03-15T00:60:00Z", "2018-02-30T00:00:00Z", "2018-03-15T00:00:00+07", "2018-03-15T0x:00:00Z"};
    kh_moment m;
    for (size_t i = 0; i < COUNT(bad); i++)
        assert_false(kh_moment_parse(bad[i], &m));
}

static void names_of_states_are_read_back(void **state)
{
    (void)state;
    static const char *const names[] = {"due", "running", "done", "failed", "skipped", "interrupted"};
    for (unsigned i = 0; i < COUNT(names); i++) {
        kh_run_state s;
        assert_true(kh_run_state_parse(names[i], &s));
        assert_int_equal(s, i);
        assert_string_equal(kh_run_state_name(s), names[i]);
    }
    kh_run_state s;
    assert_false(kh_run_state_parse("killed", &s));
}

/* A history of one period written as letters, the last run ending at 1000: f failed, i interrupted, d done, s skipped, r running. */
static kh_run_state next(const char *runs, int retries, int wait, kh_moment *not_before)
{
    static const char letters[] = " rdfsi";
    kh_history h = KH_HISTORY_INIT;
    kh_job_def job = {.retries = retries, .wait = wait};
    size_t n = strlen(runs);
    for (size_t i = 0; i < n; i++)
        kh_history_add(&h, 5, (kh_run_state)(strchr(letters, runs[i]) - letters), (kh_moment)(1000 - 100 * (n - 1 - i)));
    kh_run_state s = kh_run_next(&job, kh_history_of(&h, 5), not_before);
    kh_history_free(&h);
    return s;
}

static void a_run_that_ended_badly_is_tried_again_as_often_as_the_job_says(void **state)
{
    (void)state;
    static const struct { const char *runs; int retries; kh_run_state state; kh_moment not_before; } cases[] = {
        {"", 2, KH_RUN_DUE, 0}, {"d", 2, KH_RUN_DONE, 0}, {"s", 2, KH_RUN_SKIPPED, 0}, {"r", 2, KH_RUN_RUNNING, 0},
        {"f", 2, KH_RUN_DUE, 1060}, {"ff", 2, KH_RUN_DUE, 1060}, {"fff", 2, KH_RUN_FAILED, 0}, {"f", 0, KH_RUN_FAILED, 0}, {"fd", 2, KH_RUN_DONE, 0}, {"fffd", 2, KH_RUN_DONE, 0} /* by hand */,
        {"i", 0, KH_RUN_DUE, 1000}, {"ii", 0, KH_RUN_DUE, 1000}, {"iii", 0, KH_RUN_FAILED, 0} /* the third time counts */, {"iii", 1, KH_RUN_DUE, 1060}, {"iiii", 1, KH_RUN_FAILED, 0},
        {"fi", 2, KH_RUN_DUE, 1000}, {"if", 2, KH_RUN_DUE, 1060}, {"ifif", 1, KH_RUN_FAILED, 0}, {"id", 0, KH_RUN_DONE, 0}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        kh_moment from;
        kh_run_state s = next(cases[i].runs, cases[i].retries, 60, &from);
        if (s != cases[i].state || from != cases[i].not_before)
            fail_msg("after \"%s\" with %d retries: %s from %ld", cases[i].runs, cases[i].retries, kh_run_state_name(s), (long)from);
    }
}

static void periods_have_histories_of_their_own(void **state)
{
    (void)state;
    kh_history h = KH_HISTORY_INIT;
    for (kh_period p = 1; p <= 50; p++) {
        kh_history_add(&h, p, KH_RUN_FAILED, p);
        kh_history_add(&h, p, p % 2 ? KH_RUN_DONE : KH_RUN_INTERRUPTED, p + 1);
    }
    assert_int_equal(h.n, 50);
    assert_int_equal(kh_history_of(&h, 8)->state, KH_RUN_INTERRUPTED);
    assert_int_equal(kh_history_of(&h, 8)->failed, 1);
    assert_int_equal(kh_history_of(&h, 8)->interrupted, 1);
    assert_int_equal(kh_history_of(&h, 8)->at, 9);
    assert_int_equal(kh_history_of(&h, 9)->state, KH_RUN_DONE);
    assert_null(kh_history_of(&h, 51));
    kh_history_free(&h);
    assert_null(kh_history_of(&h, 8));
}

static void with_the_lock_in_hand_a_running_run_was_killed(void **state)
{
    (void)state;
    kh_history h = KH_HISTORY_INIT;
    kh_job_def job = {.retries = 0};
    kh_moment from;
    kh_history_add(&h, 1, KH_RUN_RUNNING, 100);
    kh_history_add(&h, 2, KH_RUN_DONE, 100);
    assert_int_equal(kh_run_next(&job, kh_history_of(&h, 1), &from), KH_RUN_RUNNING); /* for one who only looks */
    kh_history_settle(&h);
    assert_int_equal(kh_run_next(&job, kh_history_of(&h, 1), &from), KH_RUN_DUE);
    assert_int_equal(kh_run_next(&job, kh_history_of(&h, 2), &from), KH_RUN_DONE);
    kh_history_settle(&h); /* once is enough */
    assert_int_equal(kh_history_of(&h, 1)->interrupted, 1);
    kh_history_free(&h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_clock_of_jobs_is_seven_hours_east),
        cmocka_unit_test(what_is_no_moment_is_refused),
        cmocka_unit_test(names_of_states_are_read_back),
        cmocka_unit_test(a_run_that_ended_badly_is_tried_again_as_often_as_the_job_says),
        cmocka_unit_test(with_the_lock_in_hand_a_running_run_was_killed),
        cmocka_unit_test(periods_have_histories_of_their_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

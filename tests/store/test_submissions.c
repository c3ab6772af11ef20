/* SPDX-License-Identifier: MIT */
#include "../cm.h"
#include "world.h"

static int setup(void **state)
{
    world *w = kh_zalloc(1, sizeof *w);
    world_open(w);
    *state = w;
    return 0;
}

static int teardown(void **state)
{
    world_close(*state);
    kh_free(*state);
    return 0;
}

static void same(world *w, const char *sql, const char *expected)
{
    char *got = world_sql(w, sql);
    assert_string_equal(got, expected);
    kh_free(got);
}

/* A return of one district about two communes. */
static kh_return *small(world *w, const char *file, const char *people0, const char *people1)
{
    kh_return *r = world_return(w, W_FORM_A, w->district[0], "2018Q1", file);
    world_set(w, r, "2018Q1", w->commune[0], W_INTEGER, KH_NO_CUT, people0, 5);
    world_set(w, r, "2018Q1", w->commune[1], W_INTEGER, KH_NO_CUT, people1, 6);
    return r;
}

static void a_correction_is_the_next_version_and_supersedes_the_last(void **state)
{
    world *w = *state;
    world_must_put(w, small(w, "a.csv", "10", "20"));
    world_must_put(w, small(w, "b.csv", "11", "20"));
    same(w, "SELECT version, status, file FROM submission ORDER BY id", "1|superseded|a.csv\n2|current|b.csv");
    same(w, "SELECT value FROM v_value ORDER BY unit", "11\n20");
    same(w, "SELECT version, status, unit, value, line FROM v_value_all ORDER BY 1, 3", "1|superseded|06000|10|5\n1|superseded|06003|20|6\n2|current|06000|11|5\n2|current|06003|20|6");
    same(w, "SELECT o.unit, o.digits AS before, n.digits AS after FROM v_value_all o JOIN v_value_all n ON n.submission = 2 AND (n.period, n.measure, n.unit, n.cut) = (o.period, o.measure, o.unit, o.cut) "
            "WHERE o.submission = 1 AND before <> after",
         "06000|10|11");
}

static int count_one(void *ctx, const kh_submission *sub)
{
    (void)sub;
    ++*(int *)ctx;
    return 0;
}

static int count(world *w, kh_submission_filter f)
{
    int n = 0;
    kh_error err = KH_ERROR_INIT;
    assert_int_equal(kh_store_submissions(w->s, w->c, &f, count_one, &n, &err), KH_OK);
    return n;
}

static void submissions_are_found_by_each_part_of_the_filter(void **state)
{
    world *w = *state;
    int64_t a = world_must_put(w, small(w, "a.csv", "10", "20")), b = world_must_put(w, small(w, "b.csv", "11", "20"));
    kh_return *r = world_return(w, W_FORM_B, w->district[1], "2018-02", "c.csv");
    world_set(w, r, "2018-02", w->district[1], W_MONEY, KH_NO_CUT, "7", 2);
    world_must_put(w, r);
    char sha[65];
    snprintf(sha, sizeof sha, "%064lx", (unsigned long)kh_hash_bytes("b.csv", 5));
    assert_int_equal(count(w, (kh_submission_filter){.sender = KH_NO_UNIT}), 3);
    assert_int_equal(count(w, (kh_submission_filter){.sender = w->district[0]}), 2);
    assert_int_equal(count(w, (kh_submission_filter){.sender = KH_NO_UNIT, .status = "current"}), 2);
    assert_int_equal(count(w, (kh_submission_filter){.sender = KH_NO_UNIT, .form = "GD-01"}), 1);
    assert_int_equal(count(w, (kh_submission_filter){.sender = KH_NO_UNIT, .sha256 = sha}), 1);
    assert_int_equal(count(w, (kh_submission_filter){.sender = KH_NO_UNIT, .id = a}), 1);
    assert_int_equal(count(w, (kh_submission_filter){.sender = KH_NO_UNIT, .span = "2018Q1", .status = "current", .id = b}), 1);
    assert_int_equal(count(w, (kh_submission_filter){.sender = KH_NO_UNIT, .within = kh_period_parse("2018Q1", 6)}), 3);
    assert_int_equal(count(w, (kh_submission_filter){.sender = KH_NO_UNIT, .within = kh_period_parse("2018-02", 7)}), 1);
    assert_int_equal(count(w, (kh_submission_filter){.sender = KH_NO_UNIT, .within = kh_period_parse("2017", 4)}), 0);
}

static void a_withdrawn_submission_counts_no_more_and_the_one_before_stays_superseded(void **state)
{
    world *w = *state;
    kh_error err = KH_ERROR_INIT;
    world_must_put(w, small(w, "a.csv", "10", "20"));
    int64_t b = world_must_put(w, small(w, "b.csv", "11", "20"));
    assert_int_equal(kh_store_withdraw(w->s, w->c, b, "gửi nhầm", &err), KH_OK);
    same(w, "SELECT version, status, coalesce(note, '-') FROM submission ORDER BY id", "1|superseded|-\n2|withdrawn|gửi nhầm");
    same(w, "SELECT count(*) FROM v_value", "0");
    world_must_put(w, small(w, "c.csv", "12", "20"));
    same(w, "SELECT version, status FROM submission ORDER BY id DESC LIMIT 1", "3|current");
}

static void withdrawing_needs_a_reason_and_a_current_submission(void **state)
{
    world *w = *state;
    kh_error err = KH_ERROR_INIT;
    int64_t a = world_must_put(w, small(w, "a.csv", "10", "20"));
    assert_int_equal(kh_store_withdraw(w->s, w->c, a, "", &err), KH_EUSAGE);
    assert_int_equal(kh_store_withdraw(w->s, w->c, a + 9, "x", &err), KH_EUSAGE);
    assert_int_equal(kh_store_withdraw(w->s, w->c, a, "x", &err), KH_OK);
    assert_int_equal(kh_store_withdraw(w->s, w->c, a, "x", &err), KH_EUSAGE);
    kh_error_clear(&err);
}

static void what_is_stored_can_be_neither_changed_nor_deleted_by_sql(void **state)
{
    world *w = *state;
    static const char *const attacks[] = {
        "UPDATE submission_column SET vals = '[1,2]'",
        "DELETE FROM submission_column",
        "UPDATE submission_chunk SET line = 1",
        "DELETE FROM submission_chunk",
        "DELETE FROM submission",
        "UPDATE submission SET file = 'x'",
        "UPDATE submission SET status = 'current' WHERE status = 'superseded'",
        ("INSERT INTO submission (form, sender, span, version, status, file, sha256, received, \"by\", n_rows, n_values) "
         "SELECT form, sender, span, 3, 'current', file, sha256, received, \"by\", n_rows, n_values FROM submission WHERE version = 1"),
        "UPDATE unit_list_member SET unit = 1",
        "DELETE FROM unit_list_member",
        "DELETE FROM unit_list",
        "UPDATE audit SET what = 'x'",
        "DELETE FROM audit",
        "UPDATE revision SET source = 'x'",
        "DELETE FROM revision",
    };
    world_must_put(w, small(w, "a.csv", "10", "20"));
    world_must_put(w, small(w, "b.csv", "11", "20"));
    for (size_t i = 0; i < COUNT(attacks); i++)
        assert_int_equal(world_exec(w, attacks[i]), SQLITE_CONSTRAINT);
    same(w, "SELECT value FROM v_value ORDER BY unit", "11\n20");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_correction_is_the_next_version_and_supersedes_the_last, setup, teardown),
        cmocka_unit_test_setup_teardown(submissions_are_found_by_each_part_of_the_filter, setup, teardown),
        cmocka_unit_test_setup_teardown(a_withdrawn_submission_counts_no_more_and_the_one_before_stays_superseded, setup, teardown),
        cmocka_unit_test_setup_teardown(withdrawing_needs_a_reason_and_a_current_submission, setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_stored_can_be_neither_changed_nor_deleted_by_sql, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

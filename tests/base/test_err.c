/* SPDX-License-Identifier: MIT */
#include "base/err.h"

#include "base/mem.h"
#include "cm.h"

static void fail_sets_everything_and_returns_the_code(void **state)
{
    (void)state;
    kh_error err = KH_ERROR_INIT;
    assert_int_equal(kh_fail_at(&err, KH_EUSAGE, "units.lua", 12, "the unit %s has no parent", "20.01"), KH_EUSAGE);
    assert_int_equal(err.code, KH_EUSAGE);
    assert_string_equal(err.file, "units.lua");
    assert_int_equal(err.line, 12);
    assert_string_equal(err.text, "the unit 20.01 has no parent");
    assert_null(err.trace);
    kh_error_clear(&err);
    assert_int_equal(err.code, KH_OK);
    assert_null(err.text);
    kh_error_clear(&err);
    kh_error_clear(NULL);
}

static void a_new_failure_may_quote_the_one_it_replaces(void **state)
{
    (void)state;
    kh_error err = KH_ERROR_INIT;
    kh_fail_at(&err, KH_ESTORE, "a.db", 1, "the disk is full");
    err.trace = kh_strdup("trace");
    kh_fail_at(&err, KH_EUSAGE, err.file, 2, "twice: %s", err.text);
    assert_string_equal(err.text, "twice: the disk is full");
    assert_string_equal(err.file, "a.db");
    assert_null(err.trace);
    kh_error_clear(&err);
}

static void wrapping_keeps_cause_code_and_place(void **state)
{
    (void)state;
    kh_error err = KH_ERROR_INIT;
    kh_fail_at(&err, KH_ESCRIPT, "f.lua", 3, "x is nil");
    assert_int_equal(kh_wrap(&err, "form %s", "DB-01"), KH_ESCRIPT);
    assert_int_equal(kh_wrap(&err, "import"), KH_ESCRIPT);
    assert_string_equal(err.text, "import: form DB-01: x is nil");
    assert_string_equal(err.file, "f.lua");
    kh_error_clear(&err);
    assert_int_equal(kh_wrap(&err, "nothing to wrap"), KH_OK);
    assert_null(err.text);
}

static void nobody_needs_to_want_the_text(void **state)
{
    (void)state;
    assert_int_equal(kh_fail(NULL, KH_EBUSY, "busy"), KH_EBUSY);
    assert_true(kh_wrap(NULL, "more") < 0); /* never success */
}

static void moving_leaves_nothing_behind(void **state)
{
    (void)state;
    kh_error a = KH_ERROR_INIT, b = KH_ERROR_INIT;
    kh_fail(&a, KH_EUSAGE, "first");
    kh_fail(&b, KH_ESTORE, "second");
    assert_int_equal(kh_error_move(&a, &b), KH_ESTORE);
    assert_string_equal(a.text, "second");
    assert_int_equal(b.code, KH_OK);
    assert_null(b.text);
    assert_int_equal(kh_error_move(&a, &a), KH_ESTORE);
    assert_string_equal(a.text, "second");
    assert_int_equal(kh_error_move(NULL, &a), KH_ESTORE);
    assert_int_equal(a.code, KH_OK);
}

static void a_line_names_the_place_that_is_known(void **state)
{
    (void)state;
    static const struct {
        const char *file;
        int line;
        const char *want;
    } t[] = {
        {"a.csv", 7, "a.csv:7: wrong"},
        {"a.csv", 0, "a.csv: wrong"},
        {NULL, 7, "wrong"},
        {NULL, 0, "wrong"},
    };
    for (size_t i = 0; i < COUNT(t); i++) {
        kh_error err = KH_ERROR_INIT;
        kh_fail_at(&err, KH_EUSAGE, t[i].file, t[i].line, "wrong");
        char *line = kh_error_line(&err);
        assert_string_equal(line, t[i].want);
        kh_free(line);
        kh_error_clear(&err);
    }
}

static void each_code_has_its_exit_status(void **state)
{
    (void)state;
    static const struct {
        int code, status;
    } t[] = {
        {KH_OK, 0}, {KH_EFAULTS, 1}, {KH_EUSAGE, 2}, {KH_ESCRIPT, 3}, {KH_ESTORE, 4}, {KH_EBUSY, 75}, {KH_EINTR, 130}, {-99, 4},
    };
    for (size_t i = 0; i < COUNT(t); i++)
        assert_int_equal(kh_exit_status(t[i].code), t[i].status);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fail_sets_everything_and_returns_the_code),
        cmocka_unit_test(a_new_failure_may_quote_the_one_it_replaces),
        cmocka_unit_test(wrapping_keeps_cause_code_and_place),
        cmocka_unit_test(nobody_needs_to_want_the_text),
        cmocka_unit_test(moving_leaves_nothing_behind),
        cmocka_unit_test(a_line_names_the_place_that_is_known),
        cmocka_unit_test(each_code_has_its_exit_status),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

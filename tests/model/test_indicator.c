/* SPDX-License-Identifier: MIT */
#include "model/indicator.h"

#include "cm.h"

static void names_of_comparators_are_read_back(void **state)
{
    (void)state;
    static const struct { const char *name; kh_comparator cmp; } cases[] = {
        {"at_least", KH_AT_LEAST}, {"above", KH_ABOVE}, {"at_most", KH_AT_MOST}, {"below", KH_BELOW}, {"between", KH_BETWEEN}, {"exactly", KH_EXACTLY}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        kh_comparator c;
        assert_true(kh_comparator_parse(cases[i].name, &c));
        assert_int_equal(c, cases[i].cmp);
        assert_string_equal(kh_comparator_name(c), cases[i].name);
    }
    kh_comparator c;
    assert_false(kh_comparator_parse("atleast", &c));
}

static void a_unit_without_target_has_a_status_without_name(void **state)
{
    (void)state;
    assert_string_equal(kh_status_name(KH_ST_NONE), "");
    assert_string_equal(kh_status_name(KH_ST_MET), "met");
    assert_string_equal(kh_status_name(KH_ST_NOT_MET), "not_met");
    assert_string_equal(kh_status_name(KH_ST_NOT_DUE), "not_due");
    assert_string_equal(kh_status_name(KH_ST_NO_DATA), "no_data");
    assert_string_equal(kh_status_name(KH_ST_PARTIAL), "partial");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_of_comparators_are_read_back),
        cmocka_unit_test(a_unit_without_target_has_a_status_without_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
#include "model/measure.h"

#include "cm.h"

static void names_of_types_are_read_back(void **state)
{
    (void)state;
    static const struct { const char *name; kh_type type; bool number; } cases[] = {
        {"number", KH_NUMBER, true}, {"integer", KH_INTEGER, true}, {"money", KH_MONEY, true}, {"choice", KH_CHOICE, false}, {"text", KH_TEXT, false}, {"yesno", KH_YESNO, true}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        kh_type t;
        assert_true(kh_type_parse(cases[i].name, &t));
        assert_int_equal(t, cases[i].type);
        assert_string_equal(kh_type_name(t), cases[i].name);
        assert_int_equal(kh_type_is_number(t), cases[i].number);
    }
    kh_type t;
    assert_false(kh_type_parse("float", &t));
}

static void names_of_consolidations_are_read_back(void **state)
{
    (void)state;
    static const struct { const char *name; kh_agg agg; } cases[] = {
        {"sum", KH_AGG_SUM}, {"mean", KH_AGG_MEAN}, {"min", KH_AGG_MIN}, {"max", KH_AGG_MAX}, {"last", KH_AGG_LAST},
        {"first", KH_AGG_FIRST}, {"count", KH_AGG_COUNT}, {"none", KH_AGG_NONE}, {"stddev", KH_AGG_STDDEV}, {"variance", KH_AGG_VARIANCE}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        kh_agg a;
        assert_true(kh_agg_parse(cases[i].name, &a));
        assert_int_equal(a, cases[i].agg);
        assert_string_equal(kh_agg_name(a), cases[i].name);
    }
    kh_agg a;
    assert_false(kh_agg_parse("average", &a));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_of_types_are_read_back),
        cmocka_unit_test(names_of_consolidations_are_read_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

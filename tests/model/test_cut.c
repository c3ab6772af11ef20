/* SPDX-License-Identifier: MIT */
#include "model/cut.h"

#include "cm.h"

#include <string.h>

static kh_cuts *plan_cuts(void)
{
    kh_cuts *c = kh_cuts_new();
    uint32_t task = kh_cuts_add_category(c, "task", "Nhiệm vụ", "a.lua", 1); /* defined in another order than the keys' */
    uint32_t gender = kh_cuts_add_category(c, "gender", "Giới tính", "a.lua", 2);
    uint32_t group = kh_cuts_add_category(c, "group", "Nhóm", "a.lua", 3);
    kh_cuts_add_option(c, gender, "female", "Nữ");
    kh_cuts_add_option(c, gender, "male", "Nam");
    kh_cuts_add_option(c, group, "1", NULL);
    kh_cuts_add_option(c, group, "2", NULL);
    kh_cuts_add_option(c, task, "II.4", NULL);
    return c;
}

static kh_cut_part part(const kh_cuts *c, const char *category, const char *option)
{
    uint32_t k = kh_cuts_category(c, category);
    return (kh_cut_part){k, kh_cuts_option(c, k, option)};
}

static void equal_cuts_are_one_in_whatever_order_they_are_named(void **state)
{
    (void)state;
    kh_cuts *c = plan_cuts();
    kh_cut_part ab[] = {part(c, "task", "II.4"), part(c, "group", "2"), part(c, "gender", "female")};
    kh_cut_part ba[] = {part(c, "gender", "female"), part(c, "task", "II.4"), part(c, "group", "2")};
    kh_cut a = kh_cut_make(c, ab, 3), b = kh_cut_make(c, ba, 3);
    assert_int_equal(a, b);
    assert_string_equal(kh_cut_key(c, a), "gender=female;group=2;task=II.4");
    assert_int_equal(kh_cut_parse(c, "task=II.4;gender=female;group=2", 31, NULL), a);
    assert_int_equal(kh_cuts_count(c), 2); /* the empty one and this */
    assert_int_equal(ab[0].category, kh_cuts_category(c, "task")); /* the caller's parts are left alone */
    const kh_cut_part *parts;
    assert_int_equal(kh_cut_parts(c, a, &parts), 3);
    assert_int_equal(parts[0].category, kh_cuts_category(c, "gender"));
    kh_cuts_free(c);
}

static void the_empty_cut_is_number_zero(void **state)
{
    (void)state;
    kh_cuts *c = plan_cuts();
    const kh_cut_part *parts;
    assert_int_equal(kh_cut_make(c, NULL, 0), KH_NO_CUT);
    assert_int_equal(kh_cut_parse(c, "", 0, NULL), KH_NO_CUT);
    assert_string_equal(kh_cut_key(c, KH_NO_CUT), "");
    assert_int_equal(kh_cut_parts(c, KH_NO_CUT, &parts), 0);
    kh_cuts_free(c);
    kh_cuts_free(NULL);
}

static void a_category_twice_is_no_cut(void **state)
{
    (void)state;
    kh_cuts *c = plan_cuts();
    kh_error err = KH_ERROR_INIT;
    kh_cut_part twice[] = {part(c, "group", "1"), part(c, "gender", "male"), part(c, "group", "2")};
    assert_int_equal(kh_cut_make(c, twice, 3), KH_CUT_BAD);
    assert_int_equal(kh_cut_parse(c, "group=1;group=1", 15, &err), KH_CUT_BAD);
    assert_int_equal(err.code, KH_EUSAGE);
    assert_non_null(strstr(err.text, "twice"));
    kh_error_clear(&err);
    assert_int_equal(kh_cuts_count(c), 1);
    kh_cuts_free(c);
}

static void an_unknown_name_is_told_with_the_nearest(void **state)
{
    (void)state;
    static const struct { const char *key, *word; } cases[] = {
        {"gendre=female", "did you mean \"gender\"?"}, {"gender=femal", "did you mean \"female\"?"}, {"gender", "category=option"}, {"gender=female;", "category=option"},
        {"colour=red", "unknown category \"colour\""}, {"gender=", "no option \"\""}, {"=female", "unknown category \"\""}, {"group=12345", "no option \"12345\""}};
    kh_cuts *c = plan_cuts();
    for (size_t i = 0; i < COUNT(cases); i++) {
        kh_error err = KH_ERROR_INIT;
        assert_int_equal(kh_cut_parse(c, cases[i].key, strlen(cases[i].key), &err), KH_CUT_BAD);
        assert_int_equal(err.code, KH_EUSAGE);
        if (!strstr(err.text, cases[i].word))
            fail_msg("%s: %s", cases[i].key, err.text);
        kh_error_clear(&err);
    }
    kh_cuts_free(c);
}

static void a_cut_is_within_another_that_asks_for_less(void **state)
{
    (void)state;
    static const struct { const char *cut, *wanted; bool within; } cases[] = {
        {"gender=female;group=2", "", true}, {"gender=female;group=2", "group=2", true}, {"gender=female;group=2", "gender=female", true},
        {"gender=female;group=2", "gender=female;group=2", true}, {"gender=female;group=2", "group=1", false}, {"group=2", "gender=female;group=2", false},
        {"", "group=2", false}, {"", "", true}, {"gender=male;group=2;task=II.4", "gender=male;task=II.4", true}, {"gender=male;group=2;task=II.4", "gender=female;task=II.4", false}};
    kh_cuts *c = plan_cuts();
    for (size_t i = 0; i < COUNT(cases); i++) {
        kh_cut cut = kh_cut_parse(c, cases[i].cut, strlen(cases[i].cut), NULL), wanted = kh_cut_parse(c, cases[i].wanted, strlen(cases[i].wanted), NULL);
        if (kh_cut_within(c, cut, wanted) != cases[i].within)
            fail_msg("%s within %s", cases[i].cut, cases[i].wanted);
    }
    kh_cuts_free(c);
}

static void a_category_defined_again_is_extended(void **state)
{
    (void)state;
    kh_cuts *c = plan_cuts();
    uint32_t gender = kh_cuts_category(c, "gender");
    assert_int_equal(kh_cuts_add_category(c, "gender", NULL, "b.lua", 9), gender);
    assert_int_equal(kh_cuts_add_option(c, gender, "male", "Nam giới"), 1);
    assert_int_equal(kh_cuts_add_option(c, gender, "unknown", NULL), 2);
    const kh_category *all;
    assert_int_equal(kh_cuts_categories(c, &all), 3);
    assert_string_equal(all[gender].title, "Giới tính");
    assert_string_equal(all[gender].options[1].title, "Nam giới");
    assert_string_equal(all[gender].file, "a.lua");
    assert_int_equal(kh_cuts_category(c, "gend"), UINT32_MAX);
    assert_int_equal(kh_cuts_option(c, gender, "fem"), UINT32_MAX);
    kh_cuts_free(c);
}

static void a_cut_keeps_the_id_of_the_store(void **state)
{
    (void)state;
    kh_cuts *c = plan_cuts();
    kh_cut cut = kh_cut_parse(c, "group=1", 7, NULL);
    assert_int_equal(kh_cut_id(c, cut), 0);
    kh_cut_set_id(c, cut, 77);
    assert_int_equal(kh_cut_id(c, kh_cut_parse(c, "group=1", 7, NULL)), 77);
    kh_cuts_free(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_cuts_are_one_in_whatever_order_they_are_named),
        cmocka_unit_test(the_empty_cut_is_number_zero),
        cmocka_unit_test(a_category_twice_is_no_cut),
        cmocka_unit_test(an_unknown_name_is_told_with_the_nearest),
        cmocka_unit_test(a_cut_is_within_another_that_asks_for_less),
        cmocka_unit_test(a_category_defined_again_is_extended),
        cmocka_unit_test(a_cut_keeps_the_id_of_the_store),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
#include "real_units.h"

static kh_unit add(kh_units *u, const char *code, const char *parent, const char *from, const char *to)
{
    kh_unit unit = KH_NO_UNIT;
    kh_unit_def d = {.code = code, .name = code, .kind = kh_units_kind(u, "xa"), .parent_code = parent, .from = csv_day(from, KH_DAY_MIN), .to = csv_day(to, KH_DAY_MAX), .file = "u.csv", .line = (int)kh_units_count(u) + 1};
    assert_int_equal(kh_units_add(u, &d, &unit, NULL), KH_OK);
    return unit;
}

static void check_fails(int rc, kh_error *err, const char *words)
{
    assert_int_equal(rc, KH_EUSAGE);
    if (!strstr(err->text, words))
        fail_msg("\"%s\" does not say \"%s\"", err->text, words);
    kh_error_clear(err);
}

static size_t count(const kh_units *u, const char *kind, const char *day)
{
    size_t n = 0;
    for (kh_unit i = 0; i < kh_units_count(u); i++)
        n += kh_units_is(u, i, kind) && kh_units_valid(u, i, on(day));
    return n;
}

/* ---- Lạng Sơn ---- */

static void lang_son_has_the_units_of_each_day(void **state)
{
    (void)state;
    static const struct { const char *day; size_t communes, xa, phuong, thi_tran, districts; } cases[] = {
        {"2016-01-01", 226, 207, 5, 14, 11}, {"2019-12-31", 226, 207, 5, 14, 11}, {"2020-01-01", 200, 181, 5, 14, 11}, {"2024-11-30", 200, 181, 5, 14, 11},
        {"2024-12-01", 194, 175, 5, 14, 11} /* eight changes: six codes closed; a township for a commune and the other way round */,
        {"2025-06-30", 194, 175, 5, 14, 11}, {"2025-07-01", 65, 61, 4, 0, 0}, {"2030-01-01", 65, 61, 4, 0, 0}};
    kh_units *u = lang_son();
    for (size_t i = 0; i < COUNT(cases); i++) {
        assert_int_equal(count(u, "commune", cases[i].day), cases[i].communes);
        assert_int_equal(count(u, "xa", cases[i].day), cases[i].xa);
        assert_int_equal(count(u, "phuong", cases[i].day), cases[i].phuong);
        assert_int_equal(count(u, "thi-tran", cases[i].day), cases[i].thi_tran);
        assert_int_equal(count(u, "district", cases[i].day), cases[i].districts);
        assert_int_equal(count(u, "province", cases[i].day), 1);
    }
    kh_units_free(u);
    kh_units_free(NULL);
}

static void a_code_is_not_a_name_for_ever(void **state)
{
    (void)state;
    static const struct { const char *code, *day, *title; } cases[] = {
        {"06268", "2019-12-31", "Xã Vân Mộng"}, {"06268", "2020-01-01", "Xã Liên Hội"}, {"06064", "2019-12-31", "Thị trấn Bình Gia"}, {"06064", "2020-01-01", NULL},
        {"06112", "2019-12-31", "Xã Tô Hiệu"}, {"06112", "2020-01-01", "Thị trấn Bình Gia"}, {"05995", "2024-11-30", "Thị trấn Thất Khê"}, {"05995", "2024-12-01", NULL},
        {"06040", "2024-11-30", "Xã Đại Đồng"}, {"06040", "2024-12-01", "Thị trấn Thất Khê"}, {"06040", "2025-07-01", "Xã Thất Khê"}, {"183", "2025-06-30", "Huyện Cao Lộc"}, {"183", "2025-07-01", NULL},
        {"99999", "2020-01-01", NULL}};
    kh_units *u = lang_son();
    for (size_t i = 0; i < COUNT(cases); i++) {
        kh_unit unit = kh_units_find(u, cases[i].code, on(cases[i].day));
        char title[100];
        if (!cases[i].title) {
            assert_int_equal(unit, KH_NO_UNIT);
            continue;
        }
        kh_units_title(u, unit, KH_LANG_VI, title, sizeof title);
        assert_string_equal(title, cases[i].title);
    }
    assert_true(kh_units_knows_code(u, "06064"));
    assert_false(kh_units_knows_code(u, "99999"));
    kh_units_free(u);
}

static void a_parent_is_asked_at_a_date(void **state)
{
    (void)state;
    kh_units *u = lang_son();
    kh_unit before = kh_units_find(u, "06001", on("2025-06-30")), after = kh_units_find(u, "06001", on("2025-07-01")), province = kh_units_find(u, "20", 0);
    assert_int_not_equal(before, after);
    assert_string_equal(kh_units_def(u, kh_units_parent(u, before, on("2025-06-30")))->code, "180");
    assert_int_equal(kh_units_parent(u, after, on("2025-07-01")), province);
    assert_int_equal(kh_units_parent(u, province, 0), KH_NO_UNIT);
    assert_true(kh_units_within(u, before, province, on("2020-01-01")));
    assert_true(kh_units_within(u, before, before, on("2020-01-01")));
    assert_true(kh_units_within(u, before, kh_units_find(u, "180", 0), on("2020-01-01")));
    assert_false(kh_units_within(u, before, kh_units_find(u, "183", 0), on("2020-01-01")));
    assert_false(kh_units_within(u, province, before, on("2020-01-01")));
    kh_units_free(u);
}

static void where_a_unit_went(void **state)
{
    (void)state;
    static const struct { const char *code, *was, *at, *became; bool split; } cases[] = {
        {"06268", "2019-12-31", "2020-01-01", "06268", false},  /* Vân Mộng became Liên Hội */
        {"06571", "2019-12-31", "2024-01-01", "06529", false},  /* Lục Thôn went into the township Lộc Bình */
        {"06052", "2019-12-31", "2020-01-01", NULL, true},      /* Bắc Ái was divided */
        {"06040", "2024-11-30", "2024-12-01", NULL, true},      /* Đại Đồng was divided */
        {"06622", "2025-06-30", "2025-07-01", NULL, true},      /* Bính Xá was divided */
        {"06064", "2019-12-31", "2020-01-01", NULL, true},      /* the old township Bình Gia: not known */
        {"06064", "2019-12-31", "2019-06-01", "06064", false},  /* still there then */
        {"05995", "2019-12-31", "2025-07-01", "06040", false},  /* Thất Khê through two changes */
        {"06409", "2019-12-31", "2030-01-01", "06436", false},  /* Tân Lập, then Thiện Tân, then the Thiện Tân of 2025 */
        {"183", "2020-01-01", "2025-07-01", NULL, true},        /* nobody follows a district */
        {"20", "2016-01-01", "2030-01-01", "20", false},
    };
    kh_units *u = lang_son();
    for (size_t i = 0; i < COUNT(cases); i++) {
        bool split;
        kh_unit unit = kh_units_find(u, cases[i].code, on(cases[i].was));
        kh_unit to = kh_units_successor(u, unit, on(cases[i].at), &split);
        if (split != cases[i].split || (cases[i].became ? to == KH_NO_UNIT || strcmp(kh_units_def(u, to)->code, cases[i].became) != 0 : to != KH_NO_UNIT))
            fail_msg("%s at %s: %s", cases[i].code, cases[i].at, to == KH_NO_UNIT ? "none" : kh_units_def(u, to)->code);
        if (to != KH_NO_UNIT)
            assert_true(kh_units_valid(u, to, on(cases[i].at)));
    }
    bool split;
    assert_int_equal(kh_units_successor(u, kh_units_find(u, "06268", on("2020-01-01")), on("2019-01-01"), &split), KH_NO_UNIT); /* not there yet */
    assert_false(split);
    kh_units_free(u);
}

static void all_that_ended_in_2025_but_districts_and_the_divided_have_a_successor(void **state)
{
    (void)state;
    kh_units *u = lang_son();
    size_t divided = 0;
    for (kh_unit i = 0; i < kh_units_count(u); i++) {
        bool split;
        if (!kh_units_is(u, i, "commune") || kh_units_def(u, i)->to != on("2025-06-30"))
            continue;
        kh_unit to = kh_units_successor(u, i, on("2025-07-01"), &split);
        divided += split;
        assert_int_equal(to == KH_NO_UNIT, split);
    }
    assert_int_equal(divided, 2); /* Bính Xá and Kiên Mộc */
    const kh_succession *all;
    assert_int_equal(kh_units_successions(u, &all), 243);
    kh_units_free(u);
}

/* ---- rules of definitions ---- */

static void a_code_is_valid_once_a_day(void **state)
{
    (void)state;
    kh_units *u = kh_units_new();
    kh_error err = KH_ERROR_INIT;
    add(u, "1", NULL, "2000-01-01", "2009-12-31");
    add(u, "1", NULL, "2010-01-01", "");
    static const struct { const char *from, *to; } overlaps[] = {{"", ""}, {"2009-12-31", "2009-12-31"}, {"", "2000-01-01"}, {"2020-01-01", ""}, {"1999-01-01", "2030-01-01"}};
    for (size_t i = 0; i < COUNT(overlaps); i++) {
        kh_unit_def d = {.code = "1", .name = "B", .from = csv_day(overlaps[i].from, KH_DAY_MIN), .to = csv_day(overlaps[i].to, KH_DAY_MAX), .file = "b.csv", .line = 7};
        check_fails(kh_units_add(u, &d, NULL, &err), &err, "u.csv:");
    }
    assert_int_equal(kh_units_count(u), 2);
    add(u, "1", NULL, "", "1999-12-31");
    kh_units_free(u);
}

static void a_definition_that_cannot_be_is_refused_with_its_place(void **state)
{
    (void)state;
    kh_units *u = kh_units_new();
    kh_error err = KH_ERROR_INIT;
    kh_unit_def d = {.code = "1", .name = "A", .kind = 999, .from = 5, .to = 4, .file = "b.csv", .line = 7};
    assert_int_equal(kh_units_add(u, &d, NULL, &err), KH_EUSAGE);
    assert_string_equal(err.file, "b.csv");
    assert_int_equal(err.line, 7);
    check_fails(err.code, &err, "unknown kind");
    d.kind = 0;
    check_fails(kh_units_add(u, &d, NULL, &err), &err, "after its last day 1900-01-05");
    check_fails(kh_units_add_succession(u, KH_DAY_MIN, "1", "2", false, "s.csv", 2, &err), &err, "needs a date");
    kh_units_free(u);
}

static void a_parent_must_be_there_all_the_time(void **state)
{
    (void)state;
    static const struct { const char *from, *to, *parent, *words; } cases[] = {
        {"", "", "p", "whole time"}, {"2000-01-01", "", "p", "not valid on 2020-01-01"}, {"1999-12-31", "2000-01-01", "p", "not valid on 1999-12-31"},
        {"2000-01-01", "2030-01-01", "p", "not valid on 2020-01-01"}, {"2000-01-01", "2019-12-31", "p", NULL}, {"2005-05-05", "2012-01-01", "p", NULL}, {"2000-01-01", "2001-01-01", "q", "whole time"}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        kh_units *u = kh_units_new();
        kh_error err = KH_ERROR_INIT;
        add(u, "c", cases[i].parent, cases[i].from, cases[i].to);
        add(u, "p", NULL, "2010-01-01", "2019-12-31"); /* two that touch are as good as one */
        add(u, "p", NULL, "2000-01-01", "2009-12-31");
        int rc = kh_units_seal(u, &err);
        if (cases[i].words)
            check_fails(rc, &err, cases[i].words);
        else
            assert_int_equal(rc, KH_OK);
        kh_units_free(u);
    }
}

static void nobody_is_their_own_ancestor_on_any_day(void **state)
{
    (void)state;
    kh_error err = KH_ERROR_INIT;
    kh_units *u = kh_units_new();
    add(u, "a", "b", "", "");
    add(u, "b", "c", "", "");
    add(u, "c", "a", "", "");
    check_fails(kh_units_seal(u, &err), &err, "own ancestor");
    assert_false(kh_units_within(u, 0, 7, 0)); /* and a walk ends all the same */
    kh_units_free(u);
    u = kh_units_new();
    add(u, "a", "a", "", "");
    check_fails(kh_units_seal(u, &err), &err, "own ancestor");
    kh_units_free(u);
}

static void two_units_may_take_turns_as_parents(void **state)
{
    (void)state;
    kh_units *u = kh_units_new();
    add(u, "a", "b", "", "2009-12-31");
    add(u, "b", NULL, "", "2009-12-31");
    add(u, "b", "a", "2010-01-01", "");
    add(u, "a", NULL, "2010-01-01", "");
    assert_int_equal(kh_units_seal(u, NULL), KH_OK);
    assert_int_equal(kh_units_parent(u, kh_units_find(u, "a", on("2009-12-31")), on("2009-12-31")), kh_units_find(u, "b", on("2009-12-31")));
    assert_int_equal(kh_units_parent(u, kh_units_find(u, "b", on("2010-01-01")), on("2010-01-01")), kh_units_find(u, "a", on("2010-01-01")));
    kh_units_free(u);
}

static void a_succession_joins_units_of_its_two_days(void **state)
{
    (void)state;
    static const struct { const char *old, *new; bool part; const char *old2, *new2; bool part2; const char *words; } cases[] = {
        {"a", "b", false, NULL, NULL, false, NULL}, {"a", NULL, false, NULL, NULL, false, NULL}, {"a", "b", true, "a", "c", true, NULL},
        {"x", "b", false, NULL, NULL, false, "old unit \"x\" is not valid on 2019-12-31"}, {"b", "c", false, NULL, NULL, false, "old unit \"b\" is not valid on 2019-12-31"},
        {"a", "a", false, NULL, NULL, false, "new unit \"a\" is not valid on 2020-01-01"}, {"a", "x", false, NULL, NULL, false, "new unit \"x\""},
        {"a", "b", false, "a", "c", false, "more than one place"}, {"a", "b", true, "a", "c", false, "more than one place"}, {"a", "b", true, "a", "b", true, "twice to the same"}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        kh_units *u = kh_units_new();
        kh_error err = KH_ERROR_INIT;
        kh_units_add_succession(u, on("2020-01-01"), cases[i].old, cases[i].new, cases[i].part, "s.csv", 2, NULL); /* before the units: the order is free */
        if (cases[i].old2)
            kh_units_add_succession(u, on("2020-01-01"), cases[i].old2, cases[i].new2, cases[i].part2, "s.csv", 3, NULL);
        add(u, "a", NULL, "", "2019-12-31");
        add(u, "b", NULL, "2020-01-01", "");
        add(u, "c", NULL, "2020-01-01", "");
        int rc = kh_units_seal(u, &err);
        if (cases[i].words)
            check_fails(rc, &err, cases[i].words);
        else
            assert_int_equal(rc, KH_OK);
        kh_units_free(u);
    }
}

/* ---- groups, selectors ---- */

static void a_definition_is_copied_with_its_groups(void **state)
{
    (void)state;
    kh_units *u = kh_units_new();
    char value[] = "public", code[] = "1";
    kh_unit_group groups[] = {{"ownership", value}, {"size", "large"}};
    kh_unit_def d = {.code = code, .name = "A", .from = KH_DAY_MIN, .to = KH_DAY_MAX, .groups = groups, .n_groups = 2};
    kh_unit unit;
    assert_int_equal(kh_units_add(u, &d, &unit, NULL), KH_OK);
    value[0] = code[0] = 'z';
    assert_string_equal(kh_units_group(u, unit, "ownership"), "public");
    assert_string_equal(kh_units_group(u, unit, "size"), "large");
    assert_null(kh_units_group(u, unit, "colour"));
    assert_string_equal(kh_units_def(u, unit)->code, "1");
    kh_units_free(u);
}

static size_t selected(const kh_units *u, const kh_selector *s, const char *day)
{
    size_t n = 0;
    for (kh_unit i = 0; i < kh_units_count(u); i++)
        n += kh_selector_has(u, s, i, on(day));
    return n;
}

static void a_selector_holds_all_its_conditions(void **state)
{
    (void)state;
    kh_units *u = lang_son();
    const char *const district[] = {"district"}, *const urban[] = {"phuong", "thi-tran"}, *const two[] = {"183", "06268"};
    const kh_unit_group owned[] = {{"ownership", "public"}};
    assert_int_equal(selected(u, &(kh_selector){0}, "2019-01-01"), 238);
    assert_int_equal(selected(u, &(kh_selector){.kinds = district, .n_kinds = 1}, "2019-01-01"), 11);
    assert_int_equal(selected(u, &(kh_selector){.kinds = urban, .n_kinds = 2}, "2019-01-01"), 19);
    assert_int_equal(selected(u, &(kh_selector){.codes = two, .n_codes = 2}, "2019-01-01"), 2);
    assert_int_equal(selected(u, &(kh_selector){.codes = two, .n_codes = 2, .kinds = district, .n_kinds = 1}, "2019-01-01"), 1);
    assert_int_equal(selected(u, &(kh_selector){.under = "178"}, "2019-01-01"), 9); /* the city, 5 wards, 3 communes */
    assert_int_equal(selected(u, &(kh_selector){.under = "178", .kinds = urban, .n_kinds = 2}, "2019-01-01"), 5);
    assert_int_equal(selected(u, &(kh_selector){.under = "178"}, "2025-07-01"), 0);
    assert_int_equal(selected(u, &(kh_selector){.groups = owned, .n_groups = 1}, "2019-01-01"), 0);
    kh_units_free(u);
}

/* ---- kinds and titles ---- */

static void a_level_may_stand_for_its_kinds(void **state)
{
    (void)state;
    kh_units *u = kh_units_new();
    assert_true(kh_units_knows_kind(u, "huyen"));
    assert_true(kh_units_knows_kind(u, "district"));
    assert_false(kh_units_knows_kind(u, "county"));
    uint32_t huyen = kh_units_kind(u, "huyen");
    assert_int_equal(kh_units_add_kind(u, "huyen", "district", "Huyện (mới)", NULL), huyen); /* again: replaces */
    const kh_kind *all;
    size_t n = kh_units_kinds(u, &all);
    assert_string_equal(all[huyen].title, "Huyện (mới)");
    assert_string_equal(all[huyen].title_en, "");
    assert_int_equal(kh_units_add_kind(u, "county", NULL, NULL, NULL), n);
    assert_true(kh_units_knows_kind(u, "county"));
    assert_int_equal(kh_units_kind(u, "district"), UINT32_MAX); /* a level is no kind */
    kh_units_free(u);
}

static void a_title_has_the_kind_word_once(void **state)
{
    (void)state;
    static const struct { const char *kind, *name, *vi, *en; } cases[] = {
        {"huyen", "Cao Lộc", "Huyện Cao Lộc", "Cao Lộc District"}, {"tinh", "Lạng Sơn", "Tỉnh Lạng Sơn", "Lạng Sơn Province"}, {"thi-tran", "Thất Khê", "Thị trấn Thất Khê", "Thất Khê Township"},
        {"phuong", "1", "Phường 1", "Ward 1"}, {"agency", "Sở Tài chính", "Sở Tài chính", "Sở Tài chính"}, {"xa", "Xã Đàn", "Xã Đàn", "Xã Đàn"}, {"huyen", "Huyện Cao Lộc", "Huyện Cao Lộc", "Huyện Cao Lộc"}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        kh_units *u = kh_units_new();
        kh_unit unit;
        char text[100], small[4];
        kh_unit_def d = {.code = "1", .name = cases[i].name, .kind = kh_units_kind(u, cases[i].kind), .from = KH_DAY_MIN, .to = KH_DAY_MAX};
        kh_units_add(u, &d, &unit, NULL);
        kh_units_title(u, unit, KH_LANG_VI, text, sizeof text);
        assert_string_equal(text, cases[i].vi);
        kh_units_title(u, unit, KH_LANG_EN, text, sizeof text);
        assert_string_equal(text, cases[i].en);
        kh_units_title(u, unit, KH_LANG_VI, small, sizeof small);
        assert_int_equal(strlen(small) < sizeof small, 1);
        kh_units_free(u);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lang_son_has_the_units_of_each_day),
        cmocka_unit_test(a_code_is_not_a_name_for_ever),
        cmocka_unit_test(a_parent_is_asked_at_a_date),
        cmocka_unit_test(where_a_unit_went),
        cmocka_unit_test(all_that_ended_in_2025_but_districts_and_the_divided_have_a_successor),
        cmocka_unit_test(a_code_is_valid_once_a_day),
        cmocka_unit_test(a_definition_that_cannot_be_is_refused_with_its_place),
        cmocka_unit_test(a_parent_must_be_there_all_the_time),
        cmocka_unit_test(nobody_is_their_own_ancestor_on_any_day),
        cmocka_unit_test(two_units_may_take_turns_as_parents),
        cmocka_unit_test(a_succession_joins_units_of_its_two_days),
        cmocka_unit_test(a_definition_is_copied_with_its_groups),
        cmocka_unit_test(a_selector_holds_all_its_conditions),
        cmocka_unit_test(a_level_may_stand_for_its_kinds),
        cmocka_unit_test(a_title_has_the_kind_word_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

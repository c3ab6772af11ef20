/* SPDX-License-Identifier: MIT */
#include "report/official.h"

#include "cm.h"
#include "report/sample.h"

static void the_date_chooses_the_layout(void **state)
{
    (void)state;
    static const struct { int y, m, d; const char *name; } cases[] = {
        {2016, 9, 17, "tt01"}, {2019, 12, 31, "tt01"}, {2020, 3, 4, "tt01"}, {2020, 3, 5, "nd30"}, {2020, 3, 6, "nd30"}, {2020, 4, 1, "nd30"}, {2021, 1, 1, "nd30"},
        {0, 0, 0, "nd30"},   /* no date: what is in force */
        {2020, 2, 0, "tt01"}, /* a day filled in later cannot leave the month */
        {2020, 3, 0, "nd30"}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        kh_official o = {.year = cases[i].y, .month = cases[i].m, .day = cases[i].d};
        assert_string_equal(kh_official_layout(&o)->name, cases[i].name);
    }
    assert_string_equal(kh_official_layout(NULL)->name, "nd30");
}

static void a_layout_asked_for_wins_over_the_date(void **state)
{
    (void)state;
    kh_official o = {.year = 2016, .month = 1, .day = 1, .layout = "nd30"};
    assert_string_equal(kh_official_layout(&o)->name, "nd30");
    o = (kh_official){.year = 2024, .month = 1, .day = 1, .layout = "tt01"};
    assert_string_equal(kh_official_layout(&o)->name, "tt01");
}

/* Decree 30/2020, annex I: top and bottom 20-25 mm, left 30-35, right 15-20; sizes as given there. Circular 01/2011 agrees in these. */
static void both_layouts_keep_the_ranges_of_their_rules(void **state)
{
    (void)state;
    static const char *const names[] = {"nd30", "tt01"};
    for (size_t i = 0; i < 2; i++) {
        kh_official o = {.layout = names[i]};
        const kh_layout *l = kh_official_layout(&o);
        assert_in_range(l->top_mm, 20, 25);
        assert_in_range(l->bottom_mm, 20, 25);
        assert_in_range(l->left_mm, 30, 35);
        assert_in_range(l->right_mm, 15, 20);
        assert_in_range(l->page_number_pt, 13, 14);
        assert_in_range(l->national_pt, 12, 13);
        assert_in_range(l->motto_pt, 13, 14);
        assert_in_range(l->agency_pt, 12, 13);
        assert_int_equal(l->number_pt, 13);
        assert_in_range(l->place_pt, 13, 14);
        assert_in_range(l->kind_pt, 13, 14);
        assert_in_range(l->body_pt, 13, 14);
        assert_in_range(l->sign_pt, 13, 14);
        assert_int_equal(l->recipients_head_pt, 12);
        assert_int_equal(l->recipients_pt, 11);
    }
    kh_official o = {.layout = "nd30"};
    assert_true(kh_official_layout(&o)->page_number_top);
    o.layout = "tt01";
    assert_false(kh_official_layout(&o)->page_number_top);
}

static void text_is(kh_buf *b, const char *expected)
{
    assert_string_equal(kh_buf_cstr(b), expected);
    kh_buf_clear(b);
}

static void place_date_and_number_as_written(void **state)
{
    (void)state;
    kh_official o = {.place = "Lạng Sơn", .year = 2019, .month = 1, .day = 5, .number = "12/BC-BCH", .kind = "BÁO CÁO"};
    kh_buf b = KH_BUF_INIT;
    kh_official_place_date(&o, KH_LANG_VI, &b);
    text_is(&b, "Lạng Sơn, ngày 05 tháng 01 năm 2019");
    kh_official_number(&o, KH_LANG_VI, &b);
    text_is(&b, "Số: 12/BC-BCH");
    kh_official_enclosed(&o, KH_LANG_VI, &b);
    text_is(&b, "(Kèm theo Báo cáo số 12/BC-BCH ngày 05 tháng 01 năm 2019)");
    kh_official_enclosed(NULL, KH_LANG_VI, &b);
    text_is(&b, "");
    kh_buf_free(&b);
}

static void lines_are(const kh_sign *s, size_t n, const char *const *expected)
{
    kh_arena *a = kh_arena_new();
    const char *lines[KH_SIGN_LINES];
    assert_int_equal(kh_sign_lines(s, a, lines), n);
    for (size_t i = 0; i < n; i++)
        assert_string_equal(lines[i], expected[i]);
    kh_arena_free(a);
}

static void the_one_who_signs_stands_under_the_authority(void **state)
{
    (void)state;
    kh_sign tm = {.authority = "TM. ỦY BAN NHÂN DÂN", .title = "CHỦ TỊCH"};
    lines_are(&tm, 2, (const char *const[]){"TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"});
    kh_sign kt = {.authority = "TM. ỦY BAN NHÂN DÂN", .title = "CHỦ TỊCH", .deputy = "KT. CHỦ TỊCH / PHÓ CHỦ TỊCH"};
    lines_are(&kt, 3, (const char *const[]){"TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"});
    kh_sign tl = {.deputy = "TL. CHỦ TỊCH\nCHÁNH VĂN PHÒNG"};
    lines_are(&tl, 2, (const char *const[]){"TL. CHỦ TỊCH", "CHÁNH VĂN PHÒNG"});
    kh_sign alone = {.title = "GIÁM ĐỐC"};
    lines_are(&alone, 1, (const char *const[]){"GIÁM ĐỐC"});
    kh_sign none = {0};
    lines_are(&none, 0, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_date_chooses_the_layout), cmocka_unit_test(a_layout_asked_for_wins_over_the_date), cmocka_unit_test(both_layouts_keep_the_ranges_of_their_rules),
        cmocka_unit_test(place_date_and_number_as_written), cmocka_unit_test(the_one_who_signs_stands_under_the_authority)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

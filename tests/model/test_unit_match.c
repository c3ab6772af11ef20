/* SPDX-License-Identifier: MIT */
#include "real_units.h"

#include "base/text.h"

/* The codes that a text means, as "06040 06046"; within `under` (NULL: everywhere). */
static const char *meant(kh_units *u, const char *text, const char *under, const char *day)
{
    static char out[400];
    kh_unit_match m;
    kh_units_match(u, text, strlen(text), under ? kh_units_find(u, under, on(day)) : KH_NO_UNIT, on(day), &m);
    *out = '\0';
    for (size_t i = 0; i < m.n && i < COUNT(m.units); i++)
        snprintf(out + strlen(out), sizeof out - strlen(out), "%s%s", i ? " " : "", kh_units_def(u, m.units[i])->code);
    return out;
}

typedef struct question { const char *text, *under, *day, *codes; } question;

static void ask(kh_units *u, const question *q, size_t n)
{
    for (int again = 0; again < 2; again++) /* the second time from memory */
        for (size_t i = 0; i < n; i++) {
            const char *codes = meant(u, q[i].text, q[i].under, q[i].day);
            if (strcmp(codes, q[i].codes) != 0)
                fail_msg("\"%s\" under %s on %s: \"%s\" instead of \"%s\"", q[i].text, q[i].under ? q[i].under : "-", q[i].day, codes, q[i].codes);
        }
}

static void a_kind_word_in_any_form_restricts_the_kind(void **state)
{
    (void)state;
    static const question q[] = {
        {"Huyện Cao Lộc", NULL, "2018-01-01", "183"}, {"H. Cao Lộc", NULL, "2018-01-01", "183"}, {"H.Cao Lộc", NULL, "2018-01-01", "183"}, {"huyện  cao lộc ", NULL, "2018-01-01", "183"},
        {"HUYỆN CAO LỘC", NULL, "2018-01-01", "183"}, {"Cao Lộc", NULL, "2018-01-01", "183 06187"}, {"TT Cao Lộc", NULL, "2018-01-01", "06187"}, {"TT. Cao Lộc", NULL, "2018-01-01", "06187"},
        {"T.T Cao Lộc", NULL, "2018-01-01", "06187"}, {"Thị trấn Cao Lộc", NULL, "2018-01-01", "06187"}, {"Xã Cao Lộc", NULL, "2018-01-01", ""},
        {"TP Lạng Sơn", NULL, "2018-01-01", "178"}, {"TP. Lạng Sơn", NULL, "2018-01-01", "178"}, {"TP.Lạng Sơn", NULL, "2018-01-01", "178"}, {"T.P Lạng Sơn", NULL, "2018-01-01", "178"}, {"Thành phố Lạng Sơn", NULL, "2018-01-01", "178"},
        {"Tỉnh Lạng Sơn", NULL, "2018-01-01", "20"}, {"Lạng Sơn", NULL, "2018-01-01", "20 178"},
        {"Thị trấn Đình Lập", NULL, "2018-01-01", "06613"}, {"Xã Đình Lập", NULL, "2018-01-01", "06628"}, {"Huyện Đình Lập", NULL, "2018-01-01", "189"}, {"Đình Lập", NULL, "2018-01-01", "189 06613 06628"},
        {"P. Chi Lăng", NULL, "2018-01-01", "05983"}, {"X. Chi Lăng", "187", "2018-01-01", "06523"}, {"Huyện Chi Lăng", NULL, "2018-01-01", "187"},
        {"HxCao Lộc", NULL, "2018-01-01", ""}, {"H/Cao Lộc", NULL, "2018-01-01", ""}, {"HuyệnCao Lộc", NULL, "2018-01-01", ""}, {"Huyện", NULL, "2018-01-01", ""}, {"Huyện ", NULL, "2018-01-01", ""}};
    kh_units *u = lang_son();
    ask(u, q, COUNT(q));
    kh_units_free(u);
}

static void four_communes_hoa_binh_are_told_apart_by_their_districts(void **state)
{
    (void)state;
    static const question q[] = {
        {"Xã Hòa Bình", NULL, "2018-01-01", "06103 06274 06397 06508"}, {"X. Hòa Bình", "185", "2018-01-01", ""}};
    kh_units *u = lang_son();
    kh_unit_match m;
    ask(u, q, COUNT(q));
    kh_units_match(u, q[0].text, strlen(q[0].text), KH_NO_UNIT, on("2018-01-01"), &m);
    assert_int_equal(m.n, 4);
    for (size_t i = 0; i < m.n; i++) { /* within its own district each is the only one */
        kh_unit_match one;
        kh_unit district = kh_units_parent(u, m.units[i], on("2018-01-01"));
        kh_units_match(u, "X. Hòa Bình", strlen("X. Hòa Bình"), district, on("2018-01-01"), &one);
        assert_int_equal(one.n, 1);
        assert_int_equal(one.units[0], m.units[i]);
        for (size_t j = 0; j < i; j++)
            assert_int_not_equal(district, kh_units_parent(u, m.units[j], on("2018-01-01")));
    }
    kh_units_free(u);
}

static void tone_placement_and_normal_form_make_no_difference(void **state)
{
    (void)state;
    static const char *const same[] = {"Hòa Bình", "Hoà Bình", "HÒA BÌNH", "hòa-bình", ("Ho\xCC\x80" "a Bi\xCC\x80nh") /* decomposed */, "  Hoà   Bình  "};
    kh_units *u = lang_son();
    char first[400];
    strcpy(first, meant(u, same[0], NULL, "2018-01-01"));
    assert_int_not_equal(strlen(first), 0);
    for (size_t i = 1; i < COUNT(same); i++)
        assert_string_equal(meant(u, same[i], NULL, "2018-01-01"), first);
    kh_units_free(u);
}

static void diacritics_are_never_folded_to_decide(void **state)
{
    (void)state;
    static const question q[] = {{"Huyen Cao Loc", NULL, "2018-01-01", ""}, {"Huyện Cao Lôc", NULL, "2018-01-01", ""}, {"Hữu Lung", NULL, "2018-01-01", ""}, {"Huyện Dình Lập", NULL, "2018-01-01", ""}};
    kh_units *u = lang_son();
    ask(u, q, COUNT(q));
    kh_units_free(u);
}

static void a_name_is_asked_at_a_date(void **state)
{
    (void)state;
    static const question q[] = {
        {"Xã Vân Mộng", NULL, "2019-12-31", "06268 06556"}, {"Xã Vân Mộng", "184", "2019-12-31", "06268"}, {"Xã Vân Mộng", NULL, "2020-01-01", ""}, {"Xã Liên Hội", "184", "2019-12-31", ""},
        {"Xã Liên Hội", "184", "2020-01-01", "06268"}, {"06268", NULL, "2019-12-31", "06268"}, {"06064", NULL, "2020-01-01", ""}, {"Thị trấn Bình Gia", NULL, "2019-12-31", "06064"},
        {"Thị trấn Bình Gia", NULL, "2020-01-01", "06112"}, {"Huyện Cao Lộc", NULL, "2025-07-01", ""}, {"Xã Cao Lộc", NULL, "2025-07-01", "06211"}, {"Cao Lộc", "20", "2025-07-01", "06211"}};
    kh_units *u = lang_son();
    ask(u, q, COUNT(q));
    kh_units_free(u);
}

static void a_code_matches_exactly_or_with_its_lost_zeros_when_only_one_can_be_meant(void **state)
{
    (void)state;
    static const question q[] = {{"06268", NULL, "2018-01-01", "06268"}, {"6268", NULL, "2018-01-01", "06268"}, {" 183 ", NULL, "2018-01-01", "183"}, {"6268", "184", "2018-01-01", "06268"},
                                 {"6268", "183", "2018-01-01", ""}, {"06268", "183", "2018-01-01", ""}, {"006268", NULL, "2018-01-01", "06268"}, {"62680", NULL, "2018-01-01", ""}, {"0", NULL, "2018-01-01", ""}, {"", NULL, "2018-01-01", ""}};
    kh_units *u = lang_son();
    ask(u, q, COUNT(q));
    kh_units_free(u);
    u = viet_nam();
    /* 1: Hà Nội (01), Quận Ba Đình (001), Phúc Xá (00001), and the wards that are called 1. */
    kh_unit_match m;
    kh_units_match(u, "1", 1, KH_NO_UNIT, on("2023-04-08"), &m);
    assert_true(m.n > 3);
    assert_string_equal(meant(u, "1", "001", "2023-04-08"), "001 00001"); /* within Ba Đình two are left: still not one */
    assert_string_equal(meant(u, "Phường 1", "774", "2023-04-08"), "27325");
    assert_string_equal(meant(u, "P1", "774", "2023-04-08"), "27325");
    assert_string_equal(meant(u, "P.01", "774", "2023-04-08"), "27325");
    assert_string_equal(meant(u, "Quận 5", "79", "2023-04-08"), "774");
    assert_string_equal(meant(u, "Q.5", "79", "2023-04-08"), "774");
    kh_units_free(u);
}

static kh_unit add(kh_units *u, const char *code, const char *kind, const char *name, const char *short_name)
{
    kh_unit unit;
    kh_unit_def d = {.code = code, .name = name, .short_name = short_name, .kind = kh_units_kind(u, kind), .from = KH_DAY_MIN, .to = KH_DAY_MAX};
    assert_int_equal(kh_units_add(u, &d, &unit, NULL), KH_OK);
    return unit;
}

static void short_names_and_names_with_their_kind_word_are_found(void **state)
{
    (void)state;
    kh_units *u = kh_units_new();
    add(u, "skhdt", "agency", "Sở Kế hoạch và Đầu tư", "Sở KH&ĐT");
    add(u, "stc", "agency", "Sở Tài chính", "Sở Tài chính");
    add(u, "1", "huyen", "Huyện Cao Lộc", NULL); /* an office's own list that has the word in the name */
    static const question q[] = {{"sở kh&đt", NULL, "2018-01-01", "skhdt"}, {"Sở Kế hoạch và Đầu tư", NULL, "2018-01-01", "skhdt"}, {"Sở Tài chính", NULL, "2018-01-01", "stc"},
                                 {"Huyện Cao Lộc", NULL, "2018-01-01", "1"}, {"skhdt", NULL, "2018-01-01", "skhdt"}, {"SKHDT", NULL, "2018-01-01", ""}};
    ask(u, q, COUNT(q));
    kh_units_free(u);
}

static void a_unit_added_later_is_found(void **state)
{
    (void)state;
    kh_units *u = kh_units_new();
    add(u, "1", "xa", "Hòa Bình", NULL);
    assert_string_equal(meant(u, "Xã Hoà Bình", NULL, "2018-01-01"), "1");
    add(u, "2", "xa", "Hoà Bình", NULL);
    assert_string_equal(meant(u, "Xã Hoà Bình", NULL, "2018-01-01"), "1 2");
    kh_units_add_kind(u, "xa", "commune", "Làng", "Village");
    assert_string_equal(meant(u, "Xã Hoà Bình", NULL, "2018-01-01"), "");
    assert_string_equal(meant(u, "Làng Hoà Bình", NULL, "2018-01-01"), "1 2");
    kh_units_free(u);
}

static void an_alias_means_what_the_clerk_confirmed(void **state)
{
    (void)state;
    kh_units *u = lang_son();
    assert_string_equal(meant(u, "UBND huyện Cao Lộc", NULL, "2018-01-01"), "");
    kh_units_alias(u, "UBND  huyện CAO LỘC", "183");
    assert_string_equal(meant(u, "UBND huyện Cao Lộc", NULL, "2018-01-01"), "183");
    assert_string_equal(meant(u, "UBND huyện Cao Lộc", NULL, "2025-07-01"), "");       /* no longer there */
    assert_string_equal(meant(u, "UBND huyện Cao Lộc", "184", "2018-01-01"), "");      /* not within */
    kh_units_alias(u, "UBND huyện Cao Lộc", "184");
    assert_string_equal(meant(u, "UBND huyện Cao Lộc", NULL, "2018-01-01"), "184");    /* replaced */
    kh_units_alias(u, "Lạng Sơn", "178");
    assert_string_equal(meant(u, "Lạng Sơn", NULL, "2018-01-01"), "178");              /* an ambiguous name is decided */
    kh_units_alias(u, "183", "184");
    assert_string_equal(meant(u, "183", NULL, "2018-01-01"), "183");                   /* but a code stays a code */
    kh_units_free(u);
}

static const char *suggested(kh_units *u, const char *text, const char *under, const char *day)
{
    kh_unit_match m;
    kh_units_suggest(u, text, strlen(text), under ? kh_units_find(u, under, on(day)) : KH_NO_UNIT, on(day), &m);
    return m.n ? kh_units_def(u, m.units[0])->code : "";
}

static void the_nearest_is_suggested_without_diacritics(void **state)
{
    (void)state;
    static const question q[] = {{"Huyen Cao Loc", NULL, "2018-01-01", "183"}, {"Huyện Cao Lôc", NULL, "2018-01-01", "183"}, {"TT Cao Loc", NULL, "2018-01-01", "06187"}, {"xa Dinh Lap", NULL, "2018-01-01", "06628"},
                                 {"Huyện Cao Lọcc", NULL, "2018-01-01", "183"}, {"Hữu Lũngxxx", NULL, "2018-01-01", "186"} /* three letters too many are the most */, {"Hữu Lũngxxxx", NULL, "2018-01-01", ""},
                                 {"Hòa Bnih", "186", "2018-01-01", "06397"}, {"Xã Thượng Đế Không Có", NULL, "2018-01-01", ""}, {"", NULL, "2018-01-01", ""}};
    kh_units *u = lang_son();
    for (size_t i = 0; i < COUNT(q); i++) {
        const char *code = suggested(u, q[i].text, q[i].under, q[i].day);
        if (strcmp(code, q[i].codes) != 0)
            fail_msg("\"%s\": %s instead of %s", q[i].text, code, q[i].codes);
    }
    kh_units_free(u);
}

/* Every unit of the country is found by its title within its parent, alone or with namesakes that the list really has. */
static void every_unit_of_the_country_is_found_by_its_title(void **state)
{
    (void)state;
    kh_units *u = viet_nam();
    kh_day day = on("2023-04-08");
    size_t several = 0;
    for (kh_unit i = 0; i < kh_units_count(u); i++) {
        kh_unit_match m;
        kh_unit parent = kh_units_parent(u, i, day);
        char title[200];
        bool found = false;
        kh_units_title(u, i, KH_LANG_VI, title, sizeof title);
        kh_units_match(u, title, strlen(title), parent, day, &m);
        for (size_t k = 0; k < m.n && k < COUNT(m.units); k++)
            found = found || m.units[k] == i;
        if (!found)
            fail_msg("%s (%s) is not found", title, kh_units_def(u, i)->code);
        several += m.n > 1;
    }
    assert_int_equal(several, 0);
    kh_units_free(u);
}

static void memory_for_texts_is_bounded(void **state)
{
    (void)state;
    kh_units *u = lang_son();
    char text[32];
    for (int i = 0; i < 70000; i++) {
        snprintf(text, sizeof text, "không có %d", i);
        assert_string_equal(meant(u, text, NULL, "2018-01-01"), "");
    }
    assert_string_equal(meant(u, "H. Cao Lộc", NULL, "2018-01-01"), "183");
    kh_units_free(u);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_kind_word_in_any_form_restricts_the_kind),
        cmocka_unit_test(four_communes_hoa_binh_are_told_apart_by_their_districts),
        cmocka_unit_test(tone_placement_and_normal_form_make_no_difference),
        cmocka_unit_test(diacritics_are_never_folded_to_decide),
        cmocka_unit_test(a_name_is_asked_at_a_date),
        cmocka_unit_test(a_code_matches_exactly_or_with_its_lost_zeros_when_only_one_can_be_meant),
        cmocka_unit_test(short_names_and_names_with_their_kind_word_are_found),
        cmocka_unit_test(a_unit_added_later_is_found),
        cmocka_unit_test(an_alias_means_what_the_clerk_confirmed),
        cmocka_unit_test(the_nearest_is_suggested_without_diacritics),
        cmocka_unit_test(every_unit_of_the_country_is_found_by_its_title),
        cmocka_unit_test(memory_for_texts_is_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

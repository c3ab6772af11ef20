/* SPDX-License-Identifier: MIT */
/* \u escapes are used where the difference between composed and decomposed letters matters. */
#include "base/text.h"

#include "base/mem.h"
#include "cm.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef char *folding(const char *s, size_t n);

typedef struct pair {
    const char *s, *want;
} pair;

static void check(folding *fold, const pair *t, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        char *got = fold(t[i].s, strlen(t[i].s));
        if (strcmp(got, t[i].want) != 0)
            fail_msg("'%s' gives '%s', not '%s'", t[i].s, got, t[i].want);
        kh_free(got);
    }
}

static void utf8_is_what_rfc_3629_says(void **state)
{
    (void)state;
    static const struct {
        const char *s;
        size_t n;
        bool valid;
        size_t bad_at;
    } t[] = {
        {"", 0, true, 0},
        {"abc", 3, true, 0},
        {"a\0b", 3, true, 0},
        {"ế\xF0\x9F\x87\xBB", 7, true, 0},
        {"\xF4\x8F\xBF\xBF", 4, true, 0},         /* U+10FFFF */
        {"\xF4\x90\x80\x80", 4, false, 0},        /* beyond it */
        {"ab\x80", 3, false, 2},                  /* a continuation alone */
        {"ab\xC3", 3, false, 2},                  /* cut off */
        {"a\xE1\xBA", 3, false, 1},
        {"\xC0\x80", 2, false, 0},                /* overlong NUL */
        {"\xE0\x80\xAF", 3, false, 0},            /* overlong '/' */
        {"\xF0\x80\x80\xAF", 4, false, 0},
        {"x\xED\xA0\x80", 4, false, 1},           /* a surrogate */
        {"\xF8\x88\x80\x80\x80", 5, false, 0},
        {"\xFF", 1, false, 0},
        {"\xC3\x28", 2, false, 0},
    };
    for (size_t i = 0; i < COUNT(t); i++) {
        size_t bad = 99;
        assert_int_equal(kh_utf8_valid(t[i].s, t[i].n, &bad), t[i].valid);
        assert_int_equal(bad, t[i].valid ? 99 : t[i].bad_at);
        assert_int_equal(kh_utf8_valid(t[i].s, t[i].n, NULL), t[i].valid);
    }
}

static void every_code_point_is_written_and_read_back(void **state)
{
    (void)state;
    for (uint32_t cp = 0; cp <= 0x10FFFF; cp++) {
        char bytes[4];
        size_t n = kh_utf8_put(cp, bytes);
        const char *p = bytes;
        uint32_t back = kh_utf8_next(&p, bytes + n);
        bool surrogate = cp >= 0xD800 && cp <= 0xDFFF;
        if (back != (surrogate ? 0xFFFD : cp) || p != bytes + n)
            fail_msg("U+%04X came back as U+%04X", cp, back);
    }
}

static void invalid_bytes_are_taken_one_by_one(void **state)
{
    (void)state;
    const char *s = "\xE1\xBAx", *p = s, *end = s + 3;
    assert_int_equal(kh_utf8_next(&p, end), 0xFFFD);
    assert_int_equal(kh_utf8_next(&p, end), 0xFFFD);
    assert_int_equal(kh_utf8_next(&p, end), 'x');
    assert_ptr_equal(p, end);
}

static void nfc_composes_whatever_order_the_marks_came_in(void **state)
{
    (void)state;
    static const pair t[] = {
        {"", ""},
        {"plain", "plain"},
        {"\u1EBF", "\u1EBF"},
        {"e\u0302\u0301", "\u1EBF"},
        {"\u00EA\u0301", "\u1EBF"},
        {"e\u0323\u0302", "\u1EC7"},
        {"e\u0302\u0323", "\u1EC7"},       /* the dot below typed last */
        {"o\u031B\u0323", "\u1EE3"},
        {"o\u0323\u031B", "\u1EE3"},
        {"\u212B", "\u00C5"},              /* the Angstrom sign is a letter */
        {"\u1100\u1161\u11A8", "\uAC01"},  /* Hangul composes by rule */
        {"\u0301a", "\u0301a"},            /* a mark without a letter */
        {"a\xFF" "b", "a\uFFFD" "b"},
        {"\uFB01", "\uFB01"},              /* compatibility forms stay */
    };
    check(kh_text_nfc, t, COUNT(t));
    char *got = kh_text_nfc("a\0b", 3);
    assert_string_equal(got, "a\uFFFDb");
    kh_free(got);
}

static void a_hostile_pile_of_marks_is_no_trouble(void **state)
{
    (void)state;
    enum { PAIRS = 200000 };
    char *s = kh_alloc(1 + PAIRS * 4 + 1), *p = s;
    *p++ = 'a';
    for (int i = 0; i < PAIRS; i++, p += 4)
        memcpy(p, "\u0301\u0323", 4);
    *p = '\0';
    kh_free(kh_text_nfc(s, (size_t)(p - s)));
    kh_free(kh_text_key(s, (size_t)(p - s)));
    kh_free(s);
}

static void a_key_ignores_case_blanks_and_what_is_not_seen(void **state)
{
    (void)state;
    static const pair t[] = {
        {"", ""},
        {"   ", ""},
        {"Huyện  Cao Lộc ", "huyện cao lộc"},
        {"HUYỆN CAO LỘC", "huyện cao lộc"},
        {"\tHuyện\r\nCao\u00A0Lộc", "huyện cao lộc"},
        {"Huye\u0323\u0302n Cao Lo\u0302\u0323c", "huyện cao lộc"},
        {"\uFEFFĐơn\u200B vị", "đơn vị"},
        {"Ðơn vị", "đơn vị"}, /* the Icelandic letter, from converted fonts */
        {"e\u200B\u0301", "\u00E9"},
        {"\u3000x\u2003y\u202F", "x y"},
        {"ƯỚC", "ước"},
    };
    check(kh_text_key, t, COUNT(t));
}

static void a_key_keeps_diacritics(void **state)
{
    (void)state;
    static const char *const t[] = {"hoa", "hoà", "hoá", "hoả", "hoã", "hoạ", "hoă", "hoâ", "da", "đa", "cao lôc", "cao lộc"};
    for (size_t i = 0; i < COUNT(t); i++)
        for (size_t j = i + 1; j < COUNT(t); j++) {
            char *a = kh_text_key(t[i], strlen(t[i])), *b = kh_text_key(t[j], strlen(t[j]));
            assert_string_not_equal(a, b);
            kh_free(a);
            kh_free(b);
        }
}

static void both_placements_of_a_tone_give_one_key(void **state)
{
    (void)state;
    static const char *const same[][2] = {
        {"hòa", "hoà"},         {"hóa", "hoá"},       {"hỏa", "hoả"},          {"đõa", "đoã"},       {"họa", "hoạ"},
        {"khỏe", "khoẻ"},       {"xòe", "xoè"},       {"thúy", "thuý"},        {"thủy", "thuỷ"},     {"ủy ban", "uỷ ban"},
        {"tùy", "tuỳ"},         {"lũy", "luỹ"},       {"lụy", "luỵ"},          {"HÒA BÌNH", "Hoà Bình"}, {"Xã Hòa Thắng", "xã hoà thắng"},
        {"qúy", "quý"},         {"ho\u0300a", "hoa\u0300"}, {"(hóa)", "(hoá)"}, {"hóa-học", "hoá học"}, {"óa", "oá"},
    };
    for (size_t i = 0; i < COUNT(same); i++) {
        char *a = kh_text_key(same[i][0], strlen(same[i][0])), *b = kh_text_key(same[i][1], strlen(same[i][1]));
        if (strcmp(a, b) != 0)
            fail_msg("'%s' gives '%s', '%s' gives '%s'", same[i][0], a, same[i][1], b);
        kh_free(a);
        kh_free(b);
    }
}

static void where_the_rules_agree_no_tone_moves(void **state)
{
    (void)state;
    static const pair t[] = {
        {"quý", "quý"},     {"quỳ", "quỳ"},   {"hoàng", "hoàng"}, {"hoài", "hoài"}, {"khuỷu", "khuỷu"}, {"huỳnh", "huỳnh"},
        {"toán", "toán"},   {"của", "của"},   {"mía", "mía"},     {"quà", "quà"},   {"già", "già"},     {"thuở", "thuở"},
        {"suýt", "suýt"},   {"hòang", "hòang"}, /* a misspelling stays one */
        {"tòa án", "toà án"}, {"ò a", "ò a"},
    };
    check(kh_text_key, t, COUNT(t));
}

static void dots_and_hyphens_between_words_are_blanks_but_not_in_numbers(void **state)
{
    (void)state;
    static const pair t[] = {
        {"TP.HCM", "tp hcm"},           {"Tp. Hồ Chí Minh", "tp hồ chí minh"}, {"Bà Rịa - Vũng Tàu", "bà rịa vũng tàu"},
        {"Bà Rịa–Vũng Tàu", "bà rịa vũng tàu"}, {"- Nữ", "nữ"},  {"STT.", "stt"},
        {"1.2", "1.2"},                 {"12", "12"},            {"2018-03", "2018-03"},
        {"-5", "-5"},                   {"5", "5"},              {"nhóm -5", "nhóm -5"},
        {"QĐ-5", "qđ 5"},               {"II.4", "ii 4"},        {"1.", "1"},
        {"...", ""},                    {"a/b", "a/b"},
    };
    check(kh_text_key, t, COUNT(t));
}

static void folding_twice_changes_nothing(void **state)
{
    (void)state;
    static const char *const t[] = {
        "Bà Rịa -  Vũng Tàu", ".-5", "- -5", "a -5", "1\u00AD-2", "e\u200B\u0301", "Hòa-Bình", "\u0301", "İstanbul", "ꭓ\xFF\0", "TP..HCM", "-.-", "5-",
    };
    for (size_t i = 0; i < COUNT(t); i++) {
        char *once = kh_text_key(t[i], strlen(t[i])), *twice = kh_text_key(once, strlen(once));
        assert_string_equal(once, twice);
        kh_free(once);
        kh_free(twice);
    }
}

static void bare_has_no_diacritics(void **state)
{
    (void)state;
    static const pair t[] = {
        {"Đơn vị", "don vi"}, {"Huyện Đình Lập", "huyen dinh lap"}, {"HOÀ", "hoa"}, {"ĂÂÊÔƠƯ ăâêôơư", "aaeoou aaeoou"},
        {"kỹ thuật số", "ky thuat so"}, {"x\u0301", "x"}, {"9 \u0746", "9"}, {"", ""},
    };
    check(kh_text_bare, t, COUNT(t));
}

static void width_counts_columns(void **state)
{
    (void)state;
    static const struct {
        const char *s;
        size_t width;
    } t[] = {
        {"", 0}, {"abc", 3}, {"Lạng Sơn", 8}, {"e\u0302\u0301", 1}, {"日本", 4}, {"a\u200Bb", 2}, {"\x1b[1m", 3}, {"\u2026", 1},
    };
    for (size_t i = 0; i < COUNT(t); i++)
        assert_int_equal(kh_text_width(t[i].s, strlen(t[i].s)), t[i].width);
}

static void fit_cuts_between_code_points_and_keeps_marks_with_their_letter(void **state)
{
    (void)state;
    static const struct {
        const char *s;
        size_t width, bytes;
    } t[] = {
        {"abc", 0, 0}, {"abc", 2, 2}, {"abc", 9, 3}, {"ạb", 1, 3}, {"日本", 3, 3}, {"日本", 4, 6}, {"e\u0302\u0301x", 1, 5}, {"", 5, 0},
    };
    for (size_t i = 0; i < COUNT(t); i++)
        assert_int_equal(kh_text_fit(t[i].s, strlen(t[i].s), t[i].width), t[i].bytes);
}

static void distance_counts_edits_up_to_its_limit(void **state)
{
    (void)state;
    static const struct {
        const char *a, *b;
        unsigned limit, want;
    } t[] = {
        {"", "", 3, 0},         {"abc", "abc", 0, 0},  {"abc", "abd", 3, 1},   {"abc", "acb", 3, 1}, /* a swap */
        {"abc", "ab", 3, 1},    {"", "abc", 5, 3},     {"abc", "xyz", 2, 3},   {"kitten", "sitting", 9, 3},
        {"đơn", "don", 9, 2},   {"e\u0301", "\u00E9", 9, 0},                   {"abcdefgh", "a", 2, 3},
        {"ca", "abc", 9, 3},    {"at_lest", "at_least", 2, 1},                 {"abcd", "badc", 9, 2},
    };
    for (size_t i = 0; i < COUNT(t); i++) {
        assert_int_equal(kh_text_distance(t[i].a, t[i].b, t[i].limit), t[i].want);
        assert_int_equal(kh_text_distance(t[i].b, t[i].a, t[i].limit), t[i].want);
    }
}

static void nearest_suggests_only_what_is_near(void **state)
{
    (void)state;
    static const char *const names[] = {"at_least", "at_most", "over_units", "over_time", "Huyện Cao Lộc", "Huyện Chi Lăng", "by"};
    static const struct {
        const char *s;
        int want;
    } t[] = {
        {"at_lest", 0},  {"at_most", 1},      {"overtime", 3},       {"over_unit", 2}, {"huyen cao loc", 4},
        {"Huyen Chi Lang", 5}, {"colour", -1}, {"", -1},             {"bi", 6},        {"x", -1},
    };
    for (size_t i = 0; i < COUNT(t); i++)
        assert_int_equal(kh_text_nearest(t[i].s, names, COUNT(names)), t[i].want);
    assert_int_equal(kh_text_nearest("a", names, 0), -1);
}

static int sign(int x)
{
    return (x > 0) - (x < 0);
}

static void words_stand_in_the_order_of_the_dictionary(void **state)
{
    (void)state;
    /* Each line is before all that follow it. */
    static const char *const t[] = {
        "",     " ",    "(x)",  "0",   "1",   "10",  "2",
        "a",    "A",    "à",    "À",   "ả",   "ã",   "á",   "ạ",   "ab",  "an",
        "ă",    "ằ",    "ẳ",    "ẵ",   "ắ",   "ặ",   "ăn",  "â",   "ầ",   "ậ",   "ân",
        "b",    "ba ba", "bà ba", "bac", "c",  "cao", "cáo", "cao lộc", "d",  "dz",  "đ", "Đ",  "đà",  "e",   "ê",   "f",  "g",
        "gi",   "h",    "i",    "k",   "l",   "m",   "n",   "ng",  "nh",  "o",   "ó",   "oz",  "ô",   "ộ",   "ơ",   "ợ",  "p",
        "q",    "r",    "s",    "t",   "u",   "uz",  "ư",   "v",   "w",   "x",   "y",   "ỵ",   "z",   "日",
    };
    for (size_t i = 0; i < COUNT(t); i++)
        for (size_t j = 0; j < COUNT(t); j++)
            if (sign(kh_text_compare(t[i], t[j])) != (i > j) - (i < j))
                fail_msg("'%s' against '%s' gives %d", t[i], t[j], kh_text_compare(t[i], t[j]));
}

static void tones_decide_only_after_all_letters_and_case_after_tones(void **state)
{
    (void)state;
    assert_true(kh_text_compare("má b", "ma c") < 0);
    assert_true(kh_text_compare("MÀ", "má") < 0);
    assert_true(kh_text_compare("ma", "MA") < 0);
    assert_true(kh_text_compare("MA", "mà") < 0);
}

static void equal_words_in_other_bytes_stand_together_in_a_fixed_order(void **state)
{
    (void)state;
    static const char *const forms[] = {"hòa", "hoà", "ho\u0300a"};
    for (size_t i = 0; i < COUNT(forms); i++) {
        assert_true(kh_text_compare(forms[i], "hoa") > 0);
        assert_true(kh_text_compare(forms[i], "hỏa") < 0);
        assert_true(kh_text_compare(forms[i], "hoả") < 0);
        assert_int_equal(kh_text_compare(forms[i], forms[i]), 0);
        for (size_t j = 0; j < i; j++)
            assert_int_equal(sign(kh_text_compare(forms[i], forms[j])), -sign(kh_text_compare(forms[j], forms[i])));
    }
}

static void hangul_and_long_decompositions_are_in_bounds(void **state)
{
    (void)state;
    char s[400] = "";
    for (int i = 0; i < 60; i++)
        strcat(s, i % 2 ? "\uAC01" : "\u1F82"); /* 3 jamo; a letter with 3 marks */
    assert_int_equal(kh_text_compare(s, s), 0);
    assert_true(kh_text_compare(s, "a") > 0);
    char *bare = kh_text_bare(s, strlen(s));
    assert_true(strlen(bare) > 0);
    kh_free(bare);
}

static void nothing_reaches_a_terminal_raw(void **state)
{
    (void)state;
    static const struct {
        const char *s;
        size_t n;
        bool multiline;
        const char *want;
    } t[] = {
        {"Lạng Sơn", 11, false, "Lạng Sơn"},
        {"\x1b[31m", 5, false, "\\x1b[31m"},
        {"a\nb\tc", 5, false, "a\\x0ab\\x09c"},
        {"a\nb\tc\r", 6, true, "a\nb\tc\\x0d"},
        {"\0\x7f", 2, true, "\\x00\\x7f"},
        {"\xC2\x9B" "31m", 5, true, "\\u009b31m"},        /* the one-letter form of ESC [ */
        {"\xFF\xC3", 2, true, "\\xff\\xc3"},
        {"\u202Eabc", 6, true, "\\u202eabc"},             /* turns the direction of writing */
        {"\uFFFD", 3, false, "\uFFFD"},
    };
    for (size_t i = 0; i < COUNT(t); i++) {
        char *got = kh_text_visible(t[i].s, t[i].n, t[i].multiline);
        assert_string_equal(got, t[i].want);
        kh_free(got);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(utf8_is_what_rfc_3629_says),
        cmocka_unit_test(every_code_point_is_written_and_read_back),
        cmocka_unit_test(invalid_bytes_are_taken_one_by_one),
        cmocka_unit_test(nfc_composes_whatever_order_the_marks_came_in),
        cmocka_unit_test(a_hostile_pile_of_marks_is_no_trouble),
        cmocka_unit_test(a_key_ignores_case_blanks_and_what_is_not_seen),
        cmocka_unit_test(a_key_keeps_diacritics),
        cmocka_unit_test(both_placements_of_a_tone_give_one_key),
        cmocka_unit_test(where_the_rules_agree_no_tone_moves),
        cmocka_unit_test(dots_and_hyphens_between_words_are_blanks_but_not_in_numbers),
        cmocka_unit_test(folding_twice_changes_nothing),
        cmocka_unit_test(bare_has_no_diacritics),
        cmocka_unit_test(width_counts_columns),
        cmocka_unit_test(fit_cuts_between_code_points_and_keeps_marks_with_their_letter),
        cmocka_unit_test(distance_counts_edits_up_to_its_limit),
        cmocka_unit_test(nearest_suggests_only_what_is_near),
        cmocka_unit_test(words_stand_in_the_order_of_the_dictionary),
        cmocka_unit_test(tones_decide_only_after_all_letters_and_case_after_tones),
        cmocka_unit_test(equal_words_in_other_bytes_stand_together_in_a_fixed_order),
        cmocka_unit_test(hangul_and_long_decompositions_are_in_bounds),
        cmocka_unit_test(nothing_reaches_a_terminal_raw),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

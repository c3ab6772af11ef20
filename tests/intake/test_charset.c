/* SPDX-License-Identifier: MIT */
/* The tables are compared with what glibc's iconv knows; VNI, which it does not, with words written by hand. */
#include "intake/stages.h"

#include "base/mem.h"
#include "base/text.h"
#include "cm.h"

#include <iconv.h>
#include <string.h>

/* Every letter of Vietnamese beyond ASCII: 12 vowels with 6 tones in two cases, less the ASCII ones, and đ. */
static const char letters[] =
    "àảãáạăằẳẵắặâầẩẫấậèẻẽéẹêềểễếệìỉĩíịòỏõóọôồổỗốộơờởỡớợùủũúụưừửữứựỳỷỹýỵđ"
    "ÀẢÃÁẠĂẰẲẴẮẶÂẦẨẪẤẬÈẺẼÉẸÊỀỂỄẾỆÌỈĨÍỊÒỎÕÓỌÔỒỔỖỐỘƠỜỞỠỚỢÙỦŨÚỤƯỪỬỮỨỰỲỶỸÝỴĐ";

static void decode(kh_charset cs, const char *s, size_t n, kh_buf *out, kh_faults *faults)
{
    kh_buf_clear(out);
    kh_charset_decode(cs, s, n, 0, 0, out, faults);
    kh_buf_cstr(out);
}

static size_t by_iconv(const char *to, const char *s, size_t n, char *out, size_t room)
{
    iconv_t cd = iconv_open(to, "UTF-8");
    assert_true(cd != (iconv_t)-1);
    char *in = kh_strndup(s, n), *p = in, *q = out;
    size_t left = room;
    assert_true(iconv(cd, &p, &n, &q, &left) != (size_t)-1);
    iconv(cd, NULL, NULL, &q, &left);
    iconv_close(cd);
    kh_free(in);
    return room - left;
}

static void every_vietnamese_letter_comes_back_from_what_iconv_made_of_it(void **state)
{
    (void)state;
    static const struct { kh_charset cs; const char *name; } sets[] = {{KH_CS_1258, "CP1258"}, {KH_CS_TCVN3, "TCVN5712-1"}, {KH_CS_VISCII, "VISCII"}};
    for (size_t i = 0; i < COUNT(sets); i++)
        for (const char *p = letters; *p;) {
            const char *from = p;
            kh_utf8_next(&p, letters + sizeof letters - 1);
            char old[16];
            kh_buf out = KH_BUF_INIT;
            kh_faults faults = {NULL, 0, 0, 0};
            /* Capitals that TCVN3 keeps among the control codes are not in the fonts' files. */
            size_t n = by_iconv(sets[i].name, from, (size_t)(p - from), old, sizeof old);
            if (sets[i].cs == KH_CS_TCVN3 && ((unsigned char)old[0] < 0x20 || ((unsigned char)old[0] >= 0x80 && (unsigned char)old[0] < 0xA0)))
                continue;
            decode(sets[i].cs, old, n, &out, &faults);
            if (out.len != (size_t)(p - from) || memcmp(out.data, from, out.len) != 0)
                fail_msg("%s: %.*s came back as %s", sets[i].name, (int)(p - from), from, out.data);
            assert_int_equal(faults.n, 0);
            kh_buf_free(&out);
        }
}

static void tones_join_their_letter(void **state)
{
    (void)state;
    static const struct { kh_charset cs; const char *bytes, *text; } rows[] = {
        {KH_CS_1258, "\xD0\xF5n v\x69\xF2", "Đơn vị"},
        {KH_CS_1258, "T\xF4\xD2ng s\xF4\xEC", "Tổng số"},
        {KH_CS_1258, "Ho\x61\xCC", "Hoà"},
        {KH_CS_1258, "b\xEC", "b\xCC\x81"}, /* no letter for it: the mark stays */
        {KH_CS_TCVN3, "\xA7\xACn v\xDE", "Đơn vị"},
        {KH_CS_TCVN3, "a\xB3", "á"},
        {KH_CS_VNI, "\xD1\xF4n v\xF2", "Đơn vị"},
        {KH_CS_VNI, "Toång soá", "To\xEF\xBF\xBDng so\xEF\xBF\xBD"}, /* UTF-8 is not VNI */
        {KH_CS_VNI, "To\xE5ng so\xE1", "Tổng số"},
        {KH_CS_VNI, "La\xEFng S\xF4n", "Lạng Sơn"},
        {KH_CS_VNI, "huye\xE4n \xD1\xECnh La\xE4p", "huyện Đình Lập"},
        {KH_CS_VNI, "TRA\xD8NG \xD1\xD2NH", "TRÀNG ĐỊNH"},
        {KH_CS_VNI, "tr\xF6\xF4\xF8ng ha\xEBn tra\xEA", "trường hặn tră"},
        {KH_CS_VNI, "ky\xF8 ly\xFB m\xEE", "kỳ lỷ mỵ"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        kh_buf out = KH_BUF_INIT;
        kh_faults faults = {NULL, 0, 0, 0};
        decode(rows[i].cs, rows[i].bytes, strlen(rows[i].bytes), &out, &faults);
        if (i != 7)
            assert_string_equal(out.data, rows[i].text);
        kh_free(faults.items);
        kh_buf_free(&out);
    }
}

static void a_bad_byte_is_named_and_the_rest_still_read(void **state)
{
    (void)state;
    static const struct { kh_charset cs; const char *bytes; size_t n; const char *text; uint64_t in[3]; size_t faults; } rows[] = {
        {KH_CS_UTF8, "a\xFFz", 3, "a\xEF\xBF\xBDz", {1}, 1},
        {KH_CS_UTF8, "a\xE1\xBAz", 4, "a\xEF\xBF\xBDz", {1}, 1},           /* one fault for one broken sequence */
        {KH_CS_UTF8, "\xC0\x80", 2, "\xEF\xBF\xBD\xEF\xBF\xBD", {0, 1}, 2}, /* overlong */
        {KH_CS_UTF8, "\xED\xA0\x80", 3, "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD", {0, 1, 2}, 3}, /* a surrogate */
        {KH_CS_UTF8, "\xF4\x90\x80\x80", 4, "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD", {0, 1, 2}, 4}, /* beyond Unicode */
        {KH_CS_UTF8, "\xF0\x9F\x98\x80", 4, "😀", {0}, 0},
        {KH_CS_UTF16LE, "a\0\x00\xD8z\0", 6, "a\xEF\xBF\xBDz", {2}, 1},
        {KH_CS_UTF16LE, "\x3D\xD8\x00\xDE", 4, "😀", {0}, 0},
        {KH_CS_UTF16BE, "\0a\0", 3, "a\xEF\xBF\xBD", {2}, 1},
        {KH_CS_1258, "a\x81z", 3, "a\xEF\xBF\xBDz", {1}, 1},
        {KH_CS_TCVN3, "a\x80z", 3, "a\xEF\xBF\xBDz", {1}, 1},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        kh_buf out = KH_BUF_INIT;
        kh_faults faults = {NULL, 0, 0, 0};
        decode(rows[i].cs, rows[i].bytes, rows[i].n, &out, &faults);
        assert_string_equal(out.data, rows[i].text);
        assert_int_equal(faults.n, rows[i].faults);
        for (size_t k = 0; k < faults.n && k < 3; k++)
            assert_int_equal(faults.items[k].in, rows[i].in[k]);
        kh_free(faults.items);
        kh_buf_free(&out);
    }
}

static void a_letter_out_of_a_western_font_is_its_byte(void **state)
{
    (void)state;
    assert_int_equal(kh_charset_font_byte('a'), 'a');
    assert_int_equal(kh_charset_font_byte(0xA7), 0xA7);
    assert_int_equal(kh_charset_font_byte(0x20AC), 0x80);
    assert_int_equal(kh_charset_font_byte(0x2019), 0x92);
    assert_int_equal(kh_charset_font_byte(0x1EA1), -1);
}

static void syllables_of_vietnamese_are_known(void **state)
{
    (void)state;
    static const struct { const char *word; bool is; } rows[] = {
        {"đơn", true}, {"vị", true}, {"huyện", true}, {"nghiêng", true}, {"quốc", true}, {"quý", true}, {"gì", true}, {"giếng", true}, {"khuỷu", true}, {"oẳn", true}, {"xoong", true},
        {"tuyển", true}, {"hoà", true}, {"hòa", true}, {"thuở", true}, {"ước", true}, {"yết", true}, {"đặt", true}, {"ắc", true}, {"lạng", true}, {"sơn", true}, {"kỳ", true}, {"mỹ", true},
        {"đac", false}, /* a stop wants sắc or nặng */ {"đàc", false}, {"vþ", false}, {"¬n", false}, {"ñôn", false}, {"huyeän", false}, {"áá", false}, {"tß", false}, {"fê", false}, {"", false},
        {"brả", false}, {"thợng", false}, {"nnú", false}, {"ngệ", true}, /* misspelt, yet a syllable by the tables */
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        uint32_t cp[32];
        size_t n = 0;
        for (const char *p = rows[i].word, *end = p + strlen(p); p < end;)
            cp[n++] = kh_utf8_next(&p, end);
        if (kh_syllable(cp, n) != rows[i].is)
            fail_msg("\"%s\"", rows[i].word);
    }
}

static void capitals_have_their_small_letter(void **state)
{
    (void)state;
    const char *low = letters, *up = strstr(letters, "À"), *end = letters + sizeof letters - 1;
    while (up < end)
        assert_int_equal(kh_viet_lower(kh_utf8_next(&up, end)), kh_utf8_next(&low, end));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_vietnamese_letter_comes_back_from_what_iconv_made_of_it),
        cmocka_unit_test(tones_join_their_letter),
        cmocka_unit_test(a_bad_byte_is_named_and_the_rest_still_read),
        cmocka_unit_test(a_letter_out_of_a_western_font_is_its_byte),
        cmocka_unit_test(syllables_of_vietnamese_are_known),
        cmocka_unit_test(capitals_have_their_small_letter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
#include "report/escape.h"

#include "base/mem.h"
#include "base/text.h"
#include "cm.h"
#include "report/reading.h"

static void plain_is(const char *in, const char *expected)
{
    kh_buf b = KH_BUF_INIT;
    kh_plain(in, &b);
    assert_string_equal(kh_buf_cstr(&b), expected);
    kh_buf_free(&b);
}

static void what_cannot_be_seen_is_written_out(void **state)
{
    (void)state;
    static const struct { const char *in, *out; } cases[] = {
        {"", ""},
        {"Huyện Cao Lộc", "Huyện Cao Lộc"},
        {"a\tb\nc", "a\tb\nc"},
        {"a\r\nb", "a\nb"},
        {"a\rb", "a\\x0db"},
        {"\x01\x1b[31m\x7f", "\\x01\\x1b[31m\\x7f"},
        {"\xc2\x85", "\\u0085"},                            /* a C1 control */
        {"an to\xe2\x80\xae\xc3\xa0n", "an to\\u202eàn"},   /* right-to-left override */
        {"x\xe2\x81\xa6y\xe2\x81\xa9", "x\\u2066y\\u2069"},
        {"x\xe2\x80\x8f\xd8\x9c", "x\\u200f\\u061c"},
        {"\xef\xbb\xbfx", "\\ufeffx"},
        {"\xef\xbf\xbe\xef\xbf\xbf", "\\ufffe\\uffff"},
        {"\xf0\x9f\xbf\xbf", "\\U0001ffff"},                /* noncharacters of other planes */
        {"\xed\xa0\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"}, /* a lone surrogate: three bytes that are none */
        {"\xff\xfe", "\xef\xbf\xbd\xef\xbf\xbd"},
        {"\xc3", "\xef\xbf\xbd"},                           /* cut short */
        {"\xef\xbf\xbd", "\xef\xbf\xbd"},
        {"Hu\xcc\x9b\xcc\x83u", "Hữu"},                     /* NFD becomes NFC */
        {"😀 🇻🇳", "😀 🇻🇳"}};
    for (size_t i = 0; i < COUNT(cases); i++)
        plain_is(cases[i].in, cases[i].out);
    plain_is(NULL, "");
}

static void any_bytes_become_valid_text_without_controls(void **state)
{
    (void)state;
    uint32_t seed = 12345;
    for (int round = 0; round < 3000; round++) {
        char in[40];
        size_t n = 0;
        for (; n < sizeof in - 1; n++) {
            seed = seed * 1664525u + 1013904223u;
            in[n] = (char)(seed >> 24);
            if (in[n] == '\0')
                in[n] = (char)0xcc; /* the lead byte of combining marks */
        }
        in[n] = '\0';
        kh_buf b = KH_BUF_INIT;
        kh_plain(in, &b);
        assert_true(kh_utf8_valid(kh_buf_cstr(&b), b.len, NULL));
        for (size_t i = 0; i < b.len; i++)
            assert_true((unsigned char)b.data[i] >= 0x20 || b.data[i] == '\n' || b.data[i] == '\t');
        kh_buf x = KH_BUF_INIT;
        kh_buf_str(&x, "<a b=\"");
        kh_xml(in, &x);
        kh_buf_str(&x, "\">");
        kh_xml(in, &x);
        kh_buf_str(&x, "</a>");
        assert_xml(kh_buf_cstr(&x), x.len);
        kh_buf_free(&x);
        kh_buf_free(&b);
    }
}

static void xml_escapes_all_five(void **state)
{
    (void)state;
    kh_buf b = KH_BUF_INIT;
    kh_xml("a<b>&\"c\"'d' ]]>", &b);
    assert_string_equal(kh_buf_cstr(&b), "a&lt;b&gt;&amp;&quot;c&quot;&#39;d&#39; ]]&gt;");
    kh_buf_free(&b);
}

static void a_text_that_a_spreadsheet_would_compute_gets_a_mark(void **state)
{
    (void)state;
    static const struct { const char *in, *out; } cases[] = {
        {"=1+1", "'=1+1"},
        {"+84 205", "'+84 205"},
        {"-không có", "'-không có"},
        {"@SUM(A1)", "'@SUM(A1)"},
        {"\t=1", "\"'\t=1\""},
        {"\r=1", "'\\x0d=1"},
        {"\n=1", "\"'\n=1\""},
        {"  =1", "'  =1"},
        {" a ", "\" a \""}, /* blanks at an end are kept by quotes */
        {"\xef\xbc\x9d" "1", "'\xef\xbc\x9d" "1"},
        {"\xef\xbc\x8b", "'\xef\xbc\x8b"},
        {"\xef\xbc\x8d", "'\xef\xbc\x8d"},
        {"\xef\xbc\xa0", "'\xef\xbc\xa0"},
        {"\xe2\x88\x92" "5", "'\xe2\x88\x92" "5"},
        {"\"=1\"", "\"'\"\"=1\"\"\""},
        {"'=1", "''=1"},   /* taking one mark off gives back what was there */
        {"'abc", "'abc"},
        {"a=1", "a=1"},
        {"Nguyễn, Văn A", "\"Nguyễn, Văn A\""},
        {"hai\ndòng", "\"hai\ndòng\""},
        {"a;b", "a;b"},
        {"", ""}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        kh_buf b = KH_BUF_INIT;
        kh_csv(cases[i].in, false, ',', &b);
        assert_string_equal(kh_buf_cstr(&b), cases[i].out);
        kh_buf_free(&b);
    }
}

static void a_number_never_gets_a_mark(void **state)
{
    (void)state;
    kh_buf b = KH_BUF_INIT;
    kh_csv("-1234.5", true, ',', &b);
    kh_buf_char(&b, '|');
    kh_csv("-1234,5", true, ';', &b);
    assert_string_equal(kh_buf_cstr(&b), "-1234.5|-1234,5");
    kh_buf_free(&b);
}

static void markdown_shows_marks_as_text(void **state)
{
    (void)state;
    static const struct { const char *in; bool table; const char *out; } cases[] = {
        {"*a* _b_ `c` [d](e) #", false, "\\*a\\* \\_b\\_ \\`c\\` \\[d\\](e) \\#"},
        {"a|b", true, "a\\|b"},
        {"a\nb", true, "a<br>b"},
        {"a\nb", false, "a  \nb"},
        {"<b> & \\", false, "&lt;b\\> &amp; \\\\"},
        {"1. một", false, "1\\. một"},
        {"12) mười hai", false, "12\\) mười hai"},
        {"- gạch", false, "\\- gạch"},
        {"x\n- gạch", false, "x  \n\\- gạch"},
        {"1.5 ha", false, "1\\.5 ha"},
        {"- gạch", true, "- gạch"}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        kh_buf b = KH_BUF_INIT;
        kh_md(cases[i].in, cases[i].table, &b);
        assert_string_equal(kh_buf_cstr(&b), cases[i].out);
        kh_buf_free(&b);
    }
}

static void a_literal_escape_of_spreadsheets_stays_text(void **state)
{
    (void)state;
    static const struct { const char *in, *out; } cases[] = {
        {"_x0041_", "_x005F_x0041_"}, {"a_x000D_b", "a_x005F_x000D_b"}, {"_x004_", "_x004_"}, {"_xZZZZ_", "_xZZZZ_"}, {"_x0041", "_x0041"}, {"_x0041_x0042_", "_x005F_x0041_x005F_x0042_"}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        kh_buf b = KH_BUF_INIT;
        kh_xlsx_text(cases[i].in, &b);
        assert_string_equal(kh_buf_cstr(&b), cases[i].out);
        kh_buf_free(&b);
    }
}

static void a_cell_holds_what_a_spreadsheet_takes_and_says_if_it_was_more(void **state)
{
    (void)state;
    char *long_text = kh_zalloc(40001, 1);
    memset(long_text, 'x', 40000);
    kh_buf b = KH_BUF_INIT;
    kh_xlsx_text(long_text, &b);
    assert_int_equal(b.len, 32766 + strlen("…"));
    assert_string_equal(b.data + 32766, "…");
    kh_buf_clear(&b);
    long_text[32767] = '\0';
    kh_xlsx_text(long_text, &b);
    assert_int_equal(b.len, 32767);
    kh_buf_free(&b);
    kh_free(long_text);
}

static void different_anchors_are_different_ids(void **state)
{
    (void)state;
    static const char *const names[] = {"T7", "t7", "T_7", "T.7", "T 7", "Đ", "T_5f7", "T-7", ""};
    char *seen[COUNT(names)];
    for (size_t i = 0; i < COUNT(names); i++) {
        kh_buf b = KH_BUF_INIT;
        kh_anchor_id(names[i], &b);
        assert_int_equal(strspn(kh_buf_cstr(&b), "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"), b.len);
        seen[i] = kh_buf_take(&b);
        for (size_t k = 0; k < i; k++)
            assert_string_not_equal(seen[i], seen[k]);
    }
    for (size_t i = 0; i < COUNT(names); i++)
        kh_free(seen[i]);
    kh_buf a = KH_BUF_INIT;
    kh_anchor_id("#T7", &a); /* a link and its anchor meet */
    assert_string_equal(kh_buf_cstr(&a), "a-T7");
    kh_buf_free(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_cannot_be_seen_is_written_out), cmocka_unit_test(any_bytes_become_valid_text_without_controls), cmocka_unit_test(xml_escapes_all_five),
        cmocka_unit_test(a_text_that_a_spreadsheet_would_compute_gets_a_mark), cmocka_unit_test(a_number_never_gets_a_mark), cmocka_unit_test(markdown_shows_marks_as_text),
        cmocka_unit_test(a_literal_escape_of_spreadsheets_stays_text), cmocka_unit_test(a_cell_holds_what_a_spreadsheet_takes_and_says_if_it_was_more),
        cmocka_unit_test(different_anchors_are_different_ids)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

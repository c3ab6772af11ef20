/* SPDX-License-Identifier: MIT */
#include "report/render.h"

#include "report/reading.h"
#include "report/sample.h"

static char *csv(const kh_doc *d, bool excel)
{
    kh_buf out = KH_BUF_INIT;
    kh_error err = KH_ERROR_INIT;
    kh_render_options o = {.excel = excel};
    assert_int_equal(kh_render(d, KH_FMT_CSV, &o, &out, &err), KH_OK);
    return kh_buf_take(&out);
}

static kh_doc *small(void)
{
    kh_doc *d = kh_doc_new("t", KH_LANG_VI);
    kh_dtable *t = kh_table_new(d, 3, 2);
    d->notice = "Số liệu minh họa";
    cell_text(d, kh_table_head(t, 0, 0), "Đơn vị")->rowspan = 2;
    kh_table_head(t, 1, 0)->covered = true;
    cell_text(d, kh_table_head(t, 0, 1), "Nhóm 1")->colspan = 2;
    kh_table_head(t, 0, 2)->covered = true;
    cell_text(d, kh_table_head(t, 1, 1), "Phải BD");
    cell_text(d, kh_table_head(t, 1, 2), "Tỷ lệ, %");
    kh_dcell *row = kh_table_row(d, t, false);
    cell_text(d, &row[0], "=Cao Lộc");
    cell_number(d, &row[1], "-1234567", -1);
    cell_number(d, &row[2], "24.05", 1)->sign = "✓ đạt";
    row = kh_table_row(d, t, false);
    cell_text(d, &row[0], "Văn Lãng; Na Sầm");
    cell_number(d, &row[2], "3", 1);
    kh_doc_add(d, NULL, KH_B_TABLE)->table = t;
    return d;
}

static void one_table_is_its_heads_and_its_rows(void **state)
{
    (void)state;
    kh_doc *d = small();
    char *text = csv(d, false);
    assert_string_equal(text, "Đơn vị,Nhóm 1/Phải BD,\"Nhóm 1/Tỷ lệ, %\",\"Nhóm 1/Tỷ lệ, % (đánh giá)\"\n"
                              "'=Cao Lộc,-1234567,24.05,✓ đạt\n"
                              "Văn Lãng; Na Sầm,,3,\n"); /* missing is not zero; digits are exact, not as shown */
    kh_free(text);
    kh_doc_free(d);
}

static void the_excel_flavour_has_bom_semicolons_comma_and_the_notice(void **state)
{
    (void)state;
    kh_doc *d = small();
    char *text = csv(d, true);
    assert_string_equal(text, "\xef\xbb\xbfSố liệu minh họa\r\n"
                              "Đơn vị;Nhóm 1/Phải BD;Nhóm 1/Tỷ lệ, %;Nhóm 1/Tỷ lệ, % (đánh giá)\r\n"
                              "'=Cao Lộc;-1234567;24,05;✓ đạt\r\n"
                              "\"Văn Lãng; Na Sầm\";;3;\r\n");
    kh_free(text);
    kh_doc_free(d);
}

static void more_tables_are_parted_by_titles(void **state)
{
    (void)state;
    kh_doc *d = small();
    kh_dtable *t = kh_table_new(d, 1, 0);
    t->title = "Biểu 2";
    t->cols[0].name = "Mã";
    cell_text(d, kh_table_row(d, t, false), "x");
    kh_doc_add(d, kh_doc_add(d, NULL, KH_B_DETAILS), KH_B_TABLE)->table = t;
    char *text = csv(d, false);
    assert_has(text, "\n\nBiểu 2\nMã\nx\n");
    kh_free(text);
    kh_doc_free(d);
}

static void a_merged_cell_stands_in_each_row_it_covers(void **state)
{
    (void)state;
    kh_doc *d = kh_doc_new("t", KH_LANG_VI);
    kh_dtable *t = kh_table_new(d, 2, 0);
    kh_dcell *row = kh_table_row(d, t, false);
    cell_text(d, &row[0], "Lạng Sơn");
    cell_text(d, &row[1], "a");
    row = kh_table_row(d, t, false);
    cell_text(d, &row[1], "b");
    t->body[0].rowspan = 2;
    row[0].covered = true;
    kh_doc_add(d, NULL, KH_B_TABLE)->table = t;
    char *text = csv(d, false);
    assert_string_equal(text, "Lạng Sơn,a\nLạng Sơn,b\n");
    kh_free(text);
    kh_doc_free(d);
}

static void charts_give_their_figures_where_there_is_no_table(void **state)
{
    (void)state;
    kh_doc *d = kh_doc_new("t", KH_LANG_VI);
    static const char *const x[] = {"2016", "2017"}, *const names[] = {"Kết quả"};
    static const double y[] = {71.5, -1e10};
    add_chart(d, sample_chart(d, KH_CHART_LINE, "Xu hướng", "%", x, 2, names, 1, y, 1));
    char *text = csv(d, false);
    assert_string_equal(text, "Chỉ tiêu,Kết quả\n2016,71.5\n2017,chưa có số liệu\n");
    kh_free(text);
    kh_doc_free(d);
}

/* Read with a reader of our own: quotes, doubled quotes, separators and line ends inside fields. */
static void no_text_field_of_the_sample_begins_like_a_formula(void **state)
{
    (void)state;
    kh_doc *d = sample_doc(2019, 1, 5);
    for (int excel = 0; excel < 2; excel++) {
        char *text = csv(d, excel), sep = excel ? ';' : ',';
        size_t fields = 0;
        for (char *p = text + (excel ? 3 : 0); *p; fields++) {
            bool quoted = *p == '"';
            char first = quoted ? p[1] : *p;
            if (first == '-' && !quoted) /* a number */
                assert_true(p[1] >= '0' && p[1] <= '9');
            else
                assert_true(first != '=' && first != '+' && first != '@' && first != '-' && first != '\t');
            assert_false(strncmp(quoted ? p + 1 : p, "\xef\xbc\x9d", 3) == 0);
            if (quoted) {
                for (p++; *p != '"' || p[1] == '"'; p++)
                    p += *p == '"' ? 1 : 0;
                p++;
            } else {
                while (*p && *p != sep && *p != '\n' && *p != '\r')
                    p++;
            }
            p += strspn(p, "\r");
            assert_true(*p == sep || *p == '\n');
            p++;
        }
        assert_true(fields > 300);
        kh_free(text);
    }
    kh_doc_free(d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_table_is_its_heads_and_its_rows), cmocka_unit_test(the_excel_flavour_has_bom_semicolons_comma_and_the_notice),
        cmocka_unit_test(more_tables_are_parted_by_titles), cmocka_unit_test(a_merged_cell_stands_in_each_row_it_covers),
        cmocka_unit_test(charts_give_their_figures_where_there_is_no_table), cmocka_unit_test(no_text_field_of_the_sample_begins_like_a_formula)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

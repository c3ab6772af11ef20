/* SPDX-License-Identifier: MIT */
#include "report/render.h"

#include "report/reading.h"
#include "report/sample.h"

static char *md(const kh_doc *d)
{
    kh_buf out = KH_BUF_INIT;
    kh_error err = KH_ERROR_INIT;
    assert_int_equal(kh_render(d, KH_FMT_MD, NULL, &out, &err), KH_OK);
    return kh_buf_take(&out);
}

static void a_table_is_githubs_with_heads_in_one_line(void **state)
{
    (void)state;
    kh_doc *d = kh_doc_new("Tên", KH_LANG_VI);
    kh_dtable *t = kh_table_new(d, 3, 2);
    t->title = "Biểu 1";
    t->unit_line = "Đơn vị tính: người";
    cell_text(d, kh_table_head(t, 0, 0), "Đơn vị")->rowspan = 2;
    kh_table_head(t, 1, 0)->covered = true;
    cell_text(d, kh_table_head(t, 0, 1), "Nhóm")->colspan = 2;
    kh_table_head(t, 0, 2)->covered = true;
    cell_text(d, kh_table_head(t, 1, 1), "Nam");
    cell_text(d, kh_table_head(t, 1, 2), "Nữ");
    kh_dcell *row = kh_table_row(d, t, false);
    cell_text(d, &row[0], "a|b*");
    cell_number(d, &row[1], "1234.5", 1)->sign = "✓ đạt";
    row[1].note = "Độ phủ 9/11";
    row = kh_table_row(d, t, true);
    cell_text(d, &row[0], "Tổng");
    cell_number(d, &row[2], "-7", -1);
    kh_doc_add(d, NULL, KH_B_TABLE)->table = t;
    char *text = md(d);
    assert_string_equal(text, "# Tên\n\n**Biểu 1**\n\n*Đơn vị tính: người*\n\n"
                              "| Đơn vị | Nhóm / Nam | Nhóm / Nữ |\n"
                              "| --- | ---: | ---: |\n"
                              "| a\\|b\\* | 1.234,5 ✓ đạt (1) |  |\n"
                              "| **Tổng** |  | **-7** |\n\n"
                              "- (1) Độ phủ 9/11\n");
    kh_free(text);
    kh_doc_free(d);
}

static void every_row_of_a_table_has_as_many_cells_as_its_head(void **state)
{
    (void)state;
    kh_doc *d = sample_doc(2019, 1, 5);
    char *text = md(d);
    size_t cells = 0;
    for (char *line = text; *line;) {
        size_t n = strcspn(line, "\n"), bars = 0;
        for (size_t i = 0; i < n && line[0] == '|'; i++)
            bars += line[i] == '|' && line[i - (i > 0)] != '\\';
        if (line[0] != '|')
            cells = 0;
        else if (cells == 0)
            cells = bars;
        else
            assert_int_equal(bars, cells);
        line += n + (line[n] ? 1 : 0);
    }
    kh_free(text);
    kh_doc_free(d);
}

static void emphasis_touches_the_word(void **state)
{
    (void)state;
    kh_doc *d = kh_doc_new("", KH_LANG_VI);
    kh_dblock *p = kh_doc_add(d, NULL, KH_B_PARA);
    kh_block_run(d, p, "a ", true, false);
    kh_block_run(d, p, " b", false, true);
    kh_block_run(d, p, "  ", true, true);
    kh_block_run(d, p, "c", true, true);
    kh_block_run(d, p, "xa", false, false)->link = "https://example.org/a b>c";
    char *text = md(d);
    assert_string_equal(text, "**a**  *b*  ***c***[xa](<https://example.org/a%20b%3Ec>)\n");
    kh_free(text);
    kh_doc_free(d);
}

static void headings_and_notice(void **state)
{
    (void)state;
    kh_doc *d = sample_doc(2019, 1, 5);
    char *text = md(d);
    assert_has(text, "# BÁO CÁO\n");
    assert_has(text, "## I. Kết quả thực hiện chỉ tiêu\n");
    assert_has(text, "### 1. Lực lượng dự bị động viên\n");
    assert_has(text, "#### đ) Điểm thứ năm đứng sau chữ d\n");
    assert_has(text, "> **!** Độ phủ 10/11");
    assert_int_equal(count_of(text, "> **SỐ LIỆU MINH HỌA"), 2);
    kh_free(text);
    kh_doc_free(d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_table_is_githubs_with_heads_in_one_line), cmocka_unit_test(every_row_of_a_table_has_as_many_cells_as_its_head),
                                       cmocka_unit_test(emphasis_touches_the_word), cmocka_unit_test(headings_and_notice)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
#include "report/render.h"

#include "base/text.h"
#include "report/reading.h"
#include "report/sample.h"

static char *txt(const kh_doc *d, int width, bool colour)
{
    kh_buf out = KH_BUF_INIT;
    kh_error err = KH_ERROR_INIT;
    kh_render_options o = {.width = width, .colour = colour};
    assert_int_equal(kh_render(d, KH_FMT_TXT, &o, &out, &err), KH_OK);
    return kh_buf_take(&out);
}

static void every_line_fits_the_width(void **state)
{
    (void)state;
    static const int widths[] = {40, 60, 80, 100, 133, 250};
    kh_doc *d = sample_doc(2019, 1, 5);
    for (size_t i = 0; i < COUNT(widths); i++) {
        char *text = txt(d, widths[i], false);
        for (char *line = text; *line;) {
            size_t n = strcspn(line, "\n");
            if (kh_text_width(line, n) > (size_t)widths[i])
                fail_msg("%zu columns at width %d: %.*s", kh_text_width(line, n), widths[i], (int)n, line);
            assert_true(n == 0 || line[n - 1] != ' ' || strstr(line, "│")); /* blanks at the end say nothing */
            line += n + (line[n] ? 1 : 0);
        }
        kh_free(text);
    }
    kh_doc_free(d);
}

static void colour_only_if_asked(void **state)
{
    (void)state;
    kh_doc *d = sample_doc(2019, 1, 5);
    char *plain = txt(d, 100, false), *coloured = txt(d, 100, true);
    assert_has_not(plain, "\033");
    assert_has(coloured, "\033[32m");
    for (char *p = strchr(coloured, '\033'); p; p = strchr(p + 1, '\033')) { /* and only ours: nothing of the data's */
        size_t n = strspn(p + 2, "0123456789");
        assert_true(p[1] == '[' && n > 0 && p[2 + n] == 'm');
    }
    kh_free(plain);
    kh_free(coloured);
    kh_doc_free(d);
}

static void a_status_is_a_word_or_sign_without_colour_too(void **state)
{
    (void)state;
    kh_doc *d = sample_doc(2019, 1, 5);
    char *text = txt(d, 140, false);
    assert_has(text, "✓ đạt");
    assert_has(text, "✗ không đạt");
    kh_free(text);
    kh_doc_free(d);
}

/* The whole picture of a small table: what joins at each corner follows from the merged cells. */
static void merged_cells_join_their_borders(void **state)
{
    (void)state;
    kh_doc *d = kh_doc_new("", KH_LANG_VI);
    kh_dtable *t = kh_table_new(d, 3, 2);
    cell_text(d, kh_table_head(t, 0, 0), "Đơn vị")->rowspan = 2;
    kh_table_head(t, 1, 0)->covered = true;
    cell_text(d, kh_table_head(t, 0, 1), "Nhóm")->colspan = 2;
    kh_table_head(t, 0, 2)->covered = true;
    cell_text(d, kh_table_head(t, 1, 1), "Nam");
    cell_text(d, kh_table_head(t, 1, 2), "Nữ");
    static const char *const signs[] = {"A", "1", "2"};
    t->signs = kh_arena_alloc(d->arena, sizeof signs);
    memcpy(t->signs, signs, sizeof signs);
    kh_dcell *row = kh_table_row(d, t, false);
    cell_text(d, &row[0], "Cao Lộc")->note = "Điểm";
    cell_number(d, &row[1], "1234", -1);
    cell_number(d, &row[2], "5.5", 1);
    row = kh_table_row(d, t, true);
    cell_text(d, &row[0], "Tổng");
    cell_number(d, &row[1], "-1", -1);
    kh_doc_add(d, NULL, KH_B_TABLE)->table = t;
    char *text = txt(d, 60, false);
    assert_string_equal(text, "┌─────────────┬─────────────┐\n"
                              "│             │    Nhóm     │\n"
                              "│   Đơn vị    ├───────┬─────┤\n"
                              "│             │  Nam  │ Nữ  │\n"
                              "├─────────────┼───────┼─────┤\n"
                              "│      A      │   1   │  2  │\n"
                              "├─────────────┼───────┼─────┤\n"
                              "│ Cao Lộc (1) │ 1.234 │ 5,5 │\n"
                              "├─────────────┼───────┼─────┤\n"
                              "│ Tổng        │    -1 │     │\n"
                              "└─────────────┴───────┴─────┘\n"
                              "  (1) Điểm\n");
    kh_free(text);
    kh_doc_free(d);
}

static void a_table_too_wide_for_the_line_is_cut_into_bands(void **state)
{
    (void)state;
    kh_doc *d = kh_doc_new("", KH_LANG_VI);
    kh_dtable *t = kh_table_new(d, 12, 1);
    kh_dcell *row = kh_table_row(d, t, false);
    char name[16];
    for (size_t i = 0; i < 12; i++) {
        snprintf(name, sizeof name, "Cột%zu", i);
        cell_text(d, kh_table_head(t, 0, i), name);
        if (i)
            cell_number(d, &row[i], "1234567", -1);
        else
            cell_text(d, &row[i], "Huyện");
    }
    kh_doc_add(d, NULL, KH_B_TABLE)->table = t;
    char *text = txt(d, 60, false);
    assert_int_equal(count_of(text, "Huyện"), 3); /* the first column leads each band */
    assert_int_equal(count_of(text, "1.234.567"), 11); /* and every figure stands once */
    assert_int_equal(count_of(text, "(tiếp theo)"), 2);
    kh_free(text);
    kh_doc_free(d);
}

static void wide_letters_and_combining_marks_are_measured_as_shown(void **state)
{
    (void)state;
    kh_doc *d = kh_doc_new("", KH_LANG_VI);
    kh_dtable *t = kh_table_new(d, 1, 0);
    cell_text(d, kh_table_row(d, t, false), "日本");
    cell_text(d, kh_table_row(d, t, false), "Lu\xcc\x83ng");
    cell_text(d, kh_table_row(d, t, false), "abcd");
    kh_doc_add(d, NULL, KH_B_TABLE)->table = t;
    char *text = txt(d, 60, false);
    assert_string_equal(text, "┌──────┐\n│ 日本 │\n│ Lũng │\n│ abcd │\n└──────┘\n");
    kh_free(text);
    kh_doc_free(d);
}

static void long_words_are_cut_and_nothing_is_lost(void **state)
{
    (void)state;
    kh_doc *d = kh_doc_new("", KH_LANG_VI);
    char word[201];
    for (size_t i = 0; i < 200; i++)
        word[i] = (char)('a' + i % 26);
    word[200] = '\0';
    add_para(d, NULL, word);
    char *text = txt(d, 60, false), joined[256];
    size_t n = 0;
    for (const char *p = text; *p; p++) {
        if (*p != '\n')
            joined[n++] = *p;
    }
    joined[n] = '\0';
    assert_string_equal(joined, word);
    kh_free(text);
    kh_doc_free(d);
}

static void missing_is_said_and_not_drawn(void **state)
{
    (void)state;
    kh_doc *d = kh_doc_new("", KH_LANG_VI);
    static const char *const x[] = {"A", "B"}, *const one[] = {"s"};
    static const double y[] = {10, -1e10};
    add_chart(d, sample_chart(d, KH_CHART_BAR, "Biểu đồ", "%", x, 2, one, 1, y, 1));
    char *text = txt(d, 60, false);
    assert_has(text, "█ 10,0\n");
    assert_has(text, "B chưa có số liệu\n");
    kh_free(text);
    kh_doc_free(d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_line_fits_the_width), cmocka_unit_test(colour_only_if_asked), cmocka_unit_test(a_status_is_a_word_or_sign_without_colour_too),
        cmocka_unit_test(merged_cells_join_their_borders), cmocka_unit_test(a_table_too_wide_for_the_line_is_cut_into_bands),
        cmocka_unit_test(wide_letters_and_combining_marks_are_measured_as_shown), cmocka_unit_test(long_words_are_cut_and_nothing_is_lost), cmocka_unit_test(missing_is_said_and_not_drawn)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

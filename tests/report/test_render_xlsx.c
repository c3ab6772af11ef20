/* SPDX-License-Identifier: MIT */
#include "report/render.h"

#include "report/reading.h"
#include "report/sample.h"

#include "base/mem.h"

#include <sys/wait.h>
#include <unistd.h>

static kh_buf xlsx(const kh_doc *d)
{
    kh_buf out = KH_BUF_INIT;
    kh_error err = KH_ERROR_INIT;
    assert_int_equal(kh_render(d, KH_FMT_XLSX, NULL, &out, &err), KH_OK);
    return out;
}

typedef struct opened { kh_buf bytes; parts p; } opened;

static opened open_doc(kh_doc *d)
{
    opened o = {.bytes = xlsx(d)};
    kh_doc_free(d);
    o.p = parts_open(&o.bytes);
    return o;
}

static void done(opened *o)
{
    parts_close(&o->p);
    kh_buf_free(&o->bytes);
}

/* What stands between the cell's tag and its end: <c r="F8" ...>...</c>; the caller's to free, or NULL. */
static char *cell(const char *sheet, const char *ref)
{
    char key[24];
    snprintf(key, sizeof key, "<c r=\"%s\"", ref);
    const char *at = strstr(sheet, key);
    return at ? kh_strndup(at, strcspn(at, ">") + 1 + (at[strcspn(at, ">") - 1] == '/' ? 0 : (size_t)(strstr(at, "</c>") - at - (long)strcspn(at, ">") - 1))) : NULL;
}

static void cell_has(const char *sheet, const char *ref, const char *what)
{
    char *c = cell(sheet, ref);
    if (!c || !strstr(c, what))
        fail_msg("%s is %s", ref, c ? c : "not there");
    kh_free(c);
}

static kh_doc *with_table(kh_dtable *(*make)(kh_doc *))
{
    kh_doc *d = kh_doc_new("t", KH_LANG_VI);
    d->notice = "Số liệu minh họa";
    kh_doc_add(d, NULL, KH_B_TABLE)->table = make(d);
    return d;
}

/* Rows: 1 notice, 2 title, 3 unit, 4-5 heads, 6 signs, 7 total, 8-18 districts. */
static void heads_are_merged_frozen_and_repeated(void **state)
{
    (void)state;
    opened o = open_doc(with_table(sample_table));
    char *sheet = parts_read(&o.p, "xl/worksheets/sheet1.xml"), *book = parts_read(&o.p, "xl/workbook.xml");
    static const char *const merged[] = {"A1:H1", "A2:H2", "A3:H3", "A4:A5", "B4:B5", "C4:C5", "D4:F4", "G4:G5", "H4:H5"};
    for (size_t i = 0; i < COUNT(merged); i++) {
        char key[40];
        snprintf(key, sizeof key, "<mergeCell ref=\"%s\"/>", merged[i]);
        assert_has(sheet, key);
    }
    assert_has(sheet, "<pane xSplit=\"2\" ySplit=\"6\" topLeftCell=\"C7\"");
    assert_has(book, "<sheet name=\"Biểu 1\"");
    assert_has(book, "'Biểu 1'!$4:$6</definedName>");
    assert_has(sheet, "<pageSetup paperSize=\"9\" fitToHeight=\"0\" orientation=\"landscape\"/>"); /* A4, one page wide */
    assert_has(sheet, "fitToPage=\"1\"");
    kh_free(sheet);
    kh_free(book);
    done(&o);
}

static void numbers_are_numbers_with_the_sign_in_their_format(void **state)
{
    (void)state;
    opened o = open_doc(with_table(sample_table));
    char *sheet = parts_read(&o.p, "xl/worksheets/sheet1.xml"), *styles = parts_read(&o.p, "xl/styles.xml");
    cell_has(sheet, "F8", "<v>91.2");
    cell_has(sheet, "G8", "<v>818181818181");
    assert_has(styles, "formatCode=\"#,##0.0&quot; ✓ đạt&quot;\"");
    assert_has(styles, "formatCode=\"#,##0.0&quot; ✗ không đạt&quot;\"");
    assert_has(styles, "formatCode=\"#,##0.0&quot; ✓ đạt (1)&quot;\"");
    assert_has(styles, "<name val=\"Times New Roman\"/>");
    kh_free(sheet);
    kh_free(styles);
    done(&o);
}

/* 1227 + 11 i for ten districts is 12765, and 1111 + 5 i is 11335: totals that hold become sums. */
static void a_total_is_a_formula_only_where_it_is_the_sum(void **state)
{
    (void)state;
    kh_doc *d = with_table(sample_table);
    opened o = open_doc(d);
    char *sheet = parts_read(&o.p, "xl/worksheets/sheet1.xml");
    cell_has(sheet, "C7", "<f>SUM(C8:C18)</f><v>12765");
    cell_has(sheet, "D7", "<f>SUM(D8:D18)</f><v>11335");
    char *e = cell(sheet, "E7"); /* not asked for */
    assert_has_not(e, "<f>");
    kh_free(e);
    kh_free(sheet);
    done(&o);

    d = with_table(sample_table);
    d->blocks[0]->table->body[2].number = "12766"; /* the province has one of its own: the figure stays */
    o = open_doc(d);
    sheet = parts_read(&o.p, "xl/worksheets/sheet1.xml");
    char *c = cell(sheet, "C7");
    assert_has_not(c, "<f>");
    assert_has(c, "<v>12766");
    kh_free(c);
    kh_free(sheet);
    done(&o);
}

static void numbers_of_more_than_15_digits_stay_exact_as_text(void **state)
{
    (void)state;
    opened o = open_doc(with_table(sample_table));
    char *sheet = parts_read(&o.p, "xl/worksheets/sheet1.xml"), *strings = parts_read(&o.p, "xl/sharedStrings.xml");
    cell_has(sheet, "G7", "t=\"s\"");
    assert_has(strings, "<t>9.007.199.254.740.993</t>");
    assert_has(strings, "Số có trên 15 chữ số được ghi dạng văn bản");
    kh_free(sheet);
    kh_free(strings);
    done(&o);
}

static kh_dtable *computed(kh_doc *d)
{
    static const struct { const char *digits; int decimals; } cells[] = {{"92.857142857142861", 0}, {"92.857142857142861", -1}, {"12345678901234.56789", 2}, {"-12345678901234.567", 1}};
    kh_dtable *t = kh_table_new(d, COUNT(cells), 0);
    kh_dcell *row = kh_table_row(d, t, false);
    for (size_t i = 0; i < COUNT(cells); i++)
        cell_number(d, &row[i], cells[i].digits, cells[i].decimals);
    return t;
}

/* A mean has digits without end: it is a number where all digits that are shown are kept. */
static void a_computed_figure_is_a_number_as_far_as_it_is_shown(void **state)
{
    (void)state;
    opened o = open_doc(with_table(computed));
    char *sheet = parts_read(&o.p, "xl/worksheets/sheet1.xml");
    cell_has(sheet, "A2", "<v>92.857142857");
    cell_has(sheet, "B2", "t=\"s\"");
    cell_has(sheet, "C2", "t=\"s\"");
    cell_has(sheet, "D2", "<v>-12345678901234.");
    kh_free(sheet);
    done(&o);
}

static kh_dtable *worded(kh_doc *d)
{
    static const struct { const char *digits, *text; } cells[] = {{"1.4", "+1,4"}, {"93", "93,0 %"}, {"-0.25", "-0,25 điểm"}, {"1234.5", "1.234,5"}, {"7", "bảy"}, {"-3", "giảm 3"}};
    kh_dtable *t = kh_table_new(d, 6, 0);
    kh_dcell *row = kh_table_row(d, t, false);
    for (size_t i = 0; i < COUNT(cells); i++)
        cell_number(d, &row[i], cells[i].digits, -1)->text = cells[i].text;
    return t;
}

/* Rows: 1 notice, 2 the figures. */
static void a_figure_in_words_of_its_own_stays_a_number_where_it_is_in_them(void **state)
{
    (void)state;
    opened o = open_doc(with_table(worded));
    char *sheet = parts_read(&o.p, "xl/worksheets/sheet1.xml"), *styles = parts_read(&o.p, "xl/styles.xml");
    cell_has(sheet, "A2", "<v>1.4");
    assert_has(styles, "formatCode=\"&quot;+&quot;#,##0.0\"");
    cell_has(sheet, "B2", "<v>93<");
    assert_has(styles, "formatCode=\"#,##0.0&quot; %&quot;\"");
    cell_has(sheet, "C2", "<v>-0.25<");
    assert_has(styles, "formatCode=\"#,##0.00&quot; điểm&quot;\"");
    cell_has(sheet, "D2", "<v>1234.5<");
    cell_has(sheet, "E2", "t=\"s\"");
    cell_has(sheet, "F2", "t=\"s\""); /* the sign would stand before the word */
    kh_free(sheet);
    kh_free(styles);
    done(&o);
}

static void text_is_never_a_formula_nor_an_escape(void **state)
{
    (void)state;
    opened o = open_doc(with_table(sample_nasty_table));
    char *sheet = parts_read(&o.p, "xl/worksheets/sheet1.xml"), *strings = parts_read(&o.p, "xl/sharedStrings.xml"), *text = text_of_xml(strings);
    assert_has_not(sheet, "<f>");
    assert_has(text, "=1+1\n");
    assert_has(text, "_x005F_x0041_ và ]]>");
    assert_has(text, "an to\\u202eàn");
    assert_has(text, "<script>alert(\"1\")</script>");
    assert_has(text, "a\\x1b[31mb\\x07");
    kh_free(text);
    kh_free(strings);
    kh_free(sheet);
    done(&o);
}

static void names_of_sheets_are_valid_and_differ(void **state)
{
    (void)state;
    static const char *const titles[] = {"[Sai]: tên*?/\\", "'nháy'", "", "BIỂU 1", "Biểu 1", "biểu 1", "history", "Tên rất dài của một bảng không thể làm tên"};
    kh_doc *d = kh_doc_new("t", KH_LANG_VI);
    for (size_t i = 0; i < COUNT(titles); i++) {
        kh_dtable *t = kh_table_new(d, 1, 0);
        t->title = titles[i];
        cell_text(d, kh_table_row(d, t, false), "x");
        kh_doc_add(d, NULL, KH_B_TABLE)->table = t;
    }
    opened o = open_doc(d);
    char *book = parts_read(&o.p, "xl/workbook.xml");
    assert_int_equal(count_of(book, "<sheet name="), COUNT(titles));
    for (char *s = strstr(book, "<sheet name=\""); s; s = strstr(s + 1, "<sheet name=\"")) {
        size_t n = strcspn(s + 13, "\""), points = 0;
        for (size_t i = 0; i < n; i++)
            points += ((unsigned char)s[13 + i] & 0xc0) != 0x80;
        assert_in_range(points, 1, 31);
        assert_true(strcspn(s + 13, "[]:*?/\\'") >= n);
    }
    kh_free(book);
    done(&o);
}

static void charts_are_the_spreadsheets_own(void **state)
{
    (void)state;
    opened o = open_doc(sample_doc(2019, 1, 5));
    char *book = parts_read(&o.p, "xl/workbook.xml");
    assert_has(book, "<sheet name=\"Biểu đồ\"");
    assert_has(book, "<sheet name=\"Số liệu biểu đồ\"");
    assert_has(book, "<sheet name=\"Thuyết minh\"");
    assert_has(book, "<sheet name=\"Tổng quan\"");
    char name[40];
    for (int i = 1; i <= 5 + N_DISTRICTS; i++) {
        snprintf(name, sizeof name, "xl/charts/chart%d.xml", i);
        assert_true(parts_has(&o.p, name));
    }
    kh_free(book);
    done(&o);
}

static void the_notice_is_in_the_head_row_and_the_foot_of_pages(void **state)
{
    (void)state;
    opened o = open_doc(sample_doc(2019, 1, 5));
    for (int i = 1; i <= 3; i++) {
        char name[40];
        snprintf(name, sizeof name, "xl/worksheets/sheet%d.xml", i);
        char *sheet = parts_read(&o.p, name);
        assert_has(sheet, "<oddFooter>&amp;L&amp;\"Times New Roman,Italic\"&amp;9SỐ LIỆU MINH HỌA");
        cell_has(sheet, "A1", "t=\"s\"");
        kh_free(sheet);
    }
    done(&o);
}

static void the_creation_date_is_the_documents(void **state)
{
    (void)state;
    opened o = open_doc(sample_doc(2019, 1, 5));
    char *core = parts_read(&o.p, "docProps/core.xml");
    assert_has(core, "2019-01-05T02:00:00Z</dcterms:created>");
    kh_free(core);
    done(&o);
}

/* The library does not look at all of its allocations: each that fails must end the process with a message, none by a signal
   and none with a book that lacks something. */
static void no_memory_for_the_library_is_a_message(void **state)
{
    (void)state;
    enum { NO_MEMORY = 4, SAME = 10, OTHER = 11 };
    kh_doc *d = with_table(sample_table);
    kh_buf whole = xlsx(d);
    unsigned long n = 0;
    int status = 0;
    for (bool done = false; !done;) {
        n += 1 + n / 30; /* every one: `faults memory report-xlsx` */
        pid_t pid = fork();
        assert_true(pid >= 0);
        if (pid == 0) {
            close(2);
            kh_fail_allocation(n);
            kh_buf again = xlsx(d);
            _exit(again.len == whole.len && memcmp(again.data, whole.data, whole.len) == 0 ? SAME : OTHER);
        }
        assert_int_equal(waitpid(pid, &status, 0), pid);
        if (!WIFEXITED(status))
            fail_msg("allocation %lu: signal %d", n, WTERMSIG(status));
        done = WEXITSTATUS(status) != NO_MEMORY;
    }
    assert_int_equal(WEXITSTATUS(status), SAME);
    assert_true(n > 1000); /* the library's own were among them */
    kh_buf_free(&whole);
    kh_doc_free(d);
}

static kh_dtable *only_a_sign(kh_doc *d)
{
    kh_dtable *t = kh_table_new(d, 1, 1);
    cell_text(d, kh_table_head(t, 0, 0), "K");
    kh_table_row(d, t, false)[0].sign = "✗ không đạt";
    return t;
}

/* Eleven letters, and a little air. */
static void a_sign_without_a_figure_has_its_room(void **state)
{
    (void)state;
    opened o = open_doc(with_table(only_a_sign));
    char *sheet = parts_read(&o.p, "xl/worksheets/sheet1.xml");
    const char *width = strstr(sheet, "<col min=\"1\" max=\"1\" width=\"");
    assert_non_null(width);
    assert_true(strtod(strchr(width + 25, '"') + 1, NULL) >= 12);
    kh_free(sheet);
    done(&o);
}

static void an_empty_document_is_a_book_too(void **state)
{
    (void)state;
    opened o = open_doc(kh_doc_new("", KH_LANG_VI));
    assert_true(parts_has(&o.p, "xl/worksheets/sheet1.xml"));
    done(&o);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(heads_are_merged_frozen_and_repeated), cmocka_unit_test(numbers_are_numbers_with_the_sign_in_their_format), cmocka_unit_test(a_total_is_a_formula_only_where_it_is_the_sum),
        cmocka_unit_test(numbers_of_more_than_15_digits_stay_exact_as_text), cmocka_unit_test(a_computed_figure_is_a_number_as_far_as_it_is_shown), cmocka_unit_test(a_figure_in_words_of_its_own_stays_a_number_where_it_is_in_them), cmocka_unit_test(text_is_never_a_formula_nor_an_escape), cmocka_unit_test(names_of_sheets_are_valid_and_differ),
        cmocka_unit_test(charts_are_the_spreadsheets_own), cmocka_unit_test(no_memory_for_the_library_is_a_message), cmocka_unit_test(the_notice_is_in_the_head_row_and_the_foot_of_pages), cmocka_unit_test(the_creation_date_is_the_documents),
        cmocka_unit_test(a_sign_without_a_figure_has_its_room), cmocka_unit_test(an_empty_document_is_a_book_too)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

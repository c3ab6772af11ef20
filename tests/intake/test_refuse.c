/* SPDX-License-Identifier: MIT */
/* What goes back to the sender. */
#include "intake/fixture.h"

#include <unistd.h>
#include <zip.h>

static kh_intake *read_text(kh_catalog *c, const char *name, const char *text)
{
    return fx_read(c, name, text, strlen(text), NULL);
}

static void the_refused_rows_come_back_with_their_reasons(void **state)
{
    (void)state;
    kh_catalog *c = fx_catalog();
    kh_error err = KH_ERROR_INIT;
    kh_buf b = KH_BUF_INIT;
    kh_intake *in = read_text(c, "DB-01_183_2018H1.csv", "Biểu mẫu\nĐơn vị;Tổng số;Số xếp đúng chuyên nghiệp QS\n06184;1;1\n\"Xã\nBảo Lâm\";x;y\n06205;5;5\n06187;1;2;3\n");
    fx_ok(kh_intake_refused_csv(in, &b, &err), &err);
    assert_string_equal(b.data, "\xEF\xBB\xBF" "Line;Reason;Đơn vị;Tổng số;Số xếp đúng chuyên nghiệp QS\r\n"
        "4;\"[NUMBER] Tổng số: this is not a number; right would be: a number, with nothing else in the cell | "
        "[NUMBER] Số xếp đúng chuyên nghiệp QS: this is not a number; right would be: a number, with nothing else in the cell\";\"Xã\nBảo Lâm\";x;y\r\n"
        "7;\"[ROW-LONG] the row has 4 cells, the header has 3; right would be: as many cells as there are titles; a cell with a delimiter in it must stand in quotes\";06187;1;2;3\r\n");
    kh_buf_free(&b);
    kh_intake_free(in);
    kh_catalog_free(c);
}

static void a_fault_that_belongs_to_no_row_stands_alone(void **state)
{
    (void)state;
    kh_catalog *c = fx_catalog();
    kh_error err = KH_ERROR_INIT;
    kh_buf b = KH_BUF_INIT;
    kh_intake *in = read_text(c, "DB-01_183_2018H1.csv", "Đơn vị;Tổng số\n06184;1\n");
    fx_ok(kh_intake_refused_csv(in, &b, &err), &err);
    assert_non_null(strstr(b.data, "\r\n1;\"[COLUMN-MISSING] column \"\"Số xếp đúng chuyên nghiệp QS\"\" is missing"));
    kh_buf_free(&b);
    kh_intake_free(in);
    kh_catalog_free(c);
}

/* A fault found later, by a rule, with the file's name and line, comes back as well. */
static void what_a_rule_found_later_is_in_the_copy(void **state)
{
    (void)state;
    kh_catalog *c = fx_catalog();
    kh_error err = KH_ERROR_INIT;
    kh_buf b = KH_BUF_INIT;
    kh_intake *in = read_text(c, "DB-01_183_2018H1.csv", "Đơn vị;Tổng số;Số xếp đúng chuyên nghiệp QS\n06184;1;2\n06190;2;2\n");
    kh_findings_add(in->findings, &(kh_finding){.file = in->file, .line = 2, .severity = KH_ERROR, .code = "matched-within-registered", .text = "too many"});
    kh_findings_add(in->findings, &(kh_finding){.file = "other.csv", .line = 3, .severity = KH_ERROR, .code = "x", .text = "not ours"});
    fx_ok(kh_intake_refused_csv(in, &b, &err), &err);
    assert_string_equal(b.data, "\xEF\xBB\xBF" "Line;Reason;Đơn vị;Tổng số;Số xếp đúng chuyên nghiệp QS\r\n2;[matched-within-registered] too many;06184;1;2\r\n");
    kh_buf_free(&b);
    kh_intake_free(in);
    kh_catalog_free(c);
}

static void no_cell_becomes_a_formula(void **state)
{
    (void)state;
    static const struct { const char *cell, *written; } rows[] = {
        {"=1+1", "\"'=1+1\""}, {"+84 91", "\"'+84 91\""}, {"@SUM(A1)", "\"'@SUM(A1)\""}, {"-2+3", "\"'-2+3\""}, {"＝1+1", "\"'＝1+1\""}, {"  =1+1", "\"'  =1+1\""},
        {"-5", "-5"}, {"-1.234,5", "-1.234,5"}, {"+7", "+7"}, {"-", "-"}, {"abc", "abc"},
    };
    kh_catalog *c = fx_catalog();
    for (size_t i = 0; i < COUNT(rows); i++) {
        kh_error err = KH_ERROR_INIT;
        kh_buf b = KH_BUF_INIT;
        char *text = kh_asprintf("Đơn vị;Tình trạng;Thuyết minh;Đã tổ chức\n06184;bad;%s;1\n", rows[i].cell), *wanted = kh_asprintf(";06184;bad;%s;1\r\n", rows[i].written);
        kh_intake *in = read_text(c, "NV-01_183_2018Q2.csv", text);
        fx_ok(kh_intake_refused_csv(in, &b, &err), &err);
        if (!strstr(b.data, wanted))
            fail_msg("%s: %s", rows[i].cell, b.data);
        kh_buf_free(&b);
        kh_free(text);
        kh_free(wanted);
        kh_intake_free(in);
    }
    kh_catalog_free(c);
}

/* Line and Reason are columns that the form does not know: a warning each, and nothing more. */
static void mended_it_can_be_sent_as_it_is(void **state)
{
    (void)state;
    kh_catalog *c = fx_catalog();
    kh_error err = KH_ERROR_INIT;
    kh_buf b = KH_BUF_INIT;
    kh_intake *in = read_text(c, "DQ-01_183_2018Q1.csv", "Đơn vị;Quân số;Trong đó;\n;;Nam;Nữ\n06184;8;4;3\n");
    fx_ok(kh_intake_refused_csv(in, &b, &err), &err);
    kh_intake_free(in);
    char *wrong = strstr(b.data, ";8;4;3");
    assert_non_null(wrong);
    wrong[1] = '7';
    in = fx_read(c, "DQ-01_183_2018Q1.csv", b.data, b.len, NULL);
    assert_false(in->refused);
    assert_int_equal(in->ret->n_values, 3);
    kh_intake_free(in);
    kh_buf_free(&b);
    kh_catalog_free(c);
}

static char *entry(const char *path, const char *name)
{
    int e;
    zip_t *z = zip_open(path, ZIP_RDONLY, &e);
    zip_stat_t st;
    assert_non_null(z);
    assert_int_equal(zip_stat(z, name, 0, &st), 0);
    char *text = kh_zalloc(st.size + 1, 1);
    zip_file_t *f = zip_fopen(z, name, 0);
    assert_int_equal(zip_fread(f, text, st.size), (zip_int64_t)st.size);
    zip_fclose(f);
    zip_discard(z);
    return text;
}

static void the_workbook_has_every_row_and_notes_at_the_bad_cells(void **state)
{
    (void)state;
    kh_catalog *c = fx_catalog();
    kh_error err = KH_ERROR_INIT;
    char path[] = "/tmp/kehoach-refused-XXXXXX";
    close(mkstemp(path));
    kh_intake *in = read_text(c, "DB-01_183_2018H1.csv", "Đơn vị;Tổng số;Số xếp đúng chuyên nghiệp QS\n06184;1;1\n06190;x;1\n=cmd|x;5;5\n");
    fx_ok(kh_intake_refused_xlsx(in, path, &err), &err);
    char *sheet = entry(path, "xl/worksheets/sheet1.xml"), *notes = entry(path, "xl/comments1.xml"), *strings = entry(path, "xl/sharedStrings.xml");
    assert_non_null(strstr(sheet, "<c r=\"A2\" t=\"s\">"));        /* 06184 stays a text */
    assert_non_null(strstr(sheet, "<c r=\"B3\" s=\""));  /* coloured */
    assert_null(strstr(sheet, "<f>"));
    assert_non_null(strstr(notes, "<comment ref=\"B3\""));
    assert_non_null(strstr(notes, "this is not a number"));
    assert_non_null(strstr(notes, "<comment ref=\"A4\""));
    assert_non_null(strstr(strings, "=cmd|x"));
    kh_free(sheet);
    kh_free(notes);
    kh_free(strings);
    unlink(path);
    kh_intake_free(in);
    kh_catalog_free(c);
}

static void too_many_findings_are_counted_and_not_kept(void **state)
{
    (void)state;
    kh_catalog *c = fx_catalog();
    kh_intake_options o = fx_options();
    kh_buf text = KH_BUF_INIT;
    const kh_finding *all;
    o.max_findings = 10;
    o.sender = kh_units_find(c->units, "183", fx_day("2018-06-30"));
    kh_buf_str(&text, "Đơn vị;Tổng số;Số xếp đúng chuyên nghiệp QS\n");
    for (int i = 0; i < 100; i++)
        kh_buf_str(&text, "06184;x;y\n");
    kh_intake *in = fx_read(c, "DB-01_2018H1.csv", text.data, text.len, &o);
    assert_int_equal(kh_findings_all(in->findings, &all), 11);
    assert_string_equal(all[0].code, "MORE");
    assert_non_null(strstr(all[0].text, "190 more"));
    assert_int_equal(in->rows_refused, 100);
    kh_intake_free(in);
    kh_buf_free(&text);
    kh_catalog_free(c);
}

static void warnings_can_be_errors(void **state)
{
    (void)state;
    kh_catalog *c = fx_catalog();
    kh_intake_options o = fx_options();
    static const char text[] = "Đơn vị;Tổng số;Số xếp đúng chuyên nghiệp QS;Khác\n06184;1;1;1\n";
    kh_intake *in = fx_read(c, "DB-01_183_2018H1.csv", text, strlen(text), &o);
    assert_false(in->refused);
    kh_intake_free(in);
    o.warnings_are_errors = true;
    in = fx_read(c, "DB-01_183_2018H1.csv", text, strlen(text), &o);
    assert_true(in->refused);
    kh_intake_free(in);
    kh_catalog_free(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_refused_rows_come_back_with_their_reasons),
        cmocka_unit_test(a_fault_that_belongs_to_no_row_stands_alone),
        cmocka_unit_test(what_a_rule_found_later_is_in_the_copy),
        cmocka_unit_test(no_cell_becomes_a_formula),
        cmocka_unit_test(mended_it_can_be_sent_as_it_is),
        cmocka_unit_test(the_workbook_has_every_row_and_notes_at_the_bad_cells),
        cmocka_unit_test(too_many_findings_are_counted_and_not_kept),
        cmocka_unit_test(warnings_can_be_errors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

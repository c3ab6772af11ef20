/* SPDX-License-Identifier: MIT */
/* A blank return, filled in as a department would, is accepted by the form that made it, value for value. */
#include "intake/fixture.h"

#include <unistd.h>
#include <zip.h>

static kh_unit unit(kh_catalog *c, const char *code)
{
    return kh_units_find(c->units, code, fx_day("2018-06-30"));
}

static kh_period period(const char *s)
{
    return kh_period_parse(s, strlen(s));
}

static char *blank(kh_catalog *c, enum fx_form_index form, const char *sender, const char *p)
{
    kh_buf b = KH_BUF_INIT;
    kh_error err = KH_ERROR_INIT;
    fx_ok(kh_template_csv(c, form, sender ? unit(c, sender) : KH_NO_UNIT, p ? period(p) : KH_NO_PERIOD, &b, &err), &err);
    return kh_buf_take(&b);
}

static void it_has_titles_codes_names_and_totals(void **state)
{
    (void)state;
    kh_catalog *c = fx_catalog();
    char *got = blank(c, FX_DB01, "183", "2018H1");
    assert_string_equal(got, "\xEF\xBB\xBF" "DB-01: Quân nhân dự bị,,,,,\r\n"
                             "Đơn vị báo cáo: Huyện Cao Lộc,,,,,\r\n"
                             "Kỳ báo cáo: 6 tháng đầu năm 2018,,,,,\r\n"
                             "STT,Mã đơn vị,Đơn vị,Tổng số QNDB đã đăng ký,Số xếp đúng chuyên nghiệp QS,Tỷ lệ\r\n"
                             ",183,Huyện Cao Lộc,,,\r\n"
                             ",,Tổng cộng,,,\r\n");
    kh_free(got);
    got = blank(c, FX_DQ01, "183", "2018Q1");
    assert_string_equal(got, "\xEF\xBB\xBF" "DQ-01: Dân quân,,,,\r\n"
                             "Đơn vị báo cáo: Huyện Cao Lộc,,,,\r\n"
                             "Kỳ báo cáo: quý I/2018,,,,\r\n"
                             "Mã đơn vị,Đơn vị,Quân số,Trong đó,\r\n"
                             ",,,Nam,Nữ\r\n"
                             "183,Huyện Cao Lộc,,,\r\n");
    kh_free(got);
    kh_catalog_free(c);
}

/* Fills the cells after a row's name with 1, 2, 3, ... by hand of the test, in the text itself. */
static void replace_line(kh_buf *b, const char *begins, const char *with)
{
    char *at = strstr(b->data, begins), *end = at ? strstr(at, "\r\n") : NULL;
    if (!end)
        fail_msg("no line \"%s\" in\n%s", begins, b->data);
    kh_buf out = KH_BUF_INIT;
    kh_buf_add(&out, b->data, (size_t)(at - b->data));
    kh_buf_str(&out, with);
    kh_buf_str(&out, end);
    kh_buf_free(b);
    *b = out;
}

static void filled_in_it_is_accepted(void **state)
{
    (void)state;
    static const struct { enum fx_form_index form; const char *sender, *period; const char *fill[4][2]; const char *values; } rows[] = {
        {FX_DB01, "183", "2018H1", {{",183,", "1,183,Huyện Cao Lộc,\"1.540\",1200,\"77,9\""}, {",,Tổng cộng", ",,Tổng cộng,1540,1200,"}},
         "183 2018H1 matched 5 1200\n183 2018H1 rate 5 77.9\n183 2018H1 registered 5 1540\n"},
        {FX_DQ01, "183", "2018Q1", {{"183,", "183,Huyện Cao Lộc,7,4,3"}},
         "183 2018Q1 strength 6 7\n183 2018Q1 strength:gender=female 6 3\n183 2018Q1 strength:gender=male 6 4\n"},
        {FX_NV01, "183", "2018Q2", {{"183,", "183,Huyện Cao Lộc,Đang làm,Chờ vốn,không"}},
         "183 2018Q2 held 5 0\n183 2018Q2 state 5 open\n183 2018Q2 words 5 Chờ vốn\n"},
        {FX_GT01, "183", "2018Q1", {{"183,Huyện Cao Lộc,Nam", "183,Huyện Cao Lộc,Nam,5"}, {"183,Huyện Cao Lộc,Nữ", "183,Huyện Cao Lộc,Nữ,6"}},
         "183 2018Q1 strength:gender=female 6 6\n183 2018Q1 strength:gender=male 5 5\n"},
        {FX_NS01, "183", "2018", {{",,\r\n", "\"1,5\",2,x"}}, NULL},
        {FX_TQ01, "183", "2018", {{NULL, NULL}}, NULL},
    };
    kh_catalog *c = fx_catalog();
    for (size_t i = 0; i < COUNT(rows); i++) {
        kh_buf b = KH_BUF_INIT;
        char *made = blank(c, rows[i].form, rows[i].sender, rows[i].period);
        kh_buf_str(&b, made);
        for (size_t k = 0; k < 4 && rows[i].fill[k][0] && rows[i].values; k++)
            replace_line(&b, rows[i].fill[k][0], rows[i].fill[k][1]);
        if (!rows[i].values) { /* no unit column: one row for the sender, last in the file */
            b.len -= strlen(rows[i].form == FX_NS01 ? ",,\r\n" : ",\r\n");
            kh_buf_str(&b, rows[i].form == FX_NS01 ? "\"1,5\",2,x\r\n" : "10,\"2,5\"\r\n");
        }
        char name[40];
        snprintf(name, sizeof name, "%s.csv", c->forms[rows[i].form].code); /* sender and period stand in the file itself */
        kh_intake *in = fx_read(c, name, b.data, b.len, NULL);
        char *findings = fx_findings(in), *values = fx_values(c, in);
        assert_string_equal(findings, "");
        assert_string_equal(values, rows[i].values ? rows[i].values
                                    : rows[i].form == FX_NS01 ? "183 2018 area 5 2\n183 2018 spent 5 1500000\n183 2018 words 5 x\n"
                                                              : "183 2018 area 5 2.5\n183 2018 registered 5 10\n");
        assert_int_equal(in->sender, unit(c, "183"));
        kh_free(findings);
        kh_free(values);
        kh_intake_free(in);
        kh_buf_free(&b);
        kh_free(made);
    }
    kh_catalog_free(c);
}

static void a_long_form_has_a_row_for_each_measure_and_unit(void **state)
{
    (void)state;
    kh_catalog *c = fx_catalog();
    char *got = blank(c, FX_LONG, "20", "2018-03");
    assert_non_null(strstr(got, "\r\n20,Tỉnh Lạng Sơn,2018-03,registered,male,\r\n20,Tỉnh Lạng Sơn,2018-03,matched,male,\r\n"));
    assert_non_null(strstr(got, "\r\n20,Tỉnh Lạng Sơn,2018-03,strength,female,\r\n"));
    kh_free(got);
    kh_catalog_free(c);
}

static void every_reporter_has_a_row_where_no_sender_is_named(void **state)
{
    (void)state;
    kh_catalog *c = fx_catalog();
    char *got = blank(c, FX_GT01, NULL, NULL);
    static const char *const codes[] = {"\r\n178,", "\r\n180,", "\r\n181,", "\r\n183,", "\r\n188,"};
    for (size_t i = 0; i < COUNT(codes); i++)
        assert_non_null(strstr(got, codes[i]));
    assert_null(strstr(got, "\r\n06184,"));
    assert_non_null(strstr(got, "Kỳ báo cáo: ,"));
    kh_free(got);
    kh_catalog_free(c);
}

static void a_form_that_only_its_script_reads_has_no_blank(void **state)
{
    (void)state;
    kh_catalog *c = fx_catalog();
    kh_buf b = KH_BUF_INIT;
    kh_error err = KH_ERROR_INIT;
    assert_int_equal(kh_template_csv(c, FX_SCRIPT, KH_NO_UNIT, KH_NO_PERIOD, &b, &err), KH_EUSAGE);
    assert_non_null(strstr(err.text, "S-01"));
    kh_error_clear(&err);
    kh_buf_free(&b);
    kh_catalog_free(c);
}

/* ---- the workbook ---- */

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

static void must_hold(const char *text, const char *part)
{
    if (!strstr(text, part))
        fail_msg("no %s in\n%.3000s", part, text);
}

static void the_workbook_protects_heads_and_offers_choices_and_sums(void **state)
{
    (void)state;
    kh_catalog *c = fx_catalog();
    kh_error err = KH_ERROR_INIT;
    char path[] = "/tmp/kehoach-template-XXXXXX";
    close(mkstemp(path));
    fx_ok(kh_template_xlsx(c, FX_NV01, unit(c, "183"), period("2018Q2"), path, &err), &err);
    char *sheet = entry(path, "xl/worksheets/sheet1.xml"), *strings = entry(path, "xl/sharedStrings.xml");
    must_hold(sheet, "<sheetProtection ");
    must_hold(sheet, "<formula1>DanhMuc!$A$1:$A$3</formula1>");
    must_hold(sheet, "<formula1>DanhMuc!$B$1:$B$2</formula1>");
    must_hold(strings, "Hoàn thành");
    must_hold(strings, "Huyện Cao Lộc");
    kh_free(sheet);
    kh_free(strings);
    fx_ok(kh_template_xlsx(c, FX_DQ01, unit(c, "183"), period("2018Q1"), path, &err), &err);
    sheet = entry(path, "xl/worksheets/sheet1.xml");
    must_hold(sheet, "<f>D6+E6</f>");                        /* sum_of */
    must_hold(sheet, "<mergeCell ref=\"D4:E4\"/>");          /* a title over two columns */
    must_hold(sheet, "<mergeCell ref=\"B4:B5\"/>");          /* and one over two rows */
    must_hold(sheet, "type=\"whole\"");
    kh_free(sheet);
    fx_ok(kh_template_xlsx(c, FX_DB01, unit(c, "183"), period("2018H1"), path, &err), &err);
    sheet = entry(path, "xl/worksheets/sheet1.xml");
    must_hold(sheet, "<f>SUM(D5:D5)</f>");                   /* the totals row */
    kh_free(sheet);
    unlink(path);
    kh_catalog_free(c);
}

static char *bytes_of(const char *path, size_t *n)
{
    FILE *f = fopen(path, "rb");
    kh_buf b = KH_BUF_INIT;
    char block[4096];
    size_t k;
    assert_non_null(f);
    while ((k = fread(block, 1, sizeof block, f)) > 0)
        kh_buf_add(&b, block, k);
    fclose(f);
    *n = b.len;
    return kh_buf_take(&b);
}

static void the_same_workbook_has_the_same_bytes(void **state)
{
    (void)state;
    kh_catalog *c = fx_catalog();
    kh_error err = KH_ERROR_INIT;
    char path[] = "/tmp/kehoach-template-XXXXXX";
    size_t n, m;
    close(mkstemp(path));
    fx_ok(kh_template_xlsx(c, FX_NV01, unit(c, "183"), period("2018Q2"), path, &err), &err);
    char *a = bytes_of(path, &n);
    sleep(2); /* longer than the resolution of a zip's times */
    fx_ok(kh_template_xlsx(c, FX_NV01, unit(c, "183"), period("2018Q2"), path, &err), &err);
    char *b = bytes_of(path, &m);
    assert_int_equal(n, m);
    assert_memory_equal(a, b, n);
    kh_free(a);
    kh_free(b);
    unlink(path);
    kh_catalog_free(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_has_titles_codes_names_and_totals),
        cmocka_unit_test(filled_in_it_is_accepted),
        cmocka_unit_test(a_long_form_has_a_row_for_each_measure_and_unit),
        cmocka_unit_test(every_reporter_has_a_row_where_no_sender_is_named),
        cmocka_unit_test(a_form_that_only_its_script_reads_has_no_blank),
        cmocka_unit_test(the_workbook_protects_heads_and_offers_choices_and_sums),
        cmocka_unit_test(the_same_workbook_has_the_same_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

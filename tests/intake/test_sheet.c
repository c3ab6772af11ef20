/* SPDX-License-Identifier: MIT */
/*
 * A sheet of a workbook as text: each test gives the parts of a small archive
 * and the lines that a reader of the sheet would write down. In these, '|'
 * parts cells and '#' marks what the sheet holds as a number.
 */
#include "cm.h"

#include "intake/book.h"
#include "intake/stages.h"

#include <string.h>
#include <zip.h>

typedef struct parts { const char *sheet, *strings, *styles, *workbook; } parts;

#define SHEET(cells) "<worksheet><sheetData>" cells "</sheetData></worksheet>"
#define STYLES                                                                                                                         \
    "<styleSheet><numFmts><numFmt numFmtId=\"164\" formatCode=\"#,##0.0\"/><numFmt numFmtId=\"165\" formatCode=\"dd&quot; tháng &quot;mm\"/>" \
    "<numFmt numFmtId=\"166\" formatCode=\"[Red]0.00%\"/><numFmt numFmtId=\"167\" formatCode=\"0&quot; đồng&quot;\"/></numFmts>"          \
    "<cellStyleXfs><xf numFmtId=\"14\"/></cellStyleXfs><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/><xf numFmtId=\"10\"/><xf numFmtId=\"164\"/>" \
    "<xf numFmtId=\"165\"/><xf numFmtId=\"166\"/><xf numFmtId=\"167\"/><xf numFmtId=\"22\"/></cellXfs></styleSheet>"

static void add(zip_t *z, const char *name, const char *text, bool deflate)
{
    zip_int64_t at = zip_file_add(z, name, zip_source_buffer(z, text, strlen(text), 0), ZIP_FL_ENC_UTF_8);
    assert_true(at >= 0);
    assert_int_equal(zip_set_file_compression(z, (zip_uint64_t)at, deflate ? ZIP_CM_DEFLATE : ZIP_CM_STORE, 0), 0);
}

static void pack(const parts *p, kh_buf *out)
{
    zip_error_t e;
    zip_error_init(&e);
    zip_source_t *target = zip_source_buffer_create(NULL, 0, 0, &e);
    zip_source_keep(target);
    zip_t *z = zip_open_from_source(target, ZIP_TRUNCATE, &e);
    add(z, "xl/workbook.xml", p->workbook ? p->workbook : "<workbook xmlns:r=\"r\"><sheets><sheet name=\"S\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>", false);
    add(z, "xl/_rels/workbook.xml.rels", "<Relationships><Relationship Id=\"rId1\" Target=\"worksheets/sheet1.xml\"/></Relationships>", false);
    if (p->sheet)
        add(z, "xl/worksheets/sheet1.xml", p->sheet, true);
    if (p->strings)
        add(z, "xl/sharedStrings.xml", p->strings, false);
    if (p->styles)
        add(z, "xl/styles.xml", p->styles, false);
    assert_int_equal(zip_close(z), 0);
    assert_int_equal(zip_source_open(target), 0);
    char block[4096];
    zip_int64_t k;
    while ((k = zip_source_read(target, block, sizeof block)) > 0)
        kh_buf_add(out, block, (size_t)k);
    zip_source_close(target);
    zip_source_free(target);
    zip_error_fini(&e);
}

/* The first sheet's text, or what is wrong. *rc: KH_OK or KH_EFAULTS. */
static char *text_of(const parts *p, int *rc)
{
    kh_buf bytes = KH_BUF_INIT, out = KH_BUF_INIT;
    kh_error err = KH_ERROR_INIT;
    kh_book b;
    pack(p, &bytes);
    *rc = kh_book_open(&b, bytes.data, bytes.len, &err);
    if (*rc == KH_OK)
        *rc = kh_book_text(&b, 0, &out, &err);
    if (*rc != KH_OK) {
        kh_buf_clear(&out);
        kh_buf_str(&out, err.text);
    }
    kh_error_clear(&err);
    kh_book_free(&b);
    kh_buf_free(&bytes);
    kh_buf_cstr(&out);
    for (size_t i = 0; i < out.len; i++)
        out.data[i] = out.data[i] == KH_SHEET_DELIMITER ? '|' : out.data[i] == KH_SHEET_NUMBER ? '#' : out.data[i];
    return kh_buf_take(&out);
}

static void gives(parts p, const char *expected)
{
    int rc;
    char *got = text_of(&p, &rc);
    assert_string_equal(got, expected);
    assert_int_equal(rc, KH_OK);
    kh_free(got);
}

static void refused(parts p, const char *why)
{
    int rc;
    char *got = text_of(&p, &rc);
    assert_int_equal(rc, KH_EFAULTS);
    if (!strstr(got, why))
        fail_msg("\"%s\" and not \"%s\"", got, why);
    kh_free(got);
}

static void numbers_keep_the_digits_that_a_spreadsheet_keeps(void **state)
{
    (void)state;
    gives((parts){.sheet = SHEET("<row r=\"1\"><c r=\"A1\"><v>1540</v></c><c r=\"B1\"><v>0.1</v></c><c r=\"C1\"><v>-1540.5</v></c><c r=\"D1\"><v>1.2E-7</v></c>"
                                 "<c r=\"E1\"><v>999999999999999</v></c><c r=\"F1\"><v>95.300000000000011</v></c><c r=\"G1\"><v>-0</v></c></row>")},
          "#1540|#0.1|#-1540.5|#0.00000012|#999999999999999|#95.3|#0\n");
    /* From 10^15 on digits are lost: no number any more, so that intake refuses it. */
    gives((parts){.sheet = SHEET("<row r=\"1\"><c r=\"A1\"><v>1000000000000000</v></c></row>")}, "1.00000000000000E+15\n");
}

static void formats_tell_percent_and_days_and_hide_no_digits(void **state)
{
    (void)state;
    gives((parts){.styles = STYLES, .sheet = SHEET("<row r=\"1\"><c r=\"A1\" s=\"2\"><v>0.955</v></c><c r=\"B1\" s=\"5\"><v>0.125</v></c><c r=\"C1\" s=\"3\"><v>12.3456</v></c>"
                                                   "<c r=\"D1\" s=\"6\"><v>7</v></c></row>")},
          "#95.5%|#12.5%|#12.3456|#7\n");
    gives((parts){.styles = STYLES, .sheet = SHEET("<row r=\"1\"><c r=\"A1\" s=\"1\"><v>43101</v></c><c r=\"B1\" s=\"4\"><v>43159</v></c><c r=\"C1\" s=\"7\"><v>43101.5</v></c>"
                                                   "<c r=\"D1\" s=\"1\"><v>59</v></c><c r=\"E1\" s=\"1\"><v>61</v></c></row>")},
          "01/01/2018|28/02/2018|01/01/2018 12:00|28/02/1900|01/03/1900\n");
}

static void a_workbook_may_count_its_days_from_1904(void **state)
{
    (void)state;
    gives((parts){.styles = STYLES, .sheet = SHEET("<row r=\"1\"><c r=\"A1\" s=\"1\"><v>41639</v></c><c r=\"B1\" s=\"1\"><v>0</v></c></row>"),
                  .workbook = "<workbook xmlns:r=\"r\"><workbookPr date1904=\"1\"/><sheets><sheet name=\"S\" r:id=\"rId1\"/></sheets></workbook>"},
          "01/01/2018|01/01/1904\n");
}

static void texts_are_shared_or_their_own(void **state)
{
    (void)state;
    gives((parts){.strings = "<sst><si><t>Xã</t></si><si><r><t>Cao </t></r><r><t>Lộc</t></r><rPh><t>bỏ</t></rPh></si><si><t>a\"b</t></si></sst>",
                  .sheet = SHEET("<row r=\"1\"><c r=\"A1\" t=\"s\"><v>1</v></c><c r=\"B1\" t=\"inlineStr\"><is><t>Hòa </t><t>Cư</t></is></c><c r=\"C1\" t=\"s\"><v>2</v></c>"
                                 "<c r=\"D1\" t=\"s\"><v>9</v></c><c r=\"E1\" t=\"str\"><v>1.540</v></c><c r=\"F1\" t=\"inlineStr\"><is><t>a_x000A_b_x0041_</t></is></c></row>")},
          "Cao Lộc|Hòa Cư|\"a\"\"b\"||1.540|abA\n");
}

static void a_formula_is_its_result_and_an_error_its_word(void **state)
{
    (void)state;
    gives((parts){.sheet = SHEET("<row r=\"1\"><c r=\"A1\"><f>SUM(B1:B9)</f><v>180</v></c><c r=\"B1\"><f>A1+1</f></c><c r=\"C1\" t=\"e\"><f>1/0</f><v>#DIV/0!</v></c>"
                                 "<c r=\"D1\" t=\"e\"><v>#REF!</v></c><c r=\"E1\" t=\"b\"><v>1</v></c></row>")},
          "#180|=A1+1|#DIV/0!|#REF!|TRUE\n");
}

/* A merged title stands in its first cell; the others of it and blank cells leave no trace, and nothing moves. */
static void every_cell_keeps_its_row_and_column(void **state)
{
    (void)state;
    gives((parts){.sheet = "<worksheet><dimension ref=\"A1:XFD1048576\"/><sheetData><row r=\"2\"><c r=\"B2\" t=\"inlineStr\"><is><t>Trong đó</t></is></c><c r=\"C2\"/></row>"
                           "<row r=\"5\" hidden=\"1\"><c r=\"A5\"><v>1</v></c><c r=\"D5\"><v>2</v></c></row><row><c><v>3</v></c><c><v>4</v></c></row></sheetData>"
                           "<mergeCells><mergeCell ref=\"B2:C2\"/></mergeCells></worksheet>"},
          "\n|Trong đó\n\n\n#1|||#2\n#3|#4\n");
    gives((parts){.sheet = SHEET("")}, "");
}

static void what_no_sheet_can_be_is_refused(void **state)
{
    (void)state;
    refused((parts){.sheet = SHEET("<row r=\"5\"><c r=\"A5\"><v>1</v></c></row><row r=\"4\"><c r=\"A4\"><v>1</v></c></row>")}, "not as a sheet must be");
    refused((parts){.sheet = SHEET("<row r=\"1\"><c r=\"B1\"><v>1</v></c><c r=\"A1\"><v>1</v></c></row>")}, "not as a sheet must be");
    refused((parts){.sheet = SHEET("<row r=\"1\"><c r=\"A1\"><v>1</v></c><c r=\"A1\"><v>2</v></c></row>")}, "not as a sheet must be");
    refused((parts){.sheet = SHEET("<row r=\"1048577\"><c r=\"A1048577\"><v>1</v></c></row>")}, "too large");
    refused((parts){.sheet = SHEET("<row r=\"1\"><c r=\"XFE1\"><v>1</v></c></row>")}, "too large");
    refused((parts){.sheet = SHEET("<row r=\"99999999999999999999999\"><c r=\"ZZZZZZZZZZZZ1\"><v>1</v></c></row>")}, "too large");
    gives((parts){.sheet = SHEET("<row r=\"1\"><c r=\"C1\"><v>1</v></c></row>")}, "||#1\n");
}

static void broken_and_hostile_parts_are_refused(void **state)
{
    (void)state;
    refused((parts){.sheet = "<worksheet><sheetData><row r=\"1\"><c r=\"A1\"><v>1</v>"}, "damaged");
    refused((parts){.sheet = "<worksheet><a></b></worksheet>"}, "damaged");
    refused((parts){.sheet = "<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;\">]><worksheet>&b;</worksheet>"}, "damaged");
    refused((parts){.sheet = NULL}, "missing");
    refused((parts){.sheet = SHEET(""), .workbook = "<workbook xmlns:r=\"r\"><sheets><sheet name=\"S\" r:id=\"rId9\"/></sheets></workbook>"}, "missing");
    refused((parts){.sheet = SHEET(""), .strings = "<sst><si>"}, "damaged");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_keep_the_digits_that_a_spreadsheet_keeps),
        cmocka_unit_test(formats_tell_percent_and_days_and_hide_no_digits),
        cmocka_unit_test(a_workbook_may_count_its_days_from_1904),
        cmocka_unit_test(texts_are_shared_or_their_own),
        cmocka_unit_test(a_formula_is_its_result_and_an_error_its_word),
        cmocka_unit_test(every_cell_keeps_its_row_and_column),
        cmocka_unit_test(what_no_sheet_can_be_is_refused),
        cmocka_unit_test(broken_and_hostile_parts_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

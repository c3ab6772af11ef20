/* SPDX-License-Identifier: MIT */
/*
 * Workbooks that are small as files and large as memory or time: each is refused
 * with a message, by a process that may have no more than MOST bytes.
 */
#include "intake/book.h"

#include "cm.h"

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zip.h>

#ifdef __SANITIZE_ADDRESS__
#define MOST RLIM_INFINITY /* its shadow alone is more */
#else
#define MOST (2000UL << 20)
#endif

enum { WORKBOOK, RELS, STRINGS, STYLES, SHEET, PARTS };
static const char *const names[PARTS] = {"xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/sharedStrings.xml", "xl/styles.xml", "xl/worksheets/sheet1.xml"};
static const char *const usual[PARTS] = {
    "<workbook xmlns:r=\"r\"><sheets><sheet name=\"S\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>",
    "<Relationships><Relationship Id=\"rId1\" Target=\"worksheets/sheet1.xml\"/></Relationships>",
    "<sst><si><t>a</t></si></sst>",
    "<styleSheet><cellXfs><xf numFmtId=\"0\"/></cellXfs></styleSheet>",
    "<worksheet><sheetData><row r=\"1\"><c r=\"A1\"><v>1</v></c></row></sheetData></worksheet>",
};

/* A part as it is inflated: `head`, `unit` again and again, `tail`. Never whole in memory. */
typedef struct stream { const char *head, *unit, *tail; uint64_t times; zip_error_t error; int stage; uint64_t done; size_t at; } stream;

static stream of(const char *head, const char *unit, const char *tail, uint64_t times)
{
    return (stream){.head = head, .unit = unit, .tail = tail, .times = times};
}

static zip_int64_t give(void *ctx, void *data, zip_uint64_t len, zip_source_cmd_t cmd)
{
    stream *s = ctx;
    char *to = data;
    zip_uint64_t n = 0;
    switch (cmd) {
    case ZIP_SOURCE_OPEN: s->stage = 0; s->done = 0; s->at = 0; return 0;
    case ZIP_SOURCE_READ:
        while (n < len && s->stage < 3) {
            const char *from = s->stage == 0 ? s->head : s->stage == 1 ? s->unit : s->tail;
            size_t k = strlen(from) - s->at;
            k = k < len - n ? k : (size_t)(len - n);
            memcpy(to + n, from + s->at, k);
            n += k;
            s->at += k;
            if (!from[s->at]) {
                s->at = 0;
                if (s->stage != 1 || ++s->done >= s->times)
                    s->stage++;
            }
        }
        return (zip_int64_t)n;
    case ZIP_SOURCE_STAT: {
        zip_stat_t *st = data;
        zip_stat_init(st);
        return sizeof *st;
    }
    case ZIP_SOURCE_ERROR: return zip_error_to_data(&s->error, data, len);
    case ZIP_SOURCE_CLOSE: case ZIP_SOURCE_FREE: return 0;
    case ZIP_SOURCE_SUPPORTS: return zip_source_make_command_bitmap(ZIP_SOURCE_OPEN, ZIP_SOURCE_READ, ZIP_SOURCE_CLOSE, ZIP_SOURCE_STAT, ZIP_SOURCE_ERROR, ZIP_SOURCE_FREE, -1);
    default: return -1;
    }
}

static kh_buf book_of(stream *const parts[PARTS])
{
    kh_buf out = KH_BUF_INIT;
    zip_error_t e;
    zip_error_init(&e);
    zip_source_t *target = zip_source_buffer_create(NULL, 0, 0, &e);
    zip_source_keep(target);
    zip_t *z = zip_open_from_source(target, ZIP_TRUNCATE, &e);
    assert_non_null(z);
    for (int i = 0; i < PARTS; i++) {
        zip_source_t *from = parts[i] ? zip_source_function(z, give, parts[i]) : zip_source_buffer(z, usual[i], strlen(usual[i]), 0);
        zip_int64_t at = zip_file_add(z, names[i], from, ZIP_FL_ENC_UTF_8);
        assert_true(at >= 0 && zip_set_file_compression(z, (zip_uint64_t)at, ZIP_CM_DEFLATE, 1) == 0);
    }
    assert_int_equal(zip_close(z), 0);
    assert_int_equal(zip_source_open(target), 0);
    char block[65536];
    for (zip_int64_t k; (k = zip_source_read(target, block, sizeof block)) > 0;)
        kh_buf_add(&out, block, (size_t)k);
    zip_source_close(target);
    zip_source_free(target);
    zip_error_fini(&e);
    return out;
}

/* The code of reading it whole, in a process of little memory; KH_EFAULTS only with words. */
static int read_book(const kh_buf *file)
{
    kh_book b;
    kh_error err = KH_ERROR_INIT;
    int rc = kh_book_open(&b, file->data, file->len, &err);
    for (size_t i = 0; rc == KH_OK && i < b.n_sheets; i++) {
        kh_buf text = KH_BUF_INIT;
        rc = kh_book_text(&b, i, &text, &err);
        kh_buf_free(&text);
    }
    kh_book_free(&b);
    bool said = err.text && *err.text;
    kh_error_clear(&err);
    return rc == KH_EFAULTS && !said ? 1 : rc;
}

static void refused(stream *const parts[PARTS])
{
    kh_buf file = book_of(parts);
    assert_true(file.len < 4 << 20); /* what a mail would carry */
    pid_t pid = fork();
    if (pid == 0) {
        struct rlimit most = {MOST, MOST};
        setrlimit(RLIMIT_AS, &most);
        _exit(read_book(&file) == KH_EFAULTS ? 0 : 1);
    }
    int status;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    kh_buf_free(&file);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

#define REFUSED(part, ...)                   \
    do {                                     \
        stream s = of(__VA_ARGS__);            \
        stream *parts[PARTS] = {[part] = &s}; \
        refused(parts);                      \
    } while (0)

static void the_usual_parts_are_a_book(void **state)
{
    (void)state;
    stream *none[PARTS] = {NULL};
    kh_buf file = book_of(none);
    assert_int_equal(read_book(&file), KH_OK);
    kh_buf_free(&file);
}

static void a_part_that_inflates_without_end(void **state)
{
    (void)state;
    REFUSED(SHEET, "<worksheet>", "                                                                                ", "</worksheet>", 8 << 20);
}

static void shared_texts_by_the_hundred_million(void **state)
{
    (void)state;
    REFUSED(STRINGS, "<sst>", "<si/>", "</sst>", 9 << 20);
}

static void elements_nested_without_end(void **state)
{
    (void)state;
    REFUSED(SHEET, "<worksheet>", "<a>", "", 1 << 20);
}

static void formats_without_end(void **state)
{
    (void)state;
    REFUSED(STYLES, "<styleSheet>", "<numFmt numFmtId=\"200\" formatCode=\"0\"/><cellXfs><xf numFmtId=\"201\"/></cellXfs>", "</styleSheet>", 100000);
}

static void sheets_without_end(void **state)
{
    (void)state;
    REFUSED(WORKBOOK, "<workbook xmlns:r=\"r\"><sheets>", "<sheet name=\"S\" r:id=\"rId1\"/>", "</sheets></workbook>", 2000);
}

static void many_cells_that_share_one_long_text(void **state)
{
    (void)state;
    stream text = of("<sst><si><t>", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "</t></si></sst>", 1 << 19);
    stream cells = of("<worksheet><sheetData><row r=\"1\">", "<c t=\"s\"><v>0</v></c>", "</row></sheetData></worksheet>", 100000);
    stream *parts[PARTS] = {[STRINGS] = &text, [SHEET] = &cells};
    refused(parts);
}

static void many_sheets_of_one_large_part(void **state)
{
    (void)state;
    stream sheets = of("<workbook xmlns:r=\"r\"><sheets>", "<sheet name=\"S\" r:id=\"rId1\"/>", "</sheets></workbook>", 1000);
    stream large = of("<worksheet>", "                                                                                ", "</worksheet>", 1 << 20);
    stream *parts[PARTS] = {[WORKBOOK] = &sheets, [SHEET] = &large};
    refused(parts);
}

static void entities(void **state)
{
    (void)state;
    REFUSED(STRINGS, "<!DOCTYPE s [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\"><!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;\">]><sst>", "<si><t>&c;</t></si>", "</sst>", 1000);
    REFUSED(SHEET, "<!DOCTYPE s [<!ENTITY a SYSTEM \"file:///etc/passwd\">]><worksheet><sheetData><row><c t=\"str\"><v>", "&a;", "</v></c></row></sheetData></worksheet>", 1);
    REFUSED(SHEET, "<!DOCTYPE s SYSTEM \"file:///dev/zero\"><worksheet>", " ", "</worksheet>", 1);
}

static void rows_and_columns_beyond_a_sheet(void **state)
{
    (void)state;
    REFUSED(SHEET, "<worksheet><sheetData>", "<row r=\"99999999999999999999\"><c r=\"A1\"><v>1</v></c></row>", "</sheetData></worksheet>", 1);
    REFUSED(SHEET, "<worksheet><sheetData><row r=\"1\">", "<c r=\"ZZZZZZZZ1\"><v>1</v></c>", "</row></sheetData></worksheet>", 1);
    REFUSED(SHEET, "<worksheet><sheetData>", "<row><c r=\"XFD1\"><v>1</v></c></row>", "</sheetData></worksheet>", 50000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_usual_parts_are_a_book), cmocka_unit_test(a_part_that_inflates_without_end), cmocka_unit_test(shared_texts_by_the_hundred_million),
        cmocka_unit_test(elements_nested_without_end), cmocka_unit_test(formats_without_end), cmocka_unit_test(sheets_without_end),
        cmocka_unit_test(many_cells_that_share_one_long_text), cmocka_unit_test(many_sheets_of_one_large_part), cmocka_unit_test(entities), cmocka_unit_test(rows_and_columns_beyond_a_sheet)};
    return cmocka_run_group_tests_name("book", tests, NULL, NULL);
}

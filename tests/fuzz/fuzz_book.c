/* SPDX-License-Identifier: MIT */
/*
 * A workbook whose parts hold anything: its sheets give valid text, as many
 * lines as their last row, or the reason why not; and the file ends with a
 * result as any return. The input is the parts, parted by bytes 1: sheet,
 * shared strings, styles, workbook, relations. A part that is left out is the
 * usual one. An input that begins with "PK" is the whole archive.
 */
#define FX_FUZZ
#include "../intake/fixture.h"

#include "base/text.h"
#include "intake/book.h"

#include <zip.h>

enum { PARTS = 5 };

static const char *const names[PARTS] = {"xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"};
static const char *const usual[PARTS] = {
    "<worksheet><sheetData/></worksheet>",
    "<sst><si><t>Đơn vị</t></si><si><t>Huyện Cao Lộc</t></si></sst>",
    "<styleSheet><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/><xf numFmtId=\"10\"/></cellXfs></styleSheet>",
    "<workbook xmlns:r=\"r\"><sheets><sheet name=\"S\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>",
    "<Relationships><Relationship Id=\"rId1\" Target=\"worksheets/sheet1.xml\"/></Relationships>",
};
static kh_catalog *catalog;

/* The archive with these parts, nothing compressed. */
static void pack(const char *const *part, const size_t *len, kh_buf *out)
{
    zip_error_t e;
    zip_error_init(&e);
    zip_source_t *target = zip_source_buffer_create(NULL, 0, 0, &e);
    fx_must(target);
    zip_source_keep(target);
    zip_t *z = zip_open_from_source(target, ZIP_TRUNCATE, &e);
    fx_must(z);
    for (int i = 0; i < PARTS; i++) {
        zip_int64_t at = zip_file_add(z, names[i], zip_source_buffer(z, part[i], len[i], 0), ZIP_FL_ENC_UTF_8);
        fx_must(at >= 0 && zip_set_file_compression(z, (zip_uint64_t)at, ZIP_CM_STORE, 0) == 0);
    }
    fx_must(zip_close(z) == 0 && zip_source_open(target) == 0);
    char block[4096];
    zip_int64_t k;
    while ((k = zip_source_read(target, block, sizeof block)) > 0)
        kh_buf_add(out, block, (size_t)k);
    zip_source_close(target);
    zip_source_free(target);
    zip_error_fini(&e);
}

static void pack_input(const char *s, size_t n, kh_buf *out)
{
    const char *part[PARTS];
    size_t len[PARTS];
    for (int i = 0; i < PARTS; i++) {
        const char *stop = n ? memchr(s, 1, n) : NULL;
        size_t k = stop ? (size_t)(stop - s) : n;
        part[i] = k ? s : usual[i];
        len[i] = k ? k : strlen(usual[i]);
        s += k + (stop != NULL);
        n -= k + (stop != NULL);
    }
    pack(part, len, out);
}

static void read_sheets(const kh_buf *file)
{
    kh_book b;
    kh_error err = KH_ERROR_INIT;
    int rc = kh_book_open(&b, file->data, file->len, &err);
    fx_must(rc == KH_OK || (rc == KH_EFAULTS && err.text));
    for (size_t i = 0; rc == KH_OK && i < b.n_sheets && i < 4; i++) {
        kh_buf text = KH_BUF_INIT;
        int got = kh_book_text(&b, i, &text, &err);
        fx_must(got == KH_OK || (got == KH_EFAULTS && err.text));
        fx_must(got != KH_OK || text.len == 0 || kh_utf8_valid(text.data, text.len, NULL));
        kh_buf_free(&text);
        kh_error_clear(&err);
    }
    kh_book_free(&b);
    kh_error_clear(&err);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    kh_buf file = KH_BUF_INIT;
    kh_error err = KH_ERROR_INIT;
    kh_intake *in = NULL;
    if (!catalog)
        catalog = fx_catalog();
    if (n >= 2 && memcmp(bytes, "PK", 2) == 0)
        kh_buf_add(&file, (const char *)bytes, n);
    else
        pack_input((const char *)bytes, n, &file);
    read_sheets(&file);
    kh_intake_options o = fx_options();
    o.form = "DB-01";
    o.period = kh_period_make(KH_HALF, 2018, 1);
    o.partial = true;
    fx_ok(kh_intake_bytes(catalog, "x.xlsx", file.data, file.len, &o, &in, &err), &err);
    fx_must(in->rows_good + in->rows_refused == in->rows_read);
    kh_intake_free(in);
    kh_buf_free(&file);
    return 0;
}

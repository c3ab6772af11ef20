/* SPDX-License-Identifier: MIT */
/*
 * One workbook: written beside its place under another name and renamed when it
 * is whole. The creation date is fixed, so the same content gives the same bytes.
 */
#include "intake/xlsx.h"

#include "base/buf.h"
#include "base/file.h"
#include "base/insist.h"
#include "base/mem.h"
#include "base/text.h"

#include <string.h>

enum { CELL_MOST = 32767 };

int kh_xlsx_open(kh_xlsx *x, const char *path, const char *title, kh_error *err)
{
    *x = (kh_xlsx){.path = path, .fd = -1};
    int rc = kh_temp_open(path, &x->temp, &x->fd, err);
    if (rc != KH_OK)
        return rc;
    kh_insist_on_memory("libxlsxwriter");
    kh_insist_on_memory("libminizip"); /* whose failures it does not look at either */
    kh_insist_on_memory("libz.so");
    x->book = workbook_new(x->temp);
    if (!x->book) {
        kh_xlsx_drop(x);
        return kh_fail(err, KH_ESTORE, "cannot begin the workbook %s", path);
    }
    char *own = kh_strdup(title);
    lxw_doc_properties about = {.title = own, .created = 1262304000}; /* 2010-01-01 */
    workbook_set_properties(x->book, &about);
    kh_free(own);
    return KH_OK;
}

int kh_xlsx_keep(kh_xlsx *x, kh_error *err)
{
    lxw_error e = workbook_close(x->book);
    x->book = NULL;
    if (e != LXW_NO_ERROR) {
        int rc = kh_fail(err, KH_ESTORE, "cannot write %s: %s", x->path, lxw_strerror(e));
        kh_xlsx_drop(x);
        return rc;
    }
    int rc = kh_temp_keep(x->path, x->temp, x->fd, err);
    x->temp = NULL;
    return rc;
}

void kh_xlsx_drop(kh_xlsx *x)
{
    if (x->book)
        workbook_close(x->book); /* the only way to free it */
    if (x->temp)
        kh_temp_drop(x->temp, x->fd);
    x->book = NULL;
    x->temp = NULL;
}

void kh_sheet_text(lxw_worksheet *sheet, size_t row, size_t column, const char *s, size_t n, lxw_format *format)
{
    kh_buf b = KH_BUF_INIT;
    size_t points = 0;
    for (const char *p = s, *end = s + n; p < end && points < CELL_MOST; points++) {
        char bytes[4];
        uint32_t cp = kh_utf8_next(&p, end);
        bool forbidden = (cp < ' ' && cp != '\t' && cp != '\n') || cp == 0x7F || cp == 0xFFFE || cp == 0xFFFF;
        if (cp == '\r')
            continue;
        kh_buf_add(&b, bytes, kh_utf8_put(forbidden ? 0xFFFD : cp, bytes));
    }
    if (b.len)
        worksheet_write_string(sheet, (lxw_row_t)row, (lxw_col_t)column, b.data, format);
    else if (format)
        worksheet_write_blank(sheet, (lxw_row_t)row, (lxw_col_t)column, format);
    kh_buf_free(&b);
}

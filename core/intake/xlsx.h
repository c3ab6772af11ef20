/* SPDX-License-Identifier: MIT */
/* Writing one workbook, with bytes that depend on its content alone. Private to the room. */
#ifndef KH_INTAKE_XLSX_H
#define KH_INTAKE_XLSX_H

#include "base/err.h"

#include <stddef.h>
#include <xlsxwriter.h>

typedef struct kh_xlsx {
    lxw_workbook *book;
    const char *path;
    char *temp;
    int fd;
} kh_xlsx;

int kh_xlsx_open(kh_xlsx *x, const char *path, const char *title, kh_error *err);
int kh_xlsx_keep(kh_xlsx *x, kh_error *err); /* closes, and the file is there; x is empty afterwards, also after a failure */
void kh_xlsx_drop(kh_xlsx *x);
/* Text as XML and a cell can hold it: no control bytes, at most 32,767 characters. Never a formula. */
void kh_sheet_text(lxw_worksheet *sheet, size_t row, size_t column, const char *s, size_t n, lxw_format *format);

#endif

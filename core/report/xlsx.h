/* SPDX-License-Identifier: MIT */
/* What the parts of the workbook renderer share. xlsxwriter.h is included in these files only. */
#ifndef KH_REPORT_XLSX_H
#define KH_REPORT_XLSX_H

#include "report/grid.h"

#include <xlsxwriter.h>

typedef enum kh_xlook { KH_X_BODY, KH_X_TOTAL, KH_X_HEAD, KH_X_SIGNS, KH_X_TITLE, KH_X_UNIT, KH_X_NOTE, KH_X_NOTICE, KH_X_TEXT, KH_X_HEADING } kh_xlook;

typedef struct kh_xstyle { /* what a cell's format is made of; equal styles share one */
    kh_xlook look;
    kh_align align;
    kh_tone tone;
    bool bold, italic, tinted;
    char number[160]; /* number format, "" for text */
} kh_xstyle;

typedef struct kh_xlsx {
    lxw_workbook *book;
    const kh_doc *doc;
    kh_doc *scratch;
    kh_lang lang;
    struct { kh_xstyle style; lxw_format *format; } *formats;
    size_t n_formats, cap_formats;
    kh_map *names;       /* of sheets, in lower case */
    size_t n_tables, n_charts;
    lxw_worksheet *charts, *data;
    lxw_row_t chart_row, data_row, page_row;
    lxw_row_t *breaks; size_t n_breaks, cap_breaks; /* of pages on the sheet of charts */
    kh_error *err;
    int rc;              /* the first failure of a write */
} kh_xlsx;

lxw_format *kh_xlsx_format(kh_xlsx *x, const kh_xstyle *s);
lxw_format *kh_xlsx_look(kh_xlsx *x, kh_xlook look, kh_align align);
/* A sheet with a valid name near the one wished, the page set up and the notice in the foot. */
lxw_worksheet *kh_xlsx_sheet(kh_xlsx *x, const char *wish, bool landscape);
void kh_xlsx_check(kh_xlsx *x, lxw_error e); /* keeps the first failure */
void kh_xlsx_put(kh_xlsx *x, lxw_worksheet *ws, lxw_row_t row, lxw_col_t col, const char *text, lxw_format *f);
double kh_xlsx_lines(const char *text, double width); /* that it takes in a column of so many characters */
/* Text over columns 0..last, high enough for `width` characters a line. */
void kh_xlsx_across(kh_xlsx *x, lxw_worksheet *ws, lxw_row_t row, lxw_col_t last, double width, const char *text, lxw_format *f, double line);
/* Digits of more than 15 places are not kept by a spreadsheet's numbers. */
bool kh_xlsx_exact(const char *canonical);

/* On a sheet of its own, which is returned (NULL: too large); *body is the row where its body begins (may be NULL). */
lxw_worksheet *kh_xlsx_table(kh_xlsx *x, const kh_dtable *t, lxw_row_t *body);
void kh_xlsx_chart(kh_xlsx *x, const kh_chart *c);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * The file as a workbook, its bad cells coloured and noted, so that a sender
 * sees what is wrong where it is wrong: the row of the sheet is the line of the
 * file. A second sheet lists the findings. Cells are texts exactly as they came;
 * a spreadsheet must not reinterpret them again. Only a workbook's own numbers
 * stay numbers, so that the mended copy can be sent as it is.
 */
#include "intake/work.h"
#include "intake/xlsx.h"

#include <stdlib.h>
#include <string.h>

enum { SHEET_ROWS = 1048576, SHEET_COLUMNS = 16384, NOTE_BYTES = 1500, NARROW = 8, WIDE = 40 };

typedef struct copy {
    const kh_intake *in;
    const kh_finding *all; size_t n, next; /* of this file, by place */
    lxw_worksheet *sheet;
    lxw_format *bad, *doubtful, *head, *wrapped, *percent;
    size_t *widths; size_t n_widths; /* letters of the longest cell of each column */
} copy;

/* ---- the copy ---- */

/* Findings of one cell as its note. `column` from 1. */
static bool note_of(const copy *k, size_t from, size_t to, uint32_t column, kh_buf *out, bool *error)
{
    bool any = false;
    *error = false;
    kh_buf_clear(out);
    for (size_t i = from; i < to; i++) {
        if ((k->all[i].column ? k->all[i].column : 1) != column)
            continue;
        if (any)
            kh_buf_char(out, '\n');
        kh_reason(&k->all[i], false, out);
        *error |= k->all[i].severity == KH_ERROR;
        any = true;
    }
    if (out->len > NOTE_BYTES) {
        size_t n = NOTE_BYTES;
        while (n && ((unsigned char)out->data[n] & 0xC0) == 0x80)
            n--;
        out->len = n;
        out->data[n] = '\0';
    }
    return any;
}

/* Title lines may run over their neighbours; what stands in the table must be seen. */
static void widen(copy *k, uint32_t column, const kh_record *r)
{
    if (column >= k->n_widths) {
        k->widths = kh_realloc(k->widths, column + 1, sizeof *k->widths);
        while (k->n_widths <= column)
            k->widths[k->n_widths++] = NARROW;
    }
    if (column >= r->n || r->line < k->in->header_line)
        return;
    size_t letters = 0;
    for (uint32_t i = 0; i < r->cells[column].n && letters < WIDE; i++)
        letters += ((unsigned char)r->cells[column].s[i] & 0xC0) != 0x80;
    if (letters > k->widths[column])
        k->widths[column] = letters;
}

static void put_cell(const copy *k, uint32_t row, uint32_t column, const kh_cell *cell, lxw_format *f)
{
    char text[64];
    bool percent = cell->n && cell->s[cell->n - 1] == '%';
    if (!cell->number || cell->n >= sizeof text) {
        kh_sheet_text(k->sheet, row, column, cell->s, cell->n, f);
        return;
    }
    memcpy(text, cell->s, cell->n);
    text[cell->n] = '\0';
    worksheet_write_number(k->sheet, row, (lxw_col_t)column, percent ? strtod(text, NULL) / 100 : strtod(text, NULL), f ? f : percent ? k->percent : NULL);
}

static int copy_record(void *ctx, const kh_record *r, kh_error *err)
{
    copy *k = ctx;
    uint32_t last = r->line, width = r->n, row = r->line - 1;
    (void)err;
    if (row >= SHEET_ROWS)
        return KH_OK; /* a sheet holds no more; the list of findings has them all */
    for (uint32_t j = 0; j < r->n; j++)
        if (r->cells[j].line > last)
            last = r->cells[j].line;
    while (k->next < k->n && k->all[k->next].line < r->line)
        k->next++;
    size_t to = k->next;
    for (; to < k->n && k->all[to].line <= last; to++)
        if (k->all[to].column > width)
            width = k->all[to].column;
    kh_buf note = KH_BUF_INIT;
    for (uint32_t j = 0; j < width && j < SHEET_COLUMNS; j++) {
        bool error, noted = to > k->next && note_of(k, k->next, to, j + 1, &note, &error);
        lxw_format *f = noted ? (error ? k->bad : k->doubtful) : r->line < k->in->refusals->data_line && r->line >= k->in->header_line && k->in->header_line ? k->head : NULL;
        widen(k, j, r);
        put_cell(k, row, j, j < r->n ? &r->cells[j] : &(kh_cell){"", 0, 0, 0}, f);
        if (noted)
            worksheet_write_comment(k->sheet, row, (lxw_col_t)j, note.data);
    }
    kh_buf_free(&note);
    k->next = to;
    return KH_OK;
}

/* ---- the list ---- */

static void put(lxw_worksheet *sheet, size_t row, size_t column, const char *s, lxw_format *f)
{
    if (s)
        kh_sheet_text(sheet, row, column, s, strlen(s), f);
}

static void lay_out_copy(const copy *k)
{
    for (size_t j = 0; j < k->n_widths; j++)
        worksheet_set_column(k->sheet, (lxw_col_t)j, (lxw_col_t)j, (double)k->widths[j] + 2, NULL);
    if (k->in->data_line > 1)
        worksheet_freeze_panes(k->sheet, k->in->data_line - 1, 0);
    worksheet_fit_to_pages(k->sheet, 1, 0);
}

static void list_findings(lxw_worksheet *sheet, const copy *k)
{
    const char *heads[] = {_("Line"), _("Column"), _("Kind"), _("Code"), _("Heading"), _("Value"), _("What is wrong"), _("What would be right")};
    static const double widths[] = {8, 8, 10, 20, 30, 24, 60, 60};
    for (size_t j = 0; j < 8; j++) {
        put(sheet, 0, j, heads[j], k->head);
        worksheet_set_column(sheet, (lxw_col_t)j, (lxw_col_t)j, widths[j], NULL);
    }
    worksheet_freeze_panes(sheet, 1, 0);
    worksheet_set_landscape(sheet);
    worksheet_fit_to_pages(sheet, 1, 0);
    for (size_t i = 0; i < k->n && i + 1 < SHEET_ROWS; i++) {
        const kh_finding *f = &k->all[i];
        lxw_row_t row = (lxw_row_t)i + 1;
        if (f->line)
            worksheet_write_number(sheet, row, 0, f->line, NULL);
        if (f->column)
            worksheet_write_number(sheet, row, 1, f->column, NULL);
        put(sheet, row, 2, kh_severity_name(f->severity), f->severity == KH_ERROR ? k->bad : k->doubtful);
        put(sheet, row, 3, f->code, NULL);
        put(sheet, row, 4, f->heading, NULL);
        put(sheet, row, 5, f->value, k->wrapped);
        put(sheet, row, 6, f->text, k->wrapped);
        put(sheet, row, 7, f->expected, k->wrapped);
    }
}

static int by_place(const void *x, const void *y)
{
    const kh_finding *a = x, *b = y;
    return a->line != b->line ? (a->line > b->line) - (a->line < b->line) : (a->column > b->column) - (a->column < b->column);
}

static lxw_format *coloured(lxw_workbook *book, lxw_color_t colour, bool bold)
{
    lxw_format *f = workbook_add_format(book);
    format_set_bg_color(f, colour);
    format_set_text_wrap(f);
    if (bold)
        format_set_bold(f);
    return f;
}

int kh_intake_refused_xlsx(const kh_intake *in, const char *path, kh_error *err)
{
    const kh_finding *all;
    size_t n = kh_findings_all(in->findings, &all), mine = 0;
    kh_finding *sorted = kh_alloc((n + 1) * sizeof *sorted);
    kh_xlsx x;
    for (size_t i = 0; i < n; i++)
        if (!all[i].file || strcmp(all[i].file, in->file) == 0)
            sorted[mine++] = all[i];
    qsort(sorted, mine, sizeof *sorted, by_place);
    int rc = kh_xlsx_open(&x, path, in->file, err);
    if (rc == KH_OK) {
        copy k = {.in = in, .all = sorted, .n = mine, .sheet = workbook_add_worksheet(x.book, _("File"))};
        lxw_worksheet *list = workbook_add_worksheet(x.book, _("Findings"));
        k.bad = coloured(x.book, 0xFFC7CE, false);
        k.doubtful = coloured(x.book, 0xFFEB9C, false);
        k.head = coloured(x.book, 0xDDEBF7, true);
        k.percent = workbook_add_format(x.book);
        format_set_num_format(k.percent, "0.############%");
        k.wrapped = workbook_add_format(x.book);
        format_set_text_wrap(k.wrapped);
        format_set_align(k.wrapped, LXW_ALIGN_VERTICAL_TOP);
        rc = kh_refusals_read(in, copy_record, &k, err);
        if (rc == KH_OK) {
            lay_out_copy(&k);
            list_findings(list, &k);
            rc = kh_xlsx_keep(&x, err);
        } else
            kh_xlsx_drop(&x);
        kh_free(k.widths);
    }
    kh_free(sorted);
    return rc;
}

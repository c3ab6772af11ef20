/* SPDX-License-Identifier: MIT */
/*
 * The blank return as a workbook: titles, codes and names are locked, what is to
 * be filled in is not; choices drop down, numbers are checked while they are
 * typed, sums and totals compute themselves. Codes are texts, so that no leading
 * zero is eaten. Saved from the spreadsheet as CSV, the form accepts it.
 */
#include "intake/blank.h"
#include "intake/work.h"
#include "intake/xlsx.h"

#include <stdio.h>
#include <string.h>

typedef struct page {
    const kh_catalog *c;
    const kh_blank_form *b;
    lxw_workbook *book;
    lxw_worksheet *sheet, *lists;
    lxw_format *title, *head, *fixed, *input, *text, *whole, *decimal, *sum;
    lxw_col_t n_lists;
} page;

static lxw_format *bordered(page *p, bool locked, lxw_color_t colour)
{
    lxw_format *f = workbook_add_format(p->book);
    format_set_border(f, LXW_BORDER_THIN);
    if (colour)
        format_set_bg_color(f, colour);
    if (!locked)
        format_set_unlocked(f);
    return f;
}

static void make_formats(page *p)
{
    p->title = workbook_add_format(p->book);
    format_set_bold(p->title);
    p->head = bordered(p, true, 0xDDEBF7);
    format_set_bold(p->head);
    format_set_text_wrap(p->head);
    format_set_align(p->head, LXW_ALIGN_CENTER);
    format_set_align(p->head, LXW_ALIGN_VERTICAL_CENTER);
    p->fixed = bordered(p, true, 0xF2F2F2);
    format_set_num_format(p->fixed, "@");
    p->input = bordered(p, false, 0);
    p->text = bordered(p, false, 0);
    format_set_num_format(p->text, "@");
    p->whole = bordered(p, false, 0);
    format_set_num_format(p->whole, "0");
    p->decimal = bordered(p, false, 0);
    p->sum = bordered(p, true, 0xF2F2F2);
}

static const kh_measure *measure_of(const page *p, size_t column)
{
    uint32_t m = p->b->columns[column].measure;
    return m == UINT32_MAX ? NULL : &p->c->measures[m];
}

/* Money in million đồng has decimals where its measure has none. */
static bool is_whole(const page *p, size_t column)
{
    const kh_measure *m = measure_of(p, column);
    const kh_form_column *def = p->b->columns[column].def;
    return m && (m->type == KH_INTEGER || m->type == KH_MONEY) && def && def->factor10 <= 0;
}

static lxw_format *input_format(const page *p, size_t column)
{
    const kh_measure *m = measure_of(p, column);
    if (!m)
        return p->input;
    if (m->type == KH_TEXT || m->type == KH_CHOICE)
        return p->text;
    return is_whole(p, column) ? p->whole : m->type == KH_YESNO ? p->input : p->decimal;
}

/* ---- formulas ---- */

static void cell_name(size_t row, size_t column, char out[LXW_MAX_CELL_NAME_LENGTH])
{
    lxw_rowcol_to_cell(out, (lxw_row_t)row, (lxw_col_t)column);
}

static void put_sum(const page *p, size_t row, size_t column)
{
    kh_buf formula = KH_BUF_INIT;
    const kh_blank_column *c = &p->b->columns[column];
    char name[LXW_MAX_CELL_NAME_LENGTH];
    for (size_t i = 0; i < c->n_parts; i++) {
        cell_name(row, c->parts[i], name);
        kh_buf_printf(&formula, "%s%s", i ? "+" : "=", name);
    }
    worksheet_write_formula(p->sheet, (lxw_row_t)row, (lxw_col_t)column, formula.data, p->sum);
    kh_buf_free(&formula);
}

static void put_total(const page *p, size_t row, size_t column)
{
    char from[LXW_MAX_CELL_NAME_LENGTH], to[LXW_MAX_CELL_NAME_LENGTH], formula[80];
    cell_name(p->b->data, column, from);
    cell_name(row - 1, column, to);
    snprintf(formula, sizeof formula, "=SUM(%s:%s)", from, to);
    worksheet_write_formula(p->sheet, (lxw_row_t)row, (lxw_col_t)column, formula, p->sum);
}

/* ---- what may be typed ---- */

/* The words stand on a sheet of their own: in the rule itself there is room for 255 letters only. */
static void drop_down(page *p, size_t column, lxw_row_t first, lxw_row_t last, const char *const *words, const char *const *titles, size_t n)
{
    char from[LXW_MAX_CELL_NAME_LENGTH], to[LXW_MAX_CELL_NAME_LENGTH], range[120];
    for (size_t i = 0; i < n; i++) {
        const char *word = titles && titles[i] ? titles[i] : words[i];
        kh_sheet_text(p->lists, i, p->n_lists, word, strlen(word), NULL);
    }
    lxw_rowcol_to_cell_abs(from, 0, p->n_lists, true, true);
    lxw_rowcol_to_cell_abs(to, (lxw_row_t)(n ? n - 1 : 0), p->n_lists, true, true);
    snprintf(range, sizeof range, "=DanhMuc!%s:%s", from, to);
    lxw_data_validation v = {.validate = LXW_VALIDATION_TYPE_LIST_FORMULA, .value_formula = range};
    worksheet_data_validation_range(p->sheet, first, (lxw_col_t)column, last, (lxw_col_t)column, &v);
    p->n_lists++;
}

/* The bounds are a double in the file; beyond 2^53 none are given rather than wrong ones. */
static void only_numbers(const page *p, size_t column, lxw_row_t first, lxw_row_t last)
{
    const kh_measure *m = measure_of(p, column);
    const double most = 9007199254740992.0;
    bool whole = is_whole(p, column), factor = p->b->columns[column].def->factor10 != 0;
    double lo = m->has_min && !factor ? (double)m->min : -most, hi = m->has_max && !factor ? (double)m->max : most;
    lxw_data_validation v = {.validate = whole ? LXW_VALIDATION_TYPE_INTEGER : LXW_VALIDATION_TYPE_DECIMAL, .criteria = LXW_VALIDATION_CRITERIA_BETWEEN};
    v.minimum_number = lo < -most ? -most : lo;
    v.maximum_number = hi > most ? most : hi;
    worksheet_data_validation_range(p->sheet, first, (lxw_col_t)column, last, (lxw_col_t)column, &v);
}

static void put_rules(page *p)
{
    static const char *const yesno[] = {"có", "không"};
    size_t end = p->b->total ? p->b->total : p->b->n_rows;
    if (end == p->b->data)
        return;
    lxw_row_t first = (lxw_row_t)p->b->data, last = (lxw_row_t)(end - 1);
    for (size_t j = 0; j < p->b->n_columns; j++) {
        const kh_measure *m = measure_of(p, j);
        if (!m || p->b->columns[j].n_parts)
            continue;
        switch (m->type) {
        case KH_CHOICE: drop_down(p, j, first, last, m->choices, m->choice_titles, m->n_choices); break;
        case KH_YESNO: drop_down(p, j, first, last, yesno, NULL, 2); break;
        case KH_TEXT: break;
        default: only_numbers(p, j, first, last);
        }
    }
}

/* ---- cells ---- */

static void put_cell(const page *p, size_t row, size_t column)
{
    const kh_blank_cell *cell = kh_blank_at(p->b, row, column);
    size_t n = strlen(cell->text);
    switch (cell->kind) {
    case KH_CELL_NONE: break;
    case KH_CELL_TITLE: kh_sheet_text(p->sheet, row, column, cell->text, n, p->title); break;
    case KH_CELL_HEAD: kh_sheet_text(p->sheet, row, column, cell->text, n, p->head); break;
    case KH_CELL_FIXED: kh_sheet_text(p->sheet, row, column, cell->text, n, p->fixed); break;
    case KH_CELL_INPUT: kh_sheet_text(p->sheet, row, column, cell->text, n, input_format(p, column)); break;
    case KH_CELL_SUM: put_sum(p, row, column); break;
    case KH_CELL_TOTAL: put_total(p, row, column); break;
    }
}

static bool is_empty(const page *p, size_t row, size_t column)
{
    return *kh_blank_at(p->b, row, column)->text == '\0';
}

/* A title over several columns is one merged cell, and so is one over rows that have no title of their own. */
static void merge_heads(const page *p)
{
    size_t top = p->b->head, rows = p->b->head_rows;
    for (size_t k = 0; k < rows; k++)
        for (size_t j = 0; j < p->b->n_columns; j++) {
            if (is_empty(p, top + k, j))
                continue;
            size_t right = j, down = k;
            while (down + 1 < rows && is_empty(p, top + down + 1, j))
                down++;
            while (down == k && k + 1 < rows && right + 1 < p->b->n_columns && is_empty(p, top + k, right + 1) && !is_empty(p, top + k + 1, right + 1))
                right++;
            if (right > j || down > k)
                worksheet_merge_range(p->sheet, (lxw_row_t)(top + k), (lxw_col_t)j, (lxw_row_t)(top + down), (lxw_col_t)right, kh_blank_at(p->b, top + k, j)->text, p->head);
        }
}

static void set_widths(const page *p)
{
    for (size_t j = 0; j < p->b->n_columns; j++) {
        bool name = p->b->columns[j].def && p->b->columns[j].def->as == KH_AS_UNIT;
        const kh_measure *m = measure_of(p, j);
        worksheet_set_column(p->sheet, (lxw_col_t)j, (lxw_col_t)j, name ? 28 : m && m->type == KH_TEXT ? 40 : 16, NULL);
    }
}

static void write_page(page *p)
{
    make_formats(p);
    for (size_t i = 0; i < p->b->n_rows; i++)
        for (size_t j = 0; j < p->b->n_columns; j++)
            put_cell(p, i, j);
    merge_heads(p);
    put_rules(p);
    set_widths(p);
    worksheet_freeze_panes(p->sheet, (lxw_row_t)p->b->data, 0);
    worksheet_protect(p->sheet, NULL, NULL); /* without a password: against slips, not against people */
    if (p->n_lists == 0)
        kh_sheet_text(p->lists, 0, 0, "", 0, NULL);
    worksheet_hide(p->lists);
}

int kh_template_xlsx(kh_catalog *c, uint32_t form, kh_unit sender, kh_period period, const char *path, kh_error *err)
{
    kh_blank_form b;
    kh_xlsx x;
    int rc = kh_blank_build(c, form, sender, period, &b, err);
    if (rc == KH_OK && (rc = kh_xlsx_open(&x, path, b.form->title ? b.form->title : b.form->code, err)) == KH_OK) {
        page p = {.c = c, .b = &b, .book = x.book};
        p.sheet = workbook_add_worksheet(x.book, "BieuMau");
        p.lists = workbook_add_worksheet(x.book, "DanhMuc");
        write_page(&p);
        rc = kh_xlsx_keep(&x, err);
    }
    kh_blank_free(&b);
    return rc;
}

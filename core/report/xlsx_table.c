/* SPDX-License-Identifier: MIT */
/*
 * A table on a sheet of its own. Numbers stay numbers: a sign or a note's mark
 * beside one is part of its number format. A total is a SUM only where the sum
 * of the rows it covers is exactly the figure given; else it is that figure.
 */
#include "report/xlsx.h"

#include "base/num.h"
#include "base/text.h"
#include "report/escape.h"
#include "report/format.h"
#include "report/words.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct sheet {
    kh_xlsx *x;
    lxw_worksheet *ws;
    const kh_view *v;
    lxw_row_t head, body; /* first rows */
    double *width;        /* [n_cols] in characters */
    bool inexact;         /* a number had to be written as text */
} sheet;

static lxw_col_t last_col(const sheet *s)
{
    return (lxw_col_t)(s->v->t->n_cols - 1);
}

static double all_widths(const sheet *s)
{
    double sum = 0;
    for (size_t i = 0; i < s->v->t->n_cols; i++)
        sum += s->width[i];
    return sum;
}

/* ---- widths ---------------------------------------------------------------- */

static void cell_text(const sheet *s, const kh_dcell *c, size_t col, kh_buf *out)
{
    kh_buf shown = KH_BUF_INIT;
    kh_cell_shown(s->v->t, c, col, s->x->lang, &shown);
    size_t note = kh_view_note(s->v, c);
    if (note)
        kh_buf_printf(&shown, "%s(%zu)", shown.len ? " " : "", note);
    kh_plain(kh_buf_cstr(&shown), out);
    kh_buf_free(&shown);
}

static size_t longest_word(const char *s)
{
    size_t most = 0;
    while (*s) {
        size_t n = strcspn(s, " \n"), w = kh_text_width(s, n);
        most = w > most ? w : most;
        s += n + strspn(s + n, " \n");
    }
    return most;
}

/* Numbers decide; texts get up to 40 characters and wrap beyond, heads as much as their longest word. */
static void measure(sheet *s)
{
    const kh_dtable *t = s->v->t;
    for (size_t i = 0; i < t->n_cols; i++) {
        double w = t->signs && t->signs[i] ? (double)kh_text_width(t->signs[i], strlen(t->signs[i])) : 4;
        kh_buf text = KH_BUF_INIT;
        for (size_t r = 0; r < s->v->head.rows; r++) {
            const kh_dcell *c = &s->v->head.cells[r * t->n_cols + i];
            if (c->covered || kh_cell_width(c) > 1)
                continue;
            kh_buf_clear(&text);
            cell_text(s, c, i, &text);
            w = fmax(w, fmax((double)longest_word(kh_buf_cstr(&text)) * 1.15, fmin((double)kh_text_width(kh_buf_cstr(&text), text.len), 12)));
        }
        size_t step = t->n_rows > 2000 ? t->n_rows / 2000 : 1; /* of a long table a part tells enough */
        for (size_t r = 0; r < t->n_rows; r += step) {
            const kh_dcell *c = &t->body[r * t->n_cols + i];
            if (c->covered || kh_cell_width(c) > 1 || (c->type == KH_D_EMPTY && !c->sign))
                continue;
            kh_buf_clear(&text);
            cell_text(s, c, i, &text);
            double need = (double)kh_text_width(kh_buf_cstr(&text), text.len) * (t->is_total[r] ? 1.12 : 1);
            w = fmax(w, c->type == KH_D_NUMBER ? need + (c->sign ? 2 : 0) : fmin(need, 40)); /* ✓ and ✗ come from wider letters */
        }
        s->width[i] = fmin(w + 2, 60);
        kh_buf_free(&text);
    }
}

/* ---- cells ----------------------------------------------------------------- */

/* As a literal of a number format. */
static void put_literal(kh_buf *f, const char *s, size_t n)
{
    if (n == 0)
        return;
    char *text = kh_strndup(s, n);
    kh_buf_char(f, '"');
    size_t at = f->len;
    kh_plain_line(text, f);
    for (size_t i = at; i < f->len; i++)
        f->data[i] = f->data[i] == '"' || f->data[i] == '\\' ? '\'' : f->data[i];
    kh_buf_char(f, '"');
    kh_free(text);
}

/* "+1,4 %" for 1.4: which decimals it shows, and what stands around; false if the figure is not in it. */
static bool around(const sheet *s, const kh_dcell *c, int *decimals, const char **before, size_t *n_before, const char **after)
{
    for (int k = 9; k >= 0; k--) { /* the most digits first: 1,4 is found in 1,45 as well */
        kh_buf shown = KH_BUF_INIT;
        kh_format_number(c->number, k, s->x->lang, &shown);
        const char *at = strstr(c->text, kh_buf_cstr(&shown));
        *after = at ? at + shown.len : NULL;
        kh_buf_free(&shown);
        if (!at || (at > c->text && c->number[0] == '-'))
            continue;
        *before = c->text;
        *n_before = (size_t)(at - c->text);
        *decimals = k;
        return true;
    }
    return false;
}

/* '#,##0.0" ✓ đạt"': the figure stays a number whatever stands beside it. False: it cannot be said so. */
static bool number_format(const sheet *s, const kh_dcell *c, size_t col, char *out, size_t room)
{
    int decimals = kh_cell_decimals(s->v->t, c, col);
    const char *dot = strchr(c->number, '.'), *before = "", *after = "";
    size_t n_before = 0, note = kh_view_note(s->v, c);
    if (decimals < 0)
        decimals = dot ? (int)strlen(dot + 1) : 0;
    if (c->text && !around(s, c, &decimals, &before, &n_before, &after))
        return false;
    kh_buf f = KH_BUF_INIT, beside = KH_BUF_INIT;
    put_literal(&f, before, n_before);
    kh_buf_str(&f, "#,##0");
    for (int i = 0; i < decimals; i++)
        kh_buf_str(&f, i ? "0" : ".0");
    kh_buf_str(&beside, after);
    if (c->sign && *c->sign)
        kh_buf_printf(&beside, " %s", c->sign);
    if (note)
        kh_buf_printf(&beside, " (%zu)", note);
    put_literal(&f, kh_buf_cstr(&beside), beside.len);
    bool fits = f.len < room;
    snprintf(out, room, "%s", kh_buf_cstr(&f));
    kh_buf_free(&f);
    kh_buf_free(&beside);
    return fits;
}

bool kh_xlsx_exact(const char *canonical)
{
    size_t digits = 0, zeros = 0;
    bool leading = true, fraction = false;
    for (const char *p = canonical; *p; p++) {
        if (*p == '.') {
            fraction = true;
            continue;
        }
        if (*p == '-' || (leading && *p == '0'))
            continue;
        leading = false;
        if (*p == '0') { /* counts once a digit follows */
            zeros++;
            continue;
        }
        digits += zeros + 1;
        zeros = 0;
    }
    (void)fraction;
    return digits <= 15;
}

static void put_text(sheet *s, lxw_row_t r, size_t col, const kh_dcell *c, kh_xstyle *style)
{
    kh_buf text = KH_BUF_INIT;
    cell_text(s, c, col, &text);
    kh_xlsx_put(s->x, s->ws, r, (lxw_col_t)col, kh_buf_cstr(&text), kh_xlsx_format(s->x, style));
    kh_buf_free(&text);
}

typedef struct sum { bool there; kh_dec value; } sum;

/* Adds the rows from `from` up to `to` that are not totals; false if one is missing, not exact, or the sum overflows. */
static bool add_rows(const kh_dtable *t, size_t col, size_t from, size_t to, sum *out)
{
    kh_dec all = {0, 0};
    size_t n = 0;
    for (size_t r = from; r < to; r++) {
        const kh_dcell *c = &t->body[r * t->n_cols + col];
        kh_dec one, a, b;
        if (c->type != KH_D_NUMBER)
            continue; /* an empty cell or a text adds nothing, here as in SUM */
        if (t->is_total[r] || c->text || !kh_xlsx_exact(c->number) || !kh_dec_parse(c->number, strlen(c->number), &one))
            return false;
        uint8_t scale = one.scale > all.scale ? one.scale : all.scale;
        if (!kh_dec_rescale(one, scale, &a) || !kh_dec_rescale(all, scale, &b) || __builtin_add_overflow(a.m, b.m, &all.m))
            return false;
        all.scale = scale;
        n++;
    }
    *out = (sum){n > 1, all};
    return n > 1;
}

/* The rows a total may be of: those down to the next total, those up to the last one, or all. */
static bool sum_range(const kh_dtable *t, size_t row, size_t col, size_t *from, size_t *to)
{
    const kh_dcell *c = &t->body[row * t->n_cols + col];
    kh_dec total;
    if (!t->cols[col].live_total || !kh_dec_parse(c->number, strlen(c->number), &total))
        return false;
    size_t before = row, after = row + 1;
    while (before > 0 && !t->is_total[before - 1])
        before--;
    while (after < t->n_rows && !t->is_total[after])
        after++;
    const size_t ranges[][2] = {{before, row}, {row + 1, after}};
    for (size_t i = 0; i < 2; i++) {
        sum s;
        if (ranges[i][0] < ranges[i][1] && add_rows(t, col, ranges[i][0], ranges[i][1], &s) && kh_dec_cmp(s.value, total) == 0) {
            *from = ranges[i][0];
            *to = ranges[i][1];
            return true;
        }
    }
    return false;
}

/* What is computed, as a mean, has digits without end: it is a number as well, if those that are shown are kept. */
static bool kept(const kh_dcell *c)
{
    const char *whole = c->number + (c->number[0] == '-');
    return kh_xlsx_exact(c->number) || (c->decimals >= 0 && strchr(whole, '.') && strcspn(whole, ".") + (size_t)c->decimals <= 15);
}

static void put_number(sheet *s, lxw_row_t r, size_t row, size_t col, const kh_dcell *c, kh_xstyle *style)
{
    size_t from, to;
    if (!kept(c) || !number_format(s, c, col, style->number, sizeof style->number)) {
        style->number[0] = '\0';
        s->inexact = s->inexact || !kept(c);
        put_text(s, r, col, c, style);
        return;
    }
    lxw_format *f = kh_xlsx_format(s->x, style);
    double v = strtod(c->number, NULL);
    if (row < s->v->t->n_rows && s->v->t->is_total[row] && sum_range(s->v->t, row, col, &from, &to)) {
        char a[LXW_MAX_CELL_NAME_LENGTH], b[LXW_MAX_CELL_NAME_LENGTH], formula[64];
        lxw_rowcol_to_cell(a, s->body + (lxw_row_t)from, (lxw_col_t)col);
        lxw_rowcol_to_cell(b, s->body + (lxw_row_t)to - 1, (lxw_col_t)col);
        snprintf(formula, sizeof formula, "=SUM(%s:%s)", a, b);
        kh_xlsx_check(s->x, worksheet_write_formula_num(s->ws, r, (lxw_col_t)col, formula, f, v));
        return;
    }
    kh_xlsx_check(s->x, worksheet_write_number(s->ws, r, (lxw_col_t)col, v, f));
}

static void put_cell(sheet *s, const kh_dcell *c, lxw_row_t r, size_t row, size_t col, kh_xlook look)
{
    kh_xstyle style = {.look = look, .align = kh_view_align(s->v, c, col), .tone = c->tone, .tinted = s->v->t->tinted, .bold = c->bold};
    if (kh_cell_width(c) > 1 || kh_cell_height(c) > 1) {
        lxw_row_t r2 = r + (lxw_row_t)kh_cell_height(c) - 1;
        kh_xlsx_check(s->x, worksheet_merge_range(s->ws, r, (lxw_col_t)col, r2, (lxw_col_t)(col + kh_cell_width(c) - 1), "", kh_xlsx_format(s->x, &style)));
    }
    if (c->type == KH_D_NUMBER)
        put_number(s, r, row, col, c, &style);
    else
        put_text(s, r, col, c, &style);
}

/* ---- rows ------------------------------------------------------------------ */

double kh_xlsx_lines(const char *text, double width)
{
    double lines = 0;
    for (const char *p = text;; p++) {
        size_t n = strcspn(p, "\n");
        lines += fmax(1, ceil((double)kh_text_width(p, n) * 1.12 / fmax(width - 1, 1)));
        p += n;
        if (!*p)
            return lines;
    }
}

static void put_head(sheet *s)
{
    const kh_grid *g = &s->v->head;
    for (size_t r = 0; r < g->rows; r++) {
        double high = 1;
        for (size_t i = 0; i < g->cols; i++) {
            const kh_dcell *c = &g->cells[r * g->cols + i];
            if (c->covered)
                continue;
            put_cell(s, c, s->head + (lxw_row_t)r, SIZE_MAX, i, KH_X_HEAD);
            double width = 0;
            for (size_t k = 0; k < kh_cell_width(c); k++)
                width += s->width[i + k];
            kh_buf text = KH_BUF_INIT;
            cell_text(s, c, i, &text);
            high = fmax(high, ceil(kh_xlsx_lines(kh_buf_cstr(&text), width) / (double)kh_cell_height(c)));
            kh_buf_free(&text);
        }
        kh_xlsx_check(s->x, worksheet_set_row(s->ws, s->head + (lxw_row_t)r, 4 + 15.75 * high, NULL));
    }
    if (!s->v->t->signs)
        return;
    for (size_t i = 0; i < g->cols; i++)
        kh_xlsx_put(s->x, s->ws, s->body - 1, (lxw_col_t)i, s->v->t->signs[i] ? s->v->t->signs[i] : "", kh_xlsx_look(s->x, KH_X_SIGNS, KH_ALIGN_CENTER));
}

/* Only Excel makes rows as high as their wrapped text by itself. */
static void fit_row(sheet *s, size_t row)
{
    const kh_dtable *t = s->v->t;
    double high = 1;
    for (size_t i = 0; i < t->n_cols; i++) {
        const kh_dcell *c = &t->body[row * t->n_cols + i];
        if (c->covered || c->type == KH_D_NUMBER || kh_cell_height(c) > 1)
            continue;
        double width = 0;
        for (size_t k = 0; k < kh_cell_width(c); k++)
            width += s->width[i + k];
        kh_buf text = KH_BUF_INIT;
        cell_text(s, c, i, &text);
        high = fmax(high, kh_xlsx_lines(kh_buf_cstr(&text), width * 1.15)); /* running text is narrower than the digits that columns are measured in */
        kh_buf_free(&text);
    }
    if (high > 1)
        kh_xlsx_check(s->x, worksheet_set_row(s->ws, s->body + (lxw_row_t)row, 2 + 15.75 * fmin(high, 25), NULL));
}

/* Names of rows stay in sight: up to the first column that is not of numbers, among the first three. */
static lxw_col_t frozen_cols(const kh_view *v)
{
    for (size_t i = 0; i < v->t->n_cols && i < 3; i++) {
        if (!v->numeric[i])
            return i + 1 < v->t->n_cols ? (lxw_col_t)(i + 1) : 0;
    }
    return 0;
}

static void put_notes(sheet *s, lxw_row_t r)
{
    const kh_dtable *t = s->v->t;
    lxw_format *f = kh_xlsx_look(s->x, KH_X_NOTE, KH_ALIGN_LEFT);
    double width = all_widths(s);
    for (size_t i = 0; i < t->n_notes; i++)
        kh_xlsx_across(s->x, s->ws, r++, last_col(s), width, t->notes[i], f, 15);
    for (size_t i = 0; i < s->v->n_notes; i++) {
        kh_buf note = KH_BUF_INIT;
        kh_buf_printf(&note, "(%zu) %s", i + 1, s->v->notes[i]);
        kh_xlsx_across(s->x, s->ws, r++, last_col(s), width, kh_buf_cstr(&note), f, 15);
        kh_buf_free(&note);
    }
    if (s->inexact)
        kh_xlsx_across(s->x, s->ws, r, last_col(s), width, kh_word_in(s->x->lang, KH_W_EXACT_TEXT), f, 15);
}

/* "Biểu 1. Xếp quân nhân" -> "Biểu 1" */
static void sheet_name(const kh_xlsx *x, const kh_dtable *t, kh_buf *out)
{
    size_t n = t->title ? strcspn(t->title, ".:\n") : 0;
    if (n > 0 && n <= 28)
        kh_buf_add(out, t->title, n);
    else
        kh_buf_printf(out, "%s %zu", kh_word_in(x->lang, KH_W_SHEET_TABLE), x->n_tables);
}

lxw_worksheet *kh_xlsx_table(kh_xlsx *x, const kh_dtable *t, lxw_row_t *body)
{
    x->n_tables++;
    if (t->n_rows > LXW_ROW_MAX - 100 || t->n_cols > LXW_COL_MAX) {
        if (x->rc == KH_OK)
            x->rc = kh_fail(x->err, KH_EUSAGE, _("the table '%s' has %zu rows and %zu columns; a sheet holds %d rows and %d columns: write it as csv"),
                            t->title ? t->title : "", t->n_rows, t->n_cols, LXW_ROW_MAX - 100, LXW_COL_MAX);
        return NULL;
    }
    kh_view v;
    kh_buf name = KH_BUF_INIT;
    kh_view_init(&v, t);
    sheet_name(x, t, &name);
    sheet s = {.x = x, .v = &v, .width = kh_zalloc(t->n_cols, sizeof(double))};
    measure(&s);
    s.ws = kh_xlsx_sheet(x, kh_buf_cstr(&name), t->landscape || t->n_cols > 7 || all_widths(&s) > 95);
    for (size_t i = 0; i < t->n_cols; i++)
        kh_xlsx_check(x, worksheet_set_column(s.ws, (lxw_col_t)i, (lxw_col_t)i, s.width[i], NULL));
    lxw_row_t r = 0;
    if (x->doc->notice && *x->doc->notice)
        kh_xlsx_across(x, s.ws, r++, last_col(&s), all_widths(&s), x->doc->notice, kh_xlsx_look(x, KH_X_NOTICE, KH_ALIGN_LEFT), 16);
    if (t->title && *t->title)
        kh_xlsx_across(x, s.ws, r++, last_col(&s), all_widths(&s), t->title, kh_xlsx_look(x, KH_X_TITLE, KH_ALIGN_CENTER), 19);
    if (t->unit_line && *t->unit_line)
        kh_xlsx_across(x, s.ws, r++, last_col(&s), all_widths(&s), t->unit_line, kh_xlsx_look(x, KH_X_UNIT, KH_ALIGN_RIGHT), 16);
    s.head = r;
    s.body = r + (lxw_row_t)v.head.rows + (t->signs ? 1 : 0);
    put_head(&s);
    for (size_t row = 0; row < t->n_rows; row++) {
        for (size_t i = 0; i < t->n_cols; i++) {
            const kh_dcell *c = &t->body[row * t->n_cols + i];
            if (!c->covered)
                put_cell(&s, c, s.body + (lxw_row_t)row, row, i, t->is_total[row] ? KH_X_TOTAL : KH_X_BODY);
        }
        fit_row(&s, row);
    }
    worksheet_freeze_panes(s.ws, s.body, frozen_cols(&v));
    if (s.body > s.head)
        kh_xlsx_check(x, worksheet_repeat_rows(s.ws, s.head, s.body - 1));
    put_notes(&s, s.body + (lxw_row_t)t->n_rows + 1);
    kh_free(s.width);
    kh_buf_free(&name);
    kh_view_free(&v);
    if (body)
        *body = s.body;
    return s.ws;
}

/* SPDX-License-Identifier: MIT */
/*
 * Frames as text. On a terminal: widths by display columns, numbers right and
 * as people write them, a mark beside each judged figure (explained below the
 * table where one is used). As CSV: canonical numbers, units by code, texts
 * that a spreadsheet would run as a formula made harmless. As JSON: an array
 * of objects, the exact digits, and beside a figure that has them its status,
 * the reason why it is missing, and its coverage where that is not whole.
 */
#include "base/json.h"
#include "base/text.h"
#include "calc/frame_inside.h"
#include "calc/trace.h"

#include <ctype.h>
#include <stdio.h>
#include <math.h>
#include <string.h>

/* ---- terminal ---- */

typedef struct mark { const char *sign, *text, *colour; } mark;

static mark mark_of(uint8_t status)
{
    switch (status) {
    case KH_ST_MET:
        return (mark){"✓", N_("target met"), "\033[32m"};
    case KH_ST_NOT_MET:
        return (mark){"✗", N_("target not met"), "\033[31m"};
    case KH_ST_NOT_DUE:
        return (mark){"○", N_("target not yet due"), "\033[33m"};
    case KH_ST_PARTIAL:
        return (mark){"~", N_("not all units have reported"), "\033[33m"};
    case KH_ST_NO_DATA:
        return (mark){"", NULL, ""};
    default:
        return (mark){NULL, NULL, ""};
    }
}

static bool right_aligned(const kh_frame *f, size_t column)
{
    for (size_t r = 0; r < f->n; r++) {
        kh_cell_type t = f->columns[column].cells[r].type;
        if (t == KH_C_INT || t == KH_C_NUM)
            return true;
        if (t != KH_C_MISSING)
            return false;
    }
    return false;
}

static void cell_text(const kh_frame *f, const kh_frame_column *col, const kh_cell *c, kh_lang lang, bool marks, kh_buf *out)
{
    char title[256];
    kh_buf label = KH_BUF_INIT;
    if (c->type == KH_C_MISSING)
        kh_buf_str(out, c->missing ? "…" : "");
    else if (c->type == KH_C_UNIT) {
        kh_units_title(f->catalog->units, (kh_unit)c->i, lang, title, sizeof title);
        kh_buf_str(out, title);
    } else {
        if (c->type == KH_C_NUM && !c->text && col->decimals >= 0 && isfinite(c->num)) /* a script's own number, with the decimals it asked for */
            kh_buf_printf(&label, "%.*f", col->decimals, c->num);
        else
            kh_c_cell_label(f, c, &label);
        if ((c->type == KH_C_INT || c->type == KH_C_NUM) && !col->as_is)
            kh_c_number_for_people(kh_buf_cstr(&label), lang, out);
        else {
            char *visible = kh_text_visible(kh_buf_cstr(&label), label.len, false);
            kh_buf_str(out, visible);
            kh_free(visible);
        }
    }
    if (marks) {
        mark m = mark_of(c->status);
        kh_buf_printf(out, " %s", m.sign && *m.sign ? m.sign : " ");
    }
    kh_buf_free(&label);
}

static bool has_marks(const kh_frame *f, size_t column)
{
    for (size_t r = 0; r < f->n; r++) {
        mark m = mark_of(f->columns[column].cells[r].status);
        if (m.sign && *m.sign)
            return true;
    }
    return false;
}

/* Nothing that cannot be seen stands at the end of a line. */
static void end_line(kh_buf *out)
{
    while (out->len && out->data[out->len - 1] == ' ')
        out->len--;
    kh_buf_char(out, '\n');
}

static void pad(kh_buf *out, size_t n)
{
    while (n--)
        kh_buf_char(out, ' ');
}

static void put_field(kh_buf *out, const char *text, size_t len, size_t width, bool right, bool last)
{
    size_t w = kh_text_width(text, len), room = width > w ? width - w : 0;
    if (right)
        pad(out, room);
    kh_buf_add(out, text, len);
    if (!right && !last)
        pad(out, room);
    kh_buf_str(out, last ? "" : "  ");
}

static const char *heading(const kh_frame_column *c)
{
    return c->title && *c->title ? c->title : c->name;
}

/* Long titles would make columns of numbers very wide: those are headed by their name. */
static const char *short_heading(const kh_frame_column *c)
{
    const char *h = heading(c);
    return kh_text_width(h, strlen(h)) > 24 ? c->name : h;
}

static void print_legend(const kh_frame *f, kh_buf *out)
{
    bool used[KH_ST_PARTIAL + 1] = {false};
    for (size_t i = 0; i < f->n_columns; i++)
        for (size_t r = 0; r < f->n; r++)
            if (f->columns[i].cells[r].status <= KH_ST_PARTIAL)
                used[f->columns[i].cells[r].status] = true;
    const char *between = "";
    for (size_t s = 0; s < sizeof used / sizeof *used; s++) {
        mark m = mark_of((uint8_t)s);
        if (used[s] && m.sign && *m.sign) {
            kh_buf_printf(out, "%s%s %s", between, m.sign, kh_tr(m.text));
            between = "   ";
        }
    }
    if (*between)
        kh_buf_char(out, '\n');
}

void kh_frame_print(const kh_frame *f, kh_lang lang, bool colour, kh_buf *out)
{
    size_t n = f->n_columns;
    size_t *width = kh_zalloc(n + 1, sizeof *width);
    bool *right = kh_zalloc(n + 1, sizeof *right), *marks = kh_zalloc(n + 1, sizeof *marks);
    kh_buf text = KH_BUF_INIT;
    for (size_t i = 0; i < n; i++) {
        right[i] = right_aligned(f, i);
        marks[i] = has_marks(f, i);
        width[i] = kh_text_width(short_heading(&f->columns[i]), strlen(short_heading(&f->columns[i])));
        for (size_t r = 0; r < f->n; r++) {
            kh_buf_clear(&text);
            cell_text(f, &f->columns[i], &f->columns[i].cells[r], lang, marks[i], &text);
            size_t w = kh_text_width(kh_buf_cstr(&text), text.len);
            width[i] = w > width[i] ? w : width[i];
        }
    }
    for (size_t i = 0; i < n; i++)
        put_field(out, short_heading(&f->columns[i]), strlen(short_heading(&f->columns[i])), width[i], right[i], i + 1 == n);
    end_line(out);
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < width[i]; j++)
            kh_buf_str(out, "─");
        kh_buf_str(out, i + 1 == n ? "\n" : "  ");
    }
    for (size_t r = 0; r < f->n; r++) {
        for (size_t i = 0; i < n; i++) {
            const kh_cell *c = &f->columns[i].cells[r];
            mark m = mark_of(c->status);
            bool coloured = colour && m.sign && *m.colour;
            kh_buf_clear(&text);
            cell_text(f, &f->columns[i], c, lang, marks[i], &text);
            kh_buf_str(out, coloured ? m.colour : "");
            put_field(out, kh_buf_cstr(&text), text.len, width[i], right[i], i + 1 == n);
            kh_buf_str(out, coloured ? "\033[0m" : "");
        }
        end_line(out);
    }
    print_legend(f, out);
    kh_buf_free(&text);
    kh_free(width);
    kh_free(right);
    kh_free(marks);
}

/* ---- CSV ---- */

/* A spreadsheet runs text that begins so as a formula. */
static bool runs_as_formula(const char *s)
{
    return *s && strchr("=+-@\t\r", *s) != NULL;
}

void kh_c_csv_text(kh_buf *out, const char *s, char delimiter)
{
    size_t n = 0;
    while (isalnum((unsigned char)s[n]))
        n++;
    if (!s[n]) { /* most: a code */
        kh_buf_add(out, s, n);
        return;
    }
    bool danger = runs_as_formula(s), quote = danger || strpbrk(s, "\"\r\n") || strchr(s, delimiter) || s[0] == ' ' || (*s && s[strlen(s) - 1] == ' ');
    if (quote)
        kh_buf_char(out, '"');
    if (danger)
        kh_buf_char(out, '\'');
    for (; *s; s++) {
        if (*s == '"')
            kh_buf_char(out, '"');
        kh_buf_char(out, *s);
    }
    if (quote)
        kh_buf_char(out, '"');
}

static void csv_cell(const kh_frame *f, const kh_cell *c, bool excel, kh_buf *out)
{
    kh_buf label = KH_BUF_INIT;
    kh_c_cell_label(f, c, &label);
    if (c->type == KH_C_INT || c->type == KH_C_NUM) {
        for (const char *s = kh_buf_cstr(&label); *s; s++)
            kh_buf_char(out, excel && *s == '.' ? ',' : *s);
    } else
        kh_c_csv_text(out, kh_buf_cstr(&label), excel ? ';' : ',');
    kh_buf_free(&label);
}

void kh_frame_csv(const kh_frame *f, bool excel, kh_buf *out)
{
    const char delimiter = excel ? ';' : ',';
    if (excel)
        kh_buf_str(out, "\xEF\xBB\xBF");
    for (size_t i = 0; i < f->n_columns; i++) {
        if (i)
            kh_buf_char(out, delimiter);
        kh_c_csv_text(out, f->columns[i].name, delimiter);
    }
    kh_buf_str(out, "\r\n");
    kh_frame_csv_rows(f, excel, out);
}

void kh_frame_csv_rows(const kh_frame *f, bool excel, kh_buf *out)
{
    const char delimiter = excel ? ';' : ',';
    for (size_t r = 0; r < f->n; r++) {
        for (size_t i = 0; i < f->n_columns; i++) {
            if (i)
                kh_buf_char(out, delimiter);
            csv_cell(f, &f->columns[i].cells[r], excel, out);
        }
        kh_buf_str(out, "\r\n");
    }
}

/* ---- JSON ---- */

static void json_beside(kh_json *j, const char *name, const char *what, const char *text)
{
    char *key = kh_asprintf("%s_%s", name, what);
    kh_json_key(j, key);
    kh_json_str(j, text);
    kh_free(key);
}

static void json_count(kh_json *j, const char *name, const char *what, uint32_t n)
{
    char *key = kh_asprintf("%s_%s", name, what);
    kh_json_key(j, key);
    kh_json_int(j, n);
    kh_free(key);
}

static void json_cell(const kh_frame *f, size_t column, size_t row, kh_json *j)
{
    const kh_frame_column *col = &f->columns[column];
    const kh_cell *c = &col->cells[row];
    kh_buf label = KH_BUF_INIT;
    kh_json_key(j, col->name);
    kh_c_cell_label(f, c, &label);
    if (c->type == KH_C_MISSING)
        kh_json_null(j);
    else if (c->type == KH_C_INT || c->type == KH_C_NUM)
        kh_json_raw(j, kh_buf_cstr(&label));
    else
        kh_json_strn(j, kh_buf_cstr(&label), label.len);
    if (c->type == KH_C_MISSING && c->missing)
        json_beside(j, col->name, "missing", kh_missing_name((kh_missing)c->missing));
    if (c->status != KH_ST_NONE)
        json_beside(j, col->name, "status", kh_status_name((kh_status)c->status));
    if (c->reported < c->expected) {
        json_count(j, col->name, "reported", c->reported);
        json_count(j, col->name, "expected", c->expected);
    }
    kh_buf_free(&label);
}

void kh_frame_json(const kh_frame *f, kh_buf *out)
{
    kh_json j = KH_JSON(out);
    kh_json_begin(&j, '[');
    for (size_t r = 0; r < f->n; r++) {
        kh_json_begin(&j, '{');
        for (size_t i = 0; i < f->n_columns; i++)
            json_cell(f, i, r, &j);
        kh_json_end(&j, '}');
    }
    kh_json_end(&j, ']');
}

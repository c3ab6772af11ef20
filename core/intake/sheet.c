/* SPDX-License-Identifier: MIT */
/*
 * One sheet as lines for rows.c: row 7 of the sheet is line 7, what is in column
 * C is the third cell. What a cell holds is taken as the sheet shows it: a number
 * to the 15 digits that a spreadsheet keeps, a percentage with its sign, a day as
 * dd/mm/yyyy, an error as its word, a formula by the result it was saved with.
 * Formats that hide digits ("0.0") hide nothing here.
 */
#include "intake/book.h"
#include "intake/stages.h"

#include "base/msg.h"
#include "base/text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_MOST = 256 << 20, ROWS_MOST = 1 << 20, COLUMNS_MOST = 1 << 14 };

typedef enum cell_type { CELL_NUMBER, CELL_SHARED, CELL_TEXT, CELL_BOOLEAN, CELL_WORD /* an error */ } cell_type;
typedef struct sheet {
    kh_book *b;
    kh_buf *out;
    size_t row, column;         /* of the cell being read, from 1 */
    size_t line, cells;         /* being written: its number from 1, how many cells it has by now */
    cell_type type;
    kh_book_style style;
    bool in_value, in_text, in_formula, phonetic, has_value;
    kh_buf value, formula;
    bool broken;                /* rows or cells out of order, or too many */
} sheet;

/* ---- numbers ---- */

/* Digits and exponent of `d` at 15 digits, as plain decimals: "0.000123", "-1540.5". */
static void plain(double d, kh_buf *out)
{
    char text[40], digits[20];
    size_t n = 0;
    snprintf(text, sizeof text, "%.14e", d); /* -d.dddddddddddddde-05 */
    const char *s = text + (text[0] == '-');
    int exponent = (int)strtol(strchr(s, 'e') + 1, NULL, 10);
    for (; *s != 'e'; s++)
        if (*s != '.')
            digits[n++] = *s;
    while (n > 1 && digits[n - 1] == '0')
        n--;
    if (text[0] == '-')
        kh_buf_char(out, '-');
    if (exponent < 0)
        kh_buf_str(out, "0.");
    for (int i = exponent + 1; i < 0; i++)
        kh_buf_char(out, '0');
    for (int i = 0; i < (int)n || i <= exponent; i++) {
        if (i > 0 && i == exponent + 1)
            kh_buf_char(out, '.');
        kh_buf_char(out, i < (int)n ? digits[i] : '0');
    }
}

static void put_number(double d, const char *sign, kh_buf *out)
{
    if (!isfinite(d) || fabs(d) >= 1e15) { /* beyond what a spreadsheet holds exactly: as text, so that it is refused for what it is */
        kh_buf_printf(out, "%.14E", d);
        return;
    }
    kh_buf_char(out, KH_SHEET_NUMBER);
    plain(d == 0 ? 0 : d, out);
    kh_buf_str(out, sign);
}

/* The workbook's number of a day; what is left of it is the hour. */
static void put_day(const kh_book *b, double d, kh_buf *out)
{
    double whole = floor(d);
    char iso[KH_DAY_TEXT];
    if (!(d >= 0) || d > 2958465) {
        put_number(d, "", out);
        return;
    }
    /* Excel has a 29 February 1900, which never was: days before it are one further. */
    kh_day base = b->from_1904 ? kh_day_make(1904, 1, 1) : kh_day_make(1900, 1, 1) - (whole < 60 ? 1 : 2);
    kh_day_format(base + (kh_day)whole, iso);
    kh_buf_printf(out, "%.2s/%.2s/%.4s", iso + 8, iso + 5, iso);
    int minutes = (int)((d - whole) * 1440 + 0.5);
    if (minutes)
        kh_buf_printf(out, " %02d:%02d", minutes / 60, minutes % 60);
}

/* ---- texts ---- */

/* _x000D_ and the like stand for control letters in a workbook; of those only line ends are text. */
static size_t escape_at(const char *s, const char *end, uint32_t *cp)
{
    char *stop;
    if (end - s < 7 || s[0] != '_' || s[1] != 'x' || s[6] != '_')
        return 0;
    *cp = (uint32_t)strtoul(s + 2, &stop, 16);
    return stop == s + 6 ? 7 : 0;
}

static void put_text(const char *s, size_t n, kh_buf *out)
{
    bool quoted = memchr(s, '"', n) || memchr(s, '\n', n);
    uint32_t cp;
    size_t k;
    if (quoted)
        kh_buf_char(out, '"');
    for (const char *end = s + n; s < end;) {
        if (*s == '_' && (k = escape_at(s, end, &cp)) != 0) {
            char bytes[4];
            if (cp >= ' ')
                kh_buf_add(out, bytes, kh_utf8_put(cp, bytes));
            s += k;
            continue;
        }
        if (*s == '"')
            kh_buf_char(out, '"');
        kh_buf_char(out, *s++);
    }
    if (quoted)
        kh_buf_char(out, '"');
}

/* ---- cells ---- */

static void put_content(sheet *w, kh_buf *out)
{
    const char *s = kh_buf_cstr(&w->value);
    size_t n = w->value.len, i;
    char *stop;
    switch (w->type) {
    case CELL_SHARED:
        i = strtoul(s, NULL, 10);
        if (i < w->b->n_strings)
            put_text(w->b->strings[i], strlen(w->b->strings[i]), out);
        break;
    case CELL_BOOLEAN: kh_buf_str(out, *s == '1' ? "TRUE" : "FALSE"); break;
    case CELL_NUMBER: {
        double d = strtod(s, &stop);
        if (stop == s || *stop)
            put_text(s, n, out);
        else if (w->style == KH_BOOK_DATE)
            put_day(w->b, d, out);
        else
            put_number(w->style == KH_BOOK_PERCENT ? d * 100 : d, w->style == KH_BOOK_PERCENT ? "%" : "", out);
        break;
    }
    default: put_text(s, n, out);
    }
}

/* Lines and delimiters up to the cell's place, then the cell; cells that hold nothing leave no trace. */
static void put_cell(sheet *w)
{
    kh_buf content = KH_BUF_INIT;
    size_t before = w->out->len;
    w->broken |= w->row < w->line || w->row > ROWS_MOST || w->column > COLUMNS_MOST || w->b->text > TEXT_MOST || (w->row == w->line && w->column <= w->cells);
    w->b->excess |= w->broken; /* many cells may share one long text: no further one is made */
    if (w->broken)
        return;
    if (w->has_value)
        put_content(w, &content);
    else if (w->formula.len) { /* never computed */
        kh_buf_char(&w->value, '=');
        kh_buf_add(&w->value, w->formula.data, w->formula.len);
        put_text(w->value.data, w->value.len, &content);
    }
    if (content.len) {
        for (; w->line < w->row; w->line++, w->cells = 0)
            kh_buf_char(w->out, '\n');
        for (w->cells += w->cells == 0; w->cells < w->column; w->cells++)
            kh_buf_char(w->out, KH_SHEET_DELIMITER);
        kh_buf_add(w->out, content.data, content.len);
    }
    w->b->text += w->out->len - before;
    kh_buf_free(&content);
}

/* "C5" -> 3; 0: no place is given. */
static size_t column_of(const char *place)
{
    size_t n = 0;
    for (; place && *place >= 'A' && *place <= 'Z' && n <= COLUMNS_MOST; place++)
        n = n * 26 + (size_t)(*place - 'A' + 1);
    return n;
}

static cell_type type_of(const char *t)
{
    if (!t || strcmp(t, "n") == 0)
        return CELL_NUMBER;
    return strcmp(t, "s") == 0 ? CELL_SHARED : strcmp(t, "b") == 0 ? CELL_BOOLEAN : strcmp(t, "e") == 0 ? CELL_WORD : CELL_TEXT;
}

static void begin_cell(sheet *w, const char **attributes)
{
    const char *style = kh_book_attribute(attributes, "s");
    size_t column = column_of(kh_book_attribute(attributes, "r")), i = style ? strtoul(style, NULL, 10) : 0;
    w->column = column ? column : w->column + 1;
    w->type = type_of(kh_book_attribute(attributes, "t"));
    w->style = i < w->b->n_styles ? (kh_book_style)w->b->styles[i] : KH_BOOK_PLAIN;
    w->has_value = w->phonetic = false;
    kh_buf_clear(&w->value);
    kh_buf_clear(&w->formula);
}

static void on_start(void *ctx, const char *name, const char **attributes)
{
    sheet *w = ctx;
    if (strcmp(name, "row") == 0) {
        const char *r = kh_book_attribute(attributes, "r");
        w->row = r ? strtoul(r, NULL, 10) : w->row + 1;
        w->column = 0;
    } else if (strcmp(name, "c") == 0)
        begin_cell(w, attributes);
    else if (strcmp(name, "v") == 0)
        w->in_value = true;
    else if (strcmp(name, "t") == 0)
        w->in_text = !w->phonetic;
    else if (strcmp(name, "f") == 0)
        w->in_formula = true;
    else if (strcmp(name, "rPh") == 0)
        w->phonetic = true;
}

static void on_end(void *ctx, const char *name)
{
    sheet *w = ctx;
    w->in_value = w->in_text = w->in_formula = false;
    if (strcmp(name, "rPh") == 0)
        w->phonetic = false;
    else if (strcmp(name, "c") == 0)
        put_cell(w);
}

static void on_text(void *ctx, const char *s, size_t n)
{
    sheet *w = ctx;
    if (w->in_formula)
        kh_buf_add(&w->formula, s, n);
    else if (w->in_value || w->in_text) {
        kh_buf_add(&w->value, s, n);
        w->has_value = true;
    }
}

int kh_book_text(kh_book *b, size_t i, kh_buf *out, kh_error *err)
{
    sheet w = {.b = b, .out = out, .line = 1};
    const char *entry = b->sheets[i].entry;
    int rc = entry ? kh_book_parse(b, entry, false, &(kh_book_handlers){on_start, on_end, on_text, &w}, err)
                   : kh_fail(err, KH_EFAULTS, "its sheet \"%s\" is missing", b->sheets[i].name);
    if (w.broken) {
        b->excess = false;
        kh_error_clear(err);
        rc = kh_fail(err, KH_EFAULTS, "its sheet \"%s\" is not as a sheet must be, or too large", b->sheets[i].name);
    }
    if (out->len)
        kh_buf_char(out, '\n');
    kh_buf_free(&w.value);
    kh_buf_free(&w.formula);
    return rc;
}

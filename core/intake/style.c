/* SPDX-License-Identifier: MIT */
/*
 * How a column writes numbers. 1.540 may be 1540 or 1.54, and a cell alone
 * cannot say; 12,5 or 1.234.567 elsewhere in the column can. When the first such
 * cell comes in a column that has shown nothing yet, the file is read ahead until
 * the column shows it, or to its end; then the other columns of the file decide.
 * So nothing is ever decided by one cell, no cell has to wait in memory, and the
 * usual file is read ahead by a few lines.
 *
 * A whole number's 1.540 can only be grouped (as a decimal it were no whole
 * number), and so tells how its sender groups.
 */
#include "intake/work.h"

#include <string.h>

typedef struct seen { bool point, comma, other; bool group_dot, group_comma; uint32_t line; } seen;

typedef struct ahead {
    kh_decode decode;
    kh_source *source;
    kh_reader *rows;
} ahead;

static int pull_ahead(void *ctx, kh_buf *out, kh_error *err)
{
    return kh_decode_pull(ctx, out, err);
}

/* Does this column hold numbers that can be evidence? Without declarations (a script reads), any but a serial number. */
static bool may_tell(const kh_work *w, uint32_t j)
{
    const kh_file_column *c = &w->columns[j];
    if (c->style.declared)
        return false;
    if (c->as == KH_AS_MEASURE)
        return kh_type_is_number(c->m->type);
    return c->as == KH_AS_VALUE || c->as == KH_AS_KEY || (!c->def && !w->form->n_columns);
}

/* In a whole number without a factor, three digits behind one mark are a group, unless they are zeros: then it may be a decimal. */
static void look_at(const kh_work *w, uint32_t j, const kh_cell *cell, seen *e)
{
    const char *s = cell->s;
    size_t n = cell->n;
    kh_num num;
    const kh_file_column *c = &w->columns[j];
    kh_trim(&s, &n);
    if (cell->number || kh_blank_kind(s, n) != KH_BLANK_NOT)
        return;
    bool whole = c->as == KH_AS_MEASURE && (c->m->type == KH_INTEGER || c->m->type == KH_MONEY) && c->def->factor10 <= 0;
    switch (kh_num_read(s, n, &num)) {
    case KH_NUM_POINT: e->point = true; break;
    case KH_NUM_DECIMAL_COMMA: e->comma = true; break;
    case KH_NUM_DOT: e->group_dot |= whole && num.m % 1000 != 0; return;
    case KH_NUM_COMMA: e->group_comma |= whole && num.m % 1000 != 0; return;
    case KH_NUM_NONE: e->other = true; return;
    default: return;
    }
    if (!e->line)
        e->line = cell->line;
}

static void open_ahead(kh_work *w, ahead *a)
{
    a->source = kh_source_again(w->source);
    kh_decode_init(&a->decode, a->source, w->decode.words, w->decode.ctx);
    if (w->in->form != UINT32_MAX && w->decode.declared) {
        a->decode.declared = a->decode.fonts_known = true;
        a->decode.charset = w->decode.charset;
        a->decode.fonts = w->decode.fonts;
        a->decode.font_charset = w->decode.font_charset;
    }
    a->rows = kh_reader_new(pull_ahead, &a->decode, w->in->delimiter);
}

static void close_ahead(ahead *a)
{
    kh_reader_free(a->rows);
    kh_decode_free(&a->decode);
    kh_source_free(a->source);
}

/* Reads until `column` has shown its mark. False: to the end of the file without that. */
static bool read_ahead(kh_work *w, uint32_t column, seen *all)
{
    ahead a;
    kh_record r;
    kh_error none = KH_ERROR_INIT;
    bool found = false;
    open_ahead(w, &a);
    while (!found && kh_reader_next(a.rows, &r, &none) > 0) {
        if (r.line < w->in->data_line || r.fault)
            continue;
        kh_row_kind kind = kh_read_kind(w, &r);
        if (kind == KH_ROW_NOTE)
            break;
        if (kind != KH_ROW_DATA && kind != KH_ROW_TOTAL)
            continue;
        for (uint32_t j = 0; j < w->n_columns && j < r.n; j++)
            if (may_tell(w, j))
                look_at(w, j, &r.cells[j], &all[j]);
        found = all[column].point || all[column].comma;
    }
    kh_error_clear(&none); /* a file that cannot be read any more fails again in the reading itself */
    close_ahead(&a);
    return found;
}

static void settle(kh_style *s, const seen *e)
{
    if (s->mark != KH_MARK_UNKNOWN || (!e->point && !e->comma))
        return;
    s->mark = e->point && e->comma ? KH_MARK_TORN : e->point ? KH_MARK_POINT : KH_MARK_COMMA;
    s->line = e->line;
}

/* What all columns together say; a column with something in it that is no number (II.1, 1.2.a) says nothing in a script's file. */
static kh_mark file_mark(const kh_work *w, const seen *all)
{
    bool point = false, comma = false;
    for (size_t j = 0; j < w->n_columns; j++) {
        if (w->columns[j].as != KH_AS_MEASURE && w->columns[j].as != KH_AS_VALUE && all[j].other)
            continue;
        point |= all[j].point || all[j].group_comma;
        comma |= all[j].comma || all[j].group_dot;
    }
    return point && comma ? KH_MARK_TORN : point ? KH_MARK_POINT : comma ? KH_MARK_COMMA : KH_MARK_UNKNOWN;
}

void kh_style_seek(kh_work *w, uint32_t column)
{
    seen *all = kh_zalloc(w->n_columns + 1, sizeof *all);
    bool found = read_ahead(w, column, all);
    settle(&w->columns[column].style, &all[column]);
    w->columns[column].style.sought = true;
    if (!found) {
        kh_mark mark = file_mark(w, all);
        for (uint32_t j = 0; j < w->n_columns; j++) {
            kh_style *s = &w->columns[j].style;
            if (s->declared)
                continue;
            settle(s, &all[j]);
            s->sought = true;
            if (s->mark == KH_MARK_UNKNOWN && mark != KH_MARK_TORN)
                s->mark = mark;
            /* Grouped by dots here and by commas there: the column itself cannot be trusted. */
            if (all[j].group_dot && all[j].group_comma)
                s->mark = KH_MARK_TORN;
        }
    }
    kh_free(all);
}

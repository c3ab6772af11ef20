/* SPDX-License-Identifier: MIT */
/* A frame of units x periods turned so that each figure has its own row, its target beside it. */
#include "flow/figures.h"

#include "base/msg.h"
#include "report/format.h"

#include <math.h>
#include <string.h>

const char *kh_status_text(kh_status s)
{
    switch (s) {
    case KH_ST_NONE: return "";
    case KH_ST_MET: return _("met");
    case KH_ST_NOT_MET: return _("not met");
    case KH_ST_NOT_DUE: return _("not yet due");
    case KH_ST_NO_DATA: return _("no data");
    case KH_ST_PARTIAL: return _("partial");
    }
    return "";
}

const kh_target *kh_target_of_cell(const kh_catalog *c, const char *indicator, const kh_cell *cell)
{
    uint32_t i = cell->target ? kh_catalog_find(c, KH_DEF_INDICATOR, indicator) : UINT32_MAX;
    return i != UINT32_MAX ? &c->indicators[i].targets[cell->target - 1] : NULL;
}

static void add_bound(kh_dec d, const kh_limit *by, const char *found, kh_lang lang, kh_buf *out)
{
    char text[KH_DEC_TEXT];
    if (by && !(found && *found)) {
        kh_buf_str(out, "…");
        return;
    }
    if (!by)
        kh_dec_format(d, text);
    kh_format_number(by ? found : text, -1, lang, out);
}

void kh_target_text(const kh_target *t, const char *lo, const char *hi, const char *unit, kh_lang lang, kh_buf *out)
{
    static const char *const signs[] = {"≥ ", "> ", "≤ ", "< ", "", "= "};
    kh_buf_str(out, signs[t->cmp]);
    add_bound(t->lo, t->lo_by, lo, lang, out);
    if (t->cmp == KH_BETWEEN) {
        kh_buf_str(out, "–");
        add_bound(t->hi, t->hi_by, hi, lang, out);
    }
    if (unit && *unit)
        kh_buf_printf(out, " %s", unit);
}

void kh_target_text_of_cell(const kh_target *t, const kh_cell *c, bool exact, const char *unit, kh_lang lang, kh_buf *out)
{
    static const kh_cell_bound none;
    const kh_cell_bound *b = c->bound ? c->bound : &none;
    kh_target_text(t, exact ? b->exact_lo : b->lo, exact ? b->exact_hi : b->hi, unit, lang, out);
}

enum { C_NAME, C_TITLE, C_UNIT, C_PERIOD, C_VALUE, C_IN, C_TARGET, C_STATUS, C_REPORTED, C_EXPECTED, C_MISSING };

static void set_text(kh_frame *f, size_t row, size_t col, const char *text)
{
    kh_cell *c = kh_frame_cell(f, row, col);
    if (!text || !*text)
        return;
    c->type = KH_C_TEXT;
    c->text = kh_arena_strdup(f->arena, text);
}

static void set_int(kh_frame *f, size_t row, size_t col, int64_t v)
{
    kh_cell *c = kh_frame_cell(f, row, col);
    c->type = KH_C_INT;
    c->i = v;
}

typedef struct figure { const kh_frame_column *col; const kh_cell *cell; kh_unit unit; kh_period period; } figure;

static void add_figure(kh_workspace *ws, kh_frame *f, const figure *x, bool people)
{
    const kh_catalog *cat = ws->catalog;
    const kh_target *t = kh_target_of_cell(cat, x->col->name, x->cell);
    size_t row = kh_frame_add_row(f);
    set_text(f, row, C_NAME, x->col->name);
    set_text(f, row, C_TITLE, x->col->title);
    *kh_frame_cell(f, row, C_UNIT) = (kh_cell){.type = KH_C_UNIT, .i = x->unit};
    *kh_frame_cell(f, row, C_PERIOD) = (kh_cell){.type = KH_C_PERIOD, .i = x->period};
    kh_cell *v = kh_frame_cell(f, row, C_VALUE);
    *v = *x->cell;
    v->status = 0;
    v->bound = NULL;
    v->reported = v->expected = 0;
    if (!people)
        v->missing = 0; /* a column of its own says it */
    if (!people && v->type == KH_C_NUM && fabs(v->num) < 9007199254740992.0)
        v->text = NULL; /* the double's own digits, not those shown to people; beyond 2^53 the text has more */
    else if (v->type == KH_C_NUM && v->text)
        v->text = kh_arena_strdup(f->arena, v->text);
    else if (v->type == KH_C_TEXT)
        v->text = kh_arena_strdup(f->arena, v->text);
    set_text(f, row, C_IN, x->col->unit);
    kh_buf b = KH_BUF_INIT;
    if (t)
        kh_target_text_of_cell(t, x->cell, !people, people ? x->col->unit : NULL, people ? kh_msg_lang_now() : KH_LANG_EN, &b);
    set_text(f, row, C_TARGET, kh_buf_cstr(&b));
    set_text(f, row, C_STATUS, people ? kh_status_text(x->cell->status) : kh_status_name(x->cell->status));
    if (people) {
        kh_frame_cell(f, row, C_STATUS)->status = x->cell->status;
        kh_buf_clear(&b);
        if (x->cell->expected)
            kh_buf_printf(&b, "%u/%u", x->cell->reported, x->cell->expected);
        set_text(f, row, C_REPORTED, kh_buf_cstr(&b));
    } else {
        set_int(f, row, C_REPORTED, x->cell->reported);
        set_int(f, row, C_EXPECTED, x->cell->expected);
        set_text(f, row, C_MISSING, x->cell->type == KH_C_MISSING ? kh_missing_name(x->cell->missing) : "");
    }
    kh_buf_free(&b);
}

static bool exists_within(const kh_units *units, kh_unit unit, kh_period p)
{
    const kh_unit_def *d = kh_units_def(units, unit);
    return d->from <= kh_period_last(p) && d->to >= kh_period_first(p);
}

kh_frame *kh_figures(kh_workspace *ws, const kh_frame *wide, bool people)
{
    kh_frame *f = kh_frame_new(ws->catalog);
    kh_frame_add_column(f, "name", _("Code"), NULL, -1);
    kh_frame_add_column(f, "title", _("Title"), NULL, -1);
    kh_frame_add_column(f, "unit", _("Unit"), NULL, -1);
    kh_frame_add_column(f, "period", _("Period"), NULL, -1);
    kh_frame_add_column(f, "value", _("Value"), NULL, -1);
    kh_frame_add_column(f, "measured_in", _("In"), NULL, -1);
    kh_frame_add_column(f, "target", _("Target"), NULL, -1);
    kh_frame_add_column(f, "status", _("Status"), NULL, -1);
    kh_frame_add_column(f, "reported", people ? _("Coverage") : _("Reported"), NULL, -1);
    if (!people) {
        kh_frame_add_column(f, "expected", _("Expected"), NULL, -1);
        kh_frame_add_column(f, "missing", _("Missing because"), NULL, -1);
    }
    size_t unit = kh_frame_find(wide, "unit"), period = kh_frame_find(wide, "period");
    for (size_t c = 0; c < wide->n_columns; c++) {
        if (c == unit || c == period)
            continue;
        for (size_t r = 0; r < wide->n; r++) {
            figure x = {&wide->columns[c], &wide->columns[c].cells[r], (kh_unit)wide->columns[unit].cells[r].i, (kh_period)wide->columns[period].cells[r].i};
            if (x.cell->type == KH_C_MISSING && x.cell->missing == KH_NO_SUCH_UNIT && !exists_within(ws->catalog->units, x.unit, x.period))
                continue; /* not there at that date: no figure at all */
            add_figure(ws, f, &x, people);
        }
    }
    return f;
}

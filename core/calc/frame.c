/* SPDX-License-Identifier: MIT */
/*
 * Frames: tables of columns that own their texts. Rows and columns are added
 * at the end; adding a row is O(columns) and amortised over the growth.
 */
#include "calc/frame_inside.h"

#include "base/msg.h"
#include "calc/answer.h"
#include "calc/ops.h"

#include <math.h>
#include <string.h>

kh_frame *kh_frame_new(kh_catalog *c)
{
    kh_frame *f = kh_zalloc(1, sizeof *f);
    f->arena = kh_arena_new();
    f->catalog = c;
    return f;
}

void kh_frame_free(kh_frame *f)
{
    if (!f)
        return;
    for (size_t i = 0; i < f->n_columns; i++)
        kh_free(f->columns[i].cells);
    kh_free(f->columns);
    kh_arena_free(f->arena);
    kh_free(f);
}

size_t kh_frame_add_column(kh_frame *f, const char *name, const char *title, const char *unit, int decimals)
{
    f->columns = kh_realloc(f->columns, f->n_columns + 1, sizeof *f->columns);
    f->columns[f->n_columns] = (kh_frame_column){
        .name = kh_arena_strdup(f->arena, name), .title = kh_arena_strdup(f->arena, title), .unit = kh_arena_strdup(f->arena, unit), .decimals = decimals, .cells = kh_zalloc(f->cap + 1, sizeof(kh_cell))};
    return f->n_columns++;
}

void kh_c_frame_reserve(kh_frame *f, size_t rows)
{
    if (rows <= f->cap)
        return;
    f->cap = rows;
    for (size_t i = 0; i < f->n_columns; i++)
        f->columns[i].cells = kh_realloc(f->columns[i].cells, f->cap + 1, sizeof(kh_cell));
}

size_t kh_frame_add_row(kh_frame *f)
{
    if (f->n == f->cap)
        kh_c_frame_reserve(f, f->cap ? f->cap * 2 : 16);
    for (size_t i = 0; i < f->n_columns; i++)
        f->columns[i].cells[f->n] = (kh_cell){.type = KH_C_MISSING};
    return f->n++;
}

kh_cell *kh_frame_cell(kh_frame *f, size_t row, size_t column)
{
    return &f->columns[column].cells[row];
}

void kh_frame_set_num(kh_frame *f, size_t row, size_t column, double v)
{
    kh_cell *c = kh_frame_cell(f, row, column);
    int decimals = f->columns[column].decimals;
    *c = (kh_cell){.type = KH_C_MISSING, .missing = KH_NOT_DEFINED};
    if (!isfinite(v))
        return;
    *c = (kh_cell){.type = KH_C_NUM, .num = v};
    if (decimals < 0 || fabs(v) >= WHOLE_MOST) /* beyond, a double has no digits to spare */
        return;
    mpq_t q;
    mpq_init(q);
    mpq_set_d(q, v);
    char *text = kh_c_q_text(q, decimals);
    c->text = kh_arena_strdup(f->arena, text);
    kh_free(text);
    mpq_clear(q);
}

size_t kh_frame_find(const kh_frame *f, const char *name)
{
    for (size_t i = 0; i < f->n_columns; i++)
        if (strcmp(f->columns[i].name, name) == 0)
            return i;
    return SIZE_MAX;
}

int kh_c_frame_need(const kh_frame *f, const char *name, size_t *at, kh_error *err)
{
    *at = kh_frame_find(f, name);
    if (*at != SIZE_MAX)
        return KH_OK;
    kh_buf names = KH_BUF_INIT;
    for (size_t i = 0; i < f->n_columns; i++)
        kh_buf_printf(&names, "%s%s", i ? ", " : "", f->columns[i].name);
    int rc = kh_fail(err, KH_EUSAGE, "the frame has no column \"%s\"; it has %s", name, kh_buf_cstr(&names));
    kh_buf_free(&names);
    return rc;
}

kh_frame *kh_c_frame_like(const kh_frame *f)
{
    kh_frame *g = kh_frame_new(f->catalog);
    for (size_t i = 0; i < f->n_columns; i++) {
        const kh_frame_column *c = &f->columns[i];
        size_t at = kh_frame_add_column(g, c->name, c->title, c->unit, c->decimals);
        g->columns[at].measure_is_sum = c->measure_is_sum;
    }
    return g;
}

void kh_c_frame_copy(kh_frame *to, size_t row, size_t column, const kh_cell *c)
{
    kh_cell *at = kh_frame_cell(to, row, column);
    *at = *c;
    at->text = kh_arena_strdup(to->arena, c->text);
    if (!c->bound)
        return;
    kh_arena *a = to->arena;
    kh_cell_bound *b = kh_arena_alloc(a, sizeof *b);
    *b = (kh_cell_bound){kh_arena_strdup(a, c->bound->lo), kh_arena_strdup(a, c->bound->hi), kh_arena_strdup(a, c->bound->exact_lo), kh_arena_strdup(a, c->bound->exact_hi)};
    at->bound = b;
}

void kh_c_frame_copy_row(kh_frame *to, const kh_frame *from, size_t row)
{
    size_t at = kh_frame_add_row(to);
    for (size_t i = 0; i < from->n_columns; i++)
        kh_c_frame_copy(to, at, i, &from->columns[i].cells[row]);
}

/* ---- from an answer ---- */

void kh_c_item_name(const kh_catalog *c, const kh_item *it, size_t nth, kh_buf *out)
{
    if (it->kind == KH_ITEM_INDICATOR)
        kh_buf_str(out, c->indicators[it->ref].code);
    else if (it->kind == KH_ITEM_EXPR)
        kh_buf_printf(out, "value%zu", nth + 1);
    else {
        const char *cut = kh_cut_key(c->cuts, it->cut);
        kh_buf_printf(out, *cut ? "%s{%s}" : "%s%s", c->measures[it->ref].code, cut);
    }
}

static void item_column(kh_frame *f, const kh_catalog *c, const kh_item *it, size_t nth)
{
    kh_buf name = KH_BUF_INIT;
    kh_c_item_name(c, it, nth, &name);
    const char *called = kh_buf_cstr(&name);
    if (it->kind == KH_ITEM_INDICATOR) {
        const kh_indicator *ind = &c->indicators[it->ref];
        kh_frame_add_column(f, called, kh_say(ind->title), kh_say(ind->unit), ind->decimals);
    } else if (it->kind == KH_ITEM_EXPR)
        kh_frame_add_column(f, called, called, NULL, -1);
    else {
        const kh_measure *m = &c->measures[it->ref];
        size_t at = kh_frame_add_column(f, called, kh_say(m->title), kh_say(m->unit), -1);
        f->columns[at].measure_is_sum = m->over_units == KH_AGG_SUM;
    }
    kh_buf_free(&name);
}

static bool whole_text(const char *s, int64_t *out)
{
    kh_dec d;
    if (!kh_dec_parse(s, strlen(s), &d) || d.scale)
        return false;
    *out = d.m;
    return true;
}

typedef struct cell_at { const kh_answer *a; size_t item, period, unit; } cell_at; /* whose cell of a frame it is */

static int bound_text(kh_frame *f, const cell_at *at, bool high, int decimals, const char **out, kh_error *err)
{
    char text[512];
    int rc = kh_answer_bound(at->a, at->item, at->period, at->unit, high, decimals, text, sizeof text, err);
    *out = rc == KH_OK ? kh_arena_strdup(f->arena, text) : NULL;
    return rc;
}

/* The bounds that this figure was held against, where they are formulas. */
static int fill_bound(kh_frame *f, kh_cell *c, const kh_target *t, const cell_at *at, int decimals, kh_error *err)
{
    if (!t->lo_by && !t->hi_by)
        return KH_OK;
    kh_cell_bound *b = kh_arena_alloc(f->arena, sizeof *b);
    int rc = KH_OK;
    if (t->lo_by && (rc = bound_text(f, at, false, decimals, &b->lo, err)) == KH_OK)
        rc = bound_text(f, at, false, -1, &b->exact_lo, err);
    if (rc == KH_OK && t->hi_by && (rc = bound_text(f, at, true, decimals, &b->hi, err)) == KH_OK)
        rc = bound_text(f, at, true, -1, &b->exact_hi, err);
    c->bound = b;
    return rc;
}

static int fill_cell(kh_frame *f, kh_calc *k, const kh_answer *a, size_t item, size_t period, size_t unit, size_t row, size_t column, kh_error *err)
{
    const kh_figure fig = *kh_answer_figure(a, item, period, unit);
    kh_cell *c = kh_frame_cell(f, row, column);
    char text[512];
    c->status = fig.status;
    c->missing = fig.missing;
    c->target = fig.target < UINT16_MAX ? (uint16_t)(fig.target + 1) : 0;
    c->reported = fig.reported;
    c->expected = fig.expected;
    if (c->target) {
        const kh_indicator *ind = &k->c->indicators[a->items[item].ref];
        const cell_at at = {a, item, period, unit};
        int made = fill_bound(f, c, &ind->targets[fig.target], &at, ind->decimals, err);
        if (made != KH_OK)
            return made;
    }
    if (fig.missing)
        return KH_OK;
    const char *s = kh_answer_string(a, item, period, unit);
    if (s) {
        c->type = KH_C_TEXT;
        c->text = kh_arena_strdup(f->arena, s);
        return KH_OK;
    }
    int decimals = fabs(fig.value) < WHOLE_MOST ? f->columns[column].decimals : -1; /* beyond, a double has no digits to spare */
    int rc = kh_answer_text(k, a, item, period, unit, decimals, text, sizeof text, err);
    if (rc != KH_OK)
        return rc;
    c->num = fig.value;
    c->type = KH_C_NUM;
    if (decimals < 0 && whole_text(text, &c->i))
        c->type = KH_C_INT;
    else
        c->text = kh_arena_strdup(f->arena, text);
    return KH_OK;
}

int kh_frame_of_answer(kh_frame **out, kh_calc *k, const kh_question *q, const kh_answer *a, kh_error *err)
{
    kh_frame *f = kh_frame_new(k->c);
    kh_frame_add_column(f, "unit", _("Unit"), NULL, -1);
    kh_frame_add_column(f, "period", _("Period"), NULL, -1);
    for (size_t i = 0; i < q->n_items; i++)
        item_column(f, k->c, &q->items[i], i);
    int rc = KH_OK;
    for (size_t p = 0; p < q->n_periods; p++)
        for (size_t u = 0; rc == KH_OK && u < q->n_units; u++) {
            size_t row = kh_frame_add_row(f);
            *kh_frame_cell(f, row, 0) = (kh_cell){.type = KH_C_UNIT, .i = q->units[u]};
            *kh_frame_cell(f, row, 1) = (kh_cell){.type = KH_C_PERIOD, .i = q->periods[p]};
            for (size_t i = 0; rc == KH_OK && i < q->n_items; i++)
                rc = fill_cell(f, k, a, i, p, u, row, i + 2, err);
        }
    if (rc == KH_OK)
        *out = f;
    else
        kh_frame_free(f);
    return rc;
}

/* ---- cells ---- */

bool kh_c_cell_q(const kh_cell *c, int decimals, mpq_t out)
{
    kh_dec d;
    if (c->type == KH_C_INT) {
        mpq_set_si(out, c->i, 1);
        return true;
    }
    if (c->type != KH_C_NUM)
        return false;
    if (c->text && decimals < 0 && kh_dec_parse(c->text, strlen(c->text), &d))
        kh_c_q_of_dec(out, d);
    else
        mpq_set_d(out, c->num);
    return true;
}

void kh_c_cell_label(const kh_frame *f, const kh_cell *c, kh_buf *out)
{
    char period[KH_PERIOD_TEXT];
    switch (c->type) {
    case KH_C_MISSING:
        break;
    case KH_C_INT:
        kh_buf_int(out, c->i);
        break;
    case KH_C_NUM:
        if (c->text)
            kh_buf_str(out, c->text);
        else {
            char text[KH_DOUBLE_TEXT];
            kh_double_text(c->num, text);
            kh_buf_str(out, text);
        }
        break;
    case KH_C_TEXT:
        kh_buf_str(out, c->text);
        break;
    case KH_C_UNIT:
        kh_buf_str(out, kh_units_def(f->catalog->units, (kh_unit)c->i)->code);
        break;
    case KH_C_PERIOD:
        kh_period_format((kh_period)c->i, period);
        kh_buf_str(out, period);
        break;
    }
}

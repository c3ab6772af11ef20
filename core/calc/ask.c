/* SPDX-License-Identifier: MIT */
/*
 * Questions: items x periods x units. A question reads what it needs, makes
 * the columns, and keeps references to them; a figure is put together when it
 * is asked for, so that a grid of millions costs its columns and no more.
 */
#include "calc/answer.h"
#include "calc/ops.h"

#include <math.h>
#include <string.h>

enum { ALL_MOST = 65536, RING = 1024, SHARP = 64 /* roundings that a figure's double may be off by */ };

static const kh_indicator *indicator_of(const kh_answer *a, size_t item)
{
    return a->items[item].kind == KH_ITEM_INDICATOR ? &a->k->c->indicators[a->items[item].ref] : NULL;
}

static bool is_text(const kh_answer *a, size_t item)
{
    return a->items[item].kind == KH_ITEM_MEASURE && !kh_type_is_number(a->k->c->measures[a->items[item].ref].type);
}

/* ---- targets ---- */

/* Where doubles cannot say; the figure then is the exact value's nearest double, so that its digits do not contradict the status. */
static int judge_exactly(kh_answer *a, size_t item, figures *c, uint32_t slot, const edge *x, bool *met, kh_error *err)
{
    mpq_t q, lo, hi;
    uint8_t why;
    mpq_init(q);
    mpq_init(lo);
    mpq_init(hi);
    int rc = kh_c_exact_cell(a->k, a->exprs[item], slot, x->p, q, &why, err);
    if (rc == KH_OK && !why && (rc = kh_c_edge_bounds(a->k, x, slot, lo, hi, err)) == KH_OK) {
        *met = kh_c_edge_meets_exactly(x, lo, hi, q);
        if (c->kind == COL_DBL)
            c->v[slot] = kh_c_q_double(q);
        if (c->kind == COL_DBL && c->e)
            c->e[slot] = EPS * fabs(c->v[slot]);
    }
    mpq_clear(q);
    mpq_clear(lo);
    mpq_clear(hi);
    return rc;
}

static int judge(kh_answer *a, size_t item, answer_column *ac, uint32_t unit, kh_error *err)
{
    uint32_t slot = a->slots[unit];
    ac->decided[unit] = KH_ST_NONE;
    if (ac->target[unit] == UINT32_MAX)
        return KH_OK;
    const edge *x = &ac->edges[ac->target[unit]];
    ac->decided[unit] = KH_ST_NO_DATA;
    if (ac->c->why[slot] || !kh_c_edge_stands(x, slot))
        return KH_OK;
    double e, v = kh_c_column_value(ac->c, slot, &e);
    int decided = kh_c_edge_meets(x, slot, v, e);
    bool met = decided > 0;
    int rc = decided < 0 ? judge_exactly(a, item, ac->c, slot, x, &met, err) : KH_OK;
    ac->decided[unit] = (uint8_t)(met ? KH_ST_MET : x->missed);
    return rc;
}

static int judge_all(kh_answer *a, size_t item, size_t period, answer_column *ac, kh_error *err)
{
    const kh_indicator *ind = indicator_of(a, item);
    if (!ind || !ind->n_targets)
        return KH_OK;
    ac->target = kh_alloc((a->n_units + 1) * sizeof *ac->target);
    ac->decided = kh_alloc(a->n_units + 1);
    kh_c_targets_of(a->k, ind, a->slots, a->n_units, a->periods[period], ac->target);
    ac->edges = kh_zalloc(ind->n_targets, sizeof *ac->edges);
    int rc = KH_OK;
    for (uint32_t u = 0; rc == KH_OK && u < a->n_units; u++) {
        uint32_t t = ac->target[u];
        if (t == UINT32_MAX || ac->edges[t].t)
            continue;
        ac->n_edges = t >= ac->n_edges ? t + 1 : ac->n_edges;
        rc = kh_c_edge_make(a->k, &ind->targets[t], a->periods[period], &ac->edges[t], err);
    }
    for (uint32_t u = 0; rc == KH_OK && u < a->n_units; u++)
        rc = judge(a, item, ac, u, err);
    return rc;
}

/* ---- coverage ---- */

static int cover_all(kh_answer *a, size_t item, size_t period, answer_column *ac, kh_error *err)
{
    kh_calc *k = a->k;
    kh_period p = a->periods[period];
    if (a->items[item].kind == KH_ITEM_MEASURE) {
        leaf l;
        kh_c_leaf_of(k, a->exprs[item], &l);
        return kh_c_cover_of(k, &l, p, &ac->cover, err);
    }
    ac->reported = kh_alloc((a->n_units + 1) * sizeof *ac->reported);
    ac->expected = kh_alloc((a->n_units + 1) * sizeof *ac->expected);
    return kh_c_cover_units(k, a->exprs[item], a->slots, a->n_units, p, ac->reported, ac->expected, err);
}

/* ---- texts ---- */

static int text_all(kh_answer *a, size_t item, size_t period, answer_column *ac, kh_error *err)
{
    kh_calc *k = a->k;
    kh_period p = a->periods[period];
    bool *want = kh_zalloc(k->c->n_measures + 1, sizeof *want);
    want[a->items[item].ref] = true;
    int rc = kh_c_load(k, want, &p, 1, err);
    kh_free(want);
    ac->text = kh_zalloc(a->n_units + 1, sizeof *ac->text);
    sheet *s = rc == KH_OK ? kh_c_sheet_of(k, a->items[item].ref, p) : NULL;
    for (size_t i = 0; s && i < s->n; i++)
        if (s->cut[i] == a->items[item].cut && s->of[i]->text)
            for (size_t u = 0; u < a->n_units; u++)
                ac->text[u] = s->of[i]->text[a->slots[u]];
    return rc;
}

/* Doubles that lost digits by cancelling are made anew from the exact value. */
static int sharpen(kh_answer *a, size_t item, size_t period, answer_column *ac, kh_error *err)
{
    figures *c = ac->c;
    mpq_t q;
    if (c->kind != COL_DBL || (!c->e && c->rel <= SHARP))
        return KH_OK;
    mpq_init(q);
    int rc = KH_OK;
    for (size_t u = 0; rc == KH_OK && u < a->n_units; u++) {
        uint32_t slot = a->slots[u];
        double e, v = c->why[slot] ? 0 : kh_c_column_value(c, slot, &e);
        uint8_t why;
        if (c->why[slot] || e <= SHARP * EPS * fabs(v))
            continue;
        rc = kh_c_exact_cell(a->k, a->exprs[item], slot, a->periods[period], q, &why, err);
        if (rc != KH_OK || why)
            continue;
        c->v[slot] = kh_c_q_double(q);
        if (c->e)
            c->e[slot] = EPS * fabs(c->v[slot]);
    }
    mpq_clear(q);
    return rc;
}

static int answer_one(kh_answer *a, size_t item, size_t period, kh_error *err)
{
    answer_column *ac = &a->columns[item * a->n_periods + period];
    if (is_text(a, item))
        return text_all(a, item, period, ac, err);
    int rc = kh_c_column_of(a->k, a->exprs[item], a->periods[period], &ac->c, err);
    if (rc != KH_OK) {
        ac->c = NULL;
        return rc;
    }
    kh_c_column_keep(ac->c);
    rc = sharpen(a, item, period, ac, err);
    if (rc == KH_OK)
        rc = judge_all(a, item, period, ac, err);
    return rc == KH_OK ? cover_all(a, item, period, ac, err) : rc;
}

/* ---- figures ---- */

static void make_figure(const kh_answer *a, size_t item, size_t period, size_t unit, kh_figure *f)
{
    const answer_column *ac = &a->columns[item * a->n_periods + period];
    uint32_t slot = a->slots[unit];
    *f = (kh_figure){.target = UINT32_MAX};
    if (ac->text) {
        f->missing = ac->text[unit] ? KH_THERE : KH_NOT_REPORTED;
        const kh_measure *m = &a->k->c->measures[a->items[item].ref];
        for (size_t i = 0; ac->text[unit] && i < m->n_choices; i++)
            if (strcmp(m->choices[i], ac->text[unit]) == 0)
                f->value = (double)i;
        return;
    }
    f->missing = ac->c->why[slot];
    if (a->items[item].kind != KH_ITEM_MEASURE && !kh_c_span_ready(a->k, a->periods[period])->alive[slot])
        f->missing = KH_NO_SUCH_UNIT;
    if (!f->missing)
        f->value = kh_c_column_value(ac->c, slot, NULL);
    if (ac->cover && ac->cover->of) {
        f->reported = ac->cover->reported[slot];
        f->expected = ac->cover->of->count[slot];
    } else if (ac->reported) {
        f->reported = ac->reported[unit];
        f->expected = ac->expected[unit];
    }
    f->partial = f->reported < f->expected;
    if (!ac->target)
        return;
    f->target = ac->target[unit];
    f->status = f->decided = ac->decided[unit];
    if (f->partial && (f->decided == KH_ST_MET || f->decided == KH_ST_NOT_MET))
        f->status = KH_ST_PARTIAL;
}

const kh_figure *kh_answer_figure(const kh_answer *a, size_t item, size_t period, size_t unit)
{
    if (a->all)
        return &a->all[(item * a->n_periods + period) * a->n_units + unit];
    size_t *turn = &((struct kh_answer *)(uintptr_t)a)->turn; /* the ring is no part of what the answer says */
    kh_figure *f = &a->ring[(*turn)++ % RING];
    make_figure(a, item, period, unit, f);
    return f;
}

static void make_all(kh_answer *a)
{
    size_t n = a->n_items * a->n_periods * a->n_units, at = 0;
    if (n > ALL_MOST) {
        a->ring = kh_alloc(RING * sizeof *a->ring);
        return;
    }
    a->all = kh_alloc((n + 1) * sizeof *a->all);
    for (size_t i = 0; i < a->n_items; i++)
        for (size_t p = 0; p < a->n_periods; p++)
            for (size_t u = 0; u < a->n_units; u++)
                make_figure(a, i, p, u, &a->all[at++]);
}

/* ---- asking ---- */

static int copy_question(kh_answer *a, const kh_question *q, kh_error *err)
{
    a->n_items = q->n_items;
    a->n_periods = q->n_periods;
    a->n_units = q->n_units;
    a->items = kh_alloc((q->n_items + 1) * sizeof *a->items);
    a->exprs = kh_alloc((q->n_items + 1) * sizeof *a->exprs);
    a->slots = kh_alloc((q->n_units + 1) * sizeof *a->slots);
    a->periods = kh_alloc((q->n_periods + 1) * sizeof *a->periods);
    a->columns = kh_zalloc(q->n_items * q->n_periods + 1, sizeof *a->columns);
    for (size_t i = 0; i < q->n_items; i++) {
        a->items[i] = q->items[i];
        a->exprs[i] = kh_c_item_expr(a->k, &q->items[i]);
    }
    for (size_t i = 0; i < q->n_periods; i++) {
        a->periods[i] = q->periods[i];
        if (q->periods[i] == KH_NO_PERIOD)
            return kh_fail(err, KH_EUSAGE, "a question names no period");
    }
    for (size_t i = 0; i < q->n_units; i++) {
        int32_t s = q->units[i] < kh_units_count(a->k->c->units) ? slot_of(a->k, q->units[i]) : SLOT_NONE;
        if (s < 0)
            return kh_fail(err, KH_EUSAGE, "a question names a unit that is not defined");
        a->slots[i] = (uint32_t)s;
    }
    return KH_OK;
}

static int read_needed(kh_answer *a, kh_error *err)
{
    kh_expr *roots = NULL;
    size_t n = 0, cap = 0;
    for (size_t i = 0; i < a->n_items; i++) {
        const kh_indicator *ind = indicator_of(a, i);
        if (!is_text(a, i))
            KH_PUSH(roots, n, cap) = a->exprs[i];
        for (size_t t = 0; ind && t < ind->n_targets; t++) {
            if (ind->targets[t].lo_by)
                KH_PUSH(roots, n, cap) = ind->targets[t].lo_by->of;
            if (ind->targets[t].hi_by)
                KH_PUSH(roots, n, cap) = ind->targets[t].hi_by->of;
        }
    }
    int rc = kh_c_need(a->k, roots, n, a->periods, a->n_periods, err);
    kh_free(roots);
    return rc;
}

int kh_calc_ask(kh_calc *k, const kh_question *q, kh_answer **out, kh_error *err)
{
    kh_answer *a = kh_zalloc(1, sizeof *a);
    a->k = k;
    *out = NULL;
    int rc = copy_question(a, q, err);
    if (rc == KH_OK)
        rc = read_needed(a, err);
    for (size_t p = 0; rc == KH_OK && p < a->n_periods; p++)
        for (size_t i = 0; rc == KH_OK && i < a->n_items; i++)
            rc = answer_one(a, i, p, err);
    if (rc != KH_OK) {
        kh_answer_free(a);
        return rc;
    }
    make_all(a);
    *out = a;
    return KH_OK;
}

void kh_answer_free(kh_answer *a)
{
    if (!a)
        return;
    for (size_t i = 0; i < a->n_items * a->n_periods; i++) {
        answer_column *ac = &a->columns[i];
        kh_c_column_drop(ac->c);
        kh_free(ac->reported);
        kh_free(ac->expected);
        kh_free(ac->target);
        kh_free(ac->decided);
        for (size_t e = 0; e < ac->n_edges; e++)
            kh_c_edge_free(&ac->edges[e]);
        kh_free(ac->edges);
        kh_free(ac->text);
    }
    kh_free(a->columns);
    kh_free(a->items);
    kh_free(a->exprs);
    kh_free(a->slots);
    kh_free(a->periods);
    kh_free(a->all);
    kh_free(a->ring);
    kh_free(a);
}

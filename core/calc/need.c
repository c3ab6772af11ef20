/* SPDX-License-Identifier: MIT */
/*
 * What a question must read: every measure in the closure of its formulas,
 * with the periods that time operators reach back to. A measure is read for
 * the periods in which some formula looks at it.
 */
#include "calc/inside.h"

typedef struct needs { kh_calc *k; bool *measures; kh_period *ps; size_t n, cap; table seen; unsigned depth; } needs;

static void add_period(needs *d, kh_period p)
{
    for (size_t i = d->n; i-- > 0;)
        if (d->ps[i] == p)
            return;
    KH_PUSH(d->ps, d->n, d->cap) = p;
}

static void walk(needs *d, kh_expr e, kh_period p);

static __attribute__((noinline)) void walk_time(needs *d, const kh_expr_node *x, kh_period p)
{
    kh_period ps[SHIFT_MOST];
    size_t n = kh_c_shift_periods(x, p, ps, SHIFT_MOST);
    for (size_t i = 0; i < n; i++)
        walk(d, x->a, ps[i]);
}

static void walk(needs *d, kh_expr e, kh_period p)
{
    if (e == KH_NO_EXPR || p == KH_NO_PERIOD || kh_c_table_get(&d->seen, pair(e, p)) || d->depth > 12000)
        return;
    kh_c_table_set(&d->seen, pair(e, p), d);
    d->depth++;
    const kh_expr_node x = *kh_expr_get(d->k->c->exprs, e);
    if (x.op == KH_X_MEASURE) {
        d->measures[x.ref] = true;
        add_period(d, p);
    } else if (x.op == KH_X_INDICATOR) {
        const kh_indicator *ind = &d->k->c->indicators[x.ref];
        for (size_t i = 0; ind->each && i < ind->each->n_inputs; i++)
            walk(d, ind->each->inputs[i], p);
        if (!ind->each)
            walk(d, ind->formula, p);
    } else if (x.op >= KH_X_PREV && x.op <= KH_X_TYPICAL_YEARS_MEDIAN) {
        walk_time(d, &x, p);
    } else {
        walk(d, x.a, p);
        walk(d, x.b, p);
        walk(d, x.c, p);
    }
    d->depth--;
}

int kh_c_need(kh_calc *k, const kh_expr *roots, size_t n_roots, const kh_period *ps, size_t n, kh_error *err)
{
    needs d = {.k = k, .measures = kh_zalloc(k->c->n_measures + 1, sizeof *d.measures)};
    for (size_t i = 0; i < n_roots; i++)
        for (size_t j = 0; j < n; j++)
            walk(&d, roots[i], ps[j]);
    int rc = d.n ? kh_c_load(k, d.measures, d.ps, d.n, err) : KH_OK;
    kh_c_table_free(&d.seen);
    kh_free(d.measures);
    kh_free(d.ps);
    return rc;
}

/* ---- up the tree ---- */

static bool looks_up(const kh_catalog *c, kh_expr e, uint8_t *seen)
{
    if (e == KH_NO_EXPR || seen[e])
        return false;
    seen[e] = 1;
    const kh_expr_node x = *kh_expr_get(c->exprs, e);
    if (x.op == KH_X_PARENT || x.op == KH_X_SHARE || x.op == KH_X_RANK)
        return true;
    if (x.op != KH_X_INDICATOR)
        return looks_up(c, x.a, seen) || looks_up(c, x.b, seen) || looks_up(c, x.c, seen);
    const kh_each *each = c->indicators[x.ref].each;
    for (size_t i = 0; each && i < each->n_inputs; i++)
        if (looks_up(c, each->inputs[i], seen))
            return true;
    return !each && looks_up(c, c->indicators[x.ref].formula, seen);
}

bool kh_calc_looks_up(const kh_catalog *c, const kh_question *q)
{
    uint8_t *seen = kh_zalloc(kh_exprs_count(c->exprs) + 1, 1);
    bool up = false;
    for (size_t i = 0; !up && i < q->n_items; i++) {
        const kh_each *each = q->items[i].kind == KH_ITEM_INDICATOR ? c->indicators[q->items[i].ref].each : NULL;
        for (size_t j = 0; each && j < each->n_inputs; j++)
            up = up || looks_up(c, each->inputs[j], seen);
        const kh_indicator *ind = q->items[i].kind == KH_ITEM_INDICATOR ? &c->indicators[q->items[i].ref] : NULL;
        for (size_t t = 0; ind && t < ind->n_targets; t++)
            up = up || (ind->targets[t].lo_by && looks_up(c, ind->targets[t].lo_by->of, seen)) || (ind->targets[t].hi_by && looks_up(c, ind->targets[t].hi_by->of, seen));
        if (up)
            break;
        if (q->items[i].kind == KH_ITEM_INDICATOR && !each)
            up = looks_up(c, c->indicators[q->items[i].ref].formula, seen);
        else if (q->items[i].kind == KH_ITEM_EXPR)
            up = looks_up(c, q->items[i].ref, seen);
    }
    kh_free(seen);
    return up;
}

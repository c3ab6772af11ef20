/* SPDX-License-Identifier: MIT */
/*
 * Targets: which one binds a unit in a period, and whether a value meets it.
 *
 * A target binds the periods that lie within from..to, of its own length if it
 * names one, for the units of its scope on the period's last day (a unit that
 * ended before: on its own); the first
 * that binds counts. Comparing in doubles answers "too near to say" within the
 * error bound; the caller then compares in rationals. A bound may be a figure
 * itself (last year's, a typical level): it then has an error bound as well, and
 * may be missing.
 */
#include "calc/answer.h"

#include <math.h>

static bool target_covers(const kh_target *t, kh_period p)
{
    if (t->from != KH_NO_PERIOD && kh_period_first(p) < kh_period_first(t->from))
        return false;
    if (t->to != KH_NO_PERIOD && kh_period_last(p) > kh_period_last(t->to))
        return false;
    return t->every == KH_EVERY_NONE || t->every == kh_period_freq(p);
}

static bool for_all(const kh_selector *s)
{
    return !s->n_kinds && !s->n_codes && !s->n_groups && !s->under;
}

void kh_c_targets_of(kh_calc *k, const kh_indicator *ind, const uint32_t *slots, size_t n, kh_period p, uint32_t *out)
{
    const uint8_t *alive = kh_c_span_ready(k, p)->alive;
    size_t open = n; /* units without a target so far */
    for (size_t u = 0; u < n; u++)
        out[u] = UINT32_MAX;
    for (uint32_t i = 0; open && i < ind->n_targets; i++) {
        const kh_target *t = &ind->targets[i];
        if (!target_covers(t, p))
            continue;
        bool all = for_all(&t->scope);
        for (size_t u = 0; u < n; u++) {
            uint32_t s = slots[u];
            if (out[u] != UINT32_MAX || !alive[s]) /* nothing is asked of a unit that does not exist */
                continue;
            kh_day day = all ? 0 : k->o.restate ? k->o.boundaries : kh_c_cell_day(k, s, p);
            if (!all && !kh_selector_has(k->c->units, &t->scope, k->unit[s], day))
                continue;
            out[u] = i;
            open--;
        }
    }
}

static bool meets(kh_comparator cmp, int lo, int hi)
{
    switch (cmp) {
    case KH_AT_LEAST:
        return lo >= 0;
    case KH_ABOVE:
        return lo > 0;
    case KH_AT_MOST:
        return lo <= 0;
    case KH_BELOW:
        return lo < 0;
    case KH_BETWEEN:
        return lo >= 0 && hi <= 0;
    case KH_EXACTLY:
        return lo == 0;
    }
    return false;
}

/* ---- bounds ---- */

static int side_make(kh_calc *k, kh_dec d, const kh_limit *by, kh_period p, side *out, kh_error *err)
{
    *out = (side){0};
    if (!by) {
        out->at = kh_dec_double(d);
        out->whole = d.scale == 0 && fabs(out->at) <= WHOLE_MOST;
        return KH_OK;
    }
    int rc = kh_c_column_of(k, by->of, p, &out->of, err);
    if (rc == KH_OK)
        kh_c_column_keep(out->of);
    else
        out->of = NULL;
    return rc;
}

int kh_c_edge_make(kh_calc *k, const kh_target *t, kh_period p, edge *out, kh_error *err)
{
    bool early = t->by_end && t->to != KH_NO_PERIOD && kh_period_last(p) < kh_period_last(t->to);
    *out = (edge){.t = t, .p = p, .missed = KH_ST_NOT_MET};
    if (early || (k->o.today != KH_DAY_MAX && k->o.today <= kh_period_last(p)))
        out->missed = KH_ST_NOT_DUE;
    int rc = side_make(k, t->lo, t->lo_by, p, &out->lo, err);
    if (rc == KH_OK && t->cmp == KH_BETWEEN)
        rc = side_make(k, t->hi, t->hi_by, p, &out->hi, err);
    return rc;
}

void kh_c_edge_free(edge *x)
{
    kh_c_column_drop(x->lo.of);
    kh_c_column_drop(x->hi.of);
}

bool kh_c_edge_stands(const edge *x, uint32_t slot)
{
    return !(x->lo.of && x->lo.of->why[slot]) && !(x->hi.of && x->hi.of->why[slot]);
}

/* The sign of v - bound; 2: too near to say. */
static int side_of(const side *s, uint32_t slot, double v, double e)
{
    double bound = s->at, eb = s->whole ? 0 : EPS * fabs(bound);
    if (s->of)
        bound = kh_c_column_value(s->of, slot, &eb);
    double d = v - bound;
    if (e == 0 && eb == 0)
        return (d > 0) - (d < 0);
    if (fabs(d) <= (e + eb) * (1 + 1e-9) + EPS * fabs(d))
        return 2;
    return d > 0 ? 1 : -1;
}

int kh_c_edge_meets(const edge *x, uint32_t slot, double v, double e)
{
    int lo = side_of(&x->lo, slot, v, e), hi = x->t->cmp == KH_BETWEEN ? side_of(&x->hi, slot, v, e) : 0;
    return lo == 2 || hi == 2 ? -1 : meets(x->t->cmp, lo, hi);
}

/* A bound that is a formula, as it is printed beside a figure of so many decimals. */
static bool side_dec(const side *s, uint32_t slot, int decimals, kh_dec *out)
{
    const figures *c = s->of;
    if (c->kind == COL_INT && c->div == 1 && !c->cnt) {
        *out = without_zeros((kh_dec){c->m[slot], c->scale});
        return out->scale <= decimals + BOUND_MORE || rounded_whole(c->m[slot], c->scale, decimals, out);
    }
    double e, v = kh_c_column_value(c, slot, &e);
    if (!rounded_double(v, e, decimals + BOUND_MORE, out) || fabs(kh_dec_double(*out) - v) <= e + 2 * EPS * fabs(v))
        return false; /* it may be a decimal of so many digits */
    return rounded_double(v, e, decimals, out);
}

int kh_c_edge_meets_dec(const edge *x, uint32_t slot, kh_dec v)
{
    kh_dec lo = x->t->lo, hi = x->t->hi;
    if ((x->lo.of && !side_dec(&x->lo, slot, v.scale, &lo)) || (x->hi.of && !side_dec(&x->hi, slot, v.scale, &hi)))
        return -1;
    return meets(x->t->cmp, kh_dec_cmp(v, lo), x->t->cmp == KH_BETWEEN ? kh_dec_cmp(v, hi) : 0);
}

static int side_exact(kh_calc *k, const edge *x, const kh_limit *by, kh_dec d, uint32_t slot, mpq_t out, kh_error *err)
{
    uint8_t why = KH_THERE;
    if (!by) {
        kh_c_q_of_dec(out, d);
        return KH_OK;
    }
    int rc = kh_c_exact_cell(k, by->of, slot, x->p, out, &why, err);
    if (rc == KH_OK && why) /* the column said otherwise: cannot be */
        return kh_fail(err, KH_EUSAGE, "a target's bound was there and is missing when it is computed exactly");
    return rc;
}

int kh_c_edge_bounds(kh_calc *k, const edge *x, uint32_t slot, mpq_t lo, mpq_t hi, kh_error *err)
{
    int rc = side_exact(k, x, x->t->lo_by, x->t->lo, slot, lo, err);
    return rc == KH_OK && x->t->cmp == KH_BETWEEN ? side_exact(k, x, x->t->hi_by, x->t->hi, slot, hi, err) : rc;
}

bool kh_c_edge_meets_exactly(const edge *x, const mpq_t lo, const mpq_t hi, const mpq_t v)
{
    return meets(x->t->cmp, mpq_cmp(v, lo), x->t->cmp == KH_BETWEEN ? mpq_cmp(v, hi) : 0);
}

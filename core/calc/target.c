/* SPDX-License-Identifier: MIT */
/*
 * Targets: which one binds a unit in a period, and whether a value meets it.
 *
 * A target binds the periods that lie within from..to, of its own length if it
 * names one, for the units of its scope on the period's last day (a unit that
 * ended before: on its own); the first
 * that binds counts. Comparing in doubles answers "too near to say" within the
 * error bound; the caller then compares in rationals.
 */
#include "calc/ops.h"

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

bool kh_c_target_meets(const kh_target *t, const mpq_t v)
{
    mpq_t b;
    mpq_init(b);
    kh_c_q_of_dec(b, t->lo);
    int lo = mpq_cmp(v, b), hi = 0;
    if (t->cmp == KH_BETWEEN) {
        kh_c_q_of_dec(b, t->hi);
        hi = mpq_cmp(v, b);
    }
    mpq_clear(b);
    return meets(t->cmp, lo, hi);
}

bool kh_c_target_meets_dec(const kh_target *t, kh_dec v)
{
    return meets(t->cmp, kh_dec_cmp(v, t->lo), t->cmp == KH_BETWEEN ? kh_dec_cmp(v, t->hi) : 0);
}

void kh_c_edge_make(const kh_calc *k, const kh_target *t, kh_period p, edge *out)
{
    bool early = t->by_end && t->to != KH_NO_PERIOD && kh_period_last(p) < kh_period_last(t->to);
    *out = (edge){.t = t, .lo = kh_dec_double(t->lo), .hi = t->cmp == KH_BETWEEN ? kh_dec_double(t->hi) : 0, .missed = KH_ST_NOT_MET};
    out->whole_lo = t->lo.scale == 0 && fabs(out->lo) <= WHOLE_MOST;
    out->whole_hi = t->hi.scale == 0 && fabs(out->hi) <= WHOLE_MOST;
    if (early || (k->o.today != KH_DAY_MAX && k->o.today <= kh_period_last(p)))
        out->missed = KH_ST_NOT_DUE;
}

/* The sign of v - bound; 2: too near to say. */
static int side(double v, double e, double bound, bool whole)
{
    double d = v - bound;
    if (e == 0 && whole)
        return (d > 0) - (d < 0);
    if (fabs(d) <= (e + EPS * fabs(bound)) * (1 + 1e-9) + EPS * fabs(d))
        return 2;
    return d > 0 ? 1 : -1;
}

int kh_c_edge_meets(const edge *x, double v, double e)
{
    int lo = side(v, e, x->lo, x->whole_lo), hi = x->t->cmp == KH_BETWEEN ? side(v, e, x->hi, x->whole_hi) : 0;
    return lo == 2 || hi == 2 ? -1 : meets(x->t->cmp, lo, hi);
}

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

uint32_t kh_c_target_of(kh_calc *k, const kh_indicator *ind, uint32_t slot, kh_period p)
{
    kh_day day = k->o.restate ? k->o.boundaries : kh_c_cell_day(k, slot, p);
    if (!kh_c_span_ready(k, p)->alive[slot])
        return UINT32_MAX; /* nothing is asked of a unit that does not exist */
    for (uint32_t i = 0; i < ind->n_targets; i++)
        if (target_covers(&ind->targets[i], p) && kh_selector_has(k->c->units, &ind->targets[i].scope, k->unit[slot], day))
            return i;
    return UINT32_MAX;
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

/* The sign of v - bound; 2: too near to say. */
static int side(double v, double e, kh_dec bound)
{
    double b = kh_dec_double(bound), d = v - b;
    if (e == 0 && bound.scale == 0 && fabs(b) <= WHOLE_MOST)
        return (d > 0) - (d < 0);
    if (fabs(d) <= (e + EPS * fabs(b)) * (1 + 1e-9) + EPS * fabs(d))
        return 2;
    return d > 0 ? 1 : -1;
}

int kh_c_target_meets_double(const kh_target *t, double v, double e)
{
    int lo = side(v, e, t->lo), hi = t->cmp == KH_BETWEEN ? side(v, e, t->hi) : 0;
    return lo == 2 || hi == 2 ? -1 : meets(t->cmp, lo, hi);
}

kh_status kh_c_target_status(kh_calc *k, const kh_target *t, kh_period p, bool met)
{
    if (met)
        return KH_ST_MET;
    if (t->by_end && t->to != KH_NO_PERIOD && kh_period_last(p) < kh_period_last(t->to))
        return KH_ST_NOT_DUE;
    return k->o.today != KH_DAY_MAX && k->o.today <= kh_period_last(p) ? KH_ST_NOT_DUE : KH_ST_NOT_MET;
}

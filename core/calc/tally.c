/* SPDX-License-Identifier: MIT */
/*
 * Exact aggregates of rational numbers, one value at a time. `stddev` alone is
 * not rational: it is the double nearest to the root of the exact variance.
 */
#include "calc/inside.h"

#include <math.h>

void kh_c_tally_start(tally *t, kh_agg how)
{
    t->how = how;
    t->n = 0;
    t->at = 0;
    if (!t->made) {
        mpq_init(t->a);
        mpq_init(t->b);
        t->made = true;
    }
    mpq_set_ui(t->a, 0, 1);
    mpq_set_ui(t->b, 0, 1);
}

void kh_c_tally_free(tally *t)
{
    if (t->made) {
        mpq_clear(t->a);
        mpq_clear(t->b);
    }
    t->made = false;
}

static void take_if(tally *t, const mpq_t q, uint32_t order, bool better)
{
    if (t->n == 0 || better) {
        mpq_set(t->a, q);
        t->at = order;
    }
}

void kh_c_tally_add(tally *t, const mpq_t q, uint32_t order)
{
    switch (t->how) {
    case KH_AGG_SUM:
    case KH_AGG_MEAN:
        mpq_add(t->a, t->a, q);
        break;
    case KH_AGG_MIN:
        take_if(t, q, order, mpq_cmp(q, t->a) < 0);
        break;
    case KH_AGG_MAX:
        take_if(t, q, order, mpq_cmp(q, t->a) > 0);
        break;
    case KH_AGG_FIRST:
        take_if(t, q, order, order < t->at);
        break;
    case KH_AGG_LAST:
        take_if(t, q, order, order >= t->at);
        break;
    case KH_AGG_STDDEV:
    case KH_AGG_VARIANCE: {
        mpq_t square;
        mpq_init(square);
        mpq_mul(square, q, q);
        mpq_add(t->b, t->b, square);
        mpq_add(t->a, t->a, q);
        mpq_clear(square);
        break;
    }
    case KH_AGG_COUNT:
    case KH_AGG_NONE:
        break;
    }
    t->n++;
}

/* (n * sum of squares - square of sum) / (n * (n - 1)) */
static void variance(tally *t, mpq_t out)
{
    mpq_t n;
    mpq_init(n);
    mpq_set_ui(n, t->n, 1);
    mpq_mul(out, t->b, n);
    mpq_mul(t->a, t->a, t->a);
    mpq_sub(out, out, t->a);
    mpq_set_ui(n, (unsigned long)t->n * (t->n - 1), 1);
    mpq_div(out, out, n);
    mpq_clear(n);
}

static void root(mpq_t q)
{
    mpf_t f;
    mpf_init2(f, 256);
    mpf_set_q(f, q);
    mpf_sqrt(f, f);
    mpq_set_f(q, f);
    mpf_clear(f);
    double d = kh_c_q_double(q);
    mpq_set_d(q, isfinite(d) ? d : 0);
}

uint8_t kh_c_tally_end(tally *t, mpq_t out)
{
    if (t->how == KH_AGG_COUNT && t->n) {
        mpq_set_ui(out, t->n, 1);
        return KH_THERE;
    }
    if (t->n == 0)
        return KH_NOT_REPORTED;
    if (t->how == KH_AGG_NONE)
        return KH_NO_WHOLE;
    if (t->how == KH_AGG_STDDEV || t->how == KH_AGG_VARIANCE) {
        if (t->n < 2)
            return KH_NOT_DEFINED;
        variance(t, out);
        if (t->how == KH_AGG_STDDEV)
            root(out);
        return KH_THERE;
    }
    mpq_set(out, t->a);
    if (t->how == KH_AGG_MEAN) {
        mpq_t n;
        mpq_init(n);
        mpq_set_ui(n, t->n, 1);
        mpq_div(out, out, n);
        mpq_clear(n);
    }
    return KH_THERE;
}

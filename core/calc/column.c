/* SPDX-License-Identifier: MIT */
/* Columns: figures over slots, as whole numbers with a common denominator, as rationals, or as doubles with a bound of their error. */
#include "calc/inside.h"

#include <float.h>
#include <math.h>
#include <string.h>

figures *kh_c_column_new(kh_calc *k, column_kind kind)
{
    figures *c = kh_zalloc(1, sizeof *c);
    c->refs = 1;
    c->kind = kind;
    c->n = k->n;
    c->div = 1;
    c->why = kh_zalloc(k->n + 1, 1);
    c->bytes = k->n * (kind == COL_RAT ? 64 : 9);
    if (kind == COL_INT)
        c->m = kh_alloc((k->n + 1) * sizeof *c->m);
    else if (kind == COL_DBL)
        c->v = kh_alloc((k->n + 1) * sizeof *c->v);
    else
        c->q = kh_zalloc(k->n + 1, sizeof *c->q);
    if (kind == COL_RAT)
        memset(c->why, KH_NOT_REPORTED, k->n);
    return c;
}

void kh_c_column_keep(figures *c)
{
    c->refs++;
}

static void copy_array(void *to_, const void *from, size_t n, size_t size)
{
    void **to = to_;
    if (!from)
        return;
    kh_free(*to);
    *to = kh_alloc((n + 1) * size);
    memcpy(*to, from, n * size);
}

figures *kh_c_column_only(kh_calc *k, figures *c, const uint8_t *alive)
{
    bool same = true;
    for (size_t i = 0; i < k->n; i++)
        same &= alive[i] || c->why[i] == KH_NO_SUCH_UNIT;
    if (same) {
        kh_c_column_keep(c);
        return c;
    }
    figures *d = kh_c_column_new(k, c->kind);
    d->scale = c->scale;
    d->div = c->div;
    d->most = c->most;
    d->rel = c->rel;
    d->decimals = c->decimals;
    copy_array(&d->m, c->m, k->n, sizeof *c->m);
    copy_array(&d->cnt, c->cnt, k->n, sizeof *c->cnt);
    copy_array(&d->v, c->v, k->n, sizeof *c->v);
    copy_array(&d->e, c->e, k->n, sizeof *c->e);
    for (size_t i = 0; i < k->n; i++) {
        d->why[i] = alive[i] ? c->why[i] : (uint8_t)KH_NO_SUCH_UNIT;
        if (c->kind == COL_RAT && d->why[i] == KH_THERE) {
            mpq_init(d->q[i]);
            mpq_set(d->q[i], c->q[i]);
        }
    }
    return d;
}

void kh_c_column_drop(figures *c)
{
    if (!c || --c->refs > 0)
        return;
    for (size_t i = 0; c->q && i < c->n; i++)
        if (c->why[i] == KH_THERE)
            mpq_clear(c->q[i]);
    kh_free(c->q);
    kh_free(c->why);
    kh_free(c->m);
    kh_free(c->near);
    kh_free(c->cnt);
    kh_free(c->v);
    kh_free(c->e);
    kh_free(c);
}

double kh_c_q_double(const mpq_t q)
{
    /* mpq_get_d cuts off; the nearest of its result and the next one away from zero is wanted. */
    double d = mpq_get_d(q);
    if (!isfinite(d) || mpq_sgn(q) == 0)
        return d;
    double next = nextafter(d, mpq_sgn(q) > 0 ? (double)INFINITY : -(double)INFINITY);
    mpq_t lo, hi;
    mpq_init(lo);
    mpq_init(hi);
    mpq_set_d(lo, d);
    mpq_sub(lo, q, lo);
    mpq_abs(lo, lo);
    double out = d;
    if (mpq_sgn(lo) != 0 && isfinite(next)) {
        mpq_set_d(hi, next);
        mpq_sub(hi, hi, q);
        mpq_abs(hi, hi);
        int c = mpq_cmp(lo, hi);
        uint64_t bits;
        memcpy(&bits, &d, sizeof bits);
        if (c > 0 || (c == 0 && (bits & 1)))
            out = next;
    }
    mpq_clear(lo);
    mpq_clear(hi);
    return out;
}

void kh_c_q_set(mpq_t out, int64_t m, unsigned scale, int64_t div, uint32_t cnt)
{
    mpz_set_si(mpq_numref(out), m);
    mpz_set_si(mpq_denref(out), kh_pow10[scale]);
    if (div != 1)
        mpz_mul_si(mpq_denref(out), mpq_denref(out), div);
    if (cnt != 1)
        mpz_mul_ui(mpq_denref(out), mpq_denref(out), cnt);
    mpq_canonicalize(out);
}

void kh_c_q_of_dec(mpq_t out, kh_dec d)
{
    kh_c_q_set(out, d.m, d.scale, 1, 1);
}

double kh_c_column_value(const figures *c, uint32_t slot, double *e)
{
    const double eps = DBL_EPSILON / 2;
    double v;
    if (c->kind == COL_INT) {
        double den = (double)kh_pow10[c->scale] * (double)c->div * (c->cnt ? (double)c->cnt[slot] : 1.0);
        v = (double)c->m[slot] / den;
        if (e)
            *e = (den == 1.0 && c->most <= 9007199254740992.0) ? 0.0 : 4 * eps * fabs(v);
        return v;
    }
    if (c->kind == COL_RAT) {
        v = c->v[slot];
        if (e)
            *e = eps * fabs(v);
        return v;
    }
    v = c->v[slot];
    if (e)
        *e = c->e ? c->e[slot] : c->rel * eps * fabs(v);
    return v;
}

bool kh_c_to_15_digits(double v, kh_dec *out)
{
    double size = fabs(v);
    int places = KH_DEC_SCALE_MAX;
    if (!(size < 1e15) || size == floor(size))
        return false;
    while (places > 0 && size * (double)kh_pow10[places] >= 1e15)
        places--;
    double by = (double)kh_pow10[places], m = round(size * by); /* both exact: m / by is the double nearest to that decimal */
    if (m < 1e14 && !(fabs(m / by - size) <= 8 * DBL_EPSILON * size))
        return false; /* so small that there is no room for 15 digits: only if it is a decimal but for a few roundings */
    *out = (kh_dec){v < 0 ? -(int64_t)m : (int64_t)m, (uint8_t)places};
    return true;
}

void kh_c_column_exact(const figures *c, uint32_t slot, mpq_t out)
{
    kh_dec d;
    if (c->kind == COL_INT)
        kh_c_q_set(out, c->m[slot], c->scale, c->div, c->cnt ? c->cnt[slot] : 1);
    else if (c->kind == COL_RAT)
        mpq_set(out, c->q[slot]);
    else if (c->decimals && kh_c_to_15_digits(c->v[slot], &d))
        kh_c_q_of_dec(out, d);
    else
        mpq_set_d(out, c->v[slot]);
}

const double *kh_c_column_doubles(figures *c)
{
    if (c->kind != COL_INT)
        return c->v;
    if (c->near)
        return c->near;
    double *v = c->near = kh_alloc((c->n + 1) * sizeof *v), den = (double)kh_pow10[c->scale] * (double)c->div;
    for (size_t i = 0; i < c->n; i++)
        v[i] = c->why[i] ? 1 : (double)c->m[i]; /* nobody reads it where there is none; as a divisor 1 is the least trouble */
    for (size_t i = 0; c->cnt && i < c->n; i++)
        v[i] /= den * (double)(c->cnt[i] ? c->cnt[i] : 1);
    for (size_t i = 0; !c->cnt && den != 1.0 && i < c->n; i++)
        v[i] /= den;
    c->bytes += c->n * sizeof *v;
    return v;
}

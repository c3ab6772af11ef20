/* SPDX-License-Identifier: MIT */
/*
 * `each`: a scalar script function over every cell of a column. It sees missing inputs as missing, and may give none;
 * where it stumbles over one, the cell is missing for that input's reason, as with a formula. Whole numbers stay exact
 * on the way in and out, also beyond 2^53. Other results count to 15 significant digits, as in a spreadsheet: a script's
 * 0.57 * 100 is 57, not 56.99999999999999, and meets a target of 57.
 */
#include "calc/ops.h"

#include <math.h>

typedef struct cells { kh_calc *k; const kh_each *each; kh_period p; figures **in; figures *out; int64_t *big; } cells;

/* Whole numbers beyond 2^53 are looked at exactly: a double cannot tell its neighbours apart. */
static int read_input(const cells *c, size_t i, uint32_t s, kh_each_num *out, kh_error *err)
{
    *out = (kh_each_num){KH_EACH_NOTHING, 0, 0};
    if (c->in[i]->why[s])
        return KH_OK;
    out->is = KH_EACH_NUMBER;
    out->v = kh_c_column_value(c->in[i], s, NULL);
    if (fabs(out->v) < WHOLE_MOST) {
        if (out->v == floor(out->v))
            *out = (kh_each_num){KH_EACH_WHOLE, (int64_t)out->v, out->v};
        return KH_OK;
    }
    mpq_t q;
    uint8_t why = KH_THERE;
    mpq_init(q);
    int rc = KH_OK;
    if (c->in[i]->kind == COL_DBL)
        rc = kh_c_exact_cell(c->k, c->each->inputs[i], s, c->p, q, &why, err);
    else
        kh_c_column_exact(c->in[i], s, q);
    if (rc == KH_OK && !why && mpz_cmp_ui(mpq_denref(q), 1) == 0 && mpz_fits_slong_p(mpq_numref(q)))
        *out = (kh_each_num){KH_EACH_WHOLE, mpz_get_si(mpq_numref(q)), out->v};
    mpq_clear(q);
    return rc;
}

static uint8_t why_none(const cells *c, uint32_t s, kh_each_is is)
{
    if (is == KH_EACH_BY_ZERO)
        return KH_DIVIDED_BY_ZERO;
    if (is == KH_EACH_NOT_FINITE)
        return KH_NOT_DEFINED;
    for (size_t i = 0; is == KH_EACH_LACKS && i < c->each->n_inputs; i++)
        if (c->in[i]->why[s])
            return c->in[i]->why[s];
    return KH_SCRIPT_NIL;
}

static double as_decimal(double v)
{
    kh_dec d;
    if (v == floor(v))
        return v == 0 ? 0 /* no -0 */ : v;
    return kh_c_to_15_digits(v, &d) ? (double)d.m / (double)kh_pow10[d.scale] : v;
}

static void keep_result(cells *c, uint32_t s, const kh_each_num *x)
{
    c->out->why[s] = KH_THERE;
    c->out->v[s] = x->is == KH_EACH_WHOLE ? (double)x->i : as_decimal(x->v);
    if (x->is != KH_EACH_WHOLE || fabs(c->out->v[s]) < WHOLE_MOST)
        return;
    if (!c->big)
        c->big = kh_zalloc(c->k->n + 1, sizeof *c->big);
    c->big[s] = x->i;
}

static int call_all(cells *c, kh_error *err)
{
    size_t n = c->each->n_inputs;
    kh_each_num *in = kh_zalloc(n + 1, sizeof *in), out;
    const uint8_t *alive = kh_c_span_ready(c->k, c->p)->alive;
    int rc = KH_OK;
    for (uint32_t s = 0; rc == KH_OK && s < c->k->n; s++) {
        c->out->v[s] = 0;
        c->out->why[s] = KH_NO_SUCH_UNIT;
        if (!alive[s])
            continue;
        for (size_t i = 0; rc == KH_OK && i < n; i++)
            rc = read_input(c, i, s, &in[i], err);
        if (rc == KH_OK)
            rc = c->each->call(c->each->ctx, c->each->script, in, n, &out, err);
        if (rc != KH_OK)
            break;
        if (out.is == KH_EACH_WHOLE || out.is == KH_EACH_NUMBER)
            keep_result(c, s, &out);
        else
            c->out->why[s] = why_none(c, s, out.is);
    }
    kh_free(in);
    return rc;
}

/* The column once more in rationals, where a whole number is too large for a double. */
static figures *as_rationals(const cells *c)
{
    figures *r = kh_c_column_new(c->k, COL_RAT);
    r->v = kh_zalloc(c->k->n + 1, sizeof *r->v);
    for (size_t s = 0; s < c->k->n; s++) {
        r->why[s] = c->out->why[s];
        if (r->why[s])
            continue;
        mpq_init(r->q[s]);
        if (c->big[s])
            mpq_set_si(r->q[s], c->big[s], 1);
        else
            kh_c_column_exact(c->out, (uint32_t)s, r->q[s]);
        r->v[s] = c->out->v[s];
    }
    return r;
}

int kh_c_each_column(kh_calc *k, const kh_indicator *ind, kh_period p, figures **out, kh_error *err)
{
    size_t n = ind->each->n_inputs, got = 0;
    cells c = {.k = k, .each = ind->each, .p = p, .in = kh_zalloc(n + 1, sizeof *c.in)};
    int rc = KH_OK;
    for (; got < n && rc == KH_OK; got++) {
        rc = kh_c_column_of(k, ind->each->inputs[got], p, &c.in[got], err);
        if (rc == KH_OK)
            kh_c_column_keep(c.in[got]);
    }
    if (rc == KH_OK) {
        c.out = kh_c_column_new(k, COL_DBL);
        c.out->decimals = true;
        c.out->rel = 1;
        rc = call_all(&c, err);
    }
    if (rc != KH_OK)
        kh_wrap(err, "indicator %s", ind->code);
    else if (c.big)
        *out = as_rationals(&c);
    else
        *out = c.out;
    if (rc != KH_OK || c.big)
        kh_c_column_drop(c.out);
    for (size_t i = 0; i < got; i++)
        kh_c_column_drop(c.in[i]);
    kh_free(c.in);
    kh_free(c.big);
    return rc;
}

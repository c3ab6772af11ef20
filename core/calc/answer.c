/* SPDX-License-Identifier: MIT */
/*
 * A figure as text, exactly. Most figures are decided by their double and its
 * error bound; where the bound reaches a rounding edge the cell is computed in
 * rationals. What is printed never contradicts the status: where the rounded
 * number would stand on the other side of the bound, more digits are shown
 * until it does not (94.96 against "at least 95" is 94.96, not 95.0). A bound
 * that is a formula is rounded with the figure, unless it is a short decimal,
 * and held against it as printed.
 */
#include "calc/answer.h"
#include "calc/ops.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { DECIMALS_MOST = 60 };

const char *kh_answer_string(const kh_answer *a, size_t item, size_t period, size_t unit)
{
    const answer_column *ac = &a->columns[item * a->n_periods + period];
    return ac->text ? ac->text[unit] : NULL;
}

static int put(const char *text, char *out, size_t room, kh_error *err)
{
    size_t n = strlen(text);
    if (n >= room)
        return kh_fail(err, KH_EUSAGE, "a number of %zu characters does not fit where %zu are expected", n, room ? room - 1 : 0);
    memcpy(out, text, n + 1);
    return KH_OK;
}

int kh_c_answer_exact(const kh_answer *a, size_t item, size_t period, size_t unit, mpq_t out, kh_error *err)
{
    const answer_column *ac = &a->columns[item * a->n_periods + period];
    uint32_t slot = a->slots[unit];
    if (ac->c->kind != COL_DBL) {
        kh_c_column_exact(ac->c, slot, out);
        return KH_OK;
    }
    uint8_t why;
    int rc = kh_c_exact_cell(a->k, a->exprs[item], slot, a->periods[period], out, &why, err);
    if (rc == KH_OK && why) /* the bound said otherwise: cannot be, and the double is then all there is */
        mpq_set_d(out, ac->c->v[slot]);
    return rc;
}

static const answer_column *column_at(const kh_answer *a, size_t item, size_t period)
{
    return &a->columns[item * a->n_periods + period];
}

/* A bound that is a formula beside a figure of so many decimals: whole where it is a decimal not much longer, else rounded to as many. */
static void round_bound(mpq_t b, int decimals)
{
    mpq_t longer;
    mpq_init(longer);
    mpq_set(longer, b);
    kh_c_q_round(longer, decimals + BOUND_MORE);
    if (!mpq_equal(longer, b))
        kh_c_q_round(b, decimals);
    mpq_clear(longer);
}

/* Whether q at so many decimals still stands on its side. */
static bool tells(const edge *x, const mpq_t lo, const mpq_t hi, const mpq_t q, int decimals)
{
    mpq_t r, l, h;
    mpq_init(r);
    mpq_init(l);
    mpq_init(h);
    mpq_set(r, q);
    mpq_set(l, lo);
    mpq_set(h, hi);
    kh_c_q_round(r, decimals);
    if (x->lo.of)
        round_bound(l, decimals);
    if (x->hi.of)
        round_bound(h, decimals);
    bool same = kh_c_edge_meets_exactly(x, l, h, r) == kh_c_edge_meets_exactly(x, lo, hi, q);
    mpq_clear(r);
    mpq_clear(l);
    mpq_clear(h);
    return same;
}

static int decimals_that_tell(const edge *x, const mpq_t lo, const mpq_t hi, const mpq_t q, int decimals)
{
    while (decimals < DECIMALS_MOST && !tells(x, lo, hi, q, decimals))
        decimals++;
    return decimals;
}

typedef struct judged { mpq_t q, lo, hi; } judged; /* a figure, if it is there, and the bounds that it is held against */

static void judged_clear(judged *j)
{
    mpq_clear(j->q);
    mpq_clear(j->lo);
    mpq_clear(j->hi);
}

static int judged_get(const kh_answer *a, size_t item, size_t period, size_t unit, const edge *x, judged *j, kh_error *err)
{
    mpq_init(j->q);
    mpq_init(j->lo);
    mpq_init(j->hi);
    int rc = column_at(a, item, period)->c->why[a->slots[unit]] ? KH_OK : kh_c_answer_exact(a, item, period, unit, j->q, err);
    return rc == KH_OK && x ? kh_c_edge_bounds(a->k, x, a->slots[unit], j->lo, j->hi, err) : rc;
}

static int put_q(const mpq_t q, int decimals, char *out, size_t room, kh_error *err)
{
    char *text = kh_c_q_text(q, decimals);
    int rc = put(text, out, room, err);
    kh_free(text);
    return rc;
}

static int exact_text(const kh_answer *a, size_t item, size_t period, size_t unit, int decimals, char *out, size_t room, kh_error *err)
{
    const edge *x = judged_by(column_at(a, item, period), unit);
    judged j;
    int rc = judged_get(a, item, period, unit, x, &j, err);
    if (rc == KH_OK && x && decimals >= 0)
        decimals = decimals_that_tell(x, j.lo, j.hi, j.q, decimals);
    if (rc == KH_OK)
        rc = put_q(j.q, decimals, out, room, err);
    judged_clear(&j);
    return rc;
}

int kh_answer_text(kh_calc *k, const kh_answer *a, size_t item, size_t period, size_t unit, int decimals, char *out, size_t room, kh_error *err)
{
    (void)k;
    const answer_column *ac = column_at(a, item, period);
    if (ac->text)
        return put(ac->text[unit] ? ac->text[unit] : "", out, room, err);
    const kh_figure f = *kh_answer_figure(a, item, period, unit);
    if (f.missing)
        return put("", out, room, err);
    kh_dec d;
    char digits[KH_DEC_TEXT];
    if (!answer_dec(ac->c, a->slots[unit], decimals, judged_by(ac, unit), f.decided == KH_ST_MET, &d))
        return exact_text(a, item, period, unit, decimals, out, room, err);
    kh_dec_format(d, digits);
    return put(digits, out, room, err);
}

int kh_answer_distance(kh_calc *k, const kh_answer *a, size_t item, size_t period, size_t unit, char *out, size_t room, kh_error *err)
{
    (void)k;
    const kh_figure f = *kh_answer_figure(a, item, period, unit);
    const edge *x = f.missing ? NULL : judged_by(column_at(a, item, period), unit);
    if (!x)
        return put("", out, room, err);
    judged j;
    int rc = judged_get(a, item, period, unit, x, &j, err);
    if (rc == KH_OK) {
        mpq_sub(j.lo, j.q, j.lo);
        if (x->t->cmp == KH_BETWEEN && mpq_sgn(j.lo) >= 0) {
            mpq_sub(j.lo, j.q, j.hi);
            if (mpq_sgn(j.lo) < 0)
                mpq_set_ui(j.lo, 0, 1);
        }
        rc = put_q(j.lo, -1, out, room, err);
    }
    judged_clear(&j);
    return rc;
}

/* ---- bounds that are figures themselves ---- */

int kh_answer_bound(const kh_answer *a, size_t item, size_t period, size_t unit, bool high, int decimals, char *out, size_t room, kh_error *err)
{
    const answer_column *ac = column_at(a, item, period);
    uint32_t t = ac->target ? ac->target[unit] : UINT32_MAX;
    const edge *x = t != UINT32_MAX ? &ac->edges[t] : NULL;
    uint32_t slot = a->slots[unit];
    if (!x || !(high ? x->hi.of : x->lo.of) || !kh_c_edge_stands(x, slot))
        return put("", out, room, err);
    judged j;
    int rc = judged_get(a, item, period, unit, x, &j, err);
    if (rc == KH_OK && !ac->c->why[slot] && decimals >= 0)
        decimals = decimals_that_tell(x, j.lo, j.hi, j.q, decimals);
    mpq_ptr bound = high ? j.hi : j.lo;
    if (rc == KH_OK && decimals >= 0) {
        mpq_set(j.q, bound);
        round_bound(bound, decimals);
        decimals = mpq_equal(j.q, bound) ? -1 : decimals;
    }
    if (rc == KH_OK)
        rc = put_q(bound, decimals, out, room, err);
    judged_clear(&j);
    return rc;
}

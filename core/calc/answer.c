/* SPDX-License-Identifier: MIT */
/*
 * A figure as text, exactly. Most figures are decided by their double and its
 * error bound; where the bound reaches a rounding edge the cell is computed in
 * rationals. What is printed never contradicts the status: where the rounded
 * number would stand on the other side of the bound, more digits are shown
 * until it does not (94.96 against "at least 95" is 94.96, not 95.0).
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

static const kh_target *target_here(const kh_answer *a, size_t item, const kh_figure *f)
{
    if (f->target == UINT32_MAX || a->items[item].kind != KH_ITEM_INDICATOR)
        return NULL;
    return &a->k->c->indicators[a->items[item].ref].targets[f->target];
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

static int exact_text(const kh_answer *a, size_t item, size_t period, size_t unit, int decimals, char *out, size_t room, kh_error *err)
{
    const kh_figure f = *kh_answer_figure(a, item, period, unit);
    const kh_target *t = target_here(a, item, &f);
    mpq_t q, r;
    mpq_init(q);
    mpq_init(r);
    int rc = kh_c_answer_exact(a, item, period, unit, q, err);
    if (rc == KH_OK) {
        bool met = t && kh_c_target_meets(t, q);
        for (int d = decimals; t && decimals >= 0 && d <= DECIMALS_MOST; d++) {
            mpq_set(r, q);
            kh_c_q_round(r, d);
            decimals = d;
            if (kh_c_target_meets(t, r) == met)
                break;
        }
        char *text = kh_c_q_text(q, decimals);
        rc = put(text, out, room, err);
        kh_free(text);
    }
    mpq_clear(q);
    mpq_clear(r);
    return rc;
}

int kh_answer_text(kh_calc *k, const kh_answer *a, size_t item, size_t period, size_t unit, int decimals, char *out, size_t room, kh_error *err)
{
    (void)k;
    const answer_column *ac = &a->columns[item * a->n_periods + period];
    if (ac->text)
        return put(ac->text[unit] ? ac->text[unit] : "", out, room, err);
    const kh_figure f = *kh_answer_figure(a, item, period, unit);
    if (f.missing)
        return put("", out, room, err);
    const kh_target *t = target_here(a, item, &f);
    kh_dec d;
    char digits[KH_DEC_TEXT];
    if (!answer_dec(ac->c, a->slots[unit], decimals, t, f.decided == KH_ST_MET, &d))
        return exact_text(a, item, period, unit, decimals, out, room, err);
    kh_dec_format(d, digits);
    return put(digits, out, room, err);
}

int kh_answer_distance(kh_calc *k, const kh_answer *a, size_t item, size_t period, size_t unit, char *out, size_t room, kh_error *err)
{
    (void)k;
    const kh_figure f = *kh_answer_figure(a, item, period, unit);
    const kh_target *t = f.missing ? NULL : target_here(a, item, &f);
    if (!t)
        return put("", out, room, err);
    mpq_t q, lo, hi;
    mpq_init(q);
    mpq_init(lo);
    mpq_init(hi);
    int rc = kh_c_answer_exact(a, item, period, unit, q, err);
    if (rc == KH_OK) {
        kh_c_q_of_dec(lo, t->lo);
        mpq_sub(lo, q, lo);
        if (t->cmp == KH_BETWEEN) {
            kh_c_q_of_dec(hi, t->hi);
            mpq_sub(hi, q, hi);
            if (mpq_sgn(hi) > 0)
                mpq_set(lo, hi);
            else if (mpq_sgn(lo) > 0)
                mpq_set_ui(lo, 0, 1);
        }
        char *text = kh_c_q_text(lo, -1);
        rc = put(text, out, room, err);
        kh_free(text);
    }
    mpq_clear(q);
    mpq_clear(lo);
    mpq_clear(hi);
    return rc;
}

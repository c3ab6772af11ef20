/* SPDX-License-Identifier: MIT */
/* The inside of an answer; ask.c, answer.c and frame.c. */
#ifndef KH_CALC_ANSWER_H
#define KH_CALC_ANSWER_H

#include "calc/ops.h"

#include <math.h>

typedef struct answer_column { /* one item in one period */
    figures *c;                /* NULL: text */
    const cover *cover;       /* a measure's own; NULL: see reported and expected */
    uint32_t *reported, *expected; /* [units] of formulas; NULL: coverage does not apply */
    uint32_t *target;         /* [units] NULL: the item has no targets */
    uint8_t *decided;         /* [units] kh_status by the numbers alone; NULL with target */
    edge *edges; size_t n_edges; /* [targets] those that bind a unit here are made */
    const char **text;        /* [units] of text and choice measures */
} answer_column;

struct kh_answer {
    kh_calc *k;
    kh_item *items; size_t n_items;
    kh_expr *exprs;
    uint32_t *slots; size_t n_units;
    kh_period *periods; size_t n_periods;
    answer_column *columns;   /* [item][period] */
    kh_figure *all;           /* small answers: every figure */
    kh_figure *ring; size_t turn;
};

static inline kh_dec without_zeros(kh_dec d)
{
    while (d.scale && d.m % 10 == 0) {
        d.m /= 10;
        d.scale--;
    }
    return d;
}

/* A whole number of a finer scale at `decimals`: rounded half away from zero, or with zeros at its end. */
static inline bool rounded_whole(int64_t m, uint8_t scale, int decimals, kh_dec *out)
{
    if (decimals < 0) {
        *out = without_zeros((kh_dec){m, scale});
        return true;
    }
    if (decimals >= scale)
        return decimals <= KH_DEC_SCALE_MAX && kh_dec_rescale((kh_dec){m, scale}, (uint8_t)decimals, out);
    int64_t by = kh_pow10[scale - decimals], whole = m / by, rest = m % by;
    rest = rest < 0 ? -rest : rest;
    *out = (kh_dec){whole + (rest >= by - rest ? (m < 0 ? -1 : 1) : 0), (uint8_t)decimals};
    return true;
}

/* v rounded to `decimals`, when v and its bound leave no doubt. */
static inline bool rounded_double(double v, double e, int decimals, kh_dec *out)
{
    if (decimals < 0 || decimals > 9)
        return false;
    double by = (double)kh_pow10[decimals], t = fabs(v) * by, et = e * by + 2 * EPS * t;
    if (!(t < 4e15))
        return false;
    int64_t m = (int64_t)t;
    double rest = t - (double)m;
    if (fabs(rest - 0.5) <= et)
        return false;
    m += rest > 0.5;
    *out = (kh_dec){v < 0 ? -m : m, (uint8_t)decimals};
    return true;
}

/* The target that a figure was judged by; NULL: none binds it, or the bound is missing. */
static inline const edge *judged_by(const answer_column *ac, size_t unit)
{
    return ac->target && ac->target[unit] != UINT32_MAX && ac->decided[unit] != KH_ST_NO_DATA ? &ac->edges[ac->target[unit]] : NULL;
}

/* A figure that is there at `decimals` (-1: all), if no rationals are needed for that and it does not contradict what was decided by x (NULL: nothing). */
static inline bool answer_dec(const figures *c, uint32_t slot, int decimals, const edge *x, bool met, kh_dec *out)
{
    if (c->kind == COL_INT && c->div == 1 && !c->cnt) {
        if (!rounded_whole(c->m[slot], c->scale, decimals, out))
            return false;
    } else {
        double e, v = kh_c_column_value(c, slot, &e);
        if (!rounded_double(v, e, decimals, out))
            return false;
    }
    return !x || kh_c_edge_meets_dec(x, slot, *out) == (int)met;
}

/* The exact value of a figure that is there. */
int kh_c_answer_exact(const kh_answer *a, size_t item, size_t period, size_t unit, mpq_t out, kh_error *err);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * Operators that look at other periods or other units. Sums over periods are
 * as strict as a plus: one missing period makes them missing. A typical level
 * takes what history there is.
 */
#include "calc/ops.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

_Static_assert(KH_PERIODS_MOST <= SHIFT_MOST, "no operator looks over more periods than there is room for");

static kh_period years_earlier(kh_period p, int n)
{
    kh_freq f = kh_period_freq(p);
    if (f == KH_WEEK || f == KH_YEAR || f == KH_HALF || f == KH_QUARTER || f == KH_MONTH || f == KH_NINE)
        return kh_period_make(f, kh_period_year(p) - n, kh_period_nth(p));
    int y, m, d;
    kh_day_split(kh_period_first(p), &y, &m, &d);
    kh_day day = kh_day_make(y - n, m, d); /* 29 February: none */
    return day < 0 ? KH_NO_PERIOD : kh_period_of(KH_DAY, day);
}

size_t kh_c_shift_periods(const kh_expr_node *x, kh_period p, kh_period *out, size_t room)
{
    size_t n = 0;
    int32_t count = x->n;
    switch (x->op) {
    case KH_X_PREV:
        out[0] = kh_period_step(p, -count);
        return 1;
    case KH_X_SAME_LAST_YEAR:
        out[0] = years_earlier(p, count);
        return 1;
    case KH_X_TO_DATE: {
        kh_period year = kh_period_make(KH_YEAR, kh_period_year(p), 1);
        n = kh_period_within(year, kh_period_freq(p), out, room);
        if (n > room)
            n = room;
        while (n && out[n - 1] > p)
            n--;
        return n;
    }
    case KH_X_OVER:
        for (int32_t i = count - 1; i >= 0 && n < room; i--)
            out[n++] = kh_period_step(p, -i);
        return n;
    case KH_X_TYPICAL_MEAN:
    case KH_X_TYPICAL_MEDIAN:
        for (int32_t i = count; i >= 1 && n < room; i--)
            out[n++] = kh_period_step(p, -i);
        return n;
    case KH_X_TYPICAL_YEARS_MEAN:
    case KH_X_TYPICAL_YEARS_MEDIAN:
        for (int32_t i = count; i >= 1 && n < room; i--)
            out[n++] = years_earlier(p, i);
        return n;
    default:
        return 0;
    }
}

static int missing_column(kh_calc *k, kh_period p, figures **out)
{
    figures *c = kh_c_column_new(k, COL_DBL);
    const uint8_t *alive = kh_c_span_ready(k, p)->alive;
    for (size_t s = 0; s < k->n; s++) {
        c->v[s] = 0;
        c->why[s] = alive[s] ? KH_NOT_REPORTED : KH_NO_SUCH_UNIT;
    }
    *out = c;
    return KH_OK;
}

/* ---- time ---- */

static void sum_periods(const figures *const *in, size_t n, figures *c)
{
    c->e = kh_zalloc(c->n + 1, sizeof *c->e);
    for (uint32_t s = 0; s < c->n; s++) {
        double sum = 0, e = 0;
        uint8_t why = KH_THERE;
        for (size_t i = 0; i < n && !why; i++) {
            double ei;
            why = in[i]->why[s];
            if (why)
                break;
            sum += kh_c_column_value(in[i], s, &ei);
            e += ei + EPS * fabs(sum);
        }
        c->why[s] = why;
        c->v[s] = why ? 0 : sum;
        c->e[s] = e * (1 + 1e-9);
    }
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static void typical_periods(const figures *const *in, size_t n, bool median, figures *c)
{
    double v[SHIFT_MOST];
    c->e = kh_zalloc(c->n + 1, sizeof *c->e);
    for (uint32_t s = 0; s < c->n; s++) {
        size_t m = 0;
        double e = 0, ei, size = 0, sum = 0;
        uint8_t why = KH_NOT_REPORTED;
        for (size_t i = 0; i < n; i++) {
            if (in[i]->why[s]) {
                why = in[i]->why[s];
                continue;
            }
            v[m] = kh_c_column_value(in[i], s, &ei);
            sum += v[m];
            size += fabs(v[m++]);
            e = ei > e ? ei : e;
        }
        c->why[s] = m ? KH_THERE : why;
        c->v[s] = 0;
        if (!m)
            continue;
        if (median)
            qsort(v, m, sizeof *v, by_size);
        c->v[s] = !median ? sum / (double)m : m % 2 ? v[m / 2] : (v[m / 2 - 1] + v[m / 2]) / 2;
        c->e[s] = e * 1.01 + 2 * EPS * (double)m * size;
    }
}

static int time_column(kh_calc *k, const kh_expr_node *x, kh_period p, figures **out, kh_error *err)
{
    kh_period ps[SHIFT_MOST];
    size_t n = kh_c_shift_periods(x, p, ps, SHIFT_MOST);
    figures *in[SHIFT_MOST], *c;
    int rc = KH_OK;
    size_t got = 0;
    if (n == 0)
        return missing_column(k, p, out);
    for (; got < n && rc == KH_OK; got++) {
        in[got] = NULL;
        rc = ps[got] == KH_NO_PERIOD ? missing_column(k, p, &in[got]) : kh_c_column_of(k, x->a, ps[got], &in[got], err);
        if (rc == KH_OK && ps[got] != KH_NO_PERIOD)
            kh_c_column_keep(in[got]);
    }
    if (rc == KH_OK && (x->op == KH_X_PREV || x->op == KH_X_SAME_LAST_YEAR)) {
        *out = kh_c_column_only(k, in[0], kh_c_span_ready(k, p)->alive);
        kh_c_column_drop(in[0]);
        return KH_OK;
    }
    if (rc == KH_OK) {
        c = kh_c_column_new(k, COL_DBL);
        bool median = x->op == KH_X_TYPICAL_MEDIAN || x->op == KH_X_TYPICAL_YEARS_MEDIAN;
        if (x->op == KH_X_TO_DATE || x->op == KH_X_OVER)
            sum_periods((const figures *const *)in, n, c);
        else
            typical_periods((const figures *const *)in, n, median, c);
        const uint8_t *alive = kh_c_span_ready(k, p)->alive;
        for (size_t s = 0; s < k->n; s++)
            if (!alive[s])
                c->why[s] = KH_NO_SUCH_UNIT;
        *out = c;
    }
    for (size_t i = 0; i < got; i++)
        kh_c_column_drop(in[i]);
    return rc;
}

/* ---- the tree ---- */

static void parent_values(const tree *t, const figures *a, figures *c)
{
    c->e = kh_zalloc(c->n + 1, sizeof *c->e);
    for (uint32_t s = 0; s < c->n; s++) {
        int32_t up = t->up[s];
        c->v[s] = 0;
        c->why[s] = up < 0 ? KH_NO_SUCH_UNIT : a->why[up];
        if (!c->why[s])
            c->v[s] = kh_c_column_value(a, (uint32_t)up, &c->e[s]);
    }
}

static int share_values(kh_calc *k, kh_expr e, kh_period p, const tree *t, const figures *a, figures *c, kh_error *err)
{
    mpq_t q;
    mpq_init(q);
    c->e = kh_zalloc(c->n + 1, sizeof *c->e);
    int rc = KH_OK;
    for (uint32_t s = 0; rc == KH_OK && s < c->n; s++) {
        int32_t up = t->up[s];
        double ex, ey;
        c->v[s] = 0;
        c->why[s] = up < 0 ? KH_NO_SUCH_UNIT : a->why[s] ? a->why[s] : a->why[up];
        if (c->why[s])
            continue;
        double x = kh_c_column_value(a, s, &ex), y = kh_c_column_value(a, (uint32_t)up, &ey);
        if (fabs(y) <= ey && ey > 0) {
            rc = kh_c_exact_cell(k, e, s, p, q, &c->why[s], err);
            c->v[s] = rc == KH_OK && !c->why[s] ? kh_c_q_double(q) : 0;
            c->e[s] = EPS * fabs(c->v[s]);
        } else if (y == 0)
            c->why[s] = KH_DIVIDED_BY_ZERO;
        else {
            c->v[s] = x / y;
            c->e[s] = (ex + fabs(c->v[s]) * ey) / (fabs(y) - ey) * 1.01 + EPS * fabs(c->v[s]);
        }
    }
    mpq_clear(q);
    return rc;
}

typedef struct ranked { int32_t up; const char *level; double v, e; uint32_t slot; } ranked;

static int by_family(const void *a, const void *b)
{
    const ranked *x = a, *y = b;
    if (x->up != y->up)
        return x->up < y->up ? -1 : 1;
    int c = strcmp(x->level, y->level);
    if (c)
        return c;
    if (x->v != y->v)
        return x->v > y->v ? -1 : 1;
    return x->slot < y->slot ? -1 : x->slot > y->slot;
}

/* Whether x is really larger than y. */
static int larger(kh_calc *k, kh_expr a, kh_period p, const ranked *x, const ranked *y, bool *yes, kh_error *err)
{
    if (fabs(x->v - y->v) > (x->e + y->e) * 1.01) {
        *yes = x->v > y->v;
        return KH_OK;
    }
    mpq_t q, r;
    uint8_t wq, wr;
    mpq_init(q);
    mpq_init(r);
    int rc = kh_c_exact_cell(k, a, x->slot, p, q, &wq, err);
    if (rc == KH_OK)
        rc = kh_c_exact_cell(k, a, y->slot, p, r, &wr, err);
    if (rc == KH_OK)
        *yes = mpq_cmp(q, r) > 0;
    mpq_clear(q);
    mpq_clear(r);
    return rc;
}

/* 1 more than the number of siblings of the same level that are larger: equals share a rank. */
static int rank_values(kh_calc *k, kh_expr a, kh_period p, const tree *t, const figures *in, figures *c, kh_error *err)
{
    ranked *all = kh_alloc((k->n + 1) * sizeof *all);
    size_t n = 0;
    int rc = KH_OK;
    for (uint32_t s = 0; s < k->n; s++) {
        c->v[s] = 0;
        c->why[s] = t->up[s] == TREE_OUT ? (uint8_t)KH_NO_SUCH_UNIT : in->why[s];
        if (c->why[s])
            continue;
        double e;
        all[n].v = kh_c_column_value(in, s, &e);
        all[n].e = e;
        all[n].up = t->up[s];
        all[n].level = kh_units_kind_of(k->c->units, k->unit[s])->level;
        all[n++].slot = s;
    }
    qsort(all, n, sizeof *all, by_family);
    for (size_t i = 0, first = 0; rc == KH_OK && i < n; i++) {
        if (i && (all[i].up != all[first].up || strcmp(all[i].level, all[first].level) != 0))
            first = i;
        size_t above = 0;
        for (size_t j = first; j < n && all[j].up == all[first].up && strcmp(all[j].level, all[first].level) == 0 && rc == KH_OK; j++) {
            bool yes = false;
            if (j != i)
                rc = larger(k, a, p, &all[j], &all[i], &yes, err);
            above += yes;
        }
        c->v[all[i].slot] = (double)(above + 1);
    }
    kh_free(all);
    return rc;
}

static int tree_column(kh_calc *k, kh_expr e, const kh_expr_node *x, kh_period p, figures **out, kh_error *err)
{
    figures *a;
    int rc = kh_c_column_of(k, x->a, p, &a, err);
    if (rc != KH_OK)
        return rc;
    kh_c_column_keep(a);
    const tree *t = kh_c_span_ready(k, p)->end;
    figures *c = kh_c_column_new(k, COL_DBL);
    if (x->op == KH_X_PARENT)
        parent_values(t, a, c);
    else if (x->op == KH_X_SHARE)
        rc = share_values(k, e, p, t, a, c, err);
    else
        rc = rank_values(k, x->a, p, t, a, c, err);
    kh_c_column_drop(a);
    if (rc == KH_OK)
        *out = c;
    else
        kh_c_column_drop(c);
    return rc;
}

int kh_c_shift_column(kh_calc *k, kh_expr e, kh_period p, figures **out, kh_error *err)
{
    const kh_expr_node x = *kh_expr_get(k->c->exprs, e);
    if (x.op >= KH_X_PARENT)
        return tree_column(k, e, &x, p, out, err);
    return time_column(k, &x, p, out, err);
}

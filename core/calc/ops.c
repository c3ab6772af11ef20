/* SPDX-License-Identifier: MIT */
/*
 * Formula operators over blocks of doubles, each with the bound of its error.
 *
 * Whole numbers up to 2^53 stay exact and carry no bound; products and
 * quotients of what is exact to a few roundings stay relatively exact; sums may
 * cancel, so from there on every cell carries its own bound. An operator that
 * jumps (floor, round, a comparison, division near zero) asks for the exact
 * evaluator where the jump lies within the bound: nowhere else.
 */
#include "calc/ops.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Buffers of different registers are different: said to the compiler, it takes several cells at a time. */

static void join_why(reg *d, const reg *a, const reg *b, size_t n)
{
    uint8_t *restrict to = d->why;
    const uint8_t *restrict x = a->why, *restrict y = b->why;
    for (size_t i = 0; i < n; i++)
        to[i] = (uint8_t)(x[i] | (y[i] & -(x[i] == 0)));
}

/* Whether one of them is an infinity or no number: 1 added to an exponent of all ones reaches the sign's place. */
static bool all_finite(const double *restrict v, size_t n)
{
    const uint64_t exponent = 0x7FF0000000000000u, one = 0x0010000000000000u;
    uint64_t reached = 0;
    for (size_t i = 0; i < n; i++) {
        uint64_t bits;
        memcpy(&bits, &v[i], sizeof bits);
        reached |= (bits & exponent) + one;
    }
    return !(reached >> 63);
}

/* Beyond the doubles is not a number anybody can use. */
static void keep_finite(reg *d, size_t n)
{
    if (all_finite(d->v, n))
        return;
    for (size_t i = 0; i < n; i++)
        if (!(fabs(d->v[i]) <= DBL_MAX)) {
            d->v[i] = 0;
            if (!d->why[i])
                d->why[i] = KH_NOT_DEFINED;
        }
}

static void class_whole(reg *d, double most)
{
    d->whole = true;
    d->general = false;
    d->rel = 0;
    d->most = most;
}

static void class_rel(reg *d, double rel)
{
    d->whole = d->general = false;
    d->rel = rel;
    d->most = 0;
}

static void class_general(reg *d)
{
    d->whole = false;
    d->general = true;
    d->rel = d->most = 0;
}

static size_t add(reg *d, const reg *a, const reg *b, size_t n, double sign)
{
    double *restrict v = d->v;
    const double *restrict x = a->v, *restrict y = b->v;
    join_why(d, a, b, n);
    for (size_t i = 0; i < n; i++)
        v[i] = x[i] + sign * y[i];
    if (a->whole && b->whole && a->most + b->most <= WHOLE_MOST) {
        class_whole(d, a->most + b->most);
        return 0;
    }
    for (size_t i = 0; i < n; i++)
        d->e[i] = (reg_error(a, i) + reg_error(b, i)) * (1 + 4 * EPS) + EPS * fabs(d->v[i]);
    class_general(d);
    keep_finite(d, n);
    return 0;
}

static size_t mul(reg *d, const reg *a, const reg *b, size_t n)
{
    double *restrict v = d->v;
    const double *restrict x = a->v, *restrict y = b->v;
    join_why(d, a, b, n);
    for (size_t i = 0; i < n; i++)
        v[i] = x[i] * y[i];
    if (a->whole && b->whole && a->most * b->most <= WHOLE_MOST) {
        class_whole(d, a->most * b->most);
        return 0;
    }
    if (!a->general && !b->general)
        class_rel(d, (a->rel + b->rel) * (1 + 1e-9) + 1);
    else {
        for (size_t i = 0; i < n; i++) {
            double ea = reg_error(a, i), eb = reg_error(b, i);
            d->e[i] = (fabs(a->v[i]) * eb + fabs(b->v[i]) * ea + ea * eb) * (1 + 8 * EPS) + EPS * fabs(d->v[i]);
        }
        class_general(d);
    }
    keep_finite(d, n);
    return 0;
}

static size_t divide(reg *d, const reg *a, const reg *b, size_t n, uint8_t *doubtful)
{
    size_t doubts = 0;
    double *restrict v = d->v;
    uint8_t *restrict why = d->why;
    const double *restrict x = a->v, *restrict y = b->v;
    join_why(d, a, b, n);
    for (size_t i = 0; i < n; i++)
        v[i] = x[i] / y[i];
    if (!all_finite(v, n)) /* a zero below gives an infinity or no number, whatever is above */
        for (size_t i = 0; i < n; i++)
            if (y[i] == 0) {
                v[i] = 0;
                why[i] = why[i] ? why[i] : (uint8_t)KH_DIVIDED_BY_ZERO;
            }
    if (!a->general && !b->general)
        class_rel(d, (a->rel + b->rel) * (1 + 1e-9) + 1);
    else {
        for (size_t i = 0; i < n; i++) {
            double eb = reg_error(b, i), room = fabs(b->v[i]) - eb;
            if (eb > 0 && room <= 0) {
                if (!a->why[i] && !b->why[i]) {
                    doubtful[i] = 1;
                    doubts++;
                }
                d->e[i] = 0;
                continue;
            }
            d->e[i] = room > 0 ? (reg_error(a, i) + fabs(d->v[i]) * eb) / room * (1 + 8 * EPS) + EPS * fabs(d->v[i]) : 0;
        }
        class_general(d);
    }
    keep_finite(d, n);
    return doubts;
}

/* Floor division and remainder of whole numbers: exact by fmod. */
static void whole_floor(reg *d, const reg *a, const reg *b, size_t n, bool mod)
{
    for (size_t i = 0; i < n; i++) {
        double x = a->v[i], y = b->v[i];
        if (y == 0) {
            d->v[i] = 0;
            if (!d->why[i])
                d->why[i] = KH_DIVIDED_BY_ZERO;
            continue;
        }
        double r = fmod(x, y);
        if (r != 0 && (r < 0) != (y < 0))
            r += y;
        d->v[i] = mod ? r : (x - r) / y;
        if (d->v[i] == 0)
            d->v[i] = 0; /* no -0 */
    }
    class_whole(d, mod ? b->most : a->most + 1);
}

static size_t floor_divide(reg *d, const reg *a, const reg *b, size_t n, bool mod, uint8_t *doubtful)
{
    join_why(d, a, b, n);
    if (a->whole && b->whole && a->most + b->most <= WHOLE_MOST) {
        whole_floor(d, a, b, n, mod);
        return 0;
    }
    size_t doubts = 0;
    class_general(d);
    for (size_t i = 0; i < n; i++) {
        double x = a->v[i], y = b->v[i], ea = reg_error(a, i), eb = reg_error(b, i);
        d->e[i] = d->v[i] = 0;
        if (d->why[i])
            continue;
        double room = fabs(y) - eb, q = y == 0 ? 0 : x / y;
        double eq = room > 0 ? (ea + fabs(q) * eb) / room * (1 + 8 * EPS) + 2 * EPS * fabs(q) : (double)INFINITY;
        if (y == 0 && eb == 0) {
            d->why[i] = KH_DIVIDED_BY_ZERO;
            continue;
        }
        double f = floor(q);
        if (!(fabs(q) < WHOLE_MOST / 2) || !isfinite(eq) || floor(q - eq) != floor(q + eq)) {
            doubtful[i] = 1;
            doubts++;
            continue;
        }
        d->v[i] = mod ? x - y * f : f;
        d->e[i] = mod ? ea + fabs(f) * eb + 2 * EPS * (fabs(x) + fabs(y * f)) : 0;
    }
    return doubts;
}

static size_t power(reg *d, const reg *a, const reg *b, size_t n, uint8_t *doubtful)
{
    size_t doubts = 0;
    join_why(d, a, b, n);
    class_general(d);
    for (size_t i = 0; i < n; i++) {
        double x = a->v[i], y = b->v[i], ea = reg_error(a, i);
        d->v[i] = d->e[i] = 0;
        if (d->why[i])
            continue;
        if (!b->whole || fabs(y) > 1024 || ea * fabs(y) * 4 >= fabs(x)) {
            if (b->whole && x == 0 && ea == 0 && y > 0)
                continue; /* 0^n */
            doubtful[i] = 1;
            doubts++;
            continue;
        }
        d->v[i] = pow(x, y);
        d->e[i] = fabs(d->v[i]) * (2 * fabs(y) * (ea / fabs(x)) + 4 * EPS);
        if (!isfinite(d->v[i]) || d->v[i] == 0) {
            doubtful[i] = 1;
            doubts++;
        }
    }
    keep_finite(d, n);
    return doubts;
}

static size_t logarithm(reg *d, const reg *a, size_t n, uint8_t *doubtful)
{
    size_t doubts = 0;
    memcpy(d->why, a->why, n);
    class_general(d);
    for (size_t i = 0; i < n; i++) {
        double x = a->v[i], ea = reg_error(a, i);
        d->v[i] = d->e[i] = 0;
        if (d->why[i])
            continue;
        if (ea > 0 && fabs(x) <= 2 * ea) {
            doubtful[i] = 1;
            doubts++;
        } else if (x <= 0)
            d->why[i] = KH_NOT_DEFINED;
        else {
            d->v[i] = log(x);
            d->e[i] = 2 * ea / x + 2 * EPS * (fabs(d->v[i]) + 1);
        }
    }
    return doubts;
}

static size_t round_to(reg *d, const reg *a, int32_t decimals, size_t n, uint8_t *doubtful)
{
    memcpy(d->why, a->why, n);
    if (a->whole && decimals >= 0) {
        memcpy(d->v, a->v, n * sizeof *d->v);
        class_whole(d, a->most);
        return 0;
    }
    size_t doubts = 0;
    double by = pow(10, abs(decimals));
    class_rel(d, decimals == 0 ? 0 : 1);
    for (size_t i = 0; i < n; i++) {
        double t = decimals >= 0 ? a->v[i] * by : a->v[i] / by;
        double et = (decimals >= 0 ? reg_error(a, i) * by : reg_error(a, i) / by) + 2 * EPS * fabs(t);
        double away = fabs(fabs(t) - floor(fabs(t)) - 0.5);
        d->v[i] = 0;
        if (d->why[i])
            continue;
        if (!(fabs(t) < WHOLE_MOST / 4) || away <= et || abs(decimals) > 15) {
            doubtful[i] = 1;
            doubts++;
            continue;
        }
        d->v[i] = decimals >= 0 ? round(t) / by : round(t) * by;
        if (d->v[i] == 0)
            d->v[i] = 0;
    }
    return doubts;
}

static void join_class(reg *d, const reg *a, const reg *b, size_t n, const uint8_t *second)
{
    if (a->whole && b->whole)
        class_whole(d, a->most > b->most ? a->most : b->most);
    else if (!a->general && !b->general)
        class_rel(d, a->rel > b->rel ? a->rel : b->rel);
    else {
        for (size_t i = 0; i < n; i++) {
            double ea = reg_error(a, i), eb = reg_error(b, i);
            d->e[i] = second ? (second[i] ? eb : ea) : (ea > eb ? ea : eb);
        }
        class_general(d);
    }
}

static size_t smaller(reg *d, const reg *a, const reg *b, size_t n, bool larger)
{
    join_why(d, a, b, n);
    for (size_t i = 0; i < n; i++)
        d->v[i] = (a->v[i] < b->v[i]) != larger ? a->v[i] : b->v[i];
    join_class(d, a, b, n, NULL);
    return 0;
}

static bool holds(uint8_t op, double x, double y)
{
    switch (op) {
    case KH_X_LT:
        return x < y;
    case KH_X_LE:
        return x <= y;
    case KH_X_GT:
        return x > y;
    case KH_X_GE:
        return x >= y;
    case KH_X_EQ:
        return x == y;
    default:
        return x != y;
    }
}

static size_t compare(uint8_t op, reg *d, const reg *a, const reg *b, size_t n, uint8_t *doubtful)
{
    size_t doubts = 0;
    bool sure = a->whole && b->whole;
    join_why(d, a, b, n);
    class_whole(d, 1);
    for (size_t i = 0; i < n; i++) {
        double x = a->v[i], y = b->v[i];
        d->v[i] = holds(op, x, y);
        if (sure || d->why[i])
            continue;
        double e = reg_error(a, i) + reg_error(b, i);
        if (fabs(x - y) <= e * (1 + 4 * EPS) + EPS * fabs(x - y)) {
            doubtful[i] = 1;
            doubts++;
        }
    }
    return doubts;
}

/* Whether a number is other than 0; doubtful where its bound reaches 0. */
static bool truth(const reg *a, size_t i, uint8_t *doubtful, size_t *doubts)
{
    if (a->general && a->e[i] > 0 && fabs(a->v[i]) <= a->e[i] && !a->why[i] && !doubtful[i]) {
        doubtful[i] = 1;
        (*doubts)++;
    }
    return a->v[i] != 0;
}

static size_t logic(uint8_t op, reg *d, const reg *a, const reg *b, size_t n, uint8_t *doubtful)
{
    size_t doubts = 0;
    join_why(d, a, b, n);
    class_whole(d, 1);
    for (size_t i = 0; i < n; i++) {
        bool x = truth(a, i, doubtful, &doubts), y = op == KH_X_NOT ? false : truth(b, i, doubtful, &doubts);
        d->v[i] = op == KH_X_BOTH ? x && y : op == KH_X_EITHER ? x || y : !x;
    }
    return doubts;
}

static size_t when(reg *d, const reg *a, const reg *b, const reg *c, size_t n, uint8_t *doubtful)
{
    size_t doubts = 0;
    uint8_t second[BLOCK];
    for (size_t i = 0; i < n; i++) {
        bool yes = truth(a, i, doubtful, &doubts);
        second[i] = !yes;
        d->v[i] = yes ? b->v[i] : c->v[i];
        d->why[i] = a->why[i] ? a->why[i] : yes ? b->why[i] : c->why[i];
    }
    join_class(d, b, c, n, second);
    return doubts;
}

static size_t otherwise(reg *d, const reg *a, const reg *b, size_t n)
{
    uint8_t second[BLOCK];
    for (size_t i = 0; i < n; i++) {
        second[i] = a->why[i] != KH_THERE;
        d->v[i] = second[i] ? b->v[i] : a->v[i];
        d->why[i] = second[i] ? b->why[i] : KH_THERE;
    }
    join_class(d, a, b, n, second);
    return 0;
}

static size_t same_class(uint8_t op, reg *d, const reg *a, size_t n)
{
    memcpy(d->why, a->why, n);
    for (size_t i = 0; i < n; i++)
        d->v[i] = op == KH_X_NEG ? 0 - a->v[i] : fabs(a->v[i]);
    if (a->general)
        memcpy(d->e, a->e, n * sizeof *d->e);
    d->whole = a->whole;
    d->general = a->general;
    d->rel = a->rel;
    d->most = a->most;
    return 0;
}

static size_t present(reg *d, const reg *a, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        d->v[i] = a->why[i] == KH_THERE;
        d->why[i] = KH_THERE;
    }
    class_whole(d, 1);
    return 0;
}

size_t kh_c_ops_run(const kh_expr_node *x, reg *d, const reg *a, const reg *b, const reg *c, size_t n, uint8_t *doubtful)
{
    switch (x->op) {
    case KH_X_ADD:
        return add(d, a, b, n, 1);
    case KH_X_SUB:
        return add(d, a, b, n, -1);
    case KH_X_MUL:
        return mul(d, a, b, n);
    case KH_X_DIV:
        return divide(d, a, b, n, doubtful);
    case KH_X_IDIV:
    case KH_X_MOD:
        return floor_divide(d, a, b, n, x->op == KH_X_MOD, doubtful);
    case KH_X_POW:
        return power(d, a, b, n, doubtful);
    case KH_X_NEG:
    case KH_X_ABS:
        return same_class(x->op, d, a, n);
    case KH_X_LOG:
        return logarithm(d, a, n, doubtful);
    case KH_X_ROUND:
        return round_to(d, a, x->n, n, doubtful);
    case KH_X_MIN2:
    case KH_X_MAX2:
        return smaller(d, a, b, n, x->op == KH_X_MAX2);
    case KH_X_BOTH:
    case KH_X_EITHER:
        return logic(x->op, d, a, b, n, doubtful);
    case KH_X_NOT:
        return logic(x->op, d, a, a, n, doubtful);
    case KH_X_WHEN:
        return when(d, a, b, c, n, doubtful);
    case KH_X_OTHERWISE:
        return otherwise(d, a, b, n);
    case KH_X_PRESENT:
        return present(d, a, n);
    default:
        return compare(x->op, d, a, b, n, doubtful);
    }
}

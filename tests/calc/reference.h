/* SPDX-License-Identifier: MIT */
/*
 * The rules of docs/calculation.md once more, as plainly as they can be said:
 * one figure at a time, recursive, every number a fraction, nothing cached. It
 * uses the model (trees, periods, cuts) and nothing of core/calc, and stands
 * against it in test_property.c.
 */
#ifndef KH_TESTS_CALC_REFERENCE_H
#define KH_TESTS_CALC_REFERENCE_H

#include "calc/calc.h"

#include <gmp.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct ref_value { uint32_t measure; kh_cut cut; kh_unit unit; kh_period period; kh_dec v; } ref_value;
typedef struct ref { kh_catalog *c; ref_value *values; size_t n, cap; bool restate; kh_day boundaries; } ref; /* values of one measure and unit may be looked for often: ref_any says no quickly */
typedef struct ratio { mpq_t q; int why; } ratio; /* why: kh_missing */
typedef struct set { ratio *of; size_t n; } set;

static void num_start(ratio *x, int why) { mpq_init(x->q); x->why = why; }
static void num_end(ratio *x) { mpq_clear(x->q); }

static void set_add(set *s, const mpq_t q)
{
    s->of = kh_realloc(s->of, s->n + 1, sizeof *s->of);
    num_start(&s->of[s->n], KH_THERE);
    mpq_set(s->of[s->n++].q, q);
}

static void set_free(set *s)
{
    for (size_t i = 0; i < s->n; i++)
        num_end(&s->of[i]);
    kh_free(s->of);
    *s = (set){0};
}

/* The double nearest to the root. */
static void ref_root(mpq_t q)
{
    mpf_t f, lo, hi;
    mpf_init2(f, 512);
    mpf_init2(lo, 512);
    mpf_init2(hi, 512);
    mpf_set_q(f, q);
    mpf_sqrt(f, f);
    double d = mpf_get_d(f), e = nextafter(d, (double)INFINITY);
    mpf_set_d(lo, d);
    mpf_set_d(hi, e);
    mpf_sub(lo, f, lo);
    mpf_sub(hi, hi, f);
    mpq_set_d(q, mpf_cmp(lo, hi) <= 0 ? d : e);
    mpf_clear(f);
    mpf_clear(lo);
    mpf_clear(hi);
}

/* The aggregate of a set that stands in the order of first to last. */
static void ref_aggregate(kh_agg how, const set *s, ratio *out)
{
    mpq_t n, t;
    out->why = s->n ? KH_THERE : KH_NOT_REPORTED;
    if (!s->n)
        return;
    mpq_init(n);
    mpq_init(t);
    mpq_set_ui(n, s->n, 1);
    mpq_set_ui(out->q, 0, 1);
    switch (how) {
    case KH_AGG_SUM: case KH_AGG_MEAN: case KH_AGG_VARIANCE: case KH_AGG_STDDEV:
        for (size_t i = 0; i < s->n; i++)
            mpq_add(out->q, out->q, s->of[i].q);
        if (how == KH_AGG_SUM)
            break;
        mpq_div(out->q, out->q, n);
        if (how == KH_AGG_MEAN)
            break;
        if (s->n < 2) {
            out->why = KH_NOT_DEFINED;
            break;
        }
        mpq_t mean, sum;
        mpq_init(mean);
        mpq_init(sum);
        mpq_set(mean, out->q);
        for (size_t i = 0; i < s->n; i++) {
            mpq_sub(t, s->of[i].q, mean);
            mpq_mul(t, t, t);
            mpq_add(sum, sum, t);
        }
        mpq_set_ui(n, s->n - 1, 1);
        mpq_div(out->q, sum, n);
        if (how == KH_AGG_STDDEV)
            ref_root(out->q);
        mpq_clear(mean);
        mpq_clear(sum);
        break;
    case KH_AGG_MIN: case KH_AGG_MAX:
        mpq_set(out->q, s->of[0].q);
        for (size_t i = 1; i < s->n; i++)
            if ((how == KH_AGG_MIN) == (mpq_cmp(s->of[i].q, out->q) < 0))
                mpq_set(out->q, s->of[i].q);
        break;
    case KH_AGG_FIRST:
        mpq_set(out->q, s->of[0].q);
        break;
    case KH_AGG_LAST:
        mpq_set(out->q, s->of[s->n - 1].q);
        break;
    case KH_AGG_COUNT:
        mpq_set(out->q, n);
        break;
    case KH_AGG_NONE:
        out->why = KH_NO_WHOLE;
        break;
    }
    mpq_clear(n);
    mpq_clear(t);
}

/* ---- one unit ---- */

static const ref_value *ref_exact(const ref *r, uint32_t m, kh_cut cut, kh_unit u, kh_period p)
{
    for (size_t i = 0; i < r->n; i++)
        if (r->values[i].measure == m && r->values[i].cut == cut && r->values[i].unit == u && r->values[i].period == p)
            return &r->values[i];
    return NULL;
}

static bool ref_any(const ref *r, uint32_t m, kh_unit u, kh_period within)
{
    for (size_t i = 0; i < r->n; i++)
        if (r->values[i].unit == u && r->values[i].measure == m && (r->values[i].period == within || kh_period_contains(within, r->values[i].period)))
            return true;
    return false;
}

static void dec_q(mpq_t q, kh_dec d)
{
    mpz_set_si(mpq_numref(q), d.m);
    mpz_ui_pow_ui(mpq_denref(q), 10, d.scale);
    mpq_canonicalize(q);
}

static bool ref_cut_has(const ref *r, kh_cut cut, uint32_t category, uint32_t option)
{
    const kh_cut_part *ps;
    size_t n = kh_cut_parts(r->c->cuts, cut, &ps);
    for (size_t i = 0; i < n; i++)
        if (ps[i].category == category && (option == UINT32_MAX || ps[i].option == option))
            return true;
    return false;
}

/* What was reported for (u, p) at the cut, or made of narrower cuts, by the first category that gives something. */
static void ref_reported(const ref *r, uint32_t m, kh_cut cut, kh_unit u, kh_period p, ratio *out)
{
    const kh_measure *def = &r->c->measures[m];
    const ref_value *v = ref_exact(r, m, cut, u, p);
    out->why = KH_NOT_REPORTED;
    if (v) {
        dec_q(out->q, v->v);
        out->why = KH_THERE;
        return;
    }
    const kh_category *cats;
    size_t n = kh_cuts_categories(r->c->cuts, &cats);
    int lack = KH_NOT_REPORTED;
    for (size_t k = 0; k < def->n_by + n && out->why != KH_THERE; k++) {
        uint32_t cat = k < def->n_by ? def->by[k] : (uint32_t)(k - def->n_by);
        bool named = false;
        for (size_t i = 0; i < def->n_by; i++)
            named |= def->by[i] == cat;
        if ((k >= def->n_by && named) || ref_cut_has(r, cut, cat, UINT32_MAX))
            continue;
        set s = {0};
        ratio x;
        num_start(&x, 0);
        for (uint32_t o = 0; o < cats[cat].n_options; o++) {
            bool exists = false; /* any value at all within that option */
            const kh_cut_part *ps;
            size_t np = kh_cut_parts(r->c->cuts, cut, &ps);
            kh_cut_part more[8];
            for (size_t i = 0; i < np; i++)
                more[i] = ps[i];
            more[np] = (kh_cut_part){cat, o};
            kh_cut narrow = kh_cut_make(r->c->cuts, more, np + 1);
            for (size_t i = 0; i < r->n; i++)
                exists |= r->values[i].measure == m && r->values[i].unit == u && r->values[i].period == p && kh_cut_within(r->c->cuts, r->values[i].cut, narrow);
            if (!exists)
                continue;
            ref_reported(r, m, narrow, u, p, &x);
            if (x.why == KH_THERE)
                set_add(&s, x.q);
            else if (x.why > lack)
                lack = x.why;
        }
        ref_aggregate(def->over_units, &s, out);
        if (out->why > lack)
            lack = out->why;
        set_free(&s);
        num_end(&x);
    }
    if (out->why != KH_THERE)
        out->why = lack;
}

typedef struct stand { kh_period p; ratio x; } stand;
typedef struct stands { stand *of; size_t n; bool lack; } stands;

static bool ref_stand_here(const ref *r, uint32_t m, kh_cut cut, kh_unit u, kh_period p, stands *s)
{
    ratio x;
    num_start(&x, 0);
    ref_reported(r, m, cut, u, p, &x);
    if (x.why == KH_THERE) {
        s->of = kh_realloc(s->of, s->n + 1, sizeof *s->of);
        s->of[s->n++] = (stand){p, x};
        return true;
    }
    s->lack |= x.why != KH_NOT_REPORTED;
    num_end(&x);
    return false;
}

static void ref_stand(const ref *r, uint32_t m, kh_cut cut, kh_unit u, kh_period p, stands *s)
{
    kh_period part[64];
    size_t before = s->n;
    if (!ref_any(r, m, u, p))
        return;
    if (ref_stand_here(r, m, cut, u, p, s))
        return;
    size_t n = kh_period_parts(p, true, part);
    for (size_t i = 0; i < n; i++)
        ref_stand(r, m, cut, u, part[i], s);
    if (kh_period_freq(p) != KH_YEAR || s->n > before)
        return;
    n = kh_period_within(p, KH_WEEK, part, 64);
    for (size_t i = 0; i < n; i++)
        ref_stand_here(r, m, cut, u, part[i], s);
}

static void stands_free(stands *s)
{
    for (size_t i = 0; i < s->n; i++)
        num_end(&s->of[i].x);
    kh_free(s->of);
    *s = (stands){0};
}

/* ---- trees ---- */

static bool ref_valid(const ref *r, kh_unit u, kh_day d)
{
    const kh_unit_def *def = kh_units_def(r->c->units, u);
    return def->from <= d && d <= def->to;
}

static kh_day ref_day(const ref *r, kh_unit u, kh_period p)
{
    const kh_unit_def *def = kh_units_def(r->c->units, u);
    kh_day d = kh_period_last(p);
    d = d > def->to ? def->to : d;
    return d < def->from ? def->from : d;
}

static bool ref_below(const ref *r, kh_unit u, kh_unit top, kh_day d)
{
    for (; u != KH_NO_UNIT; u = kh_units_parent(r->c->units, u, d))
        if (u == top)
            return true;
    return false;
}

static kh_unit ref_common(const ref *r, const bool *in, size_t n, kh_day d)
{
    kh_unit first = KH_NO_UNIT;
    for (kh_unit u = 0; u < n && first == KH_NO_UNIT; u++)
        if (in[u])
            first = u;
    for (kh_unit u = first; u != KH_NO_UNIT; u = kh_units_parent(r->c->units, u, d)) {
        bool all = true;
        for (kh_unit x = 0; x < n; x++)
            all = all && (!in[x] || ref_below(r, x, u, d));
        if (all)
            return u;
    }
    return KH_NO_UNIT;
}

/* The units at the boundaries among which the values of u lie. */
static void ref_goes(const ref *r, kh_unit u, bool *in, int depth)
{
    const kh_succession *s;
    size_t n = kh_units_successions(r->c->units, &s), links = 0, whole = 0, units = kh_units_count(r->c->units);
    bool unknown = false;
    if (ref_valid(r, u, r->boundaries)) {
        in[u] = true;
        return;
    }
    if (depth > 20)
        return;
    bool forward = kh_units_def(r->c->units, u)->to < r->boundaries;
    for (size_t i = 0; i < n; i++) {
        if ((forward ? s[i].from : s[i].to) != u)
            continue;
        kh_unit other = forward ? s[i].to : s[i].from;
        whole += !s[i].part;
        if (other == KH_NO_UNIT) {
            unknown = true;
            continue;
        }
        links++;
        ref_goes(r, other, in, depth + 1);
    }
    if (!unknown && links && !(forward && links == 1 && !whole))
        return;
    const kh_unit_def *def = kh_units_def(r->c->units, u);
    kh_unit parent = kh_units_parent(r->c->units, u, forward ? def->to : def->from);
    if (parent == KH_NO_UNIT)
        return;
    bool *up = kh_zalloc(units + 1, sizeof *up);
    ref_goes(r, parent, up, depth + 1);
    kh_unit holder = ref_common(r, up, units, r->boundaries);
    for (kh_unit x = 0; holder != KH_NO_UNIT && x < units; x++)
        in[x] |= ref_valid(r, x, r->boundaries) && ref_below(r, x, holder, r->boundaries);
    kh_free(up);
}

/* Whether it is told, all the way, what became of u: what nobody knows of stays in what became of its parent, and is not that. */
static bool ref_told(const ref *r, kh_unit u, int depth)
{
    const kh_succession *s;
    size_t n = kh_units_successions(r->c->units, &s), links = 0, whole = 0;
    if (ref_valid(r, u, r->boundaries))
        return true;
    bool forward = kh_units_def(r->c->units, u)->to < r->boundaries, told = depth <= 20;
    for (size_t i = 0; told && i < n; i++) {
        if ((forward ? s[i].from : s[i].to) != u)
            continue;
        kh_unit other = forward ? s[i].to : s[i].from;
        whole += !s[i].part;
        links++;
        told = other != KH_NO_UNIT && ref_told(r, other, depth + 1);
    }
    return told && links && !(forward && links == 1 && !whole);
}

static bool ref_in_groups(const ref *r, kh_unit u, const kh_unit_group *g, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const char *v = kh_units_group(r->c->units, u, g[i].group);
        if (!v || strcmp(v, g[i].value) != 0)
            return false;
    }
    return true;
}

/* ---- a measure's figure ---- */

typedef struct giver { kh_unit unit; ratio x; } giver;

static int by_code(const ref *r, kh_unit a, kh_unit b)
{
    const kh_unit_def *x = kh_units_def(r->c->units, a), *y = kh_units_def(r->c->units, b);
    int c = strcmp(x->code, y->code);
    return c ? c : (x->from > y->from) - (x->from < y->from);
}

/* What unit u gives to the figure of `to`; why: KH_NOT_REPORTED nothing, KH_SPLIT a part nobody can tell. */
static void ref_gives(const ref *r, const kh_expr_node *leaf, kh_unit u, kh_unit to, kh_period p, ratio *out)
{
    const kh_measure *def = &r->c->measures[leaf->ref];
    stands s = {0};
    out->why = KH_NOT_REPORTED;
    if (!ref_in_groups(r, u, leaf->groups, leaf->n_groups))
        return;
    if (def->over_time == KH_AGG_LAST && !ref_valid(r, u, kh_period_last(p)))
        return;
    if (!ref_any(r, leaf->ref, u, p))
        return;
    ref_stand(r, leaf->ref, leaf->cut, u, p, &s);
    bool exact = s.n == 1 && s.of[0].p == p, lack = s.lack;
    if (def->over_time == KH_AGG_NONE && s.n && !exact) {
        lack = true;
        stands_free(&s);
    }
    set under = {0};
    bool apart = false, here = false, elsewhere = false;
    if (r->restate) {
        size_t n = kh_units_count(r->c->units), inside = 0, all = 0;
        bool *in = kh_zalloc(n + 1, sizeof *in);
        ref_goes(r, u, in, 0);
        for (kh_unit x = 0; x < n; x++)
            if (in[x]) {
                all++;
                inside += ref_below(r, x, to, r->boundaries);
            }
        kh_unit at = ref_common(r, in, n, r->boundaries);
        here = all && inside == all;
        apart = inside && inside < all;
        elsewhere = at != to || all > 1 || !ref_told(r, u, 0); /* not its own */
        kh_free(in);
        for (size_t i = 0; here && i < s.n; i++)
            set_add(&under, s.of[i].x.q);
    } else {
        elsewhere = u != to;
        for (size_t i = 0; i < s.n; i++) {
            kh_day d = def->over_time == KH_AGG_LAST ? kh_period_last(p) : ref_day(r, u, s.of[i].p);
            if (ref_below(r, u, to, d))
                set_add(&under, s.of[i].x.q);
        }
        kh_day d = def->over_time == KH_AGG_LAST ? kh_period_last(p) : ref_day(r, u, p);
        here = under.n || (s.n == 0 && ref_below(r, u, to, d));
    }
    if (apart && s.n)
        out->why = KH_SPLIT;
    else if (here && under.n) {
        if (exact) {
            mpq_set(out->q, under.of[0].q);
            out->why = KH_THERE;
        } else
            ref_aggregate(def->over_time, &under, out);
        if (out->why == KH_THERE && def->over_units == KH_AGG_NONE && elsewhere)
            out->why = KH_NO_WHOLE;
    } else if (here && lack)
        out->why = KH_NO_WHOLE;
    set_free(&under);
    stands_free(&s);
}

static bool ref_alive(const ref *r, kh_unit u, kh_period p)
{
    const kh_unit_def *d = kh_units_def(r->c->units, u);
    return r->restate ? ref_valid(r, u, r->boundaries) : d->from <= kh_period_last(p) && d->to >= kh_period_first(p);
}

static void ref_measure(const ref *r, const kh_expr_node *leaf, kh_unit to, kh_period p, ratio *out)
{
    const kh_measure *def = &r->c->measures[leaf->ref];
    size_t n = kh_units_count(r->c->units);
    kh_unit *order = kh_alloc((n + 1) * sizeof *order);
    for (kh_unit u = 0; u < n; u++) {
        size_t at = u;
        while (at && by_code(r, order[at - 1], u) > 0) {
            order[at] = order[at - 1];
            at--;
        }
        order[at] = u;
    }
    set s = {0};
    ratio x, own;
    num_start(&x, 0);
    num_start(&own, KH_NOT_REPORTED);
    bool split = false;
    int lack = KH_NOT_REPORTED;
    for (size_t i = 0; i < n; i++) {
        ref_gives(r, leaf, order[i], to, p, &x);
        split |= x.why == KH_SPLIT;
        if (x.why == KH_THERE) {
            set_add(&s, x.q);
            if (order[i] == to) {
                mpq_set(own.q, x.q);
                own.why = KH_THERE;
            }
        } else if (x.why != KH_SPLIT && x.why > lack)
            lack = x.why;
    }
    if (def->over_units == KH_AGG_NONE && own.why == KH_THERE) {
        mpq_set(out->q, own.q);
        out->why = KH_THERE;
    } else if (def->over_units == KH_AGG_NONE && s.n == 1) {
        mpq_set(out->q, s.of[0].q);
        out->why = KH_THERE;
    } else
        ref_aggregate(def->over_units, &s, out);
    if (split)
        out->why = KH_SPLIT;
    else if (out->why == KH_NOT_REPORTED) {
        bool gone = def->over_time == KH_AGG_LAST && !r->restate && !ref_valid(r, to, kh_period_last(p));
        out->why = !ref_alive(r, to, p) || gone ? KH_NO_SUCH_UNIT : lack;
    }
    num_end(&x);
    num_end(&own);
    set_free(&s);
    kh_free(order);
}

/* ---- formulas ---- */

static void ref_eval(const ref *r, kh_expr e, kh_unit u, kh_period p, ratio *out);

static void q_floor_(mpq_t q)
{
    mpz_t z;
    mpz_init(z);
    mpz_fdiv_q(z, mpq_numref(q), mpq_denref(q));
    mpq_set_z(q, z);
    mpz_clear(z);
}

static void ref_round(mpq_t q, int n)
{
    mpq_t ten, half;
    mpq_init(ten);
    mpq_init(half);
    mpq_set_si(ten, 10, 1);
    mpq_set_si(half, 1, 2);
    for (int i = 0; i < abs(n); i++) {
        if (n > 0)
            mpq_mul(q, q, ten);
        else
            mpq_div(q, q, ten);
    }
    int sign = mpq_sgn(q);
    mpq_abs(q, q);
    mpq_add(q, q, half);
    q_floor_(q);
    if (sign < 0)
        mpq_neg(q, q);
    for (int i = 0; i < abs(n); i++) {
        if (n > 0)
            mpq_div(q, q, ten);
        else
            mpq_mul(q, q, ten);
    }
    mpq_clear(ten);
    mpq_clear(half);
}

static void ref_bool(ratio *out, bool yes)
{
    mpq_set_ui(out->q, yes, 1);
    out->why = KH_THERE;
}

/* The double nearest to a fraction: mpq_get_d cuts off. */
static double ref_nearest(const mpq_t q)
{
    double d = mpq_get_d(q), e = nextafter(d, mpq_sgn(q) > 0 ? (double)INFINITY : -(double)INFINITY);
    mpq_t x, y;
    mpq_init(x);
    mpq_init(y);
    mpq_set_d(x, d);
    mpq_sub(x, q, x);
    mpq_abs(x, x);
    if (isfinite(e)) {
        mpq_set_d(y, e);
        mpq_sub(y, y, q);
        mpq_abs(y, y);
        uint64_t bits;
        memcpy(&bits, &d, sizeof bits);
        int c = mpq_cmp(y, x);
        d = c < 0 || (c == 0 && (bits & 1)) ? e : d;
    }
    mpq_clear(x);
    mpq_clear(y);
    return d;
}

static void ref_double(ratio *out, double d)
{
    out->why = isfinite(d) ? KH_THERE : KH_NOT_DEFINED;
    if (!out->why)
        mpq_set_d(out->q, d);
}

static kh_day ref_tree_day(const ref *r, kh_period p)
{
    return r->restate ? r->boundaries : kh_period_last(p);
}

static kh_unit ref_parent(const ref *r, kh_unit u, kh_period p)
{
    kh_day d = ref_tree_day(r, p);
    return ref_valid(r, u, d) ? kh_units_parent(r->c->units, u, d) : KH_NO_UNIT;
}

static void ref_two(const kh_expr_node *x, ratio *a, ratio *b, ratio *out)
{
    mpq_t t;
    mpq_init(t);
    out->why = a->why ? a->why : b->why;
    int c = mpq_cmp(a->q, b->q);
    if (!out->why)
        switch (x->op) {
        case KH_X_ADD: mpq_add(out->q, a->q, b->q); break;
        case KH_X_SUB: mpq_sub(out->q, a->q, b->q); break;
        case KH_X_MUL: mpq_mul(out->q, a->q, b->q); break;
        case KH_X_DIV: case KH_X_IDIV: case KH_X_MOD:
            if (mpq_sgn(b->q) == 0) {
                out->why = KH_DIVIDED_BY_ZERO;
                break;
            }
            mpq_div(t, a->q, b->q);
            if (x->op != KH_X_DIV)
                q_floor_(t);
            if (x->op == KH_X_MOD) {
                mpq_mul(t, t, b->q);
                mpq_sub(t, a->q, t);
            }
            mpq_set(out->q, t);
            break;
        case KH_X_POW: {
            if (mpz_cmp_ui(mpq_denref(b->q), 1) != 0) { /* a root is the double nearest to it */
                ref_double(out, pow(ref_nearest(a->q), ref_nearest(b->q)));
                break;
            }
            long n = mpz_get_si(mpq_numref(b->q));
            if (n < 0 && mpq_sgn(a->q) == 0) {
                out->why = KH_NOT_DEFINED;
                break;
            }
            mpq_set_ui(t, 1, 1);
            for (long i = 0; i < labs(n); i++)
                mpq_mul(t, t, a->q);
            if (n < 0)
                mpq_inv(t, t);
            mpq_set(out->q, t);
            break;
        }
        case KH_X_MIN2: mpq_set(out->q, c < 0 ? a->q : b->q); break;
        case KH_X_MAX2: mpq_set(out->q, c > 0 ? a->q : b->q); break;
        case KH_X_LT: ref_bool(out, c < 0); break;
        case KH_X_LE: ref_bool(out, c <= 0); break;
        case KH_X_GT: ref_bool(out, c > 0); break;
        case KH_X_GE: ref_bool(out, c >= 0); break;
        case KH_X_EQ: ref_bool(out, c == 0); break;
        case KH_X_NE: ref_bool(out, c != 0); break;
        case KH_X_BOTH: ref_bool(out, mpq_sgn(a->q) && mpq_sgn(b->q)); break;
        case KH_X_EITHER: ref_bool(out, mpq_sgn(a->q) || mpq_sgn(b->q)); break;
        default: abort();
        }
    if (!out->why && fabs(mpq_get_d(out->q)) > 1.7e308)
        out->why = KH_NOT_DEFINED;
    mpq_clear(t);
}

static int by_q(const void *a, const void *b)
{
    return mpq_cmp(((const ratio *)a)->q, ((const ratio *)b)->q);
}

/* The periods that a time operator looks at. */
static size_t ref_periods(const kh_expr_node *x, kh_period p, kh_period *ps)
{
    size_t n = 0;
    bool years = x->op == KH_X_SAME_LAST_YEAR || x->op >= KH_X_TYPICAL_YEARS_MEAN;
    if (x->op == KH_X_TO_DATE) {
        kh_period all[64];
        size_t m = kh_period_within(kh_period_make(KH_YEAR, kh_period_year(p), 1), kh_period_freq(p), all, 64);
        for (size_t i = 0; i < m && kh_period_first(all[i]) <= kh_period_first(p); i++)
            ps[n++] = all[i];
    } else if (x->op == KH_X_PREV)
        ps[n++] = kh_period_step(p, -x->n);
    else if (x->op == KH_X_OVER)
        for (int i = x->n - 1; i >= 0; i--)
            ps[n++] = kh_period_step(p, -i);
    else {
        int from = x->op == KH_X_SAME_LAST_YEAR ? x->n : 1;
        for (int i = x->n; i >= from; i--)
            ps[n++] = years ? kh_period_make(kh_period_freq(p), kh_period_year(p) - i, kh_period_nth(p)) : kh_period_step(p, -i);
    }
    return n;
}

static void ref_time(const ref *r, const kh_expr_node *x, kh_unit u, kh_period p, ratio *out)
{
    kh_period ps[64];
    bool strict = x->op <= KH_X_OVER;
    size_t n = ref_periods(x, p, ps);
    set s = {0};
    ratio v;
    num_start(&v, 0);
    out->why = KH_NOT_REPORTED;
    for (size_t i = 0; i < n; i++) {
        v.why = KH_NOT_REPORTED;
        if (ps[i] != KH_NO_PERIOD)
            ref_eval(r, x->a, u, ps[i], &v);
        if (v.why == KH_THERE)
            set_add(&s, v.q);
        else
            out->why = v.why;
        if (v.why && strict)
            break;
    }
    if (strict ? s.n == n && n : s.n > 0) {
        if (!strict && (x->op == KH_X_TYPICAL_MEDIAN || x->op == KH_X_TYPICAL_YEARS_MEDIAN)) {
            qsort(s.of, s.n, sizeof *s.of, by_q);
            mpq_t two;
            mpq_init(two);
            mpq_set_ui(two, 2, 1);
            mpq_add(out->q, s.of[(s.n - 1) / 2].q, s.of[s.n / 2].q);
            mpq_div(out->q, out->q, two);
            mpq_clear(two);
            out->why = KH_THERE;
        } else
            ref_aggregate(strict ? KH_AGG_SUM : KH_AGG_MEAN, &s, out);
    }
    set_free(&s);
    num_end(&v);
}

static void ref_tree(const ref *r, const kh_expr_node *x, kh_unit u, kh_period p, ratio *out)
{
    kh_unit up = ref_parent(r, u, p);
    ratio a, b;
    num_start(&a, 0);
    num_start(&b, 0);
    out->why = KH_NO_SUCH_UNIT;
    if (x->op == KH_X_PARENT && up != KH_NO_UNIT)
        ref_eval(r, x->a, up, p, out);
    else if (x->op == KH_X_SHARE && up != KH_NO_UNIT) {
        ref_eval(r, x->a, u, p, &a);
        ref_eval(r, x->a, up, p, &b);
        kh_expr_node div = {.op = KH_X_DIV};
        ref_two(&div, &a, &b, out);
    } else if (x->op == KH_X_RANK && ref_valid(r, u, ref_tree_day(r, p))) {
        ref_eval(r, x->a, u, p, &a);
        out->why = a.why;
        unsigned rank = 1;
        const char *level = kh_units_kind_of(r->c->units, u)->level;
        for (kh_unit o = 0; !a.why && o < kh_units_count(r->c->units); o++) {
            if (o == u || !ref_valid(r, o, ref_tree_day(r, p)) || ref_parent(r, o, p) != up || strcmp(kh_units_kind_of(r->c->units, o)->level, level) != 0)
                continue;
            ref_eval(r, x->a, o, p, &b);
            rank += !b.why && mpq_cmp(b.q, a.q) > 0;
        }
        mpq_set_ui(out->q, rank, 1);
    }
    num_end(&a);
    num_end(&b);
}

/* `each` of the tests: a + 2 b of whole numbers, where either is there; else nothing. */
static void ref_each(const ref *r, const kh_indicator *ind, kh_unit u, kh_period p, ratio *out)
{
    ratio a, b;
    num_start(&a, 0);
    num_start(&b, 0);
    ref_eval(r, ind->each->inputs[0], u, p, &a);
    ref_eval(r, ind->each->inputs[1], u, p, &b);
    mpq_set_ui(out->q, 0, 1);
    if (!a.why)
        mpq_add(out->q, out->q, a.q);
    if (!b.why) {
        mpq_add(out->q, out->q, b.q);
        mpq_add(out->q, out->q, b.q);
    }
    out->why = a.why && b.why ? KH_SCRIPT_NIL : fabs(mpq_get_d(out->q)) > 1e18 ? KH_NOT_DEFINED : KH_THERE;
    num_end(&a);
    num_end(&b);
}

static void ref_eval(const ref *r, kh_expr e, kh_unit u, kh_period p, ratio *out)
{
    const kh_expr_node x = *kh_expr_get(r->c->exprs, e);
    ratio a, b;
    if (x.op == KH_X_MEASURE) {
        ref_measure(r, &x, u, p, out);
        return;
    }
    if (x.op == KH_X_COUNT_UNITS) {
        kh_day d = ref_tree_day(r, p);
        unsigned long n = 0;
        out->why = ref_valid(r, u, d) ? KH_THERE : KH_NO_SUCH_UNIT;
        for (kh_unit o = 0; o < kh_units_count(r->c->units); o++)
            n += ref_valid(r, o, d) && kh_units_is(r->c->units, o, x.text) && ref_in_groups(r, o, x.groups, x.n_groups) && ref_below(r, o, u, d);
        mpq_set_ui(out->q, n, 1);
        return;
    }
    if (!ref_alive(r, u, p)) {
        out->why = KH_NO_SUCH_UNIT;
        return;
    }
    num_start(&a, 0);
    num_start(&b, 0);
    switch (x.op) {
    case KH_X_NUM:
        dec_q(out->q, x.num);
        out->why = KH_THERE;
        break;
    case KH_X_MISSING:
        out->why = KH_NOT_REPORTED;
        break;
    case KH_X_INDICATOR:
        if (r->c->indicators[x.ref].each)
            ref_each(r, &r->c->indicators[x.ref], u, p, out);
        else
            ref_eval(r, r->c->indicators[x.ref].formula, u, p, out);
        break;
    case KH_X_DAYS:
        mpq_set_si(out->q, kh_period_last(p) - kh_period_first(p) + 1, 1);
        out->why = KH_THERE;
        break;
    case KH_X_NEG: case KH_X_ABS: case KH_X_LOG: case KH_X_ROUND: case KH_X_NOT: case KH_X_PRESENT:
        ref_eval(r, x.a, u, p, &a);
        out->why = a.why;
        mpq_set(out->q, a.q);
        if (x.op == KH_X_PRESENT)
            ref_bool(out, !a.why);
        else if (x.op == KH_X_NEG)
            mpq_neg(out->q, a.q);
        else if (x.op == KH_X_ABS)
            mpq_abs(out->q, a.q);
        else if (x.op == KH_X_LOG && !a.why && mpq_sgn(a.q) <= 0)
            out->why = KH_NOT_DEFINED;
        else if (x.op == KH_X_LOG && !a.why)
            ref_double(out, log(ref_nearest(a.q)));
        else if (x.op == KH_X_ROUND && !a.why)
            ref_round(out->q, x.n);
        else if (x.op == KH_X_NOT && !a.why)
            ref_bool(out, mpq_sgn(a.q) == 0);
        break;
    case KH_X_WHEN:
        ref_eval(r, x.a, u, p, &a);
        out->why = a.why;
        if (!a.why)
            ref_eval(r, mpq_sgn(a.q) ? x.b : x.c, u, p, out);
        break;
    case KH_X_OTHERWISE:
        ref_eval(r, x.a, u, p, out);
        if (out->why)
            ref_eval(r, x.b, u, p, out);
        break;
    default:
        if (x.op >= KH_X_PARENT)
            ref_tree(r, &x, u, p, out);
        else if (x.op >= KH_X_PREV)
            ref_time(r, &x, u, p, out);
        else {
            ref_eval(r, x.a, u, p, &a);
            ref_eval(r, x.b, u, p, &b);
            ref_two(&x, &a, &b, out);
        }
    }
    num_end(&a);
    num_end(&b);
}

/* ---- coverage of a measure ---- */

static bool ref_expects(const ref *r, const kh_form *f, kh_unit u, kh_day d)
{
    const kh_selector *s = f->n_covers ? f->covers : f->reporters;
    for (size_t i = 0; i < (f->n_covers ? f->n_covers : f->n_reporters); i++)
        if (ref_valid(r, u, d) && kh_selector_has(r->c->units, &s[i], u, d))
            return true;
    return false;
}

static bool ref_under(const ref *r, kh_unit u, kh_unit to, kh_day d)
{
    if (!r->restate)
        return ref_below(r, u, to, d);
    size_t n = kh_units_count(r->c->units);
    bool *in = kh_zalloc(n + 1, sizeof *in), any = false, all = true;
    ref_goes(r, u, in, 0);
    for (kh_unit x = 0; x < n; x++)
        if (in[x]) {
            any = true;
            all = all && ref_below(r, x, to, r->boundaries);
        }
    kh_free(in);
    return any && all;
}

static void ref_coverage(const ref *r, const kh_expr_node *leaf, kh_unit to, kh_period p, uint32_t *reported, uint32_t *expected)
{
    const kh_measure *def = &r->c->measures[leaf->ref];
    struct { kh_unit u; kh_period b; } seen[4096];
    size_t n_seen = 0;
    *reported = *expected = 0;
    for (size_t f = 0; f < r->c->n_forms; f++) {
        const kh_form *form = &r->c->forms[f];
        bool carries = false;
        for (size_t i = 0; i < form->n_measures; i++)
            carries |= form->measures[i] == leaf->ref;
        kh_period part[400];
        size_t n = carries ? kh_period_within(p, form->every, part, 400) : 0;
        for (size_t i = def->over_time == KH_AGG_LAST && n ? n - 1 : 0; i < n; i++)
            for (kh_unit u = 0; u < kh_units_count(r->c->units); u++) {
                kh_day d = kh_period_last(part[i]);
                bool again = false;
                for (size_t j = 0; j < n_seen; j++)
                    again |= seen[j].u == u && seen[j].b == part[i];
                if (again || !ref_in_groups(r, u, leaf->groups, leaf->n_groups) || !ref_expects(r, form, u, d) || !ref_under(r, u, to, d))
                    continue;
                seen[n_seen].u = u;
                seen[n_seen++].b = part[i];
                ++*expected;
                /* Something stands for it, for some of it, or for more of it within p. */
                stands s = {0};
                bool has;
                if (def->over_time == KH_AGG_NONE)
                    has = ref_stand_here(r, leaf->ref, leaf->cut, u, part[i], &s);
                else {
                    ref_stand(r, leaf->ref, leaf->cut, u, part[i], &s);
                    has = s.n > 0;
                }
                for (size_t v = 0; !has && v < r->n; v++) {
                    kh_period c = r->values[v].period;
                    if (r->values[v].measure != leaf->ref || r->values[v].unit != u || c == part[i])
                        continue;
                    if (kh_period_contains(c, part[i]) && (c == p || (kh_period_contains(p, c) && kh_period_freq(c) != KH_NINE)))
                        has = ref_stand_here(r, leaf->ref, leaf->cut, u, c, &s);
                }
                stands_free(&s);
                *reported += has;
            }
    }
}

/* ---- coverage of a formula: its worst input ---- */

static void ref_worse(uint32_t reported, uint32_t expected, uint32_t *r, uint32_t *e)
{
    if (expected && (!*e || (uint64_t)reported * *e < (uint64_t)*r * expected)) {
        *r = reported;
        *e = expected;
    }
}

static void ref_cover(const ref *r, kh_expr e, kh_unit u, kh_period p, uint32_t *reported, uint32_t *expected)
{
    if (e == KH_NO_EXPR || p == KH_NO_PERIOD)
        return;
    const kh_expr_node x = *kh_expr_get(r->c->exprs, e);
    if (x.op == KH_X_MEASURE) {
        uint32_t a, b;
        ref_coverage(r, &x, u, p, &a, &b);
        ref_worse(a, b, reported, expected);
        return;
    }
    if (x.op == KH_X_INDICATOR) {
        const kh_indicator *ind = &r->c->indicators[x.ref];
        for (size_t i = 0; ind->each && i < ind->each->n_inputs; i++)
            ref_cover(r, ind->each->inputs[i], u, p, reported, expected);
        ref_cover(r, ind->each ? KH_NO_EXPR : ind->formula, u, p, reported, expected);
        return;
    }
    if (x.op >= KH_X_TYPICAL_MEAN && x.op <= KH_X_TYPICAL_YEARS_MEDIAN)
        return;
    if (x.op >= KH_X_PREV && x.op <= KH_X_OVER) {
        kh_period ps[64];
        size_t n = ref_periods(&x, p, ps);
        for (size_t i = 0; i < n; i++)
            ref_cover(r, x.a, u, ps[i], reported, expected);
        return;
    }
    kh_unit up = ref_parent(r, u, p);
    if ((x.op == KH_X_PARENT || x.op == KH_X_SHARE) && up != KH_NO_UNIT)
        ref_cover(r, x.a, up, p, reported, expected);
    if (x.op != KH_X_PARENT)
        ref_cover(r, x.a, u, p, reported, expected);
    ref_cover(r, x.b, u, p, reported, expected);
    ref_cover(r, x.c, u, p, reported, expected);
}

#endif

/* SPDX-License-Identifier: MIT */
/*
 * Up the tree: the own values of all units into the figures of every unit.
 *
 * In whole numbers: one pass over the tree from the leaves, in the tree of the
 * period's last day; units whose place changed within the period (or that were
 * gone by its end) go one by one to each of their ancestors of then. If a sum
 * passes 2^63, or the measure needs more than whole numbers, all units go one
 * by one in rationals: slower, and nothing is lost.
 */
#include "calc/inside.h"

#include <assert.h>
#include <string.h>

typedef struct roll { /* an INT column being made */
    kh_calc *k;
    const leaf *l;
    const span *sp;
    kh_agg how;
    figures *c;
    uint32_t *at;     /* first, last: order of the unit whose value is in m */
    uint8_t *split, *lack; /* NULL until needed */
    bool failed;
} roll;

static uint8_t *flags(const kh_calc *k, uint8_t **f)
{
    if (!*f)
        *f = kh_zalloc(k->n + 1, 1);
    return *f;
}

static void merge(roll *r, uint32_t to, int64_t m, uint32_t cnt, uint32_t order)
{
    int64_t *at = &r->c->m[to];
    bool first = *at == KH_MISSING;
    switch (r->how) {
    case KH_AGG_SUM:
    case KH_AGG_MEAN:
        if (first)
            *at = m;
        else
            r->failed |= __builtin_add_overflow(*at, m, at) || *at == KH_MISSING;
        break;
    case KH_AGG_COUNT:
        *at = (first ? 0 : *at) + m;
        break;
    case KH_AGG_MIN:
        if (first || m < *at)
            *at = m;
        break;
    case KH_AGG_MAX:
        if (first || m > *at)
            *at = m;
        break;
    case KH_AGG_FIRST:
    case KH_AGG_LAST:
        assert(r->at); /* start_column made it for these two */
        if (first || (r->how == KH_AGG_LAST) == (order > r->at[to])) {
            *at = m;
            r->at[to] = order;
        }
        break;
    case KH_AGG_NONE:
    case KH_AGG_STDDEV:
    case KH_AGG_VARIANCE:
        break;
    }
    if (r->how == KH_AGG_MEAN)
        r->c->cnt[to] += cnt;
}

static void roll_up(roll *r, const tree *t)
{
    const int64_t *m = r->c->m;
    for (uint32_t i = t->n; i-- > 0;) {
        uint32_t s = t->slot[i];
        if (t->up[s] >= 0 && m[s] != KH_MISSING)
            merge(r, (uint32_t)t->up[s], m[s], r->how == KH_AGG_MEAN ? r->c->cnt[s] : 1, r->at ? r->at[s] : 0);
    }
}

/* The common case by itself: a sum over a tree. */
static void roll_up_sum(roll *r, const tree *t)
{
    int64_t *m = r->c->m;
    bool over = false;
    for (uint32_t i = t->n; i-- > 0;) {
        uint32_t s = t->slot[i];
        int32_t up = t->up[s];
        if (up < 0 || m[s] == KH_MISSING)
            continue;
        if (m[up] == KH_MISSING)
            m[up] = m[s];
        else
            over |= __builtin_add_overflow(m[up], m[s], &m[up]) || m[up] == KH_MISSING;
    }
    r->failed |= over;
}

static void roll_up_flags(const tree *t, uint8_t *f)
{
    for (uint32_t i = t->n; i-- > 0;) {
        uint32_t s = t->slot[i];
        if (t->up[s] >= 0 && f[s] > f[t->up[s]])
            f[t->up[s]] = f[s];
    }
}

/* ---- units one by one ---- */

static void one_value(void *ctx, uint32_t to, const mpq_t q, uint32_t from)
{
    roll *r = ctx;
    const kh_calc *k = r->k;
    mpq_t x;
    if (r->how == KH_AGG_COUNT) {
        merge(r, to, 1, 1, 0);
        return;
    }
    mpq_init(x);
    kh_c_q_set(x, kh_pow10[r->c->scale], 0, 1, 1);
    mpq_mul(x, x, q);
    mpz_mul_si(mpq_numref(x), mpq_numref(x), r->c->div);
    mpq_canonicalize(x);
    if (mpz_cmp_ui(mpq_denref(x), 1) != 0 || !mpz_fits_slong_p(mpq_numref(x)) || mpz_get_si(mpq_numref(x)) == KH_MISSING)
        r->failed = true;
    else if (r->how == KH_AGG_NONE)
        r->c->m[to] = mpz_get_si(mpq_numref(x));
    else
        merge(r, to, mpz_get_si(mpq_numref(x)), 1, k->order[from]);
    mpq_clear(x);
}

static void one_split(void *ctx, uint32_t to)
{
    roll *r = ctx;
    flags(r->k, &r->split)[to] = 1;
}

static void one_lack(void *ctx, uint32_t to, uint8_t why)
{
    roll *r = ctx;
    uint8_t *f = flags(r->k, &r->lack);
    if (why > f[to])
        f[to] = why;
}

/* ---- all units ---- */

static void start_one(roll *r, uint32_t to, uint32_t from, int64_t m)
{
    if (r->how == KH_AGG_NONE)
        r->c->m[to] = m;
    else
        merge(r, to, r->how == KH_AGG_COUNT ? 1 : m, 1, r->k->order[from]);
}

/* Each unit's own value where it stands in the tree; nothing else is there yet. */
static void fill_reported(roll *r, const owns *o)
{
    const tree *t = r->sp->end;
    const leaf *l = r->l;
    const uint8_t *shaky = l->def->over_time == KH_AGG_LAST ? NULL : r->sp->shaky;
    figures *c = r->c;
    for (uint32_t s = 0; s < r->k->n; s++) {
        bool there = o->m && o->m[s] != KH_MISSING;
        if ((!there && !(o->nw && o->nw[s])) || t->up[s] == TREE_OUT || (shaky && shaky[s]) || (l->n_groups && !kh_c_in_groups(r->k, s, l->groups, l->n_groups)))
            continue;
        if (!there) {
            flags(r->k, &r->lack)[s] = KH_NO_WHOLE;
            continue;
        }
        c->m[s] = r->how == KH_AGG_COUNT ? 1 : o->m[s];
        if (c->cnt)
            c->cnt[s] = 1;
        if (r->at)
            r->at[s] = r->k->order[s];
    }
}

/* Those whose place changed within the period, or who were gone by its end. */
static void fill_alone(roll *r, const owns *o)
{
    gives g = {one_value, one_split, one_lack, r, r->k->flat};
    if (r->l->def->over_time == KH_AGG_LAST)
        return;
    for (size_t i = 0; i < r->sp->n_loose; i++) {
        uint32_t s = r->sp->loose[i];
        if ((o->m && o->m[s] != KH_MISSING) || (o->nw && o->nw[s]))
            kh_c_cell_gives(r->k, r->l, s, r->sp, &g);
    }
}

static void fill_restated(roll *r, const owns *o)
{
    const kh_calc *k = r->k;
    const leaf *l = r->l;
    kh_day end = kh_period_last(r->sp->p);
    gives g = {one_value, one_split, one_lack, r, r->k->flat};
    for (uint32_t s = 0; s < k->n; s++) {
        bool there = o->m && o->m[s] != KH_MISSING, nw = o->nw && o->nw[s];
        const place *to = &k->places[s];
        if ((!there && !nw) || (l->n_groups && !kh_c_in_groups(k, s, l->groups, l->n_groups)))
            continue;
        if (l->def->over_time == KH_AGG_LAST && (k->from[s] > end || k->to[s] < end))
            continue;
        for (size_t i = 0; there && i < to->n_hit; i++)
            g.split(r, to->hit[i]);
        if (to->to >= 0 && there)
            start_one(r, (uint32_t)to->to, s, o->m[s]);
        else if (to->to >= 0)
            flags(k, &r->lack)[to->to] = KH_NO_WHOLE;
    }
}

static void finish_whys(roll *r)
{
    figures *c = r->c;
    int64_t most = 0;
    for (size_t i = 0; i < r->k->n; i++) {
        int64_t m = c->m[i];
        if (r->split && r->split[i])
            c->why[i] = KH_SPLIT;
        else if (m != KH_MISSING) {
            m = m < 0 ? -m : m;
            most = m > most ? m : most;
            c->why[i] = KH_THERE;
        } else if (!r->sp->alive[i] || (r->l->def->over_time == KH_AGG_LAST && !r->k->o.restate && r->sp->end->up[i] == TREE_OUT))
            c->why[i] = KH_NO_SUCH_UNIT;
        else
            c->why[i] = r->lack && r->lack[i] ? r->lack[i] : KH_NOT_REPORTED;
    }
    c->most = (double)most;
}

static figures *start_column(roll *r, const owns *o)
{
    const kh_calc *k = r->k;
    figures *c = kh_c_column_new(r->k, COL_INT);
    c->scale = r->how == KH_AGG_COUNT ? 0 : o->scale;
    c->div = r->how == KH_AGG_COUNT ? 1 : o->div;
    for (size_t i = 0; i < k->n; i++)
        c->m[i] = KH_MISSING;
    if (r->how == KH_AGG_MEAN)
        c->cnt = kh_zalloc(k->n + 1, sizeof *c->cnt);
    if (r->how == KH_AGG_FIRST || r->how == KH_AGG_LAST)
        r->at = kh_zalloc(k->n + 1, sizeof *r->at);
    return c;
}

/* over_units none: whoever is above a value has something below that makes no whole. */
static void lack_above(roll *r, const tree *t)
{
    uint8_t *f = flags(r->k, &r->lack);
    for (uint32_t i = t->n; i-- > 0;) {
        uint32_t s = t->slot[i];
        if (t->up[s] >= 0 && (r->c->m[s] != KH_MISSING || f[s]))
            f[t->up[s]] = KH_NO_WHOLE;
    }
}

static void climb(roll *r)
{
    const tree *t = r->sp->end;
    if (r->how == KH_AGG_SUM)
        roll_up_sum(r, t);
    else if (r->how != KH_AGG_NONE)
        roll_up(r, t);
    else
        lack_above(r, t);
    if (r->lack)
        roll_up_flags(t, r->lack);
}

static bool in_whole_numbers(kh_calc *k, const leaf *l, const span *sp, figures **out)
{
    roll r = {.k = k, .l = l, .sp = sp, .how = k->flat ? KH_AGG_LAST : l->def->over_units};
    if (r.how == KH_AGG_STDDEV || r.how == KH_AGG_VARIANCE || (r.how == KH_AGG_NONE && k->o.restate))
        return false;
    owns o;
    if (!kh_c_own_of(k, l, sp->p, &o))
        return false;
    r.c = start_column(&r, &o);
    if (k->o.restate)
        fill_restated(&r, &o);
    else
        fill_reported(&r, &o);
    if (!k->flat)
        climb(&r);
    if (!k->o.restate)
        fill_alone(&r, &o);
    kh_c_own_free(&o);
    if (!r.failed)
        finish_whys(&r);
    kh_free(r.at);
    kh_free(r.split);
    kh_free(r.lack);
    if (r.failed)
        kh_c_column_drop(r.c);
    else
        *out = r.c;
    return !r.failed;
}

/* ---- in rationals ---- */

typedef struct slow { kh_calc *k; const leaf *l; tally *t; uint8_t *split, *lack, *own; } slow;

static void slow_value(void *ctx, uint32_t to, const mpq_t q, uint32_t from)
{
    slow *w = ctx;
    if (w->l->def->over_units == KH_AGG_NONE && !w->k->flat) {
        /* The unit's own value stands; else the value of the only unit that moved here. */
        if (from == to)
            w->own[to] = 1;
        else if (w->own[to] == 1)
            return;
        else
            w->own[to] = w->own[to] ? 3 : 2;
        kh_c_tally_free(&w->t[to]);
        kh_c_tally_start(&w->t[to], KH_AGG_LAST);
        kh_c_tally_add(&w->t[to], q, 0);
        return;
    }
    if (!w->t[to].made)
        kh_c_tally_start(&w->t[to], w->k->flat ? KH_AGG_LAST : w->l->def->over_units);
    kh_c_tally_add(&w->t[to], q, w->k->order[from]);
}

static void slow_split(void *ctx, uint32_t to)
{
    slow *w = ctx;
    w->split[to] = 1;
}

static void slow_lack(void *ctx, uint32_t to, uint8_t why)
{
    slow *w = ctx;
    if (why > w->lack[to])
        w->lack[to] = why;
}

static uint8_t slow_cell(slow *w, const span *sp, uint32_t s, mpq_t out)
{
    const kh_calc *k = w->k;
    if (w->split[s])
        return KH_SPLIT;
    if (w->own[s] == 3)
        return KH_NO_WHOLE;
    uint8_t why = w->t[s].made ? kh_c_tally_end(&w->t[s], out) : KH_NOT_REPORTED;
    if (why != KH_NOT_REPORTED)
        return why;
    if (!sp->alive[s] || (w->l->def->over_time == KH_AGG_LAST && !k->o.restate && sp->end->up[s] == TREE_OUT))
        return KH_NO_SUCH_UNIT;
    return w->lack[s] ? w->lack[s] : KH_NOT_REPORTED;
}

static figures *in_rationals(kh_calc *k, const leaf *l, const span *sp)
{
    slow w = {k, l, kh_zalloc(k->n + 1, sizeof *w.t), kh_zalloc(k->n + 1, 1), kh_zalloc(k->n + 1, 1), kh_zalloc(k->n + 1, 1)};
    gives g = {slow_value, slow_split, slow_lack, &w, k->flat};
    figures *c = kh_c_column_new(k, COL_RAT);
    for (uint32_t s = 0; s < k->n; s++)
        kh_c_cell_gives(k, l, s, sp, &g);
    mpq_t q;
    mpq_init(q);
    c->v = kh_zalloc(k->n + 1, sizeof *c->v);
    for (uint32_t s = 0; s < k->n; s++) {
        c->why[s] = slow_cell(&w, sp, s, q);
        if (c->why[s] == KH_THERE) {
            mpq_init(c->q[s]);
            mpq_set(c->q[s], q);
            c->v[s] = kh_c_q_double(q);
        }
        kh_c_tally_free(&w.t[s]);
    }
    mpq_clear(q);
    kh_free(w.t);
    kh_free(w.split);
    kh_free(w.lack);
    kh_free(w.own);
    return c;
}

int kh_c_consolidate(kh_calc *k, const leaf *l, kh_period p, figures **out, kh_error *err)
{
    int rc = kh_c_stopped(k, err);
    if (rc != KH_OK)
        return rc;
    if (!kh_type_is_number(l->def->type))
        return kh_fail(err, KH_EUSAGE, "measure \"%s\" is not a number; it cannot be calculated with", l->def->code);
    const span *sp = kh_c_span_ready(k, p);
    if (!in_whole_numbers(k, l, sp, out))
        *out = in_rationals(k, l, sp);
    return KH_OK;
}

/* SPDX-License-Identifier: MIT */
/*
 * Every unit's own value of a period at once, in whole numbers with one scale:
 * the rules of cell.c over arrays. Where whole numbers do not suffice (a sum
 * passes 2^63, two scales that do not meet, a mean whose denominators have no
 * small common multiple, variances) this says no, and the caller takes the
 * units one by one.
 */
#include "calc/inside.h"

#include <assert.h>
#include <string.h>

enum { LCM_MOST = 1000000 };

typedef struct ints {
    int64_t *m;        /* [slots]; NULL: nothing anywhere */
    uint32_t *cnt;     /* how many parts are in m; NULL: one each */
    uint8_t *nw;       /* 1: parts are there that make no whole; NULL: nowhere */
    uint8_t scale;
    bool borrowed;     /* m is a base's */
} ints;

static void ints_free(ints *a)
{
    if (!a->borrowed)
        kh_free(a->m);
    kh_free(a->cnt);
    kh_free(a->nw);
    *a = (ints){0};
}

/* Makes m the caller's to change. */
static void ints_take(const kh_calc *k, ints *a)
{
    if (!a->borrowed)
        return;
    int64_t *m = kh_alloc((k->n + 1) * sizeof *m);
    memcpy(m, a->m, k->n * sizeof *m);
    a->m = m;
    a->borrowed = false;
}

static void ints_count(const kh_calc *k, ints *a)
{
    if (a->cnt)
        return;
    a->cnt = kh_zalloc(k->n + 1, sizeof *a->cnt);
    for (size_t i = 0; a->m && i < k->n; i++)
        a->cnt[i] = a->m[i] != KH_MISSING;
}

static bool ints_rescale(const kh_calc *k, ints *a, uint8_t scale)
{
    if (!a->m || a->scale == scale)
        return true;
    ints_take(k, a);
    int64_t by = kh_pow10[scale - a->scale];
    for (size_t i = 0; i < k->n; i++)
        if (a->m[i] != KH_MISSING && (__builtin_mul_overflow(a->m[i], by, &a->m[i]) || a->m[i] == KH_MISSING))
            return false;
    a->scale = scale;
    return true;
}

static bool ints_meet(const kh_calc *k, ints *a, ints *b)
{
    uint8_t scale = a->scale > b->scale ? a->scale : b->scale;
    if (!a->m)
        scale = b->scale;
    if (!b->m)
        scale = a->scale;
    return ints_rescale(k, a, scale) && ints_rescale(k, b, scale);
}

static void join_flags(const kh_calc *k, uint8_t **into, const uint8_t *from)
{
    if (!from)
        return;
    if (!*into)
        *into = kh_zalloc(k->n + 1, 1);
    for (size_t i = 0; i < k->n; i++)
        (*into)[i] |= from[i];
}

static bool add_all(const kh_calc *k, ints *a, const ints *b)
{
    bool over = false;
    for (size_t i = 0; i < k->n; i++) {
        if (b->m[i] == KH_MISSING)
            continue;
        if (a->m[i] == KH_MISSING)
            a->m[i] = b->m[i];
        else
            over |= __builtin_add_overflow(a->m[i], b->m[i], &a->m[i]) || a->m[i] == KH_MISSING;
    }
    return !over;
}

static void count_all(const kh_calc *k, ints *a, const ints *b)
{
    for (size_t i = 0; i < k->n; i++)
        a->cnt[i] += b->cnt ? b->cnt[i] : b->m[i] != KH_MISSING;
}

/* a := a and then b, put together by `how`. */
static bool ints_join(const kh_calc *k, ints *a, ints *b, kh_agg how)
{
    join_flags(k, &a->nw, b->nw);
    if (!b->m)
        return true;
    bool counts = how == KH_AGG_COUNT || how == KH_AGG_MEAN;
    if (!a->m) {
        uint8_t *nw = a->nw;
        kh_free(a->cnt);
        *a = *b;
        *b = (ints){.nw = b->nw};
        a->nw = nw;
        return true;
    }
    if (!ints_meet(k, a, b))
        return false;
    ints_take(k, a);
    if (counts) {
        ints_count(k, a);
        count_all(k, a, b);
    }
    switch (how) {
    case KH_AGG_SUM:
    case KH_AGG_MEAN:
        return add_all(k, a, b);
    case KH_AGG_MIN:
        for (size_t i = 0; i < k->n; i++)
            if (b->m[i] != KH_MISSING && (a->m[i] == KH_MISSING || b->m[i] < a->m[i]))
                a->m[i] = b->m[i];
        return true;
    case KH_AGG_MAX: /* KH_MISSING is the least number */
        for (size_t i = 0; i < k->n; i++)
            a->m[i] = b->m[i] > a->m[i] ? b->m[i] : a->m[i];
        return true;
    case KH_AGG_LAST:
        for (size_t i = 0; i < k->n; i++)
            a->m[i] = b->m[i] != KH_MISSING ? b->m[i] : a->m[i];
        return true;
    case KH_AGG_FIRST:
    case KH_AGG_COUNT:
        for (size_t i = 0; i < k->n; i++)
            a->m[i] = a->m[i] != KH_MISSING ? a->m[i] : b->m[i];
        return true;
    case KH_AGG_NONE:
    case KH_AGG_STDDEV:
    case KH_AGG_VARIANCE:
        return false;
    }
    return false;
}

/* What stands in `top` stands; elsewhere what is made in `a`. The result is in a. */
static bool ints_cover(const kh_calc *k, ints *a, ints *top)
{
    join_flags(k, &a->nw, top->nw);
    if (!top->m)
        return true;
    if (!a->m) {
        uint8_t *nw = a->nw;
        kh_free(a->cnt);
        *a = *top;
        *top = (ints){.nw = top->nw};
        a->nw = nw;
        return true;
    }
    if (!ints_meet(k, a, top))
        return false;
    ints_take(k, a);
    for (size_t i = 0; i < k->n; i++)
        if (top->m[i] != KH_MISSING) {
            a->m[i] = top->m[i];
            if (a->cnt)
                a->cnt[i] = top->cnt ? top->cnt[i] : 1;
        }
    return true;
}

/* ---- cuts ---- */

static void flag_present(const kh_calc *k, const ints *a, uint8_t **nw)
{
    if (!a->m)
        return;
    if (!*nw)
        *nw = kh_zalloc(k->n + 1, 1);
    for (size_t i = 0; i < k->n; i++)
        (*nw)[i] |= a->m[i] != KH_MISSING;
}

static bool node_ints(kh_calc *k, const cut_node *node, kh_agg how, ints *out);

static bool branch_ints(kh_calc *k, const cut_branch *b, kh_agg how, ints *out)
{
    *out = (ints){0};
    for (size_t o = 0; o < b->n; o++) {
        ints x = {0};
        bool ok = node_ints(k, b->option[o], how, &x);
        if (ok && how == KH_AGG_NONE)
            flag_present(k, &x, &out->nw);
        else if (ok)
            ok = ints_join(k, out, &x, how);
        join_flags(k, &out->nw, x.nw);
        ints_free(&x);
        if (!ok)
            return false;
    }
    if (out->m && how == KH_AGG_COUNT) {
        /* A count over options is itself the value of the wider cut. */
        ints_count(k, out);
        ints_take(k, out);
        for (size_t i = 0; i < k->n; i++)
            out->m[i] = out->cnt[i] ? (int64_t)out->cnt[i] : KH_MISSING;
        kh_free(out->cnt);
        out->cnt = NULL;
        out->scale = 0;
    }
    return true;
}

static bool node_ints(kh_calc *k, const cut_node *node, kh_agg how, ints *out)
{
    *out = (ints){0};
    if (node->own && node->own->more)
        return false;
    if (node->n_by && (how == KH_AGG_MEAN || how == KH_AGG_STDDEV || how == KH_AGG_VARIANCE))
        return false;
    if (node->own && node->own->m)
        *out = (ints){.m = node->own->m, .scale = node->own->scale, .borrowed = true};
    for (size_t i = 0; i < node->n_by; i++) {
        ints made;
        bool ok = branch_ints(k, &node->by[i], how, &made);
        if (ok)
            ok = ints_cover(k, &made, out); /* what is in `out` goes before */
        ints_free(out);
        *out = made;
        if (!ok)
            return false;
    }
    return true;
}

static bool reported_ints(kh_calc *k, const leaf *l, kh_period p, ints *out)
{
    *out = (ints){0};
    sheet *s = kh_c_sheet_of(k, l->measure, p);
    return !s || node_ints(k, kh_c_cut_plan(k, s, l->def, l->cut), l->def->over_units, out);
}

/* ---- time ---- */

static bool within_ints(kh_calc *k, const leaf *l, kh_period p, ints *out);

/* From the parts of p, p's own value left out. */
static bool parts_ints(kh_calc *k, const leaf *l, kh_period p, ints *out)
{
    *out = (ints){0};
    const span *sp = kh_c_span_of(k, p);
    if (sp->n == 0 || (sp->n == 1 && sp->base[0] == p))
        return true;
    kh_period child[64];
    kh_freq f = kh_period_freq(p);
    size_t n = kh_period_parts(p, f == KH_MONTH || f == KH_WEEK, child);
    bool ok = true;
    for (size_t i = 0; ok && i < n; i++) {
        ints x = {0};
        ok = within_ints(k, l, child[i], &x) && ints_join(k, out, &x, l->def->over_time);
        ints_free(&x);
    }
    if (f != KH_YEAR || !ok)
        return ok;
    ints weeks = {0};
    n = kh_period_within(p, KH_WEEK, child, 64);
    for (size_t i = 0; ok && i < n; i++) {
        ints x = {0};
        ok = reported_ints(k, l, child[i], &x) && ints_join(k, &weeks, &x, l->def->over_time);
        ints_free(&x);
    }
    if (ok && weeks.m) {
        if (l->def->over_time == KH_AGG_MEAN || l->def->over_time == KH_AGG_COUNT)
            ints_count(k, &weeks);
        if (out->m && weeks.cnt)
            ints_count(k, out);
        ok = ints_cover(k, &weeks, out);
        ints_free(out);
        *out = weeks;
    } else {
        join_flags(k, &out->nw, weeks.nw);
        ints_free(&weeks);
    }
    return ok;
}

static bool within_ints(kh_calc *k, const leaf *l, kh_period p, ints *out)
{
    ints top;
    bool ok = reported_ints(k, l, p, &top);
    *out = (ints){0};
    if (ok)
        ok = parts_ints(k, l, p, out);
    if (ok && out->m && top.m && (l->def->over_time == KH_AGG_MEAN || l->def->over_time == KH_AGG_COUNT))
        ints_count(k, out);
    ok = ok && ints_cover(k, out, &top);
    ints_free(&top);
    return ok;
}

static int64_t gcd(int64_t a, int64_t b)
{
    while (b) {
        int64_t r = a % b;
        a = b;
        b = r;
    }
    return a;
}

/* m becomes the mean times div, the least number that every count divides. */
static bool finish_mean(const kh_calc *k, ints *a, int64_t *div)
{
    ints_count(k, a);
    ints_take(k, a);
    int64_t l = 1;
    for (size_t i = 0; i < k->n; i++)
        if (a->cnt[i] && l % a->cnt[i] != 0) {
            l = l / gcd(l, a->cnt[i]) * a->cnt[i];
            if (l > LCM_MOST)
                return false;
        }
    for (size_t i = 0; i < k->n; i++) {
        if (a->m[i] == KH_MISSING)
            continue;
        assert(a->cnt[i]); /* a sum of nothing is missing */
        if (__builtin_mul_overflow(a->m[i], l / a->cnt[i], &a->m[i]) || a->m[i] == KH_MISSING)
            return false;
    }
    *div = l;
    return true;
}

static void finish_count(const kh_calc *k, ints *a)
{
    ints_count(k, a);
    ints_take(k, a);
    for (size_t i = 0; i < k->n; i++)
        a->m[i] = a->cnt[i] ? (int64_t)a->cnt[i] : KH_MISSING;
    a->scale = 0;
}

static bool finish(kh_calc *k, const leaf *l, ints *made, int64_t *div)
{
    if (!made->m)
        return true;
    if (l->def->over_time == KH_AGG_MEAN)
        return finish_mean(k, made, div);
    if (l->def->over_time == KH_AGG_COUNT)
        finish_count(k, made);
    return true;
}

/* Parts are there and may not be put together: mark the units that have them. */
static bool none_over_time(kh_calc *k, const leaf *l, kh_period p, uint8_t **nw)
{
    leaf any = *l;
    kh_measure m = *l->def;
    ints made;
    m.over_time = KH_AGG_LAST;
    any.def = &m;
    bool ok = parts_ints(k, &any, p, &made);
    if (ok) {
        flag_present(k, &made, nw);
        join_flags(k, nw, made.nw);
    }
    ints_free(&made);
    return ok;
}

bool kh_c_own_of(kh_calc *k, const leaf *l, kh_period p, owns *out)
{
    ints top, made = {0};
    int64_t div = 1;
    kh_agg how = l->def->over_time;
    *out = (owns){.div = 1};
    const span *sp = kh_c_span_of(k, p);
    bool finer = sp->n > 1 || (sp->n == 1 && sp->base[0] != p);
    if (finer && (how == KH_AGG_STDDEV || how == KH_AGG_VARIANCE))
        return false;
    bool ok = reported_ints(k, l, p, &top);
    if (ok)
        ok = how == KH_AGG_NONE ? none_over_time(k, l, p, &made.nw) : parts_ints(k, l, p, &made);
    ok = ok && finish(k, l, &made, &div);
    if (ok && div != 1 && top.m) {
        ints_take(k, &top);
        for (size_t i = 0; ok && i < k->n; i++)
            if (top.m[i] != KH_MISSING)
                ok = !__builtin_mul_overflow(top.m[i], div, &top.m[i]) && top.m[i] != KH_MISSING;
    }
    ok = ok && ints_cover(k, &made, &top);
    if (ok) {
        *out = (owns){.m = made.m, .nw = made.nw, .scale = made.scale, .div = div, .borrowed = made.borrowed, .any = made.m != NULL};
        made.m = NULL;
        made.nw = NULL;
    }
    ints_free(&made);
    ints_free(&top);
    return ok;
}

void kh_c_own_free(owns *o)
{
    if (!o->borrowed)
        kh_free(o->m);
    kh_free(o->nw);
}

/* ---- who has a value ---- */

static void node_present(const kh_calc *k, const cut_node *node, kh_agg how, uint8_t *there)
{
    for (const base *b = node->own; b; b = b->more)
        for (size_t i = 0; i < k->n; i++)
            there[i] |= b->m ? b->m[i] != KH_MISSING : b->text[i] != NULL;
    if (how == KH_AGG_NONE)
        return;
    for (size_t i = 0; i < node->n_by; i++)
        for (size_t o = 0; o < node->by[i].n; o++)
            node_present(k, node->by[i].option[o], how, there);
}

static void present_at(kh_calc *k, const leaf *l, kh_period p, uint8_t **there)
{
    sheet *s = kh_c_sheet_of(k, l->measure, p);
    if (!s)
        return;
    const cut_node *plan = kh_c_cut_plan(k, s, l->def, l->cut);
    kh_agg how = l->def->over_units;
    if (!*there)
        *there = kh_zalloc(k->n + 1, 1);
    if (plan->n_by == 0 || (how != KH_AGG_STDDEV && how != KH_AGG_VARIANCE)) {
        node_present(k, plan, how, *there);
        return;
    }
    mpq_t q; /* whether a spread can be made depends on how many there are */
    mpq_init(q);
    for (uint32_t i = 0; i < k->n; i++)
        if (!(*there)[i])
            (*there)[i] = kh_c_cut_cell(k, l, i, p, q) == KH_THERE;
    mpq_clear(q);
}

/* Nine months are no part of the year's parts, and weeks only make years. */
static bool is_part(kh_period p, kh_period b)
{
    kh_freq f = kh_period_freq(b);
    return p == b || (f != KH_NINE && (f != KH_WEEK || kh_period_freq(p) == KH_YEAR));
}

uint8_t *kh_c_own_present(kh_calc *k, const leaf *l, kh_period p)
{
    uint8_t *there = NULL;
    const span *sp = kh_c_span_of(k, p);
    if (l->def->over_time == KH_AGG_NONE) {
        present_at(k, l, p, &there);
        return there;
    }
    for (size_t i = 0; i < sp->n; i++)
        if (is_part(p, sp->base[i]))
            present_at(k, l, sp->base[i], &there);
    return there;
}

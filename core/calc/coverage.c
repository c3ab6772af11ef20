/* SPDX-License-Identifier: MIT */
/*
 * Coverage: of the units expected to report into a figure, how many have.
 *
 * Expected are the units that the forms carrying the measure cover (or their
 * reporters; of them those that the measure's `reported_by` names), at or below
 * the unit on the last day of each part period of the form's length and within
 * its `from` and `to`, once a unit and part period however many forms carry it;
 * `last` over time: the last part period only. A unit has reported for a part
 * period if a value that stands for it, for some of it or for more of it lies
 * within the figure's period. A formula's coverage is that of its worst input:
 * adding inputs up would let a complete one hide a poor one.
 */
#include "base/map.h"
#include "calc/inside.h"

#include <stdlib.h>
#include <string.h>

/* ---- which forms, which units ---- */

size_t kh_c_carried_by(const kh_calc *k, uint32_t measure, uint32_t *forms, size_t room)
{
    size_t n = 0;
    for (uint32_t f = 0; f < k->c->n_forms; f++)
        for (size_t i = 0; i < k->c->forms[f].n_measures; i++)
            if (k->c->forms[f].measures[i] == measure) {
                if (n < room)
                    forms[n] = f;
                n++;
                break;
            }
    return n < room ? n : room;
}

static uint32_t tree_number(const kh_calc *k, const tree *t)
{
    for (uint32_t i = 0; i < k->n_trees; i++)
        if (k->trees[i] == t)
            return i;
    return UINT32_MAX;
}

const uint8_t *kh_c_form_mask(kh_calc *k, uint32_t form, kh_day day)
{
    const tree *t = kh_c_tree_at(k, day);
    uint64_t key = pair(form, tree_number(k, t));
    uint8_t *mask = kh_c_table_get(&k->masks, key);
    if (mask)
        return mask;
    const kh_form *f = &k->c->forms[form];
    const kh_selector *sel = f->n_covers ? f->covers : f->reporters;
    size_t n = f->n_covers ? f->n_covers : f->n_reporters;
    mask = kh_zalloc(k->n + 1, 1);
    for (uint32_t i = 0; i < t->n; i++)
        for (size_t j = 0; j < n && !mask[t->slot[i]]; j++)
            mask[t->slot[i]] = kh_selector_has(k->c->units, &sel[j], k->unit[t->slot[i]], day);
    kh_c_table_set(&k->masks, key, mask);
    return mask;
}

/* ---- the part periods that are asked for ---- */

/* Whether the measure is expected of a unit that its form expects. */
static bool gives_it(const kh_calc *k, const kh_measure *m, uint32_t slot, kh_day day)
{
    for (size_t i = 0; i < m->n_reported_by; i++)
        if (kh_selector_has(k->c->units, &m->reported_by[i], k->unit[slot], day))
            return true;
    return m->n_reported_by == 0;
}

static void add_mask(kh_calc *k, expected *x, const leaf *l, kh_period p, const uint8_t *mask)
{
    size_t i = 0;
    while (i < x->n && x->of[i].p != p)
        i++;
    if (i == x->n)
        KH_PUSH(x->of, x->n, x->cap) = (asked){p, kh_zalloc(k->n + 1, 1)};
    uint8_t *of = x->of[i].mask;
    kh_day day = kh_period_last(p);
    for (uint32_t s = 0; s < k->n; s++)
        of[s] |= mask[s];
    for (uint32_t s = 0; l->def->n_reported_by && s < k->n; s++)
        if (mask[s] && !gives_it(k, l->def, s, day))
            of[s] = 0;
    if (l->n_groups)
        for (uint32_t s = 0; s < k->n; s++)
            if (of[s] && !kh_c_in_groups(k, s, l->groups, l->n_groups))
                of[s] = 0;
}

static void ask_parts(kh_calc *k, const leaf *l, kh_period p, expected *x)
{
    uint32_t *forms = kh_alloc((k->c->n_forms + 1) * sizeof *forms);
    size_t n = kh_c_carried_by(k, l->measure, forms, k->c->n_forms);
    for (size_t i = 0; i < n; i++) {
        const kh_form *f = &k->c->forms[forms[i]];
        kh_period part[512];
        size_t all = f->every == KH_EVERY_NONE ? 0 : kh_period_within(p, f->every, part, 512), parts = 0;
        for (size_t j = 0; j < all && j < 512; j++)
            if (kh_form_asked(f, part[j]))
                part[parts++] = part[j];
        size_t from = l->def->over_time == KH_AGG_LAST && parts ? parts - 1 : 0;
        for (size_t j = from; j < parts; j++)
            add_mask(k, x, l, part[j], kh_c_form_mask(k, forms[i], kh_period_last(part[j])));
    }
    kh_free(forms);
}

void kh_c_expected_free(expected *x)
{
    for (size_t i = 0; i < x->n; i++)
        kh_free(x->of[i].mask);
    kh_free(x->of);
    kh_free(x->count);
    kh_free(x);
}

/* ---- counting up the tree ---- */

/* Adds own[slot] to every unit at and above it. own is all zero again afterwards. */
static void count_up(const tree *t, uint32_t *own, uint32_t *total)
{
    for (uint32_t i = t->n; i-- > 0;) {
        uint32_t s = t->slot[i];
        if (t->up[s] >= 0)
            own[t->up[s]] += own[s];
        total[s] += own[s];
        own[s] = 0;
    }
}

static void count(kh_calc *k, const tree *t, uint32_t *own, uint32_t *total)
{
    if (!k->o.restate) {
        count_up(t, own, total);
        return;
    }
    uint32_t *moved = kh_zalloc(k->n + 1, sizeof *moved);
    for (size_t s = 0; s < k->n; s++) {
        if (own[s] && k->places[s].to >= 0)
            moved[k->places[s].to] += own[s];
        own[s] = 0;
    }
    count_up(kh_c_tree_at(k, k->o.boundaries), moved, total);
    kh_free(moved);
}

/* The units of each part that there[] (NULL: all) says are there; parts in one tree go up together. */
typedef uint8_t *there_fn(kh_calc *k, const leaf *l, kh_period p, kh_period part); /* NULL: nobody */
static void count_parts(kh_calc *k, const leaf *l, kh_period p, const expected *x, there_fn *who, uint32_t *total)
{
    uint32_t *own = kh_zalloc(k->n + 1, sizeof *own);
    const tree *of = NULL;
    for (size_t i = 0; i < x->n; i++) {
        const tree *t = kh_c_tree_at(k, kh_period_last(x->of[i].p));
        if (of && of != t)
            count(k, of, own, total);
        of = t;
        uint8_t *there = who ? who(k, l, p, x->of[i].p) : NULL;
        const uint8_t *mask = x->of[i].mask;
        if (there)
            for (size_t s = 0; s < k->n; s++)
                own[s] += there[s] & mask[s];
        else if (!who)
            for (size_t s = 0; s < k->n; s++)
                own[s] += mask[s];
        kh_free(there);
    }
    if (of)
        count(k, of, own, total);
    kh_free(own);
}

/* All that who is expected depends on, but the period. */
static uint64_t asked_by(const kh_calc *k, const leaf *l)
{
    uint64_t h = 1469598103934665603u;
    uint32_t *forms = kh_alloc((k->c->n_forms + 1) * sizeof *forms);
    size_t n = kh_c_carried_by(k, l->measure, forms, k->c->n_forms);
    for (size_t i = 0; i < n; i++)
        h = (h ^ (forms[i] + 1)) * 1099511628211u;
    kh_free(forms);
    for (size_t i = 0; i < l->n_groups; i++) {
        h = (h ^ kh_hash_bytes(l->groups[i].group, strlen(l->groups[i].group))) * 1099511628211u;
        h = (h ^ kh_hash_bytes(l->groups[i].value, strlen(l->groups[i].value))) * 1099511628211u;
    }
    if (l->def->n_reported_by)
        h = (h ^ (l->measure + 1)) * 1099511628211u;
    return (h ^ (l->def->over_time == KH_AGG_LAST)) * 1099511628211u;
}

static const expected *expected_of(kh_calc *k, const leaf *l, kh_period p)
{
    uint64_t hash = asked_by(k, l);
    for (size_t i = k->n_expecteds; i-- > 0;)
        if (k->expecteds[i].hash == hash && k->expecteds[i].p == p)
            return k->expecteds[i].x;
    expected *x = kh_zalloc(1, sizeof *x);
    x->count = kh_zalloc(k->n + 1, sizeof *x->count);
    ask_parts(k, l, p, x);
    count_parts(k, l, p, x, NULL, x->count);
    k->expecteds = kh_grow(k->expecteds, k->n_expecteds, &k->cap_expecteds, sizeof *k->expecteds);
    k->expecteds[k->n_expecteds].hash = hash;
    k->expecteds[k->n_expecteds].p = p;
    k->expecteds[k->n_expecteds++].x = x;
    return x;
}

/* Units that have a value standing for b, for some of it, or (within p) for more than it. */
static uint8_t *has_reported(kh_calc *k, const leaf *l, kh_period p, kh_period b)
{
    uint8_t *there = kh_c_own_present(k, l, b);
    const span *sp = kh_c_span_of(k, p);
    for (size_t i = 0; i < sp->n; i++) {
        kh_period c = sp->base[i];
        if (c == b || kh_period_freq(c) >= kh_period_freq(b) || !kh_period_contains(c, b) || (kh_period_freq(c) == KH_NINE && c != p))
            continue;
        leaf exact = *l;
        kh_measure m = *l->def;
        m.over_time = KH_AGG_NONE; /* what was reported for c itself */
        exact.def = &m;
        uint8_t *more = kh_c_own_present(k, &exact, c);
        if (!there) {
            there = more;
            continue;
        }
        for (size_t s = 0; more && s < k->n; s++)
            there[s] |= more[s];
        kh_free(more);
    }
    return there;
}

int kh_c_cover_of(kh_calc *k, const leaf *l, kh_period p, const cover **out, kh_error *err)
{
    cover *c = kh_c_table_get(&k->covers, pair(l->e, p));
    *out = c;
    if (c)
        return KH_OK;
    int rc = kh_c_stopped(k, err);
    if (rc != KH_OK)
        return rc;
    c = kh_zalloc(1, sizeof *c);
    const expected *x = expected_of(k, l, p);
    if (x->n) {
        c->of = x;
        c->reported = kh_zalloc(k->n + 1, sizeof *c->reported);
        count_parts(k, l, p, x, has_reported, c->reported);
    }
    kh_c_table_set(&k->covers, pair(l->e, p), c);
    *out = c;
    return KH_OK;
}

/* ---- formulas: the worst input ---- */

/* For many units at once: unit i's figure is looked at in slot at[i], SLOT_NONE: nowhere. */
typedef struct worst { kh_calc *k; size_t n; uint32_t *reported, *expected; } worst;

static int worse_leaf(worst *w, kh_expr e, const int32_t *at, kh_period p, kh_error *err)
{
    leaf l;
    const cover *c;
    kh_c_leaf_of(w->k, e, &l);
    if (!kh_type_is_number(l.def->type))
        return KH_OK;
    int rc = kh_c_cover_of(w->k, &l, p, &c, err);
    for (size_t i = 0; rc == KH_OK && c->of && i < w->n; i++) {
        uint32_t reported = at[i] < 0 ? 0 : c->reported[at[i]], expect = at[i] < 0 ? 0 : c->of->count[at[i]];
        if (expect && (!w->expected[i] || (uint64_t)reported * w->expected[i] < (uint64_t)w->reported[i] * expect)) {
            w->reported[i] = reported;
            w->expected[i] = expect;
        }
    }
    return rc;
}

static int walk(worst *w, kh_expr e, const int32_t *at, kh_period p, kh_error *err);

static __attribute__((noinline)) int walk_time(worst *w, const kh_expr_node *n, const int32_t *at, kh_period p, kh_error *err)
{
    kh_period ps[SHIFT_MOST];
    size_t m = kh_c_shift_periods(n, p, ps, SHIFT_MOST);
    int rc = KH_OK;
    for (size_t i = 0; rc == KH_OK && i < m; i++)
        rc = walk(w, n->a, at, ps[i], err);
    return rc;
}

static int walk_parents(worst *w, kh_expr e, const int32_t *at, kh_period p, kh_error *err)
{
    const tree *t = kh_c_span_ready(w->k, p)->end;
    int32_t *up = kh_alloc((w->n + 1) * sizeof *up);
    for (size_t i = 0; i < w->n; i++)
        up[i] = at[i] < 0 || t->up[at[i]] < 0 ? SLOT_NONE : t->up[at[i]];
    int rc = walk(w, e, up, p, err);
    kh_free(up);
    return rc;
}

static int walk(worst *w, kh_expr e, const int32_t *at, kh_period p, kh_error *err)
{
    if (e == KH_NO_EXPR || p == KH_NO_PERIOD)
        return KH_OK;
    const kh_expr_node n = *kh_expr_get(w->k->c->exprs, e);
    int rc = KH_OK;
    if (n.op == KH_X_MEASURE)
        return worse_leaf(w, e, at, p, err);
    if (n.op == KH_X_INDICATOR) {
        const kh_indicator *ind = &w->k->c->indicators[n.ref];
        for (size_t i = 0; rc == KH_OK && ind->each && i < ind->each->n_inputs; i++)
            rc = walk(w, ind->each->inputs[i], at, p, err);
        return rc == KH_OK && !ind->each ? walk(w, ind->formula, at, p, err) : rc;
    }
    if (n.op >= KH_X_TYPICAL_MEAN && n.op <= KH_X_TYPICAL_YEARS_MEDIAN)
        return KH_OK; /* a typical level is made of what history there is */
    if (n.op >= KH_X_PREV && n.op <= KH_X_OVER)
        return walk_time(w, &n, at, p, err);
    if (n.op == KH_X_PARENT || n.op == KH_X_SHARE)
        rc = walk_parents(w, n.a, at, p, err);
    if (rc == KH_OK && n.op != KH_X_PARENT)
        rc = walk(w, n.a, at, p, err);
    if (rc == KH_OK)
        rc = walk(w, n.b, at, p, err);
    if (rc == KH_OK)
        rc = walk(w, n.c, at, p, err);
    return rc;
}

int kh_c_cover_units(kh_calc *k, kh_expr e, const uint32_t *slots, size_t n, kh_period p, uint32_t *reported, uint32_t *expect, kh_error *err)
{
    worst w = {k, n, reported, expect};
    int32_t *at = kh_alloc((n + 1) * sizeof *at);
    for (size_t i = 0; i < n; i++) {
        at[i] = (int32_t)slots[i];
        reported[i] = expect[i] = 0;
    }
    int rc = walk(&w, e, at, p, err);
    kh_free(at);
    return rc;
}

/* SPDX-License-Identifier: MIT */
/*
 * One unit at a time, in rationals: which values stand, what they make, and
 * whose figures they enter. This is the plain statement of the rules; own.c
 * and consolidate.c do the same for all units at once where whole numbers
 * suffice, and come here for the units that changed their place in the tree.
 */
#include "calc/inside.h"

#include <string.h>

void kh_c_pieces_clear(pieces *ps)
{
    for (size_t i = 0; i < ps->n; i++)
        mpq_clear(ps->of[i].q);
    ps->n = 0;
    ps->whole_missing = false;
}

void kh_c_pieces_free(pieces *ps)
{
    kh_c_pieces_clear(ps);
    kh_free(ps->of);
    *ps = (pieces){0};
}

/* ---- cuts ---- */

static uint8_t node_cell(const cut_node *node, kh_agg how, uint32_t slot, mpq_t out);

static uint8_t branch_cell(const cut_branch *b, kh_agg how, uint32_t slot, mpq_t out)
{
    tally t = {0};
    mpq_t q;
    mpq_init(q);
    kh_c_tally_start(&t, how);
    uint8_t lack = KH_NOT_REPORTED;
    for (uint32_t o = 0; o < b->n; o++) {
        uint8_t why = node_cell(b->option[o], how, slot, q);
        if (why == KH_THERE)
            kh_c_tally_add(&t, q, o);
        else if (why > lack)
            lack = why;
    }
    uint8_t why = kh_c_tally_end(&t, out);
    if (why == KH_NOT_REPORTED)
        why = lack;
    kh_c_tally_free(&t);
    mpq_clear(q);
    return why;
}

static uint8_t node_cell(const cut_node *node, kh_agg how, uint32_t slot, mpq_t out)
{
    int64_t m;
    uint8_t scale, lack = KH_NOT_REPORTED;
    if (node->own && kh_c_base_get(node->own, slot, &m, &scale)) {
        kh_c_q_set(out, m, scale, 1, 1);
        return KH_THERE;
    }
    for (size_t i = 0; i < node->n_by; i++) {
        uint8_t why = branch_cell(&node->by[i], how, slot, out);
        if (why == KH_THERE)
            return why;
        if (why > lack)
            lack = why;
    }
    return lack;
}

/* What was reported for exactly (slot, p), the cut made from narrower ones if need be. */
uint8_t kh_c_cut_cell(kh_calc *k, const leaf *l, uint32_t slot, kh_period p, mpq_t out)
{
    sheet *s = kh_c_sheet_of(k, l->measure, p);
    if (!s)
        return KH_NOT_REPORTED;
    return node_cell(kh_c_cut_plan(k, s, l->def, l->cut), l->def->over_units, slot, out);
}

/* ---- time ---- */

static void add_part(pieces *ps, kh_period p, const mpq_t q)
{
    piece *at = &KH_PUSH(ps->of, ps->n, ps->cap);
    at->p = p;
    mpq_init(at->q);
    mpq_set(at->q, q);
}

static bool own_part(kh_calc *k, const leaf *l, uint32_t slot, kh_period p, pieces *out)
{
    mpq_t q;
    mpq_init(q);
    uint8_t why = kh_c_cut_cell(k, l, slot, p, q);
    if (why == KH_THERE)
        add_part(out, p, q);
    else if (why != KH_NOT_REPORTED)
        out->whole_missing = true;
    mpq_clear(q);
    return why == KH_THERE;
}

static void parts_within(kh_calc *k, const leaf *l, uint32_t slot, kh_period p, pieces *out)
{
    const span *sp = kh_c_span_of(k, p);
    if (sp->n == 0 || own_part(k, l, slot, p, out) || (sp->n == 1 && sp->base[0] == p))
        return;
    kh_period child[64];
    kh_freq f = kh_period_freq(p);
    size_t before = out->n, n = kh_period_parts(p, f == KH_MONTH || f == KH_WEEK, child);
    for (size_t i = 0; i < n; i++)
        parts_within(k, l, slot, child[i], out);
    if (f != KH_YEAR || out->n > before)
        return;
    n = kh_period_within(p, KH_WEEK, child, 64);
    for (size_t i = 0; i < n; i++)
        if (kh_c_span_of(k, child[i])->n)
            own_part(k, l, slot, child[i], out);
}

void kh_c_cell_parts(kh_calc *k, const leaf *l, uint32_t slot, kh_period p, pieces *out, bool *exact)
{
    kh_c_pieces_clear(out);
    parts_within(k, l, slot, p, out);
    *exact = out->n == 1 && out->of[0].p == p;
    if (l->def->over_time == KH_AGG_NONE && out->n && !*exact) {
        kh_c_pieces_clear(out);
        out->whole_missing = true;
    }
}

uint8_t kh_c_parts_value(const leaf *l, const pieces *ps, bool exact, mpq_t out)
{
    if (exact) {
        mpq_set(out, ps->of[0].q);
        return KH_THERE;
    }
    tally t = {0};
    kh_c_tally_start(&t, l->def->over_time);
    for (uint32_t i = 0; i < ps->n; i++)
        kh_c_tally_add(&t, ps->of[i].q, i);
    uint8_t why = kh_c_tally_end(&t, out);
    kh_c_tally_free(&t);
    return why == KH_NOT_REPORTED && ps->whole_missing ? KH_NO_WHOLE : why;
}

/* ---- up the tree ---- */

kh_day kh_c_cell_day(const kh_calc *k, uint32_t slot, kh_period p)
{
    kh_day day = kh_period_last(p);
    if (day > k->to[slot])
        day = k->to[slot];
    if (day < k->from[slot])
        day = k->from[slot];
    return day;
}

static bool exists_on(const kh_calc *k, uint32_t slot, kh_day day)
{
    return k->from[slot] <= day && day <= k->to[slot];
}

/* The value of these parts to `start` and everything above it. own: it is `start`'s very own, not only held there. */
static void give_up(const leaf *l, const tree *t, int32_t start, bool own, uint32_t from, const pieces *ps, bool exact, const gives *g)
{
    mpq_t q;
    mpq_init(q);
    uint8_t why = kh_c_parts_value(l, ps, exact, q);
    for (int32_t s = start; s >= 0; s = t->up[s]) {
        if (why == KH_NOT_REPORTED)
            break;
        if (why != KH_THERE)
            g->lack(g->ctx, (uint32_t)s, why);
        else if (l->def->over_units != KH_AGG_NONE || (s == start && own))
            g->value(g->ctx, (uint32_t)s, q, from);
        else
            g->lack(g->ctx, (uint32_t)s, KH_NO_WHOLE);
        if (g->flat)
            break;
    }
    mpq_clear(q);
}

static bool above(const tree *t, int32_t slot, uint32_t up)
{
    for (; slot >= 0; slot = t->up[slot])
        if ((uint32_t)slot == up)
            return true;
    return false;
}

/* A unit whose ancestors changed within the period: each ancestor gets what the pieces under it make. */
static void give_apart(kh_calc *k, const leaf *l, uint32_t slot, const pieces *ps, const gives *g)
{
    uint32_t *ups = NULL;
    size_t n = 0, cap = 0;
    for (size_t i = 0; i < ps->n; i++) {
        const tree *t = kh_c_tree_at(k, kh_c_cell_day(k, slot, ps->of[i].p));
        for (int32_t s = (int32_t)slot; s >= 0; s = g->flat ? SLOT_NONE : t->up[s]) {
            bool known = false;
            for (size_t j = 0; j < n; j++)
                known |= ups[j] == (uint32_t)s;
            if (!known)
                KH_PUSH(ups, n, cap) = (uint32_t)s;
        }
    }
    for (size_t j = 0; j < n; j++) {
        pieces under = {0};
        for (size_t i = 0; i < ps->n; i++)
            if (above(kh_c_tree_at(k, kh_c_cell_day(k, slot, ps->of[i].p)), (int32_t)slot, ups[j]))
                add_part(&under, ps->of[i].p, ps->of[i].q);
        mpq_t q;
        mpq_init(q);
        uint8_t why = kh_c_parts_value(l, &under, false, q);
        if (why != KH_THERE)
            g->lack(g->ctx, ups[j], why);
        else if (l->def->over_units != KH_AGG_NONE || ups[j] == slot)
            g->value(g->ctx, ups[j], q, slot);
        else
            g->lack(g->ctx, ups[j], KH_NO_WHOLE);
        mpq_clear(q);
        kh_c_pieces_free(&under);
    }
    kh_free(ups);
}

void kh_c_cell_parts_as_reported(kh_calc *k, const leaf *l, uint32_t slot, kh_period p, uint32_t to, pieces *out, bool *exact)
{
    size_t n = 0;
    kh_c_cell_parts(k, l, slot, p, out, exact);
    if (k->o.restate || k->flat || l->def->over_time == KH_AGG_LAST)
        return;
    for (size_t i = 0; i < out->n; i++) {
        if (above(kh_c_tree_at(k, kh_c_cell_day(k, slot, out->of[i].p)), (int32_t)slot, to))
            mpq_swap(out->of[n].q, out->of[i].q), out->of[n++].p = out->of[i].p;
    }
    while (out->n > n)
        mpq_clear(out->of[--out->n].q);
}

static void gives_reported(kh_calc *k, const leaf *l, uint32_t slot, const span *sp, const pieces *ps, bool exact, const gives *g)
{
    kh_day end = kh_period_last(sp->p);
    if (l->def->over_time == KH_AGG_LAST) {
        if (exists_on(k, slot, end))
            give_up(l, sp->end, (int32_t)slot, true, slot, ps, exact, g);
        return;
    }
    const tree *first = kh_c_tree_at(k, kh_c_cell_day(k, slot, ps->n ? ps->of[0].p : sp->p));
    bool same = true;
    for (size_t i = 1; i < ps->n; i++)
        same = same && kh_c_tree_at(k, kh_c_cell_day(k, slot, ps->of[i].p))->chain[slot] == first->chain[slot];
    if (same)
        give_up(l, first, (int32_t)slot, true, slot, ps, exact, g);
    else
        give_apart(k, l, slot, ps, g);
}

static void gives_restated(kh_calc *k, const leaf *l, uint32_t slot, const span *sp, const pieces *ps, bool exact, const gives *g)
{
    const place *to = &k->places[slot];
    if (l->def->over_time == KH_AGG_LAST && !exists_on(k, slot, kh_period_last(sp->p)))
        return;
    for (size_t i = 0; ps->n && i < to->n_hit; i++)
        g->split(g->ctx, to->hit[i]);
    give_up(l, sp->end, to->to, !to->split, slot, ps, exact, g);
}

void kh_c_cell_gives(kh_calc *k, const leaf *l, uint32_t slot, const span *sp, const gives *g)
{
    pieces ps = {0};
    bool exact;
    if (!kh_c_in_groups(k, slot, l->groups, l->n_groups))
        return;
    kh_c_cell_parts(k, l, slot, sp->p, &ps, &exact);
    if (ps.n || ps.whole_missing) {
        if (k->o.restate)
            gives_restated(k, l, slot, sp, &ps, exact, g);
        else
            gives_reported(k, l, slot, sp, &ps, exact, g);
    }
    kh_c_pieces_free(&ps);
}

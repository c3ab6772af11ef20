/* SPDX-License-Identifier: MIT */
/*
 * Restating: where each unit's values go at the boundaries of a date.
 *
 * A unit that exists then keeps its values. One that ended before goes with
 * its whole succession, one that began later comes back to its only origin.
 * What went in parts (or where nobody knows) belongs to the nearest unit that
 * holds all the parts: from there upwards figures are whole; below, the units
 * that got a part are marked, since nothing says how much. Where the successor
 * is unknown the value is held by the old parent's successor, and every unit
 * below that one may have got a part.
 */
#include "calc/inside.h"

enum { DEEPEST = 64 }; /* successions in a row; more is a circle in the data */

static void add_hit(place *p, size_t *cap, uint32_t slot)
{
    for (size_t i = 0; i < p->n_hit; i++)
        if (p->hit[i] == slot)
            return;
    KH_PUSH(p->hit, p->n_hit, *cap) = slot;
}

static bool below(const tree *t, int32_t slot, int32_t top)
{
    for (; slot >= 0; slot = t->up[slot])
        if (slot == top)
            return true;
    return false;
}

static int32_t common(const tree *t, int32_t a, int32_t b)
{
    while (a >= 0 && !below(t, b, a))
        a = t->up[a];
    return a;
}

static void resolve_place(kh_calc *k, const tree *t, uint32_t slot, bool *done, unsigned depth);

/* The units that `slot` became (forward) or came from (backward), each resolved. Returns how many; *unknown: some part is. */
static size_t neighbours(kh_calc *k, uint32_t slot, bool forward, uint32_t *out, size_t room, bool *unknown)
{
    const kh_succession *s;
    size_t n = kh_units_successions(k->c->units, &s), found = 0;
    kh_unit u = k->unit[slot];
    for (size_t i = 0; i < n; i++) {
        if ((forward ? s[i].from : s[i].to) != u)
            continue;
        kh_unit other = forward ? s[i].to : s[i].from;
        if (other == KH_NO_UNIT || found == room)
            *unknown = true;
        else
            out[found++] = (uint32_t)k->slot_of[other];
    }
    return found;
}

/* All of one is all of the other: nothing of the older unit went anywhere else. */
static bool whole_link(kh_calc *k, uint32_t slot, uint32_t other, bool forward)
{
    const kh_succession *s;
    size_t n = kh_units_successions(k->c->units, &s), links = 0;
    kh_unit old = k->unit[forward ? slot : other], new = k->unit[forward ? other : slot];
    bool part = false;
    for (size_t i = 0; i < n; i++)
        if (s[i].from == old) {
            links++;
            part |= s[i].to == new && s[i].part;
        }
    return links == 1 && !part;
}

static void hit_path(place *p, size_t *cap, const tree *t, int32_t from, int32_t top)
{
    for (int32_t s = from; s >= 0 && s != top; s = t->up[s])
        add_hit(p, cap, (uint32_t)s);
}

static void hit_all_below(kh_calc *k, place *p, size_t *cap, const tree *t, int32_t top)
{
    bool *in = kh_zalloc(k->n + 1, sizeof *in);
    for (uint32_t i = 0; i < t->n; i++) {
        uint32_t s = t->slot[i];
        in[s] = t->up[s] == top || (t->up[s] >= 0 && in[t->up[s]]);
        if (in[s])
            KH_PUSH(p->hit, p->n_hit, *cap) = s;
    }
    kh_free(in);
}

static int32_t old_parent(kh_calc *k, uint32_t slot)
{
    kh_day day = k->to[slot] < k->o.boundaries ? k->to[slot] : k->from[slot];
    return slot_of(k, kh_units_parent(k->c->units, k->unit[slot], day));
}

/* Holds the value of a unit whose whereabouts nobody knows. */
static void place_unknown(kh_calc *k, const tree *t, uint32_t slot, bool *done, unsigned depth)
{
    place *p = &k->places[slot];
    int32_t up = old_parent(k, slot);
    if (up < 0 || up == (int32_t)slot)
        return;
    resolve_place(k, t, (uint32_t)up, done, depth + 1);
    p->to = k->places[up].to;
    p->split = true;
    size_t cap = 0;
    if (p->to >= 0)
        hit_all_below(k, p, &cap, t, p->to);
}

static void place_parts(kh_calc *k, const tree *t, uint32_t slot, const uint32_t *next, size_t n, bool *done, unsigned depth)
{
    place *p = &k->places[slot];
    bool same = true;
    for (size_t i = 0; i < n; i++) {
        resolve_place(k, t, next[i], done, depth + 1);
        const place *q = &k->places[next[i]];
        same = same && !q->split && q->to == k->places[next[0]].to;
        p->to = i == 0 ? q->to : common(t, p->to, q->to);
    }
    if (same)
        return; /* the parts came together again */
    size_t cap = 0;
    p->split = true;
    for (size_t i = 0; i < n; i++) {
        const place *q = &k->places[next[i]];
        hit_path(p, &cap, t, q->to, p->to);
        for (size_t j = 0; j < q->n_hit; j++)
            add_hit(p, &cap, q->hit[j]);
    }
}

static void resolve_place(kh_calc *k, const tree *t, uint32_t slot, bool *done, unsigned depth)
{
    if (done[slot] || depth > DEEPEST)
        return;
    done[slot] = true;
    if (t->up[slot] != TREE_OUT) {
        k->places[slot].to = (int32_t)slot;
        return;
    }
    enum { ROOM = 64 };
    uint32_t next[ROOM];
    bool unknown = false, forward = k->to[slot] < k->o.boundaries;
    size_t n = neighbours(k, slot, forward, next, ROOM, &unknown);
    if (n == 0 || unknown) {
        place_unknown(k, t, slot, done, depth);
        return;
    }
    place_parts(k, t, slot, next, n, done, depth);
    place *p = &k->places[slot];
    if (n == 1 && !p->split && !whole_link(k, slot, next[0], forward) && p->to >= 0) {
        /* A part of something, and what became of the rest is not told: the parent is the first that surely holds it. */
        int32_t at = p->to;
        size_t cap = 0;
        p->split = true;
        p->to = t->up[at];
        hit_path(p, &cap, t, at, p->to);
    }
}

void kh_c_places_make(kh_calc *k)
{
    const tree *t = kh_c_tree_at(k, k->o.boundaries);
    bool *done = kh_zalloc(k->n + 1, sizeof *done);
    k->places = kh_zalloc(k->n + 1, sizeof *k->places);
    for (size_t s = 0; s < k->n; s++)
        k->places[s].to = SLOT_NONE;
    for (uint32_t s = 0; s < k->n; s++)
        resolve_place(k, t, s, done, 0);
    kh_free(done);
}

void kh_c_places_free(kh_calc *k)
{
    for (size_t s = 0; k->places && s < k->n; s++)
        kh_free(k->places[s].hit);
    kh_free(k->places);
    k->places = NULL;
}

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

/* Everything that may have got a part: *to becomes the nearest unit that holds it all. */
static void hold(kh_calc *k, place *p, size_t *cap, const tree *t, const place *part)
{
    int32_t before = p->to, to = before < 0 ? part->to : common(t, before, part->to);
    (void)k;
    hit_path(p, cap, t, part->to, to);
    if (before >= 0)
        hit_path(p, cap, t, before, to);
    for (size_t i = 0; i < part->n_hit; i++)
        add_hit(p, cap, part->hit[i]);
    p->to = to;
}

/* What went where nobody knows stayed within what became of the old parent: any unit below that may have got it. */
static void hold_unknown(kh_calc *k, const tree *t, uint32_t slot, place *p, size_t *cap, bool *done, unsigned depth)
{
    int32_t up = old_parent(k, slot);
    if (up < 0 || up == (int32_t)slot)
        return;
    resolve_place(k, t, (uint32_t)up, done, depth + 1);
    const place *q = &k->places[up];
    if (q->to < 0)
        return;
    hold(k, p, cap, t, q);
    hit_all_below(k, p, cap, t, q->to);
}

static bool all_in_one(const kh_calc *k, const uint32_t *next, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (k->places[next[i]].split || k->places[next[i]].to != k->places[next[0]].to)
            return false;
    return n > 0;
}

static bool only_a_part(kh_calc *k, uint32_t slot)
{
    const kh_succession *s;
    size_t n = kh_units_successions(k->c->units, &s);
    for (size_t i = 0; i < n; i++)
        if (s[i].from == k->unit[slot] && !s[i].part)
            return false;
    return true;
}

static void resolve_place(kh_calc *k, const tree *t, uint32_t slot, bool *done, unsigned depth)
{
    if (done[slot] || depth > DEEPEST)
        return;
    done[slot] = true;
    place *p = &k->places[slot];
    if (t->up[slot] != TREE_OUT) {
        p->to = (int32_t)slot;
        return;
    }
    enum { ROOM = 64 };
    uint32_t next[ROOM];
    size_t cap = 0;
    bool unknown = false, forward = k->to[slot] < k->o.boundaries;
    size_t n = neighbours(k, slot, forward, next, ROOM, &unknown);
    unknown = unknown || n == 0 || (forward && n == 1 && only_a_part(k, slot)); /* what became of the rest is not told */
    for (size_t i = 0; i < n; i++)
        resolve_place(k, t, next[i], done, depth + 1);
    if (!unknown && all_in_one(k, next, n)) {
        p->to = k->places[next[0]].to;
        return; /* whole, or its parts came together again */
    }
    p->split = true;
    for (size_t i = 0; i < n; i++)
        if (k->places[next[i]].to >= 0)
            hold(k, p, &cap, t, &k->places[next[i]]);
    if (unknown)
        hold_unknown(k, t, slot, p, &cap, done, depth);
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

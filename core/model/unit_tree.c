/* SPDX-License-Identifier: MIT */
/*
 * Snapshots of the units tree. Between two days on which some unit begins or
 * ends the tree stays the same, so there is one snapshot for each such span,
 * made when first asked for (O(n), the units are sorted by code once) and kept.
 * Finding the span is a binary search; the last one asked for is tried first.
 */
#include "model/unit_int.h"

#include <stdlib.h>
#include <string.h>

struct kh_snapshots {
    kh_day *breaks;   /* span i: breaks[i] .. breaks[i + 1] - 1 */
    size_t n, last;
    kh_tree **trees;  /* [n] NULL until asked for */
    kh_unit *by_code; /* all units */
};

void kh_snapshots_free(struct kh_snapshots *s)
{
    if (!s)
        return;
    for (size_t i = 0; i < s->n; i++)
        kh_free(s->trees[i]); /* its arrays are in the same block */
    kh_free(s->trees);
    kh_free(s->breaks);
    kh_free(s->by_code);
    kh_free(s);
}

static int by_day(const void *a, const void *b)
{
    kh_day x = *(const kh_day *)a, y = *(const kh_day *)b;
    return (x > y) - (x < y);
}

kh_day *kh_units_breaks(const kh_units *u, size_t *n)
{
    kh_day *days = kh_alloc((u->n * 2 + 1) * sizeof *days);
    size_t all = 0, kept = 0;
    days[all++] = KH_DAY_MIN;
    for (kh_unit i = 0; i < u->n; i++) {
        if (u->defs[i].from != days[all - 1]) /* most begin with the one before */
            days[all++] = u->defs[i].from;
        if (u->defs[i].to != KH_DAY_MAX)
            days[all++] = u->defs[i].to + 1;
    }
    qsort(days, all, sizeof *days, by_day);
    for (size_t i = 0; i < all; i++)
        if (kept == 0 || days[kept - 1] != days[i])
            days[kept++] = days[i];
    *n = kept;
    return days;
}

typedef struct coded { const char *code; kh_unit unit; } coded;

static int by_code(const void *a, const void *b)
{
    const coded *x = a, *y = b;
    int order = strcmp(x->code, y->code);
    return order ? order : (x->unit > y->unit) - (x->unit < y->unit);
}

static kh_unit *in_order_of_code(const kh_units *u)
{
    coded *all = kh_alloc(u->n * sizeof *all);
    for (kh_unit i = 0; i < u->n; i++)
        all[i] = (coded){u->defs[i].code, i};
    if (u->n)
        qsort(all, u->n, sizeof *all, by_code);
    kh_unit *order = kh_alloc(u->n * sizeof *order);
    for (size_t i = 0; i < u->n; i++)
        order[i] = all[i].unit;
    kh_free(all);
    return order;
}

static struct kh_snapshots *snapshots_of(const kh_units *u)
{
    struct kh_snapshots *s = kh_zalloc(1, sizeof *s);
    s->breaks = kh_units_breaks(u, &s->n);
    s->trees = kh_zalloc(s->n, sizeof *s->trees);
    s->by_code = in_order_of_code(u);
    return s;
}

/* Arrays of a tree under construction; they are const to everybody else. */
typedef struct builder {
    kh_unit *unit;
    int32_t *parent, *place;
    uint32_t *end;
    uint8_t *depth;
    kh_unit *child, *sibling; /* [units]; child[units] is the first root */
} builder;

/* One block: the tree, its arrays of n units, and place for all. */
static kh_tree *new_tree(size_t n, size_t all, builder *b)
{
    size_t size = sizeof(kh_tree) + n * (sizeof *b->unit + sizeof *b->parent + sizeof *b->end + sizeof *b->depth) + all * sizeof *b->place;
    char *at = kh_alloc(size);
    kh_tree *t = (kh_tree *)(void *)at;
    b->unit = (kh_unit *)(void *)(t + 1);
    b->parent = (int32_t *)(void *)(b->unit + n);
    b->end = (uint32_t *)(void *)(b->parent + n);
    b->place = (int32_t *)(void *)(b->end + n);
    b->depth = (uint8_t *)(void *)(b->place + all);
    *t = (kh_tree){.n = n, .unit = b->unit, .parent = b->parent, .end = b->end, .depth = b->depth, .place = b->place};
    return t;
}

/* Hangs each unit of the day on its parent; backwards, so that siblings come out by code. Returns how many there are. */
static size_t hang(const kh_units *u, const struct kh_snapshots *s, kh_day at, builder *b)
{
    size_t n = 0;
    for (size_t i = 0; i <= u->n; i++)
        b->child[i] = KH_NO_UNIT;
    for (size_t i = u->n; i-- > 0;) {
        kh_unit unit = s->by_code[i];
        if (!kh_units_valid(u, unit, at))
            continue;
        kh_unit parent = kh_units_parent(u, unit, at);
        size_t list = parent == KH_NO_UNIT ? u->n : parent;
        b->sibling[unit] = b->child[list];
        b->child[list] = unit;
        n++;
    }
    return n;
}

/* Preorder without recursion. Returns how many were placed (units in a circle cannot be reached). */
static size_t place_all(const kh_units *u, builder *b)
{
    size_t n = 0;
    int32_t parent = -1;
    for (size_t i = 0; i < u->n; i++)
        b->place[i] = -1;
    for (kh_unit next = b->child[u->n]; next != KH_NO_UNIT || parent >= 0;) {
        if (next == KH_NO_UNIT) { /* this branch is done: on with the parent's sibling */
            b->end[parent] = (uint32_t)n;
            next = b->sibling[b->unit[parent]];
            parent = b->parent[parent];
            continue;
        }
        b->unit[n] = next;
        b->parent[n] = parent;
        b->place[next] = (int32_t)n;
        b->depth[n] = (uint8_t)(parent < 0 ? 0 : b->depth[parent] + (b->depth[parent] < UINT8_MAX));
        parent = (int32_t)n++;
        next = b->child[next];
    }
    return n;
}

static kh_tree *build(const kh_units *u, const struct kh_snapshots *s, size_t span)
{
    builder b = {.child = kh_alloc((u->n + 1) * sizeof *b.child), .sibling = kh_alloc(u->n * sizeof *b.sibling)};
    kh_tree *t = new_tree(hang(u, s, s->breaks[span], &b), u->n, &b);
    t->n = place_all(u, &b);
    t->from = s->breaks[span];
    t->to = span + 1 < s->n ? s->breaks[span + 1] - 1 : KH_DAY_MAX;
    kh_free(b.child);
    kh_free(b.sibling);
    return t;
}

static size_t span_of(const struct kh_snapshots *s, kh_day at)
{
    size_t lo = 0, hi = s->n; /* breaks[lo] <= at < breaks[hi] */
    while (hi - lo > 1) {
        size_t mid = lo + (hi - lo) / 2;
        if (s->breaks[mid] <= at)
            lo = mid;
        else
            hi = mid;
    }
    return lo;
}

const kh_tree *kh_units_at(kh_units *u, kh_day at)
{
    if (!u->snapshots)
        u->snapshots = snapshots_of(u);
    struct kh_snapshots *s = u->snapshots;
    const kh_tree *t = s->trees[s->last];
    if (t && t->from <= at && at <= t->to)
        return t;
    s->last = span_of(s, at);
    if (!s->trees[s->last])
        s->trees[s->last] = build(u, s, s->last);
    return s->trees[s->last];
}

/* SPDX-License-Identifier: MIT */
/*
 * The pool of expression nodes. Adding a node first gives it one shape (fields
 * that its operation does not use are cleared, texts and groups replaced by the
 * pool's own), then looks it up by content in an open-addressing table. So two
 * formulas that write the same thing share its node, and evaluating each node
 * once is evaluating each distinct subtree once.
 *
 * Children have lower indices than their parents: a walk over "everything below
 * e" is a loop downwards from e, without recursion however deep a formula is.
 *
 * Left out: any algebra. The tree is the formula as it was written, because
 * explain shows it.
 */
#include "model/expr.h"

#include "base/map.h"
#include "base/mem.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct kh_exprs {
    kh_arena *arena;
    kh_expr_node *nodes;
    size_t n, cap;
    kh_expr *table; /* index + 1; 0: free */
    size_t size;    /* a power of two */
    kh_map *known;  /* text -> number in texts */
    const char **texts;
    size_t n_texts, cap_texts;
};

kh_exprs *kh_exprs_new(void)
{
    kh_exprs *x = kh_zalloc(1, sizeof *x);
    x->arena = kh_arena_new();
    x->known = kh_map_new();
    x->size = 64;
    x->table = kh_zalloc(x->size, sizeof *x->table);
    return x;
}

void kh_exprs_free(kh_exprs *x)
{
    if (!x)
        return;
    kh_map_free(x->known);
    kh_arena_free(x->arena);
    kh_free(x->texts);
    kh_free(x->table);
    kh_free(x->nodes);
    kh_free(x);
}

/* ---- one shape ---- */

enum { CHILDREN = 3, REF = 4, CUT = 8, N = 16, NUM = 32, TEXT = 64, GROUPS = 128 };

/* What an operation uses: how many children, and which fields. */
static unsigned uses(uint8_t op)
{
    switch ((kh_op)op) {
    case KH_X_NUM: return NUM;
    case KH_X_MISSING:
    case KH_X_DAYS: return 0;
    case KH_X_MEASURE: return REF | CUT | GROUPS;
    case KH_X_INDICATOR: return REF;
    case KH_X_COUNT_UNITS: return TEXT | GROUPS;
    case KH_X_ADD:
    case KH_X_SUB:
    case KH_X_MUL:
    case KH_X_DIV:
    case KH_X_IDIV:
    case KH_X_MOD:
    case KH_X_POW:
    case KH_X_MIN2:
    case KH_X_MAX2:
    case KH_X_LT:
    case KH_X_LE:
    case KH_X_GT:
    case KH_X_GE:
    case KH_X_EQ:
    case KH_X_NE:
    case KH_X_BOTH:
    case KH_X_EITHER:
    case KH_X_OTHERWISE: return 2;
    case KH_X_NEG:
    case KH_X_ABS:
    case KH_X_LOG:
    case KH_X_NOT:
    case KH_X_PRESENT:
    case KH_X_TO_DATE:
    case KH_X_PARENT:
    case KH_X_SHARE:
    case KH_X_RANK: return 1;
    case KH_X_ROUND:
    case KH_X_PREV:
    case KH_X_SAME_LAST_YEAR:
    case KH_X_OVER:
    case KH_X_TYPICAL_MEAN:
    case KH_X_TYPICAL_MEDIAN:
    case KH_X_TYPICAL_YEARS_MEAN:
    case KH_X_TYPICAL_YEARS_MEDIAN: return 1 | N;
    case KH_X_WHEN: return 3;
    }
    abort(); /* no such operation */
}

static const char *own_text(kh_exprs *x, const char *s)
{
    if (!s)
        return NULL;
    size_t len = strlen(s);
    uint32_t i = kh_map_get(x->known, s, len);
    if (i != KH_NONE)
        return x->texts[i];
    kh_map_set(x->known, s, len, (uint32_t)x->n_texts);
    return KH_PUSH(x->texts, x->n_texts, x->cap_texts) = kh_arena_strndup(x->arena, s, len);
}

static int by_group(const void *a, const void *b)
{
    const kh_unit_group *x = a, *y = b;
    int order = strcmp(x->group, y->group);
    return order ? order : strcmp(x->value, y->value);
}

/* A sorted copy whose texts are the pool's; a condition that stands twice is kept once. */
static kh_unit_group *own_groups(kh_exprs *x, const kh_unit_group *groups, size_t *n)
{
    kh_unit_group *own = kh_arena_alloc(x->arena, *n * sizeof *own);
    for (size_t i = 0; i < *n; i++)
        own[i] = (kh_unit_group){own_text(x, groups[i].group), own_text(x, groups[i].value)};
    qsort(own, *n, sizeof *own, by_group);
    size_t kept = 0;
    for (size_t i = 0; i < *n; i++)
        if (kept == 0 || by_group(&own[kept - 1], &own[i]) != 0)
            own[kept++] = own[i];
    *n = kept;
    return own;
}

/* Clears what the operation does not use. (The groups of a node that turns out to be known stay in the arena: few.) */
static kh_expr_node shaped(kh_exprs *x, const kh_expr_node *node)
{
    unsigned u = uses(node->op), children = u & CHILDREN;
    kh_expr_node s = {.op = node->op, .a = KH_NO_EXPR, .b = KH_NO_EXPR, .c = KH_NO_EXPR, .ref = UINT32_MAX};
    if (children > 0)
        s.a = node->a;
    if (children > 1)
        s.b = node->b;
    if (children > 2)
        s.c = node->c;
    if (u & REF)
        s.ref = node->ref;
    if (u & CUT)
        s.cut = node->cut;
    if (u & N)
        s.n = node->n;
    if (u & NUM)
        s.num = node->num;
    if (u & TEXT)
        s.text = own_text(x, node->text);
    if (u & GROUPS && node->n_groups) {
        s.n_groups = node->n_groups;
        s.groups = own_groups(x, node->groups, &s.n_groups);
    }
    assert(children < 1 || s.a < x->n);
    assert(children < 2 || s.b < x->n);
    assert(children < 3 || s.c < x->n);
    return s;
}

/* ---- interning ---- */

static bool same(const kh_expr_node *p, const kh_expr_node *q)
{
    if (p->op != q->op || p->a != q->a || p->b != q->b || p->c != q->c || p->ref != q->ref || p->cut != q->cut ||
        p->n != q->n || p->num.m != q->num.m || p->num.scale != q->num.scale || p->text != q->text || p->n_groups != q->n_groups)
        return false;
    for (size_t i = 0; i < p->n_groups; i++) /* texts are interned: the pointers tell */
        if (p->groups[i].group != q->groups[i].group || p->groups[i].value != q->groups[i].value)
            return false;
    return true;
}

static uint64_t mix(uint64_t h, uint64_t v)
{
    h = (h ^ v) * 0x9E3779B97F4A7C15u;
    return h ^ h >> 29;
}

static uint64_t hash(const kh_expr_node *p)
{
    uint64_t h = mix(p->op, (uint64_t)p->a << 32 | p->b);
    h = mix(h, (uint64_t)p->c << 32 | p->ref);
    h = mix(h, (uint64_t)p->cut << 32 | (uint32_t)p->n);
    h = mix(mix(h, (uint64_t)p->num.m), p->num.scale);
    h = mix(h, (uintptr_t)p->text);
    for (size_t i = 0; i < p->n_groups; i++)
        h = mix(mix(h, (uintptr_t)p->groups[i].group), (uintptr_t)p->groups[i].value);
    return h;
}

static size_t slot_of(const kh_exprs *x, const kh_expr_node *p)
{
    size_t mask = x->size - 1, i = (size_t)hash(p) & mask;
    while (x->table[i] && !same(&x->nodes[x->table[i] - 1], p))
        i = (i + 1) & mask;
    return i;
}

static void grow(kh_exprs *x)
{
    kh_free(x->table);
    x->size *= 2;
    x->table = kh_zalloc(x->size, sizeof *x->table);
    for (size_t e = 0; e < x->n; e++)
        x->table[slot_of(x, &x->nodes[e])] = (kh_expr)e + 1;
}

kh_expr kh_expr_add(kh_exprs *x, const kh_expr_node *node)
{
    kh_expr_node own = shaped(x, node);
    if ((x->n + 1) * 2 > x->size)
        grow(x);
    size_t slot = slot_of(x, &own);
    if (!x->table[slot]) {
        KH_PUSH(x->nodes, x->n, x->cap) = own;
        x->table[slot] = (kh_expr)x->n;
    }
    return x->table[slot] - 1;
}

const kh_expr_node *kh_expr_get(const kh_exprs *x, kh_expr e)
{
    assert(e < x->n);
    return &x->nodes[e];
}

size_t kh_exprs_count(const kh_exprs *x)
{
    return x->n;
}

/* ---- walks ---- */

static void reach(bool *seen, kh_expr e)
{
    if (e != KH_NO_EXPR)
        seen[e] = true;
}

/* Marks what e reaches; seen has e + 1 places. */
static void mark_below(const kh_exprs *x, kh_expr e, bool *seen)
{
    seen[e] = true;
    for (kh_expr i = e + 1; i-- > 0;)
        if (seen[i]) {
            reach(seen, x->nodes[i].a);
            reach(seen, x->nodes[i].b);
            reach(seen, x->nodes[i].c);
        }
}

size_t kh_expr_size(const kh_exprs *x, kh_expr e)
{
    bool *seen = kh_zalloc((size_t)e + 1, sizeof *seen);
    mark_below(x, e, seen);
    size_t size = 0;
    for (kh_expr i = 0; i <= e; i++)
        size += seen[i];
    kh_free(seen);
    return size;
}

/* Puts the changed measure (or count of units) into the pool; false: it cannot be. */
typedef bool change_fn(kh_exprs *x, void *ctx, const kh_expr_node *leaf, kh_expr *out);

static void follow(const kh_expr *to, kh_expr *child)
{
    if (*child != KH_NO_EXPR)
        *child = to[*child];
}

static bool rebuild_node(kh_exprs *x, kh_expr i, const kh_expr *to, change_fn *change, void *ctx, kh_expr *out)
{
    kh_expr_node node = x->nodes[i];
    if (node.op == KH_X_MEASURE || node.op == KH_X_COUNT_UNITS)
        return change(x, ctx, &node, out);
    if (node.op == KH_X_INDICATOR)
        return false; /* the formula behind it is not in this tree: left as it is, it would be a wrong figure */
    follow(to, &node.a);
    follow(to, &node.b);
    follow(to, &node.c);
    *out = kh_expr_add(x, &node);
    return true;
}

/* The same expression with every measure changed; KH_NO_EXPR if one cannot be. */
static kh_expr rebuilt(kh_exprs *x, kh_expr e, change_fn *change, void *ctx)
{
    bool *seen = kh_zalloc((size_t)e + 1, sizeof *seen);
    kh_expr *to = kh_zalloc((size_t)e + 1, sizeof *to);
    bool fine = true;
    mark_below(x, e, seen);
    for (kh_expr i = 0; fine && i <= e; i++)
        if (seen[i])
            fine = rebuild_node(x, i, to, change, ctx, &to[i]);
    kh_expr made = fine ? to[e] : KH_NO_EXPR;
    kh_free(seen);
    kh_free(to);
    return made;
}

/* ---- cuts ---- */

typedef struct cutting { kh_cuts *cuts; kh_cut cut; } cutting;

/* Both cuts as one; KH_CUT_BAD: they name different options of a category. */
static kh_cut joined(kh_cuts *cuts, kh_cut a, kh_cut b)
{
    const kh_cut_part *p, *q;
    size_t n = kh_cut_parts(cuts, a, &p), m = kh_cut_parts(cuts, b, &q);
    kh_cut_part *parts = kh_alloc((n + m) * sizeof *parts);
    size_t have = n;
    for (size_t i = 0; i < n; i++)
        parts[i] = p[i];
    for (size_t j = 0; j < m; j++) {
        size_t i = 0;
        while (i < n && (p[i].category != q[j].category || p[i].option != q[j].option))
            i++;
        if (i == n)
            parts[have++] = q[j];
    }
    kh_cut made = kh_cut_make(cuts, parts, have);
    kh_free(parts);
    return made;
}

static bool cut_measure(kh_exprs *x, void *ctx, const kh_expr_node *measure, kh_expr *out)
{
    const cutting *job = ctx;
    kh_expr_node node = *measure;
    if (node.op == KH_X_COUNT_UNITS) { /* units have no cuts */
        *out = kh_expr_add(x, &node);
        return true;
    }
    node.cut = joined(job->cuts, node.cut, job->cut);
    if (node.cut == KH_CUT_BAD)
        return false;
    *out = kh_expr_add(x, &node);
    return true;
}

kh_expr kh_expr_with_cut(kh_exprs *x, kh_cuts *cuts, kh_expr e, kh_cut cut)
{
    cutting job = {cuts, cut};
    return rebuilt(x, e, cut_measure, &job);
}

/* ---- groups ---- */

typedef struct grouping { const kh_unit_group *groups; size_t n; } grouping;

static bool contradicts(const kh_unit_group *groups, size_t n, const kh_unit_group *g)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(groups[i].group, g->group) == 0 && strcmp(groups[i].value, g->value) != 0)
            return true;
    return false;
}

static bool group_measure(kh_exprs *x, void *ctx, const kh_expr_node *measure, kh_expr *out)
{
    const grouping *job = ctx;
    kh_expr_node node = *measure;
    kh_unit_group *groups = kh_alloc((node.n_groups + job->n) * sizeof *groups);
    size_t n = 0;
    bool fine = true;
    for (size_t i = 0; i < node.n_groups; i++)
        groups[n++] = node.groups[i];
    for (size_t i = 0; fine && i < job->n; i++) {
        fine = !contradicts(groups, n, &job->groups[i]);
        groups[n++] = job->groups[i];
    }
    if (fine) {
        node.groups = groups;
        node.n_groups = n;
        *out = kh_expr_add(x, &node);
    }
    kh_free(groups);
    return fine;
}

kh_expr kh_expr_with_groups(kh_exprs *x, kh_expr e, const kh_unit_group *groups, size_t n)
{
    grouping job = {groups, n};
    return rebuilt(x, e, group_measure, &job);
}

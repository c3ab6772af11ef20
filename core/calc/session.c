/* SPDX-License-Identifier: MIT */
/*
 * A calculation session: slots, trees and what is kept for the next question.
 *
 * Trees are copied out of the model in slots, one copy a span of days in which
 * nothing changes, so that they stay whatever else asks the model meanwhile.
 */
#include "base/map.h"
#include "calc/inside.h"

#include <stdlib.h>
#include <string.h>

/* ---- table ---- */

static size_t table_place(const table *t, uint64_t key)
{
    uint64_t h = key * 0x9E3779B97F4A7C15u;
    size_t i = (size_t)(h >> 20) & (t->room - 1);
    while (t->keys[i] && t->keys[i] != key + 1)
        i = (i + 1) & (t->room - 1);
    return i;
}

void *kh_c_table_get(const table *t, uint64_t key)
{
    if (!t->room)
        return NULL;
    size_t i = table_place(t, key);
    return t->keys[i] ? t->items[i] : NULL;
}

static void table_widen(table *t)
{
    table old = *t;
    t->room = old.room ? old.room * 2 : 64;
    t->keys = kh_zalloc(t->room, sizeof *t->keys);
    t->items = kh_zalloc(t->room, sizeof *t->items);
    t->n = 0;
    for (size_t i = 0; i < old.room; i++) {
        if (!old.keys[i] || !old.items[i])
            continue;
        size_t to = table_place(t, old.keys[i] - 1);
        t->keys[to] = old.keys[i];
        t->items[to] = old.items[i];
        t->n++;
    }
    kh_free(old.keys);
    kh_free(old.items);
}

void kh_c_table_set(table *t, uint64_t key, void *item)
{
    if (t->n * 2 >= t->room)
        table_widen(t);
    size_t i = table_place(t, key);
    if (!t->keys[i]) {
        t->keys[i] = key + 1; /* 0 is an empty place */
        t->n++;
    }
    t->items[i] = item;
}

void kh_c_table_free(table *t)
{
    kh_free(t->keys);
    kh_free(t->items);
    *t = (table){0};
}

/* ---- trees ---- */

static uint64_t mix(uint64_t h, uint64_t v)
{
    h ^= v + 0x9E3779B97F4A7C15u + (h << 6) + (h >> 2);
    h *= 0xFF51AFD7ED558CCDu;
    return h ^ h >> 32;
}

static tree *tree_copy(kh_calc *k, const kh_tree *kt)
{
    tree *t = kh_zalloc(1, sizeof *t);
    t->from = kt->from;
    t->to = kt->to;
    t->slot = kh_alloc((kt->n + 1) * sizeof *t->slot);
    t->up = kh_alloc((k->n + 1) * sizeof *t->up);
    t->chain = kh_zalloc(k->n + 1, sizeof *t->chain);
    for (size_t i = 0; i < k->n; i++)
        t->up[i] = TREE_OUT;
    for (size_t i = 0; i < kt->n; i++) {
        int32_t s = k->slot_of[kt->unit[i]];
        if (s < 0)
            continue;
        int32_t up = kt->parent[i] < 0 ? SLOT_NONE : k->slot_of[kt->unit[kt->parent[i]]];
        t->slot[t->n++] = (uint32_t)s;
        t->up[s] = up;
        t->chain[s] = mix(up < 0 ? 1 : t->chain[up], (uint64_t)s + 7);
    }
    return t;
}

tree *kh_c_tree_at(kh_calc *k, kh_day day)
{
    for (size_t i = k->n_trees; i-- > 0;)
        if (k->trees[i]->from <= day && day <= k->trees[i]->to)
            return k->trees[i];
    tree *t = tree_copy(k, kh_units_at(k->c->units, day));
    KH_PUSH(k->trees, k->n_trees, k->cap_trees) = t;
    return t;
}

static void tree_free(tree *t)
{
    kh_free(t->slot);
    kh_free(t->up);
    kh_free(t->chain);
    kh_free(t);
}

/* ---- spans ---- */

static bool exists_in(const kh_calc *k, size_t slot, kh_period p)
{
    return k->from[slot] <= kh_period_last(p) && k->to[slot] >= kh_period_first(p);
}

/* Units whose ways to the root are not the same on all base days: they are taken one by one. */
static void span_shaky(kh_calc *k, span *sp)
{
    for (size_t i = 0; i < sp->n; i++) {
        const tree *t = kh_c_tree_at(k, kh_period_last(sp->base[i]));
        if (t == sp->end)
            continue;
        if (!sp->shaky)
            sp->shaky = kh_zalloc(k->n + 1, 1);
        for (size_t s = 0; s < k->n; s++)
            sp->shaky[s] |= t->chain[s] != sp->end->chain[s];
    }
}

span *kh_c_span_of(kh_calc *k, kh_period p)
{
    span *sp = kh_c_table_get(&k->spans, p);
    if (sp)
        return sp;
    sp = kh_zalloc(1, sizeof *sp);
    sp->p = p;
    size_t cap = 0;
    for (size_t i = 0; i < k->n_stored; i++)
        if (k->stored[i] == p || kh_period_contains(p, k->stored[i]))
            KH_PUSH(sp->base, sp->n, cap) = k->stored[i];
    kh_c_table_set(&k->spans, p, sp);
    return sp;
}

span *kh_c_span_ready(kh_calc *k, kh_period p)
{
    span *sp = kh_c_span_of(k, p);
    if (sp->ready)
        return sp;
    sp->ready = true;
    sp->end = kh_c_tree_at(k, k->o.restate ? k->o.boundaries : kh_period_last(p));
    sp->alive = kh_alloc(k->n + 1);
    for (size_t s = 0; s < k->n; s++)
        sp->alive[s] = k->o.restate ? sp->end->up[s] != TREE_OUT : exists_in(k, s, p);
    if (!k->o.restate)
        span_shaky(k, sp);
    size_t cap = 0;
    for (uint32_t s = 0; s < k->n; s++)
        if (sp->end->up[s] == TREE_OUT || (sp->shaky && sp->shaky[s]))
            KH_PUSH(sp->loose, sp->n_loose, cap) = s;
    return sp;
}

static void span_free(span *sp)
{
    kh_free(sp->base);
    kh_free(sp->alive);
    kh_free(sp->shaky);
    kh_free(sp->loose);
    kh_free(sp);
}

/* ---- which units ---- */

/*
 * The units asked for and all that ever lay below them. By codes, whatever the
 * day: some may be too many, none is missing.
 */
typedef struct below { const kh_units *units; kh_map *codes; uint32_t *next; uint8_t *known; bool *in; } below; /* known: 1 being asked, 2 asked */

static bool code_is_below(below *b, const char *code);

static bool is_below(below *b, kh_unit u)
{
    if (!b->in[u] && !b->known[u]) {
        const char *up = kh_units_def(b->units, u)->parent_code;
        b->known[u] = 1;
        b->in[u] = up && *up && code_is_below(b, up);
        b->known[u] = 2;
    }
    return b->in[u];
}

static bool code_is_below(below *b, const char *code)
{
    for (uint32_t u = kh_map_get(b->codes, code, strlen(code)); u != KH_NONE; u = b->next[u])
        if (is_below(b, u))
            return true;
    return false;
}

static bool *units_below(const kh_units *units, const kh_unit *of, size_t n)
{
    size_t all = kh_units_count(units);
    below b = {units, kh_map_new(), kh_alloc((all + 1) * sizeof *b.next), kh_zalloc(all + 1, 1), kh_zalloc(all + 1, sizeof *b.in)};
    for (kh_unit u = 0; u < all; u++) {
        const char *code = kh_units_def(units, u)->code;
        b.next[u] = kh_map_set(b.codes, code, strlen(code), u);
    }
    for (size_t i = 0; i < n; i++)
        b.in[of[i]] = true;
    size_t found = 0;
    for (kh_unit u = 0; u < all; u++)
        found += is_below(&b, u);
    kh_map_free(b.codes);
    kh_free(b.next);
    kh_free(b.known);
    if (found * 2 > all) { /* most: then all */
        kh_free(b.in);
        return NULL;
    }
    return b.in;
}

bool kh_calc_is_narrow(const kh_calc *k)
{
    return k->within != NULL;
}

bool kh_calc_covers(const kh_calc *k, const kh_question *q)
{
    if (!k->within)
        return true;
    for (size_t i = 0; i < q->n_units; i++)
        if (!k->within[q->units[i]])
            return false;
    return !kh_calc_looks_up(k->c, q);
}

/* ---- open and close ---- */

static void number_units(kh_calc *k, kh_day day)
{
    kh_units *u = k->c->units;
    size_t n = kh_units_count(u);
    k->unit = kh_alloc((n + 1) * sizeof *k->unit);
    k->slot_of = kh_alloc((n + 1) * sizeof *k->slot_of);
    for (size_t i = 0; i < n; i++)
        k->slot_of[i] = SLOT_NONE;
    const kh_tree *t = kh_units_at(u, day);
    for (size_t i = 0; i < t->n; i++) {
        if (k->within && !k->within[t->unit[i]])
            continue;
        k->slot_of[t->unit[i]] = (int32_t)k->n;
        k->unit[k->n++] = t->unit[i];
    }
    for (size_t i = 0; i < n; i++)
        if (k->slot_of[i] == SLOT_NONE && (!k->within || k->within[i])) {
            k->slot_of[i] = (int32_t)k->n;
            k->unit[k->n++] = (kh_unit)i;
        }
}

typedef struct named { const char *code; kh_day from; uint32_t slot; } named;

static int by_code(const void *a, const void *b)
{
    const named *x = a, *y = b;
    int c = strcmp(x->code, y->code);
    if (c)
        return c;
    if (x->from != y->from)
        return x->from < y->from ? -1 : 1;
    return x->slot < y->slot ? -1 : x->slot > y->slot;
}

static void describe_units(kh_calc *k)
{
    k->from = kh_alloc((k->n + 1) * sizeof *k->from);
    k->to = kh_alloc((k->n + 1) * sizeof *k->to);
    k->order = kh_alloc((k->n + 1) * sizeof *k->order);
    named *all = kh_alloc((k->n + 1) * sizeof *all);
    for (uint32_t s = 0; s < k->n; s++) {
        const kh_unit_def *d = kh_units_def(k->c->units, k->unit[s]);
        k->from[s] = d->from;
        k->to[s] = d->to;
        all[s] = (named){d->code, d->from, s};
    }
    qsort(all, k->n, sizeof *all, by_code);
    for (uint32_t i = 0; i < k->n; i++)
        k->order[all[i].slot] = i;
    kh_free(all);
}

int kh_calc_open(kh_calc **out, kh_catalog *c, kh_store *s, const kh_calc_options *o, kh_error *err)
{
    kh_calc *k = kh_zalloc(1, sizeof *k);
    k->c = c;
    k->s = s;
    if (o)
        k->o = *o;
    if (!o || k->o.today == 0)
        k->o.today = KH_DAY_MAX; /* an option left out: every period is over */
    k->texts = kh_arena_new();
    if (k->o.units)
        k->within = units_below(c->units, k->o.units, k->o.n_units);
    k->o.units = NULL; /* the caller's */
    *out = NULL;
    int rc = kh_c_load_periods(k, err);
    if (rc != KH_OK) {
        kh_calc_close(k);
        return rc;
    }
    kh_day day = k->n_stored ? kh_period_last(k->stored[k->n_stored - 1]) : kh_day_make(2020, 12, 31);
    number_units(k, k->o.restate ? k->o.boundaries : day);
    describe_units(k);
    if (k->o.restate)
        kh_c_places_make(k);
    *out = k;
    return KH_OK;
}

static void free_items(table *t, void (*drop)(void *))
{
    for (size_t i = 0; i < t->room; i++)
        if (t->keys[i] && t->items[i])
            drop(t->items[i]);
    kh_c_table_free(t);
}

static void drop_sheet(void *p) { kh_c_sheet_free(p); }
static void drop_column(void *p) { kh_c_column_drop(p); }
static void drop_span(void *p) { span_free(p); }
static void drop_plain(void *p) { kh_free(p); }
static void drop_cover(void *p)
{
    cover *c = p;
    kh_free(c->reported);
    kh_free(c);
}

void kh_calc_forget(kh_calc *k)
{
    free_items(&k->columns, drop_column);
    free_items(&k->others, drop_column);
    free_items(&k->covers, drop_cover);
    for (size_t i = 0; i < k->n_expecteds; i++)
        kh_c_expected_free(k->expecteds[i].x);
    k->n_expecteds = 0;
    kh_c_memo_free(k->memo);
    k->memo = NULL;
    k->column_bytes = 0;
}

void kh_calc_close(kh_calc *k)
{
    if (!k)
        return;
    kh_calc_forget(k);
    free_items(&k->sheets, drop_sheet);
    free_items(&k->spans, drop_span);
    free_items(&k->masks, drop_plain);
    free_items(&k->programs, drop_plain);
    kh_free(k->expecteds);
    for (size_t i = 0; i < k->n_trees; i++)
        tree_free(k->trees[i]);
    kh_free(k->trees);
    kh_c_places_free(k);
    kh_arena_free(k->texts);
    kh_free(k->unit);
    kh_free(k->slot_of);
    kh_free(k->within);
    kh_free(k->from);
    kh_free(k->to);
    kh_free(k->order);
    kh_free(k->stored);
    kh_free(k);
}

void kh_c_flatten(kh_calc *k, bool flat)
{
    if (k->flat == flat)
        return;
    table t = k->columns;
    k->columns = k->others;
    k->others = t;
    k->flat = flat;
}

int kh_c_stopped(const kh_calc *k, kh_error *err)
{
    if (k->o.stop && *k->o.stop)
        return kh_fail(err, KH_EINTR, "interrupted");
    return KH_OK;
}

bool kh_c_in_groups(const kh_calc *k, uint32_t slot, const kh_unit_group *g, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const char *v = kh_units_group(k->c->units, k->unit[slot], g[i].group);
        if (!v || strcmp(v, g[i].value) != 0)
            return false;
    }
    return true;
}

void kh_c_leaf_of(const kh_calc *k, kh_expr e, leaf *out)
{
    const kh_expr_node *x = kh_expr_get(k->c->exprs, e);
    *out = (leaf){e, x->ref, x->cut, x->groups, x->n_groups, &k->c->measures[x->ref]};
}

static kh_expr_node bare_node(kh_op op)
{
    kh_expr_node x = {0};
    x.op = (uint8_t)op;
    x.a = x.b = x.c = KH_NO_EXPR;
    return x;
}

kh_expr kh_c_leaf_expr(kh_calc *k, uint32_t measure, kh_cut cut)
{
    kh_expr_node x = bare_node(KH_X_MEASURE);
    x.ref = measure;
    x.cut = cut;
    return kh_expr_add(k->c->exprs, &x);
}

kh_expr kh_c_item_expr(kh_calc *k, const kh_item *it)
{
    if (it->kind == KH_ITEM_EXPR)
        return it->ref;
    if (it->kind == KH_ITEM_MEASURE)
        return kh_c_leaf_expr(k, it->ref, it->cut);
    kh_expr_node x = bare_node(KH_X_INDICATOR);
    x.ref = it->ref;
    return kh_expr_add(k->c->exprs, &x);
}

const char *kh_missing_name(kh_missing m)
{
    static const char *const names[] = {"", "not_reported", "divided_by_zero", "not_defined", "split", "no_such_unit", "no_whole", "script_nil"};
    return (size_t)m < sizeof names / sizeof *names ? names[m] : "";
}

const char *kh_missing_text(kh_missing m)
{
    static const char *const texts[] = {
        "",
        N_("not reported"),
        N_("divided by zero"),
        N_("not defined for these numbers"),
        N_("the unit was split, and no rule says how its figures divide"),
        N_("the unit does not exist at that date"),
        N_("only parts were reported, and they make no whole"),
        N_("the script gave no value"),
    };
    return (size_t)m < sizeof texts / sizeof *texts && m ? kh_tr(texts[m]) : "";
}

/* SPDX-License-Identifier: MIT */
/*
 * The way back: result, formula with its numbers, consolidated inputs, the
 * units in each, their values, and for each value the submission, file and
 * line. It follows cell.c, so that what is explained is what was computed.
 */
#include "calc/trace.h"

#include <string.h>

enum { NODES_MOST = 200000 };

typedef struct root { kh_origin o; kh_arena *arena; } root; /* the first member is what the caller holds */
typedef struct link { kh_origin *o; uint32_t at; } link;
typedef struct teller { kh_calc *k; kh_arena *arena; trace t; link *links; size_t n_links, cap_links, nodes; } teller;

static const char *keep_text(teller *x, const mpq_t q)
{
    char *text = kh_c_q_text(q, -1);
    const char *kept = kh_arena_strdup(x->arena, text);
    kh_free(text);
    return kept;
}

static kh_origin *node(teller *x, kh_origin_kind kind, const char *label, uint32_t slot, kh_period p)
{
    kh_origin *o = kh_arena_alloc(x->arena, sizeof *o);
    o->kind = kind;
    o->label = label;
    o->unit = x->k->unit[slot];
    o->period = p;
    o->measure = o->target = UINT32_MAX;
    x->nodes++;
    return o;
}

static void add_child(teller *x, kh_origin *o, kh_origin *child)
{
    size_t n = o->n_children;
    if ((n & (n - 1)) == 0) { /* room doubles at every power of two; the arena keeps the old ones */
        kh_origin **more = kh_arena_alloc(x->arena, (n ? n * 2 : 1) * sizeof *more);
        if (n)
            memcpy(more, o->children, n * sizeof *more);
        o->children = more;
    }
    o->children[o->n_children++] = child;
}

static void set_value(teller *x, kh_origin *o, const mpq_t q, uint8_t why)
{
    o->why = why;
    if (why)
        o->missing = kh_missing_text((kh_missing)why);
    else
        o->value = keep_text(x, q);
}

static const char *groups_text(teller *x, const kh_unit_group *g, size_t n)
{
    kh_buf b = KH_BUF_INIT;
    for (size_t i = 0; i < n; i++)
        kh_buf_printf(&b, "%s%s=%s", i ? ";" : "", g[i].group, g[i].value);
    const char *out = n ? kh_arena_strdup(x->arena, kh_buf_cstr(&b)) : NULL;
    kh_buf_free(&b);
    return out;
}

/* ---- values ---- */

typedef struct telling { teller *x; kh_origin *up; const leaf *l; uint32_t slot; kh_period p; } telling;

static void tell_value(void *ctx, kh_cut cut, int64_t m, uint8_t scale)
{
    const telling *at = ctx;
    teller *x = at->x;
    kh_origin *o = node(x, KH_O_VALUE, at->l->def->code, at->slot, at->p);
    char text[KH_DEC_TEXT];
    kh_dec_format((kh_dec){m, scale}, text);
    o->value = kh_arena_strdup(x->arena, text);
    o->measure = at->l->measure;
    o->cut = cut;
    add_child(x, at->up, o);
    KH_PUSH(x->links, x->n_links, x->cap_links) = (link){o, kh_c_trace_add(&x->t, at->l->measure, cut, x->k->unit[at->slot], at->p)};
}

static void tell_reported(teller *x, kh_origin *up, const leaf *l, uint32_t slot, kh_period p)
{
    telling at = {x, up, l, slot, p};
    kh_c_reported_each(x->k, l, slot, p, tell_value, &at);
}

/* ---- units ---- */

/* Of a measure that takes one of its periods: which of the pieces gave `q`. */
static size_t piece_taken(const leaf *l, const pieces *ps, const mpq_t q)
{
    size_t taken = SIZE_MAX;
    if (l->def->over_time == KH_AGG_LAST || l->def->over_time == KH_AGG_FIRST)
        for (size_t i = 0; i < ps->n; i++)
            if (mpq_equal(ps->of[i].q, q) && (taken == SIZE_MAX || l->def->over_time == KH_AGG_LAST))
                taken = i;
    return taken;
}

static void tell_parts(teller *x, kh_origin *up, const leaf *l, uint32_t slot, const pieces *ps, bool exact, const mpq_t q)
{
    size_t taken = piece_taken(l, ps, q);
    if (exact) {
        tell_reported(x, up, l, slot, ps->of[0].p);
        return;
    }
    for (size_t i = 0; i < ps->n; i++) {
        kh_origin *o = node(x, KH_O_PERIOD, kh_agg_name(l->def->over_time), slot, ps->of[i].p);
        o->measure = l->measure;
        o->cut = l->cut;
        o->value = keep_text(x, ps->of[i].q);
        o->taken = i == taken;
        o->left_out = taken != SIZE_MAX && i != taken;
        add_child(x, up, o);
        tell_reported(x, o, l, slot, ps->of[i].p);
    }
}

typedef struct hearing { uint32_t to; bool gave, split; uint8_t lack; mpq_t q; } hearing;

static void hear_value(void *ctx, uint32_t to, const mpq_t q, uint32_t from)
{
    hearing *h = ctx;
    (void)from;
    if (to == h->to) {
        h->gave = true;
        mpq_set(h->q, q);
    }
}

static void hear_split(void *ctx, uint32_t to)
{
    hearing *h = ctx;
    h->split |= to == h->to;
}

static void hear_lack(void *ctx, uint32_t to, uint8_t why)
{
    hearing *h = ctx;
    if (to == h->to && why > h->lack)
        h->lack = why;
}

/* What `slot` gave to `to`, and its values that lie under it; also where it is why there is no figure. */
static void tell_unit(teller *x, kh_origin *up, const leaf *l, uint32_t to, uint32_t slot, kh_period p)
{
    hearing h = {.to = to};
    gives g = {hear_value, hear_split, hear_lack, &h, x->k->flat};
    mpq_init(h.q);
    kh_c_cell_gives(x->k, l, slot, kh_c_span_ready(x->k, p), &g);
    if (h.gave || h.split || h.lack) {
        pieces ps = {0};
        bool exact;
        kh_origin *o = node(x, KH_O_UNIT, kh_units_def(x->k->c->units, x->k->unit[slot])->code, slot, p);
        o->measure = l->measure;
        o->cut = l->cut;
        set_value(x, o, h.q, h.split ? KH_SPLIT : h.gave ? KH_THERE : h.lack);
        add_child(x, up, o);
        kh_c_cell_parts_as_reported(x->k, l, slot, p, to, &ps, &exact);
        tell_parts(x, o, l, slot, &ps, exact, h.q);
        kh_c_pieces_free(&ps);
    }
    mpq_clear(h.q);
}

static int tell_measure(teller *x, kh_origin *o, kh_expr e, uint32_t slot, kh_period p, kh_error *err)
{
    leaf l;
    const cover *c;
    kh_c_leaf_of(x->k, e, &l);
    o->kind = KH_O_MEASURE;
    o->label = l.def->code;
    o->measure = l.measure;
    o->cut = l.cut;
    o->groups = groups_text(x, l.groups, l.n_groups);
    int rc = kh_c_cover_of(x->k, &l, p, &c, err);
    if (rc != KH_OK)
        return rc;
    if (c->of) {
        o->reported = c->reported[slot];
        o->expected = c->of->count[slot];
    }
    for (uint32_t s = 0; s < x->k->n && x->nodes < NODES_MOST; s++)
        tell_unit(x, o, &l, slot, s, p);
    return KH_OK;
}

/* ---- formulas ---- */

static const char *op_label(uint8_t op)
{
    static const char *const names[] = {
        [KH_X_NUM] = "number", [KH_X_MISSING] = "missing", [KH_X_MEASURE] = "measure", [KH_X_INDICATOR] = "indicator",
        [KH_X_COUNT_UNITS] = "count_units", [KH_X_DAYS] = "days", [KH_X_ADD] = "+", [KH_X_SUB] = "-", [KH_X_MUL] = "*",
        [KH_X_DIV] = "/", [KH_X_IDIV] = "//", [KH_X_MOD] = "%", [KH_X_POW] = "^", [KH_X_NEG] = "negative", [KH_X_ABS] = "abs",
        [KH_X_LOG] = "log", [KH_X_ROUND] = "round", [KH_X_MIN2] = "min", [KH_X_MAX2] = "max", [KH_X_LT] = "<", [KH_X_LE] = "<=",
        [KH_X_GT] = ">", [KH_X_GE] = ">=", [KH_X_EQ] = "==", [KH_X_NE] = "~=", [KH_X_BOTH] = "both", [KH_X_EITHER] = "either",
        [KH_X_NOT] = "not", [KH_X_WHEN] = "when", [KH_X_OTHERWISE] = "otherwise", [KH_X_PRESENT] = "present", [KH_X_PREV] = "prev",
        [KH_X_SAME_LAST_YEAR] = "same_period_last_year", [KH_X_TO_DATE] = "to_date", [KH_X_OVER] = "over",
        [KH_X_TYPICAL_MEAN] = "typical_mean", [KH_X_TYPICAL_MEDIAN] = "typical_median",
        [KH_X_TYPICAL_YEARS_MEAN] = "typical_years_mean", [KH_X_TYPICAL_YEARS_MEDIAN] = "typical_years_median",
        [KH_X_PARENT] = "parent", [KH_X_SHARE] = "share", [KH_X_RANK] = "rank",
    };
    return op < sizeof names / sizeof *names && names[op] ? names[op] : "?";
}

static int tell(teller *x, kh_origin *up, kh_expr e, uint32_t slot, kh_period p, kh_error *err);

static int tell_indicator(teller *x, kh_origin *o, const kh_indicator *ind, uint32_t slot, kh_period p, kh_error *err)
{
    int rc = KH_OK;
    o->kind = KH_O_RESULT;
    o->label = ind->code;
    if (!ind->each)
        return tell(x, o, ind->formula, slot, p, err);
    for (size_t i = 0; rc == KH_OK && i < ind->each->n_inputs; i++)
        rc = tell(x, o, ind->each->inputs[i], slot, p, err);
    return rc;
}

static __attribute__((noinline)) int tell_times(teller *x, kh_origin *o, const kh_expr_node *n, uint32_t slot, kh_period p, kh_error *err)
{
    kh_period ps[SHIFT_MOST];
    size_t m = kh_c_shift_periods(n, p, ps, SHIFT_MOST);
    int rc = KH_OK;
    for (size_t i = 0; rc == KH_OK && i < m; i++)
        if (ps[i] != KH_NO_PERIOD)
            rc = tell(x, o, n->a, slot, ps[i], err);
    return rc;
}

/* Against whom a rank was found: the others of the level under the same parent, each with its value. */
static int tell_rivals(teller *x, kh_origin *o, kh_expr e, uint32_t slot, kh_period p, kh_error *err)
{
    const kh_calc *k = x->k;
    const tree *t = kh_c_span_ready(x->k, p)->end;
    const char *level = kh_units_kind_of(k->c->units, k->unit[slot])->level;
    mpq_t q;
    uint8_t why;
    mpq_init(q);
    int rc = KH_OK;
    for (uint32_t i = 0; rc == KH_OK && i < t->n && x->nodes < NODES_MOST; i++) {
        uint32_t s = t->slot[i];
        if (s == slot || t->up[s] != t->up[slot] || strcmp(kh_units_kind_of(k->c->units, k->unit[s])->level, level) != 0)
            continue;
        rc = kh_c_exact_cell(x->k, e, s, p, q, &why, err);
        if (rc != KH_OK)
            break;
        kh_origin *rival = node(x, KH_O_UNIT, kh_units_def(k->c->units, k->unit[s])->code, s, p);
        set_value(x, rival, q, why);
        add_child(x, o, rival);
    }
    mpq_clear(q);
    return rc;
}

static const char *counts_label(teller *x, const kh_expr_node *n)
{
    char *label = kh_asprintf("count_units(\"%s\")", n->text);
    const char *kept = kh_arena_strdup(x->arena, label);
    kh_free(label);
    return kept;
}

static int tell_inside(teller *x, kh_origin *o, kh_expr e, uint32_t slot, kh_period p, kh_error *err)
{
    const kh_expr_node n = *kh_expr_get(x->k->c->exprs, e);
    if (n.op == KH_X_MEASURE)
        return tell_measure(x, o, e, slot, p, err);
    if (n.op == KH_X_INDICATOR)
        return tell_indicator(x, o, &x->k->c->indicators[n.ref], slot, p, err);
    if (n.op >= KH_X_PREV && n.op <= KH_X_TYPICAL_YEARS_MEDIAN)
        return tell_times(x, o, &n, slot, p, err);
    int32_t up = kh_c_span_ready(x->k, p)->end->up[slot];
    int rc = KH_OK;
    if (n.op == KH_X_COUNT_UNITS) {
        o->label = counts_label(x, &n);
        o->groups = groups_text(x, n.groups, n.n_groups);
    }
    if (n.a != KH_NO_EXPR && n.op != KH_X_PARENT)
        rc = tell(x, o, n.a, slot, p, err);
    if (rc == KH_OK && n.op == KH_X_RANK && up != TREE_OUT)
        rc = tell_rivals(x, o, n.a, slot, p, err);
    if (rc == KH_OK && (n.op == KH_X_PARENT || n.op == KH_X_SHARE) && up >= 0)
        rc = tell(x, o, n.a, (uint32_t)up, p, err);
    if (rc == KH_OK && n.b != KH_NO_EXPR)
        rc = tell(x, o, n.b, slot, p, err);
    if (rc == KH_OK && n.c != KH_NO_EXPR)
        rc = tell(x, o, n.c, slot, p, err);
    return rc;
}

static int tell_self(teller *x, kh_origin *o, kh_expr e, uint32_t slot, kh_period p, kh_error *err)
{
    mpq_t q;
    uint8_t why;
    mpq_init(q);
    int rc = kh_c_exact_cell(x->k, e, slot, p, q, &why, err);
    if (rc == KH_OK) {
        set_value(x, o, q, why);
        rc = tell_inside(x, o, e, slot, p, err);
    }
    mpq_clear(q);
    return rc;
}

static int tell(teller *x, kh_origin *up, kh_expr e, uint32_t slot, kh_period p, kh_error *err)
{
    if (x->nodes >= NODES_MOST)
        return KH_OK;
    uint8_t op = kh_expr_get(x->k->c->exprs, e)->op;
    kh_origin_kind kind = op == KH_X_NUM || op == KH_X_MISSING || op == KH_X_DAYS ? KH_O_CONST : KH_O_OP;
    kh_origin *o = node(x, kind, op_label(op), slot, p);
    add_child(x, up, o);
    return tell_self(x, o, e, slot, p, err);
}

static void tell_sources(teller *x)
{
    for (size_t i = 0; i < x->n_links; i++) {
        kh_origin *o = x->links[i].o;
        const trace_place *at = &x->t.of[x->links[i].at];
        const trace_source *s = at->source;
        o->line = at->line;
        o->file = kh_arena_strdup(x->arena, at->file);
        if (!s)
            continue;
        o->submission = s->id;
        o->version = s->version;
        o->form = kh_arena_strdup(x->arena, s->form);
        o->sha256 = kh_arena_strdup(x->arena, s->sha256);
        o->received = kh_arena_strdup(x->arena, s->received);
        o->by = kh_arena_strdup(x->arena, s->by);
        if (s->sender != KH_NO_UNIT)
            o->sender = kh_arena_strdup(x->arena, kh_units_def(x->k->c->units, s->sender)->code);
    }
}

static int tell_text(teller *x, kh_origin *o, const kh_item *item, kh_unit unit, kh_period p, kh_error *err)
{
    kh_question q = {item, 1, &unit, 1, &p, 1};
    kh_answer *a;
    int rc = kh_calc_ask(x->k, &q, &a, err);
    if (rc != KH_OK)
        return rc;
    const char *text = kh_answer_string(a, 0, 0, 0);
    o->kind = KH_O_VALUE;
    o->label = x->k->c->measures[item->ref].code;
    o->measure = item->ref;
    o->cut = item->cut;
    o->value = kh_arena_strdup(x->arena, text);
    if (!text) {
        o->why = KH_NOT_REPORTED;
        o->missing = kh_missing_text(KH_NOT_REPORTED);
    } else
        KH_PUSH(x->links, x->n_links, x->cap_links) = (link){o, kh_c_trace_add(&x->t, item->ref, item->cut, unit, p)};
    kh_answer_free(a);
    return KH_OK;
}

/* A bound that is a formula, with its own tree. */
static int tell_bound(teller *x, kh_origin *up, const kh_target *t, const kh_limit *by, const char **text, uint32_t slot, kh_error *err)
{
    if (!by)
        return KH_OK;
    kh_origin *o = node(x, KH_O_BOUND, kh_comparator_name(t->cmp), slot, up->period);
    add_child(x, up, o);
    int rc = tell(x, o, by->of, slot, up->period, err);
    if (rc != KH_OK || !o->n_children)
        return rc;
    o->value = *text = o->children[0]->value;
    o->missing = o->children[0]->missing;
    o->why = o->children[0]->why;
    return KH_OK;
}

/* Of an indicator with a target: its status, and the figure's coverage. */
static int tell_status(teller *x, kh_origin *o, const kh_item *item, kh_unit unit, uint32_t slot, kh_error *err)
{
    kh_calc *k = x->k;
    kh_question q = {item, 1, &unit, 1, &o->period, 1};
    kh_answer *a;
    int rc = kh_calc_ask(k, &q, &a, err);
    if (rc != KH_OK)
        return rc;
    const kh_figure *f = kh_answer_figure(a, 0, 0, 0);
    o->status = f->status;
    o->target = f->target;
    o->reported = f->reported;
    o->expected = f->expected;
    const kh_target *t = f->target != UINT32_MAX ? &k->c->indicators[item->ref].targets[f->target] : NULL;
    if (t)
        rc = tell_bound(x, o, t, t->lo_by, &o->lo, slot, err);
    if (rc == KH_OK && t)
        rc = tell_bound(x, o, t, t->hi_by, &o->hi, slot, err);
    kh_answer_free(a);
    return rc;
}

int kh_calc_explain(kh_calc *k, kh_item item, kh_unit unit, kh_period period, kh_origin **out, kh_error *err)
{
    int32_t slot = unit < kh_units_count(k->c->units) ? slot_of(k, unit) : SLOT_NONE;
    *out = NULL;
    if (slot < 0 || period == KH_NO_PERIOD)
        return kh_fail(err, KH_EUSAGE, "explain needs a unit and a period");
    teller x = {.k = k, .arena = kh_arena_new()};
    root *r = kh_arena_alloc(x.arena, sizeof *r);
    r->arena = x.arena;
    r->o = *node(&x, KH_O_OP, "", (uint32_t)slot, period);
    kh_c_trace_start(&x.t, k);
    int rc;
    if (item.kind == KH_ITEM_MEASURE && !kh_type_is_number(k->c->measures[item.ref].type))
        rc = tell_text(&x, &r->o, &item, unit, period, err);
    else {
        kh_expr e = kh_c_item_expr(k, &item);
        r->o.label = op_label(kh_expr_get(k->c->exprs, e)->op);
        rc = kh_c_need(k, &e, 1, &period, 1, err);
        if (rc == KH_OK)
            rc = tell_self(&x, &r->o, e, (uint32_t)slot, period, err);
        if (rc == KH_OK && item.kind == KH_ITEM_INDICATOR)
            rc = tell_status(&x, &r->o, &item, unit, (uint32_t)slot, err);
    }
    if (rc == KH_OK && x.t.n)
        rc = kh_c_trace_find(&x.t, err);
    if (rc == KH_OK)
        tell_sources(&x);
    kh_c_trace_free(&x.t);
    kh_free(x.links);
    if (rc == KH_OK)
        *out = &r->o;
    else
        kh_arena_free(x.arena);
    return rc;
}

void kh_origin_free(kh_origin *o)
{
    if (o) /* the arena holds the node itself: take it out first */
        kh_arena_free(((root *)(void *)o)->arena);
}

/* SPDX-License-Identifier: MIT */
/*
 * Formulas over columns. A formula becomes a program once: its nodes in order,
 * children first, each subtree once, with as few block buffers as its shape
 * needs. It then runs block by block, so that what lies between the operators
 * stays in the nearest cache. What cannot be done within one period and unit
 * (time and tree operators, measures, `each`) is a column of its own.
 */
#include "calc/ops.h"

#include <math.h>
#include <string.h>

typedef struct step { kh_expr e; uint16_t d, a, b, c; bool input, constant; } step;
typedef struct program { size_t n, regs; step steps[]; } program;

bool kh_c_is_block_op(uint8_t op)
{
    return op == KH_X_NUM || op == KH_X_MISSING || op == KH_X_DAYS || (op >= KH_X_ADD && op <= KH_X_PRESENT);
}

kh_expr kh_c_resolve(const kh_calc *k, kh_expr e)
{
    for (unsigned depth = 0; depth < 1000; depth++) {
        const kh_expr_node *x = kh_expr_get(k->c->exprs, e);
        if (x->op != KH_X_INDICATOR || k->c->indicators[x->ref].each)
            return e;
        e = k->c->indicators[x->ref].formula;
    }
    return e;
}

/* ---- compiling ---- */

typedef struct compiler { kh_calc *k; step *steps; size_t n, cap; } compiler;

enum { OPERATIONS_MOST = 10000 };

/* 1 where it was not reached before. */
static size_t mark(uint8_t *reach, kh_expr e)
{
    if (e == KH_NO_EXPR || reach[e])
        return 0;
    reach[e] = 1;
    return 1;
}

/* Children have lower numbers than their parents: one way down finds what is reached, one way up is the order. */
static void compile(compiler *c, kh_expr root)
{
    const kh_exprs *x = c->k->c->exprs;
    uint8_t *reach = kh_zalloc((size_t)root + 1, 1);
    uint16_t *at = kh_zalloc((size_t)root + 1, sizeof *at);
    kh_expr first = root;
    size_t to_see = 1; /* reached and not yet looked at */
    reach[root] = 1;
    for (kh_expr e = root + 1; to_see && e-- > 0;) {
        if (!reach[e])
            continue;
        const kh_expr_node *n = kh_expr_get(x, e);
        first = e;
        to_see--;
        if (kh_c_is_block_op(n->op))
            to_see += mark(reach, n->a) + mark(reach, n->b) + mark(reach, n->c);
    }
    for (kh_expr e = first; e <= root && c->n <= OPERATIONS_MOST; e++) {
        if (!reach[e])
            continue;
        const kh_expr_node *n = kh_expr_get(x, e);
        bool block = kh_c_is_block_op(n->op);
        step s = {e, 0, UINT16_MAX, UINT16_MAX, UINT16_MAX, !block, false};
        if (block && n->a != KH_NO_EXPR)
            s.a = at[n->a];
        if (block && n->b != KH_NO_EXPR)
            s.b = at[n->b];
        if (block && n->c != KH_NO_EXPR)
            s.c = at[n->c];
        at[e] = (uint16_t)c->n;
        KH_PUSH(c->steps, c->n, c->cap) = s;
    }
    kh_free(reach);
    kh_free(at);
}

/* Gives each step a buffer; one is free again after the last step that reads it. */
static program *assign(compiler *c)
{
    program *p = kh_zalloc(1, sizeof *p + c->n * sizeof *p->steps);
    size_t *last = kh_zalloc(c->n + 1, sizeof *last);
    uint16_t *reg_of = kh_zalloc(c->n + 1, sizeof *reg_of), *idle = kh_zalloc(c->n + 1, sizeof *idle);
    size_t n_idle = 0;
    for (size_t i = 0; i < c->n; i++) {
        const uint16_t in[3] = {c->steps[i].a, c->steps[i].b, c->steps[i].c};
        for (int j = 0; j < 3; j++)
            if (in[j] != UINT16_MAX)
                last[in[j]] = i;
    }
    last[c->n - 1] = SIZE_MAX;
    for (size_t i = 0; i < c->n; i++) {
        step s = c->steps[i];
        uint16_t *in[3] = {&s.a, &s.b, &s.c};
        s.constant = !s.input && kh_expr_get(c->k->c->exprs, s.e)->a == KH_NO_EXPR;
        if (s.constant) /* the same in every block: its buffer is nobody else's */
            last[i] = SIZE_MAX;
        reg_of[i] = n_idle && !s.constant ? idle[--n_idle] : (uint16_t)p->regs++;
        s.d = reg_of[i];
        for (int j = 0; j < 3; j++) {
            uint16_t from = *in[j];
            if (from == UINT16_MAX)
                continue;
            *in[j] = reg_of[from];
            if (last[from] == i) {
                idle[n_idle++] = reg_of[from];
                last[from] = SIZE_MAX; /* given back once */
            }
        }
        p->steps[i] = s;
    }
    p->n = c->n;
    kh_free(last);
    kh_free(reg_of);
    kh_free(idle);
    return p;
}

static program *program_of(kh_calc *k, kh_expr root, kh_error *err)
{
    program *p = kh_c_table_get(&k->programs, root);
    if (p)
        return p;
    compiler c = {.k = k};
    compile(&c, root);
    if (c.n <= OPERATIONS_MOST) {
        p = assign(&c);
        kh_c_table_set(&k->programs, root, p);
    } else
        kh_fail(err, KH_EUSAGE, "a formula has more than 10,000 operations; divide it into indicators");
    kh_free(c.steps);
    return p;
}

/* ---- running ---- */

/* An input is read where it lies. */
static void load_block(reg *d, const reg *in, size_t at)
{
    *d = *in;
    d->v += at;
    d->why += at;
    d->e = d->e ? d->e + at : NULL;
}

static reg input_of(figures *c)
{
    reg r = {.v = (double *)(uintptr_t)kh_c_column_doubles(c), .e = c->kind == COL_DBL ? c->e : NULL, .why = c->why};
    if (c->kind == COL_INT) {
        r.whole = c->scale == 0 && c->div == 1 && !c->cnt && c->most <= WHOLE_MOST;
        r.most = r.whole ? c->most : 0;
        r.rel = r.whole ? 0 : 4;
    } else {
        r.general = r.e != NULL;
        r.rel = c->kind == COL_RAT ? 1 : c->rel;
    }
    return r;
}

static void fill_constant(const kh_expr_node *x, kh_period p, reg *d, size_t n)
{
    kh_dec v = x->num;
    if (x->op == KH_X_DAYS)
        v = (kh_dec){kh_period_last(p) - kh_period_first(p) + 1, 0};
    bool missing = x->op == KH_X_MISSING || v.m == KH_MISSING;
    double f = missing ? 0 : kh_dec_double(v);
    for (size_t i = 0; i < n; i++)
        d->v[i] = f;
    memset(d->why, missing ? KH_NOT_REPORTED : KH_THERE, n);
    d->general = false;
    d->whole = missing || (v.scale == 0 && fabs(f) <= WHOLE_MOST);
    d->most = d->whole ? fabs(f) : 0;
    d->rel = d->whole ? 0 : 1;
}

static int settle(kh_calc *k, kh_expr e, kh_period p, reg *d, const uint8_t *doubtful, size_t at, size_t n, kh_error *err)
{
    mpq_t q;
    mpq_init(q);
    int rc = KH_OK;
    for (size_t i = 0; rc == KH_OK && i < n; i++) {
        if (!doubtful[i])
            continue;
        rc = kh_c_exact_cell(k, e, (uint32_t)(at + i), p, q, &d->why[i], err);
        d->v[i] = rc == KH_OK && d->why[i] == KH_THERE ? kh_c_q_double(q) : 0;
        d->e[i] = EPS * fabs(d->v[i]);
    }
    mpq_clear(q);
    return rc;
}

typedef struct buffers { double v[BLOCK], e[BLOCK]; uint8_t why[BLOCK]; } buffers;
typedef struct run { kh_calc *k; const program *p; kh_period period; figures **in; reg *inputs; reg *regs; buffers *room; figures *out; const uint8_t *alive; } run;

static void use_room(run *r, uint16_t at)
{
    buffers *b = &r->room[at];
    r->regs[at].v = b->v;
    r->regs[at].e = b->e;
    r->regs[at].why = b->why;
}

static void start(run *r)
{
    for (size_t i = 0; i < r->p->n; i++) {
        const step *s = &r->p->steps[i];
        if (s->input)
            r->inputs[i] = input_of(r->in[i]);
        if (s->constant) {
            use_room(r, s->d);
            fill_constant(kh_expr_get(r->k->c->exprs, s->e), r->period, &r->regs[s->d], BLOCK);
        }
    }
}

static int run_block(run *r, size_t at, size_t n, kh_error *err)
{
    uint8_t doubtful[BLOCK];
    memset(doubtful, 0, n);
    for (size_t i = 0; i < r->p->n; i++) {
        const step *s = &r->p->steps[i];
        reg *d = &r->regs[s->d];
        if (s->constant)
            continue;
        if (s->input) {
            load_block(d, &r->inputs[i], at);
            continue;
        }
        const kh_expr_node x = *kh_expr_get(r->k->c->exprs, s->e);
        use_room(r, s->d);
        if (i + 1 == r->p->n)
            d->v = r->out->v + at; /* the last step writes where its figures stay */
        size_t doubts = kh_c_ops_run(&x, d, &r->regs[s->a], s->b == UINT16_MAX ? NULL : &r->regs[s->b], s->c == UINT16_MAX ? NULL : &r->regs[s->c], n, doubtful);
        if (!doubts)
            continue;
        int rc = settle(r->k, s->e, r->period, d, doubtful, at, n, err);
        if (rc != KH_OK)
            return rc;
        memset(doubtful, 0, n);
    }
    return KH_OK;
}

static void store_block(run *r, size_t at, size_t n)
{
    const reg *d = &r->regs[r->p->steps[r->p->n - 1].d];
    figures *c = r->out;
    uint8_t *restrict why = c->why + at;
    const uint8_t *restrict alive = r->alive + at, *restrict from = d->why;
    double *v = c->v + at;
    if (d->v != v)
        memcpy(v, d->v, n * sizeof *v);
    for (size_t i = 0; i < n; i++)
        why[i] = (uint8_t)((from[i] & -(alive[i] != 0)) | (KH_NO_SUCH_UNIT & -(alive[i] == 0)));
    if (d->general && !c->e) {
        c->e = kh_zalloc(c->n + 1, sizeof *c->e);
        for (size_t i = 0; i < at; i++)
            c->e[i] = c->rel * EPS * fabs(c->v[i]);
    }
    for (size_t i = 0; c->e && i < n; i++)
        c->e[at + i] = reg_error(d, i);
    if (d->rel > c->rel)
        c->rel = d->rel;
}

static int run_program(kh_calc *k, kh_expr root, kh_period p, figures **out, kh_error *err)
{
    program *prog = program_of(k, root, err);
    if (!prog)
        return KH_EUSAGE;
    figures **in = kh_zalloc(prog->n + 1, sizeof *in);
    int rc = KH_OK;
    for (size_t i = 0; rc == KH_OK && i < prog->n; i++)
        if (prog->steps[i].input) {
            rc = kh_c_column_of(k, prog->steps[i].e, p, &in[i], err);
            if (rc == KH_OK)
                kh_c_column_keep(in[i]);
        }
    run r = {k, prog, p, in, kh_alloc((prog->n + 1) * sizeof *r.inputs), kh_alloc((prog->regs + 1) * sizeof *r.regs), kh_alloc((prog->regs + 1) * sizeof *r.room), NULL,
             kh_c_span_ready(k, p)->alive};
    if (rc == KH_OK) {
        r.out = kh_c_column_new(k, COL_DBL);
        start(&r);
        for (size_t at = 0; rc == KH_OK && at < k->n; at += BLOCK) {
            size_t n = k->n - at < BLOCK ? k->n - at : BLOCK;
            rc = run_block(&r, at, n, err);
            if (rc == KH_OK)
                store_block(&r, at, n);
        }
    }
    for (size_t i = 0; i < prog->n; i++)
        kh_c_column_drop(in[i]);
    kh_free(in);
    kh_free(r.inputs);
    kh_free(r.regs);
    kh_free(r.room);
    if (rc != KH_OK)
        kh_c_column_drop(r.out);
    else
        *out = r.out;
    return rc;
}

/* ---- any column ---- */

/* How many units of a kind exist at or below each unit on the period's last day. */
static figures *count_units(kh_calc *k, const kh_expr_node *x, kh_period p)
{
    const span *sp = kh_c_span_ready(k, p);
    const tree *t = sp->end;
    figures *c = kh_c_column_new(k, COL_INT);
    for (size_t s = 0; s < k->n; s++) {
        c->m[s] = 0;
        c->why[s] = t->up[s] == TREE_OUT ? KH_NO_SUCH_UNIT : KH_THERE;
    }
    for (uint32_t i = t->n; i-- > 0;) {
        uint32_t s = t->slot[i];
        if (kh_units_is(k->c->units, k->unit[s], x->text) && kh_c_in_groups(k, s, x->groups, x->n_groups))
            c->m[s]++;
        if (t->up[s] >= 0)
            c->m[t->up[s]] += c->m[s];
    }
    c->most = (double)k->n;
    return c;
}

static int make_column(kh_calc *k, kh_expr e, kh_period p, figures **out, kh_error *err)
{
    const kh_expr_node x = *kh_expr_get(k->c->exprs, e);
    leaf l;
    if (k->depth > 500)
        return kh_fail(err, KH_EUSAGE, "indicators use each other in a circle");
    switch (x.op) {
    case KH_X_MEASURE:
        kh_c_leaf_of(k, e, &l);
        return kh_c_consolidate(k, &l, p, out, err);
    case KH_X_INDICATOR:
        if (k->c->indicators[x.ref].each)
            return kh_c_each_column(k, &k->c->indicators[x.ref], p, out, err);
        int rc = kh_c_column_of(k, k->c->indicators[x.ref].formula, p, out, err);
        if (rc == KH_OK)
            kh_c_column_keep(*out);
        return rc;
    case KH_X_COUNT_UNITS:
        *out = count_units(k, &x, p);
        return KH_OK;
    default:
        return kh_c_is_block_op(x.op) ? run_program(k, e, p, out, err) : kh_c_shift_column(k, e, p, out, err);
    }
}

int kh_c_column_of(kh_calc *k, kh_expr e, kh_period p, figures **out, kh_error *err)
{
    figures *c = kh_c_table_get(&k->columns, pair(e, p));
    if (!c) {
        k->depth++;
        int rc = make_column(k, e, p, &c, err);
        k->depth--;
        if (rc != KH_OK)
            return rc;
        kh_c_table_set(&k->columns, pair(e, p), c);
        k->column_bytes += c->bytes;
    }
    c->used = ++k->tick;
    *out = c;
    return KH_OK;
}

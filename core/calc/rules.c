/* SPDX-License-Identifier: MIT */
/*
 * Rules over columns. Without a scope a rule is judged where its values were
 * reported, on the units' own values; with one, on the figures of the units in
 * it. `needs` says which inputs must be there: with "any" and "none" a missing
 * input counts as 0, except where the check itself asks whether it is present,
 * and except for inputs of other periods (history that is not there proves
 * nothing). A check that comes out missing is not judged.
 *
 * With an overlay (a return being imported) only its own units, and for scoped
 * rules those above them, are judged: nobody answers for others' figures.
 */
#include "calc/trace.h"

#include <math.h>
#include <string.h>

typedef struct inputs { kh_expr *of; size_t n, cap; } inputs; /* measures and indicators of this period and unit */

typedef struct broken { uint32_t slot; uint32_t trace; } broken; /* trace: index of its first place */

typedef struct judge {
    kh_calc *k;
    const kh_rule *rule;
    kh_expr check;
    inputs in;
    kh_period p;
    bool flat;           /* own values only */
    uint8_t *mine;       /* overlay: units to judge; NULL: all */
} judge;

/* ---- inputs ---- */

static void find_inputs(kh_calc *k, kh_expr root, inputs *in)
{
    uint8_t *reach = kh_zalloc((size_t)root + 1, 1);
    reach[root] = 1;
    for (kh_expr e = root + 1; e-- > 0;) {
        const kh_expr_node *x = kh_expr_get(k->c->exprs, e);
        if (!reach[e] || (x->op >= KH_X_PREV && x->op <= KH_X_TYPICAL_YEARS_MEDIAN))
            continue;
        const kh_expr kids[3] = {x->a, x->b, x->c};
        for (int i = 0; i < 3; i++)
            if (kids[i] != KH_NO_EXPR)
                reach[kids[i]] = 1;
    }
    for (kh_expr e = 0; e <= root; e++) {
        uint8_t op = kh_expr_get(k->c->exprs, e)->op;
        if (reach[e] && (op == KH_X_MEASURE || op == KH_X_INDICATOR))
            KH_PUSH(in->of, in->n, in->cap) = e;
    }
    kh_free(reach);
}

/* The expression with every measure that is missing counted as 0. */
static kh_expr with_zeros(kh_calc *k, kh_expr e, table *done)
{
    if (e == KH_NO_EXPR)
        return e;
    uintptr_t known = (uintptr_t)kh_c_table_get(done, e);
    if (known)
        return (kh_expr)(known - 1);
    kh_expr_node x = *kh_expr_get(k->c->exprs, e);
    kh_expr made = e;
    if (x.op == KH_X_MEASURE) {
        kh_expr_node zero = {.op = KH_X_NUM, .a = KH_NO_EXPR, .b = KH_NO_EXPR, .c = KH_NO_EXPR};
        kh_expr_node or = {.op = KH_X_OTHERWISE, .a = e, .b = kh_expr_add(k->c->exprs, &zero), .c = KH_NO_EXPR};
        made = kh_expr_add(k->c->exprs, &or);
    } else if (x.op != KH_X_PRESENT && !(x.op >= KH_X_PREV && x.op <= KH_X_TYPICAL_YEARS_MEDIAN)) {
        if (x.op != KH_X_OTHERWISE)
            x.a = with_zeros(k, x.a, done);
        x.b = with_zeros(k, x.b, done);
        x.c = with_zeros(k, x.c, done);
        made = kh_expr_add(k->c->exprs, &x);
    }
    kh_c_table_set(done, e, (void *)((uintptr_t)made + 1));
    return made;
}

/* ---- who is judged ---- */

static bool scope_empty(const kh_selector *s)
{
    return !s->n_kinds && !s->n_codes && !s->under && !s->n_groups;
}

static int input_there(judge *j, uint32_t slot, size_t i, bool *there, kh_error *err)
{
    figures *c;
    int rc = kh_c_column_of(j->k, j->in.of[i], j->p, &c, err);
    if (rc == KH_OK)
        *there = c->why[slot] == KH_THERE;
    return rc;
}

static int to_judge(judge *j, uint32_t slot, bool *yes, kh_error *err)
{
    kh_calc *k = j->k;
    const kh_selector *scope = &j->rule->scope;
    *yes = false;
    if (!kh_c_span_ready(k, j->p)->alive[slot] || (j->mine && !j->mine[slot]))
        return KH_OK;
    if (!j->flat && !kh_selector_has(k->c->units, scope, k->unit[slot], kh_c_cell_day(k, slot, j->p)))
        return KH_OK;
    size_t there = 0;
    for (size_t i = 0; i < j->in.n; i++) {
        bool is = false;
        int rc = input_there(j, slot, i, &is, err);
        if (rc != KH_OK)
            return rc;
        there += is;
    }
    if (j->rule->needs == KH_NEEDS_ALL)
        *yes = there == j->in.n && (!j->flat || there || j->in.n == 0);
    else
        *yes = there > 0 || (j->rule->needs == KH_NEEDS_NONE && !j->flat);
    return KH_OK;
}

static int is_broken(judge *j, uint32_t slot, bool *yes, kh_error *err)
{
    figures *c;
    *yes = false;
    int rc = kh_c_column_of(j->k, j->check, j->p, &c, err);
    if (rc != KH_OK || c->why[slot])
        return rc;
    double e, v = kh_c_column_value(c, slot, &e);
    if (fabs(v) > e || e == 0) {
        *yes = v == 0;
        return KH_OK;
    }
    mpq_t q;
    uint8_t why;
    mpq_init(q);
    rc = kh_c_exact_cell(j->k, j->check, slot, j->p, q, &why, err);
    if (rc == KH_OK)
        *yes = !why && mpq_sgn(q) == 0;
    mpq_clear(q);
    return rc;
}

static uint8_t *overlay_units(kh_calc *k, kh_period p, bool above)
{
    const kh_return *r = k->o.overlay;
    if (!r)
        return NULL;
    uint8_t *mine = kh_zalloc(k->n + 1, 1);
    const tree *t = kh_c_span_ready(k, p)->end;
    for (size_t g = 0; g < r->n_rows; g++) {
        if (r->rows[g].period != p && !kh_period_contains(p, r->rows[g].period))
            continue;
        for (uint32_t i = 0; i < r->rows[g].n; i++) {
            int32_t s = slot_of(k, r->rows[g].unit[i]);
            for (; s >= 0; s = above ? t->up[s] : SLOT_NONE)
                mine[s] = 1;
        }
    }
    return mine;
}

/* ---- messages ---- */

static kh_expr input_named(const judge *j, const char *name, size_t n)
{
    kh_expr found = KH_NO_EXPR;
    for (size_t i = 0; i < j->in.n; i++) {
        const kh_expr_node *x = kh_expr_get(j->k->c->exprs, j->in.of[i]);
        const char *code = x->op == KH_X_MEASURE ? j->k->c->measures[x->ref].code : j->k->c->indicators[x->ref].code;
        if (strlen(code) == n && memcmp(code, name, n) == 0 && (found == KH_NO_EXPR || x->cut == KH_NO_CUT))
            found = j->in.of[i];
    }
    return found;
}

static int fill_number(const judge *j, uint32_t slot, kh_expr e, kh_buf *out, kh_error *err)
{
    mpq_t q;
    uint8_t why;
    mpq_init(q);
    int rc = kh_c_exact_cell(j->k, e, slot, j->p, q, &why, err);
    if (rc == KH_OK && why)
        kh_buf_str(out, kh_missing_text((kh_missing)why));
    else if (rc == KH_OK) {
        const kh_expr_node *x = kh_expr_get(j->k->c->exprs, e);
        /* two digits more than is shown elsewhere, so that what just falls short does not look right */
        char *text = kh_c_q_text(q, x->op == KH_X_INDICATOR ? j->k->c->indicators[x->ref].decimals + 2 : -1);
        kh_c_number_for_people(text, kh_msg_lang_now(), out);
        kh_free(text);
    }
    mpq_clear(q);
    return rc;
}

static const char *title_of(const kh_catalog *c, const char *code)
{
    uint32_t i = kh_catalog_find(c, KH_DEF_MEASURE, code);
    if (i != UINT32_MAX)
        return c->measures[i].title;
    i = kh_catalog_find(c, KH_DEF_INDICATOR, code);
    return i != UINT32_MAX ? c->indicators[i].title : NULL;
}

/* One {name}; false: not ours, it stays as it is. */
static int fill_name(const judge *j, uint32_t slot, const char *name, size_t n, kh_buf *out, bool *known, kh_error *err)
{
    char text[256];
    *known = true;
    if (n == 4 && memcmp(name, "unit", 4) == 0) {
        kh_units_title(j->k->c->units, j->k->unit[slot], kh_msg_lang_now(), text, sizeof text);
        kh_buf_str(out, text);
    } else if (n == 6 && memcmp(name, "period", 6) == 0) {
        kh_period_label(j->p, kh_msg_lang_now(), text, sizeof text);
        kh_buf_str(out, text);
    } else if (n > 6 && n < sizeof text && memcmp(name + n - 6, ".title", 6) == 0) {
        memcpy(text, name, n - 6);
        text[n - 6] = '\0';
        const char *title = title_of(j->k->c, text);
        *known = title != NULL;
        kh_buf_str(out, title ? title : "");
    } else {
        kh_expr e = input_named(j, name, n);
        *known = e != KH_NO_EXPR;
        return *known ? fill_number(j, slot, e, out, err) : KH_OK;
    }
    return KH_OK;
}

static int fill_message(const judge *j, uint32_t slot, kh_buf *out, kh_error *err)
{
    const char *m = j->rule->message ? j->rule->message : j->rule->title ? j->rule->title : j->rule->code;
    bool where = strstr(m, "{unit}") != NULL;
    int rc = KH_OK;
    while (*m && rc == KH_OK) {
        const char *end = *m == '{' ? strchr(m, '}') : NULL;
        bool known = false;
        if (end)
            rc = fill_name(j, slot, m + 1, (size_t)(end - m - 1), out, &known, err);
        if (known)
            m = end + 1;
        else
            kh_buf_char(out, *m++);
    }
    if (rc == KH_OK && !where) {
        bool known;
        kh_buf_str(out, " (");
        rc = fill_name(j, slot, "unit", 4, out, &known, err);
        kh_buf_str(out, ", ");
        if (rc == KH_OK)
            rc = fill_name(j, slot, "period", 6, out, &known, err);
        kh_buf_char(out, ')');
    }
    return rc;
}

/* ---- one rule in one period ---- */

typedef struct finder { trace *t; const leaf *l; kh_unit unit; kh_period p; } finder;

static void add_place(void *ctx, kh_cut cut, int64_t m, uint8_t scale)
{
    const finder *at = ctx;
    (void)m;
    (void)scale;
    kh_c_trace_add(at->t, at->l->measure, cut, at->unit, at->p);
}

/* The values that make the leaf's figure at a unit: those of its cuts, of the parts of the period. */
static void add_values(judge *j, trace *t, const leaf *l, uint32_t slot)
{
    pieces ps = {0};
    bool exact;
    kh_c_cell_parts(j->k, l, slot, j->p, &ps, &exact);
    for (size_t i = 0; i < ps.n; i++) {
        finder at = {t, l, j->k->unit[slot], ps.of[i].p};
        kh_c_reported_each(j->k, l, slot, ps.of[i].p, add_place, &at);
    }
    kh_c_pieces_free(&ps);
}

/* Of a figure made of those below, the first of them that says something: a place to begin with. */
static void add_figure(judge *j, trace *t, kh_expr e, uint32_t slot)
{
    size_t before = t->n;
    leaf l;
    kh_c_leaf_of(j->k, e, &l);
    add_values(j, t, &l, slot);
    if (j->flat)
        return;
    const tree *tr = kh_c_span_ready(j->k, j->p)->end;
    for (uint32_t s = 0; s < j->k->n && t->n == before; s++)
        for (int32_t up = tr->up[s]; up >= 0; up = tr->up[up])
            if ((uint32_t)up == slot)
                add_values(j, t, &l, s);
}

/* Where the inputs stand: measures first, then what indicators are made of. */
static void add_places(judge *j, trace *t, broken *b)
{
    b->trace = (uint32_t)t->n;
    for (size_t i = 0; i < j->in.n; i++)
        if (kh_expr_get(j->k->c->exprs, j->in.of[i])->op == KH_X_MEASURE)
            add_figure(j, t, j->in.of[i], b->slot);
    for (size_t i = 0; i < j->in.n && t->n == b->trace; i++) {
        const kh_expr_node *x = kh_expr_get(j->k->c->exprs, j->in.of[i]);
        inputs made_of = {0};
        if (x->op == KH_X_INDICATOR && !j->k->c->indicators[x->ref].each)
            find_inputs(j->k, j->k->c->indicators[x->ref].formula, &made_of);
        for (size_t m = 0; m < made_of.n; m++)
            if (kh_expr_get(j->k->c->exprs, made_of.of[m])->op == KH_X_MEASURE)
                add_figure(j, t, made_of.of[m], b->slot);
        kh_free(made_of.of);
    }
}

static int report(judge *j, const trace *t, const broken *all, size_t n, kh_findings *out, kh_error *err)
{
    int rc = KH_OK;
    for (size_t i = 0; rc == KH_OK && i < n; i++) {
        kh_buf text = KH_BUF_INIT;
        rc = fill_message(j, all[i].slot, &text, err);
        size_t end = i + 1 < n ? all[i + 1].trace : t->n;
        const trace_place *first = NULL;
        for (size_t p = all[i].trace; p < end && !first; p++)
            first = t->of[p].file ? &t->of[p] : NULL;
        kh_finding f = {.severity = j->rule->severity, .code = j->rule->code, .text = kh_buf_cstr(&text)};
        f.file = first ? first->file : NULL;
        f.line = first ? first->line : 0;
        if (rc == KH_OK)
            kh_findings_add(out, &f);
        kh_buf_free(&text);
    }
    return rc;
}

static int judge_period(judge *j, kh_findings *out, kh_error *err)
{
    kh_calc *k = j->k;
    trace t;
    broken *all = NULL;
    size_t n = 0, cap = 0;
    int rc = KH_OK;
    kh_c_trace_start(&t, k);
    j->mine = overlay_units(k, j->p, !j->flat);
    for (uint32_t s = 0; rc == KH_OK && s < k->n; s++) {
        bool yes = false;
        rc = to_judge(j, s, &yes, err);
        if (rc == KH_OK && yes)
            rc = is_broken(j, s, &yes, err);
        if (rc != KH_OK || !yes)
            continue;
        KH_PUSH(all, n, cap) = (broken){.slot = s};
        add_places(j, &t, &all[n - 1]);
    }
    if (rc == KH_OK && n)
        rc = kh_c_trace_find(&t, err);
    if (rc == KH_OK)
        rc = report(j, &t, all, n, out, err);
    kh_free(all);
    kh_free(j->mine);
    kh_c_trace_free(&t);
    return rc;
}

static int judge_rule(kh_calc *k, const kh_rule *rule, const kh_period *ps, size_t n, kh_findings *out, kh_error *err)
{
    judge j = {.k = k, .rule = rule, .check = rule->check, .flat = scope_empty(&rule->scope)};
    find_inputs(k, rule->check, &j.in);
    if (rule->needs != KH_NEEDS_ALL) {
        table done = {0};
        j.check = with_zeros(k, rule->check, &done);
        kh_c_table_free(&done);
    }
    int rc = kh_c_need(k, &j.check, 1, ps, n, err);
    kh_c_flatten(k, j.flat);
    for (size_t i = 0; rc == KH_OK && i < n; i++) {
        j.p = ps[i];
        rc = judge_period(&j, out, err);
    }
    kh_c_flatten(k, false);
    kh_free(j.in.of);
    if (rc != KH_OK && rc != KH_EINTR)
        kh_wrap(err, "rule %s", rule->code);
    return rc;
}

int kh_calc_rules(kh_calc *k, const uint32_t *only, size_t n_only, const kh_period *periods, size_t n_periods, kh_findings *out, kh_error *err)
{
    int rc = KH_OK;
    size_t n = only ? n_only : k->c->n_rules;
    for (size_t i = 0; rc == KH_OK && i < n; i++)
        rc = judge_rule(k, &k->c->rules[only ? only[i] : i], periods, n_periods, out, err);
    return rc;
}

/* SPDX-License-Identifier: MIT */
/*
 * Sealing a catalog: every name in a definition leads to something, and no
 * indicator is computed from itself. Checked once, after all scripts have
 * loaded, so that definitions may come in any order. The first fault found is
 * told with the place of the definition that has it.
 */
#include "base/buf.h"
#include "base/map.h"
#include "base/msg.h"
#include "base/text.h"
#include "model/catalog.h"

#include <string.h>

/* The place of a definition and its name, for messages. */
typedef struct place { const char *file; int line; const char *what, *code; } place;

static int bad_kind(const place *at, const char *kind, kh_error *err)
{
    return kh_fail_at(err, KH_EUSAGE, at->file, at->line, N_("%s \"%s\" names \"%s\", which is no kind or level of units"), kh_tr(at->what), at->code, kind);
}

static int need_code(const kh_catalog *c, const place *at, const char *code, kh_error *err)
{
    if (!code || kh_units_knows_code(c->units, code))
        return KH_OK;
    return kh_fail_at(err, KH_EUSAGE, at->file, at->line, N_("%s \"%s\" names the unit \"%s\", which is not defined"), kh_tr(at->what), at->code, code);
}

static int check_selector(const kh_catalog *c, const place *at, const kh_selector *s, kh_error *err)
{
    int rc;
    for (size_t i = 0; i < s->n_kinds; i++)
        if (!kh_units_knows_kind(c->units, s->kinds[i]))
            return bad_kind(at, s->kinds[i], err);
    for (size_t i = 0; i < s->n_codes; i++)
        if ((rc = need_code(c, at, s->codes[i], err)) != KH_OK)
            return rc;
    return need_code(c, at, s->under, err);
}

/* ---- plans ---- */

static const kh_task *find_task(const kh_plan *p, const char *code)
{
    for (size_t i = 0; i < p->n_tasks; i++)
        if (strcmp(p->tasks[i].code, code) == 0)
            return &p->tasks[i];
    return NULL;
}

static int unknown_task(const place *at, int line, const kh_plan *p, const char *code, kh_error *err)
{
    const char **names = kh_zalloc(p ? p->n_tasks : 0, sizeof *names);
    for (size_t i = 0; p && i < p->n_tasks; i++)
        names[i] = p->tasks[i].code;
    int near = p ? kh_text_nearest(code, names, p->n_tasks) : -1, rc;
    if (near >= 0)
        rc = kh_fail_at(err, KH_EUSAGE, at->file, line, N_("%s \"%s\" names the task \"%s\", which is not defined; did you mean \"%s\"?"), kh_tr(at->what), at->code, code, names[near]);
    else
        rc = kh_fail_at(err, KH_EUSAGE, at->file, line, N_("%s \"%s\" names the task \"%s\", which is not defined"), kh_tr(at->what), at->code, code);
    kh_free(names);
    return rc;
}

static int need_own_task(const kh_plan *p, const place *at, int line, const char *code, kh_error *err)
{
    return !code || find_task(p, code) ? KH_OK : unknown_task(at, line ? line : at->line, p, code, err);
}

/* A task of any plan. */
static int need_task(const kh_catalog *c, const place *at, const char *code, kh_error *err)
{
    for (size_t i = 0; i < c->n_plans; i++)
        if (!code || find_task(&c->plans[i], code))
            return KH_OK;
    return code ? unknown_task(at, at->line, c->n_plans ? c->plans : NULL, code, err) : KH_OK;
}

static int check_task(const kh_catalog *c, const kh_plan *p, const kh_task *t, const place *at, kh_error *err)
{
    int rc = need_own_task(p, at, t->line, t->parent, err), line = t->line ? t->line : at->line;
    const kh_task *first = find_task(p, t->code);
    if (rc != KH_OK)
        return rc;
    if (first != t)
        return kh_fail_at(err, KH_EUSAGE, at->file, line, N_("plan \"%s\" has the task \"%s\" twice, first at line %d"), p->code, t->code, first->line);
    size_t steps = 0;
    for (const kh_task *up = t; up && up->parent; up = find_task(p, up->parent))
        if (steps++ > p->n_tasks)
            return kh_fail_at(err, KH_EUSAGE, at->file, line, N_("the task \"%s\" of plan \"%s\" is its own ancestor"), t->code, p->code);
    for (size_t i = 0; i < t->n_targets; i++) {
        uint32_t index;
        kh_error cause = KH_ERROR_INIT;
        if (kh_catalog_need(c, KH_DEF_INDICATOR, t->targets[i], &index, &cause) != KH_OK) {
            rc = kh_fail_at(err, KH_EUSAGE, at->file, line, N_("plan \"%s\", task \"%s\": %s"), p->code, t->code, cause.text);
            kh_error_clear(&cause);
            return rc;
        }
    }
    return KH_OK;
}

/* "*", "kind:district", or a code. */
static int check_assignee(const kh_catalog *c, const place *at, const char *unit, kh_error *err)
{
    if (!unit || strcmp(unit, "*") == 0)
        return KH_OK;
    if (strncmp(unit, "kind:", 5) == 0)
        return kh_units_knows_kind(c->units, unit + 5) ? KH_OK : bad_kind(at, unit + 5, err);
    return need_code(c, at, unit, err);
}

static int check_assignments(const kh_catalog *c, const kh_plan *p, const place *plan, kh_error *err)
{
    int rc = KH_OK;
    for (size_t i = 0; rc == KH_OK && i < p->n_assignments; i++) {
        const kh_assignment *a = &p->assignments[i];
        place at = *plan;
        if (a->line)
            at.line = a->line;
        rc = need_own_task(p, &at, at.line, a->task, err);
        if (rc == KH_OK)
            rc = check_assignee(c, &at, a->unit, err);
    }
    for (size_t i = 0; rc == KH_OK && i < p->n_milestones; i++) {
        rc = need_own_task(p, plan, 0, p->milestones[i].task, err);
        if (rc == KH_OK)
            rc = check_assignee(c, plan, p->milestones[i].unit, err);
    }
    for (size_t i = 0; rc == KH_OK && i < p->n_pilots; i++) {
        rc = need_own_task(p, plan, 0, p->pilots[i].task, err);
        if (rc == KH_OK)
            rc = check_assignee(c, plan, p->pilots[i].unit, err);
    }
    return rc;
}

static int check_ancestry(const kh_catalog *c, const kh_plan *p, const place *at, kh_error *err)
{
    const kh_plan *up = p;
    for (size_t steps = 0; up->parent; steps++) {
        uint32_t i = kh_catalog_find(c, KH_DEF_PLAN, up->parent);
        if (i == UINT32_MAX)
            return kh_fail_at(err, KH_EUSAGE, at->file, at->line, N_("plan \"%s\" names the parent \"%s\", which is not defined"), up->code, up->parent);
        if (steps > c->n_plans)
            return kh_fail_at(err, KH_EUSAGE, at->file, at->line, N_("plan \"%s\" is its own ancestor: its parents lead back to it"), p->code);
        up = &c->plans[i];
    }
    return KH_OK;
}

static int check_plan(const kh_catalog *c, const kh_plan *p, kh_error *err)
{
    place at = {p->file, p->line, N_("plan"), p->code};
    int rc = check_ancestry(c, p, &at, err);
    if (rc == KH_OK)
        rc = need_code(c, &at, p->unit, err);
    for (size_t i = 0; rc == KH_OK && i < p->n_tasks; i++)
        rc = check_task(c, p, &p->tasks[i], &at, err);
    return rc == KH_OK ? check_assignments(c, p, &at, err) : rc;
}

/* ---- forms, rules, indicators ---- */

static int check_form(const kh_catalog *c, const kh_form *f, kh_error *err)
{
    place at = {f->file, f->line, N_("form"), f->code};
    int rc = KH_OK;
    for (size_t i = 0; rc == KH_OK && i < f->n_reporters; i++)
        rc = check_selector(c, &at, &f->reporters[i], err);
    for (size_t i = 0; rc == KH_OK && i < f->n_covers; i++)
        rc = check_selector(c, &at, &f->covers[i], err);
    return rc;
}

static int check_measure(const kh_catalog *c, const kh_measure *m, kh_error *err)
{
    place at = {m->file, m->line, N_("measure"), m->code};
    int rc = need_task(c, &at, m->task, err);
    for (size_t i = 0; rc == KH_OK && i < m->n_reported_by; i++)
        rc = check_selector(c, &at, &m->reported_by[i], err);
    return rc;
}

static int check_indicator(const kh_catalog *c, const kh_indicator *d, kh_error *err)
{
    place at = {d->file, d->line, N_("indicator"), d->code};
    int rc = need_task(c, &at, d->task, err);
    for (size_t i = 0; rc == KH_OK && i < d->n_targets; i++)
        rc = check_selector(c, &at, &d->targets[i].scope, err);
    return rc;
}

static int check_expressions(const kh_catalog *c, kh_error *err)
{
    for (kh_expr e = 0; e < kh_exprs_count(c->exprs); e++) {
        const kh_expr_node *x = kh_expr_get(c->exprs, e);
        if (x->op == KH_X_COUNT_UNITS && (!x->text || !kh_units_knows_kind(c->units, x->text)))
            return kh_fail(err, KH_EUSAGE, N_("a formula counts units of \"%s\", which is no kind or level of units"), x->text ? x->text : "");
    }
    return KH_OK;
}

/* ---- circles ---- */

typedef struct walk {
    const kh_catalog *c;
    uint8_t *state;   /* [indicator] 0: new, 1: on the path, 2: done */
    uint32_t *path;   /* what is on the path */
    size_t depth;
} walk;

static int tell_circle(const walk *w, uint32_t again, kh_error *err)
{
    size_t i = 0;
    while (w->path[i] != again)
        i++;
    kh_buf names = KH_BUF_INIT;
    for (; i < w->depth; i++)
        kh_buf_printf(&names, "%s → ", w->c->indicators[w->path[i]].code);
    kh_buf_str(&names, w->c->indicators[again].code);
    const kh_indicator *d = &w->c->indicators[again];
    int rc = kh_fail_at(err, KH_EUSAGE, d->file, d->line, N_("indicators are computed from each other in a circle: %s"), names.data);
    kh_buf_free(&names);
    return rc;
}

static int visit(walk *w, uint32_t indicator, kh_error *err);

/* Visits the indicators that an expression reads, each once. */
static int visit_below(walk *w, kh_expr e, kh_error *err)
{
    bool *seen = kh_zalloc((size_t)e + 1, sizeof *seen);
    int rc = KH_OK;
    seen[e] = true;
    for (kh_expr i = e + 1; rc == KH_OK && i-- > 0;) {
        const kh_expr_node *x = kh_expr_get(w->c->exprs, i);
        const kh_expr child[] = {x->a, x->b, x->c};
        if (!seen[i])
            continue;
        for (size_t k = 0; k < 3; k++)
            if (child[k] != KH_NO_EXPR)
                seen[child[k]] = true;
        if (x->op == KH_X_INDICATOR)
            rc = visit(w, x->ref, err);
    }
    kh_free(seen);
    return rc;
}

static int visit(walk *w, uint32_t indicator, kh_error *err)
{
    const kh_indicator *d = &w->c->indicators[indicator];
    int rc = KH_OK;
    if (w->state[indicator] == 2)
        return KH_OK;
    if (w->state[indicator] == 1)
        return tell_circle(w, indicator, err);
    w->state[indicator] = 1;
    w->path[w->depth++] = indicator;
    if (d->formula != KH_NO_EXPR)
        rc = visit_below(w, d->formula, err);
    for (size_t i = 0; rc == KH_OK && d->each && i < d->each->n_inputs; i++)
        rc = visit_below(w, d->each->inputs[i], err);
    w->depth--;
    w->state[indicator] = 2;
    return rc;
}

static int check_circles(const kh_catalog *c, kh_error *err)
{
    walk w = {c, kh_zalloc(c->n_indicators, 1), kh_zalloc(c->n_indicators, sizeof *w.path), 0};
    int rc = KH_OK;
    for (uint32_t i = 0; rc == KH_OK && i < c->n_indicators; i++)
        rc = visit(&w, i, err);
    kh_free(w.state);
    kh_free(w.path);
    return rc;
}

int kh_catalog_seal(kh_catalog *c, kh_error *err)
{
    int rc = kh_units_seal(c->units, err);
    for (size_t i = 0; rc == KH_OK && i < c->n_plans; i++)
        rc = check_plan(c, &c->plans[i], err);
    for (size_t i = 0; rc == KH_OK && i < c->n_measures; i++)
        rc = check_measure(c, &c->measures[i], err);
    for (size_t i = 0; rc == KH_OK && i < c->n_indicators; i++)
        rc = check_indicator(c, &c->indicators[i], err);
    for (size_t i = 0; rc == KH_OK && i < c->n_forms; i++)
        rc = check_form(c, &c->forms[i], err);
    for (size_t i = 0; rc == KH_OK && i < c->n_rules; i++) {
        const kh_rule *r = &c->rules[i];
        place at = {r->file, r->line, N_("rule"), r->code};
        rc = check_selector(c, &at, &r->scope, err);
    }
    if (rc == KH_OK)
        rc = check_expressions(c, err);
    return rc == KH_OK ? check_circles(c, err) : rc;
}

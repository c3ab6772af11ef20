/* SPDX-License-Identifier: MIT */
/* The parts of a plan: written anew whenever the plan has a new revision. */
#include "store/sqlite_defs.h"

static int clear(kh_mirror *m, int64_t id)
{
    static const char *const sql[] = {
        "DELETE FROM task_target WHERE plan = ?", "DELETE FROM task WHERE plan = ?",      "DELETE FROM assignment WHERE plan = ?",
        "DELETE FROM reference WHERE plan = ?",   "DELETE FROM milestone WHERE plan = ?", "DELETE FROM pilot WHERE plan = ?",
        "DELETE FROM budget_year WHERE plan = ?",
    };
    int rc = KH_OK;
    for (size_t i = 0; rc == KH_OK && i < sizeof sql / sizeof sql[0]; i++)
        rc = kh_stmt_run(m->s, m->err, sql[i], KH_ARGS(KH_I(id)));
    return rc;
}

static int tasks(kh_mirror *m, const kh_plan *p, int64_t id)
{
    int rc = KH_OK;
    for (size_t i = 0; rc == KH_OK && i < p->n_tasks; i++) {
        const kh_task *t = &p->tasks[i];
        rc = kh_stmt_run(m->s, m->err, "INSERT INTO task (plan, code, n, parent, kind, title, track) VALUES (?, ?, ?, ?, ?, ?, ?)",
                         KH_ARGS(KH_I(id), KH_T(t->code), KH_I((int64_t)i + 1), KH_T(t->parent), KH_T(t->kind), KH_T(t->title), KH_T(t->track)));
        for (size_t k = 0; rc == KH_OK && k < t->n_targets; k++)
            rc = kh_stmt_run(m->s, m->err, "INSERT INTO task_target (plan, task, indicator) VALUES (?, ?, ?) ON CONFLICT DO NOTHING", KH_ARGS(KH_I(id), KH_T(t->code), KH_T(t->targets[k])));
    }
    return rc;
}

static int assignments(kh_mirror *m, const kh_plan *p, int64_t id)
{
    int rc = KH_OK;
    for (size_t i = 0; rc == KH_OK && i < p->n_assignments; i++) {
        const kh_assignment *a = &p->assignments[i];
        rc = kh_stmt_run(m->s, m->err, "INSERT INTO assignment (plan, n, task, unit, role, duty) VALUES (?, ?, ?, ?, ?, ?)",
                         KH_ARGS(KH_I(id), KH_I((int64_t)i + 1), KH_T(a->task), KH_T(a->unit), KH_T(kh_role_name(a->role)), KH_T(a->duty)));
    }
    return rc;
}

static int references(kh_mirror *m, const kh_plan *p, int64_t id)
{
    char room[KH_DAY_TEXT];
    int rc = KH_OK;
    for (size_t i = 0; rc == KH_OK && i < p->n_references; i++) {
        const kh_reference *r = &p->references[i];
        rc = kh_stmt_run(m->s, m->err, "INSERT INTO reference (plan, n, code, title, date, role) VALUES (?, ?, ?, ?, ?, ?)",
                         KH_ARGS(KH_I(id), KH_I((int64_t)i + 1), KH_T(r->code), KH_T(r->title), KH_T(kh_day_or_null(r->date, room)), KH_T(r->role)));
    }
    for (size_t i = 0; rc == KH_OK && i < p->n_milestones; i++) {
        const kh_milestone *s = &p->milestones[i];
        rc = kh_stmt_run(m->s, m->err, "INSERT INTO milestone (plan, n, code, title, due, task, unit) VALUES (?, ?, ?, ?, ?, ?, ?)",
                         KH_ARGS(KH_I(id), KH_I((int64_t)i + 1), KH_T(s->code), KH_T(s->title), KH_T(kh_day_or_null(s->due, room)), KH_T(s->task), KH_T(s->unit)));
    }
    for (size_t i = 0; rc == KH_OK && i < p->n_pilots; i++)
        rc = kh_stmt_run(m->s, m->err, "INSERT INTO pilot (plan, n, unit, task, title) VALUES (?, ?, ?, ?, ?)",
                         KH_ARGS(KH_I(id), KH_I((int64_t)i + 1), KH_T(p->pilots[i].unit), KH_T(p->pilots[i].task), KH_T(p->pilots[i].title)));
    for (size_t i = 0; rc == KH_OK && i < p->n_budget_years; i++) {
        char year[KH_PERIOD_TEXT];
        kh_period_format(p->budget_years[i], year);
        rc = kh_stmt_run(m->s, m->err, "INSERT INTO budget_year (plan, n, period) VALUES (?, ?, ?)", KH_ARGS(KH_I(id), KH_I((int64_t)i + 1), KH_T(year)));
    }
    return rc;
}

int kh_mirror_plan_parts(kh_mirror *m, const kh_plan *p, int64_t id)
{
    int rc = clear(m, id);
    if (rc == KH_OK)
        rc = tasks(m, p, id);
    if (rc == KH_OK)
        rc = assignments(m, p, id);
    return rc == KH_OK ? references(m, p, id) : rc;
}

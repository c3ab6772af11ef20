/* SPDX-License-Identifier: MIT */
/* The row of each kind of definition, made or brought up to its newest revision. */
#include "store/sqlite_defs.h"

#include "base/json.h"

#include <stdio.h>
#include <string.h>

static int row_id(kh_mirror *m, const char *sql, const char *code, int64_t *id)
{
    return kh_stmt_int(m->s, id, 0, m->err, sql, KH_ARGS(KH_T(code)));
}

/* ---- measures ---- */

static void categories_of(kh_mirror *m, const kh_measure *d, kh_buf *out)
{
    const kh_category *c;
    kh_json j = KH_JSON(out);
    kh_cuts_categories(m->c->cuts, &c);
    kh_json_begin(&j, '[');
    for (size_t i = 0; i < d->n_by; i++)
        kh_json_str(&j, c[d->by[i]].code);
    kh_json_end(&j, ']');
}

static void choices_of(const kh_measure *d, kh_buf *out)
{
    kh_json j = KH_JSON(out);
    kh_json_begin(&j, '{');
    for (size_t i = 0; i < d->n_choices; i++) {
        kh_json_key(&j, d->choices[i]);
        kh_json_str(&j, d->choice_titles ? d->choice_titles[i] : d->choices[i]);
    }
    kh_json_end(&j, '}');
}

static int measure(kh_mirror *m, kh_measure *d, int64_t revision)
{
    static const char sql[] = "INSERT INTO measure (code, title, unit, type, over_units, over_time, task, categories, choices, revision) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
                              "ON CONFLICT (code) DO UPDATE SET title = excluded.title, unit = excluded.unit, type = excluded.type, over_units = excluded.over_units, "
                              "over_time = excluded.over_time, task = excluded.task, categories = excluded.categories, choices = excluded.choices, "
                              "revision = excluded.revision, withdrawn = NULL";
    kh_buf categories = KH_BUF_INIT, choices = KH_BUF_INIT;
    categories_of(m, d, &categories);
    choices_of(d, &choices);
    int rc = kh_stmt_run(m->s, m->err, sql,
                         KH_ARGS(KH_T(d->code), KH_T(d->title), KH_T(d->unit), KH_T(kh_type_name(d->type)), KH_T(kh_agg_name(d->over_units)), KH_T(kh_agg_name(d->over_time)),
                                 KH_T(d->task), KH_T(categories.data), KH_T(choices.data), KH_I(revision)));
    kh_buf_free(&categories);
    kh_buf_free(&choices);
    return rc;
}

/* ---- indicators and targets ---- */

static const char *dec_or_null(kh_dec d, char room[KH_DEC_TEXT])
{
    if (d.m == KH_MISSING)
        return NULL;
    kh_dec_format(d, room);
    return room;
}

static int target(kh_mirror *m, int64_t id, int64_t n, const kh_target *t)
{
    static const char sql[] = "INSERT INTO target (indicator, n, comparator, lo, hi, lo_formula, hi_formula, valid_from, valid_to, by_end, scope, text) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    char lo[KH_DEC_TEXT], hi[KH_DEC_TEXT], from[KH_PERIOD_TEXT], to[KH_PERIOD_TEXT];
    kh_buf scope = KH_BUF_INIT;
    kh_selector_content(&scope, &t->scope, 1);
    int rc = kh_stmt_run(m->s, m->err, sql,
                         KH_ARGS(KH_I(id), KH_I(n), KH_T(kh_comparator_name(t->cmp)), KH_T(dec_or_null(t->lo, lo)), KH_T(t->cmp == KH_BETWEEN ? dec_or_null(t->hi, hi) : NULL),
                                 KH_T(t->lo_by ? t->lo_by->source : NULL), KH_T(t->hi_by ? t->hi_by->source : NULL),
                                 KH_T(kh_period_or_null(t->from, from)), KH_T(kh_period_or_null(t->to, to)), KH_I(t->by_end), KH_T(scope.data), KH_T(t->text)));
    kh_buf_free(&scope);
    return rc;
}

static int indicator(kh_mirror *m, kh_indicator *d, int64_t revision)
{
    static const char sql[] = "INSERT INTO indicator (code, title, unit, task, note, decimals, lower_is_better, formula, revision) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) "
                              "ON CONFLICT (code) DO UPDATE SET title = excluded.title, unit = excluded.unit, task = excluded.task, note = excluded.note, decimals = excluded.decimals, "
                              "lower_is_better = excluded.lower_is_better, formula = excluded.formula, revision = excluded.revision, withdrawn = NULL";
    int64_t id = 0;
    int rc = kh_stmt_run(m->s, m->err, sql,
                         KH_ARGS(KH_T(d->code), KH_T(d->title), KH_T(d->unit), KH_T(d->task), KH_T(d->note), KH_I(d->decimals), KH_I(d->lower_is_better), KH_T(d->source), KH_I(revision)));
    if (rc == KH_OK)
        rc = row_id(m, "SELECT id FROM indicator WHERE code = ?", d->code, &id);
    if (rc == KH_OK)
        rc = kh_stmt_run(m->s, m->err, "DELETE FROM target WHERE indicator = ?", KH_ARGS(KH_I(id)));
    for (size_t i = 0; rc == KH_OK && i < d->n_targets; i++)
        rc = target(m, id, (int64_t)i + 1, &d->targets[i]);
    return rc;
}

/* ---- forms ---- */

static int form_columns(kh_mirror *m, const kh_form *f, int64_t id)
{
    static const char *const meanings[] = {"skip", "unit", "period", "measure", "option", "measure_code", "value", "key"};
    int rc = kh_stmt_run(m->s, m->err, "DELETE FROM form_column WHERE form = ?", KH_ARGS(KH_I(id)));
    for (size_t i = 0; rc == KH_OK && i < f->n_columns; i++) {
        const kh_form_column *c = &f->columns[i];
        bool measured = c->as == KH_AS_MEASURE && c->measure < m->c->n_measures;
        rc = kh_stmt_run(m->s, m->err, "INSERT INTO form_column (form, n, heading, meaning, measure, cut) VALUES (?, ?, ?, ?, ?, ?)",
                         KH_ARGS(KH_I(id), KH_I((int64_t)i + 1), KH_T(c->heading), KH_T(meanings[c->as]), KH_T(measured ? m->c->measures[c->measure].code : NULL),
                                 KH_T(measured ? kh_cut_key(m->c->cuts, c->cut) : NULL)));
    }
    return rc;
}

static int form(kh_mirror *m, kh_form *d, int64_t revision)
{
    static const char sql[] = "INSERT INTO form (code, title, every, calendar, due, valid_from, valid_to, note, revision) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) "
                              "ON CONFLICT (code) DO UPDATE SET title = excluded.title, every = excluded.every, calendar = excluded.calendar, due = excluded.due, "
                              "valid_from = excluded.valid_from, valid_to = excluded.valid_to, note = excluded.note, revision = excluded.revision, withdrawn = NULL";
    char from[KH_DAY_TEXT], to[KH_DAY_TEXT];
    int64_t id = 0;
    kh_day_format(d->from ? kh_period_first(d->from) : KH_DAY_MIN, from);
    kh_day_format(d->to ? kh_period_last(d->to) : KH_DAY_MAX, to);
    int rc = kh_stmt_run(m->s, m->err, sql,
                         KH_ARGS(KH_T(d->code), KH_T(d->title), KH_T(kh_freq_name(d->every)), KH_T(kh_calendar_name(d->calendar)), KH_I(d->due), KH_T(d->from ? from : NULL),
                                 KH_T(d->to ? to : NULL), KH_T(d->note), KH_I(revision)));
    if (rc == KH_OK)
        rc = row_id(m, "SELECT id FROM form WHERE code = ?", d->code, &id);
    return rc == KH_OK ? form_columns(m, d, id) : rc;
}

/* A day on which the unit exists: its first, else its last, else any. */
static kh_day day_of(const kh_unit_def *u)
{
    if (u->from != KH_DAY_MIN)
        return u->from;
    return u->to != KH_DAY_MAX ? u->to : kh_day_make(2020, 1, 1);
}

int kh_mirror_reporters(kh_mirror *m, uint32_t at)
{
    const kh_form *f = &m->c->forms[at];
    size_t n = kh_units_count(m->c->units);
    int64_t id = 0;
    int rc = row_id(m, "SELECT id FROM form WHERE code = ?", f->code, &id);
    if (rc == KH_OK)
        rc = kh_stmt_run(m->s, m->err, "DELETE FROM form_reporter WHERE form = ?", KH_ARGS(KH_I(id)));
    for (kh_unit u = 0; rc == KH_OK && u < n; u++) {
        const kh_unit_def *d = kh_units_def(m->c->units, u);
        bool reports = false;
        for (size_t i = 0; !reports && i < f->n_reporters; i++)
            reports = kh_selector_has(m->c->units, &f->reporters[i], u, day_of(d));
        if (reports)
            rc = kh_stmt_run(m->s, m->err, "INSERT INTO form_reporter (form, unit) VALUES (?, ?)", KH_ARGS(KH_I(id), KH_I(d->id)));
    }
    return rc;
}

/* ---- the rest ---- */

static int rule(kh_mirror *m, const kh_rule *d, int64_t revision)
{
    return kh_stmt_run(m->s, m->err,
                       "INSERT INTO rule (code, title, severity, message, revision) VALUES (?, ?, ?, ?, ?) ON CONFLICT (code) DO UPDATE SET title = excluded.title, "
                       "severity = excluded.severity, message = excluded.message, revision = excluded.revision, withdrawn = NULL",
                       KH_ARGS(KH_T(d->code), KH_T(d->title), KH_T(kh_severity_name(d->severity)), KH_T(d->message), KH_I(revision)));
}

static int plan(kh_mirror *m, const kh_plan *d, int64_t revision)
{
    static const char sql[] =
        "INSERT INTO plan (code, title, kind, issuer, place, subject, signer, parent, unit, date, valid_from, valid_to, note, revision) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (code) DO UPDATE SET title = excluded.title, kind = excluded.kind, issuer = excluded.issuer, place = excluded.place, subject = excluded.subject, "
        "signer = excluded.signer, parent = excluded.parent, unit = excluded.unit, date = excluded.date, valid_from = excluded.valid_from, valid_to = excluded.valid_to, "
        "note = excluded.note, revision = excluded.revision, withdrawn = NULL";
    char date[KH_DAY_TEXT], from[KH_PERIOD_TEXT], to[KH_PERIOD_TEXT];
    int64_t id = 0;
    int rc = kh_stmt_run(m->s, m->err, sql,
                         KH_ARGS(KH_T(d->code), KH_T(d->title), KH_T(d->kind), KH_T(d->issuer), KH_T(d->place), KH_T(d->subject), KH_T(d->signer), KH_T(d->parent), KH_T(d->unit),
                                 KH_T(kh_day_or_null(d->date, date)), KH_T(kh_period_or_null(d->from, from)), KH_T(kh_period_or_null(d->to, to)), KH_T(d->note), KH_I(revision)));
    if (rc == KH_OK)
        rc = row_id(m, "SELECT id FROM plan WHERE code = ?", d->code, &id);
    return rc == KH_OK ? kh_mirror_plan_parts(m, d, id) : rc;
}

static int report(kh_mirror *m, const kh_report_def *d, int64_t revision)
{
    return kh_stmt_run(m->s, m->err,
                       "INSERT INTO report (code, title, every, note, revision) VALUES (?, ?, ?, ?, ?) ON CONFLICT (code) DO UPDATE SET title = excluded.title, every = excluded.every, "
                       "note = excluded.note, revision = excluded.revision, withdrawn = NULL",
                       KH_ARGS(KH_T(d->code), KH_T(d->title), KH_T(kh_freq_name(d->every)), KH_T(d->note), KH_I(revision)));
}

static int job(kh_mirror *m, const kh_job_def *d, int64_t revision)
{
    char at[32];
    snprintf(at, sizeof at, "%02d:%02d", d->at / 60, d->at % 60);
    return kh_stmt_run(m->s, m->err,
                       "INSERT INTO job (code, title, every, calendar, after, at, revision) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (code) DO UPDATE SET title = excluded.title, "
                       "every = excluded.every, calendar = excluded.calendar, after = excluded.after, at = excluded.at, revision = excluded.revision, withdrawn = NULL",
                       KH_ARGS(KH_T(d->code), KH_T(d->title), KH_T(kh_freq_name(d->every)), KH_T(kh_calendar_name(d->calendar)), KH_I(d->after), KH_T(at), KH_I(revision)));
}

int kh_mirror_row(kh_mirror *m, kh_def def, uint32_t at, int64_t revision)
{
    switch (def) {
    case KH_DEF_MEASURE: return measure(m, &m->c->measures[at], revision);
    case KH_DEF_INDICATOR: return indicator(m, &m->c->indicators[at], revision);
    case KH_DEF_FORM: return form(m, &m->c->forms[at], revision);
    case KH_DEF_RULE: return rule(m, &m->c->rules[at], revision);
    case KH_DEF_PLAN: return plan(m, &m->c->plans[at], revision);
    case KH_DEF_REPORT: return report(m, &m->c->reports[at], revision);
    case KH_DEF_JOB: return job(m, &m->c->jobs[at], revision);
    }
    return KH_OK;
}

/* SPDX-License-Identifier: MIT */
/*
 * Definitions as JSON text: what a revision keeps and what tells whether one has
 * changed. Numbers of rows, ids and places in files are not part of it.
 */
#include "store/sqlite_defs.h"

#include "base/json.h"

#include <string.h>

const char *kh_day_or_null(kh_day d, char room[KH_DAY_TEXT])
{
    if (d == KH_DAY_MIN || d == KH_DAY_MAX)
        return NULL;
    kh_day_format(d, room);
    return room;
}

const char *kh_period_or_null(kh_period p, char room[KH_PERIOD_TEXT])
{
    if (p == KH_NO_PERIOD)
        return NULL;
    kh_period_format(p, room);
    return room;
}

size_t kh_defs_count(const kh_catalog *c, kh_def def)
{
    switch (def) {
    case KH_DEF_MEASURE: return c->n_measures;
    case KH_DEF_INDICATOR: return c->n_indicators;
    case KH_DEF_FORM: return c->n_forms;
    case KH_DEF_RULE: return c->n_rules;
    case KH_DEF_PLAN: return c->n_plans;
    case KH_DEF_REPORT: return c->n_reports;
    case KH_DEF_JOB: return c->n_jobs;
    }
    return 0;
}

/* ---- pairs, NULL and 0 left out so that a new field does not change old revisions ---- */

static void str(kh_json *j, const char *key, const char *value)
{
    if (!value)
        return;
    kh_json_key(j, key);
    kh_json_str(j, value);
}

static void num(kh_json *j, const char *key, int64_t value)
{
    if (!value)
        return;
    kh_json_key(j, key);
    kh_json_int(j, value);
}

static void strings(kh_json *j, const char *key, const char *const *items, size_t n)
{
    if (!n)
        return;
    kh_json_key(j, key);
    kh_json_begin(j, '[');
    for (size_t i = 0; i < n; i++)
        kh_json_str(j, items[i]);
    kh_json_end(j, ']');
}

static void day(kh_json *j, const char *key, kh_day d)
{
    char room[KH_DAY_TEXT];
    str(j, key, kh_day_or_null(d, room));
}

static void period(kh_json *j, const char *key, kh_period p)
{
    char room[KH_PERIOD_TEXT];
    str(j, key, kh_period_or_null(p, room));
}

static void dec(kh_json *j, const char *key, kh_dec d)
{
    char room[KH_DEC_TEXT];
    if (d.m == KH_MISSING)
        return;
    kh_dec_format(d, room);
    str(j, key, room);
}

static void begin(kh_json *j, const char *key, char bracket)
{
    kh_json_key(j, key);
    kh_json_begin(j, bracket);
}

static void selector(kh_json *j, const kh_selector *s)
{
    kh_json_begin(j, '{');
    strings(j, "kind", s->kinds, s->n_kinds);
    strings(j, "code", s->codes, s->n_codes);
    str(j, "under", s->under);
    for (size_t i = 0; i < s->n_groups; i++) {
        if (i == 0)
            begin(j, "group", '{');
        str(j, s->groups[i].group, s->groups[i].value);
        if (i + 1 == s->n_groups)
            kh_json_end(j, '}');
    }
    kh_json_end(j, '}');
}

static void selectors(kh_json *j, const char *key, const kh_selector *s, size_t n)
{
    begin(j, key, '[');
    for (size_t i = 0; i < n; i++)
        selector(j, &s[i]);
    kh_json_end(j, ']');
}

void kh_selector_content(kh_buf *out, const kh_selector *s, size_t n)
{
    kh_json j = KH_JSON(out);
    kh_json_begin(&j, '[');
    for (size_t i = 0; i < n; i++)
        selector(&j, &s[i]);
    kh_json_end(&j, ']');
}

/* ---- one function a kind ---- */

static kh_def_text measure(const kh_catalog *c, const kh_measure *m, kh_json *j)
{
    const kh_category *categories;
    kh_cuts_categories(c->cuts, &categories);
    str(j, "title", m->title);
    str(j, "unit", m->unit);
    str(j, "task", m->task);
    str(j, "type", kh_type_name(m->type));
    str(j, "over_units", kh_agg_name(m->over_units));
    str(j, "over_time", kh_agg_name(m->over_time));
    for (size_t i = 0; i < m->n_by; i++) {
        if (i == 0)
            begin(j, "by", '[');
        kh_json_str(j, categories[m->by[i]].code);
        if (i + 1 == m->n_by)
            kh_json_end(j, ']');
    }
    strings(j, "choices", m->choices, m->n_choices);
    if (m->choice_titles)
        strings(j, "choice_titles", m->choice_titles, m->n_choices);
    if (m->has_min)
        kh_json_key(j, "min"), kh_json_int(j, m->min);
    if (m->has_max)
        kh_json_key(j, "max"), kh_json_int(j, m->max);
    num(j, "max_length", m->max_length);
    if (m->n_reported_by)
        selectors(j, "reported_by", m->reported_by, m->n_reported_by);
    return (kh_def_text){"measure", m->code, m->sha256, NULL, m->file, m->line};
}

static void target(kh_json *j, const kh_target *t)
{
    kh_json_begin(j, '{');
    str(j, "comparator", kh_comparator_name(t->cmp));
    dec(j, "lo", t->lo);
    if (t->cmp == KH_BETWEEN)
        dec(j, "hi", t->hi);
    if (t->lo_by)
        str(j, "lo_formula", t->lo_by->source);
    if (t->hi_by)
        str(j, "hi_formula", t->hi_by->source);
    period(j, "from", t->from);
    period(j, "to", t->to);
    num(j, "every", t->every);
    num(j, "by_end", t->by_end);
    kh_json_key(j, "scope");
    selector(j, &t->scope);
    str(j, "text", t->text);
    kh_json_end(j, '}');
}

static kh_def_text indicator(const kh_indicator *d, kh_json *j)
{
    str(j, "title", d->title);
    str(j, "unit", d->unit);
    str(j, "task", d->task);
    str(j, "note", d->note);
    num(j, "decimals", d->decimals);
    num(j, "lower_is_better", d->lower_is_better);
    str(j, "formula", d->source);
    begin(j, "targets", '[');
    for (size_t i = 0; i < d->n_targets; i++)
        target(j, &d->targets[i]);
    kh_json_end(j, ']');
    return (kh_def_text){"indicator", d->code, d->sha256, d->source, d->file, d->line};
}

static const char *const meanings[] = {"skip", "unit", "period", "measure", "option", "measure_code", "value", "key"};

static void column(const kh_catalog *c, kh_json *j, const kh_form_column *col)
{
    const kh_category *categories;
    size_t n = kh_cuts_categories(c->cuts, &categories);
    kh_json_begin(j, '{');
    str(j, "heading", col->heading);
    strings(j, "also", col->also, col->n_also);
    str(j, "as", meanings[col->as]);
    if (col->measure < c->n_measures && col->as == KH_AS_MEASURE)
        str(j, "measure", c->measures[col->measure].code);
    if (col->cut != KH_NO_CUT)
        str(j, "cut", kh_cut_key(c->cuts, col->cut));
    if (col->as == KH_AS_OPTION && col->category < n)
        str(j, "category", categories[col->category].code);
    num(j, "optional", col->optional);
    num(j, "required", col->required);
    num(j, "blank", col->blank);
    num(j, "dash", col->dash);
    num(j, "dots", col->dots);
    num(j, "style", col->style);
    num(j, "factor10", col->factor10);
    str(j, "sum_of", col->sum_of);
    kh_json_end(j, '}');
}

static kh_def_text form(const kh_catalog *c, const kh_form *f, kh_json *j)
{
    char delimiter[2] = {f->delimiter, '\0'};
    str(j, "title", f->title);
    str(j, "every", kh_freq_name(f->every));
    str(j, "calendar", kh_calendar_name(f->calendar));
    num(j, "due", f->due);
    period(j, "from", f->from);
    period(j, "to", f->to);
    selectors(j, "reporters", f->reporters, f->n_reporters);
    selectors(j, "covers", f->covers, f->n_covers);
    begin(j, "columns", '[');
    for (size_t i = 0; i < f->n_columns; i++)
        column(c, j, &f->columns[i]);
    kh_json_end(j, ']');
    num(j, "header_rows", f->header_rows);
    strings(j, "totals", f->totals, f->n_totals);
    strings(j, "groups", f->groups, f->n_groups);
    strings(j, "notes", f->notes, f->n_notes);
    str(j, "encoding", f->encoding);
    str(j, "delimiter", f->delimiter ? delimiter : NULL);
    num(j, "style", f->style);
    str(j, "file_pattern", f->file_pattern);
    num(j, "partial", f->partial);
    num(j, "script", f->script != NULL);
    str(j, "note", f->note);
    begin(j, "measures", '[');
    for (size_t i = 0; i < f->n_measures; i++)
        kh_json_str(j, c->measures[f->measures[i]].code);
    kh_json_end(j, ']');
    return (kh_def_text){"form", f->code, f->sha256, NULL, f->file, f->line};
}

static kh_def_text rule(const kh_rule *r, kh_json *j)
{
    str(j, "title", r->title);
    str(j, "severity", kh_severity_name(r->severity));
    num(j, "needs", r->needs);
    kh_json_key(j, "scope");
    selector(j, &r->scope);
    str(j, "message", r->message);
    return (kh_def_text){"rule", r->code, r->sha256, NULL, r->file, r->line};
}

static void task(kh_json *j, const kh_task *t)
{
    kh_json_begin(j, '{');
    str(j, "code", t->code);
    str(j, "title", t->title);
    str(j, "parent", t->parent);
    str(j, "kind", t->kind);
    str(j, "track", t->track);
    strings(j, "targets", t->targets, t->n_targets);
    kh_json_end(j, '}');
}

static void plan_lists(const kh_plan *p, kh_json *j)
{
    begin(j, "references", '[');
    for (size_t i = 0; i < p->n_references; i++) {
        const kh_reference *r = &p->references[i];
        kh_json_begin(j, '{');
        str(j, "code", r->code), str(j, "title", r->title), day(j, "date", r->date), str(j, "role", r->role);
        kh_json_end(j, '}');
    }
    kh_json_end(j, ']');
    begin(j, "tasks", '[');
    for (size_t i = 0; i < p->n_tasks; i++)
        task(j, &p->tasks[i]);
    kh_json_end(j, ']');
    begin(j, "assignments", '[');
    for (size_t i = 0; i < p->n_assignments; i++) {
        const kh_assignment *a = &p->assignments[i];
        kh_json_begin(j, '{');
        str(j, "task", a->task), str(j, "unit", a->unit), str(j, "role", kh_role_name(a->role)), str(j, "duty", a->duty);
        kh_json_end(j, '}');
    }
    kh_json_end(j, ']');
    begin(j, "milestones", '[');
    for (size_t i = 0; i < p->n_milestones; i++) {
        const kh_milestone *s = &p->milestones[i];
        kh_json_begin(j, '{');
        str(j, "code", s->code), str(j, "title", s->title), day(j, "due", s->due), str(j, "task", s->task), str(j, "unit", s->unit);
        kh_json_end(j, '}');
    }
    kh_json_end(j, ']');
    begin(j, "pilots", '[');
    for (size_t i = 0; i < p->n_pilots; i++) {
        kh_json_begin(j, '{');
        str(j, "unit", p->pilots[i].unit), str(j, "task", p->pilots[i].task), str(j, "title", p->pilots[i].title);
        kh_json_end(j, '}');
    }
    kh_json_end(j, ']');
    begin(j, "budget_years", '[');
    for (size_t i = 0; i < p->n_budget_years; i++) {
        char year[KH_PERIOD_TEXT];
        kh_period_format(p->budget_years[i], year);
        kh_json_str(j, year);
    }
    kh_json_end(j, ']');
}

static kh_def_text plan(const kh_plan *p, kh_json *j)
{
    str(j, "title", p->title);
    str(j, "kind", p->kind);
    str(j, "issuer", p->issuer);
    str(j, "place", p->place);
    str(j, "subject", p->subject);
    str(j, "signer", p->signer);
    str(j, "parent", p->parent);
    str(j, "unit", p->unit);
    day(j, "date", p->date);
    period(j, "from", p->from);
    period(j, "to", p->to);
    str(j, "note", p->note);
    plan_lists(p, j);
    return (kh_def_text){"plan", p->code, p->sha256, NULL, p->file, p->line};
}

static kh_def_text report(const kh_report_def *r, kh_json *j)
{
    str(j, "title", r->title);
    str(j, "every", kh_freq_name(r->every));
    str(j, "lang", r->lang);
    str(j, "note", r->note);
    return (kh_def_text){"report", r->code, NULL, NULL, r->file, r->line};
}

static kh_def_text job(const kh_job_def *d, kh_json *j)
{
    str(j, "title", d->title);
    str(j, "every", kh_freq_name(d->every));
    str(j, "calendar", kh_calendar_name(d->calendar));
    num(j, "after", d->after);
    num(j, "at", d->at);
    num(j, "timeout", d->timeout);
    num(j, "wait", d->wait);
    num(j, "retries", d->retries);
    num(j, "catch_up", d->catch_up);
    return (kh_def_text){"job", d->code, d->sha256, NULL, d->file, d->line};
}

kh_def_text kh_def_content(const kh_catalog *c, kh_def def, uint32_t at, kh_buf *out)
{
    kh_json j = KH_JSON(out);
    kh_def_text t = {0};
    kh_buf_clear(out);
    kh_json_begin(&j, '{');
    switch (def) {
    case KH_DEF_MEASURE: t = measure(c, &c->measures[at], &j); break;
    case KH_DEF_INDICATOR: t = indicator(&c->indicators[at], &j); break;
    case KH_DEF_FORM: t = form(c, &c->forms[at], &j); break;
    case KH_DEF_RULE: t = rule(&c->rules[at], &j); break;
    case KH_DEF_PLAN: t = plan(&c->plans[at], &j); break;
    case KH_DEF_REPORT: t = report(&c->reports[at], &j); break;
    case KH_DEF_JOB: t = job(&c->jobs[at], &j); break;
    }
    if (t.sha256 && t.sha256[0])
        str(&j, "sha256", t.sha256);
    kh_json_end(&j, '}');
    return t;
}

/* ---- everything ---- */

static void piece(kh_sha256 *h, kh_buf *b, const char *s)
{
    if (b->len > 60000) {
        kh_sha256_add(h, b->data, b->len);
        kh_buf_clear(b);
    }
    kh_buf_str(b, s ? s : "\x01");
    kh_buf_char(b, '\0');
}

static void whole(kh_sha256 *h, kh_buf *b, int64_t v)
{
    kh_buf_int(b, v);
    piece(h, b, "");
}

static void units_pieces(const kh_catalog *c, kh_sha256 *h, kh_buf *b)
{
    const kh_kind *kinds;
    const kh_succession *successions;
    size_t n = kh_units_kinds(c->units, &kinds);
    for (size_t i = 0; i < n; i++) {
        piece(h, b, kinds[i].code), piece(h, b, kinds[i].level), piece(h, b, kinds[i].title), piece(h, b, kinds[i].title_en);
    }
    n = kh_units_count(c->units);
    for (kh_unit u = 0; u < n; u++) {
        const kh_unit_def *d = kh_units_def(c->units, u);
        piece(h, b, d->code), piece(h, b, d->name), piece(h, b, d->short_name), piece(h, b, d->parent_code);
        whole(h, b, d->kind), whole(h, b, d->from), whole(h, b, d->to);
        for (size_t i = 0; i < d->n_groups; i++)
            piece(h, b, d->groups[i].group), piece(h, b, d->groups[i].value);
        piece(h, b, "\x02");
    }
    n = kh_units_successions(c->units, &successions);
    for (size_t i = 0; i < n; i++)
        whole(h, b, successions[i].date), whole(h, b, successions[i].from), whole(h, b, successions[i].to), whole(h, b, successions[i].part);
}

void kh_defs_fingerprint(const kh_catalog *c, char hex[KH_SHA256_HEX])
{
    const kh_category *categories;
    kh_sha256 *h = kh_sha256_new();
    kh_buf b = KH_BUF_INIT, content = KH_BUF_INIT;
    units_pieces(c, h, &b);
    size_t n = kh_cuts_categories(c->cuts, &categories);
    for (size_t i = 0; i < n; i++) {
        piece(h, &b, categories[i].code), piece(h, &b, categories[i].title);
        for (size_t k = 0; k < categories[i].n_options; k++)
            piece(h, &b, categories[i].options[k].code), piece(h, &b, categories[i].options[k].title);
        piece(h, &b, "\x02");
    }
    for (int def = KH_DEF_MEASURE; def <= KH_DEF_JOB; def++)
        for (uint32_t i = 0; i < kh_defs_count(c, (kh_def)def); i++) {
            kh_def_text t = kh_def_content(c, (kh_def)def, i, &content);
            piece(h, &b, t.kind), piece(h, &b, t.code), piece(h, &b, content.data);
        }
    if (b.len)
        kh_sha256_add(h, b.data, b.len);
    kh_sha256_end(h, hex);
    kh_buf_free(&b);
    kh_buf_free(&content);
}

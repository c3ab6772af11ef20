/* SPDX-License-Identifier: MIT */
/*
 * What would be different: figures as they were (results that were kept, the
 * figures of a publication, or those of the store as it is) against the same
 * figures now (under the scripts as they stand, or with a corrected return laid
 * over the store). Nothing is stored; exact values are compared.
 */
#include "flow/flow.h"

#include "base/msg.h"
#include "flow/figures.h"
#include "flow/freeze.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct olds { kh_arena *arena; kh_published_figure *of; size_t n, cap; } olds;

static void olds_start(olds *l) { *l = (olds){.arena = kh_arena_new()}; }

static void olds_free(olds *l)
{
    kh_arena_free(l->arena);
    kh_free(l->of);
}

static void add_old(olds *l, const kh_published_figure *f)
{
    kh_published_figure own = *f;
    own.as_of = kh_arena_strdup(l->arena, f->as_of);
    own.definition = kh_arena_strdup(l->arena, f->definition);
    own.value = kh_arena_strdup(l->arena, f->value);
    own.reason = kh_arena_strdup(l->arena, f->reason);
    KH_PUSH(l->of, l->n, l->cap) = own;
}

/* --- telling ------------------------------------------------------------------ */

enum { D_NAME, D_TITLE, D_UNIT, D_PERIOD, D_BEFORE, D_AFTER, D_STATUS_BEFORE, D_STATUS_AFTER, D_COVER_BEFORE, D_COVER_AFTER, D_BECAUSE };

typedef struct telling { kh_frame *f; bool people; } telling; /* for people statuses and causes are in their language */

static kh_frame *new_frame(kh_catalog *c)
{
    static const char *const names[] = {"name", "title", "unit", "period", "before", "after", "status_before", "status_after", "reported_before", "reported_after", "because"};
    const char *const titles[] = {_("Code"), _("Title"), _("Unit"), _("Period"), _("Before"), _("After"), _("Status before"), _("Status after"), _("Coverage before"), _("Coverage after"), _("Because")};
    kh_frame *f = kh_frame_new(c);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        kh_frame_add_column(f, names[i], titles[i], NULL, -1);
    return f;
}

static void set_text(kh_frame *f, size_t row, size_t column, const char *text)
{
    if (text && *text)
        *kh_frame_cell(f, row, column) = (kh_cell){.type = KH_C_TEXT, .text = kh_arena_strdup(f->arena, text)};
}

static void set_value(kh_frame *f, size_t row, size_t column, const kh_published_figure *x, bool number)
{
    if (x->value && number)
        *kh_frame_cell(f, row, column) = (kh_cell){.type = KH_C_NUM, .num = strtod(x->value, NULL), .text = kh_arena_strdup(f->arena, x->value)};
    else
        set_text(f, row, column, x->value);
}

static void set_cover(kh_frame *f, size_t row, size_t column, const kh_published_figure *x)
{
    char text[32] = "";
    if (x->expected)
        snprintf(text, sizeof text, "%u/%u", x->reported, x->expected);
    set_text(f, row, column, text);
}

static const char *cause(const telling *t, const kh_published_figure *old, const kh_published_figure *now)
{
    if (strcmp(old->definition, now->definition) != 0)
        return t->people ? _("definition") : "definition";
    return t->people ? _("values") : "values";
}

static const char *status(const telling *t, kh_status s)
{
    return t->people ? kh_status_text(s) : kh_status_name(s);
}

static void tell(const kh_catalog *c, const telling *t, const kh_published_figure *old, const kh_published_figure *now)
{
    kh_frame *f = t->f;
    size_t row = kh_frame_add_row(f);
    const kh_measure *m = old->is_measure ? &c->measures[old->ref] : NULL;
    kh_buf name = KH_BUF_INIT;
    kh_buf_str(&name, m ? m->code : c->indicators[old->ref].code);
    if (old->cut != KH_NO_CUT)
        kh_buf_printf(&name, "{%s}", kh_cut_key(c->cuts, old->cut));
    set_text(f, row, D_NAME, kh_buf_cstr(&name));
    kh_buf_free(&name);
    set_text(f, row, D_TITLE, kh_say(m ? m->title : c->indicators[old->ref].title));
    *kh_frame_cell(f, row, D_UNIT) = (kh_cell){.type = KH_C_UNIT, .i = old->unit};
    *kh_frame_cell(f, row, D_PERIOD) = (kh_cell){.type = KH_C_PERIOD, .i = old->period};
    bool number = !m || kh_type_is_number(m->type);
    set_value(f, row, D_BEFORE, old, number);
    set_value(f, row, D_AFTER, now, number);
    set_text(f, row, D_STATUS_BEFORE, status(t, old->status));
    set_text(f, row, D_STATUS_AFTER, status(t, now->status));
    set_cover(f, row, D_COVER_BEFORE, old);
    set_cover(f, row, D_COVER_AFTER, now);
    set_text(f, row, D_BECAUSE, cause(t, old, now));
}

static bool same_text(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

static bool same_figure(const kh_published_figure *a, const kh_published_figure *b)
{
    return same_text(a->value, b->value) && (a->value || same_text(a->reason, b->reason)) && a->status == b->status && a->reported == b->reported && a->expected == b->expected;
}

/* --- comparing: all that was asked as of one date in one period is one question ------- */

static int by_question(const void *a, const void *b)
{
    const kh_published_figure *x = *(const kh_published_figure *const *)a, *y = *(const kh_published_figure *const *)b;
    int c = strcmp(x->as_of ? x->as_of : "", y->as_of ? y->as_of : "");
    if (c || x->period != y->period)
        return c ? c : x->period < y->period ? -1 : 1;
    if (x->is_measure != y->is_measure)
        return x->is_measure ? 1 : -1;
    if (x->ref != y->ref)
        return x->ref < y->ref ? -1 : 1;
    if (x->cut != y->cut)
        return x->cut < y->cut ? -1 : 1;
    return x->unit < y->unit ? -1 : x->unit > y->unit;
}

typedef struct asking { kh_item *items; size_t n_items; kh_unit *units; size_t n_units; uint32_t *place; /* [units] 1 + place in units */ } asking;

static bool same_item(const kh_item *it, const kh_published_figure *f)
{
    return (it->kind == KH_ITEM_MEASURE) == f->is_measure && it->ref == f->ref && it->cut == f->cut;
}

static void gather(asking *q, const kh_published_figure *const *list, size_t n)
{
    q->n_items = q->n_units = 0;
    for (size_t i = 0; i < n; i++) {
        if (!q->n_items || !same_item(&q->items[q->n_items - 1], list[i]))
            q->items[q->n_items++] = (kh_item){list[i]->is_measure ? KH_ITEM_MEASURE : KH_ITEM_INDICATOR, list[i]->ref, list[i]->cut};
        if (!q->place[list[i]->unit]) {
            q->units[q->n_units++] = list[i]->unit;
            q->place[list[i]->unit] = (uint32_t)q->n_units;
        }
    }
}

static int compare_group(kh_workspace *ws, kh_calc *k, asking *ask, const kh_published_figure *const *list, size_t n, const telling *out, kh_error *err)
{
    kh_answer *a;
    gather(ask, list, n);
    kh_question q = {ask->items, ask->n_items, ask->units, ask->n_units, &list[0]->period, 1};
    int rc = kh_calc_ask(k, &q, &a, err);
    if (rc != KH_OK)
        return rc;
    kh_arena *texts = kh_arena_new();
    for (size_t i = 0, item = 0; rc == KH_OK && i < n; i++) {
        kh_published_figure now;
        while (!same_item(&ask->items[item], list[i]))
            item++;
        rc = kh_figure_now(k, ws->catalog, &q, a, item, 0, ask->place[list[i]->unit] - 1, texts, &now, err);
        if (rc == KH_OK && !same_figure(list[i], &now))
            tell(ws->catalog, out, list[i], &now);
    }
    for (size_t i = 0; i < ask->n_units; i++)
        ask->place[ask->units[i]] = 0;
    kh_arena_free(texts);
    kh_answer_free(a);
    return rc;
}

/* `fixed`: the session to ask; NULL: the workspace's, or one restated as each figure was. */
static int compare(kh_workspace *ws, const olds *l, kh_calc *fixed, const telling *out, kh_error *err)
{
    const kh_published_figure **list = kh_alloc((l->n + 1) * sizeof *list);
    asking ask = {kh_alloc((l->n + 1) * sizeof *ask.items), 0, kh_alloc((l->n + 1) * sizeof *ask.units), 0, kh_zalloc(kh_units_count(ws->catalog->units) + 1, sizeof *ask.place)};
    int rc = KH_OK;
    for (size_t i = 0; i < l->n; i++)
        list[i] = &l->of[i];
    qsort(list, l->n, sizeof *list, by_question);
    for (size_t i = 0, end; rc == KH_OK && i < l->n; i = end) {
        kh_calc *k = fixed;
        bool own = false;
        for (end = i + 1; end < l->n && list[end]->period == list[i]->period && same_text(list[end]->as_of, list[i]->as_of); end++)
            ;
        if (!fixed)
            rc = kh_session_as_of(ws, list[i]->as_of, &k, &own, err);
        if (rc == KH_OK)
            rc = compare_group(ws, k, &ask, list + i, end - i, out, err);
        if (own)
            kh_calc_close(k);
    }
    kh_free(list);
    kh_free(ask.items);
    kh_free(ask.units);
    kh_free(ask.place);
    return rc;
}

/* --- results that were kept ------------------------------------------------------- */

typedef struct keeping { kh_workspace *ws; const kh_compute_options *o; bool *wanted; const kh_period *periods; size_t n_periods, all; olds l; kh_error *err; } keeping;

/* "province,district", "all" */
static bool level_wanted(const kh_units *units, kh_unit u, const char *levels)
{
    bool is = !levels || strcmp(levels, "all") == 0;
    char *copy = kh_strdup(levels ? levels : ""), *rest = copy;
    for (char *name; !is && (name = strsep(&rest, ","));)
        is = kh_units_is(units, u, name);
    kh_free(copy);
    return is;
}

static bool unit_wanted(const keeping *x, kh_unit u, kh_day at)
{
    const kh_units *units = x->ws->catalog->units;
    const kh_compute_options *o = x->o;
    bool named = !o->n_units;
    for (size_t i = 0; i < o->n_units; i++)
        named |= strcmp(kh_units_def(units, u)->code, o->units[i]) == 0;
    return named && level_wanted(units, u, o->level) && (!o->under || kh_units_within(units, u, kh_units_find(units, o->under, at), at));
}

static int take_kept(void *ctx, const kh_result_row *r, int64_t revision, const char *computed)
{
    keeping *x = ctx;
    (void)revision, (void)computed;
    x->all++;
    bool within = !x->o->period;
    for (size_t i = 0; i < x->n_periods; i++)
        within |= r->period == x->periods[i] || kh_period_contains(x->periods[i], r->period);
    if (!within || (x->wanted && !x->wanted[r->indicator]) || !unit_wanted(x, r->unit, kh_period_last(r->period)))
        return 0;
    kh_published_figure f = {.ref = r->indicator, .unit = r->unit, .period = r->period, .definition = r->definition ? r->definition : "", .value = r->value, .reason = r->reason,
                             .status = r->status, .reported = r->reported, .expected = r->expected};
    add_old(&x->l, &f);
    return 0;
}

/* Names of indicators into marks; NULL: all. */
static int wanted_names(kh_workspace *ws, const kh_compute_options *o, bool **out, kh_error *err)
{
    *out = o->n_names ? kh_zalloc(ws->catalog->n_indicators + 1, sizeof **out) : NULL;
    for (size_t i = 0; i < o->n_names; i++) {
        uint32_t ref;
        int rc = kh_catalog_need(ws->catalog, KH_DEF_INDICATOR, o->names[i], &ref, err);
        if (rc != KH_OK)
            return rc;
        (*out)[ref] = true;
    }
    return KH_OK;
}

static int diff_kept(kh_workspace *ws, const kh_compute_options *o, const telling *out, kh_error *err)
{
    keeping x = {.ws = ws, .o = o};
    kh_period *periods = NULL;
    olds_start(&x.l);
    int rc = wanted_names(ws, o, &x.wanted, err);
    if (rc == KH_OK && o->period)
        rc = kh_periods_of(ws, o->period, o->every, &periods, &x.n_periods, err);
    x.periods = periods;
    if (rc == KH_OK && (rc = kh_workspace_store(ws, KH_STORE_READ, err)) == KH_OK)
        rc = kh_store_results(ws->store, ws->catalog, KH_NO_EXPR, KH_NO_PERIOD, take_kept, &x, err);
    if (rc == KH_OK && !x.all)
        rc = kh_fail(err, KH_EUSAGE, "no results are kept to compare with: `kehoach compute --keep` keeps them, or name a corrected return with --with FILE");
    if (rc == KH_OK)
        rc = compare(ws, &x.l, NULL, out, err);
    olds_free(&x.l);
    kh_free(x.wanted);
    kh_free(periods);
    return rc;
}

/* --- a corrected return ------------------------------------------------------------- */

/* Where nothing else is said: the return's periods and those that hold them, its units and those above. */
static void touched(kh_workspace *ws, const kh_return *r, kh_period **periods, size_t *n_periods, kh_unit **units, size_t *n_units)
{
    static const kh_freq longer[] = {KH_WEEK, KH_MONTH, KH_QUARTER, KH_HALF, KH_NINE, KH_YEAR};
    const kh_units *all = ws->catalog->units;
    bool *seen = kh_zalloc(kh_units_count(all) + 1, sizeof *seen);
    size_t cap = 0, room = 0;
    for (size_t g = 0; g < r->n_rows; g++) {
        kh_period own = r->rows[g].period;
        for (int i = -1; i < (int)(sizeof longer / sizeof *longer); i++) {
            kh_period p = i < 0 ? own : kh_period_of(longer[i], kh_period_last(own));
            bool known = i >= 0 && (p == own || !kh_period_contains(p, own));
            for (size_t j = 0; j < *n_periods; j++)
                known |= (*periods)[j] == p;
            if (!known)
                KH_PUSH(*periods, *n_periods, cap) = p;
        }
        for (size_t i = 0; i < r->rows[g].n; i++)
            for (kh_unit u = r->rows[g].unit[i]; u != KH_NO_UNIT && !seen[u]; u = kh_units_parent(all, u, kh_period_last(own))) {
                seen[u] = true;
                KH_PUSH(*units, *n_units, room) = u;
            }
    }
    kh_free(seen);
}

static int take_before(kh_workspace *ws, const kh_question *q, olds *l, kh_error *err)
{
    kh_calc *k;
    kh_answer *a = NULL;
    int rc = kh_session(ws, &k, err);
    if (rc == KH_OK)
        rc = kh_calc_ask(k, q, &a, err);
    for (size_t i = 0; rc == KH_OK && i < q->n_items; i++)
        for (size_t p = 0; rc == KH_OK && p < q->n_periods; p++)
            for (size_t u = 0; rc == KH_OK && u < q->n_units; u++) {
                kh_published_figure f;
                rc = kh_figure_now(k, ws->catalog, q, a, i, p, u, l->arena, &f, err);
                KH_PUSH(l->of, l->n, l->cap) = f;
            }
    kh_answer_free(a);
    return rc;
}

static int ask_both(kh_workspace *ws, const kh_return *r, int64_t without, const kh_question *q, const telling *out, kh_error *err)
{
    kh_calc *k = NULL;
    kh_calc_options co = {.overlay = r, .without = without, .today = ws->today, .stop = ws->stop};
    olds l;
    olds_start(&l);
    int rc = take_before(ws, q, &l, err);
    if (rc == KH_OK && (rc = kh_calc_open(&k, ws->catalog, ws->store, &co, err)) == KH_OK)
        rc = compare(ws, &l, k, out, err);
    kh_calc_close(k);
    olds_free(&l);
    return rc;
}

static void narrow_units(kh_workspace *ws, const kh_compute_options *o, kh_day at, kh_unit *units, size_t *n)
{
    keeping x = {.ws = ws, .o = o};
    size_t kept = 0;
    for (size_t i = 0; i < *n; i++)
        if (unit_wanted(&x, units[i], at))
            units[kept++] = units[i];
    *n = kept;
}

static int diff_with(kh_workspace *ws, const kh_compute_options *o, const char *file, const kh_import_options *how, const telling *out, kh_error *err)
{
    kh_import_options io = *how;
    kh_import_result r;
    kh_item *items = NULL;
    kh_period *periods = NULL;
    kh_unit *units = NULL;
    size_t n_items = 0, n_periods = 0, n_units = 0;
    io.check = io.no_rules = true;
    int rc = kh_import(ws, file, &io, NULL, NULL, &r, err);
    if (rc == KH_EFAULTS)
        kh_wrap(err, "`kehoach import --check %s` tells each fault", file);
    if (rc == KH_OK)
        rc = kh_workspace_store(ws, KH_STORE_READ, err);
    if (rc == KH_OK)
        rc = kh_compute_items(ws, o, &items, &n_items, err);
    if (rc == KH_OK) {
        touched(ws, r.in->ret, &periods, &n_periods, &units, &n_units);
        if (o->period) {
            kh_free(periods);
            rc = kh_periods_of(ws, o->period, o->every, &periods, &n_periods, err);
        }
    }
    if (rc == KH_OK && n_periods) {
        narrow_units(ws, o, kh_period_last(periods[0]), units, &n_units);
        kh_question q = {items, n_items, units, n_units, periods, n_periods};
        rc = ask_both(ws, r.in->ret, r.submission, &q, out, err);
    }
    kh_free(items);
    kh_free(periods);
    kh_free(units);
    kh_import_result_clear(&r);
    return rc;
}

int kh_compute_diff(kh_workspace *ws, const kh_compute_options *o, const char *with, const kh_import_options *how, bool people, kh_frame **out, kh_error *err)
{
    telling t = {new_frame(ws->catalog), people};
    int rc = with ? diff_with(ws, o, with, how, &t, err) : diff_kept(ws, o, &t, err);
    if (rc == KH_OK)
        *out = t.f;
    else
        kh_frame_free(t.f);
    return rc;
}

/* --- a publication ------------------------------------------------------------------ */

static int take_published(void *ctx, const kh_published_figure *f)
{
    add_old(ctx, f);
    return 0;
}

int kh_report_diff(kh_workspace *ws, const char *report, const char *period, const char *unit, bool people, kh_publication_diff *out, kh_error *err)
{
    olds l;
    char span[KH_PERIOD_TEXT];
    const char *of = NULL;
    *out = (kh_publication_diff){.changed = new_frame(ws->catalog)};
    olds_start(&l);
    int rc = kh_report_span(ws, report, period, unit, span, &of, err);
    if (rc == KH_OK)
        rc = kh_store_published(ws->store, ws->catalog, report, span, of, out->at, &out->lost, take_published, &l, err);
    if (rc == KH_OK && !out->at[0])
        rc = kh_fail(err, KH_EUSAGE, "report %s of %s was not published yet: `kehoach report %s --period %s -o PATH` does", report, span, report, span);
    out->figures = l.n + out->lost;
    if (rc == KH_OK)
        rc = compare(ws, &l, NULL, &(telling){out->changed, people}, err);
    olds_free(&l);
    if (rc != KH_OK) {
        kh_frame_free(out->changed);
        out->changed = NULL;
    }
    return rc;
}

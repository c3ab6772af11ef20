/* SPDX-License-Identifier: MIT */
/* compute: names, periods and units as users write them, made into one question; the answer as a frame. */
#include "flow/flow.h"

#include "flow/figures.h"
#include "flow/freeze.h"

#include "base/map.h"
#include "base/msg.h"
#include "base/text.h"

#include <string.h>

/* --- periods ------------------------------------------------------------------ */

typedef struct list { kh_period *p; size_t n, cap; } list;

static int parse_one(const char *s, size_t n, kh_period *out, kh_error *err)
{
    while (n && *s == ' ')
        s++, n--;
    while (n && s[n - 1] == ' ')
        n--;
    if ((*out = kh_period_parse(s, n)))
        return KH_OK;
    return kh_fail(err, KH_EUSAGE, "\"%.*s\" is not a period; periods are written 2018, 2018H1, 2018-9M, 2018Q1, 2018-03, 2018W07 or 2018-03-15", (int)n, s);
}

static int parse_range(const char *s, size_t n, const char *dots, list *l, kh_error *err)
{
    kh_period from, to;
    int rc;
    if ((rc = parse_one(s, (size_t)(dots - s), &from, err)) != KH_OK || (rc = parse_one(dots + 2, n - (size_t)(dots + 2 - s), &to, err)) != KH_OK)
        return rc;
    if (kh_period_freq(from) != kh_period_freq(to) || from > to)
        return kh_fail(err, KH_EUSAGE, "\"%.*s\": a range goes from an earlier to a later period of the same length, like 2016..2020", (int)n, s);
    for (; from <= to; from = kh_period_step(from, 1))
        KH_PUSH(l->p, l->n, l->cap) = from;
    return KH_OK;
}

static void split(list *l, kh_freq every)
{
    list out = {0};
    for (size_t i = 0; i < l->n; i++) {
        size_t n = kh_period_within(l->p[i], every, NULL, 0);
        kh_period *parts = kh_alloc((n + 1) * sizeof *parts);
        kh_period_within(l->p[i], every, parts, n);
        for (size_t k = 0; k < n; k++)
            KH_PUSH(out.p, out.n, out.cap) = parts[k];
        kh_free(parts);
    }
    kh_free(l->p);
    *l = out;
}

/* The year of the latest value: what a user who names no period most likely asks about. */
static int last_year(kh_workspace *ws, list *l, kh_error *err)
{
    kh_period *all;
    size_t n;
    int rc = kh_workspace_store(ws, KH_STORE_READ, err);
    if (rc != KH_OK || (rc = kh_store_periods(ws->store, &all, &n, err)) != KH_OK)
        return rc;
    int year = 0;
    for (size_t i = 0; i < n; i++)
        if (kh_period_year(all[i]) > year)
            year = kh_period_year(all[i]);
    kh_free(all);
    if (!year)
        return kh_fail(err, KH_EUSAGE, "the store holds no values yet: import returns first, or name a period with --period");
    KH_PUSH(l->p, l->n, l->cap) = kh_period_make(KH_YEAR, year, 1);
    return KH_OK;
}

int kh_periods_of(kh_workspace *ws, const char *text, const char *every, kh_period **out, size_t *n, kh_error *err)
{
    list l = {0};
    int rc = KH_OK;
    *out = NULL;
    *n = 0;
    if (!text) {
        rc = last_year(ws, &l, err);
    } else {
        for (const char *s = text; rc == KH_OK;) {
            const char *comma = strchr(s, ',');
            size_t len = comma ? (size_t)(comma - s) : strlen(s);
            const char *dots = memmem(s, len, "..", 2);
            kh_period p;
            if (dots)
                rc = parse_range(s, len, dots, &l, err);
            else if ((rc = parse_one(s, len, &p, err)) == KH_OK)
                KH_PUSH(l.p, l.n, l.cap) = p;
            if (!comma)
                break;
            s = comma + 1;
        }
    }
    if (rc == KH_OK && every) {
        kh_freq f = kh_freq_parse(every);
        if (f == KH_EVERY_NONE)
            rc = kh_fail(err, KH_EUSAGE, "\"%s\" is not a length of period; use year, half, nine, quarter, month, week or day", every);
        else
            split(&l, f);
    }
    if (rc == KH_OK && !l.n)
        rc = kh_fail(err, KH_EUSAGE, "no period of length \"%s\" lies within %s", every ? every : "", text ? text : "");
    if (rc != KH_OK) {
        kh_free(l.p);
        return rc;
    }
    *out = l.p;
    *n = l.n;
    return KH_OK;
}

static int parse_day(const char *text, kh_day *out, kh_error *err)
{
    if (kh_day_parse(text, strlen(text), out))
        return KH_OK;
    return kh_fail(err, KH_EUSAGE, "\"%s\" is not a date; dates are written 2020-01-31", text);
}

/* --- units -------------------------------------------------------------------- */

typedef struct levels { char *text; const char **names; size_t n, cap; bool all; } levels; /* "province,district", "all" */

static void levels_free(levels *l)
{
    kh_free(l->text);
    kh_free(l->names);
}

static int fail_level(const kh_units *u, const char *level, kh_error *err)
{
    const char *near = kh_units_nearest_kind(u, level);
    return near ? kh_fail(err, KH_EUSAGE, "no kind or level of units is called \"%s\"; did you mean \"%s\"?", level, near)
                : kh_fail(err, KH_EUSAGE, "no kind or level of units is called \"%s\"; see the kinds in scripts/plan", level);
}

static int levels_of(const kh_workspace *ws, const char *text, levels *l, kh_error *err)
{
    *l = (levels){.all = text && strcmp(text, "all") == 0, .text = kh_strdup(text ? text : "")};
    if (!text || l->all)
        return KH_OK;
    for (char *at = l->text, *name; (name = strsep(&at, ","));) {
        if (!kh_units_knows_kind(ws->catalog->units, name))
            return fail_level(ws->catalog->units, name, err);
        KH_PUSH(l->names, l->n, l->cap) = name;
    }
    return KH_OK;
}

static bool is_of(const kh_units *units, kh_unit u, const levels *l)
{
    for (size_t i = 0; i < l->n; i++)
        if (kh_units_is(units, u, l->names[i]))
            return true;
    return l->all;
}

typedef struct units { kh_unit *u; size_t n, cap; bool *seen; } units;

static void add_unit(units *l, kh_unit u)
{
    if (l->seen[u])
        return;
    l->seen[u] = true;
    KH_PUSH(l->u, l->n, l->cap) = u;
}

/*
 * Units are asked at each period's last day (a commune that merged is there for the years when it was), or at the day to
 * whose units all is restated. Without a level:
 * the units named, or the top of the tree - the roots that have something below them come first, and they are enough.
 */
static void units_at(kh_workspace *ws, kh_day at, const levels *wanted, const kh_unit *under, units *l)
{
    const kh_tree *t = kh_units_at(ws->catalog->units, at);
    for (size_t i = 0; i < t->n; i++) {
        kh_unit u = t->unit[i];
        if (under && !kh_units_within(ws->catalog->units, u, *under, at))
            continue;
        if (wanted->n || wanted->all ? is_of(ws->catalog->units, u, wanted) : under ? u == *under : t->parent[i] < 0)
            add_unit(l, u);
    }
}

static int gather_units_of(kh_workspace *ws, const kh_compute_options *o, const levels *wanted, const kh_period *periods, size_t n, units *l, kh_error *err)
{
    kh_catalog *c = ws->catalog;
    int rc;
    kh_day boundaries = 0;
    l->seen = kh_zalloc(kh_units_count(c->units) + 1, sizeof *l->seen);
    if (o->as_of && (rc = parse_day(o->as_of, &boundaries, err)) != KH_OK)
        return rc;
    for (size_t p = 0; p < n; p++) {
        kh_day at = o->as_of ? boundaries : kh_period_last(periods[p]);
        kh_unit under = KH_NO_UNIT, u;
        kh_error late = KH_ERROR_INIT;
        if (o->under && kh_catalog_need_unit(c, o->under, at, &under, &late) != KH_OK) {
            if (p + 1 == n && !l->n)
                return kh_error_move(err, &late);
            kh_error_clear(&late);
            continue;
        }
        for (size_t i = 0; i < o->n_units; i++) {
            if ((rc = kh_catalog_need_unit(c, o->units[i], at, &u, err)) != KH_OK)
                return rc;
            add_unit(l, u);
        }
        if (!o->n_units)
            units_at(ws, at, wanted, o->under ? &under : NULL, l);
    }
    if (!l->n)
        return kh_fail(err, KH_EUSAGE, "no unit of kind \"%s\" is there in that period", o->level ? o->level : "");
    return KH_OK;
}

static int gather_units(kh_workspace *ws, const kh_compute_options *o, const kh_period *periods, size_t n, units *l, kh_error *err)
{
    levels wanted;
    int rc = levels_of(ws, o->level, &wanted, err);
    if (rc == KH_OK)
        rc = gather_units_of(ws, o, &wanted, periods, n, l, err);
    levels_free(&wanted);
    return rc;
}

/* --- names -------------------------------------------------------------------- */

int kh_compute_items(kh_workspace *ws, const kh_compute_options *o, kh_item **out, size_t *n, kh_error *err)
{
    kh_catalog *c = ws->catalog;
    *n = o->n_names ? o->n_names : c->n_indicators;
    *out = kh_zalloc(*n + 1, sizeof **out);
    for (size_t i = 0; i < *n; i++) {
        kh_def def = KH_DEF_INDICATOR;
        uint32_t ref = (uint32_t)i;
        if (o->n_names) {
            int rc = kh_catalog_need_name(c, o->names[i], &def, &ref, err);
            if (rc != KH_OK)
                return rc;
        }
        (*out)[i] = (kh_item){def == KH_DEF_MEASURE ? KH_ITEM_MEASURE : KH_ITEM_INDICATOR, ref, KH_NO_CUT};
    }
    if (!*n)
        return kh_fail(err, KH_EUSAGE, "this workspace defines no indicator yet: write one in a file below scripts/, or name a measure");
    return KH_OK;
}

/* --- asking ------------------------------------------------------------------- */

/* A session of one's own is needed only for a question restated to other boundaries. */
int kh_session_as_of(kh_workspace *ws, const char *as_of, kh_calc **k, bool *own, kh_error *err)
{
    *own = false;
    if (!as_of)
        return kh_session(ws, k, err);
    kh_calc_options o = {.restate = true, .today = ws->today, .stop = ws->stop};
    int rc = parse_day(as_of, &o.boundaries, err);
    if (rc != KH_OK || (rc = kh_workspace_store(ws, KH_STORE_READ, err)) != KH_OK)
        return rc;
    *own = true;
    return kh_calc_open(k, ws->catalog, ws->store, &o, err);
}

static int session_for(kh_workspace *ws, const kh_question *q, const char *as_of, kh_calc **k, bool *own, kh_error *err)
{
    *own = false;
    return as_of ? kh_session_as_of(ws, as_of, k, own, err) : kh_session_for(ws, q, k, err);
}

int kh_distance(kh_workspace *ws, kh_item item, kh_unit unit, kh_period p, const char *as_of, char *out, size_t room, kh_error *err)
{
    kh_question q = {&item, 1, &unit, 1, &p, 1};
    kh_calc *k = NULL;
    kh_answer *a = NULL;
    bool own;
    int rc = kh_session_as_of(ws, as_of, &k, &own, err);
    if (rc == KH_OK && (rc = kh_calc_ask(k, &q, &a, err)) == KH_OK)
        rc = kh_answer_distance(k, a, 0, 0, 0, out, room, err);
    kh_answer_free(a);
    if (own)
        kh_calc_close(k);
    return rc;
}

int kh_query(kh_workspace *ws, const kh_question *q, const char *as_of, kh_frame **out, kh_error *err)
{
    kh_calc *k = NULL;
    kh_answer *a = NULL;
    bool own;
    *out = NULL;
    int rc = session_for(ws, q, as_of, &k, &own, err);
    if (rc == KH_OK && (rc = kh_calc_ask(k, q, &a, err)) == KH_OK)
        rc = kh_frame_of_answer(out, k, q, a, err);
    if (rc == KH_OK && ws->freezer && (rc = kh_freezer_take(ws->freezer, k, ws->catalog, q, a, as_of, err)) != KH_OK) {
        kh_frame_free(*out);
        *out = NULL;
    }
    kh_answer_free(a);
    if (own)
        kh_calc_close(k);
    return rc;
}

/* Only indicators are results; a measure's consolidated figure can always be made again from its values. */
static int keep_results(kh_workspace *ws, const kh_question *q, kh_error *err)
{
    kh_calc *k;
    kh_answer *a = NULL;
    size_t cap = q->n_items * q->n_periods * q->n_units, n = 0;
    int rc = kh_workspace_store(ws, KH_STORE_WRITE, err);
    if (rc != KH_OK || (rc = kh_session_for(ws, q, &k, err)) != KH_OK || (rc = kh_calc_ask(k, q, &a, err)) != KH_OK)
        return rc;
    kh_arena *texts = kh_arena_new();
    kh_result_row *rows = kh_zalloc(cap + 1, sizeof *rows);
    for (size_t i = 0; rc == KH_OK && i < q->n_items; i++)
        for (size_t p = 0; q->items[i].kind == KH_ITEM_INDICATOR && rc == KH_OK && p < q->n_periods; p++)
            for (size_t u = 0; rc == KH_OK && u < q->n_units; u++) {
                const kh_figure *f = kh_answer_figure(a, i, p, u);
                char text[512] = "";
                if (f->missing == KH_NO_SUCH_UNIT)
                    continue;
                if (!f->missing && (rc = kh_answer_text(k, a, i, p, u, -1, text, sizeof text, err)) != KH_OK)
                    break;
                rows[n++] = (kh_result_row){q->items[i].ref, q->units[u], q->periods[p], f->missing ? NULL : kh_arena_strdup(texts, text),
                                            f->missing ? kh_missing_name(f->missing) : NULL, f->status, f->reported, f->expected, NULL};
            }
    if (rc == KH_OK && (rc = kh_store_begin(ws->store, err)) == KH_OK) {
        if ((rc = kh_store_results_put(ws->store, ws->catalog, rows, n, err)) == KH_OK)
            rc = kh_store_commit(ws->store, err);
        if (rc != KH_OK)
            kh_store_rollback(ws->store);
    }
    kh_free(rows);
    kh_arena_free(texts);
    kh_answer_free(a);
    return rc;
}

/* What the options ask, as a question; released by forget_question. */
static int make_question(kh_workspace *ws, const kh_compute_options *o, kh_question *q, kh_error *err)
{
    kh_period *periods = NULL;
    kh_item *items = NULL;
    units l = {0};
    *q = (kh_question){0};
    int rc = kh_periods_of(ws, o->period, o->every, &periods, &q->n_periods, err);
    if (rc == KH_OK && (rc = kh_compute_items(ws, o, &items, &q->n_items, err)) == KH_OK)
        rc = gather_units(ws, o, periods, q->n_periods, &l, err);
    kh_free(l.seen);
    q->items = items;
    q->periods = periods;
    q->units = l.u;
    q->n_units = l.n;
    return rc;
}

static void forget_question(kh_question *q)
{
    kh_free((void *)(uintptr_t)q->items);
    kh_free((void *)(uintptr_t)q->periods);
    kh_free((void *)(uintptr_t)q->units);
}

int kh_compute(kh_workspace *ws, const kh_compute_options *o, kh_frame **out, kh_error *err)
{
    kh_question q;
    *out = NULL;
    if (o->keep && o->as_of)
        return kh_fail(err, KH_EUSAGE, "results are kept as reported: --keep does not go with --as-of");
    int rc = make_question(ws, o, &q, err);
    if (rc == KH_OK && (!o->keep || (rc = keep_results(ws, &q, err)) == KH_OK))
        rc = kh_query(ws, &q, o->as_of, out, err);
    forget_question(&q);
    return rc;
}

enum { AT_ONCE = 65536 /* figures */ };

/* A question in parts, so that what is in memory does not grow with it. */
typedef struct parts { kh_workspace *ws; kh_calc *k; kh_buf text; kh_write_fn *write; void *ctx; bool headed; } parts;

static int add_figures(parts *w, const kh_question *part, const kh_answer *a, kh_error *err)
{
    kh_frame *wide;
    int rc = kh_frame_of_answer(&wide, w->k, part, a, err);
    if (rc != KH_OK)
        return rc;
    kh_frame *figures = kh_figures(w->ws, wide, false);
    if (w->headed)
        kh_frame_csv_rows(figures, false, &w->text);
    else
        kh_frame_csv(figures, false, &w->text);
    w->headed = true;
    kh_frame_free(wide);
    kh_frame_free(figures);
    return KH_OK;
}

static int write_part(parts *w, const kh_question *part, bool wide, kh_error *err)
{
    kh_answer *a;
    int rc = kh_calc_ask(w->k, part, &a, err);
    if (rc != KH_OK)
        return rc;
    rc = wide ? kh_answer_csv(a, &w->text, err) : add_figures(w, part, a, err);
    kh_answer_free(a);
    if (rc == KH_OK)
        rc = w->write(w->ctx, w->text.data, w->text.len, err);
    kh_buf_clear(&w->text);
    return rc;
}

/* All items, period by period. */
static int write_wide(parts *w, const kh_question *q, kh_error *err)
{
    int rc = KH_OK;
    kh_answer_csv_head(w->ws->catalog, q, &w->text);
    for (size_t p = 0; rc == KH_OK && p < q->n_periods; p++) {
        kh_question part = {q->items, q->n_items, q->units, q->n_units, &q->periods[p], 1};
        rc = write_part(w, &part, true, err);
        kh_calc_forget(w->k);
    }
    return rc;
}

/* All periods, item by item; at once where that is little, so that the store is read once. */
static int write_long(parts *w, const kh_question *q, kh_error *err)
{
    int rc = KH_OK;
    if (q->n_items * q->n_periods * q->n_units <= AT_ONCE)
        return write_part(w, q, false, err);
    for (size_t i = 0; rc == KH_OK && i < q->n_items; i++) {
        for (size_t p = 0; rc == KH_OK && p < q->n_periods; p++)
            rc = write_part(w, &(kh_question){&q->items[i], 1, q->units, q->n_units, &q->periods[p], 1}, false, err);
        kh_calc_forget(w->k);
    }
    return rc;
}

int kh_compute_csv(kh_workspace *ws, const kh_compute_options *o, bool wide, kh_write_fn *write, void *ctx, kh_error *err)
{
    kh_question q;
    parts w = {.ws = ws, .write = write, .ctx = ctx};
    bool own = false;
    int rc = make_question(ws, o, &q, err);
    if (rc == KH_OK && o->keep)
        rc = keep_results(ws, &q, err);
    if (rc == KH_OK && (rc = session_for(ws, &q, o->as_of, &w.k, &own, err)) == KH_OK)
        rc = wide ? write_wide(&w, &q, err) : write_long(&w, &q, err);
    if (own)
        kh_calc_close(w.k);
    kh_buf_free(&w.text);
    forget_question(&q);
    return rc;
}

/* SPDX-License-Identifier: MIT */
/*
 * Small worlds for tests of calculation: units, measures, forms and values by
 * short calls, and questions answered as text. Values go into a memory store
 * (as one submission of the first form), or lie over it.
 */
#ifndef KH_TESTS_CALC_WORLD_H
#define KH_TESTS_CALC_WORLD_H

#include "../cm.h"

#include "calc/calc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SHARED static __attribute__((unused))
#define FROM KH_DAY_MIN
#define TO KH_DAY_MAX

typedef struct world {
    kh_catalog *c;
    kh_store *s;
    kh_calc *k;
    kh_return *r;      /* values not stored yet */
    kh_calc_options o;
    bool sealed;
} world;

SHARED void must(int rc, kh_error *err)
{
    if (rc == KH_OK)
        return;
    fprintf(stderr, "calc world: %s\n", err->text ? err->text : "?");
    fail();
}

SHARED kh_period P(const char *s)
{
    kh_period p = kh_period_parse(s, strlen(s));
    if (p == KH_NO_PERIOD) {
        fprintf(stderr, "calc world: no period %s\n", s);
        fail();
    }
    return p;
}

SHARED kh_day D(const char *s)
{
    kh_day d;
    assert_true(kh_day_parse(s, strlen(s), &d));
    return d;
}

SHARED world *world_new(void)
{
    world *w = kh_zalloc(1, sizeof *w);
    w->c = kh_catalog_new();
    kh_units_add_kind(w->c->units, "tinh", "province", "Tỉnh", "Province");
    kh_units_add_kind(w->c->units, "huyen", "district", "Huyện", "District");
    kh_units_add_kind(w->c->units, "xa", "commune", "Xã", "Commune");
    return w;
}

SHARED void world_free(world *w)
{
    kh_calc_close(w->k);
    kh_return_free(w->r);
    kh_store_close(w->s);
    kh_catalog_free(w->c);
    kh_free(w);
}

/* `ownership` may name a second group: "public town". */
SHARED kh_unit unit_in(world *w, const char *code, const char *kind, const char *parent, const char *from, const char *to, const char *ownership)
{
    kh_error err = KH_ERROR_INIT;
    kh_unit out;
    char words[2][16] = {"", ""};
    kh_unit_group g[2] = {{"ownership", words[0]}, {"area", words[1]}};
    kh_unit_def d = {.code = code, .name = code, .kind = kh_units_kind(w->c->units, kind), .parent_code = parent, .from = from ? D(from) : FROM, .to = to ? D(to) : TO};
    if (ownership) {
        d.groups = g;
        d.n_groups = (size_t)sscanf(ownership, "%15s %15s", words[0], words[1]);
    }
    must(kh_units_add(w->c->units, &d, &out, &err), &err);
    return out;
}

SHARED kh_unit unit(world *w, const char *code, const char *kind, const char *parent)
{
    return unit_in(w, code, kind, parent, NULL, NULL, NULL);
}

SHARED void succession(world *w, const char *day, const char *from, const char *to, bool part)
{
    kh_error err = KH_ERROR_INIT;
    must(kh_units_add_succession(w->c->units, D(day), from, to, part, "successors.csv", 1, &err), &err);
}

SHARED uint32_t measure(world *w, const char *code, kh_agg over_units, kh_agg over_time)
{
    kh_error err = KH_ERROR_INIT;
    uint32_t at;
    kh_measure m = {.code = kh_arena_strdup(w->c->arena, code), .title = kh_arena_strdup(w->c->arena, code), .unit = "", .type = KH_NUMBER, .over_units = over_units, .over_time = over_time};
    must(kh_catalog_add(w->c, KH_DEF_MEASURE, &m, &at, &err), &err);
    return at;
}

SHARED kh_selector *selector(world *w, const char *kind)
{
    kh_selector *s = kh_arena_alloc(w->c->arena, sizeof *s);
    const char **kinds = kh_arena_alloc(w->c->arena, sizeof *kinds);
    kinds[0] = kind;
    s->kinds = kinds;
    s->n_kinds = 1;
    return s;
}

SHARED uint32_t form(world *w, const char *code, kh_freq every, const char *reporters, const uint32_t *measures, size_t n)
{
    kh_error err = KH_ERROR_INIT;
    uint32_t at, *ms = kh_arena_alloc(w->c->arena, (n + 1) * sizeof *ms);
    if (n)
        memcpy(ms, measures, n * sizeof *ms);
    kh_form f = {.code = kh_arena_strdup(w->c->arena, code), .title = "", .every = every, .due = 5, .reporters = selector(w, reporters), .n_reporters = 1, .measures = ms, .n_measures = n};
    must(kh_catalog_add(w->c, KH_DEF_FORM, &f, &at, &err), &err);
    return at;
}

SHARED kh_expr node(world *w, kh_op op, kh_expr a, kh_expr b)
{
    kh_expr_node x = {.op = (uint8_t)op, .a = a, .b = b, .c = KH_NO_EXPR};
    return kh_expr_add(w->c->exprs, &x);
}

SHARED kh_expr node_n(world *w, kh_op op, kh_expr a, int n)
{
    kh_expr_node x = {.op = (uint8_t)op, .a = a, .b = KH_NO_EXPR, .c = KH_NO_EXPR, .n = n};
    return kh_expr_add(w->c->exprs, &x);
}

SHARED kh_expr when(world *w, kh_expr a, kh_expr b, kh_expr c)
{
    kh_expr_node x = {.op = KH_X_WHEN, .a = a, .b = b, .c = c};
    return kh_expr_add(w->c->exprs, &x);
}

SHARED kh_dec dec(const char *s)
{
    kh_dec d;
    assert_true(kh_dec_parse(s, strlen(s), &d));
    return d;
}

SHARED kh_expr num(world *w, const char *s)
{
    kh_expr_node x = {.op = KH_X_NUM, .a = KH_NO_EXPR, .b = KH_NO_EXPR, .c = KH_NO_EXPR, .num = dec(s)};
    return kh_expr_add(w->c->exprs, &x);
}

SHARED kh_expr m_(world *w, uint32_t measure_at)
{
    kh_expr_node x = {.op = KH_X_MEASURE, .a = KH_NO_EXPR, .b = KH_NO_EXPR, .c = KH_NO_EXPR, .ref = measure_at};
    return kh_expr_add(w->c->exprs, &x);
}

SHARED uint32_t indicator(world *w, const char *code, kh_expr formula, const kh_target *targets, size_t n)
{
    kh_error err = KH_ERROR_INIT;
    uint32_t at;
    kh_indicator ind = {.code = kh_arena_strdup(w->c->arena, code), .title = "", .unit = "%", .decimals = 1, .formula = formula, .n_targets = n};
    ind.targets = kh_arena_alloc(w->c->arena, (n + 1) * sizeof *ind.targets);
    if (n)
        memcpy(ind.targets, targets, n * sizeof *targets);
    must(kh_catalog_add(w->c, KH_DEF_INDICATOR, &ind, &at, &err), &err);
    return at;
}

/* The store, made when first needed; definitions are sealed and mirrored then. */
SHARED void ready(world *w)
{
    kh_error err = KH_ERROR_INIT;
    if (w->sealed)
        return;
    w->sealed = true;
    must(kh_catalog_seal(w->c, &err), &err);
    must(kh_store_open(&w->s, NULL, KH_STORE_MEMORY, &err), &err);
    must(kh_store_begin(w->s, &err), &err);
    must(kh_store_mirror(w->s, w->c, NULL, NULL, &err), &err);
    must(kh_store_commit(w->s, &err), &err);
}

SHARED void value_cut(world *w, uint32_t measure_at, const char *cut, kh_unit u, const char *period, const char *value)
{
    ready(w);
    kh_error err = KH_ERROR_INIT;
    if (!w->r)
        w->r = kh_return_new(kh_units_count(w->c->units));
    uint32_t group, line = (uint32_t)w->r->n_values + 2, first;
    uint32_t row = kh_return_row(w->r, P(period), u, line, &group);
    kh_cut at = kh_cut_parse(w->c->cuts, cut, strlen(cut), &err);
    assert_true(at != KH_CUT_BAD);
    bool text = !kh_type_is_number(w->c->measures[measure_at].type);
    uint32_t column = kh_return_column_of(w->r, measure_at, at, text);
    if (text)
        assert_true(kh_return_set_text(w->r, group, row, column, value, strlen(value), line, &first));
    else
        assert_true(kh_return_set(w->r, group, row, column, dec(value).m, dec(value).scale, line, &first));
}

SHARED void value(world *w, uint32_t measure_at, kh_unit u, const char *period, const char *text)
{
    value_cut(w, measure_at, "", u, period, text);
}

/* Puts what was given so far as one submission. */
SHARED int64_t put(world *w, uint32_t form_at, kh_unit sender, const char *span, const char *file)
{
    kh_error err = KH_ERROR_INIT;
    int64_t id;
    int version;
    ready(w);
    if (!w->r)
        w->r = kh_return_new(kh_units_count(w->c->units));
    w->r->form = form_at;
    w->r->sender = sender;
    w->r->period = strstr(span, "..") ? KH_NO_PERIOD : P(span);
    snprintf(w->r->span, sizeof w->r->span, "%s", span);
    w->r->file = kh_strdup(file);
    snprintf(w->r->sha256, sizeof w->r->sha256, "%064d", (int)w->r->n_values);
    w->r->received = kh_strdup("2019-01-03T08:00:00Z");
    w->r->by = kh_strdup("clerk@office");
    kh_return_seal(w->r);
    kh_findings *f = kh_findings_new();
    must(kh_store_begin(w->s, &err), &err);
    must(kh_store_put(w->s, w->c, w->r, f, &id, &version, &err), &err);
    must(kh_store_commit(w->s, &err), &err);
    kh_findings_free(f);
    kh_return_free(w->r);
    w->r = NULL;
    return id;
}

/* The session; values that were not put lie over the store. */
SHARED kh_calc *calc(world *w)
{
    kh_error err = KH_ERROR_INIT;
    ready(w);
    if (w->k)
        return w->k;
    if (w->r) {
        kh_return_seal(w->r);
        w->o.overlay = w->r;
    }
    must(kh_calc_open(&w->k, w->c, w->s, &w->o, &err), &err);
    return w->k;
}

SHARED void again(world *w) /* the next question opens a new session */
{
    kh_calc_close(w->k);
    w->k = NULL;
}

SHARED kh_figure figure(world *w, kh_item item, kh_unit u, const char *period)
{
    kh_error err = KH_ERROR_INIT;
    kh_period p = P(period);
    kh_question q = {&item, 1, &u, 1, &p, 1};
    kh_answer *a;
    must(kh_calc_ask(calc(w), &q, &a, &err), &err);
    kh_figure f = *kh_answer_figure(a, 0, 0, 0);
    kh_answer_free(a);
    return f;
}

/* The exact text, or the name of what is missing. The text lives until the fourth next call. */
SHARED const char *shown_as(world *w, kh_item item, kh_unit u, const char *period, int decimals)
{
    static char ring[4][128];
    static int turn;
    char *out = ring[turn++ % 4];
    kh_error err = KH_ERROR_INIT;
    kh_period p = P(period);
    kh_question q = {&item, 1, &u, 1, &p, 1};
    kh_answer *a;
    must(kh_calc_ask(calc(w), &q, &a, &err), &err);
    const kh_figure *f = kh_answer_figure(a, 0, 0, 0);
    if (f->missing)
        snprintf(out, 128, "%s", kh_missing_name((kh_missing)f->missing));
    else
        must(kh_answer_text(w->k, a, 0, 0, 0, decimals, out, 128, &err), &err);
    kh_answer_free(a);
    return out;
}

SHARED kh_item of_measure(uint32_t m) { return (kh_item){KH_ITEM_MEASURE, m, KH_NO_CUT}; }
SHARED kh_item of_indicator(uint32_t i) { return (kh_item){KH_ITEM_INDICATOR, i, KH_NO_CUT}; }
SHARED kh_item of_expr(kh_expr e) { return (kh_item){KH_ITEM_EXPR, e, KH_NO_CUT}; }
SHARED const char *shown(world *w, kh_item item, kh_unit u, const char *period) { return shown_as(w, item, u, period, -1); }

#endif

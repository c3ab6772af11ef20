/* SPDX-License-Identifier: MIT */
/* doc:chart: columns of a frame as a chart. */
#include "script/l_doc.h"

#include "base/msg.h"

#include <stdio.h>
#include <string.h>

const kh_key kh_keys_doc_chart[] = {
    {"kind", "\"bar\"|\"grouped\"|\"stacked\"|\"line\"|\"bullet\"|\"multiples\"|\"heat\"|\"strip\"?", "default bar"},
    {"data", "Frame", "where the figures are"},
    {"x", "string?", "the column along the axis; default the first"},
    {"y", "string|string[]", "the column or columns of figures"},
    {"series", "string?", "a column whose values are the series (then y is one column)"},
    {"title", "string?", ""},
    {"unit", "string?", "default the column's"},
    {"alt", "string?", "what it shows in words; made from the data if left out"},
    {"target", "number|number[]?", "a line, or { lo, hi } for a band"},
    {"target_label", "string?", ""},
    {"decimals", "integer?", "default the column's"},
    {"anchor", "string?", "for links"},
    {NULL, NULL, NULL},
};

enum { MOST_SERIES = 200, MOST_X = 5000 };

static size_t column(const kh_table *t, const char *key, const kh_frame *f, const char *name)
{
    size_t c = kh_frame_find(f, name);
    const char *names[256];
    size_t n = 0;
    if (c != SIZE_MAX)
        return c;
    for (; n < f->n_columns && n < 256; n++)
        names[n] = f->columns[n].name;
    kh_table_bad(t, key, _("names \"%s\", which the frame does not have%s"), name, kh_lua_near(t->L, name, names, n));
}

static void new_series(kh_doc *d, kh_series *s, const char *name, size_t n_x)
{
    s->name = name;
    s->y = kh_arena_alloc(d->arena, (n_x + 1) * sizeof *s->y);
    s->there = kh_arena_alloc(d->arena, (n_x + 1) * sizeof *s->there);
    s->labels = kh_arena_alloc(d->arena, (n_x + 1) * sizeof *s->labels);
    s->tones = kh_arena_alloc(d->arena, (n_x + 1) * sizeof *s->tones);
}

static void put_point(lua_State *L, kh_doc *d, kh_series *s, size_t i, const kh_cell *c)
{
    s->there[i] = c->type == KH_C_INT || c->type == KH_C_NUM;
    s->y[i] = c->type == KH_C_INT ? (double)c->i : c->type == KH_C_NUM ? c->num : 0;
    if (s->there[i])
        s->labels[i] = kh_doc_words(L, d, c, true);
    s->tones[i] = c->status == KH_ST_MET ? KH_TONE_GOOD : c->status == KH_ST_NOT_MET ? KH_TONE_BAD : KH_TONE_NONE;
}

static void read_target(const kh_table *t, kh_chart *c)
{
    lua_State *L = t->L;
    int type = kh_table_push(t, "target");
    if (type == LUA_TNUMBER) {
        c->has_target = true;
        c->target = lua_tonumber(L, -1);
    } else if (type == LUA_TTABLE && lua_rawlen(L, -1) == 2) {
        lua_rawgeti(L, -1, 1);
        lua_rawgeti(L, -2, 2);
        c->has_target = c->has_target_hi = lua_isnumber(L, -1) && lua_isnumber(L, -2);
        c->target = lua_tonumber(L, -2);
        c->target_hi = lua_tonumber(L, -1);
        lua_pop(L, 2);
    } else if (type != LUA_TNIL) {
        kh_table_bad(t, "target", _("must be a number or { lo, hi }"));
    }
    lua_pop(L, 1);
}

/* Each column of `y` is a series, each row a place on the axis. */
static void by_columns(lua_State *L, const kh_table *t, kh_doc *d, const kh_frame *f, size_t x, kh_chart *c)
{
    const char *const *names;
    size_t n = kh_table_texts(t, "y", d->arena, &names);
    if (n == 0 || n > MOST_SERIES || f->n > MOST_X)
        kh_table_bad(t, "y", _("names 1 to %d columns of at most %d rows"), MOST_SERIES, MOST_X);
    c->n_x = f->n;
    c->x = kh_arena_alloc(d->arena, (f->n + 1) * sizeof *c->x);
    for (size_t i = 0; i < f->n; i++) {
        const char *words = kh_doc_words(L, d, &f->columns[x].cells[i], true);
        c->x[i] = words ? words : "";
    }
    c->series = kh_arena_alloc(d->arena, n * sizeof *c->series);
    c->n_series = n;
    for (size_t k = 0; k < n; k++) {
        const kh_frame_column *col = &f->columns[column(t, "y", f, names[k])];
        new_series(d, &c->series[k], kh_doc_text(L, d, col->title ? col->title : col->name), f->n);
        for (size_t i = 0; i < f->n; i++)
            put_point(L, d, &c->series[k], i, &col->cells[i]);
    }
}

static size_t place_of(const char **list, size_t *n, size_t most, const char *words)
{
    for (size_t i = 0; i < *n; i++)
        if (strcmp(list[i], words) == 0)
            return i;
    if (*n == most)
        return SIZE_MAX;
    list[*n] = words;
    return (*n)++;
}

/* The values of `series` are the series, those of x the axis, in the order in which they come. */
static void by_values(lua_State *L, const kh_table *t, kh_doc *d, const kh_frame *f, size_t x, size_t by, kh_chart *c)
{
    size_t y = column(t, "y", f, kh_table_text(t, "y")), n_names = 0;
    const char **names = kh_arena_alloc(d->arena, (MOST_SERIES + 1) * sizeof *names);
    size_t most_x = f->n < MOST_X ? f->n : MOST_X;
    c->x = kh_arena_alloc(d->arena, (most_x + 1) * sizeof *c->x);
    c->series = kh_arena_alloc(d->arena, (MOST_SERIES + 1) * sizeof *c->series);
    for (int pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < f->n; i++) {
            const char *xs = kh_doc_words(L, d, &f->columns[x].cells[i], true), *name = kh_doc_words(L, d, &f->columns[by].cells[i], true);
            size_t at = place_of(c->x, &c->n_x, most_x, xs ? xs : ""), k = place_of(names, &n_names, MOST_SERIES, name ? name : "");
            if (at == SIZE_MAX || k == SIZE_MAX)
                kh_table_bad(t, "series", _("would be more than %d series or %d places"), MOST_SERIES, MOST_X);
            if (pass == 1)
                put_point(L, d, &c->series[k], at, &f->columns[y].cells[i]);
            else if (c->n_series < n_names)
                c->n_series = n_names;
            if (pass == 0 && i + 1 == f->n)
                for (size_t s = 0; s < n_names; s++)
                    new_series(d, &c->series[s], names[s], c->n_x);
            if ((i & 255) == 0)
                kh_lua_poll(L);
        }
}

int kh_doc_l_chart(lua_State *L)
{
    kh_dblock *in;
    kh_doc *d = kh_lua_doc(L, &in);
    kh_table t = kh_table_open(L, 2, "chart", kh_keys_doc_chart);
    kh_table_push(&t, "data");
    kh_frame *f = kh_lua_frame(L, -1);
    kh_chart *c = kh_arena_alloc(d->arena, sizeof *c);
    const char *kind = kh_table_text(&t, "kind"), *x = kh_table_text(&t, "x"), *series = kh_table_text(&t, "series");
    if (kind && !kh_chart_kind_parse(kind, &c->kind))
        kh_table_bad(&t, "kind", _("must be bar, grouped, stacked, line, bullet, multiples, heat or strip, not \"%s\""), kind);
    size_t at = x ? column(&t, "x", f, x) : 0;
    kh_lua_count_output(L, f->n * 64 + 256);
    if (series)
        by_values(L, &t, d, f, at, column(&t, "series", f, series), c);
    else
        by_columns(L, &t, d, f, at, c);
    const char *const *names;
    kh_table_texts(&t, "y", d->arena, &names);
    const kh_frame_column *first = &f->columns[column(&t, "y", f, names[0])];
    const char *unit = kh_table_text(&t, "unit");
    c->title = kh_doc_text(L, d, kh_table_text(&t, "title"));
    c->unit = kh_doc_text(L, d, unit ? unit : first->unit);
    c->alt = kh_doc_text(L, d, kh_table_text(&t, "alt"));
    c->target_label = kh_doc_text(L, d, kh_table_text(&t, "target_label"));
    c->decimals = (int)kh_table_int(&t, "decimals", 0, 9, first->decimals < 0 ? 1 : first->decimals);
    read_target(&t, c);
    kh_dblock *b = kh_doc_add(d, in, KH_B_CHART);
    b->anchor = kh_doc_text(L, d, kh_table_text(&t, "anchor"));
    b->chart = c;
    return 0;
}

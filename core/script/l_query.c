/* SPDX-License-Identifier: MIT */
/* Questions: kh.value, kh.figure, kh.query, kh.compute, kh.check, kh.late, kh.explain. */
#include "script/host.h"

#include "base/msg.h"
#include "flow/figures.h"

#include <string.h>

enum { MOST_CELLS = 20000000 };

static void free_arena(void *p) { kh_arena_free(p); }
static void free_findings(void *p) { kh_findings_free(p); }
static void free_origin(void *p) { kh_origin_free(p); }

kh_workspace *kh_lua_store(lua_State *L, bool write)
{
    kh_script *s = kh_host(L);
    kh_error err = KH_ERROR_INIT;
    if (s->phase != KH_PHASE_RUN)
        kh_lua_raise(L, "%s", _("the store can be asked when all definitions are loaded, not by one of them"));
    if (kh_workspace_store(s->ws, write ? KH_STORE_WRITE : KH_STORE_READ, &err) != KH_OK)
        kh_lua_throw(L, &err);
    return s->ws;
}

/* --- periods as arguments -------------------------------------------------------------- */

static void add_period(kh_buf *out, kh_period p)
{
    char text[KH_PERIOD_TEXT];
    kh_period_format(p, text);
    if (out->len)
        kh_buf_char(out, ',');
    kh_buf_str(out, text);
}

void kh_lua_periods(lua_State *L, int at, kh_buf *out)
{
    kh_period p;
    at = lua_absindex(L, at);
    kh_buf_clear(out);
    if (kh_lua_is_period(L, at, &p)) {
        add_period(out, p);
    } else if (lua_type(L, at) == LUA_TSTRING) {
        kh_buf_str(out, lua_tostring(L, at));
    } else if (lua_istable(L, at)) {
        size_t n = lua_rawlen(L, at);
        for (size_t i = 1; i <= n; i++) {
            lua_rawgeti(L, at, (lua_Integer)i);
            add_period(out, kh_lua_period(L, -1));
            lua_pop(L, 1);
        }
    } else {
        kh_lua_raise(L, _("a period, a list of periods, or a text like \"2016..2020\" is wanted, not a %s"), kh_lua_type(L, at));
    }
}

/* --- the question ------------------------------------------------------------------------- */

const kh_key kh_keys_query[] = {
    {"indicators", "string|string[]?", "indicators, in this order"},
    {"measures", "string|string[]?", "measures"},
    {"names", "string|string[]?", "either"},
    {"columns", "table?", "formulas of one's own: { { \"name\", function(m) return ... end } }"},
    {"units", "(Unit|string)[]|Unit|string?", "the units; default the top of the tree"},
    {"level", "string?", "instead: all units of this kind or level"},
    {"under", "Unit|string?", "with level: at or below this unit"},
    {"period", "Period|Period[]|string", "\"2018\", \"2016..2020\", a period or a list"},
    {"every", "string?", "split each period: year, half, quarter, month, ..."},
    {"cut", "table?", "for measures: { gender = \"female\" }"},
    {"as_of", "string?", "restated to the units of this day"},
    {NULL, NULL, NULL},
};

typedef struct ask { /* everything in Lua's own memory: a jump loses nothing */
    kh_item *items; const char **names; size_t n_items;
    kh_period *periods; size_t n_periods;
    kh_unit *units; size_t n_units;
    const char *as_of;
    kh_day boundaries;  /* with as_of: the day whose units are meant */
} ask;

static void *room(lua_State *L, size_t n, size_t size) { return lua_newuserdatauv(L, (n + 1) * size, 0); }

static void read_periods(lua_State *L, const kh_table *t, ask *a)
{
    kh_error err = KH_ERROR_INIT;
    kh_buf *text = kh_lua_buf(L);
    bool said = kh_table_push(t, "period") != LUA_TNIL;
    if (said)
        kh_lua_periods(L, -1, text);
    lua_pop(L, 1);
    kh_owner *own = kh_lua_own(L, kh_free);
    kh_period *list = NULL;
    int rc = kh_periods_of(kh_host(L)->ws, said ? kh_buf_cstr(text) : NULL, kh_table_text(t, "every"), &list, &a->n_periods, &err);
    own->p = list;
    if (rc != KH_OK)
        kh_lua_throw(L, &err);
    a->periods = list; /* the owner stays on the stack while the question is asked */
}

static void add_names(lua_State *L, const kh_table *t, const char *key, kh_def def, bool any, kh_cut cut, ask *a)
{
    const kh_catalog *c = kh_host(L)->ws->catalog;
    int type = kh_table_push(t, key);
    if (type == LUA_TNIL) {
        lua_pop(L, 1);
        return;
    }
    size_t n = type == LUA_TTABLE ? lua_rawlen(L, -1) : 1;
    for (size_t i = 1; i <= n; i++) {
        if (type == LUA_TTABLE)
            lua_rawgeti(L, -1, (lua_Integer)i);
        else
            lua_pushvalue(L, -1);
        if (lua_type(L, -1) != LUA_TSTRING)
            kh_table_bad(t, key, _("must be a name or a list of names"));
        const char *name = lua_tostring(L, -1);
        kh_def found = def;
        uint32_t ref;
        kh_error err = KH_ERROR_INIT;
        int rc = any ? kh_catalog_need_name(c, name, &found, &ref, &err) : kh_catalog_need(c, def, name, &ref, &err);
        if (rc != KH_OK)
            kh_lua_throw(L, &err);
        if (a->n_items >= 10000)
            kh_lua_raise(L, "%s", _("a question has at most 10,000 columns"));
        a->items[a->n_items] = (kh_item){found == KH_DEF_MEASURE ? KH_ITEM_MEASURE : KH_ITEM_INDICATOR, ref, found == KH_DEF_MEASURE ? cut : KH_NO_CUT};
        a->names[a->n_items++] = NULL;
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
}

static void add_columns(lua_State *L, const kh_table *t, ask *a)
{
    if (kh_table_push(t, "columns") == LUA_TNIL) {
        lua_pop(L, 1);
        return;
    }
    luaL_checktype(L, -1, LUA_TTABLE);
    size_t n = lua_rawlen(L, -1);
    if (n == 0)
        kh_table_bad(t, "columns", _("must be a list: { { \"name\", function(m) return m.x / m.y end } }"));
    for (size_t i = 1; i <= n; i++) {
        if (lua_rawgeti(L, -1, (lua_Integer)i) != LUA_TTABLE || lua_rawgeti(L, -1, 1) != LUA_TSTRING || lua_rawgeti(L, -2, 2) != LUA_TFUNCTION)
            kh_table_bad(t, "columns", _("must be a list: { { \"name\", function(m) return m.x / m.y end } }"));
        kh_expr e = kh_lua_formula(L, lua_gettop(L), lua_tostring(L, -2));
        a->items[a->n_items] = (kh_item){KH_ITEM_EXPR, e, KH_NO_CUT};
        a->names[a->n_items++] = lua_tostring(L, -2); /* the list keeps it */
        lua_pop(L, 3);
    }
    lua_pop(L, 1);
}

static size_t most_items(lua_State *L, const kh_table *t)
{
    static const char *const keys[] = {"indicators", "measures", "names", "columns"};
    size_t n = 0;
    for (int i = 0; i < 4; i++) {
        n += kh_table_push(t, keys[i]) == LUA_TTABLE ? lua_rawlen(L, -1) : 1;
        lua_pop(L, 1);
    }
    return n > 10000 ? 10000 : n;
}

static void read_items(lua_State *L, const kh_table *t, ask *a)
{
    kh_cut cut = KH_NO_CUT;
    size_t n = most_items(L, t);
    a->items = room(L, n, sizeof *a->items);
    a->names = room(L, n, sizeof *a->names);
    if (kh_table_push(t, "cut") != LUA_TNIL)
        kh_lua_selector_cut(L, lua_gettop(L), &cut);
    lua_pop(L, 1);
    add_names(L, t, "names", KH_DEF_INDICATOR, true, cut, a);
    add_names(L, t, "measures", KH_DEF_MEASURE, false, cut, a);
    add_names(L, t, "indicators", KH_DEF_INDICATOR, false, cut, a);
    add_columns(L, t, a);
    if (a->n_items == 0)
        kh_lua_raise(L, "%s", _("kh.query: what is asked? indicators = { ... }, measures = { ... } or columns = { ... }"));
}

/* Each unit once, in the order of the first period's tree and then of the others. */
static void units_of_level(lua_State *L, const kh_table *t, const char *level, ask *a)
{
    kh_units *units = kh_host(L)->ws->catalog->units;
    size_t all = kh_units_count(units);
    if (level && !kh_units_knows_kind(units, level))
        kh_table_bad(t, "level", _("= \"%s\": no kind or level of units is called so%s"), level, kh_lua_near_kind(L, level));
    a->units = room(L, all, sizeof *a->units);
    bool *seen = room(L, all, sizeof *seen);
    memset(seen, 0, all * sizeof *seen);
    for (size_t p = 0; p < a->n_periods; p++) {
        kh_day at = a->as_of ? a->boundaries : kh_period_last(a->periods[p]);
        const kh_tree *tree = kh_units_at(units, at);
        kh_unit under = KH_NO_UNIT;
        if (kh_table_push(t, "under") != LUA_TNIL)
            under = kh_lua_unit(L, -1, at);
        lua_pop(L, 1);
        for (size_t i = 0; i < tree->n; i++) {
            kh_unit u = tree->unit[i];
            if (seen[u] || (level ? !kh_units_is(units, u, level) : under == KH_NO_UNIT ? tree->parent[i] >= 0 : u != under))
                continue;
            if (under != KH_NO_UNIT && !kh_units_within(units, u, under, at))
                continue;
            seen[u] = true;
            a->units[a->n_units++] = u;
        }
    }
}

static void read_units(lua_State *L, const kh_table *t, ask *a)
{
    int type = kh_table_push(t, "units");
    const char *level = kh_table_text(t, "level");
    kh_day at = a->as_of ? a->boundaries : a->n_periods ? kh_period_last(a->periods[a->n_periods - 1]) : kh_host(L)->at;
    int list = lua_gettop(L);
    if (type == LUA_TNIL) {
        units_of_level(L, t, level, a);
        return;
    }
    if (level || kh_table_has(t, "under"))
        kh_table_bad(t, "units", _("and level or under cannot both be given"));
    size_t n = type == LUA_TTABLE ? lua_rawlen(L, list) : 1;
    a->units = room(L, n, sizeof *a->units);
    for (size_t i = 1; i <= n; i++) {
        if (type == LUA_TTABLE)
            lua_rawgeti(L, list, (lua_Integer)i);
        else
            lua_pushvalue(L, list);
        a->units[a->n_units++] = kh_lua_unit(L, -1, at);
        lua_pop(L, 1);
    }
}

static void read_as_of(lua_State *L, const kh_table *t, ask *a)
{
    if (kh_table_push(t, "as_of") != LUA_TNIL) {
        char text[KH_DAY_TEXT];
        a->boundaries = kh_lua_day(L, -1, 0);
        kh_day_format(a->boundaries, text);
        a->as_of = lua_pushstring(L, text);
    }
}

/* What a frame was asked for, so that a table can ask for its total row: kept with the frame. */
typedef struct asked { size_t n_items, n_periods, n_units; const char *as_of; } asked;

static void keep_question(lua_State *L, int frame, const ask *a)
{
    size_t bytes = sizeof(asked) + a->n_items * sizeof(kh_item) + a->n_periods * sizeof(kh_period) + a->n_units * sizeof(kh_unit) + 16;
    char *p = lua_newuserdatauv(L, bytes, 0);
    asked *q = (asked *)(void *)p;
    *q = (asked){a->n_items, a->n_periods, a->n_units, NULL};
    p += sizeof *q;
    memcpy(p, a->items, a->n_items * sizeof(kh_item));
    memcpy(p + a->n_items * sizeof(kh_item), a->periods, a->n_periods * sizeof(kh_period));
    memcpy(p + a->n_items * sizeof(kh_item) + a->n_periods * sizeof(kh_period), a->units, a->n_units * sizeof(kh_unit));
    lua_setiuservalue(L, frame, 1);
}

/*
 * The figures of the one unit above all units of a frame that kh.query made: what a total row shows. NULL if the frame
 * was made otherwise, or its units are not exactly one parent's children of a level. The frame is pushed.
 */
kh_frame *kh_lua_total(lua_State *L, int at)
{
    kh_script *s = kh_host(L);
    kh_units *units = s->ws->catalog->units;
    kh_frame *f = kh_lua_frame(L, at);
    if (lua_getiuservalue(L, at, 1) != LUA_TUSERDATA)
        return NULL;
    const asked *q = lua_touserdata(L, -1);
    const kh_item *items = (const kh_item *)(const void *)(q + 1);
    const kh_period *periods = (const kh_period *)(const void *)(items + q->n_items);
    const kh_unit *list = (const kh_unit *)(const void *)(periods + q->n_periods);
    if (q->n_periods != 1 || q->n_units < 2 || f->n != q->n_units)
        return NULL;
    kh_day day = kh_period_last(periods[0]);
    kh_unit parent = kh_units_parent(units, list[0], day);
    const char *level = kh_units_kind_of(units, list[0])->level;
    if (parent == KH_NO_UNIT)
        return NULL;
    size_t there = 0;
    const kh_tree *t = kh_units_at(units, day);
    for (size_t i = 0; i < t->n; i++)
        there += t->parent[i] >= 0 && t->unit[t->parent[i]] == parent && kh_units_is(units, t->unit[i], level);
    for (size_t i = 0; i < q->n_units; i++)
        if (kh_units_parent(units, list[i], day) != parent || !kh_units_is(units, list[i], level))
            return NULL;
    if (there != q->n_units)
        return NULL;
    kh_question total = {items, q->n_items, &parent, 1, periods, 1};
    kh_error err = KH_ERROR_INIT;
    kh_frame **out = kh_lua_new_frame(L);
    if (kh_query(s->ws, &total, q->as_of, out, &err) != KH_OK)
        kh_lua_throw(L, &err);
    kh_lua_frame_opened(L, out);
    return *out;
}

int kh_l_query(lua_State *L)
{
    ask a = {0};
    kh_error err = KH_ERROR_INIT;
    kh_workspace *ws = kh_lua_store(L, false);
    kh_table t = kh_table_open(L, 1, "kh.query", kh_keys_query);
    luaL_checkstack(L, 40, NULL);
    read_items(L, &t, &a);
    read_periods(L, &t, &a);
    read_as_of(L, &t, &a);
    read_units(L, &t, &a);
    if (a.n_units == 0 && kh_table_has(&t, "units"))
        kh_lua_raise(L, "%s", _("kh.query: the list of units is empty; kh.units asks for those of today unless it is told a day or period: kh.units { ..., at = \"2018\" }"));
    if (a.n_units == 0)
        kh_lua_raise(L, "%s", _("kh.query: no unit of that kind is there in that period"));
    if (a.n_items * a.n_units > MOST_CELLS / a.n_periods)
        kh_lua_raise(L, _("kh.query: a question has at most %d cells"), MOST_CELLS);
    kh_lua_room(L, a.n_items * a.n_units * a.n_periods * sizeof(kh_cell));
    kh_lua_poll(L);
    kh_question q = {a.items, a.n_items, a.units, a.n_units, a.periods, a.n_periods};
    kh_frame **out = kh_lua_new_frame(L);
    if (kh_query(ws, &q, a.as_of, out, &err) != KH_OK)
        kh_lua_throw(L, &err);
    kh_lua_frame_opened(L, out);
    kh_frame *f = *out;
    for (size_t i = 0; i < a.n_items; i++)
        if (a.names[i] && f->n_columns >= a.n_items) {
            kh_frame_column *c = &f->columns[f->n_columns - a.n_items + i];
            c->name = kh_arena_strdup(f->arena, a.names[i]);
            c->title = c->name;
        }
    keep_question(L, lua_gettop(L), &a);
    return 1;
}

/* --- one figure --------------------------------------------------------------------------------- */

static const kh_key figure_keys[] = {{"cut", "table?", "for a measure: { gender = \"female\" }"}, {"as_of", "string?", "restated to the units of this day"}, {NULL, NULL, NULL}};

/* The figure that the arguments name, as a frame; what was asked goes to *said. */
typedef struct figure_of { kh_item item; kh_unit unit; kh_period period; const char *as_of; } figure_of;

static kh_frame *one_figure(lua_State *L, figure_of *said)
{
    kh_workspace *ws = kh_lua_store(L, false);
    const char *name = kh_lua_text(L, 1, NULL), *as_of = NULL;
    kh_period p = kh_lua_period(L, 3);
    kh_day at = kh_period_last(p);
    kh_def def;
    kh_item item = {0};
    kh_error err = KH_ERROR_INIT;
    kh_lua_no_more(L, 4);
    lua_settop(L, 4);
    if (kh_catalog_need_name(ws->catalog, name, &def, &item.ref, &err) != KH_OK)
        kh_lua_throw(L, &err);
    item.kind = def == KH_DEF_MEASURE ? KH_ITEM_MEASURE : KH_ITEM_INDICATOR;
    if (!lua_isnil(L, 4)) {
        ask a = {0};
        kh_table t = kh_table_open(L, 4, "kh.value", figure_keys);
        if (kh_table_push(&t, "cut") != LUA_TNIL)
            kh_lua_selector_cut(L, lua_gettop(L), &item.cut);
        read_as_of(L, &t, &a);
        as_of = a.as_of;
        at = as_of ? a.boundaries : at;
    }
    kh_unit u = kh_lua_unit(L, 2, at);
    kh_question q = {&item, 1, &u, 1, &p, 1};
    *said = (figure_of){item, u, p, as_of};
    kh_frame **out = kh_lua_new_frame(L);
    if (kh_query(ws, &q, as_of, out, &err) != KH_OK)
        kh_lua_throw(L, &err);
    kh_lua_frame_opened(L, out);
    return *out;
}

int kh_l_value(lua_State *L)
{
    figure_of said;
    kh_frame *f = one_figure(L, &said);
    const kh_cell *c = kh_frame_cell(f, 0, f->n_columns - 1);
    kh_lua_push_cell(L, c);
    if (c->type != KH_C_MISSING)
        return 1;
    lua_pushstring(L, kh_missing_text((kh_missing)c->missing));
    return 2;
}

/* On top is the figure's table. */
static void set_distance(lua_State *L, const figure_of *said)
{
    char text[512] = "";
    kh_error err = KH_ERROR_INIT;
    if (kh_distance(kh_host(L)->ws, said->item, said->unit, said->period, said->as_of, text, sizeof text, &err) != KH_OK)
        kh_lua_throw(L, &err);
    if (text[0] && lua_stringtonumber(L, text))
        lua_setfield(L, -2, "distance");
}

int kh_l_figure(lua_State *L)
{
    figure_of said;
    kh_frame *f = one_figure(L, &said);
    const kh_cell *c = kh_frame_cell(f, 0, f->n_columns - 1);
    lua_createtable(L, 0, 9);
    kh_lua_push_cell(L, c);
    lua_setfield(L, -2, "value");
    if (c->text) {
        lua_pushstring(L, c->text);
        lua_setfield(L, -2, "text");
    }
    if (c->type == KH_C_MISSING) {
        lua_pushstring(L, kh_missing_name((kh_missing)c->missing));
        lua_setfield(L, -2, "missing");
    }
    if (c->status != KH_ST_NONE) {
        lua_pushstring(L, kh_status_name((kh_status)c->status));
        lua_setfield(L, -2, "status");
        lua_pushstring(L, kh_status_text((kh_status)c->status));
        lua_setfield(L, -2, "status_text");
    }
    if (c->expected) {
        lua_pushinteger(L, c->reported);
        lua_setfield(L, -2, "reported");
        lua_pushinteger(L, c->expected);
        lua_setfield(L, -2, "expected");
    }
    const kh_catalog *cat = kh_host(L)->ws->catalog;
    const kh_target *t = kh_target_of_cell(cat, lua_tostring(L, 1), c);
    if (t) {
        kh_buf *b = kh_lua_buf(L);
        kh_target_text_of_cell(t, c, false, cat->indicators[kh_catalog_find(cat, KH_DEF_INDICATOR, lua_tostring(L, 1))].unit, kh_msg_lang_now(), b);
        kh_lua_push_buf(L, b);
        lua_setfield(L, -3, "target");
        lua_pop(L, 1);
        set_distance(L, &said);
    }
    return 1;
}

/* --- kh.compute ------------------------------------------------------------------------------------- */

const kh_key kh_keys_compute[] = {
    {"names", "string|string[]?", "indicators and measures; default every indicator"},
    {"period", "Period|Period[]|string?", "default the last year that has values"},
    {"every", "string?", "split each period"},
    {"level", "string?", "units of this kind or level; default the top"},
    {"under", "Unit|string?", "at or below this unit"},
    {"units", "string|string[]?", "codes of units"},
    {"as_of", "string?", "restated to the units of this day"},
    {"keep", "boolean?", "the results are stored"},
    {NULL, NULL, NULL},
};

int kh_l_compute(lua_State *L)
{
    if (lua_isnoneornil(L, 1)) {
        lua_settop(L, 0);
        lua_newtable(L);
    }
    kh_table t = kh_table_open(L, 1, "kh.compute", kh_keys_compute);
    kh_compute_options o = {.every = kh_table_text(&t, "every"), .level = kh_table_text(&t, "level"), .keep = kh_table_bool(&t, "keep", false)};
    kh_workspace *ws = kh_lua_store(L, o.keep);
    kh_owner *own = kh_lua_own(L, free_arena);
    kh_arena *arena = kh_arena_new();
    own->p = arena;
    kh_error err = KH_ERROR_INIT;
    ask a = {0};
    o.n_names = kh_table_texts(&t, "names", arena, &o.names);
    o.n_units = kh_table_texts(&t, "units", arena, &o.units);
    kh_buf *period = kh_lua_buf(L);
    if (kh_table_push(&t, "period") != LUA_TNIL) {
        kh_lua_periods(L, -1, period);
        o.period = kh_buf_cstr(period);
    }
    kh_unit u;
    if (kh_table_push(&t, "under") != LUA_TNIL)
        o.under = kh_lua_is_unit(L, -1, &u) ? kh_units_def(ws->catalog->units, u)->code : kh_table_text(&t, "under");
    read_as_of(L, &t, &a);
    o.as_of = a.as_of;
    kh_frame **out = kh_lua_new_frame(L);
    if (kh_compute(ws, &o, out, &err) != KH_OK)
        kh_lua_throw(L, &err);
    kh_lua_frame_opened(L, out);
    return 1;
}

/* --- kh.check, kh.late --------------------------------------------------------------------------------- */

static void set_text(lua_State *L, const char *key, const char *text)
{
    if (!text)
        return;
    lua_pushstring(L, text);
    lua_setfield(L, -2, key);
}

void kh_lua_push_findings(lua_State *L, const kh_findings *f)
{
    const kh_finding *list;
    size_t n = kh_findings_all(f, &list);
    lua_createtable(L, (int)n, 2);
    for (size_t i = 0; i < n; i++) {
        lua_createtable(L, 0, 9);
        set_text(L, "file", list[i].file);
        set_text(L, "severity", kh_severity_name(list[i].severity));
        set_text(L, "code", list[i].code);
        set_text(L, "heading", list[i].heading);
        set_text(L, "value", list[i].value);
        set_text(L, "text", list[i].text);
        set_text(L, "expected", list[i].expected);
        if (list[i].line) {
            lua_pushinteger(L, list[i].line);
            lua_setfield(L, -2, "line");
        }
        if (list[i].column) {
            lua_pushinteger(L, list[i].column);
            lua_setfield(L, -2, "column");
        }
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    lua_pushinteger(L, (lua_Integer)kh_findings_count(f, KH_ERROR));
    lua_setfield(L, -2, "errors");
    lua_pushinteger(L, (lua_Integer)kh_findings_count(f, KH_WARNING));
    lua_setfield(L, -2, "warnings");
}

const kh_key kh_keys_check[] = {
    {"period", "Period|Period[]|string?", "default every period that has values"},
    {"rules", "string|string[]?", "only these rules"},
    {"outliers", "boolean?", "outliers and jumps as well"},
    {NULL, NULL, NULL},
};

/* In a job, what was found goes into the run's log, the first hundred of it. */
static void log_findings(lua_State *L, const kh_findings *f)
{
    const kh_finding *list;
    size_t n = kh_findings_all(f, &list);
    kh_buf *b = kh_lua_buf(L);
    for (size_t i = 0; i < n && i < 100; i++) {
        kh_buf_clear(b);
        if (list[i].file)
            kh_buf_printf(b, "%s:%u: ", list[i].file, list[i].line);
        kh_buf_printf(b, "%s[%s]: %s", kh_severity_name(list[i].severity), list[i].code, list[i].text);
        kh_lua_log(L, list[i].severity == KH_ERROR ? KH_LOG_ERROR : list[i].severity == KH_WARNING ? KH_LOG_WARNING : KH_LOG_NOTE, kh_buf_cstr(b));
    }
    if (n > 100) {
        kh_buf_clear(b);
        kh_buf_printf(b, _("and %zu findings more"), n - 100);
        kh_lua_log(L, KH_LOG_WARNING, kh_buf_cstr(b));
    }
    lua_pop(L, 1);
}

int kh_l_check(lua_State *L)
{
    if (lua_isnoneornil(L, 1)) {
        lua_settop(L, 0);
        lua_newtable(L);
    }
    kh_table t = kh_table_open(L, 1, "kh.check", kh_keys_check);
    kh_workspace *ws = kh_lua_store(L, false);
    kh_owner *own = kh_lua_own(L, free_arena), *findings = kh_lua_own(L, free_findings);
    own->p = kh_arena_new();
    kh_check_options o = {.outliers = kh_table_bool(&t, "outliers", false)};
    kh_error err = KH_ERROR_INIT;
    o.n_rules = kh_table_texts(&t, "rules", own->p, &o.rules);
    kh_buf *period = kh_lua_buf(L);
    if (kh_table_push(&t, "period") != LUA_TNIL) {
        kh_lua_periods(L, -1, period);
        o.period = kh_buf_cstr(period);
    }
    findings->p = kh_findings_new();
    if (kh_check(ws, &o, findings->p, &err) != KH_OK)
        kh_lua_throw(L, &err);
    if (kh_host(L)->job)
        log_findings(L, findings->p);
    kh_lua_push_findings(L, findings->p);
    return 1;
}

const kh_key kh_keys_late[] = {
    {"period", "Period|string?", "default every period that returns were due for"},
    {"form", "string?", "only this form"},
    {"all", "boolean?", "those on time as well"},
    {NULL, NULL, NULL},
};

int kh_l_late(lua_State *L)
{
    if (lua_isnoneornil(L, 1)) {
        lua_settop(L, 0);
        lua_newtable(L);
    }
    kh_table t = kh_table_open(L, 1, "kh.late", kh_keys_late);
    kh_workspace *ws = kh_lua_store(L, false);
    kh_buf *period = kh_lua_buf(L);
    const char *text = NULL;
    kh_error err = KH_ERROR_INIT;
    if (kh_table_push(&t, "period") != LUA_TNIL) {
        kh_lua_periods(L, -1, period);
        text = kh_buf_cstr(period);
    }
    kh_frame **out = kh_lua_new_frame(L);
    if (kh_late(ws, kh_table_text(&t, "form"), text, !kh_table_bool(&t, "all", false), out, &err) != KH_OK)
        kh_lua_throw(L, &err);
    kh_lua_frame_opened(L, out);
    return 1;
}

/* --- kh.explain --------------------------------------------------------------------------------------------- */

static void push_origin(lua_State *L, const kh_origin *o, int depth)
{
    static const char *const kinds[] = {"result", "op", "const", "measure", "unit", "period", "value", "bound"};
    luaL_checkstack(L, 6, NULL);
    lua_createtable(L, (int)o->n_children, 12);
    set_text(L, "kind", kinds[o->kind]);
    set_text(L, "label", o->label);
    set_text(L, "of", o->groups);
    if (o->cut != KH_NO_CUT)
        set_text(L, "cut", kh_cut_key(kh_host(L)->ws->catalog->cuts, o->cut));
    set_text(L, "value", o->value);
    if (o->why)
        set_text(L, "missing", kh_missing_name((kh_missing)o->why));
    if (o->status)
        set_text(L, "status", kh_status_name((kh_status)o->status));
    if (o->expected) {
        lua_pushinteger(L, o->reported);
        lua_setfield(L, -2, "reported");
        lua_pushinteger(L, o->expected);
        lua_setfield(L, -2, "expected");
    }
    set_text(L, "form", o->form);
    set_text(L, "file", o->file);
    set_text(L, "sha256", o->sha256);
    set_text(L, "received", o->received);
    set_text(L, "by", o->by);
    set_text(L, "sender", o->sender);
    if (o->unit != KH_NO_UNIT) {
        kh_lua_push_unit(L, o->unit);
        lua_setfield(L, -2, "unit");
    }
    if (o->period) {
        kh_lua_push_period(L, o->period);
        lua_setfield(L, -2, "period");
    }
    if (o->taken || o->left_out) {
        lua_pushboolean(L, o->taken);
        lua_setfield(L, -2, "counts");
    }
    if (o->line) {
        lua_pushinteger(L, o->line);
        lua_setfield(L, -2, "line");
    }
    if (o->submission) {
        lua_pushinteger(L, o->submission);
        lua_setfield(L, -2, "submission");
        lua_pushinteger(L, o->version);
        lua_setfield(L, -2, "version");
    }
    for (size_t i = 0; i < o->n_children && depth < 200; i++) {
        push_origin(L, o->children[i], depth + 1);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
}

static int origin_text(lua_State *L)
{
    lua_pushvalue(L, lua_upvalueindex(1));
    return 1;
}

/* A name, or a formula as in the columns of kh.query. */
static void read_explained(lua_State *L, kh_item *item)
{
    kh_def def;
    kh_error err = KH_ERROR_INIT;
    if (lua_isfunction(L, 1)) {
        *item = (kh_item){KH_ITEM_EXPR, kh_lua_formula(L, 1, "kh.explain"), KH_NO_CUT};
        return;
    }
    if (kh_catalog_need_name(kh_host(L)->ws->catalog, kh_lua_text(L, 1, NULL), &def, &item->ref, &err) != KH_OK)
        kh_lua_throw(L, &err);
    item->kind = def == KH_DEF_MEASURE ? KH_ITEM_MEASURE : KH_ITEM_INDICATOR;
}

int kh_l_explain(lua_State *L)
{
    kh_workspace *ws = kh_lua_store(L, false);
    kh_item item = {0};
    ask a = {0};
    kh_lua_no_more(L, 4);
    lua_settop(L, 4);
    kh_period p = kh_lua_period(L, 3);
    kh_error err = KH_ERROR_INIT;
    kh_origin *o = NULL;
    read_explained(L, &item);
    if (!lua_isnil(L, 4)) {
        kh_table t = kh_table_open(L, 4, "kh.explain", figure_keys);
        if (kh_table_push(&t, "cut") != LUA_TNIL) {
            if (item.kind != KH_ITEM_MEASURE)
                kh_table_bad(&t, "cut", _("is for measures; an indicator's formula says its cuts itself"));
            kh_lua_selector_cut(L, lua_gettop(L), &item.cut);
        }
        read_as_of(L, &t, &a);
    }
    kh_unit u = kh_lua_unit(L, 2, a.as_of ? a.boundaries : kh_period_last(p));
    kh_owner *own = kh_lua_own(L, free_origin);
    kh_buf *b = kh_lua_buf(L);
    int rc = kh_explain_item(ws, item, u, p, a.as_of, &o, &err);
    own->p = o;
    if (rc != KH_OK)
        kh_lua_throw(L, &err);
    kh_origin_text(ws, o, b);
    push_origin(L, o, 0);
    kh_lua_push_buf(L, b);
    lua_pushvalue(L, -1);
    lua_setfield(L, -3, "text");
    lua_createtable(L, 0, 1);
    lua_insert(L, -2);
    lua_pushcclosure(L, origin_text, 1);
    lua_setfield(L, -2, "__tostring");
    lua_setmetatable(L, -2);
    return 1;
}

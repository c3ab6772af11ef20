/* SPDX-License-Identifier: MIT */
/*
 * kh.sql: one read-only statement on a connection of its own, with bound
 * parameters. `for row in kh.sql("...", a, b) do`: rows are pulled one by one;
 * an error while they are pulled is raised, never taken for the end.
 */
#include "script/host.h"

#include "base/msg.h"

#include <string.h>
#include <time.h>

enum { MOST_OPEN = 32 }; /* each has a connection of its own */

static const char class_name[] = "kh.Rows";

typedef struct rows { kh_rows *r; int64_t got; } rows; /* r NULL: closed */

/* What is left of the run's time: SQLite's handler keeps the same deadline as Lua's hook. */
static double time_left(const kh_script *s)
{
    struct timespec t;
    if (!s->deadline)
        return 0;
    clock_gettime(CLOCK_MONOTONIC, &t);
    double left = (double)(s->deadline - ((int64_t)t.tv_sec * 1000000000 + t.tv_nsec)) / 1e9;
    return left > 0.001 ? left : 0.001;
}

static kh_sql_value bound(lua_State *L, int at)
{
    kh_sql_value v = {.type = KH_SQL_NULL};
    kh_unit u;
    kh_period p;
    switch (lua_type(L, at)) {
    case LUA_TNIL: break;
    case LUA_TBOOLEAN: v = (kh_sql_value){.type = KH_SQL_INT, .i = lua_toboolean(L, at)}; break;
    case LUA_TNUMBER:
        if (lua_isinteger(L, at))
            v = (kh_sql_value){.type = KH_SQL_INT, .i = lua_tointeger(L, at)};
        else
            v = (kh_sql_value){.type = KH_SQL_REAL, .r = lua_tonumber(L, at)};
        break;
    case LUA_TSTRING:
        v.type = KH_SQL_TEXT;
        v.text = lua_tolstring(L, at, &v.len);
        break;
    default:
        if (kh_lua_is_unit(L, at, &u)) {
            v = (kh_sql_value){.type = KH_SQL_TEXT, .text = kh_units_def(kh_host(L)->ws->catalog->units, u)->code};
        } else if (kh_lua_is_period(L, at, &p)) {
            char text[KH_PERIOD_TEXT];
            kh_period_format(p, text);
            v = (kh_sql_value){.type = KH_SQL_TEXT, .text = lua_pushstring(L, text)};
            lua_replace(L, at); /* keeps it while the statement is bound */
        } else {
            kh_lua_raise(L, _("kh.sql: parameter %d is a %s; numbers, texts, true, false, nil, units and periods can be bound"), at - 1, kh_lua_type(L, at));
        }
        v.len = strlen(v.text);
    }
    return v;
}

int kh_l_sql(lua_State *L)
{
    kh_script *s = kh_host(L);
    const char *text = kh_lua_text(L, 1, NULL);
    int n = lua_gettop(L) - 1;
    kh_workspace *ws = kh_lua_store(L, false);
    if (n > 100)
        kh_lua_raise(L, "%s", _("kh.sql: at most 100 parameters"));
    kh_sql_value params[101];
    for (int i = 0; i < n; i++)
        params[i] = bound(L, i + 2);
    kh_sql_limits limits = {.seconds = time_left(s), .memory = (int64_t)(s->limit - (s->used < s->limit ? s->used : s->limit))};
    if (limits.memory < 1 << 20)
        limits.memory = 1 << 20;
    kh_error err = KH_ERROR_INIT;
    if (s->open_rows >= MOST_OPEN)
        lua_gc(L, LUA_GCCOLLECT); /* those that nobody holds any more are closed by it */
    if (s->open_rows >= MOST_OPEN)
        kh_lua_raise(L, _("kh.sql: %d statements are open; read them to the end or close them"), MOST_OPEN);
    rows *h = lua_newuserdatauv(L, sizeof *h, 0);
    *h = (rows){0};
    luaL_setmetatable(L, class_name);
    if (kh_store_query(ws->store, text, params, (size_t)n, &limits, &h->r, &err) != KH_OK)
        kh_lua_throw(L, &err);
    s->open_rows += h->r != NULL;
    lua_pushnil(L);
    lua_pushnil(L);
    lua_pushvalue(L, -3);
    return 4; /* iterator, nothing, nothing, and what the loop closes at its end */
}

static rows *self(lua_State *L)
{
    rows *h = luaL_checkudata(L, 1, class_name);
    if (!h->r)
        kh_lua_raise(L, "%s", _("these rows are closed"));
    return h;
}

static void close_rows(lua_State *L, rows *h)
{
    kh_rows *r = h->r;
    h->r = NULL;
    kh_host(L)->open_rows -= r != NULL;
    kh_rows_close(r);
}

static int l_close(lua_State *L)
{
    close_rows(L, luaL_checkudata(L, 1, class_name));
    return 0;
}

static void push_value(lua_State *L, const kh_sql_value *v)
{
    switch (v->type) {
    case KH_SQL_NULL: lua_pushnil(L); break;
    case KH_SQL_INT: lua_pushinteger(L, v->i); break;
    case KH_SQL_REAL: lua_pushnumber(L, v->r); break;
    default: lua_pushlstring(L, v->text ? v->text : "", v->text ? v->len : 0);
    }
}

/* Pushes the next row as a table, or returns false at the end (and closes). */
static bool push_next(lua_State *L, rows *h)
{
    bool row = false;
    kh_error err = KH_ERROR_INIT;
    if ((++h->got & 255) == 0)
        kh_lua_poll(L);
    if (kh_rows_next(h->r, &row, &err) != KH_OK)
        kh_lua_throw(L, &err);
    if (!row)
        return false;
    size_t n = kh_rows_columns(h->r);
    lua_createtable(L, 0, (int)n);
    for (size_t i = 0; i < n; i++) {
        kh_sql_value v;
        kh_rows_value(h->r, i, &v);
        lua_pushstring(L, kh_rows_name(h->r, i));
        push_value(L, &v);
        lua_rawset(L, -3);
    }
    return true;
}

static int l_call(lua_State *L)
{
    rows *h = luaL_checkudata(L, 1, class_name);
    if (!h->r)
        return 0;
    if (push_next(L, h))
        return 1;
    close_rows(L, h);
    return 0;
}

static int l_columns(lua_State *L)
{
    rows *h = self(L);
    size_t n = kh_rows_columns(h->r);
    lua_createtable(L, (int)n, 0);
    for (size_t i = 0; i < n; i++) {
        lua_pushstring(L, kh_rows_name(h->r, i));
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    return 1;
}

static int l_all(lua_State *L)
{
    rows *h = self(L);
    lua_newtable(L);
    for (lua_Integer i = 1; push_next(L, h); i++)
        lua_rawseti(L, 2, i);
    lua_settop(L, 2);
    close_rows(L, h);
    return 1;
}

static int l_one(lua_State *L)
{
    rows *h = self(L);
    bool there = push_next(L, h);
    close_rows(L, h);
    if (!there)
        lua_pushnil(L);
    return 1;
}

static void set_cell(kh_frame *f, kh_cell *c, const kh_sql_value *v)
{
    switch (v->type) {
    case KH_SQL_INT: *c = (kh_cell){.type = KH_C_INT, .i = v->i, .num = (double)v->i}; break;
    case KH_SQL_REAL: *c = (kh_cell){.type = KH_C_NUM, .num = v->r}; break;
    case KH_SQL_TEXT: *c = (kh_cell){.type = KH_C_TEXT, .text = kh_arena_strndup(f->arena, v->text, v->len)}; break;
    default: break;
    }
}

/* All rows as a frame, to sort, group, pivot and print. */
static int l_frame(lua_State *L)
{
    rows *h = self(L);
    size_t n = kh_rows_columns(h->r);
    kh_frame **slot = kh_lua_new_frame(L);
    kh_frame *f = *slot = kh_frame_new(kh_host(L)->ws->catalog);
    for (size_t i = 0; i < n; i++)
        kh_frame_add_column(f, kh_rows_name(h->r, i), kh_rows_name(h->r, i), NULL, -1);
    kh_script *s = kh_host(L);
    size_t room = s->limit > s->used ? s->limit - s->used : 0, bytes = 0;
    for (bool row = true;;) {
        kh_error err = KH_ERROR_INIT;
        if ((++h->got & 255) == 0)
            kh_lua_poll(L);
        if (kh_rows_next(h->r, &row, &err) != KH_OK)
            kh_lua_throw(L, &err);
        if (!row)
            break;
        bytes += n * sizeof(kh_cell);
        if (bytes > room)
            kh_lua_stop(L, KH_STOP_MEMORY);
        size_t at = kh_frame_add_row(f);
        for (size_t i = 0; i < n; i++) {
            kh_sql_value v;
            kh_rows_value(h->r, i, &v);
            bytes += v.type == KH_SQL_TEXT ? v.len + 16 : 0;
            set_cell(f, kh_frame_cell(f, at, i), &v);
        }
    }
    close_rows(L, h);
    kh_lua_frame_opened(L, slot);
    return 1;
}

static const kh_fn fns[] = {
    {"all", l_all, " -> table[]", "All rows as a list."},
    {"one", l_one, " -> table?", "The first row, or nil; closes."},
    {"columns", l_columns, " -> string[]", "Names of the columns."},
    {"frame", l_frame, " -> Frame", "All rows as a frame."},
    {"close", l_close, "", "Ends the statement. A loop does it by itself."},
    {NULL, NULL, NULL, NULL},
};
static const luaL_Reg meta[] = {{"__call", l_call}, {"__gc", l_close}, {"__close", l_close}, {NULL, NULL}};
const kh_ns kh_ns_rows = {.name = "kh.Rows", .is_class = true, .fns = fns, .meta = meta,
                          .doc = "The rows of a statement: an iterator, `for row in kh.sql(\"SELECT code, name FROM v_unit\") do print(row.code) end`. NULL is nil, whole numbers stay exact."};

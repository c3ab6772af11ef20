/* SPDX-License-Identifier: MIT */
/*
 * Frames: tables of columns held in C. Operations give new frames. What a frame
 * holds counts against the script's memory.
 *
 * A frame is a list of rows as well: f[1] is the first, #f their number, ipairs
 * walks them, and `for row in f do` does the same.
 */
#include "script/host.h"

#include "base/msg.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_KEYS = 16, MOST_MADE = 64 };

static const char class_name[] = "kh.Frame";

typedef struct frame { kh_frame *f; size_t bytes, at; } frame; /* f NULL: closed; at: where __call goes on */

kh_frame **kh_lua_new_frame(lua_State *L)
{
    frame *h = lua_newuserdatauv(L, sizeof *h, 1);
    *h = (frame){0};
    luaL_setmetatable(L, class_name);
    return &h->f;
}

void kh_lua_frame_opened(lua_State *L, kh_frame **slot)
{
    frame *h = (frame *)(void *)slot;
    size_t bytes = h->f->n_columns * (h->f->n + 1) * sizeof(kh_cell);
    kh_lua_hold(L, bytes);
    h->bytes = bytes;
}

kh_frame *kh_lua_frame(lua_State *L, int at)
{
    frame *h = luaL_testudata(L, at, class_name);
    if (!h)
        kh_lua_raise(L, _("a frame (from kh.query, kh.compute, ...) is wanted, not a %s"), kh_lua_type(L, at));
    if (!h->f)
        kh_lua_raise(L, "%s", _("this frame was not made"));
    return h->f;
}

static int l_gc(lua_State *L)
{
    frame *h = luaL_checkudata(L, 1, class_name);
    kh_frame *f = h->f;
    size_t bytes = h->bytes;
    h->f = NULL;
    h->bytes = 0;
    kh_frame_free(f);
    kh_lua_release(kh_host(L), bytes);
    return 0;
}

/* The handle of a frame that is made out of another, once there is room for it. */
static kh_frame **born_of(lua_State *L, const kh_frame *f, size_t rows)
{
    kh_lua_room(L, f->n_columns * (rows + 1) * sizeof(kh_cell));
    return kh_lua_new_frame(L);
}

/* How many cells still have room. */
static size_t cells_left(lua_State *L)
{
    const kh_script *s = kh_host(L);
    return (s->limit > s->used ? s->limit - s->used : 0) / sizeof(kh_cell);
}

/* What was made of frames, or why not: more cells than there is room for is the memory stop. */
static void made(lua_State *L, kh_frame **out, int rc, kh_error *err)
{
    if (rc == KH_ESCRIPT) {
        kh_error_clear(err);
        kh_lua_stop(L, KH_STOP_MEMORY);
    }
    if (rc != KH_OK)
        kh_lua_throw(L, err);
    kh_lua_frame_opened(L, out);
}

static void give(lua_State *L, kh_frame **slot, kh_frame *f)
{
    *slot = f;
    kh_lua_frame_opened(L, slot);
}

/* --- cells ------------------------------------------------------------------------------- */

void kh_lua_push_cell(lua_State *L, const kh_cell *c)
{
    switch (c->type) {
    case KH_C_INT: lua_pushinteger(L, c->i); break;
    case KH_C_NUM: lua_pushnumber(L, c->num); break;
    case KH_C_TEXT: lua_pushstring(L, c->text); break;
    case KH_C_UNIT: kh_lua_push_unit(L, (kh_unit)c->i); break;
    case KH_C_PERIOD: kh_lua_push_period(L, (kh_period)c->i); break;
    default: lua_pushnil(L);
    }
}

static void push_row(lua_State *L, kh_frame *f, size_t row)
{
    lua_createtable(L, 0, (int)f->n_columns);
    for (size_t i = 0; i < f->n_columns; i++) {
        lua_pushstring(L, f->columns[i].name);
        kh_lua_push_cell(L, &f->columns[i].cells[row]);
        lua_rawset(L, -3);
    }
}

static size_t need_column(lua_State *L, const kh_frame *f, const char *name)
{
    size_t i = kh_frame_find(f, name);
    if (i != SIZE_MAX)
        return i;
    const char *names[256];
    size_t n = 0;
    for (; n < f->n_columns && n < 256; n++)
        names[n] = f->columns[n].name;
    kh_lua_raise(L, _("the frame has no column \"%s\"%s"), name, kh_lua_near(L, name, names, n));
}

static size_t column_arg(lua_State *L, const kh_frame *f, int arg) { return need_column(L, f, kh_lua_text(L, arg, NULL)); }

static size_t row_arg(lua_State *L, const kh_frame *f, int arg)
{
    int64_t i = kh_lua_int(L, arg);
    if (i < 1 || (uint64_t)i > f->n)
        kh_lua_raise(L, _("the frame has %zu rows, no row %lld"), f->n, (long long)i);
    return (size_t)i - 1;
}

/* --- walking ----------------------------------------------------------------------------- */

static int frame_index(lua_State *L)
{
    kh_frame *f = kh_lua_frame(L, 1);
    if (lua_isinteger(L, 2)) {
        lua_Integer i = lua_tointeger(L, 2);
        if (i < 1 || (size_t)i > f->n)
            lua_pushnil(L);
        else
            push_row(L, f, (size_t)i - 1);
        return 1;
    }
    const char *key = lua_type(L, 2) == LUA_TSTRING ? lua_tostring(L, 2) : "";
    if (strcmp(key, "columns") == 0) {
        lua_createtable(L, (int)f->n_columns, 0);
        for (size_t i = 0; i < f->n_columns; i++) {
            lua_pushstring(L, f->columns[i].name);
            lua_rawseti(L, -2, (lua_Integer)i + 1);
        }
        return 1;
    }
    if (strcmp(key, "n") == 0) {
        lua_pushinteger(L, (lua_Integer)f->n);
        return 1;
    }
    return 0;
}

static int next_row(lua_State *L)
{
    kh_frame *f = kh_lua_frame(L, lua_upvalueindex(1));
    size_t at = (size_t)lua_tointeger(L, lua_upvalueindex(2));
    if (at >= f->n)
        return 0;
    lua_pushinteger(L, (lua_Integer)at + 1);
    lua_replace(L, lua_upvalueindex(2));
    push_row(L, f, at);
    return 1;
}

static int l_rows(lua_State *L)
{
    kh_lua_frame(L, 1);
    lua_pushvalue(L, 1);
    lua_pushinteger(L, 0);
    lua_pushcclosure(L, next_row, 2);
    return 1;
}

static int l_call(lua_State *L)
{
    kh_frame *f = kh_lua_frame(L, 1);
    frame *h = lua_touserdata(L, 1);
    if (h->at >= f->n) {
        h->at = 0;
        return 0;
    }
    push_row(L, f, h->at++);
    return 1;
}

static int l_len(lua_State *L)
{
    lua_pushinteger(L, (lua_Integer)kh_lua_frame(L, 1)->n);
    return 1;
}

static int l_column(lua_State *L)
{
    kh_frame *f = kh_lua_frame(L, 1);
    size_t c = column_arg(L, f, 2);
    lua_createtable(L, (int)f->n, 0);
    for (size_t i = 0; i < f->n; i++) {
        kh_lua_push_cell(L, &f->columns[c].cells[i]);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    return 1;
}

static int l_cell(lua_State *L)
{
    kh_frame *f = kh_lua_frame(L, 1);
    size_t r = row_arg(L, f, 2), c = column_arg(L, f, 3);
    const kh_cell *cell = &f->columns[c].cells[r];
    kh_lua_push_cell(L, cell);
    lua_createtable(L, 0, 4);
    if (cell->type == KH_C_NUM && cell->text) {
        lua_pushstring(L, cell->text);
        lua_setfield(L, -2, "text");
    }
    lua_pushstring(L, kh_status_name((kh_status)cell->status));
    lua_setfield(L, -2, "status");
    if (cell->type == KH_C_MISSING) {
        lua_pushstring(L, kh_missing_name((kh_missing)cell->missing));
        lua_setfield(L, -2, "missing");
    }
    if (cell->expected) {
        lua_pushinteger(L, cell->reported);
        lua_setfield(L, -2, "reported");
        lua_pushinteger(L, cell->expected);
        lua_setfield(L, -2, "expected");
    }
    return 2;
}

/* --- operations ---------------------------------------------------------------------------- */

typedef struct test { lua_State *L; } test;

static bool passes(void *ctx, const kh_frame *f, size_t row)
{
    lua_State *L = ((test *)ctx)->L;
    (void)f;
    bool yes = lua_rawgeti(L, 3, (lua_Integer)row + 1) == LUA_TBOOLEAN;
    lua_pop(L, 1);
    return yes;
}

/* The script's test runs first, for all rows: it may raise, and kh_frame_where must not be jumped out of. */
static int l_where(lua_State *L)
{
    kh_frame *f = kh_lua_frame(L, 1);
    int type = lua_type(L, 2);
    if (type != LUA_TFUNCTION && type != LUA_TTABLE)
        kh_lua_bad_arg(L, 2, _("a function(row) or a table of values"));
    lua_settop(L, 2);
    lua_newtable(L);
    for (size_t i = 0; i < f->n; i++) {
        bool yes = true;
        if (type == LUA_TFUNCTION) {
            lua_pushvalue(L, 2);
            push_row(L, f, i);
            lua_call(L, 1, 1);
            yes = lua_toboolean(L, -1);
            lua_pop(L, 1);
        } else {
            for (lua_pushnil(L); lua_next(L, 2); lua_pop(L, 1)) {
                if (lua_type(L, -2) != LUA_TSTRING)
                    kh_lua_raise(L, "%s", _("where: the table names columns and their values"));
                size_t c = need_column(L, f, lua_tostring(L, -2));
                kh_lua_push_cell(L, &f->columns[c].cells[i]);
                yes = yes && lua_compare(L, -1, -2, LUA_OPEQ);
                lua_pop(L, 1);
            }
        }
        if (yes) {
            lua_pushboolean(L, 1);
            lua_rawseti(L, 3, (lua_Integer)i + 1);
        }
    }
    kh_frame **out = born_of(L, f, f->n);
    test t = {L};
    luaL_checkstack(L, 4, NULL);
    give(L, out, kh_frame_where(f, passes, &t));
    return 1;
}

/* "name", "-name" */
static int l_sort(lua_State *L)
{
    kh_frame *f = kh_lua_frame(L, 1);
    const char *names[16];
    bool down[16];
    int n = lua_gettop(L) - 1;
    kh_error err = KH_ERROR_INIT;
    if (n < 1 || n > 16)
        kh_lua_raise(L, "%s", _("sort wants 1 to 16 columns: f:sort(\"unit\", \"-T7\")"));
    for (int i = 0; i < n; i++) {
        const char *s = kh_lua_text(L, i + 2, NULL);
        down[i] = s[0] == '-' && kh_frame_find(f, s) == SIZE_MAX;
        names[i] = s + down[i];
        need_column(L, f, names[i]);
    }
    kh_frame **out = born_of(L, f, f->n);
    made(L, out, kh_frame_sort(out, f, names, down, (size_t)n, &err), &err);
    return 1;
}

static int l_head(lua_State *L)
{
    kh_frame *f = kh_lua_frame(L, 1);
    int64_t n = lua_isnoneornil(L, 2) ? 10 : kh_lua_int(L, 2);
    size_t rows = n < 0 ? 0 : (size_t)n < f->n ? (size_t)n : f->n;
    kh_frame **out = born_of(L, f, rows);
    give(L, out, kh_frame_head(f, rows));
    return 1;
}

static void few_columns(lua_State *L, const char *what, int list)
{
    if (lua_rawlen(L, list) > MOST_KEYS)
        kh_lua_raise(L, _("%s takes at most %d columns there"), what, MOST_KEYS);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const kh_frame_agg *)a)->as, ((const kh_frame_agg *)b)->as);
}

/* f:group({ "unit" }, { total = { "x", "sum" } }) or f:group("unit", { x = "sum" }) */
static int l_group(lua_State *L)
{
    kh_frame *f = kh_lua_frame(L, 1);
    const char *by[MOST_KEYS];
    kh_frame_agg aggs[MOST_MADE];
    size_t n_by = 0, n = 0;
    kh_error err = KH_ERROR_INIT;
    if (lua_type(L, 2) == LUA_TSTRING) {
        by[n_by++] = lua_tostring(L, 2);
    } else {
        luaL_checktype(L, 2, LUA_TTABLE);
        few_columns(L, "group", 2);
        for (size_t i = 1; i <= lua_rawlen(L, 2); i++) {
            if (lua_rawgeti(L, 2, (lua_Integer)i) != LUA_TSTRING)
                kh_lua_raise(L, "%s", _("group wants names of columns first"));
            by[n_by++] = lua_tostring(L, -1); /* the table keeps it */
            lua_pop(L, 1);
        }
    }
    luaL_checktype(L, 3, LUA_TTABLE);
    for (size_t i = 0; i < n_by; i++)
        need_column(L, f, by[i]);
    for (size_t c = 0; c < f->n_columns; c++) { /* in the frame's order and then by name: a table has none */
        size_t first = n;
        for (lua_pushnil(L); lua_next(L, 3); lua_pop(L, 1)) {
            if (lua_type(L, -2) != LUA_TSTRING)
                kh_lua_raise(L, "%s", _("group wants { column = \"sum\" } or { name = { \"column\", \"sum\" } }"));
            const char *as = lua_tostring(L, -2), *column = as, *how = NULL;
            if (lua_type(L, -1) == LUA_TTABLE) {
                lua_rawgeti(L, -1, 1);
                lua_rawgeti(L, -2, 2);
                column = lua_type(L, -2) == LUA_TSTRING ? lua_tostring(L, -2) : "";
                how = lua_type(L, -1) == LUA_TSTRING ? lua_tostring(L, -1) : NULL;
                lua_pop(L, 2);
            } else if (lua_type(L, -1) == LUA_TSTRING) {
                how = lua_tostring(L, -1);
            }
            if (need_column(L, f, column) != c)
                continue;
            if (n == MOST_MADE)
                kh_lua_raise(L, _("%s takes at most %d columns there"), "group", MOST_MADE);
            kh_frame_agg agg = {f->columns[c].name, KH_AGG_SUM, as};
            if (!how || !kh_agg_parse(how, &agg.how))
                kh_lua_raise(L, _("group: how to put together \"%s\" is said by sum, mean, min, max, last, first, count, stddev or variance"), column);
            aggs[n++] = agg;
        }
        qsort(aggs + first, n - first, sizeof *aggs, by_name);
    }
    kh_frame **out = born_of(L, f, f->n);
    made(L, out, kh_frame_group(out, f, by, n_by, aggs, n, &err), &err);
    return 1;
}

static int l_pivot(lua_State *L)
{
    kh_frame *f = kh_lua_frame(L, 1);
    const char *names[3];
    kh_error err = KH_ERROR_INIT;
    for (int i = 0; i < 3; i++)
        names[i] = f->columns[column_arg(L, f, i + 2)].name;
    kh_frame **out = kh_lua_new_frame(L);
    made(L, out, kh_frame_pivot(out, f, names[0], names[1], names[2], cells_left(L), &err), &err);
    return 1;
}

static int l_join(lua_State *L)
{
    kh_frame *a = kh_lua_frame(L, 1), *b = kh_lua_frame(L, 2);
    const char *on[MOST_KEYS];
    size_t n = 0;
    kh_error err = KH_ERROR_INIT;
    if (lua_type(L, 3) == LUA_TSTRING) {
        on[n++] = lua_tostring(L, 3);
    } else {
        luaL_checktype(L, 3, LUA_TTABLE);
        few_columns(L, "join", 3);
        for (size_t i = 1; i <= lua_rawlen(L, 3); i++) {
            if (lua_rawgeti(L, 3, (lua_Integer)i) != LUA_TSTRING)
                kh_lua_raise(L, "%s", _("join wants names of columns"));
            on[n++] = lua_tostring(L, -1);
            lua_pop(L, 1);
        }
    }
    for (size_t i = 0; i < n; i++) {
        need_column(L, a, on[i]);
        need_column(L, b, on[i]);
    }
    bool keep = lua_isnoneornil(L, 4) || lua_toboolean(L, 4);
    kh_frame **out = kh_lua_new_frame(L);
    made(L, out, kh_frame_join(out, a, b, on, n, keep, cells_left(L), &err), &err);
    return 1;
}

static void set_cell(lua_State *L, kh_frame *f, size_t row, size_t column, int at)
{
    kh_unit u;
    kh_period p;
    kh_cell *c = kh_frame_cell(f, row, column);
    memset(c, 0, sizeof *c);
    if (kh_lua_is_unit(L, at, &u)) {
        *c = (kh_cell){.type = KH_C_UNIT, .i = u};
    } else if (kh_lua_is_period(L, at, &p)) {
        *c = (kh_cell){.type = KH_C_PERIOD, .i = p};
    } else if (lua_type(L, at) == LUA_TSTRING) {
        *c = (kh_cell){.type = KH_C_TEXT, .text = kh_arena_strdup(f->arena, lua_tostring(L, at))};
    } else if (lua_type(L, at) == LUA_TNUMBER && lua_isinteger(L, at)) {
        *c = (kh_cell){.type = KH_C_INT, .i = lua_tointeger(L, at), .num = (double)lua_tointeger(L, at)};
    } else if (lua_type(L, at) == LUA_TNUMBER) {
        kh_frame_set_num(f, row, column, lua_tonumber(L, at));
    } else if (lua_type(L, at) == LUA_TBOOLEAN) {
        *c = (kh_cell){.type = KH_C_INT, .i = lua_toboolean(L, at), .num = lua_toboolean(L, at)};
    } else if (!lua_isnil(L, at)) {
        kh_lua_raise(L, _("a cell holds a number, a text, a unit or a period, not a %s"), kh_lua_type(L, at));
    }
}

/* A new frame with one more column: f:add("per_head", function(row) return row.spent / row.people end, { decimals = 1 }) */
static int l_add(lua_State *L)
{
    static const kh_key keys[] = {{"title", "string?", "its heading"}, {"unit", "string?", "what it is counted in"}, {"decimals", "integer?", "as shown"}, {NULL, NULL, NULL}};
    kh_frame *f = kh_lua_frame(L, 1);
    const char *name = kh_lua_text(L, 2, NULL), *title = NULL, *unit = NULL;
    int decimals = -1;
    luaL_checktype(L, 3, LUA_TFUNCTION);
    if (kh_frame_find(f, name) != SIZE_MAX)
        kh_lua_raise(L, _("the frame has a column \"%s\" already"), name);
    if (!lua_isnoneornil(L, 4)) {
        kh_table t = kh_table_open(L, 4, "add", keys);
        title = kh_table_text(&t, "title");
        unit = kh_table_text(&t, "unit");
        decimals = (int)kh_table_int(&t, "decimals", 0, 9, -1);
    }
    kh_frame **slot = born_of(L, f, f->n);
    give(L, slot, kh_frame_head(f, f->n));
    kh_frame *out = *slot;
    size_t c = kh_frame_add_column(out, name, title ? title : name, unit, decimals);
    for (size_t i = 0; i < f->n; i++) {
        lua_pushvalue(L, 3);
        push_row(L, f, i);
        lua_call(L, 1, 1);
        set_cell(L, out, i, c, lua_gettop(L));
        lua_pop(L, 1);
    }
    return 1;
}

/* --- showing -------------------------------------------------------------------------------- */

static int l_print(lua_State *L)
{
    kh_frame *f = kh_lua_frame(L, 1);
    kh_buf *b = kh_lua_buf(L);
    kh_frame_print(f, kh_msg_lang_now(), false, b);
    kh_lua_print(L, kh_buf_cstr(b), b->len);
    return 0;
}

/* With a path: writes there, inside a granted folder; without: gives the text. */
static int text_or_file(lua_State *L, kh_buf *b)
{
    if (lua_isnoneornil(L, 2)) {
        kh_lua_count_output(L, b->len);
        kh_lua_push_buf(L, b);
        return 1;
    }
    return kh_lua_write_file(L, kh_lua_text(L, 2, NULL), b);
}

static int l_csv(lua_State *L)
{
    static const kh_key keys[] = {{"excel", "boolean?", "byte order mark, semicolons and decimal commas, as Excel in Vietnam wants them"}, {NULL, NULL, NULL}};
    kh_frame *f = kh_lua_frame(L, 1);
    bool excel = false;
    lua_settop(L, 3);
    if (!lua_isnoneornil(L, 3)) {
        kh_table t = kh_table_open(L, 3, "csv", keys);
        excel = kh_table_bool(&t, "excel", false);
    }
    kh_buf *b = kh_lua_buf(L);
    kh_frame_csv(f, excel, b);
    return text_or_file(L, b);
}

static int l_json(lua_State *L)
{
    kh_frame *f = kh_lua_frame(L, 1);
    lua_settop(L, 2);
    kh_buf *b = kh_lua_buf(L);
    kh_frame_json(f, b);
    return text_or_file(L, b);
}

static int l_xlsx(lua_State *L)
{
    kh_frame *f = kh_lua_frame(L, 1);
    return kh_lua_frame_xlsx(L, f, kh_lua_text(L, 2, NULL));
}

static int l_tostring(lua_State *L)
{
    kh_frame *f = kh_lua_frame(L, 1);
    kh_buf *b = kh_lua_buf(L);
    kh_frame_print(f, kh_msg_lang_now(), false, b);
    while (b->len && b->data[b->len - 1] == '\n')
        b->len--;
    kh_lua_push_buf(L, b);
    return 1;
}

/* --- from rows -------------------------------------------------------------------------------- */

/* kh.frame({ "name", "value" }, { { name = "a", value = 1 }, ... }) */
int kh_l_frame(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TTABLE);
    luaL_checktype(L, 2, LUA_TTABLE);
    kh_frame **slot = kh_lua_new_frame(L);
    kh_frame *f = *slot = kh_frame_new(kh_host(L)->ws->catalog);
    size_t n_columns = lua_rawlen(L, 1), n = lua_rawlen(L, 2);
    if (n_columns == 0 || n_columns > 1000)
        kh_lua_raise(L, "%s", _("kh.frame wants the list of its columns first: kh.frame({ \"name\", \"value\" }, rows)"));
    for (size_t i = 1; i <= n_columns; i++) {
        if (lua_rawgeti(L, 1, (lua_Integer)i) != LUA_TSTRING)
            kh_lua_raise(L, "%s", _("kh.frame: names of columns are texts"));
        kh_frame_add_column(f, lua_tostring(L, -1), lua_tostring(L, -1), NULL, -1);
        lua_pop(L, 1);
    }
    kh_lua_hold(L, n * n_columns * sizeof(kh_cell));
    ((frame *)(void *)slot)->bytes = n * n_columns * sizeof(kh_cell);
    for (size_t i = 1; i <= n; i++) {
        if ((i & 255) == 0)
            kh_lua_poll(L);
        lua_rawgeti(L, 2, (lua_Integer)i);
        if (!lua_istable(L, -1))
            kh_lua_raise(L, _("kh.frame: row %zu is a %s, not a table"), i, kh_lua_type(L, -1));
        size_t row = kh_frame_add_row(f);
        for (size_t c = 0; c < n_columns; c++) {
            lua_pushstring(L, f->columns[c].name);
            if (lua_rawget(L, -2) == LUA_TNIL) { /* not by name: by its place */
                lua_pop(L, 1);
                lua_rawgeti(L, -1, (lua_Integer)c + 1);
            }
            set_cell(L, f, row, c, lua_gettop(L));
            lua_pop(L, 1);
        }
        lua_pop(L, 1);
    }
    return 1;
}

static const kh_fn fns[] = {
    {"rows", l_rows, " -> fun(): table?", "An iterator: `for row in f:rows() do print(row.unit, row.T7) end`. A missing cell is nil."},
    {"column", l_column, "name: string -> any[]", "The values of one column; a missing one is nil (use #f for the number of rows)."},
    {"cell", l_cell, "row: integer, column: string -> any, table", "A value and what is known about it: text (exact digits), status, missing (the reason), reported, expected."},
    {"where", l_where, "test: (fun(row: table): boolean)|table -> Frame", "The rows for which the function gives true, or whose columns have these values."},
    {"sort", l_sort, "...: string -> Frame", "By these columns, \"-name\" downwards. Stable; missing last; names in Vietnamese order."},
    {"head", l_head, "n?: integer -> Frame", "The first n rows (default 10)."},
    {"group", l_group, "by: string|string[], columns: table -> Frame", "One row for each value of `by`: `f:group(\"period\", { spent = \"sum\" })` or `{ total = { \"spent\", \"sum\" } }`."},
    {"pivot", l_pivot, "rows: string, columns: string, values: string -> Frame", "One row for each value of the first column, one column for each of the second."},
    {"join", l_join, "other: Frame, on: string|string[], keep?: boolean -> Frame", "Columns of both where `on` is equal; rows without a partner are kept unless keep is false."},
    {"add", l_add, "name: string, value: (fun(row: table): any), options?: table -> Frame", "One more column, computed row by row; options title, unit, decimals."},
    {"print", l_print, "", "To standard output, as a table."},
    {"csv", l_csv, "path?: string, options?: table -> string?, Error?", "As CSV, safe against formulas: into a file of a granted folder (gives its path), or as text. Option excel."},
    {"json", l_json, "path?: string -> string?, Error?", "As JSON, likewise."},
    {"xlsx", l_xlsx, "path: string -> string?, Error?", "As a workbook into a file of a granted folder; gives its path."},
    {NULL, NULL, NULL, NULL},
};
static const kh_prop props[] = {{"columns", "string[]", "names of its columns"}, {"n", "integer", "number of rows"}, {NULL, NULL, NULL}};
static const luaL_Reg meta[] = {{"__gc", l_gc}, {"__call", l_call}, {"__len", l_len}, {"__tostring", l_tostring}, {NULL, NULL}};
const kh_ns kh_ns_frame = {.name = "kh.Frame", .is_class = true, .fns = fns, .props = props, .index = frame_index, .meta = meta,
                           .doc = "A table of columns. `f[1]` is its first row, `#f` the number of rows, `ipairs(f)` and `for row in f do` walk them. Operations leave the frame alone and give a new one."};

/* SPDX-License-Identifier: MIT */
/*
 * row(row, out): a form's function over the rows of a file. This is the one
 * place where Lua runs a million times, so headings, codes and options are
 * looked up once: a Lua table holds what each text came to, and row and out are
 * two userdata whose pointers are set for the call and gone after it. Before the
 * table comes a memory by address: a text that the table holds as a key stays
 * where it is, so the same address is the same text. Units and periods that are
 * held are known by their address too.
 *
 * Columns are kept while rows come from one file in order; another file (its
 * lines begin anew, or its columns are others) begins with none.
 *
 * A fault of the script is an error with its place; a fault of a cell is a
 * finding, and the function gets nil for it.
 */
#include "script/host.h"

#include "base/msg.h"

#include <string.h>

static const char row_class[] = "kh.Row", out_class[] = "kh.Out";

typedef struct handle { void *p; } handle; /* kh_row or kh_out; NULL outside of the call */

enum { MEMO = 256, INTERNED = 40 /* bytes: no two texts so short are equal and not the same */ };
typedef struct memo { const void *text[MEMO]; uint32_t value[MEMO]; } memo;

struct kh_row_cache {
    handle *row, *out;            /* kept by the registry */
    int row_ref, out_ref;
    int columns, codes, keys, options, held; /* registry references of Lua tables; held: the unit and period below */
    memo known_columns, known_codes, known_keys;
    const void *last_unit, *last_period; /* userdata */
    kh_unit unit;
    kh_period period;
    void *form;                   /* the script whose headings `columns` holds */
    const kh_row *last_row;
    uint32_t last_line;
    size_t n_columns;
};

/* --- texts by their address ------------------------------------------------------------------ */

static size_t memo_slot(const void *text)
{
    return (uintptr_t)text * 0x9E3779B97F4A7C15u >> 56; /* of MEMO */
}

/* What the text at `at` came to, or UINT32_MAX. The address of anything else is not that of a text that is held. */
static inline uint32_t recall(lua_State *L, const memo *m, int at)
{
    const void *text = lua_topointer(L, at);
    size_t i = memo_slot(text);
    return text && m->text[i] == text ? m->value[i] : UINT32_MAX;
}

/* The text at `at` must be a key of the table that stands behind m: equal short texts are one, of long ones only the first is the key. */
static void remember(lua_State *L, memo *m, int at, uint32_t value)
{
    const void *text = lua_topointer(L, at);
    size_t i = memo_slot(text);
    if (lua_rawlen(L, at) > INTERNED)
        return;
    m->text[i] = text;
    m->value[i] = value;
}

/* The table's number for the text at `at`, or UINT32_MAX. */
static uint32_t look_up(lua_State *L, memo *m, int table, int at)
{
    uint32_t value = UINT32_MAX;
    lua_pushvalue(L, at);
    if (lua_rawget(L, table) == LUA_TNUMBER)
        remember(L, m, at, value = (uint32_t)lua_tointeger(L, -1));
    lua_pop(L, 1);
    return value;
}

static void keep(lua_State *L, memo *m, int table, int at, uint32_t value)
{
    lua_pushvalue(L, at);
    lua_pushinteger(L, value);
    lua_rawset(L, table);
    remember(L, m, at, value);
}

/* --- the row ------------------------------------------------------------------------------- */

static kh_row *row_of(lua_State *L)
{
    handle *h = lua_touserdata(L, 1);
    struct kh_row_cache *c = kh_host(L)->rows;
    if (!h || h != c->row)
        kh_lua_raise(L, "%s", _("this is a method of a row: write row:name(...) with a colon"));
    if (!h->p)
        kh_lua_raise(L, "%s", _("a row lives only while its row function runs"));
    return h->p;
}

/* The column of the heading at index 2, kept in the table at the first upvalue. */
static uint32_t find_column(lua_State *L, kh_row *r)
{
    size_t n;
    uint32_t column;
    kh_error err = KH_ERROR_INIT;
    if (lua_type(L, 2) != LUA_TSTRING)
        kh_lua_raise(L, _("a heading is a text, not a %s"), kh_lua_type(L, 2));
    const char *heading = lua_tolstring(L, 2, &n);
    if (kh_row_column(r, heading, n, &column, &err) != KH_OK)
        kh_lua_throw(L, &err);
    keep(L, &kh_host(L)->rows->known_columns, lua_upvalueindex(1), 2, column);
    return column;
}

static uint32_t column_of(lua_State *L, kh_row *r)
{
    memo *known = &kh_host(L)->rows->known_columns;
    uint32_t column = recall(L, known, 2);
    if (column != UINT32_MAX)
        return column;
    if (lua_isnoneornil(L, 2))
        kh_lua_raise(L, "%s", _("a heading is missing: row:text(\"Heading\")"));
    column = look_up(L, known, lua_upvalueindex(1), 2);
    return column != UINT32_MAX ? column : find_column(L, r);
}

static int l_text(lua_State *L)
{
    kh_row *r = row_of(L);
    const char *text;
    size_t n;
    kh_row_text(r, column_of(L, r), &text, &n);
    lua_pushlstring(L, text, n);
    return 1;
}

static int l_integer(lua_State *L)
{
    kh_row *r = row_of(L);
    kh_lua_push_dec(L, kh_row_number(r, column_of(L, r), true));
    return 1;
}

static int l_number(lua_State *L)
{
    kh_row *r = row_of(L);
    kh_lua_push_dec(L, kh_row_number(r, column_of(L, r), false));
    return 1;
}

static int l_unit(lua_State *L)
{
    kh_row *r = row_of(L);
    kh_unit u = kh_row_place(r);
    if (!lua_isnoneornil(L, 2)) {
        uint32_t column = column_of(L, r);
        u = kh_row_unit(r, column, kh_lua_period_or(L, 3, KH_NO_PERIOD));
    }
    /* false, not nil: { unit = nil } would be a table without a unit, and the value would go to the sender */
    if (u == KH_NO_UNIT)
        lua_pushboolean(L, 0);
    else
        kh_lua_push_unit(L, u);
    return 1;
}

static int l_period(lua_State *L)
{
    kh_row *r = row_of(L);
    if (lua_isnoneornil(L, 2)) {
        kh_lua_push_period(L, kh_row_period(r));
        return 1;
    }
    uint32_t column = column_of(L, r);
    const char *text;
    size_t n;
    kh_row_text(r, column, &text, &n);
    kh_period p = n ? kh_period_parse(text, n) : KH_NO_PERIOD;
    if (n && !p)
        kh_row_finding(r, KH_ERROR, column, "PERIOD", _("this is no period"), _("2018, 2018H1, 2018Q1, 2018-03"));
    kh_lua_push_period(L, p);
    return 1;
}

static int l_date(lua_State *L)
{
    kh_row *r = row_of(L);
    char text[KH_DAY_TEXT];
    kh_day d = kh_row_date(r, column_of(L, r));
    if (d == KH_DAY_MIN) {
        lua_pushnil(L);
    } else {
        kh_day_format(d, text);
        lua_pushstring(L, text);
    }
    return 1;
}

static bool heading_is(const char *have, const char *asked)
{
    return have && strcmp(have, asked) == 0;
}

/* Whether the file has such a column at all; optional columns of a form are asked so. */
static int l_has(lua_State *L)
{
    kh_row *r = row_of(L);
    size_t n;
    uint32_t column;
    const char *heading = kh_lua_text(L, 2, &n);
    lua_pushvalue(L, 2);
    if (lua_rawget(L, lua_upvalueindex(1)) != LUA_TNIL) { /* a number: there; false: asked before, and not there */
        lua_pushboolean(L, lua_type(L, -1) == LUA_TNUMBER);
        return 1;
    }
    bool there = false;
    for (size_t i = 0; i < kh_row_columns(r) && !there; i++)
        there = heading_is(kh_row_heading(r, (uint32_t)i), heading);
    kh_error err = KH_ERROR_INIT;
    there = there || kh_row_column(r, heading, n, &column, &err) == KH_OK;
    kh_error_clear(&err);
    if (!there) {
        lua_pushvalue(L, 2);
        lua_pushboolean(L, 0);
        lua_rawset(L, lua_upvalueindex(1));
    }
    lua_pushboolean(L, there);
    return 1;
}

static int l_line(lua_State *L)
{
    lua_pushinteger(L, kh_row_line(row_of(L)));
    return 1;
}

static int l_headings(lua_State *L)
{
    kh_row *r = row_of(L);
    size_t n = kh_row_columns(r);
    lua_createtable(L, (int)n, 0);
    for (size_t i = 0; i < n; i++) {
        lua_pushstring(L, kh_row_heading(r, (uint32_t)i));
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    return 1;
}

/* row:error(heading or nil, text, expected) */
static int add_finding(lua_State *L, kh_severity severity)
{
    kh_row *r = row_of(L);
    uint32_t column = lua_isnil(L, 2) ? UINT32_MAX : column_of(L, r);
    const char *text = kh_lua_text(L, 3, NULL), *expected = kh_lua_text_or(L, 4, NULL), *code = kh_lua_text_or(L, 5, "ROW");
    kh_row_finding(r, severity, column, code, text, expected);
    return 0;
}

static int l_error(lua_State *L) { return add_finding(L, KH_ERROR); }
static int l_warning(lua_State *L) { return add_finding(L, KH_WARNING); }

/* --- out --------------------------------------------------------------------------------------- */

enum { UP_CODES = 1, UP_KEYS, UP_OPTIONS }; /* code -> measure; key -> 1 unit, 2 period, 3 + category; category -> { option -> index } */

static uint32_t find_measure(lua_State *L, int at)
{
    const kh_catalog *c = kh_host(L)->ws->catalog;
    uint32_t m;
    kh_error err = KH_ERROR_INIT;
    if (lua_type(L, at) != LUA_TSTRING)
        kh_lua_raise(L, _("out:value wants a measure's code first, not a %s"), kh_lua_type(L, at));
    if (kh_catalog_need(c, KH_DEF_MEASURE, lua_tostring(L, at), &m, &err) != KH_OK)
        kh_lua_throw(L, &err);
    keep(L, &kh_host(L)->rows->known_codes, lua_upvalueindex(UP_CODES), at, m);
    return m;
}

static uint32_t measure_of(lua_State *L, int at)
{
    memo *known = &kh_host(L)->rows->known_codes;
    uint32_t m = recall(L, known, at);
    if (m == UINT32_MAX && lua_type(L, at) == LUA_TSTRING)
        m = look_up(L, known, lua_upvalueindex(UP_CODES), at);
    return m != UINT32_MAX ? m : find_measure(L, at);
}

static _Noreturn void unknown_key(lua_State *L, const char *key)
{
    const kh_category *all;
    const char *names[130] = {"unit", "period"};
    size_t n = kh_cuts_categories(kh_host(L)->ws->catalog->cuts, &all), m = 2;
    for (size_t i = 0; i < n && m < 130; i++)
        names[m++] = all[i].code;
    kh_lua_raise(L, _("out:value: \"%s\" is neither unit, period nor a category%s"), key, kh_lua_near(L, key, names, m));
}

static uint32_t key_of(lua_State *L, int key)
{
    memo *known = &kh_host(L)->rows->known_keys;
    uint32_t what = recall(L, known, key);
    if (what != UINT32_MAX)
        return what;
    if (lua_type(L, key) != LUA_TSTRING)
        kh_lua_raise(L, "%s", _("out:value: the third argument is a table like { unit = ..., group = ... }"));
    if ((what = look_up(L, known, lua_upvalueindex(UP_KEYS), key)) != UINT32_MAX)
        return what;
    const char *name = lua_tostring(L, key);
    if (strcmp(name, "unit") == 0) {
        what = 1;
    } else if (strcmp(name, "period") == 0) {
        what = 2;
    } else {
        uint32_t cat = kh_cuts_category(kh_host(L)->ws->catalog->cuts, name);
        if (cat == UINT32_MAX)
            unknown_key(L, name);
        what = 3 + cat;
    }
    keep(L, known, lua_upvalueindex(UP_KEYS), key, what);
    return what;
}

/* A row's cell may name an option that does not exist: a finding, not a fault of the script. */
static uint32_t find_option(lua_State *L, int value, uint32_t category, int table)
{
    const kh_cuts *cuts = kh_host(L)->ws->catalog->cuts;
    if (!lua_isstring(L, value))
        kh_lua_raise(L, _("out:value: the option of a category is a text or a number, not a %s"), kh_lua_type(L, value));
    lua_pushvalue(L, value);
    const char *text = lua_tostring(L, -1);
    uint32_t option = kh_cuts_option(cuts, category, text);
    if (option == UINT32_MAX) {
        const kh_category *all;
        const char *names[256];
        size_t n = 0;
        kh_cuts_categories(cuts, &all);
        for (; n < all[category].n_options && n < 256; n++)
            names[n] = all[category].options[n].code;
        struct kh_row_cache *c = kh_host(L)->rows;
        if (!c->row->p)
            kh_lua_raise(L, _("category \"%s\" has no option \"%s\"%s"), all[category].code, text, kh_lua_near(L, text, names, n));
        kh_buf *b = kh_lua_buf(L);
        kh_buf_printf(b, _("category \"%s\" has no option \"%s\""), all[category].code, text);
        kh_row_finding(c->row->p, KH_ERROR, UINT32_MAX, "OPTION-UNKNOWN", kh_buf_cstr(b), kh_lua_near(L, text, names, n));
        lua_pop(L, 2);
        return UINT32_MAX;
    }
    lua_pop(L, 1);
    lua_pushvalue(L, value);
    lua_pushinteger(L, option);
    lua_rawset(L, table);
    return option;
}

static uint32_t option_of(lua_State *L, int value, uint32_t category)
{
    if (lua_rawgeti(L, lua_upvalueindex(UP_OPTIONS), (lua_Integer)category + 1) != LUA_TTABLE) {
        lua_pop(L, 1);
        lua_newtable(L);
        lua_pushvalue(L, -1);
        lua_rawseti(L, lua_upvalueindex(UP_OPTIONS), (lua_Integer)category + 1);
    }
    int table = lua_gettop(L);
    lua_pushvalue(L, value);
    uint32_t option = lua_rawget(L, table) == LUA_TNUMBER ? (uint32_t)lua_tointeger(L, -1) : UINT32_MAX;
    lua_pop(L, 1);
    if (option == UINT32_MAX)
        option = find_option(L, value, category, table);
    lua_pop(L, 1);
    return option;
}

/* A unit or a period that was here before: its address is its own as long as it is held. */
static void hold(lua_State *L, int at, lua_Integer slot)
{
    lua_rawgeti(L, LUA_REGISTRYINDEX, kh_host(L)->rows->held);
    lua_pushvalue(L, at);
    lua_rawseti(L, -2, slot);
    lua_pop(L, 1);
}

static kh_unit unit_at(lua_State *L, int at, kh_day day)
{
    struct kh_row_cache *c = kh_host(L)->rows;
    const void *p = lua_touserdata(L, at);
    if (p && p == c->last_unit)
        return c->unit;
    kh_unit u = kh_lua_unit(L, at, day);
    if (p) {
        hold(L, at, 1);
        c->last_unit = p;
        c->unit = u;
    }
    return u;
}

static kh_period period_at(lua_State *L, int at)
{
    struct kh_row_cache *c = kh_host(L)->rows;
    const void *p = lua_touserdata(L, at);
    if (p && p == c->last_period)
        return c->period;
    kh_period period = kh_lua_period(L, at);
    if (p) {
        hold(L, at, 2);
        c->last_period = p;
        c->period = period;
    }
    return period;
}

typedef struct place { kh_unit unit; kh_period period; kh_cut cut; bool bad; } place;

/* { unit = ..., period = ..., CATEGORY = option }. A nil unit of a bad cell never gets here as a key: then the sender is meant. */
static void read_place(lua_State *L, int at, place *out)
{
    kh_cut_part parts[16];
    size_t n = 0;
    for (lua_pushnil(L); lua_next(L, at); lua_pop(L, 1)) {
        int value = lua_gettop(L);
        uint32_t what = key_of(L, value - 1);
        if (what == 1) {
            if (lua_isboolean(L, value)) { /* row:unit gave none */
                out->bad = true;
                kh_row_unit_missing(kh_host(L)->rows->row->p);
                continue;
            }
            out->unit = unit_at(L, value, out->period ? kh_period_last(out->period) : kh_host(L)->at);
        } else if (what == 2) {
            out->period = period_at(L, value);
        } else {
            if (n == 16)
                kh_lua_raise(L, "%s", _("out:value: at most 16 categories"));
            uint32_t option = option_of(L, value, what - 3);
            if (option == UINT32_MAX)
                out->bad = true;
            else
                parts[n++] = (kh_cut_part){what - 3, option};
        }
    }
    if (n)
        out->cut = kh_cut_make(kh_host(L)->ws->catalog->cuts, parts, n);
}

static int put_text(lua_State *L, kh_out *out, uint32_t m, const place *p, kh_error *err)
{
    size_t n;
    const char *text = lua_tolstring(L, 3, &n);
    const kh_measure *measure = &kh_host(L)->ws->catalog->measures[m];
    if (kh_type_is_number(measure->type))
        kh_lua_raise(L, _("measure \"%s\" is a number, and \"%s\" is a text; row:number(...) and row:integer(...) read numbers"), measure->code, text);
    return n ? kh_out_text(out, m, p->unit, p->period, p->cut, text, n, err) : KH_OK; /* an empty text is none */
}

static int put(lua_State *L, kh_out *out, uint32_t m, const place *p, kh_error *err)
{
    kh_dec d = {0, 0};
    if (lua_isinteger(L, 3)) {
        d.m = lua_tointeger(L, 3);
        if (d.m != KH_MISSING)
            return kh_out_number(out, m, p->unit, p->period, p->cut, d, err);
    }
    switch (lua_type(L, 3)) {
    case LUA_TNUMBER: d = kh_lua_dec(L, 3, kh_host(L)->ws->catalog->measures[m].code); break;
    case LUA_TBOOLEAN: d.m = lua_toboolean(L, 3); break;
    case LUA_TSTRING: return put_text(L, out, m, p, err);
    case LUA_TNIL: return KH_OK; /* missing: nothing was reported, and nothing is put */
    default: kh_lua_raise(L, _("out:value: a value is a number, a text, true or false, not a %s"), kh_lua_type(L, 3));
    }
    return kh_out_number(out, m, p->unit, p->period, p->cut, d, err);
}

/* out:value(code, value, { unit =, period =, CATEGORY = option }) */
static int l_value(lua_State *L)
{
    handle *h = lua_touserdata(L, 1);
    struct kh_row_cache *c = kh_host(L)->rows;
    if (!h || h != c->out)
        kh_lua_raise(L, "%s", _("this is a method of out: write out:value(...) with a colon"));
    if (!h->p)
        kh_lua_raise(L, "%s", _("out lives only while its row function runs"));
    kh_row *row = c->row->p;
    place p = {kh_row_place(row), kh_row_period(row), KH_NO_CUT, false};
    uint32_t m = measure_of(L, 2);
    int n = lua_gettop(L);
    if (n < 3)
        return 0;
    if (n > 3 && lua_type(L, 4) == LUA_TTABLE && lua_type(L, 3) != LUA_TNIL)
        read_place(L, 4, &p);
    else if (n > 3 && lua_type(L, 4) != LUA_TTABLE && lua_type(L, 4) != LUA_TNIL)
        kh_lua_raise(L, "%s", _("out:value: the third argument is a table like { unit = ..., group = ... }"));
    kh_error err = KH_ERROR_INIT;
    if (!p.bad && put(L, h->p, m, &p, &err) != KH_OK)
        kh_lua_throw(L, &err);
    return 0;
}

/* out:finding("error"|"warning"|"note", heading or nil, text, expected): for checks that need no column of their own */
static int l_finding(lua_State *L)
{
    static const char *const names[] = {"error", "warning", "note"};
    struct kh_row_cache *c = kh_host(L)->rows;
    if (!c->row->p)
        kh_lua_raise(L, "%s", _("out lives only while its row function runs"));
    const char *severity = kh_lua_text(L, 2, NULL);
    kh_error err = KH_ERROR_INIT;
    uint32_t column = UINT32_MAX;
    if (!lua_isnil(L, 3)) {
        size_t n;
        const char *heading = kh_lua_text(L, 3, &n);
        if (kh_row_column(c->row->p, heading, n, &column, &err) != KH_OK)
            kh_lua_throw(L, &err);
    }
    for (int i = 0; i < 3; i++)
        if (strcmp(severity, names[i]) == 0) {
            kh_row_finding(c->row->p, (kh_severity)i, column, "ROW", kh_lua_text(L, 4, NULL), kh_lua_text_or(L, 5, NULL));
            return 0;
        }
    kh_lua_raise(L, _("a finding is an error, a warning or a note, not \"%s\""), severity);
}

/* --- the call ------------------------------------------------------------------------------------ */

typedef struct call { void *script; kh_row *row; kh_out *out; } call;

static void forget_columns(lua_State *L, struct kh_row_cache *c)
{
    lua_rawgeti(L, LUA_REGISTRYINDEX, c->columns);
    for (lua_pushnil(L); lua_next(L, -2);) { /* clearing entries while walking is allowed */
        lua_pop(L, 1);
        lua_pushvalue(L, -1);
        lua_pushnil(L);
        lua_rawset(L, -4);
    }
    lua_pop(L, 1);
    memset(&c->known_columns, 0, sizeof c->known_columns);
}

static int run_row(lua_State *L)
{
    call *k = lua_touserdata(L, 1);
    struct kh_row_cache *c = kh_host(L)->rows;
    uint32_t line = kh_row_line(k->row);
    if (c->form != k->script || c->last_row != k->row || line <= c->last_line || c->n_columns != kh_row_columns(k->row))
        forget_columns(L, c);
    c->form = k->script;
    c->last_row = k->row;
    c->last_line = line;
    c->n_columns = kh_row_columns(k->row);
    c->row->p = k->row;
    c->out->p = k->out;
    lua_rawgeti(L, LUA_REGISTRYINDEX, kh_ptr_ref(k->script));
    lua_rawgeti(L, LUA_REGISTRYINDEX, c->row_ref);
    lua_rawgeti(L, LUA_REGISTRYINDEX, c->out_ref);
    lua_call(L, 2, 0);
    return 0;
}

int kh_row_call(void *ctx, void *script, kh_row *row, kh_out *out, kh_error *err)
{
    kh_script *s = ctx;
    call k = {script, row, out};
    kh_day at = s->at;
    if (kh_row_period(row))
        s->at = kh_period_last(kh_row_period(row));
    s->in_row = true;
    int rc = kh_lua_enter(s, run_row, &k, KH_EFAULTS, err); /* a limit gives KH_ESCRIPT, which ends the import */
    s->in_row = false;
    s->rows->row->p = NULL;
    s->rows->out->p = NULL;
    s->at = at;
    return rc;
}

void kh_row_free(kh_script *s)
{
    kh_free(s->rows);
    s->rows = NULL;
}

/* --- names ------------------------------------------------------------------------------------------ */

static const kh_fn row_fns[] = {
    {"text", l_text, "heading: string -> string", "The cell as text, trimmed; \"\" where it is empty."},
    {"integer", l_integer, "heading: string -> integer?", "A whole number; nil where the cell is empty, or bad (a finding)."},
    {"number", l_number, "heading: string -> number?", "A number; nil where the cell is empty, or bad (a finding)."},
    {"unit", l_unit, "heading?: string, at?: Period|string -> Unit|false", "The unit that the cell names by code or name, in the row's period or another that is given; false where it is empty, or bad (a finding). Without a heading: the unit of the form's unit column, or the sender."},
    {"period", l_period, "heading?: string -> Period?", "The period that the cell names; without a heading: that of the form's period column, or the return's."},
    {"date", l_date, "heading: string -> string?", "A date as \"2018-01-31\"; nil where the cell is empty, or bad (a finding)."},
    {"has", l_has, "heading: string -> boolean", "Whether this file has such a column."},
    {"line", l_line, " -> integer", "The line in the file."},
    {"headings", l_headings, " -> string[]", "The file's headings."},
    {"error", l_error, "heading: string?, text: string, expected?: string, code?: string", "A fault of this row, in the column or (nil) as a whole: the row is refused."},
    {"warning", l_warning, "heading: string?, text: string, expected?: string, code?: string", "Something odd in this row; it is taken."},
    {NULL, NULL, NULL, NULL},
};
const kh_ns kh_ns_row = {.name = "kh.Row", .is_class = true, .fns = row_fns, .doc = "One row of a return, as a form's `row` function sees it. Headings under a merged one are written \"Trong đó/Nữ\"; an unknown heading is an error that names the nearest."};

static const kh_fn out_fns[] = {
    {"value", l_value, "measure: string, value: number|string|boolean|nil, place?: table",
     "Puts a value: `out:value(\"x\", row:integer(\"Số\"), { unit = u, gender = \"female\" })`. Without a place: the row's unit and period by the form's own columns, or the sender's in the return's period. nil is missing and puts nothing."},
    {"finding", l_finding, "severity: \"error\"|\"warning\"|\"note\", heading: string?, text: string, expected?: string", "A finding about this row."},
    {NULL, NULL, NULL, NULL},
};
const kh_ns kh_ns_out = {.name = "kh.Out", .is_class = true, .fns = out_fns, .doc = "Where a form's `row` function puts its values."};

/* Like kh_lua_class, but the methods share upvalues: tables that hold what texts came to. */
static void open_class(lua_State *L, const kh_ns *ns, const int *refs, int n)
{
    luaL_newmetatable(L, ns->name);
    lua_newtable(L);
    for (const kh_fn *f = ns->fns; f->name; f++) {
        for (int i = 0; i < n; i++)
            lua_rawgeti(L, LUA_REGISTRYINDEX, refs[i]);
        lua_pushcclosure(L, f->fn, n);
        lua_setfield(L, -2, f->name);
    }
    kh_lua_strict(L, ns);
    lua_setfield(L, -2, "__index");
    lua_pushstring(L, ns->name);
    lua_setfield(L, -2, "__metatable");
    lua_pop(L, 1);
}

static int new_table(lua_State *L)
{
    lua_newtable(L);
    return luaL_ref(L, LUA_REGISTRYINDEX);
}

static handle *new_handle(lua_State *L, const char *class_name, int *ref)
{
    handle *h = lua_newuserdatauv(L, sizeof *h, 0);
    h->p = NULL;
    luaL_setmetatable(L, class_name);
    *ref = luaL_ref(L, LUA_REGISTRYINDEX);
    return h;
}

void kh_open_row(lua_State *L)
{
    struct kh_row_cache *c = kh_host(L)->rows = kh_zalloc(1, sizeof *c);
    c->columns = new_table(L);
    c->codes = new_table(L);
    c->keys = new_table(L);
    c->options = new_table(L);
    c->held = new_table(L);
    open_class(L, &kh_ns_row, &c->columns, 1);
    open_class(L, &kh_ns_out, (const int[]){c->codes, c->keys, c->options}, 3);
    c->row = new_handle(L, row_class, &c->row_ref);
    c->out = new_handle(L, out_class, &c->out_ref);
}

/* SPDX-License-Identifier: MIT */
/* Units as values. The tree is asked at a date: where none is named, the day that counts here (a report's period's last, else today). */
#include "script/host.h"

#include "base/msg.h"

#include <string.h>

static const char class_name[] = "kh.Unit";

static kh_units *tree(lua_State *L) { return kh_host(L)->ws->catalog->units; }

void kh_lua_push_unit(lua_State *L, kh_unit u)
{
    if (u == KH_NO_UNIT) {
        lua_pushnil(L);
        return;
    }
    lua_getfield(L, LUA_REGISTRYINDEX, "kh.units");
    if (lua_rawgeti(L, -1, (lua_Integer)u + 1) == LUA_TNIL) {
        lua_pop(L, 1);
        kh_unit *ud = lua_newuserdatauv(L, sizeof *ud, 0);
        *ud = u;
        luaL_setmetatable(L, class_name);
        lua_pushvalue(L, -1);
        lua_rawseti(L, -3, (lua_Integer)u + 1);
    }
    lua_remove(L, -2);
}

bool kh_lua_is_unit(lua_State *L, int at, kh_unit *out)
{
    kh_unit *u = luaL_testudata(L, at, class_name);
    if (u)
        *out = *u;
    return u != NULL;
}

kh_unit kh_lua_unit(lua_State *L, int at, kh_day day)
{
    kh_unit u;
    kh_error err = KH_ERROR_INIT;
    if (kh_lua_is_unit(L, at, &u))
        return u;
    if (lua_type(L, at) != LUA_TSTRING)
        kh_lua_raise(L, _("a unit, its code or its name is wanted, not a %s"), kh_lua_type(L, at));
    if (kh_catalog_need_unit(kh_host(L)->ws->catalog, lua_tostring(L, at), day, &u, &err) != KH_OK)
        kh_lua_throw(L, &err);
    return u;
}

static kh_unit self(lua_State *L) { return *(kh_unit *)luaL_checkudata(L, 1, class_name); }

/* The host's day, or the unit's last day where it has ended by then (its first, where it has not begun). */
static kh_day day_for(lua_State *L, kh_unit u)
{
    const kh_unit_def *d = kh_units_def(tree(L), u);
    kh_day at = kh_host(L)->at;
    return at > d->to ? d->to : at < d->from ? d->from : at;
}

static int push_day(lua_State *L, kh_day d)
{
    char text[KH_DAY_TEXT];
    if (d == KH_DAY_MIN || d == KH_DAY_MAX) {
        lua_pushnil(L);
        return 1;
    }
    kh_day_format(d, text);
    lua_pushstring(L, text);
    return 1;
}

static int unit_index(lua_State *L)
{
    kh_unit u = self(L);
    kh_units *units = tree(L);
    const kh_unit_def *d = kh_units_def(units, u);
    const char *key = lua_type(L, 2) == LUA_TSTRING ? lua_tostring(L, 2) : "";
    if (strcmp(key, "code") == 0) {
        lua_pushstring(L, d->code);
    } else if (strcmp(key, "name") == 0) {
        lua_pushstring(L, d->name);
    } else if (strcmp(key, "short") == 0) {
        lua_pushstring(L, d->short_name ? d->short_name : d->name);
    } else if (strcmp(key, "title") == 0) {
        char text[512];
        kh_units_title(units, u, kh_msg_lang_now(), text, sizeof text);
        lua_pushstring(L, text);
    } else if (strcmp(key, "kind") == 0) {
        lua_pushstring(L, kh_units_kind_of(units, u)->code);
    } else if (strcmp(key, "level") == 0) {
        lua_pushstring(L, kh_units_kind_of(units, u)->level);
    } else if (strcmp(key, "parent") == 0) {
        kh_lua_push_unit(L, kh_units_parent(units, u, day_for(L, u)));
    } else if (strcmp(key, "from") == 0) {
        return push_day(L, d->from);
    } else if (strcmp(key, "to") == 0) {
        return push_day(L, d->to);
    } else {
        return 0;
    }
    return 1;
}

static int l_group(lua_State *L)
{
    const char *value = kh_units_group(tree(L), self(L), kh_lua_text(L, 2, NULL));
    lua_pushstring(L, value);
    return 1;
}

static int l_valid(lua_State *L)
{
    lua_pushboolean(L, kh_units_valid(tree(L), self(L), kh_lua_day(L, 2, kh_host(L)->at)));
    return 1;
}

static int l_is(lua_State *L)
{
    lua_pushboolean(L, kh_units_is(tree(L), self(L), kh_lua_text(L, 2, NULL)));
    return 1;
}

static int l_within(lua_State *L)
{
    kh_unit u = self(L);
    kh_day at = lua_isnoneornil(L, 3) ? day_for(L, u) : kh_lua_day(L, 3, 0);
    lua_pushboolean(L, kh_units_within(tree(L), u, kh_lua_unit(L, 2, at), at));
    return 1;
}

static int l_successor(lua_State *L)
{
    bool split = false;
    kh_unit to = kh_units_successor(tree(L), self(L), kh_lua_day(L, 2, kh_host(L)->at), &split);
    kh_lua_push_unit(L, to);
    lua_pushboolean(L, split);
    return 2;
}

/* Units of a snapshot that pass the test, in the order of the tree. */
static void push_list(lua_State *L, const kh_selector *sel, kh_unit under, bool direct, kh_day at)
{
    kh_units *units = tree(L);
    const kh_tree *t = kh_units_at(units, at);
    lua_newtable(L);
    lua_Integer n = 0;
    for (size_t i = 0; i < t->n; i++) {
        kh_unit u = t->unit[i];
        if ((i & 1023) == 0)
            kh_lua_poll(L);
        if (direct && (t->parent[i] < 0 || t->unit[t->parent[i]] != under))
            continue;
        if (!kh_selector_has(units, sel, u, at))
            continue;
        kh_lua_push_unit(L, u);
        lua_rawseti(L, -2, ++n);
    }
}

static int l_children(lua_State *L)
{
    kh_unit u = self(L);
    const char *kind = kh_lua_text_or(L, 2, NULL);
    kh_day at = lua_isnoneornil(L, 3) ? day_for(L, u) : kh_lua_day(L, 3, 0);
    kh_selector sel = {.kinds = &kind, .n_kinds = kind ? 1 : 0};
    if (kind && !kh_units_knows_kind(tree(L), kind))
        kh_lua_raise(L, _("no kind or level of units is called \"%s\"%s"), kind, kh_lua_near_kind(L, kind));
    push_list(L, &sel, u, true, at);
    return 1;
}

static int l_tostring(lua_State *L)
{
    char text[512];
    kh_units_title(tree(L), self(L), kh_msg_lang_now(), text, sizeof text);
    lua_pushstring(L, text);
    return 1;
}

/* By code: the order of siblings in every table. */
static int l_lt(lua_State *L)
{
    kh_unit a, b;
    if (!kh_lua_is_unit(L, 1, &a) || !kh_lua_is_unit(L, 2, &b))
        kh_lua_raise(L, "%s", _("a unit can only be compared with a unit"));
    int d = strcmp(kh_units_def(tree(L), a)->code, kh_units_def(tree(L), b)->code);
    lua_pushboolean(L, d < 0 || (d == 0 && a < b));
    return 1;
}

/* --- kh.units, kh.unit -------------------------------------------------------------------- */

const kh_key kh_keys_units_query[] = {
    {"kind", "string|string[]?", "kind or level, any of them"},
    {"code", "string|string[]?", "codes, any of them"},
    {"under", "Unit|string?", "it and what is below"},
    {"group", "table?", "groups, { ownership = \"public\" }"},
    {"at", "Period|string?", "the day (a period: its last); default the day that counts here"},
    {NULL, NULL, NULL},
};

int kh_l_units(lua_State *L)
{
    kh_script *s = kh_host(L);
    kh_selector sel = {0};
    kh_day at = s->at;
    if (s->phase != KH_PHASE_RUN)
        kh_lua_raise(L, "%s", _("kh.units can be asked when all definitions are loaded, not by one of them"));
    if (!lua_isnoneornil(L, 1)) {
        kh_table t = kh_table_open(L, 1, "kh.units", kh_keys_units_query);
        if (kh_table_push(&t, "at") != LUA_TNIL)
            at = kh_lua_day(L, -1, at);
        lua_pop(L, 1);
        lua_pushvalue(L, 1); /* the selector's reader knows no `at`: it gets a copy without it */
        lua_newtable(L);
        for (const char *const *k = (const char *const[]){"kind", "code", "group", "under", NULL}; *k; k++) {
            lua_getfield(L, 1, *k);
            kh_unit u;
            if (strcmp(*k, "under") == 0 && lua_type(L, -1) == LUA_TSTRING) { /* by name as well */
                u = kh_lua_unit(L, -1, at);
                lua_pop(L, 1);
                kh_lua_push_unit(L, u);
            }
            lua_setfield(L, -2, *k);
        }
        lua_newtable(L);
        lua_insert(L, -2);
        lua_setfield(L, -2, "sel");
        kh_table holder = {L, lua_gettop(L), "kh.units", NULL};
        kh_table_selector(&holder, "sel", s->ws->catalog->arena, &sel);
    }
    push_list(L, &sel, KH_NO_UNIT, false, at);
    return 1;
}

int kh_l_unit(lua_State *L)
{
    if (kh_host(L)->phase != KH_PHASE_RUN)
        kh_lua_raise(L, "%s", _("kh.unit can be asked when all definitions are loaded, not by one of them"));
    kh_lua_push_unit(L, kh_lua_unit(L, 1, kh_lua_day(L, 2, kh_host(L)->at)));
    return 1;
}

static const kh_fn fns[] = {
    {"group", l_group, "name: string -> string?", "The value of a group, or nil."},
    {"valid", l_valid, "at?: Period|string -> boolean", "Whether the unit is there on that day."},
    {"is", l_is, "kind: string -> boolean", "Whether it is of that kind or level."},
    {"within", l_within, "under: Unit|string, at?: Period|string -> boolean", "Whether it is that unit or lies below it."},
    {"children", l_children, "kind?: string, at?: Period|string -> Unit[]", "The units directly below."},
    {"successor", l_successor, "at?: Period|string -> Unit?, boolean", "What became of it by that day; true as second result when it was split without a rule."},
    {NULL, NULL, NULL, NULL},
};
static const kh_prop props[] = {
    {"code", "string", "its code"}, {"name", "string", "its name without the word for the kind"}, {"title", "string", "\"Huyện Cao Lộc\""}, {"short", "string", "a short name"},
    {"kind", "string", "\"huyen\""}, {"level", "string", "\"district\""}, {"parent", "Unit?", "the unit above"}, {"from", "string?", "first day"}, {"to", "string?", "last day"}, {NULL, NULL, NULL},
};
static const luaL_Reg meta[] = {{"__tostring", l_tostring}, {"__lt", l_lt}, {NULL, NULL}};
const kh_ns kh_ns_unit = {.name = "kh.Unit", .is_class = true, .fns = fns, .props = props, .index = unit_index, .meta = meta,
                          .doc = "A unit of the tree. Equal units are one value, so they serve as keys; `<` orders by code."};

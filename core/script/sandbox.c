/* SPDX-License-Identifier: MIT */
/*
 * What scripts see: an environment built by allow-list, each entry with its
 * reason (the rows of safe_*.c and those below). Nothing of Lua's own libraries
 * is there that is not named.
 *
 * Globals are read through a read-only view, so that no script changes what
 * another sees; reading a name that is not there is an error with the nearest
 * name, and so is writing one. Shared tables (string, kh, modules) are such views as
 * well: an empty table whose metatable points at the true one.
 */
#include "script/safe.h"

#include "base/msg.h"

#include <string.h>

static const char globals_key[] = "kh.globals";   /* registry: the true table of globals */
static const char view_key[] = "kh.view";         /* registry: the environment of all scripts */
static const char settings_key[] = "kh.settings"; /* registry: the environment of kehoach.lua */
static char protected_mark;                       /* in the metatable of a view */

static const kh_allowed math_rows[] = {
    {"abs", NULL, "computes"}, {"ceil", NULL, "computes"}, {"cos", NULL, "computes"}, {"deg", NULL, "computes"}, {"exp", NULL, "computes"},
    {"floor", NULL, "computes"}, {"fmod", NULL, "computes"}, {"huge", NULL, "a number"}, {"log", NULL, "computes"}, {"max", NULL, "computes"},
    {"maxinteger", NULL, "a number"}, {"min", NULL, "computes"}, {"mininteger", NULL, "a number"}, {"modf", NULL, "computes"}, {"pi", NULL, "a number"},
    {"rad", NULL, "computes"}, {"random", NULL, "begins alike in every run, so that a report can be made again"}, {"randomseed", NULL, "sets that beginning"},
    {"sin", NULL, "computes"}, {"sqrt", NULL, "computes"}, {"tan", NULL, "computes"}, {"acos", NULL, "computes"}, {"asin", NULL, "computes"},
    {"atan", NULL, "computes"}, {"tointeger", NULL, "converts"}, {"type", NULL, "asks"}, {"ult", NULL, "compares"}, {NULL, NULL, NULL},
};
static const kh_allowed utf8_rows[] = {
    {"char", NULL, "as many letters as there are arguments"}, {"charpattern", NULL, "a text"}, {"codepoint", NULL, "as many results as the stack holds"},
    {"codes", NULL, "walks"}, {"len", NULL, "one pass"}, {"offset", NULL, "one pass"}, {NULL, NULL, NULL},
};
static const kh_allowed os_rows[] = {
    {"time", NULL, "the clock; nothing else of the system"}, {"date", NULL, "formats a time"}, {"clock", NULL, "processor time, for measuring"},
    {"difftime", NULL, "subtracts"}, {NULL, NULL, NULL},
};

/* --- views ------------------------------------------------------------------------------ */

static int refuse_write(lua_State *L)
{
    const char *key = lua_type(L, 2) == LUA_TSTRING ? lua_tostring(L, 2) : "?";
    kh_lua_raise(L, _("\"%s\" cannot be set: this table is shared by all scripts and is read-only"), key);
}

static int true_next(lua_State *L)
{
    lua_settop(L, 2);
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 2);
    if (lua_next(L, 2))
        return 2;
    lua_pushnil(L);
    return 1;
}

static int view_pairs(lua_State *L)
{
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_pushcclosure(L, true_next, 1);
    lua_pushvalue(L, 1);
    lua_pushnil(L);
    return 3;
}

static int view_len(lua_State *L)
{
    lua_pushinteger(L, luaL_len(L, lua_upvalueindex(1)));
    return 1;
}

/* true table -> view */
void kh_lua_protect(lua_State *L)
{
    int true_at = lua_gettop(L);
    lua_newtable(L);
    lua_createtable(L, 0, 6);
    lua_pushboolean(L, 1);
    lua_rawsetp(L, -2, &protected_mark);
    lua_pushvalue(L, true_at);
    lua_setfield(L, -2, "__index");
    lua_pushcfunction(L, refuse_write);
    lua_setfield(L, -2, "__newindex");
    lua_pushvalue(L, true_at);
    lua_pushcclosure(L, view_pairs, 1);
    lua_setfield(L, -2, "__pairs");
    lua_pushvalue(L, true_at);
    lua_pushcclosure(L, view_len, 1);
    lua_setfield(L, -2, "__len");
    lua_pushliteral(L, "protected");
    lua_setfield(L, -2, "__metatable");
    lua_setmetatable(L, -2);
    lua_remove(L, true_at);
}

bool kh_lua_is_protected(lua_State *L, int at)
{
    if (!lua_getmetatable(L, at))
        return false;
    bool yes = lua_rawgetp(L, -1, &protected_mark) == LUA_TBOOLEAN;
    lua_pop(L, 2);
    return yes;
}

/* --- globals ----------------------------------------------------------------------------- */

/* The nearest of the globals and of the locals that are visible where the fault is. */
const char *kh_global_near(lua_State *L, const char *name)
{
    const char *names[256];
    size_t n = 0;
    lua_Debug ar;
    for (int level = 0; lua_getstack(L, level, &ar); level++) {
        if (!lua_getinfo(L, "S", &ar) || ar.source[0] != '@')
            continue;
        const char *local;
        for (int i = 1; n < 128 && (local = lua_getlocal(L, &ar, i)); i++) {
            lua_pop(L, 1);
            if (local[0] != '(')
                names[n++] = local;
        }
        break;
    }
    lua_getfield(L, LUA_REGISTRYINDEX, globals_key);
    for (lua_pushnil(L); lua_next(L, -2); lua_pop(L, 1))
        if (n < 256 && lua_type(L, -2) == LUA_TSTRING)
            names[n++] = lua_tostring(L, -2);
    lua_pop(L, 1);
    return kh_lua_near(L, name, names, n);
}

static int unknown_global(lua_State *L)
{
    if (lua_type(L, 2) != LUA_TSTRING) {
        lua_pushnil(L);
        return 1;
    }
    const char *name = lua_tostring(L, 2);
    kh_lua_raise(L, _("there is no variable \"%s\"%s"), name, kh_global_near(L, name));
}

int kh_undeclared_global(lua_State *L)
{
    if (lua_type(L, 2) != LUA_TSTRING)
        kh_lua_raise(L, "%s", _("the environment cannot be written to"));
    const char *name = lua_tostring(L, 2);
    kh_lua_raise(L, _("\"%s\" is not declared: write \"local %s = ...\"%s"), name, name, kh_global_near(L, name));
}

void kh_sandbox_global(lua_State *L, const char *name)
{
    lua_getfield(L, LUA_REGISTRYINDEX, globals_key);
    lua_insert(L, -2);
    lua_setfield(L, -2, name);
    lua_pop(L, 1);
}

void kh_sandbox_push_env(lua_State *L, kh_env which)
{
    lua_getfield(L, LUA_REGISTRYINDEX, which == KH_ENV_SETTINGS ? settings_key : view_key);
}

void kh_sandbox_new_env(lua_State *L)
{
    lua_newtable(L);
    lua_createtable(L, 0, 2);
    lua_getfield(L, LUA_REGISTRYINDEX, globals_key);
    lua_setfield(L, -2, "__index");
    lua_pushboolean(L, 0);
    lua_setfield(L, -2, "__metatable");
    lua_setmetatable(L, -2);
}

/* The strict metatable over the true globals; `unknown` names fall through to the error. */
static void push_view(lua_State *L)
{
    lua_newtable(L);
    lua_createtable(L, 0, 4);
    lua_pushboolean(L, 1);
    lua_rawsetp(L, -2, &protected_mark);
    lua_getfield(L, LUA_REGISTRYINDEX, globals_key);
    lua_setfield(L, -2, "__index");
    lua_pushcfunction(L, kh_undeclared_global);
    lua_setfield(L, -2, "__newindex");
    lua_pushboolean(L, 0);
    lua_setfield(L, -2, "__metatable");
    lua_setmetatable(L, -2);
}

/* --- building ------------------------------------------------------------------------------ */

/* The library's own table on top; leaves a table with the allowed entries of it. */
static void pick(lua_State *L, const kh_allowed *rows)
{
    int lib = lua_gettop(L);
    lua_newtable(L);
    for (; rows->name; rows++) {
        if (rows->fn)
            lua_pushcfunction(L, rows->fn);
        else
            lua_getfield(L, lib, rows->name);
        lua_setfield(L, -2, rows->name);
    }
    lua_remove(L, lib);
}

static void add_library(lua_State *L, const char *name, lua_CFunction open, const kh_allowed *rows)
{
    lua_pushcfunction(L, open);
    lua_call(L, 0, 1);
    pick(L, rows);
    kh_lua_protect(L);
    kh_sandbox_global(L, name);
}

/* Of Lua's own metatable for strings the arithmetic stays ("10" + 5 is 15); the functions are those of the list. */
static void fix_string_metatable(lua_State *L)
{
    static const char *const arithmetic[] = {"__add", "__sub", "__mul", "__mod", "__pow", "__div", "__idiv", "__unm"};
    lua_pushliteral(L, "");
    lua_newtable(L);
    lua_pushcfunction(L, luaopen_string);
    lua_call(L, 0, 1); /* sets its own metatable for strings; ours comes after it */
    lua_getmetatable(L, -3);
    for (size_t i = 0; i < sizeof arithmetic / sizeof *arithmetic; i++) {
        lua_getfield(L, -1, arithmetic[i]);
        lua_setfield(L, -4, arithmetic[i]);
    }
    lua_pop(L, 1);
    pick(L, kh_allowed_string);
    lua_setfield(L, -2, "__index");
    lua_pushliteral(L, "protected");
    lua_setfield(L, -2, "__metatable");
    lua_setmetatable(L, -2);
    lua_pop(L, 1);
}

static void add_base(lua_State *L)
{
    lua_pushcfunction(L, luaopen_base); /* fills the registry's globals, which no script ever sees */
    lua_call(L, 0, 1);
    pick(L, kh_allowed_base);
    for (lua_pushnil(L); lua_next(L, -2);) {
        lua_pushvalue(L, -2);
        lua_insert(L, -2);
        kh_sandbox_global(L, lua_tostring(L, -2));
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
    lua_pushliteral(L, LUA_VERSION);
    kh_sandbox_global(L, "_VERSION");
}

void kh_sandbox_open(lua_State *L)
{
    lua_newtable(L);
    lua_setfield(L, LUA_REGISTRYINDEX, globals_key);
    add_base(L);
    add_library(L, "string", luaopen_string, kh_allowed_string);
    add_library(L, "table", luaopen_table, kh_allowed_table);
    add_library(L, "coroutine", luaopen_coroutine, kh_allowed_coroutine);
    add_library(L, "math", luaopen_math, math_rows);
    add_library(L, "utf8", luaopen_utf8, utf8_rows);
    add_library(L, "os", luaopen_os, os_rows);
    fix_string_metatable(L);

    lua_getfield(L, LUA_REGISTRYINDEX, globals_key);
    lua_createtable(L, 0, 1);
    lua_pushcfunction(L, unknown_global);
    lua_setfield(L, -2, "__index");
    lua_setmetatable(L, -2);

    lua_getfield(L, -1, "math"); /* begins alike in every run */
    lua_getfield(L, -1, "randomseed");
    lua_pushinteger(L, 100);
    lua_call(L, 1, 0);
    lua_pop(L, 2);

    push_view(L);
    lua_pushvalue(L, -1);
    kh_sandbox_global(L, "_G");
    lua_setfield(L, LUA_REGISTRYINDEX, view_key);
    push_view(L);
    lua_setfield(L, LUA_REGISTRYINDEX, settings_key);
}

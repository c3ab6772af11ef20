/* SPDX-License-Identifier: MIT */
/* The base functions that Lua's own would make unsafe: those that catch errors, load, set metatables or write raw. */
#include "script/safe.h"

#include "base/msg.h"

#include <string.h>

/* --- catching errors: a stop is not caught ------------------------------------------- */

static int finish_pcall(lua_State *L, int status, lua_KContext skip)
{
    if (status == LUA_OK || status == LUA_YIELD)
        return lua_gettop(L) - (int)skip;
    if (kh_lua_is_stop(L, status))
        kh_lua_pass_on(L, status);
    lua_pushboolean(L, 0);
    lua_pushvalue(L, -2);
    return 2;
}

static int l_pcall(lua_State *L)
{
    luaL_checkany(L, 1);
    lua_pushboolean(L, 1);
    lua_insert(L, 1);
    return finish_pcall(L, lua_pcallk(L, lua_gettop(L) - 2, LUA_MULTRET, 0, 0, finish_pcall), 0);
}

/* Lua calls the handler before unwinding, with hooks off where a hook raised: a stop must not reach the script's. */
static int guarded_handler(lua_State *L)
{
    if (kh_host(L)->stopped)
        return 1;
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 1);
    lua_call(L, lua_gettop(L) - 1, LUA_MULTRET);
    return lua_gettop(L);
}

static int l_xpcall(lua_State *L)
{
    int n = lua_gettop(L);
    if (lua_type(L, 2) != LUA_TFUNCTION)
        kh_lua_bad_arg(L, 2, _("a function"));
    lua_pushvalue(L, 2);
    lua_pushcclosure(L, guarded_handler, 1);
    lua_replace(L, 2);
    lua_pushboolean(L, 1);
    lua_pushvalue(L, 1);
    lua_rotate(L, 3, 2); /* f handler true f args... */
    return finish_pcall(L, lua_pcallk(L, n - 2, LUA_MULTRET, 2, 2, finish_pcall), 2);
}

static int l_error(lua_State *L)
{
    int level = (int)luaL_optinteger(L, 2, 1);
    lua_settop(L, 1);
    if (lua_type(L, 1) == LUA_TSTRING && level > 0) {
        luaL_where(L, level);
        lua_pushvalue(L, 1);
        lua_concat(L, 2);
    }
    return lua_error(L);
}

static int l_assert(lua_State *L)
{
    if (lua_toboolean(L, 1))
        return lua_gettop(L);
    luaL_checkany(L, 1);
    if (lua_isnoneornil(L, 2))
        kh_lua_raise(L, "%s", _("assertion failed"));
    lua_settop(L, 2);
    return lua_error(L);
}

/* --- tables ------------------------------------------------------------------------------ */

/* A finaliser would run with hooks off, beyond every limit: none may be had. (The field counts only when it is there now.) */
static int l_setmetatable(lua_State *L)
{
    int t = lua_type(L, 2);
    luaL_checktype(L, 1, LUA_TTABLE);
    if (lua_isnone(L, 2) || (t != LUA_TNIL && t != LUA_TTABLE))
        kh_lua_bad_arg(L, 2, _("a table or nil"));
    if (luaL_getmetafield(L, 1, "__metatable") != LUA_TNIL)
        kh_lua_raise(L, "%s", _("this table's metatable is protected"));
    if (t == LUA_TTABLE) {
        lua_pushliteral(L, "__gc");
        if (lua_rawget(L, 2) != LUA_TNIL)
            kh_lua_raise(L, "%s", _("__gc is not allowed in scripts; use a to-be-closed variable (local x <close> = ...)"));
        lua_pop(L, 1);
        lua_pushliteral(L, "__mode");
        /* A weak metatable can be collected while Lua 5.4.4 uses it (upstream fix 983bc433). */
        if (lua_rawget(L, 2) == LUA_TSTRING && lua_rawequal(L, 1, 2))
            kh_lua_raise(L, "%s", _("a table with weak entries cannot be its own metatable"));
        lua_pop(L, 1);
        if (lua_getmetatable(L, 2)) {
            lua_pushliteral(L, "__mode");
            if (lua_rawget(L, -2) != LUA_TNIL)
                kh_lua_raise(L, "%s", _("a table with weak entries cannot be a metatable"));
            lua_pop(L, 2);
        }
    }
    lua_settop(L, 2);
    lua_setmetatable(L, 1);
    return 1;
}

static int l_rawset(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TTABLE);
    luaL_checkany(L, 2);
    luaL_checkany(L, 3);
    if (kh_lua_is_protected(L, 1))
        kh_lua_raise(L, "%s", _("this table is shared by all scripts and cannot be changed"));
    lua_settop(L, 3);
    lua_rawset(L, 1);
    return 1;
}

static int l_collectgarbage(lua_State *L)
{
    const char *what = kh_lua_text_or(L, 1, "count");
    if (strcmp(what, "count") != 0)
        kh_lua_raise(L, "%s", _("collectgarbage: only \"count\" can be asked here; the host collects by itself"));
    lua_pushnumber(L, (double)kh_host(L)->used / 1024);
    return 1;
}

/* --- loading: text only, in the sandbox ------------------------------------------------------- */

static int l_load(lua_State *L)
{
    size_t n;
    if (lua_type(L, 1) == LUA_TFUNCTION) { /* pieces until nil or "" */
        luaL_Buffer b;
        lua_settop(L, 4);
        luaL_buffinit(L, &b);
        for (;;) {
            lua_pushvalue(L, 1);
            lua_call(L, 0, 1);
            size_t piece;
            const char *s = lua_type(L, -1) == LUA_TSTRING ? lua_tolstring(L, -1, &piece) : NULL;
            if (!s || piece == 0) {
                lua_pop(L, 1);
                break;
            }
            luaL_addvalue(&b);
            if (luaL_bufflen(&b) > KH_SOURCE_MAX)
                break;
        }
        luaL_pushresult(&b);
        lua_replace(L, 1);
    }
    lua_settop(L, 4);
    const char *text = kh_lua_text(L, 1, &n), *mode = kh_lua_text_or(L, 3, "t"), *name = kh_lua_text_or(L, 2, NULL);
    bool own_env = !lua_isnil(L, 4);
    if (!name) { /* a message about it leads to where it was loaded */
        kh_place p;
        kh_lua_where(L, &p);
        name = p.file[0] ? lua_pushfstring(L, "=(load at %s:%d)", p.file, p.line) : "=(load)";
    }
    const char *fault = NULL;
    if (n > KH_SOURCE_MAX)
        fault = _("a chunk to load has at most 256 KiB");
    else if (n && text[0] == LUA_SIGNATURE[0])
        fault = _("only text can be loaded, no compiled code");
    else if (!strchr(mode, 't'))
        fault = _("only text can be loaded: mode \"t\"");
    if (fault) {
        lua_pushnil(L);
        lua_pushstring(L, fault);
        return 2;
    }
    if (luaL_loadbufferx(L, text, n, name, "t") != LUA_OK) {
        if (kh_lua_is_stop(L, LUA_OK))
            kh_lua_pass_on(L, LUA_OK);
        lua_pushnil(L);
        lua_insert(L, -2);
        return 2;
    }
    if (own_env)
        lua_pushvalue(L, 4);
    else
        kh_sandbox_push_env(L, KH_ENV_SCRIPTS);
    if (!lua_setupvalue(L, -2, 1))
        lua_pop(L, 1);
    return 1;
}

/* --- output ------------------------------------------------------------------------------------- */

static int l_print(lua_State *L)
{
    int n = lua_gettop(L);
    for (int i = 1; i <= n; i++) {
        size_t len;
        const char *s = luaL_tolstring(L, i, &len);
        if (i > 1)
            kh_lua_print(L, "\t", 1);
        kh_lua_print(L, s, len);
        lua_pop(L, 1);
    }
    kh_lua_print(L, "\n", 1);
    return 0;
}

const kh_allowed kh_allowed_base[] = {
    {"assert", l_assert, "raises; its message is given a place"},
    {"error", l_error, "raises; any value may be raised, the host shows only texts"},
    {"getmetatable", NULL, "reads; shared metatables answer with __metatable"},
    {"ipairs", NULL, "walks; each step is an instruction"},
    {"next", NULL, "walks"},
    {"pairs", NULL, "walks; asks __pairs"},
    {"pcall", l_pcall, "catches errors, but no stop"},
    {"xpcall", l_xpcall, "catches errors, but no stop; its handler does not see one"},
    {"rawequal", NULL, "compares"},
    {"rawget", NULL, "reads"},
    {"rawlen", NULL, "reads"},
    {"rawset", l_rawset, "writes, but not into what scripts share"},
    {"select", NULL, "picks arguments"},
    {"setmetatable", l_setmetatable, "without __gc and without weak metatables"},
    {"tonumber", NULL, "converts"},
    {"tostring", NULL, "converts"},
    {"type", NULL, "asks"},
    {"load", l_load, "text only, at most 256 KiB, in the sandbox's environment"},
    {"print", l_print, "to standard output, counted, control bytes shown"},
    {"collectgarbage", l_collectgarbage, "\"count\" alone: other options have faults in Lua 5.4.4"},
    {NULL, NULL, NULL},
};

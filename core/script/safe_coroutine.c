/* SPDX-License-Identifier: MIT */
/*
 * Coroutines whose errors are ours to see first: a stop inside one goes on
 * through whoever resumed it, and the close handlers of a stopped one never
 * run. Nesting is bounded: in Lua 5.4.4 a chain of closes within closes
 * overflows the C stack (upstream fix 1e64c139).
 */
#include "script/safe.h"

#include "base/msg.h"

#define DEEPEST 100

static lua_State *thread_arg(lua_State *L)
{
    lua_State *co = lua_tothread(L, 1);
    if (!co)
        kh_lua_bad_arg(L, 1, _("a coroutine"));
    return co;
}

static void go_deeper(lua_State *L)
{
    if (kh_host(L)->co_depth >= DEEPEST)
        kh_lua_raise(L, _("coroutines are nested deeper than %d"), DEEPEST);
    kh_host(L)->co_depth++;
}

/* How many results now lie on L, or -1 with an error value on top. */
static int resume(lua_State *L, lua_State *co, int n)
{
    kh_script *s = kh_host(L);
    int status, results = 0;
    if (!lua_checkstack(co, n)) {
        lua_pushstring(L, _("too many arguments to resume"));
        return -1;
    }
    go_deeper(L);
    lua_xmove(L, co, n);
    lua_State *before = s->running;
    s->running = co;
    status = lua_resume(co, L, n, &results);
    s->running = before;
    s->co_depth--;
    if (status != LUA_OK && status != LUA_YIELD) {
        if (kh_lua_is_stop(L, status))
            kh_lua_pass_on(L, status);
        lua_xmove(co, L, 1);
        return -1;
    }
    if (!lua_checkstack(L, results + 1)) {
        lua_pop(co, results);
        lua_pushstring(L, _("too many results to resume"));
        return -1;
    }
    lua_xmove(co, L, results);
    return results;
}

static int l_create(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TFUNCTION);
    lua_State *co = lua_newthread(L);
    lua_pushvalue(L, 1);
    lua_xmove(L, co, 1);
    return 1;
}

static int l_resume(lua_State *L)
{
    lua_State *co = thread_arg(L);
    int n = resume(L, co, lua_gettop(L) - 1);
    lua_pushboolean(L, n >= 0);
    if (n < 0)
        n = 1;
    lua_insert(L, -(n + 1));
    return n + 1;
}

/* Closes what the coroutine has to close; the error value, if any, on top of co. */
static int close_thread(lua_State *L, lua_State *co)
{
    kh_script *s = kh_host(L);
    go_deeper(L);
    lua_State *before = s->running;
    s->running = co;
    int status = lua_resetthread(co);
    s->running = before;
    s->co_depth--;
    if (kh_lua_is_stop(L, status))
        kh_lua_pass_on(L, status);
    return status;
}

static int wrapped(lua_State *L)
{
    lua_State *co = lua_tothread(L, lua_upvalueindex(1));
    int n = resume(L, co, lua_gettop(L));
    if (n >= 0)
        return n;
    int status = lua_status(co);
    if (status != LUA_OK && status != LUA_YIELD) { /* it died: what it left open is closed */
        lua_pop(L, 1);
        lua_settop(L, 0);
        status = close_thread(L, co);
        if (status != LUA_OK)
            lua_xmove(co, L, 1);
        else
            lua_pushnil(L);
    }
    if (lua_type(L, -1) == LUA_TSTRING) {
        luaL_where(L, 1);
        lua_insert(L, -2);
        lua_concat(L, 2);
    }
    return lua_error(L);
}

static int l_wrap(lua_State *L)
{
    l_create(L);
    lua_pushcclosure(L, wrapped, 1);
    return 1;
}

static int l_yield(lua_State *L)
{
    return lua_yield(L, lua_gettop(L));
}

static const char *status_of(lua_State *L, lua_State *co)
{
    lua_Debug ar;
    if (L == co)
        return "running";
    switch (lua_status(co)) {
    case LUA_YIELD: return "suspended";
    case LUA_OK:
        if (lua_getstack(co, 0, &ar))
            return "normal";
        return lua_gettop(co) == 0 ? "dead" : "suspended";
    default: return "dead";
    }
}

static int l_status(lua_State *L)
{
    lua_pushstring(L, status_of(L, thread_arg(L)));
    return 1;
}

static int l_close(lua_State *L)
{
    lua_State *co = thread_arg(L);
    const char *status = status_of(L, co);
    if (status[0] == 'r' || status[0] == 'n')
        kh_lua_raise(L, _("cannot close a %s coroutine"), status);
    if (close_thread(L, co) == LUA_OK) {
        lua_pushboolean(L, 1);
        return 1;
    }
    lua_pushboolean(L, 0);
    lua_xmove(co, L, 1);
    return 2;
}

const kh_allowed kh_allowed_coroutine[] = {
    {"create", l_create, "its thread inherits the limits"},
    {"resume", l_resume, "an error is a result, a stop goes on"},
    {"wrap", l_wrap, "the same"},
    {"yield", l_yield, "gives control back"},
    {"status", l_status, "asks"},
    {"isyieldable", NULL, "asks"},
    {"running", NULL, "asks"},
    {"close", l_close, "never runs the handlers of a stopped coroutine; nesting is bounded"},
    {NULL, NULL, NULL},
};

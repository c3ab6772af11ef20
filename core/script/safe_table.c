/* SPDX-License-Identifier: MIT */
/*
 * The table functions, made again: Lua's own believe a __len that lies and
 * then run for ages inside one call. These count with the true border unless
 * the table has a __len of its own, look at the clock in every long loop, and
 * sort by merging: stable, and harmless with an order function that makes no
 * sense.
 */
#include "script/safe.h"

#include "base/msg.h"

#include <limits.h>

#define LONGEST 50000000 /* entries that one call walks */

static void poll_now_and_then(lua_State *L, lua_Integer i)
{
    if ((i & 1023) == 0)
        kh_lua_poll(L);
}

static void check_table(lua_State *L, int arg)
{
    int t = lua_type(L, arg);
    if (t == LUA_TTABLE || (t == LUA_TUSERDATA && luaL_getmetafield(L, arg, "__index") != LUA_TNIL)) {
        lua_settop(L, lua_gettop(L) - (t == LUA_TUSERDATA));
        return;
    }
    kh_lua_bad_arg(L, arg, _("a table"));
}

static void check_writable(lua_State *L, int arg)
{
    check_table(L, arg);
    if (kh_lua_is_protected(L, arg))
        kh_lua_raise(L, "%s", _("this table is shared by all scripts and cannot be changed"));
}

static lua_Integer length(lua_State *L, int arg)
{
    lua_Integer n = luaL_len(L, arg);
    if (n > LONGEST)
        kh_lua_raise(L, _("a table function walks at most %d entries, and this table says it has more"), LONGEST);
    return n;
}

static void check_span(lua_State *L, lua_Integer from, lua_Integer to)
{
    if (from <= to && (lua_Unsigned)to - (lua_Unsigned)from >= LONGEST)
        kh_lua_raise(L, _("a table function walks at most %d entries"), LONGEST);
}

static int l_concat(lua_State *L)
{
    check_table(L, 1);
    size_t sep_len = 0;
    const char *sep = lua_isnoneornil(L, 2) ? "" : luaL_checklstring(L, 2, &sep_len);
    lua_Integer i = luaL_optinteger(L, 3, 1), last = lua_isnoneornil(L, 4) ? length(L, 1) : luaL_checkinteger(L, 4);
    luaL_Buffer b;
    check_span(L, i, last);
    luaL_buffinit(L, &b);
    for (lua_Integer k = i; k <= last; k++) {
        poll_now_and_then(L, k);
        lua_geti(L, 1, k);
        if (!lua_isstring(L, -1))
            kh_lua_raise(L, _("concat: entry %lld is a %s; only texts and numbers can be joined"), (long long)k, luaL_typename(L, -1));
        luaL_addvalue(&b);
        if (k < last)
            luaL_addlstring(&b, sep, sep_len);
        if (k == LUA_MAXINTEGER)
            break;
    }
    luaL_pushresult(&b);
    return 1;
}

static int l_insert(lua_State *L)
{
    check_writable(L, 1);
    lua_Integer end = length(L, 1) + 1, pos = end;
    switch (lua_gettop(L)) {
    case 2: break;
    case 3:
        pos = luaL_checkinteger(L, 2);
        if (pos < 1 || pos > end)
            kh_lua_raise(L, _("insert: position %lld is out of bounds (1 to %lld)"), (long long)pos, (long long)end);
        for (lua_Integer i = end; i > pos; i--) {
            poll_now_and_then(L, i);
            lua_geti(L, 1, i - 1);
            lua_seti(L, 1, i);
        }
        break;
    default: kh_lua_raise(L, "%s", _("insert takes a table, perhaps a position, and a value"));
    }
    lua_seti(L, 1, pos);
    return 0;
}

static int l_remove(lua_State *L)
{
    check_writable(L, 1);
    lua_Integer size = length(L, 1), pos = luaL_optinteger(L, 2, size);
    if (!lua_isnoneornil(L, 2) && (size + 1 < pos || pos < 1) && !(size == 0 && pos == 0))
        kh_lua_raise(L, _("remove: position %lld is out of bounds (1 to %lld)"), (long long)pos, (long long)size + 1);
    lua_geti(L, 1, pos);
    for (; pos < size; pos++) {
        poll_now_and_then(L, pos);
        lua_geti(L, 1, pos + 1);
        lua_seti(L, 1, pos);
    }
    lua_pushnil(L);
    lua_seti(L, 1, pos);
    return 1;
}

static int l_move(lua_State *L)
{
    check_table(L, 1);
    lua_Integer f = luaL_checkinteger(L, 2), e = luaL_checkinteger(L, 3), t = luaL_checkinteger(L, 4);
    int to = lua_isnoneornil(L, 5) ? 1 : 5;
    check_writable(L, to);
    check_span(L, f, e);
    if (e >= f) {
        if (f <= 0 && e >= LUA_MAXINTEGER + f)
            kh_lua_raise(L, "%s", _("move: too many entries"));
        lua_Integer n = e - f + 1;
        if (t > LUA_MAXINTEGER - n + 1)
            kh_lua_raise(L, "%s", _("move: the destination goes beyond the largest integer"));
        bool forward = t > e || t <= f || to != 1;
        for (lua_Integer k = 0; k < n; k++) {
            lua_Integer i = forward ? k : n - 1 - k;
            poll_now_and_then(L, k);
            lua_geti(L, 1, f + i);
            lua_seti(L, to, t + i);
        }
    }
    lua_pushvalue(L, to);
    return 1;
}

static int l_pack(lua_State *L)
{
    int n = lua_gettop(L);
    lua_createtable(L, n, 1);
    lua_insert(L, 1);
    for (int i = n; i >= 1; i--)
        lua_seti(L, 1, i);
    lua_pushinteger(L, n);
    lua_setfield(L, 1, "n");
    return 1;
}

static int l_unpack(lua_State *L)
{
    lua_Integer i = luaL_optinteger(L, 2, 1), e = lua_isnoneornil(L, 3) ? length(L, 1) : luaL_checkinteger(L, 3);
    if (i > e)
        return 0;
    lua_Unsigned n = (lua_Unsigned)e - (lua_Unsigned)i;
    if (n >= 250000 || !lua_checkstack(L, (int)n + 1))
        kh_lua_raise(L, "%s", _("unpack: too many results"));
    for (lua_Unsigned k = 0; k <= n; k++)
        lua_geti(L, 1, (lua_Integer)((lua_Unsigned)i + k));
    return (int)n + 1;
}

/* --- sort ------------------------------------------------------------------------------ */

/* Is b before a? Both are pushed; stack: ... a b. Left as they are. */
static bool before(lua_State *L, int fn, int b, int a)
{
    if (!fn)
        return lua_compare(L, b, a, LUA_OPLT);
    lua_pushvalue(L, fn);
    lua_pushvalue(L, b - 1);
    lua_pushvalue(L, a - 2);
    lua_call(L, 2, 1);
    bool yes = lua_toboolean(L, -1);
    lua_pop(L, 1);
    return yes;
}

/* Merges from[lo, mid) and from[mid, hi) into to[lo, hi), indices from 1. */
static void merge(lua_State *L, int fn, int from, int to, lua_Integer lo, lua_Integer mid, lua_Integer hi)
{
    lua_Integer i = lo, j = mid;
    for (lua_Integer k = lo; k < hi; k++) {
        poll_now_and_then(L, k);
        bool right = i >= mid;
        if (!right && j < hi) {
            lua_rawgeti(L, from, i);
            lua_rawgeti(L, from, j);
            right = before(L, fn, -1, -2);
            lua_pop(L, 2);
        }
        lua_rawgeti(L, from, right ? j++ : i++);
        lua_rawseti(L, to, k);
    }
}

static int l_sort(lua_State *L)
{
    check_writable(L, 1);
    lua_Integer n = length(L, 1);
    int fn = 0;
    if (!lua_isnoneornil(L, 2)) {
        luaL_checktype(L, 2, LUA_TFUNCTION);
        fn = 2;
    }
    lua_settop(L, 2);
    if (n < 2)
        return 0;
    int a = 3, b = 4;
    lua_createtable(L, (int)(n < INT_MAX ? n : 0), 0);
    lua_createtable(L, (int)(n < INT_MAX ? n : 0), 0);
    for (lua_Integer i = 1; i <= n; i++) { /* copies: an order function may meddle with the table */
        poll_now_and_then(L, i);
        if (lua_geti(L, 1, i) == LUA_TNIL)
            kh_lua_raise(L, _("sort: entry %lld is nil"), (long long)i);
        lua_rawseti(L, a, i);
    }
    for (lua_Integer width = 1; width < n; width *= 2) {
        for (lua_Integer lo = 1; lo <= n; lo += 2 * width) {
            lua_Integer mid = lo + width < n + 1 ? lo + width : n + 1, hi = lo + 2 * width < n + 1 ? lo + 2 * width : n + 1;
            merge(L, fn, a, b, lo, mid, hi);
        }
        int swap = a;
        a = b;
        b = swap;
    }
    for (lua_Integer i = 1; i <= n; i++) {
        poll_now_and_then(L, i);
        lua_rawgeti(L, a, i);
        lua_seti(L, 1, i);
    }
    return 0;
}

const kh_allowed kh_allowed_table[] = {
    {"concat", l_concat, "at most 50 million entries, stopped in between; memory by the allocator"},
    {"insert", l_insert, "the same; not into what scripts share"},
    {"remove", l_remove, "the same"},
    {"move", l_move, "the same"},
    {"pack", l_pack, "as many as there are arguments"},
    {"unpack", l_unpack, "at most 250,000 results"},
    {"sort", l_sort, "merges: stable, stopped in between, indifferent to a senseless order function"},
    {NULL, NULL, NULL},
};

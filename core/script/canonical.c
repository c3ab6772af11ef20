/* SPDX-License-Identifier: MIT */
/*
 * The canonical text of a definition, for its SHA-256: keys sorted, strings
 * with their lengths, functions by the source lines that define them and what
 * they hold from outside (upvalues), so that two formulas of one loop differ.
 * Whatever is not data (coroutines, handles) counts by its type alone.
 *
 * At most TEXT_MAX bytes and DEEP levels: beyond that a definition is refused.
 */
#include "script/host.h"

#include "base/hash.h"
#include "base/msg.h"

#include <stdlib.h>
#include <string.h>

enum { DEEP = 40, TEXT_MAX = 4 << 20 };

typedef struct writer { lua_State *L; kh_buf *out; int seen; int depth; int n_seen; } writer; /* seen: stack index of a table value -> number */

static void write_value(writer *w, int at);

typedef struct key { const char *text; size_t len; bool number; lua_Integer i; } key;

static int by_key(const void *a, const void *b)
{
    const key *x = a, *y = b;
    if (x->number != y->number)
        return x->number ? -1 : 1;
    if (x->number)
        return (x->i > y->i) - (x->i < y->i);
    size_t n = x->len < y->len ? x->len : y->len;
    int d = memcmp(x->text, y->text, n);
    return d ? d : (x->len > y->len) - (x->len < y->len);
}

/* Keys go through a buffer on the Lua stack, so that a jump frees it. */
static void write_table(writer *w, int at)
{
    lua_State *L = w->L;
    kh_buf *keys = kh_lua_buf(L);
    for (lua_pushnil(L); lua_next(L, at); lua_pop(L, 1)) {
        key k = {0};
        if (lua_type(L, -2) == LUA_TSTRING)
            k.text = lua_tolstring(L, -2, &k.len);
        else if (lua_isinteger(L, -2))
            k.number = true, k.i = lua_tointeger(L, -2);
        else
            continue;
        kh_buf_add(keys, &k, sizeof k);
    }
    size_t n = keys->len / sizeof(key);
    key *list = (key *)(void *)keys->data;
    if (n)
        qsort(list, n, sizeof *list, by_key);
    kh_buf_char(w->out, '{');
    for (size_t i = 0; i < n; i++) {
        if (list[i].number) {
            kh_buf_printf(w->out, "[%lld]=", (long long)list[i].i);
            lua_pushinteger(L, list[i].i);
        } else {
            kh_buf_printf(w->out, "%zu:", list[i].len);
            kh_buf_add(w->out, list[i].text, list[i].len);
            kh_buf_char(w->out, '=');
            lua_pushlstring(L, list[i].text, list[i].len);
        }
        lua_rawget(L, at);
        write_value(w, lua_gettop(L));
        lua_pop(L, 1);
        kh_buf_char(w->out, ',');
    }
    kh_buf_char(w->out, '}');
    lua_pop(L, 1);
}

static void write_function(writer *w, int at)
{
    lua_State *L = w->L;
    lua_Debug ar;
    lua_pushvalue(L, at);
    lua_getinfo(L, ">S", &ar);
    kh_buf_str(w->out, "function<");
    if (ar.source[0] == '@' && ar.linedefined > 0)
        kh_source_lines(kh_host(L), ar.source + 1, ar.linedefined, ar.lastlinedefined, w->out);
    else
        kh_buf_printf(w->out, "%s:%d", ar.short_src, ar.linedefined);
    const char *name;
    for (int i = 1; (name = lua_getupvalue(L, at, i)); i++) {
        if (ar.what[0] != 'C' && strcmp(name, "_ENV") != 0) {
            kh_buf_printf(w->out, "|%s=", name);
            write_value(w, lua_gettop(L));
        }
        lua_pop(L, 1);
    }
    kh_buf_char(w->out, '>');
}

/* The second time the same table or function is met, its number stands for it: circles end. */
static bool met(writer *w, int at)
{
    lua_State *L = w->L;
    lua_pushvalue(L, at);
    if (lua_rawget(L, w->seen) == LUA_TNUMBER) {
        kh_buf_printf(w->out, "#%lld", (long long)lua_tointeger(L, -1));
        lua_pop(L, 1);
        return true;
    }
    lua_pop(L, 1);
    lua_pushvalue(L, at);
    lua_pushinteger(L, ++w->n_seen);
    lua_rawset(L, w->seen);
    return false;
}

static bool is_library(lua_State *L, int at)
{
    bool found = false;
    lua_getfield(L, LUA_REGISTRYINDEX, "kh.globals");
    for (lua_pushnil(L); lua_next(L, -2);) {
        found = found || lua_rawequal(L, -1, at);
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
    return found;
}

/* A module is a view of its own table, which counts; a library of ours counts by its name alone. */
static void write_shared_or_own(writer *w, int at)
{
    lua_State *L = w->L;
    if (!kh_lua_is_protected(L, at)) {
        write_table(w, at);
        return;
    }
    if (is_library(L, at) || !lua_getmetatable(L, at)) {
        kh_buf_str(w->out, "library");
        return;
    }
    lua_pushliteral(L, "__index");
    if (lua_rawget(L, -2) == LUA_TTABLE)
        write_value(w, lua_gettop(L));
    lua_pop(L, 2);
}

static void write_value(writer *w, int at)
{
    lua_State *L = w->L;
    kh_lua_poll(L);
    if (w->out->len > TEXT_MAX || ++w->depth > DEEP)
        kh_lua_raise(L, "%s", _("this definition holds too much: tables nested over 40 deep, or over 4 MiB of text"));
    luaL_checkstack(L, 10, NULL);
    switch (lua_type(L, at)) {
    case LUA_TBOOLEAN: kh_buf_str(w->out, lua_toboolean(L, at) ? "true" : "false"); break;
    case LUA_TNUMBER:
        if (lua_isinteger(L, at))
            kh_buf_int(w->out, lua_tointeger(L, at));
        else
            kh_buf_printf(w->out, "%.17g", lua_tonumber(L, at));
        break;
    case LUA_TSTRING: {
        size_t n;
        const char *s = lua_tolstring(L, at, &n);
        kh_buf_printf(w->out, "%zu:", n);
        kh_buf_add(w->out, s, n);
        break;
    }
    case LUA_TTABLE:
        if (!met(w, at))
            write_shared_or_own(w, at);
        break;
    case LUA_TFUNCTION:
        if (!met(w, at))
            write_function(w, at);
        break;
    default: kh_buf_str(w->out, luaL_typename(L, at));
    }
    w->depth--;
}

void kh_canonical(lua_State *L, int at, kh_buf *out)
{
    at = lua_absindex(L, at);
    lua_newtable(L);
    writer w = {.L = L, .out = out, .seen = lua_gettop(L)};
    write_value(&w, at);
    lua_pop(L, 1);
}

void kh_canonical_sha256(lua_State *L, int at, char hex[65])
{
    at = lua_absindex(L, at);
    kh_buf *b = kh_lua_buf(L);
    kh_canonical(L, at, b);
    kh_sha256_of(b->data, b->len, hex);
    lua_pop(L, 1);
}

/* SPDX-License-Identifier: MIT */
/*
 * `each = function(c) ... end`: plain Lua, cell by cell. What it reads must be
 * known beforehand: it is found in the function's own source as c.NAME or
 * c["NAME"], or said by inputs = { ... }. At run time any other name is refused,
 * so that a figure never depends on something that was not tracked.
 *
 * One table serves all cells; its fields are set by raw writes before each
 * call and taken away where a value is missing. Names that are absent reach
 * a C function that tells "missing" (nil) from "not an input" (an error).
 */
#include "script/define.h"

#include "base/msg.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

typedef struct cell_fn { /* kept for the life of the catalog */
    int fn, c, keys;     /* registry references: the function, the table c, the list of names */
    const char *code;
    size_t n;
} cell_fn;

kh_expr kh_lua_leaf(lua_State *L, const char *name);

/* --- finding inputs -------------------------------------------------------------------- */

typedef struct scan { const char *at, *end; } scan;

static bool is_word(char c) { return isalnum((unsigned char)c) || c == '_'; }

/* After a long bracket that begins at s->at ("[[" or "[=["), or false if it is none. */
static bool skip_long(scan *s)
{
    const char *p = s->at + 1;
    size_t level = 0;
    while (p < s->end && *p == '=')
        p++, level++;
    if (p >= s->end || *p != '[')
        return false;
    for (p++; p < s->end; p++) {
        if (*p != ']')
            continue;
        const char *q = p + 1;
        size_t k = 0;
        while (q < s->end && *q == '=' && k < level)
            q++, k++;
        if (k == level && q < s->end && *q == ']') {
            s->at = q + 1;
            return true;
        }
    }
    s->at = s->end;
    return true;
}

static void skip_string(scan *s)
{
    char quote = *s->at++;
    while (s->at < s->end && *s->at != quote && *s->at != '\n')
        s->at += *s->at == '\\' && s->at + 1 < s->end ? 2 : 1;
    if (s->at < s->end)
        s->at++;
}

/* True if something was skipped: blanks, comments, and strings when `strings`. */
static bool skip_noise(scan *s, bool strings)
{
    if (s->at >= s->end)
        return false;
    char c = *s->at;
    if (isspace((unsigned char)c)) {
        s->at++;
        return true;
    }
    if (c == '-' && s->at + 1 < s->end && s->at[1] == '-') {
        s->at += 2;
        if (s->at < s->end && *s->at == '[' && skip_long(s))
            return true;
        while (s->at < s->end && *s->at != '\n')
            s->at++;
        return true;
    }
    if (strings && (c == '"' || c == '\'')) {
        skip_string(s);
        return true;
    }
    return strings && c == '[' && s->at + 1 < s->end && (s->at[1] == '[' || s->at[1] == '=') && skip_long(s);
}

static void skip_blanks(scan *s)
{
    while (skip_noise(s, false))
        ;
}

/* The next word outside of strings; *before is the last significant letter before it. */
static bool next_word(scan *s, const char **word, size_t *n, char *before)
{
    *before = 0;
    while (s->at < s->end) {
        if (skip_noise(s, true))
            continue;
        if (is_word(*s->at)) {
            *word = s->at;
            while (s->at < s->end && is_word(*s->at))
                s->at++;
            *n = (size_t)(s->at - *word);
            return true;
        }
        *before = *s->at++;
    }
    return false;
}

/* Reserved words are never names, so that counting them finds the end of the block that begins first. */
const char *kh_function_end(const char *from, const char *end)
{
    static const struct { const char *word; int depth; } blocks[] = {{"function", 1}, {"if", 1}, {"do", 1}, {"repeat", 1}, {"end", -1}, {"until", -1}};
    scan s = {from, end};
    const char *word;
    size_t n;
    char before;
    int depth = 0;
    while (next_word(&s, &word, &n, &before))
        for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++) {
            if (strlen(blocks[i].word) != n || memcmp(blocks[i].word, word, n) != 0)
                continue;
            depth += blocks[i].depth;
            if (depth == 0)
                return s.at;
        }
    return end;
}

/* The parameter's name of the first function in the text. */
static bool parameter(scan *s, const char **name, size_t *n)
{
    const char *word;
    size_t len;
    char before;
    while (next_word(s, &word, &len, &before))
        if (len == 8 && memcmp(word, "function", 8) == 0) {
            skip_blanks(s);
            if (s->at >= s->end || *s->at++ != '(')
                return false;
            return next_word(s, name, n, &before) && before == 0;
        }
    return false;
}

static void add_input(lua_State *L, int list, const char *name, size_t n)
{
    lua_pushlstring(L, name, n);
    lua_pushvalue(L, -1);
    if (lua_rawget(L, list) == LUA_TNIL) {
        lua_pop(L, 1);
        lua_pushvalue(L, -1);
        lua_rawseti(L, list, (lua_Integer)lua_rawlen(L, list) + 1);
        lua_pushboolean(L, 1);
        lua_rawset(L, list);
    } else {
        lua_pop(L, 2);
    }
}

/* Leaves a table: names by number, and each name as a key. */
static void find_inputs(lua_State *L, int fn)
{
    lua_Debug ar;
    lua_newtable(L);
    int list = lua_gettop(L);
    lua_pushvalue(L, fn);
    lua_getinfo(L, ">S", &ar);
    kh_buf *b = kh_lua_buf(L);
    if (ar.source[0] == '@')
        kh_source_lines(kh_host(L), ar.source + 1, ar.linedefined, ar.lastlinedefined, b);
    scan s = {kh_buf_cstr(b), b->data + b->len};
    const char *param, *word;
    size_t n, len;
    char before;
    if (parameter(&s, &param, &n))
        while (next_word(&s, &word, &len, &before)) {
            if (len != n || memcmp(word, param, n) != 0 || before == '.' || before == ':')
                continue;
            skip_blanks(&s);
            if (s.at < s.end && *s.at == '.') {
                s.at++;
                if (next_word(&s, &word, &len, &before) && before == 0)
                    add_input(L, list, word, len);
            } else if (s.at + 1 < s.end && *s.at == '[' && (s.at[1] == '"' || s.at[1] == '\'')) {
                scan t = {s.at + 1, s.end};
                skip_string(&t);
                add_input(L, list, s.at + 2, (size_t)(t.at - s.at - 3));
                s.at = t.at;
            }
        }
    lua_pop(L, 1);
}

/* inputs = { "a", "b" } in the same shape. */
static void given_inputs(lua_State *L, int inputs)
{
    lua_newtable(L);
    int list = lua_gettop(L);
    if (lua_type(L, inputs) == LUA_TSTRING) {
        size_t n;
        const char *s = lua_tolstring(L, inputs, &n);
        add_input(L, list, s, n);
        return;
    }
    luaL_checktype(L, inputs, LUA_TTABLE);
    size_t count = lua_rawlen(L, inputs);
    for (size_t i = 1; i <= count; i++) {
        size_t n;
        if (lua_rawgeti(L, inputs, (lua_Integer)i) != LUA_TSTRING)
            kh_lua_raise(L, "%s", _("inputs is a list of names: inputs = { \"a\", \"b\" }"));
        const char *s = lua_tolstring(L, -1, &n);
        add_input(L, list, s, n);
        lua_pop(L, 1);
    }
}

/* --- the table c ----------------------------------------------------------------------------- */

/* c key; upvalue: the inputs */
static int c_index(lua_State *L)
{
    lua_pushvalue(L, 2);
    if (lua_rawget(L, lua_upvalueindex(1)) == LUA_TNIL)
        kh_lua_raise(L, _("c.%s is not among the inputs of this function; name it with inputs = { ... }"), lua_type(L, 2) == LUA_TSTRING ? lua_tostring(L, 2) : "?");
    lua_pushnil(L);
    return 1;
}

static int c_newindex(lua_State *L)
{
    kh_lua_raise(L, "%s", _("c cannot be written to: keep what you compute in a local variable"));
}

static void push_c(lua_State *L, int list)
{
    lua_newtable(L);
    lua_createtable(L, 0, 3);
    lua_pushvalue(L, list);
    lua_pushcclosure(L, c_index, 1);
    lua_setfield(L, -2, "__index");
    lua_pushcfunction(L, c_newindex);
    lua_setfield(L, -2, "__newindex");
    lua_pushboolean(L, 0);
    lua_setfield(L, -2, "__metatable");
    lua_setmetatable(L, -2);
}

/* --- calling ------------------------------------------------------------------------------------ */

typedef struct call { cell_fn *f; const kh_each_num *in; bool as_doubles; kh_each_num out; } call;

static void take_result(lua_State *L, call *k)
{
    k->out.i = lua_tointeger(L, -1);
    k->out.v = lua_tonumber(L, -1);
    if (lua_isinteger(L, -1))
        k->out.is = KH_EACH_WHOLE;
    else if (isfinite(k->out.v))
        k->out.is = KH_EACH_NUMBER;
    else
        k->out.is = KH_EACH_NOT_FINITE;
}

static int run_cell(lua_State *L)
{
    call *k = lua_touserdata(L, 1);
    cell_fn *f = k->f;
    lua_rawgeti(L, LUA_REGISTRYINDEX, f->fn);
    lua_rawgeti(L, LUA_REGISTRYINDEX, f->c);
    lua_rawgeti(L, LUA_REGISTRYINDEX, f->keys);
    for (size_t i = 0; i < f->n; i++) {
        lua_rawgeti(L, 4, (lua_Integer)i + 1);
        if (k->in[i].is == KH_EACH_NOTHING)
            lua_pushnil(L);
        else if (k->in[i].is == KH_EACH_WHOLE && !k->as_doubles)
            lua_pushinteger(L, k->in[i].i);
        else
            lua_pushnumber(L, k->in[i].v);
        lua_rawset(L, 3);
    }
    lua_pop(L, 1);
    lua_call(L, 1, 1);
    int type = lua_type(L, -1);
    if (type == LUA_TNUMBER)
        take_result(L, k);
    else if (type != LUA_TNIL)
        kh_lua_raise(L, _("indicator \"%s\": each gives a number or nil, not a %s"), f->code, kh_lua_type(L, -1));
    return 0;
}

/*
 * What Lua itself says when a number is wanted and nil is there, or a whole number is divided by zero. In a cell with a
 * missing input that is no fault of the script: the result is missing too, as it is in a formula. Where all inputs are
 * there it is a fault like any other.
 */
static kh_each_is stumbled(const kh_error *err, const kh_each_num *in, size_t n)
{
    static const char *const on_nil[] = {"attempt to perform arithmetic on a nil value", "attempt to compare nil with", "attempt to compare number with nil",
                                         "attempt to compare two nil values", "number expected, got nil"};
    static const char *const by_zero[] = {"attempt to divide by zero", "attempt to perform 'n//0'", "attempt to perform 'n%%0'"};
    const char *text = err->text ? err->text : "";
    bool lacks = false;
    for (size_t i = 0; i < n; i++)
        lacks |= in[i].is == KH_EACH_NOTHING;
    for (size_t i = 0; lacks && i < sizeof on_nil / sizeof *on_nil; i++)
        if (strstr(text, on_nil[i]))
            return KH_EACH_LACKS;
    for (size_t i = 0; i < sizeof by_zero / sizeof *by_zero; i++)
        if (strstr(text, by_zero[i]))
            return KH_EACH_BY_ZERO;
    return KH_EACH_NOTHING;
}

/* Whether a whole number may have passed 2^63 on the way: Lua wraps around then, and says nothing. */
static bool may_have_wrapped(const call *k, size_t n)
{
    bool large = k->out.is == KH_EACH_WHOLE && fabs(k->out.v) >= 9007199254740992.0;
    for (size_t i = 0; i < n; i++)
        large |= k->in[i].is == KH_EACH_WHOLE && fabs(k->in[i].v) >= 2147483648.0;
    return large;
}

/* The same once more in doubles, which do not wrap: where the two disagree there is no number that can be trusted. */
static int check_wrap(void *ctx, call *k, kh_error *err)
{
    call again = {.f = k->f, .in = k->in, .as_doubles = true};
    int rc = kh_lua_enter(ctx, run_cell, &again, KH_ESCRIPT, err);
    if (rc != KH_OK)
        return rc;
    bool number = again.out.is == KH_EACH_WHOLE || again.out.is == KH_EACH_NUMBER;
    if (!number || !(fabs(again.out.v - k->out.v) <= 1e-9 * fabs(again.out.v)))
        k->out.is = KH_EACH_NOT_FINITE;
    return KH_OK;
}

static int each_call(void *ctx, void *script, const kh_each_num *in, size_t n, kh_each_num *out, kh_error *err)
{
    call k = {.f = script, .in = in};
    int rc = kh_lua_enter(ctx, run_cell, &k, KH_ESCRIPT, err);
    if (rc == KH_ESCRIPT) {
        k.out.is = stumbled(err, in, n);
        if (k.out.is != KH_EACH_NOTHING) {
            kh_error_clear(err);
            rc = KH_OK;
        }
    }
    if (rc == KH_OK && k.out.is == KH_EACH_WHOLE && may_have_wrapped(&k, n))
        rc = check_wrap(ctx, &k, err);
    *out = k.out;
    return rc;
}

void kh_each_make(lua_State *L, int fn, int inputs, kh_indicator *ind)
{
    kh_script *s = kh_host(L);
    kh_arena *a = s->ws->catalog->arena;
    if (inputs)
        given_inputs(L, inputs);
    else
        find_inputs(L, fn);
    int list = lua_gettop(L);
    cell_fn *f = kh_arena_alloc(a, sizeof *f);
    kh_each *e = kh_arena_alloc(a, sizeof *e);
    f->n = lua_rawlen(L, list);
    f->code = ind->code;
    if (f->n == 0)
        kh_lua_raise(L, _("indicator \"%s\": each reads nothing: write c.NAME, or name what it reads with inputs = { ... }"), ind->code);
    e->inputs = kh_arena_alloc(a, f->n * sizeof *e->inputs);
    for (size_t i = 0; i < f->n; i++) {
        lua_rawgeti(L, list, (lua_Integer)i + 1);
        e->inputs[i] = kh_lua_leaf(L, lua_tostring(L, -1));
        lua_pop(L, 1);
    }
    e->n_inputs = f->n;
    e->call = each_call;
    e->ctx = s;
    e->script = f;
    push_c(L, list);
    f->c = luaL_ref(L, LUA_REGISTRYINDEX);
    lua_pushvalue(L, list);
    f->keys = luaL_ref(L, LUA_REGISTRYINDEX);
    lua_pushvalue(L, fn);
    f->fn = luaL_ref(L, LUA_REGISTRYINDEX);
    ind->each = e;
}

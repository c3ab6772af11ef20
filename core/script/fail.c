/* SPDX-License-Identifier: MIT */
/*
 * Errors between C and Lua, and the one way into Lua.
 *
 * Misuse raises a string "file:line: text". What can fail in operation gives
 * nil and an error object: a table with code, text, file and line that prints
 * as one line. An error that leaves Lua becomes a kh_error: file and line of
 * the script, the text, a traceback. Values of any type may be raised; only
 * strings and our own error objects are shown, others by their type, and no
 * metamethod is asked.
 */
#include "script/host.h"

#include "base/msg.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

static const char error_class[] = "kh.Error";

static const char *const code_names[] = {"ok", "faults", "usage", "script", "store", "busy", "interrupted"};

/* --- where ------------------------------------------------------------------------ */

void kh_lua_where(lua_State *L, kh_place *out)
{
    kh_script *s = kh_host(L);
    lua_Debug ar;
    out->file[0] = '\0';
    out->line = 0;
    for (int level = 0; lua_getstack(L, level, &ar); level++) {
        if (!lua_getinfo(L, "Sl", &ar) || ar.currentline <= 0 || ar.source[0] != '@')
            continue; /* C, or our own Lua: the fault is its caller's */
        kh_place_set(out, ar.source + 1, ar.currentline);
        return;
    }
    if (s->def_what)
        *out = s->def_place;
}

static void put_place(kh_buf *b, const kh_place *p)
{
    if (p->file[0] && p->line > 0)
        kh_buf_printf(b, "%s:%d: ", p->file, p->line);
    else if (p->file[0])
        kh_buf_printf(b, "%s: ", p->file);
}

static _Noreturn void raise_text(lua_State *L)
{
    kh_script *s = kh_host(L);
    lua_pushlstring(L, s->text.data, s->text.len);
    lua_error(L);
    abort();
}

void kh_lua_raise_at(lua_State *L, const kh_place *place, const char *format, ...)
{
    kh_script *s = kh_host(L);
    va_list ap;
    kh_buf b = KH_BUF_INIT; /* the arguments may lie in s->text; nothing can jump before it is handed over */
    put_place(&b, place);
    va_start(ap, format);
    kh_buf_vprintf(&b, format, ap);
    va_end(ap);
    kh_buf_free(&s->text);
    s->text = b;
    raise_text(L);
}

void kh_lua_raise(lua_State *L, const char *format, ...)
{
    kh_script *s = kh_host(L);
    kh_place place;
    va_list ap;
    kh_buf b = KH_BUF_INIT;
    kh_lua_where(L, &place);
    put_place(&b, &place);
    va_start(ap, format);
    kh_buf_vprintf(&b, format, ap);
    va_end(ap);
    kh_buf_free(&s->text);
    s->text = b;
    raise_text(L);
}

const char *kh_lua_near(lua_State *L, const char *name, const char *const *names, size_t n)
{
    kh_script *s = kh_host(L);
    kh_buf_clear(&s->text);
    int i = kh_text_nearest(name, names, n);
    if (i >= 0)
        kh_buf_printf(&s->text, _("; did you mean \"%s\"?"), names[i]);
    return kh_buf_cstr(&s->text);
}

const char *kh_lua_near_kind(lua_State *L, const char *kind)
{
    const char *near = kh_units_nearest_kind(kh_host(L)->ws->catalog->units, kind);
    return kh_lua_near(L, kind, &near, near ? 1 : 0);
}

/* --- error objects ------------------------------------------------------------------- */

static void push_field(lua_State *L, const char *key)
{
    lua_pushstring(L, key);
    lua_insert(L, -2);
    lua_rawset(L, -3);
}

/* The error's texts move to the host before anything that may jump. */
static void push_error(lua_State *L, kh_error *err)
{
    kh_script *s = kh_host(L);
    kh_place place;
    int code = err->code;
    if (err->file)
        kh_place_set(&place, err->file, err->line);
    else
        kh_lua_where(L, &place);
    kh_buf_clear(&s->text);
    kh_buf_str(&s->text, err->text ? err->text : "");
    kh_error_clear(err);

    lua_createtable(L, 0, 5);
    lua_pushlstring(L, s->text.data, s->text.len);
    push_field(L, "text");
    lua_pushstring(L, code_names[-code]);
    push_field(L, "code");
    if (place.file[0]) {
        lua_pushstring(L, place.file);
        push_field(L, "file");
        lua_pushinteger(L, place.line);
        push_field(L, "line");
    }
    luaL_setmetatable(L, error_class);
}

void kh_lua_throw(lua_State *L, kh_error *err)
{
    kh_script *s = kh_host(L);
    if (err->code == KH_EINTR || s->expired) {
        kh_error_clear(err);
        kh_lua_stop(L, s->expired && !(kh_worker_stop && !s->stop_by_time) ? KH_STOP_TIME : KH_STOP_INTERRUPTED);
    }
    if (err->code == KH_EUSAGE || err->code == KH_ESCRIPT) { /* misuse: a string, like any other */
        kh_place place;
        if (err->file)
            kh_place_set(&place, err->file, err->line);
        else
            kh_lua_where(L, &place);
        kh_buf b = KH_BUF_INIT;
        put_place(&b, &place);
        kh_buf_str(&b, err->text ? err->text : "");
        kh_error_clear(err);
        kh_buf_free(&s->text);
        s->text = b;
        raise_text(L);
    }
    push_error(L, err);
    lua_error(L);
    abort();
}

int kh_lua_fail(lua_State *L, kh_error *err)
{
    if (err->code == KH_EINTR || kh_host(L)->expired)
        kh_lua_throw(L, err);
    lua_pushnil(L);
    push_error(L, err);
    return 2;
}

static bool is_error(lua_State *L, int at)
{
    if (!lua_istable(L, at) || !lua_getmetatable(L, at))
        return false;
    luaL_getmetatable(L, error_class);
    bool same = lua_rawequal(L, -1, -2);
    lua_pop(L, 2);
    return same;
}

/* Pushes a field of an error object, raw. */
static int raw_field(lua_State *L, int at, const char *key)
{
    at = lua_absindex(L, at);
    lua_pushstring(L, key);
    return lua_rawget(L, at);
}

static int l_error_text(lua_State *L)
{
    kh_place place = {.line = 0};
    luaL_checktype(L, 1, LUA_TTABLE);
    if (raw_field(L, 1, "file") == LUA_TSTRING) {
        raw_field(L, 1, "line");
        kh_place_set(&place, lua_tostring(L, -2), (int)lua_tointeger(L, -1));
    }
    const char *text = raw_field(L, 1, "text") == LUA_TSTRING ? lua_tostring(L, -1) : "";
    if (place.file[0])
        lua_pushfstring(L, "%s:%d: %s", place.file, place.line, text);
    else
        lua_pushstring(L, text);
    return 1;
}

void kh_fail_open(lua_State *L)
{
    luaL_newmetatable(L, error_class);
    lua_pushcfunction(L, l_error_text);
    lua_setfield(L, -2, "__tostring");
    lua_pushstring(L, error_class);
    lua_setfield(L, -2, "__metatable");
    lua_pop(L, 1);
}

/* A message is for people: what is longer than MESSAGE_MAX keeps its beginning and its end. */
enum { MESSAGE_MAX = 2000, MESSAGE_END = 300 };

static const char *shortened(kh_script *s, const char *text)
{
    size_t n = strlen(text);
    if (n <= MESSAGE_MAX)
        return text;
    size_t head = MESSAGE_MAX - MESSAGE_END, tail = n - MESSAGE_END;
    while (head && ((unsigned char)text[head] & 0xC0) == 0x80)
        head--;
    while (tail < n && ((unsigned char)text[tail] & 0xC0) == 0x80)
        tail++;
    kh_buf b = KH_BUF_INIT;
    kh_buf_add(&b, text, head);
    kh_buf_str(&b, " [...] ");
    kh_buf_str(&b, text + tail);
    kh_buf_free(&s->text);
    s->text = b;
    return kh_buf_cstr(&s->text);
}

/* --- leaving Lua ------------------------------------------------------------------------ */

/* "file:line: text": where the text begins, or NULL if it does not begin so. */
static const char *split_place(const char *msg, kh_place *place)
{
    for (const char *colon = strchr(msg, ':'); colon && colon - msg < 400; colon = strchr(colon + 1, ':')) {
        char *end;
        if (colon == msg || colon[1] < '0' || colon[1] > '9')
            continue;
        long line = strtol(colon + 1, &end, 10);
        if (end[0] != ':' || end[1] != ' ' || line <= 0 || line > 10000000)
            continue;
        size_t n = (size_t)(colon - msg);
        memcpy(place->file, msg, n);
        place->file[n] = '\0';
        place->line = (int)line;
        return end + 2;
    }
    return NULL;
}

/* Lua shortens long file names in its own messages; the stack knows them whole. */
static void whole_name(lua_State *L, kh_place *place)
{
    lua_Debug ar;
    for (int level = 0; lua_getstack(L, level, &ar); level++) {
        if (!lua_getinfo(L, "Sl", &ar) || ar.source[0] != '@' || strcmp(ar.short_src, place->file) != 0)
            continue;
        int line = place->line;
        kh_place_set(place, ar.source + 1, line);
        return;
    }
}

static void note_trace(lua_State *L, kh_script *s)
{
    kh_buf_clear(&s->fault.trace);
    if (!lua_checkstack(L, 20))
        return;
    luaL_traceback(L, L, NULL, 1);
    size_t n;
    const char *text = lua_tolstring(L, -1, &n);
    kh_buf_add(&s->fault.trace, text, n);
    lua_pop(L, 1);
}

int kh_lua_message(lua_State *L)
{
    kh_script *s = kh_host(L);
    if (s->stopped)
        return 1;
    s->fault.code = 0;
    s->fault.place.file[0] = '\0';
    s->fault.place.line = 0;
    if (!lua_checkstack(L, 20))
        return 1;
    if (is_error(L, 1)) {
        if (raw_field(L, 1, "code") == LUA_TSTRING)
            for (int i = 1; i <= 6; i++)
                if (strcmp(lua_tostring(L, -1), code_names[i]) == 0)
                    s->fault.code = -i;
        if (raw_field(L, 1, "file") == LUA_TSTRING) {
            raw_field(L, 1, "line");
            kh_place_set(&s->fault.place, lua_tostring(L, -2), (int)lua_tointeger(L, -1));
        } else {
            kh_lua_where(L, &s->fault.place);
        }
        if (raw_field(L, 1, "text") != LUA_TSTRING)
            lua_pushliteral(L, "");
    } else if (lua_type(L, 1) == LUA_TSTRING) {
        const char *msg = lua_tostring(L, 1), *text = split_place(msg, &s->fault.place);
        if (text)
            whole_name(L, &s->fault.place);
        else
            kh_lua_where(L, &s->fault.place);
        lua_pushstring(L, text ? text : msg);
    } else {
        kh_lua_where(L, &s->fault.place);
        if (lua_type(L, 1) == LUA_TNUMBER && lua_isinteger(L, 1))
            lua_pushfstring(L, "%I", (LUAI_UACINT)lua_tointeger(L, 1));
        else if (lua_type(L, 1) == LUA_TNUMBER)
            lua_pushfstring(L, "%f", (LUAI_UACNUMBER)lua_tonumber(L, 1));
        else
            lua_pushfstring(L, _("the script raised an error that is no text (a %s)"), kh_lua_type(L, 1));
    }
    note_trace(L, s);
    return 1;
}

static int take_stop(kh_script *s, kh_error *err)
{
    kh_buf text = KH_BUF_INIT;
    kh_stop_text(s, &text);
    kh_place *p = &s->stop_place;
    int code = s->stopped == KH_STOP_INTERRUPTED ? KH_EINTR : KH_ESCRIPT;
    kh_fail_at(err, code, p->file[0] ? p->file : NULL, p->line, "%s", kh_buf_cstr(&text));
    kh_buf_free(&text);
    return code;
}

static int take_error(kh_script *s, lua_State *L, int status, int usage, kh_error *err)
{
    if (status == LUA_ERRMEM && !s->stopped)
        s->stopped = KH_STOP_MEMORY;
    if (s->stopped)
        return take_stop(s, err);
    int code = s->fault.code && s->fault.code != KH_EUSAGE ? s->fault.code : usage; /* what a script asked wrongly is the script's fault */
    kh_place *p = &s->fault.place;
    if (status == LUA_ERRERR || lua_type(L, -1) != LUA_TSTRING)
        return kh_fail(err, usage, "the script failed while its error was being handled");
    kh_fail_at(err, code, p->file[0] ? p->file : NULL, p->line, "%s", shortened(s, lua_tostring(L, -1)));
    if (err && s->fault.trace.len) {
        kh_free(err->trace);
        err->trace = kh_strndup(s->fault.trace.data, s->fault.trace.len);
    }
    return code;
}

int kh_lua_enter(kh_script *s, kh_lua_body *body, void *ctx, int usage, kh_error *err)
{
    kh_state_begin(s);
    lua_State *L = s->running;
    int co = s->co_depth, rc = KH_OK;
    if (s->depth > 100 || !lua_checkstack(L, 8)) {
        rc = kh_fail(err, usage, "scripts and reports call each other too deeply");
        kh_state_end(s);
        return rc;
    }
    int top = lua_gettop(L);
    lua_pushcfunction(L, kh_lua_message);
    lua_pushcfunction(L, body);
    lua_pushlightuserdata(L, ctx);
    int status = lua_pcall(L, 1, 0, top + 1);
    s->running = L;
    s->co_depth = co;
    if (status != LUA_OK)
        rc = take_error(s, L, status, usage, err);
    lua_settop(L, top);
    kh_state_end(s);
    return rc;
}

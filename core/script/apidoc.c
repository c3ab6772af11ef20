/* SPDX-License-Identifier: MIT */
/*
 * Documented names: each binding file lists its functions with signature and
 * text in one row, and from these rows come the functions themselves, the
 * manual and the LuaLS annotations. There is no other way to register one, so
 * that nothing is undocumented; a test reads the rows.
 */
#include "script/host.h"

#include "base/embed.h"
#include "base/msg.h"

#include <ctype.h>
#include <string.h>

/* --- registering ------------------------------------------------------------------------ */

void kh_lua_functions(lua_State *L, const kh_fn *fns)
{
    for (; fns->name; fns++) {
        lua_pushcfunction(L, fns->fn);
        lua_setfield(L, -2, fns->name);
    }
}

static _Noreturn void unknown_member(lua_State *L, const kh_ns *ns, const char *key)
{
    const char *names[128];
    size_t n = 0;
    for (const kh_fn *f = ns->fns; f && f->name && n < 128; f++)
        names[n++] = f->name;
    for (const kh_prop *p = ns->props; p && p->name && n < 128; p++)
        names[n++] = p->name;
    kh_lua_raise(L, _("%s has no \"%s\"%s"), ns->name, key, kh_lua_near(L, key, names, n));
}

/* self key; upvalues: methods, namespace */
static int class_index(lua_State *L)
{
    const kh_ns *ns = lua_touserdata(L, lua_upvalueindex(2));
    lua_pushvalue(L, 2);
    if (lua_rawget(L, lua_upvalueindex(1)) != LUA_TNIL)
        return 1;
    lua_pop(L, 1);
    if (ns->index && ns->index(L) > 0)
        return 1;
    if (lua_type(L, 2) == LUA_TSTRING)
        unknown_member(L, ns, lua_tostring(L, 2));
    kh_lua_raise(L, _("%s has no field of that name"), ns->name);
}

static int namespace_index(lua_State *L)
{
    const kh_ns *ns = lua_touserdata(L, lua_upvalueindex(1));
    if (lua_type(L, 2) == LUA_TSTRING)
        unknown_member(L, ns, lua_tostring(L, 2));
    lua_pushnil(L);
    return 1;
}

void kh_lua_strict(lua_State *L, const kh_ns *ns)
{
    lua_createtable(L, 0, 1);
    lua_pushlightuserdata(L, (void *)(uintptr_t)ns);
    lua_pushcclosure(L, namespace_index, 1);
    lua_setfield(L, -2, "__index");
    lua_setmetatable(L, -2);
}

static int refuse_set(lua_State *L)
{
    int at = lua_type(L, 1) == LUA_TUSERDATA ? 1 : 2;
    kh_lua_raise(L, _("a %s cannot be set; make a new one"), kh_lua_type(L, at));
}

void kh_lua_class(lua_State *L, const kh_ns *ns)
{
    luaL_newmetatable(L, ns->name);
    if (ns->meta)
        luaL_setfuncs(L, ns->meta, 0);
    lua_newtable(L);
    kh_lua_functions(L, ns->fns);
    if (ns->index) {
        lua_pushlightuserdata(L, (void *)(uintptr_t)ns);
        lua_pushcclosure(L, class_index, 2);
    } else {
        kh_lua_strict(L, ns); /* methods are found without a call: what rows and cells need */
    }
    lua_setfield(L, -2, "__index");
    lua_pushcfunction(L, refuse_set);
    lua_setfield(L, -2, "__newindex");
    lua_pushstring(L, ns->name);
    lua_setfield(L, -2, "__metatable");
    lua_pop(L, 1);
}

/* --- the manual --------------------------------------------------------------------------- */

/* Types show as the user writes them. */
static void write_options(kh_buf *out, const kh_options_doc *o)
{
    kh_buf_printf(out, "\n### %s\n\n%s\n\n| key | type | meaning |\n| --- | --- | --- |\n", o->name, o->doc);
    for (const kh_key *k = o->keys; k->name; k++) {
        size_t n = strlen(k->type);
        bool optional = n && k->type[n - 1] == '?';
        kh_buf_printf(out, "| `%s`%s | `", k->name, optional ? "" : " (required)");
        for (const char *c = k->type; *c; c++) {
            if (*c == '|')
                kh_buf_str(out, "\\|");
            else if (!(optional && !c[1]))
                kh_buf_char(out, *c);
        }
        kh_buf_printf(out, "` | %s |\n", k->doc);
    }
}

static const char *arrow(const char *sig)
{
    const char *a = strstr(sig, "->");
    return a ? a + 2 : NULL;
}

static void write_signature(kh_buf *out, const kh_ns *ns, const kh_fn *f)
{
    const char *ret = arrow(f->sig);
    size_t n = ret ? (size_t)(ret - 2 - f->sig) : strlen(f->sig);
    while (n && f->sig[n - 1] == ' ')
        n--;
    kh_buf_printf(out, "%s%s%s(%.*s)", ns->is_class ? strchr(ns->name, '.') + 1 : ns->name, ns->is_class ? ":" : *ns->name ? "." : "", f->name, (int)n, f->sig);
    if (ret)
        kh_buf_printf(out, " ->%s", ret);
}

/* The guide is a Lua file that runs as it stands: comments become text, code becomes code. */
static void write_guide(kh_buf *out, const char *text)
{
    bool code = false;
    for (const char *line = text; *line;) {
        const char *nl = strchr(line, '\n');
        size_t n = nl ? (size_t)(nl - line) : strlen(line);
        bool comment = n >= 3 && memcmp(line, "---", 3) == 0;
        bool blank = n == 0;
        if (!blank && comment == code) {
            kh_buf_str(out, code ? "```\n\n" : "\n```lua\n");
            code = !code;
        }
        if (comment)
            kh_buf_printf(out, "%.*s\n", (int)(n - 3 - (n > 3)), line + 3 + (n > 3));
        else if (!strstr(line, "SPDX") || strstr(line, "SPDX") > line + n)
            kh_buf_printf(out, "%.*s\n", (int)n, line);
        line = nl ? nl + 1 : line + n;
    }
    if (code)
        kh_buf_str(out, "```\n");
}

void kh_script_manual(kh_buf *out)
{
    kh_buf_str(out, "<!-- SPDX-License-Identifier: MIT -->\n<!-- Made by `kehoach manual` from the rows beside the functions; do not edit. -->\n"
                    "# The Lua API\n\n"
                    "A first task from nothing to a report: [lua-guide.md](lua-guide.md).\n\n");
    for (const struct kh_embedded *e = kh_embedded_script; e->name; e++)
        if (strcmp(e->name, "doc/guide.lua") == 0)
            write_guide(out, e->text);
    for (const kh_ns *const *ns = kh_namespaces; *ns; ns++) {
        kh_buf_printf(out, "\n## %s\n\n%s\n", *(*ns)->name ? (*ns)->name : "Definitions", (*ns)->doc);
        if ((*ns)->props) {
            kh_buf_str(out, "\n| field | type | meaning |\n| --- | --- | --- |\n");
            for (const kh_prop *p = (*ns)->props; p->name; p++) {
                kh_buf_printf(out, "| `%s` | `", p->name);
                for (const char *c = p->type; *c; c++)
                    kh_buf_printf(out, *c == '|' ? "\\|" : "%c", *c);
                kh_buf_printf(out, "` | %s |\n", p->doc);
            }
        }
        for (const kh_fn *f = (*ns)->fns; f->name; f++) {
            kh_buf_str(out, "\n#### `");
            write_signature(out, *ns, f);
            kh_buf_printf(out, "`\n\n%s\n", f->doc);
        }
    }
    kh_buf_str(out, "\n## Option tables\n\nUnknown keys are errors that name the nearest key.\n");
    for (const kh_options_doc *const *o = kh_option_tables; *o; o++)
        write_options(out, *o);
}

/* --- help in the shell ---------------------------------------------------------------------- */

/* "kh.value", "Frame:sort", "kh.Frame:sort", or the bare name. */
static bool is_called(const kh_ns *ns, const char *fn, const char *asked)
{
    const char *dot = strrchr(asked, '.'), *colon = strrchr(asked, ':'), *bare = colon ? colon + 1 : dot ? dot + 1 : asked;
    size_t owner = bare == asked ? 0 : (size_t)(bare - 1 - asked);
    const char *name = ns->is_class ? strchr(ns->name, '.') + 1 : ns->name;
    if (strcmp(bare, fn) != 0)
        return false;
    return owner == 0 || (strlen(ns->name) == owner && strncmp(ns->name, asked, owner) == 0) || (strlen(name) == owner && strncmp(name, asked, owner) == 0);
}

static void help_namespace(const kh_ns *ns, kh_buf *out)
{
    kh_buf_printf(out, "%s: %s\n ", *ns->name ? ns->name : "definitions", ns->doc);
    for (const kh_fn *f = ns->fns; f->name; f++)
        kh_buf_printf(out, " %s", f->name);
    kh_buf_char(out, '\n');
}

void kh_script_help(const char *asked, kh_buf *out)
{
    for (const kh_ns *const *ns = kh_namespaces; *ns; ns++) {
        if (!*asked || strcmp((*ns)->name, asked) == 0)
            help_namespace(*ns, out);
        for (const kh_fn *f = (*ns)->fns; *asked && f->name; f++)
            if (is_called(*ns, f->name, asked)) {
                write_signature(out, *ns, f);
                kh_buf_printf(out, "\n  %s\n", f->doc);
            }
    }
    for (const kh_options_doc *const *o = kh_option_tables; *asked && *o; o++)
        if (strcmp((*o)->name, asked) == 0) {
            kh_buf_printf(out, "%s: %s\n", (*o)->name, (*o)->doc);
            for (const kh_key *k = (*o)->keys; k->name; k++)
                kh_buf_printf(out, "  %-14s %s  %s\n", k->name, k->type, k->doc);
        }
}

/* --- annotations ------------------------------------------------------------------------------ */

static void write_comment(kh_buf *out, const char *text)
{
    kh_buf_str(out, "---");
    for (const char *c = text; *c; c++) {
        kh_buf_char(out, *c);
        if (*c == '\n')
            kh_buf_str(out, "---");
    }
    kh_buf_char(out, '\n');
}

/* The next part of a list up to a comma outside of brackets; returns where the list goes on. */
static const char *next_part(const char *s, const char *end, const char **from, size_t *n)
{
    while (s < end && (*s == ' ' || *s == ','))
        s++;
    *from = s;
    int depth = 0;
    for (; s < end && (depth > 0 || *s != ','); s++)
        depth += (*s == '(' || *s == '<' || *s == '{' || *s == '[') - (*s == ')' || *s == '>' || *s == '}' || *s == ']');
    *n = (size_t)(s - *from);
    while (*n && (*from)[*n - 1] == ' ')
        --*n;
    return s;
}

/* "name?: type" -> ---@param name? type, and the name into the list of the declaration. */
static void write_params(kh_buf *out, kh_buf *list, const char *sig)
{
    const char *ret = arrow(sig), *end = ret ? ret - 2 : sig + strlen(sig), *part;
    size_t n;
    for (const char *s = next_part(sig, end, &part, &n); n; s = next_part(s, end, &part, &n)) {
        const char *colon = memchr(part, ':', n);
        size_t name = colon ? (size_t)(colon - part) : n;
        const char *type = colon ? colon + 1 : " any";
        size_t type_len = colon ? n - name - 1 : 4;
        kh_buf_printf(out, "---@param %.*s%.*s\n", (int)name, part, (int)type_len, type);
        if (list->len)
            kh_buf_str(list, ", ");
        kh_buf_add(list, part, part[name - 1] == '?' ? name - 1 : name);
    }
    if (!ret)
        return;
    end = ret + strlen(ret);
    for (const char *s = next_part(ret, end, &part, &n); n; s = next_part(s, end, &part, &n))
        kh_buf_printf(out, "---@return %.*s\n", (int)n, part);
}

static void write_functions(kh_buf *out, const kh_ns *ns)
{
    const char *holder = ns->is_class ? strchr(ns->name, '.') + 1 : ns->name;
    for (const kh_fn *f = ns->fns; f->name; f++) {
        kh_buf list = KH_BUF_INIT;
        kh_buf_char(out, '\n');
        write_comment(out, f->doc);
        write_params(out, &list, f->sig);
        kh_buf_printf(out, "function %s%s%s(%s) end\n", holder, ns->is_class ? ":" : *holder ? "." : "", f->name, kh_buf_cstr(&list));
        kh_buf_free(&list);
    }
}

static void write_class(kh_buf *out, const kh_ns *ns)
{
    kh_buf_char(out, '\n');
    write_comment(out, ns->doc);
    kh_buf_printf(out, "---@class %s\n", ns->name);
    for (const kh_prop *p = ns->props; p && p->name; p++)
        kh_buf_printf(out, "---@field %s %s %s\n", p->name, p->type, p->doc);
    kh_buf_printf(out, "local %s = {}\n", strchr(ns->name, '.') + 1);
}

void kh_script_annotations(kh_buf *out)
{
    kh_buf_str(out, "---@meta\n-- SPDX-License-Identifier: MIT\n-- Made by `kehoach manual --annotations` from the rows beside the functions; do not edit.\n");
    for (const kh_options_doc *const *o = kh_option_tables; *o; o++) {
        kh_buf_char(out, '\n');
        write_comment(out, (*o)->doc);
        kh_buf_printf(out, "---@class (exact) %s\n", (*o)->name);
        for (const kh_key *k = (*o)->keys; k->name; k++) {
            size_t n = strlen(k->type);
            bool optional = n && k->type[n - 1] == '?';
            kh_buf_printf(out, "---@field %s%s %.*s %s\n", k->name, optional ? "?" : "", (int)(n - optional), k->type, k->doc);
        }
    }
    for (const kh_ns *const *ns = kh_namespaces; *ns; ns++) {
        if ((*ns)->is_class)
            write_class(out, *ns);
        else if (*(*ns)->name)
            kh_buf_printf(out, "\n%s = {}\n", (*ns)->name);
        write_functions(out, *ns);
    }
}

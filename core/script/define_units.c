/* SPDX-License-Identifier: MIT */
/*
 * Definitions of kinds, units, successors and categories. Units and
 * successors also come as CSV: RFC 4180, UTF-8, a comma or semicolon between
 * fields, the first line the headings. A fault names file and line of the CSV.
 */
#include "script/define.h"

#include "base/file.h"
#include "base/msg.h"
#include "base/text.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

const kh_key kh_keys_kind[] = {
    {"level", "string", "province, district, commune, agency, ... what people ask for"},
    {"title", "string?", "the word before the name, \"Huyện\""},
    {"title_en", "string?", "\"District\""},
    {NULL, NULL, NULL},
};
const kh_key kh_keys_units[] = {
    {"file", "string", "a CSV file, from the workspace's root"},
    {NULL, NULL, NULL},
};
const kh_key kh_keys_successors[] = {
    {"file", "string", "a CSV file, from the workspace's root"},
    {NULL, NULL, NULL},
};
const kh_key kh_keys_unit[] = {
    {"name", "string", "its name without the word for its kind"},
    {"short", "string?", "a short name for narrow columns"},
    {"kind", "string", "the code of a kind"},
    {"parent", "string?", "the code of the unit above"},
    {"from", "string?", "first day, \"2016-01-01\"; open if left out"},
    {"to", "string?", "last day; open if left out"},
    {"group", "table?", "groups, { ownership = \"public\" }"},
    {NULL, NULL, NULL},
};
const kh_key kh_keys_category[] = {
    {"title", "string?", "its name for people"},
    {"options", "(string|table)[]?", "codes, or { \"code\", title = \"...\" }"},
    {"from", "\"plan\"?", "the options are the tasks of all plans"},
    {NULL, NULL, NULL},
};

/* --- kinds and single units ------------------------------------------------------------- */

void kh_define_kind(lua_State *L, const kh_defn *d)
{
    kh_table t = kh_table_open(L, d->table, d->what, kh_keys_kind);
    const char *level = kh_table_text(&t, "level"), *title = kh_table_text(&t, "title"), *title_en = kh_table_text(&t, "title_en");
    kh_units_add_kind(d->c->units, d->code, level, title ? title : "", title_en ? title_en : "");
}

/* -1 and raises with the nearest: an unknown kind is most often a typo. */
static uint32_t need_kind(const kh_defn *d, lua_State *L, const char *code, const kh_place *place)
{
    const kh_kind *kinds;
    const char *names[128];
    size_t n = kh_units_kinds(d->c->units, &kinds), m = 0, units = kh_units_count(d->c->units);
    if (units && strcmp(kinds[kh_units_def(d->c->units, (kh_unit)(units - 1))->kind].code, code) == 0)
        return kh_units_def(d->c->units, (kh_unit)(units - 1))->kind; /* mostly that of the unit before */
    uint32_t k = kh_units_kind(d->c->units, code);
    if (k != UINT32_MAX)
        return k;
    for (; m < n && m < 128; m++)
        names[m] = kinds[m].code;
    kh_lua_raise_at(L, place, _("%s: unknown kind \"%s\"%s"), d->what, code, kh_lua_near(L, code, names, m));
}

static void add_unit(lua_State *L, const kh_defn *d, kh_unit_def *u)
{
    kh_error err = KH_ERROR_INIT;
    kh_unit out;
    if (kh_units_add(d->c->units, u, &out, &err) != KH_OK) {
        if (!err.file) {
            err.file = kh_strdup(u->file);
            err.line = u->line;
        }
        kh_lua_throw(L, &err);
    }
}

void kh_define_unit(lua_State *L, const kh_defn *d)
{
    kh_table t = kh_table_open(L, d->table, d->what, kh_keys_unit);
    kh_arena *a = d->c->arena;
    kh_unit_def u = {.code = d->code, .name = kh_table_text(&t, "name"), .short_name = kh_table_text(&t, "short"), .parent_code = kh_table_text(&t, "parent")};
    u.kind = need_kind(d, L, kh_table_text(&t, "kind"), d->place);
    u.from = kh_table_day(&t, "from", KH_DAY_MIN);
    u.to = kh_table_day(&t, "to", KH_DAY_MAX);
    u.file = kh_defn_file(d);
    u.line = d->place->line;
    if (kh_table_push(&t, "group") != LUA_TNIL) {
        luaL_checktype(L, -1, LUA_TTABLE);
        size_t n = 0, cap = 0;
        for (lua_pushnil(L); lua_next(L, -2); lua_pop(L, 1))
            cap++;
        u.groups = kh_arena_alloc(a, (cap + 1) * sizeof *u.groups);
        for (lua_pushnil(L); lua_next(L, -2); lua_pop(L, 1)) {
            if (lua_type(L, -2) != LUA_TSTRING || lua_type(L, -1) != LUA_TSTRING)
                kh_table_bad(&t, "group", _("must be written { ownership = \"public\" }"));
            u.groups[n++] = (kh_unit_group){kh_arena_strdup(a, lua_tostring(L, -2)), kh_arena_strdup(a, lua_tostring(L, -1))};
        }
        u.n_groups = n;
    }
    add_unit(L, d, &u);
}

/* --- categories ------------------------------------------------------------------------------ */

void kh_define_category(lua_State *L, const kh_defn *d)
{
    static const kh_key option_keys[] = {{"[1]", "string", "code"}, {"title", "string?", "its name"}, {NULL, NULL, NULL}};
    kh_table t = kh_table_open(L, d->table, d->what, kh_keys_category);
    kh_arena *a = d->c->arena;
    const char *from = kh_table_text(&t, "from");
    if (from && strcmp(from, "plan") != 0)
        kh_table_bad(&t, "from", _("can only be \"plan\": the options are the tasks of all plans"));
    uint32_t cat = kh_cuts_add_category(d->c->cuts, kh_defn_code(d), kh_defn_title(&t, d, "title"), kh_defn_file(d), d->place->line);
    if (from) {
        luaL_getsubtable(L, LUA_REGISTRYINDEX, "kh.from_plan");
        lua_pushinteger(L, cat);
        lua_rawseti(L, -2, (lua_Integer)lua_rawlen(L, -2) + 1);
        lua_pop(L, 1);
    } else if (!kh_table_has(&t, "options")) {
        kh_table_bad(&t, "options", _("are missing: { \"a\", \"b\" }"));
    }
    if (kh_table_push(&t, "options") != LUA_TNIL) {
        if (!lua_istable(L, -1))
            kh_table_bad(&t, "options", _("must be a list: { \"a\", { \"b\", title = \"...\" } }"));
        int list = lua_gettop(L);
        size_t n = lua_rawlen(L, list);
        for (size_t i = 1; i <= n; i++) {
            if (lua_rawgeti(L, list, (lua_Integer)i) == LUA_TSTRING) {
                kh_cuts_add_option(d->c->cuts, cat, kh_arena_strdup(a, lua_tostring(L, -1)), kh_arena_strdup(a, lua_tostring(L, -1)));
            } else {
                kh_table o = kh_table_open(L, -1, d->what, option_keys);
                const char *code = kh_table_text(&o, "[1]"), *title = kh_table_text(&o, "title");
                kh_cuts_add_option(d->c->cuts, cat, kh_arena_strdup(a, code), kh_arena_strdup(a, title ? title : code));
            }
            lua_pop(L, 1);
        }
        if (n == 0)
            kh_table_bad(&t, "options", _("are empty"));
    }
}

void kh_define_plan_options(lua_State *L, const kh_plan *p)
{
    kh_catalog *c = kh_host(L)->ws->catalog;
    luaL_getsubtable(L, LUA_REGISTRYINDEX, "kh.from_plan");
    size_t n = lua_rawlen(L, -1);
    for (size_t i = 1; i <= n; i++) {
        lua_rawgeti(L, -1, (lua_Integer)i);
        uint32_t cat = (uint32_t)lua_tointeger(L, -1);
        lua_pop(L, 1);
        for (size_t k = 0; k < p->n_tasks; k++)
            if (kh_cuts_option(c->cuts, cat, p->tasks[k].code) == UINT32_MAX)
                kh_cuts_add_option(c->cuts, cat, p->tasks[k].code, p->tasks[k].title);
    }
    lua_pop(L, 1);
}

/* --- CSV ----------------------------------------------------------------------------------------- */

enum { MOST_FIELDS = 64 };

typedef struct csv { char *at, *end; char sep; int line; char *field[MOST_FIELDS]; size_t n; } csv;

/* One field in place; returns what ended it: the separator, '\n' or 0. */
static int take_field(csv *c, char **out)
{
    char *w = c->at, *r = c->at;
    *out = w;
    if (r < c->end && *r == '"') {
        for (r++; r < c->end; r++) {
            if (*r == '"' && r + 1 < c->end && r[1] == '"')
                r++;
            else if (*r == '"')
                break;
            if (*r == '\n')
                c->line++;
            *w++ = *r;
        }
        r += r < c->end;
    } else {
        while (r < c->end && *r != c->sep && *r != '\n' && *r != '\r')
            *w++ = *r++;
    }
    while (r < c->end && *r != c->sep && *r != '\n')
        r++; /* a carriage return, or what follows a closing quote */
    int stop = r < c->end ? (*r == '\n' ? '\n' : c->sep) : 0;
    c->at = r < c->end ? r + 1 : r;
    *w = '\0';
    return stop;
}

/* The next row that is not empty; *line is where it begins. */
static bool next_row(csv *c, int *line)
{
    while (c->at < c->end) {
        int stop;
        c->n = 0;
        *line = c->line;
        do {
            char *f;
            stop = take_field(c, &f);
            if (c->n < MOST_FIELDS)
                c->field[c->n++] = f;
        } while (stop == c->sep);
        c->line++;
        if (c->n > 1 || c->field[0][0])
            return true;
    }
    return false;
}

/* Opens the file's text (in a buffer on the Lua stack) and its headings. */
static void open_csv(lua_State *L, const kh_defn *d, const char *file, csv *c, kh_place *place)
{
    kh_buf *b = kh_lua_buf(L);
    kh_error err = KH_ERROR_INIT;
    lua_pushfstring(L, "%s/%s", d->s->ws->root, file);
    const char *full = lua_tostring(L, -1);
    if (file[0] == '/' || strstr(file, "..") || (access(full, F_OK) == 0 && !kh_workspace_inside(d->s->ws, full)))
        kh_lua_raise_at(L, d->place, _("%s: %s lies outside of the workspace"), d->what, file);
    struct stat st;
    if (stat(full, &st) == 0 && !S_ISREG(st.st_mode)) /* a pipe would hold us */
        kh_lua_raise_at(L, d->place, _("%s: %s is no file"), d->what, file);
    if (kh_read_file(full, 64u << 20, b, &err) != KH_OK) {
        kh_free(err.file);
        err.file = kh_strdup(d->place->file);
        err.line = d->place->line;
        kh_lua_throw(L, &err);
    }
    lua_pop(L, 1);
    size_t bad;
    kh_place_set(place, file, 1);
    if (!kh_utf8_valid(kh_buf_cstr(b), b->len, &bad)) {
        for (size_t i = 0; i < bad; i++)
            place->line += b->data[i] == '\n';
        kh_lua_raise_at(L, place, "%s", _("this file must be UTF-8"));
    }
    size_t skip = b->len >= 3 && memcmp(b->data, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    *c = (csv){.at = b->data + skip, .end = b->data + b->len, .line = 1};
    const char *nl = memchr(c->at, '\n', (size_t)(c->end - c->at));
    size_t first = (size_t)((nl ? nl : c->end) - c->at);
    c->sep = memchr(c->at, ',', first) || !memchr(c->at, ';', first) ? ',' : ';';
    int line;
    if (!next_row(c, &line))
        kh_lua_raise_at(L, place, "%s", _("this file is empty; its first line holds the headings"));
}

/* Which column holds each of the names; -1: none. */
static void find_columns(lua_State *L, const csv *c, const kh_place *place, const char *const *names, size_t n, size_t required, int *at)
{
    for (size_t i = 0; i < n; i++) {
        at[i] = -1;
        for (size_t k = 0; k < c->n; k++)
            if (strcmp(c->field[k], names[i]) == 0)
                at[i] = (int)k;
        if (i < required && at[i] < 0)
            kh_lua_raise_at(L, place, _("the heading \"%s\" is missing"), names[i]);
    }
}

static const char *field(const csv *c, int at)
{
    return at >= 0 && (size_t)at < c->n && c->field[at][0] ? c->field[at] : NULL;
}

static kh_day day_field(lua_State *L, const kh_place *place, const char *text, kh_day otherwise)
{
    kh_day d;
    if (!text)
        return otherwise;
    if (!kh_day_parse(text, strlen(text), &d))
        kh_lua_raise_at(L, place, _("\"%s\" is not a date; dates are written 2020-01-31"), text);
    return d;
}

void kh_define_units(lua_State *L, const kh_defn *d)
{
    static const char *const names[] = {"code", "name", "kind", "parent", "valid_from", "valid_to", "short"};
    enum { CODE, NAME, KIND, PARENT, FROM, TO, SHORT, N };
    kh_table t = kh_table_open(L, d->table, d->what, kh_keys_units);
    const char *file = kh_table_text(&t, "file");
    kh_arena *a = d->c->arena;
    kh_place place;
    csv c;
    int at[N];
    open_csv(L, d, file, &c, &place);
    find_columns(L, &c, &place, names, N, 3, at);
    const char *heads[MOST_FIELDS];
    size_t n_heads = c.n;
    for (size_t i = 0; i < n_heads; i++)
        heads[i] = kh_arena_strdup(a, c.field[i]);
    char *own_file = kh_arena_strdup(a, file);
    while (next_row(&c, &place.line)) {
        kh_lua_poll(L);
        kh_unit_group groups[MOST_FIELDS];
        kh_unit_def u = {.code = field(&c, at[CODE]), .name = field(&c, at[NAME]), .short_name = field(&c, at[SHORT]), .parent_code = field(&c, at[PARENT]), .groups = groups};
        if (!u.code || !u.name || !field(&c, at[KIND]))
            kh_lua_raise_at(L, &place, "%s", _("a unit has a code, a name and a kind"));
        if (c.n > n_heads)
            kh_lua_raise_at(L, &place, _("%zu fields, and there are %zu headings"), c.n, n_heads);
        u.kind = need_kind(d, L, field(&c, at[KIND]), &place);
        u.from = day_field(L, &place, field(&c, at[FROM]), KH_DAY_MIN);
        u.to = day_field(L, &place, field(&c, at[TO]), KH_DAY_MAX);
        for (size_t i = 0; i < c.n; i++) {
            bool known = false;
            for (size_t k = 0; k < N; k++)
                known |= at[k] == (int)i;
            if (!known && c.field[i][0])
                groups[u.n_groups++] = (kh_unit_group){heads[i], kh_arena_strdup(a, c.field[i])};
        }
        u.file = own_file;
        u.line = place.line;
        add_unit(L, d, &u);
    }
}

void kh_define_successors(lua_State *L, const kh_defn *d)
{
    static const char *const names[] = {"date", "old_code", "new_code", "part"};
    enum { DATE, OLD, NEW, PART, N };
    kh_table t = kh_table_open(L, d->table, d->what, kh_keys_successors);
    const char *file = kh_table_text(&t, "file");
    kh_place place;
    csv c;
    int at[N];
    open_csv(L, d, file, &c, &place);
    find_columns(L, &c, &place, names, N, 3, at);
    char *own_file = kh_arena_strdup(d->c->arena, file);
    while (next_row(&c, &place.line)) {
        kh_lua_poll(L);
        kh_error err = KH_ERROR_INIT;
        const char *part = field(&c, at[PART]);
        bool is_part = part && (strcmp(part, "part") == 0 || strcmp(part, "1") == 0 || strcmp(part, "yes") == 0 || strcmp(part, "true") == 0);
        if (part && !is_part && strcmp(part, "whole") != 0 && strcmp(part, "0") != 0 && strcmp(part, "no") != 0 && strcmp(part, "false") != 0)
            kh_lua_raise_at(L, &place, _("\"%s\" is neither part nor whole"), part);
        if (!field(&c, at[DATE]) || !field(&c, at[OLD]))
            kh_lua_raise_at(L, &place, "%s", _("a succession has a date and an old code"));
        kh_day date = day_field(L, &place, field(&c, at[DATE]), 0);
        if (kh_units_add_succession(d->c->units, date, field(&c, at[OLD]), field(&c, at[NEW]), is_part, own_file, place.line, &err) != KH_OK)
            kh_lua_throw(L, &err);
    }
}

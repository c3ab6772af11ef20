/* SPDX-License-Identifier: MIT */
/*
 * Strict readers of arguments and option tables. "10" is not 10, an unknown
 * key is an error that names the nearest right one and the line where it
 * stands, and a message shows the value and what was wanted.
 */
#include "script/host.h"

#include "base/msg.h"
#include "base/text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- values -------------------------------------------------------------------------- */

const char *kh_lua_type(lua_State *L, int at)
{
    const char *name = luaL_typename(L, at);
    if (lua_type(L, at) == LUA_TUSERDATA && lua_getmetatable(L, at)) {
        lua_pushliteral(L, "__name");
        if (lua_rawget(L, -2) == LUA_TSTRING)
            name = lua_tostring(L, -1); /* a class's name lives as long as its metatable */
        lua_pop(L, 2);
    }
    return name;
}

/* A value as a message shows it: short, and no metamethod asked. */
static void show_value(lua_State *L, int at, kh_buf *out)
{
    switch (lua_type(L, at)) {
    case LUA_TSTRING: {
        size_t n, fit;
        const char *s = lua_tolstring(L, at, &n);
        fit = kh_text_fit(s, n, 40);
        kh_buf_printf(out, "\"%.*s%s\"", (int)fit, s, fit < n ? "..." : "");
        break;
    }
    case LUA_TNUMBER:
        if (lua_isinteger(L, at))
            kh_buf_int(out, lua_tointeger(L, at));
        else
            kh_buf_printf(out, "%.14g", lua_tonumber(L, at));
        break;
    case LUA_TBOOLEAN: kh_buf_str(out, lua_toboolean(L, at) ? "true" : "false"); break;
    default: kh_buf_printf(out, _("a %s"), kh_lua_type(L, at));
    }
}

/* Points into the host's scratch text: used up by the next raise. */
static const char *shown(lua_State *L, int at)
{
    kh_script *s = kh_host(L);
    kh_buf_clear(&s->text);
    show_value(L, at, &s->text);
    return kh_buf_cstr(&s->text);
}

void kh_lua_bad_arg(lua_State *L, int arg, const char *wanted)
{
    lua_Debug ar;
    const char *name = "?";
    if (lua_getstack(L, 0, &ar) && lua_getinfo(L, "n", &ar) && ar.name) {
        name = ar.name;
        if (ar.namewhat && strcmp(ar.namewhat, "method") == 0 && --arg == 0)
            kh_lua_raise(L, _("%s is to be called with a colon, as in object:%s(...)"), name, name);
    }
    int at = arg + (ar.namewhat && strcmp(ar.namewhat, "method") == 0);
    if (lua_isnoneornil(L, at))
        kh_lua_raise(L, _("%s: argument %d is missing; it must be %s"), name, arg, wanted);
    kh_lua_raise(L, _("%s: argument %d must be %s, not %s"), name, arg, wanted, shown(L, at));
}

const char *kh_lua_text(lua_State *L, int arg, size_t *len)
{
    if (lua_type(L, arg) != LUA_TSTRING)
        kh_lua_bad_arg(L, arg, _("a text"));
    size_t n;
    const char *s = lua_tolstring(L, arg, &n);
    if (len)
        *len = n;
    else if (strlen(s) != n) /* C would read it as a shorter one */
        kh_lua_bad_arg(L, arg, _("a text without zero bytes"));
    return s;
}

const char *kh_lua_text_or(lua_State *L, int arg, const char *otherwise)
{
    return lua_isnoneornil(L, arg) ? otherwise : kh_lua_text(L, arg, NULL);
}

int64_t kh_lua_int(lua_State *L, int arg)
{
    int exact = 0;
    int64_t v = 0;
    if (lua_type(L, arg) == LUA_TNUMBER)
        v = lua_tointegerx(L, arg, &exact);
    if (!exact)
        kh_lua_bad_arg(L, arg, _("a whole number"));
    return v;
}

void kh_lua_no_more(lua_State *L, int most)
{
    if (lua_gettop(L) > most)
        kh_lua_raise(L, _("too many arguments: at most %d are read"), most);
}

/* The shortest decimal that reads back as the same double: 0.1 is one tenth here. */
static bool decimal_of(double v, kh_dec *out)
{
    char text[400], plain[400];
    if (!isfinite(v))
        return false;
    if (kh_dec_short(v, out))
        return true;
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, v);
        if (strtod(text, NULL) == v) /* LC_NUMERIC is always "C" here */
            break;
    }
    if (!strchr(text, 'e'))
        return kh_dec_parse(text, strlen(text), out);
    int scale = 0;
    do /* 1e-07: as many decimals as it takes */
        snprintf(plain, sizeof plain, "%.*f", scale, v);
    while (strtod(plain, NULL) != v && ++scale <= KH_DEC_SCALE_MAX);
    return scale <= KH_DEC_SCALE_MAX && kh_dec_parse(plain, strlen(plain), out);
}

kh_dec kh_lua_dec(lua_State *L, int at, const char *what)
{
    kh_dec d = {KH_MISSING, 0};
    if (lua_isinteger(L, at))
        d.m = lua_tointeger(L, at);
    else if (lua_type(L, at) != LUA_TNUMBER)
        kh_lua_raise(L, _("%s must be a number, not %s"), what, shown(L, at));
    else if (!decimal_of(lua_tonumber(L, at), &d))
        d.m = KH_MISSING;
    if (d.m == KH_MISSING)
        kh_lua_raise(L, _("%s: %s is too large or too small to be kept exactly"), what, shown(L, at));
    return d;
}

/* Whole numbers stay integers; a decimal is given only where the double shows the same digits again. */
void kh_lua_push_dec(lua_State *L, kh_dec d)
{
    const int64_t sure = 1000000000000000; /* below, a double shows all digits */
    kh_dec back, whole;
    if (d.m == KH_MISSING) {
        lua_pushnil(L);
    } else if (d.scale == 0 || (d.m % 10 == 0 && kh_dec_rescale(d, 0, &whole))) {
        lua_pushinteger(L, d.scale == 0 ? d.m : whole.m);
    } else {
        double v = kh_dec_double(d);
        if ((d.m <= -sure || d.m >= sure) && (!decimal_of(v, &back) || kh_dec_cmp(back, d) != 0)) {
            char text[KH_DEC_TEXT];
            kh_dec_format(d, text);
            kh_lua_raise(L, _("%s has more digits than a script's numbers can carry"), text);
        }
        lua_pushnumber(L, v);
    }
}

kh_day kh_lua_day(lua_State *L, int at, kh_day otherwise)
{
    kh_day d;
    kh_period p;
    if (lua_isnoneornil(L, at))
        return otherwise;
    if (kh_lua_is_period(L, at, &p))
        return kh_period_last(p);
    size_t n;
    if (lua_type(L, at) != LUA_TSTRING)
        kh_lua_raise(L, _("a date is written \"2018-01-31\" (or is a period: its last day), not %s"), shown(L, at));
    const char *s = lua_tolstring(L, at, &n);
    if (kh_day_parse(s, n, &d))
        return d;
    if ((p = kh_period_parse(s, n)))
        return kh_period_last(p);
    kh_lua_raise(L, _("\"%s\" is no date; dates are written 2018-01-31 (or as a period: its last day)"), s);
}

/* --- tables ------------------------------------------------------------------------------ */

/* At the key's own line, when the table stands in a definition's source. */
static void key_place(lua_State *L, const char *key, kh_place *p)
{
    kh_lua_where(L, p);
    if (p->file[0])
        p->line = kh_source_key_line(kh_host(L), p, key);
}

void kh_table_bad(const kh_table *t, const char *key, const char *format, ...)
{
    kh_place place;
    va_list ap;
    kh_buf b = KH_BUF_INIT;
    key_place(t->L, key, &place);
    va_start(ap, format);
    kh_buf_vprintf(&b, format, ap);
    va_end(ap);
    kh_script *s = kh_host(t->L);
    kh_buf_free(&s->text);
    s->text = b;
    kh_lua_raise_at(t->L, &place, "%s: %s %s", t->what, key, kh_buf_cstr(&s->text));
}

static const kh_key *find_key(const kh_key *keys, const char *name)
{
    for (; keys->name; keys++)
        if (strcmp(keys->name, name) == 0)
            return keys;
    return NULL;
}

static _Noreturn void unknown_key(const kh_table *t, const char *name)
{
    const char *names[64];
    size_t n = 0;
    kh_place place;
    for (const kh_key *k = t->keys; k->name && n < 64; k++)
        if (strcmp(k->name, "[1]") != 0)
            names[n++] = k->name;
    key_place(t->L, name, &place);
    kh_lua_raise_at(t->L, &place, _("%s: there is no \"%s\" here%s"), t->what, name, kh_lua_near(t->L, name, names, n));
}

kh_table kh_table_open(lua_State *L, int at, const char *what, const kh_key *keys)
{
    kh_table t = {L, lua_absindex(L, at), what, keys};
    if (!lua_istable(L, t.at))
        kh_lua_raise(L, _("%s: a table { ... } is wanted, not %s"), what, shown(L, t.at));
    bool list = find_key(keys, "[1]") != NULL;
    lua_pushnil(L);
    while (lua_next(L, t.at)) {
        lua_pop(L, 1);
        if (lua_type(L, -1) == LUA_TSTRING) {
            if (!find_key(keys, lua_tostring(L, -1)))
                unknown_key(&t, lua_tostring(L, -1));
        } else if (!list) {
            kh_lua_raise(L, _("%s: every entry is written key = value; [%s] has no key"), what, shown(L, -1));
        }
    }
    for (const kh_key *k = keys; k->name; k++) {
        size_t n = strlen(k->type);
        if (n && k->type[n - 1] == '?')
            continue;
        if (kh_table_push(&t, k->name) == LUA_TNIL)
            kh_lua_raise(L, _("%s: \"%s\" is missing (%s)"), what, k->name, k->doc);
        lua_pop(L, 1);
    }
    return t;
}

int kh_table_push(const kh_table *t, const char *key)
{
    if (strcmp(key, "[1]") == 0)
        return lua_rawgeti(t->L, t->at, 1);
    lua_pushstring(t->L, key);
    return lua_rawget(t->L, t->at);
}

bool kh_table_has(const kh_table *t, const char *key)
{
    bool there = kh_table_push(t, key) != LUA_TNIL;
    lua_pop(t->L, 1);
    return there;
}

const char *kh_table_text(const kh_table *t, const char *key)
{
    const char *s = NULL;
    int type = kh_table_push(t, key);
    if (type == LUA_TSTRING) {
        size_t n, bad;
        s = lua_tolstring(t->L, -1, &n);
        if (strlen(s) != n || !kh_utf8_valid(s, n, &bad))
            kh_table_bad(t, key, _("must be UTF-8 text without zero bytes"));
    } else if (type != LUA_TNIL) {
        kh_table_bad(t, key, _("must be a text, not %s"), shown(t->L, -1));
    }
    lua_pop(t->L, 1);
    return s;
}

char *kh_table_text_in(const kh_table *t, const char *key, kh_arena *a)
{
    return kh_arena_strdup(a, kh_table_text(t, key));
}

bool kh_table_bool(const kh_table *t, const char *key, bool otherwise)
{
    int type = kh_table_push(t, key);
    if (type == LUA_TBOOLEAN)
        otherwise = lua_toboolean(t->L, -1);
    else if (type != LUA_TNIL)
        kh_table_bad(t, key, _("must be true or false, not %s"), shown(t->L, -1));
    lua_pop(t->L, 1);
    return otherwise;
}

int64_t kh_table_int(const kh_table *t, const char *key, int64_t lo, int64_t hi, int64_t otherwise)
{
    int type = kh_table_push(t, key), exact = 0;
    if (type == LUA_TNIL) {
        lua_pop(t->L, 1);
        return otherwise;
    }
    int64_t v = type == LUA_TNUMBER ? lua_tointegerx(t->L, -1, &exact) : 0;
    if (!exact)
        kh_table_bad(t, key, _("must be a whole number, not %s"), shown(t->L, -1));
    if (v < lo || v > hi)
        kh_table_bad(t, key, _("must be from %lld to %lld, not %lld"), (long long)lo, (long long)hi, (long long)v);
    lua_pop(t->L, 1);
    return v;
}

double kh_table_num(const kh_table *t, const char *key, double otherwise)
{
    int type = kh_table_push(t, key);
    if (type == LUA_TNUMBER)
        otherwise = lua_tonumber(t->L, -1);
    else if (type != LUA_TNIL)
        kh_table_bad(t, key, _("must be a number, not %s"), shown(t->L, -1));
    lua_pop(t->L, 1);
    return otherwise;
}

bool kh_table_dec(const kh_table *t, const char *key, kh_dec *out)
{
    int type = kh_table_push(t, key);
    if (type == LUA_TNIL) {
        lua_pop(t->L, 1);
        return false;
    }
    if (type != LUA_TNUMBER)
        kh_table_bad(t, key, _("must be a number, not %s"), shown(t->L, -1));
    *out = kh_lua_dec(t->L, -1, key);
    lua_pop(t->L, 1);
    return true;
}

/* One text, or a list of them; a list's holes and other keys are faults. */
size_t kh_table_texts(const kh_table *t, const char *key, kh_arena *a, const char *const **out)
{
    lua_State *L = t->L;
    int type = kh_table_push(t, key);
    size_t n = 0;
    const char **list = NULL;
    *out = NULL;
    if (type == LUA_TSTRING) {
        list = kh_arena_alloc(a, sizeof *list);
        list[n++] = kh_arena_strdup(a, lua_tostring(L, -1));
    } else if (type == LUA_TTABLE) {
        size_t count = lua_rawlen(L, -1), keys = 0;
        list = kh_arena_alloc(a, (count + 1) * sizeof *list);
        for (lua_pushnil(L); lua_next(L, -2); lua_pop(L, 1))
            keys++;
        if (keys != count)
            kh_table_bad(t, key, _("must be a list of texts, { \"a\", \"b\" }"));
        for (; n < count; n++) {
            if (lua_rawgeti(L, -1, (lua_Integer)n + 1) != LUA_TSTRING)
                kh_table_bad(t, key, _("must be a list of texts; entry %zu is %s"), n + 1, shown(L, -1));
            list[n] = kh_arena_strdup(a, lua_tostring(L, -1));
            lua_pop(L, 1);
        }
    } else if (type != LUA_TNIL) {
        kh_table_bad(t, key, _("must be a text or a list of texts, not %s"), shown(L, -1));
    }
    lua_pop(L, 1);
    *out = list;
    return n;
}

double kh_table_duration(const kh_table *t, const char *key, double otherwise)
{
    int type = kh_table_push(t, key);
    if (type == LUA_TNUMBER) {
        otherwise = lua_tonumber(t->L, -1);
        if (!(otherwise >= 0 && otherwise <= 1e9))
            kh_table_bad(t, key, _("must be a time like \"10m\", not %s"), shown(t->L, -1));
    } else if (type == LUA_TSTRING) {
        const char *s = lua_tostring(t->L, -1);
        char *end;
        double v = strtod(s, &end), unit = strcmp(end, "s") == 0 ? 1 : strcmp(end, "m") == 0 ? 60 : strcmp(end, "h") == 0 ? 3600 : strcmp(end, "d") == 0 ? 86400 : 0;
        if (end == s || unit == 0 || !(v >= 0) || v * unit > 1e9 || strpbrk(s, "xXnN"))
            kh_table_bad(t, key, _("must be a time like \"30s\", \"10m\", \"2h\" or \"1d\", not \"%s\""), s);
        otherwise = v * unit;
    } else if (type != LUA_TNIL) {
        kh_table_bad(t, key, _("must be a time like \"30s\", \"10m\", \"2h\" or \"1d\", not %s"), shown(t->L, -1));
    }
    lua_pop(t->L, 1);
    return otherwise;
}

kh_freq kh_table_freq(const kh_table *t, const char *key)
{
    static const char *const names[] = {"year", "nine", "half", "quarter", "month", "week", "day"};
    const char *s = kh_table_text(t, key);
    if (!s)
        return KH_EVERY_NONE;
    kh_freq f = kh_freq_parse(s);
    if (f == KH_EVERY_NONE)
        kh_table_bad(t, key, _("must be year, nine, half, quarter, month, week or day, not \"%s\"%s"), s, kh_lua_near(t->L, s, names, 7));
    return f;
}

kh_calendar kh_table_calendar(const kh_table *t, const char *key, kh_calendar otherwise)
{
    const char *s = kh_table_text(t, key);
    if (s && !kh_calendar_parse(s, &otherwise))
        kh_table_bad(t, key, _("must be \"civil\" or \"nd09\", not \"%s\""), s);
    return otherwise;
}

kh_period kh_table_period(const kh_table *t, const char *key)
{
    kh_period p = KH_NO_PERIOD;
    if (kh_table_push(t, key) != LUA_TNIL && !kh_lua_is_period(t->L, -1, &p)) {
        size_t n;
        if (lua_type(t->L, -1) != LUA_TSTRING)
            kh_table_bad(t, key, _("must be a period like \"2018\" or \"2018Q1\", not %s"), shown(t->L, -1));
        const char *s = lua_tolstring(t->L, -1, &n);
        if (!(p = kh_period_parse(s, n)))
            kh_table_bad(t, key, _("must be a period; periods are written 2018, 2018H1, 2018-9M, 2018Q1, 2018-03, 2018W07 or 2018-03-15, not \"%s\""), s);
    }
    lua_pop(t->L, 1);
    return p;
}

kh_day kh_table_day(const kh_table *t, const char *key, kh_day otherwise)
{
    if (kh_table_push(t, key) != LUA_TNIL) {
        size_t n;
        kh_period p;
        if (kh_lua_is_period(t->L, -1, &p)) {
            otherwise = kh_period_last(p);
        } else {
            const char *s = lua_type(t->L, -1) == LUA_TSTRING ? lua_tolstring(t->L, -1, &n) : NULL;
            if (!s || !kh_day_parse(s, n, &otherwise))
                kh_table_bad(t, key, _("must be a date like \"2016-09-17\", not %s"), shown(t->L, -1));
        }
    }
    lua_pop(t->L, 1);
    return otherwise;
}

/* --- selectors ------------------------------------------------------------------------------ */

static bool known_group(const kh_units *u, const char *group)
{
    size_t n = kh_units_count(u);
    for (kh_unit i = 0; i < n; i++) {
        const kh_unit_def *d = kh_units_def((kh_units *)(uintptr_t)u, i);
        for (size_t g = 0; g < d->n_groups; g++)
            if (strcmp(d->groups[g].group, group) == 0)
                return true;
    }
    return n == 0;
}

/* Everything in a selector's table that is not one of these keys is a group: { kind = "xa", ownership = "public" }. */
static void read_groups(const kh_table *t, int at, kh_arena *a, kh_selector *sel, bool any_key)
{
    static const char *const own[] = {"kind", "code", "under", "group"};
    lua_State *L = t->L;
    size_t cap = 0, n = 0;
    kh_unit_group *g = NULL;
    for (lua_pushnil(L); lua_next(L, at); lua_pop(L, 1)) {
        bool mine = lua_type(L, -2) == LUA_TNUMBER;
        if (lua_type(L, -2) == LUA_TSTRING && any_key)
            for (size_t i = 0; i < sizeof own / sizeof *own; i++)
                mine |= strcmp(lua_tostring(L, -2), own[i]) == 0;
        if (mine)
            continue;
        if (lua_type(L, -2) != LUA_TSTRING || lua_type(L, -1) != LUA_TSTRING)
            kh_lua_raise(L, _("%s: a group of units is written ownership = \"public\""), t->what);
        const char *name = lua_tostring(L, -2);
        if (!known_group(kh_host(L)->ws->catalog->units, name))
            kh_lua_raise(L, _("%s: \"%s\" is neither kind, code, under nor a group of any unit%s"), t->what, name, kh_lua_near(L, name, own, 4));
        if (n == cap) {
            kh_unit_group *more = kh_arena_alloc(a, (cap + 8) * sizeof *more);
            if (n)
                memcpy(more, g, n * sizeof *g);
            g = more;
            cap += 8;
        }
        g[n++] = (kh_unit_group){kh_arena_strdup(a, lua_tostring(L, -2)), kh_arena_strdup(a, lua_tostring(L, -1))};
    }
    sel->groups = g;
    sel->n_groups = n;
}

static const kh_key selector_keys[] = {
    {"kind", "string|string[]?", "kind or level of units, any of them"},
    {"code", "string|string[]?", "codes of units, any of them"},
    {"under", "string?", "code of a unit: it and what is below"},
    {"group", "table?", "groups, { ownership = \"public\" }"},
    {NULL, NULL, NULL},
};

static void check_kinds(const kh_table *t, const kh_selector *sel)
{
    const kh_units *u = kh_host(t->L)->ws->catalog->units;
    const kh_kind *kinds;
    size_t n = kh_units_kinds(u, &kinds);
    for (size_t i = 0; n > 0 && i < sel->n_kinds; i++)
        if (!kh_units_knows_kind(u, sel->kinds[i]))
            kh_lua_raise(t->L, _("%s: no kind or level of units is called \"%s\"%s"), t->what, sel->kinds[i], kh_lua_near_kind(t->L, sel->kinds[i]));
}

static void read_selector(lua_State *L, int at, const char *what, kh_arena *a, kh_selector *out)
{
    at = lua_absindex(L, at);
    memset(out, 0, sizeof *out);
    kh_table t = {L, at, what, selector_keys};
    if (lua_type(L, at) == LUA_TSTRING) { /* "district": a kind */
        const char **k = kh_arena_alloc(a, sizeof *k);
        k[0] = kh_arena_strdup(a, lua_tostring(L, at));
        out->kinds = k;
        out->n_kinds = 1;
        check_kinds(&t, out);
        return;
    }
    if (!lua_istable(L, at))
        kh_lua_raise(L, _("%s: units are selected by a table like { kind = \"district\" }, not by %s"), what, shown(L, at));
    out->n_kinds = kh_table_texts(&t, "kind", a, &out->kinds);
    out->n_codes = kh_table_texts(&t, "code", a, &out->codes);
    if (kh_table_has(&t, "under")) {
        kh_unit u;
        kh_table_push(&t, "under");
        out->under = kh_lua_is_unit(L, -1, &u) ? kh_units_def(kh_host(L)->ws->catalog->units, u)->code : kh_table_text_in(&t, "under", a);
        lua_pop(L, 1);
    }
    read_groups(&t, at, a, out, true);
    if (kh_table_push(&t, "group") == LUA_TTABLE) {
        if (out->n_groups)
            kh_lua_raise(L, _("%s: groups stand either beside kind and under, or all in group = { ... }"), what);
        read_groups(&t, lua_absindex(L, -1), a, out, false);
    }
    lua_pop(L, 1);
    check_kinds(&t, out);
}

bool kh_table_selector(const kh_table *t, const char *key, kh_arena *a, kh_selector *out)
{
    memset(out, 0, sizeof *out);
    bool there = kh_table_push(t, key) != LUA_TNIL;
    if (there)
        read_selector(t->L, -1, t->what, a, out);
    lua_pop(t->L, 1);
    return there;
}

size_t kh_table_selectors(const kh_table *t, const char *key, kh_arena *a, kh_selector **out)
{
    lua_State *L = t->L;
    size_t n = 0;
    *out = NULL;
    int type = kh_table_push(t, key);
    if (type == LUA_TTABLE && lua_rawlen(L, -1) > 0) {
        n = lua_rawlen(L, -1);
        *out = kh_arena_alloc(a, n * sizeof **out);
        for (size_t i = 0; i < n; i++) {
            lua_rawgeti(L, -1, (lua_Integer)i + 1);
            read_selector(L, -1, t->what, a, &(*out)[i]);
            lua_pop(L, 1);
        }
    } else if (type != LUA_TNIL) {
        n = 1;
        *out = kh_arena_alloc(a, sizeof **out);
        read_selector(L, -1, t->what, a, *out);
    }
    lua_pop(L, 1);
    return n;
}

/* --- buffers ---------------------------------------------------------------------------------- */

static int l_buf_gc(lua_State *L)
{
    kh_buf_free(luaL_checkudata(L, 1, "kh.Buffer"));
    return 0;
}

kh_buf *kh_lua_buf(lua_State *L)
{
    kh_buf *b = lua_newuserdatauv(L, sizeof *b, 0);
    *b = (kh_buf)KH_BUF_INIT;
    if (luaL_newmetatable(L, "kh.Buffer")) {
        lua_pushcfunction(L, l_buf_gc);
        lua_setfield(L, -2, "__gc");
        lua_pushboolean(L, 0);
        lua_setfield(L, -2, "__metatable");
    }
    lua_setmetatable(L, -2);
    return b;
}

void kh_lua_push_buf(lua_State *L, kh_buf *b)
{
    lua_pushlstring(L, b->len ? b->data : "", b->len);
}

/* --- what a C function owns ---------------------------------------------------------------------- */

void kh_owner_release(kh_owner *o)
{
    void *p = o->p;
    o->p = NULL;
    if (p)
        o->free(p);
}

static int l_owner_gc(lua_State *L)
{
    kh_owner_release(luaL_checkudata(L, 1, "kh.Owner"));
    return 0;
}

kh_owner *kh_lua_own(lua_State *L, void (*release)(void *))
{
    kh_owner *o = lua_newuserdatauv(L, sizeof *o, 0);
    *o = (kh_owner){NULL, release};
    if (luaL_newmetatable(L, "kh.Owner")) {
        lua_pushcfunction(L, l_owner_gc);
        lua_setfield(L, -2, "__gc");
        lua_pushboolean(L, 0);
        lua_setfield(L, -2, "__metatable");
    }
    lua_setmetatable(L, -2);
    return o;
}

/* SPDX-License-Identifier: MIT */
/* Periods as values: kh.period("2018Q1") with arithmetic, parts and labels. Equal periods are one value, so they serve as keys. */
#include "script/host.h"

#include "base/msg.h"

#include <string.h>

static const char class_name[] = "kh.Period";

void kh_lua_push_period(lua_State *L, kh_period p)
{
    if (p == KH_NO_PERIOD) {
        lua_pushnil(L);
        return;
    }
    lua_getfield(L, LUA_REGISTRYINDEX, "kh.periods");
    if (lua_rawgeti(L, -1, (lua_Integer)p) == LUA_TNIL) {
        lua_pop(L, 1);
        kh_period *ud = lua_newuserdatauv(L, sizeof *ud, 0);
        *ud = p;
        luaL_setmetatable(L, class_name);
        lua_pushvalue(L, -1);
        lua_rawseti(L, -3, (lua_Integer)p);
    }
    lua_remove(L, -2);
}

bool kh_lua_is_period(lua_State *L, int at, kh_period *out)
{
    kh_period *p = luaL_testudata(L, at, class_name);
    if (p)
        *out = *p;
    return p != NULL;
}

kh_period kh_lua_period(lua_State *L, int at)
{
    kh_period p;
    size_t n;
    if (kh_lua_is_period(L, at, &p))
        return p;
    if (lua_type(L, at) == LUA_TNUMBER && lua_isinteger(L, at))
        kh_lua_raise(L, _("a period is written as text: \"%lld\""), (long long)lua_tointeger(L, at));
    if (lua_type(L, at) != LUA_TSTRING)
        kh_lua_raise(L, _("a period like \"2018\" or \"2018Q1\" is wanted, not a %s"), kh_lua_type(L, at));
    const char *s = lua_tolstring(L, at, &n);
    if (!(p = kh_period_parse(s, n)))
        kh_lua_raise(L, _("\"%s\" is not a period; periods are written 2018, 2018H1, 2018-9M, 2018Q1, 2018-03, 2018W07 or 2018-03-15"), s);
    return p;
}

kh_period kh_lua_period_or(lua_State *L, int at, kh_period otherwise)
{
    return lua_isnoneornil(L, at) ? otherwise : kh_lua_period(L, at);
}

static kh_period self(lua_State *L) { return *(kh_period *)luaL_checkudata(L, 1, class_name); }

static int step(lua_State *L, int sign)
{
    kh_period p = self(L);
    int64_t n = lua_isnoneornil(L, 2) ? 1 : kh_lua_int(L, 2);
    if (n < -100000 || n > 100000)
        kh_lua_raise(L, "%s", _("too many periods"));
    kh_lua_push_period(L, kh_period_step(p, sign * (int)n));
    return 1;
}

static int l_next(lua_State *L) { return step(L, 1); }
static int l_prev(lua_State *L) { return step(L, -1); }

static int l_parts(lua_State *L)
{
    kh_period p = self(L), *list;
    size_t n;
    if (lua_isnoneornil(L, 2)) {
        list = lua_newuserdatauv(L, 31 * sizeof *list, 0);
        n = kh_period_parts(p, false, list);
    } else {
        const char *every = kh_lua_text(L, 2, NULL);
        kh_freq f = kh_freq_parse(every);
        if (f == KH_EVERY_NONE)
            kh_lua_raise(L, _("\"%s\" is not a length of period; use year, half, nine, quarter, month, week or day"), every);
        n = kh_period_within(p, f, NULL, 0);
        list = lua_newuserdatauv(L, (n + 1) * sizeof *list, 0);
        kh_period_within(p, f, list, n);
    }
    lua_createtable(L, (int)n, 0);
    for (size_t i = 0; i < n; i++) {
        kh_lua_push_period(L, list[i]);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    return 1;
}

static int l_contains(lua_State *L)
{
    lua_pushboolean(L, kh_period_contains(self(L), kh_lua_period(L, 2)));
    return 1;
}

static int l_label(lua_State *L)
{
    char text[128];
    const char *lang = kh_lua_text_or(L, 2, NULL);
    if (lang && strcmp(lang, "vi") != 0 && strcmp(lang, "en") != 0)
        kh_lua_raise(L, _("a language is \"vi\" or \"en\", not \"%s\""), lang);
    kh_period_label(self(L), lang ? (*lang == 'e' ? KH_LANG_EN : KH_LANG_VI) : kh_msg_lang_now(), text, sizeof text);
    lua_pushstring(L, text);
    return 1;
}

static int l_window(lua_State *L)
{
    kh_period p = self(L);
    const char *name = kh_lua_text_or(L, 2, NULL);
    kh_calendar c = kh_host(L)->ws->settings.calendar;
    char day[KH_DAY_TEXT];
    if (name && !kh_calendar_parse(name, &c))
        kh_lua_raise(L, _("a calendar is \"civil\" or \"nd09\", not \"%s\""), name);
    kh_day_format(kh_calendar_opens(c, p), day);
    lua_pushstring(L, day);
    kh_day_format(kh_calendar_closes(c, p), day);
    lua_pushstring(L, day);
    return 2;
}

static int push_day(lua_State *L, kh_day d)
{
    char text[KH_DAY_TEXT];
    kh_day_format(d, text);
    lua_pushstring(L, text);
    return 1;
}

static int period_index(lua_State *L)
{
    kh_period p = self(L);
    const char *key = lua_type(L, 2) == LUA_TSTRING ? lua_tostring(L, 2) : "";
    char text[KH_PERIOD_TEXT];
    if (strcmp(key, "name") == 0) {
        kh_period_format(p, text);
        lua_pushstring(L, text);
    } else if (strcmp(key, "year") == 0) {
        lua_pushinteger(L, kh_period_year(p));
    } else if (strcmp(key, "nth") == 0) {
        lua_pushinteger(L, kh_period_nth(p));
    } else if (strcmp(key, "length") == 0) {
        lua_pushstring(L, kh_freq_name(kh_period_freq(p)));
    } else if (strcmp(key, "first") == 0) {
        return push_day(L, kh_period_first(p));
    } else if (strcmp(key, "last") == 0) {
        return push_day(L, kh_period_last(p));
    } else {
        return 0;
    }
    return 1;
}

static int l_tostring(lua_State *L)
{
    char text[KH_PERIOD_TEXT];
    kh_period_format(self(L), text);
    lua_pushstring(L, text);
    return 1;
}

static int l_eq(lua_State *L)
{
    lua_pushboolean(L, kh_lua_period(L, 1) == kh_lua_period(L, 2));
    return 1;
}

static int l_lt(lua_State *L)
{
    lua_pushboolean(L, kh_lua_period(L, 1) < kh_lua_period(L, 2));
    return 1;
}

static int l_le(lua_State *L)
{
    lua_pushboolean(L, kh_lua_period(L, 1) <= kh_lua_period(L, 2));
    return 1;
}

static int l_add(lua_State *L)
{
    kh_period p;
    int number = kh_lua_is_period(L, 1, &p) ? 2 : 1;
    p = kh_lua_period(L, 3 - number);
    int64_t n = kh_lua_int(L, number);
    if (n < -100000 || n > 100000)
        kh_lua_raise(L, "%s", _("too many periods"));
    kh_lua_push_period(L, kh_period_step(p, (int)n));
    return 1;
}

static int l_sub(lua_State *L)
{
    kh_period p = kh_lua_period(L, 1), q;
    if (!kh_lua_is_period(L, 2, &q)) {
        int64_t n = kh_lua_int(L, 2);
        if (n < -100000 || n > 100000)
            kh_lua_raise(L, "%s", _("too many periods"));
        kh_lua_push_period(L, kh_period_step(p, -(int)n));
        return 1;
    }
    if (kh_period_freq(p) != kh_period_freq(q))
        kh_lua_raise(L, "%s", _("only periods of one length can be subtracted"));
    lua_Integer n = 0; /* how many steps from q to p */
    for (; q < p && n < 100000; q = kh_period_step(q, 1))
        n++;
    for (; q > p && n > -100000; q = kh_period_step(q, -1))
        n--;
    lua_pushinteger(L, n);
    return 1;
}

int kh_l_period(lua_State *L)
{
    kh_lua_push_period(L, kh_lua_period(L, 1));
    return 1;
}

static const kh_fn fns[] = {
    {"next", l_next, "n?: integer -> Period", "The n-th period after this one, of the same length (default 1)."},
    {"prev", l_prev, "n?: integer -> Period", "The n-th period before this one (default 1)."},
    {"parts", l_parts, "every?: string -> Period[]", "What it is made of one level down (year: halves), or all periods of that length within it."},
    {"contains", l_contains, "p: Period|string -> boolean", "Whether all of p lies within it."},
    {"label", l_label, "lang?: \"vi\"|\"en\" -> string", "\"Quý I năm 2018\", \"Quarter I 2018\"."},
    {"window", l_window, "calendar?: \"civil\"|\"nd09\" -> string, string", "The days on which the reporting calendar opens and closes its data window."},
    {NULL, NULL, NULL, NULL},
};
static const kh_prop props[] = {
    {"name", "string", "\"2018Q1\""}, {"year", "integer", "the year"}, {"nth", "integer", "its number within the year"},
    {"length", "string", "year, nine, half, quarter, month, week or day"}, {"first", "string", "its first day"}, {"last", "string", "its last day"}, {NULL, NULL, NULL},
};
static const luaL_Reg meta[] = {
    {"__tostring", l_tostring}, {"__eq", l_eq}, {"__lt", l_lt}, {"__le", l_le}, {"__add", l_add}, {"__sub", l_sub}, {NULL, NULL},
};
const kh_ns kh_ns_period = {.name = "kh.Period", .is_class = true, .fns = fns, .props = props, .index = period_index, .meta = meta,
                            .doc = "A period. `p + 1` and `p - 1` are the next and the one before, `p - q` counts periods, `<` and `==` compare."};

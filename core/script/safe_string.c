/* SPDX-License-Identifier: MIT */
/*
 * Strings: a pattern matcher of our own, with the meaning that the Lua manual
 * gives to patterns. Lua's matcher backtracks without end inside one C call
 * (twenty ".-" on fifty letters never return); this one counts its steps and
 * looks at the clock. rep and plain find are here for the same reason.
 *
 * Matching is recursive only where the pattern branches; depth is bounded by
 * DEEPEST, captures by CAPTURES, as in Lua.
 */
#include "script/safe.h"

#include "base/msg.h"

#include <assert.h>
#include <ctype.h>
#include <string.h>

enum { CAPTURES = 32, DEEPEST = 200, POLL_STEPS = 4096 };
#define OPEN (-1)     /* a capture that has begun and not ended */
#define POSITION (-2) /* "()" */

typedef struct matcher {
    lua_State *L;
    const char *from, *end; /* the subject */
    const char *pend;       /* the pattern's end */
    int level, depth;
    unsigned steps;
    struct { const char *at; ptrdiff_t len; } cap[CAPTURES];
} matcher;

static void step(matcher *m)
{
    if (++m->steps % POLL_STEPS == 0)
        kh_lua_poll(m->L);
}

static _Noreturn void bad_pattern(const matcher *m, const char *why)
{
    kh_lua_raise(m->L, _("bad pattern: %s"), why);
}

/* --- one character --------------------------------------------------------------------- */

/* The end of the item that begins at p: a letter, %x or [set]. */
static const char *item_end(const matcher *m, const char *p)
{
    char c = *p++;
    if (c == '%') {
        if (p == m->pend)
            bad_pattern(m, _("it ends with %"));
        return p + 1;
    }
    if (c != '[')
        return p;
    if (p < m->pend && *p == '^')
        p++;
    bool first = true; /* "]" right after the bracket stands for itself */
    for (;; first = false) {
        if (p == m->pend)
            bad_pattern(m, _("a [ has no ]"));
        c = *p++;
        if (c == ']' && !first)
            return p;
        if (c == '%') {
            if (p == m->pend)
                bad_pattern(m, _("a [ has no ]"));
            p++;
        }
    }
}

static bool in_class(unsigned char c, unsigned char class)
{
    bool is;
    switch (class | 0x20) {
    case 'a': is = isalpha(c); break;
    case 'c': is = iscntrl(c); break;
    case 'd': is = isdigit(c); break;
    case 'g': is = isgraph(c); break;
    case 'l': is = islower(c); break;
    case 'p': is = ispunct(c); break;
    case 's': is = isspace(c); break;
    case 'u': is = isupper(c); break;
    case 'w': is = isalnum(c); break;
    case 'x': is = isxdigit(c); break;
    default: return c == class;
    }
    if (!isalpha(class))
        return c == class;
    return is != (bool)isupper(class);
}

/* p is after the '[', q at the closing ']'. */
static bool in_set(unsigned char c, const char *p, const char *q)
{
    bool wanted = true;
    if (*p == '^') {
        wanted = false;
        p++;
    }
    while (p < q) {
        if (*p == '%') {
            if (in_class(c, (unsigned char)p[1]))
                return wanted;
            p += 2;
        } else if (p + 2 < q && p[1] == '-') {
            if ((unsigned char)p[0] <= c && c <= (unsigned char)p[2])
                return wanted;
            p += 3;
        } else if ((unsigned char)*p++ == c) {
            return wanted;
        }
    }
    return !wanted;
}

static bool fits(matcher *m, const char *s, const char *p, const char *ep)
{
    step(m);
    if (s >= m->end)
        return false;
    unsigned char c = (unsigned char)*s;
    switch (*p) {
    case '.': return true;
    case '%': return in_class(c, (unsigned char)p[1]);
    case '[': return in_set(c, p + 1, ep - 1);
    default: return (unsigned char)*p == c;
    }
}

/* --- the pattern ------------------------------------------------------------------------- */

static const char *match(matcher *m, const char *s, const char *p);

static const char *balanced(matcher *m, const char *s, const char *p)
{
    if (p + 1 >= m->pend)
        bad_pattern(m, _("%b wants two letters"));
    if (s >= m->end || *s != p[0])
        return NULL;
    long open = 1;
    for (const char *t = s + 1; t < m->end; t++) {
        step(m);
        if (*t == p[1]) {
            if (--open == 0)
                return t + 1;
        } else if (*t == p[0]) {
            open++;
        }
    }
    return NULL;
}

static const char *most_first(matcher *m, const char *s, const char *p, const char *ep)
{
    ptrdiff_t n = 0;
    while (fits(m, s + n, p, ep))
        n++;
    for (; n >= 0; n--) {
        const char *r = match(m, s + n, ep + 1);
        if (r)
            return r;
    }
    return NULL;
}

static const char *least_first(matcher *m, const char *s, const char *p, const char *ep)
{
    for (;; s++) {
        const char *r = match(m, s, ep + 1);
        if (r)
            return r;
        if (!fits(m, s, p, ep))
            return NULL;
    }
}

static const char *begin_capture(matcher *m, const char *s, const char *p, ptrdiff_t what)
{
    if (m->level >= CAPTURES)
        bad_pattern(m, _("more than 32 captures"));
    m->cap[m->level].at = s;
    m->cap[m->level].len = what;
    m->level++;
    const char *r = match(m, s, p);
    if (!r)
        m->level--;
    return r;
}

static const char *end_capture(matcher *m, const char *s, const char *p)
{
    int i = m->level - 1;
    while (i >= 0 && m->cap[i].len != OPEN)
        i--;
    if (i < 0)
        bad_pattern(m, _("a ) has no ("));
    m->cap[i].len = s - m->cap[i].at;
    const char *r = match(m, s, p);
    if (!r)
        m->cap[i].len = OPEN;
    return r;
}

static const char *same_again(matcher *m, const char *s, char digit)
{
    int i = digit - '1';
    if (i < 0 || i >= m->level || m->cap[i].len == OPEN)
        bad_pattern(m, _("a %1 to %9 without its capture"));
    if (m->cap[i].len == POSITION)
        return NULL; /* a place is no text that could come again */
    size_t n = (size_t)m->cap[i].len;
    m->steps += (unsigned)(n / 64);
    step(m);
    return (size_t)(m->end - s) >= n && memcmp(m->cap[i].at, s, n) == 0 ? s + n : NULL;
}

static bool at_frontier(matcher *m, const char *s, const char *p, const char **after)
{
    if (p >= m->pend || *p != '[')
        bad_pattern(m, _("%f wants a [set]"));
    const char *ep = item_end(m, p);
    unsigned char last = s == m->from ? 0 : (unsigned char)s[-1], now = s == m->end ? 0 : (unsigned char)*s;
    *after = ep;
    return !in_set(last, p + 1, ep - 1) && in_set(now, p + 1, ep - 1);
}

/* Goes on as long as the pattern does not branch; NULL: no match. */
static const char *walk(matcher *m, const char *s, const char *p)
{
    while (p != m->pend) {
        step(m);
        if (*p == '(')
            return p + 1 < m->pend && p[1] == ')' ? begin_capture(m, s, p + 2, POSITION) : begin_capture(m, s, p + 1, OPEN);
        if (*p == ')')
            return end_capture(m, s, p + 1);
        if (*p == '$' && p + 1 == m->pend)
            return s == m->end ? s : NULL;
        if (*p == '%' && p + 1 < m->pend) {
            char c = p[1];
            if (c == 'b') {
                if (!(s = balanced(m, s, p + 2)))
                    return NULL;
                p += 4;
                continue;
            }
            if (c == 'f') {
                if (!at_frontier(m, s, p + 2, &p))
                    return NULL;
                continue;
            }
            if (isdigit((unsigned char)c)) {
                if (!(s = same_again(m, s, c)))
                    return NULL;
                p += 2;
                continue;
            }
        }
        const char *ep = item_end(m, p);
        char q = ep < m->pend ? *ep : '\0';
        if (q == '*')
            return most_first(m, s, p, ep);
        if (q == '+')
            return fits(m, s, p, ep) ? most_first(m, s + 1, p, ep) : NULL;
        if (q == '-')
            return least_first(m, s, p, ep);
        if (q == '?') {
            const char *r = fits(m, s, p, ep) ? match(m, s + 1, ep + 1) : NULL;
            if (r)
                return r;
            p = ep + 1;
            continue;
        }
        if (!fits(m, s, p, ep))
            return NULL;
        s++;
        p = ep;
    }
    return s;
}

static const char *match(matcher *m, const char *s, const char *p)
{
    if (++m->depth > DEEPEST)
        kh_lua_raise(m->L, "%s", _("the pattern is too complex"));
    const char *r = walk(m, s, p);
    m->depth--;
    return r;
}

/* --- captures ---------------------------------------------------------------------------------- */

static void push_capture(matcher *m, int i, const char *s, const char *e)
{
    if (i >= m->level) {
        if (i != 0)
            kh_lua_raise(m->L, _("there is no capture %%%d"), i + 1);
        lua_pushlstring(m->L, s, (size_t)(e - s)); /* none: the whole match */
    } else if (m->cap[i].len == POSITION) {
        lua_pushinteger(m->L, m->cap[i].at - m->from + 1);
    } else if (m->cap[i].len == OPEN) {
        bad_pattern(m, _("a ( has no )"));
    } else {
        lua_pushlstring(m->L, m->cap[i].at, (size_t)m->cap[i].len);
    }
}

static int push_captures(matcher *m, const char *s, const char *e)
{
    int n = m->level == 0 && s ? 1 : m->level;
    luaL_checkstack(m->L, n, "captures");
    for (int i = 0; i < n; i++)
        push_capture(m, i, s, e);
    return n;
}

static void begin(matcher *m, lua_State *L, const char *s, size_t ls, const char *p, size_t lp)
{
    m->L = L;
    m->from = s;
    m->end = s + ls;
    m->pend = p + lp;
    m->steps = 0;
}

static const char *try_at(matcher *m, const char *s, const char *p)
{
    m->level = 0;
    m->depth = 0;
    return match(m, s, p);
}

/* --- the functions ----------------------------------------------------------------------------------- */

/* Where to begin, from 0; SIZE_MAX: behind the end. */
static size_t start(lua_Integer init, size_t len)
{
    if (init > 0)
        return (lua_Unsigned)init - 1 > len ? SIZE_MAX : (size_t)init - 1;
    if (init == 0 || init < -(lua_Integer)len)
        return 0;
    return len - (size_t)-init;
}

/* Nothing in it that means more than itself. */
static bool is_plain(const char *p, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (p[i] && strchr("^$*+?.([%-", p[i]))
            return false;
    return true;
}

static int search(lua_State *L, bool find)
{
    size_t ls, lp;
    const char *s = luaL_checklstring(L, 1, &ls), *p = luaL_checklstring(L, 2, &lp);
    size_t at = start(luaL_optinteger(L, 3, 1), ls);
    if (at == SIZE_MAX) {
        lua_pushnil(L);
        return 1;
    }
    if (find && (lua_toboolean(L, 4) || is_plain(p, lp))) {
        const char *hit = lp == 0 ? s + at : memmem(s + at, ls - at, p, lp);
        if (!hit) {
            lua_pushnil(L);
            return 1;
        }
        lua_pushinteger(L, hit - s + 1);
        lua_pushinteger(L, hit - s + (lua_Integer)lp);
        return 2;
    }
    matcher m;
    bool anchored = lp && *p == '^';
    begin(&m, L, s, ls, p, lp);
    p += anchored;
    for (const char *t = s + at;; t++) {
        const char *e = try_at(&m, t, p);
        if (e && !find)
            return push_captures(&m, t, e);
        if (e) {
            lua_pushinteger(L, t - s + 1);
            lua_pushinteger(L, e - s);
            return push_captures(&m, NULL, NULL) + 2;
        }
        if (t >= m.end || anchored)
            break;
    }
    lua_pushnil(L);
    return 1;
}

static int l_find(lua_State *L) { return search(L, true); }
static int l_match(lua_State *L) { return search(L, false); }

/* upvalues: subject, pattern, where to go on (from 0), end of the last match + 1 */
static int next_match(lua_State *L)
{
    size_t ls, lp;
    const char *s = lua_tolstring(L, lua_upvalueindex(1), &ls), *p = lua_tolstring(L, lua_upvalueindex(2), &lp);
    lua_Integer at = lua_tointeger(L, lua_upvalueindex(3)), last = lua_tointeger(L, lua_upvalueindex(4));
    matcher m;
    begin(&m, L, s, ls, p, lp);
    for (const char *t = s + at; at >= 0 && t <= m.end; t++) {
        const char *e = try_at(&m, t, p);
        if (!e || e - s + 1 == last)
            continue;
        lua_pushinteger(L, e - s);
        lua_replace(L, lua_upvalueindex(3));
        lua_pushinteger(L, e - s + 1);
        lua_replace(L, lua_upvalueindex(4));
        return push_captures(&m, t, e);
    }
    lua_pushinteger(L, -1);
    lua_replace(L, lua_upvalueindex(3));
    return 0;
}

static int l_gmatch(lua_State *L)
{
    size_t ls;
    luaL_checklstring(L, 1, &ls);
    luaL_checkstring(L, 2);
    size_t at = start(luaL_optinteger(L, 3, 1), ls);
    lua_settop(L, 2);
    lua_pushinteger(L, at == SIZE_MAX ? -1 : (lua_Integer)at);
    lua_pushinteger(L, 0);
    lua_pushcclosure(L, next_match, 4);
    return 1;
}

static void add_template(matcher *m, luaL_Buffer *b, const char *s, const char *e)
{
    size_t n;
    const char *r = lua_tolstring(m->L, 3, &n), *end = r + n;
    while (r < end) {
        const char *per = memchr(r, '%', (size_t)(end - r));
        if (!per)
            per = end;
        luaL_addlstring(b, r, (size_t)(per - r));
        if (per == end)
            return;
        char c = per + 1 < end ? per[1] : '\0';
        if (c == '%') {
            luaL_addchar(b, '%');
        } else if (c == '0') {
            luaL_addlstring(b, s, (size_t)(e - s));
        } else if (c >= '1' && c <= '9') {
            push_capture(m, c - '1', s, e);
            luaL_tolstring(m->L, -1, NULL);
            lua_remove(m->L, -2);
            luaL_addvalue(b);
        } else {
            kh_lua_raise(m->L, "%s", _("gsub: in the replacement, % is followed by a digit or by %"));
        }
        r = per + 2;
    }
}

static void add_replacement(matcher *m, luaL_Buffer *b, const char *s, const char *e, int type)
{
    lua_State *L = m->L;
    if (type == LUA_TFUNCTION) {
        lua_pushvalue(L, 3);
        lua_call(L, push_captures(m, s, e), 1);
    } else if (type == LUA_TTABLE) {
        push_capture(m, 0, s, e);
        lua_gettable(L, 3);
    } else {
        add_template(m, b, s, e);
        return;
    }
    if (!lua_toboolean(L, -1)) {
        lua_pop(L, 1);
        luaL_addlstring(b, s, (size_t)(e - s));
    } else if (!lua_isstring(L, -1)) {
        kh_lua_raise(L, _("gsub: the replacement is a %s; it must be a text or a number"), luaL_typename(L, -1));
    } else {
        luaL_addvalue(b);
    }
}

static int l_gsub(lua_State *L)
{
    size_t ls, lp;
    const char *s = luaL_checklstring(L, 1, &ls), *p = luaL_checklstring(L, 2, &lp), *last = NULL;
    int type = lua_type(L, 3);
    lua_Integer most = luaL_optinteger(L, 4, (lua_Integer)ls + 1), n = 0;
    if (type == LUA_TNUMBER) {
        lua_tolstring(L, 3, NULL);
        type = LUA_TSTRING;
    }
    if (type != LUA_TSTRING && type != LUA_TFUNCTION && type != LUA_TTABLE)
        kh_lua_bad_arg(L, 3, _("a text, a table or a function"));
    matcher m;
    luaL_Buffer b;
    bool anchored = lp && *p == '^';
    assert(s && p); /* checklstring raises or gives a text */
    begin(&m, L, s, ls, p, lp);
    p += anchored;
    lua_settop(L, 3);
    luaL_buffinit(L, &b);
    while (n < most) {
        const char *e = try_at(&m, s, p);
        if (e && e != last) {
            n++;
            add_replacement(&m, &b, s, e, type);
            s = last = e;
        } else if (s < m.end) {
            luaL_addchar(&b, *s++);
        } else {
            break;
        }
        if (anchored)
            break;
    }
    luaL_addlstring(&b, s, (size_t)(m.end - s));
    luaL_pushresult(&b);
    lua_pushinteger(L, n);
    return 2;
}

static int l_rep(lua_State *L)
{
    size_t l, lsep, total;
    const char *s = luaL_checklstring(L, 1, &l), *sep;
    lua_Integer n = luaL_checkinteger(L, 2);
    sep = luaL_optlstring(L, 3, "", &lsep);
    if (n <= 0 || (l == 0 && lsep == 0)) {
        lua_pushliteral(L, "");
        return 1;
    }
    if (__builtin_mul_overflow((size_t)n, l + lsep, &total) || total - lsep > kh_host(L)->limit)
        kh_lua_stop(L, KH_STOP_MEMORY);
    total -= lsep;
    luaL_Buffer b;
    char *out = luaL_buffinitsize(L, &b, total);
    size_t done = l + lsep < total ? l + lsep : total;
    memcpy(out, s, l < done ? l : done);
    if (done > l)
        memcpy(out + l, sep, done - l);
    while (done < total) { /* what is there, once more: each copy twice as long as the one before, up to a step of 1 MiB */
        size_t step_size = done < total - done ? done : total - done;
        size_t unit = l + lsep, most = unit < (1u << 20) ? (1u << 20) / unit * unit : unit;
        step_size = step_size > most ? most : step_size;
        memcpy(out + done, out, step_size);
        done += step_size;
        kh_lua_poll(L);
    }
    luaL_pushresultsize(&b, total);
    return 1;
}

const kh_allowed kh_allowed_string[] = {
    {"byte", NULL, "as many results as the stack holds"},
    {"char", NULL, "as many letters as there are arguments"},
    {"find", l_find, "a matcher that counts its steps"},
    {"format", NULL, "widths have two digits; the length is the arguments'"},
    {"gmatch", l_gmatch, "the same matcher"},
    {"gsub", l_gsub, "the same matcher"},
    {"len", NULL, "asks"},
    {"lower", NULL, "one pass"},
    {"match", l_match, "the same matcher"},
    {"rep", l_rep, "within the memory limit, stopped in between"},
    {"reverse", NULL, "one pass"},
    {"sub", NULL, "one copy"},
    {"upper", NULL, "one pass"},
    /* dump gives bytecode; pack, unpack and packsize have overflows in 5.4.4 and no use here */
    {NULL, NULL, NULL},
};

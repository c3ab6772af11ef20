/* SPDX-License-Identifier: MIT */
/*
 * The pattern matcher against Lua's own: both are asked the same about many
 * made-up patterns and subjects, and must give the same results or both fail.
 * Patterns are drawn by a generator with a fixed beginning, so that a failure
 * comes again.
 */
#include "place.h"
#include "script/host.h"
#include "script/safe.h"

static uint64_t seed = 88172645463325252u;

static unsigned draw(unsigned n) /* xorshift64* */
{
    seed ^= seed >> 12;
    seed ^= seed << 25;
    seed ^= seed >> 27;
    return (unsigned)((seed * 2685821657736338717u) >> 33) % n;
}

static void make_subject(char *out, size_t *n)
{
    static const char letters[] = "aabbc1 .(-)%x[]\0\xE1\xBA\xBF";
    *n = draw(14);
    for (size_t i = 0; i < *n; i++)
        out[i] = letters[draw(sizeof letters - 1)];
}

static void make_pattern(char *out, size_t *n)
{
    static const char *const parts[] = {"a", "b", "c", ".", "%a", "%d", "%s", "%w", "%S", "%p", "[ab]", "[^a]", "[a-c]", "[%d%s]", "[]]", "[^]]", "[a-]", "[%]x]", "%.", "%%", "(", ")", "()",
                                        "*", "+", "-", "?", "^", "$", "%1", "%2", "%b()", "%f[%a]", "%f[^a]", "%", "[", "%b", "x", "\0"};
    *n = 0;
    unsigned count = draw(7);
    for (unsigned i = 0; i < count; i++) {
        const char *p = parts[draw(COUNT(parts))];
        size_t len = strlen(p) ? strlen(p) : 1;
        memcpy(out + *n, p, len);
        *n += len;
    }
}

/* Results as one text; "error" where it fails (the words differ). */
static void ask(lua_State *L, const char *lib, const char *fn, const char *s, size_t ns, const char *p, size_t np, int mode, char *out, size_t room)
{
    int top = lua_gettop(L);
    lua_getfield(L, LUA_REGISTRYINDEX, lib);
    lua_getfield(L, -1, fn);
    lua_pushlstring(L, s, ns);
    lua_pushlstring(L, p, np);
    int n = 2;
    if (strcmp(fn, "gsub") == 0) {
        static const char *const with[] = {"<%0>", "%1", "", "x%%"};
        lua_pushstring(L, with[mode & 3]);
        n = 3;
    } else if (strcmp(fn, "find") == 0 && mode & 1) {
        lua_pushinteger(L, (mode >> 1) % 7 - 3);
        n = 3;
    }
    if (lua_pcall(L, n, LUA_MULTRET, 0) != LUA_OK) {
        snprintf(out, room, "error");
        lua_settop(L, top);
        return;
    }
    size_t len = 0;
    for (int i = top + 2; i <= lua_gettop(L) && len < room - 100; i++) {
        size_t k;
        const char *v = luaL_tolstring(L, i, &k);
        len += (size_t)snprintf(out + len, room - len, "|%s:%zu:", luaL_typename(L, i), k);
        for (size_t b = 0; b < k && len < room - 8; b++)
            len += (size_t)snprintf(out + len, room - len, "%02x", (unsigned char)v[b]);
        lua_pop(L, 1);
    }
    if (len == 0)
        out[0] = '\0';
    lua_settop(L, top);
}

static int collect(lua_State *L)
{
    static const char text[] = "local gmatch, s, p = ... local t = {} for a, b in gmatch(s, p) do t[#t + 1] = tostring(a) .. ',' .. tostring(b) if #t > 50 then break end end return table.concat(t, ';')";
    if (luaL_loadbuffer(L, text, sizeof text - 1, "collect") != LUA_OK)
        return lua_error(L);
    lua_insert(L, 1);
    lua_call(L, 3, 1);
    return 1;
}

static void ask_gmatch(lua_State *L, const char *lib, const char *s, size_t ns, const char *p, size_t np, char *out, size_t room)
{
    lua_pushcfunction(L, collect);
    lua_getfield(L, LUA_REGISTRYINDEX, lib);
    lua_getfield(L, -1, "gmatch");
    lua_remove(L, -2);
    lua_pushlstring(L, s, ns);
    lua_pushlstring(L, p, np);
    bool ok = lua_pcall(L, 3, 1, 0) == LUA_OK;
    snprintf(out, room, "%s", ok ? lua_tostring(L, -1) : "error");
    lua_pop(L, 1);
}

static lua_State *both(place **p)
{
    *p = place_new(NULL);
    assert_int_equal(place_load(*p), KH_OK);
    lua_State *L = (*p)->script->L;
    luaL_requiref(L, "table", luaopen_table, 1);
    lua_pushcfunction(L, luaopen_string);
    lua_call(L, 0, 1);
    lua_setfield(L, LUA_REGISTRYINDEX, "theirs");
    lua_newtable(L);
    for (const kh_allowed *a = kh_allowed_string; a->name; a++)
        if (a->fn) {
            lua_pushcfunction(L, a->fn);
            lua_setfield(L, -2, a->name);
        }
    lua_setfield(L, LUA_REGISTRYINDEX, "ours");
    luaL_requiref(L, "_G", luaopen_base, 1);
    lua_settop(L, 0);
    return L;
}

static void show(const char *s, size_t n, char *out)
{
    for (size_t i = 0; i < n; i++)
        out += sprintf(out, (unsigned char)s[i] < 32 || (unsigned char)s[i] > 126 ? "\\x%02x" : "%c", (unsigned char)s[i]);
    *out = '\0';
}

static void the_matcher_gives_what_luas_own_gives(void **state)
{
    (void)state;
    place *p;
    lua_State *L = both(&p);
    static const char *const fns[] = {"find", "match", "gsub"};
    unsigned matched = 0, failed = 0;
    for (int round = 0; round < 60000; round++) {
        char s[64], pat[128], a[4096], b[4096], shown_s[300], shown_p[600];
        size_t ns, np;
        make_subject(s, &ns);
        make_pattern(pat, &np);
        int mode = (int)draw(64);
        const char *fn = fns[round % 3];
        if (round % 7 == 0) {
            fn = "gmatch";
            ask_gmatch(L, "ours", s, ns, pat, np, a, sizeof a);
            ask_gmatch(L, "theirs", s, ns, pat, np, b, sizeof b);
        } else {
            ask(L, "ours", fn, s, ns, pat, np, mode, a, sizeof a);
            ask(L, "theirs", fn, s, ns, pat, np, mode, b, sizeof b);
        }
        if (strcmp(a, b) != 0) {
            show(s, ns, shown_s);
            show(pat, np, shown_p);
            fail_msg("round %d: %s('%s', '%s') mode %d: ours %s, theirs %s", round, fn, shown_s, shown_p, mode, a, b);
        }
        matched += strcmp(a, "error") != 0 && strncmp(a, "|nil", 4) != 0;
        failed += strcmp(a, "error") == 0;
    }
    assert_true(matched > 10000); /* the generator must not draw nonsense only */
    assert_true(failed > 1000);
    place_free(p);
}

static void rep_gives_what_luas_own_gives(void **state)
{
    (void)state;
    place *p;
    lua_State *L = both(&p);
    for (int n = -1; n < 40; n++)
        for (int ls = 0; ls < 5; ls++)
            for (int lsep = 0; lsep < 4; lsep++) {
                for (int which = 0; which < 2; which++) {
                    lua_getfield(L, LUA_REGISTRYINDEX, which ? "ours" : "theirs");
                    lua_getfield(L, -1, "rep");
                    lua_pushlstring(L, "abcd", (size_t)ls);
                    lua_pushinteger(L, n);
                    lua_pushlstring(L, "-+=", (size_t)lsep);
                    assert_int_equal(lua_pcall(L, 3, 1, 0), LUA_OK);
                    lua_remove(L, -2);
                }
                assert_true(lua_rawequal(L, -1, -2));
                lua_settop(L, 0);
            }
    place_free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_matcher_gives_what_luas_own_gives),
        cmocka_unit_test(rep_gives_what_luas_own_gives),
    };
    return cmocka_run_group_tests_name("patterns", tests, NULL, NULL);
}

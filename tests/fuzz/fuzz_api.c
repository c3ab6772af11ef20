/* SPDX-License-Identifier: MIT */
/*
 * Every function and method that scripts have, with any arguments: api.lua
 * reads the bytes as calls and as formulas, keeps what comes back, and gives it to later
 * calls. A fault is an error of the script or a stop, and the host goes on.
 */
#include "script.h"

#include <string.h>

static kh_workspace *ws;
static kh_script *s;

typedef struct call { const char *bytes; size_t n; } call;

static int play(lua_State *L)
{
    call *c = lua_touserdata(L, 1);
    lua_getfield(L, LUA_REGISTRYINDEX, "fuzz.play");
    lua_pushlstring(L, c->bytes, c->n);
    lua_call(L, 1, 0);
    return 0;
}

static int compile(lua_State *L)
{
    kh_buf *b = lua_touserdata(L, 1);
    kh_sandbox_push_env(L, KH_ENV_SCRIPTS);
    kh_lua_compile(L, kh_buf_cstr(b), b->len, "=api");
    lua_call(L, 0, 1);
    lua_setfield(L, LUA_REGISTRYINDEX, "fuzz.play");
    return 0;
}

static void begin(void)
{
    kh_error err = KH_ERROR_INIT;
    kh_buf b = KH_BUF_INIT, defs = KH_BUF_INIT;
    char path[4096];
    snprintf(path, sizeof path, "%.*s/api.lua", (int)(strrchr(__FILE__, '/') - __FILE__), __FILE__);
    must(kh_read_file(path, 1 << 20, &b, &err) == KH_OK);
    snprintf(path, sizeof path, "%.*s/../fixtures/script/scripts/definitions.lua", (int)(strrchr(__FILE__, '/') - __FILE__), __FILE__);
    must(kh_read_file(path, 1 << 20, &defs, &err) == KH_OK);
    fuzz_place();
    fuzz_file("scripts/a.lua", defs.data, defs.len);
    must(fuzz_load(&ws, &s, &err) == KH_OK);
    must(kh_lua_enter(s, compile, &b, KH_ESCRIPT, &err) == KH_OK);
    kh_buf_free(&b);
    kh_buf_free(&defs);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    kh_error err = KH_ERROR_INIT;
    call c = {(const char *)bytes, n};
    if (!s)
        begin();
    fuzz_quiet(true);
    kh_script_restart(s, 0.3);
    int rc = kh_lua_enter(s, play, &c, KH_ESCRIPT, &err);
    must(rc == KH_OK || (err.text && err.text[0]));
    must(s->depth == 0 && s->used >= s->held);
    kh_error_clear(&err);
    fuzz_quiet(false);
    return 0;
}

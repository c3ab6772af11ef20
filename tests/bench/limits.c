/* SPDX-License-Identifier: MIT */
/*
 * What the limits cost: the same work by the same library, as the command does
 * it and as a host without limits would.
 *
 *   limits limited|bare DIR import FORM FILE
 *   limits limited|bare DIR run FILE
 *
 * limited: a worker under the supervisor, seccomp and Landlock, the counting
 * allocator, the timer, the functions made safe. bare: one process, realloc as
 * it is, no timer, and Lua's own functions in place of ours.
 */
#include "flow/flow.h"
#include "script/host.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool bare;
static char **args;

static void *plain(void *ud, void *p, size_t before, size_t n)
{
    (void)ud, (void)before;
    if (n)
        return realloc(p, n);
    free(p);
    return NULL;
}

/* The functions of the library on top into the table at `to`, where that has the name. */
static void put_back(lua_State *L, int to)
{
    for (lua_pushnil(L); lua_next(L, to); lua_pop(L, 1)) {
        lua_pushvalue(L, -2);
        if (lua_rawget(L, -4) == LUA_TFUNCTION) {
            lua_pushvalue(L, -3);
            lua_insert(L, -2);
            lua_rawset(L, to);
        } else
            lua_pop(L, 1);
    }
}

/* `name` among the globals is a view whose metatable points at the true table. */
static void library(lua_State *L, const char *name, lua_CFunction open)
{
    int top = lua_gettop(L);
    lua_getfield(L, LUA_REGISTRYINDEX, "kh.globals");
    if (name) {
        lua_getfield(L, -1, name);
        lua_getmetatable(L, -1);
        lua_getfield(L, -1, "__index");
    }
    int to = lua_gettop(L);
    lua_pushliteral(L, "");
    lua_getmetatable(L, -1);
    lua_pushcfunction(L, open);
    lua_call(L, 0, 1); /* that of strings sets a metatable of its own */
    put_back(L, to);
    if (name && strcmp(name, "string") == 0) {
        lua_pushvalue(L, to);
        lua_setfield(L, to + 2, "__index");
    }
    lua_pushvalue(L, to + 2);
    lua_setmetatable(L, to + 1);
    lua_settop(L, top);
}

static void strip(kh_script *s)
{
    lua_State *L = s->L;
    lua_setallocf(L, plain, NULL);
    kh_script_restart(s, 0);
    library(L, NULL, luaopen_base);
    library(L, "string", luaopen_string);
    library(L, "table", luaopen_table);
    library(L, "coroutine", luaopen_coroutine);
}

static int failed(kh_error *err)
{
    char *line = kh_error_line(err);
    fprintf(stderr, "limits: %s\n", line);
    kh_free(line);
    return 1;
}

static int work(void *ctx)
{
    kh_error err = KH_ERROR_INIT;
    char *root = NULL;
    kh_script *s = NULL;
    (void)ctx;
    if (chdir(args[0]) != 0 || kh_workspace_find(NULL, &root, &err) != KH_OK)
        return failed(&err);
    kh_workspace *ws = kh_workspace_new(root, NULL);
    if (kh_script_new(&s, ws, &err) != KH_OK || kh_script_load(s, &err) != KH_OK)
        return failed(&err);
    if (bare)
        strip(s);
    int rc;
    if (strcmp(args[1], "import") == 0) {
        kh_import_result r = {0};
        rc = kh_import(ws, args[3], &(kh_import_options){.form = args[2], .unit = "VN"}, NULL, NULL, &r, &err);
        kh_import_result_clear(&r);
    } else
        rc = kh_script_run(s, args[2], NULL, 0, &err);
    if (rc != KH_OK)
        return failed(&err);
    kh_script_free(s);
    kh_workspace_free(ws);
    kh_free(root);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc < 5)
        return 2;
    bare = strcmp(argv[1], "bare") == 0;
    args = argv + 2;
    kh_msg_lang(KH_LANG_EN);
    return bare ? work(NULL) : kh_supervise(work, NULL);
}

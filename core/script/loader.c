/* SPDX-License-Identifier: MIT */
/*
 * Files of Lua: kehoach.lua, the definitions in name order, modules by
 * require, analyses, lines of the shell, tests. Every chunk is text, at most
 * 256 KiB (what keeps Lua's compiler and its messages quick), named by its
 * path from the workspace's root, and gets an environment of the sandbox.
 *
 * A definition file that fails does not keep the others from being read: the
 * first fault is the error, the others stand in its trace.
 */
#include "script/host.h"

#include "base/embed.h"
#include "base/file.h"
#include "base/log.h"
#include "base/msg.h"
#include "script/worker.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const char sources_key[] = "kh.sources"; /* registry: file -> text */
static const char modules_key[] = "kh.modules"; /* registry: name -> what it returned, false while it loads */

/* --- sources -------------------------------------------------------------------------- */

static void keep_source(lua_State *L, const char *file, const char *text, size_t len)
{
    luaL_getsubtable(L, LUA_REGISTRYINDEX, sources_key);
    lua_pushlstring(L, text, len);
    lua_setfield(L, -2, file);
    lua_pop(L, 1);
}

const char *kh_source_text(kh_script *s, const char *file, size_t *len)
{
    lua_State *L = s->running;
    luaL_getsubtable(L, LUA_REGISTRYINDEX, sources_key);
    lua_getfield(L, -1, file);
    const char *text = lua_type(L, -1) == LUA_TSTRING ? lua_tolstring(L, -1, len) : NULL;
    lua_pop(L, 2); /* the table keeps it */
    return text;
}

static const char *line_start(const char *text, const char *end, int line)
{
    for (; line > 1 && text < end; line--) {
        const char *nl = memchr(text, '\n', (size_t)(end - text));
        text = nl ? nl + 1 : end;
    }
    return text;
}

void kh_source_lines(kh_script *s, const char *file, int first, int last, kh_buf *out)
{
    size_t n = 0;
    const char *text = kh_source_text(s, file, &n);
    if (!text)
        return;
    const char *from = line_start(text, text + n, first), *to = line_start(from, text + n, last - first + 2);
    kh_buf_add(out, from, (size_t)(to - from));
}

static bool word_at(const char *s, const char *from, const char *end, const char *key, size_t n)
{
    if ((size_t)(end - s) < n || memcmp(s, key, n) != 0)
        return false;
    if (s > from && (isalnum((unsigned char)s[-1]) || s[-1] == '_' || s[-1] == '.'))
        return false;
    const char *t = s + n;
    if (t < end && (isalnum((unsigned char)*t) || *t == '_'))
        return false;
    while (t < end && (*t == ' ' || *t == '\t' || *t == '"' || *t == '\'' || *t == ']'))
        t++;
    return t < end && *t == '=' && (t + 1 == end || t[1] != '=');
}

/* Within the definition, which is taken to end where the next one begins: a line with a word in its first column. */
int kh_source_key_line(kh_script *s, const kh_place *from, const char *key)
{
    size_t n = 0, len = strlen(key);
    const char *text = kh_source_text(s, from->file, &n);
    if (!text || !len)
        return from->line;
    const char *end = text + n, *at = line_start(text, end, from->line);
    int line = from->line;
    for (const char *t = at; t < end; t++) {
        if (*t == '\n') {
            line++;
            if (t + 1 < end && isalpha((unsigned char)t[1]))
                break;
        } else if (word_at(t, text, end, key, len)) {
            return line;
        }
    }
    return from->line;
}

/* --- compiling ---------------------------------------------------------------------------- */

void kh_lua_compile(lua_State *L, const char *text, size_t len, const char *chunkname)
{
    if (len > KH_SOURCE_MAX)
        kh_lua_raise(L, _("%s: a script has at most 256 KiB"), chunkname + 1);
    if (len && text[0] == LUA_SIGNATURE[0])
        kh_lua_raise(L, _("%s: compiled Lua code is not accepted"), chunkname + 1);
    if (luaL_loadbufferx(L, text, len, chunkname, "t") != LUA_OK)
        lua_error(L); /* "file:line: what" already */
    lua_insert(L, -2);
    if (!lua_setupvalue(L, -2, 1))
        lua_pop(L, 1);
}

/* Reads path into the host's sources and leaves its function; the environment is on top (popped). */
static void load_file(lua_State *L, const char *path, const char *name)
{
    kh_buf *b = kh_lua_buf(L);
    kh_error err = KH_ERROR_INIT;
    if (kh_read_file(path, KH_SOURCE_MAX, b, &err) != KH_OK)
        kh_lua_throw(L, &err);
    size_t skip = b->len >= 3 && memcmp(b->data, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0; /* Windows editors put a BOM */
    const char *text = kh_buf_cstr(b) + skip;
    keep_source(L, name, text, b->len - skip);
    lua_insert(L, -2); /* buffer, env */
    lua_pushfstring(L, "@%s", name);
    lua_insert(L, -2);
    kh_lua_compile(L, text, b->len - skip, lua_tostring(L, -2));
    lua_replace(L, -3); /* function in the buffer's place */
    lua_pop(L, 1);
}

typedef struct job { const char *path, *name; char *const *args; size_t n_args; kh_env env; } job;

static int run_file(lua_State *L)
{
    job *j = lua_touserdata(L, 1);
    if (j->env == KH_ENV_RUN) {
        kh_sandbox_new_env(L);
        lua_createtable(L, (int)j->n_args, 1);
        for (size_t i = 0; i < j->n_args; i++) {
            lua_pushstring(L, j->args[i]);
            lua_rawseti(L, -2, (lua_Integer)i + 1);
        }
        lua_pushstring(L, j->path);
        lua_rawseti(L, -2, 0);
        lua_setfield(L, -2, "arg");
        lua_getmetatable(L, -1); /* strict from here on */
        lua_pushcfunction(L, kh_undeclared_global);
        lua_setfield(L, -2, "__newindex");
        lua_pop(L, 1);
    } else {
        kh_sandbox_push_env(L, j->env);
    }
    load_file(L, j->path, j->name);
    lua_call(L, 0, 0);
    return 0;
}

/* --- require --------------------------------------------------------------------------------- */

static bool module_path(const kh_workspace *ws, const char *name, char path[PATH_MAX], char shown[PATH_MAX])
{
    char file[256];
    size_t n = 0;
    for (const char *s = name; *s; s++) {
        if (n + 8 >= sizeof file || !(isalnum((unsigned char)*s) || *s == '_' || *s == '-' || (*s == '.' && s > name && s[-1] != '.')))
            return false;
        file[n++] = *s == '.' ? '/' : *s;
    }
    file[n] = '\0';
    for (size_t i = 0; n && i < ws->settings.scripts.n; i++) {
        int a = snprintf(shown, PATH_MAX, "%s/lib/%s.lua", ws->settings.scripts.items[i], file);
        int b = snprintf(path, PATH_MAX, "%s/%s", ws->root, shown);
        if (a < PATH_MAX && b < PATH_MAX && kh_workspace_inside(ws, path))
            return true;
    }
    return false;
}

static const struct kh_embedded *embedded(const char *name)
{
    char file[280];
    snprintf(file, sizeof file, "lib/%s.lua", name);
    for (const struct kh_embedded *e = kh_embedded_script; e->name; e++)
        if (strcmp(e->name, file) == 0)
            return e;
    return NULL;
}

static int l_require(lua_State *L)
{
    const char *name = kh_lua_text(L, 1, NULL);
    char path[PATH_MAX], shown[PATH_MAX];
    kh_lua_no_more(L, 1);
    luaL_getsubtable(L, LUA_REGISTRYINDEX, modules_key);
    if (lua_getfield(L, 2, name) == LUA_TBOOLEAN)
        kh_lua_raise(L, _("module \"%s\" is required while it is being loaded: a circle of require"), name);
    if (!lua_isnil(L, -1))
        return 1;
    lua_pop(L, 1);
    const struct kh_embedded *own = NULL;
    if (!module_path(kh_host(L)->ws, name, path, shown) && !(own = embedded(name)))
        kh_lua_raise(L, _("there is no module \"%s\": modules are the files of scripts/lib, \"a.b\" is scripts/lib/a/b.lua"), name);
    lua_pushboolean(L, 0);
    lua_setfield(L, 2, name);
    kh_sandbox_push_env(L, KH_ENV_SCRIPTS);
    if (own)
        kh_lua_compile(L, own->text, own->len, "=kehoach");
    else
        load_file(L, path, shown);
    /* Protected, so that a module that fails can be required again and then says its own fault once more. */
    lua_pushstring(L, name);
    int status = lua_pcall(L, 1, 1, 0);
    if (status != LUA_OK) {
        if (kh_lua_is_stop(L, status))
            kh_lua_pass_on(L, status);
        lua_pushnil(L);
        lua_setfield(L, 2, name);
        return lua_error(L);
    }
    if (lua_isnil(L, -1)) {
        lua_pop(L, 1);
        lua_pushboolean(L, 1);
    } else if (lua_istable(L, -1) && !kh_lua_is_protected(L, -1)) {
        kh_lua_protect(L);
    }
    lua_pushvalue(L, -1);
    lua_setfield(L, 2, name);
    return 1;
}

/* --- the files of definitions -------------------------------------------------------------------- */

typedef struct files { char **names; size_t n, cap; } files;

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool ends_with_lua(const char *s)
{
    size_t n = strlen(s);
    return n > 4 && strcmp(s + n - 4, ".lua") == 0;
}

/* Below `folder` (from the root), but not in lib/ and not what begins with a dot. Links to folders are not followed: no circles. */
static int find_files(const char *root, const char *folder, int depth, files *f, kh_error *err)
{
    char *path = kh_asprintf("%s/%s", root, folder);
    DIR *d = opendir(path);
    int rc = KH_OK;
    if (!d) {
        rc = kh_fail(err, kh_open_code(errno), "cannot read the folder of scripts %s: %s", folder, kh_errno_text(errno));
        kh_free(path);
        return rc;
    }
    for (struct dirent *e; rc == KH_OK && (e = readdir(d));) {
        struct stat st;
        if (e->d_name[0] == '.' || (depth == 0 && strcmp(e->d_name, "lib") == 0))
            continue;
        char *name = kh_asprintf("%s/%s", folder, e->d_name), *full = kh_asprintf("%s/%s", root, name);
        if (lstat(full, &st) == 0 && S_ISDIR(st.st_mode) && depth < 16)
            rc = find_files(root, name, depth + 1, f, err);
        else if (ends_with_lua(e->d_name) && S_ISREG(st.st_mode)) {
            KH_PUSH(f->names, f->n, f->cap) = name;
            name = NULL;
        }
        kh_free(name);
        kh_free(full);
    }
    closedir(d);
    kh_free(path);
    return rc;
}

static void free_files(files *f)
{
    for (size_t i = 0; i < f->n; i++)
        kh_free(f->names[i]);
    kh_free(f->names);
}

/* --- loading --------------------------------------------------------------------------------------- */

static int load_one(kh_script *s, const char *name, kh_env env, kh_error *err)
{
    char *path = kh_asprintf("%s/%s", s->ws->root, name);
    job j = {.path = path, .name = name, .env = env};
    int rc = kh_lua_enter(s, run_file, &j, KH_EUSAGE, err);
    kh_free(path);
    return rc;
}

/* The first fault stays the error; the others follow in its trace. */
void kh_add_fault(kh_error *all, kh_error *one)
{
    if (all->code == KH_OK) {
        kh_error_move(all, one);
        return;
    }
    kh_buf b = KH_BUF_INIT;
    char *line = kh_error_line(one);
    if (all->trace)
        kh_buf_printf(&b, "%s\n", all->trace);
    kh_buf_str(&b, line);
    kh_free(line);
    kh_free(all->trace);
    all->trace = kh_buf_take(&b);
    kh_error_clear(one);
}

static int load_definitions(kh_script *s, const files *f, kh_error *err)
{
    kh_error all = KH_ERROR_INIT;
    for (size_t i = 0; i < f->n; i++) {
        kh_error one = KH_ERROR_INIT;
        if (load_one(s, f->names[i], KH_ENV_SCRIPTS, &one) == KH_OK)
            continue;
        kh_free(one.trace); /* file and line say enough where the code is a table */
        one.trace = NULL;
        bool stop = one.code != KH_EUSAGE;
        kh_add_fault(&all, &one);
        if (stop)
            break;
    }
    return all.code == KH_OK ? KH_OK : kh_error_move(err, &all);
}

/* The settings are known: from here on files only where they say (and where the user pointed). */
static void confine(const kh_workspace *ws)
{
    const kh_settings *set = &ws->settings;
    size_t n = 0, m = 0;
    const char **write = kh_alloc((set->write.n + 4) * sizeof *write), **read = kh_alloc((set->read.n + 1) * sizeof *read);
    const char *store = ws->store_path ? ws->store_path : set->store;
    char *folder = store[0] == '/' ? kh_strdup(store) : kh_asprintf("%s/%s", ws->root, store), *slash = strrchr(folder, '/');
    if (slash > folder)
        *slash = '\0';
    write[n++] = ws->root;
    write[n++] = folder;
    for (size_t i = 0; i < set->write.n; i++)
        write[n++] = set->write.items[i]; /* those inside the root are granted already; only absolute ones matter */
    for (size_t i = 0; i < set->read.n; i++)
        read[m++] = set->read.items[i];
    write[n] = read[m] = NULL;
    kh_confine_files(write, read);
    kh_free(write);
    kh_free(read);
    kh_free(folder);
}

int kh_script_load(kh_script *s, kh_error *err)
{
    files f = {0};
    kh_words_clear();
    s->phase = KH_PHASE_SETTINGS;
    int rc = load_one(s, "kehoach.lua", KH_ENV_SETTINGS, err);
    if (rc == KH_OK && (rc = kh_define_settings(s, err)) == KH_OK) {
        kh_state_limits(s);
        confine(s->ws);
        s->phase = KH_PHASE_DEFINITIONS;
        const kh_texts *t = &s->ws->settings.scripts;
        for (size_t i = 0; rc == KH_OK && i < t->n; i++)
            rc = find_files(s->ws->root, t->items[i], 0, &f, err);
    }
    if (f.n)
        qsort(f.names, f.n, sizeof *f.names, by_name);
    if (rc == KH_OK && (rc = load_definitions(s, &f, err)) == KH_OK) {
        s->phase = KH_PHASE_FORMULAS;
        rc = kh_define_finish(s, err);
    }
    free_files(&f);
    s->phase = KH_PHASE_RUN;
    return rc;
}

/* --- running ------------------------------------------------------------------------------------------ */

int kh_script_run(kh_script *s, const char *path, char *const *args, size_t n_args, kh_error *err)
{
    job j = {.path = path, .name = path, .args = args, .n_args = n_args, .env = KH_ENV_RUN};
    int rc = kh_may_read(path, err);
    if (rc != KH_OK)
        return rc;
    kh_script_restart(s, s->ws->settings.seconds);
    s->at = s->ws->today;
    rc = kh_lua_enter(s, run_file, &j, KH_ESCRIPT, err);
    if (fflush(stdout) != 0 && rc == KH_OK)
        rc = kh_fail(err, KH_ESTORE, "cannot write the output: %s", kh_errno_text(errno));
    return rc;
}

typedef struct line { const char *text; bool more; } line;

static bool incomplete(const char *msg)
{
    size_t n = strlen(msg);
    return n >= 5 && strcmp(msg + n - 5, "<eof>") == 0;
}

static int eval_line(lua_State *L)
{
    line *l = lua_touserdata(L, 1);
    luaL_getsubtable(L, LUA_REGISTRYINDEX, "kh.shell");
    if (lua_getfield(L, -1, "env") == LUA_TNIL) {
        lua_pop(L, 1);
        kh_sandbox_new_env(L);
        lua_pushvalue(L, -1);
        lua_setfield(L, -3, "env");
    }
    int env = lua_gettop(L);
    const char *as_value = lua_pushfstring(L, "return %s", l->text + (*l->text == '=')); /* "= x", as older Luas had it */
    if (strlen(l->text) > KH_SOURCE_MAX)
        kh_lua_raise(L, "%s", _("a line is too long"));
    if (luaL_loadbufferx(L, as_value, strlen(as_value), "=shell", "t") != LUA_OK) {
        bool open = incomplete(lua_tostring(L, -1)); /* "1 +" is the beginning of an expression */
        lua_pop(L, 1);
        if (luaL_loadbufferx(L, l->text, strlen(l->text), "=shell", "t") != LUA_OK) {
            if (open || incomplete(lua_tostring(L, -1))) {
                l->more = true;
                return 0;
            }
            return lua_error(L);
        }
    }
    lua_pushvalue(L, env);
    if (!lua_setupvalue(L, -2, 1))
        lua_pop(L, 1);
    int before = lua_gettop(L) - 1;
    lua_call(L, 0, LUA_MULTRET);
    int n = lua_gettop(L) - before;
    if (n > 0) {
        lua_getfield(L, env, "print");
        lua_insert(L, before + 1);
        lua_call(L, n, 0);
    }
    return 0;
}

int kh_script_eval(kh_script *s, const char *text, bool *more, kh_error *err)
{
    line l = {text, false};
    kh_script_restart(s, s->ws->settings.seconds);
    s->at = s->ws->today;
    int rc = kh_lua_enter(s, eval_line, &l, KH_ESCRIPT, err);
    fflush(stdout);
    kh_script_restart(s, 0); /* no clock runs while the user thinks */
    if (more)
        *more = l.more;
    return rc;
}

/* --- tests that analysts write --------------------------------------------------------------------------- */

typedef struct trial { const char *path; size_t passed, failed; kh_test_fn *fn; void *ctx; } trial;

int kh_l_import_text(lua_State *L);

/* A store of one's own in memory: no test ever touches the real one. */
static int l_fresh_store(lua_State *L)
{
    kh_workspace *ws = kh_host(L)->ws;
    kh_error err = KH_ERROR_INIT;
    kh_session_drop(ws);
    kh_store_close(ws->store);
    ws->store = NULL;
    kh_free(ws->store_path);
    ws->store_path = kh_strdup(":memory:");
    if (kh_workspace_store(ws, KH_STORE_MEMORY, &err) != KH_OK)
        kh_lua_throw(L, &err);
    return 0;
}

static int l_tell(lua_State *L)
{
    trial *t = lua_touserdata(L, lua_upvalueindex(1));
    fflush(stdout); /* what the test printed stands before it */
    t->fn(t->ctx, t->path, lua_tostring(L, 1), lua_tostring(L, 2));
    return 0;
}

static int run_tests(lua_State *L)
{
    trial *t = lua_touserdata(L, 1);
    const struct kh_embedded *e = kh_embedded_script;
    while (e->name && strcmp(e->name, "test.lua") != 0)
        e++;
    if (!e->name)
        kh_lua_raise(L, "the embedded test.lua is not there");
    kh_sandbox_push_env(L, KH_ENV_SCRIPTS);
    kh_lua_compile(L, e->text, e->len, "=kehoach");
    lua_pushcfunction(L, l_fresh_store);
    lua_pushcfunction(L, kh_l_import_text);
    lua_pushlightuserdata(L, t);
    lua_pushcclosure(L, l_tell, 1);
    lua_call(L, 3, 1); /* 2: function(env, chunk) -> passed, failed */
    kh_sandbox_new_env(L);
    lua_pushvalue(L, 3);
    load_file(L, t->path, t->path);
    lua_call(L, 2, 2);
    t->passed += (size_t)lua_tointeger(L, -2);
    t->failed += (size_t)lua_tointeger(L, -1);
    return 0;
}

static bool is_test_file(const char *name)
{
    size_t n = strlen(name);
    return n > 9 && strcmp(name + n - 9, "_test.lua") == 0;
}

/* Every *_test.lua below a folder, in name order; or the one file. */
static int find_tests(const char *path, int depth, files *f, kh_error *err)
{
    struct stat st;
    if (stat(path, &st) != 0)
        return kh_fail(err, kh_open_code(errno), "cannot read %s: %s", path, kh_errno_text(errno));
    if (!S_ISDIR(st.st_mode)) {
        KH_PUSH(f->names, f->n, f->cap) = kh_strdup(path);
        return KH_OK;
    }
    DIR *d = opendir(path);
    if (!d)
        return kh_fail(err, kh_open_code(errno), "cannot read %s: %s", path, kh_errno_text(errno));
    int rc = KH_OK;
    for (struct dirent *e; rc == KH_OK && (e = readdir(d));) {
        char *full = kh_asprintf("%s/%s", path, e->d_name);
        bool folder = e->d_name[0] != '.' && lstat(full, &st) == 0 && S_ISDIR(st.st_mode);
        if ((folder && depth < 16) || is_test_file(e->d_name))
            rc = find_tests(full, depth + 1, f, err);
        kh_free(full);
    }
    closedir(d);
    return rc;
}

int kh_script_test(kh_script *s, const char *path, kh_test_fn *fn, void *ctx, size_t *passed, size_t *failed, kh_error *err)
{
    files f = {0};
    trial t = {.fn = fn, .ctx = ctx};
    int rc = find_tests(path, 0, &f, err);
    if (rc == KH_OK && f.n == 0)
        rc = kh_fail(err, KH_EUSAGE, "there is no *_test.lua below %s", path);
    if (f.n)
        qsort(f.names, f.n, sizeof *f.names, by_name);
    for (size_t i = 0; rc == KH_OK && i < f.n; i++) {
        t.path = f.names[i];
        kh_script_restart(s, s->ws->settings.seconds); /* the limit is for each file */
        s->at = s->ws->today;
        rc = kh_lua_enter(s, run_tests, &t, KH_ESCRIPT, err);
    }
    free_files(&f);
    *passed = t.passed;
    *failed = t.failed;
    fflush(stdout);
    return rc;
}

/* --- completion -------------------------------------------------------------------------------------------- */

typedef struct names { const char *prefix; char **items; size_t n, cap; } names;

static void complete_from(lua_State *L, int table, const char *before, const char *rest, names *out)
{
    for (lua_pushnil(L); lua_next(L, table); lua_pop(L, 1))
        if (lua_type(L, -2) == LUA_TSTRING && strncmp(lua_tostring(L, -2), rest, strlen(rest)) == 0 && out->n < 500)
            KH_PUSH(out->items, out->n, out->cap) = kh_asprintf("%s%s", before, lua_tostring(L, -2));
}

static int complete(lua_State *L)
{
    names *out = lua_touserdata(L, 1);
    const char *dot = strrchr(out->prefix, '.');
    lua_getfield(L, LUA_REGISTRYINDEX, "kh.globals");
    if (!dot) {
        complete_from(L, lua_gettop(L), "", out->prefix, out);
        return 0;
    }
    char library[64];
    snprintf(library, sizeof library, "%.*s", (int)(dot - out->prefix), out->prefix);
    lua_pushstring(L, library);
    lua_rawget(L, -2);
    if (!lua_getmetatable(L, -1))
        return 0;
    lua_getfield(L, -1, "__index");
    if (!lua_istable(L, -1))
        return 0;
    char before[80];
    snprintf(before, sizeof before, "%s.", library);
    complete_from(L, lua_gettop(L), before, dot + 1, out);
    return 0;
}

size_t kh_script_complete(kh_script *s, const char *prefix, char ***out)
{
    names n = {.prefix = prefix};
    kh_lua_enter(s, complete, &n, KH_ESCRIPT, NULL);
    if (n.n)
        qsort(n.items, n.n, sizeof *n.items, by_name);
    *out = n.items;
    return n.n;
}

/* --- the host as a whole -------------------------------------------------------------------------------------- */

static int open_all(lua_State *L)
{
    kh_fail_open(L);
    kh_sandbox_open(L);
    lua_pushcfunction(L, l_require);
    kh_sandbox_global(L, "require");
    kh_open_define(L);
    kh_open_kh(L);
    return 0;
}

int kh_script_new(kh_script **out, kh_workspace *ws, kh_error *err)
{
    kh_script *s = kh_zalloc(1, sizeof *s);
    s->ws = ws;
    s->at = ws->today;
    *out = NULL;
    if (kh_state_new(s) != 0) {
        kh_free(s);
        return kh_fail(err, KH_ESTORE, "no memory for the script host");
    }
    int rc = kh_lua_enter(s, open_all, NULL, KH_ESTORE, err);
    if (rc != KH_OK) {
        kh_script_free(s);
        return rc;
    }
    ws->row = (kh_row_hook){kh_row_call, s};
    ws->build = kh_build_call;
    ws->job = kh_job_call;
    ws->hook_ctx = s;
    *out = s;
    return KH_OK;
}

void kh_script_free(kh_script *s)
{
    if (!s)
        return;
    kh_state_free(s);
    kh_row_free(s);
    kh_buf_free(&s->text);
    kh_buf_free(&s->fault.trace);
    kh_free(s);
}

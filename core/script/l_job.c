/* SPDX-License-Identifier: MIT */
/* Jobs: run(job), the run's log, reminders. The run's wall time is the job's timeout. */
#include "script/host.h"

#include "base/file.h"
#include "base/msg.h"

#include <stdio.h>
#include <string.h>

static const char class_name[] = "kh.Job";

typedef struct job { const kh_job_def *def; kh_period period; int64_t run; } job; /* def NULL: the run is over */

static job *self(lua_State *L)
{
    job *j = luaL_testudata(L, 1, class_name);
    if (!j)
        kh_lua_raise(L, "%s", _("this is a method of a job: write job:name(...) with a colon"));
    if (!j->def)
        kh_lua_raise(L, "%s", _("a job lives only while it runs"));
    return j;
}

void kh_lua_log(lua_State *L, kh_log_level level, const char *text)
{
    static const char *const names[] = {"error", "warning", "note", "detail"};
    kh_script *s = kh_host(L);
    kh_lua_count_output(L, strlen(text) + 16);
    job *j = s->job;
    if (j && j->def && s->ws->store) {
        kh_error err = KH_ERROR_INIT;
        if (kh_store_run_log(s->ws->store, j->run, names[level], text, &err) != KH_OK)
            kh_lua_throw(L, &err);
    }
    kh_log_line(level, text);
}

static int log_at(lua_State *L, kh_log_level level)
{
    self(L);
    luaL_tolstring(L, 2, NULL);
    kh_lua_log(L, level, lua_tostring(L, -1));
    return 0;
}

static int l_log(lua_State *L) { return log_at(L, KH_LOG_NOTE); }
static int l_warn(lua_State *L) { return log_at(L, KH_LOG_WARNING); }

/* A field of the table at 2 as text: units by title, periods by name. */
static const char *word(lua_State *L, const char *key)
{
    lua_getfield(L, 2, key);
    if (lua_isnil(L, -1))
        return "";
    return luaL_tolstring(L, -1, NULL); /* both stay on the stack */
}

static void safe_name(char *s)
{
    for (; *s; s++)
        if (strchr("/\\:*?\"<>| ", *s) || (unsigned char)*s < 32)
            *s = '-';
}

/* A letter to who is late, as a text file beside the reports; the run's log says so. */
static int l_remind(lua_State *L)
{
    job *j = self(L);
    kh_script *s = kh_host(L);
    kh_unit u = KH_NO_UNIT;
    (void)j;
    luaL_checktype(L, 2, LUA_TTABLE);
    const char *folder = kh_lua_text_or(L, 3, NULL);
    if (!folder && s->ws->settings.write.n)
        folder = lua_pushfstring(L, "%s/%s", s->ws->settings.write.items[0], "reminders");
    if (!folder)
        kh_lua_raise(L, "%s", _("no folder is granted for writing (grant = { write = { ... } } in kehoach.lua)"));
    lua_getfield(L, 2, "unit");
    if (!kh_lua_is_unit(L, lua_gettop(L), &u))
        kh_lua_raise(L, "%s", _("job:remind wants a row of kh.late: { unit = ..., form = ..., period = ..., due = ... }"));
    luaL_checkstack(L, 20, NULL);
    const char *title = word(L, "unit"), *form = word(L, "form"), *period = word(L, "period"), *due = word(L, "due"), *days = word(L, "days");
    uint32_t f = kh_catalog_find(s->ws->catalog, KH_DEF_FORM, form);
    kh_buf *b = kh_lua_buf(L);
    char name[400];
    snprintf(name, sizeof name, "%.80s_%.40s_%.80s.txt", form, period, kh_units_def(s->ws->catalog->units, u)->code);
    safe_name(name);
    kh_buf_printf(b, _("To: %s\n\nThe return %s%s%s for %s was due on %s and has not been received"), title, form, f != UINT32_MAX ? ", " : "",
                  f != UINT32_MAX ? kh_say(s->ws->catalog->forms[f].title) : "", period, due);
    if (*days)
        kh_buf_printf(b, _(" (%s days late)"), days);
    kh_buf_str(b, _(".\nPlease send it, or tell us when it will come.\n"));
    const char *path = lua_pushfstring(L, "%s/%s", folder, name);
    int results = kh_lua_write_file(L, path, b);
    if (results == 1) {
        const char *line = lua_pushfstring(L, _("reminder: %s, %s %s, due %s"), title, form, period, due);
        kh_lua_log(L, KH_LOG_NOTE, line);
        lua_pop(L, 1);
    }
    return results;
}

static int job_index(lua_State *L)
{
    job *j = self(L);
    const char *key = lua_type(L, 2) == LUA_TSTRING ? lua_tostring(L, 2) : "";
    if (strcmp(key, "period") == 0)
        kh_lua_push_period(L, j->period);
    else if (strcmp(key, "name") == 0)
        lua_pushstring(L, j->def->code);
    else if (strcmp(key, "title") == 0)
        lua_pushstring(L, j->def->title);
    else if (strcmp(key, "run") == 0)
        lua_pushinteger(L, j->run);
    else
        return 0;
    return 1;
}

typedef struct call { void *script; job job; } call;

static int run_job(lua_State *L)
{
    call *c = lua_touserdata(L, 1);
    job *j = lua_newuserdatauv(L, sizeof *j, 0);
    *j = c->job;
    luaL_setmetatable(L, class_name);
    kh_host(L)->job = j; /* it stays at index 2 of this call */
    lua_rawgeti(L, LUA_REGISTRYINDEX, kh_ptr_ref(c->script));
    lua_pushvalue(L, 2);
    lua_call(L, 1, 0);
    j->def = NULL;
    kh_host(L)->job = NULL;
    return 0;
}

int kh_job_call(void *ctx, void *script, kh_workspace *ws, const kh_job_def *def, kh_period period, int64_t run, kh_error *err)
{
    kh_script *s = ctx;
    call c = {script, {def, period, run}};
    kh_day at = s->at;
    void *outer = s->job;
    s->job = NULL;
    s->at = period ? kh_period_last(period) : ws->today;
    if (s->depth == 0)
        kh_script_restart(s, def->timeout > 0 ? def->timeout : ws->settings.seconds);
    int rc = kh_lua_enter(s, run_job, &c, KH_ESCRIPT, err);
    if (s->job)
        ((job *)s->job)->def = NULL;
    s->job = outer;
    s->at = at;
    return rc;
}

static const kh_fn fns[] = {
    {"remind", l_remind, "late: table, folder?: string -> string?, Error?",
     "Writes a letter to who is late (a row of kh.late) into the folder (default reminders/ in the first folder granted for writing) and notes it in the run's log."},
    {"log", l_log, "text: string", "A line in the run's log (`kehoach job log`)."},
    {"warn", l_warn, "text: string", "A warning in the run's log."},
    {NULL, NULL, NULL, NULL},
};
static const kh_prop props[] = {
    {"period", "Period", "the period that is worked on"}, {"name", "string", "the job's code"}, {"title", "string", "its title"}, {"run", "integer", "the run's number"}, {NULL, NULL, NULL},
};
const kh_ns kh_ns_job = {.name = "kh.Job", .is_class = true, .fns = fns, .props = props, .index = job_index, .doc = "A run of a job."};

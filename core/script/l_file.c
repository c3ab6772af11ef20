/* SPDX-License-Identifier: MIT */
/*
 * Files: kh.read, kh.write, kh.import, kh.inbox, and reports written to a
 * folder. Every path is resolved, links included, and must lie in a folder that
 * kehoach.lua grants; a folder granted for writing is made when it is first
 * written to.
 */
#include "script/host.h"

#include "base/file.h"
#include "base/msg.h"
#include "base/text.h"
#include "job/inbox.h"
#include "script/converter.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { READ_MOST = 64 << 20 };

/* --- paths ------------------------------------------------------------------------------- */

static bool begins_with_folder(const char *path, const char *folder)
{
    size_t n = strlen(folder);
    while (n && folder[n - 1] == '/')
        n--;
    return strncmp(path, folder, n) == 0 && (path[n] == '/' || path[n] == '\0');
}

/* The granted folder that the path names, and the folders in it down to the file: made if they are not there. */
static void make_granted(const kh_workspace *ws, const char *path)
{
    if (path[0] == '/' || strstr(path, ".."))
        return; /* resolved and refused, or there already */
    for (size_t i = 0; i < ws->settings.write.n; i++) {
        if (!begins_with_folder(path, ws->settings.write.items[i]))
            continue;
        char *full = kh_asprintf("%s/%s", ws->root, path);
        char *slash = strrchr(full, '/');
        struct stat st;
        if (strcmp(path, ws->settings.write.items[i]) != 0 && path[strlen(path) - 1] != '/')
            *slash = '\0';
        if (stat(full, &st) != 0)
            kh_make_folders(full, NULL);
        kh_free(full);
        return;
    }
}

const char *kh_lua_granted(lua_State *L, const char *path, bool write)
{
    kh_workspace *ws = kh_host(L)->ws;
    kh_error err = KH_ERROR_INIT;
    char *real = NULL;
    kh_phase phase = kh_host(L)->phase;
    if (phase != KH_PHASE_RUN && (write || phase != KH_PHASE_DEFINITIONS)) /* definitions may come from a file of the workspace */
        kh_lua_raise(L, "%s", write ? _("files can be written when all definitions are loaded, not by one of them") : _("files can be read by definitions and by what runs, not by kehoach.lua or a formula"));
    if (!*path)
        kh_lua_raise(L, "%s", _("the name of the file is empty"));
    if (write)
        make_granted(ws, path);
    kh_owner *own = kh_lua_own(L, kh_free);
    int rc = kh_workspace_path(ws, path, write, &real, &err);
    own->p = real;
    if (rc != KH_OK)
        kh_lua_throw(L, &err);
    lua_pushstring(L, real);
    kh_owner_release(own);
    lua_remove(L, -2);
    return lua_tostring(L, -1);
}

/* What must never be written by a script, also where a grant covers it: the store, kehoach.lua, the scripts. */
static void refuse_own_files(lua_State *L, const char *real)
{
    kh_error err = KH_ERROR_INIT;
    if (kh_workspace_spare(kh_host(L)->ws, real, &err) != KH_OK)
        kh_lua_throw(L, &err);
}

/* --- kh.read, kh.write ------------------------------------------------------------------------ */

int kh_l_read(lua_State *L)
{
    const char *path = kh_lua_text(L, 1, NULL);
    kh_error err = KH_ERROR_INIT;
    kh_lua_no_more(L, 1);
    const char *real = kh_lua_granted(L, path, false);
    struct stat st;
    if (stat(real, &st) == 0 && !S_ISREG(st.st_mode))
        kh_lua_raise(L, _("%s is no file"), path);
    size_t room = kh_host(L)->limit > kh_host(L)->used ? kh_host(L)->limit - kh_host(L)->used : 0;
    kh_buf *b = kh_lua_buf(L);
    if (kh_read_plain(real, room < READ_MOST ? room : READ_MOST, b, &err) != KH_OK)
        return kh_lua_fail(L, &err);
    kh_lua_push_buf(L, b);
    return 1;
}

int kh_lua_write_file(lua_State *L, const char *path, kh_buf *b)
{
    kh_error err = KH_ERROR_INIT;
    const char *real = kh_lua_granted(L, path, true);
    struct stat st;
    refuse_own_files(L, real);
    if (stat(real, &st) == 0 && S_ISDIR(st.st_mode))
        kh_lua_raise(L, _("%s is a folder; name a file in it"), path);
    kh_lua_count_output(L, b->len);
    if (kh_write_plain(real, b->len ? b->data : "", b->len, &err) != KH_OK)
        return kh_lua_fail(L, &err);
    lua_pushstring(L, path);
    return 1;
}

int kh_l_write(lua_State *L)
{
    const char *path = kh_lua_text(L, 1, NULL);
    size_t n;
    const char *text = kh_lua_text(L, 2, &n);
    kh_lua_no_more(L, 2);
    kh_buf *b = kh_lua_buf(L);
    kh_lua_count_output(L, n); /* before it is copied */
    kh_host(L)->output -= (int64_t)n;
    kh_buf_add(b, text, n);
    return kh_lua_write_file(L, path, b);
}

static int by_name(const void *a, const void *b) { return strcmp(*(const char *const *)a, *(const char *const *)b); }

typedef struct listing { char **names; size_t n, cap; DIR *dir; } listing;

static void free_listing(void *p)
{
    listing *l = p;
    if (l->dir)
        closedir(l->dir);
    for (size_t i = 0; i < l->n; i++)
        kh_free(l->names[i]);
    kh_free(l->names);
    kh_free(l);
}

int kh_l_files(lua_State *L)
{
    const char *path = kh_lua_text(L, 1, NULL);
    const char *real = kh_lua_granted(L, path, false);
    kh_owner *own = kh_lua_own(L, free_listing);
    listing *l = own->p = kh_zalloc(1, sizeof *l);
    if (!(l->dir = opendir(real)))
        kh_lua_raise(L, _("cannot read the folder %s: %s"), path, kh_errno_text(errno));
    for (struct dirent *e; (e = readdir(l->dir)) && l->n < 100000;)
        if (e->d_name[0] != '.')
            KH_PUSH(l->names, l->n, l->cap) = kh_strdup(e->d_name);
    if (l->n)
        qsort(l->names, l->n, sizeof *l->names, by_name);
    lua_createtable(L, (int)l->n, 0);
    for (size_t i = 0; i < l->n; i++) {
        lua_pushstring(L, l->names[i]);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    return 1;
}

/* --- kh.import ----------------------------------------------------------------------------------- */

const kh_key kh_keys_import[] = {
    {"form", "string?", "its form; recognised if left out"},
    {"period", "Period|string?", "its period; from the file's name or contents if left out"},
    {"unit", "Unit|string?", "its sender; likewise"},
    {"encoding", "string?", "recognised if left out"},
    {"check", "boolean?", "nothing is stored; the differences are counted"},
    {"partial", "boolean?", "good rows are taken though others are faulty"},
    {NULL, NULL, NULL},
};

static void free_result(void *p)
{
    kh_import_result_clear(p);
    kh_free(p);
}

static void push_result(lua_State *L, const char *path, const kh_import_result *r)
{
    const kh_catalog *c = kh_host(L)->ws->catalog;
    const kh_intake *in = r->in;
    lua_createtable(L, 0, 12);
    lua_pushstring(L, path);
    lua_setfield(L, -2, "file");
    lua_pushstring(L, kh_import_outcome_name(r->outcome));
    lua_setfield(L, -2, "outcome");
    if (in && in->form != UINT32_MAX) {
        lua_pushstring(L, c->forms[in->form].code);
        lua_setfield(L, -2, "form");
    }
    if (in && in->sender != KH_NO_UNIT) {
        kh_lua_push_unit(L, in->sender);
        lua_setfield(L, -2, "unit");
    }
    if (in && in->period) {
        kh_lua_push_period(L, in->period);
        lua_setfield(L, -2, "period");
    }
    if (in) {
        lua_pushinteger(L, in->rows_good);
        lua_setfield(L, -2, "rows");
        lua_pushinteger(L, in->rows_refused);
        lua_setfield(L, -2, "rows_refused");
        kh_lua_push_findings(L, in->findings);
        lua_setfield(L, -2, "findings");
    }
    if (r->version) {
        lua_pushinteger(L, r->version);
        lua_setfield(L, -2, "version");
        lua_pushinteger(L, r->submission);
        lua_setfield(L, -2, "submission");
    }
    if (r->refused_csv) {
        lua_pushstring(L, r->refused_csv);
        lua_setfield(L, -2, "refused_csv");
    }
    if (r->outcome == KH_IMPORT_CHECKED) {
        const struct { const char *key; uint64_t n; } counts[] = {
            {"added", r->difference.added}, {"changed", r->difference.changed}, {"withdrawn", r->difference.withdrawn}, {"unchanged", r->difference.same}};
        for (int i = 0; i < 4; i++) {
            lua_pushinteger(L, (lua_Integer)counts[i].n);
            lua_setfield(L, -2, counts[i].key);
        }
    }
}

static void read_options(lua_State *L, int at, kh_import_options *o)
{
    kh_period p;
    kh_unit u;
    memset(o, 0, sizeof *o);
    if (lua_isnoneornil(L, at))
        return;
    kh_table t = kh_table_open(L, at, "kh.import", kh_keys_import);
    o->form = kh_table_text(&t, "form");
    o->encoding = kh_table_text(&t, "encoding");
    o->check = kh_table_bool(&t, "check", false);
    o->partial = kh_table_bool(&t, "partial", false);
    if ((p = kh_table_period(&t, "period"))) {
        char text[KH_PERIOD_TEXT];
        kh_period_format(p, text);
        o->period = lua_pushstring(L, text); /* stays on the stack */
    }
    if (kh_table_push(&t, "unit") != LUA_TNIL)
        o->unit = kh_lua_is_unit(L, -1, &u) ? kh_units_def(kh_host(L)->ws->catalog->units, u)->code : kh_table_text(&t, "unit");
}

/* KH_OK and KH_EFAULTS leave a result table; other failures are raised, or nil and the error. */
static int import_one(lua_State *L, const char *real, const char *shown, const kh_import_options *o)
{
    kh_script *s = kh_host(L);
    kh_error err = KH_ERROR_INIT;
    kh_owner *own = kh_lua_own(L, free_result);
    kh_import_result *r = own->p = kh_zalloc(1, sizeof *r);
    int rc = kh_import(s->ws, real, o, NULL, NULL, r, &err);
    if (rc != KH_OK && rc != KH_EFAULTS)
        return kh_lua_fail(L, &err);
    kh_error_clear(&err);
    push_result(L, shown, r);
    kh_owner_release(own);
    return 1;
}

static void check_storing(lua_State *L)
{
    kh_script *s = kh_host(L);
    if (s->phase != KH_PHASE_RUN)
        kh_lua_raise(L, "%s", _("returns can be imported when all definitions are loaded, not by one of them"));
    if (s->docs)
        kh_lua_raise(L, "%s", _("a report only reads: returns are imported by jobs and analyses"));
    if (s->in_row)
        kh_lua_raise(L, "%s", _("a row function cannot import"));
}

int kh_l_import(lua_State *L)
{
    kh_import_options o;
    const char *path = kh_lua_text(L, 1, NULL);
    kh_lua_no_more(L, 2);
    check_storing(L);
    read_options(L, 2, &o);
    return import_one(L, kh_lua_granted(L, path, false), path, &o);
}

/* For tests: a text as if it were a file of that name. */
int kh_l_import_text(lua_State *L)
{
    kh_import_options o;
    size_t n;
    const char *name = kh_lua_text(L, 1, NULL), *text = kh_lua_text(L, 2, &n);
    kh_error err = KH_ERROR_INIT;
    check_storing(L);
    read_options(L, 3, &o);
    if (strchr(name, '/') || name[0] == '.' || !name[0])
        kh_lua_raise(L, "%s", _("the name of a fixture is a file's name without folders"));
    char folder[] = "/tmp/kehoach-test-XXXXXX";
    if (!mkdtemp(folder))
        kh_lua_raise(L, _("no temporary folder: %s"), kh_errno_text(errno));
    const char *real = lua_pushfstring(L, "%s/%s", folder, name);
    if (kh_write_file(real, text, n, &err) != KH_OK)
        kh_lua_throw(L, &err);
    int results = import_one(L, real, name, &o);
    unlink(real);
    rmdir(folder);
    return results;
}

/* --- kh.inbox ---------------------------------------------------------------------------------------- */

static const char inbox_class[] = "kh.Inbox";

int kh_l_inbox(lua_State *L)
{
    const char *path = kh_lua_text(L, 1, NULL);
    kh_lua_no_more(L, 1);
    kh_lua_granted(L, path, false);
    lua_newuserdatauv(L, 1, 1);
    lua_pushvalue(L, -2);
    lua_setiuservalue(L, -2, 1);
    luaL_setmetatable(L, inbox_class);
    return 1;
}

static void free_inbox(void *p) { kh_inbox_close(p); }

static void note_left(void *ctx, const char *name, const char *why)
{
    (void)ctx;
    kh_log(KH_LOG_WARNING, "inbox: %s stays there: %s", name, why);
}

/* What the sender gets beside the refused file: each fault on a line. */
static void findings_text(const kh_import_result *r, const char *name, kh_buf *out)
{
    const kh_finding *list;
    size_t n = r->in ? kh_findings_all(r->in->findings, &list) : 0;
    kh_buf_clear(out);
    for (size_t i = 0; i < n; i++) {
        kh_buf_printf(out, "%s:%u:%u: %s[%s]: %s", name, list[i].line, list[i].column, kh_severity_name(list[i].severity), list[i].code, list[i].text);
        if (list[i].expected && *list[i].expected)
            kh_buf_printf(out, "; %s", list[i].expected);
        kh_buf_char(out, '\n');
    }
}

/* One file of the inbox; false: there is no further one. Leaves its result in the list on top. */
static bool import_next(lua_State *L, kh_inbox *in, const kh_import_options *o, kh_buf *text, int list)
{
    kh_script *s = kh_host(L);
    kh_error err = KH_ERROR_INIT;
    kh_taken taken;
    bool any = false;
    kh_lua_poll(L);
    if (kh_inbox_take(in, &taken, &any, &err) != KH_OK)
        kh_lua_throw(L, &err);
    if (!any)
        return false;
    lua_pushstring(L, taken.name);
    const char *name = lua_tostring(L, -1); /* taken.name goes when the file is finished */
    kh_owner *own = kh_lua_own(L, free_result);
    kh_import_result *r = own->p = kh_zalloc(1, sizeof *r);
    int rc = kh_import(s->ws, taken.path, o, NULL, NULL, r, &err);
    if (rc != KH_OK && rc != KH_EFAULTS)
        kh_lua_throw(L, &err); /* the store failed: the file stays taken, and the next run takes it first */
    kh_error_clear(&err);
    bool refused = r->outcome == KH_IMPORT_REFUSED;
    findings_text(r, name, text);
    push_result(L, name, r);
    if (kh_inbox_finish(in, refused, kh_buf_cstr(text), text->len, NULL, &err) != KH_OK)
        kh_lua_throw(L, &err);
    kh_buf_clear(text);
    kh_buf_printf(text, refused ? _("%s: refused, %zu errors") : _("%s: taken"), name, r->in ? kh_findings_count(r->in->findings, KH_ERROR) : 0);
    kh_lua_log(L, refused ? KH_LOG_WARNING : KH_LOG_NOTE, kh_buf_cstr(text));
    kh_owner_release(own);
    lua_rawseti(L, list, (lua_Integer)lua_rawlen(L, list) + 1);
    lua_pop(L, 2);
    return true;
}

static int l_inbox_import(lua_State *L)
{
    kh_import_options o;
    kh_inbox_options io = {0};
    kh_error err = KH_ERROR_INIT;
    luaL_checkudata(L, 1, inbox_class);
    check_storing(L);
    lua_settop(L, 2);
    read_options(L, 2, &o);
    luaL_checkstack(L, 20, NULL);
    lua_getiuservalue(L, 1, 1);
    const char *folder = lua_tostring(L, -1);
    kh_owner *own = kh_lua_own(L, free_inbox);
    kh_inbox *in = NULL;
    int rc = kh_inbox_open(folder, &io, note_left, NULL, &in, &err);
    own->p = in;
    if (rc != KH_OK)
        kh_lua_throw(L, &err);
    kh_buf *text = kh_lua_buf(L);
    lua_newtable(L);
    int list = lua_gettop(L);
    while (import_next(L, in, &o, text, list))
        ;
    kh_owner_release(own);
    return 1;
}

static const kh_fn inbox_fns[] = {
    {"import", l_inbox_import, "options?: ImportOptions -> table[]", "Imports every complete file, in name order, and moves it to done/ or refused/ (with its findings beside it). Gives the list of results, as kh.import does."},
    {NULL, NULL, NULL, NULL},
};
const kh_ns kh_ns_inbox = {.name = "kh.Inbox", .is_class = true, .fns = inbox_fns, .doc = "A drop folder."};

/* --- reports ------------------------------------------------------------------------------------------- */

static const char report_class[] = "kh.Report";

/* user values: code, period text or nil, unit code or nil, list of params */
int kh_l_report(lua_State *L)
{
    kh_script *s = kh_host(L);
    const char *code = kh_lua_text(L, 1, NULL);
    uint32_t i;
    kh_error err = KH_ERROR_INIT;
    kh_unit u;
    kh_lua_no_more(L, 2);
    if (s->phase != KH_PHASE_RUN)
        kh_lua_raise(L, "%s", _("reports can be made when all definitions are loaded, not by one of them"));
    if (kh_catalog_need(s->ws->catalog, KH_DEF_REPORT, code, &i, &err) != KH_OK)
        kh_lua_throw(L, &err);
    lua_settop(L, 2);
    if (lua_isnil(L, 2)) {
        lua_newtable(L);
        lua_replace(L, 2);
    }
    luaL_checktype(L, 2, LUA_TTABLE);
    lua_newuserdatauv(L, 1, 4);
    lua_pushvalue(L, 1);
    lua_setiuservalue(L, 3, 1);
    lua_newtable(L); /* params: name, value, name, value */
    for (lua_pushnil(L); lua_next(L, 2); lua_pop(L, 1)) {
        if (lua_type(L, -2) != LUA_TSTRING)
            kh_lua_raise(L, "%s", _("kh.report: parameters are written { period = ..., unit = ..., name = \"value\" }"));
        const char *key = lua_tostring(L, -2);
        if (strcmp(key, "period") == 0) {
            char text[KH_PERIOD_TEXT];
            kh_period_format(kh_lua_period(L, -1), text);
            lua_pushstring(L, text);
            lua_setiuservalue(L, 3, 2);
        } else if (strcmp(key, "unit") == 0) {
            if (kh_lua_is_unit(L, lua_gettop(L), &u))
                lua_pushstring(L, kh_units_def(s->ws->catalog->units, u)->code);
            else
                lua_pushstring(L, kh_lua_text(L, lua_gettop(L), NULL));
            lua_setiuservalue(L, 3, 3);
        } else {
            lua_Integer n = (lua_Integer)lua_rawlen(L, 4);
            lua_pushvalue(L, -2);
            lua_rawseti(L, 4, n + 1);
            luaL_tolstring(L, -1, NULL);
            lua_rawseti(L, 4, n + 2);
        }
    }
    lua_setiuservalue(L, 3, 4);
    luaL_setmetatable(L, report_class);
    return 1;
}

typedef struct asked { const char *code, *period, *unit; const char **params; } asked;

static void read_asked(lua_State *L, asked *a)
{
    luaL_checkudata(L, 1, report_class);
    for (int i = 1; i <= 4; i++)
        lua_getiuservalue(L, 1, i);
    int top = lua_gettop(L);
    a->code = lua_tostring(L, top - 3);
    a->period = lua_tostring(L, top - 2);
    a->unit = lua_tostring(L, top - 1);
    size_t n = lua_rawlen(L, top);
    a->params = lua_newuserdatauv(L, (n + 1) * sizeof *a->params, 0);
    for (size_t i = 0; i < n; i++) {
        lua_rawgeti(L, top, (lua_Integer)i + 1);
        a->params[i] = lua_tostring(L, -1); /* the list keeps it */
        lua_pop(L, 1);
    }
    a->params[n] = NULL;
    if (n == 0)
        a->params = NULL;
}

static kh_format format_of(lua_State *L, const char *to, const char *said)
{
    kh_format f;
    const char *dot = strrchr(to, '.'), *slash = strrchr(to, '/');
    if (said) {
        if (kh_format_parse(said, &f))
            return f;
        kh_lua_raise(L, _("\"%s\" is not a format of reports; use txt, md, html, csv, xlsx, docx or pdf"), said);
    }
    if (dot && (!slash || dot > slash) && kh_format_parse(dot + 1, &f))
        return f;
    return KH_FMT_DOCX;
}

/* report:write("out") -> path; report:write("out", "html"); report:write("out/quy.html") */
static int l_report_write(lua_State *L)
{
    asked a;
    kh_error err = KH_ERROR_INIT;
    const char *to = kh_lua_text(L, 2, NULL), *said = kh_lua_text_or(L, 3, NULL);
    luaL_checkudata(L, 1, report_class);
    if (kh_host(L)->docs)
        kh_lua_raise(L, "%s", _("a report cannot write another one"));
    kh_format f = format_of(L, to, said);
    kh_lua_store(L, false);
    const char *real = kh_lua_granted(L, to, true);
    refuse_own_files(L, real);
    kh_lua_count_output(L, 1024);
    read_asked(L, &a);
    kh_owner *own = kh_lua_own(L, kh_free);
    char *path = NULL;
    const kh_render_options o = {.pdf = kh_worker_pdf};
    int rc = kh_report_publish(kh_host(L)->ws, a.code, a.period, a.unit, a.params, &f, 1, &o, real, &path, &err);
    own->p = path;
    if (rc != KH_OK)
        return rc == KH_EUSAGE || rc == KH_ESCRIPT ? (kh_lua_throw(L, &err), 0) : kh_lua_fail(L, &err);
    lua_pushfstring(L, "%s", path);
    kh_lua_log(L, KH_LOG_NOTE, lua_tostring(L, -1));
    return 1;
}

static void free_doc(void *p) { kh_doc_free(p); }

static int l_report_text(lua_State *L)
{
    asked a;
    kh_error err = KH_ERROR_INIT;
    kh_format f;
    const char *said = kh_lua_text_or(L, 2, "txt");
    luaL_checkudata(L, 1, report_class);
    if (!kh_format_parse(said, &f) || f == KH_FMT_PDF)
        kh_lua_raise(L, _("\"%s\" cannot be had as text; use txt, md, html or csv"), said);
    kh_lua_store(L, false);
    read_asked(L, &a);
    kh_owner *own = kh_lua_own(L, free_doc);
    kh_buf *b = kh_lua_buf(L); /* made before there is an error to lose */
    kh_doc *doc = NULL;
    int rc = kh_report_build(kh_host(L)->ws, a.code, a.period, a.unit, a.params, &doc, &err);
    own->p = doc;
    if (rc != KH_OK || kh_render(doc, f, NULL, b, &err) != KH_OK)
        kh_lua_throw(L, &err);
    kh_lua_push_buf(L, b);
    return 1;
}

static const kh_fn report_fns[] = {
    {"write", l_report_write, "to: string, format?: string -> string?, Error?",
     "Writes it into a file or a folder that is granted for writing, and gives its path. The format is said, or the file's ending, or docx: txt, md, html, csv, xlsx, docx, pdf."},
    {"text", l_report_text, "format?: string -> string", "It as text: txt (default), md, html or csv."},
    {NULL, NULL, NULL, NULL},
};
const kh_ns kh_ns_report = {.name = "kh.Report", .is_class = true, .fns = report_fns, .doc = "A report with its parameters: `kh.report(\"quy\", { period = \"2018Q1\" }):write(\"out\")`."};

/* --- a frame as a workbook -------------------------------------------------------------------------------- */

int kh_lua_frame_xlsx(lua_State *L, kh_frame *f, const char *path)
{
    kh_error err = KH_ERROR_INIT;
    kh_owner *own = kh_lua_own(L, free_doc);
    kh_doc *d = own->p = kh_doc_new(path, kh_msg_lang_now());
    d->created = kh_arena_strdup(d->arena, kh_host(L)->ws->now);
    kh_lua_doc_of_frame(L, d, f);
    const char *real = kh_lua_granted(L, path, true);
    refuse_own_files(L, real);
    kh_lua_count_output(L, f->n * f->n_columns * 8);
    if (kh_render_file(d, KH_FMT_XLSX, NULL, real, NULL, &err) != KH_OK)
        return kh_lua_fail(L, &err);
    kh_owner_release(own);
    lua_pushstring(L, path);
    return 1;
}

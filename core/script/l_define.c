/* SPDX-License-Identifier: MIT */
/*
 * Definitions: workspace, kind, units, successors, unit, category, measure,
 * indicator, form, rule, plan, report, job.
 *
 * While the files run, a definition is only noted with its table and its
 * place. When all have run, they are read kind by kind (so that a form may name a
 * measure of a later file), within a kind by file, line and code: the order never
 * depends on how Lua walks a table. Each is read on its own, so that the
 * faults of all of them are told at once.
 */
#include "script/define.h"

#include "base/log.h"
#include "base/msg.h"

#include <stdlib.h>
#include <string.h>

static const char notes_key[] = "kh.definitions"; /* registry: list of { kind, code, table, file, line } */
static const char settings_key[] = "kh.workspace"; /* registry: the table of workspace { } */

enum { NOTE_KIND = 1, NOTE_CODE, NOTE_TABLE, NOTE_FILE, NOTE_LINE };

typedef struct step { const char *kind; kh_define_fn *read; } step;

/* In the order of reading; a kind may come twice (an indicator's formula needs all names). */
static const step steps[] = {
    {"kind", kh_define_kind}, {"units", kh_define_units}, {"unit", kh_define_unit}, {"successors", kh_define_successors},
    {"category", kh_define_category}, {"plan", kh_define_plan}, {"measure", kh_define_measure}, {"indicator", kh_define_indicator},
    {"indicator", kh_define_formula}, {"form", kh_define_form}, {"rule", kh_define_rule}, {"report", kh_define_report}, {"job", kh_define_job},
};
#define N_STEPS (sizeof steps / sizeof *steps)

/* --- what the files lend each other --------------------------------------------------- */

char *kh_defn_code(const kh_defn *d) { return kh_arena_strdup(d->c->arena, d->code); }
char *kh_defn_file(const kh_defn *d) { return kh_arena_strdup(d->c->arena, d->place->file); }

char *kh_defn_title(const kh_table *t, const kh_defn *d, const char *key)
{
    const char *s = kh_table_text(t, key);
    return kh_arena_strdup(d->c->arena, s ? s : d->code);
}

uint32_t kh_defn_add(lua_State *L, const kh_defn *d, kh_def def, const void *item)
{
    uint32_t index;
    kh_error err = KH_ERROR_INIT;
    if (kh_catalog_add(d->c, def, item, &index, &err) != KH_OK)
        kh_lua_throw(L, &err);
    return index;
}

void *kh_defn_function(const kh_table *t, const char *key, bool required)
{
    int type = kh_table_push(t, key);
    if (type == LUA_TNIL && !required) {
        lua_pop(t->L, 1);
        return NULL;
    }
    if (type != LUA_TFUNCTION)
        kh_table_bad(t, key, _("must be a function, not a %s"), kh_lua_type(t->L, -1));
    return kh_ref_ptr(luaL_ref(t->L, LUA_REGISTRYINDEX));
}

/* --- noting ------------------------------------------------------------------------------ */

static void check_phase(lua_State *L, const char *kind)
{
    if (kh_host(L)->phase != KH_PHASE_DEFINITIONS)
        kh_lua_raise(L, _("%s: definitions belong into the files below the folders of scripts, which are loaded at the start"), kind);
}

static void note(lua_State *L, const char *kind, const char *code, int table)
{
    kh_place place;
    kh_lua_where(L, &place);
    if (!lua_istable(L, table))
        kh_lua_raise(L, _("%s: a table { ... } is wanted, not a %s"), kind, kh_lua_type(L, table));
    luaL_getsubtable(L, LUA_REGISTRYINDEX, notes_key);
    lua_createtable(L, 5, 0);
    lua_pushstring(L, kind);
    lua_rawseti(L, -2, NOTE_KIND);
    lua_pushstring(L, code);
    lua_rawseti(L, -2, NOTE_CODE);
    lua_pushvalue(L, table);
    lua_rawseti(L, -2, NOTE_TABLE);
    lua_pushstring(L, place.file);
    lua_rawseti(L, -2, NOTE_FILE);
    lua_pushinteger(L, place.line);
    lua_rawseti(L, -2, NOTE_LINE);
    lua_rawseti(L, -2, (lua_Integer)lua_rawlen(L, -2) + 1);
    lua_pop(L, 1);
}

/* measure "x" { ... }: the second call */
static int take_table(lua_State *L)
{
    const char *kind = lua_tostring(L, lua_upvalueindex(1)), *code = lua_tostring(L, lua_upvalueindex(2));
    check_phase(L, kind);
    kh_lua_no_more(L, 1);
    note(L, kind, code, 1);
    return 0;
}

static int take_code(lua_State *L, const char *kind)
{
    size_t n;
    check_phase(L, kind);
    if (lua_type(L, 1) != LUA_TSTRING)
        kh_lua_raise(L, _("%s: a code is wanted first, as in %s \"code\" { ... }, not a %s"), kind, kind, kh_lua_type(L, 1));
    const char *code = lua_tolstring(L, 1, &n);
    kh_lua_no_more(L, 1);
    bool plain = n > 0 && n <= 100;
    for (size_t i = 0; plain && i < n; i++)
        plain = (unsigned char)code[i] >= 32 && code[i] != 127;
    if (!plain)
        kh_lua_raise(L, _("%s: a code has 1 to 100 letters on one line"), kind);
    lua_pushstring(L, kind);
    lua_pushvalue(L, 1);
    lua_pushcclosure(L, take_table, 2);
    return 1;
}

#define DEFINES(name) static int l_##name(lua_State *L) { return take_code(L, #name); }
DEFINES(kind)
DEFINES(unit)
DEFINES(category)
DEFINES(measure)
DEFINES(indicator)
DEFINES(form)
DEFINES(rule)
DEFINES(plan)
DEFINES(report)
DEFINES(job)

static int l_units(lua_State *L)
{
    check_phase(L, "units");
    note(L, "units", "", 1);
    return 0;
}

static int l_successors(lua_State *L)
{
    check_phase(L, "successors");
    note(L, "successors", "", 1);
    return 0;
}

/* At once, not noted: it defines nothing that the store keeps. */
static int l_english(lua_State *L)
{
    check_phase(L, "english");
    kh_lua_no_more(L, 1);
    if (!lua_istable(L, 1))
        kh_lua_raise(L, _("%s: a table { ... } is wanted, not a %s"), "english", kh_lua_type(L, 1));
    lua_pushnil(L);
    while (lua_next(L, 1)) {
        if (lua_type(L, -2) != LUA_TSTRING || lua_type(L, -1) != LUA_TSTRING)
            kh_lua_raise(L, _("english: pairs of texts are wanted, as in [\"Dự toán\"] = \"Estimate\", not a %s for a %s"), kh_lua_type(L, -1), kh_lua_type(L, -2));
        if (strlen(lua_tostring(L, -2)) != lua_rawlen(L, -2) || strlen(lua_tostring(L, -1)) != lua_rawlen(L, -1))
            kh_lua_raise(L, "%s", _("english: a text holds a NUL"));
        kh_words_add(lua_tostring(L, -2), lua_tostring(L, -1));
        lua_pop(L, 1);
    }
    return 0;
}

static int l_workspace(lua_State *L)
{
    if (kh_host(L)->phase != KH_PHASE_SETTINGS)
        kh_lua_raise(L, "%s", _("workspace { ... } stands in kehoach.lua alone"));
    luaL_checktype(L, 1, LUA_TTABLE);
    if (lua_getfield(L, LUA_REGISTRYINDEX, settings_key) != LUA_TNIL)
        kh_lua_raise(L, "%s", _("workspace { ... } is given twice"));
    kh_place place;
    kh_lua_where(L, &place);
    lua_createtable(L, 2, 0);
    lua_pushvalue(L, 1);
    lua_rawseti(L, -2, 1);
    lua_pushinteger(L, place.line);
    lua_rawseti(L, -2, 2);
    lua_setfield(L, LUA_REGISTRYINDEX, settings_key);
    return 0;
}

/* --- reading ------------------------------------------------------------------------------- */

typedef struct entry { size_t step, index; const char *file, *code; int line; } entry;

static int by_place(const void *a, const void *b)
{
    const entry *x = a, *y = b;
    int d = strcmp(x->file, y->file);
    if (d == 0)
        d = (x->line > y->line) - (x->line < y->line);
    if (d == 0)
        d = strcmp(x->code, y->code);
    return d ? d : (x->index > y->index) - (x->index < y->index);
}

typedef struct reading { size_t step, n; entry *list; entry now; } reading;

/* Fills r->list with the entries of the step's kind (list has room for all notes). */
static int list_notes(lua_State *L)
{
    reading *r = lua_touserdata(L, 1);
    luaL_getsubtable(L, LUA_REGISTRYINDEX, notes_key);
    size_t n = lua_rawlen(L, 2);
    if (!r->list) { /* the first time only the count is asked */
        r->n = n;
        return 0;
    }
    r->n = 0;
    for (size_t i = 1; i <= n; i++) {
        lua_rawgeti(L, 2, (lua_Integer)i);
        lua_rawgeti(L, 3, NOTE_KIND);
        if (strcmp(lua_tostring(L, -1), steps[r->step].kind) == 0) {
            lua_rawgeti(L, 3, NOTE_CODE);
            lua_rawgeti(L, 3, NOTE_FILE);
            lua_rawgeti(L, 3, NOTE_LINE);
            r->list[r->n++] = (entry){r->step, i, lua_tostring(L, -2), lua_tostring(L, -3), (int)lua_tointeger(L, -1)}; /* the notes keep the strings */
        }
        lua_settop(L, 2);
    }
    return 0;
}

static int read_one(lua_State *L)
{
    reading *r = lua_touserdata(L, 1);
    kh_script *s = kh_host(L);
    kh_defn d = {.s = s, .c = s->ws->catalog, .kind = steps[r->step].kind, .code = r->now.code};
    luaL_getsubtable(L, LUA_REGISTRYINDEX, notes_key);
    lua_rawgeti(L, -1, (lua_Integer)r->now.index);
    lua_rawgeti(L, -1, NOTE_TABLE);
    d.table = lua_gettop(L);
    if (*d.code)
        d.what = lua_pushfstring(L, "%s \"%s\"", d.kind, d.code);
    else
        d.what = d.kind;
    kh_place_set(&s->def_place, r->now.file, r->now.line);
    kh_place place = s->def_place;
    d.place = &place;
    s->def_what = d.what;
    steps[r->step].read(L, &d);
    return 0;
}

static int read_step(kh_script *s, reading *r, kh_error *all)
{
    int rc = kh_lua_enter(s, list_notes, r, KH_EUSAGE, all);
    if (rc != KH_OK)
        return rc;
    if (r->n)
        qsort(r->list, r->n, sizeof *r->list, by_place);
    for (size_t i = 0; i < r->n; i++) {
        kh_error one = KH_ERROR_INIT;
        r->now = r->list[i];
        rc = kh_lua_enter(s, read_one, r, KH_EUSAGE, &one);
        s->def_what = NULL;
        if (rc == KH_OK)
            continue;
        kh_free(one.trace); /* the place says it all */
        one.trace = NULL;
        kh_add_fault(all, &one);
        if (rc != KH_EUSAGE)
            return rc; /* a limit: nothing further is read */
    }
    return KH_OK;
}

/*
 * Everything is told at once, but what only follows from an earlier fault is not: with faulty units, measures or
 * categories the formulas and forms that name them are not read.
 */
int kh_define_finish(kh_script *s, kh_error *err)
{
    kh_error all = KH_ERROR_INIT;
    reading r = {0};
    int rc = kh_lua_enter(s, list_notes, &r, KH_EUSAGE, &all);
    r.list = kh_alloc((r.n + 1) * sizeof *r.list);
    for (r.step = 0; rc == KH_OK && r.step < N_STEPS; r.step++) {
        if (all.code != KH_OK && steps[r.step].read == kh_define_formula)
            break;
        rc = read_step(s, &r, &all);
    }
    kh_free(r.list);
    if (rc == KH_OK && all.code == KH_OK)
        kh_catalog_seal(s->ws->catalog, &all);
    return all.code == KH_OK ? KH_OK : kh_error_move(err, &all);
}

/* --- settings -------------------------------------------------------------------------------- */

const kh_key kh_keys_workspace[] = {
    {"name", "string?", "the workspace's name"},
    {"store", "string?", "the store's file, from the workspace's root; default \"kehoach.db\""},
    {"lang", "\"vi\"|\"en\"?", "language of messages and reports"},
    {"calendar", "\"civil\"|\"nd09\"?", "reporting calendar where a form or job names none; default civil"},
    {"scripts", "string|string[]?", "folders of definitions; default { \"scripts\" }"},
    {"grant", "table?", "folders that scripts may read and write: { read = { ... }, write = { ... } }"},
    {"limits", "table?", "limits of one run: { memory = \"512M\", time = \"10m\", output = \"64M\", instructions = 0 }"},
    {"note", "string?", "words that every report shows, as \"illustrative data\""},
    {NULL, NULL, NULL},
};
static const kh_key grant_keys[] = {
    {"read", "string|string[]?", "folders to read from"},
    {"write", "string|string[]?", "folders to write into (and read from)"},
    {NULL, NULL, NULL},
};
static const kh_key limit_keys[] = {
    {"memory", "string|integer?", "\"512M\", \"2G\" or bytes; default 512M"},
    {"time", "string|number?", "\"10m\", \"30s\" or seconds; default 10m"},
    {"output", "string|integer?", "what a script may print and write; default 64M"},
    {"instructions", "integer?", "0: not counted (counting slows Lua down)"},
    {NULL, NULL, NULL},
};

static int64_t size_of(const kh_table *t, const char *key, int64_t otherwise)
{
    int type = kh_table_push(t, key);
    int64_t n = otherwise;
    if (type == LUA_TNUMBER) {
        n = kh_table_int(t, key, 0, INT64_MAX, otherwise);
    } else if (type == LUA_TSTRING) {
        char *end;
        const char *text = lua_tostring(t->L, -1);
        long long v = strtoll(text, &end, 10);
        int shift = strcmp(end, "K") == 0 ? 10 : strcmp(end, "M") == 0 ? 20 : strcmp(end, "G") == 0 ? 30 : -1;
        if (end == text || shift < 0 || v < 1 || v > (1LL << 20))
            kh_table_bad(t, key, _("must be a size like \"512M\" or \"2G\", not \"%s\""), text);
        n = v << shift;
    } else if (type != LUA_TNIL) {
        kh_table_bad(t, key, _("must be a size like \"512M\" or \"2G\""));
    }
    lua_pop(t->L, 1);
    if (n < 1 << 20)
        kh_table_bad(t, key, _("must be at least 1M"));
    return n;
}

static void set_texts(const kh_table *t, const char *key, kh_arena *a, kh_texts *out)
{
    const char *const *list;
    size_t n = kh_table_texts(t, key, a, &list);
    for (size_t i = 0; i < n; i++)
        KH_PUSH(out->items, out->n, out->cap) = list[i];
}

static void read_limits(lua_State *L, const kh_table *t, kh_settings *set)
{
    if (kh_table_push(t, "limits") == LUA_TNIL) {
        lua_pop(L, 1);
        return;
    }
    kh_table l = kh_table_open(L, -1, "limits", limit_keys);
    set->memory = size_of(&l, "memory", set->memory);
    set->output = size_of(&l, "output", set->output);
    set->seconds = kh_table_duration(&l, "time", set->seconds);
    set->instructions = kh_table_int(&l, "instructions", 0, INT64_MAX, 0);
    if (!(set->seconds > 0))
        kh_table_bad(&l, "time", _("must be longer than 0"));
    lua_pop(L, 1);
}

static void check_folders(const kh_table *t, const kh_texts *texts)
{
    for (size_t i = 0; i < texts->n; i++)
        if (texts->items[i][0] == '/' || strstr(texts->items[i], "..") || !texts->items[i][0])
            kh_table_bad(t, "scripts", _("names folders inside the workspace, and \"%s\" is none"), texts->items[i]);
}

static int read_settings(lua_State *L)
{
    kh_script *s = kh_host(L);
    kh_settings *set = &s->ws->settings;
    kh_arena *a = s->ws->catalog->arena;
    s->def_what = "workspace";
    kh_place_set(&s->def_place, "kehoach.lua", 0);
    if (lua_getfield(L, LUA_REGISTRYINDEX, settings_key) != LUA_TNIL) {
        lua_rawgeti(L, -1, 2);
        s->def_place.line = (int)lua_tointeger(L, -1);
        lua_rawgeti(L, -2, 1);
        kh_table t = kh_table_open(L, -1, "workspace", kh_keys_workspace);
        set->name = kh_table_text_in(&t, "name", a);
        if (kh_table_has(&t, "store"))
            set->store = kh_table_text_in(&t, "store", a);
        set->lang = kh_table_text_in(&t, "lang", a);
        if (set->lang && strcmp(set->lang, "vi") != 0 && strcmp(set->lang, "en") != 0)
            kh_table_bad(&t, "lang", _("must be \"vi\" or \"en\", not \"%s\""), set->lang);
        set->calendar = kh_table_calendar(&t, "calendar", KH_CALENDAR_CIVIL);
        set_texts(&t, "scripts", a, &set->scripts);
        check_folders(&t, &set->scripts);
        if (kh_table_push(&t, "grant") != LUA_TNIL) {
            kh_table g = kh_table_open(L, -1, "grant", grant_keys);
            set_texts(&g, "read", a, &set->read);
            set_texts(&g, "write", a, &set->write);
        }
        lua_pop(L, 1);
        read_limits(L, &t, set);
        s->ws->catalog->note = kh_table_text_in(&t, "note", a);
    }
    if (!set->scripts.n)
        KH_PUSH(set->scripts.items, set->scripts.n, set->scripts.cap) = "scripts";
    s->ws->catalog->name = set->name;
    s->ws->catalog->calendar = set->calendar;
    return 0;
}

int kh_define_settings(kh_script *s, kh_error *err)
{
    int rc = kh_lua_enter(s, read_settings, NULL, KH_EUSAGE, err);
    s->def_what = NULL;
    return rc;
}

/* --- names -------------------------------------------------------------------------------------- */

static const kh_fn fns[] = {
    {"workspace", l_workspace, "options: WorkspaceOptions", "In kehoach.lua alone: the workspace's settings."},
    {"kind", l_kind, "code: string -> fun(options: KindOptions)", "A kind of units and its level: `kind \"huyen\" { level = \"district\", title = \"Huyện\" }`."},
    {"units", l_units, "options: UnitsOptions", "Units from a CSV file with the columns code, name, kind, parent, valid_from, valid_to; any other column is a group."},
    {"successors", l_successors, "options: SuccessorsOptions", "What units became, from a CSV file with the columns date, old_code, new_code, part."},
    {"english", l_english, "words: table<string, string>",
     "English for the workspace's Vietnamese: titles of definitions, names of agencies, what reports say (`kh.say`): `english { [\"Dự toán\"] = \"Estimate\" }`. Where there is none, the Vietnamese stands."},
    {"unit", l_unit, "code: string -> fun(options: UnitOptions)", "One unit: `unit \"stc\" { name = \"Sở Tài chính\", kind = \"agency\", parent = \"20\" }`."},
    {"category", l_category, "code: string -> fun(options: CategoryOptions)", "A category by whose options values are broken down: `category \"sex\" { options = { \"female\", \"male\" } }`."},
    {"measure", l_measure, "code: string -> fun(options: MeasureOptions)", "A reported quantity and how it consolidates over units and time."},
    {"indicator", l_indicator, "code: string -> fun(options: IndicatorOptions)",
     "A quantity computed by a formula, with its targets. `formula` runs once and builds an expression over whole columns; `each` runs cell by cell."},
    {"form", l_form, "code: string -> fun(options: FormOptions)", "What a return looks like, who sends it, how often, by when."},
    {"rule", l_rule, "code: string -> fun(options: RuleOptions)", "A check over values: where its expression is 0, it is broken."},
    {"plan", l_plan, "code: string -> fun(options: PlanOptions)", "A plan document: references, sections and tasks, assignments, milestones, pilots."},
    {"report", l_report, "code: string -> fun(options: ReportOptions)", "A report: `build(doc, p)` writes a document; `p.period`, `p.unit`, `p.date` and the params."},
    {"job", l_job, "code: string -> fun(options: JobOptions)", "Scheduled work: `run(job)`; its unit of work is (job, period)."},
    {NULL, NULL, NULL, NULL},
};
const kh_ns kh_ns_define = {.name = "", .doc = "In the files below the folders of scripts, which are all loaded, in name order, before anything else.", .fns = fns};

void kh_open_define(lua_State *L)
{
    for (const kh_fn *f = fns; f->name; f++) {
        lua_pushcfunction(L, f->fn);
        kh_sandbox_global(L, f->name);
    }
}

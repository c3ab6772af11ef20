/* SPDX-License-Identifier: MIT */
/* Definitions of plan documents: their references, tasks, assignments, milestones and pilots. */
#include "script/define.h"

#include "base/msg.h"

#include <string.h>

const kh_key kh_keys_plan[] = {
    {"title", "string?", "its name"},
    {"kind", "string?", "\"kế hoạch\""},
    {"issuer", "string?", "who issued it"},
    {"unit", "string?", "code of the unit whose plan it is"},
    {"place", "string?", "where it was signed"},
    {"date", "string?", "when, \"2016-09-17\""},
    {"period", "table?", "{ \"2016\", \"2020\" }: the first and last period"},
    {"from", "Period|string?", "the first period, instead of period"},
    {"to", "Period|string?", "the last one"},
    {"subject", "string?", "what it is about"},
    {"signer", "string?", "who signed it"},
    {"parent", "string?", "code of the plan that it carries out"},
    {"references", "ReferenceOptions[]?", "documents that it names"},
    {"tasks", "TaskOptions[]?", "sections and tasks, in order"},
    {"assignments", "AssignmentOptions[]?", "who does what"},
    {"milestones", "MilestoneOptions[]?", "dates to meet"},
    {"pilots", "PilotOptions[]?", "units that go first"},
    {"budget_years", "string[]?", "years for which a budget is drawn up"},
    {"note", "string?", "a remark"},
    {NULL, NULL, NULL},
};
const kh_key kh_keys_reference[] = {
    {"[1]", "string?", "its code (or code = ...)"}, {"code", "string?", "its code"},          {"title", "string?", "what it is"},
    {"date", "string?", "\"2016-08-02\""},           {"role", "string?", "\"carries out\", \"continues\" or \"cites\""}, {NULL, NULL, NULL},
};
const kh_key kh_keys_task[] = {
    {"[1]", "string?", "its code (or code = ...)"}, {"[2]", "string?", "its title (or title = ...)"}, {"code", "string?", "its code, \"II.4\""},
    {"title", "string?", "its title"},              {"parent", "string?", "code of the task above"},   {"kind", "string?", "\"section\", \"task\" or \"duty\"; default task"},
    {"track", "string?", "what can be followed"},   {"targets", "string|string[]?", "codes of indicators"}, {NULL, NULL, NULL},
};
const kh_key kh_keys_assignment[] = {
    {"task", "string", "code of the task"},
    {"unit", "string?", "code of a unit, \"*\": all concerned, or \"kind:district\""},
    {"role", "\"lead\"|\"with\"|\"standing\"?", "its role; default lead"},
    {"lead", "string|string[]?", "units that lead, instead of unit and role"},
    {"with", "string|string[]?", "units that take part"},
    {"standing", "string|string[]?", "the standing agency"},
    {"duty", "string?", "the words"},
    {NULL, NULL, NULL},
};
const kh_key kh_keys_milestone[] = {
    {"code", "string", "its code"}, {"title", "string?", "what is due"}, {"due", "string", "\"2018-12-31\""}, {"task", "string?", "code of the task"}, {"unit", "string?", "who"}, {NULL, NULL, NULL},
};
const kh_key kh_keys_pilot[] = {
    {"unit", "string", "code of the unit"}, {"task", "string?", "code of the task"}, {"title", "string?", "what it pilots"}, {NULL, NULL, NULL},
};

/* The list at `key` (0 entries if absent), left on the stack. */
static size_t push_list(const kh_table *t, const char *key)
{
    int type = kh_table_push(t, key);
    if (type != LUA_TNIL && type != LUA_TTABLE)
        kh_table_bad(t, key, _("must be a list: { { ... }, { ... } }"));
    return type == LUA_TTABLE ? lua_rawlen(t->L, -1) : 0;
}

static kh_table open_entry(lua_State *L, const kh_defn *d, const char *list, size_t i, const kh_key *keys)
{
    lua_rawgeti(L, -1, (lua_Integer)i + 1);
    const char *what = lua_pushfstring(L, "%s, %s %d", d->what, list, (int)i + 1);
    lua_insert(L, -2);
    return kh_table_open(L, -1, what, keys);
}

/* `code` or the first entry; one of them must be there. */
static const char *code_of(const kh_table *t, int position, const char *key)
{
    const char *s = kh_table_text(t, key);
    if (!s && lua_rawgeti(t->L, t->at, position) == LUA_TSTRING) {
        s = lua_tostring(t->L, -1);
        lua_pop(t->L, 1);
    } else if (!s) {
        lua_pop(t->L, 1);
    }
    return s;
}

static void read_references(const kh_table *t, const kh_defn *d, kh_plan *p)
{
    kh_arena *a = d->c->arena;
    lua_State *L = t->L;
    size_t n = push_list(t, "references");
    p->references = kh_arena_alloc(a, (n + 1) * sizeof *p->references);
    p->n_references = n;
    for (size_t i = 0; i < n; i++) {
        kh_table r = open_entry(L, d, "references", i, kh_keys_reference);
        const char *code = code_of(&r, 1, "code"), *role = kh_table_text(&r, "role");
        if (!code)
            kh_lua_raise(L, _("%s: a reference has a code"), r.what);
        p->references[i] = (kh_reference){kh_arena_strdup(a, code), kh_table_text_in(&r, "title", a), kh_table_day(&r, "date", KH_DAY_MIN), kh_arena_strdup(a, role ? role : "cites")};
        lua_pop(L, 2);
    }
    lua_pop(L, 1);
}

static void read_tasks(const kh_table *t, const kh_defn *d, kh_plan *p)
{
    kh_arena *a = d->c->arena;
    lua_State *L = t->L;
    size_t n = push_list(t, "tasks");
    p->tasks = kh_arena_alloc(a, (n + 1) * sizeof *p->tasks);
    p->n_tasks = n;
    for (size_t i = 0; i < n; i++) {
        kh_table r = open_entry(L, d, "tasks", i, kh_keys_task);
        kh_task *k = &p->tasks[i];
        const char *code = code_of(&r, 1, "code"), *title = code_of(&r, 2, "title"), *kind = kh_table_text(&r, "kind");
        if (!code)
            kh_lua_raise(L, _("%s: a task has a code"), r.what);
        k->code = kh_arena_strdup(a, code);
        k->title = kh_arena_strdup(a, title ? title : code);
        k->parent = kh_table_text_in(&r, "parent", a);
        k->kind = kh_arena_strdup(a, kind ? kind : "task");
        k->track = kh_table_text_in(&r, "track", a);
        k->n_targets = kh_table_texts(&r, "targets", a, &k->targets);
        k->line = d->place->line;
        lua_pop(L, 2);
    }
    lua_pop(L, 1);
}

/* One entry names one unit and role, or several under lead, with, standing. */
static size_t count_assignments(lua_State *L, size_t n)
{
    static const char *const roles[] = {"lead", "with", "standing"};
    size_t all = n;
    for (size_t i = 1; i <= n; i++) {
        lua_rawgeti(L, -1, (lua_Integer)i);
        for (int k = 0; k < 3 && lua_istable(L, -1); k++) {
            lua_pushstring(L, roles[k]);
            int type = lua_rawget(L, -2);
            all += type == LUA_TTABLE ? (size_t)lua_rawlen(L, -1) : (size_t)(type == LUA_TSTRING);
            lua_pop(L, 1);
        }
        lua_pop(L, 1);
    }
    return all;
}

static void read_assignments(const kh_table *t, const kh_defn *d, kh_plan *p)
{
    static const char *const roles[] = {"lead", "with", "standing"};
    kh_arena *a = d->c->arena;
    lua_State *L = t->L;
    size_t n = push_list(t, "assignments"), k = 0;
    p->assignments = kh_arena_alloc(a, (count_assignments(L, n) + 1) * sizeof *p->assignments);
    for (size_t i = 0; i < n; i++) {
        kh_table r = open_entry(L, d, "assignments", i, kh_keys_assignment);
        const char *task = kh_table_text_in(&r, "task", a), *duty = kh_table_text_in(&r, "duty", a), *role = kh_table_text(&r, "role");
        size_t before = k;
        if (kh_table_has(&r, "unit")) {
            kh_assignment *as = &p->assignments[k++];
            *as = (kh_assignment){task, kh_table_text_in(&r, "unit", a), KH_ROLE_LEAD, duty, d->place->line};
            if (role && !kh_role_parse(role, &as->role))
                kh_table_bad(&r, "role", _("must be lead, with or standing, not \"%s\""), role);
        } else if (role) {
            kh_table_bad(&r, "role", _("needs unit = ... (or write lead = { ... }, with = { ... })"));
        }
        for (int g = 0; g < 3; g++) {
            const char *const *units;
            size_t m = kh_table_texts(&r, roles[g], a, &units);
            for (size_t u = 0; u < m; u++) {
                kh_role parsed = KH_ROLE_LEAD;
                kh_role_parse(roles[g], &parsed);
                p->assignments[k++] = (kh_assignment){task, units[u], parsed, duty, d->place->line};
            }
        }
        if (k == before)
            kh_lua_raise(L, _("%s: nobody is named: unit = ..., or lead = ..., with = { ... }"), r.what);
        lua_pop(L, 2);
    }
    p->n_assignments = k;
    lua_pop(L, 1);
}

static void read_dates(const kh_table *t, const kh_defn *d, kh_plan *p)
{
    kh_arena *a = d->c->arena;
    lua_State *L = t->L;
    size_t n = push_list(t, "milestones");
    p->milestones = kh_arena_alloc(a, (n + 1) * sizeof *p->milestones);
    p->n_milestones = n;
    for (size_t i = 0; i < n; i++) {
        kh_table r = open_entry(L, d, "milestones", i, kh_keys_milestone);
        const char *title = kh_table_text(&r, "title");
        p->milestones[i] = (kh_milestone){kh_table_text_in(&r, "code", a), kh_arena_strdup(a, title ? title : kh_table_text(&r, "code")), kh_table_day(&r, "due", 0),
                                          kh_table_text_in(&r, "task", a), kh_table_text_in(&r, "unit", a)};
        lua_pop(L, 2);
    }
    lua_pop(L, 1);
    n = push_list(t, "pilots");
    p->pilots = kh_arena_alloc(a, (n + 1) * sizeof *p->pilots);
    p->n_pilots = n;
    for (size_t i = 0; i < n; i++) {
        kh_table r = open_entry(L, d, "pilots", i, kh_keys_pilot);
        p->pilots[i] = (kh_pilot){kh_table_text_in(&r, "unit", a), kh_table_text_in(&r, "task", a), kh_table_text_in(&r, "title", a)};
        lua_pop(L, 2);
    }
    lua_pop(L, 1);
}

static void read_budget_years(const kh_table *t, const kh_defn *d, kh_plan *p)
{
    lua_State *L = t->L;
    size_t n = push_list(t, "budget_years");
    p->budget_years = kh_arena_alloc(d->c->arena, (n + 1) * sizeof *p->budget_years);
    p->n_budget_years = n;
    for (size_t i = 0; i < n; i++) {
        lua_rawgeti(L, -1, (lua_Integer)i + 1);
        p->budget_years[i] = kh_lua_period(L, -1);
        if (kh_period_freq(p->budget_years[i]) != KH_YEAR)
            kh_table_bad(t, "budget_years", _("must be years: { \"2016\", \"2017\" }"));
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
}

static void read_span(const kh_table *t, kh_plan *p)
{
    lua_State *L = t->L;
    p->from = kh_table_period(t, "from");
    p->to = kh_table_period(t, "to");
    if (kh_table_push(t, "period") != LUA_TNIL) {
        if (p->from || p->to)
            kh_table_bad(t, "period", _("and from, to say the same: give one of them"));
        if (!lua_istable(L, -1) || lua_rawlen(L, -1) != 2)
            kh_table_bad(t, "period", _("must be { \"2016\", \"2020\" }"));
        lua_rawgeti(L, -1, 1);
        p->from = kh_lua_period(L, -1);
        lua_rawgeti(L, -2, 2);
        p->to = kh_lua_period(L, -1);
        lua_pop(L, 2);
    }
    lua_pop(L, 1);
    if (p->from && p->to && kh_period_last(p->to) < kh_period_first(p->from))
        kh_table_bad(t, "to", _("lies before from"));
}

void kh_define_plan(lua_State *L, const kh_defn *d)
{
    kh_table t = kh_table_open(L, d->table, d->what, kh_keys_plan);
    kh_arena *a = d->c->arena;
    kh_plan p = {.code = kh_defn_code(d), .title = kh_defn_title(&t, d, "title")};
    p.kind = kh_table_text_in(&t, "kind", a);
    p.issuer = kh_table_text_in(&t, "issuer", a);
    p.unit = kh_table_text_in(&t, "unit", a);
    p.place = kh_table_text_in(&t, "place", a);
    p.subject = kh_table_text_in(&t, "subject", a);
    p.signer = kh_table_text_in(&t, "signer", a);
    p.parent = kh_table_text_in(&t, "parent", a);
    p.note = kh_table_text_in(&t, "note", a);
    p.date = kh_table_day(&t, "date", KH_DAY_MIN);
    read_span(&t, &p);
    read_references(&t, d, &p);
    read_tasks(&t, d, &p);
    read_assignments(&t, d, &p);
    read_dates(&t, d, &p);
    read_budget_years(&t, d, &p);
    p.file = kh_defn_file(d);
    p.line = d->place->line;
    kh_canonical_sha256(L, d->table, p.sha256);
    kh_defn_add(L, d, KH_DEF_PLAN, &p);
    kh_define_plan_options(L, &p);
}

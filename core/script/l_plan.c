/* SPDX-License-Identifier: MIT */
/* Plans as scripts read them: kh.plan("100/KH-UBND") with its tasks, assignments, milestones. Plain tables, made once and read-only. */
#include "script/host.h"

#include "base/msg.h"

#include <string.h>

static const char class_name[] = "kh.Plan";

typedef struct plan { uint32_t index; } plan;

static const kh_plan *self(lua_State *L)
{
    plan *p = luaL_checkudata(L, 1, class_name);
    return &kh_host(L)->ws->catalog->plans[p->index];
}

int kh_l_plan(lua_State *L)
{
    const kh_catalog *c = kh_host(L)->ws->catalog;
    uint32_t i = 0;
    kh_error err = KH_ERROR_INIT;
    if (kh_host(L)->phase != KH_PHASE_RUN)
        kh_lua_raise(L, "%s", _("kh.plan can be asked when all definitions are loaded, not by one of them"));
    if (lua_isnoneornil(L, 1)) {
        if (c->n_plans == 0)
            kh_lua_raise(L, "%s", _("this workspace has no plan"));
    } else if (kh_catalog_need(c, KH_DEF_PLAN, kh_lua_text(L, 1, NULL), &i, &err) != KH_OK) {
        kh_lua_throw(L, &err);
    }
    plan *p = lua_newuserdatauv(L, sizeof *p, 0);
    p->index = i;
    luaL_setmetatable(L, class_name);
    return 1;
}

int kh_l_plans(lua_State *L)
{
    const kh_catalog *c = kh_host(L)->ws->catalog;
    lua_createtable(L, (int)c->n_plans, 0);
    for (size_t i = 0; i < c->n_plans; i++) {
        plan *p = lua_newuserdatauv(L, sizeof *p, 0);
        p->index = (uint32_t)i;
        luaL_setmetatable(L, class_name);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    return 1;
}

static void set_text(lua_State *L, const char *key, const char *text)
{
    if (text) {
        lua_pushstring(L, text);
        lua_setfield(L, -2, key);
    }
}

static void set_day(lua_State *L, const char *key, kh_day d)
{
    char text[KH_DAY_TEXT];
    kh_day_format(d, text);
    if (*text)
        set_text(L, key, text);
}

static void push_task(lua_State *L, const kh_task *t)
{
    lua_createtable(L, 0, 6);
    set_text(L, "code", t->code);
    set_text(L, "title", kh_say(t->title));
    set_text(L, "parent", t->parent);
    set_text(L, "kind", t->kind);
    set_text(L, "track", kh_say(t->track));
    lua_createtable(L, (int)t->n_targets, 0);
    for (size_t i = 0; i < t->n_targets; i++) {
        lua_pushstring(L, t->targets[i]);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    lua_setfield(L, -2, "targets");
}

static void push_assignment(lua_State *L, const kh_assignment *a)
{
    lua_createtable(L, 0, 4);
    set_text(L, "task", a->task);
    set_text(L, "unit", a->unit);
    set_text(L, "role", kh_role_name(a->role));
    set_text(L, "duty", kh_say(a->duty));
}

static int plan_index(lua_State *L)
{
    const kh_plan *p = self(L);
    const char *key = lua_type(L, 2) == LUA_TSTRING ? lua_tostring(L, 2) : "";
    const struct { const char *key, *text; } texts[] = {
        {"code", p->code},   {"title", kh_say(p->title)}, {"kind", kh_say(p->kind)}, {"issuer", kh_say(p->issuer)}, {"place", p->place},
        {"subject", p->subject}, {"signer", p->signer}, {"parent", p->parent}, {"unit", p->unit},     {"note", p->note},
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (strcmp(key, texts[i].key) == 0) {
            lua_pushstring(L, texts[i].text);
            return 1;
        }
    if (strcmp(key, "date") == 0) {
        char text[KH_DAY_TEXT];
        kh_day_format(p->date, text);
        if (*text)
            lua_pushstring(L, text);
        else
            lua_pushnil(L);
        return 1;
    }
    if (strcmp(key, "from") == 0 || strcmp(key, "to") == 0) {
        kh_lua_push_period(L, *key == 'f' ? p->from : p->to);
        return 1;
    }
    return 0;
}

static int l_task(lua_State *L)
{
    const kh_plan *p = self(L);
    const char *code = kh_lua_text(L, 2, NULL);
    for (size_t i = 0; i < p->n_tasks; i++)
        if (strcmp(p->tasks[i].code, code) == 0) {
            push_task(L, &p->tasks[i]);
            return 1;
        }
    const char *names[500];
    size_t n = 0;
    for (; n < p->n_tasks && n < 500; n++)
        names[n] = p->tasks[n].code;
    kh_lua_raise(L, _("plan %s has no task \"%s\"%s"), p->code, code, kh_lua_near(L, code, names, n));
}

const kh_key kh_keys_tasks[] = {
    {"kind", "string?", "\"section\", \"task\", \"duty\""},
    {"parent", "string?", "directly below this task"},
    {NULL, NULL, NULL},
};

static int l_tasks(lua_State *L)
{
    const kh_plan *p = self(L);
    const char *kind = NULL, *parent = NULL;
    if (!lua_isnoneornil(L, 2)) {
        kh_table t = kh_table_open(L, 2, "plan:tasks", kh_keys_tasks);
        kind = kh_table_text(&t, "kind");
        parent = kh_table_text(&t, "parent");
    }
    lua_newtable(L);
    lua_Integer n = 0;
    for (size_t i = 0; i < p->n_tasks; i++) {
        const kh_task *t = &p->tasks[i];
        if ((kind && strcmp(t->kind, kind) != 0) || (parent && (!t->parent || strcmp(t->parent, parent) != 0)))
            continue;
        push_task(L, t);
        lua_rawseti(L, -2, ++n);
    }
    return 1;
}

const kh_key kh_keys_assignments[] = {
    {"task", "string?", "of this task"},
    {"unit", "Unit|string?", "of this unit, also where it is meant by \"*\" or \"kind:...\""},
    {"role", "\"lead\"|\"with\"|\"standing\"?", "in this role"},
    {NULL, NULL, NULL},
};

/* "*" is every agency and district; "kind:district" every unit of that kind. */
static bool concerns(lua_State *L, const kh_assignment *a, kh_unit u)
{
    const kh_units *units = kh_host(L)->ws->catalog->units;
    if (strcmp(a->unit, "*") == 0)
        return kh_units_is(units, u, "agency") || kh_units_is(units, u, "district");
    if (strncmp(a->unit, "kind:", 5) == 0)
        return kh_units_is(units, u, a->unit + 5);
    return strcmp(a->unit, kh_units_def(kh_host(L)->ws->catalog->units, u)->code) == 0;
}

static int l_assignments(lua_State *L)
{
    const kh_plan *p = self(L);
    const char *task = NULL, *role = NULL;
    kh_unit u = KH_NO_UNIT;
    if (!lua_isnoneornil(L, 2)) {
        kh_table t = kh_table_open(L, 2, "plan:assignments", kh_keys_assignments);
        task = kh_table_text(&t, "task");
        role = kh_table_text(&t, "role");
        kh_role r;
        if (role && !kh_role_parse(role, &r))
            kh_table_bad(&t, "role", _("must be lead, with or standing, not \"%s\""), role);
        if (kh_table_push(&t, "unit") != LUA_TNIL)
            u = kh_lua_unit(L, -1, kh_host(L)->at);
    }
    lua_newtable(L);
    lua_Integer n = 0;
    for (size_t i = 0; i < p->n_assignments; i++) {
        const kh_assignment *a = &p->assignments[i];
        if ((task && strcmp(a->task, task) != 0) || (role && strcmp(kh_role_name(a->role), role) != 0) || (u != KH_NO_UNIT && !concerns(L, a, u)))
            continue;
        push_assignment(L, a);
        lua_rawseti(L, -2, ++n);
    }
    return 1;
}

static int l_references(lua_State *L)
{
    const kh_plan *p = self(L);
    lua_createtable(L, (int)p->n_references, 0);
    for (size_t i = 0; i < p->n_references; i++) {
        lua_createtable(L, 0, 4);
        set_text(L, "code", p->references[i].code);
        set_text(L, "title", kh_say(p->references[i].title));
        set_text(L, "role", p->references[i].role);
        set_day(L, "date", p->references[i].date);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    return 1;
}

static int l_milestones(lua_State *L)
{
    const kh_plan *p = self(L);
    lua_createtable(L, (int)p->n_milestones, 0);
    for (size_t i = 0; i < p->n_milestones; i++) {
        const kh_milestone *m = &p->milestones[i];
        lua_createtable(L, 0, 5);
        set_text(L, "code", m->code);
        set_text(L, "title", kh_say(m->title));
        set_text(L, "task", m->task);
        set_text(L, "unit", m->unit);
        set_day(L, "due", m->due);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    return 1;
}

static int l_pilots(lua_State *L)
{
    const kh_plan *p = self(L);
    lua_createtable(L, (int)p->n_pilots, 0);
    for (size_t i = 0; i < p->n_pilots; i++) {
        lua_createtable(L, 0, 3);
        set_text(L, "unit", p->pilots[i].unit);
        set_text(L, "task", p->pilots[i].task);
        set_text(L, "title", kh_say(p->pilots[i].title));
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    return 1;
}

static int l_budget_years(lua_State *L)
{
    const kh_plan *p = self(L);
    lua_createtable(L, (int)p->n_budget_years, 0);
    for (size_t i = 0; i < p->n_budget_years; i++) {
        kh_lua_push_period(L, p->budget_years[i]);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    return 1;
}

static int l_children(lua_State *L)
{
    const kh_plan *p = self(L);
    const kh_catalog *c = kh_host(L)->ws->catalog;
    lua_newtable(L);
    lua_Integer n = 0;
    for (size_t i = 0; i < c->n_plans; i++) {
        if (!c->plans[i].parent || strcmp(c->plans[i].parent, p->code) != 0)
            continue;
        plan *child = lua_newuserdatauv(L, sizeof *child, 0);
        child->index = (uint32_t)i;
        luaL_setmetatable(L, class_name);
        lua_rawseti(L, -2, ++n);
    }
    return 1;
}

static int l_tostring(lua_State *L)
{
    const kh_plan *p = self(L);
    lua_pushfstring(L, "%s: %s", p->code, p->title);
    return 1;
}

static const kh_fn fns[] = {
    {"task", l_task, "code: string -> table", "A task: code, title, parent, kind, track, targets."},
    {"tasks", l_tasks, "options?: TasksOptions -> table[]", "Its sections and tasks, in the document's order."},
    {"assignments", l_assignments, "options?: AssignmentsOptions -> table[]", "Who does what: task, unit, role, duty. A unit's own are found also where it is meant by \"*\" or by its kind."},
    {"references", l_references, " -> table[]", "Documents that it names: code, title, date, role."},
    {"milestones", l_milestones, " -> table[]", "Dates to meet: code, title, due, task, unit."},
    {"pilots", l_pilots, " -> table[]", "Units that go first: unit, task, title."},
    {"budget_years", l_budget_years, " -> Period[]", "Years for which a budget is drawn up."},
    {"children", l_children, " -> Plan[]", "Plans that carry this one out."},
    {NULL, NULL, NULL, NULL},
};
static const kh_prop props[] = {
    {"code", "string", "its number"}, {"title", "string", "its title"}, {"kind", "string?", "kind of document"}, {"issuer", "string?", "who issued it"}, {"unit", "string?", "whose plan it is"},
    {"place", "string?", "where it was signed"}, {"date", "string?", "when"}, {"from", "Period?", "first period"}, {"to", "Period?", "last period"}, {"subject", "string?", "what it is about"},
    {"signer", "string?", "who signed it"}, {"parent", "string?", "the plan that it carries out"}, {"note", "string?", "a remark"}, {NULL, NULL, NULL},
};
static const luaL_Reg meta[] = {{"__tostring", l_tostring}, {NULL, NULL}};
const kh_ns kh_ns_plan = {.name = "kh.Plan", .is_class = true, .fns = fns, .props = props, .index = plan_index, .meta = meta, .doc = "A plan document."};

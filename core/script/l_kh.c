/* SPDX-License-Identifier: MIT */
/* The `kh` table: what it holds of the binding files, and the small things: log, progress, formats, the day. */
#include "script/l_doc.h"
#include "script/define.h"

#include "base/msg.h"
#include "base/text.h"
#include "report/format.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- output ------------------------------------------------------------------------------- */

void kh_lua_count_output(lua_State *L, size_t bytes)
{
    kh_script *s = kh_host(L);
    s->output += (int64_t)(bytes < INT32_MAX ? bytes : INT32_MAX);
    if (s->max_output > 0 && s->output > s->max_output)
        kh_lua_stop(L, KH_STOP_OUTPUT);
}

void kh_lua_print(lua_State *L, const char *text, size_t len)
{
    bool plain = true;
    kh_lua_count_output(L, len);
    for (size_t i = 0; i < len && plain; i++)
        plain = (unsigned char)text[i] >= 32 ? (unsigned char)text[i] < 127 : text[i] == '\n' || text[i] == '\t';
    if (!plain) { /* control bytes and broken UTF-8 are shown, not sent */
        char *shown = kh_text_visible(text, len, true);
        fwrite(shown, 1, strlen(shown), stdout);
        kh_free(shown);
    } else {
        fwrite(text, 1, len, stdout);
    }
    if (ferror(stdout))
        kh_lua_raise(L, _("cannot write the output: %s"), kh_errno_text(errno));
}

static int l_log(lua_State *L)
{
    static const char *const names[] = {"error", "warning", "note", "detail"};
    const char *level = "note";
    int at = 1;
    if (lua_gettop(L) >= 2) {
        level = kh_lua_text(L, 1, NULL);
        at = 2;
    }
    for (int i = 0; i < 4; i++)
        if (strcmp(level, names[i]) == 0) {
            luaL_tolstring(L, at, NULL);
            kh_lua_log(L, (kh_log_level)i, lua_tostring(L, -1));
            return 0;
        }
    kh_lua_raise(L, _("kh.log: a level is error, warning, note or detail, not \"%s\""), level);
}

static int l_progress(lua_State *L)
{
    const char *label = kh_lua_text(L, 1, NULL);
    int64_t done = kh_lua_int(L, 2), total = lua_isnoneornil(L, 3) ? 0 : kh_lua_int(L, 3);
    kh_progress(label, done < 0 ? 0 : (uint64_t)done, total < 0 ? 0 : (uint64_t)total);
    return 0;
}

/* --- words and numbers ------------------------------------------------------------------------ */

static kh_lang lang_arg(lua_State *L, int at)
{
    const char *s = kh_lua_text_or(L, at, NULL);
    if (!s)
        return kh_msg_lang_now();
    if (strcmp(s, "vi") != 0 && strcmp(s, "en") != 0)
        kh_lua_raise(L, _("a language is \"vi\" or \"en\", not \"%s\""), s);
    return *s == 'e' ? KH_LANG_EN : KH_LANG_VI;
}

static int l_format(lua_State *L)
{
    char text[KH_DEC_TEXT];
    int64_t decimals = lua_isnoneornil(L, 2) ? -1 : kh_lua_int(L, 2);
    kh_lang lang = lang_arg(L, 3);
    if (decimals < -1 || decimals > 18)
        kh_lua_raise(L, "%s", _("kh.format: decimals go from 0 to 18"));
    if (lua_isnil(L, 1)) {
        lua_pushliteral(L, "");
        return 1;
    }
    kh_dec_format(kh_lua_dec(L, 1, "kh.format"), text);
    kh_buf *b = kh_lua_buf(L);
    kh_format_number(text, (int)decimals, lang, b);
    kh_lua_push_buf(L, b);
    return 1;
}

static int l_date(lua_State *L)
{
    kh_day d = kh_lua_day(L, 1, kh_host(L)->ws->today);
    const char *how = kh_lua_text_or(L, 2, "short");
    kh_lang lang = lang_arg(L, 3);
    kh_buf *b = kh_lua_buf(L);
    if (strcmp(how, "long") == 0) {
        int y, m, day;
        kh_day_split(d, &y, &m, &day);
        kh_format_date_long(y, m, day, lang, b);
    } else if (strcmp(how, "short") == 0) {
        kh_format_date(d, lang, b);
    } else {
        kh_lua_raise(L, _("kh.date: \"short\" or \"long\", not \"%s\""), how);
    }
    kh_lua_push_buf(L, b);
    return 1;
}

static int l_today(lua_State *L)
{
    char text[KH_DAY_TEXT];
    kh_day_format(kh_host(L)->ws->today, text);
    lua_pushstring(L, text);
    return 1;
}

static int l_say(lua_State *L)
{
    lua_pushstring(L, kh_say(kh_lua_text(L, 1, NULL)));
    return 1;
}

static int l_lang(lua_State *L)
{
    lua_pushstring(L, kh_msg_lang_now() == KH_LANG_EN ? "en" : "vi");
    return 1;
}

static int l_compare(lua_State *L)
{
    lua_pushboolean(L, kh_text_compare(kh_lua_text(L, 1, NULL), kh_lua_text(L, 2, NULL)) < 0);
    return 1;
}

/* --- kh.sorted: a table's keys in order ---------------------------------------------------------- */

static int next_sorted(lua_State *L)
{
    lua_Integer i = lua_tointeger(L, lua_upvalueindex(3)) + 1;
    lua_pushinteger(L, i);
    lua_replace(L, lua_upvalueindex(3));
    if (lua_geti(L, lua_upvalueindex(2), i) == LUA_TNIL)
        return 1;
    lua_pushvalue(L, -1);
    lua_gettable(L, lua_upvalueindex(1));
    return 2;
}

static int key_before(lua_State *L)
{
    int a = lua_type(L, 1), b = lua_type(L, 2);
    if (a != b)
        lua_pushboolean(L, a < b);
    else if (a == LUA_TSTRING)
        lua_pushboolean(L, strcmp(lua_tostring(L, 1), lua_tostring(L, 2)) < 0);
    else
        lua_pushboolean(L, a != LUA_TBOOLEAN && lua_compare(L, 1, 2, LUA_OPLT));
    return 1;
}

static int l_sorted(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_settop(L, 1);
    lua_newtable(L);
    lua_Integer n = 0;
    for (lua_pushnil(L); lua_next(L, 1); lua_pop(L, 1)) {
        lua_pushvalue(L, -2);
        lua_rawseti(L, 2, ++n);
    }
    lua_getfield(L, LUA_REGISTRYINDEX, "kh.sort");
    lua_pushvalue(L, 2);
    lua_pushcfunction(L, key_before);
    lua_call(L, 2, 0);
    lua_pushinteger(L, 0);
    lua_pushcclosure(L, next_sorted, 3);
    return 1;
}

/* --- the catalog, read -------------------------------------------------------------------------------- */

static int l_indicators(lua_State *L)
{
    const kh_catalog *c = kh_host(L)->ws->catalog;
    lua_createtable(L, (int)c->n_indicators, 0);
    for (size_t i = 0; i < c->n_indicators; i++) {
        const kh_indicator *x = &c->indicators[i];
        const struct { const char *key, *text; } texts[] = {{"code", x->code}, {"title", kh_say(x->title)}, {"unit", kh_say(x->unit)}, {"task", x->task}, {"note", x->note}};
        lua_createtable(L, 0, 6);
        for (int k = 0; k < 5; k++)
            if (texts[k].text) {
                lua_pushstring(L, texts[k].text);
                lua_setfield(L, -2, texts[k].key);
            }
        lua_pushinteger(L, x->decimals);
        lua_setfield(L, -2, "decimals");
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    return 1;
}

int kh_l_value(lua_State *L), kh_l_figure(lua_State *L), kh_l_query(lua_State *L), kh_l_compute(lua_State *L), kh_l_check(lua_State *L), kh_l_late(lua_State *L),
    kh_l_explain(lua_State *L), kh_l_sql(lua_State *L), kh_l_units(lua_State *L), kh_l_unit(lua_State *L), kh_l_period(lua_State *L), kh_l_plan(lua_State *L),
    kh_l_plans(lua_State *L), kh_l_frame(lua_State *L), kh_l_read(lua_State *L), kh_l_write(lua_State *L), kh_l_files(lua_State *L), kh_l_import(lua_State *L),
    kh_l_inbox(lua_State *L), kh_l_report(lua_State *L), kh_l_when(lua_State *L), kh_l_min(lua_State *L), kh_l_max(lua_State *L), kh_l_abs(lua_State *L),
    kh_l_log(lua_State *L), kh_l_round(lua_State *L), kh_l_days(lua_State *L), kh_l_missing(lua_State *L), kh_l_count_units(lua_State *L);

/* kh.log is a column's logarithm in a formula, and a line of the log elsewhere: an expression or a number is no text. */
static int log_or_logarithm(lua_State *L)
{
    if (lua_gettop(L) == 1 && luaL_testudata(L, 1, "kh.Expr"))
        return kh_l_log(L);
    return l_log(L);
}

static const kh_fn fns[] = {
    {"value", kh_l_value, "name: string, unit: Unit|string, period: Period|string, options?: FigureOptions -> number?, string?", "The figure of a measure or indicator; nil and the reason where it is missing."},
    {"figure", kh_l_figure, "name: string, unit: Unit|string, period: Period|string, options?: FigureOptions -> table",
     "The same with what is known about it: value, text (as shown), missing, status, status_text, target, distance, reported, expected."},
    {"query", kh_l_query, "options: QueryOptions -> Frame", "Figures of many units and periods: columns unit, period, and one for each name."},
    {"compute", kh_l_compute, "options?: ComputeOptions -> Frame", "What `kehoach compute` shows."},
    {"check", kh_l_check, "options?: CheckOptions -> table[]", "Findings of the rules: a list with fields errors and warnings; each has severity, code, text, file, line."},
    {"late", kh_l_late, "options?: LateOptions -> Frame", "Who has not sent what was due, or sent it late: form, period, unit, due, received, days, version, status."},
    {"explain", kh_l_explain, "what: string|fun(m: M): Expr, unit: Unit|string, period: Period|string, options?: FigureOptions -> table",
     "A figure's whole origin as a tree: an indicator's, a measure's, or that of a formula as in the columns of kh.query. Prints as `kehoach explain` does."},
    {"sql", kh_l_sql, "text: string, ...: any -> Rows", "A read-only statement with bound parameters (?): `for row in kh.sql(\"SELECT ...\", 2018) do`. See docs/store.md for the views. Raises on a fault."},
    {"units", kh_l_units, "options?: UnitsQuery -> Unit[]", "Units by kind, level, group or place in the tree, at a date."},
    {"unit", kh_l_unit, "text: string, at?: Period|string -> Unit", "A unit by code or name."},
    {"period", kh_l_period, "text: string -> Period", "A period by its name."},
    {"plan", kh_l_plan, "code?: string -> Plan", "A plan (the first one if no code is given)."},
    {"plans", kh_l_plans, " -> Plan[]", "All plans."},
    {"indicators", l_indicators, " -> table[]", "All indicators: code, title, unit, decimals, task, note."},
    {"frame", kh_l_frame, "columns: string[], rows: table[] -> Frame", "A frame from rows of one's own: { name = value } or the values in the order of the columns."},
    {"import", kh_l_import, "path: string, options?: ImportOptions -> table?, Error?", "Imports a return: outcome (stored, same, refused, checked), form, unit, period, version, findings."},
    {"inbox", kh_l_inbox, "folder: string -> Inbox", "A drop folder that is granted for reading."},
    {"report", kh_l_report, "code: string, params?: table -> Report", "A report with its period, unit and parameters."},
    {"read", kh_l_read, "path: string -> string?, Error?", "A file of a granted folder, as it is (at most 64 MiB)."},
    {"write", kh_l_write, "path: string, text: string -> string?, Error?", "Writes a file into a folder that is granted for writing: whole or not at all."},
    {"files", kh_l_files, "folder: string -> string[]", "Names in a granted folder, sorted."},
    {"log", log_or_logarithm, "level: \"error\"|\"warning\"|\"note\"|\"detail\", text?: string", "A line on standard error (and in the run's log of a job): `kh.log(\"text\")` or `kh.log(\"warning\", \"text\")`. In a formula: the natural logarithm of a column."},
    {"progress", l_progress, "label: string, done: integer, total?: integer", "Progress, shown on a terminal alone."},
    {"format", l_format, "number: number?, decimals?: integer, lang?: \"vi\"|\"en\" -> string", "A number as people write it: 1.234,5."},
    {"date", l_date, "day?: Period|string, how?: \"short\"|\"long\", lang?: \"vi\"|\"en\" -> string", "A day as people write it: 05/02/2018, ngày 05 tháng 02 năm 2018."},
    {"today", l_today, " -> string", "The day of this run, \"2018-07-08\" (KEHOACH_NOW sets it)."},
    {"lang", l_lang, " -> string", "\"vi\" or \"en\"."},
    {"say", l_say, "text: string -> string", "The text, or in English what `english { ... }` gives for it: `kh.say(\"Dự toán %s\"):format(n)`."},
    {"compare", l_compare, "a: string, b: string -> boolean", "Whether a comes before b in the order of Vietnamese words; for table.sort."},
    {"sorted", l_sorted, "t: table -> fun(): any, any", "Like pairs, in the order of the keys, so that every run goes the same way."},
    {"when", kh_l_when, "cond: Expr, a: Expr|number, b?: Expr|number -> Expr", "In a formula: a where the condition is not 0, else b (missing if left out)."},
    {"min", kh_l_min, "...: Expr|number -> Expr", "In a formula: the smallest; missing if one is."},
    {"max", kh_l_max, "...: Expr|number -> Expr", "In a formula: the largest; missing if one is."},
    {"abs", kh_l_abs, "a: Expr -> Expr", "In a formula: without its sign."},
    {"round", kh_l_round, "a: Expr, decimals?: integer -> Expr", "In a formula: rounded half away from zero."},
    {"days", kh_l_days, " -> Expr", "In a formula: the civil days of the period."},
    {"missing", kh_l_missing, " -> Expr", "In a formula: missing."},
    {"count_units", kh_l_count_units, "kind: string -> Expr", "In a formula: how many units of this kind or level are there at or below the unit, at the period's last day."},
    {NULL, NULL, NULL, NULL},
};
static const kh_ns ns_kh = {.name = "kh", .doc = "What analyses, reports, rules and jobs ask.", .fns = fns};

/* --- all that is documented ---------------------------------------------------------------------------- */

extern const kh_ns kh_ns_define, kh_ns_expr, kh_ns_row, kh_ns_out, kh_ns_doc, kh_ns_frame, kh_ns_rows, kh_ns_unit, kh_ns_period, kh_ns_plan, kh_ns_report, kh_ns_inbox, kh_ns_job;
extern const kh_key kh_keys_query[], kh_keys_compute[], kh_keys_check[], kh_keys_late[], kh_keys_units_query[], kh_keys_import[], kh_keys_typical[], kh_keys_tasks[], kh_keys_assignments[];

const kh_ns *const kh_namespaces[] = {&kh_ns_define, &kh_ns_expr,   &kh_ns_row,  &kh_ns_out,    &kh_ns_doc,   &ns_kh,         &kh_ns_frame,
                                      &kh_ns_rows,   &kh_ns_unit,   &kh_ns_period, &kh_ns_plan, &kh_ns_report, &kh_ns_inbox, &kh_ns_job, NULL};

static const kh_key figure_keys[] = {{"cut", "table?", "for a measure: { gender = \"female\" }"}, {"as_of", "string?", "restated to the units of this day"}, {NULL, NULL, NULL}};

#define TABLE(var, name_, doc_, keys_) static const kh_options_doc var = {name_, doc_, keys_}
TABLE(d_workspace, "WorkspaceOptions", "kehoach.lua", kh_keys_workspace);
TABLE(d_kind, "KindOptions", "kind \"code\" { ... }", kh_keys_kind);
TABLE(d_units, "UnitsOptions", "units { ... }", kh_keys_units);
TABLE(d_successors, "SuccessorsOptions", "successors { ... }", kh_keys_successors);
TABLE(d_unit, "UnitOptions", "unit \"code\" { ... }", kh_keys_unit);
TABLE(d_category, "CategoryOptions", "category \"code\" { ... }", kh_keys_category);
TABLE(d_measure, "MeasureOptions", "measure \"code\" { ... }", kh_keys_measure);
TABLE(d_indicator, "IndicatorOptions", "indicator \"code\" { ... }", kh_keys_indicator);
TABLE(d_target, "TargetOptions", "target = { ... }: exactly one of the comparators", kh_keys_target);
TABLE(d_rule, "RuleOptions", "rule \"code\" { ... }", kh_keys_rule);
TABLE(d_form, "FormOptions", "form \"code\" { ... }", kh_keys_form);
TABLE(d_column, "ColumnOptions", "a column of a form: { \"Heading\", as = \"...\" }", kh_keys_column);
TABLE(d_plan, "PlanOptions", "plan \"code\" { ... }", kh_keys_plan);
TABLE(d_reference, "ReferenceOptions", "a document that a plan names", kh_keys_reference);
TABLE(d_task, "TaskOptions", "a section or task of a plan", kh_keys_task);
TABLE(d_assignment, "AssignmentOptions", "who does what: unit and role, or lead, with, standing", kh_keys_assignment);
TABLE(d_milestone, "MilestoneOptions", "a date to meet", kh_keys_milestone);
TABLE(d_pilot, "PilotOptions", "a unit that goes first", kh_keys_pilot);
TABLE(d_report, "ReportOptions", "report \"code\" { ... }", kh_keys_report);
TABLE(d_job, "JobOptions", "job \"code\" { ... }", kh_keys_job);
TABLE(d_typical, "TypicalOptions", "column:typical { ... }", kh_keys_typical);
TABLE(d_query, "QueryOptions", "kh.query { ... }", kh_keys_query);
TABLE(d_figure, "FigureOptions", "kh.value, kh.figure, kh.explain", figure_keys);
TABLE(d_compute, "ComputeOptions", "kh.compute { ... }", kh_keys_compute);
TABLE(d_check, "CheckOptions", "kh.check { ... }", kh_keys_check);
TABLE(d_late, "LateOptions", "kh.late { ... }", kh_keys_late);
TABLE(d_units_query, "UnitsQuery", "kh.units { ... }", kh_keys_units_query);
TABLE(d_import, "ImportOptions", "kh.import, inbox:import", kh_keys_import);
TABLE(d_tasks, "TasksOptions", "plan:tasks { ... }", kh_keys_tasks);
TABLE(d_assignments, "AssignmentsOptions", "plan:assignments { ... }", kh_keys_assignments);
TABLE(d_doc_table, "TableOptions", "doc:table", kh_keys_doc_table);
TABLE(d_doc_cell, "CellOptions", "a cell with more than its text: { \"text\", bold = true }", kh_keys_doc_cell);
TABLE(d_doc_chart, "ChartOptions", "doc:chart { ... }", kh_keys_doc_chart);
TABLE(d_official, "OfficialOptions", "doc:official { ... }", kh_keys_official);
TABLE(d_sign, "SignOptions", "doc:sign { ... }", kh_keys_sign);
TABLE(d_tile, "TileOptions", "doc:tiles { { ... } }", kh_keys_tile);

const kh_options_doc *const kh_option_tables[] = {
    &d_workspace, &d_kind, &d_units, &d_successors, &d_unit, &d_category, &d_measure, &d_indicator, &d_target, &d_rule, &d_form, &d_column, &d_plan,
    &d_reference, &d_task, &d_assignment, &d_milestone, &d_pilot, &d_report, &d_job, &d_typical, &d_query, &d_figure, &d_compute, &d_check, &d_late,
    &d_units_query, &d_import, &d_tasks, &d_assignments, &d_doc_table, &d_doc_cell, &d_doc_chart, &d_official, &d_sign, &d_tile, NULL,
};

/* --- opening ------------------------------------------------------------------------------------------------ */

void kh_open_row(lua_State *L);

static void weak_table(lua_State *L, const char *key)
{
    lua_newtable(L);
    lua_createtable(L, 0, 1);
    lua_pushliteral(L, "v");
    lua_setfield(L, -2, "__mode");
    lua_setmetatable(L, -2);
    lua_setfield(L, LUA_REGISTRYINDEX, key);
}

/* The kh table, with a nearest-name error for what it does not have, behind a read-only view. */
void kh_open_kh(lua_State *L)
{
    static const kh_ns *const classes[] = {&kh_ns_expr, &kh_ns_doc, &kh_ns_frame, &kh_ns_rows, &kh_ns_unit, &kh_ns_period, &kh_ns_plan, &kh_ns_report, &kh_ns_inbox, &kh_ns_job};
    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++)
        kh_lua_class(L, classes[i]);
    weak_table(L, "kh.periods");
    weak_table(L, "kh.units");
    kh_open_row(L);
    lua_getfield(L, LUA_REGISTRYINDEX, "kh.globals");
    lua_getfield(L, -1, "table");
    lua_getfield(L, -1, "sort");
    lua_setfield(L, LUA_REGISTRYINDEX, "kh.sort");
    lua_pop(L, 2);
    lua_newtable(L);
    kh_lua_functions(L, fns);
    kh_lua_strict(L, &ns_kh);
    kh_lua_protect(L);
    kh_sandbox_global(L, "kh");
}

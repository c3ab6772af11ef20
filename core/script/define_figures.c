/* SPDX-License-Identifier: MIT */
/* Definitions of measures, indicators with their targets, and rules. */
#include "script/define.h"

#include "base/hash.h"
#include "base/msg.h"

#include <stdio.h>
#include <string.h>

const kh_key kh_keys_measure[] = {
    {"title", "string?", "its name for people"},
    {"unit", "string?", "what it is counted in: \"người\", \"đồng\""},
    {"type", "\"number\"|\"integer\"|\"money\"|\"choice\"|\"text\"|\"yesno\"?", "default number; money and integer are exact whole numbers"},
    {"over_units", "\"sum\"|\"mean\"|\"min\"|\"max\"|\"last\"|\"first\"|\"count\"|\"none\"|\"stddev\"|\"variance\"?", "how units make up a whole; default sum"},
    {"over_time", "\"sum\"|\"mean\"|\"min\"|\"max\"|\"last\"|\"first\"|\"count\"|\"none\"|\"stddev\"|\"variance\"?", "how parts of a period make up a whole; default sum"},
    {"by", "string|string[]?", "categories by which it may be broken down"},
    {"task", "string?", "the code of the plan's task that it belongs to"},
    {"choices", "(string|table)[]?", "for choice: \"code\" or { \"code\", title = \"...\" }"},
    {"reported_by", "Selector|Selector[]?", "of the units that its form expects, those that give this one; default all"},
    {"min", "integer?", "a smaller value is a finding"},
    {"max", "integer?", "a larger value is a finding"},
    {"max_length", "integer?", "for text: most letters; default 4000"},
    {NULL, NULL, NULL},
};
const kh_key kh_keys_indicator[] = {
    {"title", "string?", "its name for people"},
    {"unit", "string?", "\"%\", \"người\""},
    {"decimals", "integer?", "as shown, 0 to 9; default 0"},
    {"task", "string?", "the code of the plan's task"},
    {"formula", "(fun(m: M): Expr|number)?", "builds the expression: m.x is a column"},
    {"each", "(fun(c: table<string, number>): number?)?", "plain Lua, cell by cell: c.x is a number or nil"},
    {"inputs", "string|string[]?", "for each: what it reads, where its source does not say it as c.x"},
    {"target", "TargetOptions?", "one target"},
    {"targets", "TargetOptions[]?", "several"},
    {"lower_is_better", "boolean?", "for ranking and colours"},
    {"note", "string?", "where the rule comes from"},
    {NULL, NULL, NULL},
};
const kh_key kh_keys_target[] = {
    {"at_least", "number|string|(fun(m: M): Expr|number)?", "met from this value on; a formula, or the name of an indicator or measure, gives each unit and period its own bound"},
    {"above", "number|string|(fun(m: M): Expr|number)?", "met beyond this value"},
    {"at_most", "number|string|(fun(m: M): Expr|number)?", "met up to this value"},
    {"below", "number|string|(fun(m: M): Expr|number)?", "met under this value"},
    {"between", "(number|string|(fun(m: M): Expr|number))[]?", "{ lo, hi }: both meet"},
    {"exactly", "number|string|(fun(m: M): Expr|number)?", "met at this value alone"},
    {"from", "Period|string?", "first period that it holds for"},
    {"to", "Period|string?", "last period"},
    {"every", "\"year\"|\"nine\"|\"half\"|\"quarter\"|\"month\"|\"week\"|\"day\"?", "judges periods of this length only; default every length"},
    {"by_end", "boolean?", "to be reached by the end of `to`: earlier shortfalls are \"not yet due\""},
    {"scope", "Selector?", "units that it binds"},
    {"text", "string?", "the plan's words"},
    {NULL, NULL, NULL},
};
const kh_key kh_keys_rule[] = {
    {"title", "string?", "its name for people"},
    {"severity", "\"error\"|\"warning\"|\"note\"?", "error refuses a return; default warning"},
    {"check", "fun(m: M): Expr", "1 where it holds, 0 where it is broken"},
    {"needs", "\"all\"|\"any\"|\"none\"?", "which inputs must be there for it to be judged; default all"},
    {"scope", "Selector?", "units; default those that have the values themselves"},
    {"message", "string?", "with {measure}, {unit}, {period} to fill in"},
    {NULL, NULL, NULL},
};

static int one_of(const kh_table *t, const char *key, const char *const *names, size_t n, int otherwise)
{
    const char *s = kh_table_text(t, key);
    if (!s)
        return otherwise;
    for (size_t i = 0; i < n; i++)
        if (strcmp(s, names[i]) == 0)
            return (int)i;
    kh_lua_near(t->L, s, names, n);
    kh_buf *near = &kh_host(t->L)->text;
    kh_table_bad(t, key, _("cannot be \"%s\"%s"), s, kh_buf_cstr(near));
}

/* --- measures ------------------------------------------------------------------------------- */

static kh_agg agg_of(const kh_table *t, const char *key)
{
    static const char *names[10];
    for (int i = 0; i < 10; i++)
        names[i] = kh_agg_name((kh_agg)i);
    return (kh_agg)one_of(t, key, names, 10, KH_AGG_SUM);
}

static uint32_t need_category(const kh_table *t, const char *key, const char *code)
{
    const kh_cuts *cuts = kh_host(t->L)->ws->catalog->cuts;
    uint32_t cat = kh_cuts_category(cuts, code);
    if (cat != UINT32_MAX)
        return cat;
    const kh_category *all;
    const char *names[128];
    size_t n = kh_cuts_categories(cuts, &all), m = 0;
    for (; m < n && m < 128; m++)
        names[m] = all[m].code;
    kh_table_bad(t, key, _("names a category \"%s\" that is not defined%s"), code, kh_lua_near(t->L, code, names, m));
}

static void read_choices(const kh_table *t, const kh_defn *d, kh_measure *m)
{
    static const kh_key choice_keys[] = {{"[1]", "string", "code"}, {"title", "string?", "its name"}, {NULL, NULL, NULL}};
    lua_State *L = t->L;
    kh_arena *a = d->c->arena;
    if (kh_table_push(t, "choices") == LUA_TNIL) {
        if (m->type == KH_CHOICE)
            kh_table_bad(t, "choices", _("are missing: a choice needs them"));
        lua_pop(L, 1);
        return;
    }
    if (m->type != KH_CHOICE)
        kh_table_bad(t, "choices", _("belong to type = \"choice\" only"));
    luaL_checktype(L, -1, LUA_TTABLE);
    size_t n = lua_rawlen(L, -1);
    const char **codes = kh_arena_alloc(a, (n + 1) * sizeof *codes), **titles = kh_arena_alloc(a, (n + 1) * sizeof *titles);
    for (size_t i = 0; i < n; i++) {
        const char *code, *title = NULL;
        if (lua_rawgeti(L, -1, (lua_Integer)i + 1) == LUA_TSTRING) {
            code = lua_tostring(L, -1);
        } else {
            kh_table o = kh_table_open(L, -1, d->what, choice_keys);
            code = kh_table_text(&o, "[1]");
            title = kh_table_text(&o, "title");
        }
        codes[i] = kh_arena_strdup(a, code);
        titles[i] = kh_arena_strdup(a, title ? title : code);
        lua_pop(L, 1);
    }
    m->choices = codes;
    m->choice_titles = titles;
    m->n_choices = n;
    lua_pop(L, 1);
}

void kh_define_measure(lua_State *L, const kh_defn *d)
{
    static const char *const types[] = {"number", "integer", "money", "choice", "text", "yesno"};
    kh_table t = kh_table_open(L, d->table, d->what, kh_keys_measure);
    kh_arena *a = d->c->arena;
    kh_measure m = {.code = kh_defn_code(d), .title = kh_defn_title(&t, d, "title"), .unit = kh_table_text_in(&t, "unit", a), .task = kh_table_text_in(&t, "task", a)};
    m.type = (kh_type)one_of(&t, "type", types, 6, KH_NUMBER);
    m.over_units = agg_of(&t, "over_units");
    m.over_time = agg_of(&t, "over_time");
    if (!kh_type_is_number(m.type)) {
        /* words cannot be added up: where nothing is said, a whole has only its own */
        if (!kh_table_has(&t, "over_units"))
            m.over_units = KH_AGG_NONE;
        if (!kh_table_has(&t, "over_time"))
            m.over_time = KH_AGG_LAST;
    }
    const char *const *by;
    m.n_by = kh_table_texts(&t, "by", a, &by);
    uint32_t *cats = kh_arena_alloc(a, (m.n_by + 1) * sizeof *cats);
    for (size_t i = 0; i < m.n_by; i++)
        cats[i] = need_category(&t, "by", by[i]);
    m.by = cats;
    read_choices(&t, d, &m);
    m.has_min = kh_table_has(&t, "min");
    m.has_max = kh_table_has(&t, "max");
    m.min = kh_table_int(&t, "min", -INT64_MAX, INT64_MAX, 0);
    m.max = kh_table_int(&t, "max", -INT64_MAX, INT64_MAX, 0);
    if (m.has_min && m.has_max && m.min > m.max)
        kh_table_bad(&t, "max", _("is smaller than min"));
    m.n_reported_by = kh_table_selectors(&t, "reported_by", a, &m.reported_by);
    m.max_length = (uint32_t)kh_table_int(&t, "max_length", 1, 100000, 0);
    m.file = kh_defn_file(d);
    m.line = d->place->line;
    kh_canonical_sha256(L, d->table, m.sha256);
    kh_defn_add(L, d, KH_DEF_MEASURE, &m);
}

/* --- targets ---------------------------------------------------------------------------------- */

static const char *const comparators[] = {"at_least", "above", "at_most", "below", "between", "exactly"};

/* The bound on top of the stack, taken off. One that is a formula or a name is filled in when all names are known. */
static kh_dec read_bound(const kh_table *t, const char *key)
{
    lua_State *L = t->L;
    kh_dec d = {KH_MISSING, 0};
    int type = lua_type(L, -1);
    bool digits = type == LUA_TSTRING && lua_isnumber(L, -1); /* "85" is meant for 85, and no name */
    if ((type != LUA_TNUMBER && type != LUA_TSTRING && type != LUA_TFUNCTION) || digits)
        kh_table_bad(t, key, _("must be a number, the name of an indicator or measure, or a function like function(m) return m.x:prev() end"));
    if (type == LUA_TNUMBER)
        d = kh_lua_dec(L, -1, key);
    lua_pop(L, 1);
    return d;
}

static void read_target(lua_State *L, const kh_defn *d, kh_target *out)
{
    kh_table t = kh_table_open(L, -1, d->what, kh_keys_target);
    int found = 0;
    memset(out, 0, sizeof *out);
    for (int i = 0; i < 6; i++) {
        if (!kh_table_has(&t, comparators[i]))
            continue;
        found++;
        out->cmp = (kh_comparator)i;
        if (i != KH_BETWEEN) {
            kh_table_push(&t, comparators[i]);
            out->lo = read_bound(&t, comparators[i]);
            continue;
        }
        kh_table_push(&t, "between");
        if (!lua_istable(L, -1) || lua_rawlen(L, -1) != 2)
            kh_table_bad(&t, "between", _("must be { lo, hi }"));
        lua_rawgeti(L, -1, 1);
        out->lo = read_bound(&t, "between");
        lua_rawgeti(L, -1, 2);
        out->hi = read_bound(&t, "between");
        lua_pop(L, 1);
        if (out->lo.m != KH_MISSING && out->hi.m != KH_MISSING && kh_dec_cmp(out->lo, out->hi) > 0)
            kh_table_bad(&t, "between", _("must go from the smaller to the larger value"));
    }
    if (found != 1)
        kh_lua_raise(L, _("%s: a target has exactly one of at_least, above, at_most, below, between and exactly"), d->what);
    out->from = kh_table_period(&t, "from");
    out->to = kh_table_period(&t, "to");
    if (out->from && out->to && kh_period_last(out->to) < kh_period_first(out->from))
        kh_table_bad(&t, "to", _("lies before from"));
    out->every = kh_table_freq(&t, "every");
    out->by_end = kh_table_bool(&t, "by_end", false);
    if (out->by_end && !out->to)
        kh_table_bad(&t, "by_end", _("needs to = the period by whose end it is due"));
    kh_table_selector(&t, "scope", d->c->arena, &out->scope);
    out->text = kh_table_text_in(&t, "text", d->c->arena);
}

static void read_targets(const kh_table *t, const kh_defn *d, kh_indicator *ind)
{
    lua_State *L = t->L;
    bool one = kh_table_has(t, "target"), many = kh_table_has(t, "targets");
    if (one && many)
        kh_table_bad(t, "targets", _("and target cannot both be given"));
    if (one) {
        ind->targets = kh_arena_alloc(d->c->arena, sizeof *ind->targets);
        ind->n_targets = 1;
        kh_table_push(t, "target");
        read_target(L, d, ind->targets);
        lua_pop(L, 1);
    } else if (many) {
        if (kh_table_push(t, "targets") != LUA_TTABLE)
            kh_table_bad(t, "targets", _("must be a list of targets: { { at_least = 85 }, ... }"));
        ind->n_targets = lua_rawlen(L, -1);
        ind->targets = kh_arena_alloc(d->c->arena, (ind->n_targets + 1) * sizeof *ind->targets);
        for (size_t i = 0; i < ind->n_targets; i++) {
            lua_rawgeti(L, -1, (lua_Integer)i + 1);
            read_target(L, d, &ind->targets[i]);
            lua_pop(L, 1);
        }
        lua_pop(L, 1);
    }
}

/* --- indicators ------------------------------------------------------------------------------- */

void kh_define_indicator(lua_State *L, const kh_defn *d)
{
    kh_table t = kh_table_open(L, d->table, d->what, kh_keys_indicator);
    kh_arena *a = d->c->arena;
    kh_indicator ind = {.code = kh_defn_code(d), .title = kh_defn_title(&t, d, "title"), .unit = kh_table_text_in(&t, "unit", a), .task = kh_table_text_in(&t, "task", a),
                        .note = kh_table_text_in(&t, "note", a), .formula = KH_NO_EXPR};
    bool formula = kh_table_has(&t, "formula"), each = kh_table_has(&t, "each");
    if (formula == each)
        kh_lua_raise(L, _("%s: an indicator has a formula, or each for plain Lua cell by cell, and not both"), d->what);
    ind.decimals = (int)kh_table_int(&t, "decimals", 0, 9, 0);
    ind.lower_is_better = kh_table_bool(&t, "lower_is_better", false);
    read_targets(&t, d, &ind);
    ind.file = kh_defn_file(d);
    ind.line = d->place->line;
    kh_canonical_sha256(L, d->table, ind.sha256);
    kh_defn_add(L, d, KH_DEF_INDICATOR, &ind);
}

/* The function's own text: on its lines the first behind `key`, or (nth = 1) the one after that. */
static const char *source_of(lua_State *L, const kh_defn *d, int fn, const char *key, int nth)
{
    lua_Debug ar;
    lua_pushvalue(L, fn);
    lua_getinfo(L, ">S", &ar);
    if (ar.source[0] != '@')
        return NULL;
    kh_buf *b = kh_lua_buf(L);
    kh_source_lines(d->s, ar.source + 1, ar.linedefined, ar.lastlinedefined, b);
    const char *text = kh_buf_cstr(b), *end = text + b->len, *at = strstr(text, key), *from = strstr(at ? at : text, "function");
    from = from ? from : strstr(text, "function");
    if (from && nth && (at = strstr(kh_function_end(from, end), "function")))
        from = at;
    from = from ? from : text;
    const char *out = kh_arena_strndup(d->c->arena, from, (size_t)(kh_function_end(from, end) - from));
    lua_pop(L, 1);
    return out;
}

static int line_of(lua_State *L, int fn)
{
    lua_Debug ar;
    if (lua_type(L, fn) != LUA_TFUNCTION)
        return -1;
    lua_pushvalue(L, fn);
    lua_getinfo(L, ">S", &ar);
    return ar.linedefined;
}

/* The bound on top of the stack, taken off: what it is made of, where it is no number. */
static void finish_bound(lua_State *L, const kh_defn *d, const char *key, int nth, kh_dec *fixed, const kh_limit **by)
{
    kh_arena *a = d->c->arena;
    int at = lua_gettop(L), type = lua_type(L, at);
    kh_limit made = {KH_NO_EXPR, NULL};
    if (type == LUA_TFUNCTION) {
        made.source = source_of(L, d, at, key, nth);
        made.of = kh_lua_formula(L, at, d->what);
    } else if (type == LUA_TSTRING) {
        made.source = kh_arena_strdup(a, lua_tostring(L, at));
        made.of = kh_lua_leaf(L, made.source);
    }
    lua_settop(L, at - 1);
    if (made.of == KH_NO_EXPR)
        return;
    const kh_expr_node *x = kh_expr_get(d->c->exprs, made.of);
    if (x->op == KH_X_NUM) { /* a function that gives a number */
        *fixed = x->num;
        return;
    }
    kh_limit *kept = kh_arena_alloc(a, sizeof *kept);
    *kept = made;
    *by = kept;
}

/* The target on top of the stack. */
static void finish_target(lua_State *L, const kh_defn *d, kh_target *t)
{
    kh_table table = {L, lua_gettop(L), d->what, kh_keys_target};
    kh_table_push(&table, comparators[t->cmp]);
    if (t->cmp != KH_BETWEEN) {
        finish_bound(L, d, comparators[t->cmp], 0, &t->lo, &t->lo_by);
        return;
    }
    lua_rawgeti(L, -1, 1);
    int line = line_of(L, lua_gettop(L));
    finish_bound(L, d, "between", 0, &t->lo, &t->lo_by);
    lua_rawgeti(L, -1, 2);
    int second = line >= 0 && line == line_of(L, lua_gettop(L));
    finish_bound(L, d, "between", second, &t->hi, &t->hi_by);
    lua_pop(L, 1);
}

static void finish_targets(const kh_table *t, const kh_defn *d, kh_indicator *ind)
{
    lua_State *L = t->L;
    bool one = kh_table_has(t, "target");
    if (!ind->n_targets)
        return;
    kh_table_push(t, one ? "target" : "targets");
    for (size_t i = 0; i < ind->n_targets; i++) {
        if (!one)
            lua_rawgeti(L, -1, (lua_Integer)i + 1);
        finish_target(L, d, &ind->targets[i]);
        if (!one)
            lua_pop(L, 1);
    }
    lua_pop(L, 1);
}

/* After all names are known: the formula runs once. The expression it built counts in the definition's hash. */
void kh_define_formula(lua_State *L, const kh_defn *d)
{
    uint32_t i = kh_catalog_find(d->c, KH_DEF_INDICATOR, d->code);
    if (i == UINT32_MAX)
        return; /* its own fault was told already */
    kh_table t = {L, d->table, d->what, kh_keys_indicator};
    bool each = kh_table_has(&t, "each");
    if (kh_table_push(&t, each ? "each" : "formula") != LUA_TFUNCTION)
        kh_table_bad(&t, each ? "each" : "formula", _("must be a function, not a %s"), kh_lua_type(L, -1));
    int fn = lua_gettop(L);
    const char *source = source_of(L, d, fn, each ? "each" : "formula", 0);
    if (each) {
        int inputs = kh_table_push(&t, "inputs") != LUA_TNIL ? lua_gettop(L) : 0;
        kh_each_make(L, fn, inputs, &d->c->indicators[i]);
    } else {
        if (kh_table_has(&t, "inputs"))
            kh_table_bad(&t, "inputs", _("belong to each only"));
        kh_expr e = kh_lua_formula(L, fn, d->what);
        d->c->indicators[i].formula = e;
    }
    d->c->indicators[i].source = source;
    finish_targets(&t, d, &d->c->indicators[i]);
}

/* --- rules ------------------------------------------------------------------------------------- */

void kh_define_rule(lua_State *L, const kh_defn *d)
{
    static const char *const severities[] = {"error", "warning", "note"}, *const needs[] = {"all", "any", "none"};
    kh_table t = kh_table_open(L, d->table, d->what, kh_keys_rule);
    kh_arena *a = d->c->arena;
    kh_rule r = {.code = kh_defn_code(d), .title = kh_table_text_in(&t, "title", a)};
    r.severity = (kh_severity)one_of(&t, "severity", severities, 3, KH_WARNING);
    r.needs = (kh_needs)one_of(&t, "needs", needs, 3, KH_NEEDS_ALL);
    kh_table_selector(&t, "scope", a, &r.scope);
    const char *message = kh_table_text(&t, "message");
    r.message = kh_arena_strdup(a, message ? message : r.title ? r.title : d->code);
    if (kh_table_push(&t, "check") != LUA_TFUNCTION)
        kh_table_bad(&t, "check", _("must be a function, not a %s"), kh_lua_type(L, -1));
    r.check = kh_lua_formula(L, lua_gettop(L), d->what);
    r.file = kh_defn_file(d);
    r.line = d->place->line;
    kh_canonical_sha256(L, d->table, r.sha256);
    kh_defn_add(L, d, KH_DEF_RULE, &r);
}

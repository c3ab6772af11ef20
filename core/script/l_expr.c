/* SPDX-License-Identifier: MIT */
/*
 * Column expressions. `m.x` in a formula is not a number but a column over all
 * units and periods; operators and methods build an expression tree in the
 * catalog's pool, which core/calc evaluates in blocks. The formula runs once.
 *
 * Bounds: NODES_MAX nodes counted as a tree (so that no walker of the tree can
 * take exponential time where a = a + a is repeated), DEPTH_MAX levels,
 * BUILT_MAX nodes built by one formula. A comparison written with < or == cannot
 * work in Lua (it gives a boolean): it raises and says what to write instead.
 */
#include "script/host.h"

#include "base/msg.h"

#include <string.h>

enum { NODES_MAX = 20000, DEPTH_MAX = 500, BUILT_MAX = 50000 };

static const char class_name[] = "kh.Expr";

typedef struct expr { kh_expr e; uint32_t size, depth; } expr;

/* --- building ------------------------------------------------------------------------- */

static kh_exprs *pool(lua_State *L) { return kh_host(L)->ws->catalog->exprs; }

static void push(lua_State *L, kh_expr e, uint32_t size, uint32_t depth)
{
    if (size > NODES_MAX || depth > DEPTH_MAX)
        kh_lua_raise(L, _("the formula is too large: at most %d operations, %d within each other"), NODES_MAX, DEPTH_MAX);
    expr *x = lua_newuserdatauv(L, sizeof *x, 0);
    *x = (expr){e, size, depth};
    luaL_setmetatable(L, class_name);
}

static void count_node(lua_State *L)
{
    if (++kh_host(L)->nodes > BUILT_MAX)
        kh_lua_raise(L, _("the formula builds more than %d operations"), BUILT_MAX);
}

static kh_expr_node blank(kh_op op)
{
    return (kh_expr_node){.op = (uint8_t)op, .a = KH_NO_EXPR, .b = KH_NO_EXPR, .c = KH_NO_EXPR, .num = {KH_MISSING, 0}};
}

static void push_leaf(lua_State *L, const kh_expr_node *n)
{
    count_node(L);
    push(L, kh_expr_add(pool(L), n), 1, 1);
}

/* An operand: an expression, or a number as a constant. */
static expr operand(lua_State *L, int at)
{
    expr *x = luaL_testudata(L, at, class_name);
    if (x)
        return *x;
    if (lua_type(L, at) == LUA_TNUMBER) {
        kh_expr_node n = blank(KH_X_NUM);
        n.num = kh_lua_dec(L, at, _("a number in a formula"));
        count_node(L);
        return (expr){kh_expr_add(pool(L), &n), 1, 1};
    }
    if (lua_type(L, at) == LUA_TBOOLEAN)
        kh_lua_raise(L, "%s", _("a formula computes with columns and numbers, not with true and false; comparisons are methods: a:lt(b), a:eq(b)"));
    kh_lua_raise(L, _("a formula computes with columns and numbers, not with a %s"), kh_lua_type(L, at));
}

static void push_node(lua_State *L, kh_expr_node *n, const expr *a, const expr *b, const expr *c)
{
    uint32_t size = 1, depth = 0;
    const expr *kids[] = {a, b, c};
    kh_expr *slots[] = {&n->a, &n->b, &n->c};
    for (int i = 0; i < 3; i++)
        if (kids[i]) {
            *slots[i] = kids[i]->e;
            size += kids[i]->size;
            depth = kids[i]->depth > depth ? kids[i]->depth : depth;
        }
    count_node(L);
    if (size > NODES_MAX || depth >= DEPTH_MAX)
        kh_lua_raise(L, _("the formula is too large: at most %d operations, %d within each other"), NODES_MAX, DEPTH_MAX);
    push(L, kh_expr_add(pool(L), n), size, depth + 1);
}

static int binary(lua_State *L, kh_op op)
{
    expr a = operand(L, 1), b = operand(L, 2);
    kh_expr_node n = blank(op);
    push_node(L, &n, &a, &b, NULL);
    return 1;
}

static int unary(lua_State *L, kh_op op, int32_t k)
{
    expr a = operand(L, 1);
    kh_expr_node n = blank(op);
    n.n = k;
    push_node(L, &n, &a, NULL, NULL);
    return 1;
}

/* --- operators ---------------------------------------------------------------------------- */

static int l_add(lua_State *L) { return binary(L, KH_X_ADD); }
static int l_sub(lua_State *L) { return binary(L, KH_X_SUB); }
static int l_mul(lua_State *L) { return binary(L, KH_X_MUL); }
static int l_div(lua_State *L) { return binary(L, KH_X_DIV); }
static int l_idiv(lua_State *L) { return binary(L, KH_X_IDIV); }
static int l_mod(lua_State *L) { return binary(L, KH_X_MOD); }
static int l_pow(lua_State *L) { return binary(L, KH_X_POW); }
static int l_unm(lua_State *L) { return unary(L, KH_X_NEG, 0); }

static int wrong_compare(lua_State *L)
{
    kh_lua_raise(L, "%s", _("columns are compared by methods, since < and == give true or false at once: a:lt(b) a:le(b) a:gt(b) a:ge(b) a:eq(b) a:ne(b)"));
}

static int l_tostring(lua_State *L)
{
    expr *x = luaL_checkudata(L, 1, class_name);
    lua_pushfstring(L, "expression of %d operations", (int)x->size);
    return 1;
}

/* --- methods -------------------------------------------------------------------------------- */

static void check_self(lua_State *L)
{
    if (!luaL_testudata(L, 1, class_name))
        kh_lua_raise(L, "%s", _("this is a method of a column: write m.x:name(...) with a colon"));
}

#define COMPARES(name, op)                \
    static int l_##name(lua_State *L)     \
    {                                     \
        check_self(L);                    \
        kh_lua_no_more(L, 2);             \
        return binary(L, op);             \
    }
COMPARES(lt, KH_X_LT)
COMPARES(le, KH_X_LE)
COMPARES(gt, KH_X_GT)
COMPARES(ge, KH_X_GE)
COMPARES(eq, KH_X_EQ)
COMPARES(ne, KH_X_NE)
COMPARES(both, KH_X_BOTH)
COMPARES(either, KH_X_EITHER)
COMPARES(otherwise, KH_X_OTHERWISE)

static int l_negated(lua_State *L) { return check_self(L), unary(L, KH_X_NOT, 0); }
static int l_present(lua_State *L) { return check_self(L), unary(L, KH_X_PRESENT, 0); }
static int l_parent(lua_State *L) { return check_self(L), unary(L, KH_X_PARENT, 0); }
static int l_share(lua_State *L) { return check_self(L), unary(L, KH_X_SHARE, 0); }
static int l_rank(lua_State *L) { return check_self(L), unary(L, KH_X_RANK, 0); }
static int l_to_date(lua_State *L) { return check_self(L), unary(L, KH_X_TO_DATE, 0); }

static int32_t count_arg(lua_State *L, int at, int32_t otherwise, int32_t hi)
{
    if (lua_isnoneornil(L, at))
        return otherwise;
    int64_t n = kh_lua_int(L, at);
    if (n < 1 || n > hi)
        kh_lua_raise(L, _("a number of periods is from 1 to %d, not %lld"), hi, (long long)n);
    return (int32_t)n;
}

static int l_prev(lua_State *L) { return check_self(L), unary(L, KH_X_PREV, count_arg(L, 2, 1, 10000)); }
static int l_same_period_last_year(lua_State *L) { return check_self(L), unary(L, KH_X_SAME_LAST_YEAR, count_arg(L, 2, 1, 1000)); }

static int l_over(lua_State *L)
{
    check_self(L);
    if (lua_isnoneornil(L, 2))
        kh_lua_raise(L, "%s", _("over wants a number of periods: a:over(4)"));
    return unary(L, KH_X_OVER, count_arg(L, 2, 1, KH_PERIODS_MOST));
}

const kh_key kh_keys_typical[] = {
    {"mean", "integer?", "mean of so many periods before"},
    {"median", "integer?", "median of so many periods before"},
    {"years", "integer?", "with mean or median left out: median of the same period of so many years before"},
    {"how", "\"mean\"|\"median\"?", "for years: how; default median"},
    {NULL, NULL, NULL},
};

static int l_typical(lua_State *L)
{
    check_self(L);
    kh_table t = kh_table_open(L, 2, "typical", kh_keys_typical);
    int32_t mean = (int32_t)kh_table_int(&t, "mean", 1, KH_PERIODS_MOST, 0), median = (int32_t)kh_table_int(&t, "median", 1, KH_PERIODS_MOST, 0), years = (int32_t)kh_table_int(&t, "years", 1, 100, 0);
    const char *how = kh_table_text(&t, "how");
    if ((mean != 0) + (median != 0) + (years != 0) != 1 || (how && !years))
        kh_lua_raise(L, "%s", _("typical wants one of mean = n, median = n and years = n (with how = \"mean\" or \"median\")"));
    if (how && strcmp(how, "mean") != 0 && strcmp(how, "median") != 0)
        kh_lua_raise(L, _("typical: how is \"mean\" or \"median\", not \"%s\""), how);
    kh_op op = mean ? KH_X_TYPICAL_MEAN : median ? KH_X_TYPICAL_MEDIAN : how && how[2] == 'a' ? KH_X_TYPICAL_YEARS_MEAN : KH_X_TYPICAL_YEARS_MEDIAN;
    lua_settop(L, 1);
    return unary(L, op, mean ? mean : median ? median : years);
}

/* { gender = "female", group = 2 }: category -> option */
bool kh_lua_selector_cut(lua_State *L, int at, kh_cut *out)
{
    kh_cuts *cuts = kh_host(L)->ws->catalog->cuts;
    kh_cut_part parts[16];
    size_t n = 0;
    at = lua_absindex(L, at);
    if (!lua_istable(L, at))
        kh_lua_raise(L, _("a cut is a table like { gender = \"female\" }, not a %s"), kh_lua_type(L, at));
    for (lua_pushnil(L); lua_next(L, at); lua_pop(L, 1)) {
        if (lua_type(L, -2) != LUA_TSTRING || n == 16)
            kh_lua_raise(L, "%s", _("a cut is a table like { gender = \"female\" } of at most 16 categories"));
        const char *category = lua_tostring(L, -2);
        parts[n].category = kh_cuts_category(cuts, category);
        const kh_category *all;
        size_t n_all = kh_cuts_categories(cuts, &all), m = 0;
        const char *names[256];
        if (parts[n].category == UINT32_MAX) {
            for (; m < n_all && m < 256; m++)
                names[m] = all[m].code;
            kh_lua_raise(L, _("there is no category \"%s\"%s"), category, kh_lua_near(L, category, names, m));
        }
        lua_pushvalue(L, -1); /* a number is turned into text on a copy: lua_next needs the key alone untouched, we the value */
        const char *option = lua_isstring(L, -1) ? lua_tostring(L, -1) : NULL;
        if (!option)
            kh_lua_raise(L, _("category \"%s\": an option is a text, not a %s"), category, kh_lua_type(L, -1));
        parts[n].option = kh_cuts_option(cuts, parts[n].category, option);
        if (parts[n].option == UINT32_MAX) {
            const kh_category *c = &all[parts[n].category];
            for (; m < c->n_options && m < 256; m++)
                names[m] = c->options[m].code;
            kh_lua_raise(L, _("category \"%s\" has no option \"%s\"%s"), category, option, kh_lua_near(L, option, names, m));
        }
        lua_pop(L, 1);
        n++;
    }
    *out = kh_cut_make(cuts, parts, n);
    return n > 0;
}

/* An indicator's formula is its own: cutting or grouping it here would leave what is inside it whole. */
static void cannot_narrow(lua_State *L, kh_expr e, const char *otherwise)
{
    const kh_exprs *x = pool(L);
    bool *seen = lua_newuserdatauv(L, ((size_t)e + 1) * sizeof *seen, 0);
    memset(seen, 0, ((size_t)e + 1) * sizeof *seen);
    seen[e] = true;
    for (kh_expr i = e + 1; i-- > 0;) {
        const kh_expr_node *n = kh_expr_get(x, i);
        const kh_expr kids[] = {n->a, n->b, n->c};
        if (seen[i] && n->op == KH_X_INDICATOR)
            kh_lua_raise(L, _("\"%s\" is an indicator with a formula of its own; cut or group the measures that it is made of"), kh_host(L)->ws->catalog->indicators[n->ref].code);
        for (int k = 0; seen[i] && k < 3; k++)
            if (kids[k] != KH_NO_EXPR)
                seen[kids[k]] = true;
    }
    kh_lua_raise(L, "%s", otherwise);
}

static int l_cut(lua_State *L)
{
    kh_cut cut;
    check_self(L);
    expr x = operand(L, 1);
    kh_lua_selector_cut(L, 2, &cut);
    count_node(L);
    kh_expr e = kh_expr_with_cut(pool(L), kh_host(L)->ws->catalog->cuts, x.e, cut);
    if (e == KH_NO_EXPR)
        cannot_narrow(L, x.e, _("this column is cut by that category already"));
    push(L, e, x.size, x.depth);
    return 1;
}

static void add_once(const char **list, size_t *n, const char *text)
{
    for (size_t i = 0; i < *n; i++)
        if (strcmp(list[i], text) == 0)
            return;
    if (*n < 128)
        list[(*n)++] = text;
}

/* A group that no unit has would make every figure missing: it is a slip of the pen. */
static void check_group(lua_State *L, const kh_unit_group *g)
{
    const kh_units *units = kh_host(L)->ws->catalog->units;
    const char *groups[128], *values[128];
    size_t n_groups = 0, n_values = 0;
    bool known = false;
    for (kh_unit u = 0; u < kh_units_count(units); u++) {
        const kh_unit_def *d = kh_units_def(units, u);
        for (size_t i = 0; i < d->n_groups; i++) {
            if (!d->groups[i].value)
                continue;
            add_once(groups, &n_groups, d->groups[i].group);
            if (strcmp(d->groups[i].group, g->group) != 0)
                continue;
            known = true;
            if (strcmp(d->groups[i].value, g->value) == 0)
                return;
            add_once(values, &n_values, d->groups[i].value);
        }
    }
    if (!known)
        kh_lua_raise(L, _("no unit has a group \"%s\"%s"), g->group, kh_lua_near(L, g->group, groups, n_groups));
    kh_lua_raise(L, _("no unit is in the group %s = \"%s\"%s"), g->group, g->value, kh_lua_near(L, g->value, values, n_values));
}

static int l_of(lua_State *L)
{
    kh_unit_group groups[16];
    size_t n = 0;
    check_self(L);
    expr x = operand(L, 1);
    luaL_checktype(L, 2, LUA_TTABLE);
    for (lua_pushnil(L); lua_next(L, 2); lua_pop(L, 1)) {
        if (lua_type(L, -2) != LUA_TSTRING || lua_type(L, -1) != LUA_TSTRING || n == 16)
            kh_lua_raise(L, "%s", _("groups of units are written { ownership = \"public\" }"));
        groups[n] = (kh_unit_group){lua_tostring(L, -2), lua_tostring(L, -1)};
        check_group(L, &groups[n++]);
    }
    if (n == 0)
        kh_lua_raise(L, "%s", _("groups of units are written { ownership = \"public\" }"));
    for (size_t i = 1; i < n; i++) /* sorted by group: the same set is the same node */
        for (size_t k = i; k > 0 && strcmp(groups[k - 1].group, groups[k].group) > 0; k--) {
            kh_unit_group g = groups[k];
            groups[k] = groups[k - 1];
            groups[k - 1] = g;
        }
    count_node(L);
    kh_expr e = kh_expr_with_groups(pool(L), x.e, groups, n);
    if (e == KH_NO_EXPR)
        cannot_narrow(L, x.e, _("this column is of another value of that group already"));
    push(L, e, x.size, x.depth);
    return 1;
}

/* --- kh.* for formulas ---------------------------------------------------------------------- */

int kh_l_when(lua_State *L)
{
    kh_lua_no_more(L, 3);
    expr c = operand(L, 1), a = operand(L, 2), b;
    kh_expr_node n = blank(KH_X_WHEN);
    if (lua_isnoneornil(L, 3)) {
        kh_expr_node none = blank(KH_X_MISSING);
        b = (expr){kh_expr_add(pool(L), &none), 1, 1};
    } else {
        b = operand(L, 3);
    }
    push_node(L, &n, &c, &a, &b);
    return 1;
}

static int fold(lua_State *L, kh_op op, const char *name)
{
    int n = lua_gettop(L);
    if (n < 2)
        kh_lua_raise(L, _("kh.%s wants two columns or numbers at least"), name);
    expr acc = operand(L, 1);
    for (int i = 2; i <= n; i++) {
        expr b = operand(L, i);
        kh_expr_node node = blank(op);
        push_node(L, &node, &acc, &b, NULL);
        acc = *(expr *)lua_touserdata(L, -1);
    }
    return 1;
}

int kh_l_min(lua_State *L) { return fold(L, KH_X_MIN2, "min"); }
int kh_l_max(lua_State *L) { return fold(L, KH_X_MAX2, "max"); }
int kh_l_abs(lua_State *L) { return unary(L, KH_X_ABS, 0); }
int kh_l_log(lua_State *L) { return unary(L, KH_X_LOG, 0); }

int kh_l_round(lua_State *L)
{
    int64_t digits = lua_isnoneornil(L, 2) ? 0 : kh_lua_int(L, 2);
    if (digits < 0 || digits > 9)
        kh_lua_raise(L, "%s", _("kh.round: decimals go from 0 to 9"));
    return unary(L, KH_X_ROUND, (int32_t)digits);
}

int kh_l_days(lua_State *L)
{
    kh_expr_node n = blank(KH_X_DAYS);
    kh_lua_no_more(L, 0);
    push_leaf(L, &n);
    return 1;
}

int kh_l_missing(lua_State *L)
{
    kh_expr_node n = blank(KH_X_MISSING);
    push_leaf(L, &n);
    return 1;
}

int kh_l_count_units(lua_State *L)
{
    const char *kind = kh_lua_text(L, 1, NULL);
    const kh_units *u = kh_host(L)->ws->catalog->units;
    if (!kh_units_knows_kind(u, kind))
        kh_lua_raise(L, _("no kind or level of units is called \"%s\"%s"), kind, kh_lua_near_kind(L, kind));
    kh_expr_node n = blank(KH_X_COUNT_UNITS);
    n.text = kind;
    push_leaf(L, &n);
    return 1;
}

/* --- m ----------------------------------------------------------------------------------------- */

static int unknown_name(lua_State *L, const char *name)
{
    const kh_catalog *c = kh_host(L)->ws->catalog;
    size_t n = 0;
    const char **names = lua_newuserdatauv(L, (c->n_measures + c->n_indicators + 1) * sizeof *names, 0);
    for (size_t i = 0; i < c->n_measures; i++)
        names[n++] = c->measures[i].code;
    for (size_t i = 0; i < c->n_indicators; i++)
        names[n++] = c->indicators[i].code;
    kh_lua_raise(L, _("there is no measure or indicator \"%s\"%s"), name, kh_lua_near(L, name, names, n));
}

static kh_expr leaf_of(lua_State *L, const char *name)
{
    const kh_catalog *c = kh_host(L)->ws->catalog;
    kh_expr_node n = blank(KH_X_MEASURE);
    n.ref = kh_catalog_find(c, KH_DEF_MEASURE, name);
    if (n.ref == UINT32_MAX) {
        n.op = KH_X_INDICATOR;
        n.ref = kh_catalog_find(c, KH_DEF_INDICATOR, name);
    } else if (!kh_type_is_number(c->measures[n.ref].type)) {
        kh_lua_raise(L, _("\"%s\" is a %s: a formula computes with numbers"), name, kh_type_name(c->measures[n.ref].type));
    }
    if (n.ref == UINT32_MAX)
        unknown_name(L, name);
    return kh_expr_add(pool(L), &n);
}

static int m_index(lua_State *L)
{
    if (lua_type(L, 2) != LUA_TSTRING)
        kh_lua_raise(L, _("m.NAME names a measure or an indicator, not a %s"), kh_lua_type(L, 2));
    kh_expr e = leaf_of(L, lua_tostring(L, 2));
    count_node(L);
    push(L, e, 1, 1);
    return 1;
}

static int m_newindex(lua_State *L)
{
    kh_lua_raise(L, "%s", _("m cannot be written to: keep what you compute in a local variable"));
}

void kh_lua_push_m(lua_State *L)
{
    lua_newtable(L);
    lua_createtable(L, 0, 3);
    lua_pushcfunction(L, m_index);
    lua_setfield(L, -2, "__index");
    lua_pushcfunction(L, m_newindex);
    lua_setfield(L, -2, "__newindex");
    lua_pushboolean(L, 0);
    lua_setfield(L, -2, "__metatable");
    lua_setmetatable(L, -2);
}

void kh_lua_push_expr(lua_State *L, kh_expr e)
{
    push(L, e, (uint32_t)kh_expr_size(pool(L), e), 1);
}

/* --- running a formula ---------------------------------------------------------------------------- */

kh_expr kh_lua_formula(lua_State *L, int fn, const char *what)
{
    kh_script *s = kh_host(L);
    s->nodes = 0;
    lua_pushvalue(L, fn);
    kh_lua_push_m(L);
    lua_call(L, 1, 1);
    if (lua_isnil(L, -1))
        kh_lua_raise(L, _("%s: the formula returned nothing: it ends with `return` and the expression"), what);
    expr x = operand(L, -1);
    lua_pop(L, 1);
    return x.e;
}

kh_expr kh_lua_leaf(lua_State *L, const char *name) { return leaf_of(L, name); }

/* --- names ------------------------------------------------------------------------------------------ */

static const kh_fn fns[] = {
    {"lt", l_lt, "b: Expr|number -> Expr", "1 where smaller than b, else 0."},
    {"le", l_le, "b: Expr|number -> Expr", "1 where at most b, else 0."},
    {"gt", l_gt, "b: Expr|number -> Expr", "1 where greater than b, else 0."},
    {"ge", l_ge, "b: Expr|number -> Expr", "1 where at least b, else 0."},
    {"eq", l_eq, "b: Expr|number -> Expr", "1 where equal to b, else 0."},
    {"ne", l_ne, "b: Expr|number -> Expr", "1 where not equal to b, else 0."},
    {"both", l_both, "b: Expr -> Expr", "1 where both are not 0."},
    {"either", l_either, "b: Expr -> Expr", "1 where one of them is not 0."},
    {"negated", l_negated, " -> Expr", "1 where it is 0, else 0."},
    {"otherwise", l_otherwise, "b: Expr|number -> Expr", "b where the value is missing."},
    {"present", l_present, " -> Expr", "1 where there is a value, else 0."},
    {"prev", l_prev, "n?: integer -> Expr", "The value n periods of the same length earlier (default 1)."},
    {"same_period_last_year", l_same_period_last_year, "n?: integer -> Expr", "The value of the same period n years earlier (default 1)."},
    {"to_date", l_to_date, " -> Expr", "The sum from the start of the year to here."},
    {"over", l_over, "n: integer -> Expr", "The sum over the last n periods, this one included."},
    {"typical", l_typical, "options: TypicalOptions -> Expr", "The mean or median of the n periods before, or of the same period of the years before."},
    {"parent", l_parent, " -> Expr", "The value of the unit above."},
    {"share", l_share, " -> Expr", "The part of the parent's value, as a ratio."},
    {"rank", l_rank, " -> Expr", "The place among units of the same level under one parent; 1 is the highest."},
    {"cut", l_cut, "cut: table<string, string> -> Expr", "Broken down: `m.x:cut { gender = \"female\" }`."},
    {"of", l_of, "groups: table<string, string> -> Expr", "Only units of these groups: `m.x:of { ownership = \"public\" }`."},
    {NULL, NULL, NULL, NULL},
};
static const luaL_Reg meta[] = {
    {"__add", l_add}, {"__sub", l_sub}, {"__mul", l_mul}, {"__div", l_div}, {"__idiv", l_idiv}, {"__mod", l_mod}, {"__pow", l_pow},
    {"__unm", l_unm}, {"__eq", wrong_compare}, {"__lt", wrong_compare}, {"__le", wrong_compare}, {"__tostring", l_tostring}, {NULL, NULL},
};
const kh_ns kh_ns_expr = {
    .name = "kh.Expr", .is_class = true, .fns = fns, .meta = meta,
    .doc = "A column expression: what `m.x` is in a formula. Operators `+ - * / // % ^` and unary minus take columns and numbers; a missing operand makes the result missing.",
};

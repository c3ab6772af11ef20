/* SPDX-License-Identifier: MIT */
/* Definitions of forms: what a return looks like, column by column. */
#include "script/define.h"

#include "base/msg.h"

#include <string.h>

const kh_key kh_keys_form[] = {
    {"title", "string?", "its name for people"},
    {"every", "\"year\"|\"nine\"|\"half\"|\"quarter\"|\"month\"|\"week\"|\"day\"", "how often it is sent"},
    {"calendar", "\"civil\"|\"nd09\"?", "reporting calendar; default the workspace's"},
    {"due", "integer?", "days after the window closes; default 0"},
    {"from", "Period|string?", "the first period that it is asked for"},
    {"to", "Period|string?", "the last one"},
    {"reporters", "Selector|Selector[]", "who must send it: { kind = \"district\" }, or a list of such"},
    {"covers", "Selector|Selector[]?", "units that its values are about; default the reporters"},
    {"columns", "ColumnOptions[]?", "its columns in any order: { \"Heading\", as = \"...\" }"},
    {"measures", "string|string[]?", "measures that the row function may put, beside those of the columns"},
    {"row", "(fun(row: Row, out: Out))?", "reads a row where columns are not enough"},
    {"header", "table?", "{ rows = 2 }: how many lines of headings; found if left out"},
    {"totals", "string|string[]?", "first cells that mark a totals row, which is checked against the sum"},
    {"groups", "string|string[]?", "first cells of headings between rows, which are no data"},
    {"notes", "string|string[]?", "first cells with which the footnotes begin"},
    {"rows", "table[]?", "rows of the blank return: { [\"Heading\"] = \"text\" }, where {unit}, {code} and {n} stand for the unit and its number; of = a kind of senders, each = a kind of units below the sender"},
    {"encoding", "string?", "recognised if left out"},
    {"delimiter", "string?", "\",\", \";\" or a tab; recognised if left out"},
    {"style", "\"vi\"|\"en\"|\"plain\"?", "how numbers are written: 1.234,5 or 1,234.5 or 1234.5; by evidence if left out"},
    {"file", "string?", "how a file's name gives unit and period: \"DB-01_{unit}_{period}.csv\""},
    {"file_pattern", "string?", "the same as file"},
    {"partial", "boolean?", "good rows are taken though others are faulty"},
    {"note", "string?", "words for the sender"},
    {NULL, NULL, NULL},
};
const kh_key kh_keys_column[] = {
    {"[1]", "string", "the heading; under a merged one \"Trong đó/Nữ\""},
    {"as", "string", "a measure's code, or unit, period, skip, key, option, measure_code, value"},
    {"category", "string?", "for option: whose option the cell names (or as = \"option:CATEGORY\")"},
    {"cut", "table?", "for a measure: { gender = \"female\" }"},
    {"also", "string|string[]?", "other headings that are accepted"},
    {"optional", "boolean?", "the column may be absent"},
    {"required", "boolean?", "every row must fill it"},
    {"blank", "\"missing\"|\"zero\"|\"error\"?", "what an empty cell means; default missing"},
    {"dash", "\"missing\"|\"zero\"|\"error\"?", "what - means; default missing"},
    {"dots", "\"missing\"|\"zero\"|\"error\"?", "what ... means; default missing"},
    {"style", "\"vi\"|\"en\"|\"plain\"?", "how its numbers are written; default the form's"},
    {"scale", "string?", "the sender's unit: \"nghìn\", \"triệu\" or \"tỷ\" of the measure's"},
    {"sum_of", "string|string[]?", "headings whose sum it must be"},
    {NULL, NULL, NULL},
};

static int one_of(const kh_table *t, const char *key, const char *const *names, int n, int otherwise)
{
    const char *s = kh_table_text(t, key);
    if (!s)
        return otherwise;
    for (int i = 0; i < n; i++)
        if (strcmp(s, names[i]) == 0)
            return i;
    kh_table_bad(t, key, _("cannot be \"%s\"%s"), s, kh_lua_near(t->L, s, names, (size_t)n));
}

static kh_number_style style_of(const kh_table *t, kh_number_style otherwise)
{
    static const char *const names[] = {"vi", "en", "plain"};
    int i = one_of(t, "style", names, 3, -1);
    return i < 0 ? otherwise : (kh_number_style)(KH_STYLE_VI + i);
}

static kh_empty empty_of(const kh_table *t, const char *key)
{
    static const char *const names[] = {"missing", "zero", "error"};
    return (kh_empty)one_of(t, key, names, 3, KH_EMPTY_MISSING);
}

static uint32_t need_measure(const kh_table *t, const kh_defn *d, const char *key, const char *code)
{
    uint32_t m = kh_catalog_find(d->c, KH_DEF_MEASURE, code);
    if (m != UINT32_MAX)
        return m;
    size_t n = d->c->n_measures;
    const char **names = kh_arena_alloc(d->c->arena, (n + 8) * sizeof *names);
    for (size_t i = 0; i < n; i++)
        names[i] = d->c->measures[i].code;
    static const char *const roles[] = {"unit", "period", "skip", "key", "option", "measure_code", "value"};
    memcpy(names + n, roles, sizeof roles);
    kh_table_bad(t, key, _("\"%s\" is not a measure%s"), code, kh_lua_near(t->L, code, names, n + 7));
}

static uint32_t need_category(const kh_table *t, const kh_defn *d, const char *code)
{
    uint32_t c = code ? kh_cuts_category(d->c->cuts, code) : UINT32_MAX;
    if (c != UINT32_MAX)
        return c;
    if (!code)
        kh_table_bad(t, "as", _("= \"option\" needs category = \"...\""));
    const kh_category *all;
    const char *names[128];
    size_t n = kh_cuts_categories(d->c->cuts, &all), m = 0;
    for (; m < n && m < 128; m++)
        names[m] = all[m].code;
    kh_table_bad(t, "category", _("\"%s\" is not defined%s"), code, kh_lua_near(t->L, code, names, m));
}

/* "option:group", "unit", or a measure's code */
static void read_as(const kh_table *t, const kh_defn *d, kh_form_column *col)
{
    static const struct { const char *name; kh_column_as as; } roles[] = {
        {"skip", KH_AS_SKIP}, {"unit", KH_AS_UNIT}, {"period", KH_AS_PERIOD}, {"measure_code", KH_AS_MEASURE_CODE}, {"value", KH_AS_VALUE}, {"key", KH_AS_KEY},
    };
    const char *as = kh_table_text(t, "as"), *category = kh_table_text(t, "category");
    col->measure = UINT32_MAX;
    col->category = UINT32_MAX;
    if (strncmp(as, "option", 6) == 0 && (as[6] == '\0' || as[6] == ':')) {
        col->as = KH_AS_OPTION;
        col->category = need_category(t, d, as[6] ? as + 7 : category);
        return;
    }
    if (category)
        kh_table_bad(t, "category", _("belongs to as = \"option\" only"));
    for (size_t i = 0; i < sizeof roles / sizeof *roles; i++)
        if (strcmp(as, roles[i].name) == 0) {
            col->as = roles[i].as;
            return;
        }
    col->as = KH_AS_MEASURE;
    col->measure = need_measure(t, d, "as", as);
}

static int factor_of(const kh_table *t)
{
    static const char *const names[] = {"nghìn", "triệu", "tỷ", "tỉ", "thousand", "million", "billion"};
    static const int powers[] = {3, 6, 9, 9, 3, 6, 9};
    int i = one_of(t, "scale", names, 7, -1);
    return i < 0 ? 0 : powers[i];
}

/* Headings joined by '+'. */
static const char *sum_of(const kh_table *t, kh_arena *a)
{
    const char *const *list;
    size_t n = kh_table_texts(t, "sum_of", a, &list), len = 0;
    if (n == 0)
        return NULL;
    for (size_t i = 0; i < n; i++)
        len += strlen(list[i]) + 1;
    char *out = kh_arena_alloc(a, len), *at = out;
    for (size_t i = 0; i < n; i++) {
        at = stpcpy(at, list[i]);
        *at++ = '+';
    }
    at[-1] = '\0';
    return out;
}

static bool may_be_cut(const kh_measure *m, const kh_cuts *cuts, kh_cut cut)
{
    const kh_cut_part *parts;
    size_t n = kh_cut_parts(cuts, cut, &parts);
    for (size_t i = 0; i < n; i++) {
        bool found = false;
        for (size_t k = 0; k < m->n_by; k++)
            found |= m->by[k] == parts[i].category;
        if (!found)
            return false;
    }
    return true;
}

static void read_column(lua_State *L, const kh_defn *d, const kh_form *f, kh_form_column *col)
{
    kh_arena *a = d->c->arena;
    kh_table t = kh_table_open(L, -1, d->what, kh_keys_column);
    memset(col, 0, sizeof *col);
    col->heading = kh_table_text_in(&t, "[1]", a);
    /* the heading names the column in what may be wrong with it */
    t.what = lua_pushfstring(L, "%s, \"%s\"", d->what, col->heading);
    lua_insert(L, -2);
    t.at = lua_gettop(L);
    read_as(&t, d, col);
    col->n_also = kh_table_texts(&t, "also", a, &col->also);
    if (kh_table_push(&t, "cut") != LUA_TNIL) {
        if (col->as != KH_AS_MEASURE)
            kh_table_bad(&t, "cut", _("belongs to a measure's column only"));
        kh_lua_selector_cut(L, lua_gettop(L), &col->cut);
        if (!may_be_cut(&d->c->measures[col->measure], d->c->cuts, col->cut))
            kh_table_bad(&t, "cut", _("breaks %s down by what its definition does not allow (by = { ... })"), d->c->measures[col->measure].code);
    }
    lua_pop(L, 1);
    col->optional = kh_table_bool(&t, "optional", false);
    col->required = kh_table_bool(&t, "required", false);
    col->blank = empty_of(&t, "blank");
    col->dash = empty_of(&t, "dash");
    col->dots = empty_of(&t, "dots");
    col->style = style_of(&t, f->style);
    col->factor10 = factor_of(&t);
    col->sum_of = sum_of(&t, a);
    kh_place p = *d->place;
    lua_pushfstring(L, "\"%s\"", col->heading);
    col->line = p.line;
    lua_pop(L, 1);
    lua_remove(L, -2);
}

static void read_columns(const kh_table *t, const kh_defn *d, kh_form *f)
{
    lua_State *L = t->L;
    if (kh_table_push(t, "columns") == LUA_TNIL) {
        lua_pop(L, 1);
        return;
    }
    if (!lua_istable(L, -1))
        kh_table_bad(t, "columns", _("must be a list: { { \"Heading\", as = \"unit\" }, ... }"));
    f->n_columns = lua_rawlen(L, -1);
    f->columns = kh_arena_alloc(d->c->arena, (f->n_columns + 1) * sizeof *f->columns);
    for (size_t i = 0; i < f->n_columns; i++) {
        lua_rawgeti(L, -1, (lua_Integer)i + 1);
        read_column(L, d, f, &f->columns[i]);
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
}

static size_t column_called(const kh_table *t, const kh_form *f, const char *heading)
{
    const char *names[128];
    size_t n = 0;
    for (; n < f->n_columns && n < 128; n++) {
        names[n] = f->columns[n].heading;
        if (strcmp(heading, names[n]) == 0)
            return n;
    }
    kh_table_bad(t, "rows", _("name a column \"%s\" that the form does not have%s"), heading, kh_lua_near(t->L, heading, names, n));
}

/* The row at the top of the stack. */
static kh_form_row read_row(const kh_table *t, const kh_defn *d, const kh_form *f)
{
    lua_State *L = t->L;
    kh_form_row row = {NULL, NULL, kh_arena_alloc(d->c->arena, (f->n_columns + 1) * sizeof *row.texts)};
    memset(row.texts, 0, (f->n_columns + 1) * sizeof *row.texts);
    if (!lua_istable(L, -1))
        kh_table_bad(t, "rows", _("must be a list of tables: { { [\"Heading\"] = \"text\" }, ... }"));
    for (lua_pushnil(L); lua_next(L, -2); lua_pop(L, 1)) {
        if (lua_type(L, -2) != LUA_TSTRING || lua_type(L, -1) != LUA_TSTRING)
            kh_table_bad(t, "rows", _("must be a list of tables: { { [\"Heading\"] = \"text\" }, ... }"));
        const char *key = lua_tostring(L, -2), *text = kh_arena_strdup(d->c->arena, lua_tostring(L, -1));
        if (strcmp(key, "of") == 0)
            row.of = text;
        else if (strcmp(key, "each") == 0)
            row.each = text;
        else
            row.texts[column_called(t, f, key)] = text;
    }
    return row;
}

static void read_rows(const kh_table *t, const kh_defn *d, kh_form *f)
{
    lua_State *L = t->L;
    if (kh_table_push(t, "rows") == LUA_TNIL) {
        lua_pop(L, 1);
        return;
    }
    if (!lua_istable(L, -1))
        kh_table_bad(t, "rows", _("must be a list of tables: { { [\"Heading\"] = \"text\" }, ... }"));
    f->n_rows = lua_rawlen(L, -1);
    f->rows = kh_arena_alloc(d->c->arena, (f->n_rows + 1) * sizeof *f->rows);
    for (size_t i = 0; i < f->n_rows; i++) {
        lua_rawgeti(L, -1, (lua_Integer)i + 1);
        f->rows[i] = read_row(t, d, f);
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
}

static void add_measure(uint32_t *list, size_t *n, uint32_t m)
{
    for (size_t i = 0; i < *n; i++)
        if (list[i] == m)
            return;
    list[(*n)++] = m;
}

static void gather_measures(const kh_table *t, const kh_defn *d, kh_form *f)
{
    const char *const *codes;
    size_t n_codes = kh_table_texts(t, "measures", d->c->arena, &codes), n = 0;
    uint32_t *list = kh_arena_alloc(d->c->arena, (n_codes + f->n_columns + d->c->n_measures + 1) * sizeof *list);
    bool by_code = false;
    for (size_t i = 0; i < f->n_columns; i++) {
        if (f->columns[i].as == KH_AS_MEASURE)
            add_measure(list, &n, f->columns[i].measure);
        by_code |= f->columns[i].as == KH_AS_MEASURE_CODE;
    }
    for (size_t i = 0; i < n_codes; i++)
        add_measure(list, &n, need_measure(t, d, "measures", codes[i]));
    if (by_code && !n_codes) /* a long file may name any */
        for (size_t i = 0; i < d->c->n_measures; i++)
            add_measure(list, &n, (uint32_t)i);
    f->measures = list;
    f->n_measures = n;
}

static void read_layout(const kh_table *t, const kh_defn *d, kh_form *f)
{
    static const kh_key header_keys[] = {{"rows", "integer?", "lines of headings"}, {NULL, NULL, NULL}};
    kh_arena *a = d->c->arena;
    if (kh_table_push(t, "header") != LUA_TNIL) {
        kh_table h = kh_table_open(t->L, -1, d->what, header_keys);
        f->header_rows = (int)kh_table_int(&h, "rows", 1, 9, 0);
    }
    lua_pop(t->L, 1);
    f->n_totals = kh_table_texts(t, "totals", a, &f->totals);
    f->n_groups = kh_table_texts(t, "groups", a, &f->groups);
    f->n_notes = kh_table_texts(t, "notes", a, &f->notes);
    f->encoding = kh_table_text_in(t, "encoding", a);
    const char *delimiter = kh_table_text(t, "delimiter");
    if (delimiter && (strlen(delimiter) != 1 || !strchr(",;\t|", delimiter[0])))
        kh_table_bad(t, "delimiter", _("must be \",\", \";\", \"|\" or a tab"));
    f->delimiter = delimiter ? delimiter[0] : 0;
    const char *file = kh_table_text(t, "file"), *pattern = kh_table_text(t, "file_pattern");
    if (file && pattern)
        kh_table_bad(t, "file_pattern", _("and file say the same: give one of them"));
    f->file_pattern = kh_arena_strdup(a, file ? file : pattern);
}

void kh_define_form(lua_State *L, const kh_defn *d)
{
    kh_table t = kh_table_open(L, d->table, d->what, kh_keys_form);
    kh_arena *a = d->c->arena;
    kh_form f = {.code = kh_defn_code(d), .title = kh_defn_title(&t, d, "title"), .note = kh_table_text_in(&t, "note", a)};
    f.every = kh_table_freq(&t, "every");
    f.calendar = kh_table_calendar(&t, "calendar", d->c->calendar);
    f.due = (int)kh_table_int(&t, "due", 0, 1000, 0);
    f.from = kh_table_period(&t, "from");
    f.to = kh_table_period(&t, "to");
    f.n_reporters = kh_table_selectors(&t, "reporters", a, &f.reporters);
    f.n_covers = kh_table_selectors(&t, "covers", a, &f.covers);
    f.style = style_of(&t, KH_STYLE_EVIDENCE);
    f.partial = kh_table_bool(&t, "partial", false);
    read_layout(&t, d, &f);
    read_columns(&t, d, &f);
    read_rows(&t, d, &f);
    gather_measures(&t, d, &f);
    if (!f.n_columns && !kh_table_has(&t, "row"))
        kh_lua_raise(L, _("%s: a form has columns, or a row function, or both"), d->what);
    f.file = kh_defn_file(d);
    f.line = d->place->line;
    kh_canonical_sha256(L, d->table, f.sha256);
    f.script = kh_defn_function(&t, "row", false);
    if (f.script && !f.n_measures)
        kh_table_bad(&t, "measures", _("= { ... } is wanted: the measures that the row function may put"));
    kh_defn_add(L, d, KH_DEF_FORM, &f);
}

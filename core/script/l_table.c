/* SPDX-License-Identifier: MIT */
/*
 * doc:table. From a frame: its columns with their titles; total = true adds the
 * row of the unit above (a rate of consolidated sums, never a mean of rates),
 * or exact sums where the frame has no such unit and the column is a sum.
 * From { head = ..., rows = ... }: cell by cell, spans included.
 */
#include "script/l_doc.h"

#include "base/msg.h"
#include "flow/figures.h"

#include <stdio.h>
#include <string.h>

const kh_key kh_keys_doc_table[] = {
    {"head", "table?", "a row of headings or a list of such rows (not for a frame)"},
    {"rows", "table?", "rows of cells (not for a frame)"},
    {"title", "string?", "\"Biểu 1. ...\""},
    {"unit_line", "string?", "\"Đơn vị tính: người\""},
    {"columns", "string[]?", "which columns of the frame, in this order"},
    {"titles", "table?", "{ column = \"Heading\" }"},
    {"total", "boolean|string?", "a total row; a text names it"},
    {"status", "boolean|\"sign\"?", "colour and word by target; \"sign\": ✓ ✗ in place of the word"},
    {"coverage", "boolean?", "\"9/11\" beside figures that are not complete"},
    {"number", "boolean?", "a first column of running numbers"},
    {"signs", "string[]?", "the row under the headings: A, B, 1, 2, 3=2/1"},
    {"notes", "string|string[]?", "under the table"},
    {"decimals", "table?", "{ column = 1 }; for rows: a list by column"},
    {"align", "string[]?", "by column: left, center, right"},
    {"widths", "number[]?", "by column, relative"},
    {"anchor", "string?", "for links"},
    {"landscape", "boolean?", "its own page on the side"},
    {"tinted", "boolean?", "the ground of cells carries their tone, as in a heat table"},
    {NULL, NULL, NULL},
};
const kh_key kh_keys_doc_cell[] = {
    {"[1]", "string|number?", "what it shows"}, {"bold", "boolean?", ""}, {"colspan", "integer?", "columns that it covers"}, {"rowspan", "integer?", "rows that it covers"},
    {"align", "\"left\"|\"center\"|\"right\"?", ""}, {"tone", "\"good\"|\"bad\"|\"warn\"|\"muted\"?", ""}, {"sign", "string?", "a word or sign for the tone"}, {"link", "string?", "\"#anchor\""}, {"anchor", "string?", "for links to this cell (not in the head)"},
    {"note", "string?", "a remark"}, {"decimals", "integer?", "of a number"}, {NULL, NULL, NULL},
};

enum { MOST_COLS = 300, MOST_ROWS = 100000 };

/* --- what both kinds have ------------------------------------------------------------------ */

static void read_notes(const kh_table *t, kh_doc *d, kh_dtable *tab)
{
    const char *const *list;
    size_t n = kh_table_texts(t, "notes", d->arena, &list);
    tab->notes = kh_arena_alloc(d->arena, (n + 1) * sizeof *tab->notes);
    for (size_t i = 0; i < n; i++)
        tab->notes[i] = list[i];
    tab->n_notes = n;
    n = kh_table_texts(t, "signs", d->arena, &list);
    if (n) {
        if (n != tab->n_cols)
            kh_table_bad(t, "signs", _("has %zu entries, and the table has %zu columns"), n, tab->n_cols);
        tab->signs = kh_arena_alloc(d->arena, n * sizeof *tab->signs);
        for (size_t i = 0; i < n; i++)
            tab->signs[i] = list[i];
    }
}

static void read_widths(const kh_table *t, kh_dtable *tab)
{
    lua_State *L = t->L;
    if (kh_table_push(t, "widths") == LUA_TTABLE)
        for (size_t i = 0; i < tab->n_cols; i++) {
            lua_rawgeti(L, -1, (lua_Integer)i + 1);
            tab->cols[i].width = lua_tonumber(L, -1);
            lua_pop(L, 1);
        }
    lua_pop(L, 1);
    static const char *const names[] = {"auto", "left", "center", "right", "justify"};
    if (kh_table_push(t, "align") == LUA_TTABLE)
        for (size_t i = 0; i < tab->n_cols; i++) {
            if (lua_rawgeti(L, -1, (lua_Integer)i + 1) == LUA_TSTRING)
                for (int k = 0; k < 5; k++)
                    if (strcmp(lua_tostring(L, -1), names[k]) == 0)
                        tab->cols[i].align = (kh_align)k;
            lua_pop(L, 1);
        }
    lua_pop(L, 1);
}

static void read_common(const kh_table *t, kh_doc *d, kh_dtable *tab)
{
    tab->title = kh_doc_text(t->L, d, kh_table_text(t, "title"));
    tab->unit_line = kh_doc_text(t->L, d, kh_table_text(t, "unit_line"));
    tab->anchor = kh_doc_text(t->L, d, kh_table_text(t, "anchor"));
    tab->landscape = kh_table_bool(t, "landscape", false);
    tab->tinted = kh_table_bool(t, "tinted", false);
    read_notes(t, d, tab);
    read_widths(t, tab);
}

static void set_words(kh_dcell *c, const char *text)
{
    c->type = text && *text ? KH_D_TEXT : KH_D_EMPTY;
    c->text = text;
}

static void set_number(lua_State *L, kh_doc *d, kh_dcell *c, const char *digits, int decimals)
{
    c->type = KH_D_NUMBER;
    c->number = kh_doc_text(L, d, digits);
    c->decimals = decimals;
}

/* --- from cells ------------------------------------------------------------------------------- */

static void put_value(lua_State *L, kh_doc *d, int at, int decimals, kh_dcell *c)
{
    char text[KH_DEC_TEXT];
    switch (lua_type(L, at)) {
    case LUA_TNIL: c->type = KH_D_EMPTY; break;
    case LUA_TNUMBER:
        kh_dec_format(kh_lua_dec(L, at, _("a cell")), text);
        set_number(L, d, c, text, decimals);
        break;
    case LUA_TSTRING: set_words(c, kh_doc_text(L, d, lua_tostring(L, at))); break;
    case LUA_TBOOLEAN: /* false: an empty cell where a list must have no hole */
        set_words(c, lua_toboolean(L, at) ? "✓" : NULL);
        break;
    default:
        luaL_tolstring(L, at, NULL);
        set_words(c, kh_doc_text(L, d, lua_tostring(L, -1)));
        lua_pop(L, 1);
    }
}

static void put_cell(lua_State *L, kh_doc *d, int at, int decimals, kh_dcell *c)
{
    at = lua_absindex(L, at);
    if (!lua_istable(L, at)) {
        put_value(L, d, at, decimals, c);
        return;
    }
    kh_table t = kh_table_open(L, at, _("a cell"), kh_keys_doc_cell);
    kh_table_push(&t, "[1]");
    put_value(L, d, lua_gettop(L), (int)kh_table_int(&t, "decimals", 0, 9, decimals), c);
    lua_pop(L, 1);
    c->bold = kh_table_bool(&t, "bold", false);
    c->colspan = (uint16_t)kh_table_int(&t, "colspan", 1, MOST_COLS, 1);
    c->rowspan = (uint16_t)kh_table_int(&t, "rowspan", 1, 1000, 1);
    c->align = kh_table_align(&t, "align");
    c->tone = kh_table_tone(&t, "tone");
    c->sign = kh_doc_text(L, d, kh_table_text(&t, "sign"));
    c->link = kh_doc_text(L, d, kh_table_text(&t, "link"));
    c->anchor = kh_doc_text(L, d, kh_table_text(&t, "anchor"));
    c->note = kh_doc_text(L, d, kh_table_text(&t, "note"));
}

/*
 * A row's cells into a grid of n_cols; places that an earlier span covers are passed over. `cell(r, c)` of the grid is
 * grid[r * n_cols + c]; rows_left bounds what a span may cover.
 */
static void put_row(lua_State *L, kh_doc *d, kh_dtable *tab, kh_dcell *grid, size_t row, size_t rows, const int *decimals, const char *what)
{
    size_t col = 0, n = lua_rawlen(L, -1);
    kh_lua_poll(L);
    for (size_t i = 1; i <= n; i++) {
        while (col < tab->n_cols && grid[row * tab->n_cols + col].covered)
            col++;
        if (col >= tab->n_cols)
            kh_lua_raise(L, _("%s %zu has more cells than the table has columns (%zu)"), what, row + 1, tab->n_cols);
        kh_dcell *c = &grid[row * tab->n_cols + col];
        lua_rawgeti(L, -1, (lua_Integer)i);
        put_cell(L, d, -1, decimals ? decimals[col] : -1, c);
        lua_pop(L, 1);
        size_t wide = c->colspan ? c->colspan : 1, high = c->rowspan ? c->rowspan : 1;
        if (col + wide > tab->n_cols || row + high > rows)
            kh_lua_raise(L, _("%s %zu, cell %zu: its span goes beyond the table"), what, row + 1, i);
        for (size_t r = 0; r < high; r++)
            for (size_t k = 0; k < wide; k++)
                if (r || k) {
                    kh_dcell *under = &grid[(row + r) * tab->n_cols + col + k];
                    if (under->covered || under->type != KH_D_EMPTY)
                        kh_lua_raise(L, _("%s %zu, cell %zu: its span covers another cell"), what, row + 1, i);
                    under->covered = true;
                }
        col += wide;
    }
}

static size_t width_of_row(lua_State *L)
{
    size_t width = 0, n = lua_rawlen(L, -1);
    for (size_t i = 1; i <= n; i++) {
        lua_rawgeti(L, -1, (lua_Integer)i);
        lua_Integer span = 1;
        if (lua_istable(L, -1)) {
            lua_getfield(L, -1, "colspan");
            span = lua_isinteger(L, -1) ? lua_tointeger(L, -1) : 1;
            lua_pop(L, 1);
        }
        width += span > 0 && span < MOST_COLS ? (size_t)span : 1;
        lua_pop(L, 1);
    }
    return width;
}

/* A list of rows, or one row: is its first entry a list of cells? A cell with options is a table as well, but names a key. */
static bool is_list_of_rows(lua_State *L)
{
    bool rows = lua_rawgeti(L, -1, 1) == LUA_TTABLE;
    if (rows) {
        for (const kh_key *k = kh_keys_doc_cell + 1; k->name && rows; k++) {
            lua_getfield(L, -1, k->name);
            rows = lua_isnil(L, -1);
            lua_pop(L, 1);
        }
    }
    lua_pop(L, 1);
    return rows;
}

static void put_rows(lua_State *L, kh_doc *d, kh_dtable *tab, const int *decimals)
{
    size_t n = lua_rawlen(L, -1);
    if (n > MOST_ROWS)
        kh_lua_raise(L, _("a table has at most %d rows"), MOST_ROWS);
    kh_lua_count_output(L, n * tab->n_cols * 16);
    for (size_t i = 0; i < n; i++)
        kh_table_row(d, tab, false);
    for (size_t i = 0; i < n; i++) {
        if (lua_rawgeti(L, -1, (lua_Integer)i + 1) != LUA_TTABLE)
            kh_lua_raise(L, _("row %zu is a %s, not a list of cells"), i + 1, kh_lua_type(L, -1));
        lua_getfield(L, -1, "total");
        if (lua_toboolean(L, -1))
            tab->is_total[i] = true;
        lua_pop(L, 1);
        put_row(L, d, tab, tab->body, i, n, decimals, _("row"));
        lua_pop(L, 1);
    }
}

static void table_of_cells(lua_State *L, kh_doc *d, kh_dblock *in, const kh_table *t)
{
    bool many = false;
    size_t n_cols = 0, n_head = 0;
    if (kh_table_push(t, "head") == LUA_TTABLE) {
        many = is_list_of_rows(L);
        n_head = many ? lua_rawlen(L, -1) : 1;
        if (many)
            lua_rawgeti(L, -1, 1);
        n_cols = width_of_row(L);
        if (many)
            lua_pop(L, 1);
    }
    int head = lua_gettop(L);
    if (kh_table_push(t, "rows") != LUA_TTABLE)
        kh_table_bad(t, "rows", _("are missing: rows = { { ... }, ... }"));
    if (!n_cols && lua_rawgeti(L, -1, 1) == LUA_TTABLE) {
        n_cols = width_of_row(L);
        lua_pop(L, 1);
    }
    if (n_cols == 0 || n_cols > MOST_COLS)
        kh_lua_raise(L, _("a table has 1 to %d columns"), MOST_COLS);
    int decimals[MOST_COLS];
    for (size_t i = 0; i < MOST_COLS; i++)
        decimals[i] = -1;
    if (kh_table_push(t, "decimals") == LUA_TTABLE)
        for (size_t i = 0; i < n_cols; i++) {
            if (lua_rawgeti(L, -1, (lua_Integer)i + 1) == LUA_TNUMBER)
                decimals[i] = (int)lua_tointeger(L, -1);
            lua_pop(L, 1);
        }
    lua_pop(L, 1);
    kh_dtable *tab = kh_table_new(d, n_cols, n_head);
    read_common(t, d, tab);
    for (size_t r = 0; r < n_head; r++) {
        lua_pushvalue(L, head);
        if (many)
            lua_rawgeti(L, -1, (lua_Integer)r + 1);
        if (!lua_istable(L, -1))
            kh_table_bad(t, "head", _("must be a list of headings, or a list of such rows"));
        put_row(L, d, tab, tab->head, r, n_head, NULL, _("head row"));
        lua_settop(L, head + 1);
    }
    put_rows(L, d, tab, decimals);
    kh_doc_add(d, in, KH_B_TABLE)->table = tab;
}

/* --- from a frame ---------------------------------------------------------------------------------- */

typedef struct plan { /* which columns of the frame, and what is asked */
    size_t cols[MOST_COLS]; size_t n;
    bool status, signs, coverage, number;
} plan;

static bool one_value(const kh_frame *f, size_t col)
{
    for (size_t i = 1; i < f->n; i++)
        if (f->columns[col].cells[i].type != f->columns[col].cells[0].type || f->columns[col].cells[i].i != f->columns[col].cells[0].i)
            return false;
    return f->n > 0;
}

/* Without a list: all, but the period where it is the same in every row (it stands in the title). */
static void pick_columns(lua_State *L, const kh_table *t, const kh_frame *f, plan *p)
{
    const char *const *names;
    size_t n = kh_table_texts(t, "columns", f->arena, &names);
    if (f->n_columns + 1 > MOST_COLS || n + 1 > MOST_COLS)
        kh_lua_raise(L, _("a table has 1 to %d columns"), MOST_COLS);
    if (!n)
        for (size_t i = 0; i < f->n_columns; i++)
            if (!(strcmp(f->columns[i].name, "period") == 0 && f->n_columns > 1 && one_value(f, i) && f->columns[i].cells[0].type == KH_C_PERIOD))
                p->cols[p->n++] = i;
    for (size_t i = 0; i < n; i++) {
        size_t c = kh_frame_find(f, names[i]);
        if (c == SIZE_MAX)
            kh_table_bad(t, "columns", _("names \"%s\", which the frame does not have"), names[i]);
        p->cols[p->n++] = c;
    }
}

static const char *heading(lua_State *L, const kh_table *t, kh_doc *d, const kh_frame_column *c)
{
    const char *title = NULL;
    if (kh_table_push(t, "titles") == LUA_TTABLE) {
        lua_pushstring(L, c->name);
        if (lua_rawget(L, -2) == LUA_TSTRING)
            title = kh_doc_text(L, d, lua_tostring(L, -1));
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
    if (title)
        return title;
    if (strcmp(c->name, "unit") == 0 && (!c->title || strcmp(c->title, "unit") == 0))
        return _("Unit");
    if (strcmp(c->name, "period") == 0 && (!c->title || strcmp(c->title, "period") == 0))
        return _("Period");
    if (!c->unit || !*c->unit)
        return kh_doc_text(L, d, c->title ? c->title : c->name);
    kh_buf *b = kh_lua_buf(L);
    kh_buf_printf(b, "%s (%s)", c->title ? c->title : c->name, c->unit);
    title = kh_doc_text(L, d, kh_buf_cstr(b));
    lua_pop(L, 1);
    return title;
}

static int decimals_of(lua_State *L, const kh_table *t, const kh_frame_column *c)
{
    int n = c->decimals;
    if (kh_table_push(t, "decimals") == LUA_TTABLE) {
        lua_pushstring(L, c->name);
        if (lua_rawget(L, -2) == LUA_TNUMBER)
            n = (int)lua_tointeger(L, -1);
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
    return n;
}

static void mark_status(lua_State *L, kh_doc *d, const kh_cell *c, bool sign, kh_dcell *out)
{
    static const char *const signs[] = {NULL, "✓", "✗", "…", NULL, "!"};
    static const kh_tone tones[] = {KH_TONE_NONE, KH_TONE_GOOD, KH_TONE_BAD, KH_TONE_MUTED, KH_TONE_MUTED, KH_TONE_WARN};
    if (c->status == KH_ST_NONE || c->status > KH_ST_PARTIAL)
        return;
    out->tone = tones[c->status];
    out->sign = sign ? signs[c->status] : kh_doc_text(L, d, kh_status_text((kh_status)c->status));
}

/* A judged figure has the decimals that it needs to stand on its side of the target: 14.95 is not shown as 15.0. */
static int decimals_judged(const kh_cell *c, int decimals)
{
    const char *point = c->status != KH_ST_NONE && c->text ? strchr(c->text, '.') : NULL;
    int needed = point ? (int)strlen(point + 1) : 0;
    return decimals >= 0 && needed > decimals ? needed : decimals;
}

static void put_frame_cell(lua_State *L, kh_doc *d, const plan *p, const kh_cell *c, int decimals, kh_dcell *out)
{
    char digits[400];
    if (c->type == KH_C_INT) {
        snprintf(digits, sizeof digits, "%lld", (long long)c->i);
        set_number(L, d, out, digits, decimals);
    } else if (c->type == KH_C_NUM) {
        if (!c->text)
            snprintf(digits, sizeof digits, "%.*f", decimals >= 0 ? decimals : 6, c->num);
        set_number(L, d, out, c->text ? c->text : digits, decimals_judged(c, decimals));
    } else {
        set_words(out, kh_doc_words(L, d, c, false));
    }
    if (c->type == KH_C_MISSING && c->missing != KH_THERE)
        out->note = kh_doc_text(L, d, kh_missing_text((kh_missing)c->missing));
    if (p->status)
        mark_status(L, d, c, p->signs, out);
    if (p->coverage && c->expected && c->reported < c->expected) {
        snprintf(digits, sizeof digits, "%u/%u", c->reported, c->expected);
        out->note = kh_doc_text(L, d, digits);
    }
}

/* The exact sum of a column of whole numbers or decimals as shown; false where it cannot be one. */
static bool sum_column(const kh_frame_column *c, size_t n, kh_dec *out)
{
    int64_t total = 0;
    uint8_t scale = 0;
    bool any = false;
    for (size_t pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < n; i++) {
            kh_dec v = {KH_MISSING, 0};
            const kh_cell *k = &c->cells[i];
            if (k->type == KH_C_MISSING)
                continue;
            if (k->type == KH_C_INT)
                v = (kh_dec){k->i, 0};
            else if (k->type != KH_C_NUM || !k->text || !kh_dec_parse(k->text, strlen(k->text), &v))
                return false;
            if (pass == 0) {
                scale = v.scale > scale ? v.scale : scale;
                continue;
            }
            if (!kh_dec_rescale(v, scale, &v) || __builtin_add_overflow(total, v.m, &total))
                return false;
            any = true;
        }
    *out = (kh_dec){total, scale};
    return any;
}

static const char *total_label(lua_State *L, const kh_table *t, kh_doc *d)
{
    const char *label = NULL;
    int type = kh_table_push(t, "total");
    if (type == LUA_TSTRING)
        label = kh_doc_text(L, d, lua_tostring(L, -1));
    else if (type == LUA_TBOOLEAN && lua_toboolean(L, -1))
        label = _("Total");
    else if (type != LUA_TNIL && type != LUA_TBOOLEAN)
        kh_table_bad(t, "total", _("must be true or the row's name"));
    lua_pop(L, 1);
    return label;
}

static void add_total(lua_State *L, const kh_table *t, kh_doc *d, kh_dtable *tab, const kh_frame *f, const plan *p, int frame_at)
{
    const char *label = total_label(L, t, d);
    if (!label)
        return;
    const kh_frame *above = kh_lua_total(L, frame_at);
    kh_dcell *row = kh_table_row(d, tab, true);
    bool named = false;
    for (size_t i = 0; i < p->n; i++) {
        const kh_frame_column *c = &f->columns[p->cols[i]];
        kh_dcell *out = &row[i + p->number];
        kh_dec sum;
        out->bold = true;
        bool words = c->cells && f->n && (c->cells[0].type == KH_C_UNIT || c->cells[0].type == KH_C_TEXT || c->cells[0].type == KH_C_PERIOD);
        if (words) {
            set_words(out, named ? NULL : label);
            named = true;
            continue;
        }
        size_t k = above ? kh_frame_find(above, c->name) : SIZE_MAX;
        if (k != SIZE_MAX && above->n == 1) {
            put_frame_cell(L, d, p, &above->columns[k].cells[0], decimals_of(L, t, c), out);
        } else if (c->measure_is_sum && sum_column(c, f->n, &sum)) {
            char digits[KH_DEC_TEXT];
            kh_dec_format(sum, digits);
            set_number(L, d, out, digits, decimals_of(L, t, c));
        }
    }
}

static void read_status(const kh_table *t, plan *p)
{
    int type = kh_table_push(t, "status");
    p->signs = type == LUA_TSTRING && strcmp(lua_tostring(t->L, -1), "sign") == 0;
    p->status = p->signs || lua_toboolean(t->L, -1);
    if (type != LUA_TNIL && type != LUA_TBOOLEAN && !p->signs)
        kh_table_bad(t, "status", _("must be true or \"sign\""));
    lua_pop(t->L, 1);
}

static void table_of_frame(lua_State *L, kh_doc *d, kh_dblock *in, const kh_table *t)
{
    kh_frame *f = kh_lua_frame(L, 2);
    plan p = {.coverage = kh_table_bool(t, "coverage", false), .number = kh_table_bool(t, "number", false)};
    read_status(t, &p);
    if (kh_table_has(t, "rows") || kh_table_has(t, "head"))
        kh_table_bad(t, "rows", _("are the frame's here: doc:table(frame, { ... }) or doc:table { head = ..., rows = ... }"));
    pick_columns(L, t, f, &p);
    if (f->n > MOST_ROWS)
        kh_lua_raise(L, _("a table has at most %d rows"), MOST_ROWS);
    kh_lua_count_output(L, f->n * p.n * 16);
    kh_dtable *tab = kh_table_new(d, p.n + p.number, 1);
    read_common(t, d, tab);
    if (p.number) {
        set_words(kh_table_head(tab, 0, 0), _("No."));
        tab->cols[0].align = KH_ALIGN_CENTER;
    }
    for (size_t i = 0; i < p.n; i++) {
        const kh_frame_column *c = &f->columns[p.cols[i]];
        kh_dcol *col = &tab->cols[i + p.number];
        set_words(kh_table_head(tab, 0, i + p.number), heading(L, t, d, c));
        col->name = kh_doc_text(L, d, c->name);
        col->unit = kh_doc_text(L, d, c->unit);
        col->decimals = decimals_of(L, t, c);
        col->live_total = c->measure_is_sum;
    }
    for (size_t r = 0; r < f->n; r++) {
        char nth[24];
        kh_dcell *row = kh_table_row(d, tab, false);
        if (p.number) {
            snprintf(nth, sizeof nth, "%zu", r + 1);
            set_number(L, d, &row[0], nth, 0);
        }
        for (size_t i = 0; i < p.n; i++)
            put_frame_cell(L, d, &p, &f->columns[p.cols[i]].cells[r], tab->cols[i + p.number].decimals, &row[i + p.number]);
        if ((r & 255) == 0)
            kh_lua_poll(L);
    }
    add_total(L, t, d, tab, f, &p, 2);
    kh_doc_add(d, in, KH_B_TABLE)->table = tab;
}

/* The same grid without options: for frame:xlsx. */
void kh_lua_doc_of_frame(lua_State *L, kh_doc *d, kh_frame *f)
{
    plan p = {.n = f->n_columns < MOST_COLS ? f->n_columns : MOST_COLS};
    kh_dtable *tab = kh_table_new(d, p.n ? p.n : 1, 1);
    for (size_t i = 0; i < p.n; i++) {
        const kh_frame_column *c = &f->columns[i];
        set_words(kh_table_head(tab, 0, i), kh_doc_text(L, d, c->title ? c->title : c->name));
        tab->cols[i].name = kh_doc_text(L, d, c->name);
        tab->cols[i].decimals = c->decimals;
        tab->cols[i].live_total = c->measure_is_sum;
    }
    for (size_t r = 0; r < f->n; r++) {
        kh_dcell *row = kh_table_row(d, tab, false);
        for (size_t i = 0; i < p.n; i++)
            put_frame_cell(L, d, &p, &f->columns[i].cells[r], f->columns[i].decimals, &row[i]);
        if ((r & 255) == 0)
            kh_lua_poll(L);
    }
    kh_doc_add(d, NULL, KH_B_TABLE)->table = tab;
}

int kh_doc_l_table(lua_State *L)
{
    kh_dblock *in;
    kh_doc *d = kh_lua_doc(L, &in);
    if (lua_istable(L, 2)) {
        kh_table t = kh_table_open(L, 2, "table", kh_keys_doc_table);
        table_of_cells(L, d, in, &t);
        return 0;
    }
    lua_settop(L, 3);
    if (lua_isnil(L, 3)) {
        lua_newtable(L);
        lua_replace(L, 3);
    }
    kh_table t = kh_table_open(L, 3, "table", kh_keys_doc_table);
    table_of_frame(L, d, in, &t);
    return 0;
}

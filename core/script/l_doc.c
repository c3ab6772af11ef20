/* SPDX-License-Identifier: MIT */
/*
 * The document that a report's `build` writes: headings, paragraphs, lists,
 * tables, charts, the head and foot of an administrative document. Texts are
 * copied into the document; what a script writes counts as its output.
 */
#include "script/l_doc.h"

#include "base/msg.h"
#include "base/text.h"
#include "report/format.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

static const char class_name[] = "kh.Doc";

kh_doc *kh_lua_doc(lua_State *L, kh_dblock **in)
{
    kh_doc_handle *h = luaL_testudata(L, 1, class_name);
    if (!h)
        kh_lua_raise(L, "%s", _("this is a method of a document: write doc:name(...) with a colon"));
    if (!h->root->doc)
        kh_lua_raise(L, "%s", _("a document lives only while its report is built"));
    *in = h->in;
    return h->root->doc;
}

const char *kh_doc_text(lua_State *L, kh_doc *d, const char *text)
{
    size_t bad;
    if (!text)
        return NULL;
    if (!kh_utf8_valid(text, strlen(text), &bad))
        kh_lua_raise(L, "%s", _("a text in a document must be UTF-8"));
    kh_lua_count_output(L, strlen(text) + 32);
    return kh_arena_strdup(d->arena, text);
}

static const char *text_key(const kh_table *t, const char *key, kh_doc *d)
{
    return kh_doc_text(t->L, d, kh_table_text(t, key));
}

static int choice(const kh_table *t, const char *key, const char *const *names, int n)
{
    const char *s = kh_table_text(t, key);
    if (!s)
        return 0;
    for (int i = 0; i < n; i++)
        if (strcmp(s, names[i]) == 0)
            return i;
    kh_table_bad(t, key, _("cannot be \"%s\"%s"), s, kh_lua_near(t->L, s, names, (size_t)n));
}

kh_tone kh_table_tone(const kh_table *t, const char *key)
{
    static const char *const names[] = {"none", "good", "bad", "warn", "muted"};
    return (kh_tone)choice(t, key, names, 5);
}

kh_align kh_table_align(const kh_table *t, const char *key)
{
    static const char *const names[] = {"auto", "left", "center", "right", "justify"};
    return (kh_align)choice(t, key, names, 5);
}

const char *kh_doc_words(lua_State *L, kh_doc *d, const kh_cell *c, bool brief)
{
    char text[512];
    const kh_units *units = kh_host(L)->ws->catalog->units;
    switch (c->type) {
    case KH_C_TEXT: return kh_doc_text(L, d, c->text);
    case KH_C_UNIT:
        if (brief) {
            const kh_unit_def *u = kh_units_def(kh_host(L)->ws->catalog->units, (kh_unit)c->i);
            return kh_doc_text(L, d, u->short_name ? u->short_name : u->name);
        }
        kh_units_title(units, (kh_unit)c->i, d->lang[0] == 'e' ? KH_LANG_EN : KH_LANG_VI, text, sizeof text);
        break;
    case KH_C_PERIOD:
        if (brief)
            kh_period_format((kh_period)c->i, text);
        else
            kh_period_label((kh_period)c->i, d->lang[0] == 'e' ? KH_LANG_EN : KH_LANG_VI, text, sizeof text);
        break;
    case KH_C_INT: snprintf(text, sizeof text, "%lld", (long long)c->i); break;
    case KH_C_NUM:
        if (c->text)
            return kh_doc_text(L, d, c->text);
        snprintf(text, sizeof text, "%.15g", c->num);
        break;
    default: return NULL;
    }
    return kh_doc_text(L, d, text);
}

/* --- runs of text ---------------------------------------------------------------------------- */

static const kh_key run_keys[] = {
    {"[1]", "string", "the text"}, {"bold", "boolean?", ""}, {"italic", "boolean?", ""}, {"underline", "boolean?", ""}, {"link", "string?", "\"#anchor\" or an http(s) address"}, {NULL, NULL, NULL},
};

static void add_run(lua_State *L, kh_doc *d, kh_dblock *b, int at)
{
    if (lua_isstring(L, at)) {
        kh_block_run(d, b, kh_doc_text(L, d, lua_tostring(L, at)), false, false);
        return;
    }
    if (!lua_istable(L, at)) { /* units, periods: as they print */
        luaL_tolstring(L, at, NULL);
        kh_block_run(d, b, kh_doc_text(L, d, lua_tostring(L, -1)), false, false);
        lua_pop(L, 1);
        return;
    }
    kh_table t = kh_table_open(L, at, _("a run of text"), run_keys);
    kh_run_text *r = kh_block_run(d, b, text_key(&t, "[1]", d), kh_table_bool(&t, "bold", false), kh_table_bool(&t, "italic", false));
    r->underline = kh_table_bool(&t, "underline", false);
    r->link = text_key(&t, "link", d);
    if (r->link && r->link[0] != '#' && strncmp(r->link, "http://", 7) != 0 && strncmp(r->link, "https://", 8) != 0)
        kh_table_bad(&t, "link", _("must begin with #, http:// or https://"));
}

/* A text, or a list of texts and { "text", bold = true }. */
static void add_runs(lua_State *L, kh_doc *d, kh_dblock *b, int at)
{
    at = lua_absindex(L, at);
    if (!lua_istable(L, at)) {
        if (lua_isnoneornil(L, at))
            kh_lua_raise(L, "%s", _("a text is missing"));
        add_run(L, d, b, at);
        return;
    }
    size_t n = lua_rawlen(L, at);
    for (size_t i = 1; i <= n; i++) {
        kh_lua_poll(L);
        lua_rawgeti(L, at, (lua_Integer)i);
        add_run(L, d, b, lua_gettop(L));
        lua_pop(L, 1);
    }
}

/* --- headings ------------------------------------------------------------------------------------ */

static size_t roman(const char *s)
{
    size_t n = strspn(s, "IVXLC");
    return n && s[n] == '.' ? n + 1 : 0;
}

static size_t arabic(const char *s)
{
    size_t n = 0;
    while (isdigit((unsigned char)s[n])) {
        n += strspn(s + n, "0123456789");
        if (s[n] != '.')
            return 0;
        n++;
    }
    return n;
}

static size_t letter(const char *s)
{
    if (s[0] >= 'a' && s[0] <= 'z' && s[1] == ')')
        return 2;
    return memcmp(s, "đ)", sizeof "đ)" - 1) == 0 ? sizeof "đ)" - 1 : 0;
}

/* "I. Kết quả", "2. Tồn tại", "a) Về ...": the number's bytes and the level that goes with it; 0: no number. */
static size_t heading_number(const char *s, int *level)
{
    size_t n;
    if ((n = roman(s)) > 0)
        *level = 1;
    else if ((n = arabic(s)) > 0)
        *level = 2;
    else if (strlen(s) > 3 && (n = letter(s)) > 0)
        *level = 3;
    return n && s[n] == ' ' ? n : 0;
}

static int l_heading(lua_State *L)
{
    static const kh_key keys[] = {{"level", "integer?", "1 to 4; by its number if left out"}, {"anchor", "string?", "for links"}, {NULL, NULL, NULL}};
    kh_dblock *in;
    kh_doc *d = kh_lua_doc(L, &in);
    const char *text = kh_lua_text(L, 2, NULL), *anchor = NULL;
    int level = 1, given = 0;
    size_t n = heading_number(text, &level);
    if (!lua_isnoneornil(L, 3)) {
        kh_table t = kh_table_open(L, 3, "heading", keys);
        given = (int)kh_table_int(&t, "level", 1, 4, 0);
        anchor = text_key(&t, "anchor", d);
    }
    const char *number = n ? kh_arena_strndup(d->arena, text, n) : NULL;
    kh_dblock *b = kh_doc_add(d, in, KH_B_HEADING);
    b->level = given ? given : level;
    b->number = number;
    b->anchor = anchor;
    kh_block_run(d, b, kh_doc_text(L, d, n ? text + n + strspn(text + n, " ") : text), false, false);
    return 0;
}

/* --- paragraphs, lists, notes ----------------------------------------------------------------------- */

static int l_para(lua_State *L)
{
    static const kh_key keys[] = {{"align", "\"left\"|\"center\"|\"right\"|\"justify\"?", ""}, {"anchor", "string?", "for links"}, {NULL, NULL, NULL}};
    kh_dblock *in;
    kh_doc *d = kh_lua_doc(L, &in);
    kh_dblock *b = kh_doc_add(d, in, KH_B_PARA);
    if (!lua_isnoneornil(L, 3)) {
        kh_table t = kh_table_open(L, 3, "para", keys);
        b->align = kh_table_align(&t, "align");
        b->anchor = text_key(&t, "anchor", d);
    }
    add_runs(L, d, b, 2);
    return 0;
}

static int l_note(lua_State *L)
{
    kh_dblock *in;
    kh_doc *d = kh_lua_doc(L, &in);
    static const kh_key keys[] = {{"tone", "\"good\"|\"bad\"|\"warn\"|\"muted\"?", ""}, {NULL, NULL, NULL}};
    kh_dblock *b = kh_doc_add(d, in, KH_B_NOTE);
    if (!lua_isnoneornil(L, 3)) {
        kh_table t = kh_table_open(L, 3, "note", keys);
        b->tone = kh_table_tone(&t, "tone");
    }
    add_runs(L, d, b, 2);
    return 0;
}

static int l_list(lua_State *L)
{
    static const kh_key keys[] = {{"ordered", "boolean?", "1. 2. 3."}, {NULL, NULL, NULL}};
    kh_dblock *in;
    kh_doc *d = kh_lua_doc(L, &in);
    luaL_checktype(L, 2, LUA_TTABLE);
    size_t n = lua_rawlen(L, 2);
    kh_dblock *b = kh_doc_add(d, in, KH_B_LIST);
    if (!lua_isnoneornil(L, 3)) {
        kh_table t = kh_table_open(L, 3, "list", keys);
        b->ordered = kh_table_bool(&t, "ordered", false);
    }
    b->items = kh_arena_alloc(d->arena, (n + 1) * sizeof *b->items);
    b->n_item_runs = kh_arena_alloc(d->arena, (n + 1) * sizeof *b->n_item_runs);
    for (size_t i = 0; i < n; i++) {
        kh_dblock item = {.kind = KH_B_PARA};
        kh_lua_poll(L);
        lua_rawgeti(L, 2, (lua_Integer)i + 1);
        add_runs(L, d, &item, -1);
        lua_pop(L, 1);
        b->items[i] = item.runs;
        b->n_item_runs[i] = item.n_runs;
        b->n_items = i + 1;
    }
    return 0;
}

/* Calls the function at `at` with a document that writes into b. May raise. */
static void build_part(lua_State *L, kh_doc *d, kh_dblock *b, int at)
{
    lua_pushvalue(L, at);
    kh_doc_handle *h = lua_newuserdatauv(L, sizeof *h, 1);
    *h = (kh_doc_handle){d, b, ((kh_doc_handle *)lua_touserdata(L, 1))->root};
    if (lua_getiuservalue(L, 1, 1) != LUA_TUSERDATA) { /* argument 1 is the root itself */
        lua_pop(L, 1);
        lua_pushvalue(L, 1);
    }
    lua_setiuservalue(L, -2, 1);
    luaL_setmetatable(L, class_name);
    lua_call(L, 1, 0);
}

static int l_columns(lua_State *L)
{
    kh_dblock *in;
    kh_doc *d = kh_lua_doc(L, &in);
    int n = lua_gettop(L);
    luaL_checktype(L, 2, LUA_TFUNCTION);
    for (int i = 3; i <= n; i++)
        luaL_checktype(L, i, LUA_TFUNCTION);
    if (n > 5)
        kh_lua_raise(L, "%s", _("at most four parts stand side by side"));
    kh_dblock *b = kh_doc_add(d, in, KH_B_COLUMNS);
    kh_lua_count_output(L, 64);
    for (int i = 2; i <= n; i++)
        build_part(L, d, kh_doc_add(d, b, KH_B_PART), i);
    return 0;
}

static int l_title(lua_State *L)
{
    kh_dblock *in;
    kh_doc *d = kh_lua_doc(L, &in);
    d->title = kh_doc_text(L, d, kh_lua_text(L, 2, NULL));
    return 0;
}

static int l_details(lua_State *L)
{
    static const kh_key keys[] = {{"open", "boolean?", "unfolded at first"}, {"anchor", "string?", "for links"}, {NULL, NULL, NULL}};
    kh_dblock *in;
    kh_doc *d = kh_lua_doc(L, &in);
    const char *title = kh_lua_text(L, 2, NULL);
    luaL_checktype(L, 3, LUA_TFUNCTION);
    kh_dblock *b = kh_doc_add(d, in, KH_B_DETAILS);
    kh_block_run(d, b, kh_doc_text(L, d, title), false, false);
    if (!lua_isnoneornil(L, 4)) {
        kh_table t = kh_table_open(L, 4, "details", keys);
        b->open = kh_table_bool(&t, "open", false);
        b->anchor = text_key(&t, "anchor", d);
    }
    build_part(L, d, b, 3);
    return 0;
}

static int l_page_break(lua_State *L)
{
    kh_dblock *in;
    kh_doc *d = kh_lua_doc(L, &in);
    kh_doc_add(d, in, KH_B_BREAK);
    kh_lua_count_output(L, 64);
    return 0;
}

static int l_appendix(lua_State *L)
{
    static const kh_key keys[] = {{"number", "string?", "\"I\", where there are several"}, {"enclosed", "string?", "in place of \"(Kèm theo Báo cáo số ...)\""}, {"anchor", "string?", "for links"}, {NULL, NULL, NULL}};
    kh_dblock *in;
    kh_doc *d = kh_lua_doc(L, &in);
    const char *title = kh_lua_text(L, 2, NULL);
    if (in)
        kh_lua_raise(L, "%s", _("an appendix stands in no part of a document"));
    kh_dblock *b = kh_doc_add(d, NULL, KH_B_APPENDIX);
    kh_block_run(d, b, kh_doc_text(L, d, title), false, false);
    if (!lua_isnoneornil(L, 3)) {
        kh_table t = kh_table_open(L, 3, "appendix", keys);
        b->number = text_key(&t, "number", d);
        b->anchor = text_key(&t, "anchor", d);
        const char *enclosed = text_key(&t, "enclosed", d);
        if (enclosed) {
            kh_dblock line = {.kind = KH_B_PARA};
            kh_block_run(d, &line, enclosed, false, false);
            b->items = kh_arena_alloc(d->arena, sizeof *b->items);
            b->n_item_runs = kh_arena_alloc(d->arena, sizeof *b->n_item_runs);
            b->items[0] = line.runs;
            b->n_item_runs[0] = line.n_runs;
            b->n_items = 1;
        }
    }
    return 0;
}

/* --- head and foot ------------------------------------------------------------------------------------ */

const kh_key kh_keys_official[] = {
    {"superior", "string?", "\"UBND TỈNH LẠNG SƠN\""}, {"agency", "string", "\"BỘ CHỈ HUY QUÂN SỰ TỈNH\""}, {"number", "string?", "\"…/BC-BCH\""}, {"place", "string?", "where it is signed"},
    {"date", "string?", "\"2018-12-31\"; left blank if not given"}, {"kind", "string?", "\"BÁO CÁO\"; none for a letter"}, {"subject", "string?", "what it is about"}, {"to", "string?", "\"Kính gửi\"; several offices a line each"},
    {"issuer", "string?", "the agency as sentences name it, for appendices: \"Bộ Chỉ huy Quân sự tỉnh\""},
    {"secrecy", "string?", "\"MẬT\""}, {"urgency", "string?", "\"HỎA TỐC\""}, {"layout", "\"nd30\"|\"tt01\"?", "by date if left out"}, {NULL, NULL, NULL},
};

static int l_official(lua_State *L)
{
    kh_dblock *in;
    kh_doc *d = kh_lua_doc(L, &in);
    kh_table t = kh_table_open(L, 2, "official", kh_keys_official);
    kh_official *o = kh_arena_alloc(d->arena, sizeof *o);
    o->superior = text_key(&t, "superior", d);
    o->agency = text_key(&t, "agency", d);
    o->number = text_key(&t, "number", d);
    o->place = text_key(&t, "place", d);
    o->kind = text_key(&t, "kind", d);
    o->subject = text_key(&t, "subject", d);
    o->to = text_key(&t, "to", d);
    o->issuer = text_key(&t, "issuer", d);
    o->secrecy = text_key(&t, "secrecy", d);
    o->urgency = text_key(&t, "urgency", d);
    o->layout = text_key(&t, "layout", d);
    if (kh_table_has(&t, "date"))
        kh_day_split(kh_table_day(&t, "date", 0), &o->year, &o->month, &o->day);
    if (in)
        kh_lua_raise(L, "%s", _("the head of a document stands in no part of it"));
    kh_doc_add(d, NULL, KH_B_OFFICIAL)->official = o;
    return 0;
}

const kh_key kh_keys_sign[] = {
    {"authority", "string?", "\"TM. ỦY BAN NHÂN DÂN\""}, {"title", "string", "\"CHỈ HUY TRƯỞNG\""}, {"deputy", "string?", "\"KT. CHỈ HUY TRƯỞNG\""}, {"name", "string?", "who signs"},
    {"recipients", "string|string[]?", "\"Nơi nhận\""}, {NULL, NULL, NULL},
};

static int l_sign(lua_State *L)
{
    kh_dblock *in;
    kh_doc *d = kh_lua_doc(L, &in);
    kh_table t = kh_table_open(L, 2, "sign", kh_keys_sign);
    kh_sign *s = kh_arena_alloc(d->arena, sizeof *s);
    const char *const *list;
    s->authority = text_key(&t, "authority", d);
    s->title = text_key(&t, "title", d);
    s->deputy = text_key(&t, "deputy", d);
    s->name = text_key(&t, "name", d);
    s->n_recipients = kh_table_texts(&t, "recipients", d->arena, &list);
    s->recipients = kh_arena_alloc(d->arena, (s->n_recipients + 1) * sizeof *s->recipients);
    for (size_t i = 0; i < s->n_recipients; i++)
        s->recipients[i] = list[i];
    kh_lua_count_output(L, 256);
    kh_doc_add(d, in, KH_B_SIGN)->sign = s;
    return 0;
}

/* --- tiles ------------------------------------------------------------------------------------------------ */

const kh_key kh_keys_tile[] = {
    {"title", "string", "what it shows"}, {"value", "string|number?", "the figure"}, {"unit", "string?", "\"%\""}, {"note", "string?", "a remark"}, {"link", "string?", "\"#anchor\""},
    {"tone", "\"good\"|\"bad\"|\"warn\"|\"muted\"?", ""}, {"sign", "string?", "a word or sign for the tone"}, {"trend", "number[]?", "earlier values; false where one is missing"},
    {"trend_from", "string?", "name of the trend's first value: \"2016\""}, {"trend_to", "string?", "name of its last"}, {"target", "number?", "a line across the trend"}, {NULL, NULL, NULL},
};

static void read_trend(const kh_table *t, kh_doc *d, kh_tile *tile)
{
    lua_State *L = t->L;
    if (kh_table_push(t, "trend") == LUA_TTABLE) {
        size_t n = lua_rawlen(L, -1);
        kh_lua_count_output(L, n * 16);
        tile->trend = kh_arena_alloc(d->arena, (n + 1) * sizeof *tile->trend);
        tile->trend_there = kh_arena_alloc(d->arena, (n + 1) * sizeof *tile->trend_there);
        tile->n_trend = n;
        for (size_t i = 0; i < n; i++) {
            tile->trend_there[i] = lua_rawgeti(L, -1, (lua_Integer)i + 1) == LUA_TNUMBER;
            tile->trend[i] = lua_tonumber(L, -1);
            lua_pop(L, 1);
        }
    }
    lua_pop(L, 1);
}

static int l_tiles(lua_State *L)
{
    kh_dblock *in;
    kh_doc *d = kh_lua_doc(L, &in);
    luaL_checktype(L, 2, LUA_TTABLE);
    size_t n = lua_rawlen(L, 2);
    kh_tile *tiles = kh_arena_alloc(d->arena, (n + 1) * sizeof *tiles);
    for (size_t i = 0; i < n; i++) {
        lua_rawgeti(L, 2, (lua_Integer)i + 1);
        kh_table t = kh_table_open(L, -1, "tile", kh_keys_tile);
        tiles[i].title = text_key(&t, "title", d);
        if (kh_table_push(&t, "value") == LUA_TNUMBER) { /* a number's exact digits; renderers write them as the language wants */
            char text[KH_DEC_TEXT];
            kh_dec_format(kh_lua_dec(L, -1, "value"), text);
            kh_buf *b = kh_lua_buf(L);
            kh_format_number(text, -1, d->lang[0] == 'e' ? KH_LANG_EN : KH_LANG_VI, b);
            tiles[i].value = kh_doc_text(L, d, kh_buf_cstr(b));
            lua_pop(L, 1);
        } else {
            tiles[i].value = text_key(&t, "value", d);
        }
        lua_pop(L, 1);
        tiles[i].unit = text_key(&t, "unit", d);
        tiles[i].note = text_key(&t, "note", d);
        tiles[i].link = text_key(&t, "link", d);
        tiles[i].sign = text_key(&t, "sign", d);
        tiles[i].tone = kh_table_tone(&t, "tone");
        tiles[i].trend_from = text_key(&t, "trend_from", d);
        tiles[i].trend_to = text_key(&t, "trend_to", d);
        tiles[i].has_target = kh_table_push(&t, "target") == LUA_TNUMBER;
        tiles[i].target = lua_tonumber(L, -1);
        lua_pop(L, 1);
        read_trend(&t, d, &tiles[i]);
        lua_pop(L, 1);
    }
    kh_dblock *b = kh_doc_add(d, in, KH_B_TILES);
    b->tiles = tiles;
    b->n_tiles = n;
    return 0;
}

/* --- building --------------------------------------------------------------------------------------------- */

typedef struct build { void *script; kh_workspace *ws; kh_doc *doc; kh_period period; kh_unit unit; const char *const *params; } build;

static void set_param(lua_State *L, const char *key, const char *value)
{
    lua_pushstring(L, value);
    lua_setfield(L, -2, key);
}

static int run_build(lua_State *L)
{
    build *b = lua_touserdata(L, 1);
    char day[KH_DAY_TEXT];
    kh_doc_handle *h = lua_newuserdatauv(L, sizeof *h, 1);
    *h = (kh_doc_handle){NULL, NULL, h};
    luaL_setmetatable(L, class_name);
    kh_host(L)->docs = h; /* it stays at index 2 of this call until the pointer is cleared */
    h->doc = b->doc;
    lua_rawgeti(L, LUA_REGISTRYINDEX, kh_ptr_ref(b->script));
    lua_pushvalue(L, 2);
    lua_createtable(L, 0, 8);
    for (const char *const *p = b->params; p && p[0]; p += 2)
        set_param(L, p[0], p[1]);
    kh_lua_push_period(L, b->period);
    lua_setfield(L, -2, "period");
    kh_lua_push_unit(L, b->unit);
    lua_setfield(L, -2, "unit");
    kh_day_format(b->ws->today, day);
    set_param(L, "date", day);
    set_param(L, "lang", b->doc->lang);
    lua_call(L, 2, 0);
    h->doc = NULL;
    kh_host(L)->docs = NULL;
    return 0;
}

int kh_build_call(void *ctx, void *script, kh_workspace *ws, kh_doc *doc, kh_period period, kh_unit unit, const char *const *params, kh_error *err)
{
    kh_script *s = ctx;
    build b = {script, ws, doc, period, unit, params};
    kh_day at = s->at;
    void *outer = s->docs;
    s->docs = NULL;
    s->at = period ? kh_period_last(period) : ws->today;
    int rc = kh_lua_enter(s, run_build, &b, KH_ESCRIPT, err);
    if (s->docs) /* it ended with an error: nothing has been collected since */
        ((kh_doc_handle *)s->docs)->doc = NULL;
    s->docs = outer;
    s->at = at;
    return rc;
}

static const kh_fn fns[] = {
    {"official", l_official, "options: OfficialOptions", "The head of an administrative document: agency, number, place and date, kind, subject."},
    {"heading", l_heading, "text: string, options?: table", "A heading. \"I. ...\", \"1. ...\", \"a) ...\" give number and level; or options level, anchor."},
    {"para", l_para, "text: string|table, options?: table", "A paragraph: a text, or a list of texts and { \"text\", bold = true }."},
    {"list", l_list, "items: table, options?: table", "A list; options ordered."},
    {"table", kh_doc_l_table, "data: Frame|table, options?: TableOptions", "A table: a frame, or { head = { ... }, rows = { { ... } } }."},
    {"chart", kh_doc_l_chart, "options: ChartOptions", "A chart of a frame's columns."},
    {"note", l_note, "text: string|table, options?: table", "A remark set apart; options tone."},
    {"title", l_title, "text: string", "The document's title, where the report's own is not enough."},
    {"columns", l_columns, "...: (fun(doc: Doc))", "Parts side by side where the format and the page have room, for dashboards."},
    {"details", l_details, "title: string, build: (fun(doc: Doc)), options?: table", "A titled part that can be folded where the format allows it; options open, anchor."},
    {"tiles", l_tiles, "tiles: TileOptions[]", "Figures side by side, for dashboards."},
    {"page_break", l_page_break, "", "A new page where the format has pages."},
    {"sign", l_sign, "options: SignOptions", "Who signs, and who receives it."},
    {"appendix", l_appendix, "title: string, options?: table", "An appendix begins, on a page of its own where the format has pages; options number, enclosed, anchor."},
    {NULL, NULL, NULL, NULL},
};
const kh_ns kh_ns_doc = {.name = "kh.Doc", .is_class = true, .fns = fns, .doc = "The document that a report builds. The same document can be rendered as text, Markdown, HTML, CSV, XLSX, DOCX and PDF."};

/* SPDX-License-Identifier: MIT */
/*
 * CSV: the tables of the document, for machines and for spreadsheets.
 *
 *   one table      its heads in one line (merged heads joined by "/"), then its rows
 *   more tables    each after a line with its title, an empty line between
 *   tiles          a table of their own; charts only where the document has no table
 *
 * Numbers are the exact digits, not what is shown rounded. A column of numbers
 * with signs ("✓ đạt") gets a column for the signs after it. Prose, notes and
 * the column signs row are left out: this is the data. The Excel flavour has a
 * BOM, ';', the decimal comma and CRLF. The notice stands in the first line,
 * but for a single plain table, where every line is data.
 */
#include "report/renderers.h"

#include "report/escape.h"
#include "report/grid.h"
#include "report/words.h"

#include <string.h>

typedef struct csv {
    kh_buf *out;
    kh_lang lang;
    kh_doc *scratch;
    bool excel, titles, charts;
    size_t n_tables;
} csv;

static void put_end(csv *c)
{
    kh_buf_str(c->out, c->excel ? "\r\n" : "\n");
}

static void put_field(csv *c, const char *s, bool number, size_t nth)
{
    if (nth)
        kh_buf_char(c->out, c->excel ? ';' : ',');
    if (number && c->excel) {
        kh_buf local = KH_BUF_INIT;
        kh_buf_str(&local, s);
        char *dot = strchr(kh_buf_cstr(&local), '.');
        if (dot)
            *dot = ',';
        kh_csv(kh_buf_cstr(&local), true, ';', c->out);
        kh_buf_free(&local);
        return;
    }
    kh_csv(s, number, c->excel ? ';' : ',', c->out);
}

/* Which columns get a column of signs after them. */
static bool *sign_columns(const kh_dtable *t)
{
    bool *has = kh_zalloc(t->n_cols, sizeof *has);
    for (size_t i = 0; i < t->n_rows * t->n_cols; i++)
        has[i % t->n_cols] |= t->body[i].sign && *t->body[i].sign && t->body[i].type != KH_D_EMPTY;
    return has;
}

static void put_head(csv *c, const kh_view *v, const bool *signs)
{
    size_t nth = 0;
    for (size_t i = 0; i < v->t->n_cols; i++) {
        kh_buf title = KH_BUF_INIT;
        kh_view_title(v, i, "/", &title);
        for (char *p = title.data; p && (p = memchr(p, '\n', title.len - (size_t)(p - title.data))); p++)
            *p = ' '; /* a head is one line */
        put_field(c, kh_buf_cstr(&title), false, nth++);
        if (signs[i]) {
            kh_buf_printf(&title, " (%s)", kh_word_in(c->lang, KH_W_STATUS));
            put_field(c, kh_buf_cstr(&title), false, nth++);
        }
        kh_buf_free(&title);
    }
    put_end(c);
}

static void put_row(csv *c, const kh_view *v, size_t row, const bool *signs)
{
    size_t nth = 0;
    for (size_t i = 0; i < v->t->n_cols; i++) {
        /* A merged cell's value stands in every row it covers, so that each row can be read alone. */
        const kh_dcell *cell = &v->body.cells[kh_grid_owner(&v->body, row, i)];
        bool number = cell->type == KH_D_NUMBER;
        const char *text = number ? cell->number : cell->type == KH_D_TEXT && cell->text ? cell->text : "";
        if (cell->type == KH_D_EMPTY && cell->sign && !signs[i])
            text = cell->sign;
        put_field(c, text, number, nth++);
        if (signs[i])
            put_field(c, cell->sign ? cell->sign : "", false, nth++);
    }
    put_end(c);
}

static void put_table(csv *c, const kh_dtable *t)
{
    if (c->n_tables++)
        put_end(c);
    if (c->titles) {
        put_field(c, t->title ? t->title : "", false, 0);
        put_end(c);
    }
    kh_view v;
    kh_view_init(&v, t);
    bool *signs = sign_columns(t);
    if (v.head.rows)
        put_head(c, &v, signs);
    for (size_t r = 0; r < t->n_rows; r++)
        put_row(c, &v, r, signs);
    kh_free(signs);
    kh_view_free(&v);
}

static void put_blocks(csv *c, kh_dblock *const *blocks, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const kh_dblock *b = blocks[i];
        if (b->kind == KH_B_TABLE)
            put_table(c, b->table);
        else if (b->kind == KH_B_TILES && b->n_tiles)
            put_table(c, kh_tiles_table(c->scratch, b, c->lang));
        else if (b->kind == KH_B_CHART && c->charts)
            put_table(c, kh_chart_table(c->scratch, b->chart, c->lang));
        put_blocks(c, b->children, b->n_children);
    }
}

static size_t count(kh_dblock *const *blocks, size_t n, kh_block_kind kind)
{
    size_t k = 0;
    for (size_t i = 0; i < n; i++)
        k += (blocks[i]->kind == kind ? 1u : 0u) + count(blocks[i]->children, blocks[i]->n_children, kind);
    return k;
}

int kh_render_csv(const kh_doc *d, const kh_render_options *o, kh_buf *out, kh_error *err)
{
    (void)err; /* cannot fail */
    csv c = {.out = out, .lang = kh_doc_lang(d), .scratch = kh_doc_new("", KH_LANG_VI), .excel = o->excel};
    size_t tables = count(d->blocks, d->n_blocks, KH_B_TABLE), tiles = count(d->blocks, d->n_blocks, KH_B_TILES);
    c.charts = tables == 0;
    c.titles = tables + tiles + (c.charts ? count(d->blocks, d->n_blocks, KH_B_CHART) : 0) > 1;
    if (c.excel)
        kh_buf_str(out, "\xef\xbb\xbf");
    if ((c.excel || c.titles) && d->notice && *d->notice) {
        put_field(&c, d->notice, false, 0);
        put_end(&c);
    }
    put_blocks(&c, d->blocks, d->n_blocks);
    kh_doc_free(c.scratch);
    return KH_OK;
}

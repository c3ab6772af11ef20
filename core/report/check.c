/* SPDX-License-Identifier: MIT */
/*
 * Checks of a document: every block carries what its kind needs, spans fit and
 * cover exactly the cells marked as covered, numbers are canonical digits,
 * anchors are unique and every "#link" finds one. One pass, linear.
 */
#include "report/check.h"

#include "base/map.h"
#include "report/escape.h"
#include "report/format.h"

#include <math.h>
#include <string.h>

typedef struct check {
    kh_map *anchors;
    size_t block; /* the number of the block at hand, from 1 */
    kh_error *err;
} check;

static int check_link(check *c, const char *link)
{
    if (!link || !*link)
        return KH_OK;
    if (!kh_link_safe(link))
        return kh_fail(c->err, KH_EUSAGE, _("block %zu of the document: the link '%s' must begin with '#', 'http:', 'https:' or 'mailto:'"), c->block, link);
    if (link[0] == '#' && kh_map_get(c->anchors, link + 1, strlen(link + 1)) == KH_NONE)
        return kh_fail(c->err, KH_EUSAGE, _("block %zu of the document: the link '%s' leads nowhere; give the block that is meant the anchor '%s'"), c->block, link, link + 1);
    return KH_OK;
}

static int check_cell(check *c, const kh_dcell *cell, size_t row, size_t col)
{
    if (cell->type == KH_D_NUMBER && (!cell->number || !kh_is_digits(cell->number)))
        return kh_fail(c->err, KH_EUSAGE, _("block %zu of the document: row %zu, column %zu of the table: '%s' is not a number; write digits with a point, such as 1234.5"), c->block, row + 1, col + 1, cell->number ? cell->number : "");
    if (cell->decimals > 18)
        return kh_fail(c->err, KH_EUSAGE, _("block %zu of the document: row %zu, column %zu of the table: %d decimals are asked for; at most 18 can be shown"), c->block, row + 1, col + 1, cell->decimals);
    return check_link(c, cell->link);
}

/* Marks what each span covers; a cell covered twice, or marked and not covered, is a fault. */
static int check_spans(check *c, const kh_dcell *cells, size_t rows, size_t cols)
{
    unsigned char *covered = kh_zalloc(rows * cols + 1, 1);
    int rc = KH_OK;
    for (size_t r = 0; r < rows && rc == KH_OK; r++) {
        for (size_t i = 0; i < cols && rc == KH_OK; i++) {
            const kh_dcell *cell = &cells[r * cols + i];
            size_t w = cell->colspan ? cell->colspan : 1, h = cell->rowspan ? cell->rowspan : 1;
            bool is = covered[r * cols + i];
            if (is != cell->covered || (is && (w > 1 || h > 1)) || i + w > cols || r + h > rows) {
                rc = kh_fail(c->err, KH_EUSAGE, _("block %zu of the document: the merged cells at row %zu, column %zu of the table overlap or leave the table"), c->block, r + 1, i + 1);
                break;
            }
            for (size_t y = r; !is && y < r + h; y++) {
                for (size_t x = i; x < i + w; x++) {
                    if (y != r || x != i)
                        covered[y * cols + x] = 1;
                }
            }
        }
    }
    kh_free(covered);
    return rc;
}

static int check_table(check *c, const kh_dtable *t)
{
    if (!t || !t->cols || t->n_cols == 0)
        return kh_fail(c->err, KH_EUSAGE, _("block %zu of the document: a table needs at least one column"), c->block);
    int rc = check_spans(c, t->head, t->n_head_rows, t->n_cols);
    if (rc == KH_OK)
        rc = check_spans(c, t->body, t->n_rows, t->n_cols);
    for (size_t i = 0; rc == KH_OK && i < t->n_head_rows * t->n_cols; i++)
        rc = check_cell(c, &t->head[i], i / t->n_cols, i % t->n_cols);
    for (size_t i = 0; rc == KH_OK && i < t->n_rows * t->n_cols; i++)
        rc = check_cell(c, &t->body[i], i / t->n_cols, i % t->n_cols);
    return rc;
}

static int check_chart(check *c, const kh_chart *ch)
{
    if (!ch || ch->n_x == 0 || ch->n_series == 0)
        return kh_fail(c->err, KH_EUSAGE, _("block %zu of the document: a chart needs at least one series with one value"), c->block);
    if (ch->decimals < 0 || ch->decimals > 18)
        return kh_fail(c->err, KH_EUSAGE, _("block %zu of the document: the decimals of the chart '%s' must be from 0 to 18"), c->block, ch->title ? ch->title : "");
    for (size_t s = 0; s < ch->n_series; s++) {
        for (size_t i = 0; i < ch->n_x; i++) {
            if (ch->series[s].there[i] && !isfinite(ch->series[s].y[i]))
                return kh_fail(c->err, KH_EUSAGE, _("block %zu of the document: value %zu of the series '%s' is not a finite number; leave it out if it is missing"), c->block, i + 1, ch->series[s].name ? ch->series[s].name : "");
        }
    }
    return KH_OK;
}

static int check_runs(check *c, const kh_run_text *runs, size_t n)
{
    int rc = KH_OK;
    for (size_t i = 0; rc == KH_OK && i < n; i++)
        rc = check_link(c, runs[i].link);
    return rc;
}

static int check_block(check *c, const kh_dblock *b)
{
    int rc = check_runs(c, b->runs, b->n_runs);
    for (size_t i = 0; rc == KH_OK && i < b->n_items; i++)
        rc = check_runs(c, b->items[i], b->n_item_runs[i]);
    if (rc != KH_OK)
        return rc;
    switch (b->kind) {
    case KH_B_HEADING:
        if (b->level < 1 || b->level > 4)
            return kh_fail(c->err, KH_EUSAGE, _("block %zu of the document: a heading's level is from 1 to 4, not %d"), c->block, b->level);
        return KH_OK;
    case KH_B_OFFICIAL:
        if (!b->official)
            return kh_fail(c->err, KH_EUSAGE, _("block %zu of the document: the official head is empty"), c->block);
        if (b->official->layout && strcmp(b->official->layout, "nd30") != 0 && strcmp(b->official->layout, "tt01") != 0)
            return kh_fail(c->err, KH_EUSAGE, _("block %zu of the document: the layout '%s' is not known; it is 'nd30' or 'tt01'"), c->block, b->official->layout);
        return KH_OK;
    case KH_B_SIGN:
        return b->sign ? KH_OK : kh_fail(c->err, KH_EUSAGE, _("block %zu of the document: the signature is empty"), c->block);
    case KH_B_TABLE: return check_table(c, b->table);
    case KH_B_CHART: return check_chart(c, b->chart);
    case KH_B_TILES:
        for (size_t i = 0; rc == KH_OK && i < b->n_tiles; i++)
            rc = check_link(c, b->tiles[i].link);
        return rc;
    case KH_B_PARA: case KH_B_LIST: case KH_B_BREAK: case KH_B_NOTE: case KH_B_APPENDIX: case KH_B_DETAILS: case KH_B_COLUMNS: case KH_B_PART: break;
    }
    return KH_OK;
}

static int take_anchor(check *c, const char *anchor)
{
    if (!anchor || !*anchor || kh_map_set(c->anchors, anchor, strlen(anchor), (uint32_t)c->block) == KH_NONE)
        return KH_OK;
    return kh_fail(c->err, KH_EUSAGE, _("block %zu of the document: the anchor '%s' is given twice"), c->block, anchor);
}

/* Depth of parts is bounded so that no renderer's recursion is. */
static int walk(check *c, kh_dblock *const *blocks, size_t n, int depth, int (*visit)(check *, const kh_dblock *))
{
    if (depth > 16)
        return kh_fail(c->err, KH_EUSAGE, _("block %zu of the document: parts are nested deeper than 16"), c->block);
    for (size_t i = 0; i < n; i++) {
        c->block++;
        int rc = visit(c, blocks[i]);
        if (rc == KH_OK && blocks[i]->n_children)
            rc = walk(c, blocks[i]->children, blocks[i]->n_children, depth + 1, visit);
        if (rc != KH_OK)
            return rc;
    }
    return KH_OK;
}

static int visit_anchor(check *c, const kh_dblock *b)
{
    int rc = take_anchor(c, b->anchor);
    if (rc == KH_OK && b->table && b->table->anchor && (!b->anchor || strcmp(b->anchor, b->table->anchor) != 0))
        rc = take_anchor(c, b->table->anchor);
    for (size_t i = 0; rc == KH_OK && b->table && i < b->table->n_rows * b->table->n_cols; i++)
        rc = take_anchor(c, b->table->body[i].anchor);
    return rc;
}

int kh_doc_check(const kh_doc *d, kh_error *err)
{
    check c = {.anchors = kh_map_new(), .err = err};
    int rc = walk(&c, d->blocks, d->n_blocks, 0, visit_anchor);
    c.block = 0;
    if (rc == KH_OK)
        rc = walk(&c, d->blocks, d->n_blocks, 0, check_block);
    kh_map_free(c.anchors);
    return rc;
}

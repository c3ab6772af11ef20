/* SPDX-License-Identifier: MIT */
/*
 * What a return would change against the current version of its (form, sender,
 * span): the old cells are read block by block and looked up in the return; a
 * bit for each cell that was met tells afterwards which of the return's are new.
 * Numbers are the same when they are equal, whatever their digits (1.5, 1.50).
 */
#include "store/sqlite_store.h"

#include "base/msg.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct differing {
    kh_store *s;
    kh_catalog *c;
    const kh_return *r;
    kh_difference *out;
    kh_difference_fn *fn;
    void *ctx;
    uint32_t *column_of;      /* [measure] -> first column of it, then `next`; UINT32_MAX: none */
    uint32_t *next;
    uint64_t **met;           /* [group * columns + column] bits by row, made when first touched */
} differing;

static int tell(differing *x, const char *what, kh_period p, kh_unit unit, uint32_t measure, kh_cut cut, const char *before, const char *after, uint32_t line)
{
    return x->fn ? x->fn(x->ctx, what, p, unit, measure, cut, before, after, line) : 0;
}

static uint32_t find_column(const differing *x, uint32_t measure, kh_cut cut, bool text)
{
    for (uint32_t i = x->column_of[measure]; i != UINT32_MAX; i = x->next[i])
        if (x->r->columns[i].cut == cut && x->r->columns[i].text == text)
            return i;
    return UINT32_MAX;
}

static uint32_t find_group(const differing *x, kh_period p)
{
    size_t low = 0, high = x->r->n_rows;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (x->r->rows[middle].period < p)
            low = middle + 1;
        else
            high = middle;
    }
    return low < x->r->n_rows && x->r->rows[low].period == p ? (uint32_t)low : UINT32_MAX;
}

static const char *value_text(const differing *x, const kh_return_column *col, const kh_page *page, uint32_t k, char room[KH_DEC_TEXT])
{
    if (col->text)
        return x->r->texts + page->m[k];
    kh_dec_format((kh_dec){page->m[k], page->scale[k]}, room);
    return room;
}

static uint32_t line_of(const differing *x, uint32_t group, uint32_t row, const kh_page *page)
{
    int64_t line = x->r->rows[group].line[row];
    return (uint32_t)(page->lines ? line + page->lines[row % KH_CHUNK] : line);
}

static void meet(differing *x, uint32_t group, uint32_t column, uint32_t row)
{
    uint64_t **bits = &x->met[(size_t)group * x->r->n_columns + column];
    if (!*bits)
        *bits = kh_zalloc(x->r->rows[group].n / 64 + 1, sizeof **bits);
    (*bits)[row / 64] |= UINT64_C(1) << row % 64;
}

/* One cell of the old version: text, or number d. */
static int old_cell(differing *x, const kh_block *b, uint32_t group, uint32_t column, kh_unit unit, const char *text, kh_dec d)
{
    char before[KH_DEC_TEXT], after[KH_DEC_TEXT];
    const char *was = text;
    uint32_t row = group == UINT32_MAX || column == UINT32_MAX || unit >= x->r->n_units ? UINT32_MAX : x->r->rows[group].place[unit];
    const kh_page *page = row == UINT32_MAX ? NULL : kh_return_page(x->r, group, column, row / KH_CHUNK);
    uint32_t k = row % KH_CHUNK;
    if (!text) {
        kh_dec_format(d, before);
        was = before;
    }
    if (!page || page->m[k] == KH_MISSING) {
        x->out->withdrawn++;
        return tell(x, "withdrawn", b->period, unit, b->measure, b->cut, was, NULL, 0);
    }
    meet(x, group, column, row);
    const char *is = value_text(x, &x->r->columns[column], page, k, after);
    bool same = text ? strcmp(text, is) == 0 : kh_dec_cmp(d, (kh_dec){page->m[k], page->scale[k]}) == 0;
    if (same) {
        x->out->same++;
        return 0;
    }
    x->out->changed++;
    return tell(x, "changed", b->period, unit, b->measure, b->cut, was, is, line_of(x, group, row, page));
}

static int old_block(void *ctx, const kh_block *b)
{
    differing *x = ctx;
    uint32_t group = find_group(x, b->period), column = find_column(x, b->measure, b->cut, b->text != NULL);
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < b->n; i++)
        if (b->text ? b->text[i] != NULL : b->m[i] != KH_MISSING)
            rc = old_cell(x, b, group, column, b->unit[i], b->text ? b->text[i] : NULL, (kh_dec){b->m[i], b->scale});
    return rc;
}

static int new_cells(differing *x, uint32_t group, uint32_t column)
{
    const kh_return_rows *rows = &x->r->rows[group];
    const kh_return_column *col = &x->r->columns[column];
    const uint64_t *bits = x->met[(size_t)group * x->r->n_columns + column];
    char after[KH_DEC_TEXT];
    int rc = 0;
    for (uint32_t row = 0; rc == 0 && row < rows->n; row++) {
        const kh_page *page = kh_return_page(x->r, group, column, row / KH_CHUNK);
        if (!page || page->m[row % KH_CHUNK] == KH_MISSING || (bits && (bits[row / 64] >> row % 64 & 1)))
            continue;
        x->out->added++;
        rc = tell(x, "new", rows->period, rows->unit[row], col->measure, col->cut, NULL, value_text(x, col, page, row % KH_CHUNK, after), line_of(x, group, row, page));
    }
    return rc;
}

static void index_columns(differing *x)
{
    x->column_of = kh_alloc((x->c->n_measures + 1) * sizeof *x->column_of);
    x->next = kh_alloc((x->r->n_columns + 1) * sizeof *x->next);
    for (size_t i = 0; i < x->c->n_measures; i++)
        x->column_of[i] = UINT32_MAX;
    for (uint32_t i = 0; i < x->r->n_columns; i++) {
        x->next[i] = x->column_of[x->r->columns[i].measure];
        x->column_of[x->r->columns[i].measure] = i;
    }
    x->met = kh_zalloc(x->r->n_rows * x->r->n_columns + 1, sizeof *x->met);
}

static int compare(differing *x, int64_t current, kh_error *err)
{
    int rc = KH_OK;
    if (current)
        rc = kh_store_read(x->s, x->c, &(kh_read){.submission = current}, old_block, x, err);
    for (uint32_t g = 0; rc == KH_OK && g < x->r->n_rows; g++)
        for (uint32_t i = 0; rc == KH_OK && i < x->r->n_columns; i++)
            rc = new_cells(x, g, i);
    return rc;
}

int kh_store_difference(kh_store *s, kh_catalog *c, const kh_return *r, kh_difference *out, kh_difference_fn *fn, void *ctx, kh_error *err)
{
    char span[32];
    int64_t current = 0;
    differing x = {.s = s, .c = c, .r = r, .out = out, .fn = fn, .ctx = ctx};
    *out = (kh_difference){0};
    int rc = kh_store_bound(s, c, err);
    if (rc != KH_OK)
        return rc;
    if (r->span[0])
        snprintf(span, sizeof span, "%s", r->span);
    else
        kh_period_format(r->period, span);
    int64_t sender = r->sender == KH_NO_UNIT ? 0 : kh_units_def(c->units, r->sender)->id;
    rc = kh_submission_current(s, c->forms[r->form].id, sender, span, &current, err);
    if (rc == KH_OK) {
        index_columns(&x);
        rc = compare(&x, current, err);
        for (size_t i = 0; i < r->n_rows * r->n_columns; i++)
            kh_free(x.met[i]);
    }
    kh_free(x.met);
    kh_free(x.column_of);
    kh_free(x.next);
    return rc;
}

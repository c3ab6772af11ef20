/* SPDX-License-Identifier: MIT */
/*
 * A return in memory. Every cell has a fixed place (page of its chunk, slot of
 * its row), so setting one costs two indexed loads and a test for a value that
 * is there already; that test is the duplicate check of an import. Finding a
 * row costs one load where the period is that of the row before, and a small
 * hash lookup otherwise.
 *
 * The rows of a period and the list of a column's pages grow in whole chunks,
 * so that a chunk number below rows->cap / KH_CHUNK is always a valid index.
 * Texts that came before are kept once: choice words repeat in every row.
 */
#include "model/return.h"

#include "base/map.h"
#include "base/mem.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { LONG_TEXT = 64 }; /* bytes; longer texts seldom repeat and are not looked for */

struct kh_return_index {
    uint32_t *periods;  /* open addressing, group + 1; 0: free */
    size_t periods_size;
    kh_map *columns;    /* (measure, cut, text) as bytes */
    kh_map *texts;      /* -> number in offsets */
    int64_t *offsets;
    size_t n_offsets, cap_offsets;
    uint32_t last;      /* group of the row before */
    bool sealed;
};

kh_return *kh_return_new(size_t n_units)
{
    kh_return *r = kh_zalloc(1, sizeof *r);
    r->n_units = n_units;
    r->sender = KH_NO_UNIT;
    r->index = kh_zalloc(1, sizeof *r->index);
    r->index->columns = kh_map_new();
    r->index->texts = kh_map_new();
    return r;
}

static size_t chunks_of(const kh_return_rows *rows)
{
    return rows->cap / KH_CHUNK;
}

static void free_rows(kh_return_rows *rows)
{
    for (uint32_t c = 0; c < rows->cap_columns; c++) {
        for (size_t i = 0; rows->pages[c] && i < chunks_of(rows); i++)
            if (rows->pages[c][i]) {
                kh_free(rows->pages[c][i]->lines);
                kh_free(rows->pages[c][i]);
            }
        kh_free(rows->pages[c]);
    }
    kh_free(rows->pages);
    kh_free(rows->unit);
    kh_free(rows->line);
    kh_free(rows->place);
}

void kh_return_free(kh_return *r)
{
    if (!r)
        return;
    for (size_t i = 0; i < r->n_rows; i++)
        free_rows(&r->rows[i]);
    kh_map_free(r->index->columns);
    kh_map_free(r->index->texts);
    kh_free(r->index->periods);
    kh_free(r->index->offsets);
    kh_free(r->index);
    kh_free(r->rows);
    kh_free(r->columns);
    kh_free(r->texts);
    kh_free(r->file);
    kh_free(r->received);
    kh_free(r->by);
    kh_free(r);
}

uint32_t kh_return_column_of(kh_return *r, uint32_t measure, kh_cut cut, bool text)
{
    uint32_t key[3] = {measure, cut, text};
    uint32_t found = kh_map_get(r->index->columns, (const char *)key, sizeof key);
    if (found != KH_NONE)
        return found;
    uint32_t column = (uint32_t)r->n_columns;
    KH_PUSH(r->columns, r->n_columns, r->cap_columns) = (kh_return_column){measure, cut, text};
    kh_map_set(r->index->columns, (const char *)key, sizeof key, column);
    return column;
}

/* ---- rows ---- */

static size_t period_slot(const struct kh_return_index *x, const kh_return *r, kh_period p)
{
    size_t mask = x->periods_size - 1;
    size_t i = (p * 2654435761u >> 7) & mask;
    while (x->periods[i] && r->rows[x->periods[i] - 1].period != p)
        i = (i + 1) & mask;
    return i;
}

static void grow_periods(kh_return *r)
{
    struct kh_return_index *x = r->index;
    kh_free(x->periods);
    x->periods_size = x->periods_size ? x->periods_size * 2 : 16;
    x->periods = kh_zalloc(x->periods_size, sizeof *x->periods);
    for (size_t g = 0; g < r->n_rows; g++)
        x->periods[period_slot(x, r, r->rows[g].period)] = (uint32_t)g + 1;
}

static uint32_t add_group(kh_return *r, kh_period period)
{
    kh_return_rows rows = {.period = period};
    rows.place = kh_alloc(r->n_units * sizeof *rows.place);
    memset(rows.place, 0xFF, r->n_units * sizeof *rows.place); /* UINT32_MAX: no row */
    KH_PUSH(r->rows, r->n_rows, r->cap_rows) = rows;
    return (uint32_t)r->n_rows - 1;
}

static uint32_t group_of(kh_return *r, kh_period period)
{
    struct kh_return_index *x = r->index;
    if (r->n_rows && r->rows[x->last].period == period)
        return x->last;
    if (r->n_rows * 2 >= x->periods_size)
        grow_periods(r);
    size_t slot = period_slot(x, r, period);
    if (!x->periods[slot])
        x->periods[slot] = add_group(r, period) + 1;
    return x->last = x->periods[slot] - 1;
}

static void grow_rows(kh_return_rows *rows)
{
    size_t before = chunks_of(rows);
    rows->cap = rows->cap ? rows->cap * 2 : KH_CHUNK;
    size_t after = chunks_of(rows);
    rows->unit = kh_realloc(rows->unit, rows->cap, sizeof *rows->unit);
    rows->line = kh_realloc(rows->line, rows->cap, sizeof *rows->line);
    for (uint32_t c = 0; c < rows->cap_columns; c++)
        if (rows->pages[c]) {
            rows->pages[c] = kh_realloc(rows->pages[c], after, sizeof *rows->pages[c]);
            for (size_t i = before; i < after; i++)
                rows->pages[c][i] = NULL;
        }
}

uint32_t kh_return_row(kh_return *r, kh_period period, kh_unit unit, uint32_t line, uint32_t *group)
{
    assert(!r->index->sealed && unit < r->n_units && period != KH_NO_PERIOD);
    *group = group_of(r, period);
    kh_return_rows *rows = &r->rows[*group];
    uint32_t row = rows->place[unit];
    if (row != UINT32_MAX)
        return row;
    if (rows->n == rows->cap)
        grow_rows(rows);
    row = rows->n++;
    rows->place[unit] = row;
    rows->unit[row] = unit;
    rows->line[row] = line;
    return row;
}

/* ---- cells ---- */

static kh_page *new_page(kh_return *r, kh_return_rows *rows, uint32_t column, uint32_t chunk)
{
    assert(column < r->n_columns);
    if (column >= rows->cap_columns) {
        uint32_t cap = (uint32_t)r->n_columns;
        rows->pages = kh_realloc(rows->pages, cap, sizeof *rows->pages);
        while (rows->cap_columns < cap)
            rows->pages[rows->cap_columns++] = NULL;
    }
    if (!rows->pages[column])
        rows->pages[column] = kh_zalloc(chunks_of(rows), sizeof *rows->pages[column]);
    kh_page *page = kh_alloc(sizeof *page);
    for (size_t i = 0; i < KH_CHUNK; i++)
        page->m[i] = KH_MISSING;
    memset(page->scale, 0, sizeof page->scale);
    page->lines = NULL;
    page->filled = 0;
    return rows->pages[column][chunk] = page;
}

static int32_t *new_lines(kh_page *page)
{
    return page->lines = kh_zalloc(KH_CHUNK, sizeof *page->lines);
}

bool kh_return_set(kh_return *r, uint32_t group, uint32_t row, uint32_t column, int64_t m, uint8_t scale, uint32_t line, uint32_t *first_line)
{
    kh_return_rows *rows = &r->rows[group];
    uint32_t chunk = row / KH_CHUNK, k = row % KH_CHUNK;
    assert(row < rows->n && m != KH_MISSING);
    kh_page *page = column < rows->cap_columns && rows->pages[column] ? rows->pages[column][chunk] : NULL;
    if (__builtin_expect(!page, 0))
        page = new_page(r, rows, column, chunk);
    if (__builtin_expect(page->m[k] != KH_MISSING, 0)) {
        *first_line = rows->line[row] + (uint32_t)(page->lines ? page->lines[k] : 0);
        return false;
    }
    page->m[k] = m;
    page->scale[k] = scale;
    if (line != rows->line[row])
        (page->lines ? page->lines : new_lines(page))[k] = (int32_t)(line - rows->line[row]);
    page->filled++;
    r->n_values++;
    return true;
}

/* Where the text stands in r->texts, put there if it is new. */
static int64_t keep_text(kh_return *r, const char *text, size_t len)
{
    struct kh_return_index *x = r->index;
    uint32_t known = len <= LONG_TEXT ? kh_map_get(x->texts, text, len) : KH_NONE;
    if (known != KH_NONE)
        return x->offsets[known];
    size_t need = r->texts_len + len + 1;
    if (need > r->texts_cap) {
        r->texts_cap = need > 2 * r->texts_cap ? need : 2 * r->texts_cap;
        r->texts = kh_realloc(r->texts, r->texts_cap, 1);
    }
    int64_t at = (int64_t)r->texts_len;
    if (len)
        memcpy(r->texts + at, text, len);
    r->texts[r->texts_len + len] = '\0';
    r->texts_len = need;
    if (len <= LONG_TEXT) {
        kh_map_set(x->texts, text, len, (uint32_t)x->n_offsets);
        KH_PUSH(x->offsets, x->n_offsets, x->cap_offsets) = at;
    }
    return at;
}

bool kh_return_set_text(kh_return *r, uint32_t group, uint32_t row, uint32_t column, const char *text, size_t len, uint32_t line, uint32_t *first_line)
{
    assert(r->columns[column].text);
    /* A duplicate is refused before its text is kept. */
    const kh_return_rows *rows = &r->rows[group];
    const kh_page *page = kh_return_page(r, group, column, row / KH_CHUNK);
    uint32_t k = row % KH_CHUNK;
    if (page && page->m[k] != KH_MISSING) {
        *first_line = rows->line[row] + (uint32_t)(page->lines ? page->lines[k] : 0);
        return false;
    }
    return kh_return_set(r, group, row, column, keep_text(r, text, len), 0, line, first_line);
}

kh_page *kh_return_page(const kh_return *r, uint32_t group, uint32_t column, uint32_t chunk)
{
    const kh_return_rows *rows = &r->rows[group];
    if (column >= rows->cap_columns || !rows->pages[column] || chunk >= chunks_of(rows))
        return NULL;
    return rows->pages[column][chunk];
}

static int by_period(const void *x, const void *y)
{
    const kh_return_rows *a = x, *b = y;
    return (a->period > b->period) - (a->period < b->period);
}

void kh_return_seal(kh_return *r)
{
    if (r->n_rows)
        qsort(r->rows, r->n_rows, sizeof *r->rows, by_period);
    r->index->sealed = true;
}

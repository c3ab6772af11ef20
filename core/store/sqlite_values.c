/* SPDX-License-Identifier: MIT */
/*
 * Values out of the store: blocks of one column and chunk each, in the order of
 * the key, so that pages are read once and in order. For a few measures each is
 * sought by its key and nothing else is touched; for many, all columns of a
 * submission are passed and the unwanted ones are not decoded.
 *
 * A block has one scale. Cells of one column nearly always share theirs or can
 * be aligned to the largest; where that would pass 2^63 the column comes as
 * several blocks, one a scale.
 */
#include "store/sqlite_store.h"

#include "base/msg.h"

#include <stdlib.h>
#include <string.h>

enum { FEW_MEASURES = 8 };

typedef struct reading {
    kh_store *s;
    const kh_catalog *c;
    const kh_read *r;
    kh_block_fn *fn;
    void *ctx;
    kh_error *err;
    int64_t seek[FEW_MEASURES]; size_t n_seek; /* wanted measures, by id; 0: many */
    kh_chunks chunks;
    int64_t m[KH_CHUNK];
    uint8_t scale[KH_CHUNK];
    const char *text[KH_CHUNK];
    kh_unit unit[KH_CHUNK];
    uint32_t line[KH_CHUNK];
    kh_buf room;
} reading;

/* ---- a column's cells to the caller ---- */

static int hand_over(reading *x, kh_block *b)
{
    return b->n ? x->fn(x->ctx, b) : 0;
}

/* Leaves out the places whose unit is no longer defined. The arrays are the reading's own, but for the units. */
static void leave_out_gone(reading *x, const kh_chunk *c, kh_block *b)
{
    size_t to = 0;
    for (uint32_t k = 0; k < c->n; k++) {
        if (c->unit[k] == KH_NO_UNIT)
            continue;
        x->unit[to] = c->unit[k];
        x->m[to] = x->m[k];
        x->scale[to] = x->scale[k];
        x->text[to] = x->text[k];
        x->line[to++] = x->line[k];
    }
    b->unit = x->unit;
    b->n = to;
}

/* Aligns to the largest scale; false if one would pass 2^63, then nothing is changed. */
static bool align(reading *x, size_t n, uint8_t *scale)
{
    uint8_t most = 0;
    bool mixed = false;
    for (size_t i = 0; i < n; i++)
        most = x->m[i] != KH_MISSING && x->scale[i] > most ? x->scale[i] : most;
    *scale = most;
    for (size_t i = 0; i < n; i++) {
        kh_dec d = {x->m[i], x->scale[i]};
        if (d.m == KH_MISSING || d.scale == most)
            continue;
        mixed = true;
        if (!kh_dec_rescale(d, most, &d))
            return false;
    }
    for (size_t i = 0; mixed && i < n; i++)
        if (x->m[i] != KH_MISSING)
            x->m[i] *= kh_pow10[most - x->scale[i]];
    return true;
}

/* One block for each scale that occurs. */
static int hand_over_by_scale(reading *x, kh_block *b)
{
    int64_t m[KH_CHUNK];
    kh_unit unit[KH_CHUNK];
    uint32_t line[KH_CHUNK];
    kh_block part = *b;
    part.m = m;
    part.unit = unit;
    part.line = b->line ? line : NULL;
    for (uint8_t scale = 0; scale <= KH_DEC_SCALE_MAX; scale++) {
        part.n = 0;
        part.scale = scale;
        for (size_t i = 0; i < b->n; i++) {
            if (x->m[i] == KH_MISSING || x->scale[i] != scale)
                continue;
            m[part.n] = x->m[i];
            unit[part.n] = b->unit[i];
            line[part.n++] = b->line ? b->line[i] : 0;
        }
        int rc = hand_over(x, &part);
        if (rc != 0)
            return rc;
    }
    return 0;
}

static int cells(reading *x, const kh_chunk *c, kh_block *b, const char *vals)
{
    bool text = !kh_type_is_number(x->c->measures[b->measure].type);
    if (text || !kh_cells_numbers(vals, c->n, x->m, x->scale)) {
        if (!kh_cells_texts(vals, c->n, &x->room, x->text))
            return kh_fail(x->err, KH_ESTORE, "the store %s is damaged: values of %s in submission %lld cannot be read", x->s->path, x->c->measures[b->measure].code, (long long)b->submission);
        for (uint32_t k = 0; k < c->n; k++)
            x->m[k] = KH_MISSING;
        text = true;
    }
    if (c->n_gone)
        leave_out_gone(x, c, b);
    b->text = text ? x->text : NULL;
    if (text || align(x, b->n, &b->scale))
        return hand_over(x, b);
    return hand_over_by_scale(x, b);
}

/* Columns of st: measure, cut, chunk, vals, lines. */
static int column(reading *x, int64_t period, sqlite3_stmt *st, kh_chunk *chunks, size_t n)
{
    uint32_t measure = kh_bound_measure(x->s, sqlite3_column_int64(st, 0));
    kh_cut cut = kh_bound_cut(x->s, sqlite3_column_int64(st, 1));
    int64_t at = sqlite3_column_int64(st, 2);
    if (measure == UINT32_MAX || cut == KH_CUT_BAD || (x->r->measures && !x->r->measures[measure]))
        return KH_OK;
    if (at < 0 || (size_t)at >= n)
        return kh_fail(x->err, KH_ESTORE, "the store %s is damaged: submission %lld has values without rows", x->s->path, (long long)chunks->submission);
    kh_chunk *c = &chunks[at];
    kh_chunk_units(x->s, c);
    kh_block b = {.submission = c->submission, .period = kh_period_of_id(period), .measure = measure, .cut = cut, .n = c->n, .unit = c->unit, .m = x->m};
    if (x->r->lines) {
        int rc = kh_chunk_cell_lines(x->s, c, st, 4, x->line, x->err);
        if (rc != KH_OK)
            return rc;
        b.line = x->line;
    }
    const char *vals = kh_stmt_text(x->s, st, 3);
    return vals ? cells(x, c, &b, vals) : KH_OK; /* no memory: the next step says so */
}

/* ---- which columns ---- */

static int columns(reading *x, int64_t period, sqlite3_stmt *st, kh_chunk *chunks, size_t n)
{
    bool row;
    int rc;
    while ((rc = kh_stmt_next(x->s, st, &row, x->err)) == KH_OK && row)
        if ((rc = column(x, period, st, chunks, n)) != 0)
            return rc;
    return rc;
}

/* Whether some unit of the chunk is wanted; kh_chunk_units has been called. */
static bool wanted(const reading *x, const kh_chunk *c)
{
    for (uint32_t k = 0; k < c->n; k++)
        if (c->unit[k] != KH_NO_UNIT && x->r->units[c->unit[k]])
            return true;
    return false;
}

static bool any_wanted(reading *x, kh_chunk *chunks, size_t n)
{
    bool any = !x->r->units;
    for (size_t i = 0; !any && i < n; i++) {
        kh_chunk_units(x->s, &chunks[i]);
        any = wanted(x, &chunks[i]);
    }
    return any;
}

/* The columns of one submission in a period; `chunks` are its n chunks there. */
static int submission(reading *x, int64_t period, kh_chunk *chunks, size_t n)
{
    static const char all[] = "SELECT measure, cut, chunk, vals, lines FROM submission_column WHERE period = ? AND submission = ? ORDER BY measure, cut, chunk";
    static const char one[] = "SELECT measure, cut, chunk, vals, lines FROM submission_column WHERE period = ? AND submission = ? AND measure = ? ORDER BY cut, chunk";
    sqlite3_stmt *st = NULL;
    int rc;
    if (chunks->submission == x->r->without || !any_wanted(x, chunks, n))
        return KH_OK;
    if (!x->n_seek) {
        rc = kh_stmt_open(x->s, &st, x->err, all, KH_ARGS(KH_I(period), KH_I(chunks->submission)));
        if (rc == KH_OK)
            rc = columns(x, period, st, chunks, n);
        kh_stmt_end(x->s, st);
        return rc;
    }
    rc = kh_stmt_open(x->s, &st, x->err, one, KH_ARGS(KH_I(period), KH_I(chunks->submission), KH_I(x->seek[0])));
    for (size_t i = 0; rc == KH_OK && i < x->n_seek; i++) {
        if (i)
            rc = kh_stmt_bind(x->s, st, x->err, KH_ARGS(KH_I(period), KH_I(chunks->submission), KH_I(x->seek[i])));
        if (rc == KH_OK)
            rc = columns(x, period, st, chunks, n);
    }
    kh_stmt_end(x->s, st);
    return rc;
}

static int read_period(reading *x, int64_t period)
{
    int rc = kh_chunks_read(x->s, period, x->r->submission, x->r->lines, &x->chunks, x->err);
    size_t n = x->chunks.n;
    for (size_t from = 0, to; rc == KH_OK && from < n; from = to) {
        for (to = from + 1; to < n && x->chunks.items[to].submission == x->chunks.items[from].submission;)
            to++;
        rc = submission(x, period, &x->chunks.items[from], to - from);
    }
    return rc;
}

static int by_number(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* Decides how to search; false: nothing is wanted. */
static bool choose(reading *x)
{
    size_t n = 0;
    if (!x->r->measures)
        return true;
    for (size_t i = 0; i < x->c->n_measures; i++) {
        if (!x->r->measures[i])
            continue;
        if (n == FEW_MEASURES)
            return true;
        x->seek[n++] = x->c->measures[i].id;
    }
    qsort(x->seek, n, sizeof x->seek[0], by_number);
    x->n_seek = n;
    return n > 0;
}

static int read_all(reading *x)
{
    int64_t *periods = NULL;
    size_t n = 0;
    int rc = KH_OK;
    for (size_t i = 0; rc == KH_OK && x->r->periods && i < x->r->n_periods; i++)
        rc = read_period(x, kh_period_id(x->r->periods[i]));
    if (x->r->periods)
        return rc;
    rc = kh_chunks_periods(x->s, x->r->submission, &periods, &n, x->err);
    for (size_t i = 0; rc == KH_OK && i < n; i++)
        rc = read_period(x, periods[i]);
    kh_free(periods);
    return rc;
}

int kh_store_read(kh_store *s, kh_catalog *c, const kh_read *r, kh_block_fn *fn, void *ctx, kh_error *err)
{
    int rc = kh_store_bound(s, c, err);
    if (rc != KH_OK)
        return rc;
    reading *x = kh_zalloc(1, sizeof *x);
    *x = (reading){.s = s, .c = c, .r = r, .fn = fn, .ctx = ctx, .err = err};
    if (choose(x))
        rc = read_all(x);
    kh_chunks_free(&x->chunks);
    kh_buf_free(&x->room);
    kh_free(x);
    return rc;
}

int kh_store_periods(kh_store *s, kh_period **out, size_t *n, kh_error *err)
{
    int64_t *ids = NULL;
    *out = NULL;
    int rc = kh_chunks_periods(s, 0, &ids, n, err);
    if (rc == KH_OK) {
        *out = kh_zalloc(*n + 1, sizeof **out);
        for (size_t i = 0; i < *n; i++)
            (*out)[i] = kh_period_of_id(ids[i]);
    }
    kh_free(ids);
    return rc;
}

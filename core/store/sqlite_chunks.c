/* SPDX-License-Identifier: MIT */
/*
 * Chunks: the rows of submissions in a period, as they are needed to read any
 * column of theirs. A chunk's units come from its list (read once), its lines
 * from a first line and a step, or one for each row.
 */
#include "store/sqlite_store.h"

#include "base/msg.h"

#include <string.h>

void kh_chunks_clear(kh_chunks *c)
{
    for (size_t i = 0; i < c->n; i++) {
        kh_free(c->items[i].line);
        kh_free(c->items[i].unit);
    }
    c->n = 0;
}

void kh_chunks_free(kh_chunks *c)
{
    kh_chunks_clear(c);
    kh_free(c->items);
    *c = (kh_chunks){0};
}

static int damaged(kh_store *s, const kh_chunk *c, const char *what, kh_error *err)
{
    return kh_fail(err, KH_ESTORE, "the store %s is damaged: the %s of submission %lld cannot be read", s->path, what, (long long)c->submission);
}

/* Columns of st from `at`: line, step, lines. */
static int read_lines(kh_store *s, kh_chunk *c, sqlite3_stmt *st, int at, kh_error *err)
{
    int64_t lines[KH_CHUNK], first = sqlite3_column_int64(st, at), step = sqlite3_column_int64(st, at + 1);
    const char *text = kh_stmt_text(s, st, at + 2);
    if (text && !kh_cells_ints(text, c->n, 0, lines))
        return damaged(s, c, _("lines"), err);
    c->line = kh_zalloc(c->n, sizeof *c->line);
    for (uint32_t k = 0; k < c->n; k++)
        c->line[k] = (uint32_t)(text ? lines[k] : first + step * k);
    return KH_OK;
}

static int add(kh_store *s, kh_chunks *out, sqlite3_stmt *st, bool lines, kh_error *err)
{
    kh_chunk c = {.submission = sqlite3_column_int64(st, 0), .chunk = (uint32_t)sqlite3_column_int64(st, 1), .n = (uint32_t)sqlite3_column_int64(st, 2)};
    const kh_chunk *before = out->n && out->items[out->n - 1].submission == c.submission ? &out->items[out->n - 1] : NULL;
    int rc = kh_lists_get(s, sqlite3_column_int64(st, 3), &c.list, err);
    if (rc == KH_OK && (c.chunk != (before ? before->chunk + 1 : 0) || c.n == 0 || c.n > KH_CHUNK || c.n != c.list->n))
        rc = damaged(s, &c, _("rows"), err);
    if (rc == KH_OK && lines)
        rc = read_lines(s, &c, st, 4, err);
    if (rc == KH_OK)
        KH_PUSH(out->items, out->n, out->cap) = c;
    else
        kh_free(c.line);
    return rc;
}

int kh_chunks_read(kh_store *s, int64_t period, int64_t submission, bool lines, kh_chunks *out, kh_error *err)
{
    static const char one[] = "SELECT submission, chunk, n, list, line, step, lines FROM submission_chunk WHERE period = ? AND submission = ? ORDER BY chunk";
    static const char current[] =
        "SELECT h.submission, h.chunk, h.n, h.list, h.line, h.step, h.lines FROM submission_chunk h CROSS JOIN submission s ON s.id = h.submission "
        "WHERE h.period = ? AND s.status = 'current' ORDER BY h.submission, h.chunk";
    sqlite3_stmt *st = NULL;
    bool row;
    kh_chunks_clear(out);
    int rc = submission ? kh_stmt_open(s, &st, err, one, KH_ARGS(KH_I(period), KH_I(submission))) : kh_stmt_open(s, &st, err, current, KH_ARGS(KH_I(period)));
    while (rc == KH_OK && (rc = kh_stmt_next(s, st, &row, err)) == KH_OK && row)
        rc = add(s, out, st, lines, err);
    kh_stmt_end(s, st);
    return rc;
}

void kh_chunk_units(kh_store *s, kh_chunk *c)
{
    if (c->unit)
        return;
    c->unit = kh_zalloc(c->n, sizeof *c->unit);
    for (uint32_t k = 0; k < c->n; k++) {
        c->unit[k] = kh_bound_unit(s, c->list->units[k]);
        c->n_gone += c->unit[k] == KH_NO_UNIT;
    }
}

int kh_chunk_cell_lines(kh_store *s, const kh_chunk *c, sqlite3_stmt *st, int at, uint32_t *out, kh_error *err)
{
    int64_t further[KH_CHUNK];
    memcpy(out, c->line, c->n * sizeof *out);
    int type = sqlite3_column_type(st, at);
    if (type == SQLITE_NULL)
        return KH_OK;
    if (type == SQLITE_INTEGER) {
        int64_t all = sqlite3_column_int64(st, at);
        for (uint32_t k = 0; k < c->n; k++)
            out[k] = (uint32_t)(out[k] + all);
        return KH_OK;
    }
    const char *text = kh_stmt_text(s, st, at);
    if (!text || !kh_cells_ints(text, c->n, 0, further))
        return damaged(s, c, _("lines"), err);
    for (uint32_t k = 0; k < c->n; k++)
        out[k] = (uint32_t)(out[k] + further[k]);
    return KH_OK;
}

int kh_chunks_periods(kh_store *s, int64_t submission, int64_t **out, size_t *n, kh_error *err)
{
    static const char one[] = "SELECT DISTINCT period FROM submission_chunk WHERE submission = ? ORDER BY period";
    /* Walks from period to period: each step is one search, however many chunks a period has. */
    static const char current[] =
        "WITH RECURSIVE p (period) AS (SELECT min(period) FROM submission_chunk UNION ALL "
        "SELECT (SELECT min(c.period) FROM submission_chunk c WHERE c.period > p.period) FROM p WHERE p.period IS NOT NULL) "
        "SELECT period FROM p WHERE period IS NOT NULL AND EXISTS (SELECT 1 FROM submission_chunk h CROSS JOIN submission s ON s.id = h.submission "
        "WHERE h.period = p.period AND s.status = 'current') ORDER BY period";
    sqlite3_stmt *st = NULL;
    bool row;
    size_t cap = 0;
    *out = NULL;
    *n = 0;
    int rc = submission ? kh_stmt_open(s, &st, err, one, KH_ARGS(KH_I(submission))) : kh_stmt_open(s, &st, err, current, KH_NO_ARGS);
    while (rc == KH_OK && (rc = kh_stmt_next(s, st, &row, err)) == KH_OK && row)
        KH_PUSH(*out, *n, cap) = sqlite3_column_int64(st, 0);
    kh_stmt_end(s, st);
    if (rc != KH_OK) {
        kh_free(*out);
        *out = NULL;
        *n = 0;
    }
    return rc;
}

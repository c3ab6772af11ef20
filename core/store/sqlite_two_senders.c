/* SPDX-License-Identifier: MIT */
/*
 * Two senders of one cell. Only submissions whose chunks share a unit with ours
 * in the same period are looked at: their lists are known (kh_lists_near), the
 * index on (list, period) finds the chunks. Of those, our own columns are sought
 * by key, and only where both have one are cells compared, place by place.
 */
#include "store/sqlite_store.h"

#include "base/msg.h"

#include <inttypes.h>

enum { LISTED = 100 };

typedef struct other { int64_t submission, chunk; kh_list *list; char *file; kh_chunks chunks; } other;

/* ---- saying so ---- */

static void tell(kh_clash *x, const other *o, uint32_t group, uint32_t row, const kh_return_column *col, uint32_t line, uint32_t other_line)
{
    if (x->n++ >= LISTED || !x->findings)
        return;
    char unit[256], period[KH_PERIOD_TEXT];
    const kh_measure *m = &x->c->measures[col->measure];
    const char *cut = kh_cut_key(x->c->cuts, col->cut);
    kh_units_title(x->c->units, x->r->rows[group].unit[row], kh_msg_lang_now(), unit, sizeof unit);
    kh_period_format(x->r->rows[group].period, period);
    char *text = kh_asprintf(_("%s%s%s of %s in %s is already given by %s, line %" PRIu32 " (submission %lld)"), m->code, cut[0] ? " " : "", cut, unit, period, o->file, other_line,
                             (long long)o->submission);
    char *expected = kh_asprintf(_("one sender for each value: leave it out of this file, or withdraw the other with `kehoach withdraw %lld`"), (long long)o->submission);
    kh_findings_add(x->findings, &(kh_finding){.file = x->r->file, .line = line, .severity = KH_ERROR, .code = "TWO-SENDERS", .text = text, .expected = expected});
    kh_free(text);
    kh_free(expected);
}

void kh_clash_end(kh_clash *x)
{
    if (x->n <= LISTED || !x->findings)
        return;
    char *text = kh_asprintf(_("%llu further values are already given by other submissions"), (unsigned long long)(x->n - LISTED));
    kh_findings_add(x->findings, &(kh_finding){.file = x->r->file, .severity = KH_ERROR, .code = "TWO-SENDERS", .text = text});
    kh_free(text);
}

/* ---- comparing ---- */

/* Our row of a unit in [first, first + n), UINT32_MAX: none. */
static uint32_t our_row(const kh_clash *x, uint32_t group, uint32_t first, uint32_t n, int64_t unit_id)
{
    kh_unit unit = kh_bound_unit(x->s, unit_id);
    if (unit == KH_NO_UNIT || unit >= x->r->n_units)
        return UINT32_MAX;
    uint32_t row = x->r->rows[group].place[unit];
    return row != UINT32_MAX && row >= first && row < first + n ? row : UINT32_MAX;
}

/* Which places of a column have a value. */
static bool present(const char *vals, uint32_t n, bool *out)
{
    int64_t m[KH_CHUNK];
    uint8_t scale[KH_CHUNK];
    if (kh_cells_numbers(vals, n, m, scale)) {
        for (uint32_t k = 0; k < n; k++)
            out[k] = m[k] != KH_MISSING;
        return true;
    }
    const char *text[KH_CHUNK];
    kh_buf room = KH_BUF_INIT;
    bool good = kh_cells_texts(vals, n, &room, text);
    for (uint32_t k = 0; good && k < n; k++)
        out[k] = text[k] != NULL;
    kh_buf_free(&room);
    return good;
}

static uint32_t our_line(const kh_return *r, uint32_t group, uint32_t row, const kh_page *page)
{
    uint32_t line = r->rows[group].line[row];
    return page->lines ? (uint32_t)((int64_t)line + page->lines[row % KH_CHUNK]) : line;
}

/* st stands on (vals, lines) of the same column of the other. */
static int compare(kh_clash *x, other *o, uint32_t group, uint32_t first, uint32_t n, uint32_t column, sqlite3_stmt *st)
{
    bool there[KH_CHUNK];
    uint32_t lines[KH_CHUNK];
    const char *vals = kh_stmt_text(x->s, st, 0);
    const kh_chunk *chunk = &o->chunks.items[o->chunk];
    if (!vals || !present(vals, o->list->n, there))
        return kh_fail(x->err, KH_ESTORE, "the store %s is damaged: values of submission %lld cannot be read", x->s->path, (long long)o->submission);
    int rc = kh_chunk_cell_lines(x->s, chunk, st, 1, lines, x->err);
    for (uint32_t k = 0; rc == KH_OK && k < o->list->n; k++) {
        uint32_t row = there[k] ? our_row(x, group, first, n, o->list->units[k]) : UINT32_MAX;
        const kh_page *page = row == UINT32_MAX ? NULL : kh_return_page(x->r, group, column, row / KH_CHUNK);
        if (page && page->m[row % KH_CHUNK] != KH_MISSING)
            tell(x, o, group, row, &x->r->columns[column], our_line(x->r, group, row, page), lines[k]);
    }
    return rc;
}

static int open_other(kh_clash *x, other *o, int64_t period)
{
    if (o->file)
        return KH_OK;
    int rc = kh_stmt_str(x->s, &o->file, x->err, "SELECT file FROM submission WHERE id = ?", KH_ARGS(KH_I(o->submission)));
    if (rc == KH_OK)
        rc = kh_chunks_read(x->s, period, o->submission, true, &o->chunks, x->err);
    if (rc == KH_OK && (o->chunk < 0 || (size_t)o->chunk >= o->chunks.n))
        rc = kh_fail(x->err, KH_ESTORE, "the store %s is damaged: the rows of submission %lld are not whole", x->s->path, (long long)o->submission);
    return rc;
}

static int compare_columns(kh_clash *x, other *o, int64_t period, uint32_t group, uint32_t first, uint32_t n)
{
    static const char sql[] = "SELECT vals, lines FROM submission_column WHERE period = ? AND submission = ? AND measure = ? AND cut = ? AND chunk = ?";
    sqlite3_stmt *st = NULL;
    bool row;
    int rc = KH_OK;
    for (uint32_t col = 0; rc == KH_OK && col < x->r->n_columns; col++) {
        const kh_return_column *c = &x->r->columns[col];
        if (!kh_return_page(x->r, group, col, first / KH_CHUNK))
            continue;
        rc = kh_stmt_open(x->s, &st, x->err, sql,
                          KH_ARGS(KH_I(period), KH_I(o->submission), KH_I(x->c->measures[c->measure].id), KH_I(kh_cut_id(x->c->cuts, c->cut)), KH_I(o->chunk)));
        if (rc == KH_OK && (rc = kh_stmt_next(x->s, st, &row, x->err)) == KH_OK && row && (rc = open_other(x, o, period)) == KH_OK)
            rc = compare(x, o, group, first, n, col, st);
        kh_stmt_end(x->s, st);
        st = NULL;
    }
    return rc;
}

/* ---- finding the others ---- */

static int with_list(kh_clash *x, kh_list *near, int64_t period, uint32_t group, uint32_t first, uint32_t n)
{
    static const char sql[] = "SELECT h.submission, h.chunk FROM submission_chunk h CROSS JOIN submission s ON s.id = h.submission "
                              "WHERE h.list = ? AND h.period = ? AND s.status = 'current'";
    sqlite3_stmt *st = NULL;
    bool row;
    int rc = kh_stmt_open(x->s, &st, x->err, sql, KH_ARGS(KH_I(near->id), KH_I(period)));
    while (rc == KH_OK && (rc = kh_stmt_next(x->s, st, &row, x->err)) == KH_OK && row) {
        other o = {.submission = sqlite3_column_int64(st, 0), .chunk = sqlite3_column_int64(st, 1), .list = near};
        rc = compare_columns(x, &o, period, group, first, n);
        kh_chunks_free(&o.chunks);
        kh_free(o.file);
    }
    kh_stmt_end(x->s, st);
    return rc;
}

int kh_clash_rows(kh_clash *x, uint32_t group, uint32_t first, kh_list *list)
{
    int64_t period = kh_period_id(x->r->rows[group].period);
    int rc = kh_lists_near(x->s, list, x->err);
    for (size_t i = 0; rc == KH_OK && i < list->n_near; i++) {
        kh_list *near = NULL;
        if ((rc = kh_lists_get(x->s, list->near[i], &near, x->err)) == KH_OK)
            rc = with_list(x, near, period, group, first, list->n);
    }
    return rc;
}

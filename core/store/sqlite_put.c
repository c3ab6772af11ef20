/* SPDX-License-Identifier: MIT */
/*
 * Putting a return: the next version of (form, sender, span), its rows as chunks
 * and its values as columns, in the order of the key, each column one text that
 * is built in one buffer and bound without a copy.
 *
 * Chunks have up to KH_CHUNK rows; a return with texts has chunks of TEXT_ROWS,
 * so that a cell of the database stays below what a query may hold at once.
 * Locks and the senders of other submissions are looked at before a period is
 * written; after a fault nothing more is, and the caller rolls back.
 */
#include "store/sqlite_store.h"

#include "base/json.h"
#include "base/msg.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_ROWS = 128 };

typedef struct column_order { int64_t measure, cut; uint32_t at; } column_order;

typedef struct putting {
    kh_store *s;
    kh_catalog *c;
    const kh_return *r;
    kh_findings *findings;
    kh_error *err;
    char span[32];
    int64_t form, sender, id, previous;
    int version;
    uint32_t rows;               /* of a chunk */
    column_order *columns;       /* sorted by key */
    sqlite3_stmt *chunk, *column;
    kh_clash clash;
    kh_digest digest;
    kh_buf vals, lines;
    int64_t n_rows;
} putting;

/* ---- before anything is written ---- */

static int need_id(putting *p, int64_t id, const char *what, const char *code)
{
    return id ? KH_OK : kh_fail(p->err, KH_EUSAGE, "the store does not know the %s %s yet; run `kehoach load` first", what, code);
}

static int ids(putting *p)
{
    const kh_return *r = p->r;
    int rc = need_id(p, p->form = p->c->forms[r->form].id, _("form"), p->c->forms[r->form].code);
    if (rc == KH_OK && r->sender != KH_NO_UNIT) {
        const kh_unit_def *u = kh_units_def(p->c->units, r->sender);
        rc = need_id(p, p->sender = u->id, _("unit"), u->code);
    }
    for (uint32_t i = 0; rc == KH_OK && i < r->n_columns; i++) {
        const kh_measure *m = &p->c->measures[r->columns[i].measure];
        rc = need_id(p, m->id, _("measure"), m->code);
    }
    return rc;
}

static int span(putting *p)
{
    kh_period first, last;
    if (p->r->span[0])
        snprintf(p->span, sizeof p->span, "%s", p->r->span);
    else if (p->r->period != KH_NO_PERIOD)
        kh_period_format(p->r->period, p->span);
    if (!kh_span_parse(p->span, &first, &last))
        return kh_fail(p->err, KH_EUSAGE, "\"%s\" names no period that a submission could be for", p->span);
    return KH_OK;
}

static void say_locked(putting *p, kh_period period, kh_period lock)
{
    char name[KH_PERIOD_TEXT], by[KH_PERIOD_TEXT];
    kh_period_format(period, name);
    kh_period_format(lock, by);
    char *text = period == lock ? kh_asprintf(_("%s is closed: nothing of it can change"), name)
                                : kh_asprintf(_("%s is closed by the lock on %s: nothing of it can change"), name, by);
    char *expected = kh_asprintf(_("a period that is open; `kehoach unlock %s` with a reason opens it"), by);
    if (p->findings)
        kh_findings_add(p->findings, &(kh_finding){.file = p->r->file, .severity = KH_ERROR, .code = "LOCKED", .text = text, .expected = expected});
    kh_fail(p->err, KH_EFAULTS, "%s", text);
    kh_free(text);
    kh_free(expected);
}

/* Is this period locked? Then it is said and *any set. */
static int check_lock(putting *p, kh_period period, bool *any)
{
    kh_period lock;
    int rc = kh_store_locked(p->s, period, &lock, p->err);
    if (rc == KH_OK && lock != KH_NO_PERIOD) {
        say_locked(p, period, lock);
        *any = true;
    }
    return rc;
}

/* Every locked period of the return is said; else one of its span or of the version before is enough. */
static int locks(putting *p)
{
    kh_period first, last, lock;
    bool any = false;
    int rc = KH_OK;
    for (size_t g = 0; rc == KH_OK && g < p->r->n_rows; g++)
        rc = check_lock(p, p->r->rows[g].period, &any);
    kh_span_parse(p->span, &first, &last);
    if (rc == KH_OK && !any)
        rc = check_lock(p, first, &any);
    if (rc == KH_OK && !any)
        rc = check_lock(p, last, &any);
    if (rc == KH_OK && !any && p->previous && (rc = kh_submission_locked(p->s, p->previous, &first, &lock, p->err)) == KH_OK && lock != KH_NO_PERIOD) {
        say_locked(p, first, lock);
        any = true;
    }
    return rc == KH_OK && any ? KH_EFAULTS : rc;
}

/* ---- cuts that the store has not seen ---- */

static int new_cut(putting *p, kh_cut cut)
{
    const kh_cut_part *parts;
    const kh_category *categories;
    size_t n = kh_cut_parts(p->c->cuts, cut, &parts);
    kh_cuts_categories(p->c->cuts, &categories);
    int rc = kh_stmt_run(p->s, p->err, "INSERT INTO cut (key) VALUES (?)", KH_ARGS(KH_T(kh_cut_key(p->c->cuts, cut))));
    int64_t id = sqlite3_last_insert_rowid(p->s->db);
    for (size_t i = 0; rc == KH_OK && i < n; i++) {
        const kh_category *c = &categories[parts[i].category];
        rc = kh_stmt_run(p->s, p->err, "INSERT INTO cut_part (cut, category, \"option\") VALUES (?, ?, ?)", KH_ARGS(KH_I(id), KH_T(c->code), KH_T(c->options[parts[i].option].code)));
    }
    if (rc == KH_OK)
        kh_bound_add_cut(p->s, p->c, cut, id);
    return rc;
}

static int cuts(putting *p)
{
    int rc = KH_OK;
    for (uint32_t i = 0; rc == KH_OK && i < p->r->n_columns; i++)
        if (kh_cut_id(p->c->cuts, p->r->columns[i].cut) == 0)
            rc = new_cut(p, p->r->columns[i].cut);
    return rc;
}

static int by_key(const void *a, const void *b)
{
    const column_order *x = a, *y = b;
    if (x->measure != y->measure)
        return x->measure < y->measure ? -1 : 1;
    if (x->cut != y->cut)
        return x->cut < y->cut ? -1 : 1;
    return (x->at > y->at) - (x->at < y->at);
}

static void sort_columns(putting *p)
{
    const kh_return *r = p->r;
    p->rows = KH_CHUNK;
    p->columns = kh_zalloc(r->n_columns + 1, sizeof *p->columns);
    for (uint32_t i = 0; i < r->n_columns; i++) {
        p->columns[i] = (column_order){p->c->measures[r->columns[i].measure].id, kh_cut_id(p->c->cuts, r->columns[i].cut), i};
        if (r->columns[i].text)
            p->rows = TEXT_ROWS;
    }
    qsort(p->columns, r->n_columns, sizeof *p->columns, by_key);
}

/* ---- the submission's row ---- */

/* The span's ends are periods that completeness asks about, even if no value is of exactly them. */
static int add_periods(putting *p)
{
    kh_period first, last;
    int64_t id;
    kh_span_parse(p->span, &first, &last);
    int rc = kh_store_period(p->s, first, &id, p->err);
    return rc == KH_OK ? kh_store_period(p->s, last, &id, p->err) : rc;
}

static int add_submission(putting *p)
{
    static const char sql[] = "INSERT INTO submission (form, sender, span, version, status, file, sha256, received, \"by\", n_rows, n_values) "
                              "VALUES (?, ?, ?, ?, 'current', ?, ?, ?, ?, ?, ?)";
    const kh_return *r = p->r;
    char now[32];
    int64_t newest = 0;
    int rc = kh_stmt_int(p->s, &newest, 0, p->err, "SELECT max(version) FROM submission WHERE form = ? AND coalesce(sender, 0) = ? AND span = ?",
                         KH_ARGS(KH_I(p->form), KH_I(p->sender), KH_T(p->span)));
    kh_store_now(p->s, now);
    if (rc == KH_OK && p->previous)
        rc = kh_stmt_run(p->s, p->err, "UPDATE submission SET status = 'superseded', changed = ? WHERE id = ?", KH_ARGS(KH_T(now), KH_I(p->previous)));
    p->version = (int)newest + 1;
    for (size_t g = 0; g < r->n_rows; g++)
        p->n_rows += r->rows[g].n;
    const char *by = r->by ? r->by : p->s->by ? p->s->by : "?";
    if (rc == KH_OK)
        rc = kh_stmt_run(p->s, p->err, sql,
                         KH_ARGS(KH_I(p->form), KH_ID(p->sender), KH_T(p->span), KH_I(p->version), KH_T(r->file ? r->file : "-"), KH_T(r->sha256),
                                 KH_T(r->received ? r->received : now), KH_T(by), KH_I(p->n_rows), KH_I((int64_t)r->n_values)));
    p->id = sqlite3_last_insert_rowid(p->s->db);
    return rc;
}

/* ---- rows ---- */

/* A constant step where there is one; else p->lines holds an array and *lines points to it. */
static void row_lines(putting *p, const uint32_t *line, uint32_t n, int64_t *step, const char **lines)
{
    *step = n > 1 ? (int64_t)line[1] - line[0] : 0;
    *lines = NULL;
    uint32_t k = 1;
    while (k < n && (int64_t)line[k] - line[k - 1] == *step)
        k++;
    if (k >= n)
        return;
    kh_buf_clear(&p->lines);
    kh_buf_reserve(&p->lines, (size_t)n * 8);
    for (k = 0; k < n; k++) {
        kh_buf_char(&p->lines, k ? ',' : '[');
        kh_cells_add_number(&p->lines, line[k], 0);
    }
    kh_buf_char(&p->lines, ']');
    *lines = kh_buf_cstr(&p->lines);
    *step = 0;
}

static int put_rows(putting *p, uint32_t g, int64_t period, uint32_t first, uint32_t n)
{
    const kh_return_rows *rows = &p->r->rows[g];
    int64_t units[KH_CHUNK], step;
    const char *lines;
    kh_list *list = NULL;
    bool row;
    for (uint32_t k = 0; k < n; k++) {
        const kh_unit_def *u = kh_units_def(p->c->units, rows->unit[first + k]);
        int rc = need_id(p, units[k] = u->id, _("unit"), u->code);
        if (rc != KH_OK)
            return rc;
    }
    int rc = kh_lists_put(p->s, units, n, &list, p->err);
    if (rc == KH_OK)
        rc = kh_clash_rows(&p->clash, g, first, list);
    if (rc != KH_OK || p->clash.n)
        return rc;
    int64_t chunk = first / p->rows;
    row_lines(p, &rows->line[first], n, &step, &lines);
    kh_digest_chunk(&p->digest, period, chunk, n, list->id, rows->line[first], step, lines);
    rc = kh_stmt_bind(p->s, p->chunk, p->err,
                      KH_ARGS(KH_I(period), KH_I(p->id), KH_I(chunk), KH_I(n), KH_I(list->id), KH_I(rows->line[first]), KH_I(step), KH_T(lines)));
    return rc == KH_OK ? kh_stmt_next(p->s, p->chunk, &row, p->err) : rc;
}

/* ---- values ---- */

static void add_text(kh_buf *out, const char *text)
{
    kh_json j = KH_JSON(out);
    kh_json_str(&j, text);
}

/* Cells [from, from + n) of a page as a JSON array; how many have a value. */
static uint32_t cells(putting *p, const kh_page *page, bool text, uint32_t from, uint32_t n)
{
    uint32_t filled = 0;
    kh_buf *out = &p->vals;
    kh_buf_clear(out);
    kh_buf_reserve(out, (size_t)n * 12);
    for (uint32_t k = 0; k < n; k++) {
        int64_t m = page->m[from + k];
        kh_buf_char(out, k ? ',' : '[');
        if (m == KH_MISSING) {
            kh_buf_add(out, "null", 4);
            continue;
        }
        filled++;
        if (text)
            add_text(out, p->r->texts + m);
        else
            kh_cells_add_number(out, m, page->scale[from + k]);
    }
    kh_buf_char(out, ']');
    return filled;
}

/* How many lines below its row's first a value stands: nothing, one number for all, or an array. */
static kh_arg cell_lines(putting *p, const kh_page *page, uint32_t from, uint32_t n)
{
    int64_t same = 0;
    bool any = false, mixed = false;
    if (!page->lines)
        return (kh_arg)KH_NULL;
    for (uint32_t k = from; k < from + n; k++) {
        if (page->m[k] == KH_MISSING)
            continue;
        mixed = mixed || (any && page->lines[k] != same);
        same = page->lines[k];
        any = true;
    }
    if (!mixed && same == 0)
        return (kh_arg)KH_NULL;
    if (!mixed)
        return (kh_arg)KH_I(same);
    kh_buf_clear(&p->lines);
    kh_buf_reserve(&p->lines, (size_t)n * 4);
    for (uint32_t k = from; k < from + n; k++) {
        kh_buf_char(&p->lines, k > from ? ',' : '[');
        if (page->m[k] == KH_MISSING)
            kh_buf_add(&p->lines, "null", 4);
        else
            kh_cells_add_number(&p->lines, page->lines[k], 0);
    }
    kh_buf_char(&p->lines, ']');
    return (kh_arg)KH_TN(kh_buf_cstr(&p->lines), p->lines.len);
}

static int put_column(putting *p, uint32_t g, int64_t period, const column_order *o, uint32_t first, uint32_t n)
{
    const kh_page *page = kh_return_page(p->r, g, o->at, first / KH_CHUNK);
    bool row;
    if (!page || page->filled == 0 || cells(p, page, p->r->columns[o->at].text, first % KH_CHUNK, n) == 0)
        return KH_OK;
    int64_t chunk = first / p->rows;
    kh_arg lines = cell_lines(p, page, first % KH_CHUNK, n);
    char number[24];
    if (lines.type == 'i')
        snprintf(number, sizeof number, "%lld", (long long)lines.i);
    kh_digest_column(&p->digest, period, o->measure, o->cut, chunk, p->vals.data, p->vals.len, lines.type == 'i' ? number : lines.text);
    int rc = kh_stmt_bind(p->s, p->column, p->err,
                          KH_ARGS(KH_I(period), KH_I(p->id), KH_I(o->measure), KH_I(o->cut), KH_I(chunk), KH_TN(p->vals.data, p->vals.len), lines));
    return rc == KH_OK ? kh_stmt_next(p->s, p->column, &row, p->err) : rc;
}

static int put_period(putting *p, uint32_t g)
{
    const kh_return_rows *rows = &p->r->rows[g];
    int64_t period;
    int rc = kh_store_period(p->s, rows->period, &period, p->err);
    for (uint32_t first = 0; rc == KH_OK && first < rows->n; first += p->rows)
        rc = put_rows(p, g, period, first, rows->n - first < p->rows ? rows->n - first : p->rows);
    for (uint32_t i = 0; rc == KH_OK && p->clash.n == 0 && i < p->r->n_columns; i++)
        for (uint32_t first = 0; rc == KH_OK && first < rows->n; first += p->rows)
            rc = put_column(p, g, period, &p->columns[i], first, rows->n - first < p->rows ? rows->n - first : p->rows);
    return rc;
}

static int put_all(putting *p)
{
    static const char chunk[] = "INSERT INTO submission_chunk (period, submission, chunk, n, list, line, step, lines) VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
    static const char column[] = "INSERT INTO submission_column (period, submission, measure, cut, chunk, vals, lines) VALUES (?, ?, ?, ?, ?, ?, ?)";
    const kh_arg nothing[8] = {KH_NULL, KH_NULL, KH_NULL, KH_NULL, KH_NULL, KH_NULL, KH_NULL, KH_NULL};
    int rc = kh_stmt_open(p->s, &p->chunk, p->err, chunk, nothing, 8);
    if (rc == KH_OK)
        rc = kh_stmt_open(p->s, &p->column, p->err, column, nothing, 7);
    for (uint32_t g = 0; rc == KH_OK && g < p->r->n_rows; g++) {
        assert(g == 0 || p->r->rows[g - 1].period < p->r->rows[g].period); /* sealed */
        rc = put_period(p, g);
    }
    kh_stmt_end(p->s, p->chunk);
    kh_stmt_end(p->s, p->column);
    if (rc != KH_OK || p->clash.n == 0)
        return rc;
    kh_clash_end(&p->clash);
    return kh_fail(p->err, KH_EFAULTS, "%llu values of %s are already given by other submissions", (unsigned long long)p->clash.n, p->r->file ? p->r->file : "-");
}

/* ---- the audit's entry ---- */

static int note(putting *p, const char *digest)
{
    kh_buf text = KH_BUF_INIT;
    kh_json j = KH_JSON(&text);
    kh_json_begin(&j, '{');
    kh_json_key(&j, "submission");
    kh_json_int(&j, p->id);
    kh_json_key(&j, "form");
    kh_json_str(&j, p->c->forms[p->r->form].code);
    kh_json_key(&j, "sender");
    kh_json_str(&j, p->r->sender == KH_NO_UNIT ? NULL : kh_units_def(p->c->units, p->r->sender)->code);
    kh_json_key(&j, "span");
    kh_json_str(&j, p->span);
    kh_json_key(&j, "version");
    kh_json_int(&j, p->version);
    kh_json_key(&j, "file");
    kh_json_str(&j, p->r->file);
    kh_json_key(&j, "sha256");
    kh_json_str(&j, p->r->sha256);
    kh_json_key(&j, "values");
    kh_json_int(&j, (int64_t)p->r->n_values);
    kh_json_key(&j, "digest");
    kh_json_str(&j, digest);
    kh_json_end(&j, '}');
    int rc = kh_store_audit(p->s, "submit", kh_buf_cstr(&text), p->err);
    kh_buf_free(&text);
    return rc;
}

static int put(putting *p)
{
    char digest[65];
    int rc = ids(p);
    if (rc == KH_OK)
        rc = span(p);
    if (rc == KH_OK)
        rc = kh_submission_current(p->s, p->form, p->sender, p->span, &p->previous, p->err);
    if (rc == KH_OK)
        rc = locks(p);
    if (rc == KH_OK)
        rc = cuts(p);
    if (rc == KH_OK)
        rc = kh_lists_refresh(p->s, p->err);
    if (rc == KH_OK)
        rc = add_periods(p);
    if (rc == KH_OK)
        rc = add_submission(p);
    if (rc != KH_OK)
        return rc;
    sort_columns(p);
    kh_digest_begin(&p->digest);
    rc = put_all(p);
    kh_digest_end(&p->digest, digest);
    return rc == KH_OK ? note(p, digest) : rc;
}

int kh_store_put(kh_store *s, kh_catalog *c, const kh_return *r, kh_findings *findings, int64_t *id, int *version, kh_error *err)
{
    assert(s->writing);
    int rc = kh_store_bound(s, c, err);
    if (rc != KH_OK)
        return rc;
    putting *p = kh_zalloc(1, sizeof *p);
    *p = (putting){.s = s, .c = c, .r = r, .findings = findings, .err = err, .clash = {s, c, r, findings, err, 0}};
    rc = put(p);
    if (rc == KH_OK) {
        *id = p->id;
        *version = p->version;
    }
    kh_free(p->columns);
    kh_buf_free(&p->vals);
    kh_buf_free(&p->lines);
    kh_free(p);
    return rc;
}

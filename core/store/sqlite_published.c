/* SPDX-License-Identifier: MIT */
/*
 * Publications: a report that was written, with the hash of its bytes and the
 * figures that it was made of. Both only grow; what was handed out stays to be
 * compared with what the store says later.
 */
#include "store/sqlite_store.h"

#include "base/json.h"

#include <stdio.h>
#include <string.h>

static int note_audit(kh_store *s, const kh_publication *p, kh_error *err)
{
    const char *const keys[] = {"report", "span", "unit", "format", "path", "sha256"}, *const values[] = {p->report, p->span, p->unit, p->format, p->path, p->sha256};
    kh_buf detail = KH_BUF_INIT;
    kh_json j = KH_JSON(&detail);
    kh_json_begin(&j, '{');
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        if (!values[i])
            continue;
        kh_json_key(&j, keys[i]);
        kh_json_str(&j, values[i]);
    }
    kh_json_end(&j, '}');
    int rc = kh_store_audit(s, "publish", kh_buf_cstr(&detail), err);
    kh_buf_free(&detail);
    return rc;
}

static int put_figure(kh_store *s, const kh_catalog *c, int64_t publication, size_t n, const kh_published_figure *f, sqlite3_stmt *st, kh_error *err)
{
    bool row;
    int64_t period = 0, unit = kh_units_def(c->units, f->unit)->id;
    const char *name = f->is_measure ? c->measures[f->ref].code : c->indicators[f->ref].code;
    if (!unit)
        return kh_fail(err, KH_EUSAGE, "the store does not know the unit %s yet; run `kehoach load` first", kh_units_def(c->units, f->unit)->code);
    int rc = kh_store_period(s, f->period, &period, err);
    if (rc == KH_OK)
        rc = kh_stmt_bind(s, st, err,
                          KH_ARGS(KH_I(publication), KH_I((int64_t)n), KH_T(f->is_measure ? "measure" : "indicator"), KH_T(name), KH_T(kh_cut_key(c->cuts, f->cut)), KH_I(unit), KH_I(period),
                                  KH_T(f->as_of), KH_T(f->definition), KH_T(f->value), KH_T(f->value ? NULL : f->reason), KH_T(kh_status_name(f->status)), KH_I(f->reported), KH_I(f->expected)));
    return rc == KH_OK ? kh_stmt_next(s, st, &row, err) : rc;
}

static int put_figures(kh_store *s, const kh_catalog *c, int64_t publication, const kh_publication *p, kh_error *err)
{
    static const char sql[] = "INSERT INTO published_figure (publication, n, kind, name, cut, unit, period, as_of, definition, value, reason, status, reported, expected) "
                              "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    const kh_arg nothing[14] = {KH_NULL, KH_NULL, KH_NULL, KH_NULL, KH_NULL, KH_NULL, KH_NULL, KH_NULL, KH_NULL, KH_NULL, KH_NULL, KH_NULL, KH_NULL, KH_NULL};
    sqlite3_stmt *st = NULL;
    int rc = kh_stmt_open(s, &st, err, sql, nothing, 14);
    for (size_t i = 0; rc == KH_OK && i < p->n; i++)
        rc = put_figure(s, c, publication, i + 1, &p->figures[i], st, err);
    kh_stmt_end(s, st);
    return rc;
}

static int publish(kh_store *s, kh_catalog *c, const kh_publication *p, kh_error *err)
{
    char now[32];
    kh_store_now(s, now);
    int rc = p->n ? kh_store_bound(s, c, err) : KH_OK;
    if (rc == KH_OK)
        rc = kh_stmt_run(s, err, "INSERT INTO publication (report, span, unit, format, path, sha256, at, \"by\") VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                         KH_ARGS(KH_T(p->report), KH_T(p->span), KH_T(p->unit), KH_T(p->format), KH_T(p->path), KH_T(p->sha256), KH_T(now), KH_T(s->by ? s->by : "?")));
    if (rc == KH_OK)
        rc = put_figures(s, c, sqlite3_last_insert_rowid(s->db), p, err);
    return rc == KH_OK ? note_audit(s, p, err) : rc;
}

int kh_store_publish(kh_store *s, kh_catalog *c, const kh_publication *p, kh_error *err)
{
    bool own = false;
    int rc = kh_store_own_begin(s, &own, err);
    return rc == KH_OK ? kh_store_own_end(s, own, publish(s, c, p, err), err) : rc;
}

/* False: no longer defined. */
static bool read_figure(kh_store *s, kh_catalog *c, sqlite3_stmt *st, kh_published_figure *f)
{
    const char *kind = kh_stmt_text(s, st, 0), *name = kh_stmt_text(s, st, 1), *cut = kh_stmt_text(s, st, 2), *status = kh_stmt_text(s, st, 9);
    kh_error none = KH_ERROR_INIT;
    if (s->no_memory || !kind || !name || !cut)
        return false;
    *f = (kh_published_figure){.is_measure = strcmp(kind, "measure") == 0, .unit = kh_bound_unit(s, sqlite3_column_int64(st, 3)), .period = kh_period_of_id(sqlite3_column_int64(st, 4)),
                               .as_of = kh_stmt_text(s, st, 5), .definition = kh_stmt_text(s, st, 6), .value = kh_stmt_text(s, st, 7), .reason = kh_stmt_text(s, st, 8),
                               .status = kh_status_of_name(status), .reported = (uint32_t)sqlite3_column_int64(st, 10), .expected = (uint32_t)sqlite3_column_int64(st, 11)};
    f->ref = kh_catalog_find(c, f->is_measure ? KH_DEF_MEASURE : KH_DEF_INDICATOR, name);
    f->cut = *cut ? kh_cut_parse(c->cuts, cut, strlen(cut), &none) : KH_NO_CUT;
    kh_error_clear(&none);
    return !s->no_memory && f->ref != UINT32_MAX && f->cut != KH_CUT_BAD && f->unit != KH_NO_UNIT;
}

static int newest(kh_store *s, const char *report, const char *span, const char *unit, int64_t *id, char at[32], kh_error *err)
{
    sqlite3_stmt *st = NULL;
    bool row = false;
    *id = 0;
    at[0] = '\0';
    int rc = kh_stmt_open(s, &st, err, "SELECT id, at FROM publication WHERE report = ? AND span IS ? AND unit IS ? ORDER BY id DESC LIMIT 1", KH_ARGS(KH_T(report), KH_T(span), KH_T(unit)));
    if (rc == KH_OK && (rc = kh_stmt_next(s, st, &row, err)) == KH_OK && row) {
        const char *when = kh_stmt_text(s, st, 1);
        *id = sqlite3_column_int64(st, 0);
        snprintf(at, 32, "%s", when ? when : "?");
    }
    kh_stmt_end(s, st);
    return rc;
}

int kh_store_published(kh_store *s, kh_catalog *c, const char *report, const char *span, const char *unit, char at[32], size_t *lost, kh_published_fn *fn, void *ctx, kh_error *err)
{
    sqlite3_stmt *st = NULL;
    bool row;
    int64_t id = 0;
    *lost = 0;
    int rc = kh_store_bound(s, c, err);
    if (rc == KH_OK)
        rc = newest(s, report, span, unit, &id, at, err);
    if (rc != KH_OK || !id)
        return rc;
    rc = kh_stmt_open(s, &st, err, "SELECT kind, name, cut, unit, period, as_of, definition, value, reason, status, reported, expected FROM published_figure WHERE publication = ? ORDER BY n",
                      KH_ARGS(KH_I(id)));
    while (rc == KH_OK && (rc = kh_stmt_next(s, st, &row, err)) == KH_OK && row) {
        kh_published_figure f;
        if (read_figure(s, c, st, &f))
            rc = fn(ctx, &f);
        else
            ++*lost;
    }
    kh_stmt_end(s, st);
    return rc;
}

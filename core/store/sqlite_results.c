/* SPDX-License-Identifier: MIT */
/*
 * Results that were computed and kept: the value as exact text, its status and
 * coverage, and the revision of the formula that made it. A result is replaced
 * by the next computation of the same (indicator, unit, period).
 */
#include "store/sqlite_store.h"

#include "base/msg.h"

#include <assert.h>
#include <string.h>

static int put_one(kh_store *s, const kh_catalog *c, const kh_result_row *r, const char *now, kh_period *known, int64_t *period, sqlite3_stmt *st, kh_error *err)
{
    bool row;
    const kh_indicator *i = &c->indicators[r->indicator];
    int64_t unit = kh_units_def(c->units, r->unit)->id, indicator = s->bound.indicator[r->indicator];
    if (!indicator || !i->id || !unit)
        return kh_fail(err, KH_EUSAGE, "the store does not know the indicator %s or the unit %s yet; run `kehoach load` first", i->code, kh_units_def(c->units, r->unit)->code);
    int rc = KH_OK;
    if (r->period != *known) {
        rc = kh_store_period(s, r->period, period, err);
        *known = r->period;
    }
    if (rc == KH_OK)
        rc = kh_stmt_bind(s, st, err,
                          KH_ARGS(KH_I(indicator), KH_I(*period), KH_I(unit), KH_I(i->id), KH_T(r->value), KH_T(r->value ? NULL : r->reason), KH_T(kh_status_name(r->status)),
                                  KH_I(r->reported), KH_I(r->expected), KH_T(now)));
    return rc == KH_OK ? kh_stmt_next(s, st, &row, err) : rc;
}

int kh_store_results_put(kh_store *s, kh_catalog *c, const kh_result_row *rows, size_t n, kh_error *err)
{
    static const char sql[] = "INSERT INTO result (indicator, period, unit, revision, value, reason, status, reported, expected, computed) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
                              "ON CONFLICT (indicator, period, unit) DO UPDATE SET revision = excluded.revision, value = excluded.value, reason = excluded.reason, "
                              "status = excluded.status, reported = excluded.reported, expected = excluded.expected, computed = excluded.computed";
    const kh_arg nothing[10] = {KH_NULL, KH_NULL, KH_NULL, KH_NULL, KH_NULL, KH_NULL, KH_NULL, KH_NULL, KH_NULL, KH_NULL};
    sqlite3_stmt *st = NULL;
    kh_period known = KH_NO_PERIOD;
    int64_t period = 0;
    char now[32];
    assert(s->writing);
    kh_store_now(s, now);
    int rc = kh_store_bound(s, c, err);
    if (rc == KH_OK)
        rc = kh_stmt_open(s, &st, err, sql, nothing, 10);
    for (size_t i = 0; rc == KH_OK && i < n; i++)
        rc = put_one(s, c, &rows[i], now, &known, &period, st, err);
    kh_stmt_end(s, st);
    return rc;
}

kh_status kh_status_of_name(const char *name)
{
    for (int st = KH_ST_NONE; st <= KH_ST_PARTIAL; st++)
        if (name && strcmp(kh_status_name((kh_status)st), name) == 0)
            return (kh_status)st;
    return KH_ST_NONE;
}

static int hand_over(kh_store *s, kh_catalog *c, sqlite3_stmt *st, kh_result_fn *fn, void *ctx)
{
    const char *code = kh_stmt_text(s, st, 0);
    kh_result_row r = {
        .indicator = code ? kh_catalog_find(c, KH_DEF_INDICATOR, code) : UINT32_MAX,
        .unit = kh_bound_unit(s, sqlite3_column_int64(st, 1)),
        .period = kh_period_of_id(sqlite3_column_int64(st, 2)),
        .value = kh_stmt_text(s, st, 3),
        .reason = kh_stmt_text(s, st, 4),
        .status = kh_status_of_name(kh_stmt_text(s, st, 5)),
        .reported = (uint32_t)sqlite3_column_int64(st, 6),
        .expected = (uint32_t)sqlite3_column_int64(st, 7),
        .definition = kh_stmt_text(s, st, 10),
    };
    if (s->no_memory || r.indicator == UINT32_MAX || r.unit == KH_NO_UNIT)
        return KH_OK; /* no longer defined: SQL still shows it */
    return fn(ctx, &r, sqlite3_column_int64(st, 8), kh_stmt_text(s, st, 9));
}

int kh_store_results(kh_store *s, kh_catalog *c, uint32_t indicator, kh_period period, kh_result_fn *fn, void *ctx, kh_error *err)
{
    static const char sql[] = "SELECT i.code, r.unit, r.period, r.value, r.reason, r.status, r.reported, r.expected, r.revision, r.computed, v.sha256 "
                              "FROM result r JOIN indicator i ON i.id = r.indicator JOIN revision v ON v.id = r.revision WHERE (?1 IS NULL OR i.code = ?1) AND (?2 IS NULL OR r.period = ?2) ORDER BY r.indicator, r.period, r.unit";
    sqlite3_stmt *st = NULL;
    bool row;
    const char *code = indicator < c->n_indicators ? c->indicators[indicator].code : NULL;
    int rc = kh_store_bound(s, c, err);
    if (rc == KH_OK)
        rc = period ? kh_stmt_open(s, &st, err, sql, KH_ARGS(KH_T(code), KH_I(kh_period_id(period)))) : kh_stmt_open(s, &st, err, sql, KH_ARGS(KH_T(code), KH_NULL));
    while (rc == KH_OK && (rc = kh_stmt_next(s, st, &row, err)) == KH_OK && row)
        rc = hand_over(s, c, st, fn, ctx);
    kh_stmt_end(s, st);
    return rc;
}

/* SPDX-License-Identifier: MIT */
/*
 * Locks on periods: a lock covers its period and all within it, so asking for a
 * period goes over the locks (a handful) and not over the periods.
 */
#include "store/sqlite_store.h"

#include "base/json.h"
#include "base/msg.h"

int kh_store_locked(kh_store *s, kh_period p, kh_period *by, kh_error *err)
{
    sqlite3_stmt *st = NULL;
    bool row;
    *by = KH_NO_PERIOD;
    int rc = kh_stmt_open(s, &st, err, "SELECT period FROM lock ORDER BY period", KH_NO_ARGS);
    while (rc == KH_OK && *by == KH_NO_PERIOD && (rc = kh_stmt_next(s, st, &row, err)) == KH_OK && row) {
        kh_period lock = kh_period_of_id(sqlite3_column_int64(st, 0));
        if (kh_period_contains(lock, p))
            *by = lock;
    }
    kh_stmt_end(s, st);
    return rc;
}

int kh_store_locks(kh_store *s, kh_lock_fn *fn, void *ctx, kh_error *err)
{
    sqlite3_stmt *st = NULL;
    bool row;
    int rc = kh_stmt_open(s, &st, err, "SELECT period, at, \"by\", reason FROM lock ORDER BY period", KH_NO_ARGS);
    while (rc == KH_OK && (rc = kh_stmt_next(s, st, &row, err)) == KH_OK && row)
        rc = fn(ctx, kh_period_of_id(sqlite3_column_int64(st, 0)), kh_stmt_text(s, st, 1), kh_stmt_text(s, st, 2), kh_stmt_text(s, st, 3));
    kh_stmt_end(s, st);
    return rc;
}

static int note(kh_store *s, const char *what, const char *period, const char *reason, kh_error *err)
{
    kh_buf text = KH_BUF_INIT;
    kh_json j = KH_JSON(&text);
    kh_json_begin(&j, '{');
    kh_json_key(&j, "period");
    kh_json_str(&j, period);
    kh_json_key(&j, "reason");
    kh_json_str(&j, reason);
    kh_json_end(&j, '}');
    int rc = kh_store_audit(s, what, kh_buf_cstr(&text), err);
    kh_buf_free(&text);
    return rc;
}

static int lock(kh_store *s, kh_period p, const char *reason, kh_error *err)
{
    int64_t id = 0, there = 0;
    char name[KH_PERIOD_TEXT], now[32];
    kh_period_format(p, name);
    kh_store_now(s, now);
    int rc = kh_stmt_int(s, &there, 0, err, "SELECT 1 FROM lock WHERE period = ?", KH_ARGS(KH_I(kh_period_id(p))));
    if (rc == KH_OK && there)
        return kh_fail(err, KH_EUSAGE, "%s is locked already", name);
    if (rc == KH_OK)
        rc = kh_store_period(s, p, &id, err);
    if (rc == KH_OK)
        rc = kh_stmt_run(s, err, "INSERT INTO lock (period, at, \"by\", reason) VALUES (?, ?, ?, ?)", KH_ARGS(KH_I(id), KH_T(now), KH_T(s->by ? s->by : "?"), KH_T(reason)));
    return rc == KH_OK ? note(s, "lock", name, reason, err) : rc;
}

int kh_store_lock(kh_store *s, kh_period p, const char *reason, kh_error *err)
{
    bool own = false;
    int rc = kh_store_own_begin(s, &own, err);
    return rc == KH_OK ? kh_store_own_end(s, own, lock(s, p, reason, err), err) : rc;
}

static int unlock(kh_store *s, kh_period p, const char *reason, kh_error *err)
{
    kh_period by = KH_NO_PERIOD;
    char name[KH_PERIOD_TEXT], wider[KH_PERIOD_TEXT];
    kh_period_format(p, name);
    int rc = kh_stmt_run(s, err, "DELETE FROM lock WHERE period = ?", KH_ARGS(KH_I(kh_period_id(p))));
    if (rc == KH_OK && sqlite3_changes(s->db) > 0)
        return note(s, "unlock", name, reason, err);
    if (rc == KH_OK)
        rc = kh_store_locked(s, p, &by, err);
    if (rc != KH_OK)
        return rc;
    if (by == KH_NO_PERIOD)
        return kh_fail(err, KH_EUSAGE, "%s is not locked", name);
    kh_period_format(by, wider);
    return kh_fail(err, KH_EUSAGE, "%s is locked as a part of %s; unlock %s", name, wider, wider);
}

int kh_store_unlock(kh_store *s, kh_period p, const char *reason, kh_error *err)
{
    bool own = false;
    if (!reason || !reason[0])
        return kh_fail(err, KH_EUSAGE, "opening a closed period needs a reason");
    int rc = kh_store_own_begin(s, &own, err);
    return rc == KH_OK ? kh_store_own_end(s, own, unlock(s, p, reason, err), err) : rc;
}

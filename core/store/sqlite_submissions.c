/* SPDX-License-Identifier: MIT */
/*
 * Submissions: listing them and withdrawing one. Putting one is sqlite_put.c.
 * A list is asked with the narrowest index that the filter allows; spans are
 * compared here, since a week's year is not its days'.
 */
#include "store/sqlite_store.h"

#include "base/json.h"
#include "base/msg.h"

#include <string.h>

int kh_submission_current(kh_store *s, int64_t form, int64_t sender, const char *span, int64_t *id, kh_error *err)
{
    return kh_stmt_int(s, id, 0, err, "SELECT id FROM submission WHERE form = ? AND coalesce(sender, 0) = ? AND span = ? AND status = 'current'",
                       KH_ARGS(KH_I(form), KH_I(sender), KH_T(span)));
}

/* ---- listing ---- */

typedef struct query { kh_buf sql; kh_arg args[8]; size_t n; bool any; } query;

static void that(query *q, const char *condition)
{
    kh_buf_str(&q->sql, q->any ? " AND " : " WHERE ");
    kh_buf_str(&q->sql, condition);
    q->any = true;
}

static void where(query *q, const char *condition, kh_arg arg)
{
    that(q, condition);
    q->args[q->n++] = arg;
}

static void build(query *q, const kh_catalog *c, const kh_submission_filter *f)
{
    kh_buf_str(&q->sql, "SELECT s.id, f.code, s.sender, s.span, s.version, s.status, s.file, s.sha256, s.received, s.\"by\", s.n_rows, s.n_values, s.note "
                        "FROM submission s JOIN form f ON f.id = s.form");
    if (f->id)
        where(q, "s.id = ?", (kh_arg)KH_I(f->id));
    if (f->sha256)
        where(q, "s.sha256 = ?", (kh_arg)KH_T(f->sha256));
    if (f->form)
        where(q, "f.code = ?", (kh_arg)KH_T(f->form));
    if (f->sender != KH_NO_UNIT)
        where(q, "coalesce(s.sender, 0) = ?", (kh_arg)KH_I(kh_units_def(c->units, f->sender)->id));
    if (f->span)
        where(q, "s.span = ?", (kh_arg)KH_T(f->span));
    /* A parameter that an index on some of the rows might hang on makes SQLite compile the statement anew for each value. */
    if (f->status && strcmp(f->status, "current") == 0)
        that(q, "s.status = 'current'");
    else if (f->status)
        where(q, "+s.status = ?", (kh_arg)KH_T(f->status));
    kh_buf_str(&q->sql, " ORDER BY s.id");
}

static bool within(kh_period whole, const char *span)
{
    kh_period first, last;
    if (whole == KH_NO_PERIOD)
        return true;
    return kh_span_parse(span, &first, &last) && kh_period_contains(whole, first) && kh_period_contains(whole, last);
}

static int list_one(kh_store *s, sqlite3_stmt *st, const kh_submission_filter *f, kh_submission_fn *fn, void *ctx)
{
    kh_submission sub = {
        .id = sqlite3_column_int64(st, 0),
        .form = kh_stmt_text(s, st, 1),
        .sender = kh_bound_unit(s, sqlite3_column_int64(st, 2)),
        .span = kh_stmt_text(s, st, 3),
        .version = (int)sqlite3_column_int64(st, 4),
        .status = kh_stmt_text(s, st, 5),
        .file = kh_stmt_text(s, st, 6),
        .sha256 = kh_stmt_text(s, st, 7),
        .received = kh_stmt_text(s, st, 8),
        .by = kh_stmt_text(s, st, 9),
        .n_rows = sqlite3_column_int64(st, 10),
        .n_values = sqlite3_column_int64(st, 11),
        .note = kh_stmt_text(s, st, 12),
    };
    if (s->no_memory || !within(f->within, sub.span))
        return 0;
    return fn(ctx, &sub);
}

int kh_store_submissions(kh_store *s, const kh_catalog *c, const kh_submission_filter *f, kh_submission_fn *fn, void *ctx, kh_error *err)
{
    static const kh_submission_filter all = {.sender = KH_NO_UNIT};
    query q = {.sql = KH_BUF_INIT};
    sqlite3_stmt *st = NULL;
    bool row;
    f = f ? f : &all;
    int rc = kh_store_bound(s, c, err);
    if (rc != KH_OK)
        return rc;
    build(&q, c, f);
    rc = kh_stmt_open(s, &st, err, kh_buf_cstr(&q.sql), q.args, q.n);
    while (rc == KH_OK && (rc = kh_stmt_next(s, st, &row, err)) == KH_OK && row)
        rc = list_one(s, st, f, fn, ctx);
    kh_stmt_end(s, st);
    kh_buf_free(&q.sql);
    return rc;
}

/* ---- withdrawing ---- */

/* The first of these that is locked. */
static int locked_among(kh_store *s, const kh_period *p, size_t n, kh_period *locked, kh_period *lock, kh_error *err)
{
    int rc = KH_OK;
    *locked = *lock = KH_NO_PERIOD;
    for (size_t i = 0; rc == KH_OK && *lock == KH_NO_PERIOD && i < n; i++)
        if ((rc = kh_store_locked(s, p[i], lock, err)) == KH_OK && *lock != KH_NO_PERIOD)
            *locked = p[i];
    return rc;
}

int kh_submission_locked(kh_store *s, int64_t id, kh_period *locked, kh_period *lock, kh_error *err)
{
    char *span = NULL;
    int64_t *ids = NULL;
    size_t n = 0;
    kh_period ends[2] = {KH_NO_PERIOD, KH_NO_PERIOD};
    *locked = *lock = KH_NO_PERIOD;
    int rc = kh_stmt_str(s, &span, err, "SELECT span FROM submission WHERE id = ?", KH_ARGS(KH_I(id)));
    if (rc == KH_OK && span && kh_span_parse(span, &ends[0], &ends[1]))
        rc = locked_among(s, ends, 2, locked, lock, err);
    if (rc == KH_OK)
        rc = kh_chunks_periods(s, id, &ids, &n, err);
    for (size_t i = 0; rc == KH_OK && *lock == KH_NO_PERIOD && i < n; i++) {
        kh_period p = kh_period_of_id(ids[i]);
        rc = locked_among(s, &p, 1, locked, lock, err);
    }
    kh_free(span);
    kh_free(ids);
    return rc;
}

static int may_withdraw(kh_store *s, int64_t id, kh_error *err)
{
    char *status = NULL, name[KH_PERIOD_TEXT], by[KH_PERIOD_TEXT];
    kh_period locked, lock;
    int rc = kh_stmt_str(s, &status, err, "SELECT status FROM submission WHERE id = ?", KH_ARGS(KH_I(id)));
    if (rc == KH_OK && !status)
        rc = kh_fail(err, KH_EUSAGE, "there is no submission %lld; `kehoach submissions` lists them", (long long)id);
    else if (rc == KH_OK && strcmp(status, "current") != 0)
        rc = kh_fail(err, KH_EUSAGE, "submission %lld is %s already; only a current one can be withdrawn", (long long)id, status);
    kh_free(status);
    if (rc != KH_OK || (rc = kh_submission_locked(s, id, &locked, &lock, err)) != KH_OK || lock == KH_NO_PERIOD)
        return rc;
    kh_period_format(locked, name);
    kh_period_format(lock, by);
    return kh_fail(err, KH_EFAULTS, "submission %lld has values of %s, which is closed by the lock on %s; open it with `kehoach unlock %s` and a reason first", (long long)id, name, by, by);
}

static int withdraw(kh_store *s, int64_t id, const char *reason, kh_error *err)
{
    char now[32];
    kh_store_now(s, now);
    int rc = may_withdraw(s, id, err);
    if (rc == KH_OK)
        rc = kh_stmt_run(s, err, "UPDATE submission SET status = 'withdrawn', note = ?, changed = ? WHERE id = ?", KH_ARGS(KH_T(reason), KH_T(now), KH_I(id)));
    if (rc != KH_OK)
        return rc;
    kh_buf text = KH_BUF_INIT;
    kh_json j = KH_JSON(&text);
    kh_json_begin(&j, '{');
    kh_json_key(&j, "submission");
    kh_json_int(&j, id);
    kh_json_key(&j, "reason");
    kh_json_str(&j, reason);
    kh_json_end(&j, '}');
    rc = kh_store_audit(s, "withdraw", kh_buf_cstr(&text), err);
    kh_buf_free(&text);
    return rc;
}

int kh_store_withdraw(kh_store *s, kh_catalog *c, int64_t id, const char *reason, kh_error *err)
{
    bool own = false;
    (void)c;
    if (!reason || !reason[0])
        return kh_fail(err, KH_EUSAGE, "withdrawing a submission needs a reason");
    int rc = kh_store_own_begin(s, &own, err);
    return rc == KH_OK ? kh_store_own_end(s, own, withdraw(s, id, reason, err), err) : rc;
}

/* SPDX-License-Identifier: MIT */
/*
 * One statement that a user wrote, on a guarded connection (sqlite_guard.c), its
 * rows pulled one by one. Limits are on the time that SQLite works (not on how
 * long the caller takes between rows), on rows and bytes handed out, and on the
 * memory of SQLite as a whole while a query is open.
 *
 * A query sees what was committed when it began. Closing the store ends its
 * queries: their handles then give an error and can be closed.
 */
#include "store/sqlite_guard.h"

#include "base/msg.h"

#include <stdio.h>
#include <string.h>

struct kh_rows {
    kh_store *store;          /* NULL: closed under us */
    kh_guard *guard;
    sqlite3_stmt *st;
    kh_rows *next;            /* the store's others */
    int64_t left;             /* nanoseconds */
    int64_t rows, bytes, memory;
    double seconds;
    int64_t max_rows, max_bytes;
    bool done;
    int code;                 /* what the query ended with; asked again it says so again */
};

static const kh_sql_limits defaults = {.seconds = 60, .rows = 1000000, .bytes = 256 << 20, .memory = 256 << 20};

/* ---- memory: SQLite's limit is the process's, so it holds from the first open query to the last ---- */

static int open_queries;
static sqlite3_int64 limit_before;

static void limit_memory(int64_t memory)
{
    if (open_queries++ > 0)
        return;
    limit_before = sqlite3_hard_heap_limit64(-1);
    sqlite3_int64 ours = sqlite3_memory_used() + memory;
    sqlite3_hard_heap_limit64(limit_before > 0 && limit_before < ours ? limit_before : ours);
}

static void unlimit_memory(void)
{
    if (--open_queries == 0)
        sqlite3_hard_heap_limit64(limit_before);
}

/* ---- what went wrong ---- */

static int fail(kh_rows *r, int rc, kh_error *err)
{
    const kh_guard *g = r->guard;
    const char *why = g->db ? sqlite3_errmsg(g->db) : sqlite3_errstr(rc);
    if (g->why[0])
        return r->code = kh_fail(err, KH_EUSAGE, "%s", g->why);
    if (g->late)
        return r->code = kh_fail(err, KH_ESCRIPT, "the query was stopped: it took over %g seconds", r->seconds);
    switch (rc & 0xff) {
    case SQLITE_NOMEM: return r->code = kh_fail(err, KH_ESCRIPT, "the query was stopped: it needed more than %lld MB of memory", (long long)(r->memory >> 20));
    case SQLITE_TOOBIG: return r->code = kh_fail(err, KH_EUSAGE, "the query makes or reads a text of over a million bytes");
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return r->code = kh_fail(err, KH_EBUSY, "the store %s is in use by another process; try again when it is done", kh_store_path(r->store));
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_IOERR: return r->code = kh_fail(err, KH_ESTORE, "the store %s failed under the query: %s", kh_store_path(r->store), why);
    case SQLITE_INTERRUPT: return r->code = kh_fail(err, KH_EINTR, "interrupted");
    default: return r->code = kh_fail(err, KH_EUSAGE, "the query is not right: %s", why);
    }
}

/* ---- the statement ---- */

/* A tail of blanks, semicolons and comments compiles to nothing; anything else is a second statement. */
static int nothing_more(kh_rows *r, const char *tail, kh_error *err)
{
    while (*tail) {
        sqlite3_stmt *more = NULL;
        const char *rest = tail;
        int rc = sqlite3_prepare_v2(r->guard->db, tail, -1, &more, &rest);
        sqlite3_finalize(more);
        if (more || rc != SQLITE_OK || rest == tail)
            return kh_fail(err, KH_EUSAGE, "a query is one statement; after the first there is more: %.40s", tail);
        tail = rest;
    }
    return KH_OK;
}

static int compile(kh_rows *r, const char *sql, kh_error *err)
{
    const char *tail = sql;
    int rc = sqlite3_prepare_v3(r->guard->db, sql, -1, 0, &r->st, &tail);
    if (rc != SQLITE_OK)
        return fail(r, rc, err);
    if (!r->st)
        return kh_fail(err, KH_EUSAGE, "the query is empty");
    if (sqlite3_stmt_isexplain(r->st))
        return kh_fail(err, KH_EUSAGE, "EXPLAIN is not for queries: they only read");
    if (!sqlite3_stmt_readonly(r->st))
        return kh_fail(err, KH_EUSAGE, "the query would change something: queries only read");
    return nothing_more(r, tail, err);
}

static int bind(kh_rows *r, const kh_sql_value *params, size_t n, kh_error *err)
{
    int wanted = sqlite3_bind_parameter_count(r->st);
    if ((size_t)wanted != n)
        return kh_fail(err, KH_EUSAGE, "the query has %d parameters and %zu values were given", wanted, n);
    for (int i = 0; i < wanted; i++) {
        const kh_sql_value *v = &params[i];
        int rc = SQLITE_OK;
        switch (v->type) {
        case KH_SQL_NULL: rc = sqlite3_bind_null(r->st, i + 1); break;
        case KH_SQL_INT: rc = sqlite3_bind_int64(r->st, i + 1, v->i); break;
        case KH_SQL_REAL: rc = sqlite3_bind_double(r->st, i + 1, v->r); break;
        case KH_SQL_TEXT: rc = sqlite3_bind_text64(r->st, i + 1, v->text, v->len, SQLITE_TRANSIENT, SQLITE_UTF8); break;
        case KH_SQL_BLOB: rc = sqlite3_bind_blob64(r->st, i + 1, v->text, v->len, SQLITE_TRANSIENT); break;
        }
        if (rc != SQLITE_OK)
            return fail(r, rc, err);
    }
    return KH_OK;
}

static int take_guard(kh_store *s, kh_guard **out, kh_error *err)
{
    *out = s->idle_query;
    s->idle_query = NULL;
    if (!*out)
        return kh_guard_open(s, out, err);
    (*out)->why[0] = '\0';
    (*out)->late = false;
    return KH_OK;
}

int kh_store_query(kh_store *s, const char *sql, const kh_sql_value *params, size_t n_params, const kh_sql_limits *limits, kh_rows **out, kh_error *err)
{
    const kh_sql_limits *l = limits ? limits : &defaults;
    *out = NULL;
    kh_rows *r = kh_zalloc(1, sizeof *r);
    r->store = s;
    r->seconds = l->seconds > 0 ? l->seconds : defaults.seconds;
    r->left = (int64_t)(r->seconds * 1e9);
    r->max_rows = l->rows > 0 ? l->rows : defaults.rows;
    r->max_bytes = l->bytes > 0 ? l->bytes : defaults.bytes;
    r->memory = l->memory > 0 ? l->memory : defaults.memory;
    int rc = take_guard(s, &r->guard, err);
    if (rc != KH_OK) {
        kh_free(r);
        return rc;
    }
    limit_memory(r->memory);
    r->next = s->rows;
    s->rows = r;
    if ((rc = compile(r, sql, err)) == KH_OK)
        rc = bind(r, params, n_params, err);
    if (rc == KH_OK)
        *out = r;
    else
        kh_rows_close(r);
    return rc;
}

/* ---- rows ---- */

size_t kh_rows_columns(const kh_rows *r)
{
    return r->st ? (size_t)sqlite3_column_count(r->st) : 0;
}

const char *kh_rows_name(const kh_rows *r, size_t i)
{
    const char *name = i < kh_rows_columns(r) ? sqlite3_column_name(r->st, (int)i) : NULL;
    return name ? name : "";
}

/* Bytes of the row, -1: memory did not suffice for a text of it. */
static int64_t weight(const kh_rows *r)
{
    int64_t bytes = 0;
    int n = sqlite3_column_count(r->st);
    for (int i = 0; i < n; i++) {
        int type = sqlite3_column_type(r->st, i);
        if (type == SQLITE_TEXT && !sqlite3_column_text(r->st, i))
            return -1;
        bytes += type == SQLITE_TEXT || type == SQLITE_BLOB ? sqlite3_column_bytes(r->st, i) : 8;
    }
    return bytes;
}

static int count(kh_rows *r, kh_error *err)
{
    int64_t bytes = weight(r);
    if (bytes < 0)
        return fail(r, SQLITE_NOMEM, err);
    r->rows++;
    r->bytes += bytes;
    if (r->rows > r->max_rows)
        return r->code = kh_fail(err, KH_ESCRIPT, "the query was stopped: it gives over %lld rows; narrow it or add LIMIT", (long long)r->max_rows);
    if (r->bytes > r->max_bytes)
        return r->code = kh_fail(err, KH_ESCRIPT, "the query was stopped: it gives over %lld MB; narrow it or name fewer columns", (long long)(r->max_bytes >> 20));
    return KH_OK;
}

int kh_rows_next(kh_rows *r, bool *row, kh_error *err)
{
    *row = false;
    if (!r->store)
        return kh_fail(err, KH_EUSAGE, "the query is over: its store was closed");
    if (r->code != KH_OK)
        return kh_fail(err, r->code, "the query was stopped before");
    if (r->done)
        return KH_OK;
    int64_t from = kh_guard_clock();
    r->guard->deadline = from + r->left;
    int rc = sqlite3_step(r->st);
    r->left -= kh_guard_clock() - from;
    r->guard->late = r->guard->late || (rc != SQLITE_DONE && r->left <= 0);
    if (rc == SQLITE_DONE) {
        r->done = true;
        return KH_OK;
    }
    if (rc != SQLITE_ROW || r->guard->late)
        return fail(r, rc, err);
    *row = true;
    rc = count(r, err);
    *row = rc == KH_OK;
    return rc;
}

void kh_rows_value(const kh_rows *r, size_t i, kh_sql_value *out)
{
    int at = (int)i;
    *out = (kh_sql_value){.type = KH_SQL_NULL};
    if (!r->store || i >= kh_rows_columns(r))
        return;
    switch (sqlite3_column_type(r->st, at)) {
    case SQLITE_INTEGER: *out = (kh_sql_value){.type = KH_SQL_INT, .i = sqlite3_column_int64(r->st, at)}; break;
    case SQLITE_FLOAT: *out = (kh_sql_value){.type = KH_SQL_REAL, .r = sqlite3_column_double(r->st, at)}; break;
    case SQLITE_TEXT: *out = (kh_sql_value){.type = KH_SQL_TEXT, .text = (const char *)sqlite3_column_text(r->st, at)}; break;
    case SQLITE_BLOB: *out = (kh_sql_value){.type = KH_SQL_BLOB, .text = sqlite3_column_blob(r->st, at)}; break;
    default: return;
    }
    if (out->type != KH_SQL_TEXT && out->type != KH_SQL_BLOB)
        return;
    out->len = (size_t)sqlite3_column_bytes(r->st, at);
    if (!out->text) /* an empty blob; texts were asked for by weight() */
        out->text = "";
}

/* ---- closing ---- */

static void unlink_rows(kh_rows *r)
{
    for (kh_rows **p = &r->store->rows; *p; p = &(*p)->next)
        if (*p == r) {
            *p = r->next;
            return;
        }
}

static void end(kh_rows *r)
{
    sqlite3_finalize(r->st);
    r->st = NULL;
    unlimit_memory();
}

void kh_rows_close(kh_rows *r)
{
    if (!r)
        return;
    if (r->store) {
        unlink_rows(r);
        end(r);
        if (r->store->idle_query)
            kh_guard_close(r->guard);
        else
            r->store->idle_query = r->guard;
    }
    kh_free(r);
}

void kh_store_queries_close(kh_store *s)
{
    while (s->rows) {
        kh_rows *r = s->rows;
        s->rows = r->next;
        end(r);
        kh_guard_close(r->guard);
        r->guard = NULL;
        r->store = NULL; /* the handle stays its owner's */
    }
    kh_guard_close(s->idle_query);
    s->idle_query = NULL;
}

/* SPDX-License-Identifier: MIT */
/*
 * Statements kept by their text. A cached statement that is still being stepped
 * (a callback asks the same again) is not shared: the second caller gets one of
 * its own, finalized when it ends. The cache holds every text that was ever
 * asked, which is bounded by the texts in this room.
 */
#include "store/sqlite_stmt.h"

#include "base/mem.h"
#include "base/msg.h"
#include "store/sqlite_store.h"

#include <assert.h>
#include <string.h>

static int prepare(kh_store *s, sqlite3_stmt **out, kh_error *err, const char *sql, unsigned flags)
{
    *out = NULL;
    int rc = sqlite3_prepare_v3(s->db, sql, -1, flags, out, NULL);
    return rc == SQLITE_OK ? KH_OK : kh_store_fail(s, rc, err);
}

static int cached(kh_store *s, sqlite3_stmt **out, kh_error *err, const char *sql)
{
    kh_stmt_cache *c = &s->stmts;
    if (!c->by_text)
        c->by_text = kh_map_new();
    size_t len = strlen(sql);
    uint32_t at = kh_map_get(c->by_text, sql, len);
    if (at != KH_NONE && c->items[at].busy)
        return prepare(s, out, err, sql, 0);
    if (at == KH_NONE) {
        int rc = prepare(s, out, err, sql, SQLITE_PREPARE_PERSISTENT);
        if (rc != KH_OK)
            return rc;
        at = (uint32_t)c->n;
        KH_PUSH(c->items, c->n, c->cap) = (kh_store_stmt){*out, false};
        kh_map_set(c->by_text, sql, len, at);
    }
    c->items[at].busy = true;
    *out = c->items[at].st;
    return KH_OK;
}

static int bind_one(sqlite3_stmt *st, int at, const kh_arg *a)
{
    switch (a->type) {
    case 'i': return sqlite3_bind_int64(st, at, a->i);
    case 'r': return sqlite3_bind_double(st, at, a->r);
    case 's': return a->text ? sqlite3_bind_text(st, at, a->text, -1, SQLITE_STATIC) : sqlite3_bind_null(st, at);
    case 't': return sqlite3_bind_text64(st, at, a->text, a->len, SQLITE_STATIC, SQLITE_UTF8);
    default: assert(a->type == 'n'); return sqlite3_bind_null(st, at);
    }
}

int kh_stmt_bind(kh_store *s, sqlite3_stmt *st, kh_error *err, const kh_arg *args, size_t n)
{
    sqlite3_reset(st); /* the outcome of the step before was seen by its caller */
    assert((size_t)sqlite3_bind_parameter_count(st) == n);
    for (size_t i = 0; i < n; i++) {
        int rc = bind_one(st, (int)i + 1, &args[i]);
        if (rc != SQLITE_OK)
            return kh_store_fail(s, rc, err);
    }
    return KH_OK;
}

int kh_stmt_open(kh_store *s, sqlite3_stmt **out, kh_error *err, const char *sql, const kh_arg *args, size_t n)
{
    int rc = cached(s, out, err, sql);
    if (rc == KH_OK && (rc = kh_stmt_bind(s, *out, err, args, n)) != KH_OK) {
        kh_stmt_end(s, *out);
        *out = NULL;
    }
    return rc;
}

int kh_stmt_next(kh_store *s, sqlite3_stmt *st, bool *row, kh_error *err)
{
    *row = false;
    int rc = s->no_memory ? SQLITE_NOMEM : sqlite3_step(st);
    if (rc == SQLITE_DONE)
        return KH_OK;
    if (rc != SQLITE_ROW)
        return kh_store_fail(s, rc, err);
    *row = true;
    return KH_OK;
}

void kh_stmt_end(kh_store *s, sqlite3_stmt *st)
{
    if (!st)
        return;
    for (size_t i = 0; i < s->stmts.n; i++)
        if (s->stmts.items[i].st == st) {
            sqlite3_reset(st);
            sqlite3_clear_bindings(st);
            s->stmts.items[i].busy = false;
            return;
        }
    sqlite3_finalize(st);
}

int kh_stmt_run(kh_store *s, kh_error *err, const char *sql, const kh_arg *args, size_t n)
{
    sqlite3_stmt *st = NULL;
    bool row = false;
    int rc = kh_stmt_open(s, &st, err, sql, args, n);
    if (rc == KH_OK)
        rc = kh_stmt_next(s, st, &row, err);
    assert(rc != KH_OK || !row);
    kh_stmt_end(s, st);
    return rc;
}

int kh_stmt_int(kh_store *s, int64_t *out, int64_t none, kh_error *err, const char *sql, const kh_arg *args, size_t n)
{
    sqlite3_stmt *st = NULL;
    bool row = false;
    *out = none;
    int rc = kh_stmt_open(s, &st, err, sql, args, n);
    if (rc == KH_OK && (rc = kh_stmt_next(s, st, &row, err)) == KH_OK && row && sqlite3_column_type(st, 0) != SQLITE_NULL)
        *out = sqlite3_column_int64(st, 0);
    kh_stmt_end(s, st);
    return rc;
}

int kh_stmt_str(kh_store *s, char **out, kh_error *err, const char *sql, const kh_arg *args, size_t n)
{
    sqlite3_stmt *st = NULL;
    bool row = false;
    *out = NULL;
    int rc = kh_stmt_open(s, &st, err, sql, args, n);
    if (rc == KH_OK && (rc = kh_stmt_next(s, st, &row, err)) == KH_OK && row) {
        const char *text = kh_stmt_text(s, st, 0);
        *out = text ? kh_strdup(text) : NULL;
        if (s->no_memory)
            rc = kh_store_fail(s, SQLITE_NOMEM, err);
    }
    kh_stmt_end(s, st);
    return rc;
}

const char *kh_stmt_text(kh_store *s, sqlite3_stmt *st, int column)
{
    if (sqlite3_column_type(st, column) == SQLITE_NULL)
        return NULL;
    const char *text = (const char *)sqlite3_column_text(st, column);
    if (!text)
        s->no_memory = true; /* told by the next step or the commit */
    return text;
}

void kh_stmt_cache_free(kh_stmt_cache *c)
{
    for (size_t i = 0; i < c->n; i++)
        sqlite3_finalize(c->items[i].st);
    kh_free(c->items);
    kh_map_free(c->by_text);
    *c = (kh_stmt_cache){0};
}

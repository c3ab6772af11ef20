/* SPDX-License-Identifier: MIT */
/*
 * Lists of units: the row order of a chunk. Returns of one sender repeat it, so
 * a list is kept once and a chunk refers to it; that is also what finds the
 * other submissions with the same units (near).
 *
 * Lists never change once they are there, so what was read is remembered until
 * a rollback. A new list may be near any other: making one forgets all `near`s.
 * Another process may make lists too: kh_lists_refresh notices that.
 */
#include "store/sqlite_store.h"

#include "base/buf.h"
#include "base/hash.h"
#include "base/msg.h"

#include <string.h>

void kh_lists_free(kh_store *s)
{
    kh_lists *l = &s->lists;
    for (size_t i = 0; i < l->n; i++) {
        kh_free(l->items[i]->units);
        kh_free(l->items[i]->near);
        kh_free(l->items[i]);
    }
    kh_free(l->items);
    kh_map_free(l->by_units);
    kh_map_free(l->by_id);
    *l = (kh_lists){0};
}

static kh_list *remember(kh_store *s, int64_t id, const int64_t *units, uint32_t n)
{
    kh_lists *l = &s->lists;
    kh_list *list = kh_zalloc(1, sizeof *list);
    list->id = id;
    list->n = n;
    list->units = kh_zalloc(n ? n : 1, sizeof *units);
    memcpy(list->units, units, n * sizeof *units);
    if (!l->by_id) {
        l->by_id = kh_map_new();
        l->by_units = kh_map_new();
    }
    kh_map_set(l->by_id, (const char *)&id, sizeof id, (uint32_t)l->n);
    kh_map_set(l->by_units, (const char *)list->units, n * sizeof *units, (uint32_t)l->n);
    KH_PUSH(l->items, l->n, l->cap) = list;
    return list;
}

static void forget_near(kh_store *s)
{
    for (size_t i = 0; i < s->lists.n; i++)
        s->lists.items[i]->near_known = false;
}

static void hash_of(const int64_t *units, uint32_t n, char sha[KH_SHA256_HEX])
{
    kh_buf text = KH_BUF_INIT;
    kh_buf_reserve(&text, (size_t)n * 8);
    for (uint32_t i = 0; i < n; i++) {
        if (i)
            kh_buf_char(&text, ',');
        kh_cells_add_number(&text, units[i], 0);
    }
    kh_sha256_of(text.data, text.len, sha);
    kh_buf_free(&text);
}

static int make(kh_store *s, const char *sha, const int64_t *units, uint32_t n, int64_t *id, kh_error *err)
{
    int rc = kh_stmt_run(s, err, "INSERT INTO unit_list (n, sha256) VALUES (?, ?)", KH_ARGS(KH_I(n), KH_T(sha)));
    if (rc != KH_OK)
        return rc;
    *id = sqlite3_last_insert_rowid(s->db);
    sqlite3_stmt *st = NULL;
    bool row;
    rc = kh_stmt_open(s, &st, err, "INSERT INTO unit_list_member (list, k, unit) VALUES (?, ?, ?)", KH_ARGS(KH_I(*id), KH_I(0), KH_I(0)));
    for (uint32_t k = 0; rc == KH_OK && k < n; k++)
        if ((rc = kh_stmt_bind(s, st, err, KH_ARGS(KH_I(*id), KH_I(k), KH_I(units[k])))) == KH_OK)
            rc = kh_stmt_next(s, st, &row, err);
    kh_stmt_end(s, st);
    return rc;
}

int kh_lists_put(kh_store *s, const int64_t *units, uint32_t n, kh_list **out, kh_error *err)
{
    uint32_t at = s->lists.by_units ? kh_map_get(s->lists.by_units, (const char *)units, n * sizeof *units) : KH_NONE;
    if (at != KH_NONE) {
        *out = s->lists.items[at];
        return KH_OK;
    }
    char sha[KH_SHA256_HEX];
    int64_t id = 0;
    hash_of(units, n, sha);
    int rc = kh_stmt_int(s, &id, 0, err, "SELECT id FROM unit_list WHERE sha256 = ?", KH_ARGS(KH_T(sha)));
    if (rc == KH_OK && id == 0) {
        rc = make(s, sha, units, n, &id, err);
        forget_near(s);
    }
    if (rc == KH_OK)
        *out = remember(s, id, units, n);
    return rc;
}

int kh_lists_get(kh_store *s, int64_t id, kh_list **out, kh_error *err)
{
    uint32_t at = s->lists.by_id ? kh_map_get(s->lists.by_id, (const char *)&id, sizeof id) : KH_NONE;
    if (at != KH_NONE) {
        *out = s->lists.items[at];
        return KH_OK;
    }
    int64_t units[KH_CHUNK];
    uint32_t n = 0;
    sqlite3_stmt *st = NULL;
    bool row;
    int rc = kh_stmt_open(s, &st, err, "SELECT k, unit FROM unit_list_member WHERE list = ? ORDER BY k", KH_ARGS(KH_I(id)));
    while (rc == KH_OK && (rc = kh_stmt_next(s, st, &row, err)) == KH_OK && row) {
        if (n == KH_CHUNK || sqlite3_column_int64(st, 0) != n)
            rc = kh_fail(err, KH_ESTORE, "the store %s is damaged: unit list %lld is not whole", s->path, (long long)id);
        else
            units[n++] = sqlite3_column_int64(st, 1);
    }
    kh_stmt_end(s, st);
    if (rc != KH_OK)
        return rc;
    *out = remember(s, id, units, n);
    return KH_OK;
}

int kh_lists_refresh(kh_store *s, kh_error *err)
{
    int64_t version = 0;
    int rc = kh_stmt_int(s, &version, 0, err, "PRAGMA data_version", KH_NO_ARGS);
    if (rc == KH_OK && version != s->lists.version) {
        forget_near(s);
        s->lists.version = version;
    }
    return rc;
}

int kh_lists_near(kh_store *s, kh_list *list, kh_error *err)
{
    if (list->near_known)
        return KH_OK;
    sqlite3_stmt *st = NULL;
    bool row;
    size_t cap = list->n_near;
    list->n_near = 0;
    int rc = kh_stmt_open(s, &st, err,
                          "SELECT DISTINCT o.list FROM unit_list_member m JOIN unit_list_member o ON o.unit = m.unit WHERE m.list = ? ORDER BY 1",
                          KH_ARGS(KH_I(list->id)));
    while (rc == KH_OK && (rc = kh_stmt_next(s, st, &row, err)) == KH_OK && row)
        KH_PUSH(list->near, list->n_near, cap) = sqlite3_column_int64(st, 0);
    kh_stmt_end(s, st);
    list->near_known = rc == KH_OK;
    return rc;
}

/* SPDX-License-Identifier: MIT */
/*
 * The audit: what was done to the store, append-only, each entry with the hash
 * of the one before. An entry's hash is the SHA-256 of the JSON array
 * [n, "at", "by", "what", "detail", "prev"], so that any tool can prove it.
 *
 * A changed, removed or inserted entry breaks the chain behind it; a cut tail is
 * found by the count and last hash kept in meta. Whoever can write the file can
 * make a whole new chain: against that the last hash is noted elsewhere (it is
 * printed by `audit verify` and stands in backups).
 */
#include "store/sqlite_store.h"

#include "base/hash.h"
#include "base/json.h"
#include "base/msg.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NO_ENTRY "0000000000000000000000000000000000000000000000000000000000000000"

static void hash_of(int64_t n, const char *at, const char *by, const char *what, const char *detail, const char *prev, char out[KH_SHA256_HEX])
{
    kh_buf text = KH_BUF_INIT;
    kh_json j = KH_JSON(&text);
    kh_json_begin(&j, '[');
    kh_json_int(&j, n);
    kh_json_str(&j, at);
    kh_json_str(&j, by);
    kh_json_str(&j, what);
    kh_json_str(&j, detail);
    kh_json_str(&j, prev);
    kh_json_end(&j, ']');
    kh_sha256_of(text.data, text.len, out);
    kh_buf_free(&text);
}

/* The last entry's number and hash; 0 and zeros in an empty audit. */
static int last(kh_store *s, int64_t *n, char hash[KH_SHA256_HEX], kh_error *err)
{
    sqlite3_stmt *st = NULL;
    bool row;
    *n = 0;
    memcpy(hash, NO_ENTRY, KH_SHA256_HEX);
    int rc = kh_stmt_open(s, &st, err, "SELECT n, hash FROM audit ORDER BY n DESC LIMIT 1", KH_NO_ARGS);
    if (rc == KH_OK && (rc = kh_stmt_next(s, st, &row, err)) == KH_OK && row) {
        const char *text = kh_stmt_text(s, st, 1);
        *n = sqlite3_column_int64(st, 0);
        if (text && strlen(text) == KH_SHA256_HEX - 1)
            memcpy(hash, text, KH_SHA256_HEX);
    }
    kh_stmt_end(s, st);
    return rc;
}

static int append(kh_store *s, const char *what, const char *detail, kh_error *err)
{
    static const char sql[] = "INSERT INTO audit (n, at, \"by\", what, detail, prev, hash) VALUES (?, ?, ?, ?, ?, ?, ?)";
    int64_t n = 0;
    char prev[KH_SHA256_HEX], hash[KH_SHA256_HEX], now[32], count[24];
    const char *by = s->by ? s->by : "?";
    int rc = last(s, &n, prev, err);
    if (rc != KH_OK)
        return rc;
    kh_store_now(s, now);
    hash_of(++n, now, by, what, detail ? detail : "", prev, hash);
    rc = kh_stmt_run(s, err, sql, KH_ARGS(KH_I(n), KH_T(now), KH_T(by), KH_T(what), KH_T(detail ? detail : ""), KH_T(prev), KH_T(hash)));
    snprintf(count, sizeof count, "%lld", (long long)n);
    if (rc == KH_OK)
        rc = kh_store_meta_set(s, "audit.count", count, err);
    return rc == KH_OK ? kh_store_meta_set(s, "audit.hash", hash, err) : rc;
}

int kh_store_audit(kh_store *s, const char *what, const char *detail, kh_error *err)
{
    bool own = false;
    int rc = kh_store_own_begin(s, &own, err);
    return rc == KH_OK ? kh_store_own_end(s, own, append(s, what, detail, err), err) : rc;
}

static const char every[] = "SELECT n, at, \"by\", what, detail, prev, hash FROM audit WHERE n >= ? ORDER BY n";

int kh_store_audit_list(kh_store *s, int64_t from, kh_audit_fn *fn, void *ctx, kh_error *err)
{
    sqlite3_stmt *st = NULL;
    bool row;
    int rc = kh_stmt_open(s, &st, err, every, KH_ARGS(KH_I(from)));
    while (rc == KH_OK && (rc = kh_stmt_next(s, st, &row, err)) == KH_OK && row) {
        const char *text[5];
        for (int i = 0; i < 4; i++)
            text[i] = kh_stmt_text(s, st, i + 1);
        text[4] = kh_stmt_text(s, st, 6);
        rc = fn(ctx, sqlite3_column_int64(st, 0), text[0], text[1], text[2], text[3], text[4]);
    }
    kh_stmt_end(s, st);
    return rc;
}

/* Is this entry the n-th, and does it stand on prev? Puts its hash there. */
static bool stands(kh_store *s, sqlite3_stmt *st, int64_t n, char prev[KH_SHA256_HEX])
{
    const char *text[6];
    char hash[KH_SHA256_HEX];
    for (int i = 0; i < 6; i++)
        if (!(text[i] = kh_stmt_text(s, st, i + 1)))
            return false;
    if (sqlite3_column_int64(st, 0) != n || strcmp(text[4], prev) != 0)
        return false;
    hash_of(n, text[0], text[1], text[2], text[3], prev, hash);
    if (strcmp(text[5], hash) != 0)
        return false;
    memcpy(prev, hash, sizeof hash);
    return true;
}

/* The tail: as many entries as meta remembers, ending with the same hash. */
static int tail_stands(kh_store *s, int64_t n, const char *hash, bool *good, kh_error *err)
{
    char *count = NULL, *head = NULL;
    int rc = kh_store_meta_get(s, "audit.count", &count, err);
    if (rc == KH_OK)
        rc = kh_store_meta_get(s, "audit.hash", &head, err);
    if (n == 0)
        *good = !count && !head;
    else
        *good = count && head && strtoll(count, NULL, 10) == n && strcmp(head, hash) == 0;
    kh_free(count);
    kh_free(head);
    return rc;
}

int kh_store_audit_verify(kh_store *s, int64_t *entries, int64_t *first_bad, kh_error *err)
{
    sqlite3_stmt *st = NULL;
    bool row, good = true;
    char prev[KH_SHA256_HEX] = NO_ENTRY;
    *entries = *first_bad = 0;
    int rc = kh_stmt_open(s, &st, err, "SELECT n, at, \"by\", what, detail, prev, hash FROM audit ORDER BY n", KH_NO_ARGS);
    while (rc == KH_OK && (rc = kh_stmt_next(s, st, &row, err)) == KH_OK && row) {
        ++*entries;
        if (*first_bad == 0 && !stands(s, st, *entries, prev))
            *first_bad = *entries;
    }
    kh_stmt_end(s, st);
    if (rc == KH_OK && *first_bad == 0)
        rc = tail_stands(s, *entries, prev, &good, err);
    if (rc == KH_OK && !good)
        *first_bad = *entries + 1;
    return rc;
}

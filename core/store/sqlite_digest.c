/* SPDX-License-Identifier: MIT */
/*
 * The digest of a submission: SHA-256 over its chunks and columns as lines of
 * text, period by period in key order. It is computed while a return is put and
 * kept in the audit's entry, whose chain protects it; doctor computes it again
 * from the tables. Costs some 2 ms a megabyte of values.
 */
#include "store/sqlite_store.h"

#include "base/hash.h"

#include <string.h>

void kh_digest_begin(kh_digest *d)
{
    *d = (kh_digest){.hash = kh_sha256_new()};
}

static void numbers(kh_buf *b, char kind, const int64_t *v, size_t n)
{
    kh_buf_clear(b);
    kh_buf_char(b, kind);
    for (size_t i = 0; i < n; i++) {
        kh_buf_char(b, ' ');
        kh_cells_add_number(b, v[i], 0);
    }
    kh_buf_char(b, ' ');
}

static void flush(kh_digest *d, const char *lines)
{
    kh_buf_char(&d->room, ' ');
    kh_buf_str(&d->room, lines ? lines : "-");
    kh_buf_char(&d->room, '\n');
    kh_sha256_add(d->hash, d->room.data, d->room.len);
}

void kh_digest_chunk(kh_digest *d, int64_t period, int64_t chunk, int64_t n, int64_t list, int64_t line, int64_t step, const char *lines)
{
    const int64_t v[] = {period, chunk, n, list, line, step};
    numbers(&d->room, 'r', v, sizeof v / sizeof v[0]);
    flush(d, lines);
}

void kh_digest_column(kh_digest *d, int64_t period, int64_t measure, int64_t cut, int64_t chunk, const char *vals, size_t len, const char *lines)
{
    const int64_t v[] = {period, measure, cut, chunk};
    numbers(&d->room, 'c', v, sizeof v / sizeof v[0]);
    kh_sha256_add(d->hash, d->room.data, d->room.len);
    kh_sha256_add(d->hash, vals, len);
    kh_buf_clear(&d->room);
    flush(d, lines);
}

void kh_digest_end(kh_digest *d, char hex[65])
{
    kh_sha256_end(d->hash, hex);
    kh_buf_free(&d->room);
}

static int chunks(kh_store *s, kh_digest *d, int64_t period, int64_t submission, kh_error *err)
{
    sqlite3_stmt *st = NULL;
    bool row;
    int rc = kh_stmt_open(s, &st, err, "SELECT chunk, n, list, line, step, lines FROM submission_chunk WHERE period = ? AND submission = ? ORDER BY chunk",
                          KH_ARGS(KH_I(period), KH_I(submission)));
    while (rc == KH_OK && (rc = kh_stmt_next(s, st, &row, err)) == KH_OK && row)
        kh_digest_chunk(d, period, sqlite3_column_int64(st, 0), sqlite3_column_int64(st, 1), sqlite3_column_int64(st, 2), sqlite3_column_int64(st, 3),
                        sqlite3_column_int64(st, 4), kh_stmt_text(s, st, 5));
    kh_stmt_end(s, st);
    return rc;
}

static int columns(kh_store *s, kh_digest *d, int64_t period, int64_t submission, kh_error *err)
{
    sqlite3_stmt *st = NULL;
    bool row;
    int rc = kh_stmt_open(s, &st, err, "SELECT measure, cut, chunk, vals, lines FROM submission_column WHERE period = ? AND submission = ? ORDER BY measure, cut, chunk",
                          KH_ARGS(KH_I(period), KH_I(submission)));
    while (rc == KH_OK && (rc = kh_stmt_next(s, st, &row, err)) == KH_OK && row) {
        const char *vals = kh_stmt_text(s, st, 3);
        kh_digest_column(d, period, sqlite3_column_int64(st, 0), sqlite3_column_int64(st, 1), sqlite3_column_int64(st, 2), vals ? vals : "", vals ? strlen(vals) : 0,
                         kh_stmt_text(s, st, 4));
    }
    kh_stmt_end(s, st);
    return rc;
}

int kh_digest_of(kh_store *s, int64_t submission, char hex[65], kh_error *err)
{
    int64_t *periods = NULL;
    size_t n = 0;
    kh_digest d;
    int rc = kh_chunks_periods(s, submission, &periods, &n, err);
    kh_digest_begin(&d);
    for (size_t i = 0; rc == KH_OK && i < n; i++)
        if ((rc = chunks(s, &d, periods[i], submission, err)) == KH_OK)
            rc = columns(s, &d, periods[i], submission, err);
    kh_digest_end(&d, hex);
    kh_free(periods);
    return rc;
}

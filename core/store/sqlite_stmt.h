/* SPDX-License-Identifier: MIT */
/*
 * Statements: prepared once and kept by their text, bound strictly (every
 * parameter, of the type it is given), stepped with three outcomes.
 *
 *   sqlite3_stmt *st;
 *   int rc = kh_stmt_open(s, &st, err, "SELECT a FROM t WHERE b = ?", KH_ARGS(KH_I(b)));
 *   bool row;
 *   while (rc == KH_OK && (rc = kh_stmt_next(s, st, &row, err)) == KH_OK && row) ...
 *   kh_stmt_end(s, st);
 *
 * Texts are bound without a copy: they must live until the statement ends.
 */
#ifndef KH_STORE_SQLITE_STMT_H
#define KH_STORE_SQLITE_STMT_H

#include "base/err.h"
#include "base/map.h"

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct kh_store_stmt { sqlite3_stmt *st; bool busy; } kh_store_stmt;
typedef struct kh_stmt_cache { kh_map *by_text; kh_store_stmt *items; size_t n, cap; } kh_stmt_cache;

typedef struct kh_arg { char type; int64_t i; double r; const char *text; size_t len; } kh_arg;
#define KH_I(v) {.type = 'i', .i = (v)}
#define KH_R(v) {.type = 'r', .r = (v)}
#define KH_T(v) {.type = 's', .text = (v)} /* NULL gives null */
#define KH_TN(v, n) {.type = 't', .text = (v), .len = (n)}
#define KH_NULL {.type = 'n'}
#define KH_ID(v) {.type = (v) ? 'i' : 'n', .i = (v)} /* 0 gives null */
#define KH_ARGS(...) ((const kh_arg[]){__VA_ARGS__}), (sizeof((const kh_arg[]){__VA_ARGS__}) / sizeof(kh_arg))
#define KH_NO_ARGS NULL, 0

struct kh_store;
int kh_stmt_open(struct kh_store *s, sqlite3_stmt **out, kh_error *err, const char *sql, const kh_arg *args, size_t n);
/* Binds again, for a statement that is run many times; what was bound is gone. */
int kh_stmt_bind(struct kh_store *s, sqlite3_stmt *st, kh_error *err, const kh_arg *args, size_t n);
int kh_stmt_next(struct kh_store *s, sqlite3_stmt *st, bool *row, kh_error *err);
void kh_stmt_end(struct kh_store *s, sqlite3_stmt *st); /* NULL is allowed */
/* Open, step to done, end. A row is an error of ours. */
int kh_stmt_run(struct kh_store *s, kh_error *err, const char *sql, const kh_arg *args, size_t n);
/* The first column of the only row as a number; `none` where there is no row or NULL. */
int kh_stmt_int(struct kh_store *s, int64_t *out, int64_t none, kh_error *err, const char *sql, const kh_arg *args, size_t n);
/* ... as text, kh_free; NULL where there is no row. */
int kh_stmt_str(struct kh_store *s, char **out, kh_error *err, const char *sql, const kh_arg *args, size_t n);
/* NULL for NULL. Lives until the next step. */
const char *kh_stmt_text(struct kh_store *s, sqlite3_stmt *st, int column);
void kh_stmt_cache_free(kh_stmt_cache *c);

#endif

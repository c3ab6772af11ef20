/* SPDX-License-Identifier: MIT */
/* Queries that users wrote: in the making. */
#include "store/sqlite_store.h"

void kh_store_queries_close(kh_store *s) { (void)s; }
int kh_store_query(kh_store *s, const char *sql, const kh_sql_value *params, size_t n_params, const kh_sql_limits *limits, kh_rows **out, kh_error *err)
{
    (void)s, (void)sql, (void)params, (void)n_params, (void)limits;
    *out = NULL;
    return kh_fail(err, KH_ESTORE, "queries are not ready yet");
}
size_t kh_rows_columns(const kh_rows *r) { (void)r; return 0; }
const char *kh_rows_name(const kh_rows *r, size_t i) { (void)r, (void)i; return ""; }
int kh_rows_next(kh_rows *r, bool *row, kh_error *err) { (void)r, (void)err; *row = false; return KH_OK; }
void kh_rows_value(const kh_rows *r, size_t i, kh_sql_value *out) { (void)r, (void)i; *out = (kh_sql_value){0}; }
void kh_rows_close(kh_rows *r) { (void)r; }
int kh_store_backup(kh_store *s, const char *to, kh_error *err) { (void)s, (void)to; return kh_fail(err, KH_ESTORE, "backups are not ready yet"); }
int kh_store_doctor(kh_store *s, kh_doctor_fn *fn, void *ctx, kh_error *err) { return kh_store_schema_check(s, fn, ctx, err) < 0 ? err->code : KH_OK; }

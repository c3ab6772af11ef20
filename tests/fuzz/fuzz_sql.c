/* SPDX-License-Identifier: MIT */
/*
 * Any text as a query: it reads or it is refused, within its limits, and the
 * store is afterwards what it was.
 */
#include "store/store.h"

#include "base/log.h"
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

static kh_store *store;
static int64_t before;

static void must(bool ok)
{
    if (!ok)
        abort();
}

static int64_t ask(const char *sql, const kh_sql_limits *limits)
{
    kh_error err = KH_ERROR_INIT;
    kh_rows *r = NULL;
    bool row = true;
    uint64_t sum = 0;
    int rc = kh_store_query(store, sql, NULL, 0, limits, &r, &err);
    while (rc == KH_OK && (rc = kh_rows_next(r, &row, &err)) == KH_OK && row)
        for (size_t i = 0; i < kh_rows_columns(r); i++) {
            kh_sql_value v;
            kh_rows_value(r, i, &v);
            must(kh_rows_name(r, i) != NULL);
            sum = sum * 31 + v.len + (v.type == KH_SQL_INT ? (uint64_t)v.i : 1);
        }
    must(rc == KH_OK || (err.text && err.text[0]));
    kh_rows_close(r);
    kh_error_clear(&err);
    return rc == KH_OK ? (int64_t)(sum >> 1) : -1;
}

static const char everything[] = "SELECT (SELECT count(*) FROM meta), (SELECT count(*) FROM sqlite_schema), (SELECT count(*) FROM audit), (SELECT count(*) FROM unit)";

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    static unsigned runs;
    kh_error err = KH_ERROR_INIT;
    if (!store) {
        kh_log_limit(KH_LOG_ERROR);
        must(kh_store_open(&store, NULL, KH_STORE_MEMORY, &err) == KH_OK);
        must((before = ask(everything, NULL)) != -1);
    }
    char *sql = kh_strndup((const char *)bytes, n);
    ask(sql, &(kh_sql_limits){.seconds = 0.2, .rows = 1000, .bytes = 1 << 20, .memory = 16 << 20});
    kh_free(sql);
    if (++runs % 64 == 0)
        must(ask(everything, NULL) == before);
    return 0;
}

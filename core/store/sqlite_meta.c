/* SPDX-License-Identifier: MIT */
/* Small things that are kept by a key: meta, aliases of unit names. */
#include "store/sqlite_store.h"

#include "base/json.h"

int kh_store_meta_get(kh_store *s, const char *key, char **value, kh_error *err)
{
    return kh_stmt_str(s, value, err, "SELECT value FROM meta WHERE key = ?", KH_ARGS(KH_T(key)));
}

int kh_store_meta_set(kh_store *s, const char *key, const char *value, kh_error *err)
{
    if (!value)
        return kh_stmt_run(s, err, "DELETE FROM meta WHERE key = ?", KH_ARGS(KH_T(key)));
    return kh_stmt_run(s, err, "INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value WHERE value <> excluded.value",
                       KH_ARGS(KH_T(key), KH_T(value)));
}

static int alias_set(kh_store *s, const char *text, const char *code, kh_error *err)
{
    static const char sql[] = "INSERT INTO alias (text, code, at, \"by\") VALUES (?, ?, ?, ?) "
                              "ON CONFLICT (text) DO UPDATE SET code = excluded.code, at = excluded.at, \"by\" = excluded.\"by\"";
    char now[32];
    kh_store_now(s, now);
    int rc = kh_stmt_run(s, err, sql, KH_ARGS(KH_T(text), KH_T(code), KH_T(now), KH_T(s->by ? s->by : "?")));
    if (rc != KH_OK)
        return rc;
    kh_buf detail = KH_BUF_INIT;
    kh_json j = KH_JSON(&detail);
    kh_json_begin(&j, '{');
    kh_json_key(&j, "text");
    kh_json_str(&j, text);
    kh_json_key(&j, "code");
    kh_json_str(&j, code);
    kh_json_end(&j, '}');
    rc = kh_store_audit(s, "alias", kh_buf_cstr(&detail), err);
    kh_buf_free(&detail);
    return rc;
}

int kh_store_alias_set(kh_store *s, const char *text, const char *code, kh_error *err)
{
    bool own = false;
    int rc = kh_store_own_begin(s, &own, err);
    return rc == KH_OK ? kh_store_own_end(s, own, alias_set(s, text, code, err), err) : rc;
}

int kh_store_aliases(kh_store *s, kh_alias_fn *fn, void *ctx, kh_error *err)
{
    sqlite3_stmt *st = NULL;
    bool row;
    int rc = kh_stmt_open(s, &st, err, "SELECT text, code FROM alias ORDER BY text", KH_NO_ARGS);
    while (rc == KH_OK && (rc = kh_stmt_next(s, st, &row, err)) == KH_OK && row) {
        const char *text = kh_stmt_text(s, st, 0), *code = kh_stmt_text(s, st, 1);
        if (text && code)
            rc = fn(ctx, text, code);
    }
    kh_stmt_end(s, st);
    return rc;
}

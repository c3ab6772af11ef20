/* SPDX-License-Identifier: MIT */
/*
 * Mirroring the definitions: the scripts are the source of truth, the store
 * follows. Each definition is compared by the hash of its JSON text; a new or
 * changed one gets the next revision, one that is gone is marked withdrawn.
 * When the fingerprint of everything is the one in meta there is nothing to do.
 */
#include "store/sqlite_defs.h"

#include "base/json.h"
#include "base/msg.h"

#include <assert.h>
#include <string.h>

#define FINGERPRINT "definitions"

static const char *const tables[] = {"measure", "indicator", "form", "rule", "plan", "report", "job"};

int kh_mirror_tell(kh_mirror *m, const char *kind, const char *code, const char *what)
{
    m->added += strcmp(what, "new") == 0;
    m->altered += strcmp(what, "changed") == 0;
    m->withdrawn += strcmp(what, "withdrawn") == 0;
    return m->changed ? m->changed(m->ctx, kind, code, what) : KH_OK;
}

/* ---- one definition ---- */

typedef struct newest { int64_t number; bool same, withdrawn; } newest;

static int look(kh_mirror *m, kh_def def, const char *code, const char *fingerprint, newest *out)
{
    sqlite3_stmt *st = NULL;
    bool row;
    int64_t withdrawn = 0;
    *out = (newest){0};
    int rc = kh_stmt_open(m->s, &st, m->err, "SELECT number, fingerprint FROM revision WHERE kind = ? AND code = ? ORDER BY number DESC LIMIT 1",
                          KH_ARGS(KH_T(tables[def]), KH_T(code)));
    if (rc == KH_OK && (rc = kh_stmt_next(m->s, st, &row, m->err)) == KH_OK && row) {
        const char *before = kh_stmt_text(m->s, st, 1);
        out->number = sqlite3_column_int64(st, 0);
        out->same = before && strcmp(before, fingerprint) == 0;
    }
    kh_stmt_end(m->s, st);
    char *sql = kh_asprintf("SELECT withdrawn IS NOT NULL FROM %s WHERE code = ?", tables[def]);
    if (rc == KH_OK)
        rc = kh_stmt_int(m->s, &withdrawn, 0, m->err, sql, KH_ARGS(KH_T(code)));
    kh_free(sql);
    out->withdrawn = withdrawn != 0;
    return rc;
}

static int revise(kh_mirror *m, kh_def def, uint32_t at, const kh_def_text *t, int64_t number, const char *fingerprint, const char *content)
{
    int rc = kh_stmt_run(m->s, m->err,
                         "INSERT INTO revision (kind, code, number, sha256, fingerprint, source, content, file, line, at, \"by\") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                         KH_ARGS(KH_T(t->kind), KH_T(t->code), KH_I(number), KH_T(t->sha256 ? t->sha256 : ""), KH_T(fingerprint), KH_T(t->source), KH_T(content), KH_T(t->file),
                                 KH_ID(t->line), KH_T(m->now), KH_T(m->by)));
    return rc == KH_OK ? kh_mirror_row(m, def, at, sqlite3_last_insert_rowid(m->s->db)) : rc;
}

static int mirror_one(kh_mirror *m, kh_def def, uint32_t at, kh_buf *content, bool *fresh)
{
    char fingerprint[KH_SHA256_HEX];
    newest before;
    kh_def_text t = kh_def_content(m->c, def, at, content);
    kh_sha256_of(content->data, content->len, fingerprint);
    *fresh = false;
    int rc = look(m, def, t.code, fingerprint, &before);
    if (rc != KH_OK || (before.same && !before.withdrawn))
        return rc;
    *fresh = true;
    if (before.same) {
        char *sql = kh_asprintf("UPDATE %s SET withdrawn = NULL WHERE code = ?", tables[def]);
        rc = kh_stmt_run(m->s, m->err, sql, KH_ARGS(KH_T(t.code)));
        kh_free(sql);
    } else {
        rc = revise(m, def, at, &t, before.number + 1, fingerprint, content->data);
    }
    return rc == KH_OK ? kh_mirror_tell(m, t.kind, t.code, before.number ? "changed" : "new") : rc;
}

/* ---- what is no longer defined ---- */

static int withdraw_gone(kh_mirror *m, kh_def def)
{
    sqlite3_stmt *st = NULL;
    bool row;
    char *list = kh_asprintf("SELECT code FROM %s WHERE withdrawn IS NULL ORDER BY code", tables[def]);
    char *mark = kh_asprintf("UPDATE %s SET withdrawn = ? WHERE code = ?", tables[def]);
    kh_buf gone = KH_BUF_INIT;
    int rc = kh_stmt_open(m->s, &st, m->err, list, KH_NO_ARGS);
    while (rc == KH_OK && (rc = kh_stmt_next(m->s, st, &row, m->err)) == KH_OK && row) {
        const char *code = kh_stmt_text(m->s, st, 0);
        if (code && kh_catalog_find(m->c, def, code) == UINT32_MAX)
            kh_buf_add(&gone, code, strlen(code) + 1);
    }
    kh_stmt_end(m->s, st);
    for (const char *code = gone.data; rc == KH_OK && code && code < gone.data + gone.len; code += strlen(code) + 1)
        if ((rc = kh_stmt_run(m->s, m->err, mark, KH_ARGS(KH_T(m->now), KH_T(code)))) == KH_OK)
            rc = kh_mirror_tell(m, tables[def], code, "withdrawn");
    kh_buf_free(&gone);
    kh_free(list);
    kh_free(mark);
    return rc;
}

static int mirror_kind(kh_mirror *m, kh_def def)
{
    kh_buf content = KH_BUF_INIT;
    int rc = KH_OK;
    for (uint32_t i = 0; rc == KH_OK && i < kh_defs_count(m->c, def); i++) {
        bool fresh;
        rc = mirror_one(m, def, i, &content, &fresh);
        if (rc == KH_OK && def == KH_DEF_FORM && (fresh || m->units_changed))
            rc = kh_mirror_reporters(m, i);
    }
    kh_buf_free(&content);
    return rc == KH_OK ? withdraw_gone(m, def) : rc;
}

/* ---- all of it ---- */

static int note(kh_mirror *m, const char *fingerprint)
{
    kh_buf text = KH_BUF_INIT;
    kh_json j = KH_JSON(&text);
    kh_json_begin(&j, '{');
    kh_json_key(&j, "new");
    kh_json_int(&j, (int64_t)m->added);
    kh_json_key(&j, "changed");
    kh_json_int(&j, (int64_t)m->altered);
    kh_json_key(&j, "withdrawn");
    kh_json_int(&j, (int64_t)m->withdrawn);
    kh_json_key(&j, "fingerprint");
    kh_json_str(&j, fingerprint);
    kh_json_end(&j, '}');
    int rc = kh_store_meta_set(m->s, FINGERPRINT, fingerprint, m->err);
    if (rc == KH_OK)
        rc = kh_store_audit(m->s, "load", kh_buf_cstr(&text), m->err);
    kh_buf_free(&text);
    return rc;
}

static int needed(kh_store *s, const char *fingerprint, bool *out, kh_error *err)
{
    char *before = NULL;
    int rc = kh_store_meta_get(s, FINGERPRINT, &before, err);
    *out = !before || strcmp(before, fingerprint) != 0;
    kh_free(before);
    return rc;
}

int kh_store_mirror_needed(kh_store *s, const kh_catalog *c, bool *out, kh_error *err)
{
    char fingerprint[KH_SHA256_HEX];
    kh_defs_fingerprint(c, fingerprint);
    return needed(s, fingerprint, out, err);
}

int kh_store_mirror(kh_store *s, kh_catalog *c, kh_change_fn *changed, void *ctx, kh_error *err)
{
    char fingerprint[KH_SHA256_HEX];
    bool differs = true;
    assert(s->writing);
    kh_defs_fingerprint(c, fingerprint);
    int rc = needed(s, fingerprint, &differs, err);
    if (rc == KH_OK && differs) {
        kh_mirror m = {.s = s, .c = c, .changed = changed, .ctx = ctx, .err = err, .by = s->by ? s->by : "?"};
        kh_store_now(s, m.now);
        rc = kh_mirror_units(&m);
        if (rc == KH_OK)
            rc = kh_mirror_categories(&m);
        for (int def = KH_DEF_MEASURE; rc == KH_OK && def <= KH_DEF_JOB; def++)
            rc = mirror_kind(&m, (kh_def)def);
        if (rc == KH_OK)
            rc = note(&m, fingerprint);
    }
    return rc == KH_OK ? kh_store_bind(s, c, err) : rc;
}

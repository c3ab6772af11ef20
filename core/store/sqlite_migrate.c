/* SPDX-License-Identifier: MIT */
/*
 * Migrations: schema/NNN_name.sql, carried in the program, run in order of
 * their number, each in one transaction with the new user_version, so that a
 * store is always wholly of one version. Only forward: an older program refuses
 * a newer store. The same texts, run in memory, say what a store's schema ought
 * to be; doctor compares.
 */
#include "store/sqlite_store.h"

#include "base/embed.h"
#include "base/hash.h"
#include "base/msg.h"

#include <stdlib.h>
#include <string.h>

static int number_of(const struct kh_embedded *e)
{
    return (int)strtol(e->name, NULL, 10); /* "001_store.sql" */
}

int kh_store_newest(void)
{
    int newest = 0;
    for (const struct kh_embedded *e = kh_embedded_store; e->name; e++)
        newest = number_of(e) > newest ? number_of(e) : newest;
    return newest;
}

int kh_store_version(kh_store *s, int *version, kh_error *err)
{
    int64_t v = 0;
    int rc = kh_stmt_int(s, &v, 0, err, "PRAGMA user_version", KH_NO_ARGS);
    *version = (int)v;
    return rc;
}

static int note(kh_store *s, const struct kh_embedded *e, kh_error *err)
{
    char sha[KH_SHA256_HEX], now[32];
    kh_sha256_of(e->text, e->len, sha);
    kh_store_now(s, now);
    return kh_stmt_run(s, err, "INSERT INTO migration (version, name, sha256, at) VALUES (?, ?, ?, ?)",
                       KH_ARGS(KH_I(number_of(e)), KH_T(e->name), KH_T(sha), KH_T(now)));
}

/* Within a transaction: another process may have done it while we waited for the lock. */
static int apply(kh_store *s, const struct kh_embedded *e, kh_error *err)
{
    int version = 0, rc = kh_store_version(s, &version, err);
    if (rc != KH_OK || version >= number_of(e))
        return rc;
    char *mark = kh_asprintf("PRAGMA user_version = %d; PRAGMA application_id = %d", number_of(e), KH_STORE_APPLICATION);
    if ((rc = kh_store_exec(s, e->text, err)) == KH_OK && (rc = kh_store_exec(s, mark, err)) == KH_OK)
        rc = note(s, e, err);
    kh_free(mark);
    return rc;
}

int kh_store_migrate(kh_store *s, kh_error *err)
{
    for (const struct kh_embedded *e = kh_embedded_store; e->name; e++) {
        bool own = false;
        int rc = kh_store_own_begin(s, &own, err);
        if (rc == KH_OK)
            rc = kh_store_own_end(s, own, apply(s, e, err), err);
        if (rc != KH_OK)
            return kh_wrap(err, "bringing the store to schema %d", number_of(e));
    }
    return KH_OK;
}

/* ---- what the schema ought to be ---- */

typedef struct checking { kh_doctor_fn *fn; void *ctx; int differences; } checking;

static int differs(checking *c, const char *kind, const char *name, const char *how)
{
    c->differences++;
    char *what = kh_asprintf("%s %s", kind, name);
    int rc = c->fn ? c->fn(c->ctx, KH_ERROR, what, how) : 0;
    kh_free(what);
    return rc;
}

/* Each object of `ought` that `is` lacks or has otherwise. */
static int compare(kh_store *ought, kh_store *is, checking *c, kh_error *err)
{
    sqlite3_stmt *st = NULL;
    bool row;
    int rc = kh_stmt_open(ought, &st, err, "SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY type, name", KH_NO_ARGS);
    while (rc == KH_OK && (rc = kh_stmt_next(ought, st, &row, err)) == KH_OK && row) {
        const char *kind = kh_stmt_text(ought, st, 0), *name = kh_stmt_text(ought, st, 1), *sql = kh_stmt_text(ought, st, 2);
        char *there = NULL;
        if (!kind || !name || !sql)
            continue; /* no memory: the next step says so */
        rc = kh_stmt_str(is, &there, err, "SELECT sql FROM sqlite_schema WHERE type = ? AND name = ?", KH_ARGS(KH_T(kind), KH_T(name)));
        if (rc == KH_OK && !there)
            rc = differs(c, kind, name, _("is missing from the store"));
        else if (rc == KH_OK && strcmp(there, sql) != 0)
            rc = differs(c, kind, name, _("is not as this program made it"));
        kh_free(there);
    }
    kh_stmt_end(ought, st);
    return rc;
}

static int strangers(kh_store *ought, kh_store *is, checking *c, kh_error *err)
{
    sqlite3_stmt *st = NULL;
    bool row;
    int rc = kh_stmt_open(is, &st, err, "SELECT type, name FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite#_%' ESCAPE '#' ORDER BY type, name", KH_NO_ARGS);
    while (rc == KH_OK && (rc = kh_stmt_next(is, st, &row, err)) == KH_OK && row) {
        const char *kind = kh_stmt_text(is, st, 0), *name = kh_stmt_text(is, st, 1);
        int64_t known = 0;
        if (!kind || !name || (!c->fn && strcmp(kind, "index") != 0))
            continue; /* without a listener: is what we made as we made it? Views and tables beside it do not matter */
        rc = kh_stmt_int(ought, &known, 0, err, "SELECT 1 FROM sqlite_schema WHERE type = ? AND name = ?", KH_ARGS(KH_T(kind), KH_T(name)));
        if (rc == KH_OK && !known)
            rc = differs(c, kind, name, _("was added by another program"));
    }
    kh_stmt_end(is, st);
    return rc;
}

int kh_store_schema_check(kh_store *s, kh_doctor_fn *fn, void *ctx, kh_error *err)
{
    kh_store *ought = NULL;
    checking c = {fn, ctx, 0};
    int rc = kh_store_open(&ought, NULL, KH_STORE_MEMORY, err);
    if (rc == KH_OK)
        rc = compare(ought, s, &c, err);
    if (rc == KH_OK)
        rc = strangers(ought, s, &c, err);
    kh_store_close(ought);
    return rc != KH_OK ? rc : c.differences;
}

int kh_store_schema_is_ours(kh_store *s, bool *ours, kh_error *err)
{
    if (!s->ours) {
        int differences = s->mode == KH_STORE_MEMORY ? 0 : kh_store_schema_check(s, NULL, NULL, err);
        if (differences < 0)
            return differences;
        s->ours = differences == 0 ? 1 : -1;
    }
    *ours = s->ours > 0;
    return KH_OK;
}

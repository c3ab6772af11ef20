/* SPDX-License-Identifier: MIT */
/*
 * Is the store whole? SQLite's own checks, the schema word for word, the audit's
 * chain, versions without gaps, and every submission's values against the digest
 * that the audit keeps of them. Each thing that is wrong is told with what can
 * be done; what is right is told once a part, as a note.
 */
#include "store/sqlite_store.h"

#include "base/msg.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct doctor { kh_store *s; kh_doctor_fn *fn; void *ctx; kh_error *err; } doctor;

static int say(doctor *d, kh_severity severity, const char *what, const char *text)
{
    return d->fn(d->ctx, severity, what, text);
}

static int say_bad(doctor *d, const char *what, char *text) /* takes text */
{
    int rc = say(d, KH_ERROR, what, text);
    kh_free(text);
    return rc;
}

/* Every row of a query (text columns first to third) through `row`; *n counts. */
typedef int row_fn(doctor *d, const char *const text[3], sqlite3_stmt *st);

static int each(doctor *d, const char *sql, row_fn *row_of, int64_t *n)
{
    sqlite3_stmt *st = NULL;
    bool row;
    *n = 0;
    int rc = kh_stmt_open(d->s, &st, d->err, sql, KH_NO_ARGS);
    while (rc == KH_OK && (rc = kh_stmt_next(d->s, st, &row, d->err)) == KH_OK && row) {
        const char *text[3] = {NULL, NULL, NULL};
        for (int i = 0; i < 3 && i < sqlite3_column_count(st); i++)
            text[i] = kh_stmt_text(d->s, st, i);
        ++*n;
        rc = row_of(d, text, st);
    }
    kh_stmt_end(d->s, st);
    return rc;
}

/* ---- SQLite's own ---- */

static int bad_page(doctor *d, const char *const text[3], sqlite3_stmt *st)
{
    (void)st;
    if (text[0] && strcmp(text[0], "ok") == 0)
        return say(d, KH_NOTE, "file", _("the file is whole"));
    return say_bad(d, "file", kh_asprintf(_("the file is damaged: %s; restore the last backup"), text[0] ? text[0] : "?"));
}

static int bad_reference(doctor *d, const char *const text[3], sqlite3_stmt *st)
{
    (void)st;
    return say_bad(d, "references", kh_asprintf(_("row %s of %s refers to a row of %s that is not there"), text[1] ? text[1] : "?", text[0] ? text[0] : "?", text[2] ? text[2] : "?"));
}

static int file(doctor *d)
{
    int64_t n;
    int rc = each(d, "PRAGMA integrity_check(20)", bad_page, &n);
    if (rc == KH_OK)
        rc = each(d, "PRAGMA foreign_key_check", bad_reference, &n);
    if (rc == KH_OK && n == 0)
        rc = say(d, KH_NOTE, "references", _("every reference leads to a row"));
    return rc;
}

static int schema(doctor *d)
{
    int n = kh_store_schema_check(d->s, d->fn, d->ctx, d->err);
    if (n < 0)
        return n;
    return n == 0 ? say(d, KH_NOTE, "schema", _("the tables, views and triggers are as this program makes them")) : KH_OK;
}

static int settings(doctor *d)
{
    char *mode = NULL;
    int64_t page = 0;
    int rc = kh_stmt_str(d->s, &mode, d->err, "PRAGMA journal_mode", KH_NO_ARGS);
    if (rc == KH_OK)
        rc = kh_stmt_int(d->s, &page, 0, d->err, "PRAGMA page_size", KH_NO_ARGS);
    if (rc == KH_OK && mode && strcmp(mode, "wal") != 0 && d->s->mode != KH_STORE_MEMORY)
        rc = say(d, KH_WARNING, "settings", _("the store is not in WAL mode: it was copied or set so by another program; the next command that writes sets it"));
    if (rc == KH_OK && page != KH_STORE_PAGE && d->s->mode != KH_STORE_MEMORY)
        rc = say(d, KH_WARNING, "settings", _("the pages are not of 8,192 bytes: another program rewrote the file; it works, and is slower"));
    kh_free(mode);
    return rc;
}

/* ---- the audit ---- */

static int audit(doctor *d)
{
    int64_t entries = 0, bad = 0;
    int rc = kh_store_audit_verify(d->s, &entries, &bad, d->err);
    if (rc != KH_OK)
        return rc;
    if (bad == 0) {
        char *text = kh_asprintf(_("the chain of %lld entries is whole"), (long long)entries);
        rc = say(d, KH_NOTE, "audit", text);
        kh_free(text);
        return rc;
    }
    if (bad > entries)
        return say_bad(d, "audit", kh_asprintf(_("entries after the %lldth were cut off"), (long long)entries));
    return say_bad(d, "audit", kh_asprintf(_("the chain breaks at entry %lld: it or one before was changed or removed"), (long long)bad));
}

/* ---- submissions ---- */

static int bad_versions(doctor *d, const char *const text[3], sqlite3_stmt *st)
{
    (void)st;
    return say_bad(d, "versions", kh_asprintf(_("the versions of %s from %s for %s have a gap, or one before the newest counts"), text[0] ? text[0] : "?", text[1] ? text[1] : "-", text[2] ? text[2] : "?"));
}

/* Columns: submission, the audit's digest of it, does its row say as many values. */
static int bad_values(doctor *d, const char *const text[3], sqlite3_stmt *st)
{
    char digest[65];
    int64_t id = sqlite3_column_int64(st, 0);
    bool same_count = sqlite3_column_int64(st, 2) != 0;
    char *known = kh_strdup(text[1] ? text[1] : "");
    int rc = kh_digest_of(d->s, id, digest, d->err);
    if (rc == KH_OK && (strcmp(known, digest) != 0 || !same_count))
        rc = say_bad(d, "values", kh_asprintf(_("the values of submission %lld are not those that were stored; restore a backup, or import its file again"), (long long)id));
    kh_free(known);
    return rc;
}

static int unaudited(doctor *d, const char *const text[3], sqlite3_stmt *st)
{
    (void)st;
    return say_bad(d, "values", kh_asprintf(_("submission %s has no entry in the audit"), text[0] ? text[0] : "?"));
}

static int submissions(doctor *d)
{
    int64_t n;
    int rc = each(d,
                  "SELECT f.code, u.code, s.span FROM submission s JOIN form f ON f.id = s.form LEFT JOIN unit u ON u.id = s.sender GROUP BY s.form, s.sender, s.span "
                  "HAVING min(s.version) <> 1 OR max(s.version) <> count(*) OR max(CASE s.status WHEN 'current' THEN s.version END) <> max(s.version) OR sum(s.status = 'current') > 1",
                  bad_versions, &n);
    if (rc == KH_OK && n == 0)
        rc = say(d, KH_NOTE, "versions", _("the versions of every return follow each other"));
    if (rc == KH_OK)
        rc = each(d, "SELECT id FROM submission WHERE id NOT IN (SELECT json_extract(detail, '$.submission') FROM audit WHERE what = 'submit')", unaudited, &n);
    if (rc == KH_OK)
        rc = each(d,
                  "SELECT s.id, json_extract(a.detail, '$.digest'), json_extract(a.detail, '$.values') = s.n_values FROM audit a "
                  "JOIN submission s ON s.id = json_extract(a.detail, '$.submission') WHERE a.what = 'submit' ORDER BY a.n",
                  bad_values, &n);
    if (rc != KH_OK)
        return rc;
    char *text = kh_asprintf(_("%lld submissions were compared with what the audit keeps of them"), (long long)n);
    rc = say(d, KH_NOTE, "values", text);
    kh_free(text);
    return rc;
}

/* ---- what is no longer defined ---- */

static int gone(doctor *d, const char *const text[3], sqlite3_stmt *st)
{
    (void)st;
    char *said = kh_asprintf(_("%s %s is no longer defined, and values of it count: they are left out of every computation; define it again, or withdraw the submissions"), text[0] ? text[0] : "?",
                             text[1] ? text[1] : "?");
    int rc = say(d, KH_WARNING, "definitions", said);
    kh_free(said);
    return rc;
}

static int definitions(doctor *d)
{
    int64_t n;
    int rc = each(d,
                  "SELECT 'measure', m.code FROM measure m WHERE m.withdrawn IS NOT NULL AND EXISTS (SELECT 1 FROM submission_column c JOIN submission s ON s.id = c.submission "
                  "WHERE c.measure = m.id AND s.status = 'current')",
                  gone, &n);
    if (rc == KH_OK)
        rc = each(d,
                  "SELECT 'unit', u.code FROM unit u WHERE u.withdrawn IS NOT NULL AND EXISTS (SELECT 1 FROM unit_list_member l JOIN submission_chunk h ON h.list = l.list "
                  "JOIN submission s ON s.id = h.submission WHERE l.unit = u.id AND s.status = 'current')",
                  gone, &n);
    return rc;
}

int kh_store_doctor(kh_store *s, kh_doctor_fn *fn, void *ctx, kh_error *err)
{
    doctor d = {s, fn, ctx, err};
    static int (*const parts[])(doctor *) = {file, schema, settings, audit, submissions, definitions};
    int rc = KH_OK;
    for (size_t i = 0; rc == KH_OK && i < sizeof parts / sizeof parts[0]; i++)
        rc = parts[i](&d);
    return rc;
}

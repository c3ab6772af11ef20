/* SPDX-License-Identifier: MIT */
/*
 * Runs of jobs: one row an attempt at (job, period). A run that says "running"
 * is believed while its process lives: same machine since its last start, same
 * process number, born at the same tick. One that does not is marked
 * "interrupted" by the next start. A run on another machine cannot be looked at
 * and is believed.
 */
#include "store/sqlite_store.h"

#include "base/msg.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct process { char host[256], boot[64]; int64_t pid, born; } process;

/* The 22nd field of /proc/PID/stat; the second holds a name in brackets that may contain anything. 0: no such process. */
static int64_t born(int64_t pid)
{
    char path[64], text[1024];
    snprintf(path, sizeof path, "/proc/%lld/stat", (long long)pid);
    FILE *f = fopen(path, "re");
    if (!f)
        return 0;
    size_t n = fread(text, 1, sizeof text - 1, f);
    fclose(f);
    text[n] = '\0';
    const char *p = strrchr(text, ')');
    char state = '?';
    for (int field = 2; p && field < 22; field++) {
        p = strchr(p + 1, ' ');
        if (p && field == 2)
            state = p[1];
    }
    return p && state != 'Z' ? strtoll(p + 1, NULL, 10) : 0; /* a zombie runs no more */
}

static process self(void)
{
    process p = {.pid = getpid()};
    if (gethostname(p.host, sizeof p.host - 1) != 0)
        strcpy(p.host, "?");
    FILE *f = fopen("/proc/sys/kernel/random/boot_id", "re");
    if (f && fgets(p.boot, sizeof p.boot, f))
        p.boot[strcspn(p.boot, "\n")] = '\0';
    if (f)
        fclose(f);
    p.born = born(p.pid);
    return p;
}

static bool lives(const process *me, const char *host, const char *boot, int64_t pid, int64_t when)
{
    if (strcmp(host, me->host) != 0)
        return true;
    return strcmp(boot, me->boot) == 0 && born(pid) == when;
}

static int end_run(kh_store *s, int64_t id, const char *state, const char *error, kh_error *err)
{
    char now[32];
    kh_store_now(s, now);
    return kh_stmt_run(s, err, "UPDATE run SET state = ?, ended = ?, error = ? WHERE id = ? AND state = 'running'", KH_ARGS(KH_T(state), KH_T(now), KH_T(error), KH_I(id)));
}

static int busy(kh_error *err, const char *job, const char *period, const char *started, const char *host, int64_t pid)
{
    return kh_fail(err, KH_EBUSY, "job %s is running for %s since %s, as process %lld on %s; try again when it is done", job, period, started, (long long)pid, host);
}

/* Marks the dead among the running ones; KH_EBUSY if this job and period lives. */
static int look_around(kh_store *s, const process *me, const char *job, int64_t period, kh_error *err)
{
    sqlite3_stmt *st = NULL;
    bool row;
    int64_t dead[64];
    size_t n = 0;
    int rc = kh_stmt_open(s, &st, err, "SELECT r.id, r.job, r.period, r.host, r.boot, r.pid, r.born, r.started, p.name FROM run r LEFT JOIN period p ON p.id = r.period WHERE r.state = 'running'",
                          KH_NO_ARGS);
    while (rc == KH_OK && n < sizeof dead / sizeof dead[0] && (rc = kh_stmt_next(s, st, &row, err)) == KH_OK && row) {
        const char *its_job = kh_stmt_text(s, st, 1), *host = kh_stmt_text(s, st, 3), *boot = kh_stmt_text(s, st, 4), *started = kh_stmt_text(s, st, 7), *name = kh_stmt_text(s, st, 8);
        int64_t pid = sqlite3_column_int64(st, 5);
        if (!its_job || !host || !boot || !started)
            continue; /* no memory: the next step says so */
        if (!lives(me, host, boot, pid, sqlite3_column_int64(st, 6)))
            dead[n++] = sqlite3_column_int64(st, 0);
        else if (strcmp(its_job, job) == 0 && sqlite3_column_int64(st, 2) == period)
            rc = busy(err, job, name ? name : "-", started, host, pid);
    }
    kh_stmt_end(s, st);
    for (size_t i = 0; rc == KH_OK && i < n; i++)
        rc = end_run(s, dead[i], "interrupted", _("its process ended without a word"), err);
    return rc;
}

static int period_row(kh_store *s, kh_period p, int64_t *id, kh_error *err)
{
    *id = 0;
    return p == KH_NO_PERIOD ? KH_OK : kh_store_period(s, p, id, err);
}

static int add(kh_store *s, const process *me, const char *job, int64_t period, int64_t attempt, const char *state, const char *error, int64_t *id, kh_error *err)
{
    static const char sql[] = "INSERT INTO run (job, period, attempt, state, started, ended, host, boot, pid, born, error) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    char now[32];
    bool over = strcmp(state, "running") != 0;
    kh_store_now(s, now);
    int rc = kh_stmt_run(s, err, sql,
                         KH_ARGS(KH_T(job), KH_ID(period), KH_I(attempt), KH_T(state), KH_T(now), KH_T(over ? now : NULL), KH_T(me->host), KH_T(me->boot), KH_I(me->pid), KH_I(me->born),
                                 KH_T(error)));
    *id = sqlite3_last_insert_rowid(s->db);
    return rc;
}

static int next_attempt(kh_store *s, const char *job, int64_t period, int64_t *attempt, kh_error *err)
{
    int rc = kh_stmt_int(s, attempt, 0, err, "SELECT max(attempt) FROM run WHERE job = ? AND coalesce(period, 0) = ?", KH_ARGS(KH_T(job), KH_I(period)));
    ++*attempt;
    return rc;
}

static int start(kh_store *s, const char *job, kh_period p, int64_t *id, int *attempt, kh_error *err)
{
    process me = self();
    int64_t period = 0, next = 0;
    int rc = period_row(s, p, &period, err);
    if (rc == KH_OK)
        rc = look_around(s, &me, job, period, err);
    if (rc == KH_OK)
        rc = next_attempt(s, job, period, &next, err);
    if (rc == KH_OK)
        rc = add(s, &me, job, period, next, "running", NULL, id, err);
    *attempt = (int)next;
    return rc;
}

int kh_store_run_start(kh_store *s, const char *job, kh_period p, int64_t *id, int *attempt, kh_error *err)
{
    assert(!s->writing);
    int rc = kh_store_begin(s, err);
    return rc == KH_OK ? kh_store_own_end(s, true, start(s, job, p, id, attempt, err), err) : rc;
}

static int run_end(kh_store *s, int64_t id, const char *state, const char *error, kh_error *err)
{
    int rc = end_run(s, id, state, error, err);
    if (rc == KH_OK && sqlite3_changes(s->db) == 0)
        rc = kh_fail(err, KH_EUSAGE, "there is no run %lld that is running", (long long)id);
    return rc;
}

int kh_store_run_end(kh_store *s, int64_t id, const char *state, const char *error, kh_error *err)
{
    bool own = false;
    int rc = kh_store_own_begin(s, &own, err);
    return rc == KH_OK ? kh_store_own_end(s, own, run_end(s, id, state, error, err), err) : rc;
}

static int skip(kh_store *s, const char *job, kh_period p, const char *reason, kh_error *err)
{
    process me = self();
    int64_t period = 0, next = 0, id;
    int rc = period_row(s, p, &period, err);
    if (rc == KH_OK)
        rc = next_attempt(s, job, period, &next, err);
    return rc == KH_OK ? add(s, &me, job, period, next, "skipped", reason, &id, err) : rc;
}

int kh_store_run_skip(kh_store *s, const char *job, kh_period p, const char *reason, kh_error *err)
{
    bool own = false;
    int rc = kh_store_own_begin(s, &own, err);
    return rc == KH_OK ? kh_store_own_end(s, own, skip(s, job, p, reason, err), err) : rc;
}

int kh_store_run_log(kh_store *s, int64_t id, const char *level, const char *text, kh_error *err)
{
    char now[32];
    bool own = false;
    kh_store_now(s, now);
    int rc = kh_store_own_begin(s, &own, err);
    if (rc != KH_OK)
        return rc;
    rc = kh_stmt_run(s, err, "INSERT INTO run_log (run, at, level, text) VALUES (?, ?, ?, ?)", KH_ARGS(KH_I(id), KH_T(now), KH_T(level), KH_T(text)));
    return kh_store_own_end(s, own, rc, err);
}

int kh_store_runs(kh_store *s, const char *job, kh_period p, kh_run_fn *fn, void *ctx, kh_error *err)
{
    static const char sql[] = "SELECT id, job, period, attempt, state, started, ended, host, pid, error FROM run "
                              "WHERE (?1 IS NULL OR job = ?1) AND (?2 IS NULL OR period = ?2) ORDER BY id";
    sqlite3_stmt *st = NULL;
    bool row;
    int rc = p ? kh_stmt_open(s, &st, err, sql, KH_ARGS(KH_T(job), KH_I(kh_period_id(p)))) : kh_stmt_open(s, &st, err, sql, KH_ARGS(KH_T(job), KH_NULL));
    while (rc == KH_OK && (rc = kh_stmt_next(s, st, &row, err)) == KH_OK && row) {
        kh_run r = {.id = sqlite3_column_int64(st, 0), .job = kh_stmt_text(s, st, 1), .attempt = (int)sqlite3_column_int64(st, 3), .state = kh_stmt_text(s, st, 4),
                    .started = kh_stmt_text(s, st, 5), .ended = kh_stmt_text(s, st, 6), .host = kh_stmt_text(s, st, 7), .pid = sqlite3_column_int64(st, 8), .error = kh_stmt_text(s, st, 9)};
        r.period = sqlite3_column_type(st, 2) == SQLITE_NULL ? KH_NO_PERIOD : kh_period_of_id(sqlite3_column_int64(st, 2));
        if (!s->no_memory)
            rc = fn(ctx, &r);
    }
    kh_stmt_end(s, st);
    return rc;
}

int kh_store_run_logs(kh_store *s, int64_t run, kh_run_log_fn *fn, void *ctx, kh_error *err)
{
    sqlite3_stmt *st = NULL;
    bool row;
    int64_t there = 0;
    int rc = kh_stmt_int(s, &there, 0, err, "SELECT 1 FROM run WHERE id = ?", KH_ARGS(KH_I(run)));
    if (rc == KH_OK && !there)
        rc = kh_fail(err, KH_EUSAGE, "there is no run %lld; `kehoach job history` lists them", (long long)run);
    if (rc == KH_OK)
        rc = kh_stmt_open(s, &st, err, "SELECT at, level, text FROM run_log WHERE run = ? ORDER BY id", KH_ARGS(KH_I(run)));
    while (rc == KH_OK && (rc = kh_stmt_next(s, st, &row, err)) == KH_OK && row) {
        const char *at = kh_stmt_text(s, st, 0), *level = kh_stmt_text(s, st, 1), *text = kh_stmt_text(s, st, 2);
        if (at && level && text)
            rc = fn(ctx, run, at, level, text);
    }
    kh_stmt_end(s, st);
    return rc;
}

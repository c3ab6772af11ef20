/* SPDX-License-Identifier: MIT */
/*
 * jobs: what is due is run, once, under the runner's lock, and what happened is
 * in the store before and after. A run that a kill left "running" is found by
 * whoever gets the lock next and becomes "interrupted".
 */
#include "flow/flow.h"

#include "base/log.h"
#include "job/lock.h"
#include "job/run.h"

#include <string.h>

/* --- what happened so far --------------------------------------------------- */

static int add_run(void *ctx, const kh_run *r)
{
    kh_run_state state;
    kh_moment at;
    const char *when = r->ended ? r->ended : r->started;
    if (kh_run_state_parse(r->state, &state) && when && kh_moment_parse(when, &at))
        kh_history_add(ctx, r->period, state, at);
    return 0;
}

static kh_moment now_of(const kh_workspace *ws)
{
    kh_moment now;
    return kh_moment_parse(ws->now, &now) ? now : kh_moment_make(ws->today, 0);
}

/* `alone`: we hold the runner's lock, so a run that the store calls running was killed. */
static int job_slots(kh_workspace *ws, const kh_job_def *job, bool alone, kh_slot **out, size_t *n, kh_error *err)
{
    kh_history past = KH_HISTORY_INIT;
    size_t room = job->catch_up > 0 ? (size_t)job->catch_up : 1;
    *out = kh_zalloc(room, sizeof **out);
    int rc = kh_store_runs(ws->store, job->code, KH_NO_PERIOD, add_run, &past, err);
    if (alone)
        kh_history_settle(&past);
    *n = rc == KH_OK ? kh_schedule_slots(job, now_of(ws), &past, *out, room) : 0;
    kh_history_free(&past);
    return rc;
}

static int each_slot(kh_workspace *ws, const char *job, bool alone, kh_job_slot_fn *fn, void *ctx, kh_error *err)
{
    kh_catalog *c = ws->catalog;
    uint32_t only = 0;
    int rc = job ? kh_catalog_need(c, KH_DEF_JOB, job, &only, err) : KH_OK;
    if (rc != KH_OK || (rc = kh_workspace_store(ws, KH_STORE_READ, err)) != KH_OK)
        return rc;
    for (size_t i = 0; rc == KH_OK && i < c->n_jobs; i++) {
        kh_slot *slots = NULL;
        size_t n = 0;
        if (job && i != only)
            continue;
        rc = job_slots(ws, &c->jobs[i], alone, &slots, &n, err);
        for (size_t k = 0; rc == KH_OK && k < n; k++) {
            kh_job_slot s = {&c->jobs[i], slots[k], kh_slot_ready(&slots[k], now_of(ws))};
            rc = fn(ctx, &s);
        }
        kh_free(slots);
    }
    return rc;
}

int kh_jobs_slots(kh_workspace *ws, const char *job, kh_job_slot_fn *fn, void *ctx, kh_error *err)
{
    return each_slot(ws, job, false, fn, ctx, err);
}

/* --- one run ------------------------------------------------------------------ */

static char *lock_path(const kh_workspace *ws) { return kh_asprintf("%s.runner", ws->store_path); }

static int take_lock(kh_workspace *ws, kh_job_lock **lock, kh_error *err)
{
    int rc = kh_workspace_store(ws, KH_STORE_CREATE, err);
    if (rc != KH_OK)
        return rc;
    char *path = lock_path(ws);
    rc = kh_job_lock_take(path, lock, err);
    kh_free(path);
    return rc;
}

/* The store knows of the run before the script begins; however the script ends, the run's end is noted. */
static int run_once(kh_workspace *ws, const kh_job_def *job, kh_period p, kh_error *err)
{
    int64_t id;
    int attempt;
    int rc = kh_store_run_start(ws->store, job->code, p, &id, &attempt, err);
    if (rc != KH_OK)
        return rc;
    kh_error why = KH_ERROR_INIT;
    int ran = ws->job(ws->hook_ctx, job->script, ws, job, p, id, &why);
    kh_store_rollback(ws->store); /* a transaction that a failed script left open; none: no effect */
    char *text = ran == KH_OK ? NULL : kh_error_line(&why);
    rc = kh_store_run_end(ws->store, id, ran == KH_OK ? "done" : ran == KH_EINTR ? "interrupted" : "failed", text, err);
    kh_free(text);
    if (rc != KH_OK) {
        kh_error_clear(&why);
        return rc;
    }
    return ran == KH_OK ? KH_OK : kh_error_move(err, &why);
}

static int job_period(kh_workspace *ws, const kh_job_def *job, const char *text, kh_period *out, kh_error *err)
{
    if (!text) {
        if ((*out = kh_schedule_newest(job, now_of(ws))))
            return KH_OK;
        return kh_fail(err, KH_EUSAGE, "no period of job %s has come due yet; name one: kehoach job run %s PERIOD", job->code, job->code);
    }
    if (!(*out = kh_period_parse(text, strlen(text))))
        return kh_fail(err, KH_EUSAGE, "\"%s\" is not a period; periods are written 2018, 2018H1, 2018-9M, 2018Q1, 2018-03, 2018W07 or 2018-03-15", text);
    if (job->every != KH_EVERY_NONE && kh_period_freq(*out) != job->every)
        return kh_fail(err, KH_EUSAGE, "job %s runs for each %s, and %s is a %s", job->code, kh_freq_said(job->every), text, kh_freq_said(kh_period_freq(*out)));
    return KH_OK;
}

int kh_job_run(kh_workspace *ws, const char *name, const char *period, kh_error *err)
{
    uint32_t i;
    kh_period p;
    kh_job_lock *lock = NULL;
    int rc = kh_catalog_need(ws->catalog, KH_DEF_JOB, name, &i, err);
    if (rc != KH_OK || (rc = job_period(ws, &ws->catalog->jobs[i], period, &p, err)) != KH_OK || (rc = take_lock(ws, &lock, err)) != KH_OK)
        return rc;
    rc = run_once(ws, &ws->catalog->jobs[i], p, err);
    kh_job_lock_drop(lock);
    return rc;
}

/* --- all that is due -------------------------------------------------------------- */

typedef struct ready_list { kh_job_slot *items; size_t n, cap; } ready_list;

static int gather_ready(void *ctx, const kh_job_slot *s)
{
    ready_list *l = ctx;
    if (s->ready)
        KH_PUSH(l->items, l->n, l->cap) = *s;
    return 0;
}

int kh_jobs_run_due(kh_workspace *ws, kh_job_ran_fn *ran, void *ctx, size_t *n, kh_error *err)
{
    ready_list l = {0};
    kh_job_lock *lock = NULL;
    size_t failed = 0;
    *n = 0;
    int rc = take_lock(ws, &lock, err);
    if (rc == KH_OK)
        rc = each_slot(ws, NULL, true, gather_ready, &l, err);
    for (size_t i = 0; rc == KH_OK && i < l.n; i++) {
        kh_error why = KH_ERROR_INIT;
        int did = run_once(ws, l.items[i].job, l.items[i].slot.period, &why);
        ++*n;
        failed += did != KH_OK;
        ran(ctx, l.items[i].job, l.items[i].slot.period, did, &why);
        if (did == KH_ESTORE || did == KH_EINTR) /* the next one would meet the same */
            rc = kh_error_move(err, &why);
        kh_error_clear(&why);
    }
    kh_job_lock_drop(lock);
    kh_free(l.items);
    if (rc == KH_OK && failed)
        rc = kh_fail(err, KH_ESCRIPT, "%zu of %zu runs failed; `kehoach job log` tells why", failed, *n);
    return rc;
}

int kh_job_skip(kh_workspace *ws, const char *name, const char *period, const char *reason, kh_error *err)
{
    uint32_t i;
    kh_period p;
    int rc = kh_catalog_need(ws->catalog, KH_DEF_JOB, name, &i, err);
    if (rc != KH_OK || (rc = job_period(ws, &ws->catalog->jobs[i], period, &p, err)) != KH_OK)
        return rc;
    if (!reason || !reason[strspn(reason, " \t")])
        return kh_fail(err, KH_EUSAGE, "skipping a period needs a reason: kehoach job skip %s %s --reason \"...\"", name, period);
    if ((rc = kh_workspace_store(ws, KH_STORE_CREATE, err)) != KH_OK)
        return rc;
    return kh_store_run_skip(ws->store, name, p, reason, err);
}

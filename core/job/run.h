/* SPDX-License-Identifier: MIT */
/*
 * The life of a run. A job's unit of work is (job, period); each try at it is a
 * run with a durable state in the store:
 *
 *   running -> done | failed | interrupted        skipped: by hand, without a try
 *
 * `due` is no state of a run: it is what a period is while no run has settled it.
 * A run found running by whoever holds the runner's lock (lock.h) was killed: it
 * is interrupted, which is not the job's fault.
 *
 *   after              the period is
 *   no run             due
 *   running            running
 *   done, skipped      settled
 *   failed             due again `wait` seconds later, `retries` times; then failed for good
 *   interrupted        due again at once; but from the third time on like a failure, so that
 *                      a job that brings its own process down does not come back for ever
 */
#ifndef KH_JOB_RUN_H
#define KH_JOB_RUN_H

#include "base/err.h"
#include "model/catalog.h"

typedef int64_t kh_moment; /* seconds since 1900-01-01 00:00 at UTC+7, the clock of jobs; Việt Nam has no summer time */
kh_moment kh_moment_make(kh_day day, int minute);
kh_day kh_moment_day(kh_moment m);
int kh_moment_minute(kh_moment m); /* of the day */
/* From the store's UTC "YYYY-MM-DDTHH:MM:SSZ"; false: not that. */
bool kh_moment_parse(const char *s, kh_moment *out);
void kh_moment_format(kh_moment m, char out[24]); /* "2018-03-15 06:00", at UTC+7 */

typedef enum kh_run_state { KH_RUN_DUE, KH_RUN_RUNNING, KH_RUN_DONE, KH_RUN_FAILED, KH_RUN_SKIPPED, KH_RUN_INTERRUPTED } kh_run_state;
const char *kh_run_state_name(kh_run_state s); /* the store's words: "running" "done" ...; and "due" */
bool kh_run_state_parse(const char *s, kh_run_state *out);

/* What has happened to the periods of one job. */
typedef struct kh_past {
    kh_period period;
    kh_run_state state;     /* of the newest run */
    kh_moment at;           /* when it ended, or began if it has not */
    int failed, interrupted; /* runs that ended so */
} kh_past;
typedef struct kh_history { kh_past *items; size_t n, cap; } kh_history;
#define KH_HISTORY_INIT {NULL, 0, 0}
/* To be told of every run, the oldest of a period first. */
void kh_history_add(kh_history *h, kh_period p, kh_run_state state, kh_moment at);
/* For the holder of the runner's lock: no other run is alive, so what the store calls running was interrupted. */
void kh_history_settle(kh_history *h);
const kh_past *kh_history_of(const kh_history *h, kh_period p); /* NULL: it never ran */
void kh_history_free(kh_history *h);

/* The state of a period now, its window being over. DUE: *not_before says from when (the past: at once). */
kh_run_state kh_run_next(const kh_job_def *job, const kh_past *past, kh_moment *not_before);

#endif

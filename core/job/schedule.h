/* SPDX-License-Identifier: MIT */
/*
 * Which periods of a job are to be run now. A period comes due `after` days
 * after its window closes (by the job's calendar), at `at` minutes after
 * midnight. Only the last `catch_up` periods that have come due count: what a
 * machine missed longer ago than that is not made up for.
 *
 * Plain arithmetic: no clock is read and nothing is kept here. The moment and
 * the runs so far are given.
 */
#ifndef KH_JOB_SCHEDULE_H
#define KH_JOB_SCHEDULE_H

#include "job/run.h"

typedef struct kh_slot {
    kh_period period;
    kh_moment since;       /* when it came due */
    kh_run_state state;    /* KH_RUN_DUE: to be run, from not_before on */
    kh_moment not_before;  /* not_before <= now: now */
    int attempt;           /* the number that its next run has, from 1 */
} kh_slot;

/* When a period of the job comes due. */
kh_moment kh_schedule_moment(const kh_job_def *job, kh_period p);
/* The newest period that has come due, KH_NO_PERIOD if none (or the job runs by hand only). */
kh_period kh_schedule_newest(const kh_job_def *job, kh_moment now);
/* The next one to come due; *at: when. KH_NO_PERIOD for a job by hand. */
kh_period kh_schedule_coming(const kh_job_def *job, kh_moment now, kh_moment *at);
/* The periods that count now, the oldest first; at most `room`, of them the newest. Returns how many. */
size_t kh_schedule_slots(const kh_job_def *job, kh_moment now, const kh_history *past, kh_slot *out, size_t room);
/* Is this one to be run now? */
bool kh_slot_ready(const kh_slot *s, kh_moment now);

#endif

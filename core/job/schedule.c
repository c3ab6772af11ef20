/* SPDX-License-Identifier: MIT */
/*
 * Due periods. The moments at which the periods of one length come due are in
 * the order of the periods, and a window never closes before its period has
 * begun; so the newest is found by stepping back from today's: as many steps as
 * periods lie between a window's end and its due day, which is a handful.
 */
#include "job/schedule.h"

kh_moment kh_schedule_moment(const kh_job_def *job, kh_period p)
{
    return kh_moment_make(kh_calendar_due(job->calendar, p, job->after), job->at);
}

/* The period that holds the day; for nine months in autumn the one that has just passed. */
static kh_period period_near(kh_freq every, kh_day day)
{
    kh_period p = kh_period_of(every, day);
    int year, month, d;
    if (p != KH_NO_PERIOD || every != KH_NINE)
        return p;
    kh_day_split(day, &year, &month, &d);
    return kh_period_make(every, year, 1);
}

kh_period kh_schedule_newest(const kh_job_def *job, kh_moment now)
{
    if (job->every == KH_EVERY_NONE)
        return KH_NO_PERIOD;
    /* A job before its window closes (after < 0: a reminder) may look ahead so many days. */
    kh_period p = period_near(job->every, kh_moment_day(now) + (job->after < 0 ? -job->after : 0));
    while (p != KH_NO_PERIOD && kh_schedule_moment(job, p) > now)
        p = kh_period_step(p, -1);
    return p;
}

kh_period kh_schedule_coming(const kh_job_def *job, kh_moment now, kh_moment *at)
{
    kh_period newest = kh_schedule_newest(job, now);
    kh_period next = newest == KH_NO_PERIOD ? KH_NO_PERIOD : kh_period_step(newest, 1);
    *at = next == KH_NO_PERIOD ? 0 : kh_schedule_moment(job, next);
    return next;
}

static kh_slot slot_of(const kh_job_def *job, kh_period p, const kh_past *past)
{
    kh_slot s = {.period = p, .since = kh_schedule_moment(job, p), .attempt = 1};
    s.state = kh_run_next(job, past, &s.not_before);
    if (past)
        s.attempt += past->failed + past->interrupted;
    if (s.not_before < s.since)
        s.not_before = s.since;
    return s;
}

size_t kh_schedule_slots(const kh_job_def *job, kh_moment now, const kh_history *past, kh_slot *out, size_t room)
{
    size_t n = 0, most = job->catch_up > 1 ? (size_t)job->catch_up : 1;
    kh_period p = kh_schedule_newest(job, now);
    if (most > room)
        most = room;
    for (; n < most && p != KH_NO_PERIOD; p = kh_period_step(p, -1))
        out[n++] = slot_of(job, p, kh_history_of(past, p));
    for (size_t i = 0; i < n / 2; i++) {
        kh_slot swap = out[i];
        out[i] = out[n - 1 - i];
        out[n - 1 - i] = swap;
    }
    return n;
}

bool kh_slot_ready(const kh_slot *s, kh_moment now)
{
    return s->state == KH_RUN_DUE && s->not_before <= now;
}

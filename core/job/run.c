/* SPDX-License-Identifier: MIT */
/*
 * Run states, retries, and the clock of jobs. A history is a short list (a job
 * looks back over a few periods), so finding a period in it is a plain search
 * from the newest.
 */
#include "job/run.h"

#include "base/mem.h"

#include <stdio.h>
#include <string.h>

enum { DAY = 86400, MINUTE = 60, EAST = 7 * 3600, FREE_INTERRUPTIONS = 2 };

/* ---- the clock ---- */

kh_moment kh_moment_make(kh_day day, int minute)
{
    return (kh_moment)day * DAY + minute * MINUTE;
}

kh_day kh_moment_day(kh_moment m)
{
    return (kh_day)(m >= 0 ? m / DAY : (m - DAY + 1) / DAY);
}

int kh_moment_minute(kh_moment m)
{
    return (int)(m - (kh_moment)kh_moment_day(m) * DAY) / MINUTE;
}

/* Two digits below `limit`; -1 if they are not. */
static int two_digits(const char *s, int limit)
{
    if (s[0] < '0' || s[0] > '9' || s[1] < '0' || s[1] > '9')
        return -1;
    int v = (s[0] - '0') * 10 + s[1] - '0';
    return v < limit ? v : -1;
}

bool kh_moment_parse(const char *s, kh_moment *out)
{
    kh_day day;
    if (strlen(s) != 20 || !kh_day_parse(s, 10, &day) || s[10] != 'T' || s[13] != ':' || s[16] != ':' || s[19] != 'Z')
        return false;
    int h = two_digits(s + 11, 24), m = two_digits(s + 14, 60), sec = two_digits(s + 17, 60);
    if (h < 0 || m < 0 || sec < 0)
        return false;
    *out = (kh_moment)day * DAY + h * 3600 + m * MINUTE + sec + EAST;
    return true;
}

void kh_moment_format(kh_moment m, char out[24])
{
    char day[KH_DAY_TEXT];
    unsigned minute = (unsigned)kh_moment_minute(m);
    kh_day_format(kh_moment_day(m), day);
    snprintf(out, 24, "%s %02u:%02u", day, minute / 60 % 24, minute % 60);
}

/* ---- states ---- */

static const char *const names[] = {"due", "running", "done", "failed", "skipped", "interrupted"};

const char *kh_run_state_name(kh_run_state s)
{
    return names[s];
}

bool kh_run_state_parse(const char *s, kh_run_state *out)
{
    for (unsigned i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(s, names[i]) == 0) {
            *out = (kh_run_state)i;
            return true;
        }
    return false;
}

/* ---- history ---- */

static kh_past *find(const kh_history *h, kh_period p)
{
    for (size_t i = h->n; i-- > 0;)
        if (h->items[i].period == p)
            return &h->items[i];
    return NULL;
}

const kh_past *kh_history_of(const kh_history *h, kh_period p)
{
    return find(h, p);
}

void kh_history_add(kh_history *h, kh_period p, kh_run_state state, kh_moment at)
{
    kh_past *past = find(h, p);
    if (!past) {
        KH_PUSH(h->items, h->n, h->cap) = (kh_past){.period = p};
        past = &h->items[h->n - 1];
    }
    past->state = state;
    past->at = at;
    past->failed += state == KH_RUN_FAILED;
    past->interrupted += state == KH_RUN_INTERRUPTED;
}

void kh_history_settle(kh_history *h)
{
    for (size_t i = 0; i < h->n; i++)
        if (h->items[i].state == KH_RUN_RUNNING) {
            h->items[i].state = KH_RUN_INTERRUPTED;
            h->items[i].interrupted++;
        }
}

void kh_history_free(kh_history *h)
{
    kh_free(h->items);
    *h = (kh_history)KH_HISTORY_INIT;
}

kh_run_state kh_run_next(const kh_job_def *job, const kh_past *past, kh_moment *not_before)
{
    *not_before = 0;
    if (!past)
        return KH_RUN_DUE;
    if (past->state != KH_RUN_FAILED && past->state != KH_RUN_INTERRUPTED)
        return past->state;
    int excess = past->interrupted > FREE_INTERRUPTIONS ? past->interrupted - FREE_INTERRUPTIONS : 0;
    if (past->failed + excess > job->retries)
        return KH_RUN_FAILED;
    *not_before = past->at;
    if (past->state == KH_RUN_FAILED || excess)
        *not_before += job->wait;
    return KH_RUN_DUE;
}

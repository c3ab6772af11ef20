/* SPDX-License-Identifier: MIT */
/*
 * The workflows, one file each: what a command, a script or a job sets going.
 * They know the workspace and the rooms below; results go to the caller,
 * remarks to the log.
 */
#ifndef KH_FLOW_FLOW_H
#define KH_FLOW_FLOW_H

#include "calc/frame.h"
#include "flow/session.h" /* kh_session: an open calculation session, dropped when something is stored */
#include "flow/workspace.h"
#include "job/schedule.h"
#include "report/render.h"

/* --- load.c --------------------------------------------------------------- */
/* Mirrors the definitions into the store (made if it is not there) and tells each change. */
int kh_load(kh_workspace *ws, kh_change_fn *changed, void *ctx, kh_error *err);

/* --- import.c ------------------------------------------------------------- */
typedef struct kh_import_options {
    const char *form, *period, *unit, *encoding, *sheet; /* NULL: found out */
    bool check;      /* change nothing, show the difference */
    bool partial;
    bool no_rules;
    bool many;       /* one of many files: each its own transaction, but they share their syncs; tell of none before kh_import_settle */
} kh_import_options;
typedef enum kh_import_outcome { KH_IMPORT_FAILED /* the work itself */, KH_IMPORT_STORED, KH_IMPORT_SAME /* the same bytes are current */, KH_IMPORT_REFUSED, KH_IMPORT_CHECKED } kh_import_outcome;
const char *kh_import_outcome_name(kh_import_outcome o); /* "failed", "stored", "same", "refused", "checked" */
typedef struct kh_import_result {
    kh_import_outcome outcome;
    kh_intake *in;              /* findings, encoding, form, ...; owned */
    int64_t submission; int version;
    kh_difference difference;
    bool unreadable;            /* KH_EUSAGE: this file cannot be opened; another may */
    char *refused_csv, *refused_xlsx; /* NULL, or where the refused rows lie; owned */
} kh_import_result;
/*
 * One file, one transaction. KH_OK when stored, same or checked clean; KH_EFAULTS when refused (result filled in all the
 * same); other codes when the work itself failed. `diff` (may be NULL) is told each changed cell with check.
 */
int kh_import(kh_workspace *ws, const char *path, const kh_import_options *o, kh_difference_fn *diff, void *diff_ctx, kh_import_result *out, kh_error *err);
void kh_import_result_clear(kh_import_result *r);
/* With `many`: what was stored so far is on the disk when this returns. */
int kh_import_settle(kh_workspace *ws, kh_error *err);

/* --- compute.c ------------------------------------------------------------ */
typedef struct kh_compute_options {
    const char *const *names; size_t n_names; /* indicators and measures; none: every indicator */
    const char *period;          /* "2018", "2016..2020", "2018Q1,2018Q2"; NULL: the last year that has values */
    const char *every;           /* NULL: the period itself; "year", "quarter": its parts */
    const char *level;           /* kind or level, several with commas, or "all"; NULL: roots */
    const char *under;           /* unit */
    const char *const *units; size_t n_units; /* explicit units */
    const char *as_of;           /* restate to this date */
    bool keep;                   /* store the results */
} kh_compute_options;
int kh_compute(kh_workspace *ws, const kh_compute_options *o, kh_frame **out, kh_error *err);
/* The same as CSV, a figure a row (kh_figures), or `wide` a row a unit and period (kh_answer_csv); written in parts: for grids that no frame should hold. */
typedef int kh_write_fn(void *ctx, const void *bytes, size_t n, kh_error *err);
int kh_compute_csv(kh_workspace *ws, const kh_compute_options *o, bool wide, kh_write_fn *write, void *ctx, kh_error *err);
/* The indicators and measures that the options name. kh_free(*out). */
int kh_compute_items(kh_workspace *ws, const kh_compute_options *o, kh_item **out, size_t *n, kh_error *err);
/* Periods of "2018", "2016..2020", "2018Q1,2018Q2"; `every` splits each. kh_free(*out). */
int kh_periods_of(kh_workspace *ws, const char *text, const char *every, kh_period **out, size_t *n, kh_error *err);
/* The same with indices, for the Lua side; the frame's columns: unit, period, one per item. */
/* The workspace's session, or one of the caller's own restated to a date. */
int kh_session_as_of(kh_workspace *ws, const char *as_of, kh_calc **k, bool *own, kh_error *err);
/* How far a figure is from its target (value - bound; between: from the bound that is missed), exact; "" without a figure or target. */
int kh_distance(kh_workspace *ws, kh_item item, kh_unit unit, kh_period p, const char *as_of, char *out, size_t room, kh_error *err);
int kh_query(kh_workspace *ws, const kh_question *q, const char *as_of, kh_frame **out, kh_error *err);

/* --- diff.c --------------------------------------------------------------- */
/*
 * Which figures differ, one a row (before, after, statuses, coverage, because): kept results against what the definitions
 * and values give now; or, `with` a corrected return, what the store gives against what it would give. Nothing is stored.
 */
int kh_compute_diff(kh_workspace *ws, const kh_compute_options *o, const char *with, const kh_import_options *how, bool people, kh_frame **out, kh_error *err);
/* The figures of the newest publication of a report against the same figures now. */
typedef struct kh_publication_diff { char at[32]; size_t figures, lost /* no longer defined */; kh_frame *changed; } kh_publication_diff;
int kh_report_diff(kh_workspace *ws, const char *report, const char *period, const char *unit, bool people, kh_publication_diff *out, kh_error *err);

/* --- check.c, late.c, explain.c ------------------------------------------- */
typedef struct kh_check_options { const char *period; const char *const *rules; size_t n_rules; bool outliers; } kh_check_options;
int kh_check(kh_workspace *ws, const kh_check_options *o, kh_findings *out, kh_error *err);
/* Columns: form, period, unit, due, received, days late (or missing), version, status. only_late: those on time are left out. */
int kh_late(kh_workspace *ws, const char *form, const char *period, bool only_late, kh_frame **out, kh_error *err);
/* What of a figure is explained besides name, unit and period; all may be NULL. */
typedef struct kh_explain_options { const char *cut /* "gender=f;age=old" */, *of /* "ownership=public;area=town" */, *as_of; } kh_explain_options;
int kh_explain(kh_workspace *ws, const char *name, const char *unit, const char *period, const kh_explain_options *o, kh_origin **out, kh_error *err);
int kh_explain_item(kh_workspace *ws, kh_item item, kh_unit unit, kh_period p, const char *as_of, kh_origin **out, kh_error *err);
void kh_origin_text(kh_workspace *ws, const kh_origin *o, kh_buf *out);
void kh_origin_json(kh_workspace *ws, const kh_origin *o, kh_buf *out);

/* --- publish.c ------------------------------------------------------------ */
/* What a report's period and unit come to: "2020" and the unit's code (NULL without one). Opens the store. */
int kh_report_span(kh_workspace *ws, const char *report, const char *period, const char *unit, char span[KH_PERIOD_TEXT], const char **unit_code, kh_error *err);
/* Builds a report's document. KH_EUSAGE: unknown report. Freed by kh_doc_free. */
int kh_report_build(kh_workspace *ws, const char *report, const char *period, const char *unit, const char *const *params, kh_doc **out, kh_error *err);
/* Writes it in `n` formats into `to` (a file, or a folder that then holds REPORT_PERIOD[_UNIT].FORMAT of each) and notes each
   publication with the figures that it asked for. paths[n]: what was written (kh_free), NULL where nothing was. */
int kh_report_publish(kh_workspace *ws, const char *report, const char *period, const char *unit, const char *const *params, const kh_format *f, size_t n, const kh_render_options *o,
                      const char *to, char **paths, kh_error *err);
bool kh_report_folder(const char *to); /* it is a folder, or is written as one */

/* --- jobs.c --------------------------------------------------------------- */
/* Runs a job for a period (NULL: the newest that has come due), whatever ran before. One runner at a time: KH_EBUSY. */
int kh_job_run(kh_workspace *ws, const char *job, const char *period, kh_error *err);
typedef struct kh_job_slot { const kh_job_def *job; kh_slot slot; bool ready; } kh_job_slot;
typedef int kh_job_slot_fn(void *ctx, const kh_job_slot *s); /* nonzero ends the listing with that code */
/* The periods of each job that count now (job NULL: every job), with their states. Reads only. */
int kh_jobs_slots(kh_workspace *ws, const char *job, kh_job_slot_fn *fn, void *ctx, kh_error *err);
/* Runs all that is ready, the oldest period first. A run that fails is told, and the next one goes on; KH_ESCRIPT if any failed. */
typedef void kh_job_ran_fn(void *ctx, const kh_job_def *job, kh_period p, int rc, const kh_error *why);
int kh_jobs_run_due(kh_workspace *ws, kh_job_ran_fn *ran, void *ctx, size_t *n, kh_error *err);
/* A period that is not to be run any more; the reason is kept. */
int kh_job_skip(kh_workspace *ws, const char *job, const char *period, const char *reason, kh_error *err);

/* --- care.c --------------------------------------------------------------- */
int kh_lock_period(kh_workspace *ws, const char *period, const char *reason, kh_error *err);
int kh_unlock_period(kh_workspace *ws, const char *period, const char *reason, kh_error *err);
int kh_withdraw(kh_workspace *ws, int64_t submission, const char *reason, kh_error *err);
int kh_alias(kh_workspace *ws, const char *text, const char *code, kh_day at, kh_error *err); /* `code` as of that day */

#endif

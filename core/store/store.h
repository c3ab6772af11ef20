/* SPDX-License-Identifier: MIT */
/*
 * The store: operations in domain words over one SQLite file. SQL stands in
 * this room only. Every function returns KH_OK or a negative code with the
 * text in err. A database step has three outcomes (row, done, error); all are
 * checked. Layout and views: docs/store.md.
 *
 * Writing: kh_store_begin ... kh_store_commit, or kh_store_rollback. What is
 * not committed never was, whatever is killed when; what is committed is on the
 * disk, unless syncs are shared.
 */
#ifndef KH_STORE_STORE_H
#define KH_STORE_STORE_H

#include "model/catalog.h"
#include "model/finding.h"
#include "model/return.h"

typedef struct kh_store kh_store;

typedef enum kh_store_mode {
    KH_STORE_READ,   /* must exist; nothing can be written through it */
    KH_STORE_WRITE,  /* must exist; migrated if it is older */
    KH_STORE_CREATE, /* made if it is not there */
    KH_STORE_MEMORY  /* a fresh one in memory, for tests of scripts */
} kh_store_mode;

/* A missing file, a file that is no store, a newer store: KH_EUSAGE or KH_ESTORE with what to do. Another writer: KH_EBUSY after a wait. */
int kh_store_open(kh_store **out, const char *path, kh_store_mode mode, kh_error *err);
void kh_store_close(kh_store *s); /* rolls back what is open; NULL is allowed */
const char *kh_store_path(const kh_store *s);
int kh_store_begin(kh_store *s, kh_error *err);  /* takes the write lock at once; KH_EBUSY */
int kh_store_commit(kh_store *s, kh_error *err);
void kh_store_rollback(kh_store *s);
/*
 * For many transactions in a row. A commit is then as atomic as ever, and seen by others at once, but waits no longer for
 * the disk: after a power cut the last ones may be missing, in reverse order, each wholly. kh_store_settle waits for all
 * that were made (one sync); only then may anybody be told of them. It goes on until the store is closed.
 */
int kh_store_share_syncs(kh_store *s, kh_error *err);
int kh_store_settle(kh_store *s, kh_error *err); /* KH_ESTORE: what is on the disk is not known; nothing to do without shared syncs */
/* Who acts, for submissions and the audit: "user@host". Kept as given. */
void kh_store_actor(kh_store *s, const char *by);
/* The clock, so that runs can be made again: NULL is the system's. UTC "YYYY-MM-DDTHH:MM:SSZ". */
void kh_store_clock(kh_store *s, const char *now);
void kh_store_now(const kh_store *s, char out[32]);

/* --- definitions ---------------------------------------------------------- */
/* Fills the store's ids (units, cuts, measures, indicators, forms, ...) for what the store knows; the rest stays 0. Reads only. */
int kh_store_bind(kh_store *s, kh_catalog *c, kh_error *err);
typedef struct kh_change { kh_def def; const char *what; const char *code; } kh_change; /* what: "new" "changed" "withdrawn"; def -1 with code "units": counts in n */
typedef int kh_change_fn(void *ctx, const char *kind, const char *code, const char *what);
/*
 * Mirrors the catalog: new and changed definitions get the next revision; what is no longer defined is marked
 * withdrawn, never deleted. Ids are filled in. `changed` is called for each difference (may be NULL). Within begin/commit.
 */
int kh_store_mirror(kh_store *s, kh_catalog *c, kh_change_fn *changed, void *ctx, kh_error *err);
int kh_store_mirror_needed(kh_store *s, const kh_catalog *c, bool *needed, kh_error *err); /* reads only */

/* --- submissions ---------------------------------------------------------- */
typedef struct kh_submission {
    int64_t id;
    const char *form;         /* code */
    kh_unit sender;
    const char *span;         /* "2018Q1" */
    int version;              /* from 1 within (form, sender, span) */
    const char *status;       /* "current" "superseded" "withdrawn" */
    const char *file, *sha256, *received, *by;
    int64_t n_rows, n_values;
    const char *note;         /* reason of a withdrawal */
} kh_submission;
typedef int kh_submission_fn(void *ctx, const kh_submission *sub); /* strings live for the call; nonzero ends the listing */

typedef struct kh_submission_filter { /* NULL and 0: any */
    const char *form; kh_unit sender /* KH_NO_UNIT: any */; const char *span; const char *status; const char *sha256; int64_t id;
    kh_period within;         /* span's periods within this one */
} kh_submission_filter;
int kh_store_submissions(kh_store *s, const kh_catalog *c, const kh_submission_filter *f, kh_submission_fn *fn, void *ctx, kh_error *err);
/*
 * Puts a return: the next version of (form, sender, span); the current one, if any, becomes superseded. Values in sorted
 * order, prepared statements, one pass. KH_EFAULTS with a finding when a period is locked, or when another current
 * submission has one of the same cells (each such cell a finding "TWO-SENDERS", up to 100). Within begin/commit. Ids are bound first.
 */
int kh_store_put(kh_store *s, kh_catalog *c, const kh_return *r, kh_findings *findings, int64_t *id, int *version, kh_error *err);
int kh_store_withdraw(kh_store *s, kh_catalog *c, int64_t id, const char *reason, kh_error *err); /* the one before stays superseded */
/* What `r` would change against the current version: counts, and each cell through fn (may be NULL). */
typedef struct kh_difference { uint64_t added, changed, withdrawn, same; } kh_difference;
typedef int kh_difference_fn(void *ctx, const char *what, kh_period p, kh_unit unit, uint32_t measure, kh_cut cut, const char *before, const char *after, uint32_t line);
int kh_store_difference(kh_store *s, kh_catalog *c, const kh_return *r, kh_difference *out, kh_difference_fn *fn, void *ctx, kh_error *err);

/* --- values --------------------------------------------------------------- */
typedef struct kh_read {
    const bool *measures;           /* [catalog n_measures], NULL: all */
    const kh_period *periods; size_t n_periods; /* sorted; NULL: all */
    int64_t submission;             /* 0: the current ones; else this one alone, whatever its status */
    int64_t without;                /* a submission to leave out (the one that an overlay supersedes), 0: none */
    bool lines;                     /* fill in lines */
    const bool *units;              /* [catalog units], NULL: all; else chunks without any of these may be left out */
} kh_read;
typedef struct kh_block { /* the cells of one column in one chunk; arrays live for the call */
    int64_t submission;
    kh_period period;
    uint32_t measure; kh_cut cut;   /* catalog indices */
    size_t n;
    const kh_unit *unit;            /* [n] */
    const int64_t *m;               /* [n] at `scale`; KH_MISSING */
    uint8_t scale;                  /* the largest in the block; m are aligned to it */
    const char *const *text;        /* [n] for choice and text measures (m is then unset), else NULL */
    const uint32_t *line;           /* [n] when asked, else NULL */
} kh_block;
typedef int kh_block_fn(void *ctx, const kh_block *b); /* nonzero stops with that code */
/* Blocks come in the order of the key: period, submission, measure, cut, chunk. */
int kh_store_read(kh_store *s, kh_catalog *c, const kh_read *r, kh_block_fn *fn, void *ctx, kh_error *err);
/* Which (form, sender) have a current submission whose values touch these periods: for late and coverage. */
int kh_store_periods(kh_store *s, kh_period **out, size_t *n, kh_error *err); /* all periods that have values, sorted; kh_free */

/* --- results -------------------------------------------------------------- */
typedef struct kh_result_row {
    uint32_t indicator; kh_unit unit; kh_period period;
    const char *value;        /* exact decimal or the shortest that reads back the same; NULL: missing */
    const char *reason;       /* of missing */
    kh_status status;
    uint32_t reported, expected;
    const char *definition;   /* sha256 of the definition that made it; read only */
} kh_result_row;
int kh_store_results_put(kh_store *s, kh_catalog *c, const kh_result_row *rows, size_t n, kh_error *err); /* replaces; within begin/commit */
typedef int kh_result_fn(void *ctx, const kh_result_row *row, int64_t revision, const char *computed);
int kh_store_results(kh_store *s, kh_catalog *c, uint32_t indicator /* KH_NO_EXPR: all */, kh_period period /* 0: all */, kh_result_fn *fn, void *ctx, kh_error *err);
/* A published report keeps its bytes' hash and the figures that it was made of. They never change. */
typedef struct kh_published_figure {
    bool is_measure; uint32_t ref; /* indicator or measure */
    kh_cut cut; kh_unit unit; kh_period period;
    const char *as_of;        /* restated to the units of this day; NULL: as reported */
    const char *definition;   /* sha256 of the definition that made it */
    const char *value, *reason;
    kh_status status;
    uint32_t reported, expected;
} kh_published_figure;
typedef struct kh_publication { const char *report, *span, *unit /* code; NULL: of no one unit */, *format, *path, *sha256; const kh_published_figure *figures; size_t n; } kh_publication;
int kh_store_publish(kh_store *s, kh_catalog *c, const kh_publication *p, kh_error *err);
/* The figures of the newest publication of (report, span, unit); *at: when, "" if it was never published. What is no longer defined is left out and counted. */
typedef int kh_published_fn(void *ctx, const kh_published_figure *f);
int kh_store_published(kh_store *s, kh_catalog *c, const char *report, const char *span, const char *unit, char at[32], size_t *lost, kh_published_fn *fn, void *ctx, kh_error *err);

/* --- care ----------------------------------------------------------------- */
int kh_store_lock(kh_store *s, kh_period p, const char *reason, kh_error *err);   /* that period and all within it */
int kh_store_unlock(kh_store *s, kh_period p, const char *reason, kh_error *err); /* reason required */
int kh_store_locked(kh_store *s, kh_period p, kh_period *by, kh_error *err);       /* *by: the lock that covers p, or KH_NO_PERIOD */
typedef int kh_lock_fn(void *ctx, kh_period p, const char *at, const char *by, const char *reason);
int kh_store_locks(kh_store *s, kh_lock_fn *fn, void *ctx, kh_error *err);
int kh_store_audit(kh_store *s, const char *what, const char *detail, kh_error *err); /* append; within a transaction */
typedef int kh_audit_fn(void *ctx, int64_t n, const char *at, const char *by, const char *what, const char *detail, const char *hash);
int kh_store_audit_list(kh_store *s, int64_t from, kh_audit_fn *fn, void *ctx, kh_error *err);
int kh_store_audit_verify(kh_store *s, int64_t *entries, int64_t *first_bad, kh_error *err); /* *first_bad 0: whole */
int kh_store_backup(kh_store *s, const char *to, kh_error *err); /* a consistent copy while others write; temporary name, fsync, rename */
typedef int kh_doctor_fn(void *ctx, kh_severity severity, const char *what, const char *text);
int kh_store_doctor(kh_store *s, kh_doctor_fn *fn, void *ctx, kh_error *err); /* integrity, foreign keys, audit, versions, settings */
int kh_store_alias_set(kh_store *s, const char *text, const char *code, kh_error *err);
typedef int kh_alias_fn(void *ctx, const char *text, const char *code);
int kh_store_aliases(kh_store *s, kh_alias_fn *fn, void *ctx, kh_error *err);
/* key -> text of the workspace: fingerprints and the like. *value NULL: not set; kh_free. */
int kh_store_meta_get(kh_store *s, const char *key, char **value, kh_error *err);
int kh_store_meta_set(kh_store *s, const char *key, const char *value, kh_error *err);

/* --- runs of jobs --------------------------------------------------------- */
typedef struct kh_run { int64_t id; const char *job; kh_period period; int attempt; const char *state; const char *started, *ended, *host; int64_t pid; const char *error; } kh_run;
typedef int kh_run_fn(void *ctx, const kh_run *r);
int kh_store_run_start(kh_store *s, const char *job, kh_period p, int64_t *id, int *attempt, kh_error *err); /* its own transaction; KH_EBUSY if it runs elsewhere and lives */
int kh_store_run_end(kh_store *s, int64_t id, const char *state, const char *error, kh_error *err); /* "done" "failed" "interrupted" */
int kh_store_run_skip(kh_store *s, const char *job, kh_period p, const char *reason, kh_error *err);
int kh_store_run_log(kh_store *s, int64_t id, const char *level, const char *text, kh_error *err);
int kh_store_runs(kh_store *s, const char *job /* NULL: all */, kh_period p /* 0: all */, kh_run_fn *fn, void *ctx, kh_error *err);
typedef int kh_run_log_fn(void *ctx, int64_t run, const char *at, const char *level, const char *text);
int kh_store_run_logs(kh_store *s, int64_t run, kh_run_log_fn *fn, void *ctx, kh_error *err);

/* --- SQL that users wrote ------------------------------------------------- */
/*
 * One read-only statement on a connection of its own with an authorizer, limits and a deadline (docs/store.md). Rows are
 * pulled one by one.
 */
typedef enum kh_sql_type { KH_SQL_NULL, KH_SQL_INT, KH_SQL_REAL, KH_SQL_TEXT, KH_SQL_BLOB } kh_sql_type;
typedef struct kh_sql_value { kh_sql_type type; int64_t i; double r; const char *text; size_t len; } kh_sql_value;
typedef struct kh_sql_limits { double seconds; int64_t rows; int64_t bytes; int64_t memory; } kh_sql_limits; /* 0: defaults */
typedef struct kh_rows kh_rows;
int kh_store_query(kh_store *s, const char *sql, const kh_sql_value *params, size_t n_params, const kh_sql_limits *limits, kh_rows **out, kh_error *err);
size_t kh_rows_columns(const kh_rows *r);
const char *kh_rows_name(const kh_rows *r, size_t i);
int kh_rows_next(kh_rows *r, bool *row, kh_error *err);       /* *row false: done */
void kh_rows_value(const kh_rows *r, size_t i, kh_sql_value *out); /* valid until the next step */
void kh_rows_close(kh_rows *r);                                /* NULL is allowed */

#endif

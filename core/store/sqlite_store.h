/* SPDX-License-Identifier: MIT */
/* What the files of this room share: the store's inside. Nobody else includes it. */
#ifndef KH_STORE_SQLITE_STORE_H
#define KH_STORE_SQLITE_STORE_H

#include "base/buf.h"
#include "base/map.h"
#include "base/mem.h"
#include "store/sqlite_stmt.h"
#include "store/store.h"

#define KH_STORE_PAGE 8192
#define KH_STORE_APPLICATION 0x6B65686F /* "keho" */

/* What ids mean in the catalog that was bound last; ids are small and dense, so arrays do. */
typedef struct kh_bound {
    const kh_catalog *catalog;
    size_t n_units; int64_t first_unit;      /* to notice another catalog at the same address */
    uint32_t *measure; size_t n_measure;     /* [id] -> index, UINT32_MAX: no longer defined */
    kh_cut *cut; size_t n_cut;               /* [id] -> KH_CUT_BAD: no longer defined */
    kh_unit *unit; size_t n_unit;            /* [id] -> KH_NO_UNIT: no longer defined */
    uint32_t *form; size_t n_form;
    int64_t *indicator; size_t n_indicator;  /* [index] -> row of table indicator, 0: none */
} kh_bound;

/* Lists of units that have been read or written: their ids never change once committed. */
typedef struct kh_list { int64_t id; uint32_t n; int64_t *units; int64_t *near; size_t n_near; bool near_known; } kh_list;
typedef struct kh_lists { kh_map *by_units /* their ids as bytes */, *by_id; kh_list **items; size_t n, cap; int64_t version; } kh_lists;
/* Periods whose rows are known to be there, as many as there is room for; forgotten on rollback. */
typedef struct kh_known_periods { int64_t ids[64]; size_t n; } kh_known_periods;

struct kh_store {
    sqlite3 *db;
    char *path;
    kh_store_mode mode;
    bool writing;         /* between begin and commit */
    bool sharing;         /* commits do not wait for the disk; kh_store_settle does */
    bool unsettled;       /* there are such */
    bool no_memory;       /* SQLite could not give a text */
    char *by, *now;       /* NULL: the system's */
    kh_stmt_cache stmts;
    kh_bound bound;
    kh_lists lists;
    kh_known_periods periods;
    kh_rows *rows;        /* queries that are open, so that closing the store can end them */
    struct kh_guard *idle_query; /* a guarded connection to use again */
    signed char ours;     /* is the schema word for word ours? 0: not looked yet, 1 yes, -1 no */
};

/* Milliseconds that a writer waits for another; tests make it short. */
extern int kh_store_patience;

/* --- sqlite_open.c */
/* Sets err from SQLite's code. */
int kh_store_fail(kh_store *s, int rc, kh_error *err);
int kh_store_exec(kh_store *s, const char *sql, kh_error *err);
/* A transaction of one's own where none is open: begin sets *own, end commits on KH_OK and rolls back else. */
int kh_store_own_begin(kh_store *s, bool *own, kh_error *err);
int kh_store_own_end(kh_store *s, bool own, int rc, kh_error *err);

/* --- sqlite_migrate.c */
int kh_store_newest(void);
int kh_store_version(kh_store *s, int *version, kh_error *err);
int kh_store_migrate(kh_store *s, kh_error *err);
int kh_store_schema_is_ours(kh_store *s, bool *ours, kh_error *err); /* looked at once */
/* How many tables, views, triggers and indexes differ from what the migrations make; each told through fn. */
int kh_store_schema_check(kh_store *s, kh_doctor_fn *fn, void *ctx, kh_error *err);

/* --- sqlite_bind.c */
int kh_store_bound(kh_store *s, const kh_catalog *c, kh_error *err); /* binds if it is not bound */
void kh_store_unbind(kh_store *s);
void kh_bound_add_cut(kh_store *s, kh_catalog *c, kh_cut cut, int64_t id); /* a row just made */
uint32_t kh_bound_measure(const kh_store *s, int64_t id);
kh_cut kh_bound_cut(const kh_store *s, int64_t id);
kh_unit kh_bound_unit(const kh_store *s, int64_t id);
uint32_t kh_bound_form(const kh_store *s, int64_t id);

/* --- sqlite_period.c: the store's own number of a period, first day (days since 1900) * 8 + length */
int64_t kh_period_id(kh_period p);
kh_period kh_period_of_id(int64_t id);
int kh_store_period(kh_store *s, kh_period p, int64_t *id, kh_error *err); /* makes its row */
kh_status kh_status_of_name(const char *name); /* sqlite_results.c */
/* "2018Q1" or "2016-01..2020-12". */
bool kh_span_parse(const char *span, kh_period *first, kh_period *last);

/* --- sqlite_lists.c */
void kh_lists_free(kh_store *s);
/* The list with exactly these units, made if it is new. */
int kh_lists_put(kh_store *s, const int64_t *units, uint32_t n, kh_list **out, kh_error *err);
int kh_lists_get(kh_store *s, int64_t id, kh_list **out, kh_error *err);
/* What another process committed meanwhile is seen by kh_lists_near again. Once a put. */
int kh_lists_refresh(kh_store *s, kh_error *err);
/* Lists that share a unit with this one, itself included. */
int kh_lists_near(kh_store *s, kh_list *list, kh_error *err);

/* --- sqlite_cells.c: columns as JSON text */
/* An array of numbers into m and scale; KH_MISSING for null. False: not that (then texts may be tried). */
bool kh_cells_numbers(const char *json, size_t n, int64_t *m, uint8_t *scale);
/* An array of texts, numbers as their digits; strings go to `room`, texts[i] NULL for null. */
bool kh_cells_texts(const char *json, size_t n, kh_buf *room, const char **texts);
/* An array of whole numbers, or null (as `missing`). */
bool kh_cells_ints(const char *json, size_t n, int64_t missing, int64_t *out);
void kh_cells_add_number(kh_buf *out, int64_t m, uint8_t scale);

/* --- sqlite_chunks.c: which rows a submission has in a period */
typedef struct kh_chunk {
    int64_t submission;
    uint32_t chunk, n;
    kh_list *list;
    uint32_t *line;   /* [n] when asked, else NULL: first line of each row */
    kh_unit *unit;    /* [n] in the bound catalog, KH_NO_UNIT: no longer defined; made by kh_chunk_units */
    uint32_t n_gone;  /* how many are no longer defined */
} kh_chunk;
typedef struct kh_chunks { kh_chunk *items; size_t n, cap; } kh_chunks;
void kh_chunks_clear(kh_chunks *c);
void kh_chunks_free(kh_chunks *c);
/* Chunks of a period in key order: of `submission`, or with 0 of all current ones. */
int kh_chunks_read(kh_store *s, int64_t period, int64_t submission, bool lines, kh_chunks *out, kh_error *err);
void kh_chunk_units(kh_store *s, kh_chunk *c);
/* Lines of a column's cells: the rows' lines and what `lines` of its row (column `at` of st) adds. */
int kh_chunk_cell_lines(kh_store *s, const kh_chunk *c, sqlite3_stmt *st, int at, uint32_t *out, kh_error *err);
/* The periods (as ids, sorted) that have chunks, of `submission` or with 0 of all current ones; kh_free. */
int kh_chunks_periods(kh_store *s, int64_t submission, int64_t **out, size_t *n, kh_error *err);

/* --- sqlite_submissions.c */
/* The current submission of (form, sender, span), by ids; 0: none. */
int kh_submission_current(kh_store *s, int64_t form, int64_t sender, const char *span, int64_t *id, kh_error *err);
/* The first locked period among those of its values and the ends of its span, and the lock; KH_NO_PERIOD: none. */
int kh_submission_locked(kh_store *s, int64_t id, kh_period *locked, kh_period *lock, kh_error *err);

/* --- sqlite_two_senders.c */
/* Cells of `r` that another current submission gives too; each becomes a finding, the first hundred by name. */
typedef struct kh_clash { kh_store *s; const kh_catalog *c; const kh_return *r; kh_findings *findings; kh_error *err; uint64_t n; } kh_clash;
/* The rows [first, first + list->n) of a group, whose units are `list`; before they are stored. */
int kh_clash_rows(kh_clash *x, uint32_t group, uint32_t first, kh_list *list);
void kh_clash_end(kh_clash *x); /* says how many were not listed */

/* --- sqlite_digest.c: the SHA-256 of all that is stored of a submission, in key order; stands in the audit */
typedef struct kh_digest { struct kh_sha256 *hash; kh_buf room; } kh_digest;
void kh_digest_begin(kh_digest *d);
void kh_digest_chunk(kh_digest *d, int64_t period, int64_t chunk, int64_t n, int64_t list, int64_t line, int64_t step, const char *lines);
void kh_digest_column(kh_digest *d, int64_t period, int64_t measure, int64_t cut, int64_t chunk, const char *vals, size_t len, const char *lines);
void kh_digest_end(kh_digest *d, char hex[65]);
int kh_digest_of(kh_store *s, int64_t submission, char hex[65], kh_error *err);

/* --- sqlite_query.c */
void kh_store_queries_close(kh_store *s);

#endif

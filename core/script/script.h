/* SPDX-License-Identifier: MIT */
/*
 * The Lua host: definitions are loaded, row functions, reports, jobs and
 * analyses run, all inside a worker process under limits. The only room that
 * includes lua.h.
 */
#ifndef KH_SCRIPT_SCRIPT_H
#define KH_SCRIPT_SCRIPT_H

#include "flow/flow.h"

/* --- supervisor.c: two processes ------------------------------------------ */
typedef int kh_work_fn(void *ctx); /* returns the exit status */
/*
 * Forks a worker (before anything opens the store), runs `work` in it and returns its exit status. The worker's limits
 * are the defaults until kh_worker_limits tells others; at the wall-clock limit its process group is killed. A worker that
 * dies of a signal is reported with the last script and line, status 3. SIGINT and SIGTERM are passed on: 130.
 */
int kh_supervise(kh_work_fn *work, void *ctx);
void kh_worker_limits(double seconds, int64_t memory);    /* in the worker: tells the supervisor */
extern volatile int kh_worker_stop;                        /* set in the worker when it should end */
void kh_script_interrupt(void);                            /* in a signal handler, with kh_worker_stop set: ends the script that runs */

/* --- state.c, loader.c ----------------------------------------------------- */
typedef struct kh_script kh_script;
/* A state for the workspace: sandbox, limits, the `kh` table. Sets ws->row, build, job, hook_ctx. */
int kh_script_new(kh_script **out, kh_workspace *ws, kh_error *err);
void kh_script_free(kh_script *s);
/* Runs kehoach.lua (settings) and every definition; seals the catalog. Errors name file and line. */
int kh_script_load(kh_script *s, kh_error *err);
/* Runs an analysis with `arg`; KH_ESCRIPT with file, line, traceback. */
int kh_script_run(kh_script *s, const char *path, char *const *args, size_t n_args, kh_error *err);
/* Runs one line or chunk of the shell: prints the values of an expression. *more: the chunk is incomplete. */
int kh_script_eval(kh_script *s, const char *text, bool *more, kh_error *err);
/* Tests that analysts write: describe, it, expect. Tells of each that failed (its names joined by ": ", and why); counts. */
typedef void kh_test_fn(void *ctx, const char *file, const char *test, const char *why);
int kh_script_test(kh_script *s, const char *path, kh_test_fn *fn, void *ctx, size_t *passed, size_t *failed, kh_error *err);
/* Which guards this system gives (Landlock, seccomp, limits): one call each. */
void kh_script_doctor(kh_doctor_fn *fn, void *ctx);
/* Every documented name: for docs/lua-api.md and the LuaLS annotations (---@meta). */
void kh_script_annotations(kh_buf *out);
void kh_script_manual(kh_buf *out); /* Markdown */
/* What is known of a documented name ("kh.value", "Frame:sort", "QueryOptions"); "": what there is. Nothing is added for an unknown one. */
void kh_script_help(const char *name, kh_buf *out);
/* Names that begin with `prefix`, for completion in the shell; kh_free each and the array. */
size_t kh_script_complete(kh_script *s, const char *prefix, char ***out);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * A workspace: a folder with kehoach.lua, its definitions (catalog), its store
 * and its settings. core/script fills settings and catalog by running the
 * scripts, and gives the hooks through which the flows call back into Lua
 * without knowing it.
 */
#ifndef KH_FLOW_WORKSPACE_H
#define KH_FLOW_WORKSPACE_H

#include "base/map.h"
#include "calc/calc.h"
#include "intake/intake.h"
#include "model/catalog.h"
#include "report/doc.h"
#include "store/store.h"

typedef struct kh_texts { const char **items; size_t n, cap; } kh_texts;

typedef struct kh_settings { /* what kehoach.lua says; strings are the catalog's arena's */
    const char *name;             /* of the workspace */
    const char *store;            /* path relative to the root; default "kehoach.db" */
    const char *lang;             /* "vi" or "en"; NULL: not said */
    kh_calendar calendar;
    kh_texts scripts;             /* folders of definitions; default { "scripts" } */
    kh_texts read, write;         /* granted folders, relative to the root */
    int64_t memory;               /* bytes for scripts; default 512 MiB */
    double seconds;               /* wall time of a run; default 600 */
    int64_t output;               /* bytes a script may print; default 64 MiB */
    int64_t instructions;         /* 0: no limit by count */
} kh_settings;

struct kh_workspace;
/* `params`: pairs name, value, ended by NULL. */
typedef int kh_build_hook(void *ctx, void *script, struct kh_workspace *ws, kh_doc *doc, kh_period period, kh_unit unit, const char *const *params, kh_error *err);
typedef int kh_job_hook(void *ctx, void *script, struct kh_workspace *ws, const kh_job_def *job, kh_period period, int64_t run, kh_error *err);

typedef struct kh_workspace {
    char *root;                   /* absolute */
    char *store_path;             /* absolute, or ":memory:" */
    kh_settings settings;
    kh_catalog *catalog;
    kh_store *store;              /* NULL until kh_workspace_store */
    kh_store_mode mode;
    char *by;                     /* who acts: KEHOACH_BY, else user@host */
    char now[32];                 /* UTC ISO 8601; KEHOACH_NOW, else the system's at start */
    kh_day today;                 /* at UTC+7 */
    bool lang_said;               /* --lang was given: a report that is written in one language comes in that one all the same */
    kh_row_hook row;
    kh_intake_kept *kept;         /* what files leave for the next; NULL until one is read */
    kh_build_hook *build;
    kh_job_hook *job;
    void *hook_ctx;               /* for build and job */
    const volatile int *stop;
    kh_calc *session;             /* session.h; NULL until a question is asked */
    kh_calc *narrow;              /* a session of a few units; NULL until a question about a few is asked */
    bool store_missed;            /* import.c: that a check goes without the store was said */
    kh_map *refused;              /* import_refused.c: names given in this run; NULL until one is */
    struct kh_freezer *freezer;   /* freeze.h; takes the figures while a report that is published is built */
} kh_workspace;

/* Root: `dir` or the nearest folder above the current one that has kehoach.lua (dir NULL). KH_EUSAGE if there is none. */
int kh_workspace_find(const char *dir, char **root, kh_error *err);
kh_workspace *kh_workspace_new(const char *root, const char *store_override /* NULL */);
void kh_workspace_free(kh_workspace *ws);
/*
 * Opens the store (once; opening for writing after reading opens again) and binds the catalog's ids. For writing, changed
 * definitions are mirrored first and counted in the log. Aliases are given to the units.
 */
int kh_workspace_store(kh_workspace *ws, kh_store_mode mode, kh_error *err);
/* The store alone, made if it is not there, nothing mirrored or bound: for `load`, which tells each change. Closed by the caller. */
int kh_workspace_store_unmirrored(kh_workspace *ws, kh_store **out, kh_error *err);
/* The moment that counts as now, for imports that arrived earlier: UTC "YYYY-MM-DDTHH:MM:SSZ" (kh_workspace_moment). */
void kh_workspace_clock(kh_workspace *ws, const char *now);
bool kh_workspace_moment(const char *text);
/* Does the path lie below the root when its links are followed? false also where there is nothing. */
bool kh_workspace_inside(const kh_workspace *ws, const char *path);
/* The path inside the root or a granted folder, absolute, links resolved; KH_EUSAGE where it leads out. `write`: the file may not exist yet. */
int kh_workspace_path(const kh_workspace *ws, const char *path, bool write, char **out, kh_error *err);
/* KH_EUSAGE where a file written there would take the place of the store, of kehoach.lua or of a definition. */
int kh_workspace_spare(const kh_workspace *ws, const char *path, kh_error *err);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * libkehoach: a plan's workspace inside another program.
 *
 *   kehoach *k = kehoach_open("/srv/plan100", NULL);
 *   if (!k || kehoach_run(k, "examples/phan-tich-xep-hang.lua", NULL, 0) != 0)
 *       fprintf(stderr, "%s\n", kehoach_error(k));
 *   kehoach_close(k);
 *
 * Scripts run inside the calling process, under the workspace's memory and
 * time limits; the worker process that the command puts around them is not
 * part of this interface, so open only workspaces that you trust, or fork
 * first. A handle is for one thread at a time. When memory ends, a message is
 * written to stderr and the process exits with status 4; the store stays whole.
 */
#ifndef KEHOACH_H
#define KEHOACH_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct kehoach kehoach;

/*
 * Opens the workspace in `dir` and loads its definitions. `store` (may be NULL) is used instead of the workspace's own.
 * Never NULL: kehoach_error tells what went wrong, NULL where nothing did. Ends with kehoach_close in every case.
 */
kehoach *kehoach_open(const char *dir, const char *store);

/* Loads the definitions into the store. 0, or the exit status of DESIGN's table (2 usage, 3 script, 4 store, 75 busy). */
int kehoach_load(kehoach *k);

/* Imports one return; form, period and unit may be NULL. 1: refused, the findings are in kehoach_error, one a line. */
int kehoach_import(kehoach *k, const char *file, const char *form, const char *period, const char *unit);

/* Runs an analysis with n arguments. */
int kehoach_run(kehoach *k, const char *script, char *const *args, size_t n);

/* One figure as exact text ("" where it is missing) into out; 0 or a status. */
int kehoach_value(kehoach *k, const char *name, const char *unit, const char *period, char *out, size_t room);

/* What went wrong last, with file and line; NULL: nothing. Lives until the next call with k. */
const char *kehoach_error(const kehoach *k);

void kehoach_close(kehoach *k); /* NULL is allowed */

#ifdef __cplusplus
}
#endif

#endif

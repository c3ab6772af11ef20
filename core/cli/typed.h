/* SPDX-License-Identifier: MIT */
/*
 * Lines typed at a terminal, with editing, history and completion (libedit: BSD licence; readline is GPL-3), and Ctrl-C
 * that cannot be lost: while a line is typed signals wait and are taken in turn with the keys; while a statement runs
 * they act at once.
 */
#ifndef KH_CLI_TYPED_H
#define KH_CLI_TYPED_H

#include <stdbool.h>
#include <stddef.h>

typedef enum kh_typed { KH_TYPED_LINE, KH_TYPED_DROPPED, KH_TYPED_END } kh_typed;

/* Names that begin with `prefix`, for Tab; kh_free each and the array. */
typedef size_t kh_typed_names(void *ctx, const char *prefix, char ***out);

/* Once in a process, before anything is typed. `history`: the file of earlier lines; NULL: none. false, errno: no terminal to type at. */
bool kh_typed_open(const char *history, kh_typed_names *names, void *ctx);
void kh_typed_close(const char *history); /* keeps the lines */

/*
 * KH_TYPED_LINE: *line is what was typed, without its newline, to be freed with free().
 * KH_TYPED_DROPPED: Ctrl-C, since the last line was taken: what was typed is gone, the cursor stands on a new line.
 * KH_TYPED_END: Ctrl-D on an empty line, the terminal is gone, or the process was told to end (kh_worker_stop is set).
 */
kh_typed kh_typed_line(const char *prompt, char **line);
void kh_typed_keep(const char *line); /* in the history */

/* Around a statement: Ctrl-C stops it (also one pressed since its line was taken), Ctrl-Z stands it still. */
void kh_typed_run(void);
bool kh_typed_ran(void); /* whether Ctrl-C stopped it; kh_worker_stop is then as before */

#endif

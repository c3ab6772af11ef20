/* SPDX-License-Identifier: MIT */
/*
 * Everything that is not a result goes to stderr through here, one line an
 * entry, control bytes shown as \x1b. Progress shows only on a terminal and is
 * wiped before a line of the log.
 */
#ifndef KH_BASE_LOG_H
#define KH_BASE_LOG_H

#include <stdint.h>

typedef enum kh_log_level { KH_LOG_ERROR, KH_LOG_WARNING, KH_LOG_NOTE, KH_LOG_DETAIL } kh_log_level;

void kh_log_limit(kh_log_level most);              /* -q: WARNING, default NOTE, -v: DETAIL */
void kh_log(kh_log_level level, const char *msgid, ...) __attribute__((format(printf, 2, 3)));
void kh_log_line(kh_log_level level, const char *text); /* as it is (no translation) */
/* `done` of `total` (0: unknown) with a label; shown at most some ten times a second. total == done ends it. */
void kh_progress(const char *label, uint64_t done, uint64_t total);
void kh_progress_end(void);

#endif

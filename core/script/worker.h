/* SPDX-License-Identifier: MIT */
/* Between the worker's side of the supervisor (supervisor.c) and the state's limits (state.c). No Lua here. */
#ifndef KH_SCRIPT_WORKER_H
#define KH_SCRIPT_WORKER_H

#include <stdbool.h>

/* supervisor.c: in the page that worker and supervisor share; callable in signal handlers */
void kh_worker_note(const char *file, int line); /* where the script was */
void kh_worker_in_script(bool in);               /* only while a script is on the stack does the wall limit kill */

/* state.c: asked by the worker's signal handlers */
void kh_script_place(const char **file, int *line);

/* confine.c: in the worker alone, for it cannot be taken back */
void kh_confine(void);
/* Paths ended by NULL. Has no effect before kh_confine, and only once. */
void kh_confine_files(const char *const *write, const char *const *read);
/* Between fork and exec of LibreOffice: no network, files of the system and of where `program` lies, writing in `folder` alone. */
void kh_confine_office(const char *folder, const char *program);

#endif

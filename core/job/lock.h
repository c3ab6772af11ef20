/* SPDX-License-Identifier: MIT */
/*
 * One runner at a time. The lock is on a file of its own beside the store
 * (never on the store: SQLite's own locks would go when we close it) and is the
 * kernel's: it ends with the process that took it, however that ends. So
 * whoever holds it knows that no other run is alive, and that a run the store
 * calls running was killed.
 */
#ifndef KH_JOB_LOCK_H
#define KH_JOB_LOCK_H

#include "base/err.h"

typedef struct kh_job_lock kh_job_lock;
/* KH_EBUSY: somebody else has it, and the text says who, as far as the file tells. A process that forks shares its lock with the child. */
int kh_job_lock_take(const char *path, kh_job_lock **out, kh_error *err);
void kh_job_lock_drop(kh_job_lock *l); /* NULL is allowed; the file stays */

#endif

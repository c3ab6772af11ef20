/* SPDX-License-Identifier: MIT */
/* A guarded connection for SQL that users wrote; used by sqlite_query.c alone. */
#ifndef KH_STORE_SQLITE_GUARD_H
#define KH_STORE_SQLITE_GUARD_H

#include "store/sqlite_store.h"

typedef struct kh_guard {
    sqlite3 *db;
    kh_map *strangers;     /* tables, views and modules that are not the program's, in lower case */
    char why[160];         /* what the authorizer refused first, "" nothing */
    int64_t deadline;      /* monotonic nanoseconds, 0: none */
    bool late;             /* the deadline has passed */
} kh_guard;

int64_t kh_guard_clock(void);
/* Opens a read-only connection of its own to the store. */
int kh_guard_open(kh_store *s, kh_guard **out, kh_error *err);
void kh_guard_close(kh_guard *g);
/* sqlite_guard_functions.c: what replaces functions that no progress handler can stop. */
int kh_guard_functions(sqlite3 *db);

#endif

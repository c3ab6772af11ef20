/* SPDX-License-Identifier: MIT */
/* What the files that mirror definitions share. */
#ifndef KH_STORE_SQLITE_DEFS_H
#define KH_STORE_SQLITE_DEFS_H

#include "base/buf.h"
#include "base/hash.h"
#include "store/sqlite_store.h"

typedef struct kh_mirror {
    kh_store *s;
    kh_catalog *c;
    kh_change_fn *changed;
    void *ctx;
    kh_error *err;
    char now[32];
    const char *by;
    uint64_t added, altered, withdrawn;
    bool units_changed;
} kh_mirror;

/* Counts and tells a difference; nonzero ends the mirroring. */
int kh_mirror_tell(kh_mirror *m, const char *kind, const char *code, const char *what);

/* --- sqlite_defs_content.c: a definition as one line of JSON; places in files are left out, so that moving it changes nothing */
typedef struct kh_def_text { const char *kind, *code, *sha256, *source, *file; int line; } kh_def_text;
size_t kh_defs_count(const kh_catalog *c, kh_def def);
kh_def_text kh_def_content(const kh_catalog *c, kh_def def, uint32_t at, kh_buf *out);
void kh_selector_content(kh_buf *out, const kh_selector *s, size_t n);
/* Everything that is mirrored, as one hash. */
void kh_defs_fingerprint(const kh_catalog *c, char hex[KH_SHA256_HEX]);
const char *kh_day_or_null(kh_day d, char room[KH_DAY_TEXT]);           /* ISO, NULL where open */
const char *kh_period_or_null(kh_period p, char room[KH_PERIOD_TEXT]);

/* --- sqlite_defs_units.c */
int kh_mirror_units(kh_mirror *m);      /* kinds, units, successions */
int kh_mirror_categories(kh_mirror *m);
void kh_unit_groups_content(const kh_unit_def *u, kh_buf *out);

/* --- sqlite_defs_rows.c: the row of a definition and what hangs on it */
int kh_mirror_row(kh_mirror *m, kh_def def, uint32_t at, int64_t revision);
int kh_mirror_reporters(kh_mirror *m, uint32_t form);
int kh_mirror_plan_parts(kh_mirror *m, const kh_plan *p, int64_t id); /* sqlite_defs_plan.c */

#endif

/* SPDX-License-Identifier: MIT */
/* What the files of the units tree share: unit.c (definitions), unit_kind.c, unit_tree.c (snapshots), unit_match.c (names). */
#ifndef KH_MODEL_UNIT_INT_H
#define KH_MODEL_UNIT_INT_H

#include "base/map.h"
#include "model/unit.h"

typedef struct kh_link { /* a succession as it was written, and the units that it means once sealed */
    kh_day date;
    const char *old_code, *new_code; /* new_code NULL: unknown */
    bool part;
    const char *file;
    int line;
    kh_unit from, to;
} kh_link;

struct kh_units {
    kh_arena *arena;
    kh_kind *kinds; size_t n_kinds, cap_kinds;

    kh_unit_def *defs; size_t n, cap;
    kh_unit *next;              /* [cap] the next unit with the same code */
    uint32_t *parent_code;      /* [cap] number of the parent's code, KH_NONE: a root */
    kh_map *codes;              /* code -> its number; codes that are only named as a parent have one too */
    kh_unit *first; size_t n_codes, cap_codes; /* [code] first unit that has it */

    kh_link *links; size_t n_links, cap_links;
    kh_succession *successions; size_t n_successions; /* by from, date */

    struct kh_snapshots *snapshots; /* NULL until asked for, and after a change */
    struct kh_names *names;         /* the same */
    kh_map *aliases;                /* text key -> number in alias_codes */
    const char **alias_codes; size_t n_aliases, cap_aliases;
    uint64_t edition; /* counts what was added, aliases too */
};

void kh_units_add_usual_kinds(kh_units *u);
void kh_snapshots_free(struct kh_snapshots *s);
void kh_names_free(struct kh_names *n);
/* The days on which some unit begins or the day after one ends, sorted, each once, the first KH_DAY_MIN; kh_free. */
kh_day *kh_units_breaks(const kh_units *u, size_t *n);

#endif

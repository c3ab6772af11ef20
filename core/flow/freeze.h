/* SPDX-License-Identifier: MIT */
/*
 * The figures that a report asks for while it is built, to be kept with its
 * publication: each once, exact, with status, coverage and the hash of the
 * definition that made it. Formulas written in the report itself have no name
 * to ask again by; the file that was handed out has them.
 */
#ifndef KH_FLOW_FREEZE_H
#define KH_FLOW_FREEZE_H

#include "base/map.h"
#include "calc/calc.h"
#include "store/store.h"

typedef struct kh_freezer { kh_arena *arena; kh_map *known; kh_published_figure *figures; size_t n, cap; } kh_freezer;

kh_freezer *kh_freezer_new(void);
void kh_freezer_free(kh_freezer *f);
int kh_freezer_take(kh_freezer *f, kh_calc *k, const kh_catalog *c, const kh_question *q, const kh_answer *a, const char *as_of, kh_error *err);
/* One figure as it is now: its exact value, or the reason why there is none. Texts go to the arena. */
int kh_figure_now(kh_calc *k, const kh_catalog *c, const kh_question *q, const kh_answer *a, size_t item, size_t period, size_t unit, kh_arena *arena, kh_published_figure *out, kh_error *err);

#endif

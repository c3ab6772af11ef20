/* SPDX-License-Identifier: MIT */
/*
 * The way back from values to lines: collects places (measure, cut, unit,
 * period), finds all of them in one reading of the store, and names file and
 * line of each. An overlay's own lines go before the store's.
 */
#ifndef KH_CALC_TRACE_H
#define KH_CALC_TRACE_H

#include "calc/inside.h"

typedef struct trace_source { int64_t id; int version; const char *form, *file, *sha256, *received, *by; kh_unit sender; } trace_source;
typedef struct trace_place {
    uint32_t measure; kh_cut cut; kh_unit unit; kh_period period;
    int64_t submission;  /* 0: not found, or the overlay's */
    uint32_t line;       /* 0: not found */
    const char *file;    /* NULL: not found */
    const trace_source *source; /* NULL: the overlay's or not found */
    uint32_t next;       /* in its chain of the table, private */
} trace_place;

typedef struct trace { kh_calc *k; kh_arena *arena; trace_place *of; size_t n, cap; table at; trace_source **sources; size_t n_sources, cap_sources; } trace;

void kh_c_trace_start(trace *t, kh_calc *k);
void kh_c_trace_free(trace *t);
uint32_t kh_c_trace_add(trace *t, uint32_t measure, kh_cut cut, kh_unit unit, kh_period period); /* index in of[] */
int kh_c_trace_find(trace *t, kh_error *err);

/* Every value that was reported for exactly (slot, period) and makes the leaf's figure there: its cut and number. */
typedef void kh_c_reported_fn(void *ctx, kh_cut cut, int64_t m, uint8_t scale);
void kh_c_reported_each(kh_calc *k, const leaf *l, uint32_t slot, kh_period period, kh_c_reported_fn *fn, void *ctx);

/* A canonical number as people write it: 1.234.567,8 or 1,234,567.8. */
void kh_c_number_for_people(const char *canonical, kh_lang lang, kh_buf *out);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * A frame: a table of columns held in C, for analyses and report tables. Cells
 * are exact decimals, texts, units, periods or missing; operations give new
 * frames and leave the old one alone.
 */
#ifndef KH_CALC_FRAME_H
#define KH_CALC_FRAME_H

#include "calc/calc.h"

typedef enum kh_cell_type { KH_C_MISSING, KH_C_INT, KH_C_NUM, KH_C_TEXT, KH_C_UNIT, KH_C_PERIOD } kh_cell_type;
typedef struct kh_cell_bound { const char *lo, *hi, *exact_lo, *exact_hi; } kh_cell_bound; /* of a target whose bound is a formula: as shown, and all digits; "": missing, NULL: a fixed number */
typedef struct kh_cell {
    kh_cell_type type;
    int64_t i;           /* KH_C_INT; unit or period index for those */
    double num;          /* KH_C_NUM */
    const char *text;    /* KH_C_TEXT; KH_C_NUM: exact digits as shown, or NULL */
    uint8_t status;      /* kh_status */
    uint8_t missing;     /* kh_missing */
    uint16_t target;     /* 1 + which of the indicator's targets; 0: none binds here */
    uint32_t reported, expected; /* coverage; 0, 0: does not apply */
    const kh_cell_bound *bound; /* NULL: the target's bounds are fixed numbers */
} kh_cell;
typedef struct kh_frame_column { const char *name, *title, *unit; int decimals; kh_cell *cells; bool measure_is_sum;
    bool as_is; /* its numbers are names (a submission's) or somebody else's columns: shown as they are, not 1.010 */
} kh_frame_column;
typedef struct kh_frame {
    kh_arena *arena;            /* owns all texts */
    kh_catalog *catalog;        /* for units' names; not owned */
    size_t n, cap;              /* rows */
    kh_frame_column *columns; size_t n_columns;
} kh_frame;

kh_frame *kh_frame_new(kh_catalog *c);
void kh_frame_free(kh_frame *f);
size_t kh_frame_add_column(kh_frame *f, const char *name, const char *title, const char *unit, int decimals);
size_t kh_frame_add_row(kh_frame *f); /* all missing */
kh_cell *kh_frame_cell(kh_frame *f, size_t row, size_t column);
void kh_frame_set_num(kh_frame *f, size_t row, size_t column, double v); /* shown at the column's decimals; not finite: missing */
size_t kh_frame_find(const kh_frame *f, const char *name); /* SIZE_MAX: none */
/* units x periods rows (columns unit, period) and one column per item. */
int kh_frame_of_answer(kh_frame **out, kh_calc *k, const kh_question *q, const kh_answer *a, kh_error *err);
typedef bool kh_frame_test(void *ctx, const kh_frame *f, size_t row);
kh_frame *kh_frame_where(const kh_frame *f, kh_frame_test *test, void *ctx);
int kh_frame_sort(kh_frame **out, const kh_frame *f, const char *const *columns, const bool *descending, size_t n, kh_error *err); /* stable; missing last; texts in Vietnamese order; units by code */
kh_frame *kh_frame_head(const kh_frame *f, size_t n);
/* One row per distinct value of `by`; the other number columns aggregated exactly. */
typedef struct kh_frame_agg { const char *column; kh_agg how; const char *as; } kh_frame_agg;
int kh_frame_group(kh_frame **out, const kh_frame *f, const char *const *by, size_t n_by, const kh_frame_agg *aggs, size_t n_aggs, kh_error *err);
/* Pivot and join can multiply: more than `most` cells are KH_ESCRIPT. */
int kh_frame_pivot(kh_frame **out, const kh_frame *f, const char *rows, const char *columns, const char *values, size_t most, kh_error *err); /* two cells in one place: KH_EUSAGE */
int kh_frame_join(kh_frame **out, const kh_frame *a, const kh_frame *b, const char *const *on, size_t n_on, bool keep_unmatched, size_t most, kh_error *err);
/* As a table of text: widths by display columns, numbers right, Vietnamese or English figures. */
void kh_frame_print(const kh_frame *f, kh_lang lang, bool colour, kh_buf *out);
void kh_frame_csv(const kh_frame *f, bool excel, kh_buf *out);   /* RFC 4180; safe against formulas; excel: BOM, ';', decimal comma */
void kh_frame_csv_rows(const kh_frame *f, bool excel, kh_buf *out); /* without the heading */
void kh_frame_json(const kh_frame *f, kh_buf *out);

#endif

/* SPDX-License-Identifier: MIT */
/* The inside of an answer; ask.c, answer.c and frame.c. */
#ifndef KH_CALC_ANSWER_H
#define KH_CALC_ANSWER_H

#include "calc/inside.h"

typedef struct answer_column { /* one item in one period */
    figures *c;                /* NULL: text */
    const cover *cover;       /* a measure's own; NULL: see reported and expected */
    uint32_t *reported, *expected; /* [units] of formulas; NULL: coverage does not apply */
    uint32_t *target;         /* [units] NULL: the item has no targets */
    uint8_t *decided;         /* [units] kh_status by the numbers alone; NULL with target */
    const char **text;        /* [units] of text and choice measures */
} answer_column;

struct kh_answer {
    kh_calc *k;
    kh_item *items; size_t n_items;
    kh_expr *exprs;
    uint32_t *slots; size_t n_units;
    kh_period *periods; size_t n_periods;
    answer_column *columns;   /* [item][period] */
    kh_figure *all;           /* small answers: every figure */
    kh_figure *ring; size_t turn;
};


/* The exact value of a figure that is there. */
int kh_c_answer_exact(const kh_answer *a, size_t item, size_t period, size_t unit, mpq_t out, kh_error *err);

#endif

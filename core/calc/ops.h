/* SPDX-License-Identifier: MIT */
/* Block operators of formulas; eval.c and ops.c only. */
#ifndef KH_CALC_OPS_H
#define KH_CALC_OPS_H

#include "calc/inside.h"

#define BLOCK 512
#define BOUND_MORE 2 /* decimals that a target's bound may have more than the figure, and still be printed whole */
#define EPS 1.1102230246251565e-16 /* 2^-53: one correct rounding is off by at most this, relatively */
#define WHOLE_MOST 9007199254740992.0

/*
 * What is known of the error of a block: whole numbers that a double holds
 * exactly; or within rel * EPS * |v|; or within e[i].
 */
typedef struct reg { /* of an operator: buffers of BLOCK; of an input: places in its column, not to be written to */
    double *v, *e;
    uint8_t *why;
    bool whole, general;
    double rel, most;  /* most: whole numbers only, the largest |v| that can be */
} reg;

static inline double reg_error(const reg *a, size_t i)
{
    return a->general ? a->e[i] : a->rel * EPS * (a->v[i] < 0 ? -a->v[i] : a->v[i]);
}

/* d := op(a, b, c) for n cells; doubtful[i] set where doubles cannot decide (the exact evaluator then does). Returns how many. */
size_t kh_c_ops_run(const kh_expr_node *x, reg *d, const reg *a, const reg *b, const reg *c, size_t n, uint8_t *doubtful);

#endif

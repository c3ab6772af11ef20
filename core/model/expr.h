/* SPDX-License-Identifier: MIT */
/*
 * Column expressions: what a Lua formula builds, as plain data. A pool interns
 * its nodes, so equal subtrees of all formulas are one node and are evaluated
 * once. A kh_expr is an index into the pool; children come before parents.
 * core/script builds, core/calc evaluates.
 */
#ifndef KH_MODEL_EXPR_H
#define KH_MODEL_EXPR_H

#include "base/num.h"
#include "model/cut.h"
#include "model/unit.h"

typedef uint32_t kh_expr;
#define KH_PERIODS_MOST 500 /* that one operator looks over: a:over(n), a:typical{...} */
#define KH_NO_EXPR UINT32_MAX

typedef enum kh_op {
    /* leaves */
    KH_X_NUM,        /* num: an exact decimal constant */
    KH_X_MISSING,
    KH_X_MEASURE,    /* ref: measure; cut: only values within this cut; group: only units of this selector */
    KH_X_INDICATOR,  /* ref: indicator */
    KH_X_COUNT_UNITS,/* text: kind or level; group: only units of this selector; how many such units exist at the period's last day, at or below the unit */
    KH_X_DAYS,       /* civil days of the period */
    /* arithmetic: a, b */
    KH_X_ADD, KH_X_SUB, KH_X_MUL, KH_X_DIV, KH_X_IDIV /* floor */, KH_X_MOD /* sign of b */, KH_X_POW, KH_X_NEG,
    KH_X_ABS, KH_X_LOG /* natural */, KH_X_ROUND /* half away from zero; n decimals */, KH_X_MIN2, KH_X_MAX2 /* missing if one is */,
    /* comparison and logic: 1 or 0, missing if an operand is */
    KH_X_LT, KH_X_LE, KH_X_GT, KH_X_GE, KH_X_EQ, KH_X_NE, KH_X_BOTH, KH_X_EITHER, KH_X_NOT,
    KH_X_WHEN,       /* a ? b : c; missing condition gives missing */
    KH_X_OTHERWISE,  /* a, or b where a is missing */
    KH_X_PRESENT,    /* 1 where a is present, else 0 */
    /* time: a; n */
    KH_X_PREV,       /* n periods of the same length earlier */
    KH_X_SAME_LAST_YEAR, /* n years earlier */
    KH_X_TO_DATE,    /* sum of the periods of this length from the start of the year to here */
    KH_X_OVER,       /* sum over the last n periods, this one included */
    KH_X_TYPICAL_MEAN, KH_X_TYPICAL_MEDIAN, /* of the n periods before this one, those present; at least one */
    KH_X_TYPICAL_YEARS_MEAN, KH_X_TYPICAL_YEARS_MEDIAN, /* of the same period of the n years before */
    /* tree: a */
    KH_X_PARENT, KH_X_SHARE /* of the parent's, a ratio */, KH_X_RANK /* among siblings of the same level, 1 is the highest */
} kh_op;

typedef struct kh_expr_node {
    uint8_t op;                /* kh_op */
    kh_expr a, b, c;           /* KH_NO_EXPR where unused */
    uint32_t ref;              /* measure or indicator index */
    kh_cut cut;
    int32_t n;
    kh_dec num;
    const char *text;          /* interned by the pool */
    const kh_unit_group *groups; size_t n_groups; /* KH_X_MEASURE, KH_X_COUNT_UNITS: of{...}; owned by the pool, sorted by group */
} kh_expr_node;

typedef struct kh_exprs kh_exprs;
kh_exprs *kh_exprs_new(void);
void kh_exprs_free(kh_exprs *x);
/* Interns a node (its texts and groups are copied). Children must be in the pool. */
kh_expr kh_expr_add(kh_exprs *x, const kh_expr_node *node);
const kh_expr_node *kh_expr_get(const kh_exprs *x, kh_expr e); /* valid until the next kh_expr_add */
size_t kh_exprs_count(const kh_exprs *x);
/* Nodes reachable from e, e included. */
size_t kh_expr_size(const kh_exprs *x, kh_expr e);
/*
 * The same expression with every measure cut / grouped, and every count of units grouped (for a:cut{...}, a:of{...}
 * on any expression). KH_NO_EXPR (the value of KH_CUT_BAD) when a measure already has another option of the category, or another value of
 * the group; and when the expression reads an indicator, whose formula is not in it.
 */
kh_expr kh_expr_with_cut(kh_exprs *x, kh_cuts *cuts, kh_expr e, kh_cut cut);
kh_expr kh_expr_with_groups(kh_exprs *x, kh_expr e, const kh_unit_group *groups, size_t n);

#endif

/* SPDX-License-Identifier: MIT */
/* A rule: a check over values; where its expression is 0 it is broken. Plain data. */
#ifndef KH_MODEL_RULE_H
#define KH_MODEL_RULE_H

#include "model/expr.h"
#include "model/finding.h"
#include "model/period.h"

typedef enum kh_needs { KH_NEEDS_ALL, KH_NEEDS_ANY, KH_NEEDS_NONE } kh_needs; /* which inputs must be present for it to be judged; a missing one then counts as 0 */

typedef struct kh_rule {
    const char *code, *title;
    kh_severity severity;
    kh_expr check;
    kh_needs needs;
    kh_selector scope;       /* units; empty: those that have the values themselves */
    const char *message;     /* with {measure}, {unit}, {period} to fill in */
    const char *file; int line;
    char sha256[65];
    int64_t id;
} kh_rule;

#endif

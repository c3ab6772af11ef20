/* SPDX-License-Identifier: MIT */
/* An indicator: a quantity computed by a formula, and the targets that it must meet. Plain data. */
#ifndef KH_MODEL_INDICATOR_H
#define KH_MODEL_INDICATOR_H

#include "base/num.h"
#include "model/expr.h"
#include "model/period.h"
#include "model/unit.h"

typedef enum kh_comparator { KH_AT_LEAST, KH_ABOVE, KH_AT_MOST, KH_BELOW, KH_BETWEEN, KH_EXACTLY } kh_comparator;
const char *kh_comparator_name(kh_comparator c); /* "at_least" ... */
bool kh_comparator_parse(const char *s, kh_comparator *out);

typedef struct kh_limit { kh_expr of; const char *source; } kh_limit; /* a bound that is a figure itself, found anew for each unit and period; its own text */
typedef struct kh_target {
    kh_comparator cmp;
    kh_dec lo, hi;              /* lo: the bound; between: lo and hi, both meet */
    const kh_limit *lo_by, *hi_by; /* not NULL: instead of lo, hi */
    kh_period from, to;         /* validity, KH_NO_PERIOD: open. A period is covered when it lies within from..to */
    kh_freq every;              /* judges periods of this length only ("each year"); KH_EVERY_NONE: of every length */
    bool by_end;                /* reach it by the end of `to`; earlier periods not meeting are "not yet due" */
    kh_selector scope;          /* units that it binds; empty: all */
    const char *text;           /* NULL, or the plan's words */
} kh_target;

typedef enum kh_status { KH_ST_NONE /* no target here */, KH_ST_MET, KH_ST_NOT_MET, KH_ST_NOT_DUE, KH_ST_NO_DATA, KH_ST_PARTIAL /* coverage below all: judged, but say so */ } kh_status;
const char *kh_status_name(kh_status s); /* "" "met" "not_met" "not_due" "no_data" "partial" */

/*
 * `each`: scalar Lua, cell by cell. Whole numbers go in and come out as they are; a result is LACKS where the script
 * stumbled over an input that is missing, BY_ZERO where it divided a whole number by zero, NOT_FINITE where it made an
 * infinity or a NaN, or its whole numbers passed 2^63.
 */
typedef enum kh_each_is { KH_EACH_NOTHING, KH_EACH_WHOLE, KH_EACH_NUMBER, KH_EACH_LACKS, KH_EACH_BY_ZERO, KH_EACH_NOT_FINITE } kh_each_is;
typedef struct kh_each_num { kh_each_is is; int64_t i; double v; } kh_each_num; /* WHOLE: i (v is the nearest); NUMBER: v */
typedef struct kh_each {
    int (*call)(void *ctx, void *script, const kh_each_num *in, size_t n, kh_each_num *out, kh_error *err);
    void *ctx, *script;
    kh_expr *inputs; size_t n_inputs; /* what the function reads, found when it was loaded */
} kh_each;

typedef struct kh_indicator {
    const char *code, *title, *unit, *task;
    const char *note;                 /* NULL, or the rule's source */
    int decimals;                     /* as shown, 0..9 */
    bool lower_is_better;
    kh_expr formula;                  /* KH_NO_EXPR when it has `each` */
    kh_each *each;                    /* NULL when it has a formula */
    kh_target *targets; size_t n_targets;
    const char *file; int line;       /* of the definition */
    const char *source;               /* the formula's own text, for explain and the store */
    char sha256[65];                  /* of its definition: an old result knows the formula that made it */
    int64_t id;                       /* the store's revision row, 0: not mirrored */
} kh_indicator;

#endif

/* SPDX-License-Identifier: MIT */
/* A measure: a reported quantity, with its rules of consolidation over units and over time. Plain data. */
#ifndef KH_MODEL_MEASURE_H
#define KH_MODEL_MEASURE_H

#include "model/unit.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum kh_type { KH_NUMBER, KH_INTEGER, KH_MONEY, KH_CHOICE, KH_TEXT, KH_YESNO } kh_type;
/* How parts become a whole. STDDEV and VARIANCE are of the sample (n - 1). NONE: a whole has only its own value. */
typedef enum kh_agg { KH_AGG_SUM, KH_AGG_MEAN, KH_AGG_MIN, KH_AGG_MAX, KH_AGG_LAST, KH_AGG_FIRST, KH_AGG_COUNT, KH_AGG_NONE, KH_AGG_STDDEV, KH_AGG_VARIANCE } kh_agg;

const char *kh_type_name(kh_type t);   /* "number" "integer" "money" "choice" "text" "yesno" */
bool kh_type_parse(const char *s, kh_type *out);
bool kh_type_is_number(kh_type t);     /* number, integer, money, yesno (0/1) */
const char *kh_agg_name(kh_agg a);
bool kh_agg_parse(const char *s, kh_agg *out);

typedef struct kh_measure {
    const char *code, *title, *unit;   /* unit: "người", "%", "đồng" */
    const char *task;                  /* NULL, or the code of the task that it belongs to */
    kh_type type;
    kh_agg over_units, over_time;
    const uint32_t *by; size_t n_by;   /* categories (cut.h) that it may be broken down by */
    const char *const *choices; const char *const *choice_titles; size_t n_choices; /* KH_CHOICE */
    bool has_min, has_max; int64_t min, max; /* sanity bounds for whole numbers at import: a value outside is a finding */
    kh_selector *reported_by; size_t n_reported_by; /* of the form's units, those that this one is expected of; none: all of them */
    uint32_t max_length;               /* text: most code points, 0: 4,000 */
    const char *file; int line;
    char sha256[65];                   /* of its definition */
    int64_t id;                        /* the store's, 0: not mirrored */
} kh_measure;

#endif

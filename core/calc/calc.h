/* SPDX-License-Identifier: MIT */
/*
 * Calculation: measures consolidated over units and time, formulas over the
 * consolidated columns, targets, rules, and the way back to every line.
 *
 * Semantics (docs/calculation.md):
 * - Missing is not zero: a missing input makes a formula's result missing, with a reason.
 * - A value asked at (unit, period, cut): what was reported exactly there stands; a longer period without a value of its
 *   own is made from its parts (year: halves: quarters: months) by `over_time`; a wider cut from the narrower ones.
 *   Time first within each unit, then up the tree by `over_units`, a parent's own value beside its children's.
 *   `last` takes a unit's last reported part; a unit that ended before the period's last day does not count in it.
 * - As reported: each value rolls up in the tree of its own period's last day. Restated: moved to its whole successor at
 *   the date asked; a value of a split unit makes the restated figure "split".
 * - Rates come from consolidated sums. Decisions (targets, rounding, printing) are exact: doubles only where they
 *   cannot be wrong, exact rationals where a decision hangs on it.
 * - Coverage: of the units expected to report into a figure (the forms' `covers` or reporters at or below the unit, at
 *   the period's last day, each part period once; `last`: the last part only), how many have.
 */
#ifndef KH_CALC_CALC_H
#define KH_CALC_CALC_H

#include "base/buf.h"
#include "store/store.h"

typedef struct kh_calc kh_calc; /* a session: the store is read when a question needs it, columns are kept for the next question */

typedef struct kh_calc_options {
    bool restate; kh_day boundaries;   /* restated to the units of this date */
    const kh_return *overlay;          /* values that count as if stored (rules at import), instead of submission `without` */
    int64_t without;
    kh_day today;                      /* for "not yet due"; KH_DAY_MAX or 0: every period is over */
    int threads;                       /* 0: as many as pay */
    const volatile int *stop;          /* set: stop soon with KH_EINTR */
    const kh_unit *units; size_t n_units; /* not NULL: questions are about these and what lies below them; no more is read. Not with restate */
} kh_calc_options;

int kh_calc_open(kh_calc **out, kh_catalog *c, kh_store *s, const kh_calc_options *o, kh_error *err);
void kh_calc_close(kh_calc *k);
/* Gives up the columns made so far; what was read stays. No answer may be alive. For grids that are asked period by period. */
void kh_calc_forget(kh_calc *k);

typedef enum kh_item_kind { KH_ITEM_MEASURE, KH_ITEM_INDICATOR, KH_ITEM_EXPR } kh_item_kind;
typedef struct kh_item { kh_item_kind kind; uint32_t ref; kh_cut cut; } kh_item; /* cut: for a measure */

typedef enum kh_missing { KH_THERE, KH_NOT_REPORTED, KH_DIVIDED_BY_ZERO, KH_NOT_DEFINED /* log of 0, overflow, 0^-1 */, KH_SPLIT, KH_NO_SUCH_UNIT /* not at that date */, KH_NO_WHOLE /* over_* none: only parts */, KH_SCRIPT_NIL } kh_missing;
const char *kh_missing_name(kh_missing m); /* stable, not translated; kh_tr'able text by kh_missing_text */
const char *kh_missing_text(kh_missing m);

typedef struct kh_figure {
    double value;               /* within 2^-47 of the exact value, relatively; 0 when missing */
    uint8_t missing;            /* kh_missing */
    uint8_t status;             /* kh_status of indicators with a target here, else KH_ST_NONE */
    uint8_t decided;            /* the status by the numbers alone, as if all had reported (status says PARTIAL then) */
    bool partial;               /* reported < expected */
    uint32_t reported, expected;
    uint32_t target;            /* index among the indicator's targets, UINT32_MAX none */
} kh_figure;

typedef struct kh_question {
    const kh_item *items; size_t n_items;
    const kh_unit *units; size_t n_units;        /* KH_NO_UNIT entries not allowed */
    const kh_period *periods; size_t n_periods;
} kh_question;

/* For sessions about some units (kh_calc_options.units): whether it is one (where they are most of all it is not), and whether it can answer. */
bool kh_calc_is_narrow(const kh_calc *k);
bool kh_calc_covers(const kh_calc *k, const kh_question *q);
bool kh_calc_looks_up(const kh_catalog *c, const kh_question *q); /* a formula asks the parent or the siblings */

typedef struct kh_answer kh_answer; /* figures [item][period][unit] */
int kh_calc_ask(kh_calc *k, const kh_question *q, kh_answer **out, kh_error *err);
void kh_answer_free(kh_answer *a);
/* In an answer of more than 65,536 figures the figure is made when asked and lives until 1,024 others have been asked for. */
const kh_figure *kh_answer_figure(const kh_answer *a, size_t item, size_t period, size_t unit);
/*
 * The exact value as text: `decimals` >= 0 rounds half away from zero, exactly (what is printed never contradicts the
 * status); -1 gives all digits of a finite decimal, else 17 significant digits. Canonical ('.' and '-', no grouping). "" when missing.
 */
int kh_answer_text(kh_calc *k, const kh_answer *a, size_t item, size_t period, size_t unit, int decimals, char *out, size_t room, kh_error *err);
/* Text and choice measures: the reported text at exactly that place; NULL: none. Lives as long as the answer. */
const char *kh_answer_string(const kh_answer *a, size_t item, size_t period, size_t unit);

/*
 * As CSV, a row a unit and period (units that did not exist then are left out): unit, period, each item at its decimals,
 * after an indicator with targets its status. Texts are safe against formulas.
 */
void kh_answer_csv_head(const kh_catalog *c, const kh_question *q, kh_buf *out);
int kh_answer_csv(const kh_answer *a, kh_buf *out, kh_error *err);

/*
 * A target's bound that is a formula, as text; high: the upper one of `between`. `decimals` >= 0: rounded, with as many more
 * as it takes that bound and figure as they are printed do not contradict the status; -1: as in kh_answer_text. "" where it is missing or a fixed number.
 */
int kh_answer_bound(const kh_answer *a, size_t item, size_t period, size_t unit, bool high, int decimals, char *out, size_t room, kh_error *err);
/* Distance to the target: value - bound (for between: to the nearer bound that is missed, 0 inside), exact text. */
int kh_answer_distance(kh_calc *k, const kh_answer *a, size_t item, size_t period, size_t unit, char *out, size_t room, kh_error *err);

/* --- rules ---------------------------------------------------------------- */
/* Judges every rule (or those of `only`) in these periods; each break is a finding with rule code, unit, period and numbers, line and file of
   the first input where one is known. */
int kh_calc_rules(kh_calc *k, const uint32_t *only, size_t n_only, const kh_period *periods, size_t n_periods, kh_findings *out, kh_error *err);
/* Outliers among siblings and against a unit's own history: modified z-score over `limit` (3.5 is customary; Iglewicz and Hoaglin 1993), jumps. */
typedef struct kh_outlier_options { double z_limit, modified_z_limit, jump_ratio; int history; } kh_outlier_options; /* 0: that check is off */
int kh_calc_outliers(kh_calc *k, const kh_outlier_options *o, const uint32_t *measures, size_t n, const kh_period *periods, size_t n_periods, kh_findings *out, kh_error *err);

/* --- explain -------------------------------------------------------------- */
typedef enum kh_origin_kind { KH_O_RESULT, KH_O_OP, KH_O_CONST, KH_O_MEASURE /* consolidated */, KH_O_UNIT /* one unit's part */, KH_O_PERIOD /* one part period's */, KH_O_VALUE /* a reported value */, KH_O_BOUND /* of the target, where it is a formula; label: the comparator */ } kh_origin_kind;
typedef struct kh_origin {
    kh_origin_kind kind;
    const char *label;          /* "T7", "/", "reserve_matched", ... */
    const char *groups;         /* of{...}: "area=town;ownership=public"; NULL: all units */
    const char *value;          /* exact text, NULL: missing */
    const char *missing;        /* the reason's text */
    uint8_t why;                /* kh_missing */
    uint8_t status;             /* kh_status, of the root where it is an indicator with a target */
    uint32_t target;            /* which of its targets; UINT32_MAX: none */
    const char *lo, *hi;        /* of a target whose bound is a formula: exact text, NULL: missing or a fixed number */
    kh_unit unit; kh_period period; uint32_t measure; kh_cut cut;
    uint32_t reported, expected;
    bool taken, left_out;       /* KH_O_PERIOD of a measure that takes its last (or first) period: this one, or another */
    /* KH_O_VALUE */
    int64_t submission; int version; const char *form, *file, *sha256, *received, *by; uint32_t line; const char *sender;
    struct kh_origin **children; size_t n_children;
} kh_origin;
int kh_calc_explain(kh_calc *k, kh_item item, kh_unit unit, kh_period period, kh_origin **out, kh_error *err);
void kh_origin_free(kh_origin *o);

/* Reported / expected of a form in a period: who must send it. */
typedef struct kh_due { uint32_t form; kh_unit sender; kh_period period; kh_day due; const char *received; /* NULL: not yet; ISO */ int64_t submission; int version; bool late; } kh_due;
typedef int kh_due_fn(void *ctx, const kh_due *d);
/* Every return that is expected for periods within `p` (form NULL: all), in the order form, period, sender. */
int kh_calc_due(kh_calc *k, const char *form, kh_period p, kh_due_fn *fn, void *ctx, kh_error *err);

#endif

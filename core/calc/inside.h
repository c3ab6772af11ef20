/* SPDX-License-Identifier: MIT */
/*
 * The inside of a calculation session; only core/calc includes it.
 *
 * Everything is an array over slots: a slot is the session's own number of a
 * unit (in the order of the tree, so that a roll-up walks memory nearly in a
 * line). The stages of a measure's figure, each in its own file:
 *
 *   load.c         what was reported: one array a (measure, cut, period)
 *   cell.c         one unit at a time, exact: the reference of the stages and what explain shows
 *   own.c          all units at once: cuts, then time
 *   consolidate.c  up the tree, into a column
 *   coverage.c     who was expected, who reported
 *   eval.c         formulas over columns, in blocks of doubles with their error bound
 *   exact.c        one formula cell in rationals, where a decision hangs on it
 */
#ifndef KH_CALC_INSIDE_H
#define KH_CALC_INSIDE_H

#include "calc/calc.h"

#include <gmp.h>

#define SLOT_NONE (-1)

/* --- hash from a 64-bit key to a pointer ----------------------------------- */
typedef struct table { uint64_t *keys; void **items; size_t n, room; } table;
void *kh_c_table_get(const table *t, uint64_t key);
void kh_c_table_set(table *t, uint64_t key, void *item); /* item NULL: removes the meaning, keeps the place */
void kh_c_table_free(table *t);
static inline uint64_t pair(uint32_t a, uint32_t b) { return (uint64_t)a << 32 | b; }

/* --- the tree of one span of days, in slots --------------------------------- */
typedef struct tree {
    kh_day from, to;
    uint32_t n;
    uint32_t *slot;   /* [n] parents before children */
    int32_t *up;      /* [slots] the parent's slot, SLOT_NONE: a root; TREE_OUT: not in this tree */
    uint64_t *chain;  /* [slots] hash of the way to the root: equal where all ancestors are */
} tree;
#define TREE_OUT (-2)

/* --- what was reported -------------------------------------------------------- */
typedef struct base { /* of one measure, cut and period */
    int64_t *m;       /* [slots] at `scale`; KH_MISSING */
    uint8_t scale;
    uint64_t most;    /* largest |m| */
    struct base *more;/* the same at another scale, where bringing both to one would pass 2^63 */
    const char **text;/* [slots] for choice and text measures, else NULL */
} base;
typedef struct cut_node cut_node;
typedef struct cut_branch { uint32_t category; cut_node **option; size_t n; } cut_branch;
struct cut_node { /* how a wider cut is made from what was reported */
    base *own;
    cut_branch *by; size_t n_by;
};
typedef struct sheet { /* of one measure and period: a base per cut */
    kh_cut *cut; base **of; size_t n, cap;
    cut_node **plan; kh_cut *planned; size_t n_plans, cap_plans;
    kh_arena *arena;  /* of the plans */
    bool loaded;
} sheet;

/* --- a column: figures of one expression in one period -------------------------- */
typedef enum column_kind { COL_INT, COL_RAT, COL_DBL } column_kind;
typedef struct figures {
    int refs;
    column_kind kind;
    uint8_t *why;     /* [slots] kh_missing */
    int64_t *m;       /* COL_INT: value is m / (10^scale * div * cnt) */
    uint8_t scale;
    int64_t div;
    uint32_t *cnt;    /* NULL: 1 */
    double most;      /* COL_INT: largest |m| */
    double *near;     /* COL_INT: its doubles, once a formula has asked for them */
    mpq_t *q;         /* COL_RAT; initialised where why == KH_THERE */
    double *v;        /* COL_DBL; COL_RAT: the nearest doubles; where missing some finite number */
    double *e;        /* COL_DBL: bound of |v - truth|; NULL: rel * 2^-53 * |v| */
    double rel;
    bool decimals;    /* COL_DBL: a value stands for the decimal that it is nearest to: kh_c_to_15_digits */
    size_t n, bytes;
    uint64_t used;
} figures;

typedef struct asked { kh_period p; uint8_t *mask; } asked; /* units [slots] expected for a part period */
typedef struct expected { uint32_t *count; asked *of; size_t n, cap; } expected; /* n 0: no form asks */
typedef struct cover { uint32_t *reported; const expected *of; } cover; /* of NULL: coverage does not apply */

/* A measure leaf: what KH_X_MEASURE names. */
typedef struct leaf { kh_expr e; uint32_t measure; kh_cut cut; const kh_unit_group *groups; size_t n_groups; const kh_measure *def; } leaf;

typedef struct place { /* restated: where a unit's values go */
    int32_t to;            /* slot at the boundaries, SLOT_NONE: nowhere */
    bool split;            /* `to` is the nearest unit that holds all pieces */
    uint32_t *hit; size_t n_hit; /* units below `to` that get a part nobody can tell */
} place;

typedef struct span { /* what lies within a period; cached */
    kh_period p;
    kh_period *base; size_t n;   /* periods with values that lie in it, sorted */
    bool ready;                  /* the rest is filled in: span_ready */
    tree *end;                   /* tree at its last day (restated: at the boundaries) */
    uint8_t *alive;              /* [slots] exists on some day of it (restated: at the boundaries) */
    uint8_t *shaky;              /* [slots] ways to the root differ among the base periods; NULL: all one tree */
    uint32_t *loose; size_t n_loose; /* units that are shaky or not in the tree at its end */
} span;

struct memo;
struct program;

struct kh_calc {
    kh_catalog *c;
    kh_store *s;
    kh_calc_options o;
    size_t n;                    /* slots */
    kh_unit *unit;               /* [n] */
    int32_t *slot_of;            /* [units] */
    bool *within;                /* [units] those the session is about; NULL: all */
    kh_day *from, *to;           /* [n] */
    uint32_t *order;             /* [n] rank by (code, valid from): what first and last mean among units */
    tree **trees; size_t n_trees, cap_trees;
    place *places;               /* [n], restated only */
    kh_period *stored; size_t n_stored; /* periods that have values (store and overlay), sorted */
    table sheets;                /* (measure, period) -> sheet */
    table columns;               /* (expr, period) -> figures */
    table others;                /* the columns of the other mode: see flat */
    bool flat;                   /* units' own values only, nothing goes up the tree (rules, outliers) */
    table covers;                /* (expr, period) -> cover */
    table spans;                 /* period -> span */
    table masks;                 /* (form, tree number) -> uint8_t[slots] */
    struct { uint64_t hash; kh_period p; expected *x; } *expecteds; size_t n_expecteds, cap_expecteds;
    table programs;              /* expr -> program */
    kh_arena *texts;
    struct memo *memo;
    unsigned depth;              /* of nested column_of calls: a circle of indicators ends it */
    uint64_t tick;
    size_t column_bytes;
};

/* session.c */
void kh_c_flatten(kh_calc *k, bool flat); /* into the mode of own values, or out of it */
tree *kh_c_tree_at(kh_calc *k, kh_day day);
span *kh_c_span_of(kh_calc *k, kh_period p);    /* its base periods only */
span *kh_c_span_ready(kh_calc *k, kh_period p); /* all of it */
int kh_c_stopped(const kh_calc *k, kh_error *err);
static inline int32_t slot_of(const kh_calc *k, kh_unit u) { return u == KH_NO_UNIT ? SLOT_NONE : k->slot_of[u]; }
bool kh_c_in_groups(const kh_calc *k, uint32_t slot, const kh_unit_group *g, size_t n);
void kh_c_leaf_of(const kh_calc *k, kh_expr e, leaf *out); /* e is a KH_X_MEASURE */
kh_expr kh_c_leaf_expr(kh_calc *k, uint32_t measure, kh_cut cut);

/* places.c: restated boundaries */
void kh_c_places_make(kh_calc *k);
void kh_c_places_free(kh_calc *k);

/* load.c */
int kh_c_load_periods(kh_calc *k, kh_error *err);
/* Every value of these measures in the periods that lie within `ps`. */
int kh_c_load(kh_calc *k, const bool *measures, const kh_period *ps, size_t n, kh_error *err);
sheet *kh_c_sheet_of(kh_calc *k, uint32_t measure, kh_period p); /* NULL: nothing was reported */
cut_node *kh_c_cut_plan(kh_calc *k, sheet *s, const kh_measure *m, kh_cut cut);
void kh_c_sheet_free(sheet *s);
bool kh_c_base_get(const base *b, uint32_t slot, int64_t *m, uint8_t *scale);

/* cell.c: one unit, exact */
typedef struct piece { kh_period p; mpq_t q; } piece; /* a value that stands: reported for p */
typedef struct pieces { piece *of; size_t n, cap; bool whole_missing; /* parts are there, and nothing may be made of them */ } pieces;
void kh_c_pieces_clear(pieces *ps);
void kh_c_pieces_free(pieces *ps);
/* The values of `slot` that stand for p, in the order of time. *exact: one value, reported for p itself. */
void kh_c_cell_parts(kh_calc *k, const leaf *l, uint32_t slot, kh_period p, pieces *out, bool *exact);
/* Of these, those that lie under `to` in the trees of their own days. */
void kh_c_cell_parts_as_reported(kh_calc *k, const leaf *l, uint32_t slot, kh_period p, uint32_t to, pieces *out, bool *exact);
/* The one value that the parts make. kh_missing. */
uint8_t kh_c_parts_value(const leaf *l, const pieces *ps, bool exact, mpq_t out);
uint8_t kh_c_cut_cell(kh_calc *k, const leaf *l, uint32_t slot, kh_period p, mpq_t out);
/* The day at which a value of (slot, p) finds its way up. */
kh_day kh_c_cell_day(const kh_calc *k, uint32_t slot, kh_period p);

/* Aggregates, exact. */
typedef struct tally { kh_agg how; uint32_t n; bool made; uint32_t at; mpq_t a, b; } tally;
void kh_c_tally_start(tally *t, kh_agg how);
void kh_c_tally_add(tally *t, const mpq_t q, uint32_t order); /* order: what first and last compare */
uint8_t kh_c_tally_end(tally *t, mpq_t out); /* kh_missing */
void kh_c_tally_free(tally *t);

/* Who gives what to whom: every contribution of one unit to the figures of p. */
typedef void gives_fn(void *ctx, uint32_t to, const mpq_t q, uint32_t from);
typedef struct gives {
    gives_fn *value;
    void (*split)(void *ctx, uint32_t to);              /* `to` got a part nobody can tell */
    void (*lack)(void *ctx, uint32_t to, uint8_t why);  /* something is there, and it makes no value for `to` */
    void *ctx;
    bool flat;  /* to the unit itself only */
} gives;
void kh_c_cell_gives(kh_calc *k, const leaf *l, uint32_t slot, const span *sp, const gives *g);

/* own.c: all units at once, whole numbers */
typedef struct owns { int64_t *m; uint8_t *nw; uint8_t scale; int64_t div; uint64_t most; bool borrowed; bool any; } owns;
bool kh_c_own_of(kh_calc *k, const leaf *l, kh_period p, owns *out); /* false: not to be had in whole numbers */
void kh_c_own_free(owns *o);
/* [slots] 1 where the unit has a value that stands for p. NULL: nowhere. Caller frees. */
uint8_t *kh_c_own_present(kh_calc *k, const leaf *l, kh_period p);

/* column.c */
figures *kh_c_column_new(kh_calc *k, column_kind kind);
figures *kh_c_column_only(kh_calc *k, figures *c, const uint8_t *alive); /* c where alive, KH_NO_SUCH_UNIT elsewhere; c itself (kept) where that is no difference */
void kh_c_column_keep(figures *c);
void kh_c_column_drop(figures *c);
double kh_c_column_value(const figures *c, uint32_t slot, double *e); /* e may be NULL */
/* v at 15 significant digits; false: it is whole, or has no decimal of its size, and stands for itself. */
bool kh_c_to_15_digits(double v, kh_dec *out);
const double *kh_c_column_doubles(figures *c); /* [slots] some finite number where missing */
void kh_c_column_exact(const figures *c, uint32_t slot, mpq_t out);
void kh_c_q_set(mpq_t out, int64_t m, unsigned scale, int64_t div, uint32_t cnt);
double kh_c_q_double(const mpq_t q);       /* nearest; not finite beyond the doubles */
void kh_c_q_of_dec(mpq_t out, kh_dec d);

/* consolidate.c */
int kh_c_consolidate(kh_calc *k, const leaf *l, kh_period p, figures **out, kh_error *err);

/* coverage.c */
int kh_c_cover_of(kh_calc *k, const leaf *l, kh_period p, const cover **out, kh_error *err);
/* Coverage of a formula's figures: units [n] as slots. */
int kh_c_cover_units(kh_calc *k, kh_expr e, const uint32_t *slots, size_t n, kh_period p, uint32_t *reported, uint32_t *expected, kh_error *err);
void kh_c_expected_free(expected *x);
size_t kh_c_carried_by(const kh_calc *k, uint32_t measure, uint32_t *forms, size_t room);
const uint8_t *kh_c_form_mask(kh_calc *k, uint32_t form, kh_day day);

/* eval.c, shift.c */
int kh_c_column_of(kh_calc *k, kh_expr e, kh_period p, figures **out, kh_error *err); /* borrowed until the next question */
bool kh_c_is_block_op(uint8_t op);
int kh_c_shift_column(kh_calc *k, kh_expr e, kh_period p, figures **out, kh_error *err);
kh_expr kh_c_resolve(const kh_calc *k, kh_expr e); /* through indicators with formulas */
/* The periods that a time operator reads of its operand at p; 0 entries: before the calendar. Returns how many. */
size_t kh_c_shift_periods(const kh_expr_node *x, kh_period p, kh_period *out, size_t room);
#define SHIFT_MOST 512

/* need.c: what must be read */
int kh_c_need(kh_calc *k, const kh_expr *roots, size_t n_roots, const kh_period *ps, size_t n, kh_error *err);

/* exact.c */
int kh_c_exact_cell(kh_calc *k, kh_expr e, uint32_t slot, kh_period p, mpq_t out, uint8_t *why, kh_error *err);
void kh_c_memo_free(struct memo *m);

/* each.c */
int kh_c_each_column(kh_calc *k, const kh_indicator *ind, kh_period p, figures **out, kh_error *err);

/* target.c */
/* The target that binds each of these units, by number; UINT32_MAX: none. */
void kh_c_targets_of(kh_calc *k, const kh_indicator *ind, const uint32_t *slots, size_t n, kh_period p, uint32_t *out);
typedef struct side { /* of a target in one period */
    double at;        /* the bound */
    bool whole;       /* exactly that */
    figures *of;      /* where the bound is a formula: its figures; else NULL */
} side;
typedef struct edge { const kh_target *t; kh_period p; side lo, hi; kh_status missed; /* what a value is that does not meet it */ } edge; /* a target in one period */
int kh_c_edge_make(kh_calc *k, const kh_target *t, kh_period p, edge *out, kh_error *err);
void kh_c_edge_free(edge *x);
bool kh_c_edge_stands(const edge *x, uint32_t slot); /* its bounds are there for this unit */
/* 1 met, 0 not, -1: too near to a bound to say in doubles. */
int kh_c_edge_meets(const edge *x, uint32_t slot, double v, double e);
int kh_c_edge_meets_dec(const edge *x, uint32_t slot, kh_dec v); /* a figure as printed; bounds that are formulas are rounded as it is */
/* The exact bounds of a unit for which it stands; hi: of `between` only. */
int kh_c_edge_bounds(kh_calc *k, const edge *x, uint32_t slot, mpq_t lo, mpq_t hi, kh_error *err);
bool kh_c_edge_meets_exactly(const edge *x, const mpq_t lo, const mpq_t hi, const mpq_t v);

/* text.c */
/* Rounded half away from zero to `decimals`; -1: all digits of a finite decimal, else 17 significant. */
char *kh_c_q_text(const mpq_t q, int decimals);
void kh_c_q_round(mpq_t q, int decimals);

kh_expr kh_c_item_expr(kh_calc *k, const kh_item *it);

#endif

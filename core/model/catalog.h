/* SPDX-License-Identifier: MIT */
/*
 * The catalog: all definitions of a workspace, by code. It owns everything in
 * it (strings through `arena`); freeing it is one call. Definitions are added
 * while scripts load and are then sealed: references resolved, circles found.
 */
#ifndef KH_MODEL_CATALOG_H
#define KH_MODEL_CATALOG_H

#include "base/mem.h"
#include "model/cut.h"
#include "model/expr.h"
#include "model/form.h"
#include "model/indicator.h"
#include "model/measure.h"
#include "model/plan.h"
#include "model/rule.h"
#include "model/unit.h"

typedef struct kh_report_def { const char *code, *title; const char *lang; /* NULL: as asked; "vi", "en": always */ kh_freq every; void *script; const char *file; int line; const char *note; } kh_report_def;
typedef struct kh_job_def {
    const char *code, *title;
    kh_freq every; kh_calendar calendar;
    int after;            /* days after the window closes */
    int at;               /* minutes after midnight */
    int timeout, wait;    /* seconds */
    int retries, catch_up;
    void *script; const char *file; int line;
    char sha256[65];
} kh_job_def;

typedef enum kh_def { KH_DEF_MEASURE, KH_DEF_INDICATOR, KH_DEF_FORM, KH_DEF_RULE, KH_DEF_PLAN, KH_DEF_REPORT, KH_DEF_JOB } kh_def;

typedef struct kh_catalog {
    kh_arena *arena;
    kh_units *units;
    kh_cuts *cuts;
    kh_exprs *exprs;
    kh_measure *measures; size_t n_measures, cap_measures;
    kh_indicator *indicators; size_t n_indicators, cap_indicators;
    kh_form *forms; size_t n_forms, cap_forms;
    kh_rule *rules; size_t n_rules, cap_rules;
    kh_plan *plans; size_t n_plans, cap_plans;
    kh_report_def *reports; size_t n_reports, cap_reports;
    kh_job_def *jobs; size_t n_jobs, cap_jobs;
    const char *name;           /* the workspace's */
    const char *note;           /* NULL, or words that every report shows (illustrative data) */
    kh_calendar calendar;
    struct kh_catalog_index *index; /* codes, private */
} kh_catalog;

kh_catalog *kh_catalog_new(void);
void kh_catalog_free(kh_catalog *c);
/*
 * Adds a copy of the struct (its strings must already be the arena's) and gives its index. KH_EUSAGE, naming both
 * places, when the code is there already. Measures and indicators share one name space.
 */
int kh_catalog_add(kh_catalog *c, kh_def def, const void *item, uint32_t *index, kh_error *err);
uint32_t kh_catalog_find(const kh_catalog *c, kh_def def, const char *code); /* UINT32_MAX: unknown */
/* KH_EUSAGE "unknown indicator "T77"; did you mean T7?" */
int kh_catalog_need(const kh_catalog *c, kh_def def, const char *code, uint32_t *index, kh_error *err);
/* Like need, for the shared name space of measures and indicators. */
int kh_catalog_need_name(const kh_catalog *c, const char *code, kh_def *def, uint32_t *index, kh_error *err);
/* Names of tasks, units and parents resolve; indicators form no circle (the path is named); units are sealed. */
int kh_catalog_seal(kh_catalog *c, kh_error *err);
/* A unit by code or name at a date; KH_EUSAGE with candidates or the nearest. */
int kh_catalog_need_unit(const kh_catalog *c, const char *text, kh_day at, kh_unit *out, kh_error *err);
/* The same; of several units with that name the one that sends the form (UINT32_MAX: any), if it is one alone. */
int kh_catalog_need_sender(const kh_catalog *c, uint32_t form, const char *text, kh_day at, kh_unit *out, kh_error *err);

#endif

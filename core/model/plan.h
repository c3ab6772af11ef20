/* SPDX-License-Identifier: MIT */
/* A plan document: references, sections and tasks, assignments, milestones, pilots. Plans cascade by `parent`. Plain data. */
#ifndef KH_MODEL_PLAN_H
#define KH_MODEL_PLAN_H

#include "model/period.h"

typedef struct kh_reference { const char *code, *title; kh_day date; const char *role; } kh_reference; /* role: "carries out", "continues", "cites" */
typedef struct kh_task {
    const char *code, *title;      /* "II.4" */
    const char *parent;            /* NULL: a section at the top */
    const char *kind;              /* "section", "task", "duty" */
    const char *track;             /* NULL, or what can be followed */
    const char *const *targets; size_t n_targets; /* indicator codes */
    int line;
} kh_task;
typedef enum kh_role { KH_ROLE_LEAD, KH_ROLE_WITH, KH_ROLE_STANDING } kh_role;
const char *kh_role_name(kh_role r);
bool kh_role_parse(const char *s, kh_role *out);
typedef struct kh_assignment {
    const char *task;
    const char *unit;              /* unit code, or "*": all agencies and districts concerned, or "kind:district" */
    kh_role role;
    const char *duty;              /* NULL, or the words */
    int line;
} kh_assignment;
typedef struct kh_milestone { const char *code, *title; kh_day due; const char *task; const char *unit; } kh_milestone;
typedef struct kh_pilot { const char *unit, *task, *title; } kh_pilot;

typedef struct kh_plan {
    const char *code, *title, *kind, *issuer, *place, *subject, *signer, *parent, *unit; /* unit: whose plan it is, code */
    kh_day date;
    kh_period from, to;
    kh_reference *references; size_t n_references;
    kh_task *tasks; size_t n_tasks;
    kh_assignment *assignments; size_t n_assignments;
    kh_milestone *milestones; size_t n_milestones;
    kh_pilot *pilots; size_t n_pilots;
    kh_period *budget_years; size_t n_budget_years; /* a budget estimate is due for each */
    const char *note;
    const char *file; int line;
    char sha256[65];
    int64_t id;
} kh_plan;

#endif

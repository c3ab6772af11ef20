/* SPDX-License-Identifier: MIT */
/* Definitions between l_define.c, which notes and orders them, and the files that read one kind each. */
#ifndef KH_SCRIPT_DEFINE_H
#define KH_SCRIPT_DEFINE_H

#include "script/host.h"

typedef struct kh_defn {
    kh_script *s;
    kh_catalog *c;
    const char *kind, *code, *what; /* "measure", "x", "measure \"x\"" */
    int table;                      /* stack index of the definition's table */
    const kh_place *place;
} kh_defn;

typedef void kh_define_fn(lua_State *L, const kh_defn *d);
/* units.c */
kh_define_fn kh_define_kind, kh_define_units, kh_define_successors, kh_define_unit, kh_define_category;
/* figures */
kh_define_fn kh_define_measure, kh_define_indicator, kh_define_formula, kh_define_rule;
kh_define_fn kh_define_form, kh_define_plan, kh_define_report, kh_define_job;

/* The definition's code and place as the catalog's own. */
char *kh_defn_code(const kh_defn *d);
char *kh_defn_file(const kh_defn *d);
char *kh_defn_title(const kh_table *t, const kh_defn *d, const char *key);
/* Adds to the catalog, or raises. */
uint32_t kh_defn_add(lua_State *L, const kh_defn *d, kh_def def, const void *item);
/* The function at `key` kept in the registry; NULL if absent. */
void *kh_defn_function(const kh_table *t, const char *key, bool required);
/* All plans' tasks become options of categories that say from = "plan". */
void kh_define_plan_options(lua_State *L, const kh_plan *p);

/* Where the first function (or block) in a text ends: behind its `end`; `end` if it does not. */
const char *kh_function_end(const char *from, const char *end);

extern const kh_key kh_keys_workspace[], kh_keys_kind[], kh_keys_units[], kh_keys_successors[], kh_keys_unit[], kh_keys_category[], kh_keys_measure[],
    kh_keys_indicator[], kh_keys_target[], kh_keys_rule[], kh_keys_form[], kh_keys_column[], kh_keys_plan[], kh_keys_reference[], kh_keys_task[],
    kh_keys_assignment[], kh_keys_milestone[], kh_keys_pilot[], kh_keys_report[], kh_keys_job[];

#endif

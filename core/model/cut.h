/* SPDX-License-Identifier: MIT */
/*
 * Cuts: combinations of category options by which a value is broken down.
 * A cut is interned: equal cuts have the same index; 0 is the empty cut (no
 * breakdown). Its key lists category=option pairs in the order of the
 * categories' codes: "gender=female;group=2".
 */
#ifndef KH_MODEL_CUT_H
#define KH_MODEL_CUT_H

#include "base/err.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct kh_option { const char *code, *title; } kh_option;
typedef struct kh_category {
    const char *code, *title;
    kh_option *options; size_t n_options;
    const char *file; int line;
} kh_category;

typedef uint32_t kh_cut;
#define KH_NO_CUT 0u          /* the empty cut */
#define KH_CUT_BAD UINT32_MAX

typedef struct kh_cut_part { uint32_t category, option; } kh_cut_part;

typedef struct kh_cuts kh_cuts;
kh_cuts *kh_cuts_new(void);
void kh_cuts_free(kh_cuts *c);
/* Adds or extends a category (options that are there keep their index). Returns its index. */
uint32_t kh_cuts_add_category(kh_cuts *c, const char *code, const char *title, const char *file, int line);
uint32_t kh_cuts_add_option(kh_cuts *c, uint32_t category, const char *code, const char *title);
uint32_t kh_cuts_category(const kh_cuts *c, const char *code);             /* UINT32_MAX: unknown */
uint32_t kh_cuts_option(const kh_cuts *c, uint32_t category, const char *code);
size_t kh_cuts_categories(const kh_cuts *c, const kh_category **out);
kh_cut kh_cut_make(kh_cuts *c, const kh_cut_part *parts, size_t n);        /* any order; KH_CUT_BAD: a category twice */
kh_cut kh_cut_parse(kh_cuts *c, const char *key, size_t len, kh_error *err); /* unknown names the nearest */
const char *kh_cut_key(const kh_cuts *c, kh_cut cut);                      /* "" for the empty cut */
size_t kh_cut_parts(const kh_cuts *c, kh_cut cut, const kh_cut_part **out);
bool kh_cut_within(const kh_cuts *c, kh_cut cut, kh_cut wanted);           /* cut has every part of wanted (and perhaps more) */
size_t kh_cuts_count(const kh_cuts *c);
int64_t kh_cut_id(const kh_cuts *c, kh_cut cut);                           /* the store's id, 0: not mirrored */
void kh_cut_set_id(kh_cuts *c, kh_cut cut, int64_t id);

#endif

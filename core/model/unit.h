/* SPDX-License-Identifier: MIT */
/*
 * Units: the tree of administrative and organisational units through time.
 * A unit's key is (code, valid from): a merged commune keeps the code of its
 * seat, so a code is not a name for ever and a name is not unique. A kh_unit is
 * an index into the tree's array, stable while the tree lives. The tree is
 * asked at a date; kh_units_at gives a snapshot (cached: it only changes on
 * the days when some unit begins or ends).
 *
 * A kind (huyen, xa, agency, ...) has a level (province, district, commune,
 * agency, ...); wherever a kind is asked for, a level's name does as well.
 */
#ifndef KH_MODEL_UNIT_H
#define KH_MODEL_UNIT_H

#include "base/err.h"
#include "base/mem.h"
#include "model/period.h"

typedef uint32_t kh_unit;
#define KH_NO_UNIT UINT32_MAX

typedef struct kh_kind {
    const char *code;    /* "huyen" */
    const char *level;   /* "district" */
    const char *title;   /* "Huyện": the word before the name */
    const char *title_en; /* "District" */
} kh_kind;

typedef struct kh_unit_group { const char *group, *value; } kh_unit_group; /* ownership = public */

typedef struct kh_unit_def { /* all strings owned by the tree's arena */
    const char *code, *name;     /* name without the kind word, NFC */
    const char *short_name;      /* NULL, or what a narrow column shows */
    uint32_t kind;               /* index into kinds */
    const char *parent_code;     /* NULL: a root */
    kh_day from, to;             /* both days inclusive; KH_DAY_MIN, KH_DAY_MAX: open */
    kh_unit_group *groups; size_t n_groups;
    const char *file; int line;  /* where it is defined */
    int64_t id;                  /* the store's, 0: not mirrored yet */
} kh_unit_def;

typedef struct kh_succession { kh_day date; kh_unit from, to; bool part; } kh_succession; /* to may be KH_NO_UNIT: dissolved, successor unknown */

typedef struct kh_units kh_units; /* a new one knows the usual kinds (tinh, thanh-pho-tw, quan, huyen, thi-xa, thanh-pho, phuong, thi-tran, xa, dac-khu, agency) */

typedef struct kh_tree { /* the units of one date, parents before children (preorder), siblings by code */
    kh_day from, to;         /* the snapshot holds for every day of this span */
    size_t n;
    const kh_unit *unit;     /* [n] */
    const int32_t *parent;   /* [n] position of the parent, -1: a root */
    const uint32_t *end;     /* [n] position after the last descendant */
    const uint8_t *depth;    /* [n] 0 for roots */
    const int32_t *place;    /* [kh_units_count] position of a unit, -1: not at this date */
} kh_tree;

kh_units *kh_units_new(void);
void kh_units_free(kh_units *u);
uint32_t kh_units_add_kind(kh_units *u, const char *code, const char *level, const char *title, const char *title_en); /* again: replaces */
uint32_t kh_units_kind(const kh_units *u, const char *code); /* KH_NONE-like UINT32_MAX if unknown */
size_t kh_units_kinds(const kh_units *u, const kh_kind **out);
/* Copies the definition. KH_EUSAGE: unknown kind, the same code valid twice on a day, from after to. */
int kh_units_add(kh_units *u, const kh_unit_def *def, kh_unit *out, kh_error *err);
/* old_code valid the day before `date`, new_code valid on it (NULL: successor unknown). */
int kh_units_add_succession(kh_units *u, kh_day date, const char *old_code, const char *new_code, bool part, const char *file, int line, kh_error *err);
/* After all are added: parents exist at each date, no circles; sorts what is looked up. */
int kh_units_seal(kh_units *u, kh_error *err);

size_t kh_units_count(const kh_units *u);
kh_unit_def *kh_units_def(const kh_units *u, kh_unit unit); /* writable for the id only */
kh_unit kh_units_find(const kh_units *u, const char *code, kh_day at);
bool kh_units_knows_code(const kh_units *u, const char *code); /* at any date */
bool kh_units_valid(const kh_units *u, kh_unit unit, kh_day at);
kh_unit kh_units_parent(const kh_units *u, kh_unit unit, kh_day at);
bool kh_units_within(const kh_units *u, kh_unit unit, kh_unit under, kh_day at); /* unit == under, or below it */
bool kh_units_is(const kh_units *u, kh_unit unit, const char *kind_or_level);
bool kh_units_knows_kind(const kh_units *u, const char *kind_or_level);
const char *kh_units_nearest_kind(const kh_units *u, const char *kind_or_level); /* for "did you mean"; NULL: none is near */
const char *kh_units_group(const kh_units *u, kh_unit unit, const char *group); /* NULL: none */
const kh_kind *kh_units_kind_of(const kh_units *u, kh_unit unit);
/* "Huyện Cao Lộc", "Cao Lộc District": with the kind word where the name does not begin with it. */
void kh_units_title(const kh_units *u, kh_unit unit, kh_lang lang, char *out, size_t room);
const kh_tree *kh_units_at(kh_units *u, kh_day at); /* owned by u; valid until a unit is added (all snapshots are kept: they change on few days) */
size_t kh_units_successions(const kh_units *u, const kh_succession **out);
/*
 * Where `unit` went by `at`: follows whole successions. KH_NO_UNIT with *split true: it went in parts
 * without a rule, or its successor is unknown. A unit valid at `at` is its own successor.
 */
kh_unit kh_units_successor(const kh_units *u, kh_unit unit, kh_day at, bool *split);

/* By name at a date, within `under` (KH_NO_UNIT: everywhere). */
typedef struct kh_unit_match { size_t n; kh_unit units[16]; } kh_unit_match; /* n may be over 16: more than fit */
/* Names are compared by kh_text_key, with or without the kind word; exact code wins, also with leading zeros lost. */
void kh_units_match(kh_units *u, const char *text, size_t len, kh_unit under, kh_day at, kh_unit_match *out);
/* The same for no day: every unit that ever had this code or name, to say what has become of one. */
void kh_units_match_ever(kh_units *u, const char *text, size_t len, kh_unit_match *out);
/* Nearest by kh_text_bare, only to suggest. */
void kh_units_suggest(kh_units *u, const char *text, size_t len, kh_unit under, kh_day at, kh_unit_match *out);
/* A name the clerk confirmed: text (by key) means this code. Replaces. */
void kh_units_alias(kh_units *u, const char *text, const char *code);
/* Another number after each unit and alias that was added: what a name meant before may be remembered as long as it stays. */
uint64_t kh_units_edition(const kh_units *u);

/* Which units: a filter used by forms (reporters, covers), targets, questions. All conditions hold together; empty: all. */
typedef struct kh_selector {
    const char *const *kinds; size_t n_kinds;   /* any of these kinds or levels */
    const char *const *codes; size_t n_codes;   /* any of these codes */
    const char *under;                          /* code: it and below (the unit itself only if its kind matches) */
    const kh_unit_group *groups; size_t n_groups; /* all of these */
} kh_selector;
bool kh_selector_has(const kh_units *u, const kh_selector *s, kh_unit unit, kh_day at);

#endif

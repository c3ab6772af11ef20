/* SPDX-License-Identifier: MIT */
/*
 * The definitions of units, by code and day, and what becomes of a unit.
 *
 * Every code has a number; the units that have had it hang on it in a chain,
 * which is seldom longer than two. Asking for a unit, its parent, or whether
 * it lies below another walks such chains: O(depth), no hashing but for a code
 * given as text. Definitions may come in any order and are checked against each
 * other when the tree is sealed; whatever is asked before that is answered from
 * what is there so far.
 *
 * Left out: carrying a figure over to a successor. What is known here is who
 * followed whom; what may be summed is for core/calc to say.
 */
#include "model/unit_int.h"

#include <stdlib.h>
#include <string.h>

kh_units *kh_units_new(void)
{
    kh_units *u = kh_zalloc(1, sizeof *u);
    u->arena = kh_arena_new();
    u->codes = kh_map_new();
    u->aliases = kh_map_new();
    kh_units_add_usual_kinds(u);
    return u;
}

void kh_units_free(kh_units *u)
{
    if (!u)
        return;
    kh_snapshots_free(u->snapshots);
    kh_names_free(u->names);
    kh_map_free(u->codes);
    kh_map_free(u->aliases);
    kh_arena_free(u->arena);
    kh_free(u->kinds);
    kh_free(u->defs);
    kh_free(u->next);
    kh_free(u->parent_code);
    kh_free(u->first);
    kh_free(u->links);
    kh_free(u->successions);
    kh_free(u->alias_codes);
    kh_free(u);
}

/* ---- codes ---- */

static uint32_t number_of(kh_units *u, const char *code, uint32_t known)
{
    if (known != KH_NONE)
        return known;
    uint32_t i = (uint32_t)u->n_codes;
    kh_map_set(u->codes, code, strlen(code), i);
    KH_PUSH(u->first, u->n_codes, u->cap_codes) = KH_NO_UNIT;
    return i;
}

static kh_unit at_day(const kh_units *u, uint32_t code, kh_day at)
{
    kh_unit i = u->first[code];
    while (i != KH_NO_UNIT && !kh_units_valid(u, i, at))
        i = u->next[i];
    return i;
}

kh_unit kh_units_find(const kh_units *u, const char *code, kh_day at)
{
    uint32_t i = kh_map_get(u->codes, code, strlen(code));
    return i == KH_NONE ? KH_NO_UNIT : at_day(u, i, at);
}

bool kh_units_knows_code(const kh_units *u, const char *code)
{
    uint32_t i = kh_map_get(u->codes, code, strlen(code));
    return i != KH_NONE && u->first[i] != KH_NO_UNIT;
}

bool kh_units_valid(const kh_units *u, kh_unit unit, kh_day at)
{
    return u->defs[unit].from <= at && at <= u->defs[unit].to;
}

kh_unit kh_units_parent(const kh_units *u, kh_unit unit, kh_day at)
{
    uint32_t code = u->parent_code[unit];
    return code == KH_NONE ? KH_NO_UNIT : at_day(u, code, at);
}

bool kh_units_within(const kh_units *u, kh_unit unit, kh_unit under, kh_day at)
{
    for (size_t steps = 0; unit != KH_NO_UNIT && steps <= u->n; steps++) { /* bounded: a circle may be there until sealed */
        if (unit == under)
            return true;
        unit = kh_units_parent(u, unit, at);
    }
    return false;
}

size_t kh_units_count(const kh_units *u)
{
    return u->n;
}

kh_unit_def *kh_units_def(const kh_units *u, kh_unit unit)
{
    return &u->defs[unit];
}

const char *kh_units_group(const kh_units *u, kh_unit unit, const char *group)
{
    const kh_unit_def *d = &u->defs[unit];
    for (size_t i = 0; i < d->n_groups; i++)
        if (strcmp(d->groups[i].group, group) == 0)
            return d->groups[i].value;
    return NULL;
}

/* ---- adding ---- */

/* *known: the number of its code, KH_NONE: a new one. */
static int check_new(const kh_units *u, const kh_unit_def *d, uint32_t *known, kh_error *err)
{
    char from[KH_DAY_TEXT], to[KH_DAY_TEXT];
    if (d->kind >= u->n_kinds)
        return kh_fail_at(err, KH_EUSAGE, d->file, d->line, N_("unit \"%s\" has an unknown kind"), d->code);
    if (d->from > d->to) {
        kh_day_format(d->from, from);
        kh_day_format(d->to, to);
        return kh_fail_at(err, KH_EUSAGE, d->file, d->line, N_("unit \"%s\" is valid from %s, after its last day %s"), d->code, from, to);
    }
    uint32_t code = *known = kh_map_get(u->codes, d->code, strlen(d->code));
    for (kh_unit i = code == KH_NONE ? KH_NO_UNIT : u->first[code]; i != KH_NO_UNIT; i = u->next[i])
        if (u->defs[i].from <= d->to && d->from <= u->defs[i].to)
            return kh_fail_at(err, KH_EUSAGE, d->file, d->line,
                              N_("unit \"%s\" (%s) is valid on the same days as \"%s\", which has the same code (%s:%d); let one end before the other begins"),
                              d->code, d->name, u->defs[i].name, u->defs[i].file ? u->defs[i].file : "?", u->defs[i].line);
    return KH_OK;
}

/* The unit before is often of the same file and parent: what it has is shared. */
static const char *text_of(kh_units *u, const char *text, const char *before)
{
    return text && before && strcmp(text, before) == 0 ? before : kh_arena_strdup(u->arena, text);
}

static kh_unit_def copied(kh_units *u, const kh_unit_def *d)
{
    static const kh_unit_def none;
    const kh_unit_def *before = u->n ? &u->defs[u->n - 1] : &none;
    kh_unit_def own = *d;
    own.code = kh_arena_strdup(u->arena, d->code);
    own.name = kh_arena_strdup(u->arena, d->name);
    own.short_name = kh_arena_strdup(u->arena, d->short_name);
    own.parent_code = text_of(u, d->parent_code, before->parent_code);
    own.file = text_of(u, d->file, before->file);
    own.groups = d->n_groups ? kh_arena_alloc(u->arena, d->n_groups * sizeof *own.groups) : NULL;
    for (size_t i = 0; i < d->n_groups; i++)
        own.groups[i] = (kh_unit_group){kh_arena_strdup(u->arena, d->groups[i].group), kh_arena_strdup(u->arena, d->groups[i].value)};
    return own;
}

/* What was derived from the definitions no longer holds. */
static void forget_derived(kh_units *u)
{
    kh_snapshots_free(u->snapshots);
    kh_names_free(u->names);
    u->snapshots = NULL;
    u->names = NULL;
    u->edition++;
}

int kh_units_add(kh_units *u, const kh_unit_def *def, kh_unit *out, kh_error *err)
{
    uint32_t code = KH_NONE;
    int rc = check_new(u, def, &code, err);
    if (rc != KH_OK)
        return rc;
    kh_unit unit = (kh_unit)u->n;
    if (u->n == u->cap) {
        u->defs = kh_grow(u->defs, u->n, &u->cap, sizeof *u->defs);
        u->next = kh_realloc(u->next, u->cap, sizeof *u->next);
        u->parent_code = kh_realloc(u->parent_code, u->cap, sizeof *u->parent_code);
    }
    kh_unit_def own = copied(u, def); /* it looks at the last one: before there is another */
    u->defs[u->n++] = own;
    code = number_of(u, def->code, code);
    u->next[unit] = u->first[code];
    u->first[code] = unit;
    const char *parent = u->defs[unit].parent_code;
    if (!parent)
        u->parent_code[unit] = KH_NONE;
    else if (unit && parent == u->defs[unit - 1].parent_code)
        u->parent_code[unit] = u->parent_code[unit - 1];
    else
        u->parent_code[unit] = number_of(u, parent, kh_map_get(u->codes, parent, strlen(parent)));
    forget_derived(u);
    if (out)
        *out = unit;
    return KH_OK;
}

int kh_units_add_succession(kh_units *u, kh_day date, const char *old_code, const char *new_code, bool part, const char *file, int line, kh_error *err)
{
    if (date == KH_DAY_MIN || date == KH_DAY_MAX)
        return kh_fail_at(err, KH_EUSAGE, file, line, N_("the succession of unit \"%s\" needs a date"), old_code);
    KH_PUSH(u->links, u->n_links, u->cap_links) = (kh_link){
        date, kh_arena_strdup(u->arena, old_code), kh_arena_strdup(u->arena, new_code), part,
        kh_arena_strdup(u->arena, file), line, KH_NO_UNIT, KH_NO_UNIT};
    return KH_OK;
}

/* ---- sealing ---- */

static int check_parent(const kh_units *u, kh_unit unit, kh_error *err)
{
    const kh_unit_def *d = &u->defs[unit];
    char day[KH_DAY_TEXT];
    if (!d->parent_code)
        return KH_OK;
    for (kh_day need = d->from;;) {
        kh_unit parent = at_day(u, u->parent_code[unit], need);
        if (parent == KH_NO_UNIT) {
            kh_day_format(need, day);
            if (need == KH_DAY_MIN || !kh_units_knows_code(u, d->parent_code))
                return kh_fail_at(err, KH_EUSAGE, d->file, d->line, N_("the parent \"%s\" of unit \"%s\" (%s) is not defined for the whole time that the unit is valid"),
                                  d->parent_code, d->code, d->name);
            return kh_fail_at(err, KH_EUSAGE, d->file, d->line, N_("the parent \"%s\" of unit \"%s\" (%s) is not valid on %s"), d->parent_code, d->code, d->name, day);
        }
        if (u->defs[parent].to >= d->to)
            return KH_OK;
        need = u->defs[parent].to + 1;
    }
}

/* Walks up from each unit on one day; mark[unit] is the walk that met it. */
static int check_circles_on(const kh_units *u, kh_day at, uint32_t *mark, kh_error *err)
{
    memset(mark, 0, u->n * sizeof *mark);
    for (kh_unit start = 0; start < u->n; start++) {
        if (!kh_units_valid(u, start, at))
            continue;
        kh_unit i = start;
        while (i != KH_NO_UNIT && !mark[i]) {
            mark[i] = start + 1;
            i = kh_units_parent(u, i, at);
        }
        if (i != KH_NO_UNIT && mark[i] == start + 1) {
            const kh_unit_def *d = &u->defs[i];
            return kh_fail_at(err, KH_EUSAGE, d->file, d->line, N_("unit \"%s\" (%s) is its own ancestor: its parents lead back to it"), d->code, d->name);
        }
    }
    return KH_OK;
}

/*
 * Are the codes a forest when all times are taken together? That is nearly always so, and then no day needs a look.
 * Codes without children are taken away until nothing is left (or a knot is).
 */
static bool plainly_no_circle(const kh_units *u)
{
    uint32_t *children = kh_zalloc(u->n_codes, sizeof *children), *stack = kh_alloc(u->n_codes * sizeof *stack);
    size_t depth = 0, gone = 0;
    for (kh_unit i = 0; i < u->n; i++)
        if (u->parent_code[i] != KH_NONE)
            children[u->parent_code[i]]++;
    for (uint32_t c = 0; c < u->n_codes; c++)
        if (children[c] == 0)
            stack[depth++] = c;
    while (depth) {
        gone++;
        for (kh_unit i = u->first[stack[--depth]]; i != KH_NO_UNIT; i = u->next[i])
            if (u->parent_code[i] != KH_NONE && --children[u->parent_code[i]] == 0)
                stack[depth++] = u->parent_code[i];
    }
    kh_free(children);
    kh_free(stack);
    return gone == u->n_codes;
}

static int check_circles(const kh_units *u, kh_error *err)
{
    if (plainly_no_circle(u))
        return KH_OK;
    size_t n;
    kh_day *days = kh_units_breaks(u, &n);
    uint32_t *mark = kh_alloc(u->n * sizeof *mark);
    int rc = KH_OK;
    for (size_t i = 0; rc == KH_OK && i < n; i++)
        rc = check_circles_on(u, days[i], mark, err);
    kh_free(mark);
    kh_free(days);
    return rc;
}

static int resolve_link(const kh_units *u, kh_link *l, kh_error *err)
{
    char day[KH_DAY_TEXT];
    l->from = kh_units_find(u, l->old_code, l->date - 1);
    l->to = l->new_code ? kh_units_find(u, l->new_code, l->date) : KH_NO_UNIT;
    if (l->from == KH_NO_UNIT) {
        kh_day_format(l->date - 1, day);
        return kh_fail_at(err, KH_EUSAGE, l->file, l->line, N_("the old unit \"%s\" is not valid on %s, the day before the change"), l->old_code, day);
    }
    if (l->new_code && l->to == KH_NO_UNIT) {
        kh_day_format(l->date, day);
        return kh_fail_at(err, KH_EUSAGE, l->file, l->line, N_("the new unit \"%s\" is not valid on %s, the day of the change"), l->new_code, day);
    }
    return KH_OK;
}

static int by_from(const void *a, const void *b)
{
    const kh_link *x = a, *y = b;
    if (x->from != y->from)
        return x->from < y->from ? -1 : 1;
    if (x->date != y->date)
        return x->date < y->date ? -1 : 1;
    return (x->to > y->to) - (x->to < y->to);
}

static int resolve_links(kh_units *u, kh_error *err)
{
    int rc;
    for (size_t i = 0; i < u->n_links; i++)
        if ((rc = resolve_link(u, &u->links[i], err)) != KH_OK)
            return rc;
    if (u->n_links)
        qsort(u->links, u->n_links, sizeof *u->links, by_from);
    u->successions = kh_realloc(u->successions, u->n_links, sizeof *u->successions);
    u->n_successions = u->n_links;
    for (size_t i = 0; i < u->n_links; i++) {
        const kh_link *l = &u->links[i], *before = i ? l - 1 : NULL;
        if (before && before->from == l->from && before->date == l->date && (!l->part || !before->part || l->to == before->to))
            return kh_fail_at(err, KH_EUSAGE, l->file, l->line, N_("unit \"%s\" is said to go to more than one place as a whole, or twice to the same (%s:%d); write part where it was divided"),
                              l->old_code, before->file ? before->file : "?", before->line);
        u->successions[i] = (kh_succession){l->date, l->from, l->to, l->part};
    }
    return KH_OK;
}

int kh_units_seal(kh_units *u, kh_error *err)
{
    int rc;
    for (kh_unit i = 0; i < u->n; i++)
        if ((rc = check_parent(u, i, err)) != KH_OK)
            return rc;
    if ((rc = check_circles(u, err)) != KH_OK)
        return rc;
    return resolve_links(u, err);
}

/* ---- successors ---- */

size_t kh_units_successions(const kh_units *u, const kh_succession **out)
{
    *out = u->successions;
    return u->n_successions;
}

/* The first succession of `unit` on `date`, NULL if none. */
static const kh_succession *succession_of(const kh_units *u, kh_unit unit, kh_day date)
{
    size_t lo = 0, hi = u->n_successions;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        const kh_succession *s = &u->successions[mid];
        if (s->from < unit || (s->from == unit && s->date < date))
            lo = mid + 1;
        else
            hi = mid;
    }
    const kh_succession *s = &u->successions[lo];
    return lo < u->n_successions && s->from == unit && s->date == date ? s : NULL;
}

kh_unit kh_units_successor(const kh_units *u, kh_unit unit, kh_day at, bool *split)
{
    *split = false;
    while (!kh_units_valid(u, unit, at)) {
        if (at < u->defs[unit].from)
            return KH_NO_UNIT; /* it was not there yet: no successor, and no split either */
        const kh_succession *s = succession_of(u, unit, u->defs[unit].to + 1);
        if (!s || s->part || s->to == KH_NO_UNIT) {
            *split = true;
            return KH_NO_UNIT;
        }
        unit = s->to;
    }
    return unit;
}

/* ---- selectors ---- */

static bool any_kind(const kh_units *u, const kh_selector *s, kh_unit unit)
{
    for (size_t i = 0; i < s->n_kinds; i++)
        if (kh_units_is(u, unit, s->kinds[i]))
            return true;
    return s->n_kinds == 0;
}

static bool any_code(const kh_units *u, const kh_selector *s, kh_unit unit)
{
    for (size_t i = 0; i < s->n_codes; i++)
        if (strcmp(u->defs[unit].code, s->codes[i]) == 0)
            return true;
    return s->n_codes == 0;
}

static bool all_groups(const kh_units *u, const kh_selector *s, kh_unit unit)
{
    for (size_t i = 0; i < s->n_groups; i++) {
        const char *value = kh_units_group(u, unit, s->groups[i].group);
        if (!value || strcmp(value, s->groups[i].value) != 0)
            return false;
    }
    return true;
}

bool kh_selector_has(const kh_units *u, const kh_selector *s, kh_unit unit, kh_day at)
{
    if (!kh_units_valid(u, unit, at) || !any_kind(u, s, unit) || !any_code(u, s, unit) || !all_groups(u, s, unit))
        return false;
    if (!s->under)
        return true;
    kh_unit under = kh_units_find(u, s->under, at);
    return under != KH_NO_UNIT && kh_units_within(u, unit, under, at);
}

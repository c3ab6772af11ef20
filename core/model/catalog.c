/* SPDX-License-Identifier: MIT */
/*
 * The catalog: lists of definitions, each with a map from code to index.
 * Measures and indicators share one map, for a formula names both alike; the
 * low bit of its values says which. Seven lists of seven types are handled by
 * one table that says where each list and each common field stands.
 *
 * Sealing is in catalog_seal.c.
 */
#include "model/catalog.h"

#include "base/buf.h"
#include "base/map.h"
#include "base/msg.h"
#include "base/text.h"

#include <string.h>

struct kh_catalog_index {
    kh_map *names;                /* measures and indicators: index * 2 + (is an indicator) */
    kh_map *codes[KH_DEF_JOB + 1]; /* the others */
};

typedef struct list {
    const char *what; /* msgid */
    size_t items, n, cap; /* offsets in kh_catalog */
    size_t size, code, file, line;
} list;

#define LIST(what, type, name)                                                                          \
    {what, offsetof(kh_catalog, name), offsetof(kh_catalog, n_##name), offsetof(kh_catalog, cap_##name), \
     sizeof(type), offsetof(type, code), offsetof(type, file), offsetof(type, line)}

static const list lists[] = {
    [KH_DEF_MEASURE] = LIST(N_("measure"), kh_measure, measures),
    [KH_DEF_INDICATOR] = LIST(N_("indicator"), kh_indicator, indicators),
    [KH_DEF_FORM] = LIST(N_("form"), kh_form, forms),
    [KH_DEF_RULE] = LIST(N_("rule"), kh_rule, rules),
    [KH_DEF_PLAN] = LIST(N_("plan"), kh_plan, plans),
    [KH_DEF_REPORT] = LIST(N_("report"), kh_report_def, reports),
    [KH_DEF_JOB] = LIST(N_("job"), kh_job_def, jobs),
};

enum { N_DEFS = sizeof lists / sizeof *lists };

kh_catalog *kh_catalog_new(void)
{
    kh_catalog *c = kh_zalloc(1, sizeof *c);
    c->arena = kh_arena_new();
    c->units = kh_units_new();
    c->cuts = kh_cuts_new();
    c->exprs = kh_exprs_new();
    c->index = kh_zalloc(1, sizeof *c->index);
    c->index->names = kh_map_new();
    for (int d = KH_DEF_FORM; d < N_DEFS; d++)
        c->index->codes[d] = kh_map_new();
    return c;
}

static void *items_of(const kh_catalog *c, kh_def def)
{
    void *items;
    memcpy(&items, (const char *)c + lists[def].items, sizeof items);
    return items;
}

static size_t count_of(const kh_catalog *c, kh_def def)
{
    size_t n;
    memcpy(&n, (const char *)c + lists[def].n, sizeof n);
    return n;
}

void kh_catalog_free(kh_catalog *c)
{
    if (!c)
        return;
    for (int d = 0; d < N_DEFS; d++) {
        kh_free(items_of(c, (kh_def)d));
        kh_map_free(c->index->codes[d]);
    }
    kh_map_free(c->index->names);
    kh_free(c->index);
    kh_units_free(c->units);
    kh_cuts_free(c->cuts);
    kh_exprs_free(c->exprs);
    kh_arena_free(c->arena);
    kh_free(c);
}

/* ---- fields that all definitions have ---- */

static const char *text_at(const void *item, size_t offset)
{
    const char *s;
    memcpy(&s, (const char *)item + offset, sizeof s);
    return s;
}

static int int_at(const void *item, size_t offset)
{
    int i;
    memcpy(&i, (const char *)item + offset, sizeof i);
    return i;
}

static const void *item_at(const kh_catalog *c, kh_def def, uint32_t index)
{
    return (const char *)items_of(c, def) + index * lists[def].size;
}

static const char *code_at(const kh_catalog *c, kh_def def, uint32_t index)
{
    return text_at(item_at(c, def, index), lists[def].code);
}

static bool has_shared_name(kh_def def)
{
    return def == KH_DEF_MEASURE || def == KH_DEF_INDICATOR;
}

/* ---- finding ---- */

static bool find_name(const kh_catalog *c, const char *code, kh_def *def, uint32_t *index)
{
    uint32_t found = kh_map_get(c->index->names, code, strlen(code));
    if (found == KH_NONE)
        return false;
    *def = found & 1 ? KH_DEF_INDICATOR : KH_DEF_MEASURE;
    *index = found >> 1;
    return true;
}

uint32_t kh_catalog_find(const kh_catalog *c, kh_def def, const char *code)
{
    kh_def found;
    uint32_t index;
    if (!has_shared_name(def))
        return kh_map_get(c->index->codes[def], code, strlen(code));
    return find_name(c, code, &found, &index) && found == def ? index : UINT32_MAX;
}

static void add_codes(const kh_catalog *c, kh_def def, const char **names, size_t *n)
{
    for (uint32_t i = 0; i < count_of(c, def); i++)
        names[(*n)++] = code_at(c, def, i);
}

enum { TOLD = 12 /* names in a message that has no nearest one */ };

static int unknown(const char *what, const char *code, const char *const *names, size_t n, kh_error *err)
{
    int near = kh_text_nearest(code, names, n);
    if (near >= 0)
        return kh_fail(err, KH_EUSAGE, N_("unknown %s \"%s\"; did you mean \"%s\"?"), kh_tr(what), code, names[near]);
    if (n == 0)
        return kh_fail(err, KH_EUSAGE, N_("unknown %s \"%s\": none is defined"), kh_tr(what), code);
    kh_buf all = KH_BUF_INIT;
    for (size_t i = 0; i < n && i < TOLD; i++)
        kh_buf_printf(&all, "%s%s", i ? ", " : "", names[i]);
    kh_buf_str(&all, n > TOLD ? ", …" : "");
    int rc = kh_fail(err, KH_EUSAGE, N_("unknown %s \"%s\"; there are %s"), kh_tr(what), code, kh_buf_cstr(&all));
    kh_buf_free(&all);
    return rc;
}

int kh_catalog_need(const kh_catalog *c, kh_def def, const char *code, uint32_t *index, kh_error *err)
{
    *index = kh_catalog_find(c, def, code);
    if (*index != UINT32_MAX)
        return KH_OK;
    size_t n = 0;
    const char **names = kh_zalloc(count_of(c, def), sizeof *names);
    add_codes(c, def, names, &n);
    int rc = unknown(lists[def].what, code, names, n, err);
    kh_free(names);
    return rc;
}

int kh_catalog_need_name(const kh_catalog *c, const char *code, kh_def *def, uint32_t *index, kh_error *err)
{
    if (find_name(c, code, def, index))
        return KH_OK;
    size_t n = 0;
    const char **names = kh_zalloc(c->n_measures + c->n_indicators, sizeof *names);
    add_codes(c, KH_DEF_MEASURE, names, &n);
    add_codes(c, KH_DEF_INDICATOR, names, &n);
    int rc = unknown(N_("measure or indicator"), code, names, n, err);
    kh_free(names);
    return rc;
}

/* ---- adding ---- */

static int twice(const kh_catalog *c, kh_def def, const void *item, kh_def other, uint32_t index, kh_error *err)
{
    const list *l = &lists[def], *o = &lists[other];
    const void *first = item_at(c, other, index);
    const char *file = text_at(first, o->file);
    return kh_fail_at(err, KH_EUSAGE, text_at(item, l->file), int_at(item, l->line),
                      N_("%s \"%s\" is defined already: %s at %s:%d; give one of them another code"),
                      kh_tr(l->what), text_at(item, l->code), kh_tr(o->what), file ? file : "?", int_at(first, o->line));
}

/* Appends to the list, whatever its type. */
static uint32_t append(kh_catalog *c, kh_def def, const void *item)
{
    const list *l = &lists[def];
    size_t n = count_of(c, def), cap;
    memcpy(&cap, (char *)c + l->cap, sizeof cap);
    char *items = kh_grow(items_of(c, def), n, &cap, l->size);
    memcpy(items + n * l->size, item, l->size);
    n++;
    void *as_pointer = items;
    memcpy((char *)c + l->items, &as_pointer, sizeof as_pointer);
    memcpy((char *)c + l->n, &n, sizeof n);
    memcpy((char *)c + l->cap, &cap, sizeof cap);
    return (uint32_t)n - 1;
}

int kh_catalog_add(kh_catalog *c, kh_def def, const void *item, uint32_t *index, kh_error *err)
{
    const char *code = text_at(item, lists[def].code);
    kh_def other = def;
    uint32_t there;
    if (has_shared_name(def) ? find_name(c, code, &other, &there) : (there = kh_catalog_find(c, def, code)) != UINT32_MAX)
        return twice(c, def, item, other, there, err);
    uint32_t i = append(c, def, item);
    if (has_shared_name(def))
        kh_map_set(c->index->names, code, strlen(code), i * 2 + (def == KH_DEF_INDICATOR));
    else
        kh_map_set(c->index->codes[def], code, strlen(code), i);
    if (index)
        *index = i;
    return KH_OK;
}

/* ---- units ---- */

/* "Huyện Cao Lộc (183)", with the parent where it tells one from another; at most five. */
static void list_units(const kh_catalog *c, const kh_unit_match *m, kh_day at, kh_buf *out)
{
    char title[256];
    size_t room = sizeof m->units / sizeof *m->units, n = m->n < room ? m->n : room;
    for (size_t i = 0; i < n && i < 5; i++) {
        kh_units_title(c->units, m->units[i], kh_msg_lang_now(), title, sizeof title);
        kh_buf_printf(out, "%s%s (%s", i ? ", " : "", title, kh_units_def(c->units, m->units[i])->code);
        kh_unit parent = kh_units_parent(c->units, m->units[i], at);
        if (m->n > 1 && parent != KH_NO_UNIT) {
            kh_units_title(c->units, parent, kh_msg_lang_now(), title, sizeof title);
            kh_buf_printf(out, ", %s", title);
        }
        kh_buf_char(out, ')');
    }
    if (m->n > 5)
        kh_buf_str(out, ", …");
    kh_buf_cstr(out);
}

/* `m` has found several units or none. */
static int fail_unit(const kh_catalog *c, kh_unit_match *m, const char *text, kh_day at, kh_error *err)
{
    int rc;
    char day[KH_DAY_TEXT];
    kh_buf names = KH_BUF_INIT;
    bool several = m->n > 1;
    if (!several)
        kh_units_suggest(c->units, text, strlen(text), KH_NO_UNIT, at, m);
    list_units(c, m, at, &names);
    kh_day_format(at, day);
    if (several)
        rc = kh_fail(err, KH_EUSAGE, N_("\"%s\" is the name of %zu units: %s; give the code of the one that is meant"), text, m->n, names.data);
    else if (kh_units_knows_code(c->units, text))
        rc = kh_fail(err, KH_EUSAGE, N_("unit \"%s\" is not valid on %s"), text, day);
    else if (m->n)
        rc = kh_fail(err, KH_EUSAGE, N_("unknown unit \"%s\"; did you mean %s?"), text, names.data);
    else
        rc = kh_fail(err, KH_EUSAGE, N_("unknown unit \"%s\""), text);
    kh_buf_free(&names);
    return rc;
}

int kh_catalog_need_unit(const kh_catalog *c, const char *text, kh_day at, kh_unit *out, kh_error *err)
{
    kh_unit_match m;
    kh_units_match(c->units, text, strlen(text), KH_NO_UNIT, at, &m);
    *out = m.n == 1 ? m.units[0] : KH_NO_UNIT;
    return m.n == 1 ? KH_OK : fail_unit(c, &m, text, at, err);
}

static bool sends(const kh_catalog *c, uint32_t form, kh_unit u, kh_day at)
{
    for (uint32_t f = 0; f < c->n_forms; f++)
        for (size_t i = 0; (form == UINT32_MAX || form == f) && i < c->forms[f].n_reporters; i++)
            if (kh_selector_has(c->units, &c->forms[f].reporters[i], u, at))
                return true;
    return false;
}

int kh_catalog_need_sender(const kh_catalog *c, uint32_t form, const char *text, kh_day at, kh_unit *out, kh_error *err)
{
    kh_unit_match m;
    size_t senders = 0;
    kh_units_match(c->units, text, strlen(text), KH_NO_UNIT, at, &m);
    for (size_t i = 0; m.n > 1 && m.n <= sizeof m.units / sizeof *m.units && i < m.n; i++)
        if (sends(c, form, m.units[i], at)) {
            *out = m.units[i];
            senders++;
        }
    if (m.n == 1)
        *out = m.units[0];
    return m.n == 1 || senders == 1 ? KH_OK : fail_unit(c, &m, text, at, err);
}

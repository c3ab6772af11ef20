/* SPDX-License-Identifier: MIT */
/*
 * Binding: which row of the store each definition of a catalog is. The ids go
 * into the catalog, and arrays from ids back to the catalog's indices stay with
 * the store. Reads only; one pass over each table. What the store holds and the
 * catalog no longer defines keeps its id and has no index.
 */
#include "store/sqlite_store.h"

#include "base/msg.h"

#include <string.h>

void kh_store_unbind(kh_store *s)
{
    kh_free(s->bound.measure);
    kh_free(s->bound.cut);
    kh_free(s->bound.unit);
    kh_free(s->bound.form);
    kh_free(s->bound.indicator);
    s->bound = (kh_bound){0};
}

static uint32_t *none(size_t n)
{
    uint32_t *a = kh_zalloc(n ? n : 1, sizeof *a);
    memset(a, 0xff, (n ? n : 1) * sizeof *a);
    return a;
}

/* An array of UINT32_MAX with room for every id of the table. */
static int room(kh_store *s, const char *sql_max, uint32_t **out, size_t *n, kh_error *err)
{
    int64_t most = 0;
    int rc = kh_stmt_int(s, &most, 0, err, sql_max, KH_NO_ARGS);
    if (rc == KH_OK && (most < 0 || most > INT32_MAX))
        rc = kh_fail(err, KH_ESTORE, "the store %s is damaged: it numbers definitions beyond 2^31", s->path);
    if (rc != KH_OK)
        return rc;
    *n = (size_t)most + 1;
    *out = none(*n);
    return KH_OK;
}

/* In a damaged store the largest id that an index names need not be the largest that the rows have. */
static int check_id(const kh_store *s, int64_t id, size_t n, kh_error *err)
{
    if (id >= 0 && (size_t)id < n)
        return KH_OK;
    return kh_fail(err, KH_ESTORE, "the store %s is damaged: a row has the id %lld beyond the largest; `kehoach doctor` says more", s->path, (long long)id);
}

static void bind_unit(kh_store *s, kh_units *units, int64_t id, const char *code, const char *from)
{
    kh_day day = KH_DAY_MIN;
    if (from && !kh_day_parse(from, strlen(from), &day))
        return;
    kh_unit u = (kh_unit)id - 1; /* they were mirrored in their order */
    if (id > (int64_t)kh_units_count(units) || kh_units_def(units, u)->from != day || strcmp(kh_units_def(units, u)->code, code) != 0)
        u = kh_units_find(units, code, day);
    if (u == KH_NO_UNIT)
        return;
    kh_unit_def *def = kh_units_def(units, u);
    if (def->from != day)
        return;
    def->id = id;
    s->bound.unit[id] = u;
}

static int bind_units(kh_store *s, kh_catalog *c, kh_error *err)
{
    sqlite3_stmt *st = NULL;
    bool row;
    size_t count = kh_units_count(c->units);
    for (kh_unit u = 0; u < count; u++)
        kh_units_def(c->units, u)->id = 0;
    int rc = room(s, "SELECT max(id) FROM unit", &s->bound.unit, &s->bound.n_unit, err);
    if (rc == KH_OK)
        rc = kh_stmt_open(s, &st, err, "SELECT id, code, valid_from FROM unit", KH_NO_ARGS);
    while (rc == KH_OK && (rc = kh_stmt_next(s, st, &row, err)) == KH_OK && row) {
        const char *code = kh_stmt_text(s, st, 1), *from = kh_stmt_text(s, st, 2);
        int64_t id = sqlite3_column_int64(st, 0);
        if ((rc = check_id(s, id, s->bound.n_unit, err)) == KH_OK && code)
            bind_unit(s, c->units, id, code, from);
    }
    kh_stmt_end(s, st);
    return rc;
}

static int bind_cuts(kh_store *s, kh_catalog *c, kh_error *err)
{
    sqlite3_stmt *st = NULL;
    bool row;
    size_t count = kh_cuts_count(c->cuts);
    for (kh_cut k = 0; k < count; k++)
        kh_cut_set_id(c->cuts, k, 0);
    int rc = room(s, "SELECT max(id) FROM cut", &s->bound.cut, &s->bound.n_cut, err);
    if (rc == KH_OK)
        rc = kh_stmt_open(s, &st, err, "SELECT id, key FROM cut", KH_NO_ARGS);
    while (rc == KH_OK && (rc = kh_stmt_next(s, st, &row, err)) == KH_OK && row) {
        const char *key = kh_stmt_text(s, st, 1);
        int64_t id = sqlite3_column_int64(st, 0);
        if ((rc = check_id(s, id, s->bound.n_cut, err)) != KH_OK || !key)
            continue;
        kh_cut cut = key[0] ? kh_cut_parse(c->cuts, key, strlen(key), NULL) : KH_NO_CUT;
        if (cut == KH_CUT_BAD)
            continue; /* its category is no longer defined */
        kh_cut_set_id(c->cuts, cut, id);
        s->bound.cut[id] = cut;
    }
    kh_stmt_end(s, st);
    return rc;
}

static void set_id(kh_catalog *c, kh_def def, uint32_t at, int64_t id)
{
    switch (def) {
    case KH_DEF_MEASURE: c->measures[at].id = id; break;
    case KH_DEF_INDICATOR: c->indicators[at].id = id; break;
    case KH_DEF_FORM: c->forms[at].id = id; break;
    case KH_DEF_RULE: c->rules[at].id = id; break;
    case KH_DEF_PLAN: c->plans[at].id = id; break;
    case KH_DEF_REPORT:
    case KH_DEF_JOB: break; /* nothing refers to them by id */
    }
}

static size_t count_of(const kh_catalog *c, kh_def def)
{
    switch (def) {
    case KH_DEF_MEASURE: return c->n_measures;
    case KH_DEF_INDICATOR: return c->n_indicators;
    case KH_DEF_FORM: return c->n_forms;
    case KH_DEF_RULE: return c->n_rules;
    case KH_DEF_PLAN: return c->n_plans;
    case KH_DEF_REPORT: return c->n_reports;
    case KH_DEF_JOB: return c->n_jobs;
    }
    return 0;
}

/* sql gives (row's id, code, id for the catalog); `back` [row's id] -> index and `rows` [index] -> row's id may be NULL. */
static int bind_defs(kh_store *s, kh_catalog *c, kh_def def, const char *sql, uint32_t *back, size_t n_back, int64_t *rows, kh_error *err)
{
    sqlite3_stmt *st = NULL;
    bool row;
    for (uint32_t i = 0; i < count_of(c, def); i++)
        set_id(c, def, i, 0);
    int rc = kh_stmt_open(s, &st, err, sql, KH_NO_ARGS);
    while (rc == KH_OK && (rc = kh_stmt_next(s, st, &row, err)) == KH_OK && row) {
        const char *code = kh_stmt_text(s, st, 1);
        int64_t id = sqlite3_column_int64(st, 0);
        uint32_t at = code ? kh_catalog_find(c, def, code) : UINT32_MAX;
        if ((back && (rc = check_id(s, id, n_back, err)) != KH_OK) || at == UINT32_MAX)
            continue;
        set_id(c, def, at, sqlite3_column_int64(st, 2));
        if (back)
            back[id] = at;
        if (rows)
            rows[at] = id;
    }
    kh_stmt_end(s, st);
    return rc;
}

static int bind_all(kh_store *s, kh_catalog *c, kh_error *err)
{
    kh_bound *b = &s->bound;
    int rc = bind_units(s, c, err);
    if (rc == KH_OK)
        rc = bind_cuts(s, c, err);
    if (rc == KH_OK)
        rc = room(s, "SELECT max(id) FROM measure", &b->measure, &b->n_measure, err);
    if (rc == KH_OK)
        rc = room(s, "SELECT max(id) FROM form", &b->form, &b->n_form, err);
    if (rc != KH_OK)
        return rc;
    b->n_indicator = c->n_indicators;
    b->indicator = kh_zalloc(c->n_indicators + 1, sizeof *b->indicator);
    if ((rc = bind_defs(s, c, KH_DEF_MEASURE, "SELECT id, code, id FROM measure", b->measure, b->n_measure, NULL, err)) == KH_OK &&
        (rc = bind_defs(s, c, KH_DEF_FORM, "SELECT id, code, id FROM form", b->form, b->n_form, NULL, err)) == KH_OK &&
        (rc = bind_defs(s, c, KH_DEF_INDICATOR, "SELECT id, code, revision FROM indicator", NULL, 0, b->indicator, err)) == KH_OK &&
        (rc = bind_defs(s, c, KH_DEF_RULE, "SELECT id, code, id FROM rule", NULL, 0, NULL, err)) == KH_OK)
        rc = bind_defs(s, c, KH_DEF_PLAN, "SELECT id, code, id FROM plan", NULL, 0, NULL, err);
    return rc;
}

static int64_t first_unit_id(const kh_catalog *c)
{
    return kh_units_count(c->units) ? kh_units_def(c->units, 0)->id : 0;
}

int kh_store_bind(kh_store *s, kh_catalog *c, kh_error *err)
{
    kh_store_unbind(s);
    int rc = bind_all(s, c, err);
    if (rc != KH_OK) {
        kh_store_unbind(s);
        return rc;
    }
    s->bound.catalog = c;
    s->bound.n_units = kh_units_count(c->units);
    s->bound.first_unit = first_unit_id(c);
    return KH_OK;
}

int kh_store_bound(kh_store *s, const kh_catalog *c, kh_error *err)
{
    const kh_bound *b = &s->bound;
    if (b->catalog == c && b->n_units == kh_units_count(c->units) && b->n_indicator == c->n_indicators && b->first_unit == first_unit_id(c))
        return KH_OK;
    /* The catalog is the caller's to change through kh_store_bind as well: ids are all that changes. */
    return kh_store_bind(s, (kh_catalog *)(uintptr_t)c, err);
}

void kh_bound_add_cut(kh_store *s, kh_catalog *c, kh_cut cut, int64_t id)
{
    kh_bound *b = &s->bound;
    size_t n = (size_t)id + 1;
    if (n > b->n_cut) {
        b->cut = kh_realloc(b->cut, n, sizeof *b->cut);
        memset(b->cut + b->n_cut, 0xff, (n - b->n_cut) * sizeof *b->cut);
        b->n_cut = n;
    }
    b->cut[id] = cut;
    kh_cut_set_id(c->cuts, cut, id);
}

uint32_t kh_bound_measure(const kh_store *s, int64_t id)
{
    return id > 0 && (size_t)id < s->bound.n_measure ? s->bound.measure[id] : UINT32_MAX;
}

kh_cut kh_bound_cut(const kh_store *s, int64_t id)
{
    return id > 0 && (size_t)id < s->bound.n_cut ? s->bound.cut[id] : KH_CUT_BAD;
}

kh_unit kh_bound_unit(const kh_store *s, int64_t id)
{
    return id > 0 && (size_t)id < s->bound.n_unit ? s->bound.unit[id] : KH_NO_UNIT;
}

uint32_t kh_bound_form(const kh_store *s, int64_t id)
{
    return id > 0 && (size_t)id < s->bound.n_form ? s->bound.form[id] : UINT32_MAX;
}

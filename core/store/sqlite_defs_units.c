/* SPDX-License-Identifier: MIT */
/*
 * Units, their kinds, groups and successions, and the categories of cuts. A
 * unit's row is known by (code, first day) and never deleted; what it said
 * before a change goes to unit_history. A unit whose first day alone was
 * corrected (the same code and name, and nobody else claims the row) keeps its
 * row, since its values hang on it. All rows are read once and compared in
 * memory, so that a nation's 11,000 units cost one pass.
 */
#include "store/sqlite_defs.h"

#include "base/json.h"
#include "base/msg.h"

#include <stdio.h>
#include <string.h>

enum { NAMED = 10 }; /* more changes of one sort are told as a number */

typedef struct known { int64_t id; char *content; bool withdrawn, seen; } known;
typedef struct known_units { kh_map *by_key, *by_name; known *items; size_t n, cap; } known_units;

/* ---- a unit as JSON ---- */

static void groups(const kh_unit_def *u, kh_json *j)
{
    kh_json_begin(j, '{');
    for (size_t i = 0; i < u->n_groups; i++) {
        kh_json_key(j, u->groups[i].group);
        kh_json_str(j, u->groups[i].value);
    }
    kh_json_end(j, '}');
}

void kh_unit_groups_content(const kh_unit_def *u, kh_buf *out)
{
    kh_json j = KH_JSON(out);
    kh_buf_clear(out);
    groups(u, &j);
}

/* The same text as SQL makes of the row below, without its groups' braces parsed. */
static void content(kh_buf *out, const char *const values[6], const char *group_text)
{
    static const char *const keys[] = {"name", "short_name", "kind", "level", "parent", "valid_to"};
    kh_json j = KH_JSON(out);
    kh_buf_clear(out);
    kh_json_begin(&j, '{');
    for (size_t i = 0; i < 6; i++) {
        kh_json_key(&j, keys[i]);
        kh_json_str(&j, values[i]);
    }
    kh_json_key(&j, "groups");
    kh_json_raw(&j, group_text);
    kh_json_end(&j, '}');
}

static size_t key_of(char *room, size_t size, const char *code, const char *more)
{
    int n = snprintf(room, size, "%s\n%s", code, more ? more : "");
    return n < 0 ? 0 : (size_t)n < size ? (size_t)n : size - 1;
}

/* ---- what the store has ---- */

static int load(kh_mirror *m, known_units *k)
{
    sqlite3_stmt *st = NULL;
    bool row;
    kh_buf text = KH_BUF_INIT;
    k->by_key = kh_map_new();
    k->by_name = kh_map_new();
    int rc = kh_stmt_open(m->s, &st, m->err, "SELECT id, code, valid_from, withdrawn IS NOT NULL, name, short_name, kind, level, parent, valid_to, groups FROM unit", KH_NO_ARGS);
    while (rc == KH_OK && (rc = kh_stmt_next(m->s, st, &row, m->err)) == KH_OK && row) {
        char key[512];
        const char *code = kh_stmt_text(m->s, st, 1), *from = kh_stmt_text(m->s, st, 2), *values[6], *group_text = kh_stmt_text(m->s, st, 10);
        for (int i = 0; i < 6; i++)
            values[i] = kh_stmt_text(m->s, st, 4 + i);
        if (!code || !group_text)
            continue; /* no memory: the next step says so */
        content(&text, values, group_text);
        kh_map_set(k->by_key, key, key_of(key, sizeof key, code, from), (uint32_t)k->n);
        kh_map_set(k->by_name, key, key_of(key, sizeof key, code, values[0]), (uint32_t)k->n);
        KH_PUSH(k->items, k->n, k->cap) = (known){sqlite3_column_int64(st, 0), kh_strdup(kh_buf_cstr(&text)), sqlite3_column_int64(st, 3) != 0, false};
    }
    kh_stmt_end(m->s, st);
    kh_buf_free(&text);
    return rc;
}

static void forget(known_units *k)
{
    for (size_t i = 0; i < k->n; i++)
        kh_free(k->items[i].content);
    kh_free(k->items);
    kh_map_free(k->by_key);
    kh_map_free(k->by_name);
}

/* ---- writing ---- */

typedef struct unit_row { const char *values[6], *from; char room[2][KH_DAY_TEXT]; kh_buf groups, content; } unit_row;

static void describe(kh_mirror *m, const kh_unit_def *d, unit_row *r)
{
    const kh_kind *kinds;
    kh_units_kinds(m->c->units, &kinds);
    const kh_kind *kind = &kinds[d->kind];
    kh_unit_groups_content(d, &r->groups);
    r->from = kh_day_or_null(d->from, r->room[0]);
    const char *const values[6] = {d->name, d->short_name, kind->code, kind->level, d->parent_code, kh_day_or_null(d->to, r->room[1])};
    memcpy(r->values, values, sizeof values);
    content(&r->content, r->values, r->groups.data);
}

static int add(kh_mirror *m, kh_unit_def *d, const unit_row *r)
{
    const char *const *v = r->values;
    int rc = kh_stmt_run(m->s, m->err, "INSERT INTO unit (code, valid_from, name, short_name, kind, level, parent, valid_to, groups) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                         KH_ARGS(KH_T(d->code), KH_T(r->from), KH_T(v[0]), KH_T(v[1]), KH_T(v[2]), KH_T(v[3]), KH_T(v[4]), KH_T(v[5]), KH_T(r->groups.data)));
    d->id = sqlite3_last_insert_rowid(m->s->db);
    return rc;
}

static int alter(kh_mirror *m, const known *k, const unit_row *r)
{
    const char *const *v = r->values;
    int rc = kh_stmt_run(m->s, m->err, "INSERT INTO unit_history (unit, at, content) VALUES (?, ?, ?)", KH_ARGS(KH_I(k->id), KH_T(m->now), KH_T(k->content)));
    if (rc != KH_OK)
        return rc;
    return kh_stmt_run(m->s, m->err, "UPDATE unit SET valid_from = ?, name = ?, short_name = ?, kind = ?, level = ?, parent = ?, valid_to = ?, groups = ?, withdrawn = NULL WHERE id = ?",
                       KH_ARGS(KH_T(r->from), KH_T(v[0]), KH_T(v[1]), KH_T(v[2]), KH_T(v[3]), KH_T(v[4]), KH_T(v[5]), KH_T(r->groups.data), KH_I(k->id)));
}

typedef struct changes { kh_buf codes[3]; uint64_t n[3]; } changes; /* new, changed, withdrawn */

static void note(changes *c, int what, const char *code)
{
    if (c->n[what]++ < NAMED)
        kh_buf_add(&c->codes[what], code, strlen(code) + 1);
}

/* The row of a unit by (code, first day); at the second look by (code, name) among those that nobody claimed. */
static known *find(known_units *k, const kh_unit_def *d, const unit_row *r, bool second)
{
    char key[512];
    uint32_t at = second ? kh_map_get(k->by_name, key, key_of(key, sizeof key, d->code, d->name)) : kh_map_get(k->by_key, key, key_of(key, sizeof key, d->code, r->from));
    return at >= k->n || (second && k->items[at].seen) ? NULL : &k->items[at]; /* KH_NONE is beyond every index */
}

/* First look: what is there is compared, what is not waits (id 0). Second look: what waits is found by name or added. */
static int one(kh_mirror *m, kh_unit_def *d, known_units *k, unit_row *r, changes *c, bool second)
{
    describe(m, d, r);
    known *old = find(k, d, r, second);
    if (!old && !second) {
        d->id = 0;
        return KH_OK;
    }
    if (!old) {
        note(c, 0, d->code);
        return add(m, d, r);
    }
    old->seen = true;
    d->id = old->id;
    if (!second && !old->withdrawn && strcmp(old->content, r->content.data) == 0)
        return KH_OK;
    note(c, 1, d->code);
    return alter(m, old, r);
}

static int withdraw(kh_mirror *m, const known *k, changes *c)
{
    char *code = NULL;
    int rc = kh_stmt_str(m->s, &code, m->err, "SELECT code FROM unit WHERE id = ?", KH_ARGS(KH_I(k->id)));
    if (rc == KH_OK)
        rc = kh_stmt_run(m->s, m->err, "UPDATE unit SET withdrawn = ? WHERE id = ?", KH_ARGS(KH_T(m->now), KH_I(k->id)));
    note(c, 2, code ? code : "?");
    kh_free(code);
    return rc;
}

/* Few are named, many are told as a number. */
static int tell(kh_mirror *m, changes *c)
{
    static const char *const what[] = {"new", "changed", "withdrawn"};
    int rc = KH_OK;
    for (int w = 0; w < 3; w++) {
        char count[24];
        const char *code = kh_buf_cstr(&c->codes[w]);
        m->units_changed |= c->n[w] != 0;
        snprintf(count, sizeof count, "%llu", (unsigned long long)c->n[w]);
        if (c->n[w] > NAMED) {
            rc = rc == KH_OK ? kh_mirror_tell(m, "units", count, what[w]) : rc;
            continue;
        }
        for (uint64_t i = 0; rc == KH_OK && i < c->n[w]; i++, code += strlen(code) + 1)
            rc = kh_mirror_tell(m, "unit", code, what[w]);
    }
    return rc;
}

static int units(kh_mirror *m)
{
    known_units k = {0};
    changes c = {.codes = {KH_BUF_INIT, KH_BUF_INIT, KH_BUF_INIT}};
    unit_row r = {.groups = KH_BUF_INIT, .content = KH_BUF_INIT};
    int rc = load(m, &k);
    size_t n = kh_units_count(m->c->units);
    for (kh_unit u = 0; rc == KH_OK && u < n; u++)
        rc = one(m, kh_units_def(m->c->units, u), &k, &r, &c, false);
    for (kh_unit u = 0; rc == KH_OK && u < n; u++)
        if (kh_units_def(m->c->units, u)->id == 0)
            rc = one(m, kh_units_def(m->c->units, u), &k, &r, &c, true);
    for (size_t i = 0; rc == KH_OK && i < k.n; i++)
        if (!k.items[i].seen && !k.items[i].withdrawn)
            rc = withdraw(m, &k.items[i], &c);
    if (rc == KH_OK)
        rc = tell(m, &c);
    for (int w = 0; w < 3; w++)
        kh_buf_free(&c.codes[w]);
    kh_buf_free(&r.groups);
    kh_buf_free(&r.content);
    forget(&k);
    return rc;
}

static int kinds(kh_mirror *m)
{
    const kh_kind *k;
    size_t n = kh_units_kinds(m->c->units, &k);
    int rc = kh_stmt_run(m->s, m->err, "DELETE FROM unit_kind", KH_NO_ARGS);
    for (size_t i = 0; rc == KH_OK && i < n; i++)
        rc = kh_stmt_run(m->s, m->err, "INSERT INTO unit_kind (code, level, title, title_en) VALUES (?, ?, ?, ?)",
                         KH_ARGS(KH_T(k[i].code), KH_T(k[i].level), KH_T(k[i].title), KH_T(k[i].title_en)));
    return rc;
}

static int successions(kh_mirror *m)
{
    const kh_succession *list;
    char date[KH_DAY_TEXT];
    size_t n = kh_units_successions(m->c->units, &list);
    int rc = kh_stmt_run(m->s, m->err, "DELETE FROM succession", KH_NO_ARGS);
    for (size_t i = 0; rc == KH_OK && i < n; i++) {
        int64_t to = list[i].to == KH_NO_UNIT ? 0 : kh_units_def(m->c->units, list[i].to)->id;
        kh_day_format(list[i].date, date);
        rc = kh_stmt_run(m->s, m->err, "INSERT INTO succession (n, date, old, new, part) VALUES (?, ?, ?, ?, ?)",
                         KH_ARGS(KH_I((int64_t)i + 1), KH_T(date), KH_I(kh_units_def(m->c->units, list[i].from)->id), KH_ID(to), KH_I(list[i].part)));
    }
    return rc;
}

int kh_mirror_units(kh_mirror *m)
{
    int rc = kinds(m);
    if (rc == KH_OK)
        rc = units(m);
    return rc == KH_OK ? successions(m) : rc;
}

int kh_mirror_categories(kh_mirror *m)
{
    const kh_category *c;
    size_t n = kh_cuts_categories(m->c->cuts, &c);
    int rc = kh_stmt_run(m->s, m->err, "DELETE FROM category_option", KH_NO_ARGS);
    if (rc == KH_OK)
        rc = kh_stmt_run(m->s, m->err, "DELETE FROM category", KH_NO_ARGS);
    for (size_t i = 0; rc == KH_OK && i < n; i++) {
        rc = kh_stmt_run(m->s, m->err, "INSERT INTO category (code, title) VALUES (?, ?)", KH_ARGS(KH_T(c[i].code), KH_T(c[i].title)));
        for (size_t k = 0; rc == KH_OK && k < c[i].n_options; k++)
            rc = kh_stmt_run(m->s, m->err, "INSERT INTO category_option (category, n, code, title) VALUES (?, ?, ?, ?)",
                             KH_ARGS(KH_T(c[i].code), KH_I((int64_t)k), KH_T(c[i].options[k].code), KH_T(c[i].options[k].title)));
    }
    return rc;
}

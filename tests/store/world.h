/* SPDX-License-Identifier: MIT */
/*
 * A small workspace for tests of the store: a province, districts and communes,
 * measures of every type, two forms, an indicator with a target, a plan; a
 * store in a folder of its own; returns made cell by cell. A header, so that
 * tests of the rooms below need not link the store.
 */
#ifndef KH_TESTS_STORE_WORLD_H
#define KH_TESTS_STORE_WORLD_H

#include "store/store.h"

#include "base/buf.h"
#include "base/map.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifndef W_COMMUNES
#define W_COMMUNES 1100 /* more than a chunk */
#endif
enum { W_DISTRICTS = 11, W_FEW = 60 };
enum { W_INTEGER, W_NUMBER, W_MONEY, W_TEXT, W_CHOICE, W_YESNO, W_MEASURES };
enum { W_FORM_A, W_FORM_B };

typedef struct world {
    char dir[64], path[96];
    kh_catalog *c;
    kh_store *s;
    kh_unit province, district[W_DISTRICTS], commune[W_COMMUNES];
    kh_cut female, male, female_2;
} world;

#define SHARED static __attribute__((unused))

static void w_must(int rc, kh_error *err)
{
    if (rc == KH_OK)
        return;
    fprintf(stderr, "store_world: %s\n", err->text ? err->text : "?");
    abort();
}

static kh_unit w_unit(world *w, const char *code, const char *name, const char *kind, const char *parent)
{
    kh_error err = KH_ERROR_INIT;
    kh_unit out = KH_NO_UNIT;
    kh_unit_group ownership[] = {{"ownership", "public"}};
    kh_unit_def d = {.code = code, .name = name, .kind = kh_units_kind(w->c->units, kind), .parent_code = parent, .from = KH_DAY_MIN, .to = KH_DAY_MAX,
                     .groups = ownership, .n_groups = 1};
    w_must(kh_units_add(w->c->units, &d, &out, &err), &err);
    return out;
}

static void w_units(world *w)
{
    char code[16], parent[16], name[64];
    kh_units_add_kind(w->c->units, "tinh", "province", "Tỉnh", "Province");
    kh_units_add_kind(w->c->units, "huyen", "district", "Huyện", "District");
    kh_units_add_kind(w->c->units, "xa", "commune", "Xã", "Commune");
    w->province = w_unit(w, "20", "Lạng Sơn", "tinh", NULL);
    for (int i = 0; i < W_DISTRICTS; i++) {
        snprintf(code, sizeof code, "%03d", 180 + i);
        snprintf(name, sizeof name, "Đình Lập %d", i);
        w->district[i] = w_unit(w, code, name, "huyen", "20");
    }
    for (int i = 0; i < W_COMMUNES; i++) {
        snprintf(code, sizeof code, "%05d", 6000 + i * 3);
        snprintf(parent, sizeof parent, "%03d", 180 + i % W_DISTRICTS);
        snprintf(name, sizeof name, "Hòa Bình %d", i);
        w->commune[i] = w_unit(w, code, name, "xa", parent);
    }
}

static void w_add(world *w, kh_def def, const void *item)
{
    kh_error err = KH_ERROR_INIT;
    uint32_t at;
    w_must(kh_catalog_add(w->c, def, item, &at, &err), &err);
}

static void w_cuts(world *w)
{
    uint32_t gender = kh_cuts_add_category(w->c->cuts, "gender", "Giới tính", "units.lua", 1), group = kh_cuts_add_category(w->c->cuts, "group", "Nhóm", "units.lua", 2);
    uint32_t f = kh_cuts_add_option(w->c->cuts, gender, "female", "Nữ"), m = kh_cuts_add_option(w->c->cuts, gender, "male", "Nam"), two;
    kh_cuts_add_option(w->c->cuts, group, "1", "Nhóm 1");
    two = kh_cuts_add_option(w->c->cuts, group, "2", "Nhóm 2");
    w->female = kh_cut_make(w->c->cuts, (kh_cut_part[]){{gender, f}}, 1);
    w->male = kh_cut_make(w->c->cuts, (kh_cut_part[]){{gender, m}}, 1);
    w->female_2 = kh_cut_make(w->c->cuts, (kh_cut_part[]){{group, two}, {gender, f}}, 2);
}

static void w_measures(world *w)
{
    static const char *const codes[] = {"people", "area", "budget", "remark", "grade", "held"};
    static const kh_type types[] = {KH_INTEGER, KH_NUMBER, KH_MONEY, KH_TEXT, KH_CHOICE, KH_YESNO};
    static const char *const choices[] = {"good", "fair"};
    for (size_t i = 0; i < W_MEASURES; i++) {
        kh_measure m = {.code = codes[i], .title = "Số liệu", .unit = "người", .type = types[i], .task = "I.1", .file = "measures.lua", .line = (int)i + 1};
        if (types[i] == KH_CHOICE) {
            m.choices = choices;
            m.n_choices = 2;
        }
        snprintf(m.sha256, sizeof m.sha256, "%064zu", i);
        w_add(w, KH_DEF_MEASURE, &m);
    }
}

static void w_forms(world *w)
{
    static const char *const district[] = {"district"};
    static kh_selector reporters = {.kinds = district, .n_kinds = 1};
    static uint32_t all[] = {0, 1, 2, 3, 4, 5};
    static kh_form_column columns[] = {{.heading = "Đơn vị", .as = KH_AS_UNIT, .measure = UINT32_MAX}, {.heading = "Tổng số", .as = KH_AS_MEASURE, .measure = 0}};
    static const char *const codes[] = {"DB-01", "GD-01"};
    for (size_t i = 0; i < 2; i++) {
        kh_form f = {.code = codes[i], .title = "Biểu", .every = i ? KH_MONTH : KH_QUARTER, .due = 5, .reporters = &reporters, .n_reporters = 1, .columns = columns, .n_columns = 2,
                     .measures = all, .n_measures = 6, .file = "forms.lua", .line = 1};
        w_add(w, KH_DEF_FORM, &f);
    }
}

static void w_others(world *w)
{
    static kh_target target = {.cmp = KH_AT_LEAST, .lo = {855, 1}};
    target.from = kh_period_make(KH_YEAR, 2016, 1);
    target.to = kh_period_make(KH_YEAR, 2020, 1);
    kh_expr missing = kh_expr_add(w->c->exprs, &(kh_expr_node){.op = KH_X_MISSING, .a = KH_NO_EXPR, .b = KH_NO_EXPR, .c = KH_NO_EXPR});
    kh_indicator t = {.code = "T7", .title = "Tỷ lệ", .unit = "%", .decimals = 1, .formula = missing, .targets = &target, .n_targets = 1, .source = "100 * m.people / m.area", .file = "t7.lua",
                      .line = 3};
    snprintf(t.sha256, sizeof t.sha256, "%064d", 7);
    w_add(w, KH_DEF_INDICATOR, &t);
    kh_rule r = {.code = "people-positive", .title = "Không âm", .severity = KH_ERROR, .check = missing, .message = "sai", .file = "r.lua", .line = 1};
    w_add(w, KH_DEF_RULE, &r);
    static const char *const targets[] = {"T7"};
    static kh_task tasks[] = {{.code = "I", .title = "Mục I", .kind = "section"}, {.code = "I.1", .title = "Việc 1", .parent = "I", .kind = "task", .targets = targets, .n_targets = 1}};
    static kh_assignment assignments[] = {{.task = "I.1", .unit = "20", .role = KH_ROLE_LEAD, .duty = "chủ trì"}, {.task = "I.1", .unit = "kind:district", .role = KH_ROLE_WITH}};
    static kh_reference references[] = {{.code = "100/KH", .title = "Kế hoạch", .role = "carries out"}};
    kh_plan p = {.code = "100", .title = "Kế hoạch 100", .kind = "plan", .unit = "20", .date = kh_day_make(2016, 11, 18), .from = target.from, .to = target.to, .tasks = tasks, .n_tasks = 2,
                 .assignments = assignments, .n_assignments = 2, .references = references, .n_references = 1, .file = "plan.lua", .line = 1};
    w_add(w, KH_DEF_PLAN, &p);
}

/* Definitions alone, sealed. */
SHARED kh_catalog *world_catalog(world *w)
{
    kh_error err = KH_ERROR_INIT;
    w->c = kh_catalog_new();
    w_units(w);
    w_cuts(w);
    w_measures(w);
    w_forms(w);
    w_others(w);
    w_must(kh_catalog_seal(w->c, &err), &err);
    return w->c;
}

SHARED void world_reopen(world *w, kh_store_mode mode)
{
    kh_error err = KH_ERROR_INIT;
    kh_store_close(w->s);
    w_must(kh_store_open(&w->s, w->path, mode, &err), &err);
    kh_store_actor(w->s, "an@phong-ke-hoach");
    kh_store_clock(w->s, "2018-04-05T06:07:08Z");
    w_must(kh_store_bind(w->s, w->c, &err), &err);
}

/* A store on disk with the definitions mirrored. */
SHARED void world_open(world *w)
{
    kh_error err = KH_ERROR_INIT;
    *w = (world){0};
    /* in memory where that can be: no test here is about what the disk does with a sync */
    snprintf(w->dir, sizeof w->dir, "%s/kehoach-store-XXXXXX", access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    if (!mkdtemp(w->dir))
        abort();
    snprintf(w->path, sizeof w->path, "%s/k.db", w->dir);
    world_catalog(w);
    world_reopen(w, KH_STORE_CREATE);
    w_must(kh_store_begin(w->s, &err), &err);
    w_must(kh_store_mirror(w->s, w->c, NULL, NULL, &err), &err);
    w_must(kh_store_commit(w->s, &err), &err);
}

SHARED void world_close(world *w)
{
    char command[128];
    kh_store_close(w->s);
    kh_catalog_free(w->c);
    snprintf(command, sizeof command, "rm -rf %s", w->dir);
    if (system(command) != 0)
        abort();
}

SHARED kh_return *world_return(const world *w, uint32_t form, kh_unit sender, const char *period, const char *file)
{
    kh_return *r = kh_return_new(kh_units_count(w->c->units));
    r->form = form;
    r->sender = sender;
    r->period = kh_period_parse(period, strlen(period));
    snprintf(r->span, sizeof r->span, "%s", period);
    r->file = kh_strdup(file);
    snprintf(r->sha256, sizeof r->sha256, "%064lx", (unsigned long)kh_hash_bytes(file, strlen(file)));
    r->received = kh_strdup("2018-04-05T00:00:00Z");
    r->by = kh_strdup("an@phong-ke-hoach");
    return r;
}

/* One value on its own line; text as the sender writes it ("1.50"). */
SHARED void world_set(world *w, kh_return *r, const char *period, kh_unit u, uint32_t measure, kh_cut cut, const char *value, uint32_t line)
{
    bool text = !kh_type_is_number(w->c->measures[measure].type);
    uint32_t group, row = kh_return_row(r, kh_period_parse(period, strlen(period)), u, line, &group), col = kh_return_column_of(r, measure, cut, text), first;
    if (text) {
        if (!kh_return_set_text(r, group, row, col, value, strlen(value), line, &first))
            abort();
        return;
    }
    kh_dec d;
    if (!kh_dec_parse(value, strlen(value), &d) || !kh_return_set(r, group, row, col, d.m, d.scale, line, &first))
        abort();
}

/* Puts it in a transaction of its own and frees it. */
SHARED int world_put(world *w, kh_return *r, kh_findings *findings, int64_t *id)
{
    kh_error err = KH_ERROR_INIT;
    int64_t made = 0;
    int version = 0;
    kh_return_seal(r);
    int rc = kh_store_begin(w->s, &err);
    if (rc == KH_OK)
        rc = kh_store_put(w->s, w->c, r, findings, &made, &version, &err);
    if (rc == KH_OK)
        rc = kh_store_commit(w->s, &err);
    if (rc != KH_OK)
        kh_store_rollback(w->s);
    if (id)
        *id = made;
    kh_return_free(r);
    if (rc != KH_OK && rc != KH_EFAULTS)
        fprintf(stderr, "put: %s\n", err.text);
    kh_error_clear(&err);
    return rc;
}

SHARED int64_t world_must_put(world *w, kh_return *r)
{
    int64_t id = 0;
    if (world_put(w, r, NULL, &id) != KH_OK)
        abort();
    return id;
}

static void w_add_row(kh_buf *out, sqlite3_stmt *st)
{
    for (int i = 0; i < sqlite3_column_count(st); i++) {
        const char *text = (const char *)sqlite3_column_text(st, i);
        if (i)
            kh_buf_char(out, '|');
        kh_buf_str(out, text ? text : "");
    }
    kh_buf_char(out, '\n');
}

/* Rows of a query by a connection that is not the store's: columns by '|', rows by new lines; kh_free. */
SHARED char *world_sql(const world *w, const char *sql)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *st = NULL;
    kh_buf out = KH_BUF_INIT;
    int rc = sqlite3_open_v2(w->path, &db, SQLITE_OPEN_READONLY, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_prepare_v2(db, sql, -1, &st, NULL);
    while (rc == SQLITE_OK && sqlite3_step(st) == SQLITE_ROW)
        w_add_row(&out, st);
    if (sqlite3_finalize(st) != SQLITE_OK || rc != SQLITE_OK)
        kh_buf_printf(&out, "error: %s\n", sqlite3_errmsg(db));
    sqlite3_close(db);
    if (out.len && out.data[out.len - 1] == '\n')
        out.data[--out.len] = '\0';
    kh_buf_cstr(&out);
    return kh_buf_take(&out);
}

/* The same through the stock sqlite3 shell. */
SHARED char *world_shell(const world *w, const char *sql)
{
    kh_buf out = KH_BUF_INIT;
    char *command = kh_asprintf("sqlite3 -batch -readonly %s \"%s\"", w->path, sql), piece[4096];
    FILE *f = popen(command, "r");
    for (size_t n; f && (n = fread(piece, 1, sizeof piece, f)) > 0;)
        kh_buf_add(&out, piece, n);
    if (!f || pclose(f) != 0)
        kh_buf_str(&out, "error");
    kh_free(command);
    if (out.len && out.data[out.len - 1] == '\n')
        out.data[--out.len] = '\0';
    kh_buf_cstr(&out);
    return kh_buf_take(&out);
}

/* SQLite's code, by a plain writing connection. */
SHARED int world_exec(const world *w, const char *sql)
{
    sqlite3 *db = NULL;
    int rc = sqlite3_open_v2(w->path, &db, SQLITE_OPEN_READWRITE, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_exec(db, sql, NULL, NULL, NULL);
    sqlite3_close(db);
    return rc;
}

#endif

/* SPDX-License-Identifier: MIT */
/*
 * The store by itself: values as departments send them, put and read back.
 *
 *   bench_store FOLDER STORE [long] [rows] [plain]
 *
 * FOLDER holds units.csv and wide.csv (unit,period,measure,...), one return a
 * province and month. "long" gives every value a line of its own, as a file with
 * one value a row would. "rows" also writes, into a database beside the store,
 * what the layout with one row for each place would cost, and "plain" a table
 * with one row a value (key, submission, line) and no checks at all. CPU
 * seconds, the process's own; ratios within one run are what counts.
 */
#include "store/store.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct bench {
    kh_catalog *c;
    kh_store *s;
    kh_unit *province; /* of each unit */
    size_t n_units, n_measures;
    kh_return **returns;
    size_t n, cap;
    bool long_lines;
    uint64_t values;
} bench;

static kh_error err = KH_ERROR_INIT;

static void must(int rc)
{
    if (rc == KH_OK)
        return;
    fprintf(stderr, "bench_store: %s\n", err.text ? err.text : "failed");
    exit(1);
}

static double cpu(void)
{
    struct rusage u;
    getrusage(RUSAGE_SELF, &u);
    return (double)u.ru_utime.tv_sec + (double)u.ru_stime.tv_sec + 1e-6 * (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec);
}

static void say(const char *what, double seconds, uint64_t values)
{
    printf("%-44s %8.3f s %8.1f ns a value\n", what, seconds, values ? seconds * 1e9 / (double)values : 0.0);
}

static void units(bench *b, const char *folder)
{
    char *path = kh_asprintf("%s/units.csv", folder), line[512];
    FILE *f = fopen(path, "r");
    kh_units_add_kind(b->c->units, "nation", "nation", "", "");
    kh_units_add_kind(b->c->units, "province", "province", "", "");
    kh_units_add_kind(b->c->units, "district", "district", "", "");
    kh_units_add_kind(b->c->units, "commune", "commune", "", "");
    if (!f || !fgets(line, sizeof line, f))
        exit(1);
    while (fgets(line, sizeof line, f)) {
        char *save = NULL, *code = strtok_r(line, ",\n", &save), *name = strtok_r(NULL, ",\n", &save), *kind = strtok_r(NULL, ",\n", &save), *parent = strtok_r(NULL, ",\n", &save);
        kh_unit u;
        kh_unit_def d = {.code = code, .name = name, .kind = kh_units_kind(b->c->units, kind), .parent_code = parent, .from = KH_DAY_MIN, .to = KH_DAY_MAX};
        must(kh_units_add(b->c->units, &d, &u, &err));
    }
    fclose(f);
    kh_free(path);
}

static void catalog(bench *b, const char *folder, size_t n_measures)
{
    char code[16];
    uint32_t at;
    b->c = kh_catalog_new();
    b->n_measures = n_measures;
    units(b, folder);
    for (size_t i = 0; i < n_measures; i++) {
        snprintf(code, sizeof code, "m%02zu", i + 1);
        kh_measure m = {.code = kh_arena_strdup(b->c->arena, code), .title = "m", .type = KH_NUMBER};
        must(kh_catalog_add(b->c, KH_DEF_MEASURE, &m, &at, &err));
    }
    kh_form f = {.code = "F", .title = "F", .every = KH_MONTH};
    must(kh_catalog_add(b->c, KH_DEF_FORM, &f, &at, &err));
    must(kh_catalog_seal(b->c, &err));
    b->n_units = kh_units_count(b->c->units);
    b->province = kh_alloc(b->n_units * sizeof *b->province);
    for (kh_unit u = 0; u < b->n_units; u++) {
        kh_unit p = u;
        while (p != KH_NO_UNIT && !kh_units_is(b->c->units, p, "province"))
            p = kh_units_parent(b->c->units, p, 40000);
        b->province[u] = p;
    }
}

static kh_return *return_of(bench *b, kh_unit sender, kh_period period)
{
    for (size_t i = b->n; i-- > 0 && b->returns[i]->period == period;)
        if (b->returns[i]->sender == sender)
            return b->returns[i];
    kh_return *r = kh_return_new(b->n_units);
    r->sender = sender;
    r->period = period;
    r->file = kh_strdup("bench.csv");
    snprintf(r->sha256, sizeof r->sha256, "%zu", b->n);
    KH_PUSH(b->returns, b->n, b->cap) = r;
    return r;
}

/* A row of wide.csv; in a long file each of its values has a line. */
static void add_row(bench *b, char *line)
{
    char *code = strsep(&line, ","), *name = strsep(&line, ","), *cell;
    kh_unit u = kh_units_find(b->c->units, code, 40000);
    kh_period p = kh_period_parse(name, strlen(name));
    kh_return *r = return_of(b, b->province[u], p);
    uint32_t group, first, at = b->long_lines ? (uint32_t)r->n_values + 2 : r->n_rows ? r->rows[0].n + 2 : 2, row = kh_return_row(r, p, u, at, &group);
    for (size_t i = 0; (cell = strsep(&line, ",\n")) && i < b->n_measures; i++) {
        kh_dec d;
        if (!*cell)
            continue;
        if (!kh_dec_parse(cell, strlen(cell), &d) || !kh_return_set(r, group, row, kh_return_column_of(r, (uint32_t)i, KH_NO_CUT, false), d.m, d.scale, at, &first))
            exit(1);
        at += b->long_lines;
        b->values++;
    }
}

static void put_month(bench *b, double *put)
{
    for (size_t i = 0; i < b->n; i++) {
        int64_t id;
        int version;
        kh_return_seal(b->returns[i]);
        double t = cpu();
        must(kh_store_begin(b->s, &err));
        must(kh_store_put(b->s, b->c, b->returns[i], NULL, &id, &version, &err));
        must(kh_store_commit(b->s, &err));
        *put += cpu() - t;
    }
}

/* What one row a place would cost: submission_row (submission, period, chunk, k, unit, line) and its index. */
static void rows_layout(bench *b, sqlite3 *db, sqlite3_stmt *st, double *seconds)
{
    static int64_t submission;
    for (size_t i = 0; i < b->n; i++) {
        const kh_return_rows *rows = &b->returns[i]->rows[0];
        double t = cpu();
        submission++;
        sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL);
        for (uint32_t k = 0; k < rows->n; k++) {
            const int64_t v[] = {submission, (int64_t)rows->period, k / KH_CHUNK, k % KH_CHUNK, rows->unit[k] + 1, rows->line[k]};
            for (int c = 0; c < 6; c++)
                sqlite3_bind_int64(st, c + 1, v[c]);
            sqlite3_step(st);
            sqlite3_reset(st);
        }
        sqlite3_exec(db, "COMMIT", NULL, NULL, NULL);
        *seconds += cpu() - t;
    }
}

/* One row a value, by a prepared statement, a transaction a submission. */
static void plain_layout(bench *b, sqlite3 *db, double *seconds)
{
    static int64_t submission;
    static sqlite3_stmt *st;
    if (!st)
        sqlite3_prepare_v2(db, "INSERT INTO value VALUES (?,?,?,?,?,?)", -1, &st, NULL);
    for (size_t i = 0; i < b->n; i++) {
        const kh_return_rows *rows = &b->returns[i]->rows[0];
        double t = cpu();
        submission++;
        sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL);
        for (uint32_t c = 0; c < b->returns[i]->n_columns; c++)
            for (uint32_t k = 0; k < rows->n; k++) {
                const kh_page *page = kh_return_page(b->returns[i], 0, c, k / KH_CHUNK);
                if (!page || page->m[k % KH_CHUNK] == KH_MISSING)
                    continue;
                sqlite3_bind_int64(st, 1, (int64_t)rows->period);
                sqlite3_bind_int64(st, 2, b->returns[i]->columns[c].measure + 1);
                sqlite3_bind_int64(st, 3, rows->unit[k] + 1);
                sqlite3_bind_double(st, 4, kh_dec_double((kh_dec){page->m[k % KH_CHUNK], page->scale[k % KH_CHUNK]}));
                sqlite3_bind_int64(st, 5, submission);
                sqlite3_bind_int64(st, 6, rows->line[k]);
                sqlite3_step(st);
                sqlite3_reset(st);
            }
        sqlite3_exec(db, "COMMIT", NULL, NULL, NULL);
        *seconds += cpu() - t;
    }
}

static void plain_read(sqlite3 *db, uint64_t values)
{
    sqlite3_stmt *st;
    double t = cpu(), sum = 0;
    sqlite3_prepare_v2(db, "SELECT unit, value FROM value", -1, &st, NULL);
    while (sqlite3_step(st) == SQLITE_ROW)
        sum += sqlite3_column_double(st, 1) + (double)sqlite3_column_int64(st, 0);
    sqlite3_finalize(st);
    say(sum > 0 ? "  read all of it, one row a value" : "", cpu() - t, values);
}

static void fill(bench *b, const char *folder, sqlite3 *rows_db, sqlite3 *plain_db)
{
    char *path = kh_asprintf("%s/wide.csv", folder), line[4096], month[8] = "";
    FILE *f = fopen(path, "r");
    sqlite3_stmt *st = NULL;
    double put = 0, rows = 0, plain = 0;
    size_t submissions = 0;
    if (rows_db)
        sqlite3_prepare_v2(rows_db, "INSERT INTO submission_row VALUES (?,?,?,?,?,?)", -1, &st, NULL);
    bool more = f && fgets(line, sizeof line, f);
    while (more) {
        more = fgets(line, sizeof line, f) != NULL;
        const char *comma = more ? strchr(line, ',') : NULL;
        if (!more || strncmp(comma + 1, month, 7) != 0) {
            put_month(b, &put);
            if (rows_db)
                rows_layout(b, rows_db, st, &rows);
            if (plain_db)
                plain_layout(b, plain_db, &plain);
            submissions += b->n;
            for (size_t i = 0; i < b->n; i++)
                kh_return_free(b->returns[i]);
            b->n = 0;
            if (more)
                snprintf(month, sizeof month, "%.7s", comma + 1);
        }
        if (more)
            add_row(b, line);
    }
    sqlite3_finalize(st);
    printf("%llu values in %zu submissions\n", (unsigned long long)b->values, submissions);
    say("put", put, b->values);
    if (rows_db)
        say("  rows, one a place, if they were kept so", rows, b->values);
    if (plain_db) {
        say("  one row a value, if they were kept so", plain, b->values);
        plain_read(plain_db, b->values);
    }
    fclose(f);
    kh_free(path);
}

typedef struct total { uint64_t cells; __int128 sum; uint64_t lines; } total;

static int add_block(void *ctx, const kh_block *k)
{
    total *t = ctx;
    for (size_t i = 0; i < k->n; i++)
        if (k->m[i] != KH_MISSING) {
            t->cells++;
            t->sum += k->m[i];
            t->lines += k->line ? k->line[i] : 0;
        }
    return 0;
}

static void read_back(bench *b)
{
    total t = {0};
    double from = cpu();
    must(kh_store_read(b->s, b->c, &(kh_read){0}, add_block, &t, &err));
    say("read all", cpu() - from, t.cells);
    if (t.cells != b->values)
        fprintf(stderr, "bench_store: %llu values came back of %llu\n", (unsigned long long)t.cells, (unsigned long long)b->values);
    from = cpu();
    t = (total){0};
    must(kh_store_read(b->s, b->c, &(kh_read){.lines = true}, add_block, &t, &err));
    say("read all with lines", cpu() - from, t.cells);
    bool wanted[64] = {[2] = true};
    kh_period p = kh_period_parse("2020-03", 7);
    from = cpu();
    t = (total){0};
    must(kh_store_read(b->s, b->c, &(kh_read){.measures = wanted, .periods = &p, .n_periods = 1}, add_block, &t, &err));
    say("read one measure and month", cpu() - from, t.cells);
    from = cpu();
    t = (total){0};
    must(kh_store_read(b->s, b->c, &(kh_read){.measures = wanted}, add_block, &t, &err));
    say("read one measure, all months", cpu() - from, t.cells);
}

static void sql(bench *b, const char *what, const char *text)
{
    sqlite3 *db;
    sqlite3_stmt *st;
    double from = cpu();
    if (sqlite3_open_v2(kh_store_path(b->s), &db, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK || sqlite3_prepare_v2(db, text, -1, &st, NULL) != SQLITE_OK) {
        fprintf(stderr, "bench_store: %s\n", sqlite3_errmsg(db));
        exit(1);
    }
    while (sqlite3_step(st) == SQLITE_ROW)
        ;
    char *label = kh_asprintf("SQL: %s", what);
    say(label, cpu() - from, 0);
    kh_free(label);
    sqlite3_finalize(st);
    sqlite3_close(db);
}

static void size_of(const char *what, const char *path)
{
    struct stat st;
    if (stat(path, &st) == 0)
        printf("%-44s %8.1f MB\n", what, (double)st.st_size / 1e6);
}

int main(int argc, char **argv)
{
    bench b = {0};
    sqlite3 *rows = NULL, *plain = NULL;
    char *rows_path = NULL, *plain_path = NULL;
    if (argc < 3)
        return 2;
    for (int i = 3; i < argc; i++) {
        b.long_lines |= strcmp(argv[i], "long") == 0;
        if (strcmp(argv[i], "rows") == 0) {
            rows_path = kh_asprintf("%s-rows", argv[2]);
            unlink(rows_path);
            sqlite3_open(rows_path, &rows);
            sqlite3_exec(rows, "PRAGMA page_size=8192; PRAGMA journal_mode=WAL; CREATE TABLE submission_row (submission INTEGER, period INTEGER, chunk INTEGER, k INTEGER, unit INTEGER, line INTEGER, "
                               "PRIMARY KEY (submission, period, chunk, k)) STRICT, WITHOUT ROWID; CREATE INDEX submission_row_unit ON submission_row (unit, period)", NULL, NULL, NULL);
        }
        if (strcmp(argv[i], "plain") == 0) {
            plain_path = kh_asprintf("%s-plain", argv[2]);
            unlink(plain_path);
            sqlite3_open(plain_path, &plain);
            sqlite3_exec(plain, "PRAGMA page_size=8192; PRAGMA journal_mode=WAL; CREATE TABLE value (period INTEGER, measure INTEGER, unit INTEGER, value REAL, submission INTEGER, line INTEGER, "
                                "PRIMARY KEY (period, measure, unit)) STRICT, WITHOUT ROWID", NULL, NULL, NULL);
        }
    }
    unlink(argv[2]);
    catalog(&b, argv[1], 20);
    must(kh_store_open(&b.s, argv[2], KH_STORE_CREATE, &err));
    double t = cpu();
    must(kh_store_begin(b.s, &err));
    must(kh_store_mirror(b.s, b.c, NULL, NULL, &err));
    must(kh_store_commit(b.s, &err));
    say("mirror the definitions", cpu() - t, 0);
    t = cpu();
    must(kh_store_bind(b.s, b.c, &err));
    say("bind", cpu() - t, 0);
    bool needed;
    t = cpu();
    must(kh_store_mirror_needed(b.s, b.c, &needed, &err));
    say("is mirroring needed", cpu() - t, 0);
    fill(&b, argv[1], rows, plain);
    kh_store_close(b.s);
    must(kh_store_open(&b.s, argv[2], KH_STORE_READ, &err));
    must(kh_store_bind(b.s, b.c, &err));
    size_of("file", argv[2]);
    sqlite3_close(rows);
    sqlite3_close_v2(plain);
    if (rows_path)
        size_of("  rows, if they were kept so", rows_path);
    if (plain_path)
        size_of("  one row a value, if they were kept so", plain_path);
    read_back(&b);
    sql(&b, "v_value, one measure and month", "SELECT sum(value) FROM v_value WHERE measure = 'm03' AND period = '2020-03'");
    sql(&b, "the same with lines and units", "SELECT count(unit || unit_name || line) FROM v_value WHERE measure = 'm03' AND period = '2020-03'");
    sql(&b, "v_value, one unit and month", "SELECT sum(value) FROM v_value WHERE unit = '00300' AND period = '2020-03'");
    sql(&b, "v_value_by_unit, one unit and month", "SELECT sum(value) FROM v_value_by_unit WHERE unit = '00300' AND period = '2020-03'");
    sql(&b, "v_value_by_unit, one unit, all months", "SELECT sum(value) FROM v_value_by_unit WHERE unit = '00300' AND measure = 'm03'");
    kh_store_close(b.s);
    kh_catalog_free(b.c);
    kh_free(b.returns);
    kh_free(b.province);
    kh_free(rows_path);
    kh_free(plain_path);
    return 0;
}

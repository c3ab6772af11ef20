/* SPDX-License-Identifier: MIT */
/*
 * What one cell of the formula 100 * a / b costs, in nanoseconds of CPU: the
 * columns of a nation of 11,737 units are there, and 2,000 formulas over them
 * are computed. And what it costs in a plain loop of C.
 *
 *   bench_calc STORE      makes STORE if it is not there
 */
#include "calc/calc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>

enum { MEASURES = 2, PROVINCES = 63, FORMULAS = 2000, AT_ONCE = 20 };

typedef struct bench { kh_catalog *c; kh_store *s; kh_unit *units; size_t n_units; kh_period periods[1]; size_t n_periods; } bench;

static kh_error err = KH_ERROR_INIT;

static void must(int rc)
{
    if (rc == KH_OK)
        return;
    fprintf(stderr, "bench_calc: %s\n", err.text ? err.text : "failed");
    exit(1);
}

static double cpu(void)
{
    struct rusage u;
    getrusage(RUSAGE_SELF, &u);
    return (double)u.ru_utime.tv_sec + (double)u.ru_stime.tv_sec + 1e-6 * (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec);
}

/* ---- definitions ---- */

static void add_unit(bench *b, const char *code, const char *kind, const char *parent)
{
    kh_unit u;
    kh_unit_def d = {.code = code, .name = code, .kind = kh_units_kind(b->c->units, kind), .parent_code = parent, .from = KH_DAY_MIN, .to = KH_DAY_MAX};
    must(kh_units_add(b->c->units, &d, &u, &err));
    b->units = kh_realloc(b->units, b->n_units + 1, sizeof *b->units);
    b->units[b->n_units++] = u;
}

static void add_units(bench *b)
{
    char p[16], d[16], c[16];
    int districts = 0, communes = 0;
    kh_units_add_kind(b->c->units, "nation", "nation", "", "");
    kh_units_add_kind(b->c->units, "province", "province", "", "");
    kh_units_add_kind(b->c->units, "district", "district", "", "");
    kh_units_add_kind(b->c->units, "commune", "commune", "", "");
    add_unit(b, "VN", "nation", NULL);
    for (int i = 0; i < PROVINCES; i++) {
        int nd = 11 + (i % 5 == 0) - (i % 6 == 5) + (i % 9 == 4), nc = 174 + (i * 37) % 61 - 30 + (i % 2);
        snprintf(p, sizeof p, "%02d", i + 1);
        add_unit(b, p, "province", "VN");
        for (int j = 0; j < nd; j++) {
            snprintf(d, sizeof d, "%03d", ++districts);
            add_unit(b, d, "district", p);
            for (int k = 0; k < nc / nd + (j < nc % nd); k++) {
                snprintf(c, sizeof c, "%05d", ++communes * 3);
                add_unit(b, c, "commune", d);
            }
        }
    }
}

static kh_expr node(bench *b, kh_op op, kh_expr x, kh_expr y, uint32_t ref)
{
    kh_expr_node n = {.op = (uint8_t)op, .a = x, .b = y, .c = KH_NO_EXPR, .ref = ref};
    return kh_expr_add(b->c->exprs, &n);
}

static void add_definitions(bench *b)
{
    static uint32_t all[MEASURES];
    static const char *kinds[] = {"commune"};
    static kh_selector communes = {.kinds = kinds, .n_kinds = 1};
    for (uint32_t i = 0; i < MEASURES; i++) {
        kh_measure m = {.code = kh_arena_strdup(b->c->arena, (char[]){'m', (char)('0' + (i + 1) / 10), (char)('0' + (i + 1) % 10), 0}), .title = "m", .type = KH_NUMBER};
        must(kh_catalog_add(b->c, KH_DEF_MEASURE, &m, &all[i], &err));
    }
    kh_form f = {.code = "F", .title = "F", .every = KH_MONTH, .reporters = &communes, .n_reporters = 1, .measures = all, .n_measures = MEASURES};
    uint32_t at;
    must(kh_catalog_add(b->c, KH_DEF_FORM, &f, &at, &err));
    must(kh_catalog_seal(b->c, &err));
}

/* ---- values ---- */

static uint64_t seed = 88172645463325252u;
static uint64_t random_number(void)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return seed;
}

static kh_unit province_of(const bench *b, kh_unit u)
{
    while (!kh_units_is(b->c->units, u, "province"))
        u = kh_units_parent(b->c->units, u, 44000);
    return u;
}

static void put_month(bench *b, kh_period p, kh_unit province)
{
    kh_return *r = kh_return_new(b->n_units);
    uint32_t group, first;
    r->sender = province;
    r->period = p;
    r->file = kh_strdup("bench.csv");
    kh_period_format(p, r->span);
    snprintf(r->sha256, sizeof r->sha256, "%u-%u", p, province);
    for (size_t i = 0; i < b->n_units; i++) {
        kh_unit u = b->units[i];
        if (!kh_units_is(b->c->units, u, "commune") || province_of(b, u) != province)
            continue;
        uint32_t row = kh_return_row(r, p, u, (uint32_t)i + 2, &group);
        for (uint32_t m = 0; m < MEASURES; m++) {
            uint64_t x = random_number();
            if (x % 100 < 5)
                continue;
            uint8_t scale = m == 4 || m == 5 ? 2 : m >= 10 && m <= 12 ? 1 : m == 15 || m == 16 ? 3 : 0;
            int64_t v = (int64_t)(x >> 20) % 5000 * kh_pow10[scale] + (scale ? (int64_t)(x >> 40) % kh_pow10[scale] : 0);
            kh_return_set(r, group, row, kh_return_column_of(r, m, KH_NO_CUT, false), v, scale, (uint32_t)i + 2, &first);
        }
    }
    kh_return_seal(r);
    int64_t id;
    int version;
    must(kh_store_begin(b->s, &err));
    must(kh_store_put(b->s, b->c, r, NULL, &id, &version, &err));
    must(kh_store_commit(b->s, &err));
    kh_return_free(r);
}

static void make_store(bench *b, const char *path)
{
    must(kh_store_open(&b->s, path, KH_STORE_CREATE, &err));
    must(kh_store_begin(b->s, &err));
    must(kh_store_mirror(b->s, b->c, NULL, NULL, &err));
    must(kh_store_commit(b->s, &err));
    for (size_t i = 0; i < b->n_periods; i++)
        for (size_t u = 0; u < b->n_units; u++)
            if (kh_units_is(b->c->units, b->units[u], "province"))
                put_month(b, b->periods[i], b->units[u]);
    kh_store_close(b->s);
}

/* ---- what is measured ---- */

static kh_item formula(bench *b, int i, kh_expr over, kh_expr under)
{
    kh_expr_node x = {.op = KH_X_NUM, .a = KH_NO_EXPR, .b = KH_NO_EXPR, .c = KH_NO_EXPR, .num = {100 + i, 0}};
    return (kh_item){KH_ITEM_EXPR, node(b, KH_X_DIV, node(b, KH_X_MUL, kh_expr_add(b->c->exprs, &x), over, 0), under, 0), KH_NO_CUT};
}

/* Each formula is a new one (its constant differs), asked for one unit: what is left is making its column. */
static double ask(bench *b, kh_calc *k, const kh_item *items, size_t n)
{
    kh_question q = {items, n, b->units, 1, b->periods, 1};
    kh_answer *a;
    double from = cpu();
    must(kh_calc_ask(k, &q, &a, &err));
    double t = cpu() - from;
    kh_answer_free(a);
    return t;
}

/* The same by hand over two arrays, with a missing value and a zero looked out for. */
static double by_hand(size_t n)
{
    double *x = kh_alloc(n * sizeof *x), *y = kh_alloc(n * sizeof *y), *to = kh_alloc(n * sizeof *to);
    for (size_t i = 0; i < n; i++) {
        x[i] = (double)(random_number() % 5000);
        y[i] = (double)(random_number() % 5000);
    }
    double from = cpu();
    for (int f = 0; f < FORMULAS; f++) {
        for (size_t i = 0; i < n; i++)
            to[i] = x[i] < 0 || y[i] <= 0 ? -1 : (100 + f) * x[i] / y[i];
        __asm__ volatile("" ::"r"(to) : "memory");
    }
    double t = cpu() - from;
    kh_free(x);
    kh_free(y);
    kh_free(to);
    return t;
}

static void formulas(bench *b)
{
    kh_calc *k;
    kh_calc_options o = {.today = KH_DAY_MAX};
    kh_item leaves[] = {{KH_ITEM_MEASURE, 0, KH_NO_CUT}, {KH_ITEM_MEASURE, 1, KH_NO_CUT}};
    must(kh_calc_open(&k, b->c, b->s, &o, &err));
    kh_expr over = node(b, KH_X_MEASURE, KH_NO_EXPR, KH_NO_EXPR, 0), under = node(b, KH_X_MEASURE, KH_NO_EXPR, KH_NO_EXPR, 1);
    double t = 0;
    for (int i = 0; i < FORMULAS; i++) {
        kh_item it = formula(b, i, over, under);
        if (i % AT_ONCE == 0) { /* columns do not pile up */
            kh_calc_forget(k);
            ask(b, k, leaves, 2);
        }
        t += ask(b, k, &it, 1);
    }
    kh_calc_close(k);
    double cells = FORMULAS * (double)b->n_units;
    printf("%.2f %.2f\n", t * 1e9 / cells, by_hand(b->n_units) * 1e9 / cells);
}

int main(int argc, char **argv)
{
    bench b = {0};
    struct stat st;
    if (argc != 2) {
        fprintf(stderr, "bench_calc STORE\n");
        return 2;
    }
    kh_keep_memory(); /* as the program does */
    b.c = kh_catalog_new();
    add_units(&b);
    add_definitions(&b);
    b.periods[b.n_periods++] = kh_period_make(KH_MONTH, 2020, 1);
    if (stat(argv[1], &st) != 0)
        make_store(&b, argv[1]);
    must(kh_store_open(&b.s, argv[1], KH_STORE_READ, &err));
    must(kh_store_bind(b.s, b.c, &err));
    formulas(&b);
    kh_store_close(b.s);
    kh_catalog_free(b.c);
    kh_free(b.units);
    return 0;
}

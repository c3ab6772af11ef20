/* SPDX-License-Identifier: MIT */
/*
 * Calculation by itself, on a nation's worth of values made in the process.
 *
 *   bench_calc STORE [provinces [months]]      default 63 and 60: 12.5 million values
 *
 * The first run makes STORE (one return a province and month); later runs read
 * it cold. Reported: the whole grid (every unit and period, 20 measures and 10
 * ratios with a target, every figure as text), one province for a year in a new
 * session, and the bare cost of a formula's cell. CPU seconds are the
 * process's own; only ratios within a run mean anything.
 */
#include "base/buf.h"
#include "calc/calc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>

enum { MEASURES = 20, RATIOS = 10 };

typedef struct bench { kh_catalog *c; kh_store *s; kh_unit *units; size_t n_units; kh_period periods[128]; size_t n_periods; uint32_t ratio[RATIOS]; int provinces, months; } bench;

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

static double wall(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static long peak(void)
{
    struct rusage u;
    getrusage(RUSAGE_SELF, &u);
    return u.ru_maxrss / 1024;
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
    for (int i = 0; i < b->provinces; i++) {
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
    if (op == KH_X_NUM)
        n.num = (kh_dec){100, 0};
    return kh_expr_add(b->c->exprs, &n);
}

static void add_definitions(bench *b)
{
    static uint32_t all[MEASURES];
    static const char *kinds[] = {"commune"};
    static kh_selector communes = {.kinds = kinds, .n_kinds = 1};
    static kh_target target = {.cmp = KH_AT_LEAST, .lo = {95, 0}};
    for (uint32_t i = 0; i < MEASURES; i++) {
        kh_measure m = {.code = kh_arena_strdup(b->c->arena, (char[]){'m', (char)('0' + (i + 1) / 10), (char)('0' + (i + 1) % 10), 0}), .title = "m", .type = KH_NUMBER};
        must(kh_catalog_add(b->c, KH_DEF_MEASURE, &m, &all[i], &err));
    }
    kh_form f = {.code = "F", .title = "F", .every = KH_MONTH, .reporters = &communes, .n_reporters = 1, .measures = all, .n_measures = MEASURES};
    uint32_t at;
    must(kh_catalog_add(b->c, KH_DEF_FORM, &f, &at, &err));
    for (uint32_t i = 0; i < RATIOS; i++) {
        kh_expr n = node(b, KH_X_MEASURE, KH_NO_EXPR, KH_NO_EXPR, 2 * i), d = node(b, KH_X_MEASURE, KH_NO_EXPR, KH_NO_EXPR, 2 * i + 1);
        if (i >= 5) /* half of them are shares of a sum */
            d = node(b, KH_X_ADD, n, d, 0);
        kh_expr e = node(b, KH_X_DIV, node(b, KH_X_MUL, node(b, KH_X_NUM, KH_NO_EXPR, KH_NO_EXPR, 0), n, 0), d, 0);
        kh_indicator ind = {.code = kh_arena_strdup(b->c->arena, (char[]){'T', (char)('0' + i), 0}), .title = "T", .decimals = 1, .formula = e, .targets = &target, .n_targets = 1};
        must(kh_catalog_add(b->c, KH_DEF_INDICATOR, &ind, &b->ratio[i], &err));
    }
    must(kh_catalog_seal(b->c, &err));
}

static void add_periods(bench *b)
{
    for (int i = 0; i < b->months; i++)
        b->periods[b->n_periods++] = kh_period_make(KH_MONTH, 2020 + i / 12, i % 12 + 1);
    for (int i = 0; i + 12 <= b->months; i += 12)
        b->periods[b->n_periods++] = kh_period_make(KH_YEAR, 2020 + i / 12, 1);
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

static uint64_t put_month(bench *b, kh_period p, kh_unit province)
{
    kh_return *r = kh_return_new(b->n_units);
    uint32_t group, first;
    uint64_t n = 0;
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
            n++;
        }
    }
    kh_return_seal(r);
    int64_t id;
    int version;
    must(kh_store_begin(b->s, &err));
    must(kh_store_put(b->s, b->c, r, NULL, &id, &version, &err));
    must(kh_store_commit(b->s, &err));
    kh_return_free(r);
    return n;
}

static void make_store(bench *b, const char *path)
{
    uint64_t n = 0;
    must(kh_store_open(&b->s, path, KH_STORE_CREATE, &err));
    must(kh_store_begin(b->s, &err));
    must(kh_store_mirror(b->s, b->c, NULL, NULL, &err));
    must(kh_store_commit(b->s, &err));
    double t = cpu();
    for (int i = 0; i < b->months; i++)
        for (size_t u = 0; u < b->n_units; u++)
            if (kh_units_is(b->c->units, b->units[u], "province"))
                n += put_month(b, b->periods[i], b->units[u]);
    printf("made %s: %llu values in %.1f s of CPU; run again to measure\n", path, (unsigned long long)n, cpu() - t);
    kh_store_close(b->s);
}

/* ---- what is measured ---- */

static uint64_t write_period(bench *b, kh_calc *k, kh_period p, FILE *out)
{
    kh_item items[RATIOS];
    kh_answer *a;
    char text[64];
    kh_buf line = KH_BUF_INIT;
    for (uint32_t i = 0; i < RATIOS; i++)
        items[i] = (kh_item){KH_ITEM_INDICATOR, b->ratio[i], KH_NO_CUT};
    kh_question q = {items, RATIOS, b->units, b->n_units, &p, 1};
    must(kh_calc_ask(k, &q, &a, &err));
    for (size_t u = 0; u < b->n_units; u++) {
        kh_buf_str(&line, kh_units_def(b->c->units, b->units[u])->code);
        for (size_t i = 0; i < RATIOS; i++) {
            const kh_figure *f = kh_answer_figure(a, i, 0, u);
            must(kh_answer_text(k, a, i, 0, u, 1, text, sizeof text, &err));
            kh_buf_char(&line, ',');
            kh_buf_str(&line, text);
            kh_buf_char(&line, ',');
            kh_buf_str(&line, kh_status_name((kh_status)f->decided));
        }
        kh_buf_char(&line, '\n');
        if (line.len > 65536) {
            fwrite(line.data, 1, line.len, out);
            kh_buf_clear(&line);
        }
    }
    fwrite(kh_buf_cstr(&line), 1, line.len, out);
    kh_buf_free(&line);
    kh_answer_free(a);
    return b->n_units;
}

static void whole_grid(bench *b)
{
    kh_calc *k;
    kh_calc_options o = {.today = KH_DAY_MAX};
    double c = cpu(), w = wall();
    uint64_t rows = 0;
    FILE *out = fopen("/dev/null", "w");
    must(kh_calc_open(&k, b->c, b->s, &o, &err));
    for (size_t i = 0; i < b->n_periods; i++)
        rows += write_period(b, k, b->periods[i], out);
    kh_calc_close(k);
    fclose(out);
    printf("whole grid, period by period: %llu rows, %.2f s CPU, %.2f s wall, peak %ld MiB\n", (unsigned long long)rows, cpu() - c, wall() - w, peak());
}

static void whole_question(bench *b)
{
    kh_calc *k;
    kh_calc_options o = {.today = KH_DAY_MAX};
    kh_item items[RATIOS + MEASURES];
    kh_answer *a;
    double c = cpu(), w = wall();
    for (uint32_t i = 0; i < RATIOS + MEASURES; i++)
        items[i] = i < RATIOS ? (kh_item){KH_ITEM_INDICATOR, b->ratio[i], KH_NO_CUT} : (kh_item){KH_ITEM_MEASURE, i - RATIOS, KH_NO_CUT};
    kh_question q = {items, RATIOS + MEASURES, b->units, b->n_units, b->periods, b->n_periods};
    must(kh_calc_open(&k, b->c, b->s, &o, &err));
    must(kh_calc_ask(k, &q, &a, &err));
    printf("whole grid, one question:     %zu figures, %.2f s CPU, %.2f s wall, peak %ld MiB\n", (RATIOS + MEASURES) * b->n_units * b->n_periods, cpu() - c, wall() - w, peak());
    kh_answer_free(a);
    kh_calc_close(k);
}

static void one_province(bench *b)
{
    kh_calc *k;
    kh_calc_options o = {.today = KH_DAY_MAX};
    kh_item items[RATIOS];
    kh_answer *a;
    kh_unit units[32];
    size_t n = 0;
    kh_period p = kh_period_make(KH_YEAR, 2020, 1);
    double c = cpu(), w = wall();
    for (size_t u = 0; u < b->n_units && n < 12; u++)
        if (kh_units_is(b->c->units, b->units[u], "province") || kh_units_is(b->c->units, b->units[u], "district"))
            units[n++] = b->units[u];
    for (uint32_t i = 0; i < RATIOS; i++)
        items[i] = (kh_item){KH_ITEM_INDICATOR, b->ratio[i], KH_NO_CUT};
    kh_question q = {items, RATIOS, units, n, &p, 1};
    must(kh_calc_open(&k, b->c, b->s, &o, &err));
    must(kh_calc_ask(k, &q, &a, &err));
    printf("one province, one year:       %zu figures, %.1f ms CPU, %.1f ms wall\n", n * RATIOS, 1e3 * (cpu() - c), 1e3 * (wall() - w));
    kh_answer_free(a);
    kh_calc_close(k);
}

int main(int argc, char **argv)
{
    bench b = {.provinces = argc > 2 ? atoi(argv[2]) : 63, .months = argc > 3 ? atoi(argv[3]) : 60};
    struct stat st;
    if (argc < 2 || b.months > 120) {
        fprintf(stderr, "bench_calc STORE [provinces [months]]\n");
        return 2;
    }
    b.c = kh_catalog_new();
    add_units(&b);
    add_definitions(&b);
    add_periods(&b);
    if (stat(argv[1], &st) != 0) {
        make_store(&b, argv[1]);
        return 0;
    }
    must(kh_store_open(&b.s, argv[1], KH_STORE_READ, &err));
    must(kh_store_bind(b.s, b.c, &err));
    one_province(&b);
    if (argc <= 4) {
        whole_grid(&b);
        whole_question(&b);
    }
    kh_store_close(b.s);
    kh_catalog_free(b.c);
    kh_free(b.units);
    return 0;
}

/* SPDX-License-Identifier: MIT */
/*
 * libcsv.c of the benchmarks: what the reading alone costs a program that knows
 * its file. The long file is parsed, codes looked up, period and value typed,
 * cells counted for duplicates; the wide one only parsed. Nothing is stored.
 *
 *   libcsv long|wide FOLDER
 */
#include <csv.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CODES = 1 << 15, MONTHS = 240, MEASURES = 20 };

static char codes[CODES][8];
static int ids[CODES], n_units;
static uint8_t *seen;
static int field, unit, month, measure;
static long cells, wrong;

static uint32_t slot(const char *s, size_t n)
{
    uint32_t h = 2166136261u;
    for (size_t i = 0; i < n; i++)
        h = (h ^ (unsigned char)s[i]) * 16777619u;
    h &= CODES - 1;
    while (codes[h][0] && (memcmp(codes[h], s, n) != 0 || codes[h][n]))
        h = (h + 1) & (CODES - 1);
    return h;
}

static void read_units(const char *folder)
{
    char path[4096], line[512];
    snprintf(path, sizeof path, "%s/units.csv", folder);
    FILE *f = fopen(path, "r");
    if (!f || !fgets(line, sizeof line, f))
        exit(1);
    while (fgets(line, sizeof line, f)) {
        size_t n = strcspn(line, ",");
        uint32_t h = slot(line, n);
        memcpy(codes[h], line, n);
        ids[h] = ++n_units;
    }
    fclose(f);
}

static int digits(const char *s, size_t n)
{
    int v = 0;
    for (size_t i = 0; i < n; i++) {
        if (s[i] < '0' || s[i] > '9')
            return -1;
        v = v * 10 + (s[i] - '0');
    }
    return v;
}

static int good_number(const char *s, size_t n)
{
    int64_t m = 0;
    int scale = -1;
    for (size_t i = 0; i < n; i++)
        if (s[i] == '.' && scale < 0)
            scale = 0;
        else if (s[i] >= '0' && s[i] <= '9' && !__builtin_mul_overflow(m, (int64_t)10, &m) && !__builtin_add_overflow(m, (int64_t)(s[i] - '0'), &m))
            scale += scale >= 0;
        else
            return 0;
    return n > 0;
}

static void on_cell(void *p, size_t n, void *ctx)
{
    const char *s = p;
    (void)ctx;
    if (field < 0)
        return;
    switch (field++) {
    case 0:
        unit = n < 8 ? ids[slot(s, n)] : 0;
        break;
    case 1:
        month = n == 7 && s[4] == '-' && digits(s, 4) >= 2000 ? (digits(s, 4) - 2000) % 20 * 12 + digits(s + 5, 2) - 1 : -1;
        break;
    case 2:
        measure = n == 3 && *s == 'm' ? digits(s + 1, 2) - 1 : -1;
        break;
    default:
        if (!unit || month < 0 || month >= MONTHS || measure < 0 || measure >= MEASURES || !good_number(s, n)) {
            wrong++;
            return;
        }
        uint8_t *cell = &seen[((size_t)unit * MONTHS + (size_t)month) * MEASURES + (size_t)measure];
        wrong += *cell;
        *cell = 1;
        cells++;
    }
}

static void count_cell(void *s, size_t n, void *ctx)
{
    (void)s, (void)ctx;
    cells += field == 0 && n > 0;
}

static void on_row(int c, void *ctx)
{
    (void)c, (void)ctx;
    field = 0;
}

int main(int argc, char **argv)
{
    static char block[256 << 10];
    char path[4096];
    struct csv_parser p;
    size_t n;
    if (argc != 3)
        return 2;
    int by_name = strcmp(argv[1], "long") == 0;
    read_units(argv[2]);
    seen = calloc((size_t)(n_units + 1) * MONTHS * MEASURES, 1);
    snprintf(path, sizeof path, "%s/%s.csv", argv[2], argv[1]);
    FILE *f = fopen(path, "r");
    if (!f || !seen || csv_init(&p, CSV_STRICT) != 0)
        return 1;
    setvbuf(f, NULL, _IONBF, 0);
    field = -1; /* the header */
    while ((n = fread(block, 1, sizeof block, f)) > 0)
        if (csv_parse(&p, block, n, by_name ? on_cell : count_cell, on_row, NULL) != n)
            return 1;
    csv_fini(&p, by_name ? on_cell : count_cell, on_row, NULL);
    printf("%ld cells, %ld wrong\n", cells, wrong);
    return 0;
}

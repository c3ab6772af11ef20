/* SPDX-License-Identifier: MIT */
/* The project's own lists of units, read by the plainest reader that can read them. */
#ifndef TESTS_MODEL_REAL_UNITS_H
#define TESTS_MODEL_REAL_UNITS_H

#include "model/unit.h"

#include "cm.h"

#include <stdio.h>
#include <string.h>

/* Splits at commas (no cell of these columns is quoted); returns how many. */
static inline size_t csv_cells(char *line, char **cell, size_t room)
{
    size_t n = 0;
    line[strcspn(line, "\r\n")] = '\0';
    for (char *at = line; at && n < room; n++) {
        cell[n] = at;
        at = strchr(at, ',');
        if (at)
            *at++ = '\0';
    }
    return n;
}

static inline kh_day csv_day(const char *s, kh_day blank)
{
    kh_day d = blank;
    if (*s && !kh_day_parse(s, strlen(s), &d))
        fail_msg("%s is no day", s);
    return d;
}

static inline FILE *open_data(const char *name)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", TEST_SOURCE, name);
    FILE *f = fopen(path, "r");
    if (!f)
        fail_msg("cannot open %s", path);
    return f;
}

static inline void add_real_units(kh_units *u, const char *name)
{
    FILE *f = open_data(name);
    char line[1024], *cell[6];
    kh_error err = KH_ERROR_INIT;
    if (!fgets(line, sizeof line, f))
        fail();
    while (fgets(line, sizeof line, f)) {
        size_t n = csv_cells(line, cell, 6);
        kh_unit_def d = {.code = cell[0], .name = cell[1], .kind = kh_units_kind(u, cell[2]), .parent_code = *cell[3] ? cell[3] : NULL, .file = name,
                         .from = csv_day(n > 4 ? cell[4] : "", KH_DAY_MIN), .to = csv_day(n > 5 ? cell[5] : "", KH_DAY_MAX)};
        if (kh_units_add(u, &d, NULL, &err) != KH_OK)
            fail_msg("%s", err.text);
    }
    fclose(f);
}

static inline void add_real_successors(kh_units *u)
{
    FILE *f = open_data("data/successors.csv");
    char line[1024], *cell[4];
    if (!fgets(line, sizeof line, f))
        fail();
    while (fgets(line, sizeof line, f)) {
        csv_cells(line, cell, 4);
        assert_int_equal(kh_units_add_succession(u, csv_day(cell[0], 0), cell[1], *cell[2] ? cell[2] : NULL, strcmp(cell[3], "part") == 0, "data/successors.csv", 0, NULL), KH_OK);
    }
    fclose(f);
}

static inline kh_units *lang_son(void)
{
    kh_units *u = kh_units_new();
    kh_error err = KH_ERROR_INIT;
    add_real_units(u, "data/units.csv");
    add_real_successors(u);
    if (kh_units_seal(u, &err) != KH_OK)
        fail_msg("%s", err.text);
    return u;
}

static inline kh_units *viet_nam(void)
{
    kh_units *u = kh_units_new();
    kh_error err = KH_ERROR_INIT;
    add_real_units(u, "tests/fixtures/vietnam-units.csv");
    if (kh_units_seal(u, &err) != KH_OK)
        fail_msg("%s", err.text);
    return u;
}

static inline kh_day on(const char *day)
{
    return csv_day(day, 0);
}

#endif

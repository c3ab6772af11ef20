/* SPDX-License-Identifier: MIT */
/* Names of units and keys of cuts, as a file may hold them. What is matched is valid at the date and within the place asked about. */
#include "model/cut.h"
#include "model/unit.h"

#include <stdlib.h>

static kh_units *units;
static kh_cuts *cuts;

static void add(const char *code, const char *name, const char *kind, const char *parent)
{
    kh_unit_def d = {.code = code, .name = name, .kind = kh_units_kind(units, kind), .parent_code = parent, .from = 0, .to = kh_day_make(2025, 6, 30)};
    if (kh_units_add(units, &d, NULL, NULL) != KH_OK)
        abort();
}

static void start(void)
{
    units = kh_units_new();
    cuts = kh_cuts_new();
    add("20", "Lạng Sơn", "tinh", NULL);
    add("178", "Lạng Sơn", "thanh-pho", "20");
    add("183", "Cao Lộc", "huyen", "20");
    add("06187", "Cao Lộc", "thi-tran", "183");
    add("06274", "Hòa Bình", "xa", "183");
    add("06275", "Hoà Bình", "xa", "178");
    add("00001", "1", "phuong", "178");
    kh_units_alias(units, "UBND huyện Cao Lộc", "183");
    uint32_t gender = kh_cuts_add_category(cuts, "gender", NULL, NULL, 0), group = kh_cuts_add_category(cuts, "group", NULL, NULL, 0);
    kh_cuts_add_option(cuts, gender, "female", NULL);
    kh_cuts_add_option(cuts, group, "1", NULL);
    kh_cuts_add_option(cuts, group, "2", NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!units)
        start();
    const char *s = (const char *)data;
    kh_day at = kh_day_make(2020, 1, 1);
    kh_unit under = size ? (kh_unit)(data[0] % 3) : 0;
    kh_unit_match m;
    kh_units_match(units, s, size, under, at, &m);
    for (size_t i = 0; i < m.n && i < 16; i++)
        if (!kh_units_valid(units, m.units[i], at) || !kh_units_within(units, m.units[i], under, at))
            abort();
    kh_units_match(units, s, size, KH_NO_UNIT, kh_day_make(2030, 1, 1), &m);
    if (m.n)
        abort(); /* none of them is valid then */
    if (size < 200)
        kh_units_suggest(units, s, size, KH_NO_UNIT, at, &m);
    kh_error err = KH_ERROR_INIT;
    kh_cut cut = kh_cut_parse(cuts, s, size, &err);
    if ((cut == KH_CUT_BAD) != (err.code != KH_OK) || (cut != KH_CUT_BAD && kh_cut_parse(cuts, kh_cut_key(cuts, cut), __builtin_strlen(kh_cut_key(cuts, cut)), NULL) != cut))
        abort();
    kh_error_clear(&err);
    return 0;
}

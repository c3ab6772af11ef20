/* SPDX-License-Identifier: MIT */
#include "flow/freeze.h"

#include <string.h>

kh_freezer *kh_freezer_new(void)
{
    kh_freezer *f = kh_zalloc(1, sizeof *f);
    f->arena = kh_arena_new();
    f->known = kh_map_new();
    return f;
}

void kh_freezer_free(kh_freezer *f)
{
    if (!f)
        return;
    kh_map_free(f->known);
    kh_arena_free(f->arena);
    kh_free(f->figures);
    kh_free(f);
}

int kh_figure_now(kh_calc *k, const kh_catalog *c, const kh_question *q, const kh_answer *a, size_t item, size_t period, size_t unit, kh_arena *arena, kh_published_figure *out, kh_error *err)
{
    const kh_figure f = *kh_answer_figure(a, item, period, unit);
    const kh_item *it = &q->items[item];
    char text[512] = "";
    *out = (kh_published_figure){.is_measure = it->kind == KH_ITEM_MEASURE, .ref = it->ref, .cut = it->cut, .unit = q->units[unit], .period = q->periods[period],
                                 .status = f.status, .reported = f.reported, .expected = f.expected};
    out->definition = out->is_measure ? c->measures[it->ref].sha256 : c->indicators[it->ref].sha256;
    if (f.missing) {
        out->reason = kh_missing_name((kh_missing)f.missing);
        return KH_OK;
    }
    const char *said = kh_answer_string(a, item, period, unit);
    int rc = said ? KH_OK : kh_answer_text(k, a, item, period, unit, -1, text, sizeof text, err);
    out->value = kh_arena_strdup(arena, said ? said : text);
    return rc;
}

static int take_one(kh_freezer *f, kh_calc *k, const kh_catalog *c, const kh_question *q, const kh_answer *a, size_t item, size_t period, size_t unit, const char *as_of, kh_error *err)
{
    struct { uint32_t kind, ref, cut, unit, period; char as_of[12]; } key = {q->items[item].kind, q->items[item].ref, q->items[item].cut, q->units[unit], q->periods[period], ""};
    if (as_of)
        memcpy(key.as_of, as_of, strnlen(as_of, sizeof key.as_of));
    if (kh_map_get(f->known, (const char *)&key, sizeof key) != KH_NONE)
        return KH_OK;
    kh_published_figure figure;
    int rc = kh_figure_now(k, c, q, a, item, period, unit, f->arena, &figure, err);
    if (rc != KH_OK)
        return rc;
    figure.as_of = kh_arena_strdup(f->arena, as_of);
    kh_map_set(f->known, (const char *)&key, sizeof key, (uint32_t)f->n);
    KH_PUSH(f->figures, f->n, f->cap) = figure;
    return KH_OK;
}

int kh_freezer_take(kh_freezer *f, kh_calc *k, const kh_catalog *c, const kh_question *q, const kh_answer *a, const char *as_of, kh_error *err)
{
    int rc = KH_OK;
    for (size_t i = 0; i < q->n_items; i++)
        for (size_t p = 0; q->items[i].kind != KH_ITEM_EXPR && rc == KH_OK && p < q->n_periods; p++)
            for (size_t u = 0; rc == KH_OK && u < q->n_units; u++)
                rc = take_one(f, k, c, q, a, i, p, u, as_of, err);
    return rc;
}

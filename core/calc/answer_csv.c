/* SPDX-License-Identifier: MIT */
/*
 * An answer as CSV, a row a unit and period: unit, period, each figure at its
 * decimals and, after an indicator that has targets, its status. Written
 * straight from the columns, so that a grid of millions needs no frame.
 */
#include "calc/answer.h"
#include "calc/frame_inside.h"

#include <string.h>

static bool has_status(const kh_catalog *c, const kh_item *it)
{
    return it->kind == KH_ITEM_INDICATOR && c->indicators[it->ref].n_targets > 0;
}

static int decimals_of(const kh_catalog *c, const kh_item *it)
{
    return it->kind == KH_ITEM_INDICATOR ? c->indicators[it->ref].decimals : -1;
}

void kh_answer_csv_head(const kh_catalog *c, const kh_question *q, kh_buf *out)
{
    kh_buf name = KH_BUF_INIT;
    kh_buf_str(out, "unit,period");
    for (size_t i = 0; i < q->n_items; i++) {
        kh_buf_clear(&name);
        kh_c_item_name(c, &q->items[i], i, &name);
        kh_buf_char(out, ',');
        kh_c_csv_text(out, kh_buf_cstr(&name), ',');
        if (has_status(c, &q->items[i])) {
            kh_buf_str(&name, "_status");
            kh_buf_char(out, ',');
            kh_c_csv_text(out, kh_buf_cstr(&name), ',');
        }
    }
    kh_buf_str(out, "\r\n");
    kh_buf_free(&name);
}

/* ---- one period ---- */

/*
 * Rows are made in tiles of a few units: a tile's figures column by column, as
 * they lie in memory, and then its text row by row out of the nearest cache.
 */
enum { TILE = 64, EXACTLY = KH_DEC_SCALE_MAX + 1, FIGURE_MOST = KH_DEC_TEXT + 32 /* a number, a status and their commas */ };

typedef struct writer { /* of the rows of one period */
    const kh_answer *a;
    size_t period;
    const uint8_t *alive;
    int *decimals;             /* [items] */
    kh_dec *number;            /* [items][TILE] missing: none, or with scale EXACTLY one that needs rationals */
    uint8_t *status;           /* [items][TILE] */
    kh_buf *out;
} writer;

static const answer_column *column_at(const writer *w, size_t item)
{
    return &w->a->columns[item * w->a->n_periods + w->period];
}

static void tile_numbers(const writer *w, size_t item, size_t from, size_t n)
{
    const answer_column *ac = column_at(w, item);
    const figures *c = ac->c;
    kh_dec *out = &w->number[item * TILE];
    for (size_t i = 0; i < n; i++) {
        size_t u = from + i;
        uint32_t slot = w->a->slots[u];
        const edge *x = judged_by(ac, u);
        if (c->why[slot] != KH_THERE)
            out[i] = (kh_dec){KH_MISSING, 0};
        else if (!answer_dec(c, slot, w->decimals[item], x, x && ac->decided[u] == KH_ST_MET, &out[i]))
            out[i] = (kh_dec){KH_MISSING, EXACTLY};
    }
}

static void tile_statuses(const writer *w, size_t item, size_t from, size_t n)
{
    const answer_column *ac = column_at(w, item);
    uint8_t *out = &w->status[item * TILE];
    for (size_t i = 0; i < n; i++) {
        uint8_t status = ac->decided[from + i];
        bool partial = ac->reported[from + i] < ac->expected[from + i] && (status == KH_ST_MET || status == KH_ST_NOT_MET);
        out[i] = partial ? KH_ST_PARTIAL : status;
    }
}

static void add_status(kh_buf *out, uint8_t status)
{
    const char *name = kh_status_name((kh_status)status);
    size_t n = strlen(name);
    out->data[out->len++] = ',';
    memcpy(out->data + out->len, name, n);
    out->len += n;
}

static int add_figure(const writer *w, size_t item, size_t unit, size_t i, kh_error *err)
{
    const answer_column *ac = column_at(w, item);
    kh_dec d = w->number[item * TILE + i];
    char text[512];
    int rc = KH_OK;
    w->out->data[w->out->len++] = ',';
    if (ac->text) {
        kh_c_csv_text(w->out, ac->text[unit] ? ac->text[unit] : "", ',');
        kh_buf_reserve(w->out, w->a->n_items * FIGURE_MOST);
    } else if (d.m != KH_MISSING)
        w->out->len += kh_dec_format(d, w->out->data + w->out->len);
    else if (d.scale == EXACTLY && (rc = kh_answer_text(w->a->k, w->a, item, w->period, unit, w->decimals[item], text, sizeof text, err)) == KH_OK) {
        kh_buf_str(w->out, text);
        kh_buf_reserve(w->out, w->a->n_items * FIGURE_MOST);
    }
    if (ac->target)
        add_status(w->out, w->status[item * TILE + i]);
    return rc;
}

static int add_tile(const writer *w, const char *period, size_t from, size_t n, kh_error *err)
{
    const kh_answer *a = w->a;
    int rc = KH_OK;
    for (size_t item = 0; item < a->n_items; item++) {
        if (column_at(w, item)->c)
            tile_numbers(w, item, from, n);
        if (column_at(w, item)->target)
            tile_statuses(w, item, from, n);
    }
    for (size_t i = 0; rc == KH_OK && i < n; i++) {
        uint32_t slot = a->slots[from + i];
        if (!w->alive[slot])
            continue; /* not there at that date: no figure at all */
        kh_c_csv_text(w->out, kh_units_def(a->k->c->units, a->k->unit[slot])->code, ',');
        kh_buf_str(w->out, period);
        kh_buf_reserve(w->out, a->n_items * FIGURE_MOST);
        for (size_t item = 0; rc == KH_OK && item < a->n_items; item++)
            rc = add_figure(w, item, from + i, i, err);
        kh_buf_add(w->out, "\r\n", 2);
    }
    return rc;
}

static int add_period(writer *w, kh_error *err)
{
    const kh_answer *a = w->a;
    char period[KH_PERIOD_TEXT + 1] = ",";
    int rc = KH_OK;
    w->alive = kh_c_span_ready(a->k, a->periods[w->period])->alive;
    kh_period_format(a->periods[w->period], period + 1);
    for (size_t from = 0; rc == KH_OK && from < a->n_units; from += TILE)
        rc = add_tile(w, period, from, a->n_units - from < TILE ? a->n_units - from : TILE, err);
    return rc;
}

int kh_answer_csv(const kh_answer *a, kh_buf *out, kh_error *err)
{
    const kh_catalog *c = a->k->c;
    size_t n = a->n_items + 1;
    writer w = {.a = a, .out = out, .decimals = kh_alloc(n * sizeof *w.decimals), .number = kh_alloc(n * TILE * sizeof *w.number), .status = kh_alloc(n * TILE)};
    for (size_t i = 0; i < a->n_items; i++)
        w.decimals[i] = decimals_of(c, &a->items[i]);
    int rc = KH_OK;
    for (; rc == KH_OK && w.period < a->n_periods; w.period++)
        rc = add_period(&w, err);
    kh_free(w.decimals);
    kh_free(w.number);
    kh_free(w.status);
    return rc;
}

/* SPDX-License-Identifier: MIT */
/*
 * What was reported, from the store into arrays over slots: one array a
 * measure, cut and period. Only the measures and periods that a question needs
 * are read, each once. A return that is being imported is laid over what is
 * stored, as if it were there.
 */
#include "calc/inside.h"

#include <stdlib.h>
#include <string.h>

/* ---- which periods have values ---- */

static int by_period(const void *a, const void *b)
{
    kh_period x = *(const kh_period *)a, y = *(const kh_period *)b;
    return x < y ? -1 : x > y;
}

int kh_c_load_periods(kh_calc *k, kh_error *err)
{
    kh_period *ps = NULL;
    size_t n = 0;
    int rc = kh_store_periods(k->s, &ps, &n, err);
    if (rc != KH_OK)
        return rc;
    size_t more = k->o.overlay ? k->o.overlay->n_rows : 0, out = 0;
    k->stored = kh_alloc((n + more + 1) * sizeof *k->stored);
    if (n)
        memcpy(k->stored, ps, n * sizeof *ps);
    kh_free(ps);
    for (size_t i = 0; i < more; i++)
        k->stored[n + i] = k->o.overlay->rows[i].period;
    qsort(k->stored, n + more, sizeof *k->stored, by_period);
    for (size_t i = 0; i < n + more; i++)
        if (k->stored[i] != KH_NO_PERIOD && (out == 0 || k->stored[out - 1] != k->stored[i]))
            k->stored[out++] = k->stored[i];
    k->n_stored = out;
    return KH_OK;
}

/* ---- sheets and bases ---- */

static base *base_new(const kh_calc *k, uint8_t scale, bool text)
{
    base *b = kh_zalloc(1, sizeof *b);
    b->scale = scale;
    if (text) {
        b->text = kh_zalloc(k->n + 1, sizeof *b->text);
        return b;
    }
    b->m = kh_alloc((k->n + 1) * sizeof *b->m);
    for (size_t i = 0; i < k->n; i++)
        b->m[i] = KH_MISSING;
    return b;
}

static void base_free(base *b)
{
    for (base *more; b; b = more) {
        more = b->more;
        kh_free(b->m);
        kh_free(b->text);
        kh_free(b);
    }
}

void kh_c_sheet_free(sheet *s)
{
    for (size_t i = 0; i < s->n; i++)
        base_free(s->of[i]);
    kh_free(s->cut);
    kh_free(s->of);
    kh_free(s->plan);
    kh_free(s->planned);
    kh_arena_free(s->arena);
    kh_free(s);
}

static sheet *sheet_make(kh_calc *k, uint32_t measure, kh_period p)
{
    sheet *s = kh_c_table_get(&k->sheets, pair(measure, p));
    if (!s) {
        s = kh_zalloc(1, sizeof *s);
        kh_c_table_set(&k->sheets, pair(measure, p), s);
    }
    return s;
}

sheet *kh_c_sheet_of(kh_calc *k, uint32_t measure, kh_period p)
{
    sheet *s = kh_c_table_get(&k->sheets, pair(measure, p));
    return s && s->n ? s : NULL;
}

static base **sheet_cut(sheet *s, kh_cut cut)
{
    for (size_t i = 0; i < s->n; i++)
        if (s->cut[i] == cut)
            return &s->of[i];
    if (s->n == s->cap) {
        s->cap = s->cap ? s->cap * 2 : 4;
        s->cut = kh_realloc(s->cut, s->cap, sizeof *s->cut);
        s->of = kh_realloc(s->of, s->cap, sizeof *s->of);
    }
    s->cut[s->n] = cut;
    s->of[s->n] = NULL;
    return &s->of[s->n++];
}

static uint64_t size_of(int64_t m)
{
    return m < 0 ? 0 - (uint64_t)m : (uint64_t)m;
}

/* Brings what is there to a finer scale; false (and nothing changed) if a number would pass 2^63. */
static bool base_rescale(const kh_calc *k, base *b, uint8_t scale)
{
    int64_t by = kh_pow10[scale - b->scale];
    if (b->most > (uint64_t)INT64_MAX / (uint64_t)by)
        return false;
    for (size_t i = 0; i < k->n; i++)
        if (b->m[i] != KH_MISSING)
            b->m[i] *= by;
    b->most *= (uint64_t)by;
    b->scale = scale;
    return true;
}

/* The base of a cut that can take numbers of this scale and size. */
static base *base_for(const kh_calc *k, base **at, uint8_t scale, uint64_t most, uint8_t *to)
{
    for (; *at; at = &(*at)->more) {
        base *b = *at;
        uint8_t s = b->scale > scale ? b->scale : scale;
        if (most > (uint64_t)INT64_MAX / (uint64_t)kh_pow10[s - scale])
            continue;
        if (s == b->scale || base_rescale(k, b, s)) {
            *to = s;
            return b;
        }
    }
    *to = scale;
    return *at = base_new(k, scale, false);
}

static void clear_cell(base *b, uint32_t slot)
{
    for (; b; b = b->more)
        if (b->m)
            b->m[slot] = KH_MISSING;
}

bool kh_c_base_get(const base *b, uint32_t slot, int64_t *m, uint8_t *scale)
{
    for (; b; b = b->more)
        if (b->m && b->m[slot] != KH_MISSING) {
            *m = b->m[slot];
            *scale = b->scale;
            return true;
        }
    return false;
}

/* ---- from the store ---- */

static void put_texts(kh_calc *k, base **at, const kh_block *b)
{
    if (!*at)
        *at = base_new(k, 0, true);
    for (size_t i = 0; i < b->n; i++) {
        int32_t s = slot_of(k, b->unit[i]);
        if (s >= 0 && b->text[i])
            (*at)->text[s] = kh_arena_strdup(k->texts, b->text[i]);
    }
}

static void put_numbers(kh_calc *k, base **at, const kh_block *b)
{
    uint64_t most = 0;
    for (size_t i = 0; i < b->n; i++)
        if (b->m[i] != KH_MISSING && size_of(b->m[i]) > most)
            most = size_of(b->m[i]);
    uint8_t to;
    base *to_base = base_for(k, at, b->scale, most, &to);
    int64_t by = kh_pow10[to - b->scale];
    if (most * (uint64_t)by > to_base->most)
        to_base->most = most * (uint64_t)by;
    for (size_t i = 0; i < b->n; i++) {
        if (b->m[i] == KH_MISSING)
            continue;
        int32_t s = slot_of(k, b->unit[i]);
        if (s >= 0)
            to_base->m[s] = b->m[i] * by;
    }
}

static int on_block(void *ctx, const kh_block *b)
{
    kh_calc *k = ctx;
    sheet *s = sheet_make(k, b->measure, b->period);
    if (s->loaded)
        return 0; /* read for an earlier question */
    base **at = sheet_cut(s, b->cut);
    if (b->text)
        put_texts(k, at, b);
    else
        put_numbers(k, at, b);
    return k->o.stop && *k->o.stop ? KH_EINTR : 0;
}

/* ---- from the overlay ---- */

static void lay_cell(kh_calc *k, const kh_return *r, base **at, bool text, uint32_t slot, int64_t m, uint8_t scale)
{
    if (text) {
        if (!*at)
            *at = base_new(k, 0, true);
        (*at)->text[slot] = kh_arena_strdup(k->texts, r->texts + m);
        return;
    }
    clear_cell(*at, slot);
    uint8_t to;
    base *b = base_for(k, at, scale, size_of(m), &to);
    b->m[slot] = m * kh_pow10[to - scale];
    if (size_of(b->m[slot]) > b->most)
        b->most = size_of(b->m[slot]);
}

static void lay_column(kh_calc *k, const kh_return *r, uint32_t group, uint32_t at_column)
{
    const kh_return_rows *rows = &r->rows[group];
    const kh_return_column *col = &r->columns[at_column];
    sheet *s = NULL;
    for (uint32_t chunk = 0; chunk * KH_CHUNK < rows->n; chunk++) {
        const kh_page *page = kh_return_page(r, group, at_column, chunk);
        if (!page || !page->filled)
            continue;
        if (!s)
            s = sheet_make(k, col->measure, rows->period);
        if (s->loaded)
            return;
        base **at = sheet_cut(s, col->cut);
        for (uint32_t i = 0; i < KH_CHUNK && chunk * KH_CHUNK + i < rows->n; i++) {
            int32_t slot = slot_of(k, rows->unit[chunk * KH_CHUNK + i]);
            if (page->m[i] != KH_MISSING && slot >= 0)
                lay_cell(k, r, at, col->text, (uint32_t)slot, page->m[i], page->scale[i]);
        }
    }
}

static void lay_over(kh_calc *k, const bool *measures, const kh_period *ps, size_t n)
{
    const kh_return *r = k->o.overlay;
    for (uint32_t g = 0; g < r->n_rows; g++) {
        if (!bsearch(&r->rows[g].period, ps, n, sizeof *ps, by_period))
            continue;
        for (uint32_t c = 0; c < r->n_columns; c++)
            if (measures[r->columns[c].measure])
                lay_column(k, r, g, c);
    }
}

/* ---- what is asked ---- */

static bool is_loaded(kh_calc *k, uint32_t measure, kh_period p)
{
    const sheet *s = kh_c_table_get(&k->sheets, pair(measure, p));
    return s && s->loaded;
}

/* The periods with values within ps in which some wanted measure has not been read; *wanted shrinks to those measures. */
static size_t still_to_read(kh_calc *k, bool *wanted, const kh_period *ps, size_t n, kh_period *out)
{
    size_t m = k->c->n_measures, found = 0;
    bool *missing = kh_zalloc(m + 1, sizeof *missing), *in = kh_zalloc(k->n_stored + 1, sizeof *in);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < k->n_stored; j++)
            in[j] = in[j] || ps[i] == k->stored[j] || kh_period_contains(ps[i], k->stored[j]);
    for (size_t j = 0; j < k->n_stored; j++) {
        bool some = false;
        for (uint32_t i = 0; in[j] && i < m; i++)
            if (wanted[i] && !is_loaded(k, i, k->stored[j]))
                missing[i] = some = true;
        if (some)
            out[found++] = k->stored[j];
    }
    memcpy(wanted, missing, m * sizeof *wanted);
    kh_free(missing);
    kh_free(in);
    return found;
}

int kh_c_load(kh_calc *k, const bool *measures, const kh_period *ps, size_t n, kh_error *err)
{
    size_t m = k->c->n_measures;
    bool *wanted = kh_alloc((m + 1) * sizeof *wanted);
    memcpy(wanted, measures, m * sizeof *wanted);
    kh_period *read = kh_alloc((k->n_stored + 1) * sizeof *read);
    int rc = KH_OK;
    size_t found = still_to_read(k, wanted, ps, n, read);
    if (found == 0)
        goto out;
    kh_read r = {.measures = wanted, .periods = read, .n_periods = found, .without = k->o.without, .units = k->within};
    rc = kh_store_read(k->s, k->c, &r, on_block, k, err);
    if (rc != KH_OK) {
        if (rc == KH_EINTR)
            kh_fail(err, rc, "interrupted");
        goto out;
    }
    if (k->o.overlay)
        lay_over(k, wanted, read, found);
    for (size_t j = 0; j < found; j++)
        for (uint32_t i = 0; i < m; i++)
            if (wanted[i])
                sheet_make(k, i, read[j])->loaded = true;
out:
    kh_free(read);
    kh_free(wanted);
    return rc;
}

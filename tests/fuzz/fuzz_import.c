/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as a return, from the file to the store and back: what intake
 * accepts can be put, the store gives back just these values with their lines,
 * a correction of a return differs from itself in nothing, and what is rolled
 * back never was.
 */
#define FX_FUZZ
#include "../intake/fixture.h"

#include "store/store.h"

const unsigned char fuzz_corpus_heads[2] = {9, 2}; /* replay.c: first bytes for the files of tests/intake/corpus */

static kh_catalog *catalog;
static kh_store *store;
static kh_error err;

typedef struct seen { const kh_return *r; uint64_t n; } seen;

static uint32_t group_of(const kh_return *r, kh_period p)
{
    uint32_t g = 0;
    while (g < r->n_rows && r->rows[g].period != p)
        g++;
    fx_must(g < r->n_rows);
    return g;
}

static uint32_t column_of(const kh_return *r, uint32_t measure, kh_cut cut)
{
    uint32_t c = 0;
    while (c < r->n_columns && (r->columns[c].measure != measure || r->columns[c].cut != cut))
        c++;
    fx_must(c < r->n_columns);
    return c;
}

static int compare(void *ctx, const kh_block *b)
{
    seen *s = ctx;
    const kh_return *r = s->r;
    uint32_t g = group_of(r, b->period), c = column_of(r, b->measure, b->cut);
    for (size_t i = 0; i < b->n; i++) {
        if (b->text ? !b->text[i] : b->m[i] == KH_MISSING)
            continue;
        uint32_t row = r->rows[g].place[b->unit[i]], k = row % KH_CHUNK;
        fx_must(row < r->rows[g].n);
        const kh_page *page = kh_return_page(r, g, c, row / KH_CHUNK);
        fx_must(page && page->m[k] != KH_MISSING);
        if (b->text)
            fx_must(strcmp(b->text[i], r->texts + page->m[k]) == 0);
        else
            fx_must(kh_dec_cmp((kh_dec){b->m[i], b->scale}, (kh_dec){page->m[k], page->scale[k]}) == 0);
        fx_must(b->line[i] == r->rows[g].line[row] + (page->lines ? (uint32_t)page->lines[k] : 0));
        s->n++;
    }
    return 0;
}

static void put_and_read(kh_intake *in)
{
    int64_t id;
    int version;
    seen s = {in->ret, 0};
    kh_difference d;
    fx_ok(kh_store_begin(store, &err), &err);
    fx_ok(kh_store_put(store, catalog, in->ret, in->findings, &id, &version, &err), &err);
    fx_ok(kh_store_read(store, catalog, &(kh_read){.lines = true}, compare, &s, &err), &err);
    fx_must(s.n == in->ret->n_values);
    fx_ok(kh_store_difference(store, catalog, in->ret, &d, NULL, NULL, &err), &err);
    fx_must(d.same == in->ret->n_values && d.added + d.changed + d.withdrawn == 0);
    kh_store_rollback(store);
    s.n = 0;
    fx_ok(kh_store_read(store, catalog, &(kh_read){.lines = true}, compare, &s, &err), &err);
    fx_must(s.n == 0);
}

static void prepare(void)
{
    catalog = fx_catalog();
    fx_ok(kh_store_open(&store, "", KH_STORE_MEMORY, &err), &err);
    fx_ok(kh_store_begin(store, &err), &err);
    fx_ok(kh_store_mirror(store, catalog, NULL, NULL, &err), &err);
    fx_ok(kh_store_commit(store, &err), &err);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    kh_intake *in = NULL;
    if (n < 2)
        return 0;
    if (!catalog)
        prepare();
    const kh_form *form = &catalog->forms[bytes[0] % catalog->n_forms];
    kh_intake_options o = fx_options();
    o.form = form->code;
    o.partial = true;
    o.period = bytes[1] & 1 ? KH_NO_PERIOD : kh_period_make(form->every, 2018, 1);
    o.sender = kh_units_find(catalog->units, bytes[1] & 2 ? "183" : "20", fx_day("2018-06-30"));
    fx_ok(kh_intake_bytes(catalog, "x.csv", bytes + 2, n - 2, &o, &in, &err), &err);
    if (!in->refused && in->ret && in->ret->n_values && (in->ret->period || in->ret->span[0]))
        put_and_read(in);
    kh_intake_free(in);
    return 0;
}

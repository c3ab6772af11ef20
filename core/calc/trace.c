/* SPDX-License-Identifier: MIT */
/* From places to lines: trace.h. Places of one measure and period hang on one chain, found by the store's block. */
#include "calc/trace.h"

#include <stdlib.h>
#include <string.h>

void kh_c_trace_start(trace *t, kh_calc *k)
{
    *t = (trace){.k = k, .arena = kh_arena_new()};
}

void kh_c_trace_free(trace *t)
{
    kh_arena_free(t->arena);
    kh_free(t->of);
    kh_free(t->sources);
    kh_c_table_free(&t->at);
}

uint32_t kh_c_trace_add(trace *t, uint32_t measure, kh_cut cut, kh_unit unit, kh_period period)
{
    uint32_t head = (uint32_t)(uintptr_t)kh_c_table_get(&t->at, pair(measure, period));
    KH_PUSH(t->of, t->n, t->cap) = (trace_place){.measure = measure, .cut = cut, .unit = unit, .period = period, .next = head};
    kh_c_table_set(&t->at, pair(measure, period), (void *)(uintptr_t)t->n);
    return (uint32_t)t->n - 1;
}

static bool node_makes(const cut_node *node, uint32_t slot)
{
    int64_t m;
    uint8_t scale;
    if (node->own && kh_c_base_get(node->own, slot, &m, &scale))
        return true;
    for (size_t i = 0; i < node->n_by; i++)
        for (size_t o = 0; o < node->by[i].n; o++)
            if (node_makes(node->by[i].option[o], slot))
                return true;
    return false;
}

static void each_of_cut(const sheet *s, const cut_node *at, uint32_t slot, kh_c_reported_fn *fn, void *ctx)
{
    int64_t m;
    uint8_t scale;
    if (at->own && kh_c_base_get(at->own, slot, &m, &scale)) {
        for (size_t i = 0; i < s->n; i++)
            if (s->of[i] == at->own)
                fn(ctx, s->cut[i], m, scale);
        return;
    }
    for (size_t i = 0; i < at->n_by; i++) {
        bool any = false;
        for (size_t o = 0; o < at->by[i].n; o++) {
            any |= node_makes(at->by[i].option[o], slot);
            each_of_cut(s, at->by[i].option[o], slot, fn, ctx);
        }
        if (any)
            return; /* the first category that gives something is the one that counts */
    }
}

void kh_c_reported_each(kh_calc *k, const leaf *l, uint32_t slot, kh_period period, kh_c_reported_fn *fn, void *ctx)
{
    sheet *s = kh_c_sheet_of(k, l->measure, period);
    if (s)
        each_of_cut(s, kh_c_cut_plan(k, s, l->def, l->cut), slot, fn, ctx);
}

static trace_source *source_of(trace *t, int64_t id)
{
    for (size_t i = 0; i < t->n_sources; i++)
        if (t->sources[i]->id == id)
            return t->sources[i];
    trace_source *s = kh_arena_alloc(t->arena, sizeof *s);
    s->id = id;
    s->sender = KH_NO_UNIT;
    KH_PUSH(t->sources, t->n_sources, t->cap_sources) = s;
    return s;
}

static void mark_overlay(trace *t)
{
    const kh_return *r = t->k->o.overlay;
    for (size_t i = 0; r && i < t->n; i++) {
        trace_place *at = &t->of[i];
        for (uint32_t g = 0; g < r->n_rows; g++) {
            const kh_return_rows *rows = &r->rows[g];
            if (rows->period != at->period || at->unit >= r->n_units || rows->place[at->unit] == UINT32_MAX)
                continue;
            uint32_t row = rows->place[at->unit];
            for (uint32_t c = 0; c < r->n_columns; c++) {
                if (r->columns[c].measure != at->measure || r->columns[c].cut != at->cut)
                    continue;
                const kh_page *p = kh_return_page(r, g, c, row / KH_CHUNK);
                if (!p || p->m[row % KH_CHUNK] == KH_MISSING)
                    continue;
                at->file = r->file;
                at->line = (uint32_t)((int64_t)rows->line[row] + (p->lines ? p->lines[row % KH_CHUNK] : 0));
            }
        }
    }
}

static int on_block(void *ctx, const kh_block *b)
{
    trace *t = ctx;
    for (uint32_t i = (uint32_t)(uintptr_t)kh_c_table_get(&t->at, pair(b->measure, b->period)); i; i = t->of[i - 1].next) {
        trace_place *at = &t->of[i - 1];
        if (at->cut != b->cut || at->file)
            continue;
        for (size_t j = 0; j < b->n; j++)
            if (b->unit[j] == at->unit && (b->text ? b->text[j] != NULL : b->m[j] != KH_MISSING)) {
                at->submission = b->submission;
                at->line = b->line ? b->line[j] : 0;
                source_of(t, b->submission);
                break;
            }
    }
    return 0;
}

static int on_submission(void *ctx, const kh_submission *sub)
{
    trace *t = ctx;
    trace_source *s = source_of(t, sub->id);
    s->version = sub->version;
    s->form = kh_arena_strdup(t->arena, sub->form);
    s->file = kh_arena_strdup(t->arena, sub->file);
    s->sha256 = kh_arena_strdup(t->arena, sub->sha256);
    s->received = kh_arena_strdup(t->arena, sub->received);
    s->by = kh_arena_strdup(t->arena, sub->by);
    s->sender = sub->sender;
    return 1;
}

static int by_period(const void *a, const void *b)
{
    kh_period x = *(const kh_period *)a, y = *(const kh_period *)b;
    return x < y ? -1 : x > y;
}

static int read_lines(trace *t, kh_error *err)
{
    bool *measures = kh_zalloc(t->k->c->n_measures + 1, sizeof *measures);
    kh_period *ps = kh_alloc((t->n + 1) * sizeof *ps);
    size_t n = 0, out = 0;
    for (size_t i = 0; i < t->n; i++)
        if (!t->of[i].file) {
            measures[t->of[i].measure] = true;
            ps[n++] = t->of[i].period;
        }
    qsort(ps, n, sizeof *ps, by_period);
    for (size_t i = 0; i < n; i++)
        if (out == 0 || ps[out - 1] != ps[i])
            ps[out++] = ps[i];
    kh_read r = {.measures = measures, .periods = ps, .n_periods = out, .without = t->k->o.without, .lines = true};
    int rc = n ? kh_store_read(t->k->s, t->k->c, &r, on_block, t, err) : KH_OK;
    kh_free(measures);
    kh_free(ps);
    return rc;
}

int kh_c_trace_find(trace *t, kh_error *err)
{
    mark_overlay(t);
    int rc = read_lines(t, err);
    for (size_t i = 0; rc == KH_OK && i < t->n_sources; i++) {
        kh_submission_filter f = {.sender = KH_NO_UNIT, .id = t->sources[i]->id};
        rc = kh_store_submissions(t->k->s, t->k->c, &f, on_submission, t, err);
        rc = rc > 0 ? KH_OK : rc;
    }
    for (size_t i = 0; rc == KH_OK && i < t->n; i++)
        if (t->of[i].submission) {
            t->of[i].source = source_of(t, t->of[i].submission);
            t->of[i].file = t->of[i].source->file;
        }
    return rc;
}

void kh_c_number_for_people(const char *s, kh_lang lang, kh_buf *out)
{
    if (*s == '-')
        kh_buf_char(out, *s++);
    size_t whole = strcspn(s, ".");
    for (size_t i = 0; i < whole; i++) {
        if (i && (whole - i) % 3 == 0)
            kh_buf_char(out, lang == KH_LANG_VI ? '.' : ',');
        kh_buf_char(out, s[i]);
    }
    if (s[whole]) {
        kh_buf_char(out, lang == KH_LANG_VI ? ',' : '.');
        kh_buf_str(out, s + whole + 1);
    }
}

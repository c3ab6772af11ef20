/* SPDX-License-Identifier: MIT */
/*
 * Operations on frames. Each gives a new frame and costs O(rows) or, where it
 * sorts or looks rows up, O(rows log rows) and O(rows).
 */
#include "base/map.h"
#include "base/text.h"
#include "calc/frame_inside.h"

#include <stdlib.h>
#include <string.h>

kh_frame *kh_frame_where(const kh_frame *f, kh_frame_test *test, void *ctx)
{
    kh_frame *g = kh_c_frame_like(f);
    for (size_t r = 0; r < f->n; r++)
        if (test(ctx, f, r))
            kh_c_frame_copy_row(g, f, r);
    return g;
}

kh_frame *kh_frame_head(const kh_frame *f, size_t n)
{
    kh_frame *g = kh_c_frame_like(f);
    for (size_t r = 0; r < f->n && r < n; r++)
        kh_c_frame_copy_row(g, f, r);
    return g;
}

/* ---- sort ---- */

typedef struct sorter { const kh_frame *f; const size_t *columns; const bool *descending; size_t n; } sorter;

static bool is_number(const kh_cell *c)
{
    return c->type == KH_C_INT || c->type == KH_C_NUM;
}

static int compare_numbers(const kh_cell *a, const kh_cell *b, int decimals)
{
    if (a->type == KH_C_INT && b->type == KH_C_INT)
        return (a->i > b->i) - (a->i < b->i);
    if (a->type == KH_C_NUM && b->type == KH_C_NUM && a->num != b->num)
        return a->num > b->num ? 1 : -1;
    mpq_t x, y;
    mpq_init(x);
    mpq_init(y);
    kh_c_cell_q(a, decimals, x);
    kh_c_cell_q(b, decimals, y);
    int c = mpq_cmp(x, y);
    mpq_clear(x);
    mpq_clear(y);
    return c;
}

static int compare_units(const kh_frame *f, int64_t a, int64_t b)
{
    const kh_unit_def *x = kh_units_def(f->catalog->units, (kh_unit)a), *y = kh_units_def(f->catalog->units, (kh_unit)b);
    int c = strcmp(x->code, y->code);
    return c ? c : (x->from > y->from) - (x->from < y->from);
}

/* Missing cells come after all others, whichever way the column is sorted. */
static int compare_cells(const sorter *s, size_t column, size_t x, size_t y, bool descending)
{
    const kh_frame_column *col = &s->f->columns[column];
    const kh_cell *a = &col->cells[x], *b = &col->cells[y];
    int c;
    if (a->type == KH_C_MISSING || b->type == KH_C_MISSING)
        return (a->type == KH_C_MISSING) - (b->type == KH_C_MISSING);
    if (is_number(a) && is_number(b))
        c = compare_numbers(a, b, col->decimals);
    else if (a->type != b->type)
        c = (a->type > b->type) - (a->type < b->type);
    else if (a->type == KH_C_TEXT)
        c = kh_text_compare(a->text, b->text);
    else if (a->type == KH_C_UNIT)
        c = compare_units(s->f, a->i, b->i);
    else
        c = (a->i > b->i) - (a->i < b->i);
    return descending ? -c : c;
}

static int compare_rows(const void *a, const void *b, void *ctx)
{
    const sorter *s = ctx;
    size_t x = *(const size_t *)a, y = *(const size_t *)b;
    for (size_t i = 0; i < s->n; i++) {
        int c = compare_cells(s, s->columns[i], x, y, s->descending && s->descending[i]);
        if (c)
            return c;
    }
    return (x > y) - (x < y);
}

static int find_columns(const kh_frame *f, const char *const *names, size_t n, size_t **out, kh_error *err)
{
    size_t *at = kh_alloc((n + 1) * sizeof *at);
    int rc = KH_OK;
    for (size_t i = 0; rc == KH_OK && i < n; i++)
        rc = kh_c_frame_need(f, names[i], &at[i], err);
    if (rc == KH_OK)
        *out = at;
    else
        kh_free(at);
    return rc;
}

int kh_frame_sort(kh_frame **out, const kh_frame *f, const char *const *columns, const bool *descending, size_t n, kh_error *err)
{
    size_t *at;
    int rc = find_columns(f, columns, n, &at, err);
    if (rc != KH_OK)
        return rc;
    size_t *rows = kh_alloc((f->n + 1) * sizeof *rows);
    for (size_t r = 0; r < f->n; r++)
        rows[r] = r;
    sorter s = {f, at, descending, n};
    qsort_r(rows, f->n, sizeof *rows, compare_rows, &s);
    *out = kh_c_frame_like(f);
    for (size_t r = 0; r < f->n; r++)
        kh_c_frame_copy_row(*out, f, rows[r]);
    kh_free(rows);
    kh_free(at);
    return KH_OK;
}

/* ---- keys ---- */

/* The cells of a row in these columns as one string; equal numbers are equal whatever their type. False: one is missing. */
static bool row_key(const kh_frame *f, const size_t *columns, size_t n, size_t row, kh_buf *out)
{
    bool whole = true;
    kh_buf_clear(out);
    for (size_t i = 0; i < n; i++) {
        const kh_frame_column *col = &f->columns[columns[i]];
        const kh_cell *c = &col->cells[row];
        whole = whole && c->type != KH_C_MISSING;
        if (is_number(c)) {
            mpq_t q;
            mpq_init(q);
            kh_c_cell_q(c, col->decimals, q);
            char *text = mpq_get_str(NULL, 62, q);
            kh_buf_printf(out, "n%s", text);
            free(text); /* GMP's own */
            mpq_clear(q);
        } else if (c->type == KH_C_TEXT)
            kh_buf_printf(out, "t%zu:%s", strlen(c->text), c->text);
        else
            kh_buf_printf(out, "%d:%lld", (int)c->type, (long long)c->i);
        kh_buf_char(out, '\n');
    }
    return whole;
}

/* ---- group ---- */

typedef struct grouping { const kh_frame *f; size_t *by, n_by; size_t *of; const kh_frame_agg *aggs; size_t n_aggs; tally *tallies; size_t n, cap; } grouping;

static int agg_columns(grouping *g, kh_error *err)
{
    int rc = KH_OK;
    g->of = kh_alloc((g->n_aggs + 1) * sizeof *g->of);
    for (size_t i = 0; rc == KH_OK && i < g->n_aggs; i++)
        rc = kh_c_frame_need(g->f, g->aggs[i].column, &g->of[i], err);
    return rc;
}

static kh_frame *group_frame(const grouping *g)
{
    kh_frame *out = kh_frame_new(g->f->catalog);
    for (size_t i = 0; i < g->n_by; i++) {
        const kh_frame_column *c = &g->f->columns[g->by[i]];
        kh_frame_add_column(out, c->name, c->title, c->unit, c->decimals);
    }
    for (size_t i = 0; i < g->n_aggs; i++) {
        const kh_frame_column *c = &g->f->columns[g->of[i]];
        const char *name = g->aggs[i].as ? g->aggs[i].as : c->name;
        bool counts = g->aggs[i].how == KH_AGG_COUNT;
        kh_frame_add_column(out, name, g->aggs[i].as ? name : c->title, counts ? NULL : c->unit, counts ? -1 : c->decimals);
    }
    return out;
}

static void group_row(grouping *g, size_t group, size_t row)
{
    mpq_t q;
    mpq_init(q);
    for (size_t i = 0; i < g->n_aggs; i++) {
        const kh_frame_column *col = &g->f->columns[g->of[i]];
        tally *t = &g->tallies[group * g->n_aggs + i];
        if (!t->made)
            kh_c_tally_start(t, g->aggs[i].how);
        if (kh_c_cell_q(&col->cells[row], col->decimals, q))
            kh_c_tally_add(t, q, (uint32_t)row);
        else if (t->how == KH_AGG_COUNT && col->cells[row].type != KH_C_MISSING)
            kh_c_tally_add(t, q, (uint32_t)row);
    }
    mpq_clear(q);
}

static void set_number(kh_frame *f, size_t row, size_t column, const mpq_t q)
{
    kh_cell *c = kh_frame_cell(f, row, column);
    char *text = kh_c_q_text(q, f->columns[column].decimals);
    kh_dec d;
    c->num = kh_c_q_double(q);
    if (kh_dec_parse(text, strlen(text), &d) && d.scale == 0 && f->columns[column].decimals < 0) {
        c->type = KH_C_INT;
        c->i = d.m;
    } else {
        c->type = KH_C_NUM;
        c->text = kh_arena_strdup(f->arena, text);
    }
    kh_free(text);
}

static void finish_groups(grouping *g, kh_frame *out)
{
    mpq_t q;
    mpq_init(q);
    for (size_t r = 0; r < out->n; r++)
        for (size_t i = 0; i < g->n_aggs; i++) {
            tally *t = &g->tallies[r * g->n_aggs + i];
            uint8_t why = t->n == 0 && t->how == KH_AGG_COUNT ? KH_THERE : kh_c_tally_end(t, q);
            if (t->n == 0 && t->how == KH_AGG_COUNT)
                mpq_set_ui(q, 0, 1);
            if (why == KH_THERE)
                set_number(out, r, g->n_by + i, q);
            else
                kh_frame_cell(out, r, g->n_by + i)->missing = why;
            kh_c_tally_free(t);
        }
    mpq_clear(q);
}

int kh_frame_group(kh_frame **out, const kh_frame *f, const char *const *by, size_t n_by, const kh_frame_agg *aggs, size_t n_aggs, kh_error *err)
{
    grouping g = {.f = f, .n_by = n_by, .aggs = aggs, .n_aggs = n_aggs};
    int rc = find_columns(f, by, n_by, &g.by, err);
    if (rc != KH_OK)
        return rc;
    rc = agg_columns(&g, err);
    if (rc == KH_OK) {
        kh_map *seen = kh_map_new();
        kh_buf key = KH_BUF_INIT;
        *out = group_frame(&g);
        g.tallies = kh_zalloc((f->n + 1) * (n_aggs + 1), sizeof *g.tallies);
        for (size_t r = 0; r < f->n; r++) {
            row_key(f, g.by, n_by, r, &key);
            uint32_t group = kh_map_get(seen, kh_buf_cstr(&key), key.len);
            if (group == KH_NONE) {
                group = (uint32_t)kh_frame_add_row(*out);
                kh_map_set(seen, kh_buf_cstr(&key), key.len, group);
                for (size_t i = 0; i < n_by; i++)
                    kh_c_frame_copy(*out, group, i, &f->columns[g.by[i]].cells[r]);
            }
            group_row(&g, group, r);
        }
        finish_groups(&g, *out);
        kh_free(g.tallies);
        kh_map_free(seen);
        kh_buf_free(&key);
    }
    kh_free(g.by);
    kh_free(g.of);
    return rc;
}

/* ---- pivot ---- */

static uint32_t number_of(kh_map *m, const kh_buf *key, uint32_t next, bool *new)
{
    uint32_t at = kh_map_get(m, key->data ? key->data : "", key->len);
    *new = at == KH_NONE;
    if (*new) {
        kh_map_set(m, key->data ? key->data : "", key->len, next);
        at = next;
    }
    return at;
}

/* The new frame's rows and columns, by first appearance. */
/* NULL: it would have more than `most` cells. */
static kh_frame *pivot_frame(const kh_frame *f, const size_t at[3], size_t most, uint32_t *row_of, uint32_t *column_of)
{
    kh_map *rows = kh_map_new(), *columns = kh_map_new();
    kh_buf key = KH_BUF_INIT, label = KH_BUF_INIT;
    const kh_frame_column *rc = &f->columns[at[0]], *vc = &f->columns[at[2]];
    kh_frame *g = kh_frame_new(f->catalog);
    kh_frame_add_column(g, rc->name, rc->title, rc->unit, rc->decimals);
    uint32_t n_rows = 0;
    bool new;
    for (size_t r = 0; r < f->n; r++) {
        row_key(f, &at[1], 1, r, &key);
        column_of[r] = number_of(columns, &key, (uint32_t)g->n_columns, &new);
        if (new) {
            kh_buf_clear(&label);
            kh_c_cell_label(f, &f->columns[at[1]].cells[r], &label);
            size_t c = kh_frame_add_column(g, kh_buf_cstr(&label), kh_buf_cstr(&label), vc->unit, vc->decimals);
            g->columns[c].measure_is_sum = vc->measure_is_sum;
        }
    }
    for (size_t r = 0; r < f->n; r++) {
        row_key(f, &at[0], 1, r, &key);
        row_of[r] = number_of(rows, &key, n_rows, &new);
        n_rows += new;
    }
    if (n_rows > most / g->n_columns) {
        kh_frame_free(g);
        g = NULL;
    } else
        kh_c_frame_reserve(g, n_rows);
    for (size_t r = 0; g && r < f->n; r++)
        if (row_of[r] == g->n)
            kh_c_frame_copy(g, kh_frame_add_row(g), 0, &rc->cells[r]);
    kh_map_free(rows);
    kh_map_free(columns);
    kh_buf_free(&key);
    kh_buf_free(&label);
    return g;
}

int kh_frame_pivot(kh_frame **out, const kh_frame *f, const char *rows, const char *columns, const char *values, size_t most, kh_error *err)
{
    const char *const names[3] = {rows, columns, values};
    size_t *at;
    int rc = find_columns(f, names, 3, &at, err);
    if (rc != KH_OK)
        return rc;
    uint32_t *row_of = kh_alloc((f->n + 1) * sizeof *row_of), *column_of = kh_alloc((f->n + 1) * sizeof *column_of);
    kh_frame *g = pivot_frame(f, at, most, row_of, column_of);
    bool *filled = g ? kh_zalloc((g->n + 1) * (g->n_columns + 1), sizeof *filled) : NULL;
    if (!g)
        rc = kh_fail(err, KH_ESCRIPT, "the pivoted frame has more than %zu cells", most);
    for (size_t r = 0; rc == KH_OK && r < f->n; r++) {
        bool *there = &filled[row_of[r] * g->n_columns + column_of[r]];
        if (*there) {
            kh_buf label = KH_BUF_INIT;
            kh_c_cell_label(f, &f->columns[at[0]].cells[r], &label);
            rc = kh_fail(err, KH_EUSAGE, "two rows fall on one place of the table (%s, %s); group them first", kh_buf_cstr(&label), g->columns[column_of[r]].name);
            kh_buf_free(&label);
        } else
            kh_c_frame_copy(g, row_of[r], column_of[r], &f->columns[at[2]].cells[r]);
        *there = true;
    }
    kh_free(filled);
    kh_free(row_of);
    kh_free(column_of);
    kh_free(at);
    if (rc == KH_OK)
        *out = g;
    else
        kh_frame_free(g);
    return rc;
}

/* ---- join ---- */

static bool in_list(const size_t *list, size_t n, size_t x)
{
    for (size_t i = 0; i < n; i++)
        if (list[i] == x)
            return true;
    return false;
}

static kh_frame *join_frame(const kh_frame *a, const kh_frame *b, const size_t *on_b, size_t n_on)
{
    kh_frame *g = kh_c_frame_like(a);
    for (size_t i = 0; i < b->n_columns; i++) {
        if (in_list(on_b, n_on, i))
            continue;
        const kh_frame_column *c = &b->columns[i];
        char *name = kh_strdup(c->name);
        while (kh_frame_find(g, name) != SIZE_MAX) {
            char *longer = kh_asprintf("%s_2", name);
            kh_free(name);
            name = longer;
        }
        const char *title = strcmp(name, c->name) == 0 ? c->title : name; /* two columns of one heading could not be told apart */
        size_t at = kh_frame_add_column(g, name, title, c->unit, c->decimals);
        g->columns[at].measure_is_sum = c->measure_is_sum;
        kh_free(name);
    }
    return g;
}

static void join_row(kh_frame *g, const kh_frame *a, size_t row_a, const kh_frame *b, size_t row_b, const size_t *on_b, size_t n_on)
{
    kh_c_frame_copy_row(g, a, row_a);
    size_t at = a->n_columns;
    for (size_t i = 0; i < b->n_columns; i++)
        if (!in_list(on_b, n_on, i)) {
            if (row_b != SIZE_MAX)
                kh_c_frame_copy(g, g->n - 1, at, &b->columns[i].cells[row_b]);
            at++;
        }
}

int kh_frame_join(kh_frame **out, const kh_frame *a, const kh_frame *b, const char *const *on, size_t n_on, bool keep_unmatched, size_t most, kh_error *err)
{
    size_t *on_a, *on_b;
    int rc = find_columns(a, on, n_on, &on_a, err);
    if (rc != KH_OK)
        return rc;
    rc = find_columns(b, on, n_on, &on_b, err);
    if (rc != KH_OK) {
        kh_free(on_a);
        return rc;
    }
    kh_map *first = kh_map_new();
    uint32_t *next = kh_alloc((b->n + 1) * sizeof *next), *matches = kh_alloc((b->n + 1) * sizeof *matches), *match = kh_alloc((a->n + 1) * sizeof *match);
    kh_buf key = KH_BUF_INIT;
    for (size_t r = b->n; r-- > 0;) { /* from the end, so that a chain is in order */
        next[r] = row_key(b, on_b, n_on, r, &key) ? kh_map_set(first, kh_buf_cstr(&key), key.len, (uint32_t)r) : KH_NONE;
        matches[r] = next[r] == KH_NONE ? 1 : matches[next[r]] + 1;
    }
    kh_frame *g = join_frame(a, b, on_b, n_on);
    size_t rows = 0;
    for (size_t r = 0; r < a->n; r++) {
        match[r] = row_key(a, on_a, n_on, r, &key) ? kh_map_get(first, kh_buf_cstr(&key), key.len) : KH_NONE;
        rows += match[r] == KH_NONE ? keep_unmatched : matches[match[r]];
    }
    if (rows > most / g->n_columns)
        rc = kh_fail(err, KH_ESCRIPT, "the joined frame has more than %zu cells", most);
    else
        kh_c_frame_reserve(g, rows);
    for (size_t r = 0; rc == KH_OK && r < a->n; r++) {
        if (match[r] == KH_NONE && keep_unmatched)
            join_row(g, a, r, b, SIZE_MAX, on_b, n_on);
        for (uint32_t m = match[r]; m != KH_NONE; m = next[m])
            join_row(g, a, r, b, m, on_b, n_on);
    }
    kh_free(matches);
    kh_free(match);
    kh_map_free(first);
    kh_buf_free(&key);
    kh_free(next);
    kh_free(on_a);
    kh_free(on_b);
    *out = g;
    return rc;
}

/* SPDX-License-Identifier: MIT */
/*
 * The document tree. Everything a document holds lives in its arena and dies
 * with it; adding a block or a row costs amortised constant time. Misuse by a
 * C caller (a child of something that holds no blocks) is an assertion; what a
 * script can get wrong is found by kh_doc_check before anything is rendered.
 */
#include "report/doc.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

static const char *const chart_names[] = {"bar", "grouped", "stacked", "line", "bullet", "multiples", "heat", "strip"};

const char *kh_chart_kind_name(kh_chart_kind k)
{
    return chart_names[k];
}

bool kh_chart_kind_parse(const char *s, kh_chart_kind *out)
{
    for (size_t i = 0; i < sizeof chart_names / sizeof *chart_names; i++) {
        if (strcmp(s, chart_names[i]) == 0) {
            *out = (kh_chart_kind)i;
            return true;
        }
    }
    return false;
}

kh_doc *kh_doc_new(const char *title, kh_lang lang)
{
    kh_doc *d = kh_zalloc(1, sizeof *d);
    d->arena = kh_arena_new();
    d->title = kh_arena_strdup(d->arena, title ? title : "");
    d->lang = lang == KH_LANG_EN ? "en" : "vi";
    return d;
}

void kh_doc_free(kh_doc *d)
{
    if (!d)
        return;
    kh_arena_free(d->arena);
    kh_free(d);
}

/* Arrays in the arena grow by doubling; what they leave behind is at most as much again. */
static void *grown(kh_arena *a, const void *old, size_t n, size_t cap, size_t size)
{
    void *p = kh_arena_alloc(a, cap * size);
    if (n)
        memcpy(p, old, n * size);
    return p;
}

static void push_block(kh_doc *d, kh_dblock ***blocks, size_t *n, size_t *cap, kh_dblock *b)
{
    if (*n == *cap) {
        *cap = *cap ? *cap * 2 : 16;
        *blocks = grown(d->arena, *blocks, *n, *cap, sizeof **blocks);
    }
    (*blocks)[(*n)++] = b;
}

kh_dblock *kh_doc_add(kh_doc *d, kh_dblock *in, kh_block_kind kind)
{
    assert(!in || in->kind == KH_B_DETAILS || in->kind == KH_B_PART || (in->kind == KH_B_COLUMNS && kind == KH_B_PART));
    kh_dblock *b = kh_arena_alloc(d->arena, sizeof *b);
    b->kind = kind;
    b->level = 1;
    if (in)
        push_block(d, &in->children, &in->n_children, &in->cap_children, b);
    else
        push_block(d, &d->blocks, &d->n_blocks, &d->cap_blocks, b);
    return b;
}

kh_run_text *kh_block_run(kh_doc *d, kh_dblock *b, const char *text, bool bold, bool italic)
{
    /* Room is found by powers of two, so that no capacity needs to be kept. */
    size_t n = b->n_runs;
    if ((n & (n - 1)) == 0 || n == 0)
        b->runs = grown(d->arena, b->runs, n, n ? n * 2 : 1, sizeof *b->runs);
    kh_run_text *r = &b->runs[b->n_runs++];
    *r = (kh_run_text){.text = kh_arena_strdup(d->arena, text ? text : ""), .bold = bold, .italic = italic};
    return r;
}

static void clear_cells(kh_dcell *c, size_t n)
{
    for (size_t i = 0; i < n; i++)
        c[i] = (kh_dcell){.type = KH_D_EMPTY, .decimals = -1};
}

kh_dtable *kh_table_new(kh_doc *d, size_t n_cols, size_t n_head_rows)
{
    assert(n_cols > 0);
    kh_dtable *t = kh_arena_alloc(d->arena, sizeof *t);
    t->n_cols = n_cols;
    t->n_head_rows = n_head_rows;
    t->cols = kh_arena_alloc(d->arena, n_cols * sizeof *t->cols);
    for (size_t i = 0; i < n_cols; i++)
        t->cols[i].decimals = -1;
    t->head = kh_arena_alloc(d->arena, (n_head_rows ? n_head_rows : 1) * n_cols * sizeof *t->head);
    clear_cells(t->head, n_head_rows * n_cols);
    return t;
}

kh_dcell *kh_table_row(kh_doc *d, kh_dtable *t, bool total)
{
    if (t->n_rows == t->cap_rows) {
        size_t cap = t->cap_rows ? t->cap_rows * 2 : 16;
        t->body = grown(d->arena, t->body, t->n_rows * t->n_cols, cap * t->n_cols, sizeof *t->body);
        t->is_total = grown(d->arena, t->is_total, t->n_rows, cap, sizeof *t->is_total);
        t->cap_rows = cap;
    }
    kh_dcell *row = &t->body[t->n_rows * t->n_cols];
    clear_cells(row, t->n_cols);
    t->is_total[t->n_rows++] = total;
    return row;
}

kh_dcell *kh_table_head(kh_dtable *t, size_t row, size_t col)
{
    assert(row < t->n_head_rows && col < t->n_cols);
    return &t->head[row * t->n_cols + col];
}

/* ---- administrative numbers ------------------------------------------------ */

static void roman(int n, char *out, size_t room)
{
    static const struct { int value; const char *text; } steps[] = {
        {1000, "M"}, {900, "CM"}, {500, "D"}, {400, "CD"}, {100, "C"}, {90, "XC"}, {50, "L"},
        {40, "XL"}, {10, "X"}, {9, "IX"}, {5, "V"}, {4, "IV"}, {1, "I"}};
    size_t len = 0;
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        for (; n >= steps[i].value; n -= steps[i].value) {
            size_t k = strlen(steps[i].text);
            if (len + k + 2 > room)
                break;
            memcpy(out + len, steps[i].text, k);
            len += k;
        }
    }
    memcpy(out + len, ".", 2);
}

/* The letters of clauses: a b c d đ e g h i k l m n o p q r s t u v x y (no f, j, w, z), then aa, ab ... */
static void letters(int n, char *out, size_t room)
{
    static const char *const abc[] = {"a", "b", "c", "d", "đ", "e", "g", "h", "i", "k", "l", "m",
                                      "n", "o", "p", "q", "r", "s", "t", "u", "v", "x", "y"};
    const int base = (int)(sizeof abc / sizeof *abc);
    const char *parts[6];
    int k = 0;
    for (; n > 0 && k < 6; n = (n - 1) / base)
        parts[k++] = abc[(n - 1) % base];
    size_t len = 0;
    while (k > 0 && len + 4 < room)
        len += (size_t)snprintf(out + len, room - len, "%s", parts[--k]);
    snprintf(out + len, room - len, ")");
}

void kh_heading_number(int level, int nth, char out[16])
{
    if (nth < 1)
        nth = 1;
    if (level <= 1)
        roman(nth > 399 ? 399 : nth, out, 16); /* CCCLXXXVIII. is the longest that fits */
    else if (level == 2)
        snprintf(out, 16, "%d.", nth);
    else if (level == 3)
        letters(nth, out, 16);
    else
        memcpy(out, "-", 2);
}

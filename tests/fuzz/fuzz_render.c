/* SPDX-License-Identifier: MIT */
/*
 * Any document, made of any texts, in every format: rendered or refused with a
 * word, the same bytes twice, and in HTML no text becomes markup.
 */
#include "report/render.h"

#include "base/mem.h"
#include "base/text.h"
#include "report/doc.h"

#include <stdlib.h>
#include <string.h>

typedef struct input { const uint8_t *p; size_t n; } input;

static void must(bool ok)
{
    if (!ok)
        abort();
}

static unsigned take(input *in, unsigned below)
{
    if (!in->n)
        return 0;
    in->n--;
    return *in->p++ % below;
}

/* What scripts may give is UTF-8 without zero bytes; the marks are what every format has to escape. */
static const char *text(input *in, kh_doc *d)
{
    static const char *const some[] = {"<script>alert(1)</script>", "=1+1", "]]>", "a\x1b[2J", "\xe2\x80\xae", "_x0041_", "&amp;\"'", "", "Đơn vị", "|*_`#", "\xef\xbf\xbf", "a\nb\tc", "@SUM(A1)"};
    enum { N = sizeof some / sizeof *some };
    unsigned k = take(in, N + 4);
    if (k < N)
        return some[k];
    size_t n = take(in, 40), bad;
    n = n > in->n ? in->n : n;
    char *s = kh_arena_strndup(d->arena, (const char *)in->p, n);
    in->p += n;
    in->n -= n;
    while (!kh_utf8_valid(s, strlen(s), &bad))
        s[bad] = '?';
    return s;
}

static void fill_cell(input *in, kh_doc *d, kh_dcell *c)
{
    static const char *const numbers[] = {"0", "-1", "1234567890123456789", "0.5", "-0.000001", "99999999999999999.99"};
    if (c->covered)
        return;
    c->type = (kh_dcell_type)take(in, 3);
    c->bold = take(in, 2);
    c->align = (kh_align)take(in, 5);
    c->tone = (kh_tone)take(in, 5);
    c->decimals = (int)take(in, 6) - 1;
    if (c->type == KH_D_TEXT)
        c->text = text(in, d);
    if (c->type == KH_D_NUMBER)
        c->number = numbers[take(in, 6)];
    if (take(in, 4) == 0)
        c->sign = text(in, d);
    if (take(in, 4) == 0)
        c->note = text(in, d);
    if (take(in, 8) == 0)
        c->link = "#a";
    if (take(in, 8) == 0)
        c->anchor = text(in, d);
}

static void add_table(input *in, kh_doc *d, kh_dblock *b)
{
    size_t columns = 1 + take(in, 6), rows = take(in, 6);
    kh_dtable *t = b->table = kh_table_new(d, columns, 1);
    t->title = text(in, d);
    t->unit_line = take(in, 2) ? text(in, d) : NULL;
    t->landscape = take(in, 2);
    t->tinted = take(in, 2);
    for (size_t i = 0; i < columns; i++) {
        kh_dcell *h = kh_table_head(t, 0, i);
        h->type = KH_D_TEXT;
        h->text = text(in, d);
        t->cols[i].name = h->text;
        t->cols[i].decimals = (int)take(in, 4);
        t->cols[i].live_total = take(in, 2);
    }
    for (size_t r = 0; r < rows; r++) {
        kh_dcell *cells = kh_table_row(d, t, take(in, 4) == 0);
        for (size_t i = 0; i < columns; i++)
            fill_cell(in, d, &cells[i]);
    }
}

static void add_chart(input *in, kh_doc *d, kh_dblock *b)
{
    static const double some[] = {0, 1, -1, 100, 1e15, -1e-9, 1e300, 33.3};
    kh_chart *c = b->chart = kh_arena_alloc(d->arena, sizeof *c);
    c->kind = (kh_chart_kind)take(in, KH_CHART_STRIP + 1);
    c->title = text(in, d);
    c->unit = text(in, d);
    c->n_x = 1 + take(in, 12);
    c->n_series = 1 + take(in, 4);
    c->decimals = (int)take(in, 4);
    c->has_target = take(in, 2);
    c->target = some[take(in, 8)];
    const char **x = kh_arena_alloc(d->arena, c->n_x * sizeof *x);
    for (size_t i = 0; i < c->n_x; i++)
        x[i] = text(in, d);
    c->x = x;
    c->series = kh_arena_alloc(d->arena, c->n_series * sizeof *c->series);
    for (size_t s = 0; s < c->n_series; s++) {
        kh_series *one = &c->series[s];
        one->name = text(in, d);
        one->y = kh_arena_alloc(d->arena, c->n_x * sizeof *one->y);
        one->there = kh_arena_alloc(d->arena, c->n_x * sizeof *one->there);
        for (size_t i = 0; i < c->n_x; i++) {
            one->y[i] = some[take(in, 8)];
            one->there[i] = take(in, 4) != 0;
        }
    }
}

static void add_block(input *in, kh_doc *d, kh_dblock *inside, int depth)
{
    static const kh_block_kind kinds[] = {KH_B_HEADING, KH_B_PARA, KH_B_NOTE, KH_B_TABLE, KH_B_CHART, KH_B_BREAK, KH_B_APPENDIX, KH_B_DETAILS};
    kh_block_kind kind = kinds[take(in, depth < 3 ? 8 : 4)];
    kh_dblock *b = kh_doc_add(d, inside, kind);
    b->level = 1 + (int)take(in, 4);
    b->align = (kh_align)take(in, 5);
    b->tone = (kh_tone)take(in, 5);
    if (take(in, 6) == 0)
        b->anchor = text(in, d);
    if (kind == KH_B_TABLE)
        add_table(in, d, b);
    else if (kind == KH_B_CHART)
        add_chart(in, d, b);
    else if (kind != KH_B_BREAK)
        for (unsigned i = 0, n = 1 + take(in, 3); i < n; i++) {
            kh_run_text *r = kh_block_run(d, b, text(in, d), take(in, 2), take(in, 2));
            r->link = take(in, 6) == 0 ? "https://example.org/?a=1&b=<2>" : NULL;
        }
    if (kind == KH_B_DETAILS)
        for (unsigned i = 0, n = take(in, 3); i < n; i++)
            add_block(in, d, b, depth + 1);
}

static void check_html(const kh_buf *b)
{
    must(memmem(b->data, b->len, "<script>alert", 13) == NULL);
    must(memmem(b->data, b->len, "\x1b", 1) == NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    input in = {bytes, n};
    kh_doc *d = kh_doc_new(NULL, KH_LANG_VI);
    d->title = text(&in, d);
    d->created = "2018-07-08T03:00:00Z";
    d->notice = take(&in, 2) ? text(&in, d) : NULL;
    kh_format f = (kh_format)take(&in, KH_FMT_PDF);
    kh_render_options o = {.colour = take(&in, 2), .width = (int)take(&in, 150), .excel = take(&in, 2)};
    while (in.n && d->n_blocks < 12)
        add_block(&in, d, NULL, 0);
    kh_buf a = KH_BUF_INIT, b = KH_BUF_INIT;
    kh_error err = KH_ERROR_INIT;
    int rc = kh_render(d, f, &o, &a, &err);
    must(rc == KH_OK || (err.text && err.text[0]));
    if (rc == KH_OK) {
        must(kh_render(d, f, &o, &b, &err) == KH_OK);
        must(a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0));
        if (f == KH_FMT_HTML)
            check_html(&a);
    }
    kh_error_clear(&err);
    kh_buf_free(&a);
    kh_buf_free(&b);
    kh_doc_free(d);
    return 0;
}

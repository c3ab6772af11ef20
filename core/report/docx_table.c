/* SPDX-License-Identifier: MIT */
/*
 * Tables of the Word document: fixed column widths worked out from what stands
 * in the columns, heads repeated on every page, merged cells, rows that are
 * not broken over pages. Letters get smaller before words are broken.
 */
#include "report/docx.h"

#include "base/text.h"
#include "report/escape.h"
#include "report/svg.h"
#include "report/words.h"

#include <math.h>
#include <string.h>

enum { PAD = 70 }; /* left and right of a cell */

typedef struct table {
    kh_docx *x;
    const kh_view *v;
    const kh_chart *shaded;
    double points;
    int *width; /* [n_cols] */
    double lo, hi;
} table;

/* ---- widths ---------------------------------------------------------------- */

static void cell_string(const table *t, const kh_dcell *c, size_t col, kh_buf *out)
{
    kh_buf shown = KH_BUF_INIT;
    kh_cell_shown(t->v->t, c, col, t->x->lang, &shown);
    size_t note = kh_view_note(t->v, c);
    if (note)
        kh_buf_printf(&shown, "(%zu)", note);
    kh_plain(kh_buf_cstr(&shown), out);
    kh_buf_free(&shown);
}

/* `whole`: a number, which is not broken. Times is narrower than what kh_text_em measures, its digits most of all, bold or not. */
static void word_and_line(const char *s, bool bold, double points, bool whole, double *word, double *line)
{
    *word = *line = 0;
    for (;;) {
        size_t n = strcspn(s, "\n");
        double w = kh_text_em(s, n, bold && !whole) * (whole ? 0.8 : 0.87) * points * 20;
        *line = fmax(*line, w);
        if (whole)
            *word = fmax(*word, w);
        for (size_t i = 0; !whole && i < n;) {
            size_t k = strcspn(s + i, " \n");
            k = k < n - i ? k : n - i;
            *word = fmax(*word, kh_text_em(s + i, k, bold) * 0.87 * points * 20);
            i += k + 1;
        }
        if (!s[n])
            return;
        s += n + 1;
    }
}

/* "✓", not "không đạt" */
static bool is_mark(const char *sign)
{
    return kh_text_width(sign, strlen(sign)) <= 2;
}

static void take(const table *t, const kh_grid *g, bool head, double *least, double *natural)
{
    size_t step = g->rows > 2000 ? g->rows / 2000 : 1; /* of a long table a part tells enough */
    for (size_t r = 0; r < g->rows; r += step) {
        for (size_t i = 0; i < g->cols; i++) {
            const kh_dcell *c = &g->cells[r * g->cols + i];
            if (c->covered || kh_cell_width(c) > 1 || (c->type == KH_D_EMPTY && !c->sign))
                continue;
            kh_buf s = KH_BUF_INIT;
            double word, line;
            cell_string(t, c, i, &s);
            word_and_line(kh_buf_cstr(&s), head || c->bold || (!head && t->v->t->is_total[r]), t->points, c->type == KH_D_NUMBER && (!c->sign || is_mark(c->sign)), &word, &line);
            if (c->type != KH_D_NUMBER) /* a word as long as a path is broken rather than leave no room to the rest */
                word = fmin(word, 2600);
            least[i] = fmax(least[i], word + 2 * PAD + 20);
            natural[i] = fmax(natural[i], (head ? fmin(line, word * 2.2) : line) + 2 * PAD + 20);
            kh_buf_free(&s);
        }
    }
}

/* What is left over the least widths goes to the columns that want more, in proportion; all together fill the line. */
static void share(const table *t, const double *least, const double *natural)
{
    const kh_dtable *d = t->v->t;
    double room = kh_docx_width(t->x), sum_least = 0, sum_want = 0, wished = 0;
    for (size_t i = 0; i < d->n_cols; i++) {
        sum_least += least[i];
        sum_want += fmax(natural[i] - least[i], 0);
        wished += d->cols[i].width > 0 ? d->cols[i].width : 0;
    }
    double spare = room - sum_least, used = 0, above = 0;
    for (size_t i = 0; i < d->n_cols; i++) {
        double w;
        if (wished > 0 && d->cols[i].width > 0)
            w = fmax(room * d->cols[i].width / wished, least[i]); /* a wish does not break words */
        else if (spare < 0)
            w = least[i] * room / sum_least;
        else if (sum_want > spare)
            w = least[i] + spare * fmax(natural[i] - least[i], 0) / sum_want;
        else
            w = natural[i] + (spare - sum_want) * natural[i] / (sum_least + sum_want);
        t->width[i] = (int)w;
        used += w;
        above += w - least[i];
    }
    /* A mixture of wished and found widths may miss the line: what is above the least widths gives or takes. */
    for (size_t i = 0; i < d->n_cols; i++) {
        double part = spare >= 0 && above > 0 ? (t->width[i] - least[i]) / above : t->width[i] / used;
        t->width[i] += (int)((room - used) * part);
    }
}

static void choose_widths(table *t)
{
    static const double sizes[] = {13, 12, 11, 10, 9, 8, 7};
    size_t n = t->v->t->n_cols;
    double *least = kh_zalloc(n, sizeof *least), *natural = kh_zalloc(n, sizeof *natural);
    for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++) {
        double sum = 0;
        t->points = sizes[k];
        for (size_t i = 0; i < n; i++)
            least[i] = natural[i] = 2 * PAD + 200;
        take(t, &t->v->head, true, least, natural);
        take(t, &t->v->body, false, least, natural);
        /* Down to 10 points letters get smaller for the sake of whole names as well, below only for whole words. */
        for (size_t i = 0; i < n; i++)
            sum += sizes[k] > 10 ? fmax(least[i], fmin(natural[i], 2300)) : least[i];
        if (sum <= kh_docx_width(t->x) && (k > 0 || n < 5))
            break;
    }
    share(t, least, natural);
    kh_free(least);
    kh_free(natural);
}

/* ---- cells ----------------------------------------------------------------- */

static const char *shade(const table *t, const kh_dcell *c, size_t row, size_t col)
{
    static const char *const steps[] = {"EEF4FA", "DBE8F4", "C2D8EC", "A6C6E2", "88B1D6"};
    static const char *const tones[] = {NULL, "E3F2EA", "FBE7E5", "FDF1D8", "EEF1F4"};
    if (t->v->t->tinted)
        return tones[c->tone];
    if (!t->shaded || col == 0)
        return NULL;
    if (kh_series_tone(&t->shaded->series[row], col - 1) != KH_TONE_NONE)
        return tones[c->tone];
    if (c->type != KH_D_NUMBER || !(t->hi > t->lo))
        return NULL;
    int step = (int)((t->shaded->series[row].y[col - 1] - t->lo) / (t->hi - t->lo) * 5);
    return steps[step > 4 ? 4 : step < 0 ? 0 : step];
}

static void put_content(const table *t, const kh_dcell *c, size_t col, bool bold)
{
    kh_docx *x = t->x;
    int size = (int)(t->points * 2);
    kh_buf text = KH_BUF_INIT;
    kh_dcell_text(t->v->t, c, col, x->lang, &text);
    bool link = text.len && kh_docx_link(x, c->link);
    kh_docx_r r = {.bold = bold || c->bold, .half_points = size, .colour = link ? "14508C" : c->sign ? NULL : kh_docx_colour(c->tone), .underline = link};
    kh_docx_run(x, &r, kh_buf_cstr(&text));
    kh_buf_str(&x->body, link ? "</w:hyperlink>" : "");
    if (c->sign && *c->sign) {
        kh_docx_r s = {.bold = bold || c->bold, .half_points = size, .colour = kh_docx_colour(c->tone)};
        kh_buf sign = KH_BUF_INIT;
        kh_buf_printf(&sign, "%s%s", !text.len ? "" : is_mark(c->sign) ? "\u00a0" : " ", c->sign); /* a mark stays with its figure */
        kh_docx_run(x, &s, kh_buf_cstr(&sign));
        kh_buf_free(&sign);
    }
    size_t note = kh_view_note(t->v, c);
    if (note) {
        kh_docx_r s = {.half_points = size, .raised = true};
        kh_buf mark = KH_BUF_INIT;
        kh_buf_printf(&mark, "(%zu)", note);
        kh_docx_run(x, &s, kh_buf_cstr(&mark));
        kh_buf_free(&mark);
    }
    kh_buf_free(&text);
}

/* Each row gives every cell that it touches: a cell merged downwards is begun once and continued below. */
static void put_cell(const table *t, const kh_grid *g, size_t row, size_t col, bool head, bool bold)
{
    kh_buf *b = &t->x->body;
    size_t owner = kh_grid_owner(g, row, col), first = owner / g->cols;
    const kh_dcell *c = &g->cells[owner];
    size_t span = kh_cell_width(c);
    int width = 0;
    for (size_t k = 0; k < span; k++)
        width += t->width[col + k];
    kh_buf_printf(b, "<w:tc><w:tcPr><w:tcW w:w=\"%d\" w:type=\"dxa\"/>", width);
    if (span > 1)
        kh_buf_printf(b, "<w:gridSpan w:val=\"%zu\"/>", span);
    if (kh_cell_height(c) > 1)
        kh_buf_str(b, first == row ? "<w:vMerge w:val=\"restart\"/>" : "<w:vMerge/>");
    const char *fill = head ? "E8EDF3" : shade(t, c, row, col);
    if (fill)
        kh_buf_printf(b, "<w:shd w:val=\"clear\" w:color=\"auto\" w:fill=\"%s\"/>", fill);
    kh_buf_str(b, head ? "<w:vAlign w:val=\"center\"/></w:tcPr>" : "</w:tcPr>");
    kh_docx_p p = {.style = "KhTable", .align = kh_view_align(t->v, c, col), .before = -1, .after = -1, .keep_next = head, .anchor = first == row ? c->anchor : NULL};
    kh_docx_open(t->x, &p);
    if (first == row)
        put_content(t, c, col, bold);
    kh_docx_close(t->x);
    kh_buf_str(b, "</w:tc>");
}

static void put_row(const table *t, const kh_grid *g, size_t row, bool head, bool bold)
{
    kh_buf_str(&t->x->body, head ? "<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>" : "<w:tr><w:trPr><w:cantSplit/></w:trPr>");
    for (size_t i = 0; i < g->cols; i += kh_cell_width(&g->cells[kh_grid_owner(g, row, i)]))
        put_cell(t, g, row, i, head, bold);
    kh_buf_str(&t->x->body, "</w:tr>");
}

static void put_signs(const table *t)
{
    kh_buf *b = &t->x->body;
    kh_buf_str(b, "<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>");
    for (size_t i = 0; i < t->v->t->n_cols; i++) {
        kh_buf_printf(b, "<w:tc><w:tcPr><w:tcW w:w=\"%d\" w:type=\"dxa\"/></w:tcPr>", t->width[i]);
        kh_docx_p p = {.style = "KhTable", .align = KH_ALIGN_CENTER, .before = -1, .after = -1, .keep_next = true};
        kh_docx_r r = {.italic = true, .half_points = (int)(t->points * 2) - 2};
        kh_docx_line(t->x, &p, &r, t->v->t->signs[i]);
        kh_buf_str(b, "</w:tc>");
    }
    kh_buf_str(b, "</w:tr>");
}

static void put_titles(const table *t)
{
    const kh_dtable *d = t->v->t;
    bool unit = d->unit_line && *d->unit_line;
    kh_docx_p title = {.style = "KhCaption", .align = KH_ALIGN_AUTO, .before = -1, .after = unit ? 0 : -1, .anchor = d->anchor};
    kh_docx_r plain = {0};
    if (d->title && *d->title)
        kh_docx_line(t->x, &title, &plain, d->title);
    kh_docx_p line = {.align = KH_ALIGN_RIGHT, .before = 0, .after = 60, .keep_next = true, .tight = true, .anchor = d->title && *d->title ? NULL : d->anchor};
    kh_docx_r italic = {.italic = true, .half_points = 24};
    if (unit)
        kh_docx_line(t->x, &line, &italic, d->unit_line);
}

static void put_notes(const table *t)
{
    const kh_dtable *d = t->v->t;
    kh_docx_p p = {.style = "KhNotes", .before = -1, .after = -1};
    kh_docx_r r = {0};
    for (size_t i = 0; i < d->n_notes; i++)
        kh_docx_line(t->x, &p, &r, d->notes[i]);
    for (size_t i = 0; i < t->v->n_notes; i++) {
        kh_buf note = KH_BUF_INIT;
        kh_buf_printf(&note, "(%zu) %s", i + 1, t->v->notes[i]);
        kh_docx_line(t->x, &p, &r, kh_buf_cstr(&note));
        kh_buf_free(&note);
    }
    kh_docx_p gap = {.before = 0, .after = 0, .tight = true}; /* two tables must not grow together */
    kh_docx_r small = {.half_points = 12};
    kh_docx_line(t->x, &gap, &small, " ");
}

static void take_range(table *t)
{
    t->lo = INFINITY;
    t->hi = -INFINITY;
    for (size_t k = 0; t->shaded && k < t->shaded->n_series; k++) {
        for (size_t i = 0; i < t->shaded->n_x; i++) {
            if (!t->shaded->series[k].there[i])
                continue;
            t->lo = fmin(t->lo, t->shaded->series[k].y[i]);
            t->hi = fmax(t->hi, t->shaded->series[k].y[i]);
        }
    }
}

void kh_docx_table(kh_docx *x, const kh_dtable *d, const kh_chart *shaded)
{
    kh_view v;
    kh_view_init(&v, d);
    table t = {.x = x, .v = &v, .shaded = shaded, .width = kh_zalloc(d->n_cols, sizeof(int))};
    take_range(&t);
    choose_widths(&t);
    put_titles(&t);
    kh_buf *b = &x->body;
    int all = 0;
    for (size_t i = 0; i < d->n_cols; i++)
        all += t.width[i];
    kh_buf_printf(b, "<w:tbl><w:tblPr><w:tblStyle w:val=\"KhGrid\"/><w:tblW w:w=\"%d\" w:type=\"dxa\"/><w:jc w:val=\"center\"/><w:tblLayout w:type=\"fixed\"/>"
                  "<w:tblLook w:val=\"0020\" w:firstRow=\"1\"/>", all);
    if (d->title && *d->title) {
        kh_buf_str(b, "<w:tblCaption w:val=\"");
        kh_buf line = KH_BUF_INIT;
        kh_plain_line(d->title, &line);
        kh_xml(kh_buf_cstr(&line), b);
        kh_buf_free(&line);
        kh_buf_str(b, "\"/>");
    }
    kh_buf_str(b, "</w:tblPr><w:tblGrid>");
    for (size_t i = 0; i < d->n_cols; i++)
        kh_buf_printf(b, "<w:gridCol w:w=\"%d\"/>", t.width[i]);
    kh_buf_str(b, "</w:tblGrid>");
    for (size_t r = 0; r < v.head.rows; r++)
        put_row(&t, &v.head, r, true, true);
    if (d->signs)
        put_signs(&t);
    for (size_t r = 0; r < d->n_rows; r++)
        put_row(&t, &v.body, r, false, d->is_total[r]);
    if (v.head.rows + d->n_rows + (d->signs ? 1u : 0u) == 0) { /* a table has at least one row */
        kh_buf_str(b, "<w:tr>");
        for (size_t i = 0; i < d->n_cols; i++)
            kh_buf_printf(b, "<w:tc><w:tcPr><w:tcW w:w=\"%d\" w:type=\"dxa\"/></w:tcPr><w:p/></w:tc>", t.width[i]);
        kh_buf_str(b, "</w:tr>");
    }
    kh_buf_str(b, "</w:tbl>");
    put_notes(&t);
    kh_free(t.width);
    kh_view_free(&v);
}

/* SPDX-License-Identifier: MIT */
/*
 * Heat tables and status strips. Every cell has its figure or its sign in
 * words: the shade only helps the eye. Columns are as wide as what stands in
 * them; a picture too wide for the page scrolls there.
 */
#include "report/svg.h"

#include "report/words.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

typedef struct cells {
    kh_svg *s;
    kh_label *rows, *cols;
    double left, cell_w, cell_h, head_h, lo, hi;
    bool turned; /* column names stand at an angle */
} cells;

static void take_range(cells *t)
{
    const kh_chart *c = t->s->c;
    t->lo = INFINITY;
    t->hi = -INFINITY;
    for (size_t k = 0; k < c->n_series; k++) {
        for (size_t i = 0; i < c->n_x; i++) {
            if (!c->series[k].there[i])
                continue;
            t->lo = fmin(t->lo, c->series[k].y[i]);
            t->hi = fmax(t->hi, c->series[k].y[i]);
        }
    }
}

static void put_heat_cell(cells *t, size_t series, size_t i, double x, double y)
{
    const kh_chart *c = t->s->c;
    const kh_series *se = &c->series[series];
    kh_tone tone = kh_series_tone(se, i);
    char cls[8] = "no";
    if (tone != KH_TONE_NONE) {
        snprintf(cls, sizeof cls, "b%s", kh_tone_class(tone));
    } else if (se->there[i]) {
        double share = t->hi > t->lo ? (se->y[i] - t->lo) / (t->hi - t->lo) : 0.5;
        cls[0] = 'h';
        cls[1] = (char)('1' + (share < 1 ? (int)(share * 5) : 4));
        cls[2] = '\0';
    }
    kh_svg_rect(t->s, x + 1, y + 1, t->cell_w - 2, t->cell_h - 2, cls);
    kh_buf text = KH_BUF_INIT;
    if (se->there[i] || (se->labels && se->labels[i]) || tone != KH_TONE_NONE)
        kh_svg_value(t->s, series, i, &text);
    else
        kh_buf_str(&text, "–"); /* the legend says what it means */
    kh_svg_text(t->s, x + t->cell_w / 2, y + t->cell_h / 2 + 4.5, KH_SVG_MIDDLE, 12, tone != KH_TONE_NONE ? kh_tone_class(tone) : "", kh_buf_cstr(&text));
    kh_buf_free(&text);
}

static void put_scale(cells *t, double y)
{
    double x = t->left;
    if (isfinite(t->lo) && t->hi > t->lo && !kh_chart_toned(t->s->c)) {
        kh_scale scale = {.decimals = t->s->c->decimals};
        kh_buf low = KH_BUF_INIT, high = KH_BUF_INIT;
        kh_scale_text(&scale, t->lo, t->s->lang, &low);
        kh_scale_text(&scale, t->hi, t->s->lang, &high);
        kh_svg_text(t->s, x, y + 11, KH_SVG_START, 11, "m", kh_buf_cstr(&low));
        x += kh_svg_width(kh_buf_cstr(&low), 11, false) + 6;
        for (int i = 0; i < 5; i++) {
            char cls[4] = {'h', (char)('1' + i), '\0'};
            kh_svg_rect(t->s, x + 22 * i, y, 22, 13, cls);
        }
        x += 5 * 22;
        kh_svg_text(t->s, x + 6, y + 11, KH_SVG_START, 11, "m", kh_buf_cstr(&high));
        x += kh_svg_width(kh_buf_cstr(&high), 11, false) + 30;
        kh_buf_free(&low);
        kh_buf_free(&high);
    }
    kh_buf none = KH_BUF_INIT;
    kh_buf_printf(&none, "–  %s", kh_word_in(t->s->lang, KH_W_MISSING));
    kh_svg_text(t->s, x, y + 11, KH_SVG_START, 11, "m", kh_buf_cstr(&none));
    kh_buf_free(&none);
}

/* A name whose words do not fit over its column is turned, with all others; columns are wide enough for its lines. */
static void measure_heads(cells *t)
{
    const kh_chart *c = t->s->c;
    double widest = 0;
    size_t lines = 0;
    for (size_t i = 0; i < c->n_x; i++) {
        for (const char *s = c->x[i]; *s;) {
            size_t n = strcspn(s, " ");
            t->turned = t->turned || kh_text_em(s, n, true) * 12 > t->cell_w - 4;
            s += n + strspn(s + n, " ");
        }
    }
    for (size_t i = 0; i < c->n_x; i++) {
        kh_label_make(&t->cols[i], c->x[i], t->turned ? KH_SVG_TURNED_MOST : t->cell_w - 4, 12, true);
        t->head_h = fmax(t->head_h, t->cols[i].height + 6);
        widest = fmax(widest, t->cols[i].width);
        lines = t->cols[i].n > lines ? t->cols[i].n : lines;
    }
    if (!t->turned)
        return;
    t->cell_w = fmax(t->cell_w, KH_SVG_TURNED_STEP * (double)lines);
    t->head_h = widest * 0.71 + 18 + (double)lines * 10;
    /* The last names lean over the right edge. */
    t->s->w = fmax(t->s->w, t->left + t->cell_w * ((double)c->n_x - 0.5) + widest * 0.71 + 8 + (double)lines * 5);
}

void kh_svg_cells(kh_svg *s)
{
    const kh_chart *c = s->c;
    cells t = {.s = s, .cell_h = 28};
    t.rows = kh_zalloc(c->n_series, sizeof *t.rows);
    t.cols = kh_zalloc(c->n_x, sizeof *t.cols);
    for (size_t k = 0; k < c->n_series; k++) {
        kh_label_make(&t.rows[k], c->series[k].name, s->w * 0.32, KH_SVG_FONT, false);
        t.left = fmax(t.left, t.rows[k].width + 10);
        t.cell_h = fmax(t.cell_h, t.rows[k].height + 6);
    }
    t.cell_w = fmax((s->w - t.left) / (double)c->n_x, fmax(kh_svg_widest_value(s, 12) + 10, 34));
    take_range(&t);
    measure_heads(&t);
    s->w = fmax(s->w, t.left + t.cell_w * (double)c->n_x);
    double y = s->h + t.head_h;
    for (size_t i = 0; i < c->n_x; i++) {
        double x = t.left + t.cell_w * (double)i;
        if (t.turned)
            kh_svg_turned_label(s, &t.cols[i], x + t.cell_w / 2, y - 8 - (double)t.cols[i].n * 5, KH_SVG_START, 12, "b");
        else
            kh_svg_label(s, &t.cols[i], x + t.cell_w / 2, y - 4 - t.cols[i].height, KH_SVG_MIDDLE, 12, "b");
        kh_label_free(&t.cols[i]);
    }
    for (size_t k = 0; k < c->n_series; k++) {
        kh_svg_label(s, &t.rows[k], t.left - 8, y + (t.cell_h - t.rows[k].height) / 2, KH_SVG_END, KH_SVG_FONT, "");
        for (size_t i = 0; i < c->n_x; i++)
            put_heat_cell(&t, k, i, t.left + t.cell_w * (double)i, y);
        kh_label_free(&t.rows[k]);
        y += t.cell_h;
    }
    put_scale(&t, y + 8);
    s->h = y + 26;
    kh_free(t.rows);
    kh_free(t.cols);
}

/* ---- status strip ---------------------------------------------------------- */

static double put_box(kh_svg *s, size_t series, size_t i, double x, double y, double w, double h)
{
    const kh_chart *c = s->c;
    const kh_series *se = &c->series[series];
    kh_tone tone = kh_series_tone(se, i);
    char cls[8] = "no";
    if (tone != KH_TONE_NONE)
        snprintf(cls, sizeof cls, "b%s", kh_tone_class(tone));
    kh_svg_rect(s, x + 2, y, w - 4, h, cls);
    kh_label name, value;
    kh_label_make(&name, c->x[i], w - 12, KH_SVG_FONT, true);
    kh_buf text = KH_BUF_INIT;
    if (tone != KH_TONE_NONE)
        kh_buf_printf(&text, "%s ", kh_tone_mark(tone));
    size_t at = text.len;
    kh_series_text(c, series, i, s->lang, &text);
    if (text.len == at)
        kh_buf_str(&text, tone != KH_TONE_NONE ? kh_tone_word(s->lang, tone) : kh_word_in(s->lang, KH_W_MISSING));
    kh_label_make(&value, kh_buf_cstr(&text), w - 12, 12, false);
    kh_svg_label(s, &name, x + w / 2, y + 6, KH_SVG_MIDDLE, KH_SVG_FONT, "b");
    kh_svg_label(s, &value, x + w / 2, y + 8 + name.height, KH_SVG_MIDDLE, 12, tone != KH_TONE_NONE ? kh_tone_class(tone) : "m");
    double need = name.height + value.height + 14;
    kh_label_free(&name);
    kh_label_free(&value);
    kh_buf_free(&text);
    return need;
}

void kh_svg_strip(kh_svg *s)
{
    const kh_chart *c = s->c;
    size_t across = c->n_x < 10 ? c->n_x : 10;
    while (across > 1 && s->w / (double)across < 70)
        across--;
    double y = s->h, w = fmin(s->w / (double)across, 180);
    for (size_t k = 0; k < c->n_series; k++) {
        if (c->n_series > 1 && c->series[k].name && *c->series[k].name) {
            kh_label name;
            kh_label_make(&name, c->series[k].name, s->w, KH_SVG_FONT, false);
            kh_svg_label(s, &name, 2, y, KH_SVG_START, KH_SVG_FONT, "");
            y += name.height + 4;
            kh_label_free(&name);
        }
        for (size_t from = 0; from < c->n_x; from += across) {
            size_t to = from + across < c->n_x ? from + across : c->n_x;
            double h = 0;
            size_t mark = s->body.len; /* the boxes of a line are as high as the highest: drawn once to measure */
            for (size_t i = from; i < to; i++)
                h = fmax(h, put_box(s, k, i, 0, 0, w, 0));
            s->body.len = mark;
            for (size_t i = from; i < to; i++)
                put_box(s, k, i, w * (double)(i - from), y, w, h);
            y += h + 6;
        }
        y += 4;
    }
    s->h = y;
}

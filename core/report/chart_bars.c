/* SPDX-License-Identifier: MIT */
/*
 * Bars lie: a name of any length then stands beside its bar, in as many lines
 * as it needs. One loop draws plain, grouped, stacked and bullet bars; what is
 * missing is said in words where its bar would be.
 */
#include "report/svg.h"

#include "report/escape.h"
#include "report/words.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

typedef struct bars {
    kh_svg *s;
    kh_scale x;
    double name_end, left, right, thick, font;
    size_t n_bars;    /* within one category */
    bool values;      /* the second pass: figures stand above the target's line */
    kh_label *labels; /* [n_x] */
} bars;

static double widest_tick(const bars *b)
{
    double widest = 0;
    for (size_t i = 0; i < kh_scale_ticks(&b->x); i++) {
        kh_buf t = KH_BUF_INIT;
        kh_scale_text(&b->x, kh_scale_tick(&b->x, i), b->s->lang, &t);
        widest = fmax(widest, kh_svg_width(kh_buf_cstr(&t), 11, false));
        kh_buf_free(&t);
    }
    return widest;
}

static double put_axis(bars *b, double top, double bottom)
{
    kh_svg *s = b->s;
    size_t n = kh_scale_ticks(&b->x), every = 1;
    double widest = widest_tick(b);
    for (size_t shown = n - 1; (double)shown * (widest + 10) > b->right - b->left && every < n; shown = (n - 1) / every)
        every++;
    for (size_t i = 0; i < n; i += every) {
        double at = kh_scale_at(&b->x, kh_scale_tick(&b->x, i));
        kh_svg_line(s, at, top, at, bottom, "gr");
        kh_buf t = KH_BUF_INIT;
        kh_scale_text(&b->x, kh_scale_tick(&b->x, i), s->lang, &t);
        kh_svg_text(s, at, bottom + 14, KH_SVG_MIDDLE, 11, "m", kh_buf_cstr(&t));
        kh_buf_free(&t);
    }
    return bottom + 18;
}

static kh_tone tone_of(const kh_chart *c, size_t series, size_t i)
{
    return kh_series_tone(&c->series[series], i);
}

static void put_value(bars *b, size_t series, size_t i, double x, double middle, bool leftwards)
{
    if (!b->values)
        return;
    kh_buf text = KH_BUF_INIT;
    kh_svg_value(b->s, series, i, &text);
    bool there = b->s->c->series[series].there[i];
    const char *cls = tone_of(b->s->c, series, i) != KH_TONE_NONE ? kh_tone_class(tone_of(b->s->c, series, i)) : there ? "" : "m";
    double w = kh_svg_width(kh_buf_cstr(&text), b->font, false);
    /* The target line or a grid line may pass here: the figure gets its own ground. */
    kh_svg_rect(b->s, leftwards ? x - 4 - w - 2 : x + 2, middle - b->font * 0.62, w + 4, b->font * 1.24, "pl");
    kh_svg_text(b->s, leftwards ? x - 4 : x + 4, middle + b->font * 0.36, leftwards ? KH_SVG_END : KH_SVG_START, b->font, cls, kh_buf_cstr(&text));
    kh_buf_free(&text);
}

static void put_bar(bars *b, size_t series, size_t i, double y)
{
    const kh_chart *c = b->s->c;
    double zero = kh_scale_at(&b->x, fmax(0, b->x.lo));
    if (!c->series[series].there[i]) {
        put_value(b, series, i, zero, y + b->thick / 2, false);
        return;
    }
    double at = kh_scale_at(&b->x, c->series[series].y[i]), from = fmin(zero, at), w = fabs(at - zero);
    if (b->values) {
        put_value(b, series, i, at, y + b->thick / 2, c->series[series].y[i] < 0);
        return;
    }
    if (tone_of(c, series, i) != KH_TONE_NONE && c->n_series == 1)
        kh_svg_toned(b->s, from, y, w, b->thick, tone_of(c, series, i));
    else
        kh_svg_filled(b->s, from, y, w, b->thick, series);
}

static bool has_length(const kh_chart *c, size_t i)
{
    for (size_t k = 0; k < c->n_series; k++) {
        if (c->series[k].there[i] && fabs(c->series[k].y[i]) > 0)
            return true;
    }
    return false;
}

static void put_stack(bars *b, size_t i, double y)
{
    const kh_chart *c = b->s->c;
    double up = 0, down = 0;
    bool any = false;
    for (size_t k = 0; k < c->n_series; k++)
        any = any || c->series[k].there[i];
    for (size_t k = 0; k < c->n_series && !b->values; k++) {
        if (!c->series[k].there[i])
            continue;
        double v = c->series[k].y[i], *base = v < 0 ? &down : &up;
        double x1 = kh_scale_at(&b->x, *base), x2 = kh_scale_at(&b->x, *base + v);
        *base += v;
        double from = fmin(x1, x2), w = fabs(x2 - x1);
        kh_svg_filled(b->s, from, y, w, b->thick, k);
        kh_buf text = KH_BUF_INIT;
        kh_series_text(c, k, i, b->s->lang, &text);
        double tw = kh_svg_width(kh_buf_cstr(&text), 11, false);
        if (tw + 10 <= w) { /* a part too small for its figure has it in the table beside the chart */
            kh_svg_rect(b->s, from + w / 2 - tw / 2 - 2, y + b->thick / 2 - 8, tw + 4, 16, "pl");
            kh_svg_text(b->s, from + w / 2, y + b->thick / 2 + 4, KH_SVG_MIDDLE, 11, "", kh_buf_cstr(&text));
        }
        kh_buf_free(&text);
    }
    if (!any)
        put_value(b, 0, i, kh_scale_at(&b->x, 0), y + b->thick / 2, false);
    else if (b->values && !has_length(c, i)) /* nothing but zeros is not nothing */
        kh_svg_text(b->s, kh_scale_at(&b->x, 0) + 4, y + b->thick / 2 + 4, KH_SVG_START, 11, "", "0");
}

/* The bar over its track, and the target as a tick: a second series holds each row's own target. */
static void put_bullet(bars *b, size_t i, double y)
{
    const kh_chart *c = b->s->c;
    put_value(b, 0, i, b->right, y + b->thick / 2, false);
    if (b->values)
        return;
    double lo = c->target, hi = c->has_target_hi ? c->target_hi : c->target;
    bool has = c->has_target;
    if (c->n_series > 1) {
        has = c->series[1].there[i];
        lo = hi = has ? c->series[1].y[i] : 0;
        if (has && c->n_series > 2 && c->series[2].there[i])
            hi = c->series[2].y[i];
    }
    double from = kh_scale_at(&b->x, b->x.lo), x1 = has ? kh_scale_at(&b->x, lo) : 0, x2 = has ? kh_scale_at(&b->x, hi) : 0;
    kh_svg_rect(b->s, from, y - 3, b->right - from, b->thick + 6, "tr");
    if (has && x2 > x1)
        kh_svg_rect(b->s, x1, y - 3, x2 - x1, b->thick + 6, "bd");
    if (c->series[0].there[i]) {
        double zero = kh_scale_at(&b->x, fmax(0, b->x.lo)), at = kh_scale_at(&b->x, c->series[0].y[i]);
        kh_tone tone = tone_of(c, 0, i);
        if (tone != KH_TONE_NONE)
            kh_svg_toned(b->s, fmin(zero, at), y, fabs(at - zero), b->thick, tone);
        else
            kh_svg_filled(b->s, fmin(zero, at), y, fabs(at - zero), b->thick, 0);
    }
    if (has)
        kh_svg_rect(b->s, x1 - 1.5, y - 5, 3, b->thick + 10, "tk");
}

static double put_bullet_legend(kh_svg *s, double y)
{
    const kh_chart *c = s->c;
    kh_buf text = KH_BUF_INIT;
    if (c->n_series > 1)
        kh_buf_str(&text, c->series[1].name && *c->series[1].name ? c->series[1].name : kh_word_in(s->lang, KH_W_TARGET));
    else
        kh_chart_target_text(c, s->lang, &text);
    if (text.len) {
        kh_svg_rect(s, 8, y, 3, 16, "tk");
        kh_label l;
        kh_label_make(&l, kh_buf_cstr(&text), s->w - 30, KH_SVG_FONT, false);
        kh_svg_label(s, &l, 20, y, KH_SVG_START, KH_SVG_FONT, "");
        y += l.height + 10;
        kh_label_free(&l);
    }
    kh_buf_free(&text);
    return y;
}

static void put_target(bars *b, double top, double bottom)
{
    const kh_chart *c = b->s->c;
    double at = kh_scale_at(&b->x, c->target);
    if (c->has_target_hi) {
        double hi = kh_scale_at(&b->x, c->target_hi);
        kh_svg_rect(b->s, at, top, hi - at, bottom - top, "bd");
        kh_svg_line(b->s, hi, top, hi, bottom, "tg");
    }
    kh_svg_line(b->s, at, top, at, bottom, "tg");
}

static double row_height(const bars *b, size_t i)
{
    double all = (double)b->n_bars * (b->thick + 2) - 2;
    return fmax(all, b->labels[i].height) + (b->n_bars > 1 ? 14 : 9);
}

static void put_rows(bars *b, double y)
{
    const kh_chart *c = b->s->c;
    for (size_t i = 0; i < c->n_x; i++) {
        double h = row_height(b, i), all = (double)b->n_bars * (b->thick + 2) - 2, at = y + (h - all) / 2;
        if (!b->values)
            kh_svg_label(b->s, &b->labels[i], b->name_end, y + (h - b->labels[i].height) / 2, KH_SVG_END, KH_SVG_FONT, "");
        if (c->kind == KH_CHART_STACKED) {
            put_stack(b, i, at);
        } else if (c->kind == KH_CHART_BULLET) {
            put_bullet(b, i, at);
        } else {
            for (size_t k = 0; k < b->n_bars; k++)
                put_bar(b, k, i, at + (double)k * (b->thick + 2));
        }
        y += h;
    }
}

void kh_svg_bars(kh_svg *s)
{
    const kh_chart *c = s->c;
    bool bullet = c->kind == KH_CHART_BULLET, stacked = c->kind == KH_CHART_STACKED;
    bars b = {.s = s, .font = 12, .thick = 17, .n_bars = stacked || bullet ? 1 : c->n_series};
    if (b.n_bars > 1) {
        b.thick = 13;
        b.font = 11;
    } else if (bullet) {
        b.thick = 10;
    }
    b.labels = kh_zalloc(c->n_x, sizeof *b.labels);
    for (size_t i = 0; i < c->n_x; i++) {
        kh_label_make(&b.labels[i], c->x[i], s->w * 0.36, KH_SVG_FONT, false);
        b.left = fmax(b.left, b.labels[i].width);
    }
    b.name_end = b.left;
    b.left += 10;
    b.x = kh_scale_of(c, true, stacked, 5);
    double room = stacked ? 16 : kh_svg_widest_value(s, b.font) + 10;
    room = fmax(room, widest_tick(&b) / 2 + 2);
    b.left = fmax(b.left, widest_tick(&b) / 2 + 2);
    b.right = s->w - room;
    if (b.x.lo < 0)
        b.left += room; /* figures of negative bars stand to their left */
    b.x.from = b.left;
    b.x.to = b.right;

    double top = bullet ? put_bullet_legend(s, s->h) : kh_svg_legend(s, s->h, false), bottom = top + 2;
    for (size_t i = 0; i < c->n_x; i++)
        bottom += row_height(&b, i);
    s->h = put_axis(&b, top, bottom);
    put_rows(&b, top + 1);
    if (c->has_target && !bullet)
        put_target(&b, top, bottom);
    b.values = true;
    put_rows(&b, top + 1);
    double zero = kh_scale_at(&b.x, fmax(0, b.x.lo));
    kh_svg_line(s, zero, top, zero, bottom, "ax");
    for (size_t i = 0; i < c->n_x; i++)
        kh_label_free(&b.labels[i]);
    kh_free(b.labels);
}

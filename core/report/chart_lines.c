/* SPDX-License-Identifier: MIT */
/*
 * Lines over periods, and small multiples of them. A missing value is a gap,
 * never bridged and never zero. Names stand at the ends of their lines, pushed
 * apart where the lines meet; where there are many, in a legend.
 */
#include "report/svg.h"

#include "report/words.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

typedef struct plot {
    kh_svg *s;
    kh_scale y;
    double left, right, top, bottom;
} plot;

static double x_at(const plot *p, size_t i)
{
    size_t n = p->s->c->n_x;
    if (n == 1)
        return (p->left + p->right) / 2;
    return p->left + (p->right - p->left) * (double)i / (double)(n - 1);
}

static void put_path(plot *p, size_t series)
{
    kh_buf *out = &p->s->body;
    const kh_series *se = &p->s->c->series[series];
    kh_buf_str(out, "<path d=\"");
    bool pen = false, any = false;
    for (size_t i = 0; i < p->s->c->n_x; i++) {
        if (!se->there[i]) {
            pen = false;
            continue;
        }
        kh_buf_char(out, pen ? 'L' : 'M');
        kh_svg_num(out, x_at(p, i));
        kh_buf_char(out, ' ');
        kh_svg_num(out, kh_scale_at(&p->y, se->y[i]));
        pen = any = true;
    }
    kh_buf_printf(out, any ? "\" class=\"s%zu\"/>" : "M0 0\" class=\"s%zu\"/>", series % KH_SVG_STYLES + 1);
}

static double widest_tick(const plot *p)
{
    double most = 0;
    for (size_t i = 0; i < kh_scale_ticks(&p->y); i++) {
        kh_buf t = KH_BUF_INIT;
        kh_scale_text(&p->y, kh_scale_tick(&p->y, i), p->s->lang, &t);
        most = fmax(most, kh_svg_width(kh_buf_cstr(&t), 11, false));
        kh_buf_free(&t);
    }
    return most;
}

static void put_rules(plot *p)
{
    for (size_t i = 0; i < kh_scale_ticks(&p->y); i++) {
        double v = kh_scale_tick(&p->y, i), at = kh_scale_at(&p->y, v);
        kh_svg_line(p->s, p->left, at, p->right, at, i == 0 ? "ax" : "gr");
        kh_buf t = KH_BUF_INIT;
        kh_scale_text(&p->y, v, p->s->lang, &t);
        kh_svg_text(p->s, p->left - 10, at + 4, KH_SVG_END, 11, "m", kh_buf_cstr(&t));
        kh_buf_free(&t);
    }
}

static void put_target(plot *p)
{
    const kh_chart *c = p->s->c;
    if (!c->has_target)
        return;
    double at = kh_scale_at(&p->y, c->target);
    if (c->has_target_hi) {
        double hi = kh_scale_at(&p->y, c->target_hi);
        kh_svg_rect(p->s, p->left, hi, p->right - p->left, at - hi, "bd");
        kh_svg_line(p->s, p->left, hi, p->right, hi, "tg");
    }
    kh_svg_line(p->s, p->left, at, p->right, at, "tg");
}

/* Names of the periods: straight where they fit in at most three lines, else turned. */
typedef struct periods {
    kh_label *labels; /* [n_x] */
    bool turned;
    size_t lines;
    double width, height; /* of the largest */
} periods;

static void make_labels(periods *n, const kh_chart *c, double width)
{
    n->lines = 0;
    n->width = n->height = 0;
    for (size_t i = 0; i < c->n_x; i++) {
        kh_label_free(&n->labels[i]);
        kh_label_make(&n->labels[i], c->x[i], width, 12, false);
        n->lines = n->labels[i].n > n->lines ? n->labels[i].n : n->lines;
        n->width = fmax(n->width, n->labels[i].width);
        n->height = fmax(n->height, n->labels[i].height);
    }
}

static bool words_fit(const kh_chart *c, double width)
{
    for (size_t i = 0; i < c->n_x; i++) {
        for (const char *s = c->x[i]; *s;) {
            size_t n = strcspn(s, " ");
            if (kh_text_em(s, n, false) * 12 > width)
                return false;
            s += n + strspn(s + n, " ");
        }
    }
    return true;
}

static void free_periods(periods *n, const kh_chart *c)
{
    for (size_t i = 0; i < c->n_x; i++)
        kh_label_free(&n->labels[i]);
    kh_free(n->labels);
}

/* Places the plot between the ticks on the left and `right` on the right; a picture too narrow for its names gets wider. */
static void place(plot *p, periods *n, double ticks, double right)
{
    kh_svg *s = p->s;
    const kh_chart *c = s->c;
    double gaps = c->n_x > 1 ? (double)(c->n_x - 1) : 1;
    double room = fmin((s->w - ticks - right) / (gaps + (c->n_x > 1 ? 1 : 0)), 220) - 8;
    n->labels = kh_zalloc(c->n_x, sizeof *n->labels);
    make_labels(n, c, fmax(room, 10));
    n->turned = n->lines > 3 || !words_fit(c, room);
    if (n->turned)
        make_labels(n, c, KH_SVG_TURNED_MOST);
    p->left = fmax(ticks, n->turned ? n->width * 0.71 + (double)n->lines * 10 : n->width / 2);
    right = fmax(right, n->turned ? (double)n->lines * 10 : n->width / 2);
    double step = n->turned ? fmax(18, KH_SVG_TURNED_STEP * (double)n->lines) : 0;
    s->w = fmax(s->w, p->left + right + gaps * step + 1);
    p->right = s->w - right;
}

/* Returns the height used. */
static double put_periods(plot *p, const periods *n)
{
    for (size_t i = 0; i < p->s->c->n_x; i++) {
        double x = x_at(p, i);
        kh_svg_line(p->s, x, p->bottom, x, p->bottom + 4, "ax");
        if (n->turned)
            kh_svg_turned_label(p->s, &n->labels[i], x + 3, p->bottom + 12 + (double)n->lines * 5, KH_SVG_END, 12, "");
        else
            kh_svg_label(p->s, &n->labels[i], x, p->bottom + 8, KH_SVG_MIDDLE, 12, "");
    }
    return n->turned ? n->width * 0.71 + 24 + (double)n->lines * 10 : n->height + 12;
}

typedef struct name_place { size_t series; double y, h; kh_label label; } name_place;

/* Pushes names apart: first down in order of their lines, then back up from the bottom. */
static void spread(name_place *at, size_t n, double top, double bottom)
{
    for (size_t i = 1; i < n; i++) { /* insertion sort: n is small */
        name_place moved = at[i];
        size_t k = i;
        for (; k > 0 && at[k - 1].y > moved.y; k--)
            at[k] = at[k - 1];
        at[k] = moved;
    }
    for (size_t i = 0; i < n; i++) {
        double least = i ? at[i - 1].y + (at[i - 1].h + at[i].h) / 2 : top + at[i].h / 2;
        at[i].y = fmax(at[i].y, least);
    }
    for (size_t i = n; i-- > 0;) {
        double most = i + 1 < n ? at[i + 1].y - (at[i + 1].h + at[i].h) / 2 : bottom - at[i].h / 2;
        at[i].y = fmin(at[i].y, most);
    }
}

static size_t last_there(const kh_chart *c, size_t series)
{
    size_t last = c->n_x;
    for (size_t i = 0; i < c->n_x; i++)
        last = c->series[series].there[i] ? i : last;
    return last;
}

static void put_names(plot *p, double width)
{
    const kh_chart *c = p->s->c;
    name_place *at = kh_zalloc(c->n_series, sizeof *at);
    size_t n = 0;
    for (size_t k = 0; k < c->n_series; k++) {
        size_t last = last_there(c, k);
        if (last == c->n_x)
            continue;
        kh_label_make(&at[n].label, c->series[k].name, width, 12, false);
        at[n].series = k;
        at[n].h = at[n].label.height + 2;
        at[n].y = kh_scale_at(&p->y, c->series[k].y[last]);
        n++;
    }
    spread(at, n, p->top - 10, p->bottom + 10);
    for (size_t i = 0; i < n; i++) {
        kh_svg_mark(p->s, p->right + 18, at[i].y, at[i].series);
        kh_svg_label(p->s, &at[i].label, p->right + 28, at[i].y - at[i].label.height / 2, KH_SVG_START, 12, "");
        kh_label_free(&at[i].label);
    }
    kh_free(at);
}

/* Figures at the points of a single line, where they have room. */
static void put_figures(plot *p)
{
    const kh_chart *c = p->s->c;
    if (c->n_series != 1 || (c->n_x > 1 && (p->right - p->left) / (double)(c->n_x - 1) < kh_svg_widest_value(p->s, 12) + 4))
        return;
    for (size_t i = 0; i < c->n_x; i++) {
        kh_buf t = KH_BUF_INIT;
        kh_svg_value(p->s, 0, i, &t);
        kh_tone tone = kh_series_tone(&c->series[0], i);
        bool there = c->series[0].there[i];
        double y = there ? kh_scale_at(&p->y, c->series[0].y[i]) - 9 : p->bottom - 8, w = kh_svg_width(kh_buf_cstr(&t), 12, false);
        kh_svg_rect(p->s, x_at(p, i) - w / 2, y - 11, w, 14, "pl");
        kh_svg_text(p->s, x_at(p, i), y, KH_SVG_MIDDLE, 12, tone ? kh_tone_class(tone) : there ? "" : "m", kh_buf_cstr(&t));
        kh_buf_free(&t);
    }
}

void kh_svg_lines(kh_svg *s)
{
    const kh_chart *c = s->c;
    plot p = {.s = s, .y = kh_scale_of(c, false, false, 5)};
    bool named = c->n_series > 1 && c->n_series <= 2 * KH_SVG_STYLES; /* names at the lines' ends, also where styles repeat */
    double names = 0;
    for (size_t i = 0; named && i < c->n_series; i++)
        names = fmax(names, fmin(kh_svg_width(c->series[i].name, 12, false), s->w * 0.28));
    periods x = {0};
    place(&p, &x, widest_tick(&p) + 14, names > 0 ? names + 30 : 8);
    if (named) {
        kh_buf target = KH_BUF_INIT;
        kh_chart_target_text(c, s->lang, &target);
        p.top = s->h + 14;
        if (target.len) {
            kh_svg_line(s, 0, s->h + 8, 20, s->h + 8, "tg");
            kh_svg_text(s, 26, s->h + 12, KH_SVG_START, KH_SVG_FONT, "", kh_buf_cstr(&target));
            p.top += 18;
        }
        kh_buf_free(&target);
    } else {
        p.top = kh_svg_legend(s, s->h, true) + 14;
    }
    p.bottom = p.top + 250;
    p.y.from = p.bottom;
    p.y.to = p.top;
    put_rules(&p);
    put_target(&p);
    for (size_t k = 0; k < c->n_series; k++)
        put_path(&p, k);
    for (size_t k = 0; k < c->n_series; k++) {
        for (size_t i = 0; i < c->n_x; i++) {
            if (c->series[k].there[i])
                kh_svg_mark(s, x_at(&p, i), kh_scale_at(&p.y, c->series[k].y[i]), k);
        }
    }
    put_figures(&p);
    if (named)
        put_names(&p, names + 1);
    s->h = p.bottom + put_periods(&p, &x);
    free_periods(&x, c);
}

/* ---- small multiples ------------------------------------------------------- */

static void put_panel(kh_svg *s, const kh_scale *scale, const kh_label *title, const kh_label ends[2], size_t series, double x, double y, double w, double title_h)
{
    const kh_chart *c = s->c;
    plot p = {.s = s, .y = *scale, .left = x + 8, .right = x + w - 8, .top = y + title_h + 22, .bottom = y + title_h + 84};
    p.y.from = p.bottom;
    p.y.to = p.top;
    kh_svg_label(s, title, x, y, KH_SVG_START, 12, "b");
    kh_svg_line(s, x, p.bottom, x + w, p.bottom, "ax");
    size_t last = last_there(c, series);
    if (last < c->n_x)
        put_target(&p);
    if (last == c->n_x) {
        kh_svg_text(s, x + w / 2, (p.top + p.bottom) / 2, KH_SVG_MIDDLE, 12, "m", kh_word_in(s->lang, KH_W_MISSING));
    } else {
        kh_buf *out = &s->body;
        kh_buf_str(out, "");
        plot one = p; /* all panels are drawn alike: they are told apart by their titles */
        size_t at = out->len;
        put_path(&one, series);
        /* the path's own style is that of its series; panels take the first */
        char *style = strstr(out->data + at, "class=\"s");
        if (style)
            style[8] = '1';
        kh_tone tone = kh_series_tone(&c->series[series], last);
        double px = x_at(&p, last), py = kh_scale_at(&p.y, c->series[series].y[last]);
        kh_svg_mark(s, px, py, 0);
        kh_buf t = KH_BUF_INIT;
        kh_svg_value(s, series, last, &t);
        double tw = kh_svg_width(kh_buf_cstr(&t), 12, true) / 2, tx = fmin(fmax(px, x + tw), x + w - tw);
        kh_svg_rect(s, tx - tw, py - 22, 2 * tw, 14, "pl");
        kh_svg_text(s, tx, py - 10, KH_SVG_MIDDLE, 12, tone ? kh_tone_class(tone) : "b", kh_buf_cstr(&t));
        kh_buf_free(&t);
    }
    kh_svg_label(s, &ends[0], x, p.bottom + 4, KH_SVG_START, 11, "m");
    kh_svg_label(s, &ends[1], x + w, p.bottom + 4, KH_SVG_END, 11, "m");
}

void kh_svg_multiples(kh_svg *s)
{
    const kh_chart *c = s->c;
    const double gap = 24;
    size_t most = s->w < 450 ? 2 : s->w < 640 ? 3 : 4, across = c->n_series >= most ? most : c->n_series ? c->n_series : 1, down = (c->n_series + across - 1) / across;
    double w = (s->w - gap * (double)(across - 1)) / (double)across, y = s->h, title_h = 0;
    kh_scale scale = kh_scale_of(c, false, false, 4);
    kh_buf target = KH_BUF_INIT;
    kh_chart_target_text(c, s->lang, &target);
    if (target.len) {
        kh_svg_line(s, 0, y + 8, 20, y + 8, "tg");
        kh_svg_text(s, 26, y + 12, KH_SVG_START, KH_SVG_FONT, "", kh_buf_cstr(&target));
        y += 28;
    }
    kh_buf_free(&target);
    kh_label *titles = kh_zalloc(c->n_series, sizeof *titles);
    for (size_t k = 0; k < c->n_series; k++) {
        kh_label_make(&titles[k], c->series[k].name, w, 12, true);
        title_h = fmax(title_h, titles[k].height);
    }
    kh_label ends[2]; /* the first and the last period under each panel */
    kh_label_make(&ends[0], c->x[0], w / 2 - 4, 11, false);
    kh_label_make(&ends[1], c->n_x > 1 ? c->x[c->n_x - 1] : "", w / 2 - 4, 11, false);
    double high = title_h + 84 + 26 + fmax(ends[0].height, ends[1].height);
    for (size_t k = 0; k < c->n_series; k++) {
        size_t row = k / across;
        put_panel(s, &scale, &titles[k], ends, k, (w + gap) * (double)(k % across), y + high * (double)row, w, title_h);
        kh_label_free(&titles[k]);
    }
    kh_label_free(&ends[0]);
    kh_label_free(&ends[1]);
    kh_free(titles);
    s->h = y + high * (double)down - 8;
}

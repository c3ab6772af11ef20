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

/* Names of the periods: straight where they fit, in lines where their words fit, else turned. Returns the height used. */
static double put_periods(plot *p)
{
    const kh_chart *c = p->s->c;
    double room = c->n_x > 1 ? (p->right - p->left) / (double)(c->n_x - 1) - 8 : p->right - p->left, widest = 0, high = 0;
    bool fit = true;
    for (size_t i = 0; i < c->n_x; i++) {
        kh_label l;
        kh_label_make(&l, c->x[i], fmax(room, 10), 12, false);
        const char *line = l.text;
        size_t cut = 0; /* a word that had to be broken does not fit */
        for (size_t k = 0; k < l.n; k++, line += strlen(line) + 1)
            cut += strlen(line) + (k > 0 ? 1 : 0);
        fit = fit && l.n <= 3 && (l.n < 2 || cut == strlen(c->x[i]));
        high = fmax(high, l.height);
        widest = fmax(widest, kh_svg_width(c->x[i], 12, false));
        kh_label_free(&l);
    }
    for (size_t i = 0; i < c->n_x; i++) {
        double x = x_at(p, i);
        kh_svg_line(p->s, x, p->bottom, x, p->bottom + 4, "ax");
        if (fit) {
            kh_label l;
            kh_label_make(&l, c->x[i], fmax(room, 10), 12, false);
            kh_svg_label(p->s, &l, x, p->bottom + 8, KH_SVG_MIDDLE, 12, "");
            kh_label_free(&l);
        } else {
            kh_svg_turned(p->s, x + 4, p->bottom + 14, -45, KH_SVG_END, 12, "", c->x[i]);
        }
    }
    return fit ? high + 12 : widest * 0.71 + 26;
}

/* Half the width of a period's name that would stick out at an end of the plot. */
static double overhang(const kh_chart *c, size_t i)
{
    return fmin(kh_svg_width(c->x[i], 12, false), 90) / 2;
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
        kh_tone tone = c->series[0].tones ? c->series[0].tones[i] : KH_TONE_NONE;
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
    bool named = c->n_series > 1 && c->n_series <= KH_SVG_STYLES;
    double names = 0;
    for (size_t i = 0; named && i < c->n_series; i++)
        names = fmax(names, fmin(kh_svg_width(c->series[i].name, 12, false), s->w * 0.28));
    /* Too many periods for the page's width make the picture wider: it scrolls rather than loses names. */
    double least = (double)(c->n_x - 1) * 18 + 120 + names;
    s->w = fmax(s->w, least);
    p.left = fmax(widest_tick(&p) + 14, overhang(c, 0));
    p.right = s->w - fmax(names > 0 ? names + 30 : 8, overhang(c, c->n_x - 1));
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
    s->h = p.bottom + put_periods(&p);
}

/* ---- small multiples ------------------------------------------------------- */

static void put_panel(kh_svg *s, const kh_scale *scale, const kh_label *title, size_t series, double x, double y, double w, double title_h)
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
        kh_tone tone = c->series[series].tones ? c->series[series].tones[last] : KH_TONE_NONE;
        double px = x_at(&p, last), py = kh_scale_at(&p.y, c->series[series].y[last]);
        kh_svg_mark(s, px, py, 0);
        kh_buf t = KH_BUF_INIT;
        kh_svg_value(s, series, last, &t);
        double tw = kh_svg_width(kh_buf_cstr(&t), 12, true) / 2, tx = fmin(fmax(px, x + tw), x + w - tw);
        kh_svg_rect(s, tx - tw, py - 22, 2 * tw, 14, "pl");
        kh_svg_text(s, tx, py - 10, KH_SVG_MIDDLE, 12, tone ? kh_tone_class(tone) : "b", kh_buf_cstr(&t));
        kh_buf_free(&t);
    }
    kh_svg_text(s, x, p.bottom + 14, KH_SVG_START, 11, "m", c->x[0]);
    if (c->n_x > 1 && kh_svg_width(c->x[0], 11, false) + kh_svg_width(c->x[c->n_x - 1], 11, false) + 8 < w)
        kh_svg_text(s, x + w, p.bottom + 14, KH_SVG_END, 11, "m", c->x[c->n_x - 1]);
    else if (c->n_x > 1)
        kh_svg_text(s, x + w, p.bottom + 28, KH_SVG_END, 11, "m", c->x[c->n_x - 1]);
}

void kh_svg_multiples(kh_svg *s)
{
    const kh_chart *c = s->c;
    const double gap = 24;
    size_t across = c->n_series < 4 ? c->n_series : 4;
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
    double high = title_h + 84 + 42;
    for (size_t k = 0; k < c->n_series; k++) {
        put_panel(s, &scale, &titles[k], k, (w + gap) * (double)(k % across), y + high * (double)(k / across), w, title_h);
        kh_label_free(&titles[k]);
    }
    kh_free(titles);
    s->h = y + high * (double)((c->n_series + across - 1) / across) - 8;
}

/* SPDX-License-Identifier: MIT */
/* Primitives of svg.h. Numbers are written with one decimal, so that the same chart is the same bytes anywhere. */
#include "report/svg.h"

#include "base/text.h"
#include "report/escape.h"
#include "report/format.h"
#include "report/words.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

void kh_svg_num(kh_buf *out, double v)
{
    char text[48];
    snprintf(text, sizeof text, "%.1f", fabs(v) < 0.05 ? 0.0 : v);
    size_t n = strlen(text);
    if (n > 2 && text[n - 1] == '0')
        n -= 2; /* 12.0 -> 12 */
    kh_buf_add(out, text, n);
}

static void attr(kh_svg *s, const char *name, double v)
{
    kh_buf_printf(&s->body, " %s=\"", name);
    kh_svg_num(&s->body, v);
    kh_buf_char(&s->body, '"');
}

double kh_svg_width(const char *s, double font, bool bold)
{
    return kh_text_em(s, strlen(s), bold) * font;
}

/* ---- text ------------------------------------------------------------------ */

static void label_line(kh_label *l, kh_buf *lines, const char *s, size_t n, double font, bool bold)
{
    double w = kh_text_em(s, n, bold) * font;
    l->width = fmax(l->width, w);
    l->n++;
    kh_buf_add(lines, s, n);
    kh_buf_char(lines, '\0');
}

/* Bytes of the longest part of s that fits: up to a blank, else as many letters as fit, at least one. */
static size_t label_fit(const char *s, size_t n, double width, double font, bool bold)
{
    size_t blank = 0;
    double sum = 0;
    const char *p = s, *end = s + n;
    while (p < end) {
        const char *from = p;
        kh_utf8_next(&p, end);
        if (*from == ' ')
            blank = (size_t)(from - s);
        sum += kh_text_em(from, (size_t)(p - from), bold) * font;
        if (sum > width && from > s)
            return blank ? blank : (size_t)(from - s);
    }
    return n;
}

void kh_label_make(kh_label *l, const char *text, double width, double font, bool bold)
{
    *l = (kh_label){0};
    kh_buf plain = KH_BUF_INIT, lines = KH_BUF_INIT;
    kh_plain_line(text ? text : "", &plain);
    const char *s = kh_buf_cstr(&plain);
    size_t n = plain.len;
    while (n) {
        size_t k = label_fit(s, n, width, font, bold);
        label_line(l, &lines, s, k, font, bold);
        while (k < n && s[k] == ' ')
            k++;
        s += k;
        n -= k;
    }
    kh_buf_free(&plain);
    kh_buf_str(&lines, "");
    l->text = kh_buf_take(&lines);
    l->height = (double)l->n * KH_SVG_LINE * font / KH_SVG_FONT;
}

void kh_label_free(kh_label *l)
{
    kh_free(l->text);
    *l = (kh_label){0};
}

void kh_svg_turned(kh_svg *s, double x, double y, double degrees, kh_anchor a, double font, const char *cls, const char *text)
{
    static const char *const anchors[] = {"start", "middle", "end"};
    kh_buf_str(&s->body, "<text");
    attr(s, "x", x);
    attr(s, "y", y);
    if (a != KH_SVG_START)
        kh_buf_printf(&s->body, " text-anchor=\"%s\"", anchors[a]);
    if (font < KH_SVG_FONT || font > KH_SVG_FONT)
        attr(s, "font-size", font);
    if (cls && *cls)
        kh_buf_printf(&s->body, " class=\"%s\"", cls);
    if (degrees < 0 || degrees > 0) {
        kh_buf_str(&s->body, " transform=\"rotate(");
        kh_svg_num(&s->body, degrees);
        kh_buf_char(&s->body, ' ');
        kh_svg_num(&s->body, x);
        kh_buf_char(&s->body, ' ');
        kh_svg_num(&s->body, y);
        kh_buf_str(&s->body, ")\"");
    }
    kh_buf_char(&s->body, '>');
    kh_buf line = KH_BUF_INIT;
    kh_plain_line(text, &line);
    kh_xml(kh_buf_cstr(&line), &s->body);
    kh_buf_free(&line);
    kh_buf_str(&s->body, "</text>");
}

void kh_svg_text(kh_svg *s, double x, double y, kh_anchor a, double font, const char *cls, const char *text)
{
    kh_svg_turned(s, x, y, 0, a, font, cls, text);
}

void kh_svg_label(kh_svg *s, const kh_label *l, double x, double y, kh_anchor a, double font, const char *cls)
{
    double step = KH_SVG_LINE * font / KH_SVG_FONT;
    const char *line = l->text;
    for (size_t i = 0; i < l->n; i++, line += strlen(line) + 1)
        kh_svg_text(s, x, y + step * (double)i + font * 0.95, a, font, cls, line);
}

void kh_svg_turned_label(kh_svg *s, const kh_label *l, double x, double y, kh_anchor a, double font, const char *cls)
{
    const char *line = l->text;
    for (size_t i = 0; i < l->n; i++, line += strlen(line) + 1) {
        double off = ((double)i - (double)(l->n - 1) / 2) * KH_SVG_TURNED_STEP * 0.5; /* half on each axis: a step apart across the lines */
        kh_svg_turned(s, x + off, y + off, -45, a, font, cls, line);
    }
}

/* ---- shapes ---------------------------------------------------------------- */

static void open_rect(kh_svg *s, double x, double y, double w, double h)
{
    kh_buf_str(&s->body, "<rect");
    attr(s, "x", x);
    attr(s, "y", y);
    attr(s, "width", w < 0 ? 0 : w);
    attr(s, "height", h < 0 ? 0 : h);
}

void kh_svg_rect(kh_svg *s, double x, double y, double w, double h, const char *cls)
{
    open_rect(s, x, y, w, h);
    kh_buf_printf(&s->body, " class=\"%s\"/>", cls);
}

void kh_svg_filled(kh_svg *s, double x, double y, double w, double h, size_t style)
{
    open_rect(s, x, y, w, h);
    style %= KH_SVG_STYLES;
    if (style == 0)
        kh_buf_str(&s->body, " class=\"f1\"/>");
    else
        kh_buf_printf(&s->body, " class=\"e%zu\" fill=\"url(#%s-p%zu)\"/>", style + 1, s->id, style + 1);
}

void kh_svg_toned(kh_svg *s, double x, double y, double w, double h, kh_tone tone)
{
    open_rect(s, x, y, w, h);
    /* Beside its sign, what fails is hatched, so that it is seen in grey print as well. */
    if (tone == KH_TONE_BAD)
        kh_buf_printf(&s->body, " class=\"ebad\" fill=\"url(#%s-pbad)\"/>", s->id);
    else
        kh_buf_printf(&s->body, " class=\"f%s\"/>", tone == KH_TONE_NONE ? "1" : kh_tone_class(tone));
}

void kh_svg_line(kh_svg *s, double x1, double y1, double x2, double y2, const char *cls)
{
    kh_buf_str(&s->body, "<line");
    attr(s, "x1", x1);
    attr(s, "y1", y1);
    attr(s, "x2", x2);
    attr(s, "y2", y2);
    kh_buf_printf(&s->body, " class=\"%s\"/>", cls);
}

static void polygon(kh_svg *s, double x, double y, const double *at, size_t n, size_t style)
{
    kh_buf_str(&s->body, "<path d=\"");
    for (size_t i = 0; i < n; i++) {
        kh_buf_char(&s->body, i ? 'L' : 'M');
        kh_svg_num(&s->body, x + at[2 * i]);
        kh_buf_char(&s->body, ' ');
        kh_svg_num(&s->body, y + at[2 * i + 1]);
    }
    kh_buf_printf(&s->body, "Z\" class=\"f%zu pt\"/>", style + 1);
}

void kh_svg_mark(kh_svg *s, double x, double y, size_t style)
{
    static const double square[] = {-4, -4, 4, -4, 4, 4, -4, 4}, up[] = {0, -5, 5, 4, -5, 4}, diamond[] = {0, -5.5, 5.5, 0, 0, 5.5, -5.5, 0},
                        down[] = {0, 5, 5, -4, -5, -4}, cross[] = {-5, -2, -2, -2, -2, -5, 2, -5, 2, -2, 5, -2, 5, 2, 2, 2, 2, 5, -2, 5, -2, 2, -5, 2},
                        right[] = {5, 0, -4, 5, -4, -5}, flat[] = {-5, -2.5, 5, -2.5, 5, 2.5, -5, 2.5};
    style %= KH_SVG_STYLES;
    switch (style) {
    case 1: polygon(s, x, y, square, 4, style); return;
    case 2: polygon(s, x, y, up, 3, style); return;
    case 3: polygon(s, x, y, diamond, 4, style); return;
    case 4: polygon(s, x, y, down, 3, style); return;
    case 5: polygon(s, x, y, cross, 12, style); return;
    case 6: polygon(s, x, y, right, 3, style); return;
    case 7: polygon(s, x, y, flat, 4, style); return;
    default: break;
    }
    kh_buf_str(&s->body, "<circle");
    attr(s, "cx", x);
    attr(s, "cy", y);
    kh_buf_str(&s->body, " r=\"4\" class=\"f1 pt\"/>");
}

/* ---- scales ---------------------------------------------------------------- */

static double nice_step(double span, int ticks)
{
    double raw = span / ticks, power = pow(10, floor(log10(raw))), m = raw / power;
    return (m <= 1 ? 1 : m <= 2 ? 2 : m <= 2.5 ? 2.5 : m <= 5 ? 5 : 10) * power;
}

static void widen(double v, double *lo, double *hi)
{
    *lo = fmin(*lo, v);
    *hi = fmax(*hi, v);
}

static void range_of(const kh_chart *c, bool stacked, double *lo, double *hi)
{
    *lo = INFINITY;
    *hi = -INFINITY;
    for (size_t i = 0; i < c->n_x; i++) {
        double up = 0, down = 0;
        for (size_t s = 0; s < c->n_series; s++) {
            if (!c->series[s].there[i])
                continue;
            double v = c->series[s].y[i];
            if (!stacked)
                widen(v, lo, hi);
            *(v < 0 ? &down : &up) += v;
        }
        if (stacked) {
            widen(up, lo, hi);
            widen(down, lo, hi);
        }
    }
    if (c->has_target)
        widen(c->target, lo, hi);
    if (c->has_target && c->has_target_hi)
        widen(c->target_hi, lo, hi);
}

kh_scale kh_scale_of(const kh_chart *c, bool zero, bool stacked, int ticks)
{
    double lo, hi;
    range_of(c, stacked, &lo, &hi);
    if (lo > hi)
        lo = 0, hi = 1; /* no value at all */
    if (zero || (lo > 0 && hi - lo > 0.6 * hi) || (hi < 0 && hi - lo > 0.6 * -lo))
        widen(0, &lo, &hi);
    if (!(hi > lo)) {
        double around = fabs(hi) > 0 ? fabs(hi) * 0.1 : 1;
        lo -= around;
        hi += around;
    }
    double step = nice_step(hi - lo, ticks);
    kh_scale s = {.lo = floor(lo / step + 1e-9) * step, .hi = ceil(hi / step - 1e-9) * step, .tick = step};
    while (s.decimals < 9 && fabs(step * pow(10, s.decimals) - round(step * pow(10, s.decimals))) > 1e-6)
        s.decimals++;
    return s;
}

double kh_scale_at(const kh_scale *s, double v)
{
    return s->from + (v - s->lo) / (s->hi - s->lo) * (s->to - s->from);
}

size_t kh_scale_ticks(const kh_scale *s)
{
    return (size_t)lround((s->hi - s->lo) / s->tick) + 1;
}

double kh_scale_tick(const kh_scale *s, size_t i)
{
    return s->lo + s->tick * (double)i;
}

void kh_scale_text(const kh_scale *s, double v, kh_lang lang, kh_buf *out)
{
    kh_buf digits = KH_BUF_INIT;
    kh_digits(v, s->decimals, &digits);
    kh_format_number(kh_buf_cstr(&digits), s->decimals, lang, out);
    kh_buf_free(&digits);
}

/* ---- parts of charts ------------------------------------------------------- */

void kh_svg_value(const kh_svg *s, size_t series, size_t i, kh_buf *out)
{
    const kh_series *se = &s->c->series[series];
    size_t at = out->len;
    kh_series_text(s->c, series, i, s->lang, out);
    if (out->len == at && !se->there[i])
        kh_buf_str(out, kh_word_in(s->lang, KH_W_MISSING));
    if (kh_series_tone(se, i) != KH_TONE_NONE)
        kh_buf_printf(out, " %s", kh_tone_mark(kh_series_tone(se, i)));
}

double kh_svg_widest_value(const kh_svg *s, double font)
{
    double most = 0;
    for (size_t k = 0; k < s->c->n_series; k++) {
        for (size_t i = 0; i < s->c->n_x; i++) {
            kh_buf text = KH_BUF_INIT;
            kh_svg_value(s, k, i, &text);
            most = fmax(most, kh_svg_width(kh_buf_cstr(&text), font, false));
            kh_buf_free(&text);
        }
    }
    return most;
}

static double legend_entry(kh_svg *s, double *x, double y, const char *text, size_t style, bool lines, bool target)
{
    kh_label l;
    kh_label_make(&l, text, s->w - 40, KH_SVG_FONT, false);
    double need = 28 + l.width + 20;
    if (*x > 0 && *x + need > s->w) {
        *x = 0;
        y += KH_SVG_LINE + 6;
    }
    if (target) {
        kh_svg_line(s, *x, y + 8, *x + 20, y + 8, "tg");
    } else if (lines) {
        char cls[8];
        snprintf(cls, sizeof cls, "s%zu", style % KH_SVG_STYLES + 1);
        kh_svg_line(s, *x, y + 8, *x + 20, y + 8, cls);
        kh_svg_mark(s, *x + 10, y + 8, style);
    } else {
        kh_svg_filled(s, *x, y + 1, 20, 13, style);
    }
    kh_svg_label(s, &l, *x + 26, y, KH_SVG_START, KH_SVG_FONT, "");
    *x += need;
    y += l.n > 1 ? l.height - KH_SVG_LINE : 0;
    kh_label_free(&l);
    return y;
}

double kh_svg_legend(kh_svg *s, double y, bool lines)
{
    double x = 0;
    bool any = false;
    for (size_t i = 0; s->c->n_series > 1 && i < s->c->n_series; i++) {
        y = legend_entry(s, &x, y, s->c->series[i].name, i, lines, false);
        any = true;
    }
    kh_buf target = KH_BUF_INIT;
    kh_chart_target_text(s->c, s->lang, &target);
    if (target.len) {
        y = legend_entry(s, &x, y, kh_buf_cstr(&target), 0, true, true);
        any = true;
    }
    kh_buf_free(&target);
    return any ? y + KH_SVG_LINE + 12 : y;
}

/* SPDX-License-Identifier: MIT */
/* The frame of a picture: head with title and description, patterns, style; and the sparkline. */
#include "report/chart.h"

#include "report/escape.h"
#include "report/svg.h"
#include "report/words.h"

#include <math.h>
#include <string.h>

/* Every text colour has a contrast of at least 4.5 to its ground, every fill 3 to the paper, in both schemes. */
#define LIGHT \
    "--ink:#1b2430;--soft:#4d5967;--rule:#d5dbe2;--paper:#fff;--c1:#1d4e89;--c2:#b45309;--c3:#1f7a5c;--c4:#86347a;" \
    "--c5:#6b6410;--c6:#a3263f;--c7:#2f7ea8;--c8:#5a6472;--good:#1b6e4c;--bad:#b3261e;--warn:#8a5a00;--mutedc:#5a6472;" \
    "--goodbg:#e3f2ea;--badbg:#fbe7e5;--warnbg:#fdf1d8;--mutedbg:#eef1f4;" \
    "--h1:#eef4fa;--h2:#dbe8f4;--h3:#c2d8ec;--h4:#a6c6e2;--h5:#88b1d6"
#define DARK \
    "--ink:#e8ecf1;--soft:#aab4c0;--rule:#3a4552;--paper:#151b23;--c1:#7fb2e5;--c2:#f0a35e;--c3:#63c79f;--c4:#d796cc;" \
    "--c5:#cfc15a;--c6:#f08c9c;--c7:#8ed0ee;--c8:#b5bec9;--good:#6fd3a5;--bad:#ff9a90;--warn:#f2c063;--mutedc:#aab4c0;" \
    "--goodbg:#16382a;--badbg:#46211e;--warnbg:#40310f;--mutedbg:#252e39;" \
    "--h1:#1b2735;--h2:#1f3349;--h3:#24405e;--h4:#294e74;--h5:#2f5c8a"

const char kh_chart_css[] =
    ":root{color-scheme:light dark;" LIGHT "}"
    "@media (prefers-color-scheme:dark){:root{" DARK "}}"
    "@media print{:root{color-scheme:light;" LIGHT "}}"
    "svg.kh text{font-family:Arial,\"Liberation Sans\",Helvetica,\"DejaVu Sans\",sans-serif;fill:var(--ink)}"
    "svg.kh text.m{fill:var(--soft)}svg.kh text.b{font-weight:700}svg.kh text.tgt{fill:var(--bad)}"
    "svg.kh text.good{fill:var(--good)}svg.kh text.bad{fill:var(--bad)}svg.kh text.warn{fill:var(--warn)}svg.kh text.muted{fill:var(--mutedc)}"
    "svg.kh .f1{fill:var(--c1)}svg.kh .f2{fill:var(--c2)}svg.kh .f3{fill:var(--c3)}svg.kh .f4{fill:var(--c4)}"
    "svg.kh .f5{fill:var(--c5)}svg.kh .f6{fill:var(--c6)}svg.kh .f7{fill:var(--c7)}svg.kh .f8{fill:var(--c8)}"
    "svg.kh .e2{stroke:var(--c2)}svg.kh .e3{stroke:var(--c3)}svg.kh .e4{stroke:var(--c4)}svg.kh .e5{stroke:var(--c5)}"
    "svg.kh .e6{stroke:var(--c6)}svg.kh .e7{stroke:var(--c7)}svg.kh .e8{stroke:var(--c8)}svg.kh .ebad{stroke:var(--bad)}"
    "svg.kh .s1,svg.kh .s2,svg.kh .s3,svg.kh .s4,svg.kh .s5,svg.kh .s6,svg.kh .s7,svg.kh .s8{fill:none;stroke-width:2.2;stroke-linejoin:round;stroke-linecap:round}"
    "svg.kh .s1{stroke:var(--c1)}svg.kh .s2{stroke:var(--c2);stroke-dasharray:7 4}svg.kh .s3{stroke:var(--c3);stroke-dasharray:2 4}"
    "svg.kh .s4{stroke:var(--c4);stroke-dasharray:10 3 2 3}svg.kh .s5{stroke:var(--c5)}svg.kh .s6{stroke:var(--c6);stroke-dasharray:7 4}"
    "svg.kh .s7{stroke:var(--c7);stroke-dasharray:2 4}svg.kh .s8{stroke:var(--c8);stroke-dasharray:10 3 2 3}"
    "svg.kh .pt{stroke:var(--paper);stroke-width:1.2}"
    "svg.kh .fgood{fill:var(--good)}svg.kh .fbad{fill:var(--bad)}svg.kh .fwarn{fill:var(--warn)}svg.kh .fmuted{fill:var(--mutedc)}"
    "svg.kh .bgood{fill:var(--goodbg);stroke:var(--good)}svg.kh .bbad{fill:var(--badbg);stroke:var(--bad)}"
    "svg.kh .bwarn{fill:var(--warnbg);stroke:var(--warn)}svg.kh .bmuted{fill:var(--mutedbg);stroke:var(--mutedc)}"
    "svg.kh .h1{fill:var(--h1)}svg.kh .h2{fill:var(--h2)}svg.kh .h3{fill:var(--h3)}svg.kh .h4{fill:var(--h4)}svg.kh .h5{fill:var(--h5)}"
    "svg.kh .gr{stroke:var(--rule);stroke-width:1}svg.kh .ax{stroke:var(--soft);stroke-width:1}"
    "svg.kh .tg{stroke:var(--bad);stroke-width:2;stroke-dasharray:5 3}svg.kh .tgs{stroke:var(--soft);stroke-width:1.2;stroke-dasharray:3 3}svg.kh .tk{fill:var(--bad)}svg.kh .bd{fill:var(--bad);opacity:.1}"
    "svg.kh .tr{fill:var(--mutedbg)}svg.kh .pp{fill:var(--paper)}svg.kh .pl{fill:var(--paper);opacity:.9}svg.kh .no{fill:none;stroke:var(--soft);stroke-dasharray:3 3}";

static void pattern(kh_svg *s, kh_buf *out, const char *name, const char *cls, const char *turn, const char *marks)
{
    kh_buf_printf(out, "<pattern id=\"%s-p%s\" width=\"8\" height=\"8\" patternUnits=\"userSpaceOnUse\"%s>"
                  "<rect width=\"8\" height=\"8\" class=\"%s\"/>%s</pattern>", s->id, name, turn, cls, marks);
}

#define BAND "<rect width=\"3\" height=\"8\" class=\"pp\"/>"
#define TURN(n) " patternTransform=\"rotate(" #n ")\""

/* Only what the picture uses: a series' fill differs from its neighbours by its marks as well as its colour. */
static void put_patterns(kh_svg *s, kh_buf *out)
{
    static const struct { const char *turn, *marks; } series[KH_SVG_STYLES] = {
        {"", ""},
        {TURN(45), BAND},
        {"", "<circle cx=\"4\" cy=\"4\" r=\"1.7\" class=\"pp\"/>"},
        {TURN(90), "<rect width=\"2\" height=\"8\" class=\"pp\"/>"},
        {TURN(-45), "<rect width=\"1.5\" height=\"8\" class=\"pp\"/>"},
        {TURN(45), "<rect width=\"1.5\" height=\"8\" class=\"pp\"/><rect width=\"8\" height=\"1.5\" class=\"pp\"/>"},
        {"", "<rect width=\"4\" height=\"8\" class=\"pp\"/>"},
        {"", "<rect x=\"1.5\" y=\"1.5\" width=\"5\" height=\"5\" class=\"pp\"/>"}};
    kh_buf_str(out, "<defs>");
    size_t n = s->c->n_series < KH_SVG_STYLES ? s->c->n_series : KH_SVG_STYLES;
    for (size_t i = 1; i < n; i++) {
        char name[2] = {(char)('1' + i), '\0'}, cls[3] = {'f', (char)('1' + i), '\0'};
        pattern(s, out, name, cls, series[i].turn, series[i].marks);
    }
    pattern(s, out, "bad", "fbad", TURN(45), "<rect width=\"2.5\" height=\"8\" class=\"pp\"/>");
    kh_buf_str(out, "</defs>");
}

static void put_frame(kh_svg *s, bool standalone, kh_buf *out)
{
    kh_buf title = KH_BUF_INIT, alt = KH_BUF_INIT;
    kh_plain_line(s->c->title ? s->c->title : "", &title);
    kh_chart_alt(s->c, s->lang, &alt);
    kh_buf_printf(out, "<svg class=\"kh\" role=\"img\" aria-labelledby=\"%s-t %s-d\"%s viewBox=\"0 0 ", s->id, s->id,
                  standalone ? " xmlns=\"http://www.w3.org/2000/svg\"" : "");
    kh_svg_num(out, s->w);
    kh_buf_char(out, ' ');
    kh_svg_num(out, s->h);
    kh_buf_str(out, "\" width=\"");
    kh_svg_num(out, s->w);
    kh_buf_str(out, "\" height=\"");
    kh_svg_num(out, s->h);
    kh_buf_printf(out, "\" font-size=\"13\"><title id=\"%s-t\">", s->id);
    kh_xml(kh_buf_cstr(&title), out);
    kh_buf_printf(out, "</title><desc id=\"%s-d\">", s->id);
    kh_xml(kh_buf_cstr(&alt), out);
    kh_buf_str(out, "</desc>");
    if (standalone) {
        kh_buf_str(out, "<style>");
        kh_buf_str(out, kh_chart_css);
        kh_buf_str(out, "</style><rect width=\"100%\" height=\"100%\" class=\"pp\"/>");
    }
    put_patterns(s, out);
    kh_buf_free(&title);
    kh_buf_free(&alt);
}

void kh_chart_svg(const kh_chart *c, kh_lang lang, const char *id, bool standalone, double width, kh_buf *out)
{
    kh_svg s = {.body = KH_BUF_INIT, .c = c, .lang = lang, .id = id, .w = width};
    if (standalone) {
        kh_label title;
        kh_buf text = KH_BUF_INIT;
        kh_buf_str(&text, c->title ? c->title : "");
        if (c->unit && *c->unit)
            kh_buf_printf(&text, " (%s)", c->unit);
        kh_label_make(&title, kh_buf_cstr(&text), s.w, 15, true);
        kh_svg_label(&s, &title, 0, 0, KH_SVG_START, 15, "b");
        s.h = title.height + 8;
        kh_label_free(&title);
        kh_buf_free(&text);
    }
    switch (c->kind) {
    case KH_CHART_BAR: case KH_CHART_GROUPED: case KH_CHART_STACKED: case KH_CHART_BULLET: kh_svg_bars(&s); break;
    case KH_CHART_LINE: kh_svg_lines(&s); break;
    case KH_CHART_MULTIPLES: kh_svg_multiples(&s); break;
    case KH_CHART_HEAT: kh_svg_cells(&s); break;
    case KH_CHART_STRIP: kh_svg_strip(&s); break;
    }
    put_frame(&s, standalone, out);
    kh_buf_str(out, kh_buf_cstr(&s.body));
    kh_buf_str(out, "</svg>");
    kh_buf_free(&s.body);
}

void kh_sparkline_svg(const double *y, const bool *there, size_t n, kh_tone tone, const double *target, kh_buf *out)
{
    enum { W = 120, H = 32, PAD = 4 };
    double lo = INFINITY, hi = -INFINITY;
    size_t last = n;
    for (size_t i = 0; i < n; i++) {
        if (there && !there[i])
            continue;
        lo = fmin(lo, y[i]);
        hi = fmax(hi, y[i]);
        last = i;
    }
    if (last == n || n < 2)
        return;
    if (target) {
        lo = fmin(lo, *target);
        hi = fmax(hi, *target);
    }
    double span = hi > lo ? hi - lo : 1, mid = hi > lo ? 0 : 0.5;
    kh_buf_printf(out, "<svg class=\"kh spark\" aria-hidden=\"true\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\">", W, H, W, H);
    if (target) {
        kh_buf line = KH_BUF_INIT;
        kh_svg_num(&line, H - PAD - ((*target - lo) / span + mid) * (H - 2 * PAD));
        kh_buf_printf(out, "<line x1=\"0\" y1=\"%s\" x2=\"%d\" y2=\"%s\" class=\"tgs\"/>", kh_buf_cstr(&line), W, kh_buf_cstr(&line));
        kh_buf_free(&line);
    }
    kh_buf_str(out, "<path class=\"s1\" d=\"");
    bool pen = false;
    double x = 0, v = 0;
    for (size_t i = 0; i < n; i++) {
        if (there && !there[i]) {
            pen = false; /* a gap stays a gap */
            continue;
        }
        x = PAD + (double)i * (W - 2 * PAD) / (double)(n - 1);
        v = H - PAD - ((y[i] - lo) / span + mid) * (H - 2 * PAD);
        kh_buf_char(out, pen ? 'L' : 'M');
        kh_svg_num(out, x);
        kh_buf_char(out, ' ');
        kh_svg_num(out, v);
        if (!pen && (i + 1 == n || (there && !there[i + 1])))
            kh_buf_str(out, "h.1"); /* a point alone */
        pen = true;
    }
    kh_buf_str(out, "\"/><circle cx=\"");
    kh_svg_num(out, x);
    kh_buf_str(out, "\" cy=\"");
    kh_svg_num(out, v);
    kh_buf_printf(out, "\" r=\"3.5\" class=\"f%s\"/></svg>", tone == KH_TONE_NONE ? "1" : kh_tone_class(tone));
}

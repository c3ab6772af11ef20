/* SPDX-License-Identifier: MIT */
/*
 * Drawing charts as SVG, for the chart files of this room: text that is
 * measured before it is placed, scales with round ticks, fills that differ by
 * pattern as well as colour. Colours are CSS variables of kh_chart_css, so one
 * picture serves light, dark and print.
 */
#ifndef KH_REPORT_SVG_H
#define KH_REPORT_SVG_H

#include "report/grid.h"

#define KH_SVG_FONT 13.0
#define KH_SVG_LINE 16.0 /* from one line of text to the next */
#define KH_SVG_STYLES 8  /* series styles that differ; they repeat after that */

typedef struct kh_svg {
    kh_buf body;        /* what is drawn; the head is written last, when the height is known */
    const kh_chart *c;
    kh_lang lang;
    const char *id;     /* prefix of the ids of this picture */
    double w, h;
} kh_svg;

typedef enum kh_anchor { KH_SVG_START, KH_SVG_MIDDLE, KH_SVG_END } kh_anchor;

typedef struct kh_label { /* a text broken into lines that fit */
    char *text;           /* lines, each ended by a NUL */
    size_t n;
    double width, height; /* of the widest line; n lines */
} kh_label;

double kh_text_em(const char *s, size_t n, bool bold); /* width in em, rather too much than too little */
double kh_svg_width(const char *s, double font, bool bold);

void kh_label_make(kh_label *l, const char *text, double width, double font, bool bold);
void kh_label_free(kh_label *l);
/* Lines from y down (y: top of the first), aligned at x. */
void kh_svg_label(kh_svg *s, const kh_label *l, double x, double y, kh_anchor a, double font, const char *cls);
void kh_svg_text(kh_svg *s, double x, double y, kh_anchor a, double font, const char *cls, const char *text); /* y: the baseline */
void kh_svg_turned(kh_svg *s, double x, double y, double degrees, kh_anchor a, double font, const char *cls, const char *text);
/* The lines of a label at -45 degrees, side by side around (x, y). Each line takes KH_SVG_TURNED_STEP across. */
void kh_svg_turned_label(kh_svg *s, const kh_label *l, double x, double y, kh_anchor a, double font, const char *cls);
#define KH_SVG_TURNED_MOST 170.0 /* a turned name longer than this stands in more lines */
#define KH_SVG_TURNED_STEP 20.0
void kh_svg_rect(kh_svg *s, double x, double y, double w, double h, const char *cls);
void kh_svg_filled(kh_svg *s, double x, double y, double w, double h, size_t style); /* in the fill of a series */
void kh_svg_toned(kh_svg *s, double x, double y, double w, double h, kh_tone tone);  /* in the fill of a status */
void kh_svg_line(kh_svg *s, double x1, double y1, double x2, double y2, const char *cls);
void kh_svg_mark(kh_svg *s, double x, double y, size_t style); /* circle, square, triangle, ... */
void kh_svg_num(kh_buf *out, double v); /* one decimal at most */

typedef struct kh_scale { double lo, hi, from, to; double tick; int decimals; } kh_scale; /* value -> pixel */
/* Covers all values and the target; `zero`: includes 0. About `ticks` ticks. */
kh_scale kh_scale_of(const kh_chart *c, bool zero, bool stacked, int ticks);
double kh_scale_at(const kh_scale *s, double v);
void kh_scale_text(const kh_scale *s, double v, kh_lang lang, kh_buf *out);
size_t kh_scale_ticks(const kh_scale *s);
double kh_scale_tick(const kh_scale *s, size_t i);

/* Value labels with the tone's mark: "84,2 ✗". */
void kh_svg_value(const kh_svg *s, size_t series, size_t i, kh_buf *out);
double kh_svg_widest_value(const kh_svg *s, double font);
/* Legend of the series (and the target line) from y down; returns the y below it. */
double kh_svg_legend(kh_svg *s, double y, bool lines);

void kh_svg_bars(kh_svg *s);      /* bar, grouped, stacked, bullet */
void kh_svg_lines(kh_svg *s);     /* line */
void kh_svg_multiples(kh_svg *s); /* small multiples */
void kh_svg_cells(kh_svg *s);     /* heat table */
void kh_svg_strip(kh_svg *s);     /* status strip */

#endif

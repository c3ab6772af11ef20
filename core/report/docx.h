/* SPDX-License-Identifier: MIT */
/*
 * What the parts of the Word renderer share. Lengths are in twentieths of a
 * point ("twips", 1440 an inch) unless a name says otherwise.
 */
#ifndef KH_REPORT_DOCX_H
#define KH_REPORT_DOCX_H

#include "report/grid.h"
#include "report/official.h"
#include "report/package.h"

typedef struct kh_docx {
    const kh_doc *doc;
    kh_doc *scratch;
    kh_lang lang;
    const kh_layout *layout;
    kh_package *zip;
    kh_buf body;          /* of document.xml */
    kh_buf rels;          /* of document.xml.rels */
    kh_buf types;         /* of [Content_Types].xml: the parts that are made on the way */
    kh_buf nums;          /* of numbering.xml: one for each ordered list */
    kh_map *anchors;      /* anchor -> number of its bookmark */
    size_t n_rels, n_charts, n_marks, n_lists, n_drawings;
    bool landscape;       /* of the section at hand */
    bool first_of_count;  /* its pages are counted from 1, the first without a number */
    bool keep;            /* the block at hand stays on the page of the next one */
    bool empty;           /* nothing stands in it yet */
} kh_docx;

typedef struct kh_docx_p { /* a paragraph */
    const char *style;    /* NULL: Normal */
    kh_align align;       /* AUTO: the style's */
    int before, after;    /* -1: the style's */
    int left, right, first; /* indents; 0: the style's */
    bool keep_next, tight; /* tight: single lines */
    const char *borders;  /* NULL, or the inside of w:pBdr */
    const char *shade;    /* NULL, or a colour */
    int num;              /* 0, or the list it is an item of */
    const char *anchor;   /* bookmark, or NULL */
} kh_docx_p;

typedef struct kh_docx_r { bool bold, italic, underline, raised; int half_points; /* 0: the style's */ const char *colour; } kh_docx_r;

#define KH_TWIPS(mm) ((int)((mm) * 1440 / 25.4 + 0.5))
#define KH_EMU(twips) ((long)(twips) * 635)

int kh_docx_width(const kh_docx *x); /* of the text, in the section at hand */
double kh_docx_text_width(const char *s, double points, bool bold); /* in twips, of Times New Roman */
void kh_docx_open(kh_docx *x, const kh_docx_p *p);
void kh_docx_close(kh_docx *x);
void kh_docx_run(kh_docx *x, const kh_docx_r *r, const char *text);
void kh_docx_runs(kh_docx *x, const kh_run_text *runs, size_t n, int half_points);
void kh_docx_line(kh_docx *x, const kh_docx_p *p, const kh_docx_r *r, const char *text); /* a paragraph of one run */
void kh_docx_rule(kh_docx *x, int room, double length); /* a line of that length in the middle of `room` */
/* <w:hyperlink ...>; false (and nothing written) if the link is not one. End with </w:hyperlink>. */
bool kh_docx_link(kh_docx *x, const char *link);
size_t kh_docx_rel(kh_docx *x, const char *type, const char *target, bool external); /* the n of "rIdn" */
const char *kh_docx_colour(kh_tone t);

void kh_docx_table(kh_docx *x, const kh_dtable *t, const kh_chart *shaded /* NULL, or the heat table or strip that it stands for */);
void kh_docx_chart(kh_docx *x, const kh_chart *c);
void kh_docx_official(kh_docx *x, const kh_official *o);
void kh_docx_sign(kh_docx *x, const kh_sign *s);
void kh_docx_appendix(kh_docx *x, const kh_dblock *b);
void kh_docx_section(kh_docx *x, kh_buf *out); /* w:sectPr of the section at hand */
void kh_docx_parts(kh_docx *x);                /* everything but the body, into the package */

#endif

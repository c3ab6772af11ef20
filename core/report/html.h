/* SPDX-License-Identifier: MIT */
/* What the parts of the HTML renderer share. */
#ifndef KH_REPORT_HTML_H
#define KH_REPORT_HTML_H

#include "report/grid.h"

typedef struct kh_html {
    kh_buf *out;
    const kh_doc *doc;
    kh_doc *scratch;   /* tables made on the way */
    kh_lang lang;
    size_t n_tables, n_charts; /* for ids */
    bool narrow;       /* inside columns: charts are drawn for half the page */
    int rank;          /* of the last heading: h1 is 1; ranks are never skipped */
} kh_html;

extern const char kh_html_css[]; /* after kh_chart_css, whose colours it uses */

void kh_html_text(kh_html *h, const char *s);      /* escaped; line ends as <br> */
void kh_html_attr(kh_html *h, const char *name, const char *value);
void kh_html_id(kh_html *h, const char *anchor);   /* ' id="..."', or nothing */
void kh_html_href(kh_html *h, const char *link);   /* ' href="..."' */
void kh_html_badge(kh_html *h, kh_tone tone, const char *sign);
void kh_html_table(kh_html *h, const kh_dtable *t, bool quiet /* no caption of its own to be seen */);
void kh_html_chart(kh_html *h, const kh_chart *c, const char *anchor);
void kh_html_tiles(kh_html *h, const kh_dblock *b);
void kh_html_official(kh_html *h, const kh_official *o);
void kh_html_sign(kh_html *h, const kh_sign *s);

#endif

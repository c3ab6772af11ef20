/* SPDX-License-Identifier: MIT */
/* Charts as SVG. */
#ifndef KH_REPORT_CHART_H
#define KH_REPORT_CHART_H

#include "base/buf.h"
#include "report/doc.h"

/*
 * One <svg role="img"> with title and desc. `id` prefixes its ids and must be
 * unique in the page. `standalone`: a file of its own, with its style inside
 * and the title drawn; else the page holds kh_chart_css and shows the title.
 */
void kh_chart_svg(const kh_chart *c, kh_lang lang, const char *id, bool standalone, kh_buf *out);
/* A line as high as a word, without axes; decoration (aria-hidden) for a figure that stands beside it. */
void kh_sparkline_svg(const double *y, const bool *there, size_t n, kh_tone tone, kh_buf *out);
extern const char kh_chart_css[];

#endif

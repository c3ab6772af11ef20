/* SPDX-License-Identifier: MIT */
/* Charts as SVG. */
#ifndef KH_REPORT_CHART_H
#define KH_REPORT_CHART_H

#include "base/buf.h"
#include "report/doc.h"

/*
 * One <svg role="img"> with title and desc. `id` prefixes its ids and must be
 * unique in the page. `standalone`: a file of its own, with its style inside
 * and the title drawn; else the page holds kh_chart_css and shows the title. A
 * picture whose names or cells need more than `width` is wider.
 */
#define KH_CHART_WIDTH 720.0
void kh_chart_svg(const kh_chart *c, kh_lang lang, const char *id, bool standalone, double width, kh_buf *out);
/* A line as high as a word, without axes; decoration (aria-hidden) for a figure that stands beside it. `target`: NULL, or a line across. */
void kh_sparkline_svg(const double *y, const bool *there, size_t n, kh_tone tone, const double *target, kh_buf *out);
extern const char kh_chart_css[];

#endif

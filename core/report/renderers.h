/* SPDX-License-Identifier: MIT */
/* One function a format; render.c chooses. The document has been through kh_doc_check. */
#ifndef KH_REPORT_RENDERERS_H
#define KH_REPORT_RENDERERS_H

#include "report/render.h"

int kh_render_txt(const kh_doc *d, const kh_render_options *o, kh_buf *out, kh_error *err);
int kh_render_md(const kh_doc *d, const kh_render_options *o, kh_buf *out, kh_error *err);
int kh_render_html(const kh_doc *d, const kh_render_options *o, kh_buf *out, kh_error *err);
int kh_render_csv(const kh_doc *d, const kh_render_options *o, kh_buf *out, kh_error *err);
int kh_render_xlsx(const kh_doc *d, const kh_render_options *o, kh_buf *out, kh_error *err);
int kh_render_docx(const kh_doc *d, const kh_render_options *o, kh_buf *out, kh_error *err);
int kh_render_pdf(const kh_doc *d, const kh_render_options *o, kh_buf *out, kh_error *err);

#endif

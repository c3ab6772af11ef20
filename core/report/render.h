/* SPDX-License-Identifier: MIT */
/* Renderers: a document to bytes. Each format is one file; the same document gives the same bytes (but PDF). */
#ifndef KH_REPORT_RENDER_H
#define KH_REPORT_RENDER_H

#include "base/buf.h"
#include "report/doc.h"

typedef enum kh_format { KH_FMT_TXT, KH_FMT_MD, KH_FMT_HTML, KH_FMT_CSV, KH_FMT_XLSX, KH_FMT_DOCX, KH_FMT_PDF } kh_format;
const char *kh_format_name(kh_format f); /* "txt" ... */
bool kh_format_parse(const char *s, kh_format *out);

typedef int kh_pdf_fn(const void *docx, size_t n, kh_buf *pdf, kh_error *err);

typedef struct kh_render_options {
    bool colour;      /* txt */
    int width;        /* txt: columns, 0: 100 */
    bool excel;       /* csv: BOM, ';', decimal comma */
    kh_pdf_fn *pdf;   /* pdf: who makes it of a Word document; NULL: nobody */
} kh_render_options;

/* Into memory (every format but pdf). */
int kh_render(const kh_doc *d, kh_format f, const kh_render_options *o, kh_buf *out, kh_error *err);
/* To a file: a temporary name in the same folder, fsync, rename. The hash of what was written in sha256 (may be NULL). */
int kh_render_file(const kh_doc *d, kh_format f, const kh_render_options *o, const char *path, char sha256[65], kh_error *err);

#endif

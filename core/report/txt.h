/* SPDX-License-Identifier: MIT */
/* What the parts of the text renderer share: the page, wrapping by display width, and tables. */
#ifndef KH_REPORT_TXT_H
#define KH_REPORT_TXT_H

#include "report/grid.h"

typedef struct kh_txt {
    kh_buf *out;
    const kh_doc *doc;
    kh_doc *scratch; /* tables made on the way */
    kh_lang lang;
    size_t width;
    bool colour;
} kh_txt;

typedef struct kh_lines { /* of a wrapped text; slices of it */
    const char **at;
    size_t *len, n, cap_at, cap_len;
} kh_lines;

/* Breaks plain text at blanks and line ends into lines of at most `width` columns; a longer word is cut. */
void kh_lines_wrap(kh_lines *l, const char *text, size_t width);
void kh_lines_free(kh_lines *l);
size_t kh_txt_longest_word(const char *text); /* in columns */
void kh_txt_spaces(kh_txt *t, size_t n);
void kh_txt_style(kh_txt *t, kh_tone tone, bool bold); /* nothing without colour */
void kh_txt_plain(kh_txt *t);                          /* ends it */
/* One line's text, aligned in `width` columns. */
void kh_txt_aligned(kh_txt *t, const char *s, size_t n, size_t width, kh_align align);
/* Wrapped text in the columns from `left` to `left` + `width`. */
void kh_txt_wrapped(kh_txt *t, const char *text, size_t left, size_t width, kh_align align, kh_tone tone, bool bold);

void kh_txt_table(kh_txt *t, const kh_dtable *table);
void kh_txt_chart(kh_txt *t, const kh_chart *c);

#endif

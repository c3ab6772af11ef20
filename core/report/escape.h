/* SPDX-License-Identifier: MIT */
/*
 * The one place where text from data is made safe for a format. All functions
 * take any bytes and append valid UTF-8.
 *
 * kh_plain comes first everywhere: NFC, invalid bytes as U+FFFD, and what
 * cannot be seen but changes what is seen (control bytes, bidirectional marks,
 * noncharacters) written out as \x1b or \u202e. Newline and tab stay.
 */
#ifndef KH_REPORT_ESCAPE_H
#define KH_REPORT_ESCAPE_H

#include "base/buf.h"

#include <stdbool.h>

void kh_plain(const char *s, kh_buf *out);            /* NULL counts as "" */
void kh_plain_line(const char *s, kh_buf *out);       /* the same on one line: newline and tab become a blank */
void kh_xml(const char *s, kh_buf *out);              /* text or attribute of XML and HTML: & < > " ' */
void kh_md(const char *s, bool in_table, kh_buf *out); /* Markdown: nothing in it is markup; newline is <br> in a table */
/* A CSV field. A text that a spreadsheet would take for a formula gets a ' before it; a number never. */
void kh_csv(const char *s, bool number, char separator, kh_buf *out);
bool kh_csv_formula(const char *s);                   /* would a spreadsheet take it for a formula? */
void kh_xlsx_text(const char *s, kh_buf *out);        /* plain, and a literal _x0041_ kept from being read as "A"; at most 32,767 UTF-16 units */
bool kh_link_safe(const char *s);                     /* "#anchor", http:, https:, mailto: */
void kh_anchor_id(const char *s, kh_buf *out);        /* any name as an id: letters, digits, - and _ ; the same name, the same id */

#endif

/* SPDX-License-Identifier: MIT */
/* What the files of frames share. */
#ifndef KH_CALC_FRAME_INSIDE_H
#define KH_CALC_FRAME_INSIDE_H

#include "calc/frame.h"
#include "calc/inside.h"

int kh_c_frame_need(const kh_frame *f, const char *name, size_t *at, kh_error *err); /* the column, or KH_EUSAGE with the names there are */
kh_frame *kh_c_frame_like(const kh_frame *f); /* the same columns, no rows */
void kh_c_frame_copy(kh_frame *to, size_t row, size_t column, const kh_cell *c);
void kh_c_frame_copy_row(kh_frame *to, const kh_frame *from, size_t row);
/* A number cell's exact value: its digits, unless the column shows rounded ones (decimals >= 0): then the double. */
void kh_c_frame_reserve(kh_frame *f, size_t rows); /* room for so many at once */
bool kh_c_cell_q(const kh_cell *c, int decimals, mpq_t out);
void kh_c_item_name(const kh_catalog *c, const kh_item *it, size_t nth, kh_buf *out); /* what its column is called */
void kh_c_csv_text(kh_buf *out, const char *s, char delimiter); /* quoted where that is needed, harmless to a spreadsheet */
void kh_c_cell_label(const kh_frame *f, const kh_cell *c, kh_buf *out); /* canonical: numbers with '.', units by code */

#endif

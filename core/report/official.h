/* SPDX-License-Identifier: MIT */
/*
 * The layout of an administrative document, by its date: Decree 30/2020/NĐ-CP
 * from 05/03/2020, circular 01/2011/TT-BNV before. What differs is data here;
 * renderers ask, and decide nothing by date themselves.
 */
#ifndef KH_REPORT_OFFICIAL_H
#define KH_REPORT_OFFICIAL_H

#include "base/buf.h"
#include "report/doc.h"

typedef struct kh_layout {
    const char *name;                         /* "nd30", "tt01" */
    int top_mm, bottom_mm, left_mm, right_mm; /* A4, portrait */
    bool page_number_top;                     /* centre of the head; false: right end of the foot */
    int page_number_pt;
    int national_pt, motto_pt, agency_pt, number_pt, place_pt, kind_pt, body_pt, sign_pt;
    int recipients_head_pt, recipients_pt;
} kh_layout;

const kh_layout *kh_official_layout(const kh_official *o); /* NULL, or no date: the one in force */
const kh_official *kh_doc_official(const kh_doc *d);       /* the first official head, or NULL */
void kh_official_number(const kh_official *o, kh_lang lang, kh_buf *out);     /* "Số: …/BC-BCH" */
void kh_official_place_date(const kh_official *o, kh_lang lang, kh_buf *out); /* "Lạng Sơn, ngày 05 tháng 02 năm 2018" */
/* "(Kèm theo Báo cáo số …/BC-BCH ngày … của …)": under an appendix's name; empty if the document has no head. */
void kh_official_enclosed(const kh_official *o, kh_lang lang, kh_buf *out);

#define KH_SIGN_LINES 8
/* The lines above the name, from the top: "TM. ...", "KT. ...", "PHÓ ..."; copied into the arena. */
size_t kh_sign_lines(const kh_sign *s, kh_arena *a, const char *lines[KH_SIGN_LINES]);
/* A line of a list of offices ("Nơi nhận", several after "Kính gửi"): "- UBND tỉnh (b/c);", the last with a full stop. */
void kh_official_office(const char *name, bool last, kh_buf *out);
/* "Kính gửi: UBND tỉnh", or a line each for several. */
void kh_official_to(const kh_official *o, kh_lang lang, kh_buf *out);
/* The parts of a text at line ends and " / "; returns how many of at most `most`. */
size_t kh_split_lines(const char *s, kh_arena *a, const char **lines, size_t most);

#endif

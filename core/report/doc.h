/* SPDX-License-Identifier: MIT */
/*
 * A document: what a report script builds and every renderer reads. A tree of
 * blocks in order; strings are copied. No renderer computes anything.
 */
#ifndef KH_REPORT_DOC_H
#define KH_REPORT_DOC_H

#include "base/err.h"
#include "base/mem.h"
#include "base/msg.h"
#include "base/num.h"

#include <stdbool.h>

typedef enum kh_align { KH_ALIGN_AUTO, KH_ALIGN_LEFT, KH_ALIGN_CENTER, KH_ALIGN_RIGHT, KH_ALIGN_JUSTIFY } kh_align;
typedef enum kh_tone { KH_TONE_NONE, KH_TONE_GOOD, KH_TONE_BAD, KH_TONE_WARN, KH_TONE_MUTED } kh_tone; /* always beside a word or sign, never colour alone */

typedef struct kh_run_text { const char *text; bool bold, italic, underline; const char *link; /* "#anchor" or http(s) */ } kh_run_text;

typedef enum kh_dcell_type { KH_D_EMPTY, KH_D_TEXT, KH_D_NUMBER } kh_dcell_type;
typedef struct kh_dcell { /* a table cell */
    kh_dcell_type type;
    const char *text;        /* KH_D_TEXT; for a number NULL, or what to show instead of its digits */
    const char *number;      /* KH_D_NUMBER: canonical exact digits ("1234.5") */
    int decimals;            /* as shown; -1: as given */
    uint16_t colspan, rowspan; /* 0 counts as 1; cells covered by a span are given as KH_D_EMPTY with covered true */
    bool covered, bold;
    kh_align align;
    kh_tone tone;
    const char *sign;        /* NULL, or a short word or sign for the tone ("✓ đạt") */
    const char *link;        /* NULL or "#anchor" */
    const char *anchor;      /* NULL, or what a link to this cell names */
    const char *note;        /* NULL, or a remark (coverage) */
} kh_dcell;

typedef struct kh_dcol { const char *name; double width; /* relative; 0: by content */ kh_align align; int decimals; const char *unit; bool live_total; } kh_dcol;

typedef struct kh_dtable {
    const char *title;       /* "Biểu 1. ..." */
    const char *unit_line;   /* NULL, or "Đơn vị tính: người" (shown right above) */
    kh_dcol *cols; size_t n_cols;
    kh_dcell *head; size_t n_head_rows;  /* [n_head_rows * n_cols] */
    const char **signs;      /* NULL, or [n_cols] of A, B, 1, 2, 3=2/1 */
    kh_dcell *body; size_t n_rows, cap_rows; /* [n_rows * n_cols] */
    bool *is_total;          /* [n_rows] */
    const char **notes; size_t n_notes;  /* under the table */
    const char *anchor;
    bool landscape;          /* wide: its own landscape section in paged formats */
    bool tinted;             /* the ground of its cells carries their tone, as in a heat table */
} kh_dtable;

typedef enum kh_chart_kind { KH_CHART_BAR, KH_CHART_GROUPED, KH_CHART_STACKED, KH_CHART_LINE, KH_CHART_BULLET, KH_CHART_MULTIPLES, KH_CHART_HEAT, KH_CHART_STRIP } kh_chart_kind;
const char *kh_chart_kind_name(kh_chart_kind k); /* "bar" "grouped" "stacked" "line" "bullet" "multiples" "heat" "strip" */
bool kh_chart_kind_parse(const char *s, kh_chart_kind *out);
typedef struct kh_series { const char *name; double *y; bool *there; const char **labels; /* may be NULL: canonical digits, shown grouped with the chart's decimals (an assessed figure keeps all it has, so that no rounding contradicts its status); any other text as it is */ kh_tone *tones; /* may be NULL */ } kh_series; /* each [n_x] */
typedef struct kh_chart {
    kh_chart_kind kind;
    const char *title, *unit, *alt; /* alt: what it shows in words; made from the data if NULL */
    const char **x; size_t n_x;     /* categories or periods */
    kh_series *series; size_t n_series;
    bool has_target, has_target_hi; double target, target_hi; const char *target_label;
    int decimals;
} kh_chart;

typedef struct kh_official { /* the head of an administrative document; the rules are applied by date (official.h) */
    const char *superior, *agency;  /* "UBND TỈNH LẠNG SƠN", "BỘ CHỈ HUY QUÂN SỰ TỈNH" */
    const char *number;             /* "…/BC-BCH" */
    const char *place; int year, month, day; /* 0: left blank */
    const char *kind;               /* "BÁO CÁO", NULL for a letter (công văn: subject under the number) */
    const char *subject;
    const char *issuer;             /* the agency as sentences name it: "Bộ Chỉ huy Quân sự tỉnh"; NULL */
    const char *to;                 /* "Kính gửi" */
    const char *secrecy, *urgency;  /* "MẬT", "HỎA TỐC" */
    const char *layout;             /* NULL: by date; "nd30", "tt01" */
} kh_official;
typedef struct kh_sign { const char *authority; /* "TM. ỦY BAN NHÂN DÂN", NULL */ const char *title; /* "CHỈ HUY TRƯỞNG" */ const char *deputy; /* "KT. CHỈ HUY TRƯỞNG / PHÓ CHỈ HUY TRƯỞNG" */ const char *name; const char **recipients; size_t n_recipients; } kh_sign;

typedef enum kh_block_kind { KH_B_OFFICIAL, KH_B_HEADING, KH_B_PARA, KH_B_LIST, KH_B_TABLE, KH_B_CHART, KH_B_BREAK, KH_B_NOTE, KH_B_SIGN, KH_B_APPENDIX, KH_B_TILES, KH_B_DETAILS /* a titled part that can be folded; holds blocks */,
    KH_B_COLUMNS /* parts side by side where there is room; holds parts */, KH_B_PART /* one of them; holds blocks */ } kh_block_kind;
typedef struct kh_tile { const char *title, *value, *unit, *note, *link; kh_tone tone; const char *sign; double *trend; bool *trend_there; size_t n_trend;
    const char *trend_from, *trend_to; /* NULL, or the names of the first and the last of them */ bool has_target; double target; /* a line across the trend */ } kh_tile; /* for dashboards */
typedef struct kh_dblock {
    kh_block_kind kind;
    int level;                  /* heading: 1..4 */
    const char *number;         /* heading: "I.", "1.", "a)", or NULL */
    kh_run_text *runs; size_t n_runs; /* heading, para, note, details' title; list: one item per n_items */
    kh_run_text **items; size_t *n_item_runs; size_t n_items; bool ordered; /* list */
    kh_align align;
    kh_tone tone;               /* note */
    const char *anchor;
    kh_official *official; kh_sign *sign; kh_dtable *table; kh_chart *chart;
    kh_tile *tiles; size_t n_tiles;
    struct kh_dblock **children; size_t n_children, cap_children; /* details, columns, part */
    bool open;                  /* details */
} kh_dblock;

typedef struct kh_doc {
    kh_arena *arena;
    const char *title, *lang;   /* "vi", "en" */
    const char *created;        /* UTC ISO 8601; the same store and scripts give the same bytes */
    const char *notice;         /* NULL, or shown at head and foot: illustrative data */
    kh_dblock **blocks; size_t n_blocks, cap_blocks;
} kh_doc;

kh_doc *kh_doc_new(const char *title, kh_lang lang);
void kh_doc_free(kh_doc *d);
kh_dblock *kh_doc_add(kh_doc *d, kh_dblock *in /* NULL: the document */, kh_block_kind kind);
kh_run_text *kh_block_run(kh_doc *d, kh_dblock *b, const char *text, bool bold, bool italic);
kh_dtable *kh_table_new(kh_doc *d, size_t n_cols, size_t n_head_rows);
kh_dcell *kh_table_row(kh_doc *d, kh_dtable *t, bool total);       /* [n_cols] empty cells to fill */
kh_dcell *kh_table_head(kh_dtable *t, size_t row, size_t col);
/* The n-th administrative number of a level: 1: I II III; 2: 1. 2.; 3: a) b) c) d) đ) e); 4: - */
void kh_heading_number(int level, int nth, char out[16]);

#endif

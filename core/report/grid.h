/* SPDX-License-Identifier: MIT */
/*
 * A table as renderers walk it: the head and the body as grids in which every
 * place knows the cell that owns it, columns that know whether they hold
 * numbers, and the notes of cells numbered once. Also the tables that stand in
 * for charts and tiles where a format has no pictures.
 */
#ifndef KH_REPORT_GRID_H
#define KH_REPORT_GRID_H

#include "base/buf.h"
#include "base/map.h"
#include "report/doc.h"

typedef struct kh_grid {
    const kh_dcell *cells;
    size_t rows, cols;
    uint32_t *owner;      /* [rows * cols] index of the owning cell; NULL: every cell owns itself */
} kh_grid;

typedef struct kh_view { /* of a table; free with kh_view_free */
    const kh_dtable *t;
    kh_grid head, body;
    kh_dcell *made_head;  /* from the columns' names, where the table has no head rows */
    bool *numeric;        /* [n_cols] the column holds numbers */
    const char **notes; size_t n_notes, cap_notes; /* distinct notes of cells, in reading order */
    kh_map *note_index;
    char *strings;        /* what made_head's texts stand in */
} kh_view;

void kh_view_init(kh_view *v, const kh_dtable *t);
void kh_view_free(kh_view *v);
size_t kh_grid_owner(const kh_grid *g, size_t row, size_t col);
size_t kh_cell_width(const kh_dcell *c);  /* columns, at least 1 */
size_t kh_cell_height(const kh_dcell *c);
size_t kh_view_note(const kh_view *v, const kh_dcell *c); /* 0: none; else its number */
kh_align kh_view_align(const kh_view *v, const kh_dcell *c, size_t col); /* never AUTO */
/* What the cell shows, without sign and note mark. */
void kh_dcell_text(const kh_dtable *t, const kh_dcell *c, size_t col, kh_lang lang, kh_buf *out);
int kh_cell_decimals(const kh_dtable *t, const kh_dcell *c, size_t col);
/* The same with its sign after it: "24,1 ✓ đạt". */
void kh_cell_shown(const kh_dtable *t, const kh_dcell *c, size_t col, kh_lang lang, kh_buf *out);
/* The head of a column in one line: the texts above it joined by " / ". */
void kh_view_title(const kh_view *v, size_t col, const char *join, kh_buf *out);

void kh_runs_plain(const kh_run_text *runs, size_t n, kh_buf *out); /* joined, unescaped */
kh_tone kh_series_tone(const kh_series *s, size_t i);
bool kh_series_toned(const kh_series *s, size_t n); /* any value has a tone */
bool kh_chart_toned(const kh_chart *c);
/* Text of the value i of a series: its label, or y with the chart's decimals; "" if it is missing and has no label. */
void kh_series_text(const kh_chart *c, size_t series, size_t i, kh_lang lang, kh_buf *out);
void kh_chart_target_text(const kh_chart *c, kh_lang lang, kh_buf *out); /* "Mục tiêu: 85 %"; empty if none */
void kh_chart_alt(const kh_chart *c, kh_lang lang, kh_buf *out);  /* what it shows, in words */
void kh_digits(double v, int decimals, kh_buf *out);              /* canonical */
/* Made in the arena of `d`. */
kh_dtable *kh_chart_table(kh_doc *d, const kh_chart *c, kh_lang lang);
void kh_trend_text(const kh_tile *t, kh_lang lang, kh_buf *out); /* "88,1 → … → 97,7" */
kh_dtable *kh_tiles_table(kh_doc *d, const kh_dblock *tiles, kh_lang lang);

#endif

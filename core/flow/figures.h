/* SPDX-License-Identifier: MIT */
/* Figures one a row, with target, status and coverage, out of a frame of units x periods. */
#ifndef KH_FLOW_FIGURES_H
#define KH_FLOW_FIGURES_H

#include "flow/flow.h"

/*
 * Columns: name, [title,] unit, period, value, measured_in, target, status, reported, expected, missing. `people`: values as shown, statuses
 * translated, a title column, coverage as one column; else exact values and stable names.
 */
kh_frame *kh_figures(kh_workspace *ws, const kh_frame *wide, bool people);
/* The target that a cell of an indicator's column was judged by, NULL: none. */
const kh_target *kh_target_of_cell(const kh_catalog *c, const char *indicator, const kh_cell *cell);
/* "≥ 85 %", "20–25 %"; lo, hi: canonical text of bounds that are formulas, "" or NULL: missing ("≥ …") */
void kh_target_text(const kh_target *t, const char *lo, const char *hi, const char *unit, kh_lang lang, kh_buf *out);
void kh_target_text_of_cell(const kh_target *t, const kh_cell *c, bool exact, const char *unit, kh_lang lang, kh_buf *out);
/* "đạt", "met": for people; kh_status_name is the stable one. */
const char *kh_status_text(kh_status s);

#endif

/* SPDX-License-Identifier: MIT */
/* The blank return of a form as a grid of cells, for each way of writing it. Private to the room. */
#ifndef KH_INTAKE_BLANK_H
#define KH_INTAKE_BLANK_H

#include "intake/intake.h"

typedef enum kh_blank_kind_of { KH_CELL_NONE, KH_CELL_TITLE, KH_CELL_HEAD, KH_CELL_FIXED, KH_CELL_INPUT, KH_CELL_SUM /* of parts of its row */, KH_CELL_TOTAL /* of its column */ } kh_blank_cell_kind;

typedef struct kh_blank_cell { kh_blank_cell_kind kind; const char *text; } kh_blank_cell;
typedef struct kh_blank_column {
    const kh_form_column *def;    /* NULL: the unit's code, beside its name */
    uint32_t measure;             /* UINT32_MAX: none */
    const uint32_t *parts; size_t n_parts; /* columns of the grid that a sum adds */
} kh_blank_column;
typedef struct kh_blank_form {
    kh_arena *arena;
    const kh_form *form;
    kh_blank_column *columns; size_t n_columns;
    kh_blank_cell *cells; size_t n_rows, cap_rows; /* row by row */
    size_t head, head_rows, data; /* where the header begins, its rows, where the data begin */
    size_t total;                 /* the row of totals; 0: none */
} kh_blank_form;

int kh_blank_build(kh_catalog *c, uint32_t form, kh_unit sender, kh_period p, kh_blank_form *out, kh_error *err);
void kh_blank_free(kh_blank_form *b);
kh_blank_cell *kh_blank_at(const kh_blank_form *b, size_t row, size_t column);

#endif

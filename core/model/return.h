/* SPDX-License-Identifier: MIT */
/*
 * A return in memory: the values of one submission, as intake reads them and
 * the store keeps them. Rows are (period, unit) places, numbered within their
 * period in the order of arrival; a chunk is KH_CHUNK rows of one period. A
 * column is (measure, cut); its cells live in pages of one chunk each, made when
 * first touched, so a sparse column costs little. Setting a cell is O(1).
 */
#ifndef KH_MODEL_RETURN_H
#define KH_MODEL_RETURN_H

#include "base/num.h"
#include "model/cut.h"
#include "model/period.h"
#include "model/unit.h"

#define KH_CHUNK 1024u

typedef struct kh_page { /* the cells of one column in one chunk */
    int64_t m[KH_CHUNK];        /* mantissa, or offset into `texts` for choice and text; KH_MISSING: no value */
    uint8_t scale[KH_CHUNK];    /* decimals as the sender wrote them */
    int32_t *lines;             /* NULL: every cell is on its row's line; else line of the cell minus the row's */
    uint32_t filled;            /* cells that have a value */
} kh_page;

typedef struct kh_return_rows { /* the rows of one period */
    kh_period period;
    uint32_t n, cap;
    kh_unit *unit;              /* [n] */
    uint32_t *line;             /* [n] physical line where the row begins */
    uint32_t *place;            /* [units] row of a unit, UINT32_MAX: none */
    kh_page ***pages;           /* [column][chunk], NULL where untouched; use kh_return_page */
    uint32_t cap_columns;
} kh_return_rows;

typedef struct kh_return_column { uint32_t measure; kh_cut cut; bool text; } kh_return_column;

typedef struct kh_return {
    uint32_t form;              /* index in the catalog */
    kh_unit sender;
    kh_period period;           /* what the submission is for; KH_NO_PERIOD: several, named by `span` */
    char span[32];              /* "2018Q1", or "2016-01..2020-12" */
    char *file;                 /* as the user named it */
    char sha256[65];
    char *received;             /* UTC, ISO 8601 */
    char *by;                   /* who imported */
    size_t n_units;             /* units in the tree */
    kh_return_rows *rows; size_t n_rows, cap_rows; /* by period, in order of first appearance (kh_return_seal sorts) */
    kh_return_column *columns; size_t n_columns, cap_columns;
    char *texts; size_t texts_len, texts_cap;      /* NUL-ended strings */
    uint64_t n_values;
    struct kh_return_index *index; /* finds columns, periods and texts; private */
} kh_return;

kh_return *kh_return_new(size_t n_units);
void kh_return_free(kh_return *r);
uint32_t kh_return_column_of(kh_return *r, uint32_t measure, kh_cut cut, bool text); /* finds or adds */
/* The row of (period, unit), made if new with this line. rows index in *group. */
uint32_t kh_return_row(kh_return *r, kh_period period, kh_unit unit, uint32_t line, uint32_t *group);
/* Sets a cell; false: it has a value already (*first_line says where), nothing changed. */
bool kh_return_set(kh_return *r, uint32_t group, uint32_t row, uint32_t column, int64_t m, uint8_t scale, uint32_t line, uint32_t *first_line);
bool kh_return_set_text(kh_return *r, uint32_t group, uint32_t row, uint32_t column, const char *text, size_t len, uint32_t line, uint32_t *first_line);
kh_page *kh_return_page(const kh_return *r, uint32_t group, uint32_t column, uint32_t chunk); /* NULL: no cell there */
/* Sorts periods; nothing may be set afterwards. */
void kh_return_seal(kh_return *r);

#endif

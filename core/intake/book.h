/* SPDX-License-Identifier: MIT */
/*
 * An XLSX workbook as text. Each sheet becomes lines that rows.c reads: the line
 * is the sheet's row, so that a finding names the row that Excel shows. Private
 * to the room.
 */
#ifndef KH_INTAKE_BOOK_H
#define KH_INTAKE_BOOK_H

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"

#include <stdbool.h>

typedef enum kh_book_style { KH_BOOK_PLAIN, KH_BOOK_PERCENT, KH_BOOK_DATE } kh_book_style;
typedef struct kh_book_sheet { const char *name, *id, *entry; bool hidden; } kh_book_sheet;
typedef struct kh_book {
    struct zip *zip;
    kh_arena *arena;
    kh_book_sheet *sheets; size_t n_sheets, cap_sheets;
    const char **strings; size_t n_strings, cap_strings; /* shared by the cells */
    uint8_t *styles; size_t n_styles, cap_styles;        /* kh_book_style of each cell format */
    bool from_1904;                                      /* day 0 of the workbook's dates */
    uint64_t inflated;                                   /* bytes of all parts read so far */
    size_t text;                                         /* bytes of all sheets as text */
    bool excess;                                         /* more of something than any program writes: the reading ends */
} kh_book;

/* Is this the beginning of a workbook: of an XLSX (a zip), or of the older kinds (also: protected by a password)? */
bool kh_book_is_zip(const char *s, size_t n);
bool kh_book_is_old(const char *s, size_t n);
/* The bytes must outlive the book. KH_EFAULTS: no workbook, or a damaged one; err says why. */
int kh_book_open(kh_book *b, const char *bytes, size_t n, kh_error *err);
void kh_book_free(kh_book *b);
/* sheet.c: appends one line a row, cells parted by KH_SHEET_DELIMITER, numbers marked by KH_SHEET_NUMBER. KH_EFAULTS: damaged. */
int kh_book_text(kh_book *b, size_t sheet, kh_buf *out, kh_error *err);

/*
 * For sheet.c: parses one part of the workbook; names come without their namespace's prefix. A part that is not there is
 * empty if it may be missing. end and text may be NULL. A handler that sets b->excess ends the reading, with KH_EFAULTS.
 */
typedef struct kh_book_handlers {
    void (*start)(void *ctx, const char *name, const char **attributes);
    void (*end)(void *ctx, const char *name);
    void (*text)(void *ctx, const char *s, size_t n);
    void *ctx;
} kh_book_handlers;
int kh_book_parse(kh_book *b, const char *entry, bool may_miss, const kh_book_handlers *h, kh_error *err);
const char *kh_book_attribute(const char **attributes, const char *name); /* NULL: not there */

#endif

/* SPDX-License-Identifier: MIT */
/*
 * Intake: a file's bytes -> text -> rows -> header -> mapped cells -> a return
 * and its findings. Nothing is stored here and no Lua is known: a form's `row`
 * function is a pointer and a context.
 *
 *   source.c   file or stdin, SHA-256        decode.c  BOM, encodings, line ends
 *   rows.c     libcsv -> rows with physical lines     header.c  titles wherever they start
 *   map.c      columns -> unit, period, measure, cut  parse.c   cell -> typed, or the reason why not
 *   check.c    required, ranges, totals      refuse.c  refused rows written back with reasons
 */
#ifndef KH_INTAKE_INTAKE_H
#define KH_INTAKE_INTAKE_H

#include "base/buf.h"
#include "model/catalog.h"
#include "model/finding.h"
#include "model/return.h"

typedef struct kh_row kh_row; /* one data row as a row function sees it; lives for the call */
typedef struct kh_out kh_out; /* where a row function puts its values; lives for the call */

typedef struct kh_row_hook {
    /*
     * Reads `row`, puts into `out`. KH_EFAULTS, KH_EUSAGE: the script failed on this row, err says file and line; that becomes a
     * finding and the import goes on. Other negative codes (a limit met, interrupted) end the import.
     */
    int (*call)(void *ctx, void *script, kh_row *row, kh_out *out, kh_error *err);
    void *ctx;
} kh_row_hook;

/*
 * What the reading of one file leaves for the next ones of the same catalog: which units names meant, the titles of the
 * form. Nothing that is decided depends on it. Many files read one after the other share one; NULL does for a single file.
 */
typedef struct kh_intake_kept kh_intake_kept;
kh_intake_kept *kh_intake_kept_new(void);
void kh_intake_kept_free(kh_intake_kept *k); /* NULL is allowed */

typedef struct kh_intake_options {
    const char *form;         /* code; NULL: recognised by file name and headings among all forms */
    kh_period period;         /* KH_NO_PERIOD: from the file's name, a cell or a column */
    kh_unit sender;           /* KH_NO_UNIT: from the file's name, or a title cell, or the only reporter of the rows */
    const char *encoding;     /* NULL: the form's, or recognised */
    const char *sheet;        /* of a workbook; NULL: the only one with something in it, or with the form's titles */
    bool partial;             /* keep the good rows of a file with errors */
    bool warnings_are_errors;
    kh_row_hook row;
    const char *by;           /* who imports */
    const char *received;     /* UTC ISO 8601 */
    uint32_t max_findings;    /* 0: 10,000; more are counted, not kept */
    kh_intake_kept *kept;     /* NULL: nothing is kept */
} kh_intake_options;

typedef struct kh_intake { /* what one file gave */
    char *file;               /* as named */
    char sha256[65];
    uint64_t bytes;
    uint32_t form;            /* catalog index; UINT32_MAX: not found out */
    kh_unit sender;
    kh_period period;
    const char *encoding;     /* decided: "UTF-8", "windows-1258", "TCVN3", "VNI-Win", "VISCII", "UTF-16LE", ..., "XLSX"; static; NULL: cannot be told */
    int certainty;            /* percent */
    char *sheet;              /* of a workbook: which was read; owned; NULL: no workbook */
    char delimiter;
    uint32_t header_line, data_line; /* physical lines */
    uint32_t rows_read, rows_good, rows_refused;
    kh_return *ret;           /* NULL if nothing could be read; owned */
    kh_findings *findings;    /* owned */
    bool refused;             /* errors, and not partial (or nothing good) */
    struct kh_refusals *refusals; /* the refused rows as they came; owned */
} kh_intake;

/* Reads all of `path` ("-": standard input). KH_OK also when there are findings; negative only when the work itself failed. */
int kh_intake_file(kh_catalog *c, const char *path, const kh_intake_options *o, kh_intake **out, kh_error *err);
int kh_intake_bytes(kh_catalog *c, const char *name, const void *bytes, size_t n, const kh_intake_options *o, kh_intake **out, kh_error *err);
void kh_intake_free(kh_intake *in);
/* "UTF-8", "TCVN3 65 %": the encoding, and how sure it is where it is not certain. The caller frees. */
char *kh_intake_encoding(const kh_intake *in);
/* The refused rows with headings and the reason beside each, CSV UTF-8 with BOM, safe against formulas. */
int kh_intake_refused_csv(const kh_intake *in, kh_buf *out, kh_error *err);
/* XLSX copy of the file with the bad cells coloured and noted, to `path`. */
int kh_intake_refused_xlsx(const kh_intake *in, const char *path, kh_error *err);
/* The blank return of a form (codes and names filled in): CSV into out, or XLSX to path. */
int kh_template_csv(kh_catalog *c, uint32_t form, kh_unit sender, kh_period p, kh_buf *out, kh_error *err);
int kh_template_xlsx(kh_catalog *c, uint32_t form, kh_unit sender, kh_period p, const char *path, kh_error *err);

/* --- what a row function may ask (misuse gives KH_EUSAGE; a bad cell becomes a finding and gives "missing") --- */
uint32_t kh_row_line(const kh_row *r);
kh_period kh_row_period(const kh_row *r);  /* by the form's period column, else the return's */
kh_unit kh_row_place(const kh_row *r);     /* the unit by the form's unit column, else the sender */
/* Column by heading ("Nhóm 1/Phải BD"), cached by pointer by the caller: KH_EUSAGE with the nearest heading. */
int kh_row_column(const kh_row *r, const char *heading, size_t len, uint32_t *column, kh_error *err);
size_t kh_row_columns(const kh_row *r);
const char *kh_row_heading(const kh_row *r, uint32_t column);
void kh_row_text(const kh_row *r, uint32_t column, const char **text, size_t *len); /* trimmed, NFC */
kh_dec kh_row_number(kh_row *r, uint32_t column, bool integer); /* m KH_MISSING: blank, or bad (a finding) */
kh_unit kh_row_unit(kh_row *r, uint32_t column, kh_period at);  /* asked on the last day of `at` (KH_NO_PERIOD: of the row's period); KH_NO_UNIT: blank, or bad (a finding) */
void kh_row_unit_missing(kh_row *r);                            /* a value wants the unit that was not there: a finding, once a row */
kh_day kh_row_date(kh_row *r, uint32_t column);                 /* KH_DAY_MIN: blank, or bad (a finding) */
void kh_row_finding(kh_row *r, kh_severity severity, uint32_t column /* UINT32_MAX: the row */, const char *code, const char *text, const char *expected);
/* Puts one value. period KH_NO_PERIOD: the row's. A duplicate is a finding. */
int kh_out_number(kh_out *o, uint32_t measure, kh_unit unit, kh_period period, kh_cut cut, kh_dec value, kh_error *err);
int kh_out_text(kh_out *o, uint32_t measure, kh_unit unit, kh_period period, kh_cut cut, const char *text, size_t len, kh_error *err);

/* Every finding code with what it means and what to do, for `kehoach explain-code` and docs/findings.md. */
typedef struct kh_finding_code { const char *code; const char *title; const char *text; const char *remedy; } kh_finding_code; /* msgids */
const kh_finding_code *kh_finding_codes(size_t *n);

#endif

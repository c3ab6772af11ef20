/* SPDX-License-Identifier: MIT */
/* A form: what a return of one kind looks like, who must send it, how often, by when. Plain data. */
#ifndef KH_MODEL_FORM_H
#define KH_MODEL_FORM_H

#include "model/calendar.h"
#include "model/cut.h"
#include "model/unit.h"

typedef enum kh_column_as {
    KH_AS_SKIP,    /* known and not read (a serial number, a note) */
    KH_AS_UNIT, KH_AS_PERIOD,
    KH_AS_MEASURE, /* its values are of `measure` at `cut` */
    KH_AS_OPTION,  /* the option of `category` for the values of the row */
    KH_AS_MEASURE_CODE, /* long files: the column names the measure */
    KH_AS_VALUE,   /* long files: the value of the measure named in the row */
    KH_AS_KEY      /* read only by `row` */
} kh_column_as;

typedef enum kh_empty { KH_EMPTY_MISSING, KH_EMPTY_ZERO, KH_EMPTY_ERROR } kh_empty; /* what a blank, '-' or '…' cell means */
typedef enum kh_number_style { KH_STYLE_EVIDENCE, KH_STYLE_VI /* 1.234.567,89 */, KH_STYLE_EN /* 1,234,567.89 */, KH_STYLE_PLAIN /* 1234567.89 */ } kh_number_style;

typedef struct kh_form_column {
    const char *heading;          /* "Tổng số"; under merged heads "Trong đó/Nữ" */
    const char *const *also; size_t n_also; /* other headings accepted */
    kh_column_as as;
    uint32_t measure;             /* KH_AS_MEASURE: index; else UINT32_MAX */
    kh_cut cut;
    uint32_t category;            /* KH_AS_OPTION */
    bool optional;                /* the column may be absent */
    bool required;                /* every data row must fill it */
    kh_empty blank, dash, dots;   /* each by the form's rule; default missing */
    kh_number_style style;        /* default: the form's */
    int32_t factor10;             /* the sender's unit is 10^factor10 of the measure's: nghìn đồng 3, triệu đồng 6 */
    const char *sum_of;           /* NULL, or headings joined by '+': this column is checked as their sum */
    int line;                     /* in the definition's file */
} kh_form_column;

/* A row of the blank return, for what its units and options do not give. */
typedef struct kh_form_row {
    const char *of;               /* for senders of this kind; NULL: for all */
    const char *each;             /* once for each unit of this kind below the sender; NULL: once */
    const char **texts;           /* by column; NULL: to be filled in */
} kh_form_row;

typedef struct kh_form {
    const char *code, *title;
    kh_freq every;
    kh_calendar calendar;
    int due;                      /* days after the window closes */
    kh_period from, to;           /* the first and last period that it is asked for; KH_NO_PERIOD: open */
    kh_selector *reporters; size_t n_reporters; /* any of these must send it */
    kh_selector *covers; size_t n_covers;       /* units that its values are about; none: the reporters */
    kh_form_column *columns; size_t n_columns;
    kh_form_row *rows; size_t n_rows;           /* of the blank return; none: one for each unit and option */
    int header_rows;              /* 0: found (1 to 3); else exactly this many */
    const char *const *totals; size_t n_totals; /* first cell texts that mark a totals row: "Tổng cộng"; checked against the sum */
    const char *const *groups; size_t n_groups; /* ... a group's heading row: not data */
    const char *const *notes; size_t n_notes;   /* ... the start of the footnotes: the rest of the file is not data */
    const char *encoding;         /* NULL: recognised */
    char delimiter;               /* 0: recognised among , ; tab */
    kh_number_style style;
    const char *file_pattern;     /* NULL, or how a file's name gives unit and period: "DB-01_{unit}_{period}.csv" */
    bool partial;                 /* rows with errors may be left out without --partial */
    void *script;                 /* the `row` function, known to core/script alone; NULL: columns only */
    const char *note;
    const uint32_t *measures; size_t n_measures; /* every measure that it may carry (columns, and `measures` for a row script) */
    const char *file; int line;
    char sha256[65];
    int64_t id;
} kh_form;

bool kh_form_asked(const kh_form *f, kh_period p); /* p, of the form's length, lies within its `from` and `to` */

#endif

/* SPDX-License-Identifier: MIT */
/*
 * The reading of one file: what its steps share. Private to the room.
 *
 *   head.c    the first records, for whatever delimiter     header.c  titles -> columns
 *   origin.c  sender and period from name and titles        map.c     columns -> what each is for
 *   place.c   units and periods of rows                     style.c   how numbers are written
 *   cell.c    a cell -> a value or a finding                read.c    the rows, one by one
 *   check.c   totals and sums                               row.c     what a row script sees
 */
#ifndef KH_INTAKE_WORK_H
#define KH_INTAKE_WORK_H

#include "intake/intake.h"
#include "intake/stages.h"

/* --- head.c ------------------------------------------------------------------ */
enum { KH_HEAD_RECORDS = 200, KH_HEAD_FEW = 8, KH_HEAD_BYTES = 64 << 10 };
typedef struct kh_head_cell { const char *s; uint32_t n; uint32_t line; char *key; } kh_head_cell; /* trimmed; key: made when asked for */
typedef struct kh_head_row { kh_head_cell *cells; uint32_t n, filled, line; size_t to; } kh_head_row; /* filled: cells that are not blank; to: where it ends in the text */
typedef struct kh_head { kh_arena *arena; kh_head_row *rows; size_t n, cap; char delimiter; bool whole; } kh_head; /* whole: the file has no more */
/* The records of a text that begins the file. */
int kh_head_read(kh_head *h, const kh_buf *text, bool whole, char delimiter, size_t most, kh_error *err);
void kh_head_free(kh_head *h);
const char *kh_head_key(kh_head *h, size_t row, size_t column); /* kh_text_key of the parts between '/'; "" beyond the row */
char kh_head_declared_delimiter(const kh_buf *text, size_t *skip); /* Excel's "sep=;" line: its delimiter, else 0 */

/* --- header.c ------------------------------------------------------------------ */
typedef struct kh_heading {
    const char *text, *key;  /* "Trong đó/Nữ"; "" : none */
    uint32_t form_column;    /* UINT32_MAX: the form does not know it */
    bool implied_code;       /* "Mã đơn vị" beside the form's unit column: read as a check on it */
    bool twice;              /* another column has the same title: neither is read */
} kh_heading;
typedef struct kh_layout {
    kh_heading *headings; size_t n; /* by column of the file; in the head's arena */
    size_t from, rows;       /* of the head: where the header begins, how many rows; rows 0: not found, `from` is the nearest if any title matched */
    size_t data;             /* first row behind header and column signs */
    size_t matched, wanted;  /* columns of the form found; of those that must be there */
    bool complete;           /* no better header can stand further down */
} kh_layout;
void kh_layout_find(kh_head *h, const kh_form *f, const kh_map *titles, kh_units *units, kh_layout *out);
kh_map *kh_form_titles(const kh_form *f); /* keys of all its titles -> its columns */
char *kh_heading_key(const char *s, size_t n); /* kh_text_key of each part between '/' */

/* A header that was found, for files that begin with the same text down to their first row of data. */
typedef struct kh_kept_head {
    const kh_form *form;     /* NULL: none */
    kh_map *ends;            /* last parts of the form's titles */
    char *text; size_t n;
    char delimiter;
    kh_layout layout; kh_arena *arena; /* its headings */
} kh_kept_head;
void kh_kept_head_set(kh_kept_head *p, const kh_form *f, const kh_buf *text, const kh_head *h, const kh_layout *l);
/* The head of a text that begins as the kept one did, and its layout; false: it has to be searched for. */
bool kh_same_head(const kh_kept_head *p, const kh_form *f, const kh_buf *text, bool whole, char delimiter, kh_units *units, kh_head *h, kh_layout *out);
void kh_kept_head_free(kh_kept_head *p);

/* --- style.c ------------------------------------------------------------------- */
typedef enum kh_mark { KH_MARK_UNKNOWN, KH_MARK_POINT, KH_MARK_COMMA, KH_MARK_TORN /* both, or nothing decides */ } kh_mark;
typedef struct kh_style {
    kh_mark mark;
    bool declared, plain;    /* plain: no grouping */
    bool sought;             /* the whole file was asked */
    uint32_t line;           /* where the evidence is; 0: declared, or from other columns */
} kh_style;

/* --- the columns of the file ----------------------------------------------------- */
typedef struct kh_sum { __int128 m; uint8_t scale; bool torn; bool any; } kh_sum; /* torn: a part is bad, nothing can be said */
typedef struct kh_file_column {
    const char *heading;
    const kh_form_column *def;  /* NULL: not the form's */
    kh_column_as as;            /* KH_AS_SKIP where def is NULL */
    uint32_t measure;           /* KH_AS_MEASURE */
    const kh_measure *m;
    uint32_t target;            /* column of the return without options; UINT32_MAX: not made yet */
    kh_style style;
    uint32_t *parts; size_t n_parts; /* sum_of: columns of the file */
    kh_sum segment, all;        /* sums for the totals rows, where the form declares such */
    bool summed;
    bool untitled;              /* what stands in it is named once, then passed over */
    uint32_t percent_line;      /* of the first cell with a percent sign; 0: none yet */
    uint32_t *small; size_t n_small, cap_small; /* until then, in a column of percent: lines of cells below 1 without a sign */
    kh_dec value; bool has_value; /* of the row being read */
    uint32_t looked;            /* KH_AS_KEY: the row in which the row function last asked for it */
} kh_file_column;

typedef struct kh_put { uint32_t target; uint32_t column; kh_period period; kh_unit unit; kh_dec value; const char *text; size_t len; } kh_put;
typedef struct kh_total { uint32_t line; kh_dec *values; kh_sum *before, *after; kh_cell *cells; } kh_total;

/* What is needed to read the file once more, for the copy that goes back to its sender. */
struct kh_refusals {
    char *bytes; size_t n;      /* NULL: read again by the file's name */
    const char *encoding;
    char delimiter, written;    /* of the file; of what goes back as CSV */
    bool sheet;                 /* the bytes are a sheet's text, and no longer those of the file */
    char **headings; size_t n_headings;
    uint32_t header_line, data_line;
};

/* What names meant in a file of one form and sender, on the days on which the tree of units stays the same. */
typedef struct kh_snapshot {
    const kh_form *form; kh_unit sender; kh_day from, to;
    kh_map *names; kh_unit *units; uint8_t *states; size_t n, cap, cap_states;
    uint64_t used;
} kh_snapshot;
enum { KH_SNAPSHOTS = 64, KH_NAMES_KEPT = 100000 }; /* names: after a file, in all snapshots together */
struct kh_intake_kept {
    const kh_catalog *c; uint64_t edition; /* of its units */
    kh_snapshot snapshots[KH_SNAPSHOTS]; uint64_t clock;
    const kh_form *titled; kh_map *titles; /* of the form looked for last: keys -> its columns */
    kh_kept_head head;
};

typedef struct kh_work {
    kh_catalog *c;
    const kh_intake_options *o;
    kh_intake *in;
    const kh_form *form;
    kh_source *source;       /* of a workbook: its sheet's text */
    kh_buf sheet_text; bool sheet; /* a workbook is read */
    kh_decode decode;
    kh_buf head_text; bool head_given;
    kh_head head;
    kh_layout layout;
    kh_reader *rows;
    kh_file_column *columns; size_t n_columns;
    uint32_t *measure_columns; size_t n_measure_columns; /* columns of the file that hold values of a fixed measure */
    uint32_t *option_columns; size_t n_option_columns;
    uint32_t unit_column, code_column, period_column, name_column, value_column; /* UINT32_MAX: none; code: implied, name: of the measure */
    bool has_sums, has_untitled;
    bool fatal;              /* a fault of the whole file */
    uint32_t errors;         /* counted, kept or not */
    uint64_t unlisted;
    size_t next_fault;       /* of decode.faults */

    kh_day at;               /* for units when no period is known */
    kh_period period;        /* fixed for the file, or KH_NO_PERIOD */
    kh_period first_period, last_period;
    bool several;
    kh_intake_kept *kept; kh_snapshot *snapshot;
    struct { const char *s; size_t n; kh_unit unit; uint8_t state; kh_day at; char text[64]; } last_unit;
    struct { size_t n; kh_period period; char text[32]; } last_period_cell;

    kh_map *measure_codes; kh_map *option_codes; /* texts -> indices */
    kh_map **choices;        /* [measures] keys -> number of the choice; made when first met */
    bool *carried;           /* [measures] may the form carry it? for scripts */
    kh_unit script_unit; kh_period script_period; /* where a script put a value last, and was right to */
    uint32_t *targets;       /* [measures] column of the return at the empty cut */
    kh_map *tuples; uint32_t *tuple_targets; size_t n_tuples; /* options of a row -> columns of the return, by column of the file */
    kh_cut_part *parts;      /* [option columns] of the row being read */
    kh_put *puts; size_t n_puts, cap_puts;
    kh_arena *row_texts;     /* NFC copies for the row */
    kh_total *totals; size_t n_totals, cap_totals;
    kh_map *words;           /* totals, groups: keys -> kind */
    char **notes;            /* keys of the form's `notes` */
    bool nul_seen;           /* some NUL came by: cells are searched for it */
    bool head_again;         /* the record before was a row of the header once more */
    const kh_record *record; /* being read */
    uint32_t row;            /* its number among the data rows */
    uint32_t row_errors;     /* w->errors when it began */
    kh_unit row_unit; kh_period row_period; /* as its columns say, else the return's */
    bool row_broken, row_short; /* it has cells that are no text; fewer cells than there are titles: said once */
    bool unit_told;          /* a row script: that a unit is missing was said */
    uint32_t unit_asked;     /* a row script: the column where a unit was last looked for */
    kh_cell blank;
    bool seeking;            /* style.c reads ahead: nothing is reported */
} kh_work;

/* --- note.c --------------------------------------------------------------------- */
/* A finding at a cell of the record, at a line, or of the file (line 0). column counts from 1, 0: none. text: translated; freed expectations may be NULL. */
void kh_note(kh_work *w, kh_severity severity, const char *code, uint32_t line, uint32_t column, const char *value, size_t len, const char *expected, const char *text, ...)
    __attribute__((format(printf, 9, 10)));
void kh_note_cell(kh_work *w, kh_severity severity, const char *code, uint32_t column /* from 0 */, const char *expected, const char *text, ...)
    __attribute__((format(printf, 6, 7)));
void kh_note_own(kh_work *w, kh_severity severity, const char *code, uint32_t column, const char *expected, const char *text); /* a script's: any code */
bool kh_code_known(const char *code);

/* --- workbook.c ----------------------------------------------------------------- */
/* If the file is a workbook, its sheet's text takes the file's place; what is wrong with it is a finding and fatal. */
int kh_workbook_open(kh_work *w, kh_error *err);

/* --- origin.c -------------------------------------------------------------------- */
bool kh_origin_form_by_name(const kh_catalog *c, const char *file, uint32_t *form);
int kh_origin_find(kh_work *w, kh_error *err); /* period, then sender */
void kh_origin_from_rows(kh_work *w);          /* the only reporter of the rows */
bool kh_form_reports(const kh_work *w, kh_unit unit, kh_day at);

/* --- map.c ------------------------------------------------------------------------ */
void kh_map_columns(kh_work *w); /* findings for what is missing, twice, unknown */
void kh_unmap_columns(kh_work *w);

/* --- place.c ---------------------------------------------------------------------- */
enum { KH_PLACE_NONE, KH_PLACE_GOOD, KH_PLACE_OUTSIDE, KH_PLACE_AMBIGUOUS, KH_PLACE_OTHER_DATE };
kh_unit kh_place_unit(kh_work *w, uint32_t column, kh_day at);            /* KH_NO_UNIT: blank or bad (a finding) */
bool kh_place_same(kh_work *w, uint32_t column, kh_unit unit, kh_day at);    /* the cell is blank, or a name that this unit has */
bool kh_place_allowed(kh_work *w, kh_unit unit, kh_day at);
void kh_place_note_outside(kh_work *w, uint32_t column, kh_unit unit);
void kh_place_note_date(kh_work *w, uint32_t column, kh_unit unit, kh_day at);
kh_period kh_place_period(kh_work *w, uint32_t column);                   /* KH_NO_PERIOD: blank or bad (a finding) */
bool kh_place_period_fits(kh_work *w, kh_period p, uint32_t column /* UINT32_MAX: the row */);
void kh_place_seen(kh_work *w, kh_period p);                              /* for the span */
void kh_kept_begin(kh_intake_kept *k, const kh_catalog *c); /* forgets what is of another catalog or of before an alias */
void kh_kept_end(kh_intake_kept *k);                        /* keeps it small */

/* --- style.c ----------------------------------------------------------------------- */
void kh_style_seek(kh_work *w, uint32_t column); /* evidence from all of the file for this column */

/* --- cell.c ------------------------------------------------------------------------ */
const kh_cell *kh_cell_at(kh_work *w, uint32_t column); /* of the record, trimmed copy */
void kh_trim(const char **s, size_t *n);
typedef enum kh_blank { KH_BLANK_NOT, KH_BLANK_EMPTY, KH_BLANK_DASH, KH_BLANK_DOTS } kh_blank;
kh_blank kh_blank_kind(const char *s, size_t n);
/* The number of a cell for a measure (NULL: integer says the type). False: nothing (blank, or a finding was made). */
bool kh_cell_number(kh_work *w, uint32_t column, const kh_measure *m, bool integer, kh_dec *out);
bool kh_cell_check(kh_work *w, uint32_t column, const kh_measure *m, kh_dec *value); /* whole, within bounds; column UINT32_MAX: the row */
/* Puts the cell's value of measure m into the row's puts. */
void kh_cell_measure(kh_work *w, uint32_t column, uint32_t measure, uint32_t target);
const char *kh_cell_text(kh_work *w, const char *s, size_t *n); /* NFC, the quote before a formula taken off */
bool kh_cell_words(kh_work *w, uint32_t column, uint32_t measure, const char **text, size_t *n); /* choice and text */
bool kh_words_check(kh_work *w, uint32_t column, uint32_t measure, const char **text, size_t *n); /* a choice's code; a text's length */
kh_day kh_cell_date(kh_work *w, uint32_t column);

/* --- check.c ------------------------------------------------------------------------ */
void kh_sum_add(kh_sum *s, kh_dec d);
void kh_check_sums(kh_work *w);                  /* sum_of within the row */
void kh_check_data_row(kh_work *w, bool good);   /* adds to the sums for totals */
void kh_check_total_row(kh_work *w);
void kh_check_group_row(kh_work *w);
void kh_check_totals(kh_work *w);                /* at the end */
void kh_check_own_total(kh_work *w);             /* of the whole return, sealed */
void kh_check_free(kh_work *w);

/* --- read.c ------------------------------------------------------------------------- */
typedef enum kh_row_kind { KH_ROW_DATA, KH_ROW_BLANK, KH_ROW_TOTAL, KH_ROW_GROUP, KH_ROW_NOTE } kh_row_kind;
kh_row_kind kh_read_kind(kh_work *w, const kh_record *r);
int kh_read_rows(kh_work *w, kh_error *err);
uint32_t kh_target_of(kh_work *w, uint32_t measure, kh_cut cut);
void kh_put_value(kh_work *w, uint32_t target, uint32_t column, kh_unit unit, kh_period period, kh_dec value, const char *text, size_t len);

/* --- row.c -------------------------------------------------------------------------- */
int kh_row_run(kh_work *w, kh_error *err);

/* --- refuse.c ------------------------------------------------------------------------ */
struct kh_refusals *kh_refusals_new(kh_work *w);
void kh_refusals_free(struct kh_refusals *r);
/* Calls fn with each record of the file as it was read; KH_ESTORE: the file is another by now. */
typedef int kh_again_fn(void *ctx, const kh_record *r, kh_error *err);
int kh_refusals_read(const kh_intake *in, kh_again_fn *fn, void *ctx, kh_error *err);
/* What is wrong with a finding's cell and what would be right, one line. */
void kh_reason(const kh_finding *f, bool with_heading, kh_buf *out);
void kh_csv_cell(kh_buf *out, const char *s, size_t n, char delimiter); /* quoted where needed, and no formula */

/* --- intake.c ------------------------------------------------------------------------ */
int kh_work_pull(void *ctx, kh_buf *out, kh_error *err); /* the head's text, then the rest */
kh_map *kh_work_words(void *ctx);
const kh_map *kh_work_titles(kh_work *w, const kh_form *f); /* kh_form_titles, kept from file to file */

#endif

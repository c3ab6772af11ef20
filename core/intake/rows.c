/* SPDX-License-Identifier: MIT */
/*
 * Text -> records, by libcsv in its strict mode, with blanks kept. Its callbacks
 * know no position and cannot stop it, so it is fed one physical line at a time:
 * the line that is being fed is where a cell ends and the next begins. A line
 * without a quotation mark needs no parser; it is split where it lies, which is
 * what nearly every line of a big file is. A test proves that both give the same.
 *
 * A line ends at LF, CR or CRLF. A record that cannot be right is reported where
 * its fault lies (an open quote where it opens) and reading goes on with the line
 * after that, so that the faults behind it are found in the same run.
 *
 * Cells point into the buffer, or into a copy where quotes were undone; they live
 * until the next call. Memory: one block and the longest record, at most 8 MB.
 */
#include "intake/stages.h"

#include "base/mem.h"

#include <csv.h>
#include <string.h>

struct kh_reader {
    kh_text_fn *pull;
    void *ctx;
    char delimiter;
    bool ended, skipping, only_libcsv;
    kh_buf buf;
    size_t at;       /* where the next record begins in buf */
    uint64_t base;   /* offset of buf.data[0] in the text */
    uint32_t line;   /* physical line at `at` */
    kh_cell *cells;
    size_t n, cap;
    struct csv_parser csv;
    bool csv_ready, record_done;
    kh_buf copy;     /* texts of cells that came through libcsv */
    uint32_t feeding, cell_line;
};

kh_reader *kh_reader_new(kh_text_fn *pull, void *ctx, char delimiter)
{
    kh_reader *r = kh_zalloc(1, sizeof *r);
    r->pull = pull;
    r->ctx = ctx;
    r->delimiter = delimiter;
    r->line = 1;
    return r;
}

void kh_reader_free(kh_reader *r)
{
    if (!r)
        return;
    if (r->csv_ready)
        csv_free(&r->csv);
    kh_buf_free(&r->buf);
    kh_buf_free(&r->copy);
    kh_free(r->cells);
    kh_free(r);
}

uint32_t kh_reader_line(const kh_reader *r)
{
    return r->line;
}

void kh_reader_by_libcsv(kh_reader *r)
{
    r->only_libcsv = true;
}

/* More text behind what is there, which moves to the front. 0: there is none; negative: failed. */
static int fill(kh_reader *r, kh_error *err)
{
    if (r->at) {
        memmove(r->buf.data, r->buf.data + r->at, r->buf.len - r->at);
        r->buf.len -= r->at;
        r->base += r->at;
        r->at = 0;
    }
    size_t before = r->buf.len;
    while (!r->ended && r->buf.len == before) {
        int rc = r->pull(r->ctx, &r->buf, err);
        if (rc < 0)
            return rc;
        r->ended = rc == 0;
    }
    return r->buf.len > before;
}

static void push_cell(kh_reader *r, const char *s, size_t n, uint32_t line)
{
    KH_PUSH(r->cells, r->n, r->cap) = (kh_cell){s, (uint32_t)n, line & INT32_MAX, 0};
}

/* ---- lines without quotes ---- */

typedef enum split { SPLIT_DONE, SPLIT_QUOTE, SPLIT_MORE } split;

/* Splits the line at r->at; *len: with its end. */
static split split_line(kh_reader *r, size_t *len)
{
    const char *from = r->buf.data + r->at, *end = r->buf.data + r->buf.len, *cell = from, *p = from;
    const char delimiter = r->delimiter;
    r->n = 0;
    for (; p < end; p++) {
        char c = *p;
        if (c == delimiter) {
            push_cell(r, cell, (size_t)(p - cell), r->line);
            cell = p + 1;
        } else if (c == '"')
            return SPLIT_QUOTE;
        else if (c == '\n' || c == '\r')
            break;
    }
    if (p == end && !r->ended)
        return SPLIT_MORE;
    size_t ending = 0;
    if (p < end) {
        ending = 1;
        if (*p == '\r' && p + 1 == end && !r->ended)
            return SPLIT_MORE;
        if (*p == '\r' && p + 1 < end && p[1] == '\n')
            ending = 2;
    }
    *len = (size_t)(p - from) + ending;
    if (p > from)
        push_cell(r, cell, (size_t)(p - cell), r->line);
    return SPLIT_DONE;
}

/* ---- lines with quotes ---- */

static void *csv_grow(void *p, size_t n)
{
    return kh_realloc(p, n, 1);
}

static int no_blank(unsigned char c)
{
    (void)c;
    return 0;
}

static void ready_csv(kh_reader *r)
{
    if (r->csv_ready)
        return;
    csv_init(&r->csv, CSV_STRICT | CSV_STRICT_FINI);
    csv_set_delim(&r->csv, (unsigned char)r->delimiter);
    csv_set_space_func(&r->csv, no_blank);
    csv_set_realloc_func(&r->csv, csv_grow);
    csv_set_free_func(&r->csv, kh_free);
    csv_set_blk_size(&r->csv, 4096);
    r->csv_ready = true;
}

static void forget_csv(kh_reader *r)
{
    csv_free(&r->csv);
    r->csv_ready = false;
}

static void on_cell(void *s, size_t n, void *ctx)
{
    kh_reader *r = ctx;
    kh_buf_add(&r->copy, s, n);
    push_cell(r, NULL, n, r->cell_line);
    r->cell_line = r->feeding;
}

static void on_record(int end, void *ctx)
{
    (void)end;
    ((kh_reader *)ctx)->record_done = true;
}

/* Length with its end of the line that begins `from` bytes behind r->at; 0: the text ends there. */
static int line_length(kh_reader *r, size_t from, size_t *len, kh_error *err)
{
    size_t i = from;
    for (;;) {
        const char *s = r->buf.data + r->at;
        size_t n = r->buf.len - r->at;
        while (i < n && s[i] != '\n' && s[i] != '\r')
            i++;
        bool cr = i < n && s[i] == '\r';
        if (i < n && (!cr || i + 1 < n || r->ended)) {
            *len = i + 1 + (cr && i + 1 < n && s[i + 1] == '\n') - from;
            return KH_OK;
        }
        int rc = i - from > KH_RECORD_MOST ? 0 : fill(r, err);
        if (rc < 0)
            return rc;
        if (rc == 0 && r->buf.len - r->at == n) {
            if (cr)
                continue; /* now it is known that nothing follows */
            *len = i - from;
            return KH_OK;
        }
    }
}

static void place_cells(kh_reader *r)
{
    const char *s = kh_buf_cstr(&r->copy);
    for (size_t i = 0; i < r->n; i++) {
        r->cells[i].s = s;
        s += r->cells[i].n;
    }
}

/* A fault in the cell that is being read, which began on `line`. */
static void fault(kh_reader *r, kh_record *out, kh_record_fault kind, uint32_t line)
{
    out->fault = kind;
    out->fault_line = line;
    out->fault_column = (uint32_t)r->n + 1;
    forget_csv(r);
}

/* Where reading goes on after a fault: behind the line on which the faulty cell began. */
typedef struct resume { size_t pos; uint32_t lines; bool inside; } resume;

static bool is_line_end(char c)
{
    return c == '\n' || c == '\r';
}

/* Feeds the line at `pos`. True: the record goes on with the next line. */
static bool feed(kh_reader *r, kh_record *out, size_t pos, size_t len, uint32_t lines, resume *after)
{
    const char *s = r->buf.data + r->at + pos;
    bool partial = !is_line_end(s[len - 1]) && !r->ended;
    r->feeding = r->line + lines;
    size_t fed = csv_parse(&r->csv, s, len, on_cell, on_record, r);
    if (r->cell_line == r->feeding)
        *after = (resume){pos + len, lines + !partial, partial};
    if (fed < len)
        fault(r, out, r->cell_line < r->feeding ? KH_RECORD_QUOTE_OPEN : KH_RECORD_QUOTE_STRAY, r->cell_line);
    else if (!r->record_done && (partial || pos + len > KH_RECORD_MOST))
        fault(r, out, KH_RECORD_QUOTE_OPEN, r->cell_line);
    /* An empty line is no record, and the next may be one: only lines with a quote must be gone through here. */
    bool empty = pos == 0 && is_line_end(s[0]);
    return !out->fault && !r->record_done && !empty;
}

/* Feeds lines until a record is whole; *used, *lines: what it took, or what to pass over after a fault. */
static int parse_quoted(kh_reader *r, kh_record *out, size_t *used, uint32_t *lines, kh_error *err)
{
    resume after = {0, 0, false};
    size_t pos = 0, len;
    bool more = true;
    ready_csv(r);
    r->n = 0;
    r->record_done = false;
    kh_buf_clear(&r->copy);
    r->cell_line = r->line;
    *lines = 0;
    while (more) {
        int rc = line_length(r, pos, &len, err);
        if (rc != KH_OK)
            return rc;
        if (len == 0) {
            if (csv_fini(&r->csv, on_cell, on_record, r) != 0)
                fault(r, out, KH_RECORD_QUOTE_OPEN, r->cell_line);
            break;
        }
        more = feed(r, out, pos, len, *lines, &after);
        pos += len;
        (*lines)++;
    }
    if (out->fault) {
        pos = after.pos;
        *lines = after.lines;
        r->skipping = after.inside;
    }
    place_cells(r);
    *used = pos;
    return KH_OK;
}

/* ---- records ---- */

/* Passes over the rest of a line that was too long. */
static int skip_line(kh_reader *r, kh_error *err)
{
    while (r->skipping) {
        const char *s = r->buf.data + r->at;
        size_t n = r->buf.len - r->at, i = 0;
        while (i < n && s[i] != '\n' && s[i] != '\r')
            i++;
        r->at += i;
        if (i < n) {
            size_t len;
            int rc = line_length(r, 0, &len, err);
            if (rc != KH_OK)
                return rc;
            r->at += len;
            r->line++;
            r->skipping = false;
            return KH_OK;
        }
        int rc = fill(r, err);
        if (rc < 0)
            return rc;
        if (rc == 0)
            r->skipping = false;
    }
    return KH_OK;
}

/* A row of a workbook: quoted line ends count for nothing, numbers are marked. */
static void as_sheet(kh_reader *r, uint32_t *lines)
{
    for (size_t i = 0; i < r->n; i++) {
        kh_cell *c = &r->cells[i];
        c->line = r->line & INT32_MAX;
        c->number = c->n && c->s[0] == KH_SHEET_NUMBER;
        c->s += c->number;
        c->n -= c->number;
    }
    *lines = 1;
}

static void give(kh_reader *r, kh_record *out, size_t used, uint32_t lines)
{
    out->cells = r->cells;
    out->n = (uint32_t)r->n;
    out->line = r->line;
    out->from = r->base + r->at;
    out->to = out->from + used;
    r->at += used;
    r->line += lines;
}

int kh_reader_next(kh_reader *r, kh_record *out, kh_error *err)
{
    *out = (kh_record){.fault = KH_RECORD_GOOD};
    for (;;) {
        size_t len;
        uint32_t lines = 1;
        int rc = skip_line(r, err);
        if (rc != KH_OK)
            return rc;
        if (r->at == r->buf.len && (rc = fill(r, err)) <= 0)
            return rc;
        split how = r->only_libcsv ? SPLIT_QUOTE : split_line(r, &len);
        if (how == SPLIT_MORE && r->buf.len - r->at <= KH_RECORD_MOST) {
            if ((rc = fill(r, err)) < 0)
                return rc;
            continue;
        }
        if (how == SPLIT_QUOTE && (rc = parse_quoted(r, out, &len, &lines, err)) != KH_OK)
            return rc;
        if (how == SPLIT_MORE) {
            out->fault = KH_RECORD_TOO_LONG;
            out->fault_line = r->line;
            out->fault_column = (uint32_t)r->n + 1;
            r->skipping = true;
            len = lines = 0;
        }
        if (r->delimiter == KH_SHEET_DELIMITER)
            as_sheet(r, &lines);
        if (r->n || out->fault) {
            give(r, out, len, lines);
            return 1;
        }
        r->at += len;
        r->line += lines;
    }
}

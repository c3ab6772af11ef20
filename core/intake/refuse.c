/* SPDX-License-Identifier: MIT */
/*
 * What goes back to the sender: the refused rows with the reason beside each.
 * Nothing of the file is kept for that; it is read a second time (by its name,
 * or from the kept bytes of standard input), and must still be the same bytes.
 */
#include "intake/work.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- what is needed to read again ---- */

struct kh_refusals *kh_refusals_new(kh_work *w)
{
    struct kh_refusals *r = kh_zalloc(1, sizeof *r);
    r->bytes = kh_source_take(w->source, &r->n);
    r->encoding = kh_decode_name(&w->decode);
    r->delimiter = w->in->delimiter ? w->in->delimiter : ',';
    r->sheet = w->sheet;
    r->written = r->sheet ? ',' : r->delimiter;
    r->header_line = w->in->header_line;
    r->data_line = w->in->data_line;
    r->n_headings = w->n_columns;
    r->headings = kh_zalloc(w->n_columns + 1, sizeof *r->headings);
    for (size_t j = 0; j < w->n_columns; j++)
        r->headings[j] = kh_strdup(w->columns[j].heading);
    return r;
}

void kh_refusals_free(struct kh_refusals *r)
{
    if (!r)
        return;
    for (size_t j = 0; j < r->n_headings; j++)
        kh_free(r->headings[j]);
    kh_free(r->headings);
    kh_free(r->bytes);
    kh_free(r);
}

static int open_again(const kh_intake *in, kh_source **out, kh_error *err)
{
    const struct kh_refusals *r = in->refusals;
    if (r->bytes) {
        *out = kh_source_bytes(r->bytes, r->n);
        return KH_OK;
    }
    if (strcmp(in->file, "-") == 0)
        return kh_fail(err, KH_EUSAGE, "standard input was too long to be kept, so its refused rows cannot be written; save it as a file first");
    return kh_source_open(out, in->file, err);
}

static int pull(void *ctx, kh_buf *out, kh_error *err)
{
    return kh_decode_pull(ctx, out, err);
}

static int each_record(kh_reader *rows, kh_again_fn *fn, void *ctx, kh_error *err)
{
    kh_record rec;
    int rc;
    while ((rc = kh_reader_next(rows, &rec, err)) > 0)
        if ((rc = fn(ctx, &rec, err)) != KH_OK)
            return rc;
    return rc;
}

int kh_refusals_read(const kh_intake *in, kh_again_fn *fn, void *ctx, kh_error *err)
{
    kh_source *s;
    kh_decode d;
    char hex[KH_SHA256_HEX];
    uint64_t bytes;
    int rc = open_again(in, &s, err);
    if (rc != KH_OK)
        return rc;
    kh_decode_init(&d, s, NULL, NULL);
    kh_reader *rows = kh_reader_new(pull, &d, in->refusals->delimiter);
    rc = kh_decode_as(&d, in->refusals->encoding, err);
    if (rc == KH_OK)
        rc = each_record(rows, fn, ctx, err);
    if (rc == KH_OK)
        rc = kh_source_finish(s, hex, &bytes, err);
    if (rc == KH_OK && !in->refusals->sheet && strcmp(hex, in->sha256) != 0)
        rc = kh_fail(err, KH_ESTORE, "%s has changed since it was read", in->file);
    kh_reader_free(rows);
    kh_decode_free(&d);
    kh_source_free(s);
    return rc;
}

/* ---- texts ---- */

void kh_reason(const kh_finding *f, bool with_heading, kh_buf *out)
{
    kh_buf_printf(out, "[%s] ", f->code);
    if (with_heading && f->heading)
        kh_buf_printf(out, "%s: ", f->heading);
    kh_buf_str(out, f->text);
    if (f->expected)
        kh_buf_printf(out, _("; right would be: %s"), f->expected);
}

/* What a spreadsheet would run: one of these first, also in its wide form or behind blanks. A number with a sign is none. */
static bool is_formula(const char *s, size_t n)
{
    static const char *const wide[] = {"\xEF\xBC\x9D", "\xEF\xBC\x8B", "\xEF\xBC\x8D", "\xEF\xBC\xA0"}; /* ＝ ＋ － ＠ */
    kh_num num;
    size_t i = 0;
    if (n && (*s == '\t' || *s == '\r' || *s == '\n'))
        return true;
    while (i < n && s[i] == ' ')
        i++;
    for (size_t k = 0; k < 4; k++)
        if (n - i >= 3 && memcmp(s + i, wide[k], 3) == 0)
            return true;
    if (i == n || !strchr("=+-@", s[i]) || s[i] == '\0')
        return false;
    return kh_num_read(s + i, n - i, &num) == KH_NUM_NONE && kh_blank_kind(s + i, n - i) == KH_BLANK_NOT;
}

void kh_csv_cell(kh_buf *out, const char *s, size_t n, char delimiter)
{
    bool formula = is_formula(s, n), quote = formula;
    for (size_t i = 0; i < n && !quote; i++)
        quote = s[i] == delimiter || s[i] == '"' || s[i] == '\n' || s[i] == '\r';
    if (!quote) {
        kh_buf_add(out, s, n);
        return;
    }
    kh_buf_char(out, '"');
    if (formula)
        kh_buf_char(out, '\'');
    for (size_t i = 0; i < n; i++) {
        if (s[i] == '"')
            kh_buf_char(out, '"');
        kh_buf_char(out, s[i]);
    }
    kh_buf_char(out, '"');
}

/* ---- the rows ---- */

typedef struct back {
    const kh_intake *in;
    const kh_finding *all;
    size_t n, next;  /* the next finding that no row has taken yet; they are sorted by line */
    kh_buf *out;
} back;

static void put_text(back *b, const char *s)
{
    kh_csv_cell(b->out, s, strlen(s), b->in->refusals->written);
}

static void put_reasons(back *b, uint32_t line, size_t from, size_t to)
{
    kh_buf reasons = KH_BUF_INIT;
    char number[16] = "";
    bool first = true;
    for (size_t i = from; i < to; i++) {
        if (b->all[i].severity != KH_ERROR)
            continue;
        if (!first)
            kh_buf_str(&reasons, " | ");
        first = false;
        kh_reason(&b->all[i], true, &reasons);
    }
    if (line)
        snprintf(number, sizeof number, "%u", line);
    kh_buf_printf(b->out, "%s%c", number, b->in->refusals->written);
    put_text(b, kh_buf_cstr(&reasons));
    kh_buf_free(&reasons);
}

static bool any_error(const back *b, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++)
        if (b->all[i].severity == KH_ERROR)
            return true;
    return false;
}

/* Findings of lines before `line` that belong to no row of data: with the reason alone. */
static void put_loose(back *b, uint32_t line)
{
    while (b->next < b->n && b->all[b->next].line < line) {
        size_t to = b->next + 1;
        while (to < b->n && b->all[to].line == b->all[b->next].line)
            to++;
        if (any_error(b, b->next, to)) {
            put_reasons(b, b->all[b->next].line, b->next, to);
            for (size_t j = 0; j < b->in->refusals->n_headings; j++)
                kh_buf_char(b->out, b->in->refusals->written);
            kh_buf_str(b->out, "\r\n");
        }
        b->next = to;
    }
}

static int put_record(void *ctx, const kh_record *r, kh_error *err)
{
    back *b = ctx;
    uint32_t last = r->line;
    (void)err;
    if (r->line < b->in->refusals->data_line)
        return KH_OK;
    for (uint32_t j = 0; j < r->n; j++)
        if (r->cells[j].line > last)
            last = r->cells[j].line;
    put_loose(b, r->line);
    size_t to = b->next;
    while (to < b->n && b->all[to].line <= last)
        to++;
    if (any_error(b, b->next, to)) {
        put_reasons(b, r->line, b->next, to);
        for (uint32_t j = 0; j < r->n; j++) {
            kh_buf_char(b->out, b->in->refusals->written);
            kh_csv_cell(b->out, r->cells[j].s, r->cells[j].n, b->in->refusals->written);
        }
        for (size_t j = r->n; j < b->in->refusals->n_headings; j++)
            kh_buf_char(b->out, b->in->refusals->written);
        kh_buf_str(b->out, "\r\n");
    }
    b->next = to;
    return KH_OK;
}

static int by_line(const void *x, const void *y)
{
    const kh_finding *a = x, *b = y;
    return a->line != b->line ? (a->line > b->line) - (a->line < b->line) : (a->column > b->column) - (a->column < b->column);
}

int kh_intake_refused_csv(const kh_intake *in, kh_buf *out, kh_error *err)
{
    const kh_finding *all;
    size_t n = kh_findings_all(in->findings, &all), mine = 0;
    kh_finding *sorted = kh_alloc((n + 1) * sizeof *sorted);
    for (size_t i = 0; i < n; i++) /* rules may name other files */
        if (!all[i].file || strcmp(all[i].file, in->file) == 0)
            sorted[mine++] = all[i];
    qsort(sorted, mine, sizeof *sorted, by_line);
    back b = {in, sorted, mine, 0, out};
    kh_buf_str(out, "\xEF\xBB\xBF");
    put_text(&b, _("Line"));
    kh_buf_char(out, in->refusals->written);
    put_text(&b, _("Reason"));
    for (size_t j = 0; j < in->refusals->n_headings; j++) {
        kh_buf_char(out, in->refusals->written);
        put_text(&b, in->refusals->headings[j]);
    }
    kh_buf_str(out, "\r\n");
    int rc = kh_refusals_read(in, put_record, &b, err);
    if (rc == KH_OK)
        put_loose(&b, UINT32_MAX);
    kh_free(sorted);
    return rc;
}

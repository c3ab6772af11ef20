/* SPDX-License-Identifier: MIT */
/*
 * Findings are made here: place, heading, value (cut to what a person reads),
 * what is wrong and what would be right. Beyond max_findings they are counted
 * and no longer kept, for a file with the wrong columns has one in every cell.
 */
#include "intake/work.h"

#include "base/text.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 10000, VALUE_BYTES = 160 };

/* At most VALUE_BYTES, cut on a code point, an ellipsis where something was cut. */
static char *shown(const char *s, size_t n)
{
    if (n <= VALUE_BYTES)
        return kh_strndup(s, n);
    size_t k = VALUE_BYTES;
    while (k > 0 && ((unsigned char)s[k] & 0xC0) == 0x80)
        k--;
    return kh_asprintf("%.*s…", (int)k, s);
}

/* Above the header a column has no title. */
static const char *heading_of(const kh_work *w, uint32_t line, uint32_t column)
{
    if (column == 0 || column > w->n_columns || line < w->in->header_line)
        return NULL;
    const char *h = w->columns[column - 1].heading;
    return h && *h ? h : NULL;
}

static bool room_for(kh_work *w)
{
    const kh_finding *all;
    uint32_t most = w->o->max_findings ? w->o->max_findings : MOST;
    if (kh_findings_all(w->in->findings, &all) < most)
        return true;
    w->unlisted++;
    return false;
}

/* A script may ask for the same cell many times. */
static bool said_before(const kh_work *w, const char *code, uint32_t line, uint32_t column, const char *text)
{
    const kh_finding *all;
    size_t n = kh_findings_all(w->in->findings, &all);
    for (size_t i = n; i > 0 && n - i < 32 && all[i - 1].line == line; i--)
        if (all[i - 1].column == column && strcmp(all[i - 1].code, code) == 0 && strcmp(all[i - 1].text, text) == 0)
            return true;
    return false;
}

static __attribute__((format(printf, 9, 0))) void add(kh_work *w, kh_severity severity, const char *code, uint32_t line, uint32_t column, const char *value, size_t len, const char *expected, const char *text, va_list ap)
{
    if (w->seeking)
        return;
    if (severity == KH_WARNING && w->o->warnings_are_errors)
        severity = KH_ERROR;
    char *said = NULL;
    if (vasprintf(&said, text, ap) < 0)
        said = NULL;
    bool again = line && said_before(w, code, line, column, said ? said : text);
    if (severity == KH_ERROR && !again)
        w->errors++;
    if (again || !room_for(w)) {
        free(said);
        return;
    }
    char *seen = value ? shown(value, len) : NULL;
    kh_finding f = {.file = w->in->file, .line = line, .column = column, .row = w->record ? w->row : 0, .severity = severity, .code = code,
                    .heading = heading_of(w, line, column), .value = seen, .text = said ? said : text, .expected = expected};
    kh_findings_add(w->in->findings, &f);
    free(said);
    kh_free(seen);
}

void kh_note(kh_work *w, kh_severity severity, const char *code, uint32_t line, uint32_t column, const char *value, size_t len, const char *expected, const char *text, ...)
{
    va_list ap;
    assert(kh_code_known(code));
    va_start(ap, text);
    add(w, severity, code, line, column, value, len, expected, text, ap);
    va_end(ap);
}

static __attribute__((format(printf, 6, 0))) void add_cell(kh_work *w, kh_severity severity, const char *code, uint32_t column, const char *expected, const char *text, va_list ap)
{
    const kh_record *r = w->record;
    bool cell = column < r->n;
    add(w, severity, code, cell ? r->cells[column].line : r->line, column == UINT32_MAX ? 0 : column + 1, cell ? r->cells[column].s : NULL,
        cell ? r->cells[column].n : 0, expected, text, ap);
}

/* What cannot be read at all is wrong once: bytes that are no text, cells that a short row lacks. */
static bool told_already(const kh_work *w, const char *code, uint32_t column)
{
    const kh_record *r = w->record;
    if (column >= r->n)
        return w->row_short && column < w->n_columns;
    return w->row_broken && strcmp(code, "ENCODING") != 0 && strcmp(code, "NUL-BYTE") != 0 &&
           (memmem(r->cells[column].s, r->cells[column].n, "\xEF\xBF\xBD", 3) || memchr(r->cells[column].s, 0, r->cells[column].n));
}

void kh_note_cell(kh_work *w, kh_severity severity, const char *code, uint32_t column, const char *expected, const char *text, ...)
{
    va_list ap;
    assert(kh_code_known(code));
    if (told_already(w, code, column))
        return;
    va_start(ap, text);
    add_cell(w, severity, code, column, expected, text, ap);
    va_end(ap);
}

static __attribute__((format(printf, 6, 7))) void add_own(kh_work *w, kh_severity severity, const char *code, uint32_t column, const char *expected, const char *text, ...)
{
    va_list ap;
    va_start(ap, text);
    add_cell(w, severity, code, column, expected, text, ap);
    va_end(ap);
}

void kh_note_own(kh_work *w, kh_severity severity, const char *code, uint32_t column, const char *expected, const char *text)
{
    add_own(w, severity, code, column, expected, "%s", text);
}

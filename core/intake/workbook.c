/* SPDX-License-Identifier: MIT */
/*
 * A return as a workbook: which of its sheets is meant, and that sheet's text in
 * place of the file. One sheet that is visible and has something in it is it;
 * among several the one with the form's titles; else the clerk must name it, for
 * a sheet that is passed over may be half of the return.
 */
#include "intake/book.h"
#include "intake/work.h"

#include <string.h>
#include <strings.h>

enum { FILE_MOST = 64 << 20, HEADS_MOST = 64 };

static void note(kh_work *w, const char *code, const char *expected, const char *text)
{
    kh_note(w, KH_ERROR, code, 0, 0, NULL, 0, expected, "%s", text);
    w->fatal = true;
}

static int read_all(kh_source *s, kh_buf *out, kh_error *err)
{
    const char *block;
    size_t n;
    do {
        int rc = kh_source_read(s, &block, &n, err);
        if (rc != KH_OK)
            return rc;
        kh_buf_add(out, block, n);
    } while (n && out->len <= FILE_MOST);
    kh_buf_cstr(out);
    return KH_OK;
}

static bool begins(const char *s, size_t n, const char *with)
{
    return n >= strlen(with) && strncasecmp(s, with, strlen(with)) == 0;
}

/* What programs write that call a web page or XML ".xls"; a PDF. NULL: nothing of the kind. */
static const char *other_kind(const char *s, size_t n)
{
    if (n >= 3 && memcmp(s, "\xEF\xBB\xBF", 3) == 0) {
        s += 3;
        n -= 3;
    }
    for (; n && strchr(" \t\r\n", *s); s++)
        n--;
    if (begins(s, n, "<html") || begins(s, n, "<!doctype html") || begins(s, n, "<table") || begins(s, n, "<meta") || begins(s, n, "<style"))
        return _("this is a web page, whatever its name says");
    if (begins(s, n, "<?xml") || begins(s, n, "<workbook"))
        return _("this is XML, and no .xlsx");
    if (begins(s, n, "%PDF-"))
        return _("this is a PDF: a picture of a table, and no table");
    return NULL;
}

typedef struct first { bool zip, old; const char *other; } first;

static int first_bytes(kh_work *w, first *f, kh_error *err)
{
    char bytes[64];
    size_t n;
    int rc = kh_source_peek(w->source, bytes, sizeof bytes, &n, err);
    if (rc == KH_OK)
        *f = (first){kh_book_is_zip(bytes, n), kh_book_is_old(bytes, n), other_kind(bytes, n)};
    return rc;
}

/* ---- which sheet ---- */

static bool has_titles(kh_work *w, const kh_buf *text, const kh_form *f)
{
    kh_error none = KH_ERROR_INIT;
    kh_buf begin = KH_BUF_INIT;
    kh_head head;
    kh_layout layout;
    kh_buf_add(&begin, text->data, text->len < KH_HEAD_BYTES ? text->len : KH_HEAD_BYTES);
    kh_buf_cstr(&begin);
    bool found = kh_head_read(&head, &begin, begin.len == text->len, KH_SHEET_DELIMITER, KH_HEAD_RECORDS, &none) == KH_OK;
    if (found) {
        kh_layout_find(&head, f, kh_work_titles(w, f), w->c->units, &layout);
        found = layout.rows > 0;
    }
    kh_head_free(&head);
    kh_buf_free(&begin);
    kh_error_clear(&none);
    return found;
}

static const kh_form *known_form(const kh_work *w)
{
    uint32_t form = UINT32_MAX;
    if (w->o->form)
        form = kh_catalog_find(w->c, KH_DEF_FORM, w->o->form);
    else
        kh_origin_form_by_name(w->c, w->in->file, &form);
    return form == UINT32_MAX ? NULL : &w->c->forms[form];
}

static char *names_of(const kh_book *b, const kh_buf *texts)
{
    kh_buf names = KH_BUF_INIT;
    for (size_t i = 0; i < b->n_sheets && names.len < 400; i++)
        if (texts[i].len)
            kh_buf_printf(&names, "%s\"%s\"", names.len ? ", " : "", b->sheets[i].name);
    kh_buf_cstr(&names);
    return kh_buf_take(&names);
}

/* The only sheet that has something in it; the only one of those that has the titles; else n_sheets. */
static size_t choose(kh_work *w, const kh_book *b, const kh_buf *texts)
{
    const kh_form *f = known_form(w);
    size_t filled = 0, fitting = 0, last = b->n_sheets, fit = last;
    for (size_t i = 0; i < b->n_sheets; i++)
        if (texts[i].len) {
            filled++;
            last = i;
        }
    for (size_t i = 0; i < b->n_sheets && filled > 1 && f; i++)
        if (texts[i].len && has_titles(w, &texts[i], f)) {
            fitting++;
            fit = i;
        }
    return filled == 1 ? last : fitting == 1 ? fit : b->n_sheets;
}

static void take(kh_work *w, const kh_book *b, kh_buf *texts, size_t i)
{
    w->in->sheet = kh_strdup(b->sheets[i].name);
    w->sheet_text = texts[i];
    texts[i] = (kh_buf)KH_BUF_INIT;
}

static void pick(kh_work *w, const kh_book *b, kh_buf *texts)
{
    size_t i = choose(w, b, texts);
    if (i < b->n_sheets) {
        take(w, b, texts, i);
        return;
    }
    char *names = names_of(b, texts), *expected = kh_asprintf(_("--sheet with one of: %s"), names);
    if (*names)
        note(w, "SHEET", expected, _("several sheets of the workbook have something in them, and not just one has the form's titles"));
    else
        note(w, "NO-DATA", NULL, _("the workbook is empty"));
    kh_free(expected);
    kh_free(names);
}

/* ---- reading ---- */

static int named_sheet(kh_work *w, kh_book *b, kh_buf *texts, kh_error *err)
{
    size_t i = 0;
    while (i < b->n_sheets && strcmp(b->sheets[i].name, w->o->sheet) != 0)
        i++;
    if (i < b->n_sheets) {
        int rc = kh_book_text(b, i, &texts[i], err);
        if (rc == KH_OK)
            take(w, b, texts, i);
        return rc;
    }
    for (i = 0; i < b->n_sheets; i++)
        kh_buf_str(&texts[i], " "); /* all have a name */
    char *names = names_of(b, texts), *expected = kh_asprintf(_("--sheet with one of: %s"), names);
    note(w, "SHEET", expected, _("the workbook has no sheet of that name"));
    kh_free(expected);
    kh_free(names);
    return KH_OK;
}

static int read_sheets(kh_work *w, kh_book *b, kh_error *err)
{
    kh_buf *texts = kh_zalloc(b->n_sheets + 1, sizeof *texts);
    int rc = KH_OK;
    if (w->o->sheet)
        rc = named_sheet(w, b, texts, err);
    else {
        for (size_t i = 0; i < b->n_sheets && rc == KH_OK; i++)
            if (!b->sheets[i].hidden)
                rc = kh_book_text(b, i, &texts[i], err);
        if (rc == KH_OK)
            pick(w, b, texts);
    }
    for (size_t i = 0; i < b->n_sheets; i++)
        kh_buf_free(&texts[i]);
    kh_free(texts);
    return rc;
}

static void read_book(kh_work *w, const kh_buf *bytes)
{
    kh_book b;
    kh_error why = KH_ERROR_INIT;
    int rc = kh_book_open(&b, bytes->data, bytes->len, &why);
    if (rc == KH_OK)
        rc = read_sheets(w, &b, &why);
    if (rc != KH_OK) {
        char *text = kh_asprintf(_("the workbook cannot be read: %s"), why.text ? why.text : "?");
        note(w, "WORKBOOK", _("a workbook saved as .xlsx, or CSV UTF-8"), text);
        kh_free(text);
    }
    kh_error_clear(&why);
    kh_book_free(&b);
}

int kh_workbook_open(kh_work *w, kh_error *err)
{
    first f = {false, false, NULL};
    int rc = first_bytes(w, &f, err);
    if (rc == KH_OK && f.other)
        note(w, "WORKBOOK", _("the file opened in the spreadsheet and saved as .xlsx or CSV UTF-8"), f.other);
    if (rc != KH_OK || (!f.zip && !f.old))
        return rc;
    kh_buf bytes = KH_BUF_INIT;
    if (f.old)
        note(w, "WORKBOOK", _("the file saved as .xlsx or CSV UTF-8, without a password"), _("this is a workbook of the old kind (.xls), or one with a password"));
    else if ((rc = read_all(w->source, &bytes, err)) == KH_OK && bytes.len > FILE_MOST)
        note(w, "WORKBOOK", _("a workbook of at most 64 MB, or CSV UTF-8"), _("the workbook is too large"));
    else if (rc == KH_OK)
        read_book(w, &bytes);
    kh_buf_free(&bytes);
    w->sheet = true;
    w->decode.certainty = 100;
    w->source = kh_source_bytes(kh_buf_cstr(&w->sheet_text), w->sheet_text.len);
    return rc;
}

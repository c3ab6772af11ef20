/* SPDX-License-Identifier: MIT */
/*
 * The parts of a workbook that all sheets share: which sheets there are, the
 * texts, and which cell formats are dates or percentages. A workbook comes from
 * anywhere: parts are inflated piece by piece up to a limit on all of them
 * together, a document type (where entities would be) ends the reading, so do
 * elements nested deeper and lists longer than any program writes, and nothing
 * is written anywhere.
 */
#include "intake/book.h"

#include "base/msg.h"
#include "base/num.h"

#include <expat.h>
#include <stdlib.h>
#include <string.h>
#include <zip.h>

enum { BLOCK = 64 << 10, INFLATED_MOST = 512 << 20, DEPTH_MOST = 64, SHEETS_MOST = 1024, STRINGS_MOST = 8 << 20, STYLES_MOST = 1 << 16, FORMATS_MOST = 4096 };

bool kh_book_is_zip(const char *s, size_t n)
{
    return n >= 4 && memcmp(s, "PK\3\4", 4) == 0;
}

bool kh_book_is_old(const char *s, size_t n)
{
    return n >= 8 && memcmp(s, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8) == 0;
}

static const char *local(const char *name)
{
    const char *colon = strrchr(name, ':');
    return colon ? colon + 1 : name;
}

const char *kh_book_attribute(const char **attributes, const char *name)
{
    for (; *attributes; attributes += 2)
        if (strcmp(local(attributes[0]), name) == 0)
            return attributes[1];
    return NULL;
}

/* ---- one part ---- */

typedef struct part { XML_Parser parser; const kh_book_handlers *h; kh_book *b; unsigned depth; } part;

/* The parser keeps what is open, so that depth is memory. */
static void on_start(void *ctx, const char *name, const char **attributes)
{
    part *p = ctx;
    p->b->excess |= ++p->depth > DEPTH_MOST;
    p->h->start(p->h->ctx, local(name), attributes);
    if (p->b->excess)
        XML_StopParser(p->parser, XML_FALSE);
}

static void on_finish(void *ctx, const char *name)
{
    part *p = ctx;
    p->depth--;
    if (p->h->end)
        p->h->end(p->h->ctx, local(name));
    if (p->b->excess)
        XML_StopParser(p->parser, XML_FALSE);
}

static void on_data(void *ctx, const char *s, int n)
{
    const kh_book_handlers *h = ((part *)ctx)->h;
    if (h->text)
        h->text(h->ctx, s, (size_t)n);
}

/* No program writes one into a workbook; whoever does means harm. */
static void on_doctype(void *ctx, const char *name, const char *system, const char *public, int internal)
{
    (void)name, (void)system, (void)public, (void)internal;
    XML_StopParser(((part *)ctx)->parser, XML_FALSE);
}

static int inflate_part(kh_book *b, zip_file_t *f, XML_Parser p, const char *entry, kh_error *err)
{
    char *block = kh_alloc(BLOCK);
    zip_int64_t k = 1;
    int rc = KH_OK;
    while (rc == KH_OK && k > 0) {
        k = zip_fread(f, block, BLOCK);
        b->inflated += k > 0 ? (uint64_t)k : 0;
        if (k < 0)
            rc = kh_fail(err, KH_EFAULTS, "its part %s is damaged", entry);
        else if (b->inflated > INFLATED_MOST)
            rc = kh_fail(err, KH_EFAULTS, "its part %s is too large", entry);
        else if (XML_Parse(p, block, (int)k, k == 0) != XML_STATUS_OK && b->excess)
            rc = kh_fail(err, KH_EFAULTS, "its part %s is not as a workbook must be, or too large", entry);
        else if (XML_GetErrorCode(p) != XML_ERROR_NONE)
            rc = kh_fail(err, KH_EFAULTS, "its part %s is damaged: %s", entry, XML_ErrorString(XML_GetErrorCode(p)));
    }
    kh_free(block);
    return rc;
}

int kh_book_parse(kh_book *b, const char *entry, bool may_miss, const kh_book_handlers *h, kh_error *err)
{
    zip_file_t *f = zip_fopen(b->zip, entry, 0);
    if (!f)
        return may_miss ? KH_OK : kh_fail(err, KH_EFAULTS, "its part %s is missing or protected", entry);
    part p = {XML_ParserCreate(NULL), h, b, 0};
    XML_SetElementHandler(p.parser, on_start, on_finish);
    XML_SetCharacterDataHandler(p.parser, on_data);
    XML_SetStartDoctypeDeclHandler(p.parser, on_doctype);
    XML_SetUserData(p.parser, &p);
    int rc = inflate_part(b, f, p.parser, entry, err);
    XML_ParserFree(p.parser);
    zip_fclose(f);
    return rc;
}

/* ---- sheets ---- */

static void on_workbook(void *ctx, const char *name, const char **attributes)
{
    kh_book *b = ctx;
    if (strcmp(name, "workbookPr") == 0) {
        const char *v = kh_book_attribute(attributes, "date1904");
        b->from_1904 = v && (strcmp(v, "1") == 0 || strcmp(v, "true") == 0);
    }
    if (strcmp(name, "sheet") != 0)
        return;
    b->excess |= b->n_sheets == SHEETS_MOST;
    const char *title = kh_book_attribute(attributes, "name"), *id = kh_book_attribute(attributes, "id"), *state = kh_book_attribute(attributes, "state");
    KH_PUSH(b->sheets, b->n_sheets, b->cap_sheets) = (kh_book_sheet){kh_arena_strdup(b->arena, title ? title : ""), kh_arena_strdup(b->arena, id ? id : ""), NULL,
                                                                     state && strcmp(state, "visible") != 0};
}

/* Which part of the archive a sheet is. */
static void on_relation(void *ctx, const char *name, const char **attributes)
{
    kh_book *b = ctx;
    const char *id = kh_book_attribute(attributes, "Id"), *target = kh_book_attribute(attributes, "Target");
    if (strcmp(name, "Relationship") != 0 || !id || !target)
        return;
    for (size_t i = 0; i < b->n_sheets; i++)
        if (!b->sheets[i].entry && strcmp(b->sheets[i].id, id) == 0) {
            char *entry = target[0] == '/' ? kh_strdup(target + 1) : kh_asprintf("xl/%s", target);
            b->sheets[i].entry = kh_arena_strdup(b->arena, entry);
            kh_free(entry);
        }
}

/* ---- shared texts ---- */

typedef struct texts { kh_book *b; kh_buf text; bool inside, phonetic; } texts;

static void texts_start(void *ctx, const char *name, const char **attributes)
{
    texts *t = ctx;
    (void)attributes;
    if (strcmp(name, "si") == 0)
        kh_buf_clear(&t->text);
    t->phonetic |= strcmp(name, "rPh") == 0;
    t->inside = strcmp(name, "t") == 0 && !t->phonetic;
}

static void texts_end(void *ctx, const char *name)
{
    texts *t = ctx;
    t->inside = false;
    if (strcmp(name, "rPh") == 0)
        t->phonetic = false;
    t->b->excess |= t->b->n_strings == STRINGS_MOST;
    if (strcmp(name, "si") == 0)
        KH_PUSH(t->b->strings, t->b->n_strings, t->b->cap_strings) = kh_arena_strdup(t->b->arena, kh_buf_cstr(&t->text));
}

static void texts_data(void *ctx, const char *s, size_t n)
{
    texts *t = ctx;
    if (t->inside)
        kh_buf_add(&t->text, s, n);
}

/* ---- cell formats ---- */

typedef struct formats { kh_book *b; struct { int id; kh_book_style style; } *own; size_t n, cap; bool inside; } formats;

/* A number format's code: days and hours have letters outside quotes and brackets, percentages their sign. */
static kh_book_style style_of_code(const char *s)
{
    for (; *s; s++) {
        if (*s == '"') {
            while (s[1] && *++s != '"')
                ;
        } else if (*s == '[' && !strchr("hHmMsS", s[1])) {
            while (s[1] && *++s != ']')
                ;
        } else if ((*s == '\\' || *s == '_' || *s == '*') && s[1]) {
            s++;
        } else if (*s == '%') {
            return KH_BOOK_PERCENT;
        } else if (strchr("yYdDhHsSmM", *s)) {
            return KH_BOOK_DATE;
        } else if (strncmp(s, "General", 7) == 0) {
            s += 6;
        }
    }
    return KH_BOOK_PLAIN;
}

static kh_book_style style_of_id(const formats *f, int id)
{
    for (size_t i = 0; i < f->n; i++)
        if (f->own[i].id == id)
            return f->own[i].style;
    if (id == 9 || id == 10)
        return KH_BOOK_PERCENT;
    bool date = (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) || (id >= 50 && id <= 58);
    return date ? KH_BOOK_DATE : KH_BOOK_PLAIN;
}

/* The number of a format; what is no number is format 0, the general one. */
static int number_of(const char *id)
{
    int n = 0;
    size_t len = strlen(id);
    return len <= 9 && kh_natural(id, len, &n) ? n : 0;
}

static void formats_start(void *ctx, const char *name, const char **attributes)
{
    formats *f = ctx;
    const char *id = kh_book_attribute(attributes, "numFmtId"), *code = kh_book_attribute(attributes, "formatCode");
    f->b->excess |= f->n == FORMATS_MOST || f->b->n_styles == STYLES_MOST;
    if (strcmp(name, "cellXfs") == 0)
        f->inside = true;
    else if (strcmp(name, "numFmt") == 0 && id && code) {
        KH_PUSH(f->own, f->n, f->cap).id = number_of(id);
        f->own[f->n - 1].style = style_of_code(code);
    } else if (f->inside && strcmp(name, "xf") == 0)
        KH_PUSH(f->b->styles, f->b->n_styles, f->b->cap_styles) = (uint8_t)style_of_id(f, id ? number_of(id) : 0);
}

static void formats_end(void *ctx, const char *name)
{
    if (strcmp(name, "cellXfs") == 0)
        ((formats *)ctx)->inside = false;
}

/* ---- the book ---- */

static int read_parts(kh_book *b, kh_error *err)
{
    texts t = {.b = b};
    formats f = {.b = b};
    int rc = kh_book_parse(b, "xl/workbook.xml", false, &(kh_book_handlers){on_workbook, NULL, NULL, b}, err);
    if (rc == KH_OK)
        rc = kh_book_parse(b, "xl/_rels/workbook.xml.rels", false, &(kh_book_handlers){on_relation, NULL, NULL, b}, err);
    if (rc == KH_OK)
        rc = kh_book_parse(b, "xl/sharedStrings.xml", true, &(kh_book_handlers){texts_start, texts_end, texts_data, &t}, err);
    if (rc == KH_OK)
        rc = kh_book_parse(b, "xl/styles.xml", true, &(kh_book_handlers){formats_start, formats_end, NULL, &f}, err);
    kh_buf_free(&t.text);
    kh_free(f.own);
    return rc;
}

int kh_book_open(kh_book *b, const char *bytes, size_t n, kh_error *err)
{
    zip_error_t why;
    *b = (kh_book){.arena = kh_arena_new()};
    zip_source_t *source = zip_source_buffer_create(bytes, n, 0, &why);
    b->zip = source ? zip_open_from_source(source, ZIP_RDONLY, &why) : NULL;
    if (source && !b->zip)
        zip_source_free(source);
    if (!b->zip)
        return kh_fail(err, KH_EFAULTS, "the archive is damaged or not whole");
    if (zip_name_locate(b->zip, "xl/workbook.xml", 0) < 0)
        return kh_fail(err, KH_EFAULTS, "this archive is no Excel workbook (.xlsx)");
    return read_parts(b, err);
}

void kh_book_free(kh_book *b)
{
    if (b->zip)
        zip_discard(b->zip);
    if (b->arena)
        kh_arena_free(b->arena);
    kh_free(b->sheets);
    kh_free(b->strings);
    kh_free(b->styles);
    memset(b, 0, sizeof *b);
}

/* SPDX-License-Identifier: MIT */
/*
 * A workbook by libxlsxwriter: a sheet for each table, one for the charts and
 * one for their figures, and the text on the last. Made in a file that has no
 * name (memfd), since the library writes files only. The creation date is the
 * document's, so the same document gives the same bytes.
 */
#include "report/renderers.h"

#include "base/insist.h"
#include "base/msg.h"
#include "base/text.h"
#include "report/escape.h"
#include "report/official.h"
#include "report/words.h"
#include "report/xlsx.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

/* ---- formats --------------------------------------------------------------- */

static void apply_look(lxw_format *f, const kh_xstyle *s)
{
    static const uint8_t aligns[] = {LXW_ALIGN_NONE, LXW_ALIGN_LEFT, LXW_ALIGN_CENTER, LXW_ALIGN_RIGHT, LXW_ALIGN_JUSTIFY};
    static const lxw_color_t tones[] = {LXW_COLOR_BLACK, 0x1b6e4c, 0xb3261e, 0x8a5a00, 0x5a6472};
    static const lxw_color_t grounds[] = {LXW_COLOR_WHITE, 0xe3f2ea, 0xfbe7e5, 0xfdf1d8, 0xeef1f4};
    bool grid = s->look <= KH_X_SIGNS;
    format_set_font_name(f, "Times New Roman");
    format_set_font_size(f, s->look == KH_X_TITLE ? 14 : s->look == KH_X_HEADING ? 13 : s->look == KH_X_NOTE || s->look == KH_X_SIGNS ? 11 : 12);
    format_set_align(f, s->align == KH_ALIGN_AUTO ? LXW_ALIGN_NONE : aligns[s->align]);
    format_set_align(f, s->look == KH_X_HEAD || s->look == KH_X_SIGNS || s->look == KH_X_TITLE ? LXW_ALIGN_VERTICAL_CENTER : LXW_ALIGN_VERTICAL_TOP);
    if (s->align != KH_ALIGN_AUTO && !*s->number)
        format_set_text_wrap(f);
    if (s->bold || s->look == KH_X_HEAD || s->look == KH_X_TOTAL || s->look == KH_X_TITLE || s->look == KH_X_HEADING || s->look == KH_X_NOTICE)
        format_set_bold(f);
    if (s->italic || s->look == KH_X_UNIT || s->look == KH_X_NOTE || s->look == KH_X_SIGNS)
        format_set_italic(f);
    if (s->look <= KH_X_TOTAL && s->align == KH_ALIGN_LEFT)
        format_set_indent(f, 1);
    if (grid) {
        format_set_border(f, LXW_BORDER_THIN);
        format_set_border_color(f, 0x8a94a0);
    }
    if (s->look == KH_X_HEAD)
        format_set_bg_color(f, 0xe8edf3);
    if (s->look == KH_X_TOTAL)
        format_set_bg_color(f, 0xf5f7fa);
    if (s->look == KH_X_NOTICE)
        format_set_bg_color(f, 0xfdf1d8);
    if (s->tone != KH_TONE_NONE)
        format_set_font_color(f, tones[s->tone]);
    if (s->tinted && s->tone != KH_TONE_NONE)
        format_set_bg_color(f, grounds[s->tone]);
    if (*s->number)
        format_set_num_format(f, s->number);
}

lxw_format *kh_xlsx_format(kh_xlsx *x, const kh_xstyle *s)
{
    for (size_t i = x->n_formats; i-- > 0;) { /* the last used are met first */
        const kh_xstyle *o = &x->formats[i].style;
        if (o->look == s->look && o->align == s->align && o->tone == s->tone && o->tinted == s->tinted && o->bold == s->bold && o->italic == s->italic && strcmp(o->number, s->number) == 0)
            return x->formats[i].format;
    }
    lxw_format *f = workbook_add_format(x->book);
    apply_look(f, s);
    x->formats = kh_grow(x->formats, x->n_formats, &x->cap_formats, sizeof *x->formats);
    x->formats[x->n_formats].style = *s;
    x->formats[x->n_formats++].format = f;
    return f;
}

lxw_format *kh_xlsx_look(kh_xlsx *x, kh_xlook look, kh_align align)
{
    kh_xstyle s = {.look = look, .align = align};
    return kh_xlsx_format(x, &s);
}

void kh_xlsx_check(kh_xlsx *x, lxw_error e)
{
    if (e != LXW_NO_ERROR && x->rc == KH_OK)
        x->rc = kh_fail(x->err, KH_ESTORE, _("the workbook could not be written: %s"), lxw_strerror(e));
}

/* ---- sheets ---------------------------------------------------------------- */

/* At most 31 characters, none of []:*?/\ , no ' at an end, and no name twice, whatever the case. */
static void valid_name(const kh_xlsx *x, const char *wish, int nth, kh_buf *out)
{
    char suffix[16] = "";
    if (nth > 1)
        snprintf(suffix, sizeof suffix, " (%d)", nth);
    kh_buf plain = KH_BUF_INIT;
    kh_plain_line(wish, &plain);
    const char *p = kh_buf_cstr(&plain), *end = p + plain.len;
    size_t room = 31 - strlen(suffix), units = 0;
    while (p < end) {
        const char *from = p;
        uint32_t c = kh_utf8_next(&p, end);
        units += c > 0xffff ? 2u : 1u;
        if (units > room)
            break;
        if (c < 0x80 && strchr("[]:*?/\\'", (int)c))
            kh_buf_char(out, '-');
        else
            kh_buf_add(out, from, (size_t)(p - from));
    }
    if (out->len == 0)
        kh_buf_str(out, kh_word_in(x->lang, KH_W_SHEET_TABLE));
    kh_buf_str(out, suffix);
    kh_buf_free(&plain);
}

static bool take_name(kh_xlsx *x, const char *name)
{
    char *key = kh_text_key(name, strlen(name));
    bool fresh = kh_map_set(x->names, key, strlen(key), 1) == KH_NONE;
    kh_free(key);
    return fresh;
}

/* In a foot '&' begins a code; 255 characters are the most. */
static void put_foot(kh_xlsx *x, lxw_worksheet *ws)
{
    kh_buf foot = KH_BUF_INIT;
    if (x->doc->notice && *x->doc->notice) {
        kh_buf plain = KH_BUF_INIT;
        kh_plain_line(x->doc->notice, &plain);
        size_t fit = kh_text_fit(kh_buf_cstr(&plain), plain.len, 110);
        kh_buf_str(&foot, "&L&\"Times New Roman,Italic\"&9");
        for (size_t i = 0; i < fit; i++) {
            kh_buf_char(&foot, plain.data[i]);
            if (plain.data[i] == '&')
                kh_buf_char(&foot, '&');
        }
        kh_buf_free(&plain);
    }
    kh_buf_str(&foot, "&R&\"Times New Roman,Regular\"&10&P/&N");
    kh_xlsx_check(x, worksheet_set_footer(ws, kh_buf_cstr(&foot)));
    kh_buf_free(&foot);
}

lxw_worksheet *kh_xlsx_sheet(kh_xlsx *x, const char *wish, bool landscape)
{
    kh_buf name = KH_BUF_INIT;
    for (int nth = 1;; nth++) {
        kh_buf_clear(&name);
        valid_name(x, wish, nth, &name);
        if (take_name(x, kh_buf_cstr(&name)))
            break;
    }
    lxw_worksheet *ws = workbook_add_worksheet(x->book, kh_buf_cstr(&name));
    if (!ws) { /* a name that the library refuses for a reason of its own */
        kh_buf_clear(&name);
        kh_buf_printf(&name, "T%zu", kh_map_count(x->names));
        ws = workbook_add_worksheet(x->book, kh_buf_cstr(&name));
    }
    kh_buf_free(&name);
    worksheet_set_paper(ws, 9); /* A4 */
    if (landscape)
        worksheet_set_landscape(ws);
    worksheet_fit_to_pages(ws, 1, 0);
    worksheet_set_margins(ws, 0.79, 0.59, 0.79, 0.79);
    worksheet_center_horizontally(ws);
    worksheet_gridlines(ws, LXW_HIDE_ALL_GRIDLINES);
    put_foot(x, ws);
    return ws;
}

void kh_xlsx_put(kh_xlsx *x, lxw_worksheet *ws, lxw_row_t row, lxw_col_t col, const char *text, lxw_format *f)
{
    kh_buf safe = KH_BUF_INIT;
    kh_xlsx_text(text, &safe);
    kh_xlsx_check(x, safe.len ? worksheet_write_string(ws, row, col, kh_buf_cstr(&safe), f) : worksheet_write_blank(ws, row, col, f));
    kh_buf_free(&safe);
}

void kh_xlsx_across(kh_xlsx *x, lxw_worksheet *ws, lxw_row_t row, lxw_col_t last, double width, const char *text, lxw_format *f, double line)
{
    if (last > 0)
        kh_xlsx_check(x, worksheet_merge_range(ws, row, 0, row, last, "", f));
    kh_xlsx_put(x, ws, row, 0, text, f);
    kh_xlsx_check(x, worksheet_set_row(ws, row, line * kh_xlsx_lines(text, fmax(width, 10)) + 3, NULL));
}

/* ---- the text -------------------------------------------------------------- */

typedef struct prose { kh_xlsx *x; lxw_worksheet *ws; lxw_row_t row; } prose;

static void prose_line(prose *p, kh_xlook look, kh_align align, bool bold, bool italic, const char *text)
{
    if (!text || !*text)
        return;
    if (!p->ws) {
        p->ws = kh_xlsx_sheet(p->x, kh_word_in(p->x->lang, KH_W_SHEET_TEXT), false);
        worksheet_set_column(p->ws, 0, 0, 82, NULL); /* what a sheet of A4 takes at full size */
        if (p->x->doc->notice && *p->x->doc->notice)
            prose_line(p, KH_X_NOTICE, KH_ALIGN_LEFT, true, false, p->x->doc->notice);
    }
    kh_xstyle style = {.look = look, .align = align, .bold = bold, .italic = italic};
    kh_xlsx_across(p->x, p->ws, p->row++, 0, 94, text, kh_xlsx_format(p->x, &style), 16);
}

static void prose_runs(prose *p, kh_xlook look, kh_align align, const char *before, const kh_run_text *runs, size_t n)
{
    kh_buf text = KH_BUF_INIT;
    kh_buf_str(&text, before ? before : "");
    kh_buf_str(&text, before && *before ? " " : "");
    kh_runs_plain(runs, n, &text);
    prose_line(p, look, align, false, false, kh_buf_cstr(&text));
    kh_buf_free(&text);
}

static void prose_official(prose *p, const kh_official *o)
{
    kh_buf b = KH_BUF_INIT;
    prose_line(p, KH_X_TEXT, KH_ALIGN_LEFT, false, false, o->superior);
    prose_line(p, KH_X_TEXT, KH_ALIGN_LEFT, true, false, o->agency);
    kh_official_number(o, p->x->lang, &b);
    prose_line(p, KH_X_TEXT, KH_ALIGN_LEFT, false, false, kh_buf_cstr(&b));
    kh_buf_clear(&b);
    kh_official_place_date(o, p->x->lang, &b);
    prose_line(p, KH_X_TEXT, KH_ALIGN_LEFT, false, true, kh_buf_cstr(&b));
    prose_line(p, KH_X_TEXT, KH_ALIGN_LEFT, true, false, o->secrecy);
    prose_line(p, KH_X_TEXT, KH_ALIGN_LEFT, true, false, o->urgency);
    prose_line(p, KH_X_TITLE, KH_ALIGN_CENTER, true, false, o->kind);
    prose_line(p, KH_X_HEADING, KH_ALIGN_CENTER, true, false, o->subject);
    if (o->to) {
        kh_buf_clear(&b);
        kh_official_to(o, p->x->lang, &b);
        prose_line(p, KH_X_TEXT, KH_ALIGN_CENTER, false, false, kh_buf_cstr(&b));
    }
    kh_buf_free(&b);
}

static void prose_sign(prose *p, const kh_sign *s)
{
    const char *lines[KH_SIGN_LINES];
    size_t n = kh_sign_lines(s, p->x->scratch->arena, lines);
    for (size_t i = 0; i < n; i++)
        prose_line(p, KH_X_TEXT, KH_ALIGN_RIGHT, true, false, lines[i]);
    prose_line(p, KH_X_TEXT, KH_ALIGN_RIGHT, true, false, s->name);
    if (s->n_recipients)
        prose_line(p, KH_X_TEXT, KH_ALIGN_LEFT, true, true, kh_word_in(p->x->lang, KH_W_RECIPIENTS));
    for (size_t i = 0; i < s->n_recipients; i++) {
        kh_buf b = KH_BUF_INIT;
        kh_official_office(s->recipients[i], i + 1 == s->n_recipients, &b);
        prose_line(p, KH_X_TEXT, KH_ALIGN_LEFT, false, false, kh_buf_cstr(&b));
        kh_buf_free(&b);
    }
}

static void prose_block(prose *p, const kh_dblock *b)
{
    switch (b->kind) {
    case KH_B_OFFICIAL: prose_official(p, b->official); break;
    case KH_B_HEADING: prose_runs(p, KH_X_HEADING, KH_ALIGN_LEFT, b->number, b->runs, b->n_runs); break;
    case KH_B_APPENDIX: {
        kh_buf number = KH_BUF_INIT;
        kh_buf_printf(&number, "%s%s%s.", kh_word_in(p->x->lang, KH_W_APPENDIX), b->number ? " " : "", b->number ? b->number : "");
        prose_runs(p, KH_X_HEADING, KH_ALIGN_LEFT, kh_buf_cstr(&number), b->runs, b->n_runs);
        kh_buf_free(&number);
        break;
    }
    case KH_B_PARA: prose_runs(p, KH_X_TEXT, KH_ALIGN_LEFT, "", b->runs, b->n_runs); break;
    case KH_B_NOTE: prose_runs(p, KH_X_TEXT, KH_ALIGN_LEFT, kh_tone_mark(b->tone), b->runs, b->n_runs); break;
    case KH_B_LIST:
        for (size_t i = 0; i < b->n_items; i++) {
            char mark[24] = "-";
            if (b->ordered)
                snprintf(mark, sizeof mark, "%zu.", i + 1);
            prose_runs(p, KH_X_TEXT, KH_ALIGN_LEFT, mark, b->items[i], b->n_item_runs[i]);
        }
        break;
    case KH_B_SIGN: prose_sign(p, b->sign); break;
    case KH_B_DETAILS:
        prose_runs(p, KH_X_HEADING, KH_ALIGN_LEFT, "", b->runs, b->n_runs);
        /* fallthrough */
    case KH_B_COLUMNS: case KH_B_PART:
        for (size_t i = 0; i < b->n_children; i++)
            prose_block(p, b->children[i]);
        break;
    case KH_B_TABLE: case KH_B_CHART: case KH_B_TILES: case KH_B_BREAK: break;
    }
}

/* ---- the book -------------------------------------------------------------- */

static void put_tables(kh_xlsx *x, kh_dblock *const *blocks, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const kh_dblock *b = blocks[i];
        if (b->kind == KH_B_TABLE)
            kh_xlsx_table(x, b->table, NULL);
        else if (b->kind == KH_B_TILES && b->n_tiles) {
            kh_dtable *t = kh_tiles_table(x->scratch, b, x->lang);
            t->title = kh_word_in(x->lang, KH_W_OVERVIEW);
            kh_xlsx_table(x, t, NULL);
        }
        put_tables(x, b->children, b->n_children);
    }
}

static void put_charts(kh_xlsx *x, kh_dblock *const *blocks, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (blocks[i]->kind == KH_B_CHART)
            kh_xlsx_chart(x, blocks[i]->chart);
        put_charts(x, blocks[i]->children, blocks[i]->n_children);
    }
}

/* Seconds of "2019-01-05T02:00:00Z"; a fixed day where a document has no date, never the clock. */
static time_t created(const char *iso)
{
    struct tm tm = {0};
    if (iso && (strptime(iso, "%Y-%m-%dT%H:%M:%S", &tm) || strptime(iso, "%Y-%m-%d", &tm)))
        return timegm(&tm);
    return 946684800; /* 2000-01-01 */
}

static void set_properties(kh_xlsx *x)
{
    kh_buf title = KH_BUF_INIT;
    kh_plain_line(x->doc->title, &title);
    kh_buf_cstr(&title);
    size_t fit = kh_text_fit(title.data, title.len, 200);
    char *text = kh_strndup(title.data, fit);
    lxw_doc_properties p = {.title = text, .created = created(x->doc->created)};
    kh_xlsx_check(x, workbook_set_properties(x->book, &p));
    kh_free(text);
    kh_buf_free(&title);
}

static int read_back(int fd, kh_buf *out, kh_error *err)
{
    off_t size = lseek(fd, 0, SEEK_END);
    kh_buf_reserve(out, size > 0 ? (size_t)size : 0);
    char chunk[65536];
    for (off_t at = 0; at < size;) {
        ssize_t n = pread(fd, chunk, sizeof chunk, at);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return kh_fail(err, KH_ESTORE, _("the workbook could not be read back: %s"), n < 0 ? kh_errno_text(errno) : _("it is shorter than it was"));
        kh_buf_add(out, chunk, (size_t)n);
        at += n;
    }
    return KH_OK;
}

int kh_render_xlsx(const kh_doc *d, const kh_render_options *o, kh_buf *out, kh_error *err)
{
    (void)o;
    int fd = memfd_create("kehoach.xlsx", MFD_CLOEXEC);
    if (fd < 0)
        return kh_fail(err, KH_ESTORE, _("no memory file for the workbook: %s"), kh_errno_text(errno));
    char path[40];
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    kh_insist_on_memory("libxlsxwriter");
    kh_insist_on_memory("libminizip"); /* whose failures it does not look at either */
    kh_insist_on_memory("libz.so");
    kh_xlsx x = {.book = workbook_new(path), .doc = d, .scratch = kh_doc_new("", KH_LANG_VI), .lang = kh_doc_lang(d), .names = kh_map_new(), .err = err};
    set_properties(&x);
    put_tables(&x, d->blocks, d->n_blocks);
    put_charts(&x, d->blocks, d->n_blocks);
    if (x.n_breaks) {
        KH_PUSH(x.breaks, x.n_breaks, x.cap_breaks) = 0; /* the end of the list */
        kh_xlsx_check(&x, worksheet_set_h_pagebreaks(x.charts, x.breaks));
    }
    prose p = {.x = &x};
    for (size_t i = 0; i < d->n_blocks; i++)
        prose_block(&p, d->blocks[i]);
    if (!STAILQ_FIRST(x.book->worksheets)) /* a book has at least one sheet */
        prose_line(&p, KH_X_TITLE, KH_ALIGN_CENTER, true, false, *d->title ? d->title : kh_word_in(x.lang, KH_W_REPORT));
    kh_xlsx_check(&x, workbook_close(x.book));
    int rc = x.rc == KH_OK ? read_back(fd, out, err) : x.rc;
    close(fd);
    kh_free(x.formats);
    kh_free(x.breaks);
    kh_map_free(x.names);
    kh_doc_free(x.scratch);
    return rc;
}

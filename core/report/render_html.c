/* SPDX-License-Identifier: MIT */
/*
 * One page in one file: no script, no request, style inside. The policy in its
 * head forbids everything else, so that not even a fault here could run or
 * fetch anything.
 */
#include "report/renderers.h"

#include "report/chart.h"
#include "report/escape.h"
#include "report/html.h"
#include "report/official.h"
#include "report/words.h"

#include <ctype.h>
#include <string.h>

#define CSP "default-src 'none'; style-src 'unsafe-inline'; img-src data:"

void kh_html_text(kh_html *h, const char *s)
{
    size_t at = h->out->len;
    kh_xml(s, h->out);
    if (h->out->len == at || !memchr(h->out->data + at, '\n', h->out->len - at))
        return;
    char *text = kh_strndup(h->out->data + at, h->out->len - at);
    h->out->len = at;
    for (const char *p = text; *p; p++) {
        if (*p == '\n')
            kh_buf_str(h->out, "<br>");
        else
            kh_buf_char(h->out, *p);
    }
    kh_free(text);
}

void kh_html_attr(kh_html *h, const char *name, const char *value)
{
    kh_buf_printf(h->out, " %s=\"", name);
    kh_xml(value, h->out);
    kh_buf_char(h->out, '"');
}

void kh_html_id(kh_html *h, const char *anchor)
{
    if (!anchor || !*anchor)
        return;
    kh_buf_str(h->out, " id=\"");
    kh_anchor_id(anchor, h->out);
    kh_buf_char(h->out, '"');
}

void kh_html_href(kh_html *h, const char *link)
{
    if (link[0] != '#') {
        kh_html_attr(h, "href", link);
        kh_buf_str(h->out, " rel=\"noopener noreferrer\"");
        return;
    }
    kh_buf_str(h->out, " href=\"#");
    kh_anchor_id(link, h->out);
    kh_buf_char(h->out, '"');
}

void kh_html_badge(kh_html *h, kh_tone tone, const char *sign)
{
    kh_buf_printf(h->out, "<span class=\"tg %s\">", tone == KH_TONE_NONE ? "muted" : kh_tone_class(tone));
    kh_html_text(h, sign);
    kh_buf_str(h->out, "</span>");
}

static void put_run(kh_html *h, const kh_run_text *r)
{
    bool link = r->link && kh_link_safe(r->link);
    if (link) {
        kh_buf_str(h->out, "<a");
        kh_html_href(h, r->link);
        kh_buf_char(h->out, '>');
    }
    kh_buf_str(h->out, r->bold ? "<strong>" : "");
    kh_buf_str(h->out, r->italic ? "<em>" : "");
    kh_buf_str(h->out, r->underline ? "<u>" : "");
    kh_html_text(h, r->text);
    kh_buf_str(h->out, r->underline ? "</u>" : "");
    kh_buf_str(h->out, r->italic ? "</em>" : "");
    kh_buf_str(h->out, r->bold ? "</strong>" : "");
    kh_buf_str(h->out, link ? "</a>" : "");
}

static void put_runs(kh_html *h, const kh_run_text *runs, size_t n)
{
    for (size_t i = 0; i < n; i++)
        put_run(h, &runs[i]);
}

/* An own anchor, or one by count, so that the contents can point at it; within parts (0) there is no entry of the contents. */
static void heading_id(kh_html *h, const kh_dblock *b, size_t nth)
{
    if (b->anchor && *b->anchor)
        kh_html_id(h, b->anchor);
    else if (nth)
        kh_buf_printf(h->out, " id=\"h%zu\"", nth);
}

static void put_heading(kh_html *h, const kh_dblock *b, size_t nth)
{
    int rank = b->level + 1 > h->rank + 1 ? h->rank + 1 : b->level + 1;
    h->rank = rank;
    kh_buf_printf(h->out, "<h%d class=\"l%d\"", rank, b->level);
    heading_id(h, b, nth);
    kh_buf_char(h->out, '>');
    if (b->number && *b->number) {
        kh_buf_str(h->out, "<span class=\"no\">");
        kh_html_text(h, b->number);
        kh_buf_str(h->out, "</span>");
    }
    put_runs(h, b->runs, b->n_runs);
    kh_buf_printf(h->out, "</h%d>\n", rank);
}

static void put_appendix(kh_html *h, const kh_dblock *b, size_t nth)
{
    h->rank = 2;
    kh_buf_str(h->out, "<h2 class=\"l1 apx\"");
    heading_id(h, b, nth);
    kh_buf_printf(h->out, "><span>%s", kh_word_in(h->lang, KH_W_APPENDIX));
    if (b->number && *b->number) {
        kh_buf_char(h->out, ' ');
        kh_html_text(h, b->number);
    }
    kh_buf_str(h->out, "</span><span>");
    put_runs(h, b->runs, b->n_runs);
    kh_buf_str(h->out, "</span>");
    kh_buf enclosed = KH_BUF_INIT;
    if (b->n_items)
        kh_runs_plain(b->items[0], b->n_item_runs[0], &enclosed);
    else
        kh_official_enclosed(kh_doc_official(h->doc), h->lang, &enclosed);
    if (enclosed.len) {
        kh_buf_str(h->out, "<span class=\"en\">");
        kh_html_text(h, kh_buf_cstr(&enclosed));
        kh_buf_str(h->out, "</span>");
    }
    kh_buf_free(&enclosed);
    kh_buf_str(h->out, "</h2>\n");
}

static void put_list(kh_html *h, const kh_dblock *b)
{
    kh_buf_str(h->out, b->ordered ? "<ol class=\"tx\"" : "<ul class=\"tx\"");
    kh_html_id(h, b->anchor);
    kh_buf_str(h->out, ">\n");
    for (size_t i = 0; i < b->n_items; i++) {
        kh_buf_str(h->out, "<li>");
        put_runs(h, b->items[i], b->n_item_runs[i]);
        kh_buf_str(h->out, "</li>\n");
    }
    kh_buf_str(h->out, b->ordered ? "</ol>\n" : "</ul>\n");
}

static void put_para(kh_html *h, const kh_dblock *b)
{
    kh_buf_str(h->out, b->align == KH_ALIGN_CENTER ? "<p class=\"c\"" : b->align == KH_ALIGN_RIGHT ? "<p class=\"r\"" : "<p");
    kh_html_id(h, b->anchor);
    kh_buf_char(h->out, '>');
    put_runs(h, b->runs, b->n_runs);
    kh_buf_str(h->out, "</p>\n");
}

static void put_note(kh_html *h, const kh_dblock *b)
{
    kh_buf_printf(h->out, "<div class=\"note %s\" role=\"note\"", kh_tone_class(b->tone));
    kh_html_id(h, b->anchor);
    kh_buf_char(h->out, '>');
    if (b->tone != KH_TONE_NONE)
        kh_buf_printf(h->out, "<b class=\"s\">%s</b>", kh_tone_mark(b->tone));
    put_runs(h, b->runs, b->n_runs);
    kh_buf_str(h->out, "</div>\n");
}

static void put_blocks(kh_html *h, kh_dblock *const *blocks, size_t n, bool top);

static void put_details(kh_html *h, const kh_dblock *b)
{
    kh_buf_str(h->out, b->open ? "<details class=\"fold\" open><summary>" : "<details class=\"fold\"><summary>");
    put_runs(h, b->runs, b->n_runs);
    kh_buf_str(h->out, "</summary>\n");
    if (b->anchor && *b->anchor) { /* inside, so that a link to it unfolds the part */
        kh_buf_str(h->out, "<div class=\"at\"");
        kh_html_id(h, b->anchor);
        kh_buf_str(h->out, "></div>\n");
    }
    put_blocks(h, b->children, b->n_children, false);
    kh_buf_str(h->out, "</details>\n");
}

static void put_columns(kh_html *h, const kh_dblock *b)
{
    kh_buf_str(h->out, "<div class=\"cols\">\n");
    bool narrow = h->narrow;
    h->narrow = b->n_children > 1;
    for (size_t i = 0; i < b->n_children; i++) {
        kh_buf_str(h->out, "<div>\n");
        put_blocks(h, b->children[i]->children, b->children[i]->n_children, false);
        kh_buf_str(h->out, "</div>\n");
    }
    h->narrow = narrow;
    kh_buf_str(h->out, "</div>\n");
}

static void put_block(kh_html *h, const kh_dblock *b, size_t nth)
{
    switch (b->kind) {
    case KH_B_OFFICIAL: kh_html_official(h, b->official); break;
    case KH_B_HEADING: put_heading(h, b, nth); break;
    case KH_B_PARA: put_para(h, b); break;
    case KH_B_LIST: put_list(h, b); break;
    case KH_B_TABLE:
        if (b->anchor && (!b->table->anchor || strcmp(b->anchor, b->table->anchor) != 0)) {
            kh_buf_str(h->out, "<div");
            kh_html_id(h, b->anchor);
            kh_buf_str(h->out, "></div>");
        }
        kh_html_table(h, b->table, false);
        break;
    case KH_B_CHART: kh_html_chart(h, b->chart, b->anchor); break;
    case KH_B_BREAK: kh_buf_str(h->out, "<hr class=\"pb\">\n"); break;
    case KH_B_NOTE: put_note(h, b); break;
    case KH_B_SIGN: kh_html_sign(h, b->sign); break;
    case KH_B_APPENDIX: put_appendix(h, b, nth); break;
    case KH_B_TILES: kh_html_tiles(h, b); break;
    case KH_B_DETAILS: put_details(h, b); break;
    case KH_B_COLUMNS: put_columns(h, b); break;
    case KH_B_PART: put_blocks(h, b->children, b->n_children, false); break;
    }
}

static void put_blocks(kh_html *h, kh_dblock *const *blocks, size_t n, bool top)
{
    for (size_t i = 0; i < n; i++) {
        put_block(h, blocks[i], top ? i + 1 : 0);
    }
}

static bool in_contents(const kh_dblock *b)
{
    return b->kind == KH_B_APPENDIX || (b->kind == KH_B_HEADING && b->level == 1);
}

static void put_contents(kh_html *h)
{
    kh_buf_printf(h->out, "<nav class=\"toc\" aria-labelledby=\"toc\"><p id=\"toc\">%s</p><ol>\n", kh_word_in(h->lang, KH_W_CONTENTS));
    for (size_t i = 0; i < h->doc->n_blocks; i++) {
        const kh_dblock *b = h->doc->blocks[i];
        if (!in_contents(b))
            continue;
        kh_buf_str(h->out, "<li><a href=\"#");
        if (b->anchor && *b->anchor)
            kh_anchor_id(b->anchor, h->out);
        else
            kh_buf_printf(h->out, "h%zu", i + 1);
        kh_buf_str(h->out, "\">");
        if (b->kind == KH_B_APPENDIX)
            kh_buf_printf(h->out, "%s ", kh_word_in(h->lang, KH_W_APPENDIX));
        if (b->number && *b->number) {
            kh_html_text(h, b->number);
            kh_buf_str(h->out, b->kind == KH_B_APPENDIX ? ". " : " ");
        }
        kh_buf text = KH_BUF_INIT;
        kh_runs_plain(b->runs, b->n_runs, &text);
        kh_html_text(h, kh_buf_cstr(&text));
        kh_buf_free(&text);
        kh_buf_str(h->out, "</a></li>\n");
    }
    kh_buf_str(h->out, "</ol></nav>\n");
}

static void put_notice(kh_html *h)
{
    if (!h->doc->notice || !*h->doc->notice)
        return;
    kh_buf_str(h->out, "<p class=\"notice\"><strong>! ");
    kh_html_text(h, h->doc->notice);
    kh_buf_str(h->out, "</strong></p>\n");
}

/* As a string of CSS: whatever could end it is written by its code. */
static void css_string(const char *s, kh_buf *out)
{
    kh_buf line = KH_BUF_INIT;
    kh_plain_line(s, &line);
    kh_buf_char(out, '"');
    for (const char *p = kh_buf_cstr(&line); *p; p++) {
        if ((unsigned char)*p >= 0x80 || isalnum((unsigned char)*p) || strchr(" .,:;()-/", *p))
            kh_buf_char(out, *p);
        else
            kh_buf_printf(out, "\\%x ", (unsigned)*p);
    }
    kh_buf_char(out, '"');
    kh_buf_free(&line);
}

/* The edges of printed pages: the page's number where the layout wants it, the notice on each. */
static void put_page_css(kh_html *h)
{
    const kh_official *head = kh_doc_official(h->doc);
    const char *font = "font-family:\"Times New Roman\",\"Liberation Serif\",Tinos,serif";
    bool top = head && kh_official_layout(head)->page_number_top;
    kh_buf_printf(h->out, "\n@page{@%s{content:counter(page);font-size:%dpt;%s}", top ? "top-center" : "bottom-right", head ? kh_official_layout(head)->page_number_pt : 10, font);
    if (h->doc->notice && *h->doc->notice) {
        kh_buf_str(h->out, "@bottom-left{content:");
        css_string(h->doc->notice, h->out);
        kh_buf_printf(h->out, ";font-size:8pt;font-style:italic;color:#8a5a00;%s;width:90%%}", font);
    }
    kh_buf_printf(h->out, "}@page:first{@%s{content:none}}", top ? "top-center" : "bottom-right");
}

static void put_top(kh_html *h)
{
    kh_buf_printf(h->out, "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n", h->lang == KH_LANG_EN ? "en" : "vi");
    kh_buf_str(h->out, "<meta http-equiv=\"Content-Security-Policy\" content=\"" CSP "\">\n"
               "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
               "<meta name=\"color-scheme\" content=\"light dark\">\n<title>");
    kh_buf title = KH_BUF_INIT;
    kh_plain_line(h->doc->title && *h->doc->title ? h->doc->title : kh_word_in(h->lang, KH_W_REPORT), &title);
    kh_xml(kh_buf_cstr(&title), h->out);
    kh_buf_free(&title);
    kh_buf_str(h->out, "</title>\n<style>\n");
    kh_buf_str(h->out, kh_chart_css);
    kh_buf_str(h->out, kh_html_css);
    put_page_css(h);
    kh_buf_printf(h->out, "\n</style>\n</head>\n<body>\n<a class=\"skip\" href=\"#main\">%s</a>\n<header><div class=\"bar\"></div>\n", kh_word_in(h->lang, KH_W_SKIP));
    put_notice(h);
    kh_buf_str(h->out, "</header>\n");
}

int kh_render_html(const kh_doc *d, const kh_render_options *o, kh_buf *out, kh_error *err)
{
    (void)o;
    (void)err; /* cannot fail */
    kh_html h = {.out = out, .doc = d, .scratch = kh_doc_new("", KH_LANG_VI), .lang = kh_doc_lang(d), .rank = 1};
    size_t entries = 0;
    bool board = false; /* a page with parts side by side takes the whole width, and needs no contents beside it */
    for (size_t i = 0; i < d->n_blocks; i++) {
        entries += in_contents(d->blocks[i]) ? 1 : 0;
        board = board || d->blocks[i]->kind == KH_B_COLUMNS;
    }
    bool contents = entries > 2 && !board;
    put_top(&h);
    kh_buf_printf(out, "<div class=\"wrap%s\">\n", board ? " board" : contents ? " has-toc" : "");
    if (contents)
        put_contents(&h);
    kh_buf_str(out, "<main id=\"main\">\n");
    const kh_official *head = kh_doc_official(d);
    if (!head || !head->kind) {
        kh_buf_str(out, head ? "<h1 class=\"vh\">" : "<h1>");
        kh_html_text(&h, *d->title ? d->title : kh_word_in(h.lang, KH_W_REPORT));
        kh_buf_str(out, "</h1>\n");
    }
    put_blocks(&h, d->blocks, d->n_blocks, true);
    kh_buf_str(out, "</main>\n</div>\n");
    if (d->notice && *d->notice) {
        kh_buf_str(out, "<footer>\n");
        put_notice(&h);
        kh_buf_str(out, "</footer>\n");
    }
    kh_buf_str(out, "</body>\n</html>\n");
    kh_doc_free(h.scratch);
    return KH_OK;
}

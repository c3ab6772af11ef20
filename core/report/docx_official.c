/* SPDX-License-Identifier: MIT */
/*
 * The official head, the signature and the heads of appendices. Places follow
 * the layout's diagram: agency and number on the left, nation, motto, place
 * and date on the right; sizes are the layout's.
 */
#include "report/docx.h"

#include "report/words.h"

#include <string.h>

static void open_sides(kh_docx *x, int left, int right)
{
    kh_buf_printf(&x->body, "<w:tbl><w:tblPr><w:tblW w:w=\"%d\" w:type=\"dxa\"/><w:jc w:val=\"center\"/><w:tblLayout w:type=\"fixed\"/>"
                  "<w:tblCellMar><w:left w:w=\"0\" w:type=\"dxa\"/><w:right w:w=\"0\" w:type=\"dxa\"/></w:tblCellMar></w:tblPr>"
                  "<w:tblGrid><w:gridCol w:w=\"%d\"/><w:gridCol w:w=\"%d\"/></w:tblGrid><w:tr><w:trPr><w:cantSplit/></w:trPr>", left + right, left, right);
}

static void open_side(kh_docx *x, int width)
{
    kh_buf_printf(&x->body, "<w:tc><w:tcPr><w:tcW w:w=\"%d\" w:type=\"dxa\"/></w:tcPr>", width);
}

static void centred(kh_docx *x, const char *text, int points, bool bold, bool italic, int before)
{
    if (!text || !*text)
        return;
    kh_docx_p p = {.align = KH_ALIGN_CENTER, .before = before, .after = 0, .tight = true};
    kh_docx_r r = {.bold = bold, .italic = italic, .half_points = points * 2};
    kh_docx_line(x, &p, &r, text);
}

/* In a frame as wide as its text: a stamp's place. */
static void put_stamp(kh_docx *x, const char *text, int points, int room)
{
    if (!text || !*text)
        return;
    int side = (int)((room - kh_docx_text_width(text, points, true)) / 2) - 160;
    kh_docx_p p = {.align = KH_ALIGN_CENTER, .before = 120, .after = 0, .tight = true, .left = side > 0 ? side : 0, .right = side > 0 ? side : 0,
                   .borders = "<w:top w:val=\"single\" w:sz=\"8\" w:space=\"1\" w:color=\"B3261E\"/><w:left w:val=\"single\" w:sz=\"8\" w:space=\"4\" w:color=\"B3261E\"/>"
                              "<w:bottom w:val=\"single\" w:sz=\"8\" w:space=\"1\" w:color=\"B3261E\"/><w:right w:val=\"single\" w:sz=\"8\" w:space=\"4\" w:color=\"B3261E\"/>"};
    kh_docx_r r = {.bold = true, .half_points = points * 2, .colour = "B3261E"};
    kh_docx_line(x, &p, &r, text);
}

static void put_to(kh_docx *x, const char *to)
{
    const char *lines[12];
    size_t n = kh_split_lines(to, x->scratch->arena, lines, 12);
    kh_buf text = KH_BUF_INIT;
    if (n == 1) {
        kh_buf_printf(&text, "%s %s", kh_word_in(x->lang, KH_W_TO), lines[0]);
        centred(x, kh_buf_cstr(&text), x->layout->body_pt, false, false, 240);
    } else {
        kh_docx_p head = {.align = KH_ALIGN_LEFT, .before = 240, .after = 0, .left = 1700};
        kh_docx_r r = {.half_points = x->layout->body_pt * 2};
        kh_docx_line(x, &head, &r, kh_word_in(x->lang, KH_W_TO));
        for (size_t i = 0; i < n; i++) {
            kh_docx_p p = {.align = KH_ALIGN_LEFT, .before = 0, .after = 0, .left = 2800};
            kh_buf_clear(&text);
            kh_official_office(lines[i], i + 1 == n, &text);
            kh_docx_line(x, &p, &r, kh_buf_cstr(&text));
        }
    }
    kh_docx_p gap = {.before = 0, .after = 120, .tight = true};
    kh_docx_r none = {0};
    kh_docx_line(x, &gap, &none, " ");
    kh_buf_free(&text);
}

void kh_docx_official(kh_docx *x, const kh_official *o)
{
    const kh_layout *l = x->layout;
    const char *motto = kh_word_in(x->lang, KH_W_MOTTO);
    int all = kh_docx_width(x), left = all * 42 / 100, right = all - left;
    kh_buf text = KH_BUF_INIT;
    open_sides(x, left, right);
    open_side(x, left);
    centred(x, o->superior, l->agency_pt, false, false, 0);
    centred(x, o->agency, l->agency_pt, true, false, 0);
    kh_docx_rule(x, left, kh_docx_text_width(o->agency ? o->agency : "", l->agency_pt, true) * 0.4);
    kh_official_number(o, x->lang, &text);
    centred(x, kh_buf_cstr(&text), l->number_pt, false, false, 80);
    if (!o->kind)
        centred(x, o->subject, l->agency_pt - 1, false, false, 120);
    put_stamp(x, o->secrecy, 13, left);
    put_stamp(x, o->urgency, 13, left);
    kh_buf_str(&x->body, "</w:tc>");
    open_side(x, right);
    centred(x, kh_word_in(x->lang, KH_W_NATION), l->national_pt, true, false, 0);
    centred(x, motto, l->motto_pt, true, false, 0);
    kh_docx_rule(x, right, kh_docx_text_width(motto, l->motto_pt, true));
    kh_buf_clear(&text);
    kh_official_place_date(o, x->lang, &text);
    centred(x, kh_buf_cstr(&text), l->place_pt, false, true, 80);
    kh_buf_str(&x->body, "</w:tc></w:tr></w:tbl>");
    if (o->kind) {
        centred(x, o->kind, l->kind_pt, true, false, 360);
        if (o->subject && *o->subject) {
            centred(x, o->subject, l->kind_pt, true, false, 0);
            kh_docx_rule(x, all, kh_docx_text_width(o->subject, l->kind_pt, true) > all ? all * 0.35 : kh_docx_text_width(o->subject, l->kind_pt, true) * 0.4);
        }
    }
    if (o->to && *o->to)
        put_to(x, o->to);
    kh_buf_free(&text);
}

void kh_docx_sign(kh_docx *x, const kh_sign *s)
{
    const kh_layout *l = x->layout;
    const char *lines[KH_SIGN_LINES];
    size_t n = kh_sign_lines(s, x->scratch->arena, lines);
    int all = kh_docx_width(x), left = all / 2, right = all - left;
    kh_docx_p gap = {.before = 0, .after = 0, .tight = true, .keep_next = true};
    kh_docx_r none = {.half_points = 20};
    kh_docx_line(x, &gap, &none, " ");
    open_sides(x, left, right);
    open_side(x, left);
    kh_docx_p p = {.align = KH_ALIGN_LEFT, .before = 0, .after = 0, .tight = true};
    kh_docx_r head = {.bold = true, .italic = true, .half_points = l->recipients_head_pt * 2}, small = {.half_points = l->recipients_pt * 2};
    if (s->n_recipients)
        kh_docx_line(x, &p, &head, kh_word_in(x->lang, KH_W_RECIPIENTS));
    for (size_t i = 0; i < s->n_recipients; i++) {
        kh_buf line = KH_BUF_INIT;
        kh_official_office(s->recipients[i], i + 1 == s->n_recipients, &line);
        kh_docx_line(x, &p, &small, kh_buf_cstr(&line));
        kh_buf_free(&line);
    }
    if (s->n_recipients == 0)
        kh_docx_line(x, &p, &small, " "); /* a cell holds a paragraph */
    kh_buf_str(&x->body, "</w:tc>");
    open_side(x, right);
    for (size_t i = 0; i < n; i++)
        centred(x, lines[i], l->sign_pt, true, false, 0);
    centred(x, s->name && *s->name ? s->name : " ", l->sign_pt, true, false, 1500); /* room for the signature and the seal */
    kh_buf_str(&x->body, "</w:tc></w:tr></w:tbl>");
    /* A table is followed by a paragraph: one that takes no room, or LibreOffice gives it a page of its own. */
    kh_buf_str(&x->body, "<w:p><w:pPr><w:spacing w:before=\"0\" w:after=\"0\" w:line=\"20\" w:lineRule=\"exact\"/><w:rPr><w:sz w:val=\"2\"/></w:rPr></w:pPr></w:p>");
}

void kh_docx_appendix(kh_docx *x, const kh_dblock *b)
{
    kh_buf text = KH_BUF_INIT;
    kh_buf_printf(&text, "%s%s%s", kh_word_in(x->lang, KH_W_APPENDIX), b->number && *b->number ? " " : "", b->number ? b->number : "");
    kh_docx_p head = {.style = "KhAppendix", .before = -1, .after = 0, .anchor = b->anchor};
    kh_docx_r none = {0};
    kh_docx_line(x, &head, &none, kh_buf_cstr(&text));
    kh_docx_p name = {.align = KH_ALIGN_CENTER, .before = 0, .after = 60, .tight = true, .keep_next = true};
    kh_docx_open(x, &name);
    kh_buf_clear(&text);
    kh_runs_plain(b->runs, b->n_runs, &text);
    kh_docx_r bold = {.bold = true, .half_points = x->layout->kind_pt * 2};
    kh_docx_run(x, &bold, kh_buf_cstr(&text));
    kh_docx_close(x);
    kh_buf_clear(&text);
    if (b->n_items)
        kh_runs_plain(b->items[0], b->n_item_runs[0], &text);
    else
        kh_official_enclosed(kh_doc_official(x->doc), x->lang, &text);
    if (text.len)
        centred(x, kh_buf_cstr(&text), x->layout->kind_pt, false, true, 0);
    kh_docx_rule(x, kh_docx_width(x), kh_docx_width(x) * 0.2);
    kh_buf_free(&text);
}

/* SPDX-License-Identifier: MIT */
/* Paragraphs, runs, links and bookmarks of the Word document. */
#include "report/docx.h"

#include "report/escape.h"
#include "report/svg.h"

#include <string.h>

int kh_docx_width(const kh_docx *x)
{
    const kh_layout *l = x->layout;
    return x->landscape ? KH_TWIPS(297) - KH_TWIPS(l->bottom_mm) - KH_TWIPS(l->top_mm) : KH_TWIPS(210) - KH_TWIPS(l->left_mm) - KH_TWIPS(l->right_mm);
}

double kh_docx_text_width(const char *s, double points, bool bold)
{
    return kh_text_em(s, strlen(s), bold) * 0.87 * points * 20; /* the table is of wider letters */
}

const char *kh_docx_colour(kh_tone t)
{
    static const char *const colours[] = {NULL, "1B6E4C", "B3261E", "8A5A00", "5A6472"};
    return colours[t];
}

static void put_spacing(kh_docx *x, const kh_docx_p *p)
{
    if (p->before < 0 && p->after < 0 && !p->tight)
        return;
    kh_buf_str(&x->body, "<w:spacing");
    if (p->before >= 0)
        kh_buf_printf(&x->body, " w:before=\"%d\"", p->before);
    if (p->after >= 0)
        kh_buf_printf(&x->body, " w:after=\"%d\"", p->after);
    if (p->tight)
        kh_buf_str(&x->body, " w:line=\"240\" w:lineRule=\"auto\"");
    kh_buf_str(&x->body, "/>");
}

static void put_mark(kh_docx *x, const char *anchor)
{
    if (!anchor || !*anchor)
        return;
    uint32_t n = kh_map_get(x->anchors, anchor, strlen(anchor));
    if (n == KH_NONE)
        return;
    kh_buf_printf(&x->body, "<w:bookmarkStart w:id=\"%u\" w:name=\"kh%u\"/><w:bookmarkEnd w:id=\"%u\"/>", n, n, n);
}

/* The order of the elements is the schema's. */
void kh_docx_open(kh_docx *x, const kh_docx_p *p)
{
    static const char *const aligns[] = {"", "left", "center", "right", "both"};
    kh_buf *b = &x->body;
    x->empty = false;
    kh_buf_str(b, "<w:p><w:pPr>");
    if (p->style)
        kh_buf_printf(b, "<w:pStyle w:val=\"%s\"/>", p->style);
    kh_buf_str(b, p->keep_next ? "<w:keepNext/>" : "");
    if (p->num)
        kh_buf_printf(b, "<w:numPr><w:ilvl w:val=\"0\"/><w:numId w:val=\"%d\"/></w:numPr>", p->num);
    if (p->borders)
        kh_buf_printf(b, "<w:pBdr>%s</w:pBdr>", p->borders);
    if (p->shade)
        kh_buf_printf(b, "<w:shd w:val=\"clear\" w:color=\"auto\" w:fill=\"%s\"/>", p->shade);
    put_spacing(x, p);
    if (p->left || p->right || p->first)
        kh_buf_printf(b, "<w:ind w:left=\"%d\" w:right=\"%d\" w:firstLine=\"%d\"/>", p->left, p->right, p->first);
    if (p->align != KH_ALIGN_AUTO)
        kh_buf_printf(b, "<w:jc w:val=\"%s\"/>", aligns[p->align]);
    kh_buf_str(b, "</w:pPr>");
    put_mark(x, p->anchor);
}

void kh_docx_close(kh_docx *x)
{
    kh_buf_str(&x->body, "</w:p>");
}

static void put_properties(kh_docx *x, const kh_docx_r *r)
{
    kh_buf *b = &x->body;
    if (!r->bold && !r->italic && !r->underline && !r->raised && !r->half_points && !r->colour)
        return;
    kh_buf_str(b, "<w:rPr>");
    kh_buf_str(b, r->bold ? "<w:b/>" : "");
    kh_buf_str(b, r->italic ? "<w:i/>" : "");
    if (r->colour)
        kh_buf_printf(b, "<w:color w:val=\"%s\"/>", r->colour);
    if (r->half_points)
        kh_buf_printf(b, "<w:sz w:val=\"%d\"/><w:szCs w:val=\"%d\"/>", r->half_points, r->half_points);
    kh_buf_str(b, r->underline ? "<w:u w:val=\"single\"/>" : "");
    kh_buf_str(b, r->raised ? "<w:vertAlign w:val=\"superscript\"/>" : "");
    kh_buf_str(b, "</w:rPr>");
}

/* Line ends and tabs are elements of their own in a run. */
void kh_docx_run(kh_docx *x, const kh_docx_r *r, const char *text)
{
    if (!text || !*text)
        return;
    kh_buf *b = &x->body, safe = KH_BUF_INIT;
    kh_xml(text, &safe);
    kh_buf_str(b, "<w:r>");
    put_properties(x, r);
    for (const char *p = kh_buf_cstr(&safe); *p;) {
        size_t n = strcspn(p, "\n\t");
        if (n) {
            kh_buf_str(b, "<w:t xml:space=\"preserve\">");
            kh_buf_add(b, p, n);
            kh_buf_str(b, "</w:t>");
        }
        p += n;
        if (*p)
            kh_buf_str(b, *p++ == '\n' ? "<w:br/>" : "<w:tab/>");
    }
    kh_buf_str(b, "</w:r>");
    kh_buf_free(&safe);
}

size_t kh_docx_rel(kh_docx *x, const char *type, const char *target, bool external)
{
    kh_buf_printf(&x->rels, "<Relationship Id=\"rId%zu\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/%s\" Target=\"", ++x->n_rels, type);
    kh_xml(target, &x->rels);
    kh_buf_str(&x->rels, external ? "\" TargetMode=\"External\"/>" : "\"/>");
    return x->n_rels;
}

bool kh_docx_link(kh_docx *x, const char *link)
{
    if (!link || !*link || !kh_link_safe(link))
        return false;
    if (link[0] != '#') {
        kh_buf_printf(&x->body, "<w:hyperlink r:id=\"rId%zu\">", kh_docx_rel(x, "hyperlink", link, true));
        return true;
    }
    uint32_t n = kh_map_get(x->anchors, link + 1, strlen(link + 1));
    if (n == KH_NONE)
        return false;
    kh_buf_printf(&x->body, "<w:hyperlink w:anchor=\"kh%u\">", n);
    return true;
}

void kh_docx_runs(kh_docx *x, const kh_run_text *runs, size_t n, int half_points)
{
    for (size_t i = 0; i < n; i++) {
        bool link = kh_docx_link(x, runs[i].link);
        kh_docx_r r = {.bold = runs[i].bold, .italic = runs[i].italic, .underline = runs[i].underline || link, .half_points = half_points, .colour = link ? "14508C" : NULL};
        kh_docx_run(x, &r, runs[i].text);
        kh_buf_str(&x->body, link ? "</w:hyperlink>" : "");
    }
}

void kh_docx_line(kh_docx *x, const kh_docx_p *p, const kh_docx_r *r, const char *text)
{
    kh_docx_open(x, p);
    kh_docx_run(x, r, text);
    kh_docx_close(x);
}

void kh_docx_rule(kh_docx *x, int room, double length)
{
    int side = length < room ? (int)((room - length) / 2) : 0;
    kh_docx_p p = {.before = 80, .after = 0, .left = side, .right = side, .tight = true,
                   .borders = "<w:top w:val=\"single\" w:sz=\"6\" w:space=\"1\" w:color=\"000000\"/>"};
    kh_docx_r tiny = {.half_points = 4};
    kh_docx_line(x, &p, &tiny, " ");
}

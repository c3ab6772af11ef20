/* SPDX-License-Identifier: MIT */
/*
 * A Word document. Layout by date comes from official.h; wide tables stand in
 * turned sections of their own together with the headings right before them;
 * every appendix begins a section whose pages are counted anew.
 */
#include "report/renderers.h"

#include "report/docx.h"
#include "report/escape.h"
#include "report/words.h"

#include <stdio.h>
#include <string.h>

/* Ends the section at hand in a paragraph that takes no room, unless nothing stands in it. */
static void end_section(kh_docx *x)
{
    if (x->empty)
        return;
    kh_buf_str(&x->body, "<w:p><w:pPr><w:spacing w:before=\"0\" w:after=\"0\" w:line=\"20\" w:lineRule=\"exact\"/><w:rPr><w:sz w:val=\"2\"/></w:rPr>");
    kh_docx_section(x, &x->body);
    kh_buf_str(&x->body, "</w:pPr></w:p>");
    x->empty = true;
    x->first_of_count = false;
}

static void turn(kh_docx *x, bool landscape)
{
    if (x->landscape == landscape)
        return;
    end_section(x);
    x->landscape = landscape;
}

static void take_anchor(kh_docx *x, const char *anchor)
{
    if (anchor && *anchor)
        kh_map_set(x->anchors, anchor, strlen(anchor), (uint32_t)++x->n_marks);
}

static void take_anchors(kh_docx *x, kh_dblock *const *blocks, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        take_anchor(x, blocks[i]->anchor);
        if (blocks[i]->table && (!blocks[i]->anchor || !blocks[i]->table->anchor || strcmp(blocks[i]->anchor, blocks[i]->table->anchor) != 0))
            take_anchor(x, blocks[i]->table->anchor);
        for (size_t k = 0; blocks[i]->table && k < blocks[i]->table->n_rows * blocks[i]->table->n_cols; k++)
            take_anchor(x, blocks[i]->table->body[k].anchor);
        take_anchors(x, blocks[i]->children, blocks[i]->n_children);
    }
}

static void put_heading(kh_docx *x, const kh_dblock *b)
{
    char name[] = "Heading1";
    name[7] = (char)('0' + b->level);
    kh_docx_p p = {.style = name, .before = -1, .after = -1, .anchor = b->anchor};
    kh_docx_open(x, &p);
    if (b->number && *b->number) {
        kh_docx_r none = {0};
        kh_buf number = KH_BUF_INIT;
        kh_buf_printf(&number, "%s ", b->number);
        kh_docx_run(x, &none, kh_buf_cstr(&number));
        kh_buf_free(&number);
    }
    kh_docx_runs(x, b->runs, b->n_runs, 0);
    kh_docx_close(x);
}

static void put_list(kh_docx *x, const kh_dblock *b)
{
    int num = 1;
    if (b->ordered) {
        num = (int)++x->n_lists + 1;
        kh_buf_printf(&x->nums, "<w:num w:numId=\"%d\"><w:abstractNumId w:val=\"1\"/><w:lvlOverride w:ilvl=\"0\"><w:startOverride w:val=\"1\"/></w:lvlOverride></w:num>", num);
    }
    for (size_t i = 0; i < b->n_items; i++) {
        kh_docx_p p = {.style = "KhList", .before = -1, .after = -1, .num = num, .anchor = i == 0 ? b->anchor : NULL, .keep_next = x->keep && i + 1 == b->n_items};
        kh_docx_open(x, &p);
        kh_docx_runs(x, b->items[i], b->n_item_runs[i], 0);
        kh_docx_close(x);
    }
}

static void put_note(kh_docx *x, const kh_dblock *b)
{
    const char *colour = kh_docx_colour(b->tone);
    kh_buf border = KH_BUF_INIT;
    kh_buf_printf(&border, "<w:left w:val=\"single\" w:sz=\"24\" w:space=\"8\" w:color=\"%s\"/>", colour ? colour : "5A6472");
    kh_docx_p p = {.style = "KhNote", .before = -1, .after = -1, .borders = kh_buf_cstr(&border), .shade = "F5F7FA", .anchor = b->anchor};
    kh_docx_open(x, &p);
    if (b->tone != KH_TONE_NONE) {
        kh_docx_r mark = {.bold = true, .colour = colour};
        kh_buf text = KH_BUF_INIT;
        kh_buf_printf(&text, "%s ", kh_tone_mark(b->tone));
        kh_docx_run(x, &mark, kh_buf_cstr(&text));
        kh_buf_free(&text);
    }
    kh_docx_runs(x, b->runs, b->n_runs, 0);
    kh_docx_close(x);
    kh_buf_free(&border);
}

/* "... như sau:" */
static bool leads_on(const kh_dblock *b)
{
    const char *last = b->n_runs ? b->runs[b->n_runs - 1].text : NULL;
    return last && *last && last[strlen(last) - 1] == ':';
}

static void put_para(kh_docx *x, const kh_dblock *b)
{
    bool plain = b->align == KH_ALIGN_AUTO || b->align == KH_ALIGN_JUSTIFY || b->align == KH_ALIGN_LEFT;
    kh_docx_p p = {.style = plain ? "BodyText" : NULL, .align = b->align == KH_ALIGN_JUSTIFY ? KH_ALIGN_AUTO : b->align, .before = -1, .after = -1, .anchor = b->anchor, .keep_next = x->keep || leads_on(b)};
    kh_docx_open(x, &p);
    kh_docx_runs(x, b->runs, b->n_runs, 0);
    kh_docx_close(x);
}

/* An anchor of a block that has no paragraph of its own to carry it. */
static void put_anchor(kh_docx *x, const char *anchor)
{
    if (!anchor || !*anchor)
        return;
    kh_docx_p p = {.before = 0, .after = 0, .tight = true, .keep_next = true, .anchor = anchor};
    kh_docx_r tiny = {.half_points = 2};
    kh_docx_line(x, &p, &tiny, " ");
}

static void put_blocks(kh_docx *x, kh_dblock *const *blocks, size_t n);

static void put_details(kh_docx *x, const kh_dblock *b)
{
    kh_docx_p p = {.style = "Heading4", .before = -1, .after = -1, .anchor = b->anchor};
    kh_docx_open(x, &p);
    kh_docx_runs(x, b->runs, b->n_runs, 0);
    kh_docx_close(x);
    put_blocks(x, b->children, b->n_children);
}

static void put_block(kh_docx *x, const kh_dblock *b)
{
    switch (b->kind) {
    case KH_B_OFFICIAL:
        put_anchor(x, b->anchor);
        kh_docx_official(x, b->official);
        break;
    case KH_B_HEADING: put_heading(x, b); break;
    case KH_B_PARA: put_para(x, b); break;
    case KH_B_LIST: put_list(x, b); break;
    case KH_B_TABLE:
        put_anchor(x, b->table->anchor && b->anchor && strcmp(b->anchor, b->table->anchor) == 0 ? NULL : b->anchor);
        if (!b->table->title && !b->table->unit_line)
            put_anchor(x, b->table->anchor);
        kh_docx_table(x, b->table, NULL);
        break;
    case KH_B_CHART:
        put_anchor(x, b->anchor);
        kh_docx_chart(x, b->chart);
        break;
    case KH_B_TILES:
        put_anchor(x, b->anchor);
        if (b->n_tiles)
            kh_docx_table(x, kh_tiles_table(x->scratch, b, x->lang), NULL);
        break;
    case KH_B_BREAK: kh_buf_str(&x->body, "<w:p><w:r><w:br w:type=\"page\"/></w:r></w:p>"); break;
    case KH_B_NOTE: put_note(x, b); break;
    case KH_B_SIGN:
        put_anchor(x, b->anchor);
        kh_docx_sign(x, b->sign);
        break;
    case KH_B_APPENDIX: kh_docx_appendix(x, b); break;
    case KH_B_DETAILS: put_details(x, b); break;
    case KH_B_COLUMNS: case KH_B_PART: put_blocks(x, b->children, b->n_children); break;
    }
}

/* Whether the block at i stands on a turned page: a wide table, and the headings right before one. */
static bool turned(kh_dblock *const *blocks, size_t n, size_t i)
{
    while (i < n && (blocks[i]->kind == KH_B_HEADING || blocks[i]->kind == KH_B_APPENDIX))
        i++;
    return i < n && blocks[i]->kind == KH_B_TABLE && blocks[i]->table->landscape;
}

static void put_blocks(kh_docx *x, kh_dblock *const *blocks, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        bool wide = turned(blocks, n, i);
        if (blocks[i]->kind == KH_B_APPENDIX) {
            end_section(x);
            x->landscape = wide;
            x->first_of_count = true;
        } else {
            turn(x, wide);
        }
        x->keep = i + 1 < n && blocks[i + 1]->kind == KH_B_SIGN; /* a signature never stands alone on a page */
        put_block(x, blocks[i]);
    }
}

int kh_render_docx(const kh_doc *d, const kh_render_options *o, kh_buf *out, kh_error *err)
{
    (void)o;
    kh_docx x = {.doc = d, .scratch = kh_doc_new("", KH_LANG_VI), .lang = kh_doc_lang(d), .layout = kh_official_layout(kh_doc_official(d)), .zip = kh_package_new(),
                 .anchors = kh_map_new(), .first_of_count = true, .empty = true};
    kh_docx_rel(&x, "header", "header1.xml", false); /* rId1 to rId4: see kh_docx_section */
    kh_docx_rel(&x, "header", "header2.xml", false);
    kh_docx_rel(&x, "footer", "footer1.xml", false);
    kh_docx_rel(&x, "footer", "footer2.xml", false);
    kh_docx_rel(&x, "styles", "styles.xml", false);
    kh_docx_rel(&x, "settings", "settings.xml", false);
    kh_docx_rel(&x, "numbering", "numbering.xml", false);
    take_anchors(&x, d->blocks, d->n_blocks);
    if (!kh_doc_official(d) && *d->title) {
        kh_docx_p p = {.style = "Title", .before = -1, .after = -1};
        kh_docx_r none = {0};
        kh_docx_line(&x, &p, &none, d->title);
    }
    put_blocks(&x, d->blocks, d->n_blocks);
    if (x.empty) {
        kh_docx_p p = {.before = -1, .after = -1};
        kh_docx_r none = {0};
        kh_docx_line(&x, &p, &none, " ");
    }
    kh_docx_parts(&x);
    int rc = kh_package_write(x.zip, out, err);
    kh_package_free(x.zip);
    kh_buf_free(&x.body);
    kh_buf_free(&x.rels);
    kh_buf_free(&x.types);
    kh_buf_free(&x.nums);
    kh_map_free(x.anchors);
    kh_doc_free(x.scratch);
    return rc;
}

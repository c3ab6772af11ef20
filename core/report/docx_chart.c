/* SPDX-License-Identifier: MIT */
/*
 * Charts of the Word document as DrawingML chart parts, which stay sharp and
 * can be restyled there. Bars with a target are columns with a dashed line;
 * small multiples are a grid of line charts; heat tables and strips are shaded
 * tables. Labels carry the text we formed (1.234,5), not the viewer's idea of it.
 */
#include "report/docx.h"

#include "report/escape.h"
#include "report/svg.h"
#include "report/words.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define XML "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"

static const char *const colours[] = {"1D4E89", "B45309", "1F7A5C", "86347A", "6B6410", "A3263F", "2F7EA8", "5A6472"};
static const char *const patterns[] = {NULL, "wdUpDiag", "dotDmnd", "dkHorz", "wdDnDiag", "smGrid", "dkVert", "lgCheck"};
static const char *const tone_colours[] = {"1D4E89", "1B6E4C", "B3261E", "B87A00", "5A6472"};
static const char *const markers[] = {"circle", "square", "triangle", "diamond", "x", "plus", "star", "dash"};
static const char *const dashes[] = {"solid", "dash", "sysDot", "dashDot"};

typedef struct part { /* one chart part */
    kh_docx *x;
    const kh_chart *c;
    kh_buf b;
    int points;      /* size of letters */
    bool columns;    /* upright */
    const char *title; /* drawn inside, or NULL */
} part;

static void put_text(kh_buf *b, const char *s)
{
    kh_buf line = KH_BUF_INIT;
    kh_plain_line(s ? s : "", &line);
    kh_xml(kh_buf_cstr(&line), b);
    kh_buf_free(&line);
}

static void put_font(kh_buf *b, int points, bool bold)
{
    kh_buf_printf(b, "<c:txPr><a:bodyPr/><a:lstStyle/><a:p><a:pPr><a:defRPr sz=\"%d\" b=\"%d\"><a:latin typeface=\"Times New Roman\"/><a:cs typeface=\"Times New Roman\"/></a:defRPr></a:pPr>"
                  "<a:endParaRPr lang=\"vi-VN\"/></a:p></c:txPr>", points * 100, bold ? 1 : 0);
}

static void put_fill(kh_buf *b, const char *colour, const char *pattern)
{
    if (pattern)
        kh_buf_printf(b, "<c:spPr><a:pattFill prst=\"%s\"><a:fgClr><a:srgbClr val=\"%s\"/></a:fgClr><a:bgClr><a:srgbClr val=\"FFFFFF\"/></a:bgClr></a:pattFill>", pattern, colour);
    else
        kh_buf_printf(b, "<c:spPr><a:solidFill><a:srgbClr val=\"%s\"/></a:solidFill>", colour);
    kh_buf_printf(b, "<a:ln w=\"9525\"><a:solidFill><a:srgbClr val=\"%s\"/></a:solidFill></a:ln></c:spPr>", colour);
}

static void put_strings(kh_buf *b, const char *const *s, size_t n)
{
    kh_buf_printf(b, "<c:strLit><c:ptCount val=\"%zu\"/>", n);
    for (size_t i = 0; i < n; i++) {
        kh_buf_printf(b, "<c:pt idx=\"%zu\"><c:v>", i);
        put_text(b, s[i]);
        kh_buf_str(b, "</c:v></c:pt>");
    }
    kh_buf_str(b, "</c:strLit>");
}

static void put_numbers(kh_buf *b, const kh_chart *c, const double *y, const bool *there, bool all)
{
    kh_buf_printf(b, "<c:numLit><c:formatCode>#,##0%s%.*s</c:formatCode><c:ptCount val=\"%zu\"/>", c->decimals ? "." : "", c->decimals, "000000000000000000", c->n_x);
    for (size_t i = 0; i < c->n_x; i++) {
        if (all || there[i]) /* a point left out is a gap */
            kh_buf_printf(b, "<c:pt idx=\"%zu\"><c:v>%.15g</c:v></c:pt>", i, all ? y[0] : y[i]);
    }
    kh_buf_str(b, "</c:numLit>");
}

/* The label of each point as text of our own, with the mark of its tone. */
/* Over a ground of its own, since the target's line may pass there. Many points have smaller figures. */
#define GROUND "<c:spPr><a:solidFill><a:srgbClr val=\"FFFFFF\"/></a:solidFill><a:ln><a:noFill/></a:ln></c:spPr>"

static void put_labels(part *p, size_t k, const char *place)
{
    kh_buf *b = &p->b;
    int points = p->c->n_x * (p->c->kind == KH_CHART_GROUPED ? p->c->n_series : 1) > 9 ? p->points - 2 : p->points;
    kh_svg values = {.c = p->c, .lang = p->x->lang};
    kh_buf_str(b, "<c:dLbls>");
    for (size_t i = 0; i < p->c->n_x; i++) {
        if (!p->c->series[k].there[i])
            continue;
        kh_buf text = KH_BUF_INIT;
        kh_svg_value(&values, k, i, &text);
        kh_buf_printf(b, "<c:dLbl><c:idx val=\"%zu\"/><c:tx><c:rich><a:bodyPr/><a:p><a:r><a:rPr lang=\"vi-VN\" sz=\"%d\"><a:latin typeface=\"Times New Roman\"/></a:rPr><a:t>", i, points * 100);
        put_text(b, kh_buf_cstr(&text));
        kh_buf_printf(b, "</a:t></a:r></a:p></c:rich></c:tx>" GROUND "%s<c:showLegendKey val=\"0\"/><c:showVal val=\"1\"/><c:showCatName val=\"0\"/><c:showSerName val=\"0\"/><c:showPercent val=\"0\"/><c:showBubbleSize val=\"0\"/></c:dLbl>", place);
        kh_buf_free(&text);
    }
    kh_buf_str(b, GROUND);
    put_font(b, points, false);
    kh_buf_printf(b, "%s<c:showLegendKey val=\"0\"/><c:showVal val=\"1\"/><c:showCatName val=\"0\"/><c:showSerName val=\"0\"/><c:showPercent val=\"0\"/><c:showBubbleSize val=\"0\"/></c:dLbls>", place);
}

static void put_points(part *p, size_t k)
{
    for (size_t i = 0; i < p->c->n_x; i++) {
        kh_tone tone = kh_series_tone(&p->c->series[k], i);
        if (tone == KH_TONE_NONE)
            continue;
        kh_buf_printf(&p->b, "<c:dPt><c:idx val=\"%zu\"/><c:invertIfNegative val=\"0\"/><c:bubble3D val=\"0\"/>", i);
        put_fill(&p->b, tone_colours[tone], tone == KH_TONE_BAD ? "wdUpDiag" : NULL);
        kh_buf_str(&p->b, "</c:dPt>");
    }
}

static void open_series(part *p, size_t k, const char *name)
{
    kh_buf_printf(&p->b, "<c:ser><c:idx val=\"%zu\"/><c:order val=\"%zu\"/><c:tx><c:v>", k, k);
    put_text(&p->b, name);
    kh_buf_str(&p->b, "</c:v></c:tx>");
}

static void put_data(part *p, size_t k)
{
    const kh_series *s = &p->c->series[k];
    kh_buf_str(&p->b, "<c:cat>");
    put_strings(&p->b, p->c->x, p->c->n_x);
    kh_buf_str(&p->b, "</c:cat><c:val>");
    put_numbers(&p->b, p->c, s->y, s->there, false);
    kh_buf_str(&p->b, "</c:val>");
}

static void put_bars(part *p, size_t n)
{
    const kh_chart *c = p->c;
    bool stacked = c->kind == KH_CHART_STACKED;
    kh_buf_printf(&p->b, "<c:barChart><c:barDir val=\"%s\"/><c:grouping val=\"%s\"/><c:varyColors val=\"0\"/>", p->columns ? "col" : "bar", stacked ? "stacked" : "clustered");
    for (size_t k = 0; k < n; k++) {
        open_series(p, k, c->series[k].name);
        put_fill(&p->b, colours[k % 8], patterns[k % 8]);
        kh_buf_str(&p->b, "<c:invertIfNegative val=\"0\"/>");
        put_points(p, k);
        /* A part of a stack says its figure in its middle; a bullet at its foot, since the target's tick may be at its end. */
        put_labels(p, k, stacked ? "<c:dLblPos val=\"ctr\"/>" : c->kind == KH_CHART_BULLET ? "<c:dLblPos val=\"inBase\"/>" : "<c:dLblPos val=\"outEnd\"/>");
        put_data(p, k);
        kh_buf_str(&p->b, "</c:ser>");
    }
    kh_buf_printf(&p->b, "<c:gapWidth val=\"%d\"/>%s<c:axId val=\"111\"/><c:axId val=\"222\"/></c:barChart>", n > 1 && !stacked ? 60 : 45, stacked ? "<c:overlap val=\"100\"/>" : "");
}

static void put_target_series(part *p, size_t nth, const double *y, const bool *there, bool all, const char *name)
{
    open_series(p, nth, name);
    kh_buf_str(&p->b, all ? "<c:spPr><a:ln w=\"19050\"><a:solidFill><a:srgbClr val=\"B3261E\"/></a:solidFill><a:prstDash val=\"dash\"/></a:ln></c:spPr><c:marker><c:symbol val=\"none\"/></c:marker>"
                          : "<c:spPr><a:ln w=\"19050\"><a:noFill/></a:ln></c:spPr><c:marker><c:symbol val=\"dash\"/><c:size val=\"20\"/><c:spPr><a:solidFill><a:srgbClr val=\"B3261E\"/></a:solidFill></c:spPr></c:marker>");
    kh_buf_str(&p->b, "<c:cat>");
    put_strings(&p->b, p->c->x, p->c->n_x);
    kh_buf_str(&p->b, "</c:cat><c:val>");
    put_numbers(&p->b, p->c, y, there, all);
    kh_buf_str(&p->b, "</c:val><c:smooth val=\"0\"/></c:ser>");
}

/* Lines of the series from..to, and the target: a line over all, or a tick at each category (bullet). */
static void put_lines(part *p, size_t from, size_t to)
{
    const kh_chart *c = p->c;
    bool own = c->kind == KH_CHART_BULLET && c->n_series > 1;
    if (from == to && !c->has_target && !own)
        return;
    kh_buf_str(&p->b, "<c:lineChart><c:grouping val=\"standard\"/><c:varyColors val=\"0\"/>");
    for (size_t k = from; k < to; k++) {
        size_t look = to - from == 1 ? 0 : k;
        open_series(p, k, c->series[k].name);
        kh_buf_printf(&p->b, "<c:spPr><a:ln w=\"25400\" cap=\"rnd\"><a:solidFill><a:srgbClr val=\"%s\"/></a:solidFill><a:prstDash val=\"%s\"/></a:ln></c:spPr><c:marker><c:symbol val=\"%s\"/><c:size val=\"%d\"/>"
                      "<c:spPr><a:solidFill><a:srgbClr val=\"%s\"/></a:solidFill></c:spPr></c:marker>", colours[look % 8], dashes[look % 4], markers[look % 8], p->title ? 4 : 7, colours[look % 8]);
        if (to - from == 1 && !p->title)
            put_labels(p, k, "<c:dLblPos val=\"t\"/>");
        put_data(p, k);
        kh_buf_str(&p->b, "<c:smooth val=\"0\"/></c:ser>");
    }
    if (own) {
        put_target_series(p, c->n_series, c->series[1].y, c->series[1].there, false, c->series[1].name);
    } else if (c->has_target) {
        kh_buf name = KH_BUF_INIT;
        kh_chart_target_text(c, p->x->lang, &name);
        put_target_series(p, c->n_series, &c->target, NULL, true, kh_buf_cstr(&name));
        if (c->has_target_hi)
            put_target_series(p, c->n_series + 1, &c->target_hi, NULL, true, kh_buf_cstr(&name));
        kh_buf_free(&name);
    }
    kh_buf_str(&p->b, "<c:marker val=\"1\"/><c:axId val=\"111\"/><c:axId val=\"222\"/></c:lineChart>");
}

/*
 * Groups of three divided by points whatever the viewer's own settings; the
 * format language has two conditions, so the sizes that an axis can show decide.
 * With decimals or below zero the viewer's separators are left.
 */
static void axis_format(const part *p, const kh_scale *s, kh_buf *out)
{
    if (p->x->lang == KH_LANG_EN || s->decimals > 0 || s->lo < 0)
        kh_buf_printf(out, "#,##0%s%.*s", s->decimals ? "." : "", s->decimals, "000000000");
    else if (s->hi >= 1e9)
        kh_buf_str(out, "[&gt;=1000000000]0\\.000\\.000\\.000;[&gt;=1000000]0\\.000\\.000;0");
    else
        kh_buf_str(out, "[&gt;=1000000]0\\.000\\.000;[&gt;=1000]0\\.000;0");
}

static void put_axes(part *p)
{
    const kh_chart *c = p->c;
    kh_buf *b = &p->b;
    bool from_zero = c->kind != KH_CHART_LINE && c->kind != KH_CHART_MULTIPLES;
    kh_scale scale = kh_scale_of(c, from_zero, c->kind == KH_CHART_STACKED, p->title ? 3 : 5);
    kh_buf format = KH_BUF_INIT;
    axis_format(p, &scale, &format);
    /* Half a step beyond the last tick is left for the figures over the columns and at the ends of bars; a line's stand above. */
    double room = c->kind == KH_CHART_STACKED || c->kind == KH_CHART_MULTIPLES ? 0 : scale.tick * 0.5;
    double top = scale.hi + room, low = from_zero && scale.lo < 0 ? scale.lo - (room > 0 ? scale.tick : 0) : scale.lo; /* ticks are counted from there */
    const char *line = "<c:spPr><a:ln w=\"9525\"><a:solidFill><a:srgbClr val=\"4D5967\"/></a:solidFill></a:ln></c:spPr>";
    kh_buf_printf(b, "<c:catAx><c:axId val=\"111\"/><c:scaling><c:orientation val=\"%s\"/></c:scaling><c:delete val=\"0\"/><c:axPos val=\"%s\"/><c:numFmt formatCode=\"General\" sourceLinked=\"0\"/>"
                  "<c:majorTickMark val=\"none\"/><c:minorTickMark val=\"none\"/><c:tickLblPos val=\"low\"/>%s", p->columns ? "minMax" : "maxMin", p->columns ? "b" : "l", line);
    put_font(b, p->points, false);
    kh_buf_printf(b, "<c:crossAx val=\"222\"/><c:crosses val=\"autoZero\"/><c:auto val=\"1\"/><c:lblAlgn val=\"ctr\"/><c:lblOffset val=\"100\"/>%s<c:noMultiLvlLbl val=\"0\"/></c:catAx>",
                  p->title ? "" : "<c:tickLblSkip val=\"1\"/>");
    kh_buf_printf(b, "<c:valAx><c:axId val=\"222\"/><c:scaling><c:orientation val=\"minMax\"/><c:max val=\"%.15g\"/><c:min val=\"%.15g\"/></c:scaling><c:delete val=\"0\"/><c:axPos val=\"%s\"/>"
                  "<c:majorGridlines><c:spPr><a:ln w=\"6350\"><a:solidFill><a:srgbClr val=\"D5DBE2\"/></a:solidFill></a:ln></c:spPr></c:majorGridlines>"
                  "<c:numFmt formatCode=\"%s\" sourceLinked=\"0\"/><c:majorTickMark val=\"none\"/><c:minorTickMark val=\"none\"/><c:tickLblPos val=\"nextTo\"/>"
                  "<c:spPr><a:ln><a:noFill/></a:ln></c:spPr>", top, low, p->columns ? "l" : "b", kh_buf_cstr(&format));
    kh_buf_free(&format);
    put_font(b, p->points, false);
    kh_buf_printf(b, "<c:crossAx val=\"111\"/><c:crosses val=\"%s\"/><c:crossBetween val=\"%s\"/><c:majorUnit val=\"%.15g\"/></c:valAx>", p->columns ? "autoZero" : "max",
                  from_zero ? "between" : "midCat", scale.tick);
}

static void put_chart_part(part *p)
{
    kh_buf *b = &p->b;
    kh_buf_str(b, XML "<c:chartSpace xmlns:c=\"http://schemas.openxmlformats.org/drawingml/2006/chart\" xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\" "
               "xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><c:date1904 val=\"0\"/>");
    kh_buf_printf(b, "<c:lang val=\"%s\"/><c:roundedCorners val=\"0\"/><c:chart>", p->x->lang == KH_LANG_EN ? "en-GB" : "vi-VN");
    if (p->title) {
        kh_buf_str(b, "<c:title><c:tx><c:rich><a:bodyPr/><a:p><a:pPr><a:defRPr/></a:pPr><a:r><a:rPr lang=\"vi-VN\" sz=\"1000\" b=\"1\"><a:latin typeface=\"Times New Roman\"/></a:rPr><a:t>");
        put_text(b, p->title);
        kh_buf_str(b, "</a:t></a:r></a:p></c:rich></c:tx><c:overlay val=\"0\"/></c:title>");
    }
    kh_buf_printf(b, "<c:autoTitleDeleted val=\"%d\"/><c:plotArea><c:layout/>", p->title ? 0 : 1);
}

/* No entry for the upper end of a target's span, whose name is that of the lower; nor for bars coloured by status. */
static void hide_entries(part *p, size_t own)
{
    const kh_chart *c = p->c;
    bool toned = own == 1 && c->kind != KH_CHART_LINE && kh_series_toned(&c->series[0], c->n_x);
    if (toned)
        kh_buf_str(&p->b, "<c:legendEntry><c:idx val=\"0\"/><c:delete val=\"1\"/></c:legendEntry>");
    if (c->has_target && c->has_target_hi && c->kind != KH_CHART_BULLET)
        kh_buf_printf(&p->b, "<c:legendEntry><c:idx val=\"%zu\"/><c:delete val=\"1\"/></c:legendEntry>", own + 1);
}

static void end_chart_part(part *p, bool legend, size_t own)
{
    kh_buf *b = &p->b;
    put_axes(p);
    kh_buf_str(b, "</c:plotArea>");
    if (legend) {
        kh_buf_str(b, "<c:legend><c:legendPos val=\"b\"/>");
        hide_entries(p, own);
        kh_buf_str(b, "<c:overlay val=\"0\"/>");
        put_font(b, p->points, false);
        kh_buf_str(b, "</c:legend>");
    }
    kh_buf_str(b, "<c:plotVisOnly val=\"1\"/><c:dispBlanksAs val=\"gap\"/></c:chart><c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr></c:chartSpace>");
}

/* Puts the part into the package and its frame into the paragraph at hand. */
static void put_frame(part *p, long cx, long cy, const char *name)
{
    kh_docx *x = p->x;
    char file[48];
    snprintf(file, sizeof file, "word/charts/chart%zu.xml", ++x->n_charts);
    kh_buf_printf(&x->types, "<Override PartName=\"/%s\" ContentType=\"application/vnd.openxmlformats-officedocument.drawingml.chart+xml\"/>", file);
    kh_package_add(x->zip, file, &p->b);
    size_t rel = kh_docx_rel(x, "chart", file + 5, false);
    kh_buf *b = &x->body, alt = KH_BUF_INIT;
    kh_chart_alt(p->c, x->lang, &alt);
    kh_buf_printf(b, "<w:r><w:drawing><wp:inline distT=\"0\" distB=\"0\" distL=\"0\" distR=\"0\"><wp:extent cx=\"%ld\" cy=\"%ld\"/><wp:docPr id=\"%zu\" name=\"", cx, cy, ++x->n_drawings);
    put_text(b, name);
    kh_buf_str(b, "\" descr=\"");
    put_text(b, kh_buf_cstr(&alt));
    kh_buf_printf(b, "\"/><wp:cNvGraphicFramePr/><a:graphic><a:graphicData uri=\"http://schemas.openxmlformats.org/drawingml/2006/chart\"><c:chart r:id=\"rId%zu\"/></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>", rel);
    kh_buf_free(&alt);
}

static void put_caption(kh_docx *x, const kh_chart *c)
{
    kh_docx_p p = {.style = "KhCaption", .before = -1, .after = -1};
    kh_docx_r bold = {0}, unit = {.italic = true};
    kh_docx_open(x, &p);
    kh_docx_run(x, &bold, c->title);
    if (c->unit && *c->unit) {
        kh_buf text = KH_BUF_INIT;
        kh_buf_printf(&text, " (%s)", c->unit);
        kh_docx_run(x, &unit, kh_buf_cstr(&text));
        kh_buf_free(&text);
    }
    kh_docx_close(x);
}

static void put_multiples(kh_docx *x, const kh_chart *c)
{
    enum { ACROSS = 3 };
    int all = kh_docx_width(x), w = all / ACROSS;
    put_caption(x, c);
    kh_buf_printf(&x->body, "<w:tbl><w:tblPr><w:tblW w:w=\"%d\" w:type=\"dxa\"/><w:jc w:val=\"center\"/><w:tblLayout w:type=\"fixed\"/><w:tblCellMar><w:left w:w=\"0\" w:type=\"dxa\"/>"
                  "<w:right w:w=\"0\" w:type=\"dxa\"/></w:tblCellMar></w:tblPr><w:tblGrid>", w * ACROSS);
    for (int i = 0; i < ACROSS; i++)
        kh_buf_printf(&x->body, "<w:gridCol w:w=\"%d\"/>", w);
    kh_buf_str(&x->body, "</w:tblGrid>");
    for (size_t k = 0; k < (c->n_series + ACROSS - 1) / ACROSS * ACROSS; k++) {
        kh_buf_str(&x->body, k % ACROSS == 0 ? "<w:tr><w:trPr><w:cantSplit/></w:trPr>" : "");
        kh_buf_printf(&x->body, "<w:tc><w:tcPr><w:tcW w:w=\"%d\" w:type=\"dxa\"/></w:tcPr>", w);
        kh_docx_p p = {.align = KH_ALIGN_CENTER, .before = 0, .after = 0, .tight = true};
        kh_docx_open(x, &p);
        if (k < c->n_series) {
            kh_buf name = KH_BUF_INIT;
            bool any = false;
            for (size_t i = 0; i < c->n_x; i++)
                any = any || c->series[k].there[i];
            kh_buf_str(&name, c->series[k].name ? c->series[k].name : "");
            if (!any)
                kh_buf_printf(&name, " (%s)", kh_word_in(x->lang, KH_W_MISSING));
            part one = {.x = x, .c = c, .points = 8, .columns = true, .title = kh_buf_cstr(&name)};
            put_chart_part(&one);
            put_lines(&one, k, k + 1);
            end_chart_part(&one, false, 1);
            put_frame(&one, KH_EMU(w - 60), KH_EMU(KH_TWIPS(36)), kh_buf_cstr(&name));
            kh_buf_free(&name);
        }
        kh_docx_close(x);
        kh_buf_str(&x->body, k % ACROSS == ACROSS - 1 ? "</w:tc></w:tr>" : "</w:tc>");
    }
    kh_buf_str(&x->body, "</w:tbl>");
    kh_buf target = KH_BUF_INIT;
    kh_chart_target_text(c, x->lang, &target);
    kh_docx_p note = {.style = "KhNotes", .before = -1, .after = -1};
    kh_docx_r none = {0};
    kh_docx_line(x, &note, &none, target.len ? kh_buf_cstr(&target) : " ");
    kh_buf_free(&target);
}

void kh_docx_chart(kh_docx *x, const kh_chart *c)
{
    if (c->kind == KH_CHART_HEAT || c->kind == KH_CHART_STRIP) {
        kh_dtable *t = kh_chart_table(x->scratch, c, x->lang);
        t->cols[0].width = 3;
        for (size_t i = 1; i < t->n_cols; i++)
            t->cols[i].width = 1;
        kh_docx_table(x, t, c);
        return;
    }
    if (c->kind == KH_CHART_MULTIPLES) {
        put_multiples(x, c);
        return;
    }
    part p = {.x = x, .c = c, .points = 11};
    bool lines = c->kind == KH_CHART_LINE, bars = !lines;
    /* Lying bars leave a name as much room as it needs, but have no line for a target. */
    p.columns = lines || c->kind == KH_CHART_GROUPED || c->kind == KH_CHART_STACKED || c->has_target || c->kind == KH_CHART_BULLET;
    size_t own = c->kind == KH_CHART_BULLET ? 1 : c->n_series;
    put_caption(x, c);
    put_chart_part(&p);
    if (bars)
        put_bars(&p, own);
    put_lines(&p, lines ? 0 : own, own);
    end_chart_part(&p, own > 1 || c->has_target || c->kind == KH_CHART_BULLET, own);
    kh_docx_p para = {.align = KH_ALIGN_CENTER, .before = 0, .after = 120, .tight = true};
    kh_docx_open(x, &para);
    int high = p.columns ? KH_TWIPS(88) : KH_TWIPS(30) + (int)c->n_x * KH_TWIPS(7);
    put_frame(&p, KH_EMU(kh_docx_width(x)), KH_EMU(high < KH_TWIPS(60) ? KH_TWIPS(60) : high > KH_TWIPS(220) ? KH_TWIPS(220) : high), c->title);
    kh_docx_close(x);
}

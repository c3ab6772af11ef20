/* SPDX-License-Identifier: MIT */
/* The parts around the body: styles, numbering, heads and feet of pages, sections, properties, and the list of parts. */
#include "report/docx.h"

#include "report/escape.h"
#include "report/words.h"

#include <stdio.h>
#include <string.h>

#define XML "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
#define W_NS "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\""
#define FONT "<w:rFonts w:ascii=\"Times New Roman\" w:hAnsi=\"Times New Roman\" w:eastAsia=\"Times New Roman\" w:cs=\"Times New Roman\"/>"
#define TYPE "application/vnd.openxmlformats-officedocument."

static void add(kh_docx *x, const char *name, kh_buf *b)
{
    kh_package_add(x->zip, name, b);
}

static void style(kh_buf *b, const char *id, const char *name, const char *next, const char *ppr, const char *rpr)
{
    kh_buf_printf(b, "<w:style w:type=\"paragraph\"%s w:styleId=\"%s\"><w:name w:val=\"%s\"/><w:basedOn w:val=\"Normal\"/><w:next w:val=\"%s\"/><w:qFormat/>"
                  "<w:pPr>%s</w:pPr><w:rPr>%s</w:rPr></w:style>", strncmp(id, "Kh", 2) == 0 ? " w:customStyle=\"1\"" : "", id, name, next, ppr, rpr);
}

static void put_styles(kh_docx *x)
{
    kh_buf b = KH_BUF_INIT;
    int size = x->layout->body_pt * 2;
    kh_buf_printf(&b, XML "<w:styles " W_NS "><w:docDefaults><w:rPrDefault><w:rPr>" FONT "<w:sz w:val=\"%d\"/><w:szCs w:val=\"%d\"/>"
                  "<w:lang w:val=\"%s\" w:eastAsia=\"%s\" w:bidi=\"ar-SA\"/></w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>"
                  "<w:style w:type=\"paragraph\" w:default=\"1\" w:styleId=\"Normal\"><w:name w:val=\"Normal\"/><w:qFormat/>"
                  "<w:pPr><w:spacing w:before=\"0\" w:after=\"60\"/></w:pPr></w:style>"
                  "<w:style w:type=\"table\" w:default=\"1\" w:styleId=\"TableNormal\"><w:name w:val=\"Normal Table\"/><w:uiPriority w:val=\"99\"/><w:semiHidden/>"
                  "<w:tblPr><w:tblInd w:w=\"0\" w:type=\"dxa\"/><w:tblCellMar><w:top w:w=\"0\" w:type=\"dxa\"/><w:left w:w=\"108\" w:type=\"dxa\"/>"
                  "<w:bottom w:w=\"0\" w:type=\"dxa\"/><w:right w:w=\"108\" w:type=\"dxa\"/></w:tblCellMar></w:tblPr></w:style>",
                  size, size, x->lang == KH_LANG_EN ? "en-GB" : "vi-VN", x->lang == KH_LANG_EN ? "en-GB" : "vi-VN");
    style(&b, "BodyText", "Body Text", "BodyText", "<w:spacing w:before=\"60\" w:after=\"60\" w:line=\"276\" w:lineRule=\"auto\"/><w:ind w:firstLine=\"567\"/><w:jc w:val=\"both\"/>", "");
    style(&b, "Heading1", "heading 1", "BodyText", "<w:keepNext/><w:spacing w:before=\"180\" w:after=\"60\"/><w:ind w:firstLine=\"567\"/><w:jc w:val=\"left\"/><w:outlineLvl w:val=\"0\"/>", "<w:b/><w:bCs/>");
    style(&b, "Heading2", "heading 2", "BodyText", "<w:keepNext/><w:spacing w:before=\"120\" w:after=\"60\"/><w:ind w:firstLine=\"567\"/><w:jc w:val=\"left\"/><w:outlineLvl w:val=\"1\"/>", "<w:b/><w:bCs/>");
    style(&b, "Heading3", "heading 3", "BodyText", "<w:keepNext/><w:spacing w:before=\"80\" w:after=\"40\"/><w:ind w:firstLine=\"567\"/><w:jc w:val=\"left\"/><w:outlineLvl w:val=\"2\"/>", "");
    style(&b, "Heading4", "heading 4", "BodyText", "<w:keepNext/><w:spacing w:before=\"60\" w:after=\"40\"/><w:ind w:firstLine=\"567\"/><w:jc w:val=\"left\"/><w:outlineLvl w:val=\"3\"/>", "<w:i/><w:iCs/>");
    style(&b, "Title", "Title", "BodyText", "<w:spacing w:before=\"120\" w:after=\"240\"/><w:jc w:val=\"center\"/>", "<w:b/><w:bCs/><w:sz w:val=\"32\"/><w:szCs w:val=\"32\"/>");
    style(&b, "KhAppendix", "Appendix", "BodyText", "<w:keepNext/><w:spacing w:before=\"0\" w:after=\"0\"/><w:jc w:val=\"center\"/><w:outlineLvl w:val=\"0\"/>", "<w:b/><w:bCs/>");
    style(&b, "KhCaption", "Table Title", "Normal", "<w:keepNext/><w:spacing w:before=\"160\" w:after=\"80\"/><w:jc w:val=\"center\"/>", "<w:b/><w:bCs/><w:sz w:val=\"26\"/><w:szCs w:val=\"26\"/>");
    style(&b, "KhTable", "Table Text", "KhTable", "<w:spacing w:before=\"30\" w:after=\"30\"/>", "<w:sz w:val=\"24\"/><w:szCs w:val=\"24\"/>");
    style(&b, "KhNotes", "Table Notes", "Normal", "<w:spacing w:before=\"40\" w:after=\"0\"/><w:jc w:val=\"both\"/>", "<w:i/><w:iCs/><w:sz w:val=\"22\"/><w:szCs w:val=\"22\"/>");
    style(&b, "KhList", "List Item", "KhList", "<w:spacing w:before=\"30\" w:after=\"30\" w:line=\"276\" w:lineRule=\"auto\"/><w:jc w:val=\"both\"/>", "");
    style(&b, "KhNote", "Remark", "BodyText", "<w:spacing w:before=\"120\" w:after=\"120\"/><w:ind w:left=\"284\" w:right=\"142\"/><w:jc w:val=\"both\"/>", "<w:sz w:val=\"26\"/><w:szCs w:val=\"26\"/>");
    style(&b, "Header", "header", "Header", "<w:spacing w:before=\"0\" w:after=\"0\"/><w:jc w:val=\"center\"/>", "");
    style(&b, "Footer", "footer", "Footer", "<w:spacing w:before=\"0\" w:after=\"0\"/>", "");
    kh_buf_str(&b, "<w:style w:type=\"table\" w:customStyle=\"1\" w:styleId=\"KhGrid\"><w:name w:val=\"Report Table\"/><w:basedOn w:val=\"TableNormal\"/><w:tblPr><w:tblBorders>");
    static const char *const sides[] = {"top", "left", "bottom", "right", "insideH", "insideV"};
    for (size_t i = 0; i < 6; i++)
        kh_buf_printf(&b, "<w:%s w:val=\"single\" w:sz=\"4\" w:space=\"0\" w:color=\"404040\"/>", sides[i]);
    kh_buf_str(&b, "</w:tblBorders><w:tblCellMar><w:left w:w=\"70\" w:type=\"dxa\"/><w:right w:w=\"70\" w:type=\"dxa\"/></w:tblCellMar></w:tblPr></w:style></w:styles>");
    add(x, "word/styles.xml", &b);
}

/* Numbers 1 and 2 are the dash list and the first ordered one; each ordered list after it has its own, begun anew. */
static void put_numbering(kh_docx *x)
{
    kh_buf b = KH_BUF_INIT;
    kh_buf_str(&b, XML "<w:numbering " W_NS ">"
               "<w:abstractNum w:abstractNumId=\"0\"><w:multiLevelType w:val=\"singleLevel\"/><w:lvl w:ilvl=\"0\"><w:start w:val=\"1\"/><w:numFmt w:val=\"bullet\"/><w:lvlText w:val=\"-\"/>"
               "<w:lvlJc w:val=\"left\"/><w:pPr><w:ind w:left=\"851\" w:hanging=\"284\"/></w:pPr><w:rPr>" FONT "</w:rPr></w:lvl></w:abstractNum>"
               "<w:abstractNum w:abstractNumId=\"1\"><w:multiLevelType w:val=\"singleLevel\"/><w:lvl w:ilvl=\"0\"><w:start w:val=\"1\"/><w:numFmt w:val=\"decimal\"/><w:lvlText w:val=\"%1.\"/>"
               "<w:lvlJc w:val=\"left\"/><w:pPr><w:ind w:left=\"964\" w:hanging=\"397\"/></w:pPr></w:lvl></w:abstractNum>"
               "<w:num w:numId=\"1\"><w:abstractNumId w:val=\"0\"/></w:num>");
    kh_buf_str(&b, kh_buf_cstr(&x->nums));
    kh_buf_str(&b, "</w:numbering>");
    add(x, "word/numbering.xml", &b);
}

static void put_notice(kh_docx *x, kh_buf *b)
{
    if (!x->doc->notice || !*x->doc->notice)
        return;
    kh_buf_str(b, "<w:p><w:pPr><w:spacing w:before=\"0\" w:after=\"0\"/><w:jc w:val=\"center\"/></w:pPr><w:r><w:rPr><w:i/><w:color w:val=\"8A5A00\"/><w:sz w:val=\"18\"/><w:szCs w:val=\"18\"/></w:rPr><w:t>");
    kh_buf line = KH_BUF_INIT;
    kh_plain_line(x->doc->notice, &line);
    kh_xml(kh_buf_cstr(&line), b);
    kh_buf_free(&line);
    kh_buf_str(b, "</w:t></w:r></w:p>");
}

static void put_page_number(kh_docx *x, kh_buf *b)
{
    int size = x->layout->page_number_pt * 2;
    kh_buf_printf(b, "<w:p><w:pPr><w:spacing w:before=\"0\" w:after=\"0\"/><w:jc w:val=\"%s\"/></w:pPr>", x->layout->page_number_top ? "center" : "right");
    static const char *const parts[] = {"<w:fldChar w:fldCharType=\"begin\"/>", "<w:instrText xml:space=\"preserve\"> PAGE </w:instrText>", "<w:fldChar w:fldCharType=\"separate\"/>", "<w:t>2</w:t>", "<w:fldChar w:fldCharType=\"end\"/>"};
    for (size_t i = 0; i < 5; i++)
        kh_buf_printf(b, "<w:r><w:rPr><w:sz w:val=\"%d\"/><w:szCs w:val=\"%d\"/></w:rPr>%s</w:r>", size, size, parts[i]);
    kh_buf_str(b, "</w:p>");
}

/* Four parts: head and foot of the first page (no number) and of the others. */
static void put_edges(kh_docx *x)
{
    static const struct { const char *file, *tag; bool first, head; } edges[] = {
        {"word/header1.xml", "hdr", false, true}, {"word/header2.xml", "hdr", true, true}, {"word/footer1.xml", "ftr", false, false}, {"word/footer2.xml", "ftr", true, false}};
    for (size_t i = 0; i < 4; i++) {
        kh_buf b = KH_BUF_INIT;
        kh_buf_printf(&b, XML "<w:%s " W_NS ">", edges[i].tag);
        size_t at = b.len;
        if (!edges[i].first && edges[i].head == x->layout->page_number_top)
            put_page_number(x, &b);
        put_notice(x, &b);
        if (b.len == at)
            kh_buf_str(&b, "<w:p/>");
        kh_buf_printf(&b, "</w:%s>", edges[i].tag);
        add(x, edges[i].file, &b);
    }
}

void kh_docx_section(kh_docx *x, kh_buf *out)
{
    const kh_layout *l = x->layout;
    /* Turned pages keep the binding edge: what is left in the upright page is on top in the turned one. */
    int top = x->landscape ? l->left_mm : l->top_mm, bottom = x->landscape ? l->right_mm : l->bottom_mm;
    int left = x->landscape ? l->bottom_mm : l->left_mm, right = x->landscape ? l->top_mm : l->right_mm;
    int edge = x->doc->notice && *x->doc->notice ? 7 : 10; /* two lines need more room than the page number alone */
    kh_buf_str(out, "<w:sectPr><w:headerReference w:type=\"default\" r:id=\"rId1\"/><w:headerReference w:type=\"first\" r:id=\"rId2\"/>"
               "<w:footerReference w:type=\"default\" r:id=\"rId3\"/><w:footerReference w:type=\"first\" r:id=\"rId4\"/><w:type w:val=\"nextPage\"/>");
    kh_buf_printf(out, x->landscape ? "<w:pgSz w:w=\"%d\" w:h=\"%d\" w:orient=\"landscape\"/>" : "<w:pgSz w:w=\"%d\" w:h=\"%d\"/>",
                  KH_TWIPS(x->landscape ? 297 : 210), KH_TWIPS(x->landscape ? 210 : 297));
    kh_buf_printf(out, "<w:pgMar w:top=\"%d\" w:right=\"%d\" w:bottom=\"%d\" w:left=\"%d\" w:header=\"%d\" w:footer=\"%d\" w:gutter=\"0\"/>", KH_TWIPS(top), KH_TWIPS(right), KH_TWIPS(bottom),
                  KH_TWIPS(left), KH_TWIPS(edge), KH_TWIPS(edge));
    kh_buf_str(out, x->first_of_count ? "<w:pgNumType w:start=\"1\"/><w:titlePg/>" : "");
    kh_buf_str(out, "</w:sectPr>");
}

static void put_properties(kh_docx *x)
{
    const char *when = x->doc->created && *x->doc->created ? x->doc->created : "2000-01-01T00:00:00Z";
    kh_buf b = KH_BUF_INIT, title = KH_BUF_INIT;
    kh_plain_line(x->doc->title, &title);
    kh_buf_str(&b, XML "<cp:coreProperties xmlns:cp=\"http://schemas.openxmlformats.org/package/2006/metadata/core-properties\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" "
               "xmlns:dcterms=\"http://purl.org/dc/terms/\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><dc:title>");
    kh_xml(kh_buf_cstr(&title), &b);
    kh_buf_str(&b, "</dc:title><dcterms:created xsi:type=\"dcterms:W3CDTF\">");
    kh_xml(when, &b);
    kh_buf_str(&b, "</dcterms:created><dcterms:modified xsi:type=\"dcterms:W3CDTF\">");
    kh_xml(when, &b);
    kh_buf_str(&b, "</dcterms:modified></cp:coreProperties>");
    add(x, "docProps/core.xml", &b);
    kh_buf_str(&b, XML "<Properties xmlns=\"http://schemas.openxmlformats.org/officeDocument/2006/extended-properties\"><Application>kehoach</Application></Properties>");
    add(x, "docProps/app.xml", &b);
    kh_buf_free(&title);
}

static void put_settings(kh_docx *x)
{
    kh_buf b = KH_BUF_INIT;
    kh_buf_printf(&b, XML "<w:settings " W_NS "><w:zoom w:percent=\"100\"/><w:defaultTabStop w:val=\"567\"/><w:characterSpacingControl w:val=\"doNotCompress\"/>"
                  "<w:compat><w:compatSetting w:name=\"compatibilityMode\" w:uri=\"http://schemas.microsoft.com/office/word\" w:val=\"15\"/></w:compat>"
                  "<w:themeFontLang w:val=\"%s\"/><w:decimalSymbol w:val=\"%s\"/><w:listSeparator w:val=\"%s\"/></w:settings>",
                  x->lang == KH_LANG_EN ? "en-GB" : "vi-VN", x->lang == KH_LANG_EN ? "." : ",", x->lang == KH_LANG_EN ? "," : ";");
    add(x, "word/settings.xml", &b);
}

static void put_types(kh_docx *x)
{
    static const char *const parts[][2] = {
        {"/word/document.xml", "wordprocessingml.document.main+xml"}, {"/word/styles.xml", "wordprocessingml.styles+xml"}, {"/word/settings.xml", "wordprocessingml.settings+xml"},
        {"/word/numbering.xml", "wordprocessingml.numbering+xml"}, {"/word/header1.xml", "wordprocessingml.header+xml"}, {"/word/header2.xml", "wordprocessingml.header+xml"},
        {"/word/footer1.xml", "wordprocessingml.footer+xml"}, {"/word/footer2.xml", "wordprocessingml.footer+xml"}, {"/docProps/app.xml", "extended-properties+xml"}};
    kh_buf b = KH_BUF_INIT;
    kh_buf_str(&b, XML "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>"
               "<Default Extension=\"xml\" ContentType=\"application/xml\"/><Default Extension=\"xlsx\" ContentType=\"" TYPE "spreadsheetml.sheet\"/>"
               "<Override PartName=\"/docProps/core.xml\" ContentType=\"application/vnd.openxmlformats-package.core-properties+xml\"/>");
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        kh_buf_printf(&b, "<Override PartName=\"%s\" ContentType=\"" TYPE "%s\"/>", parts[i][0], parts[i][1]);
    kh_buf_str(&b, kh_buf_cstr(&x->types));
    kh_buf_str(&b, "</Types>");
    kh_package_add_first(x->zip, "[Content_Types].xml", &b); /* as readers that stream expect it */
}

static void put_rels(kh_docx *x)
{
    kh_buf b = KH_BUF_INIT;
    kh_buf_str(&b, XML "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"
               "<Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"word/document.xml\"/>"
               "<Relationship Id=\"rId2\" Type=\"http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties\" Target=\"docProps/core.xml\"/>"
               "<Relationship Id=\"rId3\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/extended-properties\" Target=\"docProps/app.xml\"/></Relationships>");
    add(x, "_rels/.rels", &b);
    kh_buf_printf(&b, XML "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">%s</Relationships>", kh_buf_cstr(&x->rels));
    add(x, "word/_rels/document.xml.rels", &b);
}

void kh_docx_parts(kh_docx *x)
{
    put_types(x);
    put_rels(x);
    kh_buf b = KH_BUF_INIT;
    kh_buf_str(&b, XML "<w:document " W_NS " xmlns:wp=\"http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing\" xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\" "
               "xmlns:c=\"http://schemas.openxmlformats.org/drawingml/2006/chart\"><w:body>");
    kh_buf_str(&b, kh_buf_cstr(&x->body));
    kh_docx_section(x, &b);
    kh_buf_str(&b, "</w:body></w:document>");
    add(x, "word/document.xml", &b);
    put_styles(x);
    put_settings(x);
    put_numbering(x);
    put_edges(x);
    put_properties(x);
}

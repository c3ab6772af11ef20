/* SPDX-License-Identifier: MIT */
#include "report/render.h"

#include "report/reading.h"
#include "report/sample.h"

static kh_buf docx(const kh_doc *d)
{
    kh_buf out = KH_BUF_INIT;
    kh_error err = KH_ERROR_INIT;
    assert_int_equal(kh_render(d, KH_FMT_DOCX, NULL, &out, &err), KH_OK);
    return out;
}

typedef struct opened { kh_buf bytes; parts p; } opened;

static opened open_sample(int year)
{
    kh_doc *d = sample_doc(year, 6, 5);
    opened o = {.bytes = docx(d)};
    kh_doc_free(d);
    o.p = parts_open(&o.bytes);
    return o;
}

static void done(opened *o)
{
    parts_close(&o->p);
    kh_buf_free(&o->bytes);
}

static void every_part_is_xml_and_is_listed(void **state)
{
    (void)state;
    opened o = open_sample(2019);
    char *types = parts_read(&o.p, "[Content_Types].xml");
    zip_int64_t n = zip_get_num_entries(o.p.zip, 0);
    assert_true(n > 20);
    assert_string_equal(zip_get_name(o.p.zip, 0, 0), "[Content_Types].xml");
    for (zip_int64_t i = 0; i < n; i++) {
        const char *name = zip_get_name(o.p.zip, (zip_uint64_t)i, 0);
        char *text = parts_read(&o.p, name);
        assert_xml(text, strlen(text));
        kh_free(text);
        if (i > 0 && !strstr(name, ".rels"))
            assert_has(types, name);
    }
    kh_free(types);
    done(&o);
}

static void every_relation_has_its_part(void **state)
{
    (void)state;
    opened o = open_sample(2019);
    char *rels = parts_read(&o.p, "word/_rels/document.xml.rels"), *body = parts_read(&o.p, "word/document.xml");
    for (char *s = strstr(rels, "Target=\""); s; s = strstr(s + 1, "Target=\"")) {
        char name[128];
        snprintf(name, sizeof name, "word/%.*s", (int)strcspn(s + 8, "\""), s + 8);
        assert_true(parts_has(&o.p, name));
    }
    for (char *s = strstr(body, "r:id=\""); s; s = strstr(s + 1, "r:id=\"")) {
        char id[40];
        snprintf(id, sizeof id, "Id=\"%.*s\"", (int)strcspn(s + 6, "\""), s + 6);
        assert_has(rels, id);
    }
    kh_free(rels);
    kh_free(body);
    done(&o);
}

/* Decree 30/2020: centre of the head, from the second page on. */
static void page_numbers_stand_top_centre_from_page_two_by_the_decree(void **state)
{
    (void)state;
    opened o = open_sample(2020);
    char *others = parts_read(&o.p, "word/header1.xml"), *first = parts_read(&o.p, "word/header2.xml"), *foot = parts_read(&o.p, "word/footer1.xml"), *body = parts_read(&o.p, "word/document.xml");
    assert_has(others, "<w:jc w:val=\"center\"/></w:pPr><w:r><w:rPr><w:sz w:val=\"26\"/><w:szCs w:val=\"26\"/></w:rPr><w:fldChar w:fldCharType=\"begin\"/>");
    assert_has(others, " PAGE ");
    assert_has_not(first, "PAGE");
    assert_has_not(foot, "PAGE");
    assert_has(body, "<w:headerReference w:type=\"default\" r:id=\"rId1\"/><w:headerReference w:type=\"first\" r:id=\"rId2\"/>");
    assert_has(body, "<w:pgNumType w:start=\"1\"/><w:titlePg/>");
    kh_free(others);
    kh_free(first);
    kh_free(foot);
    kh_free(body);
    done(&o);
}

/* Circular 01/2011: right end of the foot. */
static void page_numbers_stand_bottom_right_by_the_circular(void **state)
{
    (void)state;
    opened o = open_sample(2019);
    char *head = parts_read(&o.p, "word/header1.xml"), *foot = parts_read(&o.p, "word/footer1.xml"), *first = parts_read(&o.p, "word/footer2.xml");
    assert_has_not(head, "PAGE");
    assert_has(foot, "<w:jc w:val=\"right\"/>");
    assert_has(foot, " PAGE ");
    assert_has_not(first, "PAGE");
    kh_free(head);
    kh_free(foot);
    kh_free(first);
    done(&o);
}

static void paper_margins_and_letters_are_the_rules(void **state)
{
    (void)state;
    opened o = open_sample(2020);
    char *body = parts_read(&o.p, "word/document.xml"), *styles = parts_read(&o.p, "word/styles.xml");
    assert_has(body, "<w:pgSz w:w=\"11906\" w:h=\"16838\"/>"); /* A4 */
    assert_has(body, "<w:pgMar w:top=\"1134\" w:right=\"850\" w:bottom=\"1134\" w:left=\"1701\""); /* 20, 15, 20, 30 mm */
    assert_has(styles, "<w:rFonts w:ascii=\"Times New Roman\" w:hAnsi=\"Times New Roman\"");
    assert_has(styles, "<w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii=\"Times New Roman\" w:hAnsi=\"Times New Roman\" w:eastAsia=\"Times New Roman\" w:cs=\"Times New Roman\"/><w:sz w:val=\"28\"/>"); /* 14 pt */
    kh_free(body);
    kh_free(styles);
    done(&o);
}

/* The run that holds the text: from its <w:r> on. */
static void run_has(const char *body, const char *text, const char *properties)
{
    const char *at = strstr(body, text);
    if (!at)
        fail_msg("not found: %s", text);
    const char *run = at;
    while (strncmp(run, "<w:r>", 5) != 0)
        run--;
    kh_buf b = KH_BUF_INIT;
    kh_buf_add(&b, run, (size_t)(at - run));
    if (!strstr(kh_buf_cstr(&b), properties))
        fail_msg("'%s' is written as %s", text, kh_buf_cstr(&b));
    kh_buf_free(&b);
}

static void the_official_head_has_its_words_and_sizes(void **state)
{
    (void)state;
    opened o = open_sample(2020);
    char *body = parts_read(&o.p, "word/document.xml");
    run_has(body, "UBND TỈNH LẠNG SƠN", "<w:rPr><w:sz w:val=\"24\"/>");                 /* not bold */
    run_has(body, "BỘ CHỈ HUY QUÂN SỰ TỈNH", "<w:rPr><w:b/><w:sz w:val=\"24\"/>");
    run_has(body, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "<w:rPr><w:b/><w:sz w:val=\"24\"/>");
    run_has(body, "Độc lập - Tự do - Hạnh phúc", "<w:rPr><w:b/><w:sz w:val=\"26\"/>");
    run_has(body, "Số: …/BC-BCH", "<w:rPr><w:sz w:val=\"26\"/>");
    run_has(body, "Lạng Sơn, ngày 05 tháng 6 năm 2020", "<w:rPr><w:i/><w:sz w:val=\"26\"/>");
    run_has(body, ">BÁO CÁO<", "<w:rPr><w:b/><w:sz w:val=\"28\"/>");
    run_has(body, ">MẬT<", "<w:b/>");
    run_has(body, ">HỎA TỐC<", "<w:b/>");
    run_has(body, "Kính gửi: Ủy ban nhân dân tỉnh Lạng Sơn", "<w:sz w:val=\"28\"/>");
    run_has(body, "KT. CHỈ HUY TRƯỞNG", "<w:rPr><w:b/><w:sz w:val=\"28\"/>");
    run_has(body, "PHÓ CHỈ HUY TRƯỞNG", "<w:b/>");
    run_has(body, "Đại tá Nguyễn Văn Ánh", "<w:b/>");
    run_has(body, "Nơi nhận:", "<w:rPr><w:b/><w:i/><w:sz w:val=\"24\"/>");
    run_has(body, "- Lưu: VT, TM. N12.", "<w:rPr><w:sz w:val=\"22\"/>");
    kh_free(body);
    done(&o);
}

static void headings_carry_vietnamese_letters_in_order(void **state)
{
    (void)state;
    opened o = open_sample(2020);
    char *body = parts_read(&o.p, "word/document.xml");
    const char *at = body;
    static const char *const letters[] = {">a) <", ">b) <", ">c) <", ">d) <", ">đ) <", ">e) <"};
    for (size_t i = 0; i < COUNT(letters); i++) {
        at = strstr(at, letters[i]);
        if (!at)
            fail_msg("%s is not in its place", letters[i]);
    }
    assert_has(body, "<w:pStyle w:val=\"Heading1\"/>");
    assert_has(body, "<w:pStyle w:val=\"Heading3\"/>");
    kh_free(body);
    done(&o);
}

static void heads_of_tables_repeat_and_merge(void **state)
{
    (void)state;
    opened o = open_sample(2020);
    char *body = parts_read(&o.p, "word/document.xml");
    const char *table = strstr(body, "<w:tblCaption w:val=\"Biểu 1.");
    assert_non_null(table);
    kh_buf one = KH_BUF_INIT;
    kh_buf_add(&one, table, (size_t)(strstr(table, "</w:tbl>") - table));
    const char *t = kh_buf_cstr(&one);
    assert_int_equal(count_of(t, "<w:tblHeader/>"), 3); /* two rows of heads and the signs */
    assert_int_equal(count_of(t, "<w:gridSpan w:val=\"3\"/>"), 1);
    assert_int_equal(count_of(t, "<w:vMerge w:val=\"restart\"/>"), 5);
    assert_int_equal(count_of(t, "<w:vMerge/>"), 5);
    assert_int_equal(count_of(t, "<w:gridCol "), 8);
    assert_int_equal(count_of(t, "<w:tr>"), 15);
    assert_has(t, ">9.007.199.254.740.993<");
    kh_buf_free(&one);
    kh_free(body);
    done(&o);
}

static void wide_tables_turn_the_page_and_appendices_count_anew(void **state)
{
    (void)state;
    opened o = open_sample(2020);
    char *body = parts_read(&o.p, "word/document.xml");
    assert_int_equal(count_of(body, "w:orient=\"landscape\""), 1);
    assert_int_equal(count_of(body, "<w:sectPr>"), 3);            /* the text, appendix I turned with its table, appendix II */
    assert_int_equal(count_of(body, "<w:pgNumType w:start=\"1\"/>"), 3);
    assert_has(body, "(Kèm theo Báo cáo số …/BC-BCH ngày 05 tháng 6 năm 2020)");
    assert_true(strstr(body, "Phụ lục I<") > strstr(body, "<w:sectPr>"));
    kh_free(body);
    done(&o);
}

static void charts_are_parts_with_a_description(void **state)
{
    (void)state;
    opened o = open_sample(2020);
    char *body = parts_read(&o.p, "word/document.xml");
    assert_int_equal(count_of(body, "<c:chart "), 5 + N_DISTRICTS); /* five charts and one panel a district; the other two are shaded tables */
    assert_int_equal(count_of(body, " descr=\"Đơn vị tính:"), 5 + N_DISTRICTS);
    char *chart = parts_read(&o.p, "word/charts/chart1.xml");
    assert_has(chart, "<a:t>84,1 !</a:t>");
    assert_has(chart, "<a:t>79,6 ✗</a:t>");
    assert_has(chart, "<c:v>Mục tiêu: 85 %</c:v>");
    assert_int_equal(count_of(chart, "<c:dispBlanksAs val=\"gap\"/>"), 1);
    kh_free(chart);
    kh_free(body);
    done(&o);
}

/* A bullet's figure stands at its foot, for the target's tick may be at its end; a stack's figures in its parts. */
static void figures_hide_no_target_and_no_part_is_without(void **state)
{
    (void)state;
    opened o = open_sample(2020);
    size_t bullets = 0, stacks = 0;
    for (int i = 1; i <= 5; i++) {
        char name[40];
        snprintf(name, sizeof name, "word/charts/chart%d.xml", i);
        char *chart = parts_read(&o.p, name);
        if (strstr(chart, "<c:symbol val=\"dash\"/><c:size val=\"20\"/>")) {
            bullets++;
            assert_has(chart, "<c:dLblPos val=\"inBase\"/>");
            assert_has_not(chart, "<c:dLblPos val=\"outEnd\"/>");
        }
        if (strstr(chart, "<c:grouping val=\"stacked\"/>")) {
            stacks++;
            assert_int_equal(count_of(chart, "<c:dLbls>"), count_of(chart, "<c:ser>"));
        }
        kh_free(chart);
    }
    assert_int_equal(bullets, 1);
    assert_int_equal(stacks, 1);
    done(&o);
}

static void hostile_text_is_shown_as_text(void **state)
{
    (void)state;
    opened o = open_sample(2020);
    char *body = parts_read(&o.p, "word/document.xml"), *text = text_of_xml(body);
    static const char *const shown[] = {"<script>alert(\"1\")</script>", "R&D 'quoted' \"double\"", "=1+1", "_x0041_ và ]]>", "an to\\u202eàn", "a\\x1b[31mb\\x07", "U+FFFE \\ufffe U+FFFF \\uffff", "😀", "Hữu Lũng"};
    for (size_t i = 0; i < COUNT(shown); i++)
        assert_has(text, shown[i]);
    kh_free(text);
    kh_free(body);
    done(&o);
}

static void the_notice_stands_at_head_and_foot_of_each_page(void **state)
{
    (void)state;
    opened o = open_sample(2020);
    static const char *const edges[] = {"word/header1.xml", "word/header2.xml", "word/footer1.xml", "word/footer2.xml"};
    for (size_t i = 0; i < COUNT(edges); i++) {
        char *text = parts_read(&o.p, edges[i]);
        assert_has(text, "SỐ LIỆU MINH HỌA");
        kh_free(text);
    }
    done(&o);
}

static void lists_begin_anew_and_links_meet_their_marks(void **state)
{
    (void)state;
    kh_doc *d = kh_doc_new("t", KH_LANG_VI);
    static const char *const items[] = {"một", "hai"};
    add_list(d, NULL, items, 2, true);
    add_list(d, NULL, items, 2, true);
    add_para(d, NULL, "đích")->anchor = "đích";
    kh_dblock *p = add_para(d, NULL, "");
    kh_block_run(d, p, "tới", false, false)->link = "#đích";
    kh_block_run(d, p, "ngoài", false, false)->link = "https://example.org/?a=1&b=2";
    kh_buf bytes = docx(d);
    parts z = parts_open(&bytes);
    char *body = parts_read(&z, "word/document.xml"), *numbers = parts_read(&z, "word/numbering.xml"), *rels = parts_read(&z, "word/_rels/document.xml.rels");
    assert_has(body, "<w:numId w:val=\"2\"/>");
    assert_has(body, "<w:numId w:val=\"3\"/>");
    assert_int_equal(count_of(numbers, "<w:startOverride w:val=\"1\"/>"), 2);
    assert_has(body, "w:name=\"kh1\"");
    assert_has(body, "<w:hyperlink w:anchor=\"kh1\">");
    assert_has(rels, "Target=\"https://example.org/?a=1&amp;b=2\" TargetMode=\"External\"");
    kh_free(body);
    kh_free(numbers);
    kh_free(rels);
    parts_close(&z);
    kh_buf_free(&bytes);
    kh_doc_free(d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_part_is_xml_and_is_listed), cmocka_unit_test(every_relation_has_its_part), cmocka_unit_test(page_numbers_stand_top_centre_from_page_two_by_the_decree),
        cmocka_unit_test(page_numbers_stand_bottom_right_by_the_circular), cmocka_unit_test(paper_margins_and_letters_are_the_rules), cmocka_unit_test(the_official_head_has_its_words_and_sizes),
        cmocka_unit_test(headings_carry_vietnamese_letters_in_order), cmocka_unit_test(heads_of_tables_repeat_and_merge), cmocka_unit_test(wide_tables_turn_the_page_and_appendices_count_anew),
        cmocka_unit_test(charts_are_parts_with_a_description), cmocka_unit_test(figures_hide_no_target_and_no_part_is_without), cmocka_unit_test(hostile_text_is_shown_as_text), cmocka_unit_test(the_notice_stands_at_head_and_foot_of_each_page),
        cmocka_unit_test(lists_begin_anew_and_links_meet_their_marks)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
#include "report/chart.h"

#include "report/reading.h"
#include "report/sample.h"
#include "report/svg.h"

#include <stdlib.h>

/* Every <text> of a picture: where it stands, what it says. */
typedef struct found { double x, font; int anchor; bool turned, bold; kh_buf text; } found;
typedef struct picture { double w, h; found *texts; size_t n, cap; bool in_text; int titles, descs; bool title_first; } picture;

static const char *attr_of(const char **a, const char *name)
{
    for (; *a; a += 2) {
        if (strcmp(a[0], name) == 0)
            return a[1];
    }
    return NULL;
}

static void XMLCALL on_start(void *to, const char *name, const char **a)
{
    picture *p = to;
    if (strcmp(name, "svg") == 0) {
        assert_int_equal(sscanf(attr_of(a, "viewBox"), "0 0 %lf %lf", &p->w, &p->h), 2);
        assert_string_equal(attr_of(a, "role"), "img");
        assert_non_null(attr_of(a, "aria-labelledby"));
    }
    p->titles += strcmp(name, "title") == 0;
    p->descs += strcmp(name, "desc") == 0;
    if (strcmp(name, "text") != 0)
        return;
    const char *font = attr_of(a, "font-size"), *anchor = attr_of(a, "text-anchor"), *cls = attr_of(a, "class");
    found f = {.x = atof(attr_of(a, "x")), .font = font ? atof(font) : 13, .turned = attr_of(a, "transform") != NULL, .bold = cls && strcmp(cls, "b") == 0};
    f.anchor = !anchor ? 0 : strcmp(anchor, "middle") == 0 ? 1 : 2;
    assert_true(atof(attr_of(a, "y")) <= p->h + 0.1);
    KH_PUSH(p->texts, p->n, p->cap) = f;
    p->in_text = true;
}

static void XMLCALL on_end(void *to, const char *name)
{
    if (strcmp(name, "text") == 0)
        ((picture *)to)->in_text = false;
}

static void XMLCALL on_data(void *to, const char *s, int n)
{
    picture *p = to;
    if (p->in_text)
        kh_buf_add(&p->texts[p->n - 1].text, s, (size_t)n);
}

static picture draw(const kh_chart *c)
{
    kh_buf svg = KH_BUF_INIT;
    picture p = {0};
    kh_chart_svg(c, KH_LANG_VI, "c1", true, KH_CHART_WIDTH, &svg);
    XML_Parser x = XML_ParserCreate(NULL);
    XML_SetUserData(x, &p);
    XML_SetElementHandler(x, on_start, on_end);
    XML_SetCharacterDataHandler(x, on_data);
    if (XML_Parse(x, kh_buf_cstr(&svg), (int)svg.len, 1) != XML_STATUS_OK)
        fail_msg("%s", XML_ErrorString(XML_GetErrorCode(x)));
    XML_ParserFree(x);
    kh_buf_free(&svg);
    return p;
}

static void forget(picture *p)
{
    for (size_t i = 0; i < p->n; i++)
        kh_buf_free(&p->texts[i].text);
    kh_free(p->texts);
}

static void assert_inside(const picture *p)
{
    for (size_t i = 0; i < p->n; i++) {
        found *f = &p->texts[i];
        const char *s = kh_buf_cstr(&f->text);
        double w = kh_svg_width(s, f->font, f->bold) * (f->turned ? 0.71 : 1);
        double left = f->x - (f->anchor == 0 ? 0 : f->anchor == 1 ? w / 2 : w), right = left + w;
        if (left < -0.6 || right > p->w + 0.6)
            fail_msg("'%s' runs from %.1f to %.1f of %.1f", s, left, right, p->w);
    }
}

/* All words of a label are in the picture, in order, whatever lines it was broken into. */
static void assert_shown(const picture *p, const char *label)
{
    kh_buf all = KH_BUF_INIT, bare = KH_BUF_INIT;
    for (size_t i = 0; i < p->n; i++)
        kh_buf_str(&all, kh_buf_cstr(&p->texts[i].text));
    kh_buf joined = KH_BUF_INIT;
    for (const char *s = kh_buf_cstr(&all); *s; s++) {
        if (*s != ' ')
            kh_buf_char(&joined, *s);
    }
    for (const char *s = label; *s; s++) {
        if (*s != ' ')
            kh_buf_char(&bare, *s);
    }
    assert_has(kh_buf_cstr(&joined), kh_buf_cstr(&bare));
    kh_buf_free(&all);
    kh_buf_free(&bare);
    kh_buf_free(&joined);
}

static const char *const long_names[] = {
    "Bộ Chỉ huy Bộ đội Biên phòng tỉnh Lạng Sơn (gồm các đồn biên phòng và đơn vị trực thuộc trên toàn tuyến biên giới)", "Huyện Tràng Định", "Ủy ban nhân dân thị trấn Đồng Đăng",
    "Phường", "WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW"};

static void labels_of_every_kind_are_whole_and_inside(void **state)
{
    (void)state;
    static const double y[] = {12345678901.5, 2e9, -1e10, 4e9, 5e9, 1e9, 2e9, 3e9, 4e9, 5e9, 6e9, 4, 3, 2, 1};
    for (kh_chart_kind k = KH_CHART_BAR; k <= KH_CHART_STRIP; k++) {
        kh_doc *d = kh_doc_new("t", KH_LANG_VI);
        kh_chart *c = sample_chart(d, k, "Biểu đồ có tên dài đến mức không thể đứng trong một dòng và phải xuống dòng thứ hai thì mới đủ chỗ cho tất cả các chữ", "triệu đồng", long_names, 5, long_names, 3, y, 1);
        c->has_target = true;
        c->target = 3e9;
        picture p = draw(c);
        assert_inside(&p);
        for (size_t i = 0; i < 5; i++) {
            if (k != KH_CHART_MULTIPLES || i == 0) /* small multiples name their first and last period only */
                assert_shown(&p, long_names[i]);
        }
        assert_int_equal(p.titles, 1);
        assert_int_equal(p.descs, 1);
        forget(&p);
        kh_doc_free(d);
    }
}

static void many_periods_keep_all_their_names(void **state)
{
    (void)state;
    enum { N = 80 };
    char names[N][24];
    const char *x[N];
    double y[N];
    for (size_t i = 0; i < N; i++) {
        snprintf(names[i], sizeof names[i], "Tháng %zu năm %zu", i % 12 + 1, 2016 + i / 12);
        x[i] = names[i];
        y[i] = (double)(i % 7);
    }
    kh_doc *d = kh_doc_new("t", KH_LANG_VI);
    static const char *const one[] = {"s"};
    picture p = draw(sample_chart(d, KH_CHART_LINE, "t", "", x, N, one, 1, y, 0));
    assert_inside(&p);
    for (size_t i = 0; i < N; i++)
        assert_shown(&p, names[i]);
    forget(&p);
    kh_doc_free(d);
}

static void missing_is_words_and_never_a_bar(void **state)
{
    (void)state;
    static const char *const x[] = {"A", "B"}, *const one[] = {"s"};
    static const double y[] = {5, -1e10};
    kh_doc *d = kh_doc_new("t", KH_LANG_VI);
    kh_chart *c = sample_chart(d, KH_CHART_BAR, "t", "", x, 2, one, 1, y, 0);
    picture p = draw(c);
    assert_shown(&p, "chưa có số liệu");
    kh_buf svg = KH_BUF_INIT;
    kh_chart_svg(c, KH_LANG_VI, "c", false, KH_CHART_WIDTH, &svg);
    assert_int_equal(count_of(kh_buf_cstr(&svg), "class=\"f1\""), 1); /* one bar */
    kh_buf_free(&svg);
    forget(&p);
    kh_doc_free(d);
}

static void a_gap_in_a_line_is_not_bridged(void **state)
{
    (void)state;
    static const char *const x[] = {"1", "2", "3", "4", "5"}, *const one[] = {"s"};
    static const double y[] = {1, 2, -1e10, 4, 5};
    kh_doc *d = kh_doc_new("t", KH_LANG_VI);
    kh_buf svg = KH_BUF_INIT;
    kh_chart_svg(sample_chart(d, KH_CHART_LINE, "t", "", x, 5, one, 1, y, 0), KH_LANG_VI, "c", false, KH_CHART_WIDTH, &svg);
    char *path = strstr(kh_buf_cstr(&svg), "<path d=\"");
    assert_non_null(path);
    *strchr(path + 9, '"') = '\0';
    assert_int_equal(count_of(path + 9, "M"), 2);
    assert_int_equal(count_of(path + 9, "L"), 2);
    kh_buf_free(&svg);
    kh_doc_free(d);
}

static void series_and_failures_differ_without_colour(void **state)
{
    (void)state;
    static const char *const x[] = {"A", "B"}, *const names[] = {"một", "hai", "ba"};
    static const double y[] = {1, 2, 3, 4, 5, 6};
    kh_doc *d = kh_doc_new("t", KH_LANG_VI);
    kh_buf svg = KH_BUF_INIT;
    kh_chart_svg(sample_chart(d, KH_CHART_GROUPED, "t", "", x, 2, names, 3, y, 0), KH_LANG_VI, "c9", false, KH_CHART_WIDTH, &svg);
    assert_has(kh_buf_cstr(&svg), "url(#c9-p2)");
    assert_has(kh_buf_cstr(&svg), "url(#c9-p3)");
    assert_has(kh_buf_cstr(&svg), "<pattern id=\"c9-p2\"");
    kh_buf_clear(&svg);
    kh_chart *c = sample_chart(d, KH_CHART_BAR, "t", "", x, 2, names, 1, y, 0);
    c->series[0].tones = kh_arena_alloc(d->arena, 2 * sizeof(kh_tone));
    c->series[0].tones[0] = KH_TONE_BAD;
    c->series[0].tones[1] = KH_TONE_GOOD;
    kh_chart_svg(c, KH_LANG_VI, "c9", false, KH_CHART_WIDTH, &svg);
    assert_has(kh_buf_cstr(&svg), "url(#c9-pbad)");
    assert_has(kh_buf_cstr(&svg), "1 ✗");
    assert_has(kh_buf_cstr(&svg), "2 ✓");
    kh_buf_free(&svg);
    kh_doc_free(d);
}

static void the_description_says_the_figures(void **state)
{
    (void)state;
    static const char *const x[] = {"Cao Lộc", "<Văn Lãng>"}, *const one[] = {"s"};
    static const double y[] = {91.25, -1e10};
    kh_doc *d = kh_doc_new("t", KH_LANG_VI);
    kh_chart *c = sample_chart(d, KH_CHART_BAR, "t", "%", x, 2, one, 1, y, 1);
    c->has_target = true;
    c->target = 85;
    kh_buf svg = KH_BUF_INIT;
    kh_chart_svg(c, KH_LANG_VI, "c", false, KH_CHART_WIDTH, &svg);
    assert_has(kh_buf_cstr(&svg), "Đơn vị tính: %. Cao Lộc: 91,2; &lt;Văn Lãng&gt;: chưa có số liệu. Mục tiêu: 85 %."); /* 91.25 is a binary double: even */
    c->alt = "Hai huyện";
    kh_buf_clear(&svg);
    kh_chart_svg(c, KH_LANG_VI, "c", false, KH_CHART_WIDTH, &svg);
    assert_has(kh_buf_cstr(&svg), "<desc id=\"c-d\">Hai huyện</desc>");
    kh_buf_free(&svg);
    kh_doc_free(d);
}

static void labels_of_digits_are_shown_as_people_read_them(void **state)
{
    (void)state;
    static const char *const x[] = {"A", "B", "C", "D"}, *const one[] = {"s"};
    static const double y[] = {98.7, 14.95, 31.184113094, 1250};
    static const char *const labels[] = {"98.7", "14.95", "31.184113094", "khoảng 1.250"};
    kh_doc *d = kh_doc_new("t", KH_LANG_VI);
    kh_chart *c = sample_chart(d, KH_CHART_BAR, "t", "%", x, 4, one, 1, y, 1);
    c->series[0].labels = kh_arena_alloc(d->arena, sizeof labels);
    memcpy(c->series[0].labels, labels, sizeof labels);
    c->series[0].tones = kh_arena_alloc(d->arena, 4 * sizeof(kh_tone));
    c->series[0].tones[1] = KH_TONE_BAD;
    picture p = draw(c);
    assert_shown(&p, "98,7");
    assert_shown(&p, "14,95 ✗"); /* under a target of 15: no rounding may say that it is met */
    assert_shown(&p, "31,2");
    assert_shown(&p, "khoảng 1.250");
    forget(&p);
    kh_dtable *t = kh_chart_table(d, c, KH_LANG_VI); /* and the exact digits stay in the table of figures */
    assert_string_equal(t->body[2 * 2 + 1].number, "31.184113094");
    assert_null(t->body[2 * 2 + 1].text);
    assert_string_equal(t->body[3 * 2 + 1].text, "khoảng 1.250");
    kh_doc_free(d);
}

static void hostile_names_are_text(void **state)
{
    (void)state;
    double y[N_NASTY];
    for (size_t i = 0; i < N_NASTY; i++)
        y[i] = (double)i;
    for (kh_chart_kind k = KH_CHART_BAR; k <= KH_CHART_STRIP; k++) {
        kh_doc *d = kh_doc_new("t", KH_LANG_VI);
        picture p = draw(sample_chart(d, k, nasty[0], nasty[1], nasty, N_NASTY, nasty, 1, y, 0));
        assert_inside(&p);
        forget(&p);
        kh_doc_free(d);
    }
}

static void extremes_draw_without_trouble(void **state)
{
    (void)state;
    static const char *const x[] = {"A", "B", "C"}, *const one[] = {"s"};
    static const double sets[][3] = {{0, 0, 0}, {-5, -3, -1}, {-5, 0, 5}, {1e15, 2e15, 3e15}, {1e-9, 2e-9, 3e-9}, {-1e10, -1e10, -1e10}, {7, 7, 7}, {1e300, -1e300, 0}, {-1e9, 1e9, 0}};
    for (size_t i = 0; i < COUNT(sets); i++) {
        for (kh_chart_kind k = KH_CHART_BAR; k <= KH_CHART_STRIP; k++) {
            kh_doc *d = kh_doc_new("t", KH_LANG_VI);
            kh_buf svg = KH_BUF_INIT;
            kh_chart_svg(sample_chart(d, k, "t", "", x, 3, one, 1, sets[i], 0), KH_LANG_VI, "c", true, KH_CHART_WIDTH, &svg);
            assert_xml(kh_buf_cstr(&svg), svg.len);
            assert_has_not(kh_buf_cstr(&svg), "nan");
            assert_has_not(kh_buf_cstr(&svg), "inf\"");
            assert_has_not(kh_buf_cstr(&svg), "width=\"-");
            kh_buf_free(&svg);
            kh_doc_free(d);
        }
    }
}

static void ticks_are_round_and_cover_the_values(void **state)
{
    (void)state;
    static const char *const x[] = {"A", "B"}, *const one[] = {"s"};
    static const struct { double y[2]; double lo, hi, tick; } cases[] = {{{3, 87}, 0, 100, 20}, {{0.2, 0.9}, 0, 1, 0.2}, {{1200, 3900}, 0, 4000, 1000}, {{-40, 60}, -40, 60, 20}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        kh_doc *d = kh_doc_new("t", KH_LANG_VI);
        kh_scale s = kh_scale_of(sample_chart(d, KH_CHART_BAR, "t", "", x, 2, one, 1, cases[i].y, 0), true, false, 5);
        assert_float_equal(s.lo, cases[i].lo, 1e-9);
        assert_float_equal(s.hi, cases[i].hi, 1e-9);
        assert_float_equal(s.tick, cases[i].tick, 1e-9);
        kh_doc_free(d);
    }
}

static void a_sparkline_needs_two_values_and_leaves_gaps(void **state)
{
    (void)state;
    kh_buf b = KH_BUF_INIT;
    static const double y[] = {1, 2, 3, 4};
    static const bool there[] = {true, false, true, true}, none[] = {false, false, false, false};
    kh_sparkline_svg(y, NULL, 1, KH_TONE_NONE, NULL, &b);
    kh_sparkline_svg(y, none, 4, KH_TONE_NONE, NULL, &b);
    assert_int_equal(b.len, 0);
    kh_sparkline_svg(y, there, 4, KH_TONE_GOOD, NULL, &b);
    assert_xml(kh_buf_cstr(&b), b.len);
    assert_has(kh_buf_cstr(&b), "aria-hidden=\"true\"");
    assert_int_equal(count_of(strstr(kh_buf_cstr(&b), " d=\""), "M"), 2);
    kh_buf_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(labels_of_every_kind_are_whole_and_inside), cmocka_unit_test(many_periods_keep_all_their_names), cmocka_unit_test(missing_is_words_and_never_a_bar),
        cmocka_unit_test(a_gap_in_a_line_is_not_bridged), cmocka_unit_test(series_and_failures_differ_without_colour), cmocka_unit_test(the_description_says_the_figures),
        cmocka_unit_test(labels_of_digits_are_shown_as_people_read_them), cmocka_unit_test(hostile_names_are_text), cmocka_unit_test(extremes_draw_without_trouble), cmocka_unit_test(ticks_are_round_and_cover_the_values),
        cmocka_unit_test(a_sparkline_needs_two_values_and_leaves_gaps)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

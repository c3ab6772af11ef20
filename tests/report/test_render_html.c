/* SPDX-License-Identifier: MIT */
#include "report/render.h"

#include "base/map.h"
#include "report/reading.h"
#include "report/sample.h"

#include <ctype.h>
#include <stdlib.h>

static char *html(const kh_doc *d)
{
    kh_buf out = KH_BUF_INIT;
    kh_error err = KH_ERROR_INIT;
    assert_int_equal(kh_render(d, KH_FMT_HTML, NULL, &out, &err), KH_OK);
    return kh_buf_take(&out);
}

/* Tags close what is open; ids stand once; every "#link" has its place. A reader of its own, not the writer's rules. */
typedef struct page { char *open[64]; size_t depth; kh_map *ids, *links; } page;

static bool is_void(const char *tag)
{
    static const char *const voids[] = {"meta", "br", "hr", "col", "img", "input", "link"};
    for (size_t i = 0; i < COUNT(voids); i++) {
        if (strcmp(tag, voids[i]) == 0)
            return true;
    }
    return false;
}

static void take_attributes(page *p, const char *at, const char *end)
{
    for (const char *id = strstr(at, " id=\""); id && id < end; id = strstr(id + 1, " id=\"")) {
        size_t n = strcspn(id + 5, "\"");
        if (kh_map_set(p->ids, id + 5, n, 1) != KH_NONE)
            fail_msg("the id '%.*s' stands twice", (int)n, id + 5);
    }
    const char *href = strstr(at, " href=\"#");
    if (href && href < end)
        kh_map_set(p->links, href + 8, strcspn(href + 8, "\""), 1);
}

static size_t read_tag(page *p, const char *at)
{
    const char *end = at + 1;
    for (bool quoted = false; *end && (*end != '>' || quoted); end++)
        quoted ^= *end == '"';
    assert_int_equal(*end, '>');
    char name[24] = "";
    size_t n = 0;
    bool closing = at[1] == '/', self = end[-1] == '/';
    for (const char *s = at + 1 + closing; isalnum((unsigned char)*s) && n + 1 < sizeof name; s++)
        name[n++] = *s;
    if (at[1] == '!')
        return (size_t)(end - at) + 1;
    assert_true(n > 0);
    if (closing) {
        assert_true(p->depth > 0);
        if (strcmp(p->open[p->depth - 1], name) != 0)
            fail_msg("</%s> where <%s> is open", name, p->open[p->depth - 1]);
        kh_free(p->open[--p->depth]);
    } else {
        take_attributes(p, at, end);
        if (!self && !is_void(name)) {
            assert_true(p->depth < COUNT(p->open));
            p->open[p->depth++] = kh_strdup(name);
        }
    }
    return (size_t)(end - at) + 1;
}

static void assert_sound(const char *text)
{
    page p = {.ids = kh_map_new(), .links = kh_map_new()};
    for (const char *s = text; *s;) {
        if (*s == '<') {
            s += read_tag(&p, s);
        } else {
            assert_int_not_equal(*s, '>' + 256); /* text */
            s++;
        }
        if (p.depth && strcmp(p.open[p.depth - 1], "style") == 0)
            s = strstr(s, "</style>");
    }
    assert_int_equal(p.depth, 0);
    for (const char *s = strstr(text, "href=\"#"); s; s = strstr(s + 1, "href=\"#")) {
        size_t n = strcspn(s + 7, "\"");
        if (kh_map_get(p.ids, s + 7, n) == KH_NONE)
            fail_msg("'#%.*s' leads nowhere", (int)n, s + 7);
    }
    kh_map_free(p.ids);
    kh_map_free(p.links);
}

static void the_page_is_sound(void **state)
{
    (void)state;
    kh_doc *d = sample_doc(2019, 1, 5);
    char *text = html(d);
    assert_sound(text);
    kh_free(text);
    kh_doc_free(d);
    d = kh_doc_new("", KH_LANG_EN); /* and an empty one */
    text = html(d);
    assert_sound(text);
    assert_has(text, "<html lang=\"en\">");
    kh_free(text);
    kh_doc_free(d);
}

static void nothing_is_run_or_fetched(void **state)
{
    (void)state;
    kh_doc *d = sample_doc(2019, 1, 5);
    char *text = html(d);
    assert_has(text, "content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\"");
    static const char *const none[] = {"<script", "javascript:", " onclick", " onload", " onerror", "<iframe", "<object", "<embed", "<link", "@import", "url(http", "src=", "<form", "<base"};
    for (size_t i = 0; i < COUNT(none); i++)
        assert_has_not(text, none[i]);
    assert_true(strstr(text, "Content-Security-Policy") < strstr(text, "<title>")); /* before anything that it rules */
    kh_free(text);
    kh_doc_free(d);
}

static void hostile_text_is_shown_as_text(void **state)
{
    (void)state;
    kh_doc *d = sample_doc(2019, 1, 5);
    char *text = html(d);
    assert_has(text, "&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;");
    assert_has(text, "R&amp;D &#39;quoted&#39; &quot;double&quot;");
    assert_has(text, "Hữu Lũng");          /* NFD came as NFC */
    assert_has(text, "an to\\u202eàn");
    assert_has(text, "a\\x1b[31mb\\x07");
    assert_has(text, "mặt cười 😀 và cờ 🇻🇳");
    assert_has(text, "dòng 1<br>dòng 2");
    for (const char *s = text; *s; s++)
        assert_true((unsigned char)*s >= 0x20 || *s == '\n' || *s == '\t');
    kh_free(text);
    kh_doc_free(d);
}

static void heads_have_scopes_and_captions(void **state)
{
    (void)state;
    kh_doc *d = sample_doc(2019, 1, 5);
    char *text = html(d);
    assert_has(text, "<th rowspan=\"2\" scope=\"col\">STT</th>");
    assert_has(text, "<th colspan=\"3\" scope=\"colgroup\">Sắp xếp vào đơn vị dự bị động viên</th>");
    assert_has(text, "scope=\"row\" class=\"fx\">Huyện Cao Lộc</th>");
    assert_int_equal(count_of(text, "<caption"), count_of(text, "<table"));
    assert_has(text, "<span class=\"un\">Đơn vị tính: người</span>");
    assert_has(text, "<tr class=\"tot\">");
    assert_has(text, "<tr class=\"sg\"><td>A</td><td>B</td><td>1</td>");
    kh_free(text);
    kh_doc_free(d);
}

static void the_language_the_skip_link_and_one_main_heading(void **state)
{
    (void)state;
    kh_doc *d = sample_doc(2019, 1, 5);
    char *text = html(d);
    assert_has(text, "<html lang=\"vi\">");
    assert_has(text, "<a class=\"skip\" href=\"#main\">");
    assert_int_equal(count_of(text, "<h1"), 1);
    assert_int_equal(count_of(text, "<main"), 1);
    /* Eight charts; all but the two that are as wide as their cells are drawn for a narrow screen as well. */
    assert_int_equal(count_of(text, "role=\"img\""), 14);
    assert_int_equal(count_of(text, "<desc "), 14);
    assert_int_equal(count_of(text, "class=\"cw nw\""), 6);
    kh_free(text);
    kh_doc_free(d);
}

static void ranks_of_headings_are_never_skipped(void **state)
{
    (void)state;
    kh_doc *d = kh_doc_new("t", KH_LANG_VI);
    add_heading(d, 3, 1, "sâu");
    add_heading(d, 1, 1, "một");
    add_heading(d, 4, 1, "bốn");
    char *text = html(d);
    assert_has(text, "<h2 class=\"l3\"");
    assert_has(text, "<h2 class=\"l1\"");
    assert_has(text, "<h3 class=\"l4\"");
    kh_free(text);
    kh_doc_free(d);
}

static void the_notice_stands_at_head_and_foot_and_on_printed_pages(void **state)
{
    (void)state;
    kh_doc *d = sample_doc(2019, 1, 5);
    char *text = html(d);
    assert_int_equal(count_of(text, "SỐ LIỆU MINH HỌA"), 3);
    assert_has(text, "@bottom-left{content:\"SỐ LIỆU MINH HỌA");
    assert_true(strstr(text, "SỐ LIỆU MINH HỌA") < strstr(text, "<main"));
    assert_true(strstr(strstr(text, "</main>"), "SỐ LIỆU MINH HỌA") != NULL);
    kh_free(text);
    kh_doc_free(d);
}

static void a_hostile_notice_stays_a_string_of_the_style(void **state)
{
    (void)state;
    kh_doc *d = kh_doc_new("t", KH_LANG_VI);
    d->notice = "a\"}</style><b>\\x{*/\n;";
    char *text = html(d);
    assert_has(text, "@bottom-left{content:\"a\\22 \\7d \\3c /style\\3e \\3c b\\3e \\5c x\\7b \\2a / ;\"");
    assert_int_equal(count_of(text, "</style>"), 1);
    kh_free(text);
    kh_doc_free(d);
}

static void printed_pages_are_numbered_as_the_layout_says(void **state)
{
    (void)state;
    kh_doc *old = sample_doc(2019, 1, 5), *now = sample_doc(2021, 2, 5); /* the circular's pages have it below, the decree's above */
    char *of_old = html(old), *of_now = html(now);
    assert_has(of_old, "@page{@bottom-right{content:counter(page)");
    assert_has(of_old, "@page:first{@bottom-right{content:none}}");
    assert_has(of_now, "@page{@top-center{content:counter(page)");
    kh_free(of_old);
    kh_free(of_now);
    kh_doc_free(old);
    kh_doc_free(now);
}

static void a_status_has_a_word_beside_its_colour(void **state)
{
    (void)state;
    kh_doc *d = sample_doc(2019, 1, 5);
    char *text = html(d);
    assert_has(text, "<span class=\"tg bad\">✗ không đạt</span> 84,1");
    assert_has(text, "<span class=\"tg warn\">! cần chú ý</span>"); /* a tile with a tone and no sign of its own */
    kh_free(text);
    kh_doc_free(d);
}

static void links_within_the_page_meet_their_anchors(void **state)
{
    (void)state;
    kh_doc *d = sample_doc(2019, 1, 5);
    char *text = html(d);
    assert_has(text, "href=\"#a-t7\"");
    char *fold = strstr(text, "<details class=\"fold\"");
    assert_non_null(fold);
    assert_true(strstr(fold, "</summary>") < strstr(fold, "id=\"a-t7\"")); /* inside: a link to it unfolds the part */
    kh_free(text);
    kh_doc_free(d);
}

static void parts_side_by_side_take_the_whole_page(void **state)
{
    (void)state;
    kh_doc *d = sample_board();
    char *text = html(d);
    assert_has(text, "<div class=\"wrap board\">");
    assert_has(text, "<div class=\"cols\">\n<div>\n<h2 class=\"l1\">Phần trái</h2>");
    kh_free(text);
    kh_doc_free(d);
}

static void a_tinted_cell_says_its_tone_by_ground_and_sign(void **state)
{
    (void)state;
    kh_doc *d = sample_board();
    char *text = html(d);
    assert_has(text, "<table class=\"heat\">");
    assert_has(text, "<td class=\"ce ti good\">98,2 ✓</td>");
    assert_has(text, "<td class=\"ce ti bad\" id=\"a-o-93\">93,7 ✗</td>");
    assert_has(text, "<a href=\"#a-o-93\">Xem ô</a>");
    kh_free(text);
    kh_doc_free(d);
}

static void a_tile_says_its_trend_in_words(void **state)
{
    (void)state;
    kh_doc *d = kh_doc_new("t", KH_LANG_VI);
    kh_dblock *b = kh_doc_add(d, NULL, KH_B_TILES);
    static double y[] = {90.5, 0, 97.7};
    static bool there[] = {true, false, true};
    kh_tile tile = {.title = "T1", .value = "97,7", .trend = y, .trend_there = there, .n_trend = 3, .trend_from = "2018", .trend_to = "2020", .has_target = true, .target = 95};
    b->tiles = &tile;
    b->n_tiles = 1;
    char *text = html(d);
    assert_has(text, "Xu hướng 2018–2020: 90,5 → … → 97,7");
    assert_has(text, "class=\"tgs\""); /* the target's line */
    kh_free(text);
    kh_doc_free(d);
}

/* Contrast by the formula of WCAG 2, from the colours in the style itself. */
static double channel(const char *hex, size_t i)
{
    size_t digits = strspn(hex, "0123456789abcdef");
    char two[3] = {digits == 3 ? hex[i] : hex[2 * i], digits == 3 ? hex[i] : hex[2 * i + 1], '\0'};
    double c = (double)strtol(two, NULL, 16) / 255;
    return c <= 0.03928 ? c / 12.92 : __builtin_pow((c + 0.055) / 1.055, 2.4);
}

static double light_of(const char *css, const char *name)
{
    char key[32];
    snprintf(key, sizeof key, "--%s:#", name);
    const char *at = strstr(css, key);
    if (!at)
        fail_msg("no colour --%s", name);
    at += strlen(key);
    return 0.2126 * channel(at, 0) + 0.7152 * channel(at, 1) + 0.0722 * channel(at, 2);
}

static void words_have_contrast_in_light_and_dark(void **state)
{
    (void)state;
    static const struct { const char *ink, *ground; double least; } pairs[] = {
        {"ink", "paper", 7}, {"soft", "paper", 4.5}, {"good", "paper", 4.5}, {"bad", "paper", 4.5}, {"warn", "paper", 4.5}, {"mutedc", "paper", 4.5},
        {"good", "goodbg", 4.5}, {"bad", "badbg", 4.5}, {"warn", "warnbg", 4.5}, {"mutedc", "mutedbg", 4.5}, {"ink", "warnbg", 4.5},
        {"ink", "h1", 4.5}, {"ink", "h2", 4.5}, {"ink", "h3", 4.5}, {"ink", "h4", 4.5}, {"ink", "h5", 4.5},
        {"c1", "paper", 3}, {"c2", "paper", 3}, {"c3", "paper", 3}, {"c4", "paper", 3}, {"c5", "paper", 3}, {"c6", "paper", 3}, {"c7", "paper", 3}, {"c8", "paper", 3}};
    static const struct { const char *ink, *ground; } own[] = {{"link", "paper"}, {"accent", "paper"}, {"link", "wash"}, {"soft", "wash"}, {"accent", "wash"}, {"ink", "wash"}};
    kh_doc *d = kh_doc_new("t", KH_LANG_VI);
    char *text = html(d), *dark = strstr(text, "(prefers-color-scheme:dark){:root{--ink");
    assert_non_null(dark);
    for (int k = 0; k < 2; k++) {
        const char *css = k ? dark : text;
        for (size_t i = 0; i < COUNT(pairs); i++) {
            double a = light_of(css, pairs[i].ink), b = light_of(css, pairs[i].ground), ratio = ((a > b ? a : b) + 0.05) / ((a > b ? b : a) + 0.05);
            if (ratio < pairs[i].least)
                fail_msg("%s: %s on %s has %.2f", k ? "dark" : "light", pairs[i].ink, pairs[i].ground, ratio);
        }
    }
    char *second = strstr(dark, "(prefers-color-scheme:dark){:root{--accent");
    assert_non_null(second);
    for (int k = 0; k < 2; k++) {
        for (size_t i = 0; i < COUNT(own); i++) {
            bool from_chart = strcmp(own[i].ink, "soft") == 0 || strcmp(own[i].ink, "ink") == 0;
            double a = light_of(from_chart ? (k ? dark : text) : k ? second : text, own[i].ink);
            double b = light_of(strcmp(own[i].ground, "wash") == 0 ? (k ? second : text) : k ? dark : text, own[i].ground);
            double ratio = ((a > b ? a : b) + 0.05) / ((a > b ? b : a) + 0.05);
            if (ratio < 4.5)
                fail_msg("%s: %s on %s has %.2f", k ? "dark" : "light", own[i].ink, own[i].ground, ratio);
        }
    }
    kh_free(text);
    kh_doc_free(d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_page_is_sound), cmocka_unit_test(nothing_is_run_or_fetched), cmocka_unit_test(hostile_text_is_shown_as_text), cmocka_unit_test(heads_have_scopes_and_captions),
        cmocka_unit_test(the_language_the_skip_link_and_one_main_heading), cmocka_unit_test(ranks_of_headings_are_never_skipped), cmocka_unit_test(the_notice_stands_at_head_and_foot_and_on_printed_pages), cmocka_unit_test(a_hostile_notice_stays_a_string_of_the_style),
        cmocka_unit_test(printed_pages_are_numbered_as_the_layout_says),
        cmocka_unit_test(a_status_has_a_word_beside_its_colour), cmocka_unit_test(links_within_the_page_meet_their_anchors),
        cmocka_unit_test(parts_side_by_side_take_the_whole_page), cmocka_unit_test(a_tinted_cell_says_its_tone_by_ground_and_sign), cmocka_unit_test(a_tile_says_its_trend_in_words),
        cmocka_unit_test(words_have_contrast_in_light_and_dark)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

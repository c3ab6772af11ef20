/* SPDX-License-Identifier: MIT */
#include "report/sample.h"

#include "cm.h"
#include "report/check.h"

static void number_is(int level, int nth, const char *expected)
{
    char out[16];
    kh_heading_number(level, nth, out);
    assert_string_equal(out, expected);
}

static void first_level_is_roman(void **state)
{
    (void)state;
    static const char *const expected[] = {"I.", "II.", "III.", "IV.", "V.", "VI.", "VII.", "VIII.", "IX.", "X.", "XI."};
    for (int i = 0; i < 11; i++)
        number_is(1, i + 1, expected[i]);
    number_is(1, 40, "XL.");
    number_is(1, 49, "XLIX.");
    number_is(1, 388, "CCCLXXXVIII.");
}

static void second_level_counts_in_arabic(void **state)
{
    (void)state;
    number_is(2, 1, "1.");
    number_is(2, 12, "12.");
}

/* The 23 letters that Vietnamese clauses use: đ after d, and no f, j, w, z; ă â ê ô ơ ư are not used either. */
static void third_level_puts_d_with_stroke_after_d(void **state)
{
    (void)state;
    static const char *const expected[] = {"a)", "b)", "c)", "d)", "đ)", "e)", "g)", "h)", "i)", "k)", "l)", "m)", "n)", "o)", "p)", "q)", "r)", "s)", "t)", "u)", "v)", "x)", "y)"};
    for (int i = 0; i < 23; i++)
        number_is(3, i + 1, expected[i]);
}

static void letters_go_on_with_two_after_the_last(void **state)
{
    (void)state;
    number_is(3, 24, "aa)");
    number_is(3, 28, "ađ)");
    number_is(3, 46, "ay)");
    number_is(3, 47, "ba)");
    number_is(3, 23 + 23 * 23 + 1, "aaa)");
}

static void fourth_level_is_a_dash(void **state)
{
    (void)state;
    number_is(4, 3, "-");
}

static void kinds_of_charts_have_names_both_ways(void **state)
{
    (void)state;
    for (kh_chart_kind k = KH_CHART_BAR; k <= KH_CHART_STRIP; k++) {
        kh_chart_kind back;
        assert_true(kh_chart_kind_parse(kh_chart_kind_name(k), &back));
        assert_int_equal(back, k);
    }
    kh_chart_kind none;
    assert_false(kh_chart_kind_parse("pie", &none));
}

static void many_blocks_runs_and_rows_keep_their_order(void **state)
{
    (void)state;
    kh_doc *d = kh_doc_new("t", KH_LANG_EN);
    kh_dblock *p = kh_doc_add(d, NULL, KH_B_PARA);
    kh_dtable *t = kh_table_new(d, 2, 0);
    char text[16];
    for (int i = 0; i < 1000; i++) {
        snprintf(text, sizeof text, "%d", i);
        kh_block_run(d, p, text, i % 2, false);
        cell_text(d, kh_table_row(d, t, i == 999), text);
    }
    assert_int_equal(p->n_runs, 1000);
    assert_int_equal(t->n_rows, 1000);
    for (size_t i = 0; i < 1000; i++) {
        snprintf(text, sizeof text, "%zu", i);
        assert_string_equal(p->runs[i].text, text);
        assert_string_equal(t->body[i * 2].text, text);
        assert_int_equal(t->is_total[i], i == 999);
        assert_int_equal(t->body[i * 2 + 1].decimals, -1);
    }
    for (int i = 0; i < 100; i++)
        kh_doc_add(d, NULL, KH_B_BREAK);
    assert_int_equal(d->n_blocks, 101);
    assert_string_equal(d->lang, "en");
    kh_doc_free(d);
}

static void the_sample_is_sound(void **state)
{
    (void)state;
    kh_doc *d = sample_doc(2019, 1, 5);
    kh_error err = KH_ERROR_INIT;
    assert_int_equal(kh_doc_check(d, &err), KH_OK);
    kh_doc_free(d);
}

/* ---- misuse ---------------------------------------------------------------- */

static void refused(kh_doc *d, const char *said)
{
    kh_error err = KH_ERROR_INIT;
    assert_int_equal(kh_doc_check(d, &err), KH_EUSAGE);
    if (!strstr(err.text, said))
        fail_msg("'%s' does not say '%s'", err.text, said);
    kh_error_clear(&err);
    kh_doc_free(d);
}

static kh_dtable *one_table(kh_doc *d, size_t cols, size_t rows)
{
    kh_dtable *t = kh_table_new(d, cols, 0);
    for (size_t i = 0; i < rows; i++)
        kh_table_row(d, t, false);
    kh_doc_add(d, NULL, KH_B_TABLE)->table = t;
    return t;
}

static void a_span_out_of_the_table_is_refused(void **state)
{
    (void)state;
    kh_doc *d = kh_doc_new("t", KH_LANG_EN);
    one_table(d, 2, 1)->body[1].colspan = 2;
    refused(d, "row 1, column 2");
}

static void a_covered_cell_must_be_marked(void **state)
{
    (void)state;
    kh_doc *d = kh_doc_new("t", KH_LANG_EN);
    one_table(d, 2, 1)->body[0].colspan = 2;
    refused(d, "overlap");
    d = kh_doc_new("t", KH_LANG_EN);
    one_table(d, 2, 2)->body[3].covered = true; /* and nothing covers it */
    refused(d, "row 2, column 2");
}

static void digits_that_are_none_are_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {"1,5", "", "1.", ".5", "1e3", "--1", "1 000", "NaN"};
    for (size_t i = 0; i < COUNT(bad); i++) {
        kh_doc *d = kh_doc_new("t", KH_LANG_EN);
        kh_dcell *c = one_table(d, 1, 1)->body;
        c->type = KH_D_NUMBER;
        c->number = bad[i];
        refused(d, "is not a number");
    }
}

static void a_link_must_lead_somewhere_safe(void **state)
{
    (void)state;
    kh_doc *d = kh_doc_new("t", KH_LANG_EN);
    kh_block_run(d, kh_doc_add(d, NULL, KH_B_PARA), "x", false, false)->link = "#nowhere";
    refused(d, "leads nowhere");
    static const char *const bad[] = {"javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", " http://x", "vbscript:x", "//host/x", "JAVASCRIPT:x"};
    for (size_t i = 0; i < COUNT(bad); i++) {
        d = kh_doc_new("t", KH_LANG_EN);
        kh_block_run(d, kh_doc_add(d, NULL, KH_B_PARA), "x", false, false)->link = bad[i];
        refused(d, "must begin with");
    }
}

static void an_anchor_stands_once(void **state)
{
    (void)state;
    kh_doc *d = kh_doc_new("t", KH_LANG_EN);
    kh_doc_add(d, NULL, KH_B_PARA)->anchor = "a";
    kh_doc_add(d, NULL, KH_B_PARA)->anchor = "a";
    refused(d, "given twice");
}

static void empty_blocks_are_refused(void **state)
{
    (void)state;
    static const kh_block_kind kinds[] = {KH_B_OFFICIAL, KH_B_SIGN, KH_B_TABLE, KH_B_CHART};
    for (size_t i = 0; i < COUNT(kinds); i++) {
        kh_doc *d = kh_doc_new("t", KH_LANG_EN);
        kh_doc_add(d, NULL, kinds[i]);
        refused(d, "block 1");
    }
}

static void a_chart_takes_finite_values_only(void **state)
{
    (void)state;
    static const char *const names[] = {"x"};
    double y = 1e308;
    kh_doc *d = kh_doc_new("t", KH_LANG_EN);
    kh_chart *c = sample_chart(d, KH_CHART_BAR, "t", "", names, 1, names, 1, &y, 0);
    add_chart(d, c);
    c->series[0].y[0] *= 1e10;
    refused(d, "not a finite number");
}

static void a_layout_is_one_of_the_two(void **state)
{
    (void)state;
    kh_doc *d = kh_doc_new("t", KH_LANG_EN);
    sample_official(d, 2020, 1, 1);
    d->blocks[0]->official->layout = "nd99";
    refused(d, "'nd30' or 'tt01'");
}

static void details_do_not_nest_without_end(void **state)
{
    (void)state;
    kh_doc *d = kh_doc_new("t", KH_LANG_EN);
    kh_dblock *in = NULL;
    for (int i = 0; i < 20; i++)
        in = kh_doc_add(d, in, KH_B_DETAILS);
    refused(d, "deeper than 16");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(first_level_is_roman), cmocka_unit_test(second_level_counts_in_arabic), cmocka_unit_test(third_level_puts_d_with_stroke_after_d),
        cmocka_unit_test(letters_go_on_with_two_after_the_last), cmocka_unit_test(fourth_level_is_a_dash), cmocka_unit_test(kinds_of_charts_have_names_both_ways),
        cmocka_unit_test(many_blocks_runs_and_rows_keep_their_order), cmocka_unit_test(the_sample_is_sound), cmocka_unit_test(a_span_out_of_the_table_is_refused),
        cmocka_unit_test(a_covered_cell_must_be_marked), cmocka_unit_test(digits_that_are_none_are_refused), cmocka_unit_test(a_link_must_lead_somewhere_safe),
        cmocka_unit_test(an_anchor_stands_once), cmocka_unit_test(empty_blocks_are_refused), cmocka_unit_test(a_chart_takes_finite_values_only),
        cmocka_unit_test(a_layout_is_one_of_the_two), cmocka_unit_test(details_do_not_nest_without_end)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/* What a form's row function sees and gives; the script itself is played by functions here. */
#include "intake/fixture.h"

static const char text[] = "Đơn vị;Nhóm 1;;Nhóm 2;;Ngày\n"
                           ";Phải BD;Đã BD;Phải BD;Đã BD;\n"
                           "06184;1.540;12,5;7;2;05/04/2018\n"
                           "06190;x;3;8;1;43115\n"
                           ";1;1;1;1;\n"
                           "06205;9;2;3;4;31/02/2018\n";

enum { REGISTERED = 0, AREA = 3 };

static uint32_t column(kh_row *r, const char *heading)
{
    uint32_t c = UINT32_MAX;
    kh_error err = KH_ERROR_INIT;
    fx_ok(kh_row_column(r, heading, strlen(heading), &c, &err), &err);
    return c;
}

static int usual(void *ctx, void *script, kh_row *r, kh_out *o, kh_error *err)
{
    (void)ctx;
    assert_string_equal(script, "row");
    kh_unit u = kh_row_unit(r, column(r, "Đơn vị"), KH_NO_PERIOD);
    if (u == KH_NO_UNIT)
        return KH_OK; /* a totals row */
    kh_cut cut = 2;
    int rc = kh_out_number(o, REGISTERED, u, KH_NO_PERIOD, KH_NO_CUT, kh_row_number(r, column(r, "Nhóm 1/Phải BD"), true), err);
    if (rc == KH_OK)
        rc = kh_out_number(o, AREA, u, KH_NO_PERIOD, cut, kh_row_number(r, column(r, "nhóm 1 / ĐÃ BD"), false), err);
    kh_row_date(r, column(r, "Ngày"));
    return rc;
}

static kh_intake *run(kh_catalog *c, const char *s, int (*call)(void *, void *, kh_row *, kh_out *, kh_error *), void *ctx, bool partial)
{
    kh_intake_options o = fx_options();
    o.form = "S-01";
    o.row = (kh_row_hook){call, ctx};
    o.partial = partial;
    return fx_read(c, "S-01_183_2018Q2.csv", s, strlen(s), &o);
}

static void bad_cells_become_findings_and_the_other_rows_are_read(void **state)
{
    (void)state;
    kh_catalog *c = fx_catalog();
    kh_intake *in = run(c, text, usual, NULL, true);
    char *findings = fx_findings(in), *values = fx_values(c, in);
    assert_string_equal(findings, "4:2 error NUMBER\n4:6 error DATE-MANGLED\n6:6 error DATE\n");
    assert_string_equal(values, "06184 2018Q2 area:gender=female 3 12.5\n06184 2018Q2 registered 3 1540\n");
    assert_false(in->refused);
    assert_int_equal(in->rows_good, 2); /* 06184, and the row without a unit, which gives nothing */
    assert_int_equal(in->rows_refused, 2);
    assert_int_equal(in->header_line, 1);
    assert_int_equal(in->data_line, 3);
    kh_free(findings);
    kh_free(values);
    kh_intake_free(in);
    kh_catalog_free(c);
}

static int headings(void *ctx, void *script, kh_row *r, kh_out *o, kh_error *err)
{
    (void)script;
    (void)o;
    uint32_t c;
    kh_buf *b = ctx;
    for (uint32_t j = 0; j < kh_row_columns(r); j++)
        kh_buf_printf(b, "%s|", kh_row_heading(r, j));
    kh_buf_printf(b, "%u|", kh_row_line(r));
    assert_int_equal(kh_row_column(r, "Nhóm 1/Phải", strlen("Nhóm 1/Phải"), &c, err), KH_EUSAGE); /* names the nearest */
    assert_non_null(strstr(err->text, "Nhóm 1/Phải BD"));
    assert_int_equal(kh_row_column(r, "Phải BD", strlen("Phải BD"), &c, err), KH_EUSAGE); /* two have it */
    assert_int_equal(kh_row_column(r, "NGÀY", strlen("NGÀY"), &c, err), KH_OK);
    assert_int_equal(c, 5);
    kh_error_clear(err);
    return KH_OK;
}

static void a_column_is_found_by_its_path_and_never_by_half(void **state)
{
    (void)state;
    kh_catalog *c = fx_catalog();
    kh_buf b = KH_BUF_INIT;
    kh_intake *in = run(c, "Đơn vị;Nhóm 1;;Nhóm 2;;Ngày\n;Phải BD;Đã BD;Phải BD;Đã BD;\n06184;1;2;3;4;\n", headings, &b, false);
    assert_string_equal(kh_buf_cstr(&b), "Đơn vị|Nhóm 1/Phải BD|Nhóm 1/Đã BD|Nhóm 2/Phải BD|Nhóm 2/Đã BD|Ngày|3|");
    kh_buf_free(&b);
    kh_intake_free(in);
    kh_catalog_free(c);
}

static int fails(void *ctx, void *script, kh_row *r, kh_out *o, kh_error *err)
{
    int *calls = ctx;
    (void)script;
    (*calls)++;
    if (kh_row_line(r) == 4)
        return kh_fail_at(err, KH_EUSAGE, "forms/S-01.lua", 12, "attempt to index a nil value");
    return usual(NULL, (char[]){"row"}, r, o, err);
}

static void a_failing_script_is_a_finding_with_both_lines_and_the_rest_is_read(void **state)
{
    (void)state;
    kh_catalog *c = fx_catalog();
    int calls = 0;
    kh_intake *in = run(c, text, fails, &calls, false);
    const kh_finding *all;
    kh_findings_all(in->findings, &all);
    assert_int_equal(calls, 4);
    assert_int_equal(all[0].line, 4);
    assert_string_equal(all[0].code, "SCRIPT");
    assert_non_null(strstr(all[0].text, "forms/S-01.lua:12: attempt to index a nil value"));
    assert_true(in->refused);
    kh_intake_free(in);
    kh_catalog_free(c);
}

static int stops(void *ctx, void *script, kh_row *r, kh_out *o, kh_error *err)
{
    int *calls = ctx;
    (void)script;
    (void)r;
    (void)o;
    (*calls)++;
    return kh_fail(err, KH_ESCRIPT, "the time is over");
}

static void a_limit_ends_the_import(void **state)
{
    (void)state;
    kh_catalog *c = fx_catalog();
    kh_intake_options o = fx_options();
    kh_error err = KH_ERROR_INIT;
    kh_intake *in = NULL;
    int calls = 0;
    o.form = "S-01";
    o.row = (kh_row_hook){stops, &calls};
    assert_int_equal(kh_intake_bytes(c, "S-01_183_2018Q2.csv", text, strlen(text), &o, &in, &err), KH_ESCRIPT);
    assert_null(in);
    assert_int_equal(calls, 1);
    kh_error_clear(&err);
    kh_catalog_free(c);
}

/* Each value that a script may not give, with the code that it gets: negative a failure of the script, else a finding. */
typedef struct attempt { uint32_t measure; const char *unit; const char *period; kh_dec value; int rc; const char *code; } attempt;
typedef struct giving { attempt a; kh_catalog *c; } giving;

static int give(void *ctx, void *script, kh_row *r, kh_out *o, kh_error *err)
{
    const giving *g = ctx;
    const attempt *a = &g->a;
    (void)script;
    kh_unit u = KH_NO_UNIT;
    const char *s;
    size_t n;
    kh_row_text(r, 0, &s, &n);
    if (*a->unit) {
        u = kh_units_find(g->c->units, a->unit, fx_day(strcmp(a->unit, "06112") ? "2018-06-30" : "2021-01-01"));
        assert_int_not_equal(u, KH_NO_UNIT);
    }
    int rc = kh_out_number(o, a->measure, u, *a->period ? kh_period_parse(a->period, strlen(a->period)) : KH_NO_PERIOD, KH_NO_CUT, a->value, err);
    assert_int_equal(rc, a->rc);
    return rc;
}

static void what_a_script_may_not_give_is_refused_with_its_reason(void **state)
{
    (void)state;
    kh_catalog *c = fx_catalog();
    static const attempt rows[] = {
        {REGISTERED, "06184", "", {5, 0}, KH_OK, ""},
        {REGISTERED, "06184", "", {KH_MISSING, 0}, KH_OK, "NO-DATA"}, /* nothing said, nothing kept */
        {REGISTERED, "06184", "", {50, 1}, KH_OK, ""},         /* 5.0 is whole */
        {REGISTERED, "06184", "", {55, 1}, KH_OK, "INTEGER"},
        {REGISTERED, "06184", "", {-1, 0}, KH_OK, "NUMBER-RANGE"},
        {REGISTERED, "06073", "", {1, 0}, KH_OK, "UNIT-OUTSIDE"},
        {REGISTERED, "06112", "", {1, 0}, KH_OK, "UNIT-DATE"},
        {REGISTERED, "06184", "2018-04", {1, 0}, KH_OK, "PERIOD"},
        {REGISTERED, "06184", "2018Q3", {1, 0}, KH_OK, "PERIOD-DIFFERS"},
        {REGISTERED, "", "", {1, 0}, KH_EUSAGE, "SCRIPT"},      /* no unit */
        {2, "06184", "", {1, 0}, KH_EUSAGE, "SCRIPT"},          /* the form does not carry it */
        {99, "06184", "", {1, 0}, KH_EUSAGE, "SCRIPT"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        giving ctx = {rows[i], c};
        kh_intake *in = run(c, "Đơn vị;A;B\n;x;y\n06184;1;2\n", give, &ctx, false);
        const kh_finding *all;
        size_t n = kh_findings_all(in->findings, &all);
        if (n != (*rows[i].code != 0) || (n && strcmp(all[0].code, rows[i].code) != 0))
            fail_msg("row %zu: %zu findings, %s", i, n, n ? all[0].code : "");
        kh_intake_free(in);
    }
    kh_catalog_free(c);
}

static int twice(void *ctx, void *script, kh_row *r, kh_out *o, kh_error *err)
{
    (void)ctx;
    (void)script;
    kh_unit u = kh_row_unit(r, 0, KH_NO_PERIOD);
    kh_out_number(o, AREA, u, KH_NO_PERIOD, KH_NO_CUT, (kh_dec){1, 0}, err);
    return kh_out_number(o, REGISTERED, kh_row_place(r), kh_row_period(r), KH_NO_CUT, (kh_dec){kh_row_line(r), 0}, err);
}

static void a_row_that_repeats_a_value_leaves_nothing_of_itself(void **state)
{
    (void)state;
    kh_catalog *c = fx_catalog();
    kh_intake *in = run(c, "Đơn vị;A;B\n;x;y\n06184;1;2\n06190;1;2\n", twice, NULL, true);
    char *findings = fx_findings(in), *values = fx_values(c, in);
    assert_string_equal(findings, "4:0 error DUPLICATE\n");
    assert_string_equal(values, "06184 2018Q2 area 3 1\n183 2018Q2 registered 3 3\n");
    kh_free(findings);
    kh_free(values);
    kh_intake_free(in);
    kh_catalog_free(c);
}

static int own_finding(void *ctx, void *script, kh_row *r, kh_out *o, kh_error *err)
{
    (void)ctx;
    (void)script;
    (void)o;
    (void)err;
    kh_row_finding(r, KH_WARNING, 1, "MY-CODE", "100% \"odd\" %s", NULL);
    kh_row_finding(r, KH_ERROR, UINT32_MAX, "MY-OTHER", "whole row", "something else");
    return KH_OK;
}

static void a_script_makes_findings_of_its_own(void **state)
{
    (void)state;
    kh_catalog *c = fx_catalog();
    kh_intake *in = run(c, "Đơn vị;A;B\n;x;y\n06184;1;2\n", own_finding, NULL, false);
    const kh_finding *all;
    assert_int_equal(kh_findings_all(in->findings, &all), 2);
    assert_string_equal(all[0].code, "MY-OTHER");
    assert_int_equal(all[0].column, 0);
    assert_string_equal(all[1].text, "100% \"odd\" %s");
    assert_string_equal(all[1].heading, "A/x");
    assert_string_equal(all[1].value, "1");
    assert_int_equal(in->rows_refused, 1);
    kh_intake_free(in);
    kh_catalog_free(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bad_cells_become_findings_and_the_other_rows_are_read),
        cmocka_unit_test(a_column_is_found_by_its_path_and_never_by_half),
        cmocka_unit_test(a_failing_script_is_a_finding_with_both_lines_and_the_rest_is_read),
        cmocka_unit_test(a_limit_ends_the_import),
        cmocka_unit_test(what_a_script_may_not_give_is_refused_with_its_reason),
        cmocka_unit_test(a_row_that_repeats_a_value_leaves_nothing_of_itself),
        cmocka_unit_test(a_script_makes_findings_of_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/*
 * What the reading of one file leaves for the next changes nothing: files whose
 * beginnings are alike, put together at random from rows that a header search
 * could stumble over, give the same read one after the other as each by itself.
 */
#include "intake/fixture.h"

static uint32_t seed;

static uint32_t pick(uint32_t n)
{
    seed = seed * 1664525u + 1013904223u;
    return (seed >> 8) % n;
}

/* Lines, by form: titles above, headers, and what may follow. */
static const char *const above[] = {"UBND HUYỆN CAO LỘC,,,,\n", "Kỳ báo cáo: quý I năm 2018,,,\n", ",,,,\n", "Đơn vị,,,\n", "Báo cáo Trong đó,,\n"};
static const struct { const char *form, *name; const char *heads[4]; } forms[] = {
    {"DB-01", "DB-01_183_2018H1.csv", {"STT,Đơn vị,Tổng số QNDB đã đăng ký,Số xếp đúng chuyên nghiệp QS,Tỷ lệ\n", "Đơn vị,Tổng số,Số xếp đúng chuyên nghiệp QS\n",
                                       "Đơn vị,Đăng ký,\n,Tổng số,Số xếp đúng chuyên nghiệp QS\n", "Đơn vị;Tổng số;Số xếp đúng chuyên nghiệp QS\n"}},
    {"DQ-01", "DQ-01_183_2018Q1.csv", {"Đơn vị,Quân số,Trong đó,\n,,Nam,Nữ\n", "Đơn vị,Quân số,Nam,Nữ\n", "Đơn vị,Quân số,Trong đó,\n,,Nam,Nữ\nA,1,2,3\n", "Đơn vị,Quân số,Trong đó,\n"}},
};
static const char *const rows[] = {
    "06184,9,5,4\n", "Xã Bảo Lâm,3,2,1\n", "1,06205,7,6,85\n", "Hòa Cư;7;6\n", ",,,,\n", ",,Nam,Nữ\n", ",,,Nữ\n", "A,1,2,3\n", "(1),(2),(3),(4)\n", "Nam,5,5,0\n",
    "Đơn vị,Quân số,Nam,Nữ\n", "Đơn vị,Tổng số,Số xếp đúng chuyên nghiệp QS\n", "\xEF\xBB\xBFĐơn vị,Quân số,Nam,Nữ\n", "Tổng số,9,5,4\n", "Tổng cộng,12,7,5\n", "Ghi chú: hết,,\n", "06184,,,\n",
    ",Tỷ lệ,,,\n", "Cao Lộc,1,1,0\n", "06190,\"1\n2\",3,4\n", "STT,,,\n", "180,1,1,0\n",
};

static char *text_of(const kh_catalog *c, const kh_intake *in)
{
    char *findings = fx_findings(in), *values = fx_values(c, in);
    char *text = kh_asprintf("%s%s%s header %u data %u rows %u %u %u delimiter %c", findings, values, in->refused ? "refused" : "accepted", in->header_line, in->data_line,
                             in->rows_read, in->rows_good, in->rows_refused, in->delimiter ? in->delimiter : '-');
    kh_free(findings);
    kh_free(values);
    return text;
}

static void files_that_begin_alike_are_read_as_each_by_itself(void **state)
{
    (void)state;
    kh_catalog *c = fx_catalog();
    kh_intake_kept *kept = kh_intake_kept_new();
    size_t accepted = 0;
    for (seed = 1; seed != 0 && accepted < 400;) {
        kh_buf file = KH_BUF_INIT;
        uint32_t form = pick(COUNT(forms)), n = pick(7);
        for (uint32_t i = pick(4) / 2; i > 0; i--)
            kh_buf_str(&file, above[pick(COUNT(above))]);
        kh_buf_str(&file, forms[form].heads[pick(COUNT(forms[form].heads))]);
        for (uint32_t i = 0; i < n; i++)
            kh_buf_str(&file, rows[pick(3) ? pick(4) : pick(COUNT(rows))]);
        kh_intake_options alone = fx_options(), one_of_many = fx_options();
        alone.form = one_of_many.form = forms[form].form;
        one_of_many.kept = kept;
        kh_intake *a = fx_read(c, forms[form].name, file.data, file.len, &alone), *b = fx_read(c, forms[form].name, file.data, file.len, &one_of_many);
        char *wanted = text_of(c, a), *got = text_of(c, b);
        if (strcmp(wanted, got) != 0)
            fail_msg("%s\n--- alone\n%s\n--- after others\n%s", kh_buf_cstr(&file), wanted, got);
        accepted += !a->refused;
        kh_free(wanted);
        kh_free(got);
        kh_intake_free(a);
        kh_intake_free(b);
        kh_buf_free(&file);
    }
    assert_true(accepted >= 400);
    kh_intake_kept_free(kept);
    kh_catalog_free(c);
}

/* A name that the clerk explains meanwhile means that from then on. */
static void an_alias_is_seen_by_the_next_file(void **state)
{
    (void)state;
    static const char file[] = "Đơn vị,Quân số,Trong đó/Nam,Trong đó/Nữ\nB.Lâm,3,2,1\n";
    kh_catalog *c = fx_catalog();
    kh_intake_kept *kept = kh_intake_kept_new();
    kh_intake_options o = fx_options();
    o.form = "DQ-01";
    o.kept = kept;
    kh_intake *before = fx_read(c, "DQ-01_183_2018Q1.csv", file, sizeof file - 1, &o);
    assert_true(before->refused);
    kh_units_alias(c->units, "B.Lâm", "06190");
    kh_intake *after = fx_read(c, "DQ-01_183_2018Q1.csv", file, sizeof file - 1, &o);
    assert_false(after->refused);
    kh_intake_free(before);
    kh_intake_free(after);
    kh_intake_kept_free(kept);
    kh_catalog_free(c);
}

/* What a name means hangs on who sends the file. */
static void a_name_means_what_it_means_for_its_sender(void **state)
{
    (void)state;
    static const char *const names[] = {"DQ-01_183_2018Q1.csv", "DQ-01_181_2018Q1.csv", "DQ-01_183_2018Q2.csv"};
    static const char file[] = "Đơn vị,Quân số,Trong đó/Nam,Trong đó/Nữ\nBảo Lâm,3,2,1\n";
    kh_catalog *c = fx_catalog();
    kh_intake_kept *kept = kh_intake_kept_new();
    kh_intake_options o = fx_options();
    o.form = "DQ-01";
    o.kept = kept;
    for (size_t i = 0; i < COUNT(names); i++) {
        kh_intake *in = fx_read(c, names[i], file, sizeof file - 1, &o);
        char *findings = fx_findings(in);
        assert_string_equal(findings, i == 1 ? "2:1 error UNIT-OUTSIDE\n" : "");
        kh_free(findings);
        kh_intake_free(in);
    }
    kh_intake_kept_free(kept);
    kh_catalog_free(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_that_begin_alike_are_read_as_each_by_itself),
        cmocka_unit_test(an_alias_is_seen_by_the_next_file),
        cmocka_unit_test(a_name_means_what_it_means_for_its_sender),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

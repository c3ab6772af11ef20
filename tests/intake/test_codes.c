/* SPDX-License-Identifier: MIT */
/* docs/findings.md is made of the table of codes: KEHOACH_WRITE=1 writes it anew. */
#include "intake/fixture.h"

static const char head[] =
    "# Findings\n\n"
    "What `kehoach import` and `kehoach check` say about data. Each finding names the file, the line as an editor shows it, the column, and a code;\n"
    "the codes are stable and listed here in their order. `kehoach explain-code CODE` prints the same. A rule's finding has the code of the rule.\n\n"
    "    bao-cao.csv:8:4: error[NUMBER]: heading \"Số xếp đúng chuyên nghiệp QS\", value \"x\": this is not a number; …\n\n"
    "An error refuses its row, and the file unless `--partial` is given; a warning refuses nothing. What concerns the file as a whole (ENCODING that\n"
    "cannot be told, HEADER-MISSING, COLUMN-MISSING, COLUMN-TWICE, NUMBER-AMBIGUOUS, NUMBER-MIXED, PERIOD, SENDER, …) refuses it also with `--partial`.\n";

static void page(kh_buf *b)
{
    size_t n;
    const kh_finding_code *codes = kh_finding_codes(&n);
    kh_buf_str(b, head);
    for (size_t i = 0; i < n; i++)
        kh_buf_printf(b, "\n## %s\n**%s.** %s\n\n%s\n", codes[i].code, codes[i].title, codes[i].text, codes[i].remedy);
}

static void the_document_repeats_the_table(void **state)
{
    (void)state;
    kh_buf wanted = KH_BUF_INIT, got = KH_BUF_INIT;
    const char *path = TEST_SOURCE "/docs/findings.md";
    char block[4096];
    size_t k;
    page(&wanted);
    if (getenv("KEHOACH_WRITE")) {
        FILE *f = fopen(path, "wb");
        assert_non_null(f);
        fwrite(wanted.data, 1, wanted.len, f);
        fclose(f);
    }
    FILE *f = fopen(path, "rb");
    assert_non_null(f);
    while ((k = fread(block, 1, sizeof block, f)) > 0)
        kh_buf_add(&got, block, k);
    fclose(f);
    assert_string_equal(kh_buf_cstr(&got), wanted.data);
    kh_buf_free(&wanted);
    kh_buf_free(&got);
}

static void codes_stand_in_order_once_and_with_all_their_texts(void **state)
{
    (void)state;
    size_t n;
    const kh_finding_code *codes = kh_finding_codes(&n);
    for (size_t i = 0; i < n; i++) {
        assert_true(i == 0 || strcmp(codes[i - 1].code, codes[i].code) < 0);
        assert_true(*codes[i].title && *codes[i].text && *codes[i].remedy);
        assert_int_equal(strspn(codes[i].code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ-"), strlen(codes[i].code));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_document_repeats_the_table),
        cmocka_unit_test(codes_stand_in_order_once_and_with_all_their_texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

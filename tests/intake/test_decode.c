/* SPDX-License-Identifier: MIT */
/* Decoding as a whole: what is decided, how surely, and that it does not hang on where a block ends. */
#include "intake/fixture.h"
#include "intake/stages.h"

#include <dirent.h>

static char *slurp(const char *path, size_t *n)
{
    FILE *f = fopen(path, "rb");
    kh_buf b = KH_BUF_INIT;
    char block[4096];
    size_t k;
    assert_non_null(f);
    while ((k = fread(block, 1, sizeof block, f)) > 0)
        kh_buf_add(&b, block, k);
    fclose(f);
    *n = b.len;
    kh_buf_cstr(&b);
    return kh_buf_take(&b);
}

static int pull(void *ctx, kh_buf *out, kh_error *err)
{
    return kh_decode_pull(ctx, out, err);
}

/* Everything that comes of the bytes: encoding, records with lines, faults. */
static char *all_of(const char *bytes, size_t n, size_t split)
{
    kh_source *s = kh_source_bytes(bytes, n);
    kh_error err = KH_ERROR_INIT;
    kh_decode d;
    kh_record r;
    kh_buf b = KH_BUF_INIT;
    int rc;
    kh_source_split(s, split);
    kh_decode_init(&d, s, NULL, NULL);
    kh_reader *rows = kh_reader_new(pull, &d, ';');
    while ((rc = kh_reader_next(rows, &r, &err)) > 0) {
        kh_buf_printf(&b, "%u %u %d %u:%u", r.line, r.n, r.fault, r.fault_line, r.fault_column);
        for (uint32_t i = 0; i < r.n; i++) {
            kh_buf_printf(&b, "|%u ", r.cells[i].line);
            kh_buf_add(&b, r.cells[i].s, r.cells[i].n);
        }
        kh_buf_char(&b, '\n');
    }
    assert_int_equal(rc, 0);
    for (size_t i = 0; i < d.faults.n; i++)
        kh_buf_printf(&b, "fault %llu %llu %u\n", (unsigned long long)d.faults.items[i].in, (unsigned long long)d.faults.items[i].out, d.faults.items[i].unit);
    kh_buf_printf(&b, "%s %d %d", kh_decode_name(&d), d.certainty, d.undecided);
    kh_reader_free(rows);
    kh_decode_free(&d);
    kh_source_free(s);
    return kh_buf_take(&b);
}

static int is_csv(const struct dirent *d)
{
    const char *dot = strrchr(d->d_name, '.');
    return dot && strcmp(dot, ".csv") == 0;
}

static void two_reads_cut_anywhere_give_what_one_read_gives(void **state)
{
    (void)state;
    struct dirent **list;
    const char *dir = TEST_SOURCE "/tests/intake/corpus";
    int files = scandir(dir, &list, is_csv, alphasort);
    assert_true(files > 0);
    for (int i = 0; i < files; i++) {
        char *path = kh_asprintf("%s/%s", dir, list[i]->d_name);
        size_t n;
        char *bytes = slurp(path, &n), *whole = all_of(bytes, n, 0);
        for (size_t k = 1; k < n && k < 600; k++) {
            char *parts = all_of(bytes, n, k);
            if (strcmp(parts, whole) != 0)
                fail_msg("%s cut at %zu:\n%s\n--- at once\n%s", list[i]->d_name, k, parts, whole);
            kh_free(parts);
        }
        kh_free(whole);
        kh_free(bytes);
        kh_free(path);
        free(list[i]);
    }
    free(list);
}

static void decide(const char *bytes, size_t n, kh_decode *d, kh_buf *out)
{
    kh_source *s = kh_source_bytes(bytes, n);
    kh_decode_init(d, s, NULL, NULL);
    while (kh_decode_pull(d, out, NULL) > 0)
        ;
    kh_buf_cstr(out);
    kh_source_free(s);
}

static void few_words_are_enough_and_the_certainty_says_so(void **state)
{
    (void)state;
    static const struct { const char *bytes, *name, *text; int least, most; } rows[] = {
        {"plain ascii", "UTF-8", "plain ascii", 100, 100},
        {"Đơn vị", "UTF-8", "Đơn vị", 95, 100},
        {"huy\xD6n", "TCVN3", "huyện", 50, 95},
        {"huye\xE4n Cao Lo\xE4" "c", "VNI-Win", "huyện Cao Lộc", 50, 95},
        {"caf\xE9", "UTF-8", NULL, 0, 0}, /* Western, not Vietnamese: nothing is decided */
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        kh_decode d;
        kh_buf out = KH_BUF_INIT;
        decide(rows[i].bytes, strlen(rows[i].bytes), &d, &out);
        if (rows[i].text) {
            assert_string_equal(kh_decode_name(&d), rows[i].name);
            assert_string_equal(out.data, rows[i].text);
            assert_in_range(d.certainty, rows[i].least, rows[i].most);
        } else
            assert_true(d.undecided);
        kh_decode_free(&d);
        kh_buf_free(&out);
    }
}

static void french_in_utf8_is_not_taken_for_font_codes(void **state)
{
    (void)state;
    static const char text[] = "École supérieure; café; déjà; à côté; château; où; naïve\n";
    kh_decode d;
    kh_buf out = KH_BUF_INIT;
    decide(text, strlen(text), &d, &out);
    assert_string_equal(out.data, text);
    assert_string_equal(kh_decode_name(&d), "UTF-8");
    kh_decode_free(&d);
    kh_buf_free(&out);
}

static void letters_after_a_megabyte_of_ascii_are_still_decided(void **state)
{
    (void)state;
    kh_buf in = KH_BUF_INIT, out = KH_BUF_INIT;
    kh_decode d;
    for (int i = 0; i < 150000; i++)
        kh_buf_str(&in, "06184,123\n");
    size_t ascii = in.len;
    kh_buf_str(&in, "huye\xE4n Cao Lo\xE4" "c\n");
    decide(in.data, in.len, &d, &out);
    assert_string_equal(kh_decode_name(&d), "VNI-Win");
    assert_string_equal(out.data + ascii, "huyện Cao Lộc\n");
    kh_decode_free(&d);
    kh_buf_free(&in);
    kh_buf_free(&out);
}

static void an_unknown_encoding_lists_the_known(void **state)
{
    (void)state;
    kh_decode d;
    kh_error err = KH_ERROR_INIT;
    kh_decode_init(&d, NULL, NULL, NULL);
    assert_int_equal(kh_decode_as(&d, "latin9", &err), KH_EUSAGE);
    assert_non_null(strstr(err.text, "TCVN3"));
    kh_error_clear(&err);
    assert_int_equal(kh_decode_as(&d, "abc", &err), KH_OK);
    assert_string_equal(kh_decode_name(&d), "TCVN3");
    kh_decode_free(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_reads_cut_anywhere_give_what_one_read_gives),
        cmocka_unit_test(few_words_are_enough_and_the_certainty_says_so),
        cmocka_unit_test(french_in_utf8_is_not_taken_for_font_codes),
        cmocka_unit_test(letters_after_a_megabyte_of_ascii_are_still_decided),
        cmocka_unit_test(an_unknown_encoding_lists_the_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
#include "report/render.h"

#include "base/file.h"
#include "base/hash.h"
#include "report/reading.h"
#include "report/sample.h"

#include <dirent.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static const kh_format of_memory[] = {KH_FMT_TXT, KH_FMT_MD, KH_FMT_HTML, KH_FMT_CSV, KH_FMT_XLSX, KH_FMT_DOCX};

static kh_buf bytes_of(kh_format f, int year)
{
    kh_doc *d = sample_doc(year, 1, 5);
    kh_buf out = KH_BUF_INIT;
    kh_error err = KH_ERROR_INIT;
    if (kh_render(d, f, NULL, &out, &err) != KH_OK)
        fail_msg("%s: %s", kh_format_name(f), err.text);
    kh_doc_free(d);
    return out;
}

static void names_of_formats_go_both_ways(void **state)
{
    (void)state;
    for (kh_format f = KH_FMT_TXT; f <= KH_FMT_PDF; f++) {
        kh_format back;
        assert_true(kh_format_parse(kh_format_name(f), &back));
        assert_int_equal(back, f);
    }
    kh_format none;
    assert_false(kh_format_parse("doc", &none));
    assert_false(kh_format_parse("", &none));
}

/* Neither the clock, the zone, nor the language of the process may be in the bytes. */
static void the_same_document_is_the_same_bytes_whatever_the_surroundings(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(of_memory); i++) {
        setenv("TZ", "Asia/Ho_Chi_Minh", 1);
        tzset();
        kh_msg_lang(KH_LANG_VI);
        kh_buf a = bytes_of(of_memory[i], 2019);
        struct timespec pause = {2, 100000000}; /* a zip's clock ticks every two seconds */
        if (of_memory[i] == KH_FMT_XLSX || of_memory[i] == KH_FMT_DOCX)
            nanosleep(&pause, NULL);
        setenv("TZ", "America/New_York", 1);
        tzset();
        kh_msg_lang(KH_LANG_EN);
        kh_buf b = bytes_of(of_memory[i], 2019);
        if (a.len != b.len || memcmp(a.data, b.data, a.len) != 0)
            fail_msg("%s differs", kh_format_name(of_memory[i]));
        kh_buf c = bytes_of(of_memory[i], 2021);
        if (of_memory[i] != KH_FMT_CSV) /* the official head is not in it */
            assert_true(a.len != c.len || memcmp(a.data, c.data, a.len) != 0);
        kh_buf_free(&a);
        kh_buf_free(&b);
        kh_buf_free(&c);
    }
}

static void every_text_format_shows_every_hostile_name(void **state)
{
    (void)state;
    static const struct { kh_format f; const char *shown; } cases[] = {
        {KH_FMT_TXT, "<script>alert(\"1\")</script>"}, {KH_FMT_MD, "&lt;script\\>alert(\"1\")"}, {KH_FMT_HTML, "&lt;script&gt;alert(&quot;1&quot;)"}, {KH_FMT_CSV, "\"<script>alert(\"\"1\"\")</script>\""}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        kh_buf out = bytes_of(cases[i].f, 2019);
        assert_has(kh_buf_cstr(&out), cases[i].shown);
        assert_has_not(kh_buf_cstr(&out), "\xe2\x80\xae"); /* no override of direction */
        assert_has_not(kh_buf_cstr(&out), "\x1b");
        assert_has_not(kh_buf_cstr(&out), "\xef\xbf\xbe");
        assert_int_equal(strlen(kh_buf_cstr(&out)), out.len);
        kh_buf_free(&out);
    }
}

/* Formats without columns have the parts one after the other. */
static void parts_side_by_side_are_in_every_format(void **state)
{
    (void)state;
    static const struct { kh_format f; const char *shown; } cases[] = {
        {KH_FMT_TXT, "Phần trái"}, {KH_FMT_MD, "## Phần trái"}, {KH_FMT_CSV, "Huyện Đình Lập,93.7,✗"}, {KH_FMT_TXT, "93,7 ✗"}, {KH_FMT_MD, "Tệp và dòng"}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        kh_doc *d = sample_board();
        kh_buf out = KH_BUF_INIT;
        kh_error err = KH_ERROR_INIT;
        assert_int_equal(kh_render(d, cases[i].f, NULL, &out, &err), KH_OK);
        assert_has(kh_buf_cstr(&out), cases[i].shown);
        kh_buf_free(&out);
        kh_doc_free(d);
    }
    kh_doc *d = sample_board();
    kh_buf out = KH_BUF_INIT;
    kh_error err = KH_ERROR_INIT;
    assert_int_equal(kh_render(d, KH_FMT_DOCX, NULL, &out, &err), KH_OK);
    parts p = parts_open(&out);
    char *body = parts_read(&p, "word/document.xml");
    assert_has(body, "Phần trái");
    assert_has(body, "w:fill=\"FBE7E5\""); /* the tinted cell */
    /* The link's bookmark stands in the cell. */
    char *bad = strstr(body, "FBE7E5");
    assert_has(bad, "<w:bookmarkStart");
    kh_free(body);
    parts_close(&p);
    kh_buf_free(&out);
    kh_doc_free(d);
}

static void a_faulty_document_gives_no_bytes(void **state)
{
    (void)state;
    kh_doc *d = kh_doc_new("t", KH_LANG_VI);
    kh_doc_add(d, NULL, KH_B_TABLE);
    for (size_t i = 0; i < COUNT(of_memory); i++) {
        kh_buf out = KH_BUF_INIT;
        kh_error err = KH_ERROR_INIT;
        assert_int_equal(kh_render(d, of_memory[i], NULL, &out, &err), KH_EUSAGE);
        assert_int_equal(out.len, 0);
        kh_error_clear(&err);
        kh_buf_free(&out);
    }
    kh_doc_free(d);
}

static void an_empty_document_renders(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(of_memory); i++) {
        kh_doc *d = kh_doc_new("", KH_LANG_EN);
        kh_buf out = KH_BUF_INIT;
        kh_error err = KH_ERROR_INIT;
        assert_int_equal(kh_render(d, of_memory[i], NULL, &out, &err), KH_OK);
        kh_buf_free(&out);
        kh_doc_free(d);
    }
}

/* ---- files ----------------------------------------------------------------- */

static char folder[64];

static int make_folder(void **state)
{
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/kh-render-XXXXXX");
    return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
    (void)state;
    DIR *dir = opendir(folder);
    for (struct dirent *e; dir && (e = readdir(dir));)
        unlinkat(dirfd(dir), e->d_name, 0);
    if (dir)
        closedir(dir);
    return rmdir(folder);
}

static size_t files_in_folder(void)
{
    size_t n = 0;
    DIR *dir = opendir(folder);
    for (struct dirent *e; (e = readdir(dir));)
        n += e->d_name[0] != '.' || strlen(e->d_name) > 2;
    closedir(dir);
    return n;
}

static void a_file_is_written_whole_with_its_hash(void **state)
{
    (void)state;
    char path[128], hash[65], expected[65];
    snprintf(path, sizeof path, "%s/báo cáo.html", folder);
    kh_doc *d = sample_doc(2019, 1, 5);
    kh_error err = KH_ERROR_INIT;
    assert_int_equal(kh_render_file(d, KH_FMT_HTML, NULL, path, hash, &err), KH_OK);
    kh_buf in = KH_BUF_INIT, whole = bytes_of(KH_FMT_HTML, 2019);
    assert_int_equal(kh_read_file(path, 1 << 24, &in, &err), KH_OK);
    assert_int_equal(in.len, whole.len);
    assert_memory_equal(in.data, whole.data, in.len);
    kh_sha256_of(in.data, in.len, expected);
    assert_string_equal(hash, expected);
    assert_int_equal(files_in_folder(), 1);
    assert_int_equal(kh_render_file(d, KH_FMT_HTML, NULL, path, NULL, &err), KH_OK); /* over the old one */
    assert_int_equal(files_in_folder(), 1);
    kh_buf_free(&in);
    kh_buf_free(&whole);
    kh_doc_free(d);
}

static void a_failure_leaves_the_old_file_and_nothing_else(void **state)
{
    (void)state;
    char path[128];
    snprintf(path, sizeof path, "%s/cũ.txt", folder);
    kh_error err = KH_ERROR_INIT;
    assert_int_equal(kh_write_file(path, "cũ", strlen("cũ"), &err), KH_OK);
    kh_doc *d = kh_doc_new("t", KH_LANG_VI);
    kh_doc_add(d, NULL, KH_B_CHART);
    assert_int_equal(kh_render_file(d, KH_FMT_TXT, NULL, path, NULL, &err), KH_EUSAGE);
    kh_error_clear(&err);
    kh_buf in = KH_BUF_INIT;
    assert_int_equal(kh_read_file(path, 100, &in, &err), KH_OK);
    assert_string_equal(kh_buf_cstr(&in), "cũ");
    kh_buf_free(&in);
    snprintf(path, sizeof path, "%s/không có/x.txt", folder);
    kh_doc *good = kh_doc_new("t", KH_LANG_VI);
    assert_int_equal(kh_render_file(good, KH_FMT_TXT, NULL, path, NULL, &err), KH_ESTORE);
    kh_error_clear(&err);
    kh_doc_free(good);
    kh_doc_free(d);
}

/* ---- pdf, by a stand-in ------------------------------------------------------- */

static int stand_in(const void *docx, size_t n, kh_buf *pdf, kh_error *err)
{
    if (n < 4 || memcmp(docx, "PK\3\4", 4) != 0)
        return kh_fail(err, KH_ESTORE, "no Word document");
    kh_buf_str(pdf, "%PDF-");
    return KH_OK;
}

static int refuses(const void *docx, size_t n, kh_buf *pdf, kh_error *err)
{
    (void)docx, (void)n, (void)pdf;
    return kh_fail(err, KH_ESTORE, "not today");
}

static int pdf_with(kh_pdf_fn *fn, kh_buf *out, kh_error *err)
{
    kh_doc *d = sample_doc(2019, 1, 5);
    kh_render_options o = {.pdf = fn};
    int rc = kh_render(d, KH_FMT_PDF, &o, out, err);
    kh_doc_free(d);
    return rc;
}

static void pdf_is_what_is_made_of_the_word_document(void **state)
{
    (void)state;
    kh_buf out = KH_BUF_INIT;
    kh_error err = KH_ERROR_INIT;
    assert_int_equal(pdf_with(stand_in, &out, &err), KH_OK);
    assert_string_equal(kh_buf_cstr(&out), "%PDF-");
    kh_buf_clear(&out);
    assert_int_equal(pdf_with(refuses, &out, &err), KH_ESTORE);
    assert_string_equal(err.text, "not today");
    assert_int_equal(pdf_with(NULL, &out, &err), KH_EUSAGE);
    assert_int_equal(out.len, 0);
    kh_error_clear(&err);
    kh_buf_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_of_formats_go_both_ways), cmocka_unit_test(the_same_document_is_the_same_bytes_whatever_the_surroundings), cmocka_unit_test(every_text_format_shows_every_hostile_name),
        cmocka_unit_test(parts_side_by_side_are_in_every_format), cmocka_unit_test(a_faulty_document_gives_no_bytes), cmocka_unit_test(an_empty_document_renders), cmocka_unit_test_setup_teardown(a_file_is_written_whole_with_its_hash, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(a_failure_leaves_the_old_file_and_nothing_else, make_folder, remove_folder),
        cmocka_unit_test(pdf_is_what_is_made_of_the_word_document)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

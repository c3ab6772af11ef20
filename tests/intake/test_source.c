/* SPDX-License-Identifier: MIT */
#include "intake/fixture.h"
#include "intake/stages.h"

#include <sys/stat.h>
#include <unistd.h>

static char folder[] = "/tmp/kehoach-source-XXXXXX";

static int make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
    (void)state;
    char *command = kh_asprintf("%s/f", folder);
    unlink(command);
    kh_free(command);
    return rmdir(folder);
}

static char *file_with(const char *text)
{
    char *path = kh_asprintf("%s/f", folder);
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    fputs(text, f);
    fclose(f);
    return path;
}

static void the_hash_is_of_the_bytes_that_were_read(void **state)
{
    (void)state;
    char *path = file_with("abc"), hex[KH_SHA256_HEX];
    kh_error err = KH_ERROR_INIT;
    kh_source *s;
    uint64_t bytes;
    fx_ok(kh_source_open(&s, path, &err), &err);
    fx_ok(kh_source_finish(s, hex, &bytes, &err), &err);
    assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"); /* FIPS 180-2, appendix B.1 */
    assert_int_equal(bytes, 3);
    kh_source_free(s);
    kh_free(path);
}

static void what_cannot_be_opened_is_named_with_its_reason(void **state)
{
    (void)state;
    kh_error err = KH_ERROR_INIT;
    kh_source *s;
    assert_int_equal(kh_source_open(&s, "/nowhere/f.csv", &err), KH_EUSAGE);
    assert_non_null(strstr(err.text, "/nowhere/f.csv"));
    assert_int_equal(kh_source_open(&s, folder, &err), KH_EUSAGE);
    assert_non_null(strstr(err.text, folder));
    kh_error_clear(&err);
}

/* A named pipe stands for standard input: it can be read once only, and is kept. */
static void a_pipe_can_be_read_twice_and_its_refused_rows_written(void **state)
{
    (void)state;
    char *path = kh_asprintf("%s/f", folder);
    unlink(path);
    assert_int_equal(mkfifo(path, 0600), 0);
    pid_t child = fork();
    if (child == 0) {
        FILE *f = fopen(path, "wb");
        fputs("Đơn vị;Tổng số;Số xếp đúng chuyên nghiệp QS\n06184;1.540;x\n", f);
        fclose(f);
        kh_free(path);
        _exit(0);
    }
    kh_catalog *c = fx_catalog();
    kh_intake_options o = fx_options();
    kh_error err = KH_ERROR_INIT;
    kh_intake *in;
    kh_buf b = KH_BUF_INIT;
    o.form = "DB-01";
    o.period = kh_period_make(KH_HALF, 2018, 1);
    o.sender = kh_units_find(c->units, "183", fx_day("2018-06-30"));
    fx_ok(kh_intake_file(c, path, &o, &in, &err), &err);
    unlink(path);
    char *findings = fx_findings(in);
    assert_string_equal(findings, "2:3 error NUMBER\n");
    kh_free(findings);
    fx_ok(kh_intake_refused_csv(in, &b, &err), &err);
    assert_non_null(strstr(b.data, "06184;1.540;x"));
    kh_buf_free(&b);
    kh_intake_free(in);
    kh_catalog_free(c);
    kh_free(file_with(""));
    kh_free(path);
}

static void a_file_that_changed_since_is_not_written_back(void **state)
{
    (void)state;
    char *path = file_with("Đơn vị;Tổng số;Số xếp đúng chuyên nghiệp QS\n06184;1;x\n");
    kh_catalog *c = fx_catalog();
    kh_intake_options o = fx_options();
    kh_error err = KH_ERROR_INIT;
    kh_intake *in;
    kh_buf b = KH_BUF_INIT;
    o.form = "DB-01";
    fx_ok(kh_intake_file(c, path, &o, &in, &err), &err);
    kh_free(file_with("Đơn vị;Tổng số;Số xếp đúng chuyên nghiệp QS\n06184;1;y\n"));
    assert_int_equal(kh_intake_refused_csv(in, &b, &err), KH_ESTORE);
    kh_error_clear(&err);
    kh_buf_free(&b);
    kh_intake_free(in);
    kh_catalog_free(c);
    kh_free(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_hash_is_of_the_bytes_that_were_read),
        cmocka_unit_test(what_cannot_be_opened_is_named_with_its_reason),
        cmocka_unit_test(a_pipe_can_be_read_twice_and_its_refused_rows_written),
        cmocka_unit_test(a_file_that_changed_since_is_not_written_back),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}

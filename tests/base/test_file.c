/* SPDX-License-Identifier: MIT */
#include "base/file.h"

#include "base/mem.h"
#include "cm.h"
#include "script/bare.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char dir[] = "/tmp/kh-file-XXXXXX";
static char name[100];

static const char *in_dir(const char *rest)
{
    snprintf(name, sizeof name, "%s/%s", dir, rest);
    return name;
}

static int make_dir(void **state)
{
    (void)state;
    return mkdtemp(dir) ? 0 : -1;
}

static int remove_dir(void **state)
{
    (void)state;
    char command[60];
    snprintf(command, sizeof command, "rm -rf %s", dir);
    return system(command);
}

static int entries(void)
{
    int n = 0;
    DIR *d = opendir(dir);
    assert_non_null(d);
    while (readdir(d))
        n++;
    closedir(d);
    return n - 2; /* . and .. */
}

static void what_is_written_is_read_and_replaced_whole(void **state)
{
    (void)state;
    kh_error err = KH_ERROR_INIT;
    kh_buf b = KH_BUF_INIT;
    int before = entries();
    assert_int_equal(kh_write_file(in_dir("a"), "first\0version", 13, &err), KH_OK);
    assert_int_equal(kh_write_file(in_dir("a"), "2", 1, &err), KH_OK);
    assert_int_equal(kh_read_file(in_dir("a"), 100, &b, &err), KH_OK);
    assert_int_equal(b.len, 1);
    assert_string_equal(b.data, "2");
    assert_int_equal(kh_write_file(in_dir("a"), "", 0, &err), KH_OK);
    kh_buf_clear(&b);
    assert_int_equal(kh_read_file(in_dir("a"), 0, &b, &err), KH_OK);
    assert_int_equal(b.len, 0);
    assert_int_equal(entries(), before + 1); /* no temporary file is left */
    kh_buf_free(&b);
}

static void a_large_file_is_refused_at_its_limit(void **state)
{
    (void)state;
    kh_error err = KH_ERROR_INIT;
    kh_buf b = KH_BUF_INIT;
    char *bytes = kh_zalloc(1, 200000);
    kh_write_file(in_dir("big"), bytes, 200000, &err);
    assert_int_equal(kh_read_file(in_dir("big"), 200000, &b, &err), KH_OK);
    assert_int_equal(b.len, 200000);
    kh_buf_clear(&b);
    assert_int_equal(kh_read_file(in_dir("big"), 199999, &b, &err), KH_EUSAGE);
    kh_error_clear(&err);
    kh_buf_free(&b);
    kh_free(bytes);
}

static void what_is_not_there_is_named(void **state)
{
    (void)state;
    kh_error err = KH_ERROR_INIT;
    kh_buf b = KH_BUF_INIT;
    assert_int_equal(kh_read_file(in_dir("none"), 10, &b, &err), KH_EUSAGE);
    assert_non_null(strstr(err.text, name));
    assert_int_equal(kh_read_file(dir, 10, &b, &err), KH_EUSAGE);
    assert_int_equal(kh_write_file(in_dir("no/such/folder"), "x", 1, &err), KH_ESTORE);
    assert_non_null(strstr(err.text, name));
    kh_error_clear(&err);
    kh_buf_free(&b);
}

static void a_dropped_file_leaves_the_old_one(void **state)
{
    (void)state;
    kh_error err = KH_ERROR_INIT;
    kh_buf b = KH_BUF_INIT;
    char *temp;
    int fd;
    kh_write_file(in_dir("keep"), "old", 3, &err);
    int before = entries();
    assert_int_equal(kh_temp_open(in_dir("keep"), &temp, &fd, &err), KH_OK);
    assert_int_equal(write(fd, "new", 3), 3);
    assert_int_equal(entries(), before + 1);
    kh_temp_drop(temp, fd);
    assert_int_equal(entries(), before);
    kh_read_file(in_dir("keep"), 10, &b, &err);
    assert_string_equal(b.data, "old");
    kh_buf_free(&b);
}

static void a_file_that_cannot_take_its_place_is_removed(void **state)
{
    (void)state;
    kh_error err = KH_ERROR_INIT;
    assert_int_equal(kh_make_folders(in_dir("place/inside"), &err), KH_OK);
    int before = entries();
    assert_int_equal(kh_write_file(in_dir("place"), "x", 1, &err), KH_ESTORE); /* a folder stands there */
    assert_int_equal(entries(), before);
    kh_error_clear(&err);
}

static void folders_are_made_all_the_way(void **state)
{
    (void)state;
    kh_error err = KH_ERROR_INIT;
    struct stat st;
    assert_int_equal(kh_make_folders(in_dir("x/y/z"), &err), KH_OK);
    assert_int_equal(stat(name, &st), 0);
    assert_int_equal(kh_make_folders(in_dir("x/y/z/"), &err), KH_OK);
    assert_int_equal(kh_make_folders(in_dir("x//y/./w"), &err), KH_OK);
    assert_int_equal(kh_make_folders("/", &err), KH_OK);
    assert_int_equal(kh_make_folders(".", &err), KH_OK);
    assert_true(kh_make_folders("", &err) < 0);
    kh_write_file(in_dir("file"), "", 0, &err);
    assert_true(kh_make_folders(in_dir("file"), &err) < 0);
    assert_true(kh_make_folders(in_dir("file/below"), &err) < 0);
    kh_error_clear(&err);
}

static void plain_paths(void)
{
    char folder[] = "/tmp/kehoach-file-XXXXXX", path[128], other[128];
    kh_error err = KH_ERROR_INIT;
    kh_buf b = KH_BUF_INIT;
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/in", folder);
    assert_int_equal(mkdir(path, 0700), 0);
    snprintf(path, sizeof path, "%s/in/a", folder);
    assert_int_equal(kh_write_plain(path, "x", 1, &err), KH_OK);
    assert_int_equal(kh_read_plain(path, 100, &b, &err), KH_OK);
    assert_string_equal(kh_buf_cstr(&b), "x");
    snprintf(other, sizeof other, "%s//in/../in/./a", folder);
    b.len = 0;
    assert_int_equal(kh_read_plain(other, 100, &b, &err), KH_OK);
    assert_string_equal(kh_buf_cstr(&b), "x");
    snprintf(other, sizeof other, "%s/in/a/", folder); /* a file is no folder */
    assert_int_equal(kh_read_plain(other, 100, &b, &err), KH_EUSAGE);
    kh_error_clear(&err);
    assert_int_equal(kh_read_plain("", 100, &b, &err), KH_EUSAGE);
    kh_error_clear(&err);
    assert_int_equal(kh_read_plain("/", 100, &b, &err), KH_EUSAGE);
    kh_error_clear(&err);
    snprintf(other, sizeof other, "%s/in/link", folder);
    assert_int_equal(symlink(path, other), 0);
    assert_int_equal(kh_read_plain(other, 100, &b, &err), KH_EUSAGE);
    kh_error_clear(&err);
    snprintf(other, sizeof other, "%s/door", folder); /* a folder's name that became a link */
    snprintf(path, sizeof path, "%s/in", folder);
    assert_int_equal(symlink(path, other), 0);
    snprintf(other, sizeof other, "%s/door/a", folder);
    assert_int_equal(kh_read_plain(other, 100, &b, &err), KH_EUSAGE);
    kh_error_clear(&err);
    assert_int_equal(kh_write_plain(other, "y", 1, &err), KH_EUSAGE);
    kh_error_clear(&err);
    snprintf(other, sizeof other, "%s/in/pipe", folder);
    assert_int_equal(mkfifo(other, 0600), 0);
    assert_int_equal(kh_read_plain(other, 100, &b, &err), KH_EUSAGE); /* and does not wait for a writer */
    kh_error_clear(&err);
    kh_buf_free(&b);
    snprintf(path, sizeof path, "rm -r %s", folder);
    assert_int_equal(system(path), 0);
}

static void a_plain_path_does_not_follow_a_link_that_was_swapped_in(void **state)
{
    (void)state;
    plain_paths();
}

/* The last test: this process has none of what came with newer kernels from here on. */
static void nor_does_it_where_the_kernel_has_no_openat2(void **state)
{
    (void)state;
    if (without_guards() != 0)
        skip();
    plain_paths();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_read_and_replaced_whole),
        cmocka_unit_test(a_large_file_is_refused_at_its_limit),
        cmocka_unit_test(what_is_not_there_is_named),
        cmocka_unit_test(a_dropped_file_leaves_the_old_one),
        cmocka_unit_test(a_file_that_cannot_take_its_place_is_removed),
        cmocka_unit_test(folders_are_made_all_the_way),
        cmocka_unit_test(a_plain_path_does_not_follow_a_link_that_was_swapped_in),
        cmocka_unit_test(nor_does_it_where_the_kernel_has_no_openat2),
    };
    return cmocka_run_group_tests(tests, make_dir, remove_dir);
}

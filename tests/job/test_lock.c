/* SPDX-License-Identifier: MIT */
#include "job/lock.h"

#include "cm.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char path[64];

static int new_path(void **state)
{
    (void)state;
    char folder[] = "/tmp/kehoach-lock-XXXXXX";
    if (!mkdtemp(folder))
        return -1;
    snprintf(path, sizeof path, "%s/run.lock", folder);
    return 0;
}

static int remove_path(void **state)
{
    (void)state;
    unlink(path);
    *strrchr(path, '/') = '\0';
    return rmdir(path);
}

static void a_second_runner_is_told_who_holds_the_lock(void **state)
{
    (void)state;
    kh_job_lock *first, *second;
    kh_error err = KH_ERROR_INIT;
    char who[64];
    assert_int_equal(kh_job_lock_take(path, &first, &err), KH_OK);
    assert_int_equal(kh_job_lock_take(path, &second, &err), KH_EBUSY);
    assert_null(second);
    snprintf(who, sizeof who, "process %ld on ", (long)getpid());
    assert_non_null(strstr(err.text, who));
    kh_error_clear(&err);
    kh_job_lock_drop(first);
    assert_int_equal(kh_job_lock_take(path, &second, &err), KH_OK);
    kh_job_lock_drop(second);
    kh_job_lock_drop(NULL);
}

static void the_lock_of_a_killed_runner_is_free(void **state)
{
    (void)state;
    int ready[2];
    assert_int_equal(pipe(ready), 0);
    pid_t child = fork();
    if (child == 0) {
        kh_job_lock *l;
        char ok = kh_job_lock_take(path, &l, NULL) == KH_OK;
        if (write(ready[1], &ok, 1) == 1)
            pause();
        _exit(1);
    }
    char ok = 0;
    kh_job_lock *mine;
    assert_int_equal(read(ready[0], &ok, 1), 1);
    assert_int_equal(ok, 1);
    assert_int_equal(kh_job_lock_take(path, &mine, NULL), KH_EBUSY);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    assert_int_equal(kh_job_lock_take(path, &mine, NULL), KH_OK);
    kh_job_lock_drop(mine);
    close(ready[0]);
    close(ready[1]);
}

static void a_link_or_a_missing_folder_is_refused(void **state)
{
    (void)state;
    kh_job_lock *l;
    kh_error err = KH_ERROR_INIT;
    assert_int_equal(symlink("/etc/hostname", path), 0);
    assert_int_equal(kh_job_lock_take(path, &l, &err), KH_ESTORE);
    assert_non_null(strstr(err.text, path));
    kh_error_clear(&err);
    unlink(path);
    assert_int_equal(kh_job_lock_take("/nonexistent/run.lock", &l, &err), KH_ESTORE);
    kh_error_clear(&err);
}

static void what_stands_in_the_file_is_shown_harmlessly(void **state)
{
    (void)state;
    kh_job_lock *l, *second;
    kh_error err = KH_ERROR_INIT;
    assert_int_equal(kh_job_lock_take(path, &l, NULL), KH_OK);
    int fd = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC);
    assert_int_equal(write(fd, "\x1b[31mred\nmore", 13), 13);
    close(fd);
    assert_int_equal(kh_job_lock_take(path, &second, &err), KH_EBUSY);
    assert_null(strchr(err.text, '\x1b'));
    assert_null(strstr(err.text, "more"));
    kh_error_clear(&err);
    assert_int_equal(truncate(path, 0), 0);
    assert_int_equal(kh_job_lock_take(path, &second, &err), KH_EBUSY);
    kh_error_clear(&err);
    kh_job_lock_drop(l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_second_runner_is_told_who_holds_the_lock, new_path, remove_path),
        cmocka_unit_test_setup_teardown(the_lock_of_a_killed_runner_is_free, new_path, remove_path),
        cmocka_unit_test_setup_teardown(a_link_or_a_missing_folder_is_refused, new_path, remove_path),
        cmocka_unit_test_setup_teardown(what_stands_in_the_file_is_shown_harmlessly, new_path, remove_path),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

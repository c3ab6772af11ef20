/* SPDX-License-Identifier: MIT */
/*
 * What the kernel keeps from the worker, tried in a child process: the guards
 * cannot be taken back. Where this kernel has none of them, the tests of what
 * they keep are skipped; that work goes on without them is tested everywhere.
 */
#include "bare.h"
#include "cm.h"
#include "script/script.h"
#include "script/worker.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

enum { HELD = 0, OPEN = 1, NOT_HERE = 77 };

typedef struct told { char landlock[200], seccomp[200]; kh_severity of_landlock, of_seccomp; } told;

static int listen_to(void *ctx, kh_severity severity, const char *what, const char *text)
{
    told *t = ctx;
    if (strcmp(what, "landlock") == 0) {
        snprintf(t->landlock, sizeof t->landlock, "%s", text);
        t->of_landlock = severity;
    }
    if (strcmp(what, "seccomp") == 0) {
        snprintf(t->seccomp, sizeof t->seccomp, "%s", text);
        t->of_seccomp = severity;
    }
    return 0;
}

static int in_child(int (*fn)(void))
{
    fflush(NULL);
    pid_t pid = fork();
    int status;
    if (pid == 0)
        _exit(fn());
    assert_true(pid > 0);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static char place[] = "/tmp/kehoach-confine-XXXXXX", outside[] = "/var/tmp/kehoach-confine-XXXXXX";

static told confined(void)
{
    told t = {.of_landlock = KH_ERROR};
    const char *write[] = {place, NULL}, *read[] = {NULL};
    kh_confine();
    kh_confine_files(write, read);
    kh_script_doctor(listen_to, &t);
    return t;
}

static int refused(int rc) { return rc < 0 && errno == EACCES ? HELD : OPEN; }

static int network(void)
{
    if (confined().of_seccomp != KH_NOTE)
        return NOT_HERE;
    return refused(socket(AF_INET, SOCK_STREAM, 0)) | refused(socket(AF_UNIX, SOCK_DGRAM, 0));
}

static int other_programs(void)
{
    if (confined().of_seccomp != KH_NOTE)
        return NOT_HERE;
    return refused(execl("/bin/true", "true", (char *)NULL));
}

static int other_processes(void)
{
    if (confined().of_seccomp != KH_NOTE)
        return NOT_HERE;
    return refused(kill(getppid(), 0)) | refused((int)syscall(SYS_tgkill, getppid(), getppid(), 0)) | refused((int)ptrace(PTRACE_ATTACH, getppid(), NULL, NULL));
}

static int own_signals(void)
{
    if (confined().of_seccomp != KH_NOTE)
        return NOT_HERE;
    signal(SIGUSR1, SIG_IGN);
    return raise(SIGUSR1) == 0 ? HELD : OPEN; /* a crash is told by raising its signal again */
}

static int foreign_files(void)
{
    if (confined().of_landlock != KH_NOTE)
        return NOT_HERE;
    char path[200];
    snprintf(path, sizeof path, "%s/secret", outside);
    int rc = refused(open(path, O_RDONLY)) | refused(open(path, O_WRONLY));
    snprintf(path, sizeof path, "%s/new", outside);
    return rc | refused(open(path, O_WRONLY | O_CREAT, 0600)) | refused(mkdir(path, 0700));
}

static int own_files(void)
{
    char path[200], other[200];
    confined();
    snprintf(path, sizeof path, "%s/new", place);
    snprintf(other, sizeof other, "%s/renamed", place);
    int fd = open(path, O_WRONLY | O_CREAT, 0600);
    return fd >= 0 && write(fd, "x", 1) == 1 && rename(path, other) == 0 && unlink(other) == 0 ? HELD : OPEN;
}

static int there(void) /* are the guards here at all? asked in a child of its own, as all of this */
{
    told t = confined();
    return t.of_seccomp == KH_NOTE && t.of_landlock == KH_NOTE ? HELD : OPEN;
}

static int office(void)
{
    char path[200];
    if (in_child(there) != HELD)
        return NOT_HERE;
    kh_confine_office(place, "/bin/true");
    int rc = socket(AF_INET, SOCK_STREAM, 0) < 0 && errno == EAFNOSUPPORT ? HELD : OPEN;
    rc |= socket(AF_INET6, SOCK_DGRAM, 0) < 0 && errno == EAFNOSUPPORT ? HELD : OPEN;
    rc |= socket(AF_UNIX, SOCK_STREAM, 0) >= 0 ? HELD : OPEN; /* it needs that one */
    snprintf(path, sizeof path, "%s/secret", outside);
    rc |= refused(open(path, O_RDONLY)) | refused(open(path, O_WRONLY));
    snprintf(path, sizeof path, "%s/new", outside);
    rc |= refused(open(path, O_WRONLY | O_CREAT, 0600)) | refused(open("/tmp/kehoach-confine-new", O_WRONLY | O_CREAT, 0600));
    snprintf(path, sizeof path, "%s/own", place);
    rc |= open(path, O_WRONLY | O_CREAT, 0600) >= 0 ? HELD : OPEN;
    return rc != HELD ? rc : execl("/bin/true", "true", (char *)NULL); /* which starts, and ends with 0 */
}

static int without_any(void)
{
    if (without_guards() != 0)
        return NOT_HERE;
    told t = confined();
    if (t.of_landlock != KH_WARNING || t.of_seccomp != KH_WARNING || !strstr(t.landlock, "Landlock") || !strstr(t.seccomp, "seccomp"))
        return OPEN;
    return own_files();
}

static void check(int (*fn)(void))
{
    int rc = under_valgrind() && fn == other_programs ? NOT_HERE : in_child(fn);
    if (rc == NOT_HERE)
        skip();
    assert_int_equal(rc, HELD);
}

#define TEST(name, fn) \
    static void name(void **state) { (void)state; check(fn); }
TEST(the_worker_has_no_network, network)
TEST(the_worker_starts_no_other_program, other_programs)
TEST(the_worker_reaches_no_other_process, other_processes)
TEST(the_worker_can_tell_its_own_crash, own_signals)
TEST(the_worker_opens_no_foreign_file, foreign_files)
TEST(the_worker_writes_where_it_may, own_files)
TEST(libreoffice_has_its_folder_and_no_network, office)
TEST(without_the_guards_work_goes_on_and_doctor_says_so, without_any)

static int make(void **state)
{
    char path[200];
    (void)state;
    kh_msg_lang(KH_LANG_EN);
    if (!mkdtemp(place) || !mkdtemp(outside))
        return -1;
    snprintf(path, sizeof path, "%s/secret", outside);
    int fd = open(path, O_WRONLY | O_CREAT, 0600);
    return fd >= 0 ? close(fd) : -1;
}

static int clear(void **state)
{
    char command[200];
    (void)state;
    snprintf(command, sizeof command, "rm -rf %s %s", place, outside);
    return system(command);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_worker_has_no_network),       cmocka_unit_test(the_worker_starts_no_other_program), cmocka_unit_test(the_worker_reaches_no_other_process),
        cmocka_unit_test(the_worker_can_tell_its_own_crash), cmocka_unit_test(the_worker_opens_no_foreign_file), cmocka_unit_test(the_worker_writes_where_it_may),
        cmocka_unit_test(libreoffice_has_its_folder_and_no_network),
        cmocka_unit_test(without_the_guards_work_goes_on_and_doctor_says_so),
    };
    return cmocka_run_group_tests(tests, make, clear);
}

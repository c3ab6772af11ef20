/* SPDX-License-Identifier: MIT */
/*
 * PDF: the worker asks, the supervisor's converter runs LibreOffice. A stand-in
 * (a shell script named soffice, found by PATH) makes it behave as badly as a
 * program can: what is left afterwards must be nothing, in the folder for
 * temporary files as among the processes. The last test is with the real one.
 */
#include "cm.h"
#include "base/file.h"
#include "base/log.h"
#include "base/msg.h"
#include "report/render.h"
#include "script/converter.h"
#include "script/office.h"
#include "script/script.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char folder[] = "/tmp/kehoach-office-XXXXXX", mark[64], usual_path[4096];

/* --- what the stand-in does; $1 of its kind is -env:UserInstallation=file://FOLDER/profile, the last the document ------- */

#define BEGIN "#!/bin/sh\nfor a in \"$@\"; do f=$a; done\nd=${f%/*}\n"

static void stand_in(const char *text)
{
    char path[128];
    kh_error err = KH_ERROR_INIT;
    snprintf(path, sizeof path, "%s/bin/soffice", folder);
    assert_int_equal(kh_write_file(path, text, strlen(text), &err), KH_OK);
    assert_int_equal(chmod(path, 0755), 0);
}

static void stand_in_with_mark(const char *format) /* one %s: the mark, an argument of sleep that no other process has */
{
    char text[1024];
    _Pragma("GCC diagnostic push") _Pragma("GCC diagnostic ignored \"-Wformat-nonliteral\"")
    snprintf(text, sizeof text, format, mark, mark);
    _Pragma("GCC diagnostic pop")
    stand_in(text);
}

/* --- what is left ------------------------------------------------------------------------------------------------------------- */

static int marked_processes(void)
{
    int found = 0;
    DIR *proc = opendir("/proc");
    for (struct dirent *e; proc && (e = readdir(proc));) {
        char path[300], line[512];
        snprintf(path, sizeof path, "/proc/%s/cmdline", e->d_name);
        FILE *f = e->d_name[0] >= '1' && e->d_name[0] <= '9' ? fopen(path, "re") : NULL;
        size_t n = f ? fread(line, 1, sizeof line - 1, f) : 0;
        if (f)
            fclose(f);
        found += n && memmem(line, n, mark, strlen(mark)) != NULL;
    }
    if (proc)
        closedir(proc);
    return found;
}

static int left_in_tmp(void)
{
    char path[128];
    int n = 0;
    snprintf(path, sizeof path, "%s/tmp", folder);
    DIR *dir = opendir(path);
    for (struct dirent *e; dir && (e = readdir(dir));)
        n += e->d_name[0] != '.';
    if (dir)
        closedir(dir);
    return n;
}

static void pause_a_little(void) { usleep(20000); }

/* For as long as it takes; a minute means that it never comes. */
static void wait_until(int (*fn)(void), bool some)
{
    for (int i = 0; i < 3000; i++, pause_a_little())
        if ((fn() > 0) == some)
            return;
    fail_msg("still %d", fn());
}

static void nothing_is_left(void)
{
    assert_int_equal(marked_processes(), 0);
    assert_int_equal(left_in_tmp(), 0);
}

/* --- workers; exit status: 10 where a PDF came, else 20 + what it is said to be ---------------------------------------------------- */

static int outcome(int rc, const kh_error *err, const kh_buf *pdf)
{
    static const char *const said[] = {"not installed", "ended badly", "within 1 seconds", "without making", "before its time", "interrupted"};
    if (rc == KH_OK)
        return pdf->len > 5 && memcmp(pdf->data, "%PDF-", 5) == 0 ? 10 : 11;
    for (size_t i = 0; i < sizeof said / sizeof *said; i++)
        if (strstr(err->text, said[i]))
            return 20 + (int)i;
    return 19;
}
enum { MADE = 10, NOT_INSTALLED = 20, BADLY, LATE, NOTHING, GONE, INTERRUPTED };

static int ask_once(void *ctx)
{
    kh_buf pdf = KH_BUF_INIT;
    kh_error err = KH_ERROR_INIT;
    (void)ctx;
    int status = outcome(kh_worker_pdf("PK\3\4docx", 8, &pdf, &err), &err, &pdf);
    kh_buf_free(&pdf);
    kh_error_clear(&err);
    return status;
}

static int ask_twice(void *ctx)
{
    int first = ask_once(ctx);
    return first == MADE ? ask_once(ctx) : first;
}

static int die_asking(void *ctx)
{
    alarm(1); /* whose action is the end */
    return ask_once(ctx);
}

static void stop(int sig)
{
    (void)sig;
    kh_worker_stop = 1;
}

/* As in the shell: the line is interrupted, and the next one works. */
static int ask_after_an_interrupt(void *ctx)
{
    signal(SIGALRM, stop);
    alarm(1);
    if (ask_once(ctx) != INTERRUPTED)
        return 1;
    kh_worker_stop = 0;
    kh_buf pdf = KH_BUF_INIT;
    kh_error err = KH_ERROR_INIT;
    bool its_own = kh_worker_pdf("second", 6, &pdf, &err) == KH_OK && strcmp(kh_buf_cstr(&pdf), "%PDF-second") == 0; /* not the late answer to the first */
    kh_buf_free(&pdf);
    kh_error_clear(&err);
    return its_own ? MADE : 2;
}

/* A document larger than any buffer of a socket. */
static int ask_much(void *ctx)
{
    enum { N = 5000000 };
    char *bytes = calloc(1, N);
    kh_buf pdf = KH_BUF_INIT;
    kh_error err = KH_ERROR_INIT;
    (void)ctx;
    int rc = kh_worker_pdf(bytes, N, &pdf, &err);
    int status = rc == KH_OK && pdf.len == 5 + N && !memchr(pdf.data, 'x', pdf.len) ? MADE : 1;
    free(bytes);
    kh_buf_free(&pdf);
    kh_error_clear(&err);
    return status;
}

/* --- tests ------------------------------------------------------------------------------------------------------------------------------ */

static void pdf_is_made_in_a_private_folder_with_a_clean_environment(void **state)
{
    (void)state;
    setenv("KEHOACH_TEST_SECRET", "x", 1);
    stand_in(BEGIN "[ \"$1\" = \"-env:UserInstallation=file://$d/profile\" ] && [ -s \"$f\" ] && [ \"$HOME\" = \"$d\" ] && [ \"$TMPDIR\" = \"$d\" ] || exit 1\n"
                   "[ -z \"$KEHOACH_TEST_SECRET\" ] && grep -q UseTaggedPDF \"$d/profile/user/registrymodifications.xcu\" || exit 1\n"
                   "[ \"$(stat -c %a \"$d\")\" = 700 ] && ! read -r line || exit 1\n" /* standard input is empty */
                   "[ \"$(ls /proc/self/fd | wc -l)\" -le 4 ] || exit 1\n"             /* 0, 1, 2 and the listed folder itself */
                   "printf '%%PDF-x' > \"$d/report.pdf\"\n");
    assert_int_equal(kh_supervise(ask_once, NULL), MADE);
    nothing_is_left();
    unsetenv("KEHOACH_TEST_SECRET");
}

static void one_run_makes_several(void **state)
{
    (void)state;
    stand_in(BEGIN "printf '%%PDF-x' > \"$d/report.pdf\"\n");
    assert_int_equal(kh_supervise(ask_twice, NULL), MADE);
    nothing_is_left();
}

static void large_documents_go_through_whole(void **state)
{
    (void)state;
    stand_in(BEGIN "{ printf '%%PDF-'; cat \"$f\"; } > \"$d/report.pdf\"\n");
    assert_int_equal(kh_supervise(ask_much, NULL), MADE);
    nothing_is_left();
}

static void without_a_supervisor_it_is_made_here(void **state)
{
    (void)state;
    stand_in(BEGIN "printf '%%PDF-x' > \"$d/report.pdf\"\n");
    assert_int_equal(ask_once(NULL), MADE);
    stand_in("#!/bin/sh\nexit 3\n");
    assert_int_equal(ask_once(NULL), BADLY);
    nothing_is_left();
}

static void a_missing_program_is_told(void **state)
{
    (void)state;
    setenv("PATH", "/nowhere:", 1);
    assert_int_equal(kh_supervise(ask_once, NULL), NOT_INSTALLED);
    setenv("PATH", usual_path, 1);
}

static void one_that_fails_crashes_or_makes_nothing_is_told(void **state)
{
    static const struct { const char *text; int status; } bad[] = {
        {"#!/bin/sh\nexit 3\n", BADLY},
        {"#!/bin/sh\nkill -SEGV $$\n", BADLY},
        {"#!/nowhere/sh\n", BADLY},
        {"#!/bin/sh\nexit 0\n", NOTHING},
        {BEGIN "echo no > \"$d/report.pdf\"\n", NOTHING},
        {BEGIN "ln -s /etc/passwd \"$d/report.pdf\"\n", NOTHING},
        {BEGIN "mkdir \"$d/report.pdf\"\n", NOTHING},
    };
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        if (under_valgrind() && strncmp(bad[i].text, "#!/nowhere", 10) == 0)
            continue;
        stand_in(bad[i].text);
        assert_int_equal(kh_supervise(ask_once, NULL), bad[i].status);
        nothing_is_left();
    }
}

static void one_that_hangs_is_ended_with_all_that_it_started(void **state)
{
    (void)state;
    setenv("KEHOACH_PDF_SECONDS", "1", 1);
    stand_in_with_mark("#!/bin/sh\ntrap '' TERM INT HUP\nsetsid sleep %s &\nsleep %s\n");
    assert_int_equal(kh_supervise(ask_once, NULL), LATE);
    nothing_is_left();
    stand_in_with_mark(BEGIN "setsid sleep %s &\nprintf '%%%%PDF-x' > \"$d/report.pdf\"\n"); /* ends well, and leaves one running */
    assert_int_equal(kh_supervise(ask_once, NULL), MADE);
    nothing_is_left();
    unsetenv("KEHOACH_PDF_SECONDS");
}

static void a_worker_that_dies_leaves_nothing(void **state)
{
    (void)state;
    if (under_valgrind())
        skip();
    stand_in_with_mark("#!/bin/sh\nsetsid sleep %s &\nsleep %s\n");
    kh_log_limit(KH_LOG_ERROR);
    int null = dup(2);
    assert_non_null(freopen("/dev/null", "w", stderr)); /* the crash is told there */
    int status = kh_supervise(die_asking, NULL);
    dup2(null, 2);
    close(null);
    assert_int_equal(status, 4);
    nothing_is_left();
}

static void a_killed_supervisor_leaves_nothing(void **state)
{
    (void)state;
    stand_in_with_mark("#!/bin/sh\nsetsid sleep %s &\nsleep %s\n");
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0)
        _exit(kh_supervise(ask_once, NULL));
    wait_until(marked_processes, true);
    kill(pid, SIGKILL);
    assert_int_equal(waitpid(pid, NULL, 0), pid);
    wait_until(marked_processes, false);
    wait_until(left_in_tmp, false);
}

static void a_killed_converter_is_told(void **state)
{
    (void)state;
    stand_in(BEGIN "kill -KILL $PPID\nsleep 1\n");
    assert_int_equal(kh_supervise(ask_once, NULL), GONE);
    char command[128];
    snprintf(command, sizeof command, "rm -rf %s/tmp/*", folder); /* nobody was left to do it */
    assert_int_equal(system(command), 0);
}

static void an_interrupted_one_does_not_spoil_the_next(void **state)
{
    (void)state;
    stand_in(BEGIN "sleep 2\n{ printf '%%PDF-'; cat \"$f\"; } > \"$d/report.pdf\"\n");
    assert_int_equal(kh_supervise(ask_after_an_interrupt, NULL), MADE);
    nothing_is_left();
}

static int report_as_pdf(void *ctx)
{
    kh_doc *d = kh_doc_new("Thử", KH_LANG_VI);
    kh_buf pdf = KH_BUF_INIT;
    kh_error err = KH_ERROR_INIT;
    const kh_render_options o = {.pdf = kh_worker_pdf};
    (void)ctx;
    kh_block_run(d, kh_doc_add(d, NULL, KH_B_PARA), "Lạng Sơn", false, false);
    int rc = kh_render(d, KH_FMT_PDF, &o, &pdf, &err), status = outcome(rc, &err, &pdf);
    if (status == MADE && !memmem(pdf.data, pdf.len, "/StructTreeRoot", 15))
        status = 2; /* not tagged */
    kh_doc_free(d);
    kh_buf_free(&pdf);
    kh_error_clear(&err);
    return status;
}

static void libreoffice_makes_a_tagged_pdf(void **state)
{
    (void)state;
    if (access("/usr/bin/soffice", X_OK) != 0) {
        print_message("skipped: LibreOffice is not installed (/usr/bin/soffice)\n");
        skip();
    }
    setenv("PATH", "/usr/bin:/bin", 1); /* without the stand-in */
    assert_int_equal(kh_supervise(report_as_pdf, NULL), MADE);
    setenv("PATH", usual_path, 1);
    nothing_is_left();
}

static int make(void **state)
{
    char path[128];
    (void)state;
    kh_msg_lang(KH_LANG_EN);
    if (!mkdtemp(folder))
        return -1;
    snprintf(mark, sizeof mark, "300.%d", (int)getpid());
    snprintf(path, sizeof path, "%s/bin", folder);
    snprintf(usual_path, sizeof usual_path, "%s:%s", path, getenv("PATH"));
    if (mkdir(path, 0755) != 0 || setenv("PATH", usual_path, 1) != 0)
        return -1;
    snprintf(path, sizeof path, "%s/tmp", folder);
    return mkdir(path, 0755) == 0 ? setenv("TMPDIR", path, 1) : -1;
}

static int clear(void **state)
{
    char command[128];
    (void)state;
    snprintf(command, sizeof command, "rm -rf %s", folder);
    return system(command);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pdf_is_made_in_a_private_folder_with_a_clean_environment),
        cmocka_unit_test(one_run_makes_several),
        cmocka_unit_test(large_documents_go_through_whole),
        cmocka_unit_test(without_a_supervisor_it_is_made_here),
        cmocka_unit_test(a_missing_program_is_told),
        cmocka_unit_test(one_that_fails_crashes_or_makes_nothing_is_told),
        cmocka_unit_test(one_that_hangs_is_ended_with_all_that_it_started),
        cmocka_unit_test(a_worker_that_dies_leaves_nothing),
        cmocka_unit_test(a_killed_supervisor_leaves_nothing),
        cmocka_unit_test(a_killed_converter_is_told),
        cmocka_unit_test(an_interrupted_one_does_not_spoil_the_next),
        cmocka_unit_test(libreoffice_makes_a_tagged_pdf),
    };
    return cmocka_run_group_tests(tests, make, clear);
}

/* SPDX-License-Identifier: MIT */
/*
 * PDF by LibreOffice, where it is installed: the DOCX is put into a private
 * folder and converted there with a profile of its own, so that nothing of the
 * user's settings, macros or running windows takes part, and two conversions
 * never meet. The only format whose bytes are not ours to fix.
 */
#include "report/renderers.h"

#include "base/file.h"
#include "base/msg.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { SECONDS = 180, MOST_BYTES = 1 << 30 };

static bool runnable(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISREG(st.st_mode) && access(path, X_OK) == 0;
}

static char *find_soffice(const char *given)
{
    if (given)
        return runnable(given) ? kh_strdup(given) : NULL;
    const char *path = getenv("PATH");
    for (const char *p = path ? path : "/usr/bin:/bin"; *p;) {
        size_t n = strcspn(p, ":");
        char *full = kh_asprintf("%.*s/soffice", (int)n, n ? p : ".");
        if (n && runnable(full)) /* never from the folder one happens to stand in */
            return full;
        kh_free(full);
        p += n + (p[n] == ':');
    }
    return NULL;
}

static int remove_one(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
    (void)st;
    (void)flag;
    (void)ftw;
    remove(path);
    return 0;
}

static void remove_tree(const char *dir)
{
    nftw(dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* Starts the program in a process group of its own, with nothing to read and nobody to talk to. */
static pid_t start(const char *program, char *const argv[], const char *home)
{
    pid_t pid = fork();
    if (pid != 0)
        return pid;
    setpgid(0, 0);
    int null = open("/dev/null", O_RDWR);
    if (null >= 0) {
        dup2(null, 0);
        dup2(null, 1);
        dup2(null, 2);
    }
    setenv("HOME", home, 1);
    execv(program, argv);
    _exit(127);
}

/* The child's status, or -1 after the time is over and its whole group has been ended. */
static int wait_for(pid_t pid)
{
    struct timespec pause = {0, 20 * 1000 * 1000}, began, now;
    clock_gettime(CLOCK_MONOTONIC, &began);
    for (;;) {
        int status;
        pid_t got = waitpid(pid, &status, WNOHANG);
        if (got == pid || (got < 0 && errno != EINTR))
            return got == pid ? status : -1;
        clock_gettime(CLOCK_MONOTONIC, &now);
        if (now.tv_sec - began.tv_sec > SECONDS) {
            kill(-pid, SIGKILL);
            waitpid(pid, &status, 0);
            return -1;
        }
        nanosleep(&pause, NULL);
    }
}

static int convert(const char *soffice, const char *dir, kh_error *err)
{
    char *docx = kh_asprintf("%s/report.docx", dir), *profile = kh_asprintf("-env:UserInstallation=file://%s/profile", dir);
    char *argv[] = {kh_strdup("soffice"), profile, kh_strdup("--headless"), kh_strdup("--norestore"), kh_strdup("--nolockcheck"),
                    kh_strdup("--convert-to"), kh_strdup("pdf:writer_pdf_Export"), kh_strdup("--outdir"), kh_strdup(dir), docx, NULL};
    int rc = KH_OK;
    pid_t pid = start(soffice, argv, dir);
    int status = pid < 0 ? -1 : wait_for(pid);
    if (pid < 0)
        rc = kh_fail(err, KH_ESTORE, _("LibreOffice could not be started: %s"), kh_errno_text(errno));
    else if (status != 0)
        rc = kh_fail(err, KH_ESTORE, _("LibreOffice did not make the PDF (it ended badly or took more than %d seconds); write the report as docx and convert it by hand"), SECONDS);
    for (size_t i = 0; argv[i]; i++)
        kh_free(argv[i]);
    return rc;
}

int kh_render_pdf(const kh_doc *d, const kh_render_options *o, kh_buf *out, kh_error *err)
{
    char *soffice = find_soffice(o->soffice);
    if (!soffice)
        return kh_fail(err, KH_ESTORE, _("PDF needs LibreOffice, which is not installed here (Debian: libreoffice-writer); docx and html need nothing"));
    const char *tmp = getenv("TMPDIR");
    char *dir = kh_asprintf("%s/kehoach-pdf-XXXXXX", tmp && *tmp == '/' ? tmp : "/tmp"), *docx = NULL, *pdf = NULL;
    kh_buf bytes = KH_BUF_INIT;
    bool made = mkdtemp(dir) != NULL;
    int rc = made ? kh_render_docx(d, o, &bytes, err) : kh_fail(err, KH_ESTORE, _("%s: the folder for the conversion cannot be made: %s"), dir, kh_errno_text(errno));
    if (rc != KH_OK)
        goto end;
    docx = kh_asprintf("%s/report.docx", dir);
    pdf = kh_asprintf("%s/report.pdf", dir);
    rc = kh_write_file(docx, kh_buf_cstr(&bytes), bytes.len, err);
    if (rc == KH_OK)
        rc = convert(soffice, dir, err);
    if (rc == KH_OK && access(pdf, R_OK) != 0)
        rc = kh_fail(err, KH_ESTORE, _("LibreOffice ended without making the PDF; write the report as docx and convert it by hand"));
    if (rc == KH_OK)
        rc = kh_read_file(pdf, MOST_BYTES, out, err);
end:
    if (made)
        remove_tree(dir);
    kh_free(docx);
    kh_free(pdf);
    kh_free(dir);
    kh_free(soffice);
    kh_buf_free(&bytes);
    return rc;
}

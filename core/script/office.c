/* SPDX-License-Identifier: MIT */
/*
 * LibreOffice, once. The document is put into a private folder and converted
 * there with a profile of its own, so that nothing of the user's settings,
 * macros or running windows takes part, and two conversions never meet. The
 * processes have a group of their own, no network, no files but the system's and
 * the folder (confine.c), and no more time, memory and disk than below; none of
 * them and nothing of the folder is left behind.
 */
#include "script/office.h"

#include "base/file.h"
#include "base/mem.h"
#include "base/msg.h"
#include "script/worker.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { SECONDS = 180, MOST_SECONDS = 24 * 60 * 60, MOST_BYTES = 1 << 30, LOOK_MS = 50 };

/* Tagged (a screen reader finds headings and tables); no macros, no links to anywhere followed. */
static const char profile_text[] =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    "<oor:items xmlns:oor=\"http://openoffice.org/2001/registry\">\n"
    "<item oor:path=\"/org.openoffice.Office.Common/Filter/PDF/Export\"><prop oor:name=\"UseTaggedPDF\" oor:op=\"fuse\"><value>true</value></prop></item>\n"
    "<item oor:path=\"/org.openoffice.Office.Common/Security/Scripting\"><prop oor:name=\"MacroSecurityLevel\" oor:op=\"fuse\"><value>3</value></prop></item>\n"
    "<item oor:path=\"/org.openoffice.Office.Common/Security/Scripting\"><prop oor:name=\"BlockUntrustedRefererLinks\" oor:op=\"fuse\"><value>true</value></prop></item>\n"
    "<item oor:path=\"/org.openoffice.Office.Writer/Content/Update\"><prop oor:name=\"Link\" oor:op=\"fuse\"><value>0</value></prop></item>\n"
    "</oor:items>\n";

static volatile sig_atomic_t asked_to_end;

int kh_office_seconds(void)
{
    const char *said = getenv("KEHOACH_PDF_SECONDS");
    long n = said ? strtol(said, NULL, 10) : 0;
    return n > 0 && n <= MOST_SECONDS ? (int)n : SECONDS;
}

/* --- the program and its folder --------------------------------------------------- */

static char *find_soffice(void)
{
    const char *path = getenv("PATH");
    for (const char *p = path ? path : "/usr/bin:/bin"; *p;) {
        size_t n = strcspn(p, ":");
        char *full = kh_asprintf("%.*s/soffice", (int)n, p);
        struct stat st;
        if (*p == '/' && stat(full, &st) == 0 && S_ISREG(st.st_mode) && access(full, X_OK) == 0) /* never from the folder one happens to stand in */
            return full;
        kh_free(full);
        p += n + (p[n] == ':');
    }
    return NULL;
}

static int remove_one(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
    (void)st, (void)flag, (void)ftw;
    remove(path);
    return 0;
}

static void remove_tree(const char *dir)
{
    nftw(dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* With its links resolved; NULL and errno where it cannot be had. */
static char *make_folder(void)
{
    const char *tmp = getenv("TMPDIR");
    char real[PATH_MAX];
    if (!realpath(tmp && *tmp == '/' ? tmp : "/tmp", real))
        return NULL;
    char *dir = kh_asprintf("%s/kehoach-pdf-XXXXXX", real);
    if (mkdtemp(dir))
        return dir;
    kh_free(dir);
    return NULL;
}

static int put(const char *dir, const char *name, const void *bytes, size_t n, int *errnum)
{
    kh_error err = KH_ERROR_INIT;
    char *path = kh_asprintf("%s/%s", dir, name);
    int rc = kh_write_file(path, bytes, n, &err);
    *errnum = rc == KH_OK ? 0 : errno ? errno : EIO;
    kh_error_clear(&err);
    kh_free(path);
    return rc;
}

static int furnish(const char *dir, const void *docx, size_t n, int *errnum)
{
    kh_error err = KH_ERROR_INIT;
    char *user = kh_asprintf("%s/profile/user", dir);
    int rc = kh_make_folders(user, &err);
    *errnum = rc == KH_OK ? 0 : errno;
    kh_error_clear(&err);
    kh_free(user);
    if (rc == KH_OK)
        rc = put(dir, "profile/user/registrymodifications.xcu", profile_text, sizeof profile_text - 1, errnum);
    return rc == KH_OK ? put(dir, "report.docx", docx, n, errnum) : rc;
}

/* --- the process --------------------------------------------------------------------- */

typedef struct command { char *program, *argv[16], *env[8]; const char *dir; } command;

static void prepare(command *c, char *program, const char *dir)
{
    static const char *const options[] = {"--headless", "--norestore", "--nolockcheck", "--nologo", "--convert-to", "pdf:writer_pdf_Export", "--outdir"};
    const char *home = getenv("HOME"), *data = getenv("XDG_DATA_HOME");
    size_t n = 0;
    *c = (command){.program = program, .dir = dir};
    c->argv[n++] = kh_strdup("soffice");
    c->argv[n++] = kh_asprintf("-env:UserInstallation=file://%s/profile", dir);
    for (size_t i = 0; i < sizeof options / sizeof *options; i++)
        c->argv[n++] = kh_strdup(options[i]);
    c->argv[n++] = kh_strdup(dir);
    c->argv[n++] = kh_asprintf("%s/report.docx", dir);
    n = 0;
    c->env[n++] = kh_strdup("PATH=/usr/local/bin:/usr/bin:/bin");
    c->env[n++] = kh_strdup("LANG=C.UTF-8");
    c->env[n++] = kh_strdup("SAL_USE_VCLPLUGIN=svp");
    c->env[n++] = kh_asprintf("HOME=%s", dir);
    c->env[n++] = kh_asprintf("TMPDIR=%s", dir);
    if (data && *data == '/') /* where the account keeps fonts of its own */
        c->env[n++] = kh_asprintf("XDG_DATA_HOME=%s", data);
    else if (home && *home == '/')
        c->env[n++] = kh_asprintf("XDG_DATA_HOME=%s/.local/share", home);
}

static void forget(command *c)
{
    for (char **a = c->argv; *a; a++)
        kh_free(*a);
    for (char **e = c->env; *e; e++)
        kh_free(*e);
}

static void limit(__rlimit_resource_t what, rlim_t most)
{
    struct rlimit r;
    if (getrlimit(what, &r) == 0 && (r.rlim_max == RLIM_INFINITY || r.rlim_max > most)) {
        r.rlim_cur = r.rlim_max = most;
        setrlimit(what, &r);
    }
}

/* Nothing to read and nobody to talk to; in a group of its own, which ends with us. */
static void become_office(const command *c, pid_t parent)
{
    int null = open("/dev/null", O_RDWR);
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent || null < 0 || dup2(null, 0) < 0 || dup2(null, 1) < 0 || dup2(null, 2) < 0)
        _exit(127);
    for (int sig = 1; sig < NSIG; sig++)
        signal(sig, SIG_DFL);
    close_range(3, ~0U, 0);
    limit(RLIMIT_CORE, 0);
    limit(RLIMIT_CPU, (rlim_t)kh_office_seconds());
    limit(RLIMIT_FSIZE, MOST_BYTES);
    limit(RLIMIT_NOFILE, 1024);
    limit(RLIMIT_AS, 8ULL << 30);
    kh_confine_office(c->dir, c->program);
    execve(c->program, c->argv, c->env);
    _exit(127);
}

static int open_pidfd(pid_t pid)
{
#ifdef SYS_pidfd_open
    return (int)syscall(SYS_pidfd_open, pid, 0);
#else
    (void)pid;
    return -1;
#endif
}

static int64_t now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static kh_office wait_for(pid_t pid, int asker)
{
    int64_t until = now_ms() + (int64_t)kh_office_seconds() * 1000;
    int fd = open_pidfd(pid), status;
    kh_office what = KH_OFFICE_LATE;
    for (int64_t left; (left = until - now_ms()) > 0;) {
        pid_t r = waitpid(pid, &status, WNOHANG);
        if (r == pid || (r < 0 && errno != EINTR)) {
            what = r == pid && status == 0 ? KH_OFFICE_DONE : KH_OFFICE_FAILED;
            break;
        }
        struct pollfd p[] = {{.fd = fd, .events = POLLIN}, {.fd = asker}};
        poll(p, 2, fd >= 0 && left > LOOK_MS ? (int)left : LOOK_MS);
        if (asked_to_end || (p[1].revents & (POLLHUP | POLLERR))) {
            what = KH_OFFICE_GONE;
            break;
        }
    }
    if (fd >= 0)
        close(fd);
    return what;
}

/* Those that left the group, and became ours when their parents ended (PR_SET_CHILD_SUBREAPER). */
static void end_orphans(void)
{
    char path[64], buf[4096];
    snprintf(path, sizeof path, "/proc/self/task/%d/children", (int)getpid());
    for (int round = 0; round < 100; round++) {
        FILE *f = fopen(path, "re");
        size_t n = f ? fread(buf, 1, sizeof buf - 1, f) : 0;
        if (f)
            fclose(f);
        if (n == 0)
            return;
        buf[n] = '\0';
        for (char *end, *p = buf; *p; p = end) {
            long pid = strtol(p, &end, 10);
            if (end == p)
                break;
            if (pid > 0)
                kill((pid_t)pid, SIGKILL);
        }
        while (waitpid(-1, NULL, 0) > 0)
            ;
    }
}

static bool am_converter;

static void end_all(pid_t pid)
{
    kill(-pid, SIGKILL);
    while (waitpid(-pid, NULL, 0) > 0 || errno == EINTR)
        ;
    if (am_converter)
        end_orphans();
}

/* LibreOffice puts a socket into /tmp, whatever TMPDIR says, and one that is killed leaves it there. */
static void remove_dead_sockets(const char *tmp, time_t since)
{
    char begin[64], path[sizeof(((struct sockaddr_un *)NULL)->sun_path)];
    snprintf(begin, sizeof begin, "OSL_PIPE_%d_SingleOfficeIPC_", (int)getuid());
    DIR *dir = opendir(tmp);
    for (struct dirent *e; dir && (e = readdir(dir));) {
        struct stat st;
        struct sockaddr_un to = {.sun_family = AF_UNIX};
        int n = snprintf(path, sizeof path, "%s/%s", tmp, e->d_name);
        if (strncmp(e->d_name, begin, strlen(begin)) != 0 || n < 0 || (size_t)n >= sizeof path || lstat(path, &st) != 0 || !S_ISSOCK(st.st_mode) || st.st_mtime < since)
            continue;
        int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        memcpy(to.sun_path, path, (size_t)n + 1);
        if (fd >= 0 && connect(fd, (struct sockaddr *)&to, sizeof to) != 0 && errno == ECONNREFUSED)
            unlink(path); /* nobody listens there */
        if (fd >= 0)
            close(fd);
    }
    if (dir)
        closedir(dir);
}

static kh_office run(char *program, const char *dir, int asker, int *errnum)
{
    command c;
    time_t began = time(NULL);
    prepare(&c, program, dir);
    pid_t parent = getpid(), pid = fork();
    if (pid == 0)
        become_office(&c, parent);
    *errnum = pid < 0 ? errno : 0;
    forget(&c);
    if (pid < 0)
        return KH_OFFICE_START;
    setpgid(pid, pid); /* both do it: whoever comes first */
    kh_office what = wait_for(pid, asker);
    end_all(pid);
    if (what != KH_OFFICE_DONE) {
        remove_dead_sockets("/tmp", began);
        remove_dead_sockets("/var/tmp", began);
    }
    return what;
}

/* --- the whole -------------------------------------------------------------------------- */

static kh_office read_pdf(const char *dir, kh_buf *pdf)
{
    static const char magic[] = "%PDF-";
    kh_error err = KH_ERROR_INIT;
    kh_buf bytes = KH_BUF_INIT;
    char *path = kh_asprintf("%s/report.pdf", dir);
    bool good = kh_read_plain(path, MOST_BYTES, &bytes, &err) == KH_OK && bytes.len > strlen(magic) && memcmp(bytes.data, magic, strlen(magic)) == 0;
    if (good)
        kh_buf_add(pdf, bytes.data, bytes.len);
    kh_buf_free(&bytes);
    kh_error_clear(&err);
    kh_free(path);
    return good ? KH_OFFICE_DONE : KH_OFFICE_NOTHING;
}

kh_office kh_office_pdf(const void *docx, size_t n, int asker, kh_buf *pdf, int *errnum)
{
    kh_office what = KH_OFFICE_FOLDER;
    *errnum = 0;
    char *program = find_soffice();
    if (!program)
        return KH_OFFICE_MISSING;
    char *dir = make_folder();
    if (!dir) {
        *errnum = errno;
        kh_free(program);
        return KH_OFFICE_FOLDER;
    }
    if (furnish(dir, docx, n, errnum) == KH_OK)
        what = run(program, dir, asker, errnum);
    if (what == KH_OFFICE_DONE)
        what = read_pdf(dir, pdf);
    remove_tree(dir);
    kh_free(dir);
    kh_free(program);
    return what;
}

static void on_end(int sig)
{
    (void)sig;
    asked_to_end = 1;
}

void kh_office_become_converter(void)
{
    struct sigaction sa = {.sa_handler = on_end};
    sigaction(SIGTERM, &sa, NULL);
    signal(SIGINT, SIG_IGN);
    signal(SIGHUP, SIG_IGN);
    signal(SIGPIPE, SIG_IGN);
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    am_converter = true;
}

int kh_office_tell(kh_office what, int errnum, kh_error *err)
{
    switch (what) {
    case KH_OFFICE_DONE:
        return KH_OK;
    case KH_OFFICE_MISSING:
        return kh_fail(err, KH_ESTORE, _("PDF needs LibreOffice, which is not installed here (Debian: libreoffice-writer); docx and html need nothing"));
    case KH_OFFICE_FOLDER:
        return kh_fail(err, KH_ESTORE, _("the folder for the conversion to PDF cannot be made or written: %s"), kh_errno_text(errnum));
    case KH_OFFICE_START:
        return kh_fail(err, KH_ESTORE, _("LibreOffice could not be started: %s"), kh_errno_text(errnum));
    case KH_OFFICE_LATE:
        return kh_fail(err, KH_ESTORE, _("LibreOffice did not make the PDF within %d seconds and was stopped (KEHOACH_PDF_SECONDS sets another time)"), kh_office_seconds());
    case KH_OFFICE_NOTHING:
        return kh_fail(err, KH_ESTORE, _("LibreOffice ended without making the PDF; write the report as docx and convert it by hand"));
    case KH_OFFICE_GONE:
        return kh_fail(err, KH_ESTORE, _("the process that makes the PDF ended before its time; nothing was written"));
    case KH_OFFICE_FAILED:
        break;
    }
    return kh_fail(err, KH_ESTORE, _("LibreOffice ended badly and made no PDF; write the report as docx and convert it by hand"));
}

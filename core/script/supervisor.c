/* SPDX-License-Identifier: MIT */
/*
 * Two processes: the one that the user started only waits; the work, with all
 * scripts, is done by a worker that it forks before anything opens the store.
 *
 * They share one page: the worker writes its limits, whether a script is on the
 * stack, and where; the supervisor looks four times a second and, GRACE after
 * a limit that the worker itself did not keep, kills the worker's process
 * group. SQLite's atomic commits make that safe. A worker that crashes writes the
 * script's place into the page from its signal handler, on a stack of its own.
 *
 * A page instead of a pipe: what a crash handler can still do is to store a few bytes.
 * What the worker may not do, running LibreOffice, a third process does for it (converter.h).
 */
#include "script/script.h"

#include "base/log.h"
#include "base/mem.h"
#include "base/msg.h"
#include "script/converter.h"
#include "script/worker.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#define LOOK_MS 250
#define GRACE_NS 500000000LL /* the worker's own timer stops a script at the limit; after this it is killed */

typedef struct page {
    _Atomic int64_t deadline;  /* ns on the monotonic clock; 0: none */
    _Atomic int64_t seconds_x1000;
    _Atomic bool in_script;
    _Atomic int line;
    char file[512];
} page;

volatile int kh_worker_stop;
static page *shared;
static volatile sig_atomic_t asked_to_stop; /* in the supervisor: the signal */
static volatile pid_t worker;

static int64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

/* --- the worker's side ----------------------------------------------------------- */

void kh_worker_limits(double seconds, int64_t memory)
{
    (void)memory; /* the allocator keeps it; the address space is not limited, for honest imports may be large */
    if (!shared)
        return;
    shared->seconds_x1000 = (int64_t)(seconds * 1000);
    shared->deadline = seconds > 0 ? now_ns() + (int64_t)(seconds * 1e9) : 0;
}

void kh_worker_in_script(bool in)
{
    if (shared)
        shared->in_script = in;
}

void kh_worker_note(const char *file, int line)
{
    if (!shared)
        return;
    size_t n = strnlen(file, sizeof shared->file - 1);
    memcpy(shared->file, file, n);
    shared->file[n] = '\0';
    shared->line = line;
}

static void on_stop(int sig)
{
    (void)sig;
    int saved = errno;
    if (kh_worker_stop)
        _exit(130); /* asked twice */
    kh_worker_stop = 1;
    kh_script_interrupt();
    errno = saved;
}

#ifndef __SANITIZE_ADDRESS__ /* the sanitizer's own report says more */
static void on_crash(int sig)
{
    const char *file;
    int line;
    kh_script_place(&file, &line); /* may crash again: the handler is reset, so the process then simply ends */
    if (file[0])
        kh_worker_note(file, line);
    raise(sig);
}
#endif

static void handle(int sig, void (*fn)(int), int flags)
{
    struct sigaction sa = {0};
    sa.sa_handler = fn;
    sa.sa_flags = flags;
    sigaction(sig, &sa, NULL);
}

static void watch_crashes(void)
{
#ifndef __SANITIZE_ADDRESS__
    static char stack[64 * 1024];
    stack_t st = {.ss_sp = stack, .ss_size = sizeof stack};
    const int signals[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT};
    if (sigaltstack(&st, NULL) != 0)
        return;
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
        handle(signals[i], on_crash, SA_ONSTACK | (int)SA_RESETHAND | SA_NODEFER);
#endif
}

static void limit(__rlimit_resource_t what, rlim_t most)
{
    struct rlimit r;
    if (getrlimit(what, &r) != 0)
        return;
    if (r.rlim_max == RLIM_INFINITY || r.rlim_max > most)
        r.rlim_max = most;
    if (r.rlim_cur == RLIM_INFINITY || r.rlim_cur > r.rlim_max)
        r.rlim_cur = r.rlim_max;
    setrlimit(what, &r);
}

/* The worker has its own group, so that all of it can be killed; on a terminal that group must be the one in front,
   where the supervisor's own group was. */
static void give_terminal(pid_t from, pid_t to)
{
    if (!isatty(STDIN_FILENO) || tcgetpgrp(STDIN_FILENO) != from)
        return;
    void (*before)(int) = signal(SIGTTOU, SIG_IGN);
    tcsetpgrp(STDIN_FILENO, to);
    signal(SIGTTOU, before);
}

static void become_worker(pid_t parent, pid_t group)
{
    setpgid(0, 0);
    give_terminal(group, getpid()); /* before it is written to: the supervisor may come too late */
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(130); /* it went before the line above */
    limit(RLIMIT_CORE, 0);
    limit(RLIMIT_NOFILE, 1024);
    limit(RLIMIT_FSIZE, 64ULL << 30);
    kh_keep_memory();
    kh_confine();
    handle(SIGINT, on_stop, SA_RESTART);
    handle(SIGTERM, on_stop, SA_RESTART);
    handle(SIGHUP, on_stop, SA_RESTART);
    watch_crashes();
}

/* --- the supervisor's side --------------------------------------------------------- */

static void pass_on(int sig)
{
    int saved = errno;
    asked_to_stop = sig;
    if (worker > 0)
        kill(-worker, sig);
    errno = saved;
}

static void take_terminal(void)
{
    if (!isatty(STDIN_FILENO))
        return;
    void (*before)(int) = signal(SIGTTOU, SIG_IGN);
    tcsetpgrp(STDIN_FILENO, getpgrp());
    signal(SIGTTOU, before);
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

static bool past_limit(void)
{
    int64_t deadline = shared->deadline;
    return deadline && shared->in_script && now_ns() > deadline + GRACE_NS;
}

/* Waits for the worker's end, and makes PDF of what it sends; *killed: it was we who ended it, for its wall time. */
static int wait_worker(pid_t pid, kh_converter *converter, bool *killed)
{
    int status = 0, fd = open_pidfd(pid);
    *killed = false;
    for (;;) {
        pid_t r = waitpid(pid, &status, WNOHANG | WUNTRACED);
        if (r == pid && WIFSTOPPED(status)) { /* Ctrl-Z: the shell waits for us, so we stop as well */
            take_terminal();
            raise(SIGSTOP);
            give_terminal(getpgrp(), pid);
            kill(-pid, SIGCONT);
            continue;
        }
        if (r == pid || (r < 0 && errno != EINTR))
            break;
        struct pollfd p[] = {{.fd = fd, .events = POLLIN}, {.fd = kh_converter_fd(converter), .events = POLLIN}};
        poll(p, 2, fd >= 0 ? LOOK_MS : 5);
        if (p[1].revents || p[1].fd < 0)
            kh_converter_work(converter);
        if (!*killed && past_limit()) {
            *killed = true;
            kill(-pid, SIGKILL);
        }
    }
    if (fd >= 0)
        close(fd);
    return status;
}

static const char *place(char *out, size_t room)
{
    shared->file[sizeof shared->file - 1] = '\0';
    if (!shared->file[0])
        return "";
    snprintf(out, room, _(", last seen at %s:%d"), shared->file, shared->line);
    return out;
}

/* Not translated by the C library: the language is ours to choose. */
static const char *signal_name(int sig)
{
    const char *name = sigabbrev_np(sig);
    return name ? name : "?";
}

static int judge(int status, bool killed)
{
    char at[640];
    if (WIFEXITED(status) && !killed)
        return WEXITSTATUS(status);
    if (killed) {
        kh_log(KH_LOG_ERROR, "stopped: the script ran longer than its limit of %g s and did not end by itself%s (limits = { time = ... } in kehoach.lua); what was not finished is not stored",
               (double)shared->seconds_x1000 / 1000, place(at, sizeof at));
        return 3;
    }
    int sig = WTERMSIG(status);
    if (asked_to_stop)
        return 130;
    if (sig == SIGKILL) {
        kh_log(KH_LOG_ERROR, "the worker was killed from outside (signal 9; the system may have run out of memory)%s; what was not finished is not stored", place(at, sizeof at));
        return shared->in_script ? 3 : 4;
    }
    if (!shared->in_script) {
        kh_log(KH_LOG_ERROR, "internal error: the worker crashed (signal %d, SIG%s); what was not finished is not stored", sig, signal_name(sig));
        return 4;
    }
    kh_log(KH_LOG_ERROR, "the script crashed the worker (signal %d, SIG%s)%s; what was not finished is not stored", sig, signal_name(sig), place(at, sizeof at));
    return 3;
}

int kh_supervise(kh_work_fn *work, void *ctx)
{
    if (!shared) {
        void *p = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        if (p == MAP_FAILED) {
            kh_log(KH_LOG_ERROR, "no memory for the page shared with the worker: %s", kh_errno_text(errno));
            return 4;
        }
        shared = p;
    }
    memset(shared, 0, sizeof *shared);
    asked_to_stop = 0;
    fflush(NULL); /* what is buffered must not be written twice */
    kh_converter converter;
    kh_converter_open(&converter);
    pid_t parent = getpid(), group = getpgrp(), pid = fork();
    if (pid < 0) {
        kh_log(KH_LOG_ERROR, "cannot start the worker: %s", kh_errno_text(errno));
        return 4;
    }
    if (pid == 0) {
        kh_converter_of_worker(&converter);
        become_worker(parent, group);
        int status = work(ctx);
        fflush(NULL);
        _exit(status);
    }
    kh_converter_of_supervisor(&converter);
    setpgid(pid, pid); /* both do it, and give the terminal: whoever comes first */
    give_terminal(group, pid);
    worker = pid;
    handle(SIGINT, pass_on, 0);
    handle(SIGTERM, pass_on, 0);
    handle(SIGHUP, pass_on, 0);
    bool killed;
    int status = wait_worker(pid, &converter, &killed);
    worker = 0;
    kh_converter_close(&converter);
    take_terminal();
    handle(SIGINT, SIG_DFL, 0);
    handle(SIGTERM, SIG_DFL, 0);
    handle(SIGHUP, SIG_DFL, 0);
    return judge(status, killed);
}

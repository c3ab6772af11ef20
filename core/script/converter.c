/* SPDX-License-Identifier: MIT */
/* Both ends of the converter's socket: the worker's question, and the process that answers it. */
#include "script/converter.h"

#include "script/office.h"
#include "script/script.h"

#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define MOST_BYTES (1ULL << 30)

typedef struct answer { uint64_t n; int32_t what, errnum; } answer;

static int asks_on = -1; /* in a worker: its end */
static bool has_supervisor;
static int owed;         /* answers that nobody waited for */

/* --- bytes over a socket ----------------------------------------------------------------- */

/* false: the other end is closed, or *stop was set while we waited. */
static bool ready(int fd, short events, const volatile int *stop)
{
    for (;;) {
        struct pollfd p = {.fd = fd, .events = events};
        int r = poll(&p, 1, -1);
        if (stop && *stop)
            return false;
        if (r > 0)
            return (p.revents & events) != 0;
        if (r < 0 && errno != EINTR)
            return false;
    }
}

static bool send_all(int fd, const void *bytes, size_t n)
{
    const char *p = bytes;
    while (n) {
        if (!ready(fd, POLLOUT, NULL))
            return false;
        ssize_t put = write(fd, p, n);
        if (put < 0 && errno != EINTR && errno != EAGAIN)
            return false;
        if (put > 0) {
            p += put;
            n -= (size_t)put;
        }
    }
    return true;
}

static bool take_all(int fd, void *bytes, size_t n, const volatile int *stop)
{
    char *p = bytes;
    while (n) {
        if (!ready(fd, POLLIN, stop))
            return false;
        ssize_t got = read(fd, p, n);
        if (got == 0 || (got < 0 && errno != EINTR && errno != EAGAIN))
            return false;
        if (got > 0) {
            p += got;
            n -= (size_t)got;
        }
    }
    return true;
}

static bool take_bytes(int fd, uint64_t n, kh_buf *out, const volatile int *stop)
{
    if (n > MOST_BYTES)
        return false;
    kh_buf_reserve(out, (size_t)n);
    if (!take_all(fd, out->data + out->len, (size_t)n, stop))
        return false;
    out->len += (size_t)n;
    out->data[out->len] = '\0'; /* as after every byte of a kh_buf */
    return true;
}

/* --- the worker ------------------------------------------------------------------------------ */

static bool take_answer(kh_buf *pdf, answer *a)
{
    return take_all(asks_on, a, sizeof *a, &kh_worker_stop) && take_bytes(asks_on, a->n, pdf, NULL);
}

/* A question is sent whole, for the converter reads at once; only the answer takes long, and may be given up: then it is taken before the next one. */
static bool asked(const void *docx, size_t n, kh_buf *pdf, answer *a)
{
    uint64_t length = n;
    for (; owed; owed--) {
        kh_buf unwanted = KH_BUF_INIT;
        bool whole = take_answer(&unwanted, a);
        kh_buf_free(&unwanted);
        if (!whole)
            return false;
    }
    if (!send_all(asks_on, &length, sizeof length) || !send_all(asks_on, docx, n))
        return false;
    owed = 1;
    if (!take_answer(pdf, a))
        return false;
    owed = 0;
    return true;
}

int kh_worker_pdf(const void *docx, size_t n, kh_buf *pdf, kh_error *err)
{
    answer a = {0};
    if (!has_supervisor) {
        int errnum;
        kh_office what = kh_office_pdf(docx, n, -1, pdf, &errnum);
        return kh_office_tell(what, errnum, err);
    }
    if (asked(docx, n, pdf, &a))
        return kh_office_tell((kh_office)a.what, a.errnum, err);
    return kh_worker_stop ? kh_fail(err, KH_EINTR, "interrupted") : kh_office_tell(KH_OFFICE_GONE, 0, err);
}

/* --- the converter ----------------------------------------------------------------------------- */

/* The exit status: not 0 where the worker got no whole answer. */
static int convert(int fd)
{
    uint64_t n;
    int errnum;
    kh_buf docx = KH_BUF_INIT, pdf = KH_BUF_INIT;
    if (!take_all(fd, &n, sizeof n, NULL) || !take_bytes(fd, n, &docx, NULL))
        return 1;
    kh_office what = kh_office_pdf(docx.data, docx.len, fd, &pdf, &errnum);
    answer a = {.n = pdf.len, .what = (int32_t)what, .errnum = errnum};
    bool whole = send_all(fd, &a, sizeof a) && send_all(fd, pdf.data, pdf.len);
    kh_buf_free(&docx);
    kh_buf_free(&pdf);
    return whole ? 0 : 1;
}

static void close_end(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

void kh_converter_open(kh_converter *c)
{
    *c = (kh_converter){.pidfd = -1};
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, c->ends) != 0)
        c->ends[0] = c->ends[1] = -1;
}

void kh_converter_of_worker(kh_converter *c)
{
    close_end(&c->ends[0]);
    asks_on = c->ends[1];
    has_supervisor = true;
}

void kh_converter_of_supervisor(kh_converter *c)
{
    close_end(&c->ends[1]);
}

int kh_converter_fd(const kh_converter *c)
{
    return c->pid ? c->pidfd : c->ends[0];
}

static void begin(kh_converter *c)
{
    char first;
    pid_t parent = getpid();
    if (recv(c->ends[0], &first, 1, MSG_PEEK | MSG_DONTWAIT) <= 0) { /* no question: the worker has closed its end */
        close_end(&c->ends[0]);
        return;
    }
    c->pid = fork();
    if (c->pid == 0) {
        kh_office_become_converter();
        _exit(getppid() == parent ? convert(c->ends[0]) : 1);
    }
    if (c->pid < 0) {
        c->pid = 0;
        close_end(&c->ends[0]);
        return;
    }
    c->pidfd = (int)syscall(SYS_pidfd_open, c->pid, 0);
}

static void end(kh_converter *c, int options)
{
    int status;
    pid_t r;
    while ((r = waitpid(c->pid, &status, options)) < 0 && errno == EINTR)
        ;
    if (r == 0)
        return;
    c->pid = 0;
    close_end(&c->pidfd);
    if (r < 0 || status != 0)
        close_end(&c->ends[0]); /* whoever waits for the answer is told so */
}

void kh_converter_work(kh_converter *c)
{
    if (c->pid)
        end(c, WNOHANG);
    else if (c->ends[0] >= 0)
        begin(c);
}

void kh_converter_close(kh_converter *c)
{
    if (c->pid)
        end(c, 0);
    close_end(&c->ends[0]);
}

/* SPDX-License-Identifier: MIT */
/*
 * The runner's lock: flock on a small file, into which the holder writes its
 * process and host for people to read. The file is never removed: between
 * opening and locking it another could lock the one that is gone.
 */
#include "job/lock.h"

#include "base/mem.h"
#include "base/msg.h"
#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

struct kh_job_lock {
    int fd;
};

static int busy(int fd, const char *path, kh_error *err)
{
    char who[256];
    ssize_t n = pread(fd, who, sizeof who, 0);
    if (n <= 0)
        return kh_fail(err, KH_EBUSY, N_("another run holds the lock %s; try again later"), path);
    const char *end = memchr(who, 0x0A, (size_t)n);
    char *shown = kh_text_visible(who, end ? (size_t)(end - who) : (size_t)n, false);
    int rc = kh_fail(err, KH_EBUSY, N_("another run holds the lock %s (%s); try again later"), path, shown);
    kh_free(shown);
    return rc;
}

static void say_who(int fd)
{
    char host[128] = "", line[192];
    gethostname(host, sizeof host - 1);
    int n = snprintf(line, sizeof line, "process %ld on %s\n", (long)getpid(), host);
    /* For people only: a note that cannot be written takes nothing from the lock. */
    if (ftruncate(fd, 0) == 0 && pwrite(fd, line, (size_t)n, 0) < 0)
        return;
}

int kh_job_lock_take(const char *path, kh_job_lock **out, kh_error *err)
{
    *out = NULL;
    int fd = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600);
    if (fd < 0)
        return kh_fail(err, KH_ESTORE, N_("cannot open the lock file %s: %s"), path, kh_errno_text(errno));
    while (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        if (errno == EINTR)
            continue;
        int why = errno;
        int rc = why == EWOULDBLOCK ? busy(fd, path, err) : kh_fail(err, KH_ESTORE, N_("cannot lock %s: %s"), path, kh_errno_text(why));
        close(fd);
        return rc;
    }
    say_who(fd);
    *out = kh_alloc(sizeof **out);
    (*out)->fd = fd;
    return KH_OK;
}

void kh_job_lock_drop(kh_job_lock *l)
{
    if (!l)
        return;
    close(l->fd);
    kh_free(l);
}

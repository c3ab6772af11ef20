/* SPDX-License-Identifier: MIT */
/* Files as a whole: atomic writing by a temporary name, fsync and rename. */
#include "base/file.h"

#include "base/mem.h"
#include "base/msg.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

int kh_open_code(int errnum)
{
    switch (errnum) {
    case EIO: case ENOMEM: case EMFILE: case ENFILE: case ENOSPC: case EDQUOT: case EROFS: case EINTR: return KH_ESTORE;
    default: return KH_EUSAGE;
    }
}

int kh_may_read(const char *path, kh_error *err)
{
    struct stat st;
    if (access(path, R_OK) != 0 || stat(path, &st) != 0)
        return kh_fail(err, kh_open_code(errno), "cannot open %s: %s", path, kh_errno_text(errno));
    return S_ISDIR(st.st_mode) ? kh_fail(err, KH_EUSAGE, "%s is a folder; name the files in it", path) : KH_OK;
}

/* Before Linux 5.6, which has no openat2: down the folders one by one, each opened as no link. */
static int open_by_steps(const char *path, int flags)
{
    int at = *path == '/' ? open("/", O_PATH | O_DIRECTORY | O_CLOEXEC) : AT_FDCWD;
    char *copy = kh_strdup(path), *name = copy + strspn(copy, "/");
    while (at != -1) {
        size_t n = strcspn(name, "/"), gap = strspn(name + n, "/");
        bool last = name[n + gap] == '\0';
        name[n] = '\0';
        int next = openat(at, *name || at == AT_FDCWD ? name : ".", O_NOFOLLOW | O_CLOEXEC | (!last ? O_PATH | O_DIRECTORY : flags | (gap ? O_DIRECTORY : 0)));
        int why = errno;
        if (at != AT_FDCWD)
            close(at);
        errno = why;
        at = next;
        if (last)
            break;
        name += n + gap;
    }
    int why = errno;
    kh_free(copy);
    errno = why;
    return at;
}

/* A path in which no component may be a link, whoever swapped one in since it was resolved. */
static int open_plain(const char *path, int flags)
{
    struct open_how how = {.flags = (unsigned)(flags | O_CLOEXEC), .resolve = RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS};
    int fd = (int)syscall(SYS_openat2, AT_FDCWD, path, &how, sizeof how);
    return fd < 0 && errno == ENOSYS ? open_by_steps(path, flags) : fd;
}

static int read_all(int fd, const char *path, size_t most, kh_buf *out, kh_error *err)
{
    int rc = KH_OK;
    if (fd < 0)
        return kh_fail(err, kh_open_code(errno), "cannot open %s: %s", path, kh_errno_text(errno));
    for (;;) {
        kh_buf_reserve(out, 65536);
        ssize_t got = read(fd, out->data + out->len, 65536);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0) {
            rc = kh_fail(err, errno == EISDIR ? KH_EUSAGE : KH_ESTORE, "cannot read %s: %s", path, kh_errno_text(errno));
            break;
        }
        if (got == 0)
            break;
        out->len += (size_t)got;
        out->data[out->len] = '\0';
        if (out->len > most) {
            rc = kh_fail(err, KH_EUSAGE, "%s is larger than %zu bytes", path, most);
            break;
        }
    }
    close(fd);
    return rc;
}

int kh_read_file(const char *path, size_t most, kh_buf *out, kh_error *err) { return read_all(open(path, O_RDONLY | O_CLOEXEC), path, most, out, err); }

int kh_read_plain(const char *path, size_t most, kh_buf *out, kh_error *err)
{
    struct stat st;
    int fd = open_plain(path, O_RDONLY | O_NONBLOCK); /* a pipe in its place must not hold us */
    if (fd >= 0 && fstat(fd, &st) == 0 && !S_ISREG(st.st_mode)) {
        close(fd);
        return kh_fail(err, KH_EUSAGE, "%s is no file", path);
    }
    return read_all(fd, path, most, out, err);
}

/* `shown`: the name that messages say. */
static int temp_open(const char *path, const char *shown, char **temp, int *fd, kh_error *err)
{
    static atomic_uint serial;
    *temp = NULL;
    for (int tries = 0; tries < 100; tries++) {
        char *name = kh_asprintf("%s.%ld-%u.tmp", path, (long)getpid(), atomic_fetch_add(&serial, 1));
        *fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0666);
        if (*fd >= 0) {
            *temp = name;
            return KH_OK;
        }
        kh_free(name);
        if (errno != EEXIST)
            break;
    }
    return kh_fail(err, KH_ESTORE, "cannot write %s: %s", shown, kh_errno_text(errno));
}

void kh_temp_drop(char *temp, int fd)
{
    if (fd >= 0)
        close(fd);
    unlink(temp);
    kh_free(temp);
}

/* A rename is durable only when the folder is. */
static int sync_folder_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    char *folder = !slash ? kh_strdup(".") : slash == path ? kh_strdup("/") : kh_strndup(path, (size_t)(slash - path));
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    kh_free(folder);
    if (fd < 0)
        return -1;
    int rc = fsync(fd);
    if (rc != 0 && errno == EINVAL)
        rc = 0; /* a file system without it */
    close(fd);
    return rc;
}

static int temp_keep(const char *path, const char *shown, char *temp, int fd, kh_error *err)
{
    int rc = KH_OK;
    if (fsync(fd) != 0 && errno != EINVAL)
        rc = kh_fail(err, KH_ESTORE, "cannot write %s: %s", shown, kh_errno_text(errno));
    if (close(fd) != 0 && rc == KH_OK)
        rc = kh_fail(err, KH_ESTORE, "cannot write %s: %s", shown, kh_errno_text(errno));
    if (rc == KH_OK && rename(temp, path) != 0)
        rc = kh_fail(err, KH_ESTORE, "cannot write %s: %s", shown, kh_errno_text(errno));
    if (rc != KH_OK) {
        kh_temp_drop(temp, -1);
        return rc;
    }
    kh_free(temp);
    if (sync_folder_of(path) != 0)
        return kh_fail(err, KH_ESTORE, "cannot make the folder of %s durable: %s", shown, kh_errno_text(errno));
    return KH_OK;
}

static int write_file(const char *path, const char *shown, const void *bytes, size_t n, kh_error *err)
{
    char *temp;
    int fd;
    int rc = temp_open(path, shown, &temp, &fd, err);
    if (rc != KH_OK)
        return rc;
    for (const char *p = bytes; n;) {
        ssize_t put = write(fd, p, n);
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0) {
            rc = kh_fail(err, KH_ESTORE, "cannot write %s: %s", shown, kh_errno_text(errno));
            kh_temp_drop(temp, fd);
            return rc;
        }
        p += put;
        n -= (size_t)put;
    }
    return temp_keep(path, shown, temp, fd, err);
}

int kh_temp_open(const char *path, char **temp, int *fd, kh_error *err) { return temp_open(path, path, temp, fd, err); }
int kh_temp_keep(const char *path, char *temp, int fd, kh_error *err) { return temp_keep(path, path, temp, fd, err); }
int kh_write_file(const char *path, const void *bytes, size_t n, kh_error *err) { return write_file(path, path, bytes, n, err); }

int kh_write_plain(const char *path, const void *bytes, size_t n, kh_error *err)
{
    const char *slash = strrchr(path, '/');
    if (!slash)
        return kh_write_file(path, bytes, n, err);
    char *folder = kh_strndup(path, slash == path ? 1 : (size_t)(slash - path));
    int fd = open_plain(folder, O_PATH | O_DIRECTORY);
    kh_free(folder);
    if (fd < 0)
        return kh_fail(err, kh_open_code(errno), "cannot write %s: %s", path, kh_errno_text(errno));
    char *there = kh_asprintf("/proc/self/fd/%d%s", fd, slash); /* that folder, whatever its name leads to now */
    int rc = write_file(there, path, bytes, n, err);
    kh_free(there);
    close(fd);
    return rc;
}

int kh_make_folders(const char *path, kh_error *err)
{
    char *copy = kh_strdup(path);
    int rc = KH_OK;
    for (char *p = *copy ? copy + 1 : copy;; p++) {
        if (*p != '/' && *p != '\0')
            continue;
        char end = *p;
        *p = '\0';
        if (mkdir(copy, 0777) != 0 && errno != EEXIST) {
            rc = kh_fail(err, KH_ESTORE, "cannot make the folder %s: %s", copy, kh_errno_text(errno));
            break;
        }
        *p = end;
        if (end == '\0')
            break;
    }
    struct stat st;
    if (rc == KH_OK && (stat(path, &st) != 0 || !S_ISDIR(st.st_mode)))
        rc = kh_fail(err, KH_EUSAGE, "%s is not a folder", path);
    kh_free(copy);
    return rc;
}

/* SPDX-License-Identifier: MIT */
/*
 * Loaded before the C library (LD_PRELOAD): makes the n-th allocation or the
 * n-th step on the disk of a whole command fail, or ends the process there, as
 * tests/faults/faults.c asks. Both processes of a command count together, in a
 * page of shared memory:
 *
 *   KH_FAULT=mem:N:once      the N-th allocation of malloc's family fails, whoever asked (us, Lua, SQLite, libzip)
 *   KH_FAULT=mem:N:good      and every one after it
 *   KH_FAULT=disk:N:once     the N-th open for writing, write, sync, truncate, rename, link, unlink, mkdir fails
 *   KH_FAULT=disk:N:good     and every one after it: the disk is full for good
 *   KH_FAULT=read:N:once     the N-th open for reading or read
 *   KH_FAULT=disk:N:kill     the process is killed (signal 9) before that step
 *   KH_FAULT=disk:N:half     a write is done by half, then the process is killed
 *   KH_FAULT_PAGE=FILE       struct kh_fault_page
 *
 * And nobody sleeps.
 */
#include "faults.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

void *__libc_malloc(size_t n);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *p, size_t n);
void *__libc_memalign(size_t align, size_t n);

enum kind { NONE, MEM, DISK, READ };
enum mode { ONCE, GOOD, KILL, HALF };

static kh_fault_page own, *page = &own;
static enum kind kind;
static enum mode mode;
static long at;

__attribute__((constructor)) static void begin(void)
{
    const char *want = getenv("KH_FAULT"), *file = getenv("KH_FAULT_PAGE");
    if (file) {
        int fd = (int)syscall(SYS_openat, AT_FDCWD, file, O_RDWR | O_CLOEXEC);
        void *p = fd < 0 ? MAP_FAILED : mmap(NULL, sizeof *page, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
        if (p != MAP_FAILED)
            page = p;
        if (fd >= 0)
            syscall(SYS_close, fd);
    }
    if (!want)
        return;
    kind = strncmp(want, "mem:", 4) == 0 ? MEM : strncmp(want, "disk:", 5) == 0 ? DISK : strncmp(want, "read:", 5) == 0 ? READ : NONE;
    char *rest;
    at = strtol(strchr(want, ':') + 1, &rest, 10);
    mode = strcmp(rest, ":good") == 0 ? GOOD : strcmp(rest, ":kill") == 0 ? KILL : strcmp(rest, ":half") == 0 ? HALF : ONCE;
}

/* tgkill, since the worker may signal nobody but itself */
static void end_here(void)
{
    syscall(SYS_tgkill, getpid(), syscall(SYS_gettid), SIGKILL);
}

/* Does this step fail? With KILL it does not come back. */
static int fails(enum kind what)
{
    if (what != kind)
        return 0;
    long n = __atomic_add_fetch(&page->count, 1, __ATOMIC_SEQ_CST);
    if (n != at && !(mode == GOOD && n > at))
        return 0;
    __atomic_add_fetch(&page->hits, 1, __ATOMIC_SEQ_CST);
    if (mode == KILL)
        end_here();
    return 1;
}

static int no_memory(void *caller)
{
    Dl_info info;
    if (!fails(MEM))
        return 0;
    if (dladdr(caller, &info) && info.dli_fname)
        strncpy(page->asked, info.dli_fname, sizeof page->asked - 1);
    errno = ENOMEM;
    return 1;
}

void *malloc(size_t n) { return no_memory(__builtin_return_address(0)) ? NULL : __libc_malloc(n); }
void *calloc(size_t n, size_t size) { return no_memory(__builtin_return_address(0)) ? NULL : __libc_calloc(n, size); }
void *realloc(void *p, size_t n) { return n && no_memory(__builtin_return_address(0)) ? NULL : __libc_realloc(p, n); }
void *memalign(size_t align, size_t n) { return no_memory(__builtin_return_address(0)) ? NULL : __libc_memalign(align, n); }
void *aligned_alloc(size_t align, size_t n) { return no_memory(__builtin_return_address(0)) ? NULL : __libc_memalign(align, n); }
int posix_memalign(void **p, size_t align, size_t n)
{
    if (no_memory(__builtin_return_address(0)) || !(*p = __libc_memalign(align, n)))
        return ENOMEM;
    return 0;
}

/* --- the disk: by system calls, so that nothing of the C library is needed --- */

/* Output on a terminal or a pipe is no disk. */
static int is_file(int fd)
{
    struct stat st;
    return syscall(SYS_fstat, fd, &st) == 0 && S_ISREG(st.st_mode) && fd > 2;
}

#define STEP(what, error, call)   \
    do {                          \
        if (fails(what)) {        \
            errno = (error);      \
            return -1;            \
        }                         \
        return (call);            \
    } while (0)

static ssize_t half(int fd, const void *p, size_t n, off_t at_byte, int placed)
{
    if (placed)
        syscall(SYS_pwrite64, fd, p, n / 2, at_byte);
    else
        syscall(SYS_write, fd, p, n / 2);
    end_here();
    return -1;
}

ssize_t write(int fd, const void *p, size_t n)
{
    if (is_file(fd) && fails(DISK)) {
        if (mode == HALF)
            return half(fd, p, n, 0, 0);
        errno = ENOSPC;
        return -1;
    }
    return syscall(SYS_write, fd, p, n);
}

ssize_t pwrite64(int fd, const void *p, size_t n, off_t off)
{
    if (is_file(fd) && fails(DISK)) {
        if (mode == HALF)
            return half(fd, p, n, off, 1);
        errno = ENOSPC;
        return -1;
    }
    return syscall(SYS_pwrite64, fd, p, n, off);
}
ssize_t pwrite(int fd, const void *p, size_t n, off_t off) { return pwrite64(fd, p, n, off); }

ssize_t read(int fd, void *p, size_t n)
{
    if (is_file(fd))
        STEP(READ, EIO, syscall(SYS_read, fd, p, n));
    return syscall(SYS_read, fd, p, n);
}
ssize_t pread64(int fd, void *p, size_t n, off_t off) { STEP(READ, EIO, syscall(SYS_pread64, fd, p, n, off)); }
ssize_t pread(int fd, void *p, size_t n, off_t off) { return pread64(fd, p, n, off); }

static int opened(int dir, const char *path, int flags, va_list ap)
{
    mode_t m = flags & (O_CREAT | O_TMPFILE) ? va_arg(ap, mode_t) : 0;
    if (flags & O_PATH || strncmp(path, "/proc/", 6) == 0 || strncmp(path, "/dev/", 5) == 0)
        return (int)syscall(SYS_openat, dir, path, flags, m);
    if ((flags & O_ACCMODE) == O_RDONLY)
        STEP(READ, EIO, (int)syscall(SYS_openat, dir, path, flags, m));
    STEP(DISK, ENOSPC, (int)syscall(SYS_openat, dir, path, flags, m));
}

#define OPEN(name)                               \
    int name(const char *path, int flags, ...)   \
    {                                            \
        va_list ap;                              \
        va_start(ap, flags);                     \
        int fd = opened(AT_FDCWD, path, flags, ap); \
        va_end(ap);                              \
        return fd;                               \
    }
#define OPENAT(name)                                    \
    int name(int dir, const char *path, int flags, ...) \
    {                                                   \
        va_list ap;                                     \
        va_start(ap, flags);                            \
        int fd = opened(dir, path, flags, ap);          \
        va_end(ap);                                     \
        return fd;                                      \
    }
OPEN(open) OPEN(open64) OPENAT(openat) OPENAT(openat64)

int fsync(int fd) { STEP(DISK, EIO, (int)syscall(SYS_fsync, fd)); }
int fdatasync(int fd) { STEP(DISK, EIO, (int)syscall(SYS_fdatasync, fd)); }
int ftruncate(int fd, off_t n) { STEP(DISK, EIO, (int)syscall(SYS_ftruncate, fd, n)); }
int ftruncate64(int fd, off_t n) { STEP(DISK, EIO, (int)syscall(SYS_ftruncate, fd, n)); }
int rename(const char *from, const char *to) { STEP(DISK, ENOSPC, (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0)); }
int renameat(int a, const char *from, int b, const char *to) { STEP(DISK, ENOSPC, (int)syscall(SYS_renameat2, a, from, b, to, 0)); }
int renameat2(int a, const char *from, int b, const char *to, unsigned flags) { STEP(DISK, ENOSPC, (int)syscall(SYS_renameat2, a, from, b, to, flags)); }
int link(const char *from, const char *to) { STEP(DISK, ENOSPC, (int)syscall(SYS_linkat, AT_FDCWD, from, AT_FDCWD, to, 0)); }
int linkat(int a, const char *from, int b, const char *to, int flags) { STEP(DISK, ENOSPC, (int)syscall(SYS_linkat, a, from, b, to, flags)); }
int unlink(const char *path) { STEP(DISK, EIO, (int)syscall(SYS_unlinkat, AT_FDCWD, path, 0)); }
int unlinkat(int dir, const char *path, int flags) { STEP(DISK, EIO, (int)syscall(SYS_unlinkat, dir, path, flags)); }
int mkdir(const char *path, mode_t m) { STEP(DISK, ENOSPC, (int)syscall(SYS_mkdirat, AT_FDCWD, path, m)); }
int mkdirat(int dir, const char *path, mode_t m) { STEP(DISK, ENOSPC, (int)syscall(SYS_mkdirat, dir, path, m)); }

int nanosleep(const struct timespec *want, struct timespec *left)
{
    (void)want, (void)left;
    return 0;
}

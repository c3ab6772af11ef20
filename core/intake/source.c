/* SPDX-License-Identifier: MIT */
/*
 * Where the bytes come from. A file is read in blocks and hashed as it goes by,
 * so the hash is that of just the bytes that were read. What cannot be read
 * twice (standard input, a pipe) is kept first: intake may have to look ahead
 * (how are numbers written?) and back (the refused rows).
 */
#include "intake/stages.h"

#include "base/file.h"
#include "base/mem.h"
#include "base/msg.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BLOCK = 256 << 10, KEPT_IN_MEMORY = 64 << 20 };

struct kh_source {
    int fd;               /* -1: bytes */
    bool own_fd, named;   /* named: a regular file that its name opens again */
    const char *bytes;
    char *own_bytes;
    size_t n;
    uint64_t at;
    size_t first;
    char *block;
    kh_sha256 *hash;
    char *path;
};

static kh_source *source_new(void)
{
    kh_source *s = kh_zalloc(1, sizeof *s);
    s->fd = -1;
    s->hash = kh_sha256_new();
    return s;
}

void kh_source_free(kh_source *s)
{
    if (!s)
        return;
    if (s->own_fd)
        close(s->fd);
    if (s->hash) {
        char hex[KH_SHA256_HEX];
        kh_sha256_end(s->hash, hex);
    }
    kh_free(s->own_bytes);
    kh_free(s->block);
    kh_free(s->path);
    kh_free(s);
}

static int read_failed(const kh_source *s, kh_error *err)
{
    return kh_fail(err, KH_ESTORE, "cannot read %s: %s", s->path ? s->path : "-", kh_errno_text(errno));
}

/* An unlinked file in the temporary folder. */
static int temporary(void)
{
    const char *dir = getenv("TMPDIR");
    char *path = kh_asprintf("%s/kehoach.XXXXXX", dir && *dir ? dir : "/tmp");
    int fd = mkostemp(path, O_CLOEXEC);
    if (fd >= 0)
        unlink(path);
    kh_free(path);
    return fd;
}

static bool write_all(int fd, const char *s, size_t n)
{
    while (n) {
        ssize_t k = write(fd, s, n);
        if (k < 0 && errno == EINTR)
            continue;
        if (k < 0)
            return false;
        s += k;
        n -= (size_t)k;
    }
    return true;
}

/* Keeps all of a pipe; afterwards s reads the kept bytes. */
static int keep_pipe(kh_source *s, kh_error *err)
{
    kh_buf kept = KH_BUF_INIT;
    char *block = kh_alloc(BLOCK);
    int out = -1, in = s->fd, rc = KH_OK;
    ssize_t k;
    while ((k = read(in, block, BLOCK)) != 0) {
        if (k < 0 && errno == EINTR)
            continue;
        if (k < 0) {
            rc = read_failed(s, err);
            break;
        }
        if (out < 0 && kept.len + (size_t)k > KEPT_IN_MEMORY) {
            out = temporary();
            if (out < 0 || !write_all(out, kept.data, kept.len)) {
                rc = kh_fail(err, KH_ESTORE, "cannot keep standard input in a temporary file: %s", kh_errno_text(errno));
                break;
            }
            kh_buf_free(&kept);
        }
        if (out < 0)
            kh_buf_add(&kept, block, (size_t)k);
        else if (!write_all(out, block, (size_t)k)) {
            rc = kh_fail(err, KH_ESTORE, "cannot keep standard input in a temporary file: %s", kh_errno_text(errno));
            break;
        }
    }
    kh_free(block);
    if (s->own_fd)
        close(in);
    s->fd = out;
    s->own_fd = out >= 0;
    if (out < 0) {
        s->n = kept.len;
        s->own_bytes = kh_buf_take(&kept);
        s->bytes = s->own_bytes;
    }
    kh_buf_free(&kept);
    return rc;
}

int kh_source_open(kh_source **out, const char *path, kh_error *err)
{
    kh_source *s = source_new();
    struct stat st;
    int rc = KH_OK;
    bool in = strcmp(path, "-") == 0;
    s->path = kh_strdup(path);
    s->fd = in ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    s->own_fd = !in && s->fd >= 0;
    if (s->fd < 0)
        rc = kh_fail(err, kh_open_code(errno), "cannot open %s: %s", path, kh_errno_text(errno));
    else if (fstat(s->fd, &st) != 0)
        rc = read_failed(s, err);
    else if (S_ISDIR(st.st_mode))
        rc = kh_fail(err, KH_EUSAGE, "%s is a folder; name the files in it", path);
    else if (in || !S_ISREG(st.st_mode))
        rc = keep_pipe(s, err);
    else
        s->named = true;
    if (rc != KH_OK) {
        kh_source_free(s);
        s = NULL;
    }
    *out = s;
    return rc;
}

kh_source *kh_source_bytes(const void *bytes, size_t n)
{
    kh_source *s = source_new();
    s->bytes = n ? bytes : "";
    s->n = n;
    return s;
}

kh_source *kh_source_again(const kh_source *s)
{
    kh_source *twin = kh_zalloc(1, sizeof *twin);
    twin->fd = s->fd;
    twin->bytes = s->bytes;
    twin->n = s->n;
    twin->path = s->path ? kh_strdup(s->path) : NULL;
    return twin;
}

void kh_source_split(kh_source *s, size_t first)
{
    s->first = first;
}

static int read_memory(kh_source *s, const char **block, size_t *n)
{
    size_t left = s->n - (size_t)s->at, most = s->at == 0 && s->first ? s->first : BLOCK;
    *block = s->bytes + s->at;
    *n = left < most ? left : most;
    return KH_OK;
}

static int read_fd(kh_source *s, const char **block, size_t *n, kh_error *err)
{
    ssize_t k;
    if (!s->block)
        s->block = kh_alloc(BLOCK);
    do
        k = pread(s->fd, s->block, BLOCK, (off_t)s->at);
    while (k < 0 && errno == EINTR);
    if (k < 0)
        return read_failed(s, err);
    *block = s->block;
    *n = (size_t)k;
    return KH_OK;
}

int kh_source_peek(const kh_source *s, char *out, size_t most, size_t *n, kh_error *err)
{
    if (s->bytes) {
        *n = s->n < most ? s->n : most;
        memcpy(out, s->bytes, *n);
        return KH_OK;
    }
    ssize_t k;
    do
        k = pread(s->fd, out, most, 0);
    while (k < 0 && errno == EINTR);
    if (k < 0)
        return read_failed(s, err);
    *n = (size_t)k;
    return KH_OK;
}

int kh_source_read(kh_source *s, const char **block, size_t *n, kh_error *err)
{
    int rc = s->bytes ? read_memory(s, block, n) : read_fd(s, block, n, err);
    if (rc != KH_OK)
        return rc;
    if (s->hash && *n)
        kh_sha256_add(s->hash, *block, *n);
    s->at += *n;
    return KH_OK;
}

int kh_source_finish(kh_source *s, char hex[KH_SHA256_HEX], uint64_t *bytes, kh_error *err)
{
    const char *block;
    size_t n;
    do {
        int rc = kh_source_read(s, &block, &n, err);
        if (rc != KH_OK)
            return rc;
    } while (n);
    kh_sha256_end(s->hash, hex);
    s->hash = NULL;
    *bytes = s->at;
    return KH_OK;
}

char *kh_source_take(kh_source *s, size_t *n)
{
    *n = s->n;
    if (!s->bytes || s->own_bytes) {
        char *own = s->own_bytes;
        s->own_bytes = NULL;
        return own;
    }
    char *copy = kh_alloc(s->n + 1);
    memcpy(copy, s->bytes, s->n);
    return copy;
}

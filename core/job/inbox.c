/* SPDX-License-Identifier: MIT */
/*
 * The drop folder. Everything goes through descriptors of the folders that were
 * opened at the start (O_NOFOLLOW), so that exchanging a folder for a link
 * while we work leads nowhere. A file is never opened here before it is in the
 * private folder; then with O_NONBLOCK, so that a FIFO that took its place
 * cannot hold us. Moving within one folder tree is a rename, which is atomic,
 * and the folders are synced after it.
 *
 * Left out: waiting for new files (inotify). A timer looks often enough, and a
 * service that always runs would be one more thing to care for.
 */
#include "job/inbox.h"

#include "base/buf.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/msg.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

typedef struct found {
    char *name;
    int64_t size;
    struct timespec changed; /* the inode's: unlike the time of modification nobody can set it back */
    bool young;              /* may still be growing */
    int slot;                /* > 0: in .taken/SLOT */
} found;

struct kh_inbox {
    char *folder;
    int top, taken, done, refused; /* descriptors */
    kh_inbox_options o;
    kh_inbox_note *note;
    void *ctx;
    found *files; size_t n, cap, next;
    int last_slot;
    found now;      /* the file that is taken; name NULL: none */
    char *path;
};

enum { DIR_FLAGS = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC };

/* ---- folders ---- */

static int failed(const kh_inbox *in, const char *name, kh_error *err)
{
    int why = errno;
    if (!name)
        return kh_fail(err, KH_ESTORE, N_("the drop folder %s cannot be read: %s"), in->folder, kh_errno_text(why));
    return kh_fail(err, KH_ESTORE, N_("drop folder %s: %s: %s"), in->folder, name, kh_errno_text(why));
}

static int open_sub(kh_inbox *in, const char *name, mode_t mode, int *fd, kh_error *err)
{
    if (mkdirat(in->top, name, mode) != 0 && errno != EEXIST)
        return failed(in, name, err);
    *fd = openat(in->top, name, DIR_FLAGS);
    return *fd < 0 ? failed(in, name, err) : KH_OK;
}

static int open_folders(kh_inbox *in, kh_error *err)
{
    int rc;
    struct stat st;
    in->top = open(in->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (in->top < 0) {
        int why = errno;
        return kh_fail(err, kh_open_code(why), N_("cannot open the drop folder %s: %s"), in->folder, kh_errno_text(why));
    }
    if ((rc = open_sub(in, ".taken", 0700, &in->taken, err)) != KH_OK || (rc = open_sub(in, "done", 0777, &in->done, err)) != KH_OK ||
        (rc = open_sub(in, "refused", 0777, &in->refused, err)) != KH_OK)
        return rc;
    if (fstat(in->taken, &st) != 0)
        return failed(in, ".taken", err);
    if (st.st_uid != geteuid() || (st.st_mode & 022))
        return kh_fail(err, KH_ESTORE, N_("drop folder %s: others may write to .taken, or own it; remove it and let it be made again"), in->folder);
    return KH_OK;
}

/* ---- looking ---- */

static bool ends_with(const char *s, const char *end)
{
    size_t n = strlen(s), m = strlen(end);
    return n >= m && strcasecmp(s + n - m, end) == 0;
}

static bool unfinished_name(const char *name)
{
    static const char *const ends[] = {".part", ".tmp", ".crdownload", ".filepart", "~"};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        if (ends_with(name, ends[i]))
            return true;
    return *name == '.' || strncmp(name, "~$", 2) == 0;
}

/* Why a file cannot be taken, NULL if it can. */
static const char *objection(const kh_inbox *in, const struct stat *st)
{
    if (!S_ISREG(st->st_mode))
        return _("is not a regular file");
    if (st->st_nlink != 1)
        return _("has a second name (a hard link), through which it could be changed while it is read");
    if (st->st_size > in->o.most)
        return _("is larger than a return may be");
    return NULL;
}

static void tell(const kh_inbox *in, const char *name, const char *why)
{
    if (in->note)
        in->note(in->ctx, name, why);
}

static bool is_young(const kh_inbox *in, const struct stat *st)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    /* A change in the future is a clock that was set: no proof of quiet either. */
    return in->o.quiet >= 0 && (st->st_ctim.tv_sec > now.tv_sec || now.tv_sec - st->st_ctim.tv_sec < in->o.quiet);
}

/* Looks at one name; `slot` 0: in the drop folder itself. */
static void look_at(kh_inbox *in, int dir, const char *name, int slot)
{
    struct stat st;
    if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
        return; /* gone again */
    if (slot == 0 && S_ISDIR(st.st_mode))
        return; /* done, refused, and what an office keeps there */
    const char *why = objection(in, &st);
    if (why) {
        tell(in, name, why);
        return;
    }
    KH_PUSH(in->files, in->n, in->cap) = (found){kh_strdup(name), st.st_size, st.st_ctim, slot == 0 && is_young(in, &st), slot};
}

/* Calls look_at for every entry. Takes the descriptor. */
static int look_into(kh_inbox *in, int dir, int slot, kh_error *err)
{
    DIR *d = dir < 0 ? NULL : fdopendir(dir);
    if (!d) {
        int rc = failed(in, NULL, err);
        if (dir >= 0)
            close(dir);
        return rc;
    }
    struct dirent *e;
    while (errno = 0, (e = readdir(d)) != NULL)
        if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0 && (slot > 0 || !unfinished_name(e->d_name)))
            look_at(in, dirfd(d), e->d_name, slot);
    int rc = errno ? failed(in, NULL, err) : KH_OK;
    closedir(d);
    return rc;
}

/* The folders .taken/N that killed runs left. */
static int look_at_left(kh_inbox *in, kh_error *err)
{
    int copy = openat(in->taken, ".", DIR_FLAGS), rc = KH_OK;
    DIR *d = copy < 0 ? NULL : fdopendir(copy);
    if (!d) {
        rc = failed(in, ".taken", err);
        if (copy >= 0)
            close(copy);
        return rc;
    }
    struct dirent *e;
    while (rc == KH_OK && (errno = 0, (e = readdir(d)) != NULL)) {
        char *end;
        long slot = strtol(e->d_name, &end, 10);
        if (*end || slot <= 0 || slot >= INT32_MAX || *e->d_name == '+')
            continue;
        if (slot > in->last_slot)
            in->last_slot = (int)slot;
        if (unlinkat(in->taken, e->d_name, AT_REMOVEDIR) != 0) /* an empty one: its file was moved on */
            rc = look_into(in, openat(in->taken, e->d_name, DIR_FLAGS), (int)slot, err);
    }
    if (rc == KH_OK && errno)
        rc = failed(in, ".taken", err);
    closedir(d);
    return rc;
}

static void drop(kh_inbox *in, size_t i)
{
    kh_free(in->files[i].name);
    in->files[i] = in->files[--in->n];
}

/* Looks a second time at the young ones and forgets those that changed: the next run will find them. */
static void look_again(kh_inbox *in)
{
    bool any = false;
    for (size_t i = 0; i < in->n; i++)
        any = any || in->files[i].young;
    if (!any)
        return;
    struct timespec pause = {in->o.look_ms / 1000, in->o.look_ms % 1000 * 1000000L};
    while (nanosleep(&pause, &pause) != 0 && errno == EINTR)
        continue;
    for (size_t i = in->n; i-- > 0;) {
        const found *f = &in->files[i];
        struct stat st;
        if (!f->young)
            continue;
        bool same = fstatat(in->top, f->name, &st, AT_SYMLINK_NOFOLLOW) == 0 && st.st_size == f->size && st.st_ctim.tv_sec == f->changed.tv_sec &&
                    st.st_ctim.tv_nsec == f->changed.tv_nsec;
        if (!same) {
            tell(in, f->name, _("is still being written; it is left for the next time"));
            drop(in, i);
        }
    }
}

static int by_turn(const void *a, const void *b)
{
    const found *x = a, *y = b;
    if (x->slot != y->slot) /* left ones first, in the order in which they were taken */
        return x->slot == 0 ? 1 : y->slot == 0 ? -1 : x->slot < y->slot ? -1 : 1;
    return strcmp(x->name, y->name);
}

int kh_inbox_open(const char *folder, const kh_inbox_options *o, kh_inbox_note *note, void *ctx, kh_inbox **out, kh_error *err)
{
    kh_inbox *in = kh_zalloc(1, sizeof *in);
    *out = NULL;
    in->folder = kh_strdup(folder);
    in->top = in->taken = in->done = in->refused = -1;
    in->o = o ? *o : (kh_inbox_options){0, 0, 0};
    if (in->o.most <= 0)
        in->o.most = INT64_C(1) << 30;
    if (in->o.quiet == 0)
        in->o.quiet = 10;
    if (in->o.look_ms <= 0)
        in->o.look_ms = 1000;
    in->note = note;
    in->ctx = ctx;
    int rc = open_folders(in, err);
    if (rc == KH_OK)
        rc = look_at_left(in, err);
    if (rc == KH_OK)
        rc = look_into(in, openat(in->top, ".", DIR_FLAGS), 0, err);
    if (rc != KH_OK) {
        kh_inbox_close(in);
        return rc;
    }
    look_again(in);
    if (in->n)
        qsort(in->files, in->n, sizeof *in->files, by_turn);
    *out = in;
    return KH_OK;
}

static void forget_taken(kh_inbox *in)
{
    kh_free(in->now.name);
    kh_free(in->path);
    in->now = (found){0};
    in->path = NULL;
}

static void close_fd(int fd)
{
    if (fd >= 0)
        close(fd);
}

void kh_inbox_close(kh_inbox *in)
{
    if (!in)
        return;
    forget_taken(in);
    for (size_t i = in->next; i < in->n; i++)
        kh_free(in->files[i].name);
    kh_free(in->files);
    close_fd(in->top);
    close_fd(in->taken);
    close_fd(in->done);
    close_fd(in->refused);
    kh_free(in->folder);
    kh_free(in);
}

size_t kh_inbox_waiting(const kh_inbox *in)
{
    return in->n - in->next;
}

/* ---- taking ---- */

/* The folder .taken/SLOT, made or as it is. */
static int slot_folder(kh_inbox *in, int slot, bool make, int *fd, kh_error *err)
{
    char name[16];
    snprintf(name, sizeof name, "%d", slot);
    if (make && mkdirat(in->taken, name, 0700) != 0)
        return failed(in, ".taken", err);
    *fd = openat(in->taken, name, DIR_FLAGS);
    return *fd < 0 ? failed(in, ".taken", err) : KH_OK;
}

/* What stands in the private folder now is looked at again: only this look counts. *rc: it was the disk or the system that failed. */
static const char *look_at_taken(kh_inbox *in, int dir, const char *name, int *rc, kh_error *err)
{
    struct stat st;
    int fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0) {
        if (kh_open_code(errno) == KH_ESTORE)
            *rc = failed(in, name, err);
        return _("cannot be opened");
    }
    const char *why = fstat(fd, &st) == 0 ? objection(in, &st) : _("cannot be opened");
    close(fd);
    if (why)
        return why;
    in->now.size = st.st_size;
    in->now.changed = st.st_ctim;
    return NULL;
}

/* Gives a file back that turned out to be something else. If its name has been taken meanwhile, it stays where it is. */
static void give_back(kh_inbox *in, int dir, const char *name, int slot)
{
    char folder[16];
    snprintf(folder, sizeof folder, "%d", slot);
    if (renameat2(dir, name, in->top, name, RENAME_NOREPLACE) == 0)
        unlinkat(in->taken, folder, AT_REMOVEDIR);
}

static int take(kh_inbox *in, found *f, bool *taken, kh_error *err)
{
    int slot = f->slot ? f->slot : ++in->last_slot, dir = -1;
    *taken = false;
    int rc = slot_folder(in, slot, f->slot == 0, &dir, err);
    if (rc != KH_OK)
        return rc;
    if (f->slot == 0 && renameat(in->top, f->name, dir, f->name) != 0) {
        char folder[16];
        snprintf(folder, sizeof folder, "%d", slot);
        rc = errno == ENOENT ? KH_OK : failed(in, f->name, err); /* taken back by the sender: nothing to do */
        unlinkat(in->taken, folder, AT_REMOVEDIR);
        goto out;
    }
    const char *why = look_at_taken(in, dir, f->name, &rc, err);
    if (why) {
        if (rc == KH_OK)
            tell(in, f->name, why);
        if (f->slot == 0)
            give_back(in, dir, f->name, slot);
        goto out;
    }
    in->now.name = f->name;
    in->now.slot = slot;
    f->name = NULL;
    in->path = kh_asprintf("%s/.taken/%d/%s", in->folder, slot, in->now.name);
    *taken = true;
out:
    close_fd(dir);
    return rc;
}

int kh_inbox_take(kh_inbox *in, kh_taken *out, bool *any, kh_error *err)
{
    int rc = KH_OK;
    *any = false;
    forget_taken(in);
    while (rc == KH_OK && !*any && in->next < in->n) {
        found *f = &in->files[in->next++];
        out->left = f->slot > 0;
        rc = take(in, f, any, err);
        kh_free(f->name);
        f->name = NULL;
    }
    if (*any) {
        out->name = in->now.name;
        out->path = in->path;
        out->size = in->now.size;
    }
    return rc;
}

bool kh_inbox_same(const kh_inbox *in)
{
    struct stat st;
    return in->path && lstat(in->path, &st) == 0 && st.st_size == in->now.size && st.st_ctim.tv_sec == in->now.changed.tv_sec &&
           st.st_ctim.tv_nsec == in->now.changed.tv_nsec;
}

/* ---- finishing ---- */

enum { NAME_ROOM = 240 }; /* bytes: a name may have 255, and ".txt" is to follow */

/* "a.csv", "a_2.csv", ...: the n-th name to try. A very long one loses the end of its stem. */
static char *numbered(const char *name, int n)
{
    const char *dot = strrchr(name, '.');
    if (!dot || dot == name || strlen(dot) > 20)
        dot = name + strlen(name);
    char number[16] = "";
    if (n > 1)
        snprintf(number, sizeof number, "_%d", n);
    size_t stem = (size_t)(dot - name), tail = strlen(number) + strlen(dot);
    if (stem + tail > NAME_ROOM) {
        stem = NAME_ROOM - tail;
        while (stem > 0 && ((unsigned char)name[stem] & 0xC0) == 0x80)
            stem--; /* not inside a letter */
    }
    return kh_asprintf("%.*s%s%s", (int)stem, name, number, dot);
}

/* KH_OK with *free, or the reason why that cannot be told. */
static int look_for(const kh_inbox *in, int dir, const char *name, bool *is_free, kh_error *err)
{
    struct stat st;
    *is_free = fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) != 0;
    return *is_free && errno != ENOENT ? failed(in, name, err) : KH_OK;
}

/* The name was free a moment ago, and nobody else writes there: a file system that cannot promise more may do the plain thing. */
static bool moved_to(int from, const char *name, int to, const char *new_name)
{
    if (renameat2(from, name, to, new_name, RENAME_NOREPLACE) == 0)
        return true;
    return (errno == EINVAL || errno == ENOSYS) && renameat(from, name, to, new_name) == 0;
}

/* Writes the findings whole or not at all. */
static int write_text(const kh_inbox *in, int dir, const char *final, const char *text, size_t len, kh_error *err)
{
    char *temp = kh_asprintf(".%ld.tmp", (long)getpid());
    unlinkat(dir, temp, 0); /* of a run that was killed */
    int rc = KH_OK, fd = openat(dir, temp, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
    bool fine = fd >= 0;
    for (size_t done = 0; fine && done < len;) {
        ssize_t n = write(fd, text + done, len - done);
        if (n > 0)
            done += (size_t)n;
        else
            fine = n < 0 && errno == EINTR;
    }
    fine = fine && fsync(fd) == 0 && moved_to(dir, temp, dir, final);
    if (!fine) {
        rc = failed(in, final, err);
        if (fd >= 0)
            unlinkat(dir, temp, 0);
    }
    close_fd(fd);
    kh_free(temp);
    return rc;
}

/* Moves the file to `name` if that is free, and for its findings `name`.txt. */
static int try_name(kh_inbox *in, int from, int dir, const char *name, const char *text, size_t len, bool *moved, kh_error *err)
{
    char *beside = kh_asprintf("%s.txt", name);
    bool is_free, beside_free = true;
    *moved = false;
    int rc = look_for(in, dir, name, &is_free, err);
    if (rc == KH_OK && text)
        rc = look_for(in, dir, beside, &beside_free, err);
    if (rc != KH_OK || !is_free || !beside_free)
        goto out;
    /* The text first: a refused file never lies there without its reason. */
    if (text && (rc = write_text(in, dir, beside, text, len, err)) != KH_OK)
        goto out;
    *moved = moved_to(from, in->now.name, dir, name);
    if (!*moved) {
        rc = failed(in, name, err);
        if (text)
            unlinkat(dir, beside, 0);
    }
out:
    kh_free(beside);
    return rc;
}

/* Moves the taken file into `dir` under the first name that is free, which *name then is. */
static int move_to(kh_inbox *in, int from, int dir, const char *text, size_t len, char **name, kh_error *err)
{
    bool moved = false;
    int rc = KH_OK;
    for (int n = 1; rc == KH_OK && !moved; n++) {
        kh_free(*name);
        *name = numbered(in->now.name, n);
        rc = try_name(in, from, dir, *name, text, len, &moved, err);
    }
    return rc;
}

int kh_inbox_finish(kh_inbox *in, bool refused, const char *text, size_t len, char **where, kh_error *err)
{
    int from = -1, to = refused ? in->refused : in->done;
    char folder[16], *name = NULL;
    if (where)
        *where = NULL;
    if (!in->now.name)
        return kh_fail(err, KH_EUSAGE, N_("drop folder %s: no file is taken"), in->folder);
    snprintf(folder, sizeof folder, "%d", in->now.slot);
    int rc = slot_folder(in, in->now.slot, false, &from, err);
    if (rc == KH_OK)
        rc = move_to(in, from, to, refused ? text : NULL, len, &name, err);
    if (rc != KH_OK)
        goto out;
    unlinkat(in->taken, folder, AT_REMOVEDIR);
    if (fsync(to) != 0 || fsync(in->taken) != 0) {
        rc = failed(in, name, err);
        goto out;
    }
    if (where)
        *where = kh_asprintf("%s/%s/%s", in->folder, refused ? "refused" : "done", name);
    forget_taken(in);
out:
    kh_free(name);
    close_fd(from);
    return rc;
}

/* SPDX-License-Identifier: MIT */
/*
 * Opening and closing a store, transactions, who acts and when, and what
 * SQLite's codes mean to a user.
 *
 * A store is opened by SQLite alone: this code never open()s the file or its
 * -shm, since closing any descriptor of them would drop SQLite's POSIX locks.
 * The -wal and -shm files are kept after the last close (emptied), so that who
 * may only read the folder can still open the store: SQLite then reads the WAL
 * by itself. Where they are missing and cannot be made we say so; SQLite's
 * `immutable` would ignore what a writer does meanwhile and is never used.
 */
#include "store/sqlite_store.h"

#include "base/msg.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <time.h>
#include <unistd.h>

int kh_store_patience = 5000;

/* ---- what went wrong ---- */

/* The process of a line of /proc/locks, "1: POSIX ADVISORY WRITE 4711 fd:01:1234 120 120", if it is SQLite's write lock on this file; else 0. */
static long locked_by(char *line, const struct stat *st)
{
    char *word[8] = {NULL}, *save = NULL, *end;
    size_t n = 0;
    for (char *w = strtok_r(line, " \n", &save); w && n < 8; w = strtok_r(NULL, " \n", &save))
        word[n++] = w;
    if (n < 8 || strcmp(word[1], "POSIX") != 0 || strcmp(word[3], "WRITE") != 0 || strcmp(word[6], "120") != 0)
        return 0;
    bool same = strtoul(word[5], &end, 16) == major(st->st_dev) && *end == ':' && strtoul(end + 1, &end, 16) == minor(st->st_dev) && *end == ':' &&
                strtoul(end + 1, &end, 10) == st->st_ino;
    return same ? strtol(word[4], NULL, 10) : 0;
}

/* The process that holds the write lock: byte 120 of the -shm file, as /proc/locks tells without opening it. */
static long writer_of(const char *path)
{
    char *shm = kh_asprintf("%s-shm", path), line[256];
    struct stat st;
    long pid = 0;
    FILE *f = stat(shm, &st) == 0 ? fopen("/proc/locks", "re") : NULL;
    kh_free(shm);
    while (f && !pid && fgets(line, sizeof line, f)) {
        pid = locked_by(line, &st);
    }
    if (f)
        fclose(f);
    return pid;
}

static int fail_busy(kh_store *s, kh_error *err)
{
    long pid = writer_of(s->path);
    char name[64] = "";
    if (pid > 0) {
        char *comm = kh_asprintf("/proc/%ld/comm", pid);
        FILE *f = fopen(comm, "re");
        if (f && fgets(name, sizeof name, f))
            name[strcspn(name, "\n")] = '\0';
        if (f)
            fclose(f);
        kh_free(comm);
        return kh_fail(err, KH_EBUSY, "the store %s is being written by process %ld (%s); try again when it is done", s->path, pid, name[0] ? name : "?");
    }
    return kh_fail(err, KH_EBUSY, "the store %s is in use by another process; try again when it is done", s->path);
}

int kh_store_fail(kh_store *s, int code, kh_error *err)
{
    const char *why = s->db ? sqlite3_errmsg(s->db) : sqlite3_errstr(code);
    s->no_memory = false;
    switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return fail_busy(s, err);
    case SQLITE_FULL: return kh_fail(err, KH_ESTORE, "the store %s cannot grow: the disk is full; make room and run the command again, nothing was stored", s->path);
    case SQLITE_CORRUPT: return kh_fail(err, KH_ESTORE, "the store %s is damaged (%s); restore the last backup, `kehoach doctor` tells more", s->path, why);
    case SQLITE_NOTADB: return kh_fail(err, KH_EUSAGE, "%s is not a store: it is no SQLite database", s->path);
    case SQLITE_READONLY:
        return kh_fail(err, KH_ESTORE, "the store %s cannot be written: you have no permission to write it or its folder, or it was opened only to read", s->path);
    case SQLITE_PERM:
    case SQLITE_AUTH: return kh_fail(err, KH_ESTORE, "the store %s refused the access (%s)", s->path, why);
    case SQLITE_CANTOPEN: return kh_fail(err, KH_ESTORE, "the store %s or a file beside it cannot be opened: %s", s->path, kh_errno_text(s->db ? sqlite3_system_errno(s->db) : errno));
    case SQLITE_IOERR: return kh_fail(err, KH_ESTORE, "the disk failed under the store %s (%s); nothing of this command was stored", s->path, why);
    case SQLITE_NOMEM: return kh_fail(err, KH_ESTORE, "there is not enough memory to work with the store %s", s->path);
    case SQLITE_INTERRUPT: return kh_fail(err, KH_EINTR, "interrupted");
    default: return kh_fail(err, KH_ESTORE, "the store %s failed: %s", s->path, why);
    }
}

int kh_store_exec(kh_store *s, const char *sql, kh_error *err)
{
    int rc = sqlite3_exec(s->db, sql, NULL, NULL, NULL);
    return rc == SQLITE_OK ? KH_OK : kh_store_fail(s, rc, err);
}

/* ---- opening ---- */

/* What can be said before SQLite looks at it. *fresh: there is nothing yet. */
static int look(const char *path, kh_store_mode mode, bool *fresh, kh_error *err)
{
    struct stat st;
    *fresh = false;
    if (stat(path, &st) != 0) {
        if (errno != ENOENT)
            return kh_fail(err, KH_ESTORE, "the store %s cannot be reached: %s", path, kh_errno_text(errno));
        *fresh = true;
    } else if (!S_ISREG(st.st_mode)) {
        return kh_fail(err, KH_EUSAGE, "%s is not a store: it is no regular file", path);
    } else {
        *fresh = st.st_size == 0;
    }
    if (*fresh && mode != KH_STORE_CREATE)
        return kh_fail(err, KH_EUSAGE, "there is no store at %s; `kehoach load` in a workspace makes one, `kehoach init` makes a workspace", path);
    return KH_OK;
}

static int connect(kh_store *s, kh_error *err)
{
    int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    flags |= s->mode == KH_STORE_READ ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
    if (s->mode == KH_STORE_CREATE || s->mode == KH_STORE_MEMORY)
        flags |= SQLITE_OPEN_CREATE;
    int rc = sqlite3_open_v2(s->path, &s->db, flags, s->mode == KH_STORE_MEMORY ? "memdb" : NULL);
    if (rc != SQLITE_OK)
        return kh_store_fail(s, rc, err);
    sqlite3_busy_timeout(s->db, kh_store_patience);
    sqlite3_db_config(s->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(s->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    sqlite3_db_config(s->db, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, NULL);
    sqlite3_db_config(s->db, SQLITE_DBCONFIG_ENABLE_FTS3_TOKENIZER, 0, NULL);
    sqlite3_db_config(s->db, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
    sqlite3_db_config(s->db, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
    sqlite3_db_config(s->db, SQLITE_DBCONFIG_ENABLE_FKEY, 1, NULL);
    return kh_store_exec(s, "PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -16384", err);
}

/* The first look into the file failed. Read-only: perhaps since SQLite could not make the -wal or -shm that it needs. */
static int fail_first_look(kh_store *s, int rc, kh_error *err)
{
    int code = sqlite3_errcode(s->db) & 0xff;
    if (s->mode != KH_STORE_READ || (code != SQLITE_CANTOPEN && code != SQLITE_READONLY))
        return rc;
    if (access(s->path, R_OK) != 0)
        return kh_fail(err, KH_ESTORE, "the store %s cannot be opened: %s", s->path, kh_errno_text(errno));
    return kh_fail(err, KH_ESTORE,
                   "the store %s cannot be read from here: SQLite needs the files %s-wal and %s-shm beside it, they are not there, and you may not write to that folder; "
                   "open the store once as a user who may write there, or read a copy made with `kehoach backup`",
                   s->path, s->path, s->path);
}

/* Whose file is it? 0: nobody's, as yet empty. */
static int whose(kh_store *s, int *version, kh_error *err)
{
    int64_t application = 0, objects = 0;
    int rc = kh_store_version(s, version, err);
    if (rc == KH_OK)
        rc = kh_stmt_int(s, &objects, 0, err, "SELECT count(*) FROM sqlite_schema", KH_NO_ARGS);
    if (rc == KH_OK) /* last: another process may be making it now, and what it commits bears our name */
        rc = kh_stmt_int(s, &application, 0, err, "PRAGMA application_id", KH_NO_ARGS);
    if (rc != KH_OK)
        return rc;
    if (application == KH_STORE_APPLICATION)
        return KH_OK;
    if (application != 0 || objects != 0 || *version != 0)
        return kh_fail(err, KH_EUSAGE, "%s is not a store of kehoach: it is a database of another program", s->path);
    return KH_OK;
}

static int check_version(kh_store *s, int version, kh_error *err)
{
    if (version > kh_store_newest())
        return kh_fail(err, KH_EUSAGE, "the store %s was made by a newer kehoach (its schema is %d, this program knows %d); install the newer one", s->path, version, kh_store_newest());
    if (version == 0 && s->mode == KH_STORE_READ)
        return kh_fail(err, KH_EUSAGE, "there is no store at %s yet: its making was interrupted; `kehoach load` makes it", s->path);
    if (version < kh_store_newest() && s->mode == KH_STORE_READ)
        return kh_fail(err, KH_EUSAGE, "the store %s is of an older kehoach (its schema is %d, this program needs %d); run `kehoach load` once with the right to write it", s->path, version, kh_store_newest());
    return KH_OK;
}

/* Two processes that make a store at once meet here; SQLite does not wait by itself where both hold a shared lock. */
static int ask_wal(kh_store *s, char **mode, kh_error *err)
{
    const struct timespec pause = {0, 10000000};
    int rc = kh_stmt_str(s, mode, err, "PRAGMA journal_mode = WAL", KH_NO_ARGS);
    for (int waited = 0; rc == KH_EBUSY && waited < kh_store_patience; waited += 10) {
        nanosleep(&pause, NULL);
        rc = kh_stmt_str(s, mode, err, "PRAGMA journal_mode = WAL", KH_NO_ARGS);
    }
    if (rc == KH_OK && err)
        kh_error_clear(err);
    return rc;
}

static int use_wal(kh_store *s, kh_error *err)
{
    char *mode = NULL;
    int rc = ask_wal(s, &mode, err);
    if (rc == KH_OK && (!mode || strcmp(mode, "wal") != 0))
        rc = kh_fail(err, KH_ESTORE, "the store %s lies on a file system that cannot share memory between processes; keep it on a local disk", s->path);
    kh_free(mode);
    int keep = 1;
    if (rc == KH_OK)
        sqlite3_file_control(s->db, "main", SQLITE_FCNTL_PERSIST_WAL, &keep);
    return rc == KH_OK ? kh_store_exec(s, "PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 67108864", err) : rc;
}

static int prepare(kh_store *s, bool fresh, kh_error *err)
{
    int version = 0, rc = connect(s, err);
    if (rc == KH_OK && fresh)
        rc = kh_store_exec(s, "PRAGMA page_size = 8192", err); /* counts only while there is nothing in it */
    if (rc == KH_OK)
        rc = whose(s, &version, err);
    if (rc == KH_ESTORE && s->db)
        rc = fail_first_look(s, rc, err);
    if (rc == KH_OK)
        rc = check_version(s, version, err);
    if (rc == KH_OK && (s->mode == KH_STORE_WRITE || s->mode == KH_STORE_CREATE))
        rc = use_wal(s, err);
    if (rc == KH_OK && s->mode != KH_STORE_READ && version < kh_store_newest())
        rc = kh_store_migrate(s, err);
    if (rc == KH_OK && s->mode == KH_STORE_READ)
        sqlite3_db_config(s->db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL); /* nothing fires where nothing is written */
    return rc;
}

static char *memory_name(void)
{
    static unsigned made; /* one name a store, so that a query's own connection reaches it */
    return kh_asprintf("/kehoach-%ld-%u", (long)getpid(), __atomic_add_fetch(&made, 1, __ATOMIC_RELAXED));
}

int kh_store_open(kh_store **out, const char *path, kh_store_mode mode, kh_error *err)
{
    bool fresh = true;
    *out = NULL;
    if (mode != KH_STORE_MEMORY) {
        int rc = look(path, mode, &fresh, err);
        if (rc != KH_OK)
            return rc;
    }
    kh_store *s = kh_zalloc(1, sizeof *s);
    s->mode = mode;
    if (mode == KH_STORE_MEMORY)
        s->path = memory_name();
    else /* "file:x" would be read as a URI */
        s->path = strncmp(path, "file:", 5) == 0 ? kh_asprintf("./%s", path) : kh_strdup(path);
    int rc = prepare(s, fresh, err);
    if (rc == KH_OK)
        *out = s;
    else
        kh_store_close(s);
    return rc;
}

void kh_store_close(kh_store *s)
{
    if (!s)
        return;
    if (s->writing)
        kh_store_rollback(s);
    kh_store_queries_close(s);
    kh_stmt_cache_free(&s->stmts);
    kh_lists_free(s);
    kh_store_unbind(s);
    sqlite3_close(s->db);
    kh_free(s->path);
    kh_free(s->by);
    kh_free(s->now);
    kh_free(s);
}

const char *kh_store_path(const kh_store *s)
{
    return s->path;
}

/* ---- transactions ---- */

int kh_store_begin(kh_store *s, kh_error *err)
{
    assert(!s->writing);
    if (s->mode == KH_STORE_READ)
        return kh_fail(err, KH_ESTORE, "the store %s was opened only to read", s->path);
    int rc = kh_stmt_run(s, err, "BEGIN IMMEDIATE", KH_NO_ARGS);
    s->writing = rc == KH_OK;
    return rc;
}

int kh_store_commit(kh_store *s, kh_error *err)
{
    assert(s->writing);
    if (s->no_memory)
        return kh_store_fail(s, SQLITE_NOMEM, err);
    int rc = kh_stmt_run(s, err, "COMMIT", KH_NO_ARGS);
    if (rc != KH_OK)
        return rc;
    s->writing = false;
    s->unsettled = s->sharing;
    return KH_OK;
}

int kh_store_share_syncs(kh_store *s, kh_error *err)
{
    assert(!s->writing);
    if (s->sharing || s->mode == KH_STORE_READ || s->mode == KH_STORE_MEMORY)
        return KH_OK;
    int rc = kh_store_exec(s, "PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 4000", err); /* pages; hot ones are copied less often */
    s->sharing = rc == KH_OK;
    return rc;
}

/* What synchronous = FULL does at the end of each commit, for all commits since the last one. */
int kh_store_settle(kh_store *s, kh_error *err)
{
    assert(!s->writing);
    sqlite3_file *wal = NULL;
    if (!s->unsettled)
        return KH_OK;
    int rc = sqlite3_file_control(s->db, "main", SQLITE_FCNTL_JOURNAL_POINTER, &wal);
    if (rc == SQLITE_OK)
        rc = wal && wal->pMethods ? wal->pMethods->xSync(wal, SQLITE_SYNC_NORMAL) : SQLITE_IOERR_FSYNC;
    if (rc != SQLITE_OK)
        return kh_fail(err, KH_ESTORE, "the disk failed under the store %s: whether what this command stored is on it cannot be told; run the same command again", s->path);
    s->unsettled = false;
    return KH_OK;
}

void kh_store_rollback(kh_store *s)
{
    if (!s->writing)
        return;
    /* An error may have rolled back by itself: then there is nothing to do. */
    if (!sqlite3_get_autocommit(s->db))
        sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
    s->writing = s->no_memory = false;
    kh_lists_free(s); /* what was remembered may be gone */
    s->periods.n = 0;
    kh_store_unbind(s);
}

int kh_store_own_begin(kh_store *s, bool *own, kh_error *err)
{
    *own = !s->writing;
    return *own ? kh_store_begin(s, err) : KH_OK;
}

int kh_store_own_end(kh_store *s, bool own, int rc, kh_error *err)
{
    if (!own)
        return rc;
    if (rc == KH_OK)
        rc = kh_store_commit(s, err);
    if (rc != KH_OK)
        kh_store_rollback(s);
    return rc;
}

/* ---- who and when ---- */

void kh_store_actor(kh_store *s, const char *by)
{
    kh_free(s->by);
    s->by = by ? kh_strdup(by) : NULL;
}

void kh_store_clock(kh_store *s, const char *now)
{
    kh_free(s->now);
    s->now = now ? kh_strdup(now) : NULL;
}

void kh_store_now(const kh_store *s, char out[32])
{
    if (s->now) {
        snprintf(out, 32, "%s", s->now);
        return;
    }
    time_t t = time(NULL);
    struct tm tm;
    gmtime_r(&t, &tm);
    strftime(out, 32, "%Y-%m-%dT%H:%M:%SZ", &tm);
}

/* SPDX-License-Identifier: MIT */
/*
 * A consistent copy while others write: SQLite's backup into a temporary file in
 * the folder of the target, proved by quick_check, put on the disk and renamed.
 * A backup is one file in rollback-journal mode, so that it can also be read
 * from a medium that cannot be written; the first write makes it WAL again.
 */
#include "store/sqlite_store.h"

#include "base/msg.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PAGES = 1024 /* copied between two chances for a writer */ };

static int fail(const char *to, sqlite3 *db, int rc, kh_error *err)
{
    const char *why = db ? sqlite3_errmsg(db) : sqlite3_errstr(rc);
    if ((rc & 0xff) == SQLITE_FULL)
        return kh_fail(err, KH_ESTORE, "the backup %s cannot be written: the disk is full", to);
    return kh_fail(err, (rc & 0xff) == SQLITE_BUSY ? KH_EBUSY : KH_ESTORE, "the backup %s cannot be made: %s", to, why);
}

/* What stands at the target may be replaced only if it is an older backup. */
static int look(kh_store *s, const char *to, kh_error *err)
{
    struct stat there, ours;
    kh_store *old = NULL;
    kh_error why = KH_ERROR_INIT;
    if (stat(to, &there) != 0)
        return KH_OK;
    if (!S_ISREG(there.st_mode))
        return kh_fail(err, KH_EUSAGE, "%s is no file; name the backup, such as backup/kehoach-2018-04-05.db", to);
    if (stat(s->path, &ours) == 0 && ours.st_ino == there.st_ino && ours.st_dev == there.st_dev)
        return kh_fail(err, KH_EUSAGE, "%s is the store itself; a backup goes to another file", to);
    char *wal = kh_asprintf("%s-wal", to);
    bool in_use = access(wal, F_OK) == 0;
    kh_free(wal);
    if (in_use)
        return kh_fail(err, KH_EUSAGE, "%s is a store that is in use (there is %s-wal beside it); a backup goes to another file", to, to);
    if (kh_store_open(&old, to, KH_STORE_READ, &why) != KH_OK) {
        kh_error_clear(&why);
        return kh_fail(err, KH_EUSAGE, "%s is there and is no backup of a store; it is left alone", to);
    }
    kh_store_close(old);
    return KH_OK;
}

static int copy(kh_store *s, sqlite3 *to, const char *name, kh_error *err)
{
    sqlite3_backup *b = sqlite3_backup_init(to, "main", s->db, "main");
    if (!b)
        return fail(name, to, sqlite3_errcode(to), err);
    int rc, tries = 0;
    do {
        rc = sqlite3_backup_step(b, PAGES);
        if (rc == SQLITE_BUSY || rc == SQLITE_LOCKED)
            sqlite3_sleep(10);
    } while (rc == SQLITE_OK || ((rc == SQLITE_BUSY || rc == SQLITE_LOCKED) && tries++ < 500));
    int end = sqlite3_backup_finish(b);
    if (rc != SQLITE_DONE || end != SQLITE_OK)
        return fail(name, to, rc != SQLITE_DONE ? rc : end, err);
    rc = sqlite3_exec(to, "PRAGMA journal_mode = DELETE", NULL, NULL, NULL);
    return rc == SQLITE_OK ? KH_OK : fail(name, to, rc, err);
}

static int keep_first(void *first, int n, char **values, char **names)
{
    char **out = first;
    (void)names;
    if (n > 0 && values[0] && !*out)
        *out = kh_strdup(values[0]);
    return 0;
}

static int prove(sqlite3 *db, const char *name, kh_error *err)
{
    char *said = NULL;
    int rc = sqlite3_exec(db, "PRAGMA quick_check(1)", keep_first, &said, NULL);
    if (rc != SQLITE_OK)
        rc = fail(name, db, rc, err);
    else if (!said || strcmp(said, "ok") != 0)
        rc = kh_fail(err, KH_ESTORE, "the backup %s did not prove whole (%s); the store is damaged, `kehoach doctor` tells more", name, said ? said : "?");
    kh_free(said);
    return rc;
}

static int make(kh_store *s, const char *temporary, const char *to, kh_error *err)
{
    sqlite3 *db = NULL;
    int rc = sqlite3_open_v2(temporary, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_EXRESCODE, NULL);
    if (rc != SQLITE_OK) {
        rc = fail(to, db, rc, err);
    } else {
        sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
        sqlite3_exec(db, "PRAGMA synchronous = OFF", NULL, NULL, NULL); /* one fsync at the end, by us */
        rc = copy(s, db, to, err);
    }
    if (rc == KH_OK)
        rc = prove(db, to, err);
    sqlite3_close(db);
    return rc;
}

/* On the disk, under its name, and the name on the disk. */
static int settle(const char *temporary, const char *to, const char *folder, kh_error *err)
{
    int file = open(temporary, O_RDWR | O_CLOEXEC), dir = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool good = file >= 0 && dir >= 0 && fsync(file) == 0 && rename(temporary, to) == 0 && fsync(dir) == 0;
    int why = errno;
    if (file >= 0)
        close(file);
    if (dir >= 0)
        close(dir);
    return good ? KH_OK : kh_fail(err, KH_ESTORE, "the backup %s cannot be finished: %s", to, kh_errno_text(why));
}

static void remove_rest(const char *temporary)
{
    static const char *const ends[] = {"", "-journal", "-wal", "-shm"};
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        char *path = kh_asprintf("%s%s", temporary, ends[i]);
        unlink(path);
        kh_free(path);
    }
}

int kh_store_backup(kh_store *s, const char *to, kh_error *err)
{
    int rc = look(s, to, err);
    if (rc != KH_OK)
        return rc;
    const char *slash = strrchr(to, '/');
    char *folder = slash ? kh_strndup(to, slash == to ? 1 : (size_t)(slash - to)) : kh_strdup(".");
    char *temporary = kh_asprintf("%s%s.kehoach-backup-%ld", folder, slash == to ? "" : "/", (long)getpid());
    remove_rest(temporary);
    rc = make(s, temporary, to, err);
    if (rc == KH_OK)
        rc = settle(temporary, to, folder, err);
    remove_rest(temporary);
    kh_free(temporary);
    kh_free(folder);
    return rc;
}

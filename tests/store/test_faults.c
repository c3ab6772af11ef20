/* SPDX-License-Identifier: MIT */
/*
 * Faults one by one: the n-th allocation of SQLite fails, the n-th write,
 * truncate, sync, deletion or opening of the disk fails, once and for good, for
 * n = 1, 2, ... until the work passes untouched. After each the store is whole,
 * holds all of a return or nothing of it, and what was reported is there.
 *
 * Steps grow with n, so that the sweep takes seconds; KH_FAULTS=all takes every n.
 */
#include "../cm.h"
#include "base/file.h"

#define W_COMMUNES 60 /* the fault strikes in each loop, however often it goes round */
#include "world.h"

/* ---- allocations of SQLite ---- */

static sqlite3_mem_methods plain;
static long allocations, fail_at; /* 0: none fails */
static bool for_good, disk;       /* which kind of fault is on */
static long faults, syncs;

static bool fails(bool of_disk)
{
    if (!fail_at || of_disk != disk)
        return false;
    allocations++;
    bool now = allocations == fail_at || (for_good && allocations > fail_at);
    faults += now;
    return now;
}

static void *f_malloc(int n)
{
    return fails(false) ? NULL : plain.xMalloc(n);
}

static void *f_realloc(void *p, int n)
{
    return fails(false) ? NULL : plain.xRealloc(p, n);
}

/* ---- the disk ---- */

typedef struct file { sqlite3_file base; sqlite3_file *real; } file;

static sqlite3_vfs *real_vfs, shim;
static sqlite3_io_methods methods;

#define REAL(f) (((file *)(f))->real)
#define CALL(f, method, ...) REAL(f)->pMethods->method(REAL(f), ##__VA_ARGS__)

static int d_close(sqlite3_file *f)
{
    int rc = REAL(f)->pMethods ? CALL(f, xClose) : SQLITE_OK;
    free(REAL(f));
    return rc;
}

static int d_read(sqlite3_file *f, void *p, int n, sqlite3_int64 at) { return CALL(f, xRead, p, n, at); }
static int d_write(sqlite3_file *f, const void *p, int n, sqlite3_int64 at) { return fails(true) ? (allocations % 2 ? SQLITE_FULL : SQLITE_IOERR_WRITE) : CALL(f, xWrite, p, n, at); }
static int d_truncate(sqlite3_file *f, sqlite3_int64 n) { return fails(true) ? SQLITE_IOERR_TRUNCATE : CALL(f, xTruncate, n); }
static int d_sync(sqlite3_file *f, int flags)
{
    syncs++;
    return fails(true) ? SQLITE_IOERR_FSYNC : CALL(f, xSync, flags);
}
static int d_size(sqlite3_file *f, sqlite3_int64 *n) { return CALL(f, xFileSize, n); }
static int d_lock(sqlite3_file *f, int level) { return CALL(f, xLock, level); }
static int d_unlock(sqlite3_file *f, int level) { return CALL(f, xUnlock, level); }
static int d_reserved(sqlite3_file *f, int *out) { return CALL(f, xCheckReservedLock, out); }
static int d_control(sqlite3_file *f, int op, void *p) { return CALL(f, xFileControl, op, p); }
static int d_sector(sqlite3_file *f) { return CALL(f, xSectorSize); }
static int d_kind(sqlite3_file *f) { return CALL(f, xDeviceCharacteristics); }
static int d_shm_map(sqlite3_file *f, int page, int size, int extend, void volatile **p) { return fails(true) ? SQLITE_IOERR_SHMMAP : CALL(f, xShmMap, page, size, extend, p); }
static int d_shm_lock(sqlite3_file *f, int from, int n, int flags) { return CALL(f, xShmLock, from, n, flags); }
static void d_shm_barrier(sqlite3_file *f) { CALL(f, xShmBarrier); }
static int d_shm_unmap(sqlite3_file *f, int unlink_it) { return CALL(f, xShmUnmap, unlink_it); }

static int d_open(sqlite3_vfs *v, const char *name, sqlite3_file *out, int flags, int *given)
{
    file *f = (file *)out;
    (void)v;
    out->pMethods = NULL;
    if (fails(true))
        return SQLITE_CANTOPEN;
    f->real = calloc(1, (size_t)real_vfs->szOsFile);
    int rc = real_vfs->xOpen(real_vfs, name, f->real, flags, given);
    if (rc != SQLITE_OK && !f->real->pMethods) {
        free(f->real);
        return rc;
    }
    out->pMethods = &methods;
    return rc;
}

static int d_delete(sqlite3_vfs *v, const char *name, int sync)
{
    (void)v;
    return fails(true) ? SQLITE_IOERR_DELETE : real_vfs->xDelete(real_vfs, name, sync);
}

static int install(void **state)
{
    (void)state;
    sqlite3_shutdown();
    sqlite3_config(SQLITE_CONFIG_GETMALLOC, &plain);
    sqlite3_mem_methods mine = plain;
    mine.xMalloc = f_malloc;
    mine.xRealloc = f_realloc;
    sqlite3_config(SQLITE_CONFIG_MALLOC, &mine);
    sqlite3_initialize();
    real_vfs = sqlite3_vfs_find(NULL);
    shim = *real_vfs;
    shim.zName = "faults";
    shim.szOsFile = sizeof(file);
    shim.xOpen = d_open;
    shim.xDelete = d_delete;
    methods = (sqlite3_io_methods){2, d_close, d_read, d_write, d_truncate, d_sync, d_size, d_lock, d_unlock, d_reserved, d_control, d_sector, d_kind, d_shm_map, d_shm_lock, d_shm_barrier,
                                   d_shm_unmap, NULL, NULL};
    return sqlite3_vfs_register(&shim, 1);
}

/* ---- the work ---- */

static world W;

static int add_block(void *ctx, const kh_block *b)
{
    for (size_t i = 0; i < b->n; i++)
        *(int64_t *)ctx += b->m[i] == KH_MISSING ? 0 : b->m[i];
    return 0;
}

static kh_return *filled(const char *path, const char *value)
{
    kh_return *r = world_return(&W, W_FORM_A, W.district[0], "2018Q1", path);
    for (int u = 0; u < 40; u++) {
        world_set(&W, r, "2018Q1", W.commune[u], W_INTEGER, KH_NO_CUT, value, (uint32_t)u + 2);
        world_set(&W, r, "2018Q1", W.commune[u], W_TEXT, W.female, "tốt", (uint32_t)u + 2);
    }
    kh_return_seal(r);
    return r;
}

/* Opens, puts a correction. *done: the commit was reported. */
static int put_work(bool *done, kh_error *err)
{
    kh_store *s = NULL;
    int64_t id;
    int version;
    kh_return *r = filled("b.csv", "2");
    int rc = kh_store_open(&s, W.path, KH_STORE_WRITE, err);
    if (rc == KH_OK && (rc = kh_store_begin(s, err)) == KH_OK) {
        if ((rc = kh_store_put(s, W.c, r, NULL, &id, &version, err)) == KH_OK && (rc = kh_store_commit(s, err)) == KH_OK)
            *done = true;
        if (rc != KH_OK)
            kh_store_rollback(s);
    }
    kh_store_close(s);
    kh_return_free(r);
    return rc;
}

/* Makes a store and mirrors the definitions. */
static int make_work(bool *done, kh_error *err)
{
    kh_store *s = NULL;
    int rc = kh_store_open(&s, W.path, KH_STORE_CREATE, err);
    if (rc == KH_OK && (rc = kh_store_begin(s, err)) == KH_OK) {
        if ((rc = kh_store_mirror(s, W.c, NULL, NULL, err)) == KH_OK && (rc = kh_store_commit(s, err)) == KH_OK)
            *done = true;
        if (rc != KH_OK)
            kh_store_rollback(s);
    }
    kh_store_close(s);
    return rc;
}

/* Reads everything in every way; the sum must be right when it says so. */
static int read_work(bool *done, kh_error *err)
{
    kh_store *s = NULL;
    kh_rows *rows = NULL;
    bool row = true;
    int64_t sum = 0, n = 0, entries, bad;
    int rc = kh_store_open(&s, W.path, KH_STORE_READ, err);
    if (rc == KH_OK)
        rc = kh_store_read(s, W.c, &(kh_read){.lines = true}, add_block, &sum, err);
    if (rc == KH_OK)
        rc = kh_store_audit_verify(s, &entries, &bad, err);
    if (rc == KH_OK)
        rc = kh_store_query(s, "SELECT unit, unit_name, line, value FROM v_value ORDER BY value, unit", NULL, 0, NULL, &rows, err);
    while (rc == KH_OK && row && (rc = kh_rows_next(rows, &row, err)) == KH_OK)
        n += row;
    kh_rows_close(rows);
    kh_store_close(s);
    if (rc == KH_OK && (sum != 40 || n != 80 || bad != 0))
        fail_msg("sum %lld, rows %lld, bad %lld, and no error", (long long)sum, (long long)n, (long long)bad);
    *done = rc == KH_OK;
    return rc;
}

static int backup_work(bool *done, kh_error *err)
{
    char to[128];
    kh_store *s = NULL;
    snprintf(to, sizeof to, "%s/backup.db", W.dir);
    int rc = kh_store_open(&s, W.path, KH_STORE_WRITE, err);
    if (rc == KH_OK)
        rc = kh_store_backup(s, to, err);
    kh_store_close(s);
    *done = rc == KH_OK;
    return rc;
}

/* ---- the sweep ---- */

static void copy_file(const char *from, const char *to)
{
    static const char *const besides[] = {"", "-wal", "-shm", "-journal"};
    char path[160];
    kh_error err = KH_ERROR_INIT;
    kh_buf bytes = KH_BUF_INIT;
    for (size_t i = 0; i < COUNT(besides); i++) {
        snprintf(path, sizeof path, "%s%s", to, besides[i]);
        unlink(path);
    }
    if (access(from, F_OK) != 0)
        return;
    if (kh_read_file(from, 1 << 26, &bytes, &err) != KH_OK || kh_write_plain(to, bytes.data, bytes.len, &err) != KH_OK)
        fail_msg("%s", err.text);
    kh_buf_free(&bytes);
}

static long next_n(long n)
{
    const char *all = getenv("KH_FAULTS");
    return all && strcmp(all, "all") == 0 ? n + 1 : n + 1 + n / 25;
}

typedef int work_fn(bool *done, kh_error *err);
typedef void check_fn(bool done);

/* Returns how many faults struck. */
static long sweep(const char *base, bool of_disk, bool good, work_fn *work, check_fn *check)
{
    long struck = 0;
    for (long n = 1;; n = next_n(n)) {
        kh_error err = KH_ERROR_INIT;
        bool done = false;
        copy_file(base, W.path);
        disk = of_disk;
        for_good = good;
        allocations = faults = 0;
        fail_at = n;
        int rc = work(&done, &err);
        fail_at = 0;
        bool met = faults > 0;
        struck += met;
        if (rc != KH_OK && rc != KH_ESTORE && rc != KH_EBUSY && rc != KH_ESCRIPT)
            fail_msg("%s fault %ld %s: code %d %s", of_disk ? "disk" : "memory", n, good ? "for good" : "once", rc, err.text);
        if (rc != KH_OK && (!err.text || !err.text[0]))
            fail_msg("fault %ld: no text", n);
        if (!met && rc != KH_OK)
            fail_msg("no fault and yet: %s", err.text);
        kh_error_clear(&err);
        check(done);
        if (!met)
            return struck;
    }
}

static void sweep_all(const char *name, const char *base, work_fn *work, check_fn *check)
{
    for (int of_disk = 0; of_disk < 2; of_disk++)
        for (int good = 0; good < 2; good++) {
            long n = sweep(base, of_disk, good, work, check);
            print_message("%s: %ld faults of the %s, each %s\n", name, n, of_disk ? "disk" : "memory", good ? "for good" : "once");
        }
}

static void same(const char *sql, const char *expected, const char *or_else)
{
    char *got = world_sql(&W, sql);
    if (strcmp(got, expected) != 0 && (!or_else || strcmp(got, or_else) != 0))
        fail_msg("%s: %s", sql, got);
    kh_free(got);
}

static void old_or_new(bool done)
{
    kh_error err = KH_ERROR_INIT;
    int64_t entries, bad;
    if (kh_store_open(&W.s, W.path, KH_STORE_WRITE, &err) != KH_OK)
        fail_msg("%s", err.text);
    assert_int_equal(kh_store_audit_verify(W.s, &entries, &bad, &err), KH_OK);
    assert_int_equal(bad, 0);
    kh_store_close(W.s);
    W.s = NULL;
    same("PRAGMA integrity_check", "ok", NULL);
    same("SELECT count(*), sum(CASE WHEN measure = 'people' THEN value END), max(version) FROM v_value", "80|80|2", done ? NULL : "80|40|1");
}

static void made_or_makeable(bool done)
{
    kh_error err = KH_ERROR_INIT;
    if (done)
        same("SELECT count(*) FROM measure", "6", NULL);
    if (make_work(&done, &err) != KH_OK)
        fail_msg("%s", err.text);
    same("PRAGMA integrity_check", "ok", NULL);
    same("SELECT count(*) FROM measure", "6", NULL);
    same("SELECT count(*) FROM audit", "1", NULL);
}

static void unharmed(bool done)
{
    (void)done;
    same("SELECT count(*), sum(CASE WHEN measure = 'people' THEN value END), max(version) FROM v_value", "80|40|1", NULL);
}

static void whole_or_none(bool done)
{
    world copy = W;
    unharmed(done);
    snprintf(copy.path, sizeof copy.path, "%s/backup.db", W.dir);
    if (access(copy.path, F_OK) == 0) {
        char *got = world_sql(&copy, "SELECT count(*) FROM v_value");
        assert_string_equal(got, "80");
        kh_free(got);
        unlink(copy.path);
    } else {
        assert_false(done);
    }
}

static char base[128], nothing[128];

static int setup(void **state)
{
    if (install(state) != 0)
        return -1;
    world_open(&W);
    snprintf(base, sizeof base, "%s/base.db", W.dir);
    snprintf(nothing, sizeof nothing, "%s/nothing.db", W.dir);
    if (world_put(&W, filled("a.csv", "1"), NULL, NULL) != KH_OK)
        return -1;
    kh_store_close(W.s);
    W.s = NULL;
    copy_file(W.path, base);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    world_close(&W);
    return 0;
}

static void a_fault_in_putting_leaves_the_old_or_the_new_version(void **state)
{
    (void)state;
    sweep_all("put", base, put_work, old_or_new);
}

static void a_fault_in_making_a_store_leaves_one_that_can_be_made(void **state)
{
    (void)state;
    sweep_all("make", nothing, make_work, made_or_makeable);
}

static void a_fault_in_reading_is_an_error_and_never_a_smaller_answer(void **state)
{
    (void)state;
    sweep_all("read", base, read_work, unharmed);
}

static void a_fault_in_a_backup_leaves_a_whole_one_or_none(void **state)
{
    (void)state;
    sweep_all("backup", base, backup_work, whole_or_none);
}

/* Commits wait for the disk, each by itself, unless they share that: then settling waits, once, and says if it was in vain. */
static void shared_syncs_are_made_up_for_by_settling(void **state)
{
    (void)state;
    kh_error err = KH_ERROR_INIT;
    copy_file(base, W.path);
    world_reopen(&W, KH_STORE_WRITE);
    world_must_put(&W, filled("b.csv", "2")); /* the log's first sync is over */
    long before = syncs;
    world_must_put(&W, filled("c.csv", "3"));
    assert_int_equal(syncs, before + 1);
    assert_int_equal(kh_store_share_syncs(W.s, &err), KH_OK);
    before = syncs;
    world_must_put(&W, filled("d.csv", "4"));
    world_must_put(&W, filled("e.csv", "5"));
    assert_int_equal(syncs, before);
    disk = true, for_good = false, allocations = faults = 0, fail_at = 1;
    assert_int_equal(kh_store_settle(W.s, &err), KH_ESTORE);
    assert_non_null(strstr(err.text, "the disk failed"));
    fail_at = 0;
    kh_error_clear(&err);
    assert_int_equal(kh_store_settle(W.s, &err), KH_OK);
    assert_int_equal(syncs, before + 2); /* the one that failed, and this */
    assert_int_equal(kh_store_settle(W.s, &err), KH_OK);
    assert_int_equal(syncs, before + 2); /* nothing new, nothing to wait for */
    kh_store_close(W.s);
    W.s = NULL;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_fault_in_putting_leaves_the_old_or_the_new_version),
        cmocka_unit_test(a_fault_in_reading_is_an_error_and_never_a_smaller_answer),
        cmocka_unit_test(a_fault_in_a_backup_leaves_a_whole_one_or_none),
        cmocka_unit_test(a_fault_in_making_a_store_leaves_one_that_can_be_made),
        cmocka_unit_test(shared_syncs_are_made_up_for_by_settling),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}

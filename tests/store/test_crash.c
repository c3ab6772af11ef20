/* SPDX-License-Identifier: MIT */
/* Processes that die, processes at the same time: what was committed is there, what was not never was. */
#include "../cm.h"
#include "world.h"

#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

static int setup(void **state)
{
    world *w = kh_zalloc(1, sizeof *w);
    world_open(w);
    *state = w;
    return 0;
}

static int teardown(void **state)
{
    world_close(*state);
    kh_free(*state);
    return 0;
}

static kh_return *filled(world *w, int sender, const char *file, const char *value)
{
    kh_return *r = world_return(w, W_FORM_A, w->district[sender], "2018Q1", file);
    for (int u = 0; u < 100; u++)
        world_set(w, r, "2018Q1", w->commune[sender * 100 + u], W_INTEGER, KH_NO_CUT, value, (uint32_t)u + 2);
    return r;
}

static void a_whole_store(world *w)
{
    kh_error err = KH_ERROR_INIT;
    int64_t entries, bad;
    char *check = world_sql(w, "PRAGMA integrity_check"), *half = world_sql(w, "SELECT count(*) FROM submission s WHERE n_rows <> (SELECT coalesce(sum(n), 0) FROM submission_chunk h WHERE h.submission = s.id)"),
         *keys = world_sql(w, "PRAGMA foreign_key_check");
    assert_string_equal(check, "ok");
    assert_string_equal(half, "0");
    assert_string_equal(keys, "");
    assert_int_equal(kh_store_audit_verify(w->s, &entries, &bad, &err), KH_OK);
    assert_int_equal(bad, 0);
    kh_free(check);
    kh_free(half);
    kh_free(keys);
}

static void a_process_killed_in_mid_transaction_leaves_the_old_state(void **state)
{
    world *w = *state;
    int ready[2], status;
    char c;
    world_must_put(w, filled(w, 0, "a.csv", "1"));
    kh_store_close(w->s);
    w->s = NULL;
    assert_int_equal(pipe(ready), 0);
    pid_t child = fork();
    if (child == 0) {
        int64_t id;
        int version;
        kh_return *r = filled(w, 0, "b.csv", "2");
        kh_return_seal(r);
        world_reopen(w, KH_STORE_WRITE);
        bool good = kh_store_begin(w->s, NULL) == KH_OK && kh_store_put(w->s, w->c, r, NULL, &id, &version, NULL) == KH_OK && write(ready[1], "x", 1) == 1;
        while (good)
            pause();
        _exit(1);
    }
    assert_int_equal(read(ready[0], &c, 1), 1);
    kill(child, SIGKILL);
    waitpid(child, &status, 0);
    assert_true(WIFSIGNALED(status));
    world_reopen(w, KH_STORE_WRITE);
    char *values = world_sql(w, "SELECT count(*), sum(value), max(version) FROM v_value");
    assert_string_equal(values, "100|100|1");
    kh_free(values);
    a_whole_store(w);
    world_must_put(w, filled(w, 0, "b.csv", "2")); /* the same again completes */
    close(ready[0]), close(ready[1]);
}

/* Children import, corrections and all, and are killed at random moments. */
static void processes_killed_at_any_moment_lose_and_double_nothing(void **state)
{
    world *w = *state;
    kh_store_close(w->s);
    w->s = NULL;
    for (int round = 0; round < 40; round++) {
        int told[2], status;
        assert_int_equal(pipe(told), 0);
        pid_t child = fork();
        if (child == 0) {
            world_reopen(w, KH_STORE_WRITE);
            for (int i = 0;; i++) {
                char value[16];
                snprintf(value, sizeof value, "%d", round * 100 + i);
                if (world_put(w, filled(w, i % 3, "k.csv", value), NULL, NULL) != KH_OK || write(told[1], "x", 1) != 1)
                    _exit(1);
            }
        }
        struct timespec t = {0, (round * 7919 % 30) * 1000000L};
        nanosleep(&t, NULL);
        kill(child, SIGKILL);
        waitpid(child, &status, 0);
        close(told[1]);
        char acknowledged[4096];
        ssize_t n = read(told[0], acknowledged, sizeof acknowledged);
        close(told[0]);
        static long before;
        world_reopen(w, KH_STORE_WRITE);
        a_whole_store(w);
        char *count = world_sql(w, "SELECT count(*) FROM submission");
        long now = atol(count);
        /* every put that was reported is there, and at most one more */
        if (now < before + n || now > before + n + 1)
            fail_msg("%ld before, %zd reported, %ld now", before, n, now);
        before = now;
        kh_free(count);
        kh_store_close(w->s);
        w->s = NULL;
    }
    world_reopen(w, KH_STORE_WRITE);
}

/* The first n bytes of a file as another. */
static void cut_copy(const char *from, const char *suffix, const char *to, long n)
{
    char *command = kh_asprintf("head -c %ld %s%s >%s%s", n, from, suffix, to, suffix);
    assert_int_equal(system(command), 0);
    kh_free(command);
}

/* Returns whose syncs are shared: the power goes when any part of the log has reached the disk. */
static void a_power_cut_takes_only_the_last_of_shared_syncs_and_each_wholly(void **state)
{
    world *w = *state;
    kh_error err = KH_ERROR_INIT;
    struct stat db, wal;
    world_must_put(w, filled(w, 0, "before.csv", "1"));
    kh_store_close(w->s);
    w->s = NULL;
    world_reopen(w, KH_STORE_WRITE);
    assert_int_equal(kh_store_share_syncs(w->s, &err), KH_OK);
    for (int i = 0; i < 4; i++) {
        char value[8];
        snprintf(value, sizeof value, "%d", i + 2);
        world_must_put(w, filled(w, 0, value, value));
    }
    char *log = kh_asprintf("%s-wal", w->path);
    assert_int_equal(stat(w->path, &db), 0);
    assert_int_equal(stat(log, &wal), 0);
    world after = *w;
    after.s = NULL;
    snprintf(after.path, sizeof after.path, "%s/after.db", w->dir);
    long most = 0, step = 8192 / 2 + 700;
    for (long n = 0; most < 5; n += step) {
        n = n > wal.st_size ? wal.st_size : n;
        cut_copy(w->path, "", after.path, db.st_size);
        cut_copy(w->path, "-wal", after.path, n);
        world_reopen(&after, KH_STORE_WRITE);
        a_whole_store(&after);
        char *seen = world_sql(&after, "SELECT max(version), sum(n_rows) FROM submission"), expected[32];
        long version = atol(seen);
        assert_true(version >= most && version <= 5);
        most = version;
        snprintf(expected, sizeof expected, "%ld|%ld", version, version * 100);
        assert_string_equal(seen, expected);
        kh_free(seen);
        kh_store_close(after.s);
        after.s = NULL;
        if (n == wal.st_size)
            assert_int_equal(version, 5);
    }
    assert_int_equal(kh_store_settle(w->s, &err), KH_OK);
    kh_free(log);
}

static void a_return_that_is_refused_leaves_nothing(void **state)
{
    world *w = *state;
    world_must_put(w, filled(w, 0, "a.csv", "1"));
    char *before = world_sql(w, "SELECT (SELECT count(*) FROM submission), (SELECT count(*) FROM submission_chunk), (SELECT count(*) FROM submission_column), (SELECT count(*) FROM unit_list), "
                                "(SELECT count(*) FROM audit), (SELECT count(*) FROM period), (SELECT status FROM submission)");
    kh_return *r = filled(w, 0, "b.csv", "2");
    r->sender = w->district[5];
    world_set(w, r, "2018-02", w->commune[1], W_MONEY, w->male, "5", 200); /* a period and a cut of its own */
    assert_int_equal(world_put(w, r, NULL, NULL), KH_EFAULTS);
    char *after = world_sql(w, "SELECT (SELECT count(*) FROM submission), (SELECT count(*) FROM submission_chunk), (SELECT count(*) FROM submission_column), (SELECT count(*) FROM unit_list), "
                               "(SELECT count(*) FROM audit), (SELECT count(*) FROM period), (SELECT status FROM submission)");
    assert_string_equal(before, after);
    kh_free(before);
    kh_free(after);
}

static void two_processes_that_write_at_once_give_what_one_after_the_other_would(void **state)
{
    world *w = *state;
    pid_t child[2];
    int status;
    kh_store_close(w->s);
    w->s = NULL;
    for (int p = 0; p < 2; p++)
        if ((child[p] = fork()) == 0) {
            world_reopen(w, KH_STORE_WRITE);
            for (int i = 0; i < 30; i++)
                if (world_put(w, filled(w, p, "p.csv", "7"), NULL, NULL) != KH_OK)
                    _exit(1);
            _exit(0);
        }
    for (int p = 0; p < 2; p++) {
        waitpid(child[p], &status, 0);
        assert_int_equal(status, 0);
    }
    world_reopen(w, KH_STORE_WRITE);
    a_whole_store(w);
    char *counts = world_sql(w, "SELECT sender, count(*), max(version), sum(status = 'current') FROM submission GROUP BY sender ORDER BY sender");
    char *expected = kh_asprintf("%lld|30|30|1\n%lld|30|30|1", (long long)kh_units_def(w->c->units, w->district[0])->id, (long long)kh_units_def(w->c->units, w->district[1])->id);
    assert_string_equal(counts, expected);
    kh_free(expected);
    kh_free(counts);
}

static void two_processes_that_make_a_store_at_once_make_one(void **state)
{
    world *w = *state;
    char path[128];
    int status;
    for (int round = 0; round < 10; round++) {
        pid_t child[3];
        snprintf(path, sizeof path, "%s/new%d.db", w->dir, round);
        for (int p = 0; p < 3; p++)
            if ((child[p] = fork()) == 0) {
                kh_error err = KH_ERROR_INIT;
                kh_store *s;
                int rc = kh_store_open(&s, path, KH_STORE_CREATE, &err);
                if (rc != KH_OK)
                    fprintf(stderr, "%s\n", err.text);
                _exit(rc == KH_OK && kh_store_meta_set(s, "a", "b", &err) == KH_OK ? 0 : 1);
            }
        for (int p = 0; p < 3; p++) {
            waitpid(child[p], &status, 0);
            assert_int_equal(status, 0);
        }
    }
}

int main(void)
{
#define WITH_STORE(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        WITH_STORE(a_process_killed_in_mid_transaction_leaves_the_old_state),
        WITH_STORE(processes_killed_at_any_moment_lose_and_double_nothing),
        WITH_STORE(a_power_cut_takes_only_the_last_of_shared_syncs_and_each_wholly),
        WITH_STORE(a_return_that_is_refused_leaves_nothing),
        WITH_STORE(two_processes_that_write_at_once_give_what_one_after_the_other_would),
        WITH_STORE(two_processes_that_make_a_store_at_once_make_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

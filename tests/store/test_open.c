/* SPDX-License-Identifier: MIT */
#include "../cm.h"
#include "base/embed.h"
#include "store/sqlite_store.h"
#include "world.h"

#include <sys/stat.h>
#include <sys/wait.h>

static world W;

static int setup(void **state)
{
    (void)state;
    world_open(&W);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    world_close(&W);
    return 0;
}

/* Opening fails with this code, and the message has these words. */
static void refused(const char *path, kh_store_mode mode, int code, const char *words)
{
    kh_error err = KH_ERROR_INIT;
    kh_store *s = NULL;
    int rc = kh_store_open(&s, path, mode, &err);
    if (rc != code || s || !err.text || !strstr(err.text, words))
        fail_msg("%d %s", rc, err.text ? err.text : "no text");
    kh_error_clear(&err);
}

static void write_file(const char *path, const char *text)
{
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    fputs(text, f);
    fclose(f);
}

static char *in_dir(const char *name)
{
    return kh_asprintf("%s/%s", W.dir, name);
}

static void a_store_that_is_not_there_says_what_makes_one(void **state)
{
    (void)state;
    char *path = in_dir("none.db");
    refused(path, KH_STORE_READ, KH_EUSAGE, "kehoach load");
    refused(path, KH_STORE_WRITE, KH_EUSAGE, "kehoach load");
    assert_int_not_equal(access(path, F_OK), 0); /* and leaves nothing behind */
    kh_free(path);
    refused("/no/such/folder/k.db", KH_STORE_CREATE, KH_ESTORE, "/no/such/folder");
    refused(W.dir, KH_STORE_WRITE, KH_EUSAGE, "no regular file");
}

static void a_file_that_is_no_store_is_left_as_it_is(void **state)
{
    (void)state;
    char *path = in_dir("letter.txt"), back[64] = "";
    write_file(path, "Kính gửi: Ủy ban nhân dân huyện, về việc nộp báo cáo quý I năm 2018. Trân trọng.\n and something more to be long enough for a header of a hundred bytes");
    refused(path, KH_STORE_READ, KH_EUSAGE, "not a store");
    refused(path, KH_STORE_CREATE, KH_EUSAGE, "not a store");
    FILE *f = fopen(path, "r");
    assert_non_null(fgets(back, sizeof back, f));
    fclose(f);
    assert_memory_equal(back, "Kính gửi", strlen("Kính gửi"));
    kh_free(path);
}

static void a_database_of_another_program_is_refused(void **state)
{
    (void)state;
    char *path = in_dir("other.db");
    world other = {.c = NULL};
    snprintf(other.path, sizeof other.path, "%s", path);
    sqlite3 *db;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "CREATE TABLE firefox (a)", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
    refused(path, KH_STORE_CREATE, KH_EUSAGE, "another program");
    refused(path, KH_STORE_READ, KH_EUSAGE, "another program");
    kh_free(path);
}

static void a_newer_store_is_refused_and_names_both_versions(void **state)
{
    (void)state;
    char *was = world_sql(&W, "PRAGMA user_version"), *back = kh_asprintf("PRAGMA user_version = %s", was);
    assert_int_equal(world_exec(&W, "PRAGMA user_version = 9999"), SQLITE_OK);
    refused(W.path, KH_STORE_READ, KH_EUSAGE, "9999");
    refused(W.path, KH_STORE_WRITE, KH_EUSAGE, "newer");
    assert_int_equal(world_exec(&W, back), SQLITE_OK);
    kh_free(back);
    kh_free(was);
}

static void an_older_store_is_only_brought_up_by_who_may_write(void **state)
{
    (void)state;
    char *path = in_dir("old.db");
    sqlite3 *db;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "PRAGMA application_id = 1801808999; CREATE TABLE migration (version)", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
    refused(path, KH_STORE_READ, KH_EUSAGE, "another program");
    kh_free(path);
    path = in_dir("empty.db");
    kh_error err = KH_ERROR_INIT;
    kh_store *s;
    write_file(path, "");
    refused(path, KH_STORE_READ, KH_EUSAGE, "no store");
    assert_int_equal(kh_store_open(&s, path, KH_STORE_CREATE, &err), KH_OK); /* an interrupted making goes on */
    kh_store_close(s);
    assert_int_equal(kh_store_open(&s, path, KH_STORE_READ, &err), KH_OK);
    kh_store_close(s);
    kh_free(path);
}

/* The schema as it was before its `version`-th migration, made with SQLite alone. */
static sqlite3 *store_before(const char *path, int version)
{
    sqlite3 *db;
    char mark[96];
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    for (const struct kh_embedded *e = kh_embedded_store; e->name; e++)
        if (strtol(e->name, NULL, 10) < version)
            assert_int_equal(sqlite3_exec(db, e->text, NULL, NULL, NULL), SQLITE_OK);
    snprintf(mark, sizeof mark, "PRAGMA user_version = %d; PRAGMA application_id = 1801807983", version - 1);
    assert_int_equal(sqlite3_exec(db, mark, NULL, NULL, NULL), SQLITE_OK);
    return db;
}

static int nothing_differs(void *ctx, kh_severity severity, const char *what, const char *text)
{
    (void)ctx, (void)severity;
    fail_msg("%s %s", what, text);
    return 0;
}

static void columns_of_an_older_store_keep_every_value(void **state)
{
    (void)state;
    static const char rows[] =
        "INSERT INTO revision VALUES (1, 'measure', 'm', 1, 'x', 'y', NULL, '', NULL, NULL, '2018-01-01', 'an');"
        "INSERT INTO measure VALUES (7, 'm', 'M', NULL, 'number', 'sum', 'sum', NULL, '[]', '{}', 1, NULL);"
        "INSERT INTO form VALUES (3, 'F', NULL, 'year', 'civil', 0, NULL, NULL, NULL, 1, NULL);"
        "INSERT INTO unit VALUES (1, '01', 'A', NULL, 'xa', NULL, NULL, NULL, NULL, '{}', NULL), (2, '02', 'B', NULL, 'xa', NULL, NULL, NULL, NULL, '{}', NULL);"
        "INSERT INTO period VALUES (9, '2018', 'year', 2018, '2018-01-01', '2018-12-31'), (4, '2017', 'year', 2017, '2017-01-01', '2017-12-31');"
        "INSERT INTO unit_list VALUES (1, 2, 'z'); INSERT INTO unit_list_member VALUES (1, 0, 1), (1, 1, 2);"
        "INSERT INTO submission VALUES (1, 3, 1, '2018', 1, 'superseded', 'a.csv', 's1', 't', 'an', 2, 2, NULL, NULL), (2, 3, 1, '2018', 2, 'current', 'b.csv', 's2', 't', 'an', 2, 3, NULL, NULL);"
        "INSERT INTO submission_chunk VALUES (9, 1, 0, 2, 1, 2, 1, NULL), (9, 2, 0, 2, 1, 2, 1, NULL), (4, 2, 0, 2, 1, 4, 1, NULL);"
        "INSERT INTO submission_column VALUES (9, 1, 7, 1, 0, '[1,null]', NULL), (9, 2, 7, 1, 0, '[1.50,2]', 3), (4, 2, 7, 1, 0, '[null,9]', '[null,1]');";
    kh_error err = KH_ERROR_INIT;
    world old = {.c = NULL};
    char *path = in_dir("four.db");
    snprintf(old.path, sizeof old.path, "%s", path);
    sqlite3 *db = store_before(path, 5);
    assert_int_equal(sqlite3_exec(db, rows, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
    refused(path, KH_STORE_READ, KH_EUSAGE, "older kehoach");
    kh_store *s;
    assert_int_equal(kh_store_open(&s, path, KH_STORE_WRITE, &err), KH_OK);
    assert_int_equal(kh_store_schema_check(s, nothing_differs, NULL, &err), 0);
    kh_store_close(s);
    char *columns = world_sql(&old, "SELECT period, submission, measure, cut, chunk, vals, lines, typeof(lines) FROM submission_column ORDER BY 2, 1"),
         *values = world_sql(&old, "SELECT unit, period, digits, line FROM v_value ORDER BY period, unit"), *keys = world_sql(&old, "PRAGMA foreign_key_check");
    assert_string_equal(columns, "9|1|7|1|0|[1,null]||null\n4|2|7|1|0|[null,9]|[null,1]|text\n9|2|7|1|0|[1.50,2]|3|integer");
    assert_string_equal(values, "02|2017|9|6\n01|2018|1.50|5\n02|2018|2|6");
    assert_string_equal(keys, "");
    assert_int_equal(world_exec(&old, "DELETE FROM submission_column"), SQLITE_CONSTRAINT);
    kh_free(columns);
    kh_free(values);
    kh_free(keys);
    kh_free(path);
}

static void a_store_has_the_settings_that_keep_it_safe(void **state)
{
    (void)state;
    static const struct { const char *pragma, *value; } settings[] = {{"PRAGMA journal_mode", "wal"}, {"PRAGMA page_size", "8192"}, {"PRAGMA application_id", "1801807983"}};
    for (size_t i = 0; i < COUNT(settings); i++) {
        char *got = world_sql(&W, settings[i].pragma);
        assert_string_equal(got, settings[i].value);
        kh_free(got);
    }
    static const struct { const char *pragma; int64_t value; } own[] = {{"PRAGMA foreign_keys", 1}, {"PRAGMA synchronous", 2}, {"PRAGMA trusted_schema", 0}};
    for (size_t i = 0; i < COUNT(own); i++) {
        int64_t v = -1;
        assert_int_equal(kh_stmt_int(W.s, &v, -1, NULL, own[i].pragma, KH_NO_ARGS), KH_OK);
        assert_int_equal(v, own[i].value);
    }
    char *strict = world_sql(&W, "SELECT group_concat(name) FROM pragma_table_list WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND NOT strict");
    assert_string_equal(strict, "");
    kh_free(strict);
}

static void a_second_writer_waits_and_is_told_who_holds_the_store(void **state)
{
    (void)state;
    kh_error err = KH_ERROR_INIT;
    kh_store *second;
    char words[32];
    kh_store_patience = 50;
    int go[2], done[2];
    char c;
    assert_int_equal(pipe(go) | pipe(done), 0);
    pid_t child = fork(); /* POSIX locks are a process's: the other writer must be another one */
    if (child == 0) {
        kh_store *s;
        bool good = kh_store_open(&s, W.path, KH_STORE_WRITE, NULL) == KH_OK && kh_store_begin(s, NULL) == KH_OK && write(go[1], "x", 1) == 1 && read(done[0], &c, 1) == 1;
        _exit(good ? 0 : 1);
    }
    assert_int_equal(read(go[0], &c, 1), 1);
    assert_int_equal(kh_store_open(&second, W.path, KH_STORE_WRITE, &err), KH_OK);
    assert_int_equal(kh_store_begin(second, &err), KH_EBUSY);
    snprintf(words, sizeof words, "process %d", (int)child);
    if (!strstr(err.text, words))
        fail_msg("%s", err.text);
    kh_store_close(second);
    assert_int_equal(write(done[1], "x", 1), 1);
    int status;
    waitpid(child, &status, 0);
    assert_int_equal(status, 0);
    kh_store_patience = 5000;
    kh_error_clear(&err);
    close(go[0]), close(go[1]), close(done[0]), close(done[1]);
}

static void a_reader_sees_the_last_commit_while_another_writes(void **state)
{
    (void)state;
    kh_error err = KH_ERROR_INIT;
    kh_store *reader;
    char *value = NULL;
    assert_int_equal(kh_store_meta_set(W.s, "colour", "green", &err), KH_OK);
    assert_int_equal(kh_store_begin(W.s, &err), KH_OK);
    assert_int_equal(kh_store_meta_set(W.s, "colour", "red", &err), KH_OK);
    assert_int_equal(kh_store_open(&reader, W.path, KH_STORE_READ, &err), KH_OK);
    assert_int_equal(kh_store_meta_get(reader, "colour", &value, &err), KH_OK);
    assert_string_equal(value, "green");
    kh_free(value);
    assert_int_equal(kh_store_commit(W.s, &err), KH_OK);
    assert_int_equal(kh_store_meta_get(reader, "colour", &value, &err), KH_OK);
    assert_string_equal(value, "red");
    kh_free(value);
    kh_store_close(reader);
}

static void a_store_opened_to_read_cannot_be_written(void **state)
{
    (void)state;
    kh_error err = KH_ERROR_INIT;
    kh_store *s;
    assert_int_equal(kh_store_open(&s, W.path, KH_STORE_READ, &err), KH_OK);
    assert_int_equal(kh_store_begin(s, &err), KH_ESTORE);
    assert_int_not_equal(kh_store_meta_set(s, "a", "b", &err), KH_OK);
    kh_store_close(s);
    kh_error_clear(&err);
}

/* In a process that is nobody: what it may do is in its exit status. */
static int as_nobody(const char *path, char *text, size_t room)
{
    int out[2], status;
    if (pipe(out) != 0)
        return -1;
    pid_t child = fork();
    if (child == 0) {
        kh_error err = KH_ERROR_INIT;
        kh_store *s = NULL;
        int64_t periods = -1;
        int rc = setgid(65534) != 0 || setuid(65534) != 0 ? 99 : kh_store_open(&s, path, KH_STORE_READ, &err);
        if (rc == KH_OK)
            rc = kh_stmt_int(s, &periods, 0, &err, "SELECT count(*) FROM measure", KH_NO_ARGS);
        ssize_t n = write(out[1], err.text ? err.text : "ok", err.text ? strlen(err.text) : 2);
        kh_store_close(s);
        kh_error_clear(&err);
        _exit(n < 0 ? 98 : -rc);
    }
    close(out[1]);
    ssize_t n = read(out[0], text, room - 1);
    text[n > 0 ? n : 0] = '\0';
    close(out[0]);
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void who_may_only_read_the_folder_can_read_the_store(void **state)
{
    (void)state;
    char text[3][1024];
    if (geteuid() != 0)
        skip();
    assert_int_equal(chmod(W.dir, 0755), 0);
    kh_store_close(W.s);
    W.s = NULL;
    int kept = as_nobody(W.path, text[0], sizeof text[0]); /* -wal and -shm were kept */
    world_reopen(&W, KH_STORE_WRITE);
    int open = as_nobody(W.path, text[1], sizeof text[1]); /* and while a writer has it open */
    kh_store_close(W.s);
    W.s = NULL;
    char *wal = in_dir("k.db-wal"), *shm = in_dir("k.db-shm");
    unlink(wal);
    unlink(shm);
    kh_free(wal);
    kh_free(shm);
    int neither = as_nobody(W.path, text[2], sizeof text[2]);
    world_reopen(&W, KH_STORE_WRITE); /* before any verdict: the tests that follow need it */
    if (kept != 0 || open != 0)
        fail_msg("%d %s, %d %s", kept, text[0], open, text[1]);
    assert_int_equal(neither, -KH_ESTORE);
    if (!strstr(text[2], "kehoach backup"))
        fail_msg("%s", text[2]);
}

static void stores_in_memory_do_not_meet_and_can_be_queried(void **state)
{
    (void)state;
    kh_error err = KH_ERROR_INIT;
    kh_store *a, *b;
    kh_rows *r;
    bool row;
    kh_sql_value v;
    char *value;
    assert_int_equal(kh_store_open(&a, NULL, KH_STORE_MEMORY, &err), KH_OK);
    assert_int_equal(kh_store_open(&b, NULL, KH_STORE_MEMORY, &err), KH_OK);
    assert_int_equal(kh_store_meta_set(a, "x", "1", &err), KH_OK);
    assert_int_equal(kh_store_meta_get(b, "x", &value, &err), KH_OK);
    assert_null(value);
    assert_int_equal(kh_store_query(a, "SELECT value FROM meta WHERE key = 'x'", NULL, 0, NULL, &r, &err), KH_OK);
    assert_int_equal(kh_rows_next(r, &row, &err), KH_OK);
    kh_rows_value(r, 0, &v);
    assert_string_equal(v.text, "1");
    kh_rows_close(r);
    kh_store_close(a);
    kh_store_close(b);
}

static void a_damaged_store_is_an_error_and_no_crash(void **state)
{
    (void)state;
    char *copy = in_dir("bad.db"), *command = kh_asprintf("sqlite3 %s 'VACUUM INTO ''%s'''", W.path, copy);
    char *sql = kh_asprintf("VACUUM INTO '%s'", copy);
    assert_int_equal(world_exec(&W, sql), SQLITE_OK);
    FILE *f = fopen(copy, "r+");
    assert_non_null(f);
    for (long at = 200; at < 400000; at += 97) {
        fseek(f, at, SEEK_SET);
        fputc((int)(at % 251), f);
    }
    fclose(f);
    kh_error err = KH_ERROR_INIT;
    kh_store *s = NULL;
    int rc = kh_store_open(&s, copy, KH_STORE_READ, &err);
    if (rc == KH_OK)
        rc = kh_store_bind(s, W.c, &err);
    assert_int_equal(rc, KH_ESTORE);
    assert_non_null(strstr(err.text, "damaged"));
    kh_store_close(s);
    kh_error_clear(&err);
    kh_free(command);
    kh_free(sql);
    kh_free(copy);
    assert_int_equal(kh_store_bind(W.s, W.c, &err), KH_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_store_that_is_not_there_says_what_makes_one),
        cmocka_unit_test(a_file_that_is_no_store_is_left_as_it_is),
        cmocka_unit_test(a_database_of_another_program_is_refused),
        cmocka_unit_test(a_newer_store_is_refused_and_names_both_versions),
        cmocka_unit_test(columns_of_an_older_store_keep_every_value),
        cmocka_unit_test(an_older_store_is_only_brought_up_by_who_may_write),
        cmocka_unit_test(a_store_has_the_settings_that_keep_it_safe),
        cmocka_unit_test(a_second_writer_waits_and_is_told_who_holds_the_store),
        cmocka_unit_test(a_reader_sees_the_last_commit_while_another_writes),
        cmocka_unit_test(a_store_opened_to_read_cannot_be_written),
        cmocka_unit_test(who_may_only_read_the_folder_can_read_the_store),
        cmocka_unit_test(stores_in_memory_do_not_meet_and_can_be_queried),
        cmocka_unit_test(a_damaged_store_is_an_error_and_no_crash),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}

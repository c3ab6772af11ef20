/* SPDX-License-Identifier: MIT */
#include "../cm.h"
#include "world.h"

#include <time.h>

static world W;

static int setup(void **state)
{
    (void)state;
    world_open(&W);
    kh_return *r = world_return(&W, W_FORM_A, W.district[0], "2018Q1", "a.csv");
    for (int i = 0; i < W_FEW; i++) {
        char number[16];
        snprintf(number, sizeof number, "%d", 100 + i);
        world_set(&W, r, "2018Q1", W.commune[i], W_INTEGER, KH_NO_CUT, number, (uint32_t)i + 2);
    }
    world_must_put(&W, r);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    world_close(&W);
    return 0;
}

static kh_sql_limits short_limits = {.seconds = 0.4, .rows = 5000, .bytes = 1 << 20, .memory = 16 << 20};

/* The code that the query ends with, at once or while its rows are pulled. */
static int run(const char *sql, int64_t *rows, char *text, size_t room)
{
    kh_error err = KH_ERROR_INIT;
    kh_rows *r = NULL;
    bool row = true;
    *rows = 0;
    text[0] = '\0';
    int rc = kh_store_query(W.s, sql, NULL, 0, &short_limits, &r, &err);
    while (rc == KH_OK && (rc = kh_rows_next(r, &row, &err)) == KH_OK && row)
        ++*rows;
    snprintf(text, room, "%s", err.text ? err.text : "");
    kh_rows_close(r);
    kh_error_clear(&err);
    return rc;
}

static const char *const hostile[] = {
    /* changing */
    "INSERT INTO meta (key, value) VALUES ('a', 'b')",
    "UPDATE submission SET status = 'withdrawn'",
    "DELETE FROM audit",
    "REPLACE INTO meta VALUES ('a', 'b')",
    "CREATE TABLE t (a)",
    "CREATE TEMP TABLE t (a)",
    "CREATE TEMP VIEW t AS SELECT 1",
    "CREATE TEMP TRIGGER t AFTER INSERT ON meta BEGIN SELECT 1; END",
    "CREATE VIRTUAL TABLE temp.t USING fts3(a)",
    "CREATE VIRTUAL TABLE t USING fts5(a)",
    "CREATE INDEX i ON meta (value)",
    "DROP TABLE audit",
    "DROP VIEW v_value",
    "ALTER TABLE meta RENAME TO m",
    "WITH x AS (SELECT 1) DELETE FROM audit",
    "INSERT INTO meta SELECT * FROM meta RETURNING *",
    "VACUUM",
    "VACUUM INTO '/tmp/kehoach-stolen.db'",
    "REINDEX",
    "ANALYZE",
    /* transactions and connections */
    "BEGIN",
    "BEGIN IMMEDIATE",
    "COMMIT",
    "ROLLBACK",
    "SAVEPOINT a",
    "RELEASE a",
    "ATTACH '/etc/passwd' AS p",
    "ATTACH ':memory:' AS m",
    "ATTACH 'file:/tmp/x?mode=rwc' AS m",
    "DETACH main",
    /* settings */
    "PRAGMA journal_mode = DELETE",
    "PRAGMA writable_schema = ON",
    "PRAGMA query_only = OFF",
    "PRAGMA trusted_schema = ON",
    "PRAGMA user_version",
    "PRAGMA database_list",
    "SELECT * FROM pragma_database_list",
    "SELECT * FROM pragma_table_info('meta')",
    "SELECT * FROM pragma_compile_options",
    "SELECT * FROM pragma_function_list",
    /* tables of the program and of the machine */
    "SELECT * FROM sqlite_stmt",
    "SELECT * FROM dbstat",
    "SELECT count(*) FROM dbstat",
    "SELECT count(*) FROM DBSTAT",
    "SELECT count(*) FROM sqlite_stmt",
    "SELECT count(*) FROM pragma_database_list",
    "SELECT count(*) FROM fts5vocab",
    "SELECT count(*) FROM rtree",
    "SELECT * FROM sqlite_dbpage",
    "SELECT * FROM sqlite_temp_master",
    "SELECT * FROM bytecode('SELECT 1')",
    "SELECT * FROM fts3tokenize('simple', 'a b')",
    /* functions */
    "SELECT load_extension('/tmp/x.so')",
    "SELECT load_extension('/tmp/x.so', 'init')",
    "SELECT fts3_tokenizer('simple')",
    "SELECT fts3_tokenizer('simple', x'4141414141414141')",
    "SELECT zeroblob(1000000000)",
    "SELECT randomblob(1000000000)",
    "SELECT printf('%.*c', 2000000000, 'x')",
    "SELECT format('%*d', 2000000000, 1)",
    "SELECT printf('%2000000000d', 1)",
    "SELECT printf('%.2000000000f', 1.0)",
    "SELECT printf('%100000d', 1)",
    "SELECT json_patch('{}', '{}')",
    "SELECT sqlite_source_id()",
    "SELECT sqlite_compileoption_get(1)",
    "SELECT trim('x', printf('%s%s%s', quote(printf('%99s', 'a')), quote(printf('%99s', 'b')), 'c'))",
    "SELECT snippet('a')",
    "SELECT readfile('/etc/passwd')",
    "SELECT writefile('/tmp/kehoach-x', 'a')",
    "SELECT edit('a')",
    /* more or less than one statement */
    "SELECT 1; SELECT 2",
    "SELECT 1; DROP TABLE audit",
    "SELECT 1;;; PRAGMA user_version",
    "",
    "   ",
    "-- nothing",
    "/* nothing */ ;",
    "EXPLAIN SELECT 1",
    "EXPLAIN QUERY PLAN SELECT 1",
    "EXPLAIN DELETE FROM audit",
    "SELECT",
    "SELEKT 1",
    "SELECT ?",
    /* without end or without measure */
    "WITH RECURSIVE c (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT count(*) FROM c",
    "WITH RECURSIVE c (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT x FROM c",
    "WITH RECURSIVE c (x) AS (SELECT 1 UNION SELECT x + 1 FROM c) SELECT max(x) FROM c",
    "WITH RECURSIVE c (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c LIMIT 10000000) SELECT x FROM c ORDER BY x DESC",
    "WITH RECURSIVE c (x) AS (SELECT 'a' UNION ALL SELECT x || x FROM c) SELECT length(x) FROM c",
    "WITH RECURSIVE c (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c LIMIT 1000000) SELECT group_concat(x) FROM c",
    "WITH RECURSIVE c (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c LIMIT 10000000) SELECT count(*) FROM (SELECT DISTINCT x || 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' FROM c)",
    "SELECT count(*) FROM unit a, unit b, unit c, unit d, unit e",
    "SELECT a.code FROM unit a, unit b, unit c",
    "SELECT replace(replace(replace(hex(hex(json_array(1,2,3,4,5,6,7,8,9,10,11,12))), '3', '33333333333333333333333333'), '3', '33333333333333333333333333333333'), '3', '3333333333333333333333333333333')",
    "SELECT 'a' LIKE '%a%a%a%a%a%a%a%a%a%a%a%a%a%a%a%a%a%a%a%a%a%a%a%a%a%a%a%a%a%a'",
    ("SELECT 1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+"
     "1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1"),
};

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void every_hostile_statement_is_refused_or_stopped_with_a_reason(void **state)
{
    (void)state;
    char text[512];
    int64_t rows;
    char *before = world_sql(&W, "SELECT count(*) FROM sqlite_schema"), *after;
    for (size_t i = 0; i < COUNT(hostile); i++) {
        double from = seconds();
        int rc = run(hostile[i], &rows, text, sizeof text);
        if (rc != KH_EUSAGE && rc != KH_ESCRIPT)
            fail_msg("not refused (%d): %s", rc, hostile[i]);
        if (!text[0])
            fail_msg("no reason: %s", hostile[i]);
        if (seconds() - from > 5)
            fail_msg("took %g s: %s", seconds() - from, hostile[i]);
    }
    after = world_sql(&W, "SELECT count(*) FROM sqlite_schema");
    assert_string_equal(before, after);
    kh_free(before);
    kh_free(after);
    assert_int_not_equal(access("/tmp/kehoach-stolen.db", F_OK), 0);
    assert_int_not_equal(access("/tmp/kehoach-x", F_OK), 0);
}

static const struct { const char *sql, *first; } legitimate[] = {
    {"SELECT 1", "1"},
    {"SELECT 1;", "1"},
    {"SELECT 1; -- that is all", "1"},
    {"/* first */ SELECT 1 ; ; /* done */", "1"},
    {"VALUES (7)", "7"},
    {"SELECT count(*) FROM v_value", "60"},
    {"SELECT sum(value) FROM v_value WHERE measure = 'people' AND period = '2018Q1'", "7770"},
    {"SELECT digits FROM v_value WHERE unit = '06000'", "100"},
    {"SELECT value FROM v_value_by_unit WHERE unit = '06003'", "101"},
    {"SELECT line FROM v_value_by_unit WHERE unit = '06003'", "3"},
    {"SELECT title FROM v_unit WHERE code = '20'", "Tỉnh Lạng Sơn"},
    {"SELECT count(*) FROM v_task WHERE role = 'with'", "11"},
    {"SELECT comparator || lo FROM v_target", "at_least85.5"},
    {"SELECT expected || '/' || received FROM v_completeness WHERE form = 'DB-01'", "11/1"},
    {"SELECT count(*) FROM v_missing WHERE form = 'DB-01'", "10"},
    {"SELECT form || sender || span || version FROM v_submission", "DB-011802018Q11"},
    {"SELECT what FROM v_audit ORDER BY n DESC LIMIT 1", "submit"},
    {"SELECT name FROM sqlite_schema WHERE name = 'audit'", "audit"},
    {"SELECT json_extract(vals, '$[2]') FROM submission_column", "102"},
    {"WITH RECURSIVE c (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 1000) SELECT sum(x) FROM c", "500500"},
    {"WITH a (x) AS (VALUES (1), (2)) SELECT count(*) FROM a", "2"},
    {"WITH a AS MATERIALIZED (SELECT 1) SELECT 5 FROM a, V_Unit LIMIT 1", "5"},
    {"SELECT count(*) FROM (SELECT 1 UNION SELECT 2) AS q", "2"},
    {"SELECT count(*) FROM Unit u WHERE EXISTS (SELECT 1 FROM unit_kind)", "1112"},
    {"SELECT max(rank) FROM (SELECT rank() OVER (ORDER BY value) AS rank FROM v_value)", "60"},
    {"SELECT printf('%05.1f|%-5s|%d|%s%%', 3.14159, 'ab', 42, 'x')", "003.1|ab   |42|x%"},
    {"SELECT format('%,d', 1234567)", "1,234,567"},
    {"SELECT instr('Lạng Sơn', 'Sơn')", "6"},
    {"SELECT instr('abc', 'x')", "0"},
    {"SELECT instr('abc', '')", "1"},
    {"SELECT replace('a-b-c', '-', '+')", "a+b+c"},
    {"SELECT trim('  a b  ')", "a b"},
    {"SELECT trim('xxaxx', 'x') || ltrim('xxa', 'x') || rtrim('axx', 'x')", "aaa"},
    {"SELECT group_concat(code, ',') FROM (SELECT code FROM measure ORDER BY code LIMIT 2)", "area,budget"},
    {"SELECT CAST(sum(value) AS TEXT) FROM v_value WHERE unit LIKE '060%' AND cut = ''", "3961"},
    {"SELECT count(DISTINCT unit) FROM v_value GROUP BY period HAVING count(*) > 1", "60"},
    {"SELECT strftime('%Y', '2018-04-05')", "2018"},
    {"SELECT round(100.0 * 5 / 3, 1)", "166.7"},
    {"SELECT 'a' || x'' IS NULL", "0"},
};

static void every_legitimate_query_runs_and_gives_its_answer(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(legitimate); i++) {
        kh_error err = KH_ERROR_INIT;
        kh_rows *r = NULL;
        kh_sql_value v;
        bool row = false;
        char text[256];
        int rc = kh_store_query(W.s, legitimate[i].sql, NULL, 0, NULL, &r, &err);
        if (rc == KH_OK)
            rc = kh_rows_next(r, &row, &err);
        if (rc != KH_OK || !row)
            fail_msg("%s: %s", legitimate[i].sql, err.text ? err.text : "no row");
        kh_rows_value(r, 0, &v);
        if (v.type == KH_SQL_INT)
            snprintf(text, sizeof text, "%lld", (long long)v.i);
        else if (v.type == KH_SQL_REAL)
            snprintf(text, sizeof text, "%.15g", v.r);
        else
            snprintf(text, sizeof text, "%.*s", (int)v.len, v.text ? v.text : "NULL");
        if (strcmp(text, legitimate[i].first) != 0)
            fail_msg("%s: %s and not %s", legitimate[i].sql, text, legitimate[i].first);
        kh_rows_close(r);
    }
}

static void a_refusal_names_what_was_refused(void **state)
{
    (void)state;
    char text[512];
    int64_t rows;
    run("SELECT load_extension('x')", &rows, text, sizeof text);
    assert_non_null(strstr(text, "load_extension"));
    run("SELECT * FROM sqlite_temp_master", &rows, text, sizeof text);
    assert_non_null(strstr(text, "sqlite_temp_master"));
    run("PRAGMA user_version", &rows, text, sizeof text);
    assert_non_null(strstr(text, "PRAGMA"));
    run("SELECT nothing FROM v_value", &rows, text, sizeof text);
    assert_non_null(strstr(text, "nothing"));
}

static void each_limit_says_which_it_was(void **state)
{
    (void)state;
    char text[512];
    int64_t rows;
    short_limits.seconds = 60; /* a busy machine must not meet this one first */
    assert_int_equal(run("WITH RECURSIVE c (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c LIMIT 6000) SELECT x FROM c", &rows, text, sizeof text), KH_ESCRIPT);
    assert_int_equal(rows, 5000);
    assert_non_null(strstr(text, "5000 rows"));
    assert_int_equal(run("WITH RECURSIVE c (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c LIMIT 4000) SELECT x, printf('%99s%99s%99s%99s', x, x, x, x) FROM c", &rows, text, sizeof text), KH_ESCRIPT);
    assert_non_null(strstr(text, "1 MB"));
    short_limits.seconds = 600; /* memory is to end it, however slow the machine */
    assert_int_equal(run("WITH RECURSIVE c (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c LIMIT 300000), p (x, y) AS (SELECT x, printf('%99s%99s%99s%99s%99s%99s%99s%99s', x, x, x, x, x, x, x, x) FROM c) "
                         "SELECT x, y || y || y || y || y || y || y || y AS z FROM p ORDER BY z LIMIT 400000", &rows, text, sizeof text), KH_ESCRIPT);
    assert_non_null(strstr(text, "16 MB of memory"));
    short_limits.seconds = 0.4;
    if (run("WITH RECURSIVE c (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT count(*) FROM c", &rows, text, sizeof text) != KH_ESCRIPT)
        fail_msg("%s", text);
    assert_non_null(strstr(text, "0.4 seconds"));
    assert_int_equal(sqlite3_hard_heap_limit64(-1), 0); /* and none outlives its query */
}

static void a_table_that_another_program_made_may_not_be_read(void **state)
{
    (void)state;
    char text[512];
    int64_t rows;
    assert_int_equal(world_exec(&W, "CREATE TABLE mine (a); CREATE VIEW v_mine AS SELECT * FROM mine"), SQLITE_OK);
    world_reopen(&W, KH_STORE_WRITE);
    assert_int_equal(run("SELECT * FROM mine", &rows, text, sizeof text), KH_EUSAGE);
    assert_int_equal(run("SELECT count(*) FROM Mine", &rows, text, sizeof text), KH_EUSAGE);
    assert_int_equal(run("SELECT * FROM v_mine", &rows, text, sizeof text), KH_EUSAGE);
    assert_int_equal(run("SELECT count(*) FROM v_value", &rows, text, sizeof text), KH_OK); /* and takes nothing from the others */
    assert_int_equal(world_exec(&W, "DROP VIEW v_mine; DROP TABLE mine"), SQLITE_OK);
}

static void values_keep_their_types_and_parameters_are_bound(void **state)
{
    (void)state;
    kh_error err = KH_ERROR_INIT;
    kh_rows *r;
    bool row;
    kh_sql_value v;
    const kh_sql_value p[] = {{.type = KH_SQL_INT, .i = INT64_MAX}, {.type = KH_SQL_REAL, .r = 2.5}, {.type = KH_SQL_TEXT, .text = "Lạng\0Sơn", .len = 10}, {.type = KH_SQL_NULL}};
    assert_int_equal(kh_store_query(W.s, "SELECT ? AS a, ?, ?, ?", p, 4, NULL, &r, &err), KH_OK);
    assert_int_equal(kh_rows_columns(r), 4);
    assert_string_equal(kh_rows_name(r, 0), "a");
    assert_int_equal(kh_rows_next(r, &row, &err), KH_OK);
    assert_true(row);
    kh_rows_value(r, 0, &v);
    assert_true(v.type == KH_SQL_INT && v.i == INT64_MAX);
    kh_rows_value(r, 1, &v);
    assert_true(v.type == KH_SQL_REAL && v.r == 2.5);
    kh_rows_value(r, 2, &v);
    assert_true(v.type == KH_SQL_TEXT && v.len == 10 && memcmp(v.text, "Lạng\0Sơn", 10) == 0);
    kh_rows_value(r, 3, &v);
    assert_true(v.type == KH_SQL_NULL);
    kh_rows_value(r, 4, &v);
    assert_true(v.type == KH_SQL_NULL);
    assert_int_equal(kh_rows_next(r, &row, &err), KH_OK);
    assert_false(row);
    assert_int_equal(kh_rows_next(r, &row, &err), KH_OK);
    assert_false(row);
    kh_rows_close(r);
    assert_int_equal(kh_store_query(W.s, "SELECT ?", p, 2, NULL, &r, &err), KH_EUSAGE);
    kh_error_clear(&err);
}

static void two_queries_at_once_do_not_disturb_each_other(void **state)
{
    (void)state;
    kh_error err = KH_ERROR_INIT;
    kh_rows *a, *b;
    bool row;
    int na = 0, nb = 0;
    assert_int_equal(kh_store_query(W.s, "SELECT unit FROM v_value", NULL, 0, NULL, &a, &err), KH_OK);
    assert_int_equal(kh_store_query(W.s, "SELECT code FROM measure", NULL, 0, NULL, &b, &err), KH_OK);
    while (kh_rows_next(a, &row, &err) == KH_OK && row) {
        na++;
        if (kh_rows_next(b, &row, &err) == KH_OK && row)
            nb++;
    }
    kh_rows_close(b);
    kh_rows_close(a);
    assert_int_equal(na, 60);
    assert_int_equal(nb, W_MEASURES);
}

static void closing_the_store_ends_its_queries_and_their_handles_stay_safe(void **state)
{
    (void)state;
    kh_error err = KH_ERROR_INIT;
    kh_rows *r;
    bool row;
    kh_sql_value v;
    assert_int_equal(kh_store_query(W.s, "SELECT unit FROM v_value", NULL, 0, NULL, &r, &err), KH_OK);
    assert_int_equal(kh_rows_next(r, &row, &err), KH_OK);
    world_reopen(&W, KH_STORE_WRITE);
    assert_int_equal(kh_rows_next(r, &row, &err), KH_EUSAGE);
    assert_int_equal(kh_rows_columns(r), 0);
    kh_rows_value(r, 0, &v);
    assert_true(v.type == KH_SQL_NULL);
    kh_rows_close(r);
    kh_error_clear(&err);
}

static void the_tables_that_may_be_read_are_exactly_those_of_the_schema(void **state)
{
    (void)state;
    char *names = world_sql(&W, "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view')"), *save = NULL, text[512];
    int64_t rows;
    for (char *name = strtok_r(names, "\n", &save); name; name = strtok_r(NULL, "\n", &save)) {
        char *sql = kh_asprintf("SELECT * FROM %s LIMIT 1", name);
        if (run(sql, &rows, text, sizeof text) != KH_OK)
            fail_msg("%s: %s", name, text);
        kh_free(sql);
    }
    kh_free(names);
}

static void a_view_that_another_program_changed_is_not_trusted(void **state)
{
    (void)state;
    char text[512];
    int64_t rows;
    char *sql = world_sql(&W, "SELECT sql FROM sqlite_schema WHERE name = 'v_value'");
    assert_int_equal(world_exec(&W, "DROP VIEW v_value; CREATE VIEW v_value AS SELECT json_extract('[1]', '$[0]') AS value"), SQLITE_OK);
    world_reopen(&W, KH_STORE_WRITE);
    assert_int_not_equal(run("SELECT * FROM v_value", &rows, text, sizeof text), KH_OK);
    assert_int_equal(world_exec(&W, "DROP VIEW v_value"), SQLITE_OK);
    assert_int_equal(world_exec(&W, sql), SQLITE_OK);
    world_reopen(&W, KH_STORE_WRITE);
    assert_int_equal(run("SELECT * FROM v_value", &rows, text, sizeof text), KH_OK);
    kh_free(sql);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_legitimate_query_runs_and_gives_its_answer),
        cmocka_unit_test(every_hostile_statement_is_refused_or_stopped_with_a_reason),
        cmocka_unit_test(a_refusal_names_what_was_refused),
        cmocka_unit_test(each_limit_says_which_it_was),
        cmocka_unit_test(a_table_that_another_program_made_may_not_be_read),
        cmocka_unit_test(values_keep_their_types_and_parameters_are_bound),
        cmocka_unit_test(two_queries_at_once_do_not_disturb_each_other),
        cmocka_unit_test(closing_the_store_ends_its_queries_and_their_handles_stay_safe),
        cmocka_unit_test(the_tables_that_may_be_read_are_exactly_those_of_the_schema),
        cmocka_unit_test(a_view_that_another_program_changed_is_not_trusted),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}

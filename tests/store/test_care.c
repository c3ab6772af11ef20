/* SPDX-License-Identifier: MIT */
#include "../cm.h"
#include "base/hash.h"
#include "world.h"

#include <sys/wait.h>

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

static void same(world *w, const char *sql, const char *expected)
{
    char *got = world_sql(w, sql);
    assert_string_equal(got, expected);
    kh_free(got);
}

static kh_period period(const char *name)
{
    return kh_period_parse(name, strlen(name));
}

static kh_return *one(world *w, const char *span, const char *at, const char *file, const char *value)
{
    kh_return *r = world_return(w, W_FORM_A, w->district[0], span, file);
    world_set(w, r, at, w->commune[0], W_INTEGER, KH_NO_CUT, value, 2);
    return r;
}

/* ---- locks ---- */

static void a_locked_period_and_all_within_it_refuse_changes(void **state)
{
    world *w = *state;
    kh_error err = KH_ERROR_INIT;
    kh_findings *f = kh_findings_new();
    const kh_finding *list;
    world_must_put(w, one(w, "2018Q1", "2018Q1", "a.csv", "1"));
    assert_int_equal(kh_store_lock(w->s, period("2018"), "quyết toán", &err), KH_OK);
    assert_int_equal(world_put(w, one(w, "2018Q1", "2018Q1", "b.csv", "2"), f, NULL), KH_EFAULTS);
    assert_int_equal(kh_findings_all(f, &list), 1);
    assert_string_equal(list[0].code, "LOCKED");
    assert_string_equal(list[0].file, "b.csv");
    assert_int_equal(world_put(w, one(w, "2018-05", "2018-05", "c.csv", "2"), NULL, NULL), KH_EFAULTS);
    assert_int_equal(world_put(w, one(w, "2017", "2017", "d.csv", "2"), NULL, NULL), KH_OK);
    same(w, "SELECT count(*) FROM submission", "2");
    kh_findings_free(f);
}

static void a_correction_that_only_takes_values_out_of_a_locked_period_is_refused(void **state)
{
    world *w = *state;
    kh_error err = KH_ERROR_INIT;
    kh_return *r = one(w, "2017-11..2018-02", "2018-01", "a.csv", "1");
    world_set(w, r, "2017-12", w->commune[1], W_INTEGER, KH_NO_CUT, "5", 3);
    r->period = KH_NO_PERIOD;
    int64_t id = world_must_put(w, r);
    assert_int_equal(kh_store_lock(w->s, period("2018-01"), "x", &err), KH_OK);
    r = one(w, "2017-11..2018-02", "2017-12", "b.csv", "2");
    r->period = KH_NO_PERIOD;
    assert_int_equal(world_put(w, r, NULL, NULL), KH_EFAULTS);
    assert_int_equal(kh_store_withdraw(w->s, w->c, id, "x", &err), KH_EFAULTS);
    assert_non_null(strstr(err.text, "2018-01"));
    kh_error_clear(&err);
}

static int count_locks(void *ctx, kh_period p, const char *at, const char *by, const char *reason)
{
    (void)p, (void)at, (void)by, (void)reason;
    ++*(int *)ctx;
    return 0;
}

static void opening_a_lock_needs_a_reason_and_both_are_audited(void **state)
{
    world *w = *state;
    kh_error err = KH_ERROR_INIT;
    kh_period by;
    int n = 0;
    assert_int_equal(kh_store_lock(w->s, period("2018Q1"), "đã duyệt", &err), KH_OK);
    assert_int_equal(kh_store_lock(w->s, period("2018Q1"), "again", &err), KH_EUSAGE);
    assert_int_equal(kh_store_locked(w->s, period("2018-03-31"), &by, &err), KH_OK);
    assert_int_equal(by, period("2018Q1"));
    assert_int_equal(kh_store_locked(w->s, period("2018"), &by, &err), KH_OK);
    assert_int_equal(by, KH_NO_PERIOD);
    assert_int_equal(kh_store_unlock(w->s, period("2018Q1"), "", &err), KH_EUSAGE);
    assert_int_equal(kh_store_unlock(w->s, period("2018-02"), "x", &err), KH_EUSAGE);
    assert_non_null(strstr(err.text, "2018Q1")); /* the lock that covers it is named */
    assert_int_equal(kh_store_unlock(w->s, period("2018Q2"), "x", &err), KH_EUSAGE);
    assert_int_equal(kh_store_locks(w->s, count_locks, &n, &err), KH_OK);
    assert_int_equal(n, 1);
    assert_int_equal(kh_store_unlock(w->s, period("2018Q1"), "sai số liệu", &err), KH_OK);
    same(w, "SELECT what, detail ->> 'period', detail ->> 'reason' FROM v_audit WHERE what LIKE '%lock' ORDER BY n", "lock|2018Q1|đã duyệt\nunlock|2018Q1|sai số liệu");
    world_must_put(w, one(w, "2018Q1", "2018Q1", "a.csv", "1"));
    kh_error_clear(&err);
}

/* ---- the audit ---- */

static void verified(world *w, int64_t entries, int64_t first_bad)
{
    kh_error err = KH_ERROR_INIT;
    int64_t n = -1, bad = -1;
    assert_int_equal(kh_store_audit_verify(w->s, &n, &bad, &err), KH_OK);
    assert_int_equal(n, entries);
    assert_int_equal(bad, first_bad);
}

static void write_audit(world *w)
{
    kh_error err = KH_ERROR_INIT;
    for (int i = 0; i < 9; i++)
        assert_int_equal(kh_store_audit(w->s, "note", i % 2 ? "lẻ" : "chẵn", &err), KH_OK); /* with "load": 10 entries */
}

static void every_change_of_the_audit_is_found(void **state)
{
    static const struct { const char *sql; int64_t entries, bad; } tamper[] = {
        {"UPDATE audit SET detail = 'x' WHERE n = 4", 10, 4},
        {"UPDATE audit SET \"by\" = 'x' WHERE n = 1", 10, 1},
        {"UPDATE audit SET at = 'x' WHERE n = 10", 10, 10},
        {"UPDATE audit SET hash = prev WHERE n = 5", 10, 5},
        {"UPDATE audit SET prev = hash WHERE n = 5", 10, 5},
        {"DELETE FROM audit WHERE n = 1", 9, 1},
        {"DELETE FROM audit WHERE n = 6", 9, 6},
        {"DELETE FROM audit WHERE n = 10", 9, 10},
        {"DELETE FROM audit WHERE n > 3", 3, 4},
        {"DELETE FROM audit", 0, 1},
        {"DELETE FROM audit WHERE n = 6; UPDATE audit SET n = n - 1 WHERE n > 6", 9, 6},
        {"INSERT INTO audit SELECT 11, at, \"by\", what, detail, hash, prev FROM audit WHERE n = 10", 11, 11},
        {"INSERT INTO audit SELECT 0, at, \"by\", what, detail, prev, hash FROM audit WHERE n = 1", 11, 1},
    };
    world *w = *state;
    write_audit(w);
    verified(w, 10, 0);
    for (size_t i = 0; i < COUNT(tamper); i++) {
        world copy = *w;
        kh_error err = KH_ERROR_INIT;
        char *sql = kh_asprintf("DROP TRIGGER audit_fixed; DROP TRIGGER audit_kept; %s", tamper[i].sql);
        snprintf(copy.path, sizeof copy.path, "%s/t%zu.db", w->dir, i);
        assert_int_equal(kh_store_backup(w->s, copy.path, &err), KH_OK);
        assert_int_equal(world_exec(&copy, sql), SQLITE_OK);
        assert_int_equal(kh_store_open(&copy.s, copy.path, KH_STORE_READ, &err), KH_OK);
        verified(&copy, tamper[i].entries, tamper[i].bad);
        kh_store_close(copy.s);
        kh_free(sql);
    }
}

static void an_audit_hash_is_that_of_a_json_array_any_tool_can_make(void **state)
{
    world *w = *state;
    char *text = world_sql(w, "SELECT json_array(n, at, \"by\", what, detail, prev) FROM audit WHERE n = 1"), *hash = world_sql(w, "SELECT hash FROM audit WHERE n = 1"), mine[65];
    kh_sha256_of(text, strlen(text), mine);
    assert_string_equal(mine, hash);
    kh_free(text);
    kh_free(hash);
}

static void what_is_rolled_back_is_not_in_the_audit(void **state)
{
    world *w = *state;
    kh_error err = KH_ERROR_INIT;
    assert_int_equal(kh_store_begin(w->s, &err), KH_OK);
    assert_int_equal(kh_store_audit(w->s, "note", "x", &err), KH_OK);
    kh_store_rollback(w->s);
    verified(w, 1, 0);
    write_audit(w);
    verified(w, 10, 0);
}

/* ---- backup and doctor ---- */

typedef struct seen { int errors, warnings; char *text; } seen;

static int symptom(void *ctx, kh_severity severity, const char *what, const char *text)
{
    seen *s = ctx;
    s->errors += severity == KH_ERROR;
    s->warnings += severity == KH_WARNING;
    if (severity != KH_NOTE) {
        char *more = kh_asprintf("%s%s: %s\n", s->text ? s->text : "", what, text);
        kh_free(s->text);
        s->text = more;
    }
    return 0;
}

static seen examine(kh_store *s)
{
    seen v = {0, 0, NULL};
    kh_error err = KH_ERROR_INIT;
    if (kh_store_doctor(s, symptom, &v, &err) != KH_OK)
        fail_msg("%s", err.text);
    return v;
}

static void a_whole_store_has_no_symptoms(void **state)
{
    world *w = *state;
    world_must_put(w, one(w, "2018Q1", "2018Q1", "a.csv", "1"));
    world_must_put(w, one(w, "2018Q1", "2018Q1", "b.csv", "2"));
    seen v = examine(w->s);
    if (v.errors || v.warnings)
        fail_msg("%s", v.text);
}

static void doctor_finds_what_was_done_behind_our_back(void **state)
{
    static const struct { const char *sql, *words; } harm[] = {
        {"DROP TRIGGER submission_column_fixed; UPDATE submission_column SET vals = '[2]'", "values"},
        {"DROP TRIGGER submission_chunk_fixed; UPDATE submission_chunk SET line = 77", "values"},
        {"DROP TRIGGER submission_fixed; UPDATE submission SET n_values = 7", "values"},
        {"DROP TRIGGER submission_kept; PRAGMA foreign_keys = OFF; DELETE FROM submission WHERE version = 1", "references"},
        {"DROP TRIGGER submission_fixed; UPDATE submission SET version = 9 WHERE version = 2", "versions"},
        {"DROP TRIGGER submission_status; UPDATE submission SET status = 'withdrawn'; UPDATE submission SET status = 'current' WHERE version = 1", "versions"},
        {"DROP TRIGGER audit_fixed; UPDATE audit SET what = 'x' WHERE n = 1", "audit"},
        {"DROP VIEW v_value", "view v_value"},
        {"CREATE TABLE mine (a)", "table mine"},
    };
    world *w = *state;
    kh_error err = KH_ERROR_INIT;
    world_must_put(w, one(w, "2018Q1", "2018Q1", "a.csv", "1"));
    world_must_put(w, one(w, "2018Q1", "2018Q1", "b.csv", "3"));
    for (size_t i = 0; i < COUNT(harm); i++) {
        world copy = *w;
        snprintf(copy.path, sizeof copy.path, "%s/h%zu.db", w->dir, i);
        assert_int_equal(kh_store_backup(w->s, copy.path, &err), KH_OK);
        if (world_exec(&copy, harm[i].sql) != SQLITE_OK)
            fail_msg("%s", harm[i].sql);
        assert_int_equal(kh_store_open(&copy.s, copy.path, KH_STORE_WRITE, &err), KH_OK);
        seen v = examine(copy.s);
        if (!v.errors || !strstr(v.text, harm[i].words))
            fail_msg("%s: %s", harm[i].sql, v.text ? v.text : "nothing found");
        kh_free(v.text);
        kh_store_close(copy.s);
    }
}

static void a_backup_is_one_file_with_everything_and_replaces_only_a_backup(void **state)
{
    world *w = *state;
    kh_error err = KH_ERROR_INIT;
    world copy = *w;
    world_must_put(w, one(w, "2018Q1", "2018Q1", "a.csv", "1"));
    snprintf(copy.path, sizeof copy.path, "%s/backup.db", w->dir);
    assert_int_equal(kh_store_backup(w->s, copy.path, &err), KH_OK);
    same(&copy, "SELECT value FROM v_value", "1");
    char *wal = kh_asprintf("%s-wal", copy.path);
    assert_int_not_equal(access(wal, F_OK), 0);
    world_must_put(w, one(w, "2018Q1", "2018Q1", "b.csv", "2"));
    same(&copy, "SELECT value FROM v_value", "1");
    assert_int_equal(kh_store_backup(w->s, copy.path, &err), KH_OK); /* a newer one in its place */
    same(&copy, "SELECT value FROM v_value", "2");
    assert_int_equal(kh_store_backup(w->s, w->path, &err), KH_EUSAGE);
    assert_int_equal(kh_store_backup(w->s, w->dir, &err), KH_EUSAGE);
    assert_int_equal(kh_store_backup(w->s, "/no/such/folder/x.db", &err), KH_ESTORE);
    char *letter = kh_asprintf("%s/letter.txt", w->dir);
    FILE *f = fopen(letter, "w");
    fputs("Kính gửi", f);
    fclose(f);
    assert_int_equal(kh_store_backup(w->s, letter, &err), KH_EUSAGE);
    kh_store *s; /* and it can be worked with */
    assert_int_equal(kh_store_open(&s, copy.path, KH_STORE_WRITE, &err), KH_OK);
    assert_int_equal(kh_store_meta_set(s, "x", "1", &err), KH_OK);
    assert_int_equal(kh_store_backup(w->s, copy.path, &err), KH_EUSAGE); /* in use now */
    kh_store_close(s);
    char *rest = kh_asprintf("ls -a %s | grep -c kehoach-backup", w->dir);
    assert_int_not_equal(system(rest), 0); /* nothing temporary is left: grep finds none */
    kh_error_clear(&err);
    kh_free(rest);
    kh_free(letter);
    kh_free(wal);
}

/* ---- runs ---- */

static int note_run(void *ctx, const kh_run *r)
{
    kh_buf *b = ctx;
    char name[KH_PERIOD_TEXT];
    kh_period_format(r->period, name);
    kh_buf_printf(b, "%s %s %d %s %s;", r->job, name, r->attempt, r->state, r->error ? r->error : "-");
    return 0;
}

static void runs_are(world *w, const char *expected)
{
    kh_buf b = KH_BUF_INIT;
    kh_error err = KH_ERROR_INIT;
    assert_int_equal(kh_store_runs(w->s, NULL, KH_NO_PERIOD, note_run, &b, &err), KH_OK);
    assert_string_equal(kh_buf_cstr(&b), expected);
    kh_buf_free(&b);
}

static void a_run_that_lives_is_not_started_twice(void **state)
{
    world *w = *state;
    kh_error err = KH_ERROR_INIT;
    int64_t id, other;
    int attempt;
    assert_int_equal(kh_store_run_start(w->s, "quy", period("2018Q1"), &id, &attempt, &err), KH_OK);
    assert_int_equal(attempt, 1);
    assert_int_equal(kh_store_run_start(w->s, "quy", period("2018Q1"), &other, &attempt, &err), KH_EBUSY);
    assert_non_null(strstr(err.text, "2018Q1"));
    assert_int_equal(kh_store_run_start(w->s, "quy", period("2018Q2"), &other, &attempt, &err), KH_OK); /* another period is another work */
    assert_int_equal(kh_store_run_end(w->s, id, "failed", "đĩa đầy", &err), KH_OK);
    assert_int_equal(kh_store_run_end(w->s, id, "done", NULL, &err), KH_EUSAGE);
    assert_int_equal(kh_store_run_start(w->s, "quy", period("2018Q1"), &id, &attempt, &err), KH_OK);
    assert_int_equal(attempt, 2);
    assert_int_equal(kh_store_run_log(w->s, id, "note", "bắt đầu", &err), KH_OK);
    assert_int_equal(kh_store_run_end(w->s, id, "done", NULL, &err), KH_OK);
    assert_int_equal(kh_store_run_skip(w->s, "quy", period("2018Q3"), "không cần", &err), KH_OK);
    runs_are(w, "quy 2018Q1 1 failed đĩa đầy;quy 2018Q2 1 running -;quy 2018Q1 2 done -;quy 2018Q3 1 skipped không cần;");
    kh_error_clear(&err);
}

static void a_run_whose_process_died_is_interrupted_by_the_next_start(void **state)
{
    world *w = *state;
    kh_error err = KH_ERROR_INIT;
    int64_t id;
    int attempt, status;
    pid_t child = fork();
    if (child == 0) {
        kh_store *s;
        bool good = kh_store_open(&s, w->path, KH_STORE_WRITE, NULL) == KH_OK && kh_store_run_start(s, "quy", period("2018Q1"), &id, &attempt, NULL) == KH_OK;
        _exit(good ? 0 : 1); /* without a word */
    }
    waitpid(child, &status, 0);
    assert_int_equal(status, 0);
    assert_int_equal(kh_store_run_start(w->s, "quy", period("2018Q1"), &id, &attempt, &err), KH_OK);
    assert_int_equal(attempt, 2);
    same(w, "SELECT attempt, state FROM v_run ORDER BY id", "1|interrupted\n2|running");
}

static void a_process_number_given_again_is_not_the_same_process(void **state)
{
    world *w = *state;
    kh_error err = KH_ERROR_INIT;
    int64_t id;
    int attempt;
    assert_int_equal(kh_store_run_start(w->s, "quy", period("2018Q1"), &id, &attempt, &err), KH_OK);
    assert_int_equal(world_exec(w, "UPDATE run SET born = born - 1"), SQLITE_OK);
    assert_int_equal(kh_store_run_start(w->s, "quy", period("2018Q1"), &id, &attempt, &err), KH_OK);
    assert_int_equal(world_exec(w, "UPDATE run SET boot = 'another' WHERE state = 'running'"), SQLITE_OK);
    assert_int_equal(kh_store_run_start(w->s, "quy", period("2018Q1"), &id, &attempt, &err), KH_OK);
    assert_int_equal(world_exec(w, "UPDATE run SET host = 'may-khac', born = 1 WHERE state = 'running'"), SQLITE_OK);
    assert_int_equal(kh_store_run_start(w->s, "quy", period("2018Q1"), &id, &attempt, &err), KH_EBUSY); /* it cannot be looked at */
    assert_non_null(strstr(err.text, "may-khac"));
    kh_error_clear(&err);
}

/* ---- small things ---- */

static int note_alias(void *ctx, const char *text, const char *code)
{
    kh_buf_printf(ctx, "%s=%s;", text, code);
    return 0;
}

static void aliases_and_publications_are_kept_and_audited(void **state)
{
    world *w = *state;
    kh_error err = KH_ERROR_INIT;
    kh_buf b = KH_BUF_INIT;
    assert_int_equal(kh_store_alias_set(w->s, "H. Cao Lộc", "180", &err), KH_OK);
    assert_int_equal(kh_store_alias_set(w->s, "H. Cao Lộc", "181", &err), KH_OK);
    assert_int_equal(kh_store_aliases(w->s, note_alias, &b, &err), KH_OK);
    assert_string_equal(kh_buf_cstr(&b), "H. Cao Lộc=181;");
    kh_publication p = {.report = "nam", .span = "2018", .format = "docx", .path = "out/nam.docx", .sha256 = "abc"};
    assert_int_equal(kh_store_publish(w->s, w->c, &p, &err), KH_OK);
    same(w, "SELECT report, span, format, sha256, \"by\" FROM v_publication", "nam|2018|docx|abc|an@phong-ke-hoach");
    same(w, "SELECT group_concat(what) FROM v_audit", "load,alias,alias,publish");
    kh_buf_free(&b);
}

static int take_result(void *ctx, const kh_result_row *row, int64_t revision, const char *computed)
{
    kh_buf_printf(ctx, "%s %u/%u %d %lld %s;", row->value ? row->value : row->reason, row->reported, row->expected, (int)row->status, (long long)revision, computed);
    return 0;
}

static void results_are_replaced_and_know_the_formula_that_made_them(void **state)
{
    world *w = *state;
    kh_error err = KH_ERROR_INIT;
    kh_buf b = KH_BUF_INIT;
    kh_result_row rows[] = {{.indicator = 0, .unit = w->province, .period = period("2018"), .value = "85.30", .status = KH_ST_NOT_MET, .reported = 10, .expected = 11},
                            {.indicator = 0, .unit = w->district[0], .period = period("2018"), .reason = "not reported", .status = KH_ST_NO_DATA, .expected = 1}};
    for (int i = 0; i < 2; i++) {
        assert_int_equal(kh_store_begin(w->s, &err), KH_OK);
        assert_int_equal(kh_store_results_put(w->s, w->c, rows, 2, &err), KH_OK);
        assert_int_equal(kh_store_commit(w->s, &err), KH_OK);
        rows[0].value = "86.00";
        rows[0].status = KH_ST_MET;
    }
    assert_int_equal(kh_store_results(w->s, w->c, 0, period("2018"), take_result, &b, &err), KH_OK);
    char *expected = kh_asprintf("86.00 10/11 %d %lld 2018-04-05T06:07:08Z;not reported 0/1 %d %lld 2018-04-05T06:07:08Z;", (int)KH_ST_MET, (long long)w->c->indicators[0].id, (int)KH_ST_NO_DATA,
                                 (long long)w->c->indicators[0].id);
    assert_string_equal(kh_buf_cstr(&b), expected);
    same(w, "SELECT indicator, unit, period, value, digits, status, formula, newest FROM v_result WHERE value IS NOT NULL", "T7|20|2018|86|86.00|met|100 * m.people / m.area|1");
    kh_free(expected);
    kh_buf_free(&b);
}

int main(void)
{
#define WITH_STORE(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        WITH_STORE(a_locked_period_and_all_within_it_refuse_changes),
        WITH_STORE(a_correction_that_only_takes_values_out_of_a_locked_period_is_refused),
        WITH_STORE(opening_a_lock_needs_a_reason_and_both_are_audited),
        WITH_STORE(every_change_of_the_audit_is_found),
        WITH_STORE(an_audit_hash_is_that_of_a_json_array_any_tool_can_make),
        WITH_STORE(what_is_rolled_back_is_not_in_the_audit),
        WITH_STORE(a_whole_store_has_no_symptoms),
        WITH_STORE(doctor_finds_what_was_done_behind_our_back),
        WITH_STORE(a_backup_is_one_file_with_everything_and_replaces_only_a_backup),
        WITH_STORE(a_run_that_lives_is_not_started_twice),
        WITH_STORE(a_run_whose_process_died_is_interrupted_by_the_next_start),
        WITH_STORE(a_process_number_given_again_is_not_the_same_process),
        WITH_STORE(aliases_and_publications_are_kept_and_audited),
        WITH_STORE(results_are_replaced_and_know_the_formula_that_made_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
#include "../cm.h"
#include "world.h"

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

static int note(void *ctx, const char *kind, const char *code, const char *what)
{
    kh_buf_printf(ctx, "%s %s %s;", kind, code, what);
    return 0;
}

/* Mirrors w->c and checks what was told. */
static void mirror(world *w, const char *expected)
{
    kh_error err = KH_ERROR_INIT;
    kh_buf told = KH_BUF_INIT;
    assert_int_equal(kh_store_begin(w->s, &err), KH_OK);
    if (kh_store_mirror(w->s, w->c, note, &told, &err) != KH_OK)
        fail_msg("%s", err.text);
    assert_int_equal(kh_store_commit(w->s, &err), KH_OK);
    assert_string_equal(kh_buf_cstr(&told), expected);
    kh_buf_free(&told);
}

static void the_same_definitions_again_change_nothing(void **state)
{
    world *w = *state;
    kh_error err = KH_ERROR_INIT;
    bool needed = true;
    assert_int_equal(kh_store_mirror_needed(w->s, w->c, &needed, &err), KH_OK);
    assert_false(needed);
    mirror(w, "");
    same(w, "SELECT count(*), max(number) FROM revision", "11|1");
    same(w, "SELECT count(*) FROM audit", "1");
    /* nor do they when they come from a new load, at other lines */
    kh_catalog *before = w->c;
    world_catalog(w);
    w->c->measures[0].line = 99;
    assert_int_equal(kh_store_mirror_needed(w->s, w->c, &needed, &err), KH_OK);
    assert_false(needed);
    mirror(w, "");
    assert_int_equal(w->c->measures[0].id, before->measures[0].id);
    assert_int_equal(kh_units_def(w->c->units, w->commune[7])->id, kh_units_def(before->units, w->commune[7])->id);
    kh_catalog_free(before);
}

static void a_changed_formula_gets_the_next_revision_and_the_old_one_stays(void **state)
{
    world *w = *state;
    bool needed = false;
    kh_error err = KH_ERROR_INIT;
    int64_t first = w->c->indicators[0].id;
    w->c->indicators[0].source = "m.people";
    memset(w->c->indicators[0].sha256, 'a', 64);
    assert_int_equal(kh_store_mirror_needed(w->s, w->c, &needed, &err), KH_OK);
    assert_true(needed);
    mirror(w, "indicator T7 changed;");
    assert_int_not_equal(w->c->indicators[0].id, first);
    same(w, "SELECT number, source FROM v_revision WHERE kind = 'indicator' ORDER BY number", "1|100 * m.people / m.area\n2|m.people");
    same(w, "SELECT formula FROM indicator", "m.people");
    same(w, "SELECT count(*) FROM target", "1");
}

static void what_is_no_longer_defined_is_withdrawn_and_comes_back(void **state)
{
    world *w = *state;
    size_t n = w->c->n_rules;
    w->c->n_rules = 0;
    kh_catalog *whole = w->c;
    w->c = kh_catalog_new(); /* an empty workspace */
    kh_error err = KH_ERROR_INIT;
    assert_int_equal(kh_catalog_seal(w->c, &err), KH_OK);
    mirror(w, "units 1112 withdrawn;measure area withdrawn;measure budget withdrawn;measure grade withdrawn;measure held withdrawn;measure people withdrawn;measure remark withdrawn;"
              "indicator T7 withdrawn;form DB-01 withdrawn;form GD-01 withdrawn;rule people-positive withdrawn;plan 100 withdrawn;");
    kh_catalog_free(w->c);
    w->c = whole;
    w->c->n_rules = n;
    mirror(w, "units 1112 changed;measure people changed;measure area changed;measure budget changed;measure remark changed;measure grade changed;measure held changed;"
              "indicator T7 changed;form DB-01 changed;form GD-01 changed;rule people-positive changed;plan 100 changed;");
    same(w, "SELECT max(number) FROM revision", "1"); /* the same words: no new revision */
    same(w, "SELECT count(*) FROM unit WHERE withdrawn IS NOT NULL", "0");
}

static void a_unit_that_changes_keeps_its_row_and_what_it_said_before(void **state)
{
    world *w = *state;
    kh_units_def(w->c->units, w->commune[3])->short_name = "HB3";
    mirror(w, "unit 06009 changed;");
    same(w, "SELECT count(*) FROM unit WHERE code = '06009'", "1");
    same(w, "SELECT short_name FROM v_unit WHERE code = '06009'", "HB3");
    same(w, "SELECT content ->> 'name' || coalesce(content ->> 'short_name', '-') FROM unit_history", "Hòa Bình 3-");
}

/* The district's first day becomes known: its values must stay with it. */
static void a_unit_whose_first_day_changes_keeps_its_row_and_its_values(void **state)
{
    world *w = *state;
    kh_return *r = world_return(w, W_FORM_A, w->district[0], "2018Q1", "a.csv");
    world_set(w, r, "2018Q1", w->commune[0], W_INTEGER, KH_NO_CUT, "5", 2);
    world_must_put(w, r);
    int64_t id = kh_units_def(w->c->units, w->commune[0])->id;
    kh_units_def(w->c->units, w->commune[0])->from = kh_day_make(2010, 1, 1);
    mirror(w, "unit 06000 changed;");
    assert_int_equal(kh_units_def(w->c->units, w->commune[0])->id, id);
    same(w, "SELECT unit, value, u.valid_from FROM v_value JOIN unit u ON u.code = unit", "06000|5|2010-01-01");
}

static void a_code_that_goes_to_another_unit_is_a_new_row(void **state)
{
    world *w = *state;
    kh_unit_def *d = kh_units_def(w->c->units, w->commune[0]);
    d->from = kh_day_make(2020, 1, 1);
    d->name = "Liên Hội"; /* another name: another unit with the seat's code */
    mirror(w, "unit 06000 new;unit 06000 withdrawn;");
    same(w, "SELECT name, valid_from, withdrawn IS NULL FROM unit WHERE code = '06000' ORDER BY id", "Hòa Bình 0||0\nLiên Hội|2020-01-01|1");
}

static void everything_of_the_definitions_is_there_for_sql(void **state)
{
    world *w = *state;
    same(w, "SELECT code, type, over_units, over_time FROM measure WHERE id = 1", "people|integer|sum|sum");
    same(w, "SELECT choices FROM measure WHERE code = 'grade'", "{\"good\":\"good\",\"fair\":\"fair\"}");
    same(w, "SELECT title, kind, level, parent, groups FROM v_unit WHERE code = '180'", "Huyện Đình Lập 0|huyen|district|20|{\"ownership\":\"public\"}");
    same(w, "SELECT count(*) FROM category_option", "4");
    same(w, "SELECT code, every, calendar, due FROM form ORDER BY code", "DB-01|quarter|civil|5\nGD-01|month|civil|5");
    same(w, "SELECT count(*) FROM form_reporter", "22");
    same(w, "SELECT meaning, measure FROM form_column WHERE form = 1 ORDER BY n", "unit|\nmeasure|people");
    same(w, "SELECT task, role, unit, duty, targets FROM v_task WHERE role = 'lead'", "I.1|lead|20|chủ trì|T7");
    same(w, "SELECT count(DISTINCT unit), min(assigned) FROM v_task WHERE role = 'with'", "11|kind:district");
    same(w, "SELECT task, role FROM v_task WHERE kind = 'section'", "I|");
    same(w, "SELECT indicator, comparator, lo, hi, valid_from, valid_to FROM v_target", "T7|at_least|85.5||2016|2020");
    same(w, "SELECT code, date, unit, revision FROM v_plan", "100|2016-11-18|20|1");
    same(w, "SELECT code, title, role FROM reference", "100/KH|Kế hoạch|carries out");
}

static void new_cuts_get_their_rows_with_the_first_value(void **state)
{
    world *w = *state;
    kh_return *r = world_return(w, W_FORM_A, w->district[0], "2018Q1", "a.csv");
    world_set(w, r, "2018Q1", w->commune[0], W_INTEGER, w->female_2, "5", 2);
    world_must_put(w, r);
    same(w, "SELECT key FROM cut ORDER BY id", "\ngender=female;group=2");
    same(w, "SELECT category, \"option\" FROM cut_part", "gender|female\ngroup|2");
    world_reopen(w, KH_STORE_WRITE);
    assert_int_not_equal(kh_cut_id(w->c->cuts, w->female_2), 0);
    assert_int_equal(kh_cut_id(w->c->cuts, w->male), 0);
}

/* A rollback takes the new cut back; the next put must not use its number. */
static void after_a_rollback_nothing_of_it_is_remembered(void **state)
{
    world *w = *state;
    kh_error err = KH_ERROR_INIT;
    for (int i = 0; i < 2; i++) {
        int64_t id;
        int version;
        kh_return *r = world_return(w, W_FORM_A, w->district[0], "2018Q1", "a.csv");
        world_set(w, r, "2018Q1", w->commune[0], W_INTEGER, w->female_2, "5", 2);
        kh_return_seal(r);
        assert_int_equal(kh_store_begin(w->s, &err), KH_OK);
        assert_int_equal(kh_store_put(w->s, w->c, r, NULL, &id, &version, &err), KH_OK);
        if (i == 0)
            kh_store_rollback(w->s);
        else
            assert_int_equal(kh_store_commit(w->s, &err), KH_OK);
        kh_return_free(r);
        char *n = world_sql(w, "SELECT (SELECT count(*) FROM submission), (SELECT count(*) FROM cut), (SELECT count(*) FROM unit_list), (SELECT count(*) FROM audit)");
        assert_string_equal(n, i ? "1|2|1|2" : "0|1|0|1");
        kh_free(n);
    }
    same(w, "SELECT value, cut FROM v_value", "5|gender=female;group=2");
}

static void a_return_of_definitions_that_the_store_does_not_know_is_refused(void **state)
{
    world *w = *state;
    kh_error err = KH_ERROR_INIT;
    int64_t id;
    int version;
    uint32_t at;
    kh_measure m = {.code = "new_one", .title = "mới", .type = KH_INTEGER};
    assert_int_equal(kh_catalog_add(w->c, KH_DEF_MEASURE, &m, &at, &err), KH_OK);
    kh_return *r = world_return(w, W_FORM_A, w->district[0], "2018Q1", "a.csv");
    world_set(w, r, "2018Q1", w->commune[0], at, KH_NO_CUT, "5", 2);
    kh_return_seal(r);
    assert_int_equal(kh_store_begin(w->s, &err), KH_OK);
    assert_int_equal(kh_store_put(w->s, w->c, r, NULL, &id, &version, &err), KH_EUSAGE);
    assert_non_null(strstr(err.text, "new_one"));
    kh_store_rollback(w->s);
    kh_return_free(r);
    kh_error_clear(&err);
}

int main(void)
{
#define WITH_STORE(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        WITH_STORE(the_same_definitions_again_change_nothing),
        WITH_STORE(a_changed_formula_gets_the_next_revision_and_the_old_one_stays),
        WITH_STORE(what_is_no_longer_defined_is_withdrawn_and_comes_back),
        WITH_STORE(a_unit_that_changes_keeps_its_row_and_what_it_said_before),
        WITH_STORE(a_unit_whose_first_day_changes_keeps_its_row_and_its_values),
        WITH_STORE(a_code_that_goes_to_another_unit_is_a_new_row),
        WITH_STORE(everything_of_the_definitions_is_there_for_sql),
        WITH_STORE(new_cuts_get_their_rows_with_the_first_value),
        WITH_STORE(after_a_rollback_nothing_of_it_is_remembered),
        WITH_STORE(a_return_of_definitions_that_the_store_does_not_know_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

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

static kh_return *about(world *w, uint32_t form, int sender, const char *span, const char *file, int first, int last, uint32_t measure)
{
    kh_return *r = world_return(w, form, w->district[sender], span, file);
    for (int u = first; u <= last; u++)
        world_set(w, r, span, w->commune[u], measure, KH_NO_CUT, "1", (uint32_t)(u - first + 2));
    return r;
}

static void a_cell_given_by_two_senders_is_a_finding_that_names_the_other_file_and_line(void **state)
{
    world *w = *state;
    kh_findings *f = kh_findings_new();
    const kh_finding *list;
    world_must_put(w, about(w, W_FORM_A, 0, "2018Q1", "cao-loc.csv", 0, 9, W_INTEGER));
    assert_int_equal(world_put(w, about(w, W_FORM_A, 1, "2018Q1", "chi-lang.csv", 9, 20, W_INTEGER), f, NULL), KH_EFAULTS);
    assert_int_equal(kh_findings_all(f, &list), 1);
    assert_string_equal(list[0].code, "TWO-SENDERS");
    assert_string_equal(list[0].file, "chi-lang.csv");
    assert_int_equal(list[0].line, 2);
    assert_non_null(strstr(list[0].text, "cao-loc.csv, line 11"));
    assert_non_null(strstr(list[0].text, "people"));
    char *n = world_sql(w, "SELECT count(*) FROM submission");
    assert_string_equal(n, "1"); /* nothing of it was stored */
    kh_free(n);
    kh_findings_free(f);
}

static void the_same_units_with_other_measures_periods_or_cuts_do_not_clash(void **state)
{
    world *w = *state;
    world_must_put(w, about(w, W_FORM_A, 0, "2018Q1", "a.csv", 0, 9, W_INTEGER));
    world_must_put(w, about(w, W_FORM_A, 1, "2018Q1", "b.csv", 0, 9, W_MONEY));
    world_must_put(w, about(w, W_FORM_A, 1, "2018Q2", "c.csv", 0, 9, W_INTEGER));
    kh_return *r = world_return(w, W_FORM_B, w->district[0], "2018Q1", "d.csv");
    world_set(w, r, "2018Q1", w->commune[0], W_INTEGER, w->female, "1", 2);
    world_must_put(w, r);
}

static void another_form_of_the_same_sender_clashes_too(void **state)
{
    world *w = *state;
    world_must_put(w, about(w, W_FORM_A, 0, "2018Q1", "a.csv", 0, 9, W_INTEGER));
    assert_int_equal(world_put(w, about(w, W_FORM_B, 0, "2018Q1", "b.csv", 3, 3, W_INTEGER), NULL, NULL), KH_EFAULTS);
}

static void a_place_without_a_value_does_not_clash(void **state)
{
    world *w = *state;
    kh_return *a = about(w, W_FORM_A, 0, "2018Q1", "a.csv", 0, 9, W_INTEGER), *b = about(w, W_FORM_A, 1, "2018Q1", "b.csv", 10, 12, W_INTEGER);
    world_set(w, a, "2018Q1", w->commune[20], W_MONEY, KH_NO_CUT, "1", 30); /* commune 20 is there, without people */
    world_set(w, b, "2018Q1", w->commune[20], W_INTEGER, KH_NO_CUT, "1", 40);
    world_must_put(w, a);
    world_must_put(w, b);
}

static void what_was_superseded_or_withdrawn_does_not_clash(void **state)
{
    world *w = *state;
    kh_error err = KH_ERROR_INIT;
    world_must_put(w, about(w, W_FORM_A, 0, "2018Q1", "a.csv", 0, 9, W_INTEGER));
    int64_t id = world_must_put(w, about(w, W_FORM_A, 0, "2018Q1", "a2.csv", 0, 4, W_INTEGER)); /* its own correction */
    world_must_put(w, about(w, W_FORM_A, 1, "2018Q1", "b.csv", 5, 9, W_INTEGER));
    assert_int_equal(kh_store_withdraw(w->s, w->c, id, "x", &err), KH_OK);
    world_must_put(w, about(w, W_FORM_A, 2, "2018Q1", "c.csv", 0, 4, W_INTEGER));
}

static void a_hundred_are_listed_and_the_rest_is_counted(void **state)
{
    world *w = *state;
    kh_findings *f = kh_findings_new();
    const kh_finding *list;
    world_must_put(w, about(w, W_FORM_A, 0, "2018Q1", "a.csv", 0, 1099, W_INTEGER)); /* two chunks */
    assert_int_equal(world_put(w, about(w, W_FORM_A, 1, "2018Q1", "b.csv", 0, 1099, W_INTEGER), f, NULL), KH_EFAULTS);
    assert_int_equal(kh_findings_all(f, &list), 101);
    assert_non_null(strstr(list[100].text, "1000 "));
    kh_findings_free(f);
}

static void texts_clash_as_numbers_do(void **state)
{
    world *w = *state;
    world_must_put(w, about(w, W_FORM_A, 0, "2018Q1", "a.csv", 0, 200, W_TEXT)); /* chunks of 128 rows */
    kh_findings *f = kh_findings_new();
    assert_int_equal(world_put(w, about(w, W_FORM_A, 1, "2018Q1", "b.csv", 100, 150, W_TEXT), f, NULL), KH_EFAULTS);
    assert_int_equal(kh_findings_count(f, KH_ERROR), 51);
    kh_findings_free(f);
}

/* Another process stores lists of units that this one has never seen. */
static void what_another_connection_stored_meanwhile_clashes(void **state)
{
    world *w = *state;
    world other = *w;
    world_must_put(w, about(w, W_FORM_A, 0, "2018Q1", "a.csv", 0, 9, W_INTEGER));
    other.s = NULL;
    world_reopen(&other, KH_STORE_WRITE);
    world_must_put(&other, about(w, W_FORM_A, 1, "2018Q2", "b.csv", 5, 7, W_INTEGER));
    assert_int_equal(world_put(w, about(w, W_FORM_A, 0, "2018Q2", "c.csv", 0, 9, W_INTEGER), NULL, NULL), KH_EFAULTS);
    kh_store_close(other.s);
}

static void a_list_of_units_stored_in_between_clashes(void **state)
{
    world *w = *state;
    world_must_put(w, about(w, W_FORM_A, 0, "2018Q1", "a.csv", 0, 9, W_INTEGER));
    world_must_put(w, about(w, W_FORM_A, 1, "2018Q2", "b.csv", 5, 7, W_INTEGER)); /* new, and near the first */
    assert_int_equal(world_put(w, about(w, W_FORM_A, 0, "2018Q2", "c.csv", 0, 9, W_INTEGER), NULL, NULL), KH_EFAULTS);
}

static void chunks_that_begin_elsewhere_count_each_cell_once(void **state)
{
    world *w = *state;
    kh_findings *f = kh_findings_new();
    const kh_finding *list;
    world_must_put(w, about(w, W_FORM_A, 0, "2018Q1", "a.csv", 0, 1099, W_INTEGER));
    assert_int_equal(world_put(w, about(w, W_FORM_A, 1, "2018Q1", "b.csv", 7, 1099, W_INTEGER), f, NULL), KH_EFAULTS);
    assert_int_equal(kh_findings_all(f, &list), 101);
    assert_non_null(strstr(list[100].text, "993 ")); /* 1,093 cells */
    kh_findings_free(f);
}

static void a_finding_is_on_the_line_of_its_value_not_of_its_row(void **state)
{
    world *w = *state;
    kh_findings *f = kh_findings_new();
    const kh_finding *list;
    kh_return *a = world_return(w, W_FORM_A, w->district[0], "2018Q1", "a.csv"), *b = world_return(w, W_FORM_A, w->district[1], "2018Q1", "b.csv");
    world_set(w, a, "2018Q1", w->commune[0], W_MONEY, KH_NO_CUT, "1", 2);
    world_set(w, a, "2018Q1", w->commune[0], W_INTEGER, KH_NO_CUT, "1", 15);
    world_set(w, b, "2018Q1", w->commune[0], W_NUMBER, KH_NO_CUT, "1", 3);
    world_set(w, b, "2018Q1", w->commune[0], W_INTEGER, KH_NO_CUT, "1", 27);
    world_must_put(w, a);
    assert_int_equal(world_put(w, b, f, NULL), KH_EFAULTS);
    assert_int_equal(kh_findings_all(f, &list), 1);
    assert_int_equal(list[0].line, 27);
    assert_non_null(strstr(list[0].text, "a.csv, line 15"));
    kh_findings_free(f);
}

/* ---- the difference ---- */

static int note(void *ctx, const char *what, kh_period p, kh_unit unit, uint32_t measure, kh_cut cut, const char *before, const char *after, uint32_t line)
{
    (void)p, (void)cut;
    kh_buf_printf(ctx, "%s %u %u %s>%s @%u;", what, unit, measure, before ? before : "", after ? after : "", line);
    return 0;
}

static void a_difference_names_what_is_new_changed_and_withdrawn(void **state)
{
    world *w = *state;
    kh_error err = KH_ERROR_INIT;
    kh_difference d;
    kh_buf told = KH_BUF_INIT;
    kh_return *r = world_return(w, W_FORM_A, w->district[0], "2018Q1", "a.csv");
    world_set(w, r, "2018Q1", w->commune[0], W_INTEGER, KH_NO_CUT, "1", 2);
    world_set(w, r, "2018Q1", w->commune[1], W_INTEGER, KH_NO_CUT, "2", 3);
    world_set(w, r, "2018Q1", w->commune[2], W_INTEGER, KH_NO_CUT, "3", 4);
    world_set(w, r, "2018Q1", w->commune[0], W_NUMBER, KH_NO_CUT, "1.5", 2);
    world_set(w, r, "2018Q1", w->commune[0], W_TEXT, KH_NO_CUT, "tốt", 2);
    world_must_put(w, r);
    r = world_return(w, W_FORM_A, w->district[0], "2018Q1", "b.csv");
    world_set(w, r, "2018Q1", w->commune[0], W_INTEGER, KH_NO_CUT, "1", 2);
    world_set(w, r, "2018Q1", w->commune[1], W_INTEGER, KH_NO_CUT, "20", 3);
    world_set(w, r, "2018Q1", w->commune[3], W_INTEGER, KH_NO_CUT, "4", 5);
    world_set(w, r, "2018Q1", w->commune[0], W_NUMBER, KH_NO_CUT, "1.50", 2); /* the same number */
    world_set(w, r, "2018Q1", w->commune[0], W_TEXT, KH_NO_CUT, "khá", 7);
    kh_return_seal(r);
    assert_int_equal(kh_store_difference(w->s, w->c, r, &d, note, &told, &err), KH_OK);
    assert_int_equal(d.added, 1);
    assert_int_equal(d.changed, 2);
    assert_int_equal(d.withdrawn, 1);
    assert_int_equal(d.same, 2);
    char *expected = kh_asprintf("changed %u %u 2>20 @3;withdrawn %u %u 3> @0;changed %u %u tốt>khá @7;new %u %u >4 @5;", w->commune[1], W_INTEGER, w->commune[2], W_INTEGER, w->commune[0], W_TEXT,
                                 w->commune[3], W_INTEGER);
    assert_string_equal(kh_buf_cstr(&told), expected);
    kh_free(expected);
    kh_buf_free(&told);
    kh_return_free(r);
}

static void against_nothing_everything_is_new(void **state)
{
    world *w = *state;
    kh_error err = KH_ERROR_INIT;
    kh_difference d;
    kh_return *r = about(w, W_FORM_A, 0, "2018Q1", "a.csv", 0, 1099, W_INTEGER);
    kh_return_seal(r);
    assert_int_equal(kh_store_difference(w->s, w->c, r, &d, NULL, NULL, &err), KH_OK);
    assert_true(d.added == 1100 && d.changed == 0 && d.withdrawn == 0 && d.same == 0);
    world_must_put(w, r);
    r = about(w, W_FORM_A, 0, "2018Q1", "a.csv", 0, 1099, W_INTEGER);
    kh_return_seal(r);
    assert_int_equal(kh_store_difference(w->s, w->c, r, &d, NULL, NULL, &err), KH_OK);
    assert_true(d.added == 0 && d.changed == 0 && d.withdrawn == 0 && d.same == 1100);
    kh_return_free(r);
}

int main(void)
{
#define WITH_STORE(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        WITH_STORE(a_cell_given_by_two_senders_is_a_finding_that_names_the_other_file_and_line),
        WITH_STORE(the_same_units_with_other_measures_periods_or_cuts_do_not_clash),
        WITH_STORE(another_form_of_the_same_sender_clashes_too),
        WITH_STORE(a_place_without_a_value_does_not_clash),
        WITH_STORE(what_was_superseded_or_withdrawn_does_not_clash),
        WITH_STORE(a_hundred_are_listed_and_the_rest_is_counted),
        WITH_STORE(texts_clash_as_numbers_do),
        WITH_STORE(what_another_connection_stored_meanwhile_clashes),
        WITH_STORE(a_list_of_units_stored_in_between_clashes),
        WITH_STORE(chunks_that_begin_elsewhere_count_each_cell_once),
        WITH_STORE(a_finding_is_on_the_line_of_its_value_not_of_its_row),
        WITH_STORE(a_difference_names_what_is_new_changed_and_withdrawn),
        WITH_STORE(against_nothing_everything_is_new),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
#include "world.h"

/* A province, two districts, three communes. */
typedef struct three { kh_unit p, d1, d2, x1, x2, x3; } three;

static three tree3(world *w)
{
    three t;
    t.p = unit(w, "20", "tinh", NULL);
    t.d1 = unit(w, "181", "huyen", "20");
    t.d2 = unit(w, "182", "huyen", "20");
    t.x1 = unit(w, "06001", "xa", "181");
    t.x2 = unit(w, "06004", "xa", "181");
    t.x3 = unit_in(w, "06007", "xa", "182", NULL, NULL, "public");
    return t;
}

static void a_parents_own_value_adds_to_its_childrens(void **state)
{
    (void)state;
    world *w = world_new();
    three t = tree3(w);
    uint32_t a = measure(w, "a", KH_AGG_SUM, KH_AGG_SUM);
    value(w, a, t.x1, "2018-01", "10");
    value(w, a, t.x3, "2018-01", "5");
    value(w, a, t.d1, "2018-01", "100");
    assert_string_equal(shown(w, of_measure(a), t.x1, "2018-01"), "10");
    assert_string_equal(shown(w, of_measure(a), t.d1, "2018-01"), "110");
    assert_string_equal(shown(w, of_measure(a), t.p, "2018-01"), "115");
    assert_string_equal(shown(w, of_measure(a), t.x2, "2018-01"), "not_reported");
    world_free(w);
}

static void months_make_quarters_halves_nine_months_and_years(void **state)
{
    (void)state;
    world *w = world_new();
    three t = tree3(w);
    uint32_t a = measure(w, "a", KH_AGG_SUM, KH_AGG_SUM);
    for (int m = 1; m <= 12; m++) {
        char p[24], v[16];
        snprintf(p, sizeof p, "2018-%02d", m);
        snprintf(v, sizeof v, "%d", 1 << (m - 1));
        value(w, a, t.x1, p, v);
    }
    assert_string_equal(shown(w, of_measure(a), t.p, "2018Q1"), "7");
    assert_string_equal(shown(w, of_measure(a), t.p, "2018H1"), "63");
    assert_string_equal(shown(w, of_measure(a), t.p, "2018-9M"), "511");
    assert_string_equal(shown(w, of_measure(a), t.p, "2018"), "4095");
    world_free(w);
}

static void what_was_reported_for_a_period_stands(void **state)
{
    (void)state;
    world *w = world_new();
    three t = tree3(w);
    uint32_t a = measure(w, "a", KH_AGG_SUM, KH_AGG_SUM);
    value(w, a, t.x1, "2018-01", "1");
    value(w, a, t.x1, "2018-02", "1");
    value(w, a, t.x1, "2018Q1", "50");
    value(w, a, t.x1, "2018-04", "2");
    value(w, a, t.x2, "2018-01", "1000");
    assert_string_equal(shown(w, of_measure(a), t.x1, "2018Q1"), "50");
    assert_string_equal(shown(w, of_measure(a), t.x1, "2018"), "52");
    assert_string_equal(shown(w, of_measure(a), t.d1, "2018"), "1052");
    world_free(w);
}

static void rate_of_parent_uses_sums_not_child_rates(void **state)
{
    (void)state;
    world *w = world_new();
    three t = tree3(w);
    uint32_t a = measure(w, "a", KH_AGG_SUM, KH_AGG_SUM), b = measure(w, "b", KH_AGG_SUM, KH_AGG_SUM);
    kh_expr rate = node(w, KH_X_DIV, node(w, KH_X_MUL, num(w, "100"), m_(w, a)), m_(w, b));
    value(w, a, t.x1, "2018", "1");
    value(w, b, t.x1, "2018", "1");
    value(w, a, t.x2, "2018", "0");
    value(w, b, t.x2, "2018", "99");
    assert_string_equal(shown(w, of_expr(rate), t.x1, "2018"), "100");
    assert_string_equal(shown(w, of_expr(rate), t.d1, "2018"), "1");
    world_free(w);
}

static void the_last_part_of_a_stock_is_each_units_last(void **state)
{
    (void)state;
    world *w = world_new();
    three t = tree3(w);
    kh_unit gone = unit_in(w, "06099", "xa", "181", NULL, "2018-06-15", NULL);
    uint32_t a = measure(w, "a", KH_AGG_SUM, KH_AGG_LAST);
    value(w, a, t.x1, "2018Q1", "10");
    value(w, a, t.x1, "2018Q3", "30");
    value(w, a, t.x2, "2018Q1", "4");
    value(w, a, gone, "2018Q1", "1000");
    assert_string_equal(shown(w, of_measure(a), t.d1, "2018"), "34");
    assert_string_equal(shown(w, of_measure(a), t.d1, "2018H1"), "14");
    assert_string_equal(shown(w, of_measure(a), t.d1, "2018Q1"), "1014");
    assert_string_equal(shown(w, of_measure(a), gone, "2018"), "no_such_unit");
    world_free(w);
}

static void of_a_group_counts_only_its_units(void **state)
{
    (void)state;
    world *w = world_new();
    three t = tree3(w);
    uint32_t a = measure(w, "a", KH_AGG_SUM, KH_AGG_SUM);
    value(w, a, t.x1, "2018", "1");
    value(w, a, t.x3, "2018", "7");
    kh_unit_group g = {"ownership", "public"};
    kh_expr_node x = {.op = KH_X_MEASURE, .a = KH_NO_EXPR, .b = KH_NO_EXPR, .c = KH_NO_EXPR, .ref = a, .groups = &g, .n_groups = 1};
    assert_string_equal(shown(w, of_expr(kh_expr_add(w->c->exprs, &x)), t.p, "2018"), "7");
    world_free(w);
}

static void a_sum_beyond_64_bits_is_still_exact(void **state)
{
    (void)state;
    world *w = world_new();
    three t = tree3(w);
    uint32_t a = measure(w, "a", KH_AGG_SUM, KH_AGG_SUM);
    value(w, a, t.x1, "2018", "9223372036854775807");
    value(w, a, t.x2, "2018", "9223372036854775807");
    value(w, a, t.x3, "2018", "0.5");
    assert_string_equal(shown(w, of_measure(a), t.d1, "2018"), "18446744073709551614");
    assert_string_equal(shown(w, of_measure(a), t.p, "2018"), "18446744073709551614.5");
    world_free(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_parents_own_value_adds_to_its_childrens),
        cmocka_unit_test(months_make_quarters_halves_nine_months_and_years),
        cmocka_unit_test(what_was_reported_for_a_period_stands),
        cmocka_unit_test(rate_of_parent_uses_sums_not_child_rates),
        cmocka_unit_test(the_last_part_of_a_stock_is_each_units_last),
        cmocka_unit_test(of_a_group_counts_only_its_units),
        cmocka_unit_test(a_sum_beyond_64_bits_is_still_exact),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

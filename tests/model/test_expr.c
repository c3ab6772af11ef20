/* SPDX-License-Identifier: MIT */
#include "model/expr.h"

#include "cm.h"

#include <string.h>

static kh_expr measure(kh_exprs *x, uint32_t ref)
{
    return kh_expr_add(x, &(kh_expr_node){.op = KH_X_MEASURE, .ref = ref});
}

static kh_expr number(kh_exprs *x, int64_t m, uint8_t scale)
{
    return kh_expr_add(x, &(kh_expr_node){.op = KH_X_NUM, .num = {m, scale}});
}

static kh_expr two(kh_exprs *x, kh_op op, kh_expr a, kh_expr b)
{
    return kh_expr_add(x, &(kh_expr_node){.op = (uint8_t)op, .a = a, .b = b});
}

/* 100 * m0 / m1 */
static kh_expr rate(kh_exprs *x)
{
    return two(x, KH_X_DIV, two(x, KH_X_MUL, number(x, 100, 0), measure(x, 0)), measure(x, 1));
}

static void equal_subtrees_are_one_node(void **state)
{
    (void)state;
    kh_exprs *x = kh_exprs_new();
    kh_expr a = rate(x);
    size_t n = kh_exprs_count(x);
    assert_int_equal(n, 5);
    assert_int_equal(rate(x), a);
    assert_int_equal(kh_exprs_count(x), n);
    kh_expr sum = two(x, KH_X_ADD, a, rate(x));
    assert_int_equal(kh_expr_size(x, sum), 6);
    assert_int_equal(kh_expr_size(x, a), 5);
    assert_int_equal(kh_expr_size(x, measure(x, 0)), 1);
    kh_exprs_free(x);
    kh_exprs_free(NULL);
}

static void every_used_field_tells_nodes_apart(void **state)
{
    (void)state;
    kh_exprs *x = kh_exprs_new();
    kh_expr m = measure(x, 0), k = measure(x, 1);
    const kh_unit_group public[] = {{"ownership", "public"}}, private[] = {{"ownership", "private"}};
    const kh_expr nodes[] = {
        m, k, number(x, 15, 1), number(x, 150, 2) /* the digits are kept */, two(x, KH_X_SUB, m, k), two(x, KH_X_SUB, k, m), two(x, KH_X_ADD, m, k),
        kh_expr_add(x, &(kh_expr_node){.op = KH_X_PREV, .a = m, .n = 1}), kh_expr_add(x, &(kh_expr_node){.op = KH_X_PREV, .a = m, .n = 2}),
        kh_expr_add(x, &(kh_expr_node){.op = KH_X_OVER, .a = m, .n = 2}), kh_expr_add(x, &(kh_expr_node){.op = KH_X_MEASURE, .ref = 0, .cut = 1}),
        kh_expr_add(x, &(kh_expr_node){.op = KH_X_MEASURE, .ref = 0, .groups = public, .n_groups = 1}),
        kh_expr_add(x, &(kh_expr_node){.op = KH_X_MEASURE, .ref = 0, .groups = private, .n_groups = 1}),
        kh_expr_add(x, &(kh_expr_node){.op = KH_X_INDICATOR, .ref = 0}), kh_expr_add(x, &(kh_expr_node){.op = KH_X_COUNT_UNITS, .text = "commune"}),
        kh_expr_add(x, &(kh_expr_node){.op = KH_X_COUNT_UNITS, .text = "district"}), kh_expr_add(x, &(kh_expr_node){.op = KH_X_MISSING}),
        kh_expr_add(x, &(kh_expr_node){.op = KH_X_DAYS}), kh_expr_add(x, &(kh_expr_node){.op = KH_X_WHEN, .a = m, .b = k, .c = m}),
        kh_expr_add(x, &(kh_expr_node){.op = KH_X_WHEN, .a = m, .b = k, .c = k})};
    for (size_t i = 0; i < COUNT(nodes); i++)
        for (size_t j = 0; j < i; j++)
            assert_int_not_equal(nodes[i], nodes[j]);
    kh_exprs_free(x);
}

static void fields_that_an_operation_does_not_use_make_no_difference(void **state)
{
    (void)state;
    kh_exprs *x = kh_exprs_new();
    kh_expr m = measure(x, 0);
    kh_expr clean = kh_expr_add(x, &(kh_expr_node){.op = KH_X_ABS, .a = m, .b = KH_NO_EXPR, .c = KH_NO_EXPR, .ref = UINT32_MAX});
    kh_expr dirty = kh_expr_add(x, &(kh_expr_node){.op = KH_X_ABS, .a = m, .b = 7, .c = 9, .ref = 3, .cut = 2, .n = 5, .num = {1, 1}, .text = "x"});
    assert_int_equal(clean, dirty);
    const kh_expr_node *node = kh_expr_get(x, clean);
    assert_int_equal(node->b, KH_NO_EXPR);
    assert_int_equal(node->c, KH_NO_EXPR);
    assert_int_equal(node->ref, UINT32_MAX);
    assert_null(node->text);
    kh_exprs_free(x);
}

static void groups_are_kept_sorted_and_once(void **state)
{
    (void)state;
    char text[] = "public";
    kh_exprs *x = kh_exprs_new();
    const kh_unit_group ab[] = {{"size", "large"}, {"ownership", text}, {"size", "large"}}, ba[] = {{"ownership", "public"}, {"size", "large"}};
    kh_expr a = kh_expr_add(x, &(kh_expr_node){.op = KH_X_MEASURE, .groups = ab, .n_groups = 3});
    kh_expr b = kh_expr_add(x, &(kh_expr_node){.op = KH_X_MEASURE, .groups = ba, .n_groups = 2});
    memset(text, 'z', 6); /* the pool has its own */
    assert_int_equal(a, b);
    assert_int_equal(kh_expr_get(x, a)->n_groups, 2);
    assert_string_equal(kh_expr_get(x, a)->groups[0].group, "ownership");
    assert_string_equal(kh_expr_get(x, a)->groups[0].value, "public");
    kh_exprs_free(x);
}

static void many_nodes_stay_apart_and_children_come_first(void **state)
{
    (void)state;
    kh_exprs *x = kh_exprs_new();
    kh_expr chain = measure(x, 0);
    for (int i = 0; i < 20000; i++)
        chain = two(x, KH_X_ADD, chain, number(x, i, 0));
    assert_int_equal(kh_exprs_count(x), 40001);
    assert_int_equal(kh_expr_size(x, chain), 40001);
    for (kh_expr e = 0; e < kh_exprs_count(x); e++) {
        const kh_expr_node *node = kh_expr_get(x, e);
        assert_true(node->a == KH_NO_EXPR || node->a < e);
        assert_true(node->b == KH_NO_EXPR || node->b < e);
    }
    kh_exprs_free(x);
}

/* ---- cuts and groups ---- */

typedef struct world { kh_exprs *x; kh_cuts *cuts; kh_cut female, male, young, young_women; } world;

static world new_world(void)
{
    world w = {.x = kh_exprs_new(), .cuts = kh_cuts_new()};
    uint32_t gender = kh_cuts_add_category(w.cuts, "gender", NULL, NULL, 0), age = kh_cuts_add_category(w.cuts, "age", NULL, NULL, 0);
    kh_cuts_add_option(w.cuts, gender, "female", NULL);
    kh_cuts_add_option(w.cuts, gender, "male", NULL);
    kh_cuts_add_option(w.cuts, age, "young", NULL);
    w.female = kh_cut_parse(w.cuts, "gender=female", 13, NULL);
    w.male = kh_cut_parse(w.cuts, "gender=male", 11, NULL);
    w.young = kh_cut_parse(w.cuts, "age=young", 9, NULL);
    w.young_women = kh_cut_parse(w.cuts, "age=young;gender=female", 23, NULL);
    return w;
}

static void end_world(world *w)
{
    kh_exprs_free(w->x);
    kh_cuts_free(w->cuts);
}

static void cutting_an_expression_cuts_every_measure_in_it(void **state)
{
    (void)state;
    world w = new_world();
    kh_expr plain = rate(w.x), cut = kh_expr_with_cut(w.x, w.cuts, plain, w.female);
    const kh_expr_node *div = kh_expr_get(w.x, cut);
    assert_int_equal(div->op, KH_X_DIV);
    assert_int_equal(kh_expr_get(w.x, div->b)->cut, w.female);
    assert_int_equal(kh_expr_get(w.x, div->b)->ref, 1);
    const kh_expr_node *mul = kh_expr_get(w.x, div->a);
    assert_int_equal(kh_expr_get(w.x, mul->a)->num.m, 100);
    assert_int_equal(kh_expr_get(w.x, mul->b)->cut, w.female);
    assert_int_equal(kh_expr_get(w.x, kh_expr_get(w.x, plain)->b)->cut, KH_NO_CUT); /* the old one is as it was */
    assert_int_equal(kh_expr_with_cut(w.x, w.cuts, plain, w.female), cut);
    assert_int_equal(kh_expr_with_cut(w.x, w.cuts, plain, KH_NO_CUT), plain);
    end_world(&w);
}

static void cuts_add_up_whatever_their_order(void **state)
{
    (void)state;
    world w = new_world();
    kh_expr m = measure(w.x, 0), both = kh_expr_with_cut(w.x, w.cuts, m, w.young_women);
    assert_int_equal(kh_expr_with_cut(w.x, w.cuts, kh_expr_with_cut(w.x, w.cuts, m, w.female), w.young), both);
    assert_int_equal(kh_expr_with_cut(w.x, w.cuts, kh_expr_with_cut(w.x, w.cuts, m, w.young), w.female), both);
    assert_int_equal(kh_expr_with_cut(w.x, w.cuts, both, w.female), both); /* the same option again */
    end_world(&w);
}

static void another_option_of_the_category_cannot_be_cut(void **state)
{
    (void)state;
    world w = new_world();
    kh_expr women = kh_expr_with_cut(w.x, w.cuts, measure(w.x, 0), w.female);
    assert_int_equal(kh_expr_with_cut(w.x, w.cuts, women, w.male), KH_NO_EXPR);
    assert_int_equal(kh_expr_with_cut(w.x, w.cuts, two(w.x, KH_X_ADD, measure(w.x, 1), women), w.male), KH_NO_EXPR);
    end_world(&w);
}

static void an_indicator_cannot_be_cut_for_its_formula_is_elsewhere(void **state)
{
    (void)state;
    world w = new_world();
    kh_expr t = kh_expr_add(w.x, &(kh_expr_node){.op = KH_X_INDICATOR, .ref = 0});
    const kh_unit_group g[] = {{"a", "b"}};
    assert_int_equal(kh_expr_with_cut(w.x, w.cuts, two(w.x, KH_X_ADD, measure(w.x, 1), t), w.male), KH_NO_EXPR);
    assert_int_equal(kh_expr_with_groups(w.x, t, g, 1), KH_NO_EXPR);
    end_world(&w);
}

static void grouping_adds_conditions_that_do_not_contradict(void **state)
{
    (void)state;
    world w = new_world();
    const kh_unit_group public[] = {{"ownership", "public"}}, private[] = {{"ownership", "private"}}, large[] = {{"size", "large"}};
    kh_expr m = measure(w.x, 0), p = kh_expr_with_groups(w.x, m, public, 1);
    assert_int_equal(kh_expr_get(w.x, p)->n_groups, 1);
    assert_int_equal(kh_expr_with_groups(w.x, p, public, 1), p);
    assert_int_equal(kh_expr_with_groups(w.x, p, large, 1), kh_expr_with_groups(w.x, kh_expr_with_groups(w.x, m, large, 1), public, 1));
    assert_int_equal(kh_expr_with_groups(w.x, p, private, 1), KH_NO_EXPR);
    kh_expr r = kh_expr_with_groups(w.x, rate(w.x), public, 1);
    assert_int_equal(kh_expr_get(w.x, kh_expr_get(w.x, r)->b)->n_groups, 1);
    end_world(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_subtrees_are_one_node),
        cmocka_unit_test(every_used_field_tells_nodes_apart),
        cmocka_unit_test(fields_that_an_operation_does_not_use_make_no_difference),
        cmocka_unit_test(groups_are_kept_sorted_and_once),
        cmocka_unit_test(many_nodes_stay_apart_and_children_come_first),
        cmocka_unit_test(cutting_an_expression_cuts_every_measure_in_it),
        cmocka_unit_test(cuts_add_up_whatever_their_order),
        cmocka_unit_test(another_option_of_the_category_cannot_be_cut),
        cmocka_unit_test(an_indicator_cannot_be_cut_for_its_formula_is_elsewhere),
        cmocka_unit_test(grouping_adds_conditions_that_do_not_contradict),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

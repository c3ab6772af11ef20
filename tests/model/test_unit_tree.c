/* SPDX-License-Identifier: MIT */
#include "real_units.h"

static void check_tree(const kh_units *u, const kh_tree *t, kh_day at)
{
    size_t valid = 0;
    for (kh_unit i = 0; i < kh_units_count(u); i++) {
        valid += kh_units_valid(u, i, at);
        assert_int_equal(t->place[i] >= 0, kh_units_valid(u, i, at));
        if (t->place[i] >= 0)
            assert_int_equal(t->unit[t->place[i]], i);
    }
    assert_int_equal(t->n, valid);
    assert_true(t->from <= at && at <= t->to);
    for (size_t p = 0; p < t->n; p++) {
        kh_unit parent = kh_units_parent(u, t->unit[p], at);
        if (parent == KH_NO_UNIT) {
            assert_int_equal(t->parent[p], -1);
            assert_int_equal(t->depth[p], 0);
        } else {
            assert_int_equal(t->unit[t->parent[p]], parent);
            assert_true((size_t)t->parent[p] < p); /* parents first */
            assert_int_equal(t->depth[p], t->depth[t->parent[p]] + 1);
            assert_true(p < t->end[t->parent[p]]);
        }
        assert_true(t->end[p] > p && t->end[p] <= t->n);
    }
}

/* end[p] is right when exactly those between p and end[p] have p above them. */
static void check_ends(const kh_tree *t)
{
    for (size_t p = 0; p < t->n; p++)
        for (size_t q = 0; q < t->n; q++) {
            int32_t up = (int32_t)q;
            while (up > (int32_t)p)
                up = t->parent[up];
            assert_int_equal(up == (int32_t)p, q >= p && q < t->end[p]);
        }
}

static void a_snapshot_is_the_tree_of_the_day(void **state)
{
    (void)state;
    static const char *const days[] = {"1900-01-01", "2019-12-31", "2020-01-01", "2024-11-30", "2024-12-01", "2025-06-30", "2025-07-01", "2199-12-31"};
    kh_units *u = lang_son();
    for (size_t i = 0; i < COUNT(days); i++) {
        check_tree(u, kh_units_at(u, on(days[i])), on(days[i]));
        check_ends(kh_units_at(u, on(days[i])));
    }
    assert_int_equal(kh_units_at(u, on("2019-01-01"))->n, 238);
    assert_int_equal(kh_units_at(u, KH_DAY_MIN)->n, 238);
    assert_int_equal(kh_units_at(u, KH_DAY_MAX)->n, 66);
    kh_units_free(u);
}

static void a_snapshot_holds_for_its_whole_span_and_is_kept(void **state)
{
    (void)state;
    kh_units *u = lang_son();
    const kh_tree *t = kh_units_at(u, on("2022-05-05"));
    assert_int_equal(t->from, on("2020-01-01"));
    assert_int_equal(t->to, on("2024-11-30"));
    assert_ptr_equal(kh_units_at(u, on("2020-01-01")), t);
    kh_units_at(u, on("2016-01-01"));
    assert_ptr_equal(kh_units_at(u, on("2024-11-30")), t);
    assert_int_equal(kh_units_at(u, on("2016-01-01"))->from, KH_DAY_MIN);
    assert_int_equal(kh_units_at(u, on("2030-01-01"))->to, KH_DAY_MAX);
    kh_units_free(u);
}

static void siblings_come_by_code(void **state)
{
    (void)state;
    kh_units *u = lang_son();
    const kh_tree *t = kh_units_at(u, on("2018-01-01"));
    const char *last = "";
    size_t districts = 0;
    for (size_t p = 1; p < t->n; p = t->end[p]) {
        const char *code = kh_units_def(u, t->unit[p])->code;
        assert_true(strcmp(last, code) < 0);
        last = code;
        districts++;
    }
    assert_int_equal(districts, 11);
    kh_units_free(u);
}

static void a_new_unit_shows_in_the_next_snapshot(void **state)
{
    (void)state;
    kh_units *u = kh_units_new();
    assert_int_equal(kh_units_at(u, 0)->n, 0); /* an empty tree is one too */
    kh_unit_def d = {.code = "1", .name = "A", .from = KH_DAY_MIN, .to = KH_DAY_MAX};
    kh_units_add(u, &d, NULL, NULL);
    assert_int_equal(kh_units_at(u, 0)->n, 1);
    kh_units_free(u);
}

static void a_deep_tree_needs_no_recursion(void **state)
{
    (void)state;
    kh_units *u = kh_units_new();
    char code[16], parent[16];
    for (int i = 0; i < 3000; i++) {
        snprintf(code, sizeof code, "u%05d", i);
        snprintf(parent, sizeof parent, "u%05d", i - 1);
        kh_unit_def d = {.code = code, .name = code, .parent_code = i ? parent : NULL, .from = KH_DAY_MIN, .to = KH_DAY_MAX};
        assert_int_equal(kh_units_add(u, &d, NULL, NULL), KH_OK);
    }
    assert_int_equal(kh_units_seal(u, NULL), KH_OK);
    const kh_tree *t = kh_units_at(u, 0);
    assert_int_equal(t->n, 3000);
    assert_int_equal(t->end[0], 3000);
    assert_int_equal(t->end[2999], 3000);
    assert_int_equal(t->depth[2999], 255); /* as far as it is told */
    kh_units_free(u);
}

static void the_whole_country_is_a_tree(void **state)
{
    (void)state;
    kh_units *u = viet_nam();
    const kh_tree *t = kh_units_at(u, on("2023-04-08"));
    assert_int_equal(t->n, 11367);
    size_t depth[3] = {0, 0, 0};
    for (size_t p = 0; p < t->n; p++)
        depth[t->depth[p]]++;
    assert_int_equal(depth[0], 63);
    assert_int_equal(depth[1], 705);
    assert_int_equal(depth[2], 10599);
    kh_units_free(u);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_snapshot_is_the_tree_of_the_day),
        cmocka_unit_test(a_snapshot_holds_for_its_whole_span_and_is_kept),
        cmocka_unit_test(siblings_come_by_code),
        cmocka_unit_test(a_new_unit_shows_in_the_next_snapshot),
        cmocka_unit_test(a_deep_tree_needs_no_recursion),
        cmocka_unit_test(the_whole_country_is_a_tree),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

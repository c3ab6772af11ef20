/* SPDX-License-Identifier: MIT */
#include "model/catalog.h"
#include "real_units.h"

static void check_fails(int rc, kh_error *err, const char *words)
{
    assert_int_equal(rc, KH_EUSAGE);
    if (!strstr(err->text, words))
        fail_msg("\"%s\" does not say \"%s\"", err->text, words);
    kh_error_clear(err);
}

static void add_measure(kh_catalog *c, const char *code)
{
    assert_int_equal(kh_catalog_add(c, KH_DEF_MEASURE, &(kh_measure){.code = code, .file = "m.lua", .line = 4}, NULL, NULL), KH_OK);
}

static uint32_t add_indicator(kh_catalog *c, const char *code, kh_expr formula)
{
    uint32_t i;
    assert_int_equal(kh_catalog_add(c, KH_DEF_INDICATOR, &(kh_indicator){.code = code, .formula = formula, .file = "i.lua", .line = 9}, &i, NULL), KH_OK);
    return i;
}

static void what_was_added_is_found_by_its_code(void **state)
{
    (void)state;
    kh_catalog *c = kh_catalog_new();
    uint32_t i;
    for (int k = 0; k < 100; k++) {
        char *code = kh_asprintf("m%d", k);
        add_measure(c, kh_arena_strdup(c->arena, code));
        kh_free(code);
    }
    assert_int_equal(c->n_measures, 100);
    assert_int_equal(kh_catalog_find(c, KH_DEF_MEASURE, "m42"), 42);
    assert_string_equal(c->measures[42].code, "m42");
    assert_int_equal(kh_catalog_find(c, KH_DEF_INDICATOR, "m42"), UINT32_MAX);
    assert_int_equal(kh_catalog_add(c, KH_DEF_FORM, &(kh_form){.code = "m42"}, &i, NULL), KH_OK); /* forms have names of their own */
    assert_int_equal(kh_catalog_find(c, KH_DEF_FORM, "m42"), i);
    kh_def def;
    add_indicator(c, "T7", KH_NO_EXPR);
    assert_int_equal(kh_catalog_need_name(c, "T7", &def, &i, NULL), KH_OK);
    assert_int_equal(def, KH_DEF_INDICATOR);
    assert_int_equal(i, 0);
    assert_int_equal(kh_catalog_need_name(c, "m99", &def, &i, NULL), KH_OK);
    assert_int_equal(def, KH_DEF_MEASURE);
    assert_int_equal(i, 99);
    kh_catalog_free(c);
    kh_catalog_free(NULL);
}

static void a_code_defined_twice_names_both_places(void **state)
{
    (void)state;
    kh_catalog *c = kh_catalog_new();
    kh_error err = KH_ERROR_INIT;
    add_measure(c, "reserve");
    int rc = kh_catalog_add(c, KH_DEF_MEASURE, &(kh_measure){.code = "reserve", .file = "b.lua", .line = 12}, NULL, &err);
    assert_string_equal(err.file, "b.lua");
    assert_int_equal(err.line, 12);
    check_fails(rc, &err, "m.lua:4");
    /* measures and indicators share their names */
    rc = kh_catalog_add(c, KH_DEF_INDICATOR, &(kh_indicator){.code = "reserve", .file = "b.lua", .line = 13}, NULL, &err);
    check_fails(rc, &err, "is defined already: measure at m.lua:4");
    static const struct { kh_def def; } others[] = {{KH_DEF_FORM}, {KH_DEF_RULE}, {KH_DEF_PLAN}, {KH_DEF_REPORT}, {KH_DEF_JOB}};
    for (size_t i = 0; i < COUNT(others); i++) {
        union { kh_form f; kh_rule r; kh_plan p; kh_report_def d; kh_job_def j; } item;
        memset(&item, 0, sizeof item);
        const char *code = "x", *file = "f.lua";
        switch (others[i].def) {
        case KH_DEF_FORM: item.f.code = code, item.f.file = file, item.f.line = 3; break;
        case KH_DEF_RULE: item.r.code = code, item.r.file = file, item.r.line = 3; break;
        case KH_DEF_PLAN: item.p.code = code, item.p.file = file, item.p.line = 3; break;
        case KH_DEF_REPORT: item.d.code = code, item.d.file = file, item.d.line = 3; break;
        default: item.j.code = code, item.j.file = file, item.j.line = 3;
        }
        assert_int_equal(kh_catalog_add(c, others[i].def, &item, NULL, &err), KH_OK);
        check_fails(kh_catalog_add(c, others[i].def, &item, NULL, &err), &err, "f.lua:3");
        uint32_t index = 5;
        assert_int_equal(kh_catalog_need(c, others[i].def, "x", &index, NULL), KH_OK);
        assert_int_equal(index, 0);
    }
    kh_catalog_free(c);
}

static void an_unknown_name_is_told_with_the_nearest(void **state)
{
    (void)state;
    kh_catalog *c = kh_catalog_new();
    kh_error err = KH_ERROR_INIT;
    uint32_t i;
    kh_def def;
    check_fails(kh_catalog_need(c, KH_DEF_REPORT, "nam", &i, &err), &err, "none is defined");
    add_indicator(c, "T7", KH_NO_EXPR);
    add_measure(c, "reserve_matched");
    check_fails(kh_catalog_need(c, KH_DEF_INDICATOR, "T77", &i, &err), &err, "unknown indicator \"T77\"; did you mean \"T7\"?");
    assert_int_equal(i, UINT32_MAX);
    check_fails(kh_catalog_need(c, KH_DEF_MEASURE, "reserve_mached", &i, &err), &err, "did you mean \"reserve_matched\"?");
    check_fails(kh_catalog_need_name(c, "reserve_mached", &def, &i, &err), &err, "did you mean \"reserve_matched\"?");
    check_fails(kh_catalog_need_name(c, "something else", &def, &i, &err), &err, "unknown measure or indicator \"something else\"");
    kh_catalog_free(c);
}

/* ---- circles ---- */

static kh_expr reads(kh_catalog *c, uint32_t indicator)
{
    kh_expr one = kh_expr_add(c->exprs, &(kh_expr_node){.op = KH_X_NUM, .num = {1, 0}});
    kh_expr x = kh_expr_add(c->exprs, &(kh_expr_node){.op = KH_X_INDICATOR, .ref = indicator});
    return kh_expr_add(c->exprs, &(kh_expr_node){.op = KH_X_ADD, .a = one, .b = x});
}

static void indicators_in_a_circle_are_named_along_the_path(void **state)
{
    (void)state;
    kh_catalog *c = kh_catalog_new();
    kh_error err = KH_ERROR_INIT;
    add_indicator(c, "start", reads(c, 1)); /* leads to the circle, is not in it */
    add_indicator(c, "A", reads(c, 2));
    add_indicator(c, "B", reads(c, 3));
    add_indicator(c, "C", reads(c, 1));
    int rc = kh_catalog_seal(c, &err);
    assert_string_equal(err.file, "i.lua");
    check_fails(rc, &err, "A → B → C → A");
    kh_catalog_free(c);
}

static void an_indicator_that_reads_itself_is_a_circle(void **state)
{
    (void)state;
    kh_catalog *c = kh_catalog_new();
    kh_error err = KH_ERROR_INIT;
    add_indicator(c, "A", reads(c, 0));
    check_fails(kh_catalog_seal(c, &err), &err, "A → A");
    kh_catalog_free(c);
}

static void reading_the_same_indicator_twice_is_no_circle(void **state)
{
    (void)state;
    kh_catalog *c = kh_catalog_new();
    add_indicator(c, "top", kh_expr_add(c->exprs, &(kh_expr_node){.op = KH_X_MUL, .a = reads(c, 1), .b = reads(c, 2)}));
    add_indicator(c, "left", reads(c, 3));
    add_indicator(c, "right", reads(c, 3));
    add_indicator(c, "base", KH_NO_EXPR);
    assert_int_equal(kh_catalog_seal(c, NULL), KH_OK);
    kh_catalog_free(c);
}

static void the_inputs_of_a_scalar_function_count_as_well(void **state)
{
    (void)state;
    kh_catalog *c = kh_catalog_new();
    kh_error err = KH_ERROR_INIT;
    kh_expr input[] = {reads(c, 1)};
    kh_each each = {.inputs = input, .n_inputs = 1};
    assert_int_equal(kh_catalog_add(c, KH_DEF_INDICATOR, &(kh_indicator){.code = "A", .formula = KH_NO_EXPR, .each = &each}, NULL, NULL), KH_OK);
    add_indicator(c, "B", reads(c, 0));
    check_fails(kh_catalog_seal(c, &err), &err, "A → B → A");
    kh_catalog_free(c);
}

/* ---- references ---- */

typedef struct faulty { void (*make)(kh_catalog *c); const char *words; } faulty;

static void add_plan(kh_catalog *c, kh_plan *p)
{
    p->file = "p.lua";
    p->line = 2;
    assert_int_equal(kh_catalog_add(c, KH_DEF_PLAN, p, NULL, NULL), KH_OK);
}

static kh_task tasks[] = {{.code = "II", .kind = "section"}, {.code = "II.4", .parent = "II", .line = 20}};

static void with_parent_plan(kh_catalog *c) { add_plan(c, &(kh_plan){.code = "child", .parent = "none"}); }
static void with_own_parent(kh_catalog *c) { add_plan(c, &(kh_plan){.code = "child", .parent = "child"}); }
static void with_plan_unit(kh_catalog *c) { add_plan(c, &(kh_plan){.code = "p", .unit = "nobody"}); }
static void with_task_parent(kh_catalog *c)
{
    static kh_task t[] = {{.code = "II.4", .parent = "II", .line = 20}};
    add_plan(c, &(kh_plan){.code = "p", .tasks = t, .n_tasks = 1});
}
static void with_task_twice(kh_catalog *c)
{
    static kh_task t[] = {{.code = "II", .line = 19}, {.code = "II", .line = 20}};
    add_plan(c, &(kh_plan){.code = "p", .tasks = t, .n_tasks = 2});
}
static void with_task_circle(kh_catalog *c)
{
    static kh_task t[] = {{.code = "I", .parent = "II"}, {.code = "II", .parent = "I"}};
    add_plan(c, &(kh_plan){.code = "p", .tasks = t, .n_tasks = 2});
}
static void with_task_target(kh_catalog *c)
{
    static const char *const targets[] = {"T9"};
    static kh_task t[] = {{.code = "I", .targets = targets, .n_targets = 1}};
    add_indicator(c, "T8", KH_NO_EXPR);
    add_plan(c, &(kh_plan){.code = "p", .tasks = t, .n_tasks = 1});
}
static void with_assignment(kh_catalog *c, const char *task, const char *unit)
{
    static kh_assignment a[1];
    a[0] = (kh_assignment){.task = task, .unit = unit, .line = 33};
    add_plan(c, &(kh_plan){.code = "p", .tasks = tasks, .n_tasks = 2, .assignments = a, .n_assignments = 1});
}
static void with_assigned_task(kh_catalog *c) { with_assignment(c, "II.44", "*"); }
static void with_assigned_unit(kh_catalog *c) { with_assignment(c, "II.4", "nobody"); }
static void with_assigned_kind(kh_catalog *c) { with_assignment(c, "II.4", "kind:county"); }
static void with_milestone(kh_catalog *c)
{
    static kh_milestone m[] = {{.code = "M", .task = "IX"}};
    add_plan(c, &(kh_plan){.code = "p", .tasks = tasks, .n_tasks = 2, .milestones = m, .n_milestones = 1});
}
static void with_pilot(kh_catalog *c)
{
    static kh_pilot p[] = {{.unit = "nobody", .task = "II"}};
    add_plan(c, &(kh_plan){.code = "p", .tasks = tasks, .n_tasks = 2, .pilots = p, .n_pilots = 1});
}
static void with_measure_task(kh_catalog *c)
{
    add_plan(c, &(kh_plan){.code = "p", .tasks = tasks, .n_tasks = 2});
    kh_catalog_add(c, KH_DEF_MEASURE, &(kh_measure){.code = "m", .task = "II.5", .file = "m.lua", .line = 1}, NULL, NULL);
}
static void with_indicator_task(kh_catalog *c) { kh_catalog_add(c, KH_DEF_INDICATOR, &(kh_indicator){.code = "T", .task = "II.5", .formula = KH_NO_EXPR, .file = "m.lua", .line = 1}, NULL, NULL); }
static const char *const county[] = {"county"}, *const nobody[] = {"nobody"};
static void with_scope(kh_catalog *c)
{
    static kh_target t[] = {{.scope = {.kinds = county, .n_kinds = 1}}};
    kh_catalog_add(c, KH_DEF_INDICATOR, &(kh_indicator){.code = "T", .formula = KH_NO_EXPR, .targets = t, .n_targets = 1}, NULL, NULL);
}
static void with_reporters(kh_catalog *c)
{
    static kh_selector s[] = {{.codes = nobody, .n_codes = 1}};
    kh_catalog_add(c, KH_DEF_FORM, &(kh_form){.code = "F", .reporters = s, .n_reporters = 1}, NULL, NULL);
}
static void with_covers(kh_catalog *c)
{
    static kh_selector s[] = {{.under = "nobody"}};
    kh_catalog_add(c, KH_DEF_FORM, &(kh_form){.code = "F", .covers = s, .n_covers = 1}, NULL, NULL);
}
static void with_rule(kh_catalog *c) { kh_catalog_add(c, KH_DEF_RULE, &(kh_rule){.code = "R", .check = KH_NO_EXPR, .scope = {.kinds = county, .n_kinds = 1}}, NULL, NULL); }
static void with_count(kh_catalog *c) { kh_expr_add(c->exprs, &(kh_expr_node){.op = KH_X_COUNT_UNITS, .text = "county"}); }
static void with_units(kh_catalog *c)
{
    kh_unit_def d = {.code = "1", .name = "A", .parent_code = "0", .from = KH_DAY_MIN, .to = KH_DAY_MAX};
    kh_units_add(c->units, &d, NULL, NULL);
}

static void every_name_must_lead_to_something(void **state)
{
    (void)state;
    static const faulty cases[] = {
        {with_parent_plan, "parent \"none\""}, {with_own_parent, "own ancestor"}, {with_plan_unit, "unit \"nobody\""}, {with_task_parent, "task \"II\""}, {with_task_twice, "twice, first at line 19"},
        {with_task_circle, "own ancestor"}, {with_task_target, "did you mean \"T8\"?"}, {with_assigned_task, "did you mean \"II.4\"?"}, {with_assigned_unit, "unit \"nobody\""},
        {with_assigned_kind, "no kind or level"}, {with_milestone, "task \"IX\""}, {with_pilot, "unit \"nobody\""}, {with_measure_task, "did you mean \"II.4\"?"}, {with_indicator_task, "task \"II.5\""},
        {with_scope, "\"county\""}, {with_reporters, "\"nobody\""}, {with_covers, "\"nobody\""}, {with_rule, "\"county\""}, {with_count, "\"county\""}, {with_units, "parent \"0\""}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        kh_catalog *c = kh_catalog_new();
        kh_error err = KH_ERROR_INIT;
        cases[i].make(c);
        check_fails(kh_catalog_seal(c, &err), &err, cases[i].words);
        kh_catalog_free(c);
    }
}

static void an_assignment_fault_is_told_at_its_own_line(void **state)
{
    (void)state;
    kh_catalog *c = kh_catalog_new();
    kh_error err = KH_ERROR_INIT;
    with_assigned_unit(c);
    assert_int_equal(kh_catalog_seal(c, &err), KH_EUSAGE);
    assert_string_equal(err.file, "p.lua");
    assert_int_equal(err.line, 33);
    kh_error_clear(&err);
    kh_catalog_free(c);
}

static void a_whole_plan_seals(void **state)
{
    (void)state;
    kh_catalog *c = kh_catalog_new();
    kh_error err = KH_ERROR_INIT;
    add_real_units(c->units, "data/units.csv");
    add_real_successors(c->units);
    kh_assignment a[] = {{.task = "II.4", .unit = "183"}, {.task = "II", .unit = "*"}, {.task = "II", .unit = "kind:district"}};
    kh_milestone m[] = {{.code = "M", .task = "II.4", .unit = "183"}, {.code = "N"}};
    add_plan(c, &(kh_plan){.code = "child", .parent = "100", .unit = "183"}); /* before its parent */
    add_plan(c, &(kh_plan){.code = "100", .unit = "20", .tasks = tasks, .n_tasks = 2, .assignments = a, .n_assignments = 3, .milestones = m, .n_milestones = 2});
    kh_catalog_add(c, KH_DEF_MEASURE, &(kh_measure){.code = "m", .task = "II.4"}, NULL, NULL);
    if (kh_catalog_seal(c, &err) != KH_OK)
        fail_msg("%s", err.text);
    assert_int_equal(kh_catalog_seal(c, &err), KH_OK); /* again changes nothing */
    kh_catalog_free(c);
}

/* ---- units ---- */

static void of_many_candidates_five_are_named(void **state)
{
    (void)state;
    for (int n = 5; n <= 20; n++) { /* from 17 on there are more than a match holds */
        kh_catalog *c = kh_catalog_new();
        kh_error err = KH_ERROR_INIT;
        kh_unit unit;
        char code[16], count[32];
        for (int i = 0; i < n; i++) {
            snprintf(code, sizeof code, "u%d", i);
            kh_unit_def d = {.code = code, .name = "Hòa Bình", .kind = kh_units_kind(c->units, "xa"), .from = KH_DAY_MIN, .to = KH_DAY_MAX};
            assert_int_equal(kh_units_add(c->units, &d, NULL, NULL), KH_OK);
        }
        assert_int_equal(kh_catalog_need_unit(c, "Xã Hòa Bình", 0, &unit, &err), KH_EUSAGE);
        snprintf(count, sizeof count, "%d units", n);
        assert_non_null(strstr(err.text, count));
        assert_non_null(strstr(err.text, "(u4)"));
        assert_null(strstr(err.text, "(u5)"));
        assert_int_equal(strstr(err.text, "…") != NULL, n > 5);
        kh_error_clear(&err);
        kh_catalog_free(c);
    }
}

static void a_unit_that_is_not_one_is_told_with_its_candidates(void **state)
{
    (void)state;
    static const struct { const char *text, *day, *code, *words; } cases[] = {
        {"Huyện Cao Lộc", "2018-01-01", "183", NULL}, {"06268", "2018-01-01", "06268", NULL},
        {"Xã Hòa Bình", "2018-01-01", NULL, "4 units"}, {"Huyen Cao Loc", "2018-01-01", NULL, "did you mean Cao Lộc District (183)?"},
        {"183", "2025-07-01", NULL, "not valid on 2025-07-01"}, {"Thành phố Hải Phòng", "2018-01-01", NULL, "unknown unit"}, {"Xã Hòa Bình", "2018-01-01", NULL, "06103, Bình Gia District)"}};
    kh_catalog *c = kh_catalog_new();
    add_real_units(c->units, "data/units.csv");
    for (size_t i = 0; i < COUNT(cases); i++) {
        kh_error err = KH_ERROR_INIT;
        kh_unit unit = KH_NO_UNIT;
        int rc = kh_catalog_need_unit(c, cases[i].text, on(cases[i].day), &unit, &err);
        if (!cases[i].code) {
            check_fails(rc, &err, cases[i].words);
            continue;
        }
        assert_int_equal(rc, KH_OK);
        assert_string_equal(kh_units_def(c->units, unit)->code, cases[i].code);
    }
    kh_catalog_free(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_added_is_found_by_its_code),
        cmocka_unit_test(a_code_defined_twice_names_both_places),
        cmocka_unit_test(an_unknown_name_is_told_with_the_nearest),
        cmocka_unit_test(indicators_in_a_circle_are_named_along_the_path),
        cmocka_unit_test(an_indicator_that_reads_itself_is_a_circle),
        cmocka_unit_test(reading_the_same_indicator_twice_is_no_circle),
        cmocka_unit_test(the_inputs_of_a_scalar_function_count_as_well),
        cmocka_unit_test(every_name_must_lead_to_something),
        cmocka_unit_test(an_assignment_fault_is_told_at_its_own_line),
        cmocka_unit_test(a_whole_plan_seals),
        cmocka_unit_test(of_many_candidates_five_are_named),
        cmocka_unit_test(a_unit_that_is_not_one_is_told_with_its_candidates),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

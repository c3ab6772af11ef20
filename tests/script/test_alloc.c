/* SPDX-License-Identifier: MIT */
/*
 * Lua's n-th allocation fails, once and for good, for n = 1, 2, ... until the
 * work passes untouched: the state, the definitions, an analysis that uses the
 * whole of the library, a return with a row function, a report. Each fault is
 * the memory stop, a message, and nothing stored; under the sanitizers also no
 * leak. (What malloc's own n-th failure does to whole commands: tests/faults.)
 *
 * Steps grow with n; KH_FAULTS=all takes every n.
 */
#include "base/file.h"
#include "base/log.h"
#include "flow/session.h"
#include "place.h"
#include "script/host.h"

static const char definitions[] =
    "kind 'province' { level = 'province' } kind 'district' { level = 'district' }\n"
    "unit 'top' { name = 'Trên', kind = 'province' } unit 'a' { name = 'An', kind = 'district', parent = 'top' }\n"
    "measure 'x' { title = 'X', type = 'integer' }\n"
    "indicator 'T' { title = 'T', formula = function(m) return kh.when(m.x:gt(1), 100 * m.x / 20, m.x:prev(1):otherwise(0)) end, target = { at_least = 50 } }\n"
    "indicator 'E' { title = 'E', each = function(c) return c.x and 2 * c.x end }\n"
    "form 'F' { every = 'year', reporters = { kind = 'district' }, file = 'F_{unit}_{period}.csv', columns = { { 'Don vi', as = 'key' }, { 'So', as = 'key' } }, measures = { 'x' },\n"
    "  row = function(row, out) local n = row:integer('So') out:value('x', n + #('x'):rep(n):gsub('x', '') , { unit = row:unit('Don vi') }) end }\n"
    "rule 'r' { check = function(m) return m.x:ge(0) end, message = 'x {x}' }\n"
    "report 'R' { params = { period = 'year' }, build = function(doc, p) doc:heading('H') doc:table(kh.query { names = { 'x', 'T', 'E' }, period = p.period }, { total = true }) doc:para { 'a', { 'b', bold = true } } end }\n";

static const char analysis[] =
    "local t = {} for i = 1, 50 do t[#t + 1] = ('%d-%s'):format(i, tostring(i)):upper():gsub('%d', '<%0>') end\n"
    "table.sort(t, function(a, b) return a > b end)\n"
    "local s = table.concat(t, ',', 1, 40)\n"
    "for a, b in s:gmatch('(%a*)(.)') do if a == 'zz' then print(b) end end\n"
    "local co = coroutine.wrap(function(...) local x <close> = setmetatable({}, { __close = function() end }) for i = 1, select('#', ...) do coroutine.yield(i) end end)\n"
    "co(1, 2, 3) co()\n"
    "assert(not pcall(error, { code = 1 })) assert(select(2, xpcall(error, function(e) return e .. '!' end, 'x')) == 'x!')\n"
    "assert(load('return 1 + 1')() == 2)\n"
    "local f = kh.query { names = { 'x', 'T' }, period = '2018' }\n"
    "f:sort('-x'):head(3):add('y', function(r) return 1 end):where(function(r) return true end)\n"
    "local g = kh.frame({ 'k', 'v' }, { { k = 'a', v = 1 }, { k = 'b', v = 2 } }) g:group('k', { v = 'sum' }) g:join(g, 'k') g:pivot('k', 'k', 'v')\n"
    "for row in kh.sql('SELECT unit, value FROM v_value WHERE measure = ?', 'x') do local _ = row.unit end\n"
    "local p = kh.period('2018Q1'):next() local u = kh.unit('a') local _ = tostring(p) .. tostring(u)\n"
    "kh.report('R', { period = '2018' }):text()\n";

static place *P;
static long struck;

static long next_n(long n)
{
    const char *all = getenv("KH_FAULTS");
    return all && strcmp(all, "all") == 0 ? n + 1 : n + 1 + n / 25;
}

static void check(int rc, long n)
{
    if (rc != KH_OK && (!P->err.text || !P->err.text[0]))
        fail_msg("fault %ld: code %d without a word", n, rc);
    if (rc != KH_OK && rc != KH_ESCRIPT && rc != KH_ESTORE && rc != KH_EFAULTS)
        fail_msg("fault %ld: code %d: %s", n, rc, P->err.text);
}

static int run_import(void)
{
    char path[200];
    kh_import_result r = {0};
    kh_import_options o = {0};
    snprintf(path, sizeof path, "%s/data/F_a_2018.csv", P->root);
    kh_error_clear(&P->err);
    int rc = kh_import(P->ws, path, &o, NULL, NULL, &r, &P->err);
    kh_import_result_clear(&r);
    return rc;
}

static int run_analysis(void) { return place_run(P, analysis); }

/* `work` with the n-th allocation failing, for good or once, until it passes without having met one. */
static void sweep(const char *name, int (*work)(void), bool good)
{
    long met = 0;
    for (long n = 1;; n = next_n(n)) {
        P->script->fail_at = (unsigned long)n;
        P->script->fail_on = good;
        int rc = work();
        bool struck_now = P->script->fail_at <= 1 && (good || P->script->fail_at == 0);
        P->script->fail_at = 0;
        check(rc, n);
        if (!struck_now) {
            if (rc != KH_OK)
                fail_msg("%s: no fault and yet code %d: %s", name, rc, P->err.text);
            break;
        }
        met++;
        kh_error_clear(&P->err);
        assert_int_equal(P->script->depth, 0);
    }
    print_message("%s: %ld faults, each %s\n", name, met, good ? "for good" : "once");
    struck += met;
}

static void both(const char *name, int (*work)(void))
{
    sweep(name, work, false);
    sweep(name, work, true);
    assert_int_equal(work(), KH_OK); /* the state is as good as before */
}

static void open_place(void)
{
    P = place_new("workspace { lang = 'en', store = ':memory:', grant = { read = { 'data' }, write = { 'out' } }, limits = { memory = '64M', time = '600s' } }\n");
    place_file(P, "scripts/a.lua", definitions);
    place_file(P, "data/F_a_2018.csv", "Don vi,So\na,7\n");
}

static void a_failed_allocation_while_loading_is_a_message(void **state)
{
    (void)state;
    for (int good = 0; good < 2; good++)
        for (long n = 1;; n = next_n(n)) {
            kh_error_clear(&P->err);
            P->ws = kh_workspace_new(P->root, NULL);
            int rc = kh_script_new(&P->script, P->ws, &P->err);
            assert_int_equal(rc, KH_OK);
            P->script->fail_at = (unsigned long)n;
            P->script->fail_on = good;
            rc = kh_script_load(P->script, &P->err);
            bool met = P->script->fail_at <= 1;
            P->script->fail_at = 0;
            check(rc, n);
            struck += met;
            if (!met && good) {
                assert_int_equal(rc, KH_OK);
                break; /* the tests that follow go on with this one */
            }
            kh_script_free(P->script);
            kh_workspace_free(P->ws);
            if (!met)
                break;
        }
}

static void a_failed_allocation_in_an_analysis_is_a_message(void **state)
{
    (void)state;
    both("analysis", run_analysis);
}

static void a_failed_allocation_in_a_row_function_stores_nothing_or_all(void **state)
{
    (void)state;
    both("import", run_import);
}

static int set_up(void **state)
{
    (void)state;
    kh_log_limit(KH_LOG_ERROR);
    open_place();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    print_message("%ld faults struck\n", struck);
    place_free(P);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_failed_allocation_while_loading_is_a_message),
        cmocka_unit_test(a_failed_allocation_in_a_row_function_stores_nothing_or_all),
        cmocka_unit_test(a_failed_allocation_in_an_analysis_is_a_message),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}

/* SPDX-License-Identifier: MIT */
/* Definitions: what they come to in the catalog, and what a fault in one says. */
#include "place.h"

/* Loads one file of definitions; NULL on success, else the place stays for its error. */
static place *defined(const char *text)
{
    place *p = place_new(NULL);
    place_file(p, "scripts/a.lua", text);
    place_load(p);
    return p;
}

static place *good(const char *text)
{
    place *p = defined(text);
    if (p->err.code)
        fail_msg("does not load: %s:%d: %s", p->err.file, p->err.line, p->err.text);
    return p;
}

#define UNITS "kind 'tinh' { level = 'province' }\nkind 'huyen' { level = 'district' }\nunit 'p' { name = 'P', kind = 'tinh' }\nunit 'd' { name = 'D', kind = 'huyen', parent = 'p' }\n"

static void settings_are_read(void **state)
{
    (void)state;
    place *p = place_new("workspace { name = 'N', store = 's.db', lang = 'en', calendar = 'nd09', scripts = { 'defs', 'more' }, note = 'illustrative',\n"
                         "grant = { read = 'data', write = { 'out', 'w' } }, limits = { memory = '2G', time = '1h', output = '3M', instructions = 5000000 } }");
    place_file(p, "defs/a.lua", "measure 'x' { }");
    place_file(p, "more/a.lua", "measure 'y' { }");
    assert_int_equal(place_load(p), KH_OK);
    const kh_settings *s = &p->ws->settings;
    assert_string_equal(s->name, "N");
    assert_string_equal(s->store, "s.db");
    assert_int_equal(s->calendar, KH_CALENDAR_ND09);
    assert_int_equal(s->memory, 2LL << 30);
    assert_true(s->seconds == 3600);
    assert_int_equal(s->output, 3 << 20);
    assert_int_equal(s->instructions, 5000000);
    assert_int_equal(s->read.n, 1);
    assert_int_equal(s->write.n, 2);
    assert_string_equal(p->ws->catalog->note, "illustrative");
    assert_int_equal(p->ws->catalog->n_measures, 2);
    place_free(p);
}

static void a_wrong_setting_names_its_line_and_the_nearest(void **state)
{
    (void)state;
    static const struct { const char *text; int line; const char *part; } cases[] = {
        {"workspace {\n  nam = 'N',\n}", 2, "did you mean \"name\""},
        {"workspace {\n  lang = 'vn' }", 2, "\"vi\" or \"en\""},
        {"workspace {\n  limits = { memry = '1G' } }", 2, "did you mean \"memory\""},
        {"workspace {\n  limits = { memory = '1X' } }", 2, "512M"},
        {"workspace {\n  limits = { time = 'long' } }", 2, "10m"},
        {"workspace { grant = { reed = {} } }", 1, "did you mean \"read\""},
        {"workspace { scripts = { '../x' } }", 1, "inside the workspace"},
        {"workspace { store = 5 }", 1, "must be a text"},
        {"workspace { }\nworkspace { }", 2, "twice"},
        {"worksapce { }", 1, "did you mean \"workspace\""},
        {"workspace { }\nmeasure 'x' { }", 2, "definitions belong"},
        {"workspace {", 1, "expected"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        place *p = place_new(cases[i].text);
        assert_int_equal(place_load(p), KH_EUSAGE);
        assert_error(p, KH_EUSAGE, "kehoach.lua", cases[i].line, cases[i].part);
        place_free(p);
    }
}

static void a_measure_takes_its_defaults(void **state)
{
    (void)state;
    place *p = good("category 'g' { options = { 'a', { 'b', title = 'B' } } }\n"
                    "measure 'x' { }\n"
                    "measure 'y' { title = 'Y', unit = 'người', type = 'integer', over_units = 'max', over_time = 'last', by = { 'g' }, min = 0, max = 10 }\n"
                    "measure 't' { type = 'text' }\n"
                    "measure 'c' { type = 'choice', choices = { 'on', { 'off', title = 'Off' } } }\n");
    const kh_catalog *c = p->ws->catalog;
    const kh_measure *x = &c->measures[kh_catalog_find(c, KH_DEF_MEASURE, "x")], *y = &c->measures[kh_catalog_find(c, KH_DEF_MEASURE, "y")];
    assert_string_equal(x->title, "x");
    assert_int_equal(x->type, KH_NUMBER);
    assert_int_equal(x->over_units, KH_AGG_SUM);
    assert_int_equal(x->over_time, KH_AGG_SUM);
    assert_false(x->has_min);
    assert_int_equal(y->type, KH_INTEGER);
    assert_int_equal(y->over_units, KH_AGG_MAX);
    assert_int_equal(y->over_time, KH_AGG_LAST);
    assert_int_equal(y->n_by, 1);
    assert_true(y->has_min && y->has_max && y->max == 10);
    assert_string_equal(y->file, "scripts/a.lua");
    assert_int_equal(y->line, 3);
    const kh_measure *t = &c->measures[kh_catalog_find(c, KH_DEF_MEASURE, "t")];
    assert_int_equal(t->over_units, KH_AGG_NONE);
    assert_int_equal(t->over_time, KH_AGG_LAST);
    const kh_measure *ch = &c->measures[kh_catalog_find(c, KH_DEF_MEASURE, "c")];
    assert_int_equal(ch->n_choices, 2);
    assert_string_equal(ch->choice_titles[1], "Off");
    place_free(p);
}

static void targets_have_exact_bounds_and_every_comparator(void **state)
{
    (void)state;
    static const struct { const char *text; kh_comparator cmp; int64_t lo, hi; uint8_t scale; } cases[] = {
        {"at_least = 85", KH_AT_LEAST, 85, 0, 0},        {"above = 20.5", KH_ABOVE, 205, 0, 1}, {"at_most = 0.1", KH_AT_MOST, 1, 0, 1},
        {"below = -3", KH_BELOW, -3, 0, 0},              {"between = { 20, 25 }", KH_BETWEEN, 20, 25, 0}, {"exactly = 100", KH_EXACTLY, 100, 0, 0},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char text[300];
        snprintf(text, sizeof text, "measure 'x' { }\nindicator 'I' { formula = function(m) return m.x end, target = { %s, from = '2016', to = '2020', by_end = true } }", cases[i].text);
        place *p = good(text);
        const kh_target *t = p->ws->catalog->indicators[0].targets;
        assert_int_equal(p->ws->catalog->indicators[0].n_targets, 1);
        assert_int_equal(t->cmp, cases[i].cmp);
        assert_int_equal(t->lo.m, cases[i].lo);
        assert_int_equal(t->lo.scale, cases[i].scale);
        if (t->cmp == KH_BETWEEN)
            assert_int_equal(t->hi.m, cases[i].hi);
        assert_true(t->by_end);
        assert_int_equal(kh_period_year(t->to), 2020);
        place_free(p);
    }
}

static void a_form_may_name_measures_of_a_later_file(void **state)
{
    (void)state;
    place *p = place_new(NULL);
    place_file(p, "scripts/a.lua", "form 'F' { every = 'year', reporters = { kind = 'huyen' }, columns = { { 'Unit', as = 'unit' }, { 'X', as = 'x', scale = 'triệu', dash = 'zero' } } }");
    place_file(p, "scripts/b.lua", UNITS "measure 'x' { }");
    if (place_load(p) != KH_OK)
        fail_msg("%s", p->err.text);
    const kh_form *f = p->ws->catalog->forms;
    assert_int_equal(f->n_columns, 2);
    assert_int_equal(f->columns[0].as, KH_AS_UNIT);
    assert_int_equal(f->columns[1].as, KH_AS_MEASURE);
    assert_int_equal(f->columns[1].factor10, 6);
    assert_int_equal(f->columns[1].dash, KH_EMPTY_ZERO);
    assert_int_equal(f->columns[1].blank, KH_EMPTY_MISSING);
    assert_int_equal(f->n_measures, 1);
    assert_null(f->script);
    place_free(p);
}

static void tasks_of_plans_become_options_where_a_category_says_so(void **state)
{
    (void)state;
    place *p = good(UNITS "category 'task' { from = 'plan' }\n"
                          "plan 'A' { period = { '2016', '2020' }, tasks = { { 'I', 'One' }, { code = 'II', title = 'Two', targets = { } } },\n"
                          "  assignments = { { task = 'I', lead = 'p', with = { 'd', '*' }, duty = 'words' }, { task = 'II', unit = 'd', role = 'with' } },\n"
                          "  references = { { '42-KL/TU', date = '2016-08-02', role = 'carries out' } } }\n");
    const kh_catalog *c = p->ws->catalog;
    uint32_t cat = kh_cuts_category(c->cuts, "task");
    assert_int_not_equal(kh_cuts_option(c->cuts, cat, "II"), UINT32_MAX);
    const kh_plan *plan = c->plans;
    assert_int_equal(plan->n_tasks, 2);
    assert_string_equal(plan->tasks[0].title, "One");
    assert_int_equal(plan->n_assignments, 4);
    assert_string_equal(plan->assignments[2].unit, "*");
    assert_int_equal(plan->assignments[2].role, KH_ROLE_WITH);
    assert_string_equal(plan->references[0].code, "42-KL/TU");
    assert_int_equal(kh_period_year(plan->to), 2020);
    place_free(p);
}

static void units_come_from_csv_with_groups_and_validity(void **state)
{
    (void)state;
    place *p = place_new(NULL);
    place_file(p, "scripts/a.lua", "kind 'tinh' { level = 'province' }\nkind 'xa' { level = 'commune' }\nunits { file = 'data/u.csv' }\nsuccessors { file = 'data/s.csv' }\n");
    place_file(p, "data/u.csv", "\xEF\xBB\xBF" "code;name;kind;parent;valid_from;valid_to;ownership\r\np;\"Tỉnh \"\"P\"\"\";tinh;;;;\r\na;A;xa;p;;2019-12-31;public\r\nb;B;xa;p;;;private\r\n");
    place_file(p, "data/s.csv", "date,old_code,new_code,part\n2020-01-01,a,b,whole\n");
    if (place_load(p) != KH_OK)
        fail_msg("%s:%d: %s", p->err.file, p->err.line, p->err.text);
    kh_units *u = p->ws->catalog->units;
    kh_day before = kh_day_make(2019, 6, 1), after = kh_day_make(2020, 6, 1);
    kh_unit a = kh_units_find(u, "a", before);
    assert_int_not_equal(a, KH_NO_UNIT);
    assert_int_equal(kh_units_find(u, "a", after), KH_NO_UNIT);
    assert_string_equal(kh_units_group(u, a, "ownership"), "public");
    assert_string_equal(kh_units_def(u, kh_units_find(u, "p", before))->name, "Tỉnh \"P\"");
    bool split;
    assert_int_equal(kh_units_successor(u, a, after, &split), kh_units_find(u, "b", after));
    place_free(p);
}

static void a_fault_in_a_csv_of_units_names_its_line(void **state)
{
    (void)state;
    static const struct { const char *csv; int line; const char *part; } cases[] = {
        {"code,name\n", 1, "\"kind\" is missing"},
        {"code,name,kind\np,P,tin\n", 2, "did you mean \"tinh\""},
        {"code,name,kind,valid_from\n\np,P,tinh,2019-02-30\n", 3, "not a date"},
        {"code,name,kind\n,P,tinh\n", 2, "a code, a name and a kind"},
        {"code,name,kind\np,P,tinh,x\n", 2, "4 fields"},
        {"code,name,kind\np,\"P\nQ\",tinh\nq,,tinh\n", 4, "a code, a name and a kind"},
        {"code,name,kind\np,P\xff,tinh\n", 2, "UTF-8"},
        {"", 1, "empty"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        place *p = place_new(NULL);
        place_file(p, "scripts/a.lua", "kind 'tinh' { level = 'province' }\nunits { file = 'data/u.csv' }\n");
        place_file(p, "data/u.csv", cases[i].csv);
        place_load(p);
        assert_error(p, KH_EUSAGE, "data/u.csv", cases[i].line, cases[i].part);
        place_free(p);
    }
}

static void a_faulty_definition_says_where_and_what_would_be_right(void **state)
{
    (void)state;
    static const struct { const char *text; int line; const char *part; } cases[] = {
        {"measure 'x' {\n  titel = 'X',\n}", 2, "did you mean \"title\""},
        {"measure 'x' {\n  type = 'integr' }", 2, "did you mean \"integer\""},
        {"measure 'x' { over_time = 'lats' }", 1, "did you mean \"last\""},
        {"measure 'x' { min = '10' }", 1, "must be a whole number, not \"10\""},
        {"measure 'x' { min = 1.5 }", 1, "must be a whole number"},
        {"measure 'x' { min = 5, max = 1 }", 1, "smaller than min"},
        {"measure 'x' { by = { 'gendr' } }\ncategory 'gender' { options = { 'f' } }", 1, "did you mean \"gender\""},
        {"measure 'x' { type = 'choice' }", 1, "choices"},
        {"measure 'x' 'y'", 1, "a table { ... } is wanted"},
        {"measure { title = 'x' }", 1, "a code is wanted first"},
        {"measure 'x' { }\nmeasure 'x' { }", 2, "x"},
        {"measure 'x' { }\nindicator 'x' { formula = function(m) return m.x end }", 2, "x"},
        {"indicator 'I' { }", 1, "has a formula, or each"},
        {"measure 'x' { }\nindicator 'I' {\n  formula = function(m)\n    return m.xx\n  end }", 4, "did you mean \"x\""},
        {"measure 'x' { }\nindicator 'I' { formula = function(m) return m.x end,\n  target = { atleast = 5 } }", 3, "did you mean \"at_least\""},
        {"measure 'x' { }\nindicator 'I' { formula = function(m) return m.x end, target = { at_least = 5, below = 7 } }", 2, "exactly one"},
        {"measure 'x' { }\nindicator 'I' { formula = function(m) return m.x end, target = { at_least = '5' } }", 2, "must be a number"},
        {"measure 'x' { }\nindicator 'I' { formula = function(m) return m.x end, target = { between = { 5, 1 } } }", 2, "smaller to the larger"},
        {"measure 'x' { }\nindicator 'I' { formula = function(m) return m.x end, target = { at_least = 5, by_end = true } }", 2, "needs to"},
        {"indicator 'A' { formula = function(m) return m.B end }\nindicator 'B' { formula = function(m) return m.A end }", 0, "A"},
        {"measure 'x' { type = 'text' }\nindicator 'I' { formula = function(m) return m.x end }", 2, "computes with numbers"},
        {"rule 'r' { check = 5 }", 1, "must be a function"},
        {"measure 'x' { }\nrule 'r' { severity = 'eror', check = function(m) return m.x end }", 2, "did you mean \"error\""},
        {"form 'F' { every = 'quater', reporters = { } , columns = { } }", 1, "did you mean \"quarter\""},
        {"form 'F' {\n  every = 'year', reporters = { kind = 'huyn' }, columns = { { 'X', as = 'unit' } } }\nkind 'huyen' { level = 'district' }", 0, "did you mean \"huyen\""},
        {"measure 'reserve' { }\nform 'F' { every = 'year', reporters = { }, columns = {\n  { 'X', as = 'reserv' } } }", 3, "did you mean \"reserve\""},
        {"form 'F' { every = 'year', reporters = { } }", 1, "has columns, or a row function"},
        {"form 'F' { every = 'year', reporters = { }, row = function() end }", 1, "measures"},
        {"form 'F' { every = 'year', reporters = { }, columns = { { 'X', as = 'option' } } }", 1, "category"},
        {"report 'r' { }", 1, "\"build\" is missing"},
        {"report 'r' { params = { period = 'quater' }, build = function() end }", 1, "a length is"},
        {"job 'j' { every = 'year', at = '25:00', run = function() end }", 1, "time of day"},
        {"job 'j' { every = 'year', timeout = '30x', run = function() end }", 1, "30s"},
        {"unit 'p' { name = 'P', kind = 'tinhh' }\nkind 'tinh' { level = 'province' }", 1, "did you mean \"tinh\""},
        {"unit 'p' { name = 'P', kind = 'k', from = '2016' }\nkind 'k' { level = 'l' }", 1, "must be a date"},
        {"plan 'P' { tasks = { { title = 'x' } } }", 1, "a task has a code"},
        {"plan 'P' { assignments = { { task = 'I' } } }", 1, "nobody is named"},
        {"plan 'P' { from = '2020', to = '2016' }", 1, "before from"},
        {"category 'c' { }", 1, "options"},
        {"mesure 'x' { }", 1, "did you mean \"measure\""},
        {"totl = 1", 1, "not declared"},
        {"local t = nil\nt.x = 1", 2, "nil"},
        {"measure 'x' {", 1, "expected"},
        {"error({})", 1, "no text"},
        {"kh.query { }", 1, "loaded"},
        {"kh.write('out/x', 'y')", 1, "loaded"},
        {"kh.read('data/x')", 1, "cannot open"}, /* a file of the workspace may make definitions, if it is there */
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        place *p = defined(cases[i].text);
        if (p->err.code == KH_OK)
            fail_msg("loads: %s", cases[i].text);
        assert_error(p, KH_EUSAGE, cases[i].line ? "scripts/a.lua" : NULL, cases[i].line, cases[i].part);
        place_free(p);
    }
}

static void faults_of_all_files_are_told_at_once(void **state)
{
    (void)state;
    place *p = place_new(NULL);
    place_file(p, "scripts/a.lua", "measure 'x' { titel = 'X' }\nmeasure 'y' { typ = 'integer' }\n");
    place_file(p, "scripts/b.lua", "measure 'z' { unt = 'x' }");
    assert_int_equal(place_load(p), KH_EUSAGE);
    assert_error(p, KH_EUSAGE, "scripts/a.lua", 1, "title");
    assert_non_null(p->err.trace);
    assert_non_null(strstr(p->err.trace, "scripts/a.lua:2"));
    assert_non_null(strstr(p->err.trace, "scripts/b.lua:1"));
    place_free(p);
}

static void files_below_lib_are_modules_and_not_definitions(void **state)
{
    (void)state;
    place *p = place_new(NULL);
    place_file(p, "scripts/lib/m.lua", "return { name = 'x', f = function(n) return n + 1 end }");
    place_file(p, "scripts/a.lua", "local m = require 'm'\nmeasure(m.name) { max = m.f(4) }\nassert(require('m') == m)");
    place_file(p, "scripts/.hidden.lua", "error('read')");
    place_file(p, "scripts/deep/er/b.lua", "measure 'b' { }");
    if (place_load(p) != KH_OK)
        fail_msg("%s", p->err.text);
    assert_int_equal(p->ws->catalog->n_measures, 2);
    assert_int_equal(p->ws->catalog->measures[0].max, 5);
    place_free(p);
}

static void a_link_out_of_the_workspace_is_no_definition_and_no_module(void **state)
{
    (void)state;
    place *p = place_new(NULL), *other = place_new(NULL);
    char from[200], to[200];
    place_file(other, "x.lua", "return 5");
    place_file(p, "scripts/lib/.keep", "");
    snprintf(from, sizeof from, "%s/x.lua", other->root);
    snprintf(to, sizeof to, "%s/scripts/lib/x.lua", p->root);
    assert_int_equal(symlink(from, to), 0);
    snprintf(to, sizeof to, "%s/scripts/y.lua", p->root);
    assert_int_equal(symlink(from, to), 0);
    place_file(p, "scripts/a.lua", "require 'x'");
    place_load(p);
    assert_error(p, KH_EUSAGE, "scripts/a.lua", 1, "no module \"x\"");
    place_free(p);
    place_free(other);
}

static void a_circle_of_require_is_named(void **state)
{
    (void)state;
    place *p = place_new(NULL);
    place_file(p, "scripts/lib/a.lua", "return require 'b'");
    place_file(p, "scripts/lib/b.lua", "return require 'a'");
    place_file(p, "scripts/x.lua", "require 'a'");
    place_load(p);
    assert_error(p, KH_EUSAGE, "scripts/lib/b.lua", 1, "circle");
    place_free(p);
}

static void hash_of(const char *text, char out[65])
{
    place *p = good(text);
    memcpy(out, p->ws->catalog->indicators[0].sha256, 65);
    place_free(p);
}

static void the_hash_of_an_indicator_follows_its_formula_and_not_its_layout(void **state)
{
    (void)state;
    char a[65], b[65];
    const char *base = "measure 'x' { }\nindicator 'I' { title = 'T', formula = function(m) return m.x * 2 end }";
    hash_of(base, a);
    assert_int_equal(strlen(a), 64);
    hash_of("measure 'x' { }\n\n\nindicator 'I' { title = 'T', formula = function(m) return m.x * 2 end }", b);
    assert_string_equal(a, b); /* lower in the file */
    hash_of("measure 'x' { }\nindicator 'I' { title = 'T', formula = function(m) return m.x * 3 end }", b);
    assert_string_not_equal(a, b);
    hash_of("measure 'x' { }\nindicator 'I' { title = 'U', formula = function(m) return m.x * 2 end }", b);
    assert_string_not_equal(a, b);
}

static void the_hash_follows_what_a_formula_holds_from_outside(void **state)
{
    (void)state;
    char a[65], b[65];
    hash_of("measure 'x' { }\nlocal k = 2\nindicator 'I' { formula = function(m) return m.x * k end }", a);
    hash_of("measure 'x' { }\nlocal k = 3\nindicator 'I' { formula = function(m) return m.x * k end }", b);
    assert_string_not_equal(a, b);
    place *p = good("measure 'x' { }\nfor _, k in ipairs { 1, 2 } do indicator('I' .. k) { title = 'T', formula = function(m) return m.x * k end } end");
    assert_string_not_equal(p->ws->catalog->indicators[0].sha256, p->ws->catalog->indicators[1].sha256);
    place_free(p);
}

static void the_hash_follows_a_helper_in_a_module(void **state)
{
    (void)state;
    char hashes[2][65];
    for (int i = 0; i < 2; i++) {
        place *p = place_new(NULL);
        place_file(p, "scripts/lib/h.lua", i ? "return { f = function(m) return m.x * 2 end }" : "return { f = function(m) return m.x end }");
        place_file(p, "scripts/a.lua", "local h = require 'h'\nmeasure 'x' { }\nindicator 'I' { formula = function(m) return h.f(m) end }");
        assert_int_equal(place_load(p), KH_OK);
        memcpy(hashes[i], p->ws->catalog->indicators[0].sha256, 65);
        place_free(p);
    }
    assert_string_not_equal(hashes[0], hashes[1]);
}

static void definitions_are_in_the_same_order_however_a_script_walks_its_table(void **state)
{
    (void)state;
    for (int i = 0; i < 5; i++) {
        place *p = good("measure 'x' { }\nfor code, n in pairs { c = 1, a = 2, b = 3, z = 4, q = 5 } do indicator(code) { formula = function(m) return m.x * n end } end");
        static const char *const order[] = {"a", "b", "c", "q", "z"};
        for (size_t k = 0; k < 5; k++)
            assert_string_equal(p->ws->catalog->indicators[k].code, order[k]);
        place_free(p);
    }
}

static void the_source_of_a_formula_is_kept(void **state)
{
    (void)state;
    place *p = good("measure 'x' { }\nindicator 'I' {\n  title = 'T', formula = function(m) return 100 * m.x end,\n}");
    assert_string_equal(p->ws->catalog->indicators[0].source, "function(m) return 100 * m.x end");
    place_free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(settings_are_read),
        cmocka_unit_test(a_wrong_setting_names_its_line_and_the_nearest),
        cmocka_unit_test(a_measure_takes_its_defaults),
        cmocka_unit_test(targets_have_exact_bounds_and_every_comparator),
        cmocka_unit_test(a_form_may_name_measures_of_a_later_file),
        cmocka_unit_test(tasks_of_plans_become_options_where_a_category_says_so),
        cmocka_unit_test(units_come_from_csv_with_groups_and_validity),
        cmocka_unit_test(a_fault_in_a_csv_of_units_names_its_line),
        cmocka_unit_test(a_faulty_definition_says_where_and_what_would_be_right),
        cmocka_unit_test(faults_of_all_files_are_told_at_once),
        cmocka_unit_test(files_below_lib_are_modules_and_not_definitions),
        cmocka_unit_test(a_link_out_of_the_workspace_is_no_definition_and_no_module),
        cmocka_unit_test(a_circle_of_require_is_named),
        cmocka_unit_test(the_hash_of_an_indicator_follows_its_formula_and_not_its_layout),
        cmocka_unit_test(the_hash_follows_what_a_formula_holds_from_outside),
        cmocka_unit_test(the_hash_follows_a_helper_in_a_module),
        cmocka_unit_test(definitions_are_in_the_same_order_however_a_script_walks_its_table),
        cmocka_unit_test(the_source_of_a_formula_is_kept),
    };
    return cmocka_run_group_tests_name("definitions", tests, NULL, NULL);
}

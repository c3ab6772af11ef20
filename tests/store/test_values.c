/* SPDX-License-Identifier: MIT */
#include "../cm.h"
#include "world.h"

static world W;

static int setup(void **state)
{
    (void)state;
    world_open(&W);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    world_close(&W);
    return 0;
}

/* ---- what came out, as lines of text in an order of their own ---- */

typedef struct bag { char **items; size_t n, cap; } bag;

static void add(bag *b, const char *period, const char *unit, const char *measure, const char *cut, const char *value, uint32_t line)
{
    KH_PUSH(b->items, b->n, b->cap) = kh_asprintf("%s %s %s %s %s @%u", period, unit, measure, cut, value, line);
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void sort(bag *b)
{
    if (b->n)
        qsort(b->items, b->n, sizeof *b->items, by_text);
}

static void drop(bag *b)
{
    for (size_t i = 0; i < b->n; i++)
        kh_free(b->items[i]);
    kh_free(b->items);
    *b = (bag){0};
}

static void same(bag *expected, bag *got)
{
    sort(expected);
    sort(got);
    for (size_t i = 0; i < expected->n && i < got->n; i++)
        if (strcmp(expected->items[i], got->items[i]) != 0)
            fail_msg("expected \"%s\", got \"%s\"", expected->items[i], got->items[i]);
    assert_int_equal(expected->n, got->n);
}

/* A number's value without the digits' form, so that what was aligned to another scale compares. */
static void plain(kh_dec d, char *out)
{
    while (d.scale && d.m % 10 == 0) {
        d.m /= 10;
        d.scale--;
    }
    kh_dec_format(d, out);
}

static int take(void *ctx, const kh_block *b)
{
    char period[KH_PERIOD_TEXT], value[KH_DEC_TEXT];
    kh_period_format(b->period, period);
    for (size_t i = 0; i < b->n; i++) {
        const char *text = b->text ? b->text[i] : NULL;
        if (b->text ? !text : b->m[i] == KH_MISSING)
            continue;
        if (!text) {
            plain((kh_dec){b->m[i], b->scale}, value);
            text = value;
        }
        add(ctx, period, kh_units_def(W.c->units, b->unit[i])->code, W.c->measures[b->measure].code, kh_cut_key(W.c->cuts, b->cut), text, b->line ? b->line[i] : 0);
    }
    return 0;
}

static void read_all(bag *b, kh_read r)
{
    kh_error err = KH_ERROR_INIT;
    if (kh_store_read(W.s, W.c, &r, take, b, &err) != KH_OK)
        fail_msg("%s", err.text);
}

/* ---- returns at random ---- */

static uint64_t seed;

static uint32_t some(uint32_t n)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(seed >> 33) % n;
}

static void random_value(uint32_t measure, char *out, size_t room)
{
    static const char *const edges[] = {"0", "-1", "9223372036854775807", "-9223372036854775807", "1000000000000000000", "999999999999999999", "0.000000000000000001", "-0.5", "1.50", "12345678901234567.89"};
    static const char *const texts[] = {"Lạng Sơn", "", "\"quoted\" \\ and \t tab", "new\nline", "'; DROP TABLE audit; --", "null", "[1,2]", "đã làm\x01xong", "𝄞"};
    if (W.c->measures[measure].type == KH_TEXT)
        snprintf(out, room, "%s", texts[some(COUNT(texts))]);
    else if (W.c->measures[measure].type == KH_CHOICE)
        snprintf(out, room, "%s", some(2) ? "good" : "fair");
    else if (some(4) == 0)
        snprintf(out, room, "%s", edges[some(COUNT(edges))]);
    else if (some(2))
        snprintf(out, room, "%u.%0*u", some(100000), 1 + (int)some(4), some(10));
    else
        snprintf(out, room, "%d", (int)some(2000000) - 1000000);
}

/* Any shape: several periods, sparse columns, lines in steps, scattered, or one for each value. */
static kh_return *random_return(bag *expected, kh_unit sender, bool texts)
{
    static const char *const periods[] = {"2018Q1", "2017", "2018-01", "2018-02-03", "2018W07", "2016H2", "2018-9M"};
    kh_cut cuts[] = {KH_NO_CUT, W.female, W.male, W.female_2};
    char file[32], value[128], text[128];
    static unsigned n_files;
    snprintf(file, sizeof file, "r%u.csv", n_files++);
    kh_return *r = world_return(&W, W_FORM_A, sender, "2018Q1", file);
    uint32_t n_periods = 1 + some(3), line = 2, lines = some(3), density = 1 + some(4), n_measures = texts ? W_MEASURES : W_TEXT;
    for (uint32_t p = 0; p < n_periods; p++) {
        const char *period = periods[p * 2 + some(2)];
        for (uint32_t u = 0; u < W_FEW; u++) {
            if (some(5) == 0)
                continue;
            line += lines == 1 ? 1 + some(7) : 1;
            for (uint32_t m = 0; m < n_measures; m++)
                for (size_t k = 0; k < COUNT(cuts); k++) {
                    if (some(4) >= density)
                        continue;
                    line += lines == 2;
                    random_value(m, value, sizeof value);
                    world_set(&W, r, period, W.commune[u], m, cuts[k], value, line);
                    kh_dec d;
                    snprintf(text, sizeof text, "%s", value);
                    if (m != W_TEXT && m != W_CHOICE && kh_dec_parse(value, strlen(value), &d))
                        plain(d, text);
                    add(expected, period, kh_units_def(W.c->units, W.commune[u])->code, W.c->measures[m].code, kh_cut_key(W.c->cuts, cuts[k]), text, line);
                }
        }
    }
    return r;
}

static void whatever_is_put_is_read_back_the_same_with_its_lines(void **state)
{
    (void)state;
    for (uint64_t round = 1; round <= 60; round++) {
        kh_error err = KH_ERROR_INIT;
        bag expected = {0}, got = {0};
        seed = round * 7919;
        int64_t id = world_must_put(&W, random_return(&expected, W.district[round % W_DISTRICTS], round % 2 == 0));
        read_all(&got, (kh_read){.submission = id, .lines = true});
        same(&expected, &got);
        drop(&expected);
        drop(&got);
        assert_int_equal(kh_store_withdraw(W.s, W.c, id, "a test", &err), KH_OK);
    }
}

static void the_same_units_every_day_are_kept_once(void **state)
{
    (void)state;
    enum { MANY = 60 };
    bag expected = {0}, got = {0};
    kh_return *r = world_return(&W, W_FORM_A, W.district[0], "2018Q1", "many.csv");
    char period[KH_PERIOD_TEXT], value[32];
    for (int d = 0; d < MANY; d++) {
        kh_period_format(kh_period_step(kh_period_parse("2018-01-01", 10), d), period);
        for (uint32_t u = 0; u < W_FEW; u++) {
            snprintf(value, sizeof value, "%d", d * 1000 + (int)u);
            world_set(&W, r, period, W.commune[u], W_INTEGER, KH_NO_CUT, value, (uint32_t)d * 100 + u + 2);
            add(&expected, period, kh_units_def(W.c->units, W.commune[u])->code, "people", "", value, (uint32_t)d * 100 + u + 2);
        }
    }
    int64_t id = world_must_put(&W, r);
    read_all(&got, (kh_read){.submission = id, .lines = true});
    same(&expected, &got);
    drop(&expected);
    drop(&got);
    char *lists = world_sql(&W, "SELECT count(DISTINCT list), count(*) FROM submission_chunk WHERE submission = (SELECT max(id) FROM submission)");
    assert_string_equal(lists, "1|60"); /* the same units every day: kept once */
    kh_free(lists);
    kh_error err = KH_ERROR_INIT;
    assert_int_equal(kh_store_withdraw(W.s, W.c, id, "a test", &err), KH_OK);
}

/* Numbers alone: chunks of 1,024 rows; with a text among them: of 128. */
static void returns_of_many_rows_go_through_several_chunks(void **state)
{
    (void)state;
    for (int text = 0; text < 2; text++) {
        kh_error err = KH_ERROR_INIT;
        bag expected = {0}, got = {0};
        kh_return *r = world_return(&W, W_FORM_A, W.district[0], "2018Q1", text ? "text.csv" : "many.csv");
        for (uint32_t u = 0; u < W_COMMUNES; u++) {
            const char *code = kh_units_def(W.c->units, W.commune[u])->code;
            uint32_t line = 2 + u * 2 + (u > 700);
            char value[32];
            snprintf(value, sizeof value, "%u", u * 3);
            world_set(&W, r, "2018Q1", W.commune[u], W_INTEGER, KH_NO_CUT, value, line);
            add(&expected, "2018Q1", code, "people", "", value, line);
            if (text && u % 300 == 0) {
                world_set(&W, r, "2018Q1", W.commune[u], W_TEXT, KH_NO_CUT, "tốt", line + 1 + u / 300);
                add(&expected, "2018Q1", code, "remark", "", "tốt", line + 1 + u / 300);
            }
        }
        int64_t id = world_must_put(&W, r);
        read_all(&got, (kh_read){.submission = id, .lines = true});
        same(&expected, &got);
        drop(&expected);
        drop(&got);
        char *chunks = world_sql(&W, "SELECT count(*), max(n) FROM submission_chunk WHERE submission = (SELECT max(id) FROM submission)");
        assert_string_equal(chunks, text ? "9|128" : "2|1024");
        kh_free(chunks);
        assert_int_equal(kh_store_withdraw(W.s, W.c, id, "a test", &err), KH_OK);
    }
}

static int count_blocks(void *ctx, const kh_block *b)
{
    (void)b;
    ++*(int *)ctx;
    return 0;
}

static int stop(void *ctx, const kh_block *b)
{
    (void)ctx, (void)b;
    return KH_EINTR;
}

static void reading_is_narrowed_by_measure_period_and_submission(void **state)
{
    (void)state;
    kh_error err = KH_ERROR_INIT;
    kh_return *a = world_return(&W, W_FORM_A, W.district[1], "2018Q2", "a.csv"), *b = world_return(&W, W_FORM_A, W.district[2], "2018Q2", "b.csv");
    world_set(&W, a, "2018Q2", W.commune[0], W_INTEGER, KH_NO_CUT, "1", 2);
    world_set(&W, a, "2018Q2", W.commune[0], W_MONEY, KH_NO_CUT, "2", 2);
    world_set(&W, a, "2018-04", W.commune[0], W_INTEGER, W.female, "3", 3);
    world_set(&W, b, "2018Q2", W.commune[1], W_INTEGER, KH_NO_CUT, "4", 2);
    int64_t ia = world_must_put(&W, a), ib = world_must_put(&W, b);
    bool people[W_MEASURES] = {[W_INTEGER] = true}, nothing[W_MEASURES] = {false};
    kh_period q2 = kh_period_parse("2018Q2", 6);
    bag got = {0};
    read_all(&got, (kh_read){.measures = people, .periods = &q2, .n_periods = 1});
    assert_int_equal(got.n, 2);
    drop(&got);
    read_all(&got, (kh_read){.measures = people});
    assert_int_equal(got.n, 3);
    drop(&got);
    read_all(&got, (kh_read){.measures = nothing});
    assert_int_equal(got.n, 0);
    read_all(&got, (kh_read){.without = ia});
    assert_int_equal(got.n, 1);
    drop(&got);
    read_all(&got, (kh_read){.submission = ib});
    assert_int_equal(got.n, 1);
    drop(&got);
    int n = 0;
    assert_int_equal(kh_store_read(W.s, W.c, &(kh_read){0}, stop, NULL, &err), KH_EINTR);
    assert_int_equal(kh_store_read(W.s, W.c, &(kh_read){0}, count_blocks, &n, &err), KH_OK);
    assert_int_equal(n, 4);
    kh_period *periods;
    size_t n_periods;
    assert_int_equal(kh_store_periods(W.s, &periods, &n_periods, &err), KH_OK);
    assert_int_equal(n_periods, 2);
    assert_true(periods[0] == q2 && periods[1] == kh_period_parse("2018-04", 7)); /* longer first on the same day */
    kh_free(periods);
    assert_int_equal(kh_store_withdraw(W.s, W.c, ia, "a test", &err), KH_OK);
    assert_int_equal(kh_store_withdraw(W.s, W.c, ib, "a test", &err), KH_OK);
}

static void a_column_of_numbers_too_far_apart_for_one_scale_stays_exact(void **state)
{
    (void)state;
    kh_error err = KH_ERROR_INIT;
    bag expected = {0}, got = {0};
    kh_return *r = world_return(&W, W_FORM_A, W.district[3], "2018Q3", "far.csv");
    static const char *const values[] = {"9223372036854775807", "0.000000000000000001", "1.5", "7"};
    for (size_t i = 0; i < COUNT(values); i++) {
        world_set(&W, r, "2018Q3", W.commune[i], W_NUMBER, KH_NO_CUT, values[i], (uint32_t)i + 2);
        add(&expected, "2018Q3", kh_units_def(W.c->units, W.commune[i])->code, "area", "", values[i], (uint32_t)i + 2);
    }
    int64_t id = world_must_put(&W, r);
    read_all(&got, (kh_read){.submission = id, .lines = true});
    same(&expected, &got);
    drop(&expected);
    drop(&got);
    assert_int_equal(kh_store_withdraw(W.s, W.c, id, "a test", &err), KH_OK);
}

/* The two views and the stock shell, against what was put. */
static void the_views_show_exactly_what_was_put(void **state)
{
    (void)state;
    kh_error err = KH_ERROR_INIT;
    static const char *const views[] = {"v_value", "v_value_by_unit"};
    bag expected = {0};
    seed = 4711;
    kh_return *r = world_return(&W, W_FORM_A, W.district[4], "2018Q1", "views.csv");
    static const struct { int measure; const char *value; } values[] = {{W_INTEGER, "9223372036854775807"}, {W_INTEGER, "-3"}, {W_NUMBER, "1.50"}, {W_NUMBER, "0.10"}, {W_MONEY, "123456789012345678"},
                                                                      {W_TEXT, "Đình Lập"}, {W_CHOICE, "good"}, {W_YESNO, "1"}};
    for (uint32_t i = 0; i < COUNT(values); i++)
        for (uint32_t u = 0; u < 30; u++) {
            uint32_t line = 3 + u * 11 + (u % 3 == 0 ? i : 0);
            if ((u + i) % 7 == 0)
                continue;
            const char *period = u % 2 ? "2018Q1" : "2018-02";
            kh_cut cut = i % 2 ? W.female_2 : KH_NO_CUT;
            world_set(&W, r, period, W.commune[u], (uint32_t)values[i].measure, cut, values[i].value, line);
            KH_PUSH(expected.items, expected.n, expected.cap) = kh_asprintf("%s|%s|%s|%s|%s|%u", W.c->measures[values[i].measure].code, kh_units_def(W.c->units, W.commune[u])->code, period,
                                                                           kh_cut_key(W.c->cuts, cut), values[i].value, line);
        }
    int64_t id = world_must_put(&W, r);
    sort(&expected);
    for (size_t v = 0; v < COUNT(views); v++) {
        char *sql = kh_asprintf("SELECT measure, unit, period, cut, digits, line FROM %s WHERE submission = %lld", views[v], (long long)id);
        char *text = world_shell(&W, sql), *save = NULL;
        bag got = {0};
        for (char *line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save))
            KH_PUSH(got.items, got.n, got.cap) = kh_strdup(line);
        same(&expected, &got);
        drop(&got);
        kh_free(text);
        kh_free(sql);
    }
    char *big = world_shell(&W, "SELECT DISTINCT typeof(value), value FROM v_value WHERE measure = 'people' AND value > 0 AND cut = ''");
    assert_string_equal(big, "integer|9223372036854775807");
    kh_free(big);
    drop(&expected);
    assert_int_equal(kh_store_withdraw(W.s, W.c, id, "a test", &err), KH_OK);
}

static void the_digits_of_the_sender_are_kept(void **state)
{
    (void)state;
    kh_error err = KH_ERROR_INIT;
    kh_return *r = world_return(&W, W_FORM_A, W.district[5], "2018Q1", "digits.csv");
    world_set(&W, r, "2018Q1", W.commune[0], W_NUMBER, KH_NO_CUT, "1.500", 2);
    world_set(&W, r, "2018Q1", W.commune[1], W_NUMBER, KH_NO_CUT, "-0.050", 3);
    world_set(&W, r, "2018Q1", W.commune[2], W_NUMBER, KH_NO_CUT, "20", 4);
    int64_t id = world_must_put(&W, r);
    char *vals = world_sql(&W, "SELECT vals FROM submission_column WHERE submission = (SELECT max(id) FROM submission)");
    assert_string_equal(vals, "[1.500,-0.050,20]");
    kh_free(vals);
    assert_int_equal(kh_store_withdraw(W.s, W.c, id, "a test", &err), KH_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reading_is_narrowed_by_measure_period_and_submission),
        cmocka_unit_test(whatever_is_put_is_read_back_the_same_with_its_lines),
        cmocka_unit_test(the_same_units_every_day_are_kept_once),
        cmocka_unit_test(returns_of_many_rows_go_through_several_chunks),
        cmocka_unit_test(a_column_of_numbers_too_far_apart_for_one_scale_stays_exact),
        cmocka_unit_test(the_views_show_exactly_what_was_put),
        cmocka_unit_test(the_digits_of_the_sender_are_kept),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}

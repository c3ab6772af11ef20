/* SPDX-License-Identifier: MIT */
#include "model/return.h"

#include "cm.h"

#include <stdlib.h>
#include <string.h>

enum { UNITS = 3000 };

static kh_period period(const char *s)
{
    return kh_period_parse(s, strlen(s));
}

static void the_same_place_is_the_same_row(void **state)
{
    (void)state;
    kh_return *r = kh_return_new(UNITS);
    uint32_t g1, g2, g3;
    uint32_t a = kh_return_row(r, period("2018Q1"), 5, 10, &g1);
    uint32_t b = kh_return_row(r, period("2018Q2"), 5, 11, &g2);
    uint32_t c = kh_return_row(r, period("2018Q1"), 6, 12, &g3);
    assert_int_equal(g1, g3);
    assert_int_not_equal(g1, g2);
    assert_int_equal(a, 0);
    assert_int_equal(b, 0);
    assert_int_equal(c, 1);
    assert_int_equal(kh_return_row(r, period("2018Q1"), 5, 99, &g2), a);
    assert_int_equal(g2, g1);
    assert_int_equal(r->rows[g1].n, 2);
    assert_int_equal(r->rows[g1].line[0], 10); /* where the row began */
    assert_int_equal(r->rows[g1].unit[1], 6);
    assert_int_equal(r->rows[g1].place[6], 1);
    assert_int_equal(r->rows[g1].place[7], UINT32_MAX);
    kh_return_free(r);
    kh_return_free(NULL);
}

static void a_second_value_in_a_cell_is_refused_and_the_first_line_told(void **state)
{
    (void)state;
    kh_return *r = kh_return_new(UNITS);
    uint32_t g, first = 0, column = kh_return_column_of(r, 3, KH_NO_CUT, false), other = kh_return_column_of(r, 3, 1, false);
    uint32_t row = kh_return_row(r, period("2018"), 0, 7, &g);
    assert_true(kh_return_set(r, g, row, column, 0, 0, 7, &first));     /* zero is a value */
    assert_false(kh_return_set(r, g, row, column, 5, 0, 9, &first));
    assert_int_equal(first, 7);
    assert_true(kh_return_set(r, g, row, other, 15, 1, 8, &first));     /* another cut is another cell */
    assert_false(kh_return_set(r, g, row, other, 15, 1, 20, &first));
    assert_int_equal(first, 8);
    const kh_page *p = kh_return_page(r, g, column, 0);
    assert_int_equal(p->m[0], 0);
    assert_int_equal(p->filled, 1);
    assert_null(p->lines);
    assert_int_equal(r->n_values, 2);
    kh_return_free(r);
}

static void a_line_before_the_rows_is_kept_as_well(void **state)
{
    (void)state;
    kh_return *r = kh_return_new(UNITS);
    uint32_t g, first, column = kh_return_column_of(r, 0, KH_NO_CUT, false), row = kh_return_row(r, period("2018"), 0, 50, &g);
    assert_true(kh_return_set(r, g, row, column, 1, 0, 4, &first));
    assert_int_equal(kh_return_page(r, g, column, 0)->lines[0], -46);
    assert_false(kh_return_set(r, g, row, column, 1, 0, 60, &first));
    assert_int_equal(first, 4);
    kh_return_free(r);
}

static void a_column_is_found_again(void **state)
{
    (void)state;
    kh_return *r = kh_return_new(1);
    for (uint32_t i = 0; i < 300; i++)
        assert_int_equal(kh_return_column_of(r, i / 3, i % 3, false), i);
    for (uint32_t i = 300; i-- > 0;)
        assert_int_equal(kh_return_column_of(r, i / 3, i % 3, false), i);
    assert_int_equal(r->n_columns, 300);
    kh_return_free(r);
}

static void untouched_pages_are_not_there(void **state)
{
    (void)state;
    kh_return *r = kh_return_new(UNITS);
    uint32_t g, first, column[3];
    for (uint32_t i = 0; i < 3; i++)
        column[i] = kh_return_column_of(r, i, KH_NO_CUT, false);
    for (kh_unit u = 0; u < 2500; u++) {
        uint32_t row = kh_return_row(r, period("2018"), u, u, &g);
        if (u == 2400)
            assert_true(kh_return_set(r, g, row, column[1], 1, 0, u, &first));
    }
    assert_null(kh_return_page(r, g, column[0], 0));
    assert_null(kh_return_page(r, g, column[1], 0));
    assert_null(kh_return_page(r, g, column[1], 1));
    assert_non_null(kh_return_page(r, g, column[1], 2));
    assert_int_equal(kh_return_page(r, g, column[1], 2)->m[2400 - 2048], 1);
    assert_int_equal(kh_return_page(r, g, column[1], 2)->m[0], KH_MISSING);
    assert_null(kh_return_page(r, g, column[2], 0));
    assert_null(kh_return_page(r, g, column[1], 99));
    kh_return_free(r);
}

static void texts_that_repeat_are_kept_once(void **state)
{
    (void)state;
    kh_return *r = kh_return_new(UNITS);
    uint32_t g, first, column = kh_return_column_of(r, 0, KH_NO_CUT, true);
    char large[300];
    memset(large, 'x', sizeof large);
    for (kh_unit u = 0; u < 1000; u++) {
        uint32_t row = kh_return_row(r, period("2018"), u, u + 2, &g);
        assert_true(kh_return_set_text(r, g, row, column, u % 2 ? "khá" : "giỏi", u % 2 ? 4 : 6, u + 2, &first));
    }
    assert_int_equal(r->texts_len, strlen("khá") + 1 + strlen("giỏi") + 1);
    const kh_page *p = kh_return_page(r, g, column, 0);
    assert_string_equal(r->texts + p->m[0], "giỏi");
    assert_string_equal(r->texts + p->m[999], "khá");
    assert_false(kh_return_set_text(r, g, 0, column, "other", 5, 9, &first));
    assert_int_equal(first, 2);
    assert_int_equal(r->texts_len, 12); /* a refused text is not kept */
    uint32_t row = kh_return_row(r, period("2018"), 1000, 3, &g);
    assert_true(kh_return_set_text(r, g, row, column, large, sizeof large, 3, &first));
    row = kh_return_row(r, period("2018"), 1001, 3, &g);
    assert_true(kh_return_set_text(r, g, row, column, "", 0, 3, &first)); /* an empty text is a value */
    p = kh_return_page(r, g, column, 0);
    assert_int_equal(strlen(r->texts + p->m[1000]), 300);
    assert_string_equal(r->texts + p->m[1001], "");
    kh_return_free(r);
}

static void sealing_sorts_the_periods(void **state)
{
    (void)state;
    static const char *const came[] = {"2018-03", "2018-01", "2017-12", "2018", "2018-02"}, *const sorted[] = {"2017-12", "2018", "2018-01", "2018-02", "2018-03"};
    kh_return *r = kh_return_new(UNITS);
    uint32_t g, first, column = kh_return_column_of(r, 0, KH_NO_CUT, false);
    for (uint32_t i = 0; i < COUNT(came); i++) {
        uint32_t row = kh_return_row(r, period(came[i]), i, i, &g);
        assert_true(kh_return_set(r, g, row, column, (int64_t)period(came[i]), 0, i, &first));
    }
    kh_return_seal(r);
    for (uint32_t i = 0; i < COUNT(sorted); i++) {
        assert_int_equal(r->rows[i].period, period(sorted[i]));
        assert_int_equal(kh_return_page(r, i, column, 0)->m[0], period(sorted[i])); /* its cells went with it */
    }
    kh_return_free(r);
    r = kh_return_new(UNITS);
    kh_return_seal(r); /* an empty return is one too */
    kh_return_free(r);
}

/* Against a plain table of everything. */
static void any_order_of_cells_gives_the_same_table(void **state)
{
    (void)state;
    enum { P = 40, C = 7, U = 1500, CELLS = 60000 };
    static int64_t table[P][C][U];
    static uint32_t lines[P][C][U];
    memset(table, 0, sizeof table);
    kh_return *r = kh_return_new(U);
    uint64_t x = 12345, stored = 0;
    for (uint32_t i = 1; i <= CELLS; i++) {
        x = x * 6364136223846793005u + 1442695040888963407u;
        uint32_t p = (uint32_t)(x >> 33) % P, c = (uint32_t)(x >> 40) % C, u = (uint32_t)(x >> 47) % U, g, first = 0;
        uint32_t column = kh_return_column_of(r, c, KH_NO_CUT, false), row = kh_return_row(r, kh_period_step(period("2016-01"), (int)p), u, i, &g);
        bool is_new = kh_return_set(r, g, row, column, i, (uint8_t)(i % 4), i, &first);
        assert_int_equal(is_new, table[p][c][u] == 0);
        if (!is_new) {
            assert_int_equal(first, lines[p][c][u]);
            continue;
        }
        table[p][c][u] = i;
        lines[p][c][u] = i;
        stored++;
    }
    assert_int_equal(r->n_values, stored);
    kh_return_seal(r);
    for (uint32_t p = 0; p < P; p++)
        for (uint32_t k = 0; k < r->rows[p].n; k++)
            for (uint32_t c = 0; c < r->n_columns; c++) {
                const kh_page *page = kh_return_page(r, p, c, k / KH_CHUNK);
                int64_t have = page ? page->m[k % KH_CHUNK] : KH_MISSING, want = table[p][r->columns[c].measure][r->rows[p].unit[k]];
                assert_int_equal(have, want ? want : KH_MISSING);
                if (want)
                    assert_int_equal(page->scale[k % KH_CHUNK], want % 4);
            }
    kh_return_free(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_place_is_the_same_row),
        cmocka_unit_test(a_second_value_in_a_cell_is_refused_and_the_first_line_told),
        cmocka_unit_test(a_line_before_the_rows_is_kept_as_well),
        cmocka_unit_test(a_column_is_found_again),
        cmocka_unit_test(untouched_pages_are_not_there),
        cmocka_unit_test(texts_that_repeat_are_kept_once),
        cmocka_unit_test(sealing_sorts_the_periods),
        cmocka_unit_test(any_order_of_cells_gives_the_same_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

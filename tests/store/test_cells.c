/* SPDX-License-Identifier: MIT */
/* The reader of columns: exact, and nothing but what the store writes. */
#include "../cm.h"
#include "store/sqlite_store.h"

#include <string.h>

static void numbers_are_read_exactly_with_their_decimals(void **state)
{
    (void)state;
    int64_t m[8];
    uint8_t s[8];
    assert_true(kh_cells_numbers("[0,-1,9223372036854775807,-9223372036854775807,1.50,-0.050,null,0.000000000000000001]", 8, m, s));
    const int64_t expected[] = {0, -1, INT64_MAX, -INT64_MAX, 150, -50, KH_MISSING, 1};
    const uint8_t scales[] = {0, 0, 0, 0, 2, 3, 0, 18};
    assert_memory_equal(m, expected, sizeof m);
    assert_memory_equal(s, scales, sizeof s);
}

static void anything_else_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "", "[", "]", "[]", "[1]", "[1,2", "[1,2,3]", "1,2", "[1,2] ", "[1, 2]", "[1,]", "[,2]", "[1,x]", "[1,nul]", "[1,\"2\"]", "[1,9223372036854775808]", "[1,99999999999999999999]",
        "[1,-]", "[1,.5]", "[1,5.]", "[1,1e3]", "[1,0.0000000000000000001]", "[1,+2]", "[1,[2]]", "{1,2}", "[1,nulll]", "[1,2]]",
    };
    int64_t m[8];
    uint8_t s[8];
    for (size_t i = 0; i < COUNT(bad); i++)
        if (kh_cells_numbers(bad[i], 2, m, s))
            fail_msg("taken: %s", bad[i]);
}

static void texts_are_read_back_as_json_means_them(void **state)
{
    (void)state;
    kh_buf room = KH_BUF_INIT;
    const char *t[6];
    assert_true(kh_cells_texts("[\"a\",null,\"\",\"\\\"q\\\" \\\\ \\n\\u0001\",\"Lạng\",1.50]", 6, &room, t));
    assert_string_equal(t[0], "a");
    assert_null(t[1]);
    assert_string_equal(t[2], "");
    assert_string_equal(t[3], "\"q\" \\ \n\x01");
    assert_string_equal(t[4], "Lạng");
    assert_string_equal(t[5], "1.50"); /* of a measure that was a number once */
    static const char *const bad[] = {"", "[", "[\"a]", "[\"a\"", "[\"a\",]", "[\"\\x\"]", "[\"\\u12\"]", "[\"a\"]x", "[]", "[\"a\\"};
    for (size_t i = 0; i < COUNT(bad); i++)
        if (kh_cells_texts(bad[i], 1, &room, t))
            fail_msg("taken: %s", bad[i]);
    kh_buf_free(&room);
}

static void what_is_written_is_what_the_number_type_writes(void **state)
{
    (void)state;
    static const kh_dec values[] = {{0, 0}, {5, 0}, {-5, 0}, {150, 2}, {-5, 3}, {5, 18}, {INT64_MAX, 0}, {-INT64_MAX, 0}, {INT64_MAX, 18}, {-INT64_MAX, 1}, {1000, 3}, {999, 3}};
    for (size_t i = 0; i < COUNT(values); i++) {
        char expected[KH_DEC_TEXT];
        kh_buf b = KH_BUF_INIT;
        kh_dec_format(values[i], expected);
        kh_cells_add_number(&b, values[i].m, values[i].scale);
        assert_string_equal(kh_buf_cstr(&b), expected);
        kh_buf_free(&b);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_read_exactly_with_their_decimals),
        cmocka_unit_test(anything_else_is_refused),
        cmocka_unit_test(texts_are_read_back_as_json_means_them),
        cmocka_unit_test(what_is_written_is_what_the_number_type_writes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

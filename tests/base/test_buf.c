/* SPDX-License-Identifier: MIT */
#include "base/buf.h"

#include "base/mem.h"
#include "cm.h"

#include <string.h>

static void an_empty_buffer_reads_as_the_empty_string(void **state)
{
    (void)state;
    kh_buf b = KH_BUF_INIT;
    assert_string_equal(kh_buf_cstr(&b), "");
    assert_int_equal(b.len, 0);
    kh_buf_free(&b);
    kh_buf_free(&b); /* again is harmless */
    char *taken = kh_buf_take(&b);
    assert_string_equal(taken, "");
    kh_free(taken);
}

static void bytes_are_kept_with_nuls_and_a_nul_follows(void **state)
{
    (void)state;
    kh_buf b = KH_BUF_INIT;
    kh_buf_add(&b, "a\0b", 3);
    kh_buf_char(&b, '\0');
    kh_buf_str(&b, "c");
    kh_buf_add(&b, NULL, 0);
    assert_int_equal(b.len, 5);
    assert_memory_equal(b.data, "a\0b\0c", 6);
    kh_buf_free(&b);
}

static void it_grows_byte_by_byte(void **state)
{
    (void)state;
    kh_buf b = KH_BUF_INIT;
    for (int i = 0; i < 100000; i++) {
        kh_buf_char(&b, (char)('a' + i % 26));
        assert_int_equal(b.data[b.len], '\0');
    }
    assert_int_equal(b.len, 100000);
    assert_int_equal(b.data[99999], 'a' + 99999 % 26);
    kh_buf_free(&b);
}

static void printf_fits_at_every_length(void **state)
{
    (void)state;
    /* Every length around the capacities 32, 64, 128 ends exactly with its NUL. */
    for (int n = 0; n < 300; n++) {
        kh_buf b = KH_BUF_INIT;
        kh_buf_printf(&b, "%*d|", n, 7);
        size_t want = (size_t)(n < 1 ? 1 : n) + 1;
        assert_int_equal(b.len, want);
        assert_int_equal(strlen(b.data), want);
        assert_int_equal(b.data[want - 1], '|');
        kh_buf_free(&b);
    }
}

static void clear_keeps_memory_and_take_gives_it_away(void **state)
{
    (void)state;
    kh_buf b = KH_BUF_INIT;
    kh_buf_str(&b, "some text");
    size_t cap = b.cap;
    kh_buf_clear(&b);
    assert_int_equal(b.cap, cap);
    assert_string_equal(b.data, "");
    kh_buf_str(&b, "x");
    char *taken = kh_buf_take(&b);
    assert_string_equal(taken, "x");
    assert_null(b.data);
    assert_int_equal(b.len + b.cap, 0);
    kh_free(taken);
}

static void integers_are_written_exactly(void **state)
{
    (void)state;
    static const struct {
        int64_t v;
        const char *text;
    } t[] = {
        {0, "0"},
        {-1, "-1"},
        {10, "10"},
        {9007199254740993, "9007199254740993"}, /* 2^53 + 1: not a double */
        {INT64_MAX, "9223372036854775807"},
        {INT64_MIN, "-9223372036854775808"},
    };
    for (size_t i = 0; i < COUNT(t); i++) {
        kh_buf b = KH_BUF_INIT;
        kh_buf_int(&b, t[i].v);
        assert_string_equal(b.data, t[i].text);
        kh_buf_free(&b);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_buffer_reads_as_the_empty_string),
        cmocka_unit_test(bytes_are_kept_with_nuls_and_a_nul_follows),
        cmocka_unit_test(it_grows_byte_by_byte),
        cmocka_unit_test(printf_fits_at_every_length),
        cmocka_unit_test(clear_keeps_memory_and_take_gives_it_away),
        cmocka_unit_test(integers_are_written_exactly),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

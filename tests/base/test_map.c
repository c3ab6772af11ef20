/* SPDX-License-Identifier: MIT */
#include "base/map.h"

#include "cm.h"

#include <stdio.h>
#include <string.h>

static void what_was_set_is_got_and_nothing_else(void **state)
{
    (void)state;
    kh_map *m = kh_map_new();
    assert_int_equal(kh_map_get(m, "a", 1), KH_NONE);
    assert_int_equal(kh_map_set(m, "a", 1, 5), KH_NONE);
    assert_int_equal(kh_map_set(m, "a", 1, 6), 5);
    assert_int_equal(kh_map_get(m, "a", 1), 6);
    assert_int_equal(kh_map_get(m, "b", 1), KH_NONE);
    assert_int_equal(kh_map_count(m), 1);
    kh_map_free(m);
    kh_map_free(NULL);
}

static void keys_are_bytes_with_a_length(void **state)
{
    (void)state;
    kh_map *m = kh_map_new();
    kh_map_set(m, "ab\0c", 4, 1);
    kh_map_set(m, "ab\0d", 4, 2);
    kh_map_set(m, "ab", 2, 3);
    kh_map_set(m, NULL, 0, 4);
    assert_int_equal(kh_map_get(m, "ab\0c", 4), 1);
    assert_int_equal(kh_map_get(m, "ab\0d", 4), 2);
    assert_int_equal(kh_map_get(m, "abx", 2), 3);
    assert_int_equal(kh_map_get(m, "", 0), 4);
    assert_int_equal(kh_map_count(m), 4);
    kh_map_free(m);
}

static void keys_are_copied(void **state)
{
    (void)state;
    kh_map *m = kh_map_new();
    char key[] = "stc";
    kh_map_set(m, key, 3, 9);
    key[0] = 'x';
    assert_int_equal(kh_map_get(m, "stc", 3), 9);
    assert_int_equal(kh_map_get(m, "xtc", 3), KH_NONE);
    kh_map_free(m);
}

static void many_keys_survive_growing(void **state)
{
    (void)state;
    enum { N = 20000 };
    kh_map *m = kh_map_new();
    char key[16];
    for (uint32_t i = 0; i < N; i++)
        assert_int_equal(kh_map_set(m, key, (size_t)sprintf(key, "%05u", i), i), KH_NONE);
    assert_int_equal(kh_map_count(m), N);
    for (uint32_t i = 0; i < N; i++)
        assert_int_equal(kh_map_get(m, key, (size_t)sprintf(key, "%05u", i)), i);
    assert_int_equal(kh_map_get(m, "20000", 5), KH_NONE);
    kh_map_free(m);
}

static void the_hash_spreads_into_its_low_bits(void **state)
{
    (void)state;
    /* 4096 short keys in 4096 places: a fair hash leaves about 1/e of them empty. */
    unsigned char used[4096] = {0};
    unsigned empty = 0;
    char key[8];
    for (unsigned i = 0; i < 4096; i++)
        used[kh_hash_bytes(key, (size_t)sprintf(key, "%u", i)) & 4095] = 1;
    for (unsigned i = 0; i < 4096; i++)
        empty += !used[i];
    assert_in_range(empty, 1300, 1700);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_set_is_got_and_nothing_else), cmocka_unit_test(keys_are_bytes_with_a_length),
        cmocka_unit_test(keys_are_copied), cmocka_unit_test(many_keys_survive_growing),
        cmocka_unit_test(the_hash_spreads_into_its_low_bits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

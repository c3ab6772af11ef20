/* SPDX-License-Identifier: MIT */
#include "base/json.h"

#include "cm.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void commas_stand_between_and_only_between(void **state)
{
    (void)state;
    kh_buf b = KH_BUF_INIT;
    kh_json j = KH_JSON(&b);
    kh_json_begin(&j, '{');
    kh_json_key(&j, "a");
    kh_json_begin(&j, '[');
    kh_json_int(&j, 1);
    kh_json_begin(&j, '{');
    kh_json_end(&j, '}');
    kh_json_begin(&j, '[');
    kh_json_end(&j, ']');
    kh_json_null(&j);
    kh_json_end(&j, ']');
    kh_json_key(&j, "b");
    kh_json_bool(&j, true);
    kh_json_key(&j, "c");
    kh_json_str(&j, NULL);
    kh_json_key(&j, "d");
    kh_json_raw(&j, "1.50");
    kh_json_end(&j, '}');
    assert_string_equal(b.data, "{\"a\":[1,{},[],null],\"b\":true,\"c\":null,\"d\":1.50}");
    kh_buf_free(&b);
}

static void strings_are_escaped_and_bad_bytes_replaced(void **state)
{
    (void)state;
    static const struct {
        const char *s;
        size_t n;
        const char *want;
    } t[] = {
        {"", 0, "\"\""},
        {"đơn vị", 10, "\"đơn vị\""},
        {"a\"b\\c/", 6, "\"a\\\"b\\\\c/\""},
        {"\n\r\t\b\f\x01\x1f\x7f", 8, "\"\\n\\r\\t\\b\\f\\u0001\\u001f\x7f\""},
        {"a\0b", 3, "\"a\\u0000b\""},
        {"\xff", 1, "\"\xEF\xBF\xBD\""},
        {"a\xc3", 2, "\"a\xEF\xBF\xBD\""},
        {"\xed\xa0\x80", 3, "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\""}, /* a surrogate */
        {"\xEF\xBF\xBD", 3, "\"\xEF\xBF\xBD\""},                         /* U+FFFD itself is good */
    };
    for (size_t i = 0; i < COUNT(t); i++) {
        kh_buf b = KH_BUF_INIT;
        kh_json j = KH_JSON(&b);
        kh_json_strn(&j, t[i].s, t[i].n);
        assert_string_equal(b.data, t[i].want);
        kh_buf_free(&b);
    }
}

static void numbers_are_short_and_read_back_the_same(void **state)
{
    (void)state;
    static const struct {
        double v;
        const char *want;
    } t[] = {
        {0, "0"},     {0.1, "0.1"},   {1e21, "1e+21"}, {1.0 / 3, "0.3333333333333333"}, {0.1 + 0.2, "0.30000000000000004"},
        {NAN, "null"}, {INFINITY, "null"}, {-2.5, "-2.5"},  {5e-324, "4.94065645841247e-324"},
    };
    for (size_t i = 0; i < COUNT(t); i++) {
        kh_buf b = KH_BUF_INIT;
        kh_json j = KH_JSON(&b);
        kh_json_num(&j, t[i].v);
        assert_string_equal(b.data, t[i].want);
        if (isfinite(t[i].v))
            assert_true(strtod(b.data, NULL) == t[i].v);
        kh_buf_free(&b);
    }
}

static void integers_stay_exact(void **state)
{
    (void)state;
    kh_buf b = KH_BUF_INIT;
    kh_json j = KH_JSON(&b);
    kh_json_int(&j, INT64_MIN);
    assert_string_equal(b.data, "-9223372036854775808");
    kh_buf_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(commas_stand_between_and_only_between),
        cmocka_unit_test(strings_are_escaped_and_bad_bytes_replaced),
        cmocka_unit_test(numbers_are_short_and_read_back_the_same),
        cmocka_unit_test(integers_stay_exact),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
#include "intake/stages.h"

#include "cm.h"

#include <math.h>
#include <string.h>

static void a_cell_says_what_it_can_be(void **state)
{
    (void)state;
    static const struct { const char *text; kh_num_kind kind; int64_t m; int scale; } rows[] = {
        {"0", KH_NUM_PLAIN, 0, 0},
        {"007", KH_NUM_PLAIN, 7, 0},
        {"-12", KH_NUM_PLAIN, -12, 0},
        {"+12", KH_NUM_PLAIN, 12, 0},
        {"(12)", KH_NUM_PLAIN, -12, 0},
        {"−12", KH_NUM_PLAIN, -12, 0},
        {"1 234 567", KH_NUM_PLAIN, 1234567, 0},
        {"1\xC2\xA0" "234", KH_NUM_PLAIN, 1234, 0},
        {"9223372036854775807", KH_NUM_PLAIN, INT64_MAX, 0},
        {"-9223372036854775807", KH_NUM_PLAIN, -INT64_MAX, 0},
        {"9223372036854775808", KH_NUM_HUGE, 0, 0},
        {"1.540", KH_NUM_DOT, 1540, 3},
        {"-1.540", KH_NUM_DOT, -1540, 3},
        {"123.456", KH_NUM_DOT, 123456, 3},
        {"1,540", KH_NUM_COMMA, 1540, 3},
        {"0.540", KH_NUM_POINT, 540, 3},       /* no group begins with 0 */
        {"0,540", KH_NUM_DECIMAL_COMMA, 540, 3},
        {"1234.567", KH_NUM_POINT, 1234567, 3}, /* four digits are no group */
        {"12.5", KH_NUM_POINT, 125, 1},
        {"12.50", KH_NUM_POINT, 1250, 2},       /* the sender's digits stay */
        {".5", KH_NUM_POINT, 5, 1},
        {"12,5", KH_NUM_DECIMAL_COMMA, 125, 1},
        {"1.234.567", KH_NUM_DECIMAL_COMMA, 1234567, 0},
        {"1,234,567", KH_NUM_POINT, 1234567, 0},
        {"1.234.567,89", KH_NUM_DECIMAL_COMMA, 123456789, 2},
        {"1,234,567.89", KH_NUM_POINT, 123456789, 2},
        {"1.234,567", KH_NUM_DECIMAL_COMMA, 1234567, 3},
        {"1 234,567", KH_NUM_DECIMAL_COMMA, 1234567, 3}, /* blanks group, so the comma divides */
        {"922337203685477580.00", KH_NUM_POINT, 922337203685477580, 0}, /* zeros behind the mark give way */
        {"0.01000000000000000000000", KH_NUM_POINT, 1, 2},
        {"0.0000000000000000001", KH_NUM_HUGE, 0, 0},
        {"12.34.56", KH_NUM_NONE, 0, 0},
        {"1.23.456", KH_NUM_NONE, 0, 0},
        {"1.234.56", KH_NUM_NONE, 0, 0},
        {"1,234.567,8", KH_NUM_NONE, 0, 0},
        {"1.234,567.8", KH_NUM_NONE, 0, 0},
        {"12.", KH_NUM_NONE, 0, 0},
        {"12,", KH_NUM_NONE, 0, 0},
        {"--1", KH_NUM_NONE, 0, 0},
        {"-", KH_NUM_NONE, 0, 0},
        {"", KH_NUM_NONE, 0, 0},
        {"()", KH_NUM_NONE, 0, 0},
        {"1e5", KH_NUM_NONE, 0, 0},
        {"12x", KH_NUM_NONE, 0, 0},
        {"٣", KH_NUM_NONE, 0, 0},
        {"%", KH_NUM_NONE, 0, 0},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        kh_num num;
        kh_num_kind kind = kh_num_read(rows[i].text, strlen(rows[i].text), &num);
        if (kind != rows[i].kind)
            fail_msg("\"%s\": kind %d, not %d", rows[i].text, kind, rows[i].kind);
        if (kind != KH_NUM_NONE && kind != KH_NUM_HUGE && (num.m != rows[i].m || num.scale != rows[i].scale))
            fail_msg("\"%s\": %lld / 10^%d", rows[i].text, (long long)num.m, num.scale);
    }
}

static void a_percent_sign_is_seen_and_not_counted(void **state)
{
    (void)state;
    kh_num num;
    assert_int_equal(kh_num_read("85,5 %", 6, &num), KH_NUM_DECIMAL_COMMA);
    assert_true(num.percent);
    assert_int_equal(num.m, 855);
    assert_int_equal(num.scale, 1);
    assert_int_equal(kh_num_read("85", 2, &num), KH_NUM_PLAIN);
    assert_false(num.percent);
}

/* "+12.5" takes the long way, "12.5" the short one. All texts of up to six of these characters. */
static void a_plus_sign_changes_nothing(void **state)
{
    (void)state;
    static const char letters[] = "01.,9";
    char text[8] = "+";
    for (int n = 1; n <= 6; n++)
        for (int i = 0, all = (int)(pow(5, n) + 0.5); i < all; i++) {
            kh_num signed_num, num;
            for (int k = 0, left = i; k < n; k++, left /= 5)
                text[k + 1] = letters[left % 5];
            kh_num_kind a = kh_num_read(text, (size_t)n + 1, &signed_num), b = kh_num_read(text + 1, (size_t)n, &num);
            if (a != b || (a != KH_NUM_NONE && (num.m != signed_num.m || num.scale != signed_num.scale || num.grouped != signed_num.grouped)))
                fail_msg("\"%.*s\": kinds %d and %d", n + 1, text, a, b);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_cell_says_what_it_can_be),
        cmocka_unit_test(a_plus_sign_changes_nothing),
        cmocka_unit_test(a_percent_sign_is_seen_and_not_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
#include "base/num.h"

#include "cm.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void canonical_text_is_parsed_exactly(void **state)
{
    (void)state;
    static const struct {
        const char *s;
        int64_t m;
        uint8_t scale;
    } t[] = {
        {"0", 0, 0},
        {"-0", 0, 0},
        {"-0.00", 0, 2},
        {"007", 7, 0},
        {"-007.50", -750, 2},
        {"1.50", 150, 2},
        {"0.000000000000000001", 1, 18},
        {"9007199254740993", 9007199254740993, 0},
        {"9223372036854775807", INT64_MAX, 0},
        {"-9223372036854775807", -INT64_MAX, 0},
        {"922337203685477580.7", INT64_MAX, 1},
        {"0000000000000000000000000000001", 1, 0},
        {"9.223372036854775807", INT64_MAX, 18},
    };
    for (size_t i = 0; i < COUNT(t); i++) {
        kh_dec d = {-1, 99};
        if (!kh_dec_parse(t[i].s, strlen(t[i].s), &d))
            fail_msg("%s was not read", t[i].s);
        assert_int_equal(d.m, t[i].m);
        assert_int_equal(d.scale, t[i].scale);
    }
}

static void whatever_else_is_refused_and_leaves_the_result_alone(void **state)
{
    (void)state;
    static const char *const t[] = {
        "",   "-",    "+1",  ".5",   "5.",   "1,5",  "1 000", " 1", "1 ", "1e3", "0x1", "1.2.3", "--1", "-.5", "1.-5", "nan", "\xef\xbc\x91",
        "9223372036854775808",  /* 2^63 */
        "-9223372036854775808", /* would be taken for missing */
        "99999999999999999999999999", "92233720368547758.08999", "0.0000000000000000001", /* 19 decimals */
    };
    for (size_t i = 0; i < COUNT(t); i++) {
        kh_dec d = {42, 7};
        if (kh_dec_parse(t[i], strlen(t[i]), &d))
            fail_msg("'%s' was taken for a number", t[i]);
        assert_int_equal(d.m, 42);
        assert_int_equal(d.scale, 7);
    }
    kh_dec d;
    assert_false(kh_dec_parse("1\0", 2, &d));
    assert_true(kh_dec_parse("12", 1, &d)); /* the length counts, not the NUL */
    assert_int_equal(d.m, 1);
}

static void format_is_canonical_and_reads_back(void **state)
{
    (void)state;
    static const struct {
        kh_dec d;
        const char *want;
    } t[] = {
        {{0, 0}, "0"},
        {{0, 2}, "0.00"},
        {{5, 2}, "0.05"},
        {{-5, 2}, "-0.05"},
        {{-5, 1}, "-0.5"},
        {{150, 2}, "1.50"},
        {{100, 2}, "1.00"},
        {{INT64_MAX, 0}, "9223372036854775807"},
        {{-INT64_MAX, 18}, "-9.223372036854775807"},
        {{1, 18}, "0.000000000000000001"},
        {{-1, 18}, "-0.000000000000000001"},
        {{KH_MISSING, 0}, ""},
        {{KH_MISSING, 3}, ""},
    };
    for (size_t i = 0; i < COUNT(t); i++) {
        char text[KH_DEC_TEXT];
        memset(text, '#', sizeof text);
        assert_int_equal(kh_dec_format(t[i].d, text), strlen(t[i].want));
        assert_string_equal(text, t[i].want);
        kh_dec back;
        if (t[i].d.m != KH_MISSING) {
            assert_true(kh_dec_parse(text, strlen(text), &back));
            assert_int_equal(back.m, t[i].d.m);
            assert_int_equal(back.scale, t[i].d.scale);
        }
    }
}

static void doubles_are_the_nearest(void **state)
{
    (void)state;
    assert_true(kh_dec_double((kh_dec){1, 1}) == 0.1);
    assert_true(kh_dec_double((kh_dec){-15, 1}) == -1.5);
    assert_true(kh_dec_double((kh_dec){9007199254740993, 0}) == 9007199254740992.0); /* a tie goes to even */
    assert_true(kh_dec_double((kh_dec){9007199254740993, 3}) == 9007199254740.993);
    assert_true(kh_dec_double((kh_dec){INT64_MAX, 18}) == 9.223372036854775807);
    assert_true(kh_dec_double((kh_dec){123456789012345678, 17}) == 1.23456789012345678);
    assert_true(kh_dec_double((kh_dec){5258986265376043509, 3}) == 5258986265376043.509); /* two roundings would miss it */
    assert_true(isnan(kh_dec_double((kh_dec){KH_MISSING, 0})));
}

static void comparison_is_by_value_not_by_digits(void **state)
{
    (void)state;
    static const struct {
        kh_dec a, b;
        int order;
    } t[] = {
        {{15, 1}, {150, 2}, 0},
        {{0, 0}, {0, 18}, 0},
        {{INT64_MAX, 0}, {INT64_MAX, 18}, 1},
        {{-INT64_MAX, 0}, {-INT64_MAX, 18}, -1},
        {{INT64_MAX, 0}, {INT64_MAX - 1, 0}, 1}, /* the same double */
        {{-1, 18}, {0, 0}, -1},
        {{1, 18}, {0, 0}, 1},
        {{99, 2}, {1, 0}, -1},
    };
    for (size_t i = 0; i < COUNT(t); i++) {
        assert_int_equal(kh_dec_cmp(t[i].a, t[i].b), t[i].order);
        assert_int_equal(kh_dec_cmp(t[i].b, t[i].a), -t[i].order);
    }
}

static void rescaling_never_loses_a_digit(void **state)
{
    (void)state;
    static const struct {
        kh_dec d;
        uint8_t scale;
        bool possible;
        int64_t m;
    } t[] = {
        {{15, 1}, 3, true, 1500},
        {{1500, 3}, 1, true, 15},
        {{1501, 3}, 1, false, 0},
        {{-1500, 3}, 1, true, -15},
        {{1, 0}, 18, true, 1000000000000000000},
        {{10, 0}, 18, false, 0},
        {{-9, 0}, 18, true, -9000000000000000000},
        {{0, 0}, 18, true, 0},
        {{0, 18}, 0, true, 0},
        {{7, 0}, 19, false, 0},
        {{KH_MISSING, 2}, 0, true, KH_MISSING},
        {{-4611686018427387904, 0}, 1, false, 0},
    };
    for (size_t i = 0; i < COUNT(t); i++) {
        kh_dec out = {42, 42};
        assert_int_equal(kh_dec_rescale(t[i].d, t[i].scale, &out), t[i].possible);
        assert_int_equal(out.m, t[i].possible ? t[i].m : 42);
        assert_int_equal(out.scale, t[i].possible ? t[i].scale : 42);
    }
}

static void powers_of_ten(void **state)
{
    (void)state;
    int64_t p = 1;
    for (int i = 0; i < 19; i++, p *= i < 19 ? 10 : 1)
        assert_int_equal(kh_pow10[i], p);
}

static void a_natural_number_is_all_digits(void **state)
{
    (void)state;
    static const struct { const char *s; size_t n; bool good; int v; } t[] = {
        {"0", 1, true, 0}, {"07:30", 2, true, 7}, {"999999999", 9, true, 999999999}, {"", 0, false, 42}, {"-1", 2, false, 42}, {" 5", 2, false, 42},
        {"+5", 2, false, 42}, {"5 ", 2, false, 42}, {"1.", 2, false, 42},
    };
    for (size_t i = 0; i < COUNT(t); i++) {
        int v = 42;
        assert_int_equal(kh_natural(t[i].s, t[i].n, &v), t[i].good);
        assert_int_equal(v, t[i].v);
    }
}

/* The long way: the first of 15, 16 or 17 digits that reads back, without its zeros. */
static void as_printed(double v, char out[64])
{
    snprintf(out, 64, "%.15g", v);
    if (strtod(out, NULL) != v || strpbrk(out, "e"))
        out[0] = '\0';
}

static void a_double_of_few_digits_is_the_decimal_that_it_prints(void **state)
{
    (void)state;
    uint64_t seed = 88172645463325252u;
    for (int i = 0; i < 200000; i++) {
        seed ^= seed << 13, seed ^= seed >> 7, seed ^= seed << 17;
        double v = (double)(int64_t)(seed >> (i % 60)) / (double)kh_pow10[i % 13];
        if (i % 3 == 0)
            v = -v;
        if (i % 7 == 0)
            v = nextafter(v, 1e300); /* beside a decimal is none of 15 digits, as a rule */
        char wanted[64], text[KH_DEC_TEXT] = "";
        kh_dec d;
        as_printed(v, wanted);
        if (fabs(v) >= 1e15)
            wanted[0] = '\0';
        if (wanted[0] == '\0' && fabs(v) < 1e-4)
            continue; /* printed with an exponent: not compared */
        if (kh_dec_short(v, &d))
            kh_dec_format(d, text);
        if (strcmp(text, strcmp(wanted, "-0") == 0 ? "0" : wanted) != 0)
            fail_msg("%.17g: \"%s\", printed \"%s\"", v, text, wanted);
    }
    kh_dec d;
    assert_true(kh_dec_short(0.1, &d) && d.m == 1 && d.scale == 1);
    assert_true(kh_dec_short(-12.345, &d) && d.m == -12345 && d.scale == 3);
    assert_true(kh_dec_short(0.000001, &d) && d.m == 1 && d.scale == 6);
    assert_true(kh_dec_short(999999999999999.0, &d) && d.m == 999999999999999 && d.scale == 0);
    assert_false(kh_dec_short(1e15, &d));
    assert_false(kh_dec_short(0.1 + 0.2, &d));
    assert_false(kh_dec_short(NAN, &d));
    assert_false(kh_dec_short(INFINITY, &d));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(canonical_text_is_parsed_exactly),
        cmocka_unit_test(a_double_of_few_digits_is_the_decimal_that_it_prints),
        cmocka_unit_test(whatever_else_is_refused_and_leaves_the_result_alone),
        cmocka_unit_test(format_is_canonical_and_reads_back),
        cmocka_unit_test(doubles_are_the_nearest),
        cmocka_unit_test(comparison_is_by_value_not_by_digits),
        cmocka_unit_test(rescaling_never_loses_a_digit),
        cmocka_unit_test(powers_of_ten),
        cmocka_unit_test(a_natural_number_is_all_digits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

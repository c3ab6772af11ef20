/* SPDX-License-Identifier: MIT */
/* Rationals as decimal text: rounded half away from zero, or all digits of a finite decimal, else 17 that count. */
#include "calc/inside.h"

#include <stdlib.h>
#include <string.h>

enum { ALL_DIGITS = 40, SIGNIFICANT = 17 };

/* q * 10^decimals as a whole number's digits (q must fit), with a point put in. */
static char *place_point(mpq_t q, unsigned decimals)
{
    mpz_t by;
    mpz_init(by);
    mpz_ui_pow_ui(by, 10, decimals);
    mpz_mul(by, by, mpq_numref(q));
    mpz_divexact(by, by, mpq_denref(q));
    bool minus = mpz_sgn(by) < 0;
    mpz_abs(by, by);
    char *digits = mpz_get_str(NULL, 10, by);
    mpz_clear(by);
    size_t n = strlen(digits), zeros = n <= decimals ? decimals + 1 - n : 0;
    char *out = kh_alloc(n + zeros + 3), *at = out;
    if (minus)
        *at++ = '-';
    for (size_t i = 0; i < n + zeros; i++) {
        if (decimals && i == n + zeros - decimals)
            *at++ = '.';
        *at++ = i < zeros ? '0' : digits[i - zeros];
    }
    *at = '\0';
    free(digits); /* GMP's own, by malloc */
    return out;
}

/* Decimals that a finite decimal needs; -1: it is not one, or needs too many. */
static int finite_decimals(const mpq_t q)
{
    mpz_t d, f;
    mpz_init_set(d, mpq_denref(q));
    mpz_init_set_ui(f, 2);
    size_t twos = mpz_remove(d, d, f);
    mpz_set_ui(f, 5);
    size_t fives = mpz_remove(d, d, f), most = twos > fives ? twos : fives;
    bool finite = mpz_cmp_ui(d, 1) == 0;
    mpz_clear(d);
    mpz_clear(f);
    return finite && most <= ALL_DIGITS ? (int)most : -1;
}

/* Decimals that leave 17 significant digits. */
static int significant_decimals(const mpq_t q)
{
    long num = (long)mpz_sizeinbase(mpq_numref(q), 10), den = (long)mpz_sizeinbase(mpq_denref(q), 10);
    int decimals = (int)(SIGNIFICANT - (num - den));
    mpq_t r;
    mpq_init(r);
    for (;; decimals--) { /* the estimate is at most two too many */
        mpq_set(r, q);
        kh_c_q_round(r, decimals);
        mpq_abs(r, r);
        mpz_t scaled;
        mpz_init(scaled);
        mpz_ui_pow_ui(scaled, 10, (unsigned long)abs(decimals));
        if (decimals >= 0) {
            mpz_mul(scaled, scaled, mpq_numref(r));
            mpz_divexact(scaled, scaled, mpq_denref(r));
        } else
            mpz_divexact(scaled, mpq_numref(r), scaled);
        char *digits = mpz_get_str(NULL, 10, scaled);
        size_t n = strlen(digits);
        free(digits);
        mpz_clear(scaled);
        if (n <= SIGNIFICANT)
            break;
    }
    mpq_clear(r);
    return decimals;
}

char *kh_c_q_text(const mpq_t q, int decimals)
{
    mpq_t r;
    mpq_init(r);
    mpq_set(r, q);
    bool all = decimals < 0;
    if (all) {
        decimals = finite_decimals(q);
        if (decimals < 0)
            decimals = significant_decimals(q);
    }
    kh_c_q_round(r, decimals);
    char *out = place_point(r, decimals > 0 ? (unsigned)decimals : 0);
    mpq_clear(r);
    return out;
}

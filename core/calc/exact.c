/* SPDX-License-Identifier: MIT */
/*
 * One cell of a formula in rationals. This is the truth that doubles are held
 * against: it is asked only where they cannot decide, so it may be slow. Not
 * rational, and taken as the double nearest to them: logarithms, powers whose
 * exponent is not whole (or beyond +-1024), what a script's `each` gives.
 *
 * What one question needs twice (shared subtrees, sums over time) is kept
 * until the question is answered.
 */
#include "calc/inside.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct kept { kh_expr e; uint32_t slot; kh_period p; uint8_t why; mpq_t q; } kept;
typedef struct memo { kept *of; size_t n, cap, inited; uint32_t *at; size_t room; unsigned depth; } memo;

enum { DEEPEST = 12000 };

/* GMP aborts where there is no memory; with ours the process ends as it does everywhere else (base/mem.h). */
static void *gmp_resize(void *p, size_t before, size_t n)
{
    (void)before;
    return kh_realloc(p, 1, n);
}

static void gmp_free(void *p, size_t n)
{
    (void)n;
    kh_free(p);
}

__attribute__((constructor)) static void lend_memory(void) { mp_set_memory_functions(kh_alloc, gmp_resize, gmp_free); }

void kh_c_memo_free(struct memo *m)
{
    if (!m)
        return;
    for (size_t i = 0; i < m->inited; i++)
        mpq_clear(m->of[i].q);
    kh_free(m->of);
    kh_free(m->at);
    kh_free(m);
}

static size_t memo_hash(const memo *m, kh_expr e, uint32_t slot, kh_period p)
{
    uint64_t h = (pair(e, slot) ^ (uint64_t)p * 0x9E3779B97F4A7C15u) * 0xFF51AFD7ED558CCDu;
    return (size_t)(h >> 32) & (m->room - 1);
}

static void memo_index(memo *m, size_t i)
{
    size_t at = memo_hash(m, m->of[i].e, m->of[i].slot, m->of[i].p);
    while (m->at[at])
        at = (at + 1) & (m->room - 1);
    m->at[at] = (uint32_t)i + 1;
}

static const kept *memo_get(const memo *m, kh_expr e, uint32_t slot, kh_period p)
{
    for (size_t at = memo_hash(m, e, slot, p); m->at[at]; at = (at + 1) & (m->room - 1)) {
        const kept *x = &m->of[m->at[at] - 1];
        if (x->e == e && x->slot == slot && x->p == p)
            return x;
    }
    return NULL;
}

static void memo_put(memo *m, kh_expr e, uint32_t slot, kh_period p, uint8_t why, const mpq_t q)
{
    if (m->n == m->cap) {
        m->cap = m->cap ? m->cap * 2 : 32;
        m->of = kh_realloc(m->of, m->cap, sizeof *m->of);
    }
    if (m->n == m->inited)
        mpq_init(m->of[m->inited++].q);
    kept *x = &m->of[m->n++];
    x->e = e;
    x->slot = slot;
    x->p = p;
    x->why = why;
    if (why == KH_THERE)
        mpq_set(x->q, q);
    if (m->n * 2 > m->room) {
        m->room = m->room ? m->room * 2 : 64;
        m->at = kh_realloc(m->at, m->room, sizeof *m->at);
        memset(m->at, 0, m->room * sizeof *m->at);
        for (size_t i = 0; i < m->n; i++)
            memo_index(m, i);
    } else
        memo_index(m, m->n - 1);
}

static void memo_start(kh_calc *k)
{
    if (!k->memo) {
        k->memo = kh_zalloc(1, sizeof *k->memo);
        k->memo->room = 64;
        k->memo->at = kh_zalloc(64, sizeof *k->memo->at);
    }
    if (k->memo->depth == 0 && k->memo->n) {
        k->memo->n = 0;
        memset(k->memo->at, 0, k->memo->room * sizeof *k->memo->at);
    }
}

/* ---- operators ---- */

static void q_floor(mpq_t q)
{
    mpz_fdiv_q(mpq_numref(q), mpq_numref(q), mpq_denref(q));
    mpz_set_ui(mpq_denref(q), 1);
}

static void q_power_of_ten(mpq_t out, unsigned n)
{
    mpq_set_ui(out, 1, 1);
    mpz_ui_pow_ui(mpq_numref(out), 10, n);
}

void kh_c_q_round(mpq_t q, int decimals)
{
    mpq_t by, half;
    mpq_init(by);
    mpq_init(half);
    q_power_of_ten(by, (unsigned)abs(decimals));
    if (decimals < 0)
        mpq_inv(by, by);
    bool minus = mpq_sgn(q) < 0;
    mpq_abs(q, q);
    mpq_mul(q, q, by);
    mpq_set_ui(half, 1, 2);
    mpq_add(q, q, half);
    q_floor(q);
    mpq_div(q, q, by);
    if (minus)
        mpq_neg(q, q);
    mpq_clear(by);
    mpq_clear(half);
}

static uint8_t double_result(mpq_t out, double d)
{
    if (!isfinite(d))
        return KH_NOT_DEFINED;
    mpq_set_d(out, d);
    return KH_THERE;
}

static uint8_t q_power(mpq_t out, const mpq_t a, const mpq_t b)
{
    if (mpz_cmp_ui(mpq_denref(b), 1) != 0 || mpz_cmpabs_ui(mpq_numref(b), 1024) > 0)
        return double_result(out, pow(kh_c_q_double(a), kh_c_q_double(b)));
    long n = mpz_get_si(mpq_numref(b));
    if (n < 0 && mpq_sgn(a) == 0)
        return KH_NOT_DEFINED;
    mpq_t r;
    mpq_init(r);
    unsigned long times = (unsigned long)labs(n);
    mpz_pow_ui(mpq_numref(r), mpq_numref(a), times);
    mpz_pow_ui(mpq_denref(r), mpq_denref(a), times);
    if (n < 0)
        mpq_inv(r, r);
    mpq_set(out, r);
    mpq_clear(r);
    return KH_THERE;
}

static uint8_t set_bool(mpq_t out, bool yes)
{
    mpq_set_ui(out, yes, 1);
    return KH_THERE;
}

static uint8_t divided(uint8_t op, mpq_t out, const mpq_t a, const mpq_t b)
{
    if (mpq_sgn(b) == 0)
        return KH_DIVIDED_BY_ZERO;
    mpq_t q;
    mpq_init(q);
    mpq_div(q, a, b);
    if (op != KH_X_DIV)
        q_floor(q);
    if (op == KH_X_MOD) {
        mpq_mul(q, q, b);
        mpq_sub(q, a, q);
    }
    mpq_set(out, q);
    mpq_clear(q);
    return KH_THERE;
}

static uint8_t two(uint8_t op, mpq_t out, const mpq_t a, const mpq_t b)
{
    int c = op >= KH_X_MIN2 && op <= KH_X_NE ? mpq_cmp(a, b) : 0;
    switch (op) {
    case KH_X_ADD:
        mpq_add(out, a, b);
        return KH_THERE;
    case KH_X_SUB:
        mpq_sub(out, a, b);
        return KH_THERE;
    case KH_X_MUL:
        mpq_mul(out, a, b);
        return KH_THERE;
    case KH_X_DIV:
    case KH_X_IDIV:
    case KH_X_MOD:
        return divided(op, out, a, b);
    case KH_X_POW:
        return q_power(out, a, b);
    case KH_X_MIN2:
        mpq_set(out, c <= 0 ? a : b);
        return KH_THERE;
    case KH_X_MAX2:
        mpq_set(out, c >= 0 ? a : b);
        return KH_THERE;
    case KH_X_LT:
        return set_bool(out, c < 0);
    case KH_X_LE:
        return set_bool(out, c <= 0);
    case KH_X_GT:
        return set_bool(out, c > 0);
    case KH_X_GE:
        return set_bool(out, c >= 0);
    case KH_X_EQ:
        return set_bool(out, c == 0);
    case KH_X_NE:
        return set_bool(out, c != 0);
    case KH_X_BOTH:
        return set_bool(out, mpq_sgn(a) && mpq_sgn(b));
    default:
        return set_bool(out, mpq_sgn(a) || mpq_sgn(b));
    }
}

static uint8_t one(const kh_expr_node *x, mpq_t out, const mpq_t a)
{
    switch (x->op) {
    case KH_X_NEG:
        mpq_neg(out, a);
        return KH_THERE;
    case KH_X_ABS:
        mpq_abs(out, a);
        return KH_THERE;
    case KH_X_LOG:
        return mpq_sgn(a) > 0 ? double_result(out, log(kh_c_q_double(a))) : KH_NOT_DEFINED;
    case KH_X_ROUND:
        mpq_set(out, a);
        kh_c_q_round(out, x->n);
        return KH_THERE;
    default:
        return set_bool(out, mpq_sgn(a) == 0);
    }
}

/* ---- cells ---- */

static int cell(kh_calc *k, kh_expr e, uint32_t slot, kh_period p, mpq_t out, uint8_t *why, kh_error *err);

static int choose(kh_calc *k, const kh_expr_node *x, uint32_t slot, kh_period p, mpq_t out, uint8_t *why, kh_error *err)
{
    int rc = cell(k, x->a, slot, p, out, why, err);
    if (rc != KH_OK)
        return rc;
    if (x->op == KH_X_PRESENT) {
        *why = set_bool(out, *why == KH_THERE);
        return KH_OK;
    }
    if (x->op == KH_X_OTHERWISE)
        return *why ? cell(k, x->b, slot, p, out, why, err) : KH_OK;
    return *why ? KH_OK : cell(k, mpq_sgn(out) ? x->b : x->c, slot, p, out, why, err);
}

static int operate(kh_calc *k, const kh_expr_node *x, uint32_t slot, kh_period p, mpq_t out, uint8_t *why, kh_error *err)
{
    mpq_t a, b;
    mpq_init(a);
    mpq_init(b);
    int rc = cell(k, x->a, slot, p, a, why, err);
    if (rc == KH_OK && x->b != KH_NO_EXPR) {
        uint8_t first = *why;
        rc = cell(k, x->b, slot, p, b, why, err);
        *why = first ? first : *why;
    }
    if (rc == KH_OK && !*why) {
        *why = x->b != KH_NO_EXPR ? two(x->op, out, a, b) : one(x, out, a);
        if (!*why && !isfinite(mpq_get_d(out)))
            *why = KH_NOT_DEFINED;
    }
    mpq_clear(a);
    mpq_clear(b);
    return rc;
}

static int by_q(const void *a, const void *b)
{
    const __mpq_struct *x = a, *y = b;
    return mpq_cmp(x, y);
}

static void typical(uint8_t op, mpq_t *v, size_t n, mpq_t out)
{
    tally t = {0};
    kh_c_tally_start(&t, KH_AGG_MEAN);
    bool median = op == KH_X_TYPICAL_MEDIAN || op == KH_X_TYPICAL_YEARS_MEDIAN;
    qsort(v, n, sizeof *v, by_q);
    size_t lo = median ? (n - 1) / 2 : 0, hi = median ? n / 2 : n - 1;
    for (size_t i = lo; i <= hi; i++)
        kh_c_tally_add(&t, v[i], 0);
    kh_c_tally_end(&t, out);
    kh_c_tally_free(&t);
}

static int over_time(kh_calc *k, const kh_expr_node *x, uint32_t slot, kh_period p, mpq_t out, uint8_t *why, kh_error *err)
{
    kh_period ps[SHIFT_MOST];
    size_t n = kh_c_shift_periods(x, p, ps, SHIFT_MOST), got = 0;
    mpq_t *v = kh_alloc((n + 1) * sizeof *v);
    bool strict = x->op <= KH_X_OVER;
    int rc = KH_OK;
    *why = KH_NOT_REPORTED;
    for (size_t i = 0; rc == KH_OK && i < n; i++) {
        uint8_t w = KH_NOT_REPORTED;
        mpq_init(v[got]);
        if (ps[i] != KH_NO_PERIOD)
            rc = cell(k, x->a, slot, ps[i], v[got], &w, err);
        if (w)
            mpq_clear(v[got]);
        else
            got++;
        if (w || i == 0)
            *why = w;
        if (w && strict)
            break;
    }
    if (rc == KH_OK && (strict ? !*why : got > 0)) {
        *why = KH_THERE;
        if (strict) {
            mpq_set_ui(out, 0, 1);
            for (size_t i = 0; i < got; i++)
                mpq_add(out, out, v[i]);
        } else
            typical(x->op, v, got, out);
    }
    for (size_t i = 0; i < got; i++)
        mpq_clear(v[i]);
    kh_free(v);
    return rc;
}

static int over_tree(kh_calc *k, kh_expr e, const kh_expr_node *x, uint32_t slot, kh_period p, mpq_t out, uint8_t *why, kh_error *err)
{
    if (x->op == KH_X_RANK) {
        figures *c;
        int rc = kh_c_column_of(k, e, p, &c, err);
        if (rc == KH_OK && !(*why = c->why[slot]))
            kh_c_column_exact(c, slot, out);
        return rc;
    }
    int32_t up = kh_c_span_ready(k, p)->end->up[slot];
    *why = KH_NO_SUCH_UNIT;
    if (up < 0)
        return KH_OK;
    if (x->op == KH_X_PARENT)
        return cell(k, x->a, (uint32_t)up, p, out, why, err);
    mpq_t a, b;
    mpq_init(a);
    mpq_init(b);
    uint8_t wb = KH_THERE;
    int rc = cell(k, x->a, slot, p, a, why, err);
    if (rc == KH_OK)
        rc = cell(k, x->a, (uint32_t)up, p, b, &wb, err);
    if (rc == KH_OK && !*why)
        *why = wb ? wb : divided(KH_X_DIV, out, a, b);
    mpq_clear(a);
    mpq_clear(b);
    return rc;
}

static int from_column(kh_calc *k, kh_expr e, uint32_t slot, kh_period p, mpq_t out, uint8_t *why, kh_error *err)
{
    figures *c;
    int rc = kh_c_column_of(k, e, p, &c, err);
    if (rc == KH_OK && !(*why = c->why[slot]))
        kh_c_column_exact(c, slot, out);
    return rc;
}

static int fresh_cell(kh_calc *k, kh_expr e, const kh_expr_node *x, uint32_t slot, kh_period p, mpq_t out, uint8_t *why, kh_error *err)
{
    if (x->op == KH_X_MEASURE || x->op == KH_X_COUNT_UNITS)
        return from_column(k, e, slot, p, out, why, err);
    if (!kh_c_span_ready(k, p)->alive[slot]) {
        *why = KH_NO_SUCH_UNIT;
        return KH_OK;
    }
    switch (x->op) {
    case KH_X_NUM:
    case KH_X_MISSING:
        *why = x->op == KH_X_MISSING || x->num.m == KH_MISSING ? KH_NOT_REPORTED : KH_THERE;
        if (!*why)
            kh_c_q_of_dec(out, x->num);
        return KH_OK;
    case KH_X_DAYS:
        mpq_set_si(out, kh_period_last(p) - kh_period_first(p) + 1, 1);
        *why = KH_THERE;
        return KH_OK;
    case KH_X_INDICATOR:
        if (k->c->indicators[x->ref].each)
            return from_column(k, e, slot, p, out, why, err);
        return cell(k, k->c->indicators[x->ref].formula, slot, p, out, why, err);
    case KH_X_WHEN:
    case KH_X_OTHERWISE:
    case KH_X_PRESENT:
        return choose(k, x, slot, p, out, why, err);
    default:
        if (x->op >= KH_X_PARENT)
            return over_tree(k, e, x, slot, p, out, why, err);
        if (x->op >= KH_X_PREV)
            return over_time(k, x, slot, p, out, why, err);
        return operate(k, x, slot, p, out, why, err);
    }
}

static int cell(kh_calc *k, kh_expr e, uint32_t slot, kh_period p, mpq_t out, uint8_t *why, kh_error *err)
{
    const kept *known = memo_get(k->memo, e, slot, p);
    if (known) {
        *why = known->why;
        if (!*why)
            mpq_set(out, known->q);
        return KH_OK;
    }
    const kh_expr_node x = *kh_expr_get(k->c->exprs, e);
    if (k->memo->depth > DEEPEST)
        return kh_fail(err, KH_EUSAGE, "a formula is nested more than %d deep; divide it into indicators", (int)DEEPEST);
    k->memo->depth++;
    int rc = fresh_cell(k, e, &x, slot, p, out, why, err);
    k->memo->depth--;
    if (rc == KH_OK)
        memo_put(k->memo, e, slot, p, *why, out);
    return rc;
}

int kh_c_exact_cell(kh_calc *k, kh_expr e, uint32_t slot, kh_period p, mpq_t out, uint8_t *why, kh_error *err)
{
    memo_start(k);
    return cell(k, e, slot, p, out, why, err);
}

/* SPDX-License-Identifier: MIT */
/*
 * Random worlds (trees with mergers, splits and unknown successors, values of
 * every length of period and cut, some missing) and random formulas with every
 * operator, groups, cuts, `each` and other indicators, against reference.h.
 * Whole numbers must agree to the last digit, other numbers to 1e-12; what is
 * missing and why, coverage, targets, statuses, distances and printed texts
 * exactly; and what explains a figure adds up to it. A failure prints its seed:
 * KH_SEED=n runs that one, KH_RUNS=n so many from there (`make property`).
 */
#include "reference.h"
#include "world.h"

#include <inttypes.h>

typedef struct rnd { uint64_t s; } rnd;

static uint64_t next(rnd *r)
{
    r->s ^= r->s << 13;
    r->s ^= r->s >> 7;
    r->s ^= r->s << 17;
    return r->s * 0x2545F4914F6CDD1Du;
}

static unsigned below(rnd *r, unsigned n) { return (unsigned)((next(r) >> 33) % n); }
static bool chance(rnd *r, unsigned percent) { return below(r, 100) < percent; }

typedef struct sample { world *w; ref ref; rnd r; uint64_t seed; kh_unit units[64]; size_t n_units; uint32_t measures[8]; size_t n_measures; unsigned long cases; } sample;

/* ---- the tree ---- */

static void keep(sample *s, kh_unit u) { s->units[s->n_units++] = u; }

static const char *ownership(rnd *r)
{
    static const char *const all[] = {"public", "private", "public town", "private town", "public country", NULL};
    return all[below(r, 6)];
}

static const char *const DAYS[] = {"2018-04-30", "2018-06-14", "2018-12-31", "2019-05-31"};
static const char *const NEXT[] = {"2018-05-01", "2018-06-15", "2019-01-01", "2019-06-01"};

/* A commune ends and goes whole, in parts, or nobody knows where. */
static void ends(sample *s, const char *code, const char *district, unsigned when_, unsigned how)
{
    char new_code[24], other[24];
    keep(s, unit_in(s->w, code, "xa", district, NULL, DAYS[when_], ownership(&s->r)));
    snprintf(new_code, sizeof new_code, "n%s", code);
    snprintf(other, sizeof other, "o%s", code);
    if (how == 0) {
        succession(s->w, NEXT[when_], code, NULL, false);
        return;
    }
    keep(s, unit_in(s->w, new_code, "xa", district, NEXT[when_], NULL, ownership(&s->r)));
    succession(s->w, NEXT[when_], code, new_code, how == 2 || how == 3);
    if (how == 2) {
        keep(s, unit_in(s->w, other, "xa", chance(&s->r, 50) ? "181" : district, NEXT[when_], NULL, ownership(&s->r)));
        succession(s->w, NEXT[when_], code, other, true);
    }
}

static void make_tree(sample *s)
{
    world *w = s->w;
    rnd *r = &s->r;
    char code[16], district[16];
    keep(s, unit(w, "20", "tinh", NULL));
    unsigned districts = 2 + below(r, 2);
    for (unsigned d = 0; d < districts; d++) {
        snprintf(district, sizeof district, "%u", 181 + d);
        if (d == 1 && chance(r, 40)) { /* a district of the same code from a day on: its communes change their parent */
            unsigned when_ = below(r, 4);
            keep(s, unit_in(w, district, "huyen", "20", NULL, DAYS[when_], NULL));
            keep(s, unit_in(w, district, "huyen", "20", NEXT[when_], NULL, NULL));
            if (chance(r, 70))
                succession(w, NEXT[when_], district, district, false);
        } else
            keep(s, unit(w, district, "huyen", "20"));
        unsigned communes = 1 + below(r, 4);
        for (unsigned c = 0; c < communes; c++) {
            snprintf(code, sizeof code, "%u%u", 601 + d, c);
            if (chance(r, 30))
                ends(s, code, district, below(r, 4), below(r, 5));
            else
                keep(s, unit_in(w, code, "xa", district, NULL, NULL, ownership(r)));
        }
    }
}

/* ---- measures and values ---- */

static const char *const PERIODS[] = {"2018-01", "2018-02", "2018-03", "2018-04", "2018-05", "2018-06", "2018-07", "2018-11", "2018-12", "2019-01", "2019-02", "2019-06",
                                      "2018Q1", "2018Q2", "2018Q3", "2018Q4", "2019Q1", "2018H1", "2018H2", "2019H1", "2018", "2019", "2018-9M",
                                      "2018W01", "2018W23", "2018W52", "2019W10", "2018-03-05", "2018-03-06", "2018-06-30"};
static const char *const CUTS[] = {"", "", "", "gender=f", "gender=m", "group=1", "gender=f;group=1", "gender=f;group=2", "gender=m;group=1", "group=3"};

static void make_measures(sample *s)
{
    static const kh_freq every[] = {KH_MONTH, KH_QUARTER, KH_HALF, KH_YEAR};
    s->n_measures = 3;
    kh_cuts *cuts = s->w->c->cuts;
    uint32_t gender = kh_cuts_add_category(cuts, "gender", "", "t", 1), group = kh_cuts_add_category(cuts, "group", "", "t", 1);
    kh_cuts_add_option(cuts, gender, "m", "");
    kh_cuts_add_option(cuts, gender, "f", "");
    kh_cuts_add_option(cuts, group, "1", "");
    kh_cuts_add_option(cuts, group, "2", "");
    kh_cuts_add_option(cuts, group, "3", "");
    for (size_t i = 0; i < s->n_measures; i++) {
        char code[24];
        snprintf(code, sizeof code, "m%zu", i);
        kh_agg u = (kh_agg)below(&s->r, 10), t = (kh_agg)below(&s->r, 10);
        if (chance(&s->r, 40))
            u = KH_AGG_SUM;
        s->measures[i] = measure(s->w, code, u, t);
        uint32_t *by = kh_arena_alloc(s->w->c->arena, 2 * sizeof *by);
        by[0] = chance(&s->r, 50) ? gender : group;
        by[1] = by[0] == gender ? group : gender;
        s->w->c->measures[s->measures[i]].by = by;
        s->w->c->measures[s->measures[i]].n_by = below(&s->r, 3);
    }
    for (unsigned f = 0; f < 1 + below(&s->r, 3); f++) {
        char code[8];
        snprintf(code, sizeof code, "F%u", f);
        form(s->w, code, every[below(&s->r, 4)], chance(&s->r, 70) ? "commune" : "huyen", s->measures, 1 + below(&s->r, (unsigned)s->n_measures));
    }
}

static void random_number(rnd *r, char *out, size_t room)
{
    switch (below(r, 13)) {
    case 12:
        snprintf(out, room, "-%u", below(r, 20));
        break;
    case 0:
        snprintf(out, room, "0");
        break;
    case 1:
        snprintf(out, room, "-%u.%03u", below(r, 50), below(r, 1000));
        break;
    case 2:
        snprintf(out, room, "%u.%02u", below(r, 1000), below(r, 100));
        break;
    case 3:
        snprintf(out, room, "9%018u", below(r, 1000000));
        break;
    default:
        snprintf(out, room, "%u", below(r, 200));
    }
}

static void make_values(sample *s, bool stored)
{
    unsigned n = 20 + below(&s->r, 120);
    char text[40];
    bool huge = chance(&s->r, 10);
    for (unsigned i = 0; i < n; i++) {
        uint32_t m = s->measures[below(&s->r, (unsigned)s->n_measures)];
        kh_unit u = s->units[below(&s->r, (unsigned)s->n_units)];
        const char *period = PERIODS[below(&s->r, COUNT(PERIODS))], *cut = CUTS[below(&s->r, COUNT(CUTS))];
        kh_error err = KH_ERROR_INIT;
        kh_cut at = kh_cut_parse(s->w->c->cuts, cut, strlen(cut), &err);
        random_number(&s->r, text, sizeof text);
        if ((strlen(text) > 12 && !huge) || ref_exact(&s->ref, m, at, u, P(period)))
            continue;
        value_cut(s->w, m, cut, u, period, text);
        s->ref.values = kh_grow(s->ref.values, s->ref.n, &s->ref.cap, sizeof *s->ref.values);
        s->ref.values[s->ref.n++] = (ref_value){m, at, u, P(period), dec(text)};
    }
    if (stored && s->w->r)
        put(s->w, 0, s->units[0], "2018..2019", "all.csv");
}

/* ---- formulas ---- */

static kh_expr random_leaf(sample *s)
{
    rnd *r = &s->r;
    world *w = s->w;
    char text[40];
    kh_error err = KH_ERROR_INIT;
    kh_unit_group g[] = {{"ownership", "public"}, {"area", "town"}};
    kh_expr_node x = {.op = KH_X_MEASURE, .a = KH_NO_EXPR, .b = KH_NO_EXPR, .c = KH_NO_EXPR};
    switch (below(r, 10)) {
    case 0:
        random_number(r, text, sizeof text);
        return num(w, text);
    case 1:
        x.op = below(r, 3) == 0 ? KH_X_MISSING : KH_X_DAYS;
        return kh_expr_add(w->c->exprs, &x);
    case 2:
        x.op = KH_X_COUNT_UNITS;
        x.text = chance(r, 50) ? "commune" : "huyen";
        x.groups = g;
        x.n_groups = below(r, 3);
        return kh_expr_add(w->c->exprs, &x);
    default:
        x.ref = s->measures[below(r, (unsigned)s->n_measures)];
        if (chance(r, 25)) {
            const char *cut = CUTS[below(r, COUNT(CUTS))];
            x.cut = kh_cut_parse(w->c->cuts, cut, strlen(cut), &err);
        }
        if (chance(r, 20)) {
            size_t second = chance(r, 30);
            x.groups = g + second;
            x.n_groups = second ? 1 : 1 + chance(r, 50);
        }
        return kh_expr_add(w->c->exprs, &x);
    }
}

static kh_expr random_expr(sample *s, int depth)
{
    rnd *r = &s->r;
    world *w = s->w;
    if (depth == 0 || chance(r, 10))
        return random_leaf(s);
    kh_expr a = random_expr(s, depth - 1);
    switch (below(r, 12)) {
    case 0:
        return node(w, (kh_op)(KH_X_NEG + (chance(r, 50) ? 1 : 0)), a, KH_NO_EXPR);
    case 1:
        return node_n(w, KH_X_ROUND, a, (int)below(r, 5) - 2);
    case 2:
        return when(w, a, random_expr(s, depth - 1), random_expr(s, depth - 1));
    case 3:
        return node(w, chance(r, 50) ? KH_X_NOT : KH_X_PRESENT, a, KH_NO_EXPR);
    case 4:
        return node(w, KH_X_OTHERWISE, a, random_expr(s, depth - 1));
    case 5:
        return node_n(w, (kh_op)(KH_X_PREV + below(r, KH_X_TYPICAL_YEARS_MEDIAN - KH_X_PREV + 1)), a, 1 + (int)below(r, 3));
    case 6:
        return node(w, (kh_op)(KH_X_PARENT + below(r, 3)), a, KH_NO_EXPR);
    case 7: {
        char e[4];
        if (chance(r, 25))
            return node(w, KH_X_LOG, a, KH_NO_EXPR);
        snprintf(e, sizeof e, "%d", (int)below(r, 5) - 1);
        return node(w, KH_X_POW, a, num(w, chance(r, 20) ? "0.5" : e));
    }
    case 8:
        return node(w, (kh_op)(KH_X_MIN2 + below(r, KH_X_EITHER - KH_X_MIN2 + 1)), a, random_expr(s, depth - 1));
    default:
        return node(w, (kh_op)(KH_X_ADD + below(r, 6)), a, random_expr(s, depth - 1));
    }
}

/* ---- comparing ---- */

static const char *const ASKED[] = {"2018", "2019", "2018H1", "2018-9M", "2018Q1", "2018Q2", "2018Q4", "2018-03", "2018-06", "2018-12", "2019-01", "2018W23"};

static void differ(sample *s, const char *what, kh_unit u, kh_period p, const char *got, const ratio *want)
{
    char name[KH_PERIOD_TEXT];
    char *q = want->why ? NULL : mpq_get_str(NULL, 10, want->q);
    kh_period_format(p, name);
    fprintf(stderr, "seed %" PRIu64 "%s: %s of %s (%s) in %s: got %s, expected %s\n", s->seed, s->ref.restate ? " restated" : "", what,
            kh_units_def(s->w->c->units, u)->code, u == KH_NO_UNIT ? "" : kh_units_kind_of(s->w->c->units, u)->level, name, got, want->why ? kh_missing_name((kh_missing)want->why) : q);
    free(q);
    fail();
}

static void same_number(sample *s, const char *what, kh_calc *k, const kh_answer *a, size_t i, size_t p, size_t u, kh_unit unit_, kh_period period, const ratio *want)
{
    const kh_figure f = *kh_answer_figure(a, i, p, u);
    char text[2000];
    kh_error err = KH_ERROR_INIT;
    s->cases++;
    if (f.missing != want->why)
        differ(s, what, unit_, period, f.missing ? kh_missing_name((kh_missing)f.missing) : "a number", want);
    if (want->why)
        return;
    double w = mpq_get_d(want->q);
    must(kh_answer_text(k, a, i, p, u, -1, text, sizeof text, &err), &err);
    if (!(fabs(f.value - w) <= 1e-12 * fabs(w)))
        differ(s, what, unit_, period, text, want);
    if (mpz_cmp_ui(mpq_denref(want->q), 1) == 0 && mpz_sizeinbase(mpq_numref(want->q), 10) < 300) {
        char *digits = mpz_get_str(NULL, 10, mpq_numref(want->q));
        if (strcmp(digits, text) != 0)
            differ(s, what, unit_, period, text, want);
        free(digits);
    }
}

static void check_measures(sample *s, kh_calc *k)
{
    kh_error err = KH_ERROR_INIT;
    kh_item items[24];
    size_t n = 0;
    kh_period ps[COUNT(ASKED)];
    for (size_t i = 0; i < COUNT(ASKED); i++)
        ps[i] = P(ASKED[i]);
    for (size_t m = 0; m < s->n_measures; m++)
        for (size_t c = 2; c < 6; c++)
            items[n++] = (kh_item){KH_ITEM_MEASURE, s->measures[m], kh_cut_parse(s->w->c->cuts, CUTS[c], strlen(CUTS[c]), &err)};
    kh_question q = {items, n, s->units, s->n_units, ps, COUNT(ASKED)};
    kh_answer *a;
    must(kh_calc_ask(k, &q, &a, &err), &err);
    ratio want;
    num_start(&want, 0);
    for (size_t i = 0; i < n; i++)
        for (size_t p = 0; p < COUNT(ASKED); p++)
            for (size_t u = 0; u < s->n_units; u++) {
                kh_expr_node leaf = {.op = KH_X_MEASURE, .ref = items[i].ref, .cut = items[i].cut};
                char what[64];
                snprintf(what, sizeof what, "%s{%s} %s over units, %s over time", s->w->c->measures[leaf.ref].code, kh_cut_key(s->w->c->cuts, leaf.cut),
                         kh_agg_name(s->w->c->measures[leaf.ref].over_units), kh_agg_name(s->w->c->measures[leaf.ref].over_time));
                ref_measure(&s->ref, &leaf, s->units[u], ps[p], &want);
                same_number(s, what, k, a, i, p, u, s->units[u], ps[p], &want);
                uint32_t reported, expected;
                ref_coverage(&s->ref, &leaf, s->units[u], ps[p], &reported, &expected);
                const kh_figure *f = kh_answer_figure(a, i, p, u);
                if (f->reported != reported || f->expected != expected) {
                    char got[64];
                    mpq_set_ui(want.q, reported, 1);
                    want.why = KH_THERE;
                    snprintf(got, sizeof got, "%u of %u (wanted of %u)", f->reported, f->expected, expected);
                    differ(s, what, s->units[u], ps[p], got, &want);
                }
            }
    num_end(&want);
    kh_answer_free(a);
}

/* The bounds of a target for one unit and period: numbers, or formulas found plainly. */
typedef struct limits { ratio lo, hi; } limits;

static void limit_of(const sample *s, kh_dec d, const kh_limit *by, kh_unit u, kh_period p, ratio *out)
{
    num_start(out, KH_THERE);
    if (by)
        ref_eval(&s->ref, by->of, u, p, out);
    else
        dec_q(out->q, d);
}

static void limits_of(const sample *s, const kh_target *t, kh_unit u, kh_period p, limits *out)
{
    static const kh_target none;
    t = t ? t : &none;
    limit_of(s, t->lo, t->lo_by, u, p, &out->lo);
    limit_of(s, t->cmp == KH_BETWEEN ? t->hi : t->lo, t->cmp == KH_BETWEEN ? t->hi_by : NULL, u, p, &out->hi);
}

static void limits_end(limits *b)
{
    num_end(&b->lo);
    num_end(&b->hi);
}

static bool meets(const kh_target *t, const limits *b, const mpq_t v)
{
    int lo = mpq_cmp(v, b->lo.q), hi = mpq_cmp(v, b->hi.q);
    return t->cmp == KH_AT_LEAST ? lo >= 0 : t->cmp == KH_ABOVE ? lo > 0 : t->cmp == KH_AT_MOST ? lo <= 0 : t->cmp == KH_BELOW ? lo < 0 : t->cmp == KH_EXACTLY ? lo == 0 : lo >= 0 && hi <= 0;
}

/* The target that binds (the first one), by the words of docs/calculation.md. */
static const kh_target *bound_by(const sample *s, const kh_indicator *ind, kh_unit u, kh_period p)
{
    kh_day day = s->ref.restate ? s->ref.boundaries : ref_day(&s->ref, u, p);
    for (size_t i = 0; i < ind->n_targets; i++) {
        const kh_target *t = &ind->targets[i];
        if ((t->every && t->every != kh_period_freq(p)) || (t->from && kh_period_first(p) < kh_period_first(t->from)) || (t->to && kh_period_last(p) > kh_period_last(t->to)))
            continue;
        if (!t->scope.n_kinds || kh_units_is(s->w->c->units, u, t->scope.kinds[0]) || day == KH_DAY_MIN)
            return t;
    }
    return NULL;
}

static kh_status status_of(const sample *s, const kh_target *t, const limits *b, kh_period p, const ratio *v, kh_day today)
{
    (void)s;
    if (!t)
        return KH_ST_NONE;
    if (v->why || b->lo.why || b->hi.why)
        return KH_ST_NO_DATA;
    if (meets(t, b, v->q))
        return KH_ST_MET;
    bool later = t->by_end && kh_period_last(p) < kh_period_last(t->to);
    return later || today <= kh_period_last(p) ? KH_ST_NOT_DUE : KH_ST_NOT_MET;
}

/* By how much the bound that counts is missed or passed, against the exact text. */
static void check_distance(sample *s, kh_calc *k, const kh_answer *a, size_t i, size_t p, size_t u, kh_unit unit_, kh_period period, const kh_target *t, const limits *b, const ratio *v)
{
    char text[2000];
    kh_error err = KH_ERROR_INIT;
    ratio d;
    must(kh_answer_distance(k, a, i, p, u, text, sizeof text, &err), &err);
    if (!t || v->why || b->lo.why || b->hi.why) {
        assert_string_equal(text, "");
        return;
    }
    num_start(&d, KH_THERE);
    mpq_sub(d.q, v->q, b->lo.q);
    if (t->cmp == KH_BETWEEN && mpq_sgn(d.q) >= 0) {
        mpq_sub(d.q, v->q, b->hi.q);
        if (mpq_sgn(d.q) < 0)
            mpq_set_ui(d.q, 0, 1);
    }
    double got = strtod(text, NULL), want = mpq_get_d(d.q);
    if (!(fabs(got - want) <= 1e-12 * fabs(want)))
        differ(s, "the distance of a formula", unit_, period, text, &d);
    num_end(&d);
}

/* A bound that is a formula, as it is printed. */
static bool printed_bound(const kh_answer *a, size_t i, size_t p, size_t u, bool high, int decimals, mpq_t out)
{
    char text[2000];
    kh_error err = KH_ERROR_INIT;
    kh_dec d;
    must(kh_answer_bound(a, i, p, u, high, decimals, text, sizeof text, &err), &err);
    if (!kh_dec_parse(text, strlen(text), &d))
        return false;
    dec_q(out, d);
    return true;
}

/* What is printed agrees with the status, whatever the decimals. */
static void check_texts(sample *s, kh_calc *k, const kh_answer *a, size_t i, size_t p, size_t u, kh_unit unit_, kh_period period, const kh_target *t, const limits *b, const ratio *v)
{
    char text[2000];
    kh_error err = KH_ERROR_INIT;
    for (int decimals = 0; t && !v->why && !b->lo.why && !b->hi.why && decimals < 4; decimals++) {
        kh_dec d;
        mpq_t printed;
        limits shown;
        must(kh_answer_text(k, a, i, p, u, decimals, text, sizeof text, &err), &err);
        if (!kh_dec_parse(text, strlen(text), &d))
            continue;
        mpq_init(printed);
        dec_q(printed, d);
        limits_of(s, t, unit_, period, &shown);
        bool read = (!t->lo_by || printed_bound(a, i, p, u, false, decimals, shown.lo.q)) && (!t->hi_by || printed_bound(a, i, p, u, true, decimals, shown.hi.q));
        if (read && meets(t, &shown, printed) != meets(t, b, v->q))
            differ(s, "the text of a formula", unit_, period, text, v);
        limits_end(&shown);
        mpq_clear(printed);
    }
}

static void check_status(sample *s, const kh_figure *f, const kh_target *t, const limits *b, kh_unit u, kh_period p, const ratio *v)
{
    kh_status decided = status_of(s, t, b, p, v, s->w->o.today ? s->w->o.today : KH_DAY_MAX), status = decided;
    if (f->reported < f->expected && (decided == KH_ST_MET || decided == KH_ST_NOT_MET))
        status = KH_ST_PARTIAL;
    if (f->decided != decided || f->status != status)
        differ(s, "the status of a formula", u, p, kh_status_name((kh_status)f->status), v);
    if ((f->target == UINT32_MAX) != (t == NULL))
        differ(s, "the target of a formula", u, p, t ? "none" : "one", v);
}

static bool uses_each(const kh_catalog *c, kh_expr e)
{
    if (e == KH_NO_EXPR)
        return false;
    const kh_expr_node x = *kh_expr_get(c->exprs, e);
    if (x.op == KH_X_INDICATOR)
        return c->indicators[x.ref].each || uses_each(c, c->indicators[x.ref].formula);
    return uses_each(c, x.a) || uses_each(c, x.b) || uses_each(c, x.c);
}

/* A formula over what a script gives has that script's doubles in it: where they cancel, it may be off by all its digits. */
static bool over_each(const kh_catalog *c, const kh_indicator *ind) { return !ind->each && uses_each(c, ind->formula); }

static void check_formulas(sample *s, kh_calc *k, const uint32_t *inds, size_t n)
{
    kh_error err = KH_ERROR_INIT;
    kh_item items[16];
    kh_period ps[] = {P("2018"), P("2018Q2"), P("2018-06"), P("2019-01")};
    for (size_t i = 0; i < n; i++)
        items[i] = of_indicator(inds[i]);
    kh_question q = {items, n, s->units, s->n_units, ps, COUNT(ps)};
    kh_answer *a;
    must(kh_calc_ask(k, &q, &a, &err), &err);
    ratio want;
    num_start(&want, 0);
    for (size_t i = 0; i < n; i++)
        for (size_t p = 0; p < COUNT(ps); p++)
            for (size_t u = 0; u < s->n_units; u++) {
                const kh_indicator *ind = &s->w->c->indicators[inds[i]];
                kh_expr_node self = {.op = KH_X_INDICATOR, .a = KH_NO_EXPR, .b = KH_NO_EXPR, .c = KH_NO_EXPR, .ref = inds[i]};
                bool alive = ref_alive(&s->ref, s->units[u], ps[p]);
                if (over_each(s->w->c, ind))
                    continue;
                ref_eval(&s->ref, kh_expr_add(s->w->c->exprs, &self), s->units[u], ps[p], &want);
                if (!alive)
                    want.why = KH_NO_SUCH_UNIT;
                same_number(s, "a formula", k, a, i, p, u, s->units[u], ps[p], &want);
                const kh_figure f = *kh_answer_figure(a, i, p, u);
                const kh_target *t = alive ? bound_by(s, ind, s->units[u], ps[p]) : NULL;
                limits b;
                limits_of(s, t, s->units[u], ps[p], &b);
                check_status(s, &f, t, &b, s->units[u], ps[p], &want);
                check_texts(s, k, a, i, p, u, s->units[u], ps[p], t, &b, &want);
                check_distance(s, k, a, i, p, u, s->units[u], ps[p], t, &b, &want);
                limits_end(&b);
                if (u % 5)
                    continue; /* the worst input of a deep formula is slow to find plainly */
                uint32_t reported = 0, expected = 0;
                ref_cover(&s->ref, kh_expr_add(s->w->c->exprs, &self), s->units[u], ps[p], &reported, &expected);
                if ((uint64_t)f.reported * expected != (uint64_t)reported * f.expected) {
                    char got[64];
                    snprintf(got, sizeof got, "%u of %u, expected %u of %u", f.reported, f.expected, reported, expected);
                    differ(s, "the coverage of a formula", s->units[u], ps[p], got, &want);
                }
            }
    num_end(&want);
    kh_answer_free(a);
}

/* ---- explain ---- */

/* Of a sum, the units below a measure (and the periods below a unit) add up to it; the root says what the answer says. */
static void check_sums(sample *s, const kh_origin *o)
{
    const kh_measure *m = o->measure < s->w->c->n_measures ? &s->w->c->measures[o->measure] : NULL;
    bool units = o->kind == KH_O_MEASURE && m && m->over_units == KH_AGG_SUM;
    bool periods = o->kind == KH_O_UNIT && m && m->over_time == KH_AGG_SUM && o->n_children && o->children[0]->kind == KH_O_PERIOD;
    if (o->value && (units || periods)) {
        kh_dec d;
        mpq_t sum, x;
        bool plain = kh_dec_parse(o->value, strlen(o->value), &d);
        mpq_init(sum);
        mpq_init(x);
        for (size_t i = 0; i < o->n_children; i++) {
            kh_dec c;
            plain = plain && (!o->children[i]->value || kh_dec_parse(o->children[i]->value, strlen(o->children[i]->value), &c));
            if (!plain || !o->children[i]->value)
                continue;
            dec_q(x, c);
            mpq_add(sum, sum, x);
        }
        dec_q(x, d);
        double far = mpq_get_d(sum) - mpq_get_d(x);
        if (plain && !(fabs(far) <= 1e-12 * fabs(mpq_get_d(x)))) {
            ratio want = {.why = KH_THERE};
            *want.q = *sum;
            differ(s, "the parts that explain", o->unit, o->period, o->value, &want);
        }
        mpq_clear(sum);
        mpq_clear(x);
    }
    for (size_t i = 0; i < o->n_children; i++)
        check_sums(s, o->children[i]);
}

static void check_explained(sample *s, kh_calc *k, const uint32_t *inds, size_t n)
{
    kh_error err = KH_ERROR_INIT;
    for (size_t i = 0; i < n + s->n_measures * s->n_units; i++) {
        kh_unit u = s->units[i < n ? below(&s->r, (unsigned)s->n_units) : (i - n) % s->n_units];
        kh_period p = P(i < n && i % 2 ? "2018Q2" : "2018");
        kh_item item = i < n ? of_indicator(inds[i]) : of_measure(s->measures[(i - n) / s->n_units]);
        kh_question q = {&item, 1, &u, 1, &p, 1};
        kh_answer *a;
        kh_origin *o;
        char text[2000];
        must(kh_calc_ask(k, &q, &a, &err), &err);
        must(kh_answer_text(k, a, 0, 0, 0, -1, text, sizeof text, &err), &err);
        must(kh_calc_explain(k, item, u, p, &o, &err), &err);
        const kh_figure f = *kh_answer_figure(a, 0, 0, 0);
        ratio none = {.why = (int)f.missing};
        if (strcmp(o->value ? o->value : "", text) != 0 || o->why != f.missing || o->status != f.status)
            differ(s, "what explains", u, p, o->value ? o->value : kh_missing_name((kh_missing)o->why), &none);
        check_sums(s, o);
        kh_origin_free(o);
        kh_answer_free(a);
    }
}

static kh_target random_target(rnd *r)
{
    char lo[40], hi[40];
    random_number(r, lo, sizeof lo);
    random_number(r, hi, sizeof hi);
    if (chance(r, 30))
        snprintf(lo, sizeof lo, "1");
    if (chance(r, 20))
        snprintf(lo, sizeof lo, "0");
    kh_target t = {.cmp = (kh_comparator)below(r, 6), .lo = dec(lo), .hi = dec(hi)};
    if (chance(r, 30))
        t.every = chance(r, 50) ? KH_YEAR : KH_QUARTER;
    if (chance(r, 30))
        t.from = P(chance(r, 50) ? "2018Q2" : "2019");
    if (chance(r, 30)) {
        t.to = P(chance(r, 50) ? "2018" : "2019");
        t.by_end = chance(r, 50) && (t.from == KH_NO_PERIOD || kh_period_last(t.to) >= kh_period_first(t.from));
    }
    if (chance(r, 30)) {
        static const char *const kinds[] = {"xa"};
        t.scope.kinds = kinds;
        t.scope.n_kinds = 1;
    }
    if (t.cmp == KH_BETWEEN && kh_dec_cmp(t.lo, t.hi) > 0) {
        kh_dec x = t.lo;
        t.lo = t.hi;
        t.hi = x;
    }
    return t;
}

/* A session about one unit gives the figures that a session about all gives. */
static void check_narrow(sample *s, const uint32_t *inds, size_t n)
{
    kh_error err = KH_ERROR_INIT;
    kh_unit one = s->units[below(&s->r, (uint32_t)s->n_units)];
    uint32_t some[16];
    size_t n_some = 0;
    for (size_t i = 0; i < n; i++) {
        kh_item it = of_indicator(inds[i]);
        kh_question q = {.items = &it, .n_items = 1};
        if (!kh_calc_looks_up(s->w->c, &q))
            some[n_some++] = inds[i];
    }
    kh_calc_options o = s->w->o;
    o.units = &one;
    o.n_units = 1;
    kh_calc *k;
    must(kh_calc_open(&k, s->w->c, s->w->s, &o, &err), &err);
    sample t = *s;
    t.units[0] = one;
    t.n_units = 1;
    check_measures(&t, k);
    check_formulas(&t, k, some, n_some);
    s->cases = t.cases;
    kh_calc_close(k);
}

/* a + 2 b of whole numbers, where either is there: reference.h says the same as ref_each. */
static int each_sum(void *ctx, void *script, const kh_each_num *in, size_t n, kh_each_num *out, kh_error *err)
{
    (void)ctx, (void)script, (void)n, (void)err;
    *out = (kh_each_num){KH_EACH_NOTHING, 0, 0};
    for (size_t i = 0; i < 2; i++) {
        if (in[i].is == KH_EACH_NOTHING)
            continue;
        if (out->is == KH_EACH_NOTHING)
            out->is = KH_EACH_WHOLE;
        if (in[i].is != KH_EACH_WHOLE)
            out->is = KH_EACH_NUMBER;
        int64_t more;
        if (__builtin_mul_overflow(in[i].i, i + 1, &more) || __builtin_add_overflow(out->i, more, &out->i))
            out->is = KH_EACH_NUMBER;
        out->v += (double)(i + 1) * in[i].v;
    }
    if (fabs(out->v) > 1e18) /* a script's whole numbers end at 2^63 */
        out->is = KH_EACH_NOT_FINITE;
    return KH_OK;
}

static kh_each *random_each(sample *s)
{
    kh_each *e = kh_arena_alloc(s->w->c->arena, sizeof *e);
    e->call = each_sum;
    e->n_inputs = 2;
    e->inputs = kh_arena_alloc(s->w->c->arena, 2 * sizeof *e->inputs);
    e->inputs[0] = m_(s->w, s->measures[below(&s->r, (unsigned)s->n_measures)]);
    e->inputs[1] = m_(s->w, s->measures[below(&s->r, (unsigned)s->n_measures)]);
    return e;
}

/* A bound that is a formula: any, or the figure's own of another time. */
static const kh_limit *random_limit(sample *s, uint32_t self)
{
    kh_catalog *c = s->w->c;
    kh_expr_node x = {.op = KH_X_INDICATOR, .a = KH_NO_EXPR, .b = KH_NO_EXPR, .c = KH_NO_EXPR, .ref = self};
    kh_expr own = kh_expr_add(c->exprs, &x), e = random_expr(s, 1 + (int)below(&s->r, 2));
    if (chance(&s->r, 50)) {
        static const uint8_t ops[] = {KH_X_PREV, KH_X_SAME_LAST_YEAR, KH_X_TYPICAL_MEAN, KH_X_TYPICAL_MEDIAN};
        kh_expr_node then = {.op = ops[below(&s->r, 4)], .a = own, .b = KH_NO_EXPR, .c = KH_NO_EXPR, .n = 1 + (int)below(&s->r, 2)};
        e = chance(&s->r, 30) ? own : kh_expr_add(c->exprs, &then);
    }
    if (uses_each(c, e) || c->indicators[self].each)
        return NULL;
    kh_limit *l = kh_arena_alloc(c->arena, sizeof *l);
    l->of = e;
    return l;
}

static void random_limits(sample *s, uint32_t ind)
{
    kh_indicator *x = &s->w->c->indicators[ind];
    for (size_t i = 0; i < x->n_targets; i++) {
        kh_expr_node self = {.op = KH_X_INDICATOR, .a = KH_NO_EXPR, .b = KH_NO_EXPR, .c = KH_NO_EXPR, .ref = ind};
        if (uses_each(s->w->c, kh_expr_add(s->w->c->exprs, &self)))
            return; /* what a script gave in another period need not be a decimal, and the two may be equal */
        if (chance(&s->r, 40))
            x->targets[i].lo_by = random_limit(s, ind);
        if (x->targets[i].cmp == KH_BETWEEN && chance(&s->r, 40))
            x->targets[i].hi_by = random_limit(s, ind);
    }
}

/* A script's sum is decided exactly if it has at most 15 digits and is not the little that is left of large numbers. */
static bool adds_up(const sample *s, const kh_each *each, kh_unit u, kh_period p, const ratio *v)
{
    ratio in;
    bool ok = true;
    num_start(&in, 0);
    for (size_t i = 0; i < each->n_inputs; i++) {
        ref_eval(&s->ref, each->inputs[i], u, p, &in);
        ok = ok && (in.why || fabs(mpq_get_d(in.q)) <= 4 * fabs(mpq_get_d(v->q)));
    }
    num_end(&in);
    return ok;
}

/* Bounds that figures lie on exactly: where a comparator is told from the next one. */
static void move_bounds(sample *s, const uint32_t *inds, size_t n)
{
    static const char *const periods[] = {"2018", "2018Q2", "2018-06"};
    ratio v;
    num_start(&v, 0);
    for (size_t i = 0; i < n; i++) {
        kh_target *t = s->w->c->indicators[inds[i]].targets;
        kh_expr_node self = {.op = KH_X_INDICATOR, .a = KH_NO_EXPR, .b = KH_NO_EXPR, .c = KH_NO_EXPR, .ref = inds[i]};
        const kh_each *each = s->w->c->indicators[inds[i]].each;
        if (over_each(s->w->c, &s->w->c->indicators[inds[i]]))
            continue;
        v.why = KH_NOT_REPORTED;
        kh_unit u = KH_NO_UNIT;
        kh_period p = KH_NO_PERIOD;
        for (int tries = 0; v.why && tries < 10; tries++) {
            u = s->units[below(&s->r, (unsigned)s->n_units)];
            p = P(periods[below(&s->r, 3)]);
            ref_eval(&s->ref, kh_expr_add(s->w->c->exprs, &self), u, p, &v);
        }
        if (each && !v.why && !adds_up(s, each, u, p, &v))
            continue;
        mpz_mul_ui(mpq_numref(v.q), mpq_numref(v.q), 1000);
        if (v.why || chance(&s->r, 40) || !mpz_divisible_p(mpq_numref(v.q), mpq_denref(v.q)))
            continue;
        mpz_divexact(mpq_numref(v.q), mpq_numref(v.q), mpq_denref(v.q));
        if (!mpz_fits_slong_p(mpq_numref(v.q)) || (each && fabs(mpq_get_d(v.q)) >= 1e15))
            continue;
        t->lo = (kh_dec){mpz_get_si(mpq_numref(v.q)), 3};
        if (kh_dec_cmp(t->hi, t->lo) < 0)
            t->hi = t->lo;
    }
    num_end(&v);
}

static unsigned long run(uint64_t seed)
{
    sample s = {.seed = seed, .r = {seed * 0x9E3779B97F4A7C15u + 1}};
    uint32_t inds[10];
    for (int i = 0; i < 10; i++)
        next(&s.r);
    s.w = world_new();
    s.ref.c = s.w->c;
    make_tree(&s);
    make_measures(&s);
    for (size_t i = 0; i < COUNT(inds); i++) {
        char code[8];
        kh_target t[2] = {random_target(&s.r), random_target(&s.r)};
        snprintf(code, sizeof code, "T%zu", i);
        kh_expr e = random_expr(&s, 1 + (int)below(&s.r, 4));
        if (i && chance(&s.r, 20)) { /* an indicator may use another */
            kh_expr_node x = {.op = KH_X_INDICATOR, .a = KH_NO_EXPR, .b = KH_NO_EXPR, .c = KH_NO_EXPR, .ref = inds[i - 1]};
            e = node(s.w, KH_X_ADD, e, kh_expr_add(s.w->c->exprs, &x));
        }
        inds[i] = indicator(s.w, code, e, t, 1 + below(&s.r, 2));
        if (i % 5 == 2) {
            s.w->c->indicators[inds[i]].each = random_each(&s);
            s.w->c->indicators[inds[i]].formula = KH_NO_EXPR;
        }
        random_limits(&s, inds[i]);
    }
    make_values(&s, seed % 4 == 0);
    move_bounds(&s, inds, COUNT(inds));
    if (chance(&s.r, 50))
        s.w->o.today = D("2018-09-15");
    for (int restate = 0; restate < 2; restate++) {
        if (restate) {
            again(s.w);
            s.ref.restate = s.w->o.restate = true;
            s.ref.boundaries = s.w->o.boundaries = D(chance(&s.r, 30) ? "2018-01-31" : chance(&s.r, 50) ? "2018-05-15" : "2019-12-31");
        }
        check_measures(&s, calc(s.w));
        check_formulas(&s, calc(s.w), inds, COUNT(inds));
        check_explained(&s, calc(s.w), inds, COUNT(inds));
        if (!restate)
            check_narrow(&s, inds, COUNT(inds));
    }
    kh_free(s.ref.values);
    world_free(s.w);
    return s.cases;
}

static void random_worlds_agree_with_the_plain_reference(void **state)
{
    (void)state;
    const char *one = getenv("KH_SEED"), *runs = getenv("KH_RUNS");
    uint64_t first = one ? strtoull(one, NULL, 10) : 1, n = runs ? strtoull(runs, NULL, 10) : one ? 1 : 16;
    unsigned long cases = 0;
    for (uint64_t seed = first; seed < first + n; seed++)
        cases += run(seed);
    print_message("seeds %" PRIu64 " to %" PRIu64 ": %lu figures\n", first, first + n - 1, cases);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(random_worlds_agree_with_the_plain_reference)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/*
 * Outliers: reported values that stand out among the unit's siblings of the
 * same level, or against its own history. Nothing here is an error by itself;
 * each finding is a warning with the numbers that made it.
 *
 *   OUTLIER-Z         |x - mean| / standard deviation of the siblings over z_limit
 *   OUTLIER-MODIFIED-Z  0.6745 |x - median| / MAD over modified_z_limit (Iglewicz and Hoaglin 1993); where more
 *                     than half are equal (MAD 0), |x - median| / (1.253314 * mean absolute deviation)
 *   OUTLIER-HISTORY   outside the least and largest of the unit's `history` periods before
 *   JUMP              more than jump_ratio times the period before, or less than 1 / jump_ratio of it
 *
 * Groups of fewer than 5 siblings say nothing, nor do fewer than 3 earlier values.
 */
#include "calc/trace.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SIBLINGS_LEAST = 5, HISTORY_LEAST = 3 };

typedef struct seen { int32_t up; const char *level; uint32_t slot; double v; } seen;
typedef struct stray { uint32_t slot; const char *code; double score, centre; uint32_t trace; } stray;
typedef struct search { kh_calc *k; const kh_outlier_options *o; leaf l; kh_period p; stray *found; size_t n, cap; } search;

static int by_family(const void *a, const void *b)
{
    const seen *x = a, *y = b;
    if (x->up != y->up)
        return x->up < y->up ? -1 : 1;
    int c = strcmp(x->level, y->level);
    return c ? c : (x->slot > y->slot) - (x->slot < y->slot);
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *v, size_t n)
{
    qsort(v, n, sizeof *v, by_size);
    return n % 2 ? v[n / 2] : (v[n / 2 - 1] + v[n / 2]) / 2;
}

static void add(search *s, uint32_t slot, const char *code, double score, double centre)
{
    KH_PUSH(s->found, s->n, s->cap) = (stray){slot, code, score, centre, 0};
}

static void z_scores(search *s, const seen *all, size_t n)
{
    double sum = 0, squares = 0;
    for (size_t i = 0; i < n; i++)
        sum += all[i].v;
    double mean = sum / (double)n;
    for (size_t i = 0; i < n; i++)
        squares += (all[i].v - mean) * (all[i].v - mean);
    double sd = sqrt(squares / (double)(n - 1));
    for (size_t i = 0; i < n && sd > 0; i++)
        if (fabs(all[i].v - mean) / sd > s->o->z_limit)
            add(s, all[i].slot, "OUTLIER-Z", (all[i].v - mean) / sd, mean);
}

static void modified_z_scores(search *s, const seen *all, size_t n)
{
    double *v = kh_alloc(n * sizeof *v), mean = 0;
    for (size_t i = 0; i < n; i++)
        v[i] = all[i].v;
    double centre = median(v, n);
    for (size_t i = 0; i < n; i++) {
        v[i] = fabs(all[i].v - centre);
        mean += v[i] / (double)n;
    }
    double mad = median(v, n), by = mad > 0 ? 0.6745 / mad : mean > 0 ? 1 / (1.253314 * mean) : 0;
    for (size_t i = 0; i < n; i++)
        if (fabs(all[i].v - centre) * by > s->o->modified_z_limit)
            add(s, all[i].slot, "OUTLIER-MODIFIED-Z", (all[i].v - centre) * by, centre);
    kh_free(v);
}

static void among_siblings(search *s, const figures *c)
{
    const tree *t = kh_c_span_ready(s->k, s->p)->end;
    seen *all = kh_alloc((s->k->n + 1) * sizeof *all);
    size_t n = 0;
    for (uint32_t i = 0; i < s->k->n; i++)
        if (!c->why[i] && t->up[i] >= 0)
            all[n++] = (seen){t->up[i], kh_units_kind_of(s->k->c->units, s->k->unit[i])->level, i, kh_c_column_value(c, i, NULL)};
    qsort(all, n, sizeof *all, by_family);
    for (size_t from = 0, to; from < n; from = to) {
        for (to = from + 1; to < n && all[to].up == all[from].up && strcmp(all[to].level, all[from].level) == 0;)
            to++;
        if (to - from < SIBLINGS_LEAST)
            continue;
        if (s->o->z_limit > 0)
            z_scores(s, all + from, to - from);
        if (s->o->modified_z_limit > 0)
            modified_z_scores(s, all + from, to - from);
    }
    kh_free(all);
}

static void against_history(search *s, const figures *c, figures *const *past, size_t n)
{
    for (uint32_t i = 0; i < s->k->n; i++) {
        size_t m = 0;
        double lo = 0, hi = 0;
        if (c->why[i])
            continue;
        for (size_t j = 0; j < n; j++) {
            if (past[j]->why[i])
                continue;
            double x = kh_c_column_value(past[j], i, NULL);
            lo = m && lo < x ? lo : x;
            hi = m && hi > x ? hi : x;
            m++;
        }
        double v = kh_c_column_value(c, i, NULL);
        if (m >= HISTORY_LEAST && (v < lo || v > hi))
            add(s, i, "OUTLIER-HISTORY", v, v < lo ? lo : hi);
    }
}

static void jumps(search *s, const figures *c, const figures *before)
{
    for (uint32_t i = 0; i < s->k->n; i++) {
        if (c->why[i] || before->why[i])
            continue;
        double v = fabs(kh_c_column_value(c, i, NULL)), was = fabs(kh_c_column_value(before, i, NULL));
        if (was > 0 && (v > was * s->o->jump_ratio || v * s->o->jump_ratio < was))
            add(s, i, "JUMP", v / was, kh_c_column_value(before, i, NULL));
    }
}

static int search_period(search *s, kh_error *err)
{
    figures *c, *past[64];
    size_t n = s->o->history > 64 ? 64 : s->o->history > 0 ? (size_t)s->o->history : 0;
    int rc = kh_c_column_of(s->k, s->l.e, s->p, &c, err);
    if (rc != KH_OK)
        return rc;
    if (s->o->z_limit > 0 || s->o->modified_z_limit > 0)
        among_siblings(s, c);
    for (size_t i = 0; rc == KH_OK && i < n; i++)
        rc = kh_c_column_of(s->k, s->l.e, kh_period_step(s->p, -(int)i - 1), &past[i], err);
    if (rc == KH_OK && n)
        against_history(s, c, past, n);
    if (rc == KH_OK && s->o->jump_ratio > 1) {
        rc = kh_c_column_of(s->k, s->l.e, kh_period_step(s->p, -1), &past[0], err);
        if (rc == KH_OK)
            jumps(s, c, past[0]);
    }
    return rc;
}

static void number(kh_calc *k, double v, kh_buf *out)
{
    char text[64];
    mpq_t q;
    (void)k;
    mpq_init(q);
    mpq_set_d(q, v);
    char *t = kh_c_q_text(q, 2);
    size_t n = strlen(t);
    while (n && strchr(t, '.') && (t[n - 1] == '0' || t[n - 1] == '.'))
        if (t[--n] == '.')
            break;
    t[n] = '\0';
    (void)text;
    kh_c_number_for_people(t, kh_msg_lang_now(), out);
    kh_free(t);
    mpq_clear(q);
}

static void say(search *s, const trace *t, const stray *x, kh_findings *out)
{
    char unit[256], period[128];
    kh_buf value = KH_BUF_INIT, centre = KH_BUF_INIT, score = KH_BUF_INIT, text = KH_BUF_INIT;
    figures *c = kh_c_table_get(&s->k->columns, pair(s->l.e, s->p));
    const trace_place *at = &t->of[x->trace];
    kh_units_title(s->k->c->units, s->k->unit[x->slot], kh_msg_lang_now(), unit, sizeof unit);
    kh_period_label(s->p, kh_msg_lang_now(), period, sizeof period);
    number(s->k, kh_c_column_value(c, x->slot, NULL), &value);
    number(s->k, x->centre, &centre);
    number(s->k, x->score, &score);
    const char *v = kh_buf_cstr(&value), *m = kh_buf_cstr(&centre), *z = kh_buf_cstr(&score), *code = s->l.def->code;
    if (strcmp(x->code, "OUTLIER-Z") == 0)
        kh_buf_printf(&text, _("%s of %s, %s: %s stands out among its siblings (mean %s, z-score %s)"), code, unit, period, v, m, z);
    else if (strcmp(x->code, "OUTLIER-MODIFIED-Z") == 0)
        kh_buf_printf(&text, _("%s of %s, %s: %s stands out among its siblings (median %s, modified z-score %s)"), code, unit, period, v, m, z);
    else if (strcmp(x->code, "OUTLIER-HISTORY") == 0)
        kh_buf_printf(&text, _("%s of %s, %s: %s lies outside its own earlier values (beyond %s)"), code, unit, period, v, m);
    else
        kh_buf_printf(&text, _("%s of %s, %s: %s is %s times the period before (%s)"), code, unit, period, v, z, m);
    kh_finding f = {.file = at->file, .line = at->line, .severity = KH_WARNING, .code = x->code, .value = v, .text = kh_buf_cstr(&text)};
    kh_findings_add(out, &f);
    kh_buf_free(&value);
    kh_buf_free(&centre);
    kh_buf_free(&score);
    kh_buf_free(&text);
}

static int one_measure(search *s, kh_findings *out, kh_error *err)
{
    trace t;
    s->n = 0;
    int rc = search_period(s, err);
    kh_c_trace_start(&t, s->k);
    for (size_t i = 0; i < s->n; i++)
        s->found[i].trace = kh_c_trace_add(&t, s->l.measure, s->l.cut, s->k->unit[s->found[i].slot], s->p);
    if (rc == KH_OK && s->n)
        rc = kh_c_trace_find(&t, err);
    for (size_t i = 0; rc == KH_OK && i < s->n; i++)
        say(s, &t, &s->found[i], out);
    kh_c_trace_free(&t);
    return rc;
}

static int read_history(kh_calc *k, const kh_outlier_options *o, const kh_expr *e, size_t n, const kh_period *ps, size_t n_periods, kh_error *err)
{
    int back = o->history > 1 ? o->history : 1, rc = KH_OK;
    kh_period *all = kh_alloc(n_periods * (size_t)(back + 1) * sizeof *all + sizeof *all);
    size_t m = 0;
    for (size_t i = 0; i < n_periods; i++)
        for (int b = 0; b <= back; b++)
            if (kh_period_step(ps[i], -b) != KH_NO_PERIOD)
                all[m++] = kh_period_step(ps[i], -b);
    rc = kh_c_need(k, e, n, all, m, err);
    kh_free(all);
    return rc;
}

int kh_calc_outliers(kh_calc *k, const kh_outlier_options *o, const uint32_t *measures, size_t n, const kh_period *periods, size_t n_periods, kh_findings *out, kh_error *err)
{
    search s = {.k = k, .o = o};
    size_t all = measures ? n : k->c->n_measures, m = 0;
    kh_expr *e = kh_alloc((all + 1) * sizeof *e);
    for (size_t i = 0; i < all; i++) {
        uint32_t at = measures ? measures[i] : (uint32_t)i;
        if (kh_type_is_number(k->c->measures[at].type))
            e[m++] = kh_c_leaf_expr(k, at, KH_NO_CUT);
    }
    int rc = read_history(k, o, e, m, periods, n_periods, err);
    kh_c_flatten(k, true);
    for (size_t i = 0; rc == KH_OK && i < n_periods; i++)
        for (size_t j = 0; rc == KH_OK && j < m; j++) {
            kh_c_leaf_of(k, e[j], &s.l);
            s.p = periods[i];
            rc = one_measure(&s, out, err);
        }
    kh_c_flatten(k, false);
    kh_free(s.found);
    kh_free(e);
    return rc;
}

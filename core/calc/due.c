/* SPDX-License-Identifier: MIT */
/*
 * Who must send what by when, and what has come: every form, each period of
 * its length within the one asked (and its own from and to), every reporter of then. A return counts as
 * received when its first version came (a later correction does not make it
 * late); the day is taken at UTC+7.
 */
#include "calc/inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct came { kh_unit sender; kh_period from, to; char received[32]; int64_t id; int version; bool current; } came;
typedef struct arrivals { kh_calc *k; came *of; size_t n, cap; } arrivals;

static bool span_periods(const char *words, kh_period *from, kh_period *to)
{
    const char *dots = strstr(words, "..");
    *from = kh_period_parse(words, dots ? (size_t)(dots - words) : strlen(words));
    *to = dots ? kh_period_parse(dots + 2, strlen(dots + 2)) : *from;
    return *from != KH_NO_PERIOD && *to != KH_NO_PERIOD;
}

static int on_submission(void *ctx, const kh_submission *sub)
{
    arrivals *a = ctx;
    came c = {.sender = sub->sender, .id = sub->id, .version = sub->version, .current = strcmp(sub->status, "current") == 0};
    if (strcmp(sub->status, "withdrawn") == 0 || !span_periods(sub->span, &c.from, &c.to))
        return 0;
    snprintf(c.received, sizeof c.received, "%s", sub->received ? sub->received : "");
    KH_PUSH(a->of, a->n, a->cap) = c;
    return 0;
}

static bool holds(const came *c, kh_period p)
{
    return kh_period_first(c->from) <= kh_period_first(p) && kh_period_last(p) <= kh_period_last(c->to);
}

/* The civil day in Viet Nam of a UTC time. */
static kh_day day_at_utc7(const char *iso)
{
    int hour = 0;
    kh_day day;
    if (strlen(iso) < 10 || !kh_day_parse(iso, 10, &day))
        return KH_DAY_MIN;
    if (strlen(iso) >= 13 && iso[10] == 'T')
        hour = (iso[11] - '0') * 10 + (iso[12] - '0');
    return hour >= 17 ? day + 1 : day;
}

static int call(kh_calc *k, const arrivals *a, uint32_t form, kh_unit sender, kh_period p, kh_due_fn *fn, void *ctx)
{
    const kh_form *f = &k->c->forms[form];
    const came *first = NULL, *now = NULL;
    for (size_t i = 0; i < a->n; i++) {
        if (a->of[i].sender != sender || !holds(&a->of[i], p))
            continue;
        if (!first || strcmp(a->of[i].received, first->received) < 0)
            first = &a->of[i];
        if (a->of[i].current)
            now = &a->of[i];
    }
    kh_due d = {.form = form, .sender = sender, .period = p, .due = kh_calendar_due(f->calendar, p, f->due)};
    if (now) {
        d.received = first->received;
        d.submission = now->id;
        d.version = now->version;
        d.late = day_at_utc7(first->received) > d.due;
    } else
        d.late = k->o.today > d.due;
    return fn(ctx, &d);
}

static const uint32_t *sort_order;

static int by_code(const void *a, const void *b)
{
    uint32_t x = sort_order[*(const uint32_t *)a], y = sort_order[*(const uint32_t *)b];
    return x < y ? -1 : x > y;
}

/* The units that must send form f in p, by code. */
static size_t reporters(kh_calc *k, const kh_form *f, kh_period p, uint32_t *out)
{
    kh_day day = kh_period_last(p);
    const tree *t = kh_c_tree_at(k, day);
    size_t n = 0;
    for (uint32_t i = 0; i < t->n; i++)
        for (size_t j = 0; j < f->n_reporters; j++)
            if (kh_selector_has(k->c->units, &f->reporters[j], k->unit[t->slot[i]], day)) {
                out[n++] = t->slot[i];
                break;
            }
    sort_order = k->order;
    qsort(out, n, sizeof *out, by_code);
    return n;
}

static int due_form(kh_calc *k, uint32_t form, kh_period p, kh_due_fn *fn, void *ctx, kh_error *err)
{
    const kh_form *f = &k->c->forms[form];
    if (f->every == KH_EVERY_NONE)
        return KH_OK;
    arrivals a = {.k = k};
    kh_submission_filter filter = {.form = f->code, .sender = KH_NO_UNIT};
    int rc = kh_store_submissions(k->s, k->c, &filter, on_submission, &a, err);
    size_t n = kh_period_within(p, f->every, NULL, 0);
    kh_period *ps = kh_alloc((n + 1) * sizeof *ps);
    uint32_t *who = kh_alloc((k->n + 1) * sizeof *who);
    kh_period_within(p, f->every, ps, n);
    for (size_t i = 0; rc == KH_OK && i < n; i++) {
        size_t m = kh_form_asked(f, ps[i]) ? reporters(k, f, ps[i], who) : 0;
        for (size_t j = 0; rc == KH_OK && j < m; j++)
            rc = call(k, &a, form, k->unit[who[j]], ps[i], fn, ctx);
        if (rc == KH_OK)
            rc = kh_c_stopped(k, err);
    }
    kh_free(who);
    kh_free(ps);
    kh_free(a.of);
    return rc;
}

int kh_calc_due(kh_calc *k, const char *form, kh_period p, kh_due_fn *fn, void *ctx, kh_error *err)
{
    uint32_t only = 0;
    int rc = form ? kh_catalog_need(k->c, KH_DEF_FORM, form, &only, err) : KH_OK;
    if (rc == KH_OK && form)
        return due_form(k, only, p, fn, ctx, err);
    for (uint32_t f = 0; rc == KH_OK && f < k->c->n_forms; f++)
        rc = due_form(k, f, p, fn, ctx, err);
    return rc;
}

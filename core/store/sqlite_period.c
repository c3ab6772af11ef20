/* SPDX-License-Identifier: MIT */
/*
 * Periods in the store: rows of `period`, numbered by first day and length, so
 * that the number sorts like the periods and does not depend on how the
 * program writes a kh_period.
 */
#include "store/sqlite_store.h"

#include <string.h>

int64_t kh_period_id(kh_period p)
{
    return (int64_t)kh_period_first(p) * 8 + (int64_t)kh_period_freq(p);
}

kh_period kh_period_of_id(int64_t id)
{
    return kh_period_of((kh_freq)(id & 7), (kh_day)(id >> 3));
}

static bool known(const kh_known_periods *k, int64_t id)
{
    for (size_t i = 0; i < k->n; i++)
        if (k->ids[i] == id)
            return true;
    return false;
}

int kh_store_period(kh_store *s, kh_period p, int64_t *id, kh_error *err)
{
    char name[KH_PERIOD_TEXT], first[KH_DAY_TEXT], last[KH_DAY_TEXT];
    kh_known_periods *k = &s->periods;
    *id = kh_period_id(p);
    if (known(k, *id))
        return KH_OK;
    kh_period_format(p, name);
    kh_day_format(kh_period_first(p), first);
    kh_day_format(kh_period_last(p), last);
    int rc = kh_stmt_run(s, err, "INSERT INTO period (id, name, every, year, first, last) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING",
                         KH_ARGS(KH_I(*id), KH_T(name), KH_T(kh_freq_name(kh_period_freq(p))), KH_I(kh_period_year(p)), KH_T(first), KH_T(last)));
    if (rc == KH_OK && k->n < sizeof k->ids / sizeof k->ids[0])
        k->ids[k->n++] = *id;
    return rc;
}

bool kh_span_parse(const char *span, kh_period *first, kh_period *last)
{
    const char *dots = strstr(span, "..");
    size_t n = dots ? (size_t)(dots - span) : strlen(span);
    *first = kh_period_parse(span, n);
    *last = dots ? kh_period_parse(dots + 2, strlen(dots + 2)) : *first;
    return *first != KH_NO_PERIOD && *last != KH_NO_PERIOD;
}

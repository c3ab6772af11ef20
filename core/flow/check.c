/* SPDX-License-Identifier: MIT */
/* check: the rules, and on demand the outliers, over what is stored. */
#include "flow/flow.h"

int kh_check(kh_workspace *ws, const kh_check_options *o, kh_findings *out, kh_error *err)
{
    kh_catalog *c = ws->catalog;
    kh_calc *k;
    kh_period *asked = NULL, *periods = NULL;
    size_t n_asked = 0, n = 0, all = 0;
    uint32_t *only = kh_alloc((o->n_rules + 1) * sizeof *only);
    int rc = KH_OK;
    for (size_t i = 0; rc == KH_OK && i < o->n_rules; i++)
        rc = kh_catalog_need(c, KH_DEF_RULE, o->rules[i], &only[i], err);
    if (rc != KH_OK || (rc = kh_session(ws, &k, err)) != KH_OK || (rc = kh_store_periods(ws->store, &periods, &all, err)) != KH_OK)
        goto done;
    if (o->period) { /* rules hold where values are: within 2018 those of its quarters and halves too */
        if ((rc = kh_periods_of(ws, o->period, NULL, &asked, &n_asked, err)) != KH_OK)
            goto done;
        for (size_t i = 0; i < all; i++) {
            bool within = false;
            for (size_t a = 0; a < n_asked; a++)
                within |= kh_period_contains(asked[a], periods[i]);
            if (within)
                periods[n++] = periods[i];
        }
    } else {
        n = all;
    }
    rc = kh_calc_rules(k, o->n_rules ? only : NULL, o->n_rules, periods, n, out, err);
    if (rc == KH_OK && o->outliers) {
        kh_outlier_options oo = {.modified_z_limit = 3.5, .jump_ratio = 3, .history = 4};
        rc = kh_calc_outliers(k, &oo, NULL, 0, periods, n, out, err);
    }
    if (rc == KH_OK)
        kh_findings_sort(out);
done:
    kh_free(asked);
    kh_free(periods);
    kh_free(only);
    return rc;
}

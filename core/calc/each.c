/* SPDX-License-Identifier: MIT */
/* `each`: a scalar script function over every cell of a column. It sees missing inputs as missing, and may give none. */
#include "calc/inside.h"

#include <math.h>

int kh_c_each_column(kh_calc *k, const kh_indicator *ind, kh_period p, figures **out, kh_error *err)
{
    const kh_each *each = ind->each;
    size_t n = each->n_inputs, got = 0;
    figures **in = kh_zalloc(n + 1, sizeof *in), *c = NULL;
    double *v = kh_zalloc(n + 1, sizeof *v);
    bool *present = kh_zalloc(n + 1, sizeof *present);
    int rc = KH_OK;
    for (; got < n && rc == KH_OK; got++) {
        rc = kh_c_column_of(k, each->inputs[got], p, &in[got], err);
        if (rc == KH_OK)
            kh_c_column_keep(in[got]);
    }
    if (rc == KH_OK)
        c = kh_c_column_new(k, COL_DBL);
    const uint8_t *alive = kh_c_span_ready(k, p)->alive;
    for (uint32_t s = 0; rc == KH_OK && s < k->n; s++) {
        bool there = false;
        double x = 0;
        c->v[s] = 0;
        c->why[s] = KH_NO_SUCH_UNIT;
        if (!alive[s])
            continue;
        for (size_t i = 0; i < n; i++) {
            present[i] = in[i]->why[s] == KH_THERE;
            v[i] = present[i] ? kh_c_column_value(in[i], s, NULL) : 0;
        }
        rc = each->call(each->ctx, each->script, v, present, n, &x, &there, err);
        c->why[s] = !there ? KH_SCRIPT_NIL : isfinite(x) ? KH_THERE : KH_NOT_DEFINED;
        if (!c->why[s])
            c->v[s] = x;
    }
    if (rc != KH_OK)
        kh_wrap(err, "indicator %s", ind->code);
    for (size_t i = 0; i < got; i++)
        kh_c_column_drop(in[i]);
    kh_free(in);
    kh_free(v);
    kh_free(present);
    if (rc == KH_OK)
        *out = c;
    else
        kh_c_column_drop(c);
    return rc;
}

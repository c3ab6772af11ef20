/* SPDX-License-Identifier: MIT */
/* The session is opened by the first question and dropped whenever something is stored. */
#include "flow/session.h"

#include "flow/workspace.h"

int kh_session(kh_workspace *ws, kh_calc **out, kh_error *err)
{
    *out = NULL;
    int rc = kh_workspace_store(ws, KH_STORE_READ, err);
    if (rc != KH_OK)
        return rc;
    if (!ws->session) {
        kh_calc_options o = {.today = ws->today, .stop = ws->stop};
        if ((rc = kh_calc_open(&ws->session, ws->catalog, ws->store, &o, err)) != KH_OK)
            return rc;
    }
    *out = ws->session;
    return KH_OK;
}

/* At most a quarter of the units are named, and no root: a subtree, as far as one can say without walking it. */
static bool is_about_few(const kh_workspace *ws, const kh_question *q)
{
    const kh_units *units = ws->catalog->units;
    if (q->n_units * 4 > kh_units_count(units))
        return false;
    for (size_t i = 0; i < q->n_units; i++) {
        const char *up = kh_units_def(units, q->units[i])->parent_code;
        if (!up || !*up)
            return false;
    }
    return !kh_calc_looks_up(ws->catalog, q);
}

int kh_session_for(kh_workspace *ws, const kh_question *q, kh_calc **out, kh_error *err)
{
    *out = NULL;
    int rc = kh_workspace_store(ws, KH_STORE_READ, err);
    if (rc != KH_OK)
        return rc;
    if (!ws->session && !ws->narrow && is_about_few(ws, q)) {
        kh_calc_options o = {.today = ws->today, .stop = ws->stop, .units = q->units, .n_units = q->n_units};
        if ((rc = kh_calc_open(&ws->narrow, ws->catalog, ws->store, &o, err)) != KH_OK)
            return rc;
        if (!kh_calc_is_narrow(ws->narrow)) {
            ws->session = ws->narrow;
            ws->narrow = NULL;
        }
    }
    if (ws->session || !ws->narrow || !kh_calc_covers(ws->narrow, q))
        return kh_session(ws, out, err);
    *out = ws->narrow;
    return KH_OK;
}

void kh_session_drop(kh_workspace *ws)
{
    kh_calc_close(ws->session);
    kh_calc_close(ws->narrow);
    ws->session = ws->narrow = NULL;
}

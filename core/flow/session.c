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

void kh_session_drop(kh_workspace *ws)
{
    kh_calc_close(ws->session);
    ws->session = NULL;
}

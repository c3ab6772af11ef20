/* SPDX-License-Identifier: MIT */
/* load: the definitions as the scripts give them, mirrored into the store in one transaction. */
#include "flow/flow.h"

#include "base/msg.h"

int kh_load(kh_workspace *ws, kh_change_fn *changed, void *ctx, kh_error *err)
{
    /* Opening for writing would mirror silently; the store is opened here by hand so that each change is told. */
    kh_session_drop(ws);
    kh_store_close(ws->store);
    ws->store = NULL;
    kh_store *s = NULL;
    int rc = kh_workspace_store_unmirrored(ws, &s, err);
    if (rc != KH_OK)
        return rc;
    if ((rc = kh_store_begin(s, err)) == KH_OK) {
        if ((rc = kh_store_mirror(s, ws->catalog, changed, ctx, err)) == KH_OK)
            rc = kh_store_commit(s, err);
        if (rc != KH_OK)
            kh_store_rollback(s);
    }
    kh_store_close(s);
    return rc != KH_OK ? rc : kh_workspace_store(ws, KH_STORE_WRITE, err);
}

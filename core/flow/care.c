/* SPDX-License-Identifier: MIT */
/* Care of the store: locks, withdrawals, aliases. Each is one audited transaction. */
#include "flow/flow.h"

#include <string.h>

typedef int step(kh_workspace *ws, const void *what, const char *reason, kh_error *err);

static int in_transaction(kh_workspace *ws, step *f, const void *what, const char *reason, kh_error *err)
{
    int rc = kh_workspace_store(ws, KH_STORE_WRITE, err);
    if (rc != KH_OK || (rc = kh_store_begin(ws->store, err)) != KH_OK)
        return rc;
    if ((rc = f(ws, what, reason, err)) == KH_OK)
        rc = kh_store_commit(ws->store, err);
    if (rc != KH_OK)
        kh_store_rollback(ws->store);
    else
        kh_session_drop(ws);
    return rc;
}

static int one_period(kh_workspace *ws, const char *text, kh_period *out, kh_error *err)
{
    (void)ws;
    if ((*out = kh_period_parse(text, strlen(text))))
        return KH_OK;
    return kh_fail(err, KH_EUSAGE, "\"%s\" is not a period; periods are written 2018, 2018H1, 2018-9M, 2018Q1, 2018-03, 2018W07 or 2018-03-15", text);
}

static int do_lock(kh_workspace *ws, const void *p, const char *reason, kh_error *err) { return kh_store_lock(ws->store, *(const kh_period *)p, reason, err); }
static int do_unlock(kh_workspace *ws, const void *p, const char *reason, kh_error *err) { return kh_store_unlock(ws->store, *(const kh_period *)p, reason, err); }
static int do_withdraw(kh_workspace *ws, const void *id, const char *reason, kh_error *err) { return kh_store_withdraw(ws->store, ws->catalog, *(const int64_t *)id, reason, err); }
static int do_alias(kh_workspace *ws, const void *text, const char *code, kh_error *err) { return kh_store_alias_set(ws->store, text, code, err); }

static bool blank(const char *s) { return !s || !s[strspn(s, " \t")]; }

int kh_lock_period(kh_workspace *ws, const char *period, const char *reason, kh_error *err)
{
    kh_period p;
    int rc = one_period(ws, period, &p, err);
    return rc != KH_OK ? rc : in_transaction(ws, do_lock, &p, reason, err);
}

int kh_unlock_period(kh_workspace *ws, const char *period, const char *reason, kh_error *err)
{
    kh_period p;
    int rc = one_period(ws, period, &p, err);
    if (rc == KH_OK && blank(reason))
        rc = kh_fail(err, KH_EUSAGE, "opening a closed period needs a reason: kehoach unlock %s --reason \"...\"", period);
    return rc != KH_OK ? rc : in_transaction(ws, do_unlock, &p, reason, err);
}

int kh_withdraw(kh_workspace *ws, int64_t submission, const char *reason, kh_error *err)
{
    if (blank(reason))
        return kh_fail(err, KH_EUSAGE, "withdrawing a submission needs a reason: kehoach withdraw %lld --reason \"...\"", (long long)submission);
    return in_transaction(ws, do_withdraw, &submission, reason, err);
}

int kh_alias(kh_workspace *ws, const char *text, const char *code, kh_day at, kh_error *err)
{
    kh_unit u;
    if (blank(text))
        return kh_fail(err, KH_EUSAGE, "the alias is empty: give the name as the senders write it");
    int rc = kh_catalog_need_unit(ws->catalog, code, at, &u, err);
    if (rc != KH_OK || (rc = in_transaction(ws, do_alias, text, kh_units_def(ws->catalog->units, u)->code, err)) != KH_OK)
        return rc;
    kh_units_alias(ws->catalog->units, text, kh_units_def(ws->catalog->units, u)->code);
    return KH_OK;
}

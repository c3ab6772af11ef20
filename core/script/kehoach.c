/* SPDX-License-Identifier: MIT */
/* The public face of libkehoach (include/kehoach.h) over the workspace and the Lua host. */
#include "kehoach.h"

#include "base/buf.h"
#include "script/script.h"

#include <stdio.h>
#include <string.h>

struct kehoach {
    kh_workspace *ws;
    kh_script *script;
    char *said; /* the last error's line, or NULL */
};

/* Keeps the error's text for kehoach_error; gives the status. */
static int end(kehoach *k, int rc, kh_error *err)
{
    kh_free(k->said);
    k->said = rc == KH_OK ? NULL : kh_error_line(err);
    kh_error_clear(err);
    return kh_exit_status(rc);
}

kehoach *kehoach_open(const char *dir, const char *store)
{
    kehoach *k = kh_zalloc(1, sizeof *k);
    kh_error err = KH_ERROR_INIT;
    char *root = NULL;
    int rc = kh_workspace_find(dir, &root, &err);
    if (rc == KH_OK) {
        k->ws = kh_workspace_new(root, store);
        if ((rc = kh_script_new(&k->script, k->ws, &err)) == KH_OK)
            rc = kh_script_load(k->script, &err);
    }
    kh_free(root);
    end(k, rc, &err);
    return k;
}

/* A handle whose workspace did not open answers every call with what went wrong then. */
static int unusable(const kehoach *k) { return !k->script ? kh_exit_status(KH_EUSAGE) : 0; }

int kehoach_load(kehoach *k)
{
    kh_error err = KH_ERROR_INIT;
    return unusable(k) ? unusable(k) : end(k, kh_load(k->ws, NULL, NULL, &err), &err);
}

int kehoach_import(kehoach *k, const char *file, const char *form, const char *period, const char *unit)
{
    kh_error err = KH_ERROR_INIT;
    kh_import_result r;
    kh_import_options o = {.form = form, .period = period, .unit = unit};
    if (unusable(k))
        return unusable(k);
    int rc = kh_import(k->ws, file, &o, NULL, NULL, &r, &err);
    if (rc == KH_EFAULTS && r.in) {
        kh_buf b = KH_BUF_INIT;
        const kh_finding *f;
        size_t n = kh_findings_all(r.in->findings, &f);
        for (size_t i = 0; i < n; i++)
            kh_buf_printf(&b, "%s%s:%u:%u: %s[%s]: %s", i ? "\n" : "", f[i].file, f[i].line, f[i].column, kh_severity_name(f[i].severity), f[i].code, f[i].text);
        kh_import_result_clear(&r);
        kh_error_clear(&err);
        kh_free(k->said);
        k->said = kh_buf_take(&b);
        return kh_exit_status(rc);
    }
    kh_import_result_clear(&r);
    return end(k, rc, &err);
}

int kehoach_run(kehoach *k, const char *script, char *const *args, size_t n)
{
    kh_error err = KH_ERROR_INIT;
    return unusable(k) ? unusable(k) : end(k, kh_script_run(k->script, script, args, n, &err), &err);
}

int kehoach_value(kehoach *k, const char *name, const char *unit, const char *period, char *out, size_t room)
{
    kh_error err = KH_ERROR_INIT;
    kh_origin *o = NULL;
    if (unusable(k))
        return unusable(k);
    int rc = kh_explain(k->ws, name, unit, period, NULL, &o, &err);
    if (rc == KH_OK)
        snprintf(out, room, "%s", o->value ? o->value : "");
    kh_origin_free(o);
    return end(k, rc, &err);
}

const char *kehoach_error(const kehoach *k) { return k->said; }

void kehoach_close(kehoach *k)
{
    if (!k)
        return;
    kh_script_free(k->script);
    kh_workspace_free(k->ws);
    kh_free(k->said);
    kh_free(k);
}

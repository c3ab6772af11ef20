/* SPDX-License-Identifier: MIT */
/* audit and doctor: what was done and by whom, and whether all is whole. */
#include "cli/cli.h"

#include "base/log.h"
#include "base/msg.h"

#include <string.h>

typedef struct list { kh_buf out; kh_json json; bool as_json; size_t errors; } list;

static int entry(void *ctx, int64_t n, const char *at, const char *by, const char *what, const char *detail, const char *hash)
{
    list *l = ctx;
    if (l->as_json) {
        kh_json_begin(&l->json, '{');
        kh_json_key(&l->json, "n"), kh_json_int(&l->json, n);
        kh_json_key(&l->json, "at"), kh_json_str(&l->json, at);
        kh_json_key(&l->json, "by"), kh_json_str(&l->json, by);
        kh_json_key(&l->json, "what"), kh_json_str(&l->json, what);
        kh_json_key(&l->json, "detail"), kh_json_str(&l->json, detail);
        kh_json_key(&l->json, "hash"), kh_json_str(&l->json, hash);
        kh_json_end(&l->json, '}');
    } else {
        kh_buf_printf(&l->out, "%6lld  %s  %s  %s  %s\n", (long long)n, at, by, what, detail ? detail : "");
    }
    return 0;
}

static int verify(kh_cli *cli, kh_error *err)
{
    int64_t n, bad;
    kh_buf b = KH_BUF_INIT;
    int rc = kh_store_audit_verify(cli->ws->store, &n, &bad, err);
    if (rc != KH_OK)
        return rc;
    if (cli->json) {
        kh_json j = KH_JSON(&b);
        kh_json_begin(&j, '{');
        kh_json_key(&j, "entries"), kh_json_int(&j, n);
        kh_json_key(&j, "broken_at");
        if (bad)
            kh_json_int(&j, bad);
        else
            kh_json_null(&j);
        kh_json_end(&j, '}');
        kh_buf_char(&b, '\n');
        if ((rc = kh_print_buf(&b, err)) != KH_OK || !bad)
            return rc;
    }
    if (bad)
        return kh_fail(err, KH_EFAULTS, "the audit is broken at entry %lld of %lld: what follows it was changed or removed", (long long)bad, (long long)n);
    kh_buf_printf(&b, _("the audit is whole: %lld entries, each hashing the one before\n"), (long long)n);
    return kh_print_buf(&b, err);
}

static int run_audit(kh_cli *cli, const kh_args *args, kh_error *err)
{
    list l = {.as_json = cli->json};
    l.json = (kh_json)KH_JSON(&l.out);
    int rc = kh_args_count(args, 0, 1, "kehoach audit [verify]", err);
    if (rc != KH_OK || (rc = kh_workspace_store(cli->ws, KH_STORE_READ, err)) != KH_OK)
        return rc;
    if (args->n_operands) {
        if (strcmp(args->operands[0], "verify") == 0)
            return verify(cli, err);
        return kh_fail(err, KH_EUSAGE, "the command is written: %s", "kehoach audit [verify]");
    }
    if (cli->json)
        kh_json_begin(&l.json, '[');
    rc = kh_store_audit_list(cli->ws->store, 0, entry, &l, err);
    if (cli->json)
        kh_json_end(&l.json, ']'), kh_buf_char(&l.out, '\n');
    return rc == KH_OK ? kh_print_buf(&l.out, err) : rc;
}

static int symptom(void *ctx, kh_severity severity, const char *what, const char *text)
{
    list *l = ctx;
    l->errors += severity == KH_ERROR;
    if (l->as_json) {
        kh_json_begin(&l->json, '{');
        kh_json_key(&l->json, "severity"), kh_json_str(&l->json, kh_severity_name(severity));
        kh_json_key(&l->json, "what"), kh_json_str(&l->json, what);
        kh_json_key(&l->json, "text"), kh_json_str(&l->json, text);
        kh_json_end(&l->json, '}');
    } else {
        kh_buf_printf(&l->out, "%-8s %-14s %s\n", severity == KH_NOTE ? "ok" : kh_severity_name(severity), what, text);
    }
    return 0;
}

static int run_doctor(kh_cli *cli, const kh_args *args, kh_error *err)
{
    list l = {.as_json = cli->json};
    l.json = (kh_json)KH_JSON(&l.out);
    int rc = kh_args_count(args, 0, 0, "kehoach doctor", err);
    if (rc != KH_OK || (rc = kh_workspace_store(cli->ws, KH_STORE_READ, err)) != KH_OK)
        return rc;
    if (cli->json)
        kh_json_begin(&l.json, '[');
    kh_script_doctor(symptom, &l);
    rc = kh_store_doctor(cli->ws->store, symptom, &l, err);
    if (cli->json)
        kh_json_end(&l.json, ']'), kh_buf_char(&l.out, '\n');
    if (rc == KH_OK)
        rc = kh_print_buf(&l.out, err);
    return rc == KH_OK && l.errors ? KH_EFAULTS : rc;
}

const kh_command kh_cmd_audit = {"audit", "kehoach audit [verify]", N_("what was done, when and by whom; verify proves it whole"),
                                 N_("  kehoach audit\n  kehoach audit verify\n"), NULL, true, run_audit};
const kh_command kh_cmd_doctor = {"doctor", "kehoach doctor", N_("is the store whole, and are the guards up?"),
                                  N_("Checks the store's pages, references, versions and audit, and which guards this system\ngives to scripts.\n\n  kehoach doctor\n"), NULL, true, run_doctor};

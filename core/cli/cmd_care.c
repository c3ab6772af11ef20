/* SPDX-License-Identifier: MIT */
/* lock, unlock, withdraw, unit alias, backup: care of the store, each with a reason in the audit. */
#include "cli/cli.h"

#include "base/log.h"
#include "base/msg.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const kh_opt reason[] = {{"--reason", "TEXT", N_("why; kept in the audit")}, {NULL, NULL, NULL}};

static int list_lock(void *ctx, kh_period p, const char *at, const char *by, const char *why)
{
    char period[KH_PERIOD_TEXT];
    kh_period_format(p, period);
    kh_buf_printf(ctx, "%-10s %s  %s  %s\n", period, at, by, why ? why : "");
    return 0;
}

static int run_lock(kh_cli *cli, const kh_args *args, kh_error *err)
{
    kh_buf b = KH_BUF_INIT;
    int rc = kh_args_count(args, 0, 1, "kehoach lock [PERIOD] [--reason TEXT]", err);
    if (rc != KH_OK)
        return rc;
    if (args->n_operands) {
        if ((rc = kh_lock_period(cli->ws, args->operands[0], kh_arg(args, "--reason"), err)) == KH_OK)
            kh_log(KH_LOG_NOTE, "%s is closed: nothing can be imported into it or withdrawn from it", args->operands[0]);
        return rc;
    }
    if ((rc = kh_workspace_store(cli->ws, KH_STORE_READ, err)) == KH_OK)
        rc = kh_store_locks(cli->ws->store, list_lock, &b, err);
    return rc == KH_OK ? kh_print_buf(&b, err) : rc;
}

static int run_unlock(kh_cli *cli, const kh_args *args, kh_error *err)
{
    int rc = kh_args_count(args, 1, 1, "kehoach unlock PERIOD --reason TEXT", err);
    if (rc == KH_OK && (rc = kh_unlock_period(cli->ws, args->operands[0], kh_arg(args, "--reason"), err)) == KH_OK)
        kh_log(KH_LOG_NOTE, "%s is open again", args->operands[0]);
    return rc;
}

static int run_withdraw(kh_cli *cli, const kh_args *args, kh_error *err)
{
    char *end;
    int rc = kh_args_count(args, 1, 1, "kehoach withdraw SUBMISSION --reason TEXT", err);
    if (rc != KH_OK)
        return rc;
    errno = 0;
    long long id = strtoll(args->operands[0], &end, 10);
    if (errno || *end || id <= 0)
        return kh_fail(err, KH_EUSAGE, "\"%s\" is not a submission's number; `kehoach submissions` lists them", args->operands[0]);
    if ((rc = kh_withdraw(cli->ws, id, kh_arg(args, "--reason"), err)) == KH_OK)
        kh_log(KH_LOG_NOTE, "submission %lld no longer counts; it stays in the history", id);
    return rc;
}

static int list_alias(void *ctx, const char *text, const char *code)
{
    kh_buf_printf(ctx, "%s\t%s\n", code, text);
    return 0;
}

static int run_unit(kh_cli *cli, const kh_args *args, kh_error *err)
{
    kh_buf b = KH_BUF_INIT;
    const char *usage = "kehoach unit alias [TEXT UNIT] | kehoach unit find TEXT";
    int rc = kh_args_count(args, 1, 3, usage, err);
    if (rc != KH_OK)
        return rc;
    if (strcmp(args->operands[0], "alias") == 0 && args->n_operands == 3)
        return kh_alias(cli->ws, args->operands[1], args->operands[2], err);
    if (strcmp(args->operands[0], "alias") == 0 && args->n_operands == 1) {
        if ((rc = kh_workspace_store(cli->ws, KH_STORE_READ, err)) == KH_OK && (rc = kh_store_aliases(cli->ws->store, list_alias, &b, err)) == KH_OK)
            rc = kh_print_buf(&b, err);
        return rc;
    }
    if (strcmp(args->operands[0], "find") == 0 && args->n_operands == 2) {
        kh_unit_match m;
        const char *text = args->operands[1];
        kh_units_match(cli->ws->catalog->units, text, strlen(text), KH_NO_UNIT, cli->ws->today, &m);
        if (!m.n)
            kh_units_suggest(cli->ws->catalog->units, text, strlen(text), KH_NO_UNIT, cli->ws->today, &m);
        for (size_t i = 0; i < m.n && i < 16; i++) {
            char title[256];
            const kh_unit_def *d = kh_units_def(cli->ws->catalog->units, m.units[i]);
            kh_units_title(cli->ws->catalog->units, m.units[i], kh_msg_lang_now(), title, sizeof title);
            kh_buf_printf(&b, "%s\t%s\t%s\n", d->code, title, d->parent_code ? d->parent_code : "");
        }
        return kh_print_buf(&b, err);
    }
    return kh_fail(err, KH_EUSAGE, "the command is written: %s", usage);
}

static int run_backup(kh_cli *cli, const kh_args *args, kh_error *err)
{
    int rc = kh_args_count(args, 1, 1, "kehoach backup FILE", err);
    if (rc == KH_OK && (rc = kh_workspace_store(cli->ws, KH_STORE_READ, err)) == KH_OK && (rc = kh_store_backup(cli->ws->store, args->operands[0], err)) == KH_OK)
        kh_log(KH_LOG_NOTE, "the store was copied to %s and the copy checked", args->operands[0]);
    return rc;
}

const kh_command kh_cmd_lock = {"lock", "kehoach lock [PERIOD] [--reason TEXT]", N_("close a period; without one, list what is closed"),
                                N_("A closed period refuses imports and withdrawals until it is opened with a reason.\n\n  kehoach lock 2018Q1 --reason \"reported to UBND\"\n"), reason, true, run_lock};
const kh_command kh_cmd_unlock = {"unlock", "kehoach unlock PERIOD --reason TEXT", N_("open a closed period again"),
                                  N_("The reason is kept in the audit.\n\n  kehoach unlock 2018Q1 --reason \"Cao Lộc corrects its return\"\n"), reason, true, run_unlock};
const kh_command kh_cmd_withdraw = {"withdraw", "kehoach withdraw SUBMISSION --reason TEXT", N_("a submission no longer counts; it stays in the history"),
                                    N_("  kehoach withdraw 42 --reason \"sent for the wrong year\"\n"), reason, true, run_withdraw};
const kh_command kh_cmd_unit = {"unit", "kehoach unit alias [TEXT UNIT] | kehoach unit find TEXT", N_("find a unit; remember how a sender writes one"),
                                N_("An alias says what a name in returns means; it is remembered in the store.\n"
                                   "\n"
                                   "  kehoach unit find \"Hoà Bình\"\n"
                                   "  kehoach unit alias \"TP.LS\" 178\n"
                                   "  kehoach unit alias                     list them\n"),
                                NULL, true, run_unit};
const kh_command kh_cmd_backup = {"backup", "kehoach backup FILE", N_("a consistent copy of the store, checked"),
                                  N_("Copies while others may write; the file appears only when it is whole and checked.\n\n  kehoach backup /mnt/backup/kehoach-2020-12-31.db\n"), NULL, true, run_backup};

/* SPDX-License-Identifier: MIT */
/* lock, unlock, withdraw, unit alias, backup: care of the store, each with a reason in the audit. */
#include "cli/cli.h"

#include "base/log.h"
#include "base/msg.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const kh_opt reason[] = {{"--reason", "TEXT", N_("why; kept in the audit")}, {NULL, NULL, NULL}};

/* A list, as lines for people or as a JSON array. */
typedef struct list { kh_buf out; kh_json json; bool as_json; size_t n; } list;

static void begin(list *l, const kh_cli *cli)
{
    *l = (list){.as_json = cli->json};
    l->json = (kh_json)KH_JSON(&l->out);
    if (l->as_json)
        kh_json_begin(&l->json, '[');
}

static int end(list *l, int rc, kh_error *err)
{
    if (l->as_json)
        kh_json_end(&l->json, ']'), kh_buf_char(&l->out, '\n');
    if (rc == KH_OK)
        return kh_print_buf(&l->out, err);
    kh_buf_free(&l->out);
    return rc;
}

/* --- lock, unlock, withdraw ------------------------------------------------------- */

static int list_lock(void *ctx, kh_period p, const char *at, const char *by, const char *why)
{
    list *l = ctx;
    char period[KH_PERIOD_TEXT];
    kh_period_format(p, period);
    l->n++;
    if (l->as_json) {
        kh_json_begin(&l->json, '{');
        kh_json_key(&l->json, "period"), kh_json_str(&l->json, period);
        kh_json_key(&l->json, "at"), kh_json_str(&l->json, at);
        kh_json_key(&l->json, "by"), kh_json_str(&l->json, by);
        kh_json_key(&l->json, "reason"), kh_json_str(&l->json, why);
        kh_json_end(&l->json, '}');
    } else {
        kh_buf_printf(&l->out, "%-10s %s  %s  %s\n", period, at, by, why ? why : "");
    }
    return 0;
}

static int run_lock(kh_cli *cli, const kh_args *args, kh_error *err)
{
    list l;
    int rc = kh_args_count(args, 0, 1, "kehoach lock [PERIOD] [--reason TEXT]", err);
    if (rc != KH_OK)
        return rc;
    if (args->n_operands) {
        if ((rc = kh_lock_period(cli->ws, args->operands[0], kh_arg(args, "--reason"), err)) != KH_OK)
            return rc;
        kh_log(KH_LOG_NOTE, "%s is closed: nothing can be imported into it or withdrawn from it", args->operands[0]);
        return kh_say_done(cli, "locked", args->operands[0], err);
    }
    if ((rc = kh_workspace_store(cli->ws, KH_STORE_READ, err)) != KH_OK)
        return rc;
    begin(&l, cli);
    rc = kh_store_locks(cli->ws->store, list_lock, &l, err);
    if (rc == KH_OK && !l.n)
        kh_log(KH_LOG_NOTE, "no period is closed");
    return end(&l, rc, err);
}

static int run_unlock(kh_cli *cli, const kh_args *args, kh_error *err)
{
    int rc = kh_args_count(args, 1, 1, "kehoach unlock PERIOD --reason TEXT", err);
    if (rc != KH_OK || (rc = kh_unlock_period(cli->ws, args->operands[0], kh_arg(args, "--reason"), err)) != KH_OK)
        return rc;
    kh_log(KH_LOG_NOTE, "%s is open again", args->operands[0]);
    return kh_say_done(cli, "unlocked", args->operands[0], err);
}

static int run_withdraw(kh_cli *cli, const kh_args *args, kh_error *err)
{
    char *rest;
    int rc = kh_args_count(args, 1, 1, "kehoach withdraw SUBMISSION --reason TEXT", err);
    if (rc != KH_OK)
        return rc;
    errno = 0;
    long long id = strtoll(args->operands[0], &rest, 10);
    if (errno || *rest || id <= 0)
        return kh_fail(err, KH_EUSAGE, "\"%s\" is not a submission's number; `kehoach submissions` lists them", args->operands[0]);
    if ((rc = kh_withdraw(cli->ws, id, kh_arg(args, "--reason"), err)) != KH_OK)
        return rc;
    kh_log(KH_LOG_NOTE, "submission %lld no longer counts; it stays in the history", id);
    return kh_say_done(cli, "withdrawn", args->operands[0], err);
}

/* --- units ---------------------------------------------------------------------------- */

static int list_alias(void *ctx, const char *text, const char *code)
{
    list *l = ctx;
    l->n++;
    if (l->as_json) {
        kh_json_begin(&l->json, '{');
        kh_json_key(&l->json, "unit"), kh_json_str(&l->json, code);
        kh_json_key(&l->json, "alias"), kh_json_str(&l->json, text);
        kh_json_end(&l->json, '}');
    } else {
        kh_buf_printf(&l->out, "%s\t%s\n", code, text);
    }
    return 0;
}

static int list_aliases(kh_cli *cli, kh_error *err)
{
    list l;
    int rc = kh_workspace_store(cli->ws, KH_STORE_READ, err);
    if (rc != KH_OK)
        return rc;
    begin(&l, cli);
    rc = kh_store_aliases(cli->ws->store, list_alias, &l, err);
    if (rc == KH_OK && !l.n)
        kh_log(KH_LOG_NOTE, "no alias is remembered");
    return end(&l, rc, err);
}

static const kh_opt at_day[] = {{"--at", "DAY", N_("the units that were there on this day; default today")}, {NULL, NULL, NULL}};

static void list_unit(list *l, const kh_catalog *c, kh_unit unit, kh_day at)
{
    char title[256], above[256] = "";
    const kh_unit_def *d = kh_units_def(c->units, unit);
    kh_unit parent = d->parent_code ? kh_units_find(c->units, d->parent_code, at) : KH_NO_UNIT;
    kh_units_title(c->units, unit, kh_msg_lang_now(), title, sizeof title);
    if (parent != KH_NO_UNIT)
        kh_units_title(c->units, parent, kh_msg_lang_now(), above, sizeof above);
    if (l->as_json) {
        kh_json_begin(&l->json, '{');
        kh_json_key(&l->json, "unit"), kh_json_str(&l->json, d->code);
        kh_json_key(&l->json, "title"), kh_json_str(&l->json, title);
        kh_json_key(&l->json, "parent"), kh_json_str(&l->json, d->parent_code);
        kh_json_end(&l->json, '}');
    } else {
        kh_buf_printf(&l->out, "%s\t%s\t%s\n", d->code, title, above);
    }
}

/* Those of that name; if there is none, those of a similar one. */
static int find_unit(kh_cli *cli, const char *text, kh_day at, kh_error *err)
{
    list l;
    kh_unit_match m;
    kh_units *units = cli->ws->catalog->units;
    kh_units_match(units, text, strlen(text), KH_NO_UNIT, at, &m);
    bool found = m.n > 0;
    if (!found)
        kh_units_suggest(units, text, strlen(text), KH_NO_UNIT, at, &m);
    if (!m.n)
        return kh_fail(err, KH_EUSAGE, "no unit is called \"%s\", nor anything like it", text);
    if (!found)
        kh_log(KH_LOG_NOTE, "no unit is called \"%s\"; similar are:", text);
    begin(&l, cli);
    for (size_t i = 0; i < m.n && i < sizeof m.units / sizeof *m.units; i++)
        list_unit(&l, cli->ws->catalog, m.units[i], at);
    return end(&l, KH_OK, err);
}

static int run_unit(kh_cli *cli, const kh_args *args, kh_error *err)
{
    const char *usage = "kehoach unit alias [TEXT UNIT] | kehoach unit find TEXT [--at DAY]";
    const char *day = kh_arg(args, "--at");
    kh_day at = cli->ws->today;
    int rc = kh_args_count(args, 1, 3, usage, err);
    if (rc != KH_OK)
        return rc;
    if (day && !kh_day_parse(day, strlen(day), &at))
        return kh_fail(err, KH_EUSAGE, "\"%s\" is not a day; days are written 2020-01-31", day);
    if (strcmp(args->operands[0], "alias") == 0 && args->n_operands == 3) {
        if ((rc = kh_alias(cli->ws, args->operands[1], args->operands[2], at, err)) != KH_OK)
            return rc;
        kh_log(KH_LOG_NOTE, "in returns \"%s\" means unit %s from now on", args->operands[1], args->operands[2]);
        return kh_say_done(cli, "alias", args->operands[1], err);
    }
    if (strcmp(args->operands[0], "alias") == 0 && args->n_operands == 1)
        return list_aliases(cli, err);
    if (strcmp(args->operands[0], "find") == 0 && args->n_operands == 2)
        return find_unit(cli, args->operands[1], at, err);
    return kh_fail(err, KH_EUSAGE, "the command is written: %s", usage);
}

/* --- backup ---------------------------------------------------------------------------- */

static int run_backup(kh_cli *cli, const kh_args *args, kh_error *err)
{
    int rc = kh_args_count(args, 1, 1, "kehoach backup FILE", err);
    if (rc != KH_OK || (rc = kh_workspace_store(cli->ws, KH_STORE_READ, err)) != KH_OK || (rc = kh_store_backup(cli->ws->store, args->operands[0], err)) != KH_OK)
        return rc;
    kh_log(KH_LOG_NOTE, "the store was copied to %s and the copy checked", args->operands[0]);
    return kh_say_done(cli, "backup", args->operands[0], err);
}

const kh_command kh_cmd_lock = {"lock", "kehoach lock [PERIOD] [--reason TEXT]", N_("close a period; without one, list what is closed"),
                                N_("A closed period refuses imports and withdrawals until it is opened with a reason.\n\n  kehoach lock 2018Q1 --reason \"reported to UBND\"\n"), reason, true, run_lock};
const kh_command kh_cmd_unlock = {"unlock", "kehoach unlock PERIOD --reason TEXT", N_("open a closed period again"),
                                  N_("The reason is kept in the audit.\n\n  kehoach unlock 2018Q1 --reason \"Cao Lộc corrects its return\"\n"), reason, true, run_unlock};
const kh_command kh_cmd_withdraw = {"withdraw", "kehoach withdraw SUBMISSION --reason TEXT", N_("a submission no longer counts; it stays in the history"),
                                    N_("  kehoach withdraw 42 --reason \"sent for the wrong year\"\n"), reason, true, run_withdraw};
const kh_command kh_cmd_unit = {"unit", "kehoach unit alias [TEXT UNIT] | kehoach unit find TEXT [--at DAY]", N_("find a unit; remember how a sender writes one"),
                                N_("An alias says what a name in returns means; it is remembered in the store.\n"
                                   "\n"
                                   "  kehoach unit find \"Hoà Bình\" --at 2020-12-31\n"
                                   "  kehoach unit alias \"TP.LS\" 178\n"
                                   "  kehoach unit alias                     list them\n"),
                                at_day, true, run_unit};
const kh_command kh_cmd_backup = {"backup", "kehoach backup FILE", N_("a consistent copy of the store, checked"),
                                  N_("Copies while others may write; the file appears only when it is whole and checked.\n\n  kehoach backup /mnt/backup/kehoach-2020-12-31.db\n"), NULL, true, run_backup};

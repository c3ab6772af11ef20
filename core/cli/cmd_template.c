/* SPDX-License-Identifier: MIT */
/* kehoach template: the blank return that the same form accepts. */
#include "cli/cli.h"

#include "base/file.h"
#include "base/log.h"
#include "base/msg.h"

#include <string.h>

static const kh_opt options[] = {
    {"--unit", "UNIT", N_("the sender, whose units are filled in")},
    {"--period", "PERIOD", N_("the period, filled into the title")},
    {"-o", "FILE", N_("NAME.csv or NAME.xlsx; without it CSV on standard output")},
    {NULL, NULL, NULL},
};

static int run(kh_cli *cli, const kh_args *args, kh_error *err)
{
    const kh_catalog *c = cli->ws->catalog;
    const char *unit = kh_arg(args, "--unit"), *period = kh_arg(args, "--period"), *to = kh_arg(args, "-o");
    uint32_t form;
    kh_unit u = KH_NO_UNIT;
    kh_period p = KH_NO_PERIOD;
    kh_buf out = KH_BUF_INIT;
    int rc = kh_args_count(args, 1, 1, "kehoach template FORM [--unit UNIT] [--period PERIOD] [-o FILE]", err);
    if (rc != KH_OK || (rc = kh_catalog_need(c, KH_DEF_FORM, args->operands[0], &form, err)) != KH_OK)
        return rc;
    if (period && !(p = kh_period_parse(period, strlen(period))))
        return kh_fail(err, KH_EUSAGE, "\"%s\" is not a period; periods are written 2018, 2018H1, 2018-9M, 2018Q1, 2018-03, 2018W07 or 2018-03-15", period);
    if (!p) /* the period that is being reported now */
        p = kh_period_step(kh_period_of(c->forms[form].every, cli->ws->today), -1);
    if (unit && (rc = kh_catalog_need_sender(c, form, unit, kh_period_last(p), &u, err)) != KH_OK)
        return rc;
    if (to && (rc = kh_workspace_spare(cli->ws, to, err)) != KH_OK)
        return rc;
    size_t n = to ? strlen(to) : 0;
    if (n > 5 && strcmp(to + n - 5, ".xlsx") == 0)
        rc = kh_template_xlsx(cli->ws->catalog, form, u, p, to, err);
    else if ((rc = kh_template_csv(cli->ws->catalog, form, u, p, &out, err)) == KH_OK)
        rc = to ? kh_write_file(to, out.data, out.len, err) : kh_print(out.data, out.len, err);
    kh_buf_free(&out);
    if (rc != KH_OK || !to)
        return rc;
    kh_log(KH_LOG_NOTE, "the blank return was written to %s", to);
    return kh_say_done(cli, "path", to, err);
}

const kh_command kh_cmd_template = {"template", "kehoach template FORM [--unit UNIT] [--period PERIOD] [-o FILE]", N_("the blank return to fill in, CSV or XLSX"),
                                    N_("Codes and names are filled in; the same form accepts it when it comes back.\n"
                                       "\n"
                                       "  kehoach template DB-01 --unit 183 --period 2020H2 -o DB-01_183_2020H2.xlsx\n"),
                                    options, true, run};

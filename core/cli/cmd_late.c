/* SPDX-License-Identifier: MIT */
/* kehoach late: who has not reported, who was late, and how complete a period is. */
#include "cli/cli.h"

#include "base/msg.h"

static const kh_opt options[] = {
    {"--period", "PERIOD", N_("returns for periods within this one; default the last year with values")},
    {"--form", "FORM", N_("only this form")},
    {"--all", NULL, N_("also those on time")},
    {"--format", "FORMAT", N_("table, csv or json")},
    {NULL, NULL, NULL},
};

static int run(kh_cli *cli, const kh_args *args, kh_error *err)
{
    kh_show how;
    kh_frame *f;
    int rc = kh_args_count(args, 0, 0, "kehoach late [--period PERIOD] [--form FORM] [--all]", err);
    if (rc != KH_OK || (rc = kh_show_parse(cli, kh_arg(args, "--format"), &how, err)) != KH_OK)
        return rc;
    if ((rc = kh_late(cli->ws, kh_arg(args, "--form"), kh_arg(args, "--period"), !kh_arg_on(args, "--all"), &f, err)) != KH_OK)
        return rc;
    if (how == KH_SHOW_TABLE && !f->n) {
        kh_frame_free(f);
        kh_buf b = KH_BUF_INIT;
        kh_buf_str(&b, _("every return that is due has come, and in time\n"));
        return kh_print_buf(&b, err);
    }
    return kh_print_frame(cli, f, how, err);
}

const kh_command kh_cmd_late = {
    "late", "kehoach late [--period PERIOD] [--form FORM] [--all]", N_("who has not reported, who was late"),
    N_("Compares what the forms ask for with what came, by each form's calendar and due day.\n"
       "\n"
       "  kehoach late --period 2020\n"
       "  kehoach late --form DB-01 --period 2019 --all\n"),
    options, true, run};

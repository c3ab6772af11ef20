/* SPDX-License-Identifier: MIT */
/*
 * kehoach compute: indicators and measures as a table, CSV or JSON. A table of
 * one unit and period lists the indicators with their targets; any other table has a row a unit and period. CSV and JSON
 * have one figure a row, with status and coverage, or with --wide a row a unit and period.
 */
#include "cli/cli.h"

#include "base/msg.h"
#include "flow/figures.h"

#include <string.h>

static const kh_opt options[] = {
    {"--period", "PERIOD", N_("2018, 2018Q1, 2016..2020 or 2018H1,2018H2; default the last year with values")},
    {"--every", "LENGTH", N_("split the period: year, half, quarter, month, week")},
    {"--level", "KIND", N_("every unit of this kind or level: province, district, commune, xa, ...; several with commas; all")},
    {"--under", "UNIT", N_("only units at or below this one")},
    {"--unit", "UNIT", N_("this unit (code or name)")},
    {"--as-of", "DATE", N_("restated to the units of this date, as YYYY-MM-DD")},
    {"--keep", NULL, N_("store the results (v_result)")},
    {"--diff", NULL, N_("what changed since the results were kept; nothing is stored")},
    {"--with", "FILE", N_("with --diff: what this corrected return would change")},
    {"--form", "FORM", N_("with --with: the return's form, where the file does not say it")},
    {"--sender", "UNIT", N_("with --with: who sends the return, where the file does not say it")},
    {"--format", "FORMAT", N_("table, csv or json")},
    {"--wide", NULL, N_("one row a unit and period, also for a single one and as CSV or JSON")},
    {NULL, NULL, NULL},
};

static int write_out(void *ctx, const void *bytes, size_t n, kh_error *err)
{
    (void)ctx;
    return kh_print(bytes, n, err);
}

static int run_diff(kh_cli *cli, const kh_args *args, const kh_compute_options *o, kh_show how, kh_error *err)
{
    kh_frame *f;
    kh_import_options io = {.form = kh_arg(args, "--form"), .unit = kh_arg(args, "--sender")};
    if (o->keep || o->as_of)
        return kh_fail(err, KH_EUSAGE, "--diff goes neither with --keep nor with --as-of: it compares figures as reported, and stores nothing");
    int rc = kh_compute_diff(cli->ws, o, kh_arg(args, "--with"), &io, how == KH_SHOW_TABLE, &f, err);
    if (rc != KH_OK)
        return rc;
    if (how == KH_SHOW_TABLE && !f->n) {
        kh_frame_free(f);
        kh_buf b = KH_BUF_INIT;
        kh_buf_printf(&b, "%s\n", _("no figure is different"));
        return kh_print_buf(&b, err);
    }
    return kh_print_frame(cli, f, how, err);
}

static int run(kh_cli *cli, const kh_args *args, kh_error *err)
{
    kh_show how;
    kh_frame *wide = NULL, *figures = NULL;
    const char *unit = kh_arg(args, "--unit");
    kh_compute_options o = {.names = (const char *const *)args->operands, .n_names = args->n_operands, .period = kh_arg(args, "--period"), .every = kh_arg(args, "--every"),
                            .level = kh_arg(args, "--level"), .under = kh_arg(args, "--under"), .units = unit ? &unit : NULL, .n_units = unit ? 1 : 0,
                            .as_of = kh_arg(args, "--as-of"), .keep = kh_arg_on(args, "--keep")};
    bool rows = kh_arg_on(args, "--wide");
    int rc = kh_show_parse(cli, kh_arg(args, "--format"), &how, err);
    if (rc == KH_OK && (kh_arg_on(args, "--diff") || kh_arg(args, "--with")))
        return run_diff(cli, args, &o, how, err);
    if (rc == KH_OK && how == KH_SHOW_CSV)
        return kh_compute_csv(cli->ws, &o, rows, write_out, NULL, err);
    if (rc != KH_OK || (rc = kh_compute(cli->ws, &o, &wide, err)) != KH_OK)
        return rc;
    if (rows || (how == KH_SHOW_TABLE && wide->n > 1))
        return kh_print_frame(cli, wide, how, err);
    figures = kh_figures(cli->ws, wide, how == KH_SHOW_TABLE);
    kh_frame_free(wide);
    return kh_print_frame(cli, figures, how, err);
}

const kh_command kh_cmd_compute = {
    "compute", "kehoach compute [NAME...] [--period PERIOD] [--level KIND] [--under UNIT] [--as-of DATE]",
    N_("indicators as a table, CSV or JSON"),
    N_("Computes indicators (all, or those named; measures too) from consolidated values.\n"
       "\n"
       "  kehoach compute --period 2020                          the whole plan, with targets\n"
       "  kehoach compute T7 T8 --period 2016..2020 --level district\n"
       "  kehoach compute T4 --period 2020 --level district --format csv\n"
       "  kehoach compute --period 2016..2020 --every month --level all --format csv --wide   the whole grid\n"
       "  kehoach compute --diff                                 what a changed script changes in kept results\n"
       "  kehoach compute --diff --with inbox/DB-01_183_2020H2.csv   what a correction would change\n"
       "  kehoach compute T7 --period 2018 --every half --unit \"Huyện Cao Lộc\"\n"),
    options, true, run};

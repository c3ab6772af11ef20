/* SPDX-License-Identifier: MIT */
/* kehoach check: rules and outliers over what is stored. The findings are the result: they go to stdout. */
#include "cli/cli.h"

#include "base/msg.h"

#include <string.h>

static const kh_opt options[] = {
    {"--period", "PERIOD", N_("only values within this period")},
    {"--outliers", NULL, N_("also values far from their neighbours or their own history")},
    {"--format", "FORMAT", N_("text, csv or json")},
    {NULL, NULL, NULL},
};

static int run(kh_cli *cli, const kh_args *args, kh_error *err)
{
    kh_findings *f = kh_findings_new();
    kh_buf out = KH_BUF_INIT;
    const char *format = kh_arg(args, "--format");
    kh_check_options o = {.period = kh_arg(args, "--period"), .rules = (const char *const *)args->operands, .n_rules = args->n_operands, .outliers = kh_arg_on(args, "--outliers")};
    int rc = KH_OK;
    if (format && strcmp(format, "text") != 0 && strcmp(format, "csv") != 0 && strcmp(format, "json") != 0)
        rc = kh_fail(err, KH_EUSAGE, "\"%s\" is not a format of this command; use text, csv or json", format);
    if (rc == KH_OK && (rc = kh_check(cli->ws, &o, f, err)) == KH_OK) {
        const kh_finding *all;
        size_t n = kh_findings_all(f, &all), errors = kh_findings_count(f, KH_ERROR), warnings = kh_findings_count(f, KH_WARNING);
        if (cli->json || (format && strcmp(format, "json") == 0)) {
            kh_json j = KH_JSON(&out);
            kh_json_begin(&j, '{');
            kh_json_key(&j, "errors"), kh_json_int(&j, (int64_t)errors);
            kh_json_key(&j, "warnings"), kh_json_int(&j, (int64_t)warnings);
            kh_json_key(&j, "findings"), kh_findings_json(f, &j);
            kh_json_end(&j, '}');
            kh_buf_char(&out, '\n');
        } else if (format && strcmp(format, "csv") == 0) {
            kh_findings_csv(f, &out);
        } else {
            for (size_t i = 0; i < n; i++)
                kh_finding_line(&all[i], cli->colour, &out);
            kh_buf_printf(&out, kh_trn("%zu error, ", "%zu errors, ", errors), errors);
            kh_buf_printf(&out, kh_trn("%zu warning\n", "%zu warnings\n", warnings), warnings);
        }
        rc = kh_print_buf(&out, err);
        if (rc == KH_OK && errors)
            rc = KH_EFAULTS;
    }
    kh_findings_free(f);
    kh_buf_free(&out);
    return rc;
}

const kh_command kh_cmd_check = {
    "check", "kehoach check [RULE...] [--period PERIOD] [--outliers]", N_("rules, outliers and jumps over stored values"),
    N_("Judges the rules (all, or those named) over what is stored. Status 1 if an error is found.\n"
       "\n"
       "  kehoach check --period 2020\n"
       "  kehoach check reserve-matched-within-registered --format csv\n"
       "  kehoach check --period 2019 --outliers\n"),
    options, true, run};

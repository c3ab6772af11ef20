/* SPDX-License-Identifier: MIT */
/* kehoach explain: a figure's whole origin, down to file and line. */
#include "cli/cli.h"

#include "base/msg.h"

static const kh_opt options[] = {
    {"--cut", "CUT", N_("broken down: gender=f, several with ';' between them")},
    {"--of", "GROUPS", N_("only units of these groups: ownership=public, several with ';' between them")},
    {"--as-of", "DATE", N_("restated to the units of this date, as YYYY-MM-DD")},
    {NULL, NULL, NULL},
};

static int run(kh_cli *cli, const kh_args *args, kh_error *err)
{
    kh_origin *o;
    kh_buf out = KH_BUF_INIT;
    kh_explain_options how = {kh_arg(args, "--cut"), kh_arg(args, "--of"), kh_arg(args, "--as-of")};
    int rc = kh_args_count(args, 3, 3, "kehoach explain NAME UNIT PERIOD", err);
    if (rc != KH_OK || (rc = kh_explain(cli->ws, args->operands[0], args->operands[1], args->operands[2], &how, &o, err)) != KH_OK)
        return rc;
    if (cli->json)
        kh_origin_json(cli->ws, o, &out);
    else
        kh_origin_text(cli->ws, o, &out);
    kh_origin_free(o);
    return kh_print_buf(&out, err);
}

const kh_command kh_cmd_explain = {
    "explain", "kehoach explain NAME UNIT PERIOD [--cut CUT] [--of GROUPS] [--as-of DATE]", N_("where a figure comes from, down to file and line"),
    N_("Prints the result, the formula with each number in it, the units consolidated into each\n"
       "number, and for each value the file, line, submission, version, time and who.\n"
       "\n"
       "  kehoach explain T7 20 2018\n"
       "  kehoach explain reserve_matched \"Huyện Cao Lộc\" 2018H1\n"
       "  kehoach explain reserve_matched 20 2019 --as-of 2020-01-01\n"
       "  kehoach --json explain T4 20 2020\n"),
    options, true, run};

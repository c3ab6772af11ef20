/* SPDX-License-Identifier: MIT */
/* explain-code and manual: what a finding's code means; the Lua names for editors, the manual page. */
#include "cli/cli.h"

#include "base/msg.h"
#include "base/text.h"

#include <string.h>

static void show_code(const kh_finding_code *c, bool whole, kh_json *j, kh_buf *b)
{
    if (j) {
        kh_json_begin(j, '{');
        kh_json_key(j, "code"), kh_json_str(j, c->code);
        kh_json_key(j, "title"), kh_json_str(j, _(c->title));
        kh_json_key(j, "text"), kh_json_str(j, _(c->text));
        kh_json_key(j, "remedy"), kh_json_str(j, _(c->remedy));
        kh_json_end(j, '}');
    } else if (whole) {
        kh_buf_printf(b, "%s: %s\n\n%s\n\n%s\n", c->code, _(c->title), _(c->text), _(c->remedy));
    } else {
        kh_buf_printf(b, "%-18s %s\n", c->code, _(c->title));
    }
}

static int unknown_code(const char *code, const kh_finding_code *codes, size_t n, kh_error *err)
{
    const char **names = kh_alloc((n + 1) * sizeof *names);
    for (size_t i = 0; i < n; i++)
        names[i] = codes[i].code;
    int near = kh_text_nearest(code, names, n);
    kh_free(names);
    if (near >= 0)
        return kh_fail(err, KH_EUSAGE, "no finding has the code %s; did you mean %s?", code, codes[near].code);
    return kh_fail(err, KH_EUSAGE, "no finding has the code %s; a rule's code is explained where the rule is defined", code);
}

static int run_code(kh_cli *cli, const kh_args *args, kh_error *err)
{
    size_t n, shown = 0;
    const kh_finding_code *codes = kh_finding_codes(&n);
    kh_buf b = KH_BUF_INIT;
    kh_json j = KH_JSON(&b);
    int rc = kh_args_count(args, 0, 1, "kehoach explain-code [CODE]", err);
    if (rc != KH_OK)
        return rc;
    const char *code = args->n_operands ? args->operands[0] : NULL;
    if (cli->json)
        kh_json_begin(&j, '[');
    for (size_t i = 0; i < n; i++)
        if (!code || strcasecmp(code, codes[i].code) == 0) {
            show_code(&codes[i], code != NULL, cli->json ? &j : NULL, &b);
            shown++;
        }
    if (cli->json)
        kh_json_end(&j, ']'), kh_buf_char(&b, '\n');
    if (shown)
        return kh_print_buf(&b, err);
    kh_buf_free(&b);
    return unknown_code(code, codes, n, err);
}

static int run_manual(kh_cli *cli, const kh_args *args, kh_error *err)
{
    kh_buf b = KH_BUF_INIT;
    (void)cli;
    int rc = kh_args_count(args, 1, 1, "kehoach manual annotations|api|man", err);
    if (rc != KH_OK)
        return rc;
    if (strcmp(args->operands[0], "annotations") == 0)
        kh_script_annotations(&b);
    else if (strcmp(args->operands[0], "api") == 0)
        kh_script_manual(&b);
    else if (strcmp(args->operands[0], "man") == 0)
        kh_man_page(&b);
    else
        return kh_fail(err, KH_EUSAGE, "the command is written: %s", "kehoach manual annotations|api|man");
    return kh_print_buf(&b, err);
}

const kh_command kh_cmd_explain_code = {"explain-code", "kehoach explain-code [CODE]", N_("what a finding's code means and what to do"),
                                        N_("  kehoach explain-code NUMBER\n  kehoach explain-code              all of them\n"), NULL, false, run_code};
const kh_command kh_cmd_manual = {"manual", "kehoach manual annotations|api|man", NULL,
                                  N_("Prints the Lua names as annotations for editors or as a manual, or the manual page of the program.\n"), NULL, false, run_manual};

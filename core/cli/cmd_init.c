/* SPDX-License-Identifier: MIT */
/* kehoach init: a new workspace, small and working, to be changed into one's own. */
#include "cli/cli.h"

#include "base/embed.h"
#include "base/file.h"
#include "base/msg.h"

#include <string.h>
#include <unistd.h>

static int put(const char *dir, const struct kh_embedded *f, kh_error *err)
{
    char *path = kh_asprintf("%s/%s", dir, f->name);
    char *folder = kh_strndup(path, (size_t)(strrchr(path, '/') - path));
    int rc = kh_make_folders(folder, err);
    if (rc == KH_OK)
        rc = kh_write_file(path, f->text, f->len, err);
    kh_free(folder);
    kh_free(path);
    return rc;
}

/* Nothing that is there is written over. */
static int check_free(const char *dir, kh_error *err)
{
    for (const struct kh_embedded *f = kh_embedded_init; f->name; f++) {
        char *path = kh_asprintf("%s/%s", dir, f->name);
        bool there = access(path, F_OK) == 0;
        int rc = there ? kh_fail(err, KH_EUSAGE, "%s is there already; init writes only into a folder without a workspace", path) : KH_OK;
        kh_free(path);
        if (rc != KH_OK)
            return rc;
    }
    return KH_OK;
}

static int run(kh_cli *cli, const kh_args *args, kh_error *err)
{
    kh_buf b = KH_BUF_INIT;
    int rc = kh_args_count(args, 1, 1, "kehoach init DIR", err);
    if (rc != KH_OK || (rc = check_free(args->operands[0], err)) != KH_OK)
        return rc;
    for (const struct kh_embedded *f = kh_embedded_init; rc == KH_OK && f->name; f++)
        rc = put(args->operands[0], f, err);
    if (rc == KH_OK) {
        char *out = kh_asprintf("%s/out", args->operands[0]);
        rc = kh_make_folders(out, err);
        kh_free(out);
    }
    if (rc != KH_OK || cli->json)
        return rc != KH_OK ? rc : kh_say_done(cli, "workspace", args->operands[0], err);
    kh_buf_printf(&b, _("%s is a workspace now. Try:\n"), args->operands[0]);
    if (strcmp(args->operands[0], ".") != 0)
        kh_buf_printf(&b, "  cd %s\n", args->operands[0]);
    kh_buf_str(&b, "  kehoach import inbox/NS-01_101_2024Q1.csv\n"
                   "  kehoach compute CLEAN --period 2024Q1 --level district\n"
                   "  kehoach explain CLEAN 101 2024Q1\n");
    kh_buf_printf(&b, "  kehoach import inbox/NS-01_102_2024Q1.csv      %s\n", _("# a file with faults: what is wrong, where, what would be right"));
    kh_buf_str(&b, "  kehoach late --period 2024Q1\n"
                   "  kehoach report quy --period 2024Q1 --format html -o out\n");
    kh_buf_printf(&b, "  kehoach test                                   %s\n", _("# the tests of the example's scripts: tests/lua"));
    kh_buf_printf(&b, "%s", _("Then change scripts/households.lua: its comments explain each part.\n"));
    return kh_print_buf(&b, err);
}

const kh_command kh_cmd_init = {"init", "kehoach init DIR", N_("a new workspace, small and working"),
                                N_("Writes kehoach.lua, definitions and a first return into DIR. Nothing that is there is written over.\n\n  kehoach init my-plan\n"), NULL, false, run};

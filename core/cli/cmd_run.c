/* SPDX-License-Identifier: MIT */
/* run and test: analyses, and the tests that analysts write for their scripts. */
#include "cli/cli.h"

#include "base/msg.h"

#include <unistd.h>

static int run(kh_cli *cli, const kh_args *args, kh_error *err)
{
    int rc = kh_args_count(args, 1, SIZE_MAX, "kehoach run FILE [ARG...]", err);
    return rc != KH_OK ? rc : kh_script_run(cli->script, args->operands[0], args->operands + 1, args->n_operands - 1, err);
}

typedef struct told { bool json; kh_buf failures; kh_json j; } told;

/* In text at once, so that what the test itself prints stands where it belongs. */
static void failure(void *ctx, const char *file, const char *test, const char *why)
{
    told *t = ctx;
    if (!t->json) {
        kh_buf b = KH_BUF_INIT;
        kh_buf_printf(&b, "FAIL %s\n  %s\n", test, why);
        kh_print_buf(&b, NULL);
        return;
    }
    kh_json_begin(&t->j, '{');
    kh_json_key(&t->j, "file"), kh_json_str(&t->j, file);
    kh_json_key(&t->j, "test"), kh_json_str(&t->j, test);
    kh_json_key(&t->j, "text"), kh_json_str(&t->j, why);
    kh_json_end(&t->j, '}');
}

static void summary(const told *t, size_t passed, size_t failed, kh_buf *out)
{
    kh_json j = KH_JSON(out);
    if (!t->json) {
        kh_buf_printf(out, "%zu passed, %zu failed\n", passed, failed);
        return;
    }
    kh_json_begin(&j, '{');
    kh_json_key(&j, "passed"), kh_json_int(&j, (int64_t)passed);
    kh_json_key(&j, "failed"), kh_json_int(&j, (int64_t)failed);
    kh_json_key(&j, "failures"), kh_json_begin(&j, '[');
    kh_buf_add(out, t->failures.data, t->failures.len);
    kh_json_end(&j, ']');
    kh_json_end(&j, '}');
    kh_buf_char(out, '\n');
}

static int run_test(kh_cli *cli, const kh_args *args, kh_error *err)
{
    size_t passed = 0, failed = 0;
    kh_buf b = KH_BUF_INIT;
    told t = {.json = cli->json, .failures = KH_BUF_INIT};
    t.j = (kh_json)KH_JSON(&t.failures);
    int rc = kh_args_count(args, 0, 1, "kehoach test [DIR]", err);
    if (rc != KH_OK)
        return rc;
    char *own = kh_asprintf("%s/tests/lua", cli->ws->root);
    const char *dir = args->n_operands ? args->operands[0] : kh_path_from_here(own);
    if (!args->n_operands && access(own, F_OK) != 0)
        rc = kh_fail(err, KH_EUSAGE, "this workspace has no tests: they are files tests/lua/*_test.lua with describe, it and expect; `kehoach init DIR` makes an example");
    else if ((rc = kh_script_test(cli->script, dir, failure, &t, &passed, &failed, err)) == KH_OK) {
        summary(&t, passed, failed, &b);
        rc = kh_print_buf(&b, err);
    }
    kh_buf_free(&t.failures);
    kh_free(own);
    return rc == KH_OK && failed ? KH_EFAULTS : rc;
}

const kh_command kh_cmd_run = {"run", "kehoach run FILE [ARG...]", N_("run an analysis in Lua"),
                               N_("Runs the script with the definitions loaded; `arg` holds the ARGs.\n\n  kehoach run examples/phan-tich-xep-hang.lua T6 2016 2020\n"), NULL, true, run};
const kh_command kh_cmd_test = {"test", "kehoach test [DIR]", N_("run the tests that analysts write for their scripts"),
                                N_("Runs every *_test.lua below DIR (default tests/lua): describe, it, expect.\n\n  kehoach test\n"), NULL, true, run_test};

/* SPDX-License-Identifier: MIT */
/* kehoach load: definitions into the store, each change told. */
#include "cli/cli.h"

#include "base/msg.h"

typedef struct loading { kh_buf out; kh_json json; bool as_json; size_t n; } loading;

static int tell(void *ctx, const char *kind, const char *code, const char *what)
{
    loading *l = ctx;
    l->n++;
    if (l->as_json) {
        kh_json_begin(&l->json, '{');
        kh_json_key(&l->json, "what"), kh_json_str(&l->json, what);
        kh_json_key(&l->json, "kind"), kh_json_str(&l->json, kind);
        kh_json_key(&l->json, "code"), kh_json_str(&l->json, code);
        kh_json_end(&l->json, '}');
    } else {
        kh_change_word(what, &l->out);
        kh_buf_printf(&l->out, "%-10s %s\n", kind, code);
    }
    return 0;
}

static int run(kh_cli *cli, const kh_args *args, kh_error *err)
{
    loading l = {.as_json = cli->json};
    l.json = (kh_json)KH_JSON(&l.out);
    int rc = kh_args_count(args, 0, 0, "kehoach load", err);
    if (rc != KH_OK)
        return rc;
    if (cli->json)
        kh_json_begin(&l.json, '{'), kh_json_key(&l.json, "changes"), kh_json_begin(&l.json, '[');
    rc = kh_load(cli->ws, tell, &l, err);
    if (rc != KH_OK) {
        kh_buf_free(&l.out);
        return rc;
    }
    const kh_catalog *c = cli->ws->catalog;
    if (cli->json) {
        kh_json_end(&l.json, ']'), kh_json_end(&l.json, '}');
        kh_buf_char(&l.out, '\n');
    } else {
        size_t units = kh_units_count(c->units);
        kh_buf_printf(&l.out, kh_trn("%zu unit, ", "%zu units, ", units), units);
        kh_buf_printf(&l.out, kh_trn("%zu measure, ", "%zu measures, ", c->n_measures), c->n_measures);
        kh_buf_printf(&l.out, kh_trn("%zu indicator, ", "%zu indicators, ", c->n_indicators), c->n_indicators);
        kh_buf_printf(&l.out, kh_trn("%zu form, ", "%zu forms, ", c->n_forms), c->n_forms);
        kh_buf_printf(&l.out, kh_trn("%zu rule, ", "%zu rules, ", c->n_rules), c->n_rules);
        kh_buf_printf(&l.out, kh_trn("%zu plan, ", "%zu plans, ", c->n_plans), c->n_plans);
        kh_buf_printf(&l.out, kh_trn("%zu report, ", "%zu reports, ", c->n_reports), c->n_reports);
        kh_buf_printf(&l.out, kh_trn("%zu job; ", "%zu jobs; ", c->n_jobs), c->n_jobs);
        kh_buf_printf(&l.out, l.n ? _("%zu changed since the last load\n") : _("nothing changed since the last load\n"), l.n);
    }
    return kh_print_buf(&l.out, err);
}

const kh_command kh_cmd_load = {
    "load", "kehoach load", N_("read the definitions, mirror them into the store, say what changed"),
    N_("Runs kehoach.lua and every script of definitions, and mirrors them into the store with a\n"
       "revision. Commands that write do the same on their own; load tells each change.\n"
       "\n"
       "  kehoach load\n"),
    NULL, true, run};

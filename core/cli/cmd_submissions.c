/* SPDX-License-Identifier: MIT */
/* kehoach submissions: what came in, with versions. */
#include "cli/cli.h"

#include "base/msg.h"

#include <string.h>

static const kh_opt options[] = {
    {"--form", "FORM", N_("only this form")},
    {"--unit", "UNIT", N_("only this sender")},
    {"--period", "PERIOD", N_("only periods within this one")},
    {"--all", NULL, N_("also superseded and withdrawn ones")},
    {"--format", "FORMAT", N_("table, csv or json")},
    {NULL, NULL, NULL},
};

enum { C_ID, C_FORM, C_SENDER, C_PERIOD, C_VERSION, C_STATUS, C_VALUES, C_RECEIVED, C_BY, C_FILE };

static void text(kh_frame *f, size_t row, size_t col, const char *s)
{
    kh_cell *c = kh_frame_cell(f, row, col);
    if (!s)
        return;
    c->type = KH_C_TEXT;
    c->text = kh_arena_strdup(f->arena, s);
}

static void whole(kh_frame *f, size_t row, size_t col, kh_cell_type type, int64_t v)
{
    kh_cell *c = kh_frame_cell(f, row, col);
    c->type = type;
    c->i = v;
}

/* In a table for people; for programs the store's own word. */
static const char *status_for_people(const char *s)
{
    return strcmp(s, "current") == 0 ? _("counts") : strcmp(s, "superseded") == 0 ? _("replaced") : strcmp(s, "withdrawn") == 0 ? _("withdrawn") : s;
}

typedef struct list { kh_frame *f; bool people; } list;

static int add(void *ctx, const kh_submission *s)
{
    list *l = ctx;
    kh_frame *f = l->f;
    size_t row = kh_frame_add_row(f);
    whole(f, row, C_ID, KH_C_INT, s->id);
    text(f, row, C_FORM, s->form);
    if (s->sender != KH_NO_UNIT)
        whole(f, row, C_SENDER, KH_C_UNIT, s->sender);
    text(f, row, C_PERIOD, s->span);
    whole(f, row, C_VERSION, KH_C_INT, s->version);
    text(f, row, C_STATUS, l->people ? status_for_people(s->status) : s->status);
    whole(f, row, C_VALUES, KH_C_INT, s->n_values);
    text(f, row, C_RECEIVED, s->received);
    text(f, row, C_BY, s->by);
    text(f, row, C_FILE, s->file);
    return 0;
}

static int run(kh_cli *cli, const kh_args *args, kh_error *err)
{
    kh_show how;
    const char *form = kh_arg(args, "--form"), *unit = kh_arg(args, "--unit"), *period = kh_arg(args, "--period");
    kh_submission_filter flt = {.form = form, .sender = KH_NO_UNIT, .status = kh_arg_on(args, "--all") ? NULL : "current"};
    uint32_t known;
    int rc = kh_args_count(args, 0, 0, "kehoach submissions [--form FORM] [--unit UNIT] [--period PERIOD] [--all]", err);
    if (rc != KH_OK || (rc = kh_show_parse(cli, kh_arg(args, "--format"), &how, err)) != KH_OK ||
        (form && (rc = kh_catalog_need(cli->ws->catalog, KH_DEF_FORM, form, &known, err)) != KH_OK))
        return rc;
    if (period && !(flt.within = kh_period_parse(period, strlen(period))))
        return kh_fail(err, KH_EUSAGE, "\"%s\" is not a period; periods are written 2018, 2018H1, 2018-9M, 2018Q1, 2018-03, 2018W07 or 2018-03-15", period);
    if (unit && (rc = kh_catalog_need_sender(cli->ws->catalog, form ? known : UINT32_MAX, unit, flt.within ? kh_period_last(flt.within) : cli->ws->today, &flt.sender, err)) != KH_OK)
        return rc;
    if ((rc = kh_workspace_store(cli->ws, KH_STORE_READ, err)) != KH_OK)
        return rc;
    kh_frame *f = kh_frame_new(cli->ws->catalog);
    static const char *const names[] = {"submission", "form", "sender", "period", "version", "status", "values", "received", "by", "file"};
    const char *titles[] = {_("Submission"), _("Form"), _("Sender"), _("Period"), _("Version"), _("Status"), _("Values"), _("Received"), _("By"), _("File")};
    for (size_t i = 0; i < 10; i++)
        kh_frame_add_column(f, names[i], titles[i], NULL, -1);
    f->columns[C_ID].as_is = true;
    list l = {f, how == KH_SHOW_TABLE};
    rc = kh_store_submissions(cli->ws->store, cli->ws->catalog, &flt, add, &l, err);
    if (rc != KH_OK) {
        kh_frame_free(f);
        return rc;
    }
    return kh_print_frame(cli, f, how, err);
}

const kh_command kh_cmd_submissions = {
    "submissions", "kehoach submissions [--form FORM] [--unit UNIT] [--period PERIOD] [--all]", N_("what came in, with versions"),
    N_("Lists the submissions that count; with --all also those that a correction replaced.\n"
       "\n"
       "  kehoach submissions --period 2019 --unit \"Cao Lộc\"\n"
       "  kehoach submissions --form DB-01 --all\n"),
    options, true, run};

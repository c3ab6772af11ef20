/* SPDX-License-Identifier: MIT */
/* kehoach sql: one read-only statement over the store's tables and views. */
#include "cli/cli.h"

#include "base/msg.h"
#include "base/text.h"

#include <stdio.h>
#include <string.h>

static const kh_opt options[] = {
    {"--format", "FORMAT", N_("table, csv or json")},
    {NULL, NULL, NULL},
};

static void set_cell(kh_frame *f, size_t row, size_t col, const kh_sql_value *v)
{
    kh_cell *c = kh_frame_cell(f, row, col);
    switch (v->type) {
    case KH_SQL_NULL:
        break;
    case KH_SQL_INT:
        c->type = KH_C_INT;
        c->i = v->i;
        break;
    case KH_SQL_REAL:
        c->type = KH_C_NUM;
        c->num = v->r;
        break;
    case KH_SQL_TEXT:
        c->type = KH_C_TEXT;
        c->text = kh_arena_strndup(f->arena, v->text, v->len);
        break;
    case KH_SQL_BLOB: {
        char *s = kh_arena_alloc(f->arena, 64);
        snprintf(s, 64, _("(%zu bytes)"), v->len);
        c->type = KH_C_TEXT;
        c->text = s;
        break;
    }
    }
}

static int run(kh_cli *cli, const kh_args *args, kh_error *err)
{
    kh_show how;
    kh_rows *rows = NULL;
    kh_frame *f = NULL;
    int rc = kh_args_count(args, 1, SIZE_MAX, "kehoach sql TEXT [VALUE...]", err);
    if (rc != KH_OK || (rc = kh_show_parse(cli, kh_arg(args, "--format"), &how, err)) != KH_OK)
        return rc;
    size_t n = args->n_operands - 1;
    kh_sql_value *params = kh_zalloc(n + 1, sizeof *params);
    for (size_t i = 0; i < n; i++)
        params[i] = (kh_sql_value){.type = KH_SQL_TEXT, .text = args->operands[i + 1], .len = strlen(args->operands[i + 1])};
    if ((rc = kh_workspace_store(cli->ws, KH_STORE_READ, err)) != KH_OK || (rc = kh_store_query(cli->ws->store, args->operands[0], params, n, NULL, &rows, err)) != KH_OK)
        goto done;
    f = kh_frame_new(cli->ws->catalog);
    for (size_t i = 0; i < kh_rows_columns(rows); i++) {
        kh_frame_add_column(f, kh_rows_name(rows, i), kh_rows_name(rows, i), NULL, -1);
        f->columns[i].as_is = true; /* 2018 may be a year */
    }
    for (bool row = true; rc == KH_OK;) {
        if ((rc = kh_rows_next(rows, &row, err)) != KH_OK || !row)
            break;
        size_t at = kh_frame_add_row(f);
        for (size_t i = 0; i < f->n_columns; i++) {
            kh_sql_value v;
            kh_rows_value(rows, i, &v);
            set_cell(f, at, i, &v);
        }
    }
    if (rc == KH_OK) {
        rc = kh_print_frame(cli, f, how, err);
        f = NULL;
    }
done:
    kh_frame_free(f);
    kh_rows_close(rows);
    kh_free(params);
    return rc;
}

const kh_command kh_cmd_sql = {
    "sql", "kehoach sql TEXT [VALUE...]", N_("one read-only SQL statement over the store"),
    N_("Reads tables and views (docs/store.md); nothing can be changed. `?` takes the VALUEs.\n"
       "\n"
       "  kehoach sql \"SELECT * FROM v_completeness WHERE period LIKE '2020%'\"\n"
       "  kehoach sql \"SELECT unit, value, file, line FROM v_value WHERE measure = ? AND period = ?\" reserve_matched 2018H1\n"),
    options, true, run};

/* SPDX-License-Identifier: MIT */
/* What the commands share: the call's settings, the command table, and how results are shown. */
#ifndef KH_CLI_CLI_H
#define KH_CLI_CLI_H

#include "base/json.h"
#include "cli/args.h"
#include "flow/flow.h"
#include "script/script.h"

typedef struct kh_cli {
    const char *dir, *store, *lang; /* -C, --store, --lang: NULL if not given */
    bool json;
    bool answered;                  /* with --json: the result is out and tells the failure; no second document */
    bool colour;                    /* stdout is a terminal and NO_COLOR is not set */
    kh_workspace *ws;               /* NULL for commands that need none */
    kh_script *script;
} kh_cli;

typedef int kh_command_fn(kh_cli *cli, const kh_args *args, kh_error *err);

typedef struct kh_command {
    const char *name, *usage;       /* "import", "kehoach import [options] FILE..." */
    const char *summary;            /* msgid: one line for the list */
    const char *help;               /* msgid: what it does, then examples */
    const kh_opt *options;
    bool workspace;                 /* scripts are loaded first */
    kh_command_fn *run;
} kh_command;

extern const kh_command kh_cmd_init, kh_cmd_load, kh_cmd_import, kh_cmd_template, kh_cmd_compute, kh_cmd_check, kh_cmd_late, kh_cmd_explain,
    kh_cmd_report, kh_cmd_job, kh_cmd_run, kh_cmd_shell, kh_cmd_sql, kh_cmd_test, kh_cmd_lock, kh_cmd_unlock, kh_cmd_submissions,
    kh_cmd_withdraw, kh_cmd_unit, kh_cmd_audit, kh_cmd_backup, kh_cmd_doctor, kh_cmd_explain_code, kh_cmd_manual;

extern const kh_command *const kh_commands[]; /* main.c: all of them, in the order of `kehoach --help` */
extern const size_t kh_n_commands;
void kh_man_page(kh_buf *out);    /* man.c: roff */
void kh_shell_make_history(void); /* cmd_shell.c: before the worker is confined to its files */

/* --- out.c ------------------------------------------------------------------ */
int kh_print(const void *bytes, size_t n, kh_error *err);   /* all of it to stdout; a closed pipe ends the process quietly */
int kh_print_buf(kh_buf *b, kh_error *err);                 /* prints and frees */
/* What a command that only does something says with --json: {"key": "value"}. Without, nothing: a note on stderr has said it. */
int kh_say_done(const kh_cli *cli, const char *key, const char *value, kh_error *err);
typedef enum kh_show { KH_SHOW_TABLE, KH_SHOW_CSV, KH_SHOW_JSON } kh_show;
void kh_change_word(const char *what, kh_buf *out);         /* "new", "changed" or "withdrawn" for people, as the first column of a list */
const char *kh_path_from_here(const char *path);           /* without the current folder, where it lies below it */
int kh_show_parse(const kh_cli *cli, const char *format, kh_show *out, kh_error *err); /* --format, or --json of the call */
int kh_print_frame(const kh_cli *cli, kh_frame *f, kh_show how, kh_error *err);         /* frees f */
/* One finding a line: file:line:column: error[CODE]: heading "...", value "...": text; expected */
void kh_finding_line(const kh_finding *f, bool colour, kh_buf *out);
void kh_findings_json(const kh_findings *f, kh_json *j);
void kh_findings_csv(const kh_findings *f, kh_buf *out);

#endif

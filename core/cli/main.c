/* SPDX-License-Identifier: MIT */
/*
 * kehoach: global options, the command, and the worker that does it. The
 * process that the user started is only the supervisor (script/supervisor.c);
 * the workspace, its scripts and its store live in the worker.
 */
#include "cli/cli.h"

#include "base/log.h"
#include "base/msg.h"
#include "base/text.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const kh_command *const kh_commands[] = {
    &kh_cmd_init, &kh_cmd_load, &kh_cmd_import, &kh_cmd_template, &kh_cmd_compute, &kh_cmd_check, &kh_cmd_late, &kh_cmd_explain,
    &kh_cmd_report, &kh_cmd_job, &kh_cmd_run, &kh_cmd_shell, &kh_cmd_sql, &kh_cmd_test, &kh_cmd_submissions, &kh_cmd_withdraw, &kh_cmd_unit,
    &kh_cmd_lock, &kh_cmd_unlock, &kh_cmd_audit, &kh_cmd_backup, &kh_cmd_doctor, &kh_cmd_explain_code, &kh_cmd_manual,
};
#define N_COMMANDS (sizeof kh_commands / sizeof *kh_commands)
const size_t kh_n_commands = N_COMMANDS;

typedef struct call { kh_cli cli; const kh_command *command; int argc; char **argv; } call;

/* What follows its first operand is not kehoach's but the script's. */
static bool has_arguments(const kh_command *c) { return c == &kh_cmd_run; }

/* --- language ----------------------------------------------------------------- */

/* Chosen by --lang, else KEHOACH_LANG, else the workspace, else the locale; Vietnamese if none says. */
static bool lang_parse(const char *s, kh_lang *out)
{
    if (!s || !*s)
        return false;
    if (strncmp(s, "vi", 2) == 0)
        *out = KH_LANG_VI;
    else if (strncmp(s, "en", 2) == 0)
        *out = KH_LANG_EN;
    else
        return false;
    return true;
}

static void set_lang(const char *said, const char *workspace)
{
    kh_lang lang = KH_LANG_VI;
    if (!lang_parse(said, &lang) && !lang_parse(getenv("KEHOACH_LANG"), &lang) && !lang_parse(workspace, &lang) && !lang_parse(getenv("LC_ALL"), &lang) &&
        !lang_parse(getenv("LC_MESSAGES"), &lang))
        lang_parse(getenv("LANG"), &lang);
    kh_msg_lang(lang);
}

/* --- help --------------------------------------------------------------------- */

static int printed(kh_buf *b)
{
    kh_error err = KH_ERROR_INIT;
    int rc = kh_print_buf(b, &err);
    if (rc != KH_OK)
        fprintf(stderr, "kehoach: %s\n", err.text);
    kh_error_clear(&err);
    return kh_exit_status(rc);
}

static void list_options(const kh_opt *options, kh_buf *b)
{
    size_t wide = 0;
    for (const kh_opt *o = options; o && o->name; o++) {
        size_t w = strlen(o->name) + (o->value ? strlen(o->value) + 1 : 0);
        wide = w > wide ? w : wide;
    }
    if (wide)
        kh_buf_char(b, '\n');
    for (const kh_opt *o = options; o && o->name; o++) {
        size_t w = strlen(o->name) + (o->value ? strlen(o->value) + 1 : 0);
        kh_buf_printf(b, "  %s%s%s%*s  %s\n", o->name, o->value ? " " : "", o->value ? o->value : "", (int)(wide - w), "", _(o->help));
    }
}

static int print_help(void)
{
    kh_buf b = KH_BUF_INIT;
    kh_buf_str(&b, _("kehoach follows a plan: imports returns, computes indicators against targets, writes reports.\n"));
    kh_buf_str(&b, "\n  kehoach [-C DIR] [--store FILE] [--lang vi|en] [--json] [-q|-v] COMMAND ...\n\n");
    for (size_t i = 0; i < N_COMMANDS; i++)
        if (kh_commands[i]->summary)
            kh_buf_printf(&b, "  %-13s %s\n", kh_commands[i]->name, _(kh_commands[i]->summary));
    list_options(kh_global_options, &b);
    kh_buf_str(&b, _("\n`kehoach COMMAND --help` shows the options of a command, with examples.\n"
                     "Exit status: 0 done; 1 the data has faults; 2 wrong usage or definitions; 3 a script failed;\n"
                     "4 the store or the system failed; 75 busy, try again; 130 interrupted.\n"));
    return printed(&b);
}

static int print_command_help(const kh_command *c)
{
    kh_buf b = KH_BUF_INIT;
    kh_buf_printf(&b, "%s\n\n%s", c->usage, _(c->help));
    list_options(c->options, &b);
    return printed(&b);
}

static int print_version(void)
{
    kh_buf b = KH_BUF_INIT;
    kh_buf_str(&b, "kehoach " KH_VERSION "\n");
    return printed(&b);
}

/* --- errors ------------------------------------------------------------------- */

static void tell_error(const kh_cli *cli, const kh_error *e)
{
    if (e->trace && e->trace[0])
        kh_log(KH_LOG_DETAIL, "%s", e->trace);
    char *line = kh_error_line(e);
    char *shown = kh_text_visible(line, strlen(line), false);
    kh_progress_end();
    fprintf(stderr, "kehoach: %s\n", shown);
    kh_free(shown);
    kh_free(line);
    if (!cli->json || cli->answered || e->code == KH_EFAULTS)
        return; /* with faults the command has already printed its result */
    static const char *const names[] = {"", "faults", "usage", "script", "store", "busy", "interrupted"};
    kh_buf b = KH_BUF_INIT;
    kh_json j = KH_JSON(&b);
    kh_json_begin(&j, '{');
    kh_json_key(&j, "error");
    kh_json_begin(&j, '{');
    kh_json_key(&j, "kind"), kh_json_str(&j, names[-e->code]);
    kh_json_key(&j, "exit"), kh_json_int(&j, kh_exit_status(e->code));
    kh_json_key(&j, "file"), kh_json_str(&j, e->file);
    kh_json_key(&j, "line"), kh_json_int(&j, e->line);
    kh_json_key(&j, "text"), kh_json_str(&j, e->text);
    kh_json_end(&j, '}');
    kh_json_end(&j, '}');
    kh_buf_char(&b, '\n');
    kh_print_buf(&b, NULL);
}

/* --- the worker --------------------------------------------------------------- */

/* -C is what it is for make and git: as if the command had been given there. */
static int go_there(const kh_cli *cli, kh_error *err)
{
    if (cli->dir && chdir(cli->dir) != 0)
        return kh_fail(err, KH_EUSAGE, "cannot go to the folder %s: %s", cli->dir, kh_errno_text(errno));
    return KH_OK;
}

static int open_workspace(kh_cli *cli, kh_error *err)
{
    char *root = NULL;
    int rc = kh_workspace_find(NULL, &root, err);
    if (rc != KH_OK)
        return rc;
    cli->ws = kh_workspace_new(root, cli->store);
    cli->ws->stop = &kh_worker_stop;
    cli->ws->lang_said = cli->lang != NULL;
    kh_free(root);
    if ((rc = kh_script_new(&cli->script, cli->ws, err)) != KH_OK || (rc = kh_script_load(cli->script, err)) != KH_OK)
        return rc;
    set_lang(cli->lang, cli->ws->settings.lang);
    return KH_OK;
}

static int work(void *ctx)
{
    call *c = ctx;
    kh_args args;
    kh_error err = KH_ERROR_INIT;
    signal(SIGPIPE, SIG_IGN);
    int rc = kh_args_parse(c->command->options, has_arguments(c->command), c->argc, c->argv, &args, &err);
    if (rc == KH_OK)
        rc = go_there(&c->cli, &err);
    if (rc == KH_OK && c->command == &kh_cmd_shell)
        kh_shell_make_history();
    if (rc == KH_OK && c->command->workspace)
        rc = open_workspace(&c->cli, &err);
    if (rc == KH_OK)
        rc = c->command->run(&c->cli, &args, &err);
    kh_progress_end();
    if (rc != KH_OK && err.text)
        tell_error(&c->cli, &err);
    kh_args_free(&args);
    kh_script_free(c->cli.script);
    kh_workspace_free(c->cli.ws);
    kh_error_clear(&err);
    return kh_exit_status(rc);
}

/* --- global options ------------------------------------------------------------ */

static int usage_fault(const kh_cli *cli, kh_error *err)
{
    tell_error(cli, err);
    kh_error_clear(err);
    return kh_exit_status(KH_EUSAGE);
}

static const kh_command *find_command(const char *name, kh_error *err)
{
    const char *names[N_COMMANDS];
    for (size_t i = 0; i < N_COMMANDS; i++) {
        names[i] = kh_commands[i]->name;
        if (strcmp(name, names[i]) == 0)
            return kh_commands[i];
    }
    int near = kh_text_nearest(name, names, N_COMMANDS);
    if (near >= 0)
        kh_fail(err, KH_EUSAGE, "unknown command %s; did you mean %s?", name, names[near]);
    else
        kh_fail(err, KH_EUSAGE, "unknown command %s; `kehoach --help` lists the commands", name);
    return NULL;
}

static int set_global(kh_cli *cli, const char *name, const char *value, kh_error *err)
{
    kh_lang ok;
    if (strcmp(name, "-C") == 0) {
        cli->dir = value;
    } else if (strcmp(name, "--store") == 0) {
        cli->store = value;
    } else if (strcmp(name, "--json") == 0) {
        cli->json = true;
    } else if (strcmp(name, "-q") == 0) {
        kh_log_limit(KH_LOG_WARNING);
    } else if (strcmp(name, "-v") == 0) {
        kh_log_limit(KH_LOG_DETAIL);
    } else if (strcmp(name, "--lang") == 0) {
        if (!lang_parse(value, &ok))
            return kh_fail(err, KH_EUSAGE, "\"%s\" is not a language here; use vi or en", value);
        cli->lang = value;
        set_lang(value, NULL); /* at once: what is wrong behind it is told in it */
    }
    return KH_OK;
}

/* What a line asks for besides its command. */
typedef struct wish { bool help, version; } wish;

/* The global option at argv[*i], moving *i to its last word; 0: it is none, -1 with err. */
static int take_global(kh_cli *cli, int argc, char **argv, int *i, wish *w, kh_error *err)
{
    const char *name = strcmp(argv[*i], "-h") == 0 ? "--help" : argv[*i], *value;
    const kh_opt *o = kh_opt_find(kh_global_options, name);
    if (!o)
        return 0;
    if (kh_opt_value(o, argc, argv, i, &value, err) != KH_OK || set_global(cli, o->name, value, err) != KH_OK)
        return -1;
    w->help |= strcmp(o->name, "--help") == 0;
    w->version |= strcmp(o->name, "--version") == 0;
    return 1;
}

/* Options before the command's name. Returns the index of the command, -1 with err, or argc: there is none. */
static int before_command(kh_cli *cli, int argc, char **argv, wish *w, kh_error *err)
{
    int i = 1, taken = 1;
    for (; i < argc && argv[i][0] == '-' && taken == 1; i++)
        if ((taken = take_global(cli, argc, argv, &i, w, err)) == 0)
            kh_opt_unknown(NULL, argv[i], err);
    return taken == 1 ? i : -1;
}

/* Takes the global options out of the words behind the command's name, up to where its own options end. */
static int behind_command(call *c, wish *w, kh_error *err)
{
    int kept = 0, i = 0;
    const char *value;
    for (; i < c->argc && strcmp(c->argv[i], "--") != 0; i++) {
        bool option = c->argv[i][0] == '-' && c->argv[i][1];
        const kh_opt *own = option ? kh_opt_find(c->command->options, c->argv[i]) : NULL;
        int first = i, taken = own || !option ? 0 : take_global(&c->cli, c->argc, c->argv, &i, w, err);
        if (taken < 0)
            return KH_EUSAGE;
        if (own && own->value && kh_opt_value(own, c->argc, c->argv, &i, &value, NULL) != KH_OK)
            i = c->argc - 1; /* without its value: told when the command's own are read */
        for (; taken == 0 && first <= i; first++)
            c->argv[kept++] = c->argv[first];
        if (!option && has_arguments(c->command)) {
            i++;
            break;
        }
    }
    for (; i < c->argc; i++)
        c->argv[kept++] = c->argv[i];
    c->argc = kept;
    return KH_OK;
}

int main(int argc, char **argv)
{
    call c = {0};
    wish w = {0};
    kh_error err = KH_ERROR_INIT;
    set_lang(NULL, NULL);
    const char *no_color = getenv("NO_COLOR");
    c.cli.colour = isatty(STDOUT_FILENO) && !(no_color && *no_color);
    int i = before_command(&c.cli, argc, argv, &w, &err);
    if (i < 0)
        return usage_fault(&c.cli, &err);
    if (i < argc && strcmp(argv[i], "help") == 0) {
        w.help = true;
        i++;
    }
    if (i >= argc) {
        if (w.version)
            return print_version();
        int status = print_help();
        return w.help ? status : kh_exit_status(KH_EUSAGE);
    }
    if (!(c.command = find_command(argv[i], &err)))
        return usage_fault(&c.cli, &err);
    c.argc = argc - i - 1;
    c.argv = argv + i + 1;
    if (behind_command(&c, &w, &err) != KH_OK)
        return usage_fault(&c.cli, &err);
    if (w.version)
        return print_version();
    if (w.help)
        return print_command_help(c.command);
    return kh_supervise(work, &c);
}

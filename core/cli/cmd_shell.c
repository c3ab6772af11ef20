/* SPDX-License-Identifier: MIT */
/*
 * kehoach shell: Lua typed line by line, with history and completion where a
 * terminal is. Line editing is libedit's (BSD licence; readline is GPL-3).
 */
#include "cli/cli.h"

#include "base/log.h"
#include "base/msg.h"

#include <editline/readline.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static kh_script *completing; /* libedit's callbacks carry no context */

static char *next_name(const char *prefix, int state)
{
    static char **names;
    static size_t n, at;
    if (state == 0) {
        for (; at < n; at++)
            kh_free(names[at]);
        kh_free(names);
        names = NULL;
        n = kh_script_complete(completing, prefix, &names);
        at = 0;
    }
    if (at >= n)
        return NULL;
    char *word = strdup(names[at]); /* libedit frees it with free() */
    kh_free(names[at++]);
    return word;
}

static char **complete(const char *text, int start, int end)
{
    (void)start, (void)end;
    rl_attempted_completion_over = 1; /* no names of files */
    rl_completion_append_character = '\0'; /* "(" or "." comes next, no blank */
    return rl_completion_matches(text, next_name);
}

static char *history_path(void)
{
    const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
    if (state && *state)
        return kh_asprintf("%s/kehoach_history", state);
    return home && *home ? kh_asprintf("%s/.kehoach_history", home) : NULL;
}

/* One line without its newline; malloc'ed; NULL: the end. */
static char *read_line(const char *prompt, bool terminal)
{
    if (terminal)
        return readline(prompt);
    char *line = NULL;
    size_t cap = 0;
    ssize_t n = getline(&line, &cap, stdin);
    if (n < 0) {
        free(line);
        return NULL;
    }
    if (n && line[n - 1] == '\n')
        line[n - 1] = '\0';
    return line;
}

/*
 * Ctrl-C ends what is typed or runs, not the shell; a second one while a script still holds on ends it all. Not closed:
 * one that comes between the prompt and the reading behind it can be lost or end the shell.
 */
static volatile sig_atomic_t interrupted, running;

static void on_interrupt(int sig)
{
    (void)sig;
    if (running && interrupted)
        _exit(130);
    interrupted = 1;
    if (running) {
        kh_worker_stop = 1;
        kh_script_interrupt();
    }
}

static bool was_interrupted(void)
{
    bool yes = interrupted;
    if (yes)
        kh_worker_stop = 0;
    interrupted = 0;
    return yes;
}

static void show_fault(const kh_error *e)
{
    char *line = kh_error_line(e);
    kh_log_line(KH_LOG_ERROR, line);
    if (e->trace)
        kh_log_line(KH_LOG_DETAIL, e->trace);
    kh_free(line);
}

/* "help", "help kh.value": what the manual says. */
static bool show_help(const char *line)
{
    if (strncmp(line, "help", 4) != 0 || (line[4] && line[4] != ' '))
        return false;
    kh_buf out = KH_BUF_INIT;
    const char *name = line + 4 + strspn(line + 4, " ");
    kh_script_help(name, &out);
    if (!*name)
        kh_buf_str(&out, _("`help kh.value` says more of one name\n"));
    if (!out.len)
        kh_buf_printf(&out, _("nothing is called \"%s\"; `help` lists what there is\n"), name);
    fputs(kh_buf_cstr(&out), stdout);
    kh_buf_free(&out);
    return true;
}

/* Lines are gathered until they make a whole chunk. */
static int loop(kh_cli *cli, bool terminal, kh_error *err)
{
    kh_buf chunk = KH_BUF_INIT;
    int last = KH_OK;
    for (;;) {
        char *line = read_line(chunk.len ? "   ... " : "kehoach> ", terminal);
        bool more = false;
        if (was_interrupted()) {
            free(line);
            putchar('\n');
            kh_buf_clear(&chunk);
            continue;
        }
        if (!line)
            break;
        kh_error e = KH_ERROR_INIT;
        if (terminal && *line)
            add_history(line);
        if (!chunk.len && (strcmp(line, "exit") == 0 || strcmp(line, "quit") == 0)) {
            free(line);
            break;
        }
        if (!chunk.len && show_help(line)) {
            free(line);
            continue;
        }
        if (chunk.len)
            kh_buf_char(&chunk, '\n');
        kh_buf_str(&chunk, line);
        free(line);
        running = 1;
        int rc = kh_script_eval(cli->script, kh_buf_cstr(&chunk), &more, &e);
        running = 0;
        was_interrupted();
        if (more && chunk.len)
            continue;
        kh_buf_clear(&chunk);
        if (rc != KH_OK) {
            show_fault(&e);
            last = rc;
        }
        kh_error_clear(&e);
        if (kh_worker_stop)
            break;
    }
    if (chunk.len && last == KH_OK)
        last = kh_fail(err, KH_ESCRIPT, "the input ends within an unfinished chunk");
    kh_buf_free(&chunk);
    return terminal ? KH_OK : last; /* a piped script that failed says so by its status */
}

static int run(kh_cli *cli, const kh_args *args, kh_error *err)
{
    int rc = kh_args_count(args, 0, 0, "kehoach shell", err);
    if (rc != KH_OK)
        return rc;
    bool terminal = isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
    char *history = terminal ? history_path() : NULL;
    if (terminal) {
        completing = cli->script;
        rl_readline_name = "kehoach";
        rl_initialize();
        rl_attempted_completion_function = complete;
        using_history();
        sigaction(SIGINT, &(struct sigaction){.sa_handler = on_interrupt}, NULL);
        if (history)
            read_history(history);
        kh_log(KH_LOG_NOTE, "Lua with the definitions loaded; an expression is printed; Tab completes; help explains; Ctrl-D ends");
    }
    rc = loop(cli, terminal, err);
    if (history)
        write_history(history);
    kh_free(history);
    return rc;
}

const kh_command kh_cmd_shell = {"shell", "kehoach shell", N_("Lua, line by line"),
                                 N_("Type Lua with the workspace loaded; an expression is printed, a frame as a table.\n"
                                    "\n"
                                    "  kehoach shell\n"
                                    "  kehoach> kh.value(\"T7\", \"20\", \"2018\")\n"
                                    "  kehoach> kh.query { indicators = { \"T7\" }, units = kh.units { kind = \"district\" }, period = \"2020\" }\n"),
                                 NULL, true, run};

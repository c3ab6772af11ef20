/* SPDX-License-Identifier: MIT */
/* kehoach shell: Lua typed line by line, with history and completion where a terminal is. */
#include "cli/cli.h"

#include "base/log.h"
#include "base/msg.h"
#include "cli/typed.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static size_t names(void *ctx, const char *prefix, char ***out)
{
    return kh_script_complete(ctx, prefix, out);
}

static char *history_path(void)
{
    const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
    if (state && *state)
        return kh_asprintf("%s/kehoach_history", state);
    return home && *home ? kh_asprintf("%s/.kehoach_history", home) : NULL;
}

/* A confined worker may write to the file if it is there, and make none. */
void kh_shell_make_history(void)
{
    char *path = isatty(STDIN_FILENO) && isatty(STDOUT_FILENO) ? history_path() : NULL;
    int fd = path ? open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600) : -1; /* if it cannot be made, there is no history */
    if (fd >= 0)
        close(fd);
    kh_free(path);
}

/* One line of a file or pipe, as kh_typed_line gives one of a terminal. */
static kh_typed next_line(char **line)
{
    size_t cap = 0;
    *line = NULL;
    ssize_t n = getline(line, &cap, stdin);
    if (n < 0) {
        free(*line);
        return KH_TYPED_END;
    }
    if (n && (*line)[n - 1] == '\n')
        (*line)[n - 1] = '\0';
    return KH_TYPED_LINE;
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

/* A statement, or its beginning. *stopped: by Ctrl-C. */
static int eval(kh_cli *cli, const char *chunk, bool terminal, bool *more, bool *stopped, kh_error *err)
{
    if (terminal)
        kh_typed_run();
    int rc = kh_script_eval(cli->script, chunk, more, err);
    *stopped = terminal && kh_typed_ran();
    return rc;
}

/* Lines are gathered until they make a whole chunk. */
static int loop(kh_cli *cli, bool terminal, kh_error *err)
{
    kh_buf chunk = KH_BUF_INIT;
    int last = KH_OK;
    for (;;) {
        char *line;
        bool more = false, stopped = false;
        kh_typed got = terminal ? kh_typed_line(chunk.len ? "   ... " : "kehoach> ", &line) : next_line(&line);
        if (got == KH_TYPED_END)
            break;
        if (got == KH_TYPED_DROPPED) {
            kh_buf_clear(&chunk);
            continue;
        }
        kh_error e = KH_ERROR_INIT;
        if (terminal && *line)
            kh_typed_keep(line);
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
        int rc = eval(cli, kh_buf_cstr(&chunk), terminal, &more, &stopped, &e);
        if (more && chunk.len && !stopped)
            continue;
        kh_buf_clear(&chunk);
        if (rc != KH_OK) {
            show_fault(&e);
            last = rc;
        } else if (stopped) {
            putchar('\n'); /* behind the ^C that the terminal shows */
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
    if (!terminal)
        return loop(cli, false, err);
    char *history = history_path();
    if (kh_typed_open(history, names, cli->script)) {
        kh_log(KH_LOG_NOTE, "Lua with the definitions loaded; an expression is printed; Tab completes; help explains; Ctrl-D ends");
        rc = loop(cli, true, err);
        kh_typed_close(history);
    } else {
        rc = kh_fail(err, KH_ESTORE, "the terminal cannot be read: %s", kh_errno_text(errno));
    }
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

/* SPDX-License-Identifier: MIT */
/*
 * Lines typed at a terminal.
 *
 * libedit's own care of signals (rl_catch_signals) is off: it sends the signal on with kill(), which a confined worker
 * may not use, and a Ctrl-C that comes between its prompt and its read() is lost. Here the signals are blocked and
 * read from a descriptor beside the keys, so each is seen whenever it came.
 */
#include "cli/typed.h"

#include "base/mem.h"
#include "base/text.h"
#include "script/script.h"

#include <editline/readline.h>
#include <errno.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

static kh_typed_names *names_of; /* libedit's callbacks carry no context */
static void *names_ctx;
static int signals = -1;         /* the descriptor */
static sigset_t waiting, before; /* blocked while a line is typed, and what was blocked before */
static bool dropped;

/* --- signals while a statement runs ------------------------------------------- */

static volatile sig_atomic_t interrupted;

/* Another Ctrl-C, while a script holds on for more than a second, ends it all. */
static void on_interrupt(int sig)
{
    static time_t first;
    struct timespec now;
    int saved = errno;
    (void)sig;
    clock_gettime(CLOCK_MONOTONIC, &now);
    if (!interrupted)
        first = now.tv_sec;
    else if (now.tv_sec - first > 1)
        _exit(130);
    interrupted = 1;
    kh_worker_stop = 1;
    kh_script_interrupt();
    errno = saved;
}

void kh_typed_run(void)
{
    sigprocmask(SIG_SETMASK, &before, NULL);
}

bool kh_typed_ran(void)
{
    sigprocmask(SIG_BLOCK, &waiting, NULL);
    bool yes = interrupted;
    if (yes)
        kh_worker_stop = 0;
    interrupted = 0;
    return yes;
}

/* --- signals while a line is typed -------------------------------------------- */

/* As a program that knows of no terminal modes would stand still, and go on. */
static void stand_still(void)
{
    rl_deprep_terminal();
    raise(SIGSTOP);
    rl_prep_terminal(1);
}

static void draw_again(void)
{
    fputc('\r', stdout);
    fflush(stdout);
    rl_forced_update_display();
}

/* true: the line ends here. */
static bool take_signal(void)
{
    struct signalfd_siginfo s;
    if (read(signals, &s, sizeof s) != (ssize_t)sizeof s)
        return false;
    switch (s.ssi_signo) {
    case SIGINT:
        dropped = true;
        return true;
    case SIGTSTP:
        stand_still();
        draw_again();
        return false;
    case SIGWINCH:
        rl_resize_terminal();
        draw_again();
        return false;
    default: /* SIGTERM, SIGHUP */
        kh_worker_stop = 1;
        return true;
    }
}

/* The next byte, or -1: the line ends here. Signals go first: the terminal has thrown away what was typed before a Ctrl-C. */
static int next_byte(int fd)
{
    struct pollfd p[2] = {{.fd = signals, .events = POLLIN}, {.fd = fd, .events = POLLIN}};
    for (;;) {
        unsigned char byte;
        if (poll(p, 2, -1) < 0) {
            if (errno != EINTR)
                return -1;
            continue;
        }
        if (p[0].revents) {
            if (take_signal())
                return -1;
            continue;
        }
        if (!p[1].revents)
            continue;
        ssize_t n = read(fd, &byte, 1);
        if (n == 1)
            return byte;
        if (n == 0 || (errno != EINTR && errno != EAGAIN))
            return -1;
    }
}

/*
 * For libedit: the next character. It takes the int for a whole character, not for a byte as readline does. What is
 * not UTF-8 is passed over.
 */
static int next_char(FILE *in)
{
    char c[4];
    for (size_t n = 0;;) {
        int byte = next_byte(fileno(in));
        if (byte < 0)
            return -1;
        if (n && (byte & 0xC0) != 0x80)
            n = 0; /* a character that was not finished */
        c[n++] = (char)byte;
        if (kh_utf8_valid(c, n, NULL)) {
            const char *p = c;
            return (int)kh_utf8_next(&p, c + n);
        }
        if (n == sizeof c)
            n = 0;
    }
}

/* --- completion ------------------------------------------------------------------ */

static char *next_name(const char *prefix, int state)
{
    static char **names;
    static size_t n, at;
    if (state == 0) {
        for (; at < n; at++)
            kh_free(names[at]);
        kh_free(names);
        names = NULL;
        n = names_of(names_ctx, prefix, &names);
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

/* Before the prompt is shown, not after it as libedit would: a key pressed at the sight of it is ours. */
static int ready(void)
{
    rl_prep_terminal(1);
    return 0;
}

/* --- lines --------------------------------------------------------------------------- */

bool kh_typed_open(const char *history, kh_typed_names *names, void *ctx)
{
    static const int taken[] = {SIGINT, SIGTSTP, SIGWINCH, SIGTERM, SIGHUP};
    names_of = names;
    names_ctx = ctx;
    sigemptyset(&waiting);
    for (size_t i = 0; i < sizeof taken / sizeof *taken; i++)
        sigaddset(&waiting, taken[i]);
    signals = signalfd(-1, &waiting, SFD_CLOEXEC);
    if (signals < 0)
        return false;
    sigprocmask(SIG_BLOCK, &waiting, &before);
    sigaction(SIGINT, &(struct sigaction){.sa_handler = on_interrupt}, NULL);
    setlocale(LC_CTYPE, "C.UTF-8"); /* libedit writes characters by it */
    rl_readline_name = "kehoach";
    rl_catch_signals = 0;
    rl_getc_function = next_char;
    rl_pre_input_hook = ready;
    rl_initialize();
    rl_attempted_completion_function = complete;
    using_history();
    if (history)
        read_history(history);
    return true;
}

void kh_typed_close(const char *history)
{
    if (history)
        write_history(history);
}

kh_typed kh_typed_line(const char *prompt, char **line)
{
    dropped = false;
    *line = readline(prompt);
    if (*line && !dropped)
        return KH_TYPED_LINE;
    free(*line);
    *line = NULL;
    putchar('\n');
    return dropped ? KH_TYPED_DROPPED : KH_TYPED_END;
}

void kh_typed_keep(const char *line)
{
    add_history(line);
}

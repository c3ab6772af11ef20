/* SPDX-License-Identifier: MIT */
/* The shell on a terminal: Ctrl-C ends what is typed or what runs, not the shell; Tab completes. */
#include "cm.h"

#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

typedef struct terminal { int fd; pid_t pid; char dir[64]; char seen[65536]; size_t n; } terminal;

static void program(char *out, size_t room)
{
    const char *build = getenv("BUILD");
    snprintf(out, room, "%s/kehoach", build && *build ? build : TEST_SOURCE "/build");
}

/* Where LibreOffice is installed, the worker may start programs and signal them; elsewhere it may not. */
static void run_shell(terminal *t, bool office)
{
    char path[512], home[128];
    program(path, sizeof path);
    snprintf(home, sizeof home, "%s/home", t->dir);
    t->pid = forkpty(&t->fd, NULL, NULL, NULL);
    assert_true(t->pid >= 0);
    if (t->pid == 0) {
        setenv("HOME", home, 1);
        setenv("TERM", "dumb", 1);
        unsetenv("XDG_STATE_HOME");
        snprintf(home, sizeof home, "%s/bin%s", t->dir, office ? "" : "/none");
        setenv("PATH", home, 1);
        snprintf(home, sizeof home, "%s/workspace", t->dir);
        execl(path, path, "-C", home, "--lang", "en", "shell", (char *)NULL);
        _exit(127);
    }
}

static int start_with(void **state, bool office)
{
    terminal *t = calloc(1, sizeof *t);
    char path[512], init[1200];
    program(path, sizeof path);
    strcpy(t->dir, "/var/tmp/kh-shell-XXXXXX"); /* not in /tmp, where the worker may write anyhow */
    assert_non_null(mkdtemp(t->dir));
    snprintf(init, sizeof init, "cd '%s' && mkdir home bin && : >bin/soffice && chmod +x bin/soffice && '%s' init workspace >/dev/null", t->dir, path);
    assert_int_equal(system(init), 0);
    run_shell(t, office);
    *state = t;
    return 0;
}

static int start(void **state)
{
    return start_with(state, false);
}

static int start_with_office(void **state)
{
    return start_with(state, true);
}

static void type(terminal *t, const char *text)
{
    assert_int_equal(write(t->fd, text, strlen(text)), (ssize_t)strlen(text));
}

/* Until `want` has come; what is behind it stays for the next call. A minute without a byte is a failure. */
static void expect(terminal *t, const char *want)
{
    char *at;
    while (!(at = strstr(t->seen, want))) {
        struct pollfd p = {.fd = t->fd, .events = POLLIN};
        ssize_t got = poll(&p, 1, 60000) > 0 ? read(t->fd, t->seen + t->n, sizeof t->seen - 1 - t->n) : -1;
        if (got <= 0)
            fail_msg("waited for \"%s\" and saw: %s", want, t->seen);
        t->n += (size_t)got;
        t->seen[t->n] = '\0';
    }
    size_t gone = (size_t)(at - t->seen) + strlen(want);
    memmove(t->seen, t->seen + gone, t->n - gone + 1);
    t->n -= gone;
}

static int stop(void **state)
{
    terminal *t = *state;
    char clean[128];
    kill(t->pid, SIGKILL);
    waitpid(t->pid, NULL, 0);
    close(t->fd);
    snprintf(clean, sizeof clean, "rm -rf '%s'", t->dir);
    int rc = system(clean);
    free(t);
    return rc;
}

/* A minute without it is a failure. */
static int wait_for(terminal *t, int what)
{
    int status = 0;
    pid_t got = 0;
    for (int i = 0; i < 600 && (got = waitpid(t->pid, &status, WNOHANG | what)) == 0; i++)
        nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
    assert_int_equal(got, t->pid);
    return status;
}

static void ended(terminal *t)
{
    int status = wait_for(t, 0);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

static void end(terminal *t)
{
    expect(t, "kehoach> ");
    type(t, "exit\n");
    ended(t);
}

static void interrupt_ends_what_is_typed(void **state)
{
    terminal *t = *state;
    expect(t, "kehoach> ");
    type(t, "print(\n");
    expect(t, "   ... ");
    type(t, "\003");
    expect(t, "kehoach> ");
    type(t, "nonsense");
    expect(t, "nonsense");
    type(t, "\003");
    expect(t, "kehoach> ");
    type(t, "40 + 2\n");
    expect(t, "\n42");
    end(t);
}

/* Ctrl-S holds the shell where it writes what is typed: so Ctrl-C comes between two of its readings, as it may at any
   prompt. The pause lets the shell get there; were it too short, this would test what the test before does. */
static void interrupt_between_readings(void **state)
{
    terminal *t = *state;
    expect(t, "kehoach> ");
    type(t, "print(\n");
    expect(t, "   ... ");
    type(t, "\023" "1");
    nanosleep(&(struct timespec){.tv_nsec = 200000000}, NULL);
    type(t, "\003");
    expect(t, "kehoach> ");
    type(t, "40 + 2\n");
    expect(t, "\n42");
    end(t);
}

static void interrupt_ends_what_runs(void **state)
{
    terminal *t = *state;
    expect(t, "kehoach> ");
    type(t, "print('be' .. 'gun') while true do end\n");
    expect(t, "begun");
    type(t, "\003");
    expect(t, "interrupted");
    expect(t, "kehoach> ");
    type(t, "'still ' .. 'here'\n");
    expect(t, "still here");
    end(t);
}

static void tab_completes(void **state)
{
    terminal *t = *state;
    expect(t, "kehoach> ");
    type(t, "kh.perio\t('2018').name\n");
    expect(t, "\n2018");
    end(t);
}

static void suspended_and_continued(void **state)
{
    terminal *t = *state;
    expect(t, "kehoach> ");
    type(t, "40 +");
    expect(t, "40 +");
    type(t, "\032");
    assert_true(WIFSTOPPED(wait_for(t, WUNTRACED)));
    kill(t->pid, SIGCONT);
    expect(t, "40 +");
    type(t, " 2\n");
    expect(t, "\n42");
    end(t);
}

static void pasted_lines_are_one_statement(void **state)
{
    terminal *t = *state;
    expect(t, "kehoach> ");
    type(t, "for i = 7, 8 do\n    print('line ' .. i)\nend\n");
    expect(t, "line 7\r\nline 8");
    end(t);
}

/* In the language and the locale that do not need it. */
static void vietnamese_is_typed(void **state)
{
    terminal *t = *state;
    expect(t, "kehoach> ");
    type(t, "'Tràng Đình'\002\002\002\010ị\n"); /* three characters back, one rubbed out, one put in */
    expect(t, "\nTràng Định");
    end(t);
}

static void end_of_input_ends(void **state)
{
    terminal *t = *state;
    expect(t, "kehoach> ");
    type(t, "\004");
    ended(t);
}

/* Another shell, in a home where the first has been, offers its lines. */
static void history_is_kept(void **state)
{
    terminal *t = *state;
    char path[128];
    struct stat st;
    expect(t, "kehoach> ");
    type(t, "40 + 2\n");
    expect(t, "\n42");
    end(t);
    snprintf(path, sizeof path, "%s/home/.kehoach_history", t->dir);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    close(t->fd);
    t->n = 0;
    run_shell(t, false);
    expect(t, "kehoach> ");
    type(t, "\020\n"); /* Ctrl-P: the line before */
    expect(t, "exit");
    ended(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(interrupt_ends_what_is_typed, start, stop),
        cmocka_unit_test_setup_teardown(interrupt_ends_what_is_typed, start_with_office, stop),
        cmocka_unit_test_setup_teardown(interrupt_between_readings, start, stop),
        cmocka_unit_test_setup_teardown(interrupt_between_readings, start_with_office, stop),
        cmocka_unit_test_setup_teardown(interrupt_ends_what_runs, start, stop),
        cmocka_unit_test_setup_teardown(suspended_and_continued, start, stop),
        cmocka_unit_test_setup_teardown(tab_completes, start, stop),
        cmocka_unit_test_setup_teardown(pasted_lines_are_one_statement, start, stop),
        cmocka_unit_test_setup_teardown(vietnamese_is_typed, start, stop),
        cmocka_unit_test_setup_teardown(end_of_input_ends, start, stop),
        cmocka_unit_test_setup_teardown(history_is_kept, start, stop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/* The shell on a terminal: Ctrl-C ends what runs, not the shell; Tab completes. */
#include "cm.h"

#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct terminal { int fd; pid_t pid; char dir[64]; char seen[65536]; size_t n; } terminal;

static void program(char *out, size_t room)
{
    const char *build = getenv("BUILD");
    snprintf(out, room, "%s/kehoach", build && *build ? build : TEST_SOURCE "/build");
}

static int start(void **state)
{
    terminal *t = calloc(1, sizeof *t);
    char path[512], init[1200];
    program(path, sizeof path);
    strcpy(t->dir, "/tmp/kh-shell-XXXXXX");
    assert_non_null(mkdtemp(t->dir));
    snprintf(init, sizeof init, "'%s' init '%s' >/dev/null", path, t->dir);
    assert_int_equal(system(init), 0);
    t->pid = forkpty(&t->fd, NULL, NULL, NULL);
    assert_true(t->pid >= 0);
    if (t->pid == 0) {
        setenv("HOME", t->dir, 1);
        setenv("TERM", "dumb", 1);
        unsetenv("XDG_STATE_HOME");
        execl(path, path, "-C", t->dir, "--lang", "en", "shell", (char *)NULL);
        _exit(127);
    }
    *state = t;
    return 0;
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

static void end(terminal *t)
{
    int status = 0;
    expect(t, "kehoach> ");
    type(t, "exit\n");
    assert_int_equal(waitpid(t->pid, &status, 0), t->pid);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(interrupt_ends_what_runs, start, stop),
        cmocka_unit_test_setup_teardown(tab_completes, start, stop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/* stderr is put into a file for the time of one call, and read back. */
#include "base/log.h"

#include "cm.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int kept_stderr;
static FILE *caught;
static char text[4096];

static void catch_stderr(void)
{
    fflush(stderr);
    kept_stderr = dup(STDERR_FILENO);
    caught = tmpfile();
    assert_non_null(caught);
    dup2(fileno(caught), STDERR_FILENO);
}

static const char *caught_text(void)
{
    fflush(stderr);
    dup2(kept_stderr, STDERR_FILENO);
    close(kept_stderr);
    rewind(caught);
    text[fread(text, 1, sizeof text - 1, caught)] = '\0';
    fclose(caught);
    return text;
}

static void only_what_is_grave_enough_is_shown(void **state)
{
    (void)state;
    static const struct {
        kh_log_level limit;
        const char *want;
    } t[] = {
        {KH_LOG_ERROR, "error: e\n"},
        {KH_LOG_WARNING, "error: e\nwarning: w\n"},
        {KH_LOG_NOTE, "error: e\nwarning: w\nn 7\n"},
        {KH_LOG_DETAIL, "error: e\nwarning: w\nn 7\nd\n"},
    };
    for (size_t i = 0; i < COUNT(t); i++) {
        catch_stderr();
        kh_log_limit(t[i].limit);
        kh_log(KH_LOG_ERROR, "e");
        kh_log(KH_LOG_WARNING, "w");
        kh_log(KH_LOG_NOTE, "n %d", 7);
        kh_log_line(KH_LOG_DETAIL, "d");
        assert_string_equal(caught_text(), t[i].want);
    }
    kh_log_limit(KH_LOG_NOTE);
}

static void an_entry_is_one_line_without_control_bytes(void **state)
{
    (void)state;
    catch_stderr();
    kh_log(KH_LOG_NOTE, "%s", "a\nerror: forged\x1b[2J");
    kh_log_line(KH_LOG_NOTE, "ends with its own\n");
    kh_log_line(KH_LOG_NOTE, "");
    assert_string_equal(caught_text(), "a\\x0aerror: forged\\x1b[2J\nends with its own\n\n");
}

static void a_line_is_not_a_format(void **state)
{
    (void)state;
    catch_stderr();
    kh_log_line(KH_LOG_NOTE, "100 %s %n");
    assert_string_equal(caught_text(), "100 %s %n\n");
}

static void progress_is_for_terminals_only(void **state)
{
    (void)state;
    catch_stderr();
    kh_progress("reading", 1, 10);
    kh_progress("reading", 10, 10);
    kh_progress_end();
    assert_string_equal(caught_text(), "");
}

/* ---- on a terminal ---- */

static int master;

static void catch_terminal(void)
{
    master = posix_openpt(O_RDWR | O_NOCTTY);
    if (master < 0)
        skip(); /* a machine without pseudo-terminals */
    assert_int_equal(grantpt(master) | unlockpt(master), 0);
    int slave = open(ptsname(master), O_RDWR | O_NOCTTY);
    assert_true(slave >= 0);
    kept_stderr = dup(STDERR_FILENO);
    dup2(slave, STDERR_FILENO);
    close(slave);
}

/* One read may bring a part only: the other end is closed first, and then read until there is no more. */
static const char *terminal_text(void)
{
    size_t n = 0;
    dup2(kept_stderr, STDERR_FILENO);
    close(kept_stderr);
    for (ssize_t got; n < sizeof text - 1 && (got = read(master, text + n, sizeof text - 1 - n)) > 0;)
        n += (size_t)got;
    close(master);
    text[n] = '\0';
    return text;
}

static void a_line_wipes_the_progress_before_it(void **state)
{
    (void)state;
    catch_terminal();
    kh_progress("reading", 25, 100);
    kh_progress("reading", 26, 100); /* too soon to be shown */
    kh_log(KH_LOG_NOTE, "a note");
    const char *shown = terminal_text();
    if (!strstr(shown, "26")) /* a busy machine may leave more than a tenth of a second between the two */
        assert_string_equal(shown, "\r\033[Kreading  25 %  25/100\r\033[Ka note\r\n");
    assert_non_null(strstr(shown, "/100\r\033[Ka note\r\n"));
}

static void progress_without_a_total_counts(void **state)
{
    (void)state;
    catch_terminal();
    kh_progress("lines", 12, 0);
    kh_progress_end();
    kh_progress_end();
    assert_string_equal(terminal_text(), "\r\033[Klines 12\r\033[K");
}

static void labels_are_coloured_unless_no_color_says_no(void **state)
{
    (void)state;
    unsetenv("NO_COLOR");
    catch_terminal();
    kh_log(KH_LOG_ERROR, "e");
    assert_string_equal(terminal_text(), "\033[1;31merror:\033[0m e\r\n");
    setenv("NO_COLOR", "1", 1);
    catch_terminal();
    kh_log(KH_LOG_ERROR, "e");
    assert_string_equal(terminal_text(), "error: e\r\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_what_is_grave_enough_is_shown),
        cmocka_unit_test(an_entry_is_one_line_without_control_bytes),
        cmocka_unit_test(a_line_is_not_a_format),
        cmocka_unit_test(progress_is_for_terminals_only),
        cmocka_unit_test(a_line_wipes_the_progress_before_it),
        cmocka_unit_test(progress_without_a_total_counts),
        cmocka_unit_test(labels_are_coloured_unless_no_color_says_no),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

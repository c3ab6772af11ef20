/* SPDX-License-Identifier: MIT */
#include "job/systemd.h"

#include "cm.h"

#include <string.h>

static void a_service_runs_the_due_jobs_of_the_workspace(void **state)
{
    (void)state;
    static const char *const write[] = {"/srv/out"};
    kh_systemd s = {.program = "/usr/bin/kehoach", .root = "/srv/lang-son", .title = "Kế hoạch 100/KH-UBND", .user = "kehoach", .write = write, .n_write = 1};
    kh_buf b = KH_BUF_INIT;
    assert_int_equal(kh_systemd_service(&s, &b, NULL), KH_OK);
    assert_string_equal(b.data, "[Unit]\n"
                                "Description=kehoach: due jobs of Kế hoạch 100/KH-UBND\n"
                                "\n"
                                "[Service]\n"
                                "Type=oneshot\n"
                                "ExecStart=\"/usr/bin/kehoach\" -C \"/srv/lang-son\" job due\n"
                                "# 1: done, and some data has faults; 75: another run was at work. Neither is a fault of the service.\n"
                                "SuccessExitStatus=1 75\n"
                                "User=kehoach\n"
                                "NoNewPrivileges=yes\n"
                                "PrivateTmp=yes\n"
                                "ProtectSystem=strict\n"
                                "ProtectHome=read-only\n"
                                "ReadWritePaths=\"/srv/lang-son\" \"/srv/out\"\n");
    kh_buf_free(&b);
}

static void a_timer_looks_every_few_minutes(void **state)
{
    (void)state;
    kh_systemd s = {.program = "/usr/bin/kehoach", .root = "/srv/lang-son/"};
    kh_buf b = KH_BUF_INIT;
    assert_int_equal(kh_systemd_timer(&s, &b, NULL), KH_OK);
    assert_string_equal(b.data, "[Unit]\n"
                                "Description=kehoach: look for due jobs of lang-son\n"
                                "\n"
                                "[Timer]\n"
                                "OnCalendar=*:0/5\n"
                                "Persistent=true\n"
                                "AccuracySec=30s\n"
                                "\n"
                                "[Install]\n"
                                "WantedBy=timers.target\n");
    kh_buf_clear(&b);
    s.minutes = 60;
    assert_int_equal(kh_systemd_timer(&s, &b, NULL), KH_OK);
    assert_non_null(strstr(b.data, "\nOnCalendar=hourly\n"));
    kh_buf_free(&b);
}

static void special_characters_keep_their_face(void **state)
{
    (void)state;
    static const char *const write[] = {"/out put/$a%b"};
    kh_systemd s = {.program = "/opt/ke hoach", .root = "/srv/100% \"x\" \\ $HOME", .title = "100%\\", .write = write, .n_write = 1};
    kh_buf b = KH_BUF_INIT;
    assert_int_equal(kh_systemd_service(&s, &b, NULL), KH_OK);
    assert_non_null(strstr(b.data, "\nExecStart=\"/opt/ke hoach\" -C \"/srv/100%% \\\"x\\\" \\\\ $$HOME\" job due\n"));
    assert_non_null(strstr(b.data, "\nReadWritePaths=\"/srv/100%% \\\"x\\\" \\\\ $HOME\" \"/out put/$a%%b\"\n"));
    assert_non_null(strstr(b.data, "due jobs of 100%%/\n")); /* a backslash would join the next line */
    kh_buf_free(&b);
}

static void what_a_unit_file_cannot_say_is_refused(void **state)
{
    (void)state;
    static const char *const newline[] = {"/out\nExecStart=/bin/evil"}, *const relative[] = {"out"};
    static const struct { kh_systemd s; const char *words; } cases[] = {
        {{.program = "kehoach", .root = "/srv"}, "not an absolute path"}, {{.program = "/usr/bin/kehoach", .root = "srv"}, "not an absolute path"}, {{.program = "/usr/bin/kehoach", .root = ""}, "not an absolute path"},
        {{.program = "/usr/bin/kehoach", .root = "/srv\nExecStart=/bin/evil"}, "control character"}, {{.program = "/usr/bin/kehoach", .root = "/srv\x7f"}, "control character"},
        {{.program = "/usr/bin/kehoach", .root = "/srv", .title = "a\rb"}, "control character"}, {{.program = "/usr/bin/kehoach", .root = "/srv", .user = "a b"}, "no name of a user"},
        {{.program = "/usr/bin/kehoach", .root = "/srv", .user = ""}, "no name of a user"}, {{.program = "/usr/bin/kehoach", .root = "/srv", .write = newline, .n_write = 1}, "control character"},
        {{.program = "/usr/bin/kehoach", .root = "/srv", .write = relative, .n_write = 1}, "not an absolute path"}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        kh_error err = KH_ERROR_INIT;
        kh_buf b = KH_BUF_INIT;
        assert_int_equal(kh_systemd_service(&cases[i].s, &b, &err), KH_EUSAGE);
        assert_int_equal(b.len, 0);
        if (!strstr(err.text, cases[i].words))
            fail_msg("%s", err.text);
        kh_error_clear(&err);
        assert_int_equal(kh_systemd_timer(&cases[i].s, &b, NULL), KH_EUSAGE);
        kh_buf_free(&b);
    }
    kh_systemd s = {.program = "/usr/bin/kehoach", .root = "/srv", .minutes = 61};
    kh_buf b = KH_BUF_INIT;
    assert_int_equal(kh_systemd_timer(&s, &b, NULL), KH_EUSAGE);
    kh_buf_free(&b);
}

static void a_units_name_is_made_of_plain_letters(void **state)
{
    (void)state;
    static const struct { const char *root, *name; } cases[] = {
        {"/srv/lang-son", "kehoach-lang-son"}, {"/srv/Kế hoạch 100/", "kehoach-ke-hoach-100"}, {"/", "kehoach"}, {"/srv/a@b%c", "kehoach-a-b-c"}, {"/srv/---", "kehoach"}, {"/srv/đê điều", "kehoach-de-dieu"}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        kh_systemd s = {.program = "/usr/bin/kehoach", .root = cases[i].root};
        kh_buf b = KH_BUF_INIT;
        kh_systemd_name(&s, &b);
        assert_string_equal(b.data, cases[i].name);
        kh_buf_free(&b);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_service_runs_the_due_jobs_of_the_workspace),
        cmocka_unit_test(a_timer_looks_every_few_minutes),
        cmocka_unit_test(special_characters_keep_their_face),
        cmocka_unit_test(what_a_unit_file_cannot_say_is_refused),
        cmocka_unit_test(a_units_name_is_made_of_plain_letters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

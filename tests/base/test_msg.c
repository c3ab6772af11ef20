/* SPDX-License-Identifier: MIT */
/* The catalogue is made here by msgfmt, so that nothing depends on the translations of the day. */
#include "base/msg.h"

#include "base/err.h"
#include "base/mem.h"
#include "cm.h"

#include <locale.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static char dir[] = "/tmp/kh-msg-XXXXXX";

static int make_catalogue(void **state)
{
    (void)state;
    char command[300], path[40];
    if (!mkdtemp(dir))
        return -1;
    snprintf(path, sizeof path, "%s/vi.po", dir);
    FILE *po = fopen(path, "w");
    if (!po)
        return -1;
    fputs("msgid \"\"\nmsgstr \"Content-Type: text/plain; charset=UTF-8\\nPlural-Forms: nplurals=1; plural=0;\\n\"\n"
          "msgid \"the plan\"\nmsgstr \"kế hoạch\"\n"
          "msgid \"%s has %d lines\"\nmsgstr \"%s có %d dòng\"\n"
          "msgid \"one line\"\nmsgid_plural \"%lu lines\"\nmsgstr[0] \"%lu dòng\"\n",
          po);
    fclose(po);
    snprintf(command, sizeof command, "mkdir -p %s/vi/LC_MESSAGES && msgfmt -o %s/vi/LC_MESSAGES/kehoach.mo %s", dir, dir, path);
    setenv("KEHOACH_LOCALE", dir, 1);
    return system(command);
}

static int remove_catalogue(void **state)
{
    (void)state;
    char command[100];
    snprintf(command, sizeof command, "rm -rf %s", dir);
    return system(command);
}

static void english_is_the_message_itself(void **state)
{
    (void)state;
    assert_int_equal(kh_msg_lang_now(), KH_LANG_EN); /* before anybody chose */
    assert_string_equal(kh_tr("the plan"), "the plan");
    assert_string_equal(kh_trn("one line", "%lu lines", 1), "one line");
    assert_string_equal(kh_trn("one line", "%lu lines", 0), "%lu lines");
    assert_string_equal(kh_tr(""), "");
}

static void vietnamese_needs_no_locale_of_the_machine(void **state)
{
    (void)state;
    setenv("LANG", "C", 1);
    unsetenv("LC_ALL");
    kh_msg_lang(KH_LANG_VI);
    assert_int_equal(kh_msg_lang_now(), KH_LANG_VI);
    assert_string_equal(kh_tr("the plan"), "kế hoạch");
    assert_string_equal(kh_trn("one line", "%lu lines", 1), "%lu dòng");
    assert_string_equal(kh_tr("not translated"), "not translated");
    assert_string_equal(kh_tr(""), "");
}

static void the_language_may_change_again_and_again(void **state)
{
    (void)state;
    for (int i = 0; i < 3; i++) {
        kh_msg_lang(KH_LANG_EN);
        assert_string_equal(kh_tr("the plan"), "the plan");
        kh_msg_lang(KH_LANG_VI);
        assert_string_equal(kh_tr("the plan"), "kế hoạch");
    }
}

static void errors_are_translated_when_they_are_made(void **state)
{
    (void)state;
    kh_error err = KH_ERROR_INIT;
    kh_msg_lang(KH_LANG_VI);
    kh_fail(&err, KH_EUSAGE, "%s has %d lines", "a.csv", 3);
    kh_wrap(&err, "the plan");
    kh_msg_lang(KH_LANG_EN);
    assert_string_equal(err.text, "kế hoạch: a.csv có 3 dòng");
    kh_error_clear(&err);
}

static void numbers_and_order_stay_those_of_c(void **state)
{
    (void)state;
    kh_msg_lang(KH_LANG_VI);
    assert_string_equal(setlocale(LC_NUMERIC, NULL), "C");
    assert_string_equal(setlocale(LC_COLLATE, NULL), "C");
    assert_string_equal(setlocale(LC_TIME, NULL), "C");
}

static void the_catalogue_is_read_when_the_language_is_chosen(void **state)
{
    (void)state;
    /* A sandbox closes the file system later: what was read stays. In a child, so that gettext has read nothing yet. */
    char moved[60], place[60];
    snprintf(place, sizeof place, "%s/vi", dir);
    snprintf(moved, sizeof moved, "%s/away", dir);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        kh_msg_lang(KH_LANG_VI);
        if (rename(place, moved) != 0)
            _exit(2);
        bool translated = strcmp(kh_tr("the plan"), "kế hoạch") == 0;
        _exit(rename(moved, place) != 0 || !translated);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}

static void words_of_a_workspace_are_said_in_english_where_it_has_them(void **state)
{
    (void)state;
    kh_words_add("Dự toán", "Estimate");
    kh_words_add("Đã chi", "spent");
    kh_words_add("Đã chi", "Spent"); /* again: replaces */
    kh_msg_lang(KH_LANG_EN);
    assert_string_equal(kh_say("Dự toán"), "Estimate");
    assert_string_equal(kh_say("Đã chi"), "Spent");
    assert_string_equal(kh_say("Được cấp"), "Được cấp");
    assert_null(kh_say(NULL));
    assert_string_equal(kh_say_in(KH_LANG_VI, "Dự toán"), "Dự toán");
    kh_msg_lang(KH_LANG_VI);
    assert_string_equal(kh_say("Dự toán"), "Dự toán");
    assert_string_equal(kh_say_in(KH_LANG_EN, "Dự toán"), "Estimate");
    kh_words_clear();
    assert_string_equal(kh_say_in(KH_LANG_EN, "Dự toán"), "Dự toán");
    kh_msg_lang(KH_LANG_EN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_of_a_workspace_are_said_in_english_where_it_has_them),
        cmocka_unit_test(the_catalogue_is_read_when_the_language_is_chosen),
        cmocka_unit_test(english_is_the_message_itself),
        cmocka_unit_test(vietnamese_needs_no_locale_of_the_machine),
        cmocka_unit_test(the_language_may_change_again_and_again),
        cmocka_unit_test(errors_are_translated_when_they_are_made),
        cmocka_unit_test(numbers_and_order_stay_those_of_c),
    };
    return cmocka_run_group_tests(tests, make_catalogue, remove_catalogue);
}

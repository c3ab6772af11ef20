/* SPDX-License-Identifier: MIT */
#include "job/inbox.h"

#include "base/mem.h"
#include "cm.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static char folder[64];

static int new_folder(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/kehoach-inbox-XXXXXX");
    return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
    (void)state;
    char command[128];
    snprintf(command, sizeof command, "rm -rf -- '%s'", folder);
    return system(command);
}

static const char *in_folder(const char *name)
{
    static char path[4][1024];
    static int next;
    char *out = path[next++ % 4];
    snprintf(out, sizeof path[0], "%s/%s", folder, name);
    return out;
}

static void put(const char *name, const char *text)
{
    FILE *f = fopen(in_folder(name), "w");
    assert_non_null(f);
    fputs(text, f);
    fclose(f);
}

static bool there(const char *name)
{
    struct stat st;
    return lstat(in_folder(name), &st) == 0;
}

static const char *contents(const char *path)
{
    static char text[256];
    FILE *f = fopen(path, "r");
    if (!f)
        return NULL;
    text[fread(text, 1, sizeof text - 1, f)] = '\0';
    fclose(f);
    return text;
}

/* What was told, as "name: why; ". */
static char told[2000];

static void note(void *ctx, const char *name, const char *why)
{
    (void)ctx;
    snprintf(told + strlen(told), sizeof told - strlen(told), "%s: %s; ", name, why);
}

static const kh_inbox_options at_once = {.quiet = -1};

static kh_inbox *opened(void)
{
    kh_inbox *in = NULL;
    kh_error err = KH_ERROR_INIT;
    *told = '\0';
    if (kh_inbox_open(folder, &at_once, note, NULL, &in, &err) != KH_OK)
        fail_msg("%s", err.text);
    return in;
}

static void files_are_taken_in_the_order_of_their_names_and_kept_under_them(void **state)
{
    (void)state;
    put("b.csv", "B");
    put("a.csv", "A");
    put("c\nd.csv", "C"); /* a name is data */
    kh_inbox *in = opened();
    assert_int_equal(kh_inbox_waiting(in), 3);
    static const char *const names[] = {"a.csv", "b.csv", "c\nd.csv"}, *const texts[] = {"A", "B", "C"};
    kh_taken t;
    bool any;
    for (size_t i = 0; i < COUNT(names); i++) {
        char *where;
        assert_int_equal(kh_inbox_take(in, &t, &any, NULL), KH_OK);
        assert_true(any);
        assert_string_equal(t.name, names[i]);
        assert_string_equal(strrchr(t.path, '/') + 1, names[i]); /* the name may say unit and period */
        assert_string_equal(contents(t.path), texts[i]);
        assert_int_equal(t.size, 1);
        assert_false(t.left);
        assert_false(there(names[i]));
        assert_true(kh_inbox_same(in));
        assert_int_equal(kh_inbox_finish(in, false, NULL, 0, &where, NULL), KH_OK);
        assert_string_equal(contents(where), texts[i]);
        kh_free(where);
    }
    assert_int_equal(kh_inbox_take(in, &t, &any, NULL), KH_OK);
    assert_false(any);
    assert_true(there("done/a.csv"));
    assert_false(there(".taken/1"));
    kh_inbox_close(in);
    kh_inbox_close(NULL);
}

static void a_refused_file_lies_beside_its_findings(void **state)
{
    (void)state;
    kh_taken t;
    bool any;
    for (int round = 1; round <= 3; round++) {
        put("a.csv", "A");
        kh_inbox *in = opened();
        char *where, name[64];
        assert_int_equal(kh_inbox_take(in, &t, &any, NULL), KH_OK);
        assert_int_equal(kh_inbox_finish(in, true, "line 2 is wrong\n", 16, &where, NULL), KH_OK);
        snprintf(name, sizeof name, round == 1 ? "refused/a.csv" : "refused/a_%d.csv", round);
        assert_string_equal(where, in_folder(name)); /* nothing that lies there is overwritten */
        strcat(name, ".txt");
        assert_string_equal(contents(in_folder(name)), "line 2 is wrong\n");
        kh_free(where);
        kh_inbox_close(in);
    }
    assert_true(there("refused/a.csv"));
    assert_true(there("refused/a_3.csv.txt"));
}

static void findings_never_overwrite_a_file_that_has_their_name(void **state)
{
    (void)state;
    assert_int_equal(mkdir(in_folder("refused"), 0777), 0);
    put("refused/a.csv.txt", "somebody's return");
    put("a.csv", "A");
    kh_inbox *in = opened();
    kh_taken t;
    bool any;
    assert_int_equal(kh_inbox_take(in, &t, &any, NULL), KH_OK);
    assert_int_equal(kh_inbox_finish(in, true, "why", 3, NULL, NULL), KH_OK);
    assert_string_equal(contents(in_folder("refused/a.csv.txt")), "somebody's return");
    assert_string_equal(contents(in_folder("refused/a_2.csv.txt")), "why");
    assert_true(there("refused/a_2.csv"));
    kh_inbox_close(in);
}

static void what_a_killed_run_left_is_taken_first(void **state)
{
    (void)state;
    put("b.csv", "left");
    kh_inbox *in = opened();
    kh_taken t;
    bool any;
    assert_int_equal(kh_inbox_take(in, &t, &any, NULL), KH_OK);
    kh_inbox_close(in); /* not finished */
    put("a.csv", "new");
    put("b.csv", "new too");
    in = opened();
    assert_int_equal(kh_inbox_waiting(in), 3);
    assert_int_equal(kh_inbox_take(in, &t, &any, NULL), KH_OK);
    assert_true(t.left);
    assert_string_equal(t.name, "b.csv");
    assert_string_equal(contents(t.path), "left");
    assert_int_equal(kh_inbox_finish(in, false, NULL, 0, NULL, NULL), KH_OK);
    assert_int_equal(kh_inbox_take(in, &t, &any, NULL), KH_OK);
    assert_string_equal(t.name, "a.csv");
    assert_int_equal(kh_inbox_finish(in, false, NULL, 0, NULL, NULL), KH_OK);
    assert_int_equal(kh_inbox_take(in, &t, &any, NULL), KH_OK);
    assert_string_equal(contents(t.path), "new too");
    assert_int_equal(kh_inbox_finish(in, false, NULL, 0, NULL, NULL), KH_OK);
    assert_string_equal(contents(in_folder("done/b.csv")), "left");
    assert_string_equal(contents(in_folder("done/b_2.csv")), "new too");
    kh_inbox_close(in);
}

static void a_file_may_be_left_for_the_next_run(void **state)
{
    (void)state;
    put("a.csv", "A");
    put("b.csv", "B");
    kh_inbox *in = opened();
    kh_taken t;
    bool any;
    assert_int_equal(kh_inbox_take(in, &t, &any, NULL), KH_OK);
    assert_int_equal(kh_inbox_take(in, &t, &any, NULL), KH_OK); /* a is not finished: the store failed, say */
    assert_string_equal(t.name, "b.csv");
    kh_inbox_close(in);
    in = opened();
    assert_int_equal(kh_inbox_take(in, &t, &any, NULL), KH_OK);
    assert_string_equal(t.name, "a.csv");
    assert_true(t.left);
    kh_inbox_close(in);
}

static void unfinished_names_are_left_alone(void **state)
{
    (void)state;
    static const char *const names[] = {".a.csv", "a.csv.part", "a.csv.PART", "a.tmp", "a.csv.crdownload", "a.filepart", "~$a.xlsx", "a.csv~"};
    for (size_t i = 0; i < COUNT(names); i++)
        put(names[i], "x");
    kh_inbox *in = opened();
    assert_int_equal(kh_inbox_waiting(in), 0);
    assert_string_equal(told, "");
    for (size_t i = 0; i < COUNT(names); i++)
        assert_true(there(names[i]));
    kh_inbox_close(in);
}

static void what_is_no_plain_file_stays_and_is_told(void **state)
{
    (void)state;
    put("second.csv", "x");
    assert_int_equal(link(in_folder("second.csv"), in_folder("first.csv")), 0);
    assert_int_equal(symlink("/etc/passwd", in_folder("link.csv")), 0);
    assert_int_equal(mkfifo(in_folder("fifo.csv"), 0600), 0);
    assert_int_equal(mkdir(in_folder("old"), 0700), 0); /* an office's own folder is no matter */
    put("large.csv", "0123456789");
    put("good.csv", "x");
    kh_inbox_options o = {.quiet = -1, .most = 9};
    kh_inbox *in;
    *told = '\0';
    assert_int_equal(kh_inbox_open(folder, &o, note, NULL, &in, NULL), KH_OK);
    assert_int_equal(kh_inbox_waiting(in), 1);
    static const char *const words[] = {"second.csv: has a second name", "first.csv: has a second name", "link.csv: is not a regular file", "fifo.csv: is not a regular file", "large.csv: is larger"};
    for (size_t i = 0; i < COUNT(words); i++)
        if (!strstr(told, words[i]))
            fail_msg("\"%s\" is not in \"%s\"", words[i], told);
    assert_null(strstr(told, "old"));
    assert_true(there("link.csv"));
    kh_inbox_close(in);
}

static void what_became_something_else_after_the_look_is_given_back(void **state)
{
    (void)state;
    static const char *const names[] = {"a.csv", "b.csv", "c.csv", "d.csv"};
    for (size_t i = 0; i < COUNT(names); i++)
        put(names[i], "x");
    kh_inbox *in = opened();
    assert_int_equal(kh_inbox_waiting(in), 4);
    unlink(in_folder("a.csv"));
    assert_int_equal(symlink("/etc/passwd", in_folder("a.csv")), 0);
    unlink(in_folder("b.csv"));
    assert_int_equal(mkfifo(in_folder("b.csv"), 0600), 0); /* opening it must not wait for a writer */
    unlink(in_folder("c.csv")); /* taken back by the sender */
    kh_taken t;
    bool any;
    assert_int_equal(kh_inbox_take(in, &t, &any, NULL), KH_OK);
    assert_true(any);
    assert_string_equal(t.name, "d.csv");
    assert_non_null(strstr(told, "a.csv: "));
    assert_non_null(strstr(told, "b.csv: is not a regular file"));
    assert_null(strstr(told, "c.csv"));
    assert_true(there("a.csv"));
    assert_true(there("b.csv"));
    kh_inbox_close(in);
}

static void a_change_while_it_is_read_is_noticed(void **state)
{
    (void)state;
    put("a.csv", "x");
    int fd = open(in_folder("a.csv"), O_WRONLY | O_APPEND | O_CLOEXEC); /* a sender that still has it open */
    kh_inbox *in = opened();
    kh_taken t;
    bool any;
    assert_false(kh_inbox_same(in)); /* nothing is taken */
    assert_int_equal(kh_inbox_take(in, &t, &any, NULL), KH_OK);
    assert_true(kh_inbox_same(in));
    assert_int_equal(write(fd, "y", 1), 1);
    close(fd);
    assert_false(kh_inbox_same(in));
    kh_inbox_close(in);
}

/* A sender that writes a line every few milliseconds until it is told to end. */
static volatile int writing;

static void *writer(void *path)
{
    FILE *f = fopen(path, "w");
    while (writing) {
        fputs("line\n", f);
        fflush(f);
        nanosleep(&(struct timespec){0, 5000000}, NULL);
    }
    fclose(f);
    return NULL;
}

static void a_file_that_grows_is_left_for_the_next_time(void **state)
{
    (void)state;
    char path[128];
    pthread_t thread;
    strcpy(path, in_folder("growing.csv"));
    writing = 1;
    pthread_create(&thread, NULL, writer, path);
    while (!there("growing.csv"))
        nanosleep(&(struct timespec){0, 1000000}, NULL);
    put("still.csv", "x");
    kh_inbox_options o = {.quiet = 3600, .look_ms = 300};
    kh_inbox *in;
    *told = '\0';
    assert_int_equal(kh_inbox_open(folder, &o, note, NULL, &in, NULL), KH_OK);
    writing = 0;
    pthread_join(thread, NULL);
    assert_int_equal(kh_inbox_waiting(in), 1);
    assert_non_null(strstr(told, "growing.csv: is still being written"));
    kh_inbox_close(in);
    in = opened();
    assert_int_equal(kh_inbox_waiting(in), 2);
    kh_inbox_close(in);
}

static void a_very_long_name_finds_a_place(void **state)
{
    (void)state;
    char name[256];
    kh_taken t;
    bool any;
    memset(name, 'a', 249);
    strcpy(name + 249, "\xC3\xAA.csv"); /* 255 bytes, the most there can be */
    for (int round = 0; round < 3; round++) {
        put(name, "x");
        kh_inbox *in = opened();
        char *where;
        assert_int_equal(kh_inbox_take(in, &t, &any, NULL), KH_OK);
        assert_true(any);
        assert_int_equal(kh_inbox_finish(in, true, "why", 3, &where, NULL), KH_OK);
        assert_string_equal(strrchr(where, '.'), ".csv");
        assert_int_equal(strspn(strrchr(where, '/') + 1, "a"), 240 - 4 - (round ? 2 : 0)); /* the stem gives way, to the room there is */
        assert_string_equal(contents(where), "x");
        kh_free(where);
        kh_inbox_close(in);
    }
}

static void a_missing_folder_is_told_and_finishing_nothing_is_refused(void **state)
{
    (void)state;
    kh_inbox *in;
    kh_error err = KH_ERROR_INIT;
    assert_int_equal(kh_inbox_open("/nonexistent/inbox", NULL, NULL, NULL, &in, &err), KH_EUSAGE);
    assert_non_null(strstr(err.text, "/nonexistent/inbox"));
    assert_null(in);
    kh_error_clear(&err);
    in = opened();
    assert_int_equal(kh_inbox_finish(in, false, NULL, 0, NULL, &err), KH_EUSAGE);
    kh_error_clear(&err);
    kh_inbox_close(in);
}

static void folders_that_lead_elsewhere_are_refused(void **state)
{
    (void)state;
    kh_inbox *in;
    kh_error err = KH_ERROR_INIT;
    assert_int_equal(symlink("/tmp", in_folder("refused")), 0);
    assert_int_equal(kh_inbox_open(folder, NULL, NULL, NULL, &in, &err), KH_ESTORE);
    assert_non_null(strstr(err.text, "refused"));
    kh_error_clear(&err);
    unlink(in_folder("refused"));
    assert_int_equal(chmod(in_folder(".taken"), 0777), 0);
    assert_int_equal(kh_inbox_open(folder, NULL, NULL, NULL, &in, &err), KH_ESTORE);
    assert_non_null(strstr(err.text, ".taken"));
    kh_error_clear(&err);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, new_folder, remove_folder)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(files_are_taken_in_the_order_of_their_names_and_kept_under_them),
        TEST(a_refused_file_lies_beside_its_findings),
        TEST(findings_never_overwrite_a_file_that_has_their_name),
        TEST(what_a_killed_run_left_is_taken_first),
        TEST(a_file_may_be_left_for_the_next_run),
        TEST(unfinished_names_are_left_alone),
        TEST(what_is_no_plain_file_stays_and_is_told),
        TEST(what_became_something_else_after_the_look_is_given_back),
        TEST(a_change_while_it_is_read_is_noticed),
        TEST(a_file_that_grows_is_left_for_the_next_time),
        TEST(a_very_long_name_finds_a_place),
        TEST(a_missing_folder_is_told_and_finishing_nothing_is_refused),
        TEST(folders_that_lead_elsewhere_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
#include "base/mem.h"

#include "cm.h"

#include <setjmp.h>
#include <stdalign.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static jmp_buf out_of_memory;
static size_t wanted_then;

static void jump(size_t wanted)
{
    wanted_then = wanted;
    longjmp(out_of_memory, 1);
}

static void size_zero_gives_a_valid_pointer(void **state)
{
    (void)state;
    void *p = kh_alloc(0), *q = kh_zalloc(0, 8), *r = kh_realloc(NULL, 0, 8);
    assert_non_null(p);
    assert_non_null(q);
    assert_non_null(r);
    kh_free(p);
    kh_free(q);
    kh_free(r);
    kh_free(NULL);
}

static void zalloc_clears(void **state)
{
    (void)state;
    unsigned char *p = kh_zalloc(100, 3), sum = 0;
    for (int i = 0; i < 300; i++)
        sum |= p[i];
    assert_int_equal(sum, 0);
    kh_free(p);
}

static void an_overflowing_product_is_out_of_memory(void **state)
{
    (void)state;
    kh_on_no_memory(jump);
    volatile int caught = 0;
    if (setjmp(out_of_memory) == 0)
        kh_zalloc(SIZE_MAX / 2, 3);
    else
        caught++;
    if (setjmp(out_of_memory) == 0)
        kh_realloc(NULL, SIZE_MAX / 2, 3);
    else
        caught++;
    kh_on_no_memory(NULL);
    assert_int_equal(caught, 2);
}

static void the_nth_allocation_fails_and_only_that(void **state)
{
    (void)state;
    kh_on_no_memory(jump);
    void *volatile a = NULL, *volatile b = NULL;
    volatile int caught = 0;
    kh_fail_allocation(3);
    if (setjmp(out_of_memory) == 0) {
        a = kh_alloc(1);
        b = kh_alloc(2);
        kh_alloc(77);
        fail();
    } else {
        caught = 1;
    }
    assert_int_equal(caught, 1);
    assert_int_equal(wanted_then, 77);
    kh_free(a);
    kh_free(b);
    kh_free(kh_alloc(1)); /* the counter is spent */
    kh_on_no_memory(NULL);
}

static void without_a_handler_the_process_ends_with_4_and_says_so(void **state)
{
    (void)state;
    int fd[2];
    assert_int_equal(pipe(fd), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        dup2(fd[1], 2);
        kh_fail_allocation(1);
        kh_alloc(12345);
        _exit(0);
    }
    close(fd[1]);
    char text[200] = "";
    ssize_t n = read(fd[0], text, sizeof text - 1);
    close(fd[0]);
    int status = 0;
    waitpid(child, &status, 0);
    assert_true(n > 0);
    assert_non_null(strstr(text, "12345"));
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 4);
}

static void push_grows_and_keeps_what_is_there(void **state)
{
    (void)state;
    int *items = NULL;
    size_t n = 0, cap = 0;
    for (int i = 0; i < 1000; i++)
        KH_PUSH(items, n, cap) = i;
    assert_int_equal(n, 1000);
    for (int i = 0; i < 1000; i++)
        assert_int_equal(items[i], i);
    kh_free(items);
}

static void strings_are_copied_and_formatted(void **state)
{
    (void)state;
    char *a = kh_strdup("kế hoạch"), *b = kh_strndup("abcdef", 3), *c = kh_asprintf("%s-%d", "T", 7), *d = kh_strndup(NULL, 0);
    assert_string_equal(a, "kế hoạch");
    assert_string_equal(b, "abc");
    assert_string_equal(c, "T-7");
    assert_string_equal(d, "");
    kh_free(a);
    kh_free(b);
    kh_free(c);
    kh_free(d);
}

static void arena_memory_is_cleared_aligned_and_apart(void **state)
{
    (void)state;
    static const size_t sizes[] = {0, 1, 7, 16, 17, 1000, 3000, 5000, 300000, 1, 40};
    kh_arena *a = kh_arena_new();
    unsigned char *seen[2000];
    size_t n = 0;
    for (size_t round = 0; round < 100; round++)
        for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
            if (sizes[i] > 100000 && round > 2)
                continue;
            unsigned char *p = kh_arena_alloc(a, sizes[i]);
            assert_int_equal((uintptr_t)p % alignof(max_align_t), 0);
            for (size_t k = 0; k < sizes[i]; k++)
                assert_int_equal(p[k], 0);
            memset(p, 0xAA, sizes[i]);
            seen[n++] = p;
        }
    /* Written over one another they would not have been clear. */
    for (size_t i = 1; i < n; i++)
        assert_ptr_not_equal(seen[i], seen[i - 1]);
    kh_arena_free(a);
    kh_arena_free(NULL);
}

static void arena_strings(void **state)
{
    (void)state;
    kh_arena *a = kh_arena_new();
    assert_null(kh_arena_strdup(a, NULL));
    assert_null(kh_arena_strndup(a, NULL, 3));
    assert_string_equal(kh_arena_strdup(a, ""), "");
    assert_string_equal(kh_arena_strdup(a, "đơn vị"), "đơn vị");
    assert_string_equal(kh_arena_strndup(a, "abcdef", 2), "ab");
    kh_arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(size_zero_gives_a_valid_pointer),
        cmocka_unit_test(zalloc_clears),
        cmocka_unit_test(an_overflowing_product_is_out_of_memory),
        cmocka_unit_test(the_nth_allocation_fails_and_only_that),
        cmocka_unit_test(without_a_handler_the_process_ends_with_4_and_says_so),
        cmocka_unit_test(push_grows_and_keeps_what_is_there),
        cmocka_unit_test(strings_are_copied_and_formatted),
        cmocka_unit_test(arena_memory_is_cleared_aligned_and_apart),
        cmocka_unit_test(arena_strings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

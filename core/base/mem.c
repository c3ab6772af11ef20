/* SPDX-License-Identifier: MIT */
/*
 * Allocation that does not fail into its callers, and arenas.
 *
 * The counter behind kh_fail_allocation is a plain variable: the program has
 * one thread that allocates. An arena hands out parts of blocks that grow from
 * 4 KiB to 256 KiB; something large gets a block of its own, so that at most
 * half a block is ever wasted. There is no way to give one piece back: what
 * must be freed alone does not belong into an arena.
 */
#include "base/mem.h"

#include <malloc.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static unsigned long fail_at; /* 0: never */

static void say_and_end(size_t wanted)
{
    /* Nothing here may allocate, hence no gettext and no stdio stream. */
    char line[96];
    int n = snprintf(line, sizeof line, "kehoach: error: out of memory (%zu bytes wanted)\n", wanted);
    if (n > 0 && write(STDERR_FILENO, line, (size_t)n) < 0)
        _exit(4);
    _exit(4);
}

static void (*no_memory)(size_t wanted) = say_and_end;

void kh_keep_memory(void)
{
    mallopt(M_MMAP_THRESHOLD, 4 << 20);
    mallopt(M_TRIM_THRESHOLD, 64 << 20);
}

void kh_on_no_memory(void (*handler)(size_t wanted))
{
    no_memory = handler ? handler : say_and_end;
}

void kh_fail_allocation(unsigned long n)
{
    fail_at = n;
}

static _Noreturn void out_of_memory(size_t wanted)
{
    no_memory(wanted);
    abort(); /* a handler that returns breaks its contract */
}

static int fails_now(void)
{
    return fail_at > 0 && --fail_at == 0;
}

static size_t product(size_t n, size_t size)
{
    size_t total;
    if (__builtin_mul_overflow(n, size, &total))
        out_of_memory(SIZE_MAX);
    return total;
}

void *kh_alloc(size_t size)
{
    void *p = fails_now() ? NULL : malloc(size ? size : 1);
    if (!p)
        out_of_memory(size);
    return p;
}

void *kh_zalloc(size_t n, size_t size)
{
    size_t total = product(n, size);
    void *p = fails_now() ? NULL : calloc(1, total ? total : 1);
    if (!p)
        out_of_memory(total);
    return p;
}

void *kh_realloc(void *p, size_t n, size_t size)
{
    size_t total = product(n, size);
    void *q = fails_now() ? NULL : realloc(p, total ? total : 1);
    if (!q)
        out_of_memory(total);
    return q;
}

void kh_free(void *p)
{
    free(p);
}

char *kh_strndup(const char *s, size_t n)
{
    char *copy = kh_alloc(n + 1);
    if (n)
        memcpy(copy, s, n);
    copy[n] = '\0';
    return copy;
}

char *kh_strdup(const char *s)
{
    return kh_strndup(s, strlen(s));
}

char *kh_asprintf(const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    int n = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    if (n < 0)
        return kh_strdup(fmt); /* an impossible format still says something */
    char *text = kh_alloc((size_t)n + 1);
    va_start(ap, fmt);
    vsnprintf(text, (size_t)n + 1, fmt, ap);
    va_end(ap);
    return text;
}

void *kh_grow(void *items, size_t n, size_t *cap, size_t size)
{
    if (n < *cap)
        return items;
    size_t more = *cap ? product(*cap, 2) : 8;
    items = kh_realloc(items, more, size);
    *cap = more;
    return items;
}

/* ---- arena ---- */

enum { FIRST_BLOCK = 4 * 1024, LARGEST_BLOCK = 256 * 1024 };

typedef struct block {
    struct block *next;
    alignas(max_align_t) char bytes[];
} block;

struct kh_arena {
    block *blocks; /* the first is the one being filled */
    char *at;
    size_t left, next_size;
};

kh_arena *kh_arena_new(void)
{
    kh_arena *a = kh_zalloc(1, sizeof *a);
    a->next_size = FIRST_BLOCK;
    return a;
}

void kh_arena_free(kh_arena *a)
{
    if (!a)
        return;
    for (block *b = a->blocks, *next; b; b = next) {
        next = b->next;
        kh_free(b);
    }
    kh_free(a);
}

static block *new_block(size_t size)
{
    if (size > SIZE_MAX - sizeof(block))
        out_of_memory(size);
    return kh_zalloc(1, sizeof(block) + size);
}

void *kh_arena_alloc(kh_arena *a, size_t size)
{
    const size_t unit = alignof(max_align_t);
    if (size > SIZE_MAX - unit)
        out_of_memory(size);
    size = (size + unit - 1) / unit * unit;
    if (size == 0)
        size = unit;
    if (size > a->left && size > a->next_size / 2) {
        /* Its own block, behind the first: the first goes on being filled. */
        block *b = new_block(size);
        block **place = a->blocks ? &a->blocks->next : &a->blocks;
        b->next = *place;
        *place = b;
        return b->bytes;
    }
    if (size > a->left) {
        block *b = new_block(a->next_size);
        b->next = a->blocks;
        a->blocks = b;
        a->at = b->bytes;
        a->left = a->next_size;
        if (a->next_size < LARGEST_BLOCK)
            a->next_size *= 2;
    }
    void *p = a->at;
    a->at += size;
    a->left -= size;
    return p;
}

char *kh_arena_strndup(kh_arena *a, const char *s, size_t n)
{
    if (!s)
        return NULL;
    if (n == SIZE_MAX)
        out_of_memory(n);
    char *copy = kh_arena_alloc(a, n + 1);
    memcpy(copy, s, n);
    return copy;
}

char *kh_arena_strdup(kh_arena *a, const char *s)
{
    return s ? kh_arena_strndup(a, s, strlen(s)) : NULL;
}

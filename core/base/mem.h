/* SPDX-License-Identifier: MIT */
/*
 * Memory. Allocation does not fail into its callers: when there is none left,
 * the handler says so and ends the process with status 4. That is safe because
 * the store's writes are atomic and nothing else is written in place; it is
 * what keeps every other error path in this code one that can really happen.
 * (Lua and SQLite have their own allocators and report failures as errors.)
 *
 * kh_arena owns many small things that die together.
 */
#ifndef KH_BASE_MEM_H
#define KH_BASE_MEM_H

#include <stddef.h>
#include <stdint.h>

void *kh_alloc(size_t size);                       /* never NULL, not cleared; size 0 gives a valid pointer */
void *kh_zalloc(size_t n, size_t size);            /* cleared; n * size is checked for overflow */
void *kh_realloc(void *p, size_t n, size_t size);  /* n * size is checked for overflow */
void kh_free(void *p);
char *kh_strdup(const char *s);
char *kh_strndup(const char *s, size_t n);
char *kh_asprintf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Makes room for one more: if n == *cap the array is grown. KH_PUSH(v.items, v.n, v.cap) = item; */
void *kh_grow(void *items, size_t n, size_t *cap, size_t size);
#define KH_PUSH(items, n, cap) (*((items) = (n) < (cap) ? (items) : kh_grow((items), (n), &(cap), sizeof *(items)), &(items)[(n)++]))

/* For work that does the same many times: what was freed is kept for the next time, not given back to the system. */
void kh_keep_memory(void);
/* What happens when memory ends: called once; must not return. Default: one line on stderr, _exit(4). */
void kh_on_no_memory(void (*handler)(size_t wanted));
/* Tests: the n-th allocation from now fails (0: none). */
void kh_fail_allocation(unsigned long n);

typedef struct kh_arena kh_arena;
kh_arena *kh_arena_new(void);
void kh_arena_free(kh_arena *a);
void *kh_arena_alloc(kh_arena *a, size_t size); /* cleared, aligned for anything */
char *kh_arena_strdup(kh_arena *a, const char *s); /* NULL stays NULL */
char *kh_arena_strndup(kh_arena *a, const char *s, size_t n);

#endif

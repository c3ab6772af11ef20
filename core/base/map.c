/* SPDX-License-Identifier: MIT */
/*
 * A hash map from byte strings to 32-bit numbers: open addressing with linear
 * probing, at most two thirds full, a power of two of slots. A slot keeps the
 * upper half of the hash, so that a miss seldom touches a key. Keys live in an
 * arena. Left out: removal; nothing in the program takes a name back.
 */
#include "base/map.h"

#include "base/mem.h"

#include <assert.h>
#include <string.h>

typedef struct slot {
    const char *key; /* NULL: free */
    size_t len;
    uint32_t tag, value;
} slot;

struct kh_map {
    slot *slots;
    size_t size, count; /* size is a power of two */
    kh_arena *keys;
};

uint64_t kh_hash_bytes(const void *bytes, size_t n)
{
    const unsigned char *p = bytes;
    uint64_t h = 14695981039346656037u;
    for (size_t i = 0; i < n; i++)
        h = (h ^ p[i]) * 1099511628211u;
    /* FNV leaves the low bits of short keys weak, and the table uses just those. */
    h ^= h >> 32;
    h *= 0x9E3779B97F4A7C15u;
    h ^= h >> 29;
    return h;
}

kh_map *kh_map_new(void)
{
    kh_map *m = kh_zalloc(1, sizeof *m);
    m->size = 16;
    m->slots = kh_zalloc(m->size, sizeof *m->slots);
    m->keys = kh_arena_new();
    return m;
}

void kh_map_free(kh_map *m)
{
    if (!m)
        return;
    kh_free(m->slots);
    kh_arena_free(m->keys);
    kh_free(m);
}

/* The slot that holds the key, or the free one where it would go. */
static slot *find(const kh_map *m, const char *key, size_t len, uint64_t hash)
{
    uint32_t tag = (uint32_t)(hash >> 32);
    size_t mask = m->size - 1;
    for (size_t i = (size_t)hash & mask;; i = (i + 1) & mask) {
        slot *s = &m->slots[i];
        if (!s->key || (s->tag == tag && s->len == len && (len == 0 || memcmp(s->key, key, len) == 0)))
            return s;
    }
}

static void grow(kh_map *m)
{
    slot *old = m->slots;
    size_t n = m->size;
    m->slots = kh_zalloc(n * 2, sizeof *m->slots);
    m->size = n * 2;
    for (size_t i = 0; i < n; i++)
        if (old[i].key)
            *find(m, old[i].key, old[i].len, kh_hash_bytes(old[i].key, old[i].len)) = old[i];
    kh_free(old);
}

uint32_t kh_map_set(kh_map *m, const char *key, size_t len, uint32_t value)
{
    assert(value != KH_NONE);
    if (len == 0)
        key = ""; /* the empty name may come as NULL; in a slot NULL means free */
    uint64_t hash = kh_hash_bytes(key, len);
    slot *s = find(m, key, len, hash);
    if (s->key) {
        uint32_t before = s->value;
        s->value = value;
        return before;
    }
    if ((m->count + 1) * 3 > m->size * 2) {
        grow(m);
        s = find(m, key, len, hash);
    }
    *s = (slot){kh_arena_strndup(m->keys, key, len), len, (uint32_t)(hash >> 32), value};
    m->count++;
    return KH_NONE;
}

uint32_t kh_map_get(const kh_map *m, const char *key, size_t len)
{
    const slot *s = find(m, key, len, kh_hash_bytes(key, len));
    return s->key ? s->value : KH_NONE;
}

size_t kh_map_count(const kh_map *m)
{
    return m->count;
}

/* SPDX-License-Identifier: MIT */
/* A hash map from byte strings (copied) to a 32-bit number; KH_NONE where there is none. */
#ifndef KH_BASE_MAP_H
#define KH_BASE_MAP_H

#include <stddef.h>
#include <stdint.h>

#define KH_NONE UINT32_MAX

typedef struct kh_map kh_map;
kh_map *kh_map_new(void);
void kh_map_free(kh_map *m);
/* Sets key -> value; returns the value that was there before, or KH_NONE. */
uint32_t kh_map_set(kh_map *m, const char *key, size_t len, uint32_t value);
uint32_t kh_map_get(const kh_map *m, const char *key, size_t len);
size_t kh_map_count(const kh_map *m);
/* FNV-1a with a final mix, for tables of one's own. */
uint64_t kh_hash_bytes(const void *bytes, size_t n);

#endif

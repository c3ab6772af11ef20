/* SPDX-License-Identifier: MIT */
/* SHA-256 (FIPS 180-4, by nettle). */
#ifndef KH_BASE_HASH_H
#define KH_BASE_HASH_H

#include <stddef.h>

#define KH_SHA256_HEX 65 /* 64 lower-case hex digits and a NUL */

typedef struct kh_sha256 kh_sha256;
kh_sha256 *kh_sha256_new(void);
void kh_sha256_add(kh_sha256 *h, const void *bytes, size_t n);
void kh_sha256_end(kh_sha256 *h, char hex[KH_SHA256_HEX]); /* frees h */
void kh_sha256_of(const void *bytes, size_t n, char hex[KH_SHA256_HEX]);

#endif

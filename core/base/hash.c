/* SPDX-License-Identifier: MIT */
/* SHA-256 through nettle; lower-case hex is what the store keeps. */
#include "base/hash.h"

#include "base/mem.h"

#include <nettle/sha2.h>

struct kh_sha256 {
    struct sha256_ctx ctx;
};

kh_sha256 *kh_sha256_new(void)
{
    kh_sha256 *h = kh_alloc(sizeof *h);
    sha256_init(&h->ctx);
    return h;
}

void kh_sha256_add(kh_sha256 *h, const void *bytes, size_t n)
{
    if (n) /* nettle may hand a NULL to memcpy */
        sha256_update(&h->ctx, n, bytes);
}

static void finish(struct sha256_ctx *ctx, char hex[KH_SHA256_HEX])
{
    static const char digits[] = "0123456789abcdef";
    uint8_t bytes[SHA256_DIGEST_SIZE];
    sha256_digest(ctx, sizeof bytes, bytes);
    for (size_t i = 0; i < sizeof bytes; i++) {
        hex[2 * i] = digits[bytes[i] >> 4];
        hex[2 * i + 1] = digits[bytes[i] & 15];
    }
    hex[KH_SHA256_HEX - 1] = '\0';
}

void kh_sha256_end(kh_sha256 *h, char hex[KH_SHA256_HEX])
{
    finish(&h->ctx, hex);
    kh_free(h);
}

void kh_sha256_of(const void *bytes, size_t n, char hex[KH_SHA256_HEX])
{
    struct sha256_ctx ctx;
    sha256_init(&ctx);
    if (n)
        sha256_update(&ctx, n, bytes);
    finish(&ctx, hex);
}

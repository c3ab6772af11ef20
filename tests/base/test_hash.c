/* SPDX-License-Identifier: MIT */
/* Expected digests: the examples of FIPS 180-4 and `printf '' | sha256sum`. */
#include "base/hash.h"

#include "cm.h"

#include <string.h>

static const struct {
    const char *text, *hex;
} known[] = {
    {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
    {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
    {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
     "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
};

static void known_texts_have_known_digests(void **state)
{
    (void)state;
    char hex[KH_SHA256_HEX];
    for (size_t i = 0; i < COUNT(known); i++) {
        kh_sha256_of(known[i].text, strlen(known[i].text), hex);
        assert_string_equal(hex, known[i].hex);
    }
    kh_sha256_of(NULL, 0, hex);
    assert_string_equal(hex, known[0].hex);
}

static void pieces_give_the_digest_of_the_whole(void **state)
{
    (void)state;
    char hex[KH_SHA256_HEX];
    for (size_t i = 0; i < COUNT(known); i++) {
        kh_sha256 *h = kh_sha256_new();
        for (const char *p = known[i].text; *p; p++) {
            kh_sha256_add(h, p, 1);
            kh_sha256_add(h, NULL, 0);
        }
        kh_sha256_end(h, hex);
        assert_string_equal(hex, known[i].hex);
    }
}

static void a_million_letters(void **state)
{
    (void)state;
    char hex[KH_SHA256_HEX], block[1000];
    memset(block, 'a', sizeof block);
    kh_sha256 *h = kh_sha256_new();
    for (int i = 0; i < 1000; i++)
        kh_sha256_add(h, block, sizeof block);
    kh_sha256_end(h, hex);
    assert_string_equal(hex, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_texts_have_known_digests),
        cmocka_unit_test(pieces_give_the_digest_of_the_whole),
        cmocka_unit_test(a_million_letters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/*
 * Any bytes decode to valid UTF-8, the same whether they are read at once or in
 * two blocks, and every fault lies within the file and within the text.
 */
#include "intake/stages.h"

#include "base/mem.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

const unsigned char fuzz_corpus_heads[2] = {9, 2}; /* replay.c: first bytes for the files of tests/intake/corpus */

static void must(bool ok)
{
    if (!ok)
        abort();
}

static const char *const names[] = {NULL, "UTF-8", "windows-1258", "TCVN3", "VNI-Win", "VISCII", "UTF-16LE", "UTF-8+VNI-Win", "UTF-8+TCVN3"};

static void decode(const uint8_t *bytes, size_t n, size_t split, const char *name, kh_buf *out, kh_decode *d)
{
    kh_source *s = kh_source_bytes(bytes, n);
    kh_error err = KH_ERROR_INIT;
    int rc;
    kh_source_split(s, split);
    kh_decode_init(d, s, NULL, NULL);
    must(!name || kh_decode_as(d, name, &err) == KH_OK);
    while ((rc = kh_decode_pull(d, out, &err)) > 0)
        ;
    must(rc == 0);
    kh_buf_cstr(out);
    kh_source_free(s);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    kh_buf a = KH_BUF_INIT, b = KH_BUF_INIT;
    kh_decode one, two;
    if (n < 2)
        return 0;
    const char *name = names[bytes[0] % (sizeof names / sizeof *names)];
    size_t split = bytes[1] ? bytes[1] : 1;
    bytes += 2;
    n -= 2;
    decode(bytes, n, 0, name, &a, &one);
    decode(bytes, n, split, name, &b, &two);
    must(kh_utf8_valid(a.data, a.len, NULL));
    must(a.len == b.len && memcmp(a.data, b.data, a.len) == 0);
    must(one.faults.n == two.faults.n && strcmp(kh_decode_name(&one), kh_decode_name(&two)) == 0);
    for (size_t i = 0; i < one.faults.n; i++) {
        must(one.faults.items[i].in < n && one.faults.items[i].out <= a.len);
        must(one.faults.items[i].in == two.faults.items[i].in && one.faults.items[i].out == two.faults.items[i].out);
        must(one.undecided || a.len - one.faults.items[i].out >= 3);
        must(one.undecided || memcmp(a.data + one.faults.items[i].out, "\xEF\xBF\xBD", 3) == 0);
    }
    kh_decode_free(&one);
    kh_decode_free(&two);
    kh_buf_free(&a);
    kh_buf_free(&b);
    return 0;
}

/* SPDX-License-Identifier: MIT */
/* Whatever the bytes: results are valid UTF-8, folding twice is folding once, the order is one order. */
#include "base/mem.h"
#include "base/num.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

static void must(bool holds)
{
    if (!holds)
        abort();
}

static void check_folding(char *fold(const char *, size_t), const char *s, size_t n)
{
    char *once = fold(s, n);
    must(kh_utf8_valid(once, strlen(once), NULL));
    char *twice = fold(once, strlen(once));
    must(strcmp(once, twice) == 0);
    kh_free(once);
    kh_free(twice);
}

static void check_order(const char *s, size_t n)
{
    char *a = kh_strndup(s, n / 2), *b = kh_strndup(s + n / 2, n - n / 2);
    int forth = kh_text_compare(a, b), back = kh_text_compare(b, a);
    must((forth > 0) == (back < 0) && (forth == 0) == (strcmp(a, b) == 0));
    must(kh_text_distance(a, b, 3) == kh_text_distance(b, a, 3));
    kh_free(a);
    kh_free(b);
}

static void check_number(const char *s, size_t n)
{
    kh_dec d, back;
    char text[KH_DEC_TEXT];
    if (!kh_dec_parse(s, n, &d))
        return;
    size_t len = kh_dec_format(d, text);
    must(kh_dec_parse(text, len, &back) && back.m == d.m && back.scale == d.scale);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *s = (const char *)data;
    check_folding(kh_text_nfc, s, size);
    check_folding(kh_text_key, s, size);
    check_folding(kh_text_bare, s, size);
    check_order(s, size);
    check_number(s, size);
    char *shown = kh_text_visible(s, size, true);
    must(kh_utf8_valid(shown, strlen(shown), NULL));
    must(kh_text_fit(shown, strlen(shown), kh_text_width(shown, strlen(shown))) == strlen(shown));
    kh_free(shown);
    return 0;
}

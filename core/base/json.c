/* SPDX-License-Identifier: MIT */
/*
 * JSON as it goes. One bit of state is enough: whether a comma must precede
 * what comes next. An opening bracket and a key clear it, everything else sets it.
 */
#include "base/json.h"

#include "base/num.h"
#include "base/text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void before(kh_json *j)
{
    if (j->comma)
        kh_buf_char(j->out, ',');
    j->comma = true;
}

void kh_json_begin(kh_json *j, char bracket)
{
    before(j);
    kh_buf_char(j->out, bracket);
    j->comma = false;
}

void kh_json_end(kh_json *j, char bracket)
{
    kh_buf_char(j->out, bracket);
    j->comma = true;
}

static void escape(kh_buf *out, unsigned char c)
{
    switch (c) {
    case '"': kh_buf_str(out, "\\\""); break;
    case '\\': kh_buf_str(out, "\\\\"); break;
    case '\n': kh_buf_str(out, "\\n"); break;
    case '\r': kh_buf_str(out, "\\r"); break;
    case '\t': kh_buf_str(out, "\\t"); break;
    case '\b': kh_buf_str(out, "\\b"); break;
    case '\f': kh_buf_str(out, "\\f"); break;
    default: kh_buf_printf(out, "\\u%04x", c);
    }
}

static void quoted(kh_buf *out, const char *s, size_t n)
{
    const char *p = s, *end = s + n, *plain = s;
    kh_buf_char(out, '"');
    while (p < end) {
        unsigned char c = (unsigned char)*p;
        if (c >= 0x20 && c < 0x80 && c != '"' && c != '\\') {
            p++;
            continue;
        }
        const char *at = p;
        uint32_t cp = kh_utf8_next(&p, end);
        bool good = c >= 0x80 && !(cp == 0xFFFD && p - at == 1);
        if (good)
            continue;
        kh_buf_add(out, plain, (size_t)(at - plain));
        if (c < 0x80)
            escape(out, c);
        else
            kh_buf_str(out, "\xEF\xBF\xBD");
        plain = p;
    }
    kh_buf_add(out, plain, (size_t)(end - plain));
    kh_buf_char(out, '"');
}

void kh_json_key(kh_json *j, const char *key)
{
    before(j);
    quoted(j->out, key, strlen(key));
    kh_buf_char(j->out, ':');
    j->comma = false;
}

void kh_json_strn(kh_json *j, const char *s, size_t n)
{
    before(j);
    quoted(j->out, s, n);
}

void kh_json_str(kh_json *j, const char *s)
{
    if (s)
        kh_json_strn(j, s, strlen(s));
    else
        kh_json_null(j);
}

void kh_json_int(kh_json *j, int64_t v)
{
    before(j);
    kh_buf_int(j->out, v);
}

void kh_json_num(kh_json *j, double v)
{
    if (!isfinite(v)) {
        kh_json_null(j); /* JSON has no word for it */
        return;
    }
    char text[KH_DOUBLE_TEXT];
    kh_double_text(v, text);
    kh_json_raw(j, text);
}

void kh_json_raw(kh_json *j, const char *text)
{
    before(j);
    kh_buf_str(j->out, text);
}

void kh_json_bool(kh_json *j, bool v)
{
    kh_json_raw(j, v ? "true" : "false");
}

void kh_json_null(kh_json *j)
{
    kh_json_raw(j, "null");
}

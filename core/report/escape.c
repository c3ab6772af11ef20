/* SPDX-License-Identifier: MIT */
/*
 * Escapes. Each costs one pass over the text; the pass for NFC is made only
 * where a combining mark shows that it may be needed.
 */
#include "report/escape.h"

#include "base/mem.h"
#include "base/text.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

static bool is_hidden(uint32_t c)
{
    if (c < 0x20)
        return c != '\n' && c != '\t';
    if (c < 0x7f)
        return false;
    return c <= 0x9f || c == 0x061c || c == 0x200e || c == 0x200f || (c >= 0x2028 && c <= 0x202e) ||
           (c >= 0x2066 && c <= 0x206f) || c == 0xfeff || (c >= 0xfff9 && c <= 0xfffb) || (c >= 0xfdd0 && c <= 0xfdef) ||
           (c & 0xfffe) == 0xfffe;
}

static void put_hidden(uint32_t c, kh_buf *out)
{
    if (c < 0x80)
        kh_buf_printf(out, "\\x%02x", (unsigned)c);
    else
        kh_buf_printf(out, c > 0xffff ? "\\U%08x" : "\\u%04x", (unsigned)c);
}

static bool all_easy(const char *s, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)s[i];
        if (c < 0x20 || c >= 0x7f)
            return false;
    }
    return true;
}

/* Combining marks that compose with a letter stand in U+0300..U+036F: lead bytes CC and CD. */
static bool may_need_nfc(const char *s, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if ((unsigned char)s[i] == 0xcc || (unsigned char)s[i] == 0xcd)
            return true;
    }
    return false;
}

static void plain_bytes(const char *s, size_t n, bool one_line, kh_buf *out)
{
    const char *end = s + n;
    while (s < end) {
        const char *from = s;
        uint32_t c = kh_utf8_next(&s, end);
        if (c == '\r' && s < end && *s == '\n')
            continue;
        if (one_line && (c == '\n' || c == '\t'))
            kh_buf_char(out, ' ');
        else if (is_hidden(c))
            put_hidden(c, out);
        else if (c == 0xfffd)
            kh_buf_str(out, "\xef\xbf\xbd");
        else
            kh_buf_add(out, from, (size_t)(s - from));
    }
}

static void plain(const char *s, bool one_line, kh_buf *out)
{
    size_t n = s ? strlen(s) : 0;
    if (n == 0)
        return;
    if (all_easy(s, n)) {
        kh_buf_add(out, s, n);
    } else if (may_need_nfc(s, n) && kh_utf8_valid(s, n, NULL)) {
        char *nfc = kh_text_nfc(s, n);
        plain_bytes(nfc, strlen(nfc), one_line, out);
        kh_free(nfc);
    } else {
        plain_bytes(s, n, one_line, out);
    }
}

void kh_plain(const char *s, kh_buf *out)
{
    plain(s, false, out);
}

void kh_plain_line(const char *s, kh_buf *out)
{
    plain(s, true, out);
}

void kh_xml(const char *s, kh_buf *out)
{
    size_t at = out->len;
    plain(s, false, out);
    if (out->len == at || !strpbrk(out->data + at, "&<>\"'"))
        return;
    char *raw = kh_strndup(out->data + at, out->len - at);
    out->len = at;
    for (const char *p = raw; *p; p++) {
        switch (*p) {
        case '&': kh_buf_str(out, "&amp;"); break;
        case '<': kh_buf_str(out, "&lt;"); break;
        case '>': kh_buf_str(out, "&gt;"); break;
        case '"': kh_buf_str(out, "&quot;"); break;
        case '\'': kh_buf_str(out, "&#39;"); break;
        default: kh_buf_char(out, *p);
        }
    }
    kh_free(raw);
}

/* What begins a block in Markdown only at the start of a line: 1. 1) - + # > = ~ */
static size_t md_line_start(const char *p, kh_buf *out)
{
    size_t digits = strspn(p, "0123456789");
    if (digits > 0 && digits < 10 && (p[digits] == '.' || p[digits] == ')')) {
        kh_buf_add(out, p, digits);
        kh_buf_char(out, '\\');
        kh_buf_char(out, p[digits]);
        return digits + 1;
    }
    if (*p && strchr("-+=", *p)) {
        kh_buf_char(out, '\\');
        kh_buf_char(out, *p);
        return 1;
    }
    return 0;
}

void kh_md(const char *s, bool in_table, kh_buf *out)
{
    kh_buf raw = KH_BUF_INIT;
    kh_plain(s, &raw);
    const char *p = kh_buf_cstr(&raw);
    bool start = true;
    while (*p) {
        if (start) {
            if (!in_table)
                p += md_line_start(p, out);
            start = false;
            continue;
        }
        if (*p == '\n') {
            kh_buf_str(out, in_table ? "<br>" : "  \n");
            start = true;
        } else if (*p == '\t') {
            kh_buf_char(out, ' ');
        } else if (*p == '<') {
            kh_buf_str(out, "&lt;");
        } else if (*p == '&') {
            kh_buf_str(out, "&amp;");
        } else {
            if (strchr("\\`*_{}[]#|~>!$^", *p))
                kh_buf_char(out, '\\');
            kh_buf_char(out, *p);
        }
        p++;
    }
    kh_buf_free(&raw);
}

bool kh_csv_formula(const char *s)
{
    const char *end = s + strlen(s);
    while (s < end) { /* spreadsheets trim before they look */
        const char *from = s;
        uint32_t c = kh_utf8_next(&s, end);
        switch (c) {
        case '=': case '+': case '-': case '@':
        case 0xff1d: case 0xff0b: case 0xff0d: case 0xff20: /* full-width = + - @ */
        case 0x2212:                                        /* the minus sign: folded by some */
            return true;
        case '\t': case '\r': case '\n':
            return true; /* tab and CR are live by themselves; a newline hides what follows */
        case ' ': case 0xa0: case 0x3000: case '"': case 0x200b: case 0xfeff:
            continue;
        case '\'':
            /* A text that begins with our own mark gets another, so that taking one off gives back the text. */
            return from[1] == '\'' || kh_csv_formula(from + 1);
        default:
            return false;
        }
    }
    return false;
}

void kh_csv(const char *s, bool number, char separator, kh_buf *out)
{
    kh_buf text = KH_BUF_INIT;
    if (!number && kh_csv_formula(s))
        kh_buf_char(&text, '\'');
    kh_plain(s, &text);
    const char *p = kh_buf_cstr(&text);
    char special[] = {'"', '\n', '\r', '\t', separator, '\0'};
    bool blank = text.len > 0 && (p[0] == ' ' || p[text.len - 1] == ' ');
    if (!blank && !strpbrk(p, special)) {
        kh_buf_add(out, p, text.len);
    } else {
        kh_buf_char(out, '"');
        for (; *p; p++) {
            if (*p == '"')
                kh_buf_char(out, '"');
            kh_buf_char(out, *p);
        }
        kh_buf_char(out, '"');
    }
    kh_buf_free(&text);
}

static bool is_xlsx_escape(const char *p)
{
    return p[0] == '_' && p[1] == 'x' && isxdigit((unsigned char)p[2]) && isxdigit((unsigned char)p[3]) &&
           isxdigit((unsigned char)p[4]) && isxdigit((unsigned char)p[5]) && p[6] == '_';
}

void kh_xlsx_text(const char *s, kh_buf *out)
{
    enum { MOST = 32767 };
    kh_buf raw = KH_BUF_INIT;
    kh_plain(s, &raw);
    const char *p = kh_buf_cstr(&raw), *end = p + raw.len;
    size_t units = 0;
    while (p < end) {
        const char *from = p;
        bool escape = is_xlsx_escape(p);
        uint32_t c = kh_utf8_next(&p, end);
        units += (c > 0xffff ? 2u : 1u) + (escape ? 6u : 0u);
        if (units > MOST - 1 && p < end) {
            kh_buf_str(out, "…");
            break;
        }
        if (escape)
            kh_buf_str(out, "_x005F");
        kh_buf_add(out, from, (size_t)(p - from));
    }
    kh_buf_free(&raw);
}

bool kh_link_safe(const char *s)
{
    return s && (s[0] == '#' || strncasecmp(s, "http://", 7) == 0 || strncasecmp(s, "https://", 8) == 0 ||
                 strncasecmp(s, "mailto:", 7) == 0);
}

void kh_anchor_id(const char *s, kh_buf *out)
{
    if (*s == '#')
        s++;
    kh_buf_str(out, "a-"); /* an id begins with a letter, and is none of our own */
    for (; *s; s++) {
        unsigned char c = (unsigned char)*s;
        if (c < 0x80 && (isalnum(c) || c == '-'))
            kh_buf_char(out, (char)c);
        else
            kh_buf_printf(out, "_%02x", c); /* reversible, so two names never become one id */
    }
}

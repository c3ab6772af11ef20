/* SPDX-License-Identifier: MIT */
/*
 * Functions that replace SQLite's own on a guarded connection, because one call
 * of those can take seconds and no handler stops it: instr and replace search in
 * linear time here, trim takes a short set, printf takes short widths and knows
 * no '*'. They mean the same otherwise; printf's rarer conversions are left out.
 */
#include "store/sqlite_guard.h"

#include "base/buf.h"

#include <string.h>

enum { TRIM_SET = 64 /* bytes */, WIDTH = 99 };

typedef struct bytes { const unsigned char *p; size_t n; } bytes;

static bytes text_of(sqlite3_value *v)
{
    const unsigned char *p = sqlite3_value_text(v);
    return (bytes){p, p ? (size_t)sqlite3_value_bytes(v) : 0};
}

static bytes raw_of(sqlite3_value *v)
{
    const unsigned char *p = sqlite3_value_blob(v);
    return (bytes){p, p ? (size_t)sqlite3_value_bytes(v) : 0};
}

static bool any_null(int n, sqlite3_value **v)
{
    for (int i = 0; i < n; i++)
        if (sqlite3_value_type(v[i]) == SQLITE_NULL)
            return true;
    return false;
}

static const unsigned char *search(bytes in, bytes what)
{
    if (what.n == 0)
        return in.p;
    return in.n ? memmem(in.p, in.n, what.p, what.n) : NULL;
}

static void f_instr(sqlite3_context *c, int n, sqlite3_value **v)
{
    if (any_null(n, v))
        return;
    bool raw = sqlite3_value_type(v[0]) == SQLITE_BLOB && sqlite3_value_type(v[1]) == SQLITE_BLOB;
    bytes in = raw ? raw_of(v[0]) : text_of(v[0]), what = raw ? raw_of(v[1]) : text_of(v[1]);
    const unsigned char *at = search(in, what);
    int64_t place = 1;
    if (!at && what.n) {
        sqlite3_result_int64(c, 0);
        return;
    }
    for (const unsigned char *p = in.p; p && p < at; p++)
        place += raw || (*p & 0xC0) != 0x80;
    sqlite3_result_int64(c, place);
}

static void give(sqlite3_context *c, kh_buf *b)
{
    if (b->len > (size_t)sqlite3_limit(sqlite3_context_db_handle(c), SQLITE_LIMIT_LENGTH, -1))
        sqlite3_result_error_toobig(c);
    else
        sqlite3_result_text64(c, kh_buf_cstr(b), b->len, SQLITE_TRANSIENT, SQLITE_UTF8);
    kh_buf_free(b);
}

static void f_replace(sqlite3_context *c, int n, sqlite3_value **v)
{
    if (any_null(n, v))
        return;
    bytes in = text_of(v[0]), what = text_of(v[1]), with = text_of(v[2]);
    size_t most = (size_t)sqlite3_limit(sqlite3_context_db_handle(c), SQLITE_LIMIT_LENGTH, -1);
    if (!in.p || !what.p || !with.p) {
        sqlite3_result_error_nomem(c);
        return;
    }
    if (what.n == 0) {
        sqlite3_result_value(c, v[0]);
        return;
    }
    kh_buf out = KH_BUF_INIT;
    const unsigned char *at;
    while (out.len <= most && (at = search(in, what)) != NULL) {
        kh_buf_add(&out, in.p, (size_t)(at - in.p));
        kh_buf_add(&out, with.p, with.n);
        in.n -= (size_t)(at - in.p) + what.n;
        in.p = at + what.n;
    }
    kh_buf_add(&out, in.p, in.n);
    give(c, &out);
}

/* Bytes of the character at p. */
static size_t step(const unsigned char *p, size_t n)
{
    size_t k = 1;
    while (k < n && (p[k] & 0xC0) == 0x80)
        k++;
    return k;
}

/* The length of a character of `set` that `in` begins (or ends) with; 0: none. */
static size_t edge(bytes in, bytes set, bool at_end)
{
    for (size_t i = 0, k; i < set.n; i += k) {
        k = step(set.p + i, set.n - i);
        if (k <= in.n && memcmp(at_end ? in.p + in.n - k : in.p, set.p + i, k) == 0)
            return k;
    }
    return 0;
}

static void f_trim(sqlite3_context *c, int n, sqlite3_value **v)
{
    intptr_t sides = (intptr_t)sqlite3_user_data(c); /* 1: left, 2: right */
    if (any_null(n, v))
        return;
    bytes in = text_of(v[0]), set = n == 2 ? text_of(v[1]) : (bytes){(const unsigned char *)" ", 1};
    if (set.n > TRIM_SET) {
        sqlite3_result_error(c, "trim takes a set of at most 64 bytes here", -1);
        return;
    }
    for (size_t k; (sides & 1) && (k = edge(in, set, false)) > 0;) {
        in.p += k;
        in.n -= k;
    }
    for (size_t k; (sides & 2) && (k = edge(in, set, true)) > 0;)
        in.n -= k;
    if (in.p)
        sqlite3_result_text64(c, (const char *)in.p, in.n, SQLITE_TRANSIENT, SQLITE_UTF8);
}

/* ---- printf ---- */

/* One conversion after '%': copies its flags, width and precision to spec; the letter, or 0 if it is not allowed. */
static char conversion(const char **p, char spec[16])
{
    size_t n = 0;
    int digits = 0;
    spec[n++] = '%';
    for (; **p && strchr("-+ 0#,!.123456789", **p); (*p)++) {
        digits = **p >= '0' && **p <= '9' ? digits + 1 : 0;
        if (digits > 2 || n > 9)
            return 0;
        spec[n++] = **p;
    }
    char letter = **p;
    if (!letter || !strchr("diuxXofeEgGsqQc%", letter))
        return 0;
    ++*p;
    if (strchr("diuxXo", letter)) { /* numbers are 64 bits wide */
        spec[n++] = 'l';
        spec[n++] = 'l';
    }
    spec[n++] = letter;
    spec[n] = '\0';
    return letter;
}

static char *print_one(char letter, const char *spec, sqlite3_value *v)
{
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    if (strchr("diuxXo", letter))
        return sqlite3_mprintf(spec, v ? sqlite3_value_int64(v) : 0);
    if (strchr("feEgG", letter))
        return sqlite3_mprintf(spec, v ? sqlite3_value_double(v) : 0.0);
    const char *text = v ? (const char *)sqlite3_value_text(v) : NULL;
    if (letter == 'c')
        return sqlite3_mprintf("%.*s", text ? (int)step((const unsigned char *)text, strlen(text)) : 0, text ? text : "");
    return sqlite3_mprintf(spec, text || letter == 'Q' ? text : "");
#pragma GCC diagnostic pop
}

static void f_printf(sqlite3_context *c, int n, sqlite3_value **v)
{
    const char *p = n ? (const char *)sqlite3_value_text(v[0]) : NULL;
    size_t most = (size_t)sqlite3_limit(sqlite3_context_db_handle(c), SQLITE_LIMIT_LENGTH, -1);
    kh_buf out = KH_BUF_INIT;
    int arg = 1;
    if (!p)
        return;
    while (*p && out.len <= most) {
        char spec[16], *text;
        size_t plain = strcspn(p, "%");
        kh_buf_add(&out, p, plain);
        p += plain;
        if (!*p++)
            break;
        char letter = conversion(&p, spec);
        if (!letter) {
            kh_buf_free(&out);
            sqlite3_result_error(c, "printf knows d i u x X o f e E g G s q Q c here, with widths up to 99 and no '*'", -1);
            return;
        }
        if (letter == '%') {
            kh_buf_char(&out, '%');
            continue;
        }
        text = print_one(letter, spec, arg < n ? v[arg] : NULL);
        arg++;
        kh_buf_str(&out, text ? text : "");
        sqlite3_free(text);
    }
    give(c, &out);
}

int kh_guard_functions(sqlite3 *db)
{
    static const struct { const char *name; int n; intptr_t data; void (*call)(sqlite3_context *, int, sqlite3_value **); } own[] = {
        {"instr", 2, 0, f_instr}, {"replace", 3, 0, f_replace}, {"trim", 1, 3, f_trim},     {"trim", 2, 3, f_trim},    {"ltrim", 1, 1, f_trim},
        {"ltrim", 2, 1, f_trim},  {"rtrim", 1, 2, f_trim},      {"rtrim", 2, 2, f_trim},    {"printf", -1, 0, f_printf}, {"format", -1, 0, f_printf},
    };
    for (size_t i = 0; i < sizeof own / sizeof own[0]; i++) {
        int rc = sqlite3_create_function_v2(db, own[i].name, own[i].n, SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS, (void *)own[i].data, own[i].call, NULL, NULL, NULL);
        if (rc != SQLITE_OK)
            return rc;
    }
    return SQLITE_OK;
}
